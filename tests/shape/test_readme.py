"""What the README says is so: its map is the tree, its commands exist, its links lead somewhere."""

import argparse
import re
import subprocess

import pytest

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
