"""Across branches: how every branch stands in every norm, month by month, and the way down to the evidence."""

import datetime as dt
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import msgspec
from sqladmin import BaseView, expose
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from admin.reading import Org
from admin.scores import PATIENCE_S
from admin.visit import Visit, crumbs, org_of, page, visit_of
from admin.words import named, say
from projections.engine.work import Progress
from projections.obligations_state import Status, status
from projections.query_across import Cell, GridRow, Month, TrendLine
from projections.standard.norms import Norm
from projections.standard.periods import first_day, last_day
from service.api.access import scope_of
from service.api.across import sees_rolls
from service.auth.policy import POLICY
from service.auth.rights import Right

ROWS = 25
"""Branches on one page: so many are told of 2,000 within 100 ms."""
YEARS_BACK = 4
STATES: Mapping[str, tuple[str, str]] = {
    "overdue": ("Overdue", "bad"),
    "late": ("Late", "late"),
    "open": ("Open", ""),
    "fulfilled": ("In time", "good"),
    "waived": ("Waived", ""),
}
"""State of a cell or an obligation -> text and tone."""
SAME = {
    Status.OVERDUE: "overdue",
    Status.FULFILLED_LATE: "late",
    Status.OPEN: "open",
    Status.DUE_SOON: "open",
    Status.FULFILLED: "fulfilled",
    Status.WAIVED: "waived",
}
SIGNS = {"overdue": "!", "late": "△", "open": "○", "fulfilled": "✓", "waived": "—"}
GOOD, FAIR = 1000, 800
"""Per mille from which a share is whole, or still fair."""


class Window(msgspec.Struct, frozen=True, kw_only=True):
    """A year or a quarter of it."""

    year: int
    quarter: int
    """0: the whole year."""

    @property
    def key(self) -> str:
        return f"{self.year:04d}-Q{self.quarter}" if self.quarter else f"{self.year:04d}"

    @property
    def first(self) -> dt.date:
        return first_day(self.key)

    @property
    def last(self) -> dt.date:
        return last_day(self.key)

    @property
    def query(self) -> str:
        return urlencode({"year": self.year, "quarter": self.quarter} if self.quarter else {"year": self.year})


class Due(msgspec.Struct, frozen=True, kw_only=True):
    """One obligation, with the pages of the book that prove it."""

    title: str
    period: str
    due_on: dt.date
    fulfilled_on: dt.date | None
    state: str
    tone: str
    late: bool
    """Overdue now."""
    settled: bool
    """Nothing is left to do."""
    reason: str
    pages: list[int]


class Across(BaseView):
    """Branches beside each other."""

    name = "Norms"

    @expose("/grid", identity="grid")
    async def grid(self, request: Request) -> Response:
        """Branches x norms. Branches stand in the order of their codes: who is best or worst is told only when asked for."""
        visit = wide(request, Right.OBLIGATIONS_READ)
        window, asked = window_of(request, visit.today), request.query_params
        overdue, ranked = asked.get("show") == "overdue", asked.get("order") == "overdue"
        grid = await visit.read.across.grid(
            scope_of(visit.actor, Right.OBLIGATIONS_READ),
            window.first,
            window.last,
            visit.today,
            after=asked.get("after", "")[:200] or None,
            limit=ROWS,
            overdue_only=overdue,
            ranked=ranked,
        )
        filters = {"year": window.year, "quarter": window.quarter, "show": asked.get("show", ""), "order": asked.get("order", "")}
        here = f"/admin/grid?{urlencode({name: value for name, value in filters.items() if value})}"
        title, norms, words = say("Branches by norm"), norms_of(visit), {name: say(text) for name, (text, _) in STATES.items()}
        return await page(
            self,
            request,
            "grid",
            "grid",
            title=title,
            crumbs=[("/admin/", say("All branches")), ("", title)],
            window=window,
            years=range(visit.today.year, visit.today.year - YEARS_BACK, -1),
            norms=norms,
            rows=[(row, _cells(row, norms, window, words)) for row in grid.rows],
            legend=_legend(),
            overdue=overdue,
            ranked=ranked,
            may_urge=visit.may_in(Right.SUPERIOR_WRITE, visit.actor.organisation_id),
            next=f"{here}&{urlencode({'after': grid.next})}" if grid.next else "",
            first=here if "after" in asked else "",
            as_of_position=await visit.read.position(),
        )

    @expose("/trends", identity="all-trends")
    async def all_trends(self, request: Request) -> Response:
        """All branches together, month by month."""
        visit = wide(request, Right.OBLIGATIONS_READ)
        lines = await visit.read.across.trends(scope_of(visit.actor, Right.OBLIGATIONS_READ), visit.today)
        title = say("Trends")
        return await self._trends(request, visit, None, lines, title, [("/admin/", say("All branches")), ("", title)])

    @expose("/b/{org_id}/trends", identity="trends")
    async def trends(self, request: Request) -> Response:
        """One branch, month by month."""
        visit, org = visit_of(request), await org_of(request, Right.OBLIGATIONS_READ)
        lines = await visit.read.across.trends(visit.read.scope(Right.OBLIGATIONS_READ, org), visit.today, org_id=org.id)
        title = say("Trends")
        return await self._trends(
            request, visit, org, lines, title, crumbs(visit, org, (visit.url(org, "norms"), say("Norms")), ("", title))
        )

    async def _trends(
        self, request: Request, visit: Visit, org: Org | None, lines: list[TrendLine], title: str, path: list[tuple[str, str]]
    ) -> Response:
        titles = {norm.id: named(norm) for norm in norms_of(visit)}
        course = await _course(visit, org)
        response = await page(
            self,
            request,
            "trends",
            "norms" if org else "trends",
            org=org,
            title=title,
            crumbs=path,
            lines=[(line.norm, titles.get(line.norm, ""), line.points[::-1]) for line in lines],
            months=[point.month for point in lines[0].points][::-1] if lines else [],
            tone=_tone,
            progress=course if isinstance(course, Progress) else None,
            course=[] if isinstance(course, Progress) else course[::-1],
            most_members=0 if isinstance(course, Progress) else max((one.members for one in course), default=0),
            most_fen=0 if isinstance(course, Progress) else max((one.fen for one in course), default=0),
            as_of_position=await visit.read.position(),
        )
        if isinstance(course, Progress):
            response.headers["Refresh"] = "1"
        return response

    @expose("/b/{org_id}/norms", identity="norms")
    async def norms(self, request: Request) -> Response:
        """What falls due in one branch in the period, of all norms."""
        return await self._norms(request, None)

    @expose("/b/{org_id}/norms/{norm}", identity="norm")
    async def norm(self, request: Request) -> Response:
        """Of one norm."""
        visit = visit_of(request)
        found = next((norm for norm in visit.pack.standard.norm if norm.id == request.path_params["norm"]), None)
        if found is None:
            raise HTTPException(404)
        return await self._norms(request, found)

    async def _norms(self, request: Request, norm: Norm | None) -> Response:
        visit, org = visit_of(request), await org_of(request, Right.OBLIGATIONS_READ)
        window = window_of(request, visit.today)
        dues = await _dues(visit, org, window)
        shown = [one for one in norms_of(visit) if norm is None or one.id == norm.id]
        title = say("Norms") if norm is None else f"{norm.id} {named(norm)}"
        above = (visit.url(org, "norms") + f"?{window.query}", say("Norms"))
        return await page(
            self,
            request,
            "norms",
            "norms",
            org=org,
            title=title,
            crumbs=crumbs(visit, org, ("", title)) if norm is None else crumbs(visit, org, above, ("", title)),
            norm=norm,
            window=window,
            years=range(visit.today.year, visit.today.year - YEARS_BACK, -1),
            sections=[(one, dues[one.id]) for one in shown if one.id in dues],
            may_read_events=visit.may(Right.EVENTS_READ, org),
            urge=_urge(visit, org, norm, window) if any(due.late for one in shown for due in dues.get(one.id, ())) else "",
            as_of_position=await visit.read.position(),
        )


def wide(request: Request, right: Right) -> Visit:
    """The visit of somebody who sees more than one organisation with this right; for all others the page does not exist."""
    visit = visit_of(request)
    if not visit.wide or visit.actor.role not in POLICY[right]:
        raise HTTPException(404)
    return visit


def window_of(request: Request, today: dt.date) -> Window:
    """The year and the quarter of the address; anything else is this year."""
    year, quarter = request.query_params.get("year", ""), request.query_params.get("quarter", "")
    return Window(
        year=int(year) if year.isdecimal() and len(year) == 4 and year > "1900" else today.year,
        quarter=int(quarter) if quarter in {"1", "2", "3", "4"} else 0,
    )


def norms_of(visit: Visit) -> list[Norm]:
    """The norms of which anything falls due, in their order."""
    due = {norm for deadline in visit.pack.deadlines for norm in deadline.norms}
    return [norm for norm in visit.pack.standard.norm if norm.id in due]


def _urge(visit: Visit, org: Org, norm: Norm | None, window: Window) -> str:
    """The form that urges this branch, for its superior."""
    if not visit.may(Right.SUPERIOR_WRITE, org):
        return ""
    return f"/admin/urge?{urlencode({'org': org.id} | ({'norm': norm.id} if norm else {}))}&{window.query}"


def _cells(row: GridRow, norms: list[Norm], window: Window, words: Mapping[str, str]) -> list[tuple[str, str, str, str] | None]:
    """One for each column: where it leads, sign with number, tone, and all of it in words; None where nothing falls due."""
    here, query, cells = f"/admin/b/{row.org_id}/norms", window.query, {cell.norm: cell for cell in row.cells}
    return [(f"{here}/{norm.id}?{query}", *_shown(cells[norm.id], words)) if norm.id in cells else None for norm in norms]


def _shown(cell: Cell, words: Mapping[str, str]) -> tuple[str, str, str]:
    """Sign with number, tone, and all of it in words."""
    state = cell.state
    told = ", ".join(f"{word} {count}" for name, word in words.items() if (count := getattr(cell, name)))
    return SIGNS[state] + ("" if state == "fulfilled" else str(getattr(cell, state))), STATES[state][1], f"{cell.norm}: {told}"


def _legend() -> list[tuple[str, str, str]]:
    return [(SIGNS[name], say(text), tone) for name, (text, tone) in STATES.items()]


def _tone(per_mille: int) -> str:
    return "good" if per_mille >= GOOD else "late" if per_mille >= FAIR else "bad"


async def _course(visit: Visit, org: Org | None) -> list[Month] | Progress:
    """Members and dues month by month, for whoever may see the rolls: from one month to the next few people can be told apart."""
    if org is not None and not visit.may(Right.LEDGERS_READ, org):
        return []
    scope = scope_of(visit.actor, Right.LEDGERS_READ) if org is None else visit.read.scope(Right.LEDGERS_READ, org)
    if not sees_rolls(visit.actor, scope, None if org is None else org.id):
        return []
    return await visit.read.across.course(scope, visit.today, PATIENCE_S, org_id=None if org is None else org.id)


async def _dues(visit: Visit, org: Org, window: Window) -> dict[str, list[Due]]:
    """Norm -> its obligations of the period: what is overdue, what is open, what is done; soonest first."""
    rows = [row for row in await visit.read.obligations(org, window.first, window.last) if row["lapsed_on"] is None]
    names = await visit.read.names(org) if visit.may(Right.ROSTER_READ, org) else {}
    titles = {deadline.id: named(deadline) for deadline in visit.pack.deadlines}
    norms = {deadline.id: deadline.norms for deadline in visit.pack.deadlines}
    proofs = {event for row in rows for event in row["fulfilled_by"] or ()}
    pages = await visit.read.across.pages(visit.read.scope(Right.OBLIGATIONS_READ, org), org.id, proofs)
    dues: dict[str, list[Due]] = {}
    for row in rows:
        for norm in norms.get(row["deadline"], ()):
            dues.setdefault(norm, []).append(_due(row, titles, names, pages, visit.today))
    return {norm: sorted(own, key=lambda due: (due.settled, not due.late)) for norm, own in dues.items()}


def _due(row: Mapping[str, Any], titles: Mapping[str, str], names: Mapping[str, str], pages: Mapping[str, int], today: dt.date) -> Due:
    text, tone = STATES[SAME[status(row, today)]]
    return Due(
        title=f"{titles.get(row['deadline'], row['task'])} {names.get(row['subject'], '')}".strip(),
        period=row["period"],
        due_on=row["due_on"],
        fulfilled_on=row["fulfilled_on"],
        state=say(text),
        tone=tone,
        late=status(row, today) is Status.OVERDUE,
        settled=row["fulfilled_on"] is not None or row["waived_on"] is not None,
        reason=row["reason"],
        pages=sorted(pages[event] for event in row["fulfilled_by"] or () if event in pages),
    )
