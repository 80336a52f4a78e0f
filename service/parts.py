"""The parts of a process that records and reads: connections, clerk, books, journal, keys, bus; opened and closed together."""

import contextlib
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import msgspec

from events.store.clerk import Clerk
from events.store.keys import FileKeyStore, Keys
from events.store.postgres import PostgresBooks, PostgresJournal, connect
from projections.standard.pack import default_pack
from service.bus import Bus
from service.config import Settings

WRITERS = 2
READERS = 8


class Parts(msgspec.Struct, frozen=True, kw_only=True):
    """What the road in and the journal need. Views are read through `projections.engine.query`."""

    bus: Bus
    books: PostgresBooks
    journal: PostgresJournal
    keys: Keys
    reads: "asyncpg.Pool[Any]"


@contextlib.asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Parts]:
    """Appends have their own connections, so that slow reads never hold them up."""
    writes = await connect(settings.database(), size=WRITERS)
    reads = await connect(settings.database(), size=READERS)
    clerk = Clerk(writes, connections=WRITERS)
    keys = Keys(FileKeyStore(settings.keys))
    books = PostgresBooks(reads, clerk)
    try:
        yield Parts(bus=Bus(books, keys, default_pack()), books=books, journal=PostgresJournal(reads), keys=keys, reads=reads)
    finally:
        await clerk.close()
        await writes.close()
        await reads.close()
