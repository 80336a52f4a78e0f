"""A projection: a table from event type to a pure function that returns rows. No I/O here.

The same functions follow the journal, rebuild, fold a book as of a date in memory and run in tests without a database.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Generic, TypeVar

import msgspec

from events.base import Event
from events.store.record import Fact as Fact

S = TypeVar("S")


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """Set these columns of the row with this key. A column that is not named keeps its value; a new row gets the table's defaults."""

    table: str
    key: tuple[str, ...]
    """Values of the table's key columns after `org_id`."""
    values: Mapping[str, Any]
    """Real columns. For `ledger_row` see `projections.ledgers.register.entry`."""
    cells: Mapping[str, Any] = {}
    """Merged into the jsonb column `cells` (set semantics, one level)."""


Handler = Callable[[Any, Fact[Any]], Iterable[Row]]
"""(state of this book, fact) -> rows; may change the state, must depend on nothing else."""


class Projection(msgspec.Struct, Generic[S], frozen=True, kw_only=True):
    """One view. `start` makes the state of an empty book; a state is a msgspec Struct, kept by the engine with its book."""

    name: str
    tables: tuple[str, ...]
    start: Callable[[], S]
    handlers: Mapping[type[Event], Callable[[S, Fact[Any]], Iterable[Row]]]


def local_date(recorded_at: int) -> dt.date:
    """The Asia/Shanghai date of an instant in microseconds (UTC+8, no daylight saving)."""
    return dt.datetime.fromtimestamp(recorded_at // 1_000_000, dt.timezone(dt.timedelta(hours=8))).date()
