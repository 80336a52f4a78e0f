"""Appends for the store's tests, made of real events."""

import datetime as dt
import hashlib
import uuid

from events.base import Event, MeetingId, OrgId, PersonId
from events.meetings import MeetingCancelled
from events.store import codec
from events.store.books import Append, Consulted, Draft
from events.store.keys import Keys, MemoryKeyStore

DAY = dt.date(2026, 3, 1)
NOON = int(dt.datetime(2026, 3, 1, 4, tzinfo=dt.UTC).timestamp() * 1_000_000)
KEYS = Keys(MemoryKeyStore())


def cancelled(meeting: str = "m1", reason: str = "时间冲突") -> Event:
    """A small event: its stream is `meeting-<id>`, it claims nothing and names nobody."""
    return MeetingCancelled(occurred_on=DAY, meeting_id=MeetingId(meeting), reason=reason)


def append(
    book: str,
    *events: Event,
    key: str | None = None,
    body: str = "",
    seen: tuple[Consulted, ...] = (),
    at: int = NOON,
    elsewhere: tuple[tuple[str, Event], ...] = (),
) -> Append:
    """What the bus would send; `body` stands for the command's body."""
    key = key or uuid.uuid4().hex
    homed = [(book, event) for event in events] + list(elsewhere)
    drafts = []
    for number, (home, event) in enumerate(homed):
        event_id = str(uuid.uuid5(uuid.NAMESPACE_OID, f"{book} {key} {number}"))
        record = codec.encode(event, event_id=event_id, actor="tester", by="cancel-meeting", late=None, keys=KEYS)
        drafts.append(Draft(book=OrgId(home), event=event, event_id=event_id, record=record))
    return Append(
        book=OrgId(book), key=key, fingerprint=hashlib.sha256(body.encode()).digest(), at=at, drafts=tuple(drafts), consulted=seen
    )


def saw(book: str, stream: str, page: int) -> tuple[Consulted, ...]:
    return (Consulted(OrgId(book), stream, page),)


def person(number: int) -> PersonId:
    return PersonId(f"p{number:04d}")
