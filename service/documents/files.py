"""The files of a process: taken in, checked, kept; and given out again. Nothing is recorded before its bytes are durable."""

import asyncio
import contextlib
import datetime as dt
import errno
import hashlib
import io
import os
import tempfile
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import msgspec

from events.documents import MediaType
from service.config import Settings
from service.decide.base import Command
from service.decide.documents.state import Deposited
from service.documents.s3 import Credentials, S3Store
from service.documents.sniff import check_name, sniff
from service.documents.store import CHUNK, Corrupt, FileStore, FolderStore, NotHeld, verified
from service.errors import Refused, Unavailable, UnfitFile

REMEMBERED_MAX = 1_000
LEFT_BEHIND = dt.timedelta(days=1)
FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
MEGABYTE = 1024 * 1024

Read = Callable[[int], Awaitable[bytes]]
"""Gives at most so many bytes of what is sent; nothing at its end."""


def reading(data: bytes) -> Read:
    """Bytes that are there already, as if they were sent."""
    source = io.BytesIO(data)

    async def read(most: int) -> bytes:
        return source.read(most)

    return read


class Deposit(msgspec.Struct, frozen=True, kw_only=True):
    """A file that is held."""

    sha256: str
    size: int
    media_type: MediaType


class Files:
    """One for each process."""

    def __init__(self, store: FileStore, incoming: Path, bytes_max: int) -> None:
        self._store = store
        self._incoming = incoming
        self.bytes_max = bytes_max
        self._known: OrderedDict[str, Deposit] = OrderedDict()

    async def take(self, name: str, read: Read) -> Deposit:
        """Writes, hashes, looks at the bytes, keeps them. Raises `UnfitFile`, or `Unavailable` when the disk is full."""
        async with self._temporary() as file:
            size, sha256 = await self._write(file, read)
            kind = await asyncio.to_thread(sniff, file)
            check_name(name, kind)
            await self._store.put(file, sha256)
        return self._remember(Deposit(sha256=sha256, size=size, media_type=kind))

    async def attest(self, command: Command) -> None:
        """INV-100: a command about a file is taken only when the store holds these bytes, of this size and kind."""
        if not isinstance(command, Deposited) or not command.sha256:
            return
        held = self._known.get(command.sha256) or await self._looked_at(command.sha256)
        if held is None or (held.size, held.media_type) != (command.size, command.media_type):
            raise Refused("INV-100", "sha256")

    async def size(self, sha256: str) -> int | None:
        return await self._store.size(sha256)

    def read(self, sha256: str) -> AsyncIterator[bytes]:
        """The bytes as they were filed, or an error before the last of them."""
        return verified(self._store.read(sha256), sha256)

    async def remove(self, sha256: str) -> None:
        self._known.pop(sha256, None)
        await self._store.remove(sha256)

    async def close(self) -> None:
        await self._store.close()

    async def _write(self, file: Path, read: Read) -> tuple[int, str]:
        digest = hashlib.sha256()
        size = 0
        with file.open("wb") as out:
            while chunk := await read(CHUNK):
                size += len(chunk)
                if size > self.bytes_max:
                    most = self.bytes_max // MEGABYTE
                    raise UnfitFile(f"文件超过{most} MB", f"The file is larger than {most} MB", status=413)
                digest.update(chunk)
                await asyncio.to_thread(out.write, chunk)
        if size == 0:
            raise UnfitFile("文件是空的", "The file is empty")
        return size, digest.hexdigest()

    async def _looked_at(self, sha256: str) -> Deposit | None:
        """What is held under a hash, told from the bytes."""
        async with self._temporary() as file:
            size = 0
            try:
                with file.open("wb") as out:
                    async for chunk in self.read(sha256):
                        size += len(chunk)
                        await asyncio.to_thread(out.write, chunk)
                kind = await asyncio.to_thread(sniff, file)
            except (NotHeld, Corrupt, UnfitFile):
                return None
        return self._remember(Deposit(sha256=sha256, size=size, media_type=kind))

    @contextlib.asynccontextmanager
    async def _temporary(self) -> AsyncIterator[Path]:
        """A file beside the store's own, gone at the end unless it was renamed."""
        path: Path | None = None
        try:
            self._incoming.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._incoming.mkdir(mode=0o700, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=self._incoming)
            os.close(handle)
            path = Path(name)
            yield path
        except OSError as error:
            if error.errno in FULL:
                raise Unavailable("there is no room for files") from error
            raise
        finally:
            if path is not None:
                path.unlink(missing_ok=True)

    def _remember(self, deposit: Deposit) -> Deposit:
        self._known[deposit.sha256] = deposit
        if len(self._known) > REMEMBERED_MAX:
            self._known.popitem(last=False)
        return deposit


def open_files(settings: Settings) -> Files:
    """The store that the settings name. What a process that was killed left half written is cleared away."""
    incoming = settings.documents / "incoming"
    store: FileStore = FolderStore(settings.documents)
    if settings.s3_url is not None:
        secret = settings.s3_secret or ""
        store = S3Store(settings.s3_url, Credentials(key_id=settings.s3_key_id or "", secret=secret, region=settings.s3_region))
    _clear(incoming)
    return Files(store, incoming, settings.document_bytes_max)


def _clear(incoming: Path) -> None:
    before = time.time() - LEFT_BEHIND.total_seconds()
    for left in incoming.glob("*") if incoming.is_dir() else ():
        with contextlib.suppress(FileNotFoundError):
            if left.stat().st_mtime < before:
                left.unlink()
