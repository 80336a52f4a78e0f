"""Disposition, steps 4 to 6: pre-review, vote, approval, announcement (N20.T03, R-H03, R-H05, INV-089, INV-091)."""

import datetime as dt
from typing import Annotated, ClassVar

from msgspec import structs

from events.ballots import BallotKind
from events.base import Count, LongText, MeetingId, PersonId, Text
from events.disposition import (
    Disposition,
    DispositionAnnounced,
    DispositionApproved,
    DispositionFactsVerified,
    DispositionId,
    DispositionPreReviewed,
    DispositionPreReviewSubmitted,
    DispositionRejected,
    DispositionStep,
    DispositionSubmitted,
    DispositionTalkHeld,
    DispositionVoted,
)
from events.meetings import MeetingHeld
from projections.standard.rules import Rules
from service.auth.rights import Right
from service.decide.ballots.state import BALLOT, Ballot
from service.decide.ballots.tally import NamedBallot, check_tally
from service.decide.base import Case, Command, Context, Outcome, label
from service.decide.cases.votes import Ballots, Tally, Threshold, tally, voters
from service.decide.disposition.case import after, check_persuasion
from service.decide.disposition.state import DISPOSITION, DispositionCase, known, under_way, with_effects
from service.decide.meetings.state import MEETING, Meeting, held, held_open
from service.decide.quorum import majority, share
from service.decide.roster import ROSTER, Roster
from service.errors import Conflict, Refused


class SubmitDispositionForPreReview(Command, frozen=True, kw_only=True, tag="submit-disposition-pre-review"):
    """Step 4: the proposal goes to the superior before the meeting."""

    zh: ClassVar[str] = "处置意见报预审登记"
    en: ClassVar[str] = "Submit a disposition for pre-review"

    case_id: Annotated[DispositionId, label("处置案件", "Disposition case")]
    disposition: Annotated[Disposition, label("拟处置方式", "Proposed disposition")]
    document_no: Annotated[Text, label("报送文号", "Document no.", min_length=1)]


class PreReviewDisposition(Command, frozen=True, kw_only=True, tag="pre-review-disposition"):
    """Step 4: the superior's written result."""

    zh: ClassVar[str] = "登记处置预审结果"
    en: ClassVar[str] = "Pre-review a disposition"

    case_id: Annotated[DispositionId, label("处置案件", "Disposition case")]
    agreed: Annotated[bool, label("是否同意", "Agreed")] = False
    document_no: Annotated[Text, label("预审文号", "Document no.", min_length=1)]
    department_no: Annotated[
        Text | None,
        label(
            "上一级党委组织部门预审文号",
            "Organisation department's no.",
            help_zh="同意劝退、除名时必填",
            help_en="Needed beyond correction",
        ),
    ] = None
    opinion: Annotated[LongText | None, label("预审意见", "Opinion")] = None


class VoteOnDisposition(Command, frozen=True, kw_only=True, tag="vote-on-disposition"):
    """Step 5: the general meeting voted by secret ballot on this member alone."""

    zh: ClassVar[str] = "登记处置表决"
    en: ClassVar[str] = "Record a vote on a disposition"

    case_id: Annotated[DispositionId, label("处置案件", "Disposition case")]
    meeting_id: Annotated[MeetingId, label("党员大会", "General meeting")]
    disposition: Annotated[Disposition, label("处置方式", "Disposition")]
    yes: Annotated[Count, label("赞成", "For")]
    no: Annotated[Count, label("反对", "Against")] = 0
    abstain: Annotated[Count, label("弃权", "Abstained")] = 0
    left_early: Annotated[tuple[PersonId, ...], label("表决前离会人员", "Left before the vote")] = ()
    ballot_id: NamedBallot = None
    passed: Annotated[
        bool | None, label("是否通过", "Passed", help_zh="留空则由系统认定", help_en="Worked out when empty; checked when given")
    ] = None


class SubmitDisposition(Command, frozen=True, kw_only=True, tag="submit-disposition"):
    """Step 6: the decision goes up for approval."""

    zh: ClassVar[str] = "处置决议报批登记"
    en: ClassVar[str] = "Submit a disposition for approval"

    case_id: Annotated[DispositionId, label("处置案件", "Disposition case")]
    document_no: Annotated[Text, label("报送文号", "Document no.", min_length=1)]


class ApproveDisposition(Command, frozen=True, kw_only=True, tag="approve-disposition"):
    """Step 6: approved; a removal ends the membership from that day."""

    zh: ClassVar[str] = "批准处置决议"
    en: ClassVar[str] = "Approve a disposition"

    case_id: Annotated[DispositionId, label("处置案件", "Disposition case")]
    document_no: Annotated[Text, label("批准文号", "Approval document no.", min_length=1)]


class RejectDisposition(Command, frozen=True, kw_only=True, tag="reject-disposition"):
    """Step 6: not approved; the branch proposes anew or closes the case."""

    zh: ClassVar[str] = "不予批准处置决议"
    en: ClassVar[str] = "Reject a disposition"

    case_id: Annotated[DispositionId, label("处置案件", "Disposition case")]
    document_no: Annotated[Text, label("批复文号", "Document no.", min_length=1)]
    reason: Annotated[LongText, label("理由", "Reason", min_length=1)]


class AnnounceDisposition(Command, frozen=True, kw_only=True, tag="announce-disposition"):
    """Step 6: announced, and told to the person in writing."""

    zh: ClassVar[str] = "处置宣布登记"
    en: ClassVar[str] = "Record that a disposition was announced"

    case_id: Annotated[DispositionId, label("处置案件", "Disposition case")]
    scope: Annotated[Text, label("宣布范围", "Announced to", min_length=1)]
    told_on: Annotated[
        dt.date | None, label("书面告知本人日期", "Member told on", help_zh="无法联系时留空", help_en="Empty when out of reach")
    ] = None


def submit_for_pre_review(command: SubmitDispositionForPreReview, _context: Context, case: DispositionCase, roster: Roster) -> Outcome:
    """After finding and talk; after a proposal came to nothing, the next one (INV-089, INV-091)."""
    under_way(case, command.case_id)
    before, day = case.current(DispositionPreReviewSubmitted), command.occurred_on
    if before is not None and (before.disposition, before.document_no) == (command.disposition, command.document_no):
        return []
    if before is not None:
        raise Conflict(f"case {command.case_id} went up for pre-review")
    after(case, case.last(DispositionFactsVerified), day, DispositionStep.VERIFIED)
    after(case, case.last(DispositionTalkHeld), day, DispositionStep.TALKED)
    check_persuasion(roster, case, command.disposition, day, "disposition")
    return [
        DispositionPreReviewSubmitted(
            occurred_on=day,
            case_id=command.case_id,
            person_id=case.person_id,
            disposition=command.disposition,
            document_no=command.document_no,
        )
    ]


def pre_review_disposition(command: PreReviewDisposition, _context: Context, case: DispositionCase) -> Outcome:
    """In writing; for persuasion and removal the next committee's organisation department as well (R-H03, INV-089)."""
    before = under_way(case, command.case_id).last(DispositionPreReviewed)
    if before is not None and (before.agreed, before.document_no) == (command.agreed, command.document_no):
        return []
    submitted = case.current(DispositionPreReviewSubmitted)
    after(case, submitted, command.occurred_on, DispositionStep.PRE_REVIEW_SUBMITTED)
    assert submitted is not None, "INV-089 has seen to it"
    if case.current(DispositionPreReviewed) is not None:
        raise Conflict(f"case {command.case_id} was pre-reviewed")
    if command.agreed and submitted.disposition is not Disposition.CORRECT and command.department_no is None:
        raise Refused("INV-089", "department_no")
    return [
        DispositionPreReviewed(
            occurred_on=command.occurred_on,
            case_id=command.case_id,
            person_id=case.person_id,
            disposition=submitted.disposition,
            agreed=command.agreed,
            document_no=command.document_no,
            department_no=command.department_no,
            opinion=command.opinion,
        )
    ]


def counted(ballots: Ballots, took_place: MeetingHeld, roster: Roster, rules: Rules) -> Tally:
    """More than half of the voters due are there, more than half of them approve (R-H03, as R-C15)."""
    base = voters(roster, took_place, frozenset())
    there, approving = share(rules, "vote.admission.quorum"), share(rules, "vote.admission.pass")
    return tally(took_place, base, ballots, Threshold(quorum=majority(len(base), there), needed=majority(len(base), approving)))


def vote_on_disposition(
    command: VoteOnDisposition, context: Context, case: DispositionCase, meeting: Meeting, roster: Roster, ballot: Ballot
) -> Outcome:
    """Only on what the superior agreed to beforehand (INV-089)."""
    under_way(case, command.case_id)
    took_place = held(meeting, command.meeting_id)
    voted = case.current(DispositionVoted)
    if voted is not None and _same(voted, command):
        return []
    if case.current(DispositionSubmitted) is not None:
        raise Conflict(f"case {command.case_id} was submitted")
    reviewed = case.current(DispositionPreReviewed)
    after(case, reviewed, command.occurred_on, DispositionStep.PRE_REVIEWED)
    assert reviewed is not None, "INV-089 has seen to it"
    if reviewed.disposition is not command.disposition:
        raise Refused("INV-089", "disposition", detail=reviewed.disposition.value)
    held_open(meeting, command.meeting_id, command.occurred_on)
    check_tally(ballot, command.ballot_id, BallotKind.MOTION, case.person_id, yes=command.yes, no=command.no, abstain=command.abstain)
    ballots = Ballots(yes=command.yes, no=command.no, abstain=command.abstain, left_early=command.left_early, passed=command.passed)
    return [
        DispositionVoted(
            occurred_on=command.occurred_on,
            case_id=command.case_id,
            person_id=case.person_id,
            meeting_id=command.meeting_id,
            disposition=command.disposition,
            **structs.asdict(counted(ballots, took_place, roster, context.rules)),
        )
    ]


def _same(voted: DispositionVoted, command: VoteOnDisposition) -> bool:
    told = (command.meeting_id, command.disposition, command.yes, command.no, command.abstain)
    return told == (voted.meeting_id, voted.disposition, voted.yes, voted.no, voted.abstain)


def submit_disposition(command: SubmitDisposition, _context: Context, case: DispositionCase) -> Outcome:
    """What the meeting adopted (INV-013)."""
    before = under_way(case, command.case_id).current(DispositionSubmitted)
    if before is not None:
        if before.document_no == command.document_no:
            return []
        raise Conflict(f"case {command.case_id} was submitted")
    voted = case.current(DispositionVoted)
    after(case, voted, command.occurred_on, DispositionStep.VOTED)
    if voted is not None and not voted.passed:
        raise Refused("INV-013", "case_id")
    return [
        DispositionSubmitted(
            occurred_on=command.occurred_on, case_id=command.case_id, person_id=case.person_id, document_no=command.document_no
        )
    ]


def _sent_up(case: DispositionCase, case_id: DispositionId, day: dt.date) -> DispositionVoted:
    """What waits for the superior's answer."""
    after(under_way(case, case_id), case.current(DispositionSubmitted), day, DispositionStep.SUBMITTED)
    if case.current(DispositionApproved) is not None:
        raise Conflict(f"case {case_id} was approved")
    voted = case.current(DispositionVoted)
    assert voted is not None, "what was submitted was voted on"
    return voted


def approve_disposition(command: ApproveDisposition, _context: Context, case: DispositionCase, roster: Roster) -> Outcome:
    """Of a member who is still here; a removal is recorded on the roster (INV-009)."""
    before = known(case, command.case_id).last(DispositionApproved)
    if before is not None and before.document_no == command.document_no:
        return []
    voted = _sent_up(case, command.case_id, command.occurred_on)
    check_persuasion(roster, case, voted.disposition, command.occurred_on, "case_id")
    event = DispositionApproved(
        occurred_on=command.occurred_on,
        case_id=command.case_id,
        person_id=case.person_id,
        disposition=voted.disposition,
        document_no=command.document_no,
    )
    return [*with_effects(case, event, roster, command.document_no)]


def reject_disposition(command: RejectDisposition, _context: Context, case: DispositionCase) -> Outcome:
    """The branch starts again at the pre-review."""
    before = known(case, command.case_id).last(DispositionRejected)
    if before is not None and before.document_no == command.document_no:
        return []
    _sent_up(case, command.case_id, command.occurred_on)
    return [
        DispositionRejected(
            occurred_on=command.occurred_on,
            case_id=command.case_id,
            person_id=case.person_id,
            document_no=command.document_no,
            reason=command.reason,
        )
    ]


def announce_disposition(command: AnnounceDisposition, _context: Context, case: DispositionCase, roster: Roster) -> Outcome:
    """Once for each approval; after a removal the case is over."""
    before = known(case, command.case_id).last(DispositionAnnounced)
    if before is not None and before.occurred_on == command.occurred_on:
        return []
    if under_way(case, command.case_id).current(DispositionAnnounced) is not None:
        raise Conflict(f"case {command.case_id} was announced")
    approved = case.current(DispositionApproved)
    after(case, approved, command.occurred_on, DispositionStep.APPROVED)
    assert approved is not None, "INV-089 has seen to it"
    if command.told_on is not None and command.told_on < approved.occurred_on:
        raise Refused("INV-089", "told_on")
    event = DispositionAnnounced(
        occurred_on=command.occurred_on, case_id=command.case_id, person_id=case.person_id, scope=command.scope, told_on=command.told_on
    )
    return [*with_effects(case, event, roster, approved.document_no)]


CASES = (
    Case(command=SubmitDispositionForPreReview, right=Right.DISCIPLINE_WRITE, reads=(DISPOSITION, ROSTER), decide=submit_for_pre_review),
    Case(command=PreReviewDisposition, right=Right.SUPERIOR_WRITE, reads=(DISPOSITION,), decide=pre_review_disposition),
    Case(command=VoteOnDisposition, right=Right.DISCIPLINE_WRITE, reads=(DISPOSITION, MEETING, ROSTER, BALLOT), decide=vote_on_disposition),
    Case(command=SubmitDisposition, right=Right.DISCIPLINE_WRITE, reads=(DISPOSITION,), decide=submit_disposition),
    Case(command=ApproveDisposition, right=Right.SUPERIOR_WRITE, reads=(DISPOSITION, ROSTER), decide=approve_disposition),
    Case(command=RejectDisposition, right=Right.SUPERIOR_WRITE, reads=(DISPOSITION,), decide=reject_disposition),
    Case(command=AnnounceDisposition, right=Right.DISCIPLINE_WRITE, reads=(DISPOSITION, ROSTER), decide=announce_disposition),
)
