"""Who still owes dues for a month: what the monthly duty of collecting them hangs on (DL-05, N16.T03, R-D08)."""

import datetime as dt
from bisect import bisect_right, insort

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


class Payer(msgspec.Struct):
    """One member: amounts by first month, reductions in order of approval, since when and until when they belong here."""

    amounts: list[tuple[Month, Fen]] = []
    reductions: list[tuple[Month, Month, Fen]] = []
    since: Month = ""
    until: dt.date | None = None

    def due_fen(self, month: Month) -> Fen:
        """What is due here: from the month of joining on, and not for the month in which somebody leaves."""
        if month < self.since or (self.until is not None and month >= month_of(self.until)):
            return 0
        for first, last, fen in reversed(self.reductions):
            if first <= month <= last:
                return fen
        at = bisect_right(self.amounts, month, key=lambda amount: amount[0])
        return self.amounts[at - 1][1] if at else 0


class Purse(msgspec.Struct):
    """What members owe and have paid, by month."""

    payers: dict[PersonId, Payer] = {}
    got: dict[Month, dict[PersonId, Fen]] = {}
    last: dict[Month, dt.date] = {}
    """The latest day on which something was paid for a month."""
    gifts: list[str] = []
    """Entries paid on top, which lower nothing."""

    def owes(self, person: PersonId, month: Month) -> bool:
        return self.payers[person].due_fen(month) > self.got.get(month, {}).get(person, 0)

    def owing(self, month: Month) -> list[PersonId]:
        return [person for person in sorted(self.payers) if self.owes(person, month)]

    def take(self, event: Event) -> tuple[PersonId | None, Month | None]:
        """Folds an event; says whose debts changed, and for which month alone where it is only one."""
        match event:
            case DuesReceived():
                return self._received(event)
            case DuesReversed():
                return self._reversed(event)
            case DuesBaseAssessed(person_id=person):
                insort(self._payer(person).amounts, (event.from_month, event.monthly_fen), key=lambda amount: amount[0])
            case DuesAssessmentWithdrawn(person_id=person):
                payer = self._payer(person)
                payer.amounts = [amount for amount in payer.amounts if amount[0] != event.from_month]
            case DuesReductionApproved(person_id=person):
                self._payer(person).reductions.append((event.from_month, event.to_month, event.monthly_fen))
            case DuesReductionRefused(person_id=person):
                self._take_back(event)
            case MemberRegistered(person_id=person):
                self._belongs(person, event.joined_on)
            case MemberTransferredIn(person_id=person):
                self._belongs(person, event.occurred_on)
            case MembershipReinstated(person_id=person):
                self._payer(person).until = None
            case MembershipSuspended(person_id=person) | MemberLeft(person_id=person) | MemberTransferredOut(person_id=person):
                self._payer(person).until = event.occurred_on
            case RegistrationWithdrawn(person_id=person):
                payer = self._payer(person)
                payer.until = dt.date.fromisoformat(f"{payer.since}-01")
            case _:
                raise AssertionError(f"{type(event).__name__} says nothing about dues owed")
        return person, None

    def _take_back(self, event: DuesReductionRefused) -> None:
        """The last approval for these months goes; a request that was refused had changed nothing."""
        reductions = self._payer(event.person_id).reductions
        mine = [at for at, (first, last, _) in enumerate(reductions) if (first, last) == (event.from_month, event.to_month)]
        if event.taken_back:
            del reductions[mine[-1]]

    def first_month(self) -> Month | None:
        """The first month for which somebody's dues are assessed."""
        return min((amount[0] for payer in self.payers.values() for amount in payer.amounts), default=None)

    def _received(self, event: DuesReceived) -> tuple[PersonId | None, Month | None]:
        if event.kind is PaymentKind.VOLUNTARY:
            self.gifts.append(event.entry_id)
            return None, None
        self._payer(event.person_id)
        self._add(event.person_id, event.month, event.amount_fen)
        self.last[event.month] = max(event.occurred_on, self.last.get(event.month, event.occurred_on))
        return event.person_id, event.month

    def _reversed(self, event: DuesReversed) -> tuple[PersonId | None, Month | None]:
        if event.person_id is None or event.month is None or event.entry_id in self.gifts:
            return None, None
        self._add(event.person_id, event.month, -event.amount_fen)
        return event.person_id, event.month

    def _add(self, person: PersonId, month: Month, fen: Fen) -> None:
        got = self.got.setdefault(month, {})
        got[person] = got.get(person, 0) + fen

    def _belongs(self, person: PersonId, since: dt.date) -> None:
        payer = self._payer(person)
        payer.since, payer.until = month_of(since), None

    def _payer(self, person: PersonId) -> Payer:
        return self.payers.setdefault(person, Payer())


WATCHED: tuple[type[Event], ...] = (
    DuesReceived,
    DuesReversed,
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
