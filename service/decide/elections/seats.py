"""The elected take office on the roster when the superior has approved the result, and not before (INV-004 to 006, INV-034)."""

import datetime as dt

from events.base import PersonId
from events.elections import Duty, ElectionKind, ElectionOpened, Office, RequestApproved, Winner
from events.organisations import CommitteeSeated, Post, PostAssigned, Seat
from projections.standard.periods import add_months
from projections.standard.rules import Rules
from service.decide.base import Outcome
from service.decide.elections.state import Election
from service.decide.organisations.founding import SINGLE_POSTS, check_seats
from service.decide.roster import Roster
from service.errors import Conflict, Refused

FIELD = "matter"
"""The field of the approval that a refusal is about: what was elected cannot be seated."""


def take_office(approval: RequestApproved, election: Election, roster: Roster, rules: Rules) -> Outcome:
    """What the approval of the result does on the roster; delegates take no seat."""
    opened = election.opened
    assert opened is not None, "only what was opened is approved"
    match opened.kind:
        case ElectionKind.TERM:
            return [_committee(approval, opened, election, roster, rules)]
        case ElectionKind.BY_ELECTION:
            return _posts(approval, election, roster, rules)
        case ElectionKind.DELEGATES:
            return []


def _committee(approval: RequestApproved, opened: ElectionOpened, election: Election, roster: Roster, rules: Rules) -> CommitteeSeated:
    day = approval.occurred_on
    assert opened.term is not None, "an election at the end of a term begins the next one"
    if opened.term <= roster.term:
        raise Conflict(f"term {roster.term} is on record already")
    if any(tenure.held.until is None and day < tenure.held.since for tenure in roster.tenures):
        raise Conflict(f"the committee in office was seated after {day}")
    seats = _seats(election)
    for seat in seats:
        _may_take(roster, seat.person_id, day)
    try:
        check_seats(seats, full_members=len(roster.full_members_on(day)), seats_set=_seats_set(election, rules))
    except Refused as refused:
        raise Refused(refused.rule, FIELD, detail=refused.detail) from refused
    return CommitteeSeated(
        occurred_on=day,
        term=opened.term,
        term_ends_on=add_months(day, 12 * rules.number("committee.term_years")),
        approval_no=approval.approval_no,
        seats=seats,
    )


def _seats(election: Election) -> tuple[Seat, ...]:
    """Secretary and deputy with the votes of their own ballot, the others with those of the committee's."""
    leading = {
        winner.person_id: _seat(winner, Post[office.name], "")
        for office in (Office.SECRETARY, Office.DEPUTY)
        for winner in election.winners(office)
    }
    others = [_member(winner, election) for winner in election.winners(Office.COMMITTEE) if winner.person_id not in leading]
    return (*leading.values(), *others)


def _member(winner: Winner, election: Election) -> Seat:
    """With the duty that the first meeting gave."""
    division = () if election.first_meeting is None else election.first_meeting.division
    mine = next((part for part in division if part.person_id == winner.person_id), None)
    duty = Duty.MEMBER if mine is None else mine.duty
    return _seat(winner, Post[duty.name], "" if mine is None else mine.duties)


def _seat(winner: Winner, post: Post, duties: str) -> Seat:
    return Seat(
        person_id=winner.person_id, post=post, duties=duties, votes_due=winner.due, votes_present=winner.present, votes_for=winner.yes
    )


def _seats_set(election: Election, rules: Rules) -> tuple[int, int, int, int]:
    """The seats of this branch, or fewer where the electors agreed to that (R-B14)."""
    return (
        rules.number("committee.seats") if election.reduced is None else election.reduced.seats,
        rules.number("committee.seats_min"),
        rules.number("committee.seats_max"),
        rules.number("committee.min_full_members"),
    )


def _may_take(roster: Roster, person_id: PersonId, day: dt.date) -> None:
    """INV-002, INV-009, INV-014: on the day of the approval, too, only full members with their rights."""
    roster.must_be_active(person_id, day, FIELD)
    if person_id not in roster.voters_on(day):
        raise Refused("INV-014", FIELD, detail=person_id)


def _posts(approval: RequestApproved, election: Election, roster: Roster, rules: Rules) -> Outcome:
    """A by-election fills what is vacant for the rest of the term (INV-004 to 006)."""
    day, seats = approval.occurred_on, _seats(election)
    for seat in seats:
        _may_take(roster, seat.person_id, day)
        if seat.post in SINGLE_POSTS and roster.holder_of(seat.post, day) is not None:
            raise Refused("INV-006", FIELD, detail=seat.person_id)
        if seat.post not in SINGLE_POSTS and len(roster.full_members_on(day)) < rules.number("committee.min_full_members"):
            raise Refused("INV-004", FIELD)
    people = roster.committee_on(day) | {seat.person_id for seat in seats}
    if len(people) > rules.number("committee.seats"):
        raise Refused("INV-005", FIELD, detail=str(len(people)))
    return [PostAssigned(occurred_on=day, term=roster.term, seat=seat, approval_no=approval.approval_no) for seat in seats]
