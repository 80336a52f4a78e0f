"""Following the journal: everything once, in order, whoever else follows."""

from collections import defaultdict

import pytest

from events.base import OrgId
from projections.catalog import every_projection
from projections.engine import run
from projections.engine.merge import ledger_rows
from projections.engine.rebuild import rebuild
from projections.engine.replay import replay
from projections.engine.run import Moved
from service.bench.synthetic import COMMITTEE, org
from tests.engine.world import BRANCHES, FOUNDING, MONTH, World, steps

YEAR = BRANCHES * (FOUNDING + 12 * MONTH) + 1
BOOKS = [COMMITTEE, *(org(n) for n in range(BRANCHES))]


async def test_a_year_is_applied_whole(world: World):
    await world.found()
    await world.live(12)
    follower = world.follower()
    await follower.start()
    assert await steps(follower) == YEAR
    checkpoints = await world.views_pool.fetch("select projection, position from views.checkpoint order by projection")
    assert [tuple(row) for row in checkpoints] == [(name, YEAR - 1) for name in sorted(p.name for p in every_projection())]
    assert await world.views_pool.fetchval("select count(*) from views.member") == 22 * BRANCHES
    assert await world.views_pool.fetchval("select count(*) from views.organisation") == BRANCHES + 1
    assert await world.views_pool.fetchval("select count(*) from views.stopped_book") == 0


async def test_a_second_follower_of_the_same_views_changes_nothing(world: World, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(run, "BATCH", 40)
    await world.found()
    await world.live(1)
    late = world.follower()
    await late.start()
    await world.follow()
    before = await world.dump()
    with pytest.raises(Moved):
        await steps(late)
    assert await world.dump() == before
    await late.start()
    assert await steps(late) == 0
    assert await world.dump() == before


async def test_a_follower_that_begins_anew_applies_nothing_twice(world: World):
    await world.found()
    await world.live(2)
    await world.follow()
    before = await world.dump()
    again = await world.follow()
    assert again.position == BRANCHES * (FOUNDING + 2 * MONTH)
    assert await world.dump() == before


async def test_a_follower_at_rest_notices_that_the_views_were_set_back(world: World):
    await world.found()
    follower = await world.follow()
    await world.views_pool.execute("update views.checkpoint set position = 3")
    with pytest.raises(Moved):
        await follower.step()


async def test_followers_at_once_apply_everything_once(world: World, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(run, "BATCH", 31)
    await world.found()
    await world.live(3)
    async with world.following(followers=3):
        await world.live(2)
        await world.caught_up()
    live = await world.dump()
    await rebuild(world.url, processes=1)
    assert await world.dump() == live


@pytest.mark.parametrize("batch", [1, 7, 100])
async def test_batches_of_any_size_give_the_same_views(world: World, monkeypatch: pytest.MonkeyPatch, batch: int):
    monkeypatch.setattr(run, "BATCH", batch)
    await world.found()
    await world.live(1)
    await world.follow()
    live = await world.dump()
    await rebuild(world.url, processes=1)
    assert await world.dump() == live


async def test_states_that_no_longer_fit_in_memory_are_read_again(world: World, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(run, "BATCH", 30)
    monkeypatch.setattr(run, "STATES_MAX", 1)
    await world.found()
    await world.live(3)
    await world.follow()
    live = await world.dump()
    await rebuild(world.url, processes=1)
    assert await world.dump() == live


async def test_rows_are_numbered_without_a_hole_in_the_order_of_the_pages(world: World, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(run, "BATCH", 11)
    await world.found()
    await world.live(13)
    await world.follow()
    numbers: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
    stored = {}
    for row in await world.views_pool.fetch("select org_id, ledger, register, year, key, row_no from views.ledger_row order by row_no"):
        group = (row["org_id"], row["ledger"], row["register"], row["year"])
        numbers[group].append(row["row_no"])
        stored[*group, row["key"]] = row["row_no"]
    assert all(found == list(range(1, len(found) + 1)) for found in numbers.values())
    assert {group[3] for group in numbers} == {"0", "2025", "2026"}
    folded = [row for book in BOOKS for row in ledger_rows(replay(every_projection(), await world.books.read(book)))]
    assert stored == {(row["org_id"], row["ledger"], row["register"], row["year"], row["key"]): row["row_no"] for row in folded}


async def test_the_same_events_twice_give_the_same_rows(world: World):
    await world.found()
    await world.live(2)
    facts = await world.books.read(OrgId("bench-0001"))
    assert replay(every_projection(), facts).tables == replay(every_projection(), facts).tables
