"""Ledger L03, publicity work: what was published, and exemplary deeds (N08)."""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from events.base import Event
from events.publicity import ExemplaryCaseRecorded, PublicityId, PublicityItemPublished, PublicitySubject, PublicityWithdrawn
from projections.engine.fold import Fact, Handler, Row
from projections.ledgers.l03_registers import PUBLICITY
from projections.ledgers.register import entry, strike


class PublicityBook(msgspec.Struct):
    """In which year each item has its row."""

    years: dict[PublicityId, int] = msgspec.field(default_factory=dict)


def published(book: PublicityBook, fact: Fact[PublicityItemPublished]) -> Iterator[Row]:
    event = fact.event
    book.years[event.item_id] = event.occurred_on.year
    cells: dict[str, Any] = {
        "date": event.occurred_on,
        "title": event.title,
        "authors": list(event.authors),
        "channel": event.channel.zh,
        "subject": event.subject.zh,
        "platform": event.platform,
        "adopted": event.adopted.zh,
        "link": event.link,
    }
    yield entry(PUBLICITY, fact, event.item_id, cells)


def exemplary(book: PublicityBook, fact: Fact[ExemplaryCaseRecorded]) -> Iterator[Row]:
    event = fact.event
    book.years[event.item_id] = event.occurred_on.year
    cells: dict[str, Any] = {
        "date": event.occurred_on,
        "title": event.title,
        "authors": [event.recorded_by],
        "subject": PublicitySubject.EXEMPLARY.zh,
        "person": event.person_id,
        "deeds": event.deeds,
    }
    yield entry(PUBLICITY, fact, event.item_id, cells, subject=event.person_id)


def withdrawn(book: PublicityBook, fact: Fact[PublicityWithdrawn]) -> Iterator[Row]:
    yield strike(PUBLICITY, fact, fact.event.item_id, year=book.years.pop(fact.event.item_id))


HANDLERS: Mapping[type[Event], Handler] = {
    PublicityItemPublished: published,
    ExemplaryCaseRecorded: exemplary,
    PublicityWithdrawn: withdrawn,
}
