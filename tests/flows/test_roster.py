"""One member, one branch, one number, through the bus and across books (INV-001), and what a sheet then calls them."""

import datetime as dt
import itertools
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from events.base import OrgId, PersonId
from events.members import LeftGround, MemberStatus, Sex
from events.organisations import BranchType
from service.auth.actor import SYSTEM
from service.decide.base import Command
from service.decide.members.roll import ChangeMemberProfile, RegisterMember
from service.decide.members.standing import EndMembership
from service.decide.organisations.founding import FoundBranch, FoundCommittee
from service.errors import Refused
from service.imports.known import known_directory
from tests.flows.import_world import recorder

COMMITTEE, FIRST, SECOND = OrgId("C1"), OrgId("B1"), OrgId("B2")
ANN, BEN = PersonId("ann"), PersonId("ben")
WRONG, RIGHT = "990101198005170015", "99010119800517004X"
DAY = dt.date(2026, 11, 2)
NOW = dt.datetime(2026, 11, 24, 2, tzinfo=dt.UTC)


class Recorder:
    """Records by hand, each command once."""

    def __init__(self) -> None:
        self.bus, self.books, self.keys = recorder()
        self._turn = itertools.count()

    async def record(self, org_id: OrgId, command: Command) -> list[str]:
        receipt = await self.bus.handle(org_id, command, SYSTEM, key=f"turn-{next(self._turn)}", now=NOW)
        return [event.type for event in receipt.events]

    async def refusal(self, org_id: OrgId, command: Command) -> tuple[str, ...]:
        with pytest.raises(Refused) as refused:
            await self.record(org_id, command)
        return (refused.value.rule, *refused.value.fields)


@pytest_asyncio.fixture
async def two_branches() -> AsyncIterator[Recorder]:
    world = Recorder()
    await world.record(COMMITTEE, FoundCommittee(occurred_on=DAY, name="机关党委", short_name="机关党委"))
    for branch in (FIRST, SECOND):
        founding = FoundBranch(
            occurred_on=DAY, branch_id=branch, name=f"{branch}党支部", short_name=branch, branch_type=BranchType.ORGAN, approval_no="1号"
        )
        await world.record(COMMITTEE, founding)
    await world.record(FIRST, register(ANN, WRONG))
    yield world


def register(person_id: PersonId, id_number: str | None = None) -> RegisterMember:
    told: dict[str, Any] = {"nationality": "01", "education": "21", "status": MemberStatus.FULL, "sex": Sex.FEMALE}
    return RegisterMember(
        occurred_on=DAY,
        name=f"{person_id}某",
        born_on=dt.date(1980, 5, 17),
        id_number=id_number,
        admitted_on=dt.date(2010, 7, 1),
        full_on=dt.date(2011, 7, 1),
        person_id=person_id,
        **told,
    )


def leave(person_id: PersonId) -> EndMembership:
    return EndMembership(occurred_on=DAY, person_id=person_id, ground=LeftGround.WITHDREW, reason="本人申请", approval_no="2号")


def correct(id_number: str) -> ChangeMemberProfile:
    return ChangeMemberProfile(occurred_on=DAY, person_id=ANN, reason="号码录入有误", id_number=id_number)


async def test_a_member_here_is_not_registered_there(two_branches: Recorder):
    assert await two_branches.refusal(SECOND, register(ANN)) == ("INV-001", "person_id")


async def test_nor_is_the_same_number_by_another_name(two_branches: Recorder):
    assert await two_branches.refusal(SECOND, register(BEN, WRONG)) == ("INV-001", "id_number")


async def test_whoever_left_may_be_registered_elsewhere(two_branches: Recorder):
    assert await two_branches.record(FIRST, leave(ANN)) == ["members.left"]
    assert await two_branches.record(SECOND, register(ANN, WRONG)) == ["members.registered"]


async def test_a_wrong_number_is_free_once_it_is_put_right(two_branches: Recorder):
    assert await two_branches.record(FIRST, correct(RIGHT)) == ["members.profile_changed"]
    assert await two_branches.record(SECOND, register(BEN, WRONG)) == ["members.registered"]
    assert await two_branches.refusal(FIRST, correct(WRONG)) == ("INV-001", "id_number")


async def test_leaving_frees_the_number_that_was_put_right(two_branches: Recorder):
    await two_branches.record(FIRST, correct(RIGHT))
    await two_branches.record(FIRST, leave(ANN))
    assert await two_branches.record(SECOND, register(BEN, RIGHT)) == ["members.registered"]


async def test_the_same_number_again_is_nothing_to_do(two_branches: Recorder):
    assert await two_branches.record(FIRST, correct(WRONG)) == []


async def test_a_sheet_finds_the_member_by_the_number_that_was_put_right(two_branches: Recorder):
    await two_branches.record(FIRST, correct(RIGHT))
    directory = await known_directory(two_branches.books, two_branches.keys, COMMITTEE)
    assert [person.id_number for branch in directory.branches for person in branch.members] == [RIGHT]
