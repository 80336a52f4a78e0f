"""What the importer records through the bus: once, marked when a rule says no, and the whole example committee."""

import datetime as dt
from collections import Counter

import msgspec
import pytest
import pytest_asyncio

from events.base import OrgId
from events.organisations import BranchType
from service.decide.organisations.founding import FoundBranch, FoundCommittee
from service.imports.book import import_workbook
from service.imports.example import load_example
from service.imports.known import known_branch, known_directory
from service.imports.preview import State, commit, mark_recorded
from tests.flows.import_world import (
    B1,
    B2,
    EXAMPLE,
    GOOD,
    NO_GROUPS,
    NOW,
    previewed,
    recorder,
    roster,
    terms,
)

OPENED = dt.date(2025, 12, 1)
OTHER = GOOD | {
    "姓名": "乙", "公民身份证号": "990101198808160574", "所在党支部": "信息中心党支部", "性别": "男", "出生日期": None, "加入党组织日期": "2010.01",
    "转为正式党员日期": "2011.01",
}  # fmt: skip


async def founded():
    bus, books, keys = recorder()
    first = FoundCommittee(occurred_on=OPENED, name="中共示例委员会", short_name="示例")
    for n, command in enumerate((first, *(_branch(b, name) for b, name in ((B1, "综合业务党支部"), (B2, "信息中心党支部"))))):
        await bus.handle(OrgId("SL"), msgspec.structs.replace(command, late_reason="建账导入"), terms().actor, key=str(n), now=NOW)
    return bus, books, keys


def _branch(branch_id: OrgId, name: str) -> FoundBranch:
    return FoundBranch(occurred_on=OPENED, branch_id=branch_id, name=name, short_name=name, branch_type=BranchType.ORGAN, approval_no="1号")


async def test_a_second_import_adds_nothing_and_says_so():
    bus, books, keys = await founded()
    first = previewed(roster(GOOD))
    assert await commit([first], bus, terms()) == 1
    head = [fact.page for fact in await books.read(B1)]
    again = previewed(roster(GOOD), NO_GROUPS)
    await mark_recorded(again, books.recorded)
    assert [(row.state, row.faults[0].en) for row in again.rows] == [(State.DUPLICATE, "this row was imported before")]
    assert await commit([again], bus, terms()) == 0
    known = previewed(roster(GOOD), await known_directory(books, keys, OrgId("SL")))
    assert [row.state for row in known.rows] == [State.DUPLICATE]
    unmarked = previewed(roster(GOOD))
    await commit([unmarked], bus, terms(NOW + dt.timedelta(days=40)))
    assert [fact.page for fact in await books.read(B1)] == head


async def test_a_row_that_a_rule_refuses_is_marked_with_the_rule_and_does_not_stop_the_next():
    bus, books, _ = await founded()
    moved = GOOD | {"姓名": "甲", "所在党支部": "信息中心党支部"}
    await commit([previewed(roster(GOOD))], bus, terms())
    preview = previewed(roster(moved, OTHER))
    done: list[State] = []
    await commit([preview], bus, terms(), lambda row: done.append(row.state))
    assert [(row.state, [fault.rule for fault in row.faults]) for row in preview.rows] == [
        (State.REFUSED, ["INV-001"]),
        (State.RECORDED, []),
    ]
    assert done == [State.REFUSED, State.RECORDED]
    assert len(await books.read(B2)) == 2


async def test_rows_older_than_the_back_date_limit_bear_the_reason_that_was_given():
    bus, books, _ = await founded()
    await commit([previewed(roster(GOOD))], bus, terms())
    assert (await books.read(B1))[-1].late_reason == "建账导入"


async def test_a_stricter_limit_of_a_branch_is_met_with_the_same_reason():
    bus, books, _ = await founded()
    await commit([previewed(roster(GOOD))], bus, msgspec.structs.replace(terms(), backdate_days=1_000))
    assert (await books.read(B1))[-1].late_reason == "建账导入"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def example():
    """The example committee in a record of its own."""
    bus, books, keys = recorder()
    return bus, books, keys, await load_example(bus, books, keys, terms())


@pytest.mark.asyncio(loop_scope="module")
async def test_the_example_committee_is_recorded_through_previews_without_an_error(example):
    *_, counts = example
    assert counts.total() >= 5_000
    assert counts["members.registered"] == 262 + counts["admission.approved"]
    assert counts["organisations.founded"] == 13


@pytest.mark.asyncio(loop_scope="module")
async def test_loading_the_example_again_adds_nothing(example):
    bus, books, keys, counts = example
    assert await load_example(bus, books, keys, terms(NOW + dt.timedelta(days=400))) == counts


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("path", sorted(EXAMPLE.glob("*.xlsx")), ids=lambda path: path.stem)
async def test_each_example_workbook_previews_without_an_error(example, path):
    _, books, keys, _ = example
    preview = await import_workbook(path, await known_directory(books, keys, OrgId("SL")), recorded=books.recorded)
    assert preview.faulty() == []
    assert Counter(row.state for row in preview.rows) == {State.DUPLICATE: len(preview.rows)}


async def test_a_branch_alone_knows_its_sisters_by_name_and_nobody_in_them():
    bus, books, keys = await founded()
    await commit([previewed(roster(GOOD))], bus, terms())
    first = await known_branch(books, keys, B1)
    second = await known_branch(books, keys, B2)
    assert [(branch.name, [member.name for member in branch.members]) for branch in first.branches] == [
        ("综合业务党支部", ["顾青琳"]),
        ("信息中心党支部", []),
    ]
    assert [(branch.name, branch.members) for branch in second.branches] == [("信息中心党支部", ()), ("综合业务党支部", ())]
