"""The standard over HTTP: versions, and the rules of a day with who set them."""

import datetime as dt
from typing import Any

import pytest

from events.base import OrgId
from projections.standard.pack import default_pack
from service.auth.actor import Role
from service.decide.organisations.founding import ChangeRule
from tests.http.world import A, B, C, World, record

pytestmark = pytest.mark.asyncio(loop_scope="module")
TODAY = dt.datetime.now(dt.timezone(dt.timedelta(hours=8))).date()
TOMORROW = TODAY + dt.timedelta(days=1)
KEY = "meeting.general.per_quarter"
BEFORE = {"value": 1, "since": "2018-10-28", "set_by": "standard"}


async def rule(world: World, org: OrgId, on: dt.date | None = None, role: Role = Role.AUDITOR) -> dict[str, Any]:
    asked = {} if on is None else {"on": f"{on}"}
    answer = await world.get(f"/orgs/{org}/rules", role, C if role is Role.AUDITOR else org, **asked)
    [found] = [one for one in answer.json() if one["key"] == KEY]
    return {name: found[name] for name in BEFORE}


async def test_without_a_publication_the_pack_that_ships_is_in_use_and_in_force(world: World):
    told = (await world.get("/standard/versions", Role.MEMBER, A)).json()
    pack = default_pack()
    in_use = {"version": pack.standard.version, "sha256": pack.digest, "effective_from": f"{pack.standard.effective_from}"}
    assert told == {"in_use": in_use, "in_force": pack.standard.version, "versions": []}


async def test_the_nearest_change_holds_from_its_day_and_for_its_branch_only(world: World):
    assert await rule(world, A) == BEFORE
    for org, value, since in ((C, 2, TODAY), (A, 3, TOMORROW)):
        await record(world.parts, org, ChangeRule(occurred_on=TODAY, key=KEY, value=value, effective_from=since, reason="示例文件1号"))
    by_committee = {"value": 2, "since": f"{TODAY}", "set_by": "committee"}
    assert await rule(world, A) == await rule(world, B) == by_committee
    assert await rule(world, A, TOMORROW) == {"value": 3, "since": f"{TOMORROW}", "set_by": "branch"}
    assert await rule(world, B, TOMORROW) == by_committee
    assert await rule(world, A, TODAY - dt.timedelta(days=1)) == BEFORE
    assert await rule(world, A, dt.date(2000, 1, 1)) == BEFORE, "before its first date the first value holds"


async def test_each_rule_has_its_titles_its_source_and_its_mark(world: World):
    rules = (await world.get(f"/orgs/{A}/rules", Role.SECRETARY, A)).json()
    assert [one["key"] for one in rules] == sorted({setting.key for setting in default_pack().settings})
    assert all(one["zh"] and one["en"] and one["source"] and one["mark"] for one in rules)


async def test_the_rules_of_a_branch_out_of_sight_are_not_told(world: World):
    assert (await world.get(f"/orgs/{A}/rules", Role.SECRETARY, B)).status_code == 404
    assert (await world.get("/orgs/nowhere/rules", Role.AUDITOR, C)).status_code == 404


async def test_a_ledger_says_how_its_register_is_called(world: World):
    page = (await world.get(f"/orgs/{A}/ledgers/L01", Role.SECRETARY, A, register="roll")).json()
    assert (page["register"], page["zh"], page["en"]) == ("roll", "党员花名册", "Roll of members")
