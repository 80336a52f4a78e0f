"""What is known of a branch's documents, and which materials of a case are still missing (N24.M10, rules 0.4)."""

from collections.abc import Iterable, Mapping
from typing import Annotated, assert_never, cast

import msgspec
from msgspec.structs import replace

from events.base import Event, Text
from events.documents import (
    About,
    DocumentEvent,
    DocumentFiled,
    DocumentId,
    DocumentLinked,
    DocumentReplaced,
    DocumentWithdrawn,
    MaterialConfirmed,
    MaterialId,
    MaterialWaived,
    MaterialWaiverEnded,
    MediaType,
    PaperDocumentRegistered,
    PaperVolumeBound,
    Size,
    SuperiorDocumentReceived,
)
from projections.standard.evidence import Evidence, after
from projections.standard.materials import materials
from service.decide.base import Command, Fold, label, own
from service.errors import Absent, Conflict, Refused

Link = tuple[MaterialId, About | None]
"""A material that is answered, and of which case; None: of the branch."""


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of the index."""

    kind: type[Event]
    """The event that began it."""
    links: frozenset[Link] = frozenset()
    sha256: str = ""
    version: int = 1
    volume_no: Text = ""
    withdrawn: bool = False


class Documents(msgspec.Struct, frozen=True, kw_only=True):
    """The stream `documents` of a branch, folded."""

    items: Mapping[DocumentId, Item] = {}
    by_hash: Mapping[str, DocumentId] = {}
    """Files that stand: each is listed once."""
    by_number: Mapping[tuple[str, str], DocumentId] = {}
    """Superior's documents that stand, by issuer and number."""
    volumes: Mapping[str, DocumentId] = {}
    waived: frozenset[Link] = frozenset()
    confirmed: Mapping[Link, MaterialConfirmed] = {}

    def standing(self, document_id: DocumentId) -> Item:
        """The entry, unless there is none or it was withdrawn."""
        item = self.items.get(document_id)
        if item is None:
            raise Absent(f"document {document_id}")
        if item.withdrawn:
            raise Conflict(f"document {document_id} was withdrawn")
        return item

    def answering(self, material: str, about: str | None) -> tuple[DocumentId, ...]:
        """The files and papers that stand for a material of a case; without a case any of the branch's do."""
        return tuple(
            document_id
            for document_id, item in self.items.items()
            if not item.withdrawn and any(name == material and about in (None, case) for name, case in item.links)
        )

    def answered(self, material: str, about: str | None) -> bool:
        """By a file, a paper, or a waiver of the superior (of the case, or of the branch altogether)."""
        return bool(self.answering(material, about)) or not self.waived.isdisjoint({(material, about), (material, None)})


def missing(names: Iterable[str], documents: Documents, about: str | None = None, proven: frozenset[str] = frozenset()) -> tuple[str, ...]:
    """Which of these materials are wanting in a case, the parts of a composite one each by itself.

    `proven`: what the events of the case prove by themselves (`EVIDENCE` of its stream, `.proven`).
    """
    return tuple(part for name in names for part in _wanting(name, documents, about, proven))


def _wanting(name: str, documents: Documents, about: str | None, proven: frozenset[str]) -> tuple[str, ...]:
    def there(one: str) -> bool:
        return one in proven or documents.answered(one, about)

    material = materials()[name]
    if there(name) or (material.parent is not None and there(material.parent)):
        return ()
    return tuple(part for part in material.parts if not there(part)) if material.parts else (name,)


def evolve(documents: Documents, event: Event) -> Documents:
    """The documents after one more event of their stream."""
    own_event = cast("DocumentEvent", event)
    match own_event:
        case MaterialConfirmed(material=material, about=about):
            return replace(documents, confirmed={**documents.confirmed, (material, about): own_event})
        case MaterialWaived(material=material, about=about):
            return replace(documents, waived=documents.waived | {(material, about)})
        case MaterialWaiverEnded(material=material, about=about):
            return replace(documents, waived=documents.waived - {(material, about)})
        case DocumentWithdrawn(document_id=name):
            return _without(documents, name)
        case PaperVolumeBound():
            return _bound(documents, own_event)
        case _:
            return _indexed(documents, own_event)


def _indexed(
    documents: Documents,
    event: DocumentFiled | DocumentLinked | DocumentReplaced | PaperDocumentRegistered | SuperiorDocumentReceived,
) -> Documents:
    """One entry of the index, new or changed."""
    name = event.document_id
    match event:
        case DocumentFiled(sha256=sha256):
            item = Item(kind=DocumentFiled, links=_links(event), sha256=sha256, volume_no=event.volume_no)
            return replace(_with(documents, name, item), by_hash={**documents.by_hash, sha256: name})
        case DocumentLinked():
            item = documents.items[name]
            return _with(documents, name, replace(item, links=item.links | _links(event)))
        case DocumentReplaced(sha256=sha256, version=version):
            hashes = {known: whose for known, whose in documents.by_hash.items() if whose != name}
            changed = _with(documents, name, replace(documents.items[name], sha256=sha256, version=version))
            return replace(changed, by_hash={**hashes, sha256: name})
        case PaperDocumentRegistered():
            return _with(documents, name, Item(kind=PaperDocumentRegistered, links=_links(event), volume_no=event.volume_no))
        case SuperiorDocumentReceived():
            received = _with(documents, name, Item(kind=SuperiorDocumentReceived))
            return replace(received, by_number={**documents.by_number, (event.issuer, event.number): name})
        case _:
            assert_never(event)


def _links(event: DocumentFiled | DocumentLinked | PaperDocumentRegistered) -> frozenset[Link]:
    return frozenset((material, event.about) for material in event.materials)


def _with(documents: Documents, name: DocumentId, item: Item) -> Documents:
    return replace(documents, items={**documents.items, name: item})


def _bound(documents: Documents, event: PaperVolumeBound) -> Documents:
    inside = {name: replace(documents.items[name], volume_no=event.volume_no) for name in event.documents}
    volume = Item(kind=PaperVolumeBound, volume_no=event.volume_no)
    return replace(
        documents,
        items={**documents.items, **inside, event.document_id: volume},
        volumes={**documents.volumes, event.volume_no: event.document_id},
    )


def _without(documents: Documents, name: DocumentId) -> Documents:
    """A withdrawn entry answers nothing any more; what was confirmed by it alone is open again."""
    item = documents.items[name]
    return Documents(
        items={**documents.items, name: replace(item, withdrawn=True)},
        by_hash={known: whose for known, whose in documents.by_hash.items() if whose != name},
        by_number={known: whose for known, whose in documents.by_number.items() if whose != name},
        volumes={known: whose for known, whose in documents.volumes.items() if whose != name},
        waived=documents.waived,
        confirmed={link: seen for link, seen in documents.confirmed.items() if seen.by_event or set(seen.documents) != {name}},
    )


DOCUMENTS = Fold[Documents](name="documents", book=own, stream=lambda _command: "documents", initial=Documents(), evolve=evolve)

EVIDENCE = Fold[Evidence](name="evidence", book=own, stream=lambda command: command.about, initial=Evidence(), evolve=after)
"""The materials that the events of a case prove by themselves; `command.about` names its stream."""


class Deposited(Command, frozen=True, kw_only=True):
    """A command about a file. The bus takes it only when the store holds these bytes, of this size and kind."""

    sha256: Annotated[str, label("SHA-256校验值", "SHA-256 of the bytes", pattern=r"^([0-9a-f]{64})?$(?!\n)")] = ""
    size: Annotated[Size, label("大小（字节）", "Size in bytes")] = 0
    media_type: Annotated[MediaType, label("格式", "Format")]


def known_materials(names: tuple[MaterialId, ...], field: str = "materials") -> tuple[MaterialId, ...]:
    """INV-100: at least one, and each a material of the standard; told once each."""
    unknown = [name for name in names if name not in materials()]
    if not names or unknown:
        raise Refused("INV-100", field, detail=", ".join(unknown))
    return tuple(dict.fromkeys(names))
