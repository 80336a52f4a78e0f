"""Refusals in the language of the request, also what exactly was found."""

import pytest

from admin import words
from admin.refusals import PERSONAL, STAGES, refusal_text
from projections.standard.personal import PATTERNS
from service.decide.disclosure.state import Stage


@pytest.mark.parametrize(
    ("rule", "detail", "zh", "en"),
    [
        ("INV-084", "content holds a mobile number", "INV-084: 内容含手机号码", "INV-084: content holds a mobile number"),
        ("INV-082", "sent back", "INV-082: 审核退回", "INV-082: sent back"),
        ("INV-084", "secret", "INV-084: 机密", "INV-084: secret"),
        ("INV-058", "5 < 6", "INV-058: 5 < 6", "INV-058: 5 < 6"),
        ("INV-058", "", "(INV-058)", "(INV-058)"),
    ],
)
def test_a_refusal_says_what_was_found(rule: str, detail: str, zh: str, en: str):
    for language, text in (("zh", zh), ("en", en)):
        words.use(language)
        assert text in refusal_text(rule, detail)


def test_everything_that_openness_refuses_has_its_chinese():
    assert PERSONAL.keys() == {kind for kind, _ in PATTERNS} | {"a member's id"}
    assert STAGES.keys() == {stage.value for stage in Stage}
