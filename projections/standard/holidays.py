"""Working days: Monday to Friday, minus statutory holidays, plus make-up working days (rules 0.2)."""

import datetime as dt

import chinese_calendar

LAST_YEAR: int = max(chinese_calendar.holidays).year
"""The last year whose holidays are announced; later ones count Monday to Friday until the library knows them (DL-64)."""

SATURDAY = 5


def is_working_day(day: dt.date) -> bool:
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return day.weekday() < SATURDAY


def add_working_days(day: dt.date, count: int) -> dt.date:
    """The `count`-th working day after `day`, which is not counted itself; before it when negative."""
    step = dt.timedelta(days=1 if count >= 0 else -1)
    left = abs(count)
    while left:
        day += step
        left -= is_working_day(day)
    return day
