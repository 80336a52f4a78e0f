"""Recording over plain HTTP: a form asks, the bus decides, the receipt stays; looking changes nothing; nobody sends for another."""

import asyncio
import datetime as dt
import re
import uuid

import pytest

from admin.border import BODY_MAX
from service.bus import LOCAL
from tests.desk.world import BRANCH, OTHER, PASSWORD, PEOPLE, PROBING

pytestmark = pytest.mark.asyncio(loop_scope="module")

TODAY = dt.datetime.now(LOCAL).date()
DUES = f"/admin/b/{BRANCH}/do/receive-dues"
PAGES = (
    "/admin/",
    f"/admin/b/{BRANCH}/tasks",
    f"/admin/b/{BRANCH}/do",
    DUES,
    f"/admin/b/{BRANCH}/do/record-meeting-held",
    f"/admin/b/{BRANCH}/ledgers",
    f"/admin/b/{BRANCH}/ledgers/L02/meetings",
    f"/admin/b/{BRANCH}/ledgers/L02/meetings?as_of={TODAY}",
    f"/admin/b/{BRANCH}/ledgers/L02/meetings/xlsx",
    f"/admin/b/{BRANCH}/members?left=1",
    f"/admin/b/{BRANCH}/history?mark=late",
    f"/admin/b/{BRANCH}/receipt/1-3",
    f"/admin/b/{BRANCH}/import",
    "/admin/ledger-row/list",
    "/admin/login",
)


def dues(**changed: str) -> dict[str, str]:
    return {
        "key": str(uuid.uuid4()),
        "occurred_on": TODAY.isoformat(),
        "person_id": PEOPLE[5],
        "month": f"{TODAY:%Y-%m}",
        "amount_fen": "12.50",
        "kind": "regular",
        "payer": "self",
        "collector": PEOPLE[0],
    } | changed


async def pages_of(world) -> int:
    return len(await world.parts.books.read(BRANCH))


async def test_looking_changes_nothing(client, world):
    before = await pages_of(world)
    secretary = client("secretary")
    answers = {path: (await secretary.get(path, follow_redirects=True)).status_code for path in PAGES}
    assert answers == dict.fromkeys(PAGES, 200)
    assert await pages_of(world) == before


async def test_whoever_is_not_signed_in_is_led_to_the_door_and_back(client):
    nobody = client()
    for path in PAGES[:-1]:
        answer = await nobody.get(path)
        assert (answer.status_code, answer.headers["location"].partition("?")[0]) == (303, "/admin/login")
    answer = await nobody.post("/admin/login", data={"login": "secretary", "password": PASSWORD, "next": f"/admin/b/{BRANCH}/do"})
    assert answer.headers["location"] == f"/admin/b/{BRANCH}/do"
    assert "HttpOnly" in answer.headers["set-cookie"]
    assert "SameSite=lax" in answer.headers["set-cookie"]


async def test_a_wrong_password_and_an_unknown_name_are_told_alike(client):
    nobody = client()
    wrong, unknown = [await nobody.post("/admin/login", data={"login": login, "password": "x"}) for login in ("secretary", "nobody___")]
    assert (wrong.status_code, unknown.status_code) == (401, 401)
    assert wrong.text.replace("secretary", "") == unknown.text.replace("nobody___", "")


async def test_signing_out_ends_the_session_and_cannot_be_caused_by_a_link(client):
    auditor = client("auditor")
    assert (await auditor.get("/admin/logout")).status_code == 405
    assert (await auditor.post("/admin/logout")).headers["location"] == "/admin/login?signed=out"
    assert (await auditor.get("/admin/")).headers["location"] == "/admin/login"


async def test_dues_are_recorded_and_the_receipt_says_where(client, world):
    secretary = client("secretary")
    answer = await secretary.post(DUES, data=dues(), follow_redirects=True)
    facts = await world.parts.books.read(BRANCH)
    assert answer.status_code == 200
    assert f"{BRANCH}/receipt/{facts[-1].page}-{facts[-1].page}" in str(answer.url)
    assert facts[-1].event_id in answer.text
    assert "12.50" in answer.text
    assert "Dues payments" in answer.text


async def test_the_same_form_sent_twice_is_recorded_once(client, world):
    secretary, form = client("secretary"), dues(person_id=PEOPLE[6])
    first, second = [await secretary.post(DUES, data=form) for _ in range(2)]
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.headers["location"] == second.headers["location"]
    changed = await secretary.post(DUES, data=form | {"amount_fen": "99"})
    assert changed.status_code == 422
    assert "This form was sent before" in changed.text


async def beside(answer, field: str) -> str:
    found = re.search(rf'id="f-{field}-error">(.*?)</p>', answer.text)
    return found[1] if found else ""


async def test_a_rule_refuses_beside_the_field_and_what_was_typed_stays(client, world):
    before = await pages_of(world)
    secretary = client("secretary")
    answer = await secretary.post(DUES, data=dues(amount_fen="0"))
    assert answer.status_code == 422
    assert "INV-058" in await beside(answer, "amount_fen")
    assert f'value="{PEOPLE[5]}" selected' in answer.text
    await secretary.post(DUES, data=dues(person_id=PEOPLE[4]))
    again = await secretary.post(DUES, data=dues(person_id=PEOPLE[4]))
    assert "INV-059" in await beside(again, "month")
    assert await pages_of(world) == before + 1


async def test_a_refusal_speaks_the_language_of_the_desk(client):
    answer = await client("secretary", "zh").post(DUES, data=dues(amount_fen="-1"))
    assert 'lang="zh-CN"' in answer.text
    assert re.search(r"[\u4e00-\u9fff]+.*INV-058", await beside(answer, "amount_fen"))


@pytest.mark.parametrize("field", ["occurred_on", "person_id", "month", "amount_fen", "collector"])
async def test_a_required_field_that_is_missing_is_named(client, field):
    form = dues()
    form.pop(field)
    answer = await client("secretary").post(DUES, data=form)
    assert answer.status_code == 422
    assert await beside(answer, field) == "Please fill this in."


async def test_a_treasurer_records_dues_and_nothing_else(client):
    treasurer = client("treasurer")
    answer = await treasurer.post(DUES, data=dues(person_id=PEOPLE[3]))
    assert answer.status_code == 200
    assert "This page is your receipt" in answer.text
    assert (await treasurer.get(f"/admin/b/{BRANCH}/do/record-meeting-held")).status_code == 404
    assert (await treasurer.get(f"/admin/b/{BRANCH}/history")).status_code == 404


async def test_another_branch_is_as_absent_as_one_that_never_was(client, world):
    before = await pages_of(world)
    stranger = client("stranger")
    for path in ("tasks", "do", "do/receive-dues", "ledgers", "ledgers/L02/meetings", "members", "history", "receipt/1-1", "import"):
        hidden, never = [await stranger.get(f"/admin/b/{org}/{path}") for org in (BRANCH, "NEVER")]
        assert (hidden.status_code, hidden.text.replace(BRANCH, "")) == (never.status_code, never.text.replace("NEVER", "")), path
        assert hidden.status_code == 404
    assert (await stranger.post(DUES, data=dues())).status_code == 404
    assert await pages_of(world) == before


async def test_a_member_and_an_auditor_cannot_record(client):
    for login in ("member", "auditor"):
        assert (await client(login).post(DUES, data=dues())).status_code == 404
        assert (await client(login).get(f"/admin/b/{BRANCH}/import")).status_code == 404


async def test_an_auditor_reads_without_names(client):
    page = (await client("auditor", "zh").get(f"/admin/b/{BRANCH}/ledgers/L02/meetings")).text
    assert "安宁" not in page
    assert "***" in page


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "none"},
        {"sec-fetch-site": "", "origin": "https://evil.example"},
        {"sec-fetch-site": "", "origin": "null"},
        {"sec-fetch-site": "", "referer": "https://evil.example/admin/"},
        {"sec-fetch-site": ""},
    ],
)
async def test_what_another_site_sends_is_refused(client, world, headers):
    before = await pages_of(world)
    secretary = client("secretary")
    secretary.headers.pop("sec-fetch-site")
    sent = {name: value for name, value in headers.items() if value}
    for path in (DUES, "/admin/login", "/admin/logout", "/admin/language", f"/admin/b/{BRANCH}/import"):
        assert (await secretary.post(path, data=dues(), headers=sent)).status_code == 403
    assert await pages_of(world) == before


async def test_an_older_browser_is_known_by_its_origin(client, world):
    secretary = client("secretary")
    secretary.headers.pop("sec-fetch-site")
    answer = await secretary.post("/admin/language", data={"lang": "zh", "next": DUES}, headers={"origin": world.url})
    assert (answer.status_code, answer.headers["location"]) == (303, DUES)


async def test_a_form_that_is_too_large_is_not_read_to_its_end(client):
    answer = await client("secretary").post(DUES, data=dues(late_reason="字" * BODY_MAX))
    assert answer.status_code == 413


async def test_every_answer_keeps_scripts_of_others_out_and_leaves_no_copy(client):
    secretary = client("secretary")
    for path in (DUES, "/admin/login", f"/admin/b/{OTHER}/tasks", "/admin/assets/desk.css"):
        headers = (await secretary.get(path)).headers
        assert "script-src 'self'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
    assert (await secretary.get(DUES)).headers["cache-control"] == "no-store"


async def test_a_page_holds_no_script_and_no_style_of_its_own(client):
    secretary = client("secretary")
    for path in PAGES:
        text = (await secretary.get(path, follow_redirects=True)).text
        assert not re.search(r"<script(?![^>]*\ssrc=)|<style|\sstyle=|\son\w+=[\"']|javascript:", text), path


async def test_what_was_stored_is_shown_as_text(client):
    secretary = client("secretary")
    for path in (f"/admin/b/{BRANCH}/ledgers/L02/meetings", f"/admin/b/{BRANCH}/history", f"/admin/b/{BRANCH}/do/archive-minutes"):
        assert PROBING not in (await secretary.get(path)).text
    assert "&lt;img src=x" in (await secretary.get(f"/admin/b/{BRANCH}/history")).text


async def test_a_file_holds_the_rows_and_no_formula(client):
    secretary = client("secretary", "zh")
    csv = await secretary.get(f"/admin/b/{BRANCH}/ledgers/L01/roll/csv")
    assert csv.content.startswith(b"\xef\xbb\xbf")
    assert "安宁" in csv.text
    assert csv.headers["content-disposition"].startswith("attachment")
    assert (await secretary.get(f"/admin/b/{BRANCH}/ledgers/L01/roll/exe")).status_code == 404


async def test_a_form_without_a_key_still_records_once(client, world):
    before = await pages_of(world)
    form = dues(person_id=PEOPLE[7])
    form.pop("key")
    assert (await client("secretary").post(DUES, data=form)).status_code == 303
    assert await pages_of(world) == before + 1


async def test_the_desk_answers_many_at_once(client):
    secretary = client("secretary")
    answers = await asyncio.gather(*(secretary.get(path, follow_redirects=True) for path in PAGES * 3))
    assert {answer.status_code for answer in answers} == {200}
