"""What deciders look at: folded streams, remembered between commands, proven fresh by the append itself."""

from collections import OrderedDict
from collections.abc import Iterable
from typing import Any

import msgspec

from events.base import Event, OrgId
from events.store.books import Books, Consulted
from service.decide.base import WHOLE, Command, Fold

REMEMBERED_MAX = 20_000
READ_PAGES = 2_000


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """A stream folded up to a page."""

    book: OrgId
    stream: str
    page: int
    state: Any


class History:
    """A memory of folded streams. A remembered state may be old: an append that relies on it is then refused as stale."""

    def __init__(self, books: Books) -> None:
        self._books = books
        self._streams: OrderedDict[tuple[OrgId, str], dict[str, Seen]] = OrderedDict()

    async def states(self, org_id: OrgId, command: Command, reads: Iterable[Fold[Any]], *, fresh: bool) -> list[Seen | None]:
        """One state for each fold, in order; None where the fold has nothing to read for this command."""
        found: list[Seen | None] = []
        for fold in reads:
            stream = fold.stream(command)
            found.append(None if stream is None else await self.state(fold, fold.book(org_id, command), stream, fresh=fresh))
        return found

    async def state(self, fold: Fold[Any], book: OrgId, stream: str, *, fresh: bool = True) -> Seen:
        """The stream folded; read on from where memory ends when `fresh` is asked for or nothing is remembered."""
        seen = self._streams.get((book, stream), {}).get(fold.name)
        if seen is not None and not fresh and stream != WHOLE:
            self._streams.move_to_end((book, stream))
            return seen
        state, page = (fold.initial, 0) if seen is None else (seen.state, seen.page)
        while True:
            facts = await self._books.read(book, None if stream == WHOLE else stream, after=page, limit=READ_PAGES)
            for fact in facts:
                state = fold.evolve(state, fact.event)
                page = fact.page
            if len(facts) < READ_PAGES:
                break
        seen = Seen(book=book, stream=stream, page=page, state=state)
        self._streams.setdefault((book, stream), {})[fold.name] = seen
        self._streams.move_to_end((book, stream))
        if len(self._streams) > REMEMBERED_MAX:
            self._streams.popitem(last=False)
        return seen

    def advance(self, book: OrgId, stream: str, known: dict[str, tuple[Fold[Any], Seen]], events: list[tuple[int, Event]]) -> None:
        """An append proved the `known` states of this stream fresh and added these (page, event); other memories of it are old."""
        carried: dict[str, Seen] = {}
        for name, (fold, seen) in known.items():
            state = seen.state
            for _, event in events:
                state = fold.evolve(state, event)
            carried[name] = Seen(book=book, stream=stream, page=events[-1][0], state=state)
        self._streams[book, stream] = carried


def consulted(states: Iterable[Seen | None]) -> tuple[Consulted, ...]:
    """What the append must find unchanged; each stream once."""
    streams = {(seen.book, seen.stream): seen.page for seen in states if seen is not None and seen.stream != WHOLE}
    return tuple(Consulted(book, stream, page) for (book, stream), page in streams.items())
