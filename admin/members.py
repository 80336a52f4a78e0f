"""Members of a branch: who, in what standing, in which group; the doors to what concerns one of them."""

from sqladmin import BaseView, expose
from starlette.requests import Request
from starlette.responses import Response

from admin.visit import crumbs, org_of, page, visit_of
from admin.words import say
from service.auth.rights import Right


class Members(BaseView):
    """The roll of one branch."""

    name = "Members"

    @expose("/b/{org_id}/members", identity="members")
    async def members(self, request: Request) -> Response:
        visit, org = visit_of(request), await org_of(request, Right.ROSTER_READ)
        people = await visit.read.people(org)
        groups = {group.id: group.name for group in await visit.read.groups(org)}
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
