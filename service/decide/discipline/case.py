"""A discipline case before the vote, and how it ends without a punishment (N19.T01, R-G06, R-G12, INV-057, 085, 093)."""

from typing import Annotated, ClassVar

from events.base import Count, LongText, PersonId, Text
from events.discipline import (
    SUPERIOR_STEPS,
    DisciplineClosed,
    DisciplineId,
    DisciplineOpened,
    DisciplineStep,
    DisciplineStepWithdrawn,
    InvestigationReported,
    MaterialsShown,
    NoPunishment,
    Signature,
)
from events.members import CaseKind, CaseOpened, MemberStatus
from service.auth.rights import Right
from service.decide.base import Case, Command, Context, Outcome, label
from service.decide.cases.roster import closed, opening, reopened
from service.decide.cases.steps import not_before
from service.decide.discipline.rights import Act, rights_changed
from service.decide.discipline.state import DISCIPLINE, DisciplineCase, evolve, known, last_step, undecided
from service.decide.roster import ROSTER, Roster
from service.errors import Conflict, Refused


class OpenDisciplineCase(Command, frozen=True, kw_only=True, tag="open-discipline-case"):
    """A case is opened about a full member; for a probationary one the period is extended or the status cancelled instead."""

    zh: ClassVar[str] = "违纪立案登记"
    en: ClassVar[str] = "Open a discipline case"

    person_id: Annotated[PersonId, label("党员", "Member")]
    case_no: Annotated[Text, label("案号", "Case no.", min_length=1)]
    matter_no: Annotated[
        Text,
        label(
            "问题线索编号",
            "Number of the clue",
            min_length=1,
            help_zh="同一问题不能既处分又处置，以此编号核对",
            help_en="One matter carries no punishment and disposition both: told by this number",
        ),
    ]
    facts: Annotated[LongText, label("违纪事实摘要", "Facts in short", min_length=1)]
    case_id: Annotated[DisciplineId | None, label("记录编号", "Discipline case id")] = None


class FileInvestigationReport(Command, frozen=True, kw_only=True, tag="file-investigation-report"):
    """The investigation report lies before the branch."""

    zh: ClassVar[str] = "登记违纪调查报告"
    en: ClassVar[str] = "File an investigation report"

    case_id: Annotated[DisciplineId, label("违纪案件", "Discipline case")]
    document_no: Annotated[Text, label("报告文号", "Document no.", min_length=1)]
    investigated_by: Annotated[Text, label("调查机关", "Investigated by", min_length=1)]
    investigators: Annotated[tuple[PersonId, ...], label("参与调查的本支部党员", "Members of the branch who investigated")] = ()
    report: Annotated[LongText, label("调查情况", "Findings", min_length=1)]


class ShowMaterials(Command, frozen=True, kw_only=True, tag="show-discipline-materials"):
    """Facts and proposed decision were shown to the member, who was heard and signed or refused to."""

    zh: ClassVar[str] = "登记事实材料见面"
    en: ClassVar[str] = "Record that the facts were shown"

    case_id: Annotated[DisciplineId, label("违纪案件", "Discipline case")]
    officers: Annotated[tuple[PersonId, ...], label("谈话人", "Officers of the branch")] = ()
    officers_outside: Annotated[Count, label("上级派员人数", "Officers from the superior")] = 0
    signature: Annotated[Signature, label("签字情况", "Signature")]
    opinion: Annotated[LongText, label("本人意见", "The member's statement", min_length=1)]


class CloseDisciplineCase(Command, frozen=True, kw_only=True, tag="close-discipline-case"):
    """The case ends without a punishment."""

    zh: ClassVar[str] = "违纪案件不予处分"
    en: ClassVar[str] = "Close a discipline case without punishment"

    case_id: Annotated[DisciplineId, label("违纪案件", "Discipline case")]
    ground: Annotated[NoPunishment, label("情形", "Ground")]
    note: Annotated[LongText | None, label("说明", "Note")] = None


class WithdrawDisciplineStep(Command, frozen=True, kw_only=True, tag="withdraw-discipline-step"):
    """The last step of a case was recorded wrongly; taking back the opening strikes the case."""

    zh: ClassVar[str] = "撤回违纪案件登记"
    en: ClassVar[str] = "Withdraw a step of a discipline case"

    case_id: Annotated[DisciplineId, label("违纪案件", "Discipline case")]
    step: Annotated[DisciplineStep, label("撤回环节", "Step")]
    reason: Annotated[Text, label("撤回原因", "Reason", min_length=1)]


class WithdrawDisciplineDecision(Command, frozen=True, kw_only=True, tag="withdraw-discipline-decision"):
    """The superior's last decision was recorded wrongly; the rights that it changed are put back."""

    zh: ClassVar[str] = "撤回处分决定登记"
    en: ClassVar[str] = "Withdraw a discipline decision"

    case_id: Annotated[DisciplineId, label("违纪案件", "Discipline case")]
    step: Annotated[DisciplineStep, label("撤回环节", "Step")]
    document_no: Annotated[Text, label("依据文号", "Document no.", min_length=1)]
    reason: Annotated[Text, label("撤回原因", "Reason", min_length=1)]


def open_discipline_case(command: OpenDisciplineCase, context: Context, case: DisciplineCase, roster: Roster) -> Outcome:
    """Full members only (INV-057); one matter is not disposed of as well (INV-093)."""
    day = command.occurred_on
    event = DisciplineOpened(
        occurred_on=day,
        case_id=command.case_id or DisciplineId(context.event_ids[0]),
        person_id=command.person_id,
        case_no=command.case_no.strip(),
        matter_no=command.matter_no.strip(),
        facts=command.facts,
    )
    if case.steps or case.withdrawn:
        return _opened_before(known(case, event.case_id), event)
    member = roster.must_be_active(command.person_id, day, "person_id")
    if member.status_on(day) is MemberStatus.PROBATIONARY:
        raise Refused("INV-057", "person_id")
    kind, number = CaseKind.DISCIPLINE, event.matter_no
    noted = opening(roster, CaseOpened(occurred_on=day, person_id=event.person_id, case_no=event.case_no, kind=kind, matter_no=number))
    return [] if noted is None else [event, noted]


def _opened_before(case: DisciplineCase, event: DisciplineOpened) -> Outcome:
    first = case.opened
    if (first.person_id, first.case_no, first.matter_no) == (event.person_id, event.case_no, event.matter_no):
        return []
    raise Conflict(f"case {event.case_id} is another one")


def file_investigation_report(command: FileInvestigationReport, _context: Context, case: DisciplineCase, roster: Roster) -> Outcome:
    """A supplement may follow until the case is decided; the last report counts (R-G06)."""
    known(case, command.case_id)
    before = case.last(InvestigationReported)
    if before is not None and (before.document_no, before.occurred_on) == (command.document_no, command.occurred_on):
        return []
    undecided(case, command.case_id)
    not_before(before or case.opened, command.occurred_on)
    for person in command.investigators:
        roster.must_be_active(person, command.occurred_on, "investigators")
    return [
        InvestigationReported(
            occurred_on=command.occurred_on,
            case_id=command.case_id,
            person_id=case.person_id,
            document_no=command.document_no,
            investigated_by=command.investigated_by,
            investigators=command.investigators,
            report=command.report,
        )
    ]


def show_materials(command: ShowMaterials, context: Context, case: DisciplineCase, roster: Roster) -> Outcome:
    """After the report, by two or more, none of them the person concerned (R-G06)."""
    known(case, command.case_id)
    shown, day = case.last(MaterialsShown), command.occurred_on
    if shown is not None and (shown.occurred_on, shown.signature) == (day, command.signature):
        return []
    undecided(case, command.case_id)
    report = case.last(InvestigationReported)
    if report is None or day < report.occurred_on:
        raise Refused("INV-085", "case_id", detail=DisciplineStep.INVESTIGATED.value)
    for officer in command.officers:
        roster.must_be_active(officer, day, "officers")
    officers = {*command.officers} - {case.person_id}
    if len(officers) + command.officers_outside < context.rules.number("discipline.officers_min"):
        raise Refused("INV-085", "officers")
    return [
        MaterialsShown(
            occurred_on=day,
            case_id=command.case_id,
            person_id=case.person_id,
            officers=command.officers,
            officers_outside=command.officers_outside,
            signature=command.signature,
            opinion=command.opinion,
        )
    ]


def close_discipline_case(command: CloseDisciplineCase, _context: Context, case: DisciplineCase) -> Outcome:
    """The matter is free again: it may still be dealt with as a disposition (INV-093)."""
    known(case, command.case_id)
    before = case.last(DisciplineClosed)
    if before is not None and before.ground is command.ground:
        return []
    undecided(case, command.case_id)
    not_before(case.steps[-1], command.occurred_on)
    done = DisciplineClosed(
        occurred_on=command.occurred_on, case_id=command.case_id, person_id=case.person_id, ground=command.ground, note=command.note
    )
    return [done, closed(case.person_id, case.opened.case_no, command.occurred_on, sanctioned=False)]


CLOSING = frozenset({DisciplineStep.EXECUTED, DisciplineStep.CLOSED})
"""Steps with which a case is done with: taken back, it is under way again (INV-074)."""


def withdraw_discipline_step(command: WithdrawDisciplineStep, _context: Context, case: DisciplineCase) -> Outcome:
    """Steps of the branch, the last one first; what the superior decided only the superior takes back."""
    if case.withdrawn and command.step is DisciplineStep.OPENED:
        return []
    _check_last(case, command.case_id, command.step)
    if command.step in SUPERIOR_STEPS:
        raise Conflict(f"{command.step.en}: only the superior takes it back")
    day, opened = command.occurred_on, case.opened
    events: Outcome = [_withdrawn(command, case)]
    if command.step is DisciplineStep.OPENED:
        events.append(closed(case.person_id, opened.case_no, day, sanctioned=False))
    elif command.step in CLOSING:
        events.append(reopened(CaseKind.DISCIPLINE, case.person_id, opened.case_no, opened.matter_no, day))
    return events


def withdraw_discipline_decision(command: WithdrawDisciplineDecision, context: Context, case: DisciplineCase, roster: Roster) -> Outcome:
    """The punishment before it stands again, or none does."""
    _check_last(case, command.case_id, command.step)
    if command.step not in SUPERIOR_STEPS:
        raise Conflict(f"{command.step.en}: the branch takes it back")
    event = _withdrawn(command, case)
    act = Act(day=command.occurred_on, person_id=case.person_id, case_no=case.opened.case_no, document_no=command.document_no)
    after = evolve(case, event).punished
    return [event, *rights_changed(act, roster, case.punished, after, context.rules)]


def _check_last(case: DisciplineCase, case_id: DisciplineId, step: DisciplineStep) -> None:
    known(case, case_id)
    if last_step(case) is not step:
        raise Conflict(f"the last step is {last_step(case).en}")


def _withdrawn(command: WithdrawDisciplineStep | WithdrawDisciplineDecision, case: DisciplineCase) -> DisciplineStepWithdrawn:
    not_before(case.steps[-1], command.occurred_on)
    return DisciplineStepWithdrawn(
        occurred_on=command.occurred_on, case_id=command.case_id, person_id=case.person_id, step=command.step, reason=command.reason
    )


CASES = (
    Case(command=OpenDisciplineCase, right=Right.DISCIPLINE_WRITE, reads=(DISCIPLINE, ROSTER), decide=open_discipline_case),
    Case(command=FileInvestigationReport, right=Right.DISCIPLINE_WRITE, reads=(DISCIPLINE, ROSTER), decide=file_investigation_report),
    Case(command=ShowMaterials, right=Right.DISCIPLINE_WRITE, reads=(DISCIPLINE, ROSTER), decide=show_materials),
    Case(command=CloseDisciplineCase, right=Right.DISCIPLINE_WRITE, reads=(DISCIPLINE,), decide=close_discipline_case),
    Case(command=WithdrawDisciplineStep, right=Right.DISCIPLINE_WRITE, reads=(DISCIPLINE,), decide=withdraw_discipline_step),
    Case(command=WithdrawDisciplineDecision, right=Right.SUPERIOR_WRITE, reads=(DISCIPLINE, ROSTER), decide=withdraw_discipline_decision),
)
