"""What the committee waits for at 2,000 branches: an obligation after its event, a year's scores from the views, a year under a draft."""

import asyncio
import contextlib
import datetime as dt
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import asyncpg
import msgspec

from events.base import OrgId
from events.store.clerk import Clerk
from events.store.keys import FileKeyStore, Keys
from events.store.postgres import PostgresBooks, connect
from projections.engine.database import engine_for
from projections.query import Views
from projections.shapes import Scope
from projections.standard.pack import Pack, default_pack
from service.auth.actor import Role
from service.bench.loaded import LARGE_BRANCHES, LOADED
from service.bench.measure import Measure, median, percentile
from service.bench.processes import Client
from service.bench.server import shown_settings
from service.bench.serving import ROUNDS, served, tokens
from service.bench.synthetic import FOUNDED, org, people
from service.bus import LOCAL

ALL = Scope(orgs=None)
YEAR = FOUNDED.year + 1
ON = dt.date(YEAR + 1, 2, 1)
SECONDS = 60.0
PAGE = 50
UPDATES, WARMING = 300, 25
"""Each in a branch of its own; those sent first, while a server that has just started opens its connections, are not counted."""
A_SECOND = 25
UPDATE_MS = 200.0
SETTLED_S = 10.0


# A year under a draft


async def what_if_of_a_year(server: str, events: int | None) -> Measure:
    """Target: a year of 2,000 branches under a draft in 60 s, in one process, books and views read from the database."""
    url, size = await LOADED.of(server, events)
    runs, firsts, pages = [], [], []
    for _ in range(ROUNDS):
        async with views(url) as door:
            firsts.append(1000 * await _timed(door.scores.page(ALL, YEAR, default_pack(), ON, limit=PAGE)))
            pages.append(await _timed(door.scores.every(ALL, YEAR, default_pack(), ON)))
            runs.append(await _tried(door))
    return Measure(
        value=median(runs),
        unit="s",
        runs=runs,
        peers={"first page of 50 scores, ms": median(firsts), "scores of all from the views, s": median(pages)},
        ratio=SECONDS / median(runs),
        target="60 s for 2,000 branches",
        met=median(runs) < SECONDS and median(pages) < SECONDS,
        settings={**await shown_settings(server), "events": size, "branches": LARGE_BRANCHES, "deadlines": len(default_pack().deadlines)},
    )


@contextlib.asynccontextmanager
async def views(url: str) -> AsyncIterator[Views]:
    """The door for reads of a process that has just started: it remembers nothing."""
    engine, pool = engine_for(url), await connect(url, size=2, timeout_s=600)
    clerk = Clerk(pool)
    try:
        with tempfile.TemporaryDirectory() as home:
            yield Views(engine, PostgresBooks(pool, clerk), Keys(FileKeyStore(Path(home) / "keys")))
    finally:
        await clerk.close()
        await pool.close()
        await engine.dispose()


async def _timed(work: Any) -> float:
    began = time.perf_counter()
    await work
    return time.perf_counter() - began


def draft() -> Pack:
    """Another weight, and nothing for what is late: every routine score is worked out anew."""
    pack = default_pack()
    first, *others = pack.schemes
    return msgspec.structs.replace(pack, schemes=(msgspec.structs.replace(first, late=(), later=0), *others)).all_along()


async def _tried(door: Views) -> float:
    began = time.perf_counter()
    told = [one async for one, _, _ in door.scores.contrasts(ALL, YEAR, default_pack(), draft(), ON)]
    if len(told) != LARGE_BRANCHES:
        raise RuntimeError(f"{len(told)} branches were told of")
    return time.perf_counter() - began


# An obligation after its event


async def obligation_update(server: str, events: int | None) -> Measure:
    """Target at 1,000,000 events of 2,000 branches: what hangs on an event shows it in p99 <= 200 ms after the receipt."""
    url, size = await LOADED.of(server, events)
    runs, middles = [], []
    for number in range(ROUNDS):
        delays = await updates(url, number)
        runs.append(1000 * percentile(delays, 0.99))
        middles.append(1000 * percentile(delays, 0.5))
    return Measure(
        value=median(runs),
        unit="ms (p99)",
        runs=runs,
        peers={"p50 of the same runs": median(middles)},
        ratio=UPDATE_MS / median(runs),
        target=f"p99 <= {UPDATE_MS:.0f} ms after the receipt",
        met=median(runs) <= UPDATE_MS,
        settings={
            **await shown_settings(server),
            "events": size,
            "branches": LARGE_BRANCHES,
            "updates": UPDATES,
            "a second": A_SECOND,
            "processes": "one that serves, one that follows",
        },
    )


async def updates(url: str, number: int) -> list[float]:
    """Seconds from each receipt until the views that hold its obligations were committed; meetings and dues in turn."""
    branches = [org(number * (UPDATES + WARMING) + n) for n in range(UPDATES + WARMING)]
    known = await tokens(url, Role.SECRETARY, branches)
    requests = list(_requests(known))
    with tempfile.TemporaryDirectory() as home:
        async with served(url, Path(home), following=True) as port, listened(url) as told:
            answers = await _sent(port, requests)
            connection = await asyncpg.connect(url)
            try:
                return [await _delay(connection, answer, told) for answer in answers[WARMING:]]
            finally:
                await connection.close()


def _requests(known: dict[OrgId, str]) -> Iterator[tuple[str, bytes, str]]:
    today = dt.datetime.now(LOCAL).date()
    for n, (branch, token) in enumerate(known.items()):
        members = people(branch)
        if n % 2:
            path, body = "receive-dues", _payment(today, members)
        else:
            path, body = "record-meeting-held", _meeting(today, members)
        headers = f"Authorization: Bearer {token}\r\nIdempotency-Key: update-{branch}\r\n"
        yield f"/api/v1/orgs/{branch}/commands/{path}", msgspec.json.encode(body), headers


def _payment(today: dt.date, members: list[Any]) -> dict[str, Any]:
    return {
        "occurred_on": today,
        "person_id": members[0],
        "month": f"{today:%Y-%m}",
        "amount_fen": 4500,
        "kind": "regular",
        "payer": "self",
        "collector": members[2],
    }


def _meeting(today: dt.date, members: list[Any]) -> dict[str, Any]:
    return {
        "occurred_on": today,
        "kind": "general",
        "topic": "学习",
        "chair": members[0],
        "recorder": members[2],
        "notice_sent_on": today,
    }


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """A receipt, and when it came."""

    at: float
    book: str
    pages: list[int]


async def _sent(port: int, requests: list[tuple[str, bytes, str]]) -> list[Answer]:
    """At an even pace, each on a connection of its own."""
    began = time.perf_counter()

    async def send(n: int, path: str, body: bytes, headers: str) -> Answer:
        await asyncio.sleep(max(0.0, began + n / A_SECOND - time.perf_counter()))
        client = Client(port)
        status, text = await client.ask("POST", path, body, headers)
        at = time.perf_counter()
        client.close()
        if status != 201:
            raise RuntimeError(f"{path}: {status} {text[:300]!r}")
        receipt = msgspec.json.decode(text)
        return Answer(at=at, book=receipt["book"], pages=[event["page"] for event in receipt["events"]])

    return list(await asyncio.gather(*[send(n, *request) for n, request in enumerate(requests)]))


class Told:
    """When the views told up to which position of the journal they hold it."""

    def __init__(self) -> None:
        self._reached: list[tuple[float, int]] = []
        self._more = asyncio.Event()

    def hear(self, *told: Any) -> None:
        self._reached.append((time.perf_counter(), int(told[-1])))
        self._more.set()

    async def first(self, position: int) -> float:
        """When a position was told of."""
        async with asyncio.timeout(SETTLED_S):
            while (at := next((at for at, reached in self._reached if reached >= position), None)) is None:
                self._more.clear()
                await self._more.wait()
        return at


@contextlib.asynccontextmanager
async def listened(url: str) -> AsyncIterator[Told]:
    """Hears every batch of the follower once it is committed."""
    told = Told()
    connection = await asyncpg.connect(url)
    try:
        await connection.add_listener("views", told.hear)
        yield told
    finally:
        await connection.close()


async def _delay(connection: Any, answer: Answer, told: Told) -> float:
    """Until the views held the last page of the receipt; there must be an obligation that one of its pages changed."""
    rows = await connection.fetch("select position from record.journal where book = $1 and page = any($2)", answer.book, answer.pages)
    positions = [row["position"] for row in rows]
    at = await told.first(max(positions))
    query = "select count(*) from views.obligation where org_id = $1 and position = any($2)"
    if not await connection.fetchval(query, answer.book, positions):
        raise RuntimeError(f"{answer.book}: no obligation hangs on pages {answer.pages}")
    return max(0.0, at - answer.at)
