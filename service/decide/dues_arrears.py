"""Who is behind with dues: flag, clear, and the one way in which it may end a membership (R-D09, INV-069)."""

import datetime as dt
from typing import Annotated, ClassVar

from events.base import MeetingId, Month, PersonId, Text, month_add, month_of
from events.dues import DuesArrearsCleared, DuesArrearsFlagged
from events.meetings import AgendaKind, MeetingKind
from events.members import LeftGround, MemberLeft
from projections.standard.rules import Rules
from service.auth.rights import Right
from service.decide.base import Case, Command, Context, Outcome, label
from service.decide.dues_state import DUES, Dues, held_by, longest_run
from service.decide.meeting_state import MEETING, Meeting
from service.decide.roster import ROSTER, Roster
from service.errors import Refused


class FlagArrears(Command, frozen=True, kw_only=True, tag="flag-arrears"):
    """Mark the complete months before `occurred_on` that a member did not pay in full."""

    zh: ClassVar[str] = "标记欠交"
    en: ClassVar[str] = "Flag arrears"

    person_id: Annotated[PersonId, label("党员", "Member")]


def flag_arrears(command: FlagArrears, _context: Context, dues: Dues, roster: Roster) -> Outcome:
    """The months follow from what was assessed and paid; nobody types them (R-D09)."""
    roster.must_be_active(command.person_id, command.occurred_on, "person_id")
    months = dues.unpaid(command.person_id, last_complete_month(command.occurred_on))
    if not months or months == dues.flagged.get(command.person_id):
        return []
    return [
        DuesArrearsFlagged(occurred_on=command.occurred_on, person_id=command.person_id, months=months, consecutive=longest_run(months))
    ]


class ClearArrears(Command, frozen=True, kw_only=True, tag="clear-arrears"):
    """Take back the marks of months that have been made up, or need not be paid any more."""

    zh: ClassVar[str] = "销欠"
    en: ClassVar[str] = "Clear arrears"

    person_id: Annotated[PersonId, label("党员", "Member")]


def clear_arrears(command: ClearArrears, _context: Context, dues: Dues) -> Outcome:
    """Payments clear the marks by themselves; this is for reductions and new assessments."""
    flagged = dues.flagged.get(command.person_id, ())
    unpaid = dues.unpaid(command.person_id, month_of(command.occurred_on))
    months = tuple(month for month in flagged if month not in unpaid)
    return [DuesArrearsCleared(occurred_on=command.occurred_on, person_id=command.person_id, months=months)] if months else []


def last_complete_month(day: dt.date) -> Month:
    return month_add(month_of(day), -1)


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
    run = check_arrears(dues, command.person_id, command.occurred_on, context.rules)
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


def check_arrears(dues: Dues, person: PersonId, day: dt.date, rules: Rules) -> int:
    """A run of unpaid complete months as long as the rule asks for (R-D09)."""
    run = longest_run(dues.unpaid(person, last_complete_month(day)))
    if run < rules.number("dues.arrears_months"):
        raise Refused("INV-069", "person_id", detail=str(run))
    return run


def voted_out(meeting: Meeting, educated_on: dt.date, by: dt.date) -> bool:
    """A general meeting, not before the education, passed a motion on the matter."""
    if meeting.held is None or not held_by(meeting, by) or meeting.held.kind is not MeetingKind.GENERAL:
        return False
    passed = any(motion.passed and motion.matter is AgendaKind.DISCIPLINE for motion in meeting.motions)
    return passed and educated_on <= meeting.held.occurred_on


CASES = (
    Case(command=FlagArrears, right=Right.DUES_WRITE, reads=(DUES, ROSTER), decide=flag_arrears),
    Case(command=ClearArrears, right=Right.DUES_WRITE, reads=(DUES,), decide=clear_arrears),
    Case(command=RecordRemovalForArrears, right=Right.ROSTER_WRITE, reads=(DUES, ROSTER, MEETING), decide=record_removal_for_arrears),
)
