"""What is known of one election: the state that its decisions and its procedure look at (norm N05)."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, assert_never, cast

import msgspec
from msgspec.structs import replace

from events.base import Event, PersonId, tag_of
from events.elections import (
    BallotCounted,
    CandidateInvestigated,
    CandidatesRecommended,
    Elected,
    ElectionClosed,
    ElectionEntryWithdrawn,
    ElectionEvent,
    ElectionId,
    ElectionKind,
    ElectionOpened,
    ElectionPaperAdopted,
    ElectionReminded,
    ElectorExcluded,
    FirstMeetingHeld,
    IncumbentsReviewed,
    Matter,
    MeetingConvened,
    Office,
    Paper,
    Recommender,
    RequestApproved,
    RequestReturned,
    RequestSubmitted,
    SeatsReduced,
    SlateConfirmed,
    SlateProposed,
    TellersAppointed,
    Winner,
)
from projections.standard.periods import add_months
from projections.standard.rules import Rules
from service.decide.base import Fold, own
from service.errors import Absent, Conflict

THREE = (Matter.FIRST, Matter.SECOND, Matter.THIRD)
SUPERIORS = (ElectionReminded, RequestApproved, RequestReturned)
"""What the superior recorded: the branch cannot take it back."""


class Election(msgspec.Struct, frozen=True, kw_only=True):
    """One election, folded over the entries that stand."""

    opened: ElectionOpened | None = None
    withdrawn: ElectionEntryWithdrawn | None = None
    """The election itself was recorded wrongly."""
    reminded: ElectionReminded | None = None
    submitted: Mapping[Matter, RequestSubmitted] = {}
    approved: Mapping[Matter, RequestApproved] = {}
    returned: Mapping[Matter, RequestReturned] = {}
    papers: Mapping[Paper, ElectionPaperAdopted] = {}
    review: IncumbentsReviewed | None = None
    recommended: Mapping[Recommender, CandidatesRecommended] = {}
    investigated: Mapping[PersonId, CandidateInvestigated] = {}
    proposed: SlateProposed | None = None
    confirmed: SlateConfirmed | None = None
    excluded: Mapping[PersonId, ElectorExcluded] = {}
    convened: MeetingConvened | None = None
    tellers: Mapping[bool, TellersAppointed] = {}
    """By whether they are for the ballot of the new committee."""
    counts: tuple[BallotCounted, ...] = ()
    reduced: SeatsReduced | None = None
    first_meeting: FirstMeetingHeld | None = None
    closed: ElectionClosed | None = None
    standing: tuple[Event, ...] = ()
    """The entries that stand, in order: the last one may be taken back."""

    def counted(self, office: Office) -> tuple[BallotCounted, ...]:
        return tuple(count for count in self.counts if count.office is office)

    def winners(self, office: Office) -> tuple[Winner, ...]:
        """Those elected to an office so far, each with the votes of the ballot that elected them."""
        return tuple(
            Winner(person_id=vote.person_id, due=count.due, present=count.present, yes=vote.yes)
            for count in self.counted(office)
            for vote in count.votes
            if vote.person_id in count.elected
        )

    def tied(self, office: Office) -> tuple[PersonId, ...]:
        """Who must stand in the next ballot for an office, and nobody else (INV-033)."""
        counts = [count for count in self.counted(office) if not count.void]
        return counts[-1].tied if counts else ()

    def places(self, office: Office) -> int:
        """How many are to be elected to an office."""
        assert self.opened is not None, "an election is opened before anything is asked of it"
        if office in (Office.SECRETARY, Office.DEPUTY):
            return int(office in self.opened.posts)
        if office is not body(self.opened):
            return 0
        return self.opened.seats if self.reduced is None else self.reduced.seats

    def remaining(self, office: Office) -> int:
        return self.places(office) - len(self.winners(office))

    @property
    def complete(self) -> bool:
        """Everybody who is to be elected has been."""
        return all(self.remaining(office) == 0 for office in Office)


def body(opened: ElectionOpened) -> Office:
    """What those who are not secretary or deputy are elected to."""
    return Office.DELEGATE if opened.kind is ElectionKind.DELEGATES else Office.COMMITTEE


def submissions(opened: ElectionOpened) -> tuple[Matter, ...]:
    """All three for the end of a term; a by-election and delegates are asked for with their candidates (N05.T03)."""
    return THREE if opened.kind is ElectionKind.TERM else THREE[1:]


def by_committee(opened: ElectionOpened, rules: Rules) -> bool:
    """Whether the committee elects secretary and deputy; where there is none, or it is so set, the general meeting does (R-A17)."""
    return opened.has_committee and rules.text("election.secretary_elected_by") == "committee"


def last_day(election: Election, opened: ElectionOpened) -> dt.date | None:
    """The last day on which the election meeting is in time, an approved extension included (R-B01)."""
    extension = election.approved.get(Matter.EXTENSION)
    return opened.term_ends_on if extension is None else extension.planned_on


def first_day(election: Election, opened: ElectionOpened, rules: Rules) -> dt.date | None:
    """The first day on which the election meeting is not early, or an approved early one may be held (INV-023)."""
    if opened.term_ends_on is None:
        return None
    begins = add_months(opened.term_ends_on, -rules.number("election.on_time_months"))
    early = election.approved.get(Matter.EARLY)
    return begins if early is None or early.planned_on is None else min(begins, early.planned_on)


NEW = Election()


def evolve(election: Election, event: Event) -> Election:
    """The election after one more event of its stream."""
    own_event = cast("ElectionEvent", event)
    if isinstance(own_event, ElectionEntryWithdrawn):
        if own_event.what == tag_of(ElectionOpened):
            return Election(withdrawn=own_event)
        return _refolded(without_last(election.standing))
    return replace(_with(election, own_event), standing=(*election.standing, event))


def without_last(standing: tuple[Event, ...]) -> tuple[Event, ...]:
    """An entry goes with what followed from it in the same breath."""
    return standing[:-2] if isinstance(standing[-1], Elected) else standing[:-1]


def _refolded(events: Sequence[Event]) -> Election:
    election = NEW
    for event in events:
        election = evolve(election, event)
    return election


def _with(election: Election, event: ElectionEvent) -> Election:  # noqa: C901, PLR0911, PLR0912 - one line for each event
    match event:
        case ElectionOpened():
            return Election(opened=event)
        case ElectionReminded():
            return replace(election, reminded=event)
        case RequestSubmitted():
            return replace(election, submitted={**election.submitted, event.matter: event})
        case RequestApproved():
            return replace(election, approved={**election.approved, event.matter: event})
        case RequestReturned():
            return _returned(election, event)
        case ElectionPaperAdopted():
            return replace(election, papers={**election.papers, event.paper: event})
        case IncumbentsReviewed():
            return replace(election, review=event)
        case CandidatesRecommended():
            return replace(election, recommended={**election.recommended, event.by: event})
        case CandidateInvestigated():
            return replace(election, investigated={**election.investigated, event.person_id: event})
        case SlateProposed():
            return replace(election, proposed=event)
        case SlateConfirmed():
            return replace(election, confirmed=event)
        case ElectorExcluded():
            return replace(election, excluded={**election.excluded, event.person_id: event})
        case MeetingConvened():
            return replace(election, convened=event)
        case TellersAppointed():
            return replace(election, tellers={**election.tellers, event.of_committee: event})
        case BallotCounted():
            return replace(election, counts=(*election.counts, event))
        case SeatsReduced():
            return replace(election, reduced=event)
        case Elected():
            return election
        case FirstMeetingHeld():
            return replace(election, first_meeting=event)
        case ElectionClosed():
            return replace(election, closed=event)
        case ElectionEntryWithdrawn():
            return election
        case _:
            assert_never(event)


def _returned(election: Election, event: RequestReturned) -> Election:
    """The matter is open again; a void election begins again with its meeting (R-B16)."""
    again = replace(
        election,
        submitted=_without(election.submitted, event.matter),
        approved=_without(election.approved, event.matter),
        returned={**election.returned, event.matter: event},
    )
    if not event.void:
        return again
    return replace(again, excluded={}, convened=None, tellers={}, counts=(), reduced=None, first_meeting=None)


def _without(entries: Mapping[Matter, Any], matter: Matter) -> dict[Matter, Any]:
    return {key: entry for key, entry in entries.items() if key is not matter}


def stream_of(election_id: str) -> str:
    return f"election-{election_id}"


ELECTION = Fold[Election](
    name="election",
    book=own,
    stream=lambda command: stream_of(command.election_id) if command.election_id else None,
    initial=NEW,
    evolve=evolve,
)


def running(election: Election, election_id: ElectionId, day: dt.date) -> ElectionOpened:
    """The election as it was opened, unless there is none, it is over, or the day lies before it."""
    opened = known(election, election_id)
    if election.closed is not None:
        raise Conflict(f"election {election_id} was closed on {election.closed.occurred_on}")
    if day < opened.occurred_on:
        raise Conflict(f"election {election_id} was opened on {opened.occurred_on}, after {day}")
    return opened


def known(election: Election, election_id: ElectionId) -> ElectionOpened:
    if election.withdrawn is not None:
        raise Conflict(f"election {election_id} was withdrawn on {election.withdrawn.occurred_on}")
    if election.opened is None:
        raise Absent(f"election {election_id}")
    return election.opened
