"""What is known of a branch's introduction letters: those it issued and those that came in (norm N15, rules R-E)."""

import datetime as dt
import enum
from collections.abc import Mapping
from typing import Any, assert_never, cast

import msgspec

from events.base import Event, LetterId, OrgId, PersonId
from events.transfers import (
    AcceptanceNoted,
    LetterExpired,
    LetterExtended,
    LetterIssued,
    LetterVoided,
    ReceiptFiled,
    ReceiptReturned,
    RefusalNoted,
    TransferAccepted,
    TransferEvent,
    TransferFileBound,
    TransferReceived,
    TransferRefused,
)
from service.decide.base import Fold, own
from service.errors import Absent


class Stage(enum.Enum):
    """Where a letter out stands."""

    LIVE = "live"
    EXPIRED = "expired"
    REFUSED = "refused"
    VOIDED = "voided"
    ACCEPTED = "accepted"
    FILED = "filed"


OPEN = frozenset({Stage.LIVE, Stage.EXPIRED})
"""Stages in which a member can still be accepted; past the date only with an explanation (INV-071)."""


class LetterOut(msgspec.Struct, frozen=True, kw_only=True):
    """A letter that this branch issued; its stub."""

    issued: LetterIssued
    valid_until: dt.date
    stage: Stage = Stage.LIVE
    accepted_on: dt.date | None = None
    filed: ReceiptFiled | None = None


class LetterIn(msgspec.Struct, frozen=True, kw_only=True):
    """A letter that came in."""

    received: TransferReceived
    accepted_on: dt.date | None = None
    refused_on: dt.date | None = None
    returned_on: dt.date | None = None
    volume_no: str | None = None


class Transfers(msgspec.Struct, frozen=True, kw_only=True):
    """The letters of a branch, folded."""

    issued: Mapping[LetterId, LetterOut] = {}
    arrived: Mapping[LetterId, LetterIn] = {}
    last_no: Mapping[int, int] = {}
    """The last number of each year (INV-070)."""

    def open_for(self, person: PersonId) -> tuple[LetterOut, ...]:
        """The letters with which a member could still be accepted elsewhere."""
        return tuple(x for x in self.issued.values() if x.issued.person_id == person and x.stage in OPEN)

    def next_number(self, org_id: OrgId, year: int) -> str:
        """`<branch>-YYYY-NNNN` (R-E02)."""
        return f"{org_id}-{year:04d}-{self.last_no.get(year, 0) + 1:04d}"

    def letter_out(self, letter_id: LetterId) -> LetterOut:
        if (letter := self.issued.get(letter_id)) is None:
            raise Absent(f"letter {letter_id}")
        return letter

    def letter_in(self, letter_id: LetterId) -> LetterIn:
        if (letter := self.arrived.get(letter_id)) is None:
            raise Absent(f"letter {letter_id}")
        return letter


EMPTY = Transfers()
change = msgspec.structs.replace


def evolve(transfers: Transfers, event: Event) -> Transfers:  # noqa: C901, PLR0911 - one line for each event
    """The letters after one more event of their stream."""
    own_event = cast("TransferEvent", event)
    match own_event:
        case LetterIssued():
            return _issued(transfers, own_event)
        case LetterExtended():
            return _out(transfers, own_event.letter_id, valid_until=own_event.valid_until)
        case LetterVoided():
            return _out(transfers, own_event.letter_id, stage=Stage.VOIDED)
        case LetterExpired():
            return _out(transfers, own_event.letter_id, stage=Stage.EXPIRED)
        case AcceptanceNoted():
            return _out(transfers, own_event.letter_id, stage=Stage.ACCEPTED, accepted_on=own_event.occurred_on)
        case RefusalNoted():
            return _out(transfers, own_event.letter_id, stage=Stage.REFUSED)
        case ReceiptFiled():
            return _out(transfers, own_event.letter_id, stage=Stage.FILED, accepted_on=own_event.accepted_on, filed=own_event)
        case TransferReceived():
            return change(transfers, arrived={**transfers.arrived, own_event.letter_id: LetterIn(received=own_event)})
        case TransferAccepted():
            return _in(transfers, own_event.letter_id, accepted_on=own_event.occurred_on)
        case TransferRefused():
            return _in(transfers, own_event.letter_id, refused_on=own_event.occurred_on)
        case ReceiptReturned():
            return _in(transfers, own_event.letter_id, returned_on=own_event.occurred_on)
        case TransferFileBound():
            return _in(transfers, own_event.letter_id, volume_no=own_event.volume_no)
        case _:
            assert_never(own_event)


def _issued(transfers: Transfers, event: LetterIssued) -> Transfers:
    year, number = (int(part) for part in event.number.rsplit("-", 2)[1:])
    letter = LetterOut(issued=event, valid_until=event.valid_until)
    return change(transfers, issued={**transfers.issued, event.letter_id: letter}, last_no={**transfers.last_no, year: number})


def _out(transfers: Transfers, letter_id: LetterId, **news: Any) -> Transfers:
    return change(transfers, issued={**transfers.issued, letter_id: change(transfers.issued[letter_id], **news)})


def _in(transfers: Transfers, letter_id: LetterId, **news: Any) -> Transfers:
    return change(transfers, arrived={**transfers.arrived, letter_id: change(transfers.arrived[letter_id], **news)})


TRANSFERS = Fold[Transfers](name="transfers", book=own, stream=lambda _command: "transfers", initial=EMPTY, evolve=evolve)


def from_org(_org_id: OrgId, command: Any) -> OrgId:
    """The sender's book; asked only when the command names a sender."""
    sender: OrgId = command.from_org_id
    return sender


SENDER = Fold[Transfers](
    name="transfers",
    book=from_org,
    stream=lambda command: "transfers" if command.from_org_id else None,
    initial=EMPTY,
    evolve=evolve,
)
"""The sender's letters, when the sender is a branch here."""
