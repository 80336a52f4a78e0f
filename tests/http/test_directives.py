"""Directives over HTTP: issued once, delivered by the worker, answered, returned, accepted; who may, and who sees what."""

import asyncio
import datetime as dt
from typing import Any

import pytest

from events.base import OrgId
from projections.engine.database import engine_for
from service.auth.actor import Role
from service.jobs.delivery import deliver_all
from tests.http.test_rights import TODAY
from tests.http.world import A, B, C, World, person

pytestmark = pytest.mark.asyncio(loop_scope="module")
DAY, SOON, LATER = (day.isoformat() for day in (TODAY, TODAY + dt.timedelta(days=20), TODAY + dt.timedelta(days=40)))
WORK = {
    "occurred_on": DAY,
    "directive_id": "w1",
    "kind": "work",
    "number": "示委〔2026〕8号",
    "title": "关于制定年度工作计划的通知",
    "text": "请报送年度工作计划。",
    "answer_by": SOON,
    "to_all": True,
}
NAMED = {"occurred_on": DAY, "directive_id": "w1"}


async def send(world: World, org: OrgId, name: str, body: dict[str, Any], role: Role = Role.SECRETARY) -> int:
    answer = await world.send(org, name, body, role, Prefer="wait=10")
    return int(answer.status_code)


async def deliver(world: World, url: str) -> int:
    engine = engine_for(url)
    try:
        return await deliver_all(engine, world.parts.bus, dt.datetime.now(dt.UTC), lambda: False)
    finally:
        await engine.dispose()


async def test_only_the_committee_issues_and_only_in_its_own_book(world: World):
    assert await send(world, A, "issue-directive", WORK) == 403
    assert await send(world, A, "issue-directive", WORK, Role.COMMITTEE_OFFICER) == 404
    assert await send(world, C, "issue-directive", WORK, Role.AUDITOR) == 403
    assert await send(world, C, "deliver-directive", NAMED | {"from_org_id": "C"}, Role.COMMITTEE_OFFICER) == 403


async def test_from_the_committee_to_the_branch_and_back(world: World, module_database_url: str):
    assert await send(world, C, "issue-directive", WORK, Role.COMMITTEE_OFFICER) == 201
    listed = (await world.get(f"/orgs/{C}/directives", Role.COMMITTEE_OFFICER, C)).json()["issued"]
    assert [(one["directive_id"], one["counts"]["addressed"], one["counts"]["delivered"]) for one in listed] == [("w1", 2, 0)]
    assert await deliver(world, module_database_url) == 2
    assert await send(world, A, "sign-for-directive", NAMED) == 201
    assert await send(world, A, "hand-over-directive", NAMED | {"person_id": person(A, 1)}) == 201
    assert await send(world, A, "answer-directive", NAMED | {"text": "计划已报送。", "answer_id": "a1"}) == 201
    waits = (await world.get("/waiting", Role.COMMITTEE_OFFICER, C)).json()
    assert [(one["org_id"], one["command"], one["back"], one["given"]) for one in waits["waiting"]] == [
        (A, "accept-answer", "return-answer", {"directive_id": "w1", "answer_id": "a1"})
    ]
    returning = NAMED | {"answer_id": "a1", "reason": "缺少责任分工", "answer_by": LATER}
    assert await send(world, A, "return-answer", returning) == 403
    assert await send(world, A, "return-answer", returning, Role.COMMITTEE_OFFICER) == 201
    page = (await world.get(f"/orgs/{C}/directives/w1", Role.COMMITTEE_OFFICER, C)).json()
    assert [(one["org_id"], one["standing"]) for one in page["addressees"]] == [(A, "returned"), (B, "delivered")]
    assert (page["addressees"][0]["received"]["decision"], page["addressees"][0]["received"]["answer_by"]) == ("缺少责任分工", LATER)
    assert await send(world, A, "answer-directive", NAMED | {"text": "已补充。", "answer_id": "a2"}) == 201
    assert await send(world, A, "accept-answer", NAMED | {"comment": "同意"}, Role.COMMITTEE_OFFICER) == 201
    counts = (await world.get(f"/orgs/{C}/directives/w1", Role.COMMITTEE_OFFICER, C)).json()["issued"]["counts"]
    assert counts == {
        "addressed": 2,
        "delivered": 2,
        "failed": 0,
        "signed": 1,
        "tabled": 0,
        "answered": 1,
        "accepted": 1,
        "returned": 0,
        "overdue": 0,
        "recalled": 0,
    }


async def test_addressees_come_page_by_page_and_by_standing(world: World):
    first = (await world.get(f"/orgs/{C}/directives/w1", Role.AUDITOR, C, limit=1)).json()
    assert ([one["org_id"] for one in first["addressees"]], first["next"]) == ([A], A)
    second = (await world.get(f"/orgs/{C}/directives/w1", Role.AUDITOR, C, limit=1, after=A)).json()
    assert ([one["org_id"] for one in second["addressees"]], second["next"]) == ([B], None)
    accepted = (await world.get(f"/orgs/{C}/directives/w1", Role.AUDITOR, C, only="accepted")).json()
    assert [one["org_id"] for one in accepted["addressees"]] == [A]
    assert (await world.get(f"/orgs/{C}/directives/w1", Role.AUDITOR, C, only="lost")).status_code == 400


async def test_a_branch_sees_its_own_and_nothing_of_the_others(world: World):
    mine = (await world.get(f"/orgs/{A}/directives")).json()
    assert ([(one["directive_id"], one["standing"]) for one in mine["received"]], mine["issued"]) == ([("w1", "accepted")], [])
    assert (await world.get(f"/orgs/{A}/directives/w1")).json()["received"]["answer"] == "已补充。"
    assert (await world.get(f"/orgs/{A}/directives/w1", Role.SECRETARY, B)).status_code == 404
    assert (await world.get(f"/orgs/{C}/directives", Role.SECRETARY, A)).status_code == 404
    assert (await world.get(f"/orgs/{A}/directives/none")).status_code == 404
    assert (await world.get(f"/orgs/{A}/directives", Role.MEMBER, A)).status_code == 403
    assert (await world.get("/waiting", Role.MEMBER, A)).status_code == 403


async def test_a_number_that_is_taken_is_said_in_both_languages(world: World):
    answer = await world.send(C, "issue-directive", WORK | {"directive_id": "w2", "title": "另一件"}, Role.COMMITTEE_OFFICER)
    told = answer.json()
    assert (answer.status_code, "文号" in told["zh"], "Number" in told["en"]) == (409, True, True)


PDF = b"%PDF-1.4 the form of the plan"


async def test_a_file_of_the_committee_comes_with_it_and_opens_nothing_else(world: World, module_database_url: str):
    for name, data in (("form", PDF), ("inside", PDF + b" not for branches")):
        fields = {
            "title": "年度工作计划样式",
            "materials": ["N09.M04"],
            "responsible": "机关党委",
            "formed_on": DAY,
            "occurred_on": DAY,
            "document_id": name,
        }
        uploaded = await world.client.post(
            f"/api/v1/orgs/{C}/documents",
            data=fields,
            files={"file": ("plan.pdf", data, "application/pdf")},
            headers=world.headers(Role.COMMITTEE_OFFICER, C, Prefer="wait=10"),
        )
        assert uploaded.status_code == 201, uploaded.text
    body = WORK | {"directive_id": "w3", "number": "9", "to_all": False, "addressees": [A], "documents": ["form"]}
    assert await send(world, C, "issue-directive", body, Role.COMMITTEE_OFFICER) == 201
    assert await deliver(world, module_database_url) == 1
    here = f"/orgs/{A}/directives/w3/documents"
    async with asyncio.timeout(10):
        while (answer := await world.get(f"{here}/form")).status_code == 404:  # noqa: ASYNC110 - the views tell nobody
            await asyncio.sleep(0.05)
    assert (answer.status_code, answer.content) == (200, PDF)
    assert (await world.get(f"{here}/inside")).status_code == 404
    assert (await world.get(f"/orgs/{A}/directives/w1/documents/form")).status_code == 404
    assert (await world.get(f"/orgs/{B}/directives/w3/documents/form", Role.SECRETARY, B)).status_code == 404
    assert (await world.get(f"{here}/form", Role.AUDITOR, C)).status_code == 403
    assert (await world.get(f"/orgs/{C}/documents/form/file")).status_code == 404


async def test_an_officer_files_nothing_in_the_book_of_a_branch(world: World):
    sent = await world.client.post(f"/api/v1/orgs/{A}/documents", headers=world.headers(Role.COMMITTEE_OFFICER, C))
    assert sent.status_code == 403
