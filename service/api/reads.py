"""Reads over HTTP: every one goes through the one door (`projections.query`) with the reader's scope."""

import datetime as dt
import secrets
from collections.abc import AsyncIterator, Iterable
from typing import Annotated, Any

import msgspec
from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath, HeaderParameter, QueryParameter
from sqlalchemy.exc import DBAPIError

from events.base import OrgId
from projections.duties import AHEAD_MAX, Standing, Window
from projections.ledgers.catalog import register
from projections.ledgers.register import Register
from projections.query import Views
from projections.shapes import PAGE_MAX, Absence, AsOf, LedgerPage, MemberView, OrgView, Scope
from projections.standard.pack import default_pack
from service.api.access import scope_of
from service.api.cloud import CloudEvent, cloud_event
from service.api.problems import documented
from service.auth.accounts import record_read
from service.auth.actor import Actor
from service.auth.rights import Right
from service.bus import LOCAL
from service.errors import Malformed, Unavailable
from service.exports.sheet import csv_text, headings, row_cells, xlsx_bytes

Ask = Request[Any, Any, Any]
Limit = Annotated[int, QueryParameter(name="limit", ge=1, le=PAGE_MAX)]
AfterText = Annotated[str | None, QueryParameter(name="after", max_length=200, description="Cursor of the page before (`next`)")]
AfterPage = Annotated[int, QueryParameter(name="after", ge=0, le=2**62)]
Year = Annotated[int | None, QueryParameter(name="year", ge=1921, le=9999)]
AsOfDay = Annotated[dt.date | None, QueryParameter(name="as_of", description="What had happened by this day")]
KnownAt = Annotated[dt.datetime | None, QueryParameter(name="known_at", description="What was on record by this instant")]
Former = Annotated[bool, QueryParameter(name="former", description="Also those who left")]
Purpose = Annotated[str | None, HeaderParameter(name="X-Purpose", max_length=200, description="Why sensitive fields are read in clear")]
CSV = "text/csv; charset=utf-8"
FAILURES = documented(400, 401, 403, 404, 503)
REQUEST_ID_MAX = 100
EARLIEST = dt.date(1921, 7, 1)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Orgs(msgspec.Struct, frozen=True, kw_only=True):
    """Organisations in sight."""

    organisations: list[OrgView]
    as_of: AsOf
    next: str | None


class Members(msgspec.Struct, frozen=True, kw_only=True):
    """A page of the roll; `next` is the cursor."""

    members: list[MemberView]
    as_of: AsOf
    next: int | None


class History(msgspec.Struct, frozen=True, kw_only=True):
    """A page of a book; `head` is the number of its last page."""

    events: list[CloudEvent]
    head: int
    next: int | None


class Obligation(msgspec.Struct, frozen=True, kw_only=True):
    """One task of one branch for one period or subject, with its state on the day asked for."""

    org_id: str
    obligation_id: str
    deadline: str
    task: str
    period: str
    """`continuous` for a task without a due date."""
    subject: str | None
    due_on: dt.date | None
    status: str
    raised_on: dt.date | None
    """None for one that is forecast."""
    days_since: int | None
    """Of a task without a due date: days since its last evidence; None where there never was any."""
    done: int
    needed: int
    wanting: int
    """How many members or months are still wanting."""
    fulfilled_on: dt.date | None
    fulfilled_by: list[str]
    overdue_on: dt.date | None
    escalated_on: dt.date | None
    pressed_on: dt.date | None
    """When it was escalated for the second time."""
    waived_on: dt.date | None
    extended_on: dt.date | None
    reason: str
    """Of the superior, for the waiver or the extension."""
    explanation: str
    """Of the branch."""


class Obligations(msgspec.Struct, frozen=True, kw_only=True):
    """Soonest first, at the end those without a due date; as they stand `on` a day."""

    obligations: list[Obligation]
    on: dt.date
    as_of: AsOf


def views_of(request: Ask) -> Views:
    views: Views = request.app.state.views
    return views


@get("/orgs", operation_id="list-organisations", tags=["reads"], opt={"right": Right.ORGANISATIONS_READ}, responses=FAILURES)
async def list_organisations(request: Ask, actor: NamedDependency[Actor], after: AfterText = None, limit: Limit = 100) -> Orgs:
    """The organisations that you may see, in the order of their codes."""
    views = views_of(request)
    as_of = await views.position()
    found = await views.organisations(scope_of(actor, Right.ORGANISATIONS_READ), after=after, limit=limit)
    return Orgs(organisations=found, as_of=as_of, next=found[-1].org_id if len(found) == limit else None)


@get("/orgs/{org_id:str}", operation_id="read-organisation", tags=["reads"], opt={"right": Right.ORGANISATIONS_READ}, responses=FAILURES)
async def read_organisation(request: Ask, org_id: FromPath[str], actor: NamedDependency[Actor]) -> OrgView:
    """One organisation."""
    return await views_of(request).organisation(scope_of(actor, Right.ORGANISATIONS_READ, OrgId(org_id)), OrgId(org_id))


@get("/orgs/{org_id:str}/members", operation_id="list-members", tags=["reads"], opt={"right": Right.ROSTER_READ}, responses=FAILURES)
async def list_members(
    request: Ask,
    org_id: FromPath[str],
    actor: NamedDependency[Actor],
    after: AfterPage = 0,
    limit: Limit = 100,
    former: Former = False,  # noqa: FBT002 - a query parameter has a name
    purpose: Purpose = None,
) -> Members:
    """The roll in its order. With `X-Purpose`, sensitive fields come in clear and the read is on record before it is answered."""
    org = OrgId(org_id)
    scope = scope_of(actor, Right.ROSTER_READ, org)
    if purpose is not None:
        if not purpose.strip():
            raise Malformed("X-Purpose must say why")
        scope = scope_of(actor, Right.SENSITIVE_READ, org, sensitive=True)
    found, following, as_of = await views_of(request).members(scope, org, after=after, limit=limit, former=former)
    if purpose is not None:
        await on_record(request, actor, org, [member.person_id for member in found], purpose)
    return Members(members=found, as_of=as_of, next=following)


async def on_record(request: Ask, actor: Actor, org_id: OrgId, subjects: Iterable[str], purpose: str) -> None:
    """Promise P13: no record, no read."""
    request_id = request.headers.get("x-request-id", "")[:REQUEST_ID_MAX] or secrets.token_hex(8)
    try:
        await record_read(request.app.state.engine, actor, org_id, subjects, "sensitive", purpose, request_id)
    except (DBAPIError, OSError) as error:
        raise Unavailable("the read could not be put on record") from error


@get("/orgs/{org_id:str}/events", operation_id="list-events", tags=["reads"], opt={"right": Right.EVENTS_READ}, responses=FAILURES)
async def list_events(
    request: Ask, org_id: FromPath[str], actor: NamedDependency[Actor], after: AfterPage = 0, limit: Limit = 50
) -> History:
    """The book page by page, without personal fields. `position` is -1 here: this is the book, not the journal."""
    scope = scope_of(actor, Right.EVENTS_READ, OrgId(org_id))
    views = views_of(request)
    head = await views.head(scope, OrgId(org_id))
    facts, following = await views.history(scope, OrgId(org_id), after=after, limit=limit)
    return History(events=[cloud_event(fact) for fact in facts], head=head, next=following)


@get(
    "/orgs/{org_id:str}/obligations",
    operation_id="list-obligations",
    tags=["reads"],
    opt={"right": Right.OBLIGATIONS_READ},
    responses=FAILURES,
)
async def list_obligations(
    request: Ask,
    org_id: FromPath[str],
    actor: NamedDependency[Actor],
    from_day: Annotated[dt.date | None, QueryParameter(name="from")] = None,
    to_day: Annotated[dt.date | None, QueryParameter(name="to", description="Without it about a year ahead")] = None,
    as_of: AsOfDay = None,
    known_at: KnownAt = None,
) -> Obligations:
    """What is due between two days, on record or forecast, soonest first; and how long ago tasks without a date had their last evidence.

    `as_of`: happened by; `known_at`: recorded by. With either it is as it was known then; with a day to come as it will
    stand if nothing happens.
    """
    org = OrgId(org_id)
    scope = scope_of(actor, Right.OBLIGATIONS_READ, org)
    on = _day_of(as_of, known_at)
    window = Window(on=on, first=from_day, last=to_day)
    views, pack = views_of(request), default_pack()
    position = await views.position()
    if known_at is None and (as_of is None or as_of >= dt.datetime.now(LOCAL).date()):
        found = await views.duties.now(scope, org, pack, window)
    else:
        found = await views.duties.known(scope, org, pack, window, as_of=as_of, known_at=known_at)
    return Obligations(obligations=[_obligation(org, one) for one in found], on=on, as_of=position)


def _day_of(as_of: dt.date | None, known_at: dt.datetime | None) -> dt.date:
    """The day on which duties are looked at: that of either clock, or today."""
    today = dt.datetime.now(LOCAL).date()
    if known_at is not None and known_at.tzinfo is None:
        raise Malformed("known_at needs a time zone, such as Z")
    known_on = today if known_at is None else min(known_at.astimezone(LOCAL).date(), today)
    on = as_of or known_on
    if not EARLIEST <= on <= today + AHEAD_MAX:
        raise Malformed(f"duties are known from {EARLIEST} on, and three years ahead")
    return on


def _obligation(org_id: OrgId, standing: Standing) -> Obligation:
    one = standing.one
    shared = {field: getattr(one, field) for field in Obligation.__struct_fields__ if field in one.__struct_fields__}
    own = {"org_id": org_id, "obligation_id": standing.obligation_id, "status": standing.status, "days_since": standing.days_since}
    return msgspec.convert({**shared, **own, "wanting": len(one.missing)}, Obligation)


@get(
    "/orgs/{org_id:str}/ledgers/{ledger:str}",
    operation_id="read-ledger",
    tags=["reads"],
    opt={"right": Right.LEDGERS_READ},
    responses={
        200: ResponseSpec(LedgerPage, description="as `application/json`; as a file when asked for one", generate_examples=False),
        **FAILURES,
    },
)
async def read_ledger(
    request: Ask,
    org_id: FromPath[str],
    ledger: FromPath[str],
    actor: NamedDependency[Actor],
    code: Annotated[str, QueryParameter(name="register", max_length=40, description="Code of the register, such as `roll`")],
    year: Year = None,
    as_of: AsOfDay = None,
    known_at: KnownAt = None,
    after: AfterText = None,
    limit: Limit = 50,
) -> Response[Any]:
    """A register of a ledger, `L01` to `L10`; with `.xlsx` or `.csv` after the number, the whole register as a file.

    `as_of`: happened by; `known_at`: recorded by. With either the whole register is folded as of then.
    """
    if known_at is not None and known_at.tzinfo is None:
        raise Malformed("known_at needs a time zone, such as Z")
    number, _, kind = ledger.partition(".")
    org, form = OrgId(org_id), register(number, code)
    scope = scope_of(actor, Right.LEDGERS_READ, org)
    if form is None or kind not in ("", "xlsx", "csv"):
        raise Absence(ledger)
    views = views_of(request)
    await views.organisation(scope, org)
    if kind == "" and as_of is None and known_at is None:
        return Response(await views.ledger(scope, org, number, code, year=year, after=after, limit=limit))
    if as_of is not None or known_at is not None:
        pages = [await views.ledger_as_of(scope, org, number, code, year=year, as_of=as_of, known_at=known_at)]
    else:
        pages = [page async for page in _whole(views, scope, org, form, year)]
    return Response(pages[0]) if kind == "" else _file(form, kind, pages)


async def _whole(views: Views, scope: Scope, org_id: OrgId, form: Register, year: int | None) -> AsyncIterator[LedgerPage]:
    after: str | None = None
    while True:
        page = await views.ledger(scope, org_id, form.ledger, form.code, year=year, after=after, limit=PAGE_MAX)
        yield page
        after = page.next
        if after is None:
            return


def _file(form: Register, kind: str, pages: list[LedgerPage]) -> Response[bytes]:
    rows = [row_cells(form, row, page.names) for page in pages for row in page.rows]
    headers = {"Content-Disposition": f'attachment; filename="{form.ledger}-{form.code}.{kind}"'}
    if kind == "csv":
        return Response(csv_text(headings(form), rows).encode(), media_type=CSV, headers=headers)
    return Response(xlsx_bytes(form.zh, headings(form), rows), media_type=XLSX, headers=headers)


HANDLERS = [
    list_organisations,
    read_organisation,
    list_members,
    list_events,
    list_obligations,
    read_ledger,
]
