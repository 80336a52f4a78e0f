"""Elections: opened, reminded of, archived, taken back (N05.T01, R-A18); more in `election_*.py`."""

import datetime as dt
from typing import Annotated, ClassVar

from events.base import Count, Text, tag_of
from events.elections import (
    Elected,
    ElectionClosed,
    ElectionEntryWithdrawn,
    ElectionId,
    ElectionKind,
    ElectionOpened,
    ElectionReminded,
    FirstMeetingHeld,
    Matter,
    Office,
)
from events.meetings import MeetingCancelled
from events.organisations import Post
from service.auth.rights import Right
from service.decide.base import Case, Command, Context, Outcome, label
from service.decide.elections.procedure import PROCEDURES as PROCEDURES
from service.decide.elections.state import ELECTION, SUPERIORS, Election, known, running, submissions
from service.decide.roster import ROSTER, Roster, must_exist
from service.errors import Conflict, Malformed, Refused


class OpenElection(Command, frozen=True, kw_only=True, tag="open-election"):
    """The branch sets out to elect: a new committee, somebody for a vacancy, or delegates (N05.T01)."""

    zh: ClassVar[str] = "启动选举"
    en: ClassVar[str] = "Open an election"

    kind: Annotated[ElectionKind, label("选举类别", "Kind of election")]
    seats: Annotated[
        Count | None,
        label(
            "应选委员(代表)人数",
            "Members or delegates to elect",
            help_zh="换届留空则按本支部职数；不设支委会填0",
            help_en="Empty at the end of a term: the seats of this branch, none where there is no committee",
        ),
    ] = None
    elect_secretary: Annotated[bool | None, label("选举书记", "Elect a secretary")] = None
    elect_deputy: Annotated[bool | None, label("选举副书记", "Elect a deputy secretary")] = None
    term_ends_on: Annotated[
        dt.date | None,
        label("本届任期届满日期", "Running term ends on", help_zh="已登记班子的留空", help_en="Empty where the committee is on record"),
    ] = None
    title: Annotated[Text, label("会议名称", "Congress", help_zh="仅党代表选举", help_en="For delegates only")] = ""
    election_id: Annotated[ElectionId | None, label("选举编号", "Election id")] = None


class RemindOfElection(Command, frozen=True, kw_only=True, tag="remind-of-election"):
    """The superior reminds a branch that its term ends, normally six months before (R-A18)."""

    zh: ClassVar[str] = "提醒换届"
    en: ClassVar[str] = "Remind of the election"

    election_id: Annotated[
        ElectionId | None, label("选举", "Election", help_zh="留空则启动换届选举", help_en="Empty: opens the end-of-term election")
    ] = None


class CloseElection(Command, frozen=True, kw_only=True, tag="close-election"):
    """The result is approved; the papers are bound (N05.T01)."""

    zh: ClassVar[str] = "选举办结归档"
    en: ClassVar[str] = "Close an election"

    election_id: Annotated[ElectionId, label("选举", "Election")]
    volume: Annotated[Text, label("卷号", "Volume")] = ""


class WithdrawElectionEntry(Command, frozen=True, kw_only=True, tag="withdraw-election-entry"):
    """The last entry of the branch, or the whole election, was recorded wrongly."""

    zh: ClassVar[str] = "撤回选举登记"
    en: ClassVar[str] = "Withdraw an election entry"

    election_id: Annotated[ElectionId, label("选举", "Election")]
    whole: Annotated[bool, label("撤回整个选举", "The whole election", help_zh="否则只撤回最近一次", help_en="Else the last entry")] = False
    reason: Annotated[Text, label("原因", "Reason", min_length=1)]


def open_election(command: OpenElection, context: Context, roster: Roster, election: Election) -> Outcome:
    must_exist(roster, context)
    event = _opened(command, context, roster)
    if election.opened is not None:
        if election.opened == event:
            return []
        raise Conflict(f"election {event.election_id} is on record already")
    if election.withdrawn is not None:
        raise Conflict(f"election {event.election_id} was withdrawn")
    _check_kind(event)
    _check_seats(event, context, roster)
    return [event]


def _opened(command: OpenElection, context: Context, roster: Roster) -> ElectionOpened:
    at_term_end = command.kind is ElectionKind.TERM
    seats = command.seats
    if seats is None:
        seats = _committee(context, roster, command.occurred_on) if at_term_end else 0
    asked = {Office.SECRETARY: command.elect_secretary, Office.DEPUTY: command.elect_deputy}
    return ElectionOpened(
        occurred_on=command.occurred_on,
        election_id=command.election_id or ElectionId(context.event_ids[0]),
        kind=command.kind,
        term=_term(command.kind, roster),
        term_ends_on=(roster.term_ends_on or command.term_ends_on) if at_term_end else None,
        seats=seats,
        posts=tuple(office for office, wanted in asked.items() if (at_term_end if wanted is None else wanted)),
        has_committee=_committee(context, roster, command.occurred_on) > 0,
        title=command.title,
    )


def _term(kind: ElectionKind, roster: Roster) -> int | None:
    """The next term, or the running one whose vacancy is filled."""
    match kind:
        case ElectionKind.TERM:
            return roster.term + 1
        case ElectionKind.BY_ELECTION:
            return roster.term or None
        case ElectionKind.DELEGATES:
            return None


def _committee(context: Context, roster: Roster, day: dt.date) -> int:
    """The seats of this branch; none while there are too few full members (INV-004)."""
    enough = len(roster.full_members_on(day)) >= context.rules.number("committee.min_full_members")
    return context.rules.number("committee.seats") if enough else 0


def _check_kind(event: ElectionOpened) -> None:
    """Something is to be elected, and what is asked for fits the kind."""
    if event.kind is ElectionKind.DELEGATES and (not event.seats or event.posts or not event.title):
        raise Malformed("an election of delegates names the congress and how many go, and elects nobody else: seats, title")
    if event.kind is not ElectionKind.DELEGATES and event.title:
        raise Malformed("only delegates go to a congress: title")
    if event.kind is ElectionKind.TERM and Office.SECRETARY not in event.posts:
        raise Refused("INV-006", "elect_secretary")
    if not event.seats and not event.posts:
        raise Malformed("a by-election fills a seat or a post: seats, elect_secretary, elect_deputy")


def _check_seats(event: ElectionOpened, context: Context, roster: Roster) -> None:
    """INV-004, INV-005, INV-006: no more than the branch may have, beside those who stay in office."""
    if event.kind is ElectionKind.DELEGATES:
        return
    day, rules = event.occurred_on, context.rules
    full = len(roster.full_members_on(day))
    if event.seats and full < rules.number("committee.min_full_members"):
        raise Refused("INV-004", "seats", detail=str(full))
    if event.kind is ElectionKind.TERM:
        if event.seats != _committee(context, roster, day):
            raise Refused("INV-005", "seats", detail=str(event.seats))
        return
    if len(roster.committee_on(day)) + event.seats > rules.number("committee.seats"):
        raise Refused("INV-005", "seats", detail=str(event.seats))
    for office in event.posts:
        if roster.holder_of(Post[office.name], day) is not None:
            raise Refused("INV-006", f"elect_{office.value}")


def remind_of_election(command: RemindOfElection, context: Context, roster: Roster, election: Election) -> Outcome:
    """Once for each election; where the branch has not begun, the reminder opens the election (R-A18)."""
    must_exist(roster, context)
    begun: Outcome = []
    opened = election.opened
    if opened is None:
        opening = OpenElection(occurred_on=command.occurred_on, kind=ElectionKind.TERM, election_id=command.election_id)
        begun = open_election(opening, context, roster, election)
        opened = _opened(opening, context, roster)
    else:
        opened = running(election, opened.election_id, command.occurred_on)
    if election.reminded is not None:
        return []
    if opened.term_ends_on is None:
        raise Conflict("there is no term that ends")
    return [*begun, ElectionReminded(occurred_on=command.occurred_on, election_id=opened.election_id, term_ends_on=opened.term_ends_on)]


def close_election(command: CloseElection, _context: Context, election: Election) -> Outcome:
    """Only when the last submission is approved (INV-021), and once."""
    event = ElectionClosed(occurred_on=command.occurred_on, election_id=command.election_id, volume=command.volume)
    if election.closed == event:
        return []
    opened = running(election, command.election_id, command.occurred_on)
    approved = election.approved.get(submissions(opened)[-1])
    if approved is None:
        raise Refused("INV-021", "election_id")
    if command.occurred_on < approved.occurred_on:
        raise Refused("INV-021", "occurred_on", detail=str(approved.occurred_on))
    return [event]


def withdraw_election_entry(command: WithdrawElectionEntry, _context: Context, election: Election) -> Outcome:
    """What the superior decided stands, and so does a result that is approved; the rest goes from the end.

    The first meeting of the committee was put on record with its entry, so it goes with it.
    """
    if election.withdrawn is not None and command.whole:
        return []
    opened = known(election, command.election_id)
    last = election.standing[-2] if isinstance(election.standing[-1], Elected) else election.standing[-1]
    gone = opened if command.whole or len(election.standing) == 1 else last
    if Matter.THIRD in election.approved and not isinstance(gone, ElectionClosed):
        raise Conflict("the result is approved")
    if isinstance(gone, SUPERIORS):
        raise Conflict(f"{tag_of(gone)} was recorded by the superior")
    if command.occurred_on < (latest := max(event.occurred_on for event in election.standing)):
        raise Conflict(f"the last entry is of {latest}")
    day, what = command.occurred_on, tag_of(gone)
    withdrawn = ElectionEntryWithdrawn(occurred_on=day, election_id=command.election_id, what=what, reason=command.reason)
    if election.first_meeting is None or not isinstance(gone, ElectionOpened | FirstMeetingHeld):
        return [withdrawn]
    return [withdrawn, MeetingCancelled(occurred_on=day, meeting_id=election.first_meeting.meeting_id, reason=command.reason)]


CASES = (
    Case(command=OpenElection, right=Right.ELECTION_WRITE, reads=(ROSTER, ELECTION), decide=open_election),
    Case(command=RemindOfElection, right=Right.SUPERIOR_WRITE, reads=(ROSTER, ELECTION), decide=remind_of_election),
    Case(command=CloseElection, right=Right.ELECTION_WRITE, reads=(ELECTION,), decide=close_election),
    Case(command=WithdrawElectionEntry, right=Right.ELECTION_WRITE, reads=(ELECTION,), decide=withdraw_election_entry),
)
