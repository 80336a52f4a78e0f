"""Reads of documents, part of the one door (`projections.query`): a page of them, one, and those that belong to rows of a register."""

import datetime as dt
from collections.abc import Collection
from typing import Any, Protocol

import msgspec
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from events.base import OrgId
from projections.documents_tables import document
from projections.shapes import PAGE_MAX, Absence, DocumentView, Scope
from projections.standard.norms import Standard
from projections.standard.papers import asked, belonging, materials_of
from projections.standard.score_tree import Score

ATTACHED_MAX = 1_000
CASES = ("meeting", "admission", "election", "discipline", "disposition", "disclosure", "ballot", "appraisal", "debriefing", "assessment")
"""How streams of single cases and years begin; rows of their registers bear the case's id as their key, or as a part of it."""


class Keyed(Protocol):
    """A row of a register."""

    @property
    def key(self) -> str: ...

    @property
    def event_id(self) -> str | None: ...


class DocumentViews:
    """Files and papers of one organisation in the reader's scope."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def page(
        self,
        scope: Scope,
        org_id: OrgId,
        *,
        before: int | None = None,
        limit: int = PAGE_MAX,
        material: str | None = None,
        about: str | None = None,
        withdrawn: bool = False,
    ) -> tuple[list[DocumentView], int | None]:
        """Newest first: (documents, cursor of the next page or None)."""
        size = min(limit, PAGE_MAX)
        query = _of(scope, org_id).order_by(document.c.page.desc()).limit(size + 1)
        if before is not None:
            query = query.where(document.c.page < before)
        if material is not None:
            query = query.where(sa.literal(material) == sa.any_(document.c.materials))
        if about is not None:
            query = query.where(sa.literal(about) == sa.any_(document.c.about))
        if not withdrawn:
            query = query.where(document.c.withdrawn_on.is_(None))
        found = await self._rows(query)
        return found[:size], found[size - 1].page if len(found) > size else None

    async def one(self, scope: Scope, org_id: OrgId, document_id: str) -> DocumentView:
        found = await self._rows(_of(scope, org_id).where(document.c.document_id == document_id))
        if not found:
            raise Absence(document_id)
        return found[0]

    async def attached(self, scope: Scope, org_id: OrgId, rows: Collection[Keyed]) -> dict[str, list[DocumentView]]:
        """Key of the row -> the documents that belong to it: to its case, or to the event that wrote it; in the index the file itself."""
        wanted = {row.key: _names(row) for row in rows}
        names = sa.literal(sorted(set().union(*wanted.values())), sa.ARRAY(sa.Text))
        belongs = sa.or_(document.c.about.op("&&")(names), document.c.document_id == sa.any_(names))
        query = _of(scope, org_id).where(belongs, document.c.withdrawn_on.is_(None))
        found = await self._rows(query.order_by(document.c.page).limit(ATTACHED_MAX)) if wanted else []
        attached = {key: [one for one in found if not of_row.isdisjoint((*one.about, one.document_id))] for key, of_row in wanted.items()}
        return {key: here for key, here in attached.items() if here}

    async def of_score(self, scope: Scope, org_id: OrgId, score: Score, standard: Standard) -> dict[str, list[DocumentView]]:
        """Leaf of a score -> the documents that belong to it, as they were filed by the day of the score."""
        own, materials = _of(scope, org_id), materials_of(standard)
        about, filed_for = asked(score.total, materials)
        names = sa.literal(sorted({*about, *(f"{case}-{name}" for case in CASES for name in about)}), sa.ARRAY(sa.Text))
        day = sa.func.coalesce(document.c.formed_on, document.c.filed_on)
        in_time = sa.and_(
            document.c.materials.op("&&")(sa.literal(sorted(filed_for), sa.ARRAY(sa.Text))),
            day.between(dt.date(score.year, 1, 1), dt.date(score.year + 1, 12, 31)),
        )
        query = own.where(
            sa.or_(document.c.about.op("&&")(names), in_time),
            document.c.filed_on <= score.on,
            sa.or_(document.c.withdrawn_on.is_(None), document.c.withdrawn_on > score.on),
        )
        return belonging(score.total, await self._rows(query.order_by(document.c.page).limit(ATTACHED_MAX)), materials)

    async def _rows(self, query: "sa.Select[Any]") -> list[DocumentView]:
        async with self._engine.connect() as connection:
            rows = (await connection.execute(query)).mappings()
            return [msgspec.convert({str(name): value for name, value in row.items()}, DocumentView) for row in rows]


def _of(scope: Scope, org_id: OrgId) -> "sa.Select[Any]":
    if not scope.sees(org_id):
        raise Absence(org_id)
    return sa.select(*(column for column in document.c if column.name != "position")).where(document.c.org_id == org_id)


def _names(row: Keyed) -> set[str]:
    """What a document may say that it is about, to belong to this row."""
    parts = {row.key, *row.key.split("|")}
    return parts | {f"{case}-{part}" for case in CASES for part in parts} | ({row.event_id} if row.event_id else set())
