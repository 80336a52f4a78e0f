"""Opens a workbook that somebody sent: guarded before parsing, parsed in a child process with little memory and time."""

import datetime as dt
import io
import re
import subprocess
import sys
import zipfile
import zlib
from pathlib import Path

import msgspec

FILE_BYTES_MAX = 20_000_000
ENTRIES_MAX = 200
INFLATED_BYTES_MAX = 50_000_000
RATIO_MAX = 100
RATIO_FROM_BYTES = 1_000_000
"""Small parts may repeat themselves as much as they like: only a part that grows beyond this is judged by its ratio."""
ROWS_MAX = 20_000
COLUMNS_MAX = 50
MEMORY_BYTES_MAX = 512 * 1024 * 1024
SECONDS_MAX = 20
CHUNK = 65_536
DOCTYPE = re.compile(rb"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)
READER = Path(__file__).with_name("reader.py")

Value = str | float | bool | dt.date | None
Packed = str | float | bool | list[str] | None
"""A cell as the reader sends it."""


class Unreadable(Exception):
    """The file is no workbook that may be read. Both texts are for the person who sent it."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh = zh
        self.en = en


class Sheet(msgspec.Struct, frozen=True, kw_only=True):
    """One worksheet; `rows[0]` is row 1 of the sheet."""

    name: str
    rows: tuple[tuple[Value, ...], ...]


def read_workbook(path: Path) -> tuple[Sheet, ...]:
    """The sheets of an .xlsx file; raises `Unreadable`."""
    if path.stat().st_size > FILE_BYTES_MAX:
        raise Unreadable(f"文件超过 {FILE_BYTES_MAX // 1_000_000} MB", f"the file is larger than {FILE_BYTES_MAX // 1_000_000} MB")
    return read_bytes(path.read_bytes())


def read_bytes(data: bytes) -> tuple[Sheet, ...]:
    """As `read_workbook`. What is guarded are the very bytes that are parsed."""
    guard(data)
    command = [sys.executable, "-I", str(READER), *map(str, (MEMORY_BYTES_MAX, SECONDS_MAX, ROWS_MAX, COLUMNS_MAX))]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=SECONDS_MAX, check=False)  # noqa: S603 - own reader
    except subprocess.TimeoutExpired as late:
        raise Unreadable(f"读取超过 {SECONDS_MAX} 秒，已中止", f"reading took more than {SECONDS_MAX} s and was stopped") from late
    if done.returncode != 0:
        reason = done.stderr.decode(errors="replace").strip().rpartition("\n")[2][:200]
        raise Unreadable(f"无法读取工作簿：{reason}", f"the workbook cannot be read: {reason}")
    return _sheets(done.stdout)


def guard(data: bytes) -> None:
    """Refuses what could hurt the parser. The directory may lie about sizes, so the bytes are counted while inflating."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as book:
            entries = book.infolist()
            if len(entries) > ENTRIES_MAX:
                raise Unreadable(f"压缩包内文件超过 {ENTRIES_MAX} 个", f"more than {ENTRIES_MAX} parts in the file")
            left = INFLATED_BYTES_MAX
            for entry in entries:
                left -= _inflate(book, entry, left)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError, OSError) as broken:
        raise Unreadable("不是有效的 .xlsx 工作簿", "this is not a valid .xlsx workbook") from broken
    except zlib.error as broken:
        raise Unreadable("工作簿已损坏", "the workbook is damaged") from broken


def _inflate(book: zipfile.ZipFile, entry: zipfile.ZipInfo, left: int) -> int:
    """How many bytes the entry really has; never reads more than `left`."""
    if ".." in entry.filename or entry.filename.startswith(("/", "\\")):
        raise Unreadable("压缩包内含非法路径", "a part of the file has a forbidden name")
    ratio_limit = max(RATIO_FROM_BYTES, RATIO_MAX * max(entry.compress_size, 1))
    count = 0
    tail = b""
    with book.open(entry) as part:
        while chunk := part.read(CHUNK):
            count += len(chunk)
            if count > left or count > ratio_limit:
                raise Unreadable("解压后过大，疑似压缩炸弹", "the file inflates to far too much")
            if DOCTYPE.search(tail + chunk):
                raise Unreadable("文件含 DOCTYPE 声明，已拒绝", "the file declares a DOCTYPE and is refused")
            tail = chunk[-64:]
    return count


def _sheets(packed: bytes) -> tuple[Sheet, ...]:
    """Dates travel as ISO texts inside one-element lists, so that a text that looks like a date stays a text."""
    raw = msgspec.msgpack.decode(packed, type=list[tuple[str, list[list[Packed]]]])
    return tuple(Sheet(name=name, rows=tuple(tuple(_value(cell) for cell in row) for row in rows)) for name, rows in raw)


def _value(cell: Packed) -> Value:
    return dt.date.fromisoformat(cell[0]) if isinstance(cell, list) else cell
