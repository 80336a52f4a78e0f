"""Every reminder on the record reaches the inbox of whoever answers for it, once, whatever happens to workers and views."""

import asyncio
import datetime as dt

import sqlalchemy as sa

from service.reminders import gather as gathering
from service.reminders.gather import gather
from service.reminders.inbox import lines, mark_read, unread
from tests.reminders.world import BRANCH, COMMITTEE, DUES, GROUP, NOON, OTHER, STUDY, World

LETTER_ROW = sa.text(
    "insert into views.ledger_row (org_id, ledger, register, year, key, row_no, subject, occurred_on, recorded_at, position, event_id, cells)"
    " values (:org, 'L04', 'letters-out', '2026', 'letter1', 1, 'p9', '2026-01-01', 1, 1, 'e', '{}')"
)
MOVED = sa.text("update views.checkpoint set position = :position where projection = :one")


async def test_a_reminder_goes_to_the_person_responsible(world: World):
    await world.raised()
    await world.reminded()
    await world.raised(DUES)
    await world.reminded(DUES)
    assert await gather(world.engine, NOON, mails=False) == 3
    assert await world.told() == {
        ("secretary", "reminded", STUDY),
        ("organiser", "reminded", DUES),
        ("treasurer", "reminded", DUES),
    }


async def test_where_nobody_holds_the_post_the_secretary_is_told(world: World):
    await world.raised(GROUP)
    await world.reminded(GROUP)
    await world.raised(DUES, OTHER)
    await world.reminded(DUES, OTHER)
    await gather(world.engine, NOON, mails=False)
    assert await world.told() == {("secretary", "reminded", GROUP), ("stranger", "reminded", DUES)}


async def test_what_is_late_reaches_the_secretary_and_what_is_escalated_the_committee(world: World):
    await world.late(DUES, escalated=True)
    await gather(world.engine, NOON, mails=False)
    assert await world.told() == {
        ("organiser", "overdue", DUES),
        ("treasurer", "overdue", DUES),
        ("secretary", "overdue", DUES),
        ("secretary", "escalated", DUES),
        ("officer", "escalated", DUES),
    }


async def test_a_member_is_told_before_his_letter_runs_out(world: World):
    """Whom a letter is about stands in the ledger of transfers."""
    async with world.engine.begin() as connection:
        await connection.execute(sa.text("set local role branchbook_views"))
        await connection.execute(LETTER_ROW, {"org": BRANCH})
    await world.raised("DL-30:letter1")
    await world.reminded("DL-30:letter1")
    await gather(world.engine, NOON, mails=False)
    assert await world.told() == {("organiser", "reminded", "DL-30:letter1"), ("member", "reminded", "DL-30:letter1")}


async def test_whoever_is_disabled_is_told_nothing(world: World):
    await world.do("update service.account set disabled_at = now() where login = 'organiser'")
    await world.raised(DUES)
    await world.reminded(DUES)
    await gather(world.engine, NOON, mails=False)
    assert await world.told() == {("treasurer", "reminded", DUES)}


async def test_many_workers_at_once_and_begun_anew_tell_everything_once(world: World, monkeypatch):
    monkeypatch.setattr(gathering, "WINDOW", 7)
    await world.late(escalated=True)
    await world.raised(DUES)
    for offset in (-3, -2, -1):
        await world.reminded(DUES, offset=offset)
    await asyncio.gather(*(gather(world.engine, NOON, mails=False) for _ in range(6)))
    await gather(world.engine, NOON, mails=False)
    counted = "select kind, count(*) from service.inbox group by kind order by kind"
    expected = [("escalated", 2), ("overdue", 1), ("reminded", 6)]
    assert await world.all(counted) == expected
    await world.do("delete from service.inbox_follower")
    await gather(world.engine, NOON, mails=False)
    assert await world.all(counted) == expected


async def test_a_view_that_is_behind_holds_the_inbox_back_and_loses_nothing(world: World):
    """Who answers for what stands in the views: while they are rebuilt nobody is told the wrong thing."""
    await world.late(escalated=True)
    async with world.engine.begin() as connection:
        await connection.execute(sa.text("set local role branchbook_views"))
        saved = (await connection.execute(sa.text("select projection, position from views.checkpoint order by 1 limit 1"))).one()
        await connection.execute(MOVED, {"one": saved.projection, "position": 2})
    assert await gather(world.engine, NOON, mails=False) == 0
    async with world.engine.begin() as connection:
        await connection.execute(sa.text("set local role branchbook_views"))
        await connection.execute(MOVED, {"one": saved.projection, "position": saved.position})
    assert await gather(world.engine, NOON, mails=False) == 3


async def test_the_inbox_shows_what_is_new_and_what_is_over(world: World):
    await world.raised()
    await world.reminded()
    await world.raised(DUES)
    await world.reminded(DUES, offset=-1)
    await world.late("DL-04:2026-02")
    await gather(world.engine, NOON, mails=False)
    await world.waived()
    me, mine = world.ids["secretary"], [BRANCH]
    found, following = await lines(world.engine, me, mine)
    assert [(line.kind, line.thing, line.unread, line.over) for line in found] == [
        ("overdue", "DL-04:2026-02", True, False),
        ("reminded", STUDY, True, True),
    ]
    assert following is None
    await mark_read(world.engine, me, upto=found[-1].position)
    assert await unread(world.engine, me, mine) == 1
    assert [line.thing for line in (await lines(world.engine, me, mine, only_unread=True))[0]] == ["DL-04:2026-02"]
    await mark_read(world.engine, me, upto=found[0].position, event_id=found[0].event_id)
    assert await unread(world.engine, me, mine) == 0


async def test_of_each_thing_only_the_last_word_is_shown_and_read_with_all_before_it(world: World):
    await world.late(escalated=True)
    await world.late("DL-04:2026-02")
    await gather(world.engine, NOON, mails=False)
    me, mine = world.ids["secretary"], [BRANCH]
    assert len(await world.all(f"select 1 from service.inbox where account_id = '{me}'")) == 3
    assert await unread(world.engine, me, mine) == 2
    found, _ = await lines(world.engine, me, mine)
    assert [(line.kind, line.thing) for line in found] == [("overdue", "DL-04:2026-02"), ("escalated", STUDY)]
    await mark_read(world.engine, me, upto=found[1].position, event_id=found[1].event_id)
    assert await unread(world.engine, me, mine) == 1
    assert [line.thing for line in (await lines(world.engine, me, mine, only_unread=True))[0]] == ["DL-04:2026-02"]


async def test_what_was_told_of_a_branch_that_is_out_of_sight_now_is_not_shown(world: World):
    await world.late(escalated=True)
    await gather(world.engine, NOON, mails=False)
    officer = world.ids["officer"]
    assert await unread(world.engine, officer, [COMMITTEE, BRANCH, OTHER]) == 1
    assert await unread(world.engine, officer, [COMMITTEE, OTHER]) == 0
    assert await lines(world.engine, officer, [COMMITTEE, OTHER]) == ([], None)


async def test_nobody_is_mailed_what_was_said_long_ago(world: World):
    await world.mailbox("secretary")
    await world.raised()
    await world.reminded()
    await gather(world.engine, NOON + dt.timedelta(days=30), mails=True)
    assert await world.told() == {("secretary", "reminded", STUDY)}
    assert await world.all("select * from service.delivery") == []
