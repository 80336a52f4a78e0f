"""Following the journal with every projection, and rebuilding all views with one and with two processes."""

import asyncio
import time
from collections.abc import Iterator

from events.store.binder import rebind
from events.store.books import Append
from events.store.clerk import Clerk
from events.store.keys import Keys, MemoryKeyStore
from events.store.postgres import PostgresBooks, connect
from projections.catalog import every_projection, metadata
from projections.engine.rebuild import rebuild
from projections.engine.run import Follower
from service.bench import peers
from service.bench.measure import Measure, median, rounds
from service.bench.server import database, shown_settings
from service.bench.synthetic import life, single_events

BRANCHES = 200
EVENTS = 60_000
REBUILD_EVENTS = 200_000
PEER_EVENTS = 4_000
ROUNDS = 3
AT_ONCE = 16
TRACKED = "eventsourcing tracked projection"


async def fill(url: str, branches: int, events: int) -> int:
    """Appends a committee's life and binds it; how many events."""
    return await record(url, life(branches, events, Keys(MemoryKeyStore())))


async def record(url: str, requests: Iterator[Append]) -> int:
    """Appends and binds; how many events."""
    pool = await connect(url, size=2, timeout_s=600)
    clerk = Clerk(pool, call_timeout_s=600)
    books = PostgresBooks(pool, clerk)

    async def write() -> None:
        for request in requests:
            await books.append(request)

    try:
        await asyncio.gather(*[write() for _ in range(AT_ONCE)])
        size = await rebind(pool)
        await pool.execute("select 1")
        return size
    finally:
        await clerk.close()
        await pool.close()


async def follow_once(url: str) -> float:
    """Seconds to apply the whole journal to every view."""
    pool = await connect(url, size=3, role="branchbook_views", timeout_s=600)
    try:
        await pool.execute("truncate views.checkpoint, views.fold_state, views.stopped_book")
        for table in metadata.sorted_tables:
            await pool.execute(f"truncate views.{table.name}")
        follower = Follower(pool, every_projection(), metadata)
        await follower.start()
        began = time.perf_counter()
        while await follower.step():
            pass
        return time.perf_counter() - began
    finally:
        await pool.close()


async def follow(server: str, events: int | None) -> Measure:
    """Target: 10 x one tracked projection of `eventsourcing`, and 15,000 events/s, in one process."""
    async with database(server) as url:
        size = await fill(url, BRANCHES, events or EVENTS)
        requests = single_events(BRANCHES, PEER_EVENTS, Keys(MemoryKeyStore()))

        async def ours() -> float:
            return size / await follow_once(url)

        async def peer() -> float:
            async with database(server, migrated=False) as other:
                return await asyncio.to_thread(peers.eventsourcing_projection, other, requests)

        runs = await rounds(ROUNDS, {"branchbook": ours, TRACKED: peer})
    value, tracked = median(runs["branchbook"]), median(runs[TRACKED])
    return Measure(
        value=value,
        unit="events/s",
        runs=runs["branchbook"],
        peers={TRACKED: tracked},
        ratio=value / tracked,
        target="15,000 events/s and 10 x a tracked projection",
        met=value >= 15_000 and value >= 10 * tracked,
        settings={**await shown_settings(server), "events": size, "branches": BRANCHES, "projections": len(every_projection())},
    )


async def rebuild_in_parallel(server: str, events: int | None) -> Measure:
    """Target: two processes rebuild 1.7 x as fast as one. Of more events than are followed: a process takes most of a second to start."""
    async with database(server) as url:
        size = await fill(url, BRANCHES, events or REBUILD_EVENTS)

        async def timed(processes: int) -> float:
            began = time.perf_counter()
            await rebuild(url, processes=processes)
            return size / (time.perf_counter() - began)

        runs = await rounds(ROUNDS, {"two": lambda: timed(2), "one": lambda: timed(1)})
    value, single = median(runs["two"]), median(runs["one"])
    return Measure(
        value=value,
        unit="events/s",
        runs=runs["two"],
        peers={"one process": single},
        ratio=value / single,
        target="1.7 x one process",
        met=value >= 1.7 * single,
        settings={**await shown_settings(server), "events": size, "branches": BRANCHES},
    )
