"""What members ask of the branch and say to it: told to the member, and on the page of the branch on which it waits."""

from urllib.parse import urlencode

import msgspec
from sqladmin import BaseView, expose
from starlette.requests import Request
from starlette.responses import Response

from admin.forms import Form
from admin.reading import Org
from admin.visit import Visit, crumbs, org_of, page, visit_of
from admin.words import named, say
from service.auth.accounts import record_read
from service.auth.rights import Right
from service.decide.catalog import CASES
from service.own.matters import Matter, MatterKind, MatterState, phone_asked_for, waiting_matters

TONES = {MatterState.WAITING: "late", MatterState.ANSWERED: "good", MatterState.APPROVED: "good", MatterState.RETURNED: "bad"}
APPROVE = "approve-phone-change"
KINDS = {
    MatterKind.SUGGESTION: (("answer-suggestion", "suggestion_id", "Answer it"),),
    MatterKind.PHONE: ((APPROVE, "request_id", "Approve"), ("return-phone-change", "request_id", "Return with reason")),
}
"""Kind of matter -> the commands with which the branch handles it, and the field that names it."""


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """A matter as a page shows it."""

    one: Matter
    kind: str
    state: str
    tone: str
    days: int
    late: bool
    satisfaction: str
    rate: str
    """Where the member says what the answer was worth."""
    again: str
    """Where the member asks once more after a return."""
    forms: list[tuple[str, str]]


class MattersPages(BaseView):
    """What waits for the branch."""

    name = "Members' matters"

    @expose("/b/{org_id}/waiting", identity="matters")
    async def waiting(self, request: Request) -> Response:
        """The longest waiting first."""
        visit, org = visit_of(request), await org_of(request, Right.MATTERS_READ)
        title = say("Members' matters")
        return await page(
            self,
            request,
            "matters",
            "waiting",
            org=org,
            title=title,
            crumbs=crumbs(visit, org, ("", title)),
            matters=[tell(visit, one) for one in await waiting_matters(visit.parts, org.id, visit.today)],
        )


def tell(visit: Visit, one: Matter) -> Told:
    where = f"/admin/b/{one.org_id}/do"
    return Told(
        one=one,
        kind=named(one.kind),
        state=named(one.state),
        tone=TONES.get(one.state, ""),
        days=(visit.today - one.asked_on).days,
        late=one.due_on is not None and one.due_on < visit.today and one.state is MatterState.WAITING,
        satisfaction=named(one.satisfaction) if one.satisfaction is not None else "",
        rate=f"/admin/me/ask/rate-answer?suggestion_id={one.matter_id}" if one.state is MatterState.ANSWERED else "",
        again="/admin/me/ask/request-phone-change" if one.state is MatterState.RETURNED else "",
        forms=[
            (say(text), f"{where}/{command}?{urlencode({field: one.matter_id})}")
            for command, field, text in KINDS[one.kind]
            if visit.may_in(CASES[command].right, one.org_id)
        ],
    )


async def asked_count(visit: Visit, org: Org) -> int | None:
    """How many matters wait; None for whoever does not handle them."""
    return len(await waiting_matters(visit.parts, org.id, visit.today)) if visit.may(Right.MATTERS_READ, org) else None


async def fill_number(visit: Visit, org: Org, form: Form) -> None:
    """The number that was asked for, in clear for whoever may read it: the reading is on record before the page leaves."""
    request, phone = form.field("request_id"), form.field("phone")
    if request is None or phone is None or not request.value or phone.value or not visit.may(Right.SENSITIVE_READ, org):
        return
    found = await phone_asked_for(visit.parts, org.id, request.value)
    if found is not None:
        person, number = found
        await record_read(visit.engine, visit.actor, org.id, [person], "sensitive", say("Handling a change of telephone"), "")
        phone.values = [number]
