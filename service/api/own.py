"""What everybody may read about themselves: the file that the branch keeps of them, and their own rows of its ledgers."""

from typing import Annotated

import msgspec
from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter

from projections.ledgers.catalog import register
from projections.shapes import Absence, LedgerPage, MemberView, Scope
from service.api.access import scope_of
from service.api.reads import FAILURES, AfterText, Ask, Limit, Year, on_record, views_of
from service.auth.actor import Actor
from service.auth.lookups import Lookup, lookups_of
from service.auth.rights import Right

OWN_FILE = "own file"


class Lookups(msgspec.Struct, frozen=True, kw_only=True):
    """The newest first."""

    lookups: list[Lookup]


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


def _own(actor: Actor, *, sensitive: bool = False) -> Scope:
    if actor.person_id is None:
        raise Absence(actor.id)
    return scope_of(actor, Right.OWN_READ, actor.organisation_id, sensitive=sensitive)


HANDLERS = [read_own_file, read_own_ledger, list_own_lookups]
