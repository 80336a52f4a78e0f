"""Promises of organisation life: pledges at the start of the year, problems to put right (N11.T01, N11.M01, R-A12)."""

import datetime as dt
from typing import Annotated, ClassVar

from events.base import LongText, MeetingId, PersonId, Text
from events.organisation_life import (
    LifeId,
    PledgeFulfilmentReported,
    PledgeRecorded,
    RectificationItemClosed,
    RectificationItemOpened,
    Year,
)
from service.auth.rights import Right
from service.decide.base import Case, Command, Context, Outcome, label
from service.decide.entries import on_record
from service.decide.life.state import LIFE, Life, NewEntry, new_name
from service.decide.meetings.roll import check_active
from service.decide.meetings.state import MEETING, Meeting, held, not_before
from service.decide.roster import ROSTER, Roster
from service.errors import Conflict, Malformed


class RecordPledge(Command, frozen=True, kw_only=True, tag="record-pledge"):
    """What somebody pledged at the start of the year."""

    zh: ClassVar[str] = "登记年初承诺"
    en: ClassVar[str] = "Record a pledge"

    year: Annotated[Year, label("年度", "Year")]
    person_id: Annotated[PersonId, label("承诺人", "Who pledges")]
    pledge: Annotated[LongText, label("承诺内容", "Pledge", min_length=1)]
    entry_id: NewEntry = None


class ReportPledge(Command, frozen=True, kw_only=True, tag="report-pledge"):
    """How a pledge was kept."""

    zh: ClassVar[str] = "登记承诺兑现情况"
    en: ClassVar[str] = "Report on a pledge"

    pledge_id: Annotated[LifeId, label("承诺", "Pledge")]
    kept: Annotated[bool, label("已兑现", "Kept")] = False
    result: Annotated[LongText, label("兑现情况", "Result", min_length=1)]
    entry_id: NewEntry = None


class OpenRectificationItem(Command, frozen=True, kw_only=True, tag="open-rectification-item"):
    """A problem is to be put right."""

    zh: ClassVar[str] = "建立整改事项"
    en: ClassVar[str] = "Open a rectification item"

    meeting_id: Annotated[MeetingId | None, label("来源会议", "Found at the meeting")] = None
    source: Annotated[
        Text | None, label("其他来源", "Other source", help_zh="不来自会议时必填", help_en="Needed when it was no meeting")
    ] = None
    problem: Annotated[LongText, label("问题", "Problem", min_length=1)]
    measures: Annotated[LongText, label("整改措施", "Measures", min_length=1)]
    responsible: Annotated[PersonId, label("责任人", "Responsible")]
    due_on: Annotated[dt.date, label("时限", "Until")]
    entry_id: NewEntry = None


class CloseRectificationItem(Command, frozen=True, kw_only=True, tag="close-rectification-item"):
    """A problem was put right."""

    zh: ClassVar[str] = "整改事项销号"
    en: ClassVar[str] = "Close a rectification item"

    item_id: Annotated[LifeId, label("整改事项", "Item")]
    result: Annotated[LongText, label("完成情况", "Result", min_length=1)]
    entry_id: NewEntry = None


def record_pledge(command: RecordPledge, context: Context, life: Life, roster: Roster) -> Outcome:
    """A member may pledge several things."""
    event = PledgeRecorded(
        occurred_on=command.occurred_on,
        entry_id=command.entry_id or LifeId(context.event_ids[0]),
        year=command.year,
        person_id=command.person_id,
        pledge=command.pledge,
    )
    if on_record(life.all(PledgeRecorded), event, "entry_id"):
        return []
    new_name(life, command.entry_id, context)
    check_active(roster, (command.person_id,), command.occurred_on, "person_id")
    return [event]


def report_pledge(command: ReportPledge, context: Context, life: Life) -> Outcome:
    """Once for each pledge, and not before it."""
    pledge = life.of(PledgeRecorded, command.pledge_id)
    event = PledgeFulfilmentReported(
        occurred_on=command.occurred_on,
        entry_id=command.entry_id or LifeId(context.event_ids[0]),
        pledge_id=command.pledge_id,
        kept=command.kept,
        result=command.result,
    )
    if on_record(life.all(PledgeFulfilmentReported), event, "entry_id"):
        return []
    new_name(life, command.entry_id, context)
    _check_after(pledge.occurred_on, command.occurred_on)
    if any(report.pledge_id == command.pledge_id for report in life.all(PledgeFulfilmentReported)):
        raise Conflict(f"pledge {command.pledge_id} is reported on already; withdraw that first")
    return [event]


def _check_after(begun_on: dt.date, day: dt.date) -> None:
    if day < begun_on:
        raise Conflict(f"it was on record on {begun_on}, after {day}")


def open_rectification_item(command: OpenRectificationItem, context: Context, life: Life, meeting: Meeting, roster: Roster) -> Outcome:
    """Numbered within the year; with who, by what, until when (R-A12)."""
    year = command.occurred_on.year
    event = RectificationItemOpened(
        occurred_on=command.occurred_on,
        entry_id=command.entry_id or LifeId(context.event_ids[0]),
        number=f"{year}-{life.numbers.get(year, 0) + 1:03d}",
        meeting_id=command.meeting_id,
        source=_source(command, meeting),
        problem=command.problem,
        measures=command.measures,
        responsible=command.responsible,
        due_on=command.due_on,
    )
    if on_record(life.all(RectificationItemOpened), event, "entry_id", "number"):
        return []
    new_name(life, command.entry_id, context)
    if command.due_on < command.occurred_on:
        raise Malformed("what is to be done is due later than today: due_on")
    check_active(roster, (command.responsible,), command.occurred_on, "responsible")
    return [event]


def _source(command: OpenRectificationItem, meeting: Meeting) -> str:
    if command.meeting_id is None:
        if not command.source:
            raise Malformed("where was it found? meeting_id or source")
        return command.source
    took_place = held(meeting, command.meeting_id)
    not_before(took_place, command.occurred_on)
    return command.source or f"{took_place.occurred_on} {took_place.topic}"[:200]


def close_rectification_item(command: CloseRectificationItem, context: Context, life: Life) -> Outcome:
    """Struck off the list once."""
    item = life.of(RectificationItemOpened, command.item_id)
    event = RectificationItemClosed(
        occurred_on=command.occurred_on,
        entry_id=command.entry_id or LifeId(context.event_ids[0]),
        item_id=command.item_id,
        result=command.result,
    )
    if on_record(life.all(RectificationItemClosed), event, "entry_id"):
        return []
    new_name(life, command.entry_id, context)
    _check_after(item.occurred_on, command.occurred_on)
    if any(closed.item_id == command.item_id for closed in life.all(RectificationItemClosed)):
        raise Conflict(f"item {item.number} is closed already; withdraw that first")
    return [event]


CASES = (
    Case(command=RecordPledge, right=Right.WORK_WRITE, reads=(LIFE, ROSTER), decide=record_pledge),
    Case(command=ReportPledge, right=Right.WORK_WRITE, reads=(LIFE,), decide=report_pledge),
    Case(command=OpenRectificationItem, right=Right.WORK_WRITE, reads=(LIFE, MEETING, ROSTER), decide=open_rectification_item),
    Case(command=CloseRectificationItem, right=Right.WORK_WRITE, reads=(LIFE,), decide=close_rectification_item),
)
