"""The binder gives every committed page its position. Any process may run one; one at a time does the work."""

import asyncio
import contextlib
from typing import Any

import asyncpg
import structlog

from events.store.clerk import LOST

BUSY_S = 0.008
IDLE_S = 0.02
RETRY_S = 0.5

log = structlog.get_logger("branchbook.binder")


async def bind(pool: "asyncpg.Pool[Any]") -> int:
    """Binds what became visible since the last time; how many pages."""
    row = await pool.fetchrow("select size, bound from record.bind()")
    assert row is not None
    return int(row["bound"])


async def rebind(pool: "asyncpg.Pool[Any]") -> int:
    """Proves by page numbers that nothing is unbound, binds what is; the size of the journal."""
    return int(await pool.fetchval("select record.rebind()"))


async def run_binder(pool: "asyncpg.Pool[Any]", stop: asyncio.Event) -> None:
    """Binds until `stop` is set. Waits a few milliseconds between batches, a little longer when nothing came."""
    proven = False
    while not stop.is_set():
        try:
            if not proven:
                log.info("journal proven complete", size=await rebind(pool))
                proven = True
            pause = BUSY_S if await bind(pool) else IDLE_S
        except (*LOST, asyncpg.PostgresError) as error:
            log.warning("binder lost the database", error=type(error).__name__)
            proven = False
            pause = RETRY_S
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), pause)
