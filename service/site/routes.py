"""The pages of the public site. They only read; whoever wants to say something is told how, there is no form."""

import functools

from litestar import HttpMethod, MediaType, Response, Router, route
from litestar.params import FromPath
from litestar.types import ControllerRouterHandler

from events.base import OrgId
from events.disclosure import DisclosureSubject
from projections.shapes import SOCIETY, Absence, Ended
from projections.standard.personal import HIDDEN
from service.site.addresses import BASE, branch_page, feed, topic_page
from service.site.answers import STYLE, STYLE_TAG, Asking, asked_of, clear, micros, page, site_of
from service.site.errors import ERRORS

read = functools.partial(route, http_method=[HttpMethod.GET, HttpMethod.HEAD], opt={"public": True}, include_in_schema=False)
PAGE, FRONT = 50, 12
KEPT_S = 86_400


@read("/")
async def home(request: Asking) -> Response[bytes]:
    """What is new, the topics, the branches."""
    asked, views = clear(request), site_of(request).views
    items, _ = await views.page(SOCIETY, asked.today, limit=FRONT, on=asked.on)
    topics = await views.topics(SOCIETY, asked.today, on=asked.on)
    branches = await views.branches(SOCIETY, asked.today, on=asked.on)
    return page(request, "home.html", items=items, topics=topics, branches=branches, ended=await _ended(request))


@read("/branches/{org_id:str}")
async def branch(request: Asking, org_id: FromPath[str]) -> Response[bytes]:
    """One branch: all of its items, or those of one topic."""
    asked, views, org = clear(request), site_of(request).views, _code(org_id)
    name = await views.branch(org)
    topics = await views.topics(SOCIETY, asked.today, org_id=org, on=asked.on)
    items, following = await views.page(
        SOCIETY, asked.today, org_id=org, subject=asked.topic or None, after=asked.after, limit=PAGE, on=asked.on
    )
    ended = await _ended(request, org_id=org, subject=asked.topic or None)
    return page(request, "branch.html", org_id=org, name=name, topics=topics, items=items, next=following, ended=ended)


@read("/topics/{subject:str}")
async def topic(request: Asking, subject: FromPath[str]) -> Response[bytes]:
    """One topic, over all branches."""
    asked, views, code = clear(request), site_of(request).views, _topic(subject)
    items, following = await views.page(SOCIETY, asked.today, subject=code, after=asked.after, limit=PAGE, on=asked.on)
    return page(request, "topic.html", subject=code, items=items, next=following, ended=await _ended(request, subject=code))


@read("/search")
async def search(request: Asking) -> Response[bytes]:
    """Items in which all the words stand; results are not for search engines."""
    asked, views = clear(request), site_of(request).views
    if HIDDEN in asked.words:  # nobody is found by a number
        return page(request, "search.html", robots="noindex", items=[], next="")
    subject = asked.topic or None
    items, following = await views.page(
        SOCIETY, asked.today, subject=subject, words=asked.words, after=asked.after, limit=PAGE, on=asked.on
    )
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
    asked = clear(request)
    told = await site_of(request).views.one(SOCIETY, asked.today, _code(org_id), _code(item_id), on=asked.on)
    return page(request, template, robots=robots, until=told.item.until, told=told, item=told.item)


@read("/items/{org_id:str}/{item_id:str}/versions/{number:int}")
async def worded(request: Asking, org_id: FromPath[str], item_id: FromPath[str], number: FromPath[int]) -> Response[bytes]:
    """What an item said from one day to another, and why it was corrected."""
    told = await site_of(request).views.one(SOCIETY, clear(request).today, _code(org_id), _code(item_id))
    if not 1 <= number <= len(told.versions):
        raise Absence
    following = told.versions[number] if number < len(told.versions) else None
    return page(
        request,
        "version.html",
        robots="noindex",
        until=told.item.until,
        item=told.item,
        number=number,
        version=told.versions[number - 1],
        before=told.versions[number - 2] if number > 1 else None,
        following=following,
    )


async def _ended(request: Asking, *, org_id: OrgId | None = None, subject: str | None = None) -> list[Ended]:
    """Of an earlier day: what was shown then and is not any more."""
    asked = asked_of(request)
    if asked.on is None or asked.after:
        return []
    return await site_of(request).views.ended(SOCIETY, asked.today, org_id=org_id, subject=subject, on=asked.on)


@read("/feed.atom")
async def site_feed(request: Asking) -> Response[bytes]:
    return await _feed(request, feed())


@read("/branches/{org_id:str}/feed.atom")
async def branch_feed(request: Asking, org_id: FromPath[str]) -> Response[bytes]:
    org = _code(org_id)
    return await _feed(request, feed(org), branch_page(org), org_id=org, name=await site_of(request).views.branch(org))


@read("/topics/{subject:str}/feed.atom")
async def topic_feed(request: Asking, subject: FromPath[str]) -> Response[bytes]:
    code = _topic(subject)
    return await _feed(request, feed(subject=code), topic_page(code), subject=code)


async def _feed(
    request: Asking, address: str, of: str = f"{BASE}/", *, org_id: OrgId | None = None, subject: str | None = None, name: str = ""
) -> Response[bytes]:
    """What changed last, and what readers shall drop from their copies (RFC 4287, RFC 6721)."""
    views, today = site_of(request).views, asked_of(request).today
    items = await views.newest(SOCIETY, today, org_id=org_id, subject=subject, limit=PAGE)
    ended = await views.ended(SOCIETY, today, org_id=org_id, subject=subject)
    changed = max((*(item.changed_at for item in items), *(max(one.changed_at, micros(one.over)) for one in ended)), default=0)
    return page(
        request,
        "feed.xml",
        robots="noindex",
        address=address,
        of=of,
        name=name,
        subject=subject or "",
        items=items,
        ended=ended,
        changed_at=changed,
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


def _topic(text: str) -> str:
    if text not in DisclosureSubject.__members__.values():
        raise Absence(text)
    return text


def _code(text: str) -> OrgId:
    """An id as the address says it; what no id can be is nowhere."""
    if not text.isprintable() or len(text) > 64:
        raise Absence(text)
    return OrgId(text)


PAGES = (home, branch, topic, search, item, printed, worded, site_feed, branch_feed, topic_feed, style, nothing)
HANDLERS: list[ControllerRouterHandler] = [Router(path=BASE, route_handlers=list(PAGES), exception_handlers=dict(ERRORS)), robots]
