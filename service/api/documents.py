"""Documents over HTTP: a file is sent as a form and recorded in one step; the list, and the bytes back as they were filed."""

import datetime as dt
import secrets
from typing import Annotated, Any
from urllib.parse import quote

import msgspec
import structlog
from litestar import Request, Response, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath, HeaderParameter, MultipartBody, QueryParameter
from litestar.response import Stream
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from events.base import OrgId
from events.documents import DocumentFiled, DocumentReplaced
from projections.query import Views
from projections.shapes import PAGE_MAX, Absence, AsOf, DocumentView, Scope
from projections.standard.materials import materials
from service.api.access import may_send, scope_of
from service.api.commands import IdempotencyKey, IfMatch, Prefer, answered, key_of, page_of
from service.api.problems import documented
from service.auth.accounts import record_read
from service.auth.actor import Actor
from service.auth.policy import authorize
from service.auth.rights import Right
from service.bus import Receipt
from service.decide.base import Command, command_name
from service.decide.documents.files import FileDocument, ReplaceDocument, may_be_uploaded
from service.decide.documents.state import Deposited
from service.documents.files import Files
from service.documents.sniff import ending_of
from service.errors import Forbidden, Malformed, Unavailable
from service.parts import Parts

Ask = Request[Any, Any, Any]
FORM_BYTES = 1024 * 1024
"""What the fields of a form take beside its file."""
FAILURES = documented(400, 401, 403, 404, 503)
UPLOAD_FAILURES = documented(400, 401, 403, 404, 409, 413, 415, 422, 503)
GIVEN_BY_FILE = frozenset(Deposited.__struct_fields__) - frozenset(Command.__struct_fields__)
"""Fields of the command that the bytes themselves answer."""
REQUEST_ID_MAX = 100
log = structlog.get_logger("branchbook.documents")


class Documents(msgspec.Struct, frozen=True, kw_only=True):
    """A page of documents, newest first; `next` is the cursor."""

    documents: list[DocumentView]
    as_of: AsOf
    next: int | None


def form_of(command: type[Deposited], name: str, *leave_out: str) -> Any:
    """The form that is sent for a command: its fields, with the file itself where the command has what follows from the bytes."""
    left_out = GIVEN_BY_FILE | set(leave_out)
    fields: list[Any] = [
        (field.name, field.type) if field.required else (field.name, field.type, field.default)
        for field in msgspec.structs.fields(command)
        if field.name not in left_out
    ]
    return msgspec.defstruct(name, [("file", UploadFile), *fields], kw_only=True, forbid_unknown_fields=True)


async def take(files: Files, form: Any) -> dict[str, Any]:
    """The fields of the command, once the bytes are kept. What is classified is refused before a byte of it is (INV-084)."""
    given = {name: getattr(form, name) for name in form.__struct_fields__ if name != "file"}
    may_be_uploaded(form.secrecy)
    deposit = await files.take(form.file.filename, form.file.read)
    return given | msgspec.structs.asdict(deposit)


def upload_handler(command: type[Deposited], path: str, form: Any, summary: str, *named: str) -> HTTPRouteHandler:
    """The operation that sends the file of a command. `named`: fields that stand in the address."""
    name = command_name(command)

    async def handle(
        request: "Request[Any, Any, Any]",
        org_id: FromPath[str],
        data: Any,
        actor: NamedDependency[Actor],
        key: IdempotencyKey = None,
        prefer: Prefer = None,
        if_match: IfMatch = None,
    ) -> Response[bytes]:
        parts: Parts = request.app.state.parts
        fields = await take(parts.files, data) | {field: request.path_params[field] for field in named}
        sent = msgspec.convert(fields, command)
        now, known = dt.datetime.now(dt.UTC), page_of(if_match)
        receipt = await parts.bus.handle(OrgId(org_id), sent, actor, key=key_of(key), now=now, expected_page=known)
        return await answered(parts, receipt, prefer)

    body: Any = MultipartBody
    handle.__annotations__["data"] = body[form]
    return post(
        path,
        name=f"upload-{name}",
        operation_id=f"upload-{name}",
        summary=summary,
        description=(command.__doc__ or "").strip(),
        tags=["documents"],
        responses={201: ResponseSpec(Receipt, description="recorded", generate_examples=False), **UPLOAD_FAILURES},
        opt={"right": Right.FILES_WRITE},
        guards=[may_send],
    )(handle)


NewDocument = form_of(FileDocument, "NewDocument")
NewVersion = form_of(ReplaceDocument, "NewVersion", "document_id")
upload_document = upload_handler(FileDocument, "/orgs/{org_id:str}/documents", NewDocument, "上传电子文件 · Upload a document")
upload_version = upload_handler(
    ReplaceDocument,
    "/orgs/{org_id:str}/documents/{document_id:str}/versions",
    NewVersion,
    "上传新版本 · Upload a new version",
    "document_id",
)


def _views(request: Ask) -> Views:
    views: Views = request.app.state.views
    return views


@get(
    "/orgs/{org_id:str}/documents",
    operation_id="list-documents",
    tags=["documents"],
    opt={"right": Right.LEDGERS_READ},
    responses=FAILURES,
)
async def list_documents(
    request: Ask,
    org_id: FromPath[str],
    actor: NamedDependency[Actor],
    after: Annotated[int | None, QueryParameter(name="after", ge=0, le=2**62, description="Cursor of the page before (`next`)")] = None,
    limit: Annotated[int, QueryParameter(name="limit", ge=1, le=PAGE_MAX)] = 50,
    material: Annotated[str | None, QueryParameter(name="material", max_length=20, description="Those that answer it")] = None,
    about: Annotated[str | None, QueryParameter(name="about", max_length=100, description="Those of this case")] = None,
    withdrawn: Annotated[bool, QueryParameter(name="withdrawn", description="Also those that were withdrawn")] = False,  # noqa: FBT002
) -> Documents:
    """The files and papers of a branch, newest first."""
    scope = scope_of(actor, Right.LEDGERS_READ, OrgId(org_id))
    views = _views(request)
    as_of = await views.position()
    found, following = await views.documents.page(
        scope, OrgId(org_id), before=after, limit=limit, material=material, about=about, withdrawn=withdrawn
    )
    return Documents(documents=found, as_of=as_of, next=following)


@get(
    "/orgs/{org_id:str}/documents/{document_id:str}",
    operation_id="read-document",
    tags=["documents"],
    opt={"right": Right.LEDGERS_READ},
    responses=FAILURES,
)
async def read_document(request: Ask, org_id: FromPath[str], document_id: FromPath[str], actor: NamedDependency[Actor]) -> DocumentView:
    """What is on record of one document."""
    scope = scope_of(actor, Right.LEDGERS_READ, OrgId(org_id))
    return await _views(request).documents.one(scope, OrgId(org_id), document_id)


@get(
    "/orgs/{org_id:str}/documents/{document_id:str}/file",
    operation_id="read-document-file",
    tags=["documents"],
    opt={"right": Right.LEDGERS_READ},
    responses={200: ResponseSpec(None, description="the bytes as they were filed", generate_examples=False), **FAILURES},
)
async def read_file(
    request: Ask,
    org_id: FromPath[str],
    document_id: FromPath[str],
    actor: NamedDependency[Actor],
    version: Annotated[int | None, QueryParameter(name="version", ge=1, le=10_000, description="An earlier version")] = None,
    purpose: Annotated[
        str | None, QueryParameter(name="purpose", max_length=200, description="Why: asked for papers of discipline and disposition")
    ] = None,
    known: Annotated[str | None, HeaderParameter(name="If-None-Match")] = None,
) -> Response[Any]:
    """The file, always as an attachment. A version that was replaced is still there under its number."""
    org = OrgId(org_id)
    scope = scope_of(actor, Right.LEDGERS_READ, org)
    views = _views(request)
    found = await views.documents.one(scope, org, document_id)
    request_id = request.headers.get("x-request-id", "")[:REQUEST_ID_MAX] or secrets.token_hex(8)
    await open_document(request.app.state.engine, actor, scope, found, purpose, request_id)
    told = found if version in (None, found.version) else await earlier(views, scope, found, version or 1)
    if known is not None and told.sha256 in known:
        return Response(None, status_code=304, headers={"ETag": f'"{told.sha256}"'})
    parts: Parts = request.app.state.parts
    size = await held(parts.files, told)
    return Stream(parts.files.read(told.sha256), media_type=told.media_type, headers=file_headers(told, size))


async def open_document(
    engine: AsyncEngine, actor: Actor, scope: Scope, document: DocumentView, purpose: str | None, request_id: str
) -> None:
    """Who may see the bytes. They hold names, so nobody who reads without names does; papers of discipline and disposition are for
    those who decide about them, and each opening is on record first (promise P13).
    """
    if not scope.names:
        raise Forbidden(document.document_id)
    if not closed(document):
        return
    authorize(actor, Right.DISCIPLINE_WRITE, document.org_id)
    if not (purpose or "").strip():
        raise Malformed("purpose must say why a paper of discipline or disposition is opened")
    try:
        await record_read(engine, actor, document.org_id, [document.document_id], "document", purpose or "", request_id)
    except (DBAPIError, OSError) as error:
        raise Unavailable("the read could not be put on record") from error


def closed(document: DocumentView) -> bool:
    """Whether it answers a material of discipline or disposition."""
    return any(materials()[name].entry.closed for name in document.materials)


async def earlier(views: Views, scope: Scope, document: DocumentView, version: int) -> DocumentView:
    """The document as it was in a version that was replaced."""
    for fact in await views.stream(scope, document.org_id, "documents"):
        match fact.event:
            case DocumentFiled() as event if event.document_id == document.document_id and version == 1:
                break
            case DocumentReplaced() as event if (event.document_id, event.version) == (document.document_id, version):
                break
    else:
        raise Absence(document.document_id)
    return msgspec.structs.replace(document, sha256=event.sha256, size=event.size, media_type=event.media_type.value, version=version)


async def held(files: Files, document: DocumentView) -> int:
    """The size of the bytes; a paper has none, and lost ones are absent, loudly."""
    size = await files.size(document.sha256) if document.sha256 else None
    if size is None:
        if document.sha256:
            log.error("documents.bytes_missing", org_id=document.org_id, document_id=document.document_id, sha256=document.sha256)
        raise Absence(document.document_id)
    return size


def file_headers(document: DocumentView, size: int) -> dict[str, str]:
    """An attachment, named by its title; that no browser guesses at it is said on every answer."""
    ending = ending_of(document.media_type)
    name = quote(document.title.replace("/", " ").replace("\\", " ") + ending, safe="")
    return {
        "Content-Disposition": f"attachment; filename=\"{document.document_id}{ending}\"; filename*=UTF-8''{name}",
        "Content-Length": str(size),
        "ETag": f'"{document.sha256}"',
    }


HANDLERS = [upload_document, upload_version, list_documents, read_document, read_file]
