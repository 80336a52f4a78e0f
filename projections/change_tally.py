"""What happened, counted by branch, sentence and month: what the comparison of two dates reads of all branches. Pure.

What was taken back counts until then, so it stands in a row of its own with the day on which it was (`projections.changes`).
"""

import datetime as dt
from bisect import insort
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from events.base import Event, Fen
from events.catalog import EVENTS
from projections.changes import matching, taken_back_on
from projections.engine.fold import Fact, Handler, Projection, Row
from projections.standard.changes import Counted, corrects
from projections.standard.deadlines import Watched

Key = str
"""`2026-03`, or `2026-03 2026-04-02` of what was taken back on that day."""


class Happened(msgspec.Struct, frozen=True, array_like=True, order=True):
    """One of those counted: its day of the month and its amount."""

    day: int
    fen: Fen = 0


class Standing(msgspec.Struct, frozen=True, array_like=True):
    """One that may still be taken back."""

    on: dt.date
    fen: Fen

    @property
    def month(self) -> str:
        return self.on.isoformat()[:7]

    @property
    def happened(self) -> Happened:
        return Happened(self.on.day, self.fen)


class State(msgspec.Struct):
    """What is counted in one branch, by sentence."""

    counted: dict[str, dict[Key, list[Happened]]] = {}
    standing: dict[str, dict[str, list[Standing]]] = {}
    """Sentence -> thing -> what was counted of it."""


def projection(lines: Sequence[Counted]) -> Projection[State]:
    """Of the sentences of the pack."""
    found: dict[type[Event], list[Handler]] = {}
    for line in lines:
        for tag, handler in _of_line(line):
            found.setdefault(EVENTS[tag], []).append(handler)
    handlers = {event: _all(own) for event, own in found.items()}
    return Projection[State](name="changes", tables=("change_month",), start=State, handlers=handlers)


def _of_line(line: Counted) -> Iterator[tuple[str, Handler]]:
    if line.corrections:
        yield from ((tag, _happened(line, Watched(event=tag, thing="occurred_on"))) for tag in EVENTS if corrects(tag))
    yield from ((watched.event, _happened(line, watched)) for watched in line.counts)
    yield from ((watched.event, _undone(line, watched)) for watched in line.undo)


def _happened(line: Counted, watched: Watched) -> Handler:
    def handle(state: State, fact: Fact[Any]) -> Iterator[Row]:
        for thing in matching(watched, fact):
            one = Standing(fact.event.occurred_on, 0 if line.sum is None else getattr(fact.event, line.sum))
            if line.undo:
                state.standing.setdefault(line.id, {}).setdefault(thing, []).append(one)
            yield _count(state, line, one.month, one)

    return handle


def _undone(line: Counted, watched: Watched) -> Handler:
    def handle(state: State, fact: Fact[Any]) -> Iterator[Row]:
        for thing in matching(watched, fact):
            for one in state.standing.get(line.id, {}).pop(thing, ()):
                state.counted[line.id][one.month].remove(one.happened)
                yield _row(state, line.id, one.month)
                yield _count(state, line, f"{one.month} {taken_back_on(fact.event.occurred_on, one.on)}", one)

    return handle


def _count(state: State, line: Counted, key: Key, one: Standing) -> Row:
    insort(state.counted.setdefault(line.id, {}).setdefault(key, []), one.happened)
    return _row(state, line.id, key)


def _row(state: State, line: str, key: Key) -> Row:
    month, _, undone_on = key.partition(" ")
    found = state.counted[line][key]
    fens = [one.fen for one in found] if any(one.fen for one in found) else []
    values = {"days": [one.day for one in found], "fens": fens, "fen": sum(fens)}
    return Row(table="change_month", key=(line, month, undone_on), values=values)


def _all(own: Sequence[Handler]) -> Handler:
    if len(own) == 1:
        return own[0]

    def handle(state: State, fact: Fact[Any]) -> list[Row]:
        return [row for handler in own for row in handler(state, fact)]

    return handle
