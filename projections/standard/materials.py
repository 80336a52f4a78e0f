"""The key materials of the standard: 125, and 143 parts of composite ones; what proves them and how long they are kept."""

import functools
from collections.abc import Mapping

from events.base import Event, tag_of
from events.documents import Retention
from projections.standard.material_file import Material, Proof, Undo
from projections.standard.pack import default_pack


def materials() -> Mapping[str, Material]:
    """All of them by id, in the order of the standard; a composite one stands before its parts."""
    return default_pack().materials


def undos() -> Mapping[str, Undo]:
    """By the tag of the event that takes back."""
    return default_pack().undone


@functools.cache
def _by_event() -> Mapping[str, tuple[tuple[Proof, str], ...]]:
    table: dict[str, tuple[tuple[Proof, str], ...]] = {}
    for material in materials().values():
        for proof in material.entry.by:
            table[proof.event] = (*table.get(proof.event, ()), (proof, material.id))
    return table


def proves(event: Event) -> frozenset[str]:
    """The materials that an event proves by itself."""
    return frozenset(name for proof, name in _by_event().get(tag_of(event), ()) if proof.holds(event))


def kept(names: tuple[str, ...]) -> Retention:
    """How long a paper that answers several materials is kept: the longest time counts."""
    order = list(Retention)
    return max((materials()[name].entry.keep for name in names), key=order.index, default=Retention.TEN_YEARS)
