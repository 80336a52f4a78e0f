"""The documents view: one row for each file or paper of a branch, as it stands now."""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from events.base import Event
from events.documents import (
    DocumentFiled,
    DocumentId,
    DocumentLinked,
    DocumentReplaced,
    DocumentWithdrawn,
    PaperDocumentRegistered,
    PaperVolumeBound,
)
from projections.engine.fold import Fact, Handler, Projection, Row


class Links(msgspec.Struct):
    """What an entry answers and belongs to; both only grow."""

    materials: list[str]
    about: list[str]


class State(msgspec.Struct):
    """The links of every entry of the branch."""

    links: dict[DocumentId, Links] = msgspec.field(default_factory=dict)


def _row(fact: Fact[Any], name: DocumentId, **values: Any) -> Row:
    return Row(table="document", key=(name,), values={"position": fact.position, **values})


def _entered(state: State, fact: Fact[DocumentFiled] | Fact[PaperDocumentRegistered], **values: Any) -> Row:
    event = fact.event
    links = Links(materials=list(event.materials), about=[event.about] if event.about else [])
    state.links[event.document_id] = links
    return _row(
        fact,
        event.document_id,
        title=event.title,
        materials=list(links.materials),
        about=list(links.about),
        responsible=event.responsible,
        formed_on=event.formed_on,
        filed_on=event.occurred_on,
        secrecy=event.secrecy.value,
        retention=event.retention.value,
        volume_no=event.volume_no,
        page=fact.page,
        event_id=fact.event_id,
        **values,
    )


def filed(state: State, fact: Fact[DocumentFiled]) -> Iterator[Row]:
    event = fact.event
    yield _entered(state, fact, sha256=event.sha256, size=event.size, media_type=event.media_type.value)


def paper_registered(state: State, fact: Fact[PaperDocumentRegistered]) -> Iterator[Row]:
    yield _entered(state, fact, place=fact.event.place)


def linked(state: State, fact: Fact[DocumentLinked]) -> Iterator[Row]:
    event = fact.event
    links = state.links[event.document_id]
    links.materials = list(dict.fromkeys((*links.materials, *event.materials)))
    links.about = list(dict.fromkeys((*links.about, *((event.about,) if event.about else ()))))
    yield _row(fact, event.document_id, materials=list(links.materials), about=list(links.about))


def replaced(_state: State, fact: Fact[DocumentReplaced]) -> Iterator[Row]:
    event = fact.event
    yield _row(
        fact,
        event.document_id,
        sha256=event.sha256,
        size=event.size,
        media_type=event.media_type.value,
        secrecy=event.secrecy.value,
        version=event.version,
    )


def withdrawn(state: State, fact: Fact[DocumentWithdrawn]) -> Iterator[Row]:
    """Superior's documents and volumes have no row here."""
    if fact.event.document_id in state.links:
        yield _row(fact, fact.event.document_id, withdrawn_on=fact.event.occurred_on)


def bound(state: State, fact: Fact[PaperVolumeBound]) -> Iterator[Row]:
    yield from (_row(fact, name, volume_no=fact.event.volume_no) for name in fact.event.documents if name in state.links)


HANDLERS: Mapping[type[Event], Handler] = {
    DocumentFiled: filed,
    PaperDocumentRegistered: paper_registered,
    DocumentLinked: linked,
    DocumentReplaced: replaced,
    DocumentWithdrawn: withdrawn,
    PaperVolumeBound: bound,
}

PROJECTION = Projection[State](name="documents", tables=("document",), start=State, handlers=HANDLERS)
