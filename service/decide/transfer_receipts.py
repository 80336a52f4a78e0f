"""The sender's side once more: the receipt comes back and closes the letter; from outside it also ends the relation here (INV-073)."""

import datetime as dt
from typing import Annotated, ClassVar

from events.base import LetterId, Text
from events.members import MemberTransferredOut
from events.transfers import LetterNumber, ReceiptFiled, TransferSide
from service.auth.rights import Right
from service.decide.base import Case, Command, Context, Outcome, label
from service.decide.roster import ROSTER, Roster
from service.decide.transfer_state import OPEN, TRANSFERS, LetterOut, Stage, Transfers
from service.errors import Refused


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
    member = roster.must_be_active(letter.issued.person_id, command.accepted_on, "letter_id")
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
