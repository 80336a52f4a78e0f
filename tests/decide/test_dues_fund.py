"""The dues fund: decide together, spend, remit, receive, reverse (INV-058, INV-065 to 067), each allowed, refused, nothing to do."""

import contextlib
import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.base import PersonId
from events.dues import (
    DecidedBy,
    DecisionId,
    DuesAllocationReceived,
    DuesRemitted,
    DuesReversed,
    DuesSpendingApproved,
    DuesSpent,
    DuesUse,
    EntryId,
    EntryKind,
    PaymentKind,
)
from events.meetings import MeetingCancelled, MeetingKind
from service.decide.base import Command
from service.decide.dues.fund import ApproveDuesSpending, ReceiveAllocation, RemitDues, SpendDues
from service.decide.dues.payments import ReceiveDues, ReverseDues
from service.decide.dues.state import DUES
from service.errors import Conflict, Malformed, Refused
from tests.decide.dues_history import ADA, BO, CY, DAY, M1, decide, held, other, paid_each, received, refusal

LATER = dt.date(2026, 4, 8)


def approve(**changed: Any) -> ApproveDuesSpending:
    told: dict[str, Any] = {
        "occurred_on": DAY,
        "meeting_id": M1,
        "use": DuesUse.MATERIALS,
        "purpose": "订阅报刊",
        "amount_fen": 2000,
    }
    return ApproveDuesSpending(**(told | changed))


def approved(**changed: Any) -> DuesSpendingApproved:
    told: dict[str, Any] = {
        "occurred_on": DAY,
        "decision_id": DecisionId("1-event"),
        "decided_by": DecidedBy.COMMITTEE,
        "meeting_id": M1,
        "use": DuesUse.MATERIALS,
        "purpose": "订阅报刊",
        "amount_fen": 2000,
    }
    return DuesSpendingApproved(**(told | changed))


def spend(**changed: Any) -> SpendDues:
    told: dict[str, Any] = {
        "occurred_on": LATER,
        "decision_id": DecisionId("1-event"),
        "amount_fen": 800,
        "handled_by": BO,
        "approver": CY,
        "voucher_no": "发票9",
    }
    return SpendDues(**(told | changed))


def spent(entry: str = "1-event", **changed: Any) -> DuesSpent:
    told: dict[str, Any] = {
        "occurred_on": LATER,
        "entry_id": EntryId(entry),
        "decision_id": DecisionId("1-event"),
        "use": DuesUse.MATERIALS,
        "purpose": "订阅报刊",
        "amount_fen": 800,
        "handled_by": BO,
        "approver": CY,
        "voucher_no": "发票9",
    }
    return DuesSpent(**(told | changed))


def remit(**changed: Any) -> RemitDues:
    told: dict[str, Any] = {
        "occurred_on": LATER,
        "from_month": "2026-01",
        "to_month": "2026-03",
        "amount_fen": 1500,
        "voucher_no": "缴3",
    }
    return RemitDues(**(told | changed))


def remitted(entry: str = "1-event", **changed: Any) -> DuesRemitted:
    told: dict[str, Any] = {
        "occurred_on": LATER,
        "entry_id": EntryId(entry),
        "from_month": "2026-01",
        "to_month": "2026-03",
        "collected_fen": 4500,
        "amount_fen": 1500,
        "voucher_no": "缴3",
    }
    return DuesRemitted(**(told | changed))


def allocate(**changed: Any) -> ReceiveAllocation:
    told: dict[str, Any] = {"occurred_on": LATER, "amount_fen": 10_000, "document_no": "拨1"}
    return ReceiveAllocation(**(told | changed))


def allocated(entry: str = "1-event", **changed: Any) -> DuesAllocationReceived:
    told: dict[str, Any] = {"occurred_on": LATER, "entry_id": EntryId(entry), "amount_fen": 10_000, "document_no": "拨1"}
    return DuesAllocationReceived(**(told | changed))


QUARTER = paid_each("2026-01", "2026-02", "2026-03")
"""4500 fen."""


class TestApproveDuesSpending:
    @pytest.mark.parametrize(
        ("kind", "body"),
        [(MeetingKind.COMMITTEE, DecidedBy.COMMITTEE), (MeetingKind.GENERAL, DecidedBy.GENERAL_MEETING)],
    )
    def test_a_collective_body_decides(self, kind: MeetingKind, body: DecidedBy):
        assert decide(approve(), held(kind)) == [approved(decided_by=body)]

    def test_the_same_again_is_nothing_to_do(self):
        assert decide(approve(decision_id=DecisionId("d")), held(), approved(decision_id=DecisionId("d"))) == []

    def test_the_id_of_another_decision_is_a_conflict(self):
        assert other(approve(decision_id=DecisionId("d"), amount_fen=1), held(), approved(decision_id=DecisionId("d"))) is Conflict

    @pytest.mark.parametrize("use", [use for use in DuesUse if use is not DuesUse.OTHER])
    def test_INV_065_five_uses(self, use: DuesUse):
        assert decide(approve(use=use), held()) == [approved(use=use)]

    @pytest.mark.parametrize("item", [None, "宴请"])
    def test_INV_065_any_other_use(self, item: str | None):
        assert refusal(approve(use=DuesUse.OTHER, item=item), held()) == ("INV-065", "use")

    def test_INV_065_a_local_item_stands_for_one_of_the_five(self):
        assert decide(approve(use=DuesUse.OTHER, item="会议场地"), held()) == [approved(use=DuesUse.TRAINING, item="会议场地")]

    @pytest.mark.parametrize("kind", [MeetingKind.GROUP, MeetingKind.STUDY, MeetingKind.LECTURE])
    def test_INV_066_other_meetings_do_not_decide(self, kind: MeetingKind):
        assert refusal(approve(), held(kind)) == ("INV-066", "meeting_id")

    def test_INV_066_without_a_meeting_on_record(self):
        assert refusal(approve()) == ("INV-066", "meeting_id")

    def test_INV_066_the_meeting_comes_first(self):
        assert refusal(approve(), held(on=DAY + dt.timedelta(days=1))) == ("INV-066", "meeting_id")

    def test_INV_066_a_cancelled_meeting_decided_nothing(self):
        cancelled = MeetingCancelled(occurred_on=DAY, meeting_id=M1, reason="未召开")
        assert refusal(approve(), held(), cancelled) == ("INV-066", "meeting_id")

    @pytest.mark.parametrize("amount_fen", [0, -1])
    def test_INV_058_an_amount_is_more_than_nothing(self, amount_fen: int):
        assert refusal(approve(amount_fen=amount_fen), held()) == ("INV-058", "amount_fen")


class TestSpendDues:
    def test_under_a_decision_its_use_and_purpose_are_taken_from_it(self):
        assert decide(spend(), *QUARTER, approved()) == [spent()]

    def test_a_purpose_of_its_own(self):
        assert decide(spend(purpose="订阅一季度报刊"), *QUARTER, approved()) == [spent(purpose="订阅一季度报刊")]

    def test_the_same_again_is_nothing_to_do(self):
        assert decide(spend(entry_id=EntryId("s")), *QUARTER, approved(), spent("s")) == []

    def test_the_id_of_another_entry_is_a_conflict(self):
        assert other(spend(entry_id=EntryId("s"), amount_fen=1), *QUARTER, approved(), spent("s")) is Conflict

    def test_INV_066_without_a_decision(self):
        assert refusal(spend(), *QUARTER) == ("INV-066", "decision_id")

    def test_INV_066_the_decision_comes_first(self):
        assert refusal(spend(occurred_on=DAY - dt.timedelta(days=1)), *QUARTER, approved()) == ("INV-066", "occurred_on")

    def test_INV_066_on_the_very_day(self):
        assert decide(spend(occurred_on=DAY), *QUARTER, approved()) == [spent(occurred_on=DAY)]

    def test_INV_066_not_more_than_was_decided(self):
        assert decide(spend(amount_fen=2000), *QUARTER, approved()) == [spent(amount_fen=2000)]
        assert refusal(spend(amount_fen=2001), *QUARTER, approved()) == ("INV-066", "amount_fen")

    def test_INV_066_what_was_spent_before_counts(self):
        assert decide(spend(amount_fen=1200), *QUARTER, approved(), spent("s")) == [spent(amount_fen=1200)]
        assert refusal(spend(amount_fen=1201), *QUARTER, approved(), spent("s")) == ("INV-066", "amount_fen")

    def test_INV_066_what_was_reversed_does_not(self):
        back = DuesReversed(occurred_on=LATER, entry_id=EntryId("s"), kind=EntryKind.SPENDING, amount_fen=800, reason="退货")
        assert decide(spend(amount_fen=2000), *QUARTER, approved(), spent("s"), back) == [spent(amount_fen=2000)]

    def test_INV_067_not_more_than_there_is(self):
        whole = approved(amount_fen=10_000)
        assert decide(spend(amount_fen=4500), *QUARTER, whole) == [spent(amount_fen=4500)]
        assert refusal(spend(amount_fen=4501), *QUARTER, whole) == ("INV-067", "amount_fen")

    def test_INV_067_remitted_dues_cannot_be_spent(self):
        assert refusal(spend(amount_fen=3001), *QUARTER, approved(amount_fen=10_000), remitted("r")) == ("INV-067", "amount_fen")

    def test_INV_067_allocated_dues_can(self):
        history = *QUARTER, approved(amount_fen=20_000), allocated("a")
        assert decide(spend(amount_fen=14_500), *history) == [spent(amount_fen=14_500)]
        assert refusal(spend(amount_fen=14_501), *history) == ("INV-067", "amount_fen")

    @pytest.mark.parametrize("amount_fen", [0, -800])
    def test_INV_058_an_amount_is_more_than_nothing(self, amount_fen: int):
        assert refusal(spend(amount_fen=amount_fen), *QUARTER, approved()) == ("INV-058", "amount_fen")

    @pytest.mark.parametrize("field", ["handled_by", "approver"])
    def test_INV_002_by_people_of_the_branch(self, field: str):
        assert refusal(spend(**{field: PersonId("zoe")}), *QUARTER, approved()) == ("INV-002", field)


class TestRemitDues:
    def test_with_what_was_collected_in_the_months(self):
        assert decide(remit(), *QUARTER) == [remitted()]

    def test_a_single_month(self):
        assert decide(remit(from_month="2026-03"), *QUARTER) == [remitted(from_month="2026-03", collected_fen=1500)]

    def test_what_was_collected_goes_by_the_day_of_payment(self):
        late = received("2025-12", entry_id=EntryId("late"), occurred_on=dt.date(2026, 2, 3))
        april = received("2026-04", entry_id=EntryId("april"))
        assert decide(remit(), *QUARTER, late, april) == [remitted(collected_fen=6000)]

    def test_a_reversed_payment_was_not_collected(self):
        back = DuesReversed(
            occurred_on=DAY, entry_id=EntryId("ada-2026-02"), kind=EntryKind.PAYMENT, amount_fen=1500,
            person_id=ADA, month="2026-02", reason="误记",
        )  # fmt: skip
        assert decide(remit(), *QUARTER, back) == [remitted(collected_fen=3000)]

    def test_the_same_again_is_nothing_to_do_even_if_more_was_collected_since(self):
        more = received("2026-03", person=BO, entry_id=EntryId("more"))
        assert decide(remit(entry_id=EntryId("r")), *QUARTER, remitted("r"), more) == []

    def test_the_id_of_another_entry_is_a_conflict(self):
        assert other(remit(entry_id=EntryId("r"), amount_fen=1), *QUARTER, remitted("r")) is Conflict
        assert other(remit(entry_id=EntryId("a")), *QUARTER, allocated("a")) is Conflict

    def test_INV_067_not_more_than_there_is(self):
        assert decide(remit(amount_fen=4500), *QUARTER) == [remitted(amount_fen=4500)]
        assert refusal(remit(amount_fen=4501), *QUARTER) == ("INV-067", "amount_fen")

    def test_INV_058_an_amount_is_more_than_nothing(self):
        assert refusal(remit(amount_fen=0), *QUARTER) == ("INV-058", "amount_fen")

    def test_the_months_are_in_order(self):
        assert other(remit(from_month="2026-04"), *QUARTER) is Malformed


class TestReceiveAllocation:
    def test_money_comes_back(self):
        assert decide(allocate(purpose="慰问")) == [allocated(purpose="慰问")]

    def test_the_same_again_is_nothing_to_do(self):
        assert decide(allocate(entry_id=EntryId("a")), allocated("a")) == []

    def test_the_id_of_another_entry_is_a_conflict(self):
        assert other(allocate(entry_id=EntryId("a"), document_no="拨2"), allocated("a")) is Conflict

    @pytest.mark.parametrize("amount_fen", [0, -1])
    def test_INV_058_an_amount_is_more_than_nothing(self, amount_fen: int):
        assert refusal(allocate(amount_fen=amount_fen)) == ("INV-058", "amount_fen")


class TestReverseMovements:
    def reverse(self, entry: str, on: dt.date = LATER) -> ReverseDues:
        return ReverseDues(occurred_on=on, entry_id=EntryId(entry), reason="误记")

    def back(self, entry: str, kind: EntryKind, amount_fen: int) -> DuesReversed:
        return DuesReversed(occurred_on=LATER, entry_id=EntryId(entry), kind=kind, amount_fen=amount_fen, reason="误记")

    def test_a_spending(self):
        assert decide(self.reverse("s"), *QUARTER, approved(), spent("s")) == [self.back("s", EntryKind.SPENDING, 800)]

    def test_a_remittance(self):
        assert decide(self.reverse("r"), *QUARTER, remitted("r")) == [self.back("r", EntryKind.REMITTANCE, 1500)]

    def test_an_allocation(self):
        assert decide(self.reverse("a"), allocated("a")) == [self.back("a", EntryKind.ALLOCATION, 10_000)]

    def test_the_same_again_is_nothing_to_do(self):
        assert decide(self.reverse("r"), *QUARTER, remitted("r"), self.back("r", EntryKind.REMITTANCE, 1500)) == []

    def test_not_before_the_entry(self):
        assert other(self.reverse("r", DAY), *QUARTER, remitted("r")) is Conflict

    def test_INV_067_an_allocation_that_is_spent_cannot_be_taken_back(self):
        history = allocated("a"), approved(amount_fen=5000), spent("s", amount_fen=1)
        assert refusal(self.reverse("a"), *history) == ("INV-067", "entry_id")

    def test_INV_067_a_payment_that_is_handed_up_cannot_be_taken_back(self):
        history = *QUARTER, remitted("r", amount_fen=3001)
        assert refusal(self.reverse("ada-2026-01"), *history) == ("INV-067", "entry_id")

    def test_INV_067_it_can_once_the_remittance_is_taken_back(self):
        history = *QUARTER, remitted("r", amount_fen=3001), self.back("r", EntryKind.REMITTANCE, 3001)
        (event,) = decide(self.reverse("ada-2026-01"), *history)
        assert isinstance(event, DuesReversed)


ENTRIES = st.tuples(st.sampled_from(["pay", "spend", "remit", "allocate", "reverse"]), st.integers(1, 5000), st.integers(0, 30))


@given(st.lists(ENTRIES, max_size=25))
def test_INV_067_whatever_is_recorded_the_balance_is_the_sum_and_never_negative(steps: list[tuple[str, int, int]]) -> None:
    history: list[Any] = [approved(amount_fen=10**9)]
    for n, (what, amount_fen, which) in enumerate(steps):
        with contextlib.suppress(Refused):
            history += decide(_step(what, amount_fen, f"x{n}", which), held(), *history)
        state = DUES.initial
        for event in history:
            state = DUES.evolve(state, event)
        assert state.balance_fen == sum(_signed(event) for event in history) >= 0


def _step(what: str, amount_fen: int, entry: str, which: int) -> Command:
    steps: dict[str, Command] = {
        "pay": ReceiveDues(
            occurred_on=LATER,
            person_id=ADA,
            month="2026-03",
            amount_fen=amount_fen,
            kind=PaymentKind.BACK,
            collector=CY,
            entry_id=EntryId(entry),
        ),
        "spend": spend(amount_fen=amount_fen, entry_id=EntryId(entry)),
        "remit": remit(amount_fen=amount_fen, entry_id=EntryId(entry)),
        "allocate": allocate(amount_fen=amount_fen, entry_id=EntryId(entry)),
        "reverse": ReverseDues(occurred_on=LATER, entry_id=EntryId(f"x{which}"), reason="误记"),
    }
    return steps[what]


def _signed(event: object) -> int:
    match event:
        case DuesSpent() | DuesRemitted():
            return -event.amount_fen
        case DuesReversed(kind=EntryKind.SPENDING | EntryKind.REMITTANCE):
            return event.amount_fen
        case DuesReversed():
            return -event.amount_fen
        case DuesSpendingApproved():
            return 0
        case _:
            return int(getattr(event, "amount_fen", 0))
