"""Procedures over HTTP: steps done, open and blocked, with the rule, the first day, and the papers that are missing."""

import pytest

from service.auth.actor import Role
from tests.http.test_rights import DAY
from tests.http.world import A, B, World, person

pytestmark = pytest.mark.asyncio(loop_scope="module")

OPENNESS = {
    "occurred_on": DAY,
    "item_id": "item-1",
    "subject": "goals",
    "title": "重点工作落实情况",
    "content": "已落实",
    "scope": "party",
    "ways": ["board"],
    "retention": "long_term",
    "proposer": person(A, 0),
}


async def test_a_case_tells_what_is_done_what_is_open_and_what_is_blocked_by_what(world: World):
    assert (await world.send(A, "propose-disclosure", OPENNESS)).status_code == 201
    answer = (await world.get(f"/orgs/{A}/procedures/disclosure/item-1")).json()
    assert (answer["kind"], answer["subject"], answer["title"], answer["person_id"]) == ("disclosure", "item-1", "重点工作落实情况", None)
    done, following, *later = answer["steps"]
    assert (done["progress"], done["done_on"]) == ("done", DAY)
    assert (following["progress"], following["command"], following["rule"]) == ("open", "review-disclosure", "INV-084")
    assert {step["progress"] for step in later} == {"blocked"}
    assert all(step["why_zh"] and step["why_en"] for step in later)


async def test_the_list_has_every_case_of_the_branch_and_none_of_another(world: World):
    assert [one["subject"] for one in (await world.get(f"/orgs/{A}/procedures")).json()["procedures"]] == ["item-1"]
    assert (await world.get(f"/orgs/{B}/procedures", Role.SECRETARY, B)).json() == {"procedures": [], "next": None}


async def test_foreign_absent_and_unknown_cases_look_the_same(world: World):
    foreign = await world.get(f"/orgs/{A}/procedures/disclosure/item-1", Role.SECRETARY, B)
    absent = await world.get("/orgs/nowhere/procedures/disclosure/item-1", Role.SECRETARY, B)
    assert (foreign.status_code, foreign.content) == (absent.status_code, absent.content)
    assert (await world.get(f"/orgs/{A}/procedures/disclosure/item-2")).status_code == 404
    assert (await world.get(f"/orgs/{A}/procedures/wedding/item-1")).status_code == 404
