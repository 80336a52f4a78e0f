"""Who still owes dues for a month: what the monthly duty of collecting them hangs on (DL-05, N16.T03, R-D08)."""

import datetime as dt
from bisect import insort
from typing import Any

import msgspec

from events.base import Event, Fen, Month, PersonId, month_of
from events.dues import (
    DuesAssessmentWithdrawn,
    DuesBaseAssessed,
    DuesReceived,
    DuesReductionApproved,
    DuesReductionRefused,
    DuesReversed,
    PaymentKind,
)
from events.members import (
    MemberLeft,
    MemberRegistered,
    MembershipReinstated,
    MembershipSuspended,
    MemberTransferredIn,
    MemberTransferredOut,
    RegistrationWithdrawn,
)
from projections.engine.fold import Fact


class Payment(msgspec.Struct, frozen=True, array_like=True):
    """What a member paid for a month."""

    event_id: str
    on: dt.date
    fen: Fen
    entry: str = ""
    """The entry, where it is not called by its event."""

    @property
    def thing(self) -> str:
        return self.entry or self.event_id


class Reduction(msgspec.Struct, frozen=True, array_like=True):
    """What the superior approved to be less, or nothing, for some months."""

    event_id: str
    on: dt.date
    first: Month
    last: Month
    fen: Fen

    @property
    def thing(self) -> str:
        return self.event_id


class Payer(msgspec.Struct):
    """One member: amounts by first month, reductions in order of approval, since when and until when they belong here."""

    amounts: list[tuple[Month, Fen]] = []
    reductions: list[Reduction] = []
    since: Month = ""
    until: dt.date | None = None

    def due_fen(self, month: Month) -> Fen:
        """What is due here."""
        reduction = self.reduction(month) if self.reductions else None
        return self.full_fen(month) if reduction is None else reduction.fen

    def full_fen(self, month: Month) -> Fen:
        """As assessed, from the month of joining on, and not for the month in which somebody leaves."""
        if self._belongs(month):
            for first, fen in reversed(self.amounts):
                if first <= month:
                    return fen
        return 0

    def reduction(self, month: Month) -> Reduction | None:
        """The one that holds: what was approved last."""
        if not self._belongs(month):
            return None
        return next((one for one in reversed(self.reductions) if one.first <= month <= one.last), None)

    def _belongs(self, month: Month) -> bool:
        return month >= self.since and (self.until is None or month < month_of(self.until))


Share = tuple[Payment | Reduction, ...]
"""What one member's dues of a month rest on."""


class Purse(msgspec.Struct):
    """What members owe and have paid, by month."""

    payers: dict[PersonId, Payer] = {}
    paid: dict[Month, dict[PersonId, list[Payment]]] = {}
    """The payments that stand; what is given on top lowers nothing and is not kept."""

    def owes(self, person: PersonId, month: Month) -> bool:
        return self.payers[person].due_fen(month) > sum(payment.fen for payment in self._payments(person, month))

    def owing(self, month: Month) -> list[PersonId]:
        return [person for person in sorted(self.payers) if self.owes(person, month)]

    def paying(self, month: Month) -> list[PersonId]:
        """Who had something to pay and paid something."""
        payers = self.payers
        return [person for person, payments in self.paid.get(month, {}).items() if payments and payers[person].due_fen(month) > 0]

    def share(self, person: PersonId, month: Month) -> Share:
        """The earliest payments that reach what is due, and the reduction that says what is due."""
        payer = self.payers.get(person)
        if payer is None:
            return ()
        due_fen, paid_fen = payer.due_fen(month), 0
        found: list[Payment] = []
        for payment in sorted(self._payments(person, month), key=lambda payment: payment.on):
            if paid_fen >= due_fen:
                break
            found.append(payment)
            paid_fen += payment.fen
        reduction = payer.reduction(month)
        return (*found, *(() if reduction is None else (reduction,)))

    def shares(self, month: Month) -> dict[PersonId, Share]:
        """Of all members who have any, so far."""
        asked = sorted({*self.paid.get(month, ()), *(person for person, payer in self.payers.items() if payer.reductions)})
        return {person: share for person in asked if (share := self.share(person, month))}

    def take(self, fact: Fact[Any]) -> tuple[PersonId | None, Month | None]:
        """Folds an event; says whose debts changed, and for which month alone where it is only one."""
        match fact.event:
            case DuesReceived() as event:
                return self._received(event, fact.event_id)
            case DuesReversed() as event:
                return self._reversed(event)
            case DuesBaseAssessed(person_id=person) as event:
                insort(self._payer(person).amounts, (event.from_month, event.monthly_fen), key=lambda amount: amount[0])
            case DuesAssessmentWithdrawn(person_id=person) as event:
                payer = self._payer(person)
                payer.amounts = [amount for amount in payer.amounts if amount[0] != event.from_month]
            case DuesReductionApproved(person_id=person) as event:
                self._payer(person).reductions.append(
                    Reduction(fact.event_id, event.occurred_on, event.from_month, event.to_month, event.monthly_fen)
                )
            case DuesReductionRefused(person_id=person) as event:
                self._take_back(event)
            case MemberRegistered(person_id=person) as event:
                self._belongs(person, event.joined_on)
            case MemberTransferredIn(person_id=person) as event:
                self._belongs(person, event.occurred_on)
            case MembershipReinstated(person_id=person):
                self._payer(person).until = None
            case MembershipSuspended(person_id=person) | MemberLeft(person_id=person) | MemberTransferredOut(person_id=person) as event:
                self._payer(person).until = event.occurred_on
            case RegistrationWithdrawn(person_id=person):
                payer = self._payer(person)
                payer.until = dt.date.fromisoformat(f"{payer.since}-01")
            case event:
                raise AssertionError(f"{type(event).__name__} says nothing about dues owed")
        return person, None

    def _take_back(self, event: DuesReductionRefused) -> None:
        """The last approval for these months goes; a request that was refused had changed nothing."""
        reductions = self._payer(event.person_id).reductions
        mine = [at for at, one in enumerate(reductions) if (one.first, one.last) == (event.from_month, event.to_month)]
        if event.taken_back:
            del reductions[mine[-1]]

    def first_month(self) -> Month | None:
        """The first month for which somebody's dues are assessed."""
        return min((amount[0] for payer in self.payers.values() for amount in payer.amounts), default=None)

    def _received(self, event: DuesReceived, event_id: str) -> tuple[PersonId | None, Month | None]:
        if event.kind is PaymentKind.VOLUNTARY:
            return None, None
        self._payer(event.person_id)
        entry = "" if event.entry_id == event_id else event.entry_id
        payments = self.paid.setdefault(event.month, {}).setdefault(event.person_id, [])
        payments.append(Payment(event_id, event.occurred_on, event.amount_fen, entry))
        return event.person_id, event.month

    def _reversed(self, event: DuesReversed) -> tuple[PersonId | None, Month | None]:
        """Nothing changes when it was no payment, or one on top."""
        if event.person_id is None or event.month is None:
            return None, None
        payments = self._payments(event.person_id, event.month)
        left = [payment for payment in payments if payment.thing != event.entry_id]
        if len(left) == len(payments):
            return None, None
        self.paid[event.month][event.person_id] = left
        return event.person_id, event.month

    def _payments(self, person: PersonId, month: Month) -> list[Payment]:
        return self.paid.get(month, {}).get(person, [])

    def _belongs(self, person: PersonId, since: dt.date) -> None:
        payer = self._payer(person)
        payer.since, payer.until = month_of(since), None

    def _payer(self, person: PersonId) -> Payer:
        return self.payers.setdefault(person, Payer())


OF_ONE_MONTH: tuple[type[Event], ...] = (DuesReceived, DuesReversed)
"""What changes a single month."""
WATCHED: tuple[type[Event], ...] = (
    *OF_ONE_MONTH,
    DuesBaseAssessed,
    DuesAssessmentWithdrawn,
    DuesReductionApproved,
    DuesReductionRefused,
    MemberRegistered,
    MemberTransferredIn,
    MembershipReinstated,
    MembershipSuspended,
    MemberLeft,
    MemberTransferredOut,
    RegistrationWithdrawn,
)
"""What `Purse.take` folds."""
