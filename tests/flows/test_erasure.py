"""Sealed texts: opened at reading, gone for good when the person's key is destroyed, and the record still proves whole."""

from typing import Any

import pytest

from events.store.keys import is_sealed
from events.store.verify import verify
from projections.engine.database import engine_for
from projections.engine.rebuild import catch_up
from projections.query import ERASED, Views
from projections.shapes import MemberView, Scope
from tests.flows.bus_world import ANN, BEN, ID_NUMBER, A, World, member
from tests.store.conftest import Store

OPEN = Scope(orgs=None, sensitive=True)


@pytest.fixture
async def world(postgres: Store, database_url: str) -> World:
    world = await World(postgres).found()
    await world.send(A, member(ANN, person_id="dan", name="王丁", id_number=ID_NUMBER, phone="13900000001", unit_and_post="示例局"))
    await postgres.bind()
    await catch_up(database_url)
    return world


async def members(world: World, url: str, scope: Scope = OPEN) -> dict[str, MemberView]:
    engine = engine_for(url, size=1)
    found, _, _ = await Views(engine, world.books, world.keys).members(scope, A)
    await engine.dispose()
    return {view.person_id: view for view in found}


def shown(view: MemberView) -> tuple[Any, ...]:
    return view.name, view.id_number, view.phone, view.unit_and_post


async def test_nothing_personal_is_stored_in_clear(world: World, pool: Any):
    stored = b"".join([row["entry"] for row in await pool.fetch("select entry from record.page")])
    for text in ("王丁", ID_NUMBER, "13900000001", "示例局"):
        assert text.encode() not in stored
        assert not await pool.fetchval("select count(*) from views.ledger_row t where t::text like $1", f"%{text}%")
        assert not await pool.fetchval("select count(*) from views.member t where t::text like $1", f"%{text}%")
    assert is_sealed(await pool.fetchval("select name from views.member where person_id = 'dan'"))


async def test_reading_opens_what_the_reader_may_see(world: World, database_url: str):
    assert shown((await members(world, database_url))["dan"]) == ("王丁", ID_NUMBER, "13900000001", "示例局")
    masked = (await members(world, database_url, Scope(orgs=None)))["dan"]
    assert shown(masked) == ("王丁", "*" * 14 + ID_NUMBER[-4:], "*" * 7 + "0001", "示例局")
    nameless = (await members(world, database_url, Scope(orgs=None, names=False)))["dan"]
    assert "王丁" not in repr(nameless)


async def test_an_erased_person_is_blank_everywhere_and_the_record_is_whole(world: World, pool: Any, database_url: str):
    before = await verify(pool)
    world.keys.destroy("dan")
    after = await members(world, database_url)
    assert shown(after["dan"]) == (ERASED, ERASED, ERASED, ERASED)
    assert shown(after[ANN])[0] == f"示例{ANN}"
    verdict = await verify(pool)
    assert verdict.ok, verdict.first_fault
    assert verdict == before


async def test_an_erased_person_is_blank_in_the_ledger_and_as_of_a_date(world: World, database_url: str):
    engine = engine_for(database_url, size=1)
    views = Views(engine, world.books, world.keys)
    world.keys.destroy("dan")
    for page in (await views.ledger(OPEN, A, "L01", "roll"), await views.ledger_as_of(OPEN, A, "L01", "roll")):
        (row,) = [row for row in page.rows if row.subject == "dan"]
        assert (row.cells["name"], row.cells["id_number"], row.cells["phone"]) == (ERASED, ERASED, ERASED)
        assert row.cells["native_place"] is None
    await engine.dispose()


async def test_what_is_still_to_be_decided_about_an_erased_person_can_be_decided(world: World):
    """Folds never open a seal, so the branch's book goes on."""
    world.keys.destroy("dan")
    receipt = await world.send(A, member(BEN, person_id="eve"), bus=world.another())
    assert [event.type for event in receipt.events] == ["members.registered"]
