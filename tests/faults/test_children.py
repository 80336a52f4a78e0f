"""Supervision: a child that dies comes back, one that cannot start says why, none is left behind."""

import os
import signal
import subprocess
import sys
import textwrap
import time

import pytest

from service.children import Child, StartFailed, Supervisor

SLEEPS = "import time; print('up', flush=True); time.sleep(600)"


def child(folder, code: str, **fields) -> Child:
    log = folder / "child.log"
    return Child(
        **{"name": "child", "argv": (sys.executable, "-c", code), "log": log, "ready": lambda: log.exists() and b"up" in log.read_bytes()}
        | fields
    )


def until(condition, seconds: float = 10.0) -> None:
    limit = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < limit, "it did not come true in time"
        time.sleep(0.02)


def gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def test_a_killed_child_is_started_again_and_it_is_said(tmp_path):
    said: list[str] = []
    with Supervisor(said.append) as keep:
        keep.start(child(tmp_path, SLEEPS))
        first = keep.pid("child")
        os.kill(first, signal.SIGKILL)
        until(lambda: keep.pid("child") != first)
    assert said == ["child ended (SIGKILL); starting it again in 0.1 s"]


def test_what_a_killed_child_had_started_goes_with_it(tmp_path):
    code = "import subprocess, sys, time; print(subprocess.Popen(['sleep', '600']).pid, 'up', flush=True); time.sleep(600)"
    with Supervisor(lambda _: None) as keep:
        keep.start(child(tmp_path, code))
        grandchild = int((tmp_path / "child.log").read_text().split()[0])
        os.kill(keep.pid("child"), signal.SIGKILL)
        until(lambda: gone(grandchild))


def test_leaving_ends_the_children_in_reverse_order(tmp_path):
    record = tmp_path / "ended"
    code = "import signal, sys, time; signal.signal(15, lambda *_: (open({!r}, 'a').write({!r}), sys.exit())); print('up', flush=True); time.sleep(600)"
    with Supervisor(print) as keep:
        for name in ("server", "client"):
            log = tmp_path / f"{name}.log"
            keep.start(
                child(tmp_path, code.format(str(record), name + " "), name=name, log=log, ready=lambda log=log: b"up" in log.read_bytes())
            )
        pids = [keep.pid("server"), keep.pid("client")]
    assert record.read_text() == "client server "
    assert all(gone(pid) for pid in pids)


def test_a_child_that_does_not_listen_is_killed(tmp_path):
    stubborn = "import signal, time; signal.signal(15, signal.SIG_IGN); print('up', flush=True); time.sleep(600)"
    with Supervisor(print) as keep:
        keep.start(child(tmp_path, stubborn, stop_s=0.3))
        pid = keep.pid("child")
    assert gone(pid)


def test_a_child_that_cannot_start_fails_with_the_end_of_its_log(tmp_path):
    with pytest.raises(StartFailed, match="no such table"), Supervisor(print) as keep:
        keep.start(child(tmp_path, "raise SystemExit('no such table')", ready_s=1.0))


def test_children_end_when_their_supervisor_is_killed(tmp_path, root):
    code = """
        import os, sys, time
        from service.children import end_with_parent
        end_with_parent(int(sys.argv[1]))
        print(os.getpid(), flush=True)
        time.sleep(600)
    """
    parent = textwrap.dedent(
        """
        import os, subprocess, sys, time
        subprocess.Popen([sys.executable, "-c", sys.argv[1], str(os.getpid())])
        time.sleep(600)
        """
    )
    supervisor = subprocess.Popen([sys.executable, "-c", parent, textwrap.dedent(code)], stdout=subprocess.PIPE, cwd=root, text=True)
    with supervisor:
        pid = int(supervisor.stdout.readline())
        supervisor.kill()
    until(lambda: gone(pid))
