"""The standard over HTTP: its norms, its versions, and the rules in force for an organisation on a day."""

import datetime as dt
from typing import Annotated

import msgspec
from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter

from events.base import OrgId
from projections.standard.norms import Norm
from projections.standard.pack import default_pack
from projections.standard.standing import RuleInForce, rules_in_force
from service.api.access import scope_of
from service.api.reads import FAILURES, Ask
from service.auth.actor import Actor
from service.auth.rights import Right
from service.bus import LOCAL
from service.versions import Version, version_on, versions

Day = Annotated[dt.date | None, QueryParameter(name="on", description="As of this day (default: today)")]


class InUse(msgspec.Struct, frozen=True, kw_only=True):
    """The pack that the answering process works with."""

    version: str
    sha256: str
    effective_from: dt.date


class Versions(msgspec.Struct, frozen=True, kw_only=True):
    """The published versions in the order of publication; `in_force` is the version of the day asked for."""

    in_use: InUse
    in_force: str
    versions: list[Version]


@get("/norms", operation_id="list-norms", tags=["reads"], opt={"right": Right.STANDARD_READ}, responses=FAILURES, sync_to_thread=False)
def list_norms(actor: NamedDependency[Actor]) -> list[Norm]:  # noqa: ARG001 - asked for, so that it is behind the door
    """The norms of the standard pack with their tasks and materials."""
    return list(default_pack().standard.norm)


@get("/standard/versions", operation_id="list-versions", tags=["reads"], opt={"right": Right.STANDARD_READ}, responses=FAILURES)
async def list_versions(request: Ask, actor: NamedDependency[Actor], on: Day = None) -> Versions:  # noqa: ARG001 - as above
    """Every published version of the standard with its digest, and which one was in force on a day."""
    published = await versions(request.app.state.parts.reads)
    pack = default_pack()
    found = version_on(published, on or _today())
    first = pack.standard.version if not published else "shipped"
    return Versions(
        in_use=InUse(version=pack.standard.version, sha256=pack.digest, effective_from=pack.standard.effective_from),
        in_force=first if found is None else found.version,
        versions=published,
    )


@get("/orgs/{org_id:str}/rules", operation_id="list-rules", tags=["reads"], opt={"right": Right.ORGANISATIONS_READ}, responses=FAILURES)
async def list_rules(request: Ask, org_id: FromPath[str], actor: NamedDependency[Actor], on: Day = None) -> list[RuleInForce]:
    """Every number of the standard as it holds for an organisation on a day: from the pack, or changed by event."""
    org = OrgId(org_id)
    scope = scope_of(actor, Right.ORGANISATIONS_READ, org)
    parts = request.app.state.parts
    await request.app.state.views.organisation(scope, org)
    return rules_in_force(default_pack(), await parts.bus.overrides(org), on or _today())


def _today() -> dt.date:
    return dt.datetime.now(LOCAL).date()


HANDLERS = [list_norms, list_versions, list_rules]
