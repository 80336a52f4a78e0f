"""What everybody may read about themselves: the file that the branch keeps of them, their own rows of its ledgers, and what they asked."""

import datetime as dt
from typing import Annotated

import msgspec
from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter

from events.base import OrgId
from projections.ledgers.catalog import register
from projections.shapes import Absence, LedgerPage, MemberView, Scope
from service.api.access import scope_of
from service.api.reads import FAILURES, AfterText, Ask, Limit, Year, on_record, views_of
from service.auth.actor import Actor
from service.auth.lookups import Lookup, lookups_of
from service.auth.policy import authorize
from service.auth.rights import Right
from service.bus import LOCAL
from service.own.dues import OwnDues, own_dues
from service.own.matters import Matter, own_matters, waiting_matters
from service.own.meetings import ComingMeeting, coming_meetings
from service.parts import Parts

OWN_FILE = "own file"


class Lookups(msgspec.Struct, frozen=True, kw_only=True):
    """The newest first."""

    lookups: list[Lookup]


class Coming(msgspec.Struct, frozen=True, kw_only=True):
    """The next one first."""

    meetings: list[ComingMeeting]


class Matters(msgspec.Struct, frozen=True, kw_only=True):
    """Suggestions and requests."""

    matters: list[Matter]


@get("/me/file", operation_id="read-own-file", tags=["own"], opt={"right": Right.OWN_READ}, responses=FAILURES)
async def read_own_file(request: Ask, actor: NamedDependency[Actor]) -> MemberView:
    """One's own line of the roll, in clear; 404 for an account that belongs to no member. The read is on record."""
    scope = _own(actor, sensitive=True)
    found, _, _ = await views_of(request).members(scope, actor.organisation_id, former=True)
    if not found:
        raise Absence(actor.organisation_id)
    await on_record(request, actor, actor.organisation_id, [found[-1].person_id], OWN_FILE)
    return found[-1]


@get("/me/ledgers/{ledger:str}", operation_id="read-own-ledger", tags=["own"], opt={"right": Right.OWN_READ}, responses=FAILURES)
async def read_own_ledger(
    request: Ask,
    ledger: FromPath[str],
    actor: NamedDependency[Actor],
    code: Annotated[str, QueryParameter(name="register", max_length=40, description="Code of the register, such as `dues-payments`")],
    year: Year = None,
    after: AfterText = None,
    limit: Limit = 50,
) -> LedgerPage:
    """The rows of a register that are about oneself: dues paid, hours studied, grades, awards."""
    if register(ledger, code) is None:
        raise Absence(ledger)
    return await views_of(request).ledger(_own(actor), actor.organisation_id, ledger, code, year=year, after=after, limit=limit)


@get("/me/lookups", operation_id="list-own-lookups", tags=["own"], opt={"right": Right.OWN_READ}, responses=FAILURES)
async def list_own_lookups(request: Ask, actor: NamedDependency[Actor]) -> Lookups:
    """Who read one's sensitive fields, in which role and why; 404 for an account that belongs to no member."""
    if actor.person_id is None:
        raise Absence(actor.id)
    return Lookups(lookups=await lookups_of(request.app.state.engine, actor.person_id))


@get("/me/meetings", operation_id="list-own-meetings", tags=["own"], opt={"right": Right.OWN_READ}, responses=FAILURES)
async def list_own_meetings(request: Ask, actor: NamedDependency[Actor]) -> Coming:
    """Meetings to come to which one belongs: when, where, whether one was told, whether one is excused."""
    if actor.person_id is None:
        raise Absence(actor.id)
    return Coming(meetings=await coming_meetings(_parts(request), actor.organisation_id, actor.person_id, _today()))


@get("/me/dues", operation_id="read-own-dues", tags=["own"], opt={"right": Right.OWN_READ}, responses=FAILURES)
async def read_own_dues(request: Ask, actor: NamedDependency[Actor]) -> OwnDues:
    """What is due and how it was worked out, what was paid with which receipt, what is owed. The read of the base is on record."""
    if actor.person_id is None:
        raise Absence(actor.id)
    await on_record(request, actor, actor.organisation_id, [actor.person_id], OWN_FILE)
    return await own_dues(_parts(request), actor.organisation_id, actor.person_id, _today())


@get("/me/matters", operation_id="list-own-matters", tags=["own"], opt={"right": Right.OWN_READ}, responses=FAILURES)
async def list_own_matters(request: Ask, actor: NamedDependency[Actor]) -> Matters:
    """What one said to the branch and asked of it, who handled it, and the answer; the newest first."""
    if actor.person_id is None:
        raise Absence(actor.id)
    return Matters(matters=await own_matters(_parts(request), actor.organisation_id, actor.person_id, _today()))


@get("/orgs/{org_id:str}/matters", operation_id="list-matters", tags=["own"], opt={"right": Right.MATTERS_READ}, responses=FAILURES)
async def list_matters(request: Ask, org_id: FromPath[str], actor: NamedDependency[Actor]) -> Matters:
    """What members asked of the branch and said to it, and what still waits; the longest waiting first. Numbers are masked."""
    authorize(actor, Right.MATTERS_READ, OrgId(org_id))
    return Matters(matters=await waiting_matters(_parts(request), OrgId(org_id), _today()))


def _parts(request: Ask) -> Parts:
    parts: Parts = request.app.state.parts
    return parts


def _today() -> dt.date:
    return dt.datetime.now(LOCAL).date()


def _own(actor: Actor, *, sensitive: bool = False) -> Scope:
    if actor.person_id is None:
        raise Absence(actor.id)
    return scope_of(actor, Right.OWN_READ, actor.organisation_id, sensitive=sensitive)


HANDLERS = [read_own_file, read_own_ledger, list_own_lookups, list_own_meetings, read_own_dues, list_own_matters, list_matters]
