"""The import contracts name every noun, so that a new file cannot escape them; and one door leads to the views."""

import ast
import tomllib
from pathlib import Path

from tests.shape.source import ROOT, name, python_files, tree

READERS = ("service/api/", "service/site/", "admin/")
CONTRACTS = {
    contract["name"]: contract for contract in tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
}


def nouns() -> set[str]:
    return {path.stem for path in (ROOT / "events").glob("*.py")} - {"__init__", "base", "catalog"}


def test_every_noun_is_independent_of_the_others():
    layers = CONTRACTS["The record: store > catalogue > nouns that do not know each other > base"]["layers"]
    assert set(layers[2].split(" | ")) == nouns()


def test_no_noun_knows_storage_web_or_work():
    sources = set(CONTRACTS["What happened knows no library of storage, web or work"]["source_modules"])
    assert sources == {f"events.{noun}" for noun in nouns() | {"base", "catalog"}}


def test_reads_go_through_the_one_door():
    """Design, section 6: whoever builds a query in the API or the desk goes round the reader's scope."""
    queries = {
        name(path): lines for path in python_files("service", "admin") if name(path).startswith(READERS) and (lines := selects(path))
    }
    assert queries == {}


def selects(path: Path) -> list[int]:
    calls = [node for node in ast.walk(tree(path)) if isinstance(node, ast.Call)]
    return [call.lineno for call in calls if getattr(call.func, "id", getattr(call.func, "attr", None)) == "select"]


def test_litestar_and_sqladmin_can_read_annotations():
    readers = [path for path in python_files("service", "admin") if name(path).startswith(READERS)]
    assert [name(path) for path in readers if "from __future__ import annotations" in path.read_text()] == []
