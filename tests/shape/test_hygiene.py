"""Nothing of the machine it was written on is left in the files, and what is locked is locked."""

import re

import pytest

from tests.shape.source import ROOT, name, tracked

INDEX = "|".join(("py" + "pi", "python" + "hosted", r"(?<!emit-)index" + "-url", "find" + "-links"))
PLACES = "|".join(re.escape(place) for place in ("/wo" + "rk/", "/tmp/" + "bb", "/opt/" + "wheels", "/ro" + "ot/", "/home/" + "user"))
TEXT = {".py", ".md", ".toml", ".lock", ".sql", ".yaml", ".yml", ".cfg", ".html", ".css", ".js", ".service", ".json", ".csv", ".txt", ""}
LOCKED = re.compile(r"^([a-z0-9-]+(?:\[[a-z]+\])?)==(\S+)", re.MULTILINE)


def texts() -> dict[str, str]:
    return {name(path): path.read_text() for path in tracked() if path.suffix in TEXT}


@pytest.mark.parametrize("pattern", [INDEX, PLACES], ids=["index hosts", "machine paths"])
def test_no_file_names_a_package_index_or_a_path_of_a_machine(pattern):
    found = {file: sorted(set(hits)) for file, text in texts().items() if (hits := re.findall(pattern, text, re.IGNORECASE))}
    assert found == {}


def locked(lock: str) -> dict[str, str]:
    return dict(LOCKED.findall((ROOT / lock).read_text()))


def test_every_locked_package_has_a_hash():
    for lock in ("requirements.lock", "requirements-dev.lock"):
        blocks = re.split(r"\n(?=\S)", (ROOT / lock).read_text().strip())
        assert [block.split()[0] for block in blocks if "--hash=sha256:" not in block] == []


def test_the_tests_run_on_the_versions_that_run():
    both = locked("requirements-dev.lock")
    assert {package: both.get(package) for package in locked("requirements.lock")} == locked("requirements.lock")


def test_the_top_level_is_the_four_rooms_and_what_tools_need():
    rooms = {"pyproject.toml", "service", "events", "projections", "admin", "migrations", "deploy", "tests", "README.md"}
    tools = {"Makefile", "LICENSE", "requirements.lock", "requirements-dev.lock"}
    top = {path.relative_to(ROOT).parts[0] for path in tracked()}
    assert {entry for entry in top if not entry.startswith(".")} == rooms | tools
