"""A committee with two branches behind a bus, over either store."""

import datetime as dt
import itertools
from typing import Any

from events.base import Event, OrgId, PersonId
from events.dues import PaymentKind
from events.members import MemberStatus, Sex
from events.organisations import BranchType
from events.store.books import Append, Books, Unknown, Written
from events.store.keys import Keys, MemoryKeyStore
from events.store.record import Fact
from projections.standard.pack import default_pack
from service.auth.actor import SYSTEM, Actor, Role
from service.bus import Bus, Receipt
from service.decide.base import Command
from service.decide.dues.payments import ReceiveDues
from service.decide.members.roll import RegisterMember
from service.decide.organisations.founding import ChangeRule, FormGroup, FoundBranch, FoundCommittee, RegisterBranch
from tests.store.conftest import Store

C, A, B = OrgId("C"), OrgId("C-A"), OrgId("C-B")
NOW = dt.datetime(2026, 11, 24, 2, tzinfo=dt.UTC)
TODAY = dt.date(2026, 11, 24)
FOUNDED = dt.date(2026, 1, 5)
LATE = "补建台账"
ANN, BEN = PersonId("ann"), PersonId("ben")
ID_NUMBER = "990101198005170015"
MAX_FEN = "dues.max_month_fen"


class World:
    """Buses over one record; `bus` is the one that is used unless another is named."""

    def __init__(self, store: Store, books: Books | None = None) -> None:
        self.store = store
        self.books = books or store.books
        self.keys = Keys(MemoryKeyStore())
        self.bus = self.another()
        self._numbers = itertools.count(1)

    def another(self) -> Bus:
        """Another process over the same record."""
        return Bus(self.books, self.keys, default_pack())

    async def send(
        self, org_id: OrgId, command: Command, *, bus: Bus | None = None, key: str | None = None, actor: Actor = SYSTEM, **more: Any
    ) -> Receipt:
        key = key or f"key-{next(self._numbers)}"
        return await (bus or self.bus).handle(org_id, command, actor, key=key, now=more.pop("now", NOW), **more)

    async def events(self, org_id: OrgId, stream: str | None = None) -> list[Event]:
        return [fact.event for fact in await self.store.books.read(org_id, stream)]

    async def found(self) -> "World":
        """The committee, two branches, one member in each."""
        await self.send(C, FoundCommittee(occurred_on=FOUNDED, late_reason=LATE, name="示例委员会", short_name="示例"))
        for branch, person in ((A, ANN), (B, BEN)):
            founding = FoundBranch(
                occurred_on=FOUNDED,
                late_reason=LATE,
                branch_id=branch,
                name=f"{branch}党支部",
                short_name=branch,
                branch_type=BranchType.ORGAN,
                approval_no="示例1号",
            )
            await self.send(C, founding)
            await self.send(branch, member(person))
        return self


class LosesAnswers:
    """Books whose connection dies after the first append was written."""

    def __init__(self, books: Books) -> None:
        self._books = books
        self.lost = 0
        self.lose = 0

    async def append(self, request: Append) -> list[Written]:
        written = await self._books.append(request)
        if self.lost < self.lose:
            self.lost += 1
            raise Unknown
        return written

    async def read(self, book: OrgId, stream: str | None = None, after: int = 0, limit: int = 100_000) -> list[Fact[Event]]:
        return await self._books.read(book, stream, after, limit)

    async def streams(self, book: OrgId, prefix: str) -> list[str]:
        return await self._books.streams(book, prefix)

    async def recorded(self, book: OrgId, key: str) -> tuple[bytes, list[Written]] | None:
        return await self._books.recorded(book, key)


def member(person_id: PersonId, /, **changed: Any) -> RegisterMember:
    told: dict[str, Any] = {
        "occurred_on": FOUNDED,
        "late_reason": LATE,
        "person_id": person_id,
        "name": f"示例{person_id}",
        "sex": Sex.FEMALE,
        "nationality": "01",
        "born_on": dt.date(1980, 5, 17),
        "education": "21",
        "status": MemberStatus.FULL,
        "admitted_on": dt.date(2010, 7, 1),
        "full_on": dt.date(2011, 7, 1),
    }
    return RegisterMember(**(told | changed))


def particulars(venue: str = "二楼", on: dt.date = TODAY) -> RegisterBranch:
    return RegisterBranch(occurred_on=on, contact="示例", phone="010-00000000", venue=venue)


def group(name: str = "第一党小组", **changed: Any) -> FormGroup:
    told: dict[str, Any] = {"occurred_on": TODAY, "name": name}
    return FormGroup(**(told | changed))


def dues(person_id: PersonId, amount_fen: int, on: dt.date = TODAY, **changed: Any) -> ReceiveDues:
    told: dict[str, Any] = {
        "occurred_on": on,
        "late_reason": LATE,
        "person_id": person_id,
        "month": f"{on:%Y-%m}",
        "amount_fen": amount_fen,
        "collector": person_id,
    }
    return ReceiveDues(**(told | changed))


def gift(person_id: PersonId, amount_fen: int) -> ReceiveDues:
    return dues(person_id, amount_fen, kind=PaymentKind.VOLUNTARY)


def rule(key: str, value: Any, effective_from: dt.date) -> ChangeRule:
    return ChangeRule(occurred_on=TODAY, key=key, value=value, effective_from=effective_from, reason="上级决定")


def actor(role: Role, org_id: OrgId, *below: OrgId) -> Actor:
    return Actor(id=f"{role}@{org_id}", login=str(role), role=role, organisation_id=org_id, subtree=frozenset((org_id, *below)))
