"""Debriefing and appraisal of the branch secretary: plan, report, approval, two debriefs, ballot, grade, rectification (N25, R-J06).

Room: THE RECORD. All of a year lives in the stream `debriefing-<year>`; what is said about the secretary is sealed with their key.
"""

import datetime as dt
import typing
from typing import Annotated, ClassVar, NewType

import msgspec

from events.base import IDENTITY, Choice, Count, Event, LongText, MeetingId, Personal, PersonId, Text, Upcast, shaped

ProblemId = NewType("ProblemId", str)
"""A problem found at a debriefing, to be put right."""
shaped(ProblemId, IDENTITY)

Year = Annotated[int, msgspec.Meta(ge=1921, le=9999)]


class Before(Choice):
    """Before whom the secretary debriefs (N25.T03)."""

    SUPERIOR = "superior", "上级党组织", "The superior committee"
    MEMBERS = "members", "全体党员", "All members"


class DebriefingGrade(Choice):
    """Grade of the secretary's debriefing (R-J01)."""

    GOOD = "good", "好", "Good"
    FAIRLY_GOOD = "fairly_good", "较好", "Fairly good"
    FAIR = "fair", "一般", "Fair"
    POOR = "poor", "差", "Poor"


class DebriefingStep(Choice):
    """An entry that can be taken back as long as nothing rests on it."""

    PLAN = "plan", "考核方案", "Plan"
    SELF_INSPECTION = "self_inspection", "自查报告", "Self-inspection"
    OPINIONS = "opinions", "征求意见", "Opinions"
    DRAFT = "draft", "述职报告起草", "Draft"
    SUBMISSION = "submission", "报审", "Submission"
    REVIEW = "review", "上级审定或退改", "The superior's answer"
    TO_SUPERIOR = "to_superior", "向上级述职", "Debrief to the superior"
    SUPERIOR_COMMENT = "superior_comment", "向上级述职的点评", "Comments at the superior's meeting"
    TO_MEMBERS = "to_members", "向党员述职", "Debrief to the members"
    MEMBERS_COMMENT = "members_comment", "党员大会上的点评", "Comments at the general meeting"
    BALLOT = "ballot", "测评", "Ballot"
    GRADE = "grade", "等次", "Grade"


class OfDebriefing(Event, frozen=True, kw_only=True):
    """What all events of one year share."""

    year: Year

    def stream(self) -> str:
        return f"debriefing-{self.year}"


class ReviewPlanAdopted(OfDebriefing, frozen=True, kw_only=True, tag="debriefing.plan_adopted"):
    """The plan of the year's debriefing was adopted (N25.T02, N25.M01)."""

    zh: ClassVar[str] = "述职评议考核方案"
    en: ClassVar[str] = "Debriefing plan adopted"

    title: Text
    summary: LongText
    meeting_id: MeetingId | None = None


class DebriefingSelfInspected(OfDebriefing, frozen=True, kw_only=True, tag="debriefing.self_inspected"):
    """The branch inspected itself before the debriefing (N25.T02, N25.M02)."""

    zh: ClassVar[str] = "述职自查报告"
    en: ClassVar[str] = "Self-inspection for the debriefing"

    summary: LongText


class OpinionsGathered(OfDebriefing, frozen=True, kw_only=True, tag="debriefing.opinions_gathered"):
    """Opinions on the secretary and the committee were sought widely (N25.T02); the register counts them."""

    zh: ClassVar[str] = "述职征求意见"
    en: ClassVar[str] = "Opinions for the debriefing gathered"

    ways: Text
    people: Count
    opinions: Count
    summary: LongText


class ReportDrafted(OfDebriefing, frozen=True, kw_only=True, tag="debriefing.report_drafted"):
    """The secretary wrote the report, or wrote it anew: work done, and ideas, priorities and measures to come (N25.T01)."""

    zh: ClassVar[str] = "述职报告起草"
    en: ClassVar[str] = "Debriefing report drafted"

    person_id: PersonId
    work_done: Personal
    plans: Personal


class ReportSubmitted(OfDebriefing, frozen=True, kw_only=True, tag="debriefing.report_submitted"):
    """The report went up for review (N25.T02)."""

    zh: ClassVar[str] = "述职报告报审"
    en: ClassVar[str] = "Debriefing report submitted"

    person_id: PersonId


class ReportApproved(OfDebriefing, frozen=True, kw_only=True, tag="debriefing.report_approved"):
    """The superior approved the report; the secretary may debrief (N25.T02, N25.M03, INV-096)."""

    zh: ClassVar[str] = "述职报告审定"
    en: ClassVar[str] = "Debriefing report approved"

    person_id: PersonId
    opinion: Text | None = None


class ReportReturned(OfDebriefing, frozen=True, kw_only=True, tag="debriefing.report_returned"):
    """The superior sent the report back to be changed (N25.T02)."""

    zh: ClassVar[str] = "述职报告退改"
    en: ClassVar[str] = "Debriefing report returned"

    person_id: PersonId
    reason: Text


class ReportedToSuperior(OfDebriefing, frozen=True, kw_only=True, tag="debriefing.reported_to_superior"):
    """The secretary debriefed to the superior at a review meeting (N25.T03, R-J06, INV-096)."""

    zh: ClassVar[str] = "书记向上级述职"
    en: ClassVar[str] = "Secretary reported to the superior"

    person_id: PersonId
    place: Text | None = None
    chaired_by: Text
    """Who chaired for the superior, by office."""


class ReportedToMembers(OfDebriefing, frozen=True, kw_only=True, tag="debriefing.reported_to_members"):
    """The secretary debriefed to all members at a general meeting, with an observer of the superior (N25.T03, R-J06, INV-096)."""

    zh: ClassVar[str] = "书记向全体党员述职"
    en: ClassVar[str] = "Secretary reported to the members"

    person_id: PersonId
    meeting_id: MeetingId
    observer: Text
    """Whom the superior sent, by office."""


class CommentsRecorded(OfDebriefing, frozen=True, kw_only=True, tag="debriefing.commented"):
    """The superior commented: achievements, problems and direction (N25.T03, N25.M04)."""

    zh: ClassVar[str] = "上级点评"
    en: ClassVar[str] = "Superior's comments recorded"

    person_id: PersonId
    before: Before
    commentator: Text
    achievements: Personal
    problems: Personal
    direction: Personal


class AppraisalBallot(OfDebriefing, frozen=True, kw_only=True, tag="debriefing.ballot_recorded"):
    """Members and representatives appraised the secretary on the spot (N25.T03)."""

    zh: ClassVar[str] = "述职评议测评"
    en: ClassVar[str] = "Debriefing ballot recorded"

    person_id: PersonId
    issued: Count
    returned: Count
    good: Count
    fairly_good: Count
    fair: Count
    poor: Count
    invalid: Count


class SecretaryGraded(OfDebriefing, frozen=True, kw_only=True, tag="debriefing.graded"):
    """The superior graded the secretary's debriefing (N25.T03)."""

    zh: ClassVar[str] = "述职评议等次"
    en: ClassVar[str] = "Secretary's grade assigned"

    person_id: PersonId
    grade: DebriefingGrade
    document_no: Text | None = None


class ProblemPlanned(OfDebriefing, frozen=True, kw_only=True, tag="debriefing.rectification_planned"):
    """A problem named at the debriefing, the measures against it, who answers for them and until when."""

    zh: ClassVar[str] = "述职整改方案"
    en: ClassVar[str] = "Debriefing rectification planned"

    problem_id: ProblemId
    problem: LongText
    measures: LongText
    responsible: PersonId
    due_on: dt.date


class ProblemClosed(OfDebriefing, frozen=True, kw_only=True, tag="debriefing.rectification_closed"):
    """A problem was checked as put right, or struck out as entered by mistake."""

    zh: ClassVar[str] = "述职整改销号"
    en: ClassVar[str] = "Debriefing rectification closed"

    problem_id: ProblemId
    mistaken: bool
    closed_by: Text
    result: Text


class ProblemReturned(OfDebriefing, frozen=True, kw_only=True, tag="debriefing.rectification_returned"):
    """The superior found a plan wanting, or a problem not put right: its close stands no more, the plan is handed in anew."""

    zh: ClassVar[str] = "述职整改退回"
    en: ClassVar[str] = "Debriefing rectification returned"

    problem_id: ProblemId
    reason: Text


class StepWithdrawn(OfDebriefing, frozen=True, kw_only=True, tag="debriefing.withdrawn"):
    """An entry was wrong and stands no more."""

    zh: ClassVar[str] = "述职评议记录撤销"
    en: ClassVar[str] = "Debriefing entry withdrawn"

    step: DebriefingStep
    reason: Text


DebriefingEvent = (
    ReviewPlanAdopted
    | DebriefingSelfInspected
    | OpinionsGathered
    | ReportDrafted
    | ReportSubmitted
    | ReportApproved
    | ReportReturned
    | ReportedToSuperior
    | ReportedToMembers
    | CommentsRecorded
    | AppraisalBallot
    | SecretaryGraded
    | ProblemPlanned
    | ProblemClosed
    | ProblemReturned
    | StepWithdrawn
)
"""What the stream of a year may hold."""

EVENTS: tuple[type[Event], ...] = typing.get_args(DebriefingEvent)

UPCASTS: dict[tuple[str, int], Upcast] = {}
