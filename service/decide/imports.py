"""Runs of the importer. Sent by `service.imports` only: what it lists has to be what it sends."""

from typing import Annotated, ClassVar, assert_never, cast

import msgspec

from events.base import Count, Event, Text
from events.imports import ImportBegun, ImportEvent, ImportUndone, RunId, Sent, WorkbookKind
from service.auth.rights import Right
from service.decide.base import Case, Command, Context, Fold, Outcome, label, own
from service.errors import Absent


class Runs(msgspec.Struct, frozen=True, kw_only=True):
    """The runs that wrote into a book, part by part, and the last word on those that were taken back."""

    begun: dict[RunId, tuple[ImportBegun, ...]] = {}
    undone: dict[RunId, ImportUndone] = {}


def evolve(runs: Runs, event: Event) -> Runs:
    """The runs after one more event of their stream."""
    own_event = cast("ImportEvent", event)
    match own_event:
        case ImportBegun(run_id=run_id):
            return msgspec.structs.replace(runs, begun={**runs.begun, run_id: (*runs.begun.get(run_id, ()), own_event)})
        case ImportUndone(run_id=run_id):
            return msgspec.structs.replace(runs, undone={**runs.undone, run_id: own_event})
        case _:
            assert_never(own_event)


RUNS = Fold[Runs](name="imports", book=own, stream=lambda _command: "imports", initial=Runs(), evolve=evolve)


class BeginImport(Command, frozen=True, kw_only=True, tag="begin-import"):
    """A workbook is about to be recorded."""

    zh: ClassVar[str] = "开始导入"
    en: ClassVar[str] = "Begin an import"

    run_id: Annotated[RunId, label("导入编号", "Run")]
    part: Annotated[Count, label("部分", "Part")]
    file: Annotated[Text, label("文件", "File")]
    kind: Annotated[WorkbookKind, label("类别", "Kind")]
    sends: Annotated[tuple[Sent, ...], label("内容", "What is sent")]


class CloseUndo(Command, frozen=True, kw_only=True, tag="close-undo"):
    """A run was taken back as far as it goes."""

    zh: ClassVar[str] = "登记撤销导入"
    en: ClassVar[str] = "Note that an import was undone"

    run_id: Annotated[RunId, label("导入编号", "Run")]
    reason: Annotated[Text, label("撤销原因", "Reason", min_length=1)]
    taken_back: Annotated[Count, label("已撤销", "Taken back")]
    kept: Annotated[Count, label("保留", "Kept")]


def begin_import(command: BeginImport, _context: Context, runs: Runs, _beside: None) -> Outcome:
    """Each part once."""
    if any(known.part == command.part for known in runs.begun.get(command.run_id, ())):
        return []
    return [
        ImportBegun(
            occurred_on=command.occurred_on,
            run_id=command.run_id,
            part=command.part,
            file=command.file,
            kind=command.kind,
            sends=command.sends,
        )
    ]


def close_undo(command: CloseUndo, _context: Context, runs: Runs, _beside: None) -> Outcome:
    """Only of a run of this book, and only when it says something new."""
    if command.run_id not in runs.begun:
        raise Absent(f"import {command.run_id}")
    known = runs.undone.get(command.run_id)
    if known is not None and (known.taken_back, known.kept) == (command.taken_back, command.kept):
        return []
    return [
        ImportUndone(
            occurred_on=command.occurred_on,
            run_id=command.run_id,
            reason=command.reason,
            taken_back=command.taken_back,
            kept=command.kept,
        )
    ]


RIGHTS = {
    WorkbookKind.ROSTER: Right.ROSTER_WRITE,
    WorkbookKind.DUES: Right.DUES_WRITE,
    WorkbookKind.MEETINGS: Right.MEETING_WRITE,
    WorkbookKind.TRANSFERS: Right.TRANSFER_WRITE,
}
"""Whoever may record what a workbook says may import it, and take it back."""


def begin_case(kind: WorkbookKind) -> Case:
    return Case(command=BeginImport, right=RIGHTS[kind], reads=(RUNS,), decide=begin_import)


def close_case(kind: WorkbookKind) -> Case:
    return Case(command=CloseUndo, right=RIGHTS[kind], reads=(RUNS,), decide=close_undo)
