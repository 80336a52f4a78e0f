"""What was worked out and may be asked for again, by all that it depends on: nothing is ever stale, only forgotten."""

from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, TypeVar

T = TypeVar("T")


class Remembered(Generic[T]):
    """What was not asked for longest is forgotten first."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._known: OrderedDict[Hashable, T] = OrderedDict()

    def get(self, key: Hashable) -> T | None:
        found = self._known.get(key)
        if found is not None:
            self._known.move_to_end(key)
        return found

    def keep(self, key: Hashable, value: T) -> None:
        self._known[key] = value
        while len(self._known) > self._most:
            self._known.popitem(last=False)
