"""Openness, debriefing, assessment, mobile members and the dues fund through the bus: from the command to the register, sealed on the way."""

import datetime as dt
from typing import Any

import pytest

from events.assessment import AdjustmentKind, AssessmentEntryId, AssessmentGrade, Component, VisitMethod
from events.base import MeetingId, PersonId
from events.custody import AccountsWay, ReminderWay
from events.debriefing import Before, DebriefingGrade
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
from events.meetings import MeetingKind
from events.mobile import AbsenceId, AwayFor, ContactWay
from projections.engine.database import engine_for
from projections.engine.rebuild import catch_up
from projections.query import ERASED, Views
from projections.shapes import LedgerRow, Scope
from service.decide.assessment.branch import EnterAnnualTask, OpenWorkLedger, PlanRectification, ReceiveAssessmentPlan, ReportAnnualTask
from service.decide.assessment.results import AcceptRectification, CirculateNotice, CloseAssessmentYear
from service.decide.assessment.scores import ApplyAdjustment, EnterAssessmentScore, GradeBranch, OpenAssessmentYear, RecordAssessmentVisit
from service.decide.base import Command
from service.decide.debriefing.meetings import (
    GradeSecretary,
    PlanDebriefingProblem,
    RecordDebriefingBallot,
    RecordSuperiorComments,
    ReportToMembers,
    ReportToSuperior,
)
from service.decide.debriefing.preparation import (
    AdoptDebriefingPlan,
    ApproveDebriefingReport,
    DraftDebriefingReport,
    GatherOpinions,
    InspectForDebriefing,
    SubmitDebriefingReport,
)
from service.decide.disclosure.approval import AdoptDisclosureCatalogue, DecideDisclosure, ProposeDisclosure, ReviewDisclosure
from service.decide.disclosure.publishing import AnswerFeedback, PublishDisclosure, ReceiveFeedback, WithdrawDisclosure
from service.decide.dues.custody import AuditDues, HandOverCustody, PublishDuesAccounts, SendDuesReminder
from service.decide.dues.requests import FillDuesCard
from service.decide.meetings.attendance import RecordMeetingHeld
from service.decide.transfers.mobile import ContactMobileMember, RegisterMobileMember, ReturnMobileMember
from service.decide.transfers.requests import RequestTransfer
from service.errors import Refused
from tests.flows.bus_world import ANN, TODAY, A, World, dues, member
from tests.store.conftest import Store

EVE = PersonId("eve")
M1, ITEM, VOICE, AWAY = MeetingId("m1"), DisclosureId("i1"), FeedbackId("f1"), AbsenceId("a1")
TASK, PROBLEM = AssessmentEntryId("task"), AssessmentEntryId("problem")
ON: dict[str, Any] = {"occurred_on": TODAY}
YEAR: dict[str, Any] = {"occurred_on": TODAY, "year": 2026}
SAID = ("踏实肯干", "创新不足", "多下基层", "外省某市", "13800000000", "一切安好", "履职情况", "今后打算")

DISCLOSED: tuple[Command, ...] = (
    AdoptDisclosureCatalogue(
        **YEAR,
        subjects=(DisclosureSubject.DECISIONS, DisclosureSubject.GOALS, DisclosureSubject.EDUCATION, DisclosureSubject.OTHER),
        entries=("三会一课",),
    ),
    ProposeDisclosure(
        **ON,
        item_id=ITEM,
        subject=DisclosureSubject.EDUCATION,
        catalogue_entry="三会一课",
        title="三会一课情况",
        content="党员大会一次",
        scope=DisclosureScope.PARTY,
        ways=(DisclosureWay.BOARD,),
        retention=Retention.PERIODIC,
        proposer=ANN,
    ),
    ReviewDisclosure(**ON, item_id=ITEM, reviewer=ANN, passed=True, secrecy_checked=True, secrecy=Secrecy.OPEN),
    DecideDisclosure(**ON, item_id=ITEM, approver=EVE, granted=True),
    PublishDisclosure(**ON, item_id=ITEM, place="一楼公开栏"),
    ReceiveFeedback(**ON, kind=FeedbackKind.OPINION, item_id=ITEM, given_by=EVE, content="请列明主题", feedback_id=VOICE),
    AnswerFeedback(**ON, feedback_id=VOICE, item_id=ITEM, answer=AnswerKind.TAKEN_UP, content="已补充", answered_by=ANN),
    WithdrawDisclosure(**ON, item_id=ITEM, ground=TakenDown.WITHDRAWN, reason="更新"),
)
DEBRIEFED: tuple[Command, ...] = (
    AdoptDebriefingPlan(**YEAR, title="述职方案", summary="两次述职"),
    InspectForDebriefing(**YEAR, summary="自查完成"),
    GatherOpinions(**YEAR, ways="座谈", people=12, opinions=5),
    DraftDebriefingReport(**YEAR, person_id=EVE, work_done=SAID[6], plans=SAID[7]),
    SubmitDebriefingReport(**YEAR),
    ApproveDebriefingReport(**YEAR),
    ReportToSuperior(**YEAR, chaired_by="党委书记"),
    RecordSuperiorComments(
        **YEAR, before=Before.SUPERIOR, commentator="党委书记", achievements=SAID[0], problems=SAID[1], direction=SAID[2]
    ),
    RecordMeetingHeld(
        **ON,
        kind=MeetingKind.GENERAL,
        meeting_id=M1,
        topic="述职",
        chair=ANN,
        recorder=EVE,
        delegation_note="受书记委托",
        notice_sent_on=TODAY - dt.timedelta(days=7),
    ),
    ReportToMembers(**YEAR, meeting_id=M1, observer="组织委员"),
    RecordDebriefingBallot(**YEAR, issued=6, returned=6, good=5, fairly_good=1, fair=0, poor=0),
    GradeSecretary(**YEAR, grade=DebriefingGrade.GOOD),
    PlanDebriefingProblem(**YEAR, problem="品牌不响", measures="每季一题", responsible=ANN, due_on=TODAY + dt.timedelta(days=30)),
)
ASSESSED: tuple[Command, ...] = (
    ReceiveAssessmentPlan(**YEAR, document_no="部发1号", title="考核办法"),
    OpenWorkLedger(**YEAR, source="部发1号"),
    EnterAnnualTask(**YEAR, task="主题教育", responsible=ANN, due_on=TODAY, entry_id=TASK),
    ReportAnnualTask(**YEAR, entry_id=TASK, done=True, progress="已办结"),
    OpenAssessmentYear(**YEAR),
    RecordAssessmentVisit(**YEAR, method=VisitMethod.PAPERS, group="考核一组", findings="资料较全"),
    *(EnterAssessmentScore(**YEAR, component=component, score=7000) for component in Component),
    ApplyAdjustment(**YEAR, kind=AdjustmentKind.BONUS, points=150, ground="经验推广", evidence="刊物", confirmed_by="考核办"),
    GradeBranch(**YEAR, expected=AssessmentGrade.FAIR),
    CirculateNotice(**YEAR, scope="全部党支部", document_no="通报1号"),
)
RECTIFIED: tuple[Command, ...] = (
    PlanRectification(
        **YEAR, problem="记录不及时", measures="当日录入", responsible=EVE, due_on=TODAY + dt.timedelta(days=60), entry_id=PROBLEM
    ),
    CloseAssessmentYear(**YEAR),
    AcceptRectification(**YEAR, entry_id=PROBLEM, accepted_by="组织部", result="已整改"),
)
MANAGED: tuple[Command, ...] = (
    RegisterMobileMember(
        **ON, person_id=EVE, reason=AwayFor.WORK, place=SAID[3], left_on=TODAY, phone=SAID[4], contact=ANN, absence_id=AWAY
    ),
    ContactMobileMember(**ON, absence_id=AWAY, way=ContactWay.TELEPHONE, reached=True, note=SAID[5]),
    dues(EVE, 1500),
    FillDuesCard(**ON, person_id=EVE),
    ReturnMobileMember(**ON, absence_id=AWAY),
    SendDuesReminder(**ON, person_id=EVE, way=ReminderWay.TALK),
    PublishDuesAccounts(**ON, from_month="2026-01", to_month="2026-11", ways=(AccountsWay.BOARD,)),
    AuditDues(**ON, checked_by="组织部", from_month="2026-01", to_month="2026-11", counted_fen=1500, findings="账款相符"),
    HandOverCustody(**ON, from_person=ANN, to_person=EVE, balance_fen=1500, papers="登记册"),
    RequestTransfer(**ON, person_id=EVE, reason="调动", to_name="外市某局", leaves_on=TODAY),
)


@pytest.fixture
async def world(postgres: Store, database_url: str) -> World:
    world = await World(postgres).found()
    await world.send(A, member(EVE))
    for command in (*DISCLOSED, *DEBRIEFED, *ASSESSED):
        await world.send(A, command)
    with pytest.raises(Refused, match="INV-097"):
        await world.send(A, CloseAssessmentYear(**YEAR))
    for command in (*RECTIFIED, *MANAGED):
        await world.send(A, command)
    await postgres.bind()
    await catch_up(database_url)
    return world


async def one(world: World, url: str, ledger: str, register: str, *, key: str | None = None, scope: Scope | None = None) -> LedgerRow:
    engine = engine_for(url, size=1)
    page = await Views(engine, world.books, world.keys).ledger(scope or Scope(orgs=None, sensitive=True), A, ledger, register)
    await engine.dispose()
    (row,) = [row for row in page.rows if key in (None, row.key)]
    return row


async def test_every_register_has_its_row(world: World, database_url: str):
    item = await one(world, database_url, "L05", "disclosure", key=ITEM)
    assert (item.cells["entry"], item.cells["state"], item.cells["published_on"]) == ("三会一课", "撤回：更新", TODAY.isoformat())
    debriefing = await one(world, database_url, "L08", "debriefing")
    assert (debriefing.cells["grade"], debriefing.cells["opinions"], debriefing.cells["ballot"]) == ("好", 5, "好5 较好1 一般0 差0 无效0")
    form = await one(world, database_url, "L08", "assessment")
    assert (form.cells["total"], form.cells["grade"], form.cells["closed_on"]) == ("71.50", "一般", TODAY.isoformat())
    assert (await one(world, database_url, "L08", "annual-work")).cells["progress"] == "2026-11-24 已完成：已办结"
    assert (await one(world, database_url, "L08", "rectification", key=PROBLEM)).cells["accepted_by"] == "组织部"
    assert (await one(world, database_url, "L04", "dues-card")).cells["amount"] == 1500
    assert (await one(world, database_url, "L04", "transfer-requests")).cells["to"] == "外市某局"


async def test_what_is_said_of_somebody_is_nowhere_in_clear(world: World, pool: Any):
    stored = b"".join([row["entry"] for row in await pool.fetch("select entry from record.page")])
    for text in SAID:
        assert text.encode() not in stored
        assert not await pool.fetchval("select count(*) from views.ledger_row t where t::text like $1", f"%{text}%")


async def test_the_ledger_shows_it_to_whoever_may_read_it(world: World, database_url: str):
    row = await one(world, database_url, "L08", "debriefing")
    assert [row.cells[column] for column in ("achievements", "problems", "direction")] == list(SAID[:3])
    away = await one(world, database_url, "L04", "mobile")
    assert (away.cells["place"], away.cells["phone"]) == (SAID[3], SAID[4])
    nameless = Scope(orgs=None, names=False)
    for ledger, register in (("L08", "debriefing"), ("L04", "mobile")):
        masked = await one(world, database_url, ledger, register, scope=nameless)
        assert not [text for text in SAID if text in repr(masked.cells)]


async def test_with_the_persons_key_it_is_gone(world: World, database_url: str):
    world.keys.destroy(EVE)
    row = await one(world, database_url, "L08", "debriefing")
    assert {row.cells[column] for column in ("achievements", "problems", "direction")} == {ERASED}
    assert (await one(world, database_url, "L04", "mobile")).cells["place"] == ERASED


async def test_a_command_sent_twice_is_recorded_once(world: World):
    before = len(await world.events(A))
    for command in (*DISCLOSED[:3], *ASSESSED[:3]):
        await world.send(A, command)
    assert len(await world.events(A)) == before
