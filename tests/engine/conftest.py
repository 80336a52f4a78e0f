"""A record of its own for every test of the engine."""

from collections.abc import AsyncIterator

import pytest

from tests.engine.world import World, world_on


@pytest.fixture
async def world(database_url: str) -> AsyncIterator[World]:
    async with world_on(database_url) as found:
        yield found
