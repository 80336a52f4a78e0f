"""Child processes that are kept alive: started, watched, started again with back-off, ended in reverse order."""

import contextlib
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Self

import msgspec

BACK_OFF_S = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0)
STEADY_S = 20.0
"""Who ran this long is forgiven: its next back-off is the shortest."""
STARTS_MAX = 6
"""A child that never became ready in so many starts is given up, and everything with it."""


class StartFailed(Exception):
    """A child did not become ready; the message carries the end of its log."""


class ToolFailed(Exception):
    """A program that should do one thing and end said no; the message is its own."""


class Child(msgspec.Struct, frozen=True, kw_only=True):
    """What to run, how to know that it is ready, how to end it."""

    name: str
    argv: tuple[str, ...]
    log: Path
    ready: Callable[[], bool]
    environment: Mapping[str, str] | None = None
    prepare: Callable[[], None] = lambda: None
    """Called before each start, to clear what a killed one left behind."""
    stop_signal: signal.Signals = signal.SIGTERM
    stop_s: float = 10.0
    ready_s: float = 30.0
    user: int | None = None
    group: int | None = None


def spawn(child: Child) -> "subprocess.Popen[bytes]":
    """One start, in a process group of its own so that Ctrl-C reaches only the one who ends it in order."""
    child.prepare()
    with child.log.open("ab") as log:
        return subprocess.Popen(  # noqa: S603 - our own programs
            child.argv,
            env=None if child.environment is None else dict(child.environment),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            user=child.user,
            group=child.group,
            extra_groups=None if child.user is None else [],
            cwd="/",
            process_group=0,
        )


def end(child: Child, process: "subprocess.Popen[bytes]") -> None:
    """Ask, wait, insist."""
    if process.poll() is None:
        process.send_signal(child.stop_signal)
    try:
        process.wait(child.stop_s)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _clear(process: "subprocess.Popen[bytes]") -> None:
    """What a killed child had started itself, such as a server's workers, would go on holding its port."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)


def tail(log: Path, lines: int = 15) -> str:
    try:
        return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])
    except FileNotFoundError:
        return ""


class _Kept:
    """One child and the thread that keeps it."""

    def __init__(self, child: Child, say: Callable[[str], None]) -> None:
        self.child = child
        self._say = say
        self._ending = threading.Event()
        self.process: subprocess.Popen[bytes] | None = None
        self.starts = 0
        self.was_ready = False
        self._thread = threading.Thread(target=self._keep, name=child.name, daemon=True)
        self._thread.start()

    def _keep(self) -> None:
        failures = 0
        while not self._ending.is_set():
            began = time.monotonic()
            self.starts += 1
            self.process = spawn(self.child)
            code = self.process.wait()
            _clear(self.process)
            if self._ending.is_set():
                return
            failures = 1 if time.monotonic() - began > STEADY_S else failures + 1
            wait_s = BACK_OFF_S[min(failures, len(BACK_OFF_S)) - 1]
            if self.was_ready:
                self._say(f"{self.child.name} ended ({_how(code)}); starting it again in {wait_s:g} s")
            self._ending.wait(wait_s)

    def wait_ready(self, ending: threading.Event) -> None:
        limit = time.monotonic() + self.child.ready_s
        while time.monotonic() < limit and self.starts <= STARTS_MAX and not ending.is_set():
            if self.process is not None and self.process.poll() is None and self.child.ready():
                self.was_ready = True
                return
            ending.wait(0.02)
        if not ending.is_set():
            message = f"{self.child.name} did not start. The end of {self.child.log}:\n{tail(self.child.log)}"
            raise StartFailed(message)

    def end(self) -> None:
        self._ending.set()
        while self._thread.is_alive():
            if self.process is not None:
                end(self.child, self.process)
            self._thread.join(0.05)


class Supervisor:
    """Keeps children. `with Supervisor(say) as keep: keep.start(child); keep.wait()`; leaving ends them, last first."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._kept: list[_Kept] = []
        self.ending = threading.Event()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.ending.set()
        while self._kept:
            self._kept.pop().end()

    def start(self, *children: Child) -> None:
        """Start these together and wait until all of them are ready."""
        begun = [_Kept(child, self._say) for child in children]
        self._kept += begun
        for kept in begun:
            kept.wait_ready(self.ending)

    def pid(self, name: str) -> int:
        """The process that bears this name now, or bore it last (fault tests kill it)."""
        process = next(kept.process for kept in self._kept if kept.child.name == name)
        assert process is not None
        return process.pid

    def wait(self) -> None:
        """Until a signal interrupts it."""
        while not self.ending.wait(3600):
            pass


def end_with_parent(parent: int) -> None:
    """Called in a child: ends it when the supervisor was killed without a chance to end its children."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(0.5)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, name="parent", daemon=True).start()


def _how(code: int) -> str:
    return f"exit code {code}" if code >= 0 else signal.Signals(-code).name
