"""The pages of the public site. They only read; whoever wants to say something is told how, there is no form."""

import functools
from collections.abc import Mapping
from typing import Any

import sqlalchemy.exc
import structlog
from litestar import HttpMethod, MediaType, Response, Router, route
from litestar.exceptions import HTTPException
from litestar.params import FromPath
from litestar.types import ControllerRouterHandler

from events.base import OrgId
from events.disclosure import DisclosureSubject
from projections.shapes import SOCIETY, Absence, Over
from projections.standard.personal import HIDDEN
from service.site.addresses import BASE
from service.site.answers import STYLE, STYLE_TAG, Asking, asked_of, page, site_of

log = structlog.get_logger("branchbook.site")
read = functools.partial(route, http_method=[HttpMethod.GET, HttpMethod.HEAD], opt={"public": True}, include_in_schema=False)
PAGE, FRONT = 50, 12
KEPT_S = 86_400


@read("/")
async def home(request: Asking) -> Response[bytes]:
    """What is new, the topics, the branches."""
    views, today = site_of(request).views, asked_of(request).today
    items, _ = await views.page(SOCIETY, today, limit=FRONT)
    topics, branches = await views.topics(SOCIETY, today), await views.branches(SOCIETY, today)
    return page(request, "home.html", items=items, topics=topics, branches=branches)


@read("/branches/{org_id:str}")
async def branch(request: Asking, org_id: FromPath[str]) -> Response[bytes]:
    """One branch: all of its items, or those of one topic."""
    views, asked = site_of(request).views, asked_of(request)
    org = _code(org_id)
    name = await views.branch(org)
    topics = await views.topics(SOCIETY, asked.today, org_id=org)
    items, following = await views.page(SOCIETY, asked.today, org_id=org, subject=asked.topic or None, after=asked.after, limit=PAGE)
    return page(request, "branch.html", org_id=org, name=name, topics=topics, items=items, next=following)


@read("/topics/{subject:str}")
async def topic(request: Asking, subject: FromPath[str]) -> Response[bytes]:
    """One topic, over all branches."""
    if subject not in DisclosureSubject.__members__.values():
        raise Absence(subject)
    asked = asked_of(request)
    items, following = await site_of(request).views.page(SOCIETY, asked.today, subject=subject, after=asked.after, limit=PAGE)
    return page(request, "topic.html", subject=subject, items=items, next=following)


@read("/search")
async def search(request: Asking) -> Response[bytes]:
    """Items in which all the words stand; results are not for search engines."""
    asked, views = asked_of(request), site_of(request).views
    if HIDDEN in asked.words:  # nobody is found by a number
        return page(request, "search.html", robots="noindex", items=[], next="")
    subject = asked.topic or None
    items, following = await views.page(SOCIETY, asked.today, subject=subject, words=asked.words, after=asked.after, limit=PAGE)
    return page(request, "search.html", robots="noindex", items=items, next=following)


@read("/items/{org_id:str}/{item_id:str}")
async def item(request: Asking, org_id: FromPath[str], item_id: FromPath[str]) -> Response[bytes]:
    """One item with its versions, and what readers said and were answered."""
    return await _item(request, org_id, item_id, "item.html", "")


@read("/items/{org_id:str}/{item_id:str}/print")
async def printed(request: Asking, org_id: FromPath[str], item_id: FromPath[str]) -> Response[bytes]:
    """The same on paper."""
    return await _item(request, org_id, item_id, "print.html", "noindex")


async def _item(request: Asking, org_id: str, item_id: str, template: str, robots: str) -> Response[bytes]:
    told = await site_of(request).views.one(SOCIETY, asked_of(request).today, _code(org_id), _code(item_id))
    return page(request, template, robots=robots, until=told.item.until, told=told, item=told.item)


@read("/feed.atom")
async def site_feed(request: Asking) -> Response[bytes]:
    return await _feed(request, None, "")


@read("/branches/{org_id:str}/feed.atom")
async def branch_feed(request: Asking, org_id: FromPath[str]) -> Response[bytes]:
    return await _feed(request, _code(org_id), await site_of(request).views.branch(_code(org_id)))


async def _feed(request: Asking, org_id: OrgId | None, name: str) -> Response[bytes]:
    """What changed last, and what readers shall drop from their copies (RFC 4287, RFC 6721)."""
    views, today = site_of(request).views, asked_of(request).today
    items = await views.newest(SOCIETY, today, org_id=org_id, limit=PAGE)
    return page(
        request,
        "feed.xml",
        robots="noindex",
        org_id=org_id or "",
        name=name,
        items=items,
        ended=await views.ended(SOCIETY, today, org_id=org_id),
    )


@read("/site.css", sync_to_thread=False)
def style() -> Response[bytes]:
    """The one asset; its address changes with it."""
    headers = {"cache-control": f"public, max-age={KEPT_S}", "etag": f'"{STYLE_TAG}"'}
    return Response(STYLE, media_type="text/css", headers=headers)


@read(["/{rest:path}", "/items", "/items/{org_id:str}", "/branches", "/topics"], sync_to_thread=False)
def nothing() -> None:
    """Other addresses."""
    raise Absence


@read("/robots.txt", media_type=MediaType.TEXT, sync_to_thread=False)
def robots(request: Asking) -> str:
    """By configuration; the desk and the API are never for search engines."""
    site = site_of(request)
    if not site.indexed:
        return "User-agent: *\nDisallow: /\n"
    return f"User-agent: *\nAllow: {BASE}/\nDisallow: {BASE}/search\nDisallow: /\n"


def _code(text: str) -> OrgId:
    """An id as the address says it; what no id can be is nowhere."""
    if not text.isprintable() or len(text) > 64:
        raise Absence(text)
    return OrgId(text)


def absent(request: Asking, _error: Exception) -> Response[bytes]:
    """The same for what does not exist and for what is not open to society; nothing of the address is repeated."""
    return page(request, "error.html", status=404, what="absent")


def over(request: Asking, _error: Over) -> Response[bytes]:
    """410: copies are to be dropped."""
    return page(request, "error.html", status=410, what="gone")


def refused(request: Asking, error: HTTPException) -> Response[bytes]:
    status = error.status_code
    if status >= 500:
        return failed(request, error)
    return page(request, "error.html", status=status, what="absent")


def away(request: Asking, error: Exception) -> Response[bytes]:
    log.warning("site.away", error=type(error).__name__)
    answer = page(request, "error.html", status=503, what="unavailable")
    answer.headers["retry-after"] = "5"
    return answer


def failed(request: Asking, error: Exception) -> Response[bytes]:
    log.error("site.failed", error=type(error).__name__, path=request.scope.get("path_template", ""), exc_info=error)
    return page(request, "error.html", status=500, what="failed")


ERRORS: Mapping[Any, Any] = {
    Over: over,
    Absence: absent,
    HTTPException: refused,
    **dict.fromkeys((sqlalchemy.exc.DBAPIError, sqlalchemy.exc.TimeoutError, OSError), away),
    Exception: failed,
}
PAGES = (home, branch, topic, search, item, printed, site_feed, branch_feed, style, nothing)
HANDLERS: list[ControllerRouterHandler] = [Router(path=BASE, route_handlers=list(PAGES), exception_handlers=dict(ERRORS)), robots]
