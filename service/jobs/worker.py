"""`branchbook work`: arq spreads the jobs over the workers, a sweep every 15 s does whatever Redis forgot.

Redis may be wiped or away at any time: then only the time until a job is done grows. The process does not end with it.
"""

import asyncio
import contextlib
import datetime as dt
import signal
from typing import Any

import msgspec
import structlog
from arq import create_pool
from arq.connections import ArqRedis, RedisSettings
from arq.worker import Worker, func
from redis.exceptions import RedisError
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from events.base import OrgId
from events.store.clerk import LOST
from projections.engine.database import engine_for
from projections.standard.pack import default_pack
from service.config import Settings
from service.errors import Unavailable
from service.jobs.duties import EVERY, KIND, do_duties
from service.jobs.queue import Job, claim, due, fail, finish, plan_for_all
from service.parts import Parts, opened

SWEEP_S = 15.0
RETRY_S = 2.0
AT_ONCE = 200
FORGOTTEN = dt.timedelta(seconds=20)
"""A job that is due for so long was forgotten by Redis: the sweep does it itself."""
QUEUE = "branchbook"
log = structlog.get_logger("branchbook.work")


class Crew:
    """What one worker process needs to do jobs."""

    def __init__(self, engine: AsyncEngine, parts: Parts, redis: RedisSettings) -> None:
        self.engine = engine
        self.parts = parts
        self.redis = redis

    async def do(self, one: Job) -> bool:
        """Does the job if nobody else has it; whether it was done here."""
        now = dt.datetime.now(dt.UTC)
        if one.kind != KIND or not await claim(self.engine, one, now):
            return False
        try:
            recorded = await do_duties(self.engine, self.parts.bus, default_pack(), one.org_id, now)
        except Exception as error:
            await fail(self.engine, one, now, f"{type(error).__name__}: {error}")
            raise
        if recorded:
            log.info("duties", org=one.org_id, recorded=recorded)
        await finish(self.engine, one, now + EVERY)
        return True

    async def sweep(self, pool: ArqRedis | None) -> None:
        """Hints to arq for what is due; what it forgot is done here."""
        await plan_for_all(self.engine, (KIND,))
        now = dt.datetime.now(dt.UTC)
        for one, since in await due(self.engine, now, AT_ONCE):
            if pool is None or now - since > FORGOTTEN:
                with contextlib.suppress(Unavailable):
                    await self.do(one)
            else:
                name = f"{one.kind}:{one.org_id}:{int(since.timestamp())}"
                await pool.enqueue_job("job", one.org_id, one.kind, _job_id=name, _queue_name=QUEUE)


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
            crew = Crew(engine, parts, RedisSettings.from_dsn(settings.redis()))
            tasks = [asyncio.create_task(_sweep_on(crew)), asyncio.create_task(_listen_on(crew))]
            await stop.wait()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
    finally:
        await engine.dispose()


async def _sweep_on(crew: Crew) -> None:
    while True:
        try:
            async with _hints(crew.redis) as pool:
                await crew.sweep(pool)
        except (RedisError, ConnectionError, OSError, TimeoutError):
            await _sweep_without(crew)
        except (*LOST, SQLAlchemyError) as error:
            log.warning("sweep lost the database", error=type(error).__name__)
        await asyncio.sleep(SWEEP_S)


async def _sweep_without(crew: Crew) -> None:
    try:
        await crew.sweep(None)
    except (*LOST, SQLAlchemyError) as error:
        log.warning("sweep lost the database", error=type(error).__name__)


@contextlib.asynccontextmanager
async def _hints(redis: RedisSettings) -> Any:
    """A pool for one sweep; it fails at once when Redis is away."""
    settings = RedisSettings(**{**redis.__dict__, "conn_retries": 0})
    pool = await create_pool(settings, job_serializer=_packed, job_deserializer=_unpacked)
    try:
        yield pool
    finally:
        await pool.aclose()


async def _job(ctx: dict[str, Any], org_id: str, kind: str) -> None:
    crew: Crew = ctx["crew"]
    await crew.do(Job(OrgId(org_id), kind))


async def _listen_on(crew: Crew) -> None:
    """Arq's worker ends when Redis goes; here it is begun again."""
    while True:
        worker = Worker(
            functions=[func(_job, name="job", keep_result=0, max_tries=1)],
            redis_settings=crew.redis,
            queue_name=QUEUE,
            handle_signals=False,
            ctx={"crew": crew},
            keep_result=0,
            job_serializer=_packed,
            job_deserializer=_unpacked,
            max_jobs=4,
        )
        try:
            await worker.async_run()
        except (RedisError, ConnectionError, OSError, TimeoutError) as error:
            log.warning("redis away", error=type(error).__name__)
        finally:
            with contextlib.suppress(Exception):
                await worker.close()
        await asyncio.sleep(RETRY_S)


def _packed(value: dict[str, Any]) -> bytes:
    return msgspec.msgpack.encode(value)


def _unpacked(data: bytes) -> dict[str, Any]:
    value: dict[str, Any] = msgspec.msgpack.decode(data)
    return value
