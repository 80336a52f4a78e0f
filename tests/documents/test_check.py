"""`branchbook documents`: every recorded hash against the store; what only withdrawn documents had may go."""

import asyncio
import datetime as dt
import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from events.base import OrgId
from events.documents import DocumentId, MaterialId, MediaType
from service.auth.actor import SYSTEM
from service.cli import main
from service.config import Settings
from service.decide.base import Command
from service.decide.documents.files import FileDocument, ReplaceDocument, WithdrawDocument
from service.decide.organisations.founding import FoundCommittee
from service.documents.files import Deposit
from service.logs import configure
from service.parts import Parts, opened
from tests.documents import samples
from tests.documents.test_files import sending

ORG = OrgId("C")
DAY = dt.datetime.now(dt.UTC).date() - dt.timedelta(days=1)


def pdf(mark: str) -> bytes:
    return samples.PDF + f"% {mark}\n".encode()


def hash_of(mark: str) -> str:
    return hashlib.sha256(pdf(mark)).hexdigest()


class Office:
    """A committee that files documents, and the command line beside it."""

    def __init__(self, url: str, home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self.settings = Settings(home=home, database_url=url)
        self._capsys = capsys
        monkeypatch.setenv("BRANCHBOOK_HOME", str(home))
        monkeypatch.setenv("BRANCHBOOK_DATABASE_URL", url)

    def path(self, mark: str) -> Path:
        return self.settings.documents / hash_of(mark)[:2] / hash_of(mark)

    def record(self, *commands: Any) -> None:
        """Commands, or functions of a file that is taken in first."""

        async def record() -> None:
            async with opened(self.settings) as parts:
                for number, given in enumerate(commands):
                    command = given if isinstance(given, Command) else await given(parts)
                    await parts.bus.handle(ORG, command, SYSTEM, key=f"{command}-{number}", now=dt.datetime.now(dt.UTC))

        asyncio.run(record())

    def says(self, action: str) -> tuple[int, dict[str, Any]]:
        self._capsys.readouterr()
        code = main(["documents", action, "--json"])
        return code, msgspec.json.decode(self._capsys.readouterr().out)


@pytest.fixture
def logs() -> Iterator[None]:
    """The command line logs on the stderr that it finds; what comes after this file finds its own again."""
    yield
    configure()


@pytest.fixture
def office(logs: None, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Office:
    one = Office(database_url, tmp_path, monkeypatch, capsys)
    one.record(FoundCommittee(occurred_on=DAY, name="示例委员会", short_name="示例委"), filing("a"), filing("b"))
    return one


def filing(mark: str) -> Any:
    async def command(parts: Parts) -> Command:
        kept = await take(parts, mark)
        return FileDocument(
            occurred_on=DAY,
            title=mark,
            materials=(MaterialId("N17.M01"),),
            responsible="支部",
            formed_on=DAY,
            document_id=DocumentId(mark),
            sha256=kept.sha256,
            size=kept.size,
            media_type=MediaType.PDF,
        )

    return command


def replacing(document: str, mark: str) -> Any:
    async def command(parts: Parts) -> Command:
        kept = await take(parts, mark)
        return ReplaceDocument(
            occurred_on=DAY, document_id=DocumentId(document), sha256=kept.sha256, size=kept.size, media_type=MediaType.PDF, reason="更清晰"
        )

    return command


async def take(parts: Parts, mark: str) -> Deposit:
    return await parts.files.take("a.pdf", sending(pdf(mark)))


def withdrawing(document: str) -> Command:
    return WithdrawDocument(occurred_on=DAY, document_id=DocumentId(document), reason="传错")


def sound(**changed: Any) -> dict[str, Any]:
    size = len(pdf("a"))
    return {"ok": True, "documents": 2, "files": 2, "bytes": 2 * size, "missing": [], "damaged": [], "withdrawn": 0} | changed


def test_all_files_are_whole(office: Office):
    assert office.says("check") == (0, sound())


def test_an_earlier_version_is_checked_too(office: Office):
    office.record(replacing("a", "c"))
    assert office.says("check") == (0, sound(files=3, bytes=3 * len(pdf("a"))))
    office.path("a").unlink()
    assert office.says("check") == (1, sound(ok=False, files=3, bytes=3 * len(pdf("a")), missing=[hash_of("a")]))


def test_a_file_that_is_gone_and_one_that_was_changed_are_named(office: Office):
    office.path("a").unlink()
    office.path("b").chmod(0o600)
    office.path("b").write_bytes(pdf("b").replace(b"1.7", b"1.6"))
    assert office.says("check") == (1, sound(ok=False, missing=[hash_of("a")], damaged=[hash_of("b")]))


def test_bytes_of_a_withdrawn_document_are_released_and_nothing_else(office: Office):
    office.record(withdrawing("a"))
    assert office.says("check") == (0, sound(documents=1, files=1, bytes=len(pdf("b")), withdrawn=1))
    assert office.says("release") == (0, {"ok": True, "released": [hash_of("a")]})
    assert (office.path("a").exists(), office.path("b").exists()) == (False, True)
    assert office.says("release") == (0, {"ok": True, "released": []})
    assert office.says("check")[0] == 0


def test_bytes_that_another_document_stands_for_stay(office: Office):
    again = filing("a")

    async def anew(parts: Parts) -> Command:
        command: FileDocument = await again(parts)
        return msgspec.structs.replace(command, document_id=DocumentId("a2"))

    office.record(withdrawing("a"), anew)
    assert office.says("release") == (0, {"ok": True, "released": []})
    assert office.path("a").exists()


def test_a_person_is_told_in_a_sentence(office: Office, capsys: pytest.CaptureFixture[str]):
    assert main(["documents", "check"]) == 0
    assert capsys.readouterr().out == f"Whole: 2 files of 2 documents, {2 * len(pdf('a'))} bytes.\n"
    office.path("a").unlink()
    assert main(["documents", "check"]) == 1
    assert capsys.readouterr().out == f"NOT WHOLE:\nmissing {hash_of('a')}\n"
