"""Recording: the menu of commands, a form for each, and the receipt. Whatever is recorded goes through the bus."""

import datetime as dt
import uuid
from collections import defaultdict

from sqladmin import BaseView, expose
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from admin.actors import with_actors
from admin.assessing import hint_of
from admin.following import following
from admin.forms import Form, Typed, blank, read
from admin.matters import APPROVE, fill_number
from admin.options import fill
from admin.reading import Org
from admin.refusals import refusal_text
from admin.roll import roll_of
from admin.telling import EventView
from admin.visit import Visit, command_title, crumbs, org_of, page, visit_of
from admin.words import named, pick, say
from projections.query_documents import CASES as MATTERS
from service.api.commands import wait_for_views
from service.auth.rights import Right
from service.bus import Receipt
from service.decide.base import Case, Command, command_name
from service.decide.catalog import CASES, NOUNS
from service.decide.documents.state import Deposited
from service.errors import Absent, BranchbookError, BuiltUpon, Conflict, Forbidden, KeyReused, Malformed, Refused, Unavailable

WAIT_S = 5.0
"""How long a form waits for the views to show what it recorded (`Prefer: wait=5`)."""

WITH_ROLL = frozenset({"record-meeting-held", "correct-attendance"})
"""Forms that count who is in the room while it is filled in."""


class Record(BaseView):
    """From an intention to its receipt."""

    name = "Record something"

    @expose("/b/{org_id}/do", identity="menu")
    async def menu(self, request: Request) -> Response:
        """Every command that this person may send here, by part of life."""
        visit, org = visit_of(request), await org_of(request)
        groups = [
            (named(noun), [(command_name(case.command), command_title(case)) for case in cases])
            for noun in NOUNS
            if (cases := [case for case in visit.cases(org, noun.cases) if case.right is not Right.OWN_WRITE])
        ]
        title = say("Record something")
        return await page(self, request, "menu", "do", org=org, title=title, crumbs=crumbs(visit, org, ("", title)), groups=groups)

    @expose("/b/{org_id}/do/{command}", methods=["GET", "POST"], identity="form")
    async def form(self, request: Request) -> Response:
        """The form; sent, it is decided and recorded, or comes back with what is wrong beside each field."""
        visit, org = visit_of(request), await org_of(request)
        case = CASES.get(request.path_params["command"])
        if case is None or case.right is Right.SYSTEM_WRITE or not visit.may(case.right, org):
            raise HTTPException(404)
        if case.right is Right.OWN_WRITE:
            return RedirectResponse(f"/admin/me/ask/{command_name(case.command)}?{request.url.query}", status_code=303)
        if issubclass(case.command, Deposited):
            return RedirectResponse(f"/admin/b/{org.id}/upload?{request.url.query}", status_code=303)
        if request.method == "GET":
            form = blank(case.command, visit.today, as_lists(request.query_params.multi_items()))
            if command_name(case.command) == APPROVE:
                await fill_number(visit, org, form)
            return await self._show(request, case, form, str(uuid.uuid4()))
        sent = await request.form()
        form, command = read(case.command, as_lists(texts(sent)))
        key = str(sent.get("key") or uuid.uuid4())
        if command is not None:
            done = await self._handle(request, org, command, key, form)
            if done is not None:
                return done
        return await self._show(request, case, form, key, status=422)

    async def _handle(self, request: Request, org: Org, command: Command, key: str, form: Form) -> Response | None:
        """To the receipt once the views show it, or None when it was refused: the form then says why."""
        visit = visit_of(request)
        try:
            receipt = await visit.parts.bus.handle(org.id, command, visit.actor, key=key, now=dt.datetime.now(dt.UTC))
        except BranchbookError as refusal:
            explain(form, refusal)
            return None
        if not receipt.events:
            form.faults.append(say("There is nothing to record: the book says this already."))
            return None
        await wait_for_views(visit.parts, receipt, WAIT_S)
        first, last = receipt.events[0].page, receipt.events[-1].page
        if not visit.may(Right.EVENTS_READ, org):
            return await self._short_receipt(request, org, receipt)
        return RedirectResponse(f"/admin/b/{org.id}/receipt/{first}-{last}?of={command_name(command)}", status_code=303)

    async def _short_receipt(self, request: Request, org: Org, receipt: Receipt) -> Response:
        """For whoever may record but not read events, such as a treasurer: the receipt as the bus gave it."""
        visit = visit_of(request)
        title = say("Receipt")
        return await page(
            self, request, "short_receipt", "do", org=org, title=title, crumbs=crumbs(visit, org, ("", title)), receipt=receipt
        )

    async def _show(self, request: Request, case: Case, form: Form, key: str, status: int = 200) -> Response:
        visit, org = visit_of(request), await org_of(request)
        name = command_name(case.command)
        visit.read.sender = sender.value if (sender := form.field("from_org_id")) is not None else None
        hint = await hint_of(visit, org, name, form, fresh=request.method == "GET")
        await fill(form, visit, org)
        title = command_title(case)
        return await page(
            self,
            request,
            "form",
            "do",
            status=status,
            org=org,
            title=title,
            crumbs=crumbs(visit, org, (visit.url(org, "do"), say("Record something")), ("", title)),
            form=form,
            key=key,
            command=name,
            about=_first_line(case),
            draft=f"{visit.actor.id}:{org.id}:{name}",
            fresh="yes" if request.method == "GET" and not request.query_params else "no",
            today=visit.today,
            limit=visit.rules().number("record.backdate_days"),
            roll=await roll_of(visit, org) if name in WITH_ROLL else None,
            hint=hint,
        )

    @expose("/b/{org_id}/receipt/{pages}", identity="receipt")
    async def receipt(self, request: Request) -> Response:
        """What was recorded: book, page, event, hash, and the rows that it changed."""
        visit, org = visit_of(request), await org_of(request, Right.EVENTS_READ)
        first, last = _pages(request.path_params["pages"])
        events = await with_actors(visit.engine, await visit.read.pages(org, first, last))
        if not events:
            raise HTTPException(404)
        command = request.query_params.get("of", "")
        again = command if command in CASES and visit.may(CASES[command].right, org) else ""
        title = say("Receipt")
        return await page(
            self,
            request,
            "receipt",
            "do",
            org=org,
            title=title,
            crumbs=crumbs(visit, org, ("", title)),
            events=events,
            next=following(visit, org, events),
            may_record="do" in dict(visit.places(org)),
            rows=await _rows(visit, org, events),
            again=again,
            again_title=command_title(CASES[again]) if again else "",
            draft=f"{visit.actor.id}:{org.id}:{again}",
        )

    @expose("/b/{org_id}/event/{event_id}", identity="event")
    async def event(self, request: Request) -> Response:
        """From a row of a register to the page of the book that it came from."""
        org = await org_of(request, Right.EVENTS_READ)
        found = await visit_of(request).read.page_of(org, _uuid(request.path_params["event_id"]))
        if found is None:
            raise HTTPException(404)
        return RedirectResponse(f"/admin/b/{org.id}/receipt/{found}-{found}", status_code=303)


async def _rows(visit: Visit, org: Org, events: list[EventView]) -> list[tuple[str, str]]:
    """The rows that these events wrote; of one whose row was completed since, the row as it stands now."""
    rows = await visit.read.rows_of(org, [event.event_id for event in events])
    if rows or not visit.may(Right.ROSTER_READ, org) or events[-1].stream.partition("-")[0] not in MATTERS:
        return rows
    return await visit.read.rows_of(org, [fact.event_id for fact in await visit.read.stream(org, events[-1].stream)])


def explain(form: Form, refusal: BranchbookError) -> None:
    """Every refusal in plain words, beside the field where it names one."""
    match refusal:
        case Refused():
            form.blame(refusal.fields, refusal_text(refusal.rule, refusal.detail))
        case Malformed():
            named = [bound.field.name for bound in form.fields if bound.field.name in str(refusal)]
            form.blame(named, say("Please check this field against the others."))
        case Absent():
            form.faults.append(say("Something that this form refers to is not on record here."))
        case KeyReused():
            form.faults.append(say("This form was sent before with other contents. Open a new one to record something else."))
        case BuiltUpon() as built:
            form.faults.append(pick(built.zh, built.en))
        case Conflict():
            form.faults.append(say("In the meantime something else was recorded that this depends on. Look again, then send it once more."))
        case Forbidden():
            form.faults.append(say("You may not record this here."))
        case Unavailable():
            form.faults.append(say("The record cannot be reached just now. Nothing is lost: send it again in a moment."))
        case _:
            raise refusal


def _first_line(case: Case) -> str:
    return pick("", (case.command.__doc__ or "").strip().split("\n")[0])


def texts(sent: FormData) -> list[tuple[str, str]]:
    return [(name, value) for name, value in sent.multi_items() if isinstance(value, str)]


def as_lists(items: list[tuple[str, str]]) -> Typed:
    lists: defaultdict[str, list[str]] = defaultdict(list)
    for name, value in items:
        lists[name].append(value)
    return dict(lists)


def _uuid(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError as error:
        raise HTTPException(404) from error


def _pages(text: str) -> tuple[int, int]:
    first, _, last = text.partition("-")
    if not (first.isdecimal() and (last.isdecimal() or not last)) or len(text) > 30:
        raise HTTPException(404)
    return int(first), min(int(last or first), int(first) + 15)
