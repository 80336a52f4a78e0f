"""What a person or a program waits for: a command over HTTP, an event by SSE, a page at a million events."""

import asyncio
import contextlib
import datetime as dt
import secrets
import tempfile
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec

from events.base import OrgId
from events.store.clerk import Clerk
from events.store.keys import Keys, MemoryKeyStore
from events.store.postgres import PostgresBooks, connect
from projections.engine.database import engine_for
from projections.engine.rebuild import catch_up
from service.auth.accounts import create_account, issue_token
from service.auth.actor import Role
from service.bench.loaded import LARGE_BRANCHES, LOADED
from service.bench.measure import Measure, median, percentile, rounds
from service.bench.processes import Client, answers, drive, free_port, process
from service.bench.server import database, shown_settings
from service.bench.synthetic import COMMITTEE, MEMBERS, org, people, single_events
from service.bench.views import fill

CLIENTS = 32
BRANCHES = 200
COMMANDS = 3_000
RATE = 500
SSE_EVENTS = 3_000
PAGES = 400
ROUNDS = 3


@contextlib.asynccontextmanager
async def served(url: str, home: Path, *, following: bool = False) -> AsyncIterator[int]:
    """Our server with one process, and the follower beside it when asked for; the port."""
    port = free_port()
    named = {"BRANCHBOOK_HOME": str(home), "BRANCHBOOK_PORT": str(port), "BRANCHBOOK_DATABASE_URL": url, "BRANCHBOOK_LOG_LEVEL": "warning"}
    async with contextlib.AsyncExitStack() as stack:
        if following:
            await stack.enter_async_context(process("-m", "service.cli", "follow", **named))
        await stack.enter_async_context(process("-m", "service.cli", "serve", **named))
        await answers(port, "/readyz")
        yield port


async def tokens(url: str, role: Role, orgs: list[OrgId]) -> dict[OrgId, str]:
    """A token for each organisation."""
    engine = engine_for(url)
    found = {}
    for org_id in orgs:
        login = f"{role}-{org_id}-{secrets.token_hex(4)}"  # several measures may share a database
        account = await create_account(engine, login=login, password=None, role=role, organisation_id=org_id)
        found[org_id] = await issue_token(engine, account, label="bench", days=1)
    await engine.dispose()
    return found


async def http_command(server: str, events: int | None) -> Measure:
    """Target: paying dues end to end is at least 0.8 x a plain Litestar + SQLAlchemy handler that inserts two rows."""
    count = min(events or COMMANDS, BRANCHES * MEMBERS)

    async def ours() -> float:
        with tempfile.TemporaryDirectory() as home:
            async with database(server) as url:
                await fill(url, BRANCHES, 1)
                await catch_up(url)
                known = await tokens(url, Role.SECRETARY, [org(n) for n in range(BRANCHES)])
                async with served(url, Path(home)) as port:
                    await drive(port, _payments(known, count, "2026-10"), CLIENTS)
                    return await drive(port, _payments(known, count, "2026-11"), CLIENTS)

    async def plain() -> float:
        async with database(server, migrated=False) as url:
            port = free_port()
            arguments = (
                "-m",
                "granian",
                "--interface",
                "asgi",
                "--factory",
                "--loop",
                "uvloop",
                "--port",
                str(port),
                "service.bench.plain:create_app",
            )
            async with process(*arguments, BENCH_DATABASE_URL=url):
                await _until_open(port)
                await drive(port, _plain_payments(count, "2026-10"), CLIENTS)
                return await drive(port, _plain_payments(count, "2026-11"), CLIENTS)

    runs = await rounds(ROUNDS, {"branchbook": ours, "plain Litestar + SQLAlchemy": plain})
    value, peer = median(runs["branchbook"]), median(runs["plain Litestar + SQLAlchemy"])
    return Measure(
        value=value,
        unit="commands/s",
        runs=runs["branchbook"],
        peers={"plain Litestar + SQLAlchemy": peer},
        ratio=value / peer,
        target="0.8 x the plain handler",
        met=value >= 0.8 * peer,
        settings={**await shown_settings(server), "clients": CLIENTS, "branches": BRANCHES, "server processes": 1},
    )


async def _until_open(port: int) -> None:
    async with asyncio.timeout(60):
        while True:
            with contextlib.suppress(OSError):
                _, writer = await asyncio.open_connection("127.0.0.1", port)
                writer.close()
                return
            await asyncio.sleep(0.05)


def _today() -> str:
    return dt.datetime.now(dt.timezone(dt.timedelta(hours=8))).date().isoformat()


def _payments(known: dict[OrgId, str], count: int, month: str) -> list[tuple[str, bytes, str]]:
    requests = []
    for n in range(count):
        branch = org(n % BRANCHES)
        members = people(branch)
        body = {
            "occurred_on": _today(),
            "person_id": members[n // BRANCHES],
            "month": month,
            "amount_fen": 4500,
            "kind": "regular",
            "payer": "self",
            "collector": members[2],
        }
        headers = f"Authorization: Bearer {known[branch]}\r\nIdempotency-Key: pay-{month}-{n}\r\n"
        requests.append((f"/api/v1/orgs/{branch}/commands/receive-dues", msgspec.json.encode(body), headers))
    return requests


def _plain_payments(count: int, month: str) -> list[tuple[str, bytes, str]]:
    bodies = ({"person_id": f"p{n}", "month": month, "amount_fen": 4500, "occurred_on": _today()} for n in range(count))
    return [(f"/orgs/{org(n % BRANCHES)}/pay", msgspec.json.encode(body), "") for n, body in enumerate(bodies)]


async def sse_delivery(server: str, events: int | None) -> Measure:
    """Target at 500 events/s, from the acknowledgement to the frame in the client's hands: p50 <= 25 ms, p99 <= 100 ms."""
    count = events or SSE_EVENTS
    runs: list[float] = []
    tails: list[float] = []
    for _ in range(ROUNDS):
        with tempfile.TemporaryDirectory() as home:
            async with database(server) as url:
                await fill(url, BRANCHES, 1)
                await catch_up(url)
                token = (await tokens(url, Role.INTEGRATOR, [COMMITTEE]))[COMMITTEE]
                async with served(url, Path(home), following=True) as port:
                    delays = await _delays(url, port, token, count)
        runs.append(percentile(delays, 0.5) * 1000)
        tails.append(percentile(delays, 0.99) * 1000)
    value, tail = median(runs), median(tails)
    return Measure(
        value=value,
        unit="ms (p50)",
        runs=runs,
        peers={"p99 of the same runs": tail},
        ratio=None,
        target="p50 <= 25 ms and p99 <= 100 ms at 500 events/s",
        met=value <= 25 and tail <= 100,
        settings={**await shown_settings(server), "rate": RATE, "events": count},
    )


async def _delays(url: str, port: int, token: str, count: int) -> list[float]:
    pool = await connect(url, size=2)
    clerk = Clerk(pool)
    books = PostgresBooks(pool, clerk)
    acknowledged: dict[str, float] = {}
    seen: dict[str, float] = {}
    listening = asyncio.create_task(_listen(port, token, seen, count))
    try:
        await asyncio.sleep(1)
        began = time.perf_counter()
        sending = []

        async def send(request: Any) -> None:
            [page] = await books.append(request)
            acknowledged[page.event_id] = time.perf_counter()

        for n, request in enumerate(single_events(BRANCHES, count, Keys(MemoryKeyStore()))):
            await asyncio.sleep(max(0.0, began + n / RATE - time.perf_counter()))
            sending.append(asyncio.create_task(send(request)))
        await asyncio.gather(*sending)
        await asyncio.wait_for(listening, 30)
        return [max(0.0, seen[event_id] - at) for event_id, at in acknowledged.items()]
    finally:
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)
        await clerk.close()
        await pool.close()


async def _listen(port: int, token: str, seen: dict[str, float], count: int) -> None:
    """Notes when each payment's frame arrived, until all have."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"GET /api/v1/events/stream HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\n\r\n".encode())
    while len(seen) < count:
        line = await reader.readline()
        if line.startswith(b"data: ") and b'"dues.received"' in line:
            seen[msgspec.json.decode(line[6:], type=dict)["id"]] = time.perf_counter()
    writer.close()


LEDGER_PAGE = "/api/v1/orgs/{org}/ledgers/L04?register=dues-payments&year=2025&limit=50"
HOME_PAGE = "/admin/b/{org}/tasks"


async def pages_at_scale(server: str, events: int | None) -> Measure:
    """Target at 1,000,000 events of 2,000 branches: a ledger page of 50 rows and the home page in p99 <= 50 ms."""
    url, size = await LOADED.of(server, events)
    branches = [org(n) for n in range(0, LARGE_BRANCHES, LARGE_BRANCHES // 50)]
    known = await tokens(url, Role.SECRETARY, branches)
    ledgers: list[list[float]] = []
    homes: list[list[float]] = []
    with tempfile.TemporaryDirectory() as home:
        async with served(url, Path(home)) as port:
            for _ in range(ROUNDS):
                ledgers.append(await _timed(port, known, LEDGER_PAGE, bearer=True))
                homes.append(await _timed(port, known, HOME_PAGE, bearer=False))
    slowest = [1000 * max(percentile(pair[0], 0.99), percentile(pair[1], 0.99)) for pair in zip(ledgers, homes, strict=True)]
    value = median(slowest)
    return Measure(
        value=value,
        unit="ms (p99, the slower of both)",
        runs=slowest,
        peers={
            "ledger page p50": 1000 * median([percentile(times, 0.5) for times in ledgers]),
            "ledger page p99": 1000 * median([percentile(times, 0.99) for times in ledgers]),
            "home page p50": 1000 * median([percentile(times, 0.5) for times in homes]),
            "home page p99": 1000 * median([percentile(times, 0.99) for times in homes]),
        },
        ratio=None,
        target="p99 <= 50 ms",
        met=value <= 50,
        settings={**await shown_settings(server), "events": size, "branches": LARGE_BRANCHES, "requests": PAGES},
    )


async def _timed(port: int, known: dict[OrgId, str], path: str, *, bearer: bool) -> list[float]:
    """Seconds of each request, one after the other, over all branches in turn."""
    client = Client(port)
    times = []
    for n in range(PAGES + len(known)):
        org_id = list(known)[n % len(known)]
        headers = f"Authorization: Bearer {known[org_id]}\r\n" if bearer else f"Cookie: sid={known[org_id]}\r\n"
        began = time.perf_counter()
        status, text = await client.ask("GET", path.format(org=org_id), headers=headers)
        if status != 200:
            raise RuntimeError(f"{path}: {status} {text[:200]!r}")
        if n >= len(known):
            times.append(time.perf_counter() - began)
    client.close()
    return times
