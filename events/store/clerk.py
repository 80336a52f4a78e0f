"""The clerk sends together whatever piled up while the last call was under way. No timer, no added wait.

Two connections take turns, so that one call travels while the other commits. Each command of a call is judged on its
own; commands that depend on each other never share a call.
"""

import asyncio
import operator
from collections import deque
from collections.abc import Sequence
from typing import Any

import asyncpg

from events.store.books import Append, Claimed, KeyUsed, Overloaded, Stale, StoreRefusal, Unknown, Written

APPEND = """
select * from record.append(
    $1::text[], $2::text[], $3::bytea[], $4::bigint[], $5::int[],
    $6::int[], $7::text[], $8::text[], $9::bigint[],
    $10::int[], $11::text[], $12::text[], $13::text[], $14::boolean[],
    $15::int[], $16::text[], $17::text[], $18::text[], $19::uuid[], $20::date[], $21::bytea[])
"""
CALL_COMMANDS_MAX = 256
WAITING_MAX = 10_000
REFUSALS: dict[str, type[StoreRefusal]] = {"reused": KeyUsed, "conflict": Stale, "claimed": Claimed}


class Replayed(Exception):
    """The key recorded this before: its receipt is to be told again."""


LOST = (
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    asyncpg.OperatorInterventionError,
    ConnectionError,
    OSError,
    TimeoutError,
)
"""What says that the connection, or the server, is gone; `InternalClientError` is what giving a broken connection back may say."""

Waiter = tuple[Append, "asyncio.Future[list[Written]]"]


class Clerk:
    """Owns the pool's appends of one process. `start` before use, `close` when done."""

    def __init__(self, pool: "asyncpg.Pool[Any]", *, connections: int = 2, call_timeout_s: float = 30) -> None:
        self._pool = pool
        self._timeout_s = call_timeout_s
        self._waiting: deque[Waiter] = deque()
        self._came = asyncio.Event()
        self._tasks = [asyncio.create_task(self._work(), name=f"clerk-{n}") for n in range(connections)]

    async def append(self, request: Append) -> list[Written]:
        """Waits until the request's call is committed. Raises `StoreRefusal` or `Unknown`."""
        if len(self._waiting) >= WAITING_MAX:
            raise Overloaded
        future: asyncio.Future[list[Written]] = asyncio.get_running_loop().create_future()
        self._waiting.append((request, future))
        self._came.set()
        return await future

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        _fail(self._waiting, Unknown("closing"))

    async def _work(self) -> None:
        while True:
            await self._came.wait()
            batch = _independent(self._waiting)
            if not self._waiting:
                self._came.clear()
            if batch:
                await self._send(batch)

    async def _send(self, batch: list[Waiter]) -> None:
        try:
            async with self._pool.acquire() as connection:
                rows = await connection.fetch(APPEND, *_arrays([request for request, _ in batch]), timeout=self._timeout_s)
        except LOST as error:
            _fail(batch, Unknown(str(error)))
        except asyncpg.PostgresError as error:
            await self._after_error(batch, error)
        except asyncio.CancelledError:
            _fail(batch, Unknown("closing"))
            raise
        except BaseException as error:
            _fail(batch, error)
            if not isinstance(error, Exception):
                raise
        else:
            _answer(batch, rows)

    async def _after_error(self, batch: list[Waiter], error: asyncpg.PostgresError) -> None:
        """The database refused the whole call: send each command alone, so that one bad command refuses only itself."""
        if len(batch) == 1:
            _fail(batch, error)
            return
        for waiter in batch:
            await self._send([waiter])


def _independent(waiting: "deque[Waiter]") -> list[Waiter]:
    """Takes what may share a call, in order; a command that touches what an earlier one reads or writes stays for the next."""
    batch: list[Waiter] = []
    held_back: list[Waiter] = []
    unique: set[tuple[str, str]] = set()
    read: set[tuple[str, str]] = set()
    written: set[tuple[str, str]] = set()
    while waiting and len(batch) < CALL_COMMANDS_MAX and len(held_back) < CALL_COMMANDS_MAX:
        waiter = waiting.popleft()
        request, future = waiter
        if future.done():
            continue
        once = [(request.book, request.key), *((claim.kind, claim.value) for _, claim in request.claims)]
        reads = [(seen.book, seen.stream) for seen in request.consulted]
        writes = [(draft.book, draft.stream) for draft in request.drafts]
        free = unique.isdisjoint(once) and written.isdisjoint(reads) and read.isdisjoint(writes)
        (batch if free else held_back).append(waiter)
        unique.update(once)
        read.update(reads)
        written.update(writes)
    waiting.extendleft(reversed(held_back))
    return batch


def _arrays(requests: Sequence[Append]) -> tuple[list[Any], ...]:
    """The arguments of record.append: commands, streams consulted, claims, events; commands are numbered from 1."""
    commands: list[tuple[Any, ...]] = []
    consulted: list[tuple[Any, ...]] = []
    claims: list[tuple[Any, ...]] = []
    events: list[tuple[Any, ...]] = []
    for number, request in enumerate(requests, start=1):
        commands.append((request.book, request.key, request.fingerprint, request.at, len(request.drafts)))
        consulted.extend((number, seen.book, seen.stream, seen.page) for seen in request.consulted)
        claims.extend((number, claim.kind, claim.value, book, claim.give) for book, claim in request.claims)
        events.extend(
            (number, draft.book, draft.stream, draft.type, draft.event_id, draft.event.occurred_on, draft.record)
            for draft in request.drafts
        )
    events.sort(key=_BOOK)
    return (*_columns(commands, 5), *_columns(consulted, 4), *_columns(claims, 5), *_columns(events, 7))


_BOOK = operator.itemgetter(1)


def _columns(rows: list[tuple[Any, ...]], width: int) -> list[list[Any]]:
    return [list(column) for column in zip(*rows, strict=True)] if rows else [[] for _ in range(width)]


def _answer(batch: list[Waiter], rows: "list[asyncpg.Record]") -> None:
    """Gives each waiter its own pages or its own refusal."""
    pages: list[list[tuple[int, bytes]]] = [[] for _ in batch]
    refused: dict[int, Exception] = {}
    for cmd, verdict, detail, page, leaf in rows:
        if verdict is None:
            pages[cmd - 1].append((page, leaf))
        elif verdict == "replayed":
            refused[cmd - 1] = Replayed()
        else:
            refused[cmd - 1] = REFUSALS[verdict](detail or "")
    for number, (request, future) in enumerate(batch):
        if future.done():
            continue
        if number in refused:
            future.set_exception(refused[number])
        else:
            drafts = sorted(request.drafts, key=lambda draft: draft.book) if len(request.drafts) > 1 else request.drafts
            future.set_result(
                [
                    Written(book=draft.book, page=page, event_id=draft.event_id, type=draft.type, leaf=leaf)
                    for draft, (page, leaf) in zip(drafts, pages[number], strict=True)
                ]
            )


async def append_within(connection: Any, request: Append) -> list[Written]:
    """One command in the caller's own transaction, which commits more than pages. Raises as `Clerk.append` does, and `Replayed`."""
    future: asyncio.Future[list[Written]] = asyncio.get_running_loop().create_future()
    _answer([(request, future)], await connection.fetch(APPEND, *_arrays([request])))
    return await future


def _fail(batch: "Sequence[Waiter] | deque[Waiter]", error: BaseException) -> None:
    for _, future in batch:
        if not future.done():
            future.set_exception(error)
