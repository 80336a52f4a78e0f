"""Ledger L08, debriefing of the secretary: one row a year, completed step by step (N25)."""

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from events.base import Event, PersonId
from events.debriefing import (
    AppraisalBallot,
    Before,
    CommentsRecorded,
    DebriefingSelfInspected,
    DebriefingStep,
    OfDebriefing,
    OpinionsGathered,
    ProblemClosed,
    ProblemPlanned,
    ProblemReturned,
    ReportApproved,
    ReportDrafted,
    ReportedToMembers,
    ReportedToSuperior,
    ReportReturned,
    ReportSubmitted,
    ReviewPlanAdopted,
    SecretaryGraded,
    StepWithdrawn,
)
from projections.engine.fold import Fact, Handler, Row
from projections.ledgers.l08_registers import DEBRIEFING, NOT_ACCEPTED, RECTIFICATION
from projections.ledgers.register import entry, strike

FEW = 5
"""Below this many ballots no breakdown is shown: it would tell who voted how."""


class DebriefingYear(msgspec.Struct):
    """What is remembered of one year's row."""

    opinions: list[int] = msgspec.field(default_factory=list)
    returned: list[str] = msgspec.field(default_factory=list)
    plans: dict[str, dt.date] = msgspec.field(default_factory=dict)
    """Day of each plan to put a problem right."""
    sent_back: dict[str, list[str]] = msgspec.field(default_factory=dict)
    """Of each plan, when it was returned and why."""


class DebriefingBook(msgspec.Struct):
    """The years of one branch."""

    years: dict[str, DebriefingYear] = msgspec.field(default_factory=dict)


def _row(book: DebriefingBook, fact: Fact[Any], cells: dict[str, Any], person: PersonId | None = None) -> Row:
    """The row of the year; the first step gives it its day."""
    event: OfDebriefing = fact.event
    first = str(event.year) not in book.years
    book.years.setdefault(str(event.year), DebriefingYear())
    day = event.occurred_on if first else None
    told = {"year": str(event.year), **cells}
    return entry(DEBRIEFING, fact, "debriefing", told, year=event.year, subject=person, occurred_on=day)


def _dated(column: str) -> Handler:
    """A step of which the form shows the day."""

    def handle(book: DebriefingBook, fact: Fact[Any]) -> Iterator[Row]:
        yield _row(book, fact, {column: fact.event.occurred_on})

    return handle


def opinions(book: DebriefingBook, fact: Fact[OpinionsGathered]) -> Iterator[Row]:
    known = book.years.get(str(fact.event.year), DebriefingYear()).opinions
    yield _row(book, fact, {"opinions": sum(known) + fact.event.opinions})
    book.years[str(fact.event.year)].opinions.append(fact.event.opinions)


def drafted(book: DebriefingBook, fact: Fact[ReportDrafted]) -> Iterator[Row]:
    yield _row(book, fact, {"person": fact.event.person_id}, fact.event.person_id)


def returned(book: DebriefingBook, fact: Fact[ReportReturned]) -> Iterator[Row]:
    year = book.years[str(fact.event.year)]
    year.returned.append(f"{fact.event.occurred_on} {fact.event.reason}")
    yield _row(book, fact, {"submitted_on": None, "returned": list(year.returned)})


def to_members(book: DebriefingBook, fact: Fact[ReportedToMembers]) -> Iterator[Row]:
    yield _row(book, fact, {"to_members_on": fact.event.occurred_on, "observer": fact.event.observer})


def commented(book: DebriefingBook, fact: Fact[CommentsRecorded]) -> Iterator[Row]:
    event = fact.event
    ahead = "" if event.before is Before.SUPERIOR else "members_"
    said = {"achievements": event.achievements, "problems": event.problems, "direction": event.direction}
    yield _row(book, fact, {ahead + column: text for column, text in said.items()})


def voted(book: DebriefingBook, fact: Fact[AppraisalBallot]) -> Iterator[Row]:
    event = fact.event
    counts = f"好{event.good} 较好{event.fairly_good} 一般{event.fair} 差{event.poor} 无效{event.invalid}"
    yield _row(book, fact, {"ballot": counts if event.returned >= FEW else f"收回{event.returned}票，不足{FEW}票不列明细"})


def graded(book: DebriefingBook, fact: Fact[SecretaryGraded]) -> Iterator[Row]:
    yield _row(book, fact, {"grade": fact.event.grade.zh})


def planned(book: DebriefingBook, fact: Fact[ProblemPlanned]) -> Iterator[Row]:
    event = fact.event
    cells = {
        "problem": event.problem,
        "measures": event.measures,
        "responsible": event.responsible,
        "due_on": event.due_on,
        "source": "述职评议",
    }
    yield entry(RECTIFICATION, fact, event.problem_id, cells, year=event.year, occurred_on=event.occurred_on)
    book.years[str(event.year)].plans[event.problem_id] = event.occurred_on
    yield _row(book, fact, {"rectification_on": _planned_on(book, fact)})


def _planned_on(book: DebriefingBook, fact: Fact[Any]) -> dt.date | None:
    return min(book.years[str(fact.event.year)].plans.values(), default=None)


def closed(book: DebriefingBook, fact: Fact[ProblemClosed]) -> Iterator[Row]:
    event = fact.event
    if event.mistaken:
        book.years[str(event.year)].plans.pop(event.problem_id, None)
        yield strike(RECTIFICATION, fact, event.problem_id, year=event.year)
        yield _row(book, fact, {"rectification_on": _planned_on(book, fact)})
    cells = {"result": event.result} if event.mistaken else _accepted(event)
    yield entry(RECTIFICATION, fact, event.problem_id, cells, year=event.year)


def _accepted(event: ProblemClosed) -> dict[str, Any]:
    return {"accepted_by": event.closed_by, "accepted_on": event.occurred_on, "result": event.result}


def problem_returned(book: DebriefingBook, fact: Fact[ProblemReturned]) -> Iterator[Row]:
    """What was accepted stands no more; every return stays on the form."""
    event = fact.event
    told = book.years[str(event.year)].sent_back.setdefault(event.problem_id, [])
    told.append(f"{event.occurred_on} {event.reason}")
    yield entry(RECTIFICATION, fact, event.problem_id, {**NOT_ACCEPTED, "sent_back": list(told)}, year=event.year)


CLEARED: Mapping[DebriefingStep, tuple[str, ...]] = {
    DebriefingStep.PLAN: ("plan_on",),
    DebriefingStep.SELF_INSPECTION: ("inspected_on",),
    DebriefingStep.DRAFT: ("person",),
    DebriefingStep.SUBMISSION: ("submitted_on",),
    DebriefingStep.REVIEW: ("approved_on",),
    DebriefingStep.TO_SUPERIOR: ("to_superior_on",),
    DebriefingStep.SUPERIOR_COMMENT: ("achievements", "problems", "direction"),
    DebriefingStep.TO_MEMBERS: ("to_members_on", "observer"),
    DebriefingStep.MEMBERS_COMMENT: ("members_achievements", "members_problems", "members_direction"),
    DebriefingStep.BALLOT: ("ballot",),
    DebriefingStep.GRADE: ("grade",),
}
"""Cells that are empty again when a step is withdrawn."""


def withdrawn(book: DebriefingBook, fact: Fact[StepWithdrawn]) -> Iterator[Row]:
    event = fact.event
    if event.step is DebriefingStep.OPINIONS:
        year = book.years[str(event.year)]
        year.opinions.pop()
        yield _row(book, fact, {"opinions": sum(year.opinions) if year.opinions else None})
    else:
        yield _row(book, fact, dict.fromkeys(CLEARED[event.step]))


HANDLERS: Mapping[type[Event], Handler] = {
    ReviewPlanAdopted: _dated("plan_on"),
    DebriefingSelfInspected: _dated("inspected_on"),
    OpinionsGathered: opinions,
    ReportDrafted: drafted,
    ReportSubmitted: _dated("submitted_on"),
    ReportApproved: _dated("approved_on"),
    ReportReturned: returned,
    ReportedToSuperior: _dated("to_superior_on"),
    ReportedToMembers: to_members,
    CommentsRecorded: commented,
    AppraisalBallot: voted,
    SecretaryGraded: graded,
    ProblemPlanned: planned,
    ProblemClosed: closed,
    ProblemReturned: problem_returned,
    StepWithdrawn: withdrawn,
}
