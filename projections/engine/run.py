"""Following the journal: decode once, fold in memory, write each batch together with the checkpoint in one transaction.

One follower at a time does the work; a second one waits at the checkpoint's lock and finds that it moved. A poison event
stops one projection of one book, is shown in `stopped_book`, and everything else goes on.
"""

import asyncio
import contextlib
from collections import OrderedDict, defaultdict
from collections.abc import Awaitable, Sequence
from typing import Any

import asyncpg
import msgspec
import sqlalchemy as sa
import structlog

from events.base import Event, OrgId
from events.store import codec
from events.store.clerk import LOST
from events.store.postgres import Bell, PostgresJournal
from events.store.record import Fact
from projections.engine.fold import Projection
from projections.engine.merge import Merge, Poison, apply
from projections.engine.unwritable import UNWRITABLE, first_unwritable
from projections.engine.writer import Writer

BATCH = 5_000
BOOKS_A_TURN = 20
"""So often the folding lets the writing of the batch before go on."""
STATES_MAX = 50_000
RETRY_S = 0.5

log = structlog.get_logger("branchbook.follow")
_state_out = msgspec.msgpack.Encoder()


class Remembered(msgspec.Struct):
    """The state of one projection in one book, with the bytes that the database holds."""

    state: Any
    page: int
    saved: bytes | None


class Follower:
    """Applies journal batches to a set of projections."""

    def __init__(
        self, pool: "asyncpg.Pool[Any]", projections: Sequence[Projection[Any]], metadata: sa.MetaData, schema: str = "views"
    ) -> None:
        self._pool = pool
        self._projections = {projection.name: projection for projection in projections}
        self._decoders = {p.name: msgspec.msgpack.Decoder(type(p.start())) for p in projections}
        self._journal = PostgresJournal(pool)
        self._writer = Writer(metadata, schema)
        self._states: OrderedDict[tuple[str, OrgId], Remembered] = OrderedDict()
        self._stopped: dict[tuple[str, OrgId], int] = {}
        self._unwritable: dict[tuple[str, OrgId], Poison] = {}
        self._wary = False
        self._writing: asyncio.Task[None] | None = None
        self.position = -1

    async def start(self) -> None:
        """Reads checkpoints and stopped books; projections that lag behind the foremost one catch up first."""
        with contextlib.suppress(Exception):
            await self._settle()
        self._states.clear()
        async with self._pool.acquire() as connection:
            await connection.executemany(
                "insert into views.checkpoint values ($1, -1) on conflict do nothing", [(name,) for name in self._projections]
            )
            rows = await connection.fetch(
                "select projection, position from views.checkpoint where projection = any($1)", list(self._projections)
            )
            stopped = await connection.fetch("select projection, org_id, page from views.stopped_book")
        self._stopped = {(row["projection"], OrgId(row["org_id"])): row["page"] for row in stopped}
        positions = {row["projection"]: row["position"] for row in rows}
        self.position = max(positions.values(), default=-1)
        for name, reached in positions.items():
            await self._catch_up(name, reached)
        await self._try_stopped()

    async def _catch_up(self, name: str, reached: int) -> None:
        while reached < self.position:
            facts = await self._journal.read(reached, min(BATCH, self.position - reached))
            await self._apply(facts, [name], reached)
            reached = facts[-1].position

    async def _try_stopped(self) -> None:
        """After a fix, a stopped book goes on from the page where it stopped."""
        for (name, book), page in list(self._stopped.items()):
            if name not in self._projections:
                continue
            rows = await self._pool.fetch(
                "select j.position, p.entry from record.page p join record.journal j using (book, page)"
                " where p.book = $1 and p.page >= $2 and j.position <= $3 order by p.page",
                book,
                page,
                self.position,
            )
            del self._stopped[name, book]
            await self._apply(self._decoded(rows), [name], self.position)

    async def step(self) -> int:
        """Folds one batch while the one before is being written; how many events it had. 0: all is folded and written."""
        facts = await self._journal.read(self.position, BATCH)
        if not facts:
            await self._settle()
            await self._check_place()
            return 0
        if self._wary:
            await self._apply(facts, list(self._projections), self.position)
            self._wary = False
            self.position = max(facts[-1].position, self.position)
            return len(facts)
        batch = await self._fold(facts, list(self._projections), self.position)
        await self._settle()
        self._writing = asyncio.create_task(self._write(batch))
        self.position = batch.last
        return len(facts)

    async def _settle(self) -> None:
        """Waits for the batch under way; if it failed, what was folded on top of it is worth nothing."""
        writing, self._writing = self._writing, None
        if writing is not None:
            await self._written(writing)

    async def _written(self, writing: Awaitable[None]) -> None:
        """States are forgotten here and not in the writing itself, under which the next batch is being folded."""
        try:
            await writing
        except BaseException:
            self._states.clear()
            raise

    async def _check_place(self) -> None:
        """At rest, too, a rebuild may have set the views back. Raises `Moved`."""
        moved = await self._pool.fetchval(
            "select bool_or(position <> $2) from views.checkpoint where projection = any($1)", list(self._projections), self.position
        )
        if moved:
            raise Moved

    async def follow(self, bell: Bell, stop: asyncio.Event) -> None:
        """Until `stop` is set; survives the database going away."""
        started = False
        while not stop.is_set():
            try:
                if not started:
                    await self.start()
                    started = True
                if not await self.step():
                    await bell.wait()
            except Moved:
                started = False
            except UNWRITABLE as error:
                log.warning("a row cannot be written; looking for its event", error=type(error).__name__)
                self._wary = True
                started = False
            except (*LOST, asyncpg.PostgresError) as error:
                log.warning("follower lost the database", error=type(error).__name__)
                started = False
                await asyncio.sleep(RETRY_S)

    async def _apply(self, facts: Sequence[Fact[Event]], names: list[str], before: int) -> None:
        """Folds and writes at once. When wary, it first looks for the event whose rows cannot be written."""
        if self._wary:
            await self._find_unwritable(facts, names)
        await self._written(self._write(await self._fold(facts, names, before)))

    async def _find_unwritable(self, facts: Sequence[Fact[Event]], names: list[str]) -> None:
        """Tries every book's rows by themselves, on copies of the states."""
        books = _by_book(facts)
        await self._load(names, books)
        async with self._pool.acquire() as connection:
            for name in names:
                projection = self._projections[name]
                for book, own in books.items():
                    state = self._revive(projection, _state_out.encode(self._states[name, book].state))
                    poison = await first_unwritable(connection, self._writer, projection, state, own)
                    if poison is not None:
                        self._unwritable[name, book] = poison

    async def _fold(self, facts: Sequence[Fact[Event]], names: list[str], before: int) -> "Batch":
        books = _by_book(facts)
        await self._load(names, books)
        batch = Batch(names=names, before=before, last=max(facts[-1].position, before))
        for name in names:
            for number, (book, own) in enumerate(books.items()):
                self._fold_book(self._projections[name], book, own, batch)
                if number % BOOKS_A_TURN == 0:
                    await asyncio.sleep(0)
        return batch

    def _fold_book(self, projection: Projection[Any], book: OrgId, facts: Sequence[Fact[Event]], batch: "Batch") -> None:
        """The batch's facts of one book; up to the poison one if there is one."""
        concerned = [fact for fact in facts if type(fact.event) in projection.handlers]
        if not concerned:
            return
        if (projection.name, book) in self._stopped:
            batch.skipped.append((projection.name, book))
            return
        remembered = self._states[projection.name, book]
        rows = Merge()
        try:
            apply(projection, remembered.state, concerned, rows)
            if (unwritable := self._unwritable.pop((projection.name, book), None)) is not None:
                raise unwritable
        except Poison as poison:
            batch.stops.append((projection.name, poison))
            self._stopped[projection.name, book] = poison.fact.page
            concerned = [fact for fact in concerned if fact.page < poison.fact.page]
            rows = Merge()
            remembered.state = self._revive(projection, remembered.saved)
            apply(projection, remembered.state, concerned, rows)
        if concerned:
            remembered.page = concerned[-1].page
            remembered.saved = _state_out.encode(remembered.state)
            batch.states.append((book, projection.name, remembered.page, remembered.saved))
        batch.touched.append((projection.name, book))
        batch.merge.absorb(rows)

    async def _load(self, names: list[str], books: dict[OrgId, list[Fact[Event]]]) -> None:
        """States that are not remembered; a book at its first page has none. Those not asked for longest are forgotten first."""
        wanted = []
        for asked in ((name, book) for name in names for book in books):
            if asked in self._states:
                self._states.move_to_end(asked)
            else:
                wanted.append(asked)
        old = [(name, book) for name, book in wanted if books[book][0].page > 1]
        for name, book in wanted:
            self._states[name, book] = Remembered(self._projections[name].start(), 0, None)
        if old:
            rows = await self._pool.fetch(
                "select s.projection, s.org_id, s.page, s.state from unnest($1::text[], $2::text[]) u (p, o)"
                " join views.fold_state s on s.projection = u.p and s.org_id = u.o",
                [name for name, _ in old],
                [book for _, book in old],
            )
            for row in rows:
                projection = self._projections[row["projection"]]
                self._states[row["projection"], OrgId(row["org_id"])] = Remembered(
                    self._revive(projection, row["state"]), row["page"], row["state"]
                )
        while len(self._states) > max(STATES_MAX, len(names) * len(books)):
            self._states.popitem(last=False)

    def _revive(self, projection: Projection[Any], saved: bytes | None) -> Any:
        return projection.start() if saved is None else self._decoders[projection.name].decode(saved)

    async def _write(self, batch: "Batch") -> None:
        """Rows, states, stops and checkpoints in one transaction."""
        async with self._pool.acquire() as connection, connection.transaction():
            await _take_turn(connection, batch)
            await self._writer.write(connection, batch.merge)
            await self._writer.write_states(connection, batch.states)
            await _mark_stops(connection, batch)
            await connection.execute("update views.checkpoint set position = $2 where projection = any($1)", batch.names, batch.last)
            await connection.execute("select pg_notify('views', $1)", str(batch.last))

    @staticmethod
    def _decoded(rows: Sequence[Any]) -> list[Fact[Event]]:
        return [codec.decode(row["entry"], row["position"]) for row in rows]


def _by_book(facts: Sequence[Fact[Event]]) -> dict[OrgId, list[Fact[Event]]]:
    books: defaultdict[OrgId, list[Fact[Event]]] = defaultdict(list)
    for fact in facts:
        books[fact.book].append(fact)
    return books


class Batch(msgspec.Struct, kw_only=True):
    """What one batch of facts comes to."""

    names: list[str]
    before: int
    last: int
    merge: Merge = msgspec.field(default_factory=Merge)
    states: list[tuple[str, str, int, bytes]] = []
    touched: list[tuple[str, OrgId]] = []
    skipped: list[tuple[str, OrgId]] = []
    stops: list[tuple[str, Poison]] = []


class Moved(Exception):
    """Another follower has been here."""


async def _take_turn(connection: Any, batch: Batch) -> None:
    """Raises `Moved` where the views are not as this follower left them; a rebuild may also have freed a stopped book."""
    rows = await connection.fetch(
        "select position from views.checkpoint where projection = any($1) order by projection for update", batch.names
    )
    if any(row["position"] != batch.before for row in rows):
        raise Moved
    if batch.skipped:
        stopped = await connection.fetch("select projection, org_id from views.stopped_book")
        if not set(batch.skipped) <= {(row["projection"], OrgId(row["org_id"])) for row in stopped}:
            raise Moved


async def _mark_stops(connection: Any, batch: Batch) -> None:
    """A stop is shown until a batch of that projection alone has passed it."""
    if len(batch.names) == 1:
        await connection.executemany("delete from views.stopped_book where projection = $1 and org_id = $2", batch.touched)
    for name, poison in batch.stops:
        fact = poison.fact
        log.error("projection stopped", projection=name, book=fact.book, page=fact.page, error=type(poison.__cause__).__name__)
        await connection.execute(
            "insert into views.stopped_book (org_id, projection, page, position, error) values ($1, $2, $3, $4, $5)",
            fact.book,
            name,
            fact.page,
            fact.position,
            str(poison)[:1000],
        )
