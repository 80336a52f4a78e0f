"""The public site: what is shown to whom and how long, in which language, with which headers; versions, opinions, search, feeds."""

import datetime as dt

import pytest
from lxml import etree

from events.disclosure import DisclosureId
from service.site.answers import UNFIT
from tests.http.world import A, B, World
from tests.site.openness import DAY, GOALS, INTERNAL, OVER, PARTY, SPECIFIC, STUDY, TAKEN, TODAY, UNIT

pytestmark = pytest.mark.asyncio(loop_scope="module")
BEFORE = DAY - dt.timedelta(days=1)
HERE = f"/disclosure/items/{A}/{GOALS}"
ATOM = {"a": "http://www.w3.org/2005/Atom", "at": "http://purl.org/atompub/tombstones/1.0"}


def item(org: str, name: DisclosureId) -> str:
    return f"/disclosure/items/{org}/{name}"


async def test_the_start_lists_branches_topics_and_what_is_new(world: World):
    page = (await world.client.get("/disclosure/")).text
    for shown in ("年度重点工作", "三会一课情况 &lt;b&gt;二&lt;/b&gt;", "第C-A党支部", "第C-B党支部", "已更正", "如何提出意见"):
        assert shown in page
    for hidden in ("早已期满", "已撤下", "党内才看"):
        assert hidden not in page


async def test_an_item_with_its_versions_and_what_was_corrected(world: World):
    page = (await world.client.get(item(A, GOALS))).text
    assert "十二项重点工作，已完成十项。其余按计划推进" in page
    assert "<del>已完成九项。</del><ins>已完成十项。</ins>" in page
    assert "漏计一项" in page
    assert f'<time datetime="{DAY}">' in page
    assert f'<time datetime="{TODAY}">' in page


async def test_answered_feedback_stands_with_the_item_without_names(world: World):
    page = (await world.client.get(item(A, GOALS))).text
    assert "＊＊＊建议列明进度，电话＊＊＊" in page
    assert "谢谢＊＊＊，下期列明" in page
    assert "还没有答复的意见" not in page


async def test_it_is_said_how_to_give_feedback(world: World):
    page = (await world.client.get("/disclosure/")).text
    assert "意见登记后在15个工作日内答复，公开申请在10个工作日内答复" in page
    assert "<form" in page
    assert 'method="post"' not in page.lower()


@pytest.mark.parametrize("name", [PARTY, UNIT, SPECIFIC, INTERNAL, DisclosureId("nothing")])
async def test_what_is_not_for_society_is_as_absent_as_what_is_not_there(world: World, name: DisclosureId):
    answer, absent = await world.client.get(item(A, name)), await world.client.get(item(A, DisclosureId("never")))
    assert (answer.status_code, answer.content) == (404, absent.content)


@pytest.mark.parametrize("name", [OVER, TAKEN])
async def test_what_is_over_or_withdrawn_is_gone_and_leaves_the_caches(world: World, name: DisclosureId):
    for address in (item(A, name), item(A, name) + "/print"):
        answer = await world.client.get(address)
        assert answer.status_code == 410
        assert answer.headers["cache-control"] == "no-store"
        assert "noindex" in answer.headers["x-robots-tag"]
        assert "已不再公开" in answer.text
        assert "内容" not in answer.text.replace("跳到正文", "").split("<main")[1].split("<footer")[0]


async def test_the_last_day_counts(world: World):
    assert (await world.client.get(item(B, STUDY))).status_code == 200


async def test_a_copy_lives_a_minute_and_is_asked_for_by_its_tag(world: World):
    first = await world.client.get(item(A, GOALS))
    assert first.headers["cache-control"].startswith("public, max-age=")
    assert int(first.headers["cache-control"].split("=")[1].split(",")[0]) <= 60
    assert first.headers["vary"] == "Accept-Language"
    again = await world.client.get(item(A, GOALS), headers={"if-none-match": f'"other", W/{first.headers["etag"]}'})
    assert (again.status_code, again.content) == (304, b"")
    english = await world.client.get(item(A, GOALS), headers={"accept-language": "en", "if-none-match": first.headers["etag"]})
    assert (english.status_code, english.headers["etag"] == first.headers["etag"]) == (200, False)


async def test_head_gives_the_headers_alone(world: World):
    whole, head = await world.client.get(item(A, GOALS)), await world.client.head(item(A, GOALS))
    assert (head.status_code, head.content, head.headers["etag"]) == (200, b"", whole.headers["etag"])


@pytest.mark.parametrize(
    ("address", "accepted", "language"),
    [
        ("", "", "zh-CN"),
        ("", "en-GB,en;q=0.9,zh;q=0.8", "en"),
        ("", "fr, zh;q=0.5", "zh-CN"),
        ("?lang=en", "zh", "en"),
        ("?lang=zh", "en", "zh-CN"),
        ("?lang=xx", "en;q=broken", "zh-CN"),
    ],
)
async def test_the_language_is_that_of_the_address_else_that_of_the_browser(world: World, address: str, accepted: str, language: str):
    answer = await world.client.get("/disclosure/" + address, headers={"accept-language": accepted})
    assert f'<html lang="{language}">' in answer.text
    assert answer.headers["content-language"] == language
    assert ("/disclosure/branches/C-A?lang=" in answer.text) is (address in {"?lang=en", "?lang=zh"})


async def test_a_branch_by_topic(world: World):
    both = (await world.client.get(f"/disclosure/branches/{A}")).text
    goals = (await world.client.get(f"/disclosure/branches/{A}", params={"topic": "goals"})).text
    assert ("年度重点工作" in both, "旧事项" in both) == (True, True)
    assert ("年度重点工作" in goals, "旧事项" in goals) == (True, False)
    assert (await world.client.get(f"/disclosure/branches/{A}", params={"topic": "nothing"})).text == both


async def test_a_topic_over_all_branches(world: World):
    assert "三会一课情况" in (await world.client.get("/disclosure/topics/education")).text
    assert (await world.client.get("/disclosure/topics/nothing")).status_code == 404


@pytest.mark.parametrize(
    ("words", "found"),
    [("重点 十项", True), ("重点 九项", False), ("第C-A党支部 重点", True), ("%", False), ("_", False), ("撤下", False), ("党内", False)],
)
async def test_a_search_finds_items_in_which_all_words_stand(world: World, words: str, found: bool):
    page = (await world.client.get("/disclosure/search", params={"q": words})).text
    assert ("年度重点工作" in page) is found


async def test_what_is_typed_is_shown_as_text(world: World):
    page = (await world.client.get("/disclosure/search", params={"q": '"><script>x'})).text
    assert "<script" not in page
    assert "&lt;script&gt;x" in page


@pytest.mark.parametrize(("address", "titles"), [("/disclosure/feed.atom", 3), (f"/disclosure/branches/{A}/feed.atom", 2)])
async def test_a_feed_tells_what_is_new_and_what_is_to_be_dropped(world: World, address: str, titles: int):
    answer = await world.client.get(address)
    assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
    feed = etree.fromstring(answer.content)
    entries = feed.findall("a:entry", ATOM)
    assert len(entries) == titles
    for entry in (feed, *entries):
        assert dt.datetime.fromisoformat(entry.findtext("a:updated", "", ATOM)).tzinfo is not None
    ids = [entry.findtext("a:id", "", ATOM) for entry in entries]
    assert len(set(ids)) == titles
    dropped = {one.get("ref", "").rpartition("/")[2]: one.get("when", "") for one in feed.findall("at:deleted-entry", ATOM)}
    assert dropped == {OVER: f"{TODAY}T00:00:00+08:00", TAKEN: f"{TODAY}T00:00:00+08:00"}


async def test_the_print_view_has_the_item_and_its_address_and_nothing_around_it(world: World):
    page = (await world.client.get(item(A, GOALS) + "/print")).text
    assert "十二项重点工作，已完成十项" in page
    assert f"{item(A, GOALS)}</p>" in page
    assert "<form" not in page
    assert "<footer" not in page


@pytest.mark.parametrize("deep", ["/disclosure/items/a/b/c/d", "/disclosure/branches/a/b/c", "/disclosure/%ff/%00", "/disclosure//x"])
async def test_also_an_address_that_no_route_begins_is_a_page(world: World, deep: str):
    answer = await world.client.get(deep, headers={"accept-language": "en"})
    assert (answer.status_code, answer.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert "There is no such page" in answer.text
    assert "default-src 'none'; style-src 'self'" in answer.headers["content-security-policy"]


async def test_what_is_sent_here_is_told_that_it_can_only_be_read(world: World):
    for address in ("/disclosure/", "/disclosure/a/b/c"):
        answer = await world.client.post(address)
        assert (answer.status_code, answer.headers["content-type"]) == (405, "text/html; charset=utf-8")
        assert "只能阅读" in answer.text
    assert "GET" in (await world.client.post("/disclosure/")).headers["allow"]


async def test_beside_the_site_refusals_are_documents_as_before(world: World):
    for address in ("/disclosures/nothing", "/nothing"):
        assert (await world.client.get(address)).headers["content-type"] == "application/problem+json"


async def test_every_other_address_is_a_page_that_says_so(world: World):
    for address in ("/disclosure/nothing", "/disclosure/items/C-A", "/disclosure/branches/C-X"):
        answer = await world.client.get(address)
        assert (answer.status_code, answer.headers["content-type"]) == (404, "text/html; charset=utf-8")
        assert "没有这个页面" in answer.text


async def text(world: World, address: str, **asked: object) -> str:
    answer = await world.client.get(address, params={name: str(value) for name, value in asked.items()})
    assert answer.status_code == 200
    return str(answer.text)


@pytest.mark.parametrize("address", ["/disclosure/", f"/disclosure/branches/{A}", "/disclosure/topics/goals", "/disclosure/search", HERE])
async def test_of_an_earlier_day_it_says_what_it_said_then(world: World, address: str):
    then, now = await text(world, address, on=DAY), await text(world, address)
    assert ("已完成九项" in then, "已完成十项" in then) == (True, False)
    assert "已完成十项" in now
    assert (f"按 {DAY} 当日显示" in then, "当日显示" in now) == (True, False)


async def test_before_it_was_published_it_is_not_there(world: World):
    assert "年度重点工作" not in await text(world, "/disclosure/", on=BEFORE)
    assert "这一天没有" in await text(world, "/disclosure/", on=BEFORE)
    assert (await world.client.get(HERE, params={"on": str(BEFORE)})).status_code == 404


async def test_what_came_later_is_not_told_of_an_earlier_day(world: World):
    then = await text(world, HERE, on=DAY)
    assert ("漏计一项" in then, "已更正" in then, "下期列明" in then) == (False, False, False)


async def test_a_search_of_an_earlier_day_finds_by_the_words_of_then(world: World):
    assert "年度重点工作" in await text(world, "/disclosure/search", q="九项", on=DAY)
    assert "年度重点工作" not in await text(world, "/disclosure/search", q="十项", on=DAY)


async def test_what_was_taken_down_since_is_told_without_a_word_of_it(world: World):
    then = await text(world, "/disclosure/", on=DAY)
    assert ("此后已撤下" in then, "撤回" in then, "公开期满" in then) == (True, True, True)
    assert ("撤下内容" in then, "早已期满" in then, "已撤下</a>" in then) == (False, False, False)
    assert "此后已撤下" not in await text(world, "/disclosure/", on=BEFORE)
    assert (await world.client.get(f"/disclosure/items/{A}/{TAKEN}", params={"on": str(DAY)})).status_code == 410
    assert (await world.client.get(f"/disclosure/items/{A}/{PARTY}", params={"on": str(DAY)})).status_code == 404


@pytest.mark.parametrize("day", ["nonsense", "2026-02-30", "20260101", f"{TODAY + dt.timedelta(days=1)}", "1900-01-01"])
async def test_a_day_that_is_none_or_lies_ahead_is_told_on_a_page(world: World, day: str):
    for address in ("/disclosure/", HERE, f"/disclosure/branches/{A}", "/disclosure/topics/goals", "/disclosure/search"):
        answer = await world.client.get(address, params={"on": day})
        assert (answer.status_code, answer.headers["content-type"]) == (400, "text/html; charset=utf-8")
        assert "看不懂这个地址" in answer.text
        assert day not in answer.text.replace("2026-06-30", "")


async def test_today_is_the_site_as_it_stands(world: World):
    assert await text(world, HERE, on=TODAY) == await text(world, HERE)


async def test_the_day_and_the_language_stay_from_page_to_page(world: World):
    page = await text(world, "/disclosure/", on=DAY, lang="en")
    assert f'href="{HERE}?lang=en&amp;on={DAY}"' in page
    assert f'href="?lang=zh&amp;on={DAY}"' in page
    assert "As it was shown on" in page
    found = await text(world, "/disclosure/search", q="重点", topic="goals")
    assert 'href="?lang=en&amp;q=%E9%87%8D%E7%82%B9&amp;topic=goals"' in found


async def test_search_engines_take_no_page_of_an_earlier_day(world: World):
    headers = (await world.client.get("/disclosure/", params={"on": str(DAY)})).headers
    assert "noindex" in headers["x-robots-tag"]
    assert headers["cache-control"].startswith("public, max-age=")


async def test_an_older_version_is_read_with_its_days_and_why_it_was_corrected(world: World):
    page = await text(world, f"{HERE}/versions/1")
    assert "十二项重点工作，已完成九项。其余按计划推进" in page
    assert f"{DAY} 起使用，至 {TODAY} 被更正" in page
    assert "漏计一项" in page
    newest = await text(world, f"{HERE}/versions/2")
    assert f"{TODAY} 起使用，现行版本" in newest
    assert "<del>已完成九项。</del><ins>已完成十项。</ins>" in newest
    assert f'href="{HERE}/versions/1"' in await text(world, HERE)


@pytest.mark.parametrize(
    ("item", "number", "status"),
    [(GOALS, "0", 404), (GOALS, "3", 404), (GOALS, "x", 404), (TAKEN, "1", 410), (OVER, "1", 410), (PARTY, "1", 404)],
)
async def test_there_is_no_version_of_what_is_not_shown(world: World, item: DisclosureId, number: str, status: int):
    answer = await world.client.get(f"/disclosure/items/{A}/{item}/versions/{number}")
    assert (answer.status_code, answer.headers["content-type"]) == (status, "text/html; charset=utf-8")


async def test_a_topic_has_a_feed_of_its_own(world: World):
    feed = etree.fromstring((await world.client.get("/disclosure/topics/education/feed.atom")).content)
    ids = [entry.findtext("a:id", "", ATOM).rpartition("/")[2] for entry in feed.findall("a:entry", ATOM)]
    assert ids == [STUDY]
    assert feed.findtext("a:id", "", ATOM).endswith("/disclosure/topics/education/feed.atom")
    assert (await world.client.get("/disclosure/topics/nothing/feed.atom")).status_code == 404


@pytest.mark.parametrize("address", ["/disclosure", f"/disclosure/branches/{A}", f"/disclosure/branches/{B}", "/disclosure/topics/goals"])
async def test_a_feed_has_what_rfc_4287_wants_and_is_as_new_as_what_is_in_it(world: World, address: str):
    feed = etree.fromstring((await world.client.get(f"{address}/feed.atom")).content)
    for one in (feed, *feed.findall("a:entry", ATOM)):
        assert [len(one.findall(f"a:{name}", ATOM)) for name in ("id", "title", "updated", "author")] == [1, 1, 1, 1]
        assert all(link.get("href", "").startswith("http") for link in one.findall("a:link", ATOM))
    own = dt.datetime.fromisoformat(feed.findtext("a:updated", "", ATOM))
    parts = [entry.findtext("a:updated", "", ATOM) for entry in feed.findall("a:entry", ATOM)]
    parts += [entry.get("when", "") for entry in feed.findall("at:deleted-entry", ATOM)]
    assert all(own >= dt.datetime.fromisoformat(part) for part in parts)


async def test_an_id_in_a_feed_outlives_a_correction_and_is_the_same_in_every_language(world: World):
    feeds = [etree.fromstring((await world.client.get("/disclosure/feed.atom", params=asked)).content) for asked in ({}, {"lang": "en"})]
    ids = [{one.text for one in feed.iterfind(".//a:id", ATOM)} for feed in feeds]
    assert ids[0] == ids[1]
    assert any(name.endswith(HERE) for name in ids[0])


@pytest.mark.parametrize("sign", ["\x00", "\x0b", "\x1f", "\ufffe", "\uffff"])
async def test_a_sign_that_xml_does_not_know_breaks_no_feed(sign: str):
    assert UNFIT.sub("", f"<a>甲{sign}乙\n\t\U0001f600</a>") == "<a>甲乙\n\t\U0001f600</a>"
