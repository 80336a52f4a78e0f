"""What the random life of branches is driven and judged by: two processes over one record, and what must hold after every step."""

import asyncio
import datetime as dt
import itertools
from collections.abc import Sequence
from typing import Any

import msgspec
from hypothesis.stateful import RuleBasedStateMachine

from events.base import Event, OrgId, PersonId
from events.store import codec
from events.store.memory import MemoryBooks, MemoryJournal
from events.store.record import Fact
from projections.catalog import every_projection
from projections.engine.merge import Merge, apply
from projections.engine.replay import replay
from service.bus import Bus
from service.decide.base import Command, Fold
from service.decide.dues.state import DUES
from service.decide.meetings.state import MEETING
from service.decide.roster import ROSTER
from service.decide.transfers.state import TRANSFERS
from service.errors import BranchbookError, KeyReused, Refused
from tests.flows.bus_world import A, B, C, World
from tests.flows.plain_branches import Plain
from tests.flows.plain_roll import NOTHING, OK
from tests.store.conftest import Store

D = OrgId("C-D")
BRANCHES = (A, B, D)
PEOPLE = tuple(PersonId(f"p{n}") for n in range(12))
FOLDS: dict[str, Fold[Any]] = {"roster": ROSTER, "dues": DUES, "transfers": TRANSFERS}


class Life(RuleBasedStateMachine):
    """The plain model, the record, and two buses that take turns (so that each finds its memory old)."""

    def __init__(self) -> None:
        super().__init__()
        self.plain = Plain()
        self.today = dt.date(2026, 3, 2)
        self.runner = asyncio.Runner()
        self.memory = MemoryBooks()
        self.world = World(Store(self.memory, MemoryJournal(self.memory.store)))
        self.buses: tuple[Bus, ...] = (self.world.bus, self.world.another())
        self.told: list[tuple[OrgId, Command, str, bytes]] = []
        self.facts: dict[OrgId, list[Fact[Event]]] = {org: [] for org in (C, *BRANCHES)}
        self.folded: dict[tuple[OrgId, str], Any] = {}
        self.rows: dict[OrgId, Merge] = {org: Merge() for org in (C, *BRANCHES)}
        self.states = {(org, view.name): view.start() for org in (C, *BRANCHES) for view in every_projection()}
        self.count = itertools.count(1)

    def teardown(self) -> None:
        try:
            self.views_are_the_same_at_once()
        finally:
            self.runner.close()

    # -- sending

    def new(self, kind: str) -> str:
        return f"{kind}-{next(self.count)}"

    def person(self, org: str, n: int) -> PersonId:
        """Mostly somebody of the branch, now and then anybody."""
        here = sorted(self.plain.members(org, self.today))
        return PersonId(here[n % len(here)]) if here and n % 12 != 11 else PEOPLE[n % len(PEOPLE)]

    def pick(self, names: Sequence[str], n: int) -> str | None:
        """One of the newest of these."""
        return names[-1 - n % min(len(names), 4)] if names else None

    def pages(self) -> dict[OrgId, int]:
        return {org: len(self.memory.store.pages.get(org, ())) for org in self.facts}

    def answer(self, org: OrgId, command: Command, key: str, turn: int) -> tuple[str, bytes]:
        """What the system says, in the words of the model, and the bytes of the receipt."""
        now = dt.datetime.combine(self.today, dt.time(4), dt.UTC)
        try:
            receipt = self.runner.run(self.world.send(org, command, bus=self.buses[turn % 2], key=key, now=now))
        except Refused as refused:
            return refused.rule, b""
        except BranchbookError as error:
            return type(error).__name__, b""
        return OK if receipt.events else NOTHING, receipt.raw

    def send(self, org: OrgId, command: Command, expected: str) -> None:
        """The answer is the model's; what is refused leaves no trace; told again by the other process it is the same."""
        key, turn = self.new("key"), next(self.count)
        before, claims = self.pages(), dict(self.memory.store.claims)
        answer, raw = self.answer(org, command, key, turn)
        assert answer == expected, command
        self.catch_up()
        if answer != OK:
            assert self.pages() == before
            assert self.memory.store.claims == claims
        if answer not in {OK, NOTHING}:
            assert self.runner.run(self.memory.recorded(org, key)) is None
            return
        self.told.append((org, command, key, raw))
        self.repeat(len(self.told) - 1, turn + 1)

    def repeat(self, n: int, turn: int) -> None:
        """A key gives the same bytes for ever, and is refused for anything else."""
        org, command, key, raw = self.told[n]
        before = self.pages()
        _, again = self.answer(org, command, key, turn)
        assert again == raw
        other = msgspec.structs.replace(command, late_reason="另一份")
        assert self.answer(org, other, key, turn)[0] == KeyReused.__name__
        assert self.pages() == before

    # -- what must hold after every step

    def catch_up(self) -> None:
        """Reads the new pages, and folds the views over them one by one, each state stored and loaded as the engine does it."""
        for org, facts in self.facts.items():
            for _, entry, *_ in self.memory.store.pages.get(org, [])[len(facts) :]:
                fact = codec.decode(entry)
                facts.append(fact)
                for view in every_projection():
                    state = self.states[org, view.name]
                    part = Merge()
                    apply(view, state, [fact], part)
                    self.states[org, view.name] = msgspec.msgpack.decode(msgspec.msgpack.encode(state), type=type(state))
                    self.rows[org].absorb(part)

    def views_are_the_same_at_once(self) -> None:
        for org, facts in self.facts.items():
            assert replay(every_projection(), facts).tables == self.rows[org].tables
            assert [row.key for row in self.rows[org].tables["ledger_row"].values() if "event_id" not in row.values] == []

    def fold(self, org: OrgId, stream: str, fold: Fold[Any], page: int | None = None) -> Any:
        """The book played through a fold from its first page."""
        state = fold.initial
        for fact in self.facts[org][:page]:
            if fact.event.stream() == stream:
                state = fold.evolve(state, fact.event)
        return state

    def memories_are_what_the_book_says(self) -> None:
        """What a process remembers, old or new, is the book folded up to the page where it stood."""
        for bus in self.buses:
            for (org, stream), known in bus._history._streams.items():
                fold: Fold[Any] | None = MEETING if stream.startswith("meeting-") else FOLDS.get(stream)
                seen = known.get(fold.name) if fold is not None else None
                if fold is not None and seen is not None:
                    assert seen.state == self.fold(org, stream, fold, seen.page)

    def rolls_agree(self) -> None:
        """Everybody is in one branch at most, on any day; groups, votes and standing are the model's."""
        rosters = {org: self.fold(org, "roster", ROSTER) for org in BRANCHES}
        for day in (self.today, self.today - dt.timedelta(days=7), self.today - dt.timedelta(days=40)):
            for org, roster in rosters.items():
                assert roster.members_on(day) == self.plain.members(org, day)
                assert roster.voters_on(day) == self.plain.voters(org, day)
        holders = [(p, org) for org, roster in rosters.items() for p, m in roster.members.items() if m.belongs.until is None]
        assert dict(holders) == self.plain.where
        assert len(holders) == len(self.plain.where)
        for person, org in holders:
            assert rosters[org].group_of(person, self.today) == self.plain.group_of(org, person, self.today)

    def money_agrees(self) -> None:
        for org in BRANCHES:
            dues = self.fold(org, "dues", DUES)
            assert dues.balance_fen == self.plain.balance(org) >= 0
            paid = {(e["person"], e["month"]) for e in self.plain.entries.values() if e["org"] == org and e["kind"] == "payment"}
            assert {(p, m): dues.paid_fen(p, m) for p, known in dues.payments.items() for m in known} == {
                (p, m): self.plain.paid_fen(org, p, m) for p, m in paid
            }
            numbers = [p.receipt_no for known in dues.payments.values() for paid in known.values() for p in paid if p.receipt_no]
            assert sorted(numbers) == sorted(self.plain.receipts[org])

    def letters_agree(self) -> None:
        for org in BRANCHES:
            known = self.fold(org, "transfers", TRANSFERS)
            mine = {name: letter for name, letter in self.plain.letters.items() if letter.org == org}
            assert {n: (x.issued.number, x.stage.value) for n, x in known.issued.items()} == {
                n: (x.number, x.stage) for n, x in mine.items()
            }

    def votes_agree(self) -> None:
        for name, held in self.plain.meetings.items():
            meeting = self.fold(OrgId(held.org), f"meeting-{name}", MEETING)
            assert frozenset(meeting.held.due) == held.due
            assert frozenset(meeting.held.present) == held.present
            for motion, told in zip(meeting.motions, held.motions, strict=True):
                assert (motion.voters_due, motion.voters_present, motion.passed) == (told.base, told.voters, told.passed)
                assert motion.yes + motion.no + motion.abstain <= motion.voters_present <= motion.voters_due
