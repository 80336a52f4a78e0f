"""What a committee of 2,000 branches waits for at 1,000,000 events: the grid in each of its orders, and everything told of all branches."""

import datetime as dt
import tempfile
import time
from pathlib import Path
from urllib.parse import urlencode

import msgspec

from events.base import OrgId
from events.store.keys import FileKeyStore, Keys, MemoryKeyStore
from projections.engine.origin import renew
from projections.engine.rebuild import catch_up
from service.auth.actor import Role
from service.bench.duties import begin_of_life, dutiful_life
from service.bench.measure import Measure, median, percentile
from service.bench.processes import Client
from service.bench.server import database, shown_settings
from service.bench.serving import served, tokens
from service.bench.synthetic import COMMITTEE, org
from service.bench.views import record
from service.bus import LOCAL

BRANCHES, EVENTS = 2_000, 1_000_001
SAMPLED = 50
"""Branches that are asked about in turn."""
PROMISED_REQUESTS, OTHER_REQUESTS = 300, 20
WARM_UP = 10
ROUNDS = 3
TARGET_MS = 100.0


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """An address, with `{org}` where it is about one branch; `desk`: a page of the desk instead of an answer of the API."""

    name: str
    path: str
    desk: bool = False
    promised: bool = True


def asked(begin: dt.date) -> tuple[Asked, ...]:
    """All that is measured, over the year in which life went on."""
    year = urlencode({"from": begin, "to": begin.replace(month=12, day=31)})
    window = urlencode({"from": begin - dt.timedelta(days=1)})
    return (
        Asked(name="grid", path=f"/api/v1/grid?{year}"),
        Asked(name="grid ranked", path=f"/api/v1/grid?{year}&ranked=true"),
        Asked(name="grid only overdue", path=f"/api/v1/grid?{year}&overdue=true"),
        Asked(name="desk grid ranked", path=f"/admin/grid?year={begin.year}&order=overdue", desk=True),
        Asked(name="desk norm drill-down", path=f"/admin/b/{{org}}/norms/N02?year={begin.year}", desk=True),
        Asked(name="obligations of a branch", path=f"/api/v1/orgs/{{org}}/obligations?{year}"),
        Asked(name="trends of all", path="/api/v1/trends", promised=False),
        Asked(name="statistics of all", path="/api/v1/statistics", promised=False),
        Asked(name="statistics of all, a past day", path=f"/api/v1/statistics?as_of={begin}", promised=False),
        Asked(name="changes of all", path=f"/api/v1/changes?{window}", promised=False),
        Asked(name="desk home of the committee", path="/admin/", desk=True, promised=False),
    )


async def across_at_scale(server: str, events: int | None) -> Measure:
    """Target at 1,000,001 events of 2,000 branches and 44,000 members: the grid and a branch's obligations in p99 <= 100 ms."""
    begin = begin_of_life(dt.datetime.now(LOCAL).date())
    with tempfile.TemporaryDirectory() as home:
        Keys(FileKeyStore(Path(home) / "keys"))
        async with database(server) as url:
            await renew(url)  # signs the views as made by this code
            size = await record(url, dutiful_life(BRANCHES, events or EVENTS, Keys(MemoryKeyStore()), begin))
            await catch_up(url)
            token = (await tokens(url, Role.COMMITTEE_OFFICER, [COMMITTEE]))[COMMITTEE]
            async with served(url, Path(home)) as port:
                rounds = [[await _timed(port, token, one) for one in asked(begin)] for _ in range(ROUNDS)]
    questions = asked(begin)
    promised = [number for number, one in enumerate(questions) if one.promised]
    slowest = [1000 * max(percentile(times[number], 0.99) for number in promised) for times in rounds]
    value = median(slowest)
    return Measure(
        value=value,
        unit="ms (p99, the slowest of what is promised)",
        runs=slowest,
        peers=_figures(questions, rounds),
        ratio=None,
        target="p99 <= 100 ms for the grid and a branch's obligations",
        met=value <= TARGET_MS,
        settings={**await shown_settings(server), "events": size, "branches": BRANCHES, "requests": PROMISED_REQUESTS},
    )


def _figures(questions: tuple[Asked, ...], rounds: list[list[list[float]]]) -> dict[str, float]:
    """Medians of the rounds."""
    return {
        f"{one.name} p{share:.0%}".rstrip("%"): 1000 * median([percentile(times[number], share) for times in rounds])
        for number, one in enumerate(questions)
        for share in (0.5, 0.99)
    }


async def _timed(port: int, token: str, one: Asked) -> list[float]:
    """Seconds of each request, one after the other, over the sampled branches in turn."""
    client = Client(port)
    headers = f"Cookie: sid={token}\r\n" if one.desk else f"Authorization: Bearer {token}\r\n"
    times = []
    requests = PROMISED_REQUESTS if one.promised else OTHER_REQUESTS
    for n in range(-WARM_UP if one.promised else -1, requests):
        branch: OrgId = org(n % SAMPLED * (BRANCHES // SAMPLED))
        began = time.perf_counter()
        status, text = await client.ask("GET", one.path.format(org=branch), headers=headers)
        if status != 200:
            raise RuntimeError(f"{one.path}: {status} {text[:200]!r}")
        if n >= 0:
            times.append(time.perf_counter() - began)
    client.close()
    return times
