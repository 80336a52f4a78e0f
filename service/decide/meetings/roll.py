"""Who has to come to a meeting, who chairs it, who may vote there (R-A05 to R-A09, INV-010, 014, 015)."""

import datetime as dt
from collections.abc import Iterable, Mapping

import msgspec

from events.base import GroupId, PersonId
from events.meetings import Excused, LeaveReason, MeetingHeld, MeetingKind
from projections.standard.rules import Rules
from service.decide.quorum import quorum, share
from service.decide.roster import Roster
from service.errors import Absent, Malformed, Refused


class Roll(msgspec.Struct, frozen=True, kw_only=True):
    """The attendance of a meeting; the three lists add up to those due (INV-010)."""

    present: tuple[PersonId, ...]
    excused: tuple[Excused, ...]
    absent: tuple[PersonId, ...]


def due_on(roster: Roster, kind: MeetingKind, group_id: GroupId | None, day: dt.date) -> tuple[PersonId, ...]:
    """Who has to come: the seats filled, the members of the group, else all members who count here on that day."""
    match kind:
        case MeetingKind.COMMITTEE:
            return tuple(sorted(roster.committee_on(day) & roster.members_on(day)))
        case MeetingKind.GROUP:
            return tuple(sorted(_group_on(roster, group_id, day)))
        case _:
            return tuple(sorted(roster.members_on(day)))


def _group_on(roster: Roster, group_id: GroupId | None, day: dt.date) -> Iterable[PersonId]:
    if group_id is None:
        raise Malformed("a group meeting names its group: group_id")
    if group_id not in roster.groups_on(day):
        raise Absent(f"group {group_id}")
    return [person for person in roster.members_on(day) if roster.group_of(person, day) == group_id]


def leader_on(roster: Roster, kind: MeetingKind, group_id: GroupId | None, day: dt.date) -> PersonId | None:
    """Who chairs without a delegation note: the group leader, or the secretary (R-A09)."""
    if kind == MeetingKind.GROUP:
        return roster.group_leader_on(group_id, day) if group_id is not None else None
    return roster.secretary_on(day)


def check_active(roster: Roster, people: Iterable[PersonId], day: dt.date, field: str) -> None:
    """Nobody who is suspended, gone, or not yet accepted is written into a meeting (INV-002, INV-009)."""
    for person in people:
        roster.must_be_active(person, day, field)


def roll(due: tuple[PersonId, ...], absent: Mapping[str, tuple[PersonId, ...]], excused: Mapping[PersonId, LeaveReason]) -> Roll:
    """The attendance, when only absentees are named by field; `excused` were so before and are not named again."""
    where: dict[PersonId, str] = {}
    for field, people in absent.items():
        for person in people:
            if person in where or person not in due:
                raise Refused("INV-010", field)
            where[person] = field
    reasons = {person: reason for person, reason in excused.items() if person not in where}
    reasons |= {person: LEAVE_FIELDS[field] for person, field in where.items() if field in LEAVE_FIELDS}
    return Roll(
        present=tuple(p for p in due if p not in where and p not in reasons),
        excused=tuple(Excused(person_id=p, reason=reasons[p]) for p in due if p in reasons),
        absent=tuple(p for p in due if where.get(p) == "absent"),
    )


LEAVE_FIELDS: Mapping[str, LeaveReason] = {
    "excused_official": LeaveReason.OFFICIAL,
    "excused_sick": LeaveReason.SICK,
    "excused_personal": LeaveReason.PERSONAL,
    "excused_other": LeaveReason.OTHER,
}
"""The command fields that name those excused, with what each field says."""


def quorum_of(kind: MeetingKind, due: tuple[PersonId, ...], rules: Rules) -> int:
    """How many have to be there for the meeting itself: of the seats filled in a committee, elsewhere nobody (R-A07)."""
    return quorum(len(due), share(rules, "vote.committee.quorum")) if kind == MeetingKind.COMMITTEE else 0


def check_quorum(meeting: MeetingHeld) -> None:
    """A committee meeting needs its quorum (INV-015)."""
    if len(meeting.present) < meeting.quorum:
        raise Refused("INV-015", "absent", detail=f"{len(meeting.present)}/{len(meeting.due)}")


def voting_base(roster: Roster, took_place: MeetingHeld) -> frozenset[PersonId]:
    """Those due who may vote: no probationary, probation-punished or suspended member (INV-014)."""
    return frozenset(took_place.due) & frozenset(roster.voters_on(took_place.occurred_on))


def quorum_key(kind: MeetingKind) -> str:
    """The setting that says how many voters must be present for a vote (R-A06, R-A07)."""
    return "vote.committee.quorum" if kind == MeetingKind.COMMITTEE else "vote.ordinary.quorum"


def pass_key(kind: MeetingKind) -> str:
    """The setting that says what a motion must exceed (R-A06, R-A07)."""
    return "vote.committee.pass" if kind == MeetingKind.COMMITTEE else "vote.ordinary.pass"
