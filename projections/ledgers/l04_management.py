"""Ledger L04 党员管理: admissions, transfers, mobile members, dues (N14, N15, N16, N24.M04)."""

from collections.abc import Callable, Iterable, Iterator, Mapping

import msgspec

from events.base import Event
from events.dues import DuesReceived, DuesReductionApproved, DuesReversed
from events.members import MemberLeft, MemberRegistered, MemberTransferredIn, MemberTransferredOut, OfMember, RegistrationWithdrawn
from projections.engine.fold import Fact, Handler, Projection, Row
from projections.ledgers import l04_admission, l04_admission_forms, l04_dues, l04_fund, l04_mobile, l04_transfers
from projections.ledgers.register import Register

REGISTERS: tuple[Register, ...] = (
    *l04_admission_forms.REGISTERS,
    *l04_transfers.REGISTERS,
    *l04_mobile.REGISTERS,
    *l04_dues.REGISTERS,
    *l04_fund.REGISTERS,
)


class Management(msgspec.Struct):
    """What is remembered of one branch for rows to come."""

    dues: l04_dues.DuesBook = msgspec.field(default_factory=l04_dues.DuesBook)
    letters: l04_transfers.LetterBook = msgspec.field(default_factory=l04_transfers.LetterBook)
    mobile: l04_mobile.MobileBook = msgspec.field(default_factory=l04_mobile.MobileBook)
    fund: l04_fund.FundBook = msgspec.field(default_factory=l04_fund.FundBook)
    admissions: l04_admission.AdmissionBook = msgspec.field(default_factory=l04_admission.AdmissionBook)


def _dues(part: Handler) -> Handler:
    return lambda state, fact: part(state.dues, fact)


def _letters(part: Handler) -> Handler:
    return lambda state, fact: part(state.letters, fact)


def _admissions(part: Handler) -> Handler:
    return lambda state, fact: part(state.admissions, fact)


def _mobile(part: Handler) -> Handler:
    return lambda state, fact: part(state.mobile, fact)


def _fund(part: Callable[..., Iterable[Row]]) -> Handler:
    return lambda state, fact: part(state.fund, state.dues, fact)


def _received(state: Management, fact: Fact[DuesReceived]) -> Iterator[Row]:
    yield from l04_dues.received(state.dues, fact)
    yield from l04_mobile.paid(state.mobile, fact)


def _reversed(state: Management, fact: Fact[DuesReversed]) -> Iterator[Row]:
    yield from l04_dues.reversed_(state.dues, fact)
    yield from l04_mobile.reversed_(state.mobile, fact)
    yield from l04_fund.reversed_(state.fund, state.dues, fact)


def _reduced(state: Management, fact: Fact[DuesReductionApproved]) -> Iterator[Row]:
    yield from l04_dues.reduced(state.dues, fact)
    yield from l04_fund.approved(state.fund, state.dues, fact)


def _left(state: Management, fact: Fact[OfMember]) -> Iterable[Row]:
    return l04_dues.left(state.dues, fact, fact.event.person_id)


def _came(state: Management, fact: Fact[OfMember]) -> Iterable[Row]:
    return l04_dues.came(state.dues, fact, fact.event.person_id)


HANDLERS: Mapping[type[Event], Handler] = {
    **{event: _dues(part) for event, part in l04_dues.HANDLERS.items()},
    **{event: _letters(part) for event, part in l04_transfers.HANDLERS.items()},
    **{event: _admissions(part) for event, part in l04_admission.HANDLERS.items()},
    **{event: _mobile(part) for event, part in l04_mobile.HANDLERS.items()},
    **{event: _fund(part) for event, part in l04_fund.HANDLERS.items()},
    DuesReceived: _received,
    DuesReversed: _reversed,
    DuesReductionApproved: _reduced,
    MemberTransferredOut: _left,
    MemberLeft: _left,
    RegistrationWithdrawn: _left,
    MemberTransferredIn: _came,
    MemberRegistered: _came,
}

PROJECTION = Projection[Management](name="l04", tables=("ledger_row",), start=Management, handlers=HANDLERS)
