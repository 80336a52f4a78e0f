"""An import is listed, previewed as it would be taken back, and taken back on the second press, portion by portion, in both languages."""

import re

import pytest

from events.imports import ImportUndone
from events.members import RegistrationWithdrawn
from tests.desk.conftest import sign_in
from tests.desk.test_imports import IMPORT, carried, roster
from tests.desk.world import BRANCH, OTHER
from tests.flows.import_world import GOOD

pytestmark = pytest.mark.asyncio(loop_scope="module")

SECOND: dict[str, object] = {
    "姓名": "柏林", "公民身份证号": "990101198808160574", "性别": "男", "出生日期": "", "加入党组织日期": "2010.01", "转为正式党员日期": "2011.01",
}  # fmt: skip
WHY = {"reason": "导错了文件", "seen": "", "at": "0"}


async def imported(secretary) -> str:
    """The address of the run of a roster of two."""
    preview = await secretary.post(IMPORT, files={"workbook": ("名册.xlsx", roster({}, SECOND))})
    form = {name: carried(preview.text, name) for name in ("workbook", "name", "record")}
    assert (await secretary.post(IMPORT, data=form)).status_code == 200
    return newest((await secretary.get(IMPORT)).text)


def newest(page: str) -> str:
    found = re.search(rf"{IMPORT}/r[0-9a-f-]+", page)
    assert found is not None, "the run is listed"
    return found[0]


async def events_of(world, kind) -> list:
    return [fact.event for fact in await world.parts.books.read(BRANCH) if isinstance(fact.event, kind)]


async def test_a_run_is_listed_previewed_and_taken_back(client, world):
    secretary = client("secretary")
    address = await imported(secretary)
    listed = (await secretary.get(IMPORT)).text
    assert all(text in listed for text in ("Past imports", "名册.xlsx", "Roster of members", "Undo …"))

    before = len(await world.parts.books.read(BRANCH))
    asked = (await secretary.get(address)).text
    assert "Why it is taken back" in asked
    assert "Take back" not in asked
    preview = (await secretary.get(address, params={"reason": WHY["reason"]})).text
    assert "Take back 2 entries" in preview
    assert preview.count("Register a member") == 2
    assert GOOD["姓名"] in preview
    assert len(await world.parts.books.read(BRANCH)) == before

    done = (await secretary.post(address, data=WHY)).text
    assert "2 entries are taken back." in done
    assert {event.reason for event in await events_of(world, RegistrationWithdrawn)} == {WHY["reason"]}
    assert [(said.taken_back, said.kept) for said in await events_of(world, ImportUndone)] == [(2, 0)]
    assert "taken back" in (await secretary.get(IMPORT)).text
    former = (await secretary.get(f"/admin/b/{BRANCH}/members", params={"left": "1"})).text
    assert former.count("registered in error") == 2

    again = (await secretary.post(address, data=WHY)).text
    assert "2 entries are taken back." in again
    assert len(await events_of(world, RegistrationWithdrawn)) == 2
    assert len(await events_of(world, ImportUndone)) == 1


async def test_it_is_said_in_chinese(client):
    secretary = client("secretary", "zh")
    address = newest((await secretary.get(IMPORT)).text)
    page = (await secretary.get(address, params={"reason": "误"})).text
    assert all(text in page for text in ("撤销导入", "撤销原因", "上级知悉日期", "登记党员", "已撤销"))
    assert "导入记录" in (await secretary.get(IMPORT)).text


async def test_a_long_run_goes_on_page_by_page(client, world, monkeypatch):
    monkeypatch.setattr("admin.undo.PORTION", 1)
    secretary = client("secretary")
    address = await imported(secretary)
    first = (await secretary.post(address, data=WHY)).text
    assert "1 of 2 entries are done; it goes on by itself." in first
    assert 'max="2" value="1"' in first
    form = {name: carried(first, name) for name in ("reason", "seen", "at")}
    assert form == WHY | {"at": "1"}
    assert "2 entries are taken back." in (await secretary.post(address, data=form)).text
    assert len(await events_of(world, RegistrationWithdrawn)) == 4


async def test_a_browser_goes_on_by_itself(client, page, monkeypatch):
    monkeypatch.setattr("admin.undo.PORTION", 1)
    address = await imported(client("secretary"))
    await sign_in(page, "secretary")
    await page.goto(f"{address}?reason=wrong")
    await page.click("form[data-once] button")
    await page.wait_for_selector(".note.good")
    assert "2" in await page.inner_text(".note.good")


async def test_nothing_is_taken_back_without_a_reason(client, world):
    secretary = client("secretary")
    address = newest((await secretary.get(IMPORT)).text)
    before = len(await world.parts.books.read(BRANCH))
    answer = await secretary.post(address, data=WHY | {"reason": "  "})
    assert (answer.status_code, 'role="alert"' in answer.text) == (422, True)
    assert len(await world.parts.books.read(BRANCH)) == before


async def test_a_run_is_nobodys_who_may_not_record_it(client):
    address = newest((await client("secretary").get(IMPORT)).text)
    for login in ("stranger", "treasurer", "member", "auditor"):
        assert (await client(login).get(address)).status_code == 404
    assert (await client("secretary").get(f"{IMPORT}/r20260101-000000-000000")).status_code == 404
    assert (await client("stranger").get(address.replace(f"/{BRANCH}/", f"/{OTHER}/"))).status_code == 404
    assert "名册.xlsx" not in (await client("treasurer").get(IMPORT)).text
    assert (await client("officer").get(address)).status_code == 200


async def test_a_committee_sees_the_imports_of_its_branches(client):
    listed = (await client("officer").get("/admin/b/C1/import")).text
    assert "名册.xlsx" in listed
    assert "第一党支部" in listed
