"""A year's scores of a whole committee, from the events on, in one process: what `standard what-if` does for each branch."""

import datetime as dt
import time
from collections.abc import Iterator

from events.base import Event, OrgId
from events.store.record import Fact
from projections.scores import Reader, fold_and_score
from projections.standard.pack import default_pack
from projections.standard.scoring import Scorer
from service.bench.measure import Measure, median
from service.bench.synthetic import founding, month_of_life, org

BRANCHES = 2_000
MONTHS = 12
YEAR = 2025
ON = dt.date(YEAR + 1, 2, 1)
ROUNDS = 3
SECONDS = 60.0


def book(branch: OrgId) -> list[Fact[Event]]:
    """A year of one branch, as it is read from its book."""
    return [
        Fact(
            position=-1, book=branch, page=page, event_id=f"{branch}-{page}", actor="bench", recorded_at=page, late_reason=None, event=event
        )
        for page, event in enumerate(_events(branch), start=1)
    ]


def _events(branch: OrgId) -> Iterator[Event]:
    yield from founding(branch)
    for month in range(1, MONTHS + 1):
        yield from month_of_life(branch, dt.date(YEAR, month, 1))


async def scores_of_a_year(_server: str, events: int | None) -> Measure:
    """Target: 2,000 branches in 60 s. Fewer are measured when fewer events are asked for, and the time is scaled up to 2,000."""
    size = len(book(org(0)))
    branches = BRANCHES if events is None else max(1, min(BRANCHES, events // size))
    runs = [_seconds(branches) * BRANCHES / branches for _ in range(ROUNDS)]
    return Measure(
        value=median(runs),
        unit="s",
        runs=runs,
        peers={},
        ratio=SECONDS / median(runs),
        target="60 s for 2,000 branches",
        met=median(runs) < SECONDS,
        settings={"branches": branches, "events": branches * size, "deadlines": len(default_pack().deadlines)},
    )


def _seconds(branches: int) -> float:
    """Folding and scoring; making the books up is not counted."""
    pack = default_pack()
    reader, scorer = Reader(pack), Scorer(pack, YEAR)
    spent = 0.0
    for number in range(branches):
        facts = book(org(number))
        began = time.perf_counter()
        fold_and_score(reader, scorer, facts, (), ON, draft=True)
        spent += time.perf_counter() - began
    return spent
