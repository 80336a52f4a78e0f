"""Accounts of the example committee, written where its user finds them. Passwords are made anew whenever the file is."""

import os
import secrets
from pathlib import Path
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from events.base import OrgId, PersonId
from events.organisations import Post
from projections.roster_tables import member, organisation
from service.auth.accounts import create_account, end_sessions, issue_token, set_password
from service.auth.actor import Role
from service.auth.tables import account

TOKEN_DAYS = 365
AT_THE_TOP = {
    Role.COMMITTEE_OFFICER: "officer",
    Role.AUDITOR: "auditor",
    Role.PLATFORM_ADMIN: "admin",
    Role.INTEGRATOR: "integrator",
}


class ExampleAccount(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One line of `accounts.json`."""

    login: str
    password: str
    role: str
    organisation_id: str
    token: str | None = None


async def write_example_accounts(engine: AsyncEngine, file: Path) -> int:
    """An account for each role at the root, a secretary for each branch, a treasurer and a member for the first; how many."""
    root, branches, person = await _who(engine)
    leads = await _secretaries(engine)
    wanted: list[tuple[str, Role, str, PersonId | None]] = [(login, role, root, None) for role, login in AT_THE_TOP.items()]
    wanted += [(f"secretary-{branch.lower()}", Role.SECRETARY, branch, leads.get(branch)) for branch in branches]
    wanted += [
        (f"treasurer-{branches[0].lower()}", Role.TREASURER, branches[0], None),
        (f"member-{branches[0].lower()}", Role.MEMBER, branches[0], person),
    ]
    lines = [await _account(engine, login, role, OrgId(org), who) for login, role, org, who in wanted]
    _write(file, msgspec.json.format(msgspec.json.encode(lines)))
    return len(lines)


async def _who(engine: AsyncEngine) -> tuple[str, list[str], PersonId | None]:
    async with engine.connect() as connection:
        rows = (await connection.execute(sa.select(organisation.c.org_id, organisation.c.parent_id).order_by(organisation.c.org_id))).all()
        root = next(row.org_id for row in rows if row.parent_id is None)
        branches = [row.org_id for row in rows if row.parent_id is not None]
        query = sa.select(member.c.person_id).where(member.c.org_id == branches[0], member.c.left_on.is_(None)).order_by(member.c.page)
        person: Any = (await connection.execute(query.limit(1))).scalar()
    return root, branches, person


async def _secretaries(engine: AsyncEngine) -> dict[str, PersonId]:
    """Branch -> who leads it: a secretary is a member too, and votes."""
    leads = sa.literal(Post.SECRETARY.value) == sa.any_(member.c.posts)
    query = sa.select(member.c.org_id, member.c.person_id).where(leads, member.c.left_on.is_(None))
    async with engine.connect() as connection:
        return {org_id: PersonId(person_id) for org_id, person_id in await connection.execute(query)}


async def _account(engine: AsyncEngine, login: str, role: Role, org_id: OrgId, person_id: PersonId | None) -> ExampleAccount:
    password = secrets.token_urlsafe(12)
    async with engine.connect() as connection:
        account_id = (await connection.execute(sa.select(account.c.id).where(account.c.login == login))).scalar()
    if account_id is None:
        account_id = await create_account(engine, login=login, password=password, role=role, organisation_id=org_id, person_id=person_id)
    else:
        await set_password(engine, account_id, password)
        await end_sessions(engine, account_id)  # tokens of programs, too
    token = await issue_token(engine, account_id, label="example", days=TOKEN_DAYS) if role is Role.INTEGRATOR else None
    return ExampleAccount(login=login, password=password, role=role.value, organisation_id=org_id, token=token)


def _write(file: Path, content: bytes) -> None:
    """Whole or not at all, and for nobody else's eyes."""
    temporary = file.with_suffix(".new")
    with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
        out.write(content)
    temporary.replace(file)
