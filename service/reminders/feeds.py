"""Calendars of tasks: secret addresses that can be taken back, and what such a calendar holds."""

import datetime as dt
import hashlib
import secrets
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from events.base import OrgId
from projections.obligations_tables import obligation, obligation_subject
from projections.roster_tables import party_group
from projections.standard.deadlines import Of
from projections.standard.forecast import BranchFacts, Subject, Upcoming, due_obligations
from projections.standard.pack import Pack
from projections.standard.rules import Override
from service.auth.actor import Role
from service.auth.tables import account
from service.reminders.ical import Entry
from service.reminders.letter import title_of
from service.reminders.notices import Holder, answers_for, deadline_of, subject_of
from service.reminders.tables import calendar, mailbox

TOKEN_PREFIX = "bbc_"  # noqa: S105 - lets secret scanners find a leaked address
BACK, AHEAD = dt.timedelta(days=180), dt.timedelta(days=130)
"""How much of the past stays, and how far duties that are still to be raised are told."""
NOTED_EVERY = dt.timedelta(hours=1)
TASKS_MAX = 5_000
RULED = sa.text(
    "with recursive line as (select org_id, parent_id from views.organisation where org_id = :org union"
    " select o.org_id, o.parent_id from views.organisation o join line on o.org_id = line.parent_id)"
    " select coalesce(max(e.position), -1) from views.score_entry e join line using (org_id) where e.year = '0'"
)
"""The last change of a rule that holds for an organisation."""
MARKS: Mapping[str, tuple[str, str]] = {
    "done": ("✓ ", "✓ "),
    "waived": ("已豁免：", "Waived: "),
    "lapsed": ("已取消：", "Cancelled: "),
    "overdue": ("逾期：", "Overdue: "),
    "": ("", ""),
}


class Feed(msgspec.Struct, frozen=True, kw_only=True):
    """What a secret address opens: the tasks of a branch, or where `org_id` is empty those of the person."""

    account_id: str
    org_id: str
    language: str


class Held(msgspec.Struct, frozen=True, kw_only=True):
    """An address that somebody has; the address itself is shown once and never again."""

    org_id: str
    created_at: dt.datetime
    used_at: dt.datetime | None


class Task(msgspec.Struct, frozen=True, kw_only=True):
    """An obligation, raised or still to be raised, as a calendar tells it."""

    org_id: OrgId
    obligation_id: str
    due_on: dt.date
    state: str = ""
    position: int
    """Of the event that last changed it, or that could have: a rule, or whoever it falls to."""


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


async def issue(engine: AsyncEngine, account_id: str, org_id: str = "") -> str:
    """A new secret for the address; the one before it ends at once."""
    token = TOKEN_PREFIX + secrets.token_urlsafe(32)
    async with engine.begin() as connection:
        await connection.execute(sa.delete(calendar).where(calendar.c.account_id == account_id, calendar.c.org_id == org_id))
        await connection.execute(sa.insert(calendar).values(token_hash=_digest(token), account_id=account_id, org_id=org_id))
    return token


async def revoke(engine: AsyncEngine, account_id: str, org_id: str = "") -> None:
    async with engine.begin() as connection:
        await connection.execute(sa.delete(calendar).where(calendar.c.account_id == account_id, calendar.c.org_id == org_id))


async def held_by(engine: AsyncEngine, account_id: str) -> list[Held]:
    query = sa.select(calendar.c.org_id, calendar.c.created_at, calendar.c.used_at).where(calendar.c.account_id == account_id)
    async with engine.connect() as connection:
        return [Held(**row._mapping) for row in await connection.execute(query.order_by(calendar.c.org_id))]  # noqa: SLF001


async def feed_of(engine: AsyncEngine, token: str, now: dt.datetime) -> Feed | None:
    """None when nobody has this secret, or the account is disabled."""
    query = (
        sa.select(calendar, mailbox.c.language)
        .join(account, account.c.id == calendar.c.account_id)
        .outerjoin(mailbox, mailbox.c.account_id == calendar.c.account_id)
        .where(calendar.c.token_hash == _digest(token), account.c.disabled_at.is_(None))
    )
    async with engine.begin() as connection:
        row = (await connection.execute(query)).first()
        if row is None:
            return None
        if row.used_at is None or now - row.used_at > NOTED_EVERY:
            await connection.execute(sa.update(calendar).where(calendar.c.token_hash == row.token_hash).values(used_at=now))
    return Feed(account_id=row.account_id, org_id=row.org_id, language=row.language or "zh")


async def rows_of(engine: AsyncEngine, org_ids: Iterable[OrgId], own: OrgId, today: dt.date, *, whole: bool) -> list[Mapping[str, Any]]:
    """Obligations near today, as the view has them; where not `whole`, of other organisations only what was escalated."""
    near = obligation.c.due_on.between(today - BACK, today + AHEAD * 2)
    query = sa.select(obligation).where(obligation.c.org_id.in_(sorted(org_ids)), near)
    if not whole:
        query = query.where(sa.or_(obligation.c.escalated_on.is_not(None), obligation.c.org_id == own))
    async with engine.connect() as connection:
        found = await connection.execute(query.order_by(obligation.c.due_on.desc()).limit(TASKS_MAX))
        return [dict(row) for row in found.mappings()]


async def forecast(engine: AsyncEngine, pack: Pack, org_id: OrgId, overrides: list[Override], today: dt.date) -> list[Task]:
    """The duties of a branch that are due in the next months, raised or not."""
    async with engine.connect() as connection:
        rows = (await connection.execute(sa.select(obligation_subject).where(obligation_subject.c.org_id == org_id))).mappings().all()
        ruled: int = (await connection.execute(RULED, {"org": org_id})).scalar_one()
    known = tuple(
        Subject(kind=row["kind"], subject=row["subject"], since=row["since"], until=row["until"], due_on=row["due_on"])
        for row in rows
        if row["since"] is not None
    )
    facts = BranchFacts(subjects=known, overrides=tuple(overrides))
    said = {(row["kind"], row["subject"]): row["position"] for row in rows}
    return [
        Task(org_id=org_id, obligation_id=one.obligation_id, due_on=one.due_on, position=max(ruled, said[_begun_by(pack, one)]))
        for one in due_obligations(pack, facts, today, today + AHEAD)
    ]


def _begun_by(pack: Pack, one: Upcoming) -> tuple[str, str]:
    """The row of whoever or whatever the duty falls to: what it says last may have moved the date."""
    deadline = pack.deadline(one.deadline)
    kind = deadline.id if deadline.of is Of.EVENT else Of.BRANCH if deadline.of is Of.FESTIVAL else deadline.of
    return kind, one.subject if deadline.of in {Of.EVENT, Of.GROUP} else ""


def task_of(row: Mapping[str, Any]) -> Task:
    """As the view has it. Overdue is what the record marked so, not what today's date says."""
    ended = "waived" if row["waived_on"] else "done" if row["fulfilled_on"] else "lapsed" if row["lapsed_on"] else ""
    state = ended or ("overdue" if row["overdue_on"] else "")
    org_id = OrgId(row["org_id"])
    return Task(org_id=org_id, obligation_id=row["obligation_id"], due_on=row["due_on"], state=state, position=row["position"])


def is_mine(holder: Holder, row: Mapping[str, Any]) -> bool:
    """Of a secretary the whole branch, of an officer what was escalated to the committee, of others what their post brings."""
    if holder.role is Role.COMMITTEE_OFFICER:
        return row["escalated_on"] is not None or (row["org_id"] == holder.org_id and answers_for(holder, row["obligation_id"]))
    return row["org_id"] == holder.org_id and (holder.role is Role.SECRETARY or answers_for(holder, row["obligation_id"]))


async def moments(engine: AsyncEngine, positions: Iterable[int]) -> dict[int, dt.datetime]:
    """When the events at these positions were recorded."""
    query = sa.text(
        "select j.position, (convert_from(p.entry, 'utf8')::json ->> 'at')::bigint from record.journal j"
        " join record.page p using (book, page) where j.position = any(:positions)"
    )
    async with engine.connect() as connection:
        rows = await connection.execute(query, {"positions": sorted(set(positions))})
        return {position: dt.datetime.fromtimestamp(at / 1_000_000, dt.UTC) for position, at in rows}


async def group_names(engine: AsyncEngine, org_ids: Iterable[str]) -> dict[str, str]:
    query = sa.select(party_group.c.group_id, party_group.c.name).where(party_group.c.org_id.in_(sorted(set(org_ids))))
    async with engine.connect() as connection:
        return {row.group_id: row.name for row in await connection.execute(query)}


def entry_of(
    task: Task, *, language: str, orgs: Mapping[str, str], groups: Mapping[str, str], moments: Mapping[int, dt.datetime], address: str
) -> Entry:
    """What a calendar shows of a task. The sequence is the position of its last change: it rises with each and never falls."""
    deadline = deadline_of(task.obligation_id)
    mark = MARKS[task.state][0 if language == "zh" else 1]
    group = groups.get(subject_of(task.obligation_id), "")
    org = orgs.get(task.org_id, task.org_id)
    about = f"{title_of(task.obligation_id, language)} {group}".strip()
    rule = "" if deadline is None else f"{deadline.task} {deadline.source if deadline.source != deadline.task else ''}".strip()
    return Entry(
        uid=f"{task.obligation_id}@{task.org_id}.branchbook",
        sequence=task.position + 1,
        changed_at=moments.get(task.position, dt.datetime(2000, 1, 1, tzinfo=dt.UTC)),
        due_on=task.due_on,
        title=f"{mark}{about}（{org}）" if language == "zh" else f"{mark}{about} ({org})",
        text=f"{org}\n{rule}",
        category="支部任务" if language == "zh" else "Branch tasks",
        url=f"{address}/admin/b/{task.org_id}/tasks",
        cancelled=task.state in {"waived", "lapsed"},
    )
