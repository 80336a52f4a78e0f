"""Finds the table inside a sheet (title, headings on one or two rows, data, note) and reads it line by line, fault by fault."""

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

import msgspec
from xlsxwriter.utility import xl_rowcol_to_cell

from service.imports import cells
from service.imports.preview import Fault
from service.imports.workbook import Sheet, Value

T = TypeVar("T")
HEADINGS_WITHIN = 12
NOTES = ("注:", "注：", "说明", "填表", "合计", "备注:", "备注：", "审核", "制表")


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """A table of a sheet: which heading stands in which column, and where the data begins."""

    sheet: Sheet
    columns: dict[str, int]
    first: int
    """Index of the first data row (0 for row 1)."""

    def above(self) -> str:
        """All text over the headings: title, unit, year."""
        return " ".join(text for row in self.sheet.rows[: self.first] for text in (cells.text(value) for value in row) if text)

    def lines(self) -> Iterator["Line"]:
        """Data rows; blank rows and note rows are passed over."""
        for index in range(self.first, len(self.sheet.rows)):
            filled = [value for value in self.sheet.rows[index] if cells.text(value)]
            if filled and not (isinstance(filled[0], str) and filled[0].strip().startswith(NOTES)):
                yield Line(self, index)


def find_table(sheet: Sheet, needed: Iterable[str]) -> Table | None:
    """The first row that holds all `needed` headings; a second row below may divide some of them."""
    wanted = set(needed)
    for index, row in enumerate(sheet.rows[:HEADINGS_WITHIN]):
        columns = _headings(row)
        if wanted <= columns.keys():
            below = sheet.rows[index + 1] if index + 1 < len(sheet.rows) else ()
            if _divides(below, [columns[heading] for heading in wanted]):
                return Table(sheet=sheet, columns=columns | _headings(below), first=index + 2)
            return Table(sheet=sheet, columns=columns, first=index + 1)
    return None


def _headings(row: tuple[Value, ...]) -> dict[str, int]:
    """Heading without blanks and line breaks -> column; the first of two equal ones counts."""
    found: dict[str, int] = {}
    for column, value in enumerate(row):
        shown = cells.squeeze(cells.text(value) or "")
        if shown:
            found.setdefault(shown, column)
    return found


def _divides(row: tuple[Value, ...], columns: list[int]) -> bool:
    """A second heading row holds texts, but nothing under the main headings."""
    filled = [value for value in row if value is not None]
    return bool(filled) and all(isinstance(value, str) for value in filled) and not any(row[c] for c in columns if c < len(row))


class Line:
    """One data row. Readings that fail are collected, so that every faulty cell of the row is shown at once."""

    def __init__(self, table: Table, index: int) -> None:
        self.table = table
        self.index = index
        self.faults: list[Fault] = []

    @property
    def number(self) -> int:
        """As the spreadsheet counts."""
        return self.index + 1

    def cell(self, *headings: str) -> str:
        """The address of the cell under the first of these headings that the table has."""
        column = next((self.table.columns[h] for h in headings if h in self.table.columns), None)
        return "" if column is None else str(xl_rowcol_to_cell(self.index, column))

    def value(self, *headings: str) -> Value:
        row = self.table.sheet.rows[self.index]
        column = next((self.table.columns[h] for h in headings if h in self.table.columns), len(row))
        return row[column] if column < len(row) else None

    def read(self, parse: Callable[[Value], T | None], *headings: str) -> T | None:
        """The cell as `parse` understands it; None when blank or not understood (then a fault is noted)."""
        try:
            return parse(self.value(*headings))
        except cells.Misread as misread:
            self.fail(misread.zh, misread.en, *headings)
            return None

    def need(self, parse: Callable[[Value], T | None], *headings: str) -> T | None:
        """As `read`, and a blank cell is a fault too."""
        before = len(self.faults)
        found = self.read(parse, *headings)
        if found is None and len(self.faults) == before:
            self.fail(f"“{headings[0]}”不能为空", f"“{headings[0]}” may not be blank", *headings)
        return found

    def fail(self, zh: str, en: str, *headings: str) -> None:
        self.faults.append(Fault(cell=self.cell(*headings), zh=zh, en=en))
