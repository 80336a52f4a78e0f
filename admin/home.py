"""The first page: what is due here (《我的待办》), and for a superior committee how its branches stand."""

import datetime as dt
from typing import Any

from sqladmin import BaseView, expose
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from admin.ballots import waiting_for
from admin.matters import asked_count
from admin.reading import Org
from admin.tasks import by_month, by_norm, counted, lasting_of, standing_of, standings, tasks_of
from admin.visit import Visit, command_title, crumbs, org_of, page, visit_of
from admin.words import say
from events.base import month_of
from projections.duties import AHEAD_MAX
from projections.standard.holidays import wanting
from service.auth.actor import Role
from service.auth.policy import reaches
from service.auth.rights import Right
from service.decide.base import command_name
from service.decide.catalog import CASES

DAILY = ("record-meeting-held", "schedule-meeting", "receive-dues", "deliver-lecture", "hold-theme-day", "archive-minutes", "issue-letter")
"""The commands of nearly every week, one press away."""

SOON_DAYS = 30
SHOWN = 50
"""Branches on one page of the overview."""
UNPAID_SHOWN = 12
EARLIEST = dt.date(2000, 1, 1)


class Tasks(BaseView):
    """What is due in one branch."""

    name = "Tasks"

    @expose("/b/{org_id}", identity="branch")
    async def branch(self, request: Request) -> Response:
        """The address of a branch without a page: its tasks."""
        org = await org_of(request, Right.OBLIGATIONS_READ)
        return RedirectResponse(visit_of(request).url(org), status_code=303)

    @expose("/b/{org_id}/tasks", identity="tasks")
    async def tasks(self, request: Request) -> Response:
        return await tasks_page(self, request, await org_of(request, Right.OBLIGATIONS_READ))


async def first_page(view: Any, request: Request) -> Response:
    """Home: a member's own file, the branch's tasks, or all branches for whoever sees more than one."""
    visit = visit_of(request)
    if visit.wide:
        return await _overview(view, request, visit)
    if visit.actor.role is Role.MEMBER and visit.actor.person_id is not None:
        return RedirectResponse("/admin/me", status_code=303)
    if not reaches(visit.actor, Right.OBLIGATIONS_READ, visit.actor.organisation_id):
        return await page(view, request, "nowhere", "home", title=say("My tasks"))
    return RedirectResponse(f"/admin/b/{visit.actor.organisation_id}/tasks", status_code=303)


async def tasks_page(view: Any, request: Request, org: Org) -> Response:
    visit = visit_of(request)
    on = day_of(request, visit.today)
    then = request.query_params.get("known") == "then"
    standing = await standing_of(visit, org, on, then=then)
    tasks = await tasks_of(visit, org, standing, on)
    now = [task for task in tasks if task.overdue or task.days <= SOON_DAYS]
    later = [task for task in tasks if not task.overdue and task.days > SOON_DAYS]
    month = month_of(visit.today)
    roster = on == visit.today and visit.may(Right.ROSTER_READ, org)
    unpaid = await visit.read.unpaid(org, month) if roster else []
    waiting = await visit.read.waiting(org) if roster else []
    title = say("My tasks")
    return await page(
        view,
        request,
        "tasks",
        "tasks",
        org=org,
        title=title,
        crumbs=crumbs(visit, org),
        groups=by_norm(visit.pack, now),
        later=by_month(later),
        later_count=len(later),
        lasting=lasting_of(visit.pack, standing),
        on=on,
        then=then,
        answers=answers(visit, org) if on == visit.today else [],
        overdue=sum(task.overdue for task in tasks),
        soon=sum(not task.overdue and task.days <= SOON_DAYS for task in tasks),
        month=month,
        roster=roster,
        unpaid=unpaid,
        unpaid_shown=UNPAID_SHOWN,
        waiting=waiting,
        asked=await asked_count(visit, org) if roster else None,
        ballots=await waiting_for(visit, org) if on == visit.today else [],
        daily=daily(visit, org) if on == visit.today else [],
        may_receive_dues=visit.may(CASES["receive-dues"].right, org),
        as_of_position=await visit.read.position(),
    )


def answers(visit: Visit, org: Org) -> list[tuple[str, str]]:
    """What may be said about a duty that is late: by the branch, and by the superior."""
    said = (("explain-obligation", say("Give a reason")), ("extend-obligation", say("Give more time")), ("waive-obligation", say("Waive")))
    return [(name, text) for name, text in said if visit.may(CASES[name].right, org)]


def day_of(request: Request, today: dt.date) -> dt.date:
    """The day that is asked for, within what is known and forecast; today where it is none."""
    try:
        asked = dt.date.fromisoformat(request.query_params.get("on", ""))
    except ValueError:
        return today
    return asked if EARLIEST <= asked <= today + AHEAD_MAX else today


def daily(visit: Visit, org: Org) -> list[tuple[str, str]]:
    """The daily commands that this person may send here."""
    cases = [CASES[name] for name in DAILY if name in CASES]
    return [(command_name(case.command), command_title(case)) for case in visit.cases(org, cases)]


async def _overview(view: Any, request: Request, visit: Visit) -> Response:
    """Branches with the most overdue first; the filter keeps those that are late."""
    only_late = request.query_params.get("show") == "overdue"
    start = request.query_params.get("from", "0")
    begin = int(start) if start.isdecimal() and len(start) < 6 else 0
    counts = await counted(visit)
    ranked = sorted(counts.items(), key=lambda item: (-item[1].overdue, item[0]))
    shown = [item for item in ranked if item[1].overdue or not only_late]
    title = say("All branches")
    filters = "show=overdue&" if only_late else ""
    return await page(
        view,
        request,
        "overview",
        "home",
        title=title,
        crumbs=[("", title)],
        standings=await standings(visit, dict(shown[begin : begin + SHOWN])),
        late_branches=sum(count.overdue > 0 for count in counts.values()),
        overdue=sum(count.overdue for count in counts.values()),
        branches=len(counts),
        only_late=only_late,
        holidays=wanting(visit.today),
        next=f"/admin/?{filters}from={begin + SHOWN}" if len(shown) > begin + SHOWN else "",
        first=f"/admin/?{filters}" if begin else "",
    )
