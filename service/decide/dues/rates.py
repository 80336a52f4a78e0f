"""The rate table of party dues: whole base, not marginal; integers only (R-D Art. 1-6, R-D01, R-D05)."""

from events.base import Fen
from events.dues import IncomeKind
from projections.standard.rules import Rules

PER = 10_000
"""Rates are in ten-thousandths: 50 is 0.5 %."""

TABLES = {
    IncomeKind.SALARY: "dues.rates.salary",
    IncomeKind.ANNUAL_SALARY: "dues.rates.annual_salary",
    IncomeKind.SELF_EMPLOYED: "dues.rates.self_employed",
    IncomeKind.RETIRED: "dues.rates.retired",
}
"""Income -> setting with `[[upper bound in fen, inclusive; 0 for none, rate], ...]`."""

FIXED = {
    IncomeKind.FARMER: ("dues.fixed.farmer_fen", "dues.fixed.farmer_max_fen"),
    IncomeKind.STUDENT: ("dues.fixed.low_income_fen", "dues.fixed.low_income_fen"),
    IncomeKind.UNEMPLOYED: ("dues.fixed.low_income_fen", "dues.fixed.low_income_fen"),
    IncomeKind.RELIEF: ("dues.fixed.low_income_fen", "dues.fixed.low_income_fen"),
}
"""Income -> settings with the usual and the highest fixed monthly amount."""


def rate_of(income: IncomeKind, base_fen: Fen, rules: Rules) -> int | None:
    """The one rate that applies to the whole base; None for a fixed amount."""
    if income in FIXED:
        return None
    for upper_fen, rate in rules.table(TABLES[income]):
        if upper_fen in (0, None) or base_fen <= upper_fen:
            return int(rate)
    raise AssertionError(f"{TABLES[income]} has no open upper band")


def by_table(income: IncomeKind, base_fen: Fen, rules: Rules) -> Fen:
    """What the table gives for a month, half up to the rounding unit (`dues.rounding`, in fen), without the ceiling."""
    rate = rate_of(income, base_fen, rules)
    if rate is None:
        return rules.number(FIXED[income][0])
    return half_up(base_fen * rate, PER, rules.number("dues.rounding"))


def half_up(numerator: int, denominator: int, unit: int) -> int:
    """`numerator / denominator`, not negative, rounded half up to a multiple of `unit`."""
    return (2 * numerator + denominator * unit) // (2 * denominator * unit) * unit


def conforms(income: IncomeKind, by_table_fen: Fen, monthly_fen: Fen, rules: Rules) -> bool:
    """Whether an amount is what the standard gives: the table capped at the ceiling, or inside the range of a fixed amount."""
    if income in FIXED:
        low, high = (rules.number(key) for key in FIXED[income])
        return low <= monthly_fen <= high
    return monthly_fen in (by_table_fen, capped(by_table_fen, rules))


def capped(by_table_fen: Fen, rules: Rules) -> Fen:
    """The table's amount under the monthly ceiling (R-D05)."""
    return min(by_table_fen, rules.number("dues.max_month_fen"))


def as_yuan(amount_fen: Fen) -> str:
    """Fen as decimal yuan, `8500.00`."""
    sign = "-" if amount_fen < 0 else ""
    return f"{sign}{abs(amount_fen) // 100}.{abs(amount_fen) % 100:02d}"
