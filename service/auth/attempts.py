"""Guessing passwords is made slow, by account and by address; nobody is locked out for good, so nobody can lock others out.

An attempt on an account counts as failed before the password is looked at, so that guesses sent all at once count too.
Everything is counted in single statements and by the database's clock, so that many processes count together.
"""

import datetime as dt
import math
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import Insert, insert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from service.auth.tables import login_attempt
from service.errors import TooManyAttempts

FREE_FAILURES = 10
WINDOW = dt.timedelta(minutes=15)
DELAY_MAX_S = 300
DOUBLINGS_MAX = 20
KEPT = dt.timedelta(days=1)

NOW = sa.func.now()
FREE = sa.or_(login_attempt.c.blocked_until.is_(None), login_attempt.c.blocked_until <= NOW)


def _by_login(login: str) -> str:
    return f"login:{login}"


def _by_address(address: str) -> str:
    return f"address:{address}"


def _counted(key: str) -> Insert:
    """One more; from the tenth within the window on there is a delay, which doubles each time."""
    failures = sa.case((login_attempt.c.last_at < NOW - WINDOW, 1), else_=login_attempt.c.failures + 1)
    seconds = sa.func.least(DELAY_MAX_S, sa.func.power(2, sa.func.least(DOUBLINGS_MAX, failures - FREE_FAILURES)))
    until: Any = NOW + sa.func.make_interval(0, 0, 0, 0, 0, 0, seconds)
    return (
        insert(login_attempt)
        .values(key=key, failures=1, last_at=NOW)
        .on_conflict_do_update(
            index_elements=["key"],
            set_={"failures": failures, "last_at": NOW, "blocked_until": sa.case((failures >= FREE_FAILURES, until), else_=None)},
            where=FREE,
        )
    )


async def begin_attempt(engine: AsyncEngine, login: str, address: str) -> None:
    """Counts an attempt on the account. Raises `TooManyAttempts`, and counts nothing, while a delay runs."""
    keys = [_by_login(login), _by_address(address)]
    async with engine.begin() as connection:
        counted = (await connection.execute(_counted(keys[0]).returning(login_attempt.c.key))).first()
        wait = await _wait(connection, keys[1:] if counted else keys)
        if wait is not None:
            raise TooManyAttempts(wait)


async def _wait(connection: AsyncConnection, keys: list[str]) -> int | None:
    """Seconds until none of the delays runs any more."""
    left = sa.func.max(sa.extract("epoch", login_attempt.c.blocked_until - NOW))
    seconds = (await connection.execute(sa.select(left).where(login_attempt.c.key.in_(keys), ~FREE))).scalar()
    return None if seconds is None else max(1, math.ceil(seconds))


async def note_failure(engine: AsyncEngine, address: str) -> None:
    """Counts for the address, too. A success does not undo it: one good account is no licence to try the others."""
    if address:
        async with engine.begin() as connection:
            await connection.execute(_counted(_by_address(address)))


async def note_success(connection: AsyncConnection, login: str) -> None:
    """The account starts anew; what is long past goes, whoever it was about."""
    over = login_attempt.c.last_at < NOW - KEPT
    await connection.execute(sa.delete(login_attempt).where(sa.or_(login_attempt.c.key == _by_login(login), over)))
