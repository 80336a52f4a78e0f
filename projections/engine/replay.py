"""One book as of a date on both clocks, folded in memory by the functions that follow the journal."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from events.base import Event
from events.store.record import Fact
from projections.engine.fold import Projection
from projections.engine.merge import Merge, apply


def known(facts: Iterable[Fact[Event]], *, as_of: dt.date | None = None, known_at: dt.datetime | None = None) -> list[Fact[Event]]:
    """What had happened by `as_of` (inclusive) and was recorded by `known_at`, in page order."""
    limit = None if known_at is None else int(known_at.timestamp() * 1_000_000)
    return [fact for fact in facts if (as_of is None or fact.event.occurred_on <= as_of) and (limit is None or fact.recorded_at <= limit)]


def replay(projections: Sequence[Projection[Any]], facts: Sequence[Fact[Event]]) -> Merge:
    """The rows that follow from these facts of one book, in page order. Raises `Poison`."""
    merge = Merge()
    for projection in projections:
        apply(projection, projection.start(), facts, merge)
    return merge
