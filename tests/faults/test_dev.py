"""`branchbook dev` as a person uses it: start, kill, end, start again."""

import datetime as dt
import http.client
import io
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx
import openpyxl
import psutil
import psycopg
import pytest

from service.bus import LOCAL
from service.config import load
from tests.faults.test_children import until
from tests.servers import removed
from tests.standard.drafts import BEGINS, DEADLINE, NORM, RENAMED, files, write

ROOT = Path(__file__).parents[2]
READY = re.compile(r"ready after ([\d.]+) s")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Dev:
    """A run of the command in a home, with what it printed."""

    def __init__(self, home: Path, port: int) -> None:
        self.home = home
        self.port = port
        self.said = home.parent / "said.txt"
        kept = {name: value for name, value in os.environ.items() if not name.startswith("BRANCHBOOK_")}
        self.environ = kept | {"BRANCHBOOK_HOME": str(home), "BRANCHBOOK_PORT": str(port), "COLUMNS": "200"}
        with self.said.open("w") as said:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "service.cli", "dev"], env=self.environ, cwd=ROOT, stdout=said, stderr=subprocess.STDOUT
            )

    def text(self) -> str:
        return self.said.read_text()

    def ready_s(self) -> float:
        until(lambda: READY.search(self.text()) or self.process.poll() is not None, 300)
        found = READY.search(self.text())
        assert found, self.text()
        return float(found[1])

    def children(self) -> dict[str, psutil.Process]:
        """By program, our own by command. A child that ends while it is looked at is none."""
        named = {}
        for child in psutil.Process(self.process.pid).children():
            with suppress(psutil.NoSuchProcess):
                if child.status() != psutil.STATUS_ZOMBIE:
                    named[self.named(child)] = child
        return named

    @staticmethod
    def named(child: psutil.Process) -> str:
        program = Path(child.exe()).name
        return child.cmdline()[3] if program.startswith("python") else program

    def get(self, path: str) -> int:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", path)
            return connection.getresponse().status
        except OSError:
            return 0
        finally:
            connection.close()

    def end(self, number: signal.Signals = signal.SIGINT) -> int:
        self.process.send_signal(number)
        return self.process.wait(60)


def events(home: Path) -> int:
    with psycopg.connect(load({"BRANCHBOOK_HOME": str(home)}).database()) as connection:
        row = connection.execute("select count(*) from record.page").fetchone()
        return int(row[0])


def answers(home: Path) -> bool:
    try:
        return events(home) >= 0
    except psycopg.OperationalError:
        return False


@pytest.fixture(scope="module")
def dev(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dev]:
    with removed(tmp_path_factory.mktemp("dev") / "home") as home:
        run = Dev(home, free_port())
        yield run
        if run.process.poll() is None:
            run.end()


def test_a_first_start_records_the_example_and_serves(dev: Dev):
    dev.ready_s()
    assert (dev.get("/healthz"), dev.get("/readyz")) == (200, 200)
    assert events(dev.home) >= 5_000


def test_it_writes_the_accounts_of_every_role(dev: Dev):
    accounts = json.loads((dev.home / "accounts.json").read_text())
    assert {account["role"] for account in accounts} >= {"committee_officer", "secretary", "auditor", "member", "integrator"}
    assert all(account.get("password") or account.get("token") for account in accounts)


def test_another_run_on_the_same_home_is_told_so(dev: Dev):
    asked = subprocess.run(
        [sys.executable, "-m", "service.cli", "dev"],
        env=dev.environ | {"BRANCHBOOK_PORT": str(free_port())},
        capture_output=True,
        text=True,
        check=False,
    )
    assert asked.returncode == 1
    assert f"is in use by another `branchbook dev` (process {dev.process.pid})" in " ".join(asked.stderr.split())


def test_a_port_that_is_taken_is_one_clear_line(dev: Dev, tmp_path: Path):
    asked = subprocess.run(
        [sys.executable, "-m", "service.cli", "dev"],
        env=dev.environ | {"BRANCHBOOK_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (asked.returncode, asked.stdout) == (1, "")
    assert " ".join(asked.stderr.split()) == (
        f"branchbook dev: 127.0.0.1:{dev.port} cannot be used (Address already in use); BRANCHBOOK_PORT chooses another port"
    )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["serve", "follow", "work", "valkey-server", "postgres"])
def test_whoever_is_killed_comes_back_by_itself(dev: Dev, name: str):
    killed = dev.children()[name]
    killed.kill()
    until(lambda: name in (now := dev.children()) and now[name].pid != killed.pid, 60)
    until(lambda: dev.get("/readyz") == http.client.OK and answers(dev.home), 60)


def test_verify_finds_the_servers_of_the_running_dev(dev: Dev):
    before = events(dev.home)
    asked = subprocess.run(
        [sys.executable, "-m", "service.cli", "verify", "--json"], env=dev.environ, capture_output=True, text=True, check=False
    )
    verdict = json.loads(asked.stdout)
    assert (asked.returncode, verdict["ok"], verdict["first_fault"]) == (0, True, None)
    assert before <= verdict["events"] == verdict["position"] + 1 <= events(dev.home), "the worker records meanwhile"


def standard(dev: Dev, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "service.cli", "standard", *arguments], env=dev.environ, capture_output=True, text=True, check=False
    )


@contextmanager
def auditor(dev: Dev) -> Iterator[httpx.Client]:
    """A client that is signed in and may see everything."""
    account = next(one for one in json.loads((dev.home / "accounts.json").read_text()) if one["role"] == "auditor")
    with httpx.Client(base_url=f"http://127.0.0.1:{dev.port}/api/v1", timeout=20) as client:
        token = client.post("/sessions", json={"login": account["login"], "password": account["password"]}).json()["token"]
        client.headers["authorization"] = f"Bearer {token}"
        yield client


def in_use(client: httpx.Client) -> str:
    """Empty while the server starts again."""
    try:
        return str(client.get("/standard/versions").json()["in_use"]["version"])
    except httpx.HTTPError:
        return ""


def test_a_draft_that_would_rewrite_the_past_is_not_published(dev: Dev, tmp_path: Path):
    write(tmp_path, files(("scoring.toml", "points = 7", "points = 8")))
    asked = standard(dev, "publish", "--pack", str(tmp_path), "--reason", "示例文件1号")
    assert (asked.returncode, asked.stdout) == (1, "")
    assert "scheme 2019-01-01: is in force already" in asked.stderr


def test_a_published_standard_is_taken_up_by_every_process_and_closed_years_stay(dev: Dev, tmp_path: Path):
    year = dt.datetime.now(LOCAL).year + 1
    drafted = files(RENAMED, more={"norms.toml": NORM, "deadlines.toml": DEADLINE})
    write(tmp_path, {name: text.replace(BEGINS, f"{year}-01-01") for name, text in drafted.items()})
    with auditor(dev) as client:
        closed = client.get("/orgs/SL-B01/scores/2025").json()["score"]
        before = dev.children()
        published = json.loads(standard(dev, "publish", "--pack", str(tmp_path), "--reason", "示例文件1号", "--json").stdout)
        assert [change["id"] for change in published["changes"]] == ["L01.roll", "L01.roll", "N27", "N27.T01", "DL-90"]
        until(lambda: in_use(client) == "2027", 60)
        until(lambda: all(dev.children().get(name, before[name]).pid != before[name].pid for name in ("follow", "work")), 60)
        due = f"/orgs/SL-B01/obligations?from={year}-01-01&to={year}-03-31&limit=200"
        until(
            lambda: {f"DL-90:{year}-01", f"DL-90:{year}-02"} <= {one["obligation_id"] for one in client.get(due).json()["obligations"]}, 60
        )
        assert client.get("/orgs/SL-B01/scores/2025").json()["score"] == closed | {"pack": "2027"}
        told = client.get("/standard/versions", params={"on": f"{year - 1}-12-31"}).json()
        assert (told["in_force"], told["versions"][0]["sha256"]) == ("shipped", published["sha256"])
        assert client.get("/standard/versions", params={"on": f"{year}-01-01"}).json()["in_force"] == "2027"
    again = json.loads(standard(dev, "publish", "--pack", str(tmp_path), "--reason", "示例文件1号", "--json").stdout)
    assert (again["event_id"], again["changes"]) == (published["event_id"], [])
    assert standard(dev, "diff", "--pack", str(tmp_path)).stdout.strip() == "no difference"


def test_a_register_is_called_as_the_published_standard_says(dev: Dev):
    with auditor(dev) as client:
        page = client.get("/orgs/SL-B01/ledgers/L01?register=roll&limit=1").json()
        assert (page["zh"], page["en"]) == ("党员名册：甲/乙", "Who belongs")
        desk = f"http://127.0.0.1:{dev.port}/admin/b/SL-B01/ledgers"
        cookies = {"sid": client.headers["authorization"].removeprefix("Bearer "), "lang": "en"}
        shown = [httpx.get(f"{desk}{path}", cookies=cookies, timeout=20).text for path in ("", "/L01/roll", "/L01/groups")]
        assert [("Who belongs" in text, "Roll of members" in text) for text in shown] == [(True, False)] * 3
        books = [
            client.get("/orgs/SL-B01/ledgers/L01.xlsx?register=roll"),
            httpx.get(f"{desk}/L01/roll/xlsx", cookies=cookies, timeout=20),
        ]
        assert [openpyxl.load_workbook(io.BytesIO(book.content)).sheetnames for book in books] == [["党员名册：甲 乙"]] * 2
    told = subprocess.run(
        [sys.executable, "-m", "service.cli", "export", "SL-B01", "roll", "--json"],
        env=dev.environ,
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(told.stdout)["zh"] == "党员名册：甲/乙"


def test_ctrl_c_ends_everything_and_the_next_start_finds_the_data(dev: Dev):
    recorded = events(dev.home)
    children = list(dev.children().values())
    assert dev.end() == 0
    assert not any(child.is_running() for child in children)
    assert not (dev.home / "running.json").exists()
    again = Dev(dev.home, dev.port)
    again.ready_s()
    assert events(again.home) >= recorded
    assert again.end(signal.SIGTERM) == 0


def test_after_a_kill_of_the_whole_run_the_next_start_takes_over(dev: Dev):
    hurt = Dev(dev.home, dev.port)
    hurt.ready_s()
    recorded, left = events(dev.home), hurt.children()
    hurt.process.kill()
    hurt.process.wait()
    until(lambda: not any(left[name].is_running() for name in ("serve", "follow", "work")), 15)
    time.sleep(0.1)
    again = Dev(dev.home, dev.port)
    again.ready_s()
    assert events(again.home) >= recorded
    assert not left["postgres"].is_running()
    assert again.end() == 0
