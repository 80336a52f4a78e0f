"""A branch of twelve members with an account each, and the door to its ballots, on a real PostgreSQL."""

import contextlib
import datetime as dt
import itertools
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import asyncpg

from events.ballots import BallotId, BallotKind, OptionCode
from events.base import OrgId, PersonId
from events.members import MemberStatus, Sex
from events.organisations import BranchType
from events.store.binder import bind
from events.store.postgres import dsn
from service.auth.actor import SYSTEM, Actor, Role
from service.ballots.door import Ballots
from service.ballots.papers import Paper, paper_of
from service.bus import LOCAL, Receipt
from service.config import Settings
from service.decide.ballots.opening import OpenBallot
from service.decide.base import Command
from service.decide.members.roll import RegisterMember
from service.decide.organisations.founding import FoundBranch, FoundCommittee
from service.parts import Parts, opened

C, A, B = OrgId("C"), OrgId("C-A"), OrgId("C-B")
FOUNDED = dt.date(2025, 1, 6)
PEOPLE = tuple(PersonId(f"p{number:02}") for number in range(1, 13))
LATE = "建账"


def today() -> dt.date:
    return dt.datetime.now(LOCAL).date()


def now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def member(person: PersonId) -> Actor:
    """The account of somebody in the branch."""
    return Actor(id=f"account-{person}", login=person, role=Role.MEMBER, organisation_id=A, person_id=person, subtree=frozenset({A}))


SECRETARY = Actor(id="secretary", login="secretary", role=Role.SECRETARY, organisation_id=A, person_id=PEOPLE[0], subtree=frozenset({A}))


def marked(*choice: str, receipt: str | None = None) -> Paper:
    return paper_of(tuple(OptionCode(code) for code in choice), receipt)


class World:
    """One process, and a connection of a superuser who looks at everything."""

    def __init__(self, parts: Parts, spy: Any) -> None:
        self.parts = parts
        self.spy = spy
        self.door = Ballots(parts)
        self._keys = itertools.count(1)

    def key(self) -> str:
        return f"key-{next(self._keys)}"

    async def send(self, org_id: OrgId, command: Command, actor: Actor = SYSTEM) -> Receipt:
        return await self.parts.bus.handle(org_id, command, actor, key=self.key(), now=now())

    async def open(self, ballot_id: str = "b1", **changed: Any) -> BallotId:
        told: dict[str, Any] = {"occurred_on": today(), "kind": BallotKind.MOTION, "title": "年度预算", "ballot_id": BallotId(ballot_id)}
        await self.send(A, OpenBallot(**(told | changed)), SECRETARY)
        return BallotId(ballot_id)

    async def cast(self, person: PersonId, *choice: str, ballot: str = "b1", key: str | None = None, receipt: str | None = None) -> Receipt:
        return await self.door.cast(member(person), A, BallotId(ballot), marked(*choice, receipt=receipt), key=key or self.key(), now=now())

    async def close(self, ballot: str = "b1", key: str | None = None) -> Receipt:
        return await self.door.close(SECRETARY, A, BallotId(ballot), key=key or self.key(), now=now())

    async def rows(self, ballot: str = "b1") -> list[Any]:
        """The box as a superuser sees it, in the order of the heap."""
        query = "select ctid::text, xmin::text, cmin::text, key, choice from service.ballot_box where ballot_id = $1 order by ctid"
        return list(await self.spy.fetch(query, ballot))

    async def bind(self) -> None:
        await bind(self.parts.reads)


@contextlib.asynccontextmanager
async def running(url: str, home: Path, people: tuple[PersonId, ...] = PEOPLE) -> AsyncIterator[World]:
    spy = await asyncpg.connect(dsn(url))
    try:
        async with opened(Settings(home=home, database_url=url)) as parts:
            world = World(parts, spy)
            await _found(world, people)
            yield world
    finally:
        await spy.close()


async def _found(world: World, people: tuple[PersonId, ...]) -> None:
    await world.send(C, FoundCommittee(occurred_on=FOUNDED, late_reason=LATE, name="示例委员会", short_name="示例委"))
    for branch in (A, B):
        founding = FoundBranch(
            occurred_on=FOUNDED,
            late_reason=LATE,
            branch_id=branch,
            name=f"{branch}党支部",
            short_name=branch,
            branch_type=BranchType.ORGAN,
            approval_no="示例1号",
        )
        await world.send(C, founding)
    for person in people:
        await world.send(A, registration(person))


def registration(person: PersonId, status: MemberStatus = MemberStatus.FULL) -> RegisterMember:
    return RegisterMember(
        occurred_on=FOUNDED,
        late_reason=LATE,
        person_id=person,
        name=f"示例{person}",
        sex=Sex.FEMALE,
        nationality="01",
        born_on=dt.date(1980, 5, 17),
        education="21",
        status=status,
        admitted_on=dt.date(2010, 7, 1),
        full_on=dt.date(2011, 7, 1),
    )
