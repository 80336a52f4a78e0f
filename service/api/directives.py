"""Directives over HTTP: what a committee issued and how its branches stand, what a branch has, and what waits for approval."""

import datetime as dt
from typing import Annotated

import msgspec
from litestar import get
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath, QueryParameter
from litestar.response import Stream
from msgspec import structs

from events.base import OrgId
from events.organisations import OrgKind
from projections.query import Views
from projections.query_directives import AddressView, IssuedView, ReceivedView, Standing
from projections.shapes import PAGE_MAX, Absence, AsOf, DocumentView, Scope
from projections.standard.pack import default_pack
from service.api.access import scope_of
from service.api.documents import closed, file_headers, held
from service.api.reads import FAILURES, AfterText, Ask, views_of
from service.auth.actor import Actor
from service.auth.policy import entitle
from service.auth.rights import Right
from service.bus import LOCAL
from service.errors import Forbidden, Malformed
from service.parts import Parts
from service.waiting import Waiting, all_waiting

RIGHT = Right.LEDGERS_READ
Limit = Annotated[int, QueryParameter(name="limit", ge=1, le=PAGE_MAX)]
OVERDUE = "overdue"


class Directives(msgspec.Struct, frozen=True, kw_only=True):
    """The newest first: of a committee those that it issued, of a branch those that it has; `next` is the cursor."""

    issued: list[IssuedView]
    received: list[ReceivedView]
    as_of: AsOf
    next: str | None


class DirectivePage(msgspec.Struct, frozen=True, kw_only=True):
    """One directive: the committee's with a page of its addressees, or the branch's own; `next` is the cursor of the addressees."""

    issued: IssuedView | None
    addressees: list[AddressView]
    received: ReceivedView | None
    as_of: AsOf
    next: str | None


class WaitingPage(msgspec.Struct, frozen=True, kw_only=True):
    """The longest waiting first; `next`: from which to go on."""

    waiting: list[Waiting]
    count: int
    """On all pages."""
    as_of: AsOf
    next: int | None


@get(
    "/orgs/{org_id:str}/directives",
    operation_id="list-directives",
    tags=["directives"],
    opt={"right": RIGHT},
    responses=FAILURES,
)
async def list_directives(
    request: Ask, org_id: FromPath[str], actor: NamedDependency[Actor], after: AfterText = None, limit: Limit = 20
) -> Directives:
    """What a committee issued, with how many of its branches have signed, tabled, answered; or what a branch has."""
    org, views, today = OrgId(org_id), views_of(request), _today()
    scope = scope_of(actor, RIGHT, org)
    as_of = await views.position()
    if (await views.organisation(scope, org)).kind == OrgKind.COMMITTEE.value:
        issued, following = await views.directives.issued(scope, org, today, after=after, limit=limit)
        return Directives(issued=issued, received=[], as_of=as_of, next=following)
    received, following = await views.directives.received(scope, org, today, after=after, limit=limit)
    return Directives(issued=[], received=received, as_of=as_of, next=following)


@get(
    "/orgs/{org_id:str}/directives/{directive_id:str}",
    operation_id="read-directive",
    tags=["directives"],
    opt={"right": RIGHT},
    responses=FAILURES,
)
async def read_directive(
    request: Ask,
    org_id: FromPath[str],
    directive_id: FromPath[str],
    actor: NamedDependency[Actor],
    only: Annotated[str, QueryParameter(name="only", description="Addressees of one standing, or `overdue`", max_length=20)] = "",
    after: AfterText = None,
    limit: Limit = 100,
) -> DirectivePage:
    """One directive, with a page of its addressees in the order of their codes: how far each is and what it answered."""
    org, views, today = OrgId(org_id), views_of(request), _today()
    if only not in {"", OVERDUE, *Standing}:
        raise Malformed(f"only: a standing ({', '.join(Standing)}) or {OVERDUE}")
    scope = scope_of(actor, RIGHT, org)
    as_of = await views.position()
    if (await views.organisation(scope, org)).kind == OrgKind.COMMITTEE.value:
        issued = await views.directives.one(scope, org, directive_id, today)
        found, following = await views.directives.addressees(scope, org, directive_id, today, only=only, after=after, limit=limit)
        return DirectivePage(issued=issued, addressees=found, received=None, as_of=as_of, next=following)
    received = await views.directives.here(scope, org, directive_id, today)
    return DirectivePage(issued=None, addressees=[], received=received, as_of=as_of, next=None)


@get(
    "/orgs/{org_id:str}/directives/{directive_id:str}/documents/{document_id:str}",
    operation_id="read-directive-document",
    tags=["directives"],
    opt={"right": RIGHT},
    responses={200: ResponseSpec(None, description="the bytes as they were filed", generate_examples=False), **FAILURES},
)
async def read_enclosure(
    request: Ask, org_id: FromPath[str], directive_id: FromPath[str], document_id: FromPath[str], actor: NamedDependency[Actor]
) -> Stream:
    """A file that came with a directive, for whoever has the directive: nothing else of the committee is opened by it."""
    org = OrgId(org_id)
    found = await enclosure(views_of(request), scope_of(actor, RIGHT, org), org, directive_id, document_id, _today())
    parts: Parts = request.app.state.parts
    size = await held(parts.files, found)
    return Stream(parts.files.read(found.sha256), media_type=found.media_type, headers=file_headers(found, size))


async def enclosure(views: Views, scope: Scope, org: OrgId, directive_id: str, document_id: str, today: dt.date) -> DocumentView:
    """The document of the committee as it stands; absent unless the directive in this book names it, forbidden where no names are read."""
    told = await views.directives.here(scope, org, directive_id, today)
    if document_id not in told.documents:
        raise Absence(document_id)
    if not scope.names:
        raise Forbidden(document_id)
    found = await views.documents.one(structs.replace(scope, orgs=frozenset({told.from_org_id})), told.from_org_id, document_id)
    if closed(found) or found.withdrawn_on is not None:
        raise Absence(document_id)
    return found


@get("/waiting", operation_id="list-waiting", tags=["directives"], opt={"right": RIGHT}, responses=FAILURES)
async def list_waiting(
    request: Ask,
    actor: NamedDependency[Actor],
    after: Annotated[int, QueryParameter(name="after", ge=0, le=1_000_000)] = 0,
    limit: Limit = 100,
) -> WaitingPage:
    """Every step of a procedure and every answer to a directive that waits for the superior, of all organisations in sight."""
    entitle(actor, RIGHT)
    views = views_of(request)
    as_of = await views.position()
    parts: Parts = request.app.state.parts
    found = await all_waiting(parts.reads, views.directives, scope_of(actor, RIGHT), default_pack(), _today())
    page, following = found[after : after + limit], after + limit
    return WaitingPage(waiting=page, count=len(found), as_of=as_of, next=following if len(found) > following else None)


def _today() -> dt.date:
    return dt.datetime.now(dt.UTC).astimezone(LOCAL).date()


HANDLERS = [list_directives, read_directive, read_enclosure, list_waiting]
