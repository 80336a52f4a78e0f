"""Guessing passwords is made slow, by account and by address; nobody is locked out for good, so nobody can lock others out."""

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncEngine

from service.auth.tables import login_attempt
from service.errors import TooManyAttempts

FREE_FAILURES = 10
WINDOW = dt.timedelta(minutes=15)
DELAY_MAX_S = 300


def _keys(login: str, address: str) -> list[str]:
    return [f"login:{login}", *([f"address:{address}"] if address else [])]


async def check_attempts(engine: AsyncEngine, login: str, address: str) -> None:
    """Raises `TooManyAttempts` while a delay runs."""
    query = sa.select(sa.func.max(login_attempt.c.blocked_until)).where(login_attempt.c.key.in_(_keys(login, address)))
    async with engine.connect() as connection:
        until = (await connection.execute(query)).scalar()
    now = dt.datetime.now(dt.UTC)
    if until is not None and until > now:
        raise TooManyAttempts(int((until - now).total_seconds()) + 1)


async def note_failure(engine: AsyncEngine, login: str, address: str) -> None:
    """Counted in one statement, so that many processes count together; after ten failures each one doubles the delay."""
    now = dt.datetime.now(dt.UTC)
    statement = insert(login_attempt).values([{"key": key, "failures": 1, "last_at": now} for key in sorted(_keys(login, address))])
    failures = sa.case((login_attempt.c.last_at < now - WINDOW, 1), else_=login_attempt.c.failures + 1)
    seconds = sa.func.least(DELAY_MAX_S, sa.func.power(2, sa.func.least(20, failures - FREE_FAILURES)))
    blocked = sa.case((failures >= FREE_FAILURES, now + seconds * sa.literal(dt.timedelta(seconds=1), sa.Interval)), else_=None)
    async with engine.begin() as connection:
        await connection.execute(
            statement.on_conflict_do_update(index_elements=["key"], set_={"failures": failures, "last_at": now, "blocked_until": blocked})
        )


async def note_success(engine: AsyncEngine, login: str) -> None:
    async with engine.begin() as connection:
        await connection.execute(sa.delete(login_attempt).where(login_attempt.c.key == f"login:{login}"))
