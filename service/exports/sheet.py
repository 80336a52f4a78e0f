"""A register as a sheet that office programs open: cells in words, and nothing that they could take for a formula."""

import csv
import io
import re
from collections.abc import Iterable, Mapping
from typing import Any

import xlsxwriter

from projections.ledgers.register import Column, Kind, Register
from projections.shapes import LedgerRow

BYTE_ORDER_MARK = "\ufeff"
"""Without it office programs read Chinese sheets in a national encoding."""
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
SHEET_NAME_MAX = 31


def headings(form: Register) -> list[str]:
    return ["序号", "年度", *(column.zh for column in form.columns)]


def row_cells(form: Register, row: LedgerRow, names: Mapping[str, str]) -> list[str]:
    return [str(row.row_no), row.year, *(cell_text(column, row.cells.get(column.key), names) for column in form.columns)]


def cell_text(column: Column, value: Any, names: Mapping[str, str]) -> str:
    """A cell in words; an id that cannot be named stays an id."""
    if value is None:
        return ""
    match column.kind:
        case Kind.MONEY if isinstance(value, int):
            return f"{'-' if value < 0 else ''}{abs(value) // 100}.{abs(value) % 100:02d}"
        case Kind.FLAG:
            return "是" if value else "否"
        case Kind.PERSON | Kind.GROUP | Kind.ORG:
            return names.get(str(value), str(value))
        case Kind.PERSONS:
            return "、".join(names.get(str(one), str(one)) for one in value)
        case Kind.LIST if isinstance(value, list):
            return "\n".join(" ".join(str(part) for part in one) if isinstance(one, list) else str(one) for one in value)
        case _:
            return str(value)


def csv_text(columns: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """What could be a formula gets an apostrophe."""
    out = io.StringIO()
    csv.writer(out).writerows([list(columns), *([harmless(cell) for cell in row] for row in rows)])
    return BYTE_ORDER_MARK + out.getvalue()


def harmless(text: str) -> str:
    """An amount may begin with a minus; nothing else may begin like a formula."""
    amount = re.fullmatch(r"-\d[\d,]*(\.\d+)?", text)
    return f"'{text}" if text.lstrip(" '\"").startswith(FORMULA_STARTS) and not amount else text


def sheet_name(title: str) -> str:
    """What office programs take for the name of a sheet: short, and without the signs that they use in formulas."""
    return re.sub(r"[\[\]:*?/\\']", " ", title)[:SHEET_NAME_MAX].strip()


def xlsx_bytes(title: str, columns: Iterable[str], rows: Iterable[Iterable[str]]) -> bytes:
    """Every cell an explicit string; landscape A4 with the headings repeated."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet(sheet_name(title))
        bold = book.add_format({"bold": True, "text_wrap": True, "border": 1})
        plain = book.add_format({"text_wrap": True, "border": 1})
        for number, row in enumerate([list(columns), *rows]):
            for place, cell in enumerate(row):
                sheet.write_string(number, place, cell, plain if number else bold)
        sheet.freeze_panes(1, 0)
        sheet.repeat_rows(0)
        sheet.set_landscape()
        sheet.set_paper(9)
    return out.getvalue()
