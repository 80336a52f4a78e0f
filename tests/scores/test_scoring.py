"""Scoring: each leaf as the pack's scheme says, sums that hold exactly, and a published result that stands (N25, N26, R-J)."""

import datetime as dt
import random
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.assessment import AdjustmentKind, AssessmentGrade, Component
from projections.standard.duties import Duty
from projections.standard.points import apportion, grade_of, total_of
from projections.standard.schemes import Waived, scheme_of
from projections.standard.score_tree import Difference, Ground, Published, Reason, Score, leaves
from projections.standard.scoring import points, score
from tests.scores.world import (
    CLOSED,
    END,
    GRADES,
    JUDGED,
    OPENED,
    PACK,
    VISITED,
    YEAR,
    adjusted,
    day,
    duty,
    graded,
    only,
    scheme_with,
    scored,
    told,
    whole,
)

ONE = scheme_with(indicator=only("N09"))
QUARTERS = ("2026-Q1", "2026-03-31"), ("2026-Q2", "2026-06-30"), ("2026-Q3", "2026-09-30"), ("2026-Q4", "2026-12-31")


def year_of(*done: str | None, **last: Any) -> list[Duty]:
    """Four general meetings, on these days; `last` is said of the fourth."""
    found = [duty(period, due, on=on) for (period, due), on in zip(QUARTERS[:3], done, strict=False)]
    return [*found, duty(*QUARTERS[3], on=done[3] if len(done) > 3 else None, **last)]


IN_TIME = ("2026-03-10", "2026-06-10", "2026-09-10", "2026-12-10")


def last(found: Score) -> tuple[Reason, int | None, int, int, int]:
    [one] = [leaf for leaf in leaves(found.total) if leaf.ground and leaf.ground.period == "2026-Q4"]
    assert one.ground is not None
    return one.ground.reason, one.ground.credit, one.most, one.got, one.open


def test_what_was_done_in_time_brings_all_of_routine_work():
    found = score(YEAR, year_of(*IN_TIME), told(OPENED), ONE, END)
    assert (found.routine, found.total.got, found.total.open, found.total.lost) == (10_000, 3000, 7000, 0)
    assert (found.grade, found.best_grade) == (None, AssessmentGrade.GOOD)


def test_a_leaf_tells_its_duty_its_events_and_its_days():
    found = score(YEAR, year_of(*IN_TIME), (), ONE, END)
    first = next(one for one in leaves(found.total) if one.id == "N09.T01/DL-07:2026-Q1")
    assert (first.most, first.got, first.zh) == (750, 750, PACK.deadline("DL-07").zh)
    assert first.ground == Ground(
        reason=Reason.ON_TIME,
        credit=100,
        obligation_id="DL-07:2026-Q1",
        deadline="DL-07",
        period="2026-Q1",
        due_on=day("2026-03-31"),
        done_on=day("2026-03-10"),
        done=1,
        needed=1,
        events=("e-2026-Q1",),
    )


@pytest.mark.parametrize(
    ("done", "expected"),
    [
        ("2026-12-31", (Reason.ON_TIME, 100, 750, 750, 0)),
        ("2027-01-01", (Reason.LATE, 80, 750, 600, 0)),
        ("2027-01-07", (Reason.LATE, 80, 750, 600, 0)),
        ("2027-01-08", (Reason.LATE, 60, 750, 450, 0)),
        ("2027-01-30", (Reason.LATE, 60, 750, 450, 0)),
        ("2027-01-31", (Reason.LATE, 40, 750, 300, 0)),
    ],
)
def test_what_was_done_late_weighs_as_the_scheme_says(done, expected):
    assert last(score(YEAR, year_of(*IN_TIME[:3], done), (), ONE, END)) == expected


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        ("2026-12-31", (Reason.NOT_DUE, 0, 750, 0, 750)),
        ("2027-01-01", (Reason.OVERDUE, 0, 750, 0, 600)),
        ("2027-02-10", (Reason.OVERDUE, 0, 750, 0, 300)),
    ],
)
def test_what_is_not_done_can_still_be_had_as_far_as_its_lateness_allows(on, expected):
    assert last(score(YEAR, year_of(*IN_TIME[:3]), (), ONE, day(on))) == expected


def test_what_was_done_after_the_day_asked_for_was_not_done_on_it():
    assert last(score(YEAR, year_of(*IN_TIME), (), ONE, day("2026-12-01"))) == (Reason.NOT_DUE, 0, 750, 0, 750)


def test_of_what_is_overdue_the_part_that_was_done_brings_half_but_no_more_than_all_of_it_would_so_late():
    assert last(score(YEAR, year_of(*IN_TIME[:3], needed=4), (), ONE, END)) == (Reason.OVERDUE, 0, 750, 0, 300)
    assert last(score(YEAR, year_of(*IN_TIME[:3], done=2, needed=4), (), ONE, END)) == (Reason.OVERDUE, 25, 750, 188, 112)
    assert last(score(YEAR, year_of(*IN_TIME[:3], done=4, needed=4), (), ONE, END)) == (Reason.OVERDUE, 40, 750, 300, 0)


def test_a_waived_duty_is_left_out_and_the_others_weigh_the_more():
    found = score(YEAR, year_of(*IN_TIME[:3], waived=True, text="洪灾"), (), ONE, END)
    assert last(found) == (Reason.WAIVED, 0, 0, 0, 0)
    assert found.routine == 10_000


@pytest.mark.parametrize(("waived", "got"), [(Waived.FULL, 750), (Waived.NOTHING, 0)])
def test_another_scheme_may_count_a_waived_duty(waived, got):
    pack = scheme_with(indicator=only("N09"), waived=waived)
    assert last(score(YEAR, year_of(*IN_TIME[:3], waived=True), (), pack, END))[2:4] == (750, got)


def test_what_lapsed_has_no_weight():
    assert last(score(YEAR, year_of(*IN_TIME[:3], lapsed=True), (), ONE, END)) == (Reason.LAPSED, 0, 0, 0, 0)


def test_what_was_done_in_added_time_is_in_time():
    assert last(score(YEAR, year_of(*IN_TIME, extended=True), (), ONE, END)) == (Reason.EXTENDED, 100, 750, 750, 0)


def test_duties_of_another_year_and_of_unknown_deadlines_are_left_alone():
    others = [duty("2025-Q4", "2025-12-31", on="2025-12-01"), duty("2026-01", "2026-01-31", deadline="DL-99")]
    assert score(YEAR, [*year_of(*IN_TIME), *others], (), ONE, END) == score(YEAR, year_of(*IN_TIME), (), ONE, END)


def test_a_duty_before_a_date_counts_for_the_year_of_its_period_though_it_falls_due_in_the_next():
    remitted = duty("2026-Q4", "2027-01-10", on="2027-01-09", deadline="DL-12")
    assert score(YEAR, [remitted], (), scheme_with(indicator=only("N16")), END).routine == 10_000


def test_a_branch_to_which_nothing_fell_is_not_judged_on_routine_work():
    [nothing] = [one for one in leaves(score(YEAR, (), (), PACK, END).total) if one.ground and one.ground.reason is Reason.NOTHING_DUE]
    assert (nothing.most, nothing.got, nothing.open) == (3000, 0, 3000)


def test_norms_share_by_their_points_and_tasks_by_their_weights():
    pack = scheme_with(indicator=only("N01", "N09", N01={"N01.T01": 3, "N01.T02": 1}))
    study = [duty("2026-01", "2026-01-31", on="2026-01-10", deadline="DL-01"), duty("2026-Q1", "2026-03-31", deadline="DL-08")]
    found = score(YEAR, [*study, *year_of(*IN_TIME)], (), pack, END)
    routine = found.total.children[1]
    assert [(norm.id, norm.most, norm.got) for norm in routine.children] == [("N01", 1500, 1125), ("N09", 1500, 1500)]
    assert [(task.id, task.most, task.got) for task in routine.children[0].children] == [("N01.T01", 1125, 1125), ("N01.T02", 375, 0)]


def test_a_task_of_weight_nought_is_not_scored():
    pack = scheme_with(indicator=only("N01", N01={"N01.T02": 0}))
    study = [duty("2026-01", "2026-01-31", on="2026-01-10", deadline="DL-01"), duty("2026-Q1", "2026-03-31", deadline="DL-08")]
    assert score(YEAR, study, (), pack, END).routine == 10_000


def test_judged_components_come_from_the_scores_entered_and_the_whole_is_as_the_deciders_work_it_out():
    found = score(YEAR, year_of(*IN_TIME), told(OPENED, VISITED, *JUDGED), ONE, END)
    assert found.total.got == total_of((9000, 10_000, 8333, 7777), (40, 30, 20, 10), 0, 0) == 9044
    assert found.grade is AssessmentGrade.GOOD
    assert [(part.id, part.got) for part in found.total.children] == [
        ("on_site", 3600),
        ("routine", 3000),
        ("debriefing", 1666),
        ("ballot", 778),
    ]
    on_site = leaves(found.total.children[0])[0]
    assert on_site.ground == Ground(reason=Reason.JUDGED, done_on=day("2027-01-10"), events=("e2", "e3"), text="90.00")


def test_the_newest_score_of_a_component_holds():
    found = score(YEAR, (), told(OPENED, *JUDGED, scored(Component.BALLOT, 5000, "2027-01-12")), ONE, END)
    assert found.entered == {Component.ON_SITE: 9000, Component.DEBRIEFING: 8333, Component.BALLOT: 5000}


def test_bonus_and_penalty_stand_with_their_ground_and_evidence():
    found = score(YEAR, year_of(*IN_TIME), told(OPENED, *JUDGED, adjusted(AdjustmentKind.PENALTY, 150)), ONE, END)
    penalty = leaves(found.total)[-1]
    assert (penalty.most, penalty.got, penalty.lost, found.total.got) == (0, -150, 150, 9044 - 150)
    assert penalty.ground == Ground(
        reason=Reason.PENALTY, done_on=day("2027-01-11"), events=("e5",), text="事由", evidence="文件1号", confirmed_by="机关党委"
    )


def test_beyond_a_hundred_and_beyond_a_cap_points_are_cut_by_leaves_of_their_own():
    best = (scored(Component.ON_SITE, 10_000), scored(Component.DEBRIEFING, 10_000), scored(Component.BALLOT, 10_000))
    found = score(
        YEAR, year_of(*IN_TIME), told(OPENED, *best, adjusted(AdjustmentKind.BONUS, 900), adjusted(AdjustmentKind.BONUS, 300)), ONE, END
    )
    assert [(one.id, one.got) for one in leaves(found.total) if one.ground and one.ground.reason is Reason.LIMIT] == [
        ("bonus:limit", -200),
        ("limit", -1000),
    ]
    assert (found.total.got, whole(found.total)) == (10_000, True)


def test_a_published_result_stands_beside_what_is_worked_out():
    published = graded(9000, 5000, 8333, 7777, total=7544, grade=AssessmentGrade.FAIR)
    found = score(YEAR, year_of(*IN_TIME), told(OPENED, *JUDGED, published, CLOSED), ONE, END)
    assert found.published == Published(
        event_id="e5",
        graded_on=day("2027-01-20"),
        scores=(9000, 5000, 8333, 7777),
        bonus=0,
        penalty=0,
        total=7544,
        grade=AssessmentGrade.FAIR,
        closed_on=day("2027-02-01"),
    )
    assert (found.result, found.grade) == ((7544, AssessmentGrade.FAIR), AssessmentGrade.GOOD)
    assert found.differences == (Difference(component="routine", published=1500, computed=3000),)
    other = score(YEAR, [], told(OPENED, *JUDGED, published), scheme_with(indicator=only("N01")), END)
    assert other.result == found.result


def test_once_the_year_is_graded_nothing_is_open_any_more():
    found = score(YEAR, year_of(*IN_TIME[:3]), told(OPENED, *JUDGED, graded(1, 1, 1, 1, total=1, grade=AssessmentGrade.POOR)), ONE, END)
    assert last(found) == (Reason.OVERDUE, 0, 750, 0, 0)


def test_before_the_day_of_an_entry_it_is_not_known():
    assert score(YEAR, (), told(OPENED, *JUDGED), ONE, day("2026-12-31")).entered == {}


def test_a_draft_takes_its_own_weights_where_the_year_was_opened_with_others():
    even = OPENED.__class__(**{name: getattr(OPENED, name) for name in OPENED.__struct_fields__} | {"weights": (25, 25, 25, 25)})
    assert score(YEAR, (), told(even), ONE, END).weights == (25, 25, 25, 25)
    assert score(YEAR, (), told(even), ONE, END, draft=True).weights == (40, 30, 20, 10)


def test_a_year_keeps_the_scheme_in_force_on_its_first_day():
    older, newer = PACK.schemes[0], scheme_with(effective_from=day("2027-01-01"), later=0).schemes[0]
    assert [scheme_of((newer, older), year) for year in (2018, 2026, 2027)] == [older, older, newer]


@given(st.integers(-(10**6), 10**6), st.lists(st.integers(0, 10**6), min_size=1, max_size=40))
def test_shares_add_up_and_none_is_off_by_a_whole(total, weights):
    shares = apportion(total, weights)
    every = sum(weights)
    assert sum(shares) == (total if every else 0)
    assert all(abs(share - Fraction(total * weight, every or 1)) < 1 for share, weight in zip(shares, weights, strict=True) if every)


@pytest.mark.parametrize("seed", range(200))
def test_the_leaves_of_any_branch_add_up_to_its_total(seed):
    dice = random.Random(seed)
    duties = [_random_duty(dice, n) for n in range(dice.randrange(120))]
    entries = [scored(component, dice.randrange(10_001)) for component in Component if dice.random() < 0.7]
    adjustments = [adjusted(dice.choice(list(AdjustmentKind)), dice.randrange(1, 900)) for _ in range(dice.randrange(4))]
    published = [graded(9000, 8000, 7000, 6000, total=8000, grade=AssessmentGrade.FAIRLY_GOOD)] if dice.random() < 0.3 else []
    found = score(YEAR, duties, told(OPENED, *entries, *adjustments, *published), PACK, END)
    assert whole(found.total)
    assert 0 <= found.total.got <= 10_000
    assert found.grade in (None, grade_of(found.total.got, GRADES))


def _random_duty(dice: random.Random, number: int) -> Duty:
    deadline = dice.choice(PACK.deadlines)
    due = dt.date(2026, 1, 1) + dt.timedelta(days=dice.randrange(400))
    done = due + dt.timedelta(days=dice.randrange(-20, 60)) if dice.random() < 0.7 else None
    return Duty(
        obligation_id=f"{deadline.id}:{number}",
        deadline=deadline.id,
        period=dice.choice(("", f"2026-{1 + number % 12:02d}", "2026")),
        subject="",
        due_on=due,
        done=dice.randrange(4),
        needed=dice.randrange(1, 5),
        done_on=done,
        extended=dice.random() < 0.1,
        waived=dice.random() < 0.1,
        lapsed=dice.random() < 0.1,
    )


def test_points_are_written_with_two_places():
    assert [points(value) for value in (9250, 5, 0, -150)] == ["92.50", "0.05", "0.00", "-1.50"]
