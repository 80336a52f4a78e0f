"""Documents at the desk: sent, listed with their materials, shown at the rows that they belong to, opened; refused beside the field."""

import hashlib
import html
import re
from typing import Any

import httpx
import pytest
from playwright.async_api import Page, expect

from events.elections import ElectionId, ElectionKind
from service.decide.elections.opening import OpenElection
from tests.desk.conftest import Client, sign_in
from tests.desk.test_browser import TODAY, UNLABELLED, WIDER
from tests.desk.world import BRANCH, OTHER, World
from tests.documents import samples

pytestmark = pytest.mark.asyncio(loop_scope="module")
HERE = f"/admin/b/{BRANCH}"


def pdf(mark: str) -> bytes:
    return samples.PDF + f"% {mark}\n".encode()


def fields(**changed: Any) -> dict[str, Any]:
    told = {"occurred_on": TODAY.isoformat(), "title": "学习计划", "materials": ["N17.M01"], "responsible": "支部委员会"}
    return told | {"formed_on": TODAY.isoformat(), "secrecy": "internal"} | changed


async def send(one: httpx.AsyncClient, data: bytes | None, name: str = "计划.pdf", **changed: Any) -> httpx.Response:
    files = {"file": (name, data, "application/pdf")} if data is not None else {"nothing": ("", b"")}
    return await one.post(f"{HERE}/upload", data=fields(**changed), files=files)


async def meeting(one: httpx.AsyncClient) -> str:
    """The stream of the meeting that the world begins with, as the form offers it."""
    form = await one.get(f"{HERE}/upload")
    found = re.search(r'value="(meeting-[^"]+)"', form.text)
    assert found is not None
    return found[1]


async def test_a_file_is_sent_and_shows_in_the_list_and_at_its_row(client: Client):
    one = client("secretary")
    about = await meeting(one)
    done = await send(one, pdf("row"), about=about, title="会议通知", materials=["N24.M02.02", "N19.M01.03"])
    assert (done.status_code, done.headers["location"].startswith(f"{HERE}/receipt/")) == (303, True)
    listed = (await one.get(f"{HERE}/documents")).text
    assert "会议通知" in listed
    assert "N24.M02.02 three-meetings: notice" in listed
    register = (await one.get(f"{HERE}/ledgers/L02/meetings")).text
    (link,) = set(re.findall(rf"{HERE}/documents/[^/]+/file", register))
    index = (await one.get(f"{HERE}/ledgers/L10/files")).text
    assert link in index
    closed = await one.get(link)
    assert "goes on record" in closed.text, "N19: a paper of discipline"
    file = await one.get(link, params={"purpose": "核对"})
    assert (file.content, file.headers["content-type"]) == (pdf("row"), "application/pdf")
    assert file.headers["content-disposition"].startswith("attachment;")
    assert (file.headers["x-content-type-options"], file.headers["cache-control"]) == ("nosniff", "no-store")


async def test_the_list_is_narrowed_to_one_material(client: Client):
    one = client("secretary")
    await send(one, pdf("narrow"), title="网络培训方案", materials=["N17.M05.01"])
    assert "网络培训方案" in (await one.get(f"{HERE}/documents", params={"material": "N17.M05.01"})).text
    assert "网络培训方案" not in (await one.get(f"{HERE}/documents", params={"material": "N17.M02"})).text
    assert (await one.get(f"{HERE}/documents", params={"material": "'; --", "before": "x"})).status_code == 200


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("a.docx", samples.PDF, "The name does not fit the contents"),
        ("a.pdf", b"MZ\0\0", "This kind of file is not taken"),
        ("a.pdf", b"", "The file is empty"),
        ("", None, "Please choose a file."),
    ],
)
async def test_what_is_wrong_with_the_file_is_said_beside_it(client: Client, name: str, data: bytes | None, sentence: str):
    answer = await send(client("secretary"), data, name)
    assert answer.status_code == 422
    assert sentence in re.sub(r"\s+", " ", answer.text.split('id="f-file-error"')[1].split("</p>")[0])


async def test_a_file_that_came_is_kept_while_the_form_is_put_right(client: Client, world: World):
    one = client("secretary")
    answer = await send(one, pdf("kept"), title="", materials=["N17.M01"])
    assert answer.status_code == 422
    assert "Received already: 计划.pdf" in answer.text
    hidden = {
        name: re.search(rf'name="{name}" value="([^"]*)"', answer.text)[1] for name in ("sha256", "size", "media_type", "name", "key")
    }
    assert hidden["sha256"] == hashlib.sha256(pdf("kept")).hexdigest()
    assert (await send(one, None, **hidden)).status_code == 303
    lied = await send(one, None, **hidden | {"sha256": "a" * 64, "key": "other"})
    assert (lied.status_code, "INV-100" in lied.text) == (422, True)


async def test_what_is_classified_is_refused_and_a_paper_offered_instead(client: Client, world: World):
    answer = await send(client("secretary"), pdf("secret"), secrecy="secret")
    assert (answer.status_code, "INV-084" in answer.text) == (422, True)
    assert f"{HERE}/do/register-paper-document" in answer.text
    assert await world.parts.files.size(hashlib.sha256(pdf("secret")).hexdigest()) is None


async def test_the_script_is_told_of_the_bytes_or_of_what_is_wrong(client: Client):
    one = client("secretary")
    ahead = {"only": "bytes", "secrecy": "public"}
    told = await one.post(f"{HERE}/upload", data=ahead, files={"file": ("a.pdf", pdf("ahead"))})
    assert told.json() == {
        "sha256": hashlib.sha256(pdf("ahead")).hexdigest(),
        "size": len(pdf("ahead")),
        "media_type": "application/pdf",
        "name": "a.pdf",
    }
    wrong = await one.post(f"{HERE}/upload", data=ahead, files={"file": ("a.png", pdf("ahead"))})
    assert (wrong.status_code, list(wrong.json())) == (422, ["error"])


async def test_a_new_version_is_sent_from_the_list(client: Client):
    one = client("secretary")
    await send(one, pdf("first"), title="第一稿")
    listed = (await one.get(f"{HERE}/documents")).text
    row = listed.split("第一稿")[0].rpartition('id="d-')[2]
    name = row.split('"')[0]
    form = await one.get(f"{HERE}/upload", params={"document_id": name})
    assert "Replace a document" in form.text
    sent = {"occurred_on": TODAY.isoformat(), "document_id": name, "secrecy": "internal", "reason": "更清晰"}
    done = await one.post(f"{HERE}/upload", data=sent, files={"file": ("a.docx", samples.DOCX)})
    assert done.status_code == 303
    assert (await one.get(f"{HERE}/documents/{name}/file")).content == samples.DOCX


async def test_commands_about_files_lead_to_the_page_that_sends_them(client: Client):
    answer = await client("secretary").get(f"{HERE}/do/file-document", params={"materials": "N17.M01"})
    assert (answer.status_code, answer.headers["location"]) == (303, f"{HERE}/upload?materials=N17.M01")


@pytest.mark.parametrize(
    ("login", "listed", "sends", "opens"),
    [
        ("secretary", 200, 422, 200),
        ("treasurer", 200, 404, 200),
        ("officer", 200, 404, 200),
        ("auditor", 200, 404, 404),
        ("member", 404, 404, 404),
        ("stranger", 404, 404, 404),
    ],
)
async def test_who_may_see_send_and_open(client: Client, login: str, listed: int, sends: int, opens: int):
    done = await send(client("secretary"), pdf("rights"), title="权限", key="rights")
    assert done.status_code == 303
    secretary = (await client("secretary").get(f"{HERE}/documents")).text
    name = secretary.split("权限")[0].rpartition('id="d-')[2].split('"')[0]
    one = client(login)
    assert (await one.get(f"{HERE}/documents")).status_code == listed
    assert (await send(one, None, title="")).status_code == sends
    assert (await one.get(f"{HERE}/documents/{name}/file")).status_code == opens
    assert (await one.get(f"/admin/b/{OTHER}/documents/{name}/file")).status_code == 404


async def test_an_archive_of_forms_is_not_taken(client: Client):
    many = fields(materials=["N17.M01"] * 500)
    answer = await client("secretary").post(f"{HERE}/upload", data=many, files={"file": ("a.pdf", pdf("many"))})
    assert answer.status_code == 400


@pytest.mark.parametrize(("width", "height"), [(1280, 900), (360, 740)])
async def test_a_clerk_sends_a_file_and_sees_what_is_wrong(page: Page, width: int, height: int):
    await page.set_viewport_size({"width": width, "height": height})
    await sign_in(page, "secretary")
    await page.goto(f"{HERE}/upload?materials=N17.M01")
    assert await page.evaluate(UNLABELLED) == []
    assert await page.evaluate(WIDER) <= 0
    await page.get_by_label("题名").fill(f"浏览器{width}")
    await page.get_by_label("责任者").fill("支部委员会")
    await page.get_by_label("形成日期").fill(TODAY.isoformat())
    await page.get_by_role("button", name="登记", exact=True).click()
    await expect(page.locator("#f-file-error")).to_have_text("请选择文件。")
    await page.locator("#f-file").set_input_files({"name": "计划.png", "mimeType": "image/png", "buffer": pdf(f"browser {width}")})
    await page.get_by_role("button", name="登记", exact=True).click()
    await expect(page.locator("#f-file-error")).to_contain_text("文件名与内容不符")
    await page.locator("#f-file").set_input_files({"name": "计划.pdf", "mimeType": "application/pdf", "buffer": pdf(f"browser {width}")})
    await page.get_by_label("密级").select_option(label="秘密")
    await expect(page.locator("[data-classified]")).to_contain_text("涉密文件只留纸质件")
    await page.get_by_label("密级").select_option(label="内部")
    await page.get_by_role("button", name="登记", exact=True).click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("登记回执")
    await page.goto(f"{HERE}/documents")
    await expect(page.locator("tbody tr", has_text=f"浏览器{width}")).to_contain_text("N17.M01 年度学习计划")
    assert await page.evaluate(WIDER) <= 0


async def test_a_missing_paper_of_a_case_leads_to_the_form_and_is_then_there(client: Client, world: World):
    await world.record(BRANCH, OpenElection(occurred_on=TODAY, kind=ElectionKind.TERM, election_id=ElectionId("e1")), "open-e1")
    one = client("secretary")
    checklist = f"{HERE}/procedures/election/e1"
    papers = re.findall(r'href="([^"]*/upload\?materials=[^"]*)"', (await one.get(checklist)).text)
    address = html.unescape(papers[0])
    name = re.search(r"materials=(N[\d.M]+)", address)[1]
    form = (await one.get(address)).text
    assert re.search(rf'value="{re.escape(name)}" checked', form)
    assert 'value="election-e1" selected' in form
    assert (await send(one, pdf("election"), materials=[name], about="election-e1")).status_code == 303
    assert papers[0] not in (await one.get(checklist)).text
