"""Calendars of tasks for any calendar program: the secret in the address is all that it needs, and it opens nothing else."""

import datetime as dt
import hashlib
from collections.abc import Mapping
from typing import Any

import msgspec
from litestar import Response, get
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath

from events.base import OrgId
from projections.query import Views
from projections.shapes import Scope
from projections.standard.pack import default_pack
from service.api.access import scope_of
from service.api.problems import documented
from service.api.reads import Ask, views_of
from service.auth.accounts import actor_of_account
from service.auth.actor import Actor, Role
from service.auth.policy import reaches
from service.auth.rights import Right
from service.bus import LOCAL
from service.errors import Absent
from service.parts import Parts
from service.reminders import feeds
from service.reminders.gather import holder_of
from service.reminders.ical import calendar

MEDIA_TYPE = "text/calendar"
ENDING = ".ics"


class Told(msgspec.Struct, frozen=True):
    """The tasks of a calendar with its name."""

    name: str
    tasks: list[feeds.Task]
    orgs: dict[str, str]


@get(
    "/calendar/{name:str}",
    operation_id="read-calendar",
    tags=["calendar"],
    opt={"public": True},
    responses={
        200: ResponseSpec(bytes, description="iCalendar (RFC 5545)", media_type=MEDIA_TYPE, generate_examples=False),
        304: ResponseSpec(None, description="not changed since"),
        **documented(400, 404, 503),
    },
    security=[{}],
)
async def read_calendar(request: Ask, name: FromPath[str]) -> Response[bytes]:
    """What is due, of one person or one branch. Whoever is not known, disabled, or has lost the right finds nothing here."""
    now = dt.datetime.now(dt.UTC)
    engine = request.app.state.engine
    token, dot, _ = name.rpartition(ENDING)
    feed = await feeds.feed_of(engine, token, now) if dot and name.endswith(ENDING) else None
    actor = None if feed is None else await actor_of_account(engine, feed.account_id)
    if feed is None or actor is None:
        raise Absent("calendar")
    told = await _told(request, feed, actor, now.astimezone(LOCAL).date())
    body = await _written(request, feed, actor, told)
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {"etag": etag, "cache-control": "private, no-cache", "content-disposition": 'inline; filename="branchbook.ics"'}
    if request.headers.get("if-none-match") == etag:
        return Response(b"", status_code=304, headers=headers)
    return Response(body, media_type=MEDIA_TYPE, headers=headers)


async def _told(request: Ask, feed: feeds.Feed, actor: Actor, today: dt.date) -> Told:
    """Within the rights that the person has now, not those of the day when the address was made."""
    engine = request.app.state.engine
    branch = OrgId(feed.org_id) if feed.org_id else None
    seen = [org for org in (branch,) if org is not None] or [*actor.subtree, actor.organisation_id]
    if not any(reaches(actor, Right.OBLIGATIONS_READ, org) for org in seen):
        raise Absent("calendar")
    holder = await holder_of(engine, feed.account_id)
    visible = [org for org in seen if reaches(actor, Right.OBLIGATIONS_READ, org)]
    whole = branch is not None or actor.role is not Role.COMMITTEE_OFFICER
    rows = await feeds.rows_of(engine, visible, actor.organisation_id, today, whole=whole)
    mine = [row for row in rows if branch is not None or (holder is not None and feeds.is_mine(holder, row))]
    own = branch or (actor.organisation_id if actor.role is Role.SECRETARY else None)
    tasks = [*map(feeds.task_of, mine), *await _coming(request, own, rows, today)]
    at = branch or actor.organisation_id
    orgs = await _names(views_of(request), scope_of(actor, Right.ORGANISATIONS_READ), {at, *(task.org_id for task in tasks)})
    title = actor.login if branch is None else orgs.get(branch, branch)
    return Told(f"支部台账 {title}" if feed.language == "zh" else f"Branchbook {title}", tasks, orgs)


async def _coming(request: Ask, org_id: OrgId | None, rows: list[Mapping[str, Any]], today: dt.date) -> list[feeds.Task]:
    """What is not raised yet, for a branch; a committee has none of its own."""
    if org_id is None:
        return []
    parts: Parts = request.app.state.parts
    known = {row["obligation_id"] for row in rows if row["org_id"] == org_id}
    overrides = await parts.bus.overrides(org_id)
    found = await feeds.forecast(request.app.state.engine, default_pack(), org_id, overrides, today)
    return [task for task in found if task.obligation_id not in known]


async def _names(views: Views, scope: Scope, org_ids: set[OrgId]) -> dict[str, str]:
    narrowed = msgspec.structs.replace(scope, orgs=frozenset(org_ids) & scope.orgs if scope.orgs is not None else frozenset(org_ids))
    return {org.org_id: org.name for org in await views.organisations(narrowed)}


async def _written(request: Ask, feed: feeds.Feed, actor: Actor, told: Told) -> bytes:
    engine, address = request.app.state.engine, request.app.state.address
    orgs = sorted({task.org_id for task in told.tasks if reaches(actor, Right.ROSTER_READ, task.org_id)})
    groups = await feeds.group_names(engine, orgs)
    when = await feeds.moments(engine, (task.position for task in told.tasks))
    ordered = sorted(told.tasks, key=lambda task: (task.due_on, task.org_id, task.obligation_id))
    entries = (
        feeds.entry_of(task, language=feed.language, orgs=told.orgs, groups=groups, moments=when, address=address) for task in ordered
    )
    return calendar(told.name, entries)


HANDLERS = [read_calendar]
