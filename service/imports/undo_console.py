"""`branchbook import --undo RUN`: what a run recorded is previewed as it would be taken back, and taken back when asked to."""

import datetime as dt
from collections import Counter
from collections.abc import Callable

import msgspec

from events.base import OrgId
from projections.standard.pack import default_pack
from service.bus import Bus
from service.config import Misconfigured, Settings
from service.decide.catalog import CASES
from service.imports.console import console_actor
from service.imports.known import branches_of
from service.imports.rehearsal import Rehearsal
from service.imports.runs import Run, runs_of
from service.imports.undo import Fate, Undo, Undone, UndoTerms, groups, in_order
from service.parts import Parts, opened


class KnownRun(msgspec.Struct, frozen=True, kw_only=True):
    """One run in one book, and how far it was taken back (None: it was not)."""

    run: str
    org_id: str
    recorded_at: dt.datetime
    actor: str
    file: str
    kind: str
    rows: int
    taken_back: int | None
    kept: int | None


class StandingRow(msgspec.Struct, frozen=True, kw_only=True):
    """A command of a row that stands, with its reason."""

    org_id: str
    sheet: str
    row: int
    command: str
    rule: str | None
    zh: str
    en: str


class UndoneRun(msgspec.Struct, frozen=True, kw_only=True):
    """`ok`: nothing stands. `recorded`: it was done, not only previewed."""

    ok: bool
    recorded: bool
    run: str
    commands: dict[str, int]
    stands: list[StandingRow]


async def known_runs(settings: Settings, committee: OrgId) -> list[KnownRun]:
    """The runs that wrote into the books of a committee's branches, the newest first."""
    async with opened(settings) as parts:
        return [_told(run) for run in await _runs(parts, committee)]


async def undo_run(
    settings: Settings,
    run_id: str,
    *,
    committee: OrgId,
    record: bool,
    reason: str,
    superior_seen_on: dt.date | None,
    progress: Callable[[int, int], None],
) -> UndoneRun:
    """The same run in every book that it wrote into; without `record` it is rehearsed in memory."""
    async with opened(settings) as parts:
        runs = [run for run in await _runs(parts, committee) if run.run_id == run_id]
        if not runs:
            message = f"there is no import {run_id} under {committee}; --runs lists them"
            raise Misconfigured(message)
        terms = UndoTerms(actor=console_actor(), now=dt.datetime.now(dt.UTC), reason=reason, superior_seen_on=superior_seen_on)
        total, done = sum(len(groups(run)) for run in runs), 0
        told: list[tuple[OrgId, Undone]] = []
        for run in runs:
            undo = _undo(run, parts, terms, record=record)

            def step() -> None:
                nonlocal done
                done += 1
                progress(done, total)

            told += [(run.org_id, one) for one in in_order(run, await undo.take_back(groups(run), step))]
            if record:
                await undo.close()
    fates = Counter(one.fate for _, one in told)
    return UndoneRun(
        ok=fates[Fate.STANDS] == 0,
        recorded=record,
        run=run_id,
        commands={fate.value: fates[fate] for fate in Fate if fates[fate]},
        stands=[_standing(org_id, one) for org_id, one in told if one.fault is not None],
    )


def _undo(run: Run, parts: Parts, terms: UndoTerms, *, record: bool) -> Undo:
    if record:
        return Undo(run, parts.bus, parts.books, terms)
    books = Rehearsal(parts.books)
    return Undo(run, Bus(books, parts.keys, default_pack()), books, terms)


async def _runs(parts: Parts, committee: OrgId) -> list[Run]:
    books = (committee, *await branches_of(parts.books, committee))
    found = [run for org_id in books for run in await runs_of(parts.books, org_id)]
    return sorted(found, key=lambda run: run.at, reverse=True)


def _told(run: Run) -> KnownRun:
    return KnownRun(
        run=run.run_id,
        org_id=run.org_id,
        recorded_at=dt.datetime.fromtimestamp(run.at / 1_000_000, dt.UTC),
        actor=run.actor,
        file=run.file,
        kind=run.kind.value,
        rows=run.rows,
        taken_back=None if run.undone is None else run.undone.taken_back,
        kept=None if run.undone is None else run.undone.kept,
    )


def _standing(org_id: OrgId, one: Undone) -> StandingRow:
    assert one.fault is not None, "what stands says why"
    return StandingRow(
        org_id=org_id,
        sheet=one.sent.sheet,
        row=one.sent.row,
        command=CASES[one.sent.command].command.en,
        rule=one.fault.rule,
        zh=one.fault.zh,
        en=one.fault.en,
    )
