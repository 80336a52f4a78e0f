"""The place is kept up: registered, inspected by the six standard items, put right; its boards show something new (N24.T01, T02, DL-60)."""

from typing import Annotated, ClassVar

from events.base import PersonId, Text
from events.premises import (
    BoardUpdated,
    FacilityId,
    FacilityRegistered,
    InspectionId,
    ItemState,
    PremisesEntryId,
    VenueId,
    VenueInspected,
    VenueRectified,
    VenueRegistered,
)
from service.auth.rights import Right
from service.decide.base import Case, Command, Context, Outcome, label
from service.decide.marks import completes, is_new, must_belong, standing
from service.decide.premises.place import PREMISES, OwnPremisesEntryId, Premises, check_keeper, check_number
from service.decide.roster import ROSTER, Roster
from service.errors import Conflict, Malformed

ITEMS = ("flag", "oath", "method", "brand", "slogans", "journals")
"""The six standard items, in the order of the form."""


class RegisterVenue(Command, frozen=True, kw_only=True, tag="register-venue"):
    """Record the place in which the branch meets."""

    zh: ClassVar[str] = "登记活动场所"
    en: ClassVar[str] = "Register a venue"

    number: Annotated[Text, label("编号", "Number", min_length=1)]
    name: Annotated[Text, label("名称", "Name", min_length=1)]
    location: Annotated[Text, label("地点", "Location", min_length=1)]
    keeper: Annotated[PersonId | None, label("管理人", "Keeper")] = None
    entry_id: OwnPremisesEntryId = None


def register_venue(command: RegisterVenue, context: Context, premises: Premises, roster: Roster) -> Outcome:
    """On the list of places and facilities, under a number of its own (N24.T01)."""
    event = VenueRegistered(
        occurred_on=command.occurred_on,
        entry_id=VenueId(command.entry_id or PremisesEntryId(context.event_ids[0])),
        number=command.number,
        name=command.name,
        location=command.location,
        keeper=command.keeper,
    )
    if not is_new(premises.marks, event.entry_id, event):
        return []
    check_number(premises, command.number, event.entry_id)
    check_keeper(roster, command.keeper, command.occurred_on)
    return [event]


class InspectVenue(Command, frozen=True, kw_only=True, tag="inspect-venue"):
    """Look over the place by the six standard items."""

    zh: ClassVar[str] = "登记场所检查"
    en: ClassVar[str] = "Inspect a venue"

    venue_id: Annotated[VenueId, label("活动场所", "Venue")]
    inspector: Annotated[PersonId, label("检查人", "Inspected by")]
    flag: Annotated[ItemState, label("党旗", "Party flag")]
    oath: Annotated[ItemState, label("入党誓词", "Oath")]
    method: Annotated[ItemState, label("支部工作法", "Branch working method")]
    brand: Annotated[ItemState, label("支部学习品牌", "Branch study brand")]
    slogans: Annotated[ItemState, label("宣传标语", "Slogans")]
    journals: Annotated[ItemState, label("党报党刊", "Party newspapers and journals")]
    rectify: Annotated[Text, label("整改", "To be put right", help_zh="有缺项时必填", help_en="Needed when something is missing")] = ""
    entry_id: OwnPremisesEntryId = None


def inspect_venue(command: InspectVenue, context: Context, premises: Premises, roster: Roster) -> Outcome:
    """All six items; what is missing or worn has something to be put right (N24.T01)."""
    found = {name: getattr(command, name) for name in ITEMS}
    if not command.rectify and any(state is not ItemState.THERE for state in found.values()):
        raise Malformed("rectify: say what is to be put right")
    event = VenueInspected(
        occurred_on=command.occurred_on,
        entry_id=InspectionId(command.entry_id or PremisesEntryId(context.event_ids[0])),
        venue_id=command.venue_id,
        inspector=command.inspector,
        rectify=command.rectify,
        **found,
    )
    if not is_new(premises.marks, event.entry_id, event):
        return []
    standing(premises.marks, command.venue_id, VenueRegistered, command.occurred_on)
    must_belong(roster, (command.inspector,), command.occurred_on, "inspector")
    return [event]


class RectifyVenue(Command, frozen=True, kw_only=True, tag="rectify-venue"):
    """Record that what an inspection found was put right."""

    zh: ClassVar[str] = "登记场所整改"
    en: ClassVar[str] = "Record that a venue was put right"

    inspection_id: Annotated[InspectionId, label("检查", "Inspection")]
    result: Annotated[Text, label("整改情况", "Result", min_length=1)]


def rectify_venue(command: RectifyVenue, _context: Context, premises: Premises) -> Outcome:
    """The last word counts."""
    mark = standing(premises.marks, command.inspection_id, VenueInspected, command.occurred_on)
    event = VenueRectified(
        occurred_on=command.occurred_on, inspection_id=command.inspection_id, inspected_on=mark.on, result=command.result
    )
    return [event] if completes(mark, event) else []


class UpdateBoard(Command, frozen=True, kw_only=True, tag="update-notice-board"):
    """Record that a display board or screen shows something new."""

    zh: ClassVar[str] = "登记展板更新"
    en: ClassVar[str] = "Update a notice board"

    theme: Annotated[Text, label("主题", "Theme", min_length=1)]
    person_id: Annotated[PersonId, label("负责人", "Responsible")]
    facility_id: Annotated[FacilityId | None, label("展板或电子屏", "Board or screen")] = None
    photo: Annotated[Text, label("照片", "Photograph", help_zh="编号或说明", help_en="Its reference")] = ""
    entry_id: OwnPremisesEntryId = None


def update_board(command: UpdateBoard, context: Context, premises: Premises, roster: Roster) -> Outcome:
    """On a board that was not written off before (N24.T02)."""
    event = BoardUpdated(
        occurred_on=command.occurred_on,
        entry_id=command.entry_id or PremisesEntryId(context.event_ids[0]),
        facility_id=command.facility_id,
        theme=command.theme,
        person_id=command.person_id,
        photo=command.photo,
    )
    if not is_new(premises.marks, event.entry_id, event):
        return []
    if command.facility_id is not None:
        standing(premises.marks, command.facility_id, FacilityRegistered, command.occurred_on)
        gone = premises.written_off.get(command.facility_id)
        if gone is not None and gone.occurred_on < command.occurred_on:
            raise Conflict(f"it was written off on {gone.occurred_on}")
    must_belong(roster, (command.person_id,), command.occurred_on, "person_id")
    return [event]


CASES = (
    Case(command=RegisterVenue, right=Right.WORK_WRITE, reads=(PREMISES, ROSTER), decide=register_venue),
    Case(command=InspectVenue, right=Right.WORK_WRITE, reads=(PREMISES, ROSTER), decide=inspect_venue),
    Case(command=RectifyVenue, right=Right.WORK_WRITE, reads=(PREMISES,), decide=rectify_venue),
    Case(command=UpdateBoard, right=Right.WORK_WRITE, reads=(PREMISES, ROSTER), decide=update_board),
)
