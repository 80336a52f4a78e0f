"""What the whole application lets in: nothing that another site sends, nothing endless, and no answer without its headers."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, cast

import httpx
import pytest
import pytest_asyncio
import sqlalchemy as sa
from litestar import Litestar
from sqlalchemy.ext.asyncio import AsyncEngine

from events.base import OrgId
from projections.engine.database import engine_for
from service.app import BODY_MAX, create_app
from service.auth.accounts import create_account, sign_in
from service.auth.actor import Role
from service.auth.attempts import FREE_FAILURES
from service.auth.tables import login_attempt
from service.config import Settings
from tests.desk.world import served

pytestmark = pytest.mark.asyncio(loop_scope="module")
FIRST = OrgId("B1")
LOGIN, PASSWORD = "secretary", "a long enough password"
COMMAND = f"/api/v1/orgs/{FIRST}/commands/schedule-meeting"
FOREIGN: list[dict[str, str]] = [
    {"sec-fetch-site": "cross-site"},
    {"sec-fetch-site": "same-site"},
    {"sec-fetch-site": "none"},
    {"origin": "https://evil.example"},
    {"origin": "null"},
    {"referer": "https://evil.example/admin/"},
    {},
]


@pytest.fixture(scope="module")
def made(module_database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Litestar:
    home: Path = tmp_path_factory.mktemp("guard")
    return create_app(Settings(home=home, database_url=module_database_url))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def engine(module_database_url: str) -> AsyncIterator[AsyncEngine]:
    opened = engine_for(module_database_url)
    await create_account(opened, login=LOGIN, password=PASSWORD, role=Role.SECRETARY, organisation_id=FIRST)
    yield opened
    await opened.dispose()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def app(made: Litestar, engine: AsyncEngine) -> AsyncIterator[httpx.AsyncClient]:
    async with served(made) as url, httpx.AsyncClient(base_url=url, timeout=30) as client:
        yield client


async def endless(size: int) -> AsyncIterator[bytes]:
    for _ in range(size // 100_000 + 1):
        yield b" " * 100_000


@pytest.mark.parametrize("headers", FOREIGN)
async def test_a_form_of_another_site_does_nothing_at_the_desk(app, headers):
    for path in ("/admin/login", "/admin/logout", "/admin/language", f"/admin/b/{FIRST}/record/dues/receive-dues"):
        assert (await app.post(path, data={"login": LOGIN}, headers=headers)).status_code == 403, path


async def test_a_session_cookie_opens_nothing_in_the_api(app, engine):
    token, _ = await sign_in(engine, LOGIN, PASSWORD, "")
    cookies = {"cookie": f"sid={token}; __Host-sid={token}"}
    for headers in ({"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-origin"}, {}):
        assert (await app.post(COMMAND, json={}, headers=cookies | headers)).status_code == 401
        assert (await app.delete("/api/v1/sessions", headers=cookies | headers)).status_code == 401
        assert (await app.get("/api/v1/orgs", headers=cookies | headers)).status_code == 401


async def test_signing_in_over_the_api_sets_no_cookie(app):
    answer = await app.post("/api/v1/sessions", json={"login": LOGIN, "password": PASSWORD})
    assert answer.status_code == 201
    assert "set-cookie" not in answer.headers


async def test_too_many_attempts_say_when_to_try_again(app, engine):
    wrong = {"login": LOGIN, "password": "wrong password"}
    assert (await app.post("/api/v1/sessions", json=wrong)).status_code == 401
    async with engine.begin() as connection:
        await connection.execute(sa.update(login_attempt).values(failures=FREE_FAILURES + 6))
    assert (await app.post("/api/v1/sessions", json=wrong)).status_code == 401
    refusal = await app.post("/api/v1/sessions", json=wrong)
    async with engine.begin() as connection:
        await connection.execute(sa.delete(login_attempt))
    assert (refusal.status_code, refusal.headers["content-type"]) == (429, "application/problem+json")
    assert 60 < int(refusal.headers["retry-after"]) <= 128


async def test_a_login_that_no_database_can_hold_is_an_unknown_one(app):
    assert (await app.post("/api/v1/sessions", json={"login": "a\0b", "password": "x"})).status_code == 401


@pytest.mark.parametrize("headers", FOREIGN)
async def test_no_address_that_may_act_is_reached_from_elsewhere(app, headers):
    """sqladmin's actions run on GET, which `SameSite=Lax` lets through from anywhere."""
    for name in ("organisation", "member"):
        assert (await app.get(f"/admin/{name}/action/expel?pks=1", headers=headers)).status_code == 403


@pytest.mark.parametrize("path", ["/api/v1/sessions", COMMAND])
async def test_a_body_is_counted_whether_or_not_its_length_is_told(app, made, engine, path):
    token, _ = await sign_in(engine, LOGIN, PASSWORD, "")
    headers = {"authorization": f"Bearer {token}", "content-type": "application/json"}
    # straight into the application: over a socket the refusal may be lost when the server hangs up before all is sent
    async with httpx.AsyncClient(transport=httpx.ASGITransport(cast("Any", made)), base_url="http://desk.example") as client:
        for content in (b" " * (BODY_MAX + 1), endless(BODY_MAX + 1)):
            answer = await client.post(path, content=content, headers=headers)
            assert (answer.status_code, answer.headers["content-type"].split(";")[0]) == (413, "application/problem+json")


async def test_every_answer_keeps_frames_and_scripts_out_and_leaves_no_copy(app):
    for path in ("/api/v1/orgs", "/api/v1/nothing", "/healthz", "/schema/openapi.json", "/admin/login"):
        headers = (await app.get(path)).headers
        assert "frame-ancestors 'none'" in headers["content-security-policy"], path
        assert "unsafe" not in headers["content-security-policy"], path
        assert headers["x-content-type-options"] == "nosniff", path
        assert headers["referrer-policy"] == "same-origin", path
        assert headers["cache-control"] == "no-store", path
