"""Openness at the desk: what is disclosed to whoever is signed in, and for those who work on it what is on its way and the catalogue."""

import datetime as dt

import msgspec
from sqladmin import BaseView, expose
from starlette.requests import Request
from starlette.responses import Response

from admin.reading import Org
from admin.visit import Visit, crumbs, org_of, page, visit_of
from admin.words import named, say
from events.base import Choice
from events.disclosure import AnswerKind, DisclosureScope, DisclosureSubject
from projections.shapes import Disclosed
from service.auth.rights import Right
from service.decide.disclosure.state import BOARD
from service.decide.procedure import Progress
from service.procedures import Standing, standings
from service.site.addresses import branch_page

EVERYWHERE = "all"
CURSOR_MAX = 300
KIND = "disclosure"


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """A disclosed item in words."""

    told: Disclosed
    subject: str
    scope: str
    answers: list[str]
    """What was answered, in the order of the opinions."""
    public: str
    """Its page for everybody, or nothing."""


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """A line of the catalogue: how many items of the year stand under it, and the newest publication."""

    text: str
    items: int
    newest: dt.date | None


class Catalogue(msgspec.Struct, frozen=True, kw_only=True):
    """What the branch said that it discloses in a year."""

    year: int
    adopted_on: dt.date
    entries: list[Entry]

    @property
    def open(self) -> int:
        """Lines under which nothing has been disclosed yet."""
        return sum(not entry.items for entry in self.entries)


class Openness(BaseView):
    """Items whose audience this person belongs to."""

    name = "Openness"

    @expose("/b/{org_id}/openness", identity="openness")
    async def items(self, request: Request) -> Response:
        """Of this organisation, or of all branches as far as these eyes reach."""
        visit, org = visit_of(request), await org_of(request, Right.DISCLOSURE_READ)
        everywhere = request.query_params.get("from", "") == EVERYWHERE
        after = request.query_params.get("after", "")[:CURSOR_MAX]
        found, following = await visit.read.openness(None if everywhere else org, visit.today, after)
        beside = not everywhere and not after
        here = visit.url(org, "openness") + (f"?from={EVERYWHERE}" if everywhere else "?from=")
        public = await visit.read.public(org, visit.today, [one.item.item_id for one in found if one.item.org_id == org.id])
        title = say("Openness")
        return await page(
            self,
            request,
            "openness",
            "openness",
            org=org,
            title=title,
            crumbs=crumbs(visit, org, ("", title)),
            everywhere=everywhere,
            items=[_shown(one, public.get(one.item.item_id, "") if one.item.org_id == org.id else "") for one in found],
            first=here if after else "",
            next=f"{here}&after={following}" if following else "",
            writes=visit.may(Right.DISCLOSURE_WRITE, org),
            site=branch_page(org.id),
            on_the_way=await _on_the_way(visit, org) if beside else [],
            catalogue=await _catalogue(visit, org) if beside else None,
        )


async def _on_the_way(visit: Visit, org: Org) -> list[Standing]:
    """Items that are proposed, reviewed or approved but not published; for whoever reads the ledgers."""
    if not visit.may(Right.LEDGERS_READ, org):
        return []
    found = await standings(visit.parts.bus, visit.parts.books, org.id, visit.today, kind=KIND)
    return [one for one in found if not one.over and not _published(one)]


def _published(one: Standing) -> bool:
    return any(step.code == "publish" and step.progress is Progress.DONE for step in one.steps)


async def _catalogue(visit: Visit, org: Org) -> Catalogue | None:
    """The newest one of this year, or of the last; for everybody of the organisation, for it names no item."""
    board = await visit.parts.bus.look(org.id, BOARD, "disclosure")
    adopted = board.catalogues.get(visit.today.year) or board.catalogues.get(visit.today.year - 1)
    if adopted is None:
        return None
    counts = await visit.read.entries(org, adopted.year)
    entries = [Entry(text=text, items=counts.get(text, (0, None))[0], newest=counts.get(text, (0, None))[1]) for text in adopted.entries]
    return Catalogue(year=adopted.year, adopted_on=adopted.occurred_on, entries=entries)


def _shown(told: Disclosed, public: str) -> Shown:
    audience = f" {told.item.audience}" if told.item.audience else ""
    return Shown(
        told=told,
        subject=_label(DisclosureSubject, told.item.subject),
        scope=_label(DisclosureScope, told.item.scope) + audience,
        answers=[_label(AnswerKind, voice.outcome) for voice in told.voices],
        public=public,
    )


def _label(choices: type[Choice], code: str) -> str:
    return next((named(choice) for choice in choices if choice.value == code), code)
