"""Every refusal of the rule sheet is raised somewhere, or recorded as an outcome, and some test names it."""

import ast
import functools
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from projections.standard.refusals import refusals
from tests.shape.source import python_files, tree

INV = re.compile(r"INV-\d{3}\Z")
IN_NAME = re.compile(r"INV_(\d{3})")


def literals(node: ast.AST) -> Iterator[str]:
    """The rules that stand as a value of their own: docstrings do not count, nor does the `rule` that a procedure step shows."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.keyword) and child.arg == "rule":
            continue
        if isinstance(child, ast.Constant) and isinstance(child.value, str) and INV.match(child.value):
            yield child.value
        yield from literals(child)


def named_by_tests(path: Path) -> Iterator[str]:
    """What a test expects by name, or has in its own name."""
    yield from literals(tree(path))
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield from (f"INV-{number}" for number in IN_NAME.findall(node.name))


RULES = [f"INV-{number:03d}" for number in range(1, 101)]


@functools.cache
def raised() -> frozenset[str]:
    return frozenset(rule for path in python_files("service") for rule in literals(tree(path)))


@functools.cache
def named() -> frozenset[str]:
    tests = (path for path in python_files("tests") if path.name.startswith("test_") and path != Path(__file__))
    return frozenset(rule for path in tests for rule in named_by_tests(path))


def test_every_refusal_of_the_sheet_has_its_text():
    assert sorted(refusals()) == RULES


@pytest.mark.parametrize("rule", RULES)
def test_every_refusal_is_raised_or_recorded(rule: str):
    assert rule in raised()


@pytest.mark.parametrize("rule", RULES)
def test_every_refusal_is_named_by_a_test(rule: str):
    assert rule in named()


def test_nothing_else_is_raised():
    assert set(RULES) >= raised()
