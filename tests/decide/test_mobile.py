"""Mobile members: registered, changed, contacted, back again, entered by mistake (R-E01, R-E09 to R-E12)."""

import datetime as dt
from typing import Any

import pytest

from events.members import MemberProfileChanged
from events.mobile import (
    AbsenceId,
    AwayFor,
    BackBy,
    ContactWay,
    MobileEntryWithdrawn,
    MobileMemberChanged,
    MobileMemberContacted,
    MobileMemberRegistered,
    MobileMemberReturned,
)
from service.decide.transfers.mobile import (
    ChangeMobileMember,
    ContactMobileMember,
    RegisterMobileMember,
    ReturnMobileMember,
    WithdrawMobileEntry,
)
from service.errors import Absent, Conflict, Malformed
from tests.decide.bdd import fails, given, nothing, refused
from tests.decide.roster_history import AFTER, ANN, BEFORE, BEN, DAY, founded, left, member, members, suspended

AWAY = AbsenceId("a1")
HERE = (founded(), *members(ANN, BEN))
MARKED = MemberProfileChanged(occurred_on=DAY, person_id=ANN, reason="流动党员登记", mobile=True)
UNMARKED = MemberProfileChanged(occurred_on=DAY, person_id=ANN, reason="不再是流动党员", mobile=False)


def registered(**changed: Any) -> MobileMemberRegistered:
    told: dict[str, Any] = {
        "occurred_on": DAY,
        "absence_id": AWAY,
        "person_id": ANN,
        "reason": AwayFor.WORK,
        "place": "外省某市",
        "left_on": DAY,
        "phone": "010-1",
        "contact": BEN,
        "transfer_due": False,
    }
    return MobileMemberRegistered(**(told | changed))


def contacted(**changed: Any) -> MobileMemberContacted:
    told: dict[str, Any] = {
        "occurred_on": DAY,
        "absence_id": AWAY,
        "person_id": ANN,
        "way": ContactWay.TELEPHONE,
        "reached": True,
        "reported": False,
        "next_by": DAY + dt.timedelta(days=90),
    }
    return MobileMemberContacted(**(told | changed))


BACK = MobileMemberReturned(occurred_on=DAY, absence_id=AWAY, person_id=ANN, how=BackBy.RETURNED, card_returned=True)
GONE = MobileEntryWithdrawn(occurred_on=DAY, absence_id=AWAY, person_id=ANN, reason="误录")


def register(**changed: Any) -> RegisterMobileMember:
    told: dict[str, Any] = {
        "occurred_on": DAY,
        "person_id": ANN,
        "reason": AwayFor.WORK,
        "place": "外省某市",
        "left_on": DAY,
        "phone": "010-1",
        "contact": BEN,
        "absence_id": AWAY,
    }
    return RegisterMobileMember(**(told | changed))


class TestRegisterMobileMember:
    def test_the_roll_says_so_too(self):
        given(*HERE).when(register()).then(registered(), MARKED)

    def test_unless_it_does_already(self):
        given(founded(), member(ANN, mobile=True), member(BEN)).when(register(absence_id=None)).then(
            registered(absence_id=AbsenceId("event-1"))
        )

    def test_the_same_again_is_nothing_to_do(self):
        given(*HERE, registered(), MARKED).when(register()).then(nothing)

    def test_one_time_away_at_once(self):
        given(*HERE, registered(), MARKED).when(register(left_on=AFTER, absence_id=None)).then(fails(Conflict))

    def test_and_another_one_after_it(self):
        again = AbsenceId("a2")
        given(*HERE, registered(), MARKED, BACK, UNMARKED).when(register(absence_id=again)).then(registered(absence_id=again), MARKED)

    @pytest.mark.parametrize(
        ("back_by", "due"), [(dt.date(2026, 9, 15), False), (dt.date(2026, 9, 16), True), (dt.date(2027, 1, 1), True), (None, True)]
    )
    def test_six_months_at_a_fixed_place_ask_for_a_transfer(self, back_by: dt.date | None, due: bool):
        given(*HERE).when(register(back_by=back_by, fixed_place=True)).then(registered(back_by=back_by, transfer_due=due), MARKED)
        given(*HERE).when(register(back_by=back_by)).then(registered(back_by=back_by), MARKED)

    def test_who_is_abroad_keeps_the_relation_at_home(self):
        given(*HERE).when(register(reason=AwayFor.ABROAD, fixed_place=True)).then(registered(reason=AwayFor.ABROAD), MARKED)

    def test_nobody_is_back_before_leaving(self):
        given(*HERE).when(register(back_by=BEFORE)).then(fails(Malformed))

    def test_INV_002_a_member_of_the_branch(self):
        given(founded(), member(BEN)).when(register()).then(refused("INV-002", "person_id"))
        given(founded(), member(ANN)).when(register()).then(refused("INV-002", "contact"))

    def test_INV_009_whose_membership_goes_on(self):
        given(*HERE, left(ANN)).when(register()).then(refused("INV-009", "person_id"))


class TestChangeMobileMember:
    @staticmethod
    def change(**told: Any) -> ChangeMobileMember:
        return ChangeMobileMember(occurred_on=DAY, absence_id=AWAY, reason="换工作", **told)

    def test_only_what_is_told(self):
        event = MobileMemberChanged(occurred_on=DAY, absence_id=AWAY, person_id=ANN, reason="换工作", host="某街道党工委", contact=BEN)
        given(*HERE, registered()).when(self.change(host="某街道党工委", contact=BEN)).then(event)
        given(*HERE, registered(), event).when(self.change(host="某街道党工委")).then(nothing)

    def test_something_has_to_be(self):
        given(*HERE, registered()).when(self.change()).then(fails(Malformed))

    def test_of_somebody_who_is_away(self):
        given(*HERE).when(self.change(host="某街道党工委")).then(fails(Absent))
        given(*HERE, registered(), BACK).when(self.change(host="某街道党工委")).then(fails(Conflict))
        given(*HERE, registered(occurred_on=AFTER)).when(self.change(host="某街道党工委")).then(fails(Conflict))

    def test_INV_002_by_somebody_of_the_branch(self):
        given(founded(), member(ANN), registered(contact=ANN)).when(self.change(contact=BEN)).then(refused("INV-002", "contact"))


def contact(**changed: Any) -> ContactMobileMember:
    told: dict[str, Any] = {"occurred_on": DAY, "absence_id": AWAY, "way": ContactWay.TELEPHONE, "reached": True}
    return ContactMobileMember(**(told | changed))


class TestContactMobileMember:
    def test_the_clock_begins_anew(self):
        given(*HERE, registered()).when(contact(note="一切正常", dues_paid_to="2026-02", reported=True)).then(
            contacted(note="一切正常", dues_paid_to="2026-02", reported=True)
        )

    def test_the_same_again_is_nothing_to_do(self):
        given(*HERE, registered(), contacted(note="~1|ann|e|note|x")).when(contact(note="一切正常")).then(nothing)

    def test_abroad_it_is_half_a_year(self):
        given(*HERE, registered(reason=AwayFor.ABROAD)).when(contact()).then(contacted(next_by=DAY + dt.timedelta(days=180)))

    def test_trying_in_vain_does_not_move_it(self):
        on = DAY + dt.timedelta(days=60)
        given(*HERE, registered()).when(contact(occurred_on=on, reached=False)).then(contacted(occurred_on=on, reached=False))
        history = (registered(), contacted(occurred_on=AFTER, next_by=AFTER + dt.timedelta(days=90)))
        given(*HERE, *history).when(contact(occurred_on=on, reached=False)).then(
            contacted(occurred_on=on, reached=False, next_by=AFTER + dt.timedelta(days=90))
        )

    def test_a_late_entry_does_not_set_it_back(self):
        later = contacted(occurred_on=AFTER, next_by=AFTER + dt.timedelta(days=90))
        given(*HERE, registered(), later).when(contact()).then(contacted(next_by=later.next_by))

    def test_who_reported_was_reached(self):
        given(*HERE, registered()).when(contact(reached=False, reported=True)).then(fails(Malformed))

    def test_of_somebody_who_is_away(self):
        given(*HERE).when(contact()).then(fails(Absent))
        given(*HERE, registered(), BACK).when(contact()).then(fails(Conflict))
        given(*HERE, registered(), GONE).when(contact()).then(fails(Conflict))

    def test_INV_009_not_of_one_whose_membership_is_suspended(self):
        given(*HERE, registered(occurred_on=BEFORE), suspended(ANN)).when(contact()).then(refused("INV-009", "absence_id"))


class TestReturnMobileMember:
    COMMAND = ReturnMobileMember(occurred_on=DAY, absence_id=AWAY, card_returned=True)

    def test_the_roll_forgets_it(self):
        given(*HERE, registered(), MARKED).when(self.COMMAND).then(BACK, UNMARKED)

    def test_the_same_again_is_nothing_to_do(self):
        given(*HERE, registered(), MARKED, BACK, UNMARKED).when(self.COMMAND).then(nothing)

    def test_of_somebody_who_left_the_branch_the_roll_stays(self):
        transferred = ReturnMobileMember(occurred_on=DAY, absence_id=AWAY, how=BackBy.LEFT)
        over = MobileMemberReturned(occurred_on=DAY, absence_id=AWAY, person_id=ANN, how=BackBy.LEFT, card_returned=False)
        given(*HERE, registered(occurred_on=BEFORE), left(ANN)).when(transferred).then(over)

    def test_an_absence_that_does_not_exist_or_was_a_mistake(self):
        given(*HERE).when(self.COMMAND).then(fails(Absent))
        given(*HERE, registered(), GONE).when(self.COMMAND).then(fails(Conflict))


class TestWithdrawMobileEntry:
    COMMAND = WithdrawMobileEntry(occurred_on=DAY, absence_id=AWAY, reason="误录")

    def test_the_roll_forgets_it(self):
        given(*HERE, registered(), MARKED).when(self.COMMAND).then(GONE, UNMARKED)

    def test_after_the_return_the_roll_stays(self):
        given(*HERE, registered(), MARKED, BACK, UNMARKED).when(self.COMMAND).then(GONE)

    def test_the_same_again_is_nothing_to_do(self):
        given(*HERE, registered(), GONE).when(self.COMMAND).then(nothing)

    def test_an_absence_that_does_not_exist(self):
        given(*HERE).when(self.COMMAND).then(fails(Absent))
