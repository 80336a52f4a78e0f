"""How far a discipline case is, what comes next and by when (norm N19; R-G06 to R-G09)."""

import datetime as dt

from msgspec.structs import replace

from events.base import Event
from events.discipline import (
    DisciplineAnnounced,
    DisciplineClosed,
    DisciplineExecuted,
    DisciplineExecutionReported,
    DisciplineImposed,
    DisciplineOpened,
    DisciplineSubmitted,
    DisciplineVoted,
    InvestigationReported,
    MaterialsShown,
    PartyProbationEnded,
)
from projections.standard.rules import Rules
from service.decide.base import Case
from service.decide.cases.steps import skipped, standing
from service.decide.discipline.state import DISCIPLINE, DisciplineCase, Punished
from service.decide.procedure import Procedure, Progress, Step, done

OPEN, BLOCKED = Progress.OPEN, Progress.BLOCKED

OPENING = Step(code="open", zh="立案", en="Open the case", progress=OPEN, rule="N19.T01", command="open-discipline-case")
INVESTIGATION = Step(
    code="investigate",
    zh="调查报告",
    en="Investigation report",
    progress=BLOCKED,
    rule="N19.T01",
    why_zh="先立案",
    why_en="The case has to be opened first",
    command="file-investigation-report",
    materials=("N19.M02",),
)
SHOWING = Step(
    code="show",
    zh="事实材料与本人见面",
    en="Show the facts to the member",
    progress=BLOCKED,
    rule="R-G06",
    why_zh="先有调查报告",
    why_en="The investigation report comes first",
    command="show-discipline-materials",
)
VOTE = Step(
    code="vote",
    zh="支部大会表决",
    en="Vote of the general meeting",
    progress=BLOCKED,
    rule="INV-085",
    why_zh="未与本人见面核对事实材料，不能表决",
    why_en="The facts were not shown to the member; no vote may be taken",
    command="vote-on-punishment",
    materials=("N19.M01", "N19.M03", "N19.M05"),
)
SUBMISSION = Step(
    code="submit",
    zh="报批",
    en="Submit for approval",
    progress=BLOCKED,
    rule="N19.T03",
    why_zh="支部大会尚未通过",
    why_en="The general meeting has not adopted it",
    command="submit-punishment",
    materials=("N19.M04",),
)
DECISION = Step(
    code="decide",
    zh="上级批准",
    en="Decision of the superior",
    progress=BLOCKED,
    rule="R-G05",
    why_zh="尚未报批",
    why_en="It has not been submitted",
    command="approve-punishment",
    materials=("N19.M04",),
)
ANNOUNCEMENT = Step(
    code="announce",
    zh="宣布",
    en="Announce",
    progress=BLOCKED,
    rule="INV-088",
    why_zh="处分决定未批准，不能宣布执行",
    why_en="The decision is not approved; it cannot be announced or executed",
    command="announce-punishment",
)
EXECUTION = Step(
    code="execute",
    zh="执行",
    en="Execute",
    progress=BLOCKED,
    rule="R-G08",
    why_zh="先宣布",
    why_en="The announcement comes first",
    command="execute-punishment",
)
REPORT = Step(
    code="report",
    zh="报告执行情况",
    en="Report the execution",
    progress=BLOCKED,
    rule="R-G09",
    why_zh="先执行",
    why_en="The execution comes first",
    command="report-punishment-execution",
)
PROBATION = Step(
    code="probation",
    zh="留党察看期满处理",
    en="End of probation within the Party",
    progress=OPEN,
    rule="R-G02",
    command="end-party-probation",
)


def steps(case: DisciplineCase, subject: str, rules: Rules, _today: dt.date) -> tuple[Step, ...]:
    """Every step in order; what no longer applies is skipped."""
    if not case.steps:
        return (skipped(OPENING),) if case.withdrawn else ()
    assert subject == case.opened.case_id
    found = (*_before_the_decision(case, rules), *_after_the_decision(case, rules))
    if case.last(DisciplineClosed) is None:
        return found
    return tuple(step if step.progress is Progress.DONE else skipped(step) for step in found)


def _before_the_decision(case: DisciplineCase, rules: Rules) -> list[Step]:
    report, shown = case.last(InvestigationReported), case.last(MaterialsShown)
    voted, submitted, decided = case.pending(DisciplineVoted), case.pending(DisciplineSubmitted), case.decided
    passed = voted if voted is not None and voted.passed else None
    ready = shown if report is not None else None
    latest = None if report is None else report.occurred_on + dt.timedelta(days=rules.number("discipline.branch_decide_days"))
    found = [
        standing(OPENING, case.last(DisciplineOpened), None),
        standing(INVESTIGATION, report, case.opened),
        standing(SHOWING, shown, report),
        replace(standing(VOTE, passed, ready), latest=latest),
        standing(SUBMISSION, submitted, passed),
        standing(DECISION, decided, submitted),
    ]
    if isinstance(decided, DisciplineImposed):
        return [step if step.progress is Progress.DONE else skipped(step) for step in found]
    return found


def _after_the_decision(case: DisciplineCase, rules: Rules) -> list[Step]:
    decided, announced = case.decided if case.punished is not None else None, case.last(DisciplineAnnounced)
    executed, reported = case.last(DisciplineExecuted), case.last(DisciplineExecutionReported)
    found = [
        _due(standing(ANNOUNCEMENT, announced, decided), decided, rules.number("discipline.announce_days")),
        _due(standing(EXECUTION, executed, announced), decided, rules.number("discipline.change_days")),
        _due(standing(REPORT, reported, executed), decided, rules.number("discipline.report_days")),
    ]
    if case.decided is not None and case.punished is None:
        return [step if step.progress is Progress.DONE else skipped(step) for step in found]
    return [*found, *_probation(case, case.punished)]


def _probation(case: DisciplineCase, punished: Punished | None) -> list[Step]:
    """Only of a case that put somebody on probation; never ended by itself (R-G02)."""
    ended = case.last(PartyProbationEnded)
    if ended is not None:
        return [done(PROBATION, ended.occurred_on)]
    if punished is None or not punished.on_probation:
        return []
    return [replace(PROBATION, earliest=punished.until)]


def _due(step: Step, decided: Event | None, days: int) -> Step:
    return step if decided is None else replace(step, latest=decided.occurred_on + dt.timedelta(days=days))


CASES: tuple[Case, ...] = ()

PROCEDURES = (
    Procedure(
        kind="discipline",
        zh="处分党员程序",
        en="Discipline procedure",
        stream=lambda subject: f"discipline-{subject}",
        fold=DISCIPLINE,
        steps=steps,
        person=lambda case, _subject: case.person_id if case.steps else None,
        field="case_id",
    ),
)
