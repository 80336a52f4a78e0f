"""What every command has: a right, two titles, labels on all fields, and a test."""

import re
from typing import Any, get_args

import msgspec
import pytest

from events.catalog import EVENTS
from service.auth.rights import Right
from service.decide.base import Case, Command
from service.decide.catalog import CASES
from tests.shape.source import ROOT

every_case = pytest.mark.parametrize("case", CASES.values(), ids=list(CASES))
TESTS = "\n".join(path.read_text() for path in (ROOT / "tests" / "decide").glob("*.py"))


@every_case
def test_it_has_a_right(case: Case):
    assert case.right in Right


@every_case
def test_its_name_is_an_imperative_in_kebab_case(case: Case):
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", str(case.command.__struct_config__.tag))
    assert str(case.command.__struct_config__.tag) not in EVENTS


@every_case
def test_it_is_frozen_keyword_only_and_closed(case: Case):
    config = case.command.__struct_config__
    assert (config.frozen, config.forbid_unknown_fields) == (True, True)
    construct: Any = case.command
    with pytest.raises(TypeError, match=r"positional|Missing required"):
        construct(*[None] * len(case.command.__struct_fields__))


@every_case
def test_it_is_titled_in_both_languages_and_says_what_it_does(case: Case):
    assert re.search(r"[\u4e00-\u9fff]", case.command.zh)
    assert re.search(r"[A-Za-z]", case.command.en)
    assert len(case.command.__doc__ or "") > 10


@every_case
def test_every_field_is_labelled_in_both_languages(case: Case):
    bare = [field.name for field in msgspec.structs.fields(case.command) if not _labels(field.type)]
    assert bare == []


@every_case
def test_a_test_decides_it(case: Case):
    assert re.search(rf"\b{case.command.__name__}\b", TESTS)


def _labels(annotated: object) -> list[msgspec.Meta]:
    metas = [meta for meta in get_args(annotated)[1:] if isinstance(meta, msgspec.Meta)]
    return [meta for meta in metas if (meta.extra or {}).keys() >= {"zh", "en"}]


def test_commands_and_events_do_not_share_a_class():
    assert not {case.command for case in CASES.values()} & {event for event in EVENTS.values() if issubclass(event, Command)}
