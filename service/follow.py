"""`branchbook follow`: the binder and the projector of one process. A second process may stand by; it takes over by itself."""

import asyncio
import signal

from events.store.binder import run_binder
from events.store.postgres import connect, listening
from projections.catalog import PROJECTIONS, metadata
from projections.engine.origin import renew
from projections.engine.run import Follower
from service.config import Settings
from service.parts import closed


async def follow(settings: Settings) -> None:
    """Until SIGINT or SIGTERM."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    await follow_until(settings.database(), stop)


async def follow_until(url: str, stop: asyncio.Event) -> None:
    """Binds and follows until `stop` is set; both survive the database going away. Views that older code made are built anew first."""
    binding = await connect(url, size=1)
    views = await connect(url, size=2, role="branchbook_views")
    try:
        async with listening(url) as bell, asyncio.TaskGroup() as tasks:
            tasks.create_task(run_binder(binding, stop))
            await renew(url)
            tasks.create_task(Follower(views, PROJECTIONS, metadata).follow(bell, stop))
            await stop.wait()
            bell.ring()
    finally:
        await closed(binding)
        await closed(views)
