"""The stream described as AsyncAPI 3.0, made from the catalogue: one message for each event, personal fields left out."""

import functools
from typing import Any

import msgspec
from litestar import Response, get

from events.base import Event
from events.catalog import EVENTS
from events.store.codec import SEALED
from service.api.cloud import CloudEvent

REF = "#/components/schemas/{name}"
CHANNEL = "/api/v1/events/stream"


@functools.cache
def document() -> bytes:
    """The same for everybody."""
    _, schemas = msgspec.json.schema_components((CloudEvent, *EVENTS.values()), ref_template=REF)
    for event in EVENTS.values():
        schemas[event.__name__] = _open(schemas[event.__name__], event)
    messages = {tag: _message(tag, event) for tag, event in EVENTS.items()}
    return msgspec.json.encode(
        {
            "asyncapi": "3.0.0",
            "info": {"title": "Branchbook", "version": "1.0.0", "description": "All books in one order, as CloudEvents 1.0."},
            "defaultContentType": "application/json",
            "channels": {
                "journal": {
                    "address": CHANNEL,
                    "description": "Server-sent events; `id:` is the position. Resumes exactly after `Last-Event-ID`.",
                    "messages": {tag: {"$ref": f"#/components/messages/{tag}"} for tag in messages},
                }
            },
            "operations": {"follow": {"action": "receive", "channel": {"$ref": "#/channels/journal"}}},
            "components": {"messages": messages, "schemas": schemas},
        }
    )


def _message(tag: str, event: type[Event]) -> dict[str, Any]:
    data = {"properties": {"type": {"const": tag}, "data": {"$ref": f"#/components/schemas/{event.__name__}"}}}
    return {
        "name": tag,
        "title": f"{event.zh} · {event.en}",
        "summary": (event.__doc__ or "").strip(),
        "payload": {"allOf": [{"$ref": "#/components/schemas/CloudEvent"}, data]},
    }


def _open(schema: dict[str, Any], event: type[Event]) -> dict[str, Any]:
    """As it leaves: the tag stands in the envelope, sealed fields stay behind."""
    hidden = {"type", *SEALED[event]}
    return schema | {
        "properties": {name: kind for name, kind in schema["properties"].items() if name not in hidden},
        "required": [name for name in schema["required"] if name not in hidden],
    }


@get("/schema/asyncapi.json", opt={"public": True}, include_in_schema=False, sync_to_thread=False)
def asyncapi() -> Response[bytes]:
    """For those who write a reader of the stream."""
    return Response(document(), media_type="application/json")


HANDLERS = [asyncapi]
