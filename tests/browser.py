"""The Chromium that drives the desk: an installed one, else Debian's package when root, else Playwright's download."""

import contextlib
import enum
import os
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator

from playwright.async_api import Browser, async_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
FLAGS = ("--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--force-prefers-reduced-motion")
"""Containers give root no sandbox and little shared memory."""


class Source(enum.Enum):
    """Where Chromium comes from."""

    INSTALLED = "installed"
    PACKAGE = "package"
    DOWNLOAD = "download"


def choose(*, installed: bool, root: bool, debian: bool) -> Source:
    if installed:
        return Source.INSTALLED
    return Source.PACKAGE if root and debian else Source.DOWNLOAD


def installed() -> str | None:
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def obtain() -> str | None:
    """The path of the browser; None: Playwright knows its own."""
    source = choose(installed=installed() is not None, root=os.geteuid() == 0, debian=shutil.which("apt-get") is not None)
    if source is Source.PACKAGE:
        subprocess.run(["apt-get", "update", "-q"], check=False, stdout=subprocess.DEVNULL)
        subprocess.run(["apt-get", "install", "-q", "-y", "--no-install-recommends", "chromium"], check=False, stdout=subprocess.DEVNULL)
    if installed() is None:
        extra = ["--with-deps"] if os.geteuid() == 0 and source is Source.PACKAGE else []
        subprocess.run([sys.executable, "-m", "playwright", "install", *extra, "chromium"], check=True, stdout=subprocess.DEVNULL)
    return installed()


@contextlib.asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """A headless browser. Open a context for each test; start it in a fixture of module scope with `loop_scope="module"`."""
    path = obtain()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        try:
            yield browser
        finally:
            await browser.close()
