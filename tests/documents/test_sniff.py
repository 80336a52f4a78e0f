"""What a file is, told from its bytes; the name must say the same."""

import zipfile
from pathlib import Path

import pytest

from events.documents import MediaType
from service.documents.sniff import ENDINGS, check_name, ending_of, sniff
from service.errors import UnfitFile
from tests.documents import samples

KINDS = [
    (samples.PDF, MediaType.PDF),
    (samples.PNG, MediaType.PNG),
    (samples.JPEG, MediaType.JPEG),
    (samples.MP4, MediaType.MP4),
    (samples.DOCX, MediaType.DOCX),
    (samples.XLSX, MediaType.XLSX),
    (samples.PPTX, MediaType.PPTX),
    (samples.OFD, MediaType.OFD),
    (samples.ZIP, MediaType.ZIP),
    ("会议记录\r\n第一项\t".encode(), MediaType.TEXT),
    ("会议记录".encode("gb18030"), MediaType.TEXT),
    (("记" * 30_000).encode(), MediaType.TEXT),
    (b"x" + ("录" * 60_000).encode("gb18030"), MediaType.TEXT),
]


@pytest.mark.parametrize(("data", "kind"), KINDS)
def test_a_kind_is_told_from_the_bytes(tmp_path: Path, data: bytes, kind: MediaType):
    file = tmp_path / "whatever.exe"
    file.write_bytes(data)
    assert sniff(file) is kind


def zip64() -> bytes:
    """An end record that says nothing of how large the directory is."""
    return samples.ZIP[:-12] + b"\xff" * 12


@pytest.mark.parametrize(
    "data",
    [
        b"MZ\x90\0\x03",
        b"\x7fELF\x02\x01\x01\0",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
        b"GIF89a\x01\0\x01\0",
        b"Rar!\x1a\x07\x01\0",
        b"\0\0\0\x18ftypqt  \0\0\0\0",
        b"text with a \0 inside",
        b"\xff\xfe\xff\xfe\x80\x81\xff",
        samples.MACROS,
        samples.DOCX[:-10],
        b"PK\x03\x04 and no more",
        zip64(),
        b"",
    ],
)
def test_what_is_not_known_is_not_taken(tmp_path: Path, data: bytes):
    file = tmp_path / "innocent.pdf"
    file.write_bytes(data)
    with pytest.raises(UnfitFile) as refused:
        sniff(file)
    assert (refused.value.status, bool(refused.value.zh), bool(refused.value.en)) == (415, True, True)


def test_an_archive_with_very_many_files_is_not_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    file = tmp_path / "bomb.zip"
    file.write_bytes(samples.archive(*(f"{number}" for number in range(6_000))))
    monkeypatch.setattr(zipfile, "ZipFile", None)
    with pytest.raises(UnfitFile, match="too many"):
        sniff(file)


@pytest.mark.parametrize("kind", list(MediaType))
def test_every_kind_has_names_and_a_download_bears_the_first(kind: MediaType):
    for ending in ENDINGS[kind]:
        check_name(f"通知{ending.upper()}", kind)
    assert ending_of(kind.value) == ENDINGS[kind][0]


@pytest.mark.parametrize("name", ["notice.docx", "notice", "", "notice.pdf.exe", "pdf", r"C:\files.pdf\notice", ".pdf"])
def test_a_name_that_says_something_else_is_refused(name: str):
    with pytest.raises(UnfitFile, match="does not fit"):
        check_name(name, MediaType.PDF)


def test_a_name_with_folders_counts_by_its_end():
    check_name(r"C:\papers.docx\notice.pdf", MediaType.PDF)
