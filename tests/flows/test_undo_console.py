"""`branchbook import --runs` and `--undo RUN`: rehearsed first, taken back when asked to, exit code 1 when something stands."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from events.members import RegistrationWithdrawn
from service.cli import main
from service.config import Settings
from service.logs import configure
from service.parts import opened
from tests.flows.import_world import B1
from tests.flows.undo_world import ANNAS_DUES, Record, dues, members


@pytest.fixture
def logs() -> Iterator[None]:
    """The command line logs on the stderr that it finds; what comes after this file finds its own again."""
    yield
    configure()


@pytest.fixture
def settings(logs: None, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """An installation with two members and the dues of one, each imported from a workbook."""
    monkeypatch.setenv("BRANCHBOOK_HOME", str(tmp_path))
    monkeypatch.setenv("BRANCHBOOK_DATABASE_URL", database_url)
    found = Settings(home=tmp_path, database_url=database_url)
    asyncio.run(_imported(found))
    return found


async def _imported(settings: Settings) -> None:
    async with opened(settings) as parts:
        record = Record(parts.books)
        record.keys, record.bus = parts.keys, parts.bus
        await record.found()
        await record.imported(members())
        await record.imported(dues(ANNAS_DUES), minutes=1)


async def _withdrawn(settings: Settings) -> int:
    async with opened(settings) as parts:
        return sum(isinstance(fact.event, RegistrationWithdrawn) for fact in await parts.books.read(B1))


def run(capsys: pytest.CaptureFixture[str], *argv: str) -> tuple[int, dict]:
    code = main(["import", "--committee", "SL", "--json", *argv])
    return code, json.loads(capsys.readouterr().out)


def test_runs_are_listed_rehearsed_and_taken_back(settings: Settings, capsys: pytest.CaptureFixture[str]):
    code, listed = run(capsys, "--runs")
    assert (code, [(one["kind"], one["rows"], one["taken_back"]) for one in listed["runs"]]) == (
        0,
        [("dues", 1, None), ("roster", 2, None)],
    )
    of_dues, of_members = (one["run"] for one in listed["runs"])

    code, told = run(capsys, "--undo", of_members, "--record")
    assert (code, told["ok"], told["commands"]) == (1, False, {"stands": 2})
    assert [(one["row"], one["command"], "a payment of dues" in one["en"]) for one in told["stands"]] == [
        (4, "Register a member", True),
        (5, "Register a member", True),
    ]

    code, told = run(capsys, "--undo", of_dues)
    assert (code, told["recorded"], told["commands"]) == (0, False, {"taken_back": 3})
    assert run(capsys, "--undo", of_members)[0] == 1

    assert run(capsys, "--undo", of_dues, "--record", "--reason", "导错了")[0] == 0
    code, told = run(capsys, "--undo", of_members, "--record")
    assert (code, told["commands"], asyncio.run(_withdrawn(settings))) == (0, {"taken_back": 2}, 2)
    assert run(capsys, "--undo", of_members, "--record")[1] == told
    assert [(one["taken_back"], one["kept"]) for one in run(capsys, "--runs")[1]["runs"]] == [(3, 0), (2, 0)]


def test_in_words(settings: Settings, capsys: pytest.CaptureFixture[str]):
    assert main(["import", "--committee", "SL", "--runs"]) == 0
    newest = capsys.readouterr().out.splitlines()[0]
    assert "test.xlsx (dues), 1 rows" in newest
    assert main(["import", "--committee", "SL", "--undo", newest.split()[0]]) == 0
    assert capsys.readouterr().out.splitlines() == ["3 taken_back", "Nothing was taken back; --record does it."]


def test_a_run_that_there_is_not_is_told(settings: Settings, capsys: pytest.CaptureFixture[str]):
    assert main(["import", "--committee", "SL", "--undo", "r20260101-000000-000000"]) == 1
    assert "there is no import r20260101-000000-000000" in capsys.readouterr().err
    assert main(["import", "--committee", "SL"]) == 1
