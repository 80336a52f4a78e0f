"""`branchbook dev`: everything on this machine with one command, and a clean end with Ctrl-C.

Servers -> migrations -> example committee when the record is empty -> API with desk, follower, worker. A child that dies
is started again.
"""

import asyncio
import contextlib
import datetime as dt
import http.client
import os
import signal
import socket
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import msgspec
from rich.console import Console
from rich.table import Table

from events.store.postgres import dsn
from migrations.run import migrate_now
from service import embedded
from service.children import Child, Supervisor
from service.config import Misconfigured, Running, Settings, environment

ROOT = Path(__file__).parents[1]
PROBE_S = 2.0
VIEWS_S = 120.0


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """One line of `accounts.json`."""

    login: str
    role: str
    organisation_id: str
    password: str | None = None
    token: str | None = None


def dev(settings: Settings) -> None:
    """Until Ctrl-C or SIGTERM. Raises `Misconfigured` or `StartFailed` when it cannot."""
    began = time.monotonic()
    console = Console(stderr=False, highlight=False)
    _check_port(settings)
    with contextlib.suppress(KeyboardInterrupt), embedded.locked(settings.home), Supervisor(console.print) as keep, _interruptible():
        settings = _start_servers(settings, keep)
        with _announced(settings):
            console.print("Bringing the database to the newest schema")
            migrate_now(settings.database())
            keep.start(_child(settings, "follow"))
            _fill(settings, console)
            _accounts(settings)
            keep.start(_server(settings), _child(settings, "work"))
            _tell(settings, console, time.monotonic() - began)
            keep.wait()
    console.print("Branchbook has ended; the data stays in", str(settings.home))


@contextlib.contextmanager
def _interruptible() -> Iterator[None]:
    """SIGTERM and SIGHUP end it as Ctrl-C does; the ending itself is not disturbed by a second one."""
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    for number in numbers:
        signal.signal(number, signal.default_int_handler)
    try:
        yield
    finally:
        for number in numbers:
            signal.signal(number, signal.SIG_IGN)


def _check_port(settings: Settings) -> None:
    """Before anything is started, so that the error is the first line and the only one."""
    with socket.socket(socket.AF_INET6 if ":" in settings.host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            reason = os.strerror(error.errno or 0)
            message = f"{settings.host}:{settings.port} cannot be used ({reason}); BRANCHBOOK_PORT chooses another port"
            raise Misconfigured(message) from None


def _start_servers(settings: Settings, keep: Supervisor) -> Settings:
    """The embedded ones, where no real ones are named."""
    if settings.database_url and settings.redis_url:
        return settings
    layout = embedded.prepare(settings.home)
    servers = []
    if not settings.database_url:
        embedded.initialize(layout)
        servers.append(embedded.postgres(layout))
    if not settings.redis_url:
        servers.append(embedded.valkey(layout))
    keep.start(*servers)
    if not settings.database_url:
        embedded.make_database(layout)
    return msgspec.structs.replace(
        settings, database_url=settings.database_url or layout.database_url, redis_url=settings.redis_url or layout.redis_url
    )


@contextlib.contextmanager
def _announced(settings: Settings) -> Iterator[None]:
    """Other commands of this home find the servers while this one runs."""
    file = Running.file(settings.home)
    running = Running(pid=os.getpid(), database_url=settings.database(), redis_url=settings.redis())
    file.write_bytes(msgspec.json.encode(running))
    file.chmod(0o600)
    try:
        yield
    finally:
        file.unlink(missing_ok=True)


def _child(settings: Settings, command: str) -> Child:
    """One of our own commands, with these settings, its words in a log of its own."""
    logs = settings.home / "logs"
    logs.mkdir(exist_ok=True)
    return Child(
        name=f"branchbook {command}",
        argv=(sys.executable, "-m", "service.cli", command, "--parent", str(os.getpid())),
        log=logs / f"{command}.log",
        ready=lambda: True,
        environment={**os.environ, **environment(settings), "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"},
    )


def _server(settings: Settings) -> Child:
    return msgspec.structs.replace(_child(settings, "serve"), ready=lambda: _serves(settings), ready_s=60.0)


def _serves(settings: Settings) -> bool:
    connection = http.client.HTTPConnection(settings.host, settings.port, timeout=PROBE_S)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _fill(settings: Settings, console: Console) -> None:
    """The example committee, once: into an empty record, or on where an interrupted run ended."""
    begun = settings.home / "example.begun"
    if not settings.example or not (begun.exists() or asyncio.run(_is_empty(settings.database()))):
        return
    begun.touch()
    console.print("Recording the example committee from its workbooks")
    asyncio.run(_load_example(settings, console))
    begun.unlink()


async def _load_example(settings: Settings, console: Console) -> None:
    """Through the importer and the bus, like any other workbook."""
    from events.base import OrgId
    from projections.standard.pack import default_pack
    from service.auth.actor import SYSTEM
    from service.ballots.example import example_ballots
    from service.documents.files import reading
    from service.imports.example import FOLDER, LATE_REASON, load_example, told
    from service.imports.preview import Terms
    from service.imports.story import stories, texts
    from service.parts import opened

    now = dt.datetime.now(dt.UTC)
    limit = default_pack().rules(now.date(), []).number("record.backdate_days")
    async with opened(settings) as parts:
        for data in (data for path in stories(FOLDER) for data in texts(path)):
            await parts.files.take("示例.txt", reading(data))
        terms = Terms(actor=SYSTEM, now=now, backdate_days=limit, late_reason=LATE_REASON)
        counts = await load_example(parts.bus, parts.books, parts.keys, terms)
        await example_ballots(parts, OrgId("SL-B01"), now)
    told(counts, console.print)


def _accounts(settings: Settings) -> None:
    """Accounts of the example, unless they are written already; a record of one's own gets none."""
    if settings.example and not settings.accounts.exists():
        asyncio.run(_write_accounts(settings))


async def _write_accounts(settings: Settings) -> None:
    """When the views know the organisations."""
    from projections.engine.database import engine_for
    from service.auth.example import write_example_accounts

    engine = engine_for(settings.database())
    try:
        await _views_are_there(settings.database())
        await write_example_accounts(engine, settings.accounts)
    finally:
        await engine.dispose()


async def _views_are_there(url: str) -> None:
    connection = await asyncpg.connect(dsn(url))
    behind = "select coalesce((select min(position) from views.checkpoint), -1) < (select count(*) from record.page) - 1"
    try:
        async with asyncio.timeout(VIEWS_S):
            while await connection.fetchval(behind):  # noqa: ASYNC110 - the other side is another process
                await asyncio.sleep(0.1)
    finally:
        await connection.close()


async def _is_empty(url: str) -> bool:
    connection = await asyncpg.connect(dsn(url))
    try:
        return not await connection.fetchval("select exists (select from record.page)")
    finally:
        await connection.close()


def _tell(settings: Settings, console: Console, seconds: float) -> None:
    """Address and accounts, the last line says ready."""
    if settings.accounts.exists():
        accounts = msgspec.json.decode(settings.accounts.read_bytes(), type=list[Account])
        table = Table("role", "login", "password or token", "organisation", box=None, pad_edge=False)
        for account in {account.role: account for account in reversed(accounts)}.values():
            table.add_row(account.role, account.login, account.password or account.token, account.organisation_id)
        console.print(table)
        console.print(f"All {len(accounts)} accounts of the example: {settings.accounts}")
    console.print(f"Desk   {settings.address}/admin/")
    console.print(f"API    {settings.address}/schema")
    console.print(f"Logs   {settings.home / 'logs'}")
    console.print(f"ready after {seconds:.1f} s; Ctrl-C ends it")
