"""`branchbook documents`: every hash on record against the store, and letting go of bytes that no document stands for any more."""

from collections.abc import AsyncIterator, Callable

import msgspec

from events.documents import DocumentFiled, DocumentId, DocumentReplaced, DocumentWithdrawn
from events.organisations import StandardPublished
from events.store import codec
from events.store.postgres import connect
from service.config import Settings
from service.documents.files import Files, open_files
from service.documents.store import Corrupt, NotHeld

WINDOW = 5_000
TIMEOUT_S = 600
PUBLISHED = "select entry from record.page where stream = 'standard'"
PAGES = (
    "select book, page, entry from record.page where stream = 'documents'"
    " and type in ('documents.filed', 'documents.replaced', 'documents.withdrawn')"
    " and (book, page) > ($1, $2) order by book, page limit $3"
)
Progress = Callable[[int, int], None]


class Claims(msgspec.Struct, kw_only=True):
    """The hashes on record: those that some document stands for, in any of its versions, or a published standard pack; and those
    that only withdrawn documents had.
    """

    documents: int
    standing: dict[str, int]
    """Hash -> size."""
    let_go: list[str]


class Checked(msgspec.Struct, frozen=True, kw_only=True):
    """What `--json` prints."""

    ok: bool
    documents: int
    files: int
    bytes: int
    missing: list[str]
    damaged: list[str]
    withdrawn: int
    """Hashes that only withdrawn documents had: their bytes may be there or not."""


class Released(msgspec.Struct, frozen=True, kw_only=True):
    """What `--json` prints."""

    ok: bool
    released: list[str]


async def claims(settings: Settings) -> Claims:
    """Told from the record itself, never from a view."""
    held: dict[tuple[str, DocumentId], dict[str, int]] = {}
    gone: set[tuple[str, DocumentId]] = set()
    async for book, event in _events(settings):
        name = (book, event.document_id)
        if isinstance(event, DocumentWithdrawn):
            gone.add(name)
        else:
            held.setdefault(name, {})[event.sha256] = event.size
    standing = {sha256: size for name, versions in held.items() if name not in gone for sha256, size in versions.items()}
    standing |= await _packs(settings)
    withdrawn = {sha256 for name, versions in held.items() if name in gone for sha256 in versions}
    return Claims(documents=len(held.keys() - gone), standing=standing, let_go=sorted(withdrawn - standing.keys()))


async def _events(settings: Settings) -> AsyncIterator[tuple[str, DocumentFiled | DocumentReplaced | DocumentWithdrawn]]:
    pool = await connect(settings.database(), size=1, role="branchbook_verify", timeout_s=TIMEOUT_S)
    try:
        last = ("", 0)
        while rows := await pool.fetch(PAGES, *last, WINDOW):
            for row in rows:
                event = codec.decode(row["entry"]).event
                assert isinstance(event, DocumentFiled | DocumentReplaced | DocumentWithdrawn)
                yield row["book"], event
            last = (rows[-1]["book"], rows[-1]["page"])
    finally:
        await pool.close()


async def _packs(settings: Settings) -> dict[str, int]:
    pool = await connect(settings.database(), size=1, role="branchbook_verify", timeout_s=TIMEOUT_S)
    try:
        events = [codec.decode(row["entry"]).event for row in await pool.fetch(PUBLISHED)]
    finally:
        await pool.close()
    return {event.sha256: event.size for event in events if isinstance(event, StandardPublished)}


async def check(settings: Settings, progress: Progress) -> Checked:
    """Reads every file to its last byte."""
    found = await claims(settings)
    files = open_files(settings)
    missing, damaged = [], []
    try:
        for number, (sha256, size) in enumerate(sorted(found.standing.items()), 1):
            try:
                if await _length(files, sha256) != size:
                    damaged.append(sha256)
            except NotHeld:
                missing.append(sha256)
            except Corrupt:
                damaged.append(sha256)
            progress(number, len(found.standing))
    finally:
        await files.close()
    return Checked(
        ok=not missing and not damaged,
        documents=found.documents,
        files=len(found.standing),
        bytes=sum(found.standing.values()),
        missing=missing,
        damaged=damaged,
        withdrawn=len(found.let_go),
    )


async def _length(files: Files, sha256: str) -> int:
    return sum([len(chunk) async for chunk in files.read(sha256)])


async def release(settings: Settings, progress: Progress) -> Released:
    """Removes the bytes of withdrawn documents, such as those of an erased person; the record keeps only their hash."""
    found = await claims(settings)
    files = open_files(settings)
    released = []
    try:
        for number, sha256 in enumerate(found.let_go, 1):
            if await files.size(sha256) is not None:
                await files.remove(sha256)
                released.append(sha256)
            progress(number, len(found.let_go))
    finally:
        await files.close()
    return Released(ok=True, released=released)
