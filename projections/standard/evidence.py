"""What the events of one stream prove, and prove no more once an entry is taken back (rules 0.4)."""

from collections.abc import Callable

import msgspec

from events.base import Event, tag_of
from projections.standard.material_file import Undo
from projections.standard.materials import proves, undos

OF_PEOPLE = frozenset({"person_id", "org_id"})
"""Ids that name no entry."""


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """One event that proves materials by itself."""

    tag: str
    thing: str
    """The id of the entry that it made, or of its case."""
    materials: frozenset[str]


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """The proofs that stand, in the order in which they came."""

    seen: tuple[Seen, ...] = ()

    @property
    def proven(self) -> frozenset[str]:
        return frozenset[str]().union(*(one.materials for one in self.seen))


def after(evidence: Evidence, event: Event) -> Evidence:
    """The evidence after one more event of the stream."""
    undo = undos().get(tag_of(event))
    if undo is not None and undo.holds(event):
        return Evidence(seen=_without(evidence.seen, undo, event))
    found = proves(event)
    if not found:
        return evidence
    return Evidence(seen=(*evidence.seen, Seen(tag=tag_of(event), thing=_thing(event), materials=found)))


def _thing(event: Event) -> str:
    field = next((name for name in event.__struct_fields__ if name.endswith("_id") and name not in OF_PEOPLE), None)
    return "" if field is None else str(getattr(event, field))


def _without(seen: tuple[Seen, ...], undo: Undo, event: Event) -> tuple[Seen, ...]:
    """Without every proof of one entry, the last one of a kind, or without any when the whole case is taken back."""
    thing = None if undo.thing is None else str(getattr(event, undo.thing))
    if undo.only and thing is None:
        return _without_last(seen, lambda one: one.tag in undo.only)
    if undo.names is None:
        return tuple(one for one in seen if one.thing != thing or (undo.only and one.tag not in undo.only))
    named = str(getattr(event, undo.names))
    if named in undo.whole:
        return ()
    noun = undo.event.partition(".")[0]
    tag = undo.called.get(named, named if "." in named else f"{noun}.{named}").partition(":")[0]
    return _without_last(seen, lambda one: one.tag == tag and thing in (None, one.thing))


def _without_last(seen: tuple[Seen, ...], meant: Callable[[Seen], bool]) -> tuple[Seen, ...]:
    last = max((n for n, one in enumerate(seen) if meant(one)), default=None)
    return tuple(one for n, one in enumerate(seen) if n != last)
