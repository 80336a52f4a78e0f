"""One event per append with 32 writers: clerk and binder on, fsync on; beside a bare insert and `eventsourcing`."""

import asyncio
import time

from events.store.binder import run_binder
from events.store.clerk import Clerk
from events.store.keys import Keys, MemoryKeyStore
from events.store.postgres import PostgresBooks, connect
from service.bench import peers
from service.bench.measure import Measure, median, rounds
from service.bench.server import database, shown_settings
from service.bench.synthetic import single_events

WRITERS = 32
BRANCHES = 200
EVENTS = 20_000
PEER_EVENTS = 4_000
ROUNDS = 3


async def append(server: str, events: int | None) -> Measure:
    """Target: 10 x the default recorder of `eventsourcing`, and 1.2 x the bare insert of the same rows."""
    count = events or EVENTS
    keys = Keys(MemoryKeyStore())

    async def ours() -> float:
        async with database(server) as url:
            return await _ours(url, count, keys)

    async def bare() -> float:
        async with database(server, migrated=False) as url:
            return await peers.bare_append(url, single_events(BRANCHES, count, keys), WRITERS)

    async def recorder() -> float:
        async with database(server, migrated=False) as url:
            requests = single_events(BRANCHES, min(count, PEER_EVENTS), keys)
            return await asyncio.to_thread(peers.eventsourcing_append, url, requests, WRITERS)

    runs = await rounds(ROUNDS, {"branchbook": ours, "bare asyncpg insert": bare, "eventsourcing default": recorder})
    value = median(runs["branchbook"])
    others = {name: median(values) for name, values in runs.items() if name != "branchbook"}
    to_bare = value / others["bare asyncpg insert"]
    to_recorder = value / others["eventsourcing default"]
    return Measure(
        value=value,
        unit="events/s",
        runs=runs["branchbook"],
        peers=others,
        ratio=to_bare,
        target="1.2 x bare insert and 10 x eventsourcing default",
        met=to_bare >= 1.2 and to_recorder >= 10,
        settings={
            **await shown_settings(server),
            "writers": WRITERS,
            "branches": BRANCHES,
            "ratio to eventsourcing": round(to_recorder, 2),
        },
    )


async def _ours(url: str, count: int, keys: Keys) -> float:
    """Requests are encoded beforehand, as the peers' rows are; the binder runs on a connection of its own."""
    pool = await connect(url, size=2)
    binding = await connect(url, size=1)
    clerk = Clerk(pool)
    books = PostgresBooks(pool, clerk)
    stop = asyncio.Event()
    binder = asyncio.create_task(run_binder(binding, stop))
    requests = iter(single_events(BRANCHES, count, keys))
    try:

        async def write() -> None:
            for request in requests:
                await books.append(request)

        began = time.perf_counter()
        await asyncio.gather(*[write() for _ in range(WRITERS)])
        return count / (time.perf_counter() - began)
    finally:
        stop.set()
        await binder
        await clerk.close()
        await pool.close()
        await binding.close()
