"""Everybody reads their own file and their own rows, and nobody else's."""

import datetime as dt
from typing import Any

import pytest

from events.dues import IncomeKind
from events.meetings import MeetingKind
from service.auth.actor import Role
from service.bus import LOCAL
from service.decide.base import Command
from service.decide.dues.assessment import AssessDuesBase
from service.decide.meetings.planning import ScheduleMeeting
from service.decide.supervision.requests import RecordSuggestion
from tests.http.world import SECRET_PHONE, A, B, World, person, record

pytestmark = pytest.mark.asyncio(loop_scope="module")
CANARY = "别人的意见：金丝雀"
NUMBER = "13911112222"


async def test_a_member_reads_their_own_file_in_clear_and_the_read_is_on_record(world: World):
    answer = await world.get("/me/file", Role.MEMBER, B)
    assert (answer.status_code, answer.json()["person_id"]) == (200, person(B, 0))
    assert answer.json()["phone"] == SECRET_PHONE
    told = await world.parts.reads.fetch("select org_id, subject from service.read_audit where purpose = 'own file'")
    assert [tuple(line) for line in told] == [(B, person(B, 0))]


async def test_a_member_sees_the_rows_about_themselves_only(world: World):
    rows = (await world.get("/me/ledgers/L01", Role.MEMBER, A, register="roll")).json()["rows"]
    everybody = (await world.get("/orgs/C-A/ledgers/L01", Role.SECRETARY, A, register="roll")).json()["rows"]
    assert [row["subject"] for row in rows] == [person(A, 0)]
    assert len(everybody) > 1


@pytest.mark.parametrize("path", ["/me/file", "/me/ledgers/L01?register=roll", "/me/meetings", "/me/dues", "/me/matters"])
async def test_an_account_that_belongs_to_nobody_has_no_file(world: World, path: str):
    answer = await world.client.get(f"/api/v1{path}", headers=world.headers(Role.SECRETARY, A))
    assert answer.status_code == 404


async def test_a_register_that_does_not_exist_is_404(world: World):
    assert (await world.get("/me/ledgers/L01", Role.MEMBER, A, register="nothing")).status_code == 404


async def test_one_sees_who_looked_one_up_in_which_role_and_why(world: World):
    before = len((await world.get("/me/lookups", Role.MEMBER, A)).json()["lookups"])
    answer = await world.client.get(
        "/api/v1/orgs/C-A/members", params={"limit": 1}, headers=world.headers(Role.SECRETARY, A, **{"X-Purpose": "annual check"})
    )
    assert answer.status_code == 200
    found = (await world.get("/me/lookups", Role.MEMBER, A)).json()["lookups"]
    assert len(found) == before + 1
    newest = found[0]
    assert (newest["role"], newest["org_id"], newest["field_class"], newest["purpose"]) == ("secretary", "C-A", "sensitive", "annual check")
    assert set(newest) == {"at", "role", "org_id", "field_class", "purpose"}
    assert (await world.get("/me/lookups", Role.SECRETARY, A)).status_code == 404


def today() -> dt.date:
    return dt.datetime.now(LOCAL).date()


async def matters(world: World, role: Role = Role.MEMBER, path: str = "/me/matters") -> list[dict[str, Any]]:
    answer = await world.get(path, role, A)
    assert answer.status_code == 200
    found: list[dict[str, Any]] = answer.json()["matters"]
    return found


async def test_what_a_member_says_waits_with_the_branch_and_comes_back_with_the_answer_and_who_gave_it(world: World):
    on = today()
    other = RecordSuggestion(occurred_on=on, person_id=person(A, 5), content=CANARY, received_by=person(A, 1))
    await record(world.parts, A, other)
    said = await world.send(A, "give-suggestion", {"occurred_on": f"{on}", "content": "增加夜间值班室"}, Role.MEMBER, Prefer="wait=20")
    assert said.status_code == 201
    (mine,) = await matters(world)
    assert (mine["kind"], mine["state"], mine["text"], mine["handled_by"]) == ("suggestion", "waiting", "增加夜间值班室", "")
    waiting = await matters(world, Role.SECRETARY, f"/orgs/{A}/matters")
    assert {one["text"] for one in waiting} == {CANARY, "增加夜间值班室"}

    body = {"occurred_on": f"{on}", "suggestion_id": mine["matter_id"], "answer": "下月起安排"}
    nobody = await world.send(A, "answer-suggestion", body)
    assert (nobody.status_code, "answered_by" in nobody.text) == (400, True)
    assert (await world.send(A, "answer-suggestion", body | {"answered_by": person(A, 2)})).status_code == 201
    rating = {"occurred_on": f"{on}", "suggestion_id": mine["matter_id"], "satisfaction": "satisfied"}
    assert (await world.send(A, "rate-answer", rating, Role.MEMBER)).status_code == 201
    (told,) = await matters(world)
    assert (told["state"], told["answer"], told["handled_by"]) == ("answered", "下月起安排", f"示例{A}2")
    assert told["satisfaction"] == "satisfied"
    assert CANARY not in (await world.get("/me/matters", Role.MEMBER, A)).text
    assert [one["text"] for one in await matters(world, Role.SECRETARY, f"/orgs/{A}/matters")] == [CANARY]


async def test_the_suggestion_of_another_member_is_not_rated(world: World):
    (other,) = await matters(world, Role.SECRETARY, f"/orgs/{A}/matters")
    body = {"occurred_on": f"{today()}", "suggestion_id": other["matter_id"], "satisfaction": "satisfied"}
    assert (await world.send(A, "rate-answer", body, Role.MEMBER)).status_code == 404


async def test_another_number_is_asked_for_returned_asked_for_again_and_approved(world: World):
    on = f"{today()}"
    wrong = await world.send(A, "request-phone-change", {"occurred_on": on, "phone": "my number"}, Role.MEMBER)
    assert (wrong.status_code, wrong.json()["fields"]) == (400, ["phone"])
    assert (await world.send(A, "request-phone-change", {"occurred_on": on, "phone": NUMBER}, Role.MEMBER)).status_code == 201
    (waiting,) = [one for one in await matters(world, Role.SECRETARY, f"/orgs/{A}/matters") if one["kind"] == "phone"]
    assert NUMBER not in waiting["text"]
    back = {"occurred_on": on, "request_id": waiting["matter_id"], "reason": "请核对末位"}
    assert (await world.send(A, "return-phone-change", back)).status_code == 201
    returned = next(one for one in await matters(world) if one["kind"] == "phone")
    assert (returned["state"], returned["answer"], returned["text"]) == ("returned", "请核对末位", NUMBER)

    assert (await world.send(A, "request-phone-change", {"occurred_on": on, "phone": NUMBER}, Role.MEMBER)).status_code == 201
    again = next(one for one in await matters(world) if one["state"] == "waiting")
    body = {"occurred_on": on, "request_id": again["matter_id"], "phone": NUMBER}
    assert (await world.send(A, "approve-phone-change", body, Role.MEMBER)).status_code == 403
    assert (await world.send(A, "approve-phone-change", body, Prefer="wait=20")).status_code == 201
    assert (await world.get("/me/file", Role.MEMBER, A)).json()["phone"] == NUMBER
    assert {one["state"] for one in await matters(world) if one["kind"] == "phone"} == {"returned", "approved"}


async def test_an_account_that_belongs_to_nobody_brings_nothing_of_its_own(world: World):
    body = {"occurred_on": f"{today()}", "content": "x"}
    assert (await world.send(A, "give-suggestion", body)).status_code == 403
    assert (await world.send(B, "give-suggestion", body, Role.MEMBER)).status_code == 201
    foreign = await world.client.post(f"/api/v1/orgs/{B}/commands/give-suggestion", json=body, headers=world.headers(Role.MEMBER, A))
    assert foreign.status_code == 404


async def test_one_reads_how_the_own_dues_are_worked_out_and_nobody_elses(world: World):
    on = today()
    month = f"{on:%Y-%m}"
    for number, base in ((0, 450_000), (5, 987_654)):
        command = AssessDuesBase(
            occurred_on=on,
            person_id=person(A, number),
            from_month=month,
            income_kind=IncomeKind.SALARY,
            base_fen=base,
            assessed_by=person(A, 1),
            signed_by_member=True,
        )
        await record(world.parts, A, command)
    answer = await world.get("/me/dues", Role.MEMBER, A)
    told = answer.json()
    assert (told["base_yuan"], told["rate_per_10000"], told["monthly_fen"]) == ("4500.00", 100, 4_500)
    assert (told["over_fen"], told["up_to_fen"], told["paid"], told["owed"]) == (300_000, 500_000, [], [])
    assert "9876.54" not in answer.text


async def test_the_meetings_to_come_are_those_to_which_one_belongs(world: World):
    on = today()

    def plan(kind: MeetingKind, days: int, topic: str) -> Command:
        return ScheduleMeeting(occurred_on=on, kind=kind, planned_on=on + dt.timedelta(days=days), topic=topic, place="一楼会议室")

    for command in (
        plan(MeetingKind.GENERAL, 9, "讨论计划"),
        plan(MeetingKind.LECTURE, 2, "党课"),
        plan(MeetingKind.COMMITTEE, 1, "委员的会"),
    ):
        await record(world.parts, A, command)
    found = (await world.get("/me/meetings", Role.MEMBER, A)).json()["meetings"]
    assert [(one["topic"], one["place"], one["told_on"], one["excused"]) for one in found] == [
        ("党课", "一楼会议室", None, False),
        ("讨论计划", "一楼会议室", None, False),
    ]
