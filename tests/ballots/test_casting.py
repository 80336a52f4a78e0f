"""Casting and closing: once each, together or not at all, whatever breaks and whoever is at it at the same time."""

import asyncio
import hashlib

import pytest

from events.ballots import BallotClosed, BallotId, MemberVoted, OptionVotes
from service.ballots.papers import recount
from service.decide.ballots_box import CloseBallot, MarkVoted
from service.errors import Absent, Conflict, Forbidden, Malformed, Refused
from tests.ballots.world import PEOPLE, SECRETARY, A, World, now, today

CHOICES = ["yes"] * 7 + ["no"] * 3 + ["abstain"]


async def vote_all(world: World) -> None:
    for person, choice in zip(PEOPLE, CHOICES, strict=False):
        await world.cast(person, choice)


async def events(world: World, ballot: str = "b1") -> list[object]:
    return [fact.event for fact in await world.parts.books.read(A, f"ballot-{ballot}")]


async def test_a_ballot_is_cast_closed_published_and_recounted(world: World):
    await world.open()
    await vote_all(world)
    await world.close()

    closed = (await events(world))[-1]
    content = await world.door.box(SECRETARY, A, BallotId("b1"))
    assert closed == BallotClosed(
        occurred_on=today(),
        ballot_id=BallotId("b1"),
        entitled=12,
        cast=11,
        quorate=True,
        needed=7,
        carried=("yes",),
        votes=tuple(OptionVotes(code=code, votes=votes) for code, votes in (("yes", 7), ("no", 3), ("abstain", 1))),
        withheld=False,
        box_sha256=hashlib.sha256(content).hexdigest(),
    )
    counted = recount(content)
    assert (counted.papers, counted.votes, counted.sha256) == (11, {"yes": 7, "no": 3, "abstain": 1}, closed.box_sha256)
