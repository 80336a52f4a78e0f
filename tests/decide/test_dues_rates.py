"""The rate table at every edge, in integers (R-D Art. 1-6, R-D01, R-D05), and who owes which month."""

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.dues import IncomeKind
from projections.standard.rules import Rules
from service.decide.dues.rates import as_yuan, by_table, capped, conforms, half_up, rate_of
from service.decide.dues.state import longest_run
from tests.decide.dues_history import RULES

SALARY, RETIRED, FARMER = IncomeKind.SALARY, IncomeKind.RETIRED, IncomeKind.FARMER


def rules(**changed: Any) -> Rules:
    return Rules(dt.date(2026, 1, 1), RULES | {key.replace("__", "."): value for key, value in changed.items()})


@pytest.mark.parametrize("income", [IncomeKind.SALARY, IncomeKind.ANNUAL_SALARY, IncomeKind.SELF_EMPLOYED])
@pytest.mark.parametrize(
    ("base_fen", "rate", "monthly_fen"),
    [
        (1, 50, 0),
        (99, 50, 0),
        (100, 50, 1),
        (299_999, 50, 1500),
        (300_000, 50, 1500),
        (300_001, 100, 3000),
        (499_999, 100, 5000),
        (500_000, 100, 5000),
        (500_001, 150, 7500),
        (999_999, 150, 15_000),
        (1_000_000, 150, 15_000),
        (1_000_001, 200, 20_000),
        (5_000_000, 200, 100_000),
        (5_000_025, 200, 100_001),
    ],
)
def test_the_whole_base_pays_the_rate_of_its_band(income: IncomeKind, base_fen: int, rate: int, monthly_fen: int) -> None:
    assert (rate_of(income, base_fen, rules()), by_table(income, base_fen, rules())) == (rate, monthly_fen)


@pytest.mark.parametrize(
    ("base_fen", "rate", "monthly_fen"),
    [(300_001, 50, 1500), (499_999, 50, 2500), (500_000, 50, 2500), (500_001, 100, 5000), (1_000_001, 100, 10_000)],
)
def test_a_pension_has_two_bands(base_fen: int, rate: int, monthly_fen: int) -> None:
    assert (rate_of(RETIRED, base_fen, rules()), by_table(RETIRED, base_fen, rules())) == (rate, monthly_fen)


@pytest.mark.parametrize("income", [IncomeKind.FARMER, IncomeKind.STUDENT, IncomeKind.UNEMPLOYED, IncomeKind.RELIEF])
def test_some_pay_a_fixed_amount_whatever_the_base(income: IncomeKind) -> None:
    assert (rate_of(income, 999_999, rules()), by_table(income, 999_999, rules())) == (None, 20)


@pytest.mark.parametrize(
    ("numerator", "denominator", "unit", "rounded"),
    [
        (14_999, 10_000, 1, 1),
        (15_000, 10_000, 1, 2),
        (15_001, 10_000, 1, 2),
        (25_000, 10_000, 1, 3),
        (4, 1, 10, 0),
        (5, 1, 10, 10),
        (14, 1, 10, 10),
        (15, 1, 10, 20),
        (0, 7, 1, 0),
    ],
)
def test_half_is_rounded_up_to_the_unit(numerator: int, denominator: int, unit: int, rounded: int) -> None:
    assert half_up(numerator, denominator, unit) == rounded


@given(st.integers(0, 10**11), st.integers(1, 200), st.sampled_from([1, 10, 100]))
def test_rounding_is_never_off_by_more_than_half_a_unit(base_fen: int, rate: int, unit: int) -> None:
    rounded = half_up(base_fen * rate, 10_000, unit)
    assert rounded % unit == 0
    assert (
        -unit * 10_000 < 2 * (base_fen * rate - rounded * 10_000) < unit * 10_000
        or 2 * (rounded * 10_000 - base_fen * rate) == unit * 10_000
    )


@given(st.integers(0, 10**9), st.integers(0, 10**9))
def test_who_earns_more_never_pays_less(one: int, other: int) -> None:
    low, high = sorted((one, other))
    assert by_table(SALARY, low, rules()) <= by_table(SALARY, high, rules())


def test_an_office_may_round_to_a_tenth_of_a_yuan() -> None:
    assert [by_table(SALARY, base, rules(dues__rounding=10)) for base in (100_000, 100_999, 101_000)] == [500, 500, 510]


def test_a_changed_table_is_used_as_it_stands() -> None:
    changed = rules(**{"dues.rates.salary": [[100_000, 10], [0, 20]]})
    assert [by_table(SALARY, base, changed) for base in (100_000, 100_001)] == [100, 200]


@pytest.mark.parametrize(
    ("income", "table_fen", "monthly_fen", "fits"),
    [
        (SALARY, 1500, 1500, True),
        (SALARY, 1500, 1499, False),
        (SALARY, 1500, 1501, False),
        (SALARY, 100_000, 100_000, True),
        (SALARY, 150_000, 100_000, True),
        (SALARY, 150_000, 150_000, True),
        (SALARY, 150_000, 120_000, False),
        (FARMER, 20, 19, False),
        (FARMER, 20, 20, True),
        (FARMER, 20, 100, True),
        (FARMER, 20, 101, False),
        (IncomeKind.STUDENT, 20, 20, True),
        (IncomeKind.STUDENT, 20, 21, False),
    ],
)
def test_what_the_standard_gives(income: IncomeKind, table_fen: int, monthly_fen: int, *, fits: bool) -> None:
    assert conforms(income, table_fen, monthly_fen, rules()) is fits


@pytest.mark.parametrize(("table_fen", "month_fen"), [(99_999, 99_999), (100_000, 100_000), (100_001, 100_000)])
def test_the_ceiling_of_a_month(table_fen: int, month_fen: int) -> None:
    assert capped(table_fen, rules()) == month_fen


@pytest.mark.parametrize(("amount_fen", "text"), [(0, "0.00"), (5, "0.05"), (1500, "15.00"), (850_010, "8500.10"), (-150, "-1.50")])
def test_an_amount_is_written_in_yuan(amount_fen: int, text: str) -> None:
    assert as_yuan(amount_fen) == text


@pytest.mark.parametrize(
    ("months", "run"),
    [
        ((), 0),
        (("2026-01",), 1),
        (("2026-01", "2026-02"), 2),
        (("2026-01", "2026-03"), 1),
        (("2025-11", "2025-12", "2026-01"), 3),
        (("2025-12", "2026-12"), 1),
        (("2026-01", "2026-02", "2026-04", "2026-05", "2026-06"), 3),
        (("2026-01", "2026-02", "2026-03", "2026-05"), 3),
    ],
)
def test_only_consecutive_months_make_a_run(months: tuple[str, ...], run: int) -> None:
    assert longest_run(months) == run
