"""Cells as offices fill them are read, or refused with a reason."""

import datetime as dt

import pytest

from service.imports import cells

DAY = dt.date(2010, 9, 1)


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("2010-09-01", DAY),
        ("2010.09", DAY),
        ("2010.9.1", DAY),
        ("201009", DAY),
        ("20100901", DAY),
        ("2010/9/1", DAY),
        ("2010年9月1日", DAY),
        ("2010年9月", DAY),
        (" ２０１０．０９ ", DAY),
        (DAY, DAY),
        (201009.0, DAY),
        (20100901.0, DAY),
        (40422.0, DAY),
        (None, None),
        ("  ", None),
    ],
)
def test_a_date_is_read_in_every_form_that_offices_write(value, day):
    assert cells.date(value) == day


@pytest.mark.parametrize("value", ["2010-13-01", "2010-02-30", "某年", "10.9.1", 2010.1, 1.0, "1203.01"])
def test_what_is_no_date_is_refused_with_a_reason_in_both_languages(value):
    with pytest.raises(cells.Misread) as misread:
        cells.date(value)
    assert misread.value.zh
    assert misread.value.en


def test_an_id_number_with_a_valid_check_digit_is_accepted_in_an_unassigned_region():
    assert cells.id_number("99010119880816057 4") == "990101198808160574"


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (
            990101198808160574.0,
            "the ID number is stored as a number and has lost its last digits; make the column text and fill it in again",
        ),
        ("990101198808160575", "the check digit of the ID number is wrong"),
        ("99010119880816057", "an ID number has 18 characters"),
        ("990101198813160579", "the ID number holds no true birthday"),
    ],
)
def test_a_wrong_id_number_is_refused_with_the_clear_reason(value, reason):
    with pytest.raises(cells.Misread, match=reason):
        cells.id_number(value)


@pytest.mark.parametrize(
    ("value", "fen"),
    [
        (15.0, 1500),
        (15.07, 1507),
        (0.2, 20),
        ("15.50", 1550),
        ("1,015元", 101_500),
        ("￥3", 300),
        ("—", None),
        (None, None),
        (0.1 + 0.2, 30),
    ],
)
def test_an_amount_in_yuan_becomes_integer_fen(value, fen):
    assert cells.fen(value) == fen


@pytest.mark.parametrize("value", [15.001, "1.555", "十五元", "nan"])
def test_an_amount_that_is_no_whole_number_of_fen_is_refused(value):
    with pytest.raises(cells.Misread):
        cells.fen(value)


@pytest.mark.parametrize(
    ("value", "pair"),
    [
        ("01 汉族", ("01", "汉族")),
        ("1A中央党校研究生", ("1A", "中央党校研究生")),
        ("011 公务员", ("011", "公务员")),
        ("汉族", (None, "汉族")),
        (None, (None, None)),
    ],
)
def test_a_coded_cell_holds_code_and_text(value, pair):
    assert cells.coded(value) == pair


@pytest.mark.parametrize(
    ("value", "digits"),
    [(12_000_000_001.0, "12000000001"), ("0999-8100037", "09998100037"), ("１２０ 0000 0001", "12000000001"), (None, None)],
)
def test_a_telephone_number_is_read_from_text_and_number(value, digits):
    assert cells.phone(value) == digits


@pytest.mark.parametrize(("value", "name"), [("李　明", "李明"), (" 欧阳 明 ", "欧阳明"), ("古丽 · 阿依", "古丽·阿依"), (None, None)])
def test_blanks_inside_a_name_are_only_layout(value, name):
    assert cells.name(value) == name


@pytest.mark.parametrize("value", [12.0, "张3"])
def test_what_holds_digits_is_no_name(value):
    with pytest.raises(cells.Misread):
        cells.name(value)
