"""Who has to come, chairs and votes follows from the roster of that very day (INV-002, 009, 014, 016)."""

import datetime as dt
from typing import Any

import pytest

from events.base import Event, GroupId, LetterId, OrgId, PersonId
from events.meetings import MeetingHeld, MeetingKind, MotionVoted, VoteMethod
from events.members import (
    LeftGround,
    MemberAssignedToGroup,
    MemberConverted,
    MemberLeft,
    MembershipReinstated,
    MembershipSuspended,
    MemberStatus,
    MemberTransferredIn,
    MemberTransferredOut,
    Sex,
    VotingRestored,
)
from events.organisations import GroupDissolved, GroupLeaderAppointed, LeaderBy, Post, PostAssigned, PostVacated, Seat
from service.decide.meetings.votes import VoteOnMotion
from service.decide.roster import Roster
from service.errors import Absent
from tests.decide.meeting_history import (
    AFTER,
    ANN,
    BEFORE,
    BEN,
    DAY,
    DEP,
    DIS,
    DUE,
    GROUP,
    HELD,
    M1,
    NEO,
    PEOPLE,
    SEATS,
    SEC,
    SUS,
    decide,
    held,
    record,
    refusal,
    roster,
)

GUEST = PersonId("guest")


def arrived(day: dt.date) -> MemberTransferredIn:
    return MemberTransferredIn(
        occurred_on=day,
        person_id=GUEST,
        name="guest",
        sex=Sex.MALE,
        nationality="01",
        born_month="1990-01",
        education="1",
        status=MemberStatus.FULL,
        admitted_on=dt.date(2015, 1, 1),
        letter_id=LetterId("l1"),
        from_org_id=OrgId("b2"),
        from_name="第二党支部",
    )


def branch(*changes: Event) -> Roster:
    return roster(*PEOPLE, *changes)


def recorded(who: Roster, kind: MeetingKind = MeetingKind.GENERAL, **changed: Any) -> MeetingHeld:
    (*_, event) = decide(record(kind, **changed), who=who)
    assert isinstance(event, MeetingHeld)
    return event


def base(who: Roster, meeting: MeetingHeld = HELD) -> tuple[int, int]:
    """How many voters were due and present."""
    command = VoteOnMotion(occurred_on=DAY, meeting_id=M1, title="计划", method=VoteMethod.ORAL, yes=1)
    (event,) = decide(command, meeting, who=who)
    assert isinstance(event, MotionVoted)
    return event.voters_due, event.voters_present


def test_a_member_counts_from_the_day_of_acceptance():
    assert recorded(branch(arrived(DAY))).due == tuple(sorted((*DUE, GUEST)))


def test_before_acceptance_nobody_counts_here():
    assert recorded(branch(arrived(AFTER))).due == DUE


@pytest.mark.parametrize("field", ["absent", "excused_sick", "observers"])
@pytest.mark.parametrize("changes", [(), (arrived(AFTER),)])
def test_before_acceptance_no_attendance_is_taken(field: str, changes: tuple[Event, ...]):
    assert refusal(record(**{field: (GUEST,)}), who=branch(*changes)) == ("INV-002", field)


@pytest.mark.parametrize("field", ["chair", "recorder"])
def test_before_acceptance_nobody_chairs_or_records(field: str):
    assert refusal(record(**{field: GUEST}), who=branch(arrived(AFTER))) == ("INV-002", field)


def test_a_member_counts_at_the_sender_until_accepted_elsewhere():
    gone = MemberTransferredOut(occurred_on=AFTER, person_id=BEN, letter_id=LetterId("l2"), to_name="第三党支部")
    assert BEN in recorded(branch(gone)).due


def test_whoever_was_accepted_elsewhere_counts_there():
    gone = MemberTransferredOut(occurred_on=BEFORE, person_id=BEN, letter_id=LetterId("l2"), to_name="第三党支部")
    assert BEN not in recorded(branch(gone)).due
    assert refusal(record(absent=(BEN,)), who=branch(gone)) == ("INV-009", "absent")


def test_a_suspended_member_has_not_to_come():
    suspended = MembershipSuspended(occurred_on=BEFORE, person_id=BEN, reason="失联", approval_no="3")
    assert BEN not in recorded(branch(suspended)).due
    assert refusal(record(absent=(BEN,)), who=branch(suspended)) == ("INV-009", "absent")


def test_a_reinstated_member_has_to_come_again():
    suspended = MembershipSuspended(occurred_on=dt.date(2026, 1, 1), person_id=BEN, reason="失联", approval_no="3")
    reinstated = MembershipReinstated(occurred_on=BEFORE, person_id=BEN, reason="恢复联系", approval_no="4")
    assert recorded(branch(suspended, reinstated)).due == DUE


def test_a_late_entry_is_judged_by_the_roster_of_its_own_day():
    left = MemberLeft(occurred_on=AFTER, person_id=BEN, ground=LeftGround.DECEASED, reason="", approval_no="")
    assert recorded(branch(left)).due == DUE


def test_probationary_and_punished_members_have_no_vote():
    assert base(branch()) == (8, 8)


def test_a_converted_member_has_a_vote_from_that_day():
    assert base(branch(MemberConverted(occurred_on=DAY, person_id=NEO, approval_no="5"))) == (9, 9)
    assert base(branch(MemberConverted(occurred_on=AFTER, person_id=NEO, approval_no="5"))) == (8, 8)


def test_a_member_whose_vote_was_restored_has_it_from_that_day():
    assert base(branch(VotingRestored(occurred_on=DAY, person_id=SUS, reason="期满"))) == (9, 9)
    assert base(branch(VotingRestored(occurred_on=AFTER, person_id=SUS, reason="期满"))) == (8, 8)


def test_a_vacated_seat_is_not_filled():
    vacated = PostVacated(occurred_on=BEFORE, term=1, person_id=DIS, post=Post.DISCIPLINE, reason="调离")
    meeting = recorded(branch(vacated), MeetingKind.COMMITTEE, absent=(SEATS[2], SEATS[3]), recorder=SEC)
    assert (meeting.due, meeting.quorum, len(meeting.present)) == (tuple(p for p in SEATS if p != DIS), 2, 2)


def test_somebody_expelled_fills_no_seat_even_before_it_is_vacated():
    left = MemberLeft(occurred_on=BEFORE, person_id=DIS, ground=LeftGround.EXPELLED, reason="违纪", approval_no="6")
    assert recorded(branch(left), MeetingKind.COMMITTEE).due == tuple(p for p in SEATS if p != DIS)


def test_without_a_committee_none_meets():
    vacated = [
        PostVacated(occurred_on=BEFORE, term=1, person_id=seat.person_id, post=seat.post, reason="换届")
        for event in PEOPLE
        for seat in getattr(event, "seats", ())
    ]
    assert refusal(record(MeetingKind.COMMITTEE), who=branch(*vacated)) == ("INV-015", "kind")


NEW_SECRETARY = (
    PostVacated(occurred_on=DAY, term=1, person_id=SEC, post=Post.SECRETARY, reason="调离"),
    PostVacated(occurred_on=DAY, term=1, person_id=DEP, post=Post.DEPUTY, reason="升任"),
    PostAssigned(occurred_on=DAY, term=1, seat=Seat(person_id=DEP, post=Post.SECRETARY), approval_no="7"),
)


def test_the_secretary_of_that_day_chairs():
    assert recorded(branch(*NEW_SECRETARY), chair=DEP).chair == DEP
    assert refusal(record(chair=SEC), who=branch(*NEW_SECRETARY)) == ("INV-016", "chair", "delegation_note")
    assert recorded(branch(*NEW_SECRETARY), occurred_on=BEFORE, chair=SEC).chair == SEC


def test_without_a_secretary_the_chair_needs_a_delegation():
    assert refusal(record(chair=DEP), who=branch(NEW_SECRETARY[0])) == ("INV-016", "chair", "delegation_note")
    assert recorded(branch(NEW_SECRETARY[0]), chair=DEP, delegation_note="上级指定").chair == DEP


def test_the_group_leader_of_that_day_chairs_the_group():
    led = GroupLeaderAppointed(occurred_on=DAY, group_id=GROUP, leader_id=BEN, by=LeaderBy.RECOMMENDED)
    assert recorded(branch(led), MeetingKind.GROUP, chair=BEN).chair == BEN
    assert refusal(record(MeetingKind.GROUP, chair=ANN), who=branch(led)) == ("INV-016", "chair", "delegation_note")


def test_the_group_has_the_members_of_that_day():
    moved = MemberAssignedToGroup(occurred_on=BEFORE, person_id=BEN, group_id=GroupId("g2"))
    assert recorded(branch(moved), MeetingKind.GROUP).due == tuple(p for p in held(MeetingKind.GROUP).due if p != BEN)


def test_a_dissolved_group_does_not_meet():
    dissolved = GroupDissolved(occurred_on=BEFORE, group_id=GROUP, reason="合并")
    with pytest.raises(Absent, match="g1"):
        decide(record(MeetingKind.GROUP), who=branch(dissolved))
