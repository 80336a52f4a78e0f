"""Mobile members: who is away, where, how the branch keeps in touch, and when they came back (norm N15, rules R-E09 to R-E12).

Room: THE RECORD. All of it lives in the stream `mobile` of the branch; where somebody is and their telephone are sealed.
"""

import datetime as dt
import typing
from typing import ClassVar, NewType

from events.base import IDENTITY, Choice, Event, Month, Personal, PersonId, Sensitive, Text, Upcast, shaped

AbsenceId = NewType("AbsenceId", str)
"""One time away of one member."""
shaped(AbsenceId, IDENTITY)


class AwayFor(Choice):
    """Why a member is away."""

    WORK = "work", "外出务工就业", "Work"
    BUSINESS = "business", "外出经商", "Business"
    STUDY = "study", "学习培训", "Study"
    SECONDMENT = "secondment", "借调挂职驻外", "Secondment"
    FAMILY = "family", "投靠亲属或异地居住", "Living with family or elsewhere"
    ABROAD = "abroad", "出国(境)", "Abroad"
    OTHER = "other", "其他", "Other"


class ContactWay(Choice):
    """How the branch and the member were in touch, or tried to be."""

    TELEPHONE = "telephone", "电话", "Telephone"
    MESSAGE = "message", "网络通讯", "Messages"
    LETTER = "letter", "信函", "Letter"
    VISIT = "visit", "走访", "Visit"
    HOST = "host", "通过流入地党组织", "Through the host organisation"
    FAMILY = "family", "通过亲属同事", "Through family or colleagues"


class BackBy(Choice):
    """How a time away ended."""

    RETURNED = "returned", "返回", "Came back"
    TRANSFERRED = "transferred", "组织关系转出", "Relation transferred"
    LEFT = "left", "停止党籍或出党", "Membership suspended or ended"


class OfAbsence(Event, frozen=True, kw_only=True):
    """What all events about a time away share."""

    absence_id: AbsenceId
    person_id: PersonId

    def stream(self) -> str:
        return "mobile"


class MobileMemberRegistered(OfAbsence, frozen=True, kw_only=True, tag="mobile.registered"):
    """A member reported reason, time and place before leaving, and goes on belonging here (R-E09)."""

    zh: ClassVar[str] = "流动党员登记"
    en: ClassVar[str] = "Mobile member registered"

    reason: AwayFor
    place: Personal
    left_on: dt.date
    back_by: dt.date | None = None
    phone: Sensitive
    card_no: Text | None = None
    """The activity card with which the member joins life and pays at the host."""
    host: Text | None = None
    """The Party organisation there."""
    contact: PersonId
    """Who in the branch keeps in touch."""
    transfer_due: bool
    """Away as long, at a fixed place, as asks for a transfer of the relation (R-E01)."""


class MobileMemberChanged(OfAbsence, frozen=True, kw_only=True, tag="mobile.changed"):
    """Something about the time away changed or was put right; fields that are None stay as they are."""

    zh: ClassVar[str] = "流动党员信息变更"
    en: ClassVar[str] = "Mobile member's particulars changed"

    reason: Text
    place: Personal | None = None
    back_by: dt.date | None = None
    phone: Sensitive | None = None
    card_no: Text | None = None
    host: Text | None = None
    contact: PersonId | None = None


class MobileMemberContacted(OfAbsence, frozen=True, kw_only=True, tag="mobile.contacted"):
    """The branch was in touch with the member, or tried in vain (R-E09, R-E11, R-E12, DL-33, DL-34)."""

    zh: ClassVar[str] = "流动党员联系"
    en: ClassVar[str] = "Mobile member contacted"

    way: ContactWay
    reached: bool
    reported: bool
    """The member reported home, as is asked for once a year."""
    note: Personal | None = None
    dues_paid_to: Month | None = None
    """The last month paid at the host, as the member or the host says (R-D07)."""
    next_by: dt.date
    """By when the next contact is due."""


class MobileMemberReturned(OfAbsence, frozen=True, kw_only=True, tag="mobile.returned"):
    """A time away is over (R-E09)."""

    zh: ClassVar[str] = "流动党员返回"
    en: ClassVar[str] = "Mobile member returned"

    how: BackBy
    card_returned: bool


class MobileEntryWithdrawn(OfAbsence, frozen=True, kw_only=True, tag="mobile.withdrawn"):
    """The member was entered as mobile by mistake."""

    zh: ClassVar[str] = "流动党员登记撤销"
    en: ClassVar[str] = "Mobile member's entry withdrawn"

    reason: Text


MobileEvent = MobileMemberRegistered | MobileMemberChanged | MobileMemberContacted | MobileMemberReturned | MobileEntryWithdrawn
"""What the stream `mobile` may hold."""

EVENTS: tuple[type[Event], ...] = typing.get_args(MobileEvent)

UPCASTS: dict[tuple[str, int], Upcast] = {}
