"""The first page: what is due here (《我的待办》), and for a superior committee how its branches stand."""

from typing import Any

import msgspec
from sqladmin import BaseView, expose
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from admin.reading import Org, Task
from admin.visit import Visit, command_title, crumbs, org_of, page, visit_of
from admin.words import say
from events.base import month_of
from service.decide.base import command_name
from service.decide.catalog import CASES

DAILY = ("record-meeting-held", "schedule-meeting", "receive-dues", "deliver-lecture", "hold-theme-day", "archive-minutes", "issue-letter")
"""The commands of nearly every week, one press away."""

SOON_DAYS = 30
UNPAID_SHOWN = 12


class Tasks(BaseView):
    """What is due in one branch."""

    name = "Tasks"

    @expose("/b/{org_id}/tasks", identity="tasks")
    async def tasks(self, request: Request) -> Response:
        return await tasks_page(self, request, org_of(request))


async def first_page(view: Any, request: Request) -> Response:
    """Home: the branch's tasks, or all branches for whoever sees more than one."""
    visit = visit_of(request)
    if not visit.orgs:
        return await page(view, request, "nowhere", "home", title=say("My tasks"))
    if not visit.wide:
        return RedirectResponse(visit.url(visit.orgs[0]), status_code=303)
    return await _overview(view, request, visit)


async def tasks_page(view: Any, request: Request, org: Org) -> Response:
    visit = visit_of(request)
    tasks = await visit.read.tasks(visit.actor, org.id)
    month = month_of(visit.today)
    unpaid = await visit.read.unpaid(visit.actor, org.id, month)
    waiting = await visit.read.waiting_letters(visit.actor, org.id)
    title = say("My tasks")
    return await page(
        view,
        request,
        "tasks",
        "tasks",
        org=org,
        title=title,
        crumbs=crumbs(visit, org),
        tasks=[task for task in tasks if task.overdue or task.days <= SOON_DAYS],
        later=[task for task in tasks if not task.overdue and task.days > SOON_DAYS],
        overdue=sum(task.overdue for task in tasks),
        soon=sum(not task.overdue and task.days <= SOON_DAYS for task in tasks),
        month=month,
        unpaid=unpaid,
        unpaid_shown=UNPAID_SHOWN,
        waiting=waiting,
        daily=daily(visit, org),
        may_receive_dues=visit.may(CASES["receive-dues"].right, org),
        as_of_position=await visit.read.position(visit.actor, org.id),
    )


def daily(visit: Visit, org: Org) -> list[tuple[str, str]]:
    """The daily commands that this person may send here."""
    cases = [CASES[name] for name in DAILY if name in CASES]
    return [(command_name(case.command), command_title(case)) for case in visit.cases(org, cases)]


class Standing(msgspec.Struct, kw_only=True):
    """How one branch stands."""

    org: Org
    overdue: int
    open: int
    members: int
    worst: Task | None


async def _overview(view: Any, request: Request, visit: Visit) -> Response:
    """Branches with the most overdue first; the filter keeps those that are late."""
    standings = await visit.read.standings(visit.actor)
    only_late = request.query_params.get("show") == "overdue"
    title = say("All branches")
    return await page(
        view,
        request,
        "overview",
        "home",
        title=title,
        crumbs=[("", title)],
        standings=[one for one in standings if one.overdue or not only_late],
        late_branches=sum(one.overdue > 0 for one in standings),
        overdue=sum(one.overdue for one in standings),
        members=sum(one.members for one in standings),
        branches=len(standings),
        only_late=only_late,
    )
