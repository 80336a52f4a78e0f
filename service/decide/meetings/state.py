"""What is known of one meeting and of a branch's theme days: the states that decisions about meetings look at."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, assert_never, cast

import msgspec

from events.base import Event, MeetingId, Month, PersonId
from events.meetings import (
    THEME_DAYS,
    AbsenceExcused,
    AgendaDiscussed,
    AttendanceCorrected,
    LeaveReason,
    LectureDelivered,
    LectureScriptFiled,
    LectureWithdrawn,
    MeetingCancelled,
    MeetingEvent,
    MeetingHeld,
    MeetingScheduled,
    MeetingWithdrawn,
    MinutesArchived,
    MinutesCorrected,
    MotionVoted,
    NoticeSent,
    ResolutionAdopted,
    ResolutionImplemented,
    ThemeDayEvent,
    ThemeDayHeld,
    ThemeDayWithdrawn,
)
from service.decide.base import Fold, own
from service.errors import Absent, Conflict, Refused


class Meeting(msgspec.Struct, frozen=True, kw_only=True):
    """One meeting, folded. `held` bears the attendance that stands after corrections."""

    scheduled: MeetingScheduled | None = None
    notices: tuple[NoticeSent, ...] = ()
    excused: Mapping[PersonId, LeaveReason] = {}
    """Excused before the meeting."""
    held: MeetingHeld | None = None
    cancelled: MeetingCancelled | None = None
    withdrawn: MeetingWithdrawn | None = None
    """The record of it was taken back and no other was made since."""
    agenda: tuple[AgendaDiscussed, ...] = ()
    motions: tuple[MotionVoted, ...] = ()
    resolutions: tuple[ResolutionAdopted, ...] = ()
    implemented: Mapping[int, ResolutionImplemented] = {}
    archived: MinutesArchived | None = None
    corrections: tuple[MinutesCorrected, ...] = ()
    lecture: LectureDelivered | None = None
    script: str | None = None
    no_lecture: LectureWithdrawn | None = None
    """The record of its lecture was taken back."""

    @property
    def notified(self) -> frozenset[PersonId]:
        return frozenset(person for notice in self.notices for person in notice.to)


NEW = Meeting()


def evolve(meeting: Meeting, event: Event) -> Meeting:  # noqa: C901, PLR0911, PLR0912 - one line for each event
    """The meeting after one more event of its stream."""
    change = msgspec.structs.replace
    own_event = cast("MeetingEvent", event)
    match own_event:
        case MeetingScheduled():
            return change(meeting, scheduled=own_event)
        case NoticeSent():
            return change(meeting, notices=(*meeting.notices, own_event))
        case AbsenceExcused():
            return change(meeting, excused={**meeting.excused, own_event.person_id: own_event.reason})
        case MeetingHeld():
            return change(meeting, held=own_event, withdrawn=None)
        case AttendanceCorrected():
            return change(meeting, held=_corrected(meeting.held, own_event))
        case MeetingCancelled():
            return change(meeting, cancelled=own_event)
        case MeetingWithdrawn():
            return Meeting(scheduled=meeting.scheduled, notices=meeting.notices, excused=meeting.excused, withdrawn=own_event)
        case AgendaDiscussed():
            return change(meeting, agenda=(*meeting.agenda, own_event))
        case MotionVoted():
            return change(meeting, motions=(*meeting.motions, own_event))
        case ResolutionAdopted():
            return change(meeting, resolutions=(*meeting.resolutions, own_event))
        case ResolutionImplemented():
            return change(meeting, implemented={**meeting.implemented, own_event.resolution_no: own_event})
        case MinutesArchived():
            return change(meeting, archived=own_event)
        case MinutesCorrected():
            return change(meeting, corrections=(*meeting.corrections, own_event))
        case LectureDelivered():
            return change(meeting, lecture=own_event, no_lecture=None)
        case LectureScriptFiled():
            return change(meeting, script=own_event.script)
        case LectureWithdrawn():
            return change(meeting, lecture=None, script=None, no_lecture=own_event)
        case _:
            assert_never(own_event)


def _corrected(held: MeetingHeld | None, event: AttendanceCorrected) -> MeetingHeld:
    assert held is not None, "attendance is corrected only of a meeting that was held"
    return msgspec.structs.replace(held, present=event.present, excused=event.excused, absent=event.absent)


class ThemeDays(msgspec.Struct, frozen=True, kw_only=True):
    """The theme days of a branch that stand, by meeting, in the order of recording, and those that were taken back."""

    standing: Mapping[MeetingId, ThemeDayHeld] = {}
    withdrawn: frozenset[MeetingId] = frozenset()

    def counting(self, month: Month) -> MeetingId | None:
        """The meeting that answers a month's duty: the first one recorded (INV-019)."""
        return next((meeting for meeting, day in self.standing.items() if day.month() == month), None)


def evolve_theme_days(days: ThemeDays, event: Event) -> ThemeDays:
    """The theme days after one more event of their stream."""
    own_event = cast("ThemeDayEvent", event)
    match own_event:
        case ThemeDayHeld():
            standing = {**days.standing, own_event.meeting_id: own_event}
            return ThemeDays(standing=standing, withdrawn=days.withdrawn - {own_event.meeting_id})
        case ThemeDayWithdrawn():
            standing = {m: day for m, day in days.standing.items() if m != own_event.meeting_id}
            return ThemeDays(standing=standing, withdrawn=days.withdrawn | {own_event.meeting_id})
        case _:
            assert_never(own_event)


def _stream(command: Any) -> str | None:
    return f"meeting-{command.meeting_id}" if command.meeting_id else None


MEETING = Fold[Meeting](name="meeting", book=own, stream=_stream, initial=NEW, evolve=evolve)
THEME_DAY_FOLD = Fold[ThemeDays](
    name="theme-days", book=own, stream=lambda _command: THEME_DAYS, initial=ThemeDays(), evolve=evolve_theme_days
)


def known(meeting: Meeting, meeting_id: MeetingId) -> Meeting:
    """The meeting itself, unless there is no such meeting or it was cancelled."""
    if meeting.scheduled is None and meeting.held is None and meeting.withdrawn is None:
        raise Absent(f"meeting {meeting_id}")
    if meeting.cancelled is not None:
        raise Conflict(f"meeting {meeting_id} was cancelled on {meeting.cancelled.occurred_on}")
    return meeting


def held(meeting: Meeting, meeting_id: MeetingId) -> MeetingHeld:
    """The meeting as it was held."""
    took_place = known(meeting, meeting_id).held
    if took_place is None:
        raise Conflict(f"meeting {meeting_id} has not been held")
    return took_place


def held_open(meeting: Meeting, meeting_id: MeetingId, day: dt.date) -> MeetingHeld:
    """As `held`, for what belongs into the minutes: of that very day, and only until they are on file (INV-017)."""
    took_place = held(meeting, meeting_id)
    if meeting.archived is not None:
        raise Refused("INV-017", "meeting_id")
    if day != took_place.occurred_on:
        raise Conflict(f"meeting {meeting_id} was held on {took_place.occurred_on}, not on {day}")
    return took_place


def not_before(took_place: MeetingHeld, day: dt.date) -> None:
    """What follows a meeting cannot be dated before it."""
    if day < took_place.occurred_on:
        raise Conflict(f"meeting {took_place.meeting_id} was held on {took_place.occurred_on}, after {day}")
