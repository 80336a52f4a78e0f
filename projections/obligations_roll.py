"""Who is on the roll, in which group and on the committee: whom a duty of every member asks (N02.T01, N12, N13, N17, N22)."""

import datetime as dt

import msgspec

from events.base import Event, GroupId, PersonId
from events.members import (
    MemberAssignedToGroup,
    MemberLeft,
    MemberRegistered,
    MembershipReinstated,
    MembershipSuspended,
    MemberTransferredIn,
    MemberTransferredOut,
    RegistrationWithdrawn,
)
from events.organisations import CommitteeSeated, PostAssigned, PostVacated


class OnRoll(msgspec.Struct, array_like=True):
    """One member: from when until when, and in which group."""

    since: dt.date
    until: dt.date | None = None
    group: GroupId | None = None


class Roll(msgspec.Struct):
    """The members of a branch, past and present, and its committee."""

    members: dict[PersonId, OnRoll] = {}
    committee: list[PersonId] = []

    def through(self, first: dt.date, last: dt.date, *, cadres: bool) -> list[PersonId]:
        """Who was on the roll all through a period; a period that is not over yet counts as far as it is known."""
        asked = self.committee if cadres else self.members
        return sorted(person for person in asked if person in self.members and self._counts(self.members[person], first, last))

    def ungrouped(self) -> list[PersonId]:
        """Who belongs here and is in no group."""
        return sorted(person for person, one in self.members.items() if one.until is None and one.group is None)

    @staticmethod
    def _counts(one: OnRoll, first: dt.date, last: dt.date) -> bool:
        return one.since <= first and (one.until is None or one.until > last)

    def take(self, event: Event) -> None:
        """Folds an event."""
        match event:
            case MemberRegistered(person_id=person):
                self.members[person] = OnRoll(event.joined_on, None, event.group_id)
            case MemberTransferredIn(person_id=person):
                self.members[person] = OnRoll(event.occurred_on, None, event.group_id)
            case MemberAssignedToGroup(person_id=person):
                self.members[person].group = event.group_id
            case MembershipReinstated(person_id=person):
                self.members[person].until = None
            case MembershipSuspended(person_id=person) | MemberLeft(person_id=person) | MemberTransferredOut(person_id=person):
                self.members[person].until = event.occurred_on
            case RegistrationWithdrawn(person_id=person):
                self.members.pop(person, None)
            case CommitteeSeated(seats=seats):
                self.committee = list(dict.fromkeys(seat.person_id for seat in seats))
            case PostAssigned(seat=seat):
                self.committee = list(dict.fromkeys([*self.committee, seat.person_id]))
            case PostVacated(person_id=person):
                self.committee = [one for one in self.committee if one != person]
            case _:
                raise AssertionError(f"{type(event).__name__} says nothing about the roll")


CHANGES: tuple[type[Event], ...] = (
    MemberRegistered,
    MemberTransferredIn,
    MemberAssignedToGroup,
    MembershipReinstated,
    MembershipSuspended,
    MemberLeft,
    MemberTransferredOut,
    RegistrationWithdrawn,
    CommitteeSeated,
    PostAssigned,
    PostVacated,
)
"""What `Roll.take` folds."""
