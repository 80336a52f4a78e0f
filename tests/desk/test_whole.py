"""The desk inside the whole application: real accounts, real sessions, one cookie."""

from collections.abc import AsyncIterator

import httpx
import pytest
import pytest_asyncio

from projections.engine.database import engine_for
from service.app import create_app
from service.auth.accounts import create_account, disable_account
from service.auth.actor import Role
from tests.desk.conftest import ARRIVED
from tests.desk.world import BRANCH, PASSWORD, World, served

pytestmark = pytest.mark.asyncio(loop_scope="module")

HOME = f"/admin/b/{BRANCH}/tasks"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def engine(world: World):
    one = engine_for(world.settings.database())
    yield one
    await one.dispose()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def whole(world: World, engine) -> AsyncIterator[str]:
    for login in ("clerk", "guessed", "leaving"):
        await create_account(engine, login=login, password=PASSWORD, role=Role.SECRETARY, organisation_id=BRANCH)
    async with served(create_app(world.settings)) as url:
        yield url


@pytest_asyncio.fixture(loop_scope="module")
async def visitor(whole: str) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=whole, headers=ARRIVED, timeout=30) as one:
        yield one


async def sign_in(visitor: httpx.AsyncClient, login: str, password: str = PASSWORD) -> httpx.Response:
    return await visitor.post("/admin/login", data={"login": login, "password": password})


async def test_a_clerk_signs_in_works_and_signs_out_for_good(visitor):
    answer = await sign_in(visitor, "clerk")
    assert (answer.status_code, answer.headers["location"]) == (303, "/admin/")
    token = visitor.cookies["sid"]
    assert (await visitor.get(HOME)).status_code == 200
    assert (await visitor.post("/admin/logout")).status_code == 303
    again = await visitor.get(HOME, headers={"cookie": f"sid={token}"})
    assert again.headers["location"].startswith("/admin/login")


async def test_an_id_that_somebody_chose_is_never_taken_over(visitor):
    visitor.cookies.set("sid", "chosen-by-an-attacker")
    answer = await sign_in(visitor, "clerk")
    assert "chosen-by-an-attacker" not in answer.headers["set-cookie"]
    assert len(answer.headers["set-cookie"].split("sid=")[1].split(";")[0]) >= 32


async def test_a_disabled_account_is_out(visitor, engine):
    account = await create_account(engine, login="disabled", password=PASSWORD, role=Role.SECRETARY, organisation_id=BRANCH)
    assert (await sign_in(visitor, "disabled")).status_code == 303
    await disable_account(engine, account)
    assert (await sign_in(visitor, "disabled")).status_code == 401


async def test_a_form_of_another_site_meets_the_guard(visitor):
    await sign_in(visitor, "clerk")
    answer = await visitor.post("/admin/logout", headers={"sec-fetch-site": "cross-site"})
    assert answer.status_code == 403
    assert (await visitor.get(HOME)).status_code == 200


async def test_the_desk_stands_beside_the_api(visitor):
    assert (await visitor.get("/healthz")).status_code == 200
    assert (await visitor.get("/admin", follow_redirects=True)).url.path == "/admin/login"
    assert (await visitor.get("/admin/assets/desk.css")).headers["content-type"].startswith("text/css")


async def test_guessing_is_slowed_and_says_no_more_than_that(visitor):
    answers = [await sign_in(visitor, "guessed", f"wrong {number}") for number in range(12)]
    assert {answer.status_code for answer in answers} == {401}
    assert "尝试次数过多" in answers[-1].text
