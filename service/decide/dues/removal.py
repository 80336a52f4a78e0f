"""The one way in which arrears of dues may end a membership (R-D09, R-H07, INV-069)."""

import datetime as dt
from typing import Annotated, ClassVar

from events.base import MeetingId, PersonId, Text
from events.meetings import AgendaKind, MeetingKind
from events.members import LeftGround, MemberLeft
from projections.standard.rules import Rules
from service.auth.rights import Right
from service.decide.base import Case, Command, Context, Outcome, label
from service.decide.dues.state import DUES, Dues, held_by, last_complete_month, longest_run
from service.decide.meetings.state import MEETING, Meeting
from service.decide.roster import ROSTER, Roster, RosterMember
from service.errors import Refused


class RecordRemovalForArrears(Command, frozen=True, kw_only=True, tag="record-removal-for-arrears"):
    """Record that a member was removed for not paying dues; every step before it must be on record (R-D09, R-H07)."""

    zh: ClassVar[str] = "登记不交党费除名"
    en: ClassVar[str] = "Record a removal for arrears"

    person_id: Annotated[PersonId, label("党员", "Member")]
    education_on: Annotated[dt.date | None, label("批评教育日期", "Date of criticism and education")] = None
    education_note: Annotated[Text | None, label("批评教育情况", "How it went")] = None
    meeting_id: Annotated[
        MeetingId | None,
        label("表决除名的党员大会", "General meeting that voted", help_zh="须有通过的处分处置表决", help_en="With a passed motion"),
    ] = None
    approval_no: Annotated[Text | None, label("上级批准文号", "Superior's approval number")] = None


def record_removal_for_arrears(command: RecordRemovalForArrears, context: Context, dues: Dues, roster: Roster, meeting: Meeting) -> Outcome:
    """INV-069: six consecutive unpaid months, education, a vote of the general meeting and the superior's approval, all of them."""
    known = roster.members.get(command.person_id)
    if known is not None and known.belongs.until == command.occurred_on:
        return []
    member = roster.must_be_active(command.person_id, command.occurred_on, "person_id")
    run = check_arrears(dues, member, command.occurred_on, context.rules)
    if command.education_on is None or command.education_note is None or command.education_on > command.occurred_on:
        raise Refused("INV-069", "education_on")
    if command.meeting_id is None or not voted_out(meeting, command.education_on, command.occurred_on):
        raise Refused("INV-069", "meeting_id")
    if command.approval_no is None:
        raise Refused("INV-069", "approval_no")
    return [
        MemberLeft(
            occurred_on=command.occurred_on,
            person_id=command.person_id,
            ground=LeftGround.REMOVED,
            reason=f"无正当理由连续{run}个月不交纳党费",
            approval_no=command.approval_no,
            id_index=member.profile.id_index,
        )
    ]


def check_arrears(dues: Dues, member: RosterMember, day: dt.date, rules: Rules) -> int:
    """A run of unpaid complete months as long as the rule asks for (R-D09)."""
    run = longest_run(dues.unpaid(member.person_id, member.belongs.since, last_complete_month(day)))
    if run < rules.number("dues.arrears_months"):
        raise Refused("INV-069", "person_id", detail=str(run))
    return run


def voted_out(meeting: Meeting, educated_on: dt.date, by: dt.date) -> bool:
    """A general meeting, not before the education, passed a motion on the matter."""
    if meeting.held is None or not held_by(meeting, by) or meeting.held.kind is not MeetingKind.GENERAL:
        return False
    passed = any(motion.passed and motion.matter is AgendaKind.DISCIPLINE for motion in meeting.motions)
    return passed and educated_on <= meeting.held.occurred_on


CASES = (Case(command=RecordRemovalForArrears, right=Right.ROSTER_WRITE, reads=(DUES, ROSTER, MEETING), decide=record_removal_for_arrears),)
