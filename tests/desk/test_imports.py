"""A workbook is previewed row by row, and only a second press records it; sent again it adds nothing."""

import io

import pytest
import xlsxwriter

from tests.desk.world import BRANCH
from tests.flows.import_world import GOOD, ROSTER_HEADINGS

pytestmark = pytest.mark.asyncio(loop_scope="module")

HEADINGS = (*ROSTER_HEADINGS, "所在党小组")
IMPORT = f"/admin/b/{BRANCH}/import"


def roster(*changes: dict[str, object]) -> bytes:
    """The official roster of the first branch, one row for each set of changes."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        sheet.write_string(0, 0, "党员基本信息汇总表")
        sheet.write_string(1, 0, "汇总日期：2025年12月1日")
        sheet.write_row(2, 0, HEADINGS)
        for number, change in enumerate(changes, start=3):
            values = GOOD | {"所在党支部": "第一党支部", "所在党小组": "第一党小组"} | change
            sheet.write_row(number, 0, [number - 2, *(values.get(heading.replace("\n", ""), "") for heading in HEADINGS[1:])])
    return out.getvalue()


async def pages_of(world) -> int:
    return len(await world.parts.books.read(BRANCH))


def carried(page: str, name: str) -> str:
    """What the page of the preview carries to the second press."""
    return page.split(f'name="{name}" value="')[1].split('"', maxsplit=1)[0]


async def test_nothing_is_recorded_before_the_second_press(client, world):
    before = await pages_of(world)
    secretary = client("secretary")
    preview = await secretary.post(IMPORT, files={"workbook": ("r.xlsx", roster({}, {"公民身份证号": "990101196705251985"}))})
    assert preview.status_code == 200
    assert "Record 1 row<" in preview.text
    assert "will be recorded" in preview.text
    assert "cannot be read" in preview.text
    assert "顾青琳" in preview.text
    assert await pages_of(world) == before

    form = {name: carried(preview.text, name) for name in ("workbook", "name", "record")}
    done = await secretary.post(IMPORT, data=form)
    assert "was recorded" in done.text or "were recorded" in done.text
    after = await pages_of(world)
    assert after > before
    assert "顾青琳" in (await secretary.get(f"/admin/b/{BRANCH}/members")).text

    again = await secretary.post(IMPORT, data=form)
    assert "already there" in again.text
    assert await pages_of(world) == after


@pytest.mark.parametrize("data", [b"", b"not a workbook", b"PK\x03\x04broken"])
async def test_what_is_no_workbook_is_refused_in_words(client, data):
    answer = await client("secretary").post(IMPORT, files={"workbook": ("r.xlsx", data)})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text


async def test_a_damaged_second_press_is_refused_in_words(client):
    answer = await client("secretary").post(IMPORT, data={"workbook": "***", "record": "yes"})
    assert answer.status_code == 422


async def test_a_workbook_of_another_branch_is_refused(client, world):
    before = await pages_of(world)
    answer = await client("secretary").post(IMPORT, files={"workbook": ("r.xlsx", roster({"所在党支部": "第二党支部"}))})
    assert "Record 1 row" not in answer.text
    assert await pages_of(world) == before


async def test_a_file_that_is_too_large_is_not_read_to_its_end(client):
    answer = await client("secretary").post(IMPORT, files={"workbook": ("r.xlsx", b"x" * (13 * 1024 * 1024))})
    assert answer.status_code == 413
