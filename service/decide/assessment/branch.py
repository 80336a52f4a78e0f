"""Assessment, the branch's part: the superior's document, the work ledger, self-inspection, rectification (N26.T01, T02, T05)."""

import datetime as dt
from typing import Annotated, ClassVar

from msgspec.structs import replace

from events.assessment import (
    AssessmentEntryId,
    AssessmentEntryWithdrawn,
    Hundredths,
    PlanReceived,
    RectificationPlanned,
    SelfInspected,
    TaskEntered,
    TaskReported,
    WorkLedgerOpened,
    Year,
    YearClosed,
)
from events.base import LongText, PersonId, Text
from service.auth.rights import Right
from service.decide.assessment.state import ASSESSMENT, FULL, Assessment, again
from service.decide.base import Case, Command, Context, Outcome, label
from service.decide.roster import ROSTER, Roster
from service.errors import Absent, Conflict, Malformed, Refused

OfYear = Annotated[Year, label("年度", "Year")]
OwnAssessmentId = Annotated[AssessmentEntryId | None, label("记录编号", "Entry id", help_zh="通常留空", help_en="Usually left empty")]


def named(command_id: AssessmentEntryId | None, context: Context) -> AssessmentEntryId:
    return command_id or AssessmentEntryId(context.event_ids[0])


class ReceiveAssessmentPlan(Command, frozen=True, kw_only=True, tag="receive-assessment-plan"):
    """The superior's document on the year's assessment came in."""

    zh: ClassVar[str] = "登记上级考核文件"
    en: ClassVar[str] = "Receive the assessment document"

    year: OfYear
    document_no: Annotated[Text, label("文号", "Document number", min_length=1)]
    title: Annotated[Text, label("文件标题", "Title", min_length=1)]
    entry_id: OwnAssessmentId = None


def receive_assessment_plan(command: ReceiveAssessmentPlan, context: Context, known: Assessment) -> Outcome:
    """One document number is one document (N26.T01)."""
    event = PlanReceived(
        occurred_on=command.occurred_on,
        year=command.year,
        entry_id=named(command.entry_id, context),
        document_no=command.document_no,
        title=command.title,
    )
    same = any(plan.document_no == command.document_no for plan in known.of(PlanReceived))
    return [] if same or again(known, event) else [event]


class OpenWorkLedger(Command, frozen=True, kw_only=True, tag="open-work-ledger"):
    """Set up the annual Party-building work ledger."""

    zh: ClassVar[str] = "建立年度党建工作台账"
    en: ClassVar[str] = "Open the annual work ledger"

    year: OfYear
    source: Annotated[Text, label("来源文件", "Superior's document", min_length=1)]
    entry_id: OwnAssessmentId = None


def open_work_ledger(command: OpenWorkLedger, context: Context, known: Assessment) -> Outcome:
    """One for each year (N26.T01)."""
    opened = known.one(WorkLedgerOpened)
    if opened is not None and opened.source != command.source:
        raise Conflict(f"the work ledger of {command.year} was opened on {opened.occurred_on}")
    entry_id = named(command.entry_id, context)
    event = WorkLedgerOpened(occurred_on=command.occurred_on, year=command.year, entry_id=entry_id, source=command.source)
    return [] if opened is not None or again(known, event) else [event]


class EnterAnnualTask(Command, frozen=True, kw_only=True, tag="enter-annual-task"):
    """Put a task into the work ledger."""

    zh: ClassVar[str] = "列入年度党建任务"
    en: ClassVar[str] = "Enter an annual task"

    year: OfYear
    task: Annotated[Text, label("任务", "Task", min_length=1)]
    source: Annotated[Text | None, label("来源文件", "Document", help_zh="留空则同台账", help_en="Empty: as the ledger")] = None
    responsible: Annotated[PersonId, label("责任人", "Responsible")]
    due_on: Annotated[dt.date, label("时限", "Due on")]
    entry_id: OwnAssessmentId = None


def enter_annual_task(command: EnterAnnualTask, context: Context, known: Assessment, roster: Roster) -> Outcome:
    """The ledger is there, the responsible one is of the branch (N26.M01)."""
    ledger = known.one(WorkLedgerOpened)
    if ledger is None:
        raise Conflict(f"the work ledger of {command.year} has not been opened")
    event = TaskEntered(
        occurred_on=command.occurred_on,
        year=command.year,
        entry_id=named(command.entry_id, context),
        task=command.task,
        source=command.source or ledger.source,
        responsible=command.responsible,
        due_on=command.due_on,
    )
    if again(known, event):
        return []
    roster.must_be_active(command.responsible, command.occurred_on, "responsible")
    return [event]


class ReportAnnualTask(Command, frozen=True, kw_only=True, tag="report-annual-task"):
    """How far a task is."""

    zh: ClassVar[str] = "填报年度任务进展"
    en: ClassVar[str] = "Report on an annual task"

    year: OfYear
    entry_id: Annotated[AssessmentEntryId, label("任务", "Task")]
    done: Annotated[bool, label("已完成", "Done")]
    progress: Annotated[LongText, label("完成情况", "Progress", min_length=1)]
    evidence: Annotated[
        Text | None, label("佐证", "Evidence", help_zh="文件、会议或资料名称", help_en="Name of the document, meeting or paper")
    ] = None


def report_annual_task(command: ReportAnnualTask, _context: Context, known: Assessment) -> Outcome:
    """The newest report holds."""
    task = known.must_hold(command.entry_id, TaskEntered)
    if command.occurred_on < task.occurred_on:
        raise Conflict(f"the task was entered on {task.occurred_on}")
    event = TaskReported(
        occurred_on=command.occurred_on,
        year=command.year,
        entry_id=command.entry_id,
        done=command.done,
        progress=command.progress,
        evidence=command.evidence,
    )
    return [] if known.reports.get(command.entry_id) == event else [event]


class ReportSelfInspection(Command, frozen=True, kw_only=True, tag="report-self-inspection"):
    """The branch inspected and scored itself."""

    zh: ClassVar[str] = "上报自查自评报告"
    en: ClassVar[str] = "Report the self-inspection"

    year: OfYear
    summary: Annotated[LongText, label("自查情况", "Findings", min_length=1)]
    problems: Annotated[LongText | None, label("存在问题", "Problems")] = None
    score: Annotated[
        Hundredths | None,
        label("自评得分(百分之一分)", "Own score (hundredths)", help_zh="92.50分填9250", help_en="Type 9250 for 92.50 points"),
    ] = None
    entry_id: OwnAssessmentId = None


def report_self_inspection(command: ReportSelfInspection, context: Context, known: Assessment) -> Outcome:
    """A branch scores itself on the same scale (N26.T02, INV-095)."""
    if command.score is not None and not 0 <= command.score <= FULL:
        raise Refused("INV-095", "score")
    event = SelfInspected(
        occurred_on=command.occurred_on,
        year=command.year,
        entry_id=named(command.entry_id, context),
        summary=command.summary,
        problems=command.problems,
        score=command.score,
    )
    same = any(replace(report, entry_id=event.entry_id) == event for report in known.of(SelfInspected))
    return [] if same or again(known, event) else [event]


class PlanRectification(Command, frozen=True, kw_only=True, tag="plan-rectification"):
    """Hand in how a problem found by the assessment will be put right."""

    zh: ClassVar[str] = "上报考核整改方案"
    en: ClassVar[str] = "Hand in a rectification plan"

    year: OfYear
    problem: Annotated[LongText, label("问题", "Problem", min_length=1)]
    measures: Annotated[LongText, label("措施", "Measures", min_length=1)]
    responsible: Annotated[PersonId, label("责任人", "Responsible")]
    due_on: Annotated[dt.date, label("时限", "Due on")]
    entry_id: OwnAssessmentId = None


def plan_rectification(command: PlanRectification, context: Context, known: Assessment, roster: Roster) -> Outcome:
    """After the grade; done within the term where the grade asks for it (N26.T05, R-J05). One that was returned is handed in anew."""
    graded = known.must_be_graded()
    if command.occurred_on < graded.occurred_on:
        raise Conflict(f"the branch was graded on {graded.occurred_on}")
    plan_by = graded.occurred_on + dt.timedelta(days=context.rules.number("assessment.plan_days"))
    event = RectificationPlanned(
        occurred_on=command.occurred_on,
        year=command.year,
        entry_id=named(command.entry_id, context),
        problem=command.problem,
        measures=command.measures,
        responsible=command.responsible,
        due_on=command.due_on,
        late_days=max(0, (command.occurred_on - plan_by).days) if known.rectifies() else 0,
    )
    returned = known.returned.get(event.entry_id)
    if returned is None and again(known, event):
        return []
    if returned is not None and command.occurred_on < returned.occurred_on:
        raise Conflict(f"the plan was returned on {returned.occurred_on}")
    roster.must_be_active(command.responsible, command.occurred_on, "responsible")
    done_by = graded.occurred_on + dt.timedelta(days=context.rules.number("assessment.done_days"))
    if command.due_on < command.occurred_on:
        raise Malformed("due_on lies before the plan")
    if known.rectifies() and returned is None and command.due_on > done_by:
        raise Refused("INV-097", "due_on", detail=done_by.isoformat())
    return [event]


BRANCHES = (PlanReceived, WorkLedgerOpened, TaskEntered, SelfInspected, RectificationPlanned)
"""Entries that the branch itself makes."""


class WithdrawWorkEntry(Command, frozen=True, kw_only=True, tag="withdraw-work-entry"):
    """Take back a wrong entry of the branch: document, work ledger, task, self-inspection or rectification plan."""

    zh: ClassVar[str] = "撤销考核工作记录"
    en: ClassVar[str] = "Withdraw a work entry"

    year: OfYear
    entry_id: Annotated[AssessmentEntryId, label("记录", "Entry")]
    reason: Annotated[Text, label("撤销原因", "Reason", min_length=1)]


def withdraw_work_entry(command: WithdrawWorkEntry, _context: Context, known: Assessment) -> Outcome:
    """As long as nothing rests on it."""
    entry = known.entries.get(command.entry_id)
    if entry is None:
        raise Absent(f"entry {command.entry_id}")
    if not isinstance(entry, BRANCHES):
        raise Conflict("this entry is the superior's")
    if isinstance(entry, WorkLedgerOpened) and known.of(TaskEntered):
        raise Conflict("the work ledger has tasks")
    if command.entry_id in known.accepted:
        raise Conflict("the superior accepted that it was put right")
    if isinstance(entry, RectificationPlanned) and known.rectifies() and known.one(YearClosed) and len(known.of(RectificationPlanned)) == 1:
        raise Refused("INV-097", "entry_id")
    return [AssessmentEntryWithdrawn(occurred_on=command.occurred_on, year=command.year, entry_id=command.entry_id, reason=command.reason)]


CASES = (
    Case(command=ReceiveAssessmentPlan, right=Right.WORK_WRITE, reads=(ASSESSMENT,), decide=receive_assessment_plan),
    Case(command=OpenWorkLedger, right=Right.WORK_WRITE, reads=(ASSESSMENT,), decide=open_work_ledger),
    Case(command=EnterAnnualTask, right=Right.WORK_WRITE, reads=(ASSESSMENT, ROSTER), decide=enter_annual_task),
    Case(command=ReportAnnualTask, right=Right.WORK_WRITE, reads=(ASSESSMENT,), decide=report_annual_task),
    Case(command=ReportSelfInspection, right=Right.WORK_WRITE, reads=(ASSESSMENT,), decide=report_self_inspection),
    Case(command=PlanRectification, right=Right.WORK_WRITE, reads=(ASSESSMENT, ROSTER), decide=plan_rectification),
    Case(command=WithdrawWorkEntry, right=Right.WORK_WRITE, reads=(ASSESSMENT,), decide=withdraw_work_entry),
)
