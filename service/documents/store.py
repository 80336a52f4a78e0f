"""Where the bytes of documents are: a store of files by their SHA-256. The folder is the default, `s3.py` the other one."""

import asyncio
import hashlib
import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Protocol

CHUNK = 256 * 1024


class NotHeld(Exception):
    """The store does not hold these bytes."""


class Corrupt(Exception):
    """The bytes that the store gives are not those of the hash."""


class FileStore(Protocol):
    """Bytes by their SHA-256 in hex. What `put` has returned from is durable."""

    async def put(self, source: Path, sha256: str) -> None:
        """Keeps the bytes of a finished file; the same ones again change nothing, and mend what was damaged."""
        ...

    async def size(self, sha256: str) -> int | None:
        """How many bytes are held; None: they are not."""
        ...

    def read(self, sha256: str) -> AsyncIterator[bytes]:
        """The bytes in pieces; `NotHeld` before the first."""
        ...

    async def remove(self, sha256: str) -> None:
        """Forgets them; nothing happens when they are not there."""
        ...

    async def close(self) -> None:
        """Ends connections."""
        ...


class FolderStore:
    """A folder on disk: `ab/abcd…`, readable by its owner only."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path(self, sha256: str) -> Path:
        return self._folder / sha256[:2] / sha256

    async def put(self, source: Path, sha256: str) -> None:
        """Rename is atomic: a reader sees the whole file or none; the folders are flushed before this returns."""
        await asyncio.to_thread(self._put, source, self.path(sha256))

    def _put(self, source: Path, target: Path) -> None:
        fresh = not target.parent.exists()
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.chmod(source, 0o400)  # noqa: PTH101 - beside the other calls of os
        flush(source)
        os.replace(source, target)  # noqa: PTH105
        flush(target.parent)
        if fresh:
            flush(self._folder)

    async def size(self, sha256: str) -> int | None:
        try:
            return (await asyncio.to_thread(self.path(sha256).stat)).st_size
        except FileNotFoundError:
            return None

    async def read(self, sha256: str) -> AsyncIterator[bytes]:
        try:
            file = await asyncio.to_thread(self.path(sha256).open, "rb")
        except FileNotFoundError:
            raise NotHeld(sha256) from None
        try:
            while chunk := await asyncio.to_thread(file.read, CHUNK):
                yield chunk
        finally:
            await asyncio.to_thread(file.close)

    async def remove(self, sha256: str) -> None:
        await asyncio.to_thread(self.path(sha256).unlink, missing_ok=True)

    async def close(self) -> None:
        """Nothing is open."""


def flush(path: Path) -> None:
    """A file, or the names in a folder, to the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


async def verified(chunks: AsyncIterator[bytes], sha256: str) -> AsyncIterator[bytes]:
    """The same bytes, the last piece only when all of them are those of the hash: a reader is never given a wrong file as whole."""
    digest = hashlib.sha256()
    held: bytes | None = None
    async for chunk in chunks:
        digest.update(chunk)
        if held is not None:
            yield held
        held = chunk
    if digest.hexdigest() != sha256:
        raise Corrupt(sha256)
    if held is not None:
        yield held
