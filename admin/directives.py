"""Directives of the superior: what the committee issued and how its branches stand, what a branch has to do, urging what is overdue."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import msgspec
from sqladmin import BaseView, expose
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse

from admin.across import Window, window_of
from admin.reading import Org
from admin.visit import Visit, crumbs, org_of, page, visit_of
from admin.words import named, say
from events.base import OrgId
from events.directives import DirectiveKind
from projections.query_directives import AddressView, IssuedView, ReceivedView, Standing
from projections.shapes import Absence
from projections.standard.holidays import add_working_days
from service.api.access import scope_of
from service.api.documents import file_headers, held
from service.auth.policy import POLICY
from service.auth.rights import Right
from service.errors import Forbidden

ROWS = 50
LISTED = 20
URGED_MAX = 40
"""Obligations that one form is filled with: what is overdue longest."""
BRANCHES_MAX = 50
OVERDUE = "overdue"
PERIOD = re.compile(r"\d{4}(-|$)")
OF_KIND = {kind.value: kind for kind in DirectiveKind}
STATES: Mapping[str, tuple[str, str]] = {
    Standing.FAILED: ("Could not be delivered", "bad"),
    Standing.SENT: ("On its way", ""),
    Standing.DELIVERED: ("Not signed for", "late"),
    Standing.SIGNED: ("Signed for", ""),
    Standing.TABLED: ("Tabled", ""),
    Standing.ANSWERED: ("Answer to decide on", "late"),
    Standing.RETURNED: ("Sent back", "bad"),
    Standing.ACCEPTED: ("Settled", "good"),
    Standing.RECALLED: ("Recalled", ""),
}
"""Standing -> text and tone."""


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    """How far the branches are with one directive, in words and figures."""

    state: str
    tone: str
    steps: list[tuple[str, int]]


class Directives(BaseView):
    """Between the levels: issue, deliver, sign, table, answer, decide."""

    name = "Directives"

    @expose("/directives", identity="all-directives")
    async def issued(self, request: Request) -> Response:
        """What the committee issued, the newest first."""
        visit, org = await _committee(request)
        after = request.query_params.get("after", "")[:200]
        found, following = await visit.read.directives.issued(
            scope_of(visit.actor, Right.LEDGERS_READ), org.id, visit.today, after=after or None, limit=LISTED
        )
        title = say("Directives")
        return await page(
            self,
            request,
            "directives",
            "directives",
            title=title,
            crumbs=[("/admin/", say("All branches")), ("", title)],
            rows=[(one, named(OF_KIND[one.kind]), _progress(one)) for one in found],
            may_issue=visit.may(Right.SUPERIOR_WRITE, org),
            issue=visit.url(org, "do/issue-directive"),
            next=f"/admin/directives?{urlencode({'after': following})}" if following else "",
            first="/admin/directives" if after else "",
        )

    @expose("/directives/{directive_id}", identity="all-directive")
    async def matrix(self, request: Request) -> Response:
        """One directive: branch by branch, how far each is, with its answer."""
        visit, org = await _committee(request)
        name, asked = request.path_params["directive_id"], request.query_params
        scope = scope_of(visit.actor, Right.LEDGERS_READ)
        one = await visit.read.directives.one(scope, org.id, name, visit.today)
        only = asked.get("show", "") if asked.get("show") in {OVERDUE, *Standing} else ""
        after = asked.get("after", "")[:200]
        found, following = await visit.read.directives.addressees(
            scope, org.id, name, visit.today, only=only, after=after or None, limit=ROWS
        )
        here = f"/admin/directives/{name}"
        shown = f"{here}?{urlencode({'show': only})}&" if only else f"{here}?"
        title = f"{one.number} {one.title}"
        return await page(
            self,
            request,
            "directive",
            "directives",
            title=title,
            crumbs=[("/admin/", say("All branches")), ("/admin/directives", say("Directives")), ("", one.number)],
            one=one,
            kind=named(OF_KIND[one.kind]),
            progress=_progress(one),
            papers=await _papers(visit, org, one.documents),
            rows=[(row, *_state(row.standing), _decisions(visit, row)) for row in found],
            filters=[("", say("All"), not only), *((key, text, only == key) for key, text in _filters())],
            base=here,
            withdraw=_withdrawal(visit, org, one),
            next=f"{shown}{urlencode({'after': following})}" if following else "",
            first=shown.rstrip("?&") if after else "",
        )

    @expose("/b/{org_id}/directives", identity="directives")
    async def received(self, request: Request) -> Response:
        """What a branch has from its superior, the newest first; of a committee, what it issued."""
        visit, org = visit_of(request), await org_of(request, Right.LEDGERS_READ)
        if org.committee:
            return RedirectResponse("/admin/directives", status_code=303)
        after = request.query_params.get("after", "")[:200]
        found, following = await visit.read.directives.received(
            visit.read.scope(Right.LEDGERS_READ, org), org.id, visit.today, after=after or None, limit=LISTED
        )
        title, here = say("Directives"), visit.url(org, "directives")
        return await page(
            self,
            request,
            "received",
            "directives",
            org=org,
            title=title,
            crumbs=crumbs(visit, org, ("", title)),
            rows=[(one, named(OF_KIND[one.kind]), *_state(one.standing)) for one in found],
            next=f"{here}?{urlencode({'after': following})}" if following else "",
            first=here if after else "",
        )

    @expose("/b/{org_id}/directives/{directive_id}", identity="directive")
    async def one(self, request: Request) -> Response:
        """One directive in a branch: what it says, what was done about it, what comes next."""
        visit, org = visit_of(request), await org_of(request, Right.LEDGERS_READ)
        scope = visit.read.scope(Right.LEDGERS_READ, org)
        one = await visit.read.directives.here(scope, org.id, request.path_params["directive_id"], visit.today)
        people = await visit.read.directives.people(scope, [(org.id, one.responsible)] if one.responsible else [])
        text, tone = _state(one.standing)
        title = f"{one.number} {one.title}"
        return await page(
            self,
            request,
            "received_one",
            "directives",
            org=org,
            title=title,
            crumbs=crumbs(visit, org, (visit.url(org, "directives"), say("Directives")), ("", one.number)),
            one=one,
            kind=named(OF_KIND[one.kind]),
            state=text,
            tone=tone,
            responsible=people.get(one.responsible or "", one.responsible or ""),
            duties=await _duties(visit, org, one.obligations),
            answers=await _papers(visit, org, one.answer_documents),
            came_with=await _came_with(visit, org, one),
            forms=_forms(visit, org, one),
        )

    @expose("/b/{org_id}/directives/{directive_id}/documents/{document_id}", identity="directive-document")
    async def document(self, request: Request) -> Response:
        """A file of the committee that came with the directive."""
        visit, org = visit_of(request), await org_of(request, Right.LEDGERS_READ)
        found = await visit.read.enclosure(org, request.path_params["directive_id"], request.path_params["document_id"], visit.today)
        size = await held(visit.parts.files, found)
        return StreamingResponse(visit.parts.files.read(found.sha256), media_type=found.media_type, headers=file_headers(found, size))

    @expose("/urge", identity="urge")
    async def urge(self, request: Request) -> Response:
        """To the form that urges what is overdue in the chosen branches, of one norm or of all, with everything filled in."""
        visit, org = await _committee(request)
        if not visit.may(Right.SUPERIOR_WRITE, org):
            raise HTTPException(404)
        asked = request.query_params
        window, norm = window_of(request, visit.today), asked.get("norm", "")[:5]
        chosen = [OrgId(code) for code in dict.fromkeys(asked.getlist("org"))][:BRANCHES_MAX]
        found = [row for code in chosen for row in await _overdue(visit, code, window, norm)]
        found.sort(key=lambda row: row[1]["due_on"])
        query = await _urging(visit, found[:URGED_MAX])
        return RedirectResponse(f"{visit.url(org, 'do/issue-directive')}?{urlencode(query)}", status_code=303)


async def _committee(request: Request) -> tuple[Visit, Org]:
    """The visit of somebody of a committee, and that committee; for all others the page does not exist."""
    visit = visit_of(request)
    if not visit.wide or visit.actor.role not in POLICY[Right.LEDGERS_READ]:
        raise HTTPException(404)
    return visit, await visit.read.org(visit.actor.organisation_id)


def _progress(one: IssuedView) -> Progress:
    counts = one.counts
    steps = [
        (say("Delivered"), counts.delivered),
        (say("Signed for"), counts.signed),
        (say("Tabled"), counts.tabled),
        (say("Answered"), counts.answered),
        (say("Sent back"), counts.returned),
        (say("Settled"), counts.accepted),
        (say("Overdue"), counts.overdue),
    ]
    if one.withdrawn_on is not None:
        return Progress(state=say("Withdrawn"), tone="", steps=[*steps, (say("Recalled"), counts.recalled)])
    if one.dispatched_on is None:
        return Progress(state=say("Delivered to %(n)s of %(m)s", n=counts.delivered, m=counts.addressed), tone="late", steps=steps)
    if counts.accepted + counts.failed == counts.addressed:
        return Progress(state=say("Settled"), tone="good", steps=steps)
    return Progress(state=say("Under way"), tone="bad" if counts.overdue else "", steps=steps)


def _state(standing: Standing) -> tuple[str, str]:
    text, tone = STATES[standing]
    return say(text), tone


def _filters() -> list[tuple[str, str]]:
    shown = (Standing.DELIVERED, Standing.SIGNED, Standing.TABLED, Standing.ANSWERED, Standing.RETURNED, Standing.ACCEPTED, Standing.FAILED)
    return [(OVERDUE, say("Overdue")), *((standing.value, say(STATES[standing][0])) for standing in shown)]


async def _papers(visit: Visit, org: Org, documents: list[str]) -> list[tuple[str, str]]:
    """Files by title, with the address of their bytes."""
    found = []
    for name in documents:
        try:
            paper = await visit.read.document(org, name)
        except Absence:
            continue
        found.append((paper.title, visit.url(org, f"documents/{name}/file")))
    return found


async def _came_with(visit: Visit, org: Org, one: ReceivedView) -> list[tuple[str, str]]:
    """Files of the committee by title, with the address of their bytes; none for eyes that see no names."""
    found = []
    for name in one.documents:
        try:
            paper = await visit.read.enclosure(org, one.directive_id, name, visit.today)
        except (Absence, Forbidden):
            continue
        found.append((paper.title, visit.url(org, "directives", one.directive_id, "documents", name)))
    return found


def _decisions(visit: Visit, row: AddressView) -> list[tuple[str, str]]:
    """The forms with which the committee decides on the answer of a branch."""
    told = row.received
    if told is None or row.standing is not Standing.ANSWERED or not visit.may_in(Right.SUPERIOR_WRITE, row.org_id):
        return []
    given = urlencode({"directive_id": told.directive_id, "answer_id": told.answer_id or ""})
    do = f"/admin/b/{row.org_id}/do"
    return [(say("Accept"), f"{do}/accept-answer?{given}"), (say("Return with reason"), f"{do}/return-answer?{given}")]


def _withdrawal(visit: Visit, org: Org, one: IssuedView) -> str:
    if one.withdrawn_on is not None or not visit.may(Right.SUPERIOR_WRITE, org):
        return ""
    return visit.url(org, "do/withdraw-directive") + "?" + urlencode({"directive_id": one.directive_id})


def _forms(visit: Visit, org: Org, one: ReceivedView) -> list[tuple[str, str, bool]]:
    """What may be done next: text, address, whether it is the next step."""
    if one.recalled_on is not None or one.accepted_on is not None:
        return []
    given = urlencode({"directive_id": one.directive_id})
    answered = one.standing is Standing.ANSWERED
    steps: list[tuple[str, str]] = []
    if visit.may(Right.WORK_WRITE, org):
        if one.signed_on is None:
            steps = [(say("Sign for it"), "sign-for-directive")]
        elif not answered:
            table = [(say("Table it"), "table-directive")]
            answer = [(say("Report what was done"), "answer-directive")]
            steps = [*(table + answer if one.tabled_on is None else answer + table), (say("Hand over"), "hand-over-directive")]
        steps += [(say("Take an entry back"), "withdraw-directive-step")] if one.signed_on is not None else []
    forms = [(text, f"{visit.url(org, 'do')}/{command}?{given}") for text, command in steps]
    if answered and visit.may(Right.SUPERIOR_WRITE, org):
        seen = urlencode({"directive_id": one.directive_id, "answer_id": one.answer_id or ""})
        forms += [
            (say("Accept"), f"{visit.url(org, 'do')}/accept-answer?{seen}"),
            (say("Return with reason"), f"{visit.url(org, 'do')}/return-answer?{seen}"),
        ]
    return [(text, address, number == 0) for number, (text, address) in enumerate(forms)]


async def _duties(visit: Visit, org: Org, obligations: list[str]) -> list[str]:
    """What is urged, as the tasks are called."""
    titles, names = _titles(visit), await _groups(visit, org)
    return [_duty(duty, titles, names) for duty in obligations]


def _titles(visit: Visit) -> dict[str, str]:
    return {deadline.id: named(deadline) for deadline in visit.pack.deadlines}


async def _groups(visit: Visit, org: Org) -> dict[str, str]:
    return {group.id: group.name for group in await visit.read.groups(org)} if visit.may(Right.ROSTER_READ, org) else {}


def _duty(obligation: str, titles: Mapping[str, str], names: Mapping[str, str]) -> str:
    """`每月党小组会 2026-03 第三党小组`: ids that have no name mean nothing to a reader."""
    deadline, _, rest = obligation.partition(":")
    return " ".join(
        [titles.get(deadline, deadline), *(names.get(part) or part for part in rest.split(":") if part in names or PERIOD.match(part))]
    )


async def _overdue(visit: Visit, code: OrgId, window: Window, norm: str) -> list[tuple[Org, dict[str, Any]]]:
    """What a branch has overdue that falls due in the window; nothing of a branch out of sight."""
    if not visit.may_in(Right.OBLIGATIONS_READ, code) or not visit.may_in(Right.SUPERIOR_WRITE, code):
        return []
    org = await visit.read.org(code)
    rows = await visit.read.obligations(org, window.first, min(window.last, visit.today))
    roles = {deadline.id: deadline.role for deadline in visit.pack.deadlines}
    return [
        (org, row)
        for row in rows
        if row["due_on"] < visit.today
        and not (row["fulfilled_on"] or row["waived_on"] or row["lapsed_on"])
        and (not norm or row["task"].partition(".")[0] == norm)
        and roles.get(row["deadline"], "") != "superior_committee"
    ]


async def _urging(visit: Visit, found: list[tuple[Org, dict[str, Any]]]) -> list[tuple[str, str]]:
    """The form of a directive, filled in."""
    orgs = {org.id: org for org, _ in found}
    titles, names = _titles(visit), {code: await _groups(visit, org) for code, org in orgs.items()}
    days = visit.rules().number("directive.urge_working_days")
    lines = [
        say(
            "%(branch)s: %(duty)s, due on %(day)s",
            branch=org.name,
            duty=_duty(row["obligation_id"], titles, names[org.id]),
            day=row["due_on"],
        )
        for org, row in found
    ]
    return [
        ("kind", DirectiveKind.URGING.value),
        ("title", say("Make good what is overdue")),
        ("text", "\n".join([say("What is overdue is to be made good, and what was done to be reported:"), *lines])),
        ("answer_by", add_working_days(visit.today, days).isoformat()),
        *(("addressees", code) for code in orgs),
        *(("obligations", f"{org.id}/{row['obligation_id']}") for org, row in found),
    ]
