"""Reads across branches, part of the one door (`projections.query`): the grid of norms, trends, statistics, what changed.

Whoever asks for all gets what lies in the scope. Names are opened for one branch only.
"""

import asyncio
import datetime as dt
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from events.base import Fen, OrgId
from events.store import codec
from projections import query_tallies as tallies
from projections import withheld
from projections.changes import Change, Sentence, changes, told
from projections.cursors import to_cursor
from projections.engine.work import Progress, Tell, Works
from projections.obligations_tables import obligation
from projections.query_rolls import PAGE, TYPES, Rolls, entries_of, month_ends
from projections.query_tallies import exists_on, within
from projections.roster_tables import member, organisation
from projections.shapes import PAGE_MAX, Absence, Scope
from projections.standard.bands import bands
from projections.standard.changes import sentences, undoing_tags, watched_tags
from projections.standard.periods import add_months
from projections.statistics import Statistics, figures, statistics, summed, together
from projections.tally_tables import branch_month, change_month, norm_month

MONTHS_MAX = 24


class Cell(msgspec.Struct, frozen=True, kw_only=True):
    """The obligations of one norm that fall due in the period. What lapsed counts nowhere."""

    norm: str
    fulfilled: int
    """In time."""
    late: int
    overdue: int
    open: int
    waived: int

    @property
    def state(self) -> str:
        """The worst of it: one word for the whole cell."""
        return next((name for name in ("overdue", "open", "late", "fulfilled", "waived") if getattr(self, name)), "")

    @property
    def every(self) -> int:
        return self.fulfilled + self.late + self.overdue + self.open + self.waived


class GridRow(msgspec.Struct, frozen=True, kw_only=True):
    """One branch; norms of which nothing falls due have no cell."""

    org_id: OrgId
    name: str
    cells: list[Cell]


class Grid(msgspec.Struct, frozen=True, kw_only=True):
    """A page of branches. `next`: cursor of the following page."""

    first: dt.date
    last: dt.date
    rows: list[GridRow]
    next: str | None


class Point(msgspec.Struct, frozen=True, kw_only=True):
    """What fell due in a month and how much of it was fulfilled in time; no share of nothing."""

    month: str
    due: int
    on_time: int
    per_mille: int | None


class TrendLine(msgspec.Struct, frozen=True, kw_only=True):
    """One norm, month by month."""

    norm: str
    points: list[Point]


class Month(msgspec.Struct, frozen=True, kw_only=True):
    """How many belonged at the end of a month, or on the day of asking, and what dues were received in it."""

    month: str
    members: int
    fen: Fen


class AcrossViews:
    """What is told of several branches at once."""

    def __init__(self, engine: AsyncEngine, shown: Callable[[str], str | None]) -> None:
        self._engine = engine
        self._shown = shown
        self._rolls = Rolls()
        self._works = Works()

    async def grid(
        self,
        scope: Scope,
        first: dt.date,
        last: dt.date,
        today: dt.date,
        *,
        after: str | None = None,
        limit: int = 50,
        overdue_only: bool = False,
        ranked: bool = False,
    ) -> Grid:
        """Branches in the order of their codes; `ranked`: the most overdue first. One query."""
        size = min(limit, PAGE_MAX)
        page = tallies.branches(scope, (first, last), today, after, size, overdue_only=overdue_only, ranked=ranked).cte("page")
        async with self._engine.connect() as connection:
            found = (await connection.execute(tallies.cells(page, first, last, today))).all()
        rows: dict[str, GridRow] = {}
        cursors: dict[str, int] = {}
        for row in found:
            cursors[row.org_id] = row.rank
            one = rows.setdefault(row.org_id, GridRow(org_id=OrgId(row.org_id), name=row.name, cells=[]))
            if row.norm is not None:
                cell = Cell(norm=row.norm, fulfilled=row.fulfilled, late=row.late, overdue=row.overdue, open=row.open, waived=row.waived)
                if cell.every:
                    one.cells.append(cell)
        shown = list(rows.values())[:size]
        more = len(rows) > size
        return Grid(first=first, last=last, rows=shown, next=to_cursor([cursors[shown[-1].org_id], shown[-1].org_id]) if more else None)

    async def pending(self, scope: Scope, today: dt.date) -> dict[OrgId, tuple[int, int]]:
        """Organisation -> how many of its obligations are overdue, and how many are open at all."""
        async with self._engine.connect() as connection:
            rows = await connection.execute(within(tallies.pending_of_branches(today), branch_month.c.org_id, scope))
            return {OrgId(org_id): (late, every) for org_id, late, every in rows}

    async def pages(self, scope: Scope, org_id: OrgId, event_ids: Collection[str]) -> dict[str, int]:
        """Event -> page of the book that bears it."""
        _must_see(scope, org_id)
        wanted = [UUID(one) for one in event_ids]
        query = sa.select(PAGE.c.event_id, PAGE.c.page).where(PAGE.c.book == org_id, PAGE.c.event_id.in_(wanted))
        async with self._engine.connect() as connection:
            return {str(row.event_id): row.page for row in await connection.execute(query)} if wanted else {}

    async def trends(self, scope: Scope, until: dt.date, *, org_id: OrgId | None = None, months: int = MONTHS_MAX) -> list[TrendLine]:
        """The months up to and with that of `until`; what falls due on that day or later does not count yet."""
        if org_id is not None:
            _must_see(scope, org_id)
        begin = add_months(until.replace(day=1), 1 - min(months, MONTHS_MAX))
        query = within(tallies.due_by_month(begin, until, org_id), norm_month.c.org_id, scope)
        async with self._engine.connect() as connection:
            rows = (await connection.execute(query)).all()
        counts = {(row.norm, row.month): (row.due, row.on_time) for row in rows if row.due}
        keys = [f"{add_months(begin, n):%Y-%m}" for n in range(min(months, MONTHS_MAX))]
        norms = sorted({norm for norm, _ in counts})
        return [TrendLine(norm=norm, points=[_point(key, *counts.get((norm, key), (0, 0))) for key in keys]) for norm in norms]

    async def statistics(self, scope: Scope, on: dt.date, today: dt.date, *, org_id: OrgId | None = None, whole: bool) -> Statistics:
        """As of a day. `whole`: small figures and new ones too, for whoever may see the roll; else what may be told (`withheld`)."""
        if org_id is not None:
            _must_see(scope, org_id)
        return await self._statistics(await _in_sight(self._engine, scope, on, org_id), on, min(on, today), org_id, whole=whole)

    async def statistics_soon(self, scope: Scope, on: dt.date, today: dt.date, seconds: float, *, whole: bool) -> Statistics | Progress:
        """Of all in scope, or how far it is when that takes longer than the reader waits."""
        orgs = await _in_sight(self._engine, scope, on, None)
        found: list[Statistics] = []

        async def work(tell: Tell) -> None:
            found.append(await self._statistics(orgs, on, min(on, today), None, whole=whole, tell=tell))

        progress = await self._works.wait(("statistics", scope.orgs, on, whole), len(orgs), work, seconds)
        if progress is not None:
            return progress
        return found[0] if found else await self._statistics(orgs, on, min(on, today), None, whole=whole)

    async def _statistics(
        self, orgs: Sequence[Any], on: dt.date, day: dt.date, org_id: OrgId | None, *, whole: bool, tell: Tell = lambda _: None
    ) -> Statistics:
        codes, types = [row.org_id for row in orgs], [row.branch_type or row.kind for row in orgs]
        async with self._engine.connect() as connection:
            if whole:
                counts = together(await self._rolls.counts(connection, codes, day, tell))
                return await asyncio.to_thread(figures, counts, types, on, bands(), TYPES)
            told = await self._rolls.told(connection, codes, day, tell)
        nobody = statistics((), types, on, bands(), TYPES)
        if org_id is not None:
            return withheld.masked(told.get(org_id, nobody), nobody.organisations)
        return await asyncio.to_thread(withheld.of_all, summed(nobody, told.values()), told)

    async def close(self) -> None:
        """Ends whatever is still being worked out."""
        await self._works.close()

    async def course(self, scope: Scope, today: dt.date, seconds: float, *, org_id: OrgId | None = None) -> list[Month] | Progress:
        """Members and dues over 24 months, or how far it is when that takes longer than the reader waits."""
        if org_id is not None:
            _must_see(scope, org_id)
        orgs = [row.org_id for row in await _in_sight(self._engine, scope, today, org_id)]
        found: list[list[int]] = []

        async def work(tell: Tell) -> None:
            async with self._engine.connect() as connection:
                found.append(await self._rolls.members(connection, orgs, today, tell))

        progress = await self._works.wait(("course", scope.orgs, today, org_id), len(orgs), work, seconds)
        if progress is not None:
            return progress
        if not found:
            await work(lambda _: None)
        days = month_ends(today)
        query = within(tallies.dues_by_month(days[0].replace(day=1), today, org_id), change_month.c.org_id, scope)
        async with self._engine.connect() as connection:
            fens = {row.month: int(row.fen) for row in await connection.execute(query)}
        months = zip(map(tallies.month_of, days), found[0], strict=True)
        return [Month(month=month, members=members, fen=fens.get(month, 0)) for month, members in months]

    async def changes(self, scope: Scope, org_id: OrgId, first: dt.date, last: dt.date) -> list[Sentence]:
        """What changed in one branch, with the names of whom it is about where the reader may know them."""
        _must_see(scope, org_id)
        inside = sa.and_(PAGE.c.occurred_on > first, PAGE.c.type.in_(watched_tags()))
        query = entries_of([org_id]).where(PAGE.c.occurred_on <= last, sa.or_(inside, PAGE.c.type.in_(undoing_tags())))
        async with self._engine.connect() as connection:
            entries = [row.entry for row in await connection.execute(query)]
            owed = (await connection.execute(_ending(org_id, first, last))).mappings().all()
            found = await asyncio.to_thread(_changes, entries, owed, first, last)
            names = await self._names(connection, {person for change in found for person in change.people}) if scope.names else {}
        lines = {line.id: line for line in sentences()}
        return [told(change, lines[change.id], names) for change in found]

    async def changes_of_all(self, scope: Scope, first: dt.date, last: dt.date) -> list[Sentence]:
        """What changed in all branches in scope together: sums only."""
        async with self._engine.connect() as connection:
            rows = (await connection.execute(within(tallies.changed(first, last), change_month.c.org_id, scope))).all()
            ended = (await connection.execute(within(tallies.ended(first, last), obligation.c.org_id, scope))).mappings().one()
        counts = {row.line: (int(row.count), int(row.fen)) for row in rows}
        counts |= {line.id: (ended[line.obligations.value], 0) for line in sentences() if line.obligations is not None}
        found = [(line, *counts[line.id]) for line in sentences() if counts.get(line.id, (0, 0))[0]]
        return [told(Change(id=line.id, count=count, fen=fen, people=(), links=()), line, {}) for line, count, fen in found]

    async def _names(self, connection: AsyncConnection, people: Collection[str]) -> dict[str, str]:
        query = sa.select(member.c.person_id, member.c.name).where(member.c.person_id.in_(people))
        rows = (await connection.execute(query)).all() if people else []
        return {row.person_id: name for row in rows if (name := self._shown(row.name))}


async def _in_sight(engine: AsyncEngine, scope: Scope, on: dt.date, org_id: OrgId | None) -> list[Any]:
    async with engine.connect() as connection:
        return list(await connection.execute(within(_organisations(on, org_id), organisation.c.org_id, scope)))


def _organisations(on: dt.date, org_id: OrgId | None) -> "sa.Select[Any]":
    table = organisation.c
    query = sa.select(table.org_id, table.kind, table.branch_type).where(table.founded_on <= on, exists_on(on))
    return query if org_id is None else query.where(table.org_id == org_id)


def _point(month: str, due: int, on_time: int) -> Point:
    return Point(month=month, due=due, on_time=on_time, per_mille=on_time * 1000 // due if due else None)


def _ending(org_id: OrgId, first: dt.date, last: dt.date) -> "sa.Select[Any]":
    """The obligations that may have ended in the window."""
    table = obligation.c
    inside = sa.or_(table.due_on.between(first, last), table.fulfilled_on.between(first, last))
    return sa.select(table.due_on, table.fulfilled_on, table.waived_on, table.lapsed_on).where(table.org_id == org_id, inside)


def _changes(entries: Iterable[bytes], owed: Iterable[Mapping[Any, Any]], first: dt.date, last: dt.date) -> list[Change]:
    return changes([codec.decode(entry) for entry in entries], owed, first, last, sentences())


def _must_see(scope: Scope, org_id: OrgId) -> None:
    if not scope.sees(org_id):
        raise Absence(org_id)
