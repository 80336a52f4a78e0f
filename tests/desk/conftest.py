"""One small world for the tests of a file, and whoever looks at it: a plain client or a browser."""

import asyncio
from collections.abc import AsyncIterator, Callable

import httpx
import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page

from tests.browser import chromium
from tests.desk.world import PASSWORD, World, running

ARRIVED = {"sec-fetch-site": "same-origin"}
"""What a browser says of a form that was on our own page."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def world(module_database_url: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    async with running(module_database_url, tmp_path_factory.mktemp("home")) as found:
        yield found


Client = Callable[..., httpx.AsyncClient]


@pytest_asyncio.fixture(loop_scope="module")
async def client(world: World) -> AsyncIterator[Client]:
    """Makes clients: `client("secretary")` is signed in, `client()` is nobody."""
    opened: list[httpx.AsyncClient] = []

    def make(login: str = "", lang: str = "en") -> httpx.AsyncClient:
        cookies = {"lang": lang}
        if login:
            world.people.open.add(login)
            cookies["sid"] = login
        one = httpx.AsyncClient(base_url=world.url, cookies=cookies, headers=ARRIVED, timeout=30)
        opened.append(one)
        return one

    yield make
    for one in opened:
        await one.aclose()


async def worked_out(one: httpx.AsyncClient, path: str) -> str:
    """The page once its figures are there: while it tells how far it is, it asks again as a browser does."""
    async with asyncio.timeout(60):
        while "refresh" in (answer := await one.get(path)).headers:
            continue
    return answer.text


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as one:
        yield one


@pytest_asyncio.fixture(loop_scope="module")
async def page(browser: Browser, world: World) -> AsyncIterator[Page]:
    """A fresh window in front of the sign-in page; what the console complains of fails the test."""
    context = await browser.new_context(base_url=world.url, viewport={"width": 1280, "height": 900}, locale="zh-CN")
    one = await context.new_page()
    complaints: list[str] = []
    one.on("pageerror", lambda error: complaints.append(str(error)))
    one.on("console", lambda said: complaints.append(said.text) if said.type == "error" and "status of 4" not in said.text else None)
    await one.goto("/admin/")
    yield one
    await context.close()
    assert complaints == []


async def sign_in(page: Page, login: str) -> None:
    await page.fill("#login", login)
    await page.fill("#password", PASSWORD)
    await page.press("#password", "Enter")
    await page.wait_for_url(lambda address: "/login" not in address)
