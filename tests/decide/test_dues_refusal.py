"""The superior's no to a reduction: a request refused, an approval taken back while nothing rests on it (R-D Art. 7, INV-063)."""

from typing import Any

import pytest

from events.base import Event, MeetingId
from events.dues import DuesReductionApproved, DuesReductionRefused
from service.decide.dues.assessment import AssessDuesBase
from service.decide.dues.refusal import RefuseDuesReduction
from service.decide.dues.state import DUES
from service.errors import Absent, BuiltUpon, Conflict
from tests.decide.bdd import fails, given, nothing, refused
from tests.decide.dues_history import ADA, BO, CY, DAY, assessed, member, received, reversed_payment
from tests.decide.roster_history import founded
from tests.decide.test_dues_requests import ask, asked

HERE = (founded(), member(ADA), member(BO), member(CY), assessed())
BEFORE, AFTER = DAY.replace(day=9), DAY.replace(day=11)


def refuse(**changed: Any) -> RefuseDuesReduction:
    told: dict[str, Any] = {"occurred_on": DAY, "person_id": ADA, "from_month": "2026-03", "reason": "收入未减少"}
    return RefuseDuesReduction(**(told | changed))


def said_no(**changed: Any) -> DuesReductionRefused:
    told: dict[str, Any] = {
        "occurred_on": DAY,
        "person_id": ADA,
        "from_month": "2026-03",
        "to_month": "2026-12",
        "taken_back": False,
        "reason": "收入未减少",
    }
    return DuesReductionRefused(**(told | changed))


def granted(**changed: Any) -> DuesReductionApproved:
    told: dict[str, Any] = {
        "occurred_on": DAY,
        "person_id": ADA,
        "from_month": "2026-03",
        "to_month": "2026-12",
        "monthly_fen": 500,
        "reason": "重病",
        "meeting_id": MeetingId("m1"),
        "approval_no": "批1",
    }
    return DuesReductionApproved(**(told | changed))


TAKEN_BACK = said_no(taken_back=True)


class TestRefuseDuesReduction:
    def test_what_was_asked_for_is_refused_with_its_reason(self):
        given(*HERE, asked()).when(refuse()).then(said_no())

    def test_the_same_again_is_nothing_to_do(self):
        given(*HERE, asked(), said_no(reason="~1|ada|e|reason|x")).when(refuse()).then(nothing)
        given(*HERE, asked(), granted(), TAKEN_BACK).when(refuse()).then(nothing)

    @pytest.mark.parametrize("changed", [{"person_id": BO}, {"from_month": "2026-04"}])
    def test_what_nobody_asked_for(self, changed: dict[str, Any]):
        given(*HERE, asked()).when(refuse(**changed)).then(fails(Absent))

    def test_not_before_it_was_asked_for_nor_before_it_was_approved(self):
        given(*HERE, asked()).when(refuse(occurred_on=BEFORE)).then(fails(Conflict, "asked for"))
        given(*HERE, granted(occurred_on=AFTER)).when(refuse()).then(fails(Conflict, "approved"))

    def test_a_newer_request_waits_on_when_an_earlier_approval_is_taken_back(self):
        newer = asked(from_month="2027-01", to_month="2027-06")
        taken_back = (*HERE, asked(), granted(), newer, TAKEN_BACK)
        refusal = said_no(from_month="2027-01", to_month="2027-06")
        given(*taken_back).when(refuse(from_month="2027-01")).then(refusal)
        given(*taken_back).when(ask(from_month="2027-01", to_month="2027-06")).then(nothing)

    def test_it_may_be_asked_for_again(self):
        given(*HERE, asked(), said_no()).when(ask()).then(asked())
        given(*HERE, asked(), said_no(), asked()).when(refuse()).then(said_no())

    def test_a_new_request_is_refused_and_the_approval_before_it_stands(self):
        history = (*HERE, asked(), granted(), asked(monthly_fen=0))
        given(*history).when(refuse()).then(said_no())
        assert due(*history, said_no()) == 500


class TestAnApprovalTakenBack:
    @pytest.mark.parametrize("history", [(granted(),), (asked(), granted())])
    def test_while_nothing_rests_on_it(self, history: tuple[Event, ...]):
        given(*HERE, *history).when(refuse()).then(TAKEN_BACK)

    def test_what_was_assessed_is_due_again(self):
        assert (due(*HERE, granted()), due(*HERE, granted(), TAKEN_BACK)) == (500, 1500)

    def test_the_approval_before_it_stands_again(self):
        assert due(*HERE, granted(monthly_fen=900), granted(), TAKEN_BACK) == 900

    def test_not_once_dues_were_paid_by_it_until_the_payment_is_reversed(self):
        paid = received(amount_fen=500)
        given(*HERE, granted(), paid).when(refuse()).then(fails(BuiltUpon, "2026-03"))
        given(*HERE, granted(), paid, reversed_payment(amount_fen=500)).when(refuse()).then(TAKEN_BACK)
        given(*HERE, granted(), received(month="2026-02", occurred_on=DAY)).when(refuse()).then(TAKEN_BACK)

    def test_nor_once_less_was_assessed_by_it(self):
        lower = assessed(from_month="2026-04", monthly_fen=500, by_table_fen=1500, ground="困难")
        given(*HERE, granted(), lower).when(refuse()).then(fails(BuiltUpon, "2026-04"))
        given(*HERE, granted(), assessed(from_month="2026-04")).when(refuse()).then(TAKEN_BACK)

    def test_INV_063_nothing_less_is_assessed_afterwards(self):
        told: dict[str, Any] = {"base_fen": 300_000, "monthly_fen": 500, "ground": "困难", "income_kind": assessed().income_kind}
        less = AssessDuesBase(occurred_on=DAY, person_id=ADA, from_month="2026-05", assessed_by=CY, signed_by_member=True, **told)
        given(*HERE, granted(), TAKEN_BACK).when(less).then(refused("INV-063", "monthly_fen"))


def due(*events: Event) -> int | None:
    """What is due of Ada for March."""
    state = DUES.initial
    for event in events:
        if event.stream() == "dues":
            state = DUES.evolve(state, event)
    return state.due_fen(ADA, "2026-03")
