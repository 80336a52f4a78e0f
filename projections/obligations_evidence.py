"""Evidence of obligations, as the pack's data says: what proves, begins, moves and ends a duty (rules 0.4)."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from events.base import Event, PersonId
from events.catalog import EVENTS
from projections.engine.fold import Fact, Handler, Row
from projections.obligations_state import COLUMNS, CONTINUOUS, Begun, Evidence, Obligation, Seen, State, known, settle, wanting
from projections.standard.deadlines import ANY, Beginning, Continuous, Deadline, Festival, How, Moving, Of, Proof, Watched
from projections.standard.forecast import festival_subject, obligation_id
from projections.standard.norms import Period
from projections.standard.pack import Pack
from projections.standard.periods import first_day, last_day, period_of, periods

KEPT = 8
"""How many of the last proofs of a task without a due date are remembered, so that the one before stands when the last is taken back."""


def row(state: State, key: str, fact: Fact[Any]) -> Row:
    """The row of an obligation as it stands now."""
    one = state.obligations[key]
    one.position = fact.position
    one.late = one.fulfilled_on is not None and one.due_on is not None and one.fulfilled_on > one.due_on
    values = {column: getattr(one, column) for column in COLUMNS}
    return Row(table="obligation", key=(key,), values={**values, **{c: list(values[c]) for c in ("missing", "fulfilled_by", "reminded")}})


def subject_row(fact: Fact[Any], kind: str, subject: str = "", **values: Any) -> Row:
    """Since when and until when there is somebody or something that has duties."""
    return Row(table="obligation_subject", key=(kind, subject), values={**values, "position": fact.position})


def lapse(state: State, fact: Fact[Any], concerned: Callable[[Obligation], bool]) -> Iterator[Row]:
    """What is neither done nor let off ends with what it was about."""
    for key, one in state.obligations.items():
        if concerned(one) and one.fulfilled_on is None and one.lapsed_on is None:
            one.lapsed_on = fact.event.occurred_on
            yield row(state, key, fact)


def more_time(one: Obligation, due_on: dt.date, on: dt.date) -> None:
    one.due_on, one.extended_on, one.reminded = due_on, on, []
    one.overdue_on = one.escalated_on = one.pressed_on = None


def value(event: Event, path: str) -> Any:
    """A field, or a field of what a field holds: `seat.post`."""
    found: Any = event
    for name in path.split("."):
        found = getattr(found, name)
    return found


def matches(where: Mapping[str, tuple[str, ...]], event: Event) -> bool:
    """Each field has one of its values; of a field with several values one is enough."""
    return all(_fits(value(event, field), values) for field, values in where.items())


def _fits(found: Any, values: tuple[str, ...]) -> bool:
    if isinstance(found, tuple):
        return any(str(one) in values for one in found)
    return str(found) in values or (values == (ANY,) and found is not None)


def handlers(pack: Pack) -> Iterator[tuple[type[Event], Handler]]:
    """Event types with what to do, in the order in which they are done: a proof of the old before the beginning of the new."""
    for deadline in pack.deadlines:
        for line, proof in enumerate(deadline.proof):
            yield EVENTS[proof.event], _on_proof(deadline, line, proof, pack.festivals)
        for line, drop in enumerate(deadline.drop):
            yield EVENTS[drop.event], _on_drop(deadline, line, drop)
        for line, begin in enumerate(deadline.begin):
            yield EVENTS[begin.event], _on_begin(deadline, line, begin)
        for move in deadline.move:
            yield EVENTS[move.event], _on_move(deadline, move)
    for continuous in pack.continuous:
        for watched in continuous.proof:
            yield EVENTS[watched.event], _on_seen(continuous, watched)


# What proves


def _on_proof(deadline: Deadline, line: int, proof: Proof, festivals: Mapping[str, Festival]) -> Handler:
    subjects = _subjects(deadline, proof, festivals)
    many = deadline.count is not None and deadline.of is Of.EVENT

    def handle(state: State, fact: Fact[Any]) -> Iterator[Row]:
        event = fact.event
        if proof.where and not matches(proof.where, event):
            return
        thing = str(value(event, proof.thing))
        for subject in subjects(state, event):
            for own, months in _periods(deadline, proof, event).items():
                period = own if months or proof.year else _in_added_time(state, deadline, own, subject, event.occurred_on)
                key = known(state, deadline, period, subject)
                proofs = state.evidence.setdefault(key, [])
                if many or deadline.how is not How.COUNT or all(one.thing != thing for one in proofs):
                    people, amount = _people(proof, event), 1 if proof.amount is None else int(value(event, proof.amount))
                    proofs.append(Evidence(thing, fact.event_id, event.occurred_on, line, months, people, amount))
                    _remember(state, thing, key)
                    credit(state, deadline, key, people, amount)
                settle(state, deadline, key)
                yield row(state, key, fact)

    return handle


def _in_added_time(state: State, deadline: Deadline, period: str, subject: str, on: dt.date) -> str:
    """An earlier period for which there is still time on this day and which is not done: it comes first. Else the day's own."""
    for key in state.given.get(deadline.id, ()):
        one = state.obligations[key]
        still = one.fulfilled_on is None and one.waived_on is None and one.due_on is not None and on <= one.due_on
        if still and one.subject == subject and one.period < period:
            return one.period
    return period


def _remember(state: State, thing: str, key: str) -> None:
    keys = state.things.setdefault(thing, [])
    if key not in keys:
        keys.append(key)


def _people(proof: Proof, event: Event) -> tuple[PersonId, ...]:
    """Each of them once."""
    found: list[PersonId] = []
    for field in proof.people:
        named = value(event, field)
        found += named if isinstance(named, tuple) else [named] if named is not None else []
    return tuple(dict.fromkeys(found))


def credit(state: State, deadline: Deadline, key: str, people: tuple[PersonId, ...], amount: int) -> None:
    """What a proof adds for members, or takes away when it is negative, and who is wanting then."""
    if deadline.how is not How.EVERYONE:
        return
    one, got = state.obligations[key], state.got[key]
    for person in people:
        got[person] = got.get(person, 0) + amount
    if amount < 0:
        wanting(state, deadline, key)
    elif one.missing:
        enough = one.needed * deadline.unit
        done = {person for person in people if got[person] >= enough}
        one.missing = [person for person in one.missing if person not in done]


def _subjects(deadline: Deadline, proof: Proof, festivals: Mapping[str, Festival]) -> Callable[[State, Event], Iterable[str]]:
    """Whose duty an event proves."""
    field = proof.subject or proof.thing

    def running(state: State, event: Event) -> list[str]:
        runs = state.running.get(deadline.id, {})
        whom = str(value(event, field))
        found = list(runs.values()) if proof.every else [runs[whom]] if whom in runs else []
        if deadline.period is Period.ON_EVENT:
            state.running[deadline.id] = {thing: subject for thing, subject in runs.items() if subject not in found}
        return found

    def of_festival(_state: State, event: Event) -> list[str]:
        name = str(value(event, field))
        return [festival_subject(name, festivals[name].near(event.occurred_on))] if name in deadline.festivals else []

    if deadline.of is Of.FESTIVAL:
        return of_festival
    if deadline.of is Of.EVENT and deadline.tracked:
        return running
    if deadline.of in {Of.EVENT, Of.GROUP}:
        return lambda _state, event: (str(value(event, field)),)
    return lambda _state, _event: ("",)


def _periods(deadline: Deadline, proof: Proof, event: Event) -> dict[str, tuple[str, ...]]:
    """The periods that a proof counts for, each with the months it covers of it."""
    if deadline.period is Period.ON_EVENT:
        return {"": ()}
    if proof.year is not None:
        year = int(value(event, proof.year))
        return {f"{year:04d}" if proof.half is None else f"{year:04d}-H{value(event, proof.half)}": ()}
    if proof.months is None:
        return {period_of(event.occurred_on, deadline.period): ()}
    first, last = (first_day(getattr(event, field)) for field in proof.months)
    covered: defaultdict[str, tuple[str, ...]] = defaultdict(tuple)
    for month in periods(first, last, Period.MONTHLY):
        covered[period_of(first_day(month), deadline.period)] += (month,)
    return covered


# What begins, moves and ends


def end(state: State, fact: Fact[Any], deadline: str, subject: str) -> Iterator[Row]:
    """There is nothing left to do for a subject."""
    runs = state.running.get(deadline)
    if runs:
        state.running[deadline] = {whom: one for whom, one in runs.items() if one != subject}
    yield subject_row(fact, deadline, subject, until=fact.event.occurred_on)
    yield from lapse(state, fact, lambda one: one.deadline == deadline and one.subject == subject and _unfinished(one, fact))


def _unfinished(one: Obligation, fact: Fact[Any]) -> bool:
    """On event always; of a period only when it was not over by then."""
    day: dt.date = fact.event.occurred_on
    return not one.period or last_day(one.period) >= day


def about(deadline: Deadline, subject: str) -> str:
    return subject.rpartition(".")[0] if deadline.again else subject


def _on_begin(deadline: Deadline, line: int, begin: Beginning) -> Handler:
    def handle(state: State, fact: Fact[Any]) -> Iterator[Row]:
        event = fact.event
        if not matches(begin.where, event):
            return
        stated = None if deadline.due.field is None else getattr(event, deadline.due.field)
        whom = str(value(event, begin.subject or begin.thing))
        if (deadline.due.field is not None and stated is None) or (deadline.again and whom in state.running.get(deadline.id, {})):
            return
        subject = f"{whom}.{event.occurred_on}" if deadline.again else whom
        if deadline.tracked:
            state.running.setdefault(deadline.id, {})[whom] = subject
        state.begun.setdefault(str(value(event, begin.thing)), []).append(Begun(deadline.id, subject, line))
        until = None if begin.until is None else getattr(event, begin.until)
        yield subject_row(fact, deadline.id, subject, since=event.occurred_on, until=until, due_on=stated)
        key = obligation_id(deadline.id, "", subject)
        if deadline.period is Period.ON_EVENT and key in state.obligations:
            yield from _anew(state, fact, key, stated)

    return handle


def _anew(state: State, fact: Fact[Any], key: str, due_on: dt.date | None) -> Iterator[Row]:
    """What had ended with an entry that was taken back begins again with the entry that came in its place."""
    one = state.obligations[key]
    if one.lapsed_on is None:
        return
    if one.due_on is not None:
        more_time(one, due_on or one.due_on + (fact.event.occurred_on - one.lapsed_on), fact.event.occurred_on)
    one.lapsed_on = None
    yield row(state, key, fact)


def _on_move(deadline: Deadline, move: Moving) -> Handler:
    def handle(state: State, fact: Fact[Any]) -> Iterator[Row]:
        due_on = getattr(fact.event, move.field)
        if due_on is None or not matches(move.where, fact.event):
            return
        for subject in _concerned(state, deadline, move, fact.event):
            yield subject_row(fact, deadline.id, subject, due_on=due_on)
            key = obligation_id(deadline.id, "", subject)
            if key in state.obligations and state.obligations[key].raised_on is not None:
                more_time(state.obligations[key], due_on, fact.event.occurred_on)
                yield row(state, key, fact)

    return handle


def _on_drop(deadline: Deadline, line: int, drop: Watched) -> Handler:
    def handle(state: State, fact: Fact[Any]) -> Iterator[Row]:
        if matches(drop.where, fact.event):
            for subject in _concerned(state, deadline, drop, fact.event):
                state.ended.setdefault(str(value(fact.event, drop.thing)), []).append(Begun(deadline.id, subject, line))
                yield from end(state, fact, deadline.id, subject)

    return handle


def _concerned(state: State, deadline: Deadline, watched: Watched, event: Event) -> list[str]:
    whom = str(value(event, watched.subject or watched.thing))
    if not deadline.tracked:
        return [whom]
    runs = state.running.get(deadline.id, {})
    return list(runs.values()) if watched.every else [runs[whom]] if whom in runs else []


# Tasks without a due date


def _on_seen(continuous: Continuous, watched: Watched) -> Handler:
    def handle(state: State, fact: Fact[Any]) -> Iterator[Row]:
        if watched.where and not matches(watched.where, fact.event):
            return
        thing = str(value(fact.event, watched.thing))
        before = state.seen.get(continuous.id, [])
        state.seen[continuous.id] = [*before, Seen(thing, fact.event_id, fact.event.occurred_on, watched.event)][-KEPT:]
        yield seen_row(state, continuous.id, fact)

    return handle


def seen_row(state: State, name: str, fact: Fact[Any]) -> Row:
    """The last evidence of a task without a due date."""
    last = max(state.seen[name], key=lambda one: one.on, default=None)
    values = {
        "deadline": name,
        "task": name,
        "period": CONTINUOUS,
        "fulfilled_on": None if last is None else last.on,
        "fulfilled_by": [] if last is None else [last.event_id],
        "position": fact.position,
    }
    return Row(table="obligation", key=(name,), values=values)
