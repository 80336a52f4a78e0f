"""Heart-to-heart talks: between two members, and what sort of pair they are follows from their posts (N12, R-A14, INV-009)."""

from typing import Any

import pytest

from events.base import PersonId
from events.talks import TalkId, TalkPair, TalkRecorded, TalkTrigger, TalkWithdrawn
from service.decide.talks import RecordTalk, WithdrawTalk
from service.errors import Absent, Conflict, Malformed
from tests.decide.bdd import Books, fails, given, nothing, refused
from tests.decide.life_history import BRANCH_OF_EIGHT
from tests.decide.roster_history import AFTER, ANN, BEN, CAI, DAY, FAY, GUS, NEO, left, suspended

T1, NEW, WHO = TalkId("t1"), TalkId("event-1"), PersonId("who")


def branch(*more: Any) -> Books:
    return given(BRANCH_OF_EIGHT, *more)


def talk(talker_id: PersonId = ANN, person_id: PersonId = FAY, **changed: Any) -> RecordTalk:
    told: dict[str, Any] = {
        "occurred_on": DAY,
        "talker_id": talker_id,
        "person_id": person_id,
        "place": "办公室",
        "starts_at": "15:00",
        "situation": "思想稳定",
        "problems": "学习不够",
        "suggestions": "多读原著",
        "opinions": "多下基层",
        "criticism": "有时急躁",
        "signed": True,
    }
    return RecordTalk(**(told | changed))


def talked(talker_id: PersonId = ANN, person_id: PersonId = FAY, **changed: Any) -> TalkRecorded:
    told: dict[str, Any] = {
        "occurred_on": DAY,
        "talk_id": NEW,
        "talker_id": talker_id,
        "person_id": person_id,
        "pair": TalkPair.COMMITTEE_MEMBER,
        "with_secretary": True,
        "trigger": TalkTrigger.ROUTINE,
        "place": "办公室",
        "starts_at": "15:00",
        "situation": "思想稳定",
        "problems": "学习不够",
        "suggestions": "多读原著",
        "opinions": "多下基层",
        "criticism": "有时急躁",
        "signed": True,
    }
    return TalkRecorded(**(told | changed))


SEALED = talked(talk_id=T1, situation="~1", problems="~2", suggestions="~3", opinions="~4", criticism="~5")
WITHDRAW = WithdrawTalk(occurred_on=DAY, talk_id=T1, reason="误录")
WITHDRAWN = TalkWithdrawn(occurred_on=DAY, talk_id=T1, person_id=FAY, reason="误录")


@pytest.mark.parametrize(
    ("talker_id", "person_id", "pair", "with_secretary"),
    [
        (ANN, BEN, TalkPair.SECRETARY_COMMITTEE, True),
        (BEN, ANN, TalkPair.SECRETARY_COMMITTEE, True),
        (BEN, CAI, TalkPair.COMMITTEE, False),
        (CAI, FAY, TalkPair.COMMITTEE_MEMBER, False),
        (FAY, ANN, TalkPair.COMMITTEE_MEMBER, True),
        (FAY, GUS, TalkPair.MEMBERS, False),
        (GUS, NEO, TalkPair.MEMBERS, False),
    ],
)
@pytest.mark.parametrize("claimed", [True, False])
def test_the_pair_follows_from_the_posts_of_the_day(talker_id, person_id, pair, with_secretary, claimed):
    branch().when(talk(talker_id, person_id, pair=pair if claimed else None)).then(
        talked(talker_id, person_id, pair=pair, with_secretary=with_secretary)
    )


def test_claiming_another_pair_is_a_mistake():
    branch().when(talk(pair=TalkPair.MEMBERS)).then(fails(Malformed, "pair"))


def test_the_same_two_at_the_same_time_are_nothing_to_do():
    branch(SEALED).when(talk()).then(nothing)
    branch(SEALED).when(talk(starts_at="16:00")).then(talked(starts_at="16:00"))
    branch(SEALED).when(talk(talk_id=T1, starts_at="16:00")).then(fails(Conflict, "t1"))


def test_nobody_talks_with_himself():
    branch().when(talk(ANN, ANN)).then(fails(Malformed, "person_id"))


def test_both_are_members_of_the_branch():
    branch().when(talk(WHO)).then(refused("INV-002", "talker_id"))
    branch().when(talk(ANN, WHO)).then(refused("INV-002", "person_id"))


def test_no_talk_with_somebody_who_left_or_is_suspended():
    branch(left(GUS)).when(talk(ANN, GUS)).then(refused("INV-009", "person_id"))
    branch(suspended(GUS)).when(talk(ANN, GUS)).then(refused("INV-009", "person_id"))


def test_a_talk_is_withdrawn_once():
    branch(SEALED).when(WITHDRAW).then(WITHDRAWN)
    branch(SEALED, WITHDRAWN).when(WITHDRAW).then(nothing)
    branch(SEALED, WITHDRAWN).when(talk()).then(talked())
    branch().when(WITHDRAW).then(fails(Absent, "t1"))
    branch(talked(talk_id=T1, occurred_on=AFTER)).when(WITHDRAW, today=AFTER).then(fails(Conflict, "after"))
