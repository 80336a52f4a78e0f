"""Which events people are told of, and whom: pure functions of an event and of who holds which account."""

import datetime as dt
import enum
import functools
from collections.abc import Iterable, Mapping

import msgspec

from events.base import Event, OrgId, PersonId
from events.obligations import ObligationEscalated, ObligationOverdue, ObligationReminded
from events.organisations import Post
from events.store.record import Fact
from events.transfers import LetterIssued
from projections.standard.deadlines import Deadline
from projections.standard.norms import Role as Duty
from projections.standard.pack import default_pack
from service.auth.actor import Role

TOLD: tuple[str, ...] = ("obligations.reminded", "obligations.overdue", "obligations.escalated", "transfers.letter_issued")
"""The events that fill inboxes."""
DUES = "N16"
"""The norm whose tasks the treasurer works on, beside whoever holds the post."""

POSTS: Mapping[Duty, frozenset[str]] = {
    Duty.BRANCH_SECRETARY: frozenset({Post.SECRETARY}),
    Duty.DEPUTY_SECRETARY: frozenset({Post.DEPUTY}),
    Duty.ORGANIZATION_MEMBER: frozenset({Post.ORGANISATION}),
    Duty.PUBLICITY_MEMBER: frozenset({Post.PUBLICITY}),
    Duty.DISCIPLINE_MEMBER: frozenset({Post.DISCIPLINE}),
    Duty.BRANCH_COMMITTEE: frozenset(Post),
}
SUPERIOR = frozenset({Duty.SUPERIOR_COMMITTEE, Duty.SUPERIOR_ORG_DEPT, Duty.DISCIPLINE_COMMISSION})


class Kind(enum.StrEnum):
    """What a person is told."""

    REMINDED = "reminded"
    OVERDUE = "overdue"
    ESCALATED = "escalated"
    LETTER = "letter"
    """A letter of introduction was issued to the branch."""


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """An event as it is told; `org_id` is the branch it concerns."""

    event_id: str
    position: int
    org_id: OrgId
    kind: Kind
    thing: str
    about: str = ""
    due_on: dt.date
    said_at: dt.datetime
    above: bool = False
    """Whether this reminder goes to the superior as well."""
    person_id: PersonId | None = None
    """The member whom it is about, where it goes to that member as well."""

    @property
    def for_member(self) -> bool:
        deadline = deadline_of(self.thing)
        return self.kind is Kind.REMINDED and deadline is not None and deadline.member


class Holder(msgspec.Struct, frozen=True, kw_only=True):
    """An account that is not disabled, with what its person is in the branch."""

    account_id: str
    role: Role
    org_id: OrgId
    posts: frozenset[str] = frozenset()
    leads: frozenset[str] = frozenset()
    """Groups."""
    person_id: PersonId | None = None


def notice_of(fact: Fact[Event]) -> Notice | None:
    """What the event tells people, if anything."""
    match fact.event:
        case ObligationReminded() as event:
            return _notice(fact, fact.book, Kind.REMINDED, event.obligation_id, event.due_on, above=_goes_above(event))
        case ObligationOverdue() as event:
            return _notice(fact, fact.book, Kind.OVERDUE, event.obligation_id, event.due_on)
        case ObligationEscalated() as event:
            return _notice(fact, fact.book, Kind.ESCALATED, event.obligation_id, event.due_on)
        case LetterIssued(to_org_id=receiver) as event if receiver is not None:
            return _notice(fact, receiver, Kind.LETTER, event.number, event.valid_until, fact.book)
        case _:
            return None


def _notice(fact: Fact[Event], org_id: OrgId, kind: Kind, thing: str, due_on: dt.date, about: str = "", *, above: bool = False) -> Notice:
    said_at = dt.datetime.fromtimestamp(fact.recorded_at / 1_000_000, dt.UTC)
    return Notice(
        event_id=fact.event_id,
        position=fact.position,
        org_id=org_id,
        kind=kind,
        thing=thing,
        about=about,
        due_on=due_on,
        said_at=said_at,
        above=above,
    )


def _goes_above(event: ObligationReminded) -> bool:
    deadline = deadline_of(event.obligation_id)
    return deadline is not None and event.offset in deadline.above


def deadline_of(obligation_id: str) -> Deadline | None:
    """None for one that another pack knew."""
    return _deadlines().get(obligation_id.partition(":")[0])


@functools.cache
def _deadlines() -> Mapping[str, Deadline]:
    return {deadline.id: deadline for deadline in default_pack().deadlines}


def subject_of(obligation_id: str) -> str:
    """The group or thing, empty where it is the branch."""
    _, *more = obligation_id.split(":")
    return more[1] if len(more) > 1 else ""


def answers_for(holder: Holder, obligation_id: str) -> bool:
    """Whether the task falls to this person by role or post; the committee's officers answer for what the superior has to do."""
    deadline = deadline_of(obligation_id)
    duty = deadline.role if deadline is not None else Duty.BRANCH_SECRETARY
    if duty in SUPERIOR:
        return holder.role is Role.COMMITTEE_OFFICER
    if duty is Duty.GROUP_LEADER:
        return subject_of(obligation_id) in holder.leads
    if duty in POSTS and holder.posts & POSTS[duty]:
        return True
    if duty in {Duty.BRANCH_SECRETARY, Duty.BRANCH_COMMITTEE}:
        return holder.role is Role.SECRETARY
    return deadline is not None and deadline.task.startswith(DUES) and holder.role is Role.TREASURER


def told(notice: Notice, branch: Iterable[Holder], above: Iterable[Holder]) -> list[str]:
    """Accounts in order: who is responsible, else the secretary; what is late also the secretary; what is escalated the officers above."""
    here, officers = list(branch), [holder for holder in above if holder.role is Role.COMMITTEE_OFFICER]
    secretaries = [holder for holder in here if holder.role is Role.SECRETARY]
    match notice.kind:
        case Kind.LETTER:
            chosen = [holder for holder in here if Post.ORGANISATION in holder.posts] + secretaries
        case Kind.ESCALATED:
            chosen = officers + secretaries
        case _:
            chosen = [holder for holder in (*here, *officers) if answers_for(holder, notice.thing)]
            if notice.above:
                chosen += officers
            about = [holder for holder in here if holder.person_id is not None and holder.person_id == notice.person_id]
            if notice.kind is Kind.OVERDUE or not chosen:
                chosen += secretaries
            chosen += about
    return sorted({holder.account_id for holder in chosen})
