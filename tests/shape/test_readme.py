"""What the README says is so: its map is the tree, its commands exist, its links lead somewhere."""

import argparse
import re
import subprocess

import pytest

from projections.standard.pack import default_pack
from service.cli import main, parser
from tests.shape.source import ROOT, name, tracked

README = (ROOT / "README.md").read_text()
ROOMS = ("events", "projections", "service", "admin", "migrations")


def block(mark: str) -> list[str]:
    found = re.search(rf"<!-- {mark} -->\n```\w*\n(.*?)```", README, re.DOTALL)
    assert found, f"README has no block marked {mark}"
    return found[1].splitlines()


def mapped() -> list[str]:
    return [line.split()[0] for line in block("map")]


def subcommands() -> dict[str, str]:
    action = next(action for action in parser()._actions if isinstance(action, argparse._SubParsersAction))
    return {choice.dest: choice.help or "" for choice in action._choices_actions}


def test_every_place_on_the_map_exists():
    assert [place for place in mapped() if not (ROOT / place).exists() or place.endswith("/") != (ROOT / place).is_dir()] == []


def test_every_folder_of_code_is_on_the_map():
    folders = {name(path.parent) + "/" for path in tracked() if path.suffix == ".py" and path.relative_to(ROOT).parts[0] in ROOMS}
    shallow = {folder for folder in folders if folder.count("/") <= 2 and folder != "migrations/versions/"}
    assert shallow - set(mapped()) == set()


def test_the_command_line_is_listed_with_its_own_words():
    listed = {line.split()[1]: line.split("# ")[1] for line in block("commands")}
    assert listed == subcommands()


@pytest.mark.parametrize("command", subcommands())
def test_every_command_explains_itself(command, capsys):
    with pytest.raises(SystemExit) as left:
        main([command, "--help"])
    assert left.value.code == 0
    assert subcommands()[command] in " ".join(capsys.readouterr().out.split())


def test_the_two_commands_are_targets_of_make():
    for target in ("run", "test"):
        done = subprocess.run(["make", "--dry-run", target], cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr


def test_files_that_the_pages_name_are_there():
    pages = {page: (ROOT / page).read_text() for page in ("README.md", "deploy/RUNBOOK.md")}
    rooms = "|".join((*ROOMS, "deploy", "tests"))
    named = {path for text in pages.values() for path in re.findall(rf"(?<![\w/])(?:{rooms})/[\w./-]*\w", text)}
    assert sorted(path for path in named if not (ROOT / path).exists()) == []


def norms() -> list[list[str]]:
    found = re.search(r"<!-- norms -->\n(.*?)<!-- end -->", README, re.DOTALL)
    assert found, "README has no table of norms"
    return [[cell.strip() for cell in line.strip("|\n").split("|")] for line in found[1].splitlines()[2:]]


def test_the_table_of_norms_is_that_of_the_standard():
    standard = [(norm.id, norm.zh, norm.en) for norm in default_pack().standard.norm]
    assert [tuple(row[:3]) for row in norms()] == standard


@pytest.mark.parametrize("row", norms(), ids=lambda row: row[0])
def test_a_norm_works_only_when_a_test_walks_it(row):
    *_, state, walked = row
    file, _, function = walked.strip("`").partition("::")
    assert state == "works"
    assert f"def {function}(" in (ROOT / file).read_text(encoding="utf-8")
