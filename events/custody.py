"""Care of the dues fund: reminders, disclosure of the accounts, audits, hand-over of custody (norm N16, rules R-D09, R-D15, R-D16).

Room: THE RECORD. All of it lives in the stream `custody` of the branch; nothing here moves money.
"""

import typing
from typing import ClassVar, NewType

from events.base import IDENTITY, Choice, Event, Fen, LongText, Month, Personal, PersonId, Text, Upcast, shaped

CustodyId = NewType("CustodyId", str)
"""An entry about the care of the fund."""
shaped(CustodyId, IDENTITY)


class ReminderWay(Choice):
    """How a member was reminded to pay."""

    TALK = "talk", "谈话", "Talk"
    TELEPHONE = "telephone", "电话", "Telephone"
    MESSAGE = "message", "短信或网络通讯", "Message"
    LETTER = "letter", "书面通知", "Letter"


class AccountsWay(Choice):
    """Where the accounts were shown to the members."""

    MEETING = "meeting", "党员大会", "General meeting"
    BOARD = "board", "公开栏", "Notice board"
    CIRCULAR = "circular", "书面通报", "Circular"
    INTRANET = "intranet", "内部网络", "Intranet"


class OfCustody(Event, frozen=True, kw_only=True):
    """What these events share: the entry's id, and their stream."""

    entry_id: CustodyId

    def stream(self) -> str:
        return "custody"


class DuesReminderSent(OfCustody, frozen=True, kw_only=True, tag="custody.reminder_sent"):
    """A member was reminded of unpaid months; from some months on with criticism and education (N16.T03, R-D09, DL-06)."""

    zh: ClassVar[str] = "党费催缴"
    en: ClassVar[str] = "Dues reminder sent"

    person_id: PersonId
    way: ReminderWay
    months: tuple[Month, ...]
    consecutive: int
    """The longest run of consecutive months among them."""
    education: bool
    """It was at the same time criticism and education with a time set to correct."""
    note: Personal | None = None


class DuesAccountsPublished(OfCustody, frozen=True, kw_only=True, tag="custody.accounts_published"):
    """Collection, use and management of dues were shown to the members (R-D15, N07.M04)."""

    zh: ClassVar[str] = "党费公示"
    en: ClassVar[str] = "Dues accounts published"

    from_month: Month
    to_month: Month
    collected_fen: Fen
    spent_fen: Fen
    remitted_fen: Fen
    allocated_fen: Fen
    balance_fen: Fen
    """As known when it was recorded."""
    ways: tuple[AccountsWay, ...]
    place: Text | None = None


class DuesAudited(OfCustody, frozen=True, kw_only=True, tag="custody.audited"):
    """Somebody checked the dues: books against money (R-D15)."""

    zh: ClassVar[str] = "党费检查"
    en: ClassVar[str] = "Dues audited"

    checked_by: Text
    from_month: Month
    to_month: Month
    book_fen: Fen
    """The balance of the books on record."""
    counted_fen: Fen
    findings: LongText
    measures: LongText | None = None


class CustodyHandedOver(OfCustody, frozen=True, kw_only=True, tag="custody.handed_over"):
    """Another member keeps the dues from now on; both signed the list (R-D16)."""

    zh: ClassVar[str] = "党费移交"
    en: ClassVar[str] = "Dues custody handed over"

    from_person: PersonId
    to_person: PersonId
    witness: PersonId | None = None
    balance_fen: Fen
    papers: LongText
    """What was handed over: books, receipts, cards."""


class CustodyEntryWithdrawn(OfCustody, frozen=True, kw_only=True, tag="custody.withdrawn"):
    """An entry was wrong and stands no more."""

    zh: ClassVar[str] = "党费管理记录撤销"
    en: ClassVar[str] = "Custody entry withdrawn"

    reason: Text


CustodyEvent = DuesReminderSent | DuesAccountsPublished | DuesAudited | CustodyHandedOver | CustodyEntryWithdrawn
"""What the stream `custody` may hold."""

EVENTS: tuple[type[Event], ...] = typing.get_args(CustodyEvent)

UPCASTS: dict[tuple[str, int], Upcast] = {}
