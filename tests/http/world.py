"""A committee with two branches behind the real application, and somebody of every role to speak to it."""

import asyncio
import contextlib
import datetime as dt
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import msgspec

from events.base import OrgId, PersonId
from events.members import MemberStatus, Sex
from events.organisations import BranchType
from projections.engine.database import engine_for
from service.api.commands import wait_for_views
from service.app import create_app
from service.auth.accounts import create_account, issue_token, sign_in
from service.auth.actor import SYSTEM, Role
from service.config import Settings
from service.decide.base import Command
from service.decide.members.roll import RegisterMember
from service.decide.organisations.founding import FoundBranch, FoundCommittee
from service.follow import follow_until
from service.parts import Parts
from tests.desk.world import served

C, A, B, NOWHERE = OrgId("C"), OrgId("C-A"), OrgId("C-B"), OrgId("C-X")
FOUNDED = dt.date(2025, 1, 6)
PASSWORD = "a long enough password"
MEMBERS = 8
SECRET_PHONE = "13800000001"
TOP = (Role.COMMITTEE_OFFICER, Role.AUDITOR, Role.PLATFORM_ADMIN, Role.INTEGRATOR)


class World(msgspec.Struct, frozen=True):
    """The running application and a token for each (role, organisation)."""

    client: httpx.AsyncClient
    tokens: dict[tuple[Role, OrgId], str]
    parts: Parts
    home: Path

    def headers(self, role: Role = Role.SECRETARY, org_id: OrgId = A, **more: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.tokens[role, org_id]}", **more}

    async def send(self, org_id: OrgId, name: str, body: dict[str, Any], role: Role = Role.SECRETARY, **headers: str) -> Any:
        named = {key.replace("_", "-"): value for key, value in headers.items()}
        home = org_id if (role, org_id) in self.tokens else C
        return await self.client.post(f"/api/v1/orgs/{org_id}/commands/{name}", json=body, headers=self.headers(role, home, **named))

    async def get(self, path: str, role: Role = Role.SECRETARY, org_id: OrgId = A, **params: Any) -> Any:
        return await self.client.get(f"/api/v1{path}", params=params, headers=self.headers(role, org_id))


@contextlib.asynccontextmanager
async def running(url: str, home: Path) -> AsyncIterator[World]:
    """Follower and application, with the committee founded and everybody's account made."""
    stop = asyncio.Event()
    following = asyncio.create_task(follow_until(url, stop))
    app = create_app(Settings(home=home, database_url=url))
    try:
        async with served(app) as address, httpx.AsyncClient(base_url=address, timeout=30) as client:
            parts: Parts = app.state.parts
            await _found(parts)
            yield World(client, await _accounts(url), parts, home)
    finally:
        stop.set()
        await following


async def _found(parts: Parts) -> None:
    await record(parts, C, FoundCommittee(occurred_on=FOUNDED, late_reason="建账", name="示例委员会", short_name="示例委"))
    for branch in (A, B):
        founding = FoundBranch(
            occurred_on=FOUNDED,
            late_reason="建账",
            branch_id=branch,
            name=f"第{branch}党支部",
            short_name=branch,
            branch_type=BranchType.ORGAN,
            approval_no="示例1号",
        )
        await record(parts, C, founding)
        for number in range(MEMBERS):
            await record(parts, branch, member(branch, number))


def person(branch: OrgId, number: int) -> PersonId:
    return PersonId(f"{branch}-p{number}")


def member(branch: OrgId, number: int) -> RegisterMember:
    return RegisterMember(
        occurred_on=FOUNDED,
        late_reason="建账",
        name=f"示例{branch}{number}",
        sex=Sex.FEMALE,
        nationality="01",
        born_on=dt.date(1980, 5, 1),
        education="21",
        status=MemberStatus.FULL,
        admitted_on=dt.date(2005, 7, 1),
        full_on=dt.date(2006, 7, 1),
        phone=SECRET_PHONE,
        person_id=person(branch, number),
    )


async def record(parts: Parts, org_id: OrgId, command: Command, key: str | None = None) -> None:
    receipt = await parts.bus.handle(org_id, command, SYSTEM, key=key or f"{command}", now=dt.datetime.now(dt.UTC))
    assert await wait_for_views(parts, receipt, 20)


async def _accounts(url: str) -> dict[tuple[Role, OrgId], str]:
    engine = engine_for(url)
    tokens: dict[tuple[Role, OrgId], str] = {}
    wanted = [(role, C) for role in TOP] + [(role, org) for org in (A, B) for role in (Role.SECRETARY, Role.TREASURER, Role.MEMBER)]
    for role, org in wanted:
        login = f"{role}-{org}"
        own = person(org, 0) if role is Role.MEMBER else None
        account = await create_account(engine, login=login, password=PASSWORD, role=role, organisation_id=org, person_id=own)
        if role is Role.INTEGRATOR:
            tokens[role, org] = await issue_token(engine, account, label="test", days=1)
        else:
            tokens[role, org], _ = await sign_in(engine, login, PASSWORD, "")
    await engine.dispose()
    return tokens
