"""Versions of the standard pack: which were published, what is in them, and with which one this process works.

A process works with one pack all its life. When another one is published, whoever serves, follows or works ends and is started
again by whoever keeps it running; the views are then built anew with the new pack.
"""

import asyncio
import contextlib
import datetime as dt
import os
import re
import signal
from collections.abc import AsyncIterator, Callable, Iterable
from pathlib import Path
from typing import Any

import asyncpg
import msgspec
import structlog

from events.base import OrgId
from events.organisations import StandardPublished
from events.store import codec
from events.store.clerk import LOST
from events.store.postgres import connect
from projections.standard.pack import Pack, adopt, default_pack, load, recorded, unbundled
from projections.standard.reading import PackError
from service.config import Misconfigured, Settings
from service.documents.files import Files, open_files
from service.documents.store import Corrupt, NotHeld
from service.errors import Absent, Malformed

LOOK_S = 5.0
NAME = re.compile(r"[A-Za-z0-9-]{1,40}")
"""How a draft that may be asked for is called."""
PUBLISHED = "select book, entry from record.page where stream = 'standard' order by recorded_at, book, page"
log = structlog.get_logger("branchbook.standard")


class Version(msgspec.Struct, frozen=True, kw_only=True):
    """A published version of the standard."""

    version: str
    sha256: str
    effective_from: dt.date
    published_on: dt.date
    reason: str
    org_id: OrgId
    event_id: str


async def versions(pool: "asyncpg.Pool[Any]") -> list[Version]:
    """Every published one, in the order of publication."""
    found = []
    for row in await pool.fetch(PUBLISHED):
        fact = codec.decode(row["entry"], -1)
        assert isinstance(fact.event, StandardPublished)
        event = fact.event
        found.append(
            Version(
                version=event.version,
                sha256=event.sha256,
                effective_from=event.effective_from,
                published_on=event.occurred_on,
                reason=event.reason,
                org_id=fact.book,
                event_id=fact.event_id,
            )
        )
    return found


def version_on(published: Iterable[Version], day: dt.date) -> Version | None:
    """The version in force on a day: the last one published of those that had taken effect. None: the one that ships."""
    return next((one for one in reversed(list(published)) if one.effective_from <= day), None)


async def adopt_published(pool: "asyncpg.Pool[Any]", files: Files) -> None:
    """This process works with the pack that was published last. Raises `Misconfigured` where that cannot be read."""
    try:
        published = await versions(pool)
    except asyncpg.UndefinedTableError:  # a database that is still to be migrated has no record
        return
    if published:
        adopt((await read(files, published[-1])).texts)


async def read(files: Files, version: Version) -> Pack:
    """The pack of a version, from the files as they were published. Raises `Misconfigured`."""
    try:
        data = b"".join([chunk async for chunk in files.read(version.sha256)])
        return recorded(unbundled(data))
    except (NotHeld, Corrupt, PackError, KeyError, msgspec.MsgspecError) as error:
        reason = "is not among the files" if isinstance(error, NotHeld) else str(error)
        message = f"the standard pack {version.version} that was published on {version.published_on}: {reason}"
        raise Misconfigured(message) from error


async def named(name: str | None, pool: "asyncpg.Pool[Any]", files: Files, drafts: Path) -> Pack:
    """The pack in use, a published version or a draft by the name of its folder: as if it had been in force all along.

    Raises `Absent` for a name that nothing has, `Malformed` for a draft that is no pack.
    """
    if name is None or name == default_pack().standard.version:
        return default_pack()
    found = next((one for one in await versions(pool) if one.version == name), None)
    if found is not None:
        return (await read(files, found)).all_along()
    if not (drafts / name).is_dir():
        raise Absent(name)
    try:
        return (await asyncio.to_thread(load, drafts / name)).all_along()
    except (PackError, FileNotFoundError) as error:
        raise Malformed(f"{name}: {error}") from error


class Names(msgspec.Struct, frozen=True, kw_only=True):
    """By what names packs can be asked for."""

    versions: list[str]
    drafts: list[str]


async def names(pool: "asyncpg.Pool[Any]", drafts: Path) -> Names:
    """The pack in use and the published versions, the newest first, and the folders of drafts."""
    published = [default_pack().standard.version, *(one.version for one in reversed(await versions(pool)))]
    return Names(versions=list(dict.fromkeys(published)), drafts=await asyncio.to_thread(_folders, drafts))


def _folders(drafts: Path) -> list[str]:
    found = [one.name for one in drafts.iterdir() if one.is_dir()] if drafts.is_dir() else []
    return sorted(name for name in found if NAME.fullmatch(name))


async def prepare(settings: Settings) -> None:
    """For a process that opens no `Parts`: adopts what was published last."""
    pool = await connect(settings.database(), size=1)
    files = open_files(settings)
    try:
        await adopt_published(pool, files)
    finally:
        await files.close()
        await pool.close()


async def watch(url: str, end: Callable[[], None]) -> None:
    """Calls `end` once another pack than the one in use is published."""
    async for digest in newest(url):
        if digest not in {"", default_pack().digest}:
            log.info("another standard pack was published: starting again with it", sha256=digest)
            end()
            return


def reload_server(settings: Settings, server: int) -> None:
    """For a thread of the server's first process: has it start its workers anew (SIGHUP) each time a pack is published."""
    asyncio.run(_reload_on(settings.database(), server))


async def _reload_on(url: str, server: int) -> None:
    seen: str | None = None
    async for digest in newest(url):
        if seen not in {None, digest}:
            os.kill(server, signal.SIGHUP)
        seen = digest


async def newest(url: str) -> AsyncIterator[str]:
    """Again and again the digest of the pack that was published last, empty where none was; survives the database going away."""
    while True:
        with contextlib.suppress(*LOST, asyncpg.PostgresError):
            async with await connect(url, size=1) as pool:
                while True:
                    published = await versions(pool)
                    yield published[-1].sha256 if published else ""
                    await asyncio.sleep(LOOK_S)
        await asyncio.sleep(LOOK_S)
