"""What each entry of an admission puts into the row of its case (发展党员台账)."""

from typing import Any, assert_never

from events.admission import (
    ActivistDetermined,
    ActivistTrained,
    AdmissionClosed,
    AdmissionFiled,
    AdmissionTalk,
    AdmissionTalkHeld,
    ApplicantDetailsCorrected,
    ApplicationReceived,
    CaseTakenOver,
    ContactsAssigned,
    CultivationEvent,
    CultivationReviewed,
    ExceptionGranted,
    FilingLevel,
    PagesCounted,
    PoliticalReviewCompleted,
    ReviewScope,
    ShortCourseCompleted,
    SponsorsAssigned,
    TargetDetermined,
    WrittenReportReceived,
)
from events.admission_acceptance import (
    AcceptanceEvent,
    AdmissionApproved,
    AdmissionEntryWithdrawn,
    AdmissionFileArchived,
    AdmissionPurpose,
    AdmissionQuestion,
    AdmissionRejected,
    AdmissionVoted,
    ApplicationFormCompleted,
    ApplicationFormIssued,
    CommitteeReviewed,
    ConsentNoticeIssued,
    ConversionApplied,
    ConversionApproved,
    ConversionReturned,
    NoticeClosed,
    NoticeKind,
    NoticePosted,
    OathTaken,
    ObjectionReceived,
    ObjectionResolved,
    OpinionsCollected,
    PreReviewDecided,
    PreReviewSubmitted,
    ProbationaryAssigned,
    ProbationCancelled,
    ProbationExtended,
    ResolutionSubmitted,
)
from projections.standard.codes import text_of

Cells = dict[str, Any]
TO = "至"


def cultivation_cells(event: CultivationEvent) -> Cells:  # noqa: C901, PLR0911, PLR0912 - one line for each event
    day = event.occurred_on
    match event:
        case ApplicationReceived():
            return {**_particulars(event), "applied_on": day}
        case ApplicantDetailsCorrected():
            return {key: value for key, value in _particulars(event).items() if value is not None}
        case CaseTakenOver():
            return _taken_over(event)
        case AdmissionTalkHeld():
            return _talk(event)
        case ActivistDetermined():
            return {"activist_on": day}
        case AdmissionFiled():
            column = {FilingLevel.ACTIVIST: "activist_filed_on", FilingLevel.TARGET: "target_filed_on"}.get(event.level)
            return {} if column is None else {column: day}
        case ContactsAssigned():
            return {"contacts": list(event.contacts)}
        case ActivistTrained():
            return {"training": f"{day} {event.topic} {event.hours}学时"}
        case CultivationReviewed():
            column = {ReviewScope.ACTIVIST: "reviews", ReviewScope.PROBATION: "probation_reviews"}.get(event.scope)
            return {} if column is None else {column: str(day)}
        case TargetDetermined():
            return {"target_on": day}
        case SponsorsAssigned():
            return {"sponsors": list(event.sponsors)}
        case PoliticalReviewCompleted():
            return {"political_review_on": day}
        case ShortCourseCompleted():
            return {"course": f"{event.began_on}{TO}{day} {event.days}天{event.hours}学时"}
        case AdmissionClosed():
            return {"changed": f"{day} {event.zh}：{event.ground.zh}"}
        case WrittenReportReceived() | ExceptionGranted() | PagesCounted():
            return {}
        case other:
            assert_never(other)


def _particulars(event: ApplicationReceived | ApplicantDetailsCorrected | CaseTakenOver) -> Cells:
    return {
        "person": event.name,
        "sex": None if event.sex is None else event.sex.zh,
        "nationality": text_of("nation", event.nationality),
        "born": event.born_month,
        "education": text_of("education", event.education),
        "unit_and_post": event.unit_and_post,
    }


def _taken_over(event: CaseTakenOver) -> Cells:
    cells: Cells = {**_particulars(event), "applied_on": event.applied_on, "activist_on": event.activist_on}
    if event.target_on is not None:
        cells["target_on"] = event.target_on
    if event.voted_on is not None:
        cells |= {"vote_on": event.voted_on, "probation": f"{event.voted_on}{TO}{event.probation_end}"}
    return cells


def _talk(event: AdmissionTalkHeld) -> Cells:
    """The first talk and that of the superior have columns; the others are counted by the papers alone."""
    match event.kind:
        case AdmissionTalk.APPLICANT:
            return {"talk_on": event.occurred_on, "talk_by": list(event.held_by)}
        case AdmissionTalk.SUPERIOR:
            return {"superior_talk_by": event.held_by_name, "superior_talk_on": event.occurred_on}
        case _:
            return {}


def acceptance_cells(event: AcceptanceEvent) -> Cells:  # noqa: C901, PLR0911, PLR0912 - one line for each event
    day = event.occurred_on
    match event:
        case OpinionsCollected():
            return {"opinions_on": day} if event.purpose is AdmissionPurpose.ADMISSION else {}
        case NoticePosted():
            return _notice(event.kind, f"{day}{TO}")
        case NoticeClosed():
            return _notice(event.kind, f"{event.posted_on}{TO}{day}")
        case CommitteeReviewed():
            return {"committee_on": day} if event.purpose is AdmissionPurpose.ADMISSION else {}
        case PreReviewDecided():
            return {"pre_review_on": day, "pre_review": "合格" if event.passed else "不合格"}
        case ApplicationFormIssued():
            return {"form_no": event.form_no}
        case AdmissionVoted():
            return _vote(event)
        case AdmissionApproved():
            probation = f"{event.voted_on}{TO}{event.probation_end}"
            return {"approved_on": day, "approval_no": event.approval_no, "probation": probation}
        case AdmissionRejected():
            return {"changed": f"{day} {event.zh} {event.document_no}"}
        case OathTaken():
            return {"oath_on": day}
        case ConversionApplied():
            return {"conversion_applied_on": day}
        case ConversionApproved():
            return {"conversion_approved_on": day}
        case ProbationExtended():
            return {"changed": f"{day} {event.zh}{event.months}个月，{TO}{event.probation_end} {event.approval_no}"}
        case ProbationCancelled():
            return {"changed": f"{day} {event.zh} {event.approval_no}"}
        case ConversionReturned():
            return {"changed": f"{day} {event.zh} {event.document_no}"}
        case AdmissionFileArchived():
            return {"archived_on": day}
        case (
            ObjectionReceived()
            | ObjectionResolved()
            | PreReviewSubmitted()
            | ApplicationFormCompleted()
            | ResolutionSubmitted()
            | ConsentNoticeIssued()
            | ProbationaryAssigned()
            | AdmissionEntryWithdrawn()
        ):
            return {}
        case other:
            assert_never(other)


def _notice(kind: NoticeKind, text: str) -> Cells:
    columns = {NoticeKind.ADMISSION: "notice", NoticeKind.CONVERSION: "conversion_notice"}
    return {columns[kind]: text} if kind in columns else {}


def _vote(event: AdmissionVoted) -> Cells:
    """Written opinions are counted with the ballots, as the paper form has it."""
    no = event.no + event.written_no
    abstain = event.abstain + len(event.written_from) - event.written_yes - event.written_no
    if event.question is AdmissionQuestion.ADMIT:
        return {
            "vote_on": event.occurred_on,
            "vote_due": event.voters_due,
            "vote_present": event.voters_present,
            "vote_yes": event.approvals(),
            "vote_no": no,
            "vote_abstain": abstain,
        }
    counts = f"应到{event.voters_due}/实到{event.voters_present}/赞成{event.approvals()}/反对{no}/弃权{abstain}"
    return {"conversion_vote_on": event.occurred_on, "conversion_votes": f"{event.question.zh} {counts}"}
