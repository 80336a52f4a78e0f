"""Sheets that leave by API and command line: cells in words, and no formula in them."""

import csv
import io

import openpyxl
import pytest

from projections.ledgers.register import Column, Kind, Register
from projections.shapes import LedgerRow
from service.exports.sheet import csv_text, harmless, headings, row_cells, xlsx_bytes

FORM = Register(
    ledger="L05",
    code="disposition",
    columns=(
        Column("what", "事由", "What"),
        Column("who", "姓名", "Name", Kind.PERSON),
        Column("all", "名单", "Names", Kind.PERSONS),
        Column("fen", "金额", "Amount", Kind.MONEY),
        Column("yes", "是否", "Whether", Kind.FLAG),
    ),
)
FORMULAS = (
    "=1+1",
    "+1",
    "-cmd|x",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "＝1",
    "－1",
    " =1",
    '"=1',
    "'=1",
    '=HYPERLINK("http://evil")',
    "-1+1",
    "-1\n=1",
)


def row(what: str, fen: int = -123_450) -> LedgerRow:
    cells = {"what": what, "who": "p1", "all": ["p1", "p2"], "fen": fen, "yes": True}
    return LedgerRow(
        row_no=3, year="2026", key="k", subject=None, occurred_on=None, recorded_at=0, event_id=None, struck_by=None, cells=cells
    )


def test_a_row_is_told_in_words_and_an_id_without_a_name_stays_an_id():
    assert row_cells(FORM, row("学习"), {"p1": "示例甲"}) == ["3", "2026", "学习", "示例甲", "示例甲、p2", "-1234.50", "是"]
    assert headings(FORM) == ["序号", "年度", "事由", "姓名", "名单", "金额", "是否"]


@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_of_a_csv_begins_like_a_formula(text: str):
    _, line = csv.reader(io.StringIO(csv_text(["事由"], [[text]]).removeprefix("\ufeff"), newline=""))
    assert line == [f"'{text}"]


@pytest.mark.parametrize("text", ["-1234.50", "-1,234.50", "-3", "学习", "1+1", ""])
def test_amounts_and_plain_words_stay_as_they_are(text: str):
    assert harmless(text) == text


@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_of_a_workbook_is_a_formula(text: str):
    body = xlsx_bytes(FORM.zh, headings(FORM), [row_cells(FORM, row(text), {})])
    sheet = openpyxl.load_workbook(io.BytesIO(body)).active
    assert sheet is not None
    assert {cell.data_type for line in sheet.iter_rows() for cell in line} == {"s"}
