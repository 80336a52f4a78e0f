"""Writes the example workbooks: `python deploy/example/generate.py [FOLDER]`. The same come out each time; nobody in them exists.

The roster has the layout of the official 《党员基本信息汇总表》, with the untidiness of real ones: line breaks and stray
blanks in headings, coded cells, dates in four forms, telephone numbers as numbers.
"""

import datetime as dt
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter
from codes import EDUCATION, NATIONS, WORK
from invent import COMMITTEE_NAME, MADE, MARK, OPENED, POSTS, RETIRED, Branch, Member, invent
from xlsxwriter.utility import xl_cell_to_rowcol
from year import COLLECTION_DAY, DuesRow, Meeting, Transfer, Year, dues, transfers

FOLDER = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent
Row = Sequence[Any]
ROSTER_HEADINGS = (
    "序号", "姓名", "所在\n党支部", "公民身份证号", "性别", "民族", "出生日期", "学 历", "人员\n类别",
    "加入党组\n织日期",
    "转为正式\n党员日期", "工作岗位", "联系电话", None, "党籍\n状态", "是否为\n失联党员", "失去联\n系日期", "是否为流\n动党员", "外出流向",
)  # fmt: skip
MEETING_HEADINGS = (
    "序号", "会议类别", "党小组", "通知日期", "通知方式", "时间", "地点", "主持人", "委托记录", "记录人", "应到人数", "实到人数",
    "请假人员及原因", "缺席人员", "列席人员", "议题", "发言摘要", "表决情况", "决议", "落实情况", "归档日期", "归档人",
)  # fmt: skip
LECTURE_HEADINGS = ("序号", "时间", "主讲人", "主讲人身份", "题目", "听课人数", "授课分钟", "讲稿")
THEME_HEADINGS = ("序号", "时间", "活动形式", "主题", "“7+X”规定动作", "X自选内容", "参加人数", "活动记录", "心得体会份数", "宣传信息")
OUT_HEADINGS = (
    "序号", "介绍信编号", "姓名", "所在党支部", "人员类别", "转往单位", "抬头", "党费交至", "有效期(天)", "开具日期", "经办人",
    "联系电话", "对方接收日期", "回执日期", "回执经办人",
)  # fmt: skip
IN_HEADINGS = (
    "序号", "收信日期", "介绍信编号", "姓名", "公民身份证号", "性别", "民族", "学历", "人员类别", "加入党组织日期", "转为正式党员日期",
    "手机号", "来源党组织", "接收党支部", "党费交至", "开具日期", "有效期止", "接收日期", "编入党小组", "回执寄出日期", "经办人",
)  # fmt: skip


class Paper:
    """A workbook being written."""

    def __init__(self, name: str, title: str) -> None:
        self.book = xlsxwriter.Workbook(FOLDER / name)
        self.book.set_properties({"title": title, "comments": MARK, "created": dt.datetime.combine(MADE, dt.time(9))})
        thin = {"border": 1, "valign": "vcenter", "text_wrap": True, "font_name": "宋体", "font_size": 10}
        self.title = self.book.add_format({"bold": True, "align": "center", "font_size": 16, "font_name": "宋体"})
        self.head = self.book.add_format({**thin, "bold": True, "align": "center"})
        self.cell = self.book.add_format(thin)
        self.day = self.book.add_format({**thin, "num_format": "yyyy-mm-dd"})
        self.whole = self.book.add_format({**thin, "num_format": "0"})
        self.money = self.book.add_format({**thin, "num_format": "0.00"})

    def sheet(self, name: str, title: str, under: Sequence[str], headings: Sequence[str | None], rows: Iterable[Row], note: str) -> Any:
        """Title over the whole width, a line of particulars, headings, rows, note."""
        sheet = self.book.add_worksheet(name)
        sheet.merge_range(0, 0, 0, len(headings) - 1, title, self.title)
        for column, text in zip((0, len(headings) // 2), under, strict=False):
            sheet.write_string(1, column, text)
        for column, heading in enumerate(headings):
            sheet.write(2, column, heading, self.head)
        last = self.rows(sheet, 3, rows)
        sheet.write_string(last, 0, note)
        sheet.set_column(1, len(headings) - 1, 13)
        sheet.freeze_panes(3, 2)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        return sheet

    def rows(self, sheet: Any, first: int, rows: Iterable[Row]) -> int:
        number = first
        for number, row in enumerate(rows, start=first):
            for column, value in enumerate(row):
                self.write(sheet, number, column, value)
        return number + 1

    def write(self, sheet: Any, row: int, column: int, value: Any) -> None:
        match value:
            case None | "":
                sheet.write_blank(row, column, None, self.cell)
            case dt.date():
                sheet.write_datetime(row, column, dt.datetime.combine(value, dt.time()), self.day)
            case int():
                sheet.write_number(row, column, value, self.whole)
            case float():
                sheet.write_number(row, column, value, self.money)
            case _:
                sheet.write_string(row, column, str(value), self.cell)


def shown_date(day: dt.date | None, form: int) -> str | dt.date | None:
    """A date as one of the forms that offices write."""
    if day is None:
        return None
    return (day.isoformat(), f"{day:%Y.%m}", f"{day:%Y%m}", day)[form % 4]


def roster(branches: list[Branch]) -> None:
    paper = Paper("roster.xlsx", "党员基本信息汇总表")
    sheet = paper.book.add_worksheet("党员基本信息汇总表")
    width = len(ROSTER_HEADINGS) - 1
    sheet.merge_range(0, 0, 0, width, "党员基本信息汇总表", paper.title)
    sheet.write_string(1, 0, f"基层党委：{COMMITTEE_NAME}（{MARK}）")
    sheet.write_string(1, 12, f"汇总日期：{OPENED.year}年{OPENED.month}月{OPENED.day}日")
    for column, heading in enumerate(ROSTER_HEADINGS):
        if column == 12:
            sheet.merge_range(2, 12, 2, 13, heading, paper.head)
        elif column != 13:
            sheet.merge_range(2, column, 3, column, heading, paper.head)
    sheet.write_string(3, 12, "手机号", paper.head)
    sheet.write_string(3, 13, "固定电话", paper.head)
    people = [(branch, member) for branch in branches for member in branch.members if member.since == OPENED]
    last = paper.rows(sheet, 4, [_roster_row(n, branch, member) for n, (branch, member) in enumerate(people, start=1)])
    sheet.write_string(last, 0, f"注：本表为{MARK}；身份证号使用未分配的地区代码。民族、学历、工作岗位按代码表填写。")
    sheet.set_column(1, width, 12)
    sheet.set_column(3, 3, 20)
    sheet.freeze_panes(4, 2)
    for column, (name, codes) in zip("FHL", (("民族", NATIONS), ("学历", EDUCATION), ("工作岗位", WORK)), strict=True):
        _code_sheet(paper, sheet, column, name, codes, last)
    paper.book.close()


def _roster_row(n: int, branch: Branch, m: Member) -> Row:
    landline = f"0999-{8_100_000 + n * 37}" if n % 9 == 0 else None
    birth = shown_date(m.birthday, n + n // 7)
    return (
        n, m.name, branch.name, m.id_number, "女" if m.woman else "男", f"{m.nation} {NATIONS[m.nation]}", birth,
        f"{m.education} {EDUCATION[m.education]}", "正式党员" if m.full_since else "预备党员", m.joined if n % 4 else m.joined.isoformat(),
        m.full_since if n % 3 else shown_date(m.full_since, 0), f"{m.work} {WORK[m.work]}", m.phone if n % 5 else str(m.phone), landline,
        "正常", "否", None, "否", None,
    )  # fmt: skip


def _code_sheet(paper: Paper, sheet: Any, column: str, name: str, codes: dict[str, str], last: int) -> None:
    listed = paper.book.add_worksheet(name)
    listed.write_string(0, 0, name, paper.head)
    for row, (code, text) in enumerate(codes.items(), start=1):
        listed.write_string(row, 0, f"{code} {text}", paper.cell)
    first, at = xl_cell_to_rowcol(f"{column}5")
    sheet.data_validation(
        first, at, last - 1, at, {"validate": "list", "source": f"={name}!$A$2:$A${len(codes) + 1}", "error_type": "warning"}
    )


def meetings(branch: Branch, number: int) -> None:
    paper = Paper(f"meetings-b{number:02d}.xlsx", "三会一课记录")
    year = Year(branch, number).meetings()
    under = (f"党支部：{branch.name}（{MARK}）", "起止：2025年12月至2026年11月")
    note = f"注：{MARK}。"
    paper.sheet("三会一课记录", "三会一课记录", under, MEETING_HEADINGS, [_meeting_row(n, m) for n, m in enumerate(year, start=1)], note)
    lectures = [m for m in year if m.lecture]
    paper.sheet("党课登记表", "党课登记表", under, LECTURE_HEADINGS, [_lecture_row(n, m) for n, m in enumerate(lectures, start=1)], note)
    days = [m for m in year if m.theme]
    paper.sheet("主题党日登记表", "主题党日登记表", under, THEME_HEADINGS, [_theme_row(n, m) for n, m in enumerate(days, start=1)], note)
    paper.book.close()


def _names(members: Iterable[Member]) -> str | None:
    return "、".join(m.called for m in members) or None


def _meeting_row(n: int, m: Meeting) -> Row:
    leave = "、".join(f"{member.called}（{reason}）" for member, reason in m.leave) or None
    items = "\n".join(f"{kind}：{title}" for kind, title in m.items)
    filed = m.day + dt.timedelta(days=3)
    return (
        n, m.kind, m.group, m.day - dt.timedelta(days=3), "短信或微信" if n % 4 else "电话", f"{m.day} {m.start}-{m.end}", m.place,
        m.chair.called, m.delegation, m.recorder.called, len(m.due), len(m.present), leave, _names(m.absent), None, items, m.summary,
        m.vote, m.resolution, m.done, filed, m.recorder.called,
    )  # fmt: skip


def _lecture_row(n: int, m: Meeting) -> Row:
    assert m.lecture is not None
    lecturer, capacity, title, minutes = m.lecture
    return (n, m.day, lecturer, capacity, title, len(m.present), minutes, f"讲稿-{m.day:%Y%m}")


def _theme_row(n: int, m: Meeting) -> Row:
    assert m.theme is not None
    form, theme, items, chosen, reflections = m.theme
    return (n, m.day, form, theme, "、".join(items), chosen, len(m.present), f"{theme}，{m.summary}", reflections, None)


def dues_book(branch: Branch, number: int, moves: list[Transfer]) -> None:
    paper = Paper(f"dues-b{number:02d}.xlsx", "党费收缴登记册")
    collector = branch.holder("组织委员").called
    rows = dues(branch, moves)
    headings = (
        "序号", "姓名", "人员类别", "收入类别", "计算基数(元)", "月应交(元)", "核定日期", "核定人", "起交月份",
        *(f"{n}月" for n in range(1, 13)), "全年实交", "票据号", "备注",
    )  # fmt: skip
    for year in (2025, 2026):
        under = (f"党支部：{branch.name}（{MARK}）", f"收款人：{collector}  收缴日：每月{COLLECTION_DAY}日")
        of_year = [_dues_row(n, row, collector) for n, row in enumerate((row for row in rows if row.year == year), start=1)]
        paper.sheet(f"{year}年", f"党费收缴登记册（{year}年度）", under, headings, of_year, f"注：{MARK}。补交的在金额后注明日期。")
    remitted = ("序号", "起始月份", "截止月份", "收缴合计(元)", "上缴金额(元)", "上缴日期", "凭证号", "上级签收")
    paper.sheet(
        "党费上缴登记", "党费上缴登记", (f"党支部：{branch.name}（{MARK}）",), remitted, _remittances(branch, rows), f"注：{MARK}。"
    )
    paper.book.close()


def _dues_row(n: int, row: DuesRow, collector: str) -> Row:
    m = row.member
    paid = [_paid(row, month) for month in range(1, 13)]
    total = sum(payment.fen for payment in row.payments.values()) / 100
    kind = "离退休费" if m.retired else "月工资"
    return (
        n, m.called, "正式党员" if m.full_since else "预备党员", kind, m.base_fen / 100, row.monthly / 100, row.assessed, collector,
        f"{row.first[0]}-{row.first[1]:02d}", *paid, total, row.receipts, None,
    )  # fmt: skip


def _paid(row: DuesRow, month: int) -> float | str | None:
    payment = row.payments.get(month)
    if payment is None:
        return None
    if payment.paid_on is None:
        return payment.fen / 100
    return f"{payment.fen / 100:.2f}（{payment.paid_on.month}.{payment.paid_on.day}）"


def _remittances(branch: Branch, rows: list[DuesRow]) -> list[Row]:
    """Everything collected in a quarter goes up by the tenth of the next month."""
    found: list[Row] = []
    quarters = (
        (2025, 12, 12, dt.date(2026, 1, 9)),
        (2026, 1, 3, dt.date(2026, 4, 9)),
        (2026, 4, 6, dt.date(2026, 7, 9)),
        (2026, 7, 9, dt.date(2026, 10, 9)),
    )
    for n, (year, first, last, day) in enumerate(quarters, start=1):
        fen = sum(p.fen for row in rows for month, p in row.payments.items() if _collected(row, month, p, year, first, last))
        found.append(
            (n, f"{year}-{first:02d}", f"{year}-{last:02d}", fen / 100, fen / 100, day, f"SJ-{branch.code[-3:]}-{year}-{n}", "机关党委财务")
        )
    return found


def _collected(row: DuesRow, month: int, payment: Any, year: int, first: int, last: int) -> bool:
    day = payment.paid_on or dt.date(row.year, month, COLLECTION_DAY)
    return bool(day.year == year and first <= day.month <= last)


def transfers_book(branches: list[Branch], moves: list[Transfer]) -> None:
    paper = Paper("transfers.xlsx", "组织关系转接登记簿")
    under = (f"基层党委：{COMMITTEE_NAME}（{MARK}）", "2026年度")
    note = f"注：{MARK}。"
    out = [_out_row(n, t) for n, t in enumerate((t for t in moves if t.sender), start=1)]
    paper.sheet("转出", "组织关系转出登记簿（存根）", under, OUT_HEADINGS, out, note)
    came = [_in_row(n, t) for n, t in enumerate((t for t in moves if t.receiver), start=1)]
    paper.sheet("转入", "组织关系转入登记簿", under, IN_HEADINGS, came, note)
    assert all(branch.members for branch in branches)
    paper.book.close()


def _out_row(n: int, t: Transfer) -> Row:
    assert t.sender is not None
    to = t.receiver.name if t.receiver else t.outside
    heading = COMMITTEE_NAME if t.receiver else t.outside
    month = f"{t.paid_to[0]}-{t.paid_to[1]:02d}"
    handler = t.sender.holder("组织委员").called
    receipt = (t.accepted, t.receipt, t.receiver.holder("组织委员").called if t.receiver else "接收单位组织委员")
    return (n, t.number, t.member.called, t.sender.name, "正式党员", to, heading, month, 30, t.issued, handler, "0999-8100000", *receipt)


def _in_row(n: int, t: Transfer) -> Row:
    assert t.receiver is not None
    m = t.member
    month = f"{t.paid_to[0]}-{t.paid_to[1]:02d}"
    valid = t.issued + dt.timedelta(days=30)
    source = t.sender.name if t.sender else t.outside
    return (
        n, t.arrived, t.number, m.name, m.id_number, "女" if m.woman else "男", f"{m.nation} {NATIONS[m.nation]}",
        f"{m.education} {EDUCATION[m.education]}", "正式党员", m.joined, m.full_since, m.phone, source, t.receiver.name,
        month, t.issued, valid, t.accepted, t.group, t.accepted + dt.timedelta(days=2), t.receiver.holder("组织委员").called,
    )  # fmt: skip


def organisations(branches: list[Branch]) -> None:
    """Committee, branches, groups, posts: what no workbook of an office holds."""
    lines = [f"# {MARK}. Written by generate.py.", "", "[committee]", 'id = "SL"', f'name = "{COMMITTEE_NAME}"']
    lines += ['short_name = "示例局机关党委"', f"founded_on = {OPENED}", ""]
    for number, branch in enumerate(branches, start=1):
        kind = "retired" if number - 1 in RETIRED else "institution" if "中心" in branch.name or "馆" in branch.name else "organ"
        lines += [
            "[[branches]]",
            f'id = "{branch.code}"',
            f'name = "{branch.name}"',
            f'short_name = "{branch.name.removesuffix("党支部")}"',
            f'type = "{kind}"',
            f"opened_on = {OPENED}",
            f'approval_no = "云岭机党〔2024〕{number}号"',
            f'phone = "0999-81000{number:02d}"',
            f'place = "{number % 4 + 1}楼党员活动室"',
            "term = 1",
            "term_ends_on = 2027-11-20",
        ]
        lines += [f'[[branches.posts]]\npost = "{post}"\nperson = "{branch.holder(post).called}"' for post in POSTS]
        for group in branch.groups:
            names = ", ".join(f'"{m.called}"' for m in branch.members if m.group == group and m.since == OPENED)
            lines.append(f'[[branches.groups]]\nname = "{group}"\nleader = "{branch.leaders[group].called}"\nmembers = [{names}]')
        lines.append("")
    (FOLDER / "organisations.toml").write_text("\n".join(lines), encoding="utf-8")


def main() -> None:
    branches = invent()
    organisations(branches)
    moves = transfers(branches)
    roster(branches)
    transfers_book(branches, moves)
    for number, branch in enumerate(branches, start=1):
        meetings(branch, number)
        dues_book(branch, number, moves)
    written = sorted(path.name for path in FOLDER.glob("*.xlsx"))
    print(f"{len(written)} workbooks, {sum(len(b.members) for b in branches)} lines of members: {', '.join(written)}")


if __name__ == "__main__":
    sys.exit(main())
