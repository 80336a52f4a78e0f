"""One's own file: what the branch keeps of whoever is signed in, row by row of its registers, and who looked it up."""

import msgspec
from sqladmin import BaseView, expose
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from admin import show
from admin.rows import RegisterRow
from admin.visit import ROLES, crumbs, page, visit_of
from admin.words import named, say
from projections.ledgers.catalog import register
from service.auth.lookups import lookups_of

REGISTERS = (
    ("L01", "roll"),
    ("L03", "study-hours"),
    ("L04", "dues-payments"),
    ("L04", "dues-assessment"),
    ("L02", "appraisal"),
    ("L02", "talks"),
    ("L05", "suggestions"),
    ("L04", "admissions"),
    ("L09", "awards"),
)
"""What people ask for first stands first."""
ROWS = 6
BESIDE = ("paid_on_", "collector_")


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One row of a register, without what everybody knows of themselves."""

    cells: list[tuple[str, str]]
    struck: bool


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """The rows of one register about this person: the newest, and how many there are."""

    title: str
    rows: list[Line]
    every: int


class OwnPages(BaseView):
    """My file."""

    name = "My file"

    @expose("/me", identity="own")
    async def own(self, request: Request) -> Response:
        visit = visit_of(request)
        person = visit.actor.person_id
        if person is None:
            raise HTTPException(404)
        parts = []
        for ledger, code in REGISTERS:
            form = register(ledger, code)
            assert form is not None, code
            if rows := await visit.read.own(form):
                parts.append(Part(title=named(form), rows=[_line(row, code) for row in rows[:ROWS]], every=len(rows)))
        org = await visit.read.org(visit.actor.organisation_id)
        title = say("My file")
        return await page(
            self,
            request,
            "own",
            "own",
            title=title,
            org=org,
            crumbs=crumbs(visit, org, ("", title)),
            parts=parts,
            lookups=[
                (show.instant(int(one.at.timestamp() * 1_000_000)), say(ROLES[one.role]), one.purpose)
                for one in await lookups_of(visit.engine, person)
            ],
        )


def _line(row: RegisterRow, code: str) -> Line:
    """A month that was paid stands in one line: how much, when, to whom."""
    cells: list[tuple[str, str]] = []
    for column, text in row.cells:
        if not text or (column.key == "person" and code != "roll"):
            continue
        if column.key.startswith(BESIDE) and cells:
            cells[-1] = (cells[-1][0], f"{cells[-1][1]} · {text}")
        else:
            cells.append((named(column), text))
    return Line(cells=cells, struck=row.struck)
