"""Entries that stand each for itself (a visit, a log, a facility): known by id, so that told twice is once and a wrong one is undone."""

import datetime as dt
import functools
import typing
from collections.abc import Iterable, Mapping

import msgspec
from msgspec.structs import replace

from events.base import PERSONAL, SENSITIVE, Event, MeetingId, PersonId, tag_of
from service.decide.meetings.state import Meeting, held, not_before
from service.decide.roster import Roster
from service.errors import Absent, Conflict, Malformed


class Mark(msgspec.Struct, frozen=True, kw_only=True):
    """What a decision has to know of an entry: a few words instead of the whole event, since a book may hold very many."""

    kind: type[Event]
    on: dt.date
    told: int
    completed: int | None = None
    """The last event that completed it, if any."""
    withdrawn: bool = False


class Marks(msgspec.Struct, frozen=True, kw_only=True):
    """All entries of a noun, by the last signs of their ids, so that a long book folds fast."""

    shelves: Mapping[str, Mapping[str, Mark]] = {}

    def get(self, entry_id: str) -> Mark | None:
        return self.shelves.get(_shelf(entry_id), {}).get(entry_id)

    def stands(self, entry_id: str) -> bool:
        mark = self.get(entry_id)
        return mark is not None and not mark.withdrawn

    def began(self, entry_id: str, event: Event) -> "Marks":
        return self._with(entry_id, Mark(kind=type(event), on=event.occurred_on, told=told(event)))

    def completed(self, entry_id: str, event: Event) -> "Marks":
        return self._with(entry_id, replace(self.shelves[_shelf(entry_id)][entry_id], completed=told(event)))

    def withdrawn(self, entry_id: str) -> "Marks":
        return self._with(entry_id, replace(self.shelves[_shelf(entry_id)][entry_id], withdrawn=True))

    def _with(self, entry_id: str, mark: Mark) -> "Marks":
        shelf = _shelf(entry_id)
        return Marks(shelves={**self.shelves, shelf: {**self.shelves.get(shelf, {}), entry_id: mark}})


def _shelf(entry_id: str) -> str:
    return entry_id[-2:]


@functools.cache
def _open_fields(event: type[Event]) -> tuple[str, ...]:
    """The fields that are not sealed: sealed twice, the same text differs."""
    hints = typing.get_type_hints(event, include_extras=True)
    return tuple(name for name in event.__struct_fields__ if not _sealed(hints[name]))


def _sealed(hint: object) -> bool:
    own = any(mark in (PERSONAL, SENSITIVE) for mark in getattr(hint, "__metadata__", ()))
    return own or any(_sealed(part) for part in typing.get_args(hint) if not isinstance(part, msgspec.Meta))


def told(event: Event) -> int:
    """A number that stands for all that an event says openly; good inside one process, which is where states live."""
    return hash((tag_of(event), *(getattr(event, name) for name in _open_fields(type(event)))))


def is_new(marks: Marks, entry_id: str, event: Event) -> bool:
    """Whether this is not on record yet; the same id for something else, or for what was withdrawn, is a conflict."""
    known = marks.get(entry_id)
    if known is not None and (known.withdrawn or known.told != told(event)):
        raise Conflict(f"something else is recorded as {entry_id}")
    return known is None


def standing(marks: Marks, entry_id: str, kind: type[Event], day: dt.date) -> Mark:
    """The entry of that kind to which something is added on `day`."""
    known = marks.get(entry_id)
    if known is None or known.kind is not kind:
        raise Absent(f"{tag_of(kind)} {entry_id}")
    if known.withdrawn:
        raise Conflict(f"{entry_id} was withdrawn")
    if day < known.on:
        raise Malformed(f"occurred_on lies before {known.on}, when {entry_id} began")
    return known


def completes(mark: Mark, event: Event) -> bool:
    """Whether a completing event says anything that the last one did not."""
    return mark.completed != told(event)


def to_withdraw(marks: Marks, entry_id: str, day: dt.date) -> Mark | None:
    """The entry to take back; None when that was done already."""
    known = marks.get(entry_id)
    if known is None:
        raise Absent(entry_id)
    if known.withdrawn:
        return None
    if day < known.on:
        raise Malformed(f"occurred_on lies before {known.on}, when {entry_id} happened")
    return known


def met_on(meeting: Meeting, meeting_id: MeetingId | None, day: dt.date) -> dt.date | None:
    """The day of the meeting by which something was adopted; it was held, and not afterwards."""
    if meeting_id is None:
        return None
    took_place = held(meeting, meeting_id)
    not_before(took_place, day)
    return took_place.occurred_on


def must_belong(roster: Roster, people: Iterable[PersonId], day: dt.date, field: str) -> None:
    """Whoever is named was of this branch on that day (INV-002, INV-009)."""
    for person in people:
        roster.must_be_active(person, day, field)
