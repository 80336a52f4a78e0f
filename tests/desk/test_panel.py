"""sqladmin's part: it lists and shows, in the reader's own organisations, and can do nothing else whatever is asked of it."""

import itertools
import re

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from admin.gate import Gate
from admin.panel import LooksOnly, Panel
from admin.views import VIEWS
from projections.catalog import metadata
from tests.desk.world import BRANCH

pytestmark = pytest.mark.asyncio(loop_scope="module")

METHODS = ("POST", "PUT", "PATCH", "DELETE")
WRITES = (
    "create",
    "edit/x",
    "delete",
    "import",
    "export/csv",
    "export/json",
    "ajax/lookup",
    "action/x",
    "x/name/download/",
    "x/name/preview/",
)


@pytest.fixture
def panel(world) -> Panel:
    return Panel(world.desk, Gate(None))  # type: ignore[arg-type]


async def test_sqladmin_asks_our_gate_and_our_rights(panel):
    assert isinstance(panel.authentication_backend, Gate)
    assert isinstance(panel.authorization_backend, LooksOnly)
    assert panel.authentication_backend.middlewares == []


BALLOT = "/b/{org_id}/ballots/{ballot_id}"
SENDING = {
    *("/login", "/logout", "/language"),
    *("/inbox/read", "/inbox/mail", "/inbox/calendar"),
    *("/b/{org_id}/do/{command}", "/b/{org_id}/import", "/b/{org_id}/import/{run_id}", "/b/{org_id}/upload"),
    "/me/ask/{command}",
    *(f"{BALLOT}/vote", f"{BALLOT}/count", f"{BALLOT}/close", f"{BALLOT}/cancel"),
}
"""Every address of the desk that takes a form; sqladmin has none of its own."""


async def test_only_routes_that_read_exist_beside_our_own_pages(panel):
    sending = {route.path for route in panel.admin.router.routes if getattr(route, "methods", None) and "POST" in route.methods}
    assert sending == SENDING


async def test_whatever_is_asked_of_a_view_nothing_but_its_list_and_details_answers(client):
    secretary = client("secretary")
    answers = {
        (method, path): (await secretary.request(method, f"/admin/{view.identity}/{path}")).status_code
        for view, path, method in itertools.product(VIEWS, WRITES, ("GET", *METHODS))
    }
    assert set(answers.values()) <= {404, 405}


async def test_the_lists_cannot_be_sent_to(client):
    secretary = client("secretary")
    answers = {(await secretary.request(method, f"/admin/{view.identity}/list")).status_code for view in VIEWS for method in METHODS}
    assert answers == {405}


async def test_a_list_holds_rows_of_the_own_branch_only(client):
    own, foreign = client("secretary"), client("stranger")
    assert BRANCH in (await own.get("/admin/ledger-row/list")).text
    seen = (await foreign.get(f"/admin/ledger-row/list?org_id={BRANCH}")).text
    assert "No." not in re.sub(r"<title>.*?</title>", "", seen)
    assert "Nothing to see" in seen


async def test_a_row_of_another_branch_is_as_absent_as_one_that_never_was(client):
    own, foreign = client("secretary"), client("stranger")
    address = re.search(r'href="(?:http://[^/]*)?(/admin/ledger-row/details/[^"]+)"', (await own.get("/admin/ledger-row/list")).text)
    assert address is not None
    assert (await own.get(address[1])).status_code == 200
    hidden, never = await foreign.get(address[1]), await foreign.get("/admin/ledger-row/details/B1;L09;x;0;y")
    assert (hidden.status_code, hidden.text) == (never.status_code, never.text)
    assert hidden.status_code == 404


async def test_a_page_begins_after_the_key_in_its_address(client):
    secretary = client("secretary")
    first = (await secretary.get("/admin/checkpoint/list")).text
    assert "roster" in first
    assert (await secretary.get("/admin/checkpoint/list?after=nonsense")).status_code == 400


async def test_the_database_role_of_the_desk_can_only_read(world):
    async with world.desk.connect() as connection:
        for table in metadata.sorted_tables:
            await connection.execute(sa.text(f"select 1 from {table} limit 1"))
            for statement in (f"delete from {table}", f"truncate {table}", f"update {table} set position = 0 where false"):
                with pytest.raises(DBAPIError, match=r"permission denied|does not exist"):
                    await connection.execute(sa.text(statement))
                await connection.rollback()


async def test_a_member_who_reads_no_ledger_sees_no_table(client):
    assert (await client("member").get("/admin/ledger-row/list")).status_code == 403
