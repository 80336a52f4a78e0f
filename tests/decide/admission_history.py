"""What the tests of admissions are told in: the whole case of XIA, from the application to the archived file, and the branch around it.

The days are real ones: the notice of autumn 2024 runs over a make-up Sunday and the week of the national holiday.
"""

import datetime as dt
from typing import Any

from events.admission import (
    ActivistDetermined,
    ActivistTrained,
    AdmissionFiled,
    AdmissionTalk,
    AdmissionTalkHeld,
    ApplicantSex,
    ApplicationReceived,
    ContactsAssigned,
    CultivationReviewed,
    FilingLevel,
    PoliticalReviewCompleted,
    Recommender,
    ReviewScope,
    ShortCourseCompleted,
    SponsorsAssigned,
    TargetDetermined,
    WrittenReport,
    WrittenReportReceived,
)
from events.admission_acceptance import (
    AdmissionApproved,
    AdmissionFileArchived,
    AdmissionPurpose,
    AdmissionQuestion,
    AdmissionVoted,
    ApplicationFormCompleted,
    ApplicationFormIssued,
    CommitteeReviewed,
    ConsentNoticeIssued,
    ConversionApplied,
    ConversionApproved,
    KeptIn,
    NoticeClosed,
    NoticeKind,
    NoticePosted,
    OathTaken,
    OpinionsCollected,
    PreReviewDecided,
    PreReviewSubmitted,
    ProbationaryAssigned,
    ResolutionSubmitted,
)
from events.base import AdmissionId, Event, MeetingId, PersonId
from events.meetings import MeetingHeld, MeetingKind
from events.members import MemberConverted, MemberRegistered, MemberStatus, Sex
from service.decide.base import Command
from tests.decide.bdd import Answer, given
from tests.decide.roster_history import ANN, BEN, CAI, PEOPLE, founded, member, seated

XIA = PersonId("xia")
"""The applicant."""
CASE = AdmissionId("case")
FOUNDED = dt.date(2023, 1, 5)
IDS: dict[str, Any] = {"admission_id": CASE, "person_id": XIA}


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def meeting(name: str, on: str, kind: MeetingKind = MeetingKind.COMMITTEE, **changed: Any) -> MeetingHeld:
    due = PEOPLE if kind is MeetingKind.GENERAL else PEOPLE[:5]
    told: dict[str, Any] = {
        "occurred_on": day(on),
        "meeting_id": MeetingId(name),
        "kind": kind,
        "topic": "发展党员",
        "chair": ANN,
        "recorder": CAI,
        "due": due,
        "present": due,
    }
    return MeetingHeld(**(told | changed))


BRANCH_EVENTS: tuple[Event, ...] = (
    founded(occurred_on=FOUNDED),
    *(member(person, occurred_on=FOUNDED, joined_on=FOUNDED) for person in PEOPLE),
    seated(on=FOUNDED),
)
MEETINGS: tuple[Event, ...] = (
    meeting("m-activist", "2023-09-04"),
    meeting("m-target", "2024-09-13"),
    meeting("m-review", "2024-10-21"),
    meeting("m-admit", "2024-11-11", MeetingKind.GENERAL),
    meeting("m-conversion-review", "2025-11-11"),
    meeting("m-convert", "2025-11-12", MeetingKind.GENERAL),
)


def voted(question: AdmissionQuestion = AdmissionQuestion.ADMIT, **changed: Any) -> AdmissionVoted:
    """Seven voters due and there; all approve."""
    admit = question is AdmissionQuestion.ADMIT
    told: dict[str, Any] = {
        **IDS,
        "occurred_on": day("2024-11-11" if admit else "2025-11-12"),
        "question": question,
        "meeting_id": MeetingId("m-admit" if admit else "m-convert"),
        "voters_due": 7,
        "voters_present": 7,
        "needed": 4,
        "yes": 7,
        "no": 0,
        "abstain": 0,
        "passed": True,
    }
    return AdmissionVoted(**(told | changed))


def registered(**changed: Any) -> MemberRegistered:
    """XIA on the roll of the branch."""
    told: dict[str, Any] = {
        "occurred_on": day("2024-12-02"),
        "joined_on": day("2024-12-02"),
        "person_id": XIA,
        "name": "夏某",
        "sex": Sex.FEMALE,
        "nationality": "01",
        "born_on": "1998-04-02",
        "born_month": "1998-04",
        "education": "21",
        "unit_and_post": "科员",
        "phone": "10000000009",
        "status": MemberStatus.PROBATIONARY,
        "admitted_on": day("2024-11-11"),
    }
    return MemberRegistered(**(told | changed))


STORY: dict[str, tuple[Event, ...]] = {
    "application": (
        ApplicationReceived(
            **IDS,
            occurred_on=day("2023-03-01"),
            name="夏某",
            sex=ApplicantSex.FEMALE,
            nationality="01",
            born_on="1998-04-02",
            born_month="1998-04",
            education="21",
            unit_and_post="科员",
            phone="10000000009",
        ),
    ),
    "applicant-talk": (
        AdmissionTalkHeld(**IDS, occurred_on=day("2023-03-20"), kind=AdmissionTalk.APPLICANT, held_by=(ANN, CAI), record="动机端正"),
    ),
    "initial-review": (CultivationReviewed(**IDS, occurred_on=day("2023-06-30"), scope=ReviewScope.INITIAL, opinion="表现良好"),),
    "activist": (
        ActivistDetermined(**IDS, occurred_on=day("2023-09-04"), meeting_id=MeetingId("m-activist"), recommended_by=Recommender.MEMBERS),
    ),
    "activist-filing": (AdmissionFiled(**IDS, occurred_on=day("2023-09-11"), level=FilingLevel.ACTIVIST, document_no="备〔2023〕1号"),),
    "contacts": (ContactsAssigned(**IDS, occurred_on=day("2023-09-12"), contacts=(ANN, BEN)),),
    "training": (ActivistTrained(**IDS, occurred_on=day("2023-11-07"), topic="党章", organiser="机关党委", hours=8),),
    "thought-report": (WrittenReportReceived(**IDS, occurred_on=day("2023-12-29"), kind=WrittenReport.THOUGHT, title="思想汇报"),),
    "first-review": (CultivationReviewed(**IDS, occurred_on=day("2024-02-26"), scope=ReviewScope.ACTIVIST, opinion="进步明显"),),
    "cultivation-talk": (
        AdmissionTalkHeld(**IDS, occurred_on=day("2024-05-06"), kind=AdmissionTalk.CULTIVATION, held_by=(BEN,), record="谈了学习"),
    ),
    "second-review": (CultivationReviewed(**IDS, occurred_on=day("2024-08-28"), scope=ReviewScope.ACTIVIST, opinion="基本成熟"),),
    "opinions": (
        OpinionsCollected(
            **IDS,
            occurred_on=day("2024-09-10"),
            purpose=AdmissionPurpose.ADMISSION,
            members_heard=5,
            public_heard=6,
            group_heard=False,
            summary="一致同意",
        ),
    ),
    "target-talk": (AdmissionTalkHeld(**IDS, occurred_on=day("2024-09-12"), kind=AdmissionTalk.TARGET, held_by=(ANN,), record="谈了认识"),),
    "target": (TargetDetermined(**IDS, occurred_on=day("2024-09-13"), meeting_id=MeetingId("m-target")),),
    "target-filing": (AdmissionFiled(**IDS, occurred_on=day("2024-09-18"), level=FilingLevel.TARGET, document_no="备〔2024〕7号"),),
    "notice": (
        NoticePosted(**IDS, occurred_on=day("2024-09-25"), kind=NoticeKind.ADMISSION, place="公示栏", closes_from=day("2024-10-09")),
    ),
    "sponsors": (SponsorsAssigned(**IDS, occurred_on=day("2024-10-09"), sponsors=(ANN, BEN)),),
    "notice-closed": (
        NoticeClosed(
            **IDS,
            occurred_on=day("2024-10-09"),
            kind=NoticeKind.ADMISSION,
            posted_on=day("2024-09-25"),
            working_days=5,
            objections=0,
            result="无异议",
        ),
    ),
    "political-review": (PoliticalReviewCompleted(**IDS, occurred_on=day("2024-10-14"), passed=True, conclusion="合格"),),
    "course": (
        ShortCourseCompleted(**IDS, occurred_on=day("2024-10-18"), began_on=day("2024-10-16"), days=3, hours=24, organiser="机关党委"),
    ),
    "reflection": (WrittenReportReceived(**IDS, occurred_on=day("2024-10-18"), kind=WrittenReport.REFLECTION, title="培训体会"),),
    "committee-review": (
        CommitteeReviewed(
            **IDS,
            occurred_on=day("2024-10-21"),
            purpose=AdmissionPurpose.ADMISSION,
            meeting_id=MeetingId("m-review"),
            conclusion="同意上报",
        ),
    ),
    "pre-review-submission": (PreReviewSubmitted(**IDS, occurred_on=day("2024-10-22"), document_no="请〔2024〕3号"),),
    "pre-review": (PreReviewDecided(**IDS, occurred_on=day("2024-10-28"), passed=True, opinion="合格", document_no="预〔2024〕3号"),),
    "form-issued": (ApplicationFormIssued(**IDS, occurred_on=day("2024-10-29"), form_no="0001"),),
    "form": (ApplicationFormCompleted(**IDS, occurred_on=day("2024-11-04")),),
    "vote": (voted(),),
    "submission": (
        ResolutionSubmitted(**IDS, occurred_on=day("2024-11-13"), purpose=AdmissionPurpose.ADMISSION, document_no="请〔2024〕4号"),
    ),
    "superior-talk": (
        AdmissionTalkHeld(**IDS, occurred_on=day("2024-11-20"), kind=AdmissionTalk.SUPERIOR, held_by_name="组织员", record="符合条件"),
    ),
    "approval": (
        AdmissionApproved(
            **IDS,
            occurred_on=day("2024-12-02"),
            approval_no="批〔2024〕5号",
            voted_on=day("2024-11-11"),
            probation_end=day("2025-11-11"),
            late=False,
        ),
        registered(),
    ),
    "consent-notice": (ConsentNoticeIssued(**IDS, occurred_on=day("2024-12-02"), document_no="通〔2024〕5号"),),
    "group": (ProbationaryAssigned(**IDS, occurred_on=day("2024-12-03")),),
    "reported-up": (AdmissionFiled(**IDS, occurred_on=day("2024-12-06"), level=FilingLevel.REPORTED_UP, document_no="报〔2024〕9号"),),
    "oath": (OathTaken(**IDS, occurred_on=day("2024-12-10"), place="党员活动室", led_by=ANN),),
    "probation-review": (CultivationReviewed(**IDS, occurred_on=day("2025-05-08"), scope=ReviewScope.PROBATION, opinion="良好"),),
    "probation-talk": (
        AdmissionTalkHeld(**IDS, occurred_on=day("2025-08-01"), kind=AdmissionTalk.PROBATION, held_by=(CAI,), record="谈了工作"),
    ),
    "conversion-application": (ConversionApplied(**IDS, occurred_on=day("2025-10-20")),),
    "conversion-opinions": (
        OpinionsCollected(
            **IDS,
            occurred_on=day("2025-10-27"),
            purpose=AdmissionPurpose.CONVERSION,
            members_heard=6,
            public_heard=4,
            group_heard=False,
            summary="同意转正",
        ),
    ),
    "conversion-notice": (
        NoticePosted(**IDS, occurred_on=day("2025-11-03"), kind=NoticeKind.CONVERSION, place="公示栏", closes_from=day("2025-11-11")),
    ),
    "conversion-review": (
        CommitteeReviewed(
            **IDS,
            occurred_on=day("2025-11-11"),
            purpose=AdmissionPurpose.CONVERSION,
            meeting_id=MeetingId("m-conversion-review"),
            conclusion="同意提交大会",
        ),
    ),
    "conversion-notice-closed": (
        NoticeClosed(
            **IDS,
            occurred_on=day("2025-11-11"),
            kind=NoticeKind.CONVERSION,
            posted_on=day("2025-11-03"),
            working_days=5,
            objections=0,
            result="无异议",
        ),
    ),
    "conversion-vote": (voted(AdmissionQuestion.CONVERT),),
    "conversion-submission": (
        ResolutionSubmitted(**IDS, occurred_on=day("2025-11-14"), purpose=AdmissionPurpose.CONVERSION, document_no="请〔2025〕8号"),
    ),
    "conversion-approval": (
        MemberConverted(occurred_on=day("2025-12-01"), person_id=XIA, approval_no="批〔2025〕6号"),
        ConversionApproved(**IDS, occurred_on=day("2025-12-01"), approval_no="批〔2025〕6号", standing_from=day("2025-11-11")),
    ),
    "archive": (AdmissionFileArchived(**IDS, occurred_on=day("2025-12-15"), kept_in=KeptIn.PERSONNEL_FILE, volume_no="档12"),),
}
"""Every entry in its order, by name."""


def before(name: str, *without: str) -> tuple[Event, ...]:
    """The branch, its meetings, and the case up to this entry; some entries may be missing."""
    names = list(STORY)
    kept = [one for one in names[: names.index(name)] if one not in without]
    return (*BRANCH_EVENTS, *MEETINGS, *(event for one in kept for event in STORY[one]))


def until(name: str, *without: str) -> tuple[Event, ...]:
    """As `before`, with the entry itself."""
    return (*before(name, *without), *STORY[name])


def event(name: str) -> Event:
    return STORY[name][0]


def case(*events: Event) -> tuple[Event, ...]:
    """The branch and its meetings with another case than the story's."""
    return (*BRANCH_EVENTS, *MEETINGS, *events)


def when(command: Command, *history: Event, **more: Any) -> Answer:
    return given(history).when(command, **more)
