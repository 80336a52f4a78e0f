"""The story of the example: commands in a file, with members by their names."""

from pathlib import Path

import pytest

from events.base import OrgId, PersonId
from service.imports.directory import Branch, Directory, Person
from service.imports.story import Unreadable, story

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
