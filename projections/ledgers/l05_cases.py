"""Ledger L05, what the two registers of cases share: a row whose steps can be taken back, one after the other."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

import msgspec

from events.base import PersonId
from projections.engine.fold import Fact, Row
from projections.ledgers.register import Kind, Register, entry, strike

Value = str | list[str] | None
"""What is kept of a cell."""


class CaseRow(msgspec.Struct):
    """What the steps of one case wrote into its row, in order; dates as ISO texts."""

    year: int
    person_id: str
    steps: list[dict[str, Value]]

    def value(self, column: str) -> Value:
        """What stands in a column now."""
        return next((step[column] for step in reversed(self.steps) if column in step), None)


class CaseBook(msgspec.Struct):
    """The cases of one branch, and which case a number of the roster means."""

    cases: dict[str, CaseRow] = msgspec.field(default_factory=dict)
    numbers: dict[str, str] = msgspec.field(default_factory=dict)
    """`person case_no` -> case id."""
    notes: dict[str, list[tuple[int, str]]] = msgspec.field(default_factory=dict)
    """Case -> year and key of the rows that its notes have in a register of their own."""


def opened(book: CaseBook, register: Register, fact: Fact[Any], case_no: str, cells: Mapping[str, Any]) -> Row:
    """A new row, of the year in which the case was opened."""
    event = fact.event
    book.cases[event.case_id] = CaseRow(event.occurred_on.year, event.person_id, [_texts(cells)])
    book.numbers[f"{event.person_id} {case_no}"] = event.case_id
    return entry(register, fact, event.case_id, dict(cells), subject=event.person_id)


def step(book: CaseBook, register: Register, fact: Fact[Any], cells: Mapping[str, Any]) -> Row:
    """One more step of a case completes its row."""
    row = book.cases[fact.event.case_id]
    row.steps.append(_texts(cells))
    return entry(register, fact, fact.event.case_id, dict(cells), year=row.year)


def withdrawn(book: CaseBook, register: Register, fact: Fact[Any]) -> Row:
    """The last step stands no more: its columns show what stood before; without any step the row is struck."""
    case_id = fact.event.case_id
    row = book.cases[case_id]
    last = row.steps.pop()
    if not row.steps:
        return strike(register, fact, case_id, year=row.year)
    kinds = {column.key: column.kind for column in register.columns}
    return entry(register, fact, case_id, {column: _cell(kinds[column], row.value(column)) for column in last}, year=row.year)


def completed(
    book: CaseBook, register: Register, fact: Fact[Any], person_id: PersonId, case_no: str, cells: Mapping[str, Any]
) -> list[Row]:
    """What the roster says about a case by its number; nothing when the case is of another kind."""
    case_id = book.numbers.get(f"{person_id} {case_no}")
    if case_id is None:
        return []
    return [entry(register, fact, case_id, dict(cells), year=book.cases[case_id].year)]


def _texts(cells: Mapping[str, Any]) -> dict[str, Value]:
    return {column: value.isoformat() if isinstance(value, dt.date) else value for column, value in cells.items()}


def _cell(kind: Kind, value: Value) -> Any:
    return dt.date.fromisoformat(value) if kind is Kind.DATE and isinstance(value, str) else value


def votes(event: Any) -> str:
    """Day and counts of a vote, as the form has them in one column."""
    counts = f"应到{event.voters_due} 实到{event.voters_present} 赞成{event.yes} 反对{event.no} 弃权{event.abstain}"
    return f"{event.occurred_on} {counts} {'通过' if event.passed else '未通过'}"


def added(row: CaseRow | None, column: str, fact: str) -> str:
    """One more fact in a column that holds several."""
    before = None if row is None else row.value(column)
    return f"{before}；{fact}" if isinstance(before, str) and before else fact
