"""Rows that PostgreSQL cannot hold are poison like an event that cannot be folded; here their event is found."""

from collections.abc import Iterable
from typing import Any

import asyncpg

from events.base import Event
from events.store.record import Fact
from projections.engine.fold import Projection
from projections.engine.merge import Merge, Poison, apply
from projections.engine.writer import Writer

UNWRITABLE = (asyncpg.DataError, asyncpg.IntegrityConstraintViolationError, asyncpg.ProgramLimitExceededError)
"""What says that a row is at fault, and not the database."""


async def first_unwritable(
    connection: Any, writer: Writer, projection: Projection[Any], state: Any, facts: Iterable[Fact[Event]]
) -> Poison | None:
    """The first of one book's facts whose rows cannot be written. `state` is used up. Leaves nothing written; slow, and seldom needed."""
    trial = connection.transaction()
    await trial.start()
    try:
        for fact in facts:
            rows = Merge()
            apply(projection, state, [fact], rows)
            try:
                async with connection.transaction():
                    await writer.write(connection, rows)
            except UNWRITABLE as error:
                return Poison(fact, error)
    except Poison as poison:
        return poison
    finally:
        await trial.rollback()
    return None
