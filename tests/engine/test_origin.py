"""Views that other code made are built anew before anybody follows on top of them."""

import asyncio

from projections.engine.origin import MADE_BY, origin, renew
from service.follow import follow_until
from tests.engine.world import World

OLDER = "comment on schema views is 'older code'"


async def spoil(world: World) -> None:
    """As code of yesterday may have left it: other rows, and a memory that today's code cannot read."""
    await world.views_pool.execute("update views.ledger_row set subject = 'somebody else'")
    await world.views_pool.execute("update views.fold_state set state = '\\xc0'")
    await world.views_pool.execute(OLDER)


async def test_what_older_code_made_is_built_anew_once(world: World):
    await world.found()
    await world.live(3)
    await world.follow()
    sound = await world.dump()
    await spoil(world)
    assert await renew(world.url)
    assert await world.dump() == sound
    assert await world.views_pool.fetchval(MADE_BY) == origin()
    assert not await renew(world.url)


async def test_a_follower_of_new_code_begins_with_it(world: World):
    await world.found()
    await world.live(2)
    await world.follow()
    sound = await world.dump()
    await spoil(world)
    stop = asyncio.Event()
    following = asyncio.create_task(follow_until(world.url, stop))
    async with asyncio.timeout(60):
        while await world.views_pool.fetchval(MADE_BY) != origin():  # noqa: ASYNC110 - the other side is a task of its own
            await asyncio.sleep(0.05)
    stop.set()
    await following
    assert await world.dump() == sound


async def test_an_empty_record_is_only_signed(world: World):
    assert not await renew(world.url)
    assert await world.views_pool.fetchval(MADE_BY) == origin()


async def test_of_two_that_begin_at_once_one_does_the_work(world: World):
    await world.found()
    await world.follow()
    await spoil(world)
    assert sorted(await asyncio.gather(renew(world.url), renew(world.url))) == [False, True]
