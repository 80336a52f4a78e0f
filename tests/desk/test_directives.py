"""Directives on the desk: issued, urged from what is overdue, delivered, dealt with in the branch, decided; what waits for approval."""

import datetime as dt
import re
from urllib.parse import parse_qs, urlsplit

import asyncpg
import httpx
import pytest
import pytest_asyncio

from admin.inbox import _line
from events.admission import ApplicantSex
from events.base import AdmissionId
from events.directives import AnswerId, DirectiveId, DirectiveKind
from events.elections import ElectionId, ElectionKind, Matter
from events.store.postgres import dsn
from projections.query_directives import DirectiveViews
from service.auth.rights import Right
from service.decide.admission.applications import ReceiveApplication
from service.decide.catalog import CASES
from service.decide.directives.branch import AnswerDirective, SignForDirective
from service.decide.directives.superior import IssueDirective, ReturnAnswer
from service.decide.elections.opening import OpenElection
from service.decide.elections.requests import SubmitElectionRequest
from service.decide.obligations import RaiseObligation
from service.decide.procedure import Progress
from service.jobs.delivery import deliver_all
from service.procedures import Stage, standings
from service.reminders.inbox import Line
from service.reminders.notices import Kind
from tests.desk.conftest import Client
from tests.desk.test_browser import TODAY
from tests.desk.world import BRANCH, COMMITTEE, OTHER, World

pytestmark = pytest.mark.asyncio(loop_scope="module")
W1 = DirectiveId("w1")
SOON = TODAY + dt.timedelta(days=20)
HERE = f"/admin/b/{BRANCH}/directives"
PLAN = "关于制定年度工作计划的通知"
HIDDEN = re.compile(r'name="key" value="([^"]+)"')


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def told(world: World) -> World:
    """Work assigned to both branches, delivered, answered by the first."""
    issuing = IssueDirective(
        occurred_on=TODAY,
        directive_id=W1,
        kind=DirectiveKind.WORK,
        number="示委〔2026〕8号",
        title=PLAN,
        text="请报送年度工作计划。",
        answer_by=SOON,
        to_all=True,
    )
    await world.record(COMMITTEE, issuing, "issue")
    assert await deliver_all(world.people._engine, world.parts.bus, dt.datetime.now(dt.UTC), lambda: False) == 2
    await world.record(BRANCH, SignForDirective(occurred_on=TODAY, directive_id=W1), "sign")
    answer = AnswerDirective(occurred_on=TODAY, directive_id=W1, answer_id=AnswerId("a1"), text="<b>计划</b>已报送。")
    await world.record(BRANCH, answer, "answer")
    return world


async def test_the_pages_of_the_committee_exist_for_its_officers_and_auditors_only(client: Client, told: World):
    for path in ("directives", "directives/w1", "waiting"):
        answers = {
            login: (await client(login).get(f"/admin/{path}")).status_code for login in ("officer", "auditor", "secretary", "member")
        }
        assert answers == {"officer": 200, "auditor": 200, "secretary": 404, "member": 404}
    assert (await client("officer").get("/admin/directives/none")).status_code == 404


async def test_the_list_tells_how_far_the_branches_are(client: Client, told: World):
    page = (await client("officer").get("/admin/directives")).text
    assert PLAN in page
    assert "Delivered 2 · Signed for 1 · Answered 1" in page
    assert f"/admin/b/{COMMITTEE}/do/issue-directive" in page
    assert "do/issue-directive" not in (await client("auditor").get("/admin/directives")).text


async def test_branch_by_branch_with_the_answer_and_both_decisions(client: Client, told: World):
    page = (await client("officer").get("/admin/directives/w1")).text
    assert page.index("第一党支部") < page.index("第二党支部")
    assert "&lt;b&gt;计划&lt;/b&gt;已报送。" in page
    assert f"/admin/b/{BRANCH}/do/accept-answer?directive_id=w1&amp;answer_id=a1" in page
    assert f"/admin/b/{BRANCH}/do/return-answer?directive_id=w1&amp;answer_id=a1" in page
    assert "do/accept-answer" not in (await client("auditor").get("/admin/directives/w1")).text
    waiting, late = [(await client("officer").get(f"/admin/directives/w1?show={one}")).text for one in ("delivered", "overdue")]
    assert ("第二党支部</a>" in waiting, "第一党支部</a>" in waiting) == (True, False)
    assert "No branch is at this point." in late


async def test_the_branch_sees_its_own_and_what_comes_next(client: Client, told: World):
    assert PLAN in (await client("secretary").get(HERE)).text
    own = (await client("secretary").get(f"{HERE}/w1")).text
    assert f"/admin/b/{BRANCH}/do/withdraw-directive-step?directive_id=w1" in own
    assert "do/answer-directive" not in own
    other = (await client("stranger").get(f"/admin/b/{OTHER}/directives/w1")).text
    assert f'class="button primary" href="/admin/b/{OTHER}/do/sign-for-directive?directive_id=w1"' in other
    assert (await client("stranger").get(f"{HERE}/w1")).status_code == 404
    assert (await client("member").get(HERE)).status_code == 404
    assert (await client("officer").get(f"/admin/b/{COMMITTEE}/directives")).headers["location"] == "/admin/directives"


async def test_the_task_is_called_by_the_directive_and_leads_to_the_form_that_is_filled_in(client: Client, told: World):
    duty = RaiseObligation(
        occurred_on=TODAY, obligation_id="DL-61.2:w1", deadline="DL-61.2", task="N09.T04", subject="w1", due_on=TODAY + dt.timedelta(days=3)
    )
    await told.record(OTHER, duty, "raise")
    tasks = (await client("stranger").get(f"/admin/b/{OTHER}/tasks")).text
    assert f"A directive of the superior is signed for 示委〔2026〕8号 {PLAN}" in tasks
    assert f"/admin/b/{OTHER}/do/sign-for-directive?directive_id=w1" in tasks
    form = (await client("stranger").get(f"/admin/b/{OTHER}/do/sign-for-directive?directive_id=w1")).text
    assert '<option value="w1" selected>' in form
    assert PLAN in form or "示委〔2026〕8号" in form


async def test_the_inbox_calls_it_so_too_and_leads_to_it(told: World):
    now = dt.datetime.now(dt.UTC)
    line = Line(
        kind=Kind.REMINDED,
        org_id=OTHER,
        thing="DL-61.2:w1",
        about="",
        due_on=TODAY,
        said_at=now,
        position=1,
        event_id="e1",
        unread=True,
        over=False,
    )
    titles = await DirectiveViews(told.people._engine, lambda name: name).titles([OTHER])
    shown = _line(line, {}, {name: title for name, (_, title) in titles.items()}, {}, titles)
    assert (PLAN in shown.title, shown.to) == (True, f"/admin/b/{OTHER}/directives/w1")


async def test_what_waits_stands_on_one_page_the_longest_first(client: Client, told: World):
    page = (await client("officer").get("/admin/waiting")).text
    assert f"{HERE}/w1" in page
    assert f"/admin/b/{BRANCH}/do/return-answer?directive_id=w1&amp;answer_id=a1" in page
    assert "do/return-answer" not in (await client("auditor").get("/admin/waiting")).text
    assert "待批事项" in (await client("officer", lang="zh").get("/admin/waiting")).text


async def test_every_step_of_a_procedure_that_is_the_superior_s_turn_is_there_and_no_other(client: Client, told: World):
    case = ElectionId("e1")
    await told.record(BRANCH, OpenElection(occurred_on=TODAY, kind=ElectionKind.TERM, election_id=case), "open-election")
    request = SubmitElectionRequest(occurred_on=TODAY, election_id=case, matter=Matter.FIRST, document_no="1")
    await told.record(BRANCH, request, "submit-election-request")
    application = ReceiveApplication(
        occurred_on=TODAY,
        admission_id=AdmissionId("p9"),
        name="新申请人",
        sex=ApplicantSex.FEMALE,
        nationality="01",
        born_on=dt.date(1990, 1, 1),
        education="21",
    )
    await told.record(BRANCH, application, "receive-application")
    page = (await client("officer").get("/admin/waiting")).text
    look = re.findall(rf"/admin/b/{BRANCH}/procedures/([^\"]+)", page)
    found = await standings(told.parts.bus, told.parts.books, BRANCH, TODAY)
    mine = [one for one in found for step in one.steps if _of_superior(step, TODAY)]
    assert sorted(look) == sorted(f"{one.kind}/{one.subject}" for one in mine) == ["election/e1"]
    for command in ("approve-election-request", "return-election-request"):
        assert f"/admin/b/{BRANCH}/do/{command}?election_id=e1&amp;matter={Matter.FIRST.value}" in page
    assert "procedures/" not in (await client("officer").get("/admin/waiting?kind=directive")).text
    assert f"{HERE}/w1" not in (await client("officer").get("/admin/waiting?kind=election")).text


def _of_superior(step: Stage, today: dt.date) -> bool:
    due = step.earliest is None or step.earliest <= today
    return step.progress is Progress.OPEN and due and CASES[step.command or ""].right is Right.SUPERIOR_WRITE


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def overdue(told: World, module_database_url: str) -> None:
    """Three overdue duties, one of them of the superior."""
    owner = await asyncpg.connect(dsn(module_database_url))
    insert = "insert into views.obligation (org_id, obligation_id, deadline, task, period, due_on, raised_on) values ($1, $2, $3, $4, $5, $6, $6)"
    january = dt.date(TODAY.year, 1, 1)
    for org, name, deadline, task in (
        (BRANCH, f"DL-07:{TODAY.year}-Q1", "DL-07", "N09.T01"),
        (OTHER, f"DL-01:{TODAY.year}-01", "DL-01", "N01.T01"),
        (OTHER, "DL-20:case", "DL-20", "N14.T03"),
    ):
        await owner.execute(insert, org, name, deadline, task, f"{TODAY.year}-Q1", january)
    await owner.close()


def asked(answer: httpx.Response) -> dict[str, list[str]]:
    assert answer.status_code == 303
    assert urlsplit(answer.headers["location"]).path == f"/admin/b/{COMMITTEE}/do/issue-directive"
    return parse_qs(urlsplit(answer.headers["location"]).query)


async def test_what_is_overdue_in_chosen_branches_fills_the_form_of_the_urging(client: Client, overdue: None):
    officer = client("officer")
    grid = (await officer.get(f"/admin/grid?year={TODAY.year}")).text
    assert f'form="urge" name="org" value="{BRANCH}"' in grid
    given = asked(await officer.get(f"/admin/urge?year={TODAY.year}&org={BRANCH}&org={OTHER}&org=stranger"))
    assert given["kind"] == ["urging"]
    assert sorted(given["obligations"]) == [f"{BRANCH}/DL-07:{TODAY.year}-Q1", f"{OTHER}/DL-01:{TODAY.year}-01"]
    assert sorted(given["addressees"]) == [BRANCH, OTHER]
    assert "第一党支部" in given["text"][0]
    assert dt.date.fromisoformat(given["answer_by"][0]) > TODAY


async def test_of_one_norm_only_from_its_page(client: Client, overdue: None):
    officer = client("officer")
    page = (await officer.get(f"/admin/b/{BRANCH}/norms/N09?year={TODAY.year}")).text
    link = f"/admin/urge?org={BRANCH}&amp;norm=N09&amp;year={TODAY.year}"
    assert link in page
    assert "/admin/urge" not in (await client("secretary").get(f"/admin/b/{BRANCH}/norms/N09?year={TODAY.year}")).text
    given = asked(await officer.get(link.replace("&amp;", "&")))
    assert given["obligations"] == [f"{BRANCH}/DL-07:{TODAY.year}-Q1"]
    for login in ("auditor", "secretary", "member"):
        assert (await client(login).get(link.replace("&amp;", "&"))).status_code == 404


async def test_the_filled_form_is_sent_and_issues_the_urging(client: Client, overdue: None):
    officer = client("officer")
    answer = await officer.get(f"/admin/urge?org={BRANCH}&year={TODAY.year}")
    form = (await officer.get(answer.headers["location"])).text
    key = HIDDEN.search(form)
    assert key is not None
    sent = {**asked(answer), "occurred_on": [TODAY.isoformat()], "number": ["示督〔2026〕1号"], "key": [key[1]]}
    done = await officer.post(f"/admin/b/{COMMITTEE}/do/issue-directive", data=sent)
    assert done.status_code == 303
    assert "示督〔2026〕1号" in (await officer.get("/admin/directives")).text


async def test_a_returned_answer_is_said_in_the_branch_with_its_reason_and_new_day(client: Client, told: World):
    later = SOON + dt.timedelta(days=10)
    returning = ReturnAnswer(occurred_on=TODAY, directive_id=W1, reason="缺少责任分工", answer_by=later)
    await told.record(BRANCH, returning, "return")
    page = (await client("secretary").get(f"{HERE}/w1")).text
    assert ("缺少责任分工" in page, later.isoformat() in page) == (True, True)
    assert f'class="button primary" href="/admin/b/{BRANCH}/do/table-directive?directive_id=w1"' in page
    assert f"{HERE}/w1" not in (await client("officer").get("/admin/waiting")).text
