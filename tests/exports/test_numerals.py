"""Capital numerals on letters and receipts."""

import pytest

from service.exports.numerals import capital, capital_money, capital_month, plain_year


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0, "零"),
        (1, "壹"),
        (10, "壹拾"),
        (30, "叁拾"),
        (90, "玖拾"),
        (101, "壹佰零壹"),
        (110, "壹佰壹拾"),
        (1005, "壹仟零伍"),
        (10_005, "壹万零伍"),
        (10_050, "壹万零伍拾"),
        (100_000, "壹拾万"),
        (1_000_005, "壹佰万零伍"),
        (10_010_000, "壹仟零壹万"),
        (100_010_000, "壹亿零壹万"),
        (120_034_005, "壹亿贰仟零叁万肆仟零伍"),
        (20_000_000_010, "贰佰亿零壹拾"),
    ],
)
def test_a_count_in_capital_numerals(number: int, text: str) -> None:
    assert capital(number) == text


@pytest.mark.parametrize(
    ("amount_fen", "text"),
    [
        (0, "零元整"),
        (5, "伍分"),
        (20, "贰角整"),
        (25, "贰角伍分"),
        (102, "壹元零贰分"),
        (1530, "壹拾伍元叁角整"),
        (100_000, "壹仟元整"),
        (100_005, "壹仟元零伍分"),
        (100_050, "壹仟元伍角整"),
        (-1500, "负壹拾伍元整"),
    ],
)
def test_an_amount_in_capital_numerals(amount_fen: int, text: str) -> None:
    assert capital_money(amount_fen) == text


def test_the_month_of_a_letter() -> None:
    assert [capital_month("2026-03"), capital_month("2019-12"), capital_month("2020-10")] == [
        "贰零贰陆年叁月",
        "贰零壹玖年壹拾贰月",
        "贰零贰零年壹拾月",
    ]


def test_the_year_of_a_heading() -> None:
    assert plain_year(2026) == "二〇二六年"
