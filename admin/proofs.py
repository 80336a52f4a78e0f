"""What would be proof of a duty, in words: `Meeting held (general meeting)`."""

import functools
import typing

import msgspec

from admin.words import named, pick
from events.base import Choice
from events.catalog import EVENTS
from projections.standard.deadlines import ANY
from projections.standard.score_tree import Wanted


def proof_text(wanted: Wanted) -> str:
    """The event with the values that count; ids and plain texts among them are left out."""
    event = EVENTS[wanted.event]
    words = [word for path, values in wanted.where.items() for word in _words(_choices(event, path), values)]
    told = pick("（{}）", " ({})").format(pick("、", ", ").join(words)) if words else ""
    return pick(event.zh, event.en) + told


def proofs_text(wanted: typing.Iterable[Wanted], *, each: bool) -> str:
    """Each of them once: all are asked for, or one is enough."""
    return (pick("、", ", ") if each else pick("或", " or ")).join(dict.fromkeys(map(proof_text, wanted)))


def _words(choices: type[Choice] | None, values: typing.Iterable[str]) -> list[str]:
    if choices is None:
        return []
    return [named(choice) for choice in choices if choice.value in values and ANY not in values]


@functools.cache
def _choices(struct: type[msgspec.Struct], path: str) -> type[Choice] | None:
    """The choices of a field, also of a field of what a field holds."""
    name, _, rest = path.partition(".")
    found = _core(typing.get_type_hints(struct)[name])
    if rest:
        return _choices(found, rest) if isinstance(found, type) and issubclass(found, msgspec.Struct) else None
    return found if isinstance(found, type) and issubclass(found, Choice) else None


def _core(hint: typing.Any) -> typing.Any:
    """Through `| None` and `tuple[…, ...]`."""
    parts = [part for part in typing.get_args(hint) if part not in (type(None), Ellipsis)]
    return _core(parts[0]) if parts else hint
