"""One branch for each test."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.ballots.world import World, running


@pytest.fixture
async def world(database_url: str, tmp_path: Path) -> AsyncIterator[World]:
    async with running(database_url, tmp_path) as started:
        yield started
