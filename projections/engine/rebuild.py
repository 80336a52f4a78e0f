"""Rebuilding views beside the live ones: shadow tables, folded by book in parallel, caught up, swapped in one transaction.

Readers see the old tables whole until the new ones are whole. An interrupted rebuild leaves only shadows, which the next
one drops.
"""

import asyncio
import multiprocessing
from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

import asyncpg
import msgspec

from events.base import Event, OrgId
from events.store import codec
from events.store.postgres import connect
from events.store.record import Fact
from projections.catalog import every_projection, metadata
from projections.engine.collector import calm
from projections.engine.fold import Projection
from projections.engine.merge import Merge, Poison, apply
from projections.engine.run import Follower
from projections.engine.tables import SHARED
from projections.engine.unwritable import UNWRITABLE, first_unwritable
from projections.engine.writer import Writer
from projections.standard.pack import Texts, adopt, default_pack

SHADOW = "shadow"
CHUNK_EVENTS = 5_000
SWAP_WAIT_MS = 200
SWAP_PAUSE_S = 0.05
SWAP_TRIES = 200
"""Together most of a minute."""
_state_out = msgspec.msgpack.Encoder()

Progress = Callable[[int, int], None]


Take = Callable[[], int]
"""The number of the next chunk that nobody has taken yet: 0, 1, 2, …"""


class Work(msgspec.Struct, frozen=True, kw_only=True):
    """What the processes share: every book up to journal position `upto`, some thousand events at a time."""

    url: str
    upto: int
    pack: Texts
    only: str | None = None
    """Name of the one projection to fold; None: all."""


async def rebuild(url: str, *, processes: int = 2, only: str | None = None, progress: Progress = lambda _done, _of: None) -> int:
    """Rebuilds every view, or one projection, and swaps; the position up to which. Following may go on meanwhile.

    With `only`, what the other projections have is carried over as it stands; whoever follows goes on from there.
    """
    pool = await connect(url, size=2, role="branchbook_views")
    try:
        upto = await _make_shadows(pool, only)
        await _fold_all(pool, Work(url=url, upto=upto, pack=default_pack().texts, only=only), processes, progress)
        await pool.executemany(f"insert into {SHADOW}.checkpoint values ($1, $2)", [(p.name, upto) for p in every_projection()])
        await _swap(pool)
        return upto
    finally:
        await pool.close()


def _tables() -> list[str]:
    return [table.name for table in metadata.sorted_tables]


async def _make_shadows(pool: "asyncpg.Pool[Any]", only: str | None) -> int:
    """Empty tables beside the live ones, or with what the other projections have; the position to fold up to."""
    async with pool.acquire() as connection, connection.transaction():
        await connection.execute(f"drop schema if exists {SHADOW} cascade; create schema {SHADOW}")
        for table in _tables():
            await connection.execute(f"create table {SHADOW}.{table} (like views.{table} including all)")
        if only is None:
            return int(await connection.fetchval("select size - 1 from record.binder"))
        reached = await connection.fetch("select position from views.checkpoint for update")
        for table, condition in _of_others(only).items():
            await connection.execute(
                f"insert into {SHADOW}.{table} select * from views.{table} where {condition}", *([only] if "$1" in condition else [])
            )
        return min((int(row["position"]) for row in reached), default=-1)


def _of_others(only: str) -> dict[str, str]:
    """Which rows of which table stay as they are when one projection is rebuilt. KeyError for a name that does not exist."""
    projection = {p.name: p for p in every_projection()}[only]
    kept = {table: "true" for table in _tables() if table not in projection.tables and table not in SHARED}
    if "ledger_row" in projection.tables:
        kept["ledger_row"] = "ledger <> upper($1)"
    return kept | {"fold_state": "projection <> $1", "stopped_book": "projection <> $1"}


async def _fold_all(pool: "asyncpg.Pool[Any]", work: Work, processes: int, progress: Progress) -> None:
    """This process and the others take chunk after chunk, so that none waits for another at the end."""
    context = multiprocessing.get_context("spawn")
    counter = context.Value("q", 0)
    others = [context.Process(target=_fold_in_process, args=(work, counter), daemon=True) for _ in range(processes - 1)]
    for other in others:
        other.start()
    telling = asyncio.create_task(_tell(pool, work, progress))
    try:
        await fold(work, lambda: _next(counter))
        for other in others:
            await asyncio.to_thread(other.join)
    finally:
        telling.cancel()
        for other in others:
            if other.is_alive():
                other.terminate()
            other.join()
    if any(other.exitcode for other in others):
        raise RuntimeError("a rebuilding process failed; the live views are untouched")
    progress(work.upto + 1, work.upto + 1)


async def _tell(pool: "asyncpg.Pool[Any]", work: Work, progress: Progress) -> None:
    """How many events the books that are done have, whoever folded them."""
    done = f"select coalesce(sum(page), 0) from {SHADOW}.fold_state where projection = $1"
    while True:
        progress(int(await pool.fetchval(done, work.only or "roster")), work.upto + 1)
        await asyncio.sleep(0.2)


def _next(counter: Any) -> int:
    with counter.get_lock():
        counter.value += 1
        return int(counter.value) - 1


def _fold_in_process(work: Work, counter: Any) -> None:
    calm()
    adopt(work.pack)
    asyncio.run(fold(work, lambda: _next(counter)))


async def fold(work: Work, take: Take) -> None:
    """Folds each book of the chunks it takes from its first page and writes the rows into the shadows."""
    pool = await connect(work.url, size=2, role="branchbook_views")
    writer = Writer(metadata, SHADOW)
    try:
        heads = await pool.fetch(
            "select book, max(page) as head from record.journal where position <= $1 group by book order by book", work.upto
        )
        chunks = _chunks([(OrgId(row["book"]), row["head"]) for row in heads])
        while (number := take()) < len(chunks):
            await _fold_chunk(pool, writer, await _read(pool, chunks[number], work.upto), work.only)
    finally:
        await pool.close()


def _chunks(books: list[tuple[OrgId, int]]) -> list[list[OrgId]]:
    chunks: list[list[OrgId]] = []
    room = 0
    for book, head in books:
        if room < head:
            chunks.append([])
            room = CHUNK_EVENTS
        chunks[-1].append(book)
        room -= head
    return chunks


async def _read(pool: "asyncpg.Pool[Any]", books: list[OrgId], upto: int) -> dict[OrgId, list[Fact[Event]]]:
    rows = await pool.fetch(
        "select j.position, p.entry from record.page p join record.journal j using (book, page)"
        " where p.book = any($1) and j.position <= $2 order by p.book, p.page",
        books,
        upto,
    )
    facts: defaultdict[OrgId, list[Fact[Event]]] = defaultdict(list)
    for position, entry in rows:
        fact = codec.decode(entry, position)
        facts[fact.book].append(fact)
    return facts


async def _fold_chunk(pool: "asyncpg.Pool[Any]", writer: Writer, facts: dict[OrgId, list[Fact[Event]]], only: str | None) -> None:
    """Writes some books' views; a row that cannot be written stops its projection of its book, as it does when following."""
    try:
        await _write_chunk(pool, writer, facts, only, {})
    except UNWRITABLE:
        await _write_chunk(pool, writer, facts, only, await _unwritable(pool, writer, facts, only))


async def _unwritable(
    pool: "asyncpg.Pool[Any]", writer: Writer, facts: dict[OrgId, list[Fact[Event]]], only: str | None
) -> dict[tuple[str, OrgId], Poison]:
    found = {}
    async with pool.acquire() as connection:
        for book, own in facts.items():
            for projection in _chosen(only):
                poison = await first_unwritable(connection, writer, projection, projection.start(), own)
                if poison is not None:
                    found[projection.name, book] = poison
    return found


def _chosen(only: str | None) -> list[Projection[Any]]:
    return [projection for projection in every_projection() if only in (None, projection.name)]


async def _write_chunk(
    pool: "asyncpg.Pool[Any]",
    writer: Writer,
    facts: dict[OrgId, list[Fact[Event]]],
    only: str | None,
    unwritable: dict[tuple[str, OrgId], Poison],
) -> None:
    merge = Merge()
    states: list[tuple[str, str, int, bytes]] = []
    stops: list[tuple[Any, ...]] = []
    for book, own in facts.items():
        for projection in _chosen(only):
            state, page, poison = _fold(projection, own, merge, unwritable.get((projection.name, book)))
            if page:
                states.append((book, projection.name, page, _state_out.encode(state)))
            if poison is not None:
                stops.append((book, projection.name, poison.fact.page, poison.fact.position, str(poison)[:1000]))
    async with pool.acquire() as connection, connection.transaction():
        await writer.write(connection, merge)
        await writer.write_states(connection, states)
        await connection.executemany(
            f"insert into {SHADOW}.stopped_book (org_id, projection, page, position, error) values ($1, $2, $3, $4, $5)",
            stops,
        )


def _fold(
    projection: Projection[Any], facts: Sequence[Fact[Event]], into: Merge, unwritable: Poison | None
) -> tuple[Any, int, Poison | None]:
    """(state, last page that changed it, poison) of one whole book; the page is 0 when nothing concerned the projection."""
    concerned = [fact for fact in facts if type(fact.event) in projection.handlers]
    state, own = projection.start(), Merge()
    poison: Poison | None = None
    try:
        apply(projection, state, concerned, own)
        if unwritable is not None:
            raise unwritable
    except Poison as found:
        poison = found
        concerned = [fact for fact in concerned if fact.page < found.fact.page]
        state, own = projection.start(), Merge()
        apply(projection, state, concerned, own)
    into.absorb(own)
    return state, concerned[-1].page if concerned else 0, poison


async def _swap(pool: "asyncpg.Pool[Any]") -> None:
    """Shadows become the views. A follower that is writing finishes first; the next one finds the checkpoint moved."""
    async with pool.acquire() as connection:
        await connection.execute("analyze")
        for tries_left in reversed(range(SWAP_TRIES)):
            try:
                await _exchange(connection)
                break
            except asyncpg.LockNotAvailableError:
                if not tries_left:
                    raise
                await asyncio.sleep(SWAP_PAUSE_S)
        await connection.execute("drop schema retired cascade")
        await connection.execute(f"drop schema {SHADOW} cascade")


async def _exchange(connection: Any) -> None:
    """A reader that holds one table may want the next: whoever waits for it here gives way long before the two block each other."""
    async with connection.transaction():
        await connection.execute("drop schema if exists retired cascade; create schema retired")
        await connection.execute(f"set local lock_timeout = '{SWAP_WAIT_MS}'")
        await connection.execute(f"lock table {', '.join(f'views.{table}' for table in _tables())} in access exclusive mode")
        for table in _tables():
            await connection.execute(f"alter table views.{table} set schema retired")
            await connection.execute(f"alter table {SHADOW}.{table} set schema views")
        await connection.execute("grant select on all tables in schema views to branchbook_app, branchbook_desk, branchbook_verify")


async def catch_up(url: str) -> int:
    """Applies what came since, once, until nothing is left; the position reached."""
    pool = await connect(url, size=2, role="branchbook_views")
    try:
        follower = Follower(pool, every_projection(), metadata)
        await follower.start()
        while await follower.step():
            pass
        return follower.position
    finally:
        await pool.close()
