"""Who is behind with dues: flag, clear, and the one way in which it may end a membership (R-D09, INV-069)."""

import datetime as dt
from typing import Annotated, ClassVar

from events.base import MeetingId, Month, PersonId, Text, month_add, month_of
from events.dues import DuesArrearsCleared, DuesArrearsFlagged
from events.meetings import AgendaKind, MeetingKind
from projections.standard.rules import Rules
from service.auth.rights import Right
from service.decide.base import Case, Command, Context, Outcome, label
from service.decide.dues_state import DUES, Dues, held_by, longest_run
from service.decide.meeting_state import Meeting
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


class RemovalGround(Command, frozen=True, kw_only=True):
    """What must be on record before a removal for arrears (R-D09, R-H07)."""

    education_on: Annotated[dt.date | None, label("批评教育日期", "Date of criticism and education")] = None
    education_note: Annotated[Text | None, label("批评教育情况", "How it went")] = None
    meeting_id: Annotated[
        MeetingId | None,
        label("表决除名的党员大会", "General meeting that voted", help_zh="须有通过的处分处置表决", help_en="With a passed motion"),
    ] = None
    approval_no: Annotated[Text | None, label("上级批准文号", "Superior's approval number")] = None


def check_removal(ground: RemovalGround, person: PersonId, dues: Dues, meeting: Meeting, rules: Rules) -> None:
    """INV-069: six consecutive unpaid months, education, a vote of the general meeting and the superior's approval, all of them."""
    months = dues.unpaid(person, last_complete_month(ground.occurred_on))
    if longest_run(months) < rules.number("dues.arrears_months"):
        raise Refused("INV-069", "person_id", detail=str(longest_run(months)))
    if ground.education_on is None or ground.education_note is None or ground.education_on > ground.occurred_on:
        raise Refused("INV-069", "education_on")
    if ground.meeting_id is None or not voted_out(meeting, ground.education_on, ground.occurred_on):
        raise Refused("INV-069", "meeting_id")
    if ground.approval_no is None:
        raise Refused("INV-069", "approval_no")


def voted_out(meeting: Meeting, educated_on: dt.date, by: dt.date) -> bool:
    """A general meeting, not before the education, passed a motion on the matter."""
    if meeting.held is None or not held_by(meeting, by) or meeting.held.kind is not MeetingKind.GENERAL:
        return False
    passed = any(motion.passed and motion.matter is AgendaKind.DISCIPLINE for motion in meeting.motions)
    return passed and educated_on <= meeting.held.occurred_on


CASES = (
    Case(command=FlagArrears, right=Right.DUES_WRITE, reads=(DUES, ROSTER), decide=flag_arrears),
    Case(command=ClearArrears, right=Right.DUES_WRITE, reads=(DUES,), decide=clear_arrears),
)
