"""Arrears: flagged, cleared, and the removal that needs everything (R-D09, INV-069), each allowed, refused, nothing to do."""

import datetime as dt
from typing import Any

import pytest

from events.base import PersonId
from events.dues import DuesArrearsCleared, DuesArrearsFlagged, DuesReductionApproved, EntryId, PaymentKind
from events.meetings import AgendaKind, MeetingKind
from events.members import LeftGround, MemberLeft
from service.decide.dues.removal import RecordRemovalForArrears
from service.decide.dues.state import ClearArrears, FlagArrears
from tests.decide.dues_history import ADA, BO, DAY, M1, assessed, decide, held, member, paid_each, received, refusal, voted

HALF_YEAR = ("2025-09", "2025-10", "2025-11", "2025-12", "2026-01", "2026-02")
OWES = assessed(from_month="2025-09")
"""On DAY six complete months are unpaid."""


def flag(**changed: Any) -> FlagArrears:
    told: dict[str, Any] = {"occurred_on": DAY, "person_id": ADA}
    return FlagArrears(**(told | changed))


def flagged(*months: str, consecutive: int | None = None) -> DuesArrearsFlagged:
    return DuesArrearsFlagged(occurred_on=DAY, person_id=ADA, months=months, consecutive=consecutive or len(months))


def cleared(*months: str) -> DuesArrearsCleared:
    return DuesArrearsCleared(occurred_on=DAY, person_id=ADA, months=months)


def reduced(first: str, last: str) -> DuesReductionApproved:
    return DuesReductionApproved(
        occurred_on=DAY, person_id=ADA, from_month=first, to_month=last, monthly_fen=0, reason="困难", meeting_id=M1, approval_no="批1"
    )


class TestFlagArrears:
    def test_all_complete_months_that_are_unpaid(self):
        assert decide(flag(), OWES) == [flagged(*HALF_YEAR)]

    def test_the_running_month_is_not_owed_yet(self):
        assert decide(flag(), assessed(from_month="2026-03")) == []

    def test_months_that_were_paid_are_left_out(self):
        history = OWES, *paid_each("2025-11", "2025-12")
        assert decide(flag(), *history) == [flagged("2025-09", "2025-10", "2026-01", "2026-02", consecutive=2)]

    def test_paid_in_full_is_nothing_to_do(self):
        assert decide(flag(), OWES, *paid_each(*HALF_YEAR)) == []

    def test_never_assessed_is_nothing_to_do(self):
        assert decide(flag()) == []

    def test_flagged_already_is_nothing_to_do(self):
        assert decide(flag(), OWES, flagged(*HALF_YEAR)) == []

    def test_another_month_is_news(self):
        assert decide(flag(), OWES, flagged(*HALF_YEAR[:-1])) == [flagged(*HALF_YEAR)]

    def test_a_part_of_it_is_not_paid(self):
        part = received("2026-02", 1499, entry_id=EntryId("part"))
        assert decide(flag(), assessed(from_month="2026-02"), part) == [flagged("2026-02")]
        rest = received("2026-02", 1, entry_id=EntryId("rest"), kind=PaymentKind.BACK)
        assert decide(flag(), assessed(from_month="2026-02"), part, rest) == []

    def test_a_gift_is_no_payment(self):
        gift = received("2026-02", 5000, entry_id=EntryId("gift"), kind=PaymentKind.VOLUNTARY)
        assert decide(flag(), assessed(from_month="2026-02"), gift) == [flagged("2026-02")]

    def test_months_without_dues_by_reduction_are_left_out(self):
        assert decide(flag(), OWES, reduced("2025-09", "2026-01")) == [flagged("2026-02")]

    def test_months_before_the_member_came_are_not_owed_here(self):
        came = member(PersonId("late"), joined_on=dt.date(2026, 1, 15), occurred_on=dt.date(2026, 1, 15))
        (event,) = decide(flag(person_id=PersonId("late")), came, assessed(PersonId("late"), from_month="2025-06"))
        assert isinstance(event, DuesArrearsFlagged)
        assert event.months == ("2026-01", "2026-02")

    def test_INV_002_somebody_who_is_not_of_this_branch(self):
        assert refusal(flag(person_id=PersonId("zoe"))) == ("INV-002", "person_id")


class TestClearArrears:
    def clear(self) -> ClearArrears:
        return ClearArrears(occurred_on=DAY, person_id=ADA)

    def test_months_that_need_not_be_paid_any_more(self):
        assert decide(self.clear(), OWES, flagged(*HALF_YEAR), reduced("2025-09", "2025-10")) == [cleared("2025-09", "2025-10")]

    def test_months_that_were_made_up(self):
        assert decide(self.clear(), OWES, flagged("2026-01"), *paid_each("2026-01")) == [cleared("2026-01")]

    def test_still_unpaid_is_nothing_to_do(self):
        assert decide(self.clear(), OWES, flagged(*HALF_YEAR)) == []

    def test_nothing_flagged_is_nothing_to_do(self):
        assert decide(self.clear(), OWES) == []
        assert decide(self.clear(), OWES, flagged("2026-01"), *paid_each("2026-01"), cleared("2026-01")) == []


class TestRecordRemovalForArrears:
    EVERYTHING = (OWES, held(MeetingKind.GENERAL), voted())

    def remove(self, **changed: Any) -> RecordRemovalForArrears:
        told: dict[str, Any] = {
            "occurred_on": DAY,
            "person_id": ADA,
            "education_on": dt.date(2026, 1, 20),
            "education_note": "支部书记谈话两次",
            "meeting_id": M1,
            "approval_no": "批7",
        }
        return RecordRemovalForArrears(**(told | changed))

    def left(self, person: PersonId = ADA, run: int = 6) -> MemberLeft:
        return MemberLeft(
            occurred_on=DAY,
            person_id=person,
            ground=LeftGround.REMOVED,
            reason=f"无正当理由连续{run}个月不交纳党费",
            approval_no="批7",
            id_index=format(sum(person.encode()), "040x"),
        )

    def test_with_everything_on_record(self):
        assert decide(self.remove(), *self.EVERYTHING) == [self.left()]

    def test_removed_already_is_nothing_to_do(self):
        assert decide(self.remove(), *self.EVERYTHING, self.left()) == []

    def test_seven_months_are_six_and_more(self):
        assert decide(self.remove(), assessed(from_month="2025-08"), *self.EVERYTHING[1:]) == [self.left(run=7)]

    @pytest.mark.parametrize("first", ["2025-10", "2026-02", "2026-03"])
    def test_INV_069_fewer_than_six_months(self, first: str):
        assert refusal(self.remove(), assessed(from_month=first), *self.EVERYTHING[1:]) == ("INV-069", "person_id")

    @pytest.mark.parametrize("month", HALF_YEAR)
    def test_INV_069_one_month_paid_in_between(self, month: str):
        assert refusal(self.remove(), *self.EVERYTHING, *paid_each(month)) == ("INV-069", "person_id")

    def test_INV_069_the_running_month_does_not_count(self):
        assert refusal(self.remove(), assessed(from_month="2025-10"), *self.EVERYTHING[1:]) == ("INV-069", "person_id")

    def test_INV_069_the_months_are_a_setting(self):
        history = assessed(from_month="2025-12"), *self.EVERYTHING[1:]
        assert decide(self.remove(), *history, dues__arrears_months=3) == [self.left(run=3)]

    @pytest.mark.parametrize("missing", ["education_on", "education_note"])
    def test_INV_069_without_education(self, missing: str):
        assert refusal(self.remove(**{missing: None}), *self.EVERYTHING) == ("INV-069", "education_on")

    def test_INV_069_education_comes_first(self):
        tomorrow = DAY + dt.timedelta(days=1)
        assert refusal(self.remove(education_on=tomorrow), *self.EVERYTHING) == ("INV-069", "education_on")
        before = OWES, held(MeetingKind.GENERAL, on=dt.date(2026, 1, 19)), voted(on=dt.date(2026, 1, 19))
        assert refusal(self.remove(), *before) == ("INV-069", "meeting_id")

    def test_INV_069_education_on_the_day_of_the_meeting_is_in_time(self):
        assert decide(self.remove(education_on=DAY), *self.EVERYTHING) == [self.left()]

    def test_INV_069_without_a_vote(self):
        assert refusal(self.remove(meeting_id=None), *self.EVERYTHING) == ("INV-069", "meeting_id")
        assert refusal(self.remove(), OWES) == ("INV-069", "meeting_id")
        assert refusal(self.remove(), OWES, held(MeetingKind.GENERAL)) == ("INV-069", "meeting_id")

    def test_INV_069_a_vote_that_did_not_pass(self):
        assert refusal(self.remove(), OWES, held(MeetingKind.GENERAL), voted(passed=False)) == ("INV-069", "meeting_id")

    def test_INV_069_a_vote_on_something_else(self):
        about = voted(matter=AgendaKind.OTHER)
        assert refusal(self.remove(), OWES, held(MeetingKind.GENERAL), about) == ("INV-069", "meeting_id")

    def test_INV_069_a_vote_of_the_committee(self):
        assert refusal(self.remove(), OWES, held(MeetingKind.COMMITTEE), voted()) == ("INV-069", "meeting_id")

    def test_INV_069_without_approval(self):
        assert refusal(self.remove(approval_no=None), *self.EVERYTHING) == ("INV-069", "approval_no")

    def test_INV_069_for_somebody_who_pays(self):
        assert refusal(self.remove(person_id=BO), *self.EVERYTHING) == ("INV-069", "person_id")
