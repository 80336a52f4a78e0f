"""What the configuration changes: whether search engines come in, where readers may turn, how long a copy lives; and a database that is away."""

import datetime as dt
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import msgspec
import pytest
import pytest_asyncio
from litestar import Litestar
from litestar.datastructures import State

from events.store.keys import Keys, MemoryKeyStore
from projections.engine.database import engine_for
from projections.query_disclosure import DisclosureViews
from service.site.answers import SHANGHAI, Asked, Site, _max_age_s, _robots, differences
from service.site.routes import HANDLERS
from service.site.words import TEXTS
from tests.desk.world import served

pytestmark = pytest.mark.asyncio(loop_scope="module")
CONTACT = "机关党委办公室 <office@example.cn>"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def client(module_database_url: str) -> AsyncIterator[httpx.AsyncClient]:
    """The site of a record in which nothing is disclosed, open to search engines."""
    engine = engine_for(module_database_url)
    app = Litestar(HANDLERS, state=State({"site": site(DisclosureViews(engine, Keys(MemoryKeyStore())))}), openapi_config=None)
    async with served(app) as address, httpx.AsyncClient(base_url=address) as one:
        yield one
    await engine.dispose()


def site(views: DisclosureViews, max_age_s: int = 60) -> Site:
    return Site(views=views, address="https://branchbook.example", indexed=True, max_age_s=max_age_s, contact=CONTACT)


async def test_search_engines_that_are_let_in_keep_no_copy_and_no_search(client: httpx.AsyncClient):
    assert (await client.get("/robots.txt")).text == "User-agent: *\nAllow: /disclosure/\nDisallow: /disclosure/search\nDisallow: /\n"
    assert (await client.get("/disclosure/")).headers["x-robots-tag"] == "noarchive"
    assert (await client.get("/disclosure/search")).headers["x-robots-tag"] == "noarchive, noindex"
    assert (await client.get("/disclosure/nothing")).headers["x-robots-tag"] == "noarchive, noindex"


async def test_readers_are_told_where_to_turn(client: httpx.AsyncClient):
    assert "机关党委办公室 &lt;office@example.cn&gt;" in (await client.get("/disclosure/")).text


async def test_a_site_without_items_says_so_and_has_a_feed(client: httpx.AsyncClient):
    assert "没有可以显示的公开事项" in (await client.get("/disclosure/")).text
    feed = await client.get("/disclosure/feed.atom")
    assert "<id>https://branchbook.example/disclosure/feed.atom</id>" in feed.text
    assert "<updated>1970-01-01T00:00:00Z</updated>" in feed.text


async def test_an_item_with_a_last_day_says_so_to_search_engines():
    assert _robots("", None) == ""
    assert _robots("", dt.date(2026, 6, 30)) == "unavailable_after: 2026-07-01T00:00:00+08:00"
    assert _robots("noindex", dt.date(2026, 6, 30)).startswith("noindex, unavailable_after")


@pytest.mark.parametrize(("clock", "max_age_s"), [("12:00:00", 60), ("23:59:30", 30), ("23:59:59", 1)])
async def test_no_copy_lives_beyond_the_day(clock: str, max_age_s: int):
    now = dt.datetime.combine(dt.date(2026, 6, 30), dt.time.fromisoformat(clock), SHANGHAI)
    asked = Asked(language="zh", given=False, words="", topic="", after="", on=None, unclear=False, now=now)
    assert _max_age_s(site(msgspec.UNSET), asked) == max_age_s  # type: ignore[arg-type]


async def test_what_was_corrected_is_told_by_clauses():
    assert differences("开会5次，落实4项。", "开会6次，落实4项。") == [("gone", "开会5次，"), ("new", "开会6次，"), ("same", "落实4项。")]
    assert differences("一。", "一。二。") == [("same", "一。"), ("new", "二。")]
    assert differences("一。二。", "一。") == [("same", "一。"), ("gone", "二。")]


async def test_every_text_has_both_languages():
    assert [key for key, texts in TEXTS.items() if not all(texts)] == []


async def test_a_database_that_is_away_is_said_on_a_page_and_told_to_nobody_else(tmp_path: Path):
    engine = engine_for(f"postgresql://nobody@/nothing?host={tmp_path}")
    app = Litestar(HANDLERS, state=State({"site": site(DisclosureViews(engine, Keys(MemoryKeyStore())))}), openapi_config=None)
    async with served(app) as address, httpx.AsyncClient(base_url=address) as one:
        answer = await one.get("/disclosure/")
    await engine.dispose()
    assert (answer.status_code, answer.headers["retry-after"], answer.headers["cache-control"]) == (503, "5", "no-store")
    assert "暂时不可用" in answer.text
    assert str(tmp_path) not in answer.text
