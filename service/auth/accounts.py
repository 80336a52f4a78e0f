"""Accounts and sessions in PostgreSQL: signing in, who a token belongs to, tokens of programs.

A session gets a new 256-bit token at every sign-in; only its SHA-256 is stored. 30 minutes idle, 12 hours at most.
"""

import asyncio
import datetime as dt
import functools
import hashlib
import secrets
import uuid
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from events.base import OrgId, PersonId
from projections.roster_tables import organisation
from service.auth.actor import Actor, Role
from service.auth.attempts import check_attempts, note_failure, note_success
from service.auth.tables import account, read_audit, session
from service.errors import NotSignedIn

IDLE = dt.timedelta(minutes=30)
ABSOLUTE = dt.timedelta(hours=12)
SEEN_EVERY = dt.timedelta(minutes=1)
TOKEN_PREFIX = "bbk_"  # noqa: S105 - lets secret scanners find a leaked token
PASSWORD_MIN = 8
_hasher = PasswordHasher()


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


async def _hashed(password: str) -> str:
    if len(password) < PASSWORD_MIN:
        raise ValueError(f"a password has at least {PASSWORD_MIN} characters")
    return await asyncio.to_thread(_hasher.hash, password)


async def sign_in(engine: AsyncEngine, login: str, password: str, address: str) -> tuple[str, Actor]:
    """A new session's token. Raises `NotSignedIn` (equal for unknown logins and wrong passwords) or `TooManyAttempts`."""
    await check_attempts(engine, login, address)
    async with engine.connect() as connection:
        row = (await connection.execute(sa.select(account).where(account.c.login == login))).first()
    known = row is not None and row.disabled_at is None and row.password_hash is not None
    if not await asyncio.to_thread(_matches, row.password_hash if known and row is not None else _nobody(), password) or not known:
        await note_failure(engine, login, address)
        raise NotSignedIn
    assert row is not None
    await note_success(engine, login)
    token = secrets.token_urlsafe(32)
    now = dt.datetime.now(dt.UTC)
    async with engine.begin() as connection:
        await connection.execute(
            sa.insert(session).values(token_hash=_digest(token), account_id=row.id, kind="session", expires_at=now + ABSOLUTE)
        )
        actor = await _actor(connection, row)
    return token, actor


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
    tree = tree.union_all(sa.select(organisation.c.org_id).join(tree, organisation.c.parent_id == tree.c.org_id))
    return frozenset(OrgId(row.org_id) for row in await connection.execute(sa.select(tree.c.org_id)))


async def sign_out(engine: AsyncEngine, token: str) -> None:
    """The session, or the program's token, ends at once."""
    async with engine.begin() as connection:
        await connection.execute(sa.delete(session).where(session.c.token_hash == _digest(token)))


async def end_sessions(engine: AsyncEngine, account_id: str) -> None:
    async with engine.begin() as connection:
        await connection.execute(sa.delete(session).where(session.c.account_id == account_id))


async def record_read(
    engine: AsyncEngine, actor: Actor, org_id: OrgId, subject: str, field_class: str, purpose: str, request_id: str
) -> None:
    """On record before the bytes leave (promise P13)."""
    values = {"actor": actor.id, "role": actor.role.value, "org_id": org_id, "subject": subject, "field_class": field_class}
    async with engine.begin() as connection:
        await connection.execute(sa.insert(read_audit).values(**values, purpose=purpose, request_id=request_id))
