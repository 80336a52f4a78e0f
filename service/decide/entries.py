"""Entries of a ledger that stand side by side: told again, they are nothing to do; taken back, they stand no more."""

from collections.abc import Iterable
from typing import Any

from events.base import Event


def on_record(standing: Iterable[Event], event: Event, *apart: str) -> bool:
    """Whether the same was recorded before, by all but its name and what is sealed (`apart`): a sealed text cannot be compared."""
    told = _told(event, apart)
    return any(type(other) is type(event) and _told(other, apart) == told for other in standing)


def _told(event: Event, apart: tuple[str, ...]) -> tuple[Any, ...]:
    return tuple(getattr(event, field) for field in event.__struct_fields__ if field not in apart)
