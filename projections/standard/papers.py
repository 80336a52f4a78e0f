"""Which documents belong to a leaf of a score: those about its events, and those filed for a material of its task in its period. Pure."""

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from typing import Protocol, TypeVar

from projections.standard.norms import Material, Norm, Standard
from projections.standard.periods import first_day, last_day
from projections.standard.score_tree import Ground, Node, leaves

WORD = re.compile(r"\w+")
"""`MeetingHeld(kind=study)` speaks of `MeetingHeld`."""


class Filed(Protocol):
    """A document as it is looked at here."""

    @property
    def materials(self) -> list[str]: ...

    @property
    def about(self) -> list[str]: ...

    @property
    def formed_on(self) -> dt.date | None: ...

    @property
    def filed_on(self) -> dt.date | None: ...


F = TypeVar("F", bound=Filed)


def materials_of(standard: Standard) -> dict[str, frozenset[str]]:
    """Task -> its materials with their parts: those that the same evidence fulfils, and those of its norm that no task has for itself."""
    found: dict[str, frozenset[str]] = {}
    for norm in standard.norm:
        own = {task.id: {one.id for one in norm.material if _words(one.fulfilled_by) & _words(task.evidence)} for task in norm.task}
        shared = {one.id for one in norm.material} - set().union(*own.values())
        parts = _parts(norm)
        found |= {task: frozenset(part for name in (*names, *shared) for part in parts[name]) for task, names in own.items()}
    return found


def _words(texts: Iterable[str]) -> set[str]:
    return {word.group() for text in texts if (word := WORD.match(text))}


def _parts(norm: Norm) -> dict[str, tuple[str, ...]]:
    def whole(one: Material) -> tuple[str, ...]:
        return one.id, *(item.id for item in one.item)

    return {one.id: whole(one) for one in norm.material}


def asked(total: Node, materials: Mapping[str, frozenset[str]]) -> tuple[set[str], set[str]]:
    """(what documents of this score may be about, for which materials they may be filed)."""
    grounds = [(one, one.ground) for one in leaves(total) if one.ground is not None]
    about = {name for _, ground in grounds for name in _names(ground)}
    return about, {name for one, ground in grounds if ground.period for name in materials.get(task_of(one), ())}


def belonging(total: Node, documents: Iterable[F], materials: Mapping[str, frozenset[str]]) -> dict[str, list[F]]:
    """Leaf -> its documents in the order in which they are given; leaves without any are left out."""
    every = list(documents)
    found: dict[str, list[F]] = {}
    for one in leaves(total):
        ground, own = one.ground, materials.get(task_of(one), frozenset())
        if ground is not None and (belong := [document for document in every if _belongs(document, ground, own)]):
            found[one.id] = belong
    return found


def task_of(leaf: Node) -> str:
    """`N09.T01/DL-07:2026-Q1` stands under N09.T01."""
    return leaf.id.partition("/")[0]


def _names(ground: Ground) -> tuple[str, ...]:
    """What its documents may be about: its events, what they are about, and the case or the letter that began it."""
    return (*ground.events, *ground.things, *(() if ground.period or not ground.subject else (ground.subject,)))


def _belongs(document: Filed, ground: Ground, materials: frozenset[str]) -> bool:
    about = {name for text in document.about for name in (text, text.partition("-")[2]) if not name.isdecimal()}  # no bare year
    if not about.isdisjoint(_names(ground)):
        return True
    day = document.formed_on or document.filed_on
    if not ground.period or day is None or materials.isdisjoint(document.materials):
        return False
    return first_day(ground.period) <= day <= max(last_day(ground.period), ground.due_on or dt.date.min, ground.done_on or dt.date.min)
