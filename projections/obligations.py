"""Obligations: what falls due, by what evidence it is done, and how it stands on a day (rules 0.4, 0.5, section 5).

What counts as evidence is data (`packs/deadlines.toml`); this file turns it into a table from event type to functions.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from events.base import Event
from events.dues import DuesAssessmentWithdrawn, DuesBaseAssessed
from events.obligations import (
    ObligationEscalated,
    ObligationExplained,
    ObligationExtended,
    ObligationOverdue,
    ObligationRaised,
    ObligationReminded,
    ObligationWaived,
)
from events.organisations import CommitteeSeated, GroupDissolved, GroupFormed, OrganisationFounded, OrgKind
from events.structure import BranchDissolved
from projections.engine.fold import Fact, Handler, Projection, Row
from projections.obligations_dues import OF_ONE_MONTH, WATCHED, Share
from projections.obligations_evidence import handlers, lapse, more_time, row, subject_row
from projections.obligations_roll import CHANGES
from projections.obligations_state import Obligation, State, known, settle, wanting
from projections.obligations_state import from_row as from_row
from projections.obligations_state import status as status
from projections.obligations_undo import handlers as undoing
from projections.standard.deadlines import How, Of
from projections.standard.forecast import obligation_id
from projections.standard.pack import Pack
from projections.standard.periods import first_day, last_day

COMMITTEE_SEATS_MIN = 3
"""Fewer are a secretary and a deputy, who hold no committee meetings (R-A16)."""


class Lens:
    """One pack: its deadlines turned into a table from event type to functions."""

    def __init__(self, pack: Pack) -> None:
        self.pack = pack
        self.deadlines = {deadline.id: deadline for deadline in pack.deadlines}
        self.paid = tuple(deadline for deadline in pack.deadlines if deadline.how is How.ALL_PAID)

    def projection(self) -> Projection[State]:
        found: defaultdict[type[Event], tuple[Handler, ...]] = defaultdict(tuple)
        for event, handler in self._handlers():
            found[event] += (handler,)
        table = {event: own[0] if len(own) == 1 else _one(own) for event, own in found.items()}
        return Projection[State](name="obligations", tables=("obligation", "obligation_subject"), start=State, handlers=table)

    def _handlers(self) -> Iterable[tuple[type[Event], Handler]]:
        for change in CHANGES:
            yield change, self.enrolled
        for watched in WATCHED:
            yield watched, self.owed
        yield from (
            (OrganisationFounded, founded),
            (BranchDissolved, self.dissolved),
            (CommitteeSeated, self.seated),
            (GroupFormed, group_formed),
            (GroupDissolved, self.group_dissolved),
            (DuesBaseAssessed, assessed),
            (DuesAssessmentWithdrawn, unassessed),
            (ObligationRaised, self.raised),
            (ObligationReminded, self.reminded),
            (ObligationOverdue, overdue),
            (ObligationEscalated, escalated),
            (ObligationExplained, explained),
            (ObligationWaived, waived),
            (ObligationExtended, extended),
        )
        yield from undoing(self.pack)
        yield from handlers(self.pack)

    # Who is concerned

    def enrolled(self, state: State, fact: Fact[Any]) -> Iterator[Row]:
        """The roll, the groups or the committee changed: who is wanting, for what is not over yet or asked of whoever was there."""
        state.roll.take(fact.event)
        for key in state.got:
            one = state.obligations[key]
            deadline = self.deadlines[one.deadline]
            if deadline.how is How.GROUPED and last_day(one.period) < fact.event.occurred_on:
                continue
            before = one.missing
            wanting(state, deadline, key)
            if one.missing == before:
                continue
            if deadline.how is How.EVERYONE:
                settle(state, deadline, key)
            elif one.raised_on is not None:
                _settle_grouped(one, fact)
            yield row(state, key, fact)

    def dissolved(self, state: State, fact: Fact[BranchDissolved]) -> Iterator[Row]:
        """A branch that is no more has no duties: no subject is left, and what was not due before ends."""
        for kind in (Of.BRANCH, Of.COMMITTEE, Of.PAYERS, Of.GROUPED):
            if kind is Of.BRANCH or kind in state.since:
                yield subject_row(fact, kind, until=fact.event.occurred_on)
                state.since.pop(kind, None)
        yield from lapse(state, fact, lambda one: not one.period or _ends_after(one, fact))

    def seated(self, state: State, fact: Fact[CommitteeSeated]) -> Iterator[Row]:
        """A committee that follows another one goes on with its duties."""
        there = len({seat.person_id for seat in fact.event.seats}) >= COMMITTEE_SEATS_MIN
        if there and Of.COMMITTEE not in state.since:
            state.since[Of.COMMITTEE] = fact.event.occurred_on
            yield subject_row(fact, Of.COMMITTEE, since=fact.event.occurred_on, until=None)
        elif not there and Of.COMMITTEE in state.since:
            del state.since[Of.COMMITTEE]
            yield subject_row(fact, Of.COMMITTEE, until=fact.event.occurred_on)
            yield from lapse(state, fact, lambda one: self.deadlines[one.deadline].of is Of.COMMITTEE and _ends_after(one, fact))

    def group_dissolved(self, state: State, fact: Fact[GroupDissolved]) -> Iterator[Row]:
        group = fact.event.group_id
        yield subject_row(fact, Of.GROUP, group, until=fact.event.occurred_on)
        state.groups = [one for one in state.groups if one != group]
        if not state.groups and Of.GROUPED in state.since:
            del state.since[Of.GROUPED]
            yield subject_row(fact, Of.GROUPED, until=fact.event.occurred_on)
            yield from lapse(state, fact, lambda one: self.deadlines[one.deadline].of is Of.GROUPED and _ends_after(one, fact))
        yield from lapse(state, fact, lambda one: self._is_of(one, group) and _ends_after(one, fact))

    def _is_of(self, one: Obligation, group: str) -> bool:
        return self.deadlines[one.deadline].of is Of.GROUP and one.subject == group

    def owed(self, state: State, fact: Fact[Any]) -> Iterator[Row]:
        """Somebody paid, took back, joined, left, was assessed or let off: who still owes, for the months concerned, and what they paid."""
        before = self._shares(state, fact.event)
        person, month = state.purse.take(fact)
        if person is None:
            return
        for key in before if month is None else [known(state, deadline, month, "") for deadline in self.paid]:
            one = state.obligations[key]
            owes = state.purse.owes(person, one.period)
            if owes != (person in one.missing) or state.purse.share(person, one.period) != before.get(key):
                others = [debtor for debtor in one.missing if debtor != person]
                one.missing = sorted([*others, person]) if owes else others
                settle(state, self.deadlines[one.deadline], key)
            elif month is None:
                continue
            yield row(state, key, fact)

    def _shares(self, state: State, event: Any) -> dict[str, Share]:
        """Obligation -> what a member's dues of its month rest on; of a payment only its own month."""
        if type(event) in OF_ONE_MONTH:
            keys = [obligation_id(deadline.id, event.month or "", "") for deadline in self.paid]
        else:
            paid = {deadline.id for deadline in self.paid}
            keys = [key for key, one in state.obligations.items() if one.deadline in paid]
        there = [key for key in keys if key in state.obligations]
        return {key: state.purse.share(event.person_id, state.obligations[key].period) for key in there}

    # Its own events

    def raised(self, state: State, fact: Fact[ObligationRaised]) -> Iterator[Row]:
        event = fact.event
        if event.deadline not in self.deadlines:
            return
        deadline = self.deadlines[event.deadline]
        key = known(state, deadline, event.period, event.subject)
        one = state.obligations[key]
        one.raised_on, one.due_on, one.needed = event.occurred_on, event.due_on, event.needed
        if key in state.got:
            wanting(state, deadline, key)
        if deadline.how is How.GROUPED:
            _settle_grouped(one, fact)
        settle(state, deadline, key)
        yield row(state, key, fact)

    def reminded(self, state: State, fact: Fact[ObligationReminded]) -> Iterator[Row]:
        def change(one: Obligation) -> None:
            if fact.event.due_on != one.due_on:
                return
            one.reminded.append(fact.event.offset)
            deadline = self.deadlines[one.deadline]
            if deadline.how is How.NOTICE and fact.event.offset >= max(deadline.remind):
                one.fulfilled_on, one.fulfilled_by = fact.event.occurred_on, [fact.event_id]

        return _changed(state, fact, change)


def _settle_grouped(one: Obligation, fact: Fact[Any]) -> None:
    """Done on the day on which nobody was left without a group."""
    if one.missing:
        one.fulfilled_on, one.fulfilled_by = None, []
    elif one.fulfilled_on is None:
        one.fulfilled_on, one.fulfilled_by = fact.event.occurred_on, [fact.event_id]


def founded(_state: State, fact: Fact[OrganisationFounded]) -> Iterator[Row]:
    if fact.event.kind == OrgKind.BRANCH:
        yield subject_row(fact, Of.BRANCH, since=fact.event.occurred_on, until=None)


def group_formed(state: State, fact: Fact[GroupFormed]) -> Iterator[Row]:
    state.groups.append(fact.event.group_id)
    yield subject_row(fact, Of.GROUP, fact.event.group_id, since=fact.event.occurred_on, until=None)
    if Of.GROUPED not in state.since:
        state.since[Of.GROUPED] = fact.event.occurred_on
        yield subject_row(fact, Of.GROUPED, since=fact.event.occurred_on, until=None)


def _ends_after(one: Obligation, fact: Fact[Any]) -> bool:
    day: dt.date = fact.event.occurred_on
    return not one.period or last_day(one.period) >= day


def assessed(state: State, fact: Fact[DuesBaseAssessed]) -> Iterator[Row]:
    """From the first month for which somebody's dues are assessed, they are collected and remitted."""
    first = first_day(fact.event.from_month)
    if Of.PAYERS not in state.since or first < state.since[Of.PAYERS]:
        state.since[Of.PAYERS] = first
        yield subject_row(fact, Of.PAYERS, since=first, until=None)


def unassessed(state: State, fact: Fact[DuesAssessmentWithdrawn]) -> Iterator[Row]:
    """Where nothing is assessed any more, there is nothing to collect; where later months are, it begins with them."""
    first = state.purse.first_month()
    if first is None:
        state.since.pop(Of.PAYERS, None)
        yield subject_row(fact, Of.PAYERS, until=fact.event.occurred_on)
    elif first_day(first) != state.since[Of.PAYERS]:
        state.since[Of.PAYERS] = first_day(first)
        yield subject_row(fact, Of.PAYERS, since=first_day(first), until=None)


def overdue(state: State, fact: Fact[ObligationOverdue]) -> Iterator[Row]:
    return _changed(state, fact, lambda one: setattr(one, "overdue_on", fact.event.occurred_on))


def escalated(state: State, fact: Fact[ObligationEscalated]) -> Iterator[Row]:
    """The second time for the same due date the superior is pressed."""
    return _changed(state, fact, lambda one: setattr(one, "pressed_on" if one.escalated_on else "escalated_on", fact.event.occurred_on))


def explained(state: State, fact: Fact[ObligationExplained]) -> Iterator[Row]:
    def change(one: Obligation) -> None:
        one.explained_on, one.explanation = fact.event.occurred_on, fact.event.reason

    return _changed(state, fact, change)


def waived(state: State, fact: Fact[ObligationWaived]) -> Iterator[Row]:
    def change(one: Obligation) -> None:
        one.waived_on, one.reason = fact.event.occurred_on, fact.event.reason

    return _changed(state, fact, change)


def extended(state: State, fact: Fact[ObligationExtended]) -> Iterator[Row]:
    def change(one: Obligation) -> None:
        more_time(one, fact.event.due_on, fact.event.occurred_on)
        one.reason = fact.event.reason
        given = state.given.setdefault(one.deadline, [])
        if one.period and fact.event.due_on > last_day(one.period) and fact.event.obligation_id not in given:
            given.append(fact.event.obligation_id)

    return _changed(state, fact, change)


def _changed(state: State, fact: Fact[Any], change: Callable[[Obligation], object]) -> Iterator[Row]:
    """One of an older pack, which no deadline speaks of now, has no row."""
    key = fact.event.obligation_id
    if key in state.obligations:
        change(state.obligations[key])
        yield row(state, key, fact)


def _one(own: tuple[Handler, ...]) -> Handler:
    def handle(state: State, fact: Fact[Any]) -> list[Row]:
        return [row for handler in own for row in handler(state, fact)]

    return handle
