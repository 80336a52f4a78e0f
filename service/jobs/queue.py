"""Claiming and finishing jobs. Any number of workers may claim: each job goes to one of them at a time."""

import datetime as dt

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from events.base import OrgId
from projections.engine.tables import fold_state
from projections.roster_tables import organisation
from service.jobs.tables import job

LEASE = dt.timedelta(minutes=1)
AGAIN_AFTER_FAILURE = dt.timedelta(seconds=30)
FAILURE_DELAY_MAX = dt.timedelta(hours=1)
CHANGED_MAX = 500
"""Branches that are looked at before their time after one sweep: a record that is read in by the thousand has its turn later."""
AHEAD_MAX = dt.timedelta(hours=2)
"""Nothing is planned further ahead: what is, was planned by a clock that had jumped, and counts as due."""


class Job(msgspec.Struct, frozen=True):
    """A job by its name; nothing else ever travels through Redis."""

    org_id: OrgId
    kind: str


async def plan_for_all(engine: AsyncEngine, kinds: tuple[str, ...], now: dt.datetime) -> None:
    """Every branch has its standing jobs; what is there already stays."""
    async with engine.begin() as connection:
        for kind in kinds:
            there = sa.exists().where(job.c.org_id == organisation.c.org_id, job.c.kind == kind)
            wanted = sa.select(organisation.c.org_id, sa.literal(kind), sa.literal(now))
            wanted = wanted.where(organisation.c.parent_id.is_not(None), ~there)
            await connection.execute(insert(job).from_select(["org_id", "kind", "due_at"], wanted).on_conflict_do_nothing())


async def hurry(engine: AsyncEngine, kind: str, projection: str, now: dt.datetime) -> int:
    """Branches of whose book the view took in a page since they were last looked at are due now; how many of them.

    One row for each branch is compared, whatever was recorded: a thousand events of one branch bring one visit.
    """
    changed = (
        sa.select(job.c.org_id)
        .join(fold_state, sa.and_(fold_state.c.org_id == job.c.org_id, fold_state.c.projection == projection))
        .where(job.c.kind == kind, job.c.due_at > now, fold_state.c.page > job.c.seen_page, _free(now), job.c.attempts == 0)
        .limit(CHANGED_MAX)
        .with_for_update(of=job, skip_locked=True)
    )
    statement = sa.update(job).where(job.c.kind == kind, job.c.org_id.in_(changed)).values(due_at=now)
    async with engine.begin() as connection:
        return (await connection.execute(statement)).rowcount


async def page_of(connection: AsyncConnection, org_id: OrgId, projection: str) -> int:
    """The last page of a book that the view took in; asked for before its rows are read."""
    query = sa.select(fold_state.c.page).where(fold_state.c.org_id == org_id, fold_state.c.projection == projection)
    return (await connection.execute(query)).scalar() or 0


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
    return sa.and_(is_due, _free(now))


def _free(now: dt.datetime) -> sa.ColumnElement[bool]:
    return sa.or_(job.c.lease_until.is_(None), job.c.lease_until < now, job.c.lease_until > now + 2 * LEASE)


async def give_back(engine: AsyncEngine, one: Job) -> None:
    """Not done, for this worker ends: another one may begin at once."""
    async with engine.begin() as connection:
        await connection.execute(
            sa.update(job).where(job.c.org_id == one.org_id, job.c.kind == one.kind).values(lease_until=None, attempts=job.c.attempts - 1)
        )


async def finish(engine: AsyncEngine, one: Job, next_at: dt.datetime, seen_page: int = -1) -> None:
    """`seen_page`: up to which page of the book what was done is based."""
    async with engine.begin() as connection:
        await connection.execute(
            sa.update(job)
            .where(job.c.org_id == one.org_id, job.c.kind == one.kind)
            .values(due_at=next_at, lease_until=None, attempts=0, error=None, seen_page=seen_page)
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
