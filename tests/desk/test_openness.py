"""Openness at the desk: each item for its own eyes, and a way from the item's procedure and row to its page for the public."""

import datetime as dt
from typing import Any

import pytest
import pytest_asyncio

from events.base import OrgId
from events.disclosure import (
    AnswerKind,
    DisclosureId,
    DisclosureScope,
    DisclosureSubject,
    DisclosureWay,
    FeedbackId,
    FeedbackKind,
    Retention,
    Secrecy,
    TakenDown,
)
from service.bus import LOCAL
from service.decide.disclosure.approval import AdoptDisclosureCatalogue, DecideDisclosure, ProposeDisclosure, ReviewDisclosure
from service.decide.disclosure.publishing import AnswerFeedback, CorrectDisclosure, PublishDisclosure, ReceiveFeedback, WithdrawDisclosure
from tests.desk.conftest import Client
from tests.desk.world import BRANCH, NAMES, PEOPLE, World

pytestmark = pytest.mark.asyncio(loop_scope="module")
HERE = f"/admin/b/{BRANCH}"
TODAY = dt.datetime.now(LOCAL).date()
SCOPES = {
    DisclosureScope.SOCIETY: "向社会",
    DisclosureScope.PARTY: "党内可看",
    DisclosureScope.UNIT: "本单位可看",
    DisclosureScope.SPECIFIC: "特定可看",
    DisclosureScope.BRANCH: "本支部可看",
}


@pytest_asyncio.fixture(scope="module", loop_scope="module", autouse=True)
async def disclosed(world: World):
    """One item for each audience; the one for society with an answered opinion."""
    for scope, title in SCOPES.items():
        await disclose(world, BRANCH, scope, title)
    said = ReceiveFeedback(
        occurred_on=TODAY,
        kind=FeedbackKind.OPINION,
        item_id=DisclosureId("society"),
        given_by=PEOPLE[5],
        content=f"{NAMES[5]}建议附表",
        feedback_id=FeedbackId("v1"),
    )
    answer = AnswerFeedback(
        occurred_on=TODAY,
        feedback_id=FeedbackId("v1"),
        item_id=DisclosureId("society"),
        answer=AnswerKind.TAKEN_UP,
        content="已附表",
        answered_by=PEOPLE[0],
    )
    await world.record(BRANCH, said, "said")
    await world.record(BRANCH, answer, "answer")


async def disclose(world: World, org: OrgId, scope: DisclosureScope, title: str, name: str = "", **more: Any) -> None:
    item = DisclosureId(name or scope.value)
    told: dict[str, Any] = more | ({"audience": "第一党小组"} if scope is DisclosureScope.SPECIFIC else {})
    proposal = ProposeDisclosure(
        occurred_on=TODAY,
        item_id=item,
        subject=DisclosureSubject.EDUCATION,
        title=title,
        content=f"{title}的内容",
        scope=scope,
        ways=(DisclosureWay.BOARD,),
        retention=Retention.PERIODIC,
        proposer=PEOPLE[0],
        **told,
    )
    review = ReviewDisclosure(occurred_on=TODAY, item_id=item, reviewer=PEOPLE[1], passed=True, secrecy_checked=True, secrecy=Secrecy.OPEN)
    decision = DecideDisclosure(occurred_on=TODAY, item_id=item, approver=PEOPLE[2], granted=True)
    for command in (proposal, review, decision, PublishDisclosure(occurred_on=TODAY, item_id=item)):
        await world.record(org, command, f"{item}-{type(command).__name__}")


@pytest.mark.parametrize(
    ("login", "address", "scopes"),
    [
        ("secretary", HERE, {"向社会", "党内可看", "本单位可看", "特定可看", "本支部可看"}),
        ("member", HERE, {"向社会", "党内可看", "本单位可看", "本支部可看"}),
        ("officer", HERE, {"向社会", "党内可看", "本单位可看", "特定可看"}),
        ("auditor", HERE, {"向社会", "党内可看", "本单位可看", "特定可看"}),
        ("stranger", "/admin/b/B2", {"向社会", "党内可看"}),
    ],
)
async def test_each_item_is_for_its_own_eyes(client: Client, login: str, address: str, scopes: set[str]):
    page = (await client(login).get(f"{address}/openness?from=all")).text
    assert {title for title in SCOPES.values() if title in page} == scopes


async def test_another_branch_has_its_own_page_and_nobody_without_a_session(client: Client):
    assert "Nothing is disclosed to you just now" in (await client("stranger").get("/admin/b/B2/openness")).text
    assert (await client("stranger").get(f"{HERE}/openness")).status_code == 404
    assert (await client().get(f"{HERE}/openness")).status_code == 303


async def test_a_branch_has_an_address_of_its_own(client: Client):
    answer = await client("member").get(HERE)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{HERE}/tasks")
    assert (await client("stranger").get(HERE)).status_code == 404


async def test_answered_feedback_stands_there_without_names(client: Client):
    page = (await client("member").get(f"{HERE}/openness")).text
    assert ("＊＊＊建议附表" in page, "已附表" in page) == (True, True)


async def test_the_way_to_the_page_for_the_public(client: Client, world: World):
    one, public = client("secretary"), f"/disclosure/items/{BRANCH}/society"
    procedure, register = f"{HERE}/procedures/disclosure/society", f"{HERE}/ledgers/L05/disclosure"
    assert f'href="{public}"' in (await one.get(procedure)).text
    page = (await one.get(register)).text
    assert page.count("/disclosure/items/") == 1
    assert f'href="{public}"' in page
    withdrawal = WithdrawDisclosure(occurred_on=TODAY, item_id=DisclosureId("society"), ground=TakenDown.WITHDRAWN, reason="有误")
    await world.record(BRANCH, withdrawal, "withdrawn")
    assert "/disclosure/items/" not in (await one.get(procedure)).text + (await one.get(register)).text


async def test_who_works_on_it_sees_what_is_on_its_way_and_which_line_of_the_catalogue_waits(client: Client, world: World):
    catalogue = AdoptDisclosureCatalogue(
        occurred_on=TODAY,
        year=TODAY.year,
        subjects=(DisclosureSubject.DECISIONS, DisclosureSubject.GOALS, DisclosureSubject.EDUCATION, DisclosureSubject.OTHER),
        entries=("党员教育", "其他事项"),
    )
    await world.record(BRANCH, catalogue, "catalogue")
    await disclose(world, BRANCH, DisclosureScope.PARTY, "目录内事项", name="listed", catalogue_entry="党员教育")
    waiting = ProposeDisclosure(
        occurred_on=TODAY,
        item_id=DisclosureId("waiting"),
        subject=DisclosureSubject.OTHER,
        title="尚待审核",
        content="内容",
        scope=DisclosureScope.SOCIETY,
        ways=(DisclosureWay.BOARD,),
        retention=Retention.PERIODIC,
        proposer=PEOPLE[0],
    )
    await world.record(BRANCH, waiting, "waiting")
    mine = (await client("secretary").get(f"{HERE}/openness")).text
    theirs = (await client("member").get(f"{HERE}/openness")).text
    assert ("尚待审核" in mine, "尚待审核" in theirs) == (True, False)
    assert ("do/correct-disclosure?item_id=listed" in mine, "do/correct-disclosure" in theirs) == (True, False)
    assert ("catalogue_entry=%E5%85%B6%E4%BB%96%E4%BA%8B%E9%A1%B9" in mine, "do/propose-disclosure" in theirs) == (True, False)
    for page in (mine, theirs):
        assert "1 entry without an item" in page
    form = (await client("secretary").get(f"{HERE}/do/propose-disclosure")).text
    assert '<datalist id="f-catalogue_entry-list"><option value="党员教育"><option value="其他事项"></datalist>' in form


async def test_an_earlier_version_is_told_with_its_days_and_why(client: Client, world: World):
    correction = CorrectDisclosure(
        occurred_on=TODAY,
        item_id=DisclosureId("party"),
        content="更正后的内容",
        reason="漏计一次",
        secrecy_checked=True,
        secrecy=Secrecy.OPEN,
        reviewer=PEOPLE[1],
        approver=PEOPLE[2],
    )
    await world.record(BRANCH, correction, "correction")
    page = (await client("member").get(f"{HERE}/openness")).text
    assert all(text in page for text in ("更正后的内容", "党内可看的内容", "漏计一次", "Earlier versions"))
