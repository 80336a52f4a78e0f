"""What the tests of dispositions are told in: a case about GUS through its six steps, a general meeting on DAY."""

import datetime as dt
from typing import Any

from events.base import Event, MeetingId
from events.disposition import (
    Disposition,
    DispositionAnnounced,
    DispositionApproved,
    DispositionFactsVerified,
    DispositionId,
    DispositionOpened,
    DispositionPreReviewed,
    DispositionPreReviewSubmitted,
    DispositionRejected,
    DispositionSubmitted,
    DispositionTalkHeld,
    DispositionVoted,
    PersuasionEnded,
    RectificationPeriodReviewed,
    RectificationPeriodStarted,
    RectificationProgressRecorded,
    TalkOutcome,
)
from events.meetings import MeetingHeld, MeetingKind
from events.members import CaseClosed, CaseKind, CaseOpened
from tests.decide.roster_history import ANN, BEN, CAI, DAN, DAY, GUS, NEO, PEOPLE, founded, members, probationer

D1 = DispositionId("d1")
M1, M2 = MeetingId("m1"), MeetingId("m2")
OPENED_ON, VERIFIED_ON, TALKED_ON, UP_ON, BACK_ON = (
    dt.date(2026, 1, 12),
    dt.date(2026, 2, 2),
    dt.date(2026, 2, 9),
    dt.date(2026, 2, 12),
    dt.date(2026, 3, 2),
)
SENT_ON, APPROVED_ON, ANNOUNCED_ON, STARTED_ON = dt.date(2026, 3, 20), dt.date(2026, 4, 7), dt.date(2026, 4, 20), dt.date(2026, 4, 20)
EXPIRES_ON = dt.date(2027, 4, 20)
CASE: dict[str, Any] = {"case_id": D1, "person_id": GUS}
HERE: tuple[Event, ...] = (founded(), *members(), probationer())
CORRECT, PERSUADE, REMOVE = Disposition


def opened(**changed: Any) -> DispositionOpened:
    told: dict[str, Any] = {
        "occurred_on": OPENED_ON,
        **CASE,
        "case_no": "处2026-1",
        "matter_no": "线索9",
        "conduct_code": "C5",
        "conduct_text": "组织纪律散漫",
        "facts": "长期不参加组织生活",
        "appraisal_year": 2025,
    }
    return DispositionOpened(**(told | changed))


def case_opened(**changed: Any) -> CaseOpened:
    told: dict[str, Any] = {
        "occurred_on": OPENED_ON,
        "person_id": GUS,
        "case_no": "处2026-1",
        "kind": CaseKind.DISPOSITION,
        "matter_no": "线索9",
    }
    return CaseOpened(**(told | changed))


def case_closed(on: dt.date, *, sanctioned: bool) -> CaseClosed:
    return CaseClosed(occurred_on=on, person_id=GUS, case_no="处2026-1", sanctioned=sanctioned)


def verified(proposed: Disposition = CORRECT, **changed: Any) -> DispositionFactsVerified:
    told: dict[str, Any] = {"occurred_on": VERIFIED_ON, **CASE, "proposed": proposed, "conclusion": "情况属实"}
    return DispositionFactsVerified(**(told | changed))


def talked(**changed: Any) -> DispositionTalkHeld:
    told: dict[str, Any] = {"occurred_on": TALKED_ON, **CASE, "talkers": (ANN, BEN), "outcome": TalkOutcome.HEARD, "opinion": "愿意改正"}
    return DispositionTalkHeld(**(told | changed))


def sent_for_review(disposition: Disposition = CORRECT, **changed: Any) -> DispositionPreReviewSubmitted:
    told: dict[str, Any] = {"occurred_on": UP_ON, **CASE, "disposition": disposition, "document_no": "支〔2026〕2号"}
    return DispositionPreReviewSubmitted(**(told | changed))


def reviewed(disposition: Disposition = CORRECT, **changed: Any) -> DispositionPreReviewed:
    told: dict[str, Any] = {
        "occurred_on": BACK_ON,
        **CASE,
        "disposition": disposition,
        "agreed": True,
        "document_no": "委〔2026〕5号",
        "department_no": None if disposition is CORRECT else "组〔2026〕3号",
        "opinion": "同意",
    }
    return DispositionPreReviewed(**(told | changed))


def held(**changed: Any) -> MeetingHeld:
    """Everybody came: seven voters and the probationer."""
    told: dict[str, Any] = {
        "occurred_on": DAY,
        "meeting_id": M1,
        "kind": MeetingKind.GENERAL,
        "topic": "讨论处置事项",
        "chair": ANN,
        "recorder": CAI,
        "due": (*PEOPLE, NEO),
        "present": (*PEOPLE, NEO),
    }
    return MeetingHeld(**(told | changed))


COUNTS: dict[str, Any] = {"voters_due": 7, "voters_present": 7, "quorum": 4, "needed": 4, "yes": 6, "no": 1, "abstain": 0, "passed": True}


def voted(disposition: Disposition = CORRECT, **changed: Any) -> DispositionVoted:
    return DispositionVoted(**({"occurred_on": DAY, **CASE, "meeting_id": M1, "disposition": disposition} | COUNTS | changed))


def submitted(**changed: Any) -> DispositionSubmitted:
    return DispositionSubmitted(**({"occurred_on": SENT_ON, **CASE, "document_no": "支〔2026〕5号"} | changed))


def approved(disposition: Disposition = CORRECT, **changed: Any) -> DispositionApproved:
    told: dict[str, Any] = {"occurred_on": APPROVED_ON, **CASE, "disposition": disposition, "document_no": "委〔2026〕9号"}
    return DispositionApproved(**(told | changed))


def rejected(**changed: Any) -> DispositionRejected:
    return DispositionRejected(**({"occurred_on": APPROVED_ON, **CASE, "document_no": "委〔2026〕8号", "reason": "处置不当"} | changed))


def announced(**changed: Any) -> DispositionAnnounced:
    told: dict[str, Any] = {"occurred_on": ANNOUNCED_ON, **CASE, "scope": "支部党员大会", "told_on": ANNOUNCED_ON}
    return DispositionAnnounced(**(told | changed))


def started(**changed: Any) -> RectificationPeriodStarted:
    told: dict[str, Any] = {"occurred_on": STARTED_ON, **CASE, "months": 12, "until": EXPIRES_ON, "helpers": (CAI, DAN)}
    return RectificationPeriodStarted(**(told | changed))


def progress(**changed: Any) -> RectificationProgressRecorded:
    told: dict[str, Any] = {"occurred_on": dt.date(2026, 7, 10), **CASE, "helper": CAI, "note": "按时参加组织生活"}
    return RectificationProgressRecorded(**(told | changed))


def found(**changed: Any) -> RectificationPeriodReviewed:
    """The review at expiry."""
    told: dict[str, Any] = {"occurred_on": EXPIRES_ON, **CASE, "meeting_id": M2, "conclusion": "已改正"} | COUNTS
    return RectificationPeriodReviewed(**(told | changed))


def persuaded(*, resigned: bool, **changed: Any) -> PersuasionEnded:
    told: dict[str, Any] = {
        "occurred_on": ANNOUNCED_ON,
        **CASE,
        "resigned": resigned,
        "document_no": "支〔2026〕7号",
        "statement": "本人陈述",
    }
    return PersuasionEnded(**(told | changed))


BEGUN: tuple[Event, ...] = (*HERE, opened(), case_opened())


def prepared(disposition: Disposition = CORRECT) -> tuple[Event, ...]:
    """Verified and talked over."""
    return (*BEGUN, verified(disposition), talked())


def agreed(disposition: Disposition = CORRECT) -> tuple[Event, ...]:
    """Pre-reviewed, and the meeting is held."""
    return (*prepared(disposition), sent_for_review(disposition), reviewed(disposition), held())


def sent(disposition: Disposition = CORRECT) -> tuple[Event, ...]:
    """Voted and sent up."""
    return (*agreed(disposition), voted(disposition), submitted())


CORRECTING: tuple[Event, ...] = (*sent(), approved(), announced(), started())
