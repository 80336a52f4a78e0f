"""Dues beside the monthly payment: a reduction asked for, a large gift handed up, the member's card filled in (R-D05, Art. 7, N16.M04)."""

from typing import Annotated, ClassVar

from events.base import Fen, Month, PersonId, Text
from events.dues import DuesCardFilled, DuesReductionRequested, EntryId, LargeDuesForwarded, PaymentKind
from service.auth.rights import Right
from service.decide.base import Case, Command, Context, Outcome, label
from service.decide.dues.state import DUES, Dues, OwnEntryId
from service.decide.roster import ROSTER, Roster
from service.errors import Absent, Conflict, Malformed, Refused


class RequestDuesReduction(Command, frozen=True, kw_only=True, tag="request-dues-reduction"):
    """A member in real difficulty asks to pay less or nothing."""

    zh: ClassVar[str] = "申请少交免交党费"
    en: ClassVar[str] = "Request a reduction of dues"

    person_id: Annotated[PersonId, label("党员", "Member")]
    from_month: Annotated[Month, label("起始月", "From month")]
    to_month: Annotated[Month, label("截止月", "To month")]
    monthly_fen: Annotated[Fen, label("申请每月交纳", "Monthly amount asked for", help_zh="免交填 0", help_en="0 for exemption")]
    reason: Annotated[Text, label("困难情况", "Hardship", min_length=1)]


def request_dues_reduction(command: RequestDuesReduction, _context: Context, dues: Dues, roster: Roster) -> Outcome:
    """Only asked for: what is due changes with the superior's approval (R-D Art. 7, INV-063)."""
    if command.monthly_fen < 0:
        raise Refused("INV-058", "monthly_fen")
    if command.to_month < command.from_month:
        raise Malformed("to_month lies before from_month")
    due_fen = dues.due_fen(command.person_id, command.from_month)
    if due_fen is not None and command.monthly_fen >= due_fen:
        raise Refused("INV-063", "monthly_fen", detail=str(due_fen))
    roster.must_be_active(command.person_id, command.occurred_on, "person_id")
    event = DuesReductionRequested(
        occurred_on=command.occurred_on,
        person_id=command.person_id,
        from_month=command.from_month,
        to_month=command.to_month,
        monthly_fen=command.monthly_fen,
        reason=command.reason,
    )
    known = dues.requests.get(command.person_id)
    return [] if known is not None and _terms(known) == _terms(event) else [event]


def _terms(event: DuesReductionRequested) -> tuple[object, ...]:
    """The reason is sealed once it is stored, so that it cannot be compared."""
    return event.from_month, event.to_month, event.monthly_fen


class ForwardLargeDues(Command, frozen=True, kw_only=True, tag="forward-large-dues"):
    """Hand a large voluntary payment up whole."""

    zh: ClassVar[str] = "转交大额党费"
    en: ClassVar[str] = "Forward large dues"

    payment_id: Annotated[EntryId, label("大额党费", "Payment")]
    voucher_no: Annotated[Text, label("凭证号", "Voucher number", min_length=1)]
    received_by: Annotated[Text, label("上级签收", "Signed for by the superior", min_length=1)]
    entry_id: OwnEntryId = None


def forward_large_dues(command: ForwardLargeDues, context: Context, dues: Dues) -> Outcome:
    """Whole, once, and only what is voluntary and above the ceiling (R-D05, INV-058, INV-067)."""
    payment = dues.find(command.payment_id)
    if payment is None or payment.reversed:
        raise Absent(f"payment {command.payment_id}")
    paid = payment.event
    ceiling_fen = context.rules.number("dues.max_month_fen")
    if paid.kind is not PaymentKind.VOLUNTARY or paid.amount_fen <= ceiling_fen:
        raise Conflict(f"large dues are voluntary and above {ceiling_fen} fen")
    if command.occurred_on < paid.occurred_on:
        raise Conflict(f"payment {command.payment_id} was made on {paid.occurred_on}")
    forwarded = (m for m in dues.movements.values() if isinstance(m.event, LargeDuesForwarded) and not m.reversed)
    if any(m.event.payment_id == command.payment_id for m in forwarded if isinstance(m.event, LargeDuesForwarded)):
        return []
    if paid.amount_fen > dues.balance_fen:
        raise Refused("INV-067", "payment_id")
    entry_id = command.entry_id or EntryId(context.event_ids[0])
    if entry_id in dues.movements or dues.find(entry_id) is not None:
        raise Conflict(f"something else is recorded as {entry_id}")
    return [
        LargeDuesForwarded(
            occurred_on=command.occurred_on,
            entry_id=entry_id,
            payment_id=command.payment_id,
            person_id=paid.person_id,
            amount_fen=paid.amount_fen,
            voucher_no=command.voucher_no,
            received_by=command.received_by,
        )
    ]


class FillDuesCard(Command, frozen=True, kw_only=True, tag="fill-dues-card"):
    """Write the payments of a member that are not yet there into the dues card."""

    zh: ClassVar[str] = "填写党员党费证"
    en: ClassVar[str] = "Fill in the dues card"

    person_id: Annotated[PersonId, label("党员", "Member")]
    to_month: Annotated[Month | None, label("填至", "Up to month", help_zh="留空则全部", help_en="Empty: all")] = None


def fill_dues_card(command: FillDuesCard, _context: Context, dues: Dues, roster: Roster) -> Outcome:
    """What stands, in the order of the months; nobody copies figures (N16.M04)."""
    roster.must_be_active(command.person_id, command.occurred_on, "person_id")
    months = dues.payments.get(command.person_id, {})
    entries = tuple(
        payment.event.entry_id
        for month in sorted(months)
        if command.to_month is None or month <= command.to_month
        for payment in months[month]
        if not payment.reversed and not payment.on_card and payment.event.occurred_on <= command.occurred_on
    )
    return [DuesCardFilled(occurred_on=command.occurred_on, person_id=command.person_id, entries=entries)] if entries else []


CASES = (
    Case(command=RequestDuesReduction, right=Right.DUES_WRITE, reads=(DUES, ROSTER), decide=request_dues_reduction),
    Case(command=ForwardLargeDues, right=Right.DUES_WRITE, reads=(DUES,), decide=forward_large_dues),
    Case(command=FillDuesCard, right=Right.DUES_WRITE, reads=(DUES, ROSTER), decide=fill_dues_card),
)
