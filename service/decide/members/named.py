"""Who is named in a book outside roll, dues and letters: what keeps a registration in place."""

import functools
import typing
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from events.base import Event, PersonId
from events.meetings import MeetingCancelled, MeetingWithdrawn
from service.decide.base import WHOLE, Fold, own

JUDGED = frozenset({"roster", "dues", "transfers"})
"""Streams whose own states say what of them still stands."""


class Named(msgspec.Struct, frozen=True, kw_only=True):
    """The people named in each stream."""

    streams: Mapping[str, frozenset[PersonId]] = {}

    def where(self, person: PersonId) -> frozenset[str]:
        """The kinds of streams that name somebody: `meeting`, `talks`, …"""
        return frozenset(stream.partition("-")[0] for stream, people in self.streams.items() if person in people)


def evolve(named: Named, event: Event) -> Named:
    """A meeting whose record was taken back names nobody any more."""
    stream = event.stream()
    known = named.streams.get(stream, frozenset())
    people = frozenset() if isinstance(event, MeetingWithdrawn | MeetingCancelled) else known.union(people_in(event))
    return named if stream in JUDGED or people == known else Named(streams={**named.streams, stream: people})


def people_in(thing: msgspec.Struct) -> Iterator[PersonId]:
    """Whoever stands in a field that is for people, also inside the structs that it holds."""
    for field in _fields(type(thing)):
        yield from _in(getattr(thing, field))


def _in(value: Any) -> Iterator[PersonId]:
    match value:
        case str():
            yield PersonId(value)
        case tuple():
            for one in value:
                yield from _in(one)
        case msgspec.Struct():
            yield from people_in(value)
        case _:
            pass  # nobody


@functools.cache
def _fields(kind: type[msgspec.Struct]) -> tuple[str, ...]:
    return tuple(name for name, hint in typing.get_type_hints(kind).items() if _of_people(hint))


def _of_people(hint: Any) -> bool:
    if isinstance(hint, type) and issubclass(hint, msgspec.Struct):
        return bool(_fields(hint))
    return hint is PersonId or any(_of_people(part) for part in typing.get_args(hint))


NAMED = Fold[Named](name="named", book=own, stream=lambda _command: WHOLE, initial=Named(), evolve=evolve)
