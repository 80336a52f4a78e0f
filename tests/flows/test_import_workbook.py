"""A workbook that somebody sends is guarded before it is parsed, and parsed where it can do no harm."""

import io
import zipfile

import pytest
import xlsxwriter

from service.imports.sheet import find_table
from service.imports.workbook import COLUMNS_MAX, ROWS_MAX, Unreadable, read_bytes


def workbook(fill) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        fill(book.add_worksheet("表"))
    return out.getvalue()


def archive(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as book:
        for name, data in parts.items():
            book.writestr(name, data)
    return out.getvalue()


def with_part(name: str, data: bytes) -> bytes:
    source = zipfile.ZipFile(io.BytesIO(workbook(lambda sheet: sheet.write(0, 0, "x"))))
    return archive({entry: source.read(entry) for entry in source.namelist()} | {name: data})


def test_cells_keep_their_place_and_kind():
    def fill(sheet):
        sheet.write_string(1, 2, "2010-09-01")
        sheet.write_number(2, 1, 15.5)

    (sheet,) = read_bytes(workbook(fill))
    assert sheet.name == "表"
    assert sheet.rows == ((None, None, None), (None, None, "2010-09-01"), (None, 15.5, None))


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"not a zip file", "not a valid"),
        (workbook(lambda sheet: sheet.write(0, 0, "x"))[:900], "not a valid"),
        (archive({f"part{n}": b"x" for n in range(201)}), "more than 200 parts"),
        (with_part("../evil", b"x"), "forbidden name"),
        (with_part("xl/comments.xml", b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'c'>]><a/>"), "DOCTYPE"),
        (with_part("xl/comments.xml", b"x" * 65_530 + b"<!DOCTYPE a>"), "DOCTYPE"),
        (with_part("xl/media/bomb", b"0" * 40_000_000), "inflates"),
        (archive({"xl/nothing.xml": b"<a/>"}), "cannot be read"),
    ],
)
def test_a_hostile_or_broken_file_is_refused_with_a_reason(data, reason):
    with pytest.raises(Unreadable, match=reason) as refused:
        read_bytes(data)
    assert refused.value.zh


def test_a_directory_that_lies_about_sizes_is_found_out_while_inflating():
    raw = bytearray(with_part("xl/media/bomb", b"0" * 30_000_000))
    size = (30_000_000).to_bytes(4, "little")
    while (at := raw.find(size)) >= 0:
        raw[at : at + 4] = (1_000).to_bytes(4, "little")
    with pytest.raises(Unreadable):
        read_bytes(bytes(raw))


def test_a_sheet_that_claims_endless_room_ends_only_its_reader():
    def fill(sheet):
        sheet.write(0, 0, "x")
        sheet.write(1_048_575, 16_383, "y")

    with pytest.raises(Unreadable, match="cannot be read"):
        read_bytes(workbook(fill))


@pytest.mark.parametrize(("row", "column", "reason"), [(ROWS_MAX, 0, "rows"), (0, COLUMNS_MAX, "columns")])
def test_too_many_rows_or_columns_are_refused(row, column, reason):
    def fill(sheet):
        sheet.write(0, 0, "a")
        sheet.write(row, column, "x")

    with pytest.raises(Unreadable, match=reason):
        read_bytes(workbook(fill))


def test_headings_over_two_rows_with_line_breaks_are_found_under_a_merged_title():
    def fill(sheet):
        sheet.merge_range(0, 0, 0, 4, "党员基本信息汇总表")
        sheet.write_string(1, 0, "基层党委：")
        for column, heading in enumerate(("序号", "姓 名", "所在\n党支部", "联系电话")):
            sheet.write_string(2, column, heading)
        sheet.write_string(3, 3, "手机号")
        sheet.write_string(3, 4, "固定电话")
        for column, value in enumerate((1, "某甲", "某支部", 12000000001, "0999-8100037")):
            sheet.write(4, column, value)
        sheet.write_string(6, 0, "注：示例")

    (sheet,) = read_bytes(workbook(fill))
    table = find_table(sheet, ("姓名", "所在党支部"))
    assert table is not None
    (line,) = table.lines()
    assert (line.number, line.value("姓名"), line.value("手机号"), line.value("固定电话")) == (5, "某甲", 12000000001, "0999-8100037")
    assert line.cell("固定电话") == "E5"
