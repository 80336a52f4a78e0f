"""A measurement that is ended early leaves no server and no folder behind."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil

from tests.faults.test_children import gone, until


def test_a_bench_that_is_told_to_end_takes_its_server_with_it(tmp_path: Path, root: Path):
    tmp_path.chmod(0o755)
    argv = [sys.executable, "-m", "service.cli", "bench", "--json", "--only", "append_32_writers"]
    bench = subprocess.Popen(
        argv, cwd=root, env=os.environ | {"TMPDIR": str(tmp_path)}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        until(lambda: backends(bench), 60)
        started = [bench.pid, *(one.pid for one in psutil.Process(bench.pid).children(recursive=True))]
        bench.send_signal(signal.SIGTERM)
        assert bench.wait(60) == 1
    finally:
        if bench.poll() is None:
            bench.kill()
            bench.wait()
    until(lambda: all(gone(pid) for pid in started))
    assert list(tmp_path.glob("branchbook-bench-*")) == []


def backends(bench: "subprocess.Popen[bytes]") -> list[psutil.Process]:
    """Connections of the measurement to its server."""
    return [one for one in psutil.Process(bench.pid).children(recursive=True) if measured(one)]


def measured(one: psutil.Process) -> bool:
    """False of one that ends while it is looked at."""
    try:
        return "branchbook_bench" in " ".join(one.cmdline())
    except psutil.NoSuchProcess:
        return False
