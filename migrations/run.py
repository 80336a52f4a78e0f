"""Brings a database to the newest schema: what `branchbook migrate` and the tests call."""

import asyncio
from pathlib import Path

from alembic import command
from alembic.config import Config

HERE = Path(__file__).parent


def migrate_now(url: str) -> None:
    """Synchronous; safe to run twice and from two processes (the second waits for the first)."""
    config = Config()
    config.set_main_option("script_location", str(HERE))
    config.attributes["url"] = url
    command.upgrade(config, "head")


async def migrate(url: str) -> None:
    await asyncio.to_thread(migrate_now, url)
