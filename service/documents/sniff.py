"""What a file is, told from its bytes; a name that says something else is refused."""

import zipfile
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from events.documents import MediaType
from service.errors import UnfitFile

HEAD = 64 * 1024
MAGIC: tuple[tuple[bytes, MediaType], ...] = (
    (b"%PDF-", MediaType.PDF),
    (b"\xff\xd8\xff", MediaType.JPEG),
    (b"\x89PNG\r\n\x1a\n", MediaType.PNG),
)
ZIP = b"PK\x03\x04"
PARTS: tuple[tuple[str, MediaType], ...] = (
    ("word/document.xml", MediaType.DOCX),
    ("xl/workbook.xml", MediaType.XLSX),
    ("ppt/presentation.xml", MediaType.PPTX),
    ("ofd.xml", MediaType.OFD),
)
"""The part by which an archive is a document of that kind."""
MACROS = "vbaproject.bin"
BRANDS = frozenset({b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"dash", b"M4V ", b"MSNV"})
ENTRIES_MAX = 5_000
DIRECTORY_MAX = 1024 * 1024
END = b"PK\x05\x06"
END_BYTES = 22 + 65_535
ENCODINGS = ("utf-8", "gb18030")
CONTROLS = frozenset(range(32)) - {9, 10, 12, 13}

ENDINGS: Mapping[MediaType, tuple[str, ...]] = {
    MediaType.PDF: (".pdf",),
    MediaType.JPEG: (".jpg", ".jpeg"),
    MediaType.PNG: (".png",),
    MediaType.DOCX: (".docx",),
    MediaType.XLSX: (".xlsx",),
    MediaType.PPTX: (".pptx",),
    MediaType.OFD: (".ofd",),
    MediaType.ZIP: (".zip",),
    MediaType.MP4: (".mp4", ".m4v"),
    MediaType.TEXT: (".txt",),
}
"""How a name may end; the first one is given to a download."""


def sniff(file: Path) -> MediaType:
    """Raises `UnfitFile` for a kind that is not taken."""
    with file.open("rb") as opened:
        head = opened.read(HEAD)
        for magic, kind in MAGIC:
            if head.startswith(magic):
                return kind
        if head.startswith(ZIP):
            return _archive(opened)
        if head[4:8] == b"ftyp" and head[8:12] in BRANDS:
            return MediaType.MP4
        if _is_text(head, whole=len(head) < HEAD):
            return MediaType.TEXT
    raise UnfitFile(
        "不支持的文件格式；可上传PDF、OFD、JPG、PNG、DOCX、XLSX、PPTX、ZIP、MP4、TXT",
        "This kind of file is not taken; PDF, OFD, JPG, PNG, DOCX, XLSX, PPTX, ZIP, MP4 and TXT are",
    )


def check_name(name: str, kind: MediaType) -> None:
    """The end of the name says what the bytes are."""
    if PurePosixPath(name.replace("\\", "/")).suffix.lower() not in ENDINGS[kind]:
        told = ENDINGS[kind][0]
        raise UnfitFile(f"文件名与内容不符：内容是{kind.zh}（{told}）", f"The name does not fit the contents: {kind.en} ({told})")


def ending_of(media_type: str) -> str:
    """How the name of a download ends."""
    return next(endings[0] for kind, endings in ENDINGS.items() if kind.value == media_type)


def _archive(file: BinaryIO) -> MediaType:
    """By the names in the archive's directory, which is measured before it is read."""
    if not _small_directory(file):
        raise UnfitFile("压缩包内文件过多或不完整", "The archive holds too many files, or is not whole")
    try:
        with zipfile.ZipFile(file) as archive:
            names = {name.lower() for name in archive.namelist()}
    except (zipfile.BadZipFile, ValueError, OSError) as broken:
        raise UnfitFile("压缩包不完整", "The archive is not whole") from broken
    if any(name.endswith(MACROS) for name in names):
        raise UnfitFile("文件含有宏，不能上传", "A file with macros is not taken")
    return next((kind for part, kind in PARTS if part in names), MediaType.ZIP)


def _small_directory(file: BinaryIO) -> bool:
    """From the end record: how many entries, and how long their directory is. An archive of the 64-bit kind says 65535."""
    size = file.seek(0, 2)
    file.seek(max(0, size - END_BYTES))
    tail = file.read()
    at = tail.rfind(END)
    if at < 0 or len(tail) - at < 22:
        return False
    entries, length = int.from_bytes(tail[at + 10 : at + 12], "little"), int.from_bytes(tail[at + 12 : at + 16], "little")
    return entries <= ENTRIES_MAX and length <= DIRECTORY_MAX


def _is_text(head: bytes, *, whole: bool) -> bool:
    """Readable in an encoding in use here; a character cut off at the end of a longer file does not count."""
    if not head or not CONTROLS.isdisjoint(head):
        return False
    for encoding in ENCODINGS:
        for cut in range(1 if whole else 4):
            try:
                head[: len(head) - cut].decode(encoding)
            except UnicodeDecodeError:
                continue
            return True
    return False
