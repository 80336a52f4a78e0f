"""Around sqladmin's application: the address mended, bodies counted, headers set, and no exception text ever shown."""

from collections.abc import Awaitable, Callable
from http.cookies import CookieError, SimpleCookie
from urllib.parse import unquote, urlsplit

import structlog
from litestar import asgi
from litestar.enums import ScopeType
from litestar.handlers import ASGIRouteHandler
from litestar.types import Message, Receive, ReceiveMessage, Scope, Send

from admin import words

MOUNT = "/admin"
BODY_MAX = 512 * 1024
UPLOAD_MAX = 12 * 1024 * 1024
DRAINED_MAX = 32 * 1024 * 1024
DOCUMENT_MAX = 51 * 1024 * 1024
"""A document of the default size with its form."""
UPLOADS = "/import"
DOCUMENTS = "/upload"
"""Only addresses with these ends may send a workbook, or a document."""

POLICY = b"; ".join(
    (
        b"default-src 'none'",
        b"script-src 'self'",
        b"style-src 'self'",
        b"img-src 'self'",
        b"connect-src 'self'",
        b"form-action 'self'",
        b"base-uri 'none'",
        b"frame-ancestors 'none'",
    )
)
HEADERS = (
    (b"content-security-policy", POLICY),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),
)
PRIVATE = (b"cache-control", b"no-store")
"""Pages show personal data: no copy stays in the browser or on the way."""

App = Callable[[Scope, Receive, Send], Awaitable[None]]
log = structlog.get_logger("branchbook.desk")


SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class TooLarge(Exception):
    """More was sent than this address takes."""


def mounted(app: App, document_max: int = DOCUMENT_MAX) -> ASGIRouteHandler:
    """The desk as one handler of Litestar. Litestar cuts the prefix off the path: it is put back before Starlette sees it."""

    @asgi(MOUNT, is_mount=True, copy_scope=True)
    async def desk(scope: Scope, receive: Receive, send: Send) -> None:
        scope["path"] = full_path(scope)
        scope["root_path"] = ""
        words.use(_cookie(scope, words.COOKIE))
        if not from_here(scope):
            await _dressed(_refuse(403, "Sent from another site, so it was not accepted."), scope, receive, send)
        elif _announced(scope) > most(scope, document_max):
            await _dressed(_refuse(413, "The file or form is too large."), scope, receive, send)
        else:
            body = Body(receive, most(scope, document_max))
            await _dressed(app, scope, body.counted, send if scope.get("method") in SAFE else body.drained(send))

    return desk


def full_path(scope: Scope) -> str:
    """The path as the browser sent it."""
    raw = scope.get("raw_path") or b""
    path = unquote(raw.split(b"?")[0].decode("latin-1"))
    return path if path.startswith(MOUNT) else MOUNT + "/" + scope["path"].strip("/")


def from_here(scope: Scope) -> bool:
    """Whether a request that may change something was sent by a page of ours. sqladmin has no token against forged forms;
    browsers say where a request comes from, and whoever says nothing at all is no browser with a cookie to misuse.
    """
    if scope["type"] != ScopeType.HTTP:
        return False
    if scope["method"] in SAFE and "/action/" not in scope["path"]:  # sqladmin's actions act on GET
        return True
    headers = dict(scope["headers"])
    site = headers.get(b"sec-fetch-site")
    if site is not None:
        return site == b"same-origin"
    source = headers.get(b"origin") or headers.get(b"referer") or b""
    return urlsplit(source.decode("latin-1")).netloc.encode("latin-1") == headers.get(b"host")


def _refuse(status: int, why: str) -> App:
    """An answer without a look at the body. A browser reads it only after it has sent that, so some of it is let run by."""

    async def refuse(_scope: Scope, receive: Receive, send: Send) -> None:
        left = DRAINED_MAX
        while left > 0:
            message = await receive()
            if message["type"] != "http.request" or not message["more_body"]:
                break
            left -= len(message["body"])
        headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"connection", b"close")]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": words.gettext(why).encode(), "more_body": False})

    return refuse


def most(scope: Scope, document_max: int) -> int:
    """How many bytes this address takes."""
    if scope["path"].endswith(DOCUMENTS):
        return document_max
    return UPLOAD_MAX if scope["path"].endswith(UPLOADS) else BODY_MAX


def _announced(scope: Scope) -> int:
    length = dict(scope["headers"]).get(b"content-length", b"0")
    return int(length) if length.isdigit() else 0


def _cookie(scope: Scope, name: str) -> str | None:
    sent = b"; ".join(value for key, value in scope["headers"] if key == b"cookie").decode("latin-1")
    try:
        morsel = SimpleCookie(sent).get(name)
    except CookieError:
        return None
    return morsel.value if morsel else None


class Body:
    """What is sent to a page: counted, since Litestar's own limit does not reach a mounted application, and taken in before it answers.
    A browser reads an answer only after it has sent everything: one that came early would be lost with the connection.
    """

    def __init__(self, receive: Receive, limit: int) -> None:
        self._receive = receive
        self._limit = limit
        self._seen = 0
        self._whole = False

    async def counted(self) -> ReceiveMessage:
        message = await self._next()
        if self._seen > self._limit:
            raise TooLarge
        return message

    async def _next(self) -> ReceiveMessage:
        message = await self._receive()
        self._whole = message["type"] != "http.request" or not message.get("more_body", False)
        if message["type"] == "http.request":
            self._seen += len(message["body"])
        return message

    def drained(self, send: Send) -> Send:
        """Lets some of what an answer did not wait for run by."""

        async def draining(message: Message) -> None:
            if message["type"] == "http.response.start":
                most = self._seen + DRAINED_MAX
                while not self._whole and self._seen < most:
                    await self._next()
            await send(message)

        return draining


async def _dressed(app: App, scope: Scope, receive: Receive, send: Send) -> None:
    """Headers on every answer. An error was answered with a plain page by `panel.py`; here it is noted, once."""
    whole = False

    async def dressed(message: Message) -> None:
        nonlocal whole
        if message["type"] == "http.response.start":
            own = {key.lower() for key, _ in message["headers"]}
            message["headers"] = [*message["headers"], *HEADERS, *(() if b"cache-control" in own else (PRIVATE,))]
        await send(message)
        whole = message["type"] == "http.response.body" and not message.get("more_body", False)

    try:
        await app(scope, receive, dressed)
    except Exception:
        log.exception("desk.failed", path=scope["path"])
        if not whole:
            raise
