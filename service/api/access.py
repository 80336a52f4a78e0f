"""Who is asking: session or token -> actor, and what that actor may see."""

import time
from typing import Any

from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler
from sqlalchemy.ext.asyncio import AsyncEngine

from events.base import OrgId
from projections.shapes import Readers, Scope
from service.auth.accounts import actor_of
from service.auth.actor import Actor, Role
from service.auth.policy import POLICY, Reach, authorize
from service.auth.rights import Right
from service.errors import NotSignedIn

REMEMBERED_S = 3.0
REMEMBERED_MAX = 10_000
COOKIES = ("__Host-sid", "sid")
"""Of the desk: over https, and on plain http on this machine."""
NAMELESS = frozenset({Role.AUDITOR, Role.INTEGRATOR, Role.PLATFORM_ADMIN})
"""Roles that read without names (reliability 4.1: pseudonyms)."""


class Doorman:
    """Looks a token up in PostgreSQL, and believes what it found for a few seconds."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._known: dict[str, tuple[float, Actor]] = {}

    async def actor(self, token: str) -> Actor:
        now = time.monotonic()
        known = self._known.get(token)
        if known is not None and now - known[0] < REMEMBERED_S:
            return known[1]
        self._known.pop(token, None)
        actor = await actor_of(self._engine, token)
        if actor is None:
            raise NotSignedIn
        if len(self._known) >= REMEMBERED_MAX:
            self._known.clear()
        self._known[token] = (now, actor)
        return actor

    def forget(self, token: str) -> None:
        self._known.pop(token, None)


def token_of(request: "ASGIConnection[Any, Any, Any, Any]") -> str | None:
    """The bearer token. The API takes no cookie, so no other site can make a browser speak for its user here."""
    header = request.headers.get("authorization", "")
    return header[7:].strip() if header.lower().startswith("bearer ") else None


async def current_actor(request: "ASGIConnection[Any, Any, Any, Any]") -> Actor:
    """Dependency `actor`. Raises `NotSignedIn`."""
    token = token_of(request)
    if token is None:
        raise NotSignedIn
    doorman: Doorman = request.app.state.doorman
    return await doorman.actor(token)


def scope_of(actor: Actor, right: Right, org_id: OrgId | None = None, *, sensitive: bool = False) -> Scope:
    """What the actor may see under a right. With an organisation, the right over it is asked for first."""
    if org_id is not None:
        authorize(actor, right, org_id)
    reach = POLICY[right].get(actor.role)
    orgs: frozenset[OrgId] | None = frozenset()
    if reach is Reach.ALL:
        orgs = None
    elif reach is Reach.SUBTREE:
        orgs = actor.subtree
    elif reach is Reach.OWN or (reach is Reach.SELF and actor.person_id is not None):
        orgs = frozenset({actor.organisation_id})
    return Scope(
        orgs=orgs,
        names=actor.role not in NAMELESS,
        sensitive=sensitive,
        person_id=actor.person_id if reach is Reach.SELF else None,
    )


def readers_of(actor: Actor, above: frozenset[OrgId]) -> Readers:
    """With which eyes somebody who is signed in reads what is disclosed.

    As a member of the Party, of the own branch, and of the own unit, which includes the organisations `above`; as one of specific people
    only where the ledgers may be read.
    """
    units = scope_of(actor, Right.DISCLOSURE_READ).orgs or frozenset()
    return Readers(
        party=bool(units),
        branches=units & {actor.organisation_id},
        units=units | above if units else frozenset(),
        specific=scope_of(actor, Right.LEDGERS_READ).orgs or frozenset(),
    )


async def may_send(connection: "ASGIConnection[Any, Any, Any, Any]", handler: BaseRouteHandler) -> None:
    """Guard of the command routes: the right is asked for before a byte of the body is looked at."""
    actor = await current_actor(connection)
    authorize(actor, handler.opt["right"], OrgId(connection.path_params["org_id"]))
