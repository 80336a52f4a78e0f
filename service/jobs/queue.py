"""Claiming and finishing jobs. Any number of workers may claim: each job goes to one of them at a time."""

import datetime as dt

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncEngine

from events.base import OrgId
from projections.roster_tables import organisation
from service.jobs.tables import job

LEASE = dt.timedelta(minutes=2)
AGAIN_AFTER_FAILURE = dt.timedelta(seconds=30)
FAILURE_DELAY_MAX = dt.timedelta(hours=1)


class Job(msgspec.Struct, frozen=True):
    """A job by its name; nothing else ever travels through Redis."""

    org_id: OrgId
    kind: str


async def plan_for_all(engine: AsyncEngine, kinds: tuple[str, ...]) -> None:
    """Every branch has its standing jobs; what is there already stays."""
    async with engine.begin() as connection:
        rows = await connection.execute(sa.select(organisation.c.org_id).where(organisation.c.parent_id.is_not(None)))
        wanted = [{"org_id": row.org_id, "kind": kind} for row in rows for kind in kinds]
        if wanted:
            await connection.execute(insert(job).values(wanted).on_conflict_do_nothing())


async def due(engine: AsyncEngine, now: dt.datetime, limit: int) -> list[tuple[Job, dt.datetime]]:
    """Jobs that nobody has, with the time since when they are due; oldest first."""
    free = sa.or_(job.c.lease_until.is_(None), job.c.lease_until < now)
    query = (
        sa.select(job.c.org_id, job.c.kind, job.c.due_at).where(job.c.due_at <= now, free).order_by(job.c.due_at, job.c.org_id).limit(limit)
    )
    async with engine.connect() as connection:
        return [(Job(OrgId(row.org_id), row.kind), row.due_at) for row in await connection.execute(query)]


async def claim(engine: AsyncEngine, one: Job, now: dt.datetime) -> bool:
    """Whether this worker has the job now, until the lease ends."""
    free = sa.or_(job.c.lease_until.is_(None), job.c.lease_until < now)
    mine = (
        sa.select(job.c.org_id)
        .where(job.c.org_id == one.org_id, job.c.kind == one.kind, job.c.due_at <= now, free)
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    statement = (
        sa.update(job)
        .where(job.c.org_id == mine, job.c.kind == one.kind)
        .values(lease_until=now + LEASE, attempts=job.c.attempts + 1)
        .returning(job.c.org_id)
    )
    async with engine.begin() as connection:
        return (await connection.execute(statement)).first() is not None


async def finish(engine: AsyncEngine, one: Job, next_at: dt.datetime) -> None:
    async with engine.begin() as connection:
        await connection.execute(
            sa.update(job)
            .where(job.c.org_id == one.org_id, job.c.kind == one.kind)
            .values(due_at=next_at, lease_until=None, attempts=0, error=None)
        )


async def fail(engine: AsyncEngine, one: Job, now: dt.datetime, error: str) -> None:
    """Later again, each time twice as late, at most an hour; the reason is kept."""
    delay = sa.func.least(
        FAILURE_DELAY_MAX, sa.literal(AGAIN_AFTER_FAILURE, sa.Interval) * sa.func.power(2, sa.func.least(10, job.c.attempts))
    )
    async with engine.begin() as connection:
        await connection.execute(
            sa.update(job)
            .where(job.c.org_id == one.org_id, job.c.kind == one.kind)
            .values(due_at=sa.literal(now) + delay, lease_until=None, error=error[:500])
        )
