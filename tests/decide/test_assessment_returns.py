"""Assessment, sent back: a plan that is wanting, or a problem not put right after all; the plan is handed in anew (N26.T05, INV-097)."""

import datetime as dt
from typing import Any

import pytest

from events.assessment import AssessmentEntryWithdrawn
from events.base import Event
from projections.standard.pack import default_pack
from service.decide.assessment.branch import PlanRectification, WithdrawWorkEntry
from service.decide.assessment.rectification import PROCEDURES, ReturnRectification
from service.decide.assessment.results import AcceptRectification, CloseAssessmentYear
from service.decide.procedure import Progress
from service.errors import Absent, BuiltUpon, Conflict
from tests.decide.assessment_history import accepted, closed, graded, named, planned, returned
from tests.decide.bdd import fails, given, nothing, refused
from tests.decide.roster_history import AFTER, ANN, BEFORE, BEN, DAY, PEOPLE, founded, members

HERE = (founded(), *members(*PEOPLE), graded())
NEW_TERM = DAY + dt.timedelta(days=200)
"""Beyond the 180 days in which what was graded fair is put right."""


def send_back(**changed: Any) -> ReturnRectification:
    told: dict[str, Any] = {"occurred_on": DAY, "year": 2026, "entry_id": named("plan-1"), "reason": "措施不具体"}
    return ReturnRectification(**(told | changed))


def again(**changed: Any) -> PlanRectification:
    told: dict[str, Any] = {
        "occurred_on": DAY,
        "year": 2026,
        "entry_id": named("plan-1"),
        "problem": "记录不及时",
        "measures": "专人当日录入",
        "responsible": BEN,
        "due_on": dt.date(2026, 6, 1),
    }
    return PlanRectification(**(told | changed))


class TestReturnRectification:
    def test_a_plan_goes_back_with_its_reason(self):
        given(*HERE, planned()).when(send_back()).then(returned())

    def test_after_it_was_accepted_and_the_year_closed_too(self):
        given(*HERE, planned(), accepted(), closed()).when(send_back()).then(returned())

    def test_the_same_again_is_nothing_to_do(self):
        given(*HERE, planned(), returned()).when(send_back(reason="另一原因")).then(nothing)

    def test_what_nobody_planned(self):
        given(*HERE).when(send_back()).then(fails(Absent))
        gone = AssessmentEntryWithdrawn(occurred_on=DAY, year=2026, entry_id=named("plan-1"), reason="误录")
        given(*HERE, planned(), returned(), gone).when(send_back()).then(fails(Absent))

    def test_not_before_the_plan_nor_before_the_acceptance(self):
        given(*HERE, planned()).when(send_back(occurred_on=BEFORE)).then(fails(Conflict, "the plan"))
        given(*HERE, planned(), accepted(occurred_on=AFTER)).when(send_back()).then(fails(Conflict, "the acceptance"))


class TestWhatWasReturned:
    BACK = (*HERE, planned(), returned())

    def test_is_not_accepted(self):
        accept = AcceptRectification(occurred_on=DAY, year=2026, entry_id=named("plan-1"), accepted_by="党委组织部", result="已整改")
        given(*self.BACK).when(accept).then(fails(BuiltUpon))

    @pytest.mark.parametrize("changed", [{}, {"measures": "周周核对", "responsible": ANN}])
    def test_is_handed_in_anew_under_its_name(self, changed: dict[str, Any]):
        given(*self.BACK).when(again(**changed)).then(planned(**changed))
        given(*self.BACK, planned(**changed)).when(again(**changed)).then(nothing)

    def test_is_not_handed_in_before_it_came_back(self):
        given(*HERE, planned(), returned(occurred_on=AFTER)).when(again()).then(fails(Conflict, "returned"))

    def test_INV_097_the_term_of_the_first_plan_binds_it_no_more(self):
        given(*HERE).when(again(due_on=NEW_TERM)).then(refused("INV-097", "due_on"))
        given(*self.BACK).when(again(due_on=NEW_TERM)).then(planned(due_on=NEW_TERM))

    def test_is_accepted_once_it_is_handed_in_anew(self):
        accept = AcceptRectification(occurred_on=DAY, year=2026, entry_id=named("plan-1"), accepted_by="党委组织部", result="已整改到位")
        given(*HERE, planned(), accepted(), returned(), planned()).when(accept).then(accepted())

    def test_INV_097_does_not_close_the_year(self):
        close = CloseAssessmentYear(occurred_on=DAY, year=2026, entry_id=named("closed"))
        given(*self.BACK).when(close).then(refused("INV-097", "year"))
        given(*self.BACK, planned(entry_id=named("plan-2"))).when(close).then(closed())

    def test_may_be_withdrawn_by_the_branch_although_it_had_been_accepted(self):
        gone = AssessmentEntryWithdrawn(occurred_on=DAY, year=2026, entry_id=named("plan-1"), reason="误录")
        withdraw = WithdrawWorkEntry(occurred_on=DAY, year=2026, entry_id=named("plan-1"), reason="误录")
        given(*HERE, planned(), accepted()).when(withdraw).then(fails(Conflict))
        given(*HERE, planned(), accepted(), returned()).when(withdraw).then(gone)


def steps_of(*events: Event) -> dict[str, Any]:
    (procedure,) = PROCEDURES
    state = procedure.fold.initial
    for event in events:
        assert event.stream() == procedure.stream("2026")
        state = procedure.fold.evolve(state, event)
    return {step.code: step for step in procedure.steps(state, "2026", default_pack().rules(on=DAY), DAY)}


class TestProcedure:
    def test_a_year_in_which_nothing_is_to_be_put_right_has_no_steps(self):
        assert steps_of(graded()) == {}

    def test_the_acceptance_is_the_superior_s_turn_when_the_term_is_over_and_may_come_before(self):
        plan, acceptance = steps_of(graded(), planned()).values()
        assert (plan.progress, plan.done_on) == (Progress.DONE, DAY)
        assert (acceptance.progress, acceptance.earliest, acceptance.waits_from) == (Progress.OPEN, DAY, dt.date(2026, 6, 1))
        assert (acceptance.command, acceptance.given) == ("accept-rectification", {"entry_id": "plan-1"})

    def test_what_was_returned_is_the_branch_s_turn_and_tells_why(self):
        plan, acceptance = steps_of(graded(), planned(), accepted(), returned()).values()
        assert (plan.progress, plan.why_zh, plan.why_en) == (
            Progress.OPEN,
            "上级退回：措施不具体",
            "Returned by the superior: 措施不具体",
        )
        assert (plan.command, plan.given) == ("plan-rectification", {"entry_id": "plan-1"})
        assert (acceptance.progress, acceptance.done_on) == (Progress.BLOCKED, None)

    def test_what_was_accepted_is_done(self):
        assert {step.progress for step in steps_of(graded(), planned(), accepted()).values()} == {Progress.DONE}

    def test_a_long_problem_is_told_in_short(self):
        plan, _ = steps_of(graded(), planned(problem="问" * 30)).values()
        assert plan.zh == "整改方案：" + "问" * 19 + "…"
