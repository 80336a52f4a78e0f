"""Rows of a register in words, as the paper form would have them; and as a file to take away, in which no formula lives."""

import io
from collections.abc import Sequence
from typing import Any

import msgspec
import xlsxwriter

from admin import show
from admin.show import Mark, Names
from admin.words import named, pick, say
from projections.ledgers.register import Column, Kind, Register
from projections.shapes import LedgerRow
from service.exports.sheet import csv_text, sheet_name

SHORT = 14
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"


class RegisterRow(msgspec.Struct, frozen=True, kw_only=True):
    """One row, every cell in words. `values` are the cells as numbers where they are numbers."""

    number: int
    key: str
    cells: list[tuple[Column, str]]
    marks: list[Mark]
    struck: bool
    event_id: str

    def holds(self, words: str) -> bool:
        """Whether the words are in one of the cells; no words are in every row."""
        return not words or any(words.casefold() in text.casefold() for _, text in self.cells)


def row_of(form: Register, row: LedgerRow, names: Names) -> RegisterRow:
    days = show.late(row.occurred_on, row.recorded_at)
    marks = show.late_mark(days)
    if any(row.cells.get(key) for key in ("corrections", "corrected")):
        marks = [*marks, Mark(text=say("corrected"))]
    if row.struck_by:
        marks = [*marks, Mark(text=say("struck through"))]
    return RegisterRow(
        number=row.row_no,
        key=row.key,
        cells=[(column, cell(column, row.cells.get(column.key), names)) for column in form.columns],
        marks=marks,
        struck=row.struck_by is not None,
        event_id=row.struck_by or row.event_id or "",
    )


def cell(column: Column, value: Any, names: Names) -> str:
    """A cell in words. Ids of people that cannot be named here stay ids."""
    if value is None or value in ("", []):
        return ""
    match column.kind:
        case Kind.MONEY if isinstance(value, int):
            return show.money(value)
        case Kind.FLAG:
            return say("Yes") if value else say("No")
        case Kind.PERSON | Kind.GROUP | Kind.ORG:
            return names.get(str(value), str(value))
        case Kind.PERSONS:
            return pick("、", ", ").join(names.get(str(one), str(one)) for one in value)
        case Kind.LIST if isinstance(value, list):
            return _list([_item(one) for one in value])
        case _:
            return show.in_english(str(value))


def _list(items: list[str]) -> str:
    """Sentences one below the other; short words, such as receipt numbers, in one line."""
    return ("\n" if any(len(item) > SHORT for item in items) else pick("、", ", ")).join(items)


def _item(one: Any) -> str:
    return " ".join(str(part) for part in one if part is not None) if isinstance(one, list) else show.in_english(str(one))


def headings(form: Register) -> list[str]:
    return [say("No."), *(named(column) for column in form.columns), say("Marks")]


def _lines(rows: Sequence[RegisterRow]) -> list[list[str]]:
    return [[str(row.number), *(text for _, text in row.cells), " ".join(mark.text for mark in row.marks)] for row in rows]


def as_csv(form: Register, rows: Sequence[RegisterRow]) -> bytes:
    """With a byte order mark, so that spreadsheets read it as UTF-8; what could be a formula gets an apostrophe."""
    return csv_text(headings(form), _lines(rows)).encode()


def as_xlsx(form: Register, rows: Sequence[RegisterRow]) -> bytes:
    """Texts are written as texts whatever they look like; amounts and counts as numbers."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet(sheet_name(form.zh))
        bold = book.add_format({"bold": True, "border": 1, "bg_color": "#efede7", "text_wrap": True, "valign": "top"})
        plain = book.add_format({"border": 1, "text_wrap": True, "valign": "top"})
        struck = book.add_format({"border": 1, "text_wrap": True, "valign": "top", "font_strikeout": True})
        for place, heading in enumerate(headings(form)):
            sheet.write_string(0, place, heading, bold)
            sheet.set_column(place, place, max(8, min(30, len(heading) * 2 + 2)))
        for line, (row, texts) in enumerate(zip(rows, _lines(rows), strict=True), start=1):
            kinds = [Kind.COUNT, *(column.kind for column, _ in row.cells), Kind.TEXT]
            for place, (kind, text) in enumerate(zip(kinds, texts, strict=True)):
                number = _number(kind, text)
                if number is None:
                    sheet.write_string(line, place, text, struck if row.struck else plain)
                else:
                    sheet.write_number(line, place, number, struck if row.struck else plain)
        sheet.freeze_panes(1, 2)
        sheet.set_landscape()
        sheet.repeat_rows(0)
        sheet.fit_to_pages(1, 0)
    return out.getvalue()


def _number(kind: Kind, text: str) -> float | None:
    plain = text.replace(",", "")
    return float(plain) if kind in (Kind.MONEY, Kind.COUNT) and plain.removeprefix("-").replace(".", "", 1).isdecimal() else None


FILES = {"xlsx": (as_xlsx, XLSX), "csv": (as_csv, CSV)}
