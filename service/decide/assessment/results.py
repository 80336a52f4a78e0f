"""Assessment, what follows from the grade: notice, acceptance of what was put right, the close of the year (N26.T05, INV-097)."""

import datetime as dt
from typing import Annotated, ClassVar

from events.assessment import (
    Adjusted,
    AssessmentEntryId,
    AssessmentEntryWithdrawn,
    BranchGraded,
    NoticeCirculated,
    RectificationAccepted,
    RectificationPlanned,
    Scored,
    Visited,
    YearClosed,
    YearOpened,
)
from events.base import Text
from service.auth.rights import Right
from service.decide.assessment.branch import OfYear, OwnAssessmentId, named
from service.decide.assessment.state import ASSESSMENT, Assessment, again
from service.decide.base import Case, Command, Context, Outcome, label
from service.errors import Absent, BuiltUpon, Conflict, Refused


class CirculateNotice(Command, frozen=True, kw_only=True, tag="circulate-notice"):
    """Circulate a grade of fair or poor in a set scope."""

    zh: ClassVar[str] = "通报考核结果"
    en: ClassVar[str] = "Circulate a criticism notice"

    year: OfYear
    scope: Annotated[Text, label("通报范围", "Scope", min_length=1)]
    document_no: Annotated[Text, label("文号", "Document number", min_length=1)]
    entry_id: OwnAssessmentId = None


def circulate_notice(command: CirculateNotice, context: Context, known: Assessment) -> Outcome:
    """Only fair and poor are circulated; how many days late is noted (R-J05)."""
    graded = known.must_be_graded()
    if not known.rectifies():
        raise Conflict(f"the grade is {graded.grade.value}")
    if command.occurred_on < graded.occurred_on:
        raise Conflict(f"the branch was graded on {graded.occurred_on}")
    by = graded.occurred_on + dt.timedelta(days=context.rules.number("assessment.notice_days"))
    event = NoticeCirculated(
        occurred_on=command.occurred_on,
        year=command.year,
        entry_id=named(command.entry_id, context),
        scope=command.scope,
        document_no=command.document_no,
        late_days=max(0, (command.occurred_on - by).days),
    )
    same = any((notice.scope, notice.document_no) == (command.scope, command.document_no) for notice in known.of(NoticeCirculated))
    return [] if same or again(known, event) else [event]


class AcceptRectification(Command, frozen=True, kw_only=True, tag="accept-rectification"):
    """The superior checked that a problem was put right."""

    zh: ClassVar[str] = "验收考核整改"
    en: ClassVar[str] = "Accept a rectification"

    year: OfYear
    entry_id: Annotated[AssessmentEntryId, label("整改事项", "Problem")]
    accepted_by: Annotated[Text, label("验收人", "Accepted by", min_length=1)]
    result: Annotated[Text, label("验收结果", "Result", min_length=1)]


def accept_rectification(command: AcceptRectification, _context: Context, known: Assessment) -> Outcome:
    """Once for each problem, also after the year was closed (N26.T05)."""
    planned = known.must_hold(command.entry_id, RectificationPlanned)
    if command.occurred_on < planned.occurred_on:
        raise Conflict(f"the plan is of {planned.occurred_on}")
    if command.entry_id in known.accepted:
        return []
    if command.entry_id in known.returned:
        raise BuiltUpon("已退回，须由支部重新上报整改方案", "It was returned: the branch hands the plan in anew first")
    return [
        RectificationAccepted(
            occurred_on=command.occurred_on,
            year=command.year,
            entry_id=command.entry_id,
            accepted_by=command.accepted_by,
            result=command.result,
            late_days=max(0, (command.occurred_on - planned.due_on).days),
        )
    ]


class CloseAssessmentYear(Command, frozen=True, kw_only=True, tag="close-assessment-year"):
    """The year's assessment of this branch is over."""

    zh: ClassVar[str] = "办结年度考核"
    en: ClassVar[str] = "Close the assessment year"

    year: OfYear
    entry_id: OwnAssessmentId = None


def close_assessment_year(command: CloseAssessmentYear, context: Context, known: Assessment) -> Outcome:
    """Graded; and fair or poor never without a rectification plan (INV-097)."""
    graded = known.must_be_graded()
    if known.one(YearClosed) is not None:
        return []
    if command.occurred_on < graded.occurred_on:
        raise Conflict(f"the branch was graded on {graded.occurred_on}")
    if known.rectifies() and all(plan.entry_id in known.returned for plan in known.of(RectificationPlanned)):
        raise Refused("INV-097", "year")
    return [YearClosed(occurred_on=command.occurred_on, year=command.year, entry_id=named(command.entry_id, context))]


SUPERIORS = (YearOpened, Visited, Scored, Adjusted, BranchGraded, NoticeCirculated, YearClosed)
"""Entries that the superior makes."""


class WithdrawAssessmentEntry(Command, frozen=True, kw_only=True, tag="withdraw-assessment-entry"):
    """Take back a wrong entry of the superior: weights, visit, score, adjustment, grade, notice or close."""

    zh: ClassVar[str] = "撤销考核记录"
    en: ClassVar[str] = "Withdraw an assessment entry"

    year: OfYear
    entry_id: Annotated[AssessmentEntryId, label("记录", "Entry")]
    reason: Annotated[Text, label("撤销原因", "Reason", min_length=1)]


def withdraw_assessment_entry(command: WithdrawAssessmentEntry, _context: Context, known: Assessment) -> Outcome:
    """As long as nothing rests on it: weights on no score, scores on no grade, the grade on no consequence (INV-094)."""
    entry = known.entries.get(command.entry_id)
    if entry is None:
        raise Absent(f"entry {command.entry_id}")
    results = (*known.of(NoticeCirculated), *known.of(RectificationPlanned), *known.of(YearClosed))
    match entry:
        case YearOpened() if known.of(Scored):
            raise Refused("INV-094", "entry_id")
        case Scored() | Adjusted() if known.one(BranchGraded):
            raise Conflict("the branch has been graded; withdraw the grade first")
        case BranchGraded() if results:
            raise Conflict("a notice, a plan or the close of the year rests on the grade")
        case other if not isinstance(other, SUPERIORS):
            raise Conflict("this entry is the branch's")
        case _:
            pass  # nothing rests on it
    return [AssessmentEntryWithdrawn(occurred_on=command.occurred_on, year=command.year, entry_id=command.entry_id, reason=command.reason)]


CASES = (
    Case(command=CirculateNotice, right=Right.SUPERIOR_WRITE, reads=(ASSESSMENT,), decide=circulate_notice),
    Case(command=AcceptRectification, right=Right.SUPERIOR_WRITE, reads=(ASSESSMENT,), decide=accept_rectification),
    Case(command=CloseAssessmentYear, right=Right.SUPERIOR_WRITE, reads=(ASSESSMENT,), decide=close_assessment_year),
    Case(command=WithdrawAssessmentEntry, right=Right.SUPERIOR_WRITE, reads=(ASSESSMENT,), decide=withdraw_assessment_entry),
)
