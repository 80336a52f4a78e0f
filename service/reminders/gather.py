"""From the journal into the inboxes: each event once for each person, whoever else works and however often it is begun anew."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from events.base import OrgId, PersonId
from events.store import codec
from projections.engine.tables import ledger_row
from projections.roster_tables import member, organisation, party_group
from service.auth.actor import Role
from service.auth.tables import account
from service.reminders.notices import TOLD, Holder, Notice, notice_of, told
from service.reminders.tables import delivery, inbox, inbox_follower, mailbox

WINDOW = 5_000
"""Positions in one transaction."""
MAIL_UP_TO = dt.timedelta(days=7)
"""What is older comes into the inbox only: a record that is read for the first time sends nobody its past."""
PEOPLE = (Role.COMMITTEE_OFFICER, Role.SECRETARY, Role.TREASURER, Role.MEMBER)
HEAD = sa.text("select least((select size - 1 from record.binder), (select coalesce(min(position), -1) from views.checkpoint))")
"""Not further than every view: who answers for what stands in the views."""
ENTRIES = sa.text(
    "select j.position, p.entry from record.journal j join record.page p using (book, page)"
    " where j.position > :after and j.position <= :upto and p.type = any(:types) order by j.position"
)


async def gather(engine: AsyncEngine, now: dt.datetime, *, mails: bool) -> int:
    """Fills the inboxes as far as the views have come; how many lines are new. `mails`: whether mail is sent at all."""
    lines = 0
    while True:
        async with engine.begin() as connection:
            added = await _window(connection, now, mails=mails)
        if added is None:
            return lines
        lines += added


async def _window(connection: AsyncConnection, now: dt.datetime, *, mails: bool) -> int | None:
    """The next positions, in the caller's transaction; None when there are none, or somebody else is at it."""
    await connection.execute(insert(inbox_follower).values(id=1, position=-1).on_conflict_do_nothing())
    after = (await connection.execute(sa.select(inbox_follower.c.position).with_for_update(skip_locked=True))).scalar()
    head = (await connection.execute(HEAD)).scalar()
    if after is None or head is None or head <= after:
        return None
    upto = min(head, after + WINDOW)
    rows = await connection.execute(ENTRIES, {"after": after, "upto": upto, "types": list(TOLD)})
    facts = [codec.decode(row.entry, row.position) for row in rows]
    notices = [notice for fact in facts if (notice := notice_of(fact)) is not None]
    added = await _tell(connection, notices, now, mails=mails) if notices else 0
    await connection.execute(sa.update(inbox_follower).values(position=upto))
    return added


async def _tell(connection: AsyncConnection, notices: list[Notice], now: dt.datetime, *, mails: bool) -> int:
    notices = await _about(connection, notices)
    above = await _parents(connection)
    holders = await _holders(connection, {org for notice in notices for org in _line(notice.org_id, above)})
    lines = [
        {"account_id": account_id, **_values(notice)}
        for notice in notices
        for account_id in told(
            notice, holders[notice.org_id], [holder for org in _line(notice.org_id, above)[1:] for holder in holders[org]]
        )
    ]
    if not lines:
        return 0
    for some in (lines[start : start + 1_000] for start in range(0, len(lines), 1_000)):
        await connection.execute(insert(inbox).values(some).on_conflict_do_nothing())
    if mails:
        await _to_be_mailed(connection, [line for line in lines if now - line["said_at"] <= MAIL_UP_TO])
    return len(lines)


async def _about(connection: AsyncConnection, notices: list[Notice]) -> list[Notice]:
    """With the member whom the thing is about, as its row in a ledger says, where the member is told as well."""
    wanted = {(notice.org_id, _thing(notice)) for notice in notices if notice.for_member}
    if not wanted:
        return notices
    table = ledger_row.c
    query = sa.select(table.org_id, table.key, table.subject).where(
        sa.tuple_(table.org_id, table.key).in_(sorted(wanted)), table.subject.is_not(None)
    )
    people = {(row.org_id, row.key): PersonId(row.subject) for row in await connection.execute(query)}
    return [msgspec.structs.replace(one, person_id=people.get((one.org_id, _thing(one)))) if one.for_member else one for one in notices]


def _thing(notice: Notice) -> str:
    """What an obligation that an event began is about."""
    return notice.thing.rpartition(":")[2]


def _values(notice: Notice) -> dict[str, Any]:
    return {
        "event_id": notice.event_id,
        "position": notice.position,
        "org_id": notice.org_id,
        "kind": notice.kind.value,
        "thing": notice.thing,
        "about": notice.about,
        "due_on": notice.due_on,
        "said_at": notice.said_at,
    }


async def _to_be_mailed(connection: AsyncConnection, lines: Iterable[Mapping[str, Any]]) -> None:
    """For whoever has an address now: one that is given later is not sent what was said before."""
    wanted = set((await connection.execute(sa.select(mailbox.c.account_id).where(mailbox.c.wanted))).scalars())
    values = [{"account_id": line["account_id"], "event_id": line["event_id"]} for line in lines if line["account_id"] in wanted]
    for some in (values[start : start + 1_000] for start in range(0, len(values), 1_000)):
        await connection.execute(insert(delivery).values(some).on_conflict_do_nothing())


async def _parents(connection: AsyncConnection) -> dict[str, str]:
    rows = await connection.execute(sa.select(organisation.c.org_id, organisation.c.parent_id).where(organisation.c.parent_id.is_not(None)))
    return {row.org_id: row.parent_id for row in rows}


def _line(org_id: OrgId, above: Mapping[str, str]) -> list[str]:
    """The organisation and all above it."""
    line: list[str] = [org_id]
    while line[-1] in above and above[line[-1]] not in line:
        line.append(above[line[-1]])
    return line


async def _holders(connection: AsyncConnection, org_ids: Iterable[str]) -> defaultdict[str, list[Holder]]:
    """Organisation -> who has an account there."""
    query = _accounts().where(account.c.organisation_id.in_(sorted(org_ids)))
    found: defaultdict[str, list[Holder]] = defaultdict(list)
    for row in await connection.execute(query):
        found[row.organisation_id].append(_holder(row))
    return found


async def holder_of(engine: AsyncEngine, account_id: str) -> Holder | None:
    """One account as a holder; None when it is disabled, or no person's."""
    async with engine.connect() as connection:
        row = (await connection.execute(_accounts().where(account.c.id == account_id))).first()
    return None if row is None else _holder(row)


def _accounts() -> "sa.Select[Any]":
    leads = sa.func.array(
        sa.select(party_group.c.group_id)
        .where(
            party_group.c.org_id == account.c.organisation_id,
            party_group.c.leader_id == account.c.person_id,
            party_group.c.dissolved_on.is_(None),
        )
        .scalar_subquery(),
        type_=sa.ARRAY(sa.Text),
    )
    mine = sa.and_(member.c.org_id == account.c.organisation_id, member.c.person_id == account.c.person_id, member.c.left_on.is_(None))
    return (
        sa.select(account.c.id, account.c.role, account.c.organisation_id, account.c.person_id, member.c.posts, leads.label("leads"))
        .select_from(account.outerjoin(member, mine))
        .where(account.c.disabled_at.is_(None), account.c.role.in_([role.value for role in PEOPLE]))
        .order_by(account.c.id)
    )


def _holder(row: Any) -> Holder:
    return Holder(
        account_id=row.id,
        role=Role(row.role),
        org_id=OrgId(row.organisation_id),
        posts=frozenset(row.posts or ()),
        leads=frozenset(row.leads or ()),
        person_id=row.person_id,
    )
