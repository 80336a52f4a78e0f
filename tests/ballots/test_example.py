"""The example's ballots: recorded once however often it is begun."""

from events.ballots import BallotClosed
from service.ballots.example import DONE, WAITING, example_ballots
from service.ballots.papers import recount
from tests.ballots.world import SECRETARY, A, World, now


async def test_one_is_closed_and_one_waits(world: World):
    for _ in range(2):
        await example_ballots(world.parts, A, now())
    closed = (await world.door.ballot(SECRETARY, A, DONE)).result
    assert isinstance(closed, BallotClosed)
    assert (closed.cast, closed.carried, closed.withheld) == (11, ("yes",), False)
    assert recount(await world.door.box(SECRETARY, A, DONE)).sha256 == closed.box_sha256
    assert (await world.door.ballot(SECRETARY, A, WAITING)).takes_papers
    assert [fact.page for fact in await world.parts.books.read(A)] == list(range(1, len(await world.parts.books.read(A)) + 1))
