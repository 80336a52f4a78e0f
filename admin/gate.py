"""Before every page: who is it. Our sessions in PostgreSQL decide; sqladmin's signed cookie is never made."""

import datetime as dt
from collections.abc import Awaitable, Callable
from pathlib import Path
from urllib.parse import quote, urlsplit

import msgspec
from sqladmin.authentication import AuthenticationBackend
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from admin import words
from admin.reading import Reading
from admin.visit import Visit
from projections.query import Views
from projections.standard.pack import Pack
from service.api.access import COOKIES, Doorman
from service.auth.actor import Actor
from service.bus import LOCAL
from service.errors import NotSignedIn, TooManyAttempts
from service.parts import Parts
from service.reminders.inbox import unread

HOME = "/admin/"
YEAR_S = 365 * 24 * 3600
TEXT_MAX = 200


class Entrance(msgspec.Struct, frozen=True, kw_only=True):
    """What the desk needs of the process that it lives in."""

    parts: Parts
    pack: Pack
    views: Views
    doorman: Doorman
    sign_in: Callable[[str, str, str], Awaitable[str]]
    """(login, password, address) -> token of a new session; raises `NotSignedIn` or `TooManyAttempts`."""
    sign_out: Callable[[str], Awaitable[None]]
    engine: AsyncEngine
    """Puts on record who opened what is watched."""
    secure: bool
    """Whether people come by https: the cookie is then `__Host-sid`."""
    drafts: Path
    """The folder with drafts of the standard pack."""


class Gate(AuthenticationBackend):
    """sqladmin asks it before every route."""

    def __init__(self, entrance: Entrance) -> None:
        self.middlewares = []  # the base class would add a session of its own
        self.entrance = entrance

    @property
    def cookie(self) -> str:
        return COOKIES[0] if self.entrance.secure else COOKIES[1]

    async def authenticate(self, request: Request) -> Response | bool:
        """The visit of whoever has a session, else the way to the sign-in page."""
        try:
            actor = await self.entrance.doorman.actor(request.cookies.get(self.cookie, ""))
        except NotSignedIn:
            asked = request.url.path + (f"?{request.url.query}" if request.url.query else "")
            after = f"?next={quote(asked)}" if request.method == "GET" and asked != HOME else ""
            return RedirectResponse(f"/admin/login{after}", status_code=303)
        request.state.visit = visit = self.visit(actor)
        if visit.has_inbox:
            visit.unread = await unread(visit.engine, actor.id, visit.inbox_orgs)
        return True

    async def get_user_id(self, request: Request) -> str:
        actor: Actor = request.state.visit.actor
        return actor.id

    def visit(self, actor: Actor) -> Visit:
        return Visit(
            actor=actor,
            parts=self.entrance.parts,
            pack=self.entrance.pack,
            read=Reading(self.entrance.views, actor),
            today=dt.datetime.now(LOCAL).date(),
            engine=self.entrance.engine,
            secure=self.entrance.secure,
            drafts=self.entrance.drafts,
        )

    async def login(self, request: Request) -> Response | bool:
        """A new session, or False with what the page is to say in `request.state`."""
        sent = await request.form()
        login, password = str(sent.get("login", ""))[:TEXT_MAX], str(sent.get("password", ""))[:TEXT_MAX]
        request.state.login, request.state.next = login, str(sent.get("next", ""))
        try:
            token = await self.entrance.sign_in(login, password, request.client.host if request.client else "")
        except TooManyAttempts:
            request.state.refusal = words.say("Too many attempts. Please wait a little and try again.")
            return False
        except NotSignedIn:
            request.state.refusal = words.say("Username or password is not right.")
            return False
        response = RedirectResponse(inside(request.state.next), status_code=303)
        response.set_cookie(self.cookie, token, path="/", secure=self.entrance.secure, httponly=True, samesite="lax")
        return response

    async def logout(self, request: Request) -> Response:
        token = request.cookies.get(self.cookie)
        if token:
            await self.entrance.sign_out(token)
            self.entrance.doorman.forget(token)
        response = RedirectResponse("/admin/login?signed=out", status_code=303)
        response.delete_cookie(self.cookie, path="/", secure=self.entrance.secure, httponly=True, samesite="lax")
        return response

    async def language(self, request: Request) -> Response:
        """Speaks the other language from now on, on the same page."""
        sent = await request.form()
        chosen = words.use(str(sent.get("lang", "")))
        response = RedirectResponse(inside(str(sent.get("next", ""))), status_code=303)
        response.set_cookie(words.COOKIE, chosen, max_age=YEAR_S, path="/admin", secure=self.entrance.secure, httponly=True, samesite="lax")
        return response


def inside(address: str) -> str:
    """An address of the desk; anything else becomes its first page, so that nobody is led away."""
    parts = urlsplit(address)
    plain = not parts.scheme and not parts.netloc and "\\" not in address and "//" not in parts.path and address.isprintable()
    return address if plain and parts.path.startswith(HOME) else HOME
