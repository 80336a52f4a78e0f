"""What the tests of meetings are told in: a branch, its people, a meeting that was held, and decisions about it."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

import pytest
from msgspec import structs

from events.base import Event, GroupId, MeetingId, OrgId, PersonId
from events.meetings import MeetingHeld, MeetingKind, MeetingScheduled, MinutesArchived, NoticeMethod, NoticeSent
from events.members import LeftGround, MemberLeft, MemberRegistered, MemberStatus, Sex, VotingSuspended
from events.organisations import CommitteeSeated, GroupFormed, GroupLeaderAppointed, LeaderBy, Post, Seat
from projections.standard.rules import Rules
from service.decide.base import Command, Context, Outcome
from service.decide.meetings.attendance import RecordMeetingHeld
from service.decide.meetings.planning import CASES
from service.decide.roster import ROSTER, Roster
from service.errors import Absent, Conflict, Malformed, Refused

DAY = dt.date(2026, 3, 5)
FOUNDED = dt.date(2025, 1, 1)
BEFORE, AFTER = dt.date(2026, 3, 2), dt.date(2026, 3, 9)
M1, M2 = MeetingId("m1"), MeetingId("m2")
NEW = MeetingId("01-event")
SEC, DEP, ORGA, PUB, DIS = (PersonId(name) for name in ("sec", "dep", "orga", "pub", "dis"))
ANN, BEN, CAI, NEO, SUS, OUT = (PersonId(name) for name in ("ann", "ben", "cai", "neo", "sus", "out"))
GROUP, EMPTY_GROUP = GroupId("g1"), GroupId("g2")
SEATS = (DEP, DIS, ORGA, PUB, SEC)
VOTERS = (ANN, BEN, CAI, *SEATS)
"""Eight full members; NEO is on probation, SUS has no vote, OUT was expelled before."""
DUE = tuple(sorted((*VOTERS, NEO, SUS)))
IN_GROUP = (ANN, BEN, CAI, NEO)

VALUES: dict[str, Any] = {
    "vote.ordinary.quorum": [1, 2],
    "vote.ordinary.pass": [1, 2],
    "vote.committee.quorum": [1, 2],
    "vote.committee.pass": [1, 2],
    "study.hour_minutes": 60,
}


def member(person_id: PersonId, status: MemberStatus = MemberStatus.FULL, group_id: GroupId | None = None) -> MemberRegistered:
    return MemberRegistered(
        occurred_on=FOUNDED,
        person_id=person_id,
        name=person_id,
        sex=Sex.FEMALE,
        nationality="01",
        born_month="1980-01",
        education="1",
        status=status,
        admitted_on=FOUNDED,
        group_id=group_id,
        joined_on=FOUNDED,
    )


def seated(*seats: tuple[PersonId, Post], on: dt.date) -> CommitteeSeated:
    return CommitteeSeated(
        occurred_on=on,
        term=1,
        term_ends_on=dt.date(2028, 1, 1),
        approval_no="1",
        seats=tuple(Seat(person_id=person, post=post) for person, post in seats),
    )


def roster(*events: Event) -> Roster:
    state = ROSTER.initial
    for event in events:
        state = ROSTER.evolve(state, event)
    return state


PEOPLE: tuple[Event, ...] = (
    GroupFormed(occurred_on=FOUNDED, group_id=GROUP, name="第一党小组"),
    GroupFormed(occurred_on=FOUNDED, group_id=EMPTY_GROUP, name="第二党小组"),
    *(member(person) for person in (*SEATS, SUS, OUT)),
    *(member(person, group_id=GROUP) for person in (ANN, BEN, CAI)),
    member(NEO, MemberStatus.PROBATIONARY, GROUP),
    GroupLeaderAppointed(occurred_on=FOUNDED, group_id=GROUP, leader_id=ANN, by=LeaderBy.NAMED),
    seated((SEC, Post.SECRETARY), (DEP, Post.DEPUTY), (ORGA, Post.ORGANISATION), (PUB, Post.PUBLICITY), (DIS, Post.DISCIPLINE), on=FOUNDED),
    VotingSuspended(occurred_on=FOUNDED, person_id=SUS, reason="留党察看"),
    MemberLeft(occurred_on=dt.date(2026, 2, 1), person_id=OUT, ground=LeftGround.EXPELLED, reason="违纪", approval_no="2"),
)
BRANCH = roster(*PEOPLE)


def context(rules: Mapping[str, Any] | None = None) -> Context:
    return Context(
        org_id=OrgId("b1"),
        committee_id=OrgId("c1"),
        actor="user",
        now=dt.datetime(2026, 3, 20, tzinfo=dt.UTC),
        today=dt.date(2026, 3, 20),
        rules=Rules(DAY, VALUES | dict(rules or {})),
        event_ids=("01-event", "02-event"),
        blind=lambda text: text,
    )


def decide(command: Command, *history: Event, who: Roster | None = None, rules: Mapping[str, Any] | None = None) -> Outcome:
    """What the command gives after this history of the book."""
    (case,) = [case for case in CASES if case.command is type(command)]
    states = []
    for fold in case.reads:
        state = (BRANCH if who is None else who) if fold is ROSTER else fold.initial
        name = fold.stream(command)
        for event in history:
            if event.stream() == name:
                state = fold.evolve(state, event)
        states.append(state)
    return case.decide(command, context(rules), *states)


def refusal(command: Command, *history: Event, who: Roster | None = None, rules: Mapping[str, Any] | None = None) -> tuple[str, ...]:
    """The rule that refuses the command, and the fields it is about."""
    with pytest.raises(Refused) as refused:
        decide(command, *history, who=who, rules=rules)
    return (refused.value.rule, *refused.value.fields)


def conflict(command: Command, *history: Event) -> str:
    with pytest.raises(Conflict) as moved:
        decide(command, *history)
    return str(moved.value)


def absent(command: Command, *history: Event) -> str:
    with pytest.raises(Absent) as missing:
        decide(command, *history)
    return str(missing.value)


def malformed(command: Command, *history: Event) -> str:
    with pytest.raises(Malformed) as shape:
        decide(command, *history)
    return str(shape.value)


PLANNED = MeetingScheduled(
    occurred_on=BEFORE,
    meeting_id=M1,
    kind=MeetingKind.GENERAL,
    planned_on=DAY,
    topic="学习文件",
    place="一楼",
    starts_at="14:30",
    ends_at="16:00",
)
NOTICE = NoticeSent(occurred_on=BEFORE, meeting_id=M1, to=DUE, method=NoticeMethod.MESSAGE)
ARCHIVED = MinutesArchived(occurred_on=AFTER, meeting_id=M1, archived_by=SEC, file="卷1")


def held(kind: MeetingKind = MeetingKind.GENERAL, /, **changed: Any) -> MeetingHeld:
    """A meeting where everybody due was present, unless told otherwise."""
    due = {MeetingKind.COMMITTEE: SEATS, MeetingKind.GROUP: IN_GROUP}.get(kind, DUE)
    told: dict[str, Any] = {
        "occurred_on": DAY,
        "meeting_id": M1,
        "kind": kind,
        "topic": "学习文件",
        "chair": ANN if kind == MeetingKind.GROUP else SEC,
        "recorder": ANN if kind == MeetingKind.GROUP else ORGA,
        "due": due,
        "present": due,
        "quorum": 3 if kind == MeetingKind.COMMITTEE else 0,
        "group_id": GROUP if kind == MeetingKind.GROUP else None,
    }
    return MeetingHeld(**(told | changed))


HELD = held()


def present(*people: PersonId, kind: MeetingKind = MeetingKind.GENERAL) -> MeetingHeld:
    """A meeting where only these were present."""
    meeting = held(kind)
    return structs.replace(meeting, present=people, absent=tuple(person for person in meeting.due if person not in people))


def without(*people: PersonId) -> tuple[PersonId, ...]:
    """All who have to come to a general meeting but these."""
    return tuple(person for person in DUE if person not in people)


def record(kind: MeetingKind = MeetingKind.GENERAL, /, **changed: Any) -> RecordMeetingHeld:
    """The command at the desk, with the notice told together with it."""
    told: dict[str, Any] = {
        "occurred_on": DAY,
        "kind": kind,
        "topic": "学习文件",
        "chair": ANN if kind == MeetingKind.GROUP else SEC,
        "recorder": ANN if kind == MeetingKind.GROUP else ORGA,
        "group_id": GROUP if kind == MeetingKind.GROUP else None,
        "notice_sent_on": BEFORE,
    }
    return RecordMeetingHeld(**(told | changed))
