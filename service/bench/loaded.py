"""The life of 2,000 branches with 1,000,000 events, filled once for all the measures of a run that read it."""

import contextlib

from projections.engine.origin import renew
from projections.engine.rebuild import catch_up
from service.bench.server import database
from service.bench.views import fill

LARGE_BRANCHES, LARGE_EVENTS = 2_000, 1_000_000


class Loaded:
    """Databases of this run by (server, events)."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, int], tuple[str, int]] = {}
        self._stack = contextlib.AsyncExitStack()

    async def of(self, server: str, events: int | None) -> tuple[str, int]:
        """(address, how many events): followed up to its end."""
        key = server, events or LARGE_EVENTS
        if key not in self._kept:
            url = await self._stack.enter_async_context(database(server))
            await renew(url)  # signs the views as made by this code, or a follower would build them anew
            size = await fill(url, LARGE_BRANCHES, key[1])
            await catch_up(url)
            self._kept[key] = url, size
        return self._kept[key]

    async def drop(self) -> None:
        """At the end of the run."""
        self._kept.clear()
        await self._stack.aclose()


LOADED = Loaded()
