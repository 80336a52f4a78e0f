"""Who reads what is disclosed over HTTP: every role, at home and elsewhere, every audience, by every door."""

import datetime as dt

import pytest

from events.base import OrgId
from service.auth.actor import Role
from tests.http.world import A, B, C, World
from tests.site.openness import ABOVE, BRANCH, DAY, GOALS, INTERNAL, OLD, OVER, PARTY, SPECIFIC, STUDY, TAKEN, TODAY, UNIT

pytestmark = pytest.mark.asyncio(loop_scope="module")
PUBLIC = {GOALS, OLD, STUDY}
WHOLE_PARTY = PUBLIC | {PARTY}
OWN = WHOLE_PARTY | {BRANCH, UNIT, ABOVE}
SEEN = {
    (Role.SECRETARY, A): OWN | {SPECIFIC},
    (Role.TREASURER, A): OWN | {SPECIFIC},
    (Role.MEMBER, A): OWN,
    (Role.SECRETARY, B): WHOLE_PARTY | {ABOVE},
    (Role.TREASURER, B): WHOLE_PARTY | {ABOVE},
    (Role.MEMBER, B): WHOLE_PARTY | {ABOVE},
    (Role.COMMITTEE_OFFICER, C): WHOLE_PARTY | {UNIT, ABOVE, SPECIFIC},
    (Role.AUDITOR, C): WHOLE_PARTY | {UNIT, ABOVE, SPECIFIC},
}
"""Within the branch: its own people. Within the unit: the organisation, those under it and those who oversee it."""
ITEMS = {A: (GOALS, OLD, PARTY, UNIT, BRANCH, SPECIFIC, INTERNAL, OVER, TAKEN), B: (STUDY,), C: (ABOVE,)}


@pytest.mark.parametrize(("role", "home"), SEEN)
async def test_everybody_sees_of_all_branches_what_is_for_these_eyes(world: World, role: Role, home: OrgId):
    answer = await world.get("/disclosures", role, home)
    assert answer.status_code == 200
    assert {item["item_id"] for item in answer.json()["items"]} - {INTERNAL} == SEEN[role, home]


@pytest.mark.parametrize(("role", "home"), SEEN)
async def test_an_item_is_read_where_its_organisation_may_be_and_absent_otherwise(world: World, role: Role, home: OrgId):
    wrong = []
    for org, items in ITEMS.items():
        for item in items:
            got = (await world.get(f"/orgs/{org}/disclosures/{item}", role, home)).status_code
            sees = item in SEEN[role, home] and home in {org, C}
            if item != INTERNAL and got != (200 if sees else 404):
                wrong.append((org, item, got))
    assert wrong == []


@pytest.mark.parametrize("role", [Role.INTEGRATOR, Role.PLATFORM_ADMIN])
async def test_who_belongs_to_no_audience_is_refused(world: World, role: Role):
    assert (await world.get("/disclosures", role, C)).status_code == 403
    assert (await world.get(f"/orgs/{A}/disclosures", role, C)).status_code == 403


async def test_nobody_without_a_session_is_let_in(world: World):
    for path in ("/disclosures", f"/orgs/{A}/disclosures", f"/orgs/{A}/disclosures/{GOALS}"):
        assert (await world.client.get(f"/api/v1{path}")).status_code == 401


async def test_what_is_for_the_branch_stands_on_no_public_page(world: World):
    for address in ("/disclosure/", f"/disclosure/branches/{A}", f"/disclosure/branches/{A}/feed.atom", "/disclosure/search"):
        assert "支部才看" not in (await world.client.get(address)).text
    assert "没有可以显示的公开事项" in (await world.client.get("/disclosure/search", params={"q": "支部才看"})).text
    assert (await world.client.get(f"/disclosure/items/{A}/{BRANCH}")).status_code == 404


async def test_of_an_earlier_day_it_is_the_same_door(world: World):
    then = (await world.get(f"/orgs/{A}/disclosures/{GOALS}", Role.MEMBER, A, on=DAY)).json()
    assert (then["item"]["content"], then["item"]["corrected_on"]) == ("十二项重点工作，已完成九项。其余按计划推进", None)
    assert [version["since"] for version in then["versions"]] == [DAY.isoformat()]
    assert (await world.get("/disclosures", Role.MEMBER, A, on=TODAY + dt.timedelta(days=1))).status_code == 400


async def test_by_topic_by_words_and_page_by_page(world: World):
    found = (await world.get("/disclosures", Role.MEMBER, A, subject="goals")).json()
    assert [item["item_id"] for item in found["items"]] == [GOALS]
    found = (await world.get(f"/orgs/{A}/disclosures", Role.MEMBER, A, q="支部才看")).json()
    assert [item["item_id"] for item in found["items"]] == [BRANCH]
    seen, after = set(), ""
    for _ in range(20):
        page = (await world.get("/disclosures", Role.MEMBER, A, limit=2, after=after)).json()
        seen |= {item["item_id"] for item in page["items"]}
        after = page["next"]
        if not after:
            break
    assert seen - {INTERNAL} == OWN
