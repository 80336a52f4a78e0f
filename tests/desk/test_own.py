"""My file: what a member sees of the own data, and nothing of anybody else."""

import datetime as dt
import re
from typing import Any

import pytest
from msgspec import structs

from events.meetings import MeetingKind
from service.auth.accounts import record_read
from service.auth.actor import Actor
from service.bus import LOCAL
from service.decide.meetings.planning import ScheduleMeeting
from service.decide.supervision.requests import RecordSuggestion
from tests.desk.conftest import Client
from tests.desk.world import BRANCH, NAMES, PEOPLE, World

pytestmark = pytest.mark.asyncio(loop_scope="module")
CANARY = "别人的意见：金丝雀"


def world_day() -> dt.date:
    return dt.datetime.now(LOCAL).date()


@pytest.fixture(autouse=True)
def somebody(world: World) -> Actor:
    """A member whose account belongs to a person."""
    actor = structs.replace(world.people.actors["member"], id="one", login="one", person_id=PEOPLE[3])
    world.people.actors["one"] = actor
    return actor


async def test_a_member_reads_the_own_rows_and_nobody_elses(client: Client):
    page = (await client("one").get("/admin/me")).text
    assert "My file" in page
    assert NAMES[3] in page
    assert [name for name in NAMES if name in page] == [NAMES[3]]
    assert "Nobody has looked up your identity number" in page


async def test_one_is_told_in_which_role_and_why_one_was_looked_up(client: Client, world: World):
    secretary = world.people.actors["secretary"]
    await record_read(world.people._engine, secretary, BRANCH, [PEOPLE[3]], "sensitive", "年度核查", "r1")
    page = (await client("one").get("/admin/me")).text
    assert ("年度核查" in page, "Secretary" in page) == (True, True)


async def test_the_menu_leads_there_only_where_there_is_a_file(client: Client):
    assert 'href="/admin/me"' in (await client("one").get(f"/admin/b/{BRANCH}/openness")).text
    for login in ("member", "secretary", "officer"):
        assert 'href="/admin/me"' not in (await client(login).get(f"/admin/b/{BRANCH}/openness")).text
        assert (await client(login).get("/admin/me")).status_code == 404
    assert (await client().get("/admin/me")).status_code == 303


async def test_the_next_meeting_stands_there_with_place_and_time_and_foreign_groups_meet_unseen(client: Client, world: World):
    on = world_day()

    def plan(kind: MeetingKind, topic: str, **more: Any) -> ScheduleMeeting:
        return ScheduleMeeting(occurred_on=on, kind=kind, planned_on=on + dt.timedelta(days=2), topic=topic, starts_at="14:30", **more)

    await world.record(BRANCH, plan(MeetingKind.GENERAL, "讨论年度计划", place="三楼会议室"), "plan-1")
    await world.record(BRANCH, plan(MeetingKind.COMMITTEE, "委员们的会"), "plan-2")
    world.people.actors["six"] = structs.replace(world.people.actors["one"], id="six", login="six", person_id=PEOPLE[6])
    page = (await client("six").get("/admin/me")).text
    assert "General meeting · 讨论年度计划" in page
    assert ("三楼会议室" in page, "14:30" in page, "in 2 days" in page) == (True, True, True)
    assert "委员们的会" not in page
    assert "委员们的会" in (await client("one").get("/admin/me")).text


async def test_a_member_begins_at_the_own_file(client: Client):
    assert (await client("one").get("/admin/")).headers["location"] == "/admin/me"
    assert (await client("secretary").get("/admin/")).headers["location"] == f"/admin/b/{BRANCH}/tasks"


async def test_an_opinion_waits_with_the_branch_until_the_member_reads_the_answer_and_who_gave_it(client: Client, world: World):
    other = RecordSuggestion(occurred_on=world_day(), person_id=PEOPLE[7], content=CANARY, received_by=PEOPLE[0])
    await world.record(BRANCH, other, "canary")
    one, secretary = client("one"), client("secretary")
    empty = await one.post("/admin/me/ask/give-suggestion", data={"content": " "})
    assert (empty.status_code, "Please fill this in." in empty.text) == (422, True)
    sent = await one.post("/admin/me/ask/give-suggestion", data={"content": "延长活动室开放时间"})
    assert (sent.status_code, sent.headers["location"]) == (303, "/admin/me?done=give-suggestion#matters")
    waiting = (await secretary.get(f"/admin/b/{BRANCH}/waiting")).text
    assert ("延长活动室开放时间" in waiting, CANARY in waiting, "answer due by" in waiting) == (True, True, True)
    address, *_ = re.findall(r'href="(/admin/b/B1/do/answer-suggestion\?suggestion_id=[^"]+)"', waiting.partition("延长活动室")[2])
    form = (await secretary.get(address)).text
    body = {"occurred_on": f"{world_day()}", "suggestion_id": address.partition("=")[2], "answer": "已延长到九点"}
    unnamed = await secretary.post(address.partition("?")[0], data=body)
    assert ('id="f-answered_by-error"' in unnamed.text, 'id="f-answered_by-error"' in form) == (True, False)
    assert (await secretary.post(address.partition("?")[0], data=body | {"answered_by": PEOPLE[0]})).status_code == 303
    mine = (await one.get("/admin/me")).text
    assert ("已延长到九点" in mine, f"Handled by {NAMES[0]}" in mine) == (True, True)
    assert CANARY not in mine
    rate = f"/admin/me/ask/rate-answer?suggestion_id={body['suggestion_id']}"
    assert rate in mine
    rated = await one.post("/admin/me/ask/rate-answer", data={"suggestion_id": body["suggestion_id"], "satisfaction": "satisfied"})
    assert rated.status_code == 303
    assert "· Satisfied" in (await one.get("/admin/me")).text


async def test_another_number_is_asked_for_returned_and_at_last_approved(client: Client, world: World):
    one = client("one")
    wrong = await one.post("/admin/me/ask/request-phone-change", data={"phone": "call me"})
    assert (wrong.status_code, 'id="f-phone-error"' in wrong.text) == (422, True)
    for number in ("13900000001", "13900000002"):
        assert (await one.post("/admin/me/ask/request-phone-change", data={"phone": number})).status_code == 303
    world.people.actors["head"] = structs.replace(world.people.actors["secretary"], id="head", login="head", person_id=PEOPLE[0])
    head = client("head")

    async def waits() -> dict[str, str]:
        page = (await head.get(f"/admin/b/{BRANCH}/waiting")).text
        assert ("13900000001" in page, "13900000002" in page) == (False, False)
        return dict(re.findall(r'href="/admin/b/B1/do/(approve-phone-change|return-phone-change)\?request_id=([^"]+)"', page))

    first = await waits()
    back = {"occurred_on": f"{world_day()}", "request_id": first["return-phone-change"], "reason": "请核对末位"}
    assert (await head.post(f"/admin/b/{BRANCH}/do/return-phone-change", data=back)).status_code == 303
    mine = (await one.get("/admin/me")).text
    assert ("请核对末位" in mine, "Replaced by a later request" in mine, "Ask once more" in mine) == (True, True, True)

    await one.post("/admin/me/ask/request-phone-change", data={"phone": "13900000003"})
    name = (await waits())["approve-phone-change"]
    form = (await head.get(f"/admin/b/{BRANCH}/do/approve-phone-change?request_id={name}")).text
    assert 'value="13900000003"' in form
    assert "Handling a change of telephone" in (await one.get("/admin/me")).text
    body = {"occurred_on": f"{world_day()}", "request_id": name, "phone": "13900000003"}
    assert (await head.post(f"/admin/b/{BRANCH}/do/approve-phone-change", data=body)).status_code == 303
    assert f"Handled by {NAMES[0]}" in (await one.get("/admin/me")).text
    assert await waits() == {}


async def test_the_forms_of_the_own_file_are_for_whoever_has_one(client: Client):
    for login in ("member", "secretary", "officer"):
        assert (await client(login).get("/admin/me/ask/give-suggestion")).status_code == 404
    assert (await client("one").get("/admin/me/ask/answer-suggestion")).status_code == 404
    assert (await client("one").get(f"/admin/b/{BRANCH}/waiting")).status_code == 404
    assert (await client("treasurer").get(f"/admin/b/{BRANCH}/waiting")).status_code == 404
    assert "give-suggestion" not in (await client("secretary").get(f"/admin/b/{BRANCH}/do")).text


async def test_what_one_reads_of_oneself_is_on_record_and_no_look_up_by_others(client: Client, world: World):
    await client("one").get("/admin/me")
    rows = await world.parts.reads.fetch("select subject from service.read_audit where actor = 'one'")
    assert {row["subject"] for row in rows} == {PEOPLE[3]}
    assert "own page" not in (await client("one").get("/admin/me")).text
