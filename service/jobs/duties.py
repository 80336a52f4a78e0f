"""The job `duties`: raise, remind, mark overdue, escalate for one branch, as the plan says, through the bus."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import msgspec
import sqlalchemy as sa
import structlog
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from events.base import OrgId
from projections.obligations_state import from_row
from projections.obligations_tables import obligation, obligation_subject
from projections.standard.pack import Pack
from projections.standard.rules import Override
from service.auth.actor import SYSTEM
from service.bus import LOCAL, Bus
from service.errors import Absent, Conflict, KeyReused, Malformed, Refused
from service.jobs.plan import facts_of, steps
from service.jobs.queue import page_of

KIND = "duties"
VIEW = "obligations"
"""The projection by whose rows the worker goes."""
EVERY = dt.timedelta(minutes=5)
KEY = "worker "
"""Before each key: the space is what no key of a client can hold, so that nobody can use up a key of the worker."""
log = structlog.get_logger("branchbook.duties")


class Done(msgspec.Struct, frozen=True):
    """How many events were recorded, looking at the book up to which page."""

    recorded: int
    page: int


async def do_duties(engine: AsyncEngine, bus: Bus, pack: Pack, org_id: OrgId, now: dt.datetime, stopping: Callable[[], bool]) -> Done:
    """Sends what is due. Keys make it safe to do twice, or at once in two workers."""
    today = now.astimezone(LOCAL).date()
    overrides: list[Override] = await bus.overrides(org_id)
    async with engine.connect() as connection:
        page = await page_of(connection, org_id, VIEW)
        subjects = await _rows(connection, obligation_subject, org_id)
        rows = await _rows(connection, obligation, org_id)
    known = {row["obligation_id"]: from_row(row) for row in rows}
    done = 0
    for step in steps(pack, facts_of(subjects, overrides), known, today):
        if stopping():
            break
        try:
            receipt = await bus.handle(org_id, step.command, SYSTEM, key=KEY + step.key, now=now)
            done += len(receipt.events)
        except KeyReused:
            continue
        except (Refused, Absent, Conflict, Malformed) as refusal:
            log.info("not recorded", org=org_id, step=step.key, reason=str(refusal))
    return Done(done, page)


async def _rows(connection: AsyncConnection, table: sa.Table, org_id: OrgId) -> list[dict[str, Any]]:
    found = await connection.execute(sa.select(table).where(table.c.org_id == org_id))
    return [dict(row) for row in found.mappings()]
