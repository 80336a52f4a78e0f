"""A commit that returns is durable, also on a server that somebody set up to be fast instead."""

from urllib.parse import urlsplit

import asyncpg
import pytest

from events.store.postgres import connect, dsn


@pytest.mark.parametrize("role", ["branchbook_app", "branchbook_views"])
async def test_a_servers_default_does_not_weaken_a_commit(database_url: str, role: str):
    owner = await asyncpg.connect(dsn(database_url))
    await owner.execute(f"alter database {urlsplit(database_url).path[1:]} set synchronous_commit = off")
    await owner.close()
    pool = await connect(database_url, size=1, role=role)
    assert await pool.fetchval("show synchronous_commit") == "on"
    await pool.close()
