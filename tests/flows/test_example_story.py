"""The year of the example committee: every register of every ledger has a row, every norm its events, and nothing is refused."""

import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import pytest_asyncio

from events.base import Event, OrgId, tag_of
from events.catalog import EVENTS
from events.organisations import OrganisationFounded
from events.store.memory import MemoryBooks
from events.store.record import Fact
from projections.engine.fold import Projection
from projections.engine.merge import ledger_rows
from projections.engine.replay import replay
from projections.ledgers.catalog import LEDGERS, REGISTERS
from projections.ledgers.silent import SILENT, TOLD_LATER
from projections.standard.event_names import event_names
from projections.standard.norms import Norm
from projections.standard.pack import default_pack
from service.bus import Bus
from service.decide.catalog import PROCEDURES
from service.imports.example import load_example
from service.imports.story import stories
from service.procedures import standings
from tests.flows.import_world import EXAMPLE, NOW, recorder, terms

BRANCHES = [OrgId(f"SL-B{number:02d}") for number in range(1, 13)]
SECONDS = 20
"""Of work, whatever else the machine does."""
VIEWS = [ledger.PROJECTION for ledger in LEDGERS]
WITH_A_LINE = {tag_of(event) for view in VIEWS for event in view.handlers}
NORMS = default_pack().standard.norm
PROOFS = {one.name: one.by for one in event_names()}
PAGES = 5_000


@dataclass(frozen=True)
class Year:
    """The example as recorded."""

    bus: Bus
    books: MemoryBooks
    facts: dict[OrgId, list[Fact[Event]]]
    seconds: float

    def events(self) -> list[Event]:
        return [fact.event for facts in self.facts.values() for fact in facts]


async def whole(books: MemoryBooks, org_id: OrgId) -> list[Fact[Event]]:
    facts: list[Fact[Event]] = []
    while more := await books.read(org_id, after=facts[-1].page if facts else 0, limit=PAGES):
        facts += more
    return facts


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def year() -> Year:
    """Loading raises when a row is not understood or a rule refuses it."""
    bus, books, keys = recorder()
    begun = time.process_time()
    await load_example(bus, books, keys, terms())
    seconds = time.process_time() - begun
    return Year(bus, books, {org_id: await whole(books, org_id) for org_id in (OrgId("SL"), *BRANCHES)}, seconds)


@pytest.fixture(scope="module")
def rows(year: Year):
    return [row for facts in year.facts.values() for row in ledger_rows(replay(VIEWS, facts))]


@pytest.mark.asyncio(loop_scope="module")
async def test_the_example_is_recorded_without_a_refusal_and_soon(year: Year):
    assert sum(isinstance(event, OrganisationFounded) for event in year.events()) == 13
    assert year.seconds < SECONDS


def test_every_register_of_every_ledger_has_a_row(rows):
    filled = Counter((row["ledger"], row["register"]) for row in rows)
    assert [(one.ledger, one.code) for one in REGISTERS if not filled[one.ledger, one.code]] == []


def test_some_rows_are_struck_and_stay(rows):
    assert {row["ledger"] for row in rows if row["struck_by"] is not None} >= {"L02", "L03", "L06", "L07", "L10"}


def test_no_row_is_struck_or_completed_that_was_never_entered(rows):
    assert [(row["register"], row["key"]) for row in rows if row["event_id"] is None or row["occurred_on"] is None] == []


def test_every_event_has_a_line_in_a_ledger_or_a_reason():
    assert EVENTS.keys() - WITH_A_LINE == SILENT.keys()
    assert set(EVENTS) >= WITH_A_LINE


def test_what_has_a_handler_gives_a_row_or_says_where_it_is_told(year: Year, shown):
    happened = {tag_of(event) for event in year.events()} & WITH_A_LINE
    assert happened - {tag_of(event) for event in shown} == TOLD_LATER.keys()


@pytest.fixture(scope="module")
def shown(year: Year) -> list[Event]:
    """The events that a reader of the ledgers can see."""
    return [fact.event for facts in year.facts.values() for view in VIEWS for fact in telling(view, facts)]


def telling(view: Projection[Any], facts: list[Fact[Event]]) -> Iterator[Fact[Event]]:
    """The facts of a book that write or strike a row of this ledger."""
    state = view.start()
    for fact in facts:
        handler = view.handlers.get(type(fact.event))
        if handler is not None and list(handler(state, fact)):
            yield fact


def test_the_reasons_are_told():
    assert [tag for tag, reason in {**SILENT, **TOLD_LATER}.items() if len(reason) < 20] == []


@pytest.mark.parametrize("norm", NORMS, ids=lambda norm: norm.id)
def test_every_norm_is_lived_through_from_the_command_to_the_register(shown, norm: Norm):
    """Each of its tasks has evidence somewhere in the year that writes a row of a ledger."""
    without = [task.id for task in norm.task if not any(proof.holds(event) for event in shown for proof in proofs(task.evidence))]
    assert without == []


def proofs(evidence: tuple[str, ...]):
    """What records the events that the rule sheet names, whatever it says of their arguments."""
    return [proof for name in evidence for proof in PROOFS[name.partition("(")[0]]]


@pytest.mark.asyncio(loop_scope="module")
async def test_procedures_of_every_kind_are_over_or_wait_for_something(year: Year):
    today = NOW.date()
    found = [one for branch in BRANCHES for one in await standings(year.bus, year.books, branch, today)]
    assert {one.kind for one in found} == PROCEDURES.keys()
    assert {one.over for one in found} == {True, False}
    waiting = {(one.kind, one.subject) for one in found if not one.over}
    assert waiting >= {("admission", "story-target"), ("admission", "story-activist"), ("disposition", "story-disposition")}


def test_a_branch_has_lived_more_than_another(rows):
    """Some are clearly behind: registers that the first fills, and that hold nothing of theirs."""
    filled: dict[str, set[tuple[str, str]]] = {branch: set() for branch in BRANCHES}
    for row in rows:
        if row["org_id"] in filled:
            filled[row["org_id"]].add((row["ledger"], row["register"]))
    counts = sorted(len(registers) for registers in filled.values())
    assert counts[-1] >= 3 * counts[0]


def test_the_story_is_told_in_chapters_that_are_short_enough_to_read():
    chapters = stories(EXAMPLE)
    assert len(chapters) > 10
    assert [path.name for path in chapters if path.read_text(encoding="utf-8").count("\n") > 400] == []
