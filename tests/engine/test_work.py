"""Work that takes longer than a reader waits: begun once, told how far it is, and done with when the process ends."""

import asyncio

import pytest

from projections.engine.work import Progress, Works

pytestmark = pytest.mark.asyncio
SOON, LONG = 0.01, 5.0


async def test_whoever_comes_early_is_told_how_far_it_is_and_nobody_begins_it_twice():
    works, gate, begun = Works(), asyncio.Event(), []

    async def work(tell):
        begun.append(1)
        tell(3)
        await gate.wait()

    assert await works.wait("key", 8, work, SOON) == Progress(done=3, of=8)
    assert await works.wait("key", 8, work, SOON) == Progress(done=3, of=8)
    gate.set()
    assert await works.wait("key", 8, work, LONG) is None
    assert begun == [1]


async def test_once_it_was_done_it_may_be_begun_again():
    works, begun = Works(), []

    async def work(_tell):
        begun.append(1)

    assert [await works.wait("key", 1, work, LONG), await works.wait("key", 1, work, LONG)] == [None, None]
    assert begun == [1, 1]


async def test_what_it_raised_is_told_to_whoever_asks_next():
    works = Works()

    async def work(_tell):
        raise ValueError("no such pack")

    with pytest.raises(ValueError, match="no such pack"):
        await works.wait("key", 1, work, LONG)


async def test_whoever_stops_waiting_does_not_stop_it_and_the_end_of_the_process_does():
    works, ended = Works(), []

    async def work(_tell):
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            ended.append(1)
            raise

    reader = asyncio.create_task(works.wait("key", 1, work, LONG))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    reader.cancel()
    assert await works.wait("key", 1, work, SOON) == Progress(done=0, of=1)
    assert ended == []
    await works.close()
    assert ended == [1]
