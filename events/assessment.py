"""Assessment of a branch: document, work ledger, self-inspection, visits, scores, grade, notice, rectification (N26, R-J).

Room: THE RECORD. All of a year lives in the stream `assessment-<year>` of the branch; points are whole hundredths (9250 is 92.50).
"""

import datetime as dt
import typing
from typing import Annotated, ClassVar, NewType

import msgspec

from events.base import IDENTITY, Choice, Event, LongText, PersonId, Text, Upcast, shaped

AssessmentEntryId = NewType("AssessmentEntryId", str)
"""One entry of a year: a task, a visit, a score, an adjustment, a problem to put right."""
shaped(AssessmentEntryId, IDENTITY)

Year = Annotated[int, msgspec.Meta(ge=1921, le=9999)]
Hundredths = Annotated[int, msgspec.Meta(ge=-1_000_000, le=1_000_000)]
"""Points, 100 to one."""


class Component(Choice):
    """The four scores that make the total (N26.T04, R-J02), in the order of the weights."""

    ON_SITE = "on_site", "实地考核", "On-site"
    ROUTINE = "routine", "平时考核", "Routine"
    DEBRIEFING = "debriefing", "述职评议考核", "Debriefing"
    BALLOT = "ballot", "支部测评", "Branch ballot"


class AssessmentGrade(Choice):
    """Grade of a branch (R-J01)."""

    GOOD = "good", "好", "Good"
    FAIRLY_GOOD = "fairly_good", "较好", "Fairly good"
    FAIR = "fair", "一般", "Fair"
    POOR = "poor", "差", "Poor"


class VisitMethod(Choice):
    """How the superior assesses (N26.T03, R-J04)."""

    HEARING = "hearing", "听取汇报", "Hearing reports"
    BALLOT = "ballot", "民主测评", "Democratic ballot"
    TALKS = "talks", "个别谈话", "Individual talks"
    PAPERS = "papers", "查阅资料", "Checking papers"
    GROUP = "group", "考核组评议", "Review by the assessment group"


class AdjustmentKind(Choice):
    """Points on top or off (R-J03)."""

    BONUS = "bonus", "加分", "Bonus"
    PENALTY = "penalty", "减分", "Penalty"


class OfAssessment(Event, frozen=True, kw_only=True):
    """What all events of one year share. The entry is named by the event, unless the client gave a name."""

    year: Year
    entry_id: AssessmentEntryId

    def stream(self) -> str:
        return f"assessment-{self.year}"


class PlanReceived(OfAssessment, frozen=True, kw_only=True, tag="assessment.plan_received"):
    """The superior's document on this year's assessment came in (N26.T01)."""

    zh: ClassVar[str] = "上级考核文件"
    en: ClassVar[str] = "Assessment document received"

    document_no: Text
    title: Text


class WorkLedgerOpened(OfAssessment, frozen=True, kw_only=True, tag="assessment.ledger_opened"):
    """The annual Party-building work ledger was set up (N26.T01, N26.M01)."""

    zh: ClassVar[str] = "年度党建工作台账建立"
    en: ClassVar[str] = "Annual work ledger opened"

    source: Text
    """The superior's document that it follows."""


class TaskEntered(OfAssessment, frozen=True, kw_only=True, tag="assessment.task_entered"):
    """A task of the year was put into the work ledger (N26.M01)."""

    zh: ClassVar[str] = "年度党建任务列入"
    en: ClassVar[str] = "Annual task entered"

    task: Text
    source: Text
    responsible: PersonId
    due_on: dt.date


class TaskReported(OfAssessment, frozen=True, kw_only=True, tag="assessment.task_reported"):
    """How far a task of the work ledger is, and what proves it; the newest report holds."""

    zh: ClassVar[str] = "年度党建任务进展"
    en: ClassVar[str] = "Annual task reported on"

    done: bool
    progress: LongText
    evidence: Text | None = None


class SelfInspected(OfAssessment, frozen=True, kw_only=True, tag="assessment.self_inspected"):
    """The branch inspected and scored itself and reported (N26.T02, N26.M02)."""

    zh: ClassVar[str] = "自查自评报告"
    en: ClassVar[str] = "Self-inspection reported"

    summary: LongText
    problems: LongText | None = None
    score: Hundredths | None = None
    """What the branch gives itself."""


class YearOpened(OfAssessment, frozen=True, kw_only=True, tag="assessment.year_opened"):
    """The superior opened the year with its weights, caps and grades; they hold once the first score is entered (R-J02, INV-094)."""

    zh: ClassVar[str] = "年度考核办法确定"
    en: ClassVar[str] = "Assessment year opened"

    weights: tuple[int, ...]
    """Per cent, in the order of `Component`."""
    bonus_max: Hundredths
    penalty_max: Hundredths
    grades: tuple[tuple[AssessmentGrade, Hundredths], ...]
    """Least total of each grade, best first."""


class Visited(OfAssessment, frozen=True, kw_only=True, tag="assessment.visited"):
    """The superior's group assessed the branch in one of the five ways (N26.T03, R-J04)."""

    zh: ClassVar[str] = "考核实施记录"
    en: ClassVar[str] = "Assessment visit recorded"

    method: VisitMethod
    group: Text
    """The assessment group, by office."""
    findings: LongText


class Scored(OfAssessment, frozen=True, kw_only=True, tag="assessment.scored"):
    """A component's score was entered; a later one for the same component replaces it, with a reason (N26.T04, INV-095)."""

    zh: ClassVar[str] = "考核得分录入"
    en: ClassVar[str] = "Assessment score entered"

    component: Component
    score: Hundredths
    reason: Text | None = None
    """Why an earlier score was changed."""


class Adjusted(OfAssessment, frozen=True, kw_only=True, tag="assessment.adjusted"):
    """Points were added or taken off, with ground and evidence (N26.T04, R-J03, INV-095)."""

    zh: ClassVar[str] = "加减分认定"
    en: ClassVar[str] = "Assessment adjustment applied"

    kind: AdjustmentKind
    points: Hundredths
    ground: Text
    evidence: Text
    confirmed_by: Text
    """Who established it, by office."""


class BranchGraded(OfAssessment, frozen=True, kw_only=True, tag="assessment.graded"):
    """The total was worked out and the branch graded by it (N26.T04, R-J01, R-J02)."""

    zh: ClassVar[str] = "支部考核等次"
    en: ClassVar[str] = "Branch grade assigned"

    scores: tuple[Hundredths, ...]
    """In the order of `Component`."""
    bonus: Hundredths
    penalty: Hundredths
    total: Hundredths
    grade: AssessmentGrade
    poor_again: bool
    """Poor two years running (R-J07): only a flag."""


class NoticeCirculated(OfAssessment, frozen=True, kw_only=True, tag="assessment.notice_circulated"):
    """A branch graded fair or poor was circulated in a set scope (N26.T05, R-J05)."""

    zh: ClassVar[str] = "通报"
    en: ClassVar[str] = "Criticism notice circulated"

    scope: Text
    document_no: Text
    late_days: int


class RectificationPlanned(OfAssessment, frozen=True, kw_only=True, tag="assessment.rectification_planned"):
    """A problem found, the measures against it, who answers for them and until when (N26.T05, N26.M04, INV-097)."""

    zh: ClassVar[str] = "考核整改方案上报"
    en: ClassVar[str] = "Assessment rectification planned"

    problem: LongText
    measures: LongText
    responsible: PersonId
    due_on: dt.date
    late_days: int
    """Days beyond the term for handing the plan in."""


class RectificationAccepted(OfAssessment, frozen=True, kw_only=True, tag="assessment.rectification_accepted"):
    """The superior checked that a problem was put right (N26.T05)."""

    zh: ClassVar[str] = "考核整改完成验收"
    en: ClassVar[str] = "Assessment rectification accepted"

    accepted_by: Text
    result: Text
    late_days: int


class RectificationReturned(OfAssessment, frozen=True, kw_only=True, tag="assessment.rectification_returned"):
    """The superior sent a plan back, or what was not put right after all: the plan is handed in anew (N26.T05)."""

    zh: ClassVar[str] = "考核整改退回"
    en: ClassVar[str] = "Assessment rectification returned"

    reason: Text


class YearClosed(OfAssessment, frozen=True, kw_only=True, tag="assessment.year_closed"):
    """The year's assessment is over (INV-097)."""

    zh: ClassVar[str] = "年度考核办结"
    en: ClassVar[str] = "Assessment year closed"


class AssessmentEntryWithdrawn(OfAssessment, frozen=True, kw_only=True, tag="assessment.withdrawn"):
    """An entry of the year was wrong and stands no more."""

    zh: ClassVar[str] = "考核记录撤销"
    en: ClassVar[str] = "Assessment entry withdrawn"

    reason: Text


AssessmentEvent = (
    PlanReceived
    | WorkLedgerOpened
    | TaskEntered
    | TaskReported
    | SelfInspected
    | YearOpened
    | Visited
    | Scored
    | Adjusted
    | BranchGraded
    | NoticeCirculated
    | RectificationPlanned
    | RectificationAccepted
    | RectificationReturned
    | YearClosed
    | AssessmentEntryWithdrawn
)
"""What the stream of a year may hold."""

EVENTS: tuple[type[Event], ...] = typing.get_args(AssessmentEvent)

UPCASTS: dict[tuple[str, int], Upcast] = {}
