"""Importing an official workbook: first what every row would record, then, on a second press, the recording itself.

Between the two presses the workbook travels in the page: nothing of it is kept on the server.
"""

import asyncio
import base64
import binascii
import datetime as dt

from sqladmin import BaseView, expose
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response

from admin.border import UPLOAD_MAX
from admin.reading import Org
from admin.refusals import fault_text
from admin.show import Mark
from admin.undo import past_imports
from admin.visit import WRITES, Visit, crumbs, org_of, page, shown_by_views, visit_of
from admin.words import pick, say
from service.imports.book import preview_sheets
from service.imports.known import known_branch, known_directory
from service.imports.preview import Kind, Preview, Row, State, Terms, commit, mark_recorded
from service.imports.runs import begin
from service.imports.workbook import Unreadable, read_bytes

FILE_MAX = 8 * 1024 * 1024
"""In base64 this still fits into a form of the size that the border lets through."""
ROWS_SHOWN = 1_000

STATES = {
    State.OK: Mark(text="will be recorded", tone="good"),
    State.DUPLICATE: Mark(text="already there", tone=""),
    State.ERROR: Mark(text="cannot be read", tone="bad"),
    State.RECORDED: Mark(text="recorded", tone="good"),
    State.REFUSED: Mark(text="refused", tone="bad"),
}

KINDS = {
    Kind.ROSTER: "Official roster of members",
    Kind.DUES: "Dues of a year",
    Kind.MEETINGS: "Meetings, lectures and theme days",
    Kind.TRANSFERS: "Transfers in and out",
}


class Imports(BaseView):
    """Workbooks of one branch, or of a committee's branches."""

    name = "Import"

    @expose("/b/{org_id}/import", methods=["GET", "POST"], identity="import")
    async def imports(self, request: Request) -> Response:
        visit, org = visit_of(request), await org_of(request, *WRITES)
        if request.method == "GET":
            return await self._show(request, None)
        async with request.form(max_files=1, max_fields=8, max_part_size=UPLOAD_MAX) as sent:
            record = sent.get("record") == "yes"
            try:
                name, data = await _workbook(sent.get("workbook"), str(sent.get("name", "")))
                preview = await _preview(visit, org, name, data)
            except Unreadable as unreadable:
                return await self._show(request, None, error=pick(unreadable.zh, unreadable.en), status=422)
        recorded = None
        if record:
            await begin([preview], visit.parts.bus, visit.parts.books, _terms(visit))
            recorded = await commit([preview], visit.parts.bus, _terms(visit))
            await shown_by_views(visit, org)
        return await self._show(request, preview, data=base64.b64encode(data).decode(), recorded=recorded)

    async def _show(
        self,
        request: Request,
        preview: Preview | None,
        *,
        data: str = "",
        recorded: int | None = None,
        error: str = "",
        status: int = 200,
    ) -> Response:
        visit, org = visit_of(request), await org_of(request, *WRITES)
        title = say("Import")
        counts = preview.counts() if preview else {}
        return await page(
            self,
            request,
            "import",
            "import",
            status=status,
            org=org,
            title=title,
            crumbs=crumbs(visit, org, ("", title)),
            error=error,
            preview=preview,
            kind=say(KINDS[preview.kind]) if preview else "",
            kinds=[say(text) for text in KINDS.values()],
            counts=[(_state(state), counts[state]) for state in State if counts.get(state)],
            ready=counts.get(State.OK, 0) if recorded is None else 0,
            rows=[(row, _state(row.state), [fault_text(fault) for fault in row.faults]) for row in _shown(preview)],
            more=max(0, len(preview.rows) - ROWS_SHOWN) if preview else 0,
            data=data,
            recorded=recorded,
            past=[] if preview else await past_imports(visit, org),
        )


async def _workbook(sent: UploadFile | str | None, name: str) -> tuple[str, bytes]:
    """The file of the first press, or what the page of the preview carried along."""
    if isinstance(sent, UploadFile):
        name, data = sent.filename or "", await sent.read(FILE_MAX + 1)
    else:
        try:
            data = base64.b64decode(sent or "", validate=True)
        except binascii.Error as error:
            raise Unreadable("文件不完整", "the file is not complete") from error
    if not data:
        raise Unreadable("请选择文件", "please choose a file")
    if len(data) > FILE_MAX:
        raise Unreadable("文件过大", "the file is too large")
    return name[:120], data


async def _preview(visit: Visit, org: Org, name: str, data: bytes) -> Preview:
    sheets = await asyncio.to_thread(read_bytes, data)
    org_id = org.id
    if org.committee:
        directory = await known_directory(visit.parts.books, visit.parts.keys, org_id)
        preview = preview_sheets(sheets, name, directory)
    else:
        directory = await known_branch(visit.parts.books, visit.parts.keys, org_id)
        preview = preview_sheets(sheets, name, directory, org_id)
    await mark_recorded(preview, visit.parts.books.recorded)
    return preview


def _terms(visit: Visit) -> Terms:
    return Terms(
        actor=visit.actor,
        now=dt.datetime.now(dt.UTC),
        backdate_days=visit.rules().number("record.backdate_days"),
        late_reason=say("Import of an existing paper ledger"),
    )


def _shown(preview: Preview | None) -> list[Row]:
    """What needs a look first."""
    if preview is None:
        return []
    bad = {State.ERROR, State.REFUSED}
    return sorted(preview.rows, key=lambda row: row.state not in bad)[:ROWS_SHOWN]


def _state(state: State) -> Mark:
    mark = STATES[state]
    return Mark(text=say(mark.text), tone=mark.tone)
