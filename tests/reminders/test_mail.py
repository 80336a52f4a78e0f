"""Reminders by mail: one a day for each person, each event once, and what a server, a worker or a clock does changes nothing of that."""

import asyncio
import datetime as dt

import pytest
from msgspec.structs import replace

from service.config import Settings
from service.reminders import outbox, smtp
from service.reminders.hours import is_digest_time, is_quiet
from service.reminders.post import post
from tests.reminders.sink import Sink
from tests.reminders.world import DUES, NOON, STUDY, World

MINUTE, HOUR, DAY = dt.timedelta(minutes=1), dt.timedelta(hours=1), dt.timedelta(days=1)
STATES = (
    "select a.login, m.state, m.attempts from service.mail m join service.account a on a.id = m.account_id order by m.begun_at, a.login"
)


def mailing(world: World, server: Sink, **changed: str) -> Settings:
    given = {"mail_url": server.url, "mail_from": "支部台账 <branchbook@example.cn>", "public_url": "https://branchbook.example.cn"}
    return replace(world.settings, **(given | changed))


async def round_of(world: World, settings: Settings, now: dt.datetime = NOON) -> int:
    return await post(world.engine, settings, now, lambda: False)


async def reminded(world: World, obligation: str = STUDY) -> None:
    await world.raised(obligation)
    await world.reminded(obligation)


async def test_a_digest_says_what_where_and_by_when_and_names_no_person(world, server):
    await world.mailbox("secretary")
    await world.mailbox("officer", "en")
    await world.late(escalated=True)
    await reminded(world, "DL-04:2026-03")
    assert await round_of(world, mailing(world, server)) == 2
    told = {str(mail["To"]): mail for mail in server.mails}
    mine = told["secretary@example.cn"]
    assert mine["Subject"] == "【支部台账】今日提醒 2 项"
    assert (mine["Auto-Submitted"], mine["Content-Language"]) == ("auto-generated", "zh-CN")
    text = mine.get_content().replace("\r\n", "\n")
    assert text.startswith("已上报上级督办 (1)\n  - 每月党员学习会议 2026-03（第一党支部），")
    assert "即将到期 (1)\n  - 每月主题党日 2026-03（第一党支部），" in text
    assert "https://branchbook.example.cn/admin/inbox" in text
    english = told["officer@example.cn"]
    assert english["Subject"] == "Branchbook: reminders of today (1)"
    assert english.get_content().startswith("Escalated to the superior (1)\r\n  - Monthly study meeting 2026-03 (第一党支部), by ")
    assert "安宁" not in text + english.get_content()
    assert await world.all(STATES) == [("officer", "sent", 1), ("secretary", "sent", 1)]


async def test_many_workers_and_many_rounds_send_each_event_once(world, server):
    await world.mailbox("secretary")
    await world.mailbox("treasurer")
    await reminded(world)
    await reminded(world, DUES)
    settings = mailing(world, server)
    await asyncio.gather(*(round_of(world, settings) for _ in range(6)))
    await round_of(world, settings, NOON + HOUR)
    assert sorted(str(mail["To"]) for mail in server.mails) == ["secretary@example.cn", "treasurer@example.cn"]
    assert await world.all("select count(*), count(distinct (account_id, event_id)) from service.delivery") == [(2, 2)]


async def test_there_is_one_mail_a_day_and_what_comes_later_waits_for_the_next(world, server):
    await world.mailbox("secretary")
    settings = mailing(world, server)
    await reminded(world)
    await round_of(world, settings)
    await reminded(world, "DL-04:2026-03")
    assert await round_of(world, settings, NOON + HOUR) == 0
    assert await round_of(world, settings, NOON + DAY) == 1
    assert [("每月主题党日" in mail.get_content(), "每月党员学习会议" in mail.get_content()) for mail in server.mails] == [
        (False, True),
        (True, False),
    ]


async def test_nobody_is_written_to_at_night_nor_before_the_digest(world, server):
    await world.mailbox("secretary")
    await reminded(world)
    settings = mailing(world, server)
    assert await round_of(world, settings, NOON.replace(hour=3)) == 0
    assert await round_of(world, settings, NOON.replace(hour=8, minute=29)) == 0
    assert await round_of(world, settings, NOON.replace(hour=20)) == 0
    assert await round_of(world, settings, NOON.replace(hour=8, minute=30)) == 1


async def test_what_is_done_before_the_mail_goes_is_left_out(world, server):
    await world.mailbox("secretary")
    await reminded(world)
    await round_of(world, mailing(world, server, mail_digest_at="23:59", mail_quiet="off"))
    await world.waived()
    assert await round_of(world, mailing(world, server)) == 0
    assert (server.mails, await world.all(STATES)) == ([], [("secretary", "settled", 1)])


async def test_whoever_turns_mail_off_gets_none(world, server):
    await world.mailbox("secretary")
    await reminded(world)
    await round_of(world, mailing(world, server, mail_digest_at="23:59", mail_quiet="off"))
    await world.do("update service.mailbox set wanted = false")
    assert await round_of(world, mailing(world, server)) == 0
    assert await world.all(STATES) == [("secretary", "unwanted", 1)]


async def test_an_address_that_is_given_later_is_not_sent_what_was_said_before(world, server):
    await reminded(world)
    await round_of(world, mailing(world, server))
    await world.mailbox("secretary")
    assert await round_of(world, mailing(world, server), NOON + DAY) == 0


async def test_a_server_that_is_busy_is_asked_again_later_each_time_and_the_mail_keeps_its_id(world, server):
    await world.mailbox("secretary")
    await reminded(world)
    settings = mailing(world, server)
    server.answers["RCPT"] = ["450 later", "450 later"]
    assert await round_of(world, settings) == 0
    assert await world.all("select attempts, error, next_at - begun_at from service.mail") == [(1, "450 later", MINUTE)]
    assert await round_of(world, settings, NOON + MINUTE / 2) == 0
    assert await round_of(world, settings, NOON + MINUTE) == 0
    assert await round_of(world, settings, NOON + 5 * MINUTE) == 1
    assert await world.all(STATES) == [("secretary", "sent", 3)]


async def test_a_server_that_refuses_the_address_for_good_is_not_asked_again(world, server):
    await world.mailbox("secretary")
    await reminded(world)
    server.answers["RCPT"] = ["550 no such mailbox"]
    assert await round_of(world, mailing(world, server)) == 0
    assert await round_of(world, mailing(world, server), NOON + HOUR) == 0
    assert (server.mails, await world.all(STATES)) == ([], [("secretary", "refused", 1)])


async def test_after_four_days_a_mail_is_given_up_and_the_next_one_is_begun(world, server):
    await world.mailbox("secretary")
    await reminded(world)
    away = mailing(world, server, mail_url="smtp://127.0.0.1:9")
    for day in range(6):
        await round_of(world, away, NOON + day * DAY)
        if day == 1:
            await reminded(world, "DL-04:2026-03")
    assert await world.all(STATES) == [("secretary", "given_up", 6)]
    assert await round_of(world, mailing(world, server), NOON + 6 * DAY) == 1
    assert "每月主题党日" in server.mails[0].get_content()


async def test_a_worker_that_dies_gives_its_mail_back_when_its_lease_ends(world, server):
    await world.mailbox("secretary")
    await reminded(world)
    settings = mailing(world, server)
    server.answers["RCPT"] = ["450 later"]
    await round_of(world, settings)
    claimed = await outbox.claim(world.engine, NOON + MINUTE)
    assert claimed is not None
    assert await round_of(world, settings, NOON + 2 * MINUTE) == 0
    assert await round_of(world, settings, NOON + 7 * MINUTE) == 1
    await outbox.end(world.engine, claimed, "given_up", NOON + 8 * MINUTE)
    assert await world.all(STATES) == [("secretary", "sent", 3)]


async def test_when_the_servers_word_is_lost_the_mail_comes_again_with_the_same_id(world, server):
    """The one case in which a mail comes twice: at least once is all that SMTP can promise."""
    await world.mailbox("secretary")
    await reminded(world)
    server.answers["."] = [None]
    settings = mailing(world, server)
    assert await round_of(world, settings) == 0
    assert await round_of(world, settings, NOON + MINUTE) == 1
    ids = [mail["Message-ID"] for mail in server.mails]
    assert len(ids) == 2
    assert len(set(ids)) == 1


async def test_a_clock_that_jumped_holds_nothing_back(world, server):
    await world.mailbox("secretary")
    await reminded(world)
    server.answers["RCPT"] = ["450 later"]
    settings = mailing(world, server)
    await round_of(world, settings, NOON + 2 * DAY)
    assert await round_of(world, settings, NOON) == 1


async def test_without_a_server_nothing_waits_to_be_mailed(world):
    await world.mailbox("secretary")
    await reminded(world)
    assert await round_of(world, world.settings) == 0
    assert await world.told() == {("secretary", "reminded", STUDY)}
    assert await world.all("select * from service.delivery") == []


@pytest.mark.parametrize(
    ("time", "quiet"), [("19:59", False), ("20:00", True), ("23:59", True), ("00:00", True), ("07:59", True), ("08:00", False)]
)
def test_quiet_hours_go_through_midnight(time, quiet):
    now = dt.datetime.fromisoformat(f"2026-03-26T{time}+08:00")
    assert is_quiet(now, "20:00-08:00") is quiet
    assert is_quiet(now.astimezone(dt.UTC), "20:00-08:00") is quiet
    assert not is_quiet(now, "off")


def test_quiet_hours_within_a_day():
    noon = dt.datetime(2026, 3, 26, 12, 30, tzinfo=dt.timezone(dt.timedelta(hours=8)))
    assert is_quiet(noon, "12:00-14:00")
    assert not is_quiet(noon, "13:00-14:00")
    assert is_digest_time(noon, "12:30")
    assert not is_digest_time(noon, "12:31")


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("smtp://mail.example.cn", ("mail.example.cn", 587, False, None, False)),
        ("smtps://u%40x:p%3Aw@mail.example.cn", ("mail.example.cn", 465, True, "u@x", True)),
        ("smtp://u:p@127.0.0.1:25", ("127.0.0.1", 25, False, "u", False)),
        ("smtp://u:p@10.0.0.1:25", ("10.0.0.1", 25, False, "u", True)),
    ],
)
def test_a_password_leaves_the_machine_only_sealed(url, told):
    server = smtp.server_of(url)
    assert (server.host, server.port, server.implicit_tls, server.user, server.must_be_sealed) == told
