"""Writes the golden payloads that are missing: `python -m tests.upcasts.write`. One that is there is never touched."""

from pathlib import Path
from typing import Any

import msgspec

from events.base import Event
from events.catalog import EVENTS
from events.store.codec import canonical
from tests.upcasts.samples import sample

FOLDER = Path(__file__).parent


def golden(tag: str, schema: int) -> Path:
    return FOLDER / f"{tag}.v{schema}.json"


def stored(event: Event) -> bytes:
    """The body as the record keeps it."""
    body: dict[str, Any] = msgspec.to_builtins(event)
    del body["type"]
    return canonical(body)


def main() -> None:
    for tag, event in EVENTS.items():
        path = golden(tag, event.schema)
        if not path.exists():
            path.write_bytes(stored(sample(event)) + b"\n")
            print(path.name)  # noqa: T201


if __name__ == "__main__":
    main()
