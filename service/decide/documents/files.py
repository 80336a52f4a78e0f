"""Files of a branch: filed, replaced, withdrawn (N24.M10; INV-084, INV-100). Their bytes are in the store before anything is recorded."""

import datetime as dt
from typing import Annotated, ClassVar

from events.base import Text
from events.documents import (
    UPLOADABLE,
    About,
    DocumentFiled,
    DocumentId,
    DocumentLinked,
    DocumentReplaced,
    DocumentWithdrawn,
    MaterialId,
    Retention,
    Secrecy,
)
from projections.standard.materials import kept
from service.auth.rights import Right
from service.decide.base import Case, Command, Context, Outcome, label
from service.decide.documents.state import DOCUMENTS, Deposited, Documents, known_materials
from service.errors import Conflict, Refused

INSTEAD = "register-paper-document"
"""What is offered for a paper that may not be uploaded: it stays on paper, and the index says where."""

Which = Annotated[DocumentId, label("文件", "Document")]
Level = Annotated[
    Secrecy,
    label(
        "密级",
        "Secrecy",
        help_zh="秘密及以上文件不得上传，只登记纸质件",
        help_en="What is classified is never uploaded: only the paper is entered into the index",
    ),
]
Title = Annotated[
    Text, label("题名", "Title", help_zh="不写个人姓名和涉密内容", help_en="Without names of persons and without anything classified")
]
Materials = Annotated[
    tuple[MaterialId, ...],
    label("材料编号", "Materials", help_zh="一个文件可对应多项重点资料", help_en="One file may answer several key materials"),
]
Matter = Annotated[
    About | None,
    label(
        "关联事项",
        "Belongs to",
        help_zh="会议、发展对象、换届等事项的编号",
        help_en="The meeting, admission, election or entry that it is about",
    ),
]
Responsible = Annotated[
    Text, label("责任者", "Made by", help_zh="形成文件的组织或职务", help_en="The body or office that made it", min_length=1)
]
FormedOn = Annotated[dt.date, label("形成日期", "Date of the document")]
Kept = Annotated[
    Retention | None,
    label("保管期限", "Kept for", help_zh="不选则按资料类别确定", help_en="Left out: as the materials ask for"),
]


class FileDocument(Deposited, frozen=True, kw_only=True, tag="file-document"):
    """A file goes on record; one that is on record already is linked to more materials instead."""

    zh: ClassVar[str] = "登记电子文件"
    en: ClassVar[str] = "File a document"

    title: Title
    materials: Materials = ()
    about: Matter = None
    responsible: Responsible
    formed_on: FormedOn
    secrecy: Level = Secrecy.INTERNAL
    retention: Kept = None
    on_paper: Annotated[bool, label("有纸质件", "There is a paper copy")] = False
    volume_no: Annotated[Text, label("纸质件册号", "Volume of the paper copy")] = ""
    document_id: Annotated[DocumentId | None, label("文件编号", "Document id")] = None


def file_document(command: FileDocument, context: Context, documents: Documents) -> Outcome:
    """INV-084 before all else, INV-100, INV-007. Bytes that are on record are listed once and linked to many materials (L10)."""
    may_be_uploaded(command.secrecy)
    if not command.title.strip():
        raise Refused("INV-100", "title")
    materials = known_materials(command.materials)
    if not command.sha256:
        raise Refused("INV-100", "sha256")
    if command.formed_on > command.occurred_on:
        raise Refused("INV-007", "formed_on")
    if command.sha256 in documents.by_hash:
        return _linked(command, materials, documents)
    document_id = command.document_id or DocumentId(context.event_ids[0])
    if document_id in documents.items:
        raise Conflict(f"something else is recorded as {document_id}")
    return [
        DocumentFiled(
            occurred_on=command.occurred_on,
            document_id=document_id,
            title=command.title.strip(),
            materials=materials,
            sha256=command.sha256,
            size=command.size,
            media_type=command.media_type,
            about=command.about,
            responsible=command.responsible,
            formed_on=command.formed_on,
            secrecy=command.secrecy,
            retention=command.retention or kept(materials),
            on_paper=command.on_paper or bool(command.volume_no),
            volume_no=command.volume_no,
        )
    ]


def _linked(command: FileDocument, materials: tuple[MaterialId, ...], documents: Documents) -> Outcome:
    document_id = documents.by_hash[command.sha256]
    links = documents.items[document_id].links
    new = tuple(material for material in materials if (material, command.about) not in links)
    if not new:
        return []
    return [DocumentLinked(occurred_on=command.occurred_on, document_id=document_id, materials=new, about=command.about)]


class ReplaceDocument(Deposited, frozen=True, kw_only=True, tag="replace-document"):
    """A new version of a file takes the place of the one on record."""

    zh: ClassVar[str] = "替换电子文件"
    en: ClassVar[str] = "Replace a document"

    document_id: Which
    secrecy: Level = Secrecy.INTERNAL
    reason: Annotated[Text, label("替换原因", "Reason", min_length=1)]


def replace_document(command: ReplaceDocument, _context: Context, documents: Documents) -> Outcome:
    """The same bytes again are nothing to do; bytes that another entry has are linked there, not listed twice."""
    may_be_uploaded(command.secrecy)
    item = documents.standing(command.document_id)
    if item.kind is not DocumentFiled:
        raise Conflict(f"document {command.document_id} is no file")
    if not command.sha256:
        raise Refused("INV-100", "sha256")
    if item.sha256 == command.sha256:
        return []
    if command.sha256 in documents.by_hash:
        raise Conflict(f"these bytes are on record as {documents.by_hash[command.sha256]}")
    return [
        DocumentReplaced(
            occurred_on=command.occurred_on,
            document_id=command.document_id,
            version=item.version + 1,
            sha256=command.sha256,
            size=command.size,
            media_type=command.media_type,
            secrecy=command.secrecy,
            reason=command.reason,
        )
    ]


class WithdrawDocument(Command, frozen=True, kw_only=True, tag="withdraw-document"):
    """A wrong entry of the index is taken back: a file, a paper, a superior's document or a volume."""

    zh: ClassVar[str] = "撤回文件登记"
    en: ClassVar[str] = "Withdraw a document"

    document_id: Which
    reason: Annotated[Text, label("撤回原因", "Reason", min_length=1)]


def withdraw_document(command: WithdrawDocument, _context: Context, documents: Documents) -> Outcome:
    item = documents.items.get(command.document_id)
    if item is not None and item.withdrawn:
        return []
    documents.standing(command.document_id)
    return [DocumentWithdrawn(occurred_on=command.occurred_on, document_id=command.document_id, reason=command.reason)]


def may_be_uploaded(secrecy: Secrecy) -> None:
    """INV-084: what is classified stays out of the system; its paper may be entered into the index."""
    if secrecy not in UPLOADABLE:
        raise Refused("INV-084", "secrecy", detail=INSTEAD)


CASES = (
    Case(command=FileDocument, right=Right.FILES_WRITE, reads=(DOCUMENTS,), decide=file_document),
    Case(command=ReplaceDocument, right=Right.FILES_WRITE, reads=(DOCUMENTS,), decide=replace_document),
    Case(command=WithdrawDocument, right=Right.FILES_WRITE, reads=(DOCUMENTS,), decide=withdraw_document),
)
