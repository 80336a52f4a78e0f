"""The web application: API, stream, desk, public site and health, put together."""

import contextlib
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import asyncpg
from litestar import Litestar, Router
from litestar.config.allowed_hosts import AllowedHostsConfig
from litestar.di import Provide
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import Components, SecurityScheme
from litestar.types import ControllerRouterHandler, Receive, Scope, Send
from sqlalchemy.ext.asyncio import AsyncEngine

from admin.border import App, mounted
from admin.gate import Entrance
from admin.panel import desk_app
from projections.engine.collector import steady
from projections.engine.database import engine_for
from projections.query import Views
from projections.standard.pack import default_pack
from service.api import (
    across,
    asyncapi,
    ballots,
    calendar,
    commands,
    directives,
    disclosures,
    documents,
    guard,
    health,
    own,
    problems,
    procedures,
    reads,
    scores,
    sessions,
    standard,
    stream,
)
from service.api.access import Doorman, current_actor
from service.auth.accounts import sign_in, sign_out
from service.ballots.box import shred
from service.config import Settings, load
from service.logs import configure
from service.parts import Parts, opened
from service.site import errors as site_errors
from service.site import routes as site
from service.site.answers import Site

BODY_MAX = 10_000_000


class Late:
    """The desk's place in the routes, before the desk exists: it needs the parts that are opened when the process starts."""

    def __init__(self) -> None:
        self.app: App | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        assert self.app is not None, "no request comes before the start"
        await self.app(scope, receive, send)


def create_app(settings: Settings | None = None) -> Litestar:
    """The application of one process."""
    configure()
    steady()
    chosen = settings or load()
    late = Late()

    @contextlib.asynccontextmanager
    async def life(app: Litestar) -> AsyncIterator[None]:
        async with _started(app, chosen, late):
            yield

    desk = mounted(late, chosen.document_bytes_max + documents.FORM_BYTES)
    return Litestar(
        route_handlers=[_api(chosen), *health.HANDLERS, *asyncapi.HANDLERS, *site.HANDLERS, desk],
        dependencies={"actor": Provide(current_actor)},
        exception_handlers=site_errors.around(problems.HANDLERS),
        lifespan=[life],
        before_send=[guard.dress],
        middleware=[health.REQUESTS.middleware],
        openapi_config=_openapi(),
        allowed_hosts=_hosts(chosen),
        request_max_body_size=BODY_MAX,
    )


def _api(settings: Settings) -> Router:
    """Only a document is larger than a command."""
    most = settings.document_bytes_max + documents.FORM_BYTES
    files = Router(path="/", route_handlers=documents.HANDLERS, request_max_body_size=most)
    handlers: list[ControllerRouterHandler] = [
        *sessions.HANDLERS,
        *commands.HANDLERS,
        *reads.HANDLERS,
        *standard.HANDLERS,
        *across.HANDLERS,
        *own.HANDLERS,
        *procedures.HANDLERS,
        *directives.HANDLERS,
        *disclosures.HANDLERS,
        *scores.HANDLERS,
        *stream.HANDLERS,
        *ballots.HANDLERS,
        *calendar.HANDLERS,
        files,
    ]
    return Router(path="/api/v1", route_handlers=handlers, security=[{"bearer": []}])


def _openapi() -> OpenAPIConfig:
    """`/schema/openapi.json`; no page that loads scripts from elsewhere."""
    return OpenAPIConfig(
        title="Branchbook",
        version="1.0.0",
        path="/schema",
        render_plugins=[JsonRenderPlugin(path="/openapi.json")],
        components=Components(security_schemes={"bearer": SecurityScheme(type="http", scheme="bearer")}),
    )


def _hosts(settings: Settings) -> AllowedHostsConfig | None:
    """With a public address, only its host is answered."""
    host = urlsplit(settings.public_url).hostname if settings.public_url else None
    return None if host is None else AllowedHostsConfig(allowed_hosts=[host, "127.0.0.1", "localhost"])


@contextlib.asynccontextmanager
async def _started(app: Litestar, settings: Settings, late: "Late") -> AsyncIterator[None]:
    engine = engine_for(settings.database())
    desk = engine_for(settings.database(), role="branchbook_desk")
    try:
        async with opened(settings) as parts:
            with contextlib.suppress(asyncpg.UndefinedTableError):  # a database that is still to be migrated holds no box
                await shred(parts.keys, parts.reads)
            app.state.engine = engine
            app.state.address = settings.address
            app.state.parts = parts
            app.state.packs = settings.home / "packs"
            app.state.views = Views(engine, parts.books, parts.keys)
            app.state.site = _site(settings, app.state.views)
            app.state.doorman = Doorman(engine)
            app.state.tail = stream.Tail(parts.journal, settings.database())
            app.state.tail.start()
            late.app = desk_app(desk, _entrance(app, settings, parts, engine))
            try:
                yield
            finally:
                await app.state.tail.stop()
                await app.state.views.scores.close()
                await app.state.views.across.close()
    finally:
        await engine.dispose()
        await desk.dispose()


def _site(settings: Settings, views: Views) -> Site:
    return Site(
        views=views.disclosure,
        address=settings.address,
        indexed=settings.disclosure_indexed,
        max_age_s=settings.disclosure_max_age_s,
        contact=settings.disclosure_contact,
    )


def _entrance(app: Litestar, settings: Settings, parts: Parts, engine: AsyncEngine) -> Entrance:
    """The desk signs in and out with our sessions and reads with a role that can only read."""

    async def enter(login: str, password: str, address: str) -> str:
        token, _ = await sign_in(engine, login, password, address)
        return token

    async def leave(token: str) -> None:
        await sign_out(engine, token)

    return Entrance(
        parts=parts,
        pack=default_pack(),
        views=app.state.views,
        doorman=app.state.doorman,
        sign_in=enter,
        sign_out=leave,
        engine=engine,
        secure=settings.public_url.startswith("https://"),
        drafts=app.state.packs,
    )
