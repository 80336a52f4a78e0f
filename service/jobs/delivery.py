"""The job `directives`: what a committee issued goes to every branch, and its withdrawal after it, as the rows say (N09.T04).

One event in the committee's book is the decision. Which branches were not told yet stands in the views; each is told by a command
whose key is made from the directive, in the branch's own book, so that a worker that died half-way, a second one, or views that lag
behind change nothing.
"""

import asyncio
import datetime as dt
from collections.abc import Callable
from typing import Any

import msgspec
import sqlalchemy as sa
import structlog
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncEngine

from events.base import OrgId
from events.directives import DirectiveId, Failure, Round
from projections.directives_tables import directive, directive_address, directive_branch
from service.auth.actor import SYSTEM
from service.bus import LOCAL, Bus
from service.decide.base import Command
from service.decide.directives.delivery import DeliverDirective, NoteDispatch, RecallDirective
from service.errors import Absent, Conflict, KeyReused, Malformed, Refused
from service.jobs.queue import LEASE, Job, claim, fail, give_back
from service.jobs.tables import job

KIND = "directives"
KEY = "directive "
"""Before each key: the space is what no key of a client can hold, so that nobody can use up a key of the worker."""
WHY_MAX = 200
AT_ONCE = 16
"""Branches that are told together: their appends share a commit."""
log = structlog.get_logger("branchbook.directives")


class Outgoing(msgspec.Struct, frozen=True, kw_only=True):
    """One directive that is under way, or whose withdrawal is."""

    org_id: OrgId
    directive_id: DirectiveId
    round: Round
    branches: tuple[OrgId, ...]
    """Those that the views do not show as told."""
    addressed: int
    failed: tuple[Failure, ...]
    """Those that could not be reached before."""


async def deliver_all(engine: AsyncEngine, bus: Bus, now: dt.datetime, stopping: Callable[[], bool]) -> int:
    """Goes once through all committees that have something under way; how many branches were told."""
    told = 0
    for org_id in await _senders(engine):
        one = Job(org_id, KIND)
        async with engine.begin() as connection:
            await connection.execute(insert(job).values(org_id=org_id, kind=KIND, due_at=now).on_conflict_do_nothing())
        if stopping() or not await claim(engine, one, now):
            continue
        try:
            told += await deliver(engine, bus, org_id, now, stopping)
        except Exception as error:
            await fail(engine, one, now, f"{type(error).__name__}: {error}")
            raise
        if stopping():
            await give_back(engine, one)
            break
        async with engine.begin() as connection:
            await connection.execute(sa.delete(job).where(job.c.org_id == org_id, job.c.kind == KIND))
    return told


async def _senders(engine: AsyncEngine) -> list[OrgId]:
    query = sa.select(directive.c.org_id).where(_under_way()).distinct().order_by(directive.c.org_id)
    async with engine.connect() as connection:
        return [OrgId(row.org_id) for row in await connection.execute(query)]


def _under_way() -> "sa.ColumnElement[bool]":
    table = directive.c
    issuing = sa.and_(table.withdrawn_on.is_(None), table.dispatched_on.is_(None))
    return sa.or_(issuing, sa.and_(table.withdrawn_on.is_not(None), table.recalled_on.is_(None)))


async def deliver(engine: AsyncEngine, bus: Bus, org_id: OrgId, now: dt.datetime, stopping: Callable[[], bool]) -> int:
    """All that one committee has under way, the oldest first; how many branches were told."""
    told = 0
    for one in await outgoing(engine, org_id):
        failed = list(one.failed)
        for start in range(0, len(one.branches), AT_ONCE):
            if stopping():
                return told
            some = one.branches[start : start + AT_ONCE]
            reasons = await asyncio.gather(*(_tell(bus, one, branch, now) for branch in some))
            failed += [Failure(org_id=branch, why=why) for branch, why in zip(some, reasons, strict=True) if why is not None]
            told += reasons.count(None)
            await _renew(engine, org_id)
        await _noted(bus, one, one.addressed - len(failed), tuple(failed), now)
    return told


async def outgoing(engine: AsyncEngine, org_id: OrgId) -> list[Outgoing]:
    """What a committee has under way, with the branches that are still to be told."""
    async with engine.connect() as connection:
        query = sa.select(directive.c.directive_id, directive.c.withdrawn_on).where(directive.c.org_id == org_id, _under_way())
        rows = (await connection.execute(query.order_by(directive.c.position))).all()
        found = []
        for row in rows:
            going = Round.ISSUE if row.withdrawn_on is None else Round.RECALL
            addressees = (await connection.execute(_addressees(org_id, row.directive_id, going))).all()
            waiting = tuple(OrgId(each.branch_id) for each in addressees if not each.told and not each.failed)
            failed = tuple(Failure(org_id=OrgId(each.branch_id), why=each.failed) for each in addressees if each.failed)
            name, addressed = DirectiveId(row.directive_id), len(addressees)
            found.append(Outgoing(org_id=org_id, directive_id=name, round=going, branches=waiting, addressed=addressed, failed=failed))
    return found


def _addressees(org_id: OrgId, directive_id: str, going: Round) -> "sa.Select[Any]":
    asked, mine = directive_address.c, directive_branch.c
    home = directive_address.outerjoin(directive_branch, sa.and_(mine.org_id == asked.branch_id, mine.directive_id == asked.directive_id))
    day = mine.delivered_on if going is Round.ISSUE else mine.recalled_on
    return (
        sa.select(asked.branch_id, asked.failed, day.is_not(None).label("told"))
        .select_from(home)
        .where(asked.org_id == org_id, asked.directive_id == directive_id)
        .order_by(asked.branch_id)
    )


async def _tell(bus: Bus, one: Outgoing, branch: OrgId, now: dt.datetime) -> str | None:
    """None when the branch has it now, else why it cannot."""
    today = now.astimezone(LOCAL).date()
    kind = DeliverDirective if one.round is Round.ISSUE else RecallDirective
    command: Command = kind(occurred_on=today, directive_id=one.directive_id, from_org_id=one.org_id)
    try:
        await bus.handle(branch, command, SYSTEM, key=f"{KEY}{one.directive_id} {one.round.value}", now=now)
    except KeyReused:
        return None
    except (Refused, Absent, Conflict, Malformed) as refusal:
        log.info("not delivered", org=branch, directive=one.directive_id, reason=str(refusal))
        return str(refusal)[:WHY_MAX] or type(refusal).__name__
    return None


async def _noted(bus: Bus, one: Outgoing, delivered: int, failed: tuple[Failure, ...], now: dt.datetime) -> None:
    """All addressees were told, or cannot be. One that was withdrawn on the way is refused here: its recall comes with the next visit."""
    command = NoteDispatch(
        occurred_on=now.astimezone(LOCAL).date(), directive_id=one.directive_id, round=one.round, delivered=delivered, failed=failed
    )
    try:
        await bus.handle(one.org_id, command, SYSTEM, key=f"{KEY}{one.directive_id} {one.round.value} noted", now=now)
    except (KeyReused, Conflict) as refusal:
        log.info("not noted", org=one.org_id, directive=one.directive_id, reason=str(refusal))


async def _renew(engine: AsyncEngine, org_id: OrgId) -> None:
    """A job that goes on is nobody else's."""
    statement = sa.update(job).where(job.c.org_id == org_id, job.c.kind == KIND)
    async with engine.begin() as connection:
        await connection.execute(statement.values(lease_until=dt.datetime.now(dt.UTC) + LEASE))
