"""Where a page of an answer ended, as one word of an address."""

import base64
from collections.abc import Sequence
from typing import Any, TypeVar

import msgspec

from projections.shapes import Absence

T = TypeVar("T")


def to_cursor(last: Sequence[Any]) -> str:
    """The key of the last row of a page."""
    return base64.urlsafe_b64encode(msgspec.json.encode(last)).decode().rstrip("=")


def from_cursor(text: str, kind: type[T]) -> T:
    """Raises `Absence` for a cursor that we did not give."""
    try:
        return msgspec.json.decode(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)), type=kind)
    except (ValueError, msgspec.DecodeError) as error:
        raise Absence("cursor") from error
