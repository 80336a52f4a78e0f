"""What the tests of debriefing are told in: one year's chain from the plan to the grade."""

import datetime as dt
from typing import Any

from events.base import MeetingId, PersonId
from events.debriefing import (
    AppraisalBallot,
    Before,
    CommentsRecorded,
    DebriefingGrade,
    DebriefingSelfInspected,
    DebriefingStep,
    OpinionsGathered,
    ProblemClosed,
    ProblemId,
    ProblemPlanned,
    ProblemReturned,
    ReportApproved,
    ReportDrafted,
    ReportedToMembers,
    ReportedToSuperior,
    ReportReturned,
    ReportSubmitted,
    ReviewPlanAdopted,
    SecretaryGraded,
    StepWithdrawn,
)
from events.meetings import MeetingHeld, MeetingKind
from tests.decide.roster_history import ANN, BEN, CAI, DAY

M1, P1 = MeetingId("m1"), ProblemId("p1")


def _told(**told: Any) -> dict[str, Any]:
    return {"occurred_on": DAY, "year": 2025, **told}


def plan(**changed: Any) -> ReviewPlanAdopted:
    return ReviewPlanAdopted(**(_told(title="2025年述职方案", summary="两次述职") | changed))


def inspected(**changed: Any) -> DebriefingSelfInspected:
    return DebriefingSelfInspected(**(_told(summary="自查完成") | changed))


def opinions(**changed: Any) -> OpinionsGathered:
    return OpinionsGathered(**(_told(ways="座谈", people=12, opinions=5, summary="意见集中") | changed))


def drafted(**changed: Any) -> ReportDrafted:
    return ReportDrafted(**(_told(person_id=ANN, work_done="落实上级要求", plans="抓实三会一课") | changed))


def submitted(person: PersonId = ANN, **changed: Any) -> ReportSubmitted:
    return ReportSubmitted(**(_told(person_id=person) | changed))


def approved(**changed: Any) -> ReportApproved:
    return ReportApproved(**(_told(person_id=ANN, opinion=None) | changed))


def returned(**changed: Any) -> ReportReturned:
    return ReportReturned(**(_told(person_id=ANN, reason="问题不实") | changed))


def to_superior(**changed: Any) -> ReportedToSuperior:
    return ReportedToSuperior(**(_told(person_id=ANN, place=None, chaired_by="党委书记") | changed))


def commented(before: Before = Before.SUPERIOR, **changed: Any) -> CommentsRecorded:
    told = _told(person_id=ANN, before=before, commentator="党委书记", achievements="扎实", problems="创新不足", direction="抓品牌")
    return CommentsRecorded(**(told | changed))


def to_members(**changed: Any) -> ReportedToMembers:
    return ReportedToMembers(**(_told(person_id=ANN, meeting_id=M1, observer="组织委员") | changed))


def ballot(**changed: Any) -> AppraisalBallot:
    told = _told(person_id=ANN, issued=10, returned=9, good=6, fairly_good=2, fair=0, poor=0, invalid=1)
    return AppraisalBallot(**(told | changed))


def graded(grade: DebriefingGrade = DebriefingGrade.GOOD, **changed: Any) -> SecretaryGraded:
    return SecretaryGraded(**(_told(person_id=ANN, grade=grade, document_no="部发9号") | changed))


def planned(**changed: Any) -> ProblemPlanned:
    told = _told(problem_id=P1, problem="创新不足", measures="每季一题", responsible=BEN, due_on=dt.date(2026, 6, 30))
    return ProblemPlanned(**(told | changed))


def closed(**changed: Any) -> ProblemClosed:
    return ProblemClosed(**(_told(problem_id=P1, mistaken=False, closed_by="党委组织部", result="已改") | changed))


def withdrawn(step: DebriefingStep, **changed: Any) -> StepWithdrawn:
    return StepWithdrawn(**(_told(step=step, reason="误录") | changed))


def meeting(kind: MeetingKind = MeetingKind.GENERAL, on: dt.date = DAY) -> MeetingHeld:
    people = (ANN, BEN, CAI)
    return MeetingHeld(occurred_on=on, meeting_id=M1, kind=kind, topic="述职", chair=ANN, recorder=BEN, due=people, present=people)


WRITTEN = (drafted(), submitted(), approved())
HEARD = (*WRITTEN, to_superior(), commented())
VOTED = (*HEARD, to_members(), ballot())


def sent_back(**changed: Any) -> ProblemReturned:
    return ProblemReturned(**(_told(problem_id=P1, reason="措施不具体") | changed))
