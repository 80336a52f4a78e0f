"""One request of one person: who, where, what they may see; and how a page is answered."""

import datetime as dt
from collections.abc import Iterable
from typing import Any, cast

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from admin.reading import Org, Reading
from admin.words import named, say
from service.auth.actor import Actor
from service.auth.policy import allows
from service.auth.rights import Right
from service.decide.base import Case

PLACES = (
    ("tasks", "Tasks"),
    ("do", "Record something"),
    ("ledgers", "Ledgers"),
    ("members", "Members"),
    ("history", "History"),
    ("import", "Import"),
)
"""The pages of a branch, in the order of the menu."""

Crumb = tuple[str, str]


class Visit(msgspec.Struct, kw_only=True):
    """What the gate learnt about a request; kept in `request.state.visit`."""

    actor: Actor
    who: str
    role: str
    orgs: list[Org]
    today: dt.date
    read: Reading
    here: str = ""

    @property
    def wide(self) -> bool:
        """Whether more than one organisation is in sight."""
        return len(self.orgs) > 1

    @property
    def org_ids(self) -> list[str]:
        return [org.id for org in self.orgs]

    @property
    def places(self) -> list[tuple[str, str]]:
        return list(PLACES)

    def url(self, org: Org, place: str = "tasks", *more: str) -> str:
        return "/".join(("/admin/b", org.id, place, *more))

    def may(self, right: Right, org: Org) -> bool:
        return allows(self.actor, right, org.id)

    def cases(self, org: Org, cases: Iterable[Case]) -> list[Case]:
        """Those that this person may send here."""
        return [case for case in cases if self.may(case.right, org)]


def visit_of(request: Request) -> Visit:
    return cast("Visit", request.state.visit)


def org_of(request: Request) -> Org:
    """The organisation of the address. One that the person may not see does not exist."""
    visit = visit_of(request)
    for org in visit.orgs:
        if org.id == request.path_params["org_id"]:
            return org
    raise HTTPException(404, say("There is nothing at this address."))


async def page(view: Any, request: Request, template: str, here: str, *, status: int = 200, **context: Any) -> Response:
    """Answer with a page; `title`, `org` and `crumbs` are what the frame around it shows."""
    visit_of(request).here = here
    response = await view.templates.TemplateResponse(request, f"desk/{template}.html", context, status_code=status)
    return cast("Response", response)


def crumbs(visit: Visit, org: Org, *more: Crumb) -> list[Crumb]:
    """All branches › this branch › …"""
    above: list[Crumb] = [("/admin/", say("All branches"))] if visit.wide else []
    return [*above, (visit.url(org) if more else "", org.name), *more]


def command_title(case: Case) -> str:
    return named(cast("Any", case.command))
