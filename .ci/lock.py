"""Writes both lock files from pyproject.toml with uv: every platform, Python 3.11 and newer, hashes, no index address."""

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
HOW = ("--universal", "--python-version", "3.11", "--generate-hashes", "--no-emit-index-url", "--no-header", "--no-annotate", "--quiet")
LOCKS = {"requirements.lock": (), "requirements-dev.lock": ("--group", "dev", "--group", "bench")}


def main() -> None:
    uv = shutil.which("uv")
    if uv is None:
        sys.exit("uv is needed to lock: https://docs.astral.sh/uv/")
    for lock, groups in LOCKS.items():
        subprocess.run([uv, "pip", "compile", *HOW, *groups, "--output-file", lock, "pyproject.toml"], cwd=ROOT, check=True)


main()
