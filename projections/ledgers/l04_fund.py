"""Ledger L04, beside the payment sheet: dues cards, reductions, and the care of the fund (N16.M04, R-D05, R-D15, R-D16)."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import msgspec

from events.base import Event, Fen, PersonId
from events.custody import CustodyEntryWithdrawn, CustodyHandedOver, DuesAccountsPublished, DuesAudited, DuesReminderSent
from events.dues import (
    DuesCardFilled,
    DuesReductionApproved,
    DuesReductionRefused,
    DuesReductionRequested,
    DuesReversed,
    LargeDuesForwarded,
)
from projections.engine.fold import Fact, Row
from projections.ledgers.l04_dues import DuesBook, sheets_from
from projections.ledgers.register import Column, Kind, Register, entry, strike

CARD = Register(
    ledger="L04",
    code="dues-card",
    columns=(
        Column("person", "姓名", "Name", Kind.PERSON),
        Column("month", "年月", "Month", Kind.MONTH),
        Column("amount", "金额", "Amount", Kind.MONEY),
        Column("collector", "收款人签章", "Collector", Kind.PERSON),
        Column("paid_on", "日期", "Date", Kind.DATE),
        Column("filled_on", "填写日期", "Filled in on", Kind.DATE),
    ),
)

REDUCTIONS = Register(
    ledger="L04",
    code="dues-reductions",
    columns=(
        Column("person", "姓名", "Name", Kind.PERSON),
        Column("span", "起止月", "Months"),
        Column("requested_on", "申请日期", "Requested on", Kind.DATE),
        Column("asked", "申请每月交纳", "Asked for", Kind.MONEY),
        Column("reason", "困难情况", "Hardship", Kind.MASKED),
        Column("approved_on", "批准日期", "Approved on", Kind.DATE),
        Column("approval_no", "批准文号", "Approval no."),
        Column("monthly", "批准每月交纳", "Approved", Kind.MONEY),
        Column("refused_on", "不予批准日期", "Refused on", Kind.DATE),
        Column("refusal", "不予批准原因", "Why refused", Kind.SEALED),
    ),
)

FUND = Register(
    ledger="L04",
    code="dues-fund",
    columns=(
        Column("on", "日期", "Date", Kind.DATE),
        Column("matter", "事项", "Matter"),
        Column("people", "有关人员", "People", Kind.PERSONS),
        Column("amount", "金额", "Amount", Kind.MONEY),
        Column("told", "情况", "Particulars"),
        Column("by", "检查或签收人", "Checked or signed for by"),
        Column("note", "谈话记录", "What was said", Kind.SEALED),
    ),
)

SPAN = " 至 "
"""Between the first month and the last."""

REGISTERS = (CARD, REDUCTIONS, FUND)


class FundBook(msgspec.Struct):
    """In which year each row stands."""

    cards: dict[str, int] = msgspec.field(default_factory=dict)
    rows: dict[str, int] = msgspec.field(default_factory=dict)
    asked: dict[PersonId, tuple[str, int]] = msgspec.field(default_factory=dict)
    """Key and year of a member's request that is not answered yet."""
    granted: dict[str, list[tuple[str, int]]] = msgspec.field(default_factory=dict)
    """Key and year of the rows of approvals that stand, by member and months."""


def card_filled(book: FundBook, dues: DuesBook, fact: Fact[DuesCardFilled]) -> Iterator[Row]:
    """One line of the card for each payment, as it stands in the sheet."""
    event = fact.event
    wanted = frozenset(event.entries)
    for sheet in dues.payer(event.person_id).sheets.values():
        for month, payments in sheet.payments.items():
            for payment in payments:
                if payment.entry_id in wanted:
                    book.cards[payment.entry_id] = int(month[:4])
                    cells = {
                        "person": event.person_id,
                        "month": month,
                        "amount": payment.amount_fen,
                        "collector": payment.collector,
                        "paid_on": payment.paid_on,
                        "filled_on": event.occurred_on,
                    }
                    year, day = int(month[:4]), event.occurred_on
                    yield entry(CARD, fact, payment.entry_id, cells, year=year, subject=event.person_id, occurred_on=day)


def reversed_(book: FundBook, _dues: DuesBook, fact: Fact[DuesReversed]) -> Iterator[Row]:
    """What was taken back is struck on the card, or in the register of the fund."""
    entry_id = fact.event.entry_id
    if entry_id in book.cards:
        yield strike(CARD, fact, entry_id, year=book.cards[entry_id])
    if entry_id in book.rows:
        yield strike(FUND, fact, entry_id, year=book.rows[entry_id])


def requested(book: FundBook, _dues: DuesBook, fact: Fact[DuesReductionRequested]) -> Iterator[Row]:
    event = fact.event
    book.asked[event.person_id] = (fact.event_id, event.occurred_on.year)
    cells = {
        "person": event.person_id,
        "span": f"{event.from_month}{SPAN}{event.to_month}",
        "requested_on": event.occurred_on,
        "asked": event.monthly_fen,
        "reason": event.reason,
    }
    yield entry(REDUCTIONS, fact, fact.event_id, cells, subject=event.person_id)


def approved(book: FundBook, _dues: DuesBook, fact: Fact[DuesReductionApproved]) -> Iterator[Row]:
    """The answer stands beside the request; without one it has its own row."""
    event = fact.event
    day = event.occurred_on
    key, year = book.asked.pop(event.person_id, (fact.event_id, day.year))
    cells: dict[str, Any] = {
        "span": f"{event.from_month}{SPAN}{event.to_month}",
        "approved_on": day,
        "approval_no": event.approval_no,
        "monthly": event.monthly_fen,
    }
    own = key == fact.event_id
    if own:
        cells |= {"person": event.person_id, "reason": event.reason}
    book.granted.setdefault(_about(event), []).append((key, year))
    yield entry(REDUCTIONS, fact, key, cells, year=year, subject=event.person_id, occurred_on=day if own else None)


def refused(book: FundBook, dues: DuesBook, fact: Fact[DuesReductionRefused]) -> Iterator[Row]:
    """Beside the request; after an approval that was taken back, its cells are empty and the sheets ask again for what was assessed."""
    event = fact.event
    cells: dict[str, Any] = {"refused_on": event.occurred_on, "refusal": event.reason}
    if event.taken_back:
        key, year = book.granted[_about(event)].pop()
        cells |= {"approved_on": None, "approval_no": None, "monthly": None}
    else:
        key, year = book.asked.pop(event.person_id)
    yield entry(REDUCTIONS, fact, key, cells, year=year, subject=event.person_id)
    if event.taken_back:
        payer = dues.payer(event.person_id)
        last = next(span for span in reversed(payer.reductions) if (span.first, span.last) == (event.from_month, event.to_month))
        payer.reductions = [span for span in payer.reductions if span is not last]
        payer.forget_dues()
        yield from sheets_from(dues, fact, event.person_id, int(event.from_month[:4]))


def _about(event: DuesReductionApproved | DuesReductionRefused) -> str:
    return f"{event.person_id} {event.from_month} {event.to_month}"


def _fund(book: FundBook, fact: Fact[Any], cells: dict[str, Any], subject: PersonId | None = None) -> Row:
    event = fact.event
    book.rows[event.entry_id] = event.occurred_on.year
    return entry(FUND, fact, event.entry_id, {"on": event.occurred_on, "matter": event.zh, **cells}, subject=subject)


def forwarded(book: FundBook, dues: DuesBook, fact: Fact[LargeDuesForwarded]) -> Iterator[Row]:
    """Money that goes out of the fund again."""
    event = fact.event
    dues.balance_fen -= event.amount_fen
    cells = {"people": [event.person_id], "amount": event.amount_fen, "told": f"凭证{event.voucher_no}", "by": event.received_by}
    yield _fund(book, fact, cells, event.person_id)


def reminded(book: FundBook, _dues: DuesBook, fact: Fact[DuesReminderSent]) -> Iterator[Row]:
    event = fact.event
    education = "，已作批评教育并限期改正" if event.education else ""
    told = f"{event.way.zh}：欠交{len(event.months)}个月，连续{event.consecutive}个月{education}"
    yield _fund(book, fact, {"people": [event.person_id], "told": told, "note": event.note}, event.person_id)


def published(book: FundBook, _dues: DuesBook, fact: Fact[DuesAccountsPublished]) -> Iterator[Row]:
    event = fact.event
    ways = "、".join(way.zh for way in event.ways)
    told = f"{event.from_month} 至 {event.to_month}，{ways}：收缴{_yuan(event.collected_fen)}，使用{_yuan(event.spent_fen)}"
    yield _fund(book, fact, {"amount": event.balance_fen, "told": f"{told}，上缴{_yuan(event.remitted_fen)}"})


def audited(book: FundBook, _dues: DuesBook, fact: Fact[DuesAudited]) -> Iterator[Row]:
    event = fact.event
    told = f"{event.from_month} 至 {event.to_month}，账面{_yuan(event.book_fen)}：{event.findings}"
    measures = f"；处理：{event.measures}" if event.measures else ""
    yield _fund(book, fact, {"amount": event.counted_fen, "told": told + measures, "by": event.checked_by})


def handed_over(book: FundBook, _dues: DuesBook, fact: Fact[CustodyHandedOver]) -> Iterator[Row]:
    """Who gave, who took, who watched, in this order."""
    event = fact.event
    people = [person for person in (event.from_person, event.to_person, event.witness) if person is not None]
    yield _fund(book, fact, {"people": people, "amount": event.balance_fen, "told": event.papers})


def withdrawn(book: FundBook, _dues: DuesBook, fact: Fact[CustodyEntryWithdrawn]) -> Iterator[Row]:
    yield strike(FUND, fact, fact.event.entry_id, year=book.rows[fact.event.entry_id])


def _yuan(fen: Fen) -> str:
    return f"{fen // 100}.{fen % 100:02d}元"


HANDLERS: Mapping[type[Event], Callable[..., Iterator[Row]]] = {
    DuesCardFilled: card_filled,
    DuesReductionRequested: requested,
    DuesReductionRefused: refused,
    LargeDuesForwarded: forwarded,
    DuesReminderSent: reminded,
    DuesAccountsPublished: published,
    DuesAudited: audited,
    CustodyHandedOver: handed_over,
    CustodyEntryWithdrawn: withdrawn,
}
"""(fund, dues, fact) -> rows; what the payment sheet takes up too is put together in `l04_management`."""
