"""`verify` finds any changed, dropped, swapped or inserted byte or row."""

import hashlib
import random
import re
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest

from events.store.postgres import dsn
from events.store.record import leaf_hash
from events.store.verify import Checkpoint, verify
from tests.store.conftest import Store
from tests.store.drafts import append, cancelled

Tamper = tuple[str, str]

CHANGES: list[Tamper] = [
    (
        "a changed body",
        "update record.page set entry = convert_to(replace(convert_from(entry, 'UTF8'), '改期', '如期'), 'UTF8') where book = 'branch-a' and page = 2",
    ),
    ("a changed hash", "update record.page set leaf = sha256(leaf) where book = 'branch-b' and page = 1"),
    ("a changed bound hash", "update record.journal set leaf = sha256(leaf) where position = 3"),
    ("a changed link", "update record.journal set link = sha256(link) where position = 3"),
    ("a changed date column", "update record.page set occurred_on = occurred_on + 1 where book = 'branch-a' and page = 1"),
    ("a changed type column", "update record.page set type = 'meetings.held' where book = 'branch-a' and page = 1"),
    ("a changed stream column", "update record.page set stream = 'dues' where book = 'branch-a' and page = 1"),
    ("a changed time column", "update record.page set recorded_at = recorded_at + 1 where book = 'branch-a' and page = 3"),
    ("a changed event id", "update record.page set event_id = gen_random_uuid() where book = 'branch-b' and page = 2"),
    ("a dropped page", "delete from record.page where book = 'branch-a' and page = 2"),
    ("a dropped position", "delete from record.journal where position = 2"),
    ("a dropped last position", "delete from record.journal where position = (select max(position) from record.journal)"),
    ("a dropped key", "delete from record.command where key = 'key-a-1'"),
    ("a miscounted binder", "update record.binder set size = size - 1"),
    ("a claim out of nothing", "insert into record.claim values ('member', 'p1', 'branch-a')"),
    (
        "an inserted page",
        "insert into record.page select book, page + 90, stream, type, gen_random_uuid(), occurred_on, recorded_at, xid, cmd, call, ordinal, leaf, entry from record.page where book = 'branch-a' and page = 1",
    ),
    (
        "a page of a book that nobody began",
        "insert into record.page select 'branch-z', 1, stream, type, gen_random_uuid(), occurred_on, recorded_at, xid, cmd, call, ordinal, leaf, entry from record.page where book = 'branch-a' and page = 1",
    ),
    (
        "two swapped positions",
        (
            "create temporary table two as select * from record.journal where position in (0, 1);"
            " delete from record.journal where position in (0, 1);"
            " insert into record.journal select 1 - position, book, page, leaf, link from two"
        ),
    ),
    (
        "a dropped tail with the binder mended",
        (
            "delete from record.journal where position = 7; delete from record.page where book = 'branch-b' and page = 4;"
            " update record.binder set size = 7, link = (select link from record.journal where position = 6)"
        ),
    ),
]


@pytest.fixture
async def kept(postgres: Store) -> Store:
    """Two books of four pages, bound in turn."""
    for n in range(4):
        for book in ("a", "b"):
            await postgres.books.append(append(f"branch-{book}", cancelled(f"m{n}", "会议改期"), key=f"key-{book}-{n}"))
    await postgres.bind()
    return postgres


@pytest.fixture
async def attacker(database_url: str) -> AsyncIterator[Any]:
    """A superuser who has switched the walls off."""
    connection = await asyncpg.connect(dsn(database_url), server_settings={"session_replication_role": "replica"})
    yield connection
    await connection.close()


async def test_a_sound_record_is_found_sound(kept: Store):
    verdict = await verify(kept.pool)
    assert (verdict.ok, verdict.events, verdict.books, verdict.position, verdict.first_fault) == (True, 8, 2, 7, None)


async def test_an_empty_record_is_sound(postgres: Store):
    verdict = await verify(postgres.pool)
    assert (verdict.ok, verdict.events, verdict.books, verdict.position) == (True, 0, 0, -1)


async def test_pages_that_wait_for_the_binder_are_sound_too(kept: Store):
    await kept.books.append(append("branch-c", cancelled()))
    verdict = await verify(kept.pool)
    assert (verdict.ok, verdict.events) == (True, 8)


@pytest.mark.parametrize(("what", "change"), CHANGES, ids=[what for what, _ in CHANGES])
async def test_a_change_is_found(kept: Store, attacker: Any, what: str, change: str):
    await attacker.execute(change)
    verdict = await verify(kept.pool)
    assert not verdict.ok, what
    assert verdict.first_fault


async def relink(attacker: Any) -> None:
    """Chains the journal anew, as one would who knows how it is made."""
    link = b""
    rows = await attacker.fetch("select position, leaf from record.journal order by position")
    for position, bound in rows:
        link = hashlib.sha256(link + bound).digest()
        await attacker.execute("update record.journal set link = $2 where position = $1", position, link)
    await attacker.execute("update record.binder set size = $1, link = $2", len(rows), link)


async def fault(kept: Store, held: Checkpoint | None = None) -> str | None:
    return (await verify(kept.pool, held=held)).first_fault


async def test_a_missing_position_is_named(kept: Store, attacker: Any):
    await attacker.execute("delete from record.journal where position = 2")
    assert await fault(kept) == "position 3, book branch-b page 2: position 2 is missing"


async def test_a_page_taken_out_of_book_and_journal_is_named(kept: Store, attacker: Any):
    await attacker.execute("delete from record.page where book = 'branch-a' and page = 2; delete from record.journal where position = 2")
    for position in range(3, 8):
        await attacker.execute("update record.journal set position = $1 - 1 where position = $1", position)
    await relink(attacker)
    assert await fault(kept) == "position 3, book branch-a page 3: page 2 was expected"


async def test_a_page_whose_time_was_set_back_with_all_its_hashes_is_named(kept: Store, attacker: Any):
    entry = await attacker.fetchval("select entry from record.page where book = 'branch-b' and page = 4")
    forged = re.sub(rb'^{"at":\d+', b'{"at":5', entry)
    leaf = leaf_hash(forged)
    await attacker.execute(
        "update record.page set entry = $1, leaf = $2, recorded_at = 5 where book = 'branch-b' and page = 4", forged, leaf
    )
    await attacker.execute("update record.journal set leaf = $1 where book = 'branch-b' and page = 4", leaf)
    await relink(attacker)
    assert await fault(kept) == "position 7, book branch-b page 4: recorded before the page before"


async def test_a_changed_page_that_waits_for_the_binder_is_named(kept: Store, attacker: Any):
    await kept.books.append(append("branch-c", cancelled()))
    await attacker.execute("update record.page set entry = entry || ' '::bytea where book = 'branch-c'")
    assert await fault(kept) == "book branch-c page 1, not yet bound: the bytes do not give the recorded hash"


async def test_a_checkpoint_of_another_empty_record_is_refused(kept: Store):
    assert await fault(kept, Checkpoint(size=0, root="00" * 32)) == "the held checkpoint is not of this record"


async def test_a_page_rewritten_together_with_all_hashes_of_its_own_no_longer_carries_the_next_page(kept: Store, attacker: Any):
    """Bytes, leaf, position and every link of the journal agree again; only the page after still names the old hash."""
    row = await attacker.fetchrow("select entry from record.page where book = 'branch-a' and page = 2")
    forged = row["entry"].replace("会议改期".encode(), "会议如期".encode())
    assert forged != row["entry"]
    leaf = leaf_hash(forged)
    await attacker.execute("update record.page set entry = $1, leaf = $2 where book = 'branch-a' and page = 2", forged, leaf)
    await attacker.execute("update record.journal set leaf = $1 where book = 'branch-a' and page = 2", leaf)
    await relink(attacker)
    verdict = await verify(kept.pool)
    assert (verdict.ok, verdict.first_fault) == (False, "position 4, book branch-a page 3: does not follow the page before")


async def test_any_single_changed_byte_of_any_page_is_found(kept: Store, attacker: Any):
    dice = random.Random(7)
    rows = await attacker.fetch("select book, page, entry from record.page")
    for _ in range(60):
        row = dice.choice(rows)
        place, flip = dice.randrange(len(row["entry"])), 1 << dice.randrange(8)
        forged = bytearray(row["entry"])
        forged[place] ^= flip
        await attacker.execute("update record.page set entry = $3 where book = $1 and page = $2", row["book"], row["page"], bytes(forged))
        assert not (await verify(kept.pool)).ok, (row["book"], row["page"], place, flip)
        await attacker.execute("update record.page set entry = $3 where book = $1 and page = $2", row["book"], row["page"], row["entry"])
    assert (await verify(kept.pool)).ok


async def test_a_past_rewritten_without_contradiction_is_found_by_a_checkpoint_held_elsewhere(kept: Store, attacker: Any):
    before = await verify(kept.pool)
    held = Checkpoint(size=before.events, root=before.root)
    await attacker.execute(
        "delete from record.command where key = 'key-b-3'; delete from record.journal where position = 7;"
        " delete from record.page where book = 'branch-b' and page = 4; "
        " update record.binder set size = 7, link = (select link from record.journal where position = 6)"
    )
    assert (await verify(kept.pool)).ok, "the record contradicts itself nowhere"
    shortened = await verify(kept.pool, held=held)
    assert (shortened.ok, shortened.first_fault) == (False, "position 7: the checkpoint held knows 8 events")
    await kept.books.append(append("branch-b", cancelled("m3", "别的理由"), key="key-b-3"))
    await kept.bind()
    rewritten = await verify(kept.pool, held=held)
    assert (rewritten.ok, rewritten.first_fault) == (False, "position 7: the past differs from the checkpoint held since size 8")


async def test_a_record_that_only_grew_agrees_with_the_checkpoint(kept: Store):
    before = await verify(kept.pool)
    await kept.books.append(append("branch-c", cancelled()))
    await kept.bind()
    assert (await verify(kept.pool, held=Checkpoint(size=before.events, root=before.root))).ok
