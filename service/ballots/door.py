"""The one door to secret ballots, for API, desk and command line: list, read, cast, close, cancel, the published box."""

import datetime as dt
from collections.abc import Iterable

import msgspec

from events.ballots import BallotId, BallotMethod, BallotOpened
from events.base import OrgId, PersonId
from events.store import codec
from events.store.keys import is_sealed
from service.auth.actor import Actor
from service.auth.policy import authorize
from service.auth.rights import Right
from service.ballots.box import BallotBox, Cancel, Cast, Close, shred
from service.ballots.papers import Choice, Paper, box_bytes, box_of
from service.bus import LOCAL, Receipt
from service.decide.ballots.box import BoxMoved, CancelBallot, CloseBallot, MarkVoted
from service.decide.ballots.state import Ballot, evolve, known, stream_of
from service.errors import Absent, Forbidden
from service.parts import Parts

SHOWN_MAX = 50
TRIES_MAX = 30
OPENED = (
    "select stream from record.page where book = $1 and stream >= 'ballot-' and stream < 'ballot.' and type = 'ballots.opened'"
    " order by page desc limit $2"
)
ENTRIES = "select entry from record.page where book = $1 and stream = any($2::text[]) order by page"
DAY = "select p.occurred_on from record.command c join record.page p using (xid, cmd) where c.book = $1 and c.key = $2 limit 1"
PUBLISHED = "select key, choice from service.ballot_box where org_id = $1 and ballot_id = $2"
NAMES = "select person_id, name from views.member where org_id = $1 and person_id = any($2::text[])"
_choice = msgspec.json.Decoder(Choice)


class Ballots:
    """Ballots of any branch. Reads come from the record itself: whoever has voted sees it at once."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    async def listed(self, actor: Actor, org_id: OrgId) -> list[Ballot]:
        """The newest ballots, the newest first."""
        authorize(actor, Right.BALLOT_READ, org_id)
        streams = [row["stream"] for row in await self._parts.reads.fetch(OPENED, org_id, SHOWN_MAX)]
        found = await self._folded(org_id, streams)
        return [found[stream] for stream in streams]

    async def ballot(self, actor: Actor, org_id: OrgId, ballot_id: BallotId) -> Ballot:
        authorize(actor, Right.BALLOT_READ, org_id)
        found = await self._folded(org_id, [stream_of(ballot_id)])
        if not found:
            raise Absent(f"ballot {ballot_id}")
        return found[stream_of(ballot_id)]

    async def cast(self, actor: Actor, org_id: OrgId, ballot_id: BallotId, paper: Paper, *, key: str, now: dt.datetime) -> Receipt:
        """One's own paper, once. The same key gives the same receipt whatever the choice: the first one lies in the box."""
        authorize(actor, Right.BALLOT_CAST, org_id)
        if actor.person_id is None:
            raise Forbidden(Right.BALLOT_CAST)
        opened = await self._opened(actor, org_id, ballot_id)
        day = await self._day(org_id, key, now)
        mark = MarkVoted(occurred_on=day, ballot_id=ballot_id, person_id=actor.person_id)
        cast = Cast(BallotBox(self._parts, org_id, opened), paper)
        return await self._parts.bus.handle(org_id, mark, actor, key=key, now=now, aside=cast)

    async def close(self, actor: Actor, org_id: OrgId, ballot_id: BallotId, *, key: str, now: dt.datetime) -> Receipt:
        """Shuffles, counts, publishes. Counted again as long as somebody still votes in between."""
        authorize(actor, Right.ELECTION_WRITE, org_id)
        opened = await self._opened(actor, org_id, ballot_id)
        command = CloseBallot(occurred_on=await self._day(org_id, key, now), ballot_id=ballot_id)
        close = Close(BallotBox(self._parts, org_id, opened))
        tries = TRIES_MAX
        receipt = None
        while receipt is None:
            try:
                receipt = await self._parts.bus.handle(org_id, command, actor, key=key, now=now, aside=close)
            except BoxMoved:
                if (tries := tries - 1) == 0:
                    raise
        await shred(self._parts.keys, self._parts.reads)
        return receipt

    async def cancel(self, actor: Actor, org_id: OrgId, ballot_id: BallotId, reason: str, *, key: str, now: dt.datetime) -> Receipt:
        authorize(actor, Right.ELECTION_WRITE, org_id)
        opened = await self._opened(actor, org_id, ballot_id)
        command = CancelBallot(occurred_on=await self._day(org_id, key, now), ballot_id=ballot_id, reason=reason)
        cancel = Cancel(BallotBox(self._parts, org_id, opened))
        receipt = await self._parts.bus.handle(org_id, command, actor, key=key, now=now, aside=cancel)
        await shred(self._parts.keys, self._parts.reads)
        return receipt

    async def box(self, actor: Actor, org_id: OrgId, ballot_id: BallotId) -> bytes:
        """The published box. Raises `Absent` before the close, for paper, and where the breakdown is withheld."""
        ballot = await self.ballot(actor, org_id, ballot_id)
        if ballot.result is None or ballot.result.withheld or known(ballot, ballot_id).method is not BallotMethod.BOX:
            raise Absent(f"box of ballot {ballot_id}")
        rows = await self._parts.reads.fetch(PUBLISHED, org_id, ballot_id)
        papers = [Paper(key=row["key"].hex(), choice=_choice.decode(row["choice"])) for row in rows]
        return box_bytes(box_of(org_id, known(ballot, ballot_id), papers))

    async def names(self, org_id: OrgId, people: Iterable[str]) -> dict[str, str]:
        """Of candidates and the like: whoever votes must know for whom."""
        rows = await self._parts.reads.fetch(NAMES, org_id, sorted(set(people)))
        return {row["person_id"]: self._clear(row["name"]) for row in rows}

    def _clear(self, name: str) -> str:
        return (self._parts.keys.open(name) or "") if is_sealed(name) else name

    async def _opened(self, actor: Actor, org_id: OrgId, ballot_id: BallotId) -> BallotOpened:
        return known(await self.ballot(actor, org_id, ballot_id), ballot_id)

    async def _folded(self, org_id: OrgId, streams: list[str]) -> dict[str, Ballot]:
        found: dict[str, Ballot] = {}
        for row in await self._parts.reads.fetch(ENTRIES, org_id, streams):
            event = codec.decode(row["entry"]).event
            found[event.stream()] = evolve(found.get(event.stream(), Ballot()), event)
        return found

    async def _day(self, org_id: OrgId, key: str, now: dt.datetime) -> dt.date:
        """Today; for a key that was used before, the day of then, so that it is the same command also after midnight."""
        then: dt.date | None = await self._parts.reads.fetchval(DAY, org_id, key)
        return then or now.astimezone(LOCAL).date()


def people_of(ballots: Iterable[Ballot]) -> set[PersonId]:
    """Whose names a list of ballots speaks of: candidates, subjects, tellers."""
    found: set[PersonId] = set()
    for ballot in ballots:
        if ballot.opened is not None:
            found |= {PersonId(option.code) for option in ballot.opened.options if not option.text}
            found |= {ballot.opened.subject_id} if ballot.opened.subject_id else set()
    return found
