"""Which events bear which kind of id: a case, plan or entry is named by the event that bears its id first.

Read off the events themselves, so that a new noun has its picker without a line here.
"""

import typing
from collections.abc import Iterator, Mapping
from typing import Any

from events.base import Event, GroupId, OrgId, PersonId, ReceiptNo
from events.care import SpendingId
from events.catalog import EVENTS
from events.documents import About, MaterialId
from events.dues import DuesSpent

NO_THINGS = frozenset({OrgId, PersonId, GroupId, ReceiptNo, MaterialId, About})
"""Ids and numbers that are told or typed in other ways."""


def _ids(event: type[Event]) -> Mapping[Any, str]:
    """Kind of id -> the first field of the event that bears one."""
    found: dict[Any, str] = {}
    for name, hint in typing.get_type_hints(event).items():
        for kind in (own for part in (hint, *typing.get_args(hint)) for own in _kinds(part)):
            if kind not in NO_THINGS and kind.__name__.endswith("Id"):
                found.setdefault(kind, name)
    return found


def _kinds(hint: Any) -> Iterator[typing.NewType]:
    """An id is also one of the kind that it was made from: a posting to a village is an entry of mass work."""
    while isinstance(hint, typing.NewType):
        yield hint
        hint = hint.__supertype__


def _borne() -> dict[Any, dict[type[Event], str]]:
    borne: dict[Any, dict[type[Event], str]] = {}
    for event in EVENTS.values():
        for kind, field in _ids(event).items():
            borne.setdefault(kind, {})[event] = field
    return borne


BORNE = _borne() | {SpendingId: {DuesSpent: "entry_id"}}
"""Kind of id -> event -> field. What a visit was paid from is named by the dues that were spent."""
