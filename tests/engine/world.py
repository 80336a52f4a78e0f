"""A small committee's record on PostgreSQL, its views, and everything that is in them as text."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterable, Sequence
from typing import Any

import msgspec

from events.store.binder import rebind
from events.store.books import Append
from events.store.clerk import Clerk
from events.store.keys import Keys, MemoryKeyStore
from events.store.postgres import Bell, PostgresBooks, connect
from projections.catalog import every_projection, metadata
from projections.engine.database import engine_for
from projections.engine.fold import Projection
from projections.engine.run import Follower
from projections.query import Views
from service.bench.synthetic import MEMBERS, life

FOUNDING = 26
MONTH = 2 * MEMBERS + 4
BRANCHES = 3
EVERY = every_projection()
NOT_FOLDED = {"stopped_at"}
"""Columns that tell the wall clock."""


class World:
    """The record, and followers of it."""

    def __init__(self, url: str, pool: Any, views_pool: Any, clerk: Clerk) -> None:
        self.url = url
        self.pool = pool
        self.views_pool = views_pool
        self.books = PostgresBooks(pool, clerk)
        self.keys = Keys(MemoryKeyStore())
        self.engine = engine_for(url, size=4)
        self.views = Views(self.engine, self.books, self.keys)
        self._coming = life(BRANCHES, 10**9, self.keys)

    async def record(self, *requests: Append) -> None:
        for request in requests:
            await self.books.append(request)
        await rebind(self.pool)

    async def found(self) -> None:
        """The committee and its branches."""
        await self.record(*self._take(1 + BRANCHES))

    async def live(self, months: int) -> None:
        """The next months of every branch."""
        await self.record(*self._take(months * BRANCHES))

    def _take(self, requests: int) -> list[Append]:
        return [next(self._coming) for _ in range(requests)]

    def follower(self, projections: Sequence[Projection[Any]] = EVERY) -> Follower:
        return Follower(self.views_pool, projections, metadata)

    async def follow(self, projections: Sequence[Projection[Any]] = EVERY) -> Follower:
        """Applies all there is."""
        follower = self.follower(projections)
        await follower.start()
        await steps(follower)
        return follower

    @contextlib.asynccontextmanager
    async def following(self, followers: int = 1) -> AsyncIterator[None]:
        """Followers at work in the background; a failed one fails the test."""
        stop, bell = asyncio.Event(), Bell()
        tasks = [asyncio.create_task(self.follower().follow(bell, stop)) for _ in range(followers)]
        try:
            yield
        finally:
            stop.set()
            await asyncio.gather(*tasks)

    async def caught_up(self, within_s: float = 60) -> None:
        """Waits until every checkpoint stands at the newest position."""
        async with asyncio.timeout(within_s):
            while not await self.views_pool.fetchval(  # noqa: ASYNC110 - nothing rings when another process is done
                "select count(*) = $1 and min(position) = max(position)"
                " and min(position) = (select size - 1 from record.binder) from views.checkpoint",
                len(EVERY),
            ):
                await asyncio.sleep(0.05)

    async def dump(self, tables: Iterable[str] = ()) -> dict[str, list[str]]:
        """Every table of the views, each row as PostgreSQL writes it, in the order of its key."""
        found = {}
        for table in metadata.sorted_tables:
            columns = ", ".join(f'"{column.name}"' for column in table.columns if column.name not in NOT_FOLDED)
            key = ", ".join(column.name for column in table.primary_key.columns)
            rows = await self.views_pool.fetch(f"select (row({columns}))::text as row from views.{table.name} order by {key}")
            found[table.name] = [row["row"] for row in rows]
        return {name: rows for name, rows in found.items() if not tables or name in tables}


async def steps(follower: Follower) -> int:
    """Until nothing is left; how many events."""
    done = 0
    while count := await follower.step():
        done += count
    return done


def built(answer: Any) -> Any:
    """As it goes out: dates as text."""
    return msgspec.json.decode(msgspec.json.encode(answer))


@contextlib.asynccontextmanager
async def world_on(url: str) -> AsyncIterator[World]:
    pool = await connect(url, size=4)
    views_pool = await connect(url, size=6, role="branchbook_views")
    clerk = Clerk(pool)
    world = World(url, pool, views_pool, clerk)
    try:
        yield world
    finally:
        await world.engine.dispose()
        await clerk.close()
        await views_pool.close()
        await pool.close()
