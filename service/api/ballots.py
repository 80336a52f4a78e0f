"""Secret ballots over HTTP: what is open for me, casting, closing, the result, the published box. Opening and paper counts are commands.

A choice comes in the body of one request and leaves in no answer, log line, event or address.
"""

import datetime as dt
from typing import Annotated, Any

import msgspec
from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath, JSONBody, QueryParameter

from events.ballots import BallotId, OptionCode
from events.base import LongText, OrgId
from service.api.access import NAMELESS, may_send
from service.api.commands import IdempotencyKey, Prefer, answered, key_of
from service.api.problems import documented
from service.auth.actor import Actor
from service.auth.rights import Right
from service.ballots.door import Ballots, people_of
from service.ballots.papers import Receipt, paper_of
from service.ballots.shapes import BallotView, view_of
from service.bus import Receipt as BusReceipt
from service.decide.ballots.state import Ballot

Ask = Request[Any, Any, Any]
Mine = Annotated[bool, QueryParameter(name="mine", description="Only those in which you may still vote")]
READ = documented(400, 401, 403, 404, 503)
WRITE = documented(400, 401, 403, 404, 409, 413, 422, 503)
RECORDED = ResponseSpec(BusReceipt, description="recorded", generate_examples=False)
BOX = ResponseSpec(dict[str, Any], description="the exact bytes whose SHA-256 is on the record", generate_examples=False)


class BallotList(msgspec.Struct, frozen=True, kw_only=True):
    """The newest ballots, the newest first."""

    ballots: list[BallotView]


class Vote(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The codes of the options that you choose. A `receipt` of your own (32 random hex digits, told to nobody) stands beside your paper
    in the published box, so that you find it there; without one the paper bears a number that nobody knows.
    """

    choice: Annotated[tuple[OptionCode, ...], msgspec.Meta(max_length=100)]
    receipt: Receipt | None = None


class Cancellation(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why the ballot is void."""

    reason: Annotated[LongText, msgspec.Meta(min_length=1)]


def door_of(request: Ask) -> Ballots:
    return Ballots(request.app.state.parts)


async def _shown(door: Ballots, org_id: OrgId, ballots: list[Ballot], actor: Actor) -> list[BallotView]:
    names = {} if actor.role in NAMELESS else await door.names(org_id, people_of(ballots))
    return [view_of(ballot, names, actor.person_id) for ballot in ballots]


@get("/orgs/{org_id:str}/ballots", operation_id="list-ballots", tags=["ballots"], opt={"right": Right.BALLOT_READ}, responses=READ)
async def list_ballots(
    request: Ask,
    org_id: FromPath[str],
    actor: NamedDependency[Actor],
    mine: Mine = False,  # noqa: FBT002 - a query parameter has a name
) -> BallotList:
    """The ballots of a branch with their turnout; with `mine`, those that wait for your vote."""
    door, org = door_of(request), OrgId(org_id)
    views = await _shown(door, org, await door.listed(actor, org), actor)
    return BallotList(ballots=[view for view in views if view.may_vote or not mine])


@get(
    "/orgs/{org_id:str}/ballots/{ballot_id:str}",
    operation_id="read-ballot",
    tags=["ballots"],
    opt={"right": Right.BALLOT_READ},
    responses=READ,
)
async def read_ballot(request: Ask, org_id: FromPath[str], ballot_id: FromPath[str], actor: NamedDependency[Actor]) -> BallotView:
    """One ballot. Its result is null until it is closed, and has no numbers for the options when fewer than five voted."""
    door, org = door_of(request), OrgId(org_id)
    [view] = await _shown(door, org, [await door.ballot(actor, org, BallotId(ballot_id))], actor)
    return view


@get(
    "/orgs/{org_id:str}/ballots/{ballot_id:str}/box",
    operation_id="read-ballot-box",
    tags=["ballots"],
    opt={"right": Right.BALLOT_READ},
    responses={200: BOX, **READ},
)
async def read_box(request: Ask, org_id: FromPath[str], ballot_id: FromPath[str], actor: NamedDependency[Actor]) -> Response[bytes]:
    """The published box, to be recounted by anyone: `branchbook ballot FILE`, or `sha256sum` and counting. 404 before the close,
    for paper ballots, and where the breakdown is withheld.
    """
    content = await door_of(request).box(actor, OrgId(org_id), BallotId(ballot_id))
    return Response(content, media_type="application/json")


@post(
    "/orgs/{org_id:str}/ballots/{ballot_id:str}/votes",
    operation_id="cast-vote",
    tags=["ballots"],
    opt={"right": Right.BALLOT_CAST},
    guards=[may_send],
    responses={201: RECORDED, **WRITE},
)
async def cast_vote(
    request: Ask,
    org_id: FromPath[str],
    ballot_id: FromPath[str],
    data: JSONBody[Vote],
    actor: NamedDependency[Actor],
    key: IdempotencyKey = None,
    prefer: Prefer = None,
) -> Response[bytes]:
    """Your own vote, once. The receipt says that you voted. The same key gives the same receipt, also with another choice: what was
    cast first counts.
    """
    paper = paper_of(data.choice, data.receipt)
    receipt = await door_of(request).cast(actor, OrgId(org_id), BallotId(ballot_id), paper, key=key_of(key), now=dt.datetime.now(dt.UTC))
    return await answered(request.app.state.parts, receipt, prefer)


@post(
    "/orgs/{org_id:str}/ballots/{ballot_id:str}/closing",
    operation_id="close-ballot",
    tags=["ballots"],
    opt={"right": Right.ELECTION_WRITE},
    guards=[may_send],
    responses={201: RECORDED, **WRITE},
)
async def close_ballot(
    request: Ask,
    org_id: FromPath[str],
    ballot_id: FromPath[str],
    actor: NamedDependency[Actor],
    key: IdempotencyKey = None,
    prefer: Prefer = None,
) -> Response[bytes]:
    """Ends the ballot: the box is shuffled, counted and published, its hash and tally go on the record."""
    receipt = await door_of(request).close(actor, OrgId(org_id), BallotId(ballot_id), key=key_of(key), now=dt.datetime.now(dt.UTC))
    return await answered(request.app.state.parts, receipt, prefer)


@post(
    "/orgs/{org_id:str}/ballots/{ballot_id:str}/cancellation",
    operation_id="cancel-ballot",
    tags=["ballots"],
    opt={"right": Right.ELECTION_WRITE},
    guards=[may_send],
    responses={201: RECORDED, **WRITE},
)
async def cancel_ballot(
    request: Ask,
    org_id: FromPath[str],
    ballot_id: FromPath[str],
    data: JSONBody[Cancellation],
    actor: NamedDependency[Actor],
    key: IdempotencyKey = None,
    prefer: Prefer = None,
) -> Response[bytes]:
    """Makes the ballot void. What lies in an open box is destroyed unread; a result that is on record stays visible."""
    receipt = await door_of(request).cancel(
        actor, OrgId(org_id), BallotId(ballot_id), data.reason, key=key_of(key), now=dt.datetime.now(dt.UTC)
    )
    return await answered(request.app.state.parts, receipt, prefer)


HANDLERS = [list_ballots, read_ballot, read_box, cast_vote, close_ballot, cancel_ballot]
