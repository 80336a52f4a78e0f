"""`branchbook standard`: whether a folder is a pack, what differs between two, who would be graded otherwise, and publishing one."""

import contextlib
import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import asyncpg
import msgspec
from sqlalchemy.ext.asyncio import create_async_engine

from events.base import OrgId
from events.store.postgres import dsn
from projections.query import Views
from projections.shapes import Scope
from projections.standard import comparing
from projections.standard.comparing import Change, Verdict
from projections.standard.contrast import Contrast
from projections.standard.history import rewritten
from projections.standard.pack import Pack, default_pack, load
from projections.standard.reading import PackError
from projections.standard.scoring import points
from service.auth.actor import SYSTEM
from service.bus import LOCAL
from service.config import Misconfigured, Settings
from service.decide.organisations.standard import PublishStandard
from service.documents.files import reading
from service.errors import BranchbookError
from service.parts import opened
from service.versions import prepare

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


class Publication(msgspec.Struct, frozen=True, kw_only=True):
    """What `standard publish --json` prints."""

    version: str
    sha256: str
    effective_from: dt.date
    org_id: OrgId
    event_id: str
    changes: list[Change]
    """Against the pack that was in use before."""


def check(folder: Path) -> Verdict:
    return comparing.check(folder)


async def differences(settings: Settings, older: Path | None, newer: Path) -> list[Change]:
    """Between two folders, or of one against the pack in use: the published one where a record is at hand, else the one that ships."""
    if older is not None:
        return comparing.diff(_pack(older), _pack(newer))
    with contextlib.suppress(Misconfigured, OSError):
        await prepare(settings)
    return comparing.diff(default_pack(), _pack(newer))


async def publish(settings: Settings, folder: Path, reason: str) -> Publication:
    """A draft holds from now on, for every branch. Raises `Misconfigured` when it is no pack, or would judge anew what is over."""
    draft = _pack(folder)
    if not reason.strip():
        message = "--reason says on what ground the version is published"
        raise Misconfigured(message)
    async with opened(settings) as parts:
        current = default_pack()
        if faults := rewritten(current, draft):
            lines = [f"{draft.standard.version} takes effect on {draft.standard.effective_from}, but would change what is over:"]
            raise Misconfigured("\n".join([*lines, *(f"  {one.kind} {one.id}: {one.reason}" for one in faults)]))
        org = await _top(parts.reads)
        now = dt.datetime.now(dt.UTC)
        deposit = await parts.files.take("standard.txt", reading(draft.bundle))
        command = PublishStandard(
            occurred_on=now.astimezone(LOCAL).date(),
            version=draft.standard.version,
            effective_from=draft.standard.effective_from,
            reason=reason,
            sha256=deposit.sha256,
            size=deposit.size,
            media_type=deposit.media_type,
        )
        try:
            receipt = await parts.bus.handle(org, command, SYSTEM, key=f"standard:{draft.standard.version}:{draft.digest}", now=now)
        except BranchbookError as error:
            raise Misconfigured(str(error)) from error
    if not receipt.events:
        message = f"the files of {draft.standard.version} are in use already, under another version"
        raise Misconfigured(message)
    return Publication(
        version=draft.standard.version,
        sha256=draft.digest,
        effective_from=draft.standard.effective_from,
        org_id=org,
        event_id=receipt.events[0].id,
        changes=comparing.diff(current, draft),
    )


async def _top(pool: "asyncpg.Pool[Any]") -> OrgId:
    """The committee above all. Raises `Misconfigured` where there is none, or not one."""
    found = await pool.fetch("select org_id from views.organisation where parent_id is null order by org_id")
    if len(found) != 1:
        message = f"one committee stands above all, found {', '.join(row['org_id'] for row in found) or 'none'}"
        raise Misconfigured(message)
    return OrgId(found[0]["org_id"])


def _pack(folder: Path) -> Pack:
    """Raises `Misconfigured` when the folder is no pack."""
    try:
        return load(folder)
    except (PackError, FileNotFoundError) as error:
        raise Misconfigured(str(error)) from error


async def what_if(settings: Settings, folder: Path, year: int, on: dt.date, progress: Callable[[int, int], None]) -> WhatIf:
    """Every branch; nothing is recorded. Raises `Misconfigured` when the folder is no pack."""
    draft = _pack(folder).all_along()
    engine = create_async_engine(dsn(settings.database()).replace("postgresql://", "postgresql+asyncpg://", 1))
    found = []
    try:
        async with opened(settings) as parts:
            pack = default_pack()
            views = Views(engine, parts.books, parts.keys)
            async for one, done, of in views.scores.contrasts(Scope(orgs=None), year, pack, draft, on):
                found.append(one)
                progress(done, of)
    finally:
        await engine.dispose()
    return WhatIf(
        year=year,
        on=on,
        pack=pack.standard.version,
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


def published_line(found: Publication) -> str:
    head = f"{found.version} is published and takes effect on {found.effective_from}: {found.sha256}"
    return f"{head}\n{change_lines(found.changes)}\nWhoever serves, follows or works starts again with it by itself."


def change_lines(changes: list[Change]) -> str:
    return (
        "\n".join(f"{one.file}{f':{one.line}' if one.line else ''}: {one.kind} {one.id} {one.reason}" for one in changes) or "no difference"
    )
