"""Scores on PostgreSQL: the same from the views and from the book, byte-equal after a rebuild, and only of branches in sight."""

import datetime as dt

import msgspec
import pytest

from events.base import OrgId
from projections.engine.rebuild import rebuild
from projections.engine.work import Progress
from projections.shapes import Absence, Scope
from projections.standard.pack import default_pack
from service.bench.synthetic import org
from tests.engine.world import BRANCHES, World
from tests.scores.world import whole

ALL = Scope(orgs=None)
PACK = default_pack()
ON = dt.date(2025, 12, 31)


async def told(world: World) -> bytes:
    """Every score of two years, as it goes out."""
    found = [await world.views.scores.one(ALL, org(n), year, PACK, ON) for n in range(BRANCHES) for year in (2024, 2025)]
    return msgspec.json.encode([found, await world.views.scores.every(ALL, 2025, PACK, ON)])


async def test_a_rebuild_changes_no_byte_of_a_score(world: World):
    await world.found()
    await world.live(12)
    await world.follow()
    live = await told(world)
    assert live.count(b'"on_time"') > 50
    await rebuild(world.url, processes=2)
    assert await told(world) == live


async def test_the_book_gives_what_the_views_give(world: World):
    await world.found()
    await world.live(12)
    await world.follow()
    for number in range(BRANCHES):
        views = await world.views.scores.one(ALL, org(number), 2025, PACK, ON)
        assert await world.views.scores.folded(ALL, org(number), 2025, PACK, ON, draft=False) == views
        assert whole(views.total)


async def test_lines_are_in_the_order_of_the_codes_page_by_page_and_new_facts_change_them(world: World):
    await world.found()
    await world.follow()
    first, following = await world.views.scores.page(ALL, 2025, PACK, ON, limit=2)
    rest, end = await world.views.scores.page(ALL, 2025, PACK, ON, after=following, limit=2)
    assert [line.org_id for line in (*first, *rest)] == [org(n) for n in range(BRANCHES)]
    assert end is None
    await world.live(6)
    await world.follow()
    again, _ = await world.views.scores.page(ALL, 2025, PACK, ON, limit=2)
    assert all(new.computed > old.computed for new, old in zip(again, first, strict=True))


async def test_branches_out_of_sight_are_absent(world: World):
    await world.found()
    await world.follow()
    mine = Scope(orgs=frozenset({org(1)}))
    assert [line.org_id for line in await world.views.scores.every(mine, 2025, PACK, ON)] == [org(1)]
    for foreign in (org(0), OrgId("nowhere")):
        with pytest.raises(Absence):
            await world.views.scores.one(mine, foreign, 2025, PACK, ON)
        with pytest.raises(Absence):
            await world.views.scores.folded(mine, foreign, 2025, PACK, ON, draft=False)


async def test_the_same_pack_as_a_draft_changes_no_grade_and_every_branch_is_counted(world: World):
    await world.found()
    await world.live(3)
    await world.follow()
    found = [one async for one in world.views.scores.contrasts(ALL, 2025, PACK, PACK, ON)]
    assert [(contrast.org_id, done, of) for contrast, done, of in found] == [(org(n), n + 1, BRANCHES) for n in range(BRANCHES)]
    assert not any(contrast.changes_grade for contrast, _, _ in found)


async def test_all_branches_are_told_at_once_or_how_far_they_are(world: World):
    await world.found()
    await world.live(3)
    await world.follow()
    every = await world.views.scores.every(ALL, 2025, PACK, ON)
    assert await world.views.scores.soon(ALL, 2025, PACK, ON, 0) == every
    waited = await world.views.scores.contrasts_soon(ALL, 2025, PACK, PACK, ON, 0)
    assert waited == Progress(done=0, of=BRANCHES)
    found = await world.views.scores.contrasts_soon(ALL, 2025, PACK, PACK, ON, 30)
    assert found == [one async for one, _, _ in world.views.scores.contrasts(ALL, 2025, PACK, PACK, ON)]
    await world.live(6)
    await world.follow()
    again = await world.views.scores.contrasts_soon(ALL, 2025, PACK, PACK, ON, 30)
    assert isinstance(again, list)
    assert all(new.total > old.total for new, old in zip(again, found, strict=True))
