"""Meetings planned, made known, excused from, cancelled; minutes on file and corrected (INV-009, 010, 017, 018)."""

import datetime as dt
from typing import Any

import pytest
from msgspec import structs

from events.base import PersonId
from events.meetings import (
    EVENTS,
    AbsenceExcused,
    LeaveReason,
    MeetingCancelled,
    MeetingKind,
    MinutesCorrected,
    NoticeMethod,
    NoticeSent,
)
from service.auth.rights import Right
from service.decide.base import command_name
from service.decide.meetings.minutes import ArchiveMinutes, CorrectMinutes
from service.decide.meetings.planning import CASES, CancelMeeting, ExcuseAbsence, ScheduleMeeting, SendNotice
from tests.decide.meeting_history import (
    AFTER,
    ANN,
    ARCHIVED,
    BEFORE,
    CAI,
    DAY,
    GROUP,
    HELD,
    IN_GROUP,
    M1,
    NEO,
    NEW,
    NOTICE,
    ORGA,
    OUT,
    PLANNED,
    SEATS,
    SEC,
    absent,
    conflict,
    decide,
    malformed,
    refusal,
)


def schedule(**changed: Any) -> ScheduleMeeting:
    told: dict[str, Any] = {
        "occurred_on": BEFORE,
        "kind": MeetingKind.GENERAL,
        "planned_on": DAY,
        "topic": "学习文件",
        "place": "一楼",
        "starts_at": "14:30",
        "ends_at": "16:00",
    }
    return ScheduleMeeting(**(told | changed))


CANCELLED = MeetingCancelled(occurred_on=AFTER, meeting_id=M1, reason="停电")


def test_a_new_meeting_is_named_by_the_event_that_began_it():
    assert decide(schedule()) == [structs.replace(PLANNED, meeting_id=NEW)]


def test_a_new_meeting_may_be_named_by_its_sender():
    assert decide(schedule(meeting_id=M1)) == [PLANNED]


def test_the_same_plan_again_is_nothing_to_do():
    assert decide(schedule(meeting_id=M1), PLANNED) == []


def test_a_plan_may_change_until_the_meeting_is_held():
    later = dt.date(2026, 3, 12)
    assert decide(schedule(meeting_id=M1, planned_on=later), PLANNED) == [structs.replace(PLANNED, planned_on=later)]
    assert "held or cancelled" in conflict(schedule(meeting_id=M1, planned_on=later), PLANNED, HELD)
    assert "held or cancelled" in conflict(schedule(meeting_id=M1, planned_on=later), PLANNED, CANCELLED)


def test_a_meeting_is_planned_before_it_is_held():
    assert "planned_on" in malformed(schedule(planned_on=dt.date(2026, 3, 1)))


def test_a_meeting_that_was_called_the_same_day_is_planned():
    assert decide(schedule(meeting_id=M1, occurred_on=DAY)) == [structs.replace(PLANNED, occurred_on=DAY)]


def test_a_plan_does_not_end_before_it_starts():
    assert "ends_at" in malformed(schedule(starts_at="16:00", ends_at="14:30"))
    assert decide(schedule(meeting_id=M1, ends_at="14:30")) == [structs.replace(PLANNED, ends_at="14:30")]


def test_a_planned_group_meeting_names_its_group():
    assert "group_id" in malformed(schedule(kind=MeetingKind.GROUP))
    assert decide(schedule(meeting_id=M1, kind=MeetingKind.GROUP, group_id=GROUP)) == [
        structs.replace(PLANNED, kind=MeetingKind.GROUP, group_id=GROUP)
    ]


def notice(**changed: Any) -> SendNotice:
    told: dict[str, Any] = {"occurred_on": BEFORE, "meeting_id": M1}
    return SendNotice(**(told | changed))


def test_a_notice_goes_to_everybody_who_has_to_come():
    assert decide(notice(), PLANNED) == [NOTICE]


@pytest.mark.parametrize(("kind", "group", "people"), [(MeetingKind.COMMITTEE, None, SEATS), (MeetingKind.GROUP, GROUP, IN_GROUP)])
def test_a_notice_goes_to_those_of_that_kind_of_meeting(kind: MeetingKind, group: Any, people: tuple[PersonId, ...]):
    plan = structs.replace(PLANNED, kind=kind, group_id=group)
    assert decide(notice(), plan) == [structs.replace(NOTICE, to=people)]


def test_a_notice_may_go_to_some():
    assert decide(notice(to=(NEO, ANN, NEO), method=NoticeMethod.PHONE, note="改在二楼"), PLANNED) == [
        NoticeSent(occurred_on=BEFORE, meeting_id=M1, to=(ANN, NEO), method=NoticeMethod.PHONE, note="改在二楼")
    ]


def test_the_same_notice_again_is_nothing_to_do():
    assert decide(notice(), PLANNED, NOTICE) == []


def test_a_reminder_on_another_day_is_another_notice():
    assert decide(notice(occurred_on=DAY), PLANNED, NOTICE) == [structs.replace(NOTICE, occurred_on=DAY)]


def test_a_notice_is_not_dated_after_the_meeting():
    assert refusal(notice(occurred_on=AFTER), PLANNED) == ("INV-018", "occurred_on")


def test_nobody_who_was_expelled_is_invited():
    assert refusal(notice(to=(OUT,)), PLANNED) == ("INV-009", "to")


def test_a_notice_belongs_to_a_meeting_to_come():
    assert "m1" in absent(notice())
    assert "together with it" in conflict(notice(), PLANNED, HELD)
    assert "cancelled" in conflict(notice(), PLANNED, CANCELLED)


def excuse(**changed: Any) -> ExcuseAbsence:
    told: dict[str, Any] = {"occurred_on": BEFORE, "meeting_id": M1, "person_id": CAI, "reason": LeaveReason.SICK, "note": "住院"}
    return ExcuseAbsence(**(told | changed))


EXCUSED = AbsenceExcused(occurred_on=BEFORE, meeting_id=M1, person_id=CAI, reason=LeaveReason.SICK, note="住院")


def test_a_member_is_excused_before_the_meeting():
    assert decide(excuse(), PLANNED) == [EXCUSED]


def test_being_excused_twice_is_nothing_to_do():
    assert decide(excuse(), PLANNED, EXCUSED) == []


def test_the_reason_of_an_absence_may_change():
    assert decide(excuse(reason=LeaveReason.OFFICIAL, note=None), PLANNED, EXCUSED) == [
        structs.replace(EXCUSED, reason=LeaveReason.OFFICIAL, note=None)
    ]


def test_only_whoever_has_to_come_is_excused():
    assert refusal(excuse(), structs.replace(PLANNED, kind=MeetingKind.COMMITTEE)) == ("INV-010", "person_id")


def test_nobody_who_was_expelled_is_excused():
    assert refusal(excuse(person_id=OUT), PLANNED) == ("INV-009", "person_id")


def test_leave_is_given_before_the_meeting():
    assert decide(excuse(occurred_on=DAY), PLANNED) == [structs.replace(EXCUSED, occurred_on=DAY)]
    assert "given before" in conflict(excuse(occurred_on=AFTER), PLANNED)
    assert "correct its attendance" in conflict(excuse(), PLANNED, HELD)
    assert "m1" in absent(excuse())


def cancel(**changed: Any) -> CancelMeeting:
    told: dict[str, Any] = {"occurred_on": AFTER, "meeting_id": M1, "reason": "停电"}
    return CancelMeeting(**(told | changed))


def test_a_planned_meeting_is_cancelled():
    assert decide(cancel(), PLANNED, NOTICE) == [CANCELLED]


def test_a_meeting_on_record_as_held_is_withdrawn_and_not_cancelled():
    assert "withdraw the record" in conflict(cancel(), HELD)
    assert "withdraw the record" in conflict(cancel(), PLANNED, HELD, ARCHIVED)


def test_cancelling_twice_is_nothing_to_do():
    assert decide(cancel(reason="再次"), PLANNED, CANCELLED) == []


def test_a_meeting_nobody_knows_is_not_cancelled():
    assert "m1" in absent(cancel())


def archive(**changed: Any) -> ArchiveMinutes:
    told: dict[str, Any] = {"occurred_on": AFTER, "meeting_id": M1, "archived_by": SEC, "file": "卷1"}
    return ArchiveMinutes(**(told | changed))


def test_minutes_go_on_file():
    assert decide(archive(), HELD) == [ARCHIVED]


def test_minutes_may_be_a_text():
    assert decide(archive(file=" ", text="会议记录全文"), HELD) == [structs.replace(ARCHIVED, file=None, text="会议记录全文")]


def test_the_same_minutes_again_are_nothing_to_do():
    assert decide(archive(), HELD, ARCHIVED) == []


def test_minutes_on_file_are_not_exchanged():
    assert refusal(archive(file="卷2"), HELD, ARCHIVED) == ("INV-017", "text", "file")


def test_minutes_are_a_text_or_a_file():
    assert "text, file" in malformed(archive(file=None), HELD)


def test_only_minutes_of_a_meeting_that_was_held_go_on_file():
    assert "not been held" in conflict(archive(), PLANNED)
    assert "2026-03-05" in conflict(archive(occurred_on=BEFORE), HELD)
    assert "cancelled" in conflict(archive(), HELD, CANCELLED)


def test_nobody_who_was_expelled_puts_minutes_on_file():
    assert refusal(archive(archived_by=OUT), HELD) == ("INV-009", "archived_by")


LATER = dt.date(2026, 3, 20)


def correct(**changed: Any) -> CorrectMinutes:
    told: dict[str, Any] = {
        "occurred_on": LATER,
        "meeting_id": M1,
        "correction": "地点应为二楼",
        "reason": "笔误",
        "author": ORGA,
        "superior_seen_on": AFTER,
    }
    return CorrectMinutes(**(told | changed))


CORRECTED = MinutesCorrected(
    occurred_on=LATER, meeting_id=M1, correction="地点应为二楼", reason="笔误", author=ORGA, superior_seen_on=AFTER
)


def test_minutes_on_file_are_corrected_by_an_entry_beside_them():
    assert decide(correct(), HELD, ARCHIVED) == [CORRECTED]


def test_the_same_correction_again_is_nothing_to_do():
    assert decide(correct(), HELD, ARCHIVED, CORRECTED) == []


def test_a_second_correction_is_accepted():
    assert decide(correct(correction="主持人应为副书记"), HELD, ARCHIVED, CORRECTED) == [
        structs.replace(CORRECTED, correction="主持人应为副书记")
    ]


@pytest.mark.parametrize(("field", "value"), [("reason", ""), ("reason", "  "), ("superior_seen_on", None)])
def test_a_correction_needs_a_reason_and_the_superiors_sight(field: str, value: Any):
    assert refusal(correct(**{field: value}), HELD, ARCHIVED) == ("INV-017", field)


def test_nobody_who_was_expelled_corrects_minutes():
    assert refusal(correct(author=OUT), HELD, ARCHIVED) == ("INV-009", "author")


def test_minutes_that_are_not_on_file_need_no_correction():
    assert "not on file" in conflict(correct(), HELD)


def test_minutes_are_not_corrected_before_they_are_on_file():
    assert "2026-03-09" in conflict(correct(occurred_on=DAY), HELD, ARCHIVED)
    assert decide(correct(occurred_on=AFTER), HELD, ARCHIVED) == [structs.replace(CORRECTED, occurred_on=AFTER)]


def test_each_command_needs_the_right_to_write_meetings_and_has_a_name_and_titles():
    assert [command_name(case.command) for case in CASES] == [
        "schedule-meeting",
        "send-notice",
        "excuse-absence",
        "record-meeting-held",
        "correct-attendance",
        "discuss-agenda-item",
        "vote-on-motion",
        "adopt-resolution",
        "implement-resolution",
        "deliver-lecture",
        "file-lecture-script",
        "hold-theme-day",
        "archive-minutes",
        "correct-minutes",
        "cancel-meeting",
        "withdraw-meeting",
        "withdraw-lecture",
        "withdraw-theme-day",
    ]
    assert {case.right for case in CASES} == {Right.MEETING_WRITE}
    assert all(case.command.zh and case.command.en for case in CASES)


def test_each_event_has_titles_and_is_told_by_a_command():
    assert len(EVENTS) == 18
    assert all(event.zh and event.en for event in EVENTS)
