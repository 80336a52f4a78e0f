"""Democratic appraisal of members: one a year, from the notice to the report (N13, R-I).

Room: THE RECORD. One stream `appraisal-<year>` in the branch's book; the year is the one appraised, also when the meeting is held later.
"""

import datetime as dt
import typing
from typing import Annotated, ClassVar, NewType

import msgspec

from events.base import IDENTITY, Choice, Count, Event, MeetingId, Personal, PersonId, Text, Upcast, shaped

AppraisalEntryId = NewType("AppraisalEntryId", str)
"""One entry of an appraisal: a self-assessment, a comment, a ballot, a grade, …"""
StudyRef = NewType("StudyRef", str)
"""A joint study of the education ledger."""
shaped(AppraisalEntryId, IDENTITY)
shaped(StudyRef, IDENTITY)

Year = Annotated[int, msgspec.Meta(ge=1921, le=9999)]


class Grade(Choice):
    """The four grades (R-I01, INV-077)."""

    EXCELLENT = "excellent", "优秀", "Excellent"
    QUALIFIED = "qualified", "合格", "Qualified"
    BASIC = "basic", "基本合格", "Basically qualified"
    UNQUALIFIED = "unqualified", "不合格", "Unqualified"


class Lacking(Choice):
    """What a member may be graded without, with a reason on record (INV-081)."""

    SELF_ASSESSMENT = "self_assessment", "个人自评", "Self-assessment"
    BALLOT = "ballot", "民主测评", "Ballot"
    APPRAISAL = "appraisal", "本年度评议", "The whole appraisal"


class OfAppraisal(Event, frozen=True, kw_only=True):
    """What the events of one appraisal share: its year, and their own name."""

    year: Year
    entry_id: AppraisalEntryId

    def stream(self) -> str:
        return f"appraisal-{self.year}"


class AppraisalOpened(OfAppraisal, frozen=True, kw_only=True, tag="appraisal.opened"):
    """Members were told to prepare: who is to be graded, and who takes part without a grade (N13.T01, R-I03)."""

    zh: ClassVar[str] = "民主评议启动"
    en: ClassVar[str] = "Appraisal opened"

    planned_on: dt.date
    """Day of the appraisal meeting, as told."""
    full: tuple[PersonId, ...]
    probationary: tuple[PersonId, ...] = ()
    notice: Text | None = None


class AppraisalStudyHeld(OfAppraisal, frozen=True, kw_only=True, tag="appraisal.study_held"):
    """The joint study without which no appraisal meeting may open (N13.T02, INV-080)."""

    zh: ClassVar[str] = "评议前集中学习"
    en: ClassVar[str] = "Study before the appraisal held"

    study_id: StudyRef


class SelfAssessed(OfAppraisal, frozen=True, kw_only=True, tag="appraisal.self_assessed"):
    """A member checked himself against the standard and wrote the outline of a speech (N13.T03, N13.M01)."""

    zh: ClassVar[str] = "个人自评"
    en: ClassVar[str] = "Self-assessment submitted"

    person_id: PersonId
    outline: Personal


class AppraisalMeetingHeld(OfAppraisal, frozen=True, kw_only=True, tag="appraisal.meeting_held"):
    """The appraisal meeting, or that of one Party group, took place (N13.T04, R-I06, INV-080)."""

    zh: ClassVar[str] = "民主评议会召开"
    en: ClassVar[str] = "Appraisal meeting held"

    meeting_id: MeetingId
    participants: Count
    full: tuple[PersonId, ...]
    """The full members of that day: who is to be graded."""


class PeerAssessed(OfAppraisal, frozen=True, kw_only=True, tag="appraisal.peer_assessed"):
    """Another member's comment, sealed with the key of the one who was assessed (N13.T04, N13.M02)."""

    zh: ClassVar[str] = "党员互评"
    en: ClassVar[str] = "Peer assessment recorded"

    person_id: PersonId
    by: PersonId
    comment: Personal


class AppraisalBallotRecorded(OfAppraisal, frozen=True, kw_only=True, tag="appraisal.ballot_recorded"):
    """The votes on one member, or without a person on the branch itself (N11.T01, N13.T05)."""

    zh: ClassVar[str] = "民主测评"
    en: ClassVar[str] = "Appraisal ballot recorded"

    person_id: PersonId | None = None
    excellent: Count
    qualified: Count
    basic: Count
    unqualified: Count


class LackExcused(OfAppraisal, frozen=True, kw_only=True, tag="appraisal.lack_excused"):
    """Why a member has no self-assessment, no ballot, or is not appraised at all (INV-081)."""

    zh: ClassVar[str] = "评议缺项说明"
    en: ClassVar[str] = "Gap in the appraisal explained"

    person_id: PersonId
    what: Lacking
    reason: Personal


class ExcellentShareRaised(OfAppraisal, frozen=True, kw_only=True, tag="appraisal.share_raised"):
    """The superior lets more members be excellent than a third, with the reason (R-I02, INV-078)."""

    zh: ClassVar[str] = "优秀名额调整"
    en: ClassVar[str] = "Excellent share raised"

    excellent_max: Count
    approval_no: Text
    reason: Text


class GradeAssigned(OfAppraisal, frozen=True, kw_only=True, tag="appraisal.grade_assigned"):
    """The committee graded a member by ballot and everyday performance (N13.T05, INV-077 to 079, 081)."""

    zh: ClassVar[str] = "评等定级"
    en: ClassVar[str] = "Appraisal grade assigned"

    person_id: PersonId
    grade: Grade
    meeting_id: MeetingId
    """The committee or general meeting that decided."""
    handling: Personal | None = None
    """处理意见: praise, help, or disposition (R-I05)."""


class FeedbackGiven(OfAppraisal, frozen=True, kw_only=True, tag="appraisal.feedback_given"):
    """The member was told the result (N13.T05)."""

    zh: ClassVar[str] = "评议结果反馈"
    en: ClassVar[str] = "Appraisal feedback given"

    person_id: PersonId
    given_by: PersonId
    signed: bool
    opinion: Personal | None = None


class AppraisalClosed(OfAppraisal, frozen=True, kw_only=True, tag="appraisal.closed"):
    """The result was reported to the superior; the appraisal is over (N13.T05, N01.T07)."""

    zh: ClassVar[str] = "民主评议上报办结"
    en: ClassVar[str] = "Appraisal closed"

    report_no: Text
    excellent: Count
    qualified: Count
    basic: Count
    unqualified: Count


class AppraisalEntryWithdrawn(OfAppraisal, frozen=True, kw_only=True, tag="appraisal.entry_withdrawn"):
    """An entry was wrong and stands no more; withdrawing the report opens the appraisal again."""

    zh: ClassVar[str] = "民主评议登记撤销"
    en: ClassVar[str] = "Appraisal entry withdrawn"

    reason: Text


AppraisalEvent = (
    AppraisalOpened
    | AppraisalStudyHeld
    | SelfAssessed
    | AppraisalMeetingHeld
    | PeerAssessed
    | AppraisalBallotRecorded
    | LackExcused
    | ExcellentShareRaised
    | GradeAssigned
    | FeedbackGiven
    | AppraisalClosed
    | AppraisalEntryWithdrawn
)
"""What a stream `appraisal-<year>` may hold."""

EVENTS: tuple[type[Event], ...] = typing.get_args(AppraisalEvent)

UPCASTS: dict[tuple[str, int], Upcast] = {}
