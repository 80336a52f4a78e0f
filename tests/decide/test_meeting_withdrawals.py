"""What was recorded of a meeting in error is taken back: the meeting, its lecture, its theme day (INV-017, INV-019, INV-020)."""

from typing import Any

import pytest
from msgspec import structs

from events.meetings import (
    LectureDelivered,
    LecturerKind,
    LectureScriptFiled,
    LectureWithdrawn,
    MeetingWithdrawn,
    ThemeDayHeld,
    ThemeDayKind,
    ThemeDayWithdrawn,
)
from service.decide.meetings.lectures import DeliverLecture
from service.decide.meetings.minutes import ArchiveMinutes
from service.decide.meetings.withdrawals import WithdrawLecture, WithdrawMeeting, WithdrawThemeDay
from tests.decide.meeting_history import (
    AFTER,
    ARCHIVED,
    BEFORE,
    DAY,
    HELD,
    M1,
    NOTICE,
    PLANNED,
    SEC,
    absent,
    conflict,
    decide,
    record,
    refusal,
)

TOLD: dict[str, Any] = {"occurred_on": AFTER, "meeting_id": M1, "reason": "误录"}
WITHDRAWN, NO_LECTURE, NO_THEME_DAY = (kind(**TOLD) for kind in (MeetingWithdrawn, LectureWithdrawn, ThemeDayWithdrawn))
LECTURE = LectureDelivered(
    occurred_on=DAY, meeting_id=M1, title="学党史", lecturer_kind=LecturerKind.SECRETARY, lecturer_id=SEC,
    audience_count=10, class_minutes=90, minutes_per_hour=60,
)  # fmt: skip
THEME_DAY = ThemeDayHeld(occurred_on=DAY, meeting_id=M1, theme="参观", kind=ThemeDayKind.VISIT, participants=10)
EVERY = pytest.mark.parametrize("command", [WithdrawMeeting, WithdrawLecture, WithdrawThemeDay])
ALL_OF_IT = (PLANNED, NOTICE, HELD, LECTURE, THEME_DAY)


def test_a_meeting_that_never_took_place_is_withdrawn():
    assert decide(WithdrawMeeting(**TOLD), PLANNED, HELD, LECTURE) == [WITHDRAWN]


def test_with_its_meeting_a_theme_day_is_withdrawn():
    assert decide(WithdrawMeeting(**TOLD), HELD, THEME_DAY) == [WITHDRAWN, NO_THEME_DAY]


def test_a_lecture_or_a_theme_day_is_withdrawn_alone():
    assert decide(WithdrawLecture(**TOLD), *ALL_OF_IT) == [NO_LECTURE]
    assert decide(WithdrawThemeDay(**TOLD), *ALL_OF_IT) == [NO_THEME_DAY]


@EVERY
def test_withdrawing_twice_is_nothing_to_do(command):
    once: list[Any] = [event for what in (WithdrawThemeDay, WithdrawLecture, WithdrawMeeting) for event in decide(what(**TOLD), *ALL_OF_IT)]
    assert decide(command(**TOLD | {"reason": "再次"}), *ALL_OF_IT, NO_LECTURE, *once) == []


@pytest.mark.parametrize(("command", "gone"), [(WithdrawLecture, NO_LECTURE), (WithdrawThemeDay, NO_THEME_DAY)])
def test_what_is_gone_is_not_withdrawn_again_while_the_meeting_stands(command, gone):
    assert decide(command(**TOLD), *ALL_OF_IT, gone) == []


@EVERY
def test_once_minutes_are_on_file_the_superior_sees_it(command):
    assert refusal(command(**TOLD), *ALL_OF_IT, ARCHIVED) == ("INV-017", "superior_seen_on")
    news: list[Any] = decide(command(**TOLD, superior_seen_on=AFTER), *ALL_OF_IT, ARCHIVED)
    assert {event.superior_seen_on for event in news} == {AFTER}


@EVERY
def test_nothing_is_withdrawn_before_it_happened(command):
    assert "2026-03-05" in conflict(command(**TOLD | {"occurred_on": BEFORE}), *ALL_OF_IT)


@EVERY
def test_a_meeting_nobody_knows_has_nothing_to_withdraw(command):
    assert "m1" in absent(command(**TOLD))


@EVERY
def test_a_plan_has_nothing_to_withdraw(command):
    assert "has not been held" in conflict(command(**TOLD), PLANNED)


@pytest.mark.parametrize(("command", "what"), [(WithdrawLecture, "no lecture"), (WithdrawThemeDay, "no theme day")])
def test_what_was_never_recorded_is_not_withdrawn(command, what):
    assert what in conflict(command(**TOLD), HELD)


def test_a_withdrawn_meeting_is_recorded_anew_with_the_notice_that_was_sent():
    again = record(meeting_id=M1, notice_sent_on=None)
    assert decide(again, PLANNED, NOTICE, HELD, ARCHIVED, WITHDRAWN) == [
        structs.replace(HELD, place=PLANNED.place, starts_at=PLANNED.starts_at, ends_at=PLANNED.ends_at)
    ]


def test_nothing_is_added_to_a_withdrawn_meeting_before_it_is_recorded_anew():
    archive = ArchiveMinutes(occurred_on=AFTER, meeting_id=M1, archived_by=SEC, file="卷1")
    assert "has not been held" in conflict(archive, HELD, WITHDRAWN)
    assert decide(archive, HELD, WITHDRAWN, HELD) == [ARCHIVED]


def test_another_lecture_is_recorded_where_one_was_withdrawn_with_its_script():
    again = DeliverLecture(occurred_on=DAY, meeting_id=M1, title="学党章", lecturer_kind=LecturerKind.SECRETARY, class_minutes=45)
    script = LectureScriptFiled(occurred_on=AFTER, meeting_id=M1, script="讲稿1")
    assert decide(again, HELD, LECTURE, script, NO_LECTURE) == [structs.replace(LECTURE, title="学党章", class_minutes=45)]
