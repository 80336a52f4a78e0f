"""`branchbook follow`: the binder and the projector of one process. A second process may stand by; it takes over by itself."""

import asyncio
import signal

from events.store.binder import run_binder
from events.store.postgres import connect, listening
from projections.catalog import every_projection, metadata
from projections.engine.collector import steady
from projections.engine.origin import renew
from projections.engine.run import Follower
from service.config import Settings
from service.parts import closed
from service.versions import prepare, watch


async def follow(settings: Settings) -> None:
    """Until SIGINT or SIGTERM, or until another standard pack is published."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    steady()
    await prepare(settings)
    watching = asyncio.create_task(watch(settings.database(), stop.set))
    try:
        await follow_until(settings.database(), stop)
    finally:
        watching.cancel()


async def follow_until(url: str, stop: asyncio.Event) -> None:
    """Binds and follows until `stop` is set; both survive the database going away. Views that older code made are built anew first."""
    binding = await connect(url, size=1)
    views = await connect(url, size=2, role="branchbook_views")
    try:
        async with listening(url) as bell, asyncio.TaskGroup() as tasks:
            tasks.create_task(run_binder(binding, stop))
            await renew(url)
            tasks.create_task(Follower(views, every_projection(), metadata).follow(bell, stop))
            await stop.wait()
            bell.ring()
    finally:
        await closed(binding)
        await closed(views)
