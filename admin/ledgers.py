"""The ledgers as on paper: every register with its own columns, as it stands or as it stood on a date; to print and to take away."""

import datetime as dt
from urllib.parse import quote, urlencode

import msgspec
from sqladmin import BaseView, expose
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from admin.reading import Asked
from admin.rows import FILES
from admin.visit import crumbs, org_of, page, visit_of
from admin.words import named, say
from projections.ledgers.catalog import REGISTERS, register
from projections.ledgers.register import Register
from service.auth.rights import Right

YEARS_BACK = 6


class Ledgers(BaseView):
    """Registers of one branch."""

    name = "Ledgers"

    @expose("/b/{org_id}/ledgers", identity="ledgers")
    async def contents(self, request: Request) -> Response:
        """All registers, by ledger, with the number of rows that each holds."""
        visit, org = visit_of(request), await org_of(request, Right.LEDGERS_READ)
        counts = await visit.read.row_counts(org)
        ledgers: dict[str, list[tuple[Register, int]]] = {}
        for one in REGISTERS:
            ledgers.setdefault(one.ledger, []).append((one, counts.get((one.ledger, one.code), 0)))
        titles = {ledger.id: named(ledger) for ledger in visit.pack.standard.ledger}
        shelves = [(f"{code} {titles[code]}", registers) for code, registers in ledgers.items()]
        title = say("Ledgers")
        return await page(
            self, request, "ledgers", "ledgers", org=org, title=title, crumbs=crumbs(visit, org, ("", title)), shelves=shelves
        )

    @expose("/b/{org_id}/ledgers/{ledger}/{code}", identity="register")
    async def register(self, request: Request) -> Response:
        """One register: a page of rows in the order of their numbers."""
        visit, org, form = visit_of(request), await org_of(request, Right.LEDGERS_READ), _register(request)
        asked = _asked(request, form, visit.today)
        rows, following = await visit.read.register(org, form, asked)
        here = f"/admin/b/{org.id}/ledgers/{form.ledger}/{form.code}"
        filters = {name: value for name, value in request.query_params.items() if name in {"year", "q", "as_of", "known_at"} and value}
        title = named(form)
        return await page(
            self,
            request,
            "register",
            "ledgers",
            org=org,
            title=title,
            crumbs=crumbs(visit, org, (visit.url(org, "ledgers"), say("Ledgers")), ("", title)),
            form=form,
            neighbours=[one for one in REGISTERS if one.ledger == form.ledger],
            columns=form.columns,
            rows=rows,
            attached=await visit.read.attached(org, rows),
            public=await visit.read.public(org, visit.today, [row.key for row in rows]) if form.code == "disclosure" else {},
            may_read_events=visit.may(Right.EVENTS_READ, org),
            asked=asked,
            years=range(visit.today.year, visit.today.year - YEARS_BACK, -1),
            first=f"{here}?{urlencode(filters)}" if "after" in request.query_params else "",
            next=f"{here}?{urlencode({**filters, 'after': following})}" if following else "",
            files=[(kind, f"{here}/{kind}?{urlencode(filters)}") for kind in FILES],
            as_of_position=await visit.read.position(),
        )

    @expose("/b/{org_id}/ledgers/{ledger}/{code}/{kind}", identity="register-file")
    async def file(self, request: Request) -> Response:
        """The same rows as a file; formulas in it stay text."""
        visit, org, form = visit_of(request), await org_of(request, Right.LEDGERS_READ), _register(request)
        kind = request.path_params["kind"]
        if kind not in FILES:
            raise HTTPException(404)
        asked = _asked(request, form, visit.today)
        write, media_type = FILES[kind]
        body = write(form, await visit.read.whole_register(org, form, asked))
        name = quote(f"{org.name} {named(form)} {asked.year or ''}".strip() + f".{kind}")
        headers = {"content-disposition": f"attachment; filename=\"{form.ledger}-{form.code}.{kind}\"; filename*=UTF-8''{name}"}
        return Response(body, media_type=media_type, headers=headers)


def _register(request: Request) -> Register:
    form = register(request.path_params["ledger"], request.path_params["code"])
    if form is None:
        raise HTTPException(404)
    return form


def _asked(request: Request, form: Register, today: dt.date) -> Asked:
    """Year, words to find, both clocks, and where the page begins; a date that is none is left out."""
    year = request.query_params.get("year", "")
    return Asked(
        year=0 if not form.yearly else int(year) if year.isdecimal() and len(year) == 4 else today.year,
        q=request.query_params.get("q", "").strip()[:50],
        as_of=_day(request.query_params.get("as_of", "")),
        known_at=_day(request.query_params.get("known_at", "")),
        after=request.query_params.get("after", "")[:200],
    )


def _day(text: str) -> dt.date | None:
    try:
        return msgspec.convert(text, dt.date)
    except msgspec.ValidationError:
        return None
