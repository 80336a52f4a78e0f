"""Following the journal: decode once, fold in memory, write each batch together with the checkpoint in one transaction.

One follower at a time does the work; a second one waits at the checkpoint's lock and finds that it moved. A poison event
stops one projection of one book, is shown in `stopped_book`, and everything else goes on.
"""

import asyncio
import traceback
from collections import OrderedDict, defaultdict
from collections.abc import Sequence
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
from projections.engine.writer import Writer

BATCH = 5_000
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
        self.position = -1

    async def start(self) -> None:
        """Reads checkpoints and stopped books; projections that lag behind the foremost one catch up first."""
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
        """Applies one batch; how many events it had."""
        facts = await self._journal.read(self.position, BATCH)
        if facts:
            await self._apply(facts, list(self._projections), self.position)
            self.position = facts[-1].position
        return len(facts)

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
            except (*LOST, asyncpg.PostgresError) as error:
                log.warning("follower lost the database", error=type(error).__name__)
                started = False
                await asyncio.sleep(RETRY_S)

    async def _apply(self, facts: Sequence[Fact[Event]], names: list[str], before: int) -> None:
        books: defaultdict[OrgId, list[Fact[Event]]] = defaultdict(list)
        for fact in facts:
            books[fact.book].append(fact)
        await self._load(names, books)
        merge = Merge()
        stops: list[tuple[str, Poison]] = []
        moved: list[tuple[str, OrgId]] = []
        for name in names:
            projection = self._projections[name]
            types = projection.handlers.keys()
            for book, own in books.items():
                concerned = [fact for fact in own if type(fact.event) in types]
                if not concerned or (name, book) in self._stopped:
                    continue
                poison = self._fold(projection, book, concerned, merge)
                moved.append((name, book))
                if poison is not None:
                    stops.append((name, poison))
        last = max(facts[-1].position, before)
        await self._write(merge, moved, stops, names, before, last)

    def _fold(self, projection: Projection[Any], book: OrgId, facts: Sequence[Fact[Event]], into: Merge) -> Poison | None:
        """The batch's facts of one book; up to the poison one if there is one."""
        remembered = self._states[projection.name, book]
        own = Merge()
        try:
            apply(projection, remembered.state, facts, own)
        except Poison as poison:
            sound = [fact for fact in facts if fact.page < poison.fact.page]
            remembered.state = self._revive(projection, remembered.saved)
            own = Merge()
            apply(projection, remembered.state, sound, own)
            remembered.page = sound[-1].page if sound else remembered.page
            into.absorb(own)
            return poison
        remembered.page = facts[-1].page
        into.absorb(own)
        return None

    async def _load(self, names: list[str], books: dict[OrgId, list[Fact[Event]]]) -> None:
        """States that are not remembered; a book at its first page has none."""
        wanted = [(name, book) for name in names for book in books if (name, book) not in self._states]
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
        while len(self._states) > STATES_MAX + len(wanted):
            self._states.popitem(last=False)

    def _revive(self, projection: Projection[Any], saved: bytes | None) -> Any:
        return projection.start() if saved is None else self._decoders[projection.name].decode(saved)

    async def _write(
        self,
        merge: Merge,
        moved: list[tuple[str, OrgId]],
        stops: list[tuple[str, Poison]],
        names: list[str],
        before: int,
        last: int,
    ) -> None:
        states: list[tuple[str, str, int, bytes]] = []
        for name, book in moved:
            remembered = self._states[name, book]
            remembered.saved = _state_out.encode(remembered.state)
            states.append((book, name, remembered.page, remembered.saved))
        try:
            async with self._pool.acquire() as connection, connection.transaction():
                await _take_turn(connection, names, before)
                await self._writer.write(connection, merge)
                await self._writer.write_states(connection, states)
                await self._mark_stops(connection, names, moved, stops)
                await connection.execute("update views.checkpoint set position = $2 where projection = any($1)", names, last)
                await connection.execute("select pg_notify('views', $1)", str(last))
        except BaseException:
            self._states.clear()
            raise
        for name, poison in stops:
            self._stopped[name, poison.fact.book] = poison.fact.page

    @staticmethod
    async def _mark_stops(connection: Any, names: list[str], moved: list[tuple[str, OrgId]], stops: list[tuple[str, Poison]]) -> None:
        await connection.executemany(
            "delete from views.stopped_book where projection = $1 and org_id = $2", moved if len(names) == 1 else []
        )
        for name, poison in stops:
            fact = poison.fact
            cause = traceback.format_exception_only(poison.__cause__ or poison)[-1].strip()
            log.error("projection stopped", projection=name, book=fact.book, page=fact.page, error=type(poison.__cause__).__name__)
            await connection.execute(
                "insert into views.stopped_book (org_id, projection, page, position, error) values ($1, $2, $3, $4, $5)",
                fact.book,
                name,
                fact.page,
                fact.position,
                cause[:1000],
            )

    @staticmethod
    def _decoded(rows: Sequence[Any]) -> list[Fact[Event]]:
        return [codec.decode(row["entry"], row["position"]) for row in rows]


class Moved(Exception):
    """Another follower has been here."""


async def _take_turn(connection: Any, names: list[str], before: int) -> None:
    rows = await connection.fetch("select position from views.checkpoint where projection = any($1) order by projection for update", names)
    if any(row["position"] != before for row in rows):
        raise Moved
