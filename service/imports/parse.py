"""What all sheets share: labels to choices, a row judged once, twins in one workbook, whose sheet it is."""

import hashlib
import re
from collections.abc import Callable, Iterable
from typing import TypeVar

import msgspec

from events.base import Choice, OrgId
from service.decide.base import Command, command_name
from service.imports import cells
from service.imports.directory import Branch, Directory, Person
from service.imports.preview import Fault, Row, Send, State
from service.imports.sheet import Line, Table
from service.imports.workbook import Unreadable, Value

C = TypeVar("C", bound=Choice)
Ranked = tuple[Command, int]
"""A command and its rank among those of its day (`Send.rank`)."""
BRANCH_LINE = re.compile(r"党支部[:：]\s*([^\s（(]+)")


def choice(options: type[C], *aliases: tuple[str, C]) -> Callable[[Value], C | None]:
    """Reads a cell that bears one of the labels (or an alias that offices use)."""
    known = {cells.squeeze(option.zh): option for option in options} | {option.value: option for option in options} | dict(aliases)

    def parse(value: Value) -> C | None:
        shown = cells.text(cells.coded(value)[1])
        if shown is None:
            return None
        found = known.get(cells.squeeze(shown))
        if found is None:
            wanted = "、".join(option.zh for option in options)
            raise cells.Misread(f"“{shown}”不在可选项内：{wanted}", f"“{shown}” is none of: {', '.join(o.en for o in options)}")
        return found

    return parse


def member(branch: Branch) -> Callable[[Value], Person | None]:
    """Reads the name of a member of this branch."""

    def parse(value: Value) -> Person | None:
        shown = cells.text(value)
        return None if shown is None else branch.person(shown)

    return parse


def members(branch: Branch) -> Callable[[Value], tuple[Person, ...] | None]:
    """Reads a list of members."""

    def parse(value: Value) -> tuple[Person, ...] | None:
        return tuple(branch.person(shown) for shown in cells.words(value))

    return parse


def key(kind: str, org_id: OrgId, content: bytes, blind: Callable[[str], str]) -> str:
    """Names what is said by what it says; keyed, since it may hold names and ID numbers."""
    return f"{kind}-{blind(hashlib.sha256(b'|'.join((kind.encode(), org_id.encode(), content))).hexdigest())[:32]}"


def sends(org_id: OrgId, commands: Iterable[Ranked], directory: Directory) -> tuple[Send, ...]:
    """Each command with its idempotency key: the same command again adds nothing, even from a sheet that has grown since."""
    return tuple(
        Send(
            org_id=org_id,
            key=key(command_name(command), org_id, msgspec.json.encode(command, order="sorted"), directory.blind),
            command=command,
            rank=rank,
        )
        for command, rank in commands
    )


def judged(line: Line, title: str, org_id: OrgId, commands: Iterable[Command | Ranked], directory: Directory) -> Row:
    """The row of the preview: in error when a cell could not be read, else with what it will send."""
    ranked = [command if isinstance(command, tuple) else (command, 0) for command in commands]
    faulty = bool(line.faults)
    return Row(
        sheet=line.table.sheet.name,
        number=line.number,
        title=title,
        state=State.ERROR if faulty else State.OK,
        faults=tuple(line.faults),
        sends=() if faulty else sends(org_id, ranked, directory),
    )


def mark_twins(rows: list[Row]) -> list[Row]:
    """A row that says the same as one before it is a duplicate."""
    first: dict[str, Row] = {}
    for row in rows:
        if row.state is State.OK and row.sends:
            twin = first.setdefault(row.sends[0].key, row)
            if twin is not row:
                row.state = State.DUPLICATE
                row.sends = ()
                row.faults = (
                    Fault(cell="", zh=f"与{twin.sheet}第{twin.number}行相同", en=f"the same as row {twin.number} of {twin.sheet}"),
                )
    return rows


def branch_of(tables: list[Table], directory: Directory, org_id: OrgId | None) -> Branch:
    """Whose sheet this is: as said by the sender, as written over the headings, and both must agree."""
    written = next((match.group(1) for table in tables if (match := BRANCH_LINE.search(table.above()))), None)
    if written is None:
        if org_id is None:
            raise Unreadable("表头未写明党支部，请选择党支部", "the sheet does not say whose it is; choose a branch")
        return directory.branch(org_id)
    try:
        found = directory.named(written)
    except cells.Misread as misread:
        raise Unreadable(misread.zh, misread.en) from misread
    if org_id is not None and found.org_id != org_id:
        raise Unreadable(f"该表属于{found.name}，不是所选党支部", f"this sheet belongs to {found.name}, not to the chosen branch")
    return found
