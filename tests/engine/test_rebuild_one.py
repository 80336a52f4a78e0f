"""One projection rebuilt by name; the others keep what they have."""

import pytest

from projections.catalog import every_projection
from projections.engine.rebuild import rebuild
from tests.engine.world import World


@pytest.mark.parametrize("only", [projection.name for projection in every_projection()])
async def test_one_projection_rebuilt_leaves_all_views_as_they_were(world: World, only: str):
    await world.found()
    await world.live(3)
    await world.follow()
    live = await world.dump()
    await rebuild(world.url, processes=1, only=only)
    assert await world.dump() == live


async def test_what_was_wrong_in_one_projection_is_mended_by_its_rebuild(world: World):
    await world.found()
    await world.live(2)
    await world.follow()
    live = await world.dump()
    await world.views_pool.execute("delete from views.ledger_row where ledger = 'L04'")
    await rebuild(world.url, processes=2, only="l04")
    assert await world.dump() == live


async def test_following_goes_on_after_one_was_rebuilt(world: World):
    await world.found()
    await world.live(1)
    await world.follow()
    await world.live(1)
    await rebuild(world.url, processes=1, only="l02")
    await world.follow()
    mended = await world.dump()
    await rebuild(world.url, processes=1)
    assert await world.dump() == mended


async def test_a_projection_that_does_not_exist_is_an_error(world: World):
    with pytest.raises(KeyError):
        await rebuild(world.url, only="l99")
