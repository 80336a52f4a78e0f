"""What the tests of the importer are told in: sheets as lists of rows, a small branch, a bus over the store of the tests."""

import datetime as dt
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

from events.base import GroupId, OrgId, PersonId
from events.store.keys import Keys, MemoryKeyStore
from events.store.memory import MemoryBooks
from projections.standard.pack import default_pack
from service.auth.actor import SYSTEM
from service.bus import Bus
from service.imports.book import preview_sheets
from service.imports.directory import Branch, Directory, Person
from service.imports.preview import Preview, Terms
from service.imports.workbook import Sheet, read_bytes

EXAMPLE = Path(__file__).parents[2] / "deploy" / "example"
NOW = dt.datetime(2026, 11, 24, 2, tzinfo=dt.UTC)
B1, B2 = OrgId("SL-B01"), OrgId("SL-B02")
KEYS = Keys(MemoryKeyStore())
ANNA, BOLIN, NAMESAKE = (
    Person(person_id=PersonId(person_id), name=name, id_number=number)
    for person_id, name, number in (
        ("p1", "安娜", "990101196705251984"),
        ("p2", "柏林", "990101198808160574"),
        ("p3", "安娜", "990101199507182563"),
    )
)
FIRST = Branch(org_id=B1, name="综合业务党支部", members=(ANNA, BOLIN), groups={"第一党小组": GroupId("g1")})
SECOND = Branch(org_id=B2, name="信息中心党支部")
DIRECTORY = Directory(branches=(FIRST, SECOND), blind=KEYS.blind)
NO_GROUPS = Directory(branches=(Branch(org_id=B1, name="综合业务党支部"), SECOND), blind=KEYS.blind)

ROSTER_HEADINGS = (
    "序号", "姓名", "所在\n党支部", "公民身份证号", "性别", "民族", "出生日期", "学历", "人员类别", "加入党组织日期", "转为正式\n党员日期",
    "工作岗位", "手机号", "固定电话", "党籍状态", "是否为失联党员", "失去联系日期", "是否为流动党员", "外出流向",
)  # fmt: skip
GOOD = {
    "姓名": "顾青琳", "所在党支部": "综合业务党支部", "公民身份证号": "990101196705251984", "性别": "女", "民族": "01 汉族", "出生日期": "1967-05-25",
    "学历": "21 大学", "人员类别": "正式党员", "加入党组织日期": "2004.06", "转为正式党员日期": "2005-06-08", "工作岗位": "011 公务员",
    "手机号": 12_000_000_001, "党籍状态": "正常", "是否为失联党员": "否", "是否为流动党员": "否",
}  # fmt: skip


def sheet(title: str, under: str, headings: Sequence[str], rows: Sequence[dict[str, Any]]) -> tuple[Sheet, ...]:
    """A workbook with one sheet, written and read as a real one: title, particulars, headings, rows from row 4."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        page = book.add_worksheet()
        page.write_string(0, 0, title)
        page.write_string(1, 0, under)
        for column, heading in enumerate(headings):
            page.write_string(2, column, heading)
        for number, row in enumerate(rows, start=3):
            for column, heading in enumerate(headings):
                page.write(number, column, row.get(heading.replace("\n", ""), number - 2 if heading == "序号" else None))
    return read_bytes(out.getvalue())


def roster(*rows: dict[str, Any]) -> tuple[Sheet, ...]:
    return sheet("党员基本信息汇总表", "汇总日期：2025年12月1日", ROSTER_HEADINGS, rows)


def previewed(sheets: tuple[Sheet, ...], directory: Directory = NO_GROUPS, org_id: OrgId | None = None) -> Preview:
    return preview_sheets(sheets, "test.xlsx", directory, org_id)


def faults(preview: Preview) -> list[tuple[int, str, str]]:
    """(row, cell, English reason) of everything that is wrong."""
    return [(row.number, fault.cell, fault.en) for row in preview.rows for fault in row.faults]


def recorder() -> tuple[Bus, MemoryBooks, Keys]:
    """A bus over an empty record in memory."""
    books = MemoryBooks()
    keys = Keys(MemoryKeyStore())
    return Bus(books, keys, default_pack()), books, keys


def terms(now: dt.datetime = NOW) -> Terms:
    return Terms(actor=SYSTEM, now=now, backdate_days=30, late_reason="建账导入")
