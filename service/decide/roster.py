"""Who is in a branch and in what capacity, on any day: the state that nearly every decider looks at (norms N02, N04; R-A, R-E).

Days are local dates. Somebody who leaves on a day no longer counts on it, but may still be named in records of that day.
"""

import datetime as dt
from collections.abc import Mapping
from typing import TypeVar, assert_never, cast

import msgspec
from msgspec.structs import replace

from events.base import Event, GroupId, OrgId, PersonId
from events.members import (
    CaseClosed,
    CaseOpened,
    Entered,
    InfluenceSet,
    MemberAssignedToGroup,
    MemberConverted,
    MemberEvent,
    MemberLeft,
    MemberProfileChanged,
    MemberRegistered,
    MembershipReinstated,
    MembershipSuspended,
    MemberStatus,
    MemberTransferredIn,
    MemberTransferredOut,
    RegistrationWithdrawn,
    VotingRestored,
    VotingSuspended,
)
from events.organisations import (
    BranchAdded,
    BranchRegistered,
    CommitteeSeated,
    GroupDissolved,
    GroupFormed,
    GroupLeaderAppointed,
    OrganisationEvent,
    OrganisationFounded,
    Post,
    PostAssigned,
    PostVacated,
)
from service.decide.base import Context, Fold, own
from service.errors import Absent, Refused

T = TypeVar("T")


class Span(msgspec.Struct, frozen=True):
    """From a day on, until (not including) another; None: still."""

    since: dt.date
    until: dt.date | None = None

    def covers(self, day: dt.date) -> bool:
        return self.since <= day and (self.until is None or day < self.until)


class RosterMember(msgspec.Struct, frozen=True, kw_only=True):
    """One person on the roll; personal fields of `profile` are sealed."""

    person_id: PersonId
    profile: Entered
    belongs: Span
    converted_on: dt.date | None = None
    suspended: tuple[Span, ...] = ()
    no_vote: tuple[Span, ...] = ()
    groups: tuple[tuple[dt.date, GroupId], ...] = ()
    open_cases: tuple[str, ...] = ()
    matters: tuple[CaseOpened, ...] = ()
    """The cases that are open or led to a punishment or disposition (INV-093)."""
    influences: tuple[InfluenceSet, ...] = ()
    """The last word on each case's influence period (R-G03)."""
    earlier: "RosterMember | None" = None
    """The stay before this one, of somebody who left and came back."""

    @property
    def status(self) -> MemberStatus:
        return MemberStatus.FULL if self.converted_on is not None else self.profile.status

    def stay_on(self, day: dt.date) -> "RosterMember":
        """What was known of the person in the stay to which a day belongs."""
        return self if self.earlier is None or day >= self.belongs.since else self.earlier.stay_on(day)

    def status_on(self, day: dt.date) -> MemberStatus:
        stay = self.stay_on(day)
        converted = stay.converted_on is not None and stay.converted_on <= day
        return MemberStatus.FULL if converted else stay.profile.status

    def counts_on(self, day: dt.date) -> bool:
        """On the roll and not suspended."""
        stay = self.stay_on(day)
        return stay.belongs.covers(day) and not any(span.covers(day) for span in stay.suspended)

    def votes_on(self, day: dt.date) -> bool:
        """A full member whose rights are not suspended (R-B03)."""
        lost = any(span.covers(day) for span in self.stay_on(day).no_vote)
        return self.counts_on(day) and self.status_on(day) is MemberStatus.FULL and not lost


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """A Party group; leaders with the day they began."""

    group_id: GroupId
    name: str
    exists: Span
    leaders: tuple[tuple[dt.date, PersonId], ...] = ()


class Tenure(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody in a post."""

    person_id: PersonId
    post: Post
    term: int
    held: Span


class Roster(msgspec.Struct, frozen=True, kw_only=True):
    """The roll of one organisation."""

    org_id: OrgId | None = None
    parent_id: OrgId | None = None
    founded: OrganisationFounded | None = None
    registered: BranchRegistered | None = None
    branches: tuple[OrgId, ...] = ()
    members: Mapping[PersonId, RosterMember] = {}
    in_error: frozenset[PersonId] = frozenset()
    """Those whose registration was taken back; they never belonged here."""
    groups: Mapping[GroupId, Group] = {}
    tenures: tuple[Tenure, ...] = ()
    term: int = 0
    term_ends_on: dt.date | None = None

    def members_on(self, day: dt.date) -> frozenset[PersonId]:
        """Who counts in this branch on a day (R-E04: at the sender until accepted elsewhere)."""
        return frozenset(person for person, member in self.members.items() if member.counts_on(day))

    def voters_on(self, day: dt.date) -> frozenset[PersonId]:
        """Who has a vote on a day (R-B03, INV-014)."""
        return frozenset(person for person, member in self.members.items() if member.votes_on(day))

    def full_members_on(self, day: dt.date) -> frozenset[PersonId]:
        return frozenset(p for p, m in self.members.items() if m.counts_on(day) and m.status_on(day) is MemberStatus.FULL)

    def committee_on(self, day: dt.date) -> frozenset[PersonId]:
        """Who holds a seat on a day."""
        return frozenset(tenure.person_id for tenure in self.tenures if tenure.held.covers(day))

    def holder_of(self, post: Post, day: dt.date) -> PersonId | None:
        return next((tenure.person_id for tenure in reversed(self.tenures) if tenure.post is post and tenure.held.covers(day)), None)

    def secretary_on(self, day: dt.date) -> PersonId | None:
        return self.holder_of(Post.SECRETARY, day)

    def groups_on(self, day: dt.date) -> frozenset[GroupId]:
        return frozenset(group_id for group_id, group in self.groups.items() if group.exists.covers(day))

    def group_of(self, person_id: PersonId, day: dt.date) -> GroupId | None:
        """The one group of a member on a day (INV-003); none while its group is dissolved."""
        member = self.members.get(person_id)
        assigned = [] if member is None else [group for since, group in member.stay_on(day).groups if since <= day]
        return assigned[-1] if assigned and self.groups[assigned[-1]].exists.covers(day) else None

    def group_leader_on(self, group_id: GroupId, day: dt.date) -> PersonId | None:
        group = self.groups.get(group_id)
        led = [] if group is None else [leader for since, leader in group.leaders if since <= day]
        return led[-1] if led else None

    def influence_on(self, person_id: PersonId, day: dt.date) -> InfluenceSet | None:
        """The influence period in which a person is on a day, the longest of several (R-G03, INV-035)."""
        member = self.members.get(person_id)
        running = (
            [] if member is None else [one for one in member.influences if one.until is not None and one.occurred_on <= day <= one.until]
        )
        return max(running, key=lambda one: one.until or day, default=None)

    def barred_until(self, person_id: PersonId, day: dt.date) -> dt.date | None:
        """The last day of the influence period in which a person is on a day; None: there is no bar (INV-035)."""
        influence = self.influence_on(person_id, day)
        return None if influence is None else influence.until

    def must_be_active(self, person_id: PersonId, day: dt.date, field: str) -> RosterMember:
        """The member, whose records may be dated `day`. Raises INV-002 (not, or not yet, of this branch) or INV-009 (ended)."""
        known = self.members.get(person_id)
        member = None if known is None else known.stay_on(day)
        if member is None or day < member.belongs.since:
            raise Refused("INV-002", field, detail=person_id)
        ended = member.belongs.until is not None and day > member.belongs.until
        if ended or any(span.covers(day) and day > span.since for span in member.suspended):
            raise Refused("INV-009", field, detail=person_id)
        return member

    def must_belong(self, person_id: PersonId, day: dt.date, field: str) -> RosterMember:
        """The member, who can go elsewhere: still on this roll and not suspended. Raises INV-002 or INV-009.

        A record may name somebody on the very day of leaving; a letter may not.
        """
        member = self.must_be_active(person_id, day, field)
        if member.belongs.until is not None or any(span.until is None for span in member.suspended):
            raise Refused("INV-009", field, detail=person_id)
        return member


def evolve(roster: Roster, event: Event) -> Roster:
    """The stream `roster` holds what organisations and members say, and nothing else."""
    match cast("OrganisationEvent | MemberEvent", event):
        case OrganisationFounded() as founded:
            return replace(roster, org_id=founded.org_id, parent_id=founded.parent_id, founded=founded)
        case BranchAdded() as added:
            return replace(roster, branches=(*roster.branches, added.branch_id))
        case BranchRegistered() as registered:
            return replace(roster, registered=registered)
        case GroupFormed() | GroupLeaderAppointed() | GroupDissolved() as grouped:
            return replace(roster, groups={**roster.groups, grouped.group_id: _group(roster, grouped)})
        case CommitteeSeated() | PostAssigned() | PostVacated() as seated:
            if isinstance(seated, CommitteeSeated):
                roster = replace(roster, term=seated.term, term_ends_on=seated.term_ends_on)
            return replace(roster, tenures=_tenures(roster.tenures, seated))
        case MemberRegistered() | MemberTransferredIn() as entered:
            return replace(_with(roster, _entered(roster, entered)), in_error=roster.in_error - {entered.person_id})
        case RegistrationWithdrawn(person_id=person_id):
            others = {person: member for person, member in roster.members.items() if person != person_id}
            return replace(roster, members=others, in_error=roster.in_error | {person_id})
        case (
            MemberTransferredOut()
            | MemberLeft()
            | MemberProfileChanged()
            | MemberAssignedToGroup()
            | MemberConverted()
            | MembershipSuspended()
            | MembershipReinstated()
            | VotingSuspended()
            | VotingRestored()
            | CaseOpened()
            | CaseClosed()
            | InfluenceSet()
        ) as changed:
            return _with(_left_posts(roster, changed), _changed(roster.members[changed.person_id], changed))
        case other:
            assert_never(other)


def _with(roster: Roster, member: RosterMember) -> Roster:
    return replace(roster, members={**roster.members, member.person_id: member})


def _left_posts(roster: Roster, event: MemberEvent) -> Roster:
    """Whoever leaves the branch holds no post in it any more."""
    if not isinstance(event, MemberTransferredOut | MemberLeft):
        return roster
    mine = (_until(tenure, event.occurred_on) if tenure.person_id == event.person_id else tenure for tenure in roster.tenures)
    return replace(roster, tenures=tuple(mine))


def _group(roster: Roster, event: GroupFormed | GroupLeaderAppointed | GroupDissolved) -> Group:
    match event:
        case GroupFormed():
            return Group(group_id=event.group_id, name=event.name, exists=Span(event.occurred_on))
        case GroupLeaderAppointed():
            group = roster.groups[event.group_id]
            return replace(group, leaders=_dated(group.leaders, event.occurred_on, event.leader_id))
        case GroupDissolved():
            group = roster.groups[event.group_id]
            return replace(group, exists=replace(group.exists, until=event.occurred_on))
        case other:
            assert_never(other)


def _tenures(tenures: tuple[Tenure, ...], event: CommitteeSeated | PostAssigned | PostVacated) -> tuple[Tenure, ...]:
    match event:
        case CommitteeSeated():
            before = tuple(_until(tenure, event.occurred_on) for tenure in tenures)
            return before + tuple(_tenure(event, seat.person_id, seat.post) for seat in event.seats)
        case PostAssigned():
            return (*tenures, _tenure(event, event.seat.person_id, event.seat.post))
        case PostVacated():
            return tuple(_until(t, event.occurred_on) if (t.person_id, t.post) == (event.person_id, event.post) else t for t in tenures)
        case other:
            assert_never(other)


def _tenure(event: CommitteeSeated | PostAssigned, person_id: PersonId, post: Post) -> Tenure:
    return Tenure(person_id=person_id, post=post, term=event.term, held=Span(event.occurred_on))


def _until(tenure: Tenure, day: dt.date) -> Tenure:
    return tenure if tenure.held.until is not None else replace(tenure, held=replace(tenure.held, until=day))


def _entered(roster: Roster, event: MemberRegistered | MemberTransferredIn) -> RosterMember:
    """Somebody who comes back begins anew; days of the earlier stay are still judged by what was known of it."""
    since = event.joined_on if isinstance(event, MemberRegistered) else event.occurred_on
    known = roster.members.get(event.person_id)
    groups = () if event.group_id is None else ((since, event.group_id),)
    member = RosterMember(person_id=event.person_id, profile=event, belongs=Span(since), groups=groups, earlier=known)
    if known is None:
        return member
    return replace(member, open_cases=known.open_cases, matters=known.matters, influences=known.influences)


PROFILE = (
    *("name", "sex", "nationality", "born_on", "born_month", "id_number", "id_index", "native_place", "education", "work_post"),
    *("unit_and_post", "started_work", "admitted_on", "full_on", "phone", "address", "mobile", "hardship", "remark"),
)
"""Fields of the profile that may change or be put right."""

MemberChange = (
    MemberTransferredOut
    | MemberLeft
    | MemberProfileChanged
    | MemberAssignedToGroup
    | MemberConverted
    | MembershipSuspended
    | MembershipReinstated
    | VotingSuspended
    | VotingRestored
    | CaseOpened
    | CaseClosed
    | InfluenceSet
)


def _changed(member: RosterMember, event: MemberChange) -> RosterMember:  # noqa: PLR0911
    day = event.occurred_on
    if isinstance(event, CaseOpened | CaseClosed | InfluenceSet):
        return _of_case(member, event)
    if member.earlier is not None and day < member.belongs.since:
        return replace(member, earlier=_changed(member.earlier, event))
    match event:
        case MemberTransferredOut() | MemberLeft():
            return replace(member, belongs=replace(member.belongs, until=day))
        case MemberProfileChanged():
            changes = {field: value for field in PROFILE if (value := getattr(event, field)) is not None}
            converted_on = member.converted_on and (event.full_on or member.converted_on)
            return replace(member, profile=replace(member.profile, **changes), converted_on=converted_on)
        case MemberAssignedToGroup():
            return replace(member, groups=_dated(member.groups, day, event.group_id))
        case MemberConverted():
            return replace(member, converted_on=day)
        case MembershipSuspended():
            return replace(member, suspended=(*member.suspended, Span(day)))
        case MembershipReinstated():
            return replace(member, suspended=_closed(member.suspended, day))
        case VotingSuspended():
            return replace(member, no_vote=(*member.no_vote, Span(day)))
        case VotingRestored():
            return replace(member, no_vote=_closed(member.no_vote, day))
        case other:
            assert_never(other)


def _of_case(member: RosterMember, event: CaseOpened | CaseClosed | InfluenceSet) -> RosterMember:
    """Cases follow the person, through every stay."""
    cases = tuple(case for case in member.open_cases if case != event.case_no)
    matters = tuple(opened for opened in member.matters if opened.case_no != event.case_no)
    match event:
        case CaseOpened():
            return replace(member, open_cases=(*cases, event.case_no), matters=(*matters, event))
        case CaseClosed():
            return replace(member, open_cases=cases, matters=member.matters if event.sanctioned else matters)
        case InfluenceSet():
            others = tuple(one for one in member.influences if one.case_no != event.case_no)
            return replace(member, influences=(*others, event))
        case other:
            assert_never(other)


def _closed(spans: tuple[Span, ...], day: dt.date) -> tuple[Span, ...]:
    return tuple(span if span.until is not None else replace(span, until=day) for span in spans)


def _dated(entries: tuple[tuple[dt.date, T], ...], day: dt.date, value: T) -> tuple[tuple[dt.date, T], ...]:
    """In order of their days; of two on one day the later record wins."""
    return tuple(sorted((*entries, (day, value)), key=lambda entry: entry[0]))


ROSTER = Fold[Roster](name="roster", book=own, stream=lambda _command: "roster", initial=Roster(), evolve=evolve)


def must_exist(roster: Roster, context: Context) -> None:
    """Nothing can be recorded for an organisation that was never founded."""
    if roster.founded is None:
        raise Absent(context.org_id)
