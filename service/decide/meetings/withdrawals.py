"""What was recorded of a meeting in error is taken back: the meeting whole, its lecture, its theme day (INV-017, INV-019, INV-020)."""

import datetime as dt
from typing import Annotated, ClassVar

from events.base import Event, MeetingId, Text
from events.meetings import LectureWithdrawn, MeetingHeld, MeetingWithdrawn, ThemeDayWithdrawn
from service.auth.rights import Right
from service.decide.base import Case, Command, Context, Outcome, label
from service.decide.meetings.state import MEETING, THEME_DAY_FOLD, Meeting, ThemeDays, held, known, not_before
from service.errors import Conflict, Refused

Reason = Annotated[Text, label("撤销原因", "Reason", min_length=1)]
SeenOn = Annotated[
    dt.date | None,
    label("上级知悉日期", "Seen by the superior on", help_zh="会议记录归档后撤销必填", help_en="Needed once the minutes are on file"),
]


class WithdrawMeeting(Command, frozen=True, kw_only=True, tag="withdraw-meeting"):
    """A meeting on record never took place, or was recorded wrongly from beginning to end."""

    zh: ClassVar[str] = "撤销会议登记"
    en: ClassVar[str] = "Withdraw the record of a meeting"

    meeting_id: Annotated[MeetingId, label("会议", "Meeting")]
    reason: Reason
    superior_seen_on: SeenOn = None


class WithdrawLecture(Command, frozen=True, kw_only=True, tag="withdraw-lecture"):
    """A lecture on record was not given, or not as recorded; the meeting stands."""

    zh: ClassVar[str] = "撤销党课登记"
    en: ClassVar[str] = "Withdraw the record of a lecture"

    meeting_id: Annotated[MeetingId, label("会议", "Meeting")]
    reason: Reason
    superior_seen_on: SeenOn = None


class WithdrawThemeDay(Command, frozen=True, kw_only=True, tag="withdraw-theme-day"):
    """A meeting was no theme day, or not as recorded; the meeting stands."""

    zh: ClassVar[str] = "撤销主题党日登记"
    en: ClassVar[str] = "Withdraw the record of a theme day"

    meeting_id: Annotated[MeetingId, label("会议", "Meeting")]
    reason: Reason
    superior_seen_on: SeenOn = None


def withdraw_meeting(command: WithdrawMeeting, _context: Context, meeting: Meeting, days: ThemeDays) -> Outcome:
    """All that was recorded of it goes; the month's duty is open again when it was a theme day (INV-019)."""
    if known(meeting, command.meeting_id).withdrawn is not None:
        return []
    _check(command, meeting, held(meeting, command.meeting_id))
    news: list[Event] = [
        MeetingWithdrawn(
            occurred_on=command.occurred_on,
            meeting_id=command.meeting_id,
            reason=command.reason,
            superior_seen_on=command.superior_seen_on,
        )
    ]
    return [*news, *([_no_theme_day(command)] if command.meeting_id in days.standing else [])]


def withdraw_lecture(command: WithdrawLecture, _context: Context, meeting: Meeting) -> Outcome:
    """With its script; the quarter's duty is open again when it counted (INV-020)."""
    took_place = _held_or_withdrawn(meeting, command.meeting_id)
    if took_place is None or meeting.no_lecture is not None:
        return []
    if meeting.lecture is None:
        raise Conflict(f"no lecture is on record at meeting {command.meeting_id}")
    _check(command, meeting, took_place)
    return [
        LectureWithdrawn(
            occurred_on=command.occurred_on,
            meeting_id=command.meeting_id,
            reason=command.reason,
            superior_seen_on=command.superior_seen_on,
        )
    ]


def withdraw_theme_day(command: WithdrawThemeDay, _context: Context, meeting: Meeting, days: ThemeDays) -> Outcome:
    """The next theme day of that month answers the duty (INV-019)."""
    took_place = _held_or_withdrawn(meeting, command.meeting_id)
    if took_place is None or command.meeting_id in days.withdrawn:
        return []
    if command.meeting_id not in days.standing:
        raise Conflict(f"no theme day is on record at meeting {command.meeting_id}")
    _check(command, meeting, took_place)
    return [_no_theme_day(command)]


def _held_or_withdrawn(meeting: Meeting, meeting_id: MeetingId) -> MeetingHeld | None:
    """None: the record of the whole meeting was taken back, and this with it."""
    return None if known(meeting, meeting_id).withdrawn is not None else held(meeting, meeting_id)


def _check(command: WithdrawMeeting | WithdrawLecture | WithdrawThemeDay, meeting: Meeting, took_place: MeetingHeld) -> None:
    """Never dated before what it takes back, and with the superior's sight once the minutes are on file (INV-017)."""
    not_before(took_place, command.occurred_on)
    if meeting.archived is not None and command.superior_seen_on is None:
        raise Refused("INV-017", "superior_seen_on")


def _no_theme_day(command: WithdrawMeeting | WithdrawThemeDay) -> ThemeDayWithdrawn:
    return ThemeDayWithdrawn(
        occurred_on=command.occurred_on,
        meeting_id=command.meeting_id,
        reason=command.reason,
        superior_seen_on=command.superior_seen_on,
    )


CASES = (
    Case(command=WithdrawMeeting, right=Right.MEETING_WRITE, reads=(MEETING, THEME_DAY_FOLD), decide=withdraw_meeting),
    Case(command=WithdrawLecture, right=Right.MEETING_WRITE, reads=(MEETING,), decide=withdraw_lecture),
    Case(command=WithdrawThemeDay, right=Right.MEETING_WRITE, reads=(MEETING, THEME_DAY_FOLD), decide=withdraw_theme_day),
)
