"""No reader skips an event, however transactions overlap, stall or die."""

import asyncio
import random
from typing import Any

import asyncpg

from events.base import OrgId
from events.store.binder import bind, rebind
from events.store.clerk import APPEND, Clerk, _arrays
from events.store.postgres import PostgresBooks, PostgresJournal, dsn
from tests.store.drafts import append, cancelled


async def send(connection: Any, *requests: Any) -> None:
    """An append on a connection of our own, so that its commit can be held back."""
    await connection.fetch(APPEND, *_arrays(requests))


async def journal_of(pool: Any) -> list[tuple[int, str, int]]:
    rows = await pool.fetch("select position, book, page from record.journal order by position")
    return [tuple(row) for row in rows]


async def test_a_transaction_held_open_makes_no_reader_skip(pool: Any, database_url: str):
    slow = await asyncpg.connect(dsn(database_url))
    held = slow.transaction()
    await held.start()
    await send(slow, append("branch-slow", cancelled("m1")))
    clerk = Clerk(pool)
    books = PostgresBooks(pool, clerk)
    for n in range(5):
        await books.append(append("branch-fast", cancelled(f"m{n}")))
    await bind(pool)
    assert [row[1:] for row in await journal_of(pool)] == [("branch-fast", page) for page in range(1, 6)]
    await books.append(append("branch-fast", cancelled("m6")))
    await held.commit()
    await bind(pool)
    assert sorted(row[1:] for row in await journal_of(pool)) == [*(("branch-fast", page) for page in range(1, 7)), ("branch-slow", 1)]
    assert [row[0] for row in await journal_of(pool)] == list(range(7))
    await clerk.close()
    await slow.close()


async def test_a_long_transaction_elsewhere_makes_no_reader_wait(pool: Any, database_url: str):
    idle = await asyncpg.connect(dsn(database_url))
    async with idle.transaction():
        await idle.execute("create temporary table held (n int)")
        await idle.execute("insert into held values (1)")
        clerk = Clerk(pool)
        await PostgresBooks(pool, clerk).append(append("branch-a", cancelled()))
        assert await bind(pool) == 1
        await clerk.close()
    await idle.close()


async def test_a_rolled_back_append_leaves_neither_page_nor_position(pool: Any, database_url: str):
    slow = await asyncpg.connect(dsn(database_url))
    held = slow.transaction()
    await held.start()
    await send(slow, append("branch-a", cancelled("m1")))
    await held.rollback()
    await send(slow, append("branch-a", cancelled("m2")))
    await bind(pool)
    assert await journal_of(pool) == [(0, "branch-a", 1)]
    [fact] = await PostgresJournal(pool).read()
    assert fact.event == cancelled("m2")
    await slow.close()


async def test_commits_in_random_order_are_each_bound_once_and_books_keep_their_order(pool: Any, database_url: str):
    dice = random.Random(20261124)  # the order of commits, not a secret
    connections = [await asyncpg.connect(dsn(database_url)) for _ in range(8)]

    async def writer(number: int, connection: Any) -> None:
        for n in range(25):
            held = connection.transaction()
            await held.start()
            await send(connection, append(f"branch-{number % 4}-{dice.randrange(3)}", cancelled(f"m{n}")))
            await asyncio.sleep(dice.random() * 0.02)
            await (held.rollback() if dice.random() < 0.1 else held.commit())

    async def binder() -> None:
        while True:
            await bind(pool)
            await asyncio.sleep(0.001)

    task = asyncio.create_task(binder())
    await asyncio.gather(*[writer(n, connection) for n, connection in enumerate(connections)])
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await bind(pool)
    bound = await journal_of(pool)
    pages = [tuple(row) for row in await pool.fetch("select book, page from record.page")]
    assert [row[0] for row in bound] == list(range(len(pages)))
    assert sorted(row[1:] for row in bound) == sorted(pages)
    for book in {row[1] for row in bound}:
        own = [row[2] for row in bound if row[1] == book]
        assert own == list(range(1, len(own) + 1))
    for connection in connections:
        await connection.close()


async def test_acknowledged_before_sent_implies_a_lower_position_under_load(pool: Any):
    clerk = Clerk(pool)
    books = PostgresBooks(pool, clerk)
    told: list[tuple[float, float, str, int]] = []
    clock = asyncio.get_running_loop().time

    async def writer(number: int) -> None:
        for n in range(30):
            sent = clock()
            [page] = await books.append(append(f"branch-{number}", cancelled(f"m{n}")))
            told.append((sent, clock(), page.book, page.page))

    async def binder() -> None:
        while True:
            await bind(pool)
            await asyncio.sleep(0)

    task = asyncio.create_task(binder())
    await asyncio.gather(*[writer(n) for n in range(10)])
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await bind(pool)
    position = {(book, page): number for number, book, page in await journal_of(pool)}
    ordered = sorted(told, key=lambda entry: position[OrgId(entry[2]), entry[3]])
    latest_start = -1.0
    for sent, acknowledged, *_ in ordered:
        assert acknowledged > latest_start, "somebody sent after this was acknowledged, and stands before it"
        latest_start = max(latest_start, sent)
    await clerk.close()


async def test_two_binders_at_once_bind_each_page_once(pool: Any):
    clerk = Clerk(pool)
    books = PostgresBooks(pool, clerk)
    await asyncio.gather(*[books.append(append(f"branch-{n}", cancelled())) for n in range(20)])
    await asyncio.gather(*[bind(pool) for _ in range(4)])
    await bind(pool)
    assert [row[0] for row in await journal_of(pool)] == list(range(20))
    await clerk.close()


async def test_after_a_restore_whose_snapshot_means_nothing_page_numbers_prove_what_is_missing(pool: Any, database_url: str):
    clerk = Clerk(pool)
    books = PostgresBooks(pool, clerk)
    await books.append(append("branch-a", cancelled("m1")))
    await bind(pool)
    await books.append(append("branch-a", cancelled("m2")))
    await books.append(append("branch-b", cancelled("m3")))
    owner = await asyncpg.connect(dsn(database_url))
    await owner.execute("update record.binder set seen = '4000000000:4000000000:'")
    assert await bind(pool) == 0, "the snapshot of another cluster hides the pages"
    assert await rebind(pool) == 3
    assert await journal_of(pool) == [(0, "branch-a", 1), (1, "branch-a", 2), (2, "branch-b", 1)]
    await books.append(append("branch-b", cancelled("m4")))
    assert await bind(pool) == 1
    await owner.close()
    await clerk.close()


async def test_a_dying_connection_fails_every_waiter_at_once_and_the_key_tells_what_became_of_it(pool: Any, database_url: str):
    from events.store.books import Unknown

    clerk = Clerk(pool, connections=1)
    books = PostgresBooks(pool, clerk)
    blocker = await asyncpg.connect(dsn(database_url))
    await books.append(append("branch-a", cancelled("m0")))
    async with blocker.transaction():
        await blocker.execute("select pg_advisory_xact_lock(hashtextextended('branch-a', 0))")
        requests = [append("branch-a", cancelled(f"m{n}"), key=f"k{n}") for n in range(1, 6)]
        waiting = [asyncio.create_task(books.append(request)) for request in requests]
        await asyncio.sleep(0.2)
        await blocker.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity where query like '%record.append%' and pid <> pg_backend_pid()"
        )
        done, pending = await asyncio.wait(waiting, timeout=5)
        assert not pending
        assert {type(task.exception()) for task in done} == {Unknown}
    written = [await books.append(request) for request in requests]
    assert [pages[0].page for pages in written] == [2, 3, 4, 5, 6]
    await blocker.close()
    await clerk.close()
