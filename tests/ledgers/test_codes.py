"""The code lists: whole, in their order, shown as texts on paper."""

import pytest

from projections.standard.codes import CODES, text_of


@pytest.mark.parametrize(
    ("codes", "number", "first", "last"),
    [("nation", 58, "01", "92"), ("education", 20, "11", "9"), ("work", 49, "011", "613"), ("conduct", 7, "C1", "C7")],
)
def test_the_lists_are_whole_and_in_order(codes, number, first, last):
    assert (len(CODES[codes]), next(iter(CODES[codes])), next(reversed(CODES[codes]))) == (number, first, last)


@pytest.mark.parametrize(
    ("codes", "code", "text"),
    [
        ("nation", "11", "满族"),
        ("education", "1A", "中央党校研究生"),
        ("work", "502", "退休人员"),
        ("nation", "99", "99"),
        ("work", None, None),
    ],
)
def test_a_form_shows_the_text(codes, code, text):
    assert text_of(codes, code) == text
