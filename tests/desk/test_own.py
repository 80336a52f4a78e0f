"""My file: what a member sees of the own data, and nothing of anybody else."""

import pytest
from msgspec import structs

from service.auth.accounts import record_read
from service.auth.actor import Actor
from tests.desk.conftest import Client
from tests.desk.world import BRANCH, NAMES, PEOPLE, World

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture(autouse=True)
def somebody(world: World) -> Actor:
    """A member whose account belongs to a person."""
    actor = structs.replace(world.people.actors["member"], id="one", login="one", person_id=PEOPLE[3])
    world.people.actors["one"] = actor
    return actor


async def test_a_member_reads_the_own_rows_and_nobody_elses(client: Client):
    page = (await client("one").get("/admin/me")).text
    assert "My file" in page
    assert NAMES[3] in page
    assert [name for name in NAMES if name in page] == [NAMES[3]]
    assert "Nobody has looked up your identity number" in page


async def test_one_is_told_in_which_role_and_why_one_was_looked_up(client: Client, world: World):
    secretary = world.people.actors["secretary"]
    await record_read(world.people._engine, secretary, BRANCH, [PEOPLE[3]], "sensitive", "年度核查", "r1")
    page = (await client("one").get("/admin/me")).text
    assert ("年度核查" in page, "Secretary" in page) == (True, True)


async def test_the_menu_leads_there_only_where_there_is_a_file(client: Client):
    assert 'href="/admin/me"' in (await client("one").get(f"/admin/b/{BRANCH}/openness")).text
    for login in ("member", "secretary", "officer"):
        assert 'href="/admin/me"' not in (await client(login).get(f"/admin/b/{BRANCH}/openness")).text
        assert (await client(login).get("/admin/me")).status_code == 404
    assert (await client().get("/admin/me")).status_code == 303
