"""Education of members: plans, joint study, class hours, notes, training away, reflections (N01.T01 to T06, N17, R-A15).

Room: THE RECORD. One stream `education` in the branch's book. Class hours are kept in sixtieths, so that sums are whole numbers.
"""

import datetime as dt
import typing
from typing import Annotated, ClassVar, NewType

import msgspec

from events.base import IDENTITY, Choice, Count, Event, MeetingId, Personal, PersonId, Text, Upcast, shaped

StudyId = NewType("StudyId", str)
"""An entry of the education ledger: a plan, a session, hours, notes, a training or a reflection."""
shaped(StudyId, IDENTITY)

Year = Annotated[int, msgspec.Meta(ge=1921, le=9999)]
Quarter = Annotated[str, msgspec.Meta(pattern=r"^\d{4}-Q[1-4]$(?!\n)")]
"""A quarter, `2026-Q1`."""
Clock = Annotated[str, msgspec.Meta(pattern=r"^([01]\d|2[0-3]):[0-5]\d$(?!\n)")]
"""A local time of day, `14:30`."""
MonthNo = Annotated[int, msgspec.Meta(ge=1, le=12)]
Credit = Annotated[int, msgspec.Meta(ge=0, le=60 * 8 * 366)]
"""Class hours in sixtieths: 90 is one and a half."""

SIXTIETHS = 60
"""Of a class hour."""


class PlanKind(Choice):
    """Whose plan it is, and for what (N01.T06, N17.T01, T02, T05)."""

    BRANCH = "branch", "支部", "Branch"
    PERSONAL = "personal", "个人", "Personal"
    ONLINE = "online", "网络培训", "Online training"
    CAMPAIGN = "campaign", "主题教育", "Thematic education"


class StudyKind(Choice):
    """What sort of joint study (N01.T04, T06, N17.T03, T05)."""

    JOINT = "joint", "集中学习", "Joint study"
    TUTORIAL = "tutorial", "专题辅导", "Topical tutorial"
    DISCUSSION = "discussion", "研讨交流", "Discussion"
    CAMPAIGN = "campaign", "主题教育活动", "Thematic education activity"


class HoursGround(Choice):
    """Why a single member gets hours outside a joint session (R-A15)."""

    ONLINE = "online", "网络培训", "Online training"
    MAKE_UP = "make_up", "补学", "Made up"
    COURSE = "course", "脱产培训", "Course"
    OTHER = "other", "其他", "Other"


class NotesRating(Choice):
    """How a member's study notes were found."""

    GOOD = "good", "好", "Good"
    FAIR = "fair", "中", "Fair"
    POOR = "poor", "差", "Poor"


class PlanItem(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One line of a study plan; without a month it is for the whole year."""

    month: MonthNo | None = None
    content: Text
    form: Text | None = None
    class_hours: Count | None = None
    person_id: PersonId | None = None
    """Who sees to it."""


class HoursStandard(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many class hours the year asks for, by the rule of that day: of a member, and of secretary and committee (R-A15)."""

    member: Count
    cadre: Count
    cadre_trainings: Count
    """How many concentrated trainings a year of secretary and committee."""


class OfEducation(Event, frozen=True, kw_only=True):
    """What the entries share: their name, and the stream."""

    entry_id: StudyId

    def stream(self) -> str:
        return "education"


class StudyPlanAdopted(OfEducation, frozen=True, kw_only=True, tag="education.plan_adopted"):
    """A plan for a year's study: of the branch, of a member, of online training, or of a campaign (N17.M01, M05.01, N01.T06)."""

    zh: ClassVar[str] = "学习计划"
    en: ClassVar[str] = "Study plan adopted"

    kind: PlanKind
    year: Year
    title: Text
    items: tuple[PlanItem, ...]
    person_id: PersonId | None = None
    """Whose plan it is, if it is a personal one."""
    closes_on: dt.date | None = None
    """When a campaign ends."""
    meeting_id: MeetingId | None = None
    """The meeting that adopted it."""


class StudySessionHeld(OfEducation, frozen=True, kw_only=True, tag="education.session_held"):
    """Joint study took place; whoever signed in gets its class hours (N17.T03, INV-075, INV-076)."""

    zh: ClassVar[str] = "集中学习"
    en: ClassVar[str] = "Joint study held"

    kind: StudyKind
    topic: Text
    place: Text | None = None
    starts_at: Clock | None = None
    ends_at: Clock | None = None
    organiser: PersonId
    lecturer_id: PersonId | None = None
    lecturer_title: Text | None = None
    """Office of a lecturer from outside."""
    due: tuple[PersonId, ...]
    present: tuple[PersonId, ...]
    minutes: Count
    credit: Credit
    standard: HoursStandard
    materials: Text | None = None
    speakers: tuple[PersonId, ...] = ()
    meeting_id: MeetingId | None = None
    plan_id: StudyId | None = None
    """The plan, such as that of a campaign, which it carries out."""
    appraisal_year: Year | None = None
    """The year whose democratic appraisal it prepares (N13.T02)."""


class StudyHoursCredited(OfEducation, frozen=True, kw_only=True, tag="education.hours_credited"):
    """One member gets class hours for study outside a joint session (N17.T03, T05, R-A15)."""

    zh: ClassVar[str] = "学时登记"
    en: ClassVar[str] = "Study hours credited"

    person_id: PersonId
    ground: HoursGround
    topic: Text
    starts_at: Clock | None = None
    ends_at: Clock | None = None
    minutes: Count
    credit: Credit
    standard: HoursStandard
    session_id: StudyId | None = None
    """The joint session that is made up for."""
    plan_id: StudyId | None = None


class StudyNotesSubmitted(OfEducation, frozen=True, kw_only=True, tag="education.notes_submitted"):
    """A member handed in the notes of a quarter (N17.T02, N17.M02)."""

    zh: ClassVar[str] = "自学笔记"
    en: ClassVar[str] = "Self-study notes submitted"

    person_id: PersonId
    quarter: Quarter
    pieces: Count


class StudyNotesReviewed(OfEducation, frozen=True, kw_only=True, tag="education.notes_reviewed"):
    """A member's notes of a quarter were looked through (N01.T05)."""

    zh: ClassVar[str] = "学习笔记调阅"
    en: ClassVar[str] = "Study notes reviewed"

    person_id: PersonId
    quarter: Quarter
    reviewed_by: PersonId
    pieces: Count
    rating: NotesRating
    problems: Personal | None = None
    feedback: Personal | None = None


class TrainingPlanned(OfEducation, frozen=True, kw_only=True, tag="education.training_planned"):
    """A batch of members is to be sent out for study (N01.T03, N01.M03)."""

    zh: ClassVar[str] = "外出学习轮训方案"
    en: ClassVar[str] = "External training planned"

    batch: Text
    plan: Text
    from_on: dt.date
    until_on: dt.date
    place: Text
    host: Text
    people: tuple[PersonId, ...]


class TrainingCompleted(OfEducation, frozen=True, kw_only=True, tag="education.training_completed"):
    """A planned batch came back; whoever took part gets the hours, spread over its days (N01.T03, INV-075)."""

    zh: ClassVar[str] = "外出学习轮训完成"
    en: ClassVar[str] = "External training completed"

    training_id: StudyId
    from_on: dt.date
    until_on: dt.date
    people: tuple[PersonId, ...]
    credit: Credit
    """Of each of them, for all days together."""
    standard: HoursStandard

    def by_day(self) -> tuple[tuple[dt.date, int], ...]:
        """The hours of each day: equal, the first days one sixtieth more where it does not divide."""
        days = (self.until_on - self.from_on).days + 1
        each, rest = divmod(self.credit, days)
        return tuple((self.from_on + dt.timedelta(days=n), each + (n < rest)) for n in range(days))


class TrainingCarriedOver(OfEducation, frozen=True, kw_only=True, tag="education.training_carried_over"):
    """A planned batch did not go and is carried over to another year, with the reason (N01.T03)."""

    zh: ClassVar[str] = "外出学习轮训结转"
    en: ClassVar[str] = "External training carried over"

    training_id: StudyId
    to_year: Year
    reason: Text


class ReflectionSubmitted(OfEducation, frozen=True, kw_only=True, tag="education.reflection_submitted"):
    """A member handed in a reflection (N01.M04, N10.M02)."""

    zh: ClassVar[str] = "心得体会"
    en: ClassVar[str] = "Reflection submitted"

    person_id: PersonId
    title: Text
    activity: Text | None = None
    meeting_id: MeetingId | None = None
    study_id: StudyId | None = None
    """The session or training that it is about."""
    characters: Count
    file: Text | None = None


class StudyEntryWithdrawn(OfEducation, frozen=True, kw_only=True, tag="education.entry_withdrawn"):
    """An entry was wrong and stands no more; the hours it gave are revoked (N17.T03)."""

    zh: ClassVar[str] = "学时撤销"
    en: ClassVar[str] = "Education entry withdrawn"

    reason: Text


EducationEvent = (
    StudyPlanAdopted
    | StudySessionHeld
    | StudyHoursCredited
    | StudyNotesSubmitted
    | StudyNotesReviewed
    | TrainingPlanned
    | TrainingCompleted
    | TrainingCarriedOver
    | ReflectionSubmitted
    | StudyEntryWithdrawn
)
"""What the stream `education` may hold."""

EVENTS: tuple[type[Event], ...] = typing.get_args(EducationEvent)

UPCASTS: dict[tuple[str, int], Upcast] = {}
