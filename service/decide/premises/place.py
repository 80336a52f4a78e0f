"""The activity place: what is on record of it, its facilities, its rules, taking a wrong entry back (N24.T01, T02, N24.M07)."""

import datetime as dt
from collections.abc import Mapping
from typing import Annotated, ClassVar, assert_never, cast

import msgspec
from msgspec.structs import replace

from events.base import Event, Fen, LongText, MeetingId, PersonId, Text, tag_of
from events.premises import (
    BoardUpdated,
    FacilityFund,
    FacilityId,
    FacilityKind,
    FacilityRegistered,
    FacilityWrittenOff,
    PremisesEntryId,
    PremisesEntryWithdrawn,
    PremisesEvent,
    Quantity,
    VenueInspected,
    VenuePolicyAdopted,
    VenueRectified,
    VenueRegistered,
)
from service.auth.rights import Right
from service.decide.base import Case, Command, Context, Fold, Outcome, label, own
from service.decide.marks import Marks, is_new, met_on, must_belong, standing, to_withdraw
from service.decide.meetings.state import MEETING, Meeting
from service.decide.roster import ROSTER, Roster
from service.errors import Conflict, Malformed

OwnPremisesEntryId = Annotated[PremisesEntryId | None, label("记录编号", "Entry id", help_zh="通常留空", help_en="Usually left empty")]
"""The id that a client may give to an entry; sending it again then records nothing twice."""


class Premises(msgspec.Struct, frozen=True, kw_only=True):
    """The activity place of a branch, folded."""

    marks: Marks = Marks()
    numbers: Mapping[str, PremisesEntryId] = {}
    """Which venue or facility bears a number."""
    written_off: Mapping[FacilityId, FacilityWrittenOff] = {}


def evolve(premises: Premises, event: Event) -> Premises:
    """The premises after one more event of their stream."""
    own_event = cast("PremisesEvent", event)
    match own_event:
        case VenueRegistered() | FacilityRegistered():
            numbers = {**premises.numbers, own_event.number: own_event.entry_id}
            return replace(premises, marks=premises.marks.began(own_event.entry_id, own_event), numbers=numbers)
        case VenueInspected() | VenuePolicyAdopted() | BoardUpdated():
            return replace(premises, marks=premises.marks.began(own_event.entry_id, own_event))
        case VenueRectified():
            return replace(premises, marks=premises.marks.completed(own_event.inspection_id, own_event))
        case FacilityWrittenOff():
            return replace(premises, written_off={**premises.written_off, own_event.facility_id: own_event})
        case PremisesEntryWithdrawn():
            numbers = {number: holder for number, holder in premises.numbers.items() if holder != own_event.entry_id}
            return replace(premises, marks=premises.marks.withdrawn(own_event.entry_id), numbers=numbers)
        case _:
            assert_never(own_event)


PREMISES = Fold[Premises](name="premises", book=own, stream=lambda _command: "premises", initial=Premises(), evolve=evolve)


def check_number(premises: Premises, number: str, entry_id: PremisesEntryId) -> None:
    """A number of the list is given once; what was written off keeps its own."""
    holder = premises.numbers.get(number)
    if holder is not None and holder != entry_id:
        raise Conflict(f"number {number} is taken")


def check_keeper(roster: Roster, keeper: PersonId | None, day: dt.date) -> None:
    must_belong(roster, () if keeper is None else (keeper,), day, "keeper")


class RegisterFacility(Command, frozen=True, kw_only=True, tag="register-facility"):
    """Put something on the list of facilities."""

    zh: ClassVar[str] = "登记设施"
    en: ClassVar[str] = "Register a facility"

    number: Annotated[Text, label("编号", "Number", min_length=1)]
    name: Annotated[Text, label("名称", "Name", min_length=1)]
    kind: Annotated[FacilityKind, label("类别", "Kind")]
    quantity: Annotated[Quantity, label("数量", "Quantity")] = 1
    bought_on: Annotated[dt.date | None, label("购置日期", "Bought on")] = None
    amount_fen: Annotated[Fen | None, label("金额", "Amount")] = None
    fund: Annotated[FacilityFund, label("经费来源", "Paid from")]
    location: Annotated[Text, label("存放地点", "Kept at", min_length=1)]
    keeper: Annotated[PersonId | None, label("管理人", "Keeper")] = None
    entry_id: OwnPremisesEntryId = None


def register_facility(command: RegisterFacility, context: Context, premises: Premises, roster: Roster) -> Outcome:
    """Each under a number of its own (N24.M07.01)."""
    if command.amount_fen is not None and command.amount_fen < 0:
        raise Malformed("amount_fen: not below nothing")
    if command.bought_on is not None and command.bought_on > command.occurred_on:
        raise Malformed("bought_on lies after the day of registration")
    event = FacilityRegistered(
        occurred_on=command.occurred_on,
        entry_id=FacilityId(command.entry_id or PremisesEntryId(context.event_ids[0])),
        number=command.number,
        name=command.name,
        kind=command.kind,
        quantity=command.quantity,
        bought_on=command.bought_on,
        amount_fen=command.amount_fen,
        fund=command.fund,
        location=command.location,
        keeper=command.keeper,
    )
    if not is_new(premises.marks, event.entry_id, event):
        return []
    check_number(premises, command.number, event.entry_id)
    check_keeper(roster, command.keeper, command.occurred_on)
    return [event]


class WriteOffFacility(Command, frozen=True, kw_only=True, tag="write-off-facility"):
    """Take something off the list of facilities."""

    zh: ClassVar[str] = "注销设施"
    en: ClassVar[str] = "Write off a facility"

    facility_id: Annotated[FacilityId, label("设施", "Facility")]
    reason: Annotated[Text, label("原因", "Reason", min_length=1)]


def write_off_facility(command: WriteOffFacility, _context: Context, premises: Premises) -> Outcome:
    """Once; its line stays on the list and says so."""
    mark = standing(premises.marks, command.facility_id, FacilityRegistered, command.occurred_on)
    if command.facility_id in premises.written_off:
        return []
    return [
        FacilityWrittenOff(occurred_on=command.occurred_on, facility_id=command.facility_id, registered_on=mark.on, reason=command.reason)
    ]


class AdoptVenuePolicy(Command, frozen=True, kw_only=True, tag="adopt-venue-policy"):
    """Record rules for the use of the place."""

    zh: ClassVar[str] = "登记场所管理制度"
    en: ClassVar[str] = "Adopt a venue policy"

    name: Annotated[Text, label("名称", "Name", min_length=1)]
    version: Annotated[Text, label("版本", "Version", min_length=1)]
    effective_from: Annotated[dt.date, label("生效日期", "Effective from")]
    meeting_id: Annotated[MeetingId | None, label("通过会议", "Adopted by meeting")] = None
    text: Annotated[LongText, label("内容", "Text")] = ""
    entry_id: OwnPremisesEntryId = None


def adopt_venue_policy(command: AdoptVenuePolicy, context: Context, premises: Premises, meeting: Meeting) -> Outcome:
    """One line for each version (N24.M07.02)."""
    if command.effective_from < command.occurred_on:
        raise Malformed("effective_from lies before the day on which it was adopted")
    event = VenuePolicyAdopted(
        occurred_on=command.occurred_on,
        entry_id=command.entry_id or PremisesEntryId(context.event_ids[0]),
        name=command.name,
        version=command.version,
        effective_from=command.effective_from,
        meeting_id=command.meeting_id,
        met_on=met_on(meeting, command.meeting_id, command.occurred_on),
        text=command.text,
    )
    return [event] if is_new(premises.marks, event.entry_id, event) else []


class WithdrawPremisesEntry(Command, frozen=True, kw_only=True, tag="withdraw-premises-entry"):
    """Take back an entry about the premises that was recorded wrongly."""

    zh: ClassVar[str] = "撤销场所设施登记"
    en: ClassVar[str] = "Withdraw an entry about the premises"

    entry_id: Annotated[PremisesEntryId, label("记录", "Entry")]
    reason: Annotated[Text, label("原因", "Reason", min_length=1)]


def withdraw_premises_entry(command: WithdrawPremisesEntry, _context: Context, premises: Premises) -> Outcome:
    """Its number may be given again."""
    mark = to_withdraw(premises.marks, command.entry_id, command.occurred_on)
    if mark is None:
        return []
    return [
        PremisesEntryWithdrawn(
            occurred_on=command.occurred_on,
            entry_id=command.entry_id,
            what=tag_of(mark.kind),
            happened_on=mark.on,
            reason=command.reason,
        )
    ]


CASES = (
    Case(command=RegisterFacility, right=Right.WORK_WRITE, reads=(PREMISES, ROSTER), decide=register_facility),
    Case(command=WriteOffFacility, right=Right.WORK_WRITE, reads=(PREMISES,), decide=write_off_facility),
    Case(command=AdoptVenuePolicy, right=Right.WORK_WRITE, reads=(PREMISES, MEETING), decide=adopt_venue_policy),
    Case(command=WithdrawPremisesEntry, right=Right.WORK_WRITE, reads=(PREMISES,), decide=withdraw_premises_entry),
)
