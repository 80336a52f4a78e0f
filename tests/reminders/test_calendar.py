"""Calendars over HTTP: the secret opens them, what the person may see now is in them, and every change raises the sequence."""

import datetime as dt
from collections.abc import AsyncIterator

import httpx
import pytest
import pytest_asyncio
import sqlalchemy as sa

from projections.engine.database import engine_for
from service.app import create_app
from service.decide.obligations import ExtendObligation
from service.decide.organisations.founding import ChangeRule
from service.reminders.feeds import held_by, issue, revoke
from tests.desk.world import served
from tests.reminders.test_ical import unfolded
from tests.reminders.world import BRANCH, COMMITTEE, DUES, OTHER, STUDY, TODAY, World

CAME = sa.text("insert into views.obligation_subject (org_id, kind, subject, since, position) values (:org, 'DL-57', 'lv1', :on, 3)")


@pytest_asyncio.fixture
async def client(world: World) -> AsyncIterator[httpx.AsyncClient]:
    async with served(create_app(world.settings)) as url, httpx.AsyncClient(base_url=url, timeout=30) as one:
        yield one


async def read(client: httpx.AsyncClient, token: str) -> dict[str, dict[str, str]]:
    """uid -> properties, of what the address answers."""
    answer = await client.get(f"/api/v1/calendar/{token}.ics")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    events = "\n".join(unfolded(answer.content)).split("BEGIN:VEVENT\n")[1:]
    told = [dict(_property(line) for line in event.partition("END:VEVENT")[0].splitlines()) for event in events]
    found = {event["UID"]: event for event in told}
    assert len(found) == len(told)
    return found


def _property(line: str) -> tuple[str, str]:
    name, _, value = line.partition(":")
    return name.partition(";")[0], value


def uid(obligation: str, org: str = BRANCH) -> str:
    return f"{obligation}@{org}.branchbook"


async def test_a_secretary_sees_what_is_due_raised_or_still_to_be_raised(world, client):
    await world.raised()
    token = await issue(world.engine, world.ids["secretary"])
    found = await read(client, token)
    mine = found[uid(STUDY)]
    assert mine["DTSTART"] == f"{TODAY:%Y%m%d}T090000"
    assert (mine["SUMMARY"], mine["STATUS"]) == ("每月党员学习会议 2026-03（第一党支部）", "CONFIRMED")
    coming = {key: event for key, event in found.items() if key != uid(STUDY)}
    assert coming
    assert all(0 < int(event["SEQUENCE"]) < int(mine["SEQUENCE"]) for event in coming.values())
    assert all(event["DTSTART"][:8] >= f"{TODAY:%Y%m%d}" for event in coming.values())
    assert await read(client, token) == found


async def test_each_change_raises_the_sequence_and_what_is_waived_is_cancelled(world, client):
    await world.late()
    token = await issue(world.engine, world.ids["secretary"])
    before = (await read(client, token))[uid(STUDY)]
    assert before["SUMMARY"].startswith("逾期：")
    await world.record(ExtendObligation(occurred_on=TODAY, obligation_id=STUDY, due_on=TODAY, reason="延期"))
    moved = (await read(client, token))[uid(STUDY)]
    assert moved["DTSTART"] == f"{TODAY:%Y%m%d}T090000"
    await world.waived()
    after = (await read(client, token))[uid(STUDY)]
    assert (after["STATUS"], after["SUMMARY"][:4]) == ("CANCELLED", "已豁免：")
    assert int(before["SEQUENCE"]) < int(moved["SEQUENCE"]) < int(after["SEQUENCE"])
    assert before["DTSTAMP"] <= moved["DTSTAMP"] <= after["DTSTAMP"]


async def test_a_rule_that_moves_a_date_raises_the_sequence_of_what_is_still_to_come(world, client):
    """A letter that came today, before the worker looked at it."""
    letter, token = uid("DL-57:lv1"), await issue(world.engine, world.ids["secretary"])
    async with world.engine.begin() as connection:
        await connection.execute(sa.text("set local role branchbook_views"))
        await connection.execute(CAME, {"org": BRANCH, "on": TODAY})
    before = (await read(client, token))[letter]
    assert before["DTSTART"] == f"{TODAY + dt.timedelta(days=30):%Y%m%d}T090000"
    rule = ChangeRule(occurred_on=TODAY, key="supervision.letter_days", value=20, effective_from=TODAY, reason="统一部署")
    await world.record(rule, COMMITTEE)
    after = (await read(client, token))[letter]
    assert after["DTSTART"] == f"{TODAY + dt.timedelta(days=20):%Y%m%d}T090000"
    assert int(after["SEQUENCE"]) > int(before["SEQUENCE"]) == 4
    assert after["DTSTAMP"] >= before["DTSTAMP"]


async def test_a_calendar_holds_what_its_owner_answers_for(world, client):
    await world.raised()
    await world.raised(DUES)
    await world.late("DL-04:2026-03", OTHER, escalated=True)
    raised = {uid(STUDY), uid(DUES), uid("DL-04:2026-03", OTHER)}
    tokens = {
        login: await issue(world.engine, world.ids[login])
        for login in ("secretary", "treasurer", "member", "officer", "auditor", "stranger")
    }
    found = {login: {key for key, event in (await read(client, token)).items() if key in raised} for login, token in tokens.items()}
    assert found == {
        "secretary": {uid(STUDY), uid(DUES)},
        "treasurer": {uid(DUES)},
        "member": set(),
        "officer": {uid("DL-04:2026-03", OTHER)},
        "auditor": set(),
        "stranger": {uid("DL-04:2026-03", OTHER)},
    }


async def test_a_branch_has_a_calendar_for_whoever_may_see_its_tasks(world, client):
    await world.raised()
    for login in ("member", "officer", "auditor"):
        token = await issue(world.engine, world.ids[login], BRANCH)
        assert uid(STUDY) in await read(client, token)
    stranger = await issue(world.engine, world.ids["stranger"], BRANCH)
    assert (await client.get(f"/api/v1/calendar/{stranger}.ics")).status_code == 404


async def test_an_address_ends_when_it_is_replaced_revoked_or_its_owner_disabled(world, client):
    async def opens(token: str):
        return (await client.get(f"/api/v1/calendar/{token}.ics")).status_code

    me = world.ids["secretary"]
    first = await issue(world.engine, me)
    second = await issue(world.engine, me)
    assert [await opens(token) for token in (first, second)] == [404, 200]
    await revoke(world.engine, me)
    assert await opens(second) == 404
    third = await issue(world.engine, me)
    assert await opens(third) == 200
    await world.do("update service.account set disabled_at = now() where login = 'secretary'")
    assert await opens(third) == 404
    stored = await world.all("select encode(token_hash, 'escape') from service.calendar")
    assert third not in str(stored)


@pytest.mark.parametrize("name", ["x.ics", ".ics", "x", "bbc_.ics", "%00.ics", "党.ics"])
async def test_what_nobody_was_given_opens_nothing(client, name):
    answer = await client.get(f"/api/v1/calendar/{name}")
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")


async def test_a_session_opens_no_calendar_and_a_calendar_opens_nothing_else(world, client):
    token = await issue(world.engine, world.ids["secretary"])
    assert (await client.get("/api/v1/orgs", headers={"Authorization": f"Bearer {token}"})).status_code == 401


async def test_an_unchanged_calendar_is_not_sent_again(world, client):
    await world.raised()
    token = await issue(world.engine, world.ids["secretary"])
    first = await client.get(f"/api/v1/calendar/{token}.ics")
    again = await client.get(f"/api/v1/calendar/{token}.ics", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert [(one.org_id, one.used_at is not None) for one in await held_by(world.engine, world.ids["secretary"])] == [("", True)]


async def test_a_calendar_outlives_a_change_of_engine(world):
    """Only its hash is kept, so that any process can open it."""
    other = engine_for(world.settings.database())
    token = await issue(other, world.ids["secretary"])
    await other.dispose()
    assert [one.org_id for one in await held_by(world.engine, world.ids["secretary"])] == [""]
    assert token.startswith("bbc_")
