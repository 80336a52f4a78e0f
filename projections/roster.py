"""The roster as tables: organisations, groups, members with their posts. Sealed fields stay sealed."""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator
from typing import Any

import msgspec

from events.admission_acceptance import ConversionApproved
from events.base import Event
from events.members import (
    Entered,
    MemberAssignedToGroup,
    MemberConverted,
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
    BranchRegistered,
    CommitteeSeated,
    GroupDissolved,
    GroupFormed,
    GroupLeaderAppointed,
    OrganisationFounded,
    PostAssigned,
    PostVacated,
)
from projections.engine.fold import Fact, Projection, Row

TRANSFERRED = "transferred"
IN_ERROR = "in_error"
"""Was never a member here."""
CARRIED = (
    *("name", "nationality", "born_month", "id_number", "id_index", "education", "work_post", "unit_and_post"),
    *("admitted_on", "full_on", "phone", "mobile", "hardship"),
)
"""Columns of the member table that a profile change may set."""


class State(msgspec.Struct):
    """Posts held now, by person."""

    posts: dict[str, list[str]] = {}


FRESH = {"posts": [], "suspended": False, "voting_suspended": False, "left_on": None, "left_ground": None}
"""How everybody enters the roll, also somebody who was on it before."""


def _organisation(fact: Fact[Any], **values: Any) -> Row:
    return Row(table="organisation", key=(), values={"position": fact.position, **values})


def _member(fact: Fact[Any], person_id: str, **values: Any) -> Row:
    return Row(table="member", key=(person_id,), values={"position": fact.position, **values})


def _group(fact: Fact[Any], group_id: str, **values: Any) -> Row:
    return Row(table="party_group", key=(group_id,), values={"position": fact.position, **values})


def founded(_state: State, fact: Fact[OrganisationFounded]) -> Iterator[Row]:
    event = fact.event
    yield _organisation(
        fact,
        parent_id=event.parent_id,
        kind=str(event.kind),
        name=event.name,
        short_name=event.short_name,
        branch_type=None if event.branch_type is None else str(event.branch_type),
        founded_on=event.occurred_on,
    )


def registered(_state: State, fact: Fact[BranchRegistered]) -> Iterator[Row]:
    event = fact.event
    yield _organisation(fact, contact=event.contact, phone=event.phone, venue=event.venue)


def group_formed(_state: State, fact: Fact[GroupFormed]) -> Iterator[Row]:
    yield _group(fact, fact.event.group_id, name=fact.event.name)


def leader_appointed(_state: State, fact: Fact[GroupLeaderAppointed]) -> Iterator[Row]:
    yield _group(fact, fact.event.group_id, leader_id=fact.event.leader_id)


def group_dissolved(_state: State, fact: Fact[GroupDissolved]) -> Iterator[Row]:
    yield _group(fact, fact.event.group_id, dissolved_on=fact.event.occurred_on)


def seated(state: State, fact: Fact[CommitteeSeated]) -> Iterator[Row]:
    """A new committee replaces the old one whole."""
    before = state.posts
    state.posts = {}
    for seat in fact.event.seats:
        state.posts.setdefault(seat.person_id, []).append(str(seat.post))
    yield _organisation(fact, term=fact.event.term, term_ends_on=fact.event.term_ends_on)
    for person_id in sorted({*before, *state.posts}):
        yield _member(fact, person_id, posts=state.posts.get(person_id, []))


def post_assigned(state: State, fact: Fact[PostAssigned]) -> Iterator[Row]:
    seat = fact.event.seat
    state.posts.setdefault(seat.person_id, []).append(str(seat.post))
    yield _member(fact, seat.person_id, posts=list(state.posts[seat.person_id]))


def post_vacated(state: State, fact: Fact[PostVacated]) -> Iterator[Row]:
    held = [post for post in state.posts.pop(fact.event.person_id, []) if post != fact.event.post]
    if held:
        state.posts[fact.event.person_id] = held
    yield _member(fact, fact.event.person_id, posts=held)


def entered(_state: State, fact: Fact[MemberRegistered | MemberTransferredIn]) -> Iterator[Row]:
    event: Entered = fact.event
    joined_on = fact.event.joined_on if isinstance(fact.event, MemberRegistered) else event.occurred_on
    yield _member(
        fact,
        event.person_id,
        name=event.name,
        sex=str(event.sex),
        nationality=event.nationality,
        born_month=event.born_month,
        id_number=event.id_number,
        id_index=event.id_index,
        education=event.education,
        work_post=event.work_post,
        unit_and_post=event.unit_and_post,
        phone=event.phone,
        status=str(event.status),
        admitted_on=event.admitted_on,
        full_on=event.full_on,
        joined_on=joined_on,
        group_id=event.group_id,
        mobile=event.mobile,
        hardship=event.hardship,
        page=fact.page,
        **FRESH,
    )


def profile_changed(_state: State, fact: Fact[MemberProfileChanged]) -> Iterator[Row]:
    changes = {column: value for column in CARRIED if (value := getattr(fact.event, column)) is not None}
    if fact.event.sex is not None:
        changes["sex"] = str(fact.event.sex)
    if changes:
        yield _member(fact, fact.event.person_id, **changes)


def assigned(_state: State, fact: Fact[MemberAssignedToGroup]) -> Iterator[Row]:
    yield _member(fact, fact.event.person_id, group_id=fact.event.group_id)


def converted(_state: State, fact: Fact[MemberConverted]) -> Iterator[Row]:
    yield _member(fact, fact.event.person_id, status=str(MemberStatus.FULL), full_on=fact.event.occurred_on)


def standing(_state: State, fact: Fact[ConversionApproved]) -> Iterator[Row]:
    """Party standing counts from the end of probation, whenever the superior approved (R-C29)."""
    yield _member(fact, fact.event.person_id, full_on=fact.event.standing_from)


def suspended(_state: State, fact: Fact[MembershipSuspended]) -> Iterator[Row]:
    yield _member(fact, fact.event.person_id, suspended=True)


def reinstated(_state: State, fact: Fact[MembershipReinstated]) -> Iterator[Row]:
    yield _member(fact, fact.event.person_id, suspended=False)


def voting_suspended(_state: State, fact: Fact[VotingSuspended]) -> Iterator[Row]:
    yield _member(fact, fact.event.person_id, voting_suspended=True)


def voting_restored(_state: State, fact: Fact[VotingRestored]) -> Iterator[Row]:
    yield _member(fact, fact.event.person_id, voting_suspended=False)


def left(state: State, fact: Fact[MemberLeft]) -> Iterator[Row]:
    yield _left(state, fact, str(fact.event.ground))


def transferred_out(state: State, fact: Fact[MemberTransferredOut]) -> Iterator[Row]:
    yield _left(state, fact, TRANSFERRED)


def registration_withdrawn(state: State, fact: Fact[RegistrationWithdrawn]) -> Iterator[Row]:
    yield _left(state, fact, IN_ERROR)


def _left(state: State, fact: Fact[Any], ground: str) -> Row:
    state.posts.pop(fact.event.person_id, None)
    return _member(fact, fact.event.person_id, left_on=fact.event.occurred_on, left_ground=ground, posts=[])


PROJECTION = Projection[State](
    name="roster",
    tables=("organisation", "member", "party_group"),
    start=State,
    handlers={
        OrganisationFounded: founded,
        BranchRegistered: registered,
        GroupFormed: group_formed,
        GroupLeaderAppointed: leader_appointed,
        GroupDissolved: group_dissolved,
        CommitteeSeated: seated,
        PostAssigned: post_assigned,
        PostVacated: post_vacated,
        MemberRegistered: entered,
        MemberTransferredIn: entered,
        MemberProfileChanged: profile_changed,
        MemberAssignedToGroup: assigned,
        MemberConverted: converted,
        ConversionApproved: standing,
        MembershipSuspended: suspended,
        MembershipReinstated: reinstated,
        VotingSuspended: voting_suspended,
        VotingRestored: voting_restored,
        MemberLeft: left,
        MemberTransferredOut: transferred_out,
        RegistrationWithdrawn: registration_withdrawn,
    },
)


def moves(facts: Iterable[Fact[Event]], columns: Collection[str]) -> Iterator[tuple[dt.date, str, dict[str, Any]]]:
    """When somebody came, left, or became different in one of these columns; who, and what is so from then on."""
    state = State()
    for fact in facts:
        handler = PROJECTION.handlers.get(type(fact.event))
        for row in () if handler is None else handler(state, fact):
            if row.table == "member" and (values := {name: value for name, value in row.values.items() if name in columns}):
                yield fact.event.occurred_on, row.key[0], values
