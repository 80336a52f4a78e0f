"""The activity place: venue, facilities, inspection by six standard items, boards, rules of use (norm N24.T01, T02, N24.M07).

Room: THE RECORD. All of it lives in the stream `premises` of the branch; money is integer fen.
"""

import datetime as dt
import typing
from typing import Annotated, ClassVar, NewType

import msgspec

from events.base import IDENTITY, Choice, Event, Fen, LongText, MeetingId, PersonId, Text, Upcast, shaped

PremisesEntryId = NewType("PremisesEntryId", str)
"""Any entry about the premises; the id of the event that began it, unless the client gave one."""
shaped(PremisesEntryId, IDENTITY)
VenueId = NewType("VenueId", PremisesEntryId)
FacilityId = NewType("FacilityId", PremisesEntryId)
InspectionId = NewType("InspectionId", PremisesEntryId)

Quantity = Annotated[int, msgspec.Meta(ge=1, le=100_000)]


class FacilityKind(Choice):
    """What a facility is (N24.T01, T02)."""

    FLAG = "flag", "党旗", "Party flag"
    OATH = "oath", "入党誓词", "Oath"
    METHOD = "method", "支部工作法", "Branch working method"
    BRAND = "brand", "学习品牌", "Study brand"
    SLOGANS = "slogans", "标语", "Slogans"
    JOURNALS = "journals", "党报党刊", "Party newspapers and journals"
    BOARD = "board", "展板", "Display board"
    SCREEN = "screen", "电子屏", "Electronic screen"
    OTHER = "other", "其他", "Other"


class FacilityFund(Choice):
    """What a facility was paid from (经费来源)."""

    DUES = "dues", "党费", "Dues"
    PUBLIC = "public", "公用", "Office funds"
    OTHER = "other", "其他", "Other"


class ItemState(Choice):
    """How one of the six standard items was found."""

    THERE = "there", "有", "There"
    MISSING = "missing", "无", "Missing"
    RENEW = "renew", "需更新", "To be renewed"


class OfPremises(Event, frozen=True, kw_only=True):
    """What shares the stream `premises`."""

    def stream(self) -> str:
        return "premises"


class PremisesEntry(OfPremises, frozen=True, kw_only=True):
    """An entry of its own, which may be completed or withdrawn by its id."""

    entry_id: PremisesEntryId


class VenueRegistered(PremisesEntry, frozen=True, kw_only=True, tag="premises.venue_registered"):
    """The branch has a place for its activities (N24.T01)."""

    zh: ClassVar[str] = "活动场所登记"
    en: ClassVar[str] = "Venue registered"

    entry_id: VenueId
    number: Text
    name: Text
    location: Text
    keeper: PersonId | None = None


class VenueInspected(PremisesEntry, frozen=True, kw_only=True, tag="premises.venue_inspected"):
    """The place was looked over by the six standard items (N24.T01, DL-60)."""

    zh: ClassVar[str] = "活动场所检查"
    en: ClassVar[str] = "Venue inspected"

    entry_id: InspectionId
    venue_id: VenueId
    inspector: PersonId
    flag: ItemState
    oath: ItemState
    method: ItemState
    brand: ItemState
    slogans: ItemState
    journals: ItemState
    rectify: Text = ""
    """What has to be put right."""


class VenueRectified(OfPremises, frozen=True, kw_only=True, tag="premises.venue_rectified"):
    """What an inspection found was put right; a later word replaces an earlier one (N24.T01)."""

    zh: ClassVar[str] = "活动场所整改"
    en: ClassVar[str] = "Venue rectified"

    inspection_id: InspectionId
    inspected_on: dt.date
    result: Text


class FacilityRegistered(PremisesEntry, frozen=True, kw_only=True, tag="premises.facility_registered"):
    """Something was put on the list of facilities (N24.T02, N24.M07.01)."""

    zh: ClassVar[str] = "设施入册"
    en: ClassVar[str] = "Facility item registered"

    entry_id: FacilityId
    number: Text
    name: Text
    kind: FacilityKind
    quantity: Quantity
    bought_on: dt.date | None = None
    amount_fen: Fen | None = None
    fund: FacilityFund
    location: Text
    keeper: PersonId | None = None


class FacilityWrittenOff(OfPremises, frozen=True, kw_only=True, tag="premises.facility_written_off"):
    """Something is on the list of facilities no more (N24.M07.01)."""

    zh: ClassVar[str] = "设施注销"
    en: ClassVar[str] = "Facility item written off"

    facility_id: FacilityId
    registered_on: dt.date
    reason: Text


class VenuePolicyAdopted(PremisesEntry, frozen=True, kw_only=True, tag="premises.policy_adopted"):
    """Rules for the use of the place were adopted; a new version follows an old one (N24.M07.02)."""

    zh: ClassVar[str] = "场所管理制度"
    en: ClassVar[str] = "Venue policy adopted"

    name: Text
    version: Text
    effective_from: dt.date
    meeting_id: MeetingId | None = None
    met_on: dt.date | None = None
    """The day of that meeting."""
    text: LongText = ""


class BoardUpdated(PremisesEntry, frozen=True, kw_only=True, tag="premises.board_updated"):
    """A display board or screen shows something new (N24.T02, DL-60)."""

    zh: ClassVar[str] = "宣传展板/电子屏更新"
    en: ClassVar[str] = "Notice board updated"

    facility_id: FacilityId | None = None
    theme: Text
    person_id: PersonId
    """Who is responsible."""
    photo: Text = ""
    """Reference of the photograph."""


class PremisesEntryWithdrawn(OfPremises, frozen=True, kw_only=True, tag="premises.entry_withdrawn"):
    """An entry about the premises was recorded wrongly and stands no more; its row is struck."""

    zh: ClassVar[str] = "场所设施登记撤销"
    en: ClassVar[str] = "Premises entry withdrawn"

    entry_id: PremisesEntryId
    what: Text
    """The tag of the event that began it."""
    happened_on: dt.date
    reason: Text


PremisesEvent = (
    VenueRegistered
    | VenueInspected
    | VenueRectified
    | FacilityRegistered
    | FacilityWrittenOff
    | VenuePolicyAdopted
    | BoardUpdated
    | PremisesEntryWithdrawn
)
"""What the stream `premises` may hold."""

EVENTS: tuple[type[Event], ...] = typing.get_args(PremisesEvent)

UPCASTS: dict[tuple[str, int], Upcast] = {}
