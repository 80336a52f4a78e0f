"""A ledger as of a date on both clocks is what the views would have shown to somebody who knew only that."""

import datetime as dt
from typing import Any

import pytest

from events.base import Event, OrgId
from events.dues import DuesReceived, EntryId, PayerKind, PaymentKind
from projections.catalog import every_projection
from projections.engine.merge import Merge, apply, ledger_rows
from projections.ledgers.catalog import LEDGERS
from projections.shapes import Scope
from service.bench.synthetic import BEGIN_US, DAY_US, org, people, request
from tests.engine.world import World, built

BRANCH = org(1)
ALL = Scope(orgs=None)
FORMS = [(form.ledger, form.code) for part in LEDGERS for form in part.REGISTERS]


def instant(day: int) -> dt.datetime:
    return dt.datetime.fromtimestamp((BEGIN_US + day * DAY_US) / 1_000_000, dt.UTC)


def payment(number: int, on: dt.date) -> Event:
    payer = people(BRANCH)[3]
    return DuesReceived(
        occurred_on=on,
        entry_id=EntryId(f"late-{number}"),
        person_id=payer,
        month=f"{on:%Y-%m}",
        amount_fen=number,
        kind=PaymentKind.REGULAR,
        payer=PayerKind.SELF,
        collector=payer,
    )


async def now(world: World) -> dict[tuple[str, str], Any]:
    """Every register of the branch as the views show it now."""
    await world.follow()
    return {form: built((await world.views.ledger(ALL, BRANCH, *form, limit=200)).rows) for form in FORMS}


async def then(world: World, **clocks: Any) -> dict[tuple[str, str], Any]:
    return {form: built((await world.views.ledger_as_of(ALL, BRANCH, *form, **clocks)).rows) for form in FORMS}


async def test_without_a_date_it_is_what_the_views_show(world: World):
    await world.found()
    await world.live(3)
    shown = await now(world)
    assert await then(world) == shown
    assert sum(len(rows) for rows in shown.values()) > 50


async def test_what_was_known_at_an_instant_is_what_the_views_showed_then(world: World):
    await world.found()
    shown = {0: await now(world)}
    for month in (1, 2, 3):
        await world.live(1)
        shown[month] = await now(world)
    for month, rows in shown.items():
        assert await then(world, known_at=instant(30 * month + 1)) == rows


async def test_what_had_happened_by_a_day_is_what_the_views_showed_when_nothing_later_was_recorded(world: World):
    await world.found()
    shown = {}
    for month in (1, 2, 3):
        await world.live(1)
        shown[month] = await now(world)
    for month, rows in shown.items():
        assert await then(world, as_of=dt.date(2025, month, 28)) == rows


async def test_the_two_clocks_are_asked_apart(world: World):
    """A payment of January is learnt in April: January knows it now, but did not know it in March."""
    await world.found()
    await world.live(3)
    before = await now(world)
    late = request(BRANCH, "late", [payment(1, dt.date(2025, 1, 31))], world.keys, BEGIN_US + 120 * DAY_US)
    await world.record(late)
    after = await now(world)
    assert after != before
    assert await then(world, known_at=instant(119)) == before
    assert await then(world, known_at=instant(120), as_of=dt.date(2025, 3, 31)) == after
    january, unknown = dt.date(2025, 1, 31), instant(119)
    assert await then(world, as_of=january) != await then(world, as_of=january, known_at=unknown)
    assert await then(world, as_of=dt.date(2025, 1, 30)) == await then(world, as_of=dt.date(2025, 1, 30), known_at=unknown)


@pytest.mark.parametrize("book", [BRANCH, OrgId("bench")])
async def test_it_equals_folding_by_hand(world: World, book: OrgId):
    await world.found()
    await world.live(4)
    await world.follow()
    day, instant_us = dt.date(2025, 3, 12), BEGIN_US + 70 * DAY_US
    by_hand = Merge()
    facts = [fact for fact in await world.books.read(book) if fact.event.occurred_on <= day and fact.recorded_at <= instant_us]
    for projection in every_projection():
        apply(projection, projection.start(), facts, by_hand)
    expected = {(row["ledger"], row["register"], row["year"], row["key"]): row["row_no"] for row in ledger_rows(by_hand)}
    found: dict[tuple[str, ...], int] = {}
    for ledger, code in FORMS:
        page = await world.views.ledger_as_of(ALL, book, ledger, code, as_of=day, known_at=instant(70))
        found |= {(ledger, code, row.year, row.key): row.row_no for row in page.rows}
    assert found == expected
