"""Reads a workbook in a process of its own that may use little memory and time: a hostile file can only end this process.

Run as a script: `python -I reader.py MEMORY_BYTES SECONDS ROWS_MAX COLUMNS_MAX`, workbook on standard input, msgpack on standard output.
It imports nothing of ours.
"""

import datetime as dt
import io
import resource
import sys

import msgspec
import python_calamine as calamine

Value = str | int | float | bool | dt.datetime | dt.date | dt.time | dt.timedelta
Cell = str | float | bool | list[str] | None


def _plain(value: Value) -> Cell:
    """A true date becomes a one-element list, so that it cannot be taken for a text that looks like a date."""
    if value == "":
        return None
    match value:
        case dt.datetime():
            return [value.date().isoformat()]
        case dt.date():
            return [value.isoformat()]
        case dt.time() | dt.timedelta():
            return str(value)
        case _:
            return value


def _sheet(sheet: calamine.CalamineSheet, rows_max: int, columns_max: int) -> tuple[str, list[list[Cell]]]:
    left = sheet.start[1] if sheet.start else 0
    rows = []
    for number, row in enumerate(sheet.iter_rows(), start=1):
        if number > rows_max:
            raise SystemExit(f"sheet {sheet.name} has more than {rows_max} rows")
        if left + len(row) > columns_max and any(value != "" for value in row[max(columns_max - left, 0) :]):
            raise SystemExit(f"sheet {sheet.name} has more than {columns_max} columns")
        rows.append([*[None] * left, *(_plain(value) for value in row[: max(columns_max - left, 0)])])
    return sheet.name, rows


def main() -> None:
    memory, seconds, rows_max, columns_max = (int(argument) for argument in sys.argv[1:5])
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with calamine.load_workbook(io.BytesIO(sys.stdin.buffer.read())) as book:
        visible = [m.name for m in book.sheets_metadata if m.typ == calamine.SheetTypeEnum.WorkSheet]
        sheets = [_sheet(book.get_sheet_by_name(name), rows_max, columns_max) for name in visible]
    sys.stdout.buffer.write(msgspec.msgpack.encode(sheets))


if __name__ == "__main__":
    main()
