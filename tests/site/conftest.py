"""One application with disclosed items of two branches, for the tests of a file."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.http.world import World, running
from tests.site.openness import disclose_everything


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def world(module_database_url: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    async with running(module_database_url, tmp_path_factory.mktemp("site")) as started:
        await disclose_everything(started.parts)
        yield started
