"""How far a disposition case is in its six steps, and what follows (norm N20; R-H03, R-H04)."""

import datetime as dt

from msgspec.structs import replace

from events.disposition import (
    Disposition,
    DispositionAnnounced,
    DispositionApproved,
    DispositionFactsVerified,
    DispositionPreReviewed,
    DispositionPreReviewSubmitted,
    DispositionSubmitted,
    DispositionTalkHeld,
    DispositionVoted,
    PersuasionEnded,
    RectificationPeriodReviewed,
    RectificationPeriodStarted,
)
from projections.standard.periods import add_months
from projections.standard.rules import Rules
from service.decide.base import Case
from service.decide.cases.steps import skipped, standing
from service.decide.disposition.state import DISPOSITION, DispositionCase
from service.decide.procedure import Procedure, Progress, Step, done

OPENING = Step(
    code="open", zh="民主评议与初步认定", en="Initial finding", progress=Progress.OPEN, rule="N20.T01", command="open-disposition-case"
)
VERIFICATION = Step(
    code="verify",
    zh="调查核实",
    en="Verify the facts",
    progress=Progress.BLOCKED,
    rule="R-H03",
    why_zh="先有初步认定",
    why_en="The initial finding comes first",
    command="verify-disposition-facts",
)
TALK = Step(
    code="talk",
    zh="组织谈话",
    en="Talk with the member",
    progress=Progress.BLOCKED,
    rule="INV-090",
    why_zh="先调查核实",
    why_en="The facts have to be verified first",
    command="hold-disposition-talk",
)
TO_PRE_REVIEW = Step(
    code="submit-pre-review",
    zh="报上级预审",
    en="Submit for pre-review",
    progress=Progress.BLOCKED,
    rule="R-H03",
    why_zh="先组织谈话",
    why_en="The talk comes first",
    command="submit-disposition-pre-review",
    materials=("N20.M01",),
)
PRE_REVIEW = Step(
    code="pre-review",
    zh="上级预审",
    en="Pre-review by the superior",
    progress=Progress.BLOCKED,
    rule="R-H03",
    why_zh="尚未报预审",
    why_en="It has not been submitted for pre-review",
    command="pre-review-disposition",
    materials=("N20.M01",),
)
VOTE = Step(
    code="vote",
    zh="支部决议",
    en="Vote of the general meeting",
    progress=Progress.BLOCKED,
    rule="INV-089",
    why_zh="预审后方可表决",
    why_en="Pre-review comes before the vote",
    command="vote-on-disposition",
    materials=("N20.M03",),
)
SUBMISSION = Step(
    code="submit",
    zh="报上级审批",
    en="Submit for approval",
    progress=Progress.BLOCKED,
    rule="R-H05",
    why_zh="支部大会尚未通过",
    why_en="The general meeting has not adopted it",
    command="submit-disposition",
)
APPROVAL = Step(
    code="approve",
    zh="上级审批",
    en="Approval of the superior",
    progress=Progress.BLOCKED,
    rule="R-H05",
    why_zh="尚未报批",
    why_en="It has not been submitted",
    command="approve-disposition",
    materials=("N20.M01",),
)
ANNOUNCEMENT = Step(
    code="announce",
    zh="宣布",
    en="Announce",
    progress=Progress.BLOCKED,
    rule="R-H03",
    why_zh="尚未批准",
    why_en="It is not approved",
    command="announce-disposition",
)
CORRECTION = Step(
    code="correct",
    zh="限期改正",
    en="Start the correction period",
    progress=Progress.BLOCKED,
    rule="INV-092",
    why_zh="尚未批准",
    why_en="It is not approved",
    command="start-correction",
)
REVIEW = Step(
    code="review",
    zh="期满评议",
    en="Review at expiry",
    progress=Progress.BLOCKED,
    rule="INV-092",
    why_zh="改正期限尚未开始",
    why_en="The correction period has not begun",
    command="review-correction",
    materials=("N20.M02",),
)
PERSUASION = Step(
    code="persuade",
    zh="劝退结果",
    en="Outcome of persuasion",
    progress=Progress.BLOCKED,
    rule="R-H02",
    why_zh="尚未批准",
    why_en="It is not approved",
    command="end-persuasion",
)


def steps(case: DispositionCase, subject: str, _rules: Rules, _today: dt.date) -> tuple[Step, ...]:
    """Every step in order, of the proposal that stands; what no longer applies is skipped."""
    if not case.steps:
        return (skipped(OPENING),) if case.withdrawn else ()
    assert subject == case.opened.case_id
    found = (*_to_the_proposal(case), *_to_the_announcement(case), *_follow_up(case))
    if not case.standing.over:
        return found
    return tuple(step if step.progress is Progress.DONE else skipped(step) for step in found)


def _to_the_proposal(case: DispositionCase) -> list[Step]:
    verified, talked = case.last(DispositionFactsVerified), case.last(DispositionTalkHeld)
    return [
        done(OPENING, case.opened.occurred_on),
        standing(VERIFICATION, verified, case.opened),
        standing(TALK, talked, verified),
        standing(TO_PRE_REVIEW, case.current(DispositionPreReviewSubmitted), talked),
    ]


def _to_the_announcement(case: DispositionCase) -> list[Step]:
    reviewed, voted = case.current(DispositionPreReviewed), case.current(DispositionVoted)
    submitted, approved = case.current(DispositionSubmitted), case.current(DispositionApproved)
    passed = voted if voted is not None and voted.passed else None
    return [
        standing(PRE_REVIEW, reviewed, case.current(DispositionPreReviewSubmitted)),
        standing(VOTE, passed, reviewed),
        standing(SUBMISSION, submitted, passed),
        standing(APPROVAL, approved, submitted),
        standing(ANNOUNCEMENT, case.current(DispositionAnnounced), approved),
    ]


def _follow_up(case: DispositionCase) -> list[Step]:
    """What the disposition that is proposed asks for after its approval."""
    proposed, approved = case.current(DispositionPreReviewSubmitted), case.current(DispositionApproved)
    match None if proposed is None else proposed.disposition:
        case Disposition.CORRECT:
            started = case.current(RectificationPeriodStarted)
            return [standing(CORRECTION, started, approved), _review(case, started)]
        case Disposition.PERSUADE:
            return [standing(PERSUASION, case.current(PersuasionEnded), approved)]
        case _:
            return []


def _review(case: DispositionCase, started: RectificationPeriodStarted | None) -> Step:
    """Open from the day on which the time is over, for a month (N20.T03)."""
    reviewed = case.current(RectificationPeriodReviewed)
    if reviewed is not None or started is None:
        return standing(REVIEW, reviewed, None)
    return replace(standing(REVIEW, None, started), earliest=started.until, latest=add_months(started.until, 1))


CASES: tuple[Case, ...] = ()

PROCEDURES = (
    Procedure(
        kind="disposition",
        zh="处置不合格党员程序",
        en="Disposition procedure",
        stream=lambda subject: f"disposition-{subject}",
        fold=DISPOSITION,
        steps=steps,
        person=lambda case, _subject: case.person_id if case.steps else None,
        field="case_id",
    ),
)
