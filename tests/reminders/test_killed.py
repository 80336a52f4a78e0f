"""`kill -9` of the process that mails, wherever it is: no letter is lost, and none comes twice but where nobody can know."""

import asyncio
import contextlib
import datetime as dt
import os
import sys
from pathlib import Path

from msgspec.structs import replace

from service.config import Settings, environment
from service.reminders.outbox import LEASE
from service.reminders.post import post
from tests.reminders.sink import Sink
from tests.reminders.world import NOON, World

ROOT = Path(__file__).parents[2]
ONE_ROUND = """
import asyncio, datetime as dt, sys
from projections.engine.database import engine_for
from service.config import load
from service.reminders.post import post
settings = load()
asyncio.run(post(engine_for(settings.database()), settings, dt.datetime.fromisoformat(sys.argv[1]), lambda: False))
"""


PHASES = (("RCPT", False, 1), (".", False, 2), (".", True, 2))
"""Killed at this verb, before or just after it is answered; how many copies may come at most."""


async def test_a_mailer_that_is_killed_loses_no_letter(world: World, server: Sink):
    """Only once the server has the text may a second copy come, with the same Message-ID, and not before a lease has passed."""
    await world.mailbox("secretary")
    settings = replace(world.settings, mail_url=server.url, mail_from="支部台账 <branchbook@example.cn>")
    for day, (verb, after, copies) in enumerate(PHASES):
        noon, before = NOON + dt.timedelta(days=day), len(server.mails)
        await world.raised(f"DL-01:2026-0{day + 1}")
        await world.reminded(f"DL-01:2026-0{day + 1}")
        await killed_at(verb, after, settings, server, noon)
        assert await post(world.engine, settings, noon + LEASE / 2, lambda: False) == 0
        handed_over = await post(world.engine, settings, noon + LEASE + dt.timedelta(seconds=1), lambda: False)
        assert handed_over == 1 or after
        assert await post(world.engine, settings, noon + dt.timedelta(hours=1), lambda: False) == 0
        mine = server.mails[before:]
        assert 1 <= len(mine) <= copies
        assert len({mail["Message-ID"] for mail in mine}) == 1
    assert await world.all("select state, count(*) from service.mail group by 1") == [("sent", len(PHASES))]
    assert len({mail["Message-ID"] for mail in server.mails}) == len(PHASES)


async def killed_at(verb: str, after: bool, settings: Settings, server: Sink, noon: dt.datetime) -> None:
    """One round in a process of its own, which does not end by itself."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", ONE_ROUND, noon.isoformat(), env={**os.environ, **environment(settings), "PYTHONPATH": str(ROOT)}
    )

    def kill() -> None:
        with contextlib.suppress(ProcessLookupError):
            process.kill()

    def soon() -> None:
        asyncio.get_running_loop().call_soon(kill)

    server.before[verb] = soon if after else kill
    await asyncio.wait_for(process.wait(), 30)
