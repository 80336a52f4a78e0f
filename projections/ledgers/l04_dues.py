"""Ledger L04, dues: assessment, yearly payment sheet, remittance, use of dues with its running balance (N16.M01 to M03).

"Owed" counts the months before the newest month on record in the book, so that it follows from the facts and not from a clock.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from typing import TypeVar

import msgspec

from events.base import Event, Fen, Month, PersonId, ReceiptNo, month_add, month_of
from events.dues import (
    DuesAllocationReceived,
    DuesArrearsCleared,
    DuesArrearsFlagged,
    DuesAssessmentWithdrawn,
    DuesBaseAssessed,
    DuesReceiptIssued,
    DuesReceived,
    DuesReductionApproved,
    DuesRemitted,
    DuesReversed,
    DuesSpendingApproved,
    DuesSpent,
    EntryKind,
    PaymentKind,
)
from projections.engine.fold import Fact, Handler, Row
from projections.ledgers.l04_dues_forms import ASSESSMENT, MONTHS, PAYMENTS, REMITTANCES, USES
from projections.ledgers.l04_dues_forms import REGISTERS as REGISTERS
from projections.ledgers.register import entry, strike

FOR_GOOD: Month = "9999-12"
E = TypeVar("E", bound=Event)


class Paid(msgspec.Struct, array_like=True):
    """One payment that was recorded, as far as the sheet shows it."""

    entry_id: str
    kind: PaymentKind
    amount_fen: Fen
    paid_on: dt.date
    collector: PersonId
    receipt_no: ReceiptNo | None = None
    reversed: bool = False


class Span(msgspec.Struct, array_like=True):
    """A monthly amount that stands in for the usual one, from a month to a month."""

    first: Month
    last: Month
    monthly_fen: Fen


class Sheet(msgspec.Struct):
    """One member's sheet of one year."""

    payments: dict[Month, list[Paid]] = msgspec.field(default_factory=dict)
    corrections: list[str] = msgspec.field(default_factory=list)
    owed: int = -1
    due: list[Fen] = msgspec.field(default_factory=list)
    """What each of the twelve months asks for; empty until worked out, emptied when an assessment, reduction or absence changes it."""


class Payer(msgspec.Struct):
    """What one member owes and paid."""

    assessed: dict[Month, Fen] = msgspec.field(default_factory=dict)
    assessment_rows: dict[Month, str] = msgspec.field(default_factory=dict)
    reductions: list[Span] = msgspec.field(default_factory=list)
    sheets: dict[int, Sheet] = msgspec.field(default_factory=dict)
    away: list[Span] = msgspec.field(default_factory=list)
    """Months in which the member was not of this branch; nothing is due here then."""

    def usual_fen(self, month: Month) -> Fen:
        """What was assessed for a month, reductions apart."""
        known = [first for first in self.assessed if first <= month]
        return self.assessed[max(known)] if known else 0

    def due_fen(self, month: Month) -> Fen:
        for span in (*reversed(self.away), *reversed(self.reductions)):
            if span.first <= month <= span.last:
                return span.monthly_fen
        return self.usual_fen(month)

    def year_due(self, year: int) -> list[Fen]:
        """The twelve months' dues of a year, remembered on its sheet."""
        sheet = self.sheets[year]
        if not sheet.due:
            sheet.due = [self.due_fen(f"{year}-{month}") for month in MONTHS]
        return sheet.due

    def forget_dues(self) -> None:
        for sheet in self.sheets.values():
            sheet.due = []


class DuesBook(msgspec.Struct):
    """The dues of one branch, as far as rows to come depend on them."""

    payers: dict[PersonId, Payer] = msgspec.field(default_factory=dict)
    newest: Month = "0001-01"
    balance_fen: Fen = 0
    decisions: dict[str, str] = msgspec.field(default_factory=dict)
    """The decision as the form words it, by id."""
    rows: dict[str, tuple[str, int]] = msgspec.field(default_factory=dict)
    """Register and year of the row of each remittance and spending."""

    def payer(self, person: PersonId) -> Payer:
        return self.payers.setdefault(person, Payer())


def assessed(book: DuesBook, fact: Fact[DuesBaseAssessed]) -> Iterator[Row]:
    event = fact.event
    payer = book.payer(event.person_id)
    if event.from_month in payer.assessment_rows:
        yield strike(ASSESSMENT, fact, payer.assessment_rows[event.from_month], year=event.year)
    payer.assessed[event.from_month] = event.monthly_fen
    payer.forget_dues()
    payer.assessment_rows[event.from_month] = fact.event_id
    cells = {
        "year": str(event.year),
        "person": event.person_id,
        "status": event.status.zh,
        "income": event.income_kind.zh,
        "included": event.included_items,
        "deductions": event.deductions,
        "base": event.base_yuan,
        "rate": _percent(event.rate_per_10000),
        "monthly": event.monthly_fen,
        "assessed_by": event.assessed_by,
        "signed": event.signed_by_member,
        "assessed_on": event.occurred_on,
        "from_month": event.from_month,
        "ground": event.ground,
    }
    yield entry(ASSESSMENT, fact, fact.event_id, cells, year=event.year, subject=event.person_id, occurred_on=event.occurred_on)
    yield from sheets_from(book, fact, event.person_id, event.year)


def assessment_withdrawn(book: DuesBook, fact: Fact[DuesAssessmentWithdrawn]) -> Iterator[Row]:
    """Its row is struck, and the sheets ask for what was assessed before."""
    event = fact.event
    payer, year = book.payer(event.person_id), int(event.from_month[:4])
    yield strike(ASSESSMENT, fact, payer.assessment_rows.pop(event.from_month), year=year)
    del payer.assessed[event.from_month]
    payer.forget_dues()
    yield from sheets_from(book, fact, event.person_id, year)


def _percent(rate_per_10000: int | None) -> str:
    if rate_per_10000 is None:
        return "定额"
    return f"{rate_per_10000 // 100}.{rate_per_10000 % 100:02d}".rstrip("0").rstrip(".") + "%"


def reduced(book: DuesBook, fact: Fact[DuesReductionApproved]) -> Iterator[Row]:
    event = fact.event
    payer = book.payer(event.person_id)
    payer.reductions.append(Span(event.from_month, event.to_month, event.monthly_fen))
    payer.forget_dues()
    yield from sheets_from(book, fact, event.person_id, int(event.from_month[:4]))


def received(book: DuesBook, fact: Fact[DuesReceived]) -> Iterator[Row]:
    event = fact.event
    book.balance_fen += event.amount_fen
    yield from _time(book, fact, month_of(event.occurred_on))
    year = int(event.month[:4])
    sheet = book.payer(event.person_id).sheets.setdefault(year, Sheet())
    paid = Paid(event.entry_id, event.kind, event.amount_fen, event.occurred_on, event.collector)
    sheet.payments.setdefault(event.month, []).append(paid)
    yield _sheet(book, fact, event.person_id, year, (event.month,))


def receipted(book: DuesBook, fact: Fact[DuesReceiptIssued]) -> Iterator[Row]:
    event = fact.event
    year = int(event.month[:4])
    for paid in book.payer(event.person_id).sheets[year].payments[event.month]:
        if paid.entry_id == event.entry_id:
            paid.receipt_no = event.receipt_no
    yield _sheet(book, fact, event.person_id, year, ())


def reversed_(book: DuesBook, fact: Fact[DuesReversed]) -> Iterator[Row]:
    """A payment's cells show what is left, with the correction beside; another entry's row is struck."""
    event = fact.event
    book.balance_fen += -event.amount_fen if event.kind in (EntryKind.PAYMENT, EntryKind.ALLOCATION) else event.amount_fen
    if event.person_id is not None and event.month is not None:
        year = int(event.month[:4])
        sheet = book.payer(event.person_id).sheets[year]
        for paid in sheet.payments[event.month]:
            paid.reversed = paid.reversed or paid.entry_id == event.entry_id
        sheet.corrections.append(_correction(event))
        yield _sheet(book, fact, event.person_id, year, (event.month,))
    elif event.entry_id in book.rows:
        code, year = book.rows[event.entry_id]
        yield strike(REMITTANCES if code == REMITTANCES.code else USES, fact, event.entry_id, year=year)


def _correction(event: DuesReversed) -> str:
    fate = "作废" if event.receipt_stands_in is None else "有效"
    void = f"，票据{event.receipt_no}{fate}" if event.receipt_no else ""
    return f"{event.occurred_on} 冲正{event.month} {_yuan(event.amount_fen)}元{void}：{event.reason}"


def _yuan(amount_fen: Fen) -> str:
    return f"{amount_fen // 100}.{amount_fen % 100:02d}"


def approved(book: DuesBook, fact: Fact[DuesSpendingApproved]) -> Iterable[Row]:
    event = fact.event
    book.decisions[event.decision_id] = f"{event.decided_by.zh} {event.occurred_on}"
    return ()


def spent(book: DuesBook, fact: Fact[DuesSpent]) -> Iterator[Row]:
    event = fact.event
    book.balance_fen -= event.amount_fen
    cells = {
        "spent_on": event.occurred_on,
        "use": event.use.zh,
        "purpose": event.purpose,
        "amount": event.amount_fen,
        "decision": book.decisions[event.decision_id],
        "handled_by": event.handled_by,
        "approver": event.approver,
        "voucher_no": event.voucher_no,
        "balance": book.balance_fen,
    }
    book.rows[event.entry_id] = (USES.code, event.occurred_on.year)
    yield from _time(book, fact, month_of(event.occurred_on))
    yield entry(USES, fact, event.entry_id, cells)


def remitted(book: DuesBook, fact: Fact[DuesRemitted]) -> Iterator[Row]:
    event = fact.event
    book.balance_fen -= event.amount_fen
    cells = {
        "period": event.from_month if event.from_month == event.to_month else f"{event.from_month} 至 {event.to_month}",
        "collected": event.collected_fen,
        "amount": event.amount_fen,
        "remitted_on": event.occurred_on,
        "voucher_no": event.voucher_no,
        "signed_by": event.signed_by,
    }
    book.rows[event.entry_id] = (REMITTANCES.code, event.occurred_on.year)
    yield from _time(book, fact, month_of(event.occurred_on))
    yield entry(REMITTANCES, fact, event.entry_id, cells)


def allocated(book: DuesBook, fact: Fact[DuesAllocationReceived]) -> Iterable[Row]:
    book.balance_fen += fact.event.amount_fen
    return ()


def marked(book: DuesBook, fact: Fact[E]) -> Iterator[Row]:
    """A mark is itself a sign that its months are over."""
    yield from _time(book, fact, month_of(fact.event.occurred_on))


def left(book: DuesBook, fact: Fact[E], person: PersonId) -> Iterator[Row]:
    """From the month after, a member who left owes nothing here."""
    if (payer := book.payers.get(person)) is not None:
        payer.away.append(Span(month_add(month_of(fact.event.occurred_on), 1), FOR_GOOD, 0))
        payer.forget_dues()
        yield from sheets_from(book, fact, person, fact.event.occurred_on.year)


def came(book: DuesBook, fact: Fact[E], person: PersonId) -> Iterator[Row]:
    """Somebody who comes back owes again from that month on."""
    payer = book.payers.get(person)
    if payer is not None and payer.away and payer.away[-1].last == FOR_GOOD:
        payer.away[-1].last = month_add(month_of(fact.event.occurred_on), -1)
        payer.forget_dues()
        yield from sheets_from(book, fact, person, fact.event.occurred_on.year)


def _time(book: DuesBook, fact: Fact[E], month: Month) -> Iterator[Row]:
    """When a new month begins, the one before is over, and whoever has not paid it owes it."""
    if month <= book.newest:
        return
    book.newest = month
    for person, payer in book.payers.items():
        for year in (int(month[:4]) - 1, int(month[:4])):
            sheet = payer.sheets.get(year)
            if sheet is not None and (owed := _owed(book, payer, sheet, year)) != sheet.owed:
                sheet.owed = owed
                yield entry(PAYMENTS, fact, person, {"months_owed": owed}, year=year, subject=person)


def sheets_from(book: DuesBook, fact: Fact[E], person: PersonId, year: int) -> Iterator[Row]:
    """The sheet of a year, made if need be, and those of later years that exist."""
    sheets = book.payer(person).sheets
    sheets.setdefault(year, Sheet())
    for later in sorted(y for y in sheets if y >= year):
        yield _sheet(book, fact, person, later, ())


def _sheet(book: DuesBook, fact: Fact[E], person: PersonId, year: int, months: tuple[Month, ...]) -> Row:
    """The row with its sums; of the months only those that changed."""
    payer = book.payer(person)
    sheet = payer.sheets[year]
    first = sheet.owed < 0
    sheet.owed = _owed(book, payer, sheet, year)
    totals = _totals(sheet)
    cells = {
        "person": person,
        "monthly": payer.usual_fen(f"{year}-12"),
        "voluntary": totals.voluntary_fen,
        "back": totals.back_fen,
        "year_due": sum(payer.year_due(year)),
        "year_paid": totals.paid_fen,
        "months_owed": sheet.owed,
        "receipts": totals.receipts,
        "corrections": list(sheet.corrections),
    }
    for month in months:
        cells |= _month(month, sheet.payments.get(month, ()))
    return entry(PAYMENTS, fact, person, cells, year=year, subject=person, occurred_on=fact.event.occurred_on if first else None)


class Totals(msgspec.Struct):
    """What stands on a sheet."""

    paid_fen: Fen = 0
    voluntary_fen: Fen = 0
    back_fen: Fen = 0
    receipts: list[str] = []


def _totals(sheet: Sheet) -> Totals:
    """Reversed payments keep their receipt and count for nothing."""
    totals = Totals()
    for payments in sheet.payments.values():
        for paid in payments:
            if paid.receipt_no:
                totals.receipts.append(paid.receipt_no)
            if paid.reversed:
                continue
            totals.paid_fen += paid.amount_fen
            if paid.kind is PaymentKind.VOLUNTARY:
                totals.voluntary_fen += paid.amount_fen
            elif paid.kind is PaymentKind.BACK:
                totals.back_fen += paid.amount_fen
    return totals


def _month(month: Month, payments: Iterable[Paid]) -> dict[str, object]:
    """The three cells of a month: what stands, when and by whom it was last collected."""
    standing = [paid for paid in payments if not paid.reversed]
    last = standing[-1] if standing else None
    return {
        f"paid_{month[5:]}": sum(paid.amount_fen for paid in standing),
        f"paid_on_{month[5:]}": last and last.paid_on,
        f"collector_{month[5:]}": last and last.collector,
    }


def _owed(book: DuesBook, payer: Payer, sheet: Sheet, year: int) -> int:
    """How many months before the newest one have less paid than due."""
    owed = 0
    for month, due_fen in zip(MONTHS, payer.year_due(year), strict=True):
        name = f"{year}-{month}"
        if name >= book.newest:
            break
        if due_fen > 0 and _towards(sheet, name) < due_fen:
            owed += 1
    return owed


def _towards(sheet: Sheet, month: Month) -> Fen:
    paid_fen = 0
    for paid in sheet.payments.get(month, ()):
        if not paid.reversed and paid.kind is not PaymentKind.VOLUNTARY:
            paid_fen += paid.amount_fen
    return paid_fen


HANDLERS: Mapping[type[Event], Handler] = {
    DuesBaseAssessed: assessed,
    DuesAssessmentWithdrawn: assessment_withdrawn,
    DuesReductionApproved: reduced,
    DuesReceived: received,
    DuesReceiptIssued: receipted,
    DuesReversed: reversed_,
    DuesSpendingApproved: approved,
    DuesSpent: spent,
    DuesRemitted: remitted,
    DuesAllocationReceived: allocated,
    DuesArrearsFlagged: marked,
    DuesArrearsCleared: marked,
}
