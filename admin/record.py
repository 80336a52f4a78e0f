"""Recording: the menu of commands, a form for each, and the receipt. Whatever is recorded goes through the bus."""

import datetime as dt
import uuid
from collections import defaultdict
from typing import Any, cast

import msgspec
from sqladmin import BaseView, expose
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from admin.forms import Form, Typed, blank, read
from admin.options import fill
from admin.roll import roll_of
from admin.visit import command_title, crumbs, org_of, page, visit_of
from admin.words import pick, say
from events.base import OrgId
from service.auth.rights import Right
from service.bus import Bus
from service.decide.base import Case, Command, command_name
from service.decide.catalog import CASES, NOUNS
from service.errors import Absent, BranchbookError, Conflict, Forbidden, KeyReused, Malformed, Refused, Unavailable
from admin.refusals import refusal_text

TITLES = {
    "organisations": ("组织", "Organisation"),
    "members": ("党员", "Members"),
    "meetings": ("组织生活", "Meetings"),
    "dues": ("党费", "Dues"),
    "transfers": ("组织关系转接", "Transfers"),
    "obligations": ("任务", "Obligations"),
}
"""Noun -> heading of its commands."""

WITH_ROLL = frozenset({"record-meeting-held", "correct-attendance"})
"""Forms that count who is in the room while it is filled in."""


class Record(BaseView):
    """From an intention to its receipt."""

    name = "Record something"

    @expose("/b/{org_id}/do", identity="menu")
    async def menu(self, request: Request) -> Response:
        """Every command that this person may send here, by part of life."""
        visit, org = visit_of(request), org_of(request)
        groups = []
        for noun in NOUNS:
            cases = [case for case in visit.cases(org, noun.CASES) if case.right is not Right.SYSTEM_WRITE]
            if cases:
                title = pick(*TITLES[noun.__name__.rpartition(".")[2]])
                groups.append((title, [(command_name(case.command), command_title(case), _first_line(case)) for case in cases]))
        title = say("Record something")
        return await page(self, request, "menu", "do", org=org, title=title, crumbs=crumbs(visit, org, ("", title)), groups=groups)

    @expose("/b/{org_id}/do/{command}", methods=["GET", "POST"], identity="form")
    async def form(self, request: Request) -> Response:
        """The form; sent, it is decided and recorded, or comes back with what is wrong beside each field."""
        visit, org = visit_of(request), org_of(request)
        case = CASES.get(request.path_params["command"])
        if case is None or not visit.may(case.right, org):
            raise HTTPException(404, say("There is nothing at this address."))
        if request.method == "GET":
            form = blank(case.command, visit.today, _lists(request.query_params.multi_items()))
            return await self._show(request, case, form, str(uuid.uuid4()))
        sent = await request.form()
        form, command = read(case.command, _lists(_texts(sent)))
        key = str(sent.get("key") or uuid.uuid4())
        if command is not None:
            done = await self._handle(request, org.id, command, key, form)
            if done is not None:
                return done
        return await self._show(request, case, form, key, status=422)

    async def _handle(self, request: Request, org_id: str, command: Command, key: str, form: Form) -> Response | None:
        """The receipt's address, or None when it was refused: the form then says why."""
        visit = visit_of(request)
        try:
            receipt = await visit.bus.handle(OrgId(org_id), command, visit.actor, key=key, now=dt.datetime.now(dt.UTC))
        except BranchbookError as refusal:
            explain(form, refusal)
            return None
        if not receipt.events:
            form.faults.append(say("There is nothing to record: the book says this already."))
            return None
        await visit.read.caught_up(org_id, receipt.events[-1].page)
        first, last = receipt.events[0].page, receipt.events[-1].page
        return RedirectResponse(f"/admin/b/{org_id}/receipt/{first}-{last}?of={command_name(command)}", status_code=303)

    async def _show(self, request: Request, case: Case, form: Form, key: str, status: int = 200) -> Response:
        visit, org = visit_of(request), org_of(request)
        name = command_name(case.command)
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
        )

    @expose("/b/{org_id}/receipt/{pages}", identity="receipt")
    async def receipt(self, request: Request) -> Response:
        """What was recorded: book, page, event, hash, and the rows that it changed."""
        visit, org = visit_of(request), org_of(request)
        first, last = _pages(request.path_params["pages"])
        events = await visit.read.pages(visit.actor, org.id, first, last)
        if not events:
            raise HTTPException(404, say("There is nothing at this address."))
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
            rows=await visit.read.rows_of(visit.actor, org.id, [event.event_id for event in events]),
            again=again,
            again_title=command_title(CASES[again]) if again else "",
            draft=f"{visit.actor.id}:{org.id}:{again}",
        )


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


def _texts(sent: FormData) -> list[tuple[str, str]]:
    return [(name, value) for name, value in sent.multi_items() if isinstance(value, str)]


def _lists(items: list[tuple[str, str]]) -> Typed:
    lists: defaultdict[str, list[str]] = defaultdict(list)
    for name, value in items:
        lists[name].append(value)
    return dict(lists)


def _pages(text: str) -> tuple[int, int]:
    first, _, last = text.partition("-")
    if not (first.isdecimal() and (last.isdecimal() or not last)) or len(text) > 30:
        raise HTTPException(404, say("There is nothing at this address."))
    return int(first), min(int(last or first), int(first) + 15)
