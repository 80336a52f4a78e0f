"""Members of a branch: who, in what standing, in which group; the doors to what concerns one of them."""

from sqladmin import BaseView, expose
from starlette.requests import Request
from starlette.responses import Response

from admin.visit import crumbs, org_of, page, visit_of
from admin.words import say


class Members(BaseView):
    """The roll of one branch."""

    name = "Members"

    @expose("/b/{org_id}/members", identity="members")
    async def members(self, request: Request) -> Response:
        visit, org = visit_of(request), org_of(request)
        people = await visit.read.people(visit.actor, org.id)
        groups = {group.id: group.name for group in await visit.read.groups(visit.actor, org.id)}
        wanted = request.query_params.get("q", "").strip()
        title = say("Members")
        return await page(
            self,
            request,
            "members",
            "members",
            org=org,
            title=title,
            crumbs=crumbs(visit, org, ("", title)),
            people=[person for person in people if wanted in person.name and (request.query_params.get("left") or not person.left_on)],
            groups=groups,
            q=wanted,
            left=bool(request.query_params.get("left")),
        )
