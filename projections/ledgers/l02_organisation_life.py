"""Ledger L02 组织生活: three meetings and one class, lectures, theme days (N09, N10, N24.M02).

A row is written when a meeting was held and completed by what follows; a cancelled meeting's row is struck.
What a meeting needs for its row is remembered until its minutes are on file.
"""

import datetime as dt
from collections.abc import Iterable
from typing import Any, TypeVar

import msgspec

from events.base import GroupId, MeetingId, Month
from events.meetings import (
    AgendaDiscussed,
    AttendanceCorrected,
    LectureDelivered,
    LectureScriptFiled,
    LectureWithdrawn,
    MeetingCancelled,
    MeetingHeld,
    MeetingKind,
    MeetingWithdrawn,
    MinutesArchived,
    MinutesCorrected,
    MotionVoted,
    NoticeSent,
    OfMeeting,
    ResolutionAdopted,
    ResolutionImplemented,
    ThemeDayHeld,
    ThemeDayWithdrawn,
)
from projections.engine.fold import Fact, Handler, Projection, Row
from projections.ledgers import l02_ballots, l02_life, l02_votes, l02_work
from projections.ledgers.l02_forms import LECTURES, MEETINGS, THEME_DAYS
from projections.ledgers.register import Register, entry, strike

REGISTERS = (MEETINGS, LECTURES, THEME_DAYS, *l02_ballots.REGISTERS, *l02_work.REGISTERS)

E = TypeVar("E", bound=OfMeeting)

COUNTS = "计入"
SCRIPT = "讲稿："
THEME_DAY_COUNTED = "同一月份的主题党日不能重复计入"
LECTURER_DOES_NOT_COUNT = "主讲人身份不符合季度党课要求"
SUMMARY_SHOWN = 500
"""Characters of a speech that the form has room for; the whole of it is in the record."""


class Sitting(msgspec.Struct, kw_only=True):
    """What later facts about a meeting need for its row."""

    year: int = 0
    """0 until it was held."""
    kind: MeetingKind = MeetingKind.GENERAL
    time: str = ""
    plan_item: str | None = None
    topic: str = ""
    present: int = 0
    lecture: bool = False
    theme_day: bool = False
    agenda: list[str] = msgspec.field(default_factory=list)
    speeches: list[str] = msgspec.field(default_factory=list)
    votes: list[str] = msgspec.field(default_factory=list)
    resolutions: list[str] = msgspec.field(default_factory=list)
    results: list[str] = msgspec.field(default_factory=list)
    attachments: list[str] = msgspec.field(default_factory=list)
    notices: list[str] = msgspec.field(default_factory=list)
    """Among the attachments: they stay when the record of the meeting is withdrawn."""
    corrections: list[str] = msgspec.field(default_factory=list)


class ThemeMark(msgspec.Struct):
    """A theme day that stands."""

    meeting_id: MeetingId
    month: Month


class Life(msgspec.Struct):
    """The organisation life of one branch, as far as rows to come depend on it."""

    sittings: dict[MeetingId, Sitting] = msgspec.field(default_factory=dict)
    struck: dict[str, int] = msgspec.field(default_factory=dict)
    """How many rows of a meeting were struck, by register and meeting: what is recorded anew has a row of its own."""
    held: dict[str, int] = msgspec.field(default_factory=dict)
    """How many were held, by year, kind and group."""
    theme_days: list[ThemeMark] = msgspec.field(default_factory=list)
    ballots: l02_ballots.BallotBook = msgspec.field(default_factory=l02_ballots.BallotBook)
    person_votes: l02_votes.Votes = msgspec.field(default_factory=l02_votes.Votes)
    work: l02_work.Work = msgspec.field(default_factory=l02_work.Work)

    def sitting(self, meeting_id: MeetingId) -> Sitting:
        return self.sittings.setdefault(meeting_id, Sitting())

    def key(self, register: Register, meeting_id: MeetingId) -> str:
        """Of the row of a meeting that stands, or will."""
        before = self.struck.get(f"{register.code}/{meeting_id}", 0)
        return f"{meeting_id}/{before + 1}" if before else meeting_id

    def next_number(self, year: int, kind: MeetingKind, group_id: GroupId | None) -> int:
        """次数: the n-th of its kind in the year, in page order; of its group for group meetings. Never given twice."""
        key = f"{year}/{kind.value}/{group_id or ''}"
        self.held[key] = self.held.get(key, 0) + 1
        return self.held[key]

    def counting(self, month: Month) -> MeetingId | None:
        """The theme day that answers the month's duty (INV-019)."""
        return next((mark.meeting_id for mark in self.theme_days if mark.month == month), None)


def time_text(day: dt.date, starts_at: str | None, ends_at: str | None) -> str:
    """Such as `2026-03-05 14:30-16:00`."""
    clock = "-".join(part for part in (starts_at, ends_at) if part)
    return f"{day} {clock}".strip()


def hours_text(minutes: int, minutes_per_hour: int) -> str:
    """Class hours in tenths, rounded down: 90 minutes of 60 are `1.5`."""
    whole, tenth = divmod(minutes * 10 // minutes_per_hour, 10)
    return f"{whole}.{tenth}" if tenth else str(whole)


def _completed(life: Life, fact: Fact[E], cell: str, line: str) -> Iterable[Row]:
    yield from _added(life, fact, fact.event.meeting_id, cell, line)


def _added(life: Life, fact: Fact[Any], meeting_id: MeetingId, cell: str, line: str) -> Iterable[Row]:
    """One more line in a list of the meeting's row; nothing is written before the meeting was held."""
    sitting = life.sitting(meeting_id)
    lines: list[str] = getattr(sitting, cell)
    lines.append(line)
    register = THEME_DAYS if sitting.kind == MeetingKind.THEME_DAY else MEETINGS
    if sitting.year and any(column.key == cell for column in register.columns):
        yield entry(register, fact, life.key(register, meeting_id), {cell: list(lines)}, year=sitting.year)


def _struck(life: Life, fact: Fact[Any], register: Register, meeting_id: MeetingId, year: int) -> Row:
    row = strike(register, fact, life.key(register, meeting_id), year=year)
    name = f"{register.code}/{meeting_id}"
    life.struck[name] = life.struck.get(name, 0) + 1
    return row


def on_notice_sent(life: Life, fact: Fact[NoticeSent]) -> Iterable[Row]:
    event = fact.event
    line = f"通知：{event.occurred_on}，{event.method.zh}，{len(event.to)}人"
    life.sitting(event.meeting_id).notices.append(line)
    yield from _completed(life, fact, "attachments", line)


def on_held(life: Life, fact: Fact[MeetingHeld]) -> Iterable[Row]:
    """The row of the meeting, in the register of its kind."""
    event = fact.event
    sitting = life.sitting(event.meeting_id)
    sitting.year, sitting.kind = event.occurred_on.year, event.kind
    sitting.time = time_text(event.occurred_on, event.starts_at, event.ends_at)
    sitting.plan_item = event.plan_item
    sitting.topic, sitting.present = event.topic, len(event.present) + len(event.observers)
    sitting.agenda.append(event.topic)
    if event.kind == MeetingKind.THEME_DAY:
        yield entry(THEME_DAYS, fact, life.key(THEME_DAYS, event.meeting_id), _plain_theme_day(sitting))
    else:
        number = life.next_number(sitting.year, event.kind, event.group_id)
        yield entry(MEETINGS, fact, life.key(MEETINGS, event.meeting_id), _held_cells(event, sitting, number))


def _plain_theme_day(sitting: Sitting) -> dict[str, Any]:
    """What the meeting itself tells of a theme day."""
    return {"plan_item": sitting.plan_item, "time": sitting.time, "theme": sitting.topic, "participants": sitting.present}


def _held_cells(event: MeetingHeld, sitting: Sitting, number: int) -> dict[str, Any]:
    return {
        "kind": event.kind.zh,
        "nth": number,
        "time": sitting.time,
        "place": event.place,
        "chair": event.chair,
        "recorder": event.recorder,
        "due_count": len(event.due),
        **_attendance(event),
        "observers": list(event.observers),
        "guests": event.guests,
        "agenda": list(sitting.agenda),
        "attachments": list(sitting.attachments),
    }


def _attendance(event: MeetingHeld | AttendanceCorrected) -> dict[str, Any]:
    return {
        "present_count": len(event.present),
        "excused": [excused.person_id for excused in event.excused],
        "excused_reasons": [excused.reason.zh for excused in event.excused],
        "absent": list(event.absent),
    }


def on_attendance_corrected(life: Life, fact: Fact[AttendanceCorrected]) -> Iterable[Row]:
    """The lists that stand, and the mark 更正."""
    event = fact.event
    sitting = life.sittings[event.meeting_id]
    yield from _completed(life, fact, "corrections", f"{event.occurred_on} 到会登记：{event.reason}")
    if sitting.kind != MeetingKind.THEME_DAY:
        yield entry(MEETINGS, fact, life.key(MEETINGS, event.meeting_id), _attendance(event), year=sitting.year)


def on_cancelled(life: Life, fact: Fact[MeetingCancelled]) -> Iterable[Row]:
    """Whatever rows there are of the meeting are struck; of a plan alone there is none."""
    return _gone(life, fact, life.sittings.pop(fact.event.meeting_id, Sitting()))


def on_withdrawn(life: Life, fact: Fact[MeetingWithdrawn]) -> Iterable[Row]:
    """As if it had not been held: the notices stay with the plan, and the meeting may get another row."""
    sitting = life.sittings.pop(fact.event.meeting_id)
    life.sittings[fact.event.meeting_id] = Sitting(attachments=list(sitting.notices), notices=list(sitting.notices))
    return _gone(life, fact, sitting)


def _gone(life: Life, fact: Fact[Any], sitting: Sitting) -> Iterable[Row]:
    meeting_id = fact.event.meeting_id
    if sitting.year and sitting.kind != MeetingKind.THEME_DAY:
        yield _struck(life, fact, MEETINGS, meeting_id, sitting.year)
    if sitting.year and (sitting.kind == MeetingKind.THEME_DAY or sitting.theme_day):
        yield _struck(life, fact, THEME_DAYS, meeting_id, sitting.year)
    if sitting.lecture:
        yield _struck(life, fact, LECTURES, meeting_id, sitting.year)
    yield from l02_life.cancelled(life.work.life, fact)


def on_agenda_discussed(life: Life, fact: Fact[AgendaDiscussed]) -> Iterable[Row]:
    event = fact.event
    yield from _completed(life, fact, "agenda", f"{event.item_no}. {event.kind.zh}：{event.title}")
    if event.summary:
        yield from _completed(life, fact, "speeches", f"{event.item_no}. {event.summary[:SUMMARY_SHOWN]}")


def on_motion_voted(life: Life, fact: Fact[MotionVoted]) -> Iterable[Row]:
    """The figures of the form: due with a vote, present, for, against, abstained, method; and the outcome (INV-013)."""
    event = fact.event
    written = f"(含书面意见{len(event.written_from)})" if event.written_from else ""
    line = (
        f"{event.motion_no}. {event.title}：应到有表决权{event.voters_due}，实到{event.voters_present}，"
        f"赞成{event.yes}，反对{event.no}，弃权{event.abstain}{written}，{event.method.zh}，{'通过' if event.passed else '未通过'}"
    )
    yield from _completed(life, fact, "votes", line)


def on_person_vote(life: Life, fact: Fact[Any]) -> Iterable[Row]:
    if (said := life.person_votes.said(fact.event)) is not None:
        yield from _added(life, fact, said[0], "votes", said[1])


def on_resolution_adopted(life: Life, fact: Fact[ResolutionAdopted]) -> Iterable[Row]:
    event = fact.event
    until = f"(时限{event.due_on})" if event.due_on else ""
    yield from _completed(life, fact, "resolutions", f"{event.resolution_no}. {event.text}{until}")


def on_resolution_implemented(life: Life, fact: Fact[ResolutionImplemented]) -> Iterable[Row]:
    event = fact.event
    yield from _completed(life, fact, "results", f"{event.resolution_no}. {event.occurred_on} {event.result}")


def on_minutes_archived(life: Life, fact: Fact[MinutesArchived]) -> Iterable[Row]:
    """Nothing can be added to agenda, votes and resolutions from here on (INV-017), so they need not be remembered."""
    event = fact.event
    yield from _completed(life, fact, "attachments", f"会议记录：{event.file or '已归档'}")
    sitting = life.sittings[event.meeting_id]
    sitting.agenda, sitting.speeches, sitting.votes, sitting.resolutions = [], [], [], []


def on_minutes_corrected(life: Life, fact: Fact[MinutesCorrected]) -> Iterable[Row]:
    """The row keeps what it says and bears the mark 更正."""
    event = fact.event
    yield from _completed(life, fact, "corrections", f"{event.occurred_on} {event.correction}（{event.reason}）")


def on_lecture_delivered(life: Life, fact: Fact[LectureDelivered]) -> Iterable[Row]:
    """Whether it counts for the quarter follows from the lecturer's kind (INV-020)."""
    event = fact.event
    sitting = life.sittings[event.meeting_id]
    sitting.lecture = True
    cells = {
        "time": sitting.time,
        "lecturer": event.lecturer_id,
        "lecturer_title": event.lecturer_title,
        "lecturer_kind": event.lecturer_kind.zh,
        "title": event.title,
        "audience_count": event.audience_count,
        "class_hours": hours_text(event.class_minutes, event.minutes_per_hour),
        "duty": COUNTS if event.counts_for_quarter() else LECTURER_DOES_NOT_COUNT,
    }
    yield entry(LECTURES, fact, life.key(LECTURES, event.meeting_id), cells, subject=event.lecturer_id)


def on_lecture_script_filed(life: Life, fact: Fact[LectureScriptFiled]) -> Iterable[Row]:
    event = fact.event
    key = life.key(LECTURES, event.meeting_id)
    yield entry(LECTURES, fact, key, {"script": event.script}, year=life.sittings[event.meeting_id].year)
    yield from _completed(life, fact, "attachments", f"{SCRIPT}{event.script}")


def on_lecture_withdrawn(life: Life, fact: Fact[LectureWithdrawn]) -> Iterable[Row]:
    """Its row is struck; the meeting keeps its own without the script, and bears the mark 更正."""
    event = fact.event
    sitting = life.sittings[event.meeting_id]
    sitting.lecture = False
    sitting.attachments = [line for line in sitting.attachments if not line.startswith(SCRIPT)]
    yield _struck(life, fact, LECTURES, event.meeting_id, sitting.year)
    if sitting.kind != MeetingKind.THEME_DAY:
        key = life.key(MEETINGS, event.meeting_id)
        yield entry(MEETINGS, fact, key, {"attachments": list(sitting.attachments)}, year=sitting.year)
    yield from _completed(life, fact, "corrections", f"{event.occurred_on} {event.zh}：{event.reason}")


def on_theme_day_held(life: Life, fact: Fact[ThemeDayHeld]) -> Iterable[Row]:
    """The first one standing in a month counts for that month (INV-019)."""
    event = fact.event
    sitting = life.sittings[event.meeting_id]
    sitting.theme_day = True
    counts = life.counting(event.month()) is None
    life.theme_days.append(ThemeMark(event.meeting_id, event.month()))
    cells = {
        "plan_item": sitting.plan_item,
        "time": sitting.time,
        "theme": event.theme,
        "kind": event.kind.zh,
        "required_items": [item.zh for item in event.required_items],
        "x_items": event.x_items,
        "participants": event.participants,
        "record": event.record,
        "reflections": event.reflections,
        "publicity": event.publicity,
        "duty": COUNTS if counts else THEME_DAY_COUNTED,
    }
    yield entry(THEME_DAYS, fact, life.key(THEME_DAYS, event.meeting_id), cells)


def on_theme_day_withdrawn(life: Life, fact: Fact[ThemeDayWithdrawn]) -> Iterable[Row]:
    """The next theme day of that month answers the duty now; with its meeting, the row was struck there already."""
    meeting_id = fact.event.meeting_id
    withdrawn = next(mark for mark in life.theme_days if mark.meeting_id == meeting_id)
    counted = life.counting(withdrawn.month) == withdrawn.meeting_id
    life.theme_days.remove(withdrawn)
    heir = life.counting(withdrawn.month)
    if counted and heir is not None:
        yield entry(THEME_DAYS, fact, life.key(THEME_DAYS, heir), {"duty": COUNTS}, year=int(withdrawn.month[:4]))
    sitting = life.sittings.get(meeting_id, Sitting())
    if sitting.theme_day:
        sitting.theme_day = False
        yield from _alone(life, fact, sitting)


def _alone(life: Life, fact: Fact[ThemeDayWithdrawn], sitting: Sitting) -> Iterable[Row]:
    """The meeting stands: one of another kind loses its row here, one of this kind keeps what it told itself."""
    meeting_id = fact.event.meeting_id
    if sitting.kind != MeetingKind.THEME_DAY:
        yield _struck(life, fact, THEME_DAYS, meeting_id, sitting.year)
        return
    cells = {column.key: None for column in THEME_DAYS.columns if column.key != "corrections"} | _plain_theme_day(sitting)
    yield entry(THEME_DAYS, fact, life.key(THEME_DAYS, meeting_id), cells, year=sitting.year)
    yield from _added(life, fact, meeting_id, "corrections", f"{fact.event.occurred_on} {fact.event.zh}：{fact.event.reason}")


def _ballots(part: Handler) -> Handler:
    return lambda life, fact: part(life.ballots, fact)


def _work(part: Handler) -> Handler:
    return lambda life, fact: part(life.work, fact)


PROJECTION = Projection[Life](
    name="l02",
    tables=("ledger_row",),
    start=Life,
    handlers={
        NoticeSent: on_notice_sent,
        MeetingHeld: on_held,
        AttendanceCorrected: on_attendance_corrected,
        MeetingCancelled: on_cancelled,
        MeetingWithdrawn: on_withdrawn,
        AgendaDiscussed: on_agenda_discussed,
        MotionVoted: on_motion_voted,
        **dict.fromkeys(l02_votes.EVENTS, on_person_vote),
        ResolutionAdopted: on_resolution_adopted,
        ResolutionImplemented: on_resolution_implemented,
        MinutesArchived: on_minutes_archived,
        MinutesCorrected: on_minutes_corrected,
        LectureDelivered: on_lecture_delivered,
        LectureScriptFiled: on_lecture_script_filed,
        LectureWithdrawn: on_lecture_withdrawn,
        ThemeDayHeld: on_theme_day_held,
        ThemeDayWithdrawn: on_theme_day_withdrawn,
        **{event: _ballots(part) for event, part in l02_ballots.HANDLERS.items()},
        **{event: _work(part) for event, part in l02_work.HANDLERS.items()},
    },
)
