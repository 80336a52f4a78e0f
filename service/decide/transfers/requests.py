"""A transfer begins with a request; and how far any transfer is, at the sender and at the receiver (N15.T01, R-E01 to R-E05)."""

import datetime as dt
from typing import Annotated, ClassVar

from events.base import LetterId, PersonId, Text
from events.transfers import TransferRequested, TransferRequestWithdrawn, TransferSide
from projections.standard.holidays import add_working_days
from projections.standard.rules import Rules
from service.auth.rights import Right
from service.decide.base import Case, Command, Context, Outcome, label
from service.decide.ladder import Rung, climb, day_of
from service.decide.procedure import Procedure, Step
from service.decide.roster import ROSTER, Roster
from service.decide.transfers.state import TRANSFERS, LetterIn, LetterOut, Stage, Transfers
from service.errors import Absent, Conflict


class RequestTransfer(Command, frozen=True, kw_only=True, tag="request-transfer"):
    """A member leaves for study, another post, retirement or another home, and the relation should move."""

    zh: ClassVar[str] = "登记转出申请"
    en: ClassVar[str] = "Request a transfer"

    person_id: Annotated[PersonId, label("党员", "Member")]
    reason: Annotated[Text, label("转出原因", "Reason", min_length=1)]
    to_name: Annotated[Text, label("拟转往单位", "Where to", min_length=1)]
    leaves_on: Annotated[dt.date, label("离开日期", "Leaves on")]
    letter_id: Annotated[LetterId | None, label("记录编号", "Letter id", help_zh="通常留空", help_en="Usually left empty")] = None


def request_transfer(command: RequestTransfer, context: Context, transfers: Transfers, roster: Roster) -> Outcome:
    """One request at a time; the letter is due some working days later (N15.T01)."""
    event = TransferRequested(
        occurred_on=command.occurred_on,
        letter_id=command.letter_id or LetterId(context.event_ids[0]),
        person_id=command.person_id,
        reason=command.reason,
        to_name=command.to_name,
        leaves_on=command.leaves_on,
        issue_by=add_working_days(command.occurred_on, context.rules.number("transfer.issue_working_days")),
    )
    if (known := transfers.request_of(command.person_id)) is not None:
        if (known.to_name, known.leaves_on) != (command.to_name, command.leaves_on):
            raise Conflict("the member's transfer was requested already; withdraw that request first")
        return []
    roster.must_be_active(command.person_id, command.occurred_on, "person_id")
    if event.letter_id in transfers.issued or event.letter_id in transfers.requested:
        raise Conflict(f"another transfer is recorded as {event.letter_id}")
    if any(letter.stage is Stage.LIVE for letter in transfers.open_for(command.person_id)):
        raise Conflict("a letter for this member is on its way")
    return [event]


class WithdrawTransferRequest(Command, frozen=True, kw_only=True, tag="withdraw-transfer-request"):
    """A request was given up, or entered by mistake."""

    zh: ClassVar[str] = "撤回转出申请"
    en: ClassVar[str] = "Withdraw a transfer request"

    letter_id: Annotated[LetterId, label("转出申请", "Request")]
    reason: Annotated[Text, label("撤回原因", "Reason", min_length=1)]


def withdraw_transfer_request(command: WithdrawTransferRequest, _context: Context, transfers: Transfers) -> Outcome:
    """Before the letter; a letter is voided instead (R-E02)."""
    request = transfers.requested.get(command.letter_id)
    if request is None:
        raise Absent(f"request {command.letter_id}")
    if command.letter_id in transfers.issued:
        raise Conflict("the letter was issued; void it instead")
    if command.occurred_on < request.occurred_on:
        raise Conflict(f"the request is of {request.occurred_on}")
    return [
        TransferRequestWithdrawn(
            occurred_on=command.occurred_on, letter_id=command.letter_id, person_id=request.person_id, reason=command.reason
        )
    ]


def steps(transfers: Transfers, subject: str, rules: Rules, _today: dt.date) -> tuple[Step, ...]:
    """A letter in shows the receiver's steps, a request or a letter out the sender's (R-E02 to R-E05)."""
    letter_id = LetterId(subject)
    if (arrived := transfers.arrived.get(letter_id)) is not None:
        return climb(_incoming(arrived, rules))
    request, letter = transfers.requested.get(letter_id), transfers.issued.get(letter_id)
    if request is None and letter is None:
        return ()
    return climb(_outgoing(request, letter, rules))


def _person(transfers: Transfers, subject: str) -> PersonId | None:
    letter_id = LetterId(subject)
    if (arrived := transfers.arrived.get(letter_id)) is not None:
        return arrived.received.person_id
    if (letter := transfers.issued.get(letter_id)) is not None:
        return letter.issued.person_id
    request = transfers.requested.get(letter_id)
    return None if request is None else request.person_id


WHY: dict[Stage, tuple[str, str]] = {
    Stage.VOIDED: ("介绍信已作废，须重新开具", "The letter is void: issue another one"),
    Stage.REFUSED: ("对方退回，须重新开具", "Sent back: issue another letter"),
    Stage.EXPIRED: ("介绍信已过有效期，须重新开具或说明情况", "The letter has run out: issue another one, or explain"),
}
"""What blocks a letter on its way."""


def _outgoing(request: TransferRequested | None, letter: LetterOut | None, rules: Rules) -> tuple[Rung, ...]:
    block_zh, block_en = ("", "") if letter is None else WHY.get(letter.stage, ("", ""))
    issued, accepted_on, filed = (None, None, None) if letter is None else (letter.issued, letter.accepted_on, letter.filed)
    outside = issued is not None and issued.to_side is TransferSide.OUTSIDE
    return (
        Rung(code="request", zh="转出申请", en="Request", rule="N15.T01", done_on=day_of(request), skipped=request is None,
             command="request-transfer"),
        Rung(code="letter", zh="开具介绍信", en="Letter issued", rule="INV-070", done_on=day_of(issued),
             needs=("request",), latest=None if request is None else request.issue_by, command="issue-letter", materials=("N15.M01",)),
        Rung(code="accepted", zh="对方接收", en="Accepted there", rule="R-E04", done_on=accepted_on, needs=("letter",),
             latest=None if letter is None else letter.valid_until, block_zh=block_zh, block_en=block_en,
             command="record-receipt" if outside else None),
        Rung(code="receipt", zh="回执粘贴存根", en="Receipt filed", rule="INV-073", done_on=day_of(filed),
             needs=("accepted",), latest=_receipt_by(accepted_on, rules), command="record-receipt", materials=("N15.M01",)),
    )  # fmt: skip


def _incoming(letter: LetterIn, rules: Rules) -> tuple[Rung, ...]:
    refused = letter.refused_on is not None
    received_on = letter.received.occurred_on
    accept_by = add_working_days(received_on, rules.number("transfer.accept_working_days"))
    return (
        Rung(code="received", zh="收到介绍信", en="Letter received", rule="N15.T02", done_on=received_on, command="receive-transfer"),
        Rung(code="refused", zh="退回", en="Sent back", rule="R-E04", done_on=letter.refused_on, skipped=not refused,
             command="refuse-transfer"),
        Rung(code="accepted", zh="接收并编入党小组", en="Accepted and put in a group", rule="INV-071", done_on=letter.accepted_on,
             needs=("received",), skipped=refused, latest=accept_by, command="accept-transfer", materials=("N15.M02",)),
        Rung(code="receipt", zh="寄回回执", en="Receipt returned", rule="R-E03", done_on=letter.returned_on, needs=("accepted",),
             skipped=refused, latest=_receipt_by(letter.accepted_on, rules), command="return-receipt"),
        Rung(code="bound", zh="装订存档", en="Bound and archived", rule="N15.M02",
             done_on=letter.bound_on, needs=("accepted",), skipped=refused, command="bind-transfer-file", materials=("N15.M02",)),
    )  # fmt: skip


def _receipt_by(accepted_on: dt.date | None, rules: Rules) -> dt.date | None:
    return None if accepted_on is None else accepted_on + dt.timedelta(days=rules.number("transfer.receipt_days"))


CASES = (
    Case(command=RequestTransfer, right=Right.TRANSFER_WRITE, reads=(TRANSFERS, ROSTER), decide=request_transfer),
    Case(command=WithdrawTransferRequest, right=Right.TRANSFER_WRITE, reads=(TRANSFERS,), decide=withdraw_transfer_request),
)

PROCEDURES = (
    Procedure(
        kind="transfer",
        zh="组织关系转移接收",
        en="Transfer of organisational relations",
        stream=lambda _subject: "transfers",
        fold=TRANSFERS,
        steps=steps,
        subjects=lambda transfers: tuple(dict.fromkeys((*transfers.requested, *transfers.issued, *transfers.arrived))),
        person=_person,
        field="letter_id",
    ),
)
