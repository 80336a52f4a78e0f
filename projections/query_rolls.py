"""The rolls of many branches as of a day, counted for the statistics: by the database as they stand, from their books as they stood."""

import asyncio
import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

import msgspec
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from events.base import Event
from events.organisations import BranchType, OrgKind
from events.store import codec
from events.store.record import Fact
from projections import roster, withheld
from projections.engine.remembered import Remembered
from projections.engine.tables import fold_state
from projections.engine.work import Tell
from projections.roster_tables import member
from projections.standard.bands import bands
from projections.standard.norms import Entry
from projections.standard.periods import add_months
from projections.statistics import VALUES, Counts, OnRoll, Statistics, admitted, counted, figures

T = TypeVar("T")
Facts = Sequence[Fact[Event]]
Moves = Iterable[tuple[dt.date, str, Mapping[str, Any]]]
AT_ONCE = 100
"""Books whose pages are folded together; in between others are served."""
MONTHS = 24
REMEMBERED_MAX = 20_000
"""Branches and days."""
PAGE = sa.table(
    "page",
    *(sa.column(name) for name in ("book", "page", "stream", "type", "occurred_on", "entry")),
    sa.column("event_id", sa.Uuid),
    schema="record",
)
TYPES = tuple(Entry(id=one.value, zh=one.zh, en=one.en) for one in (OrgKind.COMMITTEE, *BranchType, OrgKind.BRANCH))
"""Kinds of organisations: the committee, branches by their type, and branches without one."""
ON_ROLL = frozenset(OnRoll.__struct_fields__)


class Rolls:
    """What was folded of a branch is remembered until its roll changes."""

    def __init__(self) -> None:
        self._counts: Remembered[Counts] = Remembered(REMEMBERED_MAX)
        self._told: Remembered[tuple[Statistics, ...]] = Remembered(REMEMBERED_MAX)
        self._members: Remembered[tuple[int, ...]] = Remembered(REMEMBERED_MAX)

    async def counts(self, connection: AsyncConnection, codes: Sequence[str], on: dt.date, tell: Tell) -> list[Counts]:
        """Rolls that did not change since are counted as they stand; the others are folded from what had happened by the day."""
        since = sa.select(PAGE.c.book).distinct().where(of(codes), PAGE.c.stream == "roster", PAGE.c.occurred_on > on)
        changed = sorted((await connection.execute(since)).scalars())
        same = sorted({*codes} - {*changed})
        parts = [_sums((await connection.execute(_count_current(same, on))).all())] if same else []
        tell(len(same))
        folded = await self._folded(connection, changed, on, self._counts, _counted, lambda done: tell(len(same) + done))
        return [*parts, *folded.values()]

    async def told(self, connection: AsyncConnection, codes: Sequence[str], on: dt.date, tell: Tell) -> dict[str, Statistics]:
        """Of each branch what it was on the last day of which it may be told."""
        found = await self._folded(connection, codes, on, self._told, _as_told, tell)
        return {code: one for code, ones in found.items() for one in ones}

    async def members(self, connection: AsyncConnection, codes: Sequence[str], on: dt.date, tell: Tell) -> list[int]:
        """How many belonged at the end of each of the last months, the newest last, and on the day itself."""
        found = await self._folded(connection, codes, on, self._members, _month_by_month, tell)
        return [sum(month) for month in zip(*found.values(), strict=True)] or [0] * MONTHS

    async def _folded(
        self,
        connection: AsyncConnection,
        codes: Sequence[str],
        on: dt.date,
        memory: Remembered[T],
        work: Callable[[Sequence[Fact[Event]], dt.date], T],
        tell: Tell,
    ) -> dict[str, T]:
        stamps = await _stamps(connection, codes)
        found = {code: known for code in codes if (known := memory.get((code, stamps.get(code), on))) is not None}
        unknown = [code for code in codes if code not in found]
        for start in range(0, len(unknown), AT_ONCE):
            some = unknown[start : start + AT_ONCE]
            query = entries_of(some).where(PAGE.c.stream == "roster", PAGE.c.occurred_on <= on)
            entries = [row.entry for row in await connection.execute(query)]
            fresh = await asyncio.to_thread(_book_by_book, entries, some, on, work)
            for code, one in fresh.items():
                memory.keep((code, stamps.get(code), on), one)
            found |= fresh
            tell(len(found))
        return found


def of(codes: Sequence[str]) -> "sa.ColumnElement[bool]":
    return PAGE.c.book == sa.any_(sa.literal(list(codes), sa.ARRAY(sa.Text)))


def entries_of(codes: Sequence[str]) -> "sa.Select[Any]":
    return sa.select(PAGE.c.entry).where(of(codes)).order_by(PAGE.c.book, PAGE.c.page)


async def _stamps(connection: AsyncConnection, codes: Sequence[str]) -> dict[str, int]:
    """Branch -> the last page that changed its roll."""
    table = fold_state.c
    own = table.org_id == sa.any_(sa.literal(list(codes), sa.ARRAY(sa.Text)))
    rows = await connection.execute(sa.select(table.org_id, table.page).where(own, table.projection == roster.PROJECTION.name))
    return {row.org_id: row.page for row in rows}


def _count_current(codes: Sequence[str], on: dt.date) -> "sa.Select[Any]":
    """Of those who belong on a day by the roll as it stands: value by value, one column after the other in one pass."""
    table, columns = member.c, [member.c[name] for name in VALUES]
    here = sa.and_(table.joined_on <= on, sa.or_(table.left_on.is_(None), table.left_on > on), sa.not_(table.suspended))
    own = table.org_id == sa.any_(sa.literal(list(codes), sa.ARRAY(sa.Text)))
    return (
        sa.select(sa.func.grouping(*columns).label("other"), *columns, sa.func.count().label("count"))
        .where(own, here)
        .group_by(sa.func.grouping_sets(*(sa.tuple_(column) for column in columns)))
    )


def _sums(rows: Iterable[Any]) -> Counts:
    """`other` has a bit for each column, the first one highest, that is 0 for the one whose value is counted."""
    by_bits = {2 ** len(VALUES) - 1 - 2 ** (len(VALUES) - 1 - number): name for number, name in enumerate(VALUES)}
    counts: dict[str, dict[Any, int]] = {name: {} for name in VALUES}
    for row in rows:
        name = by_bits[row.other]
        counts[name][getattr(row, name)] = row.count
    return Counts(members=sum(counts[VALUES[0]].values()), **counts)


def _book_by_book(entries: Iterable[bytes], codes: Iterable[str], on: dt.date, work: Callable[[Facts, dt.date], T]) -> dict[str, T]:
    books: defaultdict[str, list[Fact[Event]]] = defaultdict(list)
    for entry in entries:
        fact = codec.decode(entry)
        books[fact.book].append(fact)
    return {code: work(books[code], on) for code in codes}


def _counted(facts: Facts, on: dt.date) -> Counts:
    return _count(roster.moves(facts, ON_ROLL), on)


def _as_told(facts: Facts, on: dt.date) -> tuple[Statistics, ...]:
    """As of the last day of which a branch may be told, if any; admissions are those of the year in which it is asked."""
    moves = list(roster.moves(facts, ON_ROLL))
    day = withheld.told_day(((moved_on, person) for moved_on, person, _ in moves), on)
    if day is None:
        return ()
    counts = _count((move for move in moves if move[0] <= day), day)
    return (msgspec.structs.replace(figures(counts, (), day, bands(), TYPES), admitted=admitted(counts, on)),)


def month_ends(on: dt.date) -> list[dt.date]:
    """The last days of the months before that of a day, and the day."""
    begin = on.replace(day=1)
    return [*(add_months(begin, -back) - dt.timedelta(days=1) for back in reversed(range(MONTHS - 1))), on]


def _month_by_month(facts: Facts, on: dt.date) -> tuple[int, ...]:
    moves = list(roster.moves(facts, ON_ROLL))
    found: list[int] = []
    people: list[OnRoll] = []
    taken = -1
    for day in month_ends(on):
        own = [move for move in moves if move[0] <= day]
        if len(own) != taken:
            people, taken = _people(own), len(own)
        found.append(sum(1 for person in people if person.counts(day)))
    return tuple(found)


def _count(moves: Moves, on: dt.date) -> Counts:
    return counted(_people(moves), on)


def _people(moves: Moves) -> list[OnRoll]:
    """Everybody who was ever on the roll, as they are after these moves."""
    people: defaultdict[str, dict[str, Any]] = defaultdict(dict)
    for _, person, values in moves:
        people[person].update(values)
    return [on_roll(values) for values in people.values()]


def on_roll(values: Mapping[str, Any]) -> OnRoll:
    """A row of the member table, as it is folded."""
    return OnRoll(
        **{field: values.get(field) for field in OnRoll.__struct_fields__ if field != "suspended"}, suspended=bool(values.get("suspended"))
    )
