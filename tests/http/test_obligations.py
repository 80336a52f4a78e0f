"""Obligations over HTTP: past, present and to come, on both clocks, within the scope."""

import datetime as dt
from typing import Any

import pytest

from events.base import MeetingId, OrgId
from events.meetings import MeetingKind
from projections.standard.norms import Period
from projections.standard.pack import default_pack
from projections.standard.periods import last_day, period_of
from service.auth.actor import SYSTEM, Role
from service.bus import LOCAL
from service.decide.meetings.attendance import RecordMeetingHeld
from service.decide.meetings.withdrawals import WithdrawMeeting
from service.decide.obligations import ExplainObligation, ExtendObligation, RaiseObligation, WaiveObligation
from tests.http.world import A, B, World, person, record

pytestmark = pytest.mark.asyncio(loop_scope="module")
TODAY = dt.datetime.now(LOCAL).date()
DAY = dt.timedelta(days=1)
QUARTER = period_of(TODAY, Period.QUARTERLY)
KEY, DUE = f"DL-07:{QUARTER}", last_day(QUARTER)


async def told(world: World, org: OrgId = A, **asked: Any) -> dict[str, dict[str, Any]]:
    """As the secretary is told."""
    params = {name.removesuffix("_"): str(value) for name, value in asked.items()}
    answer = await world.get(f"/orgs/{org}/obligations", Role.SECRETARY, org, **params)
    assert answer.status_code == 200, answer.text
    return {one["obligation_id"]: one for one in answer.json()["obligations"]}


def raise_(key: str = KEY, org_due: dt.date = DUE) -> RaiseObligation:
    deadline, period = key.split(":")
    task = default_pack().deadline(deadline).task
    return RaiseObligation(occurred_on=TODAY, obligation_id=key, deadline=deadline, task=task, period=period, due_on=org_due)


async def test_what_is_to_come_is_forecast_and_tasks_without_a_date_say_how_long_ago_they_were_done(world: World):
    next_year = TODAY.year + 1
    found = await told(world, from_=f"{next_year}-06-01", to=f"{next_year}-07-31")
    july = found[f"DL-01:{next_year}-07"]
    assert july | {"org_id": A, "task": "N01.T01", "due_on": f"{next_year}-07-31", "status": "open", "raised_on": None} == july
    assert (july["days_since"], july["done"], july["needed"], july["fulfilled_by"]) == (None, 0, 1, [])
    dues = [one["due_on"] for one in found.values() if one["due_on"]]
    assert dues == sorted(dues)
    assert min(dues) >= f"{next_year}-06-01"
    lasting = list(found.values())[-5:]
    assert [(one["period"], one["due_on"], one["days_since"], one["status"]) for one in lasting] == [
        ("continuous", None, None, "stale")
    ] * 5


async def test_a_duty_is_told_as_it_was_known_at_any_instant_and_as_it_stood_on_any_day(world: World):
    window: dict[str, Any] = {"from_": DUE, "to": DUE}
    instants = [dt.datetime.now(dt.UTC)]
    held = RecordMeetingHeld(
        occurred_on=TODAY,
        kind=MeetingKind.GENERAL,
        topic="学习",
        chair=person(A, 0),
        recorder=person(A, 1),
        delegation_note="书记委托",
        unnotified_reason="临时召开",
        meeting_id=None,
    )
    await record(world.parts, A, held, "held")
    instants.append(dt.datetime.now(dt.UTC))
    receipt = await world.parts.bus.handle(A, held, SYSTEM, key="held", now=dt.datetime.now(dt.UTC))
    meeting = MeetingId(receipt.events[0].id)
    await record(world.parts, A, WithdrawMeeting(occurred_on=TODAY, meeting_id=meeting, reason="记错"))
    instants.append(dt.datetime.now(dt.UTC))
    await record(world.parts, A, raise_())
    now = await told(world, **window)
    assert (now[KEY]["raised_on"], now[KEY]["fulfilled_on"]) == (str(TODAY), None)
    stood = [(await told(world, **window, known_at=at.isoformat()))[KEY] for at in instants]
    assert [one["fulfilled_on"] for one in stood] == [None, str(TODAY), None]
    assert [one["raised_on"] for one in stood] == [None, None, None]
    before = (await told(world, **window, as_of=TODAY - DAY))[KEY]
    assert (before["raised_on"], before["fulfilled_on"]) == (None, None)
    asked: dict[str, Any] = {"as_of": str(DUE + DAY), "from": str(DUE), "to": str(DUE)}
    after = await world.get(f"/orgs/{A}/obligations", **asked)
    assert after.json()["on"] == str(DUE + DAY)
    assert {one["obligation_id"]: one["status"] for one in after.json()["obligations"]}[KEY] == "overdue"


async def test_the_book_and_the_views_tell_the_same(world: World):
    await record(world.parts, A, raise_(f"DL-08:{QUARTER}"))
    now = await told(world)
    assert await told(world, as_of=TODAY) == now
    assert await told(world, known_at=dt.datetime.now(dt.UTC).isoformat()) == now


async def test_a_reason_more_time_and_a_waiver_are_told(world: World):
    key, later = f"DL-10:{QUARTER}", DUE + 20 * DAY
    await record(world.parts, B, raise_(key))
    await record(world.parts, B, ExplainObligation(occurred_on=TODAY, obligation_id=key, reason="部领导出国"))
    await record(world.parts, B, ExtendObligation(occurred_on=TODAY, obligation_id=key, due_on=later, reason="同意"))
    assert key not in await told(world, B, from_=DUE, to=DUE)
    one = (await told(world, B, from_=later, to=later))[key]
    assert (one["extended_on"], one["reason"], one["explanation"]) == (str(TODAY), "同意", "部领导出国")
    await record(world.parts, B, WaiveObligation(occurred_on=TODAY, obligation_id=key, reason="免"))
    one = (await told(world, B, from_=later, to=later))[key]
    assert (one["status"], one["waived_on"]) == ("waived", str(TODAY))


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"known_at": "2026-01-01T00:00:00"}, 400),
        ({"as_of": "1900-01-01"}, 400),
        ({"as_of": "9999-12-31"}, 400),
        ({"from": "9999-12-31", "to": "0001-01-01"}, 200),
        ({"from": "0001-01-01", "to": "9999-12-31"}, 200),
        ({"from": "soon"}, 400),
    ],
)
async def test_dates_at_the_edges(world: World, asked: dict[str, Any], status: int):
    assert (await world.get(f"/orgs/{A}/obligations", **asked)).status_code == status


async def test_another_branch_is_not_there(world: World):
    assert (await world.get(f"/orgs/{B}/obligations", as_of=str(TODAY))).status_code == 404
