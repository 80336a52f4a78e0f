"""A branch clerk's day in a real browser: by mouse and by keyboard, on a desk and on a phone, in Chinese and in English."""

import datetime as dt
from collections.abc import Iterable

import pytest
from playwright.async_api import Page, expect

from projections.standard.pack import default_pack
from service.bus import LOCAL
from tests.desk.conftest import sign_in
from tests.desk.world import BRANCH, COMMITTEE, NAMES

pytestmark = pytest.mark.asyncio(loop_scope="module")

TODAY = dt.datetime.now(LOCAL).date()
PAGES = (
    "/admin/login",
    f"/admin/b/{BRANCH}/tasks",
    f"/admin/b/{BRANCH}/do",
    f"/admin/b/{BRANCH}/do/record-meeting-held",
    f"/admin/b/{BRANCH}/do/register-member",
    f"/admin/b/{BRANCH}/do/seat-committee",
    f"/admin/b/{BRANCH}/do/vote-on-motion",
    f"/admin/b/{BRANCH}/ledgers",
    f"/admin/b/{BRANCH}/ledgers/L01/roll",
    f"/admin/b/{BRANCH}/ledgers/L02/meetings",
    f"/admin/b/{BRANCH}/ledgers/L04/dues-payments",
    f"/admin/b/{BRANCH}/members",
    f"/admin/b/{BRANCH}/history",
    f"/admin/b/{BRANCH}/receipt/1-5",
    f"/admin/b/{BRANCH}/import",
    f"/admin/b/{BRANCH}/documents",
    f"/admin/b/{BRANCH}/upload",
    "/admin/inbox",
    "/admin/inbox/settings",
    "/admin/ledger-row/list",
    "/admin/checkpoint/list",
    "/admin/nothing-here",
)

SCORES = (
    f"/admin/b/{COMMITTEE}/scores/{TODAY.year}",
    f"/admin/b/{COMMITTEE}/scores/{TODAY.year}?sort=total&places=on",
    f"/admin/b/{BRANCH}/scores/{TODAY.year}",
    f"/admin/b/{BRANCH}/do/enter-assessment-score?year={TODAY.year}&component=routine",
    "/admin/what-if",
    f"/admin/what-if?pack={default_pack().standard.version}",
)

UNLABELLED = """() => [...document.querySelectorAll('input:not([type=hidden]), select, textarea')]
    .filter((f) => !(f.labels && f.labels.length) && !f.getAttribute('aria-label')).map((f) => f.outerHTML)"""
UNNAMED = """() => [...document.querySelectorAll('a, button')].filter((e) => !e.hidden && !e.textContent.trim()
    && !e.getAttribute('aria-label')).map((e) => e.outerHTML)"""
TWICE = "() => { const ids = [...document.querySelectorAll('[id]')].map((e) => e.id); return ids.filter((id, n) => ids.indexOf(id) !== n) }"
HEADS = "() => [...document.querySelectorAll('th')].filter((th) => !th.getAttribute('scope')).map((th) => th.outerHTML)"
POINTERS = """() => [...document.querySelectorAll('[aria-describedby]')].flatMap((e) => e.getAttribute('aria-describedby').split(' '))
    .filter((id) => !document.getElementById(id))"""
WIDER = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


async def test_a_meeting_is_recorded_with_two_absentees_and_stands_in_its_register(page: Page):
    await sign_in(page, "secretary")
    await expect(page.get_by_role("heading", level=1)).to_have_text("我的待办")
    await page.get_by_role("link", name="记录会议").first.click()
    await page.get_by_label("发生日期").fill((TODAY - dt.timedelta(days=4)).isoformat())
    await expect(page.locator("[data-must]")).to_have_text("补录：发生 4 天后登记，两个日期都会保留。")
    await page.get_by_label("会议类别").select_option(label="党员大会")
    await page.get_by_label("主题").fill("讨论接收预备党员")
    await page.get_by_label("主持人").select_option(label=NAMES[0])
    await page.get_by_label("记录人").select_option(label=NAMES[2])
    await page.locator("#f-absent").get_by_text("选择人员").click()
    for name in NAMES[5:7]:
        await page.locator("#f-absent").get_by_label(name).check()
    await expect(page.locator("[data-roll]")).to_contain_text("应到 9 实到 7；有表决权到会 7／应到会 9。")
    await expect(page.locator("[data-roll]")).to_contain_text("选举须达 4/5：未达")
    await page.get_by_role("button", name="登记", exact=True).click()
    await expect(page.locator("#wrong")).to_be_focused()
    await expect(page.locator("#f-notice_sent_on-error")).to_contain_text("INV-018")
    await page.get_by_label("通知日期").fill((TODAY - dt.timedelta(days=6)).isoformat())
    await page.get_by_role("button", name="登记", exact=True).click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("登记回执")
    await page.get_by_role("link", name="三会一课记录").click()
    row = page.locator("tbody tr", has_text="党员大会").last
    await expect(row).to_contain_text("、".join(sorted(NAMES[5:7], key=NAMES.index)))
    await expect(row).to_contain_text("补录")


async def test_dues_that_break_a_rule_are_refused_beside_the_field_and_then_paid(page: Page):
    await sign_in(page, "secretary")
    await page.locator("#dues + ul a").first.click()
    await expect(page.locator("#f-person_id")).not_to_have_value("")
    await page.get_by_label("收款人").select_option(label=NAMES[0])
    await page.get_by_label("金额").fill("0")
    await page.get_by_role("button", name="登记", exact=True).click()
    await expect(page.locator("#f-amount_fen-error")).to_contain_text("INV-058")
    await page.get_by_label("金额").fill("8.50")
    await page.get_by_role("button", name="登记", exact=True).click()
    await expect(page.get_by_role("main")).to_contain_text("8.50")
    await page.get_by_role("button", name="English").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Receipt")
    assert await page.locator("html").get_attribute("lang") == "en"


async def test_the_whole_way_by_keyboard(page: Page):
    await expect(page.locator("#login")).to_be_focused()
    await page.keyboard.type("secretary")
    await page.keyboard.press("Tab")
    await page.keyboard.type("a long enough password")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", level=1)).to_have_text("我的待办")
    await page.keyboard.press("Tab")
    await expect(page.locator(".skip")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.locator("#content")).to_be_focused()
    await page.goto(f"/admin/b/{BRANCH}/do/assign-member-to-group")
    await page.get_by_label("发生日期").focus()
    for _ in range(12):
        await page.keyboard.press("Tab")
        if await page.evaluate("document.activeElement.name") == "person_id":
            break
    await page.keyboard.type(NAMES[1])
    await page.keyboard.press("Tab")
    await page.keyboard.press("ArrowDown")
    assert await page.evaluate("document.activeElement.selectedIndex") > 0
    assert await page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"


async def test_a_draft_survives_a_reload_and_leaves_when_it_is_saved_or_somebody_signs_out(page: Page):
    await sign_in(page, "secretary")
    form = f"/admin/b/{BRANCH}/do/register-member"
    await page.goto(form)
    await page.get_by_label("姓名").fill("试写")
    await page.get_by_label("公民身份号码").fill("110101199001010000")
    await page.goto(form)
    await expect(page.get_by_label("姓名")).to_have_value("试写")
    await expect(page.get_by_label("公民身份号码")).to_have_value("")
    await page.get_by_role("button", name="退出").click()
    await expect(page.locator("[data-signed-out]")).to_be_visible()
    await page.wait_for_function("Object.keys(localStorage).length === 0")


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("width", [375, 1280])
async def test_every_page_fits_has_labels_and_runs_no_text_of_others(page: Page, lang: str, width: int):
    await page.set_viewport_size({"width": width, "height": 800})
    await page.context.add_cookies([{"name": "lang", "value": lang, "url": page.url}])
    await sign_in(page, "secretary")
    await _fits(page, PAGES, lang)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("width", [375, 1280])
async def test_the_committees_pages_of_scores_fit_too(page: Page, lang: str, width: int):
    await page.set_viewport_size({"width": width, "height": 800})
    await page.context.add_cookies([{"name": "lang", "value": lang, "url": page.url}])
    await sign_in(page, "officer")
    await _fits(page, SCORES, lang)


async def _fits(page: Page, paths: Iterable[str], lang: str) -> None:
    for path in paths:
        answer = await page.goto(path)
        assert answer is not None
        await page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")
        found = {
            "wider": await page.evaluate(WIDER),
            "unlabelled": await page.evaluate(UNLABELLED),
            "unnamed": await page.evaluate(UNNAMED),
            "twice": await page.evaluate(TWICE),
            "heads": await page.evaluate(HEADS),
            "pointers": await page.evaluate(POINTERS),
            "xss": await page.locator("#xss").count(),
            "h1": await page.locator("h1").count(),
            "lang": await page.locator("html").get_attribute("lang"),
        }
        fine = {"wider": 0, "unlabelled": [], "unnamed": [], "twice": [], "heads": [], "pointers": [], "xss": 0, "h1": 1}
        assert found == fine | {"lang": {"zh": "zh-CN", "en": "en"}[lang]}, path


async def test_the_menu_opens_on_a_phone(page: Page):
    await page.set_viewport_size({"width": 375, "height": 700})
    await sign_in(page, "secretary")
    ledgers = page.locator("#menu").get_by_role("link", name="台账", exact=True)
    await expect(ledgers).to_be_hidden()
    await page.get_by_role("button", name="菜单").click()
    await ledgers.click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("台账")
