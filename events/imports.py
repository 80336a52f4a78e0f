"""Imports of whole workbooks: what each run was about to record, and that it was taken back.

Room: THE RECORD. The stream `imports` of a book lists the runs that wrote into it. The plan is on record before its first
command is sent, so that a run that was cut off can be taken back like any other.
"""

import typing
from typing import Annotated, ClassVar, NewType

import msgspec

from events.base import Choice, Count, Event, Text, Upcast, shaped

RunId = NewType("RunId", str)
"""One import of one workbook; the same in every book that it wrote into."""
shaped(RunId, r"^r[0-9]{8}-[0-9]{6}-[0-9a-f]{6}$(?!\n)")

SENDS_MAX = 200
"""Commands listed in one event; a longer run has several, each a page of its own."""

Key = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9.-]{1,120}$(?!\n)")]
"""Under which a command was sent: it finds the events again, and makes taking them back the same once and twice."""
Verb = Annotated[str, msgspec.Meta(pattern=r"^[a-z]+(-[a-z]+)*$(?!\n)", max_length=60)]
"""The kebab name of a command."""


class WorkbookKind(Choice):
    """What a workbook was about."""

    ROSTER = "roster", "党员名册", "Roster of members"
    DUES = "dues", "党费收缴", "Dues of a year"
    MEETINGS = "meetings", "三会一课", "Meetings, lectures and theme days"
    TRANSFERS = "transfers", "组织关系转接", "Transfers in and out"


class Sent(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One command of a row. What the row said is not repeated here: names would stay in it when a person is erased."""

    key: Key
    command: Verb
    sheet: Annotated[str, msgspec.Meta(max_length=31)]
    row: Count


class OfImports(Event, frozen=True, kw_only=True):
    """What the events of imports share: the run, and the stream."""

    run_id: RunId

    def stream(self) -> str:
        return "imports"


class ImportBegun(OfImports, frozen=True, kw_only=True, tag="imports.begun"):
    """A workbook is about to be recorded: these are its commands for this book, in the order in which they are sent."""

    zh: ClassVar[str] = "开始导入"
    en: ClassVar[str] = "Import begun"

    part: Count
    """1, 2, … of a run with more than fit into one event."""
    file: Text
    kind: WorkbookKind
    sends: tuple[Sent, ...]


class ImportUndone(OfImports, frozen=True, kw_only=True, tag="imports.undone"):
    """A run was taken back as far as nothing rests on it; recorded again when more of it could be taken back later."""

    zh: ClassVar[str] = "撤销导入"
    en: ClassVar[str] = "Import undone"

    reason: Text
    taken_back: Count
    kept: Count
    """Commands that stand: others rest on them, or the rules know no way back."""


ImportEvent = ImportBegun | ImportUndone
"""What the stream `imports` may hold."""

EVENTS: tuple[type[Event], ...] = typing.get_args(ImportEvent)

UPCASTS: dict[tuple[str, int], Upcast] = {}
