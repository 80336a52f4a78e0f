"""A branch's dues register of a year (党费收缴登记册) and what it handed up (党费上缴登记)."""

import datetime as dt
import re

import msgspec

from events.base import Month, PersonId, ReceiptNo, month_of
from events.dues import IncomeKind, PaymentKind
from service.decide.base import Command
from service.decide.dues.assessment import AssessDuesBase
from service.decide.dues.fund import RemitDues
from service.decide.dues.payments import ReceiveDues
from service.imports import cells
from service.imports.directory import Branch, Directory, Person
from service.imports.parse import choice, judged, mark_twins, member
from service.imports.preview import Row
from service.imports.sheet import Line, Table
from service.imports.workbook import Unreadable, Value

DUES_NEED = ("姓名", "月应交(元)", "1月", "12月")
REMITTED_NEED = ("上缴金额(元)", "上缴日期")
YEAR = re.compile(r"(20\d{2})\s*年")
COLLECTOR = re.compile(r"收款人[:：]\s*(\S+)")
COLLECTION_DAY = re.compile(r"每月\s*(\d{1,2})\s*日")
PAID = re.compile(r"^([\d.,]+)元?\(?(?:(\d{1,2})[.月](\d{1,2})日?补?)?\)?$")
MONTH = re.compile(r"^(20\d{2})[-.年/](\d{1,2})月?$")
RECEIPT = re.compile(r"^(.*?)(\d{1,8})$")
INCOME = choice(IncomeKind, ("工资", IncomeKind.SALARY), ("离退休", IncomeKind.RETIRED), ("养老金", IncomeKind.RETIRED))


class Head(msgspec.Struct, frozen=True, kw_only=True):
    """What stands over the headings."""

    year: int
    collector: Person
    collection_day: int


class Paid(msgspec.Struct, frozen=True, kw_only=True):
    """A month's cell: the amount, and the day when it was not the collection day."""

    fen: int
    month: int | None = None
    day: int | None = None


def preview_dues(dues: list[Table], remitted: list[Table], branch: Branch, directory: Directory) -> list[Row]:
    """All rows of a workbook."""
    rows: list[Row] = []
    for table in dues:
        head = _head(table, branch)
        rows += [_year_of_member(line, head, branch, directory) for line in table.lines()]
    return mark_twins(rows) + mark_twins([_remitted(line, branch, directory) for table in remitted for line in table.lines()])


def _head(table: Table, branch: Branch) -> Head:
    above = table.above()
    year, collector, day = YEAR.search(above), COLLECTOR.search(above), COLLECTION_DAY.search(above)
    if year is None:
        raise Unreadable(f"工作表“{table.sheet.name}”的标题未写明年度", f"the title of sheet “{table.sheet.name}” names no year")
    if collector is None or day is None or not 1 <= int(day.group(1)) <= 28:
        raise Unreadable(
            "表头须写明“收款人：姓名  收缴日：每月n日”（1至28日）",
            "the sheet has to name its collector and its collection day (1 to 28) over the headings",
        )
    try:
        return Head(year=int(year.group(1)), collector=branch.person(collector.group(1)), collection_day=int(day.group(1)))
    except cells.Misread as misread:
        raise Unreadable(misread.zh, misread.en) from misread


def _year_of_member(line: Line, head: Head, branch: Branch, directory: Directory) -> Row:
    payer = line.need(member(branch), "姓名")
    assessment = _assessed(line, head, payer, branch)
    payments = _payments(line, head, payer)
    title = f"{payer.name if payer else cells.text(line.value('姓名')) or ''} {head.year}"
    commands: list[Command] = [*([assessment] if assessment else []), *payments]
    return judged(line, title, branch.org_id, commands, directory)


def _assessed(line: Line, head: Head, payer: Person | None, branch: Branch) -> Command | None:
    """The year's assessment, when the sheet tells the base."""
    base = line.read(cells.fen, "计算基数(元)")
    monthly = line.need(cells.fen, "月应交(元)")
    if base is None:
        return None
    income = line.need(INCOME, "收入类别")
    day = line.need(cells.date, "核定日期")
    assessor = line.need(member(branch), "核定人")
    first = line.read(month_cell, "起交月份") or f"{head.year}-01"
    if payer is None or income is None or day is None or assessor is None or monthly is None:
        return None
    return AssessDuesBase(
        occurred_on=day,
        person_id=payer.person_id,
        from_month=first,
        income_kind=income,
        base_fen=base,
        monthly_fen=monthly,
        ground=line.read(cells.text, "依据说明"),
        assessed_by=assessor.person_id,
        signed_by_member=True,
    )


def _payments(line: Line, head: Head, payer: Person | None) -> list[Command]:
    """One payment for each filled month, with its receipt when the sheet numbers them."""
    paid = [(month, found) for month in range(1, 13) if (found := line.read(_paid, f"{month}月")) is not None]
    numbers = line.read(_receipts, "票据号") or ()
    if numbers and len(numbers) != len(paid):
        line.fail(f"票据{len(numbers)}张，交费{len(paid)}次，不一致", f"{len(numbers)} receipts for {len(paid)} payments", "票据号")
    if payer is None or line.faults:
        return []
    receipts = [*numbers, *[None] * (len(paid) - len(numbers))]
    return [
        _payment(line, head, payer.person_id, month, found, number)
        for (month, found), number in zip(paid, receipts, strict=True)
        if found.fen > 0 or _not_negative(line, month)
    ]


def _not_negative(line: Line, month: int) -> bool:
    line.fail("金额必须大于零", "the amount must be more than zero", f"{month}月")
    return False


def _payment(line: Line, head: Head, payer: PersonId, month: int, paid: Paid, number: ReceiptNo | None) -> Command:
    due_month = f"{head.year}-{month:02d}"
    day = dt.date(head.year, month, head.collection_day)
    if paid.month is not None and paid.day is not None:
        year = head.year + (1 if paid.month < month else 0)
        try:
            day = dt.date(year, paid.month, paid.day)
        except ValueError:
            line.fail(f"日期{paid.month}.{paid.day}不存在", f"there is no day {paid.month}.{paid.day}", f"{month}月")
    return ReceiveDues(
        occurred_on=day,
        person_id=payer,
        month=due_month,
        amount_fen=paid.fen,
        kind=PaymentKind.BACK if month_of(day) > due_month else PaymentKind.REGULAR,
        collector=head.collector.person_id,
        receipt_no=number,
    )


def _remitted(line: Line, branch: Branch, directory: Directory) -> Row:
    first, last = line.need(month_cell, "起始月份"), line.need(month_cell, "截止月份")
    amount, day = line.need(cells.fen, "上缴金额(元)"), line.need(cells.date, "上缴日期")
    voucher = line.need(cells.text, "凭证号")
    commands: list[Command] = []
    if first and last and amount is not None and day and voucher:
        signed = line.read(cells.text, "上级签收")
        commands.append(
            RemitDues(occurred_on=day, from_month=first, to_month=last, amount_fen=amount, voucher_no=voucher, signed_by=signed)
        )
    return judged(line, f"{first} – {last}", branch.org_id, commands, directory)


def _paid(value: Value) -> Paid | None:
    """`15.00`, or `15.00（4.8）` when paid on another day than the collection day."""
    if value is None or not isinstance(value, str):
        fen = cells.fen(value)
        return None if fen is None else Paid(fen=fen)
    shown = cells.squeeze(value)
    match = PAID.match(shown)
    if match is None or match.group(2) is None:
        fen = cells.fen(value)
        return None if fen is None else Paid(fen=fen)
    fen = cells.fen(match.group(1))
    return None if fen is None else Paid(fen=fen, month=int(match.group(2)), day=int(match.group(3)))


def month_cell(value: Value) -> Month | None:
    """`2026-03`, `2026年3月`, or any day of the month."""
    shown = cells.text(value)
    if shown is None:
        return None
    match = MONTH.match(cells.squeeze(shown))
    if match is None or not 1 <= int(match.group(2)) <= 12:
        day = cells.date(value)
        return None if day is None else month_of(day)
    return f"{match.group(1)}-{int(match.group(2)):02d}"


def _receipts(value: Value) -> tuple[ReceiptNo, ...]:
    """`2026-0001至2026-0011`: a run of numbers, one for each payment in the order of the months."""
    shown = cells.text(value)
    if shown is None:
        return ()
    first, _, last = cells.squeeze(shown).replace("～", "至").replace("~", "至").partition("至")
    start, end = RECEIPT.match(first), RECEIPT.match(last or first)
    if start is None or end is None or (start.group(1) != end.group(1)) or not 0 <= int(end.group(2)) - int(start.group(2)) < 24:
        raise cells.Misread(f"票据号“{shown}”无法识别", f"“{shown}” is no run of receipt numbers")
    width = len(start.group(2))
    return tuple(ReceiptNo(f"{start.group(1)}{number:0{width}d}") for number in range(int(start.group(2)), int(end.group(2)) + 1))
