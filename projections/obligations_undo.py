"""What takes evidence back, as the pack's data says: proofs, beginnings and endings of an entry that stands no more (rules 0.4)."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from events.base import Event
from events.catalog import EVENTS
from projections.engine.fold import Fact, Handler, Row
from projections.obligations_evidence import about, credit, end, matches, row, seen_row, subject_row
from projections.obligations_state import Begun, Evidence, State, settle
from projections.standard.deadlines import Deadline, Undo, Watched
from projections.standard.norms import Period
from projections.standard.pack import Pack

Taken = Callable[[Watched], bool]
"""Whether what a line of a deadline watches was taken back."""


def handlers(pack: Pack) -> Iterator[tuple[type[Event], Handler]]:
    """Event types with what to do."""
    back = Back(pack)
    for undo in pack.undos:
        yield EVENTS[undo.event], back.handler(undo)


class Back:
    """The way back for one pack."""

    def __init__(self, pack: Pack) -> None:
        self.deadlines = {deadline.id: deadline for deadline in pack.deadlines}
        self.continuous = pack.continuous

    def handler(self, undo: Undo) -> Handler:
        noun = undo.event.partition(".")[0]
        watches = [one.id for one in self.continuous if any(proof.event.startswith(f"{noun}.") for proof in one.proof)]

        def handle(state: State, fact: Fact[Any]) -> Iterator[Row]:
            if not matches(undo.where, fact.event):
                return
            thing = str(getattr(fact.event, undo.thing))
            taken, last = _taken(undo, noun, fact.event)
            yield from self._proofs(state, fact, thing, taken, last=last)
            for one in self._of(state.begun, thing, lambda deadline: deadline.begin, taken, last=last):
                yield from end(state, fact, one.deadline, one.subject)
            for one in self._of(state.ended, thing, lambda deadline: deadline.drop, taken, last=last):
                yield from self._resume(state, fact, one)
            for name in watches:
                before = state.seen.get(name, [])
                state.seen[name] = [one for one in before if one.thing != thing or not taken(Watched(event=one.tag, thing=""))]
                if len(state.seen[name]) != len(before):
                    yield seen_row(state, name, fact)

        return handle

    def _proofs(self, state: State, fact: Fact[Any], thing: str, taken: Taken, *, last: bool) -> Iterator[Row]:
        for key, gone in self._gone(state, thing, taken, last=last).items():
            deadline = self.deadlines[state.obligations[key].deadline]
            state.evidence[key] = [one for one in state.evidence[key] if one not in gone]
            if all(one.thing != thing for one in state.evidence[key]):
                state.things[thing].remove(key)
            for one in gone:
                credit(state, deadline, key, one.people, -one.amount)
            subject = state.obligations[key].subject
            if deadline.tracked and deadline.period is Period.ON_EVENT and not state.evidence[key]:
                state.running.setdefault(deadline.id, {}).setdefault(about(deadline, subject), subject)
            settle(state, deadline, key)
            yield row(state, key, fact)

    def _gone(self, state: State, thing: str, taken: Taken, *, last: bool) -> dict[str, list[Evidence]]:
        """By obligation; of each deadline the last where only the last goes."""
        gone: dict[str, list[Evidence]] = {}
        latest: dict[str, tuple[str, Evidence]] = {}
        for key in state.things.get(thing, ()):
            deadline = self.deadlines[state.obligations[key].deadline]
            mine = [one for one in state.evidence[key] if one.thing == thing and taken(deadline.proof[one.line])]
            if mine:
                gone[key] = mine
                if deadline.id not in latest or latest[deadline.id][1].on <= mine[-1].on:
                    latest[deadline.id] = key, mine[-1]
        return {key: [one] for key, one in latest.values()} if last else gone

    def _of(
        self,
        remembered: dict[str, list[Begun]],
        thing: str,
        lines: Callable[[Deadline], tuple[Watched, ...]],
        taken: Taken,
        *,
        last: bool,
    ) -> list[Begun]:
        """What the entry began or ended, and forgets it; of each deadline the last where only the last goes."""
        there = remembered.get(thing, [])
        mine = [one for one in there if taken(lines(self.deadlines[one.deadline])[one.line])]
        if last:
            mine = list({one.deadline: one for one in mine}.values())
        if mine:
            remembered[thing] = [one for one in there if one not in mine]
        return mine

    def _resume(self, state: State, fact: Fact[Any], ended: Begun) -> Iterator[Row]:
        """What an entry had ended goes on."""
        deadline = self.deadlines[ended.deadline]
        if deadline.tracked:
            state.running.setdefault(deadline.id, {})[about(deadline, ended.subject)] = ended.subject
        yield subject_row(fact, ended.deadline, ended.subject, until=None)
        for key, one in state.obligations.items():
            if one.deadline == ended.deadline and one.subject == ended.subject and one.lapsed_on is not None:
                one.lapsed_on = None
                yield row(state, key, fact)


def _taken(undo: Undo, noun: str, event: Event) -> tuple[Taken, bool]:
    """What is taken back, by tag, and by kind where the name holds one (`admission.filed:target`); and whether only the last of it goes."""
    named = None if undo.names is None else str(getattr(event, undo.names))
    if named is None or named in undo.whole:
        return (lambda one: one.event in undo.takes if undo.takes else one.event.startswith(f"{noun}.")), False
    tag, _, kind = undo.called.get(named, named if "." in named else f"{noun}.{named}").partition(":")
    return (lambda one: one.event == tag and (not kind or _may_be(one, kind))), True


def _may_be(watched: Watched, kind: str) -> bool:
    values: Iterable[tuple[str, ...]] = watched.where.values()
    return not watched.where or any(kind in those for those in values)
