"""Whoever may not see the roll and asks for everything they may ask for learns nothing about fewer than five people."""

import datetime as dt
from fractions import Fraction

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from projections.query_rolls import TYPES
from projections.standard.bands import bands
from projections.statistics import OnRoll, Statistics, statistics, summed
from projections.withheld import SMALL, bridges, masked, of_all, told_day
from tests.across.test_statistics import DAY, SOMEBODY

BORN = ["1960-01", "1977-01", "1987-01"]
NOBODY = statistics((), (), DAY, bands(), TYPES)


def of(people: list[OnRoll]) -> Statistics:
    return statistics(people, (), DAY, bands(), TYPES)


def person(born: str | None, sex: str) -> OnRoll:
    return msgspec.structs.replace(SOMEBODY, born_month=born, sex=sex)


BRANCHES = st.lists(
    st.lists(st.builds(person, st.sampled_from([*BORN, None]), st.sampled_from(["male", "female"])), max_size=25), min_size=1, max_size=6
)
Equation = tuple[dict[tuple[str, str], int], int]


def worked_out(branches: dict[str, Statistics], whole: Statistics, number: int) -> dict[tuple[str, str], Fraction]:
    """Every hidden figure of a table that follows from what is told: each row sums to its total, each told line to its branches."""
    seen = {code: masked(one) for code, one in branches.items()}
    told = of_all(whole, branches)
    equations: list[Equation] = []
    for code, one in (*seen.items(), ("all", told)):
        total = branches.get(code, whole).members or 0
        lines = one.tables[number].lines
        equations.append(({(code, line.id): 1 for line in lines if line.count is None}, total - sum(line.count or 0 for line in lines)))
    for line in told.tables[number].lines:
        below = [(code, found) for code, one in seen.items() for found in one.tables[number].lines if found.id == line.id]
        unknown = {(code, line.id): 1 for code, found in below if found.count is None}
        if line.count is None:
            unknown["all", line.id] = -1
        equations.append((unknown, (line.count or 0) - sum(found.count or 0 for _, found in below)))
    return solved(equations)


def solved(equations: list[Equation]) -> dict[tuple[str, str], Fraction]:
    """The unknowns with one solution only (Gauss and Jordan)."""
    unknowns = sorted({one for row, _ in equations for one in row})
    rows = [[Fraction(row.get(one, 0)) for one in unknowns] + [Fraction(value)] for row, value in equations]
    done: list[list[Fraction]] = []
    for column in range(len(unknowns)):
        pivot = next((row for row in rows if row[column]), None)
        if pivot is None:
            continue
        rows.remove(pivot)
        pivot = [value / pivot[column] for value in pivot]
        rows, done = ([_less(row, pivot, column) for row in part] for part in (rows, done))
        done.append(pivot)
    assert all(not any(row) for row in rows), "what is told contradicts itself"
    return {unknowns[row.index(Fraction(1))]: row[-1] for row in done if sum(value != 0 for value in row[:-1]) == 1}


def _less(row: list[Fraction], pivot: list[Fraction], column: int) -> list[Fraction]:
    return [value - row[column] * other for value, other in zip(row, pivot, strict=True)]


@settings(max_examples=40, deadline=None)
@given(BRANCHES)
def test_nothing_hidden_follows_from_the_branches_and_all_of_them_together(rolls):
    branches = {f"b{number}": of(people) for number, people in enumerate(rolls)}
    whole = summed(NOBODY, branches.values())
    for number in (0, 1):
        assert worked_out(branches, whole, number) == {}


@settings(max_examples=40, deadline=None)
@given(BRANCHES)
def test_the_hidden_figures_of_a_line_never_sum_to_fewer_than_five(rolls):
    branches = {f"b{number}": of(people) for number, people in enumerate(rolls)}
    told = of_all(summed(NOBODY, branches.values()), branches)
    for number, table in enumerate(told.tables):
        for line in table.lines:
            pairs = [(real, masked(real)) for real in branches.values()]
            found = [
                sum(one.count or 0 for one in real.tables[number].lines if one.id == line.id)
                for real, seen in pairs
                if any(one.id == line.id and one.count is None for one in seen.tables[number].lines)
            ]
            assert line.count is None or not found or sum(found) >= SMALL


def test_of_a_branch_with_one_small_figure_among_large_ones_the_figure_of_all_is_hidden_too():
    large, small = (
        of([person(BORN[0], "male")] * 9 + [person(BORN[0], "female")] * 9),
        of([person(BORN[0], "male")] * 9 + [person(BORN[0], "female")] * 2),
    )
    told = of_all(summed(NOBODY, [large, small]), {"large": large, "small": small})
    assert [line.count for line in told.tables[1].lines] == [None, None]
    assert told.members == 29


def test_of_many_branches_with_small_figures_all_of_them_together_are_told():
    branches = {f"b{n}": of([person(BORN[0], "male")] * 9 + [person(BORN[0], "female")] * (1 + n % 4)) for n in range(12)}
    told = of_all(summed(NOBODY, branches.values()), branches)
    assert [line.count for line in told.tables[1].lines] == [108, 30]


def test_an_edge_on_no_cycle_is_a_figure_that_can_be_worked_out():
    square = [("a", "x"), ("a", "y"), ("b", "x"), ("b", "y")]
    other = [("c", "u"), ("c", "v"), ("d", "u"), ("d", "v")]
    assert bridges(square) == []
    assert bridges([*square, *other]) == []
    assert bridges([*square, *other, ("b", "u")]) == [("b", "u")]
    assert set(bridges([*square, ("a", "z"), ("e", "z")])) == {("a", "z"), ("e", "z")}


# Between two days

JANUARY = dt.date(2026, 1, 1)
MOVES = st.lists(st.tuples(st.dates(JANUARY, dt.date(2026, 3, 1)), st.sampled_from("abcdefghij")), max_size=30)


@settings(max_examples=60, deadline=None)
@given(MOVES, st.dates(JANUARY, dt.date(2026, 3, 1)), st.dates(JANUARY, dt.date(2026, 3, 1)))
def test_between_two_days_whose_figures_differ_at_least_five_people_moved(moves, one_day, other_day):
    first, last = sorted((one_day, other_day))
    before, after = told_day(moves, first), told_day(moves, last)
    if before != after:
        assert after is not None
        assert len({who for day, who in moves if (before is None or day > before) and day <= after}) >= SMALL
    if after is not None:
        assert after <= last
        assert len({who for day, who in moves if after < day <= last}) < len("abcdefghij")


def test_new_figures_are_told_from_the_day_on_by_which_five_had_moved():
    moves = [(JANUARY, "a"), *((JANUARY + dt.timedelta(days=n), who) for n, who in enumerate("abcdefg"))]
    days = [told_day(moves, JANUARY + dt.timedelta(days=n)) for n in range(8)]
    fifth = JANUARY + dt.timedelta(days=4)
    assert days == [None] * 4 + [fifth] * 4


def test_who_moves_again_and_again_is_one_person():
    assert told_day([(JANUARY + dt.timedelta(days=n), "a") for n in range(30)], dt.date(2026, 3, 1)) is None
