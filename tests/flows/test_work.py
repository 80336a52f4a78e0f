"""From command to register through the bus: village aid and opinions (N02, N06), care and awards (N22), communities (N23), premises (N24), papers (N04)."""

import datetime as dt
from typing import Any

import pytest

from events.awards import AwardId, AwardLevel, AwardTo
from events.base import MeetingId, OrgId, PersonId
from events.care import CareEntryId, CareFund, CarePlanId, Festival, HardshipKind, Manner, RecipientKind, SignedFor, SpendingId
from events.community import CommunityEntryId, CommunityOpinionId, CommunityRating, ServiceKind
from events.dues import DecisionId, DuesUse, EntryId
from events.masses import Adoption, AskedBy, LedBy, MassEntryId, MassPlanKind, OpinionId, PostingId, ResearchId, SolicitationId
from events.meetings import AgendaKind, MeetingKind, VoteMethod
from events.premises import FacilityFund, FacilityId, FacilityKind, InspectionId, ItemState, PremisesEntryId, VenueId
from events.store.keys import is_sealed
from events.store.memory import MemoryBooks, MemoryJournal
from events.structure import DutyOf, PaperKind, PersonChange
from projections.catalog import every_projection
from projections.engine.merge import ledger_rows
from projections.engine.replay import replay
from service.auth.actor import Role
from service.decide.awards.branch import GrantAward, NominateForAward, NoteAwardVote, SubmitAward
from service.decide.awards.superior import ApproveAward
from service.decide.base import Command
from service.decide.care.hardship import AssignPairSupport, DelistHardshipMember, ListHardshipMember, UpdateHardshipCase
from service.decide.care.plans import AdoptConsolationPlan
from service.decide.care.visits import RecordConsolationVisit
from service.decide.community.reports import AdoptCommunityPlan, RateCommunityService, RecordCheckIn, SummariseCheckIn
from service.decide.community.service import HandleCommunityOpinion, RecordCommunityOpinion, RecordCommunityService
from service.decide.dues.fund import ApproveDuesSpending, SpendDues
from service.decide.masses.entries import WithdrawMassEntry
from service.decide.masses.fieldwork import (
    AdoptMassPlan,
    FileResearchReport,
    RecordHouseholdVisit,
    RecordResearchTrip,
    RecordVolunteerService,
)
from service.decide.masses.opinions import HandleOpinion, OpenSolicitation, RecordOpinion, RecordQuestionnaire
from service.decide.masses.village import AssignVillageAid, EndVillageAid, LogVillageAid
from service.decide.meetings.attendance import RecordMeetingHeld
from service.decide.meetings.votes import VoteOnMotion
from service.decide.organisations.papers import AdoptBranchPolicy, AdoptDutyStatement, IssuePersonnelNotice
from service.decide.premises.place import AdoptVenuePolicy, RegisterFacility, WriteOffFacility
from service.decide.premises.upkeep import InspectVenue, RectifyVenue, RegisterVenue, UpdateBoard
from service.errors import Absent, Conflict, Forbidden
from tests.flows.bus_world import ANN, BEN, TODAY, A, B, C, World, actor, gift, member
from tests.store.conftest import Store

EVE = PersonId("eve")
M1, A1 = MeetingId("m1"), AwardId("a1")
BEFORE = TODAY - dt.timedelta(days=5)
SAID = ("家人长期住院", "每月看望", "已出院", "家庭好转")


@pytest.fixture
async def world() -> World:
    """Two members in branch A, and a meeting that may decide on money and awards."""
    books = MemoryBooks()
    world = await World(Store(books, MemoryJournal(books.store))).found()
    await world.send(A, member(EVE))
    held = RecordMeetingHeld(
        occurred_on=BEFORE,
        kind=MeetingKind.GENERAL,
        meeting_id=M1,
        topic="党费使用和评先",
        chair=ANN,
        recorder=EVE,
        delegation_note="受书记委托",
        notice_sent_on=BEFORE,
    )
    await world.send(A, held)
    return world


async def tell(world: World, *commands: Command, org: OrgId = A) -> None:
    for command in commands:
        await world.send(org, command)


async def register(world: World, ledger: str, code: str, org: OrgId = A) -> list[dict[str, Any]]:
    """The cells of the rows of a register, as the views would hold them."""
    rows = ledger_rows(replay(every_projection(), await world.store.books.read(org)))
    return [row["cells"] for row in rows if (row["ledger"], row["register"], row["struck_by"]) == (ledger, code, None)]


def opened(world: World, value: str) -> str | None:
    assert is_sealed(value)
    return world.keys.open(value)


async def test_N02_a_member_in_the_village(world: World):
    await tell(
        world,
        AdoptMassPlan(occurred_on=BEFORE, kind=MassPlanKind.VILLAGE_AID, title="年度帮扶计划", content="三项任务", meeting_id=M1),
        AssignVillageAid(occurred_on=BEFORE, person_id=ANN, village="东湖村", entry_id=MassEntryId("p1")),
        LogVillageAid(occurred_on=TODAY, posting_id=PostingId(MassEntryId("p1")), work="走访脱贫户", households=3),
        RecordHouseholdVisit(occurred_on=TODAY, people=(EVE,), village="东湖村", households=2, work="了解收入"),
        EndVillageAid(occurred_on=TODAY, posting_id=PostingId(MassEntryId("p1")), reason="轮换"),
    )
    log = await register(world, "L06", "village-aid")
    assert [(row["work"], row["people"], row["village"]) for row in log] == [
        ("选派驻村帮扶", ["ann"], "东湖村"),
        ("走访脱贫户", ["ann"], "东湖村"),
        ("了解收入", ["eve"], "东湖村"),
        ("驻村帮扶结束：轮换", ["ann"], "东湖村"),
    ]
    assert [(row["title"], row["met_on"]) for row in await register(world, "L06", "plans")] == [("年度帮扶计划", BEFORE)]


async def test_N03_and_N06_the_branch_asks_goes_out_and_reports(world: World):
    await tell(
        world,
        OpenSolicitation(
            occurred_on=BEFORE, topic="征求意见", method=AskedBy.FORUM, audience="服务对象", entry_id=MassEntryId("s1")
        ),
        RecordOpinion(
            occurred_on=BEFORE,
            solicitation_id=SolicitationId(MassEntryId("s1")),
            method=AskedBy.FORUM,
            source="服务对象",
            content="延长开放时间",
            entry_id=MassEntryId("o1"),
        ),
        HandleOpinion(occurred_on=TODAY, opinion_id=OpinionId(MassEntryId("o1")), adoption=Adoption.ADOPTED),
        RecordQuestionnaire(occurred_on=TODAY, topic="满意度", issued=20, returned=18, valid=18),
        RecordResearchTrip(
            occurred_on=BEFORE, led_by=LedBy.DEPARTMENT_LEADER, leader="副部长", topic="减负", place="东湖村", people=(ANN, EVE),
            entry_id=MassEntryId("r1"),
        ),
        FileResearchReport(occurred_on=TODAY, research_id=ResearchId(MassEntryId("r1")), title="减负调研报告"),
        RecordVolunteerService(occurred_on=TODAY, project="清洁家园", place="北湖公园", people=(ANN, EVE), minutes=120),
        RecordVolunteerService(
            occurred_on=TODAY, project="误登", place="北湖公园", people=(ANN,), minutes=60, entry_id=MassEntryId("v2")
        ),
        WithdrawMassEntry(occurred_on=TODAY, entry_id=MassEntryId("v2"), reason="误登"),
    )  # fmt: skip
    assert [(row["content"], row.get("adoption")) for row in await register(world, "L06", "opinions")] == [
        ("征求意见启动", None),
        ("延长开放时间", "已采纳"),
    ]
    assert [(row["quarter"], row["report"]) for row in await register(world, "L06", "research")] == [("2026-Q4", "减负调研报告")]
    assert [(row["issued"], row["valid"]) for row in await register(world, "L06", "questionnaires")] == [(20, 18)]
    assert [(row["project"], row["people"]) for row in await register(world, "L06", "volunteers")] == [("清洁家园", ["ann", "eve"])]


async def test_N22_a_member_in_hardship_is_cared_for_and_nothing_of_it_is_stored_in_clear(world: World):
    await tell(
        world,
        ListHardshipMember(occurred_on=BEFORE, person_id=EVE, hardship=HardshipKind.ILLNESS, situation=SAID[0]),
        AssignPairSupport(occurred_on=BEFORE, person_id=EVE, supporter_id=ANN, measures=SAID[1]),
        UpdateHardshipCase(occurred_on=TODAY, person_id=EVE, change=SAID[2]),
    )
    (row,) = await register(world, "L06", "hardship")
    assert (row["person"], row["supporter"], row["updated_on"]) == ("eve", "ann", TODAY)
    sealed = [row[column] for column in ("hardship", "situation", "measures", "change")]
    assert [opened(world, value) for value in sealed] == ["因病", *SAID[:3]]
    assert [row["hardship"] for row in await register(world, "L01", "roll")] == [False, True]
    await tell(world, DelistHardshipMember(occurred_on=TODAY, person_id=EVE, reason=SAID[3]))
    (row,) = await register(world, "L06", "hardship")
    assert (row["delisted_on"], opened(world, row["delisted_why"])) == (TODAY, SAID[3])
    assert [row["hardship"] for row in await register(world, "L01", "roll")] == [False, False]
    books = world.store.books
    assert isinstance(books, MemoryBooks)
    stored = b"".join(entry for _, entry, *_ in books.store.pages[A]).decode()
    assert not any(text in stored for text in SAID)
    world.keys.destroy("eve")
    assert world.keys.open(row["situation"]) is None


async def test_N22_visits_under_a_plan_out_of_dues_and_to_somebody_outside(world: World):
    plan = CarePlanId(CareEntryId("c1"))
    await tell(
        world,
        gift(ANN, 100_000),
        ApproveDuesSpending(
            occurred_on=TODAY, meeting_id=M1, use=DuesUse.HARDSHIP_AID, purpose="慰问困难党员", amount_fen=80_000, decision_id=DecisionId("d")
        ),
        SpendDues(
            occurred_on=TODAY, decision_id=DecisionId("d"), amount_fen=80_000, handled_by=EVE, approver=ANN, voucher_no="1", entry_id=EntryId("s")
        ),
        AdoptConsolationPlan(occurred_on=BEFORE, festival=Festival.JULY_FIRST, title="七一慰问方案", content="走访", entry_id=plan),
        RecordConsolationVisit(
            occurred_on=TODAY, festival=Festival.JULY_FIRST, kind=RecipientKind.HARDSHIP_MEMBER, person_id=EVE, manner=Manner.MONEY,
            amount_fen=80_000, fund=CareFund.DUES, spending_id=SpendingId("s"), visitors=(ANN,), signed=SignedFor.SELF, plan_id=plan,
        ),
        RecordConsolationVisit(
            occurred_on=TODAY, festival=Festival.JULY_FIRST, kind=RecipientKind.PUBLIC, recipient="村民甲", manner=Manner.GOODS, goods="米、油",
            visitors=(ANN, EVE), signed=SignedFor.FAMILY,
        ),
    )  # fmt: skip
    member_row, other = await register(world, "L06", "consolation")
    assert (member_row["recipient"], member_row["plan"], member_row["gift"]) == ("eve", "七一慰问方案", "800元（党费）")
    assert (opened(world, other["recipient"]), other["kind"], other["gift"], other["signed"]) == ("村民甲", "群众", "米、油", "家属代签")


async def test_N22_an_award_from_the_nomination_to_the_certificate(world: World):
    await tell(
        world,
        NominateForAward(
            occurred_on=BEFORE, year=2026, to=AwardTo.MEMBER, person_id=EVE, title="优秀共产党员", level=AwardLevel.COMMITTEE, deeds="一线服务",
            award_id=A1,
        ),
        VoteOnMotion(
            occurred_on=BEFORE, meeting_id=M1, matter=AgendaKind.COMMENDATION, title="推荐先进", method=VoteMethod.SHOW_OF_HANDS, yes=2
        ),
        NoteAwardVote(occurred_on=BEFORE, award_id=A1, meeting_id=M1),
        SubmitAward(occurred_on=TODAY, award_id=A1, papers="先进事迹材料"),
    )  # fmt: skip
    approve = ApproveAward(occurred_on=TODAY, award_id=A1, document_no="部发8号")
    with pytest.raises(Forbidden):
        await world.send(A, approve, actor=actor(Role.SECRETARY, A))
    with pytest.raises(Absent):
        await world.send(B, approve, actor=actor(Role.COMMITTEE_OFFICER, C, A, B))
    with pytest.raises(Conflict):
        await world.send(A, GrantAward(occurred_on=TODAY, award_id=A1, decision_no="部发9号"))
    await world.send(A, approve, actor=actor(Role.COMMITTEE_OFFICER, C, A, B))
    await tell(world, GrantAward(occurred_on=TODAY, award_id=A1, decision_no="部发9号", certificate_no="Z-1"))
    (row,) = await register(world, "L09", "awards")
    assert (row["person"], row["vote"]) == ("eve", f"{BEFORE} 应到2，实到2，赞成2，反对0，弃权0，通过")
    assert (row["reply"], row["decision"], row["certificate_no"]) == (f"部发8号 {TODAY} 同意", f"部发9号 {TODAY}", "Z-1")


async def test_N23_members_report_serve_and_listen_in_their_communities(world: World):
    opinion = CommunityEntryId("x1")
    await tell(
        world,
        AdoptCommunityPlan(occurred_on=BEFORE, title="报到方案", content="全体在职党员"),
        RecordCheckIn(occurred_on=BEFORE, person_id=ANN, community="北湖社区", position="宣讲员", signed=True),
        RecordCommunityService(occurred_on=TODAY, person_id=ANN, kind=ServiceKind.POLICY, description="宣讲政策", minutes=90),
        RecordCommunityService(occurred_on=TODAY, person_id=ANN, kind=ServiceKind.HELP, description="帮办手续", minutes=30),
        RecordCommunityOpinion(
            occurred_on=TODAY, person_id=ANN, community="北湖社区", source="居民", content="照明不足", proposal="维修", entry_id=opinion
        ),
        HandleCommunityOpinion(occurred_on=TODAY, opinion_id=CommunityOpinionId(opinion), handling="已维修"),
        RateCommunityService(occurred_on=TODAY, person_id=ANN, year=2026, rating=CommunityRating.GOOD),
        SummariseCheckIn(occurred_on=TODAY, year=2026, half=2, serving=2),
    )
    (row,) = await register(world, "L06", "community")
    assert (row["community"], row["times"], row["time"], row["rating"]) == ("北湖社区", 2, "2小时", "好")
    assert [row["handling"] for row in await register(world, "L06", "community-opinions")] == ["已维修"]
    assert [row["content"] for row in await register(world, "L06", "plans")] == [
        "全体在职党员",
        "在职党员2人，已报到1人，服务2次，2小时",
    ]


async def test_N24_the_place_is_furnished_inspected_and_put_right(world: World):
    board = FacilityId(PremisesEntryId("f1"))
    await tell(
        world,
        RegisterVenue(occurred_on=BEFORE, number="C-01", name="党员活动室", location="三层", keeper=EVE, entry_id=PremisesEntryId("c")),
        RegisterFacility(
            occurred_on=BEFORE, number="S-01", name="展板", kind=FacilityKind.BOARD, fund=FacilityFund.PUBLIC, location="走廊", entry_id=board
        ),
        RegisterFacility(
            occurred_on=BEFORE, number="S-02", name="旧电视", kind=FacilityKind.SCREEN, fund=FacilityFund.OTHER, location="活动室",
            entry_id=PremisesEntryId("f2"),
        ),
        WriteOffFacility(occurred_on=TODAY, facility_id=FacilityId(PremisesEntryId("f2")), reason="损坏"),
        InspectVenue(
            occurred_on=BEFORE, venue_id=VenueId(PremisesEntryId("c")), inspector=EVE, flag=ItemState.THERE, oath=ItemState.THERE,
            method=ItemState.MISSING, brand=ItemState.THERE, slogans=ItemState.RENEW, journals=ItemState.THERE, rectify="补齐工作法",
            entry_id=PremisesEntryId("i1"),
        ),
        RectifyVenue(occurred_on=TODAY, inspection_id=InspectionId(PremisesEntryId("i1")), result="已补齐"),
        UpdateBoard(occurred_on=TODAY, theme="学习专栏", person_id=EVE, facility_id=board),
        AdoptVenuePolicy(occurred_on=TODAY, name="活动室管理制度", version="1.0", effective_from=TODAY, meeting_id=M1),
    )  # fmt: skip
    assert [(row["number"], row["kind"], row["state"]) for row in await register(world, "L07", "facilities")] == [
        ("C-01", "活动场所", "在用"),
        ("S-01", "展板", "在用"),
        ("S-02", "电子屏", f"已注销 {TODAY}：损坏"),
    ]
    (inspection,) = await register(world, "L07", "inspections")
    assert (inspection["method"], inspection["slogans"], inspection["rectify"]) == ("无", "需更新", f"补齐工作法；{TODAY} 已补齐")
    assert [row["theme"] for row in await register(world, "L07", "boards")] == ["学习专栏（展板）"]
    assert [row["name"] for row in await register(world, "L07", "policies")] == ["活动室管理制度"]


async def test_N04_duties_policies_and_a_notice_of_changes(world: World):
    await tell(
        world,
        AdoptDutyStatement(occurred_on=BEFORE, duty_of=DutyOf.SECRETARY, effective_from=BEFORE, text="主持工作", meeting_id=M1),
        AdoptBranchPolicy(occurred_on=BEFORE, kind=PaperKind.POLICY, name="学习制度", effective_from=BEFORE, text="每月一次"),
        AdoptBranchPolicy(occurred_on=TODAY, kind=PaperKind.POLICY, name="学习制度", effective_from=TODAY, text="每周一次"),
        IssuePersonnelNotice(
            occurred_on=TODAY, number="支字1号", reason="工作需要", changes=(PersonChange(person_id=EVE, before="委员", after="组织委员"),)
        ),
    )
    assert [(row["name"], row["version"], row["state"]) for row in await register(world, "L01", "papers")] == [
        ("书记职责", 1, "现行"),
        ("学习制度", 1, "已修订"),
        ("学习制度", 2, "现行"),
    ]
    assert [(row["number"], row["people"], row["after"]) for row in await register(world, "L01", "personnel-notices")] == [
        ("支字1号", ["eve"], ["组织委员"])
    ]


async def test_each_branch_sees_its_own(world: World):
    await tell(world, RecordVolunteerService(occurred_on=TODAY, project="清洁家园", place="公园", people=(BEN,), minutes=60), org=B)
    assert await register(world, "L06", "volunteers") == []
    assert [row["people"] for row in await register(world, "L06", "volunteers", B)] == [["ben"]]
