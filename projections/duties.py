"""How the duties of one branch stand on a day: those on record, those that the pack says will come, and those without a date. Pure.

Past, present and future are the same question: the facts that were known, the pack, and the day (rules 0.4, 0.5).
"""

import datetime as dt
from collections.abc import Iterator, Sequence

import msgspec

from events.base import Event
from events.store.record import Fact
from projections.obligations_state import CONTINUOUS, Obligation, Seen, Status, status
from projections.scores import Holding, Reader
from projections.standard.deadlines import Deadline, How, Of
from projections.standard.forecast import BranchFacts, Upcoming, due_obligations
from projections.standard.pack import Pack
from projections.standard.periods import add_months
from projections.standard.rules import Override

AHEAD_MAX = dt.timedelta(days=3 * 366)
"""How far ahead duties are told."""
AHEAD = dt.timedelta(days=400)
"""How far where nobody says until when."""


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """One duty as it stands; `one` bears the due date and the number of proofs also where the worker is still to raise it."""

    obligation_id: str
    one: Obligation
    status: Status
    days_since: int | None = None
    """Without a due date: days since the last evidence; None where there never was any."""


class Window(msgspec.Struct, frozen=True, kw_only=True):
    """Due between two days, both included, as it stands on a third."""

    on: dt.date
    first: dt.date | None = None
    last: dt.date | None = None

    def holds(self, due_on: dt.date) -> bool:
        return (self.first is None or self.first <= due_on) and (self.last is None or due_on <= self.last)


def forecast(pack: Pack, facts: BranchFacts, window: Window) -> list[Upcoming]:
    """What a worker would have raised by that day or will raise later; older duties stand on record, or nowhere."""
    lookback = pack.rules(window.on, facts.overrides).number("obligation.lookback_months")
    first = max(window.first or dt.date.min, add_months(window.on, -lookback))
    last = window.on + AHEAD if window.last is None else min(window.last, window.on + AHEAD_MAX)
    return due_obligations(pack, facts, first, last) if first <= last else []


def standings(pack: Pack, held: Holding, overrides: Sequence[Override], window: Window) -> list[Standing]:
    """Soonest first, at the end those without a due date."""
    rules = pack.rules(window.on, overrides)
    soon, stale = rules.number("obligation.due_soon_days"), rules.number("obligation.stale_days")
    coming = {one.obligation_id: one for one in forecast(pack, facts_of(held, overrides), window)}
    deadlines = {deadline.id: deadline for deadline in pack.deadlines}
    found = []
    for key in {*coming, *held.obligations}:
        one = _effective(held.obligations.get(key), coming.get(key), deadlines)
        if one is not None and one.due_on is not None and window.holds(one.due_on):
            found.append(Standing(obligation_id=key, one=one, status=status(one, window.on, soon, stale)))
    found.sort(key=lambda standing: (standing.one.due_on or dt.date.max, standing.obligation_id))
    return [*found, *_lasting(pack, held, window.on, stale)]


def holding_of(reader: Reader, facts: Sequence[Fact[Event]]) -> Holding:
    """The facts of one book folded in memory, the tasks without a due date among its obligations as the table has them."""
    held, state = reader.fold(facts)
    return msgspec.structs.replace(held, obligations={**held.obligations, **{name: _seen(name, seen) for name, seen in state.seen.items()}})


def _seen(name: str, seen: Sequence[Seen]) -> Obligation:
    last = max(seen, key=lambda one: one.on, default=None)
    return Obligation(
        deadline=name,
        task=name,
        period=CONTINUOUS,
        subject="",
        fulfilled_on=None if last is None else last.on,
        fulfilled_by=[] if last is None else [last.event_id],
    )


def facts_of(held: Holding, overrides: Sequence[Override]) -> BranchFacts:
    return BranchFacts(subjects=held.subjects, overrides=tuple(overrides))


def _effective(one: Obligation | None, ahead: Upcoming | None, deadlines: dict[str, Deadline]) -> Obligation | None:
    """With the due date and the number of proofs that it will be raised with, where it is not yet. None for what is no duty here."""
    if one is None:
        return None if ahead is None else _coming(ahead)
    if one.raised_on is not None or ahead is None or one.deadline not in deadlines:
        return one if one.due_on is not None else None
    due_on = one.due_on or ahead.due_on
    enough = deadlines[one.deadline].how is not How.COUNT or one.done >= ahead.needed
    done_on = one.fulfilled_on if enough else None
    late = done_on is not None and done_on > due_on
    return msgspec.structs.replace(one, due_on=due_on, needed=ahead.needed, fulfilled_on=done_on, late=late)


def _coming(ahead: Upcoming) -> Obligation:
    return Obligation(
        deadline=ahead.deadline, task=ahead.task, period=ahead.period, subject=ahead.subject, due_on=ahead.due_on, needed=ahead.needed
    )


def _lasting(pack: Pack, held: Holding, on: dt.date, stale: int) -> Iterator[Standing]:
    """Of a branch that is there."""
    if not any(one.kind == Of.BRANCH and one.since <= on and (one.until is None or on < one.until) for one in held.subjects):
        return
    for continuous in pack.continuous:
        never = Obligation(deadline=continuous.id, task=continuous.id, period=CONTINUOUS, subject="")
        one = held.obligations.get(continuous.id, never)
        since = None if one.fulfilled_on is None else (on - one.fulfilled_on).days
        yield Standing(obligation_id=continuous.id, one=one, status=status(one, on, stale_days=stale), days_since=since)
