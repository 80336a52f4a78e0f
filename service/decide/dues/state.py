"""Dues of a branch: what is known of them, and who is behind (norm N16, rules R-D). The other verbs are in `dues_*.py`.

Known are: who owes what for which month, what was paid, and the balance of the fund.
"""

import datetime as dt
from bisect import bisect_right
from collections.abc import Mapping
from typing import Annotated, ClassVar, assert_never, cast

import msgspec

from events.base import Event, Fen, Month, PersonId, ReceiptNo, month_add, month_of, months_between
from events.dues import (
    DecisionId,
    DuesAllocationReceived,
    DuesArrearsCleared,
    DuesArrearsFlagged,
    DuesAssessmentWithdrawn,
    DuesBaseAssessed,
    DuesCardFilled,
    DuesEvent,
    DuesReceiptIssued,
    DuesReceived,
    DuesReductionApproved,
    DuesReductionRefused,
    DuesReductionRequested,
    DuesRemitted,
    DuesReversed,
    DuesSpendingApproved,
    DuesSpent,
    EntryId,
    EntryKind,
    LargeDuesForwarded,
    PaymentKind,
)
from service.auth.rights import Right
from service.decide.base import Case, Command, Context, Fold, Outcome, label, own
from service.decide.meetings.state import Meeting
from service.decide.roster import ROSTER, Roster

ReceiptShelf = Mapping[str, frozenset[ReceiptNo]]
"""Numbers that were used, by the number without its last two signs, so that a long book folds fast."""


OwnEntryId = Annotated[EntryId | None, label("记录编号", "Entry id", help_zh="通常留空", help_en="Usually left empty")]
"""The id that a client may give to an entry; sending it again then records nothing twice."""


MovementEvent = DuesSpent | DuesRemitted | DuesAllocationReceived | LargeDuesForwarded


class Payment(msgspec.Struct, frozen=True, kw_only=True):
    """What was paid for one month, with the receipt given for it."""

    event: DuesReceived
    receipt_no: ReceiptNo | None = None
    reversed: bool = False
    on_card: bool = False
    """Written into the member's dues card (N16.M04)."""

    def counts(self) -> bool:
        """Whether it lowers what is due: it stands and is not a gift on top."""
        return not self.reversed and self.event.kind is not PaymentKind.VOLUNTARY


class Movement(msgspec.Struct, frozen=True, kw_only=True):
    """Money that left or entered the fund other than by members."""

    kind: EntryKind
    event: MovementEvent
    reversed: bool = False


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """A collective decision to spend, and what was spent under it."""

    event: DuesSpendingApproved
    spent_fen: Fen = 0


class Dues(msgspec.Struct, frozen=True, kw_only=True):
    """The dues of a branch, folded."""

    assessments: Mapping[PersonId, tuple[DuesBaseAssessed, ...]] = {}
    """In the order of `from_month`; of two for the same month the later one stands."""
    withdrawn: frozenset[tuple[PersonId, Month]] = frozenset()
    """Whose assessment from which month was taken back, and not made anew."""
    reductions: Mapping[PersonId, tuple[DuesReductionApproved, ...]] = {}
    requests: Mapping[PersonId, DuesReductionRequested] = {}
    """The newest request for a reduction of each member, unless it was refused."""
    answered: frozenset[PersonId] = frozenset()
    """Whose newest request was answered."""
    refusals: Mapping[PersonId, DuesReductionRefused] = {}
    """The newest refusal of each member."""
    payments: Mapping[PersonId, Mapping[Month, tuple[Payment, ...]]] = {}
    receipts: ReceiptShelf = {}
    movements: Mapping[EntryId, Movement] = {}
    decisions: Mapping[DecisionId, Decision] = {}
    collected: Mapping[Month, Fen] = {}
    """What members paid, by the month in which it was paid."""
    flagged: Mapping[PersonId, tuple[Month, ...]] = {}
    balance_fen: Fen = 0
    """Received - remitted + allocated - spent."""

    def assessed(self, person: PersonId, month: Month) -> DuesBaseAssessed | None:
        """The assessment that holds for a month; it goes on into a new year until there is another one."""
        known = self.assessments.get(person, ())
        at = bisect_right(known, month, key=lambda a: a.from_month)
        return known[at - 1] if at else None

    def reduction(self, person: PersonId, month: Month) -> DuesReductionApproved | None:
        """The reduction in force for a month; the latest approval wins."""
        return next((r for r in reversed(self.reductions.get(person, ())) if r.from_month <= month <= r.to_month), None)

    def asked(self, person: PersonId) -> DuesReductionRequested | None:
        """The request of a member that waits for the superior."""
        return None if person in self.answered else self.requests.get(person)

    def due_fen(self, person: PersonId, month: Month) -> Fen | None:
        """What is due for a month; None where nothing was assessed."""
        if (reduced := self.reduction(person, month)) is not None:
            return reduced.monthly_fen
        assessed = self.assessed(person, month)
        return None if assessed is None else assessed.monthly_fen

    def paid_fen(self, person: PersonId, month: Month) -> Fen:
        """What was paid towards a month, gifts on top left out."""
        return sum(p.event.amount_fen for p in self.paid(person, month) if p.counts())

    def paid(self, person: PersonId, month: Month) -> tuple[Payment, ...]:
        return self.payments.get(person, {}).get(month, ())

    def find(self, entry_id: EntryId) -> Payment | None:
        """A payment by its id; only reversals and receipts look for one."""
        every = (p for months in self.payments.values() for payments in months.values() for p in payments)
        return next((p for p in every if p.event.entry_id == entry_id), None)

    def used(self, receipt_no: ReceiptNo) -> bool:
        """Whether a receipt number was ever given out."""
        return receipt_no in self.receipts.get(receipt_no[:-2], frozenset())

    def unpaid(self, person: PersonId, since: dt.date, last: Month) -> tuple[Month, ...]:
        """The months up to `last` that were due and are not paid in full; `since` a member belongs to this branch."""
        known = self.assessments.get(person, ())
        if not known:
            return ()
        first = max(known[0].from_month, month_of(since))
        months = (month_add(first, n) for n in range(months_between(first, last) + 1))
        return tuple(month for month in months if not self.settled(person, month))

    def settled(self, person: PersonId, month: Month) -> bool:
        """Whether all that was due for a month is paid."""
        return self.paid_fen(person, month) >= (self.due_fen(person, month) or 0)


def longest_run(months: tuple[Month, ...]) -> int:
    """The most consecutive months in an ordered list (R-D09)."""
    longest = run = 0
    for n, month in enumerate(months):
        run = run + 1 if n and months_between(months[n - 1], month) == 1 else 1
        longest = max(longest, run)
    return longest


def held_by(meeting: Meeting, day: dt.date) -> bool:
    """Whether the meeting that a decision rests on took place by then, and stands."""
    return meeting.held is not None and meeting.cancelled is None and meeting.held.occurred_on <= day


EMPTY = Dues()
change = msgspec.structs.replace


def evolve(dues: Dues, event: Event) -> Dues:  # noqa: C901, PLR0911, PLR0912 - one line for each event
    """The dues after one more event of their stream."""
    own_event = cast("DuesEvent", event)
    match own_event:
        case DuesBaseAssessed():
            return _assessed(dues, own_event)
        case DuesAssessmentWithdrawn(person_id=person, from_month=month):
            left = tuple(a for a in dues.assessments.get(person, ()) if a.from_month != month)
            return change(dues, assessments={**dues.assessments, person: left}, withdrawn=dues.withdrawn | {(person, month)})
        case DuesReductionRequested(person_id=person):
            return change(dues, requests={**dues.requests, person: own_event}, answered=dues.answered - {person})
        case DuesReductionApproved(person_id=person):
            stand = (*dues.reductions.get(person, ()), own_event)
            return change(dues, reductions={**dues.reductions, person: stand}, answered=dues.answered | {person})
        case DuesReductionRefused():
            return _refused(dues, own_event)
        case DuesReceived():
            return _received(dues, own_event)
        case DuesReceiptIssued():
            return _receipted(dues, own_event)
        case DuesReversed():
            return _reversed(dues, own_event)
        case DuesSpendingApproved(decision_id=decision):
            return change(dues, decisions={**dues.decisions, decision: Decision(event=own_event)})
        case DuesSpent():
            return _moved(_charged(dues, own_event, own_event.amount_fen), EntryKind.SPENDING, own_event, -own_event.amount_fen)
        case DuesRemitted():
            return _moved(dues, EntryKind.REMITTANCE, own_event, -own_event.amount_fen)
        case DuesAllocationReceived():
            return _moved(dues, EntryKind.ALLOCATION, own_event, own_event.amount_fen)
        case LargeDuesForwarded():
            return _moved(dues, EntryKind.FORWARDING, own_event, -own_event.amount_fen)
        case DuesCardFilled():
            return _on_card(dues, own_event)
        case DuesArrearsFlagged():
            return change(dues, flagged={**dues.flagged, own_event.person_id: own_event.months})
        case DuesArrearsCleared(person_id=person, months=months):
            flagged = tuple(m for m in dues.flagged.get(person, ()) if m not in months)
            return change(dues, flagged={**dues.flagged, person: flagged})
        case _:
            assert_never(own_event)


def _assessed(dues: Dues, event: DuesBaseAssessed) -> Dues:
    others = (a for a in dues.assessments.get(event.person_id, ()) if a.from_month != event.from_month)
    ordered = tuple(sorted((*others, event), key=lambda a: a.from_month))
    again = dues.withdrawn - {(event.person_id, event.from_month)}
    return change(dues, assessments={**dues.assessments, event.person_id: ordered}, withdrawn=again)


def _refused(dues: Dues, event: DuesReductionRefused) -> Dues:
    """Also what had been asked for may be asked for again; a newer request waits on when an approval is taken back."""
    person = event.person_id
    requests, reductions = dues.requests, dues.reductions
    if not event.taken_back or dues.asked(person) is None:
        requests = {whom: request for whom, request in requests.items() if whom != person}
    if event.taken_back:
        last = next(r for r in reversed(reductions[person]) if (r.from_month, r.to_month) == (event.from_month, event.to_month))
        reductions = {**reductions, person: tuple(r for r in reductions[person] if r is not last)}
    return change(dues, requests=requests, reductions=reductions, refusals={**dues.refusals, person: event})


def _received(dues: Dues, event: DuesReceived) -> Dues:
    payments = (*dues.paid(event.person_id, event.month), Payment(event=event))
    return _collected(_with_payments(dues, event.person_id, event.month, payments), event, event.amount_fen)


def _with_payments(dues: Dues, person: PersonId, month: Month, payments: tuple[Payment, ...]) -> Dues:
    return change(dues, payments={**dues.payments, person: {**dues.payments.get(person, {}), month: payments}})


def _collected(dues: Dues, event: DuesReceived, amount_fen: Fen) -> Dues:
    paid_in = month_of(event.occurred_on)
    collected = {**dues.collected, paid_in: dues.collected.get(paid_in, 0) + amount_fen}
    return change(dues, collected=collected, balance_fen=dues.balance_fen + amount_fen)


def _receipted(dues: Dues, event: DuesReceiptIssued) -> Dues:
    shelf = event.receipt_no[:-2]
    receipts = {**dues.receipts, shelf: dues.receipts.get(shelf, frozenset()) | {event.receipt_no}}
    payments = tuple(
        change(p, receipt_no=event.receipt_no) if p.event.entry_id == event.entry_id else p for p in dues.paid(event.person_id, event.month)
    )
    return change(_with_payments(dues, event.person_id, event.month, payments), receipts=receipts)


def _reversed(dues: Dues, event: DuesReversed) -> Dues:
    if event.kind is not EntryKind.PAYMENT:
        return _moved_back(dues, event)
    assert event.person_id is not None, "a payment names its person"
    assert event.month is not None, "and its month"
    paid = dues.paid(event.person_id, event.month)
    payment = next(p for p in paid if p.event.entry_id == event.entry_id)
    if event.receipt_stands_in is not None and event.receipt_no is not None:
        shelf = event.receipt_no[:-2]
        dues = change(dues, receipts={**dues.receipts, shelf: dues.receipts.get(shelf, frozenset()) - {event.receipt_no}})
    payments = tuple(change(p, reversed=True) if p is payment else p for p in paid)
    return _collected(_with_payments(dues, event.person_id, event.month, payments), payment.event, -event.amount_fen)


def _moved(dues: Dues, kind: EntryKind, event: MovementEvent, by_fen: Fen) -> Dues:
    movements = {**dues.movements, event.entry_id: Movement(kind=kind, event=event)}
    return change(dues, movements=movements, balance_fen=dues.balance_fen + by_fen)


def _moved_back(dues: Dues, event: DuesReversed) -> Dues:
    movement = dues.movements[event.entry_id]
    movements = {**dues.movements, event.entry_id: change(movement, reversed=True)}
    back_fen = -event.amount_fen if event.kind is EntryKind.ALLOCATION else event.amount_fen
    if isinstance(movement.event, DuesSpent):
        dues = _charged(dues, movement.event, -event.amount_fen)
    return change(dues, movements=movements, balance_fen=dues.balance_fen + back_fen)


def _on_card(dues: Dues, event: DuesCardFilled) -> Dues:
    written = frozenset(event.entries)
    months = {
        month: tuple(change(p, on_card=True) if p.event.entry_id in written else p for p in payments)
        for month, payments in dues.payments.get(event.person_id, {}).items()
    }
    return change(dues, payments={**dues.payments, event.person_id: months})


def _charged(dues: Dues, event: DuesSpent, amount_fen: Fen) -> Dues:
    decision = dues.decisions[event.decision_id]
    return change(dues, decisions={**dues.decisions, event.decision_id: change(decision, spent_fen=decision.spent_fen + amount_fen)})


DUES = Fold[Dues](name="dues", book=own, stream=lambda _command: "dues", initial=EMPTY, evolve=evolve)


class FlagArrears(Command, frozen=True, kw_only=True, tag="flag-arrears"):
    """Mark the complete months before `occurred_on` that a member did not pay in full."""

    zh: ClassVar[str] = "标记欠交"
    en: ClassVar[str] = "Flag arrears"

    person_id: Annotated[PersonId, label("党员", "Member")]


def flag_arrears(command: FlagArrears, _context: Context, dues: Dues, roster: Roster) -> Outcome:
    """The months follow from what was assessed and paid; nobody types them (R-D09)."""
    member = roster.must_be_active(command.person_id, command.occurred_on, "person_id")
    months = dues.unpaid(command.person_id, member.belongs.since, last_complete_month(command.occurred_on))
    if not months or months == dues.flagged.get(command.person_id):
        return []
    return [
        DuesArrearsFlagged(occurred_on=command.occurred_on, person_id=command.person_id, months=months, consecutive=longest_run(months))
    ]


class ClearArrears(Command, frozen=True, kw_only=True, tag="clear-arrears"):
    """Take back the marks of months that have been made up, or need not be paid any more."""

    zh: ClassVar[str] = "销欠"
    en: ClassVar[str] = "Clear arrears"

    person_id: Annotated[PersonId, label("党员", "Member")]


def clear_arrears(command: ClearArrears, _context: Context, dues: Dues, roster: Roster) -> Outcome:
    """Payments clear the marks by themselves; this is for reductions and new assessments."""
    flagged = dues.flagged.get(command.person_id, ())
    member = roster.must_be_active(command.person_id, command.occurred_on, "person_id")
    unpaid = dues.unpaid(command.person_id, member.belongs.since, month_of(command.occurred_on))
    months = tuple(month for month in flagged if month not in unpaid)
    return [DuesArrearsCleared(occurred_on=command.occurred_on, person_id=command.person_id, months=months)] if months else []


def last_complete_month(day: dt.date) -> Month:
    return month_add(month_of(day), -1)


CASES = (
    Case(command=FlagArrears, right=Right.DUES_WRITE, reads=(DUES, ROSTER), decide=flag_arrears),
    Case(command=ClearArrears, right=Right.DUES_WRITE, reads=(DUES, ROSTER), decide=clear_arrears),
)
