"""Transfers of a branch: what is known of its letters, and the receipt that closes one (norm N15, rules R-E). More in `transfer_*.py`."""

import datetime as dt
import enum
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, assert_never, cast

import msgspec

from events.base import Event, LetterId, OrgId, PersonId, Text
from events.members import MemberTransferredOut
from events.transfers import (
    AcceptanceNoted,
    LetterExpired,
    LetterExtended,
    LetterIssued,
    LetterNumber,
    LetterVoided,
    ReceiptFiled,
    ReceiptReturned,
    RefusalNoted,
    TransferAccepted,
    TransferEvent,
    TransferFileBound,
    TransferReceived,
    TransferRefused,
    TransferRequested,
    TransferRequestWithdrawn,
    TransferSide,
    TransferStep,
    TransferStepWithdrawn,
)
from service.auth.rights import Right
from service.decide.base import Case, Command, Context, Fold, Outcome, label, own
from service.decide.roster import ROSTER, Roster
from service.errors import Absent, Refused


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
    bound_on: dt.date | None = None


class Transfers(msgspec.Struct, frozen=True, kw_only=True):
    """The letters of a branch, folded."""

    requested: Mapping[LetterId, TransferRequested] = {}
    """Requests that stand, those that a letter was issued for too."""
    issued: Mapping[LetterId, LetterOut] = {}
    arrived: Mapping[LetterId, LetterIn] = {}
    taken_back: frozenset[tuple[LetterId, TransferStep]] = frozenset()
    """Entries that were withdrawn and not made anew."""
    last_no: Mapping[int, int] = {}
    """The last number of each year (INV-070)."""

    def open_for(self, person: PersonId) -> tuple[LetterOut, ...]:
        """The letters with which a member could still be accepted elsewhere."""
        return tuple(x for x in self.issued.values() if x.issued.person_id == person and x.stage in OPEN)

    def request_of(self, person: PersonId) -> TransferRequested | None:
        """The request of a member for which no letter was issued yet."""
        return next((r for r in self.requested.values() if r.person_id == person and r.letter_id not in self.issued), None)

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


def evolve(transfers: Transfers, event: Event) -> Transfers:  # noqa: C901, PLR0911, PLR0912 - one line for each event
    """The letters after one more event of their stream."""
    own_event = cast("TransferEvent", event)
    match own_event:
        case TransferRequested():
            return change(transfers, requested={**transfers.requested, own_event.letter_id: own_event})
        case TransferRequestWithdrawn():
            left = {key: request for key, request in transfers.requested.items() if key != own_event.letter_id}
            return change(transfers, requested=left)
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
            filed = _anew(transfers, own_event.letter_id, TransferStep.FILED)
            return _out(filed, own_event.letter_id, stage=Stage.FILED, accepted_on=own_event.accepted_on, filed=own_event)
        case TransferReceived():
            came = _anew(transfers, own_event.letter_id, TransferStep.RECEIVED)
            return change(came, arrived={**came.arrived, own_event.letter_id: LetterIn(received=own_event)})
        case TransferAccepted():
            taken = _anew(transfers, own_event.letter_id, TransferStep.ACCEPTED)
            return _in(taken, own_event.letter_id, accepted_on=own_event.occurred_on)
        case TransferRefused():
            return _in(transfers, own_event.letter_id, refused_on=own_event.occurred_on)
        case ReceiptReturned():
            returned = _anew(transfers, own_event.letter_id, TransferStep.RETURNED)
            return _in(returned, own_event.letter_id, returned_on=own_event.occurred_on)
        case TransferFileBound():
            return _in(transfers, own_event.letter_id, volume_no=own_event.volume_no, bound_on=own_event.occurred_on)
        case TransferStepWithdrawn():
            return _without(transfers, own_event)
        case _:
            assert_never(own_event)


def _without(transfers: Transfers, event: TransferStepWithdrawn) -> Transfers:
    letter_id = event.letter_id
    transfers = change(transfers, taken_back=transfers.taken_back | {(letter_id, event.step)})
    match event.step:
        case TransferStep.RECEIVED:
            return change(transfers, arrived={key: letter for key, letter in transfers.arrived.items() if key != letter_id})
        case TransferStep.ACCEPTED:
            return _in(transfers, letter_id, accepted_on=None)
        case TransferStep.RETURNED:
            return _in(transfers, letter_id, returned_on=None)
        case TransferStep.FILED:
            return _out(transfers, letter_id, stage=Stage.ACCEPTED, filed=None)
        case other:
            assert_never(other)


def _issued(transfers: Transfers, event: LetterIssued) -> Transfers:
    year, number = (int(part) for part in event.number.rsplit("-", 2)[1:])
    letter = LetterOut(issued=event, valid_until=event.valid_until)
    return change(transfers, issued={**transfers.issued, event.letter_id: letter}, last_no={**transfers.last_no, year: number})


def _anew(transfers: Transfers, letter_id: LetterId, step: TransferStep) -> Transfers:
    return change(transfers, taken_back=transfers.taken_back - {(letter_id, step)})


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


class RecordReceipt(Command, frozen=True, kw_only=True, tag="record-receipt"):
    """The receipt of a letter came back; paste it on the stub."""

    zh: ClassVar[str] = "登记组织关系回执"
    en: ClassVar[str] = "Record a receipt"

    letter_id: Annotated[LetterId, label("介绍信", "Letter")]
    number: Annotated[LetterNumber, label("回执编号", "Number on the receipt")]
    accepted_on: Annotated[dt.date, label("对方接收日期", "Accepted there on")]
    accepted_by: Annotated[
        Text | None, label("接收党组织", "Accepted by", help_zh="留空则同转往单位", help_en="Empty: as the letter says")
    ] = None
    handled_by: Annotated[Text, label("回执经办人", "Signed by", min_length=1)]


def record_receipt(command: RecordReceipt, _context: Context, transfers: Transfers, roster: Roster) -> Outcome:
    """It matches a letter of ours and an acceptance (R-E03); a member who went outside belongs there from that day."""
    letter = transfers.issued.get(command.letter_id)
    if letter is None:
        raise Refused("INV-073", "letter_id")
    event = ReceiptFiled(
        occurred_on=command.occurred_on,
        letter_id=command.letter_id,
        person_id=letter.issued.person_id,
        number=command.number,
        accepted_on=command.accepted_on,
        accepted_by=command.accepted_by or letter.issued.to_name,
        handled_by=command.handled_by,
    )
    if letter.filed == event:
        return []
    _check_match(command, letter)
    if letter.issued.to_side is TransferSide.INSIDE:
        return [event]
    member = roster.must_belong(letter.issued.person_id, command.accepted_on, "letter_id")
    gone = MemberTransferredOut(
        occurred_on=command.accepted_on,
        person_id=member.person_id,
        letter_id=command.letter_id,
        to_name=event.accepted_by,
        id_index=member.profile.id_index,
    )
    return [event, gone]


def _check_match(command: RecordReceipt, letter: LetterOut) -> None:
    """INV-073, by the part that does not match."""
    if command.number != letter.issued.number:
        raise Refused("INV-073", "number")
    if letter.issued.to_side is TransferSide.INSIDE:
        if letter.stage is not Stage.ACCEPTED:
            raise Refused("INV-073", "letter_id", detail=letter.stage.value)
        if command.accepted_on != letter.accepted_on or command.occurred_on < command.accepted_on:
            raise Refused("INV-073", "accepted_on")
    elif letter.stage not in OPEN:
        raise Refused("INV-073", "letter_id", detail=letter.stage.value)
    elif not letter.issued.occurred_on <= command.accepted_on <= command.occurred_on:
        raise Refused("INV-073", "accepted_on")


CASES = (Case(command=RecordReceipt, right=Right.TRANSFER_WRITE, reads=(TRANSFERS, ROSTER), decide=record_receipt),)
