"""`branchbook standard`: whether a folder is a pack, what differs between two, and who would be graded otherwise under a draft."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import msgspec
from sqlalchemy.ext.asyncio import create_async_engine

from events.store.postgres import dsn
from projections.query import Views
from projections.shapes import Scope
from projections.standard.comparing import Change, Verdict
from projections.standard.contrast import Contrast
from projections.standard.pack import default_pack, load
from projections.standard.reading import PackError
from projections.standard.scoring import points
from service.config import Misconfigured, Settings
from service.parts import opened

CAUSES_SHOWN = 5


class WhatIf(msgspec.Struct, frozen=True, kw_only=True):
    """A year under a draft, beside what counts: what `--json` prints."""

    year: int
    on: dt.date
    pack: str
    draft: str
    branches: list[Contrast]
    changed: list[str]
    """Codes of the branches whose grade changes."""


async def what_if(settings: Settings, folder: Path, year: int, on: dt.date, progress: Callable[[int, int], None]) -> WhatIf:
    """Every branch; nothing is recorded. Raises `Misconfigured` when the folder is no pack."""
    try:
        draft = load(folder)
    except (PackError, FileNotFoundError) as error:
        raise Misconfigured(str(error)) from error
    engine = create_async_engine(dsn(settings.database()).replace("postgresql://", "postgresql+asyncpg://", 1))
    found = []
    try:
        async with opened(settings) as parts:
            views = Views(engine, parts.books, parts.keys)
            async for one, done, of in views.scores.contrasts(Scope(orgs=None), year, default_pack(), draft, on):
                found.append(one)
                progress(done, of)
    finally:
        await engine.dispose()
    return WhatIf(
        year=year,
        on=on,
        pack=default_pack().standard.version,
        draft=draft.standard.version,
        branches=found,
        changed=[one.org_id for one in found if one.changes_grade],
    )


def told(found: WhatIf) -> str:
    """Who changes grade and why, then everybody else in a line."""
    lines = [f"{found.year}: pack {found.pack} beside draft {found.draft}, {len(found.changed)} of {len(found.branches)} change grade"]
    for one in sorted(found.branches, key=lambda one: not one.changes_grade):
        mark = "*" if one.changes_grade else " "
        now = f"{points(one.total)} {one.grade.zh if one.grade else '—'}{' (published)' if one.published else ''}"
        lines.append(f"{mark} {one.org_id} {one.name}: {now} -> {points(one.draft_total)} {one.draft_grade.zh if one.draft_grade else '—'}")
        if one.changes_grade:
            lines += [f"    {cause.id} {cause.zh}: {points(cause.now)} -> {points(cause.draft)}" for cause in one.why[:CAUSES_SHOWN]]
            lines += ["    the grades begin elsewhere"] if one.thresholds else []
    return "\n".join(lines)


def verdict_line(folder: Path, verdict: Verdict) -> str:
    if verdict.ok:
        counts = f"{verdict.norms} norms, {verdict.tasks} tasks, {verdict.deadlines} deadlines, {verdict.settings} settings"
        return f"{folder}: version {verdict.version}, {counts}, {verdict.schemes} scoring schemes"
    return f"{folder / verdict.file}{f':{verdict.line}' if verdict.line else ''}: {verdict.reason}"


def change_lines(changes: list[Change]) -> str:
    return (
        "\n".join(f"{one.file}{f':{one.line}' if one.line else ''}: {one.kind} {one.id} {one.reason}" for one in changes) or "no difference"
    )
