"""Ledger L04 党员管理: transfers out and in, and dues (N15, N16, N24.M04)."""

from collections.abc import Iterable, Mapping

import msgspec

from events.base import Event
from events.members import MemberLeft, MemberRegistered, MemberTransferredIn, MemberTransferredOut, OfMember
from projections.engine.fold import Fact, Handler, Projection, Row
from projections.ledgers import l04_admission, l04_admission_forms, l04_dues, l04_transfers
from projections.ledgers.register import Register

REGISTERS: tuple[Register, ...] = (*l04_admission_forms.REGISTERS, *l04_transfers.REGISTERS, *l04_dues.REGISTERS)


class Management(msgspec.Struct):
    """What is remembered of one branch for rows to come."""

    dues: l04_dues.DuesBook = msgspec.field(default_factory=l04_dues.DuesBook)
    letters: l04_transfers.LetterBook = msgspec.field(default_factory=l04_transfers.LetterBook)
    admissions: l04_admission.AdmissionBook = msgspec.field(default_factory=l04_admission.AdmissionBook)


def _dues(part: Handler) -> Handler:
    return lambda state, fact: part(state.dues, fact)


def _letters(part: Handler) -> Handler:
    return lambda state, fact: part(state.letters, fact)


def _admissions(part: Handler) -> Handler:
    return lambda state, fact: part(state.admissions, fact)


def _left(state: Management, fact: Fact[OfMember]) -> Iterable[Row]:
    return l04_dues.left(state.dues, fact, fact.event.person_id)


def _came(state: Management, fact: Fact[OfMember]) -> Iterable[Row]:
    return l04_dues.came(state.dues, fact, fact.event.person_id)


HANDLERS: Mapping[type[Event], Handler] = {
    **{event: _dues(part) for event, part in l04_dues.HANDLERS.items()},
    **{event: _letters(part) for event, part in l04_transfers.HANDLERS.items()},
    **{event: _admissions(part) for event, part in l04_admission.HANDLERS.items()},
    MemberTransferredOut: _left,
    MemberLeft: _left,
    MemberTransferredIn: _came,
    MemberRegistered: _came,
}

PROJECTION = Projection[Management](name="l04", tables=("ledger_row",), start=Management, handlers=HANDLERS)
