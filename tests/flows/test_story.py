"""The story of the example: commands in a file, with members by their names."""

import hashlib
from pathlib import Path

import pytest

from events.base import OrgId, PersonId
from events.documents import MediaType
from service.decide.documents.files import FileDocument
from service.imports.directory import Branch, Directory, Person
from service.imports.story import Unreadable, story, texts

B1, B2 = OrgId("B1"), OrgId("B2")
DIRECTORY = Directory(
    branches=(
        Branch(org_id=B1, name="第一党支部", members=(Person(person_id=PersonId("p1"), name="陶帆建"),)),
        Branch(org_id=B2, name="第二党支部", members=(Person(person_id=PersonId("p2"), name="苏雅"),)),
    ),
    blind=str,
)


def told(folder: Path, text: str) -> Path:
    path = folder / "story.toml"
    path.write_text(text, encoding="utf-8")
    return path


SCHEDULED = """
[[send]]
branch = "B1"
command = "record-absence"
on = 2026-03-02
body = { meeting_id = "m1", person_id = "@陶帆建", others = ["@陶帆建", "@B2/苏雅"] }
"""


def test_a_command_that_does_not_exist_is_named(tmp_path: Path):
    with pytest.raises(Unreadable, match="1 B1 record-absence 2026-03-02: there is no such command"):
        story(told(tmp_path, SCHEDULED), DIRECTORY)


def test_a_body_that_does_not_fit_is_named_with_its_field(tmp_path: Path):
    with pytest.raises(Unreadable, match=r"1 B1 send-notice 2026-03-02: .*meeting"):
        story(told(tmp_path, SCHEDULED.replace("record-absence", "send-notice").replace("meeting_id", "meeting")), DIRECTORY)


def test_names_become_the_ids_of_members_also_of_another_branch(tmp_path: Path):
    sent = SCHEDULED.replace("record-absence", "send-notice").replace('person_id = "@陶帆建", others', "to")
    [row] = story(told(tmp_path, sent), DIRECTORY).rows
    [send] = row.sends
    assert (send.org_id, send.key) == (B1, "example-story-1-send-notice")
    assert send.command.to == ("p1", "p2")  # type: ignore[attr-defined]


FILED = """
[[send]]
branch = "B1"
command = "file-document"
on = 2026-03-02
body = { title = "计划", materials = ["N17.M01"], responsible = "支部", formed_on = 2026-03-01 }
text = "学习计划"
"""


def test_the_text_of_a_file_becomes_its_hash_and_is_told_for_keeping(tmp_path: Path):
    path = told(tmp_path, FILED + SCHEDULED.replace("record-absence", "send-notice").replace('person_id = "@陶帆建", others', "to"))
    [send] = story(path, DIRECTORY).rows[0].sends
    data = "学习计划".encode()
    assert isinstance(send.command, FileDocument)
    assert (send.command.sha256, send.command.size, send.command.media_type) == (
        hashlib.sha256(data).hexdigest(),
        len(data),
        MediaType.TEXT,
    )
    assert texts(path) == [data]
