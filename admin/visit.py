"""One request of one person: who, where, what they may see; and how a page is answered."""

import datetime as dt
from collections.abc import Iterable
from pathlib import Path
from typing import Any, cast

import msgspec
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from admin.reading import Org, Reading
from admin.words import named, say
from events.base import OrgId
from projections.shapes import Absence
from projections.standard.pack import Pack
from projections.standard.rules import Rules
from service.api.commands import wait_for_views
from service.auth.actor import Actor, Role
from service.auth.policy import POLICY, reaches
from service.auth.rights import Right
from service.bus import Receipt, ReceiptEvent
from service.decide.base import Case
from service.parts import Parts
from service.reminders.gather import PEOPLE

ROLES = {
    Role.PLATFORM_ADMIN: "Platform administrator",
    Role.COMMITTEE_OFFICER: "Superior committee officer",
    Role.SECRETARY: "Secretary",
    Role.TREASURER: "Treasurer",
    Role.MEMBER: "Member",
    Role.AUDITOR: "Auditor (reads only)",
    Role.INTEGRATOR: "Integrator",
    Role.SYSTEM: "System",
}

WRITES = (
    Right.ROSTER_WRITE,
    Right.MEETING_WRITE,
    Right.DUES_WRITE,
    Right.TRANSFER_WRITE,
    Right.WORK_WRITE,
    Right.FILES_WRITE,
    Right.ADMISSION_WRITE,
    Right.ELECTION_WRITE,
    Right.DISCLOSURE_WRITE,
    Right.DISCIPLINE_WRITE,
)

PLACES: tuple[tuple[str, str, tuple[Right, ...]], ...] = (
    ("tasks", "Tasks", (Right.OBLIGATIONS_READ,)),
    ("waiting", "Members' matters", (Right.MATTERS_READ,)),
    ("norms", "Norms", (Right.OBLIGATIONS_READ,)),
    ("do", "Record something", (*WRITES, Right.ORGANISATION_FOUND, Right.SUPERIOR_WRITE)),
    ("ballots", "Ballots", (Right.BALLOT_READ,)),
    ("ledgers", "Ledgers", (Right.LEDGERS_READ,)),
    ("scores", "Scores", (Right.LEDGERS_READ,)),
    ("procedures", "Procedures", (Right.LEDGERS_READ,)),
    ("directives", "Directives", (Right.LEDGERS_READ,)),
    ("openness", "Openness", (Right.DISCLOSURE_READ,)),
    ("documents", "Documents", (Right.LEDGERS_READ,)),
    ("members", "Members", (Right.ROSTER_READ,)),
    ("history", "History", (Right.EVENTS_READ,)),
    ("changes", "What changed", (Right.EVENTS_READ,)),
    ("statistics", "Statistics", (Right.LEDGERS_READ,)),
    ("standard", "Standard and rules", (Right.OBLIGATIONS_READ,)),
    ("import", "Import", WRITES),
)
"""The pages of an organisation in the order of the menu: address, text, and the rights of which one is enough."""

Crumb = tuple[str, str]
WAIT_S = 10.0


class Visit(msgspec.Struct, kw_only=True):
    """What the gate learnt about a request; kept in `request.state.visit`."""

    actor: Actor
    parts: Parts
    pack: Pack
    read: Reading
    today: dt.date
    engine: AsyncEngine
    drafts: Path
    """The folder with drafts of the standard pack."""
    here: str = ""
    secure: bool = False
    """Whether people come by https."""
    unread: int = 0
    """What is new in the inbox."""

    @property
    def role(self) -> str:
        return say(ROLES[self.actor.role])

    @property
    def wide(self) -> bool:
        """Whether more than one organisation is in sight."""
        return len(self.actor.subtree) > 1

    @property
    def has_inbox(self) -> bool:
        """Whether the record ever tells this person anything."""
        return self.actor.role in PEOPLE

    @property
    def inbox_orgs(self) -> list[OrgId]:
        """Whose obligations this person may see now: what was told of others is out of sight."""
        near = {*self.actor.subtree, self.actor.organisation_id}
        return [org_id for org_id in near if reaches(self.actor, Right.OBLIGATIONS_READ, org_id)]

    @property
    def org_ids(self) -> list[OrgId]:
        """Whose ledgers this person may read: the scope of sqladmin's own pages."""
        return [org_id for org_id in (*self.actor.subtree, self.actor.organisation_id) if reaches(self.actor, Right.LEDGERS_READ, org_id)]

    def rules(self) -> Rules:
        """The rules of the pack in force today; only for hints, every command is judged by the bus."""
        return self.pack.rules(self.today, [])

    def places(self, org: Org) -> list[tuple[str, str]]:
        """The pages of this organisation that this person may open."""
        return [(place, text) for place, text, rights in PLACES if any(self.may(right, org) for right in rights)]

    @property
    def across(self) -> list[tuple[str, str]]:
        """The pages about all organisations in sight that this person may open."""
        pages = (
            ("grid", say("Branches by norm"), Right.OBLIGATIONS_READ),
            ("waiting", say("Waiting for approval"), Right.LEDGERS_READ),
            ("directives", say("Directives"), Right.LEDGERS_READ),
            ("trends", say("Trends"), Right.OBLIGATIONS_READ),
            ("changes", say("What changed"), Right.EVENTS_READ),
            ("statistics", say("Statistics"), Right.LEDGERS_READ),
            ("what-if", say("What if"), Right.LEDGERS_READ),
        )
        return [(place, text) for place, text, right in pages if self.actor.role in POLICY[right]]

    def url(self, org: Org, place: str = "tasks", *more: str) -> str:
        return "/".join(("/admin/b", org.id, place, *more))

    def may(self, right: Right, org: Org) -> bool:
        return reaches(self.actor, right, org.id)

    def may_in(self, right: Right, org_id: OrgId) -> bool:
        """As `may`, of an organisation known by its id alone."""
        return reaches(self.actor, right, org_id)

    def cases(self, org: Org, cases: Iterable[Case]) -> list[Case]:
        """Those that this person may send here."""
        return [case for case in cases if self.may(case.right, org)]


def visit_of(request: Request) -> Visit:
    return cast("Visit", request.state.visit)


async def org_of(request: Request, *rights: Right) -> Org:
    """The organisation of the address, when one of the rights reaches it. Any other does not exist."""
    visit = visit_of(request)
    code = OrgId(request.path_params["org_id"])
    if rights and not any(reaches(visit.actor, right, code) for right in rights):
        raise HTTPException(404)
    try:
        return await visit.read.org(code)
    except Absence as absent:
        raise HTTPException(404) from absent


async def shown_by_views(visit: Visit, org: Org) -> None:
    """Waits until the views show the last page of the book."""
    head = await visit.read.head(org)
    last = ReceiptEvent(id="", type="", page=head, hash="")
    await wait_for_views(visit.parts, Receipt(book=org.id, events=[last] if head else []), WAIT_S)


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
