"""Two secret ballots of the example committee: one closed, published and to be recounted, one that waits for votes."""

import contextlib
import datetime as dt

from events.ballots import BallotId, BallotKind, OptionCode
from events.base import OrgId, PersonId
from service.auth.actor import SYSTEM, Actor, Role
from service.ballots.door import Ballots
from service.ballots.papers import paper_of
from service.bus import LOCAL
from service.decide.ballots.opening import OpenBallot
from service.decide.ballots.state import known
from service.errors import KeyReused
from service.parts import Parts

DONE, WAITING = BallotId("example-closed"), BallotId("example-open")
ANSWERS = ("yes", "yes", "no", "yes", "yes", "abstain", "yes", "yes")


async def example_ballots(parts: Parts, org_id: OrgId, now: dt.datetime) -> None:
    """Safe to run twice, or on where an earlier run ended: every step has a key of its own."""
    door, today = Ballots(parts), now.astimezone(LOCAL).date()

    async def opening(command: OpenBallot) -> None:
        with contextlib.suppress(KeyReused):  # opened on another day
            await parts.bus.handle(org_id, command, SYSTEM, key=f"{command.ballot_id} opening", now=now)

    await opening(OpenBallot(occurred_on=today, kind=BallotKind.MOTION, title="支部年度党费使用计划", ballot_id=DONE))
    voters = known(await door.ballot(SYSTEM, org_id, DONE), DONE).entitled
    for number, person in enumerate(voters[:-1]):
        paper = paper_of((OptionCode(ANSWERS[number % len(ANSWERS)]),), None)
        await door.cast(_member(org_id, person), org_id, DONE, paper, key=f"{DONE} {person}", now=now)
    await door.close(SYSTEM, org_id, DONE, key=f"{DONE} closing", now=now)
    await opening(
        OpenBallot(
            occurred_on=today,
            kind=BallotKind.ELECTION,
            title="推荐年度优秀共产党员",
            candidates=voters[:4],
            choices_max=2,
            ballot_id=WAITING,
        )
    )


def _member(org_id: OrgId, person_id: PersonId) -> Actor:
    return Actor(
        id=f"example {person_id}",
        login=person_id,
        role=Role.MEMBER,
        organisation_id=org_id,
        person_id=person_id,
        subtree=frozenset({org_id}),
    )
