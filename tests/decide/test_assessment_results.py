"""Assessment, what follows from the grade: notice, acceptance, the close of the year, what is taken back (INV-094, INV-097)."""

import datetime as dt
from typing import Any

import pytest

from events.assessment import AssessmentEntryWithdrawn, AssessmentGrade, Component
from events.base import Event
from service.decide.assessment.results import AcceptRectification, CirculateNotice, CloseAssessmentYear, WithdrawAssessmentEntry
from service.decide.assessment.scores import OpenAssessmentYear
from service.errors import Absent, Conflict
from tests.decide.assessment_history import (
    accepted,
    adjusted,
    closed,
    graded,
    named,
    noticed,
    opened,
    plan_received,
    planned,
    scored,
    visited,
)
from tests.decide.bdd import fails, given, nothing, refused
from tests.decide.roster_history import BEFORE, DAY, founded

HERE = (founded(),)
Grade = AssessmentGrade
GOOD, FAIRLY_GOOD, POOR = graded(Grade.GOOD, 9500), graded(Grade.FAIRLY_GOOD, 8500), graded(Grade.POOR, 5000)


def circulate(**changed: Any) -> CirculateNotice:
    told: dict[str, Any] = {
        "occurred_on": DAY,
        "year": 2026,
        "scope": "全部党支部",
        "document_no": "通报1号",
        "entry_id": named("notice"),
    }
    return CirculateNotice(**(told | changed))


class TestCirculateNotice:
    @pytest.mark.parametrize("grade", [graded(), POOR])
    def test_fair_and_poor_are_circulated(self, grade: Event):
        given(*HERE, grade).when(circulate()).then(noticed())

    def test_the_same_again_is_nothing_to_do(self):
        given(*HERE, graded(), noticed()).when(circulate(entry_id=None)).then(nothing)

    @pytest.mark.parametrize("grade", [GOOD, FAIRLY_GOOD])
    def test_the_others_are_not(self, grade: Event):
        given(*HERE, grade).when(circulate()).then(fails(Conflict))

    @pytest.mark.parametrize(("days", "late_days"), [(15, 0), (16, 1)])
    def test_within_fifteen_days(self, days: int, late_days: int):
        on = DAY + dt.timedelta(days=days)
        given(*HERE, graded()).when(circulate(occurred_on=on)).then(noticed(occurred_on=on, late_days=late_days))

    def test_not_before_the_grade(self):
        given(*HERE).when(circulate()).then(fails(Conflict))
        given(*HERE, graded()).when(circulate(occurred_on=BEFORE)).then(fails(Conflict))


def accept(**changed: Any) -> AcceptRectification:
    told: dict[str, Any] = {
        "occurred_on": DAY,
        "year": 2026,
        "entry_id": named("plan-1"),
        "accepted_by": "党委组织部",
        "result": "已整改到位",
    }
    return AcceptRectification(**(told | changed))


class TestAcceptRectification:
    def test_a_problem_was_put_right(self):
        given(*HERE, graded(), planned()).when(accept()).then(accepted())

    def test_after_the_year_was_closed_too(self):
        given(*HERE, graded(), planned(), closed()).when(accept()).then(accepted())

    def test_the_same_again_is_nothing_to_do(self):
        given(*HERE, graded(), planned(), accepted()).when(accept()).then(nothing)

    def test_days_beyond_the_term_are_noted(self):
        on = dt.date(2026, 6, 3)
        given(*HERE, graded(), planned()).when(accept(occurred_on=on)).then(accepted(occurred_on=on, late_days=2))

    def test_a_problem_that_nobody_planned(self):
        given(*HERE, graded()).when(accept()).then(fails(Absent))
        given(*HERE, graded(), planned()).when(accept(occurred_on=BEFORE)).then(fails(Conflict))


class TestCloseAssessmentYear:
    COMMAND = CloseAssessmentYear(occurred_on=DAY, year=2026, entry_id=named("closed"))

    @pytest.mark.parametrize("grade", [GOOD, FAIRLY_GOOD])
    def test_INV_097_good_and_fairly_good_close_without_a_plan(self, grade: Event):
        given(*HERE, grade).when(self.COMMAND).then(closed())

    @pytest.mark.parametrize("grade", [graded(), POOR])
    def test_INV_097_fair_and_poor_do_not(self, grade: Event):
        given(*HERE, grade).when(self.COMMAND).then(refused("INV-097", "year"))
        given(*HERE, grade, planned()).when(self.COMMAND).then(closed())

    def test_INV_097_a_plan_that_was_withdrawn_is_none(self):
        gone = AssessmentEntryWithdrawn(occurred_on=DAY, year=2026, entry_id=named("plan-1"), reason="误录")
        given(*HERE, graded(), planned(), gone).when(self.COMMAND).then(refused("INV-097", "year"))

    def test_the_same_again_is_nothing_to_do(self):
        given(*HERE, GOOD, closed()).when(self.COMMAND).then(nothing)

    def test_not_before_the_grade(self):
        given(*HERE).when(self.COMMAND).then(fails(Conflict))
        given(*HERE, GOOD).when(CloseAssessmentYear(occurred_on=BEFORE, year=2026)).then(fails(Conflict))


class TestWithdrawAssessmentEntry:
    @staticmethod
    def withdraw(name: str) -> WithdrawAssessmentEntry:
        return WithdrawAssessmentEntry(occurred_on=DAY, year=2026, entry_id=named(name), reason="误录")

    @pytest.mark.parametrize(
        ("history", "name"),
        [
            ((opened(),), "opened"),
            ((visited(),), "visit"),
            ((opened(), scored(Component.ON_SITE, 9000)), "on_site"),
            ((opened(), adjusted()), "adjusted"),
            ((graded(),), "grade"),
            ((graded(), noticed()), "notice"),
            ((GOOD, closed()), "closed"),
        ],
    )
    def test_an_entry_of_the_superior(self, history: tuple[Event, ...], name: str):
        event = AssessmentEntryWithdrawn(occurred_on=DAY, year=2026, entry_id=named(name), reason="误录")
        given(*HERE, *history).when(self.withdraw(name)).then(event)
        given(*HERE, *history, event).when(self.withdraw(name)).then(fails(Absent))

    def test_INV_094_weights_stay_while_there_is_a_score(self):
        given(*HERE, opened(), scored(Component.ON_SITE, 9000)).when(self.withdraw("opened")).then(refused("INV-094", "entry_id"))

    def test_scores_stay_while_there_is_a_grade(self):
        history = (*HERE, opened(), scored(Component.ON_SITE, 9000), adjusted(), graded())
        given(*history).when(self.withdraw("on_site")).then(fails(Conflict))
        given(*history).when(self.withdraw("adjusted")).then(fails(Conflict))

    @pytest.mark.parametrize("result", [noticed(), planned(), closed()])
    def test_the_grade_stays_while_something_rests_on_it(self, result: Event):
        given(*HERE, graded(), result).when(self.withdraw("grade")).then(fails(Conflict))

    def test_the_branchs_entries_are_the_branchs(self):
        given(*HERE, plan_received()).when(self.withdraw("plan")).then(fails(Conflict))

    def test_a_score_that_is_gone_frees_the_weights(self):
        gone = AssessmentEntryWithdrawn(occurred_on=DAY, year=2026, entry_id=named("on_site"), reason="误录")
        command = OpenAssessmentYear(occurred_on=DAY, year=2026, weights=(25, 25, 25, 25), entry_id=named("new"))
        given(*HERE, opened(), scored(Component.ON_SITE, 9000), gone).when(command).then(
            opened(weights=(25, 25, 25, 25), entry_id=named("new"))
        )
