"""`branchbook work`: arq spreads the jobs over the workers, a sweep every 15 s does whatever Redis forgot.

Redis may be wiped or away at any time: then only the time until a job is done grows. The process does not end with it.
"""

import asyncio
import contextlib
import datetime as dt
import signal
from collections.abc import AsyncIterator
from typing import Any

import msgspec
import structlog
from arq.connections import ArqRedis
from arq.worker import Worker, func
from redis.asyncio import ConnectionPool
from redis.exceptions import RedisError
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from events.base import OrgId
from events.store.clerk import LOST
from projections.engine.database import engine_for
from projections.standard.pack import default_pack
from service.bus import LOCAL
from service.config import Settings
from service.errors import Unavailable
from service.jobs.delivery import deliver_all
from service.jobs.duties import EVERY, KIND, VIEW, do_duties
from service.jobs.queue import Job, claim, due, fail, finish, give_back, hurry, plan_for_all
from service.parts import Parts, opened
from service.reminders.post import post
from service.versions import watch

SWEEP_S = 15.0
HERE_S = 15.0
"""So long a sweep does jobs itself before it looks again what has changed."""
POST_S = 5.0
DELIVER_S = 3.0
RETRY_S = 2.0
REDIS_S = 2.0
"""A Redis that takes longer to answer is treated as away."""
END_S = 8.0
AT_ONCE = 10_000
"""Jobs of one sweep: at midnight those of all branches."""
FORGOTTEN = dt.timedelta(seconds=20)
"""A job that is due for so long was forgotten by Redis: the sweep does it itself."""
JOBS = 8
"""Branches that one worker looks at side by side: while one waits for the database, others are thought about."""
QUEUE = "branchbook"
log = structlog.get_logger("branchbook.work")


class Crew:
    """What one worker process needs to do jobs."""

    def __init__(self, engine: AsyncEngine, parts: Parts, redis: str, stop: asyncio.Event) -> None:
        self.engine = engine
        self.parts = parts
        self.redis = redis
        self.stop = stop
        self.busy = 0

    async def do(self, one: Job) -> bool:
        """Does the job if nobody else has it; whether it was done here."""
        now = dt.datetime.now(dt.UTC)
        if one.kind != KIND or self.stop.is_set():
            return False
        self.busy += 1
        try:
            return await claim(self.engine, one, now) and await self._do_claimed(one, now)
        finally:
            self.busy -= 1

    async def _do_claimed(self, one: Job, now: dt.datetime) -> bool:
        try:
            done = await do_duties(self.engine, self.parts.bus, default_pack(), one.org_id, now, self.stop.is_set)
        except Exception as error:
            await fail(self.engine, one, now, f"{type(error).__name__}: {error}")
            raise
        if done.recorded:
            log.info("duties", org=one.org_id, recorded=done.recorded)
        if self.stop.is_set():
            await give_back(self.engine, one)
            return False
        await finish(self.engine, one, min(now + EVERY, next_day(now)), done.page)
        return True

    async def sweep(self, pool: ArqRedis | None) -> None:
        """Hints to arq for what is due; what it forgot is done here, as far as that goes before the next sweep."""
        now, begun = dt.datetime.now(dt.UTC), asyncio.get_running_loop().time()
        await plan_for_all(self.engine, (KIND,), now)
        await hurry(self.engine, KIND, VIEW, now)
        here: list[Job] = []
        for one, since in await due(self.engine, now, AT_ONCE):
            if pool is None or now - since > FORGOTTEN:
                here.append(one)
            else:
                name = f"{one.kind}:{one.org_id}:{int(since.timestamp())}"
                async with asyncio.timeout(REDIS_S):
                    await pool.enqueue_job("job", one.org_id, one.kind, _job_id=name, _queue_name=QUEUE)
        for one in here:
            await self._do_here(one)
            if asyncio.get_running_loop().time() > begun + HERE_S:
                break

    async def _do_here(self, one: Job) -> None:
        """What goes wrong with one branch holds up no other: it is in its row."""
        try:
            await self.do(one)
        except (Unavailable, *LOST, SQLAlchemyError) as error:
            log.warning("job put off", org=one.org_id, error=type(error).__name__)
        except Exception:
            log.exception("job failed", org=one.org_id)

    async def rest(self) -> None:
        """Waits until the jobs in hand have noticed the end between two steps."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(END_S):
                while self.busy:  # noqa: ASYNC110 - several tasks count it up and down
                    await asyncio.sleep(0.02)


def next_day(now: dt.datetime) -> dt.datetime:
    """The start of the next local day, when duties begin and due dates have passed."""
    tomorrow = now.astimezone(LOCAL).date() + dt.timedelta(days=1)
    return dt.datetime.combine(tomorrow, dt.time(), LOCAL).astimezone(dt.UTC)


def work(settings: Settings) -> None:
    """Until SIGINT or SIGTERM."""
    asyncio.run(_work(settings))


async def _work(settings: Settings) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await work_until(settings, stop)


async def work_until(settings: Settings, stop: asyncio.Event) -> None:
    """The sweep and the arq worker side by side, each going on when what it needs comes back."""
    engine = engine_for(settings.database())
    try:
        async with opened(settings) as parts:
            crew = Crew(engine, parts, settings.redis(), stop)
            rounds = (_sweep_on(crew), _listen_on(crew), _post_on(crew, settings), _deliver_on(crew))
            forever = (*rounds, watch(settings.database(), stop.set))
            tasks = [asyncio.create_task(task) for task in forever]
            await stop.wait()
            await crew.rest()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
    finally:
        await engine.dispose()


async def _sweep_on(crew: Crew) -> None:
    while not crew.stop.is_set():
        try:
            async with _hints(crew.redis) as pool:
                await crew.sweep(pool)
        except (RedisError, ConnectionError, OSError, TimeoutError):
            await _sweep_without(crew)
        except (*LOST, SQLAlchemyError) as error:
            log.warning("sweep lost the database", error=type(error).__name__)
        except Exception:
            log.exception("sweep failed")
        await asyncio.sleep(SWEEP_S)


async def _post_on(crew: Crew, settings: Settings) -> None:
    """Inboxes and mail: the rows in PostgreSQL say what is to be done, so Redis has no part in it."""
    while not crew.stop.is_set():
        crew.busy += 1
        try:
            await post(crew.engine, settings, dt.datetime.now(dt.UTC), crew.stop.is_set)
        except (*LOST, SQLAlchemyError) as error:
            log.warning("post lost the database", error=type(error).__name__)
        except Exception:
            log.exception("post failed")
        finally:
            crew.busy -= 1
        await asyncio.sleep(POST_S)


async def _deliver_on(crew: Crew) -> None:
    """Directives to the branches: as the rows say, so Redis has no part in it either."""
    while not crew.stop.is_set():
        crew.busy += 1
        try:
            if told := await deliver_all(crew.engine, crew.parts.bus, dt.datetime.now(dt.UTC), crew.stop.is_set):
                log.info("directives", branches=told)
        except (Unavailable, *LOST, SQLAlchemyError) as error:
            log.warning("delivery put off", error=type(error).__name__)
        except Exception:
            log.exception("delivery failed")
        finally:
            crew.busy -= 1
        await asyncio.sleep(DELIVER_S)


async def _sweep_without(crew: Crew) -> None:
    try:
        await crew.sweep(None)
    except (*LOST, SQLAlchemyError) as error:
        log.warning("sweep lost the database", error=type(error).__name__)


@contextlib.asynccontextmanager
async def _hints(url: str) -> AsyncIterator[ArqRedis]:
    """A pool that answers; it fails at once when Redis is away. Arq's own would drop its connection when it is given up on the way."""
    pool = ArqRedis(ConnectionPool.from_url(url, encoding="utf8"), _packed, _unpacked, default_queue_name=QUEUE)
    try:
        async with asyncio.timeout(REDIS_S):
            await pool.ping()
        yield pool
    finally:
        await _closed(pool)


async def _closed(pool: ArqRedis) -> None:
    """Also when Redis does not answer any more."""
    with contextlib.suppress(RedisError, OSError, TimeoutError):
        async with asyncio.timeout(REDIS_S):
            await pool.aclose(close_connection_pool=True)


async def _job(ctx: dict[str, Any], org_id: str, kind: str) -> None:
    crew: Crew = ctx["crew"]
    await crew.do(Job(OrgId(org_id), kind))


async def _listen_on(crew: Crew) -> None:
    """Arq's worker ends when Redis goes; here it is begun again."""
    while True:
        try:
            async with _hints(crew.redis) as pool:
                await _listen(crew, pool)
        except (RedisError, ConnectionError, OSError, TimeoutError) as error:
            log.warning("redis away", error=type(error).__name__)
        except Exception:
            log.exception("arq ended")
        await asyncio.sleep(RETRY_S)


async def _listen(crew: Crew, pool: ArqRedis) -> None:
    """Arq's own `close` would wait for a Redis that does not answer, and leave connections open when a job was cut off."""
    worker = Worker(
        functions=[func(_job, name="job", keep_result=0, max_tries=1)],
        redis_pool=pool,
        queue_name=QUEUE,
        handle_signals=False,
        ctx={"crew": crew},
        keep_result=0,
        job_serializer=_packed,
        job_deserializer=_unpacked,
        max_jobs=JOBS,
    )
    try:
        await worker.async_run()
    finally:
        for task in worker.tasks.values():
            task.cancel()
        if worker.tasks:
            await asyncio.wait(worker.tasks.values(), timeout=REDIS_S)


def _packed(value: dict[str, Any]) -> bytes:
    return msgspec.msgpack.encode(value)


def _unpacked(data: bytes) -> dict[str, Any]:
    value: dict[str, Any] = msgspec.msgpack.decode(data)
    return value
