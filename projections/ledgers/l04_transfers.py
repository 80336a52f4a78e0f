"""Ledger L04, transfers: stubs of letters out with their receipts, and letters in (N15.M01, N15.M02)."""

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any, assert_never

import msgspec

from events.base import Event, LetterId
from events.transfers import (
    AcceptanceNoted,
    LetterExpired,
    LetterExtended,
    LetterIssued,
    LetterVoided,
    OfTransfers,
    ReceiptFiled,
    ReceiptReturned,
    RefusalNoted,
    TransferAccepted,
    TransferFileBound,
    TransferReceived,
    TransferRefused,
    TransferRequested,
    TransferRequestWithdrawn,
    TransferStep,
    TransferStepWithdrawn,
)
from projections.engine.fold import Fact, Handler, Row
from projections.ledgers.register import Column, Kind, Register, entry, strike
from projections.standard.codes import text_of

OUT = Register(
    ledger="L04",
    code="transfers-out",
    columns=(
        Column("number", "编号", "Number"),
        Column("person", "姓名", "Name", Kind.PERSON),
        Column("sex", "性别", "Sex"),
        Column("nationality", "民族", "Ethnic group"),
        Column("id_number", "身份证号", "ID number", Kind.MASKED),
        Column("status", "正式/预备", "Standing"),
        Column("to", "转往单位", "To"),
        Column("heading", "抬头", "Addressed to"),
        Column("dues_paid_to", "党费交至", "Dues paid to", Kind.MONTH),
        Column("valid_days", "有效期(天)", "Valid for (days)", Kind.COUNT),
        Column("issued_on", "开具日期", "Issued on", Kind.DATE),
        Column("handled_by", "经办人", "Handled by", Kind.PERSON),
        Column("contact", "联系电话", "Telephone"),
        Column("receipt_on", "回执日期", "Receipt on", Kind.DATE),
        Column("receipt_by", "回执经办人", "Receipt signed by"),
        Column("state", "状态", "State"),
    ),
)

IN = Register(
    ledger="L04",
    code="transfers-in",
    columns=(
        Column("received_on", "收信日期", "Received on", Kind.DATE),
        Column("number", "介绍信编号", "Letter number"),
        Column("person", "姓名", "Name", Kind.SEALED),
        Column("from", "来源党组织", "From"),
        Column("dues_paid_to", "党费交至", "Dues paid to", Kind.MONTH),
        Column("valid_until", "有效期止", "Valid until", Kind.DATE),
        Column("accepted_on", "接收日期", "Accepted on", Kind.DATE),
        Column("group", "编入党小组", "Group", Kind.GROUP),
        Column("receipt_on", "回执寄出日期", "Receipt sent on", Kind.DATE),
        Column("refused", "退回原因", "Sent back because"),
        Column("volume_no", "装订册号", "Volume"),
    ),
)

REQUESTS = Register(
    ledger="L04",
    code="transfer-requests",
    columns=(
        Column("requested_on", "申请日期", "Requested on", Kind.DATE),
        Column("person", "姓名", "Name", Kind.PERSON),
        Column("reason", "转出原因", "Reason"),
        Column("to", "拟转往单位", "Where to"),
        Column("leaves_on", "离开日期", "Leaves on", Kind.DATE),
        Column("issue_by", "应开具日期", "Letter due on", Kind.DATE),
        Column("number", "介绍信编号", "Letter number"),
        Column("withdrawn", "撤回原因", "Withdrawn because"),
    ),
)

REGISTERS = (REQUESTS, OUT, IN)

ISSUED, EXTENDED, VOIDED, EXPIRED = "已开具", "已延期", "作废", "过期"
ACCEPTED, REFUSED, FILED = "对方已接收", "对方退回", "回执已归档"


class LetterBook(msgspec.Struct):
    """In which year each request and each letter has its row, out and in."""

    requests: dict[LetterId, int] = msgspec.field(default_factory=dict)
    issued: dict[LetterId, int] = msgspec.field(default_factory=dict)
    arrived: dict[LetterId, int] = msgspec.field(default_factory=dict)
    keys: dict[LetterId, str] = msgspec.field(default_factory=dict)
    """Of a letter that came in anew after its row was struck: the key of the new row."""
    accepted: dict[LetterId, dt.date] = msgspec.field(default_factory=dict)
    """When the other side accepted, by letters out."""


def requested(book: LetterBook, fact: Fact[TransferRequested]) -> Iterator[Row]:
    event = fact.event
    book.requests[event.letter_id] = event.occurred_on.year
    cells = {
        "requested_on": event.occurred_on,
        "person": event.person_id,
        "reason": event.reason,
        "to": event.to_name,
        "leaves_on": event.leaves_on,
        "issue_by": event.issue_by,
    }
    yield entry(REQUESTS, fact, event.letter_id, cells, subject=event.person_id)


def request_withdrawn(book: LetterBook, fact: Fact[TransferRequestWithdrawn]) -> Iterator[Row]:
    letter_id = fact.event.letter_id
    yield entry(REQUESTS, fact, letter_id, {"withdrawn": fact.event.reason}, year=book.requests[letter_id])
    yield strike(REQUESTS, fact, letter_id, year=book.requests[letter_id])


def issued(book: LetterBook, fact: Fact[LetterIssued]) -> Iterator[Row]:
    event = fact.event
    book.issued[event.letter_id] = int(event.number.rsplit("-", 2)[1])
    yield _out(
        book,
        fact,
        {
            "number": event.number,
            "person": event.person_id,
            "sex": event.sex,
            "nationality": text_of("nation", event.nationality),
            "id_number": event.id_number,
            "status": event.status.zh,
            "to": event.to_name,
            "heading": event.heading,
            "dues_paid_to": event.dues_paid_to,
            "valid_days": event.valid_days,
            "issued_on": event.occurred_on,
            "handled_by": event.handled_by,
            "contact": event.contact,
            "state": ISSUED,
        },
    )
    if event.letter_id in book.requests:
        yield entry(REQUESTS, fact, event.letter_id, {"number": event.number}, year=book.requests[event.letter_id])


def _out(book: LetterBook, fact: Fact[Any], cells: dict[str, Any]) -> Row:
    event = fact.event
    day = event.occurred_on if isinstance(event, LetterIssued) else None
    return entry(OUT, fact, event.letter_id, cells, year=book.issued[event.letter_id], subject=event.person_id, occurred_on=day)


def extended(book: LetterBook, fact: Fact[LetterExtended]) -> Iterator[Row]:
    yield _out(book, fact, {"state": f"{EXTENDED}至{fact.event.valid_until}"})


def voided(book: LetterBook, fact: Fact[LetterVoided]) -> Iterator[Row]:
    """A void letter keeps its row and number; the reason shows beside it (R-E02)."""
    yield _out(book, fact, {"state": f"{VOIDED}：{fact.event.reason}"})


def expired(book: LetterBook, fact: Fact[LetterExpired]) -> Iterator[Row]:
    yield _out(book, fact, {"state": EXPIRED})


def acceptance_noted(book: LetterBook, fact: Fact[AcceptanceNoted]) -> Iterator[Row]:
    book.accepted[fact.event.letter_id] = fact.event.occurred_on
    yield _out(book, fact, {"state": f"{ACCEPTED} {fact.event.occurred_on}"})


def refusal_noted(book: LetterBook, fact: Fact[RefusalNoted]) -> Iterator[Row]:
    yield _out(book, fact, {"state": f"{REFUSED}：{fact.event.reason}"})


def filed(book: LetterBook, fact: Fact[ReceiptFiled]) -> Iterator[Row]:
    event = fact.event
    yield _out(book, fact, {"receipt_on": event.occurred_on, "receipt_by": event.handled_by, "state": FILED})


def received(book: LetterBook, fact: Fact[TransferReceived]) -> Iterator[Row]:
    """The name comes with the letter: until acceptance the person is in no roster of this branch."""
    event = fact.event
    if event.letter_id in book.arrived:
        book.keys[event.letter_id] = f"{event.letter_id}/{fact.page}"
    book.arrived[event.letter_id] = event.occurred_on.year
    cells = {
        "received_on": event.occurred_on,
        "number": event.number,
        "person": event.name,
        "from": event.from_name,
        "dues_paid_to": event.dues_paid_to,
        "valid_until": event.valid_until,
    }
    yield _in(book, fact, cells)


def _in(book: LetterBook, fact: Fact[Any], cells: dict[str, Any]) -> Row:
    event = fact.event
    day = event.occurred_on if isinstance(event, TransferReceived) else None
    return entry(IN, fact, _key(book, event), cells, year=book.arrived[event.letter_id], subject=event.person_id, occurred_on=day)


def _key(book: LetterBook, event: OfTransfers) -> str:
    return book.keys.get(event.letter_id, event.letter_id)


def accepted(book: LetterBook, fact: Fact[TransferAccepted]) -> Iterator[Row]:
    yield _in(book, fact, {"accepted_on": fact.event.occurred_on, "group": fact.event.group_id})


def refused(book: LetterBook, fact: Fact[TransferRefused]) -> Iterator[Row]:
    yield _in(book, fact, {"refused": fact.event.reason})


def returned(book: LetterBook, fact: Fact[ReceiptReturned]) -> Iterator[Row]:
    yield _in(book, fact, {"receipt_on": fact.event.occurred_on})


def bound(book: LetterBook, fact: Fact[TransferFileBound]) -> Iterator[Row]:
    yield _in(book, fact, {"volume_no": fact.event.volume_no})


def step_withdrawn(book: LetterBook, fact: Fact[TransferStepWithdrawn]) -> Iterator[Row]:
    """A letter that never came leaves a struck row with the reason; of the other entries the cells are empty again."""
    event = fact.event
    match event.step:
        case TransferStep.RECEIVED:
            yield _in(book, fact, {"refused": f"撤销：{event.reason}"})
            yield strike(IN, fact, _key(book, event), year=book.arrived[event.letter_id])
        case TransferStep.ACCEPTED:
            yield _in(book, fact, {"accepted_on": None, "group": None})
        case TransferStep.RETURNED:
            yield _in(book, fact, {"receipt_on": None})
        case TransferStep.FILED:
            yield _out(book, fact, {"receipt_on": None, "receipt_by": None, "state": f"{ACCEPTED} {book.accepted[event.letter_id]}"})
        case other:
            assert_never(other)


HANDLERS: Mapping[type[Event], Handler] = {
    TransferRequested: requested,
    TransferRequestWithdrawn: request_withdrawn,
    LetterIssued: issued,
    LetterExtended: extended,
    LetterVoided: voided,
    LetterExpired: expired,
    AcceptanceNoted: acceptance_noted,
    RefusalNoted: refusal_noted,
    ReceiptFiled: filed,
    TransferReceived: received,
    TransferAccepted: accepted,
    TransferRefused: refused,
    ReceiptReturned: returned,
    TransferFileBound: bound,
    TransferStepWithdrawn: step_withdrawn,
}
