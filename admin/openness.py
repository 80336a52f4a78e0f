"""Openness at the desk: what is disclosed within the Party and within the unit, for whoever is signed in and belongs to those eyes."""

import msgspec
from sqladmin import BaseView, expose
from starlette.requests import Request
from starlette.responses import Response

from admin.visit import crumbs, org_of, page, visit_of
from admin.words import named, say
from events.base import Choice
from events.disclosure import AnswerKind, DisclosureScope, DisclosureSubject
from projections.shapes import Disclosed
from service.auth.rights import Right

EVERYWHERE = "all"
CURSOR_MAX = 300


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """A disclosed item in words."""

    told: Disclosed
    subject: str
    scope: str
    answers: list[str]
    """What was answered, in the order of the opinions."""


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
        here = visit.url(org, "openness") + (f"?from={EVERYWHERE}" if everywhere else "?from=")
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
            items=[_shown(one) for one in found],
            first=here if after else "",
            next=f"{here}&after={following}" if following else "",
        )


def _shown(told: Disclosed) -> Shown:
    audience = f" {told.item.audience}" if told.item.audience else ""
    return Shown(
        told=told,
        subject=_label(DisclosureSubject, told.item.subject),
        scope=_label(DisclosureScope, told.item.scope) + audience,
        answers=[_label(AnswerKind, voice.outcome) for voice in told.voices],
    )


def _label(choices: type[Choice], code: str) -> str:
    return next((named(choice) for choice in choices if choice.value == code), code)
