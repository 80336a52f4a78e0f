"""Nothing about a person reaches the public: every address that the site links to, and those that somebody may guess, byte for byte."""

import re
from html import unescape
from urllib.parse import quote, unquote, urljoin, urlsplit

import httpx
import pytest

from service.config import Settings
from tests.http.world import SECRET_PHONE, A, B, C, World
from tests.site.openness import ABOVE, BRANCH, CANARIES, CANARY, DAY, GOALS, INTERNAL, NAME, OLD, OVER, PARTY, SPECIFIC, STUDY, TAKEN, UNIT

pytestmark = pytest.mark.asyncio(loop_scope="module")
LINK = re.compile(r"(?:href|action|ref|src)=\"([^\"#]*)|<(?:id|uri)>([^<]+)")
GUESSED = [
    "/robots.txt",
    "/disclosure",
    "/disclosure/nothing",
    "/disclosure/items",
    "/disclosure/branches/nothing",
    "/disclosure/branches/nothing/feed.atom",
    "/disclosure/topics/nothing",
    f"/disclosure/branches/{CANARY}",
    f"/disclosure/items/{A}/{CANARY}",
    "/disclosure/items/%00/%00",
    "/disclosure/search?q=%00",
    "/disclosure/search?after=nonsense",
    *(f"/disclosure{page}?on={DAY}" for page in ("/", "/search", f"/branches/{A}", f"/branches/{C}", "/topics/other", "/topics/education")),
    *(f"/disclosure/?on={day}" for day in ("nonsense", "9999-12-31", "1900-01-01", SECRET_PHONE)),
    f"/disclosure/items/{A}/{SECRET_PHONE}/and/more/{CANARY}",
    f"/disclosure/{CANARY}/{SECRET_PHONE}",
    *(f"/disclosure/topics/{topic}/feed.atom" for topic in ("other", "education", "nothing")),
    *(f"/disclosure/items/{A}/{item}/versions/{number}" for item in (OLD, TAKEN, PARTY, OVER) for number in (0, 1, 2, 9)),
    "/disclosure/search?after=WyIyMDI2LTAxLTAxIiwiYSIsImIiXQ",
    *(
        f"/disclosure/items/{A}/{item}{more}"
        for item in (OVER, TAKEN, PARTY, UNIT, SPECIFIC, INTERNAL, BRANCH, OLD, GOALS)
        for more in ("", "/print", f"?on={DAY}", f"/print?on={DAY}")
    ),
    f"/disclosure/items/{C}/{ABOVE}",
    *(f"/disclosure/search?q={quote(canary)}" for canary in CANARIES),
    f"/disclosure/search?q={quote(NAME)}&topic=goals&lang=en&on={DAY}",
]
LANGUAGES: tuple[dict[str, str], ...] = ({}, {"accept-language": "en"})
PAGES_MAX = 800


async def crawl(client: httpx.AsyncClient, headers: dict[str, str]) -> dict[str, httpx.Response]:
    """Every page that can be reached from the start, and the guessed ones; searches only as they are guessed, for each leads to many."""
    waiting, seen = ["/disclosure/", "/disclosure/?lang=en", *GUESSED], dict[str, httpx.Response]()
    while waiting:
        address = waiting.pop()
        if address in seen:
            continue
        answer = seen[address] = await client.get(address, headers=headers)
        for link in (unescape(first or second) for first, second in LINK.findall(answer.text)):
            whole = urlsplit(urljoin(f"http://site{address}", link))
            local = whole.path + (f"?{whole.query}" if whole.query else "")
            if whole.path.startswith("/disclosure") and "q=" not in whole.query and local not in seen:
                waiting.append(local)
        assert len(seen) < PAGES_MAX
    return seen


@pytest.mark.parametrize("headers", LANGUAGES, ids=["zh", "en"])
async def test_no_canary_is_in_any_answer(world: World, headers: dict[str, str]):
    seen = await crawl(world.client, headers)
    assert {f"/disclosure/items/{A}/{GOALS}", f"/disclosure/items/{B}/{STUDY}", f"/disclosure/branches/{A}/feed.atom"} <= seen.keys()
    found = {
        (address, canary)
        for address, answer in seen.items()
        for canary in CANARIES
        if canary not in unquote(address)  # what the reader typed
        and canary in unescape(answer.text) + "".join(f"{name}: {value}\n" for name, value in answer.headers.items())
    }
    assert found == set()


async def test_no_answer_sets_a_cookie_runs_a_script_or_fails(world: World):
    for address, answer in (await crawl(world.client, {})).items():
        assert "set-cookie" not in answer.headers, address
        assert answer.status_code < 500, address
        assert answer.headers["x-content-type-options"] == "nosniff", address
        assert not re.search(r"<script|javascript:|\son\w+=|style=", answer.text), address
        assert "unsafe" not in answer.headers["content-security-policy"], address
        assert not re.search(r"(?:href|src|action)=\"(?:https?:)?//(?!127\.0\.0\.1)", answer.text), address


async def test_a_search_finds_nothing_by_what_is_hidden(world: World):
    """Not even that something is there: the words of the search are hidden too, and the texts were before they were stored."""
    for canary in CANARIES:
        answer = await world.client.get("/disclosure/search", params={"q": canary})
        assert "没有可以显示的公开事项" in answer.text, canary


async def test_a_number_that_is_typed_is_not_even_repeated(world: World):
    assert SECRET_PHONE not in (await world.client.get("/disclosure/search", params={"q": SECRET_PHONE})).text


async def test_what_was_recorded_before_the_review_looked_is_masked(world: World):
    page = (await world.client.get(f"/disclosure/items/{A}/{OLD}")).text
    assert "旧事项＊＊＊" in page
    assert "联系人＊＊＊，＊＊＊或＊＊＊，＊＊＊；证件＊＊＊" in page


async def test_nobody_can_write_here(world: World):
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        answer = await world.client.request(method, f"/disclosure/items/{A}/{GOALS}")
        assert answer.status_code == 405


async def test_search_engines_are_kept_away_unless_they_are_let_in(world: World):
    assert not Settings.__struct_defaults__[Settings.__struct_fields__.index("disclosure_indexed") - len(Settings.__struct_fields__)]
    assert (await world.client.get("/robots.txt")).text == "User-agent: *\nDisallow: /\n"
    answer = await world.client.get(f"/disclosure/items/{A}/{GOALS}")
    assert answer.headers["x-robots-tag"] == "noindex, nofollow, noarchive"
