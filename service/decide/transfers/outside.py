"""A letter from an organisation outside: it comes in, and the member is accepted with full particulars (N15.T02, INV-001, 071)."""

import datetime as dt
from typing import Annotated, ClassVar

from msgspec.structs import asdict, replace

from events.base import LetterId, Month, PersonId, Text
from events.members import Entered, MemberRegistered, MemberTransferredIn
from events.transfers import TransferReceived, TransferSide, TransferStatus
from service.auth.rights import Right
from service.decide.base import Case, Command, Context, Outcome, label
from service.decide.members.roll import RegisterMember, register_member
from service.decide.roster import ROSTER, Roster
from service.decide.transfers.arrivals import accepted, check_date, check_received
from service.decide.transfers.state import TRANSFERS, LetterIn, Transfers
from service.errors import Malformed


class ReceiveOutsideTransfer(Command, frozen=True, kw_only=True, tag="receive-outside-transfer"):
    """A letter from an organisation outside came in."""

    zh: ClassVar[str] = "收到转入介绍信(外单位)"
    en: ClassVar[str] = "Receive a transfer letter from outside"

    number: Annotated[Text, label("介绍信编号", "Letter number", min_length=1)]
    from_name: Annotated[Text, label("来源党组织", "Sending organisation", min_length=1)]
    name: Annotated[Text, label("姓名", "Name", min_length=1)]
    status: Annotated[TransferStatus, label("党员类别", "Standing")] = TransferStatus.FULL
    dues_paid_to: Annotated[Month, label("党费交至", "Dues paid to")]
    issued_on: Annotated[dt.date, label("开具日期", "Issued on")]
    valid_until: Annotated[dt.date, label("有效期止", "Valid until")]
    person_id: Annotated[
        PersonId | None,
        label("人员编号", "Person id", help_zh="曾在本系统的党员填原编号", help_en="For a member who was here before: the id of then"),
    ] = None
    letter_id: Annotated[LetterId | None, label("记录编号", "Letter id", help_zh="通常留空", help_en="Usually left empty")] = None


def receive_outside_transfer(command: ReceiveOutsideTransfer, context: Context, own: Transfers) -> Outcome:
    """All that the letter says; who it is about gets an id, but counts nowhere here yet (R-E04, INV-002)."""
    if command.valid_until < command.issued_on or command.occurred_on < command.issued_on:
        raise Malformed("the letter was issued after it ran out or came in")
    letter_id = command.letter_id or LetterId(context.event_ids[0])
    event = TransferReceived(
        occurred_on=command.occurred_on,
        letter_id=letter_id,
        person_id=command.person_id or PersonId(context.event_ids[1]),
        number=command.number,
        from_side=TransferSide.OUTSIDE,
        from_name=command.from_name,
        name=command.name,
        status=command.status,
        dues_paid_to=command.dues_paid_to,
        issued_on=command.issued_on,
        valid_until=command.valid_until,
    )
    same = (x for x in own.arrived.values() if _letter(x.received) == _letter(event) and x.refused_on is None)
    return [] if letter_id in own.arrived or any(same) else [event]


def _letter(event: TransferReceived) -> tuple[object, ...]:
    """What tells one letter from outside from another."""
    return event.from_side, event.from_name, event.number, event.issued_on


class AcceptOutsideTransfer(RegisterMember, frozen=True, kw_only=True, tag="accept-outside-transfer"):
    """Accept a member from outside, with all that the roll needs; from this moment the member counts here."""

    zh: ClassVar[str] = "接收转入党员(外单位)"
    en: ClassVar[str] = "Accept a transfer from outside"

    letter_id: Annotated[LetterId, label("介绍信", "Letter")]
    late_explanation: Annotated[
        Text | None, label("过期说明", "Explanation", help_zh="介绍信已过有效期时必填", help_en="Needed when the letter is out of date")
    ] = None


def accept_outside_transfer(command: AcceptOutsideTransfer, context: Context, own: Transfers, roster: Roster) -> Outcome:
    """Put on the roll as any new member is, by the letter (INV-001, INV-003, INV-071)."""
    arrived = own.letter_in(command.letter_id)
    if arrived.received.from_side is not TransferSide.OUTSIDE:
        raise Malformed("this letter came from a branch here")
    if arrived.accepted_on is not None:
        return []
    check_received(arrived, command.occurred_on)
    check_date(command.occurred_on, arrived.received.valid_until, command.late_explanation)
    person = arrived.received.person_id
    if command.person_id not in (None, person):
        raise Malformed("person_id is not the person of the letter")
    (entered,) = register_member(replace(command, person_id=person), context, roster)
    assert isinstance(entered, MemberRegistered), "registering gives one event"
    return [accepted(command.occurred_on, arrived, command.group_id, command.late_explanation), _transferred_in(entered, arrived)]


def _transferred_in(entered: MemberRegistered, arrived: LetterIn) -> MemberTransferredIn:
    profile = {field: value for field, value in asdict(entered).items() if field in Entered.__struct_fields__}
    return MemberTransferredIn(**profile, letter_id=arrived.received.letter_id, from_name=arrived.received.from_name)


CASES = (
    Case(command=ReceiveOutsideTransfer, right=Right.TRANSFER_WRITE, reads=(TRANSFERS,), decide=receive_outside_transfer),
    Case(command=AcceptOutsideTransfer, right=Right.TRANSFER_WRITE, reads=(TRANSFERS, ROSTER), decide=accept_outside_transfer),
)
