"""Periods, dates and working days."""

import datetime as dt
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projections.standard.holidays import LAST_YEAR, Unit, Wanting, add_working_days, is_working_day, shifted, wanting
from projections.standard.norms import Period
from projections.standard.periods import MONTHS, add_months, first_day, fixed_day, last_day, months_of, next_key, period_of, periods

days = st.dates(dt.date(1921, 7, 1), dt.date(2199, 12, 31))
kinds = st.sampled_from(list(MONTHS))


@given(days, kinds)
def test_a_day_lies_in_its_period(day, kind):
    key = period_of(day, kind)
    assert first_day(key) <= day <= last_day(key)
    assert period_of(first_day(key), kind) == period_of(last_day(key), kind) == key


@given(days, kinds)
def test_periods_follow_each_other_without_a_gap(day, kind):
    key = period_of(day, kind)
    assert first_day(next_key(key)) == last_day(key) + dt.timedelta(days=1)


@given(days, kinds, st.integers(0, 800))
def test_all_periods_between_two_days(day, kind, length):
    last = day + dt.timedelta(days=length)
    keys = list(periods(day, last, kind))
    assert keys[0] == period_of(day, kind)
    assert keys[-1] == period_of(last, kind)
    assert all(next_key(one) == other for one, other in itertools.pairwise(keys))


@given(days, kinds)
def test_a_period_has_its_months(day, kind):
    key = period_of(day, kind)
    months = months_of(key)
    assert len(months) == MONTHS[kind]
    assert (first_day(months[0]), last_day(months[-1])) == (first_day(key), last_day(key))


@given(days, st.integers(-600, 600))
def test_months_later_is_the_same_day_or_the_end_of_that_month(day, months):
    later = add_months(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == day.day or (later.day < day.day and (later + dt.timedelta(days=1)).day == 1)


@given(days, st.integers(1, 60))
def test_a_working_day_is_counted_there_and_back(day, count):
    later = add_working_days(day, count)
    between = [day + dt.timedelta(days=n) for n in range(1, (later - day).days + 1)]
    assert is_working_day(later)
    assert sum(map(is_working_day, between)) == count


@pytest.mark.parametrize(
    ("key", "first", "last"),
    [
        ("2026-02", "2026-02-01", "2026-02-28"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2026-Q4", "2026-10-01", "2026-12-31"),
        ("2026-H2", "2026-07-01", "2026-12-31"),
        ("2026", "2026-01-01", "2026-12-31"),
    ],
)
def test_first_and_last_day(key, first, last):
    assert (first_day(key).isoformat(), last_day(key).isoformat()) == (first, last)


@pytest.mark.parametrize("key", ["", "2026-13", "2026-00", "2026-Q5", "2026-H3", "26-01", "2026-1", "2026-03 "])
def test_what_is_no_period_is_refused(key):
    with pytest.raises(ValueError, match="not a period"):
        first_day(key)


@pytest.mark.parametrize(
    ("key", "rule", "day"),
    [
        ("2026-03", "day:5", "2026-03-05"),
        ("2026-02", "day:31", "2026-02-28"),
        ("2026-05", "weekday:5:1", "2026-05-01"),
        ("2026-03", "weekday:5:1", "2026-03-06"),
        ("2026-02", "weekday:1:5", "2026-02-23"),
    ],
)
def test_the_fixed_day_of_a_month(key, rule, day):
    assert fixed_day(key, rule).isoformat() == day


def test_a_rule_that_names_no_day_is_refused():
    with pytest.raises(ValueError, match="neither"):
        fixed_day("2026-03", "soon")


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2026-02-14", True),  # a Saturday that makes up for the Spring Festival
        ("2026-02-17", False),  # Spring Festival
        ("2026-10-01", False),
        ("2026-03-07", False),  # a Saturday
        ("2026-03-09", True),
    ],
)
def test_holidays_and_make_up_days(day, works):
    assert is_working_day(dt.date.fromisoformat(day)) is works


def test_a_notice_of_five_working_days_over_a_holiday():
    assert add_working_days(dt.date(2026, 9, 28), 5) == dt.date(2026, 10, 10)


def test_years_whose_holidays_are_not_announced_count_monday_to_friday():
    monday = next(day for n in range(7) if (day := dt.date(LAST_YEAR + 2, 1, 1) + dt.timedelta(days=n)).isoweekday() == 1)
    assert is_working_day(monday)
    assert not is_working_day(monday + dt.timedelta(days=5))


def test_half_years_have_keys_but_events_have_none():
    assert period_of(dt.date(2026, 7, 1), Period.HALF_YEARLY) == "2026-H2"
    assert Period.ON_EVENT not in MONTHS


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        ("2026-11-30", None),
        ("2026-12-01", Wanting(2027, alarm=False)),
        ("2026-12-14", Wanting(2027, alarm=False)),
        ("2026-12-15", Wanting(2027, alarm=True)),
        ("2026-12-31", Wanting(2027, alarm=True)),
        ("2027-01-01", Wanting(2027, alarm=True)),
        ("2025-12-31", None),
    ],
)
def test_the_holidays_of_the_next_year_are_asked_for_from_the_first_of_december_on(today, expected):
    assert wanting(dt.date.fromisoformat(today), 2026) == expected


def test_an_offset_is_counted_in_days_or_in_working_days():
    saturday = dt.date(2026, 10, 10)
    assert [shifted(saturday, offset, Unit.DAYS).day for offset in (-1, 0, 1)] == [9, 10, 11]
    assert [shifted(saturday, offset, Unit.WORKING_DAYS).day for offset in (-1, 0, 1)] == [9, 10, 12]
