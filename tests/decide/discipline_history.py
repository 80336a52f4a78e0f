"""What the tests of discipline are told in: a case about GUS, its steps one after the other, a general meeting on DAY."""

import datetime as dt
from typing import Any

from events.base import Event, MeetingId
from events.discipline import (
    Approver,
    DisciplineAnnounced,
    DisciplineAppealFiled,
    DisciplineApproved,
    DisciplineExecuted,
    DisciplineExecutionReported,
    DisciplineId,
    DisciplineImposed,
    DisciplineOpened,
    DisciplineRejected,
    DisciplineSubmitted,
    DisciplineVoted,
    InvestigationReported,
    MaterialsShown,
    Punishment,
    Signature,
)
from events.meetings import MeetingHeld, MeetingKind
from events.members import CaseClosed, CaseKind, CaseOpened
from tests.decide.roster_history import ANN, BEN, CAI, DAY, GUS, NEO, PEOPLE, founded, members, probationer

C1 = DisciplineId("c1")
M1 = MeetingId("m1")
OPENED_ON, REPORTED_ON, SHOWN_ON = dt.date(2026, 2, 2), dt.date(2026, 2, 20), dt.date(2026, 3, 2)
SENT_ON, DECIDED_ON, ANNOUNCED_ON, EXECUTED_ON, REPORTED_UP_ON = (
    dt.date(2026, month, day) for month, day in ((3, 20), (4, 7), (4, 20), (5, 6), (6, 1))
)
CASE: dict[str, Any] = {"case_id": C1, "person_id": GUS}
HERE: tuple[Event, ...] = (founded(), *members(), probationer())


def opened(**changed: Any) -> DisciplineOpened:
    told: dict[str, Any] = {"occurred_on": OPENED_ON, **CASE, "case_no": "纪2026-1", "matter_no": "线索7", "facts": "违反工作纪律"}
    return DisciplineOpened(**(told | changed))


def case_opened(**changed: Any) -> CaseOpened:
    told: dict[str, Any] = {
        "occurred_on": OPENED_ON,
        "person_id": GUS,
        "case_no": "纪2026-1",
        "kind": CaseKind.DISCIPLINE,
        "matter_no": "线索7",
    }
    return CaseOpened(**(told | changed))


def case_closed(on: dt.date, *, sanctioned: bool, case_no: str = "纪2026-1") -> CaseClosed:
    return CaseClosed(occurred_on=on, person_id=GUS, case_no=case_no, sanctioned=sanctioned)


def reported(**changed: Any) -> InvestigationReported:
    told: dict[str, Any] = {
        "occurred_on": REPORTED_ON,
        **CASE,
        "document_no": "调〔2026〕3号",
        "investigated_by": "机关纪委",
        "investigators": (ANN,),
        "report": "查明属实",
    }
    return InvestigationReported(**(told | changed))


def shown(**changed: Any) -> MaterialsShown:
    told: dict[str, Any] = {"occurred_on": SHOWN_ON, **CASE, "officers": (ANN, BEN), "signature": Signature.SIGNED, "opinion": "无异议"}
    return MaterialsShown(**(told | changed))


def held(**changed: Any) -> MeetingHeld:
    """Everybody came: seven voters and the probationer."""
    told: dict[str, Any] = {
        "occurred_on": DAY,
        "meeting_id": M1,
        "kind": MeetingKind.GENERAL,
        "topic": "讨论处分事项",
        "chair": ANN,
        "recorder": CAI,
        "due": (*PEOPLE, NEO),
        "present": (*PEOPLE, NEO),
    }
    return MeetingHeld(**(told | changed))


def voted(kind: Punishment = Punishment.WARNING, **changed: Any) -> DisciplineVoted:
    told: dict[str, Any] = {
        "occurred_on": DAY,
        **CASE,
        "meeting_id": M1,
        "kind": kind,
        "months": 12 if kind is Punishment.PARTY_PROBATION else None,
        "voters_due": 7,
        "voters_present": 7,
        "quorum": 4,
        "needed": 4,
        "yes": 6,
        "no": 1,
        "abstain": 0,
        "passed": True,
    }
    return DisciplineVoted(**(told | changed))


def submitted(to: Approver = Approver.SUPERIOR_COMMITTEE, **changed: Any) -> DisciplineSubmitted:
    return DisciplineSubmitted(**({"occurred_on": SENT_ON, **CASE, "to": to, "document_no": "支〔2026〕4号"} | changed))


def approved(kind: Punishment = Punishment.WARNING, **changed: Any) -> DisciplineApproved:
    probation = kind is Punishment.PARTY_PROBATION
    told: dict[str, Any] = {
        "occurred_on": DECIDED_ON,
        **CASE,
        "by": Approver.DISCIPLINE_COMMISSION if kind is Punishment.EXPULSION else Approver.SUPERIOR_COMMITTEE,
        "document_no": "委〔2026〕9号",
        "kind": kind,
        "months": 12 if probation else None,
        "probation_until": dt.date(2027, 4, 7) if probation else None,
    }
    return DisciplineApproved(**(told | changed))


def rejected(**changed: Any) -> DisciplineRejected:
    told: dict[str, Any] = {
        "occurred_on": DECIDED_ON,
        **CASE,
        "by": Approver.SUPERIOR_COMMITTEE,
        "document_no": "委〔2026〕8号",
        "reason": "量纪偏重",
    }
    return DisciplineRejected(**(told | changed))


def imposed(kind: Punishment = Punishment.SERIOUS_WARNING, **changed: Any) -> DisciplineImposed:
    told: dict[str, Any] = {
        "occurred_on": DECIDED_ON,
        **CASE,
        "by": Approver.DISCIPLINE_COMMISSION,
        "document_no": "纪〔2026〕2号",
        "kind": kind,
    }
    return DisciplineImposed(**(told | changed))


def announced(**changed: Any) -> DisciplineAnnounced:
    told: dict[str, Any] = {"occurred_on": ANNOUNCED_ON, **CASE, "scope": "支部党员大会", "told_on": ANNOUNCED_ON}
    return DisciplineAnnounced(**(told | changed))


def executed(**changed: Any) -> DisciplineExecuted:
    return DisciplineExecuted(**({"occurred_on": EXECUTED_ON, **CASE, "measures": "工资降档"} | changed))


def reported_up(**changed: Any) -> DisciplineExecutionReported:
    told: dict[str, Any] = {"occurred_on": REPORTED_UP_ON, **CASE, "to": Approver.SUPERIOR_COMMITTEE, "document_no": "支〔2026〕6号"}
    return DisciplineExecutionReported(**(told | changed))


def appealed(**changed: Any) -> DisciplineAppealFiled:
    told: dict[str, Any] = {
        "occurred_on": dt.date(2026, 6, 10),
        **CASE,
        "appeal_no": 1,
        "to": Approver.SUPERIOR_COMMITTEE,
        "grounds": "事实有出入",
    }
    return DisciplineAppealFiled(**(told | changed))


BEGUN: tuple[Event, ...] = (*HERE, opened(), case_opened())
PREPARED: tuple[Event, ...] = (*BEGUN, reported(), shown())
MET: tuple[Event, ...] = (*PREPARED, held())


def sent(kind: Punishment = Punishment.WARNING) -> tuple[Event, ...]:
    """Voted and sent up."""
    to = Approver.DISCIPLINE_COMMISSION if kind is Punishment.EXPULSION else Approver.SUPERIOR_COMMITTEE
    return (*MET, voted(kind), submitted(to))


def in_force(kind: Punishment = Punishment.WARNING, *on_the_roster: Event) -> tuple[Event, ...]:
    """Approved, with what that did on the roster."""
    return (*sent(kind), approved(kind), *on_the_roster)
