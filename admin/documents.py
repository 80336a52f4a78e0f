"""Documents at the desk: the branch's files with the materials that they answer, sending one, opening one."""

import datetime as dt
import secrets
import uuid
from collections.abc import Mapping
from urllib.parse import urlencode

import msgspec
from sqladmin import BaseView, expose
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response, StreamingResponse

from admin.forms import Form, Typed, blank, read
from admin.options import fill
from admin.reading import Org
from admin.record import explain
from admin.refusals import refusal_text
from admin.show import Mark
from admin.visit import Visit, command_title, crumbs, org_of, page, visit_of
from admin.words import named, pick, say
from events.documents import UPLOADABLE, MediaType, Retention, Secrecy
from projections.shapes import DocumentView, Scope
from projections.standard.materials import materials
from service.api.commands import wait_for_views
from service.api.documents import GIVEN_BY_FILE, closed, file_headers, held, open_document
from service.auth.policy import reaches
from service.auth.rights import Right
from service.decide.base import Case
from service.decide.catalog import CASES
from service.decide.documents.files import INSTEAD
from service.documents.files import MEGABYTE, Deposit
from service.documents.sniff import ENDINGS
from service.errors import BranchbookError, UnfitFile

FIELDS_MAX = 400
"""A form names each of its materials once."""
TEXT_MAX = 64 * 1024
WAIT_S = 5.0
ENDS = ",".join(ending for endings in ENDINGS.values() for ending in endings)
FILE, REPLACE, WITHDRAW = "file-document", "replace-document", "withdraw-document"


class Listed(msgspec.Struct, frozen=True, kw_only=True):
    """A document in words."""

    id: str
    title: str
    materials: list[str]
    about: str
    responsible: str
    formed_on: str
    kind: str
    size: str
    secrecy: str
    retention: str
    place: str
    version: int
    marks: list[Mark]
    withdrawn: bool
    file: bool
    event_id: str


class Sent(msgspec.Struct, kw_only=True):
    """What came of the file of a form: it is kept, or what is wrong with it."""

    deposit: Deposit | None = None
    name: str = ""
    error: str = ""
    classified: bool = False

    def typed(self) -> dict[str, list[str]]:
        """The fields of the command that the bytes answer."""
        if self.deposit is None:
            return {}
        return {name: [str(value)] for name, value in msgspec.to_builtins(self.deposit).items()}


class Documents(BaseView):
    """Files and papers of one branch."""

    name = "Documents"

    @expose("/b/{org_id}/documents", identity="documents")
    async def contents(self, request: Request) -> Response:
        """All of them, newest first, or those of one material."""
        visit, org = visit_of(request), await org_of(request, Right.LEDGERS_READ)
        asked = request.query_params.get("material", "")
        material = asked if asked in materials() else None
        before = request.query_params.get("before", "")
        found, following = await visit.read.documents(org, int(before) if before.isdecimal() and len(before) < 18 else None, material)
        names = {thing.id: thing.text for thing in await visit.read.matters(org)} if visit.may(Right.ROSTER_READ, org) else {}
        here, title = visit.url(org, "documents"), say("Documents")
        filters = {"material": material} if material else {}
        return await page(
            self,
            request,
            "documents",
            "documents",
            org=org,
            title=title,
            crumbs=crumbs(visit, org, ("", title)),
            documents=[_listed(one, names) for one in found],
            material=material,
            materials=[(name, f"{name} {named(one)}") for name, one in materials().items()],
            may_file=visit.may(Right.FILES_WRITE, org),
            may_read_events=visit.may(Right.EVENTS_READ, org),
            first=f"{here}?{urlencode(filters)}" if before else "",
            next=f"{here}?{urlencode({**filters, 'before': following})}" if following else "",
        )

    @expose("/b/{org_id}/upload", methods=["GET", "POST"], identity="upload")
    async def upload(self, request: Request) -> Response:
        """The form with its file; the script sends the file ahead, to show how far it is, and then the form without it."""
        visit, org = visit_of(request), await org_of(request, Right.FILES_WRITE)
        if request.method == "GET":
            given = {name: request.query_params.getlist(name) for name in request.query_params}
            case = CASES[REPLACE if "document_id" in given else FILE]
            return await self._show(request, case, blank(case.command, visit.today, given), Sent(), str(uuid.uuid4()))
        async with request.form(max_files=1, max_fields=FIELDS_MAX, max_part_size=TEXT_MAX) as sent:
            taken = await _taken(visit, sent)
            if sent.get("only") == "bytes":
                return _told(taken)
            case = CASES[REPLACE if "document_id" in sent else FILE]
            return await self._record(request, org, case, _typed(sent), taken)

    async def _record(self, request: Request, org: Org, case: Case, typed: Typed, taken: Sent) -> Response:
        """To the receipt, or back to the form, which keeps a file that was already received."""
        visit = visit_of(request)
        key = next(iter(typed.get("key", [])), "") or str(uuid.uuid4())
        form, command = read(case.command, {**typed, **taken.typed()})
        if command is not None and not taken.error:
            try:
                receipt = await visit.parts.bus.handle(org.id, command, visit.actor, key=key, now=dt.datetime.now(dt.UTC))
            except BranchbookError as refusal:
                explain(form, refusal)
            else:
                if receipt.events:
                    await wait_for_views(visit.parts, receipt, WAIT_S)
                    first, last = receipt.events[0].page, receipt.events[-1].page
                    return RedirectResponse(f"/admin/b/{org.id}/receipt/{first}-{last}?of={FILE}", status_code=303)
                form.faults.append(say("There is nothing to record: the book says this already."))
        if taken.classified and (secrecy := form.field("secrecy")) is not None:
            secrecy.errors.append(refusal_text("INV-084", ""))
        return await self._show(request, case, form, taken, key, status=422)

    async def _show(self, request: Request, case: Case, form: Form, taken: Sent, key: str, status: int = 200) -> Response:
        visit, org = visit_of(request), await org_of(request, Right.FILES_WRITE)
        of_file = [bound for bound in form.fields if bound.field.name in GIVEN_BY_FILE]
        form.fields = [bound for bound in form.fields if bound not in of_file]
        if not taken.error and (errors := [error for bound in of_file for error in bound.errors]):
            taken = Sent(error=errors[0])
        await fill(form, visit, org)
        title = command_title(case)
        return await page(
            self,
            request,
            "upload",
            "documents",
            status=status,
            org=org,
            title=title,
            crumbs=crumbs(visit, org, (visit.url(org, "documents"), say("Documents")), ("", title)),
            form=form,
            taken=taken,
            key=key,
            accept=ENDS,
            most=visit.parts.files.bytes_max,
            most_mb=visit.parts.files.bytes_max // MEGABYTE,
            uploadable=" ".join(sorted(level.value for level in UPLOADABLE)),
            instead=INSTEAD,
            today=visit.today,
            limit=visit.rules().number("record.backdate_days"),
        )

    @expose("/b/{org_id}/documents/{document_id}/file", identity="document-file")
    async def file(self, request: Request) -> Response:
        """The bytes as an attachment. For a paper of discipline or disposition the page asks why, first."""
        visit, org = visit_of(request), await org_of(request, Right.LEDGERS_READ)
        scope = visit.read.scope(Right.LEDGERS_READ, org)
        found = await visit.read.document(org, request.path_params["document_id"])
        purpose = request.query_params.get("purpose", "").strip()[:200]
        if closed(found) and not purpose and _may_open(visit, org, scope):
            title = found.title
            links = (visit.url(org, "documents"), say("Documents"))
            return await page(self, request, "purpose", "documents", org=org, title=title, crumbs=crumbs(visit, org, links, ("", title)))
        await open_document(visit.engine, visit.actor, scope, found, purpose, secrets.token_hex(8))
        size = await held(visit.parts.files, found)
        return StreamingResponse(visit.parts.files.read(found.sha256), media_type=found.media_type, headers=file_headers(found, size))


def _may_open(visit: Visit, org: Org, scope: Scope) -> bool:
    return scope.names and reaches(visit.actor, Right.DISCIPLINE_WRITE, org.id)


async def _taken(visit: Visit, sent: FormData) -> Sent:
    """Keeps the file, or says why not. What is classified is not kept (INV-084); what was sent ahead is known by its hash."""
    if sent.get("secrecy") not in {level.value for level in UPLOADABLE}:
        return Sent(classified=True, error=refusal_text("INV-084", ""))
    file = sent.get("file")
    if isinstance(file, UploadFile) and file.filename:
        try:
            return Sent(deposit=await visit.parts.files.take(file.filename, file.read), name=file.filename[:120])
        except UnfitFile as unfit:
            return Sent(error=pick(unfit.zh, unfit.en))
    try:
        deposit = msgspec.convert({name: sent.get(name) for name in Deposit.__struct_fields__}, Deposit, strict=False)
    except msgspec.ValidationError:
        return Sent(error=say("Please choose a file."))
    return Sent(deposit=deposit, name=str(sent.get("name", ""))[:120])


def _told(taken: Sent) -> Response:
    """For the script: what is to go into the form, or what to say beside the file."""
    if taken.deposit is None:
        return JSONResponse({"error": taken.error}, status_code=422)
    return JSONResponse({**msgspec.to_builtins(taken.deposit), "name": taken.name})


def _typed(sent: FormData) -> dict[str, list[str]]:
    typed: dict[str, list[str]] = {}
    for name, value in sent.multi_items():
        if isinstance(value, str) and name not in GIVEN_BY_FILE:
            typed.setdefault(name, []).append(value)
    return typed


def _listed(one: DocumentView, names: Mapping[str, str]) -> Listed:
    marks = [Mark(text=say("withdrawn"), tone="bad")] if one.withdrawn_on else []
    if closed(one):
        marks.append(Mark(text=say("opened with a reason"), tone="late"))
    return Listed(
        id=one.document_id,
        title=one.title,
        materials=[f"{name} {named(materials()[name])}" for name in one.materials],
        about=pick("；", "; ").join(names.get(name, name) for name in one.about),
        responsible=one.responsible,
        formed_on=one.formed_on.isoformat() if one.formed_on else "",
        kind=next((named(kind) for kind in MediaType if kind.value == one.media_type), say("Paper")),
        size=file_size(one.size) if one.sha256 else "",
        secrecy=next((named(level) for level in Secrecy if level.value == one.secrecy), ""),
        retention=next((named(kept) for kept in Retention if kept.value == one.retention), ""),
        place=one.place or one.volume_no,
        version=one.version,
        marks=marks,
        withdrawn=one.withdrawn_on is not None,
        file=bool(one.sha256),
        event_id=one.event_id or "",
    )


def file_size(size: int) -> str:
    """In the unit that people use."""
    for unit, bytes_of in (("MB", MEGABYTE), ("kB", 1024)):
        if size >= bytes_of:
            return f"{size / bytes_of:.1f} {unit}"
    return f"{size} B"
