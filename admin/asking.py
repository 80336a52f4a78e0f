"""What a member sends from the own file: a suggestion, another telephone number, a word about an answer. Always of today, about oneself."""

import datetime as dt
import uuid

from sqladmin import BaseView, expose
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from admin.fields import Field, Widget
from admin.forms import Form, blank, read
from admin.options import fixed
from admin.record import WAIT_S, as_lists, explain, texts
from admin.visit import command_title, crumbs, page, visit_of
from admin.words import say
from service.api.commands import wait_for_views
from service.auth.rights import Right
from service.decide.base import Case, command_name
from service.decide.catalog import CASES
from service.errors import BranchbookError

HERE = "/admin/me"
GIVEN = frozenset({"occurred_on", "late_reason"})
"""Fields that are not asked for: it happens today."""


class AskingPages(BaseView):
    """The forms of the own file."""

    name = "Ask"

    @expose("/me/ask/{command}", methods=["GET", "POST"], identity="ask")
    async def ask(self, request: Request) -> Response:
        """The form; sent, it leads back to the own file, or comes back with what is wrong beside its field."""
        visit = visit_of(request)
        case = CASES.get(request.path_params["command"])
        own = case is not None and case.right is Right.OWN_WRITE and visit.may_in(case.right, visit.actor.organisation_id)
        if case is None or not own or visit.actor.person_id is None:
            raise HTTPException(404)
        if request.method == "GET":
            return await self._show(request, case, blank(case.command, visit.today, as_lists(request.query_params.multi_items())))
        sent = await request.form()
        form, command = read(case.command, {**as_lists(texts(sent)), "occurred_on": [visit.today.isoformat()]})
        key = str(sent.get("key") or uuid.uuid4())
        if command is not None:
            try:
                receipt = await visit.parts.bus.handle(
                    visit.actor.organisation_id, command, visit.actor, key=key, now=dt.datetime.now(dt.UTC)
                )
            except BranchbookError as refusal:
                explain(form, refusal)
            else:
                await wait_for_views(visit.parts, receipt, WAIT_S)
                return RedirectResponse(f"{HERE}?done={command_name(command)}#matters", status_code=303)
        return await self._show(request, case, form, key=key, status=422)

    async def _show(self, request: Request, case: Case, form: Form, *, key: str = "", status: int = 200) -> Response:
        visit = visit_of(request)
        org = await visit.read.org(visit.actor.organisation_id)
        for bound in form.fields:
            bound.options = fixed(bound.field)
        title = command_title(case)
        return await page(
            self,
            request,
            "ask",
            "own",
            status=status,
            org=org,
            title=title,
            crumbs=crumbs(visit, org, (HERE, say("My file")), ("", title)),
            form=form,
            asked=[bound for bound in form.fields if not _left_out(bound.field)],
            named=[bound for bound in form.fields if bound.field.widget is Widget.THING],
            key=key or str(uuid.uuid4()),
            command=command_name(case.command),
        )


def _left_out(field: Field) -> bool:
    """What nobody types here: the day, the name of a new thing, and what the link that led here named."""
    return field.name in GIVEN or field.set_aside or field.widget is Widget.THING
