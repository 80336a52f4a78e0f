"""Ledger L02: votes on admissions in the row of the general meeting that held them (N09, N14.M19, N14.M24)."""

import msgspec

from events.admission_acceptance import AdmissionEntryWithdrawn, AdmissionVoted
from events.base import MeetingId

EVENTS = (AdmissionVoted, AdmissionEntryWithdrawn)


class AdmissionVotes(msgspec.Struct):
    """At which meeting each vote was held, so that a withdrawal finds its row."""

    meetings: dict[str, MeetingId] = msgspec.field(default_factory=dict)

    def said(self, event: AdmissionVoted | AdmissionEntryWithdrawn) -> tuple[MeetingId, str] | None:
        """The meeting, and the line of its row; whom it was about stands in ledger L04. None when no vote was withdrawn."""
        if isinstance(event, AdmissionVoted):
            self.meetings[f"{event.admission_id} {event.entry()} {event.occurred_on}"] = event.meeting_id
            return event.meeting_id, vote_line(event)
        meeting_id = self.meetings.pop(f"{event.admission_id} {event.withdrawn} {event.withdrawn_on}", None)
        return None if meeting_id is None else (meeting_id, f"{event.occurred_on} {event.zh}：{event.reason}")


def vote_line(event: AdmissionVoted) -> str:
    """The figures of the form; approvals, objections and abstentions with the written opinions."""
    no = event.no + event.written_no
    abstain = event.abstain + len(event.written_from) - event.written_yes - event.written_no
    written = f"(含书面意见{len(event.written_from)})" if event.written_from else ""
    return (
        f"{event.question.zh}：应到有表决权{event.voters_due}，实到{event.voters_present}，"
        f"赞成{event.approvals()}，反对{no}，弃权{abstain}{written}，无记名，{'通过' if event.passed else '未通过'}"
    )
