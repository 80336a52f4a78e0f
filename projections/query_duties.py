"""Reads of duties, part of the one door (`projections.query`): as they stand, as they were known on a day, and those to come."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from events.base import OrgId
from events.store.books import Books, whole
from projections.duties import Standing, Window, facts_of, forecast, holding_of, standings
from projections.engine.replay import known
from projections.obligations_tables import obligation, obligation_subject
from projections.roster_tables import organisation
from projections.scores import RULES, Reader, holding
from projections.scores_tables import score_entry
from projections.shapes import Absence, Scope
from projections.standard.pack import Pack
from projections.standard.rules import Override

ROWS_MAX = 5_000


class DutyViews:
    """Duties of one organisation in the reader's scope."""

    def __init__(self, engine: AsyncEngine, books: Books) -> None:
        self._engine = engine
        self._books = books
        self._reader: Reader | None = None

    async def now(self, scope: Scope, org_id: OrgId, pack: Pack, window: Window) -> list[Standing]:
        """From the views as they stand."""
        async with self._engine.connect() as connection:
            line = await _line(connection, scope, org_id)
            entries = await _rules(connection, line)
            subjects = await _rows(connection, sa.select(obligation_subject).where(obligation_subject.c.org_id == org_id))
            overrides = [
                changed for level, org in enumerate(reversed(line)) for changed in holding((), (), entries.get(org, ())).overrides(level)
            ]
            ahead = forecast(pack, facts_of(holding((), subjects, ()), overrides), window)
            rows = await _rows(connection, _standing(org_id, window, [one.obligation_id for one in ahead]))
        return standings(pack, holding(rows, subjects, ()), overrides, window)

    async def known(
        self, scope: Scope, org_id: OrgId, pack: Pack, window: Window, *, as_of: dt.date | None, known_at: dt.datetime | None
    ) -> list[Standing]:
        """From the book: what had happened by `as_of` and was on record by `known_at`, as it then stood on the window's day."""
        async with self._engine.connect() as connection:
            line = await _line(connection, scope, org_id)
        above: list[Override] = []
        for level, org in enumerate(reversed(line[1:])):
            facts = known(await self._books.read(org, "rules"), as_of=as_of, known_at=known_at)
            above += Reader.rules(facts).overrides(level)
        if self._reader is None or self._reader.pack is not pack:
            self._reader = Reader(pack)
        held = holding_of(self._reader, known(await whole(self._books, org_id), as_of=as_of, known_at=known_at))
        return standings(pack, held, [*above, *held.overrides(len(line) - 1)], window)


async def _line(connection: AsyncConnection, scope: Scope, org_id: OrgId) -> list[OrgId]:
    """The organisation and all above it. Raises `Absence` for one that is out of sight or not there."""
    if not scope.sees(org_id):
        raise Absence(org_id)
    line = [org_id]
    while True:
        row = (await connection.execute(sa.select(organisation.c.parent_id).where(organisation.c.org_id == line[-1]))).first()
        if row is None and len(line) == 1:
            raise Absence(org_id)
        if row is None or row.parent_id is None or row.parent_id in line:
            return line
        line.append(row.parent_id)


async def _rules(connection: AsyncConnection, org_ids: Sequence[OrgId]) -> dict[str, list[dict[str, Any]]]:
    """Organisation -> the rules that it changed."""
    found: dict[str, list[dict[str, Any]]] = {}
    for row in await _rows(connection, sa.select(score_entry).where(score_entry.c.org_id.in_(org_ids), score_entry.c.year == RULES)):
        found.setdefault(row["org_id"], []).append(row)
    return found


def _standing(org_id: OrgId, window: Window, keys: Sequence[str]) -> "sa.Select[Any]":
    """Due in the window; without a date; or forecast for it, which may have been given another date since."""
    table = obligation.c
    due = sa.and_(
        sa.true() if window.first is None else table.due_on >= window.first,
        sa.true() if window.last is None else table.due_on <= window.last,
    )
    wanted = sa.or_(due, table.due_on.is_(None), table.obligation_id == sa.any_(sa.literal(list(keys), sa.ARRAY(sa.Text))))
    return sa.select(obligation).where(table.org_id == org_id, wanted).order_by(table.due_on.desc(), table.obligation_id).limit(ROWS_MAX)


async def _rows(connection: AsyncConnection, query: "sa.Select[Any]") -> list[dict[str, Any]]:
    return [dict(row) for row in (await connection.execute(query)).mappings()]
