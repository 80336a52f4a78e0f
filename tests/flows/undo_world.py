"""What the tests of taking an import back are told in: two members, their dues and a meeting, imported into a real record."""

import datetime as dt
from typing import Any

import msgspec

from events.base import Event, OrgId
from events.organisations import BranchType
from events.store.books import Books
from events.store.keys import Keys, MemoryKeyStore
from projections.standard.pack import default_pack
from service.auth.actor import SYSTEM
from service.bus import Bus
from service.decide.base import Command
from service.decide.organisations.founding import FoundBranch, FoundCommittee
from service.imports.book import preview_sheets
from service.imports.known import known_directory
from service.imports.preview import Preview, commit, mark_recorded
from service.imports.rehearsal import Rehearsal
from service.imports.runs import Run, begin, runs_of
from service.imports.undo import Undo, Undone, UndoTerms, groups, in_order
from service.imports.workbook import Sheet
from tests.flows.import_world import B1, B2, GOOD, NOW, roster, sheet, terms
from tests.flows.test_imports import DUES_HEADINGS

SL = OrgId("SL")
OPENED = dt.date(2025, 12, 1)
ANNA = GOOD | {"姓名": "安娜"}
BOLIN = GOOD | {
    "姓名": "柏林", "公民身份证号": "990101198808160574", "性别": "男", "出生日期": None, "加入党组织日期": "2010.01", "转为正式党员日期": "2011.01",
}  # fmt: skip
MEETING_HEADINGS = ("序号", "会议类别", "通知日期", "时间", "主持人", "委托记录", "记录人", "议题", "决议", "归档日期", "归档人")
MEETING = {
    "会议类别": "党员大会", "通知日期": "2026-03-02", "时间": "2026-03-05 14:30-16:00", "主持人": "安娜", "委托记录": "支部筹建", "记录人": "柏林",
    "议题": "表彰：推荐优秀党员", "决议": "同意推荐",
}  # fmt: skip
FILED = MEETING | {"归档日期": "2026-03-09", "归档人": "柏林"}
ANNAS_DUES = {
    "姓名": "安娜", "收入类别": "月工资", "计算基数(元)": 4_000, "月应交(元)": 40, "核定日期": "2026-01-05", "核定人": "柏林", "1月": 40, "2月": 40,
    "票据号": "2026-0001至2026-0002",
}  # fmt: skip
WRONG = "导错了文件"


def members() -> tuple[Sheet, ...]:
    return roster(ANNA, BOLIN)


def meetings(*rows: dict[str, Any]) -> tuple[Sheet, ...]:
    return sheet("三会一课记录", "党支部：综合业务党支部", MEETING_HEADINGS, rows)


def dues(*rows: dict[str, Any]) -> tuple[Sheet, ...]:
    return sheet("党费收缴登记册（2026年度）", "党支部：综合业务党支部 收款人：柏林 收缴日：每月5日", DUES_HEADINGS, rows)


LETTER_HEADINGS = (
    "序号",
    "所在党支部",
    "介绍信编号",
    "姓名",
    "转往单位",
    "党费交至",
    "开具日期",
    "经办人",
    "联系电话",
    "回执日期",
    "对方接收日期",
    "回执经办人",
)
LETTER = {
    "所在党支部": "综合业务党支部", "介绍信编号": "SL-B01-2026-0001", "姓名": "安娜", "转往单位": "外单位党支部", "党费交至": "2026-02",
    "开具日期": "2026-03-02", "经办人": "柏林", "联系电话": "01000000000",
}  # fmt: skip
GONE = LETTER | {"回执日期": "2026-03-20", "对方接收日期": "2026-03-16", "回执经办人": "外单位组织科"}


def letters(*rows: dict[str, Any]) -> tuple[Sheet, ...]:
    return sheet("组织关系转出登记簿", "2026年度", LETTER_HEADINGS, rows)


class Record:
    """A committee with two branches over a store."""

    def __init__(self, books: Books) -> None:
        self.books = books
        self.keys = Keys(MemoryKeyStore())
        self.bus = Bus(books, self.keys, default_pack())

    async def found(self) -> "Record":
        await self.send(SL, FoundCommittee(occurred_on=OPENED, name="中共示例委员会", short_name="示例"), "c")
        for code, name in ((B1, "综合业务党支部"), (B2, "信息中心党支部")):
            founding = FoundBranch(
                occurred_on=OPENED, branch_id=code, name=name, short_name=name, branch_type=BranchType.ORGAN, approval_no="1号"
            )
            await self.send(SL, founding, str(code))
        return self

    async def send(self, org_id: OrgId, command: Command, key: str) -> None:
        late = msgspec.structs.replace(command, late_reason="建账导入")
        await self.bus.handle(org_id, late, SYSTEM, key=key, now=NOW)

    async def preview(self, sheets: tuple[Sheet, ...]) -> Preview:
        preview = preview_sheets(sheets, "test.xlsx", await known_directory(self.books, self.keys, SL))
        await mark_recorded(preview, self.books.recorded)
        return preview

    async def imported(self, sheets: tuple[Sheet, ...], minutes: int = 0) -> Preview:
        """Recorded row by row, `minutes` after the others."""
        preview = await self.preview(sheets)
        when = terms(NOW + dt.timedelta(minutes=minutes))
        await begin([preview], self.bus, self.books, when)
        await commit([preview], self.bus, when)
        return preview

    async def run(self, number: int = 0) -> Run:
        """The newest run of the first branch, or one before it."""
        return (await runs_of(self.books, B1))[number]

    def undo(self, run: Run, *, seen: bool = False, days: int = 0) -> Undo:
        """Taking back, `days` later."""
        return Undo(run, self.bus, self.books, self._terms(seen=seen, days=days))

    def rehearsal(self, run: Run, *, seen: bool = False) -> Undo:
        books = Rehearsal(self.books)
        return Undo(run, Bus(books, self.keys, default_pack()), books, self._terms(seen=seen))

    def _terms(self, *, seen: bool, days: int = 0) -> UndoTerms:
        seen_on = dt.date(2026, 11, 20) if seen else None
        return UndoTerms(actor=SYSTEM, now=NOW + dt.timedelta(days=days), reason=WRONG, superior_seen_on=seen_on)

    async def events(self) -> list[Event]:
        return [fact.event for fact in await self.books.read(B1)]


async def taken_back(undo: Undo) -> list[tuple[int, str, str, str | None]]:
    """(row, command, fate, why) in the order of the sheet."""
    told = await undo.take_back(groups(undo.run))
    return [_told(one) for one in in_order(undo.run, told)]


def _told(one: Undone) -> tuple[int, str, str, str | None]:
    return one.sent.row, one.sent.command, one.fate.value, None if one.fault is None else one.fault.rule or one.fault.en
