"""Claiming and finishing jobs. Any number of workers may claim: each job goes to one of them at a time."""

import datetime as dt

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncEngine

from events.base import OrgId
from projections.roster_tables import organisation
from service.jobs.tables import job

LEASE = dt.timedelta(minutes=1)
AGAIN_AFTER_FAILURE = dt.timedelta(seconds=30)
FAILURE_DELAY_MAX = dt.timedelta(hours=1)
AHEAD_MAX = dt.timedelta(hours=2)
"""Nothing is planned further ahead: what is, was planned by a clock that had jumped, and counts as due."""


class Job(msgspec.Struct, frozen=True):
    """A job by its name; nothing else ever travels through Redis."""

    org_id: OrgId
    kind: str


async def plan_for_all(engine: AsyncEngine, kinds: tuple[str, ...], now: dt.datetime) -> None:
    """Every branch has its standing jobs; what is there already stays."""
    async with engine.begin() as connection:
        rows = await connection.execute(sa.select(organisation.c.org_id).where(organisation.c.parent_id.is_not(None)))
        wanted = [{"org_id": row.org_id, "kind": kind, "due_at": now} for row in rows for kind in kinds]
        if wanted:
            await connection.execute(insert(job).values(wanted).on_conflict_do_nothing())


async def due(engine: AsyncEngine, now: dt.datetime, limit: int) -> list[tuple[Job, dt.datetime]]:
    """Jobs that nobody has, with the time since when they are due; oldest first."""
    query = sa.select(job.c.org_id, job.c.kind, job.c.due_at).where(_ready(now)).order_by(job.c.due_at, job.c.org_id).limit(limit)
    async with engine.connect() as connection:
        return [(Job(OrgId(row.org_id), row.kind), row.due_at) for row in await connection.execute(query)]


async def claim(engine: AsyncEngine, one: Job, now: dt.datetime) -> bool:
    """Whether this worker has the job now, until the lease ends."""
    mine = (
        sa.select(job.c.org_id)
        .where(job.c.org_id == one.org_id, job.c.kind == one.kind, _ready(now))
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


def _ready(now: dt.datetime) -> sa.ColumnElement[bool]:
    """Due, and nobody's."""
    is_due = sa.or_(job.c.due_at <= now, job.c.due_at > now + AHEAD_MAX)
    return sa.and_(is_due, sa.or_(job.c.lease_until.is_(None), job.c.lease_until < now, job.c.lease_until > now + 2 * LEASE))


async def give_back(engine: AsyncEngine, one: Job) -> None:
    """Not done, for this worker ends: another one may begin at once."""
    async with engine.begin() as connection:
        await connection.execute(
            sa.update(job).where(job.c.org_id == one.org_id, job.c.kind == one.kind).values(lease_until=None, attempts=job.c.attempts - 1)
        )


async def finish(engine: AsyncEngine, one: Job, next_at: dt.datetime) -> None:
    async with engine.begin() as connection:
        await connection.execute(
            sa.update(job)
            .where(job.c.org_id == one.org_id, job.c.kind == one.kind)
            .values(due_at=next_at, lease_until=None, attempts=0, error=None)
        )


async def fail(engine: AsyncEngine, one: Job, now: dt.datetime, error: str) -> None:
    """Later again, each time twice as late, at most an hour; the reason is kept."""
    seconds = sa.func.least(
        FAILURE_DELAY_MAX.total_seconds(), AGAIN_AFTER_FAILURE.total_seconds() * sa.func.power(2, sa.func.least(10, job.c.attempts))
    )
    delay = sa.func.make_interval(0, 0, 0, 0, 0, 0, seconds, type_=sa.Interval)
    async with engine.begin() as connection:
        await connection.execute(
            sa.update(job)
            .where(job.c.org_id == one.org_id, job.c.kind == one.kind)
            .values(due_at=sa.literal(now) + delay, lease_until=None, error=error[:500])
        )
