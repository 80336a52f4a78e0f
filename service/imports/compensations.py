"""Which command takes back which: the one table. What is not in it was never sent by the importer."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

import msgspec

from events.base import Event
from events.dues import DuesBaseAssessed, DuesReceived, DuesRemitted
from events.meetings import LectureDelivered, MeetingHeld, ThemeDayHeld
from events.members import MemberRegistered
from events.transfers import LetterIssued
from service.decide.base import Command
from service.decide.dues.assessment import WithdrawDuesAssessment
from service.decide.dues.payments import ReverseDues
from service.decide.meetings.withdrawals import WithdrawLecture, WithdrawMeeting, WithdrawThemeDay
from service.decide.members.withdrawal import WithdrawRegistration
from service.decide.transfers.letters import VoidLetter

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


class Stays(msgspec.Struct, frozen=True):
    """The rules know no way back."""

    zh: str
    en: str


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


RECEIPT = Stays("回执已粘贴存根，组织关系已转出", "the receipt is on the stub: the member belongs elsewhere")
CAME = Stays("收到的介绍信不能撤销；有误时退回", "a letter that came in is not taken back; send it back when it is wrong")
ACCEPTED = Stays("党员已在本支部，转出须另开介绍信", "the member belongs here: only another letter leads away")
RETURNED = Stays("回执已寄出", "the receipt is with the sender")

TABLE: Mapping[str, By | With | Stays] = {
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
    "record-receipt": RECEIPT,
    "receive-transfer": CAME,
    "receive-outside-transfer": CAME,
    "accept-transfer": ACCEPTED,
    "accept-outside-transfer": ACCEPTED,
    "return-receipt": RETURNED,
}
