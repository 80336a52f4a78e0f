"""Documents over HTTP: sent as a form and recorded in one step, listed, given back as filed; scope, refusals, what is closed."""

import datetime as dt
import hashlib
from typing import Any

import asyncpg
import pytest

from events.base import OrgId
from events.store.postgres import dsn
from service.auth.actor import Role
from service.auth.rights import Right
from tests.documents import samples
from tests.http.test_rights import ROLES, allowed
from tests.http.world import NOWHERE, A, B, C, World

pytestmark = pytest.mark.asyncio(loop_scope="module")
DAY = dt.datetime.now(dt.timezone(dt.timedelta(hours=8))).date().isoformat()
HASH = hashlib.sha256(samples.PDF).hexdigest()


def pdf(mark: str) -> bytes:
    """A file of its own for each test."""
    return samples.PDF + f"% {mark}\n".encode()


async def send(
    world: World, data: bytes, *, name: str = "通知.pdf", org: OrgId = A, role: Role = Role.SECRETARY, path: str = "", **fields: Any
) -> Any:
    told = {"occurred_on": DAY, "title": "年度学习计划", "materials": "N17.M01", "responsible": "支部委员会", "formed_on": DAY} | fields
    headers = {field.removeprefix("h_").replace("_", "-"): told.pop(field) for field in list(told) if field.startswith("h_")}
    home = org if (role, org) in world.tokens else C if (role, C) in world.tokens else A
    return await world.client.post(
        f"/api/v1/orgs/{org}/documents{path}",
        data={field: value for field, value in told.items() if value is not None},
        files={"file": (name, data, "application/octet-stream")},
        headers=world.headers(role, home, **{"Prefer": "wait=10", **headers}),
    )


async def sent(world: World, data: bytes, **fields: Any) -> str:
    """The id of a document that was just filed."""
    answer = await send(world, data, **fields)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["events"][0]["id"])


async def test_a_file_is_recorded_and_given_back_unchanged(world: World):
    answer = await send(world, pdf("whole"), materials=["N17.M01", "N24.M03.01"], about="meeting-m1", volume_no="2026-1")
    assert answer.status_code == 201
    (event,) = answer.json()["events"]
    assert event["type"] == "documents.filed"
    told = (await world.get(f"/orgs/{A}/documents/{event['id']}")).json()
    assert told == {
        "org_id": A,
        "document_id": event["id"],
        "title": "年度学习计划",
        "materials": ["N17.M01", "N24.M03.01"],
        "about": ["meeting-m1"],
        "sha256": hashlib.sha256(pdf("whole")).hexdigest(),
        "size": len(pdf("whole")),
        "media_type": "application/pdf",
        "responsible": "支部委员会",
        "formed_on": DAY,
        "filed_on": DAY,
        "secrecy": "internal",
        "retention": "10",
        "place": "",
        "volume_no": "2026-1",
        "version": 1,
        "page": event["page"],
        "event_id": event["id"],
        "withdrawn_on": None,
    }
    file = await world.get(f"/orgs/{A}/documents/{event['id']}/file")
    assert (file.status_code, file.content) == (200, pdf("whole"))
    assert file.headers["content-type"] == "application/pdf"
    assert file.headers["content-disposition"] == (
        f"attachment; filename=\"{event['id']}.pdf\"; filename*=UTF-8''%E5%B9%B4%E5%BA%A6%E5%AD%A6%E4%B9%A0%E8%AE%A1%E5%88%92.pdf"
    )
    assert (file.headers["x-content-type-options"], file.headers["etag"]) == ("nosniff", f'"{told["sha256"]}"')
    assert file.headers["cache-control"] == "no-store"


async def test_a_known_file_is_not_sent_again(world: World):
    name = await sent(world, pdf("etag"))
    first = await world.get(f"/orgs/{A}/documents/{name}/file")
    headers = world.headers() | {"If-None-Match": first.headers["etag"]}
    again = await world.client.get(f"/api/v1/orgs/{A}/documents/{name}/file", headers=headers)
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])


async def test_the_same_key_gives_the_same_receipt_and_another_file_is_refused(world: World):
    first = await send(world, pdf("key"), h_Idempotency_Key="doc-1")
    again = await send(world, pdf("key"), h_Idempotency_Key="doc-1")
    assert (first.status_code, again.content) == (201, first.content)
    other = await send(world, pdf("another"), h_Idempotency_Key="doc-1")
    assert (other.status_code, other.json()["rule"]) == (422, None)


async def test_the_same_file_is_listed_once_and_linked_to_many_materials(world: World):
    name = await sent(world, pdf("linked"))
    again = await send(world, pdf("linked"))
    assert (again.status_code, again.json()["events"]) == (201, [])
    linked = await send(world, pdf("linked"), materials="N01.M03", about="meeting-m9")
    assert [event["type"] for event in linked.json()["events"]] == ["documents.linked"]
    told = (await world.get(f"/orgs/{A}/documents/{name}")).json()
    assert (told["materials"], told["about"]) == (["N17.M01", "N01.M03"], ["meeting-m9"])


@pytest.mark.parametrize(
    ("fields", "rule", "field"),
    [
        ({"secrecy": "secret"}, "INV-084", "secrecy"),
        ({"title": " "}, "INV-100", "title"),
        ({"materials": None}, "INV-100", "materials"),
        ({"materials": "N17.M88"}, "INV-100", "materials"),
        ({"occurred_on": "2999-01-01"}, "INV-007", "occurred_on"),
    ],
)
async def test_a_rule_refuses_by_name_and_field(world: World, fields: dict[str, Any], rule: str, field: str):
    answer = await send(world, pdf("refused"), **fields)
    problem = answer.json()
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert (answer.status_code, problem["rule"], problem["fields"]) == (422, rule, [field])


async def test_a_classified_file_is_refused_before_its_bytes_are_kept(world: World):
    data = pdf("classified")
    answer = await send(world, data, secrecy="top_secret")
    assert (answer.status_code, answer.json()["detail"]) == (422, "register-paper-document")
    assert await world.parts.files.size(hashlib.sha256(data).hexdigest()) is None


@pytest.mark.parametrize(
    ("name", "data", "status"),
    [("a.docx", samples.PDF, 415), ("a.pdf", b"MZ\0\0\0\0", 415), ("a.docx", samples.MACROS, 415), ("a.pdf", b"", 415)],
)
async def test_a_file_that_is_not_what_it_says_is_refused(world: World, name: str, data: bytes, status: int):
    answer = await send(world, data, name=name)
    problem = answer.json()
    assert (answer.status_code, problem["fields"]) == (status, ["file"])
    assert problem["zh"] != problem["en"]


async def test_a_file_that_is_too_large_is_refused(world: World):
    limit = world.parts.files.bytes_max
    slightly = await send(world, pdf("large") + bytes(limit))
    assert (slightly.status_code, slightly.json()["fields"]) == (413, ["file"])


@pytest.mark.parametrize(
    "fields", [{"occurred_on": None}, {"formed_on": "soon"}, {"secrecy": "cosmic"}, {"unknown": "x"}, {"responsible": ""}]
)
async def test_a_form_of_another_shape_is_400(world: World, fields: dict[str, Any]):
    assert (await send(world, pdf("shape"), **fields)).status_code == 400


async def test_a_form_without_a_file_is_400(world: World):
    answer = await world.client.post(f"/api/v1/orgs/{A}/documents", data={"title": "x", "occurred_on": DAY}, headers=world.headers())
    assert answer.status_code == 400


async def test_a_command_about_bytes_that_nobody_sent_is_refused(world: World):
    body: dict[str, Any] = {"occurred_on": DAY, "title": "x", "materials": ["N17.M01"], "responsible": "x", "formed_on": DAY}
    body |= {"sha256": "a" * 64, "size": 5, "media_type": "application/pdf"}
    answer = await world.send(A, "file-document", body)
    assert (answer.status_code, answer.json()["rule"], answer.json()["fields"]) == (422, "INV-100", ["sha256"])


async def test_a_new_version_takes_its_place_and_the_old_one_is_still_there(world: World):
    name = await sent(world, pdf("one"))
    told: dict[str, Any] = {"title": None, "materials": None, "responsible": None, "formed_on": None, "reason": "更清晰"}
    answer = await send(world, samples.DOCX, name="新.docx", path=f"/{name}/versions", **told)
    assert [event["type"] for event in answer.json()["events"]] == ["documents.replaced"]
    now = await world.get(f"/orgs/{A}/documents/{name}/file")
    assert (now.content, now.headers["content-disposition"][-5:]) == (samples.DOCX, ".docx")
    first = await world.get(f"/orgs/{A}/documents/{name}/file", version=1)
    assert (first.content, first.headers["content-type"]) == (pdf("one"), "application/pdf")
    assert (await world.get(f"/orgs/{A}/documents/{name}/file", version=2)).content == samples.DOCX
    assert (await world.get(f"/orgs/{A}/documents/{name}/file", version=3)).status_code == 404


async def test_the_list_is_newest_first_and_paged(world: World):
    names = [await sent(world, pdf(f"page {number}"), org=B, about="meeting-list") for number in range(3)]
    first = (await world.get(f"/orgs/{B}/documents", org_id=B, limit=2, about="meeting-list")).json()
    second = (await world.get(f"/orgs/{B}/documents", org_id=B, limit=2, about="meeting-list", after=first["next"])).json()
    found = [[one["document_id"] for one in page["documents"]] for page in (first, second)]
    assert (found, second["next"]) == ([names[:0:-1], names[:1]], None)


async def test_the_list_is_narrowed_by_material_and_leaves_out_what_was_withdrawn(world: World):
    kept = await sent(world, pdf("kept"), materials="N23.M01")
    gone = await sent(world, pdf("gone"), materials="N23.M01")
    body = {"occurred_on": DAY, "document_id": gone, "reason": "传错"}
    assert (await world.send(A, "withdraw-document", body, Prefer="wait=10")).status_code == 201

    async def listed(**params: Any) -> list[str]:
        found = (await world.get(f"/orgs/{A}/documents", material="N23.M01", **params)).json()
        return [one["document_id"] for one in found["documents"]]

    assert (await listed(), await listed(withdrawn=True)) == ([kept], [gone, kept])


async def test_a_paper_is_listed_and_has_no_bytes(world: World):
    body = {
        "occurred_on": DAY,
        "title": "纸质件",
        "materials": ["N15.M02"],
        "responsible": "x",
        "formed_on": DAY,
        "place": "柜1",
        "secrecy": "secret",
    }
    answer = await world.send(A, "register-paper-document", body, Prefer="wait=10")
    name = answer.json()["events"][0]["id"]
    assert (await world.get(f"/orgs/{A}/documents/{name}")).json()["place"] == "柜1"
    assert (await world.get(f"/orgs/{A}/documents/{name}/file")).status_code == 404


async def test_lost_bytes_are_absent_and_not_a_broken_answer(world: World):
    name = await sent(world, pdf("lost"))
    await world.parts.files.remove(hashlib.sha256(pdf("lost")).hexdigest())
    assert (await world.get(f"/orgs/{A}/documents/{name}/file")).status_code == 404


# Who may


@pytest.mark.parametrize(("role", "home"), ROLES)
async def test_bytes_are_for_those_who_read_ledgers_with_names(world: World, role: Role, home: OrgId):
    name = await sent(world, pdf("bytes"), h_Idempotency_Key="bytes")
    answer = await world.client.get(f"/api/v1/orgs/{A}/documents/{name}/file", headers=world.headers(role, home))
    expected = allowed(role, home, Right.LEDGERS_READ, A)
    assert answer.status_code == (403 if role is Role.AUDITOR else expected)


@pytest.mark.parametrize(("role", "home"), ROLES)
@pytest.mark.parametrize("path", ["", "/d1/versions"])
async def test_a_file_is_taken_as_the_table_says(world: World, path: str, role: Role, home: OrgId):
    """The right is asked for before the body is looked at: an empty one is told of only to those who may."""
    answer = await world.client.post(f"/api/v1/orgs/{A}/documents{path}", headers=world.headers(role, home))
    expected = allowed(role, home, Right.FILES_WRITE, A)
    assert answer.status_code == (400 if expected == 200 else expected)


@pytest.mark.parametrize("path", ["documents", "documents/{name}", "documents/{name}/file"])
async def test_foreign_and_absent_look_the_same(world: World, path: str):
    name = await sent(world, pdf("foreign"), org=B, h_Idempotency_Key="foreign")

    async def ask(org: OrgId, document: str) -> tuple[int, bytes]:
        answer = await world.client.get(f"/api/v1/orgs/{org}/{path.format(name=document)}", headers=world.headers())
        return answer.status_code, answer.content

    assert await ask(B, name) == await ask(NOWHERE, name)
    if "{name}" in path:
        assert await ask(A, name) == await ask(A, "nothing")


async def test_papers_of_discipline_are_opened_by_those_who_decide_and_each_opening_is_on_record(world: World):
    name = await sent(world, pdf("discipline"), materials="N19.M02")
    path = f"/orgs/{A}/documents/{name}/file"
    assert (await world.get(path, Role.TREASURER, purpose="看看")).status_code == 403
    assert (await world.get(path)).status_code == 400
    assert (await world.get(path, purpose=" ")).status_code == 400
    assert (await world.get(path, purpose="上会前核对")).content == pdf("discipline")
    told = await world.parts.reads.fetch(
        "select role, org_id, subject, field_class, purpose from service.read_audit where subject = $1", name
    )
    assert [tuple(line) for line in told] == [("secretary", A, name, "document", "上会前核对")]


async def test_an_opening_that_cannot_be_put_on_record_is_refused(world: World, module_database_url: str):
    name = await sent(world, pdf("unrecorded"), materials="N20.M01")
    owner = await asyncpg.connect(dsn(module_database_url))
    await owner.execute("alter table service.read_audit add constraint nobody check (purpose <> 'unrecorded')")
    try:
        answer = await world.get(f"/orgs/{A}/documents/{name}/file", purpose="unrecorded")
        assert (answer.status_code, pdf("unrecorded") in answer.content) == (503, False)
    finally:
        await owner.execute("alter table service.read_audit drop constraint nobody")
        await owner.close()
