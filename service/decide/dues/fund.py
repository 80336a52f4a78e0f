"""The branch's dues fund: decide together, spend within the balance, hand up, receive back (N16.T02, INV-065 to 067)."""

from typing import Annotated, ClassVar

from msgspec import convert
from msgspec.structs import replace

from events.base import Event, Fen, MeetingId, Month, PersonId, Text, month_add, months_between
from events.dues import (
    DecidedBy,
    DecisionId,
    DuesAllocationReceived,
    DuesRemitted,
    DuesSpendingApproved,
    DuesSpent,
    DuesUse,
    EntryId,
)
from events.meetings import MeetingKind
from service.auth.rights import Right
from service.decide.base import Case, Command, Context, Outcome, label
from service.decide.dues.state import DUES, Decision, Dues, OwnEntryId, held_by
from service.decide.meetings.state import MEETING, Meeting
from service.decide.roster import ROSTER, Roster
from service.errors import Conflict, Malformed, Refused

COLLECTIVE = {MeetingKind.COMMITTEE: DecidedBy.COMMITTEE, MeetingKind.GENERAL: DecidedBy.GENERAL_MEETING}
"""The meetings that can decide on spending (R-D12)."""


class ApproveDuesSpending(Command, frozen=True, kw_only=True, tag="approve-dues-spending"):
    """Record the collective decision to spend dues."""

    zh: ClassVar[str] = "党费使用审批"
    en: ClassVar[str] = "Approve spending of dues"

    meeting_id: Annotated[
        MeetingId,
        label("集体决定的会议", "Meeting that decided", help_zh="支委会或党员大会", help_en="A committee or general meeting on record"),
    ]
    use: Annotated[DuesUse, label("用途", "Use")]
    item: Annotated[
        Text | None,
        label("具体项目", "Finer item", help_zh="用途为其他时，须为已设置的项目", help_en="With use Other: one of the settings"),
    ] = None
    purpose: Annotated[Text, label("事由", "Purpose", min_length=1)]
    amount_fen: Annotated[Fen, label("批准金额", "Amount approved")]
    decision_id: Annotated[DecisionId | None, label("决定编号", "Decision id", help_zh="通常留空", help_en="Usually left empty")] = None


def approve_dues_spending(command: ApproveDuesSpending, context: Context, dues: Dues, meeting: Meeting) -> Outcome:
    """A committee or general meeting decided, for one of the five uses (INV-065, INV-066)."""
    _check_positive(command.amount_fen)
    event = DuesSpendingApproved(
        occurred_on=command.occurred_on,
        decision_id=command.decision_id or DecisionId(context.event_ids[0]),
        decided_by=_decided_by(command, meeting),
        meeting_id=command.meeting_id,
        use=_use(command, context),
        item=command.item,
        purpose=command.purpose,
        amount_fen=command.amount_fen,
    )
    known = dues.decisions.get(event.decision_id)
    return [event] if _new(None if known is None else known.event, event, event.decision_id) else []


def _decided_by(command: ApproveDuesSpending, meeting: Meeting) -> DecidedBy:
    if meeting.held is None or not held_by(meeting, command.occurred_on) or meeting.held.kind not in COLLECTIVE:
        raise Refused("INV-066", "meeting_id")
    return COLLECTIVE[meeting.held.kind]


def _use(command: ApproveDuesSpending, context: Context) -> DuesUse:
    """The use itself, or the one that a local item stands for (`dues.use_items`)."""
    if command.use is not DuesUse.OTHER:
        return command.use
    for item, use in context.rules.table("dues.use_items"):
        if item == command.item:
            return convert(use, DuesUse)
    raise Refused("INV-065", "use")


def _new(known: Event | None, event: Event, name: str) -> bool:
    """Whether this is not on record yet; the same id for something else is a conflict."""
    if known is not None and known != event:
        raise Conflict(f"something else is recorded as {name}")
    return known is None


def _check_positive(amount_fen: Fen) -> None:
    if amount_fen <= 0:
        raise Refused("INV-058", "amount_fen")


class SpendDues(Command, frozen=True, kw_only=True, tag="spend-dues"):
    """Money was spent under a decision; its use and purpose come from there."""

    zh: ClassVar[str] = "登记党费使用"
    en: ClassVar[str] = "Record spending of dues"

    decision_id: Annotated[DecisionId, label("集体决定", "Decision", max_length=64)]
    purpose: Annotated[Text | None, label("事由", "Purpose", help_zh="留空则用决定中的事由", help_en="Empty: as decided")] = None
    amount_fen: Annotated[Fen, label("金额", "Amount")]
    handled_by: Annotated[PersonId, label("经办人", "Handled by")]
    approver: Annotated[PersonId, label("审批人", "Approved by")]
    voucher_no: Annotated[Text, label("票据号", "Voucher number", min_length=1)]
    entry_id: OwnEntryId = None


def spend_dues(command: SpendDues, context: Context, dues: Dues, roster: Roster) -> Outcome:
    """After the decision, within what was decided, within the balance (INV-066, INV-067)."""
    _check_positive(command.amount_fen)
    decision = dues.decisions.get(command.decision_id)
    if decision is None:
        raise Refused("INV-066", "decision_id")
    event = DuesSpent(
        occurred_on=command.occurred_on,
        entry_id=command.entry_id or EntryId(context.event_ids[0]),
        decision_id=command.decision_id,
        use=decision.event.use,
        purpose=command.purpose or decision.event.purpose,
        amount_fen=command.amount_fen,
        handled_by=command.handled_by,
        approver=command.approver,
        voucher_no=command.voucher_no,
    )
    if not _new_movement(dues, event, event.entry_id):
        return []
    roster.must_be_active(command.handled_by, command.occurred_on, "handled_by")
    roster.must_be_active(command.approver, command.occurred_on, "approver")
    _check_decided(command, decision)
    _check_balance(dues, command.amount_fen)
    return [event]


def _check_decided(command: SpendDues, decision: Decision) -> None:
    if decision.event.occurred_on > command.occurred_on:
        raise Refused("INV-066", "occurred_on")
    if decision.spent_fen + command.amount_fen > decision.event.amount_fen:
        raise Refused("INV-066", "amount_fen")


def _check_balance(dues: Dues, amount_fen: Fen) -> None:
    if amount_fen > dues.balance_fen:
        raise Refused("INV-067", "amount_fen")


def _new_movement(dues: Dues, event: Event, entry_id: EntryId) -> bool:
    known = dues.movements.get(entry_id)
    return _new(None if known is None else known.event, event, entry_id)


class RemitDues(Command, frozen=True, kw_only=True, tag="remit-dues"):
    """Dues of some months were handed up to the superior."""

    zh: ClassVar[str] = "上缴党费"
    en: ClassVar[str] = "Remit dues"

    from_month: Annotated[Month, label("起始月", "From month")]
    to_month: Annotated[Month, label("截止月", "To month")]
    amount_fen: Annotated[Fen, label("上缴金额", "Amount")]
    voucher_no: Annotated[Text, label("凭证号", "Voucher number", min_length=1)]
    signed_by: Annotated[Text | None, label("上级签收", "Signed for by the superior")] = None
    entry_id: OwnEntryId = None


def remit_dues(command: RemitDues, context: Context, dues: Dues) -> Outcome:
    """Never more than there is (R-D13, INV-067)."""
    _check_positive(command.amount_fen)
    if command.to_month < command.from_month:
        raise Malformed("to_month lies before from_month")
    event = DuesRemitted(
        occurred_on=command.occurred_on,
        entry_id=command.entry_id or EntryId(context.event_ids[0]),
        from_month=command.from_month,
        to_month=command.to_month,
        collected_fen=_collected(dues, command.from_month, command.to_month),
        amount_fen=command.amount_fen,
        voucher_no=command.voucher_no,
        signed_by=command.signed_by,
    )
    if not _new_remittance(dues, event):
        return []
    _check_balance(dues, command.amount_fen)
    return [event]


def _collected(dues: Dues, first: Month, last: Month) -> Fen:
    months = (month_add(first, n) for n in range(months_between(first, last) + 1))
    return sum(dues.collected.get(month, 0) for month in months)


def _new_remittance(dues: Dues, event: DuesRemitted) -> bool:
    """The sum collected is as known at the time, so a repetition is compared without it."""
    known = dues.movements.get(event.entry_id)
    if known is None or not isinstance(known.event, DuesRemitted):
        return _new(None if known is None else known.event, event, event.entry_id)
    return _new(known.event, replace(event, collected_fen=known.event.collected_fen), event.entry_id)


class ReceiveAllocation(Command, frozen=True, kw_only=True, tag="receive-allocation"):
    """The superior returned or allotted dues to the branch."""

    zh: ClassVar[str] = "登记党费返还下拨"
    en: ClassVar[str] = "Receive an allocation"

    amount_fen: Annotated[Fen, label("金额", "Amount")]
    document_no: Annotated[Text, label("文号或凭证号", "Document number", min_length=1)]
    purpose: Annotated[Text | None, label("指定用途", "Earmarked for")] = None
    entry_id: OwnEntryId = None


def receive_allocation(command: ReceiveAllocation, context: Context, dues: Dues) -> Outcome:
    """More to spend (R-D13)."""
    _check_positive(command.amount_fen)
    event = DuesAllocationReceived(
        occurred_on=command.occurred_on,
        entry_id=command.entry_id or EntryId(context.event_ids[0]),
        amount_fen=command.amount_fen,
        document_no=command.document_no,
        purpose=command.purpose,
    )
    return [event] if _new_movement(dues, event, event.entry_id) else []


CASES = (
    Case(command=ApproveDuesSpending, right=Right.DUES_WRITE, reads=(DUES, MEETING), decide=approve_dues_spending),
    Case(command=SpendDues, right=Right.DUES_WRITE, reads=(DUES, ROSTER), decide=spend_dues),
    Case(command=RemitDues, right=Right.DUES_WRITE, reads=(DUES,), decide=remit_dues),
    Case(command=ReceiveAllocation, right=Right.DUES_WRITE, reads=(DUES,), decide=receive_allocation),
)
