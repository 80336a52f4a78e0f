"""A member pays for a month and gets a receipt; a wrong entry is reversed, never changed (N16.T03, INV-058 to 061, 068)."""

from typing import Annotated, ClassVar

from events.base import Event, Fen, Month, PersonId, ReceiptNo, Text, month_of, months_between
from events.dues import (
    DuesArrearsCleared,
    DuesReceiptIssued,
    DuesReceived,
    DuesReversed,
    EntryId,
    EntryKind,
    PayerKind,
    PaymentKind,
)
from service.auth.rights import Right
from service.decide.base import Case, Command, Context, Outcome, label
from service.decide.dues.state import DUES, Dues, OwnEntryId, Payment, evolve
from service.decide.roster import ROSTER, Roster
from service.errors import Absent, Conflict, Malformed, Refused


class ReceiveDues(Command, frozen=True, kw_only=True, tag="receive-dues"):
    """A member's dues were paid on `occurred_on`; with a receipt number the receipt is given at once."""

    zh: ClassVar[str] = "收缴党费"
    en: ClassVar[str] = "Receive dues"

    person_id: Annotated[PersonId, label("党员", "Member")]
    month: Annotated[Month, label("所属月份", "For month", help_zh="如 2026-03", help_en="Such as 2026-03")]
    amount_fen: Annotated[Fen, label("金额", "Amount")]
    kind: Annotated[PaymentKind, label("交纳性质", "Kind of payment")] = PaymentKind.REGULAR
    payer: Annotated[PayerKind, label("交款人", "Handed in by")] = PayerKind.SELF
    payer_id: Annotated[
        PersonId | None,
        label("代交党员", "Member who handed it in", help_zh="由其他党员代交时必填", help_en="Needed when another member hands it in"),
    ] = None
    collector: Annotated[PersonId, label("收款人", "Collector")]
    receipt_no: Annotated[
        ReceiptNo | None,
        label("票据号", "Receipt number", help_zh="同时开具票据时填写", help_en="Fill in to issue the receipt at once"),
    ] = None
    approval_no: Annotated[
        Text | None,
        label(
            "上级批准文号", "Superior's approval number", help_zh="补交超过规定月数时必填", help_en="Needed for a back payment long past"
        ),
    ] = None
    entry_id: OwnEntryId = None


def receive_dues(command: ReceiveDues, context: Context, dues: Dues, roster: Roster) -> Outcome:
    """One payment for one month, its receipt when numbered, and the arrears that it makes up."""
    payment = _payment(command, context)
    if payment.entry_id == command.entry_id and (known := dues.find(payment.entry_id)) is not None:
        return _again(known, payment, command.receipt_no)
    _check_people(command, roster)
    _check_payment(command, context, dues)
    outcome: Outcome = [payment]
    if command.receipt_no is not None:
        outcome.append(_receipt(command, context, dues, payment, command.receipt_no))
    month = command.month
    if month in dues.flagged.get(command.person_id, ()) and evolve(dues, payment).settled(command.person_id, month):
        outcome.append(DuesArrearsCleared(occurred_on=command.occurred_on, person_id=command.person_id, months=(month,)))
    return outcome


def _payment(command: ReceiveDues, context: Context) -> DuesReceived:
    return DuesReceived(
        occurred_on=command.occurred_on,
        entry_id=command.entry_id or EntryId(context.event_ids[0]),
        person_id=command.person_id,
        month=command.month,
        amount_fen=command.amount_fen,
        kind=command.kind,
        payer=command.payer,
        payer_id=command.payer_id,
        collector=command.collector,
        approval_no=command.approval_no,
    )


def _again(known: Payment, payment: DuesReceived, receipt_no: ReceiptNo | None) -> Outcome:
    if known.event != payment or known.receipt_no != receipt_no:
        raise Conflict(f"another payment has the id {payment.entry_id}")
    return []


def _check_people(command: ReceiveDues, roster: Roster) -> None:
    roster.must_be_active(command.person_id, command.occurred_on, "person_id")
    roster.must_be_active(command.collector, command.occurred_on, "collector")
    if command.payer is PayerKind.ORGANISATION:
        raise Refused("INV-061", "payer")
    if (command.payer is PayerKind.OTHER_MEMBER) != (command.payer_id is not None):
        raise Malformed("payer_id is for another member who hands the money in, and needed then")
    if command.payer_id is not None:
        roster.must_be_active(command.payer_id, command.occurred_on, "payer_id")


def _check_payment(command: ReceiveDues, context: Context, dues: Dues) -> None:
    if command.amount_fen <= 0:
        raise Refused("INV-058", "amount_fen")
    if command.kind is PaymentKind.VOLUNTARY:
        return
    if command.amount_fen > _most(command, context, dues):
        raise Refused("INV-064", "amount_fen")
    regular = (p for p in dues.paid(command.person_id, command.month) if p.event.kind is PaymentKind.REGULAR and not p.reversed)
    if command.kind is PaymentKind.REGULAR and any(regular):
        raise Refused("INV-059", "month")
    months_late = months_between(command.month, month_of(command.occurred_on))
    if months_late > context.rules.number("dues.back_months") and command.approval_no is None:
        raise Refused("INV-060", "approval_no", detail=str(months_late))


def _most(command: ReceiveDues, context: Context, dues: Dues) -> Fen:
    """The ceiling of R-D05, or what the member voluntarily had assessed above it."""
    return max(context.rules.number("dues.max_month_fen"), dues.due_fen(command.person_id, command.month) or 0)


def _receipt(command: Command, context: Context, dues: Dues, payment: DuesReceived, receipt_no: ReceiptNo) -> DuesReceiptIssued:
    if dues.used(receipt_no):
        raise Refused("INV-068", "receipt_no")
    return DuesReceiptIssued(
        occurred_on=command.occurred_on,
        org_id=context.org_id,
        receipt_no=receipt_no,
        entry_id=payment.entry_id,
        person_id=payment.person_id,
        month=payment.month,
        amount_fen=payment.amount_fen,
    )


class IssueDuesReceipt(Command, frozen=True, kw_only=True, tag="issue-dues-receipt"):
    """Give the numbered receipt for a payment that was recorded without one."""

    zh: ClassVar[str] = "开具党费票据"
    en: ClassVar[str] = "Issue a dues receipt"

    entry_id: Annotated[EntryId, label("交纳编号", "Payment id", max_length=64)]
    receipt_no: Annotated[ReceiptNo, label("票据号", "Receipt number", min_length=1, max_length=40)]


def issue_dues_receipt(command: IssueDuesReceipt, context: Context, dues: Dues) -> Outcome:
    """One receipt for one payment; a number serves once (INV-068)."""
    payment = dues.find(command.entry_id)
    if payment is None:
        raise Absent(f"payment {command.entry_id}")
    if payment.receipt_no == command.receipt_no:
        return []
    if dues.used(command.receipt_no):
        raise Refused("INV-068", "receipt_no")
    if payment.reversed or payment.receipt_no is not None:
        raise Conflict(f"payment {command.entry_id} was reversed or has its receipt")
    if command.occurred_on < payment.event.occurred_on:
        raise Conflict(f"payment {command.entry_id} was made on {payment.event.occurred_on}")
    return [_receipt(command, context, dues, payment.event, command.receipt_no)]


class ReverseDues(Command, frozen=True, kw_only=True, tag="reverse-dues"):
    """Take back a wrong entry: a payment, a spending, a remittance or an allocation."""

    zh: ClassVar[str] = "党费冲正"
    en: ClassVar[str] = "Reverse a dues entry"

    entry_id: Annotated[EntryId, label("记录编号", "Entry id", max_length=64)]
    reason: Annotated[Text, label("冲正原因", "Reason", min_length=1)]
    receipt_stands: Annotated[
        bool,
        label(
            "票据有效",
            "The receipt is good",
            help_zh="只是录入有误、纸质票据无误时选“是”，重新登记时可用同一票据号；否则票据作废",
            help_en="Only the entry was wrong, so the right one may bear the number on the slip; otherwise the slip is void",
        ),
    ] = False


def reverse_dues(command: ReverseDues, context: Context, dues: Dues) -> Outcome:
    """Only what stands is reversed, and never into a negative balance (INV-058, INV-067)."""
    payment = dues.find(command.entry_id)
    if payment is not None:
        return [] if payment.reversed else [_reverse_payment(command, context, dues, payment)]
    movement = dues.movements.get(command.entry_id)
    if movement is None:
        raise Refused("INV-058", "entry_id")
    if movement.reversed:
        return []
    if movement.kind is EntryKind.ALLOCATION:
        _check_covered(dues, movement.event.amount_fen)
    _check_later(command, movement.event)
    amount_fen = movement.event.amount_fen
    return [
        DuesReversed(
            occurred_on=command.occurred_on, entry_id=command.entry_id, kind=movement.kind, amount_fen=amount_fen, reason=command.reason
        )
    ]


def _reverse_payment(command: ReverseDues, context: Context, dues: Dues, payment: Payment) -> DuesReversed:
    _check_covered(dues, payment.event.amount_fen)
    _check_later(command, payment.event)
    return DuesReversed(
        occurred_on=command.occurred_on,
        entry_id=command.entry_id,
        kind=EntryKind.PAYMENT,
        amount_fen=payment.event.amount_fen,
        person_id=payment.event.person_id,
        month=payment.event.month,
        receipt_no=payment.receipt_no,
        receipt_stands_in=context.org_id if command.receipt_stands and payment.receipt_no is not None else None,
        reason=command.reason,
    )


def _check_covered(dues: Dues, amount_fen: Fen) -> None:
    if amount_fen > dues.balance_fen:
        raise Refused("INV-067", "entry_id")


def _check_later(command: ReverseDues, entry: Event) -> None:
    if command.occurred_on < entry.occurred_on:
        raise Conflict(f"entry {command.entry_id} is of {entry.occurred_on}")


CASES = (
    Case(command=ReceiveDues, right=Right.DUES_WRITE, reads=(DUES, ROSTER), decide=receive_dues),
    Case(command=IssueDuesReceipt, right=Right.DUES_WRITE, reads=(DUES,), decide=issue_dues_receipt),
    Case(command=ReverseDues, right=Right.DUES_WRITE, reads=(DUES,), decide=reverse_dues),
)
