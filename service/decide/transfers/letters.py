"""The sender's side: the numbered letter is issued, extended, voided or runs out (N15.T01, INV-070 to 072, 074)."""

import datetime as dt
from typing import Annotated, ClassVar

from events.base import LetterId, Month, OrgId, PersonId, Text, month_add, month_of
from events.organisations import OrgKind
from events.transfers import (
    LetterExpired,
    LetterExtended,
    LetterIssued,
    LetterNumber,
    LetterVoided,
    TransferSide,
    TransferStatus,
    ValidDays,
)
from service.auth.rights import Right
from service.decide.base import Case, Command, Context, Fold, Outcome, label
from service.decide.dues.state import DUES, Dues
from service.decide.roster import ROSTER, Roster, RosterMember
from service.decide.transfers.state import OPEN, TRANSFERS, LetterOut, Stage, Transfers
from service.errors import Absent, Conflict, Malformed, Refused

RECEIVER = Fold[Roster](
    name=ROSTER.name,
    book=lambda _org_id, command: command.to_org_id,
    stream=lambda command: "roster" if command.to_org_id else None,
    initial=ROSTER.initial,
    evolve=ROSTER.evolve,
)
"""The roster of the branch that the letter goes to, when it is kept here."""


class IssueLetter(Command, frozen=True, kw_only=True, tag="issue-letter"):
    """Issue the introduction letter: stub, letter and receipt under one number."""

    zh: ClassVar[str] = "开具组织关系介绍信"
    en: ClassVar[str] = "Issue an introduction letter"

    person_id: Annotated[PersonId, label("党员", "Member")]
    to_side: Annotated[TransferSide, label("转往", "Goes to")]
    to_org_id: Annotated[
        OrgId | None,
        label("转往党支部", "Branch under this committee", help_zh="本系统内转接时选择", help_en="For a transfer within this committee"),
    ] = None
    to_name: Annotated[
        Text | None, label("转往单位", "Organisation outside", help_zh="转往外单位时填写", help_en="For a transfer to the outside")
    ] = None
    heading: Annotated[Text | None, label("抬头", "Addressed to", help_zh="留空则同转往单位", help_en="Empty: as where it goes")] = None
    dues_paid_to: Annotated[Month, label("党费交至", "Dues paid to")]
    valid_days: Annotated[
        ValidDays | None, label("有效期(天)", "Valid for (days)", help_zh="留空则按规定天数", help_en="Empty: the days that the rules give")
    ] = None
    handled_by: Annotated[PersonId, label("经办人", "Handled by")]
    contact: Annotated[Text, label("联系电话", "Telephone of the office", min_length=1)]
    number: Annotated[
        LetterNumber | None,
        label(
            "编号", "Number", help_zh="留空则自动编号；填写时须与存根连续", help_en="Empty: given by the system; else it must be the next"
        ),
    ] = None
    arrears_reason: Annotated[
        Text | None,
        label("欠交党费仍转出的理由", "Reason to let it go with dues unpaid", help_zh="书记决定", help_en="The secretary's decision"),
    ] = None
    consent_no: Annotated[
        Text | None,
        label("上级同意文号", "Superior's consent", help_zh="有未办结事项时必填", help_en="Needed when something is still open"),
    ] = None
    letter_id: Annotated[LetterId | None, label("记录编号", "Letter id", help_zh="通常留空", help_en="Usually left empty")] = None


def issue_letter(command: IssueLetter, context: Context, transfers: Transfers, roster: Roster, dues: Dues, receiver: Roster) -> Outcome:
    """The next number of the year; dues paid, no open case, one letter at a time (R-E02, R-E13, R-E01)."""
    member = roster.must_belong(command.person_id, command.occurred_on, "person_id")
    roster.must_be_active(command.handled_by, command.occurred_on, "handled_by")
    to_name = _destination(command, context, receiver)
    letters = transfers.open_for(command.person_id)
    if (live := next((x for x in letters if holds(x, command.occurred_on)), None)) is not None:
        return _again(live, command, to_name)
    if command.person_id in roster.committee_on(command.occurred_on):
        raise Conflict("the member still holds a post; vacate it first")
    _check_dues(command, dues, member)
    if member.open_cases and command.consent_no is None:
        raise Refused("INV-074", "consent_no")
    number = transfers.next_number(context.org_id, command.occurred_on.year)
    if command.number not in (None, number):
        raise Refused("INV-070", "number", detail=number)
    valid_days = _valid_days(command, context)
    return [
        LetterIssued(
            occurred_on=command.occurred_on,
            letter_id=_letter_id(command, context, transfers),
            person_id=command.person_id,
            number=number,
            status=TransferStatus[member.status_on(command.occurred_on).name],
            sex=member.profile.sex.zh,
            nationality=member.profile.nationality,
            id_number=member.profile.id_number,
            to_side=command.to_side,
            to_org_id=command.to_org_id,
            to_name=to_name,
            heading=command.heading or to_name,
            dues_paid_to=command.dues_paid_to,
            valid_days=valid_days,
            valid_until=command.occurred_on + dt.timedelta(days=valid_days),
            handled_by=command.handled_by,
            contact=command.contact,
            arrears_reason=command.arrears_reason,
            consent_no=command.consent_no,
        ),
        *(_superseded(letter, command.occurred_on, number) for letter in letters),
    ]


def _letter_id(command: IssueLetter, context: Context, transfers: Transfers) -> LetterId:
    """That of the member's request, so that both are one transfer; else as told, else named by the event."""
    request = transfers.request_of(command.person_id)
    letter_id = command.letter_id or (request.letter_id if request is not None else LetterId(context.event_ids[0]))
    asked = transfers.requested.get(letter_id)
    if letter_id in transfers.issued or (asked is not None and asked.person_id != command.person_id):
        raise Conflict(f"another transfer is recorded as {letter_id}")
    return letter_id


def holds(letter: LetterOut, day: dt.date) -> bool:
    return letter.stage is Stage.LIVE and day <= letter.valid_until


def _superseded(letter: LetterOut, day: dt.date, number: str) -> LetterVoided:
    """A letter that ran out is void once another one is issued in its place (R-E05)."""
    issued = letter.issued
    return LetterVoided(occurred_on=day, letter_id=issued.letter_id, person_id=issued.person_id, reason=f"已过有效期，另开{number}")


def _destination(command: IssueLetter, context: Context, receiver: Roster) -> str:
    """The name of where it goes: the branch's own, or as typed for an organisation outside."""
    if command.to_side is TransferSide.OUTSIDE:
        if command.to_org_id is not None or command.to_name is None:
            raise Malformed("a letter to outside names the organisation in to_name, and no to_org_id")
        return command.to_name
    if command.to_org_id is None or command.to_name is not None or command.to_org_id == context.org_id:
        raise Malformed("a letter inside names another branch in to_org_id, and no to_name")
    if receiver.founded is None or receiver.founded.kind is not OrgKind.BRANCH:
        raise Absent(f"branch {command.to_org_id}")
    return receiver.founded.name


def _again(live: LetterOut, command: IssueLetter, to_name: str) -> Outcome:
    """The same letter is on its way already: nothing to do. Another one has to be voided first."""
    issued = live.issued
    same = (issued.to_side, issued.to_org_id, issued.to_name) == (command.to_side, command.to_org_id, to_name)
    if same and command.letter_id in (None, issued.letter_id) and command.number in (None, issued.number):
        return []
    raise Conflict(f"letter {issued.number} for this member is on its way")


def _check_dues(command: IssueLetter, dues: Dues, member: RosterMember) -> None:
    """Paid up to the month that the letter states, and to the last complete one (R-E13)."""
    last = max(command.dues_paid_to, month_add(month_of(command.occurred_on), -1))
    unpaid = dues.unpaid(command.person_id, member.belongs.since, last)
    if unpaid and command.arrears_reason is None:
        raise Refused("INV-072", "dues_paid_to", detail=", ".join(unpaid))


def _valid_days(command: IssueLetter, context: Context) -> int:
    days = command.valid_days or context.rules.number("transfer.valid_days")
    if days > context.rules.number("transfer.valid_days_max"):
        raise Refused("INV-071", "valid_days")
    return days


class ExtendLetter(Command, frozen=True, kw_only=True, tag="extend-letter"):
    """Make a letter good for longer, within the limit."""

    zh: ClassVar[str] = "介绍信延期"
    en: ClassVar[str] = "Extend a letter"

    letter_id: Annotated[LetterId, label("介绍信", "Letter")]
    valid_until: Annotated[dt.date, label("延至", "Valid until")]
    reason: Annotated[Text, label("延期原因", "Reason", min_length=1)]


def extend_letter(command: ExtendLetter, context: Context, transfers: Transfers) -> Outcome:
    """Only a letter that still holds, and never beyond the longest term (R-E05, INV-071)."""
    letter = transfers.letter_out(command.letter_id)
    _check_after(letter, command.occurred_on)
    if letter.stage in OPEN and not holds(letter, command.occurred_on):
        raise Refused("INV-071", "letter_id")
    if letter.stage is not Stage.LIVE:
        raise Conflict(f"letter {letter.issued.number} is {letter.stage.value}")
    if command.valid_until == letter.valid_until:
        return []
    longest = letter.issued.occurred_on + dt.timedelta(days=context.rules.number("transfer.valid_days_max"))
    if not letter.valid_until < command.valid_until <= longest:
        raise Refused("INV-071", "valid_until", detail=longest.isoformat())
    return [
        LetterExtended(
            occurred_on=command.occurred_on,
            letter_id=command.letter_id,
            person_id=letter.issued.person_id,
            valid_until=command.valid_until,
            reason=command.reason,
        )
    ]


class VoidLetter(Command, frozen=True, kw_only=True, tag="void-letter"):
    """A letter is void; it keeps its number and its place in the book."""

    zh: ClassVar[str] = "介绍信作废"
    en: ClassVar[str] = "Void a letter"

    letter_id: Annotated[LetterId, label("介绍信", "Letter")]
    reason: Annotated[Text, label("作废原因", "Reason", min_length=1)]


def void_letter(command: VoidLetter, _context: Context, transfers: Transfers) -> Outcome:
    """As long as nobody was accepted with it (R-E02)."""
    letter = transfers.letter_out(command.letter_id)
    _check_after(letter, command.occurred_on)
    if letter.stage is Stage.VOIDED:
        return []
    if letter.stage in (Stage.ACCEPTED, Stage.FILED):
        raise Conflict(f"the member was accepted with letter {letter.issued.number}")
    return [
        LetterVoided(occurred_on=command.occurred_on, letter_id=command.letter_id, person_id=letter.issued.person_id, reason=command.reason)
    ]


class ExpireLetter(Command, frozen=True, kw_only=True, tag="expire-letter"):
    """Recorded by the system on the day after a letter ran out."""

    zh: ClassVar[str] = "介绍信过期"
    en: ClassVar[str] = "Mark a letter as expired"

    letter_id: Annotated[LetterId, label("介绍信", "Letter")]


def expire_letter(command: ExpireLetter, _context: Context, transfers: Transfers) -> Outcome:
    """Nothing to do while it is good, or when it has been dealt with (R-E05, DL-30)."""
    letter = transfers.letter_out(command.letter_id)
    if letter.stage is not Stage.LIVE or command.occurred_on <= letter.valid_until:
        return []
    return [
        LetterExpired(
            occurred_on=command.occurred_on,
            letter_id=command.letter_id,
            person_id=letter.issued.person_id,
            valid_until=letter.valid_until,
        )
    ]


def _check_after(letter: LetterOut, day: dt.date) -> None:
    if day < letter.issued.occurred_on:
        raise Conflict(f"letter {letter.issued.number} was issued on {letter.issued.occurred_on}")


CASES = (
    Case(command=IssueLetter, right=Right.TRANSFER_WRITE, reads=(TRANSFERS, ROSTER, DUES, RECEIVER), decide=issue_letter),
    Case(command=ExtendLetter, right=Right.TRANSFER_WRITE, reads=(TRANSFERS,), decide=extend_letter),
    Case(command=VoidLetter, right=Right.TRANSFER_WRITE, reads=(TRANSFERS,), decide=void_letter),
    Case(command=ExpireLetter, right=Right.SYSTEM_WRITE, reads=(TRANSFERS,), decide=expire_letter),
)
