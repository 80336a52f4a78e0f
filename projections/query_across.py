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

from events.base import Event, OrgId
from events.organisations import BranchType, OrgKind
from events.store import codec
from events.store.record import Fact
from projections import roster
from projections.changes import Change, Sentence, changes, together, told
from projections.cursors import from_cursor, to_cursor
from projections.engine.replay import replay
from projections.obligations_tables import obligation, obligation_subject
from projections.roster_tables import member, organisation
from projections.shapes import PAGE_MAX, Absence, Scope
from projections.standard.bands import bands
from projections.standard.changes import sentences, watched_tags
from projections.standard.deadlines import Of
from projections.standard.norms import Entry
from projections.standard.periods import add_months
from projections.statistics import OnRoll, Statistics, masked, statistics

AT_ONCE = 100
"""Books whose pages are folded together; in between others are served."""
MONTHS_MAX = 24
PAGE = sa.table(
    "page",
    *(sa.column(name) for name in ("book", "page", "stream", "type", "occurred_on", "entry")),
    sa.column("event_id", sa.Uuid),
    schema="record",
)
TYPES = tuple(Entry(id=one.value, zh=one.zh, en=one.en) for one in (OrgKind.COMMITTEE, *BranchType, OrgKind.BRANCH))
"""Kinds of organisations: the committee, branches by their type, and branches without one."""


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


class AcrossViews:
    """What is told of several branches at once."""

    def __init__(self, engine: AsyncEngine, shown: Callable[[str], str | None]) -> None:
        self._engine = engine
        self._shown = shown

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
        page = _page(scope, (first, last), today, after, size, overdue_only=overdue_only, ranked=ranked).cte("page")
        async with self._engine.connect() as connection:
            found = (await connection.execute(_cells(page, first, last, today))).all()
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
        async with self._engine.connect() as connection:
            rows = (await connection.execute(_within(_due_by_month(begin, until, org_id), obligation.c.org_id, scope))).all()
        counts = {(row.norm, row.month): (row.due, row.on_time) for row in rows}
        keys = [f"{add_months(begin, n):%Y-%m}" for n in range(min(months, MONTHS_MAX))]
        norms = sorted({norm for norm, _ in counts})
        return [TrendLine(norm=norm, points=[_point(key, *counts.get((norm, key), (0, 0))) for key in keys]) for norm in norms]

    async def statistics(self, scope: Scope, on: dt.date, today: dt.date, *, org_id: OrgId | None = None, whole: bool) -> Statistics:
        """As of a day. `whole`: small figures too, for whoever may see the roll."""
        if org_id is not None:
            _must_see(scope, org_id)
        async with self._engine.connect() as connection:
            orgs = (await connection.execute(_within(_organisations(on, org_id), organisation.c.org_id, scope))).all()
            codes = [row.org_id for row in orgs]
            people = await _current(connection, codes) if on >= today else await self._as_of(connection, codes, on)
        types = [row.branch_type or row.kind for row in orgs]
        found = await asyncio.to_thread(statistics, people, types, on, bands(), TYPES)
        return found if whole else masked(found)

    async def _as_of(self, connection: AsyncConnection, codes: Sequence[str], on: dt.date) -> list[OnRoll]:
        """The rolls of these books folded from what had happened by a day."""
        people: list[OnRoll] = []
        for start in range(0, len(codes), AT_ONCE):
            query = _entries(codes[start : start + AT_ONCE]).where(PAGE.c.stream == "roster", PAGE.c.occurred_on <= on)
            entries = [row.entry for row in await connection.execute(query)]
            people += await asyncio.to_thread(_rolls, entries)
        return people

    async def changes(self, scope: Scope, org_id: OrgId, first: dt.date, last: dt.date) -> list[Sentence]:
        """What changed in one branch, with the names of whom it is about where the reader may know them."""
        _must_see(scope, org_id)
        async with self._engine.connect() as connection:
            found = (await self._changed(connection, [org_id], first, last))[org_id]
            names = await self._names(connection, {person for change in found for person in change.people}) if scope.names else {}
        lines = {line.id: line for line in sentences()}
        return [told(change, lines[change.id], names) for change in found]

    async def changes_of_all(self, scope: Scope, first: dt.date, last: dt.date) -> list[Sentence]:
        """What changed in all branches in scope together: sums only."""
        parts: list[list[Change]] = []
        async with self._engine.connect() as connection:
            rows = await connection.execute(_within(sa.select(organisation.c.org_id), organisation.c.org_id, scope))
            codes = sorted(row.org_id for row in rows)
            for start in range(0, len(codes), AT_ONCE):
                parts += (await self._changed(connection, codes[start : start + AT_ONCE], first, last)).values()
        lines = {line.id: line for line in sentences()}
        return [told(change, lines[change.id], {}) for change in together(parts, sentences())]

    async def _changed(self, connection: AsyncConnection, codes: Sequence[str], first: dt.date, last: dt.date) -> dict[str, list[Change]]:
        query = _entries(codes).where(PAGE.c.occurred_on > first, PAGE.c.occurred_on <= last, PAGE.c.type.in_(watched_tags()))
        entries = [row.entry for row in await connection.execute(query)]
        table = obligation.c
        ended = sa.select(table.org_id, table.due_on, table.fulfilled_on, table.waived_on, table.lapsed_on).where(
            table.org_id.in_(codes), sa.or_(table.due_on.between(first, last), table.fulfilled_on.between(first, last))
        )
        rows = (await connection.execute(ended)).mappings().all()
        return await asyncio.to_thread(_changes, codes, entries, rows, first, last)

    async def _names(self, connection: AsyncConnection, people: Collection[str]) -> dict[str, str]:
        query = sa.select(member.c.person_id, member.c.name).where(member.c.person_id.in_(people))
        rows = (await connection.execute(query)).all() if people else []
        return {row.person_id: name for row in rows if (name := self._shown(row.name))}


def _page(
    scope: Scope, period: tuple[dt.date, dt.date], today: dt.date, after: str | None, size: int, *, overdue_only: bool, ranked: bool
) -> "sa.Select[Any]":
    """The branches of one page, one more than are shown; `rank` is how many obligations are overdue where it matters."""
    branch, table = organisation.c, obligation.c
    late = (
        sa.select(table.org_id, sa.func.count().label("late"))
        .where(table.due_on.between(*period), _overdue(today))
        .group_by(table.org_id)
        .subquery("late")
    )
    rank = sa.func.coalesce(late.c.late, 0) if ranked else sa.literal(0)
    query = sa.select(branch.org_id, branch.name, rank.label("rank")).where(branch.kind == OrgKind.BRANCH.value, _exists_on(period[0]))
    if ranked:
        query = query.outerjoin_from(organisation, late, late.c.org_id == branch.org_id)
    if overdue_only:
        some = sa.select(sa.literal(1)).where(table.org_id == branch.org_id, table.due_on.between(*period), _overdue(today))
        query = query.where(some.exists())
    if after is not None:
        last_rank, last_code = from_cursor(after, tuple[int, str])
        query = query.where(sa.or_(rank < last_rank, sa.and_(rank == last_rank, branch.org_id > last_code)))
    return _within(query, branch.org_id, scope).order_by(rank.desc(), branch.org_id).limit(size + 1)


def _cells(page: "sa.CTE", first: dt.date, last: dt.date, today: dt.date) -> "sa.Select[Any]":
    table, count = obligation.c, sa.func.count()
    here = sa.and_(table.org_id == page.c.org_id, table.due_on.between(first, last), table.lapsed_on.is_(None))
    norm = _norm()
    done = sa.and_(table.fulfilled_on.is_not(None), table.waived_on.is_(None))
    open_still = sa.and_(table.fulfilled_on.is_(None), table.waived_on.is_(None), table.due_on >= today)
    return (
        sa.select(
            page.c.org_id,
            page.c.name,
            page.c.rank,
            norm.label("norm"),
            count.filter(sa.and_(done, sa.not_(table.late))).label("fulfilled"),
            count.filter(sa.and_(done, table.late)).label("late"),
            count.filter(_overdue(today)).label("overdue"),
            count.filter(open_still).label("open"),
            count.filter(table.waived_on.is_not(None)).label("waived"),
        )
        .select_from(page.outerjoin(obligation, here))
        .group_by(page.c.org_id, page.c.name, page.c.rank, norm)
        .order_by(page.c.rank.desc(), page.c.org_id, norm)
    )


def _norm() -> "sa.ColumnElement[str]":
    """Tasks bear the number of their norm: `N09.T01`."""
    return sa.func.split_part(obligation.c.task, ".", 1)


def _overdue(today: dt.date) -> "sa.ColumnElement[bool]":
    table = obligation.c
    return sa.and_(table.fulfilled_on.is_(None), table.waived_on.is_(None), table.lapsed_on.is_(None), table.due_on < today)


def _exists_on(day: dt.date) -> "sa.ColumnElement[bool]":
    """A branch that was dissolved by then is left out."""
    ended = obligation_subject.c
    gone = sa.select(sa.literal(1)).where(ended.org_id == organisation.c.org_id, ended.kind == Of.BRANCH.value, ended.until <= day)
    return sa.not_(gone.exists())


def _organisations(on: dt.date, org_id: OrgId | None) -> "sa.Select[Any]":
    table = organisation.c
    query = sa.select(table.org_id, table.kind, table.branch_type).where(table.founded_on <= on, _exists_on(on))
    return query if org_id is None else query.where(table.org_id == org_id)


def _due_by_month(begin: dt.date, until: dt.date, org_id: OrgId | None) -> "sa.Select[Any]":
    table, count = obligation.c, sa.func.count()
    norm, month = _norm(), sa.func.to_char(table.due_on, "YYYY-MM")
    on_time = sa.and_(table.fulfilled_on.is_not(None), sa.not_(table.late))
    query = (
        sa.select(norm.label("norm"), month.label("month"), count.label("due"), count.filter(on_time).label("on_time"))
        .where(table.due_on >= begin, table.due_on < until, table.waived_on.is_(None), table.lapsed_on.is_(None))
        .group_by(norm, month)
    )
    return query if org_id is None else query.where(table.org_id == org_id)


def _point(month: str, due: int, on_time: int) -> Point:
    return Point(month=month, due=due, on_time=on_time, per_mille=on_time * 1000 // due if due else None)


def _entries(codes: Sequence[str]) -> "sa.Select[Any]":
    return (
        sa.select(PAGE.c.entry).where(PAGE.c.book == sa.any_(sa.literal(list(codes), sa.ARRAY(sa.Text)))).order_by(PAGE.c.book, PAGE.c.page)
    )


async def _current(connection: AsyncConnection, codes: Sequence[str]) -> list[OnRoll]:
    columns = [member.c[field] for field in OnRoll.__struct_fields__]
    query = sa.select(*columns).where(member.c.org_id.in_(codes), member.c.left_on.is_(None))
    return [OnRoll(**row) for row in (await connection.execute(query)).mappings()]


def _rolls(entries: Iterable[bytes]) -> list[OnRoll]:
    rows = replay([roster.PROJECTION], [codec.decode(entry) for entry in entries]).tables["member"].values()
    return [on_roll(row.values) for row in rows]


def on_roll(values: Mapping[str, Any]) -> OnRoll:
    """A row of the member table, as it is folded."""
    return OnRoll(
        **{field: values.get(field) for field in OnRoll.__struct_fields__ if field != "suspended"}, suspended=bool(values.get("suspended"))
    )


def _changes(
    codes: Sequence[str], entries: Iterable[bytes], rows: Iterable[Mapping[Any, Any]], first: dt.date, last: dt.date
) -> dict[str, list[Change]]:
    facts: dict[str, list[Fact[Event]]] = {code: [] for code in codes}
    owed: dict[str, list[Mapping[Any, Any]]] = {code: [] for code in codes}
    for entry in entries:
        fact = codec.decode(entry)
        facts[fact.book].append(fact)
    for row in rows:
        owed[row["org_id"]].append(row)
    return {code: changes(facts[code], owed[code], first, last, sentences()) for code in codes}


def _within(query: "sa.Select[Any]", column: "sa.Column[Any]", scope: Scope) -> "sa.Select[Any]":
    return query if scope.orgs is None else query.where(column == sa.any_(sa.literal(sorted(scope.orgs), sa.ARRAY(sa.Text))))


def _must_see(scope: Scope, org_id: OrgId) -> None:
    if not scope.sees(org_id):
        raise Absence(org_id)
