"""Meetings of a branch: scheduled, held, voted on, put on file; lectures and theme days (N09, N10, R-A05 to R-A11).

Room: THE RECORD. One stream per meeting; theme days share one stream, since a month's duty is met once (INV-019).
"""

import datetime as dt
import typing
from typing import Annotated, ClassVar

import msgspec

from events.base import Choice, Count, Event, GroupId, LongText, MeetingId, Month, Personal, PersonId, Text, Upcast, month_of

ClockTime = Annotated[str, msgspec.Meta(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
"""A local time of day, `14:30`."""

THEME_DAYS = "theme-days"
"""The stream that all theme days of a branch share."""


class MeetingKind(Choice):
    """What sort of meeting; the first four are the three meetings and one class (三会一课)."""

    GENERAL = "general", "党员大会", "General meeting"
    COMMITTEE = "committee", "支委会", "Committee meeting"
    GROUP = "group", "党小组会", "Group meeting"
    LECTURE = "lecture", "党课", "Party lecture"
    THEME_DAY = "theme_day", "主题党日", "Theme day"
    STUDY = "study", "集中学习", "Study meeting"


class NoticeMethod(Choice):
    """How a notice went out."""

    MESSAGE = "message", "短信或微信", "Message"
    PHONE = "phone", "电话", "Phone"
    PAPER = "paper", "书面", "Paper"
    ORAL = "oral", "当面", "In person"
    BOARD = "board", "公告栏", "Notice board"


class LeaveReason(Choice):
    """Why somebody was excused; details of health or family stay out of the shared record."""

    OFFICIAL = "official", "公假", "Official duty"
    SICK = "sick", "病假", "Sick leave"
    PERSONAL = "personal", "事假", "Personal leave"
    OTHER = "other", "其他", "Other"


class AgendaKind(Choice):
    """What an agenda item was about (R-A05, N09)."""

    CONVEY = "convey", "传达上级精神", "Convey superior's decisions"
    WORK_REPORT = "work_report", "听取工作报告", "Work report"
    SUPERIOR_TASK = "superior_task", "落实上级部署", "Work assigned by the superior"
    ADMISSION = "admission", "发展党员", "Admission of members"
    ELECTION = "election", "选举", "Election"
    COMMENDATION = "commendation", "表彰", "Commendation"
    DISCIPLINE = "discipline", "处分或处置", "Discipline or disposition"
    DUES = "dues", "党费使用", "Use of dues"
    STUDY = "study", "学习讨论", "Study and discussion"
    CRITICISM = "criticism", "批评与自我批评", "Criticism and self-criticism"
    OTHER = "other", "其他", "Other"


class VoteMethod(Choice):
    """How votes were cast."""

    SHOW_OF_HANDS = "show_of_hands", "举手表决", "Show of hands"
    SECRET_PAPER = "secret_paper", "无记名投票", "Secret paper ballot"
    SIGNED_PAPER = "signed_paper", "记名投票", "Signed paper ballot"
    ORAL = "oral", "口头表决", "Oral"


class LecturerKind(Choice):
    """In what capacity the lecturer speaks (N01.T02)."""

    SUPERIOR_LEADER = "superior_leader", "部领导", "Leader of the superior department"
    INVITED_EXPERT = "invited_expert", "专家", "Invited expert"
    SECRETARY = "secretary", "书记", "Branch secretary"
    MEMBER = "member", "党员", "Member"


QUARTERLY_LECTURERS = frozenset({LecturerKind.SUPERIOR_LEADER, LecturerKind.INVITED_EXPERT})
"""Whose lectures count for the quarterly duty N01.T02 (INV-020)."""


class ThemeDayKind(Choice):
    """The form of a theme day (N10.T01 to T03)."""

    VISIT = "visit", "参观学习", "Visit or study tour"
    SERVICE = "service", "服务群众", "Service to the public"
    FORUM = "forum", "座谈研讨", "Discussion meeting"
    REPORT = "report", "报告会", "Report meeting"
    CONTEST = "contest", "知识竞赛", "Knowledge contest"
    STUDY = "study", "集中学习", "Joint study"
    OTHER = "other", "其他", "Other"


class RequiredItem(Choice):
    """The seven set items of a "7+X" theme day, in the order of the form."""

    ANTHEM = "anthem", "奏唱国歌", "Anthem"
    OATH = "oath", "重温入党誓词", "Renewal of the oath"
    CONSTITUTION = "constitution", "诵读党章", "Reading the constitution"
    DUES = "dues", "交纳党费", "Paying dues"
    STUDY = "study", "政治学习", "Political study"
    DELIBERATION = "deliberation", "民主议事", "Deliberation"
    OPENNESS = "openness", "党务公开", "Openness of affairs"


class Excused(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A member who had to attend and was excused."""

    person_id: PersonId
    reason: LeaveReason


class OfMeeting(Event, frozen=True, kw_only=True):
    """What the events of one meeting share: whose they are."""

    meeting_id: MeetingId

    def stream(self) -> str:
        return f"meeting-{self.meeting_id}"


class MeetingScheduled(OfMeeting, frozen=True, kw_only=True, tag="meetings.scheduled"):
    """A meeting was called for a day to come; recorded again when the plan changes (R-A09)."""

    zh: ClassVar[str] = "会议安排"
    en: ClassVar[str] = "Meeting scheduled"

    kind: MeetingKind
    planned_on: dt.date
    topic: Text
    place: Text | None = None
    starts_at: ClockTime | None = None
    ends_at: ClockTime | None = None
    group_id: GroupId | None = None
    plan_item: Text | None = None


class NoticeSent(OfMeeting, frozen=True, kw_only=True, tag="meetings.notice_sent"):
    """Members were told of a meeting on `occurred_on` (N21.T01, INV-018)."""

    zh: ClassVar[str] = "会议通知"
    en: ClassVar[str] = "Meeting notice sent"

    to: tuple[PersonId, ...]
    method: NoticeMethod
    note: Text | None = None


class AbsenceExcused(OfMeeting, frozen=True, kw_only=True, tag="meetings.absence_excused"):
    """A member was excused before the meeting; the note is private to the member."""

    zh: ClassVar[str] = "请假登记"
    en: ClassVar[str] = "Absence excused"

    person_id: PersonId
    reason: LeaveReason
    note: Personal | None = None


class MeetingHeld(OfMeeting, frozen=True, kw_only=True, tag="meetings.held"):
    """A meeting took place, with its attendance: due = present + excused + absent (INV-010, 015, 016, 018)."""

    zh: ClassVar[str] = "会议召开"
    en: ClassVar[str] = "Meeting held"

    kind: MeetingKind
    topic: Text
    chair: PersonId
    recorder: PersonId
    due: tuple[PersonId, ...]
    present: tuple[PersonId, ...]
    excused: tuple[Excused, ...] = ()
    absent: tuple[PersonId, ...] = ()
    observers: tuple[PersonId, ...] = ()
    guests: Text | None = None
    """Who else sat in, by office, not by name."""
    place: Text | None = None
    starts_at: ClockTime | None = None
    ends_at: ClockTime | None = None
    group_id: GroupId | None = None
    plan_item: Text | None = None
    delegation_note: Text | None = None
    quorum: Count = 0
    """How many had to be there by the rule of that day; 0 where none is asked for (R-A07)."""
    unnotified: tuple[PersonId, ...] = ()
    unnotified_reason: Text | None = None


class Correction(OfMeeting, frozen=True, kw_only=True):
    """What corrections share: the reason, and the superior's sight once the minutes are on file (INV-017)."""

    reason: Text
    superior_seen_on: dt.date | None = None


class AttendanceCorrected(Correction, frozen=True, kw_only=True, tag="meetings.attendance_corrected"):
    """The attendance was recorded wrongly; these lists stand instead."""

    zh: ClassVar[str] = "到会登记更正"
    en: ClassVar[str] = "Attendance corrected"

    present: tuple[PersonId, ...]
    excused: tuple[Excused, ...] = ()
    absent: tuple[PersonId, ...] = ()
    author: PersonId


class MeetingCancelled(OfMeeting, frozen=True, kw_only=True, tag="meetings.cancelled"):
    """A planned meeting fell away, or an election's meeting with its election; what hung on it stands no more."""

    zh: ClassVar[str] = "会议取消"
    en: ClassVar[str] = "Meeting cancelled"

    reason: Text


class MeetingWithdrawn(Correction, frozen=True, kw_only=True, tag="meetings.withdrawn"):
    """A meeting was recorded as held in error: all that was recorded of it goes, its plan stays, and it may be recorded anew."""

    zh: ClassVar[str] = "会议登记撤销"
    en: ClassVar[str] = "Record of a meeting withdrawn"


class AgendaDiscussed(OfMeeting, frozen=True, kw_only=True, tag="meetings.agenda_discussed"):
    """An agenda item was discussed (N09.T01, T04)."""

    zh: ClassVar[str] = "议题讨论"
    en: ClassVar[str] = "Agenda item discussed"

    item_no: Count
    kind: AgendaKind
    title: Text
    summary: LongText | None = None
    speakers: tuple[PersonId, ...] = ()


class MotionVoted(OfMeeting, frozen=True, kw_only=True, tag="meetings.motion_voted"):
    """A motion was put to the vote; `passed` is the outcome by the rule in force (R-A06, R-A07, INV-011 to 014)."""

    zh: ClassVar[str] = "表决"
    en: ClassVar[str] = "Motion voted"

    motion_no: Count
    matter: AgendaKind
    title: Text
    method: VoteMethod
    voters_due: Count
    voters_present: Count
    quorum: Count
    """How many voters had to be there, by the rule of that day."""
    needed: Count
    """How many votes the motion needed, by the rule of that day."""
    yes: Count
    no: Count
    abstain: Count
    written_from: tuple[PersonId, ...] = ()
    """Absent voters whose written opinion is among the votes."""
    passed: bool


class ResolutionAdopted(OfMeeting, frozen=True, kw_only=True, tag="meetings.resolution_adopted"):
    """The meeting resolved something, to be done by somebody by a day (N09.T04)."""

    zh: ClassVar[str] = "形成决议"
    en: ClassVar[str] = "Resolution adopted"

    resolution_no: Count
    text: LongText
    motion_no: Count | None = None
    responsible: PersonId | None = None
    due_on: dt.date | None = None


class ResolutionImplemented(OfMeeting, frozen=True, kw_only=True, tag="meetings.resolution_implemented"):
    """What a meeting resolved was carried out (N09.T04)."""

    zh: ClassVar[str] = "决议落实"
    en: ClassVar[str] = "Resolution implemented"

    resolution_no: Count
    result: LongText


class MinutesArchived(OfMeeting, frozen=True, kw_only=True, tag="meetings.minutes_archived"):
    """The minutes went on file and are closed (N09.M01, INV-017)."""

    zh: ClassVar[str] = "会议记录归档"
    en: ClassVar[str] = "Minutes archived"

    archived_by: PersonId
    text: LongText | None = None
    file: Text | None = None
    """Reference of the signed paper or uploaded file."""


class MinutesCorrected(OfMeeting, frozen=True, kw_only=True, tag="meetings.minutes_corrected"):
    """Minutes on file were corrected by an entry beside them, seen by the superior (INV-017)."""

    zh: ClassVar[str] = "会议记录更正"
    en: ClassVar[str] = "Minutes corrected"

    correction: LongText
    reason: Text
    author: PersonId
    superior_seen_on: dt.date


class LectureDelivered(OfMeeting, frozen=True, kw_only=True, tag="meetings.lecture_delivered"):
    """A Party lecture was given; the lecturer's kind decides whether it counts for the quarter (N01.T02, INV-020)."""

    zh: ClassVar[str] = "讲党课"
    en: ClassVar[str] = "Party lecture delivered"

    title: Text
    lecturer_kind: LecturerKind
    lecturer_id: PersonId | None = None
    lecturer_title: Text | None = None
    """Office of a lecturer from outside."""
    audience_count: Count
    class_minutes: Count
    minutes_per_hour: Count
    """Minutes to one class hour by the rule of that day (R-A15)."""

    def counts_for_quarter(self) -> bool:
        """Whether the lecture answers the quarterly duty (INV-020)."""
        return self.lecturer_kind in QUARTERLY_LECTURERS


class LectureScriptFiled(OfMeeting, frozen=True, kw_only=True, tag="meetings.lecture_script_filed"):
    """The script of a lecture was put on file (N01.M02, N09.M01.03)."""

    zh: ClassVar[str] = "党课讲稿归档"
    en: ClassVar[str] = "Lecture script filed"

    script: Text


class LectureWithdrawn(Correction, frozen=True, kw_only=True, tag="meetings.lecture_withdrawn"):
    """A lecture was recorded in error; the meeting stands, and the quarter's duty is open again (INV-020)."""

    zh: ClassVar[str] = "党课登记撤销"
    en: ClassVar[str] = "Record of a lecture withdrawn"


class ThemeDayHeld(Event, frozen=True, kw_only=True, tag="meetings.theme_day_held"):
    """A "7+X" theme day took place; the first one standing in a month answers that month's duty (R-A11, INV-019)."""

    zh: ClassVar[str] = "主题党日开展"
    en: ClassVar[str] = "Theme day held"

    meeting_id: MeetingId
    theme: Text
    kind: ThemeDayKind
    required_items: tuple[RequiredItem, ...] = ()
    x_items: Text | None = None
    participants: Count
    record: LongText | None = None
    reflections: Count = 0
    publicity: Text | None = None

    def stream(self) -> str:
        return THEME_DAYS

    def month(self) -> Month:
        """The month whose duty it may answer."""
        return month_of(self.occurred_on)


class ThemeDayWithdrawn(Correction, frozen=True, kw_only=True, tag="meetings.theme_day_withdrawn"):
    """A theme day stands no more, with its meeting or alone, so the month's duty is open for the next one (INV-019)."""

    zh: ClassVar[str] = "主题党日撤销"
    en: ClassVar[str] = "Theme day withdrawn"
    schema: ClassVar[int] = 2

    def stream(self) -> str:
        return THEME_DAYS


MeetingEvent = (
    MeetingScheduled | NoticeSent | AbsenceExcused | MeetingHeld | AttendanceCorrected | MeetingCancelled | MeetingWithdrawn
    | AgendaDiscussed | MotionVoted | ResolutionAdopted | ResolutionImplemented | MinutesArchived | MinutesCorrected
    | LectureDelivered | LectureScriptFiled | LectureWithdrawn
)  # fmt: skip
"""What a stream `meeting-<id>` may hold."""

ThemeDayEvent = ThemeDayHeld | ThemeDayWithdrawn
"""What the stream `theme-days` may hold."""

EVENTS: tuple[type[Event], ...] = (*typing.get_args(MeetingEvent), *typing.get_args(ThemeDayEvent))

UPCASTS: dict[tuple[str, int], Upcast] = {("meetings.theme_day_withdrawn", 1): lambda body: body | {"superior_seen_on": None}}
