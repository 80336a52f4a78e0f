"""The clerk sends together whatever piled up while the last call was under way. No timer, no added wait.

Two connections take turns, so that one call travels while the other commits. Each command of a call is judged on its
own; commands that depend on each other never share a call.
"""

import asyncio
import uuid
from collections import deque
from collections.abc import Sequence
from typing import Any

import asyncpg

from events.base import OrgId, tag_of
from events.store.books import Append, Claimed, KeyUsed, Overloaded, Stale, StoreRefusal, Unknown, Written

APPEND = """
select * from record.append(
    $1::text[], $2::text[], $3::bytea[], $4::bigint[], $5::int[], $6::text[], $7::text[], $8::bigint[],
    $9::int[], $10::text[], $11::text[], $12::text[], $13::boolean[],
    $14::int[], $15::text[], $16::text[], $17::text[], $18::uuid[], $19::date[], $20::bytea[])
"""
CALL_COMMANDS_MAX = 256
WAITING_MAX = 10_000
REFUSALS: dict[str, type[StoreRefusal]] = {"reused": KeyUsed, "conflict": Stale, "claimed": Claimed}
LOST = (asyncpg.PostgresConnectionError, asyncpg.InterfaceError, asyncpg.OperatorInterventionError, ConnectionError, OSError, TimeoutError)

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
    keys: set[tuple[str, str]] = set()
    claims: set[tuple[str, str]] = set()
    read: set[tuple[str, str]] = set()
    written: set[tuple[str, str]] = set()
    while waiting and len(batch) < CALL_COMMANDS_MAX and len(held_back) < CALL_COMMANDS_MAX:
        request, future = waiting.popleft()
        if future.done():
            continue
        key = (request.book, request.key)
        reads = {(seen.book, seen.stream) for seen in request.consulted}
        writes = {(draft.book, draft.event.stream()) for draft in request.drafts}
        holds = {(claim.kind, claim.value) for _, claim in request.claims()}
        if key in keys or not (written.isdisjoint(reads) and read.isdisjoint(writes) and claims.isdisjoint(holds)):
            held_back.append((request, future))
        else:
            batch.append((request, future))
        keys.add(key)
        claims |= holds
        read |= reads
        written |= writes
    waiting.extendleft(reversed(held_back))
    return batch


def _arrays(requests: Sequence[Append]) -> tuple[list[Any], ...]:
    """The arguments of record.append: commands, streams consulted, claims, events; commands are numbered from 1."""
    commands: tuple[list[Any], ...] = ([], [], [], [])
    consulted: tuple[list[Any], ...] = ([], [], [], [])
    claims: tuple[list[Any], ...] = ([], [], [], [], [])
    events: tuple[list[Any], ...] = ([], [], [], [], [], [], [])
    for number, request in enumerate(requests, start=1):
        _add(commands, request.book, request.key, request.fingerprint, request.at)
        for seen in request.consulted:
            _add(consulted, number, seen.book, seen.stream, seen.page)
        for book, claim in request.claims():
            _add(claims, number, claim.kind, claim.value, book, claim.give)
        for draft in request.drafts:
            event = draft.event
            identity = uuid.UUID(draft.event_id)
            _add(events, number, draft.book, event.stream(), tag_of(event), identity, event.occurred_on, draft.record)
    return (*commands, *consulted, *claims, *events)


def _add(columns: tuple[list[Any], ...], *values: Any) -> None:
    for column, value in zip(columns, values, strict=True):
        column.append(value)


def _answer(batch: list[Waiter], rows: "list[asyncpg.Record]") -> None:
    """Gives each waiter its own pages or its own refusal."""
    written: list[list[Written]] = [[] for _ in batch]
    refused: dict[int, StoreRefusal] = {}
    for cmd, verdict, detail, book, page, event_id, tag, leaf in rows:
        if verdict == "event":
            written[cmd - 1].append(Written(book=OrgId(book), page=page, event_id=str(event_id), type=tag, leaf=leaf))
        elif verdict in REFUSALS:
            refused[cmd - 1] = REFUSALS[verdict](detail or "")
    for number, (_, future) in enumerate(batch):
        if future.done():
            continue
        if number in refused:
            future.set_exception(refused[number])
        else:
            future.set_result(written[number])


def _fail(batch: "Sequence[Waiter] | deque[Waiter]", error: BaseException) -> None:
    for _, future in batch:
        if not future.done():
            future.set_exception(error)
