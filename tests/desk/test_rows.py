"""Rows as the paper form has them, and files in which nothing computes."""

import datetime as dt
import io
from typing import Any

import openpyxl
import pytest

from admin import words
from admin.rows import as_csv, as_xlsx, row_of
from projections.ledgers.register import Column, Kind, Register
from projections.shapes import LedgerRow

FORM = Register(
    ledger="L09",
    code="awards",
    columns=(
        Column("person", "姓名", "Name", Kind.PERSON),
        Column("people", "人员", "People", Kind.PERSONS),
        Column("amount", "金额", "Amount", Kind.MONEY),
        Column("signed", "签字", "Signed", Kind.FLAG),
        Column("text", "说明", "Text"),
        Column("items", "议题", "Items", Kind.LIST),
        Column("corrections", "更正", "Corrections", Kind.LIST),
    ),
)
NAMES = {"p1": "安宁", "p2": "白云"}
NOON = int(dt.datetime(2026, 7, 8, 4, tzinfo=dt.UTC).timestamp() * 1_000_000)
FORMULAS = ("=1+1", "+1", "-cmd|x", "@SUM(A1)", "\t=1", "＝1", " =1", '"=1', '=HYPERLINK("http://evil")')


def row(**changed):
    cells = {"person": "p1", "people": ["p2", "p9"], "amount": 123450, "signed": True, "text": "党员大会", "items": ["甲", "乙"]}
    values: dict[str, Any] = {
        "row_no": 1,
        "year": "2026",
        "key": "k",
        "subject": "p1",
        "occurred_on": dt.date(2026, 7, 1),
        "recorded_at": NOON,
    }
    values |= {"event_id": "e", "struck_by": None, "cells": cells | changed.pop("cells", {})} | changed
    return row_of(FORM, LedgerRow(**values), NAMES)


def texts(one):
    return [text for _, text in one.cells]


def test_cells_are_shown_in_words():
    words.use("zh")
    assert texts(row()) == ["安宁", "白云、p9", "1,234.50", "是", "党员大会", "甲、乙", ""]
    words.use("en")
    assert texts(row()) == ["安宁", "白云, p9", "1,234.50", "Yes", "General meeting", "甲, 乙", ""]


def test_choices_in_a_list_are_told_in_the_language_of_the_request():
    words.use("en")
    assert texts(row(cells={"items": ["公开栏", "乙"]}))[5] == "Notice board, 乙"


def test_long_items_stand_one_below_the_other():
    assert texts(row(cells={"items": ["一" * 20, "二"]}))[5] == "一" * 20 + "\n" + "二"


def test_marks_say_what_is_late_corrected_and_struck():
    words.use("zh")
    marked = row(struck_by="e2", cells={"corrections": ["改"]})
    assert [mark.text for mark in marked.marks] == ["补录", "更正", "已划销"]
    assert (marked.struck, marked.event_id) == (True, "e2")
    assert row(occurred_on=dt.date(2026, 7, 7)).marks == []


def test_words_are_found_in_any_cell():
    assert row().holds("安")
    assert row().holds("")
    assert not row().holds("不在")


@pytest.mark.parametrize("text", FORMULAS)
def test_no_text_becomes_a_formula_in_a_file(text):
    rows = [row(cells={"text": text})]
    book = openpyxl.load_workbook(io.BytesIO(as_xlsx(FORM, rows)))
    kinds = {cell.data_type for line in book.active.iter_rows() for cell in line}
    assert "f" not in kinds
    assert book.active.cell(2, 6).value == text
    line = as_csv(FORM, rows).decode("utf-8-sig").splitlines()[1]
    assert "'" + text.replace('"', '""') in line


def test_amounts_are_numbers_in_a_workbook_and_may_be_negative_in_csv():
    rows = [row(cells={"amount": -123450})]
    sheet = openpyxl.load_workbook(io.BytesIO(as_xlsx(FORM, rows))).active
    assert (sheet.cell(2, 4).value, sheet.cell(2, 4).data_type) == (-1234.5, "n")
    assert '"-1,234.50"' in as_csv(FORM, rows).decode("utf-8-sig")
