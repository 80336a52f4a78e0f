"""A vote that is recorded from a secret ballot: its counts are those of the box, or of the paper ballots, closed under its name."""

from typing import Annotated

from events.ballots import Answer, BallotClosed, BallotId, BallotKind, OptionCode
from events.base import PersonId
from service.decide.ballots.state import Ballot, Status, known
from service.decide.base import label
from service.errors import Conflict, Malformed

NamedBallot = Annotated[
    BallotId | None,
    label("对应无记名投票", "Secret ballot", help_zh="填写则与其计票核对", help_en="Its tally is compared when given"),
]


def check_tally(
    ballot: Ballot, ballot_id: BallotId | None, kind: BallotKind, about: PersonId | None, *, yes: int, no: int, abstain: int
) -> None:
    """With fewer than five papers only their number is known. Raises `Absent`, `Conflict` or `Malformed`."""
    if ballot_id is None:
        return
    opened, told = known(ballot, ballot_id), ballot.result
    if told is None or ballot.status is not Status.CLOSED or opened.kind is not kind:
        raise Conflict(f"ballot {ballot_id} has no tally of this kind")
    if about is not None and opened.subject_id not in {None, about}:
        raise Conflict(f"ballot {ballot_id} is about somebody else")
    valid = told.cast if isinstance(told, BallotClosed) else told.valid
    if told.withheld:
        if yes + no + abstain != valid:
            raise Malformed(f"yes, no, abstain: ballot {ballot_id} has {valid} valid papers")
        return
    votes = {line.code: line.votes for line in told.votes}
    found = tuple(votes.get(OptionCode(answer.value), 0) for answer in (Answer.YES, Answer.NO, Answer.ABSTAIN))
    if (yes, no, abstain) != found:
        raise Malformed(f"yes, no, abstain: ballot {ballot_id} was counted as {'/'.join(map(str, found))}")
