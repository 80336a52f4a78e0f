"""A row that PostgreSQL cannot hold stops one projection of one book, like any poison event; it stalls nobody else."""

from collections.abc import Callable
from typing import Any

import pytest
from msgspec import structs

from events.dues import DuesReceived
from projections.catalog import every_projection
from projections.engine import rebuild as rebuilding
from projections.engine import run
from projections.engine.fold import Fact, Projection, Row
from projections.engine.rebuild import rebuild
from service.bench.synthetic import org
from tests.engine.test_stopped import ILL, OTHERS, PAGE, rows_of, stopped
from tests.engine.world import BRANCHES, FOUNDING, MONTH, World, steps

Bad = Callable[[Row], Row]
WAYS: dict[str, Bad] = {
    "a NUL in a cell": lambda row: structs.replace(row, cells={**row.cells, "collector_01": "a\x00b"}),
    "a NUL in a key": lambda row: structs.replace(row, key=(*row.key[:3], "a\x00b")),
    "a number out of range": lambda row: structs.replace(row, key=(*row.key[:3], "bad"), values={**row.values, "recorded_at": 2**70}),
    "a key that no index holds": lambda row: structs.replace(row, key=(*row.key[:3], "".join(chr(0x4E00 + n) for n in range(9_000)))),
}
"""Each in a place that no later event of the same batch puts right."""


def spoilt(bad: Bad) -> tuple[Projection[Any], ...]:
    """The projections as they are, but one gives a bad row at one page of one book."""

    def breaks(projection: Projection[Any]) -> Projection[Any]:
        sound = projection.handlers[DuesReceived]

        def handler(state: Any, fact: Fact[Any]) -> Any:
            for row in sound(state, fact):
                yield bad(row) if (fact.book, fact.page) == (ILL, PAGE) else row

        return structs.replace(projection, handlers={**projection.handlers, DuesReceived: handler})

    return tuple(breaks(projection) if projection.name == "l04" else projection for projection in every_projection())


async def follow_with(world: World, monkeypatch: pytest.MonkeyPatch, projections: tuple[Projection[Any], ...]) -> None:
    """As `branchbook follow` does, until all is applied."""
    follower = world.follower
    monkeypatch.setattr(world, "follower", lambda: follower(projections))
    async with world.following():
        await world.caught_up()
    monkeypatch.setattr(world, "follower", follower)


@pytest.mark.parametrize("bad", WAYS.values(), ids=list(WAYS))
async def test_it_stops_that_projection_of_that_book_only(world: World, monkeypatch: pytest.MonkeyPatch, bad: Bad):
    await world.found()
    await world.live(1)
    await follow_with(world, monkeypatch, spoilt(bad))
    assert [row[:3] for row in await stopped(world)] == [(ILL, "l04", PAGE)]
    assert await world.views_pool.fetch("select distinct position from views.checkpoint") == [(BRANCHES * (FOUNDING + MONTH),)]
    ill = await rows_of(world, ILL)
    others = {book: await rows_of(world, book) for book in OTHERS}
    await world.follow()
    assert await stopped(world) == []
    assert {book: await rows_of(world, book) for book in OTHERS} == others
    assert 0 < len(ill) < len(await rows_of(world, ILL))
    live = await world.dump()
    await rebuild(world.url, processes=1)
    assert await world.dump() == live


async def test_a_book_that_is_stopped_for_it_stays_stopped_and_the_others_go_on(world: World, monkeypatch: pytest.MonkeyPatch):
    await world.found()
    await world.live(1)
    projections = spoilt(WAYS["a NUL in a cell"])
    await follow_with(world, monkeypatch, projections)
    shown, before = await stopped(world), await rows_of(world, org(0))
    await world.live(1)
    await follow_with(world, monkeypatch, projections)
    assert await stopped(world) == shown
    assert len(await rows_of(world, org(0))) == len(before)
    assert await rows_of(world, org(0)) != before


async def test_many_small_batches_find_it_too(world: World, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(run, "BATCH", 20)
    await world.found()
    await world.live(1)
    await follow_with(world, monkeypatch, spoilt(WAYS["a NUL in a key"]))
    assert [row[:3] for row in await stopped(world)] == [(ILL, "l04", PAGE)]


async def test_a_rebuild_stops_where_following_stops(world: World, monkeypatch: pytest.MonkeyPatch):
    await world.found()
    await world.live(1)
    projections = spoilt(WAYS["a NUL in a cell"])
    await follow_with(world, monkeypatch, projections)
    live = await world.dump()
    monkeypatch.setattr(rebuilding, "every_projection", lambda: projections)
    await rebuild(world.url, processes=1)
    assert await world.dump() == live
    follower = await world.follow()
    await steps(follower)
    assert await stopped(world) == []
