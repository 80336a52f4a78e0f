"""Who looked up whose sensitive fields, for the one whose they are."""

import datetime as dt

import msgspec
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from events.base import OrgId, PersonId
from service.auth.actor import Role
from service.auth.tables import read_audit

SHOWN = 100


class Lookup(msgspec.Struct, frozen=True, kw_only=True):
    """One reading: when, in which role, of which organisation, which kind of field, and why. Not who: a role answers for it."""

    at: dt.datetime
    role: Role
    org_id: OrgId
    field_class: str
    purpose: str


async def lookups_of(engine: AsyncEngine, person_id: PersonId, *, but: str | None = None) -> list[Lookup]:
    """The newest first; without those of one account, such as one's own."""
    table = read_audit.c
    query = sa.select(table.at, table.role, table.org_id, table.field_class, table.purpose).where(table.subject == person_id)
    if but is not None:
        query = query.where(table.actor != but)
    async with engine.connect() as connection:
        rows = (await connection.execute(query.order_by(table.at.desc(), table.id.desc()).limit(SHOWN))).mappings()
        return [msgspec.convert({name: row[name] for name in Lookup.__struct_fields__}, Lookup) for row in rows]
