"""Obligations counted by branch, norm and month, kept beside their rows: what the pages about all branches read. Pure.

What is overdue depends on the day of asking: so a count is the list of the days of the month on which its obligations fall due.
"""

import datetime as dt
import enum
from bisect import insort
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

from projections.engine.fold import Fact, Handler, Projection, Row
from projections.obligations import Lens
from projections.obligations_state import State


class Standing(enum.IntEnum):
    """How an obligation with a due date stands, whatever the day: what is pending is open or overdue. What lapsed stands nowhere."""

    ON_TIME = 0
    LATE = 1
    PENDING = 2
    WAIVED = 3


COLUMNS = tuple(standing.name.lower() for standing in Standing)


ON_TIME, LATE, PENDING, WAIVED = Standing


class Place(msgspec.Struct, frozen=True, array_like=True):
    """Where an obligation is counted."""

    due_on: dt.date
    standing: Standing


class Tally(State):
    """What the obligations view remembers, and how they are counted."""

    places: dict[str, Place] = msgspec.field(default_factory=dict)
    norms: dict[str, list[list[int]]] = msgspec.field(default_factory=dict)
    """`2026-03 N09` -> for each standing the days on which something falls due."""
    branch: dict[str, list[int]] = msgspec.field(default_factory=dict)
    """Month -> the days on which something pending falls due, each obligation once, of however many norms it is."""


def standing(values: Mapping[str, Any]) -> Standing | None:
    """How a row of the obligation table is counted."""
    if values.get("due_on") is None or values["lapsed_on"] is not None:
        return None
    if values["waived_on"] is not None:
        return WAIVED
    if values["fulfilled_on"] is None:
        return PENDING
    return LATE if values["late"] else ON_TIME


def tallied(lens: Lens) -> Projection[Tally]:
    """The obligations view, and its counts written in the same transaction."""
    projection = lens.projection()
    norms = {deadline.id: deadline.norms for deadline in lens.deadlines.values()}
    return Projection[Tally](
        name=projection.name,
        tables=(*projection.tables, "norm_month", "branch_month"),
        start=Tally,
        handlers={event: _counting(handler, norms) for event, handler in projection.handlers.items()},
    )


def _counting(handler: Handler, norms: Mapping[str, tuple[str, ...]]) -> Handler:
    def handle(state: Tally, fact: Fact[Any]) -> Iterable[Row]:
        rows = list(handler(state, fact))
        months: dict[str, tuple[str, ...]] = {}
        for row in rows:
            if row.table == "obligation":
                _count(state, row, norms, months)
        for month, touched in months.items():
            rows += _rows(state, month, touched)
        return rows

    return handle


def _count(state: Tally, row: Row, norms: Mapping[str, tuple[str, ...]], months: dict[str, tuple[str, ...]]) -> None:
    """Moves an obligation from where it was counted to where it belongs now; notes the months and norms touched."""
    (key,) = row.key
    before, how = state.places.get(key), standing(row.values)
    if before is None and how is None:
        return
    if before is not None and before.standing is how and before.due_on == row.values["due_on"]:
        return
    own = norms[row.values["deadline"]]
    if before is not None:
        for days in _lists(state, before, own, months):
            days.remove(before.due_on.day)
    if how is None:
        del state.places[key]
        return
    now = state.places[key] = Place(row.values["due_on"], how)
    for days in _lists(state, now, own, months):
        insort(days, now.due_on.day)


def _lists(state: Tally, at: Place, norms: Iterable[str], months: dict[str, tuple[str, ...]]) -> Iterator[list[int]]:
    month = at.due_on.isoformat()[:7]
    months[month] = tuple(dict.fromkeys((*months.get(month, ()), *norms)))
    for norm in norms:
        yield state.norms.setdefault(f"{month} {norm}", [[] for _ in Standing])[at.standing]
    if at.standing is PENDING:
        yield state.branch.setdefault(month, [])


def _rows(state: Tally, month: str, norms: Iterable[str]) -> Iterator[Row]:
    for norm in norms:
        lists = state.norms[f"{month} {norm}"]
        yield Row(table="norm_month", key=(month, norm), values=dict(zip(COLUMNS, map(list, lists), strict=True)))
    if month in state.branch:
        yield Row(table="branch_month", key=(month,), values={"pending": list(state.branch[month])})
