"""The backup drill is really run: base backup under writing, restored beside the original, verified against its checkpoint."""

import asyncio
import contextlib
import json
import subprocess
import sys

import psycopg
import pytest

from events.store.binder import bind
from events.store.clerk import Clerk
from events.store.postgres import connect
from migrations.run import migrate_now
from service import embedded
from tests.servers import embedded_servers
from tests.store.drafts import append, cancelled

EVENTS = 200


@pytest.fixture(scope="module")
def url():
    """A cluster with the settings of a real run and a record of some events."""
    with embedded_servers() as (layout, _):
        embedded.make_database(layout)
        migrate_now(layout.database_url)
        asyncio.run(record(layout.database_url, EVENTS))
        yield layout.database_url


async def record(url: str, events: int) -> None:
    async with writing(url) as (pool, clerk):
        await asyncio.gather(*(clerk.append(append(f"branch-{n % 7}", cancelled(f"m{n}"))) for n in range(events)))
        await bind(pool)


async def keep_recording(url: str) -> None:
    async with writing(url) as (pool, clerk):
        while True:
            await clerk.append(append("branch-0", cancelled()))
            await bind(pool)


@contextlib.asynccontextmanager
async def writing(url: str):
    pool = await connect(url, size=2)
    clerk = Clerk(pool)
    try:
        yield pool, clerk
    finally:
        await clerk.close()
        await pool.close()


async def run_drill(url: str, home) -> tuple[int, dict]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "deploy/drill.py", url, "--home", str(home), "--json", stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    out, errors = await process.communicate()
    assert errors == b""
    return process.returncode or 0, json.loads(out)


async def test_a_copy_made_while_others_write_is_sound_and_holds_all_that_was_acknowledged(url, home, root, monkeypatch):
    monkeypatch.chdir(root)
    others = asyncio.create_task(keep_recording(url))
    code, verdict = await run_drill(url, home)
    others.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await others
    assert (code, verdict["ok"], verdict["first_fault"]) == (0, True, None)
    assert verdict["events"] >= verdict["original_events"] >= EVENTS
    assert list(verdict["seconds"]) == ["original", "backup", "restore", "verify"]
    assert not (home / "servers").resolve().joinpath("postgres").exists()


async def test_a_copy_of_a_changed_past_is_refused(url, home, root, monkeypatch):
    monkeypatch.chdir(root)
    with psycopg.connect(url) as superuser:
        superuser.execute("set session_replication_role = replica")
        superuser.execute("update record.page set entry = entry || '\\x20' where book = 'branch-3' and page = 5")
    code, verdict = await run_drill(url, home)
    assert code == 1
    assert verdict["first_fault"].startswith("position ")


async def test_a_server_that_does_not_answer_fails_the_drill_with_its_reason(home, root, monkeypatch):
    monkeypatch.chdir(root)
    code, verdict = await run_drill("postgresql://nobody@127.0.0.1:1/branchbook", home)
    assert (code, verdict["ok"]) == (1, False)
    assert "verify did not answer" in verdict["first_fault"]
