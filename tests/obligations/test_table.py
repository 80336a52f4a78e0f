"""The rows in a real PostgreSQL: written as the engine does, read back they are what the view said."""

from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest

from events.meetings import MeetingKind
from projections.catalog import metadata
from projections.engine.writer import Writer
from projections.obligations_state import Obligation, from_row
from projections.standard.forecast import BranchFacts
from service.jobs.plan import facts_of, steps
from tests.obligations.world import ANN, BEN, CAI, LETTER, PACK, Branch, assessed, day, founded, grouped, held, joined, letter, paid, seated


@pytest.fixture
async def connection(database_url: str) -> AsyncIterator[Any]:
    opened = await asyncpg.connect(database_url)
    yield opened
    await opened.close()


async def rows(connection: Any) -> dict[str, Obligation]:
    found = await connection.fetch("select * from views.obligation where org_id = 'b1'")
    return {row["obligation_id"]: from_row(row) for row in found}


async def facts(connection: Any) -> BranchFacts:
    return facts_of(await connection.fetch("select * from views.obligation_subject where org_id = 'b1' order by kind, subject"), ())


async def test_a_year_of_a_branch_reads_back_as_it_was_folded(connection):
    branch = Branch(founded(), grouped(), seated(ANN, BEN, CAI), joined(ANN), joined(BEN), assessed(ANN, 100), assessed(BEN, 200))
    writer = Writer(metadata, "views")
    for number, today in enumerate(("2026-01-15", "2026-02-01", "2026-02-25", "2026-04-20")):
        branch.happen(held(f"m{number}", MeetingKind.GENERAL, today), paid(ANN, "2026-02", 40, today))
        branch.sweep(today)
        await writer.write(connection, branch.merge)
    branch.happen(letter("2026-04-20", "2026-05-20"))
    await writer.write(connection, branch.merge)
    assert await rows(connection) == branch.rows
    assert set((await facts(connection)).subjects) == set(branch.facts.subjects)


async def test_a_worker_that_reads_the_tables_plans_what_one_in_memory_does(connection):
    branch = Branch(founded(), grouped(), joined(ANN), assessed(ANN, 100), letter("2026-03-01", "2026-03-31"))
    branch.sweep("2026-03-01")
    await Writer(metadata, "views").write(connection, branch.merge)
    planned = steps(PACK, await facts(connection), await rows(connection), day("2026-04-08"))
    assert {step.key for step in planned} == {step.key for step in branch.plan("2026-04-08")}
    assert {f"DL-30:{LETTER}:expire:2026-03-31", "DL-05:2026-03:arrears:ann", "DL-07:2026-Q1:escalate:2026-03-31"} <= {
        s.key for s in planned
    }
