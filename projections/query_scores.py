"""Reads of scores, part of the one door (`projections.query`): one branch as a tree, all branches as lines, a year under another pack."""

import asyncio
import datetime as dt
from collections import defaultdict
from collections.abc import AsyncIterator, Collection, Iterable, Mapping, Sequence
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from events.assessment import AssessmentGrade, Component, Hundredths
from events.base import Event, OrgId
from events.organisations import OrgKind
from events.store.books import Books, whole
from events.store.record import Fact
from projections.engine.remembered import Remembered
from projections.engine.replay import known
from projections.engine.tables import fold_state
from projections.engine.work import Progress, Tell, Works
from projections.obligations_state import Evidence, State, proofs
from projections.obligations_tables import UNPROVEN, obligation, obligation_subject
from projections.roster_tables import organisation
from projections.scores import EMPTY, RULES, Ahead, Holding, Reader, fold_and_score, holding
from projections.scores_tables import score_entry
from projections.shapes import Absence, Scope
from projections.standard.contrast import Contrast, contrast
from projections.standard.pack import Pack
from projections.standard.rules import Override
from projections.standard.score_tree import Score
from projections.standard.scoring import Scorer

AT_ONCE = 50
"""Branches that are read and scored in one go; in between others are served."""
REMEMBERED_MAX = 20_000
RESTS_ON = ("obligations", "scores")
"""The projections from which a score is worked out."""
STATE = msgspec.msgpack.Decoder(State)
PAGE = sa.table("page", sa.column("book"), sa.column("page"), schema="record")
Branches = Mapping[OrgId, tuple[str, OrgId | None]]
"""Code -> (name, who is above)."""
Key = tuple[Any, ...]


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
        self._lines: Remembered[Line] = Remembered(REMEMBERED_MAX)
        self._contrasts: Remembered[Contrast] = Remembered(REMEMBERED_MAX)
        self._works = Works()

    async def close(self) -> None:
        """Ends whatever is still being worked out."""
        await self._works.close()

    async def one(self, scope: Scope, org_id: OrgId, year: int, pack: Pack, on: dt.date) -> Score:
        """A branch's score from the views as they stand."""
        branches = await self._in_sight(scope, [org_id])
        held = _holdings(await self._rows(branches, year, obligation.c))
        held[org_id] = msgspec.structs.replace(held[org_id], evidence=await self._evidence(org_id, pack))
        return _scored(Scorer(pack, year), Ahead(pack, year), held, branches[org_id][1], org_id, on)

    async def folded(self, scope: Scope, org_id: OrgId, year: int, pack: Pack, on: dt.date, *, draft: bool) -> Score:
        """The same from the book, as of a day, or as if a pack had been in force all along."""
        [(_, parent)] = (await self._in_sight(scope, [org_id])).values()
        above, facts = await self._rules_above(parent, on), await self._facts(org_id, on)
        return await asyncio.to_thread(fold_and_score, Reader(pack), Scorer(pack, year), facts, above, on, draft=draft)

    async def when_graded(self, scope: Scope, org_id: OrgId, year: int, pack: Pack, graded: str) -> Score:
        """As it was worked out from what was on record when this event graded the branch. Raises `Absence` where there is none such."""
        [(_, parent)] = (await self._in_sight(scope, [org_id])).values()
        facts = await whole(self._books, org_id)
        last = next((fact for fact in facts if fact.event_id == graded), None)
        if last is None:
            raise Absence(graded)
        on = last.event.occurred_on
        then = known(facts[: last.page], as_of=on)
        above = await self._rules_above(parent, on)
        return await asyncio.to_thread(fold_and_score, Reader(pack), Scorer(pack, year), then, above, on, draft=False)

    # All branches

    async def page(
        self, scope: Scope, year: int, pack: Pack, on: dt.date, *, after: str | None = None, limit: int = AT_ONCE
    ) -> tuple[list[Line], str | None]:
        """Branches in the order of their codes: (lines, cursor of the next page or None). No others are worked out."""
        branches = await self._in_sight(scope)
        ids = [org_id for org_id in branches if org_id > (after or "")]
        lines = await self._lines_of({org_id: branches[org_id] for org_id in ids[:limit]}, year, pack, on)
        return lines, ids[limit - 1] if len(ids) > limit else None

    async def every(self, scope: Scope, year: int, pack: Pack, on: dt.date) -> list[Line]:
        """All branches in sight, however long it takes."""
        return await self._lines_of(await self._in_sight(scope), year, pack, on)

    async def soon(self, scope: Scope, year: int, pack: Pack, on: dt.date, seconds: float) -> list[Line] | Progress:
        """All branches in sight, or how far they are when that takes longer than the reader waits."""
        branches = await self._in_sight(scope)
        keys = await self._keys(branches, year, pack, on)
        wanted = [org_id for org_id, key in keys.items() if self._lines.get(key) is None]

        async def work(tell: Tell) -> None:
            await self._lines_of({org_id: branches[org_id] for org_id in wanted}, year, pack, on, tell)

        if len(wanted) > AT_ONCE:
            progress = await self._works.wait(("lines", scope.orgs, year, pack.digest, on), len(wanted), work, seconds)
            if progress is not None:
                return progress
        return await self._lines_of(branches, year, pack, on)

    async def _lines_of(self, branches: Branches, year: int, pack: Pack, on: dt.date, tell: Tell = lambda _: None) -> list[Line]:
        keys = await self._keys(branches, year, pack, on)
        found = {org_id: line for org_id, key in keys.items() if (line := self._lines.get(key)) is not None}
        unknown = [org_id for org_id in keys if org_id not in found]
        scorer, ahead = Scorer(pack, year), Ahead(pack, year)
        for start in range(0, len(unknown), AT_ONCE):
            some = {org_id: branches[org_id] for org_id in unknown[start : start + AT_ONCE]}
            rows = await self._rows(some, year)
            fresh = await asyncio.to_thread(_line_by_line, scorer, ahead, rows, some, on)
            for org_id, one in fresh.items():
                self._lines.keep(keys[org_id], one)
            found |= fresh
            tell(len(found))
        return [found[org_id] for org_id in branches]

    async def _keys(self, branches: Branches, year: int, pack: Pack, on: dt.date) -> dict[OrgId, Key]:
        """What the line of a branch depends on."""
        async with self._engine.connect() as connection:
            stamps = await _stamps(connection, {*branches, *_above(branches)})
        same = (year, pack.digest, on)
        return {
            org_id: (org_id, name, *same, stamps.get(org_id), stamps.get(parent or ""))
            for org_id, (name, parent) in branches.items()
        }  # fmt: skip

    # What if

    async def contrasts(self, scope: Scope, year: int, pack: Pack, draft: Pack, on: dt.date) -> AsyncIterator[tuple[Contrast, int, int]]:
        """Every branch in sight, one after the other: (what changes under the draft, how many are done, of how many)."""
        branches = await self._in_sight(scope)
        done = 0
        async for found in self._contrasted(branches, year, pack, draft, on):
            done += 1
            yield found, done, len(branches)

    async def contrasts_page(
        self, scope: Scope, year: int, pack: Pack, draft: Pack, on: dt.date, *, after: str | None = None, limit: int = AT_ONCE
    ) -> tuple[list[Contrast], str | None]:
        """In the order of the codes: (what changes under the draft, cursor of the next page or None)."""
        branches = await self._in_sight(scope)
        ids = [org_id for org_id in branches if org_id > (after or "")]
        some = {org_id: branches[org_id] for org_id in ids[:limit]}
        keys = await self._contrast_keys(some, year, pack, draft, on)
        unknown = {org_id: branches[org_id] for org_id, key in keys.items() if self._contrasts.get(key) is None}
        fresh = {OrgId(one.org_id): one async for one in self._contrasted(unknown, year, pack, draft, on)}
        found = [fresh.get(org_id) or self._contrasts.get(key) for org_id, key in keys.items()]
        for org_id, one in fresh.items():
            self._contrasts.keep(keys[org_id], one)
        return [one for one in found if one is not None], ids[limit - 1] if len(ids) > limit else None

    async def contrasts_soon(
        self, scope: Scope, year: int, pack: Pack, draft: Pack, on: dt.date, seconds: float
    ) -> list[Contrast] | Progress:
        """All branches in sight, or how far they are when that takes longer than the reader waits."""
        branches = await self._in_sight(scope)
        keys = await self._contrast_keys(branches, year, pack, draft, on)
        wanted = {org_id: branches[org_id] for org_id, key in keys.items() if self._contrasts.get(key) is None}

        async def work(tell: Tell) -> None:
            done = 0
            async for found in self._contrasted(wanted, year, pack, draft, on):
                self._contrasts.keep(keys[OrgId(found.org_id)], found)
                done += 1
                tell(done)

        if wanted:
            name = ("contrasts", scope.orgs, year, pack.digest, draft.digest, on)
            progress = await self._works.wait(name, len(wanted), work, seconds)
            if progress is not None:
                return progress
        found = [self._contrasts.get(key) for key in keys.values()]
        if any(one is None for one in found):  # something was recorded in the meantime
            return await self.contrasts_soon(scope, year, pack, draft, on, seconds)
        return [one for one in found if one is not None]

    async def _contrasted(self, branches: Branches, year: int, pack: Pack, draft: Pack, on: dt.date) -> AsyncIterator[Contrast]:
        above = {parent: await self._rules_above(parent, on) for parent in _above(branches)}
        reader, scorers, ahead = Reader(draft), (Scorer(pack, year), Scorer(draft, year)), Ahead(pack, year)

        def both(org_id: OrgId, held: Mapping[OrgId, Holding], facts: Sequence[Fact[Event]]) -> Contrast:
            name, parent = branches[org_id]
            now = _scored(scorers[0], ahead, held, parent, org_id, on)
            then = fold_and_score(reader, scorers[1], facts, above[parent] if parent else (), on, draft=True)
            return contrast(org_id, name, now, then)

        ids = list(branches)
        for start in range(0, len(ids), AT_ONCE):
            rows = await self._rows({org_id: branches[org_id] for org_id in ids[start : start + AT_ONCE]}, year)
            held = await asyncio.to_thread(_holdings, rows)
            for org_id in ids[start : start + AT_ONCE]:
                yield await asyncio.to_thread(both, org_id, held, await self._facts(org_id, on))

    async def _contrast_keys(self, branches: Branches, year: int, pack: Pack, draft: Pack, on: dt.date) -> dict[OrgId, Key]:
        """A draft may look at anything in the book, so that every page of it counts."""
        keys = await self._keys(branches, year, pack, on)
        async with self._engine.connect() as connection:
            heads = await _heads(connection, {*branches, *_above(branches)})
        return {
            org_id: (*key, draft.digest, heads.get(org_id), heads.get(branches[org_id][1] or ""))
            for org_id, key in keys.items()
        }  # fmt: skip

    async def _evidence(self, org_id: OrgId, pack: Pack) -> Mapping[str, Sequence[Evidence]]:
        """Obligation -> its proofs, as the view remembers them."""
        query = sa.select(fold_state.c.state).where(fold_state.c.org_id == org_id, fold_state.c.projection == RESTS_ON[0])
        async with self._engine.connect() as connection:
            state = (await connection.execute(query)).scalar()
        return {} if state is None else proofs(STATE.decode(state), pack.deadlines)

    async def _rules_above(self, parent: OrgId | None, on: dt.date) -> list[Override]:
        """What the committee changed for all of its branches."""
        if parent is None:
            return []
        return Reader.rules(known(await self._books.read(parent, "rules"), as_of=on)).overrides(0)

    async def _facts(self, org_id: OrgId, on: dt.date) -> list[Fact[Event]]:
        return known(await whole(self._books, org_id), as_of=on)

    async def _in_sight(self, scope: Scope, org_ids: Collection[OrgId] | None = None) -> Branches:
        """In the order of the codes. Raises `Absence` for one that is asked for and out of sight."""
        table = organisation.c
        query = sa.select(table.org_id, table.name, table.parent_id).where(table.kind == OrgKind.BRANCH.value).order_by(table.org_id)
        if org_ids is not None:
            query = query.where(table.org_id.in_(org_ids))
        if scope.orgs is not None:
            query = query.where(table.org_id.in_(scope.orgs))
        async with self._engine.connect() as connection:
            found = {OrgId(row.org_id): (row.name, row.parent_id and OrgId(row.parent_id)) for row in await connection.execute(query)}
        if org_ids is not None and (absent := [org_id for org_id in org_ids if org_id not in found]):
            raise Absence(absent[0])
        return found

    async def _rows(self, branches: Branches, year: int, columns: "Iterable[sa.ColumnElement[Any]]" = UNPROVEN) -> "Rows":
        """What the views hold of some branches for a year, and the rules that those above them changed."""
        wanted = {*branches, *_above(branches)}
        async with self._engine.connect() as connection:
            return Rows(
                orgs=wanted,
                obligations=await _by_org(connection, obligation, wanted, _of_year(year), columns),
                subjects=await _by_org(connection, obligation_subject, wanted, sa.true()),
                entries=await _by_org(connection, score_entry, wanted, score_entry.c.year.in_((str(year), RULES))),
            )


class Rows(msgspec.Struct, frozen=True, kw_only=True):
    """Rows of the views by organisation."""

    orgs: Collection[OrgId]
    obligations: Mapping[str, Sequence[Mapping[str, Any]]]
    subjects: Mapping[str, Sequence[Mapping[str, Any]]]
    entries: Mapping[str, Sequence[Mapping[str, Any]]]


def _holdings(rows: Rows) -> dict[OrgId, Holding]:
    return {
        org_id: holding(rows.obligations.get(org_id, ()), rows.subjects.get(org_id, ()), rows.entries.get(org_id, ()))
        for org_id in rows.orgs
    }


def _line_by_line(scorer: Scorer, ahead: Ahead, rows: Rows, branches: Branches, on: dt.date) -> dict[OrgId, Line]:
    held = _holdings(rows)
    return {org_id: line(org_id, name, _scored(scorer, ahead, held, parent, org_id, on)) for org_id, (name, parent) in branches.items()}


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


def _scored(scorer: Scorer, ahead: Ahead, held: Mapping[OrgId, Holding], parent: OrgId | None, org_id: OrgId, on: dt.date) -> Score:
    own = held.get(org_id, EMPTY)
    overrides = overridden(held, parent, own)
    told = own.entries.get(str(scorer.year), ())
    return scorer.score(ahead.duties(own, ahead.of(own, overrides)), told, on, overrides)


def overridden(held: Mapping[OrgId, Holding], parent: OrgId | None, own: Holding) -> Sequence[Override]:
    """The committee's changes first, then the branch's own."""
    return [*(held.get(parent, EMPTY).overrides(0) if parent is not None else ()), *own.overrides(1)]


def _above(branches: Branches) -> set[OrgId]:
    return {parent for _, parent in branches.values() if parent is not None}


def _of_year(year: int) -> "sa.ColumnElement[bool]":
    """Of the year's periods; without a period those that are due in it, or have no date yet."""
    table = obligation.c
    due = sa.or_(table.due_on.is_(None), table.due_on.between(dt.date(year, 1, 1), dt.date(year, 12, 31)))
    return sa.or_(table.period.startswith(f"{year:04d}"), sa.and_(table.period == "", due))


async def _by_org(
    connection: AsyncConnection,
    table: sa.Table,
    org_ids: Collection[OrgId],
    which: "sa.ColumnElement[bool]",
    columns: "Iterable[sa.ColumnElement[Any]] | None" = None,
) -> dict[str, list[Mapping[str, Any]]]:
    found: defaultdict[str, list[Mapping[str, Any]]] = defaultdict(list)
    result = await connection.execute(sa.select(*(columns or table.c)).where(table.c.org_id.in_(org_ids), which))
    for row in result.mappings():
        found[row["org_id"]].append(row)  # type: ignore[arg-type]
    return found


async def _stamps(connection: AsyncConnection, org_ids: Collection[OrgId]) -> dict[str, Key]:
    """Organisation -> the last pages that changed what its score rests on."""
    table = fold_state.c
    query = sa.select(table.org_id, table.projection, table.page).where(table.org_id.in_(org_ids), table.projection.in_(RESTS_ON))
    stamps: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for org_id, projection, page in await connection.execute(query):
        stamps[org_id][projection] = page
    return {org_id: tuple(pages.get(name) for name in RESTS_ON) for org_id, pages in stamps.items()}


async def _heads(connection: AsyncConnection, org_ids: Collection[OrgId]) -> dict[str, int]:
    """Organisation -> the last page of its book."""
    asked = sa.func.unnest(sa.literal(sorted(org_ids), sa.ARRAY(sa.Text))).table_valued("org_id").render_derived(name="asked")
    last = sa.select(sa.func.max(PAGE.c.page)).where(PAGE.c.book == asked.c.org_id).scalar_subquery()
    return {org_id: page or 0 for org_id, page in await connection.execute(sa.select(asked.c.org_id, last))}
