"""Papers that stay on paper: entered into the index, received from the superior, bound into volumes (L10, N24.T03, N09.T04)."""

import datetime as dt
from typing import Annotated, ClassVar

import msgspec

from events.base import Text
from events.documents import (
    DocumentId,
    PaperDocumentRegistered,
    PaperVolumeBound,
    Retention,
    Secrecy,
    SuperiorDocumentReceived,
)
from projections.standard.holidays import add_working_days
from projections.standard.materials import kept
from service.auth.rights import Right
from service.decide.base import Case, Command, Context, Outcome, label
from service.decide.directives.state import DIRECTIVES, Directives
from service.decide.documents.files import FormedOn, Kept, Materials, Matter, Responsible, Title
from service.decide.documents.state import DOCUMENTS, Documents, known_materials
from service.errors import BuiltUpon, Conflict, Malformed, Refused

NewId = Annotated[DocumentId | None, label("登记编号", "Document id")]
Place = Annotated[Text, label("存放地点", "Where it lies", min_length=1)]
PaperLevel = Annotated[
    Secrecy, label("密级", "Secrecy", help_zh="涉密文件只登记，不上传", help_en="What is classified is entered here, never uploaded")
]


class RegisterPaperDocument(Command, frozen=True, kw_only=True, tag="register-paper-document"):
    """A paper that stays on paper is entered into the index, classified ones too."""

    zh: ClassVar[str] = "登记纸质文件"
    en: ClassVar[str] = "Register a paper document"

    title: Title
    materials: Materials = ()
    about: Matter = None
    responsible: Responsible
    formed_on: FormedOn
    secrecy: PaperLevel = Secrecy.INTERNAL
    place: Place
    volume_no: Annotated[Text, label("册号", "Volume")] = ""
    retention: Kept = None
    document_id: NewId = None


def register_paper_document(command: RegisterPaperDocument, context: Context, documents: Documents) -> Outcome:
    """INV-100 asks for a title and a material; a paper has no checksum."""
    if not command.title.strip():
        raise Refused("INV-100", "title")
    materials = known_materials(command.materials)
    if command.formed_on > command.occurred_on:
        raise Refused("INV-007", "formed_on")
    event = PaperDocumentRegistered(
        occurred_on=command.occurred_on,
        document_id=_new(command.document_id, context, documents),
        title=command.title.strip(),
        materials=materials,
        about=command.about,
        responsible=command.responsible,
        formed_on=command.formed_on,
        secrecy=command.secrecy,
        retention=command.retention or kept(materials),
        place=command.place,
        volume_no=command.volume_no,
    )
    return [event]


class ReceiveSuperiorDocument(Command, frozen=True, kw_only=True, tag="receive-superior-document"):
    """A document of the superior arrived and is signed for."""

    zh: ClassVar[str] = "签收上级文件"
    en: ClassVar[str] = "Receive a superior's document"

    number: Annotated[Text, label("文号", "Number", min_length=1)]
    title: Annotated[Title, msgspec.Meta(min_length=1)]
    issuer: Annotated[Text, label("发文机关", "Issued by", min_length=1)]
    formed_on: FormedOn
    secrecy: PaperLevel = Secrecy.INTERNAL
    act_by: Annotated[
        dt.date | None,
        label(
            "办理期限",
            "To be acted on by",
            help_zh="文件未写明时按工作日推算",
            help_en="Left out when the document names no day: working days are counted",
        ),
    ] = None
    document_id: NewId = None


def receive_superior_document(command: ReceiveSuperiorDocument, context: Context, documents: Documents, directives: Directives) -> Outcome:
    """DL-61: to be tabled by the day that it names, else within working days. The same number of the same issuer again is nothing to do.

    What the superior delivered here already is signed for as a directive, so that no paper stands in the register twice.
    """
    if command.formed_on > command.occurred_on:
        raise Refused("INV-007", "formed_on")
    if (command.issuer, command.number) in documents.by_number:
        return []
    if (command.issuer, command.number) in directives.papers:
        raise BuiltUpon(
            "该文件已由系统送达，请在“上级部署”中签收", "It was delivered here: sign for it among the directives of the superior"
        )
    if command.act_by is not None and command.act_by < command.occurred_on:
        raise Malformed("act_by lies before the day on which it was received")
    days = context.rules.number("document.superior_working_days")
    event = SuperiorDocumentReceived(
        occurred_on=command.occurred_on,
        document_id=_new(command.document_id, context, documents),
        number=command.number,
        title=command.title,
        issuer=command.issuer,
        formed_on=command.formed_on,
        secrecy=command.secrecy,
        act_by=command.act_by or add_working_days(command.occurred_on, days),
        stated=command.act_by is not None,
    )
    return [event]


class BindPaperVolume(Command, frozen=True, kw_only=True, tag="bind-paper-volume"):
    """Papers are bound into a volume for the archive."""

    zh: ClassVar[str] = "装订纸质档案"
    en: ClassVar[str] = "Bind a paper volume"

    volume_no: Annotated[Text, label("册号", "Volume", min_length=1)]
    title: Annotated[Text, label("册名", "Title of the volume", min_length=1)]
    year: Annotated[int, label("年度", "Year", ge=1921, le=9999)]
    documents: Annotated[tuple[DocumentId, ...], label("册内文件", "Documents in it")] = ()
    pieces: Annotated[int, label("件数", "Pieces", ge=1, le=1_000_000)]
    retention: Annotated[Retention, label("保管期限", "Kept for")] = Retention.TEN_YEARS
    place: Place
    document_id: NewId = None


def bind_paper_volume(command: BindPaperVolume, context: Context, documents: Documents) -> Outcome:
    """A number is given once; a paper lies in one volume."""
    inside = tuple(dict.fromkeys(command.documents))
    if command.pieces < len(inside):
        raise Malformed("pieces are fewer than the documents named")
    bound = documents.volumes.get(command.volume_no)
    if bound is not None and all(documents.standing(name).volume_no == command.volume_no for name in inside):
        return []
    if bound is not None:
        raise Conflict(f"volume {command.volume_no} is bound already")
    for name in inside:
        item = documents.standing(name)
        if item.kind is PaperVolumeBound or item.volume_no not in ("", command.volume_no):
            raise Conflict(f"document {name} lies in another volume")
    event = PaperVolumeBound(
        occurred_on=command.occurred_on,
        document_id=_new(command.document_id, context, documents),
        volume_no=command.volume_no,
        title=command.title,
        year=command.year,
        documents=inside,
        pieces=command.pieces,
        retention=command.retention,
        place=command.place,
    )
    return [event]


def _new(given: DocumentId | None, context: Context, documents: Documents) -> DocumentId:
    document_id = given or DocumentId(context.event_ids[0])
    if document_id in documents.items:
        raise Conflict(f"something else is recorded as {document_id}")
    return document_id


CASES = (
    Case(command=RegisterPaperDocument, right=Right.WORK_WRITE, reads=(DOCUMENTS,), decide=register_paper_document),
    Case(command=ReceiveSuperiorDocument, right=Right.WORK_WRITE, reads=(DOCUMENTS, DIRECTIVES), decide=receive_superior_document),
    Case(command=BindPaperVolume, right=Right.WORK_WRITE, reads=(DOCUMENTS,), decide=bind_paper_volume),
)
