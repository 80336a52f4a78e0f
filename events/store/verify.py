"""Re-derives everything that the record claims about itself from the stored bytes, and compares.

Held against a checkpoint that was kept elsewhere (size and root of the journal's tree), a rewritten or shortened past is
found as well; without one, only what contradicts itself.
"""

import hashlib
from collections.abc import Callable
from typing import Any

import asyncpg
import msgspec

from events.base import Event
from events.store import codec
from events.store.merkle import Tree
from events.store.record import Fact, first_leaf, leaf_hash

BATCH = 5_000


class Checkpoint(msgspec.Struct, frozen=True, kw_only=True):
    """What a verifier keeps between two visits."""

    size: int
    root: str


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """`first_fault` is None when all is well."""

    ok: bool
    events: int
    books: int
    position: int
    first_fault: str | None
    root: str


class Fault(Exception):
    """The first contradiction."""


class _Walk:
    """What is known of each book while walking the journal."""

    def __init__(self) -> None:
        self.tree = Tree()
        self.heads: dict[str, tuple[int, bytes, int]] = {}
        self.link = b""
        self.claims: dict[tuple[str, str], str] = {}

    def step(self, row: Any) -> None:
        position = row["position"]
        where = f"position {position}, book {row['book']} page {row['page']}"
        if position != self.tree.size:
            raise Fault(f"{where}: position {self.tree.size} is missing")
        if row["entry"] is None:
            raise Fault(f"{where}: bound, but its page is missing")
        leaf = self.turn(where, row)
        if leaf != row["bound_leaf"]:
            raise Fault(f"{where}: bound with another hash")
        self.link = hashlib.sha256(self.link + leaf).digest()
        if self.link != row["link"]:
            raise Fault(f"{where}: the journal does not follow from the position before")
        self.tree.append(leaf)

    def turn(self, where: str, row: Any) -> bytes:
        """The next page of its book, bound or not: its leaf hash."""
        book = row["book"]
        head, previous, before = self.heads.get(book, (0, first_leaf(book), 0))
        if row["page"] != head + 1:
            raise Fault(f"{where}: page {head + 1} was expected")
        leaf = leaf_hash(row["entry"])
        if leaf != row["leaf"]:
            raise Fault(f"{where}: the bytes do not give the recorded hash")
        self._hold(book, self._compare(where, row, previous, before))
        self.heads[book] = (row["page"], leaf, row["recorded_at"])
        return leaf

    def _hold(self, book: str, fact: Fact[Event]) -> None:
        for claim in fact.event.claims():
            if not claim.give:
                self.claims[claim.kind, claim.value] = book
            elif self.claims.get((claim.kind, claim.value)) == book:
                del self.claims[claim.kind, claim.value]

    @staticmethod
    def _compare(where: str, row: Any, previous: bytes, before: int) -> Fact[Event]:
        entry = msgspec.json.decode(row["entry"], type=codec.Entry)
        try:
            fact: Fact[Event] = codec.decode(row["entry"])
        except (KeyError, ValueError, msgspec.DecodeError) as error:
            raise Fault(f"{where}: cannot be read ({type(error).__name__})") from error
        if entry.prev != previous.hex():
            raise Fault(f"{where}: does not follow the page before")
        if entry.at <= before:
            raise Fault(f"{where}: recorded before the page before")
        said = (entry.book, entry.page, entry.at, entry.record.id, entry.record.stream, entry.record.type)
        kept = (row["book"], row["page"], row["recorded_at"], str(row["event_id"]), row["stream"], row["type"])
        if said != kept or fact.event.occurred_on != row["occurred_on"] or fact.event.stream() != entry.record.stream:
            raise Fault(f"{where}: a column differs from the bytes")
        return fact


async def verify(
    pool: "asyncpg.Pool[Any]", *, held: Checkpoint | None = None, progress: Callable[[int, int], None] = lambda _done, _of: None
) -> Verdict:
    """Walks journal, pages and receipts in one snapshot. Never raises for a fault: the verdict tells it."""
    walk = _Walk()
    async with pool.acquire() as connection, connection.transaction(isolation="repeatable_read", readonly=True):
        fault: str | None = None
        try:
            await _walk_journal(connection, walk, held, progress)
            await _check_edges(connection, walk)
        except Fault as found:
            fault = str(found)
    size = walk.tree.size
    return Verdict(ok=fault is None, events=size, books=len(walk.heads), position=size - 1, first_fault=fault, root=walk.tree.root().hex())


async def _walk_journal(connection: Any, walk: _Walk, held: Checkpoint | None, progress: Callable[[int, int], None]) -> None:
    total = await connection.fetchval("select count(*) from record.journal")
    if held is not None and held.size == 0 and held.root != walk.tree.root().hex():
        raise Fault("the held checkpoint is not of this record")
    cursor = await connection.cursor(
        "select j.position, j.book, j.page, j.leaf as bound_leaf, j.link,"
        " p.leaf, p.entry, p.stream, p.type, p.event_id, p.occurred_on, p.recorded_at"
        " from record.journal j left join record.page p using (book, page) order by j.position"
    )
    while rows := await cursor.fetch(BATCH):
        for row in rows:
            walk.step(row)
            if held is not None and walk.tree.size == held.size and walk.tree.root().hex() != held.root:
                raise Fault(f"position {held.size - 1}: the past differs from the checkpoint held since size {held.size}")
        progress(walk.tree.size, total)
    if held is not None and walk.tree.size < held.size:
        raise Fault(f"position {walk.tree.size}: the checkpoint held knows {held.size} events")


async def _check_edges(connection: Any, walk: _Walk) -> None:
    """Unbound pages, the binder's count, and what idempotency keys say they recorded."""
    binder = await connection.fetchrow("select size, link from record.binder")
    if (binder["size"], binder["link"]) != (walk.tree.size, walk.link):
        raise Fault(f"the binder counts {binder['size']} positions, the journal ends at {walk.tree.size}")
    unbound = await connection.fetch(
        "select book, page, leaf, entry, stream, type, event_id, occurred_on, recorded_at from record.page p"
        " where not exists (select 1 from record.journal j where j.book = p.book and j.page = p.page) order by book, page"
    )
    for row in unbound:
        walk.turn(f"book {row['book']} page {row['page']}, not yet bound", row)
    claims = {(row["kind"], row["value"]): row["book"] for row in await connection.fetch("select kind, value, book from record.claim")}
    if claims != walk.claims:
        kind, value = min(set(claims.items()) ^ set(walk.claims.items()))[0]
        raise Fault(f"the claim {kind} {value} does not follow from the events")
    await _check_commands(connection)


async def _check_commands(connection: Any) -> None:
    stray = await connection.fetchrow(
        "select c.book, c.key from record.command c left join (select xid, cmd, count(*) as n from record.page group by xid, cmd) p"
        " using (xid, cmd) where c.events <> coalesce(p.n, 0) order by 1, 2 limit 1"
    )
    if stray is not None:
        raise Fault(f"book {stray['book']}: the pages receipted for key {stray['key']} are not all there")
    orphan = await connection.fetchrow(
        "select p.book, p.page from record.page p left join record.command c using (xid, cmd) where c.book is null order by 1, 2 limit 1"
    )
    if orphan is not None:
        raise Fault(f"book {orphan['book']} page {orphan['page']}: no command recorded it")
