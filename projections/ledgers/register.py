"""A register is one paper form inside a ledger: its columns are data, its rows come from events."""

import datetime as dt
import enum
from typing import Any

import msgspec

from events.base import PersonId
from projections.engine.fold import Fact, Row
from projections.standard import norms
from projections.standard.pack import default_pack


class Kind(enum.StrEnum):
    """How a cell is shown; reading joins names for `person`, `persons`, `group` and `org`, and masks `masked`."""

    TEXT = "text"
    DATE = "date"
    MONTH = "month"
    MONEY = "money"
    COUNT = "count"
    FLAG = "flag"
    PERSON = "person"
    PERSONS = "persons"
    GROUP = "group"
    ORG = "org"
    SEALED = "sealed"
    """A sealed personal text, opened at reading."""
    MASKED = "masked"
    """A sealed sensitive text, shown masked unless the reader has a reason on record."""
    LIST = "list"


class Column(msgspec.Struct, frozen=True):
    """One column of the paper form."""

    key: str
    zh: str
    en: str
    kind: Kind = Kind.TEXT


class Register(msgspec.Struct, frozen=True, kw_only=True):
    """`code` is unique inside the ledger, ASCII, never renamed. `yearly` registers begin a new numbering each year.

    How it is called is data: `zh` and `en` come from the standard pack that this process works with.
    """

    ledger: str
    code: str
    columns: tuple[Column, ...]
    yearly: bool = True

    @property
    def zh(self) -> str:
        return self._named().zh

    @property
    def en(self) -> str:
        return self._named().en

    def _named(self) -> norms.Register:
        return default_pack().registers[f"{self.ledger}.{self.code}"]


_COLUMNS: dict[int, tuple[Register, frozenset[str]]] = {}


def _columns_of(register: Register) -> frozenset[str]:
    """Column keys, worked out once for each register."""
    found = _COLUMNS.get(id(register))
    if found is None:
        found = _COLUMNS[id(register)] = (register, frozenset(column.key for column in register.columns))
    return found[1]


def entry(
    register: Register,
    fact: Fact[Any],
    key: str,
    cells: dict[str, Any],
    *,
    year: int | None = None,
    subject: PersonId | None = None,
    occurred_on: dt.date | None = None,
) -> Row:
    """Write (or complete) the row `key` of a register. Cells not named keep what they have.

    The engine numbers a new row without gaps inside (organisation, register, year), in page order.
    Pass `year` only when it is not the year of `occurred_on`, e.g. for a later fact about last year's row;
    a register that is not yearly keeps all its rows under year 0.
    """
    day = occurred_on or fact.event.occurred_on
    known = _columns_of(register)
    assert known >= cells.keys(), f"{register.code}: unknown columns {cells.keys() - known}"
    values: dict[str, Any] = {"position": fact.position, "event_id": fact.event_id, "recorded_at": fact.recorded_at}
    if occurred_on is not None or year is None:
        values["occurred_on"] = day
    if subject is not None:
        values["subject"] = subject
    of_year = 0 if not register.yearly else (year if year is not None else day.year)
    return Row(table="ledger_row", key=(register.ledger, register.code, str(of_year), key), values=values, cells=cells)


def strike(register: Register, fact: Fact[Any], key: str, *, year: int) -> Row:
    """Strike the row through: it keeps its number and stays visible, with the event that struck it."""
    of_year = year if register.yearly else 0
    return Row(
        table="ledger_row",
        key=(register.ledger, register.code, str(of_year), key),
        values={"struck_by": fact.event_id, "position": fact.position},
    )
