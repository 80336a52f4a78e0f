"""What happened in a branch, in sentences, newest first; nothing is ever missing from it."""

from urllib.parse import urlencode

from sqladmin import BaseView, expose
from starlette.requests import Request
from starlette.responses import Response

from admin.visit import crumbs, org_of, page, visit_of
from admin.words import named, say
from events.catalog import EVENTS

PAGE_EVENTS = 50


class History(BaseView):
    """The events of one branch."""

    name = "History"

    @expose("/b/{org_id}/history", identity="history")
    async def history(self, request: Request) -> Response:
        visit, org = visit_of(request), org_of(request)
        asked = request.query_params
        before = asked.get("before", "")
        events, more = await visit.read.history(
            visit.actor,
            org.id,
            before=int(before) if before.isdecimal() and len(before) < 16 else None,
            type_=asked.get("type", "") if asked.get("type", "") in EVENTS else "",
            person=asked.get("person", "")[:64],
            late=asked.get("mark") == "late",
            limit=PAGE_EVENTS,
        )
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
            people=await visit.read.people(visit.actor, org.id),
            asked=asked,
            first=f"{here}?{urlencode(filters)}" if before else "",
            next=f"{here}?{urlencode({**filters, 'before': events[-1].page})}" if more else "",
        )
