"""Scores over HTTP: a tree in which every point explains itself, lines of all branches, drafts from a folder."""

import datetime as dt
import shutil

import pytest

from projections.standard.pack import FOLDER
from service.auth.actor import Role
from tests.documents import samples
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


async def test_documents_of_a_leaf_are_told_with_title_and_file_and_what_is_missing_by_its_event(world: World):
    today = TODAY.isoformat()
    told = {"occurred_on": today, "title": "学习笔记调阅记录", "materials": "N01.M01", "responsible": "支部", "formed_on": today}
    answer = await world.client.post(
        f"/api/v1/orgs/{A}/documents",
        data=told,
        files={"file": ("a.pdf", samples.PDF + b"% score", "application/octet-stream")},
        headers=world.headers(Role.SECRETARY, A, Prefer="wait=10"),
    )
    assert answer.status_code == 201, answer.text
    name = answer.json()["events"][0]["id"]
    found = (await world.get(f"/orgs/{A}/scores/{YEAR}")).json()
    month = f"{YEAR}-{TODAY.month:02d}"
    leaf = next(one for one in _leaves(found["score"]["total"]) if one["id"] == f"N01.T01/DL-01:{month}")
    assert [(one["document_id"], one["title"], one["materials"]) for one in found["documents"][leaf["id"]]] == [
        (name, "学习笔记调阅记录", ["N01.M01"])
    ]
    assert (await world.client.get(found["documents"][leaf["id"]][0]["file"], headers=world.headers(Role.SECRETARY, A))).status_code == 200
    assert {one["event"] for one in leaf["ground"]["wanted"]} == {"meetings.held"} or leaf["ground"]["events"]


async def test_a_year_under_a_draft_is_told_branch_by_branch_with_what_makes_the_difference(world: World):
    folder = world.home / "packs" / "harsh"
    shutil.copytree(FOLDER, folder)
    scoring = folder / "scoring.toml"
    scoring.write_text(
        scoring.read_text().replace("on_time = 100", "on_time = 50").replace("credit = 80", "credit = 50").replace("60 }", "50 }")
    )
    first = (await world.get(f"/what-if/{YEAR}", Role.COMMITTEE_OFFICER, C, pack="harsh", limit=1)).json()
    rest = (await world.get(f"/what-if/{YEAR}", Role.COMMITTEE_OFFICER, C, pack="harsh", after=first["next"])).json()
    assert [one["org_id"] for one in (*first["branches"], *rest["branches"])] == [A, B]
    mine = first["branches"][0]
    assert mine["draft_total"] < mine["total"]
    assert sum(cause["draft"] - cause["now"] for cause in mine["why"]) == mine["draft_total"] - mine["total"]
    alone = (await world.get(f"/what-if/{YEAR}", Role.SECRETARY, B, pack="harsh")).json()
    assert [one["org_id"] for one in alone["branches"]] == [B]
    assert (await world.get(f"/what-if/{YEAR}", Role.COMMITTEE_OFFICER, C, pack="nothing")).status_code == 404
