"""What we are measured beside: the default PostgreSQL recorder of `eventsourcing`, and bare inserts without any promise."""

import asyncio
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import parse_qs, urlsplit

import asyncpg

from events.store.books import Append

BARE = """
create table bare (
    id bigserial primary key, book text not null, stream text not null, type text not null,
    event_id uuid not null, occurred_on date not null, entry bytea not null
)
"""


def datastore(url: str, pool_size: int) -> Any:
    """A datastore of `eventsourcing` on this database."""
    from eventsourcing.postgres import PostgresDatastore

    parts = urlsplit(url)
    host = parts.hostname or parse_qs(parts.query)["host"][0]
    return PostgresDatastore(
        dbname=parts.path[1:],
        host=host,
        port=parts.port or 5432,
        user=parts.username or "postgres",
        password=parts.password or "",
        pool_size=pool_size,
        max_overflow=0,
    )


def eventsourcing_append(url: str, requests: list[Append], writers: int) -> float:
    """Events per second of its default recorder: one event a call, `writers` threads."""
    from eventsourcing.persistence import StoredEvent
    from eventsourcing.postgres import PostgresApplicationRecorder

    store = datastore(url, writers)
    recorder = PostgresApplicationRecorder(store)
    recorder.create_table()
    events = [StoredEvent(uuid.uuid4(), 1, draft.type, draft.record) for request in requests for draft in request.drafts]
    try:
        with ThreadPoolExecutor(writers) as threads:
            began = time.perf_counter()
            list(threads.map(lambda event: recorder.insert_events([event]), events))
            return len(events) / (time.perf_counter() - began)
    finally:
        store.close()


async def bare_append(url: str, requests: list[Append], writers: int) -> float:
    """Rows per second of asyncpg inserting the same bytes: one row a call, no checks, no order."""
    pool = await asyncpg.create_pool(url, min_size=writers, max_size=writers)
    try:
        await pool.execute(BARE)
        drafts = iter([draft for request in requests for draft in request.drafts])

        async def write() -> None:
            async with pool.acquire() as connection:
                for draft in drafts:
                    await connection.execute(
                        "insert into bare (book, stream, type, event_id, occurred_on, entry) values ($1, $2, $3, $4, $5, $6)",
                        draft.book,
                        draft.stream,
                        draft.type,
                        draft.event_id,
                        draft.event.occurred_on,
                        draft.record,
                    )

        began = time.perf_counter()
        await asyncio.gather(*[write() for _ in range(writers)])
        return len(requests) / (time.perf_counter() - began)
    finally:
        await pool.close()


def eventsourcing_projection(url: str, requests: list[Append]) -> float:
    """Events per second of one tracked projection: each event updates a view and the tracking record in one transaction."""
    from eventsourcing.persistence import StoredEvent, Tracking
    from eventsourcing.postgres import PostgresApplicationRecorder, PostgresTrackingRecorder

    store = datastore(url, 4)
    recorder = PostgresApplicationRecorder(store)
    recorder.create_table()
    tracking = PostgresTrackingRecorder(store)
    tracking.create_table()
    stored = [StoredEvent(uuid.uuid4(), 1, draft.type, draft.record) for request in requests for draft in request.drafts]
    for start in range(0, len(stored), 500):
        recorder.insert_events(stored[start : start + 500])
    with store.transaction(commit=True) as cursor:
        cursor.execute("create table view (key text primary key, size int not null)")
    try:
        began = time.perf_counter()
        position, done = 0, 0
        while page := recorder.select_notifications(position + 1 if position else None, 500):
            for notification in page:
                position = int(notification.id)
                with store.transaction(commit=True) as cursor:
                    cursor.execute(
                        "insert into view values (%s, %s) on conflict (key) do update set size = excluded.size",
                        (str(notification.originator_id), len(notification.state)),
                        prepare=True,
                    )
                    tracking._insert_tracking(cursor, Tracking("bench", position))  # noqa: SLF001 - its own recorders do the same
                done += 1
        return done / (time.perf_counter() - began)
    finally:
        store.close()
