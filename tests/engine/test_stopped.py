"""A poison event stops one projection of one book; everything else goes on, and after the fix nothing is missing."""

from typing import Any

import pytest
from msgspec import structs

from events.base import Event
from events.dues import DuesReceived
from events.meetings import MeetingHeld
from projections.catalog import every_projection
from projections.engine import run
from projections.engine.fold import Fact, Projection
from projections.engine.rebuild import rebuild
from projections.engine.run import Moved
from projections.shapes import Scope
from service.bench.synthetic import COMMITTEE, org
from tests.engine.world import BRANCHES, FOUNDING, MONTH, World, steps

ILL = org(1)
OTHERS = (COMMITTEE, org(0), org(2))
PAGE = FOUNDING + 2 * 7 + 1
"""The eighth payment of the first month."""


def poisoned(name: str, event: type[Event], page: int = PAGE) -> tuple[Projection[Any], ...]:
    """The projections as they are, but one raises at one page of one book, after it changed its state and gave rows."""

    def breaks(projection: Projection[Any]) -> Projection[Any]:
        sound = projection.handlers[event]

        def handler(state: Any, fact: Fact[Any]) -> Any:
            yield from sound(state, fact)
            if fact.book == ILL and fact.page == page:
                raise ZeroDivisionError("by hand")

        return structs.replace(projection, handlers={**projection.handlers, event: handler})

    return tuple(breaks(projection) if projection.name == name else projection for projection in every_projection())


async def stopped(world: World) -> list[tuple[Any, ...]]:
    rows = await world.views_pool.fetch(
        "select org_id, projection, page, position, error from views.stopped_book order by org_id, projection"
    )
    return [tuple(row) for row in rows]


async def rows_of(world: World, book: str, table: str = "ledger_row", where: str = "ledger = 'L04'") -> list[str]:
    rows = await world.views_pool.fetch(f"select t::text as row from views.{table} t where org_id = $1 and {where} order by 1", book)
    return [row["row"] for row in rows]


@pytest.mark.parametrize("batch", [1, 20, 5_000])
async def test_a_poison_event_stops_that_projection_of_that_book_only(world: World, monkeypatch: pytest.MonkeyPatch, batch: int):
    monkeypatch.setattr(run, "BATCH", batch)
    await world.found()
    await world.live(1)
    await world.follow(poisoned("l04", DuesReceived))
    ill = {name: await rows_of(world, ILL, where=f"ledger = '{name}'") for name in ("L01", "L02", "L04")}
    others = {book: await rows_of(world, book) for book in OTHERS}
    state = await world.views_pool.fetchval("select page from views.fold_state where projection = 'l04' and org_id = $1", ILL)
    position = await world.views_pool.fetchval("select position from record.journal where book = $1 and page = $2", ILL, PAGE)
    assert await stopped(world) == [(ILL, "l04", PAGE, position, "ZeroDivisionError: by hand")]
    assert await world.views_pool.fetch("select distinct position from views.checkpoint") == [(BRANCHES * (FOUNDING + MONTH),)]
    assert state == PAGE - 1
    await rebuild(world.url, processes=1)
    assert {book: await rows_of(world, book) for book in OTHERS} == others
    sound = {name: await rows_of(world, ILL, where=f"ledger = '{name}'") for name in ("L01", "L02", "L04")}
    assert (sound["L01"], sound["L02"]) == (ill["L01"], ill["L02"])
    assert 0 < len(ill["L04"]) < len(sound["L04"])


async def test_readers_are_told_where_a_view_stands_still(world: World):
    await world.found()
    await world.live(1)
    await world.follow(poisoned("l02", MeetingHeld, FOUNDING + MONTH))
    (shown,) = await world.views.stopped(Scope(orgs=None))
    assert (shown["org_id"], shown["projection"], shown["page"]) == (ILL, "l02", FOUNDING + MONTH)
    assert await world.views.stopped(Scope(orgs=frozenset(OTHERS))) == []


async def test_a_stopped_book_stays_stopped_whatever_comes_after(world: World):
    await world.found()
    await world.live(1)
    projections = poisoned("l04", DuesReceived)
    follower = await world.follow(projections)
    before = await rows_of(world, ILL)
    shown = await stopped(world)
    await world.live(2)
    await steps(follower)
    again = await world.follow(projections)
    assert again.position == BRANCHES * (FOUNDING + 3 * MONTH)
    assert await rows_of(world, ILL) == before
    assert await stopped(world) == shown
    assert len(await rows_of(world, org(0))) > len(before)


async def test_after_the_fix_the_follower_catches_up_and_equals_a_rebuild(world: World):
    await world.found()
    await world.live(1)
    broken = await world.follow(poisoned("l04", DuesReceived))
    await world.live(2)
    await steps(broken)
    await world.follow()
    assert await stopped(world) == []
    live = await world.dump()
    await rebuild(world.url, processes=1)
    assert await world.dump() == live


async def test_after_half_a_fix_it_stops_at_the_next_poison_event(world: World):
    await world.found()
    await world.live(1)
    await world.follow(poisoned("l04", DuesReceived))
    await world.follow(poisoned("l04", DuesReceived, PAGE + 2))
    assert [row[:3] for row in await stopped(world)] == [(ILL, "l04", PAGE + 2)]
    await world.live(1)
    await world.follow()
    live = await world.dump()
    await rebuild(world.url, processes=1)
    assert await world.dump() == live


async def test_a_rebuild_with_the_fix_frees_the_book_also_under_a_follower_that_lacks_it(world: World):
    await world.found()
    await world.live(1)
    broken = await world.follow(poisoned("l04", DuesReceived))
    await rebuild(world.url, processes=1)
    assert await stopped(world) == []
    await world.live(1)
    with pytest.raises(Moved):
        await steps(broken)
    await broken.start()
    await steps(broken)
    live = await world.dump()
    await rebuild(world.url, processes=1)
    assert await world.dump() == live
