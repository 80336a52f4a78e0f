"""What a reader sees of a sensitive text without a purpose on record."""

import pytest

from projections.shapes import mask


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("13800000001", "*******0001"),
        ("99010119800307123X", "**************123X"),
        ("12345", "***"),
        ("家庭支出较大，长期吃药治疗", "***"),
        ("", "***"),
    ],
)
def test_a_long_number_keeps_its_end_and_a_text_not_even_its_length(text: str, shown: str):
    assert mask(text) == shown
