"""The journal for others: batches, and server-sent events from one tail that all clients of a process share.

A client is a position. Near the end it is served from the tail's memory, further back from the database a page at a
time; no client holds a connection while it waits, and a slow one costs nothing but its own socket.
"""

import asyncio
import contextlib
import functools
import itertools
import time
from collections import Counter, deque
from collections.abc import AsyncIterator
from typing import Annotated, Any

import msgspec
import structlog
from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import HeaderParameter, QueryParameter
from litestar.response import Stream
from sqlalchemy.exc import DBAPIError

from events.base import Event
from events.store.clerk import LOST
from events.store.postgres import Bell, PostgresJournal, listening
from events.store.record import Fact
from projections.shapes import PAGE_MAX
from service.api.access import current_actor
from service.api.cloud import CloudEvent, cloud_event, may_see
from service.api.problems import documented
from service.auth.actor import Actor
from service.auth.policy import entitle
from service.auth.rights import Right
from service.errors import Malformed, NotSignedIn, TooManyAttempts

KEPT = 5_000
PAGE = 500
LOOK = 2_000
LOOKS = 20
"""How far one batch looks for what its reader may see."""
HEARTBEAT_S = 15.0
LOOK_AGAIN_S = 5.0
"""How often a stream asks whether its session still holds."""
STREAMS_MAX = 5
"""Of one actor at a time, in one process."""
RETRY_S = 5
BATCH_TYPE = "application/cloudevents-batch+json"
FAILURES = documented(400, 401, 403, 503)
log = structlog.get_logger("branchbook.stream")

After = Annotated[int, QueryParameter(name="after", ge=-1, le=2**62, description="Position after which to read; left out: from the first")]
Limit = Annotated[int, QueryParameter(name="limit", ge=1, le=PAGE_MAX)]


class Shown:
    """A fact of the tail; its frame is made once, whoever asks for it."""

    def __init__(self, fact: Fact[Event]) -> None:
        self.fact = fact

    @functools.cached_property
    def frame(self) -> bytes:
        return b"id: %d\nevent: cloudevent\ndata: %s\n\n" % (self.fact.position, msgspec.json.encode(cloud_event(self.fact)))


class Tail:
    """The newest facts of the journal in memory, a way to wait for newer ones, and who is listening."""

    def __init__(self, journal: PostgresJournal, url: str) -> None:
        self._journal = journal
        self._url = url
        self._kept: deque[Shown] = deque(maxlen=KEPT)
        self._head = -1
        self._grew = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self.clients: Counter[str] = Counter()
        """Actor -> open streams."""

    def start(self) -> None:
        self._task = asyncio.create_task(self._follow(), name="journal-tail")

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def after(self, position: int) -> list[Shown]:
        """What follows `position`: at most `PAGE` facts, at once; empty when there is nothing newer."""
        if self._kept and self._kept[0].fact.position <= position + 1:
            start = position + 1 - self._kept[0].fact.position
            return list(itertools.islice(self._kept, start, start + PAGE))
        return [Shown(fact) for fact in await self._journal.read(position, PAGE)]

    async def wait(self, position: int, seconds: float) -> None:
        """Until something follows `position`, or the time is over."""
        if self._head <= position:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._grew.wait(), seconds)

    async def _follow(self) -> None:
        async with listening(self._url) as bell:
            while True:
                try:
                    await self._read_on(bell)
                except LOST as error:
                    log.warning("tail lost the database", error=type(error).__name__)
                    await asyncio.sleep(0.5)

    async def _read_on(self, bell: Bell) -> None:
        position = self._kept[-1].fact.position if self._kept else await self._journal.head()
        self._grow(position)
        while True:
            facts = await self._journal.read(position, KEPT)
            if not facts:
                await bell.wait()
                continue
            position = facts[-1].position
            self._kept.extend(map(Shown, facts))
            self._grow(position)

    def _grow(self, head: int) -> None:
        """Wakes all who wait. No lock: a client that goes away in the middle of waiting could leave it locked for ever."""
        self._head = head
        self._grew.set()
        self._grew = asyncio.Event()


@get(
    "/events",
    operation_id="read-events",
    tags=["stream"],
    opt={"right": Right.STREAM_READ},
    media_type=BATCH_TYPE,
    responses={
        200: ResponseSpec(list[CloudEvent], description="in journal order", media_type=BATCH_TYPE, generate_examples=False),
        **FAILURES,
    },
)
async def read_events(
    request: "Request[Any, Any, Any]", actor: NamedDependency[Actor], after: After = -1, limit: Limit = 100
) -> Response[bytes]:
    """A CloudEvents batch in journal order: what follows `after`, filtered to what the reader may see.

    `Next-After` is the position to go on from; it moves on also when nothing of what was looked through is for this reader.
    """
    entitle(actor, Right.STREAM_READ)
    facts, reached = await _visible(request.app.state.parts.journal, actor, after, limit)
    return Response(msgspec.json.encode([cloud_event(fact) for fact in facts]), media_type=BATCH_TYPE, headers={"Next-After": str(reached)})


async def _visible(journal: PostgresJournal, actor: Actor, after: int, limit: int) -> tuple[list[Fact[Event]], int]:
    """At most `limit` facts for this reader, and the position up to which the journal was looked through."""
    found: list[Fact[Event]] = []
    reached, size = after, limit
    for _ in range(LOOKS):
        facts = await journal.read(reached, size)
        for fact in facts:
            reached = fact.position
            if may_see(actor, fact):
                found.append(fact)
                if len(found) == limit:
                    return found, reached
        if len(facts) < size:
            break
        size = LOOK
    return found, reached


@get(
    "/events/stream",
    operation_id="stream-events",
    tags=["stream"],
    opt={"right": Right.STREAM_READ},
    media_type="text/event-stream",
    responses=documented(400, 401, 403, 429, 503),
)
async def stream_events(
    request: "Request[Any, Any, Any]",
    actor: NamedDependency[Actor],
    after: Annotated[int | None, QueryParameter(name="after", ge=-1, le=2**62)] = None,
    last_event_id: Annotated[str | None, HeaderParameter(name="Last-Event-ID")] = None,
) -> Stream:
    """Server-sent events; `id` is the position. Goes on exactly after `Last-Event-ID`, else after `after`, else from the first."""
    entitle(actor, Right.STREAM_READ)
    tail: Tail = request.app.state.tail
    if tail.clients[actor.id] >= STREAMS_MAX:
        raise TooManyAttempts(RETRY_S)
    position = _resume(last_event_id, after)
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return Stream(_events(request, tail, actor, position), media_type="text/event-stream", headers=headers)


def _resume(last_event_id: str | None, after: int | None) -> int:
    if last_event_id:
        number = last_event_id.strip()
        if not number.isascii() or not number.isdecimal() or len(number) > 18:
            raise Malformed("Last-Event-ID must be a position")
        return int(number)
    return -1 if after is None else after


async def _events(request: "Request[Any, Any, Any]", tail: Tail, actor: Actor, position: int) -> AsyncIterator[bytes]:
    """Ends when the actor's session has ended, also in the middle of many events, and when the database is away: clients resume."""
    tail.clients[actor.id] += 1
    beaten = looked = time.monotonic()
    try:
        yield b"retry: 1000\n\n"
        while True:
            await tail.wait(position, LOOK_AGAIN_S)
            if time.monotonic() - looked > LOOK_AGAIN_S:
                actor = await current_actor(request)
                looked = time.monotonic()
            facts = await tail.after(position)
            frames = b"".join(shown.frame for shown in facts if may_see(actor, shown.fact))
            position = facts[-1].fact.position if facts else position
            if frames or time.monotonic() - beaten > HEARTBEAT_S:
                yield frames or b": still here\n\n"
                beaten = time.monotonic()
    except (NotSignedIn, DBAPIError, *LOST):
        return
    finally:
        tail.clients -= Counter((actor.id,))


HANDLERS = [read_events, stream_events]
