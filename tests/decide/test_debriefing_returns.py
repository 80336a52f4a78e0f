"""Debriefing, sent back: a plan that is wanting, or a problem not put right after all; it is planned anew (N25.T03)."""

import datetime as dt
from typing import Any

from service.decide.debriefing.meetings import CloseDebriefingProblem, PlanDebriefingProblem, ReturnDebriefingProblem
from service.decide.procedure import Progress
from service.errors import Absent, BuiltUpon, Conflict
from tests.decide.bdd import fails, given, nothing
from tests.decide.debriefing_history import HEARD, P1, closed, planned, sent_back
from tests.decide.roster_history import AFTER, BEFORE, BEN, DAY, PEOPLE, founded, members, seated
from tests.decide.test_debriefing_meetings import steps_of

HERE = (founded(), *members(*PEOPLE), seated(), *HEARD)


def send_back(**changed: Any) -> ReturnDebriefingProblem:
    told: dict[str, Any] = {"occurred_on": DAY, "year": 2025, "problem_id": P1, "reason": "措施不具体"}
    return ReturnDebriefingProblem(**(told | changed))


def again(**changed: Any) -> PlanDebriefingProblem:
    told: dict[str, Any] = {
        "occurred_on": DAY,
        "year": 2025,
        "problem": "创新不足",
        "measures": "每月一题",
        "responsible": BEN,
        "due_on": dt.date(2026, 6, 30),
        "problem_id": P1,
    }
    return PlanDebriefingProblem(**(told | changed))


def close(**changed: Any) -> CloseDebriefingProblem:
    told: dict[str, Any] = {"occurred_on": DAY, "year": 2025, "problem_id": P1, "closed_by": "党委组织部", "result": "已改"}
    return CloseDebriefingProblem(**(told | changed))


class TestReturnDebriefingProblem:
    def test_a_plan_goes_back_with_its_reason(self):
        given(*HERE, planned()).when(send_back()).then(sent_back())

    def test_a_problem_that_was_closed_too(self):
        given(*HERE, planned(), closed()).when(send_back()).then(sent_back())

    def test_the_same_again_is_nothing_to_do(self):
        given(*HERE, planned(), sent_back()).when(send_back(reason="另一原因")).then(nothing)

    def test_what_nobody_planned(self):
        given(*HERE).when(send_back()).then(fails(Absent))

    def test_what_was_entered_by_mistake_stays_struck(self):
        given(*HERE, planned(), closed(mistaken=True)).when(send_back()).then(fails(BuiltUpon))

    def test_not_before_the_plan_nor_before_the_close(self):
        given(*HERE, planned()).when(send_back(occurred_on=BEFORE)).then(fails(Conflict, "the plan"))
        given(*HERE, planned(), closed(occurred_on=AFTER)).when(send_back()).then(fails(Conflict, "the close"))


class TestWhatWasReturned:
    BACK = (*HERE, planned(), sent_back())

    def test_is_not_closed_unless_it_was_a_mistake(self):
        given(*self.BACK).when(close()).then(fails(BuiltUpon))
        given(*self.BACK).when(close(mistaken=True)).then(closed(mistaken=True))

    def test_is_planned_anew_under_its_name(self):
        given(*self.BACK).when(again()).then(planned(measures="每月一题"))
        given(*self.BACK, planned(measures="每月一题")).when(again()).then(nothing)

    def test_is_not_planned_before_it_came_back(self):
        given(*HERE, planned(), sent_back(occurred_on=AFTER)).when(again()).then(fails(Conflict, "the return"))

    def test_is_closed_once_it_is_planned_anew(self):
        given(*HERE, planned(), closed(), sent_back(), planned()).when(close()).then(closed())


class TestProcedure:
    def test_each_problem_has_its_plan_and_its_acceptance(self):
        steps = steps_of(*HEARD, planned())
        plan, acceptance = steps[f"plan-{P1}"], steps[f"acceptance-{P1}"]
        assert (plan.progress, plan.done_on) == (Progress.DONE, DAY)
        assert (acceptance.progress, acceptance.waits_from, acceptance.given) == (
            Progress.OPEN,
            dt.date(2026, 6, 30),
            {"problem_id": P1},
        )
        assert steps_of(*HEARD, planned(), closed())[f"acceptance-{P1}"].progress is Progress.DONE

    def test_what_was_returned_is_the_branch_s_turn_and_tells_why(self):
        steps = steps_of(*HEARD, planned(), closed(), sent_back())
        assert (steps[f"plan-{P1}"].progress, steps[f"plan-{P1}"].why_zh) == (Progress.OPEN, "上级退回：措施不具体")
        assert steps[f"acceptance-{P1}"].progress is Progress.BLOCKED

    def test_what_was_entered_by_mistake_is_no_step(self):
        assert f"plan-{P1}" not in steps_of(*HEARD, planned(), closed(mistaken=True))
