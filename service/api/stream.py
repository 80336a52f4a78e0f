"""The journal for others: batches, and server-sent events from one tail that all clients of a process share.

A client is a position. Near the end it is served from the tail's memory, further back from the database a page at a
time; no client holds a connection while it waits, and a slow one costs nothing but its own socket.
"""

import asyncio
import contextlib
from collections import deque
from collections.abc import AsyncIterator
from typing import Annotated, Any

import msgspec
import structlog
from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.params import HeaderParameter, QueryParameter
from litestar.response import Stream

from events.base import Event
from events.store.clerk import LOST
from events.store.postgres import Bell, PostgresJournal, listening
from events.store.record import Fact
from projections.shapes import PAGE_MAX
from service.api.cloud import cloud_event, may_see
from service.auth.actor import Actor
from service.auth.policy import authorize
from service.auth.rights import Right
from service.errors import Malformed

KEPT = 5_000
PAGE = 500
HEARTBEAT_S = 15.0
BATCH_TYPE = "application/cloudevents-batch+json"
log = structlog.get_logger("branchbook.stream")

After = Annotated[int, QueryParameter(name="after", ge=-1, le=2**62, description="Position after which to read; left out: from the first")]
Limit = Annotated[int, QueryParameter(name="limit", ge=1, le=PAGE_MAX)]


class Tail:
    """The newest facts of the journal in memory, and a way to wait for newer ones."""

    def __init__(self, journal: PostgresJournal, url: str) -> None:
        self._journal = journal
        self._url = url
        self._kept: deque[Fact[Event]] = deque(maxlen=KEPT)
        self._grew = asyncio.Condition()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._follow(), name="journal-tail")

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def after(self, position: int) -> list[Fact[Event]]:
        """What follows `position`: at most `PAGE` facts, at once; empty when there is nothing newer."""
        if self._kept and self._kept[0].position <= position + 1:
            start = position + 1 - self._kept[0].position
            return [self._kept[n] for n in range(start, min(len(self._kept), start + PAGE))]
        return await self._journal.read(position, PAGE)

    async def wait(self, seconds: float) -> None:
        """Until the journal grows, or the time is over."""
        async with self._grew:
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
        position = self._kept[-1].position if self._kept else await self._journal.head()
        while True:
            facts = await self._journal.read(position, KEPT)
            if not facts:
                await bell.wait()
                continue
            position = facts[-1].position
            self._kept.extend(facts)
            async with self._grew:
                self._grew.notify_all()


@get("/events", operation_id="read-events", tags=["stream"], opt={"right": Right.STREAM_READ})
async def read_events(
    request: "Request[Any, Any, Any]", actor: NamedDependency[Actor], after: After = -1, limit: Limit = 100
) -> Response[bytes]:
    """A CloudEvents batch in journal order: what follows `after`, filtered to what the reader may see.

    `Next-After` is the position to go on from; it moves on also when nothing of the page was for this reader.
    """
    authorize(actor, Right.STREAM_READ, actor.organisation_id)
    facts = await request.app.state.parts.journal.read(after, limit)
    events = [cloud_event(fact) for fact in facts if may_see(actor, fact)]
    reached = facts[-1].position if facts else after
    return Response(msgspec.json.encode(events), media_type=BATCH_TYPE, headers={"Next-After": str(reached)})


@get("/events/stream", operation_id="stream-events", tags=["stream"], opt={"right": Right.STREAM_READ}, media_type="text/event-stream")
async def stream_events(
    request: "Request[Any, Any, Any]",
    actor: NamedDependency[Actor],
    after: Annotated[int | None, QueryParameter(name="after", ge=-1, le=2**62)] = None,
    last_event_id: Annotated[str | None, HeaderParameter(name="Last-Event-ID")] = None,
) -> Stream:
    """Server-sent events; `id` is the position. Goes on exactly after `Last-Event-ID`, else after `after`, else from the first."""
    authorize(actor, Right.STREAM_READ, actor.organisation_id)
    position = _resume(last_event_id, after)
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return Stream(_events(request, actor, position), media_type="text/event-stream", headers=headers)


def _resume(last_event_id: str | None, after: int | None) -> int:
    if last_event_id:
        number = last_event_id.strip()
        if not number.isascii() or not number.isdecimal() or len(number) > 18:
            raise Malformed("Last-Event-ID must be a position")
        return int(number)
    return -1 if after is None else after


async def _events(request: "Request[Any, Any, Any]", actor: Actor, position: int) -> AsyncIterator[bytes]:
    """Ends when the actor's session has ended."""
    tail: Tail = request.app.state.tail
    from service.api.access import current_actor
    from service.errors import NotSignedIn

    yield b"retry: 1000\n\n"
    while True:
        facts = await tail.after(position)
        if not facts:
            await tail.wait(HEARTBEAT_S)
            facts = await tail.after(position)
            if not facts:
                try:
                    actor = await current_actor(request)
                except NotSignedIn:
                    return
                yield b": still here\n\n"
                continue
        position = facts[-1].position
        shown = [fact for fact in facts if may_see(actor, fact)]
        if shown:
            yield b"".join(_frame(fact) for fact in shown)


def _frame(fact: Fact[Event]) -> bytes:
    return b"id: %d\nevent: %s\ndata: %s\n\n" % (fact.position, b"cloudevent", msgspec.json.encode(cloud_event(fact)))


HANDLERS = [read_events, stream_events]
