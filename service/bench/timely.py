"""How soon a worker has looked at every branch: with nothing to say, at the begin of a month, and who changed at all (P10)."""

import asyncio
import datetime as dt
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncEngine

from events.base import OrgId
from events.store.binder import rebind
from events.store.keys import Keys, MemoryKeyStore
from events.store.postgres import connect
from projections.engine.database import engine_for
from projections.standard.pack import default_pack
from projections.standard.periods import add_months
from service.bench.duties import begin_of_life, dutiful_life
from service.bench.measure import Measure, median
from service.bench.server import database, shown_settings
from service.bench.synthetic import org
from service.bench.views import follow_once, record
from service.bus import LOCAL, Bus
from service.config import Settings
from service.jobs.duties import KIND, VIEW, do_duties
from service.jobs.queue import Job, claim, finish, hurry, plan_for_all
from service.jobs.worker import JOBS
from service.parts import opened

BRANCHES, MEASURED = 2_000, 200
EVENTS_EACH = 400
ROUNDS = 3
SECONDS = 60.0


async def round_of_all_branches(server: str, events: int | None) -> Measure:
    """Target: every one of 2,000 branches within 60 s by one worker. Fewer are measured, and the time is scaled up to 2,000."""
    branches = MEASURED if events is None else max(1, min(BRANCHES, events // EVENTS_EACH))
    begin = begin_of_life(dt.datetime.now(LOCAL).date())
    async with database(server) as url:
        size = await record(url, dutiful_life(branches, branches * EVENTS_EACH, Keys(MemoryKeyStore()), begin))
        await follow_once(url)
        engine = engine_for(url)
        with tempfile.TemporaryDirectory() as home:
            try:
                async with opened(Settings(home=Path(home), database_url=url)) as parts:
                    quiet, busy, said, compared = await _measured(url, engine, parts.bus, branches)
            finally:
                await engine.dispose()
    scaled = [seconds * BRANCHES / branches for seconds in quiet]
    return Measure(
        value=median(scaled),
        unit="s",
        runs=scaled,
        peers={"begin of a month, s": median(busy) * BRANCHES / branches, "who changed, ms": median(compared) * 1_000},
        ratio=SECONDS / median(scaled),
        target="60 s for 2,000 branches",
        met=median(scaled) < SECONDS,
        settings={
            **await shown_settings(server),
            "branches": branches,
            "events": size,
            "at_once": JOBS,
            "said of a branch at the begin of a month": said,
        },
    )


async def _measured(url: str, engine: AsyncEngine, bus: Bus, branches: int) -> tuple[list[float], list[float], int, list[float]]:
    """Rounds with nothing to say, rounds on the first day of a month, how much is said then, and how long it takes to see who changed."""
    jobs = [Job(org(number), KIND) for number in range(branches)]
    midnight = dt.datetime.combine(dt.datetime.now(LOCAL).date().replace(day=28), dt.time(), LOCAL)

    async def round_at(now: dt.datetime) -> int:
        await plan_for_all(engine, (KIND,), now)
        return await _round(engine, bus, list(jobs), now)

    while await round_at(midnight):
        await _caught_up(url)
    quiet = [await _timed(lambda: round_at(midnight)) for _ in range(ROUNDS)]
    compared = [await _timed(lambda: hurry(engine, KIND, VIEW, midnight)) for _ in range(ROUNDS)]
    busy, said = [], 0
    for month in range(1, ROUNDS + 1):
        first = dt.datetime.combine(add_months(midnight.date().replace(day=1), month), dt.time(), LOCAL)
        began = time.perf_counter()
        said += await round_at(first)
        busy.append(time.perf_counter() - began)
        await _caught_up(url)
    return quiet, busy, said // (ROUNDS * branches), compared


async def _round(engine: AsyncEngine, bus: Bus, waiting: list[Job], now: dt.datetime) -> int:
    recorded = 0

    async def work() -> None:
        nonlocal recorded
        while waiting:
            job = waiting.pop()
            if await claim(engine, job, now + dt.timedelta(days=1)):
                done = await do_duties(engine, bus, default_pack(), OrgId(job.org_id), now, lambda: False)
                await finish(engine, job, now, done.page)
                recorded += done.recorded

    await asyncio.gather(*[work() for _ in range(JOBS)])
    return recorded


async def _timed(what: Callable[[], Awaitable[object]]) -> float:
    began = time.perf_counter()
    await what()
    return time.perf_counter() - began


async def _caught_up(url: str) -> None:
    """What was recorded is in the views."""
    pool = await connect(url, size=1)
    try:
        await rebind(pool)
    finally:
        await pool.close()
    await follow_once(url)
