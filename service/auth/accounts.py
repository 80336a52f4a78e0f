"""Accounts and sessions in PostgreSQL: signing in, who a token belongs to, tokens of programs.

A session gets a new 256-bit token at every sign-in; only its SHA-256 is stored. 30 minutes idle, 12 hours at most.
"""

import asyncio
import datetime as dt
import functools
import hashlib
import secrets
import uuid
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import sqlalchemy as sa
from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from events.base import OrgId, PersonId
from projections.roster_tables import organisation
from service.auth.actor import Actor, Role
from service.auth.attempts import begin_attempt, note_failure, note_success
from service.auth.tables import account, read_audit, session
from service.errors import NotSignedIn

IDLE = dt.timedelta(minutes=30)
ABSOLUTE = dt.timedelta(hours=12)
SEEN_EVERY = dt.timedelta(minutes=1)
TOKEN_PREFIX = "bbk_"  # noqa: S105 - lets secret scanners find a leaked token
PASSWORD_MIN = 8
T = TypeVar("T")
_hasher = PasswordHasher()
_threads = ThreadPoolExecutor(4, thread_name_prefix="argon2")
"""Each hash takes 64 MiB: a rush of sign-ins must not take all memory, nor the threads of others."""


async def _aside(work: Callable[..., T], *arguments: str) -> T:
    return await asyncio.get_running_loop().run_in_executor(_threads, work, *arguments)


@functools.cache
def _nobody() -> str:
    """What the password of an unknown login is compared with, so that it takes as long."""
    return _hasher.hash(secrets.token_hex(16))


async def create_account(
    engine: AsyncEngine, *, login: str, password: str | None, role: Role, organisation_id: OrgId, person_id: PersonId | None = None
) -> str:
    """The new account's id. ValueError for a password that is too short."""
    values = {
        "id": str(uuid.uuid4()),
        "login": login,
        "password_hash": None if password is None else await _hashed(password),
        "role": role.value,
        "organisation_id": organisation_id,
        "person_id": person_id,
    }
    async with engine.begin() as connection:
        await connection.execute(sa.insert(account).values(values))
    return str(values["id"])


async def set_password(engine: AsyncEngine, account_id: str, password: str) -> None:
    """A new password ends all sessions of the account."""
    hashed = await _hashed(password)
    async with engine.begin() as connection:
        await connection.execute(sa.update(account).where(account.c.id == account_id).values(password_hash=hashed))
        await connection.execute(sa.delete(session).where(session.c.account_id == account_id, session.c.kind == "session"))


async def disable_account(engine: AsyncEngine, account_id: str) -> None:
    """Nobody signs in with it any more, and all its sessions and tokens end."""
    async with engine.begin() as connection:
        await connection.execute(sa.update(account).where(account.c.id == account_id).values(disabled_at=sa.func.now()))
        await connection.execute(sa.delete(session).where(session.c.account_id == account_id))


async def known_as(engine: AsyncEngine, ids: Iterable[str]) -> dict[str, tuple[Role, str]]:
    """Role and login of these accounts, also of those that were disabled since."""
    query = sa.select(account.c.id, account.c.role, account.c.login).where(account.c.id.in_(sorted(ids)))
    async with engine.connect() as connection:
        return {row.id: (Role(row.role), row.login) for row in await connection.execute(query)}


async def _hashed(password: str) -> str:
    if len(password) < PASSWORD_MIN:
        raise ValueError(f"a password has at least {PASSWORD_MIN} characters")
    return await _aside(_hasher.hash, password)


async def sign_in(engine: AsyncEngine, login: str, password: str, address: str) -> tuple[str, Actor]:
    """A new session's token. Raises `NotSignedIn` (equal for unknown logins and wrong passwords) or `TooManyAttempts`."""
    login = login.replace("\0", "\N{REPLACEMENT CHARACTER}")  # PostgreSQL knows no such text
    nobody = await _aside(_nobody)
    await begin_attempt(engine, login, address)
    query = sa.select(account).where(account.c.login == login, account.c.disabled_at.is_(None), account.c.password_hash.is_not(None))
    async with engine.connect() as connection:
        row = (await connection.execute(query)).first()
    matches = await _aside(_matches, nobody if row is None else row.password_hash, password)
    if row is None or not matches:
        await note_failure(engine, address)
        raise NotSignedIn
    return await _new_session(engine, row)


async def _new_session(engine: AsyncEngine, row: Any) -> tuple[str, Actor]:
    """A token never seen before; sessions of the account that are over are swept."""
    token = secrets.token_urlsafe(32)
    now = dt.datetime.now(dt.UTC)
    values = {"token_hash": _digest(token), "account_id": row.id, "kind": "session", "expires_at": now + ABSOLUTE}
    async with engine.begin() as connection:
        await note_success(connection, row.login)
        await connection.execute(sa.delete(session).where(session.c.account_id == row.id, session.c.expires_at <= now))
        await connection.execute(sa.insert(session).values(values))
        return token, await _actor(connection, row)


def _matches(hashed: str, password: str) -> bool:
    try:
        return _hasher.verify(hashed, password)
    except (Argon2Error, InvalidHashError):
        return False


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


async def issue_token(
    engine: AsyncEngine,
    account_id: str,
    *,
    label: str,
    days: int,
    event_types: Iterable[str] | None = None,
    organisations: Iterable[OrgId] | None = None,
) -> str:
    """A token for a program, shown once: limited to event types and organisations where given."""
    token = TOKEN_PREFIX + secrets.token_urlsafe(32)
    values = {
        "token_hash": _digest(token),
        "account_id": account_id,
        "kind": "token",
        "label": label,
        "event_types": None if event_types is None else sorted(event_types),
        "organisations": None if organisations is None else sorted(organisations),
        "expires_at": dt.datetime.now(dt.UTC) + dt.timedelta(days=days),
    }
    async with engine.begin() as connection:
        await connection.execute(sa.insert(session).values(values))
    return token


async def actor_of(engine: AsyncEngine, token: str) -> Actor | None:
    """Who a token belongs to; None when it is unknown, idle for too long, over, or its account is disabled."""
    now = dt.datetime.now(dt.UTC)
    query = sa.select(session, account.c.login, account.c.role, account.c.organisation_id, account.c.person_id).join(account)
    query = query.where(session.c.token_hash == _digest(token), session.c.expires_at > now, account.c.disabled_at.is_(None))
    async with engine.begin() as connection:
        row = (await connection.execute(query)).first()
        if row is None or (row.kind == "session" and now - row.last_seen_at > IDLE):
            return None
        if now - row.last_seen_at > SEEN_EVERY:
            await connection.execute(sa.update(session).where(session.c.token_hash == row.token_hash).values(last_seen_at=now))
        return await _actor(connection, row, account_id=row.account_id, organisations=row.organisations, event_types=row.event_types)


async def actor_of_account(engine: AsyncEngine, account_id: str) -> Actor | None:
    """As whom an account acts now; None when it is disabled."""
    query = sa.select(account).where(account.c.id == account_id, account.c.disabled_at.is_(None))
    async with engine.connect() as connection:
        row = (await connection.execute(query)).first()
        return None if row is None else await _actor(connection, row)


async def _actor(
    connection: AsyncConnection,
    row: Any,
    *,
    account_id: str | None = None,
    organisations: list[str] | None = None,
    event_types: list[str] | None = None,
) -> Actor:
    """`subtree`: the own organisation and all below, narrowed to what a token allows."""
    below = await _subtree(connection, row.organisation_id)
    return Actor(
        id=account_id or row.id,
        login=row.login,
        role=Role(row.role),
        organisation_id=OrgId(row.organisation_id),
        person_id=None if row.person_id is None else PersonId(row.person_id),
        subtree=below if organisations is None else below & {OrgId(org) for org in organisations},
        event_types=None if event_types is None else frozenset(event_types),
    )


async def _subtree(connection: AsyncConnection, root: str) -> frozenset[OrgId]:
    tree = sa.select(sa.literal(root).label("org_id")).cte("tree", recursive=True)
    tree = tree.union(sa.select(organisation.c.org_id).join(tree, organisation.c.parent_id == tree.c.org_id))
    return frozenset(OrgId(row.org_id) for row in await connection.execute(sa.select(tree.c.org_id)))


async def sign_out(engine: AsyncEngine, token: str) -> None:
    """The session, or the program's token, ends at once."""
    async with engine.begin() as connection:
        await connection.execute(sa.delete(session).where(session.c.token_hash == _digest(token)))


async def end_sessions(engine: AsyncEngine, account_id: str) -> None:
    async with engine.begin() as connection:
        await connection.execute(sa.delete(session).where(session.c.account_id == account_id))


async def record_read(
    engine: AsyncEngine, actor: Actor, org_id: OrgId, subjects: Iterable[str], field_class: str, purpose: str, request_id: str
) -> None:
    """Whose fields were read, one line for each person; on record before the bytes leave (promise P13)."""
    who = {"actor": actor.id, "role": actor.role.value, "org_id": org_id, "field_class": field_class}
    lines = [{**who, "subject": subject, "purpose": purpose, "request_id": request_id} for subject in subjects]
    if lines:
        async with engine.begin() as connection:
            await connection.execute(sa.insert(read_audit).values(lines))
