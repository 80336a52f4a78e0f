"""An entry about a letter is taken back, the last one first: receipt, acceptance, letter (N15.M01, N15.M02, INV-001)."""

import datetime as dt
from typing import Annotated, ClassVar, assert_never

from events.base import Event, LetterId, PersonId, Text
from events.members import MemberTransferredIn, RegistrationWithdrawn
from events.transfers import TransferSide, TransferStep, TransferStepWithdrawn
from service.auth.rights import Right
from service.decide.base import Case, Command, Context, Outcome, label
from service.decide.dues.state import DUES, Dues
from service.decide.members.named import NAMED, Named
from service.decide.members.withdrawal import must_be_alone, rests_on
from service.decide.roster import ROSTER, Roster
from service.decide.transfers.state import TRANSFERS, LetterIn, Transfers
from service.errors import Absent, BuiltUpon, Malformed


class WithdrawTransferStep(Command, frozen=True, kw_only=True, tag="withdraw-transfer-step"):
    """Take back an entry about a letter that was made in error."""

    zh: ClassVar[str] = "撤销组织关系转接记录"
    en: ClassVar[str] = "Withdraw a transfer entry"

    letter_id: Annotated[LetterId, label("介绍信", "Letter")]
    step: Annotated[TransferStep, label("事项", "Entry")]
    reason: Annotated[Text, label("撤销原因", "Reason", min_length=1)]


def withdraw_transfer_step(
    command: WithdrawTransferStep, _context: Context, transfers: Transfers, roster: Roster, dues: Dues, named: Named
) -> Outcome:
    """As long as nothing rests on it. Whoever was accepted from outside in error never belonged here, and may enter again."""
    if (command.letter_id, command.step) in transfers.taken_back:
        return []
    if command.step is TransferStep.FILED:
        return _filed(command, transfers)
    arrived = transfers.letter_in(command.letter_id)
    person = arrived.received.person_id
    match command.step:
        case TransferStep.RECEIVED:
            _check_received(command, arrived)
            return [_withdrawn(command, person)]
        case TransferStep.RETURNED:
            _check_day(command, arrived.returned_on, arrived)
            return [_withdrawn(command, person)]
        case TransferStep.ACCEPTED:
            return [_withdrawn(command, person), _never_here(command, arrived, transfers, roster, dues, named)]
        case other:
            assert_never(other)


def _filed(command: WithdrawTransferStep, transfers: Transfers) -> Outcome:
    """Inside, the stub alone is wrong; the receipt from outside is what the member left with."""
    letter = transfers.letter_out(command.letter_id)
    if letter.filed is None:
        raise Absent(f"receipt of letter {letter.issued.number}")
    if letter.issued.to_side is TransferSide.OUTSIDE:
        raise BuiltUpon("回执已粘贴存根，组织关系已转出", "the receipt is on the stub: the member belongs elsewhere")
    if command.occurred_on < letter.filed.occurred_on:
        raise Malformed(f"occurred_on lies before {letter.filed.occurred_on}, when the receipt was filed")
    return [_withdrawn(command, letter.issued.person_id)]


def _check_received(command: WithdrawTransferStep, arrived: LetterIn) -> None:
    if arrived.accepted_on is not None:
        raise BuiltUpon("党员已凭此介绍信接收，须先撤销接收", "the member was accepted with this letter: take that back first")
    if arrived.refused_on is not None:
        raise BuiltUpon("介绍信已退回", "the letter was sent back")
    _check_day(command, arrived.received.occurred_on, arrived)


def _check_day(command: WithdrawTransferStep, made_on: dt.date | None, arrived: LetterIn) -> None:
    if made_on is None:
        raise Absent(f"{command.step.value} of letter {arrived.received.number}")
    if arrived.volume_no is not None:
        raise BuiltUpon(f"介绍信已装订存档（{arrived.volume_no}）", f"the letter is bound into volume {arrived.volume_no}")
    if command.occurred_on < made_on:
        raise Malformed(f"occurred_on lies before {made_on}, when this happened")


def _never_here(command: WithdrawTransferStep, arrived: LetterIn, transfers: Transfers, roster: Roster, dues: Dues, named: Named) -> Event:
    if arrived.accepted_on is not None and arrived.received.from_side is TransferSide.INSIDE:
        raise BuiltUpon("党员已在本支部，转出须另开介绍信", "the member belongs here: only another letter leads away")
    if arrived.returned_on is not None:
        raise BuiltUpon("回执已寄出，须先撤销寄回回执", "the receipt was returned: take that back first")
    _check_day(command, arrived.accepted_on, arrived)
    person = arrived.received.person_id
    member = roster.members.get(person)
    if member is None or not isinstance(member.profile, MemberTransferredIn) or member.profile.letter_id != command.letter_id:
        raise BuiltUpon("该党员此后另行登记", "the member was entered anew since")
    must_be_alone(set(rests_on(member, roster, dues, transfers, named)))
    return RegistrationWithdrawn(occurred_on=command.occurred_on, person_id=person, reason=command.reason, id_index=member.profile.id_index)


def _withdrawn(command: WithdrawTransferStep, person: PersonId) -> TransferStepWithdrawn:
    return TransferStepWithdrawn(
        occurred_on=command.occurred_on, letter_id=command.letter_id, person_id=person, step=command.step, reason=command.reason
    )


CASES = (
    Case(command=WithdrawTransferStep, right=Right.TRANSFER_WRITE, reads=(TRANSFERS, ROSTER, DUES, NAMED), decide=withdraw_transfer_step),
)
