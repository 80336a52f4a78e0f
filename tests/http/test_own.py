"""Everybody reads their own file and their own rows, and nobody else's."""

import pytest

from service.auth.actor import Role
from tests.http.world import SECRET_PHONE, A, B, World, person

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_a_member_reads_their_own_file_in_clear_and_the_read_is_on_record(world: World):
    answer = await world.get("/me/file", Role.MEMBER, B)
    assert (answer.status_code, answer.json()["person_id"]) == (200, person(B, 0))
    assert answer.json()["phone"] == SECRET_PHONE
    told = await world.parts.reads.fetch("select org_id, subject from service.read_audit where purpose = 'own file'")
    assert [tuple(line) for line in told] == [(B, person(B, 0))]


async def test_a_member_sees_the_rows_about_themselves_only(world: World):
    rows = (await world.get("/me/ledgers/L01", Role.MEMBER, A, register="roll")).json()["rows"]
    everybody = (await world.get("/orgs/C-A/ledgers/L01", Role.SECRETARY, A, register="roll")).json()["rows"]
    assert [row["subject"] for row in rows] == [person(A, 0)]
    assert len(everybody) > 1


@pytest.mark.parametrize("path", ["/me/file", "/me/ledgers/L01?register=roll"])
async def test_an_account_that_belongs_to_nobody_has_no_file(world: World, path: str):
    answer = await world.client.get(f"/api/v1{path}", headers=world.headers(Role.SECRETARY, A))
    assert answer.status_code == 404


async def test_a_register_that_does_not_exist_is_404(world: World):
    assert (await world.get("/me/ledgers/L01", Role.MEMBER, A, register="nothing")).status_code == 404


async def test_one_sees_who_looked_one_up_in_which_role_and_why(world: World):
    before = len((await world.get("/me/lookups", Role.MEMBER, A)).json()["lookups"])
    answer = await world.client.get(
        "/api/v1/orgs/C-A/members", params={"limit": 1}, headers=world.headers(Role.SECRETARY, A, **{"X-Purpose": "annual check"})
    )
    assert answer.status_code == 200
    found = (await world.get("/me/lookups", Role.MEMBER, A)).json()["lookups"]
    assert len(found) == before + 1
    newest = found[0]
    assert (newest["role"], newest["org_id"], newest["field_class"], newest["purpose"]) == ("secretary", "C-A", "sensitive", "annual check")
    assert set(newest) == {"at", "role", "org_id", "field_class", "purpose"}
    assert (await world.get("/me/lookups", Role.SECRETARY, A)).status_code == 404
