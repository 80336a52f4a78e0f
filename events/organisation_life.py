"""Organisation life beside the meeting itself: its papers, the organisation life meeting, speeches, pledges, rectification (N10, N11).

Room: THE RECORD. One stream `organisation-life` in the branch's book. The meeting, its attendance and votes are recorded by
the meetings noun; these entries refer to it.
"""

import datetime as dt
import typing
from typing import Annotated, ClassVar, NewType

import msgspec

from events.base import IDENTITY, Choice, Count, Event, LongText, MeetingId, Personal, PersonId, Text, Upcast, shaped

LifeId = NewType("LifeId", str)
"""An entry: a paper, an organisation life meeting, a speech, a pledge, an item to put right."""
shaped(LifeId, IDENTITY)

Year = Annotated[int, msgspec.Meta(ge=1921, le=9999)]


class YearPaper(Choice):
    """Plans, summaries and reports of a year; they differ in nothing but their name (N10.M01, N11.M01, N12.M01)."""

    ANNUAL_PLAN = "annual_plan", "年度工作计划", "Annual work plan"
    ANNUAL_SUMMARY = "annual_summary", "年度工作总结", "Annual work summary"
    WORK_REPORT = "work_report", "党支部工作报告", "Branch work report"
    THEME_DAY_PLAN = "theme_day_plan", "主题党日方案", "Theme day plan"
    TALK_PLAN = "talk_plan", "谈心谈话方案", "Talk plan"
    LIFE_PLAN = "life_plan", "组织生活会方案", "Plan of the organisation life meeting"
    LIFE_REPORT = "life_report", "组织生活会情况报告", "Report on the organisation life meeting"


class LifeMeetingKind(Choice):
    """Organisation life meeting of the branch, or democratic life meeting of its committee (N02.T03)."""

    ORGANISATION = "organisation", "组织生活会", "Organisation life meeting"
    DEMOCRATIC = "democratic", "民主生活会", "Democratic life meeting"


class SpeechKind(Choice):
    """As what somebody spoke (N01.T04, N11.T02, N11.M02, M03)."""

    SPEECH = "speech", "讨论发言", "Speech"
    SELF_CRITICISM = "self_criticism", "自我批评", "Self-criticism"
    CRITICISM = "criticism", "相互批评", "Criticism of another member"
    COMMITMENT = "commitment", "表态发言", "Commitment statement"


class OfLife(Event, frozen=True, kw_only=True):
    """What the entries share: their name, and the stream."""

    entry_id: LifeId

    def stream(self) -> str:
        return "organisation-life"


class PaperFiled(OfLife, frozen=True, kw_only=True, tag="life.paper_filed"):
    """A plan, summary or report of a year was adopted or filed (N09.T01, N10.M01, N11.T01, N12.M01)."""

    zh: ClassVar[str] = "年度计划总结报告归档"
    en: ClassVar[str] = "Plan, summary or report filed"

    kind: YearPaper
    year: Year
    title: Text
    text: LongText | None = None
    file: Text | None = None
    meeting_id: MeetingId | None = None
    adopted_by: Text | None = None
    """The meeting that adopted it, in words."""


class LifeMeetingHeld(OfLife, frozen=True, kw_only=True, tag="life.meeting_held"):
    """A meeting on record was the year's organisation life meeting, or a democratic life meeting (N11, R-A12)."""

    zh: ClassVar[str] = "组织生活会召开"
    en: ClassVar[str] = "Organisation life meeting held"

    meeting_id: MeetingId
    kind: LifeMeetingKind
    year: Year
    form: Text
    """党员大会, 支委会 or 党小组会, as the meeting on record says."""
    participants: Count
    study: Text
    """Joint study before it."""
    talks: Count
    """How many talks were held before it."""
    opinions: Count
    """How many opinions were collected before it."""
    problems: LongText
    criticism: LongText | None = None
    """Criticism and self-criticism in short, naming nobody; what a member said is a speech of that member."""


class SpeechRecorded(OfLife, frozen=True, kw_only=True, tag="life.speech_recorded"):
    """What a member said at a meeting: speech, self-criticism, criticism of another, commitment; sealed (N11.T02, N17.M04.02)."""

    zh: ClassVar[str] = "发言记录"
    en: ClassVar[str] = "Speech recorded"

    meeting_id: MeetingId
    person_id: PersonId
    kind: SpeechKind
    about_id: PersonId | None = None
    """Who was criticised."""
    text: Personal


class PledgeRecorded(OfLife, frozen=True, kw_only=True, tag="life.pledge_recorded"):
    """What the secretary or a member pledged at the start of the year (N11.T01)."""

    zh: ClassVar[str] = "年初承诺"
    en: ClassVar[str] = "Pledge recorded"

    year: Year
    person_id: PersonId
    pledge: LongText


class PledgeFulfilmentReported(OfLife, frozen=True, kw_only=True, tag="life.pledge_reported"):
    """How a pledge was kept (N11.T01, N11.M01.03)."""

    zh: ClassVar[str] = "承诺兑现情况"
    en: ClassVar[str] = "Pledge fulfilment reported"

    pledge_id: LifeId
    kept: bool
    result: LongText


class RectificationItemOpened(OfLife, frozen=True, kw_only=True, tag="life.rectification_opened"):
    """A problem is to be put right, by somebody, by a day (N11.M01.02, R-A12)."""

    zh: ClassVar[str] = "整改事项建立"
    en: ClassVar[str] = "Rectification item opened"

    number: Text
    meeting_id: MeetingId | None = None
    source: Text
    """Where it was found, in words."""
    problem: LongText
    measures: LongText
    responsible: PersonId
    due_on: dt.date


class RectificationItemClosed(OfLife, frozen=True, kw_only=True, tag="life.rectification_closed"):
    """A problem was put right and struck off the list (销号)."""

    zh: ClassVar[str] = "整改事项销号"
    en: ClassVar[str] = "Rectification item closed"

    item_id: LifeId
    result: LongText


class LifeEntryWithdrawn(OfLife, frozen=True, kw_only=True, tag="life.entry_withdrawn"):
    """An entry was wrong and stands no more; its row is struck."""

    zh: ClassVar[str] = "组织生活登记撤销"
    en: ClassVar[str] = "Organisation life entry withdrawn"

    reason: Text


LifeEvent = (
    PaperFiled
    | LifeMeetingHeld
    | SpeechRecorded
    | PledgeRecorded
    | PledgeFulfilmentReported
    | RectificationItemOpened
    | RectificationItemClosed
    | LifeEntryWithdrawn
)
"""What the stream `organisation-life` may hold."""

EVENTS: tuple[type[Event], ...] = typing.get_args(LifeEvent)

UPCASTS: dict[tuple[str, int], Upcast] = {}
