"""Secret ballots at the desk, on a phone too: vote, close, see the result; and what was chosen is on no page and in no address."""

import datetime as dt
import hashlib
import re
import uuid
from typing import Any

import httpx
import pytest
from msgspec.structs import replace
from playwright.async_api import Page, expect

from events.ballots import BallotId, BallotKind, BallotMethod
from service.bus import LOCAL
from service.decide.ballots.opening import OpenBallot
from tests.desk.conftest import Client, sign_in
from tests.desk.test_browser import HEADS, POINTERS, TWICE, UNLABELLED, UNNAMED, WIDER
from tests.desk.world import BRANCH, NAMES, PEOPLE, PROBING, World

pytestmark = pytest.mark.asyncio(loop_scope="module")
TODAY = dt.datetime.now(LOCAL).date()
LIST = f"/admin/b/{BRANCH}/ballots"


@pytest.fixture
def voters(world: World) -> list[str]:
    """Each member of the branch has an account; the secretary's is that of the first."""
    actors = world.people.actors
    actors["secretary"] = replace(actors["secretary"], person_id=PEOPLE[0])
    for person in PEOPLE[1:]:
        actors[person] = replace(actors["member"], id=person, login=person, person_id=person)
    return ["secretary", *PEOPLE[1:]]


async def opened(world: World, ballot_id: str, **changed: Any) -> str:
    told: dict[str, Any] = {"occurred_on": TODAY, "kind": BallotKind.MOTION, "title": PROBING, "ballot_id": BallotId(ballot_id)}
    await world.record(BRANCH, OpenBallot(**(told | changed)), ballot_id)
    return f"{LIST}/{ballot_id}"


async def send(client: httpx.AsyncClient, address: str, **fields: Any) -> httpx.Response:
    return await client.post(address, data={"key": str(uuid.uuid4()), **fields}, follow_redirects=True)


async def test_a_vote_is_cast_and_is_on_no_page_afterwards(client: Client, world: World, voters: list[str]):
    path = await opened(world, "d1", kind=BallotKind.ELECTION, candidates=PEOPLE[6:8], choices_max=1)
    voter = client(voters[1])
    assert "Your vote is asked for:" in (await voter.get(f"/admin/b/{BRANCH}/tasks")).text
    form = await voter.get(path)
    assert all(name in form.text for name in NAMES[6:8])
    assert "data-draft" not in form.text
    answer = await send(voter, f"{path}/vote", choice=PEOPLE[6])
    assert (answer.status_code, "Your paper is in the box." in answer.text) == (200, True)
    assert PEOPLE[6] not in str(answer.url)
    assert NAMES[6] in answer.text  # both candidates stand on the paper, neither is marked
    assert answer.text.replace(NAMES[6], NAMES[7]).count(NAMES[7]) == 2 * answer.text.count(NAMES[7])
    assert "checked" not in answer.text
    assert answer.headers["cache-control"] == "no-store"


async def test_it_is_opened_with_a_form_whose_options_stand_one_on_each_line(client: Client, world: World, voters: list[str]):
    form = f"/admin/b/{BRANCH}/do/open-ballot"
    assert 'placeholder="One on each line"' in (await client("secretary").get(form)).text
    fields = {
        "occurred_on": TODAY.isoformat(),
        "kind": "motion",
        "title": "地点",
        "method": "box",
        "electorate": "voters",
        "choices_max": "1",
    }
    wrong = await send(client("secretary"), form, **fields | {"options": "甲方案\r\n 甲方案 \r\n"})
    assert (wrong.status_code, "甲方案\n甲方案" in wrong.text or "甲方案\r\n 甲方案" in wrong.text) == (422, True)
    done = await send(
        client("secretary"), form, **fields | {"options": "甲方案\r\n\r\n乙方案", "ballot_id": "formed", "excluded": [PEOPLE[1]]}
    )
    assert done.status_code == 200
    paper = (await client("secretary").get(f"{LIST}/formed")).text
    assert ("甲方案" in paper, "乙方案" in paper, "0 / 8" in paper) == (True, True, True)


async def test_a_second_vote_is_refused_and_the_same_form_twice_is_one_vote(client: Client, world: World, voters: list[str]):
    path = await opened(world, "d2")
    voter, form = client(voters[1]), {"key": "one-form", "choice": "yes"}
    first, again = [await voter.post(f"{path}/vote", data=form) for _ in range(2)]
    assert (first.status_code, again.status_code) == (200, 200)
    second = await send(voter, f"{path}/vote", choice="no")
    assert (second.status_code, "INV-011" in second.text, "checked" in second.text) == (422, True, False)
    ballot = (await world.parts.books.read(BRANCH, "ballot-d2"))[1:]
    assert len(ballot) == 1


async def test_a_receipt_is_shown_once_and_finds_the_paper_in_the_published_list(client: Client, world: World, voters: list[str]):
    path = await opened(world, "d12")
    voter = client(voters[0])
    drawn = re.search(r'name="receipt" value="([0-9a-f]{32})"', (await voter.get(path)).text)
    assert drawn is not None
    mine = drawn[1]
    answer = await send(voter, f"{path}/vote", choice="no", receipt=mine)
    assert mine in answer.text
    assert mine not in (await voter.get(path)).text
    assert (await voter.get(f"{path}/vote")).headers["location"] == path
    without = await send(client(voters[1]), f"{path}/vote", choice="yes")
    assert "Your receipt" not in without.text
    assert (await send(client(voters[2]), f"{path}/vote", choice="yes", receipt="mine")).status_code == 422
    for login in voters[2:6]:
        await send(client(login), f"{path}/vote", choice="yes")
    closed = (await send(client("secretary"), f"{path}/close")).text
    assert re.search(rf"{mine}</th><td[^>]*>Against", closed)
    assert closed.count(">For</td>") == 5


async def test_an_empty_paper_comes_back_without_a_mark(client: Client, world: World, voters: list[str]):
    path = await opened(world, "d3")
    answer = await send(client(voters[1]), f"{path}/vote")
    assert (answer.status_code, "Please check what is marked" in answer.text) == (422, True)


async def test_an_account_without_a_person_has_no_vote(client: Client, world: World, voters: list[str]):
    path = await opened(world, "d4")
    assert "Put into the box" not in (await client("treasurer").get(path)).text
    answer = await send(client("treasurer"), f"{path}/vote", choice="yes")
    assert (answer.status_code, "so it has no vote" in answer.text) == (422, True)


async def test_only_whoever_runs_the_ballot_may_end_it(client: Client, world: World, voters: list[str]):
    path = await opened(world, "d5")
    for login in (voters[1], "treasurer", "officer", "auditor"):
        page = await client(login).get(path)
        assert (page.status_code, "Close the ballot" in page.text, "Not voted yet" in page.text) == (200, False, False)
        for way in ("close", "cancel", "count"):
            assert (await send(client(login), f"{path}/{way}", reason="x")).status_code == 404
    assert (await client("stranger").get(path)).status_code == 404
    assert (await client("secretary").get(f"{LIST}/nothing")).status_code == 404


async def test_whoever_runs_it_sees_who_has_not_voted_but_never_a_number(client: Client, world: World, voters: list[str]):
    path = await opened(world, "d6")
    await send(client(voters[1]), f"{path}/vote", choice="no")
    page = (await client("secretary").get(path)).text
    waiting = re.search(r'id="not-yet">.*?</section>', page, re.DOTALL)
    assert waiting is not None
    assert ([name in waiting[0] for name in NAMES[:3]], "1 / 9" in page, "Result" in page) == ([True, False, True], True, False)


async def test_the_result_is_shown_with_the_box_to_recount(client: Client, world: World, voters: list[str]):
    path = await opened(world, "d7")
    for login, choice in zip(voters, ["yes"] * 5 + ["no"], strict=False):
        await send(client(login), f"{path}/vote", choice=choice)
    closed = await send(client("secretary"), f"{path}/close")
    assert "The ballot is closed." in closed.text
    assert re.findall(r'<tr><th scope="row">(\S+)</th><td class="nowrap">(\d)', closed.text) == [
        ("For", "5"),
        ("Against", "1"),
        ("Abstain", "0"),
    ]
    box = await client(voters[1]).get(f"{path}/box")
    assert hashlib.sha256(box.content).hexdigest() in closed.text
    assert box.headers["content-disposition"] == 'attachment; filename="box.json"'


async def test_below_five_papers_the_page_says_why_there_are_no_numbers(client: Client, world: World, voters: list[str]):
    path = await opened(world, "d8")
    for login in voters[:4]:
        await send(client(login), f"{path}/vote", choice="yes")
    before = (await client("secretary").get(path)).text
    assert "With fewer than 5 papers the numbers are shown to nobody" in before
    closed = await send(client("secretary", "zh"), f"{path}/close")
    assert "投票不足5人" in closed.text
    assert "Votes" not in closed.text
    assert "<meter" not in closed.text
    assert (await client("secretary").get(f"{path}/box")).status_code == 404


async def test_a_ballot_is_declared_void_with_a_reason(client: Client, world: World, voters: list[str]):
    path = await opened(world, "d9")
    assert (await send(client("secretary"), f"{path}/cancel", reason=" ")).status_code == 422
    void = await send(client("secretary"), f"{path}/cancel", reason="选项有误")
    assert ("The ballot is void." in void.text, "选项有误" in void.text) == (True, True)
    late = await send(client(voters[1]), f"{path}/vote", choice="yes")
    assert "This ballot is not open for that any more." in late.text


async def test_a_count_on_paper_is_recorded_and_a_wrong_one_stays_in_the_form(client: Client, world: World, voters: list[str]):
    path = await opened(world, "d10", method=BallotMethod.PAPER)
    fields = {
        "issued": "9", "returned": "8", "valid": "7", "invalid": "0", "votes:yes": "6", "votes:no": "1",
        "chief_teller": PEOPLE[3], "tellers": [PEOPLE[4]],
    }  # fmt: skip
    wrong = await send(client("secretary"), f"{path}/count", **fields)
    assert (wrong.status_code, "INV-031" in wrong.text, 'name="valid" inputmode="numeric" autocomplete="off" value="7"' in wrong.text) == (
        422,
        True,
        True,
    )
    assert (await send(client("secretary"), f"{path}/count", **(fields | {"valid": "many"}))).status_code == 422
    done = await send(client("secretary"), f"{path}/count", **(fields | {"invalid": "1"}))
    assert ("The count is recorded." in done.text, NAMES[3] in done.text, ">6 <meter" in done.text) == (True, True, True)


async def test_a_member_votes_on_a_phone_and_the_secretary_closes_at_the_desk(page: Page, world: World, voters: list[str]):
    path = await opened(world, "d11", title="年度预算")
    await page.set_viewport_size({"width": 390, "height": 844})
    await sign_in(page, voters[2])
    await page.get_by_role("link", name="年度预算").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("年度预算")
    await page.get_by_label("反对").check()
    assert await page.evaluate(WIDER) <= 0
    await page.get_by_role("button", name="投入票箱").click()
    await expect(page.get_by_role("status")).to_have_text("选票已投入票箱。")
    assert await page.evaluate("() => JSON.stringify(localStorage)") == "{}"
    assert "反对" not in page.url
    await page.go_back()
    await expect(page.get_by_role("button", name="投入票箱")).to_have_count(0)
    await page.get_by_role("button", name="退出").first.click()
    await sign_in(page, "secretary")
    await page.goto(path)
    await page.get_by_text("结束投票…").click()
    await page.get_by_role("button", name="结束并计票").click()
    await expect(page.get_by_role("status")).to_have_text("投票已结束。")
    await expect(page.get_by_text("投票不足5人")).to_be_visible()


@pytest.mark.parametrize(("width", "lang"), [(390, "zh"), (390, "en"), (1280, "zh")])
async def test_the_pages_fit_are_labelled_and_escape_what_was_typed(page: Page, world: World, voters: list[str], width: int, lang: str):
    await page.set_viewport_size({"width": width, "height": 844})
    await sign_in(page, "secretary")
    await page.context.add_cookies([{"name": "lang", "value": lang, "url": world.url}])
    paper = await opened(world, f"paper-{width}-{lang}", method=BallotMethod.PAPER)
    shown = await opened(world, f"box-{width}-{lang}", kind=BallotKind.ELECTION, candidates=PEOPLE[:6], choices_max=3)
    for address in (LIST, f"{LIST}/d7", f"{LIST}/d8", f"{LIST}/d9", f"{LIST}/d10", paper, shown):
        await page.goto(address)
        for check in (UNLABELLED, UNNAMED, TWICE, HEADS, POINTERS):
            assert (address, await page.evaluate(check)) == (address, [])
        assert (address, await page.evaluate(WIDER)) == (address, 0)
        assert await page.evaluate("() => document.body.id") != "xss"
