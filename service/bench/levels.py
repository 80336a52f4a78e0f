"""Between the levels at 2,000 branches: a directive to all of them, how each stands, and everything that waits for the committee."""

import datetime as dt
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from itertools import chain
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncEngine

from events.base import OrgId
from events.directives import DirectiveId, DirectiveKind
from events.elections import ElectionId, ElectionKind, ElectionOpened, Matter, RequestSubmitted
from events.organisations import BranchAdded
from events.store.binder import rebind
from events.store.books import Append
from events.store.keys import Keys, MemoryKeyStore
from events.store.postgres import connect
from projections.engine.database import engine_for
from projections.query_directives import DirectiveViews
from projections.shapes import Scope
from projections.standard.pack import default_pack
from service.auth.actor import SYSTEM
from service.bench.measure import Measure, median, percentile
from service.bench.server import database, shown_settings
from service.bench.synthetic import BEGIN_US, COMMITTEE, FOUNDED, life, org, request
from service.bench.views import follow_once, record
from service.bus import LOCAL
from service.config import Settings
from service.decide.directives.superior import IssueDirective
from service.jobs.delivery import deliver_all
from service.parts import Parts, opened
from service.waiting import all_waiting

BRANCHES, EVENTS = 2_000, 200_000
ROUNDS, REQUESTS = 3, 20
SECONDS = 60.0
ALL = Scope(orgs=None)


async def directives_at_scale(server: str, events: int | None) -> Measure:
    """Target: a directive is in the books of 2,000 branches within 60 s of one worker."""
    keys = Keys(MemoryKeyStore())
    async with database(server) as url:
        size = await record(url, chain(life(BRANCHES, events or EVENTS, keys), _between(keys)))
        await follow_once(url)
        engine = engine_for(url)
        with tempfile.TemporaryDirectory() as home:
            try:
                async with opened(Settings(home=Path(home), database_url=url)) as parts:
                    runs = [await _delivered(url, engine, parts, number) for number in range(ROUNDS)]
                    reads = await _read(engine, parts)
            finally:
                await engine.dispose()
    value = median(runs)
    return Measure(
        value=value,
        unit="s until every branch has it",
        runs=runs,
        peers=reads,
        ratio=SECONDS / value,
        target="60 s for 2,000 branches",
        met=value < SECONDS,
        settings={**await shown_settings(server), "events": size, "branches": BRANCHES, "waiting": BRANCHES // 2},
    )


def _between(keys: Keys) -> Iterator[Append]:
    """The committee knows its branches; in every second one a request waits for it."""
    branches = [BranchAdded(occurred_on=FOUNDED, branch_id=org(number), name=f"示例党支部 {org(number)}") for number in range(BRANCHES)]
    for start in range(0, BRANCHES, 200):
        yield request(COMMITTEE, f"branches-{start}", list(branches[start : start + 200]), keys, BEGIN_US)
    for number in range(0, BRANCHES, 2):
        branch, case = org(number), ElectionId(f"{org(number)}-e1")
        opening = ElectionOpened(
            occurred_on=dt.date(2025, 3, 3),
            election_id=case,
            kind=ElectionKind.TERM,
            term=2,
            term_ends_on=dt.date(2027, 12, 1),
            seats=5,
            has_committee=True,
        )
        asked = RequestSubmitted(occurred_on=dt.date(2025, 3, 4), election_id=case, matter=Matter.FIRST, document_no="1")
        yield request(branch, "election", [opening, asked], keys, BEGIN_US)


async def _delivered(url: str, engine: AsyncEngine, parts: Parts, number: int) -> float:
    """Seconds from the visit of the worker to the last branch."""
    now = dt.datetime.now(dt.UTC)
    issuing = IssueDirective(
        occurred_on=now.astimezone(LOCAL).date(),
        directive_id=DirectiveId(f"d{number}"),
        kind=DirectiveKind.DOCUMENT,
        number=str(number),
        title="通知",
        text="请研究落实。" * 100,
        to_all=True,
    )
    await parts.bus.handle(COMMITTEE, issuing, SYSTEM, key=f"issue-{number}", now=now)
    await _caught_up(url)
    began = time.perf_counter()
    told = await deliver_all(engine, parts.bus, now, lambda: False)
    seconds = time.perf_counter() - began
    assert told == BRANCHES, f"{told} branches were told"
    await _caught_up(url)
    return seconds


async def _caught_up(url: str) -> None:
    pool = await connect(url, size=1, timeout_s=600)
    try:
        await rebind(pool)
    finally:
        await pool.close()
    await follow_once(url)


async def _read(engine: AsyncEngine, parts: Parts) -> dict[str, float]:
    """Milliseconds of what the committee looks at, after one look that warms up."""
    views, today = DirectiveViews(engine, lambda name: name), dt.datetime.now(LOCAL).date()
    reads: dict[str, Callable[[], Awaitable[object]]] = {
        "list of directives": lambda: views.issued(ALL, COMMITTEE, today),
        "a page of branches": lambda: views.addressees(ALL, COMMITTEE, "d1", today, after=org(BRANCHES // 2)),
        "a branch's own": lambda: views.received(ALL, OrgId(org(7)), today),
        "all that waits": lambda: all_waiting(parts.reads, views, ALL, default_pack(), today),
    }
    found: dict[str, float] = {}
    for name, read in reads.items():
        await read()
        times = [await _timed(read) for _ in range(REQUESTS)]
        found |= {f"{name} p50": 1000 * median(times), f"{name} p99": 1000 * percentile(times, 0.99)}
    return found


async def _timed(read: Callable[[], Awaitable[object]]) -> float:
    began = time.perf_counter()
    await read()
    return time.perf_counter() - began
