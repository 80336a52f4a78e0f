"""Procedures over HTTP: what is done, open or blocked, by which rule, from when, and which papers are missing."""

import datetime as dt
from typing import Annotated

import msgspec
from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter

from events.base import OrgId
from projections.shapes import PAGE_MAX
from service.api.access import scope_of
from service.api.reads import FAILURES, Ask
from service.auth.actor import Actor
from service.auth.rights import Right
from service.bus import LOCAL
from service.parts import Parts
from service.procedures import Standing, standing, standings


class Procedures(msgspec.Struct, frozen=True, kw_only=True):
    """Those that are not over come first; `next`: from which to go on."""

    procedures: list[Standing]
    next: int | None


@get(
    "/orgs/{org_id:str}/procedures",
    operation_id="list-procedures",
    tags=["procedures"],
    opt={"right": Right.LEDGERS_READ},
    responses=FAILURES,
)
async def list_procedures(
    request: Ask,
    org_id: FromPath[str],
    actor: NamedDependency[Actor],
    after: Annotated[int, QueryParameter(name="after", ge=0, le=100_000)] = 0,
    limit: Annotated[int, QueryParameter(name="limit", ge=1, le=PAGE_MAX)] = 100,
) -> Procedures:
    """Every procedure of an organisation as it stands today."""
    org = OrgId(org_id)
    await _in_sight(request, actor, org)
    parts: Parts = request.app.state.parts
    found = await standings(parts.bus, parts.books, org, _today())
    page = found[after : after + limit]
    return Procedures(procedures=page, next=after + limit if len(found) > after + limit else None)


@get(
    "/orgs/{org_id:str}/procedures/{kind:str}/{subject:str}",
    operation_id="read-procedure",
    tags=["procedures"],
    opt={"right": Right.LEDGERS_READ},
    responses=FAILURES,
)
async def read_procedure(
    request: Ask, org_id: FromPath[str], kind: FromPath[str], subject: FromPath[str], actor: NamedDependency[Actor]
) -> Standing:
    """The steps of one case, in order."""
    org = OrgId(org_id)
    await _in_sight(request, actor, org)
    parts: Parts = request.app.state.parts
    return await standing(parts.bus, org, kind, subject, _today())


async def _in_sight(request: Ask, actor: Actor, org: OrgId) -> None:
    scope = scope_of(actor, Right.LEDGERS_READ, org)
    await request.app.state.views.organisation(scope, org)


def _today() -> dt.date:
    return dt.datetime.now(dt.UTC).astimezone(LOCAL).date()


HANDLERS = [list_procedures, read_procedure]
