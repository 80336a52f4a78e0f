"""What the example committee did beside its workbooks: commands written down in order, as the forms would send them.

`story-*.toml`: `[[send]]` with `branch` (or the committee), `command` (kebab name), `on` (day) and `body`. In a body `@陶帆建` stands for
that member of the branch, `@SL-B02/苏雅` for one of another branch; `text` is what a file says.
"""

import datetime as dt
import hashlib
import tomllib
from pathlib import Path
from typing import Any

import msgspec

from events.base import OrgId
from events.documents import MediaType
from service.decide.catalog import CASES
from service.imports.directory import Branch, Directory
from service.imports.preview import Kind, Preview, Row, Send, State

NAMES = "story-*.toml"


class SendNote(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One command."""

    branch: OrgId
    command: str
    on: dt.date
    body: dict[str, Any] = {}
    text: str = ""
    """The file of a command about one."""


class StoryNote(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The whole file."""

    send: list[SendNote]


class Unreadable(Exception):
    """A send of the story that is no command; the argument says which and why."""


def stories(folder: Path) -> list[Path]:
    """The files of the story: one or more norms each, told together day by day."""
    return sorted(folder.glob(NAMES))


def story(path: Path, directory: Directory) -> Preview:
    """The commands in the order of the file. Raises `Unreadable`."""
    rows = [_row(path.stem, number, note, directory) for number, note in enumerate(_read(path).send, start=1)]
    return Preview(name=path.name, kind=Kind.ROSTER, rows=rows)


def texts(path: Path) -> list[bytes]:
    """The files of the story, which are kept before its commands are sent."""
    return [note.text.encode() for note in _read(path).send if note.text]


def _read(path: Path) -> StoryNote:
    return msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), StoryNote)


def _row(chapter: str, number: int, note: SendNote, directory: Directory) -> Row:
    title = f"{note.branch} {note.command} {note.on}"
    if note.command not in CASES:
        raise Unreadable(f"{number} {title}: there is no such command")
    branch = next((b for b in directory.branches if b.org_id == note.branch), Branch(org_id=note.branch, name=note.branch))
    body = {"type": note.command, "occurred_on": note.on, **{name: _meant(value, branch, directory) for name, value in note.body.items()}}
    if note.text:
        data = note.text.encode()
        body |= {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data), "media_type": MediaType.TEXT.value}
    try:
        command = msgspec.convert(body, CASES[note.command].command)
    except msgspec.ValidationError as error:
        raise Unreadable(f"{number} {title}: {error}") from error
    key = f"example-{chapter}-{number}-{note.command}"
    return Row(sheet=chapter, number=number, title=title, state=State.OK, sends=(Send(org_id=note.branch, key=key, command=command),))


def _meant(value: Any, branch: Branch, directory: Directory) -> Any:
    """Names become the ids of members, however deep they stand."""
    match value:
        case str() if value.startswith("@"):
            org_id, _, name = value[1:].rpartition("/")
            return (directory.branch(OrgId(org_id)) if org_id else branch).person(name).person_id
        case list():
            return [_meant(one, branch, directory) for one in value]
        case dict():
            return {name: _meant(one, branch, directory) for name, one in value.items()}
        case _:
            return value
