"""Books: what may be appended, what comes back, and what can go wrong. Both stores keep this contract.

An append is all or nothing, for any number of books. It says which streams it looked at and up to which page; if one of
them has grown, nothing is written.
"""

from typing import Protocol

import msgspec

from events.base import Claim, Event, OrgId, tag_of
from events.store.record import Fact

READ_PAGES = 20_000


class Consulted(msgspec.Struct, frozen=True):
    """A stream that was read, up to and including `page` of its book (0: it was empty)."""

    book: OrgId
    stream: str
    page: int


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """An event on its way into a book."""

    book: OrgId
    event: Event
    event_id: str
    record: bytes
    """Canonical bytes of `codec.encode`."""

    @property
    def stream(self) -> str:
        return self.event.stream()

    @property
    def type(self) -> str:
        return tag_of(self.event)


class Append(msgspec.Struct, frozen=True, kw_only=True):
    """One command's worth of events. `key` is the idempotency key inside `book`; `fingerprint` is of its whole body."""

    book: OrgId
    key: str
    fingerprint: bytes
    at: int
    """Microseconds since 1970, UTC; the page gets this or the microsecond after the page before, whichever is later."""
    drafts: tuple[Draft, ...]
    consulted: tuple[Consulted, ...] = ()

    @property
    def claims(self) -> tuple[tuple[OrgId, Claim], ...]:
        return tuple((draft.book, claim) for draft in self.drafts for claim in draft.event.claims())


class Written(msgspec.Struct, frozen=True, kw_only=True):
    """One page as it was recorded."""

    book: OrgId
    page: int
    event_id: str
    type: str
    leaf: bytes


class Again(list[Written]):
    """What a key recorded before: told again, nothing was written and nothing that was consulted was looked at."""


class StoreRefusal(Exception):
    """Why nothing was written."""


class Stale(StoreRefusal):
    """A consulted stream has grown; the argument names it."""


class KeyUsed(StoreRefusal):
    """The key was used before with another body."""


class Claimed(StoreRefusal):
    """A value that must be unique is taken; the argument is `kind value`."""


class Overloaded(StoreRefusal):
    """Too many appends are waiting; nothing was sent."""


class Unknown(Exception):
    """The connection died: written or not is not known. Append again with the same key to learn it."""


class Books(Protocol):
    """The store's contract."""

    async def append(self, request: Append) -> list[Written]:
        """What was written, now or when the key was first used. Durable when it returns."""
        ...

    async def read(self, book: OrgId, stream: str | None = None, after: int = 0, limit: int = 100_000) -> list[Fact[Event]]:
        """The pages of a book, or of one stream of it, after page `after`, in order."""
        ...

    async def streams(self, book: OrgId, prefix: str) -> list[str]:
        """The names of the streams of a book that begin so, in order."""
        ...

    async def recorded(self, book: OrgId, key: str) -> tuple[bytes, list[Written]] | None:
        """Fingerprint and pages of what a key recorded; None when it was never used."""
        ...


async def whole(books: Books, book: OrgId) -> list[Fact[Event]]:
    """Every page of a book, however many there are."""
    facts: list[Fact[Event]] = []
    while more := await books.read(book, after=facts[-1].page if facts else 0, limit=READ_PAGES):
        facts += more
        if len(more) < READ_PAGES:
            break
    return facts


class Journal(Protocol):
    """All books in one order."""

    async def read(self, after: int = -1, limit: int = 5_000) -> list[Fact[Event]]:
        """Facts at positions `after` + 1, … in order, at most `limit`."""
        ...

    async def head(self) -> int:
        """The newest position; -1 when nothing is bound."""
        ...

    async def position_of(self, book: OrgId, page: int) -> int | None:
        """Where a page is bound; None while it is not."""
        ...
