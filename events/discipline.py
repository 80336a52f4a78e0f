"""Punishment of members: case, facts, vote, decision, execution, appeal, probation within the Party (norm N19, rules R-G).

Room: THE RECORD. One stream per case. What a case is about is sealed with the key of the member concerned, without exception.
"""

import datetime as dt
import typing
from typing import Annotated, ClassVar, NewType

import msgspec

from events.base import IDENTITY, Choice, Count, Event, MeetingId, Personal, PersonId, Sensitive, Text, Upcast, shaped

DisciplineId = NewType("DisciplineId", str)
"""A discipline case, named by the event that opened it."""
shaped(DisciplineId, IDENTITY)

Months = Annotated[int, msgspec.Meta(ge=1, le=24)]


class Punishment(Choice):
    """The five kinds, from light to heavy (R-G01)."""

    WARNING = "warning", "警告", "Warning"
    SERIOUS_WARNING = "serious_warning", "严重警告", "Serious warning"
    POST_REMOVAL = "post_removal", "撤销党内职务", "Removal from Party posts"
    PARTY_PROBATION = "party_probation", "留党察看", "Probation within the Party"
    EXPULSION = "expulsion", "开除党籍", "Expulsion"


class Approver(Choice):
    """Who decides: grave cases go beyond the grassroots committee (R-G05)."""

    SUPERIOR_COMMITTEE = "superior_committee", "上级党组织(基层党委)", "Superior committee (grassroots)"
    COUNTY_COMMITTEE = "county_committee", "县级以上党委", "Committee at county level or above"
    DISCIPLINE_COMMISSION = "discipline_commission", "县级以上纪委", "Discipline commission at county level or above"


class Signature(Choice):
    """Whether the member signed the facts that were shown (R-G06)."""

    SIGNED = "signed", "本人已签字", "Signed"
    REFUSED = "refused", "本人拒绝签字", "Refused to sign"


class NoPunishment(Choice):
    """Why a case ended without a punishment."""

    UNFOUNDED = "unfounded", "违纪事实不成立", "The facts are not made out"
    EXEMPT = "exempt", "免予处分", "Exempted from punishment"
    GONE = "gone", "本人已去世或离开党组织", "The person has died or left"


class AppealResult(Choice):
    """What a re-examination came to (R-G10)."""

    UPHELD = "upheld", "维持原处分", "Upheld"
    CHANGED = "changed", "变更处分", "Changed"
    REVOKED = "revoked", "撤销处分", "Revoked"


class ProbationResult(Choice):
    """How probation within the Party ended (R-G02)."""

    RESTORED = "restored", "恢复党员权利", "Rights restored"
    EXPELLED = "expelled", "开除党籍", "Expelled"


class DisciplineStep(Choice):
    """A step that can be taken back while it is the last one."""

    OPENED = "opened", "立案", "Case opened"
    INVESTIGATED = "investigated", "调查报告", "Investigation report"
    SHOWN = "shown", "事实材料见面", "Facts shown"
    VOTED = "voted", "支部大会表决", "Vote"
    SUBMITTED = "submitted", "报批", "Submission"
    APPROVED = "approved", "批准", "Approval"
    REJECTED = "rejected", "不予批准", "Rejection"
    IMPOSED = "imposed", "上级直接处分", "Punishment by the superior"
    ANNOUNCED = "announced", "宣布", "Announcement"
    EXECUTED = "executed", "执行", "Execution"
    REPORTED = "reported", "执行报告", "Report on execution"
    APPEALED = "appealed", "申诉", "Appeal"
    APPEAL_DECIDED = "appeal_decided", "复议复查结论", "Decision on appeal"
    EXTENDED = "extended", "留党察看延长", "Probation extended"
    ENDED = "ended", "留党察看期满", "Probation ended"
    CLOSED = "closed", "不予处分结案", "Closed without punishment"


SUPERIOR_STEPS = frozenset(
    {
        *(DisciplineStep.APPROVED, DisciplineStep.REJECTED, DisciplineStep.IMPOSED),
        *(DisciplineStep.APPEAL_DECIDED, DisciplineStep.EXTENDED, DisciplineStep.ENDED),
    }
)
"""Steps that only the superior takes, and takes back."""


class OfDiscipline(Event, frozen=True, kw_only=True):
    """What the events of one case share."""

    case_id: DisciplineId
    person_id: PersonId

    def stream(self) -> str:
        return f"discipline-{self.case_id}"


class DisciplineOpened(OfDiscipline, frozen=True, kw_only=True, tag="discipline.opened"):
    """A case was opened about a full member (N19.T01, INV-057, INV-093)."""

    zh: ClassVar[str] = "违纪立案"
    en: ClassVar[str] = "Discipline case opened"

    case_no: Text
    matter_no: Text
    """Number of the clue (问题线索) that the case is about."""
    facts: Sensitive


class InvestigationReported(OfDiscipline, frozen=True, kw_only=True, tag="discipline.investigated"):
    """The investigation report came to the branch; from that day the branch has its time to decide (N19.M02, R-G07)."""

    zh: ClassVar[str] = "违纪调查报告"
    en: ClassVar[str] = "Investigation report filed"

    document_no: Text
    investigated_by: Text
    """The body that investigated."""
    investigators: tuple[PersonId, ...] = ()
    """Those of this branch who took part; they re-examine nothing later (R-G10)."""
    report: Sensitive


class MaterialsShown(OfDiscipline, frozen=True, kw_only=True, tag="discipline.materials_shown"):
    """Facts and proposed decision were shown to the member, who was heard (R-G06, INV-085)."""

    zh: ClassVar[str] = "事实材料与本人见面"
    en: ClassVar[str] = "Facts shown to the member"

    officers: tuple[PersonId, ...] = ()
    officers_outside: Count = 0
    """How many more came from the superior."""
    signature: Signature
    opinion: Sensitive


class Voted(OfDiscipline, frozen=True, kw_only=True):
    """The counts of a vote; `passed` is the outcome by the rules of that day (R-A06)."""

    meeting_id: MeetingId
    voters_due: Count
    voters_present: Count
    quorum: Count
    needed: Count
    yes: Count
    no: Count
    abstain: Count
    passed: bool


class DisciplineVoted(Voted, frozen=True, kw_only=True, tag="discipline.voted"):
    """The general meeting voted on a punishment (N19.T02, R-G04, INV-085, INV-086)."""

    zh: ClassVar[str] = "支部大会处分表决"
    en: ClassVar[str] = "Vote on a punishment"

    kind: Punishment
    months: Months | None = None
    """Term of probation within the Party."""


class DisciplineSubmitted(OfDiscipline, frozen=True, kw_only=True, tag="discipline.submitted"):
    """The branch sent its decision up (N19.T03)."""

    zh: ClassVar[str] = "处分决定报批"
    en: ClassVar[str] = "Punishment submitted for approval"

    to: Approver
    document_no: Text


class Sanctioned(OfDiscipline, frozen=True, kw_only=True):
    """A punishment that is in force from `occurred_on`; what it does to rights stands on the roster in the same transaction."""

    by: Approver
    document_no: Text
    kind: Punishment
    months: Months | None = None
    probation_until: dt.date | None = None
    """The day on which probation within the Party runs out."""


class DisciplineApproved(Sanctioned, frozen=True, kw_only=True, tag="discipline.approved"):
    """The superior approved the branch's decision (R-G05, INV-087)."""

    zh: ClassVar[str] = "处分决定批准"
    en: ClassVar[str] = "Punishment approved"


class DisciplineRejected(OfDiscipline, frozen=True, kw_only=True, tag="discipline.rejected"):
    """The superior did not approve; the branch votes again or closes the case (R-G05)."""

    zh: ClassVar[str] = "处分决定不予批准"
    en: ClassVar[str] = "Punishment not approved"

    by: Approver
    document_no: Text
    reason: Sensitive


class DisciplineImposed(Sanctioned, frozen=True, kw_only=True, tag="discipline.imposed"):
    """A body at county level or above decided directly, without a vote of the branch (R-G05)."""

    zh: ClassVar[str] = "上级直接处分"
    en: ClassVar[str] = "Punishment imposed by the superior"


class DisciplineAnnounced(OfDiscipline, frozen=True, kw_only=True, tag="discipline.announced"):
    """The decision was announced to the members and told to the person concerned (R-G08, INV-088)."""

    zh: ClassVar[str] = "处分决定宣布"
    en: ClassVar[str] = "Punishment announced"

    scope: Text
    """To whom, such as the general meeting."""
    told_on: dt.date
    """The day on which the person concerned was told."""


class DisciplineExecuted(OfDiscipline, frozen=True, kw_only=True, tag="discipline.executed"):
    """Posts, pay and file were changed as the decision demands; the case is done with (R-G08, INV-088)."""

    zh: ClassVar[str] = "处分执行"
    en: ClassVar[str] = "Punishment executed"

    measures: Sensitive
    filed_on: dt.date | None = None
    """The day on which the papers went into the person's file."""
    extension_no: Text | None = None
    """Approval to change posts and pay later than usual."""


class DisciplineExecutionReported(OfDiscipline, frozen=True, kw_only=True, tag="discipline.reported"):
    """The body that decided was told of the execution (R-G09)."""

    zh: ClassVar[str] = "处分执行情况报告"
    en: ClassVar[str] = "Execution of a punishment reported"

    to: Approver
    document_no: Text


class DisciplineAppealFiled(OfDiscipline, frozen=True, kw_only=True, tag="discipline.appealed"):
    """The member appealed; the punishment is executed meanwhile (R-G10)."""

    zh: ClassVar[str] = "处分申诉"
    en: ClassVar[str] = "Appeal against a punishment"

    appeal_no: Count
    to: Approver
    grounds: Sensitive


class DisciplineAppealDecided(OfDiscipline, frozen=True, kw_only=True, tag="discipline.appeal_decided"):
    """The re-examination ended, done by others than the first investigators (R-G10)."""

    zh: ClassVar[str] = "复议复查结论"
    en: ClassVar[str] = "Appeal decided"

    appeal_no: Count
    by: Approver
    document_no: Text
    result: AppealResult
    kind: Punishment | None = None
    months: Months | None = None
    probation_until: dt.date | None = None
    reviewers: tuple[PersonId, ...] = ()
    conclusion: Sensitive


class PartyProbationExtended(OfDiscipline, frozen=True, kw_only=True, tag="discipline.probation_extended"):
    """Probation within the Party goes on longer (R-G02, INV-086)."""

    zh: ClassVar[str] = "留党察看延长"
    en: ClassVar[str] = "Probation within the Party extended"

    by: Approver
    document_no: Text
    months: Months
    probation_until: dt.date


class PartyProbationEnded(OfDiscipline, frozen=True, kw_only=True, tag="discipline.probation_ended"):
    """Probation within the Party ended: rights restored, or expelled; never by itself (R-G02)."""

    zh: ClassVar[str] = "留党察看期满"
    en: ClassVar[str] = "Probation within the Party ended"

    by: Approver
    document_no: Text
    result: ProbationResult


class DisciplineClosed(OfDiscipline, frozen=True, kw_only=True, tag="discipline.closed"):
    """The case ended without a punishment."""

    zh: ClassVar[str] = "违纪案件不予处分结案"
    en: ClassVar[str] = "Discipline case closed without punishment"

    ground: NoPunishment
    note: Sensitive | None = None


class DisciplineStepWithdrawn(OfDiscipline, frozen=True, kw_only=True, tag="discipline.step_withdrawn"):
    """The last step was recorded wrongly and stands no more; taking back the opening strikes the whole case."""

    zh: ClassVar[str] = "违纪案件登记撤回"
    en: ClassVar[str] = "Step of a discipline case withdrawn"

    step: DisciplineStep
    reason: Personal


DisciplineStepEvent = (
    DisciplineOpened
    | InvestigationReported
    | MaterialsShown
    | DisciplineVoted
    | DisciplineSubmitted
    | DisciplineApproved
    | DisciplineRejected
    | DisciplineImposed
    | DisciplineAnnounced
    | DisciplineExecuted
    | DisciplineExecutionReported
    | DisciplineAppealFiled
    | DisciplineAppealDecided
    | PartyProbationExtended
    | PartyProbationEnded
    | DisciplineClosed
)
"""What happens in a case, in the order of recording."""

DisciplineEvent = DisciplineStepEvent | DisciplineStepWithdrawn
"""What a stream `discipline-<id>` may hold."""

STEPS: dict[type[Event], DisciplineStep] = dict(zip(typing.get_args(DisciplineStepEvent), DisciplineStep, strict=True))

EVENTS: tuple[type[Event], ...] = typing.get_args(DisciplineEvent)

UPCASTS: dict[tuple[str, int], Upcast] = {}
