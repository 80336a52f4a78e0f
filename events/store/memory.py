"""The same contract in memory: for pure tests, and as the plain model that the PostgreSQL store is compared with."""

from events.base import Event, OrgId, tag_of
from events.store import codec
from events.store.books import Again, Append, Claimed, KeyUsed, Stale, Written
from events.store.record import Fact, first_leaf, leaf_hash


class MemoryStore:
    """`Books` and `Journal` at once: what is appended is bound at once."""

    def __init__(self) -> None:
        self.pages: dict[OrgId, list[tuple[str, bytes, bytes, int]]] = {}
        self.commands: dict[tuple[str, str], tuple[bytes, list[Written]]] = {}
        self.claims: dict[tuple[str, str], OrgId] = {}
        self.journal: list[tuple[OrgId, int]] = []

    async def append(self, request: Append) -> list[Written]:
        used = self.commands.get((request.book, request.key))
        if used is not None:
            if used[0] != request.fingerprint:
                raise KeyUsed
            return Again(used[1])
        for seen in request.consulted:
            if any(stream == seen.stream for stream, *_ in self.pages.get(seen.book, [])[seen.page :]):
                raise Stale(seen.stream)
        self._settle_claims(request)
        written = [
            self._write(draft.book, draft.event, draft.event_id, draft.record, request.at)
            for draft in sorted(request.drafts, key=lambda draft: draft.book)
        ]
        self.commands[request.book, request.key] = (request.fingerprint, written)
        return written

    def _settle_claims(self, request: Append) -> None:
        claims = request.claims
        given = {(claim.kind, claim.value) for book, claim in claims if claim.give and self.claims.get((claim.kind, claim.value)) == book}
        for _, claim in claims:
            if not claim.give and (claim.kind, claim.value) in self.claims.keys() - given:
                raise Claimed(f"{claim.kind} {claim.value}")
        for held in given:
            del self.claims[held]
        for book, claim in claims:
            if not claim.give:
                self.claims[claim.kind, claim.value] = book

    def _write(self, book: OrgId, event: Event, event_id: str, record: bytes, at: int) -> Written:
        pages = self.pages.setdefault(book, [])
        previous = pages[-1][2] if pages else first_leaf(book)
        time = max(at, pages[-1][3] + 1 if pages else 1)
        page = len(pages) + 1
        head = f'{{"at":{time},"book":"{book}","page":{page},"prev":"{previous.hex()}","record":'
        entry = head.encode() + record + b"}"
        leaf = leaf_hash(entry)
        pages.append((event.stream(), entry, leaf, time))
        self.journal.append((book, page))
        return Written(book=book, page=page, event_id=event_id, type=tag_of(event), leaf=leaf)

    async def read_book(self, book: OrgId, stream: str | None, after: int, limit: int) -> list[Fact[Event]]:
        pages = self.pages.get(book, [])[after:]
        chosen = [entry for name, entry, *_ in pages if stream is None or name == stream]
        return [codec.decode(entry) for entry in chosen[:limit]]


class MemoryBooks:
    """`Books` over a memory store."""

    def __init__(self, store: MemoryStore | None = None) -> None:
        self.store = store or MemoryStore()

    async def append(self, request: Append) -> list[Written]:
        return await self.store.append(request)

    async def read(self, book: OrgId, stream: str | None = None, after: int = 0, limit: int = 100_000) -> list[Fact[Event]]:
        return await self.store.read_book(book, stream, after, limit)

    async def streams(self, book: OrgId, prefix: str) -> list[str]:
        return sorted({name for name, *_ in self.store.pages.get(book, []) if name.startswith(prefix)})

    async def recorded(self, book: OrgId, key: str) -> tuple[bytes, list[Written]] | None:
        return self.store.commands.get((book, key))


class MemoryJournal:
    """`Journal` over a memory store."""

    def __init__(self, store: MemoryStore) -> None:
        self.store = store

    async def read(self, after: int = -1, limit: int = 5_000) -> list[Fact[Event]]:
        order = self.store.journal[after + 1 : after + 1 + limit]
        return [codec.decode(self.store.pages[book][page - 1][1], position) for position, (book, page) in enumerate(order, start=after + 1)]

    async def head(self) -> int:
        return len(self.store.journal) - 1

    async def position_of(self, book: OrgId, page: int) -> int | None:
        return self.store.journal.index((book, page)) if (book, page) in self.store.journal else None
