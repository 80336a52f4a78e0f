"""A committee with two branches, its accounts, and obligations recorded as a worker does."""

import contextlib
import datetime as dt
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from events.base import OrgId, PersonId
from projections.engine.database import engine_for
from service.api.commands import wait_for_views
from service.auth.accounts import create_account
from service.auth.actor import SYSTEM, Role
from service.bus import LOCAL
from service.config import Settings
from service.decide.base import Command
from service.decide.obligations import (
    EscalateObligation,
    MarkObligationOverdue,
    RaiseObligation,
    RemindOfObligation,
    WaiveObligation,
)
from service.parts import Parts
from service.reminders.mailboxes import Mailbox, set_mailbox
from service.reminders.tables import inbox
from tests.desk import world as desk

COMMITTEE, BRANCH, OTHER = desk.COMMITTEE, desk.BRANCH, desk.OTHER
TODAY = dt.datetime.now(LOCAL).date()
NOON = dt.datetime.combine(TODAY, dt.time(12), LOCAL)
STUDY, GROUP, DUES = "DL-01:2026-03", f"DL-03:2026-03:g-{BRANCH}", "DL-12:2026-Q1"
PASSED = TODAY - dt.timedelta(days=20)


class World(msgspec.Struct, frozen=True):
    """Engine, parts, and the id of each account by login."""

    engine: AsyncEngine
    parts: Parts
    settings: Settings
    ids: dict[str, str]

    async def record(self, command: Command, org_id: OrgId = BRANCH) -> None:
        receipt = await self.parts.bus.handle(org_id, command, SYSTEM, key=f"{org_id}{command}", now=dt.datetime.now(dt.UTC))
        assert await wait_for_views(self.parts, receipt, 20)

    async def raised(self, obligation: str = STUDY, org_id: OrgId = BRANCH, due_on: dt.date = TODAY) -> None:
        deadline, *more = obligation.split(":")
        period, subject = [*more, ""][:2] if more[0][0] == "2" else ("", more[0])
        await self.record(
            RaiseObligation(
                occurred_on=TODAY,
                obligation_id=obligation,
                deadline=deadline,
                task="N01.T01",
                period=period,
                subject=subject,
                due_on=due_on,
            ),
            org_id,
        )

    async def reminded(self, obligation: str = STUDY, org_id: OrgId = BRANCH, offset: int = 0, due_on: dt.date = TODAY) -> None:
        await self.record(RemindOfObligation(occurred_on=TODAY, obligation_id=obligation, due_on=due_on, offset=offset), org_id)

    async def late(self, obligation: str = STUDY, org_id: OrgId = BRANCH, *, escalated: bool = False) -> None:
        await self.raised(obligation, org_id, PASSED)
        await self.record(MarkObligationOverdue(occurred_on=TODAY, obligation_id=obligation, due_on=PASSED), org_id)
        if escalated:
            await self.record(EscalateObligation(occurred_on=TODAY, obligation_id=obligation, due_on=PASSED), org_id)

    async def waived(self, obligation: str = STUDY, org_id: OrgId = BRANCH) -> None:
        await self.record(WaiveObligation(occurred_on=TODAY, obligation_id=obligation, reason="停工"), org_id)

    async def told(self) -> set[tuple[str, str, str]]:
        """(login, kind, thing) of every line; fails when one is there twice."""
        names = {account_id: login for login, account_id in self.ids.items()}
        async with self.engine.connect() as connection:
            rows = (await connection.execute(sa.select(inbox))).all()
        found = [(names[row.account_id], row.kind, row.thing) for row in rows]
        assert len(found) == len(set(found))
        return set(found)

    async def all(self, sql: str) -> list[tuple[Any, ...]]:
        async with self.engine.connect() as connection:
            return [tuple(row) for row in await connection.execute(sa.text(sql))]

    async def do(self, sql: str) -> None:
        async with self.engine.begin() as connection:
            await connection.execute(sa.text(sql))

    async def mailbox(self, login: str, language: str = "zh", address: str = "") -> None:
        await set_mailbox(self.engine, self.ids[login], Mailbox(address=address or f"{login}@example.cn", language=language, wanted=True))


ACCOUNTS = {
    "officer": (Role.COMMITTEE_OFFICER, COMMITTEE, None),
    "auditor": (Role.AUDITOR, COMMITTEE, None),
    "secretary": (Role.SECRETARY, BRANCH, PersonId("p1")),
    "organiser": (Role.MEMBER, BRANCH, PersonId("p3")),
    "member": (Role.MEMBER, BRANCH, PersonId("p9")),
    "treasurer": (Role.TREASURER, BRANCH, None),
    "stranger": (Role.SECRETARY, OTHER, None),
}
"""p1 is the secretary, p3 the committee's member for organisation."""


@contextlib.asynccontextmanager
async def running(url: str, home: Path) -> AsyncIterator[World]:
    engine = engine_for(url)
    try:
        async with desk.running(url, home) as under:
            ids = {
                login: await create_account(engine, login=login, password=None, role=role, organisation_id=org, person_id=person)
                for login, (role, org, person) in ACCOUNTS.items()
            }
            yield World(engine, under.parts, under.settings, ids)
    finally:
        await engine.dispose()
