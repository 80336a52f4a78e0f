"""Everything is said in both languages, sqladmin's own strings too, and nothing in the catalogue is left over."""

import re
from collections.abc import Iterator

import pytest

from admin import words
from admin.fields import Field, command_fields
from service.decide.catalog import CASES
from tests.desk.sentences import in_code, in_sqladmin, in_templates

SAID = in_templates() | in_code() | in_sqladmin()


def test_every_sentence_has_its_chinese():
    assert SAID - words.CATALOGUE.keys() == set()


def test_the_catalogue_holds_nothing_that_is_never_said():
    assert words.CATALOGUE.keys() - SAID == set()


def test_places_for_values_are_the_same_in_both_languages():
    def places(text: str) -> list[str]:
        return sorted(re.findall(r"%\(\w+\)[sd]|\{\w+\}", text))

    assert {key for key, zh in words.CATALOGUE.items() if places(key) != places(zh)} == set()


def test_sqladmin_still_says_what_we_translate():
    assert len(in_sqladmin()) >= 50


@pytest.mark.parametrize(("asked", "tag"), [("zh", "zh-CN"), ("en", "en"), (None, "zh-CN"), ("fr", "zh-CN"), ("../etc", "zh-CN")])
def test_chinese_is_spoken_unless_english_is_asked_for(asked, tag):
    words.use(asked)
    assert words.language_tag() == tag


def test_a_count_has_its_form():
    words.use("en")
    assert [words.ngettext("%(num)d day", "%(num)d days", n) for n in (1, 2)] == ["%(num)d day", "%(num)d days"]
    words.use("zh")
    assert words.ngettext("%(num)d day", "%(num)d days", 1) == "%(num)d 天"


def _every(fields: tuple[Field, ...]) -> Iterator[Field]:
    for field in fields:
        yield field
        yield from _every(field.parts)


def test_a_help_beside_a_field_is_in_both_languages():
    helps = {
        f"{name}.{field.name}": (field.help_zh, field.help_en)
        for name, case in CASES.items()
        for field in _every(command_fields(case.command))
    }
    assert {name for name, texts in helps.items() if any(texts) and not all(texts)} == set()
