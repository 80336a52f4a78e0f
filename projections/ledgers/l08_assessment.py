"""Ledger L08 工作考核: assessment of the branch, the annual work ledger, rectification, debriefing (N24.M08, N25, N26)."""

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from events.assessment import (
    Adjusted,
    AdjustmentKind,
    AssessmentEntryWithdrawn,
    BranchGraded,
    Component,
    Hundredths,
    NoticeCirculated,
    OfAssessment,
    PlanReceived,
    RectificationAccepted,
    RectificationPlanned,
    RectificationReturned,
    Scored,
    SelfInspected,
    TaskEntered,
    TaskReported,
    Visited,
    WorkLedgerOpened,
    YearClosed,
    YearOpened,
)
from events.base import Event
from projections.engine.fold import Fact, Handler, Projection, Row
from projections.ledgers import l08_debriefing
from projections.ledgers.l08_registers import ASSESSMENT, NOT_ACCEPTED, RECTIFICATION, WORK
from projections.ledgers.l08_registers import REGISTERS as REGISTERS
from projections.ledgers.register import Kind, entry, strike

LISTS = frozenset(column.key for column in ASSESSMENT.columns if column.kind is Kind.LIST)
DAYS = frozenset(column.key for column in ASSESSMENT.columns if column.kind is Kind.DATE)


class Note(msgspec.Struct, array_like=True):
    """What one entry of the year puts into a cell of the form."""

    entry_id: str
    text: str
    day: dt.date


class AssessmentYear(msgspec.Struct):
    """What stands on one year's form, and in which register other entries have their row."""

    notes: dict[str, list[Note]] = msgspec.field(default_factory=dict)
    rows: dict[str, str] = msgspec.field(default_factory=dict)
    sent_back: dict[str, list[str]] = msgspec.field(default_factory=dict)
    """Of each plan, when it was returned and why."""


class Work(msgspec.Struct):
    """What is remembered of one branch for rows to come."""

    years: dict[str, AssessmentYear] = msgspec.field(default_factory=dict)
    debriefing: l08_debriefing.DebriefingBook = msgspec.field(default_factory=l08_debriefing.DebriefingBook)


def points(value: Hundredths) -> str:
    return f"{value // 100}.{value % 100:02d}"


def _noted(state: Work, fact: Fact[Any], **texts: str) -> Row:
    """Put what the entry says on the form; of one that was there already, the newer text."""
    event: OfAssessment = fact.event
    notes = _year(state, event).notes
    first = not notes
    for column, text in texts.items():
        notes.setdefault(column, []).append(Note(event.entry_id, text, event.occurred_on))
    return _form(state, fact, tuple(texts), first=first)


def _form(state: Work, fact: Fact[Any], columns: tuple[str, ...], *, first: bool) -> Row:
    event: OfAssessment = fact.event
    notes = state.years[str(event.year)].notes
    cells = {"year": str(event.year), **{column: _cell(column, notes[column]) for column in columns}}
    return entry(ASSESSMENT, fact, "assessment", cells, year=event.year, occurred_on=event.occurred_on if first else None)


def _cell(column: str, notes: list[Note]) -> Any:
    """Every text of a list, else what came last."""
    if column in LISTS:
        return list(dict.fromkeys(note.text for note in notes))
    if not notes:
        return None
    return notes[-1].day if column in DAYS else notes[-1].text


def plan_received(state: Work, fact: Fact[PlanReceived]) -> Iterator[Row]:
    yield _noted(state, fact, documents=f"{fact.event.document_no} {fact.event.title}")


def ledger_opened(state: Work, fact: Fact[WorkLedgerOpened]) -> Iterator[Row]:
    yield _noted(state, fact, ledger_on="")


def self_inspected(state: Work, fact: Fact[SelfInspected]) -> Iterator[Row]:
    yield _noted(state, fact, inspected_on="")


def opened(state: Work, fact: Fact[YearOpened]) -> Iterator[Row]:
    weights = zip(Component, fact.event.weights, strict=True)
    yield _noted(state, fact, weights="，".join(f"{component.zh}{weight}%" for component, weight in weights))


def visited(state: Work, fact: Fact[Visited]) -> Iterator[Row]:
    yield _noted(state, fact, group=f"{fact.event.group}({fact.event.method.zh})")


def scored(state: Work, fact: Fact[Scored]) -> Iterator[Row]:
    yield _noted(state, fact, **{fact.event.component.value: points(fact.event.score)})


def adjusted(state: Work, fact: Fact[Adjusted]) -> Iterator[Row]:
    event = fact.event
    column = "bonus" if event.kind is AdjustmentKind.BONUS else "penalty"
    yield _noted(state, fact, **{column: f"{event.ground}/{points(event.points)}/{event.evidence}"})


def graded(state: Work, fact: Fact[BranchGraded]) -> Iterator[Row]:
    event = fact.event
    flag = "(连续两年)" if event.poor_again else ""
    yield _noted(state, fact, total=points(event.total), grade=f"{event.grade.zh}{flag}")


def noticed(state: Work, fact: Fact[NoticeCirculated]) -> Iterator[Row]:
    event = fact.event
    yield _noted(state, fact, notices=f"{event.occurred_on} {event.document_no} {event.scope}")


def year_closed(state: Work, fact: Fact[YearClosed]) -> Iterator[Row]:
    yield _noted(state, fact, closed_on="")


def _year(state: Work, event: OfAssessment) -> AssessmentYear:
    return state.years.setdefault(str(event.year), AssessmentYear())


def task_entered(state: Work, fact: Fact[TaskEntered]) -> Iterator[Row]:
    event = fact.event
    cells = {"task": event.task, "source": event.source, "responsible": event.responsible, "due_on": event.due_on}
    _year(state, event).rows[event.entry_id] = WORK.code
    yield entry(WORK, fact, event.entry_id, cells, year=event.year, occurred_on=event.occurred_on)


def task_reported(_state: Work, fact: Fact[TaskReported]) -> Iterator[Row]:
    event = fact.event
    how = "已完成" if event.done else "进行中"
    cells = {"progress": f"{event.occurred_on} {how}：{event.progress}", "evidence": event.evidence}
    yield entry(WORK, fact, event.entry_id, cells, year=event.year)


def planned(state: Work, fact: Fact[RectificationPlanned]) -> Iterator[Row]:
    event = fact.event
    cells = {
        "problem": event.problem,
        "measures": event.measures,
        "responsible": event.responsible,
        "due_on": event.due_on,
        "source": "支部考核",
    }
    _year(state, event).rows[event.entry_id] = RECTIFICATION.code
    yield entry(RECTIFICATION, fact, event.entry_id, cells, year=event.year, occurred_on=event.occurred_on)


def accepted(_state: Work, fact: Fact[RectificationAccepted]) -> Iterator[Row]:
    event = fact.event
    cells = {"accepted_by": event.accepted_by, "accepted_on": event.occurred_on, "result": event.result}
    yield entry(RECTIFICATION, fact, event.entry_id, cells, year=event.year)


def returned(state: Work, fact: Fact[RectificationReturned]) -> Iterator[Row]:
    """An acceptance stands no more; every return stays on the form."""
    event = fact.event
    told = _year(state, event).sent_back.setdefault(event.entry_id, [])
    told.append(f"{event.occurred_on} {event.reason}")
    yield entry(RECTIFICATION, fact, event.entry_id, {**NOT_ACCEPTED, "sent_back": list(told)}, year=event.year)


def withdrawn(state: Work, fact: Fact[AssessmentEntryWithdrawn]) -> Iterator[Row]:
    """An entry with a row of its own is struck; one on the form leaves its cells, which show what stands before it."""
    event = fact.event
    year = state.years[str(event.year)]
    if (code := year.rows.get(event.entry_id)) is not None:
        yield strike(WORK if code == WORK.code else RECTIFICATION, fact, event.entry_id, year=event.year)
        return
    touched = []
    for column, notes in year.notes.items():
        left = [note for note in notes if note.entry_id != event.entry_id]
        if len(left) != len(notes):
            year.notes[column] = left
            touched.append(column)
    yield _form(state, fact, tuple(touched), first=False)


def _debriefing(part: Handler) -> Handler:
    return lambda state, fact: part(state.debriefing, fact)


HANDLERS: Mapping[type[Event], Handler] = {
    PlanReceived: plan_received,
    WorkLedgerOpened: ledger_opened,
    SelfInspected: self_inspected,
    YearOpened: opened,
    Visited: visited,
    Scored: scored,
    Adjusted: adjusted,
    BranchGraded: graded,
    NoticeCirculated: noticed,
    YearClosed: year_closed,
    TaskEntered: task_entered,
    TaskReported: task_reported,
    RectificationPlanned: planned,
    RectificationAccepted: accepted,
    RectificationReturned: returned,
    AssessmentEntryWithdrawn: withdrawn,
    **{event: _debriefing(part) for event, part in l08_debriefing.HANDLERS.items()},
}

PROJECTION = Projection[Work](name="l08", tables=("ledger_row",), start=Work, handlers=HANDLERS)
