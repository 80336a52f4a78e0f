"""What every event is made of: the frozen struct, ids, months, money, choices with labels, sealed personal fields.

Room: THE RECORD. Imports nothing of ours. An event says what happened and why it matters; it is never changed.
"""

import datetime as dt
import enum
from collections.abc import Callable
from typing import Annotated, Any, ClassVar, NewType, Self

import msgspec

OrgId = NewType("OrgId", str)
"""An organisation (the committee or a branch); also the name of its book. `[A-Za-z0-9-]{1,40}`."""
PersonId = NewType("PersonId", str)
"""A person, the same one in every branch they ever belong to."""
GroupId = NewType("GroupId", str)
MeetingId = NewType("MeetingId", str)
LetterId = NewType("LetterId", str)
AdmissionId = NewType("AdmissionId", str)
"""The admission of one person, from the application to the archived file."""
ReceiptNo = NewType("ReceiptNo", str)

IDENTITY = r"^[A-Za-z0-9._:-]{1,64}$(?!\n)"


def shaped(identity: Any, pattern: str) -> None:
    """Gives a NewType of text its shape: msgspec looks through it at what it stands for, so every border checks it and OpenAPI tells it."""
    setattr(identity, "__supertype__", Annotated[str, msgspec.Meta(pattern=pattern)])  # noqa: B010 - types know no such attribute


shaped(OrgId, r"^[A-Za-z0-9-]{1,40}$(?!\n)")
shaped(PersonId, IDENTITY)
shaped(GroupId, IDENTITY)
shaped(MeetingId, IDENTITY)
shaped(LetterId, IDENTITY)
shaped(AdmissionId, IDENTITY)
shaped(ReceiptNo, r"^[^\x00-\x1f\x7f|]{1,64}$(?!\n)")

Fen = Annotated[int, msgspec.Meta(ge=-(10**13), le=10**13)]
"""Money: integer fen, 100 to the yuan."""
Count = Annotated[int, msgspec.Meta(ge=0, le=1_000_000)]
Text = Annotated[str, msgspec.Meta(max_length=200)]
LongText = Annotated[str, msgspec.Meta(max_length=10_000)]
Month = Annotated[str, msgspec.Meta(pattern=r"^\d{4}-(0[1-9]|1[0-2])$(?!\n)")]
"""A calendar month, `2026-03`."""

PERSONAL = msgspec.Meta(extra={"class": "personal"})
SENSITIVE = msgspec.Meta(extra={"class": "sensitive"})
SEALED_MAX = 60_000
"""A sealed text is longer than the plain one, which the command's field bounds."""
Personal = Annotated[Annotated[str, msgspec.Meta(max_length=SEALED_MAX)], PERSONAL]
"""Plain text while a command is decided; sealed with the key of the event's `person_id` before it is hashed and stored."""
Sensitive = Annotated[Annotated[str, msgspec.Meta(max_length=SEALED_MAX)], SENSITIVE]
"""As `Personal`, and a read of it is itself recorded (ID number, phone, address, pay)."""


class Choice(enum.StrEnum):
    """A closed list of codes, each with its Chinese and English label: `FULL = "full", "正式党员", "Full member"`."""

    zh: str
    en: str

    def __new__(cls, value: str, zh: str, en: str) -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.zh = zh
        member.en = en
        return member


class Claim(msgspec.Struct, frozen=True, kw_only=True):
    """A value that must be unique across all books, taken or given back in the same transaction as its event."""

    kind: str
    value: str
    give: bool = False


class Event(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="type"):
    """Something that happened on `occurred_on` (local date, Asia/Shanghai). Subclasses: frozen, kw_only, tag by hand."""

    zh: ClassVar[str] = ""
    en: ClassVar[str] = ""
    schema: ClassVar[int] = 1

    occurred_on: dt.date

    def stream(self) -> str:
        """The stream of the book that this event belongs to."""
        raise NotImplementedError

    def claims(self) -> tuple[Claim, ...]:
        """The unique values that this event takes or gives back."""
        return ()


Upcast = Callable[[dict[str, Any]], dict[str, Any]]
"""Turns the stored body of schema n into that of schema n + 1."""


def tag_of(event: type[Event] | Event) -> str:
    """The stored name of an event, such as `dues.received`."""
    tag = event.__struct_config__.tag
    assert isinstance(tag, str)
    return tag


def month_of(day: dt.date) -> Month:
    return f"{day.year:04d}-{day.month:02d}"


def month_add(month: Month, months: int) -> Month:
    """The month `months` later (or earlier when negative)."""
    index = int(month[:4]) * 12 + int(month[5:]) - 1 + months
    return f"{index // 12:04d}-{index % 12 + 1:02d}"


def months_between(first: Month, last: Month) -> int:
    """How many months `last` lies after `first`."""
    return (int(last[:4]) - int(first[:4])) * 12 + int(last[5:]) - int(first[5:])
