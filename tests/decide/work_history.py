"""What the tests of mass work, care, communities, premises, awards and papers are told in: a branch and what was recorded in it."""

import datetime as dt
from typing import Any

from events.awards import AwardId, AwardLevel, AwardNominated, AwardSubmitted, AwardTo, AwardVoted
from events.base import Event, MeetingId
from events.care import (
    CareEntryId,
    CareFund,
    CarePlanId,
    ConsolationPlanAdopted,
    ConsolationVisitMade,
    Festival,
    HardshipListed,
    Manner,
    RecipientKind,
    SignedFor,
)
from events.community import CheckedIn, CommunityEntryId, CommunityOpinionId, CommunityOpinionRecorded, CommunityServiceDone, ServiceKind
from events.dues import DecidedBy as DecidedByBody
from events.dues import DecisionId, DuesReceived, DuesSpendingApproved, DuesSpent, DuesUse, EntryId, PayerKind, PaymentKind
from events.masses import (
    AskedBy,
    LedBy,
    MassEntryId,
    OpinionId,
    OpinionRecorded,
    PostingId,
    ResearchId,
    ResearchTripMade,
    SolicitationId,
    SolicitationOpened,
    VillageAidAssigned,
    VillageAidLogged,
)
from events.meetings import AgendaKind, MeetingHeld, MeetingKind, MotionVoted, VoteMethod
from events.premises import (
    FacilityFund,
    FacilityId,
    FacilityKind,
    FacilityRegistered,
    InspectionId,
    ItemState,
    PremisesEntryId,
    VenueId,
    VenueInspected,
    VenueRegistered,
)
from events.structure import PaperKind, PostPaperAdopted, StructureEntryId
from tests.decide.roster_history import ANN, BEFORE, BEN, CAI, DAN, DAY, EVE, GUS, founded, left, members

M1 = MeetingId("m1")
S1 = SolicitationId(MassEntryId("s1"))
O1 = OpinionId(MassEntryId("o1"))
R1 = ResearchId(MassEntryId("r1"))
P1 = PostingId(MassEntryId("p1"))
C1 = CarePlanId(CareEntryId("c1"))
X1 = CommunityOpinionId(CommunityEntryId("x1"))
PLACE = VenueId(PremisesEntryId("place"))
F1 = FacilityId(PremisesEntryId("f1"))
I1 = InspectionId(PremisesEntryId("i1"))
LONG_AGO = DAY - dt.timedelta(days=40)
NEXT = DAY + dt.timedelta(days=10)
SEALED = "~1|ann|e1|situation|x"

BRANCH: tuple[Event, ...] = (founded(), *members(), left(GUS, BEFORE - dt.timedelta(days=5)))
"""Six members; GUS has left."""


def held(on: dt.date = BEFORE, kind: MeetingKind = MeetingKind.GENERAL) -> MeetingHeld:
    people = (ANN, BEN, CAI, DAN, EVE)
    return MeetingHeld(occurred_on=on, meeting_id=M1, kind=kind, topic="评选表彰", chair=ANN, recorder=BEN, due=people, present=people)


def motion(*, passed: bool = True, matter: AgendaKind = AgendaKind.COMMENDATION, number: int = 1, on: dt.date = BEFORE) -> MotionVoted:
    return MotionVoted(
        occurred_on=on, meeting_id=M1, motion_no=number, matter=matter, title="推荐先进", method=VoteMethod.SHOW_OF_HANDS,
        voters_due=5, voters_present=5, quorum=3, needed=3, yes=4 if passed else 2, no=1 if passed else 3, abstain=0, passed=passed,
    )  # fmt: skip


# Mass work


def solicited(entry: str = "s1", **changed: Any) -> SolicitationOpened:
    told: dict[str, Any] = {
        "occurred_on": BEFORE,
        "entry_id": SolicitationId(MassEntryId(entry)),
        "topic": "上半年征求意见",
        "method": AskedBy.FORUM,
        "audience": "全体党员和服务对象",
    }
    return SolicitationOpened(**(told | changed))


def opinion(entry: str = "o1", **changed: Any) -> OpinionRecorded:
    told: dict[str, Any] = {
        "occurred_on": BEFORE,
        "entry_id": OpinionId(MassEntryId(entry)),
        "method": AskedBy.VISIT,
        "source": "服务对象",
        "content": "办事大厅延长开放时间",
    }
    return OpinionRecorded(**(told | changed))


def trip(entry: str = "r1", **changed: Any) -> ResearchTripMade:
    told: dict[str, Any] = {
        "occurred_on": BEFORE,
        "entry_id": ResearchId(MassEntryId(entry)),
        "led_by": LedBy.DEPARTMENT_LEADER,
        "leader": "副部长",
        "topic": "基层减负",
        "place": "东湖村",
        "people": (ANN, BEN),
        "findings": "报表重复",
    }
    return ResearchTripMade(**(told | changed))


def posted(entry: str = "p1", **changed: Any) -> VillageAidAssigned:
    told: dict[str, Any] = {"occurred_on": LONG_AGO, "entry_id": PostingId(MassEntryId(entry)), "person_id": ANN, "village": "东湖村"}
    return VillageAidAssigned(**(told | changed))


def logged(entry: str = "l1", **changed: Any) -> VillageAidLogged:
    told: dict[str, Any] = {
        "occurred_on": BEFORE,
        "entry_id": MassEntryId(entry),
        "posting_id": P1,
        "person_id": ANN,
        "work": "走访脱贫户",
        "households": 3,
    }
    return VillageAidLogged(**(told | changed))


# Care


def care_plan(entry: str = "c1", **changed: Any) -> ConsolationPlanAdopted:
    told: dict[str, Any] = {
        "occurred_on": LONG_AGO,
        "entry_id": CarePlanId(CareEntryId(entry)),
        "festival": Festival.SPRING_FESTIVAL,
        "title": "春节走访慰问方案",
        "content": "走访老党员和困难党员",
    }
    return ConsolationPlanAdopted(**(told | changed))


def visited(entry: str = "v1", **changed: Any) -> ConsolationVisitMade:
    told: dict[str, Any] = {
        "occurred_on": DAY,
        "entry_id": CareEntryId(entry),
        "person_id": BEN,
        "kind": RecipientKind.HARDSHIP_MEMBER,
        "festival": Festival.SPRING_FESTIVAL,
        "manner": Manner.MONEY,
        "amount_fen": 50_000,
        "fund": CareFund.PUBLIC,
        "visitors": (ANN,),
        "signed": SignedFor.SELF,
    }
    return ConsolationVisitMade(**(told | changed))


def in_hardship(entry: str = "h1", **changed: Any) -> HardshipListed:
    told: dict[str, Any] = {
        "occurred_on": BEFORE,
        "entry_id": CareEntryId(entry),
        "person_id": BEN,
        "hardship": "因病",
        "situation": "家人长期住院",
    }
    return HardshipListed(**(told | changed))


DUES: tuple[Event, ...] = (
    DuesReceived(
        occurred_on=LONG_AGO, entry_id=EntryId("in"), person_id=ANN, month="2026-02", amount_fen=100_000, kind=PaymentKind.VOLUNTARY,
        payer=PayerKind.SELF, collector=CAI,
    ),
)  # fmt: skip


def dues_spent(use: DuesUse = DuesUse.HARDSHIP_AID, amount_fen: int = 80_000, entry: str = "spent") -> tuple[Event, ...]:
    """Dues that were decided on and spent, under the id `spent`."""
    decision = DuesSpendingApproved(
        occurred_on=LONG_AGO, decision_id=DecisionId(entry), decided_by=DecidedByBody.COMMITTEE, meeting_id=M1, use=use, purpose="慰问",
        amount_fen=amount_fen,
    )  # fmt: skip
    spent = DuesSpent(
        occurred_on=BEFORE, entry_id=EntryId(entry), decision_id=DecisionId(entry), use=use, purpose="慰问", amount_fen=amount_fen,
        handled_by=CAI, approver=ANN, voucher_no="票1",
    )  # fmt: skip
    return (*DUES, decision, spent)


# Communities


def reported(entry: str = "k1", **changed: Any) -> CheckedIn:
    told: dict[str, Any] = {
        "occurred_on": LONG_AGO,
        "entry_id": CommunityEntryId(entry),
        "person_id": ANN,
        "community": "北湖社区",
        "position": "政策宣讲员",
        "signed": True,
    }
    return CheckedIn(**(told | changed))


def served(entry: str = "w1", **changed: Any) -> CommunityServiceDone:
    told: dict[str, Any] = {
        "occurred_on": BEFORE,
        "entry_id": CommunityEntryId(entry),
        "person_id": ANN,
        "kind": ServiceKind.POLICY,
        "description": "宣讲惠民政策",
        "minutes": 90,
    }
    return CommunityServiceDone(**(told | changed))


def heard(entry: str = "x1", **changed: Any) -> CommunityOpinionRecorded:
    told: dict[str, Any] = {
        "occurred_on": BEFORE,
        "entry_id": CommunityOpinionId(CommunityEntryId(entry)),
        "person_id": ANN,
        "community": "北湖社区",
        "source": "居民",
        "content": "楼道照明不足",
        "proposal": "联系物业维修",
    }
    return CommunityOpinionRecorded(**(told | changed))


# Premises


def venue(entry: str = "place", **changed: Any) -> VenueRegistered:
    told: dict[str, Any] = {
        "occurred_on": LONG_AGO,
        "entry_id": VenueId(PremisesEntryId(entry)),
        "number": "C-01",
        "name": "党员活动室",
        "location": "办公楼三层",
        "keeper": DAN,
    }
    return VenueRegistered(**(told | changed))


def facility(entry: str = "f1", **changed: Any) -> FacilityRegistered:
    told: dict[str, Any] = {
        "occurred_on": LONG_AGO,
        "entry_id": FacilityId(PremisesEntryId(entry)),
        "number": "S-01",
        "name": "宣传展板",
        "kind": FacilityKind.BOARD,
        "quantity": 2,
        "bought_on": LONG_AGO,
        "amount_fen": 120_000,
        "fund": FacilityFund.PUBLIC,
        "location": "党员活动室",
        "keeper": DAN,
    }
    return FacilityRegistered(**(told | changed))


def inspected(entry: str = "i1", **changed: Any) -> VenueInspected:
    told: dict[str, Any] = {
        "occurred_on": BEFORE,
        "entry_id": InspectionId(PremisesEntryId(entry)),
        "venue_id": PLACE,
        "inspector": EVE,
        **dict.fromkeys(("flag", "oath", "method", "brand", "slogans"), ItemState.THERE),
        "journals": ItemState.RENEW,
        "rectify": "续订报刊",
    }
    return VenueInspected(**(told | changed))


# Awards and papers


def nominated(award: str = "a1", **changed: Any) -> AwardNominated:
    told: dict[str, Any] = {
        "occurred_on": LONG_AGO,
        "award_id": AwardId(award),
        "year": 2026,
        "to": AwardTo.MEMBER,
        "person_id": ANN,
        "title": "优秀共产党员",
        "level": AwardLevel.COMMITTEE,
        "deeds": "长期坚持志愿服务",
    }
    return AwardNominated(**(told | changed))


def voted(award: str = "a1", **changed: Any) -> AwardVoted:
    told: dict[str, Any] = {
        "occurred_on": BEFORE, "award_id": AwardId(award), "meeting_id": M1, "met_on": BEFORE, "motion_no": 1, "voters_due": 5,
        "voters_present": 5, "yes": 4, "no": 1, "abstain": 0, "passed": True,
    }  # fmt: skip
    return AwardVoted(**(told | changed))


def submitted(award: str = "a1", **changed: Any) -> AwardSubmitted:
    told: dict[str, Any] = {"occurred_on": BEFORE, "award_id": AwardId(award), "document_no": "支字〔2026〕3号", "papers": "先进事迹材料"}
    return AwardSubmitted(**(told | changed))


def paper(entry: str = "d1", **changed: Any) -> PostPaperAdopted:
    told: dict[str, Any] = {
        "occurred_on": BEFORE,
        "entry_id": StructureEntryId(entry),
        "kind": PaperKind.POLICY,
        "name": "学习制度",
        "version": 1,
        "effective_from": BEFORE,
        "text": "每月学习一次",
    }
    return PostPaperAdopted(**(told | changed))
