"""Disposition, steps 1 to 3, and how a case ends without one (N20.T01, R-H01, R-H03, R-H07, INV-089 to 093)."""

import datetime as dt
from typing import Annotated, ClassVar

from events.base import Count, Event, LongText, PersonId, Text
from events.disposition import (
    SUPERIOR_STEPS,
    ConductCode,
    Disposition,
    DispositionClosed,
    DispositionFactsVerified,
    DispositionId,
    DispositionOpened,
    DispositionPreReviewSubmitted,
    DispositionStep,
    DispositionStepWithdrawn,
    DispositionTalkHeld,
    NoDisposition,
    TalkOutcome,
)
from events.members import CaseKind, CaseOpened, MemberStatus
from projections.standard.codes import text_of
from projections.standard.periods import add_months
from projections.standard.rules import Rules
from service.auth.rights import Right
from service.decide.base import Case, Command, Context, Outcome, label
from service.decide.cases.roster import opening
from service.decide.cases.steps import not_before
from service.decide.disposition.state import DISPOSITION, DispositionCase, known, last_step, under_way, with_effects
from service.decide.roster import ROSTER, Roster
from service.errors import Absent, Conflict, Refused


class OpenDispositionCase(Command, frozen=True, kw_only=True, tag="open-disposition-case"):
    """Step 1: a member is found unqualified, in the appraisal or with the superior's consent."""

    zh: ClassVar[str] = "不合格党员初步认定登记"
    en: ClassVar[str] = "Open a disposition case"

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
    conduct_code: Annotated[ConductCode, label("认定情形", "Kind of conduct")]
    facts: Annotated[LongText, label("主要表现", "Conduct in short", min_length=1)]
    appraisal_year: Annotated[
        Count | None, label("民主评议年度", "Year of the appraisal", help_zh="评议认定时填写", help_en="When the appraisal found it")
    ] = None
    consent_no: Annotated[
        Text | None, label("上级同意文号", "Superior's consent", help_zh="未经评议时必填", help_en="Needed without an appraisal")
    ] = None
    absent_since: Annotated[
        dt.date | None, label("自行脱党起始日期", "Has taken no part since", help_zh="仅自行脱党", help_en="Leaving by conduct only")
    ] = None
    educated_on: Annotated[dt.date | None, label("批评教育日期", "Date of criticism and education")] = None
    case_id: Annotated[DispositionId | None, label("记录编号", "Disposition case id")] = None


class VerifyDispositionFacts(Command, frozen=True, kw_only=True, tag="verify-disposition-facts"):
    """Step 2: the facts are verified in writing, and the committee proposes a disposition."""

    zh: ClassVar[str] = "登记调查核实"
    en: ClassVar[str] = "Record that the facts were verified"

    case_id: Annotated[DispositionId, label("处置案件", "Disposition case")]
    proposed: Annotated[Disposition, label("拟处置方式", "Proposed disposition")]
    conclusion: Annotated[LongText, label("调查结论", "Findings", min_length=1)]


class HoldDispositionTalk(Command, frozen=True, kw_only=True, tag="hold-disposition-talk"):
    """Step 3: full members talk with the member; a refusal or lost contact is recorded too."""

    zh: ClassVar[str] = "登记处置组织谈话"
    en: ClassVar[str] = "Record the disposition talk"

    case_id: Annotated[DispositionId, label("处置案件", "Disposition case")]
    talkers: Annotated[tuple[PersonId, ...], label("谈话人", "Who talked")]
    outcome: Annotated[TalkOutcome, label("谈话情况", "Outcome")]
    opinion: Annotated[LongText | None, label("本人意见", "The member's statement")] = None


class CloseDispositionCase(Command, frozen=True, kw_only=True, tag="close-disposition-case"):
    """The case ends without a disposition."""

    zh: ClassVar[str] = "不予处置结案"
    en: ClassVar[str] = "Close a disposition case without disposition"

    case_id: Annotated[DispositionId, label("处置案件", "Disposition case")]
    ground: Annotated[NoDisposition, label("情形", "Ground")]
    note: Annotated[LongText | None, label("说明", "Note")] = None


class WithdrawDispositionStep(Command, frozen=True, kw_only=True, tag="withdraw-disposition-step"):
    """The last step of a case was recorded wrongly; taking back the opening strikes the case."""

    zh: ClassVar[str] = "撤回处置登记"
    en: ClassVar[str] = "Withdraw a step of a disposition"

    case_id: Annotated[DispositionId, label("处置案件", "Disposition case")]
    step: Annotated[DispositionStep, label("撤回环节", "Step")]
    reason: Annotated[Text, label("撤回原因", "Reason", min_length=1)]


class WithdrawDispositionDecision(Command, frozen=True, kw_only=True, tag="withdraw-disposition-decision"):
    """The superior's last decision was recorded wrongly; a membership that it ended is given back."""

    zh: ClassVar[str] = "撤回处置审批登记"
    en: ClassVar[str] = "Withdraw a decision on a disposition"

    case_id: Annotated[DispositionId, label("处置案件", "Disposition case")]
    step: Annotated[DispositionStep, label("撤回环节", "Step")]
    document_no: Annotated[Text, label("依据文号", "Document no.", min_length=1)]
    reason: Annotated[Text, label("撤回原因", "Reason", min_length=1)]


def open_disposition_case(command: OpenDispositionCase, context: Context, case: DispositionCase, roster: Roster) -> Outcome:
    """Of a kind in the committee's list, after an appraisal or with consent, of a matter that is not punished (INV-089, INV-093)."""
    day = command.occurred_on
    event = DispositionOpened(
        occurred_on=day,
        case_id=command.case_id or DispositionId(context.event_ids[0]),
        person_id=command.person_id,
        case_no=command.case_no.strip(),
        matter_no=command.matter_no.strip(),
        conduct_code=command.conduct_code,
        conduct_text=text_of("conduct", command.conduct_code) or command.conduct_code,
        facts=command.facts,
        appraisal_year=command.appraisal_year,
        consent_no=command.consent_no,
        absent_since=command.absent_since,
        educated_on=command.educated_on,
    )
    if case.steps or case.withdrawn:
        return _opened_before(known(case, event.case_id), event)
    kind, number = CaseKind.DISPOSITION, event.matter_no
    noted = opening(roster, CaseOpened(occurred_on=day, person_id=event.person_id, case_no=event.case_no, kind=kind, matter_no=number))
    if noted is None:
        return []
    if event.conduct_code not in context.rules.table("disposition.conduct_codes"):
        raise Absent(f"conduct code {event.conduct_code}")
    _check_ground(command, context.rules)
    return [event, noted]


def _opened_before(case: DispositionCase, event: DispositionOpened) -> Outcome:
    first = case.opened
    if (first.person_id, first.case_no, first.matter_no) == (event.person_id, event.case_no, event.matter_no):
        return []
    raise Conflict(f"case {event.case_id} is another one")


def _check_ground(command: OpenDispositionCase, rules: Rules) -> None:
    """An appraisal or consent first; who leaves by conduct was educated and has stayed away long enough (R-H03, R-H07, INV-089)."""
    day = command.occurred_on
    if command.appraisal_year is None and command.consent_no is None:
        raise Refused("INV-089", "appraisal_year", "consent_no")
    if command.appraisal_year is not None and command.appraisal_year > day.year:
        raise Refused("INV-089", "appraisal_year")
    if command.absent_since is None:
        return
    if command.educated_on is None or not command.absent_since <= command.educated_on <= day:
        raise Refused("INV-089", "educated_on")
    complete = add_months(command.absent_since, rules.number("disposition.left_by_conduct_months"))
    if day < complete:
        raise Refused("INV-089", "absent_since", detail=complete.isoformat())


def check_persuasion(roster: Roster, case: DispositionCase, disposition: Disposition, day: dt.date, field: str) -> None:
    """A probationary member is not persuaded to resign (INV-091)."""
    member = roster.must_be_active(case.person_id, day, "case_id")
    if disposition is Disposition.PERSUADE and member.status_on(day) is MemberStatus.PROBATIONARY:
        raise Refused("INV-091", field)


def after(case: DispositionCase, step: Event | None, day: dt.date, missing: DispositionStep) -> None:
    """INV-089: the step that has to come before, by name."""
    if step is None or day < step.occurred_on:
        raise Refused("INV-089", "case_id", detail=missing.value)
    assert step in case.steps


def verify_disposition_facts(command: VerifyDispositionFacts, _context: Context, case: DispositionCase, roster: Roster) -> Outcome:
    """Until the proposal goes up the committee may look again; the last finding counts."""
    known(case, command.case_id)
    before = case.last(DispositionFactsVerified)
    if before is not None and (before.occurred_on, before.proposed) == (command.occurred_on, command.proposed):
        return []
    _not_sent_up(case, command.case_id)
    after(case, case.opened, command.occurred_on, DispositionStep.OPENED)
    check_persuasion(roster, case, command.proposed, command.occurred_on, "proposed")
    return [
        DispositionFactsVerified(
            occurred_on=command.occurred_on,
            case_id=command.case_id,
            person_id=case.person_id,
            proposed=command.proposed,
            conclusion=command.conclusion,
        )
    ]


def _not_sent_up(case: DispositionCase, case_id: DispositionId) -> None:
    under_way(case, case_id)
    if case.last(DispositionPreReviewSubmitted) is not None:
        raise Conflict(f"case {case_id} went up for pre-review")


def hold_disposition_talk(command: HoldDispositionTalk, context: Context, case: DispositionCase, roster: Roster) -> Outcome:
    """Two full members, neither of them the person concerned (INV-090)."""
    known(case, command.case_id)
    before, day = case.last(DispositionTalkHeld), command.occurred_on
    if before is not None and (before.occurred_on, before.outcome) == (day, command.outcome):
        return []
    _not_sent_up(case, command.case_id)
    after(case, case.last(DispositionFactsVerified), day, DispositionStep.VERIFIED)
    for talker in command.talkers:
        roster.must_be_active(talker, day, "talkers")
    talkers = {*command.talkers} - {case.person_id}
    if len(talkers) < context.rules.number("disposition.talkers") or not talkers <= roster.full_members_on(day):
        raise Refused("INV-090", "talkers")
    return [
        DispositionTalkHeld(
            occurred_on=day,
            case_id=command.case_id,
            person_id=case.person_id,
            talkers=command.talkers,
            outcome=command.outcome,
            opinion=command.opinion,
        )
    ]


def close_disposition_case(command: CloseDispositionCase, _context: Context, case: DispositionCase, roster: Roster) -> Outcome:
    """Not while a correction runs: its expiry needs a review (INV-092)."""
    known(case, command.case_id)
    before = case.last(DispositionClosed)
    if before is not None and before.ground is command.ground:
        return []
    standing = under_way(case, command.case_id).standing
    if standing.correcting_until is not None and command.ground is not NoDisposition.GONE:
        raise Refused("INV-092", "case_id")
    if standing.left is not None:
        raise Conflict(f"case {command.case_id} ended the membership")
    not_before(case.steps[-1], command.occurred_on)
    done = DispositionClosed(
        occurred_on=command.occurred_on, case_id=command.case_id, person_id=case.person_id, ground=command.ground, note=command.note
    )
    return [*with_effects(case, done, roster, "")]


def withdraw_disposition_step(command: WithdrawDispositionStep, _context: Context, case: DispositionCase, roster: Roster) -> Outcome:
    """Steps of the branch, the last one first; what the superior decided only the superior takes back."""
    if case.withdrawn and command.step is DispositionStep.OPENED:
        return []
    _check_last(case, command.case_id, command.step)
    if command.step in SUPERIOR_STEPS:
        raise Conflict(f"{command.step.en}: only the superior takes it back")
    return [*with_effects(case, _withdrawn(command, case), roster, "")]


def withdraw_disposition_decision(
    command: WithdrawDispositionDecision, _context: Context, case: DispositionCase, roster: Roster
) -> Outcome:
    """What it did to the membership is undone with it."""
    _check_last(case, command.case_id, command.step)
    if command.step not in SUPERIOR_STEPS:
        raise Conflict(f"{command.step.en}: the branch takes it back")
    return [*with_effects(case, _withdrawn(command, case), roster, command.document_no)]


def _check_last(case: DispositionCase, case_id: DispositionId, step: DispositionStep) -> None:
    known(case, case_id)
    if last_step(case) is not step:
        raise Conflict(f"the last step is {last_step(case).en}")


def _withdrawn(command: WithdrawDispositionStep | WithdrawDispositionDecision, case: DispositionCase) -> DispositionStepWithdrawn:
    not_before(case.steps[-1], command.occurred_on)
    return DispositionStepWithdrawn(
        occurred_on=command.occurred_on, case_id=command.case_id, person_id=case.person_id, step=command.step, reason=command.reason
    )


CASES = (
    Case(command=OpenDispositionCase, right=Right.DISCIPLINE_WRITE, reads=(DISPOSITION, ROSTER), decide=open_disposition_case),
    Case(command=VerifyDispositionFacts, right=Right.DISCIPLINE_WRITE, reads=(DISPOSITION, ROSTER), decide=verify_disposition_facts),
    Case(command=HoldDispositionTalk, right=Right.DISCIPLINE_WRITE, reads=(DISPOSITION, ROSTER), decide=hold_disposition_talk),
    Case(command=CloseDispositionCase, right=Right.DISCIPLINE_WRITE, reads=(DISPOSITION, ROSTER), decide=close_disposition_case),
    Case(command=WithdrawDispositionStep, right=Right.DISCIPLINE_WRITE, reads=(DISPOSITION, ROSTER), decide=withdraw_disposition_step),
    Case(
        command=WithdrawDispositionDecision, right=Right.SUPERIOR_WRITE, reads=(DISPOSITION, ROSTER), decide=withdraw_disposition_decision
    ),
)
