"""kill -9 under load: nothing acknowledged is lost, nothing is there twice, everything runs again by itself."""

import asyncio
import datetime as dt
import itertools
import json
import os
import random
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import psutil
import psycopg
import pytest

from events.store.postgres import connect
from events.store.verify import verify
from service.bus import LOCAL
from service.config import load
from tests.faults.test_children import until
from tests.faults.test_dev import Dev, free_port

ROUNDS = 12
CLIENTS = 8
BETWEEN_S = (0.3, 1.0)
AGAIN_S = 60
VICTIMS = ("serve", "backend", "postmaster", "valkey", "follow", "work")


@pytest.fixture(scope="module")
def dev(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dev]:
    """The whole of Branchbook on its example committee, as `make run` starts it."""
    from tests.servers import removed

    with removed(tmp_path_factory.mktemp("kills") / "home") as home:
        running = Dev(home, free_port())
        running.ready_s()
        yield running
        if running.process.poll() is None:
            running.end()


def tokens(dev: Dev) -> dict[str, str]:
    """A token of the secretary of each branch."""
    accounts = json.loads((dev.home / "accounts.json").read_text())
    found = {}
    with httpx.Client(base_url=f"http://127.0.0.1:{dev.port}/api/v1", timeout=20) as client:
        for account in accounts:
            if account["role"] == "secretary":
                answer = client.post("/sessions", json={"login": account["login"], "password": account["password"]})
                assert answer.status_code == 201, answer.text
                found[account["organisation_id"]] = answer.json()["token"]
    return found


def victim(dev: Dev, kind: str) -> psutil.Process | None:
    """A process to kill, found by its parentage, never by name alone."""
    children = dev.children()
    if kind in ("follow", "work"):
        return children.get(kind)
    if kind == "valkey":
        return next((child for name, child in children.items() if "valkey" in name), None)
    if kind == "serve":
        server = children.get("serve")
        workers = [] if server is None else server.children()
        return random.choice([*workers, server]) if server else None
    postmaster = children.get("postgres")
    if kind == "postmaster" or postmaster is None:
        return postmaster
    clients = [child for child in postmaster.children() if serves_branchbook(child)]
    return random.choice(clients) if clients else None


def serves_branchbook(backend: psutil.Process) -> bool:
    """False of one that ends while it is looked at."""
    try:
        return any("branchbook" in part for part in backend.cmdline())
    except psutil.NoSuchProcess:
        return False


class Load:
    """Clients that send commands, each with its own key, and send again until they are told what became of it."""

    def __init__(self, dev: Dev, sessions: dict[str, str]) -> None:
        self.address = f"http://127.0.0.1:{dev.port}/api/v1"
        self.sessions = sessions
        self.log = dev.home / "logs" / "serve.log"
        self.numbers = itertools.count()
        self.acknowledged: dict[str, tuple[str, dict[str, Any]]] = {}
        self.stop = asyncio.Event()

    async def client(self) -> None:
        async with httpx.AsyncClient(base_url=self.address, timeout=10) as http:
            while not self.stop.is_set():
                number = next(self.numbers)
                org = list(self.sessions)[number % len(self.sessions)]
                await self.send(http, org, f"kill-{number}")

    async def send(self, http: httpx.AsyncClient, org: str, key: str) -> None:
        today = dt.datetime.now(LOCAL).date()
        body = {
            "occurred_on": today.isoformat(),
            "kind": "study",
            "planned_on": (today + dt.timedelta(days=30)).isoformat(),
            "topic": key,
        }
        headers = {"Authorization": f"Bearer {self.sessions[org]}", "Idempotency-Key": key}
        while True:
            try:
                answer = await http.post(f"/orgs/{org}/commands/schedule-meeting", json=body, headers=headers)
            except httpx.HTTPError:
                await asyncio.sleep(0.05)
                continue
            if answer.status_code == 201:
                self.acknowledged[key] = (org, answer.json())
                return
            assert answer.status_code in (409, 503), f"{answer.text}\n{self.log.read_text()[-3000:]}"
            await asyncio.sleep(0.05)


async def test_twelve_rounds_of_kill_9_lose_nothing_and_write_nothing_twice(dev: Dev):
    seed = int.from_bytes(os.urandom(4))
    print(f"SEED={seed}")  # noqa: T201 - shown when it fails
    random.seed(seed)
    load_of = Load(dev, tokens(dev))
    clients = [asyncio.create_task(load_of.client()) for _ in range(CLIENTS)]
    killed = []
    for number in range(ROUNDS):
        await asyncio.to_thread(until, lambda: dev.get("/readyz") == 200, AGAIN_S)
        await asyncio.sleep(random.uniform(*BETWEEN_S))
        kind = VICTIMS[number % len(VICTIMS)]
        prey = await asyncio.to_thread(_wait_for_victim, dev, kind)
        prey.send_signal(signal.SIGKILL)
        killed.append(kind)
    await asyncio.sleep(1)
    load_of.stop.set()
    await asyncio.wait_for(asyncio.gather(*clients), AGAIN_S * 2)
    until(lambda: dev.get("/readyz") == 200, AGAIN_S)
    assert sorted(killed) == sorted(VICTIMS * (ROUNDS // len(VICTIMS)))
    assert len(load_of.acknowledged) > 50
    await check(dev, load_of)


def _wait_for_victim(dev: Dev, kind: str) -> psutil.Process:
    until(lambda: victim(dev, kind) is not None, AGAIN_S)
    prey = victim(dev, kind)
    assert prey is not None
    return prey


async def check(dev: Dev, load_of: Load) -> None:
    url = load({"BRANCHBOOK_HOME": str(dev.home)}).database()
    with psycopg.connect(url) as connection:
        rows = connection.execute(
            "select c.key, p.book, p.page, p.event_id::text, encode(p.leaf, 'hex') from record.command c"
            " join record.page p using (xid, cmd) where c.key like 'kill-%' and p.type = 'meetings.scheduled'"
        ).fetchall()
    recorded = {key: (book, page, event_id, leaf) for key, book, page, event_id, leaf in rows}
    assert len(recorded) == len(rows), "a key has two events"
    for key, (org, receipt) in load_of.acknowledged.items():
        [event] = receipt["events"]
        assert recorded[key] == (org, event["page"], event["id"], event["hash"])
    pool = await connect(url, size=1, role="branchbook_verify")
    verdict = await verify(pool)
    assert verdict.ok, verdict.first_fault
    head = await pool.fetchval("select count(*) from record.page")
    await pool.close()
    until(lambda: applied(url) == head - 1, AGAIN_S)


def applied(url: str) -> int:
    with psycopg.connect(url) as connection:
        row = connection.execute("select (select size - 1 from record.binder), (select min(position) from views.checkpoint)").fetchone()
        assert row is not None
        return int(min(row))


def test_after_all_that_every_part_runs_again(dev: Dev):
    until(lambda: {"serve", "follow", "work", "postgres"} <= dev.children().keys(), AGAIN_S)
    assert dev.get("/healthz") == 200
    assert Path(dev.home / "accounts.json").exists()
