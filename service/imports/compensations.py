"""Which command takes back which: the one table. What is not in it was never sent by the importer."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

import msgspec

from events.base import Event
from events.dues import DuesBaseAssessed, DuesReceived, DuesRemitted
from events.meetings import LectureDelivered, MeetingHeld, ThemeDayHeld
from events.members import MemberRegistered
from events.transfers import LetterIssued, OfTransfers, ReceiptFiled, ReceiptReturned, TransferAccepted, TransferReceived, TransferStep
from service.decide.base import Command
from service.decide.dues.assessment import WithdrawDuesAssessment
from service.decide.dues.payments import ReverseDues
from service.decide.meetings.withdrawals import WithdrawLecture, WithdrawMeeting, WithdrawThemeDay
from service.decide.members.withdrawal import WithdrawRegistration
from service.decide.transfers.letters import VoidLetter
from service.decide.transfers.withdrawal import WithdrawTransferStep

E = TypeVar("E", bound=Event)


class Why(msgspec.Struct, frozen=True, kw_only=True):
    """What every compensating command says."""

    day: dt.date
    reason: str
    superior_seen_on: dt.date | None = None


class By(msgspec.Struct, frozen=True):
    """Taken back by a command of its own, made from the events that were recorded."""

    make: Callable[[Sequence[Event], Why], Command]


class With(msgspec.Struct, frozen=True):
    """Goes with another command of the same row, and stands when that one stands."""

    command: str


def _the(kind: type[E], events: Sequence[Event]) -> E:
    return next(event for event in events if isinstance(event, kind))


def _meeting(events: Sequence[Event], why: Why) -> Command:
    meeting_id = _the(MeetingHeld, events).meeting_id
    return WithdrawMeeting(occurred_on=why.day, meeting_id=meeting_id, reason=why.reason, superior_seen_on=why.superior_seen_on)


def _lecture(events: Sequence[Event], why: Why) -> Command:
    meeting_id = _the(LectureDelivered, events).meeting_id
    return WithdrawLecture(occurred_on=why.day, meeting_id=meeting_id, reason=why.reason, superior_seen_on=why.superior_seen_on)


def _theme_day(events: Sequence[Event], why: Why) -> Command:
    meeting_id = _the(ThemeDayHeld, events).meeting_id
    return WithdrawThemeDay(occurred_on=why.day, meeting_id=meeting_id, reason=why.reason, superior_seen_on=why.superior_seen_on)


def _registration(events: Sequence[Event], why: Why) -> Command:
    return WithdrawRegistration(occurred_on=why.day, person_id=_the(MemberRegistered, events).person_id, reason=why.reason)


def _assessment(events: Sequence[Event], why: Why) -> Command:
    made = _the(DuesBaseAssessed, events)
    return WithdrawDuesAssessment(occurred_on=why.day, person_id=made.person_id, from_month=made.from_month, reason=why.reason)


def _payment(events: Sequence[Event], why: Why) -> Command:
    """The slip was given long before the sheet was typed: only the entry is wrong."""
    return ReverseDues(occurred_on=why.day, entry_id=_the(DuesReceived, events).entry_id, reason=why.reason, receipt_stands=True)


def _remittance(events: Sequence[Event], why: Why) -> Command:
    return ReverseDues(occurred_on=why.day, entry_id=_the(DuesRemitted, events).entry_id, reason=why.reason)


def _letter(events: Sequence[Event], why: Why) -> Command:
    return VoidLetter(occurred_on=why.day, letter_id=_the(LetterIssued, events).letter_id, reason=why.reason)


def _step(kind: type[OfTransfers], step: TransferStep) -> By:
    """An entry about a letter; what rests on it is judged when it is taken back."""

    def make(events: Sequence[Event], why: Why) -> Command:
        return WithdrawTransferStep(occurred_on=why.day, letter_id=_the(kind, events).letter_id, step=step, reason=why.reason)

    return By(make)


RECEIVED = _step(TransferReceived, TransferStep.RECEIVED)
ACCEPTED = _step(TransferAccepted, TransferStep.ACCEPTED)

TABLE: Mapping[str, By | With] = {
    "register-member": By(_registration),
    "suspend-membership": With("register-member"),
    "record-meeting-held": By(_meeting),
    "discuss-agenda-item": With("record-meeting-held"),
    "vote-on-motion": With("record-meeting-held"),
    "adopt-resolution": With("record-meeting-held"),
    "implement-resolution": With("record-meeting-held"),
    "archive-minutes": With("record-meeting-held"),
    "deliver-lecture": By(_lecture),
    "file-lecture-script": With("deliver-lecture"),
    "hold-theme-day": By(_theme_day),
    "assess-dues-base": By(_assessment),
    "receive-dues": By(_payment),
    "remit-dues": By(_remittance),
    "issue-letter": By(_letter),
    "record-receipt": _step(ReceiptFiled, TransferStep.FILED),
    "receive-transfer": RECEIVED,
    "receive-outside-transfer": RECEIVED,
    "accept-transfer": ACCEPTED,
    "accept-outside-transfer": ACCEPTED,
    "return-receipt": _step(ReceiptReturned, TransferStep.RETURNED),
}
