"""The parts of a process that records and reads: connections, clerk, books, journal, keys, bus; opened and closed together."""

import asyncio
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
from service.documents.files import Files, open_files
from service.versions import adopt_published

WRITERS = 2
READERS = 8
CLOSE_S = 5.0


class Parts(msgspec.Struct, frozen=True, kw_only=True):
    """What the road in and the journal need. Views are read through `projections.engine.query`."""

    bus: Bus
    books: PostgresBooks
    journal: PostgresJournal
    keys: Keys
    files: Files
    reads: "asyncpg.Pool[Any]"


async def closed(pool: "asyncpg.Pool[Any]") -> None:
    """Closes a pool; what does not come back in time is cut off, so that ending never hangs."""
    try:
        await asyncio.wait_for(pool.close(), CLOSE_S)
    except TimeoutError:
        pool.terminate()


@contextlib.asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Parts]:
    """Appends have their own connections, so that slow reads never hold them up. The pack that was published last is adopted."""
    writes = await connect(settings.database(), size=WRITERS)
    reads = await connect(settings.database(), size=READERS)
    clerk = Clerk(writes, connections=WRITERS)
    keys = Keys(FileKeyStore(settings.keys))
    books = PostgresBooks(reads, clerk)
    files = open_files(settings)
    try:
        await adopt_published(reads, files)
        bus = Bus(books, keys, default_pack(), files.attest)
        yield Parts(bus=bus, books=books, journal=PostgresJournal(reads), keys=keys, files=files, reads=reads)
    finally:
        await files.close()
        await clerk.close()
        await closed(writes)
        await closed(reads)
