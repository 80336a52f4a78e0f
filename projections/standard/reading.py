"""Reading one file of the standard pack: TOML to typed structs, or an error that says where and why."""

import re
import tomllib
from pathlib import Path
from typing import Any, TypeVar

import msgspec

S = TypeVar("S", bound=msgspec.Struct)

STEP = re.compile(r"\.(\w+)\[(\d+)\]")
"""One step of a msgspec path: `$.norm[2].task[1].zh` has two."""

NAME = re.compile(r"\b(N\d\d(?:\.[TM]\d\d(?:\.\d\d)?)?|DL-\d\d(?:\.?\w+)?|L\d\d(?:\.[\w-]+)?|[a-z]+(?:\.[a-z_]+)+|\d{4}-\d\d-\d\d)\b")
"""What an entry of a pack may be called."""


class PackError(Exception):
    """A file of the pack is wrong. Nothing starts with a wrong pack."""

    def __init__(self, file: str, line: int | None, reason: str) -> None:
        super().__init__(f"{file}:{line}: {reason}" if line else f"{file}: {reason}")
        self.file = file
        self.line = line
        self.reason = reason


def read(path: Path, shape: type[S]) -> S:
    """The file as `shape`; unknown, missing and mistyped entries are errors."""
    return parse(path.name, path.read_text(encoding="utf-8"), shape)


def parse(file: str, text: str, shape: type[S]) -> S:
    """The text of a file as `shape`."""
    try:
        document: dict[str, Any] = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"at line (\d+)", str(error))
        raise PackError(file, int(found.group(1)) if found else None, str(error)) from error
    try:
        return msgspec.convert(document, shape)
    except msgspec.ValidationError as error:
        raise PackError(file, line_of(text, str(error)), str(error)) from error


def line_of(text: str, path: str) -> int | None:
    """The line on which the innermost table named by a path such as `$.norm[2].task[1]` begins."""
    lines = text.splitlines()
    at: int | None = None
    name = ""
    for step, index in STEP.findall(path):
        name = f"{name}.{step}" if name else step
        found = _entry(lines, at or 0, name, int(index))
        if found is None:
            return at and at + 1
        at = found
    return None if at is None else at + 1


def _entry(lines: list[str], start: int, name: str, index: int) -> int | None:
    """The line of the index-th `[[name]]`, or of the index-th inline table of `name = [`, from `start` on."""
    heads = [no for no, line in enumerate(lines) if no >= start and line.strip() == f"[[{name}]]"]
    if not heads:
        opening = next(
            (no for no, line in enumerate(lines) if no >= start and re.match(rf"{name.rsplit('.', maxsplit=1)[-1]}\s*=\s*\[", line)), None
        )
        heads = [no for no, line in enumerate(lines) if opening is not None and no > opening and line.strip().startswith("{")]
    return heads[index] if index < len(heads) else None


def line_of_reason(text: str, reason: str) -> int | None:
    """The last line that defines what the reason names last: of two that bear one name, the second is the one too many."""
    for name in reversed(NAME.findall(reason)):
        defines = re.compile(rf"""(\b(id|key|norm)\s*=\s*"{re.escape(name)}")|(^\s*effective_from\s*=\s*{re.escape(name)})""")
        found = [no for no, line in enumerate(text.splitlines(), start=1) if defines.search(line)]
        if found:
            return found[-1]
    return None
