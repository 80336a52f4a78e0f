"""sqladmin as Branchbook's panel: only the routes that read, our own pages beside them, our own sessions before them."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, cast

import sqlalchemy.exc
import structlog
from jinja2 import FileSystemLoader
from litestar.handlers import ASGIRouteHandler
from sqladmin import Admin, BaseView
from sqladmin.authentication import login_required
from sqladmin.authorization import Action, AuthorizationBackend
from sqladmin.templating import Jinja2Templates
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from admin import words
from admin.across import Across
from admin.asking import AskingPages
from admin.ballots import BallotPages
from admin.border import MOUNT, App, TooLarge, mounted
from admin.directives import Directives
from admin.documents import Documents
from admin.gate import Entrance, Gate
from admin.history import History
from admin.home import Tasks, first_page
from admin.imports import Imports
from admin.inbox import Inbox
from admin.ledgers import Ledgers
from admin.matters import MattersPages
from admin.members import Members
from admin.openness import Openness
from admin.own import OwnPages
from admin.procedures import Procedures
from admin.record import Record
from admin.scores import Scores
from admin.standard import StandardPages
from admin.statistics import StatisticsPages
from admin.undo import UndoImport
from admin.views import VIEWS
from admin.visit import visit_of
from admin.waiting import WaitingPages
from admin.what_if import WhatIf
from events.store.clerk import LOST
from projections.shapes import Absence
from service.errors import Absent, BranchbookError, Forbidden, Unavailable

log = structlog.get_logger("branchbook.desk")
HERE = Path(__file__).parent
PAGES: tuple[type[BaseView], ...] = (
    Tasks,
    Inbox,
    Record,
    BallotPages,
    Ledgers,
    Procedures,
    Scores,
    WhatIf,
    Openness,
    OwnPages,
    AskingPages,
    MattersPages,
    Documents,
    Members,
    History,
    Imports,
    UndoImport,
    Directives,
    WaitingPages,
    Across,
    StatisticsPages,
    StandardPages,
)
READS = frozenset({Action.LIST, Action.DETAILS})


class LooksOnly(AuthorizationBackend):
    """sqladmin's own actions: to list and to look, for those who may see more than their own file."""

    def has_permission(self, request: Request, identity: str, action: str, obj: Any | None = None) -> bool:  # noqa: ARG002
        return action in READS and (identity in PAGE_NAMES or bool(visit_of(request).org_ids))


PAGE_NAMES = frozenset(
    func._identity  # noqa: SLF001
    for page in PAGES
    for func in vars(page).values()
    if hasattr(func, "_exposed")
)


def desk_app(engine: AsyncEngine, entrance: Entrance) -> App:
    """The desk itself. `engine` bears the role `branchbook_desk`."""
    return cast("App", Panel(engine, Gate(entrance)).app)


def make_desk(engine: AsyncEngine, entrance: Entrance) -> ASGIRouteHandler:
    """The desk, to be mounted in Litestar."""
    return mounted(desk_app(engine, entrance))


class Panel(Admin):
    """The desk. Routes that sqladmin has for writing do not exist here at all."""

    def __init__(self, engine: AsyncEngine, gate: Gate) -> None:
        super().__init__(
            app=Starlette(),
            engine=engine,
            base_url=MOUNT,
            title="Branchbook",
            templates_dir=str(HERE / "templates"),
            authentication_backend=gate,
            authorization_backend=LooksOnly(),
        )
        self.gate = gate
        self.admin.router.routes = [
            Mount("/assets", app=StaticFiles(directory=HERE / "assets"), name="assets"),
            Route("/", endpoint=self.index, name="index"),
            Route("/login", endpoint=self.login, name="login", methods=["GET", "POST"]),
            Route("/logout", endpoint=self.logout, name="logout", methods=["POST"]),
            Route("/language", endpoint=gate.language, name="language", methods=["POST"]),
            Route("/{identity}/list", endpoint=self.list, name="list"),
            Route("/{identity}/details/{pk:path}", endpoint=self.details, name="details"),
        ]
        self.admin.exception_handlers = self._handlers()
        for page in PAGES:
            self.add_base_view(page)
        for view in VIEWS:
            self.add_model_view(view)

    def init_templating_engine(self) -> Jinja2Templates:
        """Sqladmin's engine with our templates first and one catalogue for both."""
        templates = super().init_templating_engine()
        environment = templates.env
        environment.install_gettext_callables(words.gettext, words.ngettext, newstyle=True)  # type: ignore[attr-defined]
        environment.globals |= {"language_tag": words.language_tag, "named": words.named, "asset": _asset}
        environment.auto_reload = False
        for name in FileSystemLoader(HERE / "templates").list_templates():
            environment.get_template(name)  # compiled now, so that the first reader need not wait
        return templates

    @login_required
    async def index(self, request: Request) -> Response:
        return await first_page(self, request)

    async def login(self, request: Request) -> Response:
        """The sign-in page; what is wrong is said the same way for an unknown name and a wrong password."""
        if request.method == "GET":
            return cast("Response", await self.templates.TemplateResponse(request, "sqladmin/login.html"))
        answer = await self.gate.login(request)
        if isinstance(answer, Response):
            return answer
        context = {"error": request.state.refusal, "login": request.state.login, "next": request.state.next}
        return cast("Response", await self.templates.TemplateResponse(request, "sqladmin/login.html", context, status_code=401))

    def _handlers(self) -> dict[Any, Callable[[Request, Any], Awaitable[Response]]]:
        return {
            HTTPException: self._http,
            TooLarge: self._too_large,
            Absence: self._absent,
            BranchbookError: self._refused,
            **dict.fromkeys((sqlalchemy.exc.OperationalError, sqlalchemy.exc.InterfaceError, *LOST), self._away),
            Exception: self._failed,
        }

    async def _http(self, request: Request, error: HTTPException) -> Response:
        texts = {
            400: words.say("This address is not complete."),
            403: words.say("You may not see this."),
            405: words.say("This page cannot be sent to."),
        }
        return await self._error(request, error.status_code, texts.get(error.status_code, words.say("There is nothing at this address.")))

    async def _too_large(self, request: Request, _error: TooLarge) -> Response:
        return await self._error(request, 413, words.say("The file or form is too large."))

    async def _absent(self, request: Request, _error: Absence) -> Response:
        return await self._error(request, 404, words.say("There is nothing at this address."))

    async def _refused(self, request: Request, error: BranchbookError) -> Response:
        match error:
            case Absent() | Forbidden():
                return await self._error(request, 404, words.say("There is nothing at this address."))
            case Unavailable():
                return await self._away(request, error)
            case _:
                log.error("desk.failed", path=request.url.path, exc_info=error)
                return await self._failed(request, error)

    async def _away(self, request: Request, error: Exception) -> Response:
        log.warning("desk.away", path=request.url.path, error=type(error).__name__)
        return await self._error(request, 503, words.say("The record cannot be reached just now. Please try again in a moment."))

    async def _failed(self, request: Request, _error: Exception) -> Response:
        return await self._error(request, 500, words.say("Something went wrong here. It was noted."))

    async def _error(self, request: Request, status: int, message: str) -> Response:
        context = {"status_code": status, "message": message}
        return cast("Response", await self.templates.TemplateResponse(request, "sqladmin/error.html", context, status_code=status))


def _asset(name: str) -> str:
    return f"{MOUNT}/assets/{name}"
