"""The job `duties`: raise, remind, mark overdue, escalate for one branch, as the plan says, through the bus."""

import datetime as dt
import hashlib
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import msgspec
import sqlalchemy as sa
import structlog
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from events.base import OrgId
from projections.obligations_state import from_row
from projections.obligations_tables import UNPROVEN, obligation, obligation_subject
from projections.standard.pack import Pack
from projections.standard.rules import Override
from service.auth.actor import SYSTEM
from service.bus import LOCAL, Bus
from service.decide.obligations import (
    STEPS_MAX,
    DutyDo,
    DutyStep,
    EscalateObligation,
    MarkObligationOverdue,
    RaiseObligation,
    RecordDuties,
    RemindOfObligation,
)
from service.errors import Absent, Conflict, KeyReused, Malformed, Refused
from service.jobs.plan import Step, facts_of, steps
from service.jobs.queue import page_of

KIND = "duties"
VIEW = "obligations"
"""The projection by whose rows the worker goes."""
EVERY = dt.timedelta(minutes=5)
KEY = "worker "
"""Before each key: the space is what no key of a client can hold, so that nobody can use up a key of the worker."""
Brief = RaiseObligation | RemindOfObligation | MarkObligationOverdue | EscalateObligation
"""What may be said together: it concerns the stream of duties alone."""
log = structlog.get_logger("branchbook.duties")


class Done(msgspec.Struct, frozen=True):
    """How many events were recorded, looking at the book up to which page."""

    recorded: int
    page: int


async def do_duties(engine: AsyncEngine, bus: Bus, pack: Pack, org_id: OrgId, now: dt.datetime, stopping: Callable[[], bool]) -> Done:
    """Sends what is due. Keys make it safe to do twice, or at once in two workers."""
    today = now.astimezone(LOCAL).date()
    overrides: list[Override] = await bus.overrides(org_id)
    async with engine.connect() as connection:
        page = await page_of(connection, org_id, VIEW)
        subjects = await _rows(connection, sa.select(obligation_subject).where(obligation_subject.c.org_id == org_id))
        rows = await _rows(connection, sa.select(*UNPROVEN).where(obligation.c.org_id == org_id))
    known = {row["obligation_id"]: from_row(row) for row in rows}
    done = 0
    for some in together(steps(pack, facts_of(subjects, overrides), known, today)):
        if stopping():
            break
        done += await _say(bus, org_id, some, now)
    return Done(done, page)


async def _say(bus: Bus, org_id: OrgId, some: list[Step], now: dt.datetime) -> int:
    """How many events were recorded. Where something of it is refused, each step has its own say, so that one holds up no other."""
    step = some[0] if len(some) == 1 else in_one(some)
    try:
        receipt = await bus.handle(org_id, step.command, SYSTEM, key=KEY + step.key, now=now)
    except KeyReused:
        return 0
    except (Refused, Absent, Conflict, Malformed) as refusal:
        if len(some) > 1:
            return sum([await _say(bus, org_id, [one], now) for one in some])
        log.info("not recorded", org=org_id, step=step.key, reason=str(refusal))
        return 0
    return len(receipt.events)


def together(found: Iterable[Step]) -> Iterator[list[Step]]:
    """In their order, what is said about duties a dozen steps at a time."""
    waiting: list[Step] = []
    for step in found:
        brief = isinstance(step.command, Brief)
        if waiting and (not brief or len(waiting) == STEPS_MAX):
            yield waiting
            waiting = []
        if brief:
            waiting.append(step)
        else:
            yield [step]
    if waiting:
        yield waiting


def in_one(some: list[Step]) -> Step:
    """The same steps have the same key; once it is used, all of them were recorded."""
    key = hashlib.sha256("\n".join(step.key for step in some).encode()).hexdigest()
    day = some[0].command.occurred_on
    return Step(key=f"duties:{key}", command=RecordDuties(occurred_on=day, steps=tuple(map(_brief, some))))


def _brief(step: Step) -> DutyStep:
    match step.command:
        case RaiseObligation() as one:
            shared = {field: getattr(one, field) for field in ("deadline", "task", "period", "subject", "needed")}
            return DutyStep(do=DutyDo.RAISE, obligation_id=one.obligation_id, due_on=one.due_on, **shared)
        case RemindOfObligation(obligation_id=which, due_on=due_on, offset=offset):
            return DutyStep(do=DutyDo.REMIND, obligation_id=which, due_on=due_on, offset=offset)
        case MarkObligationOverdue(obligation_id=which, due_on=due_on):
            return DutyStep(do=DutyDo.MARK, obligation_id=which, due_on=due_on)
        case EscalateObligation(obligation_id=which, due_on=due_on, again=again):
            return DutyStep(do=DutyDo.PRESS if again else DutyDo.ESCALATE, obligation_id=which, due_on=due_on)
        case other:
            raise AssertionError(f"{type(other).__name__} is said by itself")


async def _rows(connection: AsyncConnection, query: "sa.Select[Any]") -> list[dict[str, Any]]:
    return [dict(row) for row in (await connection.execute(query)).mappings()]
