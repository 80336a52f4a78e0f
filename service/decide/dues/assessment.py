"""What a member has to pay: assess the base once a year, let somebody pay less with the superior's approval (N16.T01, INV-062 to 064)."""

from typing import Annotated, ClassVar

from events.base import Fen, MeetingId, Month, PersonId, Text
from events.dues import DuesAssessmentWithdrawn, DuesBaseAssessed, DuesReductionApproved, IncomeKind, PayerStatus
from service.auth.rights import Right
from service.decide.base import Case, Command, Context, Outcome, label
from service.decide.dues.rates import FIXED, as_yuan, by_table, capped, conforms, rate_of
from service.decide.dues.state import DUES, Dues, held_by
from service.decide.meetings.state import MEETING, Meeting
from service.decide.roster import ROSTER, Roster
from service.errors import Absent, BuiltUpon, Conflict, Malformed, Refused

ANNUAL = "annual"
"""`dues.reassess`: the base stays through the year unless a ground is given (R-D04)."""


class AssessDuesBase(Command, frozen=True, kw_only=True, tag="assess-dues-base"):
    """Work out what a member pays each month from a month on."""

    zh: ClassVar[str] = "核定党费"
    en: ClassVar[str] = "Assess the dues base"

    person_id: Annotated[PersonId, label("党员", "Member")]
    from_month: Annotated[Month, label("生效月", "From month", help_zh="如 2026-01", help_en="Such as 2026-01")]
    income_kind: Annotated[IncomeKind, label("收入类别", "Kind of income")]
    included_items: Annotated[
        Text | None,
        label(
            "计算基数组成", "Items included", help_zh="如 职务工资、级别工资、津贴补贴", help_en="Such as post pay, grade pay, allowances"
        ),
    ] = None
    deductions: Annotated[
        Text | None, label("扣除项", "Deductions", help_zh="如 个人所得税、五险一金", help_en="Such as income tax, insurance, housing fund")
    ] = None
    base_fen: Annotated[Fen, label("计算基数", "Base", help_zh="税后、固定、经常性的月收入", help_en="Fixed regular monthly pay after tax")]
    monthly_fen: Annotated[
        Fen | None,
        label("月应交", "Monthly amount", help_zh="留空则按标准计算", help_en="Leave empty to take what the rate table gives"),
    ] = None
    ground: Annotated[
        Text | None,
        label(
            "依据说明",
            "Ground",
            help_zh="与标准不符或年内调整时必填",
            help_en="Needed when it differs from the table or changes within the year",
        ),
    ] = None
    voluntary: Annotated[bool, label("自愿超过上限", "Voluntarily above the ceiling")] = False
    assessed_by: Annotated[PersonId, label("核定人", "Assessed by")]
    signed_by_member: Annotated[bool, label("本人已签字", "Signed by the member")] = False


def assess_dues_base(command: AssessDuesBase, context: Context, dues: Dues, roster: Roster) -> Outcome:
    """The table's amount, unless there is a ground; unchanged within the year (R-D01, R-D04, R-D05)."""
    member = roster.must_be_active(command.person_id, command.occurred_on, "person_id")
    roster.must_be_active(command.assessed_by, command.occurred_on, "assessed_by")
    if command.base_fen < 0 or (command.base_fen == 0 and command.income_kind not in FIXED):
        raise Refused("INV-058", "base_fen")
    table_fen = by_table(command.income_kind, command.base_fen, context.rules)
    monthly_fen = capped(table_fen, context.rules) if command.monthly_fen is None else command.monthly_fen
    event = DuesBaseAssessed(
        occurred_on=command.occurred_on,
        person_id=command.person_id,
        year=int(command.from_month[:4]),
        from_month=command.from_month,
        status=PayerStatus[member.status_on(command.occurred_on).name],
        income_kind=command.income_kind,
        included_items=command.included_items,
        deductions=command.deductions,
        base_yuan=as_yuan(command.base_fen),
        rate_per_10000=rate_of(command.income_kind, command.base_fen, context.rules),
        by_table_fen=table_fen,
        monthly_fen=monthly_fen,
        ground=command.ground,
        voluntary=command.voluntary,
        assessed_by=command.assessed_by,
        signed_by_member=command.signed_by_member,
    )
    if _stands(dues, event):
        return []
    _check_amount(command, context, dues, table_fen, monthly_fen)
    _check_unchanged(command, context, dues, monthly_fen)
    return [event]


def _stands(dues: Dues, event: DuesBaseAssessed) -> bool:
    """Whether the same was assessed already (pay itself is sealed in history and not compared)."""
    known = dues.assessed(event.person_id, event.from_month)
    return known is not None and _outcome(known) == _outcome(event)


def _outcome(event: DuesBaseAssessed) -> tuple[object, ...]:
    return event.year, event.income_kind, event.rate_per_10000, event.by_table_fen, event.monthly_fen, event.ground, event.signed_by_member


def _check_amount(command: AssessDuesBase, context: Context, dues: Dues, table_fen: Fen, monthly_fen: Fen) -> None:
    if monthly_fen <= 0:
        raise Refused("INV-063" if monthly_fen == 0 else "INV-058", "monthly_fen")
    if monthly_fen > context.rules.number("dues.max_month_fen") and not command.voluntary:
        raise Refused("INV-064", "monthly_fen")
    if conforms(command.income_kind, table_fen, monthly_fen, context.rules):
        return
    if command.ground is None:
        raise Refused("INV-062", "monthly_fen", detail=as_yuan(capped(table_fen, context.rules)))
    if monthly_fen < capped(table_fen, context.rules) and dues.reduction(command.person_id, command.from_month) is None:
        raise Refused("INV-063", "monthly_fen")


def _check_unchanged(command: AssessDuesBase, context: Context, dues: Dues, monthly_fen: Fen) -> None:
    """Normally unchanged within the year; a change says why (R-D04)."""
    if context.rules.text("dues.reassess") != ANNUAL or command.ground is not None:
        return
    year = command.from_month[:4]
    if any(a.from_month[:4] == year and a.monthly_fen != monthly_fen for a in dues.assessments.get(command.person_id, ())):
        raise Refused("INV-062", "ground")


class WithdrawDuesAssessment(Command, frozen=True, kw_only=True, tag="withdraw-dues-assessment"):
    """An assessment was entered for the wrong member or month; a wrong amount is assessed anew instead."""

    zh: ClassVar[str] = "撤销党费核定"
    en: ClassVar[str] = "Withdraw a dues assessment"

    person_id: Annotated[PersonId, label("党员", "Member")]
    from_month: Annotated[Month, label("生效月", "From month", help_zh="如 2026-01", help_en="Such as 2026-01")]
    reason: Annotated[Text, label("撤销原因", "Reason", min_length=1)]


def withdraw_dues_assessment(command: WithdrawDuesAssessment, _context: Context, dues: Dues) -> Outcome:
    """As long as nothing stands that was paid by it; what was assessed for the months before goes on."""
    if (command.person_id, command.from_month) in dues.withdrawn:
        return []
    known = dues.assessed(command.person_id, command.from_month)
    if known is None or known.from_month != command.from_month:
        raise Absent(f"assessment of {command.person_id} from {command.from_month}")
    if command.occurred_on < known.occurred_on:
        raise Conflict(f"the dues were assessed on {known.occurred_on}")
    person = command.person_id
    paid = [m for m in sorted(dues.payments.get(person, {})) if dues.assessed(person, m) is known and dues.paid_fen(person, m)]
    if paid:
        raise BuiltUpon(f"已按此核定交纳党费：{'、'.join(paid)}", f"dues were paid by this assessment: {', '.join(paid)}")
    return [
        DuesAssessmentWithdrawn(
            occurred_on=command.occurred_on, person_id=command.person_id, from_month=command.from_month, reason=command.reason
        )
    ]


class ApproveDuesReduction(Command, frozen=True, kw_only=True, tag="approve-dues-reduction"):
    """The superior lets a member in real difficulty pay less or nothing."""

    zh: ClassVar[str] = "批准少交免交党费"
    en: ClassVar[str] = "Approve a reduction of dues"

    person_id: Annotated[PersonId, label("党员", "Member")]
    from_month: Annotated[Month, label("起始月", "From month")]
    to_month: Annotated[Month, label("截止月", "To month")]
    monthly_fen: Annotated[Fen, label("每月交纳", "Monthly amount", help_zh="免交填 0", help_en="0 for exemption")]
    reason: Annotated[Text, label("困难情况", "Hardship")]
    meeting_id: Annotated[
        MeetingId | None,
        label("支部研究的会议", "Branch meeting that studied it", help_zh="须先登记会议", help_en="The meeting must be on record"),
    ] = None
    approval_no: Annotated[Text | None, label("上级批准文号", "Superior's approval number")] = None


def approve_dues_reduction(command: ApproveDuesReduction, _context: Context, dues: Dues, roster: Roster, meeting: Meeting) -> Outcome:
    """Both the branch's study and the superior's approval are on record (R-D Art. 7, INV-063)."""
    roster.must_be_active(command.person_id, command.occurred_on, "person_id")
    if command.monthly_fen < 0:
        raise Refused("INV-058", "monthly_fen")
    if command.to_month < command.from_month:
        raise Malformed("to_month lies before from_month")
    if command.meeting_id is None or not held_by(meeting, command.occurred_on):
        raise Refused("INV-063", "meeting_id")
    if command.approval_no is None:
        raise Refused("INV-063", "approval_no")
    event = DuesReductionApproved(
        occurred_on=command.occurred_on,
        person_id=command.person_id,
        from_month=command.from_month,
        to_month=command.to_month,
        monthly_fen=command.monthly_fen,
        reason=command.reason,
        meeting_id=command.meeting_id,
        approval_no=command.approval_no,
    )
    known = dues.reduction(command.person_id, command.from_month)
    return [] if known is not None and _terms(known) == _terms(event) else [event]


def _terms(event: DuesReductionApproved) -> tuple[object, ...]:
    return event.from_month, event.to_month, event.monthly_fen, event.meeting_id, event.approval_no


CASES = (
    Case(command=AssessDuesBase, right=Right.DUES_WRITE, reads=(DUES, ROSTER), decide=assess_dues_base),
    Case(command=WithdrawDuesAssessment, right=Right.DUES_WRITE, reads=(DUES,), decide=withdraw_dues_assessment),
    Case(command=ApproveDuesReduction, right=Right.SUPERIOR_WRITE, reads=(DUES, ROSTER, MEETING), decide=approve_dues_reduction),
)
