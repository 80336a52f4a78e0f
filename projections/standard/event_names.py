"""The event names of the rule sheet (section 6.2) and what records each of them here. One event may bear several names, told by a field."""

import msgspec

from projections.standard.material_file import Proof
from projections.standard.pack import FOLDER
from projections.standard.reading import read

FILE = "event_names.toml"


class EventName(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A name of the rule sheet; `by` is empty for what follows from other events and is told by the views."""

    name: str
    zh: str
    by: tuple[Proof, ...] = ()


class File(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The file `event_names.toml`."""

    name: tuple[EventName, ...]


def event_names() -> tuple[EventName, ...]:
    """All 297, in the order of the rule sheet."""
    return read(FOLDER / FILE, File).name
