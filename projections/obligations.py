"""Obligations: what falls due, by what evidence it is done, and how it stands on a day (rules 0.4, 0.5, section 5).

What counts as evidence is data (`packs/deadlines.toml`); this file turns it into a table from event type to functions.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Any

from events.base import Event
from events.catalog import EVENTS
from events.dues import DuesAssessmentWithdrawn, DuesBaseAssessed
from events.obligations import (
    ObligationEscalated,
    ObligationExtended,
    ObligationOverdue,
    ObligationRaised,
    ObligationReminded,
    ObligationWaived,
)
from events.organisations import CommitteeSeated, GroupDissolved, GroupFormed, OrganisationFounded, OrgKind
from events.structure import BranchDissolved
from projections.engine.fold import Fact, Handler, Projection, Row
from projections.obligations_dues import WATCHED
from projections.obligations_state import COLUMNS, DEADLINES, Evidence, Obligation, State, known, settle
from projections.obligations_state import from_row as from_row
from projections.obligations_state import status as status
from projections.standard.deadlines import Deadline, How, Of, Proof, Watched
from projections.standard.forecast import obligation_id
from projections.standard.norms import Period
from projections.standard.periods import first_day, last_day, period_of, periods

Deadlines = Mapping[str, Deadline]
"""Those of one pack, by their ids."""
COMMITTEE_SEATS_MIN = 3
"""Fewer are a secretary and a deputy, who hold no committee meetings (R-A16)."""


def _row(state: State, key: str, fact: Fact[Any]) -> Row:
    one = state.obligations[key]
    one.position = fact.position
    one.late = one.fulfilled_on is not None and one.due_on is not None and one.fulfilled_on > one.due_on
    values = {column: getattr(one, column) for column in COLUMNS}
    return Row(table="obligation", key=(key,), values={**values, **{c: list(values[c]) for c in ("missing", "fulfilled_by", "reminded")}})


# Evidence, as the pack's data says


def _matches(watched: Watched, event: Event) -> bool:
    return all(str(getattr(event, field)) in values for field, values in watched.where.items())


def _on_proof(deadline: Deadline, proof: Proof) -> Handler:
    def handle(state: State, fact: Fact[Any]) -> Iterator[Row]:
        if not _matches(proof, fact.event):
            return
        thing = str(getattr(fact.event, proof.thing))
        subject = thing if deadline.of is Of.EVENT else "" if proof.subject is None else str(getattr(fact.event, proof.subject))
        for period, months in _periods(deadline, proof, fact.event).items():
            key = known(state, deadline, period, subject)
            proofs = state.evidence.setdefault(key, [])
            if all(known.thing != thing for known in proofs):
                proofs.append(Evidence(thing, fact.event_id, fact.event.occurred_on, months))
                state.things.setdefault(thing, []).append(key)
            settle(state, key, deadline)
            yield _row(state, key, fact)

    return handle


def _periods(deadline: Deadline, proof: Proof, event: Event) -> dict[str, tuple[str, ...]]:
    """The periods that a proof counts for, each with the months it covers of it."""
    if deadline.period is Period.ON_EVENT:
        return {"": ()}
    if proof.months is None:
        return {period_of(event.occurred_on, deadline.period): ()}
    first, last = (first_day(getattr(event, field)) for field in proof.months)
    covered: defaultdict[str, tuple[str, ...]] = defaultdict(tuple)
    for month in periods(first, last, Period.MONTHLY):
        covered[period_of(first_day(month), deadline.period)] += (month,)
    return covered


def _on_undo(deadline: Deadline, undo: Watched) -> Handler:
    def handle(state: State, fact: Fact[Any]) -> Iterator[Row]:
        thing = str(getattr(fact.event, undo.thing))
        if not _matches(undo, fact.event) or thing not in state.things:
            return
        mine = [key for key in state.things[thing] if state.obligations[key].deadline == deadline.id]
        state.things[thing] = [key for key in state.things[thing] if key not in mine]
        for key in mine:
            state.evidence[key] = [proof for proof in state.evidence[key] if proof.thing != thing]
            settle(state, key, deadline)
            yield _row(state, key, fact)

    return handle


def _on_begin(deadline: Deadline, begin: Watched) -> Handler:
    def handle(_state: State, fact: Fact[Any]) -> Iterator[Row]:
        if _matches(begin, fact.event):
            stated = None if deadline.due.field is None else getattr(fact.event, deadline.due.field)
            thing = str(getattr(fact.event, begin.thing))
            yield _subject(fact, deadline.id, thing, since=fact.event.occurred_on, until=None, due_on=stated)

    return handle


def _on_move(deadline: Deadline, move: Watched) -> Handler:
    def handle(state: State, fact: Fact[Any]) -> Iterator[Row]:
        assert deadline.due.field is not None
        thing = str(getattr(fact.event, move.thing))
        due_on = getattr(fact.event, deadline.due.field)
        yield _subject(fact, deadline.id, thing, due_on=due_on)
        key = obligation_id(deadline.id, "", thing)
        if key in state.obligations and state.obligations[key].raised_on is not None:
            _more_time(state.obligations[key], due_on, fact.event.occurred_on)
            yield _row(state, key, fact)

    return handle


def _on_drop(deadline: Deadline, drop: Watched) -> Handler:
    def handle(state: State, fact: Fact[Any]) -> Iterator[Row]:
        if _matches(drop, fact.event):
            thing = str(getattr(fact.event, drop.thing))
            yield _subject(fact, deadline.id, thing, until=fact.event.occurred_on)
            yield from _lapse(state, fact, lambda one: one.deadline == deadline.id and one.subject == thing)

    return handle


def _lapse(state: State, fact: Fact[Any], concerned: Callable[[Obligation], bool]) -> Iterator[Row]:
    """What is neither done nor let off ends with what it was about."""
    for key, one in state.obligations.items():
        if concerned(one) and one.fulfilled_on is None and one.lapsed_on is None:
            one.lapsed_on = fact.event.occurred_on
            yield _row(state, key, fact)


# Whose duties there are


def _subject(fact: Fact[Any], kind: str, subject: str = "", **values: Any) -> Row:
    return Row(table="obligation_subject", key=(kind, subject), values={**values, "position": fact.position})


def founded(_state: State, fact: Fact[OrganisationFounded]) -> Iterator[Row]:
    if fact.event.kind == OrgKind.BRANCH:
        yield _subject(fact, Of.BRANCH, since=fact.event.occurred_on, until=None)


def dissolved(state: State, fact: Fact[BranchDissolved]) -> Iterator[Row]:
    """A branch that is no more has no duties: no subject is left, and what was not due before ends."""
    for kind in (Of.BRANCH, Of.COMMITTEE, Of.PAYERS):
        if kind is Of.BRANCH or kind in state.since:
            yield _subject(fact, kind, until=fact.event.occurred_on)
            state.since.pop(kind, None)
    yield from _lapse(state, fact, lambda one: not one.period or _ends_after(one, fact))


def seated(deadlines: Deadlines, state: State, fact: Fact[CommitteeSeated]) -> Iterator[Row]:
    """A committee that follows another one goes on with its duties."""
    there = len({seat.person_id for seat in fact.event.seats}) >= COMMITTEE_SEATS_MIN
    if there and Of.COMMITTEE not in state.since:
        state.since[Of.COMMITTEE] = fact.event.occurred_on
        yield _subject(fact, Of.COMMITTEE, since=fact.event.occurred_on, until=None)
    elif not there and Of.COMMITTEE in state.since:
        del state.since[Of.COMMITTEE]
        yield _subject(fact, Of.COMMITTEE, until=fact.event.occurred_on)
        yield from _lapse(state, fact, lambda one: deadlines[one.deadline].of is Of.COMMITTEE and _ends_after(one, fact))


def group_formed(_state: State, fact: Fact[GroupFormed]) -> Iterator[Row]:
    yield _subject(fact, Of.GROUP, fact.event.group_id, since=fact.event.occurred_on, until=None)


def group_dissolved(deadlines: Deadlines, state: State, fact: Fact[GroupDissolved]) -> Iterator[Row]:
    group = fact.event.group_id
    yield _subject(fact, Of.GROUP, group, until=fact.event.occurred_on)
    yield from _lapse(state, fact, lambda one: deadlines[one.deadline].of is Of.GROUP and one.subject == group and _ends_after(one, fact))


def _ends_after(one: Obligation, fact: Fact[Any]) -> bool:
    day: dt.date = fact.event.occurred_on
    return last_day(one.period) >= day


def assessed(state: State, fact: Fact[DuesBaseAssessed]) -> Iterator[Row]:
    """From the first month for which somebody's dues are assessed, they are collected and remitted."""
    first = first_day(fact.event.from_month)
    if Of.PAYERS not in state.since or first < state.since[Of.PAYERS]:
        state.since[Of.PAYERS] = first
        yield _subject(fact, Of.PAYERS, since=first, until=None)


def unassessed(state: State, fact: Fact[DuesAssessmentWithdrawn]) -> Iterator[Row]:
    """Where nothing is assessed any more, there is nothing to collect; where later months are, it begins with them."""
    first = state.purse.first_month()
    if first is None:
        state.since.pop(Of.PAYERS, None)
        yield _subject(fact, Of.PAYERS, until=fact.event.occurred_on)
    elif first_day(first) != state.since[Of.PAYERS]:
        state.since[Of.PAYERS] = first_day(first)
        yield _subject(fact, Of.PAYERS, since=first_day(first), until=None)


def owed(paid: Deadlines, state: State, fact: Fact[Any]) -> Iterator[Row]:
    """Somebody paid, took back, joined, left or was assessed: who still owes, for the months concerned."""
    person, month = state.purse.take(fact.event)
    if person is None:
        return
    keys = [key for key, one in state.obligations.items() if one.deadline in paid] if month is None else []
    if month is not None:
        keys = [known(state, deadline, month, "") for deadline in paid.values()]
    for key in keys:
        one = state.obligations[key]
        others = [debtor for debtor in one.missing if debtor != person]
        missing = sorted([*others, person]) if state.purse.owes(person, one.period) else others
        if month is None and missing == one.missing:
            continue
        one.missing = missing
        done_on = one.fulfilled_on
        settle(state, key, paid[one.deadline])
        if done_on is None and one.fulfilled_on is not None:
            one.fulfilled_by = [fact.event_id]
        elif one.fulfilled_on is None:
            one.fulfilled_by = []
        yield _row(state, key, fact)


# Its own events


def raised(deadlines: Deadlines, state: State, fact: Fact[ObligationRaised]) -> Iterator[Row]:
    event = fact.event
    deadline = deadlines.get(event.deadline)
    if deadline is None:
        return
    key = known(state, deadline, event.period, event.subject)
    one = state.obligations[key]
    one.raised_on, one.due_on, one.needed = event.occurred_on, event.due_on, event.needed
    settle(state, key, deadline)
    yield _row(state, key, fact)


def reminded(state: State, fact: Fact[ObligationReminded]) -> Iterator[Row]:
    return _changed(state, fact, lambda one: one.reminded.append(fact.event.offset) if fact.event.due_on == one.due_on else None)


def overdue(state: State, fact: Fact[ObligationOverdue]) -> Iterator[Row]:
    return _changed(state, fact, lambda one: setattr(one, "overdue_on", fact.event.occurred_on))


def escalated(state: State, fact: Fact[ObligationEscalated]) -> Iterator[Row]:
    return _changed(state, fact, lambda one: setattr(one, "escalated_on", fact.event.occurred_on))


def waived(state: State, fact: Fact[ObligationWaived]) -> Iterator[Row]:
    def change(one: Obligation) -> None:
        one.waived_on, one.reason = fact.event.occurred_on, fact.event.reason

    return _changed(state, fact, change)


def extended(state: State, fact: Fact[ObligationExtended]) -> Iterator[Row]:
    def change(one: Obligation) -> None:
        _more_time(one, fact.event.due_on, fact.event.occurred_on)
        one.reason = fact.event.reason

    return _changed(state, fact, change)


def _more_time(one: Obligation, due_on: dt.date, on: dt.date) -> None:
    one.due_on, one.extended_on, one.reminded = due_on, on, []
    one.overdue_on = one.escalated_on = None


def _changed(state: State, fact: Fact[Any], change: Callable[[Obligation], object]) -> Iterator[Row]:
    """One of an older pack, which no deadline speaks of now, has no row."""
    key = fact.event.obligation_id
    if key in state.obligations:
        change(state.obligations[key])
        yield _row(state, key, fact)


# The table


def _handlers(deadlines: Deadlines) -> Iterable[tuple[type[Event], Handler]]:
    paid = {deadline.id: deadline for deadline in deadlines.values() if deadline.how is How.ALL_PAID}
    for watched in WATCHED:
        yield watched, partial(owed, paid)
    yield from (
        (OrganisationFounded, founded),
        (BranchDissolved, dissolved),
        (CommitteeSeated, partial(seated, deadlines)),
        (GroupFormed, group_formed),
        (GroupDissolved, partial(group_dissolved, deadlines)),
        (DuesBaseAssessed, assessed),
        (DuesAssessmentWithdrawn, unassessed),
        (ObligationRaised, partial(raised, deadlines)),
        (ObligationReminded, reminded),
        (ObligationOverdue, overdue),
        (ObligationEscalated, escalated),
        (ObligationWaived, waived),
        (ObligationExtended, extended),
    )
    for deadline in deadlines.values():
        for proof in deadline.proof:
            yield EVENTS[proof.event], _on_proof(deadline, proof)
        for undo in deadline.undo:
            yield EVENTS[undo.event], _on_undo(deadline, undo)
        for drop in deadline.drop:
            yield EVENTS[drop.event], _on_drop(deadline, drop)
        if deadline.begin is not None:
            yield EVENTS[deadline.begin.event], _on_begin(deadline, deadline.begin)
        if deadline.move is not None:
            yield EVENTS[deadline.move.event], _on_move(deadline, deadline.move)


def _one(handlers: tuple[Handler, ...]) -> Handler:
    def handle(state: State, fact: Fact[Any]) -> list[Row]:
        return [row for handler in handlers for row in handler(state, fact)]

    return handle


def _by_event(deadlines: Deadlines) -> dict[type[Event], Handler]:
    found: defaultdict[type[Event], tuple[Handler, ...]] = defaultdict(tuple)
    for event, handler in _handlers(deadlines):
        found[event] += (handler,)
    return {event: handlers[0] if len(handlers) == 1 else _one(handlers) for event, handlers in found.items()}


def projection(deadlines: Deadlines) -> Projection[State]:
    """The view as the deadlines of a pack have it; a draft's are folded in memory alone."""
    return Projection[State](name="obligations", tables=("obligation", "obligation_subject"), start=State, handlers=_by_event(deadlines))


PROJECTION = projection(DEADLINES)
