"""Letters from outside: received, accepted with full particulars (INV-001, 003, 071), each allowed, refused, nothing to do."""

import datetime as dt
from typing import Any

import pytest

from events.base import GroupId, LetterId, PersonId
from events.members import MemberStatus, MemberTransferredIn, Sex
from events.transfers import (
    TransferReceived,
    TransferSide,
    TransferStatus,
)
from service.decide.transfers.outside import AcceptOutsideTransfer, ReceiveOutsideTransfer
from service.errors import Absent, Malformed
from tests.decide.dues_history import (
    ADA,
    B2,
    DAY,
    G1,
    SEC,
    decide,
    other,
    refusal,
)
from tests.decide.transfer_history import (
    CAME,
    CAME_IN,
    L1,
    LATE,
    TAKEN,
    UNTIL,
    accepted,
    arrived,
    moved_in,
    refused,
)


class TestFromOutside:
    def receive(self, **changed: Any) -> ReceiveOutsideTransfer:
        told: dict[str, Any] = {
            "occurred_on": CAME,
            "number": "外字第9号",
            "from_name": "外市某支部",
            "name": "赵甲",
            "dues_paid_to": "2026-03",
            "issued_on": DAY,
            "valid_until": UNTIL,
        }
        return ReceiveOutsideTransfer(**(told | changed))

    def came(self, letter: str = "1-event", person: str = "2-event", **changed: Any) -> TransferReceived:
        told: dict[str, Any] = {
            "letter_id": LetterId(letter),
            "person_id": PersonId(person),
            "number": "外字第9号",
            "from_side": TransferSide.OUTSIDE,
            "from_org_id": None,
            "from_name": "外市某支部",
            "name": "赵甲",
        }
        return arrived(**(told | changed))

    def accept(self, **changed: Any) -> AcceptOutsideTransfer:
        told: dict[str, Any] = {
            "occurred_on": TAKEN,
            "letter_id": LetterId("1-event"),
            "name": "赵甲",
            "sex": Sex.MALE,
            "nationality": "01",
            "born_on": dt.date(1985, 6, 1),
            "education": "21",
            "status": MemberStatus.FULL,
            "admitted_on": dt.date(2008, 7, 1),
            "full_on": dt.date(2009, 7, 1),
            "group_id": G1,
        }
        return AcceptOutsideTransfer(**(told | changed))

    def entered(self, **changed: Any) -> MemberTransferredIn:
        told: dict[str, Any] = {
            "person_id": PersonId("2-event"),
            "name": "赵甲",
            "sex": Sex.MALE,
            "born_on": "1985-06-01",
            "born_month": "1985-06",
            "id_number": None,
            "id_index": None,
            "admitted_on": dt.date(2008, 7, 1),
            "full_on": dt.date(2009, 7, 1),
            "letter_id": LetterId("1-event"),
            "from_org_id": None,
            "from_name": "外市某支部",
        }
        return moved_in(**(told | changed))

    def taken(self, on: dt.date = TAKEN, **changed: Any) -> list[Any]:
        ids = {"letter_id": LetterId("1-event"), "person_id": PersonId("2-event")}
        return [accepted(on, **ids, **changed), self.entered(occurred_on=on)]

    def test_a_letter_gets_an_id_and_its_person_too(self):
        assert decide(self.receive(), org=B2) == [self.came()]

    def test_somebody_who_was_here_before_keeps_the_id(self):
        assert decide(self.receive(person_id=ADA, status=TransferStatus.PROBATIONARY), org=B2) == [
            self.came(person=ADA, status=TransferStatus.PROBATIONARY)
        ]

    def test_the_same_letter_again_is_nothing_to_do(self):
        assert decide(self.receive(), self.came("old", "somebody"), org=B2) == []
        assert decide(self.receive(letter_id=LetterId("old")), self.came("old", "somebody"), org=B2) == []

    def test_a_letter_that_was_sent_back_may_come_again(self):
        back = refused().__class__(occurred_on=TAKEN, letter_id=LetterId("old"), person_id=PersonId("somebody"), reason="缺章")
        assert decide(self.receive(), self.came("old", "somebody"), back, org=B2) == [self.came()]

    def test_it_may_be_issued_run_out_and_come_in_on_one_day(self):
        assert decide(self.receive(occurred_on=DAY, valid_until=DAY), org=B2) == [self.came(occurred_on=DAY, valid_until=DAY)]

    @pytest.mark.parametrize("changed", [{"valid_until": DAY - dt.timedelta(days=1)}, {"occurred_on": DAY - dt.timedelta(days=1)}])
    def test_its_dates_are_in_order(self, changed: dict[str, Any]):
        assert other(self.receive(**changed), org=B2) is Malformed

    def test_accepted_with_all_that_the_roll_needs(self):
        assert decide(self.accept(), self.came(), org=B2) == self.taken()

    def test_the_same_again_is_nothing_to_do(self):
        assert decide(self.accept(), self.came(), *self.taken(), org=B2) == []

    def test_INV_001_somebody_who_is_on_the_roll_already(self):
        assert refusal(self.accept(), self.came(person=SEC), org=B2) == ("INV-001", "person_id")

    def test_INV_003_where_there_are_groups_one_is_named(self):
        assert refusal(self.accept(group_id=None), self.came(), org=B2) == ("INV-003", "group_id")
        assert refusal(self.accept(group_id=GroupId("g9")), self.came(), org=B2) == ("INV-003", "group_id")

    def test_INV_071_past_its_date_with_an_explanation(self):
        assert decide(self.accept(occurred_on=UNTIL), self.came(), org=B2) == self.taken(UNTIL)
        assert refusal(self.accept(occurred_on=LATE), self.came(), org=B2) == ("INV-071", "late_explanation")
        assert decide(self.accept(occurred_on=LATE, late_explanation="因病"), self.came(), org=B2) == self.taken(
            LATE, late_explanation="因病"
        )

    def test_only_the_person_of_the_letter(self):
        assert other(self.accept(person_id=ADA), self.came(), org=B2) is Malformed

    def test_a_letter_from_a_branch_here_is_accepted_the_other_way(self):
        assert other(self.accept(letter_id=L1), *CAME_IN, org=B2) is Malformed

    def test_there_is_no_such_letter(self):
        assert other(self.accept(), org=B2) is Absent
