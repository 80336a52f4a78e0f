"""Ledger L01, organisation set-up: the branch, the roll, the committee, the Party groups (N24.M01; N04.M01, N04.M02)."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import msgspec

from events.admission_acceptance import ConversionApproved
from events.base import GroupId, PersonId
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
)
from events.organisations import (
    BranchRegistered,
    CommitteeSeated,
    GroupDissolved,
    GroupFormed,
    GroupLeaderAppointed,
    OrganisationFounded,
    Post,
    PostAssigned,
    PostVacated,
    Seat,
)
from projections.engine.fold import Fact, Handler, Projection, Row
from projections.ledgers import l01_elections, l01_registers, l01_structure
from projections.ledgers.l01_registers import BRANCH, GROUPS, OFFICERS, ROLL
from projections.ledgers.register import Register, entry, strike
from projections.standard.codes import text_of

REGISTERS: tuple[Register, ...] = (*l01_registers.REGISTERS, *l01_elections.REGISTERS, *l01_structure.REGISTERS)
ONLY = l01_structure.ONLY
CHANGEABLE = (
    *("name", "id_number", "native_place", "started_work", "admitted_on", "full_on"),
    *("unit_and_post", "phone", "address", "mobile", "hardship", "remark"),
)
"""Columns of the roll that a profile change may set, beside those that it shows in another way."""


class Seated(msgspec.Struct):
    """A row of the committee roll that is not closed."""

    key: str
    person_id: PersonId
    post: Post


class State(msgspec.Struct):
    """What the rows of a branch need to know of each other."""

    status: dict[PersonId, MemberStatus] = {}
    """Members who count, with their standing."""
    resting: dict[PersonId, MemberStatus] = {}
    """Suspended members, with theirs."""
    rows: dict[PersonId, str] = {}
    """Whose row of the roll has which key, also of those who left; somebody who comes back gets a new row."""
    group_of: dict[PersonId, GroupId] = {}
    groups: list[GroupId] = []
    seats: list[Seated] = []
    elections: l01_elections.ElectionBook = msgspec.field(default_factory=l01_elections.ElectionBook)


def _branch(fact: Fact[Any], cells: dict[str, Any], *, since: dt.date | None = None) -> Row:
    return entry(BRANCH, fact, ONLY, cells, year=0, occurred_on=since)


def _counts(state: State, fact: Fact[Any]) -> Row:
    """The numbers on the branch's own form, whenever one of them may have moved."""
    full = sum(status is MemberStatus.FULL for status in state.status.values())
    return _branch(fact, {"full": full, "probationary": len(state.status) - full, "groups": len(state.groups)})


def _belongs(state: State, person: PersonId) -> bool:
    return person in state.status or person in state.resting


def _roll(state: State, fact: Fact[Any], person: PersonId, cells: dict[str, Any], *, since: dt.date | None = None) -> Row:
    return entry(ROLL, fact, state.rows[person], cells, year=0, subject=person, occurred_on=since)


def _group(state: State, fact: Fact[Any], group_id: GroupId, since: dt.date | None = None, **cells: Any) -> Row:
    """A row of the group roll with who is in it now."""
    people = sorted(person for person, own in state.group_of.items() if own == group_id and person in state.status)
    cells = {"people": people, "count": len(people), "changed_on": fact.event.occurred_on, **cells}
    return entry(GROUPS, fact, group_id, cells, year=0, occurred_on=since)


def founded(_state: State, fact: Fact[OrganisationFounded]) -> Iterator[Row]:
    event = fact.event
    yield _branch(
        fact,
        {
            "name": event.name,
            "founded_on": event.approved_on or event.occurred_on,
            "approval_no": event.approval_no,
            "superior": event.parent_id,
            "branch_type": None if event.branch_type is None else event.branch_type.zh,
            "full": 0,
            "probationary": 0,
            "groups": 0,
        },
        since=event.occurred_on,
    )


def registered(_state: State, fact: Fact[BranchRegistered]) -> Iterator[Row]:
    event = fact.event
    yield _branch(fact, {"contact": event.contact, "phone": event.phone, "venue": event.venue})


def group_formed(state: State, fact: Fact[GroupFormed]) -> Iterator[Row]:
    event = fact.event
    state.groups.append(event.group_id)
    yield _group(state, fact, event.group_id, event.occurred_on, name=event.name, scope=event.scope)
    yield _counts(state, fact)


def leader_appointed(state: State, fact: Fact[GroupLeaderAppointed]) -> Iterator[Row]:
    event = fact.event
    yield _group(state, fact, event.group_id, leader=event.leader_id, leader_by=event.by.zh)


def group_dissolved(state: State, fact: Fact[GroupDissolved]) -> Iterator[Row]:
    group_id = fact.event.group_id
    state.groups.remove(group_id)
    left = sorted(person for person, own in state.group_of.items() if own == group_id)
    for person in left:
        del state.group_of[person]
        yield _roll(state, fact, person, {"group": None})
    yield _group(state, fact, group_id)
    yield strike(GROUPS, fact, group_id, year=0)
    yield _counts(state, fact)


def entered(state: State, fact: Fact[MemberRegistered | MemberTransferredIn]) -> Iterator[Row]:
    event: Entered = fact.event
    person = event.person_id
    state.status[person] = event.status
    state.rows[person] = f"{person}/{fact.page}"
    transferred = isinstance(fact.event, MemberTransferredIn)
    cells: dict[str, Any] = {
        "name": event.name,
        "sex": event.sex.zh,
        "nationality": text_of("nation", event.nationality),
        "born": event.born_month,
        "id_number": event.id_number,
        "native_place": event.native_place,
        "education": text_of("education", event.education),
        "started_work": event.started_work,
        "admitted_on": event.admitted_on,
        "full_on": event.full_on,
        "status": event.status.zh,
        "unit_and_post": event.unit_and_post,
        "posts": [],
        "group": event.group_id,
        "phone": event.phone,
        "address": event.address,
        "transferred_in_on": event.occurred_on if transferred else None,
        "mobile": event.mobile,
        "hardship": event.hardship,
        "remark": event.remark,
    }
    yield _roll(state, fact, person, cells, since=event.occurred_on)
    yield from _regrouped(state, fact, person, event.group_id)
    yield _counts(state, fact)


def _regrouped(state: State, fact: Fact[Any], person: PersonId, group_id: GroupId | None) -> Iterator[Row]:
    """The group that is left and the one that is joined both show their people anew."""
    before = state.group_of.pop(person, None)
    if group_id is not None:
        state.group_of[person] = group_id
    for touched in (before, group_id):
        if touched is not None and touched in state.groups:
            yield _group(state, fact, touched)


def profile_changed(state: State, fact: Fact[MemberProfileChanged]) -> Iterator[Row]:
    event = fact.event
    cells = {column: value for column in CHANGEABLE if (value := getattr(event, column)) is not None}
    shown = {
        "sex": event.sex and event.sex.zh,
        "nationality": text_of("nation", event.nationality),
        "born": event.born_month,
        "education": text_of("education", event.education),
    }
    cells |= {column: text for column, text in shown.items() if text is not None}
    yield _roll(state, fact, event.person_id, cells)


def assigned(state: State, fact: Fact[MemberAssignedToGroup]) -> Iterator[Row]:
    """Learnt after the member left, it completes the row and moves nobody."""
    event = fact.event
    yield _roll(state, fact, event.person_id, {"group": event.group_id})
    if _belongs(state, event.person_id):
        yield from _regrouped(state, fact, event.person_id, event.group_id)


def converted(state: State, fact: Fact[MemberConverted]) -> Iterator[Row]:
    person = fact.event.person_id
    for standing in (state.status, state.resting):
        if person in standing:
            standing[person] = MemberStatus.FULL
    shown = {} if person in state.resting else {"status": MemberStatus.FULL.zh}
    yield _roll(state, fact, person, {"full_on": fact.event.occurred_on, **shown})
    yield _counts(state, fact)


def standing(state: State, fact: Fact[ConversionApproved]) -> Iterator[Row]:
    """Party standing counts from the end of probation, whenever the superior approved (R-C29)."""
    yield _roll(state, fact, fact.event.person_id, {"full_on": fact.event.standing_from})


def suspended(state: State, fact: Fact[MembershipSuspended]) -> Iterator[Row]:
    """A suspended member stays on the roll, marked, and counts no more."""
    person = fact.event.person_id
    if person in state.status:
        state.resting[person] = state.status.pop(person)
    yield _roll(state, fact, person, {"status": fact.event.zh})
    yield from _recounted(state, fact, person)


def reinstated(state: State, fact: Fact[MembershipReinstated]) -> Iterator[Row]:
    person = fact.event.person_id
    if person in state.resting:
        state.status[person] = state.resting.pop(person)
        yield _roll(state, fact, person, {"status": state.status[person].zh})
        yield from _recounted(state, fact, person)


def _recounted(state: State, fact: Fact[Any], person: PersonId) -> Iterator[Row]:
    """Somebody counts, or no longer counts, in the group and in the branch."""
    if person in state.group_of:
        yield _group(state, fact, state.group_of[person])
    yield _counts(state, fact)


def gone(state: State, fact: Fact[MemberLeft | MemberTransferredOut | RegistrationWithdrawn]) -> Iterator[Row]:
    """The row is struck and keeps its number; a post that was still held ends."""
    person = fact.event.person_id
    for seat in state.seats:
        if seat.person_id == person:
            yield entry(OFFICERS, fact, seat.key, {"until": fact.event.occurred_on, "reason": fact.event.zh}, year=0)
    state.seats = [seat for seat in state.seats if seat.person_id != person]
    state.status.pop(person, None)
    state.resting.pop(person, None)
    yield from _regrouped(state, fact, person, None)
    yield strike(ROLL, fact, state.rows[person], year=0)
    yield _counts(state, fact)


def committee_seated(state: State, fact: Fact[CommitteeSeated]) -> Iterator[Row]:
    """The old committee's rows are closed, the new one's written (支部班子花名册)."""
    event = fact.event
    touched = {seat.person_id for seat in state.seats}
    for held in state.seats:
        yield entry(OFFICERS, fact, held.key, {"until": event.occurred_on, "reason": event.zh}, year=0)
    state.seats = []
    yield _branch(fact, {"term": f"{event.occurred_on.isoformat()} — {event.term_ends_on.isoformat()}"})
    for number, seat in enumerate(event.seats):
        yield _seat(state, fact, seat, number, event.term, event.approval_no)
    yield from _posts(state, fact, touched | {seat.person_id for seat in event.seats})
    yield from l01_elections.seated(state.elections, fact)


def post_assigned(state: State, fact: Fact[PostAssigned]) -> Iterator[Row]:
    event = fact.event
    yield _seat(state, fact, event.seat, 0, event.term, event.approval_no)
    yield from _posts(state, fact, {event.seat.person_id})


def _seat(state: State, fact: Fact[Any], seat: Seat, number: int, term: int, approval_no: str) -> Row:
    key = f"{fact.page}/{number}"
    state.seats.append(Seated(key, seat.person_id, seat.post))
    elected = seat.votes_due is not None
    cells = {
        "person": seat.person_id,
        "post": seat.post.zh,
        "duties": seat.duties,
        "since": fact.event.occurred_on,
        "votes": f"{seat.votes_due}/{seat.votes_present}/{seat.votes_for}" if elected else None,
        "approval_no": approval_no,
        "term": term,
    }
    return entry(OFFICERS, fact, key, cells, subject=seat.person_id)


def post_vacated(state: State, fact: Fact[PostVacated]) -> Iterator[Row]:
    event = fact.event
    for seat in state.seats:
        if (seat.person_id, seat.post) == (event.person_id, event.post):
            yield entry(OFFICERS, fact, seat.key, {"until": event.occurred_on, "reason": event.reason}, year=0)
    state.seats = [seat for seat in state.seats if (seat.person_id, seat.post) != (event.person_id, event.post)]
    yield from _posts(state, fact, {event.person_id})


def _posts(state: State, fact: Fact[Any], people: set[PersonId]) -> Iterator[Row]:
    for person in sorted(people & state.rows.keys()):
        yield _roll(state, fact, person, {"posts": [seat.post.zh for seat in state.seats if seat.person_id == person]})


def _elections(part: Handler) -> Handler:
    return lambda state, fact: part(state.elections, fact)


PROJECTION = Projection[State](
    name="l01",
    tables=("ledger_row",),
    start=State,
    handlers={
        OrganisationFounded: founded,
        BranchRegistered: registered,
        GroupFormed: group_formed,
        GroupLeaderAppointed: leader_appointed,
        GroupDissolved: group_dissolved,
        CommitteeSeated: committee_seated,
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
        MemberLeft: gone,
        MemberTransferredOut: gone,
        RegistrationWithdrawn: gone,
        **{event: _elections(part) for event, part in l01_elections.HANDLERS.items()},
        **l01_structure.HANDLERS,
    },
)
