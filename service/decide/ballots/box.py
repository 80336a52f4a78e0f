"""What needs the box of a ballot beside history: putting a paper in, closing, cancelling. Sent by `service.ballots` only, never as a
plain command: the choice must not be part of anything that is recorded, and a mark without a paper must not exist.
"""

from typing import Annotated, ClassVar

import msgspec

from events.ballots import BallotCancelled, BallotClosed, BallotId, BallotMethod, MemberVoted, OptionCode
from events.base import LongText, PersonId
from service.auth.rights import Right
from service.decide.ballots.state import BALLOT, Ballot, Status, Tally, check_choice, counted, known, still_open
from service.decide.base import Case, Command, Context, Outcome, label
from service.errors import Conflict, Refused

Reason = Annotated[LongText, label("作废原因", "Reason", min_length=1)]


class MarkVoted(Command, frozen=True, kw_only=True, tag="mark-voted"):
    """A paper was put into the box. The choice is told to the decider beside this command and is no part of it."""

    zh: ClassVar[str] = "投票"
    en: ClassVar[str] = "Vote"

    ballot_id: Annotated[BallotId, label("投票", "Ballot")]
    person_id: Annotated[PersonId, label("投票人", "Voter")]


class CloseBallot(Command, frozen=True, kw_only=True, tag="close-ballot"):
    """The ballot ends: the box is shuffled, counted and published."""

    zh: ClassVar[str] = "结束无记名投票"
    en: ClassVar[str] = "Close a secret ballot"

    ballot_id: Annotated[BallotId, label("投票", "Ballot")]


class CancelBallot(Command, frozen=True, kw_only=True, tag="cancel-ballot"):
    """The ballot is void. What lies in an open box is destroyed unread; a result that was recorded stays visible, struck through."""

    zh: ClassVar[str] = "作废无记名投票"
    en: ClassVar[str] = "Cancel a secret ballot"

    ballot_id: Annotated[BallotId, label("投票", "Ballot")]
    reason: Reason


class OpenedBox(msgspec.Struct, frozen=True, kw_only=True):
    """A box that was counted for its close."""

    papers: int
    tally: Tally
    sha256: str


class BoxMoved(Conflict):
    """Somebody voted between the count and the closing: count again."""


def mark_voted(command: MarkVoted, _context: Context, ballot: Ballot, choice: tuple[OptionCode, ...]) -> Outcome:
    """Whoever stands on the frozen list votes once (INV-014, INV-011)."""
    opened = still_open(ballot, command.ballot_id, BallotMethod.BOX, command.occurred_on)
    if command.person_id not in opened.entitled:
        raise Refused("INV-014", "ballot_id", detail="not on the list of this ballot")
    if command.person_id in ballot.voted:
        raise Refused("INV-011", "ballot_id", detail="voted already")
    check_choice(opened, choice)
    return [MemberVoted(occurred_on=command.occurred_on, ballot_id=command.ballot_id, person_id=command.person_id)]


def close_ballot(command: CloseBallot, context: Context, ballot: Ballot, box: OpenedBox | None) -> Outcome:
    """As many papers as marks, or the box is counted again. One that is closed stays closed."""
    if isinstance(ballot.result, BallotClosed) and ballot.cancelled is None:
        return []
    opened = still_open(ballot, command.ballot_id, BallotMethod.BOX, command.occurred_on)
    if box is None or box.papers != len(ballot.voted):
        raise BoxMoved(f"ballot {command.ballot_id}")
    count = counted(opened, context.rules, box.tally, present=box.papers, papers=box.papers)
    event = BallotClosed(
        occurred_on=command.occurred_on,
        ballot_id=command.ballot_id,
        entitled=len(opened.entitled),
        cast=box.papers,
        quorate=count.quorate,
        needed=count.needed,
        carried=count.carried,
        votes=count.votes,
        withheld=count.withheld,
        box_sha256=box.sha256,
    )
    return [event]


def cancel_ballot(command: CancelBallot, _context: Context, ballot: Ballot, _box: None) -> Outcome:
    known(ballot, command.ballot_id)
    if ballot.status is Status.CANCELLED:
        return []
    return [BallotCancelled(occurred_on=command.occurred_on, ballot_id=command.ballot_id, reason=command.reason)]


MARK = Case(command=MarkVoted, right=Right.BALLOT_CAST, reads=(BALLOT,), decide=mark_voted)
CLOSE = Case(command=CloseBallot, right=Right.ELECTION_WRITE, reads=(BALLOT,), decide=close_ballot)
CANCEL = Case(command=CancelBallot, right=Right.ELECTION_WRITE, reads=(BALLOT,), decide=cancel_ballot)
CASES = (MARK, CLOSE, CANCEL)
"""Not in the catalogue: each is decided with something beside history."""
