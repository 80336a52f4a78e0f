"""Ledger L02: votes about one member in the row of the general meeting that held them; whom they were about stands elsewhere."""

import msgspec

from events.admission_acceptance import AdmissionEntryWithdrawn, AdmissionVoted
from events.base import MeetingId
from events.discipline import DisciplineStep, DisciplineStepWithdrawn, DisciplineVoted
from events.disposition import DispositionStep, DispositionStepWithdrawn, DispositionVoted, RectificationPeriodReviewed
from projections.ledgers import l02_admission

CaseVote = DisciplineVoted | DispositionVoted | RectificationPeriodReviewed
CaseWithdrawal = DisciplineStepWithdrawn | DispositionStepWithdrawn
EVENTS = (
    *l02_admission.EVENTS,
    *(DisciplineVoted, DispositionVoted, RectificationPeriodReviewed, DisciplineStepWithdrawn, DispositionStepWithdrawn),
)
VOTES = frozenset({DisciplineStep.VOTED, DispositionStep.VOTED, DispositionStep.CORRECTION_REVIEWED})


class Votes(msgspec.Struct):
    """At which meeting each vote was held, so that a withdrawal finds its row."""

    admissions: l02_admission.AdmissionVotes = msgspec.field(default_factory=l02_admission.AdmissionVotes)
    cases: dict[str, list[MeetingId]] = msgspec.field(default_factory=dict)
    """Stream of a case -> the meetings of its votes, in order."""

    def said(self, event: AdmissionVoted | AdmissionEntryWithdrawn | CaseVote | CaseWithdrawal) -> tuple[MeetingId, str] | None:
        """The meeting, and the line of its row; None when no vote was withdrawn."""
        match event:
            case AdmissionVoted() | AdmissionEntryWithdrawn():
                return self.admissions.said(event)
            case DisciplineVoted() | DispositionVoted() | RectificationPeriodReviewed():
                self.cases.setdefault(event.stream(), []).append(event.meeting_id)
                return event.meeting_id, _line(event)
            case _:
                return None if event.step not in VOTES else (self.cases[event.stream()].pop(), f"{event.occurred_on} {event.zh}")


def _line(event: CaseVote) -> str:
    """The figures; dispositions are voted on in secret (R-H03)."""
    secret = "" if isinstance(event, DisciplineVoted) else "无记名，"
    return (
        f"{event.zh}：应到有表决权{event.voters_due}，实到{event.voters_present}，"
        f"赞成{event.yes}，反对{event.no}，弃权{event.abstain}，{secret}{'通过' if event.passed else '未通过'}"
    )
