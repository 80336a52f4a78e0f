"""Which real servers the tests use: those of the environment, else containers, else the embedded ones. Never a mock."""

import contextlib
import enum
import itertools
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from service import embedded
from service.children import Supervisor
from service.config import TEST_DATABASE_URL
from service.embedded import Layout

POSTGRES_IMAGE = "postgres:18"
DOCKER_SOCKET = Path("/var/run/docker.sock")
NUMBERS = itertools.count(1)


class Source(enum.Enum):
    """Where PostgreSQL comes from."""

    ENVIRONMENT = "environment"
    CONTAINER = "container"
    EMBEDDED = "embedded"


def choose(environ: Mapping[str, str], *, docker_answers: bool) -> Source:
    """The variable wins; then an engine that answers; the wheel is always there."""
    if environ.get(TEST_DATABASE_URL):
        return Source.ENVIRONMENT
    return Source.CONTAINER if docker_answers else Source.EMBEDDED


def docker_answers() -> bool:
    """Whether an engine is there and answers (a client alone does not count)."""
    import docker

    if "DOCKER_HOST" not in os.environ and not DOCKER_SOCKET.exists():
        return False
    try:
        client = docker.from_env(timeout=3)
    except docker.errors.DockerException:
        return False
    with contextlib.closing(client):
        try:
            return bool(client.ping())
        except (docker.errors.DockerException, OSError):
            return False


@contextlib.contextmanager
def removed(home: Path) -> Iterator[Path]:
    """A home for embedded servers that leaves nothing, also when root had to keep their files elsewhere."""
    try:
        yield home
    finally:
        shutil.rmtree((home / "servers").resolve(), ignore_errors=True)
        shutil.rmtree(home, ignore_errors=True)


@contextlib.contextmanager
def embedded_servers(settings: Mapping[str, str] | None = None) -> Iterator[tuple[Layout, Supervisor]]:
    """PostgreSQL and Valkey of the wheels in a folder that is removed afterwards."""
    home = Path(tempfile.mkdtemp(prefix="branchbook-test-"))
    home.chmod(0o755)
    with removed(home):
        layout = embedded.prepare(home)
        embedded.initialize(layout)
        with Supervisor(lambda _: None) as keep:
            keep.start(embedded.postgres(layout, settings), embedded.valkey(layout))
            yield layout, keep


@contextlib.contextmanager
def postgres_url(layout: Layout) -> Iterator[str]:
    """The address of a database from which others can be made, with the right to do so."""
    source = choose(os.environ, docker_answers=docker_answers())
    if source is Source.ENVIRONMENT:
        yield os.environ[TEST_DATABASE_URL].replace("postgresql+asyncpg://", "postgresql://", 1)
    elif source is Source.CONTAINER:
        from testcontainers.postgres import PostgresContainer

        with PostgresContainer(POSTGRES_IMAGE, driver=None) as container:
            yield container.get_connection_url()
    else:
        yield layout.url_of("postgres")


def named(url: str, database: str) -> str:
    """The same server, another database."""
    parts = urlsplit(url)
    return urlunsplit(("postgresql", parts.netloc or "", f"/{database}", parts.query, ""))


def create(server: str, *, template: str = "template0") -> str:
    """A new database, a copy of `template`; gives its address."""
    name = f"branchbook_{os.getpid()}_{next(NUMBERS)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("create database {} template {} encoding 'UTF8'").format(sql.Identifier(name), sql.Identifier(template)))
        if template != "template0":  # a copy keeps everything but the rights on the database itself
            connection.execute(sql.SQL("grant create on database {} to branchbook_owner, branchbook_views").format(sql.Identifier(name)))
    return named(server, name)


def drop(server: str, url: str) -> None:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(urlsplit(url).path[1:])))
