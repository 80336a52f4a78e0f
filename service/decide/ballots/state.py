"""One secret ballot folded, its paper, and what a count comes to (R-A06, R-B13, R-B14). Motions, admissions and elections share no
formula.
"""

import datetime as dt
import enum
from collections.abc import Iterable, Mapping
from typing import Any, assert_never, cast

import msgspec
from msgspec.structs import replace

from events.ballots import (
    Answer,
    Appraised,
    BallotCancelled,
    BallotClosed,
    BallotEvent,
    BallotId,
    BallotKind,
    BallotMethod,
    BallotOpened,
    BallotOption,
    Debriefed,
    Electorate,
    MemberVoted,
    OptionCode,
    OptionVotes,
    PaperBallotsCounted,
)
from events.base import Choice, Event, PersonId
from projections.standard.rules import Rules
from service.decide.base import Fold, own
from service.decide.elections.count import election_rules, electors_needed, votes_needed
from service.decide.quorum import majority, quorum, share
from service.errors import Absent, Conflict, Malformed

BREAKDOWN_MIN = 5
"""With fewer papers the numbers would tell who chose what: the outcome is recorded, the breakdown by nobody."""

PAPERS: Mapping[BallotKind, type[Choice]] = {
    BallotKind.MOTION: Answer,
    BallotKind.ADMISSION: Answer,
    BallotKind.APPRAISAL: Appraised,
    BallotKind.DEBRIEFING: Debriefed,
}
"""What stands on the paper when nothing else is said; an election lists its candidates."""

Tally = Mapping[OptionCode, int]


class Status(enum.StrEnum):
    """How far a ballot is."""

    OPEN = "open"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class Ballot(msgspec.Struct, frozen=True, kw_only=True):
    """One ballot: `opened` None means that there is no such ballot."""

    opened: BallotOpened | None = None
    voted: frozenset[PersonId] = frozenset()
    result: BallotClosed | PaperBallotsCounted | None = None
    cancelled: BallotCancelled | None = None

    @property
    def status(self) -> Status:
        if self.cancelled is not None:
            return Status.CANCELLED
        return Status.OPEN if self.result is None else Status.CLOSED

    @property
    def takes_papers(self) -> bool:
        """Whether one may vote here, in the system."""
        return self.status is Status.OPEN and self.opened is not None and self.opened.method is BallotMethod.BOX


class Count(msgspec.Struct, frozen=True, kw_only=True):
    """What a count comes to."""

    quorate: bool
    needed: int
    carried: tuple[OptionCode, ...]
    votes: tuple[OptionVotes, ...]
    withheld: bool


def evolve(ballot: Ballot, event: Event) -> Ballot:
    match cast("BallotEvent", event):
        case BallotOpened() as opened:
            return replace(ballot, opened=opened)
        case MemberVoted() as mark:
            return replace(ballot, voted=ballot.voted | {mark.person_id})
        case BallotClosed() | PaperBallotsCounted() as result:
            return replace(ballot, result=result)
        case BallotCancelled() as cancelled:
            return replace(ballot, cancelled=cancelled)
        case other:
            assert_never(other)


def stream_of(ballot_id: str) -> str:
    return f"ballot-{ballot_id}"


def _stream(command: Any) -> str | None:
    return None if command.ballot_id is None else stream_of(command.ballot_id)


BALLOT = Fold[Ballot](name="ballot", book=own, stream=_stream, initial=Ballot(), evolve=evolve)


def known(ballot: Ballot, ballot_id: BallotId) -> BallotOpened:
    """How it was opened. Raises `Absent` for one that never was."""
    if ballot.opened is None:
        raise Absent(f"ballot {ballot_id}")
    return ballot.opened


def still_open(ballot: Ballot, ballot_id: BallotId, method: BallotMethod, day: dt.date) -> BallotOpened:
    """How it was opened, while it is. Raises `Absent`, `Conflict` or `Malformed`."""
    opened = known(ballot, ballot_id)
    if ballot.status is not Status.OPEN:
        raise Conflict(f"ballot {ballot_id} is {ballot.status}")
    if opened.method is not method:
        raise Conflict(f"ballot {ballot_id} is held by {opened.method}")
    if day < opened.occurred_on:
        raise Malformed("occurred_on lies before the opening of the ballot")
    return opened


def paper_of(kind: BallotKind, options: Iterable[str], candidates: Iterable[PersonId]) -> tuple[BallotOption, ...]:
    """The lines of the paper in their order."""
    if kind is BallotKind.ELECTION:
        return tuple(BallotOption(code=OptionCode(person)) for person in candidates)
    named = tuple(BallotOption(code=OptionCode(f"o{number}"), text=text) for number, text in enumerate(options, start=1))
    return named or tuple(BallotOption(code=OptionCode(choice.value), text=choice.zh) for choice in PAPERS[kind])


def check_choice(opened: BallotOpened, choice: tuple[OptionCode, ...]) -> None:
    """A paper marks known options, each once, not too many; only in an election none at all. The refusal does not repeat the choice."""
    known_codes = {option.code for option in opened.options}
    least = 0 if opened.kind is BallotKind.ELECTION else 1
    if not set(choice) <= known_codes or len(set(choice)) < len(choice) or not least <= len(choice) <= opened.choices_max:
        raise Malformed(f"choice: mark {least} to {opened.choices_max} of the options of this ballot, each once")


def counted(opened: BallotOpened, rules: Rules, tally: Tally, *, present: int, papers: int) -> Count:
    """`present`: who took part, for the quorum; `papers`: how many valid papers the tally was made from."""
    quorate, needed = _bars(opened, rules, present)
    withheld = papers < BREAKDOWN_MIN
    order = [option.code for option in opened.options]
    carried = _carried(opened, tally, needed) if quorate and needed else frozenset()
    return Count(
        quorate=quorate,
        needed=needed,
        carried=tuple(code for code in order if code in carried),
        votes=() if withheld else tuple(OptionVotes(code=code, votes=tally.get(code, 0)) for code in order),
        withheld=withheld,
    )


def _bars(opened: BallotOpened, rules: Rules, present: int) -> tuple[bool, int]:
    """Whether enough took part, and how many votes carry an option."""
    due = len(opened.entitled)
    match opened.kind:
        case BallotKind.MOTION:
            body = "committee" if opened.electorate is Electorate.COMMITTEE else "ordinary"
            return present >= quorum(due, share(rules, f"vote.{body}.quorum")), majority(due, share(rules, f"vote.{body}.pass"))
        case BallotKind.ADMISSION:
            least = majority(due, share(rules, "vote.admission.quorum"))
            return present >= least, majority(due, share(rules, "vote.admission.pass"))
        case BallotKind.ELECTION:
            rule = election_rules(rules)
            return present >= electors_needed(due, rule), votes_needed(present, rule)
        case BallotKind.APPRAISAL | BallotKind.DEBRIEFING:
            return present >= quorum(due, share(rules, "vote.ordinary.quorum")), 0
        case other:
            assert_never(other)


def _carried(opened: BallotOpened, tally: Tally, needed: int) -> frozenset[OptionCode]:
    """Of candidates no more than there are seats; where votes are equal at the cut, nobody of them (INV-032, INV-033)."""
    enough = {code: votes for code, votes in tally.items() if votes >= needed}
    if opened.kind is BallotKind.ELECTION:
        ranked = sorted(enough.values(), reverse=True)
        if len(ranked) > opened.choices_max:
            cut, below = ranked[opened.choices_max - 1], ranked[opened.choices_max]
            enough = {code: votes for code, votes in enough.items() if votes > below or (cut > below and votes == cut)}
        return frozenset(enough)
    fixed = {option.code for option in opened.options} == {answer.value for answer in Answer}
    return frozenset(code for code in enough if not fixed or code == Answer.YES.value)
