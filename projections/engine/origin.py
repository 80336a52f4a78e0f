"""Which code made the views. Other code may fold or remember differently, so what it made is built anew before anybody follows on top.

The digest of the code stands in the comment of the schema `views`, written when the views begin and when they were built anew.
"""

import functools
import hashlib
from pathlib import Path
from typing import Any

import asyncpg
import structlog

from events.store.postgres import dsn
from projections.engine.rebuild import rebuild
from projections.standard.pack import default_pack

ROOMS = ("events", "projections")
ROOT = Path(__file__).parents[2]
LOCK = "select pg_advisory_lock(hashtext('branchbook.origin'))"
MADE_BY = "select obj_description('views'::regnamespace, 'pg_namespace')"
BEGUN = "select exists (select 1 from views.checkpoint where position >= 0)"

log = structlog.get_logger("branchbook.views")


@functools.cache
def origin() -> str:
    """SHA-256 over everything that views follow from: events with their upcasts, projections, the standard pack in use."""
    digest = hashlib.sha256(default_pack().digest.encode())
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*")):
            if path.suffix in {".py", ".toml"}:
                digest.update(f"{path.relative_to(ROOT)}\n".encode() + path.read_bytes())
    return digest.hexdigest()


async def renew(url: str) -> bool:
    """Rebuilds the views when other code made them; whether it did. Of several processes one works and the others wait for it."""
    connection = await asyncpg.connect(dsn(url), server_settings={"role": "branchbook_views"})
    try:
        await connection.execute(LOCK)
        if await connection.fetchval(MADE_BY) == origin():
            return False
        begun = await connection.fetchval(BEGUN)
        if begun:
            log.info("other code made the views: building them anew")
            await rebuild(url)
        await _sign(connection)
        return bool(begun)
    finally:
        await connection.close()


async def _sign(connection: Any) -> None:
    await connection.execute(f"comment on schema views is '{origin()}'")
