"""What the tests of the democratic appraisal are told in: the year 2025, appraised on DAY in 2026, step by step."""

import datetime as dt
from typing import Any

from events.appraisal import (
    AppraisalBallotRecorded,
    AppraisalClosed,
    AppraisalEntryId,
    AppraisalEntryWithdrawn,
    AppraisalMeetingHeld,
    AppraisalOpened,
    AppraisalStudyHeld,
    ExcellentShareRaised,
    FeedbackGiven,
    Grade,
    GradeAssigned,
    LackExcused,
    Lacking,
    PeerAssessed,
    SelfAssessed,
    StudyRef,
)
from events.base import Event, MeetingId, PersonId
from events.meetings import MeetingKind
from tests.decide.life_history import BRANCH_OF_EIGHT, EVERYBODY, M1, meeting
from tests.decide.roster_history import AFTER, ANN, BEN, DAY, NEO, PEOPLE

YEAR = 2025
TOLD_ON, STUDIED_ON = dt.date(2026, 3, 2), dt.date(2026, 3, 9)
LATER = AFTER + dt.timedelta(days=3)
NEW = AppraisalEntryId("event-1")
M2 = MeetingId("m2")
FULL = tuple(sorted(PEOPLE))


def named(name: str) -> AppraisalEntryId:
    return AppraisalEntryId(name)


def opened(**changed: Any) -> AppraisalOpened:
    told: dict[str, Any] = {
        "occurred_on": TOLD_ON,
        "year": YEAR,
        "entry_id": named("opened"),
        "planned_on": DAY,
        "full": FULL,
        "probationary": (NEO,),
    }
    return AppraisalOpened(**(told | changed))


def study(**changed: Any) -> AppraisalStudyHeld:
    told: dict[str, Any] = {"occurred_on": STUDIED_ON, "year": YEAR, "entry_id": named("study"), "study_id": StudyRef("s1")}
    return AppraisalStudyHeld(**(told | changed))


def assessed(person_id: PersonId, **changed: Any) -> SelfAssessed:
    told: dict[str, Any] = {"occurred_on": STUDIED_ON, "year": YEAR, "entry_id": named(f"self-{person_id}"), "person_id": person_id}
    return SelfAssessed(**(told | {"outline": "~sealed"} | changed))


def met(**changed: Any) -> AppraisalMeetingHeld:
    told: dict[str, Any] = {
        "occurred_on": DAY,
        "year": YEAR,
        "entry_id": named("met"),
        "meeting_id": M1,
        "participants": len(EVERYBODY),
        "full": FULL,
    }
    return AppraisalMeetingHeld(**(told | changed))


def commented(person_id: PersonId, by: PersonId = ANN, **changed: Any) -> PeerAssessed:
    told: dict[str, Any] = {"occurred_on": DAY, "year": YEAR, "entry_id": named(f"peer-{person_id}"), "person_id": person_id, "by": by}
    return PeerAssessed(**(told | {"comment": "~sealed"} | changed))


def ballot(person_id: PersonId | None, **changed: Any) -> AppraisalBallotRecorded:
    told: dict[str, Any] = {
        "occurred_on": DAY,
        "year": YEAR,
        "entry_id": named(f"ballot-{person_id}"),
        "person_id": person_id,
        "excellent": 5,
        "qualified": 2,
        "basic": 1,
        "unqualified": 0,
    }
    return AppraisalBallotRecorded(**(told | changed))


def excused(person_id: PersonId, what: Lacking, **changed: Any) -> LackExcused:
    told: dict[str, Any] = {"occurred_on": DAY, "year": YEAR, "entry_id": named(f"lack-{what}-{person_id}"), "person_id": person_id}
    return LackExcused(**(told | {"what": what, "reason": "~sealed"} | changed))


def raised(most: int, **changed: Any) -> ExcellentShareRaised:
    told: dict[str, Any] = {"occurred_on": DAY, "year": YEAR, "entry_id": named("raised"), "excellent_max": most}
    return ExcellentShareRaised(**(told | {"approval_no": "部发〔2026〕8号", "reason": "先进支部"} | changed))


def graded(person_id: PersonId, grade: Grade = Grade.QUALIFIED, **changed: Any) -> GradeAssigned:
    told: dict[str, Any] = {
        "occurred_on": AFTER,
        "year": YEAR,
        "entry_id": named(f"grade-{person_id}"),
        "person_id": person_id,
        "grade": grade,
        "meeting_id": M2,
    }
    return GradeAssigned(**(told | changed))


def told(person_id: PersonId, **changed: Any) -> FeedbackGiven:
    facts: dict[str, Any] = {
        "occurred_on": LATER,
        "year": YEAR,
        "entry_id": named(f"told-{person_id}"),
        "person_id": person_id,
        "given_by": BEN,
        "signed": True,
    }
    return FeedbackGiven(**(facts | changed))


def closed(**changed: Any) -> AppraisalClosed:
    told: dict[str, Any] = {
        "occurred_on": LATER,
        "year": YEAR,
        "entry_id": named("closed"),
        "report_no": "支报〔2026〕1号",
        "excellent": 0,
        "qualified": 7,
        "basic": 0,
        "unqualified": 0,
    }
    return AppraisalClosed(**(told | changed))


def withdrawn(name: str, **changed: Any) -> AppraisalEntryWithdrawn:
    told: dict[str, Any] = {"occurred_on": LATER, "year": YEAR, "entry_id": named(name), "reason": "误录"}
    return AppraisalEntryWithdrawn(**(told | changed))


COMMITTEE = meeting(MeetingKind.COMMITTEE, meeting_id=M2, occurred_on=AFTER)
TOLD: tuple[Event, ...] = (*BRANCH_OF_EIGHT, opened())
MET: tuple[Event, ...] = (*TOLD, study(), *(assessed(p) for p in EVERYBODY), meeting(), met())
VOTED: tuple[Event, ...] = (*MET, *(commented(p, BEN if p == ANN else ANN) for p in FULL), *(ballot(p) for p in FULL))
GRADED: tuple[Event, ...] = (*VOTED, COMMITTEE, *(graded(p) for p in FULL))
DONE: tuple[Event, ...] = (*GRADED, *(told(p) for p in FULL))
