"""Books on which anything may be tried: what is appended is kept in memory over the real ones, and forgotten with them."""

from collections import defaultdict

from events.base import Event, OrgId
from events.store.books import Again, Append, Books, KeyUsed, Written
from events.store.record import Fact

FIRST_PAGE = 1_000_000_000
"""Beyond every real page, so that readers who go on from where they were find what was tried."""


class Rehearsal:
    """`Books` over others. Claims are not looked at: taking back only gives."""

    def __init__(self, books: Books) -> None:
        self._books = books
        self._tried: defaultdict[OrgId, list[Fact[Event]]] = defaultdict(list)
        self._commands: dict[tuple[OrgId, str], tuple[bytes, list[Written]]] = {}

    async def append(self, request: Append) -> list[Written]:
        used = await self.recorded(request.book, request.key)
        if used is not None:
            if used[0] != request.fingerprint:
                raise KeyUsed
            return Again(used[1])
        written = []
        for draft in request.drafts:
            tried = self._tried[draft.book]
            page = FIRST_PAGE + len(tried)
            tried.append(
                Fact(
                    position=-1,
                    book=draft.book,
                    page=page,
                    event_id=draft.event_id,
                    actor="",
                    recorded_at=request.at,
                    late_reason=None,
                    event=draft.event,
                )
            )
            written.append(Written(book=draft.book, page=page, event_id=draft.event_id, type=draft.type, leaf=b""))
        self._commands[request.book, request.key] = (request.fingerprint, written)
        return written

    async def read(self, book: OrgId, stream: str | None = None, after: int = 0, limit: int = 100_000) -> list[Fact[Event]]:
        facts = await self._books.read(book, stream, after, limit) if after < FIRST_PAGE else []
        tried = [fact for fact in self._tried[book] if fact.page > after and stream in (None, fact.event.stream())]
        return [*facts, *tried][:limit]

    async def streams(self, book: OrgId, prefix: str) -> list[str]:
        tried = {fact.event.stream() for fact in self._tried[book]}
        return sorted({*await self._books.streams(book, prefix), *(name for name in tried if name.startswith(prefix))})

    async def recorded(self, book: OrgId, key: str) -> tuple[bytes, list[Written]] | None:
        return self._commands.get((book, key)) or await self._books.recorded(book, key)
