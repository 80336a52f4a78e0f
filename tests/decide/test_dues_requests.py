"""A reduction asked for, large dues handed up, the dues card filled in (R-D05, R-D Art. 7, N16.M04)."""

from typing import Any

import pytest

from events.dues import (
    DuesCardFilled,
    DuesReductionRequested,
    DuesRemitted,
    DuesReversed,
    EntryId,
    EntryKind,
    LargeDuesForwarded,
    PaymentKind,
)
from service.decide.dues.payments import ReverseDues
from service.decide.dues.requests import FillDuesCard, ForwardLargeDues, RequestDuesReduction
from service.errors import Absent, Conflict, Malformed
from tests.decide.bdd import fails, given, nothing, refused
from tests.decide.dues_history import ADA, BO, CY, DAY, assessed, member, paid_each, received
from tests.decide.roster_history import founded

HERE = (founded(), member(ADA), member(BO), member(CY))
GIFT, FORWARDED = EntryId("gift"), EntryId("up")
CEILING_FEN = 100_000


def ask(**changed: Any) -> RequestDuesReduction:
    told: dict[str, Any] = {
        "occurred_on": DAY,
        "person_id": ADA,
        "from_month": "2026-03",
        "to_month": "2026-12",
        "monthly_fen": 500,
        "reason": "重病",
    }
    return RequestDuesReduction(**(told | changed))


def asked(**changed: Any) -> DuesReductionRequested:
    told: dict[str, Any] = {
        "occurred_on": DAY,
        "person_id": ADA,
        "from_month": "2026-03",
        "to_month": "2026-12",
        "monthly_fen": 500,
        "reason": "重病",
    }
    return DuesReductionRequested(**(told | changed))


class TestRequestDuesReduction:
    def test_less_than_what_is_due(self):
        given(*HERE, assessed()).when(ask()).then(asked())

    @pytest.mark.parametrize("monthly_fen", [0, 1499])
    def test_INV_063_down_to_nothing(self, monthly_fen: int):
        given(*HERE, assessed()).when(ask(monthly_fen=monthly_fen)).then(asked(monthly_fen=monthly_fen))

    @pytest.mark.parametrize("monthly_fen", [1500, 2000])
    def test_INV_063_more_is_no_reduction(self, monthly_fen: int):
        given(*HERE, assessed()).when(ask(monthly_fen=monthly_fen)).then(refused("INV-063", "monthly_fen"))

    def test_INV_058_nor_is_it_negative(self):
        given(*HERE, assessed()).when(ask(monthly_fen=-1)).then(refused("INV-058", "monthly_fen"))

    def test_the_same_again_is_nothing_to_do(self):
        given(*HERE, assessed(), asked(reason="~1|ada|e|reason|x")).when(ask()).then(nothing)

    def test_other_terms_are_another_request(self):
        given(*HERE, assessed(), asked()).when(ask(monthly_fen=0)).then(asked(monthly_fen=0))

    def test_the_months_are_in_order(self):
        given(*HERE).when(ask(to_month="2026-02")).then(fails(Malformed))

    def test_INV_002_of_a_member(self):
        given(founded()).when(ask()).then(refused("INV-002", "person_id"))


def gift(amount_fen: int = 200_000, **changed: Any) -> Any:
    return received("2026-03", amount_fen, **({"entry_id": GIFT, "kind": PaymentKind.VOLUNTARY} | changed))


def forward(**changed: Any) -> ForwardLargeDues:
    told: dict[str, Any] = {"occurred_on": DAY, "payment_id": GIFT, "voucher_no": "缴1", "received_by": "组织部", "entry_id": FORWARDED}
    return ForwardLargeDues(**(told | changed))


def forwarded(amount_fen: int = 200_000, entry_id: EntryId = FORWARDED) -> LargeDuesForwarded:
    return LargeDuesForwarded(
        occurred_on=DAY, entry_id=entry_id, payment_id=GIFT, person_id=ADA, amount_fen=amount_fen, voucher_no="缴1", received_by="组织部"
    )


def undone(entry_id: EntryId, kind: EntryKind, **changed: Any) -> DuesReversed:
    told: dict[str, Any] = {"occurred_on": DAY, "entry_id": entry_id, "kind": kind, "amount_fen": 200_000, "reason": "误录"}
    return DuesReversed(**(told | changed))


class TestForwardLargeDues:
    def test_handed_up_whole(self):
        given(*HERE, gift()).when(forward()).then(forwarded())
        given(*HERE, gift()).when(forward(entry_id=None)).then(forwarded(entry_id=EntryId("event-1")))

    def test_once(self):
        given(*HERE, gift(), forwarded()).when(forward(entry_id=None)).then(nothing)

    @pytest.mark.parametrize("payment", [gift(CEILING_FEN), gift(kind=PaymentKind.REGULAR), gift(kind=PaymentKind.BACK)])
    def test_only_what_is_voluntary_and_above_the_ceiling(self, payment: Any):
        given(*HERE, payment).when(forward()).then(fails(Conflict))

    def test_a_fen_more_is_enough(self):
        given(*HERE, gift(CEILING_FEN + 1)).when(forward()).then(forwarded(CEILING_FEN + 1))

    def test_not_what_was_reversed_or_never_paid(self):
        gone = undone(GIFT, EntryKind.PAYMENT, person_id=ADA, month="2026-03")
        given(*HERE, gift(), gone).when(forward()).then(fails(Absent))
        given(*HERE).when(forward()).then(fails(Absent))

    def test_an_id_that_stands_for_something_else(self):
        given(*HERE, gift()).when(forward(entry_id=GIFT)).then(fails(Conflict))

    def test_it_is_reversed_like_any_entry(self):
        reverse = ReverseDues(occurred_on=DAY, entry_id=FORWARDED, reason="误录")
        gone = undone(FORWARDED, EntryKind.FORWARDING)
        given(*HERE, gift(), forwarded()).when(reverse).then(gone)
        given(*HERE, gift(), forwarded(), gone).when(forward(entry_id=EntryId("again"))).then(forwarded(entry_id=EntryId("again")))

    def test_INV_067_what_was_handed_up_with_the_rest_cannot_be_forwarded_too(self):
        remitted = DuesRemitted(
            occurred_on=DAY,
            entry_id=EntryId("up"),
            from_month="2026-03",
            to_month="2026-03",
            collected_fen=200_000,
            amount_fen=1,
            voucher_no="凭1",
        )
        given(*HERE, gift(), remitted).when(forward()).then(refused("INV-067", "payment_id"))

    def test_INV_067_the_payment_cannot_be_reversed_once_the_money_is_gone(self):
        reverse = ReverseDues(occurred_on=DAY, entry_id=GIFT, reason="误录")
        given(*HERE, gift(), forwarded()).when(reverse).then(refused("INV-067", "entry_id"))


class TestFillDuesCard:
    @staticmethod
    def filled(*months: str) -> DuesCardFilled:
        return DuesCardFilled(occurred_on=DAY, person_id=ADA, entries=tuple(EntryId(f"ada-{month}") for month in months))

    def test_every_payment_that_is_not_there_yet(self):
        history = paid_each("2026-02", "2026-01", "2026-03")
        given(*HERE, *history).when(FillDuesCard(occurred_on=DAY, person_id=ADA)).then(self.filled("2026-01", "2026-02", "2026-03"))

    def test_up_to_a_month_and_then_the_rest(self):
        history = (*HERE, *paid_each("2026-01", "2026-02", "2026-03"))
        given(*history).when(FillDuesCard(occurred_on=DAY, person_id=ADA, to_month="2026-02")).then(self.filled("2026-01", "2026-02"))
        given(*history, self.filled("2026-01", "2026-02")).when(FillDuesCard(occurred_on=DAY, person_id=ADA)).then(self.filled("2026-03"))

    def test_nothing_to_write_is_nothing_to_do(self):
        command = FillDuesCard(occurred_on=DAY, person_id=ADA)
        given(*HERE).when(command).then(nothing)
        given(*HERE, *paid_each("2026-01"), self.filled("2026-01")).when(command).then(nothing)

    def test_not_what_was_reversed(self):
        gone = undone(EntryId("ada-2026-01"), EntryKind.PAYMENT, person_id=ADA, month="2026-01", amount_fen=1500)
        given(*HERE, *paid_each("2026-01"), gone).when(FillDuesCard(occurred_on=DAY, person_id=ADA)).then(nothing)

    def test_INV_002_of_a_member(self):
        given(founded()).when(FillDuesCard(occurred_on=DAY, person_id=ADA)).then(refused("INV-002", "person_id"))
