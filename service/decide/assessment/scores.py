"""Assessment, the superior's part: the year's weights, visits, scores, adjustments, the grade (N26.T03, T04, INV-094, INV-095)."""

from typing import Annotated, ClassVar

from msgspec import convert
from msgspec.structs import replace

from events.assessment import (
    Adjusted,
    AdjustmentKind,
    AssessmentGrade,
    BranchGraded,
    Component,
    Hundredths,
    Scored,
    Visited,
    VisitMethod,
    YearOpened,
)
from events.base import LongText, Text
from projections.standard.rules import Rules
from service.auth.rights import Right
from service.decide.assessment.branch import OfYear, OwnAssessmentId, named
from service.decide.assessment.state import ASSESSMENT, FULL, LAST_YEAR, Assessment, again, grade_of, total_of
from service.decide.base import Case, Command, Context, Outcome, label
from service.errors import Conflict, Refused

PERCENT = 100


class OpenAssessmentYear(Command, frozen=True, kw_only=True, tag="open-assessment-year"):
    """Settle how the branch is assessed in a year; it holds from the first score on."""

    zh: ClassVar[str] = "确定年度考核办法"
    en: ClassVar[str] = "Open the assessment year"

    year: OfYear
    weights: Annotated[
        tuple[int, ...],
        label(
            "权重(实地、平时、述职、测评)",
            "Weights in per cent",
            help_zh="四项合计100；留空则按设置",
            help_en="Empty: as set",
            max_length=4,
        ),
    ] = ()
    entry_id: OwnAssessmentId = None


def open_assessment_year(command: OpenAssessmentYear, context: Context, known: Assessment) -> Outcome:
    """Weights add to 100; caps and grades are those in force, and frozen with them (R-J02, INV-094)."""
    event = YearOpened(
        occurred_on=command.occurred_on,
        year=command.year,
        entry_id=named(command.entry_id, context),
        weights=command.weights or tuple(context.rules.table("assessment.weights")),
        bonus_max=context.rules.number("assessment.bonus_max") * PERCENT,
        penalty_max=context.rules.number("assessment.penalty_max") * PERCENT,
        grades=_grades(context.rules),
    )
    if len(event.weights) != len(Component) or min(event.weights) < 0 or sum(event.weights) != PERCENT:
        raise Refused("INV-094", "weights", detail=str(list(event.weights)))
    opened = known.one(YearOpened)
    if opened is not None and replace(opened, occurred_on=event.occurred_on, entry_id=event.entry_id) == event:
        return []
    if known.of(Scored):
        raise Refused("INV-094", "weights")
    return [event]


def _grades(rules: Rules) -> tuple[tuple[AssessmentGrade, Hundredths], ...]:
    """Best first; a total is 0 at the least, so that every one has a grade."""
    rows = [(convert(grade, AssessmentGrade), least * PERCENT) for grade, least in rules.table("assessment.grades")]
    return tuple(sorted(rows, key=lambda row: row[1], reverse=True))


class RecordAssessmentVisit(Command, frozen=True, kw_only=True, tag="record-assessment-visit"):
    """The assessment group heard, asked, talked, read or reviewed."""

    zh: ClassVar[str] = "登记考核实施"
    en: ClassVar[str] = "Record an assessment visit"

    year: OfYear
    method: Annotated[VisitMethod, label("考核方式", "Method")]
    group: Annotated[Text, label("考核组", "Assessment group", min_length=1)]
    findings: Annotated[LongText, label("考核情况", "Findings", min_length=1)]
    entry_id: OwnAssessmentId = None


def record_assessment_visit(command: RecordAssessmentVisit, context: Context, known: Assessment) -> Outcome:
    """One entry for each of the five ways (N26.T03, R-J04)."""
    event = Visited(
        occurred_on=command.occurred_on,
        year=command.year,
        entry_id=named(command.entry_id, context),
        method=command.method,
        group=command.group,
        findings=command.findings,
    )
    same = any(replace(visit, entry_id=event.entry_id) == event for visit in known.of(Visited))
    return [] if same or again(known, event) else [event]


class EnterAssessmentScore(Command, frozen=True, kw_only=True, tag="enter-assessment-score"):
    """Enter the score of a component, or change it with a reason."""

    zh: ClassVar[str] = "录入考核得分"
    en: ClassVar[str] = "Enter a score"

    year: OfYear
    component: Annotated[Component, label("考核项", "Component")]
    score: Annotated[Hundredths, label("得分(百分之一分)", "Score (hundredths)", help_zh="92.50分填9250", help_en="9250 is 92.50")]
    reason: Annotated[Text | None, label("更改原因", "Reason", help_zh="更改已录得分时必填", help_en="Needed for a change")] = None
    entry_id: OwnAssessmentId = None


def enter_assessment_score(command: EnterAssessmentScore, context: Context, known: Assessment) -> Outcome:
    """0 to 100; changed only with a reason, and not after the grade (R-J02, INV-095)."""
    if not 0 <= command.score <= FULL:
        raise Refused("INV-095", "score")
    before = known.scores.get(command.component)
    if before is not None and before.score == command.score:
        return []
    known.must_be_open()
    if before is not None and command.reason is None:
        raise Refused("INV-095", "reason")
    event = Scored(
        occurred_on=command.occurred_on,
        year=command.year,
        entry_id=named(command.entry_id, context),
        component=command.component,
        score=command.score,
        reason=command.reason,
    )
    again(known, event)
    return [event]


class ApplyAdjustment(Command, frozen=True, kw_only=True, tag="apply-adjustment"):
    """Add points or take them off, with ground and evidence."""

    zh: ClassVar[str] = "认定加减分"
    en: ClassVar[str] = "Apply a bonus or penalty"

    year: OfYear
    kind: Annotated[AdjustmentKind, label("加分或减分", "Bonus or penalty")]
    points: Annotated[Hundredths, label("分值(百分之一分)", "Points (hundredths)", help_zh="2分填200", help_en="200 is 2.00")]
    ground: Annotated[Text | None, label("事由", "Ground")] = None
    evidence: Annotated[Text | None, label("依据", "Evidence")] = None
    confirmed_by: Annotated[Text, label("认定单位或人员", "Confirmed by", min_length=1)]
    entry_id: OwnAssessmentId = None


def apply_adjustment(command: ApplyAdjustment, context: Context, known: Assessment) -> Outcome:
    """Ground, evidence, and no more of a kind than its cap (R-J02, R-J03, INV-095)."""
    if command.points <= 0:
        raise Refused("INV-095", "points")
    if not (command.ground or "").strip():
        raise Refused("INV-095", "ground")
    if not (command.evidence or "").strip():
        raise Refused("INV-095", "evidence")
    event = Adjusted(
        occurred_on=command.occurred_on,
        year=command.year,
        entry_id=named(command.entry_id, context),
        kind=command.kind,
        points=command.points,
        ground=command.ground or "",
        evidence=command.evidence or "",
        confirmed_by=command.confirmed_by,
    )
    if again(known, event):
        return []
    opened = known.must_be_open()
    cap = opened.bonus_max if command.kind is AdjustmentKind.BONUS else opened.penalty_max
    if known.points(command.kind) + command.points > cap:
        raise Refused("INV-095", "points", detail=str(cap))
    return [event]


class GradeBranch(Command, frozen=True, kw_only=True, tag="grade-branch"):
    """Work out the total and grade the branch by it; nobody types either."""

    zh: ClassVar[str] = "评定支部考核等次"
    en: ClassVar[str] = "Grade the branch"

    year: OfYear
    expected: Annotated[
        AssessmentGrade | None,
        label("拟定等次", "Grade expected", help_zh="填写时与计算结果核对", help_en="Compared with what the scores give"),
    ] = None
    entry_id: OwnAssessmentId = None


def grade_branch(command: GradeBranch, context: Context, known: Assessment, before: Assessment) -> Outcome:
    """All four scores are there; the grade follows from the total and from nothing else (N26.T04, R-J02, INV-095)."""
    opened = known.one(YearOpened)
    if opened is None:
        raise Conflict("the year has not been opened for assessment")
    scores = known.scores
    if missing := [component.zh for component in Component if component not in scores]:
        raise Refused("INV-095", "year", detail="、".join(missing))
    bonus, penalty = known.points(AdjustmentKind.BONUS), known.points(AdjustmentKind.PENALTY)
    points = tuple(scores[component].score for component in Component)
    total = total_of(points, opened.weights, bonus, penalty)
    grade = grade_of(total, opened.grades)
    if command.expected not in (None, grade):
        raise Refused("INV-095", "expected", detail=grade.value)
    if known.one(BranchGraded) is not None:
        return []
    newest = max(entry.occurred_on for entry in (*scores.values(), *known.of(Adjusted)))
    if command.occurred_on < newest:
        raise Conflict(f"the last score is of {newest}")
    last = before.one(BranchGraded)
    return [
        BranchGraded(
            occurred_on=command.occurred_on,
            year=command.year,
            entry_id=named(command.entry_id, context),
            scores=points,
            bonus=bonus,
            penalty=penalty,
            total=total,
            grade=grade,
            poor_again=grade is AssessmentGrade.POOR and last is not None and last.grade is AssessmentGrade.POOR,
        )
    ]


CASES = (
    Case(command=OpenAssessmentYear, right=Right.SUPERIOR_WRITE, reads=(ASSESSMENT,), decide=open_assessment_year),
    Case(command=RecordAssessmentVisit, right=Right.SUPERIOR_WRITE, reads=(ASSESSMENT,), decide=record_assessment_visit),
    Case(command=EnterAssessmentScore, right=Right.SUPERIOR_WRITE, reads=(ASSESSMENT,), decide=enter_assessment_score),
    Case(command=ApplyAdjustment, right=Right.SUPERIOR_WRITE, reads=(ASSESSMENT,), decide=apply_adjustment),
    Case(command=GradeBranch, right=Right.SUPERIOR_WRITE, reads=(ASSESSMENT, LAST_YEAR), decide=grade_branch),
)
