"""What a branch handed up comes back with a reason: the superior's page offers it, the branch reads why, hands in anew, and it waits again."""

import re
from typing import Any

import pytest
import pytest_asyncio

from events.assessment import AssessmentEntryId, Component
from events.base import PersonId
from events.debriefing import ProblemId
from events.dues import IncomeKind
from service.decide.assessment.branch import PlanRectification
from service.decide.assessment.results import AcceptRectification
from service.decide.assessment.scores import EnterAssessmentScore, GradeBranch, OpenAssessmentYear
from service.decide.debriefing.meetings import PlanDebriefingProblem, ReportToSuperior
from service.decide.debriefing.preparation import ApproveDebriefingReport, DraftDebriefingReport, SubmitDebriefingReport
from service.decide.dues.assessment import AssessDuesBase
from service.decide.dues.requests import RequestDuesReduction
from tests.desk.conftest import Client
from tests.desk.test_browser import TODAY
from tests.desk.world import BRANCH, PEOPLE, World

pytestmark = pytest.mark.asyncio(loop_scope="module")
HERE = f"/admin/b/{BRANCH}"
WAITING = "/admin/waiting"
YEAR, MONTH = TODAY.year, f"{TODAY:%Y-%m}"
PLAN, PROBLEM = AssessmentEntryId("plan-1"), ProblemId("problem-1")
MEMBER: PersonId = PEOPLE[5]
KEY = re.compile(r'name="key" value="([^"]+)"')
WHY = "措施不具体"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def handed_up(world: World) -> World:
    """A plan after the assessment and one after the debriefing, both due today, and a member in difficulty."""
    year: dict[str, Any] = {"occurred_on": TODAY, "year": YEAR}
    put_right: dict[str, Any] = {**year, "measures": "专人当日录入", "responsible": PEOPLE[1], "due_on": TODAY}
    dues: dict[str, Any] = {"occurred_on": TODAY, "person_id": MEMBER, "from_month": MONTH}
    commands = (
        OpenAssessmentYear(**year),
        *(EnterAssessmentScore(**year, component=component, score=7000) for component in Component),
        GradeBranch(**year),
        PlanRectification(**put_right, problem="会议记录不及时", entry_id=PLAN),
        DraftDebriefingReport(**year, work_done="抓实三会一课", plans="补短板"),
        SubmitDebriefingReport(**year),
        ApproveDebriefingReport(**year),
        ReportToSuperior(**year, chaired_by="党委书记"),
        PlanDebriefingProblem(**put_right, problem="创新不足", problem_id=PROBLEM),
        AssessDuesBase(**dues, income_kind=IncomeKind.SALARY, base_fen=300_000, assessed_by=PEOPLE[0], signed_by_member=True),
        RequestDuesReduction(**dues, to_month=MONTH, monthly_fen=0, reason="重病"),
    )
    for number, command in enumerate(commands):
        await world.record(BRANCH, command, f"handed-up-{number}")
    return world


async def send(client: Client, login: str, command: str, given: str, **typed: str) -> None:
    """Fills the form in that the page led to, and sends it."""
    one = client(login)
    form = await one.get(f"{HERE}/do/{command}?{given}")
    assert form.status_code == 200
    key = KEY.search(form.text)
    assert key is not None
    asked = dict(part.split("=") for part in given.split("&"))
    sent = await one.post(f"{HERE}/do/{command}", data={"occurred_on": TODAY.isoformat(), "key": key[1], **asked, **typed})
    assert sent.status_code == 303, sent.text


def forms(page: str) -> set[tuple[str, str]]:
    """The forms that a page leads to, each with what it is filled in with."""
    return {(command, given.replace("&amp;", "&")) for command, given in re.findall(rf'"{HERE}/do/([a-z-]+)\?([^"]+)"', page)}


CASES = [
    ("accept-rectification", "return-rectification", f"year={YEAR}&entry_id={PLAN}"),
    ("close-debriefing-problem", "return-debriefing-problem", f"year={YEAR}&problem_id={PROBLEM}"),
    ("approve-dues-reduction", "refuse-dues-reduction", f"person_id={MEMBER}&from_month={MONTH}&to_month={MONTH}"),
]


@pytest.mark.parametrize(("approve", "back", "given"), CASES)
async def test_what_waits_can_be_approved_or_returned_by_the_superior_and_by_nobody_else(
    client: Client, handed_up: World, approve: str, back: str, given: str
):
    assert {(approve, given), (back, given)} <= forms((await client("officer").get(WAITING)).text)
    assert back not in (await client("auditor").get(WAITING)).text
    assert (await client("secretary").get(f"{HERE}/do/{back}?{given}")).status_code == 404


async def test_a_plan_returned_tells_the_branch_why_and_waits_again_once_it_is_handed_in_anew(client: Client, handed_up: World):
    case = f"{HERE}/procedures/rectification/{YEAR}"
    assert case in (await client("officer").get(WAITING)).text
    await send(client, "officer", "return-rectification", f"year={YEAR}&entry_id={PLAN}", reason=WHY)
    assert case not in (await client("officer").get(WAITING)).text
    checklist = (await client("secretary", lang="zh").get(case)).text
    assert f"上级退回：{WHY}" in checklist
    assert ("plan-rectification", f"year={YEAR}&entry_id={PLAN}") in forms(checklist)
    assert WHY in (await client("secretary").get(f"{HERE}/ledgers/L08/rectification")).text
    anew = {"problem": "会议记录不及时", "measures": "周周核对", "responsible": PEOPLE[1], "due_on": TODAY.isoformat()}
    await send(client, "secretary", "plan-rectification", f"year={YEAR}&entry_id={PLAN}", **anew)
    assert case in (await client("officer").get(WAITING)).text


async def test_what_was_accepted_may_still_be_returned(client: Client, handed_up: World):
    done = AcceptRectification(occurred_on=TODAY, year=YEAR, entry_id=PLAN, accepted_by="党委组织部", result="已整改")
    await handed_up.record(BRANCH, done, "accepted")
    assert f"procedures/rectification/{YEAR}" not in (await client("officer").get(WAITING)).text
    await send(client, "officer", "return-rectification", f"year={YEAR}&entry_id={PLAN}", reason="复查仍不及时")
    register = (await client("secretary").get(f"{HERE}/ledgers/L08/rectification")).text
    assert "复查仍不及时" in register
    assert "党委组织部" not in register


async def test_a_problem_of_the_debriefing_goes_the_same_way(client: Client, handed_up: World):
    await send(client, "officer", "return-debriefing-problem", f"year={YEAR}&problem_id={PROBLEM}", reason=WHY)
    assert "close-debriefing-problem" not in (await client("officer").get(WAITING)).text
    checklist = (await client("secretary").get(f"{HERE}/procedures/debriefing/{YEAR}")).text
    assert f"Returned by the superior: {WHY}" in checklist
    assert ("plan-debriefing-problem", f"year={YEAR}&problem_id={PROBLEM}") in forms(checklist)


async def test_a_reduction_refused_is_read_in_the_branch_and_asked_for_anew_waits_again(client: Client, handed_up: World):
    given = f"person_id={MEMBER}&from_month={MONTH}"
    page = (await client("officer", lang="zh").get(f"{WAITING}?kind=dues-reduction")).text
    assert "少交免交党费" in page
    assert f"{HERE}/ledgers/L04/dues-reductions" in page
    await send(client, "officer", "refuse-dues-reduction", given, reason="收入未减少")
    assert "dues-reduction" not in (await client("officer").get(WAITING)).text
    assert "收入未减少" in (await client("treasurer").get(f"{HERE}/ledgers/L04/dues-reductions")).text
    anew = RequestDuesReduction(occurred_on=TODAY, person_id=MEMBER, from_month=MONTH, to_month=MONTH, monthly_fen=100, reason="住院")
    await handed_up.record(BRANCH, anew, "asked-anew")
    assert "refuse-dues-reduction" in (await client("officer").get(WAITING)).text


async def test_a_return_without_a_reason_is_refused_beside_the_field(client: Client, handed_up: World):
    one = client("officer")
    form = (await one.get(f"{HERE}/do/return-rectification?year={YEAR}&entry_id={PLAN}")).text
    key = KEY.search(form)
    assert key is not None
    sent = {"occurred_on": TODAY.isoformat(), "key": key[1], "year": str(YEAR), "entry_id": PLAN, "reason": " "}
    answer = await one.post(f"{HERE}/do/return-rectification", data=sent)
    assert (answer.status_code, "Please fill this in." in answer.text) == (422, True)
