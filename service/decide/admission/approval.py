"""What the superior decides about an admission; the roll of the branch follows (R-C13, R-C16 to R-C18, R-C24, INV-053)."""

from typing import Annotated

from events.admission import AdmissionFiled, AdmissionTalk, AdmissionTalkHeld, ExceptionGranted, ExceptionGround, FilingLevel
from events.admission_acceptance import (
    AdmissionApproved,
    AdmissionQuestion,
    AdmissionRejected,
    AdmissionVoted,
    ConsentNoticeIssued,
    ConversionApproved,
    ConversionReturned,
    PreReviewDecided,
    PreReviewSubmitted,
    ProbationCancelled,
    ProbationExtended,
)
from events.base import Event, GroupId, LongText, PersonId, Text
from events.members import LeftGround, MemberConverted, MemberLeft, MemberRegistered, MemberStatus, Sex
from projections.standard.periods import add_months
from service.auth.rights import Right
from service.decide.admission.cultivation import once
from service.decide.admission.order import check_order, check_step
from service.decide.admission.state import ADMISSION, Admission, Who, lapsed, running
from service.decide.base import Case, Command, Context, Outcome, label
from service.decide.members.roll import check_group
from service.decide.roster import ROSTER, Roster
from service.errors import Conflict, Malformed, Refused

DocumentNo = Annotated[Text, label("文号", "Document no.", min_length=1)]
ApprovalNo = Annotated[Text, label("批准文号", "Approval document no.", min_length=1)]
SealedReason = Annotated[LongText, label("理由", "Reason", min_length=1, help_zh="加密保存", help_en="Kept encrypted")]


class DecidePreReview(Command, frozen=True, kw_only=True, tag="decide-pre-review"):
    """The superior's written result of the pre-review."""

    zh = "登记预审结果"
    en = "Decide the pre-review"

    admission_id: Who
    passed: Annotated[bool, label("预审合格", "Passed")] = False
    opinion: Annotated[LongText, label("预审意见", "Opinion", min_length=1, help_zh="加密保存", help_en="Kept encrypted")]
    document_no: DocumentNo


class HoldSuperiorTalk(Command, frozen=True, kw_only=True, tag="hold-superior-talk"):
    """Somebody sent by the superior talked with the person before approval."""

    zh = "登记上级党委派人谈话"
    en = "Record the superior's talk"

    admission_id: Who
    held_by_name: Annotated[
        Text, label("谈话人", "Held by", min_length=1, help_zh="党委委员或组织员", help_en="Committee member or organiser")
    ]
    record: Annotated[LongText, label("谈话情况", "Record", min_length=1, help_zh="加密保存", help_en="Kept encrypted")]


class ApproveAdmission(Command, frozen=True, kw_only=True, tag="approve-admission"):
    """The superior approves one person as a probationary member, who thereby stands on the roll."""

    zh = "审批接收预备党员"
    en = "Approve an admission"

    admission_id: Who
    approval_no: ApprovalNo
    group_id: Annotated[
        GroupId | None, label("编入党小组", "Party group", help_zh="可由支部随后编入", help_en="The branch may assign it later")
    ] = None


class RejectAdmission(Command, frozen=True, kw_only=True, tag="reject-admission"):
    """The superior does not approve; the vote stands no more."""

    zh = "不同意接收预备党员"
    en = "Reject an admission"

    admission_id: Who
    document_no: DocumentNo
    reason: SealedReason


class IssueConsentNotice(Command, frozen=True, kw_only=True, tag="issue-consent-notice"):
    """The superior's notice of consent goes to the branch."""

    zh = "发出同意吸收预备党员通知"
    en = "Issue the notice of consent"

    admission_id: Who
    document_no: DocumentNo


class ReportAdmissionUp(Command, frozen=True, kw_only=True, tag="report-admission-up"):
    """The superior reports the new probationary member one level further up."""

    zh = "报再上一级党委组织部门备案"
    en = "Report an admission further up"

    admission_id: Who
    document_no: DocumentNo


class GrantAdmissionException(Command, frozen=True, kw_only=True, tag="grant-admission-exception"):
    """The superior allows a special case."""

    zh = "批准发展党员特殊情况"
    en = "Grant an exception in an admission"

    admission_id: Who
    ground: Annotated[ExceptionGround, label("情形", "Ground")]
    reason: Annotated[Text, label("理由", "Reason", min_length=1)]
    document_no: DocumentNo


class ApproveConversionResolution(Command, frozen=True, kw_only=True, tag="approve-conversion-resolution"):
    """The superior approves what the general meeting resolved: conversion, extension or cancellation."""

    zh = "审批转正、延长或取消决议"
    en = "Approve the resolution on a conversion"

    admission_id: Who
    approval_no: ApprovalNo
    reason: Annotated[Text | None, label("取消或延长的理由", "Reason for cancelling or extending")] = None


class ReturnConversionResolution(Command, frozen=True, kw_only=True, tag="return-conversion-resolution"):
    """The superior does not approve what the general meeting resolved about a probationary member."""

    zh = "退回转正决议"
    en = "Return the resolution on a conversion"

    admission_id: Who
    document_no: DocumentNo
    reason: SealedReason


def decide_pre_review(command: DecidePreReview, _context: Context, case: Admission) -> Outcome:
    """One answer to each submission; a new submission may follow one that did not pass."""
    event = PreReviewDecided(
        occurred_on=command.occurred_on,
        admission_id=command.admission_id,
        person_id=running(case, command.admission_id),
        passed=command.passed,
        opinion=command.opinion,
        document_no=command.document_no,
    )
    if case.has(event):
        return []
    check_step(case, command.occurred_on, "pre-review")
    if case.after(PreReviewSubmitted).last(PreReviewDecided) is not None:
        raise Conflict("this submission is decided already")
    return [event]


def hold_superior_talk(command: HoldSuperiorTalk, _context: Context, case: Admission) -> Outcome:
    event = AdmissionTalkHeld(
        occurred_on=command.occurred_on,
        admission_id=command.admission_id,
        person_id=running(case, command.admission_id),
        kind=AdmissionTalk.SUPERIOR,
        held_by_name=command.held_by_name,
        record=command.record,
    )
    if case.has(event):
        return []
    check_step(case, command.occurred_on, "superior-talk")
    return [event]


def approve_admission(command: ApproveAdmission, context: Context, case: Admission, roster: Roster) -> Outcome:
    """Within the term, at the latest within the last one (INV-053); probation counts from the day of the vote (R-C22, R-C29)."""
    person_id = running(case, command.admission_id)
    if case.approved_on is not None:
        return []
    day, rules = command.occurred_on, context.rules
    check_step(case, day, "approval")
    vote = case.admitted_by
    assert vote is not None, "the order was checked"
    if lapsed(vote, rules, day):
        raise Refused("INV-053", "occurred_on", detail=f"{vote.occurred_on}")
    if command.group_id is not None:
        check_group(roster, command.group_id, day)
    known = roster.members.get(person_id)
    if known is not None and (known.belongs.until is None or day < known.belongs.until):
        raise Refused("INV-001", "admission_id")
    approved = AdmissionApproved(
        occurred_on=day,
        admission_id=command.admission_id,
        person_id=person_id,
        approval_no=command.approval_no,
        voted_on=vote.occurred_on,
        probation_end=add_months(vote.occurred_on, rules.number("admission.probation_months")),
        late=day > add_months(vote.occurred_on, rules.number("admission.approval_months")),
    )
    return [approved, _on_the_roll(command, case, person_id, vote)]


def _on_the_roll(command: ApproveAdmission, case: Admission, person_id: PersonId, vote: AdmissionVoted) -> MemberRegistered:
    """The particulars go over word for word; the sealed ones as they are."""
    particulars = case.person()
    sex = Sex[particulars.pop("sex").name]
    return MemberRegistered(
        occurred_on=command.occurred_on,
        joined_on=command.occurred_on,
        person_id=person_id,
        sex=sex,
        status=MemberStatus.PROBATIONARY,
        admitted_on=vote.occurred_on,
        group_id=command.group_id,
        **particulars,
    )


def reject_admission(command: RejectAdmission, _context: Context, case: Admission) -> Outcome:
    event = AdmissionRejected(
        occurred_on=command.occurred_on,
        admission_id=command.admission_id,
        person_id=running(case, command.admission_id),
        document_no=command.document_no,
        reason=command.reason,
    )
    if case.has(event):
        return []
    if case.approved_on is not None:
        raise Conflict("approved already")
    check_order(case, command.occurred_on, "vote", "submission")
    return [event]


def issue_consent_notice(command: IssueConsentNotice, _context: Context, case: Admission) -> Outcome:
    """With the pre-review in some offices, with the approval in others (R-C13)."""
    event = ConsentNoticeIssued(
        occurred_on=command.occurred_on,
        admission_id=command.admission_id,
        person_id=running(case, command.admission_id),
        document_no=command.document_no,
    )
    if case.has(event):
        return []
    check_order(case, command.occurred_on, "pre-review")
    return [event]


def report_admission_up(command: ReportAdmissionUp, _context: Context, case: Admission) -> Outcome:
    event = AdmissionFiled(
        occurred_on=command.occurred_on,
        admission_id=command.admission_id,
        person_id=running(case, command.admission_id),
        level=FilingLevel.REPORTED_UP,
        document_no=command.document_no,
    )
    if case.has(event):
        return []
    once(case, event)
    check_step(case, command.occurred_on, "reported-up")
    return [event]


def grant_admission_exception(command: GrantAdmissionException, _context: Context, case: Admission) -> Outcome:
    """For an activist or a development target; a gap is allowed up to the day of the grant."""
    event = ExceptionGranted(
        occurred_on=command.occurred_on,
        admission_id=command.admission_id,
        person_id=running(case, command.admission_id),
        ground=command.ground,
        reason=command.reason,
        document_no=command.document_no,
    )
    if case.has(event):
        return []
    check_order(case, command.occurred_on, "target-filing" if command.ground is ExceptionGround.NO_COURSE else "activist")
    return [event]


def approve_conversion_resolution(command: ApproveConversionResolution, context: Context, case: Admission, roster: Roster) -> Outcome:
    """The outcome is the meeting's; the roll follows: converted, or gone (R-C24, R-C29)."""
    person_id = running(case, command.admission_id)
    day, vote = command.occurred_on, case.resolved
    if any(_answers(entry, command) for entry in case.entries):
        return []
    if case.settled is not None:
        raise Conflict(f"probation ended on {case.settled.occurred_on}")
    check_step(case, day, "conversion-approval")
    assert vote is not None, "the order was checked"
    assert case.probation_end is not None, "probation has an end from its beginning"
    member = roster.must_be_active(person_id, day, "admission_id")
    if member.status_on(day) is MemberStatus.FULL:
        raise Conflict("a full member on the roll already")
    match vote.question:
        case AdmissionQuestion.CONVERT:
            since = {"probation_end": case.probation_end, "vote": vote.occurred_on, "approval": day}
            standing_from = since[context.rules.text("probation.standing_from")]
            converted = MemberConverted(occurred_on=day, person_id=person_id, approval_no=command.approval_no)
            approved = ConversionApproved(
                occurred_on=day,
                admission_id=command.admission_id,
                person_id=person_id,
                approval_no=command.approval_no,
                standing_from=standing_from,
            )
            return [converted, approved]
        case AdmissionQuestion.EXTEND:
            end = add_months(case.probation_end, vote.extension_months)
            extended = ProbationExtended(
                occurred_on=day,
                admission_id=command.admission_id,
                person_id=person_id,
                approval_no=command.approval_no,
                months=vote.extension_months,
                probation_end=end,
            )
            return [extended]
        case _:
            return _cancelled(command, person_id, member.profile.id_index)


def _answers(entry: Event, command: ApproveConversionResolution) -> bool:
    outcome = isinstance(entry, ConversionApproved | ProbationExtended | ProbationCancelled)
    return outcome and (entry.approval_no, entry.occurred_on) == (command.approval_no, command.occurred_on)  # type: ignore[attr-defined]


def _cancelled(command: ApproveConversionResolution, person_id: PersonId, id_index: str | None) -> Outcome:
    if not command.reason:
        raise Malformed("reason: a cancellation has its reason")
    left = MemberLeft(
        occurred_on=command.occurred_on,
        person_id=person_id,
        ground=LeftGround.CANCELLED,
        reason=command.reason,
        approval_no=command.approval_no,
        id_index=id_index,
    )
    cancelled = ProbationCancelled(
        occurred_on=command.occurred_on,
        admission_id=command.admission_id,
        person_id=person_id,
        approval_no=command.approval_no,
        reason=command.reason,
    )
    return [cancelled, left]


def return_conversion_resolution(command: ReturnConversionResolution, _context: Context, case: Admission) -> Outcome:
    event = ConversionReturned(
        occurred_on=command.occurred_on,
        admission_id=command.admission_id,
        person_id=running(case, command.admission_id),
        document_no=command.document_no,
        reason=command.reason,
    )
    if case.has(event):
        return []
    if case.settled is not None:
        raise Conflict(f"probation ended on {case.settled.occurred_on}")
    check_step(case, command.occurred_on, "conversion-approval")
    return [event]


RIGHT = Right.SUPERIOR_WRITE

CASES = (
    Case(command=DecidePreReview, right=RIGHT, reads=(ADMISSION,), decide=decide_pre_review),
    Case(command=HoldSuperiorTalk, right=RIGHT, reads=(ADMISSION,), decide=hold_superior_talk),
    Case(command=ApproveAdmission, right=RIGHT, reads=(ADMISSION, ROSTER), decide=approve_admission),
    Case(command=RejectAdmission, right=RIGHT, reads=(ADMISSION,), decide=reject_admission),
    Case(command=IssueConsentNotice, right=RIGHT, reads=(ADMISSION,), decide=issue_consent_notice),
    Case(command=ReportAdmissionUp, right=RIGHT, reads=(ADMISSION,), decide=report_admission_up),
    Case(command=GrantAdmissionException, right=RIGHT, reads=(ADMISSION,), decide=grant_admission_exception),
    Case(command=ApproveConversionResolution, right=RIGHT, reads=(ADMISSION, ROSTER), decide=approve_conversion_resolution),
    Case(command=ReturnConversionResolution, right=RIGHT, reads=(ADMISSION,), decide=return_conversion_resolution),
)
