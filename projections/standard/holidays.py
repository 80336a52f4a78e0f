"""Working days: Monday to Friday, minus statutory holidays, plus make-up working days (rules 0.2)."""

import datetime as dt
import enum

import chinese_calendar
import msgspec

LAST_YEAR: int = max(chinese_calendar.holidays).year
"""The last year whose holidays are announced; later ones count Monday to Friday until the library knows them (DL-64)."""

SATURDAY = 5
ANNOUNCED_BY = (12, 1)
"""Month and day by which those of the next year should be known (DL-64)."""
ALARM_FROM = (12, 15)


class Unit(enum.StrEnum):
    """In what offsets from a day are counted."""

    DAYS = "days"
    WORKING_DAYS = "working_days"


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


def shifted(day: dt.date, offset: int, unit: Unit) -> dt.date:
    """So many days or working days after a day; before it when negative, and the day itself for none."""
    return add_working_days(day, offset) if unit is Unit.WORKING_DAYS else day + dt.timedelta(days=offset)


class Wanting(msgspec.Struct, frozen=True):
    """The holidays of a year are not known though they should be; `alarm` once whoever runs the installation has to act."""

    year: int
    alarm: bool


def wanting(today: dt.date, last_year: int = LAST_YEAR) -> Wanting | None:
    """Whether days of rest and make-up days are wanting, of this year or, from 1 December on, of the next one (DL-64)."""
    if today.year > last_year:
        return Wanting(today.year, alarm=True)
    if today.year == last_year and today >= dt.date(today.year, *ANNOUNCED_BY):
        return Wanting(today.year + 1, alarm=today >= dt.date(today.year, *ALARM_FROM))
    return None
