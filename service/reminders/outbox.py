"""Mails as rows: begun once for each person and day, claimed by one worker at a time, ended once.

A mail is handed over again only when nobody can know whether the server got it: the process or the database went away between the
server's word and our note. It then bears the same Message-ID.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from projections.obligations_tables import obligation
from projections.roster_tables import organisation
from service.auth.tables import account
from service.bus import LOCAL
from service.reminders.inbox import IS_SAME, OVER
from service.reminders.letter import Digest, Item
from service.reminders.notices import Kind
from service.reminders.tables import delivery, inbox, mail, mailbox

LEASE = dt.timedelta(minutes=5)
"""Longer than the server may take."""
FIRST_RETRY = dt.timedelta(minutes=1)
RETRY_MAX = dt.timedelta(hours=4)
GIVE_UP_AFTER = dt.timedelta(days=4)
"""As long as mail servers themselves keep trying (RFC 5321, 4.5.4.1)."""
AHEAD_MAX = RETRY_MAX * 2
"""Nothing is put off further: what is, was put off by a clock that had jumped."""

BEGIN = sa.text(
    "insert into service.mail (id, account_id, day, next_at, begun_at)"
    " select gen_random_uuid()::text, account_id, :day, :now, :now from"
    " (select distinct account_id from service.delivery where mail_id is null) waiting"
    " where not exists (select from service.mail m where m.account_id = waiting.account_id and (m.day >= :day or m.state = 'waiting'))"
    " on conflict (account_id, day) do nothing returning id, account_id"
)


class Claimed(msgspec.Struct, frozen=True, kw_only=True):
    """A mail that this worker has until its lease ends; `attempts` tells whether it has it still."""

    id: str
    account_id: str
    attempts: int
    begun_at: dt.datetime


async def begin_digests(engine: AsyncEngine, now: dt.datetime) -> int:
    """A mail for each person who is to be told something, at most one a day and none while an older one waits."""
    async with engine.begin() as connection:
        rows = (await connection.execute(BEGIN, {"day": now.astimezone(LOCAL).date(), "now": now})).all()
        for row in rows:
            mine = sa.and_(delivery.c.account_id == row.account_id, delivery.c.mail_id.is_(None))
            await connection.execute(sa.update(delivery).where(mine).values(mail_id=row.id))
    return len(rows)


async def claim(engine: AsyncEngine, now: dt.datetime) -> Claimed | None:
    """The mail that waits longest and that nobody has."""
    is_due = sa.or_(mail.c.next_at <= now, mail.c.next_at > now + AHEAD_MAX)
    is_free = sa.or_(mail.c.lease_until.is_(None), mail.c.lease_until < now, mail.c.lease_until > now + 2 * LEASE)
    first = (
        sa.select(mail.c.id)
        .where(mail.c.state == "waiting", is_due, is_free)
        .order_by(mail.c.next_at, mail.c.id)
        .limit(1)
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    statement = (
        sa.update(mail)
        .where(mail.c.id == first)
        .values(lease_until=now + LEASE, attempts=mail.c.attempts + 1)
        .returning(mail.c.id, mail.c.account_id, mail.c.attempts, mail.c.begun_at)
    )
    async with engine.begin() as connection:
        row = (await connection.execute(statement)).first()
    return None if row is None else Claimed(id=row.id, account_id=row.account_id, attempts=row.attempts, begun_at=row.begun_at)


async def digest_of(engine: AsyncEngine, claimed: Claimed) -> Digest | None:
    """What the mail says now: what was done meanwhile is left out. None for whoever wants no mail any more."""
    async with engine.connect() as connection:
        query = sa.select(mailbox.c.address, mailbox.c.language).join(account, account.c.id == mailbox.c.account_id)
        query = query.where(account.c.id == claimed.account_id, account.c.disabled_at.is_(None), mailbox.c.wanted)
        box = (await connection.execute(query)).first()
        if box is None:
            return None
        items = await _items(connection, claimed.id)
    return Digest(mail_id=claimed.id, to=box.address, language=box.language, items=items)


async def _items(connection: AsyncConnection, mail_id: str) -> tuple[Item, ...]:
    sender = organisation.alias()
    query = (
        sa.select(inbox.c.kind, inbox.c.thing, inbox.c.due_on, inbox.c.org_id, organisation.c.name, sender.c.name.label("about"))
        .join(delivery, sa.and_(delivery.c.account_id == inbox.c.account_id, delivery.c.event_id == inbox.c.event_id))
        .outerjoin(organisation, organisation.c.org_id == inbox.c.org_id)
        .outerjoin(sender, sender.c.org_id == inbox.c.about)
        .outerjoin(obligation, IS_SAME)
        .where(delivery.c.mail_id == mail_id, sa.or_(obligation.c.obligation_id.is_(None), sa.not_(OVER)))
    )
    rows = (await connection.execute(query.order_by(inbox.c.position))).all()
    newest = {(row.org_id, row.thing): row for row in rows}  # of one task the last word is enough
    return tuple(_item(row._mapping) for row in newest.values())  # noqa: SLF001


def _item(row: Mapping[Any, Any]) -> Item:
    return Item(
        kind=Kind(row["kind"]), org=row["name"] or row["org_id"], thing=row["thing"], about=row["about"] or "", due_on=row["due_on"]
    )


async def end(engine: AsyncEngine, claimed: Claimed, state: str, now: dt.datetime, error: str | None = None) -> None:
    """Sent, settled, unwanted, refused or given_up: it is never sent again."""
    values = {"state": state, "ended_at": now, "lease_until": None, "error": error and error[:500]}
    async with engine.begin() as connection:
        await connection.execute(sa.update(mail).where(mail.c.id == claimed.id, mail.c.attempts == claimed.attempts).values(values))


async def put_off(engine: AsyncEngine, claimed: Claimed, now: dt.datetime, error: str) -> bool:
    """Later again, each time four times as late, at most four hours; after four days it is given up. Whether it goes on."""
    if now - claimed.begun_at > GIVE_UP_AFTER:
        await end(engine, claimed, "given_up", now, error)
        return False
    delay = min(RETRY_MAX, FIRST_RETRY * 4 ** min(10, claimed.attempts - 1))
    values = {"next_at": now + delay, "lease_until": None, "error": error[:500]}
    async with engine.begin() as connection:
        await connection.execute(sa.update(mail).where(mail.c.id == claimed.id, mail.c.attempts == claimed.attempts).values(values))
    return True
