"""Care for members: consolation visits, members in hardship, pair support (norms N06.T02, N22).

Room: THE RECORD. All of it lives in the stream `care` of the branch. What somebody's hardship is, is sealed; money is integer fen.
"""

import datetime as dt
import typing
from typing import Annotated, ClassVar, NewType

import msgspec

from events.base import IDENTITY, Choice, Event, Fen, LongText, MeetingId, Personal, PersonId, Sensitive, Text, Upcast, shaped

CareEntryId = NewType("CareEntryId", str)
"""Any entry of care; the id of the event that began it, unless the client gave one."""
shaped(CareEntryId, IDENTITY)
CarePlanId = NewType("CarePlanId", CareEntryId)
SpendingId = NewType("SpendingId", str)
"""A spending entry of the dues ledger, out of which something was paid."""
shaped(SpendingId, IDENTITY)

People = Annotated[tuple[PersonId, ...], msgspec.Meta(min_length=1, max_length=500)]


class Festival(Choice):
    """On what occasion people are visited (N06.T02, N22.T02)."""

    NEW_YEAR = "new_year", "元旦", "New Year"
    SPRING_FESTIVAL = "spring_festival", "春节", "Spring Festival"
    JULY_FIRST = "july_first", "七一", "1 July"
    MID_AUTUMN = "mid_autumn", "中秋节", "Mid-Autumn Festival"
    DOUBLE_NINTH = "double_ninth", "重阳节", "Double Ninth Festival"
    NATIONAL_DAY = "national_day", "国庆节", "National Day"
    OTHER = "other", "其他", "Other"


class RecipientKind(Choice):
    """Whom a visit consoles."""

    OLD_MEMBER = "old_member", "老党员", "Old member"
    HARDSHIP_MEMBER = "hardship_member", "困难党员", "Member in hardship"
    PUBLIC = "public", "群众", "Of the public"


class Manner(Choice):
    """In what way somebody is consoled."""

    MONEY = "money", "慰问金", "Money"
    GOODS = "goods", "慰问品", "Goods"
    BOTH = "both", "慰问金和慰问品", "Money and goods"
    CALL = "call", "上门看望", "A call"


class CareFund(Choice):
    """What it was paid from."""

    PUBLIC = "public", "公用经费", "Office funds"
    DUES = "dues", "党费", "Dues"
    OTHER = "other", "其他", "Other"


class SignedFor(Choice):
    """Who signed for what was given (签收)."""

    SELF = "self", "本人签收", "The recipient"
    FAMILY = "family", "家属代签", "Family"
    NOBODY = "nobody", "未签收", "Nobody"


class HardshipKind(Choice):
    """Why a member is in difficulty; recorded as a sealed text."""

    ILLNESS = "illness", "因病", "Illness"
    DISABILITY = "disability", "因残", "Disability"
    LOW_INCOME = "low_income", "收入低", "Low income"
    DISASTER = "disaster", "因灾或意外", "Disaster or accident"
    UNEMPLOYMENT = "unemployment", "失业", "Unemployment"
    OLD_AGE = "old_age", "年老无依", "Old age without support"
    OTHER = "other", "其他", "Other"


class OfCare(Event, frozen=True, kw_only=True):
    """What shares the stream `care`."""

    def stream(self) -> str:
        return "care"


class ConsolationPlanAdopted(OfCare, frozen=True, kw_only=True, tag="care.plan_adopted"):
    """A plan for the visits of a festival was adopted (N06.M02.01, N22.M01.01)."""

    zh: ClassVar[str] = "走访慰问方案"
    en: ClassVar[str] = "Consolation plan adopted"

    entry_id: CarePlanId
    festival: Festival
    title: Text
    content: LongText
    budget_fen: Fen | None = None
    meeting_id: MeetingId | None = None
    met_on: dt.date | None = None
    """The day of that meeting."""


class ConsolationVisitMade(OfCare, frozen=True, kw_only=True, tag="care.visit_made"):
    """Somebody was visited (N06.T02, N22.T02); out of dues only a member, under a spending on record (INV-065 to 067)."""

    zh: ClassVar[str] = "走访慰问"
    en: ClassVar[str] = "Consolation visit made"

    entry_id: CareEntryId
    person_id: PersonId
    """A member of the branch, or somebody outside it who got an id here."""
    recipient: Personal | None = None
    """The name of somebody outside the branch."""
    kind: RecipientKind
    festival: Festival
    plan_id: CarePlanId | None = None
    manner: Manner
    amount_fen: Fen = 0
    goods: Text = ""
    fund: CareFund
    spending_id: SpendingId | None = None
    visitors: People
    signed: SignedFor


class HardshipListed(OfCare, frozen=True, kw_only=True, tag="care.hardship_listed"):
    """A member was put on the register of members in difficulty (N22.T03, N22.M02)."""

    zh: ClassVar[str] = "困难党员入册"
    en: ClassVar[str] = "Hardship member listed"

    entry_id: CareEntryId
    person_id: PersonId
    hardship: Sensitive
    """The kind, in the words of the form."""
    situation: Sensitive


class HardshipUpdated(OfCare, frozen=True, kw_only=True, tag="care.hardship_updated"):
    """How a member in difficulty is doing now (N22.T03, DL-55)."""

    zh: ClassVar[str] = "困难党员情况更新"
    en: ClassVar[str] = "Hardship case updated"

    entry_id: CareEntryId
    person_id: PersonId
    change: Sensitive


class HardshipDelisted(OfCare, frozen=True, kw_only=True, tag="care.hardship_delisted"):
    """A member is off the register of members in difficulty (N22.T03)."""

    zh: ClassVar[str] = "困难党员出册"
    en: ClassVar[str] = "Hardship member delisted"

    entry_id: CareEntryId
    person_id: PersonId
    reason: Sensitive


class SupporterAssigned(OfCare, frozen=True, kw_only=True, tag="care.supporter_assigned"):
    """Somebody stands by a member in difficulty; the last one named does (结对帮困, N22.T03)."""

    zh: ClassVar[str] = "结对帮困"
    en: ClassVar[str] = "Pair support assigned"

    entry_id: CareEntryId
    person_id: PersonId
    supporter_id: PersonId
    measures: Sensitive


class CareEntryWithdrawn(OfCare, frozen=True, kw_only=True, tag="care.entry_withdrawn"):
    """A plan, a visit or a listing was recorded wrongly and stands no more; its row is struck."""

    zh: ClassVar[str] = "关怀帮扶登记撤销"
    en: ClassVar[str] = "Care entry withdrawn"

    entry_id: CareEntryId
    what: Text
    """The tag of the event that began it."""
    happened_on: dt.date
    person_id: PersonId | None = None
    reason: Text


CareEvent = (
    ConsolationPlanAdopted
    | ConsolationVisitMade
    | HardshipListed
    | HardshipUpdated
    | HardshipDelisted
    | SupporterAssigned
    | CareEntryWithdrawn
)
"""What the stream `care` may hold."""

EVENTS: tuple[type[Event], ...] = typing.get_args(CareEvent)

UPCASTS: dict[tuple[str, int], Upcast] = {}
