"""Every text of every command has a bound, and control characters are found wherever they hide."""

from typing import Any

import pytest
from msgspec import inspect

from events.store.codec import canonical
from service.bus import CONTROL
from service.decide.base import command_name
from service.decide.catalog import CASES

FREE = {"change-rule.value"}
"""What a setting may be is said by the pack: the decider compares."""


@pytest.mark.parametrize(
    ("text", "found"), [("\0", True), ("\\\0", True), ("\\u0000", False), ("\\\\\0", True), ("\t\r\n", False), ("\f", True)]
)
def test_control_characters_are_found_in_canonical_json(text: str, found: bool):
    assert bool(CONTROL.search(canonical({"text": text}))) is found


def unbounded(kind: Any, path: str) -> list[str]:
    """The texts below this type that have neither a length nor a shape."""
    match kind:
        case inspect.StrType():
            return [path] if kind.max_length is None and kind.pattern is None else []
        case inspect.UnionType():
            return [found for part in kind.types for found in unbounded(part, path)]
        case inspect.VarTupleType():
            return unbounded(kind.item_type, f"{path}[]")
        case inspect.StructType():
            return [found for field in kind.fields for found in unbounded(field.type, f"{path}.{field.name}")]
        case inspect.Metadata():
            return unbounded(kind.type, path)
        case _:
            return []


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_every_text_of_every_command_has_a_bound(case: Any):
    assert set(unbounded(inspect.type_info(case.command), command_name(case.command))) <= FREE
