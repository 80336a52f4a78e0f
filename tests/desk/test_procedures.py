"""Procedures on the desk: one list of what is under way, a checklist for each case, and forms that know the case."""

import datetime as dt

import pytest
from msgspec import structs

from admin import words
from admin.procedures import _title
from events.base import PersonId
from service.decide.procedure import Progress
from service.procedures import Stage, Standing
from tests.desk.conftest import Client
from tests.desk.test_browser import TODAY
from tests.desk.world import BRANCH, PEOPLE

pytestmark = pytest.mark.asyncio(loop_scope="module")
HERE = f"/admin/b/{BRANCH}"


async def test_without_a_case_the_page_says_what_would_stand_here(client: Client):
    assert "No procedure is under way" in (await client("secretary").get(f"{HERE}/procedures")).text


async def test_an_item_of_openness_is_called_by_its_title_and_leads_to_its_next_form(client: Client):
    one = client("secretary")
    proposed = {
        "occurred_on": TODAY.isoformat(),
        "item_id": "item-1",
        "subject": "goals",
        "title": "三季度党务公开",
        "content": "学习、党费、换届",
        "scope": "party",
        "ways": ["board"],
        "retention": "long_term",
        "secrecy": "open",
        "proposer": PEOPLE[0],
    }
    done = await one.post(f"{HERE}/do/propose-disclosure", data=proposed)
    assert done.status_code == 303, done.text
    assert "三季度党务公开" in (await one.get(f"{HERE}/procedures")).text
    checklist = (await one.get(f"{HERE}/procedures/disclosure/item-1")).text
    assert "1 of 5 steps done" in checklist
    assert f"{HERE}/do/review-disclosure?item_id=item-1" in checklist
    assert "item-1" in (await one.get(f"{HERE}/do/review-disclosure?item_id=item-1")).text


async def test_a_case_that_does_not_exist_is_not_found(client: Client):
    assert (await client("secretary").get(f"{HERE}/procedures/disclosure/nothing")).status_code == 404
    assert (await client("secretary").get(f"{HERE}/procedures/nothing/x")).status_code == 404


async def test_whoever_reads_no_ledgers_sees_no_procedure(client: Client):
    assert (await client("member").get(f"{HERE}/procedures")).status_code == 404


async def test_a_case_of_a_person_is_told_without_an_id_to_eyes_that_see_no_names():
    words.use("en")
    step = Stage(code="a", zh="甲", en="A", rule="", progress=Progress.DONE, done_on=dt.date(2026, 3, 2))
    one = Standing(kind="admission", zh="发展党员", en="Admission", subject="x1", person_id=PersonId("p1"), title="x1", steps=(step,))
    assert _title(one, {"p1": "安宁"}) == "安宁"
    assert _title(one, {}) == "*** since 2026-03-02"
    assert _title(structs.replace(one, steps=()), {}) == "***"
    assert _title(structs.replace(one, person_id=None), {}) == "x1"


async def test_the_menu_has_no_heading_over_nothing(client: Client):
    pages = [(await client(login).get(f"{HERE}/norms")).text for login in ("secretary", "member")]
    assert ["Tables of the views" in page for page in pages] == [True, False]
