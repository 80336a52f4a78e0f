"""The journal for integrators: batches and server-sent events, in order, without gap or repeat, without personal data."""

import asyncio
import datetime as dt
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from service.auth.actor import Role
from tests.http.world import SECRET_PHONE, A, C, World

pytestmark = pytest.mark.asyncio(loop_scope="module")
TODAY = dt.datetime.now(dt.timezone(dt.timedelta(hours=8))).date()
BATCH = "application/cloudevents-batch+json"


async def batch(world: World, **params: int) -> list[dict[str, Any]]:
    answer = await world.get("/events", Role.INTEGRATOR, C, **params)
    assert (answer.status_code, answer.headers["content-type"]) == (200, BATCH)
    events: list[dict[str, Any]] = json.loads(answer.content)
    return events


async def schedule(world: World, topic: str) -> None:
    body = {"occurred_on": TODAY.isoformat(), "kind": "study", "planned_on": "2027-03-01", "topic": topic}
    assert (await world.send(A, "schedule-meeting", body, Prefer="wait=10")).status_code == 201


async def frames(world: World, count: int, **headers: str) -> AsyncIterator[tuple[int, dict[str, Any]]]:
    """The first `count` events of the stream."""
    named = world.headers(Role.INTEGRATOR, C) | {key.replace("_", "-"): value for key, value in headers.items()}
    async with world.client.stream("GET", "/api/v1/events/stream", headers=named) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        position = -1
        async for line in answer.aiter_lines():
            if line.startswith("id: "):
                position = int(line[4:])
            elif line.startswith("data: "):
                yield position, json.loads(line[6:])
                count -= 1
                if count == 0:
                    return


async def test_a_batch_is_cloudevents_in_journal_order(world: World):
    events = await batch(world, limit=200)
    assert [event["position"] for event in events] == list(range(len(events)))
    first = events[0]
    assert (first["specversion"], first["type"], first["book"], first["page"]) == ("1.0", "organisations.founded", C, 1)
    assert first["data"]["name"] == "示例委员会"


async def test_left_out_and_minus_one_both_mean_from_the_first(world: World):
    assert await batch(world) == await batch(world, after=-1)


async def test_reading_goes_on_after_a_position(world: World):
    whole = await batch(world, limit=50)
    assert await batch(world, after=3, limit=5) == whole[4:9]


async def test_personal_fields_never_leave(world: World):
    text = (await world.get("/events", Role.INTEGRATOR, C, limit=200)).text
    assert SECRET_PHONE not in text
    assert "示例C-A0" not in text
    assert "~1|" not in text


async def test_the_stream_brings_what_was_and_what_comes(world: World):
    known = len(await batch(world, limit=200))

    async def read() -> list[tuple[int, dict[str, Any]]]:
        return [frame async for frame in frames(world, known + 1)]

    reading = asyncio.create_task(read())
    await asyncio.sleep(0.3)
    await schedule(world, "来自流")
    found = await asyncio.wait_for(reading, 20)
    assert [position for position, _ in found] == list(range(known + 1))
    assert found[-1][1]["data"]["topic"] == "来自流"


async def test_a_client_that_was_cut_off_resumes_without_gap_or_repeat(world: World):
    first = [position async for position, _ in frames(world, 4)]
    rest = [position async for position, _ in frames(world, 4, Last_Event_ID=str(first[-1]))]
    assert first + rest == list(range(8))


@pytest.mark.parametrize("value", ["abc", "-5", "1.5"])
async def test_a_position_that_is_none_is_400(world: World, value: str):
    answer = await world.client.get("/api/v1/events/stream", headers=world.headers(Role.INTEGRATOR, C) | {"Last-Event-ID": value})
    assert answer.status_code == 400


async def test_a_branch_may_not_read_the_stream(world: World):
    assert (await world.get("/events", Role.SECRETARY, A)).status_code == 403


async def test_health_readiness_and_figures(world: World):
    assert (await world.client.get("/healthz")).text == "ok"
    ready = (await world.client.get("/readyz")).json()
    assert (ready["status"], ready["stopped_books"]) == ("ready", 0)
    assert "branchbook_journal_position" in (await world.client.get("/metrics")).text
