"""What the tests of documents are told in: a file, a paper, a day."""

import datetime as dt
from typing import Any

from events.documents import DocumentFiled, DocumentId, MaterialId, MediaType, PaperDocumentRegistered, Retention, Secrecy

DAY = dt.date(2026, 1, 15)
D1 = DocumentId("d1")
HASH, OTHER_HASH = "a" * 64, "b" * 64


def material(name: str) -> MaterialId:
    return MaterialId(name)


def filed(**changed: Any) -> DocumentFiled:
    told: dict[str, Any] = {
        "occurred_on": DAY,
        "document_id": D1,
        "title": "年度学习计划",
        "materials": (material("N17.M01"),),
        "sha256": HASH,
        "size": 1200,
        "media_type": MediaType.PDF,
        "responsible": "支部委员会",
        "formed_on": dt.date(2026, 1, 8),
        "secrecy": Secrecy.INTERNAL,
        "retention": Retention.TEN_YEARS,
    }
    return DocumentFiled(**(told | changed))


FILED = filed()


def registered(name: str, **changed: Any) -> PaperDocumentRegistered:
    told: dict[str, Any] = {
        "occurred_on": DAY,
        "document_id": DocumentId(name),
        "title": "政审材料",
        "materials": (material("N14.M13"),),
        "responsible": "组织委员",
        "formed_on": dt.date(2026, 1, 10),
        "secrecy": Secrecy.SECRET,
        "retention": Retention.PERMANENT,
        "place": "档案柜2",
    }
    return PaperDocumentRegistered(**(told | changed))
