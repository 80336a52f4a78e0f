"""`branchbook import`: workbooks from the command line, previewed row by row; recorded only when asked to."""

import datetime as dt
import getpass
import itertools
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from events.base import OrgId
from projections.standard.pack import default_pack
from service.auth.actor import SYSTEM, Actor
from service.config import Misconfigured, Settings
from service.imports.book import import_workbook
from service.imports.directory import Directory
from service.imports.known import known_directory
from service.imports.preview import Preview, State, Terms, commit
from service.imports.runs import begin
from service.imports.workbook import Unreadable
from service.parts import Parts, opened

FAULTS_SHOWN_MAX = 1_000


class FaultyRow(msgspec.Struct, frozen=True, kw_only=True):
    """A row that is not as it should be, with its first reason."""

    sheet: str
    row: int
    title: str
    cell: str
    rule: str | None
    zh: str
    en: str


class Judged(msgspec.Struct, frozen=True, kw_only=True):
    """One workbook: how many rows of each state, and what is wrong with which."""

    name: str
    kind: str
    rows: dict[str, int]
    faults: list[FaultyRow]


class Imported(msgspec.Struct, frozen=True, kw_only=True):
    """`ok`: no row is faulty. `events`: how many were recorded, 0 for a preview."""

    ok: bool
    recorded: bool
    events: int
    files: list[Judged]
    runs: list[str] = []
    """What was recorded can be taken back by these."""


async def import_files(
    settings: Settings, paths: Sequence[Path], *, committee: OrgId, record: bool, late_reason: str, progress: Callable[[int, int], None]
) -> Imported:
    """Judges the workbooks together and, when `record` is set and no row is in error, sends what is new."""
    async with opened(settings) as parts:
        directory = await known_directory(parts.books, parts.keys, committee)
        if not directory.branches:
            message = f"{committee} is no committee with branches in this record"
            raise Misconfigured(message)
        previews = []
        for number, path in enumerate(paths):
            progress(number, len(paths))
            previews.append(await _judged(path, directory, parts))
        progress(len(paths), len(paths))
        sound = not any(preview.faulty() for preview in previews)
        runs, events = await _record(previews, parts, late_reason, progress) if record and sound else ([], 0)
    return Imported(
        ok=not any(preview.faulty() for preview in previews),
        recorded=record and sound,
        events=events,
        files=[_told(preview) for preview in previews],
        runs=runs,
    )


async def _judged(path: Path, directory: Directory, parts: Parts) -> Preview:
    try:
        return await import_workbook(path, directory, recorded=parts.books.recorded)
    except (Unreadable, OSError) as error:
        message = f"{path}: {error}"
        raise Misconfigured(message) from None


async def _record(previews: list[Preview], parts: Parts, late_reason: str, progress: Callable[[int, int], None]) -> tuple[list[str], int]:
    """Everything that is ok, by the account that runs this command; gives the runs and the number of events."""
    now = dt.datetime.now(dt.UTC)
    limit = default_pack().rules(now.date(), []).number("record.backdate_days")
    terms = Terms(actor=console_actor(), now=now, backdate_days=limit, late_reason=late_reason)
    runs = await begin(previews, parts.bus, parts.books, terms)
    total = sum(preview.counts()[State.OK] for preview in previews)
    done = itertools.count(1)
    events = await commit(previews, parts.bus, terms, lambda _row: progress(next(done), total))
    return [str(run_id) for run_id in runs], events


def console_actor() -> Actor:
    """The account of the machine that runs a command."""
    user = f"console-{getpass.getuser()}"
    return msgspec.structs.replace(SYSTEM, id=user, login=user)


def _told(preview: Preview) -> Judged:
    faults = [
        FaultyRow(sheet=row.sheet, row=row.number, title=row.title, cell=f.cell, rule=f.rule, zh=f.zh, en=f.en)
        for row in preview.faulty()
        for f in row.faults
    ]
    rows = {state.value: count for state, count in sorted(preview.counts().items())}
    return Judged(name=preview.name, kind=preview.kind.value, rows=rows, faults=faults[:FAULTS_SHOWN_MAX])
