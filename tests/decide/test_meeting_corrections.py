"""Attendance corrected: what was decided at the meeting must still hold (INV-010, 011, 012, 015, 016, 017)."""

from typing import Any

from msgspec import structs

from events.base import PersonId
from events.meetings import (
    AgendaKind,
    AttendanceCorrected,
    Excused,
    LeaveReason,
    MeetingKind,
    MotionVoted,
    VoteMethod,
)
from service.decide.meetings.attendance import CorrectAttendance
from tests.decide.meeting_history import (
    AFTER,
    ANN,
    ARCHIVED,
    BEFORE,
    BEN,
    CAI,
    DAY,
    DEP,
    DIS,
    DUE,
    HELD,
    M1,
    ORGA,
    OUT,
    PLANNED,
    PUB,
    SEC,
    absent,
    conflict,
    decide,
    held,
    present,
    refusal,
    without,
)


def correct(**changed: Any) -> CorrectAttendance:
    told: dict[str, Any] = {"occurred_on": AFTER, "meeting_id": M1, "reason": "签到表有误", "author": ORGA}
    return CorrectAttendance(**(told | changed))


def corrected(*present_people: PersonId, **changed: Any) -> AttendanceCorrected:
    told: dict[str, Any] = {"occurred_on": AFTER, "meeting_id": M1, "present": present_people, "reason": "签到表有误", "author": ORGA}
    return AttendanceCorrected(**(told | changed))


def test_attendance_is_corrected_by_naming_the_absentees_anew():
    assert decide(correct(absent=(BEN,), excused_sick=(CAI,)), HELD) == [
        corrected(*without(BEN, CAI), absent=(BEN,), excused=(Excused(person_id=CAI, reason=LeaveReason.SICK),))
    ]


def test_attendance_that_is_right_needs_no_correction():
    assert decide(correct(), HELD) == []
    assert decide(correct(absent=(BEN,)), HELD, corrected(*without(BEN), absent=(BEN,))) == []


def test_a_correction_may_be_taken_back():
    assert decide(correct(), HELD, corrected(*without(BEN), absent=(BEN,))) == [corrected(*DUE)]


def test_a_correction_names_only_those_who_had_to_come():
    assert refusal(correct(absent=(OUT,)), HELD) == ("INV-010", "absent")


def test_only_a_meeting_that_was_held_has_attendance():
    assert "not been held" in conflict(correct(absent=(BEN,)), PLANNED)
    assert "m1" in absent(correct(absent=(BEN,)))


def test_attendance_is_not_corrected_before_the_meeting():
    assert "2026-03-05" in conflict(correct(occurred_on=BEFORE, absent=(BEN,)), HELD)


def test_once_minutes_are_on_file_the_superior_sees_the_correction():
    assert refusal(correct(absent=(BEN,)), HELD, ARCHIVED) == ("INV-017", "superior_seen_on")
    assert decide(correct(absent=(BEN,), superior_seen_on=AFTER), HELD, ARCHIVED) == [
        corrected(*without(BEN), absent=(BEN,), superior_seen_on=AFTER)
    ]


def test_nobody_who_was_expelled_corrects_attendance():
    assert refusal(correct(absent=(BEN,), author=OUT), HELD) == ("INV-009", "author")


def test_a_correction_does_not_take_the_chair_away():
    assert refusal(correct(absent=(SEC,)), HELD) == ("INV-016", "absent")


def test_a_correction_does_not_take_the_committees_quorum_away():
    assert refusal(correct(absent=(DIS, PUB, DEP)), held(MeetingKind.COMMITTEE)) == ("INV-015", "absent")


VOTE = MotionVoted(
    occurred_on=DAY, meeting_id=M1, motion_no=1, matter=AgendaKind.OTHER, title="年度计划", method=VoteMethod.SHOW_OF_HANDS,
    voters_due=8, voters_present=8,quorum=4,needed=5, yes=5, no=0, abstain=0, passed=True,
)  # fmt: skip


def test_a_correction_leaves_as_many_voters_as_voted():
    assert decide(correct(absent=(ANN, BEN, CAI)), HELD, VOTE) == [corrected(*without(ANN, BEN, CAI), absent=(ANN, BEN, CAI))]
    assert refusal(correct(absent=(ANN, BEN, CAI, DIS)), HELD, VOTE) == ("INV-011", "absent")


def test_a_correction_leaves_the_quorum_of_each_vote():
    assert decide(correct(absent=(ANN, BEN, CAI, DIS)), HELD, structs.replace(VOTE, yes=1)) == [
        corrected(*without(ANN, BEN, CAI, DIS), absent=(ANN, BEN, CAI, DIS))
    ]
    assert refusal(correct(absent=(ANN, BEN, CAI, DIS, PUB)), HELD, structs.replace(VOTE, yes=1)) == ("INV-012", "absent")


def test_a_correction_does_not_make_a_written_opinion_come_from_somebody_present():
    written = structs.replace(VOTE, matter=AgendaKind.ADMISSION, written_from=(CAI,))
    assert refusal(correct(), present(*without(CAI)), written) == ("INV-011", "absent")
