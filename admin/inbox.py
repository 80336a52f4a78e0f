"""The inbox of whoever is signed in: what the record told this person, new or read; where mail goes; addresses of calendars."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

import msgspec
from sqladmin import BaseView, expose
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from admin.gate import inside
from admin.reading import Org
from admin.visit import Visit, page, visit_of
from admin.words import locale, say
from events.base import OrgId
from service.api.access import scope_of
from service.auth.policy import reaches
from service.auth.rights import Right
from service.bus import LOCAL
from service.errors import Malformed
from service.reminders import feeds
from service.reminders.inbox import Line, lines, mark_read
from service.reminders.letter import title_of
from service.reminders.mailboxes import LANGUAGES, Mailbox, mailbox_of, set_mailbox
from service.reminders.notices import Kind, subject_of

HERE = "/admin/inbox"
SETTINGS = "/admin/inbox/settings"
STATES = {Kind.REMINDED: "Falls due", Kind.OVERDUE: "Overdue", Kind.ESCALATED: "Escalated", Kind.LETTER: "Letter to accept"}
TONES = {Kind.REMINDED: "late", Kind.OVERDUE: "bad", Kind.ESCALATED: "bad", Kind.LETTER: "late"}
TEXT_MAX = 300


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the inbox as the page shows it."""

    line: Line
    title: str
    org: str
    state: str
    tone: str
    said_on: dt.date
    to: str
    """Where it is acted on."""


class Address(msgspec.Struct, frozen=True, kw_only=True):
    """A calendar that this person may have, and whether its address is given out."""

    org_id: str
    title: str
    held: feeds.Held | None


class Inbox(BaseView):
    """What this person was told."""

    name = "Inbox"

    @expose("/inbox", identity="inbox")
    async def inbox(self, request: Request) -> Response:
        visit = _visit(request)
        only_new, before = request.query_params.get("show") == "new", request.query_params.get("before", "")
        cursor = int(before) if before.isdecimal() and len(before) < 19 else None
        found, following = await lines(visit.engine, visit.actor.id, visit.inbox_orgs, before=cursor, only_unread=only_new)
        title, shown = say("Inbox"), "show=new&" if only_new else ""
        return await page(
            self,
            request,
            "inbox",
            "inbox",
            title=title,
            crumbs=[("", title)],
            told=await _told(visit, found),
            only_new=only_new,
            upto=max((line.position for line in found), default=-1),
            next=f"{HERE}?{shown}before={following}" if following is not None else "",
            first=f"{HERE}?{shown}" if cursor is not None else "",
        )

    @expose("/inbox/read", methods=["POST"], identity="inbox-read")
    async def read(self, request: Request) -> Response:
        """One line, on the way to where it is acted on, or everything that was on the page."""
        visit, sent = _visit(request), await request.form()
        upto = str(sent.get("upto", ""))
        if not upto.isdecimal() or len(upto) > 18:
            raise HTTPException(400)
        event_id = str(sent.get("event_id", ""))[:TEXT_MAX] or None
        await mark_read(visit.engine, visit.actor.id, upto=int(upto), event_id=event_id)
        return RedirectResponse(inside(str(sent.get("next", HERE))), status_code=303)

    @expose("/inbox/settings", identity="inbox-settings")
    async def settings(self, request: Request) -> Response:
        return await self._settings(request)

    @expose("/inbox/mail", methods=["POST"], identity="inbox-mail")
    async def mail(self, request: Request) -> Response:
        """Where reminders are mailed to, in which language, or not at all."""
        visit, sent = _visit(request), await request.form()
        asked = {name: str(sent.get(name, ""))[:TEXT_MAX].strip() for name in ("address", "language")}
        box = Mailbox(address=asked["address"], language=asked["language"], wanted=sent.get("wanted") == "on")
        try:
            await set_mailbox(visit.engine, visit.actor.id, box)
        except Malformed:
            return await self._settings(request, status=422, box=box, wrong=True)
        return RedirectResponse(f"{SETTINGS}?done=mail", status_code=303)

    @expose("/inbox/calendar", methods=["POST"], identity="inbox-calendar")
    async def calendar(self, request: Request) -> Response:
        """A new address, shown this once; or the end of one."""
        visit, sent = _visit(request), await request.form()
        org_id = str(sent.get("org_id", ""))[:TEXT_MAX]
        if org_id and not reaches(visit.actor, Right.OBLIGATIONS_READ, OrgId(org_id)):
            raise HTTPException(404)
        if sent.get("do") == "revoke":
            await feeds.revoke(visit.engine, visit.actor.id, org_id)
            return RedirectResponse(f"{SETTINGS}?done=revoked", status_code=303)
        token = await feeds.issue(visit.engine, visit.actor.id, org_id)
        address = f"{'https' if visit.secure else 'http'}://{request.headers.get('host', '')}/api/v1/calendar/{token}.ics"
        return await self._settings(request, issued=address, issued_for=org_id)

    async def _settings(self, request: Request, *, status: int = 200, **context: Any) -> Response:
        visit = _visit(request)
        title = say("Mail and calendars")
        given: dict[str, Any] = {"box": await mailbox_of(visit.engine, visit.actor.id), "wrong": False, "issued": "", "issued_for": ""}
        return await page(
            self,
            request,
            "inbox_settings",
            "inbox",
            status=status,
            title=title,
            crumbs=[(HERE, say("Inbox")), ("", title)],
            done=request.query_params.get("done", ""),
            languages=LANGUAGES,
            addresses=await _addresses(visit),
            **(given | context),
        )


def _visit(request: Request) -> Visit:
    """Of somebody who can be told something; for others there is no such page."""
    visit = visit_of(request)
    if not visit.has_inbox:
        raise HTTPException(404)
    return visit


async def _told(visit: Visit, found: list[Line]) -> list[Told]:
    orgs = await _orgs(visit, {line.org_id for line in found})
    groups = await feeds.group_names(visit.engine, (org_id for org_id in orgs if reaches(visit.actor, Right.ROSTER_READ, OrgId(org_id))))
    senders: dict[str, str] = {}
    for org_id in {line.org_id for line in found if line.kind is Kind.LETTER} & orgs.keys():
        senders |= {sister.id: sister.name for sister in await visit.read.sisters(orgs[org_id])}
    directives = await visit.read.directives.titles([org.id for org in orgs.values() if visit.may(Right.LEDGERS_READ, org)])
    return [_line(line, orgs, groups | {name: title for name, (_, title) in directives.items()}, senders, directives) for line in found]


def _line(
    line: Line,
    orgs: Mapping[str, Org],
    groups: Mapping[str, str],
    senders: Mapping[str, str],
    directives: Mapping[str, tuple[str, str]],
) -> Told:
    about = line.thing.partition(":")[2]
    place = f"directives/{directives[about][0]}" if about in directives else "tasks"
    if line.kind is Kind.LETTER:
        title = say("Introduction letter %(number)s from %(sender)s", number=line.thing, sender=senders.get(line.about, line.about))
    else:
        title = f"{title_of(line.thing, locale())} {groups.get(subject_of(line.thing)) or groups.get(about, '')}".strip()
    return Told(
        line=line,
        title=title,
        org=orgs[line.org_id].name if line.org_id in orgs else line.org_id,
        state=say(STATES[line.kind]),
        tone=TONES[line.kind],
        said_on=line.said_at.astimezone(LOCAL).date(),
        to=f"/admin/b/{line.org_id}/{place}" + ("#letters" if line.kind is Kind.LETTER else ""),
    )


async def _orgs(visit: Visit, org_ids: set[OrgId]) -> dict[str, Org]:
    scope = scope_of(visit.actor, Right.ORGANISATIONS_READ)
    seen = frozenset(org_ids) if scope.orgs is None else frozenset(org_ids) & scope.orgs
    return {org.id: org for org in await visit.read.orgs_of(msgspec.structs.replace(scope, orgs=seen))}


async def _addresses(visit: Visit) -> list[Address]:
    """The own tasks; the own branch; and whatever branch an address was made for."""
    held = {one.org_id: one for one in await feeds.held_by(visit.engine, visit.actor.id)}
    wanted = {OrgId(org_id) for org_id in held if org_id} | ({visit.actor.organisation_id} if not visit.wide else set())
    named = await _orgs(visit, wanted)
    mine = Address(org_id="", title=say("What I answer for"), held=held.get(""))
    return [mine, *(Address(org_id=code, title=org.name, held=held.get(code)) for code, org in sorted(named.items()))]
