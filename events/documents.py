"""Documents of a branch: files by their hash, papers that exist on paper only, superior's papers, bound volumes (N24.M10, rules 0.4).

Room: THE RECORD. The stream `documents` of the branch. Bytes are kept beside the record, under their SHA-256; the record says which ones.
"""

import datetime as dt
import typing
from typing import Annotated, ClassVar, NewType

import msgspec

from events.base import IDENTITY, Choice, Count, Event, LongText, Text, Upcast, shaped

DocumentId = NewType("DocumentId", str)
"""A file, a paper, a superior's paper or a bound volume; named by the event that began it."""
MaterialId = NewType("MaterialId", str)
"""A key material of the standard (`N05.M03`) or a part of a composite one (`N05.M03.05`)."""
About = NewType("About", str)
"""What a document belongs to: a case by its stream (`admission-…`, `meeting-…`), or an entry by the id of its event."""

shaped(DocumentId, IDENTITY)
shaped(MaterialId, r"^N\d{2}\.M\d{2}(\.\d{2})?$(?!\n)")
shaped(About, r"^[A-Za-z0-9._:-]{1,100}$(?!\n)")

Sha256 = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}$(?!\n)")]
Size = Annotated[int, msgspec.Meta(ge=0, le=2**40)]
Version = Annotated[int, msgspec.Meta(ge=1, le=10_000)]


class Secrecy(Choice):
    """How far a paper may go; what lies above `INTERNAL` never enters the system (INV-084)."""

    PUBLIC = "public", "公开", "Public"
    INTERNAL = "internal", "内部", "Internal"
    SECRET = "secret", "秘密", "Secret"
    CONFIDENTIAL = "confidential", "机密", "Confidential"
    TOP_SECRET = "top_secret", "绝密", "Top secret"


UPLOADABLE = frozenset({Secrecy.PUBLIC, Secrecy.INTERNAL})


class Retention(Choice):
    """How long a document is kept."""

    TEN_YEARS = "10", "10年", "10 years"
    THIRTY_YEARS = "30", "30年", "30 years"
    PERMANENT = "permanent", "永久", "Permanent"


class MediaType(Choice):
    """What a file is, told from its bytes."""

    PDF = "application/pdf", "PDF", "PDF"
    JPEG = "image/jpeg", "JPEG图片", "JPEG image"
    PNG = "image/png", "PNG图片", "PNG image"
    DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "Word文档", "Word document"
    XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "Excel工作簿", "Excel workbook"
    PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation", "演示文稿", "Presentation"
    OFD = "application/ofd", "OFD版式文件", "OFD document"
    ZIP = "application/zip", "ZIP压缩包", "ZIP archive"
    MP4 = "video/mp4", "MP4视频", "MP4 video"
    TEXT = "text/plain", "文本", "Text"


class OfDocuments(Event, frozen=True, kw_only=True):
    """What all events of documents share: their stream."""

    def stream(self) -> str:
        return "documents"


class DocumentFiled(OfDocuments, frozen=True, kw_only=True, tag="documents.filed"):
    """A file was put on record by its hash, for the materials that it answers (N24.M10, INV-100)."""

    zh: ClassVar[str] = "电子文件登记"
    en: ClassVar[str] = "Document filed"

    document_id: DocumentId
    title: Text
    materials: tuple[MaterialId, ...]
    sha256: Sha256
    size: Size
    media_type: MediaType
    about: About | None = None
    responsible: Text
    """The body or office that made it (责任者)."""
    formed_on: dt.date
    secrecy: Secrecy
    retention: Retention
    on_paper: bool = False
    volume_no: Text = ""


class DocumentLinked(OfDocuments, frozen=True, kw_only=True, tag="documents.linked"):
    """A file that is on record already answers more materials, or belongs to one more case: listed once, linked to many (L10)."""

    zh: ClassVar[str] = "电子文件关联资料"
    en: ClassVar[str] = "Document linked"

    document_id: DocumentId
    materials: tuple[MaterialId, ...]
    about: About | None = None


class DocumentReplaced(OfDocuments, frozen=True, kw_only=True, tag="documents.replaced"):
    """A new version took the place of the bytes; the old ones stay under their own hash (N24.M10)."""

    zh: ClassVar[str] = "资料替换"
    en: ClassVar[str] = "Document replaced"

    document_id: DocumentId
    version: Version
    sha256: Sha256
    size: Size
    media_type: MediaType
    secrecy: Secrecy
    reason: Text


class DocumentWithdrawn(OfDocuments, frozen=True, kw_only=True, tag="documents.withdrawn"):
    """A wrong entry of this register was taken back; it stays visible, struck through."""

    zh: ClassVar[str] = "文件登记撤回"
    en: ClassVar[str] = "Document withdrawn"

    document_id: DocumentId
    reason: Text


class PaperDocumentRegistered(OfDocuments, frozen=True, kw_only=True, tag="documents.paper_registered"):
    """A paper that stays on paper, classified ones among them, was entered into the index (L10, INV-084)."""

    zh: ClassVar[str] = "纸质文件登记"
    en: ClassVar[str] = "Paper document registered"

    document_id: DocumentId
    title: Text
    materials: tuple[MaterialId, ...]
    about: About | None = None
    responsible: Text
    formed_on: dt.date
    secrecy: Secrecy
    retention: Retention
    place: Text
    """Where it lies."""
    volume_no: Text = ""


class SuperiorDocumentReceived(OfDocuments, frozen=True, kw_only=True, tag="documents.superior_received"):
    """A document of the superior arrived and was signed for; it is to be acted on by a day (N09.T04, DL-61)."""

    zh: ClassVar[str] = "上级文件签收"
    en: ClassVar[str] = "Superior's document received"

    document_id: DocumentId
    number: Text
    title: Text
    issuer: Text
    formed_on: dt.date
    secrecy: Secrecy
    act_by: dt.date
    """As the document says, else the default of working days."""
    stated: bool = False
    """Whether the document itself names that day."""


class PaperVolumeBound(OfDocuments, frozen=True, kw_only=True, tag="documents.volume_bound"):
    """Papers were bound into a volume and put into the archive (N24.T03)."""

    zh: ClassVar[str] = "纸质装订归档"
    en: ClassVar[str] = "Paper volume bound"

    document_id: DocumentId
    volume_no: Text
    title: Text
    year: Annotated[int, msgspec.Meta(ge=1921, le=9999)]
    documents: tuple[DocumentId, ...] = ()
    """Those of the index that are in it."""
    pieces: Count
    retention: Retention
    place: Text


class MaterialConfirmed(OfDocuments, frozen=True, kw_only=True, tag="documents.material_confirmed"):
    """A required material was found complete, by files or by events on record, never by hand (INV-099)."""

    zh: ClassVar[str] = "资料齐备确认"
    en: ClassVar[str] = "Material confirmed"

    material: MaterialId
    about: About | None = None
    documents: tuple[DocumentId, ...] = ()
    by_event: bool = False
    """Whether the stream of the case itself holds the proof."""


class MaterialWaived(OfDocuments, frozen=True, kw_only=True, tag="documents.material_waived"):
    """The superior lets the branch off a material (INV-098)."""

    zh: ClassVar[str] = "资料免交"
    en: ClassVar[str] = "Material waived"

    material: MaterialId
    about: About | None = None
    reason: LongText


class MaterialWaiverEnded(OfDocuments, frozen=True, kw_only=True, tag="documents.waiver_ended"):
    """The superior asks for the material after all; takes a wrong waiver back."""

    zh: ClassVar[str] = "撤销资料免交"
    en: ClassVar[str] = "Material waiver ended"

    material: MaterialId
    about: About | None = None
    reason: Text


DocumentEvent = (
    DocumentFiled
    | DocumentLinked
    | DocumentReplaced
    | DocumentWithdrawn
    | PaperDocumentRegistered
    | SuperiorDocumentReceived
    | PaperVolumeBound
    | MaterialConfirmed
    | MaterialWaived
    | MaterialWaiverEnded
)
"""What the stream `documents` may hold."""

EVENTS: tuple[type[Event], ...] = typing.get_args(DocumentEvent)

UPCASTS: dict[tuple[str, int], Upcast] = {}
