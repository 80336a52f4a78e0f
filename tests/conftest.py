"""Databases and Valkey for the tests: one server for the run, one migrated template, a fresh copy wherever one is asked for."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from migrations.run import migrate_now
from service.embedded import Layout
from tests.servers import create, drop, embedded_servers, postgres_url

FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "300"}
"""A test run need not survive a power cut. Fault tests start their own servers with the real settings."""


@pytest.fixture(scope="session")
def servers() -> Iterator[Layout]:
    """The embedded servers of this run."""
    with embedded_servers(FAST) as (layout, _):
        yield layout


@pytest.fixture(scope="session")
def server_url(servers: Layout) -> Iterator[str]:
    """A database of the chosen server from which others are made."""
    with postgres_url(servers) as url:
        yield url


@pytest.fixture(scope="session")
def template(server_url: str) -> Iterator[str]:
    """The name of a database with the newest schema and no data."""
    url = create(server_url)
    migrate_now(url)
    yield urlsplit(url).path[1:]
    drop(server_url, url)


@pytest.fixture
def database_url(server_url: str, template: str) -> Iterator[str]:
    """A fresh, migrated database for one test."""
    url = create(server_url, template=template)
    yield url
    drop(server_url, url)


@pytest.fixture(scope="module")
def module_database_url(server_url: str, template: str) -> Iterator[str]:
    """A fresh, migrated database that the tests of one file share."""
    url = create(server_url, template=template)
    yield url
    drop(server_url, url)


@pytest.fixture(scope="session")
def valkey_url(servers: Layout) -> str:
    """A Valkey that any test may wipe."""
    return servers.redis_url


@pytest.fixture(scope="session")
def root() -> Path:
    """The top of the project."""
    return Path(__file__).parents[1]
