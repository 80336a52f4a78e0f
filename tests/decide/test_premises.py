"""Premises: venue, facilities, six items, boards, rules (N24.T01, N24.T02, N24.M07; INV-002, INV-009)."""

import datetime as dt
from typing import Any

import pytest

from events.premises import (
    BoardUpdated,
    FacilityFund,
    FacilityKind,
    FacilityWrittenOff,
    ItemState,
    PremisesEntryId,
    PremisesEntryWithdrawn,
    VenuePolicyAdopted,
    VenueRectified,
)
from service.decide.premises.place import AdoptVenuePolicy, RegisterFacility, WithdrawPremisesEntry, WriteOffFacility
from service.decide.premises.upkeep import ITEMS, InspectVenue, RectifyVenue, RegisterVenue, UpdateBoard
from service.errors import Absent, Conflict, Malformed
from tests.decide.bdd import fails, given, nothing, refused
from tests.decide.roster_history import AFTER, BEFORE, DAN, DAY, EVE, GUS, NEO
from tests.decide.work_history import BRANCH, F1, I1, LONG_AGO, M1, PLACE, facility, held, inspected, venue


class TestRegisterVenue:
    def command(self, **changed: Any) -> RegisterVenue:
        told: dict[str, Any] = {
            "occurred_on": LONG_AGO, "number": "C-01", "name": "党员活动室", "location": "办公楼三层", "keeper": DAN,
        }  # fmt: skip
        return RegisterVenue(**(told | changed))

    def test_under_a_number(self):
        given(BRANCH).when(self.command()).then(venue("event-1"))

    def test_twice_is_once(self):
        given(BRANCH, venue()).when(self.command(entry_id=PremisesEntryId("place"))).then(nothing)

    def test_a_number_is_given_once_to_places_and_facilities_together(self):
        given(BRANCH, facility(number="C-01")).when(self.command()).then(fails(Conflict, "number C-01 is taken"))

    def test_INV_009_kept_by_somebody_who_has_left(self):
        given(BRANCH).when(self.command(keeper=GUS, occurred_on=DAY)).then(refused("INV-009", "keeper"))


def register(**changed: Any) -> RegisterFacility:
    told: dict[str, Any] = {
        "occurred_on": LONG_AGO, "number": "S-01", "name": "宣传展板", "kind": FacilityKind.BOARD, "quantity": 2, "bought_on": LONG_AGO,
        "amount_fen": 120_000, "fund": FacilityFund.PUBLIC, "location": "党员活动室", "keeper": DAN,
    }  # fmt: skip
    return RegisterFacility(**(told | changed))


class TestRegisterFacility:
    def test_on_the_list(self):
        given(BRANCH).when(register()).then(facility("event-1"))

    def test_twice_is_once(self):
        given(BRANCH, facility()).when(register(entry_id=PremisesEntryId("f1"))).then(nothing)

    def test_a_number_that_is_taken(self):
        given(BRANCH, facility()).when(register()).then(fails(Conflict, "number S-01 is taken"))

    def test_what_cost_nothing_was_a_gift(self):
        given(BRANCH).when(register(amount_fen=0)).then(facility("event-1", amount_fen=0))
        given(BRANCH).when(register(amount_fen=-1)).then(fails(Malformed, "amount_fen"))

    def test_bought_before_it_was_registered(self):
        given(BRANCH).when(register(bought_on=DAY)).then(fails(Malformed, "bought_on"))

    def test_INV_002_kept_by_a_stranger(self):
        given(BRANCH).when(register(keeper=NEO)).then(refused("INV-002", "keeper"))


GONE = FacilityWrittenOff(occurred_on=DAY, facility_id=F1, registered_on=LONG_AGO, reason="损坏")


class TestWriteOffFacility:
    COMMAND = WriteOffFacility(occurred_on=DAY, facility_id=F1, reason="损坏")

    def test_off_the_list(self):
        given(facility()).when(self.COMMAND).then(GONE)

    def test_twice_is_once(self):
        given(facility(), GONE).when(self.COMMAND).then(nothing)

    def test_what_is_not_on_the_list(self):
        given(venue("f1")).when(self.COMMAND).then(fails(Absent, "premises.facility_registered f1"))

    def test_its_number_stays_taken(self):
        given(BRANCH, facility(), GONE).when(register(occurred_on=AFTER, bought_on=None)).then(fails(Conflict, "S-01"))


def inspect(**changed: Any) -> InspectVenue:
    told: dict[str, Any] = {
        "occurred_on": BEFORE, "venue_id": PLACE, "inspector": EVE,
        **dict.fromkeys(ITEMS, ItemState.THERE), "journals": ItemState.RENEW, "rectify": "续订报刊",
    }  # fmt: skip
    return InspectVenue(**(told | changed))


class TestInspectVenue:
    def test_by_six_items(self):
        given(BRANCH, venue()).when(inspect()).then(inspected("event-1"))

    def test_twice_is_once(self):
        given(BRANCH, venue(), inspected()).when(inspect(entry_id=PremisesEntryId("i1"))).then(nothing)

    def test_all_there_needs_nothing_put_right(self):
        given(BRANCH, venue()).when(inspect(journals=ItemState.THERE, rectify="")).then(
            inspected("event-1", journals=ItemState.THERE, rectify="")
        )

    @pytest.mark.parametrize("item", ITEMS)
    @pytest.mark.parametrize("state", [ItemState.MISSING, ItemState.RENEW])
    def test_any_item_that_is_not_there_needs_something_put_right(self, item: str, state: ItemState):
        command = inspect(**{**dict.fromkeys(ITEMS, ItemState.THERE), item: state, "rectify": ""})
        given(BRANCH, venue()).when(command).then(fails(Malformed, "rectify"))

    def test_a_place_that_is_not_on_record(self):
        given(BRANCH).when(inspect()).then(fails(Absent, "premises.venue_registered place"))

    def test_INV_009_by_somebody_who_has_left(self):
        given(BRANCH, venue()).when(inspect(inspector=GUS)).then(refused("INV-009", "inspector"))


class TestRectifyVenue:
    COMMAND = RectifyVenue(occurred_on=DAY, inspection_id=I1, result="已续订")
    DONE = VenueRectified(occurred_on=DAY, inspection_id=I1, inspected_on=BEFORE, result="已续订")

    def test_put_right(self):
        given(inspected()).when(self.COMMAND).then(self.DONE)

    def test_twice_is_once(self):
        given(inspected(), self.DONE).when(self.COMMAND).then(nothing)

    def test_not_before_the_inspection(self):
        given(inspected(occurred_on=AFTER)).when(self.COMMAND).then(fails(Malformed, "occurred_on"))

    def test_of_no_inspection(self):
        given(venue("i1")).when(self.COMMAND).then(fails(Absent))


class TestUpdateBoard:
    COMMAND = UpdateBoard(occurred_on=DAY, theme="二季度学习专栏", person_id=DAN, facility_id=F1, photo="照片12")
    DONE = BoardUpdated(
        occurred_on=DAY,
        entry_id=PremisesEntryId("event-1"),
        facility_id=F1,
        theme="二季度学习专栏",
        person_id=DAN,
        photo="照片12",
    )

    def test_something_new(self):
        given(BRANCH, facility()).when(self.COMMAND).then(self.DONE)

    def test_twice_is_once(self):
        command = UpdateBoard(
            occurred_on=DAY,
            theme="二季度学习专栏",
            person_id=DAN,
            facility_id=F1,
            photo="照片12",
            entry_id=PremisesEntryId("event-1"),
        )
        given(BRANCH, facility(), self.DONE).when(command).then(nothing)

    def test_on_the_day_it_was_written_off_but_not_after(self):
        given(BRANCH, facility(), GONE).when(self.COMMAND).then(self.DONE)
        before = FacilityWrittenOff(occurred_on=BEFORE, facility_id=F1, registered_on=LONG_AGO, reason="损坏")
        given(BRANCH, facility(), before).when(self.COMMAND).then(fails(Conflict, "written off"))

    def test_on_a_board_that_is_not_on_the_list(self):
        given(BRANCH).when(self.COMMAND).then(fails(Absent))

    def test_INV_009_by_somebody_who_has_left(self):
        given(BRANCH).when(UpdateBoard(occurred_on=DAY, theme="一", person_id=GUS)).then(refused("INV-009", "person_id"))


class TestAdoptVenuePolicy:
    def command(self, **changed: Any) -> AdoptVenuePolicy:
        told: dict[str, Any] = {"occurred_on": DAY, "name": "活动室管理制度", "version": "1.0", "effective_from": DAY}
        return AdoptVenuePolicy(**(told | changed))

    def adopted(self, **changed: Any) -> VenuePolicyAdopted:
        told: dict[str, Any] = {
            "occurred_on": DAY, "entry_id": PremisesEntryId("event-1"), "name": "活动室管理制度", "version": "1.0", "effective_from": DAY,
        }  # fmt: skip
        return VenuePolicyAdopted(**(told | changed))

    def test_a_version(self):
        given().when(self.command()).then(self.adopted())

    def test_by_a_meeting(self):
        given(held()).when(self.command(meeting_id=M1)).then(self.adopted(meeting_id=M1, met_on=BEFORE))

    def test_twice_is_once(self):
        given(self.adopted()).when(self.command(entry_id=PremisesEntryId("event-1"))).then(nothing)

    def test_not_in_force_before_it_was_adopted(self):
        given().when(self.command(effective_from=BEFORE)).then(fails(Malformed, "effective_from"))


class TestWithdrawPremisesEntry:
    def command(self, entry: str) -> WithdrawPremisesEntry:
        return WithdrawPremisesEntry(occurred_on=DAY, entry_id=PremisesEntryId(entry), reason="误登")

    def gone(self, entry: str, what: str, on: dt.date) -> PremisesEntryWithdrawn:
        return PremisesEntryWithdrawn(occurred_on=DAY, entry_id=PremisesEntryId(entry), what=what, happened_on=on, reason="误登")

    def test_it_names_what_it_was(self):
        given(facility()).when(self.command("f1")).then(self.gone("f1", "premises.facility_registered", LONG_AGO))

    def test_its_number_is_free_again(self):
        gone = self.gone("f1", "premises.facility_registered", LONG_AGO)
        given(BRANCH, facility(), gone).when(register()).then(facility("event-1"))

    def test_twice_is_once(self):
        given(inspected(), self.gone("i1", "premises.venue_inspected", BEFORE)).when(self.command("i1")).then(nothing)

    def test_what_is_not_on_record(self):
        given().when(self.command("i1")).then(fails(Absent, "i1"))
