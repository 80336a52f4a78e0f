"""After the decision: appeals, and probation within the Party to its end (R-G02, R-G03, R-G10, INV-086, INV-087)."""

import datetime as dt
from typing import Annotated, ClassVar

from events.base import Count, LongText, PersonId, Text
from events.discipline import (
    AppealResult,
    Approver,
    DisciplineAppealDecided,
    DisciplineAppealFiled,
    DisciplineId,
    InvestigationReported,
    Months,
    PartyProbationEnded,
    PartyProbationExtended,
    ProbationResult,
    Punishment,
)
from projections.standard.periods import add_months
from service.auth.rights import Right
from service.decide.base import Case, Command, Context, Outcome, label
from service.decide.cases.steps import not_before
from service.decide.discipline.decision import probation_until
from service.decide.discipline.rights import Act, rights_changed
from service.decide.discipline.state import DISCIPLINE, DisciplineCase, Punished, evolve, known
from service.decide.discipline.vote import check_approver, check_kind
from service.decide.roster import ROSTER, Roster
from service.errors import Absent, Conflict, Malformed, Refused


class FileAppeal(Command, frozen=True, kw_only=True, tag="file-punishment-appeal"):
    """The member appealed against the punishment; there is no time bar."""

    zh: ClassVar[str] = "登记处分申诉"
    en: ClassVar[str] = "Record an appeal against a punishment"

    case_id: Annotated[DisciplineId, label("违纪案件", "Discipline case")]
    to: Annotated[Approver, label("受理机关", "Accepted by")]
    grounds: Annotated[LongText, label("申诉理由", "Grounds", min_length=1)]


class DecideAppeal(Command, frozen=True, kw_only=True, tag="decide-punishment-appeal"):
    """The re-examination ended; the punishment stands, is changed or revoked."""

    zh: ClassVar[str] = "登记复议复查结论"
    en: ClassVar[str] = "Decide an appeal"

    case_id: Annotated[DisciplineId, label("违纪案件", "Discipline case")]
    appeal_no: Annotated[Count, label("申诉序号", "Number of the appeal")] = 1
    by: Annotated[Approver, label("决定机关", "Decided by")]
    document_no: Annotated[Text, label("决定文号", "Document no.", min_length=1)]
    result: Annotated[AppealResult, label("结论", "Result")]
    kind: Annotated[
        Punishment | None, label("变更后的处分", "Punishment instead", help_zh="仅变更处分时填写", help_en="Only when it is changed")
    ] = None
    months: Annotated[
        Months | None, label("期限(月)", "Term (months)", help_zh="仅留党察看：12或24", help_en="Probation within the Party only: 12 or 24")
    ] = None
    reviewers: Annotated[tuple[PersonId, ...], label("参与复查的本支部党员", "Members of the branch who re-examined")] = ()
    conclusion: Annotated[LongText, label("复查情况", "Findings", min_length=1)]


class ExtendPartyProbation(Command, frozen=True, kw_only=True, tag="extend-party-probation"):
    """Probation within the Party goes on longer, two years in all at most."""

    zh: ClassVar[str] = "延长留党察看"
    en: ClassVar[str] = "Extend probation within the Party"

    case_id: Annotated[DisciplineId, label("违纪案件", "Discipline case")]
    by: Annotated[Approver, label("决定机关", "Decided by")]
    document_no: Annotated[Text, label("决定文号", "Document no.", min_length=1)]
    months: Annotated[Months, label("延长(月)", "Longer by (months)")] = 12


class EndPartyProbation(Command, frozen=True, kw_only=True, tag="end-party-probation"):
    """Probation within the Party ends: rights are restored, or the member is expelled."""

    zh: ClassVar[str] = "留党察看期满处理"
    en: ClassVar[str] = "End probation within the Party"

    case_id: Annotated[DisciplineId, label("违纪案件", "Discipline case")]
    by: Annotated[Approver, label("决定机关", "Decided by")]
    document_no: Annotated[Text, label("决定文号", "Document no.", min_length=1)]
    result: Annotated[ProbationResult, label("结果", "Result")]


def file_appeal(command: FileAppeal, _context: Context, case: DisciplineCase) -> Outcome:
    """Numbered in the order of recording; the next one after the last was decided (R-G10)."""
    known(case, command.case_id)
    before = case.last(DisciplineAppealFiled)
    if before is not None and (before.occurred_on, before.to) == (command.occurred_on, command.to):
        return []
    decided = case.decided
    if decided is None or case.punished is None:
        raise Conflict(f"case {command.case_id}: there is no punishment to appeal against")
    if before is not None and case.appeal_decided(before.appeal_no) is None:
        raise Conflict(f"appeal {before.appeal_no} is not decided")
    not_before(decided, command.occurred_on)
    return [
        DisciplineAppealFiled(
            occurred_on=command.occurred_on,
            case_id=command.case_id,
            person_id=case.person_id,
            appeal_no=1 if before is None else before.appeal_no + 1,
            to=command.to,
            grounds=command.grounds,
        )
    ]


def decide_appeal(command: DecideAppeal, context: Context, case: DisciplineCase, roster: Roster) -> Outcome:
    """By others than those who investigated; what the roster says follows (R-G10)."""
    filed = known(case, command.case_id).appeal(command.appeal_no)
    if filed is None:
        raise Absent(f"appeal {command.appeal_no} of case {command.case_id}")
    if (before := case.appeal_decided(command.appeal_no)) is not None:
        if (before.document_no, before.result) == (command.document_no, command.result):
            return []
        raise Conflict(f"appeal {command.appeal_no} is decided")
    not_before(filed, command.occurred_on)
    _check_change(command)
    _check_reviewers(command, case)
    event = DisciplineAppealDecided(
        occurred_on=command.occurred_on,
        case_id=command.case_id,
        person_id=case.person_id,
        appeal_no=command.appeal_no,
        by=command.by,
        document_no=command.document_no,
        result=command.result,
        kind=command.kind,
        months=command.months,
        probation_until=probation_until(_since(case), command.months),
        reviewers=command.reviewers,
        conclusion=command.conclusion,
    )
    return [event, *_rights(event, context, case, roster)]


def _since(case: DisciplineCase) -> dt.date:
    punished = case.punished
    assert punished is not None, "an appeal is about a punishment"
    return punished.since


def _check_change(command: DecideAppeal) -> None:
    """A new kind when the punishment is changed, and then only (INV-086, INV-087)."""
    if command.result is not AppealResult.CHANGED:
        if command.kind is not None or command.months is not None:
            raise Malformed("kind and months are given only when the punishment is changed")
        return
    if command.kind is None:
        raise Malformed("kind is needed when the punishment is changed")
    check_kind(command.kind, command.months)
    check_approver(command.kind, command.by, "by")


def _check_reviewers(command: DecideAppeal, case: DisciplineCase) -> None:
    report = case.last(InvestigationReported)
    if report is not None and set(report.investigators) & set(command.reviewers):
        raise Conflict("reviewers: whoever investigated takes no part in the re-examination (R-G10)")


def _rights(
    event: DisciplineAppealDecided | PartyProbationExtended | PartyProbationEnded, context: Context, case: DisciplineCase, roster: Roster
) -> Outcome:
    """What the decision changes on the roster."""
    act = Act(day=event.occurred_on, person_id=event.person_id, case_no=case.opened.case_no, document_no=event.document_no)
    return [*rights_changed(act, roster, case.punished, evolve(case, event).punished, context.rules)]


def _on_probation(case: DisciplineCase, case_id: DisciplineId) -> Punished:
    punished = known(case, case_id).punished
    if punished is None or not punished.on_probation:
        raise Conflict(f"case {case_id}: the member is not on probation within the Party")
    return punished


def extend_party_probation(command: ExtendPartyProbation, context: Context, case: DisciplineCase) -> Outcome:
    """Two years in all at most (INV-086)."""
    before = known(case, command.case_id).last(PartyProbationExtended)
    if before is not None and before.document_no == command.document_no:
        return []
    punished = _on_probation(case, command.case_id)
    assert punished.until is not None, "probation has a term"
    total = (punished.months or 0) + command.months
    if total > context.rules.number("discipline.probation_max_months"):
        raise Refused("INV-086", "months", detail=str(total))
    if command.occurred_on < punished.since:
        raise Refused("INV-086", "occurred_on", detail=punished.since.isoformat())
    return [
        PartyProbationExtended(
            occurred_on=command.occurred_on,
            case_id=command.case_id,
            person_id=case.person_id,
            by=command.by,
            document_no=command.document_no,
            months=command.months,
            probation_until=add_months(punished.since, total),
        )
    ]


def end_party_probation(command: EndPartyProbation, context: Context, case: DisciplineCase, roster: Roster) -> Outcome:
    """Rights come back only when the term is over; expulsion may come earlier, but not from the grassroots committee (INV-086, 087)."""
    before = known(case, command.case_id).last(PartyProbationEnded)
    if before is not None and (before.document_no, before.result) == (command.document_no, command.result):
        return []
    punished = _on_probation(case, command.case_id)
    assert punished.until is not None, "probation has a term"
    restored = command.result is ProbationResult.RESTORED
    if command.occurred_on < (punished.until if restored else punished.since):
        raise Refused("INV-086", "occurred_on", detail=punished.until.isoformat())
    if not restored:
        check_approver(Punishment.EXPULSION, command.by, "by")
    roster.must_be_active(case.person_id, command.occurred_on, "case_id")
    event = PartyProbationEnded(
        occurred_on=command.occurred_on,
        case_id=command.case_id,
        person_id=case.person_id,
        by=command.by,
        document_no=command.document_no,
        result=command.result,
    )
    return [event, *_rights(event, context, case, roster)]


CASES = (
    Case(command=FileAppeal, right=Right.DISCIPLINE_WRITE, reads=(DISCIPLINE,), decide=file_appeal),
    Case(command=DecideAppeal, right=Right.SUPERIOR_WRITE, reads=(DISCIPLINE, ROSTER), decide=decide_appeal),
    Case(command=ExtendPartyProbation, right=Right.SUPERIOR_WRITE, reads=(DISCIPLINE,), decide=extend_party_probation),
    Case(command=EndPartyProbation, right=Right.SUPERIOR_WRITE, reads=(DISCIPLINE, ROSTER), decide=end_party_probation),
)
