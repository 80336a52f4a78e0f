"""A registration made in error is taken back, as long as nothing rests on it (INV-001, INV-002)."""

import pytest
from msgspec import structs

from events.base import Claim, Event, LetterId, MeetingId
from events.dues import DuesReductionRequested, EntryId
from events.meetings import Excused, LeaveReason, MeetingHeld, MeetingKind, MeetingWithdrawn
from events.members import MemberProfileChanged, MemberTransferredIn, RegistrationWithdrawn, VotingSuspended
from events.organisations import GroupLeaderAppointed, LeaderBy, Post
from events.transfers import TransferRequested
from service.decide.members.roll import RegisterMember
from service.decide.members.withdrawal import WithdrawRegistration
from service.errors import Absent, BuiltUpon
from tests.decide.bdd import fails, given, nothing, refused
from tests.decide.dues_history import assessed, received, reversed_payment
from tests.decide.roster_history import (
    AFTER,
    ANN,
    BEFORE,
    BEN,
    DAY,
    FOUNDED_ON,
    NEO,
    NORTH,
    converted,
    founded,
    group,
    left,
    member,
    probationer,
    put,
    seated,
    seats,
    suspended,
)
from tests.decide.test_members import register

INDEX = "0" * 40
HERE = (founded(), group(NORTH), member(ANN, id_index=INDEX))
WITHDRAW = WithdrawRegistration(occurred_on=DAY, person_id=ANN, reason="误录")
WITHDRAWN = RegistrationWithdrawn(occurred_on=DAY, person_id=ANN, reason="误录", id_index=INDEX)


def test_somebody_registered_in_error_is_taken_off_and_free_for_another_branch():
    given(HERE).when(WITHDRAW).then(WITHDRAWN)
    assert WITHDRAWN.claims() == (
        Claim(kind="member", value=ANN, give=True),
        Claim(kind="id-number", value=INDEX, give=True),
    )


def test_group_particulars_and_a_suspension_from_the_first_day_go_with_it():
    profile = MemberProfileChanged(occurred_on=BEFORE, person_id=ANN, reason="更正", education="12")
    given(HERE, put(ANN, NORTH), suspended(ANN, FOUNDED_ON), profile).when(WITHDRAW).then(WITHDRAWN)


def test_twice_is_once():
    given(HERE, WITHDRAWN).when(structs.replace(WITHDRAW, reason="再次")).then(nothing)


def test_not_before_joining():
    given(founded(), member(ANN, joined_on=AFTER)).when(WITHDRAW).then(refused("INV-002", "occurred_on"))


def test_somebody_of_this_branch():
    given(founded()).when(WITHDRAW).then(fails(Absent, ANN))


def test_whoever_was_taken_off_may_be_registered_anew_and_taken_off_again():
    again: RegisterMember = register(person_id=ANN)
    answer = given(founded(), member(ANN), WITHDRAWN).when(again)
    (event,) = answer.decide()
    assert isinstance(event, Event)
    given(founded(), member(ANN), WITHDRAWN, event).when(WITHDRAW).then(structs.replace(WITHDRAWN, id_index=None))


CAME = MemberTransferredIn(
    occurred_on=FOUNDED_ON, letter_id=LetterId("l1"), from_name="外单位",
    **{field: value for field, value in structs.asdict(member(ANN)).items() if field not in {"occurred_on", "joined_on"}},
)  # fmt: skip
ASKED = TransferRequested(
    occurred_on=BEFORE, letter_id=LetterId("l1"), person_id=ANN, reason="调动", to_name="外单位", leaves_on=DAY, issue_by=AFTER
)
PAID = received(person=ANN, entry_id=EntryId("p"))
COLLECTED = received(person=BEN, entry_id=EntryId("q"), collector=ANN)


@pytest.mark.parametrize(
    ("history", "what"),
    [
        ((left(ANN, FOUNDED_ON), member(ANN, joined_on=BEFORE)), "an earlier stay"),
        ((left(ANN),), "the end of the membership"),
        ((VotingSuspended(occurred_on=BEFORE, person_id=ANN, reason="留党察看"),), "a suspension"),
        ((suspended(ANN),), "a suspension"),
        ((seated(*seats((ANN, Post.SECRETARY))),), "a post"),
        ((GroupLeaderAppointed(occurred_on=BEFORE, group_id=NORTH, leader_id=ANN, by=LeaderBy.NAMED),), "a post"),
        ((assessed(ANN),), "an assessment of dues"),
        ((assessed(BEN, assessed_by=ANN),), "an assessment of dues"),
        ((PAID,), "a payment of dues"),
        ((COLLECTED,), "a payment of dues"),
        (
            (DuesReductionRequested(occurred_on=DAY, person_id=ANN, from_month="2026-03", to_month="2026-04", monthly_fen=0, reason="~"),),
            "a reduction of dues",
        ),
        ((ASKED,), "a request for a letter"),
    ],
)
def test_what_rests_on_a_registration_is_told_and_keeps_it(history, what):
    given(HERE, *history).when(WITHDRAW).then(fails(BuiltUpon, what))


HELD = MeetingHeld(
    occurred_on=DAY, meeting_id=MeetingId("m1"), kind=MeetingKind.GENERAL, topic="学习", chair=BEN, recorder=BEN, due=(ANN, BEN), present=(BEN,),
    excused=(Excused(person_id=ANN, reason=LeaveReason.SICK),),
)  # fmt: skip


def test_a_meeting_that_counted_them_keeps_it_until_it_is_withdrawn():
    given(HERE, HELD).when(WITHDRAW).then(fails(BuiltUpon, "a meeting"))
    given(HERE, structs.replace(HELD, due=(BEN,))).when(WITHDRAW).then(fails(BuiltUpon, "a meeting"))
    gone = MeetingWithdrawn(occurred_on=DAY, meeting_id=MeetingId("m1"), reason="误录")
    given(HERE, HELD, gone).when(WITHDRAW).then(WITHDRAWN)
    given(HERE, HELD, gone, HELD).when(WITHDRAW).then(fails(BuiltUpon, "a meeting"))


def test_a_meeting_of_others_does_not_matter():
    of_others = structs.replace(HELD, due=(BEN,), excused=())
    given(HERE, of_others).when(WITHDRAW).then(WITHDRAWN)


def test_payments_that_were_reversed_do_not_keep_it():
    back = reversed_payment(entry_id=EntryId("p"), person_id=ANN)
    given(HERE, PAID, back).when(WITHDRAW).then(WITHDRAWN)


def test_whoever_came_by_letter_or_was_converted_has_a_history():
    given(founded(), CAME).when(WITHDRAW).then(fails(BuiltUpon, "a transfer"))
    of_neo = structs.replace(WITHDRAW, person_id=NEO)
    given(founded(), probationer(), converted()).when(of_neo).then(fails(BuiltUpon, "a conversion"))


def test_it_is_told_all_at_once():
    given(HERE, seated(*seats((ANN, Post.SECRETARY))), PAID).when(WITHDRAW).then(fails(BuiltUpon, "a post, a payment of dues"))
