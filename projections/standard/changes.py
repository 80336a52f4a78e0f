"""What a comparison of two dates tells, as data (`packs/changes.toml`)."""

import enum
import functools
import string
from pathlib import Path

import msgspec

from events.base import Event
from events.catalog import EVENTS
from projections.standard.deadlines import Watched
from projections.standard.norms import Entry
from projections.standard.pack import FOLDER
from projections.standard.reading import PackError, read

FILE = "changes.toml"
CORRECTING = ("corrected", "reversed", "voided", "withdrawn")
"""How the names of events end that set something earlier right."""


class Done(enum.StrEnum):
    """How an obligation ended in the window."""

    FULFILLED = "fulfilled"
    LATE = "late"
    OVERDUE = "overdue"


class Counted(Entry, frozen=True, kw_only=True):
    """One sentence: which events it counts, and how it is said of many and of one."""

    one: str
    counts: tuple[Watched, ...] = ()
    undo: tuple[Watched, ...] = ()
    person: str | None = None
    """Field with whom it is about; a struct in it has a `person_id`."""
    sum: str | None = None
    """Field with an amount in fen."""
    obligations: Done | None = None
    corrections: bool = False
    """Counts every event that set something right."""
    closed: bool = False
    """A case: how many, and nothing that leads to it."""

    def fault(self) -> str | None:
        """What is wrong with it, if anything."""
        for watched in (*self.counts, *self.undo):
            event = EVENTS.get(watched.event)
            if event is None:
                return f"there is no event {watched.event}"
            lacking = {watched.thing, *watched.where} - set(event.__struct_fields__)
            if lacking:
                return f"{watched.event} has no field {', '.join(sorted(lacking))}"
        for field in filter(None, (self.person, self.sum)):
            if any(field not in EVENTS[watched.event].__struct_fields__ for watched in self.counts):
                return f"not every event has a field {field}"
        ways = bool(self.counts) + (self.obligations is not None) + self.corrections
        if ways != 1:
            return "exactly one of counts, obligations, corrections"
        return self._places()

    def _places(self) -> str | None:
        """Texts speak of what there is."""
        known = {"n"} | ({"names"} if self.person else set()) | ({"yuan"} if self.sum else set())
        for text in (self.zh, self.en, self.one):
            strange = {place for _, place, _, _ in string.Formatter().parse(text) if place} - known
            if strange:
                return f"nothing is known of {', '.join(sorted(strange))}"
        return None


class ChangeFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The file `changes.toml`."""

    change: tuple[Counted, ...]


def load(folder: Path = FOLDER) -> tuple[Counted, ...]:
    """Reads and checks the sentences. Raises `PackError`."""
    found = read(folder / FILE, ChangeFile).change
    seen: set[str] = set()
    for one in found:
        fault = "stands twice" if one.id in seen else one.fault()
        if fault is not None:
            raise PackError(FILE, None, f"{one.id}: {fault}")
        seen.add(one.id)
    return found


@functools.cache
def sentences() -> tuple[Counted, ...]:
    """The sentences that ship with the program, in their order."""
    return load()


def corrects(tag: str) -> bool:
    return tag.endswith(CORRECTING)


def watched_tags() -> frozenset[str]:
    """The events that a comparison looks at."""
    named = {watched.event for one in sentences() for watched in (*one.counts, *one.undo)}
    return frozenset(named | {tag for tag in EVENTS if corrects(tag)})


def undoing_tags() -> frozenset[str]:
    """The events that take something back."""
    return frozenset(watched.event for one in sentences() for watched in one.undo)


def matches(watched: Watched, event: Event) -> bool:
    return all(str(getattr(event, field)) in values for field, values in watched.where.items())
