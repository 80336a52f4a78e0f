"""The worker on a real PostgreSQL and a real Valkey: everything is said once, whatever happens to Redis, to a branch or to a worker."""

import asyncio
import contextlib
import datetime as dt
import os
import signal
import subprocess
import sys
import time
import typing
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import asyncpg
import pytest
import redis.asyncio as valkey
import structlog
import time_machine

from events.base import OrgId, tag_of
from events.documents import DocumentId
from events.meetings import MeetingKind
from events.obligations import ObligationEvent
from events.organisations import BranchType
from projections.engine.database import engine_for
from projections.engine.rebuild import rebuild
from service import embedded
from service.auth.actor import SYSTEM
from service.children import Supervisor
from service.config import Settings, environment
from service.decide.base import Command
from service.decide.documents.papers import ReceiveSuperiorDocument
from service.decide.meetings.planning import ScheduleMeeting
from service.decide.organisations.founding import FoundBranch, FoundCommittee
from service.follow import follow_until
from service.jobs import queue, worker
from service.jobs.duties import KIND, VIEW
from service.parts import Parts, opened
from tests.obligations.world import WHOLE, Branch, founded
from tests.servers import removed

COMMITTEE = OrgId("C")
BRANCHES = tuple(OrgId(f"C-{number}") for number in range(1, 5))
FOUNDED = dt.date(2026, 1, 1)
TODAY = dt.datetime(2026, 3, 26, 12, tzinfo=dt.timezone(dt.timedelta(hours=8)))
ROOT = Path(__file__).parents[2]
IN_TIME_S = 20.0
Said = Counter[tuple[str, str, str]]
"""(book, type of event, obligation) -> how often."""
OF_EACH_BRANCH = {
    (tag_of(event), event.obligation_id)
    for event in Branch(founded(FOUNDED), pack=WHOLE).sweep("2026-03-26")
    if isinstance(event, typing.get_args(ObligationEvent))
}
"""What a branch founded at New Year that did nothing is told by 26 March."""
EVERYTHING: Said = Counter((str(book), kind, one) for book in BRANCHES for kind, one in OF_EACH_BRANCH)


@pytest.fixture(autouse=True)
def hurry(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Seconds instead of minutes, on 26 March 2026. Traces without local variables, as processes write them: the others take seconds."""
    structlog.configure(processors=[structlog.processors.format_exc_info, structlog.processors.KeyValueRenderer()])
    monkeypatch.setattr(worker, "SWEEP_S", 0.2)
    monkeypatch.setattr(worker, "RETRY_S", 0.2)
    monkeypatch.setattr(worker, "REDIS_S", 0.5)
    monkeypatch.setattr(worker, "EVERY", dt.timedelta(seconds=0.4))
    monkeypatch.setattr(worker, "FORGOTTEN", dt.timedelta(seconds=1))
    with time_machine.travel(TODAY, tick=True):
        yield
    structlog.reset_defaults()


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    with removed(tmp_path / "home") as folder:
        yield folder


@pytest.fixture
def settings(home: Path, database_url: str, valkey_url: str) -> Settings:
    return Settings(home=home, database_url=database_url, redis_url=valkey_url)


@pytest.fixture
async def parts(settings: Settings) -> AsyncIterator[Parts]:
    """A committee with four branches, followed by the views."""
    stop = asyncio.Event()
    following = asyncio.create_task(follow_until(settings.database(), stop))
    try:
        async with opened(settings) as opened_parts:
            await record(opened_parts, COMMITTEE, FoundCommittee(occurred_on=FOUNDED, late_reason="建账", name="委员会", short_name="委"))
            for branch in BRANCHES:
                await record(opened_parts, COMMITTEE, founding(branch))
            yield opened_parts
    finally:
        stop.set()
        await following


@pytest.fixture
async def record_of(settings: Settings) -> AsyncIterator[Any]:
    """A connection with all rights."""
    connection = await asyncpg.connect(settings.database())
    yield connection
    await connection.close()


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


async def record(parts: Parts, org_id: OrgId, command: Command, key: str | None = None) -> None:
    await parts.bus.handle(org_id, command, SYSTEM, key=key or f"{org_id}{command}", now=dt.datetime.now(dt.UTC))


@contextlib.asynccontextmanager
async def working(settings: Settings, *, workers: int = 1) -> AsyncIterator[None]:
    """Workers as `branchbook work` runs them; leaving ends them cleanly."""
    stop = asyncio.Event()
    tasks = [asyncio.create_task(worker.work_until(settings, stop)) for _ in range(workers)]
    try:
        yield
    finally:
        stop.set()
        await asyncio.wait_for(asyncio.gather(*tasks), 10)


async def said(connection: Any) -> Said:
    """How often each obligation of each branch was raised, reminded of, marked and escalated."""
    rows = await connection.fetch(
        'select p.book, p.type, substring(convert_from(p.entry, \'utf8\') from \'"obligation_id":"([^"]+)"\') as one'
        " from record.page p where p.stream = 'obligations'"
    )
    return Counter((row["book"], row["type"], row["one"]) for row in rows)


async def comes_true(condition: Callable[[], Any], seconds: float = IN_TIME_S) -> None:
    limit = time.monotonic() + seconds
    while not await condition():
        assert time.monotonic() < limit, "it did not come true in time"
        await asyncio.sleep(0.05)


async def all_is_said_once(connection: Any, expected: Said = EVERYTHING) -> None:
    """All of it is there, and some rounds later it is there still once."""

    async def enough() -> bool:
        return not expected - await said(connection)

    try:
        await comes_true(enough)
    except AssertionError:
        raise AssertionError(f"wanting: {expected - await said(connection)}") from None
    await asyncio.sleep(1.5)
    assert await said(connection) == expected


async def test_a_worker_raises_reminds_marks_and_escalates_once(settings, parts, record_of):
    async with working(settings):
        await all_is_said_once(record_of)


async def test_two_workers_say_everything_once(settings, parts, record_of):
    async with working(settings, workers=2):
        await all_is_said_once(record_of)


async def test_a_redis_that_is_wiped_all_the_time_loses_nothing(settings, parts, record_of):
    async def wipe() -> None:
        async with valkey.Redis.from_url(settings.redis()) as connection:
            while True:
                await connection.flushall()
                await asyncio.sleep(0.01)

    wiping = asyncio.create_task(wipe())
    try:
        async with working(settings, workers=2):
            await all_is_said_once(record_of)
    finally:
        wiping.cancel()
        await asyncio.gather(wiping, return_exceptions=True)


async def test_a_worker_does_its_work_without_redis_and_listens_again_when_it_is_there(settings, parts, record_of, tmp_path):
    with removed(tmp_path / "valkey") as folder:
        layout = embedded.prepare(folder)
        alone = Settings(home=settings.home, database_url=settings.database_url, redis_url=layout.redis_url)
        async with working(alone):
            await all_is_said_once(record_of)
            with Supervisor(lambda _: None) as keep:
                await asyncio.to_thread(keep.start, embedded.valkey(layout))
                await comes_true(lambda: listens(layout.redis_url))
                before = await asyncio.to_thread(keep.pid, "Valkey")
                os.kill(before, signal.SIGKILL)
                await comes_true(lambda: listens(layout.redis_url))
                assert keep.pid("Valkey") != before
                os.kill(keep.pid("Valkey"), signal.SIGSTOP)
                await record(parts, COMMITTEE, founding(OrgId("C-5")))
                late: Said = Counter(("C-5", kind, one) for kind, one in OF_EACH_BRANCH)
                await all_is_said_once(record_of, EVERYTHING + late)
                os.kill(keep.pid("Valkey"), signal.SIGCONT)


async def listens(url: str) -> bool:
    """Whether somebody takes away what is put into the queue: each time another name, for arq leaves one alone that was cut off."""
    probe = f"probe-{time.monotonic_ns()}"
    try:
        async with valkey.Redis.from_url(url) as connection:
            await connection.zadd(worker.QUEUE, {probe: 1})
            await asyncio.sleep(0.7)
            return await connection.zscore(worker.QUEUE, probe) is None
    except (OSError, valkey.RedisError):
        return False


@pytest.mark.parametrize("with_redis", [True, False])
async def test_a_branch_that_cannot_be_worked_out_holds_up_no_other(settings, parts, record_of, tmp_path, with_redis):
    """Its view speaks of a deadline that this pack does not have."""
    sick = BRANCHES[0]
    await comes_true(lambda: record_of.fetchval("select count(*) = $1 from views.obligation_subject", len(BRANCHES)))
    await record_of.execute(
        "insert into views.obligation (org_id, obligation_id, deadline, raised_on, due_on) values ($1, 'X', 'DL-99', $2, $3)",
        sick,
        FOUNDED,
        dt.date(2026, 4, 30),
    )
    used = settings if with_redis else Settings(home=settings.home, database_url=settings.database_url, redis_url=f"unix://{tmp_path}/none")
    async with working(used):
        await all_is_said_once(record_of, Counter({key: 1 for key in EVERYTHING if key[0] != sick}))
        assert await record_of.fetchval("select error is not null and attempts > 0 from service.job where org_id = $1", sick)


async def test_a_key_that_somebody_else_used_keeps_nothing_from_being_said(settings, parts, record_of):
    """A client may choose any visible characters as its key; the worker's are none of those."""
    for number, key in enumerate(("DL-01:2026-01:raise", "DL-01:2026-01:overdue:2026-01-31", "DL-01:2026-01:escalate:2026-01-31")):
        meeting = ScheduleMeeting(
            occurred_on=TODAY.date(), kind=MeetingKind.STUDY, planned_on=dt.date(2026, 4, 10 + number), topic="学习", meeting_id=None
        )
        await record(parts, BRANCHES[0], meeting, key)
    async with working(settings):
        await all_is_said_once(record_of)


async def test_a_job_is_claimed_by_one_worker_and_given_back_when_its_lease_ends(settings, parts):
    engine = engine_for(settings.database())
    try:
        await comes_true(lambda: planned(engine))
        now, one = dt.datetime.now(dt.UTC), queue.Job(BRANCHES[0], "duties")
        assert sorted(await asyncio.gather(*(queue.claim(engine, one, now) for _ in range(8)))) == [False] * 7 + [True]
        assert not await queue.claim(engine, one, now + queue.LEASE / 2)
        assert await queue.claim(engine, one, now + queue.LEASE + dt.timedelta(seconds=1))
        await queue.finish(engine, one, now + dt.timedelta(minutes=5))
        assert not await queue.claim(engine, one, now + dt.timedelta(minutes=4))
        assert await queue.claim(engine, one, now + dt.timedelta(minutes=6))
    finally:
        await engine.dispose()


async def planned(engine: Any) -> bool:
    await queue.plan_for_all(engine, ("duties",), dt.datetime.now(dt.UTC))
    return len(await queue.due(engine, dt.datetime.now(dt.UTC) + dt.timedelta(seconds=5), 100)) == len(BRANCHES)


async def test_a_branch_is_looked_at_soon_after_its_facts_changed_and_once_however_much_was_recorded(
    settings, parts, record_of, monkeypatch
):
    """The round of all branches is an hour away: only what changed is looked at before."""
    monkeypatch.setattr(worker, "EVERY", dt.timedelta(hours=1))
    async with working(settings):
        await all_is_said_once(record_of)
        for number in range(20):
            await record(parts, BRANCHES[0], received(number))
        mine = Counter((str(BRANCHES[0]), kind, f"DL-61:d{number}") for number in range(20) for kind in ("obligations.raised",))
        await all_is_said_once(record_of, EVERYTHING + mine)
        soon = dt.datetime.now(dt.UTC) + dt.timedelta(minutes=10)
        assert await record_of.fetchval("select count(*) from service.job where due_at < $1", soon) == 0


async def test_one_row_of_a_branch_is_compared_whatever_was_recorded_in_it(settings, parts, record_of):
    engine = engine_for(settings.database())
    try:
        await comes_true(lambda: planned(engine))
        now = dt.datetime.now(dt.UTC)
        later = now + dt.timedelta(hours=1)
        for branch in BRANCHES:
            await queue.finish(engine, queue.Job(branch, KIND), later, await page_of(engine, branch))
        assert await queue.hurry(engine, KIND, VIEW, now) == 0
        for number in range(5):
            await record(parts, BRANCHES[0], received(number))
        await comes_true(lambda: seen(engine, 6))
        assert [await queue.hurry(engine, KIND, VIEW, now) for _ in range(2)] == [1, 0]
        assert await queue.due(engine, now, 9) == [(queue.Job(BRANCHES[0], KIND), now)]
        await record_of.execute("update service.job set due_at = $1, lease_until = $2", later, now + queue.LEASE)
        assert await queue.hurry(engine, KIND, VIEW, now) == 0
    finally:
        await engine.dispose()


async def seen(engine: Any, page: int) -> bool:
    return await page_of(engine, BRANCHES[0]) == page


async def page_of(engine: Any, branch: OrgId) -> int:
    async with engine.connect() as connection:
        return await queue.page_of(connection, branch, VIEW)


def received(number: int) -> ReceiveSuperiorDocument:
    return ReceiveSuperiorDocument(
        occurred_on=TODAY.date(),
        number=f"示例〔2026〕{number}号",
        title="通知",
        issuer="委员会",
        formed_on=TODAY.date(),
        act_by=dt.date(2026, 12, 31),
        document_id=DocumentId(f"d{number}"),
    )


async def test_a_week_without_a_worker_a_clock_that_goes_back_and_a_rebuild_repeat_and_lose_nothing(settings, parts, record_of):
    """Ten days on nothing is made up for that is of no use any more; then the clock goes back five days, and the view is built anew."""
    told = Branch(founded(FOUNDED), pack=WHOLE)
    said_by = {day: said_of(told.sweep(day)) for day in ("2026-03-26", "2026-04-05")}
    async with working(settings):
        await all_is_said_once(record_of)
    expected = said_by["2026-03-26"] + said_by["2026-04-05"]
    with time_machine.travel(TODAY + dt.timedelta(days=10), tick=True):
        async with working(settings, workers=2):
            await all_is_said_once(record_of, expected)
    with time_machine.travel(TODAY + dt.timedelta(days=5), tick=True):
        async with working(settings, workers=2):
            await rebuild(settings.database(), processes=1, only="obligations")
            await all_is_said_once(record_of, expected)
    assert len(said_by["2026-04-05"]) > 4 * len(BRANCHES)


def said_of(events: Iterable[Any]) -> Said:
    """What one branch is told, for each of them."""
    mine = [(tag_of(event), event.obligation_id) for event in events if isinstance(event, typing.get_args(ObligationEvent))]
    return Counter((str(book), kind, one) for book in BRANCHES for kind, one in mine)


async def test_sigterm_ends_the_process_cleanly_and_leaves_no_job_taken(settings, parts, record_of):
    """With its own clock, the real one: what it says is not looked at, only that it works and ends."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "service.cli", "work"),
        env={**os.environ, **environment(settings), "PYTHONPATH": str(ROOT)},
        stderr=subprocess.STDOUT,
        stdout=subprocess.PIPE,
    )
    try:
        await comes_true(lambda: record_of.fetchval("select exists (select from record.page where stream = 'obligations')"))
        process.send_signal(signal.SIGTERM)
        said_by_it, _ = await asyncio.wait_for(process.communicate(), 15)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    assert (process.returncode, b"Traceback" in said_by_it) == (0, False), said_by_it.decode()
    assert await record_of.fetchval("select count(*) from service.job where lease_until is not null") == 0
