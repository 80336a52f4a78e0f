"""Admission of members, stages I to III: from the application to the development target with papers complete (N14, R-C01 to R-C11).

Room: THE RECORD. One stream for each person's case, `admission-<id>`. Acceptance and probation stand in `admission_acceptance`.
"""

import datetime as dt
import typing
from typing import Annotated, ClassVar

import msgspec

from events.base import AdmissionId, Choice, Claim, Count, Event, MeetingId, Month, Personal, PersonId, Sensitive, Text, Upcast, tag_of

Code = Annotated[str, msgspec.Meta(pattern=r"^[0-9A-Z]{1,4}$(?!\n)")]
"""A code of the official lists (民族, 学历, 工作岗位)."""
BlindIndex = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{40}$(?!\n)")]
MaterialCode = Annotated[str, msgspec.Meta(pattern=r"^N14\.M(0[1-9]|1[0-9]|2[0-5])$(?!\n)")]
"""One of the 25 key materials of norm N14."""


class ApplicantSex(Choice):
    """As on the identity card."""

    MALE = "male", "男", "Male"
    FEMALE = "female", "女", "Female"


class AdmissionStage(Choice):
    """How far a person is (glossary 6.1)."""

    APPLICANT = "applicant", "入党申请人", "Applicant"
    ACTIVIST = "activist", "入党积极分子", "Activist"
    TARGET = "target", "发展对象", "Development target"
    PROBATIONARY = "probationary", "预备党员", "Probationary member"


class AdmissionTalk(Choice):
    """Who talks with whom, and why."""

    APPLICANT = "applicant", "与入党申请人谈话", "Talk with the applicant"
    CULTIVATION = "cultivation", "培养联系人谈心谈话", "Talk between contact and activist"
    TARGET = "target", "与发展对象谈话", "Talk with the development target"
    SUPERIOR = "superior", "上级党委派人谈话", "Talk by the superior before approval"
    PROBATION = "probation", "与预备党员谈心谈话", "Talk with the probationary member"


class Recommender(Choice):
    """Who recommended an applicant as an activist (R-C03)."""

    MEMBERS = "members", "党员推荐", "Members"
    MASS_BODY = "mass_body", "群团组织推优", "Youth league or another mass body"


class FilingLevel(Choice):
    """What was filed with the superior, or by it with its own superior."""

    ACTIVIST = "activist", "入党积极分子备案", "Activist"
    TARGET = "target", "发展对象备案", "Development target"
    REPORTED_UP = "reported_up", "预备党员报再上一级备案", "Probationary member, one level further up"


class ReviewScope(Choice):
    """What a review looks at: the form of the activist is kept each half-year, that of a probationary member too."""

    INITIAL = "initial", "初步培养教育考察", "Initial cultivation"
    ACTIVIST = "activist", "入党积极分子半年考察", "Activist, half-yearly"
    PROBATION = "probation", "预备党员考察", "Probationary member"


class WrittenReport(Choice):
    """What the person handed in."""

    THOUGHT = "thought", "思想汇报", "Thought report"
    REFLECTION = "reflection", "学习心得体会", "Study reflection"


class ExceptionGround(Choice):
    """What the superior may allow in a special case, with a reason (R-C06, R-C11, R-C13)."""

    REVIEW_GAP = "review_gap", "半年考察记录缺失", "A half-yearly review is missing"
    NO_COURSE = "no_course", "特殊情况未参加短期集中培训", "No short course"
    LEAVING = "leaving", "三个月内将离开本单位", "The person leaves within three months"


class ClosingGround(Choice):
    """Why a case ends without a conversion."""

    WITHDRAWN = "withdrawn", "本人撤回申请", "The applicant withdrew"
    UNSUITABLE = "unsuitable", "不具备条件", "Not suitable"
    NOT_PASSED = "not_passed", "表决或审批未通过", "Vote or approval not passed"
    MOVED = "moved", "随组织关系转出", "Moved to another branch"
    LEFT_UNIT = "left_unit", "离开本单位", "Left the unit"
    DECEASED = "deceased", "去世", "Deceased"
    OTHER = "other", "其他", "Other"


class OfAdmission(Event, frozen=True, kw_only=True):
    """What all events of a case share: the case, the person, the stream."""

    admission_id: AdmissionId
    person_id: PersonId

    def stream(self) -> str:
        return f"admission-{self.admission_id}"

    def entry(self) -> str:
        """What a withdrawal calls this entry."""
        return tag_of(self)

    def begins(self) -> tuple[Claim, ...]:
        """One case at a time for each person, in whichever branch."""
        return (Claim(kind="admission", value=self.person_id),)


class ApplicationReceived(OfAdmission, frozen=True, kw_only=True, tag="admission.application_received"):
    """A written application came in, from somebody of age who is not a member yet (R-C01, N14.M01, INV-036)."""

    zh: ClassVar[str] = "收到入党申请书"
    en: ClassVar[str] = "Application received"

    name: Personal
    sex: ApplicantSex
    nationality: Code
    born_on: Sensitive
    """ISO date."""
    born_month: Month
    id_number: Sensitive | None = None
    id_index: BlindIndex | None = None
    native_place: Sensitive | None = None
    education: Code
    work_post: Code | None = None
    unit_and_post: Personal | None = None
    started_work: Month | None = None
    phone: Sensitive | None = None
    address: Sensitive | None = None

    def claims(self) -> tuple[Claim, ...]:
        return self.begins()


class ApplicantDetailsCorrected(OfAdmission, frozen=True, kw_only=True, tag="admission.details_corrected"):
    """Something about the person was wrong or has changed before admission; fields that are None stay as they are."""

    zh: ClassVar[str] = "申请人信息更正"
    en: ClassVar[str] = "Applicant details corrected"

    reason: Text
    name: Personal | None = None
    sex: ApplicantSex | None = None
    nationality: Code | None = None
    born_on: Sensitive | None = None
    born_month: Month | None = None
    id_number: Sensitive | None = None
    id_index: BlindIndex | None = None
    native_place: Sensitive | None = None
    education: Code | None = None
    work_post: Code | None = None
    unit_and_post: Personal | None = None
    started_work: Month | None = None
    phone: Sensitive | None = None
    address: Sensitive | None = None


class CaseTakenOver(OfAdmission, frozen=True, kw_only=True, tag="admission.case_taken_over"):
    """A case goes on here that began elsewhere, or before these books; its clock runs on (R-C30)."""

    zh: ClassVar[str] = "接续发展程序"
    en: ClassVar[str] = "Admission case taken over"

    stage: AdmissionStage
    from_name: Text
    name: Personal
    sex: ApplicantSex
    nationality: Code
    born_on: Sensitive | None = None
    born_month: Month
    id_number: Sensitive | None = None
    id_index: BlindIndex | None = None
    education: Code
    unit_and_post: Personal | None = None
    applied_on: dt.date
    activist_on: dt.date
    target_on: dt.date | None = None
    voted_on: dt.date | None = None
    """Day of the general meeting that admitted; the probation counts from it (R-C22)."""
    probation_end: dt.date | None = None
    extended: bool = False

    def claims(self) -> tuple[Claim, ...]:
        return self.begins()


class AdmissionTalkHeld(OfAdmission, frozen=True, kw_only=True, tag="admission.talk_held"):
    """Somebody talked with the person; the first talk later than its month is kept and flagged (R-C02, R-C16, INV-037)."""

    zh: ClassVar[str] = "发展党员谈话"
    en: ClassVar[str] = "Admission talk held"

    kind: AdmissionTalk
    held_by: tuple[PersonId, ...] = ()
    held_by_name: Personal | None = None
    """Who the superior sent; not on our roll."""
    record: Personal
    late: bool = False

    def entry(self) -> str:
        return f"{tag_of(self)}:{self.kind.value}"


class ActivistDetermined(OfAdmission, frozen=True, kw_only=True, tag="admission.activist_determined"):
    """A meeting determined the applicant as an activist; cultivation counts from here (R-C03, N14.M04, N14.M08)."""

    zh: ClassVar[str] = "确定入党积极分子"
    en: ClassVar[str] = "Activist determined"

    meeting_id: MeetingId
    recommended_by: Recommender


class AdmissionFiled(OfAdmission, frozen=True, kw_only=True, tag="admission.filed"):
    """The superior took note (R-C04, R-C08), or reported to its own superior (R-C18)."""

    zh: ClassVar[str] = "发展党员备案"
    en: ClassVar[str] = "Filed with the superior"

    level: FilingLevel
    document_no: Text

    def entry(self) -> str:
        return f"{tag_of(self)}:{self.level.value}"


class ContactsAssigned(OfAdmission, frozen=True, kw_only=True, tag="admission.contacts_assigned"):
    """One or two full members look after the activist from now on (R-C05, INV-039)."""

    zh: ClassVar[str] = "指定培养联系人"
    en: ClassVar[str] = "Cultivation contacts assigned"

    contacts: tuple[PersonId, ...]


class ActivistTrained(OfAdmission, frozen=True, kw_only=True, tag="admission.activist_trained"):
    """The activist studied or was trained (R-C06, N14.M07)."""

    zh: ClassVar[str] = "积极分子学习培训"
    en: ClassVar[str] = "Activist trained"

    topic: Text
    organiser: Text | None = None
    hours: Count


class CultivationReviewed(OfAdmission, frozen=True, kw_only=True, tag="admission.reviewed"):
    """The branch looked at how the person develops (R-C06, R-C21, N14.M03, N14.M05, N14.M21)."""

    zh: ClassVar[str] = "培养考察"
    en: ClassVar[str] = "Development reviewed"

    scope: ReviewScope
    opinion: Personal
    by: tuple[PersonId, ...] = ()

    def entry(self) -> str:
        return f"{tag_of(self)}:{self.scope.value}"


class WrittenReportReceived(OfAdmission, frozen=True, kw_only=True, tag="admission.report_received"):
    """A thought report or a reflection was handed in (R-C06, N14.M15)."""

    zh: ClassVar[str] = "收到思想汇报、心得体会"
    en: ClassVar[str] = "Written report received"

    kind: WrittenReport
    title: Text

    def entry(self) -> str:
        return f"{tag_of(self)}:{self.kind.value}"


class TargetDetermined(OfAdmission, frozen=True, kw_only=True, tag="admission.target_determined"):
    """After a year of cultivation a meeting determined the development target (R-C07, N14.M11, INV-040, INV-041)."""

    zh: ClassVar[str] = "确定发展对象"
    en: ClassVar[str] = "Development target determined"

    meeting_id: MeetingId


class SponsorsAssigned(OfAdmission, frozen=True, kw_only=True, tag="admission.sponsors_assigned"):
    """Two full members vouch for the person (R-C09, INV-044)."""

    zh: ClassVar[str] = "确定入党介绍人"
    en: ClassVar[str] = "Sponsors assigned"

    sponsors: tuple[PersonId, ...]


class PoliticalReviewCompleted(OfAdmission, frozen=True, kw_only=True, tag="admission.political_review_completed"):
    """The political review came to its written conclusion (R-C10, N14.M13, INV-045)."""

    zh: ClassVar[str] = "政治审查"
    en: ClassVar[str] = "Political review completed"

    passed: bool
    conclusion: Personal


class ShortCourseCompleted(OfAdmission, frozen=True, kw_only=True, tag="admission.course_completed"):
    """The development target completed the short course by `occurred_on` (R-C11, N14.M14, INV-046)."""

    zh: ClassVar[str] = "短期集中培训"
    en: ClassVar[str] = "Short course completed"

    began_on: dt.date
    days: Count
    hours: Count
    organiser: Text


class ExceptionGranted(OfAdmission, frozen=True, kw_only=True, tag="admission.exception_granted"):
    """The superior allows what the rules normally refuse, for a reason (INV-041, INV-046, INV-048)."""

    zh: ClassVar[str] = "发展党员特殊情况批准"
    en: ClassVar[str] = "Admission exception granted"

    ground: ExceptionGround
    reason: Text
    document_no: Text

    def entry(self) -> str:
        return f"{tag_of(self)}:{self.ground.value}"


class PagesCounted(OfAdmission, frozen=True, kw_only=True, tag="admission.pages_counted"):
    """How many pages a material of the file has (发展党员材料清单)."""

    zh: ClassVar[str] = "发展材料页数登记"
    en: ClassVar[str] = "Pages of a material counted"

    material: MaterialCode
    pages: Count

    def entry(self) -> str:
        return f"{tag_of(self)}:{self.material}"


class AdmissionClosed(OfAdmission, frozen=True, kw_only=True, tag="admission.closed"):
    """The case ended before a conversion (发展程序终止)."""

    zh: ClassVar[str] = "发展程序终止"
    en: ClassVar[str] = "Admission closed"

    ground: ClosingGround
    reason: Text

    def claims(self) -> tuple[Claim, ...]:
        return (Claim(kind="admission", value=self.person_id, give=True),)


CultivationEvent = (
    ApplicationReceived
    | ApplicantDetailsCorrected
    | CaseTakenOver
    | AdmissionTalkHeld
    | ActivistDetermined
    | AdmissionFiled
    | ContactsAssigned
    | ActivistTrained
    | CultivationReviewed
    | WrittenReportReceived
    | TargetDetermined
    | SponsorsAssigned
    | PoliticalReviewCompleted
    | ShortCourseCompleted
    | ExceptionGranted
    | PagesCounted
    | AdmissionClosed
)
"""What stages I to III add to the stream of a case."""

EVENTS: tuple[type[Event], ...] = typing.get_args(CultivationEvent)

UPCASTS: dict[tuple[str, int], Upcast] = {}
