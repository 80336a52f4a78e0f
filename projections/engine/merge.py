"""Rows merged in memory by their key: what a batch, a rebuild, an as-of answer and a test all do first. Pure."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import msgspec

from events.base import Event, OrgId
from events.store.record import Fact
from projections.engine.fold import Projection, Row


class Merged(msgspec.Struct):
    """One row after all its changes; `values` and `cells` hold only what was set."""

    org_id: OrgId
    key: tuple[str, ...]
    values: dict[str, Any]
    cells: dict[str, Any]


RowKey = tuple[OrgId, tuple[str, ...]]


class Merge:
    """Collects rows; a later value of a column or cell replaces an earlier one. Keeps the order of first appearance."""

    def __init__(self) -> None:
        self.tables: defaultdict[str, dict[RowKey, Merged]] = defaultdict(dict)

    def add(self, org_id: OrgId, row: Row) -> None:
        table = self.tables[row.table]
        merged = table.get((org_id, row.key))
        if merged is None:
            table[org_id, row.key] = Merged(org_id, row.key, dict(row.values), dict(row.cells))
        else:
            merged.values.update(row.values)
            merged.cells.update(row.cells)

    def absorb(self, other: "Merge") -> None:
        for name, rows in other.tables.items():
            table = self.tables[name]
            for key, row in rows.items():
                known = table.get(key)
                if known is None:
                    table[key] = row
                else:
                    known.values.update(row.values)
                    known.cells.update(row.cells)


class Poison(Exception):
    """A fact that a projection cannot apply; its book stands still there."""

    def __init__(self, fact: Fact[Event], error: Exception) -> None:
        super().__init__(f"{type(error).__name__}: {error}")
        self.fact = fact


def apply(projection: Projection[Any], state: Any, facts: Iterable[Fact[Event]], into: Merge) -> None:
    """Folds the facts of one book. Raises `Poison`; `state` and `into` are then half-done and must be thrown away."""
    handlers = projection.handlers
    for fact in facts:
        handler = handlers.get(type(fact.event))
        if handler is not None:
            try:
                for row in handler(state, fact):
                    into.add(fact.book, row)
            except Exception as error:
                raise Poison(fact, error) from error


def ledger_rows(merge: Merge) -> list[dict[str, Any]]:
    """The ledger rows of a merge as the table would hold them, numbered without gaps in order of first appearance."""
    rows = []
    last: defaultdict[tuple[str, ...], int] = defaultdict(int)
    for row in merge.tables["ledger_row"].values():
        ledger, register, year, key = row.key
        group = (row.org_id, ledger, register, year)
        last[group] += 1
        rows.append(
            {"org_id": row.org_id, "ledger": ledger, "register": register, "year": year, "key": key, "row_no": last[group]}
            | {"subject": None, "occurred_on": None, "recorded_at": 0, "position": -1, "event_id": None, "struck_by": None}
            | row.values
            | {"cells": row.cells}
        )
    return rows
