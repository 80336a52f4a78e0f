"""A branch of five full members behind a bus over a store in memory: what walks of cases and entries are told in."""

import datetime as dt
import itertools
from typing import Any

from events.base import MeetingId, OrgId, PersonId
from events.meetings import MeetingKind
from events.organisations import BranchType
from events.store.keys import Keys, MemoryKeyStore
from events.store.memory import MemoryBooks
from projections.engine.merge import ledger_rows
from projections.engine.replay import replay
from projections.ledgers import l05_supervision
from projections.standard.pack import default_pack
from service.auth.actor import SYSTEM, Actor
from service.bus import Bus, Receipt
from service.decide.base import Command
from service.decide.meetings.attendance import RecordMeetingHeld
from service.decide.organisations.founding import FoundBranch, FoundCommittee
from service.decide.roster import ROSTER, Roster
from tests.flows.bus_world import A, C, member

ANN, BEN, CAI, DAN, EVE = PEOPLE = tuple(PersonId(name) for name in ("ann", "ben", "cai", "dan", "eve"))
NOW = dt.datetime(2026, 11, 24, 2, tzinfo=dt.UTC)


def on(month: int, number: int, **more: Any) -> dict[str, Any]:
    return {"occurred_on": dt.date(2026, month, number), "late_reason": "补建台账", **more}


def general(name: str, month: int, number: int) -> RecordMeetingHeld:
    return RecordMeetingHeld(
        **on(month, number),
        meeting_id=MeetingId(name),
        kind=MeetingKind.GENERAL,
        topic="讨论事项",
        chair=ANN,
        recorder=BEN,
        delegation_note="受上级委托",
        notice_sent_on=dt.date(2026, month, number) - dt.timedelta(days=7),
    )


class Branch:
    """A branch of five full members without a committee, over a store in memory."""

    def __init__(self) -> None:
        self.books = MemoryBooks()
        self.keys = Keys(MemoryKeyStore())
        self.bus = Bus(self.books, self.keys, default_pack())
        self.numbers = itertools.count(1)

    async def send(self, *commands: Command, to: OrgId = A, by: Actor = SYSTEM) -> list[Receipt]:
        return [await self.bus.handle(to, command, by, key=f"key-{next(self.numbers)}", now=NOW) for command in commands]

    async def begin(self) -> "Branch":
        await self.send(FoundCommittee(**on(1, 5), name="示例委员会", short_name="示例"), to=C)
        branch = FoundBranch(**on(1, 5), branch_id=A, name="一支部", short_name="一", branch_type=BranchType.ORGAN, approval_no="1号")
        await self.send(branch, to=C)
        await self.send(*(member(person, **on(1, 5)) for person in PEOPLE))
        return self

    async def roster(self) -> Roster:
        roster = ROSTER.initial
        for fact in await self.books.read(A, "roster"):
            roster = ROSTER.evolve(roster, fact.event)
        return roster

    async def rows(self, register: str) -> list[dict[str, Any]]:
        facts = await self.books.read(A)
        return [row for row in ledger_rows(replay([l05_supervision.PROJECTION], facts)) if row["register"] == register]

    def stored(self) -> str:
        """Everything that the branch's book holds, as it is kept."""
        return b"".join(entry for _, entry, *_ in self.books.store.pages[A]).decode()
