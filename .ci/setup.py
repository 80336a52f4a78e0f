"""Makes `.venv` with the packages of a lock file, each checked against its hash; does nothing when they are there.

Runs on the system's Python (>= 3.11) with the standard library only.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
INCLUDED = {"requirements-dev.lock": ("requirements.lock",)}
"""Who has the one has the others too."""
LAUNCHER = """#!/bin/sh
# The command line of Branchbook with this environment's Python.
exec "$(dirname "$(readlink -f "$0")")/python" -m service.cli "$@"
"""


def stamp(lock: str) -> Path:
    return VENV / f"{lock}.{hashlib.sha256((ROOT / lock).read_bytes()).hexdigest()[:16]}"


def make_environment() -> None:
    """Debian's bare Python has no ensurepip: then take its pip, or its package when we may."""
    if (VENV / "bin" / "pip").exists():
        return
    shutil.rmtree(VENV, ignore_errors=True)
    if subprocess.run([sys.executable, "-m", "venv", str(VENV)], stdout=subprocess.DEVNULL).returncode == 0:
        return
    shutil.rmtree(VENV, ignore_errors=True)
    if os.geteuid() == 0 and shutil.which("apt-get"):
        print("python3-venv is missing: installing it", flush=True)
        subprocess.run(["apt-get", "update", "-q"], stdout=subprocess.DEVNULL)
        subprocess.run(["apt-get", "install", "-q", "-y", "--no-install-recommends", "python3-venv"], stdout=subprocess.DEVNULL)
        if subprocess.run([sys.executable, "-m", "venv", str(VENV)]).returncode == 0:
            return
    sys.exit("Python's venv module is incomplete here. On Debian and Ubuntu: apt install python3-venv")


def install(lock: str) -> None:
    print(f"installing what {lock} names into .venv", flush=True)
    pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]
    done = subprocess.run([*pip, "--require-hashes", "--no-deps", "-r", str(ROOT / lock)])
    if done.returncode:
        sys.exit(done.returncode)


def add_launcher() -> None:
    packages = subprocess.check_output([str(PYTHON), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], text=True).strip()
    Path(packages, "branchbook.pth").write_text(f"{ROOT}\n")
    launcher = VENV / "bin" / "branchbook"
    launcher.write_text(LAUNCHER)
    launcher.chmod(0o755)


def main() -> None:
    if sys.version_info < (3, 11):
        sys.exit(f"Branchbook needs Python 3.11 or newer, this is {sys.version.split()[0]}")
    lock = sys.argv[1]
    with (ROOT / ".ci" / "setup.lock").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        if stamp(lock).exists() and PYTHON.exists():
            return
        make_environment()
        install(lock)
        add_launcher()
        for name in (lock, *INCLUDED.get(lock, ())):
            for old in VENV.glob(f"{name}.*"):
                old.unlink()
            stamp(name).touch()


main()
