"""The record in PostgreSQL: books through the clerk, reads on a pool of their own, the journal and its binder."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import asyncpg

from events.base import Event, OrgId
from events.store import codec
from events.store.books import Again, Append, Unknown, Written
from events.store.clerk import LOST, Clerk, Replayed, append_within
from events.store.record import Fact

POLL_S = 0.5
"""How long a waiting reader sleeps at most: notifications may be lost with a connection."""

Pool = asyncpg.Pool
Connection = asyncpg.Connection


async def connect(url: str, *, size: int, role: str = "branchbook_app", timeout_s: float = 30) -> "asyncpg.Pool[Any]":
    """A pool whose connections bear `role`, in UTC, with the time limits of a careful client. A commit that returns is on disk,
    whatever the server's default: what is acknowledged must be durable.
    """
    settings = {
        "role": role,
        "timezone": "UTC",
        "application_name": f"branchbook {role}",
        "synchronous_commit": "on",
        "lock_timeout": "10000",
        "idle_in_transaction_session_timeout": "10000",
        "jit": "off",
    }
    return await asyncpg.create_pool(
        dsn(url),
        min_size=1,
        max_size=size,
        server_settings=settings,
        command_timeout=timeout_s,
        max_inactive_connection_lifetime=0,
        reset=_leave,
    )


async def _leave(_connection: Any) -> None:
    """Spares a round trip at each release: nothing that we send leaves state behind in the session, locks and settings end with their
    transaction. asyncpg still rolls back a transaction that was left open.
    """


def dsn(url: str) -> str:
    """SQLAlchemy's and asyncpg's spelling of the same address."""
    return url.replace("postgresql+asyncpg://", "postgresql://", 1)


class PostgresBooks:
    """`Books` in PostgreSQL."""

    def __init__(self, reads: "asyncpg.Pool[Any]", clerk: Clerk) -> None:
        self._reads = reads
        self._clerk = clerk

    async def append(self, request: Append) -> list[Written]:
        try:
            return await self._clerk.append(request)
        except Replayed:
            before = await self.recorded(request.book, request.key)
            assert before is not None, "a key that was replayed is on record"
            return Again(before[1])

    async def append_with(self, request: Append, also: "Callable[[Any], Awaitable[None]]") -> list[Written]:
        """As `append`; what `also` does on the connection is committed with the pages, or neither is. A key that was used before, or
        a command with nothing to record, leaves `also` undone.
        """
        try:
            async with self._reads.acquire() as connection, connection.transaction():
                written = await append_within(connection, request)
                if written:
                    await also(connection)
                return written
        except Replayed:
            before = await self.recorded(request.book, request.key)
            assert before is not None, "a key that was replayed is on record"
            return Again(before[1])
        except LOST as error:
            raise Unknown(str(error)) from error

    async def read(self, book: OrgId, stream: str | None = None, after: int = 0, limit: int = 100_000) -> list[Fact[Event]]:
        which = "and stream = $4" if stream is not None else ""
        query = f"select entry from record.page where book = $1 and page > $2 {which} order by page limit $3"  # noqa: S608
        arguments = (book, after, limit) if stream is None else (book, after, limit, stream)
        return [codec.decode(row[0]) for row in await self._reads.fetch(query, *arguments)]

    async def streams(self, book: OrgId, prefix: str) -> list[str]:
        rows = await self._reads.fetch(
            "select distinct stream from record.page where book = $1 and starts_with(stream, $2) order by stream", book, prefix
        )
        return [row[0] for row in rows]

    async def recorded(self, book: OrgId, key: str) -> tuple[bytes, list[Written]] | None:
        row = await self._reads.fetchrow("select fingerprint, xid, cmd from record.command where book = $1 and key = $2", book, key)
        if row is None:
            return None
        pages = await self._reads.fetch(
            "select book, page, event_id, type, leaf from record.page where xid = $1 and cmd = $2 order by ordinal", row["xid"], row["cmd"]
        )
        return row["fingerprint"], [
            Written(book=OrgId(book), page=page, event_id=str(event_id), type=tag, leaf=leaf) for book, page, event_id, tag, leaf in pages
        ]


class PostgresJournal:
    """`Journal` in PostgreSQL, with waiting."""

    def __init__(self, pool: "asyncpg.Pool[Any]") -> None:
        self._pool = pool

    async def read(self, after: int = -1, limit: int = 5_000) -> list[Fact[Event]]:
        return [codec.decode(entry, position) for position, entry in await self.entries(after, limit)]

    async def entries(self, after: int, limit: int) -> list[tuple[int, bytes]]:
        """Positions with the stored bytes, undecoded."""
        rows = await self._pool.fetch(
            "select j.position, p.entry from record.journal j join record.page p using (book, page)"
            " where j.position > $1 and j.position <= $1 + $2 order by j.position",
            after,
            limit,
        )
        return [(row[0], row[1]) for row in rows]

    async def head(self) -> int:
        return int(await self._pool.fetchval("select size - 1 from record.binder"))

    async def position_of(self, book: OrgId, page: int) -> int | None:
        found = await self._pool.fetchval("select position from record.journal where book = $1 and page = $2", book, page)
        return None if found is None else int(found)


class Bell:
    """Rings when the journal grows; `wait` returns at the ring, or after a while all the same."""

    def __init__(self) -> None:
        self._ring = asyncio.Event()

    def ring(self) -> None:
        self._ring.set()

    async def wait(self, timeout_s: float = POLL_S) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._ring.wait(), timeout_s)
        self._ring.clear()


@contextlib.asynccontextmanager
async def listening(url: str) -> AsyncIterator[Bell]:
    """A bell that rings at every notification of the binder, over a connection of its own that is renewed when it dies."""
    bell = Bell()

    async def listen() -> None:
        while True:
            try:
                connection = await asyncpg.connect(dsn(url), server_settings={"role": "branchbook_app"})
                gone = asyncio.Event()
                connection.add_termination_listener(lambda _connection, gone=gone: gone.set())
                await connection.add_listener("journal", lambda *_: bell.ring())
                bell.ring()
                try:
                    await gone.wait()
                finally:
                    connection.terminate()
            except LOST:
                await asyncio.sleep(POLL_S)

    task = asyncio.create_task(listen(), name="journal-bell")
    try:
        yield bell
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
