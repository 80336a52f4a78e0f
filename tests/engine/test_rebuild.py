"""A rebuild gives the live views byte for byte, and readers notice nothing of it."""

import asyncio
import datetime as dt
from typing import Any

import pytest

from projections.engine import rebuild as rebuilding
from projections.engine.rebuild import rebuild
from projections.shapes import Scope
from service.bench.synthetic import org
from tests.engine.world import BRANCHES, World

ALL = Scope(orgs=None)
BRANCH = org(1)


async def _shadows(world: World) -> bool:
    return bool(await world.pool.fetchval("select to_regnamespace('shadow') is not null or to_regnamespace('retired') is not null"))


@pytest.mark.parametrize("processes", [1, 2])
async def test_a_rebuild_equals_the_live_views_byte_for_byte(world: World, processes: int):
    await world.found()
    await world.live(12)
    await world.follow()
    live = await world.dump()
    assert len(live["ledger_row"]) > 4 * 12 * BRANCHES
    position = await rebuild(world.url, processes=processes)
    assert position == await world.pool.fetchval("select max(position) from record.journal")
    assert await world.dump() == live
    assert not await _shadows(world)


async def test_a_rebuild_of_nothing_gives_nothing(world: World):
    assert await rebuild(world.url, processes=1) == -1
    await world.found()
    await world.follow()
    assert await world.views_pool.fetchval("select count(*) from views.member") == 22 * BRANCHES


async def test_what_came_after_a_rebuild_is_followed_on_from_it(world: World):
    await world.found()
    await world.live(3)
    await rebuild(world.url, processes=1)
    await world.live(3)
    await world.follow()
    live = await world.dump()
    await rebuild(world.url, processes=2)
    assert await world.dump() == live


async def test_a_follower_that_was_at_work_when_the_views_were_swapped_goes_on(world: World):
    await world.found()
    async with world.following():
        for _ in range(3):
            await world.live(1)
            await rebuild(world.url, processes=1)
            await world.live(1)
        await rebuild(world.url, processes=2)
        await world.caught_up()
    live = await world.dump()
    await rebuild(world.url, processes=1)
    assert await world.dump() == live


async def test_readers_never_see_half(world: World):
    await world.found()
    await world.live(6)
    await world.follow()
    whole = await _seen(world)
    done = asyncio.Event()
    looked: list[Any] = []

    async def read() -> None:
        while not done.is_set():
            looked.append(await _seen(world))

    readers = [asyncio.create_task(read()) for _ in range(3)]
    try:
        for _ in range(3):
            await rebuild(world.url, processes=1)
    finally:
        done.set()
        await asyncio.gather(*readers)
    assert len(looked) > 10
    assert all(seen == whole for seen in looked)


async def _seen(world: World) -> tuple[Any, ...]:
    """What one reader asks for, through the one door."""
    members, _, as_of = await world.views.members(ALL, BRANCH)
    dues = await world.views.ledger(ALL, BRANCH, "L04", "dues-payments", year=2025, limit=200)
    counts = await world.views.row_counts(ALL, BRANCH)
    return len(members), as_of.position, len(dues.rows), dues.as_of.position, counts


@pytest.mark.parametrize("processes", [1, 2])
async def test_an_interrupted_rebuild_leaves_the_views_and_the_next_one_works(
    world: World, monkeypatch: pytest.MonkeyPatch, processes: int
):
    monkeypatch.setattr(rebuilding, "CHUNK_EVENTS", 100)
    await world.found()
    await world.live(6)
    await world.follow()
    live = await world.dump()
    begun = asyncio.Event()
    task = asyncio.create_task(rebuild(world.url, processes=processes, progress=lambda _done, _of: begun.set()))
    await asyncio.wait_for(begun.wait(), 30)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await world.dump() == live
    assert await _shadows(world)
    await rebuild(world.url, processes=1)
    assert await world.dump() == live
    assert not await _shadows(world)


async def test_a_failing_process_leaves_the_views(world: World, monkeypatch: pytest.MonkeyPatch):
    await world.found()
    await world.follow()
    live = await world.dump()
    monkeypatch.setattr(rebuilding, "_fold_in_process", _breaks)
    with pytest.raises(RuntimeError, match="the live views are untouched"):
        await rebuild(world.url, processes=2)
    assert await world.dump() == live


def _breaks(_share: object) -> None:
    raise SystemExit(3)


async def test_a_reader_in_the_middle_of_a_transaction_delays_the_swap_and_breaks_neither(world: World):
    """Reads take several statements; the swap gives way instead of locking one table while it waits for the next."""
    await world.found()
    await world.follow()
    live = await world.dump()
    async with world.pool.acquire() as reader, reader.transaction():
        await reader.fetchval("select count(*) from views.ledger_row")
        swapping = asyncio.create_task(rebuild(world.url, processes=1))
        await asyncio.sleep(1.5)
        began = dt.datetime.now(dt.UTC)
        assert await reader.fetchval("select max(position) from views.checkpoint") == 26 * BRANCHES
        assert dt.datetime.now(dt.UTC) - began < dt.timedelta(seconds=3)
    await swapping
    assert await world.dump() == live
