"""Lectures and theme days: what a meeting was for, and whether it answers a duty (N01.T02, N10, INV-019, INV-020)."""

from typing import Annotated, ClassVar

from events.base import Count, LongText, MeetingId, PersonId, Text
from events.meetings import (
    ClockTime,
    LectureDelivered,
    LecturerKind,
    LectureScriptFiled,
    MeetingHeld,
    RequiredItem,
    ThemeDayHeld,
    ThemeDayKind,
)
from service.auth.rights import Right
from service.decide.base import Case, Command, Context, Outcome, label
from service.decide.meetings.roll import check_active
from service.decide.meetings.state import MEETING, THEME_DAY_FOLD, Meeting, ThemeDays, held, held_open, not_before
from service.decide.roster import ROSTER, Roster
from service.errors import Conflict, Malformed, Refused

FROM_OUTSIDE = frozenset({LecturerKind.SUPERIOR_LEADER, LecturerKind.INVITED_EXPERT})


class DeliverLecture(Command, frozen=True, kw_only=True, tag="deliver-lecture"):
    """A Party lecture was given at a meeting."""

    zh: ClassVar[str] = "登记党课"
    en: ClassVar[str] = "Record a Party lecture"

    meeting_id: Annotated[MeetingId, label("会议", "Meeting")]
    title: Annotated[Text, label("题目", "Title", min_length=1)]
    lecturer_kind: Annotated[LecturerKind, label("主讲人身份", "Lecturer's capacity")]
    lecturer_id: Annotated[
        PersonId | None, label("主讲人", "Lecturer", help_zh="本支部党员；书记可留空", help_en="A member; may be empty for the secretary")
    ] = None
    lecturer_title: Annotated[
        Text | None, label("外请主讲人单位职务", "Lecturer's office", help_zh="领导或专家必填", help_en="Needed for a leader or expert")
    ] = None
    class_minutes: Annotated[
        Count | None, label("授课分钟数", "Minutes", help_zh="留空则按会议起止时间", help_en="Empty: from the meeting's times")
    ] = None
    audience_count: Annotated[Count | None, label("听课人数", "Audience", help_zh="留空则按到会人数", help_en="Empty: those present")] = (
        None
    )
    counts_for_quarter: Annotated[
        bool | None,
        label("计入季度党课", "Counts for the quarter", help_zh="留空则由系统认定", help_en="Worked out when empty; checked when given"),
    ] = None


class FileLectureScript(Command, frozen=True, kw_only=True, tag="file-lecture-script"):
    """The script of the lecture was handed in."""

    zh: ClassVar[str] = "党课讲稿归档"
    en: ClassVar[str] = "File a lecture script"

    meeting_id: Annotated[MeetingId, label("会议", "Meeting")]
    script: Annotated[Text, label("讲稿编号", "Reference of the script", min_length=1)]


class HoldThemeDay(Command, frozen=True, kw_only=True, tag="hold-theme-day"):
    """A meeting was the month's theme day."""

    zh: ClassVar[str] = "登记主题党日"
    en: ClassVar[str] = "Record a theme day"

    meeting_id: Annotated[MeetingId, label("会议", "Meeting")]
    theme: Annotated[Text, label("主题", "Theme", min_length=1)]
    kind: Annotated[ThemeDayKind, label("活动形式", "Form")]
    required_items: Annotated[tuple[RequiredItem, ...], label("规定动作完成", "Set items done")] = ()
    x_items: Annotated[Text | None, label("X自选内容", "Items of choice")] = None
    participants: Annotated[Count | None, label("参加人数", "Participants", help_zh="留空则按到会人数", help_en="Empty: those present")] = (
        None
    )
    record: Annotated[LongText | None, label("活动记录", "Record")] = None
    reflections: Annotated[Count, label("心得体会份数", "Reflections handed in")] = 0
    publicity: Annotated[Text | None, label("宣传信息", "Publicity")] = None
    counts_for_month: Annotated[
        bool | None,
        label("计入本月", "Counts for the month", help_zh="留空则由系统认定", help_en="Worked out when empty; checked when given"),
    ] = None


def deliver_lecture(command: DeliverLecture, context: Context, meeting: Meeting, roster: Roster) -> Outcome:
    """Whether it counts for the quarter follows from the lecturer's kind; claiming otherwise is refused (INV-020)."""
    took_place = held(meeting, command.meeting_id)
    event = LectureDelivered(
        occurred_on=command.occurred_on,
        meeting_id=command.meeting_id,
        title=command.title,
        lecturer_kind=command.lecturer_kind,
        lecturer_id=_lecturer(command, roster),
        lecturer_title=(command.lecturer_title or "").strip() or None,
        audience_count=_heads(took_place) if command.audience_count is None else command.audience_count,
        class_minutes=_minutes(command, took_place),
        minutes_per_hour=context.rules.number("study.hour_minutes"),
    )
    if meeting.lecture == event:
        return []
    held_open(meeting, command.meeting_id, command.occurred_on)
    if meeting.lecture is not None:
        raise Conflict(f"the lecture of meeting {command.meeting_id} is on record already")
    if event.lecturer_id is not None:
        check_active(roster, (event.lecturer_id,), event.occurred_on, "lecturer_id")
    if command.counts_for_quarter is not None and command.counts_for_quarter != event.counts_for_quarter():
        raise Refused("INV-020", "lecturer_kind", "counts_for_quarter")
    return [event]


def _lecturer(command: DeliverLecture, roster: Roster) -> PersonId | None:
    """A member by id, a lecturer from outside by office."""
    if command.lecturer_kind in FROM_OUTSIDE and not (command.lecturer_title or "").strip():
        raise Malformed("a lecturer from outside is named by office: lecturer_title")
    if command.lecturer_kind == LecturerKind.SECRETARY and command.lecturer_id is None:
        return roster.secretary_on(command.occurred_on)
    if command.lecturer_kind == LecturerKind.MEMBER and command.lecturer_id is None:
        raise Malformed("a member who lectures is named: lecturer_id")
    return command.lecturer_id


def _heads(took_place: MeetingHeld) -> int:
    return len(took_place.present) + len(took_place.observers)


def _minutes(command: DeliverLecture, took_place: MeetingHeld) -> int:
    if command.class_minutes is not None:
        return command.class_minutes
    if took_place.starts_at is None or took_place.ends_at is None:
        raise Malformed("the meeting has no times on record: class_minutes")
    return _minute_of(took_place.ends_at) - _minute_of(took_place.starts_at)


def _minute_of(time: ClockTime) -> int:
    return int(time[:2]) * 60 + int(time[3:])


def file_lecture_script(command: FileLectureScript, _context: Context, meeting: Meeting) -> Outcome:
    """Also after the minutes are on file; a script on file is not exchanged."""
    not_before(held(meeting, command.meeting_id), command.occurred_on)
    if meeting.lecture is None:
        raise Conflict(f"no lecture is on record at meeting {command.meeting_id}")
    if meeting.script == command.script:
        return []
    if meeting.script is not None:
        raise Conflict(f"script {meeting.script} is on file already")
    return [LectureScriptFiled(occurred_on=command.occurred_on, meeting_id=command.meeting_id, script=command.script)]


def hold_theme_day(command: HoldThemeDay, _context: Context, meeting: Meeting, days: ThemeDays) -> Outcome:
    """The first one standing in a month counts for the month; claiming otherwise is refused (INV-019)."""
    took_place = held(meeting, command.meeting_id)
    event = ThemeDayHeld(
        occurred_on=command.occurred_on,
        meeting_id=command.meeting_id,
        theme=command.theme,
        kind=command.kind,
        required_items=tuple(item for item in RequiredItem if item in command.required_items),
        x_items=command.x_items,
        participants=_heads(took_place) if command.participants is None else command.participants,
        record=command.record,
        reflections=command.reflections,
        publicity=command.publicity,
    )
    before = days.standing.get(command.meeting_id)
    if before == event:
        return []
    held_open(meeting, command.meeting_id, command.occurred_on)
    if before is not None:
        raise Conflict(f"the theme day of meeting {command.meeting_id} is on record already")
    counts = days.counting(event.month()) is None
    if command.counts_for_month is not None and command.counts_for_month != counts:
        raise Refused("INV-019", "counts_for_month")
    return [event]


CASES = (
    Case(command=DeliverLecture, right=Right.MEETING_WRITE, reads=(MEETING, ROSTER), decide=deliver_lecture),
    Case(command=FileLectureScript, right=Right.MEETING_WRITE, reads=(MEETING,), decide=file_lecture_script),
    Case(command=HoldThemeDay, right=Right.MEETING_WRITE, reads=(MEETING, THEME_DAY_FOLD), decide=hold_theme_day),
)
