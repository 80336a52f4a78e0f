"""Homes that leave nothing behind."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers import removed


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """A folder for BRANCHBOOK_HOME that does not exist yet, below one that only we may enter."""
    with removed(tmp_path / "home") as folder:
        yield folder
