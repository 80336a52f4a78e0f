"""Rows of a projection after some events, with its state stored and read back between any two of them, as the engine does."""

from collections.abc import Iterable
from typing import Any

import msgspec

from events.base import Event
from projections.engine.fold import Projection
from projections.engine.merge import Merge, apply, ledger_rows
from tests.ledgers.l02_history import facts


def rows_of(projection: Projection[Any], *history: Event | Iterable[Event]) -> list[dict[str, Any]]:
    events = [item for event in history for item in ([event] if isinstance(event, Event) else event)]
    state, merge = projection.start(), Merge()
    for fact in facts(*events):
        apply(projection, state, [fact], merge)
        state = msgspec.msgpack.decode(msgspec.msgpack.encode(state), type=type(state))
    return ledger_rows(merge)


def register_of(projection: Projection[Any], register: str, *history: Event | Iterable[Event]) -> list[dict[str, Any]]:
    """The rows of one register."""
    return [row for row in rows_of(projection, *history) if row["register"] == register]
