"""What the tests of L04 are told in: facts, rows, and a year of dues and letters."""

import datetime as dt
from typing import Any

from events.base import Event, LetterId, MeetingId, OrgId, PersonId, ReceiptNo
from events.dues import (
    DecidedBy,
    DecisionId,
    DuesAllocationReceived,
    DuesBaseAssessed,
    DuesReceiptIssued,
    DuesReceived,
    DuesRemitted,
    DuesReversed,
    DuesSpendingApproved,
    DuesSpent,
    DuesUse,
    EntryId,
    EntryKind,
    IncomeKind,
    PayerKind,
    PayerStatus,
    PaymentKind,
)
from events.store.record import Fact
from projections.engine.merge import ledger_rows
from projections.engine.replay import replay
from projections.ledgers.l04_management import PROJECTION

ORG = OrgId("b1")
ADA, BO, CY = (PersonId(name) for name in ("ada", "bo", "cy"))
L1, L2 = LetterId("l1"), LetterId("l2")


def day(month: int, number: int = 10, year: int = 2026) -> dt.date:
    return dt.date(year, month, number)


def facts(*events: Event) -> list[Fact[Event]]:
    return [
        Fact(
            position=100 + page,
            book=ORG,
            page=page,
            event_id=f"e{page}",
            actor="u",
            recorded_at=page * 1_000_000,
            late_reason=None,
            event=event,
        )
        for page, event in enumerate(events, 1)
    ]


def rows(*events: Event, register: str) -> list[dict[str, Any]]:
    return [row for row in ledger_rows(replay([PROJECTION], facts(*events))) if row["register"] == register]


def cells(*events: Event, register: str = "dues-payments", year: int = 2026, key: str = "ada") -> dict[str, Any]:
    """The cells of one row."""
    (found,) = [row["cells"] for row in rows(*events, register=register) if row["year"] == str(year) and row["key"] == key]
    return dict(found)


def assessed(person: PersonId = ADA, from_month: str = "2026-01", monthly_fen: int = 1500, **changed: Any) -> DuesBaseAssessed:
    told: dict[str, Any] = {
        "occurred_on": dt.date(int(from_month[:4]), int(from_month[5:]), 5),
        "person_id": person,
        "year": int(from_month[:4]),
        "from_month": from_month,
        "status": PayerStatus.FULL,
        "income_kind": IncomeKind.SALARY,
        "included_items": "~1|ada|e1|included_items|x",
        "base_yuan": "~1|ada|e1|base_yuan|x",
        "rate_per_10000": 50,
        "by_table_fen": monthly_fen,
        "monthly_fen": monthly_fen,
        "assessed_by": CY,
        "signed_by_member": True,
    }
    return DuesBaseAssessed(**(told | changed))


def paid(month: int, amount_fen: int = 1500, person: PersonId = ADA, year: int = 2026, **changed: Any) -> DuesReceived:
    """Paid on the tenth of the month itself, as `p<month>`."""
    told: dict[str, Any] = {
        "occurred_on": day(month, year=year),
        "entry_id": EntryId(f"{person}-{year}-{month}"),
        "person_id": person,
        "month": f"{year}-{month:02d}",
        "amount_fen": amount_fen,
        "kind": PaymentKind.REGULAR,
        "payer": PayerKind.SELF,
        "collector": CY,
    }
    return DuesReceived(**(told | changed))


def receipt(payment: DuesReceived, number: str) -> DuesReceiptIssued:
    return DuesReceiptIssued(
        occurred_on=payment.occurred_on,
        org_id=ORG,
        receipt_no=ReceiptNo(number),
        entry_id=payment.entry_id,
        person_id=payment.person_id,
        month=payment.month,
        amount_fen=payment.amount_fen,
    )


def reversal(payment: DuesReceived, on: dt.date, receipt_no: str | None = None) -> DuesReversed:
    return DuesReversed(
        occurred_on=on,
        entry_id=payment.entry_id,
        kind=EntryKind.PAYMENT,
        amount_fen=payment.amount_fen,
        person_id=payment.person_id,
        month=payment.month,
        receipt_no=None if receipt_no is None else ReceiptNo(receipt_no),
        reason="金额有误",
    )


DECISION = DuesSpendingApproved(
    occurred_on=day(3, 1),
    decision_id=DecisionId("d1"),
    decided_by=DecidedBy.COMMITTEE,
    meeting_id=MeetingId("m1"),
    use=DuesUse.MATERIALS,
    purpose="订阅报刊",
    amount_fen=2000,
)


def spent(amount_fen: int = 800, entry: str = "s1") -> DuesSpent:
    return DuesSpent(
        occurred_on=day(3, 20),
        entry_id=EntryId(entry),
        decision_id=DecisionId("d1"),
        use=DuesUse.MATERIALS,
        purpose="订阅报刊",
        amount_fen=amount_fen,
        handled_by=BO,
        approver=CY,
        voucher_no="发票9",
    )


REMITTED = DuesRemitted(
    occurred_on=day(4),
    entry_id=EntryId("r1"),
    from_month="2026-01",
    to_month="2026-03",
    collected_fen=4500,
    amount_fen=3000,
    voucher_no="缴3",
    signed_by="组织部",
)
ALLOCATED = DuesAllocationReceived(occurred_on=day(4, 15), entry_id=EntryId("a1"), amount_fen=10_000, document_no="拨1")
