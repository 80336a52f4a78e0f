"""Dues: what is paid: receive, receipt, reverse (INV-009, INV-058 to 061, 064, 068), each allowed, refused, nothing to do."""

import datetime as dt
from typing import Any

import pytest

from events.base import PersonId, ReceiptNo
from events.dues import (
    DuesArrearsCleared,
    DuesArrearsFlagged,
    DuesReceiptIssued,
    EntryId,
    PayerKind,
    PaymentKind,
)
from events.members import LeftGround, MemberLeft, MembershipSuspended
from service.decide.dues.payments import IssueDuesReceipt, ReceiveDues, ReverseDues
from service.errors import Absent, Conflict, Malformed
from tests.decide.dues_history import ADA, B1, BO, CY, DAY, assessed, decide, other, paid_each, received, refusal, reversed_payment


def receive(**changed: Any) -> ReceiveDues:
    told: dict[str, Any] = {"occurred_on": DAY, "person_id": ADA, "month": "2026-03", "amount_fen": 1500, "collector": CY}
    return ReceiveDues(**(told | changed))


def receipt(number: str = "0001", entry: str = "1-event", **changed: Any) -> DuesReceiptIssued:
    told: dict[str, Any] = {
        "occurred_on": DAY,
        "org_id": B1,
        "receipt_no": ReceiptNo(number),
        "entry_id": EntryId(entry),
        "person_id": ADA,
        "month": "2026-03",
        "amount_fen": 1500,
    }
    return DuesReceiptIssued(**(told | changed))


LEFT = MemberLeft(occurred_on=dt.date(2026, 2, 1), person_id=ADA, ground=LeftGround.EXPELLED, reason="违纪", approval_no="批9")
SUSPENDED = MembershipSuspended(occurred_on=dt.date(2026, 2, 1), person_id=ADA, reason="失联", approval_no="批9")


class TestReceiveDues:
    def test_a_payment_for_the_month(self):
        assert decide(receive()) == [received()]

    def test_with_a_number_the_receipt_is_given_at_once(self):
        assert decide(receive(receipt_no=ReceiptNo("0001"))) == [received(), receipt()]

    def test_the_receipt_number_is_claimed_for_the_branch(self):
        assert [(claim.kind, claim.value, claim.give) for claim in receipt().claims()] == [("dues-receipt", "b1-0001", False)]

    def test_sent_again_with_its_id_it_is_nothing_to_do(self):
        assert decide(receive(entry_id=EntryId("p")), received(entry_id=EntryId("p"))) == []
        again = receive(entry_id=EntryId("p"), receipt_no=ReceiptNo("0001"))
        assert decide(again, received(entry_id=EntryId("p")), receipt(entry="p")) == []

    def test_the_id_of_another_payment_is_a_conflict(self):
        assert other(receive(entry_id=EntryId("p"), amount_fen=1600), received(entry_id=EntryId("p"))) is Conflict
        assert other(receive(entry_id=EntryId("p"), receipt_no=ReceiptNo("2")), received(entry_id=EntryId("p"))) is Conflict

    @pytest.mark.parametrize("amount_fen", [0, -1, -1500])
    @pytest.mark.parametrize("kind", list(PaymentKind))
    def test_INV_058_an_amount_is_more_than_nothing(self, amount_fen: int, kind: PaymentKind):
        assert refusal(receive(amount_fen=amount_fen, kind=kind)) == ("INV-058", "amount_fen")

    def test_INV_058_one_fen_is_an_amount(self):
        assert decide(receive(amount_fen=1)) == [received(amount_fen=1)]

    def test_INV_059_one_regular_payment_for_a_month(self):
        assert refusal(receive(), received(entry_id=EntryId("p"))) == ("INV-059", "month")

    @pytest.mark.parametrize("kind", [PaymentKind.BACK, PaymentKind.VOLUNTARY])
    def test_INV_059_a_marked_payment_comes_on_top(self, kind: PaymentKind):
        assert decide(receive(kind=kind), received(entry_id=EntryId("p"))) == [received(kind=kind)]

    def test_INV_059_another_month_and_another_member(self):
        history = received("2026-02", entry_id=EntryId("p")), received(person=BO, entry_id=EntryId("q"))
        assert decide(receive(), *history) == [received()]

    def test_INV_059_a_reversed_payment_leaves_the_month_open(self):
        gone = reversed_payment(entry_id=EntryId("p"))
        assert decide(receive(), received(entry_id=EntryId("p")), gone) == [received()]

    def test_INV_059_a_gift_does_not_close_the_month(self):
        assert decide(receive(), received(entry_id=EntryId("p"), kind=PaymentKind.VOLUNTARY)) == [received()]

    @pytest.mark.parametrize("kind", [PaymentKind.REGULAR, PaymentKind.BACK])
    @pytest.mark.parametrize("month", ["2025-08", "2025-01"])
    def test_INV_060_a_payment_long_past_needs_approval(self, kind: PaymentKind, month: str):
        assert refusal(receive(month=month, kind=kind)) == ("INV-060", "approval_no")

    def test_INV_060_with_the_approval(self):
        assert decide(receive(month="2025-08", kind=PaymentKind.BACK, approval_no="批3")) == [
            received(month="2025-08", kind=PaymentKind.BACK, approval_no="批3", occurred_on=DAY)
        ]

    def test_INV_060_six_months_back_needs_none(self):
        assert decide(receive(month="2025-09", kind=PaymentKind.BACK)) == [
            received(month="2025-09", kind=PaymentKind.BACK, occurred_on=DAY)
        ]

    def test_INV_060_the_limit_is_a_setting(self):
        assert refusal(receive(month="2025-11", kind=PaymentKind.BACK), dues__back_months=3) == ("INV-060", "approval_no")

    def test_INV_060_ahead_is_never_late(self):
        assert decide(receive(month="2026-06")) == [received(month="2026-06", occurred_on=DAY)]

    def test_INV_061_the_organisation_does_not_pay(self):
        assert refusal(receive(payer=PayerKind.ORGANISATION)) == ("INV-061", "payer")

    def test_INV_061_family_and_other_members_may(self):
        assert decide(receive(payer=PayerKind.FAMILY)) == [received(payer=PayerKind.FAMILY)]
        assert decide(receive(payer=PayerKind.OTHER_MEMBER, payer_id=BO)) == [received(payer=PayerKind.OTHER_MEMBER, payer_id=BO)]

    def test_another_member_who_pays_is_named(self):
        assert other(receive(payer=PayerKind.OTHER_MEMBER)) is Malformed
        assert other(receive(payer_id=BO)) is Malformed

    def test_INV_064_more_than_the_ceiling_is_voluntary(self):
        assert refusal(receive(amount_fen=100_001)) == ("INV-064", "amount_fen")
        assert decide(receive(amount_fen=100_000)) == [received(amount_fen=100_000)]
        assert decide(receive(amount_fen=100_001, kind=PaymentKind.VOLUNTARY)) == [received(amount_fen=100_001, kind=PaymentKind.VOLUNTARY)]

    def test_INV_064_as_assessed_voluntarily_above_it(self):
        assert decide(receive(amount_fen=200_000), assessed(monthly_fen=200_000, voluntary=True)) == [received(amount_fen=200_000)]

    def test_INV_068_a_number_serves_once(self):
        history = received(entry_id=EntryId("p"), person=BO), receipt(entry="p", person_id=BO)
        assert refusal(receive(receipt_no=ReceiptNo("0001")), *history) == ("INV-068", "receipt_no")
        assert decide(receive(receipt_no=ReceiptNo("0002")), *history) == [received(), receipt("0002")]

    def test_INV_068_the_number_of_a_reversed_payment_stays_used(self):
        history = received(entry_id=EntryId("p")), receipt(entry="p"), reversed_payment(entry_id=EntryId("p"))
        assert refusal(receive(receipt_no=ReceiptNo("0001")), *history) == ("INV-068", "receipt_no")

    @pytest.mark.parametrize("number", ["1", "12", "0001", "A-0100", "0101"])
    def test_INV_068_short_and_long_numbers_are_told_apart(self, number: str):
        history = received(entry_id=EntryId("p"), person=BO), receipt("0100", entry="p", person_id=BO)
        assert decide(receive(receipt_no=ReceiptNo(number)), *history) == [received(), receipt(number)]

    def test_INV_002_somebody_of_another_branch(self):
        assert refusal(receive(person_id=PersonId("zoe"))) == ("INV-002", "person_id")
        assert refusal(receive(collector=PersonId("zoe"))) == ("INV-002", "collector")

    def test_INV_009_nothing_after_the_membership_ended(self):
        assert refusal(receive(), LEFT) == ("INV-009", "person_id")
        assert refusal(receive(), SUSPENDED) == ("INV-009", "person_id")
        assert refusal(receive(person_id=BO, payer=PayerKind.OTHER_MEMBER, payer_id=ADA), LEFT) == ("INV-009", "payer_id")

    def test_INV_009_what_was_paid_before_is_still_recorded(self):
        assert decide(receive(month="2026-01", occurred_on=dt.date(2026, 1, 10)), LEFT) == [received("2026-01")]

    def test_a_payment_clears_the_mark_of_its_month(self):
        flagged = DuesArrearsFlagged(occurred_on=DAY, person_id=ADA, months=("2026-01", "2026-02"), consecutive=2)
        cleared = DuesArrearsCleared(occurred_on=DAY, person_id=ADA, months=("2026-01",))
        paid = received("2026-01", kind=PaymentKind.BACK, occurred_on=DAY)
        assert decide(receive(month="2026-01", kind=PaymentKind.BACK), assessed(), flagged) == [paid, cleared]

    def test_a_part_of_it_does_not(self):
        flagged = DuesArrearsFlagged(occurred_on=DAY, person_id=ADA, months=("2026-01",), consecutive=1)
        part = received("2026-01", 1000, kind=PaymentKind.BACK, occurred_on=DAY)
        assert decide(receive(month="2026-01", amount_fen=1000, kind=PaymentKind.BACK), assessed(), flagged) == [part]


class TestIssueDuesReceipt:
    def issue(self, number: str = "0001", **changed: Any) -> IssueDuesReceipt:
        told: dict[str, Any] = {"occurred_on": DAY, "entry_id": EntryId("1-event"), "receipt_no": ReceiptNo(number)}
        return IssueDuesReceipt(**(told | changed))

    def test_a_receipt_for_a_payment(self):
        assert decide(self.issue(), received()) == [receipt()]

    def test_the_same_again_is_nothing_to_do(self):
        assert decide(self.issue(), received(), receipt()) == []

    def test_INV_068_a_used_number(self):
        history = received(), *paid_each("2026-02"), receipt(entry="ada-2026-02", month="2026-02")
        assert refusal(self.issue(), *history) == ("INV-068", "receipt_no")

    def test_a_payment_has_one_receipt(self):
        assert other(self.issue("0002"), received(), receipt()) is Conflict

    def test_a_reversed_payment_gets_none(self):
        assert other(self.issue(), received(), reversed_payment()) is Conflict

    def test_not_before_the_payment(self):
        assert other(self.issue(occurred_on=DAY - dt.timedelta(days=1)), received()) is Conflict

    def test_there_is_no_such_payment(self):
        assert other(self.issue()) is Absent


class TestReverseDues:
    def reverse(self, entry: str = "1-event", **changed: Any) -> ReverseDues:
        told: dict[str, Any] = {"occurred_on": DAY, "entry_id": EntryId(entry), "reason": "金额有误"}
        return ReverseDues(**(told | changed))

    def test_a_payment_is_reversed_with_its_receipt(self):
        assert decide(self.reverse(), received(), receipt()) == [reversed_payment(receipt_no=ReceiptNo("0001"))]

    def test_without_a_receipt(self):
        assert decide(self.reverse(), received()) == [reversed_payment()]

    def test_the_same_again_is_nothing_to_do(self):
        assert decide(self.reverse(), received(), reversed_payment()) == []

    def test_INV_058_a_reversal_names_an_entry(self):
        assert refusal(self.reverse("none"), received()) == ("INV-058", "entry_id")

    def test_not_before_the_entry(self):
        assert other(self.reverse(occurred_on=DAY - dt.timedelta(days=1)), received()) is Conflict

    def test_of_two_payments_for_a_month_only_one_is_reversed(self):
        top = received(entry_id=EntryId("top"), kind=PaymentKind.BACK, amount_fen=300)
        assert decide(self.reverse("top"), received(), top) == [reversed_payment(entry_id=EntryId("top"), amount_fen=300)]

    def test_a_slip_that_is_good_keeps_its_number_for_the_right_entry(self):
        number = ReceiptNo("0001")
        stands = reversed_payment(receipt_no=number, receipt_stands_in=B1)
        assert decide(self.reverse(receipt_stands=True), received(), receipt()) == [stands]
        assert [(claim.kind, claim.value, claim.give) for claim in stands.claims()] == [("dues-receipt", "b1-0001", True)]
        again = receive(entry_id=EntryId("again"), receipt_no=number)
        assert decide(again, received(), receipt(), stands) == [received(entry_id=EntryId("again")), receipt(entry="again")]

    def test_INV_068_a_void_slip_gives_no_number_back(self):
        void = reversed_payment(receipt_no=ReceiptNo("0001"))
        assert void.claims() == ()
        assert refusal(receive(receipt_no=ReceiptNo("0001")), received(), receipt(), void) == ("INV-068", "receipt_no")

    def test_without_a_receipt_none_is_good(self):
        assert decide(self.reverse(receipt_stands=True), received()) == [reversed_payment()]
