"""`branchbook follow`: one process that binds committed pages into the journal and applies them to every view.

Several may run: one works, the others stand by. It outlives a database that goes away and comes back.
"""

import asyncio
import signal

import structlog

from events.store.binder import run_binder
from events.store.postgres import connect, listening
from projections.catalog import PROJECTIONS, metadata
from projections.engine.run import Follower
from service.config import Settings

log = structlog.get_logger("branchbook.follow")


async def follow(settings: Settings) -> None:
    """Until SIGTERM or SIGINT; a batch under way is finished first."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    url = settings.database()
    binder_pool = await connect(url, size=1)
    views_pool = await connect(url, size=3, role="branchbook_views")
    follower = Follower(views_pool, PROJECTIONS, metadata)
    log.info("following", projections=[projection.name for projection in PROJECTIONS])
    async with listening(url) as bell, asyncio.TaskGroup() as tasks:
        tasks.create_task(run_binder(binder_pool, stop), name="binder")
        tasks.create_task(follower.follow(bell, stop), name="follower")
    await asyncio.gather(binder_pool.close(), views_pool.close())
    log.info("ended", position=follower.position)
