"""The shape of the key materials: ledger, how long they are kept, what proves them, what takes the proof back."""

from collections.abc import Mapping
from typing import Annotated

import msgspec

from events.base import Event, tag_of
from events.catalog import EVENTS
from events.documents import Retention
from projections.standard.norms import Standard
from projections.standard.reading import PackError

FILE = "materials.toml"
ID = r"^N\d{2}\.M\d{2}(\.\d{2})?$"


class Proof(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An event that is proof by itself; `where` lists the values that a field must have."""

    event: Annotated[str, msgspec.Meta(pattern=r"^[a-z]+\.[a-z_]+$")]
    where: dict[str, tuple[str, ...]] = {}

    def holds(self, event: Event) -> bool:
        return tag_of(event) == self.event and _fits(event, self.where)


def _fits(event: Event, where: Mapping[str, tuple[str, ...]]) -> bool:
    return all(str(getattr(event, field)) in values for field, values in where.items())


class Entry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One line of `materials.toml`."""

    id: Annotated[str, msgspec.Meta(pattern=ID)]
    ledger: Annotated[str, msgspec.Meta(pattern=r"^L\d{2}$")]
    keep: Retention
    closed: bool = False
    """Opened only by those who decide about the case: discipline and disposition."""
    by: tuple[Proof, ...] = ()
    """A filed document is always proof; these events are as well, each by itself."""


class Undo(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An event that takes proofs back."""

    event: Annotated[str, msgspec.Meta(pattern=r"^[a-z]+\.[a-z_]+$")]
    where: dict[str, tuple[str, ...]] = {}
    thing: str | None = None
    """Field with the id of the entry that stands no more."""
    names: str | None = None
    """Field that says which entry it was: its tag, the part after the noun, or a word of `called`."""
    called: dict[str, str] = {}
    whole: tuple[str, ...] = ()
    """Values of `names` with which the whole case goes."""
    only: tuple[str, ...] = ()
    """Tags of the proofs that go, where others of the same thing stay; without a thing the last one goes."""

    def holds(self, event: Event) -> bool:
        return _fits(event, self.where)


class File(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The file `materials.toml`."""

    material: tuple[Entry, ...]
    undo: tuple[Undo, ...]

    def undos(self) -> dict[str, Undo]:
        """By the tag of the event that takes back. Raises `PackError` for one that there is not."""
        for undo in self.undo:
            fields = {*undo.where, *(field for field in (undo.thing, undo.names) if field is not None)}
            if undo.event not in EVENTS or not fields <= set(EVENTS[undo.event].__struct_fields__):
                raise PackError(FILE, None, f"there is no event {undo.event} with {', '.join(sorted(fields))}")
        return {undo.event: undo for undo in self.undo}


class Material(msgspec.Struct, frozen=True, kw_only=True):
    """A material or a part of one, with its titles and its family."""

    id: str
    zh: str
    en: str
    norm: str
    parent: str | None
    parts: tuple[str, ...]
    entry: Entry


def join(standard: Standard, entries: tuple[Entry, ...]) -> dict[str, Material]:
    """Joins the two files. Raises `PackError` where one knows what the other does not, or for an event that there is not."""
    known = {entry.id: entry for entry in entries}
    ledgers = {ledger.id for ledger in standard.ledger}
    if len(known) != len(entries):
        raise PackError(FILE, None, "a material stands twice")
    for entry in entries:
        if entry.ledger not in ledgers:
            raise PackError(FILE, None, f"{entry.id}: there is no ledger {entry.ledger}")
        for proof in entry.by:
            if proof.event not in EVENTS or not set(proof.where) <= set(EVENTS[proof.event].__struct_fields__):
                raise PackError(FILE, None, f"{entry.id}: there is no event {proof.event} with {', '.join(proof.where) or 'that name'}")
    found: dict[str, Material] = {}
    for norm in standard.norm:
        for one in norm.material:
            parts = tuple(item.id for item in one.item)
            for thing, parent, below in ((one, None, parts), *((item, one.id, ()) for item in one.item)):
                if thing.id not in known:
                    raise PackError(FILE, None, f"{thing.id} is missing")
                entry = known.pop(thing.id)
                found[thing.id] = Material(id=thing.id, zh=thing.zh, en=thing.en, norm=norm.id, parent=parent, parts=below, entry=entry)
    if known:
        raise PackError(FILE, None, f"the standard knows no {', '.join(sorted(known))}")
    return found
