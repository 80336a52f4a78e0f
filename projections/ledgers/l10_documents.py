"""Ledger L10 电子文件: the index of files and papers, superior's documents, bound volumes, materials complete or waived (N24.M10)."""

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
    MaterialConfirmed,
    MaterialWaived,
    MaterialWaiverEnded,
    PaperDocumentRegistered,
    PaperVolumeBound,
    SuperiorDocumentReceived,
)
from projections.engine.fold import Fact, Handler, Projection, Row
from projections.ledgers import l10_directives
from projections.ledgers.l10_directives import RECEIVED, Places
from projections.ledgers.register import Column, Kind, Register, entry, strike
from projections.standard.materials import materials
from projections.standard.pack import default_pack

FILES = Register(
    ledger="L10",
    code="files",
    columns=(
        Column("number", "文件编号", "File number"),
        Column("title", "题名", "Title"),
        Column("ledgers", "所属台账", "Belongs to ledger", Kind.LIST),
        Column("materials", "材料编号", "Materials", Kind.LIST),
        Column("formed_on", "形成日期", "Date of the document", Kind.DATE),
        Column("responsible", "责任者", "Made by"),
        Column("format", "格式", "Format"),
        Column("size", "大小(字节)", "Size (bytes)", Kind.COUNT),
        Column("sha256", "SHA-256", "SHA-256"),
        Column("place", "存储位置", "Stored in"),
        Column("secrecy", "密级", "Secrecy"),
        Column("retention", "保管期限", "Kept for"),
        Column("paper", "纸质件有无及册号", "Paper copy and volume"),
        Column("version", "版本", "Version", Kind.COUNT),
        Column("uploaded_by", "上传人", "Filed by"),
    ),
)

VOLUMES = Register(
    ledger="L10",
    code="paper-volumes",
    columns=(
        Column("volume_no", "册号", "Volume"),
        Column("title", "册名", "Title"),
        Column("year", "年度", "Year", Kind.COUNT),
        Column("pieces", "件数", "Pieces", Kind.COUNT),
        Column("documents", "册内文件编号", "Files in it", Kind.LIST),
        Column("retention", "保管期限", "Kept for"),
        Column("place", "存放地点", "Where it lies"),
        Column("bound_on", "装订日期", "Bound on", Kind.DATE),
    ),
)

MATERIALS = Register(
    ledger="L10",
    code="materials",
    columns=(
        Column("date", "登记日期", "Date", Kind.DATE),
        Column("material", "材料编号", "Material"),
        Column("name", "材料名称", "Name"),
        Column("about", "关联事项", "Belongs to"),
        Column("state", "状态", "State"),
        Column("basis", "依据", "Basis", Kind.LIST),
        Column("reason", "免交原因", "Reason of the waiver"),
    ),
)

REGISTERS = (FILES, RECEIVED, VOLUMES, MATERIALS)
BY_CODE = {register.code: register for register in REGISTERS}

COMPLETE, WAIVED = "齐备", "免交"
BY_EVENT = "事项记录"
ELECTRONIC, ON_PAPER = "电子文件库", "纸质"
WITHOUT = "无"


class Listed(msgspec.Struct):
    """Where an entry has its row."""

    code: str
    year: int
    number: str = ""
    materials: list[str] = msgspec.field(default_factory=list)


class Confirmed(msgspec.Struct):
    """A row that says that a material is complete."""

    year: int
    documents: list[DocumentId]
    by_event: bool


class Index(msgspec.Struct):
    """What is remembered of one branch for rows to come."""

    counts: dict[str, int] = msgspec.field(default_factory=dict)
    """Year -> files and papers entered."""
    listed: dict[DocumentId, Listed] = msgspec.field(default_factory=dict)
    confirmed: dict[str, Confirmed] = msgspec.field(default_factory=dict)
    waived: dict[str, tuple[str, int]] = msgspec.field(default_factory=dict)
    """Material and case -> key and year of the row of the waiver that stands."""
    directives: Places = msgspec.field(default_factory=dict)


def _of_ledgers(names: list[str]) -> list[str]:
    titles = {ledger.id: ledger.zh for ledger in default_pack().standard.ledger}
    return [f"{code} {titles[code]}" for code in sorted({materials()[name].entry.ledger for name in names})]


def _paper(*, there: bool, volume_no: str) -> str:
    return f"有，{volume_no}" if volume_no else "有" if there else WITHOUT


def _listed(index: Index, fact: Fact[DocumentFiled] | Fact[PaperDocumentRegistered], cells: dict[str, Any]) -> Row:
    """A new row of the index with the next number of its year."""
    event = fact.event
    year = event.occurred_on.year
    index.counts[str(year)] = index.counts.get(str(year), 0) + 1
    number = f"{year}-{index.counts[str(year)]:04d}"
    index.listed[event.document_id] = Listed(code=FILES.code, year=year, number=number, materials=list(event.materials))
    told = {
        "number": number,
        "title": event.title,
        "ledgers": _of_ledgers(list(event.materials)),
        "materials": list(event.materials),
        "formed_on": event.formed_on,
        "responsible": event.responsible,
        "secrecy": event.secrecy.zh,
        "retention": event.retention.zh,
        "version": 1,
        "uploaded_by": fact.actor,
    }
    return entry(FILES, fact, event.document_id, told | cells)


def filed(index: Index, fact: Fact[DocumentFiled]) -> Iterator[Row]:
    event = fact.event
    cells = {
        "format": event.media_type.zh,
        "size": event.size,
        "sha256": event.sha256,
        "place": ELECTRONIC,
        "paper": _paper(there=event.on_paper, volume_no=event.volume_no),
    }
    yield _listed(index, fact, cells)


def paper_registered(index: Index, fact: Fact[PaperDocumentRegistered]) -> Iterator[Row]:
    """A paper that is in no file: it has neither size nor checksum, but a place."""
    event = fact.event
    cells = {"format": ON_PAPER, "place": event.place, "paper": _paper(there=True, volume_no=event.volume_no)}
    yield _listed(index, fact, cells)


def _changed(index: Index, fact: Fact[Any], name: DocumentId, cells: dict[str, Any]) -> Row:
    place = index.listed[name]
    return entry(BY_CODE[place.code], fact, name, cells, year=place.year)


def linked(index: Index, fact: Fact[DocumentLinked]) -> Iterator[Row]:
    place = index.listed[fact.event.document_id]
    place.materials = list(dict.fromkeys((*place.materials, *fact.event.materials)))
    cells = {"ledgers": _of_ledgers(place.materials), "materials": place.materials}
    yield _changed(index, fact, fact.event.document_id, cells)


def replaced(index: Index, fact: Fact[DocumentReplaced]) -> Iterator[Row]:
    event = fact.event
    cells = {
        "format": event.media_type.zh,
        "size": event.size,
        "sha256": event.sha256,
        "secrecy": event.secrecy.zh,
        "version": event.version,
        "uploaded_by": fact.actor,
    }
    yield _changed(index, fact, event.document_id, cells)


def withdrawn(index: Index, fact: Fact[DocumentWithdrawn]) -> Iterator[Row]:
    """The row keeps its number, struck through; so does what it alone had completed."""
    name = fact.event.document_id
    place = index.listed[name]
    yield strike(BY_CODE[place.code], fact, name, year=place.year)
    for key, seen in list(index.confirmed.items()):
        if not seen.by_event and set(seen.documents) == {name}:
            del index.confirmed[key]
            yield strike(MATERIALS, fact, key, year=seen.year)


def received(index: Index, fact: Fact[SuperiorDocumentReceived]) -> Iterator[Row]:
    event = fact.event
    index.listed[event.document_id] = Listed(code=RECEIVED.code, year=event.occurred_on.year, number=event.number)
    cells = {
        "received_on": event.occurred_on,
        "number": event.number,
        "title": event.title,
        "issuer": event.issuer,
        "formed_on": event.formed_on,
        "secrecy": event.secrecy.zh,
        "act_by": event.act_by,
        "stated": event.stated,
        "received_by": fact.actor,
    }
    yield entry(RECEIVED, fact, event.document_id, cells)


def bound(index: Index, fact: Fact[PaperVolumeBound]) -> Iterator[Row]:
    """The volume has its row; the files that are in it tell its number."""
    event = fact.event
    index.listed[event.document_id] = Listed(code=VOLUMES.code, year=event.occurred_on.year, number=event.volume_no)
    cells = {
        "volume_no": event.volume_no,
        "title": event.title,
        "year": event.year,
        "pieces": event.pieces,
        "documents": [index.listed[name].number for name in event.documents],
        "retention": event.retention.zh,
        "place": event.place,
        "bound_on": event.occurred_on,
    }
    yield entry(VOLUMES, fact, event.document_id, cells)
    for name in event.documents:
        if index.listed[name].code == FILES.code:
            yield _changed(index, fact, name, {"paper": _paper(there=True, volume_no=event.volume_no)})


def confirmed(index: Index, fact: Fact[MaterialConfirmed]) -> Iterator[Row]:
    event = fact.event
    year = event.occurred_on.year
    index.confirmed[fact.event_id] = Confirmed(year=year, documents=list(event.documents), by_event=event.by_event)
    basis = [index.listed[name].number for name in event.documents] + ([BY_EVENT] if event.by_event else [])
    yield entry(MATERIALS, fact, fact.event_id, _material(event) | {"state": COMPLETE, "basis": basis})


def waived(index: Index, fact: Fact[MaterialWaived]) -> Iterator[Row]:
    event = fact.event
    index.waived[_link(event)] = (fact.event_id, event.occurred_on.year)
    yield entry(MATERIALS, fact, fact.event_id, _material(event) | {"state": WAIVED, "reason": event.reason})


def waiver_ended(index: Index, fact: Fact[MaterialWaiverEnded]) -> Iterator[Row]:
    key, year = index.waived.pop(_link(fact.event))
    yield strike(MATERIALS, fact, key, year=year)


def _material(event: MaterialConfirmed | MaterialWaived) -> dict[str, Any]:
    return {
        "date": event.occurred_on,
        "material": event.material,
        "name": materials()[event.material].zh,
        "about": event.about,
    }


def _link(event: MaterialWaived | MaterialWaiverEnded) -> str:
    return f"{event.material}|{event.about or ''}"


def _directive(part: Handler) -> Handler:
    return lambda index, fact: part(index.directives, fact)


HANDLERS: Mapping[type[Event], Handler] = {
    DocumentFiled: filed,
    PaperDocumentRegistered: paper_registered,
    DocumentLinked: linked,
    DocumentReplaced: replaced,
    DocumentWithdrawn: withdrawn,
    SuperiorDocumentReceived: received,
    PaperVolumeBound: bound,
    MaterialConfirmed: confirmed,
    MaterialWaived: waived,
    MaterialWaiverEnded: waiver_ended,
    **{event: _directive(part) for event, part in l10_directives.HANDLERS.items()},
}

PROJECTION = Projection[Index](name="l10", tables=("ledger_row",), start=Index, handlers=HANDLERS)
