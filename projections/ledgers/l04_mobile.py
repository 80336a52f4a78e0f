"""Ledger L04, mobile members: where each one is, when the branch was last in touch, how dues stand (N15, R-E09)."""

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from events.base import Event, Month, PersonId
from events.dues import DuesReceived, DuesReversed
from events.mobile import (
    MobileEntryWithdrawn,
    MobileMemberChanged,
    MobileMemberContacted,
    MobileMemberRegistered,
    MobileMemberReturned,
)
from projections.engine.fold import Fact, Handler, Row
from projections.ledgers.register import Column, Kind, Register, entry, strike

MOBILE = Register(
    ledger="L04",
    code="mobile",
    columns=(
        Column("person", "姓名", "Name", Kind.PERSON),
        Column("reason", "外出事由", "Reason"),
        Column("place", "外出地", "Place", Kind.SEALED),
        Column("span", "起止时间", "From, until"),
        Column("phone", "联系方式", "Telephone", Kind.MASKED),
        Column("card_no", "活动证号", "Activity card"),
        Column("host", "流入地党组织", "Host organisation"),
        Column("contact", "联系人", "Who keeps in touch", Kind.PERSON),
        Column("contacted_on", "最近联系日期", "Last contact", Kind.DATE),
        Column("dues", "党费交纳情况", "Dues"),
        Column("returned_on", "返回日期", "Returned on", Kind.DATE),
        Column("remark", "备注", "Remark"),
    ),
)

REGISTERS = (MOBILE,)


class Away(msgspec.Struct):
    """One time away, as far as its row depends on it."""

    year: int
    person: PersonId
    left_on: dt.date
    back_by: dt.date | None


class MobileBook(msgspec.Struct):
    """The times away of one branch, and up to which month each member paid."""

    away: dict[str, Away] = msgspec.field(default_factory=dict)
    of: dict[PersonId, str] = msgspec.field(default_factory=dict)
    """The time away that a member is on."""
    paid: dict[PersonId, dict[str, Month]] = msgspec.field(default_factory=dict)
    """Payments of whoever is or was away, by entry."""


def _row(book: MobileBook, fact: Fact[Any], absence_id: str, cells: dict[str, Any], day: dt.date | None = None) -> Row:
    away = book.away[absence_id]
    return entry(MOBILE, fact, absence_id, cells, year=away.year, subject=away.person, occurred_on=day)


def _span(away: Away) -> str:
    return f"{away.left_on} 至 {away.back_by or '未定'}"


def registered(book: MobileBook, fact: Fact[MobileMemberRegistered]) -> Iterator[Row]:
    event = fact.event
    away = Away(event.occurred_on.year, event.person_id, event.left_on, event.back_by)
    book.away[event.absence_id] = away
    book.of[event.person_id] = event.absence_id
    cells = {
        "person": event.person_id,
        "reason": event.reason.zh,
        "place": event.place,
        "span": _span(away),
        "phone": event.phone,
        "card_no": event.card_no,
        "host": event.host,
        "contact": event.contact,
        "remark": "外出6个月以上且地点固定，应转移组织关系" if event.transfer_due else None,
    }
    yield _row(book, fact, event.absence_id, cells, event.occurred_on)


def changed(book: MobileBook, fact: Fact[MobileMemberChanged]) -> Iterator[Row]:
    event = fact.event
    told = {"place": event.place, "phone": event.phone, "card_no": event.card_no, "host": event.host, "contact": event.contact}
    cells: dict[str, Any] = {column: value for column, value in told.items() if value is not None}
    if event.back_by is not None:
        book.away[event.absence_id].back_by = event.back_by
        cells["span"] = _span(book.away[event.absence_id])
    yield _row(book, fact, event.absence_id, cells)


def contacted(book: MobileBook, fact: Fact[MobileMemberContacted]) -> Iterator[Row]:
    """Only a contact that reached the member counts as one (R-E11)."""
    event = fact.event
    cells: dict[str, Any] = {"contacted_on": event.occurred_on} if event.reached else {"remark": f"{event.occurred_on} 未联系上"}
    if event.dues_paid_to is not None:
        cells["dues"] = f"在流入地交至{event.dues_paid_to}"
    yield _row(book, fact, event.absence_id, cells)


def returned(book: MobileBook, fact: Fact[MobileMemberReturned]) -> Iterator[Row]:
    event = fact.event
    _over(book, event.person_id, event.absence_id)
    yield _row(book, fact, event.absence_id, {"returned_on": event.occurred_on, "remark": event.how.zh})


def withdrawn(book: MobileBook, fact: Fact[MobileEntryWithdrawn]) -> Iterator[Row]:
    event = fact.event
    _over(book, event.person_id, event.absence_id)
    yield strike(MOBILE, fact, event.absence_id, year=book.away[event.absence_id].year)


def _over(book: MobileBook, person: PersonId, absence_id: str) -> None:
    if book.of.get(person) == absence_id:
        del book.of[person]


def paid(book: MobileBook, fact: Fact[DuesReceived]) -> Iterator[Row]:
    """Dues paid at home by somebody who is away."""
    event = fact.event
    if event.person_id in book.of:
        book.paid.setdefault(event.person_id, {})[event.entry_id] = event.month
        yield _row(book, fact, book.of[event.person_id], {"dues": _paid_to(book, event.person_id)})


def reversed_(book: MobileBook, fact: Fact[DuesReversed]) -> Iterator[Row]:
    person = fact.event.person_id
    payments = book.paid.get(person, {}) if person is not None else {}
    if person is not None and payments.pop(fact.event.entry_id, "") and person in book.of:
        yield _row(book, fact, book.of[person], {"dues": _paid_to(book, person)})


def _paid_to(book: MobileBook, person: PersonId) -> str | None:
    last = max(book.paid[person].values(), default=None)
    return None if last is None else f"交至{last}"


HANDLERS: Mapping[type[Event], Handler] = {
    MobileMemberRegistered: registered,
    MobileMemberChanged: changed,
    MobileMemberContacted: contacted,
    MobileMemberReturned: returned,
    MobileEntryWithdrawn: withdrawn,
}
