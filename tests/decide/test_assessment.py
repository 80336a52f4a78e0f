"""Assessment, the branch's part: documents, work ledger, tasks, self-inspection, rectification (N26.T01, T02, T05)."""

import datetime as dt
from typing import Any

import pytest

from events.assessment import AssessmentEntryWithdrawn, AssessmentGrade
from events.base import Event
from service.decide.assessment.branch import (
    EnterAnnualTask,
    OpenWorkLedger,
    PlanRectification,
    ReceiveAssessmentPlan,
    ReportAnnualTask,
    ReportSelfInspection,
    WithdrawWorkEntry,
)
from service.errors import Absent, Conflict, Malformed
from tests.decide.assessment_history import (
    accepted,
    closed,
    graded,
    ledger_opened,
    named,
    opened,
    plan_received,
    planned,
    self_inspected,
    task_entered,
    task_reported,
)
from tests.decide.bdd import fails, given, nothing, refused
from tests.decide.roster_history import AFTER, ANN, BEFORE, BEN, DAY, founded, members

HERE = (founded(), *members(ANN, BEN))
NEW = named("event-1")


class TestReceiveAssessmentPlan:
    COMMAND = ReceiveAssessmentPlan(occurred_on=DAY, year=2026, document_no="部发1号", title="考核办法")

    def test_the_document(self):
        given(*HERE).when(self.COMMAND).then(plan_received(entry_id=NEW))

    def test_the_same_number_again_is_nothing_to_do(self):
        given(*HERE, plan_received()).when(self.COMMAND).then(nothing)

    def test_an_id_that_stands_for_something_else(self):
        command = ReceiveAssessmentPlan(occurred_on=DAY, year=2026, document_no="部发2号", title="补充", entry_id=named("plan"))
        given(*HERE, plan_received()).when(command).then(fails(Conflict, "plan"))


class TestOpenWorkLedger:
    def test_one_for_the_year(self):
        command = OpenWorkLedger(occurred_on=DAY, year=2026, source="部发1号")
        given(*HERE).when(command).then(ledger_opened(entry_id=NEW))
        given(*HERE, ledger_opened()).when(command).then(nothing)

    def test_not_a_second_one(self):
        given(*HERE, ledger_opened()).when(OpenWorkLedger(occurred_on=DAY, year=2026, source="部发2号")).then(fails(Conflict))


def enter(**changed: Any) -> EnterAnnualTask:
    told: dict[str, Any] = {
        "occurred_on": DAY,
        "year": 2026,
        "task": "开展主题教育",
        "responsible": ANN,
        "due_on": dt.date(2026, 6, 30),
        "entry_id": named("task"),
    }
    return EnterAnnualTask(**(told | changed))


class TestEnterAnnualTask:
    def test_its_source_is_that_of_the_ledger(self):
        given(*HERE, ledger_opened()).when(enter()).then(task_entered())

    def test_or_another_one(self):
        given(*HERE, ledger_opened()).when(enter(source="部发3号", entry_id=None)).then(task_entered(source="部发3号", entry_id=NEW))

    def test_the_same_again_is_nothing_to_do(self):
        given(*HERE, ledger_opened(), task_entered()).when(enter()).then(nothing)

    def test_not_without_the_ledger(self):
        given(*HERE).when(enter()).then(fails(Conflict))

    def test_INV_002_somebody_of_the_branch_is_responsible(self):
        given(founded(), ledger_opened()).when(enter()).then(refused("INV-002", "responsible"))


class TestReportAnnualTask:
    COMMAND = ReportAnnualTask(occurred_on=DAY, year=2026, entry_id=named("task"), done=True, progress="集中学习四次", evidence="学习记录")

    def test_how_far_it_is(self):
        given(*HERE, ledger_opened(), task_entered()).when(self.COMMAND).then(task_reported())

    def test_the_same_again_is_nothing_to_do(self):
        given(*HERE, ledger_opened(), task_entered(), task_reported()).when(self.COMMAND).then(nothing)

    def test_a_task_that_does_not_exist(self):
        given(*HERE, ledger_opened()).when(self.COMMAND).then(fails(Absent))

    def test_not_before_it_was_entered(self):
        given(*HERE, ledger_opened(), task_entered(occurred_on=AFTER)).when(self.COMMAND).then(fails(Conflict))


def inspect(**changed: Any) -> ReportSelfInspection:
    told: dict[str, Any] = {"occurred_on": DAY, "year": 2026, "summary": "总体良好", "problems": "记录不及时", "score": 9100}
    return ReportSelfInspection(**(told | changed))


class TestReportSelfInspection:
    def test_the_report(self):
        given(*HERE).when(inspect()).then(self_inspected(entry_id=NEW))

    def test_the_same_again_is_nothing_to_do(self):
        given(*HERE, self_inspected()).when(inspect()).then(nothing)

    @pytest.mark.parametrize("score", [-1, 10_001])
    def test_INV_095_on_the_scale_of_a_hundred(self, score: int):
        given(*HERE).when(inspect(score=score)).then(refused("INV-095", "score"))

    @pytest.mark.parametrize("score", [0, 10_000, None])
    def test_INV_095_its_ends_and_no_score_at_all(self, score: int | None):
        given(*HERE).when(inspect(score=score)).then(self_inspected(entry_id=NEW, score=score))


def plan(**changed: Any) -> PlanRectification:
    told: dict[str, Any] = {
        "occurred_on": DAY,
        "year": 2026,
        "problem": "记录不及时",
        "measures": "专人当日录入",
        "responsible": BEN,
        "due_on": dt.date(2026, 6, 1),
        "entry_id": named("plan-1"),
    }
    return PlanRectification(**(told | changed))


class TestPlanRectification:
    LATEST = DAY + dt.timedelta(days=180)

    def test_a_problem_is_to_be_put_right(self):
        given(*HERE, graded()).when(plan()).then(planned())

    def test_the_same_again_is_nothing_to_do(self):
        given(*HERE, graded(), planned()).when(plan()).then(nothing)

    def test_not_before_the_grade(self):
        given(*HERE).when(plan()).then(fails(Conflict))
        given(*HERE, graded(occurred_on=AFTER)).when(plan()).then(fails(Conflict))

    @pytest.mark.parametrize(("days", "late_days"), [(30, 0), (31, 1)])
    def test_handed_in_within_thirty_days(self, days: int, late_days: int):
        on = DAY + dt.timedelta(days=days)
        given(*HERE, graded()).when(plan(occurred_on=on)).then(planned(occurred_on=on, late_days=late_days))

    def test_INV_097_done_within_a_hundred_and_eighty_days(self):
        given(*HERE, graded()).when(plan(due_on=self.LATEST)).then(planned(due_on=self.LATEST))
        given(*HERE, graded()).when(plan(due_on=self.LATEST + dt.timedelta(days=1))).then(refused("INV-097", "due_on"))

    def test_a_good_branch_may_take_its_time(self):
        on, due_on = DAY + dt.timedelta(days=40), dt.date(2027, 6, 1)
        good = graded(AssessmentGrade.GOOD, 9500)
        given(*HERE, good).when(plan(occurred_on=on, due_on=due_on)).then(planned(occurred_on=on, due_on=due_on))

    def test_it_is_not_due_before_it_is_planned(self):
        given(*HERE, graded()).when(plan(due_on=BEFORE)).then(fails(Malformed))

    def test_INV_002_somebody_of_the_branch_is_responsible(self):
        given(founded(), graded()).when(plan()).then(refused("INV-002", "responsible"))


class TestWithdrawWorkEntry:
    @staticmethod
    def withdraw(name: str) -> WithdrawWorkEntry:
        return WithdrawWorkEntry(occurred_on=DAY, year=2026, entry_id=named(name), reason="误录")

    @pytest.mark.parametrize(
        ("history", "name"),
        [
            ((plan_received(),), "plan"),
            ((ledger_opened(),), "ledger"),
            ((ledger_opened(), task_entered()), "task"),
            ((self_inspected(),), "inspection"),
            ((graded(), planned()), "plan-1"),
        ],
    )
    def test_an_entry_of_the_branch(self, history: tuple[Event, ...], name: str):
        event = AssessmentEntryWithdrawn(occurred_on=DAY, year=2026, entry_id=named(name), reason="误录")
        given(*HERE, *history).when(self.withdraw(name)).then(event)
        given(*HERE, *history, event).when(self.withdraw(name)).then(fails(Absent))

    def test_a_ledger_with_tasks_stays(self):
        given(*HERE, ledger_opened(), task_entered()).when(self.withdraw("ledger")).then(fails(Conflict))

    def test_the_superiors_entries_are_the_superiors(self):
        given(*HERE, opened()).when(self.withdraw("opened")).then(fails(Conflict))

    def test_what_was_accepted_stays(self):
        given(*HERE, graded(), planned(), accepted()).when(self.withdraw("plan-1")).then(fails(Conflict))

    def test_INV_097_the_last_plan_of_a_closed_year_stays(self):
        given(*HERE, graded(), planned(), closed()).when(self.withdraw("plan-1")).then(refused("INV-097", "entry_id"))
        other = planned(entry_id=named("plan-2"))
        event = AssessmentEntryWithdrawn(occurred_on=DAY, year=2026, entry_id=named("plan-1"), reason="误录")
        given(*HERE, graded(), planned(), other, closed()).when(self.withdraw("plan-1")).then(event)
