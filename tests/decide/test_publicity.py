"""Publicity: what was published where, and deeds worth telling (N08)."""

from typing import Any

from events.base import PersonId
from events.publicity import (
    Adopted,
    ExemplaryCaseRecorded,
    PublicityChannel,
    PublicityId,
    PublicityItemPublished,
    PublicitySubject,
    PublicityWithdrawn,
)
from service.decide.publicity import PublishItem, RecordExemplaryCase, WithdrawPublicity
from service.errors import Absent, Conflict
from tests.decide.bdd import Books, fails, given, nothing, refused
from tests.decide.life_history import BRANCH_OF_EIGHT
from tests.decide.roster_history import AFTER, DAN, DAY, FAY, GUS, left

P1, NEW, WHO = PublicityId("p1"), PublicityId("event-1"), PersonId("who")


def branch(*more: Any) -> Books:
    return given(BRANCH_OF_EIGHT, *more)


def publish(**changed: Any) -> PublishItem:
    told: dict[str, Any] = {
        "occurred_on": DAY,
        "title": "主题党日纪实",
        "subject": PublicitySubject.ORGANISATION_LIFE,
        "channel": PublicityChannel.WECHAT,
        "authors": (DAN,),
        "platform": "组工微信",
        "adopted": Adopted.CITY,
        "link": "稿件-7",
    }
    return PublishItem(**(told | changed))


def published(**changed: Any) -> PublicityItemPublished:
    told: dict[str, Any] = {
        "occurred_on": DAY,
        "item_id": NEW,
        "title": "主题党日纪实",
        "subject": PublicitySubject.ORGANISATION_LIFE,
        "channel": PublicityChannel.WECHAT,
        "authors": (DAN,),
        "platform": "组工微信",
        "adopted": Adopted.CITY,
        "link": "稿件-7",
    }
    return PublicityItemPublished(**(told | changed))


TELL = RecordExemplaryCase(occurred_on=DAY, person_id=FAY, title="扎根基层", deeds="十年如一日", recorded_by=DAN)
TOLD = ExemplaryCaseRecorded(occurred_on=DAY, item_id=NEW, person_id=FAY, title="扎根基层", deeds="十年如一日", recorded_by=DAN)
WITHDRAW = WithdrawPublicity(occurred_on=DAY, item_id=P1, reason="误录")
WITHDRAWN = PublicityWithdrawn(occurred_on=DAY, item_id=P1, reason="误录")


def test_an_item_is_published():
    branch().when(publish()).then(published())
    branch(published(item_id=P1)).when(publish()).then(nothing)
    branch(published(item_id=P1)).when(publish(channel=PublicityChannel.BOARD)).then(published(channel=PublicityChannel.BOARD))


def test_a_name_is_given_once():
    branch(published(item_id=P1)).when(publish(item_id=P1, title="另一稿")).then(fails(Conflict, "p1"))
    branch(published(item_id=P1), WITHDRAWN).when(publish(item_id=P1)).then(fails(Conflict, "p1"))


def test_authors_are_members_or_nobody():
    branch().when(publish(authors=())).then(published(authors=()))
    branch().when(publish(authors=(WHO,))).then(refused("INV-002", "authors"))
    branch(left(GUS)).when(publish(authors=(GUS,))).then(refused("INV-009", "authors"))


def test_deeds_of_a_member_are_written_down():
    branch().when(TELL).then(TOLD)
    sealed = ExemplaryCaseRecorded(occurred_on=DAY, item_id=P1, person_id=FAY, title="扎根基层", deeds="~sealed", recorded_by=DAN)
    branch(sealed).when(TELL).then(nothing)
    of_nobody = RecordExemplaryCase(occurred_on=DAY, person_id=WHO, title="扎根基层", deeds="十年如一日", recorded_by=DAN)
    branch().when(of_nobody).then(refused("INV-002", "person_id"))
    by_nobody = RecordExemplaryCase(occurred_on=DAY, person_id=FAY, title="扎根基层", deeds="十年如一日", recorded_by=WHO)
    branch().when(by_nobody).then(refused("INV-002", "recorded_by"))


def test_an_item_is_withdrawn_once():
    branch(published(item_id=P1)).when(WITHDRAW).then(WITHDRAWN)
    branch(published(item_id=P1), WITHDRAWN).when(WITHDRAW).then(nothing)
    branch().when(WITHDRAW).then(fails(Absent, "p1"))
    branch(published(item_id=P1, occurred_on=AFTER)).when(WITHDRAW, today=AFTER).then(fails(Conflict, "after"))
