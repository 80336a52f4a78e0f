"""Reads across branches over HTTP, within the reader's scope: the grid of norms, trends, statistics, what changed between two days."""

import datetime as dt
from typing import Annotated

import msgspec
from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter

from events.base import OrgId
from projections.changes import Sentence
from projections.query_across import MONTHS_MAX, GridRow, TrendLine
from projections.shapes import PAGE_MAX, AsOf, Scope
from projections.statistics import Line, Statistics
from service.api.access import scope_of
from service.api.reads import FAILURES, AfterText, Ask, views_of
from service.auth.actor import Actor
from service.auth.policy import entitle, reaches
from service.auth.rights import Right
from service.bus import LOCAL
from service.errors import Malformed
from service.exports.sheet import csv_text

CSV = "text/csv"
"""The character set is added by Litestar."""
DAYS_MAX = 800
"""Of one answer."""
FromDay = Annotated[dt.date | None, QueryParameter(name="from", description="First day; by default the first of this year")]
ToDay = Annotated[dt.date | None, QueryParameter(name="to", description="Last day; by default the last of this year")]
After = Annotated[dt.date | None, QueryParameter(name="from", description="What happened after this day; by default the last of last year")]
Upto = Annotated[dt.date | None, QueryParameter(name="to", description="and by this day; by default today")]
OnDay = Annotated[dt.date | None, QueryParameter(name="as_of", description="Who belonged on this day; by default today")]
Months = Annotated[int, QueryParameter(name="months", ge=1, le=MONTHS_MAX)]


class GridPage(msgspec.Struct, frozen=True, kw_only=True):
    """A page of branches with their norms; `next` is the cursor."""

    first: dt.date
    last: dt.date
    rows: list[GridRow]
    as_of: AsOf
    next: str | None


class Trends(msgspec.Struct, frozen=True, kw_only=True):
    """Per norm and month: what fell due before `until`, and how much of it was fulfilled in time."""

    until: dt.date
    norms: list[TrendLine]
    as_of: AsOf


class Changes(msgspec.Struct, frozen=True, kw_only=True):
    """What happened after `first` and by `last`, in sentences."""

    first: dt.date
    last: dt.date
    sentences: list[Sentence]
    as_of: AsOf


class StatisticsPage(msgspec.Struct, frozen=True, kw_only=True):
    """The statistics with how new they are."""

    statistics: Statistics
    as_of: AsOf


def today() -> dt.date:
    return dt.datetime.now(dt.UTC).astimezone(LOCAL).date()


def year_of(day: dt.date) -> tuple[dt.date, dt.date]:
    return dt.date(day.year, 1, 1), dt.date(day.year, 12, 31)


def _wide(actor: Actor, right: Right) -> Scope:
    """Every organisation over which the reader has the right; `Forbidden` for whoever has it nowhere."""
    entitle(actor, right)
    return scope_of(actor, right)


def sees_rolls(actor: Actor, scope: Scope, org_id: OrgId | None = None) -> bool:
    """Whether the reader may see the roll of every organisation in question, and so figures of any size."""
    orgs = [org_id] if org_id is not None else scope.orgs
    return orgs is None or all(reaches(actor, Right.ROSTER_READ, OrgId(one)) for one in orgs)


def _window(first: dt.date, last: dt.date) -> tuple[dt.date, dt.date]:
    if not dt.timedelta(0) <= last - first <= dt.timedelta(days=DAYS_MAX):
        raise Malformed(f"from must not be after to, nor more than {DAYS_MAX} days before it")
    return first, last


def _between(first: dt.date | None, last: dt.date | None) -> tuple[dt.date, dt.date]:
    end = last or today()
    return _window(first or dt.date(end.year - 1, 12, 31), end)


@get("/grid", operation_id="read-grid", tags=["across"], opt={"right": Right.OBLIGATIONS_READ}, responses=FAILURES)
async def read_grid(
    request: Ask,
    actor: NamedDependency[Actor],
    from_day: FromDay = None,
    to_day: ToDay = None,
    overdue: Annotated[bool, QueryParameter(name="overdue", description="Only branches with something overdue")] = False,  # noqa: FBT002
    ranked: Annotated[bool, QueryParameter(name="ranked", description="The most overdue first")] = False,  # noqa: FBT002
    after: AfterText = None,
    limit: Annotated[int, QueryParameter(name="limit", ge=1, le=PAGE_MAX)] = 25,
) -> GridPage:
    """Branches x norms: how the obligations that fall due between two days stand today, in the order of the branches' codes."""
    now, views = today(), views_of(request)
    first, last = _window(from_day or year_of(now)[0], to_day or year_of(now)[1])
    as_of = await views.position()
    scope = _wide(actor, Right.OBLIGATIONS_READ)
    grid = await views.across.grid(scope, first, last, now, after=after, limit=limit, overdue_only=overdue, ranked=ranked)
    return GridPage(first=first, last=last, rows=grid.rows, as_of=as_of, next=grid.next)


@get("/trends", operation_id="read-trends", tags=["across"], opt={"right": Right.OBLIGATIONS_READ}, responses=FAILURES)
async def read_trends(request: Ask, actor: NamedDependency[Actor], months: Months = MONTHS_MAX) -> Trends:
    """Per norm and month the share of obligations fulfilled in time, of all organisations in sight together."""
    return await _trends(request, _wide(actor, Right.OBLIGATIONS_READ), None, months)


@get(
    "/orgs/{org_id:str}/trends",
    operation_id="read-branch-trends",
    tags=["across"],
    opt={"right": Right.OBLIGATIONS_READ},
    responses=FAILURES,
)
async def read_branch_trends(request: Ask, org_id: FromPath[str], actor: NamedDependency[Actor], months: Months = MONTHS_MAX) -> Trends:
    """The same for one organisation."""
    return await _trends(request, scope_of(actor, Right.OBLIGATIONS_READ, OrgId(org_id)), OrgId(org_id), months)


async def _trends(request: Ask, scope: Scope, org_id: OrgId | None, months: int) -> Trends:
    views, until = views_of(request), today()
    as_of = await views.position()
    return Trends(until=until, norms=await views.across.trends(scope, until, org_id=org_id, months=months), as_of=as_of)


@get("/statistics", operation_id="read-statistics", tags=["across"], opt={"right": Right.LEDGERS_READ}, responses=FAILURES)
async def read_statistics(request: Ask, actor: NamedDependency[Actor], on: OnDay = None) -> StatisticsPage:
    """Members and organisations in sight in the shape of the public bulletin."""
    return await _statistics(request, actor, _wide(actor, Right.LEDGERS_READ), None, on)


@get(
    "/orgs/{org_id:str}/statistics",
    operation_id="read-branch-statistics",
    tags=["across"],
    opt={"right": Right.LEDGERS_READ},
    responses=FAILURES,
)
async def read_branch_statistics(request: Ask, org_id: FromPath[str], actor: NamedDependency[Actor], on: OnDay = None) -> StatisticsPage:
    """The same for one organisation."""
    return await _statistics(request, actor, scope_of(actor, Right.LEDGERS_READ, OrgId(org_id)), OrgId(org_id), on)


@get(
    "/statistics.csv",
    operation_id="export-statistics",
    tags=["across"],
    opt={"right": Right.LEDGERS_READ},
    responses=FAILURES,
    media_type=CSV,
)
async def export_statistics(request: Ask, actor: NamedDependency[Actor], on: OnDay = None) -> Response[bytes]:
    """The statistics of all organisations in sight as a file."""
    found = await _statistics(request, actor, _wide(actor, Right.LEDGERS_READ), None, on)
    return _file(found.statistics)


@get(
    "/orgs/{org_id:str}/statistics.csv",
    operation_id="export-branch-statistics",
    tags=["across"],
    opt={"right": Right.LEDGERS_READ},
    responses=FAILURES,
    media_type=CSV,
)
async def export_branch_statistics(request: Ask, org_id: FromPath[str], actor: NamedDependency[Actor], on: OnDay = None) -> Response[bytes]:
    """The statistics of one organisation as a file."""
    found = await _statistics(request, actor, scope_of(actor, Right.LEDGERS_READ, OrgId(org_id)), OrgId(org_id), on)
    return _file(found.statistics)


async def _statistics(request: Ask, actor: Actor, scope: Scope, org_id: OrgId | None, on: dt.date | None) -> StatisticsPage:
    views, now = views_of(request), today()
    as_of = await views.position()
    whole = sees_rolls(actor, scope, org_id)
    return StatisticsPage(statistics=await views.across.statistics(scope, on or now, now, org_id=org_id, whole=whole), as_of=as_of)


def _file(told: Statistics) -> Response[bytes]:
    headers = {"Content-Disposition": f'attachment; filename="statistics-{told.as_of}.csv"'}
    return Response(statistics_csv(told).encode(), media_type=CSV, headers=headers)


def statistics_csv(told: Statistics) -> str:
    """One line for each figure, in both languages; what is too small to be told is `*`."""
    total = Line(id="", zh="", en="", count=told.members)
    admitted = Line(id="", zh="", en="", count=told.admitted)
    rows = [["党员总数", "Members", *_cells(total)], ["本年发展党员", "Admitted in the year", *_cells(admitted)]]
    rows += [[table.zh, table.en, *_cells(line)] for table in (*told.tables, told.organisations) for line in table.lines]
    if told.masked:
        rows.append([told.why_zh, told.why_en, "", "", ""])
    return csv_text([f"{told.as_of}", "Table", "分组", "Group", "数量"], rows)


def _cells(line: Line) -> list[str]:
    return [line.zh, line.en, "*" if line.count is None else str(line.count)]


@get("/changes", operation_id="read-changes", tags=["across"], opt={"right": Right.EVENTS_READ}, responses=FAILURES)
async def read_changes(request: Ask, actor: NamedDependency[Actor], after_day: After = None, by_day: Upto = None) -> Changes:
    """What changed between two days in all organisations in sight together, in sentences: sums, and nobody's name."""
    views, scope = views_of(request), _wide(actor, Right.EVENTS_READ)
    first, last = _between(after_day, by_day)
    as_of = await views.position()
    told = await views.across.changes_of_all(scope, first, last)
    return Changes(first=first, last=last, sentences=told, as_of=as_of)


@get(
    "/orgs/{org_id:str}/changes", operation_id="read-branch-changes", tags=["across"], opt={"right": Right.EVENTS_READ}, responses=FAILURES
)
async def read_branch_changes(
    request: Ask, org_id: FromPath[str], actor: NamedDependency[Actor], after_day: After = None, by_day: Upto = None
) -> Changes:
    """What changed between two days in one organisation, in sentences, with the events that say so. Cases are only counted."""
    views, scope = views_of(request), scope_of(actor, Right.EVENTS_READ, OrgId(org_id))
    first, last = _between(after_day, by_day)
    as_of = await views.position()
    return Changes(first=first, last=last, sentences=await views.across.changes(scope, OrgId(org_id), first, last), as_of=as_of)


HANDLERS = [
    read_grid,
    read_trends,
    read_branch_trends,
    read_statistics,
    read_branch_statistics,
    export_statistics,
    export_branch_statistics,
    read_changes,
    read_branch_changes,
]
