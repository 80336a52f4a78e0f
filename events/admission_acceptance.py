"""Admission of members, stages IV and V: opinions, notices, vote, approval, probation, conversion, archive (norm N14, R-C12 to R-C29).

Room: THE RECORD. The same stream `admission-<id>` as stages I to III; who becomes or ceases to be a member also stands in `roster`.
"""

import datetime as dt
import typing
from typing import Annotated, ClassVar

import msgspec

from events.base import AdmissionId, Choice, Claim, Count, Event, GroupId, MeetingId, Personal, PersonId, Text, Upcast, tag_of

EntryName = Annotated[str, msgspec.Meta(pattern=r"^admission\.[a-z_]+(:[A-Za-z0-9_.]+)?$(?!\n)")]
"""An event's tag, with the kind where one event serves several."""
ObjectionNo = Annotated[int, msgspec.Meta(ge=1, le=999)]
OPENING = frozenset({"admission.application_received", "admission.case_taken_over"})
"""Entries with which a case begins; withdrawing one undoes the case."""


class AdmissionPurpose(Choice):
    """What opinions, a committee review or a submission prepare."""

    ADMISSION = "admission", "接收预备党员", "Admission as probationary member"
    CONVERSION = "conversion", "预备党员转正", "Conversion to full member"


class NoticeKind(Choice):
    """What a public notice announces (R-C26); the last two are what the votes wait for."""

    ACTIVIST = "activist", "入党积极分子公示", "Activist"
    TARGET = "target", "确定发展对象公示", "Development target"
    ADMISSION = "admission", "接收预备党员公示", "Admission"
    CONVERSION = "conversion", "转正公示", "Conversion"


class AdmissionQuestion(Choice):
    """What the general meeting votes on, each person separately (R-C15, R-C23)."""

    ADMIT = "admit", "接收为预备党员", "Admit as probationary member"
    CONVERT = "convert", "按期转正", "Convert on time"
    EXTEND = "extend", "延长预备期", "Extend probation"
    CANCEL = "cancel", "取消预备党员资格", "Cancel probationary status"


class KeptIn(Choice):
    """Where the archived file is kept (R-C25)."""

    PERSONNEL_FILE = "personnel_file", "存入人事档案", "Personnel file"
    PARTY_FILE = "party_file", "建立党员档案", "Party file"


class OfAcceptance(Event, frozen=True, kw_only=True):
    """What all events of a case share: the case, the person, the stream."""

    admission_id: AdmissionId
    person_id: PersonId

    def stream(self) -> str:
        return f"admission-{self.admission_id}"

    def entry(self) -> str:
        """What a withdrawal calls this entry."""
        return tag_of(self)


class OpinionsCollected(OfAcceptance, frozen=True, kw_only=True, tag="admission.opinions_collected"):
    """Party group, contacts or sponsors, members and the public were heard (R-C07, R-C23, N14.M09)."""

    zh: ClassVar[str] = "听取意见"
    en: ClassVar[str] = "Opinions collected"

    purpose: AdmissionPurpose
    members_heard: Count
    public_heard: Count
    group_heard: bool
    summary: Personal

    def entry(self) -> str:
        return f"{tag_of(self)}:{self.purpose.value}"


class NoticePosted(OfAcceptance, frozen=True, kw_only=True, tag="admission.notice_posted"):
    """A public notice went up; the posting day does not count (R-C26, N14.M10, N14.M25)."""

    zh: ClassVar[str] = "公示发布"
    en: ClassVar[str] = "Public notice posted"

    kind: NoticeKind
    place: Text
    closes_from: dt.date
    """The first day on which it may be closed as complete."""

    def entry(self) -> str:
        return f"{tag_of(self)}:{self.kind.value}"


class ObjectionReceived(OfAcceptance, frozen=True, kw_only=True, tag="admission.objection_received"):
    """Somebody objected during a notice; nothing goes on until it is looked into (INV-043)."""

    zh: ClassVar[str] = "公示异议登记"
    en: ClassVar[str] = "Objection received"

    kind: NoticeKind
    number: ObjectionNo
    content: Personal

    def entry(self) -> str:
        return f"{tag_of(self)}:{self.kind.value}"


class ObjectionResolved(OfAcceptance, frozen=True, kw_only=True, tag="admission.objection_resolved"):
    """An objection was verified and dealt with (INV-043)."""

    zh: ClassVar[str] = "公示异议核实处理"
    en: ClassVar[str] = "Objection resolved"

    kind: NoticeKind
    number: ObjectionNo
    upheld: bool
    result: Personal

    def entry(self) -> str:
        return f"{tag_of(self)}:{self.kind.value}"


class NoticeClosed(OfAcceptance, frozen=True, kw_only=True, tag="admission.notice_closed"):
    """A public notice was up for its working days (R-C26, INV-042, INV-056)."""

    zh: ClassVar[str] = "公示结束"
    en: ClassVar[str] = "Public notice closed"

    kind: NoticeKind
    posted_on: dt.date
    working_days: Count
    objections: Count
    result: Text

    def entry(self) -> str:
        return f"{tag_of(self)}:{self.kind.value}"


class CommitteeReviewed(OfAcceptance, frozen=True, kw_only=True, tag="admission.committee_reviewed"):
    """The branch committee discussed the person together (R-C12, R-C23, N14.M16)."""

    zh: ClassVar[str] = "支委会审查"
    en: ClassVar[str] = "Committee review completed"

    purpose: AdmissionPurpose
    meeting_id: MeetingId
    conclusion: Personal

    def entry(self) -> str:
        return f"{tag_of(self)}:{self.purpose.value}"


class PreReviewSubmitted(OfAcceptance, frozen=True, kw_only=True, tag="admission.pre_review_submitted"):
    """The papers went to the superior for pre-review (R-C13, N14.M17, INV-048)."""

    zh: ClassVar[str] = "报基层党委预审"
    en: ClassVar[str] = "Pre-review submitted"

    document_no: Text
    leaves_on: dt.date | None = None
    """When the person will leave the unit, if that is known."""


class PreReviewDecided(OfAcceptance, frozen=True, kw_only=True, tag="admission.pre_review_decided"):
    """The superior's written result (R-C13, N14.M17, INV-047)."""

    zh: ClassVar[str] = "基层党委预审结果"
    en: ClassVar[str] = "Pre-review decided"

    passed: bool
    opinion: Personal
    document_no: Text


class ApplicationFormIssued(OfAcceptance, frozen=True, kw_only=True, tag="admission.form_issued"):
    """The numbered form was handed to the person (R-C14, N14.M20, INV-047)."""

    zh: ClassVar[str] = "发放入党志愿书"
    en: ClassVar[str] = "Application form issued"

    form_no: Text


class ApplicationFormCompleted(OfAcceptance, frozen=True, kw_only=True, tag="admission.form_completed"):
    """The person filled it in with the sponsors' help (R-C14, N14.M20)."""

    zh: ClassVar[str] = "填写入党志愿书"
    en: ClassVar[str] = "Application form completed"


class AdmissionVoted(OfAcceptance, frozen=True, kw_only=True, tag="admission.voted"):
    """The general meeting voted on this one person by secret ballot; the outcome is worked out (R-C15, R-C23, INV-049 to 052)."""

    zh: ClassVar[str] = "支部大会发展党员表决"
    en: ClassVar[str] = "Admission vote held"

    question: AdmissionQuestion
    meeting_id: MeetingId
    extension_months: Count = 0
    voters_due: Count
    voters_present: Count
    needed: Count
    """Approvals that were needed by the rule of that day."""
    yes: Count
    no: Count
    abstain: Count
    written_from: tuple[PersonId, ...] = ()
    written_yes: Count = 0
    written_no: Count = 0
    passed: bool

    def approvals(self) -> int:
        """Ballots and written opinions together."""
        return self.yes + self.written_yes

    def entry(self) -> str:
        return f"{tag_of(self)}:{self.question.value}"


class ResolutionSubmitted(OfAcceptance, frozen=True, kw_only=True, tag="admission.resolution_submitted"):
    """What the general meeting resolved went to the superior (R-C17, R-C24)."""

    zh: ClassVar[str] = "发展党员决议上报"
    en: ClassVar[str] = "Resolution submitted"

    purpose: AdmissionPurpose
    document_no: Text

    def entry(self) -> str:
        return f"{tag_of(self)}:{self.purpose.value}"


class AdmissionApproved(OfAcceptance, frozen=True, kw_only=True, tag="admission.approved"):
    """The superior approved: a probationary member, counted from the day of the vote (R-C17, INV-053, N14.M18)."""

    zh: ClassVar[str] = "上级党委审批同意"
    en: ClassVar[str] = "Admission approved"

    approval_no: Text
    voted_on: dt.date
    probation_end: dt.date
    late: bool
    """After the usual term, within the last one."""


class AdmissionRejected(OfAcceptance, frozen=True, kw_only=True, tag="admission.rejected"):
    """The superior did not approve; the vote stands no more (R-C17)."""

    zh: ClassVar[str] = "上级党委审批不同意"
    en: ClassVar[str] = "Admission rejected"

    document_no: Text
    reason: Personal


class ConsentNoticeIssued(OfAcceptance, frozen=True, kw_only=True, tag="admission.notice_issued"):
    """The superior's notice of consent went to the branch (R-C13, R-C17, N14.M18)."""

    zh: ClassVar[str] = "同意吸收预备党员通知"
    en: ClassVar[str] = "Consent notice issued"

    document_no: Text


class ProbationaryAssigned(OfAcceptance, frozen=True, kw_only=True, tag="admission.assigned"):
    """The probationary member has a place in the branch and its Party group (R-C19)."""

    zh: ClassVar[str] = "预备党员编入支部、小组"
    en: ClassVar[str] = "Probationary member assigned"

    group_id: GroupId | None = None


class OathTaken(OfAcceptance, frozen=True, kw_only=True, tag="admission.oath_taken"):
    """The oath before the flag (R-C20)."""

    zh: ClassVar[str] = "入党宣誓"
    en: ClassVar[str] = "Oath taken"

    place: Text
    led_by: PersonId | None = None


class ConversionApplied(OfAcceptance, frozen=True, kw_only=True, tag="admission.conversion_applied"):
    """The probationary member asked in writing to become a full one (R-C22, N14.M23)."""

    zh: ClassVar[str] = "书面转正申请"
    en: ClassVar[str] = "Conversion applied for"


class ConversionApproved(OfAcceptance, frozen=True, kw_only=True, tag="admission.conversion_approved"):
    """The superior approved the conversion; Party standing counts from `standing_from` (R-C24, R-C29)."""

    zh: ClassVar[str] = "转正审批"
    en: ClassVar[str] = "Conversion approved"

    approval_no: Text
    standing_from: dt.date


class ProbationExtended(OfAcceptance, frozen=True, kw_only=True, tag="admission.probation_extended"):
    """Probation was made longer, once (R-C23, INV-055)."""

    zh: ClassVar[str] = "延长预备期"
    en: ClassVar[str] = "Probation extended"

    approval_no: Text
    months: Count
    probation_end: dt.date


class ProbationCancelled(OfAcceptance, frozen=True, kw_only=True, tag="admission.probation_cancelled"):
    """Probationary status was cancelled: no member any more (R-C24, R-C28)."""

    zh: ClassVar[str] = "取消预备党员资格"
    en: ClassVar[str] = "Probationary status cancelled"

    approval_no: Text
    reason: Text


class ConversionReturned(OfAcceptance, frozen=True, kw_only=True, tag="admission.conversion_returned"):
    """The superior did not approve what the meeting resolved about the probationary member; the branch votes again (R-C24)."""

    zh: ClassVar[str] = "转正决议退回"
    en: ClassVar[str] = "Conversion resolution returned"

    document_no: Text
    reason: Personal


class AdmissionFileArchived(OfAcceptance, frozen=True, kw_only=True, tag="admission.file_archived"):
    """The papers of the case are on file; the case is done with (R-C25)."""

    zh: ClassVar[str] = "发展党员材料归档"
    en: ClassVar[str] = "Admission file archived"

    kept_in: KeptIn
    volume_no: Text

    def claims(self) -> tuple[Claim, ...]:
        return (Claim(kind="admission", value=self.person_id, give=True),)


class AdmissionEntryWithdrawn(OfAcceptance, frozen=True, kw_only=True, tag="admission.entry_withdrawn"):
    """An entry of the case was wrong and stands no more: the last one of that name and day."""

    zh: ClassVar[str] = "发展党员登记撤销"
    en: ClassVar[str] = "Admission entry withdrawn"

    withdrawn: EntryName
    withdrawn_on: dt.date
    """The day that the withdrawn entry bears."""
    reason: Text

    def claims(self) -> tuple[Claim, ...]:
        return (Claim(kind="admission", value=self.person_id, give=True),) if self.withdrawn in OPENING else ()


AcceptanceEvent = (
    OpinionsCollected
    | NoticePosted
    | ObjectionReceived
    | ObjectionResolved
    | NoticeClosed
    | CommitteeReviewed
    | PreReviewSubmitted
    | PreReviewDecided
    | ApplicationFormIssued
    | ApplicationFormCompleted
    | AdmissionVoted
    | ResolutionSubmitted
    | AdmissionApproved
    | AdmissionRejected
    | ConsentNoticeIssued
    | ProbationaryAssigned
    | OathTaken
    | ConversionApplied
    | ConversionApproved
    | ProbationExtended
    | ProbationCancelled
    | ConversionReturned
    | AdmissionFileArchived
    | AdmissionEntryWithdrawn
)
"""What stages IV and V add to the stream of a case."""

EVENTS: tuple[type[Event], ...] = typing.get_args(AcceptanceEvent)

UPCASTS: dict[tuple[str, int], Upcast] = {}
