"""Statistics as of a day, and what changed between two days, of one branch and of all: tables, sentences, and a file."""

import datetime as dt
import itertools
from collections.abc import Callable, Iterable

import msgspec
from sqladmin import BaseView, expose
from starlette.requests import Request
from starlette.responses import Response

from admin.across import Window, wide
from admin.reading import Org
from admin.scores import PATIENCE_S, working
from admin.visit import Visit, crumbs, org_of, page, visit_of
from admin.words import named, pick, say
from projections.changes import Sentence
from projections.engine.work import Progress
from projections.shapes import Scope
from projections.statistics import Line, Statistics, Table
from service.api.access import scope_of
from service.api.across import DAYS_MAX, sees_rolls, statistics_csv
from service.api.reads import CSV
from service.auth.rights import Right

BRANCHES = 50
KINDS = {
    "members": "Members",
    "posts": "Posts",
    "meetings": "Meetings",
    "dues": "Dues",
    "obligations": "Duties",
    "awards": "Awards",
    "cases": "Cases",
    "corrections": "Corrections",
}
"""First word of the id of a sentence -> what it is about."""


class Share(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a table as it is shown: `-1` where the figure is too small to be told."""

    text: str
    count: int
    share: str
    """Per cent with one place."""


class StatisticsPages(BaseView):
    """Figures and what changed in them."""

    name = "Statistics"

    @expose("/statistics", identity="all-statistics")
    async def all_statistics(self, request: Request) -> Response:
        visit = wide(request, Right.LEDGERS_READ)
        title = say("Statistics")
        return await self._statistics(request, visit, None, [("/admin/", say("All branches")), ("", title)])

    @expose("/statistics/csv", identity="all-statistics-file")
    async def all_statistics_file(self, request: Request) -> Response:
        visit = wide(request, Right.LEDGERS_READ)
        return _file(await _figures(visit, None, _day(request, "as_of") or visit.today))

    @expose("/b/{org_id}/statistics", identity="statistics")
    async def statistics(self, request: Request) -> Response:
        visit, org = visit_of(request), await org_of(request, Right.LEDGERS_READ)
        return await self._statistics(request, visit, org, crumbs(visit, org, ("", say("Statistics"))))

    @expose("/b/{org_id}/statistics/csv", identity="statistics-file")
    async def statistics_file(self, request: Request) -> Response:
        visit, org = visit_of(request), await org_of(request, Right.LEDGERS_READ)
        return _file(await _figures(visit, org, _day(request, "as_of") or visit.today))

    async def _statistics(self, request: Request, visit: Visit, org: Org | None, path: list[tuple[str, str]]) -> Response:
        on = min(_day(request, "as_of") or visit.today, visit.today)
        told = await _soon(visit, on) if org is None else await _figures(visit, org, on)
        if isinstance(told, Progress):
            return await working(self, request, told, here="statistics", org=org, title=say("Statistics"), crumbs=path)
        base = visit.url(org, "statistics") if org else "/admin/statistics"
        return await page(
            self,
            request,
            "statistics",
            "statistics",
            org=org,
            title=say("Statistics"),
            crumbs=path,
            told=told,
            asked=on,
            why=pick(told.why_zh, told.why_en),
            tables=[(table.id, named(table), _shares(table, told.members)) for table in told.tables],
            types=[(named(line), line.count) for line in told.organisations.lines if line.count],
            branches=sum(line.count or 0 for line in told.organisations.lines),
            file=f"{base}/csv?as_of={on}",
            as_of_position=await visit.read.position(),
        )

    @expose("/changes", identity="all-changes")
    async def all_changes(self, request: Request) -> Response:
        """All branches together, with the way to each of them."""
        visit = wide(request, Right.EVENTS_READ)
        first, last = _window(request, visit.today)
        sentences = await visit.read.across.changes_of_all(scope_of(visit.actor, Right.EVENTS_READ), first, last)
        after = request.query_params.get("after", "")[:60]
        orgs = await visit.read.orgs_of(scope_of(visit.actor, Right.EVENTS_READ), after=after or None, limit=BRANCHES)
        here = f"/admin/changes?from={first}&to={last}"
        title = say("What changed")
        return await page(
            self,
            request,
            "changes",
            "changes",
            title=title,
            crumbs=[("/admin/", say("All branches")), ("", title)],
            first=first,
            last=last,
            groups=_grouped(sentences, lambda _: ""),
            orgs=[one for one in orgs if not one.committee],
            next=f"{here}&after={orgs[-1].id}" if len(orgs) == BRANCHES else "",
            first_page=here if after else "",
            as_of_position=await visit.read.position(),
        )

    @expose("/b/{org_id}/changes", identity="changes")
    async def changes(self, request: Request) -> Response:
        """One branch, with the way to the events."""
        visit, org = visit_of(request), await org_of(request, Right.EVENTS_READ)
        first, last = _window(request, visit.today)
        sentences = await visit.read.across.changes(visit.read.scope(Right.EVENTS_READ, org), org.id, first, last)
        title = say("What changed")
        return await page(
            self,
            request,
            "changes",
            "changes",
            org=org,
            title=title,
            crumbs=crumbs(visit, org, ("", title)),
            first=first,
            last=last,
            groups=_grouped(sentences, lambda one: _further(visit, org, one, last)),
            orgs=[],
            next="",
            first_page="",
            as_of_position=await visit.read.position(),
        )


async def _figures(visit: Visit, org: Org | None, on: dt.date) -> Statistics:
    scope: Scope = scope_of(visit.actor, Right.LEDGERS_READ) if org is None else visit.read.scope(Right.LEDGERS_READ, org)
    org_id = None if org is None else org.id
    whole = sees_rolls(visit.actor, scope, org_id)
    return await visit.read.across.statistics(scope, on, visit.today, org_id=org_id, whole=whole)


async def _soon(visit: Visit, on: dt.date) -> Statistics | Progress:
    """Of all in sight, or how far it is."""
    scope = scope_of(visit.actor, Right.LEDGERS_READ)
    return await visit.read.across.statistics_soon(scope, on, visit.today, PATIENCE_S, whole=sees_rolls(visit.actor, scope))


def _shares(table: Table, members: int | None) -> list[Share]:
    return [Share(text=named(line), count=-1 if line.count is None else line.count, share=_share(line, members)) for line in table.lines]


def _share(line: Line, members: int | None) -> str:
    if not members or line.count is None:
        return ""
    per_mille = (line.count * 2000 + members) // (members * 2)
    return f"{per_mille // 10}.{per_mille % 10}%"


def _grouped(sentences: Iterable[Sentence], further: Callable[[Sentence], str]) -> list[tuple[str, list[tuple[Sentence, str, str]]]]:
    """By what they are about: each in words, with where more of it stands."""
    groups = itertools.groupby(sentences, key=lambda one: one.id.partition(".")[0])
    return [(say(KINDS[name]), [(one, pick(one.zh, one.en), further(one)) for one in own]) for name, own in groups]


def _further(visit: Visit, org: Org, one: Sentence, last: dt.date) -> str:
    """Where the obligations of a sentence are listed."""
    if not one.id.startswith("obligations.") or not visit.may(Right.OBLIGATIONS_READ, org):
        return ""
    return f"{visit.url(org, 'norms')}?{Window(year=last.year, quarter=0).query}"


def _file(told: Statistics) -> Response:
    headers = {"content-disposition": f'attachment; filename="statistics-{told.as_of}.csv"'}
    return Response(statistics_csv(told).encode(), media_type=CSV, headers=headers)


def _window(request: Request, today: dt.date) -> tuple[dt.date, dt.date]:
    """The two days of the address; without them, or when they make no window, this year so far."""
    first, last = _day(request, "from"), _day(request, "to") or today
    begin = first or dt.date(last.year - 1, 12, 31)
    return (begin, last) if dt.timedelta(0) <= last - begin <= dt.timedelta(days=DAYS_MAX) else (dt.date(today.year - 1, 12, 31), today)


def _day(request: Request, name: str) -> dt.date | None:
    try:
        return msgspec.convert(request.query_params.get(name, ""), dt.date)
    except msgspec.ValidationError:
        return None
