"""Transfer of a member's relation: the numbered letter in three parts, at the sender and at the receiver (norm N15, rules R-E).

Room: THE RECORD. The stream `transfers` of each branch holds its letters out (stub and receipt) and in (the letter).
"""

import datetime as dt
import typing
from typing import Annotated, ClassVar

import msgspec

from events.base import Choice, Claim, Event, GroupId, LetterId, Month, OrgId, Personal, PersonId, Sensitive, Text, Upcast

LetterNumber = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9-]{1,40}-\d{4}-\d{4,6}$")]
"""`<branch>-YYYY-NNNN`, on all three parts; gapless within branch and year, never used again (R-E02)."""
ValidDays = Annotated[int, msgspec.Meta(ge=1, le=366)]
VolumeNo = Text


class TransferSide(Choice):
    """Whether the other branch is kept under this committee or not (R-E08)."""

    INSIDE = "inside", "本系统党支部", "A branch under this committee"
    OUTSIDE = "outside", "外单位党组织", "An organisation outside"


class TransferStatus(Choice):
    """In what standing the letter names the member."""

    FULL = "full", "正式党员", "Full member"
    PROBATIONARY = "probationary", "预备党员", "Probationary member"


class DeliveryMethod(Choice):
    """How a receipt travelled (R-E03)."""

    MAIL = "mail", "邮寄", "Mail"
    FAX = "fax", "传真", "Fax"
    IN_PERSON = "in_person", "本人或专人送达", "In person"
    SYSTEM = "system", "系统内", "In this system"


class TransferStep(Choice):
    """An entry about a letter that can be taken back as long as nothing rests on it."""

    RECEIVED = "received", "收到介绍信", "Letter received"
    ACCEPTED = "accepted", "转入接收", "Member accepted"
    RETURNED = "receipt_returned", "寄回回执", "Receipt returned"
    FILED = "receipt_filed", "回执粘贴存根", "Receipt filed"


class OfTransfers(Event, frozen=True, kw_only=True):
    """What all transfer events share: the letter they are about, and their stream."""

    letter_id: LetterId
    person_id: PersonId

    def stream(self) -> str:
        return "transfers"


class TransferRequested(OfTransfers, frozen=True, kw_only=True, tag="transfers.requested"):
    """A member asked for the relation to move, or the branch found that it should (N15.T01); the letter bears the request's id."""

    zh: ClassVar[str] = "转出申请"
    en: ClassVar[str] = "Transfer out requested"

    reason: Text
    to_name: Text
    """Where the member goes, as far as known."""
    leaves_on: dt.date
    issue_by: dt.date
    """By when the letter should be issued."""


class TransferRequestWithdrawn(OfTransfers, frozen=True, kw_only=True, tag="transfers.request_withdrawn"):
    """A request was given up or entered by mistake before a letter was issued."""

    zh: ClassVar[str] = "转出申请撤回"
    en: ClassVar[str] = "Transfer request withdrawn"

    reason: Text


class LetterIssued(OfTransfers, frozen=True, kw_only=True, tag="transfers.letter_issued"):
    """A letter was issued; its stub stays here, the member counts here until accepted there (R-E02, R-E04, INV-070, 072, 074)."""

    zh: ClassVar[str] = "开具组织关系介绍信"
    en: ClassVar[str] = "Introduction letter issued"

    number: LetterNumber
    status: TransferStatus
    sex: Text
    nationality: Text
    """Sex as the letter words it, ethnic group by its official code."""
    id_number: Sensitive | None = None
    to_side: TransferSide
    to_org_id: OrgId | None = None
    to_name: Text
    """Where the member goes, as written on the letter."""
    heading: Text
    """The organisation that the letter is addressed to (抬头)."""
    dues_paid_to: Month
    valid_days: ValidDays
    valid_until: dt.date
    handled_by: PersonId
    contact: Text
    """Telephone of the branch office."""
    arrears_reason: Text | None = None
    """Why the secretary let it go although dues are unpaid (INV-072)."""
    consent_no: Text | None = None
    """The superior's consent although a case is open (INV-074)."""

    def claims(self) -> tuple[Claim, ...]:
        return (Claim(kind="letter", value=self.number),)


class LetterExtended(OfTransfers, frozen=True, kw_only=True, tag="transfers.letter_extended"):
    """A letter is good for longer (R-E05)."""

    zh: ClassVar[str] = "介绍信延期"
    en: ClassVar[str] = "Introduction letter extended"

    valid_until: dt.date
    reason: Text


class LetterVoided(OfTransfers, frozen=True, kw_only=True, tag="transfers.letter_voided"):
    """A letter is void; it stays in the book with its number (R-E02)."""

    zh: ClassVar[str] = "介绍信作废"
    en: ClassVar[str] = "Introduction letter voided"

    reason: Text


class LetterExpired(OfTransfers, frozen=True, kw_only=True, tag="transfers.letter_expired"):
    """A letter ran out before it was accepted (R-E05, DL-30); a new one may be issued."""

    zh: ClassVar[str] = "介绍信过期"
    en: ClassVar[str] = "Introduction letter expired"

    valid_until: dt.date


class AcceptanceNoted(OfTransfers, frozen=True, kw_only=True, tag="transfers.acceptance_noted"):
    """At the sender: the branch named in the letter accepted the member on `occurred_on` (R-E04)."""

    zh: ClassVar[str] = "对方已接收"
    en: ClassVar[str] = "Acceptance noted"

    by_org_id: OrgId


class RefusalNoted(OfTransfers, frozen=True, kw_only=True, tag="transfers.refusal_noted"):
    """At the sender: the branch named in the letter sent it back; the member goes on counting here."""

    zh: ClassVar[str] = "对方退回"
    en: ClassVar[str] = "Refusal noted"

    by_org_id: OrgId
    reason: Text


class ReceiptFiled(OfTransfers, frozen=True, kw_only=True, tag="transfers.receipt_filed"):
    """At the sender: the receipt came back and was pasted on the stub (R-E03, N15.M01, INV-073)."""

    zh: ClassVar[str] = "回执粘贴存根"
    en: ClassVar[str] = "Transfer receipt filed"

    number: LetterNumber
    accepted_on: dt.date
    accepted_by: Text
    """The organisation that accepted, as the receipt says."""
    handled_by: Text
    """Who signed the receipt over there."""


class TransferReceived(OfTransfers, frozen=True, kw_only=True, tag="transfers.received"):
    """At the receiver: a letter came in; the member does not count here yet (N15.T02, R-E04, INV-002)."""

    zh: ClassVar[str] = "收到转入介绍信"
    en: ClassVar[str] = "Transfer letter received"

    number: Text
    """As on the letter; from outside in whatever form they number."""
    from_side: TransferSide
    from_org_id: OrgId | None = None
    from_name: Text
    name: Personal | None = None
    """Until acceptance the person is in no roster here, so the letter's name is all there is."""
    status: TransferStatus
    dues_paid_to: Month
    issued_on: dt.date
    valid_until: dt.date


class TransferAccepted(OfTransfers, frozen=True, kw_only=True, tag="transfers.accepted"):
    """At the receiver: the member was accepted and put in a group (N15.T02, INV-071)."""

    zh: ClassVar[str] = "转入接收编组"
    en: ClassVar[str] = "Transfer accepted"

    group_id: GroupId | None = None
    late_explanation: Text | None = None
    """Why a letter past its date was accepted all the same (INV-071)."""


class TransferRefused(OfTransfers, frozen=True, kw_only=True, tag="transfers.refused"):
    """At the receiver: the letter was sent back with a reason (R-E04)."""

    zh: ClassVar[str] = "转入退回"
    en: ClassVar[str] = "Transfer refused"

    reason: Text


class ReceiptReturned(OfTransfers, frozen=True, kw_only=True, tag="transfers.receipt_returned"):
    """At the receiver: the receipt was sent to the sending organisation (R-E03, DL-31)."""

    zh: ClassVar[str] = "寄回回执"
    en: ClassVar[str] = "Transfer receipt returned"

    method: DeliveryMethod
    handled_by: PersonId
    late_days: int
    """Days beyond the term for returning it; 0 when in time."""


class TransferFileBound(OfTransfers, frozen=True, kw_only=True, tag="transfers.file_bound"):
    """At the receiver: the letter was bound into a volume of the archive (N15.M02)."""

    zh: ClassVar[str] = "介绍信装订存档"
    en: ClassVar[str] = "Transfer file bound"

    volume_no: VolumeNo


class TransferStepWithdrawn(OfTransfers, frozen=True, kw_only=True, tag="transfers.step_withdrawn"):
    """An entry about a letter was wrong and stands no more (N15.M01, N15.M02)."""

    zh: ClassVar[str] = "组织关系转接记录撤销"
    en: ClassVar[str] = "Transfer entry withdrawn"

    step: TransferStep
    reason: Text


TransferEvent = (
    TransferRequested
    | TransferRequestWithdrawn
    | LetterIssued
    | LetterExtended
    | LetterVoided
    | LetterExpired
    | AcceptanceNoted
    | RefusalNoted
    | ReceiptFiled
    | TransferReceived
    | TransferAccepted
    | TransferRefused
    | ReceiptReturned
    | TransferFileBound
    | TransferStepWithdrawn
)
"""What the stream `transfers` may hold."""

EVENTS: tuple[type[Event], ...] = typing.get_args(TransferEvent)

UPCASTS: dict[tuple[str, int], Upcast] = {}
