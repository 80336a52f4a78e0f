"""A punishment is decided by the superior, announced, executed and reported (N19.T03, R-G05, R-G08, R-G09, INV-086 to 088)."""

import datetime as dt
from typing import Annotated, ClassVar

from events.base import Event, LongText, Text
from events.discipline import (
    Approver,
    DisciplineAnnounced,
    DisciplineApproved,
    DisciplineExecuted,
    DisciplineExecutionReported,
    DisciplineId,
    DisciplineImposed,
    DisciplineRejected,
    DisciplineSubmitted,
    DisciplineVoted,
    Months,
    Punishment,
)
from projections.standard.periods import add_months
from service.auth.rights import Right
from service.decide.base import Case, Command, Context, Outcome, label
from service.decide.cases.roster import closed
from service.decide.cases.steps import not_before
from service.decide.discipline.rights import Act, rights_changed
from service.decide.discipline.state import DISCIPLINE, DisciplineCase, evolve, known, undecided
from service.decide.discipline.vote import check_approver, check_kind
from service.decide.roster import ROSTER, Roster
from service.errors import Conflict, Malformed, Refused


class ApprovePunishment(Command, frozen=True, kw_only=True, tag="approve-punishment"):
    """The punishment that was sent up is approved; it is in force from that day."""

    zh: ClassVar[str] = "批准处分决定"
    en: ClassVar[str] = "Approve a punishment"

    case_id: Annotated[DisciplineId, label("违纪案件", "Discipline case")]
    by: Annotated[Approver, label("批准机关", "Approved by")]
    document_no: Annotated[Text, label("批准文号", "Approval document no.", min_length=1)]


class RejectPunishment(Command, frozen=True, kw_only=True, tag="reject-punishment"):
    """The punishment that was sent up is not approved."""

    zh: ClassVar[str] = "不予批准处分决定"
    en: ClassVar[str] = "Reject a punishment"

    case_id: Annotated[DisciplineId, label("违纪案件", "Discipline case")]
    by: Annotated[Approver, label("审批机关", "Decided by")]
    document_no: Annotated[Text, label("批复文号", "Document no.", min_length=1)]
    reason: Annotated[LongText, label("理由", "Reason", min_length=1)]


class ImposePunishment(Command, frozen=True, kw_only=True, tag="impose-punishment"):
    """A body at county level or above decided directly, without a vote of the branch."""

    zh: ClassVar[str] = "上级直接给予处分"
    en: ClassVar[str] = "Impose a punishment directly"

    case_id: Annotated[DisciplineId, label("违纪案件", "Discipline case")]
    by: Annotated[Approver, label("决定机关", "Decided by")]
    document_no: Annotated[Text, label("决定文号", "Document no.", min_length=1)]
    kind: Annotated[Punishment, label("处分种类", "Punishment")]
    months: Annotated[
        Months | None, label("期限(月)", "Term (months)", help_zh="仅留党察看：12或24", help_en="Probation within the Party only: 12 or 24")
    ] = None


class AnnouncePunishment(Command, frozen=True, kw_only=True, tag="announce-punishment"):
    """The decision was announced, and told to the person concerned."""

    zh: ClassVar[str] = "处分决定宣布登记"
    en: ClassVar[str] = "Record that a punishment was announced"

    case_id: Annotated[DisciplineId, label("违纪案件", "Discipline case")]
    scope: Annotated[Text, label("宣布范围", "Announced to", min_length=1)]
    told_on: Annotated[
        dt.date | None, label("告知本人日期", "Member told on", help_zh="留空则同宣布日期", help_en="Empty: the same day")
    ] = None


class ExecutePunishment(Command, frozen=True, kw_only=True, tag="execute-punishment"):
    """Posts, pay and file were changed as the decision demands."""

    zh: ClassVar[str] = "处分执行登记"
    en: ClassVar[str] = "Record that a punishment was executed"

    case_id: Annotated[DisciplineId, label("违纪案件", "Discipline case")]
    measures: Annotated[LongText, label("职务、工资等变更情况", "Changes of post, pay and the like", min_length=1)]
    filed_on: Annotated[dt.date | None, label("归入本人档案日期", "Put into the person's file on")] = None
    extension_no: Annotated[Text | None, label("延期办理批准文号", "Approval of a later change")] = None


class ReportExecution(Command, frozen=True, kw_only=True, tag="report-punishment-execution"):
    """The execution was reported to the body that decided."""

    zh: ClassVar[str] = "处分执行情况报告登记"
    en: ClassVar[str] = "Record the report on execution"

    case_id: Annotated[DisciplineId, label("违纪案件", "Discipline case")]
    document_no: Annotated[Text, label("报告文号", "Document no.", min_length=1)]


def _in_force(event: DisciplineApproved | DisciplineImposed, context: Context, case: DisciplineCase, roster: Roster) -> Outcome:
    """The decision, and on the roster what it does to the member's rights; only a member of this branch loses any (INV-009)."""
    roster.must_be_active(event.person_id, event.occurred_on, "case_id")
    act = Act(day=event.occurred_on, person_id=event.person_id, case_no=case.opened.case_no, document_no=event.document_no)
    return [event, *rights_changed(act, roster, case.punished, evolve(case, event).punished, context.rules)]


def _decided_so(case: DisciplineCase, by: Approver, document_no: str) -> bool:
    decided = case.decided
    return decided is not None and (decided.by, decided.document_no) == (by, document_no)


def probation_until(day: dt.date, months: int | None) -> dt.date | None:
    return None if months is None else add_months(day, months)


def approve_punishment(command: ApprovePunishment, context: Context, case: DisciplineCase, roster: Roster) -> Outcome:
    """What was voted and sent up, by whoever may (INV-087)."""
    known(case, command.case_id)
    if _decided_so(case, command.by, command.document_no):
        return []
    voted, submitted = _sent_up(case, command.case_id, command.occurred_on)
    check_approver(voted.kind, command.by, "by")
    event = DisciplineApproved(
        occurred_on=command.occurred_on,
        case_id=command.case_id,
        person_id=submitted.person_id,
        by=command.by,
        document_no=command.document_no,
        kind=voted.kind,
        months=voted.months,
        probation_until=probation_until(command.occurred_on, voted.months),
    )
    return _in_force(event, context, case, roster)


def _sent_up(case: DisciplineCase, case_id: DisciplineId, day: dt.date) -> tuple[DisciplineVoted, DisciplineSubmitted]:
    """The vote and its submission, of a case that nobody decided yet."""
    undecided(case, case_id)
    voted, submitted = case.pending(DisciplineVoted), case.pending(DisciplineSubmitted)
    if voted is None or submitted is None:
        raise Conflict(f"case {case_id} was not submitted")
    not_before(submitted, day)
    return voted, submitted


def reject_punishment(command: RejectPunishment, _context: Context, case: DisciplineCase) -> Outcome:
    """The branch may vote again, or close the case."""
    known(case, command.case_id)
    before = case.last(DisciplineRejected)
    if before is not None and (before.by, before.document_no) == (command.by, command.document_no):
        return []
    _sent_up(case, command.case_id, command.occurred_on)
    return [
        DisciplineRejected(
            occurred_on=command.occurred_on,
            case_id=command.case_id,
            person_id=case.person_id,
            by=command.by,
            document_no=command.document_no,
            reason=command.reason,
        )
    ]


def impose_punishment(command: ImposePunishment, context: Context, case: DisciplineCase, roster: Roster) -> Outcome:
    """From county level up (R-G05)."""
    known(case, command.case_id)
    if _decided_so(case, command.by, command.document_no):
        return []
    undecided(case, command.case_id)
    not_before(case.opened, command.occurred_on)
    check_kind(command.kind, command.months)
    check_approver(command.kind, command.by, "by")
    if command.by is Approver.SUPERIOR_COMMITTEE:
        raise Malformed("by: only a body at county level or above decides directly (R-G05)")
    event = DisciplineImposed(
        occurred_on=command.occurred_on,
        case_id=command.case_id,
        person_id=case.person_id,
        by=command.by,
        document_no=command.document_no,
        kind=command.kind,
        months=command.months,
        probation_until=probation_until(command.occurred_on, command.months),
    )
    return _in_force(event, context, case, roster)


def _in_time(case: DisciplineCase, step: Event | None, day: dt.date) -> Event:
    """INV-088: the step that has to be on record before."""
    if case.punished is None or step is None or day < step.occurred_on:
        raise Refused("INV-088", "case_id")
    return step


def announce_punishment(command: AnnouncePunishment, _context: Context, case: DisciplineCase) -> Outcome:
    """Not before the decision (INV-088)."""
    known(case, command.case_id)
    if (before := case.last(DisciplineAnnounced)) is not None and before.occurred_on == command.occurred_on:
        return []
    decided, told_on = _in_time(case, case.decided, command.occurred_on), command.told_on or command.occurred_on
    if told_on < decided.occurred_on:
        raise Refused("INV-088", "told_on")
    if before is not None:
        raise Conflict(f"announced on {before.occurred_on}")
    return [
        DisciplineAnnounced(
            occurred_on=command.occurred_on, case_id=command.case_id, person_id=case.person_id, scope=command.scope, told_on=told_on
        )
    ]


def execute_punishment(command: ExecutePunishment, _context: Context, case: DisciplineCase) -> Outcome:
    """Not before the announcement (INV-088); with it the case is done with, and a letter may be issued again (INV-074)."""
    known(case, command.case_id)
    if (before := case.last(DisciplineExecuted)) is not None and before.occurred_on == command.occurred_on:
        return []
    _in_time(case, case.last(DisciplineAnnounced), command.occurred_on)
    if before is not None:
        raise Conflict(f"executed on {before.occurred_on}")
    done = DisciplineExecuted(
        occurred_on=command.occurred_on,
        case_id=command.case_id,
        person_id=case.person_id,
        measures=command.measures,
        filed_on=command.filed_on,
        extension_no=command.extension_no,
    )
    return [done, closed(case.person_id, case.opened.case_no, command.occurred_on, sanctioned=True)]


def report_execution(command: ReportExecution, _context: Context, case: DisciplineCase) -> Outcome:
    """To the body that decided (R-G09)."""
    known(case, command.case_id)
    if (before := case.last(DisciplineExecutionReported)) is not None and before.document_no == command.document_no:
        return []
    _in_time(case, case.last(DisciplineExecuted), command.occurred_on)
    decided = case.decided
    assert decided is not None, "what was executed was decided"
    return [
        DisciplineExecutionReported(
            occurred_on=command.occurred_on,
            case_id=command.case_id,
            person_id=case.person_id,
            to=decided.by,
            document_no=command.document_no,
        )
    ]


CASES = (
    Case(command=ApprovePunishment, right=Right.SUPERIOR_WRITE, reads=(DISCIPLINE, ROSTER), decide=approve_punishment),
    Case(command=RejectPunishment, right=Right.SUPERIOR_WRITE, reads=(DISCIPLINE,), decide=reject_punishment),
    Case(command=ImposePunishment, right=Right.SUPERIOR_WRITE, reads=(DISCIPLINE, ROSTER), decide=impose_punishment),
    Case(command=AnnouncePunishment, right=Right.DISCIPLINE_WRITE, reads=(DISCIPLINE,), decide=announce_punishment),
    Case(command=ExecutePunishment, right=Right.DISCIPLINE_WRITE, reads=(DISCIPLINE,), decide=execute_punishment),
    Case(command=ReportExecution, right=Right.DISCIPLINE_WRITE, reads=(DISCIPLINE,), decide=report_execution),
)
