"""The inbox at the desk: what is new is counted in the menu, read once it was opened; mail and calendars are set by the person."""

import datetime as dt
import re
from urllib.parse import quote

import pytest
import pytest_asyncio
import sqlalchemy as sa
from playwright.async_api import Page, expect

from admin import home
from projections.engine.database import engine_for
from projections.standard.holidays import Wanting
from service.auth.tables import account
from service.bus import LOCAL
from service.decide.obligations import EscalateObligation, ExplainObligation, MarkObligationOverdue, RaiseObligation, RemindOfObligation
from service.reminders.gather import gather
from service.reminders.tables import inbox
from tests.desk.conftest import Client, sign_in
from tests.desk.test_browser import HEADS, POINTERS, TWICE, UNLABELLED, UNNAMED, WIDER
from tests.desk.world import BRANCH, OTHER, World

pytestmark = pytest.mark.asyncio(loop_scope="module")
TODAY = dt.datetime.now(LOCAL).date()
LATE = TODAY - dt.timedelta(days=30)
GROUP = f"DL-03:2026-09:g-{BRANCH}"
LOGINS = {
    "secretary": ("secretary", BRANCH),
    "officer": ("committee_officer", "C1"),
    "stranger": ("secretary", OTHER),
    "member": ("member", BRANCH),
}


@pytest_asyncio.fixture(loop_scope="module", autouse=True)
async def told(world: World):
    """A reminder, and one of a group that is late and escalated; the inboxes are filled anew for each test."""
    engine = engine_for(world.settings.database())
    for obligation, due_on in (("DL-01:2026-11", TODAY), (GROUP, LATE)):
        deadline, period, subject = [*obligation.split(":"), ""][:3]
        raised = RaiseObligation(
            occurred_on=TODAY, obligation_id=obligation, deadline=deadline, task="N02.T03", period=period, subject=subject, due_on=due_on
        )
        await world.record(BRANCH, raised, f"raise {obligation}")
    for number, command in enumerate(
        (
            RemindOfObligation(occurred_on=TODAY, obligation_id="DL-01:2026-11", due_on=TODAY, offset=0),
            MarkObligationOverdue(occurred_on=TODAY, obligation_id=GROUP, due_on=LATE),
            EscalateObligation(occurred_on=TODAY, obligation_id=GROUP, due_on=LATE),
        )
    ):
        await world.record(BRANCH, command, f"say {number}")
    async with engine.begin() as connection:
        for table in ("calendar", "delivery", "mail", "mailbox", "inbox", "inbox_follower"):
            await connection.execute(sa.text(f"delete from service.{table}"))
        for login, (role, org_id) in LOGINS.items():
            values = {"id": login, "login": f"{login}-account", "role": role, "organisation_id": org_id}
            if (await connection.execute(sa.select(account.c.id).where(account.c.id == login))).first() is None:
                await connection.execute(sa.insert(account).values(values))
    await gather(engine, dt.datetime.now(dt.UTC), mails=False)
    yield engine
    await engine.dispose()


def badge(text: str) -> str:
    found = re.search(r'href="/admin/inbox"[^>]*>Inbox <span class="badge bad">(\d+)', text)
    return found[1] if found else ""


async def test_the_menu_counts_what_is_new_and_opening_it_makes_it_read(client: Client):
    secretary = client("secretary")
    assert badge((await secretary.get(f"/admin/b/{BRANCH}/tasks")).text) == "2"
    page = await secretary.get("/admin/inbox")
    assert page.text.count('<tr class="new">') == 2  # overdue and escalated is one thing, of which the last word is told
    assert "Monthly Party group meeting 2026-09 第一党小组" in page.text
    event, position = re.findall(r'name="event_id" value="([^"]+)"><input type="hidden" name="upto" value="(\d+)"', page.text)[0]
    answer = await secretary.post("/admin/inbox/read", data={"event_id": event, "upto": position, "next": f"/admin/b/{BRANCH}/tasks"})
    assert (answer.status_code, answer.headers["location"]) == (303, f"/admin/b/{BRANCH}/tasks")
    assert badge((await secretary.get("/admin/inbox")).text) == "1"
    upto = re.search(r'name="upto" value="(\d+)"><input type="hidden" name="next" value="/admin/inbox"', page.text)
    assert upto is not None
    await secretary.post("/admin/inbox/read", data={"upto": upto[1], "next": "/admin/inbox"})
    rest = (await secretary.get("/admin/inbox?show=new")).text
    assert badge(rest) == ""
    assert "Nothing new" in rest


async def test_the_committee_sees_what_was_escalated_and_others_nothing(client: Client):
    officer = (await client("officer").get("/admin/inbox")).text
    assert officer.count('<tr class="new">') == 1
    assert "Escalated" in officer
    assert "第一党支部" in officer
    assert "Nothing here yet" in (await client("stranger").get("/admin/inbox")).text
    assert (await client("auditor").get("/admin/inbox")).status_code == 404
    assert "/admin/inbox" not in (await client("auditor").get("/admin/")).text


async def test_nobody_reads_for_another(client: Client, told):
    async with told.connect() as connection:
        event = (await connection.execute(sa.select(inbox.c.event_id).where(inbox.c.kind == "overdue"))).scalar_one()
    await client("stranger").post("/admin/inbox/read", data={"event_id": event, "upto": "999999", "next": "/admin/inbox"})
    assert badge((await client("secretary").get("/admin/inbox")).text) == "2"


@pytest.mark.parametrize("upto", ["", "x", "-1", "9" * 30])
async def test_a_position_that_is_none_is_400(client: Client, upto: str):
    assert (await client("secretary").post("/admin/inbox/read", data={"upto": upto})).status_code == 400


async def test_nobody_is_led_away(client: Client):
    answer = await client("secretary").post("/admin/inbox/read", data={"upto": "1", "next": "https://elsewhere.example/admin/"})
    assert answer.headers["location"] == "/admin/"


async def test_it_is_told_in_chinese(client: Client):
    text = (await client("secretary", lang="zh").get("/admin/inbox")).text
    assert all(word in text for word in ("提醒", "每月党小组会 2026-09", "已上报上级", "全部标为已读"))


async def test_mail_is_set_and_a_wrong_address_is_said(client: Client):
    secretary = client("secretary")
    wrong = await secretary.post("/admin/inbox/mail", data={"address": "an address", "language": "en", "wanted": "on"})
    assert (wrong.status_code, "No mail can reach this address." in wrong.text) == (422, True)
    right = await secretary.post("/admin/inbox/mail", data={"address": "anna@example.cn", "language": "en", "wanted": "on"})
    assert right.headers["location"] == "/admin/inbox/settings?done=mail"
    page = (await secretary.get("/admin/inbox/settings")).text
    assert 'value="anna@example.cn"' in page
    assert '<option value="en" selected>' in page


async def test_a_calendar_address_is_shown_once_and_can_be_revoked(client: Client, told):
    secretary = client("secretary")
    issued = await secretary.post("/admin/inbox/calendar", data={"org_id": BRANCH, "do": "issue"})
    address = re.search(r'value="(http://[^"]+/api/v1/calendar/bbc_[\w-]{43}\.ics)"', issued.text)
    assert address is not None
    later = (await secretary.get("/admin/inbox/settings")).text
    assert "bbc_" not in later
    assert "Replace the address" in later
    await secretary.post("/admin/inbox/calendar", data={"org_id": BRANCH, "do": "revoke"})
    assert "Replace the address" not in (await secretary.get("/admin/inbox/settings")).text


async def test_no_calendar_of_a_branch_out_of_sight(client: Client):
    assert (await client("stranger").post("/admin/inbox/calendar", data={"org_id": BRANCH, "do": "issue"})).status_code == 404
    assert (await client("auditor").post("/admin/inbox/calendar", data={"org_id": "", "do": "issue"})).status_code == 404


async def test_tasks_are_shown_as_they_stood_and_as_they_will_stand(client: Client):
    secretary, tasks = client("secretary"), f"/admin/b/{BRANCH}/tasks"
    ago, later = TODAY - dt.timedelta(days=60), TODAY + dt.timedelta(days=400)
    past, then, ahead = [(await secretary.get(f"{tasks}?{on}")).text for on in (f"on={ago}", f"on={ago}&known=then", f"on={later}")]
    assert "as far as it is known today" in past
    assert "Monthly study meeting" in past
    assert "as it was known at the end of that day" in then
    assert "nothing was on record yet" in then
    assert "if nothing more is recorded" in ahead
    assert "Monthly study meeting" in ahead
    assert all("Give a reason" not in text and 'id="letters"' not in text for text in (past, then, ahead))
    for asked in ("on=soon", "on=1900-01-01", "on=9999-12-31"):
        assert "Back to today" not in (await secretary.get(f"{tasks}?{asked}")).text


async def test_the_committee_is_told_in_december_that_the_holidays_of_the_next_year_are_wanting(client: Client, monkeypatch):
    monkeypatch.setattr(home, "wanting", lambda _today: Wanting(2027, alarm=True))
    assert "The statutory holidays of 2027 are not known here yet" in (await client("officer").get("/admin/")).text
    monkeypatch.setattr(home, "wanting", lambda _today: None)
    assert "statutory holidays" not in (await client("officer").get("/admin/")).text


async def test_a_branch_says_why_and_its_reason_stands_beside_the_duty(client: Client, world: World):
    secretary, tasks = client("secretary"), f"/admin/b/{BRANCH}/tasks"
    assert f"do/explain-obligation?obligation_id={quote(GROUP)}" in (await secretary.get(tasks)).text
    officer = (await client("officer").get(tasks)).text
    assert all(f"do/{name}?obligation_id={quote(GROUP)}" in officer for name in ("extend-obligation", "waive-obligation"))
    assert "obligation_id=" not in (await client("member").get(tasks)).text
    reason = ExplainObligation(occurred_on=TODAY, obligation_id=GROUP, reason="组长外出")
    await world.record(BRANCH, reason, "explain")
    assert "组长外出" in (await client("officer").get(tasks)).text


@pytest.mark.parametrize("path", ["/admin/inbox", "/admin/inbox/settings", f"/admin/b/{BRANCH}/tasks?on=2026-03-01"])
async def test_on_a_phone_everything_fits_is_named_and_shows_what_is_new(page: Page, path: str):
    await sign_in(page, "secretary")
    await page.set_viewport_size({"width": 360, "height": 740})
    await page.goto(path)
    await expect(page.locator(".news")).to_have_text("2 条新提醒")
    assert await page.evaluate(WIDER) <= 0
    for complaint in (UNLABELLED, UNNAMED, TWICE, HEADS, POINTERS):
        assert await page.evaluate(complaint) == []
