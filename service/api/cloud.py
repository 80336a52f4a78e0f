"""Facts as CloudEvents 1.0. Personal fields never leave by this road: only fields that bear no mark are copied."""

import datetime as dt
from typing import Any

import msgspec

from events.base import Event, tag_of
from events.catalog import EVENTS
from events.store.codec import SEALED
from events.store.record import Fact
from service.auth.actor import Actor

SOURCE = "/branchbook"
OPEN: dict[type[Event], tuple[str, ...]] = {
    event: tuple(field for field in event.__struct_fields__ if field not in SEALED[event]) for event in EVENTS.values()
}
"""The fields of each event that integrators may read."""


class CloudEvent(msgspec.Struct, frozen=True, kw_only=True):
    """One event of the stream; `position`, `book` and `page` are extension attributes."""

    specversion: str
    id: str
    source: str
    type: str
    subject: str
    time: str
    datacontenttype: str
    position: int
    book: str
    page: int
    data: dict[str, Any]


def cloud_event(fact: Fact[Event]) -> CloudEvent:
    event = fact.event
    return CloudEvent(
        specversion="1.0",
        id=fact.event_id,
        source=f"{SOURCE}/{fact.book}",
        type=tag_of(event),
        subject=event.stream(),
        time=dt.datetime.fromtimestamp(fact.recorded_at / 1_000_000, dt.UTC).isoformat(timespec="microseconds").replace("+00:00", "Z"),
        datacontenttype="application/json",
        position=fact.position,
        book=fact.book,
        page=fact.page,
        data={field: msgspec.to_builtins(getattr(event, field)) for field in OPEN[type(event)]},
    )


def may_see(actor: Actor, fact: Fact[Event]) -> bool:
    """Within the actor's organisations and allow-list of types."""
    return fact.book in actor.subtree and (actor.event_types is None or tag_of(fact.event) in actor.event_types)
