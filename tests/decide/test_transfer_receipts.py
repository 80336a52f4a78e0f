"""The receipt goes back, the letter is bound and filed (INV-073), each allowed, refused, nothing to do."""

import datetime as dt
from typing import Any

import pytest

from events.members import LeftGround, MemberLeft
from events.transfers import (
    DeliveryMethod,
    ReceiptFiled,
    TransferFileBound,
)
from service.decide.transfers.arrivals import BindTransferFile, ReturnReceipt
from service.decide.transfers.state import RecordReceipt
from service.errors import Absent, Conflict
from tests.decide.dues_history import (
    ADA,
    B2,
    BO,
    DAY,
    SEC,
    decide,
    other,
    refusal,
)
from tests.decide.transfer_history import (
    CAME,
    CAME_IN,
    DONE,
    EXPIRED,
    L1,
    LATE,
    TAKEN,
    UNTIL,
    accepted_there,
    issued,
    moved_out,
    outside,
    refused,
    refused_there,
    returned,
    voided,
)


class TestReturnReceipt:
    def give_back(self, on: dt.date = TAKEN, **changed: Any) -> ReturnReceipt:
        told: dict[str, Any] = {"occurred_on": on, "letter_id": L1, "method": DeliveryMethod.SYSTEM, "handled_by": SEC}
        return ReturnReceipt(**(told | changed))

    @pytest.mark.parametrize(("days", "late_days"), [(0, 0), (29, 0), (30, 0), (31, 1), (45, 15)])
    def test_how_late_it_is_stays_on_record(self, days: int, late_days: int):
        day = TAKEN + dt.timedelta(days=days)
        assert decide(self.give_back(day), *DONE, org=B2) == [returned(day, late_days)]

    def test_the_same_again_is_nothing_to_do(self):
        assert decide(self.give_back(), *DONE, returned(), org=B2) == []

    def test_INV_073_without_a_letter(self):
        assert refusal(self.give_back(), org=B2) == ("INV-073", "letter_id")

    def test_INV_073_without_an_acceptance(self):
        assert refusal(self.give_back(), *CAME_IN, org=B2) == ("INV-073", "letter_id")
        assert refusal(self.give_back(), *CAME_IN, refused(), org=B2) == ("INV-073", "letter_id")

    def test_INV_073_before_the_acceptance(self):
        assert refusal(self.give_back(TAKEN - dt.timedelta(days=1)), *DONE, org=B2) == ("INV-073", "letter_id")

    def test_INV_002_by_somebody_of_this_branch(self):
        assert refusal(self.give_back(handled_by=BO), *DONE, org=B2) == ("INV-002", "handled_by")


class TestRecordReceipt:
    def record(self, **changed: Any) -> RecordReceipt:
        told: dict[str, Any] = {
            "occurred_on": TAKEN,
            "letter_id": L1,
            "number": "b1-2026-0001",
            "accepted_on": TAKEN,
            "handled_by": "王某",
        }
        return RecordReceipt(**(told | changed))

    def filed(self, by: str = "第二党支部", **changed: Any) -> ReceiptFiled:
        told: dict[str, Any] = {
            "occurred_on": TAKEN,
            "letter_id": L1,
            "person_id": ADA,
            "number": "b1-2026-0001",
            "accepted_on": TAKEN,
            "accepted_by": by,
            "handled_by": "王某",
        }
        return ReceiptFiled(**(told | changed))

    INSIDE = (issued(), moved_out(), accepted_there())

    def test_inside_the_member_left_with_the_acceptance(self):
        assert decide(self.record(), *self.INSIDE) == [self.filed()]

    def test_to_outside_the_member_leaves_with_the_receipt(self):
        assert decide(self.record(accepted_on=CAME, accepted_by="外市某支部"), outside()) == [
            self.filed("外市某支部", accepted_on=CAME),
            moved_out(CAME, None, "外市某支部"),
        ]

    @pytest.mark.parametrize("day", [DAY, TAKEN])
    def test_to_outside_from_the_day_of_the_letter_to_that_of_the_receipt(self, day: dt.date):
        assert decide(self.record(accepted_on=day), outside()) == [
            self.filed("外市党委组织部", accepted_on=day),
            moved_out(day, None, "外市党委组织部"),
        ]

    def test_an_expired_letter_to_outside_may_have_been_accepted_in_time(self):
        late = self.record(occurred_on=LATE, accepted_on=UNTIL)
        assert decide(late, outside(), EXPIRED) == [
            self.filed("外市党委组织部", occurred_on=LATE, accepted_on=UNTIL),
            moved_out(UNTIL, None, "外市党委组织部"),
        ]

    def test_INV_009_to_outside_whoever_is_off_the_roll_does_not_leave_again(self):
        left = MemberLeft(occurred_on=TAKEN, person_id=ADA, ground=LeftGround.DECEASED, reason="病故", approval_no="")
        assert refusal(self.record(accepted_on=CAME), outside(), left) == ("INV-009", "letter_id")

    def test_the_same_again_is_nothing_to_do(self):
        assert decide(self.record(), *self.INSIDE, self.filed()) == []

    def test_INV_073_a_letter_of_ours(self):
        assert refusal(self.record()) == ("INV-073", "letter_id")

    @pytest.mark.parametrize("number", ["b1-2026-0002", "b2-2026-0001", "b1-2025-0001"])
    def test_INV_073_the_number_on_the_receipt(self, number: str):
        assert refusal(self.record(number=number), *self.INSIDE) == ("INV-073", "number")

    def test_INV_073_inside_without_an_acceptance(self):
        assert refusal(self.record(), issued()) == ("INV-073", "letter_id")
        assert refusal(self.record(), issued(), refused_there()) == ("INV-073", "letter_id")

    def test_INV_073_inside_on_another_day(self):
        assert refusal(self.record(accepted_on=CAME), *self.INSIDE) == ("INV-073", "accepted_on")
        assert refusal(self.record(occurred_on=CAME), *self.INSIDE) == ("INV-073", "accepted_on")

    @pytest.mark.parametrize("day", [DAY - dt.timedelta(days=1), TAKEN + dt.timedelta(days=1)])
    def test_INV_073_outside_before_the_letter_or_after_the_receipt(self, day: dt.date):
        assert refusal(self.record(accepted_on=day), outside()) == ("INV-073", "accepted_on")

    def test_INV_073_a_void_letter_has_no_receipt(self):
        assert refusal(self.record(), outside(), voided()) == ("INV-073", "letter_id")

    def test_INV_073_a_second_receipt(self):
        assert refusal(self.record(handled_by="李某"), *self.INSIDE, self.filed()) == ("INV-073", "letter_id")


class TestBindTransferFile:
    def bind(self, volume: str = "2026-1", on: dt.date = TAKEN) -> BindTransferFile:
        return BindTransferFile(occurred_on=on, letter_id=L1, volume_no=volume)

    def bound(self, volume: str = "2026-1") -> TransferFileBound:
        return TransferFileBound(occurred_on=TAKEN, letter_id=L1, person_id=ADA, volume_no=volume)

    def test_an_accepted_letter_is_bound(self):
        assert decide(self.bind(), *DONE, org=B2) == [self.bound()]

    def test_the_same_again_is_nothing_to_do(self):
        assert decide(self.bind(), *DONE, self.bound(), org=B2) == []

    def test_into_another_volume(self):
        assert decide(self.bind("2026-2"), *DONE, self.bound(), org=B2) == [self.bound("2026-2")]

    def test_not_before_it_was_accepted(self):
        assert other(self.bind(), *CAME_IN, org=B2) is Conflict
        assert other(self.bind(on=CAME), *DONE, org=B2) is Conflict
        assert other(self.bind(), org=B2) is Absent
