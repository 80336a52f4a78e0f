"""What the tests of assessment are told in: a year that was opened, scored and graded."""

import datetime as dt
from typing import Any

from events.assessment import (
    Adjusted,
    AdjustmentKind,
    AssessmentEntryId,
    AssessmentGrade,
    BranchGraded,
    Component,
    NoticeCirculated,
    PlanReceived,
    RectificationAccepted,
    RectificationPlanned,
    RectificationReturned,
    Scored,
    SelfInspected,
    TaskEntered,
    TaskReported,
    Visited,
    VisitMethod,
    WorkLedgerOpened,
    YearClosed,
    YearOpened,
)
from tests.decide.roster_history import ANN, BEN, DAY

GRADES = (
    (AssessmentGrade.GOOD, 9000),
    (AssessmentGrade.FAIRLY_GOOD, 8000),
    (AssessmentGrade.FAIR, 6000),
    (AssessmentGrade.POOR, 0),
)


def named(name: str) -> AssessmentEntryId:
    return AssessmentEntryId(name)


def _told(entry_id: str, **told: Any) -> dict[str, Any]:
    return {"occurred_on": DAY, "year": 2026, "entry_id": named(entry_id), **told}


def plan_received(**changed: Any) -> PlanReceived:
    return PlanReceived(**(_told("plan", document_no="部发1号", title="考核办法") | changed))


def ledger_opened(**changed: Any) -> WorkLedgerOpened:
    return WorkLedgerOpened(**(_told("ledger", source="部发1号") | changed))


def task_entered(**changed: Any) -> TaskEntered:
    told = _told("task", task="开展主题教育", source="部发1号", responsible=ANN, due_on=dt.date(2026, 6, 30))
    return TaskEntered(**(told | changed))


def task_reported(**changed: Any) -> TaskReported:
    return TaskReported(**(_told("task", done=True, progress="集中学习四次", evidence="学习记录") | changed))


def self_inspected(**changed: Any) -> SelfInspected:
    return SelfInspected(**(_told("inspection", summary="总体良好", problems="记录不及时", score=9100) | changed))


def opened(**changed: Any) -> YearOpened:
    told = _told("opened", weights=(40, 30, 20, 10), bonus_max=1000, penalty_max=1000, grades=GRADES)
    return YearOpened(**(told | changed))


def visited(**changed: Any) -> Visited:
    return Visited(**(_told("visit", method=VisitMethod.PAPERS, group="党委考核一组", findings="资料齐全") | changed))


def scored(component: Component, score: int, **changed: Any) -> Scored:
    return Scored(**(_told(component.value, component=component, score=score, reason=None) | changed))


def all_scored(*scores: int) -> tuple[Scored, ...]:
    return tuple(scored(component, score) for component, score in zip(Component, scores, strict=True))


def adjusted(kind: AdjustmentKind = AdjustmentKind.BONUS, points: int = 200, **changed: Any) -> Adjusted:
    told = _told("adjusted", kind=kind, points=points, ground="经验推广", evidence="省部级刊物", confirmed_by="考核办")
    return Adjusted(**(told | changed))


def graded(grade: AssessmentGrade = AssessmentGrade.FAIR, total: int = 7000, **changed: Any) -> BranchGraded:
    told = _told("grade", scores=(total,) * 4, bonus=0, penalty=0, total=total, grade=grade, poor_again=False)
    return BranchGraded(**(told | changed))


def noticed(**changed: Any) -> NoticeCirculated:
    return NoticeCirculated(**(_told("notice", scope="全部党支部", document_no="通报1号", late_days=0) | changed))


def planned(**changed: Any) -> RectificationPlanned:
    told = _told("plan-1", problem="记录不及时", measures="专人当日录入", responsible=BEN, due_on=dt.date(2026, 6, 1), late_days=0)
    return RectificationPlanned(**(told | changed))


def accepted(**changed: Any) -> RectificationAccepted:
    return RectificationAccepted(**(_told("plan-1", accepted_by="党委组织部", result="已整改到位", late_days=0) | changed))


def closed(**changed: Any) -> YearClosed:
    return YearClosed(**(_told("closed") | changed))


def returned(**changed: Any) -> RectificationReturned:
    return RectificationReturned(**(_told("plan-1", reason="措施不具体") | changed))
