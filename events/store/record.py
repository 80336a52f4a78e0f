"""The envelope: what is stored around an event, and the exact bytes that are hashed.

Entry (UTF-8 JSON, keys sorted, integers and strings only, NFC):
`{"at":µs,"book":…,"page":n,"prev":hex leaf of the page before,"record":{…}}`; the database adds everything before
`record` under the lock of the book. Leaf = SHA-256(0x00 ‖ entry), RFC 6962.
"""

import hashlib
from typing import Generic, TypeVar

import msgspec

from events.base import Event, OrgId

E = TypeVar("E", bound=Event)

ENTRY_BYTES_MAX = 65_535


class Fact(msgspec.Struct, Generic[E], frozen=True, kw_only=True):
    """An event as a reader sees it. Personal fields of `event` are still sealed."""

    position: int
    """Place in the journal; -1 when read from a book."""
    book: OrgId
    page: int
    event_id: str
    actor: str
    recorded_at: int
    """Microseconds since 1970, UTC; strictly rising inside a book."""
    late_reason: str | None
    event: E


class Recorded(msgspec.Struct, frozen=True, kw_only=True):
    """The part of an entry that the application writes; its fields sort after `prev`."""

    actor: str
    body: msgspec.Raw
    by: str
    """Kebab name of the command."""
    id: str
    late: str | None
    salt: str
    """16 random bytes: makes leaf hashes unguessable."""
    schema: int
    stream: str
    type: str


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """A stored page, decoded."""

    at: int
    book: str
    page: int
    prev: str
    record: Recorded


def leaf_hash(entry: bytes) -> bytes:
    """RFC 6962 leaf hash, 32 bytes."""
    return hashlib.sha256(b"\x00" + entry).digest()


def first_leaf(book: str) -> bytes:
    """What page 1 of a book is chained to."""
    return hashlib.sha256(b"branchbook/v1\n" + book.encode()).digest()
