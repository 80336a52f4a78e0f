"""Directives on a real PostgreSQL: every branch is told once and none is forgotten, whatever happens to a worker on the way."""

import asyncio
import datetime as dt
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from msgspec import structs
from sqlalchemy.ext.asyncio import AsyncEngine

from events.base import OrgId
from events.directives import DirectiveId, DirectiveKind
from events.organisations import BranchType
from projections.engine.database import engine_for
from projections.query_directives import DirectiveViews, Standing
from projections.shapes import Scope
from service.auth.actor import SYSTEM
from service.bus import Receipt
from service.config import Settings
from service.decide.base import Command
from service.decide.directives.branch import SignForDirective
from service.decide.directives.superior import IssueDirective, WithdrawDirective
from service.decide.organisations.founding import FoundBranch, FoundCommittee
from service.decide.organisations.life import DissolveBranch
from service.follow import follow_until
from service.jobs import queue, worker
from service.jobs.delivery import KIND, deliver, deliver_all
from service.jobs.tables import job
from service.parts import Parts, opened

COMMITTEE = OrgId("C")
BRANCHES = tuple(OrgId(f"C-{number:02d}") for number in range(1, 41))
FOUNDED, TODAY = dt.date(2026, 1, 1), dt.datetime.now(dt.timezone(dt.timedelta(hours=8))).date()
W1 = DirectiveId("w1")
SEES = Scope(orgs=None)
SHOWN = (
    "select (select count(*) from record.page) = (select count(*) from record.journal) and"
    " (select min(position) from views.checkpoint) = (select max(position) from record.journal)"
)


@pytest.fixture
def settings(tmp_path: Path, database_url: str, valkey_url: str) -> Settings:
    return Settings(home=tmp_path, database_url=database_url, redis_url=valkey_url)


class World:
    """A committee with forty branches."""

    def __init__(self, settings: Settings, parts: Parts, engine: AsyncEngine) -> None:
        self.settings, self.parts, self.engine = settings, parts, engine

    async def send(self, org_id: OrgId, command: Command) -> Receipt:
        return await self.parts.bus.handle(org_id, command, SYSTEM, key=f"{org_id}{command}", now=dt.datetime.now(dt.UTC))

    async def issue(self, **changed: Any) -> None:
        told: dict[str, Any] = {"kind": DirectiveKind.DOCUMENT, "number": "1", "title": "通知", "text": "请研究落实。", "to_all": True}
        await self.send(COMMITTEE, IssueDirective(occurred_on=TODAY, directive_id=W1, **(told | changed)))
        await self.shown()

    async def shown(self) -> None:
        """Until the views show every page."""
        async with asyncio.timeout(20):
            while not await self.parts.reads.fetchval(SHOWN):  # noqa: ASYNC110 - the views tell nobody
                await asyncio.sleep(0.02)

    async def deliver(self, stop_after: int | None = None) -> int:
        """One visit of a worker, which may be told to end after so many looks around."""
        looks = 0

        def stopping() -> bool:
            nonlocal looks
            looks += 1
            return stop_after is not None and looks > stop_after

        return await deliver_all(self.engine, self.parts.bus, dt.datetime.now(dt.UTC), stopping)

    async def said(self) -> Counter[tuple[str, str]]:
        rows = await self.parts.reads.fetch("select book, type from record.page where stream = 'directives' and book <> 'C'")
        return Counter((row["book"], row["type"]) for row in rows)

    async def noted(self) -> list[str]:
        rows = await self.parts.reads.fetch(
            "select convert_from(entry, 'utf8') as entry from record.page where type = 'directives.dispatched' order by page"
        )
        return [row["entry"] for row in rows]

    async def jobs(self) -> int:
        async with self.engine.connect() as connection:
            return (await connection.execute(sa.select(sa.func.count()).select_from(job).where(job.c.kind == KIND))).scalar_one()


@pytest.fixture
async def world(settings: Settings) -> AsyncIterator[World]:
    stop = asyncio.Event()
    following = asyncio.create_task(follow_until(settings.database(), stop))
    engine = engine_for(settings.database())
    try:
        async with opened(settings) as parts:
            one = World(settings, parts, engine)
            await one.send(COMMITTEE, FoundCommittee(occurred_on=FOUNDED, late_reason="建账", name="委员会", short_name="委"))
            for branch in BRANCHES:
                await one.send(COMMITTEE, founding(branch))
            yield one
    finally:
        stop.set()
        await following
        await engine.dispose()


def founding(branch: OrgId) -> FoundBranch:
    return FoundBranch(
        occurred_on=FOUNDED,
        late_reason="建账",
        branch_id=branch,
        name=f"第{branch}党支部",
        short_name=branch,
        branch_type=BranchType.ORGAN,
        approval_no="1",
    )


def each(kind: str, branches: tuple[OrgId, ...] = BRANCHES) -> Counter[tuple[str, str]]:
    return Counter({(branch, kind): 1 for branch in branches})


async def test_a_worker_that_ends_half_way_leaves_the_rest_to_the_next_one(world):
    await world.issue()
    assert await world.deliver(stop_after=2) == 16
    assert (await world.said(), await world.noted()) == (each("directives.delivered", BRANCHES[:16]), [])
    await world.shown()
    assert await world.deliver() == 24
    assert await world.said() == each("directives.delivered")
    assert [told.count('"delivered":40') for told in await world.noted()] == [1]
    await world.shown()
    assert (await world.deliver(), await world.jobs()) == (0, 0)


async def test_a_worker_that_was_killed_holds_up_nobody_for_longer_than_its_lease(world):
    await world.issue()
    now = dt.datetime.now(dt.UTC)
    async with world.engine.begin() as connection:
        await connection.execute(sa.insert(job).values(org_id=COMMITTEE, kind=KIND, due_at=now, lease_until=now + queue.LEASE, attempts=1))
    assert await world.deliver() == 0
    async with world.engine.begin() as connection:
        await connection.execute(sa.update(job).where(job.c.kind == KIND).values(lease_until=now - dt.timedelta(seconds=1)))
    assert await world.deliver() == 40
    assert await world.said() == each("directives.delivered")


async def test_two_workers_at_once_tell_every_branch_once(world):
    await world.issue()
    async with opened(world.settings) as other:
        second = World(world.settings, other, world.engine)
        for _ in range(3):
            await asyncio.gather(world.deliver(), second.deliver(), _without_lease(world), _without_lease(second))
    assert await world.said() == each("directives.delivered")
    assert len(await world.noted()) == 1


async def _without_lease(world: World) -> None:
    """As a worker whose lease had ended without its noticing."""
    await deliver(world.engine, world.parts.bus, COMMITTEE, dt.datetime.now(dt.UTC), lambda: False)


async def test_a_withdrawal_on_the_way_reaches_whoever_was_told_and_nobody_else(world):
    await world.issue()
    await world.deliver(stop_after=2)
    await world.send(COMMITTEE, WithdrawDirective(occurred_on=TODAY, directive_id=W1, reason="另行部署"))
    await asyncio.gather(world.deliver(), _without_lease(world))
    await world.shown()
    await world.deliver()
    told = await world.said()
    assert told == each("directives.delivered", BRANCHES[:16]) + each("directives.recalled", BRANCHES[:16])
    assert ['"round":"recall"' in entry for entry in await world.noted()] == [True]
    await world.shown()
    assert await world.deliver() == 0


async def test_workers_as_they_run_deliver_by_themselves_without_redis(world, monkeypatch):
    monkeypatch.setattr(worker, "DELIVER_S", 0.1)
    stop = asyncio.Event()
    alone = structs.replace(world.settings, redis_url="redis://127.0.0.1:1/0")
    working = [asyncio.create_task(worker.work_until(alone, stop)) for _ in range(2)]
    try:
        await world.issue()
        async with asyncio.timeout(20):
            while not await world.noted():  # noqa: ASYNC110 - the record tells nobody
                await asyncio.sleep(0.05)
    finally:
        stop.set()
        await asyncio.wait_for(asyncio.gather(*working), 10)
    assert await world.said() == each("directives.delivered")


async def test_a_branch_that_is_gone_is_named_and_the_others_are_told(world):
    await world.send(BRANCHES[0], DissolveBranch(occurred_on=TODAY, reason="合并", approval_no="2"))
    await world.issue(kind=DirectiveKind.WORK, answer_by=TODAY, to_all=False, addressees=BRANCHES[:3])
    assert await world.deliver() == 2
    await world.send(BRANCHES[1], SignForDirective(occurred_on=TODAY, directive_id=W1))
    await world.shown()
    views = DirectiveViews(world.engine, lambda name: name)
    found, _ = await views.addressees(SEES, COMMITTEE, W1, TODAY)
    assert [(one.org_id, one.standing, one.failed) for one in found] == [
        (BRANCHES[0], Standing.FAILED, "the branch is dissolved"),
        (BRANCHES[1], Standing.SIGNED, ""),
        (BRANCHES[2], Standing.DELIVERED, ""),
    ]
    shown = await views.one(SEES, COMMITTEE, W1, TODAY)
    assert (shown.counts.addressed, shown.counts.delivered, shown.counts.signed, shown.counts.failed) == (3, 2, 1, 1)
    assert shown.dispatched_on == TODAY
