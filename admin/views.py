"""sqladmin's part of the desk: the tables of the views, to look at only. Rows of other branches do not exist here.

Nothing can be created, changed, deleted, imported or exported, on three counts: these flags, no route for it in
`panel.py`, and a database role that may only read. A protected text stays the token that it is in the table.
"""

import base64
from typing import Any, ClassVar

import msgspec
import sqlalchemy as sa
from sqladmin import ModelView
from sqladmin.pagination import Pagination
from sqlalchemy.orm import DeclarativeBase
from starlette.exceptions import HTTPException
from starlette.requests import Request

from admin.visit import visit_of
from projections.engine.tables import checkpoint, ledger_row, stopped_book

PAGE_ROWS = 50

COLUMN_LABELS = {
    "org_id": "Organisation",
    "ledger": "Ledger",
    "register": "Register",
    "year": "Year",
    "row_no": "Row no.",
    "occurred_on": "Occurred on",
    "subject": "Subject",
    "position": "Position",
    "struck_by": "Struck by",
    "key": "Key",
    "event_id": "Event id",
    "recorded_at": "Recorded at",
    "cells": "Cells",
    "projection": "View of data",
    "page": "Page no.",
    "stopped_at": "Stopped at",
}


class Base(DeclarativeBase):
    """Mapped for reading; the tables belong to the projector."""


class LedgerRow(Base):
    __table__ = ledger_row


class Checkpoint(Base):
    __table__ = checkpoint


class StoppedBook(Base):
    __table__ = stopped_book


class Keyset(Pagination):
    """A page that begins after a key: as fast at the end of a table as at its beginning, and never counted."""

    def __init__(self, rows: list[Any], after: str | None) -> None:
        self.after = after
        super().__init__(rows=rows, page=1, page_size=PAGE_ROWS, count=len(rows))


class ReadOnly(ModelView):
    """Looked at, never changed. `searched` are compared whole, so that a search is an index look-up, not a walk."""

    can_create = False
    can_edit = False
    can_delete = False
    can_export = False
    can_import = False
    page_size = PAGE_ROWS
    page_size_options: ClassVar[list[int]] = [PAGE_ROWS]
    column_labels: ClassVar[dict[Any, str]] = dict(COLUMN_LABELS)
    narrow: ClassVar[tuple[str, ...]] = ()
    """Columns with a filter of their own: equal to what was typed."""

    def list_query(self, request: Request) -> "sa.Select[Any]":
        return self._mine(super().list_query(request), request)

    def details_query(self, request: Request) -> "sa.Select[Any]":
        return self._mine(super().details_query(request), request)

    async def list_context(self, request: Request) -> dict[str, Any]:
        """The frame shows the own branch, as on every other page."""
        return await _own_branch(request)

    async def details_context(self, request: Request) -> dict[str, Any]:
        return await _own_branch(request)

    def _mine(self, stmt: "sa.Select[Any]", request: Request) -> "sa.Select[Any]":
        """Only organisations that the actor may see; what is shared by all has no `org_id`."""
        column = _table(self.model).c.get("org_id")
        return stmt if column is None else stmt.where(column.in_(visit_of(request).org_ids))

    def search_query(self, stmt: "sa.Select[Any]", term: str) -> "sa.Select[Any]":
        columns = [getattr(self.model, name) for name in self._search_fields]
        return stmt.where(sa.or_(*(column == term for column in columns)))

    async def list(self, request: Request) -> Keyset:
        """One page in the order of the key, from the key in the address on."""
        stmt = self.list_query(request)
        for name in self.narrow:
            if value := request.query_params.get(name, "").strip():
                stmt = stmt.where(getattr(self.model, name) == value)
        if term := request.query_params.get("search", "").strip():
            stmt = self.search_query(stmt, term)
        keys = list(_table(self.model).primary_key.columns)
        if after := request.query_params.get("after"):
            stmt = stmt.where(sa.tuple_(*keys) > sa.tuple_(*_decoded(after, len(keys))))
        rows = await self._run_query(stmt.order_by(*keys).limit(PAGE_ROWS + 1))
        more = len(rows) > PAGE_ROWS
        rows = rows[:PAGE_ROWS]
        return Keyset(rows, _encoded([getattr(rows[-1], key.name) for key in keys]) if more else None)


async def _own_branch(request: Request) -> dict[str, Any]:
    visit = visit_of(request)
    return {} if visit.wide else {"org": await visit.read.org(visit.actor.organisation_id)}


def _table(model: Any) -> sa.Table:
    table = model.__table__
    assert isinstance(table, sa.Table)
    return table


def _encoded(values: list[str]) -> str:
    return base64.urlsafe_b64encode(msgspec.json.encode(values)).decode().rstrip("=")


def _decoded(after: str, size: int) -> list[str]:
    """The key in an address; nonsense is refused as nonsense."""
    try:
        values = msgspec.json.decode(base64.urlsafe_b64decode(after + "=" * (-len(after) % 4)), type=list[str])
    except ValueError as error:
        raise HTTPException(400) from error
    if len(values) != size:
        raise HTTPException(400)
    return values


class LedgerRows(ReadOnly, model=LedgerRow):
    """Rows of all registers of all ledgers."""

    name = "Ledger row"
    name_plural = "Ledger rows"
    column_list: ClassVar = ["org_id", "ledger", "register", "year", "row_no", "occurred_on", "subject", "position", "struck_by"]
    column_details_list: ClassVar = [*column_list, "key", "event_id", "recorded_at", "cells"]
    column_sortable_list: ClassVar[list[Any]] = []
    column_searchable_list: ClassVar = ["subject", "event_id", "key"]
    narrow = ("org_id", "ledger", "register", "year")


class Checkpoints(ReadOnly, model=Checkpoint):
    """How far each view has read the journal."""

    name = "Checkpoint"
    name_plural = "Checkpoints"
    column_list: ClassVar = ["projection", "position"]
    column_details_list: ClassVar = column_list
    column_sortable_list: ClassVar[list[Any]] = []


class StoppedBooks(ReadOnly, model=StoppedBook):
    """Books whose view stands still; the error is for whoever runs the system and is not shown here."""

    name = "Stopped book"
    name_plural = "Stopped books"
    column_list: ClassVar = ["org_id", "projection", "page", "position", "stopped_at"]
    column_details_list: ClassVar = column_list
    column_sortable_list: ClassVar[list[Any]] = []


VIEWS: tuple[type[ReadOnly], ...] = (LedgerRows, Checkpoints, StoppedBooks)
