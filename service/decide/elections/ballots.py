"""Ballots of an election: counted, run off, held again, left at fewer seats (R-B11 to R-B14; INV-029 to 033)."""

from typing import Annotated, ClassVar

import msgspec

from events.ballots import BallotClosed, BallotId, BallotKind, OptionCode
from events.base import Count, PersonId
from events.elections import (
    BallotCounted,
    Elected,
    ElectionId,
    ElectionKind,
    ElectionOpened,
    FirstMeetingHeld,
    MeetingConvened,
    Office,
    SeatsReduced,
    Votes,
    Winner,
)
from projections.standard.rules import Rules
from service.auth.rights import Right
from service.decide.ballots.state import BALLOT, Ballot
from service.decide.base import Case, Command, Context, Outcome, label
from service.decide.elections.candidates import check_eligible, check_influence, once
from service.decide.elections.count import (
    Papers,
    Result,
    check_claim,
    check_papers,
    check_votes,
    election_rules,
    result,
    votes_needed,
)
from service.decide.elections.state import ELECTION, Election, body, by_committee, running
from service.decide.roster import ROSTER, Roster
from service.errors import Absent, Conflict, Malformed, Refused

LEADING = (Office.SECRETARY, Office.DEPUTY)


class CountElectionBallot(Command, frozen=True, kw_only=True, tag="count-election-ballot"):
    """A ballot was counted; who is elected is worked out. A further one is a run-off, or an election for the rest."""

    zh: ClassVar[str] = "登记选举计票"
    en: ClassVar[str] = "Record a count"

    election_id: Annotated[ElectionId, label("选举", "Election")]
    office: Annotated[Office, label("选举职务", "Office")]
    turn: Annotated[
        Annotated[int, msgspec.Meta(ge=1, le=100)] | None,
        label(
            "第几次投票",
            "Which ballot",
            help_zh="留空为下一次；与前次计票相同的再次投票须填写",
            help_en="The next one when empty; needed where a further ballot gave the same count",
        ),
    ] = None
    issued: Annotated[Count, label("发出选票", "Ballots issued")]
    returned: Annotated[Count, label("收回选票", "Ballots returned")]
    valid: Annotated[Count, label("有效票", "Valid")]
    invalid: Annotated[Count, label("无效票", "Invalid")] = 0
    votes: Annotated[
        tuple[Votes, ...], label("候选人得票", "Votes", max_length=100, help_zh="含另选他人", help_en="Write-ins included")
    ] = ()
    elected: Annotated[
        tuple[PersonId, ...],
        label(
            "当选人", "Elected", max_length=100, help_zh="留空则由系统认定，填写则核对", help_en="Worked out when empty; checked when given"
        ),
    ] = ()
    mobile_box: Annotated[bool, label("使用流动票箱", "A mobile box was used")] = False
    ballot_id: Annotated[
        BallotId | None,
        label("对应无记名投票", "Secret ballot", help_zh="填写则与其计票核对", help_en="Its tally is compared when given"),
    ] = None


class ReduceElectionSeats(Command, frozen=True, kw_only=True, tag="reduce-election-seats"):
    """Too few were elected; more than half of the electors agree to leave it at that (R-B14)."""

    zh: ClassVar[str] = "减少应选名额"
    en: ClassVar[str] = "Leave it at fewer seats"

    election_id: Annotated[ElectionId, label("选举", "Election")]
    consenting: Annotated[Count, label("同意人数", "Electors consenting")]


class Electorate(msgspec.Struct, frozen=True, kw_only=True):
    """Who votes on an office: those at the election meeting, or the new committee."""

    due: int
    present: int


def count_election_ballot(command: CountElectionBallot, context: Context, election: Election, roster: Roster, ballot: Ballot) -> Outcome:
    opened = running(election, command.election_id, command.occurred_on)
    papers = Papers(issued=command.issued, returned=command.returned, valid=command.valid, invalid=command.invalid)
    if _known(command, election):
        return []
    if command.mobile_box and not context.rules.flag("election.mobile_box"):
        raise Refused("INV-029", "mobile_box")
    electorate = _electorate(command, opened, election, context.rules)
    seats = election.remaining(command.office)
    if seats == 0:
        raise Conflict(f"nobody is left to be elected: {command.office.en}")
    check_papers(papers, electorate.present)
    if command.ballot_id is not None:
        _check_tally(command, papers, ballot)
    if not papers.void:
        _check_names(command, opened, election, roster)
        check_votes(command.votes, papers, seats=seats, listed=frozenset(listed(command.office, opened, election)))
    rule = election_rules(context.rules)
    found = result(command.votes, papers, seats=seats, present=electorate.present, rule=rule)
    if command.elected:
        check_claim(command.elected, found, {vote.person_id: vote for vote in command.votes})
    event = _counted(command, election, electorate, seats, votes_needed(electorate.present, rule), found)
    return [event, *_elected(event, opened, election)]


def _check_tally(command: CountElectionBallot, papers: Papers, ballot: Ballot) -> None:
    """INV-031: the count is that of the box, or of the paper ballots, which was closed under this name."""
    opened, told = ballot.opened, ballot.result
    if opened is None:
        raise Absent(f"ballot {command.ballot_id}")
    if told is None or ballot.cancelled is not None or opened.kind is not BallotKind.ELECTION:
        raise Conflict(f"ballot {command.ballot_id} has no tally of an election")
    if isinstance(told, BallotClosed):
        found = Papers(issued=told.cast, returned=told.cast, valid=told.cast, invalid=0)
    else:
        found = Papers(issued=told.issued, returned=told.returned, valid=told.valid, invalid=told.invalid)
    if papers != found:
        raise Refused("INV-031", "issued", "returned", "valid", "invalid", detail=f"{found.issued}/{found.returned}/{found.valid}")
    tally = {line.code: line.votes for line in told.votes}
    if wrong := [vote.person_id for vote in command.votes if not told.withheld and tally.get(OptionCode(vote.person_id), 0) != vote.yes]:
        raise Refused("INV-031", "votes", detail=", ".join(wrong))


def _known(command: CountElectionBallot, election: Election) -> bool:
    """The same count of the same day is on record; a ballot that is named by its turn is told apart from one that gave the same."""
    counts = election.counted(command.office)
    same = [
        count.turn
        for count in counts
        if (count.occurred_on, count.issued, count.returned, count.valid, count.invalid, count.votes)
        == (command.occurred_on, command.issued, command.returned, command.valid, command.invalid, command.votes)
    ]
    if command.turn is None or command.turn in same:
        return bool(same)
    if command.turn != len(counts) + 1:
        raise Conflict(f"the next ballot is number {len(counts) + 1}")
    return False


def _electorate(command: CountElectionBallot, opened: ElectionOpened, election: Election, rules: Rules) -> Electorate:
    """The meeting that votes has been held on that very day, with candidates confirmed and tellers appointed."""
    if election.confirmed is None:
        raise Conflict("the candidates have not been confirmed")
    if command.office in LEADING and opened.has_committee and election.remaining(Office.COMMITTEE):
        raise Refused("INV-021", "office", detail=Office.COMMITTEE.en)
    meeting: FirstMeetingHeld | MeetingConvened | None
    if command.office in LEADING and by_committee(opened, rules):
        meeting = election.first_meeting
        if meeting is None:
            raise Refused("INV-021", "office", detail="the committee has not met")
    else:
        meeting = election.convened
        if meeting is None:
            raise Refused("INV-021", "office", detail="the election meeting has not been held")
        if False not in election.tellers:
            raise Conflict("no tellers have been appointed")
    if command.occurred_on != meeting.occurred_on:
        raise Conflict(f"the meeting was held on {meeting.occurred_on}, not on {command.occurred_on}")
    return Electorate(due=meeting.due, present=meeting.present)


def listed(office: Office, opened: ElectionOpened, election: Election) -> tuple[PersonId, ...]:
    """Who stands on the ballot: after a tie only those who tied, else the confirmed who are not elected yet."""
    if tied := election.tied(office):
        return tied
    slate = election.confirmed
    assert slate is not None, "a ballot has its candidates"
    elected = {winner.person_id for winner in election.winners(office)}
    if office not in LEADING:
        return tuple(person for person in slate.members if person not in elected)
    return tuple(person for person in getattr(slate, office.value) if _may_lead(person, opened, election))


def _may_lead(person: PersonId, opened: ElectionOpened, election: Election) -> bool:
    """Whoever was to lead and was not elected to the committee stands no more; in a by-election others are in it already."""
    elected = {winner.person_id for winner in election.winners(Office.COMMITTEE)}
    slate = election.confirmed
    assert slate is not None, "a ballot has its candidates"
    return not opened.has_committee or person in elected or person not in slate.members


def _check_names(command: CountElectionBallot, opened: ElectionOpened, election: Election, roster: Roster) -> None:
    """Whoever is on the first ballot has a line; others may be written in if they may stand (R-B12, INV-006, 027, 033, 035)."""
    named = [vote.person_id for vote in command.votes]
    once(named, "votes")
    candidates = listed(command.office, opened, election)
    others = set(named) - set(candidates)
    whole = bool(election.tied(command.office)) or not any(not count.void for count in election.counted(command.office))
    if whole and (missing := set(candidates) - set(named)):
        raise Malformed(f"votes: nothing is said about {', '.join(sorted(missing))}")
    if election.tied(command.office) and others:
        raise Refused("INV-033", "votes", detail=", ".join(sorted(others)))
    if again := set(named) & {winner.person_id for winner in election.winners(command.office)}:
        raise Conflict(f"elected already: {', '.join(sorted(again))}")
    _check_written_in(command, others, opened, election, roster)


def _check_written_in(
    command: CountElectionBallot, others: set[PersonId], opened: ElectionOpened, election: Election, roster: Roster
) -> None:
    check_eligible(roster, others, command.occurred_on, "votes")
    if command.office is not Office.DELEGATE:
        check_influence(roster, sorted(others), command.office, command.occurred_on, "votes")
    if command.office not in LEADING:
        return
    staying = roster.committee_on(command.occurred_on) if opened.kind is ElectionKind.BY_ELECTION else frozenset()
    committee = {winner.person_id for winner in election.winners(Office.COMMITTEE)} | staying
    if opened.has_committee and (outside := {vote.person_id for vote in command.votes} - committee):
        raise Refused("INV-027", "votes", detail=", ".join(sorted(outside)))
    (other,) = set(LEADING) - {command.office}
    if {vote.person_id for vote in command.votes} & {winner.person_id for winner in election.winners(other)}:
        raise Refused("INV-006", "votes")


def _counted(
    command: CountElectionBallot, election: Election, electorate: Electorate, seats: int, needed: int, found: Result
) -> BallotCounted:
    return BallotCounted(
        occurred_on=command.occurred_on,
        election_id=command.election_id,
        office=command.office,
        turn=len(election.counted(command.office)) + 1,
        seats=seats,
        due=electorate.due,
        present=electorate.present,
        issued=command.issued,
        returned=command.returned,
        valid=command.valid,
        invalid=command.invalid,
        votes=command.votes,
        needed=needed,
        void=found.void,
        elected=found.elected,
        tied=found.tied,
        ballot_id=command.ballot_id,
    )


def _elected(count: BallotCounted, opened: ElectionOpened, election: Election) -> Outcome:
    """When the last place of an office is filled, it is said who was elected, over all ballots."""
    after = msgspec.structs.replace(election, counts=(*election.counts, count))
    if after.remaining(count.office):
        return []
    return [_filled(count, opened, after.winners(count.office))]


def _filled(event: BallotCounted | SeatsReduced, opened: ElectionOpened, people: tuple[Winner, ...]) -> Elected:
    office = event.office if isinstance(event, BallotCounted) else body(opened)
    return Elected(occurred_on=event.occurred_on, election_id=event.election_id, kind=opened.kind, office=office, people=people)


def reduce_election_seats(command: ReduceElectionSeats, context: Context, election: Election) -> Outcome:
    """Only for the rest that nobody won, never below the least seats of a committee (INV-005, INV-013, INV-033)."""
    opened = running(election, command.election_id, command.occurred_on)
    office = body(opened)
    if election.reduced is not None:
        return []
    counts, convened = election.counted(office), election.convened
    if convened is None or not counts or counts[-1].void or not election.remaining(office):
        raise Conflict("no ballot has left a seat empty")
    if command.occurred_on != counts[-1].occurred_on:
        raise Conflict(f"the ballot was on {counts[-1].occurred_on}")
    if election.tied(office):
        raise Refused("INV-033", "election_id", detail=", ".join(election.tied(office)))
    winners = election.winners(office)
    least = context.rules.number("committee.seats_min") if opened.kind is ElectionKind.TERM else 1
    if len(winners) < least:
        raise Refused("INV-005", "election_id", detail=f"{len(winners)}/{least}")
    if command.consenting > convened.present:
        raise Refused("INV-011", "consenting", detail=f"{command.consenting}/{convened.present}")
    if command.consenting < votes_needed(convened.present, election_rules(context.rules)):
        raise Refused("INV-013", "consenting", detail=f"{command.consenting}/{convened.present}")
    event = SeatsReduced(
        occurred_on=command.occurred_on,
        election_id=command.election_id,
        seats=len(winners),
        consenting=command.consenting,
        present=convened.present,
    )
    return [event, _filled(event, opened, winners)]


CASES = (
    Case(command=CountElectionBallot, right=Right.ELECTION_WRITE, reads=(ELECTION, ROSTER, BALLOT), decide=count_election_ballot),
    Case(command=ReduceElectionSeats, right=Right.ELECTION_WRITE, reads=(ELECTION,), decide=reduce_election_seats),
)
