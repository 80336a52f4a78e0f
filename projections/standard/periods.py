"""Periods and due dates: `2026-03`, `2026-Q1`, `2026-H1`, `2026`. Pure functions of dates (rules 0.2, 0.5)."""

import calendar
import datetime as dt
import functools
import re
from collections.abc import Iterator

from projections.standard.norms import Period

MONTHS = {Period.MONTHLY: 1, Period.QUARTERLY: 3, Period.HALF_YEARLY: 6, Period.YEARLY: 12}
"""The periods that have a key, with their length."""

KNOWN = 2_000
"""Keys that are remembered: a century of months, and the longer periods."""
KEY = re.compile(r"^(\d{4})(?:-(?:Q([1-4])|H([12])|(0[1-9]|1[0-2])))?$")


def period_of(day: dt.date, period: Period) -> str:
    """The key of the period in which a day lies."""
    return _key(day.year, (day.month - 1) // MONTHS[period], period)


@functools.lru_cache(KNOWN)
def first_day(key: str) -> dt.date:
    """The day on which a period begins."""
    year, index, period = _parse(key)
    return dt.date(year, index * MONTHS[period] + 1, 1)


@functools.lru_cache(KNOWN)
def last_day(key: str) -> dt.date:
    """The day on which a period ends; until 23:59 of it counts."""
    return add_months(first_day(key), MONTHS[_parse(key)[2]]) - dt.timedelta(days=1)


@functools.lru_cache(KNOWN)
def next_key(key: str) -> str:
    """The key of the period that follows."""
    return period_of(last_day(key) + dt.timedelta(days=1), _parse(key)[2])


def periods(first: dt.date, last: dt.date, period: Period) -> Iterator[str]:
    """The keys of all periods that have a day between two days, both included."""
    key = period_of(first, period)
    while first_day(key) <= last:
        yield key
        key = next_key(key)


def months_of(key: str) -> list[str]:
    """The calendar months of a period."""
    return list(periods(first_day(key), last_day(key), Period.MONTHLY))


def add_months(day: dt.date, months: int) -> dt.date:
    """The same day of the month `months` later, or the last day of that month where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def fixed_day(key: str, rule: str) -> dt.date:
    """The fixed day of a month: `day:5` is the fifth, `weekday:5:1` the first Friday; clipped to the month."""
    start, end = first_day(key), last_day(key)
    match rule.split(":"):
        case ["day", day]:
            return min(start + dt.timedelta(days=int(day) - 1), end)
        case ["weekday", weekday, number]:
            found = start + dt.timedelta(days=(int(weekday) - start.isoweekday()) % 7 + 7 * (int(number) - 1))
            return found if found <= end else found - dt.timedelta(days=7)
        case _:
            raise ValueError(f"neither day:N nor weekday:N:M: {rule}")


def _key(year: int, index: int, period: Period) -> str:
    match period:
        case Period.MONTHLY:
            return f"{year:04d}-{index + 1:02d}"
        case Period.QUARTERLY:
            return f"{year:04d}-Q{index + 1}"
        case Period.HALF_YEARLY:
            return f"{year:04d}-H{index + 1}"
        case _:
            return f"{year:04d}"


@functools.lru_cache(KNOWN)
def _parse(key: str) -> tuple[int, int, Period]:
    """(year, number of the period in it from 0, which kind)."""
    found = KEY.match(key)
    if found is None:
        raise ValueError(f"not a period: {key}")
    year, quarter, half, month = found.groups()
    if quarter:
        return int(year), int(quarter) - 1, Period.QUARTERLY
    if half:
        return int(year), int(half) - 1, Period.HALF_YEARLY
    return (int(year), int(month) - 1, Period.MONTHLY) if month else (int(year), 0, Period.YEARLY)
