"""A new kind of event with its ledger row touches three files (design, section 3): tried on a copy of the project."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.shape.source import ROOT, name, tracked

EDITS = tomllib.loads((ROOT / "tests" / "shape" / "trial_dues_waived.toml").read_text())["edit"]
FILES = ["events/dues.py", "projections/ledgers/l04_dues.py", "service/decide/dues/state.py"]


def digests(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*.*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def edit(folder: Path) -> None:
    for change in EDITS:
        path = folder / change["file"]
        text = path.read_text()
        assert text.count(change["before"]) == 1, f"{change['file']}: not once: {change['before']}"
        path.write_text(text.replace(change["before"], change["text"].lstrip("\n") + change["before"]))


def run(folder: Path, *argv: str) -> str:
    """A program of the copy, which sees nothing of the original."""
    environ = {**os.environ, "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run([sys.executable, *argv], cwd=folder, env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def trial(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """A copy with the new event, and the files that differ."""
    folder = tmp_path_factory.mktemp("copy")
    for path in tracked():
        target = folder / name(path)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    before = digests(folder)
    edit(folder)
    return folder, sorted(file for file, digest in digests(folder).items() if digest != before.get(file))


def test_three_files_give_the_operation_the_form_and_the_row(trial):
    folder, changed = trial
    assert changed == FILES
    assert json.loads(run(folder, "tests/shape/prove_dues_waived.py")) == {
        "operations": ["/orgs/{org_id:str}/commands/waive-dues"],
        "operation_title": "免收党费 · Waive dues",
        "form": [
            ["occurred_on", "发生日期", "DATE"],
            ["person_id", "党员", "PERSON"],
            ["month", "月份", "MONTH"],
            ["approval_no", "上级批准文号", "TEXT"],
            ["late_reason", "补录原因", "LONG"],
        ],
        "year_due": 11 * 1_500,
    }


def test_the_house_accepts_them(trial):
    """Types, contracts, and the shape of events and commands; a golden payload and tests are still to be written."""
    folder, _ = trial
    run(folder, "-m", "mypy", "--no-incremental", *FILES)
    run(folder, "-c", "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))")
    shape = ("-m", "pytest", "-q", "-p", "no:cacheprovider")
    run(folder, *shape, "tests/shape/test_events.py", "-k", "dues.waived")
    run(folder, *shape, "tests/shape/test_commands.py", "-k", "waive-dues and not decides")
