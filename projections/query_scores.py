"""Reads of scores, part of the one door (`projections.query`): one branch as a tree, all branches as lines."""

import asyncio
import datetime as dt
from collections import OrderedDict, defaultdict
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from events.assessment import AssessmentGrade, Component, Hundredths
from events.base import OrgId
from events.organisations import OrgKind
from events.store.books import Books, whole
from projections.engine.replay import known
from projections.obligations_tables import obligation, obligation_subject
from projections.roster_tables import organisation
from projections.scores import EMPTY, Holding, Reader, duties, fold_and_score, holding
from projections.scores_tables import score_entry
from projections.shapes import Absence, Scope
from projections.standard.contrast import Contrast, contrast
from projections.standard.pack import Pack
from projections.standard.rules import Override
from projections.standard.score_tree import Score
from projections.standard.scoring import Scorer

AT_ONCE = 100
"""Branches that are read and scored in one go."""
REMEMBERED_MAX = 20_000


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One branch in a list: what counts, and what is worked out beside it."""

    org_id: OrgId
    name: str
    published: bool
    total: Hundredths
    grade: AssessmentGrade | None
    computed: Hundredths
    computed_grade: AssessmentGrade | None
    open: Hundredths
    components: dict[str, Hundredths]
    """As worked out, in hundredths of the total."""


class ScoreViews:
    """Scores of the organisations in the reader's scope. What was worked out is remembered until the branch's facts or the day change."""

    def __init__(self, engine: AsyncEngine, books: Books) -> None:
        self._engine = engine
        self._books = books
        self._lines: OrderedDict[tuple[Any, ...], Line] = OrderedDict()

    async def one(self, scope: Scope, org_id: OrgId, year: int, pack: Pack, on: dt.date) -> Score:
        """A branch's score from the views as they stand."""
        held, parents = await self._held(scope, [org_id])
        return _scored(Scorer(pack, year), pack, held, parents, org_id, year, on)

    async def folded(self, scope: Scope, org_id: OrgId, year: int, pack: Pack, on: dt.date, *, draft: bool) -> Score:
        """The same from the book, as of a day, or as if a pack had been in force all along."""
        async with self._engine.connect() as connection:
            [(_, parent)] = (await _branches(connection, scope, [org_id])).values()
        return await self._fold(Reader(pack), Scorer(pack, year), org_id, await self._rules_above(parent, on), on, draft=draft)

    async def contrasts(self, scope: Scope, year: int, pack: Pack, draft: Pack, on: dt.date) -> AsyncIterator[tuple[Contrast, int, int]]:
        """Every branch in sight, one after the other: (what changes under the draft, how many are done, of how many)."""
        async with self._engine.connect() as connection:
            branches = await _branches(connection, scope)
        above = {parent: await self._rules_above(parent, on) for parent in {parent for _, parent in branches.values()}}
        reader, scorers = Reader(draft), (Scorer(pack, year), Scorer(draft, year))
        ids = list(branches)
        for start in range(0, len(ids), AT_ONCE):
            some = ids[start : start + AT_ONCE]
            held, parents = await self._held(scope, some)
            for done, org_id in enumerate(some, start=start + 1):
                name, parent = branches[org_id]
                now = _scored(scorers[0], pack, held, parents, org_id, year, on)
                then = await self._fold(reader, scorers[1], org_id, above[parent], on, draft=True)
                yield contrast(org_id, name, now, then), done, len(ids)

    async def _rules_above(self, parent: OrgId | None, on: dt.date) -> list[Override]:
        """What the committee changed for all of its branches."""
        if parent is None:
            return []
        return Reader.rules(known(await self._books.read(parent, "rules"), as_of=on)).overrides(0)

    async def _fold(self, reader: Reader, scorer: Scorer, org_id: OrgId, above: Sequence[Override], on: dt.date, *, draft: bool) -> Score:
        return fold_and_score(reader, scorer, known(await whole(self._books, org_id), as_of=on), above, on, draft=draft)

    async def page(
        self, scope: Scope, year: int, pack: Pack, on: dt.date, *, after: str | None = None, limit: int = AT_ONCE
    ) -> tuple[list[Line], str | None]:
        """Branches in the order of their codes: (lines, cursor of the next page or None)."""
        async with self._engine.connect() as connection:
            branches = await _branches(connection, scope)
        ids = [org_id for org_id in branches if org_id > (after or "")]
        lines = await self._lines_of(scope, {org_id: branches[org_id] for org_id in ids[:limit]}, year, pack, on)
        return lines, ids[limit - 1] if len(ids) > limit else None

    async def every(self, scope: Scope, year: int, pack: Pack, on: dt.date) -> list[Line]:
        """All branches in sight."""
        async with self._engine.connect() as connection:
            branches = await _branches(connection, scope)
        return await self._lines_of(scope, branches, year, pack, on)

    async def _lines_of(
        self, scope: Scope, branches: Mapping[OrgId, tuple[str, OrgId | None]], year: int, pack: Pack, on: dt.date
    ) -> list[Line]:
        async with self._engine.connect() as connection:
            stamps = await _stamps(connection, {*branches, *(parent for _, parent in branches.values() if parent is not None)})
        keys = {
            org_id: (org_id, name, year, pack.standard.version, on, stamps.get(org_id), stamps.get(parent or ""))
            for org_id, (name, parent) in branches.items()
        }
        unknown = [org_id for org_id, key in keys.items() if key not in self._lines]
        fresh: dict[OrgId, Line] = {}
        for start in range(0, len(unknown), AT_ONCE):
            some = unknown[start : start + AT_ONCE]
            held, parents = await self._held(scope, some)
            fresh |= await asyncio.to_thread(_line_by_line, pack, held, parents, {org_id: branches[org_id][0] for org_id in some}, year, on)
        lines = [fresh[org_id] if org_id in fresh else self._lines[key] for org_id, key in keys.items()]
        self._remember({keys[org_id]: line for org_id, line in fresh.items()})
        return lines

    def _remember(self, fresh: Mapping[tuple[Any, ...], Line]) -> None:
        self._lines.update(fresh)
        while len(self._lines) > REMEMBERED_MAX:
            self._lines.popitem(last=False)

    async def _held(self, scope: Scope, org_ids: Collection[OrgId]) -> tuple[dict[OrgId, Holding], dict[OrgId, OrgId | None]]:
        """What the views hold of some branches and of those above them, and who is above whom."""
        async with self._engine.connect() as connection:
            branches = await _branches(connection, scope, org_ids)
            wanted = {*branches, *(parent for _, parent in branches.values() if parent is not None)}
            rows = [await _rows(connection, table, wanted) for table in (obligation, obligation_subject, score_entry)]
        held = {org_id: holding(*(of_table.get(org_id, ()) for of_table in rows)) for org_id in wanted}
        return held, {org_id: parent for org_id, (_, parent) in branches.items()}


def _line_by_line(
    pack: Pack, held: Mapping[OrgId, Holding], parents: Mapping[OrgId, OrgId | None], names: Mapping[OrgId, str], year: int, on: dt.date
) -> dict[OrgId, Line]:
    scorer = Scorer(pack, year)
    return {org_id: line(org_id, name, _scored(scorer, pack, held, parents, org_id, year, on)) for org_id, name in names.items()}


def line(org_id: OrgId, name: str, score: Score) -> Line:
    total, grade = score.result
    return Line(
        org_id=org_id,
        name=name,
        published=score.published is not None,
        total=total,
        grade=grade,
        computed=score.total.got,
        computed_grade=score.grade,
        open=score.total.open,
        components={component.value: 0 for component in Component} | {part.id: part.got for part in score.total.children},
    )


def _scored(
    scorer: Scorer,
    pack: Pack,
    held: Mapping[OrgId, Holding],
    parents: Mapping[OrgId, OrgId | None],
    org_id: OrgId,
    year: int,
    on: dt.date,
) -> Score:
    own = held.get(org_id, EMPTY)
    overrides = overridden(held, parents.get(org_id), own)
    return scorer.score(duties(pack, own, overrides, year), own.entries.get(str(year), ()), on, overrides)


def overridden(held: Mapping[OrgId, Holding], parent: OrgId | None, own: Holding) -> Sequence[Override]:
    """The committee's changes first, then the branch's own."""
    return [*(held.get(parent, EMPTY).overrides(0) if parent is not None else ()), *own.overrides(1)]


async def _branches(
    connection: AsyncConnection, scope: Scope, org_ids: Collection[OrgId] | None = None
) -> dict[OrgId, tuple[str, OrgId | None]]:
    """Code -> (name, who is above), in the order of the codes. Raises `Absence` for one that is asked for and out of sight."""
    table = organisation.c
    query = sa.select(table.org_id, table.name, table.parent_id).where(table.kind == OrgKind.BRANCH.value).order_by(table.org_id)
    if org_ids is not None:
        query = query.where(table.org_id.in_(org_ids))
    if scope.orgs is not None:
        query = query.where(table.org_id.in_(scope.orgs))
    found = {OrgId(row.org_id): (row.name, row.parent_id and OrgId(row.parent_id)) for row in await connection.execute(query)}
    if org_ids is not None and (absent := [org_id for org_id in org_ids if org_id not in found]):
        raise Absence(absent[0])
    return found


async def _rows(connection: AsyncConnection, table: sa.Table, org_ids: Collection[OrgId]) -> dict[OrgId, list[Mapping[str, Any]]]:
    found: defaultdict[OrgId, list[Mapping[str, Any]]] = defaultdict(list)
    result = await connection.execute(sa.select(table).where(table.c.org_id.in_(org_ids)))
    for row in result.mappings():
        found[row["org_id"]].append(row)  # type: ignore[arg-type]
    return found


async def _stamps(connection: AsyncConnection, org_ids: Collection[OrgId]) -> dict[str, int]:
    """Organisation -> the last position that changed what its score rests on."""
    stamps: dict[str, int] = {}
    for table in (obligation, obligation_subject, score_entry):
        query = sa.select(table.c.org_id, sa.func.max(table.c.position)).where(table.c.org_id.in_(org_ids)).group_by(table.c.org_id)
        for org_id, position in await connection.execute(query):
            stamps[org_id] = max(stamps.get(org_id, -1), position)
    return stamps
