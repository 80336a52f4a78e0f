"""Files are kept whole or not at all, found by their hash, given back unchanged, and only what is held goes on record."""

import errno
import hashlib
import os
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from events.documents import MediaType
from service.config import Settings
from service.decide.documents.files import FileDocument, WithdrawDocument
from service.documents.files import Files, Read, open_files
from service.documents.store import Corrupt, FolderStore, NotHeld
from service.errors import Refused, Unavailable, UnfitFile
from tests.decide.document_history import D1, DAY
from tests.documents import samples

HASH = hashlib.sha256(samples.PDF).hexdigest()


def sending(data: bytes) -> Read:
    left = [data[start : start + 7] for start in range(0, len(data), 7)]

    async def read(_most: int) -> bytes:
        return left.pop(0) if left else b""

    return read


async def whole(chunks: AsyncIterator[bytes]) -> bytes:
    return b"".join([chunk async for chunk in chunks])


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return open_files(Settings(home=tmp_path))


def kept(home: Path) -> list[str]:
    return sorted(str(path.relative_to(home / "documents")) for path in home.rglob("*") if path.is_file())


def filing(**changed: object) -> FileDocument:
    told = {
        "occurred_on": DAY,
        "title": "通知",
        "responsible": "支部委员会",
        "formed_on": DAY,
        "sha256": HASH,
        "size": len(samples.PDF),
        "media_type": MediaType.PDF,
    }
    return FileDocument(**(told | changed))  # type: ignore[arg-type]


async def test_a_file_is_kept_under_its_hash_and_given_back_unchanged(files: Files, tmp_path: Path):
    taken = await files.take("通知.pdf", sending(samples.PDF))
    assert (taken.sha256, taken.size, taken.media_type) == (HASH, len(samples.PDF), MediaType.PDF)
    assert kept(tmp_path) == [f"{HASH[:2]}/{HASH}"]
    assert await whole(files.read(HASH)) == samples.PDF
    assert await files.size(HASH) == len(samples.PDF)


async def test_nobody_else_on_the_machine_reads_it_and_nothing_changes_it(files: Files, tmp_path: Path):
    await files.take("a.pdf", sending(samples.PDF))
    path = tmp_path / "documents" / HASH[:2] / HASH
    folders = (path.parent, path.parent.parent, tmp_path / "documents" / "incoming")
    assert [one.stat().st_mode & 0o777 for one in (path, *folders)] == [0o400, 0o700, 0o700, 0o700]


async def test_the_same_bytes_are_kept_once(files: Files, tmp_path: Path):
    assert await files.take("a.pdf", sending(samples.PDF)) == await files.take("b.PDF", sending(samples.PDF))
    assert kept(tmp_path) == [f"{HASH[:2]}/{HASH}"]


async def test_sending_the_bytes_again_mends_what_was_damaged(files: Files, tmp_path: Path):
    await files.take("a.pdf", sending(samples.PDF))
    damage(tmp_path)
    await files.take("a.pdf", sending(samples.PDF))
    assert await whole(files.read(HASH)) == samples.PDF


def damage(home: Path) -> None:
    path = home / "documents" / HASH[:2] / HASH
    path.chmod(0o600)
    path.write_bytes(samples.PDF.replace(b"1.7", b"1.6"))


async def test_a_damaged_file_is_never_given_out_as_whole(files: Files, tmp_path: Path):
    await files.take("a.pdf", sending(samples.PDF))
    damage(tmp_path)
    with pytest.raises(Corrupt):
        await anext(files.read(HASH))


async def test_what_is_not_held_is_not_given(files: Files):
    assert await files.size(HASH) is None
    with pytest.raises(NotHeld):
        await whole(files.read(HASH))


@pytest.mark.parametrize(
    ("name", "data", "status"),
    [("a.docx", samples.PDF, 415), ("a.pdf", b"MZ\0\0", 415), ("a.txt", b"", 415), ("a.pdf", samples.PDF + bytes(1000), 413)],
)
async def test_a_refused_file_leaves_nothing_behind(tmp_path: Path, name: str, data: bytes, status: int):
    files = open_files(Settings(home=tmp_path, document_bytes_max=500))
    with pytest.raises(UnfitFile) as refused:
        await files.take(name, sending(data))
    assert (refused.value.status, kept(tmp_path)) == (status, [])


async def test_a_file_of_the_largest_size_is_taken(tmp_path: Path):
    files = open_files(Settings(home=tmp_path, document_bytes_max=len(samples.PDF)))
    assert (await files.take("a.pdf", sending(samples.PDF))).size == len(samples.PDF)


async def test_a_sender_that_breaks_off_leaves_nothing_behind(files: Files, tmp_path: Path):
    async def breaking(_most: int) -> bytes:
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        await files.take("a.pdf", breaking)
    assert kept(tmp_path) == []


async def test_a_full_disk_is_told_as_such_and_leaves_nothing_behind(tmp_path: Path):
    class Full(FolderStore):
        async def put(self, source: Path, sha256: str) -> None:
            raise OSError(errno.ENOSPC, "No space left on device", str(source), None, sha256)

    folder = tmp_path / "documents"
    with pytest.raises(Unavailable):
        await Files(Full(folder), folder / "incoming", 1000).take("a.pdf", sending(samples.PDF))
    assert kept(tmp_path) == []


def test_what_a_killed_process_left_is_cleared_after_a_day(tmp_path: Path):
    incoming = tmp_path / "documents" / "incoming"
    incoming.mkdir(parents=True)
    for name, age_s in (("old", 100_000), ("new", 10)):
        (incoming / name).write_bytes(b"half")
        os.utime(incoming / name, (time.time() - age_s,) * 2)
    open_files(Settings(home=tmp_path))
    assert kept(tmp_path) == ["incoming/new"]


async def test_a_command_about_bytes_that_are_held_is_attested(files: Files, tmp_path: Path):
    await files.take("a.pdf", sending(samples.PDF))
    await files.attest(filing())
    await open_files(Settings(home=tmp_path)).attest(filing())
    await files.attest(WithdrawDocument(occurred_on=DAY, document_id=D1, reason="传错"))


@pytest.mark.parametrize("changed", [{"sha256": "b" * 64}, {"size": 3}, {"media_type": MediaType.PNG}])
async def test_a_command_that_says_something_else_of_the_bytes_is_refused(files: Files, tmp_path: Path, changed: dict[str, object]):
    await files.take("a.pdf", sending(samples.PDF))
    for process in (files, open_files(Settings(home=tmp_path))):
        with pytest.raises(Refused) as refused:
            await process.attest(filing(**changed))
        assert (refused.value.rule, refused.value.fields) == ("INV-100", ("sha256",))


async def test_damaged_bytes_are_not_attested(files: Files, tmp_path: Path):
    await files.take("a.pdf", sending(samples.PDF))
    damage(tmp_path)
    with pytest.raises(Refused):
        await open_files(Settings(home=tmp_path)).attest(filing())


async def test_removed_bytes_are_gone(files: Files, tmp_path: Path):
    await files.take("a.pdf", sending(samples.PDF))
    await files.remove(HASH)
    await files.remove(HASH)
    assert (kept(tmp_path), await files.size(HASH)) == ([], None)
