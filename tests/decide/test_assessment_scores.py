"""Assessment, the superior's part: weights, visits, scores, adjustments, total and grade (INV-094, INV-095)."""

import datetime as dt
from typing import Any

import pytest
from hypothesis import given as every
from hypothesis import strategies as some

from events.assessment import AdjustmentKind, AssessmentEntryWithdrawn, AssessmentGrade, Component, VisitMethod
from events.base import Event
from events.organisations import RuleChanged
from service.decide.assessment.scores import (
    ApplyAdjustment,
    EnterAssessmentScore,
    GradeBranch,
    OpenAssessmentYear,
    RecordAssessmentVisit,
)
from service.decide.assessment.state import grade_of, total_of
from service.errors import Conflict
from tests.decide.assessment_history import GRADES, adjusted, all_scored, graded, named, opened, scored, visited
from tests.decide.bdd import COMMITTEE, fails, given, nothing, refused
from tests.decide.roster_history import AFTER, BEFORE, DAY, founded

HERE = (founded(),)
NEW = named("event-1")
WEIGHTS = (40, 30, 20, 10)
Grade, Kind = AssessmentGrade, AdjustmentKind


class TestTotal:
    @pytest.mark.parametrize(
        ("scores", "bonus", "penalty", "total"),
        [
            ((9000, 9000, 9000, 9000), 0, 0, 9000),
            ((9000, 8000, 7000, 6000), 0, 0, 8000),
            ((10_000, 10_000, 10_000, 10_000), 1000, 0, 10_000),
            ((0, 0, 0, 0), 0, 1000, 0),
            ((9000, 9000, 9000, 9000), 150, 50, 9100),
            ((9000, 9000, 9000, 9004), 0, 0, 9000),
            ((9000, 9000, 9000, 9005), 0, 0, 9001),
        ],
    )
    def test_weighted_rounded_half_up_and_held_within_a_hundred(self, scores: tuple[int, ...], bonus: int, penalty: int, total: int):
        assert total_of(scores, WEIGHTS, bonus, penalty) == total

    @every(some.lists(some.integers(0, 10_000), min_size=4, max_size=4), some.integers(0, 1000), some.integers(0, 1000))
    def test_it_never_leaves_the_scale_nor_drops_when_a_score_rises(self, scores: list[int], bonus: int, penalty: int):
        total = total_of(scores, WEIGHTS, bonus, penalty)
        raised = [min(10_000, score + 1) for score in scores]
        assert 0 <= total <= total_of(raised, WEIGHTS, bonus, penalty) <= 10_000

    @pytest.mark.parametrize(
        ("total", "grade"),
        [(10_000, Grade.GOOD), (9000, Grade.GOOD), (8999, Grade.FAIRLY_GOOD), (8000, Grade.FAIRLY_GOOD), (7999, Grade.FAIR), (6000, Grade.FAIR),
         (5999, Grade.POOR), (0, Grade.POOR)],
    )  # fmt: skip
    def test_the_grade_is_the_best_whose_least_total_is_reached(self, total: int, grade: AssessmentGrade):
        assert grade_of(total, GRADES) is grade
        assert grade_of(total, reversed(GRADES)) is grade


def open_year(**changed: Any) -> OpenAssessmentYear:
    told: dict[str, Any] = {"occurred_on": DAY, "year": 2026, "entry_id": named("opened")}
    return OpenAssessmentYear(**(told | changed))


class TestOpenAssessmentYear:
    def test_as_set(self):
        given(*HERE).when(open_year()).then(opened())

    def test_with_weights_of_its_own(self):
        given(*HERE).when(open_year(weights=(25, 25, 25, 25))).then(opened(weights=(25, 25, 25, 25)))

    def test_the_same_again_is_nothing_to_do(self):
        given(*HERE, opened()).when(open_year(entry_id=None)).then(nothing)

    @pytest.mark.parametrize("weights", [(40, 30, 20, 9), (40, 30, 20, 11), (50, 50), (110, -10, 0, 0), (100,)])
    def test_INV_094_four_weights_that_add_to_a_hundred(self, weights: tuple[int, ...]):
        given(*HERE).when(open_year(weights=weights)).then(refused("INV-094", "weights"))

    def test_INV_094_a_wrong_setting_too(self):
        wrong = RuleChanged(occurred_on=DAY, key="assessment.weights", value=[40, 30, 20, 20], effective_from=BEFORE, reason="试行")
        given(*HERE).and_in(COMMITTEE, wrong).when(open_year()).then(refused("INV-094", "weights"))

    def test_INV_094_changed_before_the_first_score(self):
        given(*HERE, opened()).when(open_year(weights=(25, 25, 25, 25), entry_id=None)).then(opened(weights=(25, 25, 25, 25), entry_id=NEW))

    def test_INV_094_frozen_after_it(self):
        history = (*HERE, opened(), scored(Component.ON_SITE, 9000))
        given(*history).when(open_year(weights=(25, 25, 25, 25))).then(refused("INV-094", "weights"))
        given(*history).when(open_year()).then(nothing)


class TestRecordAssessmentVisit:
    COMMAND = RecordAssessmentVisit(occurred_on=DAY, year=2026, method=VisitMethod.PAPERS, group="党委考核一组", findings="资料齐全")

    def test_a_visit(self):
        given(*HERE).when(self.COMMAND).then(visited(entry_id=NEW))

    def test_the_same_again_is_nothing_to_do(self):
        given(*HERE, visited()).when(self.COMMAND).then(nothing)

    @pytest.mark.parametrize("method", VisitMethod)
    def test_in_each_of_the_five_ways(self, method: VisitMethod):
        command = RecordAssessmentVisit(occurred_on=DAY, year=2026, method=method, group="党委考核一组", findings="资料齐全")
        given(*HERE).when(command).then(visited(entry_id=NEW, method=method))


def score(component: Component = Component.ON_SITE, points: int = 9250, **changed: Any) -> EnterAssessmentScore:
    told: dict[str, Any] = {"occurred_on": DAY, "year": 2026, "component": component, "score": points}
    return EnterAssessmentScore(**(told | changed))


class TestEnterAssessmentScore:
    @pytest.mark.parametrize("component", Component)
    def test_each_of_the_four(self, component: Component):
        given(*HERE, opened()).when(score(component)).then(scored(component, 9250, entry_id=NEW))

    def test_the_same_again_is_nothing_to_do(self):
        given(*HERE, opened(), scored(Component.ON_SITE, 9250)).when(score()).then(nothing)

    @pytest.mark.parametrize("points", [-1, 10_001])
    def test_INV_095_between_nothing_and_a_hundred(self, points: int):
        given(*HERE, opened()).when(score(points=points)).then(refused("INV-095", "score"))

    @pytest.mark.parametrize("points", [0, 10_000])
    def test_INV_095_the_ends_count(self, points: int):
        given(*HERE, opened()).when(score(points=points)).then(scored(Component.ON_SITE, points, entry_id=NEW))

    def test_INV_095_a_change_says_why(self):
        history = (*HERE, opened(), scored(Component.ON_SITE, 9000))
        given(*history).when(score()).then(refused("INV-095", "reason"))
        given(*history).when(score(reason="漏计")).then(scored(Component.ON_SITE, 9250, entry_id=NEW, reason="漏计"))

    def test_not_before_the_year_is_opened_nor_after_the_grade(self):
        given(*HERE).when(score()).then(fails(Conflict, "opened"))
        given(*HERE, opened(), graded()).when(score()).then(fails(Conflict, "graded"))


def apply(kind: AdjustmentKind = Kind.BONUS, points: int = 200, **changed: Any) -> ApplyAdjustment:
    told: dict[str, Any] = {
        "occurred_on": DAY,
        "year": 2026,
        "kind": kind,
        "points": points,
        "ground": "经验推广",
        "evidence": "省部级刊物",
        "confirmed_by": "考核办",
        "entry_id": named("adjusted"),
    }
    return ApplyAdjustment(**(told | changed))


class TestApplyAdjustment:
    @pytest.mark.parametrize("kind", AdjustmentKind)
    def test_with_ground_and_evidence(self, kind: AdjustmentKind):
        given(*HERE, opened()).when(apply(kind)).then(adjusted(kind))

    def test_the_same_again_is_nothing_to_do(self):
        given(*HERE, opened(), adjusted()).when(apply()).then(nothing)
        given(*HERE, opened(), adjusted()).when(apply(points=300)).then(fails(Conflict))

    @pytest.mark.parametrize("field", ["ground", "evidence"])
    @pytest.mark.parametrize("text", [None, "", "  "])
    def test_INV_095_neither_may_be_missing(self, field: str, text: str | None):
        missing: dict[str, Any] = {field: text}
        given(*HERE, opened()).when(apply(**missing)).then(refused("INV-095", field))

    @pytest.mark.parametrize("points", [0, -100])
    def test_INV_095_points_are_above_nothing(self, points: int):
        given(*HERE, opened()).when(apply(points=points)).then(refused("INV-095", "points"))

    @pytest.mark.parametrize("kind", AdjustmentKind)
    def test_INV_095_ten_points_of_a_kind_and_no_more(self, kind: AdjustmentKind):
        first = adjusted(kind, 800, entry_id=named("first"))
        given(*HERE, opened(), first).when(apply(kind, 200)).then(adjusted(kind, 200))
        given(*HERE, opened(), first).when(apply(kind, 201)).then(refused("INV-095", "points"))

    def test_INV_095_the_two_kinds_have_each_their_cap(self):
        penalty = adjusted(Kind.PENALTY, 1000, entry_id=named("first"))
        given(*HERE, opened(), penalty).when(apply(points=1000)).then(adjusted(points=1000))

    def test_what_was_withdrawn_leaves_room(self):
        first = adjusted(points=1000, entry_id=named("first"))
        gone = AssessmentEntryWithdrawn(occurred_on=DAY, year=2026, entry_id=named("first"), reason="误录")
        given(*HERE, opened(), first, gone).when(apply(points=1000)).then(adjusted(points=1000))

    def test_not_before_the_year_is_opened_nor_after_the_grade(self):
        given(*HERE).when(apply()).then(fails(Conflict, "opened"))
        given(*HERE, opened(), graded()).when(apply()).then(fails(Conflict, "graded"))


def grade(**changed: Any) -> GradeBranch:
    told: dict[str, Any] = {"occurred_on": DAY, "year": 2026, "entry_id": named("grade")}
    return GradeBranch(**(told | changed))


class TestGradeBranch:
    def test_total_and_grade_follow_from_the_scores(self):
        adjustments = (adjusted(points=300), adjusted(Kind.PENALTY, 100, entry_id=named("less")))
        given(*HERE, opened(), *all_scored(9000, 8000, 7000, 6000), *adjustments).when(grade()).then(
            graded(Grade.FAIRLY_GOOD, 8200, scores=(9000, 8000, 7000, 6000), bonus=300, penalty=100)
        )

    def test_the_grade_expected_is_compared(self):
        history: tuple[Event, ...] = (*HERE, opened(), *all_scored(7000, 7000, 7000, 7000))
        given(*history).when(grade(expected=Grade.FAIR)).then(graded())
        given(*history).when(grade(expected=Grade.GOOD)).then(refused("INV-095", "expected"))

    def test_the_same_again_is_nothing_to_do(self):
        given(*HERE, opened(), *all_scored(7000, 7000, 7000, 7000), graded()).when(grade()).then(nothing)

    def test_INV_095_all_four_are_scored(self):
        given(*HERE, opened(), *all_scored(7000, 7000, 7000, 7000)[:3]).when(grade()).then(refused("INV-095", "year"))

    def test_the_newest_score_of_a_component_counts(self):
        newer = scored(Component.BALLOT, 9000, entry_id=named("newer"), reason="漏计")
        given(*HERE, opened(), *all_scored(7000, 7000, 7000, 7000), newer).when(grade()).then(
            graded(total=7200, scores=(7000, 7000, 7000, 9000))
        )

    def test_not_before_the_last_score_nor_without_an_opened_year(self):
        late = scored(Component.BALLOT, 9000, entry_id=named("newer"), reason="漏计", occurred_on=AFTER)
        given(*HERE, opened(), *all_scored(7000, 7000, 7000, 7000), late).when(grade()).then(fails(Conflict))
        given(*HERE).when(grade()).then(fails(Conflict, "opened"))

    @pytest.mark.parametrize(("last", "again"), [(Grade.POOR, True), (Grade.FAIR, False)])
    def test_poor_two_years_running_is_flagged(self, last: AssessmentGrade, again: bool):
        before = graded(last, 5000, year=2025, occurred_on=dt.date(2025, 12, 31))
        given(*HERE, before, opened(), *all_scored(5000, 5000, 5000, 5000)).when(grade()).then(graded(Grade.POOR, 5000, poor_again=again))
