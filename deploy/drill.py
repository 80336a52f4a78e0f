"""Backup drill: pg_basebackup -> pg_verifybackup -> start the copy beside the original -> `branchbook verify` on it.

The copy must hold at least what the original held when the drill began, with the same past: the original's checkpoint
is what the copy is verified against. Run it on the machine that keeps the backups:

    python deploy/drill.py postgresql://backup@db.example/branchbook --home /var/lib/branchbook/drill

The exit code is 0 when the copy is sound. `--json` prints one object for the monitoring.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import msgspec  # noqa: E402 - the project is not installed, it is run where it lies

from service import embedded  # noqa: E402
from service.children import StartFailed, Supervisor, ToolFailed  # noqa: E402


class DrillFailed(Exception):
    """The step that failed and why."""


def drill(url: str, home: Path, programs: Path | None) -> dict[str, Any]:
    """The verdict on the restored copy, with the seconds that each step took."""
    seconds: dict[str, float] = {}
    layout = embedded.prepare(home)
    if programs is not None:
        layout = msgspec.structs.replace(layout, programs=programs)
    try:
        with timed(seconds, "original"):
            original = verify(url)
        with timed(seconds, "backup"):
            back_up(url, layout)
        with Supervisor(print) as keep:
            with timed(seconds, "restore"):
                keep.start(embedded.postgres(layout))
            with timed(seconds, "verify"):
                restored = verify(layout.url_of(urlsplit(url).path[1:]), held=f"{original['events']}:{original['root']}")
    finally:
        shutil.rmtree(layout.data, ignore_errors=True)
    return restored | {"original_events": original["events"], "seconds": seconds}


def back_up(url: str, layout: embedded.Layout) -> None:
    """A whole copy with its write-ahead log, each file checked against the manifest's SHA-256."""
    shutil.rmtree(layout.data, ignore_errors=True)
    source = ("--dbname", url, "--pgdata", str(layout.data))
    embedded.run_tool(layout, "pg_basebackup", *source, "--wal-method=stream", "--checkpoint=fast", "--manifest-checksums=SHA256")
    embedded.run_tool(layout, "pg_verifybackup", str(layout.data))


def verify(url: str, held: str | None = None) -> dict[str, Any]:
    """What `branchbook verify --json` says of this database."""
    checkpoint = ("--checkpoint", held) if held else ()
    environ = {**os.environ, "BRANCHBOOK_DATABASE_URL": url, "PYTHONPATH": str(ROOT)}
    asked = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-m", "service.cli", "verify", "--json", *checkpoint], env=environ, capture_output=True, text=True, check=False
    )
    if not asked.stdout:
        message = f"verify did not answer: {asked.stderr.strip()}"
        raise DrillFailed(message)
    verdict: dict[str, Any] = json.loads(asked.stdout)
    return verdict


@contextmanager
def timed(seconds: dict[str, float], step: str) -> Iterator[None]:
    began = time.monotonic()
    yield
    seconds[step] = round(time.monotonic() - began, 2)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("url", help="the database to back up; its user needs the right REPLICATION")
    parser.add_argument("--home", type=Path, required=True, help="an empty folder for the copy; the copy is removed at the end")
    parser.add_argument("--programs", type=Path, help="folder of pg_basebackup and postgres of the same version (default: the wheel's)")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    arguments = parser.parse_args()
    try:
        verdict = drill(arguments.url, arguments.home, arguments.programs)
    except (DrillFailed, ToolFailed, StartFailed) as failed:
        verdict = {"ok": False, "first_fault": str(failed)}
    if arguments.json:
        print(json.dumps(verdict))
    elif verdict["ok"]:
        print(f"The restored copy is sound: {verdict['events']} events, {verdict['original_events']} at the start; {verdict['seconds']} s")
    else:
        print(f"THE DRILL FAILED: {verdict['first_fault']}")
    return 0 if verdict["ok"] else 1


if __name__ == "__main__":
    sys.exit(main())
