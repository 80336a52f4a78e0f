"""The receiver's side: a letter comes in and is accepted or sent back, its receipt is returned (N15.T02, INV-001, 002, 071, 073)."""

import datetime as dt
from typing import Annotated, ClassVar

from events.base import Event, GroupId, LetterId, OrgId, PersonId, Text
from events.members import MemberTransferredIn, MemberTransferredOut, VotingSuspended
from events.transfers import (
    AcceptanceNoted,
    DeliveryMethod,
    ReceiptReturned,
    RefusalNoted,
    TransferAccepted,
    TransferFileBound,
    TransferReceived,
    TransferRefused,
    TransferSide,
)
from service.auth.rights import Right
from service.decide.base import Case, Command, Context, Elsewhere, Fold, Outcome, label
from service.decide.members.roll import check_group
from service.decide.roster import ROSTER, Roster, RosterMember
from service.decide.transfers.state import OPEN, SENDER, TRANSFERS, LetterIn, LetterOut, Transfers, from_org
from service.errors import Absent, Conflict, Malformed, Refused

SENDER_ROSTER = Fold[Roster](
    name=ROSTER.name,
    book=from_org,
    stream=lambda command: "roster" if command.from_org_id else None,
    initial=ROSTER.initial,
    evolve=ROSTER.evolve,
)
"""The roster of the sender, when it is a branch here."""


BARRED_THERE = "转出支部已中止，随组织关系转入"
"""Why somebody who comes has no vote."""


class ReceiveTransfer(Command, frozen=True, kw_only=True, tag="receive-transfer"):
    """A letter from a branch under this committee came in; all it says is known already."""

    zh: ClassVar[str] = "收到转入介绍信(本系统)"
    en: ClassVar[str] = "Receive a transfer letter from a branch here"

    from_org_id: Annotated[OrgId, label("来源党支部", "Sending branch")]
    letter_id: Annotated[LetterId, label("介绍信", "Letter")]


def receive_transfer(command: ReceiveTransfer, context: Context, own: Transfers, sender: Transfers, from_roster: Roster) -> Outcome:
    """The letter must be there, be addressed to this branch and still stand; the member goes on counting there (R-E04)."""
    letter = _addressed(command.letter_id, context.org_id, sender)
    if command.letter_id in own.arrived:
        return []
    issued = letter.issued
    if letter.stage not in OPEN:
        raise Conflict(f"letter {issued.number} is {letter.stage.value}")
    if command.occurred_on < issued.occurred_on:
        raise Conflict(f"letter {issued.number} was issued on {issued.occurred_on}")
    assert from_roster.founded is not None, "a branch that issues letters was founded"
    return [
        TransferReceived(
            occurred_on=command.occurred_on,
            letter_id=command.letter_id,
            person_id=issued.person_id,
            number=issued.number,
            from_side=TransferSide.INSIDE,
            from_org_id=command.from_org_id,
            from_name=from_roster.founded.name,
            name=from_roster.members[issued.person_id].profile.name,
            status=issued.status,
            dues_paid_to=issued.dues_paid_to,
            issued_on=issued.occurred_on,
            valid_until=letter.valid_until,
        )
    ]


def _addressed(letter_id: LetterId, org_id: OrgId, sender: Transfers) -> LetterOut:
    """A letter to somebody else is as good as none."""
    letter = sender.issued.get(letter_id)
    if letter is None or letter.issued.to_org_id != org_id:
        raise Absent(f"letter {letter_id}")
    return letter


class AcceptTransfer(Command, frozen=True, kw_only=True, tag="accept-transfer"):
    """Accept a member from a branch under this committee; from this moment the member counts here."""

    zh: ClassVar[str] = "接收转入党员(本系统)"
    en: ClassVar[str] = "Accept a transfer from a branch here"

    from_org_id: Annotated[OrgId, label("来源党支部", "Sending branch")]
    letter_id: Annotated[LetterId, label("介绍信", "Letter")]
    group_id: Annotated[GroupId | None, label("编入党小组", "Party group")] = None
    late_explanation: Annotated[
        Text | None, label("过期说明", "Explanation", help_zh="介绍信已过有效期时必填", help_en="Needed when the letter is out of date")
    ] = None


def accept_transfer(
    command: AcceptTransfer, context: Context, own: Transfers, roster: Roster, sender: Transfers, from_roster: Roster
) -> Outcome:
    """Both books in one transaction: the member leaves there and enters here at once (R-E04, INV-001, INV-071)."""
    letter = _addressed(command.letter_id, context.org_id, sender)
    arrived = own.letter_in(command.letter_id)
    if arrived.accepted_on is not None:
        return []
    if letter.stage not in OPEN:
        raise Conflict(f"letter {letter.issued.number} is {letter.stage.value}")
    check_received(arrived, command.occurred_on)
    check_date(command.occurred_on, letter.valid_until, command.late_explanation)
    check_group(roster, command.group_id, command.occurred_on)
    member = from_roster.must_belong(letter.issued.person_id, command.occurred_on, "letter_id")
    entry = accepted(command.occurred_on, arrived, command.group_id, command.late_explanation)
    there = command.from_org_id
    return [
        entry,
        _transferred_in(entry, arrived, member),
        *_without_vote(entry, member),
        Elsewhere(there, _transferred_out(command, context, roster, member)),
        Elsewhere(there, _noted(command, context, letter)),
    ]


def check_received(arrived: LetterIn, day: dt.date) -> None:
    if arrived.refused_on is not None:
        raise Conflict(f"letter {arrived.received.number} was sent back on {arrived.refused_on}")
    if day < arrived.received.occurred_on:
        raise Conflict(f"letter {arrived.received.number} came in on {arrived.received.occurred_on}")


def check_date(day: dt.date, valid_until: dt.date, explanation: str | None) -> None:
    """INV-071: past its date only with an explanation, else a new letter."""
    if day > valid_until and explanation is None:
        raise Refused("INV-071", "late_explanation", detail=valid_until.isoformat())


def accepted(day: dt.date, arrived: LetterIn, group_id: GroupId | None, explanation: str | None) -> TransferAccepted:
    return TransferAccepted(
        occurred_on=day,
        letter_id=arrived.received.letter_id,
        person_id=arrived.received.person_id,
        group_id=group_id,
        late_explanation=explanation,
    )


def _transferred_in(entry: TransferAccepted, arrived: LetterIn, member: RosterMember) -> MemberTransferredIn:
    """What is on the roll there, word for word: sealed texts stay sealed as they are."""
    profile = member.profile
    return MemberTransferredIn(
        occurred_on=entry.occurred_on,
        person_id=entry.person_id,
        name=profile.name,
        sex=profile.sex,
        nationality=profile.nationality,
        born_on=profile.born_on,
        born_month=profile.born_month,
        id_number=profile.id_number,
        id_index=profile.id_index,
        native_place=profile.native_place,
        education=profile.education,
        work_post=profile.work_post,
        unit_and_post=profile.unit_and_post,
        started_work=profile.started_work,
        status=member.status_on(entry.occurred_on),
        admitted_on=profile.admitted_on,
        full_on=member.converted_on or profile.full_on,
        phone=profile.phone,
        address=profile.address,
        group_id=entry.group_id,
        mobile=profile.mobile,
        hardship=profile.hardship,
        remark=profile.remark,
        letter_id=entry.letter_id,
        from_org_id=arrived.received.from_org_id,
        from_name=arrived.received.from_name,
    )


def _without_vote(entry: TransferAccepted, member: RosterMember) -> list[VotingSuspended]:
    """Whoever had no vote there has none here until it is restored (R-B03, INV-014)."""
    barred = any(span.until is None for span in member.no_vote)
    return [VotingSuspended(occurred_on=entry.occurred_on, person_id=entry.person_id, reason=BARRED_THERE)] if barred else []


def _transferred_out(command: AcceptTransfer, context: Context, roster: Roster, member: RosterMember) -> MemberTransferredOut:
    assert roster.founded is not None, "a branch that accepts members was founded"
    return MemberTransferredOut(
        occurred_on=command.occurred_on,
        person_id=member.person_id,
        letter_id=command.letter_id,
        to_org_id=context.org_id,
        to_name=roster.founded.name,
        id_index=member.profile.id_index,
    )


def _noted(command: AcceptTransfer, context: Context, letter: LetterOut) -> AcceptanceNoted:
    return AcceptanceNoted(
        occurred_on=command.occurred_on, letter_id=command.letter_id, person_id=letter.issued.person_id, by_org_id=context.org_id
    )


class RefuseTransfer(Command, frozen=True, kw_only=True, tag="refuse-transfer"):
    """Send a letter back with a reason; the member stays where they are."""

    zh: ClassVar[str] = "退回转入介绍信"
    en: ClassVar[str] = "Refuse a transfer"

    from_org_id: Annotated[
        OrgId | None, label("来源党支部", "Sending branch", help_zh="外单位转入的留空", help_en="Empty for who comes from outside")
    ] = None
    letter_id: Annotated[LetterId, label("介绍信", "Letter")]
    reason: Annotated[Text, label("退回原因", "Reason", min_length=1)]


def refuse_transfer(command: RefuseTransfer, context: Context, own: Transfers, sender: Transfers) -> Outcome:
    """No refusal without a reason; the sender learns of it at once when it is kept here (R-E04)."""
    arrived = own.letter_in(command.letter_id)
    if arrived.received.from_org_id != command.from_org_id:
        raise Malformed("from_org_id is not where the letter came from")
    if arrived.refused_on is not None:
        return []
    if arrived.accepted_on is not None:
        raise Conflict(f"the member was accepted on {arrived.accepted_on}")
    check_received(arrived, command.occurred_on)
    person = arrived.received.person_id
    news: list[Event | Elsewhere] = [
        TransferRefused(occurred_on=command.occurred_on, letter_id=command.letter_id, person_id=person, reason=command.reason)
    ]
    if command.from_org_id is not None and _addressed(command.letter_id, context.org_id, sender).stage in OPEN:
        noted = RefusalNoted(
            occurred_on=command.occurred_on,
            letter_id=command.letter_id,
            person_id=person,
            by_org_id=context.org_id,
            reason=command.reason,
        )
        news.append(Elsewhere(command.from_org_id, noted))
    return news


class ReturnReceipt(Command, frozen=True, kw_only=True, tag="return-receipt"):
    """Send the third part of the letter back to the sender."""

    zh: ClassVar[str] = "寄回组织关系回执"
    en: ClassVar[str] = "Return the receipt"

    letter_id: Annotated[LetterId, label("介绍信", "Letter")]
    method: Annotated[DeliveryMethod, label("寄送方式", "Sent by")]
    handled_by: Annotated[PersonId, label("经办人", "Handled by")]


def return_receipt(command: ReturnReceipt, context: Context, own: Transfers, roster: Roster) -> Outcome:
    """Only for a letter that came in and was accepted; how late it is stays on record (R-E03, INV-073)."""
    arrived = own.arrived.get(command.letter_id)
    if arrived is None or arrived.accepted_on is None or command.occurred_on < arrived.accepted_on:
        raise Refused("INV-073", "letter_id")
    if arrived.returned_on is not None:
        return []
    roster.must_be_active(command.handled_by, command.occurred_on, "handled_by")
    days = (command.occurred_on - arrived.accepted_on).days
    return [
        ReceiptReturned(
            occurred_on=command.occurred_on,
            letter_id=command.letter_id,
            person_id=arrived.received.person_id,
            method=command.method,
            handled_by=command.handled_by,
            late_days=max(0, days - context.rules.number("transfer.receipt_days")),
        )
    ]


class BindTransferFile(Command, frozen=True, kw_only=True, tag="bind-transfer-file"):
    """Bind a letter that came in into a volume of the archive."""

    zh: ClassVar[str] = "介绍信装订存档"
    en: ClassVar[str] = "Bind a transfer letter"

    letter_id: Annotated[LetterId, label("介绍信", "Letter")]
    volume_no: Annotated[Text, label("装订册号", "Volume number", min_length=1)]


def bind_transfer_file(command: BindTransferFile, _context: Context, own: Transfers) -> Outcome:
    """When all is done with it: accepted (N15.M02)."""
    arrived = own.letter_in(command.letter_id)
    if arrived.volume_no == command.volume_no:
        return []
    if arrived.accepted_on is None or command.occurred_on < arrived.accepted_on:
        raise Conflict(f"letter {arrived.received.number} has not been accepted")
    return [
        TransferFileBound(
            occurred_on=command.occurred_on,
            letter_id=command.letter_id,
            person_id=arrived.received.person_id,
            volume_no=command.volume_no,
        )
    ]


CASES = (
    Case(
        command=ReceiveTransfer,
        right=Right.TRANSFER_WRITE,
        reads=(TRANSFERS, SENDER, SENDER_ROSTER),
        decide=receive_transfer,
    ),
    Case(
        command=AcceptTransfer,
        right=Right.TRANSFER_WRITE,
        reads=(TRANSFERS, ROSTER, SENDER, SENDER_ROSTER),
        decide=accept_transfer,
    ),
    Case(command=RefuseTransfer, right=Right.TRANSFER_WRITE, reads=(TRANSFERS, SENDER), decide=refuse_transfer),
    Case(command=ReturnReceipt, right=Right.TRANSFER_WRITE, reads=(TRANSFERS, ROSTER), decide=return_receipt),
    Case(command=BindTransferFile, right=Right.TRANSFER_WRITE, reads=(TRANSFERS,), decide=bind_transfer_file),
)
