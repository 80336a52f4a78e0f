"""A world of its own for each test: what was told, and to whom, is counted."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.reminders.sink import Sink, sink
from tests.reminders.world import World, running


@pytest.fixture
async def world(database_url: str, tmp_path: Path) -> AsyncIterator[World]:
    async with running(database_url, tmp_path / "home") as found:
        yield found


@pytest.fixture
async def server() -> AsyncIterator[Sink]:
    async with sink() as kept:
        yield kept
