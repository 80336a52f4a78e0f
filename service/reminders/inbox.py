"""The inbox of one person: what is in it, what of it is new, and that it was read."""

import datetime as dt
from collections.abc import Collection
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from events.base import OrgId
from projections.obligations_tables import obligation
from service.reminders.notices import Kind
from service.reminders.tables import inbox

PAGE = 50


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One event as it was told to this person."""

    event_id: str
    position: int
    org_id: OrgId
    kind: Kind
    thing: str
    about: str
    due_on: dt.date
    said_at: dt.datetime
    unread: bool
    over: bool
    """Done, waived or lapsed by now."""


OVER = sa.or_(obligation.c.fulfilled_on.is_not(None), obligation.c.waived_on.is_not(None), obligation.c.lapsed_on.is_not(None))
IS_SAME = sa.and_(obligation.c.org_id == inbox.c.org_id, obligation.c.obligation_id == inbox.c.thing)


async def unread(engine: AsyncEngine, account_id: str, org_ids: Collection[OrgId]) -> int:
    """About how many things something is new, of the organisations that are in sight now."""
    things = sa.func.count(sa.distinct(sa.tuple_(inbox.c.org_id, inbox.c.thing)))
    query = sa.select(things).where(_mine(account_id, org_ids), inbox.c.read_at.is_(None))
    async with engine.connect() as connection:
        return int((await connection.execute(query)).scalar_one())


async def lines(
    engine: AsyncEngine, account_id: str, org_ids: Collection[OrgId], *, before: int | None = None, only_unread: bool = False
) -> tuple[list[Line], int | None]:
    """The last word about each thing, newest first, and the position before which the next page begins."""
    newer = inbox.alias()
    same = sa.and_(newer.c.account_id == inbox.c.account_id, newer.c.org_id == inbox.c.org_id, newer.c.thing == inbox.c.thing)
    over = sa.func.coalesce(OVER, False).label("over")
    query = (
        sa.select(inbox, over)
        .select_from(inbox.outerjoin(obligation, IS_SAME))
        .where(_mine(account_id, org_ids), ~sa.exists().where(same, newer.c.position > inbox.c.position))
        .order_by(inbox.c.position.desc())
        .limit(PAGE + 1)
    )
    if before is not None:
        query = query.where(inbox.c.position < before)
    if only_unread:
        query = query.where(inbox.c.read_at.is_(None))
    async with engine.connect() as connection:
        found = [_line(row) for row in await connection.execute(query)]
    return found[:PAGE], found[PAGE - 1].position if len(found) > PAGE else None


async def mark_read(engine: AsyncEngine, account_id: str, *, upto: int, event_id: str | None = None) -> None:
    """What was said about one thing, or everything, up to a position: what came while the page was being read stays new."""
    query = sa.update(inbox).where(inbox.c.account_id == account_id, inbox.c.read_at.is_(None), inbox.c.position <= upto)
    if event_id is not None:
        line = inbox.alias()
        about = sa.select(line.c.org_id, line.c.thing).where(line.c.account_id == account_id, line.c.event_id == event_id)
        query = query.where(sa.tuple_(inbox.c.org_id, inbox.c.thing).in_(about))
    async with engine.begin() as connection:
        await connection.execute(query.values(read_at=sa.func.now()))


def _mine(account_id: str, org_ids: Collection[OrgId]) -> sa.ColumnElement[bool]:
    return sa.and_(inbox.c.account_id == account_id, inbox.c.org_id == sa.any_(sa.literal(sorted(org_ids), sa.ARRAY(sa.Text))))


def _line(row: Any) -> Line:
    return Line(
        event_id=row.event_id,
        position=row.position,
        org_id=OrgId(row.org_id),
        kind=Kind(row.kind),
        thing=row.thing,
        about=row.about,
        due_on=row.due_on,
        said_at=row.said_at,
        unread=row.read_at is None,
        over=row.over,
    )
