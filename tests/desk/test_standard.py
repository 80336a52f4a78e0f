"""The page of the standard: its versions, and every rule as it holds here on a day with who set it."""

import datetime as dt

import pytest

from projections.standard.pack import default_pack
from service.decide.organisations.founding import ChangeRule
from tests.desk.conftest import Client
from tests.desk.world import BRANCH, COMMITTEE, World

pytestmark = pytest.mark.asyncio(loop_scope="module")
TODAY = dt.datetime.now(dt.timezone(dt.timedelta(hours=8))).date()
TOMORROW = TODAY + dt.timedelta(days=1)
HERE = f"/admin/b/{BRANCH}/standard"


def change(key: str, value: int, since: dt.date) -> ChangeRule:
    return ChangeRule(occurred_on=TODAY, key=key, value=value, effective_from=since, reason="示例文件1号")


async def test_the_version_in_use_and_every_rule_stand_there(client: Client):
    page = (await client("secretary").get(HERE)).text
    assert f"In use: {default_pack().standard.version}" in page
    assert default_pack().digest[:16] in page
    assert page.count('<td data-label="The rule">') == len({setting.key for setting in default_pack().settings})
    assert "Changed from the standard" not in page


async def test_a_rule_is_found_by_its_words_and_nothing_found_is_said(client: Client):
    one = client("secretary", "zh")
    assert (await one.get(HERE, params={"q": "党员大会 每季度 次数"})).text.count("meeting.general.per_quarter</div>") == 1
    assert "没有含这些字词的规则" in (await one.get(HERE, params={"q": "无此规则"})).text


async def test_what_was_changed_stands_first_with_who_set_it_and_holds_from_its_day(client: Client, world: World):
    await world.record(COMMITTEE, change("meeting.general.per_quarter", 2, TODAY), "above")
    await world.record(BRANCH, change("meeting.committee.per_month", 2, TOMORROW), "here")
    one = client("secretary")
    today, later = (await one.get(HERE)).text, (await one.get(HERE, params={"on": f"{TOMORROW}"})).text
    first, _ = today.split("Rules in force", 1)
    assert ("meeting.general.per_quarter" in first, "meeting.committee.per_month" in first) == (True, False)
    assert '<span class="badge">Committee</span>' in first
    first, _ = later.split("Rules in force", 1)
    assert '<span class="badge">Branch</span>' in first
    assert "meeting.committee.per_month" in first


async def test_whoever_may_change_a_rule_finds_its_form_and_nobody_else_does(client: Client):
    form = f"/admin/b/{BRANCH}/do/change-rule?key=meeting.general.per_quarter"
    assert form in (await client("officer").get(HERE)).text
    assert form not in (await client("secretary").get(HERE)).text
    assert 'value="meeting.general.per_quarter"' in (await client("officer").get(form)).text
    assert (await client("secretary").get("/admin/b/elsewhere/standard")).status_code == 404
