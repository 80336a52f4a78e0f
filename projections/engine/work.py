"""Work that takes longer than a reader waits: begun once for all who ask for it, and told how far it is."""

import asyncio
from collections.abc import Callable, Coroutine, Hashable
from typing import Any

import msgspec

Tell = Callable[[int], None]
"""Takes how many are done."""


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    """So many are done, of so many."""

    done: int
    of: int


class Running(msgspec.Struct, kw_only=True):
    """One piece of work under way."""

    of: int
    done: int = 0
    task: "asyncio.Task[None] | None" = None

    def tell(self, done: int) -> None:
        self.done = done


class Works:
    """Pieces of work of one process, each known by a key."""

    def __init__(self) -> None:
        self._running: dict[Hashable, Running] = {}

    async def wait(self, key: Hashable, of: int, begin: Callable[[Tell], Coroutine[Any, Any, None]], seconds: float) -> Progress | None:
        """Begins the work unless it is under way. None once it is done; raises what it raised. Whoever stops waiting does not stop it."""
        running = self._running.setdefault(key, Running(of=of))
        if running.task is None:
            running.task = asyncio.create_task(begin(running.tell))
        await asyncio.wait([running.task], timeout=seconds)
        if not running.task.done():
            return Progress(done=running.done, of=running.of)
        if self._running.get(key) is running:
            del self._running[key]
        running.task.result()
        return None

    async def close(self) -> None:
        """Ends what is under way: nobody asks for it any more."""
        tasks = [running.task for running in self._running.values() if running.task is not None]
        self._running.clear()
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)
