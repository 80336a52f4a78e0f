"""What waits for the superior: every step of a procedure and every answer, of all branches below, the longest waiting first."""

from collections import Counter
from urllib.parse import urlencode

import msgspec
from sqladmin import BaseView, expose
from starlette.requests import Request
from starlette.responses import Response

from admin.across import wide
from admin.visit import Visit, page
from admin.words import pick, say
from service.api.access import scope_of
from service.auth.rights import Right
from service.decide.catalog import CASES
from service.waiting import DIRECTIVE, REDUCTION, Waiting, all_waiting

ROWS = 50


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the page."""

    one: Waiting
    title: str
    step: str
    days: int
    tone: str
    look: str
    """Where the case stands, step by step."""
    forms: list[tuple[str, str]]


class WaitingPages(BaseView):
    """Waiting for approval."""

    name = "Waiting for approval"

    @expose("/waiting", identity="waiting")
    async def waiting(self, request: Request) -> Response:
        """All of it, or one kind."""
        visit, asked = wide(request, Right.LEDGERS_READ), request.query_params
        found = await all_waiting(
            visit.parts.reads, visit.read.directives, scope_of(visit.actor, Right.LEDGERS_READ), visit.pack, visit.today
        )
        kinds = Counter(one.kind for one in found)
        names = {one.kind: pick(one.zh, one.en) for one in found}
        kind = asked.get("kind", "") if asked.get("kind", "") in kinds else ""
        chosen = [one for one in found if kind in ("", one.kind)]
        begin = int(text) if (text := asked.get("from", "")).isdecimal() and len(text) < 7 else 0
        title = say("Waiting for approval")
        here = "/admin/waiting?" + (f"kind={kind}&" if kind else "")
        return await page(
            self,
            request,
            "waiting",
            "waiting",
            title=title,
            crumbs=[("/admin/", say("All branches")), ("", title)],
            rows=[_line(visit, one) for one in chosen[begin : begin + ROWS]],
            every=len(found),
            kinds=[(key, names[key], count) for key, count in sorted(kinds.items())],
            kind=kind,
            next=f"{here}from={begin + ROWS}" if len(chosen) > begin + ROWS else "",
            first=here.rstrip("?&") if begin else "",
        )


def _line(visit: Visit, one: Waiting) -> Line:
    late = one.latest is not None and one.latest < visit.today
    where = f"/admin/b/{one.org_id}"
    return Line(
        one=one,
        title=one.title,
        step=pick(one.step_zh, one.step_en),
        days=(visit.today - one.since).days,
        tone="bad" if late else "",
        look=where + _look(one),
        forms=[
            (text, f"{where}/do/{command}?{urlencode(one.given)}")
            for command, text in ((one.command, _decide(one)), (one.back, say("Return with reason")))
            if command and visit.may_in(CASES[command].right, one.org_id)
        ],
    )


def _look(one: Waiting) -> str:
    """Where the case is told."""
    if one.kind == REDUCTION:
        return "/ledgers/L04/dues-reductions"
    return f"/directives/{one.subject}" if one.kind == DIRECTIVE else f"/procedures/{one.kind}/{one.subject}"


def _decide(one: Waiting) -> str:
    """A form that says yes or no in one is not an approval yet."""
    if one.kind == DIRECTIVE:
        return say("Accept")
    return say("Approve") if one.back else say("Decide")
