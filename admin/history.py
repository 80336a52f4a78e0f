"""What happened in a branch, in sentences, newest first; nothing is ever missing from it."""

from urllib.parse import urlencode

from sqladmin import BaseView, expose
from starlette.requests import Request
from starlette.responses import Response

from admin.actors import with_actors
from admin.reading import Sought
from admin.visit import crumbs, org_of, page, visit_of
from admin.words import named, say
from events.catalog import EVENTS
from service.auth.rights import Right


class History(BaseView):
    """The events of one branch."""

    name = "History"

    @expose("/b/{org_id}/history", identity="history")
    async def history(self, request: Request) -> Response:
        visit, org = visit_of(request), await org_of(request, Right.EVENTS_READ)
        asked = request.query_params
        before = asked.get("before", "")
        sought = Sought(
            before=int(before) if before.isdecimal() and 0 < len(before) < 16 else None,
            tag=asked.get("type", "") if asked.get("type", "") in EVENTS else "",
            person=asked.get("person", "")[:64],
            mark=asked.get("mark", ""),
        )
        told, more = await visit.read.history(org, sought)
        events = await with_actors(visit.engine, told)
        here = visit.url(org, "history")
        filters = {name: asked[name] for name in ("type", "person", "mark") if asked.get(name)}
        title = say("History")
        return await page(
            self,
            request,
            "history",
            "history",
            org=org,
            title=title,
            crumbs=crumbs(visit, org, ("", title)),
            events=events,
            types=sorted(((tag, named(event)) for tag, event in EVENTS.items()), key=lambda pair: pair[1]),
            people=await visit.read.people(org) if visit.may(Right.ROSTER_READ, org) else [],
            asked=asked,
            first=f"{here}?{urlencode(filters)}" if before else "",
            next=f"{here}?{urlencode({**filters, 'before': events[-1].page})}" if more else "",
        )
