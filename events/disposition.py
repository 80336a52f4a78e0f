"""Disposition of unqualified members in six steps: correction in time, persuasion to resign, removal (norm N20, rules R-H).

Room: THE RECORD. One stream per case. What a case is about is sealed with the key of the member concerned, without exception.
"""

import datetime as dt
import typing
from typing import Annotated, ClassVar, NewType

import msgspec

from events.base import IDENTITY, Choice, Count, Event, MeetingId, Personal, PersonId, Sensitive, Text, Upcast, shaped

DispositionId = NewType("DispositionId", str)
"""A disposition case, named by the event that opened it."""
shaped(DispositionId, IDENTITY)

ConductCode = Annotated[str, msgspec.Meta(pattern=r"^[A-Z0-9]{1,8}$(?!\n)")]
"""A kind of unqualified conduct in the list of the committee (R-H01)."""
CorrectionMonths = Annotated[int, msgspec.Meta(ge=1, le=24)]


class Disposition(Choice):
    """The three ways (R-H02)."""

    CORRECT = "correct", "限期改正", "Correct in time"
    PERSUADE = "persuade", "劝退", "Persuade to resign"
    REMOVE = "remove", "除名", "Remove from the roll"


class TalkOutcome(Choice):
    """How the talk before the decision went (R-H03)."""

    HEARD = "heard", "本人已陈述意见", "The member was heard"
    REFUSED = "refused", "本人拒绝谈话", "The member refused"
    LOST = "lost", "无法与本人取得联系", "The member cannot be reached"


class NoDisposition(Choice):
    """Why a case ended without a disposition."""

    UNFOUNDED = "unfounded", "认定不成立", "The finding does not hold"
    EDUCATED = "educated", "批评教育后不予处置", "Educated, no disposition"
    DISCIPLINE = "discipline", "转党纪处分", "Passed on for discipline"
    GONE = "gone", "本人已去世或离开党组织", "The person has died or left"


class ReviewResult(Choice):
    """What an appeal against a disposition came to."""

    UPHELD = "upheld", "维持原处置", "Upheld"
    REVOKED = "revoked", "撤销处置", "Revoked"


class DispositionStep(Choice):
    """A step that can be taken back while it is the last one."""

    OPENED = "opened", "初步认定", "Initial finding"
    VERIFIED = "verified", "调查核实", "Facts verified"
    TALKED = "talked", "组织谈话", "Talk"
    PRE_REVIEW_SUBMITTED = "pre_review_submitted", "报预审", "Submitted for pre-review"
    PRE_REVIEWED = "pre_reviewed", "预审结果", "Pre-review"
    VOTED = "voted", "支部大会表决", "Vote"
    SUBMITTED = "submitted", "报批", "Submission"
    APPROVED = "approved", "批准", "Approval"
    REJECTED = "rejected", "不予批准", "Rejection"
    ANNOUNCED = "announced", "宣布", "Announcement"
    CORRECTION_STARTED = "correction_started", "限期改正开始", "Correction started"
    PROGRESS = "progress", "帮教记录", "Progress note"
    CORRECTION_REVIEWED = "correction_reviewed", "期满评议", "Review at expiry"
    PERSUASION_ENDED = "persuasion_ended", "劝退结果", "Outcome of persuasion"
    APPEALED = "appealed", "申诉", "Appeal"
    APPEAL_DECIDED = "appeal_decided", "申诉结论", "Decision on appeal"
    CLOSED = "closed", "不予处置结案", "Closed without disposition"


SUPERIOR_STEPS = frozenset(
    {DispositionStep.PRE_REVIEWED, DispositionStep.APPROVED, DispositionStep.REJECTED, DispositionStep.APPEAL_DECIDED}
)
"""Steps that only the superior takes, and takes back."""


class OfDisposition(Event, frozen=True, kw_only=True):
    """What the events of one case share."""

    case_id: DispositionId
    person_id: PersonId

    def stream(self) -> str:
        return f"disposition-{self.case_id}"


class DispositionOpened(OfDisposition, frozen=True, kw_only=True, tag="disposition.opened"):
    """Step 1: found unqualified, by the appraisal or with the superior's consent (N20.T01, R-H01, R-H07, INV-093)."""

    zh: ClassVar[str] = "不合格党员初步认定"
    en: ClassVar[str] = "Disposition case opened"

    case_no: Text
    matter_no: Text
    """Number of the clue (问题线索) that the case is about."""
    conduct_code: ConductCode
    conduct_text: Text
    """The wording of the code in the list of that day."""
    facts: Sensitive
    appraisal_year: Count | None = None
    consent_no: Text | None = None
    absent_since: dt.date | None = None
    """Since when the member has taken no part without good reason (自行脱党)."""
    educated_on: dt.date | None = None


class DispositionFactsVerified(OfDisposition, frozen=True, kw_only=True, tag="disposition.verified"):
    """Step 2: facts in writing, and what the committee proposes (N20.T01)."""

    zh: ClassVar[str] = "不合格情形调查核实"
    en: ClassVar[str] = "Facts of a disposition verified"

    proposed: Disposition
    conclusion: Sensitive


class DispositionTalkHeld(OfDisposition, frozen=True, kw_only=True, tag="disposition.talked"):
    """Step 3: full members told the result and heard the member (R-H03, INV-090)."""

    zh: ClassVar[str] = "处置组织谈话"
    en: ClassVar[str] = "Disposition talk held"

    talkers: tuple[PersonId, ...]
    outcome: TalkOutcome
    opinion: Sensitive | None = None


class DispositionPreReviewSubmitted(OfDisposition, frozen=True, kw_only=True, tag="disposition.pre_review_submitted"):
    """Step 4: the proposal went to the superior (N20.M01)."""

    zh: ClassVar[str] = "处置意见报预审"
    en: ClassVar[str] = "Disposition submitted for pre-review"

    disposition: Disposition
    document_no: Text


class DispositionPreReviewed(OfDisposition, frozen=True, kw_only=True, tag="disposition.pre_reviewed"):
    """Step 4: the written result; beyond correction the organisation department has its say too (R-H03, INV-089)."""

    zh: ClassVar[str] = "处置意见预审结果"
    en: ClassVar[str] = "Disposition pre-reviewed"

    disposition: Disposition
    agreed: bool
    document_no: Text
    department_no: Text | None = None
    """Number of the result of the next committee's organisation department."""
    opinion: Sensitive | None = None


class OfVote(OfDisposition, frozen=True, kw_only=True):
    """The counts of a secret vote of the general meeting (R-H03, as R-C15)."""

    meeting_id: MeetingId
    voters_due: Count
    voters_present: Count
    quorum: Count
    needed: Count
    yes: Count
    no: Count
    abstain: Count
    passed: bool


class DispositionVoted(OfVote, frozen=True, kw_only=True, tag="disposition.voted"):
    """Step 5: the general meeting voted by secret ballot on this member alone (N20.T03, INV-089)."""

    zh: ClassVar[str] = "支部大会处置表决"
    en: ClassVar[str] = "Vote on a disposition"

    disposition: Disposition


class DispositionSubmitted(OfDisposition, frozen=True, kw_only=True, tag="disposition.submitted"):
    """Step 6: the decision went up for approval (R-H05)."""

    zh: ClassVar[str] = "处置决议报批"
    en: ClassVar[str] = "Disposition submitted for approval"

    document_no: Text


class DispositionApproved(OfDisposition, frozen=True, kw_only=True, tag="disposition.approved"):
    """Step 6: approved; a removal ends the membership in the same transaction (R-H05, INV-009)."""

    zh: ClassVar[str] = "处置审批"
    en: ClassVar[str] = "Disposition approved"

    disposition: Disposition
    document_no: Text


class DispositionRejected(OfDisposition, frozen=True, kw_only=True, tag="disposition.rejected"):
    """Not approved; the branch proposes anew or closes the case."""

    zh: ClassVar[str] = "处置不予批准"
    en: ClassVar[str] = "Disposition not approved"

    document_no: Text
    reason: Sensitive


class DispositionAnnounced(OfDisposition, frozen=True, kw_only=True, tag="disposition.announced"):
    """Step 6: told in writing and announced (N20.T03)."""

    zh: ClassVar[str] = "处置宣布"
    en: ClassVar[str] = "Disposition announced"

    scope: Text
    told_on: dt.date | None = None
    """The day on which the person concerned was told in writing; None where they cannot be reached."""


class RectificationPeriodStarted(OfDisposition, frozen=True, kw_only=True, tag="disposition.correction_started"):
    """The time for correction runs, with helpers (R-H04, INV-092); rights are as before."""

    zh: ClassVar[str] = "限期改正开始"
    en: ClassVar[str] = "Correction period started"

    months: CorrectionMonths
    until: dt.date
    helpers: tuple[PersonId, ...]


class RectificationProgressRecorded(OfDisposition, frozen=True, kw_only=True, tag="disposition.progress_recorded"):
    """A helper noted how the correction goes (R-H04)."""

    zh: ClassVar[str] = "限期改正帮教记录"
    en: ClassVar[str] = "Progress of a correction recorded"

    helper: PersonId
    note: Sensitive


class RectificationPeriodReviewed(OfVote, frozen=True, kw_only=True, tag="disposition.correction_reviewed"):
    """At expiry the general meeting voted whether the member is qualified again; if not, persuasion follows (N20.M02, INV-092)."""

    zh: ClassVar[str] = "限期改正期满评议"
    en: ClassVar[str] = "Correction period reviewed"

    conclusion: Sensitive


class PersuasionEnded(OfDisposition, frozen=True, kw_only=True, tag="disposition.persuasion_ended"):
    """The member resigned as persuaded, or would not: then removal is proposed (党章 Art. 9, R-H02)."""

    zh: ClassVar[str] = "劝退结果"
    en: ClassVar[str] = "Persuasion to resign ended"

    resigned: bool
    document_no: Text
    statement: Sensitive | None = None


class DispositionAppealFiled(OfDisposition, frozen=True, kw_only=True, tag="disposition.appealed"):
    """The member appealed against the disposition."""

    zh: ClassVar[str] = "对处置的申诉"
    en: ClassVar[str] = "Appeal against a disposition"

    grounds: Sensitive


class DispositionAppealDecided(OfDisposition, frozen=True, kw_only=True, tag="disposition.appeal_decided"):
    """The superior answered the appeal; what is revoked gives the membership back."""

    zh: ClassVar[str] = "处置申诉结论"
    en: ClassVar[str] = "Appeal against a disposition decided"

    result: ReviewResult
    document_no: Text
    conclusion: Sensitive


class DispositionClosed(OfDisposition, frozen=True, kw_only=True, tag="disposition.closed"):
    """The case ended without a disposition; the matter is free for discipline (INV-093)."""

    zh: ClassVar[str] = "不合格党员不予处置结案"
    en: ClassVar[str] = "Disposition case closed without disposition"

    ground: NoDisposition
    note: Sensitive | None = None


class DispositionStepWithdrawn(OfDisposition, frozen=True, kw_only=True, tag="disposition.step_withdrawn"):
    """The last step was recorded wrongly and stands no more; taking back the opening strikes the whole case."""

    zh: ClassVar[str] = "处置登记撤回"
    en: ClassVar[str] = "Step of a disposition withdrawn"

    step: DispositionStep
    reason: Personal


DispositionStepEvent = (
    DispositionOpened
    | DispositionFactsVerified
    | DispositionTalkHeld
    | DispositionPreReviewSubmitted
    | DispositionPreReviewed
    | DispositionVoted
    | DispositionSubmitted
    | DispositionApproved
    | DispositionRejected
    | DispositionAnnounced
    | RectificationPeriodStarted
    | RectificationProgressRecorded
    | RectificationPeriodReviewed
    | PersuasionEnded
    | DispositionAppealFiled
    | DispositionAppealDecided
    | DispositionClosed
)
"""What happens in a case, in the order of recording."""

DispositionEvent = DispositionStepEvent | DispositionStepWithdrawn
"""What a stream `disposition-<id>` may hold."""

STEPS: dict[type[Event], DispositionStep] = dict(zip(typing.get_args(DispositionStepEvent), DispositionStep, strict=True))

EVENTS: tuple[type[Event], ...] = typing.get_args(DispositionEvent)

UPCASTS: dict[tuple[str, int], Upcast] = {}
