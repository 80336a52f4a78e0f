"""The two stores behind one contract."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from events.store.binder import bind
from events.store.books import Books, Journal
from events.store.clerk import Clerk
from events.store.memory import MemoryBooks, MemoryJournal
from events.store.postgres import PostgresBooks, PostgresJournal, connect


class Store:
    """Books and journal of one kind of store; `bind` makes the journal catch up."""

    def __init__(self, books: Books, journal: Journal, pool: Any = None) -> None:
        self.books = books
        self.journal = journal
        self.pool = pool

    async def bind(self) -> None:
        if self.pool is not None:
            await bind(self.pool)


@pytest.fixture
async def pool(database_url: str) -> AsyncIterator[Any]:
    """Connections with the application's role."""
    opened = await connect(database_url, size=6)
    yield opened
    await opened.close()


@pytest.fixture
async def postgres(pool: Any) -> AsyncIterator[Store]:
    clerk = Clerk(pool)
    yield Store(PostgresBooks(pool, clerk), PostgresJournal(pool), pool)
    await clerk.close()


@pytest.fixture(params=["memory", "postgres"])
def store(request: pytest.FixtureRequest) -> Store:
    if request.param == "postgres":
        found: Store = request.getfixturevalue("postgres")
        return found
    books = MemoryBooks()
    return Store(books, MemoryJournal(books.store))
