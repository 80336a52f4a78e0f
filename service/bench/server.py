"""A PostgreSQL of its own for measuring, with the settings of production, and databases on it."""

import contextlib
import itertools
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import asyncpg

from events.store.postgres import dsn
from migrations.run import migrate
from service import embedded
from service.children import Supervisor
from service.config import Settings

NUMBERS = itertools.count(1)
SHOWN = ("server_version", "fsync", "synchronous_commit", "full_page_writes", "shared_buffers", "max_wal_size", "data_checksums")


@contextlib.contextmanager
def measuring_server(settings: Settings) -> Iterator[str]:
    """The address of a database on the server that is named in the settings, else on an embedded one in a folder of its own."""
    if settings.database_url is not None:
        yield dsn(settings.database_url)
        return
    home = Path(tempfile.mkdtemp(prefix="branchbook-bench-"))
    home.chmod(0o755)
    try:
        layout = embedded.prepare(home)
        embedded.initialize(layout)
        with Supervisor(lambda _: None) as keep:
            keep.start(embedded.postgres(layout))
            yield layout.url_of("postgres")
    finally:
        shutil.rmtree((home / "servers").resolve(), ignore_errors=True)
        shutil.rmtree(home, ignore_errors=True)


@contextlib.asynccontextmanager
async def database(server: str, *, migrated: bool = True) -> AsyncIterator[str]:
    """A new database, dropped afterwards."""
    name = f"branchbook_bench_{next(NUMBERS)}"
    connection = await asyncpg.connect(server)
    try:
        await connection.execute(f"drop database if exists {name}")
        await connection.execute(f"create database {name}")
        parts = urlsplit(server)
        url = urlunsplit(("postgresql", parts.netloc or "", f"/{name}", parts.query, ""))
        if migrated:
            await migrate(url)
        yield url
    finally:
        await connection.execute(f"drop database if exists {name} with (force)")
        await connection.close()


async def shown_settings(server: str) -> dict[str, str]:
    """The settings that a reader of a figure wants to know."""
    connection = await asyncpg.connect(server)
    try:
        return {name: str(await connection.fetchval("select current_setting($1)", name)) for name in SHOWN}
    finally:
        await connection.close()
