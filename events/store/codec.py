"""Events to bytes and back: canonical JSON out, upcasts in.

The encoder is ours to keep: golden files pin its output, so that a library upgrade cannot change what is stored.
"""

import secrets
import typing
import unicodedata
from typing import Any

import msgspec

from events.base import PERSONAL, SENSITIVE, Event, OrgId, tag_of
from events.catalog import EVENTS, UPCASTS
from events.store.keys import Keys
from events.store.record import ENTRY_BYTES_MAX, Fact, Recorded
from events.store.record import Entry as Entry

_json = msgspec.json.Encoder(order="sorted", uuid_format="canonical")
_entry = msgspec.json.Decoder(Entry)
_record = msgspec.json.Decoder(Recorded)
_body: dict[str, msgspec.json.Decoder[Event]] = {}


class TooLarge(Exception):
    """The event does not fit one page."""


def _marked(annotation: Any, marks: tuple[object, ...]) -> bool:
    if any(mark in marks for mark in getattr(annotation, "__metadata__", ())):
        return True
    return any(_marked(part, marks) for part in typing.get_args(annotation) if not isinstance(part, msgspec.Meta))


def fields_marked(event: type[Event], *marks: object) -> tuple[str, ...]:
    """The fields of an event whose annotation bears one of the marks (`PERSONAL`, `SENSITIVE`)."""
    hints = typing.get_type_hints(event, include_extras=True)
    return tuple(name for name in event.__struct_fields__ if _marked(hints[name], marks))


SEALED: dict[type[Event], tuple[str, ...]] = {event: fields_marked(event, PERSONAL, SENSITIVE) for event in EVENTS.values()}


def canonical(value: Any) -> bytes:
    """Sorted keys, no spaces, NFC. Values are integers, strings, booleans, null, lists and objects; never floats."""
    raw = _json.encode(value)
    if not raw.isascii():
        text = raw.decode()
        if not unicodedata.is_normalized("NFC", text):
            return unicodedata.normalize("NFC", text).encode()
    return raw


def encode(event: Event, *, event_id: str, actor: str, by: str, late: str | None, keys: Keys) -> bytes:
    """The `record` part of an entry, personal fields sealed. Raises `TooLarge`."""
    body: dict[str, Any] = msgspec.to_builtins(event)
    del body["type"]
    for field in SEALED[type(event)]:
        if body[field] is not None:
            body[field] = keys.seal(body["person_id"], event_id, field, body[field])
    record = Recorded(
        actor=actor,
        body=msgspec.Raw(canonical(body)),
        by=by,
        id=event_id,
        late=late,
        salt=secrets.token_hex(16),
        schema=type(event).schema,
        stream=event.stream(),
        type=tag_of(event),
    )
    raw = canonical(record)
    if len(raw) > ENTRY_BYTES_MAX - 300:
        raise TooLarge(tag_of(event))
    return raw


def decode_body(tag: str, schema: int, body: bytes | msgspec.Raw) -> Event:
    """The event of today's shape, whatever schema it was stored with. KeyError for an unknown tag."""
    event = EVENTS[tag]
    if schema != event.schema:
        return _upcast(event, tag, schema, bytes(body))
    decoder = _body.get(tag)
    if decoder is None:
        decoder = _body[tag] = msgspec.json.Decoder(event)
    return decoder.decode(body)


def _upcast(event: type[Event], tag: str, schema: int, body: bytes) -> Event:
    if schema > event.schema:
        raise ValueError(f"{tag} was stored with schema {schema}; this program knows {event.schema}")
    data: dict[str, Any] = msgspec.json.decode(body)
    for step in range(schema, event.schema):
        data = UPCASTS[tag, step](data)
    return msgspec.convert(data, event)


def decode_record(record: bytes) -> Event:
    """The event of a `record` part that was just encoded, sealed as it is stored."""
    recorded = _record.decode(record)
    return decode_body(recorded.type, recorded.schema, recorded.body)


def decode(entry: bytes, position: int = -1) -> Fact[Event]:
    """A stored page as a fact."""
    page = _entry.decode(entry)
    record = page.record
    return Fact(
        position=position,
        book=OrgId(page.book),
        page=page.page,
        event_id=record.id,
        actor=record.actor,
        recorded_at=page.at,
        late_reason=record.late,
        event=decode_body(record.type, record.schema, record.body),
    )
