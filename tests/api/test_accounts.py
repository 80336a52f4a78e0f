"""Signing in, sessions and tokens, against PostgreSQL."""

import asyncio
import datetime as dt
import hashlib

import msgspec
import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from events.base import OrgId, PersonId
from service.auth import accounts
from service.auth.accounts import (
    actor_of,
    create_account,
    disable_account,
    end_sessions,
    issue_token,
    record_read,
    set_password,
    sign_in,
    sign_out,
)
from service.auth.actor import Actor, Role
from service.auth.attempts import DELAY_MAX_S, FREE_FAILURES, begin_attempt
from service.auth.example import write_example_accounts
from service.auth.tables import account, login_attempt, read_audit, session
from service.errors import NotSignedIn, TooManyAttempts
from tests.api.conftest import COMMITTEE, FIRST, LOGIN, PASSWORD, SECOND

HOME, AWAY = "192.0.2.1", "192.0.2.2"


async def rows(engine: AsyncEngine, query: sa.Select) -> list[dict]:
    async with engine.connect() as connection:
        return [dict(row) for row in (await connection.execute(query)).mappings()]


async def change(engine: AsyncEngine, table: sa.Table, **values: object) -> None:
    async with engine.begin() as connection:
        await connection.execute(sa.update(table).values(**values))


async def fail(engine: AsyncEngine, times: int, *, login: str = LOGIN, address: str = HOME) -> None:
    for _ in range(times):
        with pytest.raises(NotSignedIn):
            await sign_in(engine, login, "wrong password", address)


def ago(**length: float) -> dt.datetime:
    return dt.datetime.now(dt.UTC) - dt.timedelta(**length)


async def test_signing_in_gives_a_token_that_says_who_asks(engine, secretary):
    token, actor = await sign_in(engine, LOGIN, PASSWORD, HOME)
    assert actor == Actor(id=secretary, login=LOGIN, role=Role.SECRETARY, organisation_id=FIRST, subtree=frozenset({FIRST}))
    assert await actor_of(engine, token) == actor


async def test_neither_password_nor_token_is_stored(engine, secretary):
    token, _ = await sign_in(engine, LOGIN, PASSWORD, HOME)
    (stored,) = await rows(engine, sa.select(session.c.token_hash))
    (known,) = await rows(engine, sa.select(account.c.password_hash))
    assert stored == {"token_hash": hashlib.sha256(token.encode()).digest()}
    assert known["password_hash"].startswith("$argon2id$")


async def test_every_sign_in_has_a_token_of_its_own(engine, secretary):
    first, _ = await sign_in(engine, LOGIN, PASSWORD, HOME)
    second, _ = await sign_in(engine, LOGIN, PASSWORD, HOME)
    assert first != second
    await sign_out(engine, first)
    assert await actor_of(engine, first) is None
    assert await actor_of(engine, second) is not None


async def test_a_committee_sees_all_below_it(engine):
    await create_account(engine, login="officer", password=PASSWORD, role=Role.COMMITTEE_OFFICER, organisation_id=COMMITTEE)
    _, actor = await sign_in(engine, "officer", PASSWORD, HOME)
    assert actor.subtree == {COMMITTEE, FIRST, SECOND}


async def test_a_member_is_a_person(engine):
    await create_account(engine, login="m", password=PASSWORD, role=Role.MEMBER, organisation_id=FIRST, person_id=PersonId("p1"))
    _, actor = await sign_in(engine, "m", PASSWORD, HOME)
    assert (actor.role, actor.person_id) == (Role.MEMBER, "p1")


@pytest.mark.parametrize(
    ("login", "password"),
    [(LOGIN, "wrong password"), (LOGIN, ""), ("nobody", PASSWORD), ("", ""), ("a\0b", PASSWORD), (LOGIN, PASSWORD + "\0")],
)
async def test_whoever_does_not_know_both_is_told_nothing(engine, secretary, login, password):
    with pytest.raises(NotSignedIn) as refusal:
        await sign_in(engine, login, password, HOME)
    assert refusal.value.args == ()
    assert await rows(engine, sa.select(session)) == []


async def test_an_unknown_login_costs_as_much_work_as_a_known_one(engine, secretary, monkeypatch):
    compared: list[str] = []
    matches = accounts._matches

    def watched(hashed: str, password: str) -> bool:
        compared.append(hashed)
        return matches(hashed, password)

    monkeypatch.setattr(accounts, "_matches", watched)
    await fail(engine, 1)
    await fail(engine, 1, login="nobody")
    known, unknown = compared
    assert known != unknown
    assert known.rsplit("$", 2)[0] == unknown.rsplit("$", 2)[0]


async def test_an_account_without_password_cannot_sign_in(engine):
    await create_account(engine, login="program", password=None, role=Role.INTEGRATOR, organisation_id=COMMITTEE)
    with pytest.raises(NotSignedIn):
        await sign_in(engine, "program", "", HOME)


@pytest.mark.parametrize("values", [{"last_seen_at": ago(minutes=31)}, {"expires_at": ago(seconds=1)}])
async def test_a_session_ends_when_idle_or_old(engine, secretary, values):
    token, _ = await sign_in(engine, LOGIN, PASSWORD, HOME)
    await change(engine, session, **values)
    assert await actor_of(engine, token) is None


async def test_a_session_lasts_twelve_hours_at_most(engine, secretary):
    await sign_in(engine, LOGIN, PASSWORD, HOME)
    (row,) = await rows(engine, sa.select(session))
    assert dt.timedelta(hours=12) - dt.timedelta(minutes=1) < row["expires_at"] - row["created_at"] <= dt.timedelta(hours=12)


async def test_who_works_is_not_idle(engine, secretary):
    token, actor = await sign_in(engine, LOGIN, PASSWORD, HOME)
    await change(engine, session, last_seen_at=ago(minutes=29))
    assert await actor_of(engine, token) == actor
    (row,) = await rows(engine, sa.select(session))
    assert row["last_seen_at"] > ago(minutes=1)


async def test_a_new_password_ends_the_sessions_begun_with_the_old_one(engine, secretary):
    token, _ = await sign_in(engine, LOGIN, PASSWORD, HOME)
    await set_password(engine, secretary, "another long password")
    assert await actor_of(engine, token) is None
    await fail(engine, 1)
    with pytest.raises(NotSignedIn):
        await sign_in(engine, LOGIN, PASSWORD, HOME)
    await sign_in(engine, LOGIN, "another long password", HOME)


async def test_a_disabled_account_is_out_at_once(engine, secretary):
    token, _ = await sign_in(engine, LOGIN, PASSWORD, HOME)
    program = await issue_token(engine, secretary, label="roster", days=1)
    await disable_account(engine, secretary)
    assert [await actor_of(engine, one) for one in (token, program)] == [None, None]
    with pytest.raises(NotSignedIn):
        await sign_in(engine, LOGIN, PASSWORD, HOME)


async def test_all_sessions_of_an_account_can_be_ended(engine, secretary):
    tokens = [(await sign_in(engine, LOGIN, PASSWORD, HOME))[0] for _ in range(2)]
    await end_sessions(engine, secretary)
    assert [await actor_of(engine, token) for token in tokens] == [None, None]


async def test_a_short_password_is_not_taken(engine, secretary):
    with pytest.raises(ValueError, match="at least 8"):
        await set_password(engine, secretary, "1234567")


async def test_what_is_over_is_swept_at_the_next_sign_in(engine, secretary):
    await sign_in(engine, LOGIN, PASSWORD, HOME)
    await change(engine, session, expires_at=ago(seconds=1))
    await fail(engine, 1, login="somebody", address=AWAY)
    await change(engine, login_attempt, last_at=ago(days=2))
    await sign_in(engine, LOGIN, PASSWORD, HOME)
    assert len(await rows(engine, sa.select(session))) == 1
    assert await rows(engine, sa.select(login_attempt)) == []


# ---- guessing ----


async def test_after_ten_failures_even_the_right_password_must_wait(engine, secretary):
    for _ in range(FREE_FAILURES):
        await begin_attempt(engine, LOGIN, HOME)
    with pytest.raises(TooManyAttempts) as refusal:
        await sign_in(engine, LOGIN, PASSWORD, HOME)
    assert (refusal.value.status, refusal.value.retry_after_s) == (429, 1)


async def test_the_delay_holds_for_the_account_from_everywhere_and_for_the_address_with_any_login(engine, secretary):
    await fail(engine, 1)
    await change(engine, login_attempt, failures=FREE_FAILURES + 6)
    await fail(engine, 1)
    for login, address in ((LOGIN, AWAY), ("nobody", HOME)):
        with pytest.raises(TooManyAttempts):
            await sign_in(engine, login, PASSWORD, address)
    await fail(engine, 1, login="nobody", address=AWAY)


async def test_each_further_failure_doubles_the_delay_up_to_five_minutes(engine):
    seconds = []
    for _ in range(FREE_FAILURES + 10):
        await begin_attempt(engine, LOGIN, HOME)
        (row,) = await rows(engine, sa.select(login_attempt))
        seconds.append(round((row["blocked_until"] - row["last_at"]).total_seconds()) if row["blocked_until"] else 0)
        await change(engine, login_attempt, blocked_until=ago(seconds=1))
    assert seconds == [0] * 9 + [1, 2, 4, 8, 16, 32, 64, 128, 256, DELAY_MAX_S, DELAY_MAX_S]


async def test_failures_are_forgotten_after_fifteen_quiet_minutes(engine, secretary):
    await fail(engine, FREE_FAILURES)
    await change(engine, login_attempt, last_at=ago(minutes=16), blocked_until=ago(minutes=15))
    await fail(engine, 1)
    await sign_in(engine, LOGIN, PASSWORD, HOME)


async def test_a_success_clears_the_account_but_not_the_address(engine, secretary):
    await fail(engine, FREE_FAILURES - 1)
    await sign_in(engine, LOGIN, PASSWORD, HOME)
    assert await rows(engine, sa.select(login_attempt.c.key, login_attempt.c.failures)) == [
        {"key": f"address:{HOME}", "failures": FREE_FAILURES - 1}
    ]


async def test_guesses_sent_all_at_once_are_counted_before_they_are_checked(engine, secretary):
    results = await asyncio.gather(*(sign_in(engine, LOGIN, f"wrong {n:04}", "") for n in range(40)), return_exceptions=True)
    kinds = [type(result) for result in results]
    assert set(kinds) == {NotSignedIn, TooManyAttempts}
    assert FREE_FAILURES <= kinds.count(NotSignedIn) <= FREE_FAILURES + 2  # the first delay is a second


async def test_many_may_sign_in_at_once(engine, secretary):
    signed = await asyncio.gather(*(sign_in(engine, LOGIN, PASSWORD, HOME) for _ in range(8)))
    assert len({token for token, _ in signed}) == 8


# ---- programs ----


@pytest.fixture
async def program(engine: AsyncEngine) -> str:
    return await create_account(engine, login="program", password=None, role=Role.INTEGRATOR, organisation_id=COMMITTEE)


async def test_a_token_reaches_what_it_was_issued_for_and_never_further(engine, program):
    token = await issue_token(
        engine, program, label="dues", days=30, event_types=["dues.received"], organisations=[FIRST, OrgId("elsewhere")]
    )
    assert token.startswith("bbk_")
    actor = await actor_of(engine, token)
    assert actor is not None
    assert (actor.subtree, actor.event_types) == (frozenset({FIRST}), frozenset({"dues.received"}))


async def test_a_token_without_limits_reaches_as_far_as_its_account(engine, program):
    actor = await actor_of(engine, await issue_token(engine, program, label="all", days=30))
    assert actor is not None
    assert (actor.subtree, actor.event_types) == (frozenset({COMMITTEE, FIRST, SECOND}), None)


async def test_a_program_may_be_quiet_for_long_but_its_token_ends(engine, program):
    token = await issue_token(engine, program, label="all", days=30)
    await change(engine, session, last_seen_at=ago(days=20))
    assert await actor_of(engine, token) is not None
    await change(engine, session, expires_at=ago(seconds=1))
    assert await actor_of(engine, token) is None


async def test_nobody_is_known_by_a_token_that_was_never_issued(engine, program):
    assert [await actor_of(engine, token) for token in ("", "bbk_", "x" * 5000, "a\0b", "\N{SNOWMAN}")] == [None] * 5


# ---- reads on record, example ----


async def test_a_sensitive_read_is_on_record(engine, secretary):
    _, actor = await sign_in(engine, LOGIN, PASSWORD, HOME)
    await record_read(engine, actor, FIRST, ["p1"], "sensitive", "transfer letter", "r1")
    (row,) = await rows(engine, sa.select(read_audit))
    assert row.pop("at") > ago(minutes=1)
    expected = {
        "actor": secretary,
        "role": "secretary",
        "org_id": FIRST,
        "subject": "p1",
        "field_class": "sensitive",
        "purpose": "transfer letter",
    }
    assert row == {"id": 1, "request_id": "r1"} | expected


async def test_the_example_has_an_account_for_every_role(engine, tmp_path):
    file = tmp_path / "accounts.json"
    assert await write_example_accounts(engine, file) == 8
    assert file.stat().st_mode & 0o777 == 0o600
    lines = msgspec.json.decode(file.read_bytes())
    assert [(line["login"], line["role"], line["organisation_id"]) for line in lines] == [
        ("officer", "committee_officer", COMMITTEE),
        ("auditor", "auditor", COMMITTEE),
        ("admin", "platform_admin", COMMITTEE),
        ("integrator", "integrator", COMMITTEE),
        ("secretary-b1", "secretary", FIRST),
        ("secretary-b2", "secretary", SECOND),
        ("treasurer-b1", "treasurer", FIRST),
        ("member-b1", "member", FIRST),
    ]
    actors = [(await sign_in(engine, line["login"], line["password"], HOME))[1] for line in lines]
    assert [actor.role for actor in actors] == [line["role"] for line in lines]
    assert actors[-1].person_id == "p1"


async def test_a_lost_file_is_written_anew_and_what_stood_in_it_is_worth_nothing(engine, tmp_path):
    file = tmp_path / "accounts.json"
    await write_example_accounts(engine, file)
    before = {line["login"]: line for line in msgspec.json.decode(file.read_bytes())}
    file.unlink()
    await write_example_accounts(engine, file)
    after = {line["login"]: line for line in msgspec.json.decode(file.read_bytes())}
    assert after.keys() == before.keys()
    assert len(await rows(engine, sa.select(account))) == len(after)
    with pytest.raises(NotSignedIn):
        await sign_in(engine, "officer", before["officer"]["password"], HOME)
    assert await actor_of(engine, before["integrator"]["token"]) is None
    assert await actor_of(engine, after["integrator"]["token"]) is not None
