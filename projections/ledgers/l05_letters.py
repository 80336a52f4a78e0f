"""Letters and visits of members and the public (N18.M02): a register of ledger L05, and the same rows once more in ledger L06."""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from events.base import Event
from events.supervision import LetterVisitReceived, LetterVisitReferred, LetterVisitResolved, SupervisionEntryWithdrawn
from projections.engine.fold import Fact, Handler, Row
from projections.ledgers.register import Column, Kind, Register, entry, strike

COLUMNS = (
    Column("number", "编号", "Number"),
    Column("date", "日期", "Date", Kind.DATE),
    Column("channel", "方式(信/访/电/网)", "Channel"),
    Column("visitor", "来信来访人", "Who", Kind.MASKED),
    Column("member", "来信来访党员", "Member", Kind.PERSON),
    Column("matter", "反映事项", "Matter", Kind.MASKED),
    Column("received_by", "受理人", "Received by", Kind.PERSON),
    Column("referred_to", "转办", "Referred to"),
    Column("result", "办理结果", "Result", Kind.MASKED),
    Column("answered_on", "答复日期", "Answered on", Kind.DATE),
    Column("repeated", "是否重复", "Repeated", Kind.FLAG),
)

LETTERS = Register(ledger="L05", code="letters", columns=COLUMNS)
RECEPTIONS = Register(ledger="L06", code="receptions", columns=COLUMNS)
"""The second view; ledger L06 lists it and `handlers(RECEPTIONS)`."""


class LetterVisitBook(msgspec.Struct):
    """In which year each letter or visit has its row."""

    years: dict[str, int] = msgspec.field(default_factory=dict)


def handlers(register: Register) -> Mapping[type[Event], Handler]:
    """What fills one of the two registers."""

    def received(book: LetterVisitBook, fact: Fact[LetterVisitReceived]) -> Iterator[Row]:
        event = fact.event
        book.years[event.letter_visit_id] = event.occurred_on.year
        yield entry(register, fact, event.letter_visit_id, _cells(event), subject=event.person_id)

    def referred(book: LetterVisitBook, fact: Fact[LetterVisitReferred]) -> Iterator[Row]:
        yield _completed(register, book, fact, {"referred_to": fact.event.to})

    def resolved(book: LetterVisitBook, fact: Fact[LetterVisitResolved]) -> Iterator[Row]:
        yield _completed(register, book, fact, {"result": fact.event.result, "answered_on": fact.event.occurred_on})

    def withdrawn(book: LetterVisitBook, fact: Fact[SupervisionEntryWithdrawn]) -> Iterator[Row]:
        if fact.event.entry in book.years:
            yield strike(register, fact, fact.event.entry, year=book.years[fact.event.entry])

    return {
        LetterVisitReceived: received,
        LetterVisitReferred: referred,
        LetterVisitResolved: resolved,
        SupervisionEntryWithdrawn: withdrawn,
    }


def _cells(event: LetterVisitReceived) -> dict[str, Any]:
    return {
        "number": event.number,
        "date": event.occurred_on,
        "channel": event.channel.zh,
        "visitor": event.visitor,
        "member": event.person_id if event.of_member else None,
        "matter": event.matter,
        "received_by": event.received_by,
        "repeated": event.repeat_of is not None,
    }


def _completed(register: Register, book: LetterVisitBook, fact: Fact[Any], cells: dict[str, Any]) -> Row:
    thing = fact.event.letter_visit_id
    return entry(register, fact, thing, cells, year=book.years[thing])
