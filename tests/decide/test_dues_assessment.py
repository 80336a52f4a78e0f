"""Dues: what is to be paid: assess, reduce (INV-009, INV-062 to 064), each allowed, refused, nothing to do."""

import datetime as dt
from typing import Any

import pytest
from msgspec import structs

from events.base import MeetingId, PersonId
from events.dues import (
    DuesAssessmentWithdrawn,
    DuesReductionApproved,
    IncomeKind,
    PayerStatus,
)
from events.meetings import MeetingCancelled
from events.members import LeftGround, MemberLeft, MembershipSuspended
from service.decide.dues.assessment import ApproveDuesReduction, AssessDuesBase, WithdrawDuesAssessment
from service.errors import Absent, BuiltUpon, Conflict, Malformed
from tests.decide.dues_history import ADA, BO, CY, DAY, M1, NEO, assessed, decide, held, other, received, refusal, reversed_payment

JAN = dt.date(2026, 1, 5)


def assess(**changed: Any) -> AssessDuesBase:
    told: dict[str, Any] = {
        "occurred_on": JAN,
        "person_id": ADA,
        "from_month": "2026-01",
        "income_kind": IncomeKind.SALARY,
        "base_fen": 300_000,
        "assessed_by": CY,
        "signed_by_member": True,
    }
    return AssessDuesBase(**(told | changed))


def reduce(**changed: Any) -> ApproveDuesReduction:
    told: dict[str, Any] = {
        "occurred_on": DAY,
        "person_id": ADA,
        "from_month": "2026-03",
        "to_month": "2026-12",
        "monthly_fen": 0,
        "reason": "家庭困难",
        "meeting_id": M1,
        "approval_no": "批1",
    }
    return ApproveDuesReduction(**(told | changed))


def reduced(**changed: Any) -> DuesReductionApproved:
    told: dict[str, Any] = {
        "occurred_on": DAY,
        "person_id": ADA,
        "from_month": "2026-03",
        "to_month": "2026-12",
        "monthly_fen": 0,
        "reason": "家庭困难",
        "meeting_id": M1,
        "approval_no": "批1",
    }
    return DuesReductionApproved(**(told | changed))


LEFT = MemberLeft(occurred_on=dt.date(2026, 2, 1), person_id=ADA, ground=LeftGround.EXPELLED, reason="违纪", approval_no="批9")
SUSPENDED = MembershipSuspended(occurred_on=dt.date(2026, 2, 1), person_id=ADA, reason="失联", approval_no="批9")


class TestAssessDuesBase:
    def test_the_table_gives_the_amount(self):
        assert decide(assess(included_items="职务工资", deductions="个税")) == [
            assessed(included_items="职务工资", deductions="个税", occurred_on=JAN)
        ]

    def test_one_fen_more_is_the_next_band(self):
        assert decide(assess(base_fen=300_001)) == [assessed(monthly_fen=3000, rate_per_10000=100, base_yuan="3000.01")]

    def test_a_probationary_member_pays_as_such(self):
        assert decide(assess(person_id=NEO)) == [assessed(NEO, status=PayerStatus.PROBATIONARY)]

    def test_the_amount_may_be_typed_when_it_is_the_tables(self):
        assert decide(assess(monthly_fen=1500)) == [assessed()]

    def test_a_student_pays_a_fixed_amount(self):
        assert decide(assess(income_kind=IncomeKind.STUDENT, base_fen=0)) == [
            assessed(monthly_fen=20, income_kind=IncomeKind.STUDENT, rate_per_10000=None, base_yuan="0.00")
        ]

    @pytest.mark.parametrize("monthly_fen", [20, 60, 100])
    def test_a_farmer_pays_inside_a_range(self, monthly_fen: int):
        (event,) = decide(assess(income_kind=IncomeKind.FARMER, base_fen=0, monthly_fen=monthly_fen))
        assert event == assessed(
            monthly_fen=monthly_fen, by_table_fen=20, income_kind=IncomeKind.FARMER, rate_per_10000=None, base_yuan="0.00"
        )

    def test_a_high_amount_is_capped(self):
        assert decide(assess(base_fen=10_000_000)) == [
            assessed(monthly_fen=100_000, by_table_fen=200_000, rate_per_10000=200, base_yuan="100000.00")
        ]

    def test_the_same_again_is_nothing_to_do(self):
        assert decide(assess(), assessed()) == []

    def test_the_signature_alone_is_news(self):
        assert decide(assess(), assessed(signed_by_member=False)) == [assessed()]

    @pytest.mark.parametrize("base_fen", [-1, 0])
    def test_INV_058_pay_is_more_than_nothing(self, base_fen: int):
        assert refusal(assess(base_fen=base_fen)) == ("INV-058", "base_fen")

    @pytest.mark.parametrize("monthly_fen", [1499, 1501, 2000])
    def test_INV_062_another_amount_needs_a_ground(self, monthly_fen: int):
        assert refusal(assess(monthly_fen=monthly_fen)) == ("INV-062", "monthly_fen")

    def test_INV_062_more_is_allowed_with_a_ground(self):
        assert decide(assess(monthly_fen=2000, ground="本人自愿")) == [assessed(monthly_fen=2000, by_table_fen=1500, ground="本人自愿")]

    @pytest.mark.parametrize("monthly_fen", [19, 101])
    def test_INV_062_outside_a_farmers_range(self, monthly_fen: int):
        assert refusal(assess(income_kind=IncomeKind.FARMER, base_fen=0, monthly_fen=monthly_fen)) == ("INV-062", "monthly_fen")

    def test_INV_062_a_change_within_the_year_needs_a_ground(self):
        assert refusal(assess(base_fen=400_000, from_month="2026-07"), assessed()) == ("INV-062", "ground")

    def test_INV_062_a_change_with_its_ground(self):
        (event,) = decide(assess(base_fen=400_000, from_month="2026-07", ground="调资"), assessed())
        assert event == assessed(
            from_month="2026-07", monthly_fen=4000, rate_per_10000=100, base_yuan="4000.00", ground="调资", occurred_on=JAN
        )

    def test_INV_062_a_change_needs_no_ground_where_pay_is_followed(self):
        (event,) = decide(assess(base_fen=400_000, from_month="2026-07"), assessed(), dues__reassess="on_change")
        assert event == assessed(from_month="2026-07", monthly_fen=4000, rate_per_10000=100, base_yuan="4000.00", occurred_on=JAN)

    def test_of_two_assessments_for_a_month_the_later_one_stands(self):
        history = assessed(monthly_fen=4000, rate_per_10000=100), assessed(ground="核算有误")
        assert decide(assess(ground="核算有误"), *history) == []
        july = assessed(from_month="2026-07", ground="调资")
        assert decide(assess(from_month="2026-07", ground="调资", occurred_on=july.occurred_on), *history, july) == []
        assert decide(assess(ground="核算有误"), *history, july) == []

    def test_INV_062_a_new_year_is_assessed_anew(self):
        assert decide(assess(base_fen=400_000), assessed(from_month="2025-01")) == [
            assessed(monthly_fen=4000, rate_per_10000=100, base_yuan="4000.00")
        ]

    def test_INV_063_less_needs_an_approved_reduction_even_with_a_ground(self):
        assert refusal(assess(monthly_fen=1000, ground="困难")) == ("INV-063", "monthly_fen")

    def test_INV_063_less_with_an_approved_reduction(self):
        history = reduced(from_month="2026-01", monthly_fen=1000)
        assert decide(assess(monthly_fen=1000, ground="困难"), history) == [assessed(monthly_fen=1000, by_table_fen=1500, ground="困难")]

    def test_INV_063_nothing_at_all_is_a_reduction_not_an_assessment(self):
        assert refusal(assess(monthly_fen=0, ground="困难")) == ("INV-063", "monthly_fen")

    def test_INV_058_an_assessment_is_not_negative(self):
        assert refusal(assess(monthly_fen=-1, ground="困难")) == ("INV-058", "monthly_fen")

    def test_INV_064_more_than_the_ceiling_only_voluntarily(self):
        assert refusal(assess(base_fen=10_000_000, monthly_fen=200_000)) == ("INV-064", "monthly_fen")
        assert refusal(assess(base_fen=10_000_000, monthly_fen=100_001, ground="x")) == ("INV-064", "monthly_fen")

    def test_INV_064_voluntarily_above_the_ceiling(self):
        assert decide(assess(base_fen=10_000_000, monthly_fen=200_000, voluntary=True)) == [
            assessed(monthly_fen=200_000, rate_per_10000=200, base_yuan="100000.00", voluntary=True)
        ]

    def test_INV_002_somebody_who_is_not_of_this_branch(self):
        assert refusal(assess(person_id=PersonId("zoe"))) == ("INV-002", "person_id")

    def test_INV_009_somebody_whose_membership_has_ended(self):
        assert refusal(assess(occurred_on=DAY), LEFT) == ("INV-009", "person_id")
        assert refusal(assess(occurred_on=DAY, assessed_by=ADA, person_id=BO), LEFT) == ("INV-009", "assessed_by")


class TestApproveDuesReduction:
    def test_study_and_approval_are_on_record(self):
        assert decide(reduce(), held()) == [reduced()]

    def test_the_same_again_is_nothing_to_do(self):
        assert decide(reduce(), held(), reduced()) == []

    def test_another_amount_is_another_reduction(self):
        assert decide(reduce(monthly_fen=500), held(), reduced()) == [reduced(monthly_fen=500)]

    def test_INV_063_without_a_study_by_the_branch(self):
        assert refusal(reduce(meeting_id=None)) == ("INV-063", "meeting_id")
        assert refusal(reduce()) == ("INV-063", "meeting_id")

    def test_INV_063_the_study_comes_first(self):
        assert refusal(reduce(), held(on=DAY + dt.timedelta(days=1))) == ("INV-063", "meeting_id")

    def test_INV_063_a_cancelled_meeting_studied_nothing(self):
        cancelled = MeetingCancelled(occurred_on=DAY, meeting_id=M1, reason="未召开")
        assert refusal(reduce(), held(), cancelled) == ("INV-063", "meeting_id")

    def test_INV_063_without_the_superiors_approval(self):
        assert refusal(reduce(approval_no=None), held()) == ("INV-063", "approval_no")

    def test_INV_058_a_reduction_is_not_negative(self):
        assert refusal(reduce(monthly_fen=-1), held()) == ("INV-058", "monthly_fen")

    def test_a_single_month(self):
        assert decide(reduce(to_month="2026-03"), held()) == [reduced(to_month="2026-03")]

    def test_the_months_are_in_order(self):
        assert other(reduce(to_month="2026-02"), held()) is Malformed

    def test_INV_009_for_somebody_suspended(self):
        assert refusal(reduce(), held(), SUSPENDED) == ("INV-009", "person_id")


def test_a_meeting_of_the_committee_can_study_a_reduction_under_any_id() -> None:
    assert refusal(reduce(meeting_id=MeetingId("m2")), held()) == ("INV-063", "meeting_id")


class TestWithdrawDuesAssessment:
    """Taken back while nothing was paid by it: allowed, refused, nothing to do."""

    WITHDRAW = WithdrawDuesAssessment(occurred_on=DAY, person_id=ADA, from_month="2026-01", reason="误录")
    WITHDRAWN = DuesAssessmentWithdrawn(occurred_on=DAY, person_id=ADA, from_month="2026-01", reason="误录")

    def test_an_assessment_nobody_paid_by_is_taken_back(self):
        assert decide(self.WITHDRAW, assessed()) == [self.WITHDRAWN]

    def test_twice_is_once(self):
        assert decide(self.WITHDRAW, assessed(), self.WITHDRAWN) == []

    def test_what_was_paid_by_it_has_to_be_reversed_first(self):
        assert other(self.WITHDRAW, assessed(), received()) is BuiltUpon
        assert decide(self.WITHDRAW, assessed(), received(), reversed_payment()) == [self.WITHDRAWN]

    def test_what_was_paid_by_another_one_does_not_matter(self):
        assert decide(self.WITHDRAW, assessed(), assessed(from_month="2026-03"), received()) == [self.WITHDRAWN]

    def test_the_one_before_holds_again(self):
        before, later = assessed(from_month="2025-06"), structs.replace(self.WITHDRAW, from_month="2026-01")
        assert decide(later, before, assessed(monthly_fen=9_900)) == [self.WITHDRAWN]
        again = assess(occurred_on=DAY)
        (event,) = decide(again, before, assessed(monthly_fen=9_900), self.WITHDRAWN)
        assert (event.from_month, event.monthly_fen) == ("2026-01", 1_500)

    def test_an_assessment_that_was_made_anew_may_be_taken_back_anew(self):
        assert decide(self.WITHDRAW, assessed(), self.WITHDRAWN, assessed()) == [self.WITHDRAWN]

    def test_there_is_no_such_assessment(self):
        assert other(self.WITHDRAW) is Absent
        assert other(self.WITHDRAW, assessed(from_month="2025-12")) is Absent

    def test_not_before_it_was_made(self):
        assert other(structs.replace(self.WITHDRAW, occurred_on=JAN - dt.timedelta(days=1)), assessed()) is Conflict
