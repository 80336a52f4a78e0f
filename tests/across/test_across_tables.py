"""The grid, trends and changes of all branches are what the slow queries say, day after day; and a rebuild gives the same counts."""

import datetime as dt
from collections import Counter
from collections.abc import AsyncIterator

import asyncpg
import msgspec
import pytest
import pytest_asyncio

from events.base import Event, OrgId
from events.members import LeftGround, MemberLeft, MemberProfileChanged, MembershipSuspended
from events.store.postgres import dsn
from projections import roster
from projections.engine.rebuild import rebuild
from projections.engine.replay import known, replay
from projections.engine.work import Progress
from projections.query_across import AcrossViews, Cell
from projections.query_rolls import TYPES, month_ends, on_roll
from projections.shapes import Scope
from projections.standard.bands import bands
from projections.standard.changes import Done
from projections.standard.pack import default_pack
from projections.standard.periods import add_months
from projections.statistics import statistics
from service.bench.duties import dutiful_life
from service.bench.synthetic import BEGIN_US, DAY_US, org, people, request
from tests.across.oracle import Oracle
from tests.engine.world import World, world_on

pytestmark = pytest.mark.asyncio(loop_scope="module")
BRANCHES, EVENTS = 4, 2_400
BEGIN, END = dt.date(2026, 1, 1), dt.date(2026, 12, 31)
ALL = Scope(orgs=None)
TODAYS = [dt.date(2026, 1, 1), dt.date(2026, 3, 31), dt.date(2026, 4, 1), dt.date(2026, 6, 17), dt.date(2027, 2, 1)]
MOVES: list[Event] = [
    MemberProfileChanged(occurred_on=dt.date(2026, 3, 10), person_id=people(org(2))[0], reason="录入有误", born_month="1955-05"),
    MemberLeft(occurred_on=dt.date(2026, 3, 10), person_id=people(org(2))[1], ground=LeftGround.DECEASED, reason="去世", approval_no="1"),
    MembershipSuspended(occurred_on=dt.date(2026, 3, 11), person_id=people(org(2))[2], reason="出国", approval_no="2"),
]
WINDOWS = [(BEGIN, END), (dt.date(2026, 1, 15), dt.date(2026, 4, 29)), (dt.date(2026, 3, 2), dt.date(2026, 3, 31)), (END, END)]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def world(module_database_url: str) -> AsyncIterator[World]:
    async with world_on(module_database_url) as found:
        await found.record(*dutiful_life(BRANCHES, EVENTS, found.keys, BEGIN))
        await found.record(request(org(2), "moves", MOVES, found.keys, BEGIN_US + 400 * DAY_US))
        await found.follow()
        yield found


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def oracle(world: World) -> AsyncIterator[Oracle]:
    connection = await asyncpg.connect(dsn(world.url))
    yield Oracle(connection, default_pack())
    await connection.close()


@pytest.fixture
def across(world: World) -> AcrossViews:
    return world.views.across


def cells(cell: Cell) -> tuple[str, int, int, int, int, int]:
    return (cell.norm, cell.fulfilled, cell.late, cell.overdue, cell.open, cell.waived)


@pytest.mark.parametrize(("first", "last"), WINDOWS)
@pytest.mark.parametrize("today", TODAYS)
async def test_the_grid_is_what_the_obligations_say(across: AcrossViews, oracle: Oracle, today, first, last):
    grid = await across.grid(ALL, first, last, today)
    assert {row.org_id: [cells(cell) for cell in row.cells] for row in grid.rows if row.cells} == await oracle.grid(first, last, today)


@pytest.mark.parametrize(("first", "last"), WINDOWS)
@pytest.mark.parametrize("today", TODAYS)
async def test_who_is_most_overdue_stands_first_and_only_those_are_told_when_asked_for(
    across: AcrossViews, oracle: Oracle, today, first, last
):
    late = await oracle.late(first, last, today)
    order = sorted(map(org, range(BRANCHES)), key=lambda code: (-late.get(code, 0), code))
    found: list[str] = []
    after = None
    while after is not None or not found:
        page = await across.grid(ALL, first, last, today, ranked=True, limit=3, after=after)
        found += [row.org_id for row in page.rows]
        after = page.next
    assert found == order
    only = await across.grid(ALL, first, last, today, overdue_only=True)
    assert [row.org_id for row in only.rows] == sorted(late)
    both = await across.grid(ALL, first, last, today, overdue_only=True, ranked=True)
    assert [row.org_id for row in both.rows] == [code for code in order if code in late]


@pytest.mark.parametrize("today", TODAYS)
async def test_how_much_is_pending_is_what_the_obligations_say(across: AcrossViews, oracle: Oracle, today):
    overdue = await oracle.late(dt.date.min, today, today)
    every = await oracle.late(dt.date.min, dt.date.max, dt.date.max)
    assert await across.pending(ALL, today) == {code: (overdue.get(code, 0), count) for code, count in every.items()}


@pytest.mark.parametrize("one", [None, org(1)])
@pytest.mark.parametrize("today", TODAYS)
async def test_trends_are_what_the_obligations_say(across: AcrossViews, oracle: Oracle, today, one):
    lines = await across.trends(ALL, today, org_id=one)
    points = {(line.norm, point.month, point.due, point.on_time) for line in lines for point in line.points if point.due}
    assert points == await oracle.trends(add_months(today.replace(day=1), -23), today, one)


@pytest.mark.parametrize(("first", "last"), [(BEGIN, END), (dt.date(2026, 2, 10), dt.date(2026, 5, 20)), (END, END)])
async def test_changes_of_all_are_the_changes_of_each_together(across: AcrossViews, first, last):
    each = [await across.changes(ALL, OrgId(org(number)), first, last) for number in range(BRANCHES)]
    counts: Counter[str] = Counter()
    for told_of_one in each:
        for sentence in told_of_one:
            counts[sentence.id] += sentence.count
    found = await across.changes_of_all(ALL, first, last)
    assert {sentence.id: sentence.count for sentence in found} == {name: count for name, count in counts.items() if count}
    assert sum(sentence.fen for sentence in found) == sum(sentence.fen for one in each for sentence in one)


@pytest.mark.parametrize("on", [dt.date(2024, 11, 30), dt.date(2024, 12, 1), dt.date(2026, 3, 9), dt.date(2026, 3, 10), END])
async def test_statistics_counted_by_the_database_are_those_of_the_rolls_one_by_one(world: World, across: AcrossViews, on):
    rolls = []
    for number in range(BRANCHES):
        facts = known(await world.books.read(org(number)), as_of=on)
        rolls += [on_roll(row.values) for row in replay([roster.PROJECTION], facts).tables["member"].values()]
    found = await across.statistics(ALL, on, END, whole=True)
    assert found == msgspec.structs.replace(statistics(rolls, [], on, bands(), TYPES), organisations=found.organisations)


async def test_life_has_duties_in_time_late_overdue_and_open(across: AcrossViews):
    """Else nothing above would have been told."""
    rows = (await across.grid(ALL, BEGIN, END, dt.date(2026, 6, 17))).rows
    sums = [sum(getattr(cell, name) for row in rows for cell in row.cells) for name in ("fulfilled", "late", "overdue", "open")]
    assert min(sums) > 0
    ended = {sentence.id for sentence in await across.changes_of_all(ALL, BEGIN, END)}
    assert ended >= {f"obligations.{way}" for way in Done} | {"dues.received", "meetings.general"}


async def test_a_rebuild_gives_the_same_counts_byte_for_byte(world: World):
    tables = ("norm_month", "branch_month", "change_month")
    followed = await world.dump(tables)
    assert min(len(rows) for rows in followed.values()) > BRANCHES
    await rebuild(world.url, processes=1)
    assert await world.dump(tables) == followed


@pytest.mark.parametrize("one", [None, org(2)])
async def test_members_and_dues_of_24_months_are_those_of_the_statistics_and_the_changes(across: AcrossViews, one):
    today = dt.date(2026, 4, 9)
    months = await across.course(ALL, today, 30, org_id=one)
    assert isinstance(months, list)
    assert (len(months), months[0].month, months[-1].month) == (24, "2024-05", "2026-04")
    for month, day in zip(months, month_ends(today), strict=True):
        assert month.members == (await across.statistics(ALL, day, END, org_id=one, whole=True)).members
        first = day.replace(day=1) - dt.timedelta(days=1)
        told = await (across.changes_of_all(ALL, first, day) if one is None else across.changes(ALL, OrgId(one), first, day))
        assert month.fen == sum(sentence.fen for sentence in told if sentence.id == "dues.received")
    assert {month.members for month in months} >= {0, 22 if one else 22 * BRANCHES}


class TestSoon:
    """What all branches are told of at once, or how far it is."""

    async def test_it_is_the_same_as_what_one_waits_for(self, across: AcrossViews):
        for whole in (True, False):
            day = dt.date(2026, 3, 9)
            assert await across.statistics_soon(ALL, day, END, 30, whole=whole) == await across.statistics(ALL, day, END, whole=whole)

    async def test_whoever_does_not_wait_is_told_how_far_it_is_and_finds_it_done_later(self, world: World):
        fresh = AcrossViews(world.engine, lambda token: token)
        first = await fresh.statistics_soon(ALL, END, END, 0, whole=False)
        assert isinstance(first, Progress)
        assert (first.done <= first.of, first.of) == (True, BRANCHES + 1)
        assert await fresh.statistics_soon(ALL, END, END, 30, whole=False) == await fresh.statistics(ALL, END, END, whole=False)
        await fresh.close()
