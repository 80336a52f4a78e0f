"""Commands over HTTP: receipts, keys, refusals, preferences."""

import datetime as dt

import pytest

from service.auth.actor import Role
from service.decide.catalog import CASES
from tests.http.world import A, B, World, person

pytestmark = pytest.mark.asyncio(loop_scope="module")
TODAY = dt.datetime.now(dt.timezone(dt.timedelta(hours=8))).date()


def plan(topic: str = "学习", **changed: object) -> dict[str, object]:
    return {"occurred_on": TODAY.isoformat(), "kind": "study", "planned_on": "2027-03-01", "topic": topic} | changed


async def test_a_receipt_tells_book_pages_ids_and_hashes(world: World):
    answer = await world.send(A, "schedule-meeting", plan("回执"))
    assert answer.status_code == 201
    receipt = answer.json()
    assert receipt.keys() == {"book", "events"}
    [event] = receipt["events"]
    assert event.keys() == {"id", "type", "page", "hash"}
    assert (receipt["book"], event["type"], len(event["hash"])) == (A, "meetings.scheduled", 64)


async def test_the_same_key_gives_the_same_receipt_byte_for_byte(world: World):
    first = await world.send(A, "schedule-meeting", plan("同键"), Idempotency_Key="same")
    again = await world.send(A, "schedule-meeting", plan("同键"), Idempotency_Key="same")
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.content == again.content


async def test_the_same_key_with_another_body_is_refused(world: World):
    await world.send(A, "schedule-meeting", plan("一"), Idempotency_Key="other-body")
    answer = await world.send(A, "schedule-meeting", plan("二"), Idempotency_Key="other-body")
    assert (answer.status_code, answer.json()["rule"]) == (422, None)


async def test_the_same_key_of_another_user_is_refused(world: World):
    body = {"occurred_on": TODAY.isoformat(), "person_id": person(A, 1), "reason": "更正", "mobile": True}
    first = await world.send(A, "change-member-profile", body, Idempotency_Key="two-users")
    other = await world.send(A, "change-member-profile", body, Role.COMMITTEE_OFFICER, Idempotency_Key="two-users")
    assert (first.status_code, other.status_code) == (201, 422)


async def test_a_rule_refuses_with_its_number_both_texts_and_the_field(world: World):
    tomorrow = (TODAY + dt.timedelta(days=1)).isoformat()
    answer = await world.send(A, "schedule-meeting", plan(occurred_on=tomorrow))
    assert answer.headers["content-type"].startswith("application/problem+json")
    problem = answer.json()
    assert (answer.status_code, problem["status"], problem["rule"], problem["fields"]) == (422, 422, "INV-007", ["occurred_on"])
    assert (problem["zh"], problem["en"]) == ("发生日期不能晚于今天", "The date of occurrence cannot be in the future")


@pytest.mark.parametrize(
    "body",
    [
        {},
        plan(kind="picnic"),
        plan(occurred_on="yesterday"),
        plan(surprise=1),
        plan(topic=""),
        plan() | {"topic": 5},
    ],
)
async def test_a_wrong_shape_is_400_and_names_what_is_wrong(world: World, body: dict[str, object]):
    answer = await world.send(A, "schedule-meeting", body)
    assert (answer.status_code, answer.json()["status"]) == (400, 400)


async def test_what_is_no_json_is_400(world: World):
    answer = await world.client.post(f"/api/v1/orgs/{A}/commands/schedule-meeting", content=b"{", headers=world.headers())
    assert answer.status_code == 400


@pytest.mark.parametrize("key", ["", "a b", "x" * 201, "é"])
async def test_a_key_is_visible_ascii(world: World, key: str):
    headers = [(name.encode(), value.encode("latin-1")) for name, value in (world.headers() | {"Idempotency-Key": key}).items()]
    answer = await world.client.post(f"/api/v1/orgs/{A}/commands/schedule-meeting", json=plan(), headers=headers)
    assert answer.status_code == 400


async def test_a_stale_page_is_409_and_leaves_no_trace(world: World):
    [event] = (await world.send(A, "form-group", {"occurred_on": TODAY.isoformat(), "name": "第一党小组"})).json()["events"]
    stale = await world.send(A, "form-group", {"occurred_on": TODAY.isoformat(), "name": "第二党小组"}, If_Match=f'"{event["page"] - 1}"')
    assert stale.status_code == 409
    fresh = await world.send(A, "form-group", {"occurred_on": TODAY.isoformat(), "name": "第二党小组"}, If_Match=f'"{event["page"]}"')
    assert (fresh.status_code, fresh.json()["events"][0]["page"]) == (201, event["page"] + 1)


async def test_after_waiting_one_reads_ones_own_write(world: World):
    answer = await world.send(B, "form-group", {"occurred_on": TODAY.isoformat(), "name": "读己之写"}, Prefer="wait=10")
    assert answer.headers["Preference-Applied"] == "wait=10"
    page = await world.get(f"/orgs/{B}/ledgers/L01", org_id=B, register="groups")
    assert "读己之写" in [row["cells"]["name"] for row in page.json()["rows"]]


async def test_an_unknown_command_does_not_exist(world: World):
    assert (await world.send(A, "delete-everything", {})).status_code in (404, 405)


async def test_no_answer_carries_sql_traces_or_personal_data(world: World):
    for body in ({}, plan(topic="'; drop table record.page; --"), plan(meeting_id="x" * 40_000)):
        text = (await world.send(A, "schedule-meeting", body)).text
        assert not any(word in text for word in ("Traceback", "select ", "asyncpg", 'File "', "1380000"))


async def test_every_command_has_one_operation_in_the_openapi_document(world: World):
    document = (await world.client.get("/schema/openapi.json")).json()
    found = {path.rsplit("/", 1)[1] for path in document["paths"] if "/commands/" in path}
    assert found == set(CASES)
    body = document["components"]["schemas"]["ReceiveDues"]["properties"]["amount_fen"]
    assert {"title", "type"} <= body.keys()


async def test_the_document_names_no_outside_host(world: World):
    text = (await world.client.get("/schema/openapi.json")).text
    assert "cdn" not in text
    assert (await world.client.get("/schema/swagger")).status_code == 404
