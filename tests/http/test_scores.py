"""Scores over HTTP: a tree in which every point explains itself, lines of all branches, drafts from a folder."""

import datetime as dt
import shutil

import pytest

from projections.standard.pack import FOLDER
from service.auth.actor import Role
from tests.http.world import A, B, C, World, person

pytestmark = pytest.mark.asyncio(loop_scope="module")
TODAY = dt.datetime.now(dt.timezone(dt.timedelta(hours=8))).date()
YEAR = TODAY.year


async def test_a_score_is_a_tree_whose_leaves_add_up_to_the_total(world: World):
    found = (await world.get(f"/orgs/{A}/scores/{YEAR}")).json()
    total = found["score"]["total"]
    assert [part["id"] for part in total["children"]] == ["on_site", "routine", "debriefing", "ballot"]
    assert sum(leaf["got"] for leaf in _leaves(total)) == total["got"] == found["total"]
    assert (found["grade"], found["draft"], found["score"]["published"]) == (None, False, None)
    assert {leaf["ground"]["reason"] for leaf in _leaves(total)} >= {"not_judged", "not_due"}


def _leaves(node):
    return [node] if node["level"] == "leaf" else [leaf for child in node["children"] for leaf in _leaves(child)]


async def test_a_meeting_that_is_held_gives_points_and_names_its_event(world: World):
    held = {
        "occurred_on": TODAY.isoformat(),
        "kind": "general",
        "topic": "学习",
        "chair": person(A, 0),
        "recorder": person(A, 1),
        "notice_sent_on": TODAY.isoformat(),
        "delegation_note": "书记委托",
    }
    receipt = await world.send(A, "record-meeting-held", held, Prefer="wait=5")
    assert receipt.status_code == 201, receipt.text
    found = (await world.get(f"/orgs/{A}/scores/{YEAR}")).json()
    [leaf] = [one for one in _leaves(found["score"]["total"]) if one["ground"]["deadline"] == "DL-07" and one["ground"]["events"]]
    assert leaf["ground"]["events"] == [one["id"] for one in receipt.json()["events"] if one["type"] == "meetings.held"]
    assert leaf["got"] == leaf["most"] > 0
    before = (await world.get(f"/orgs/{A}/scores/{YEAR}", as_of=(TODAY - dt.timedelta(days=1)).isoformat())).json()
    assert before["total"] < found["total"]


async def test_all_branches_in_sight_are_listed_unranked_page_by_page(world: World):
    first = (await world.get(f"/scores/{YEAR}", Role.COMMITTEE_OFFICER, C, limit=1)).json()
    rest = (await world.get(f"/scores/{YEAR}", Role.COMMITTEE_OFFICER, C, limit=1, after=first["next"])).json()
    assert [one["org_id"] for one in (*first["scores"], *rest["scores"])] == [A, B]
    assert rest["next"] is None
    assert [one["org_id"] for one in (await world.get(f"/scores/{YEAR}", Role.SECRETARY, B)).json()["scores"]] == [B]


async def test_foreign_and_absent_branches_look_the_same_and_members_see_none(world: World):
    foreign = await world.get(f"/orgs/{A}/scores/{YEAR}", Role.SECRETARY, B)
    absent = await world.get(f"/orgs/nowhere/scores/{YEAR}", Role.SECRETARY, B)
    assert foreign.status_code == absent.status_code == 404
    assert (await world.get(f"/orgs/{A}/scores/{YEAR}", Role.MEMBER, A)).status_code in (403, 404)
    assert (await world.get(f"/orgs/{A}/scores/12")).status_code == 400


async def test_a_draft_in_the_folder_of_drafts_may_be_tried_and_a_wrong_one_is_told(world: World):
    folder = world.home / "packs" / "strict"
    shutil.copytree(FOLDER, folder)
    scoring = folder / "scoring.toml"
    scoring.write_text(scoring.read_text().replace("on_time = 100", "on_time = 90"))
    now = (await world.get(f"/orgs/{A}/scores/{YEAR}", pack="2019")).json()
    tried = (await world.get(f"/orgs/{A}/scores/{YEAR}", pack="strict")).json()
    assert (now["draft"], tried["draft"]) == (False, True)
    assert tried["total"] < now["total"]
    scoring.write_text("scheme = 1")
    wrong = await world.get(f"/orgs/{A}/scores/{YEAR}", pack="strict")
    assert wrong.status_code == 400
    assert "scoring.toml" in wrong.text
    assert (await world.get(f"/orgs/{A}/scores/{YEAR}", pack="nothing")).status_code == 404
    assert (await world.get(f"/orgs/{A}/scores/{YEAR}", pack="../packs")).status_code == 400
