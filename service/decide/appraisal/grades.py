"""Democratic appraisal from the ballot on: grades, feedback, report, and how an entry is taken back (N13.T05, R-I01 to R-I05)."""

from typing import Annotated, ClassVar

import msgspec

from events.appraisal import (
    AppraisalBallotRecorded,
    AppraisalClosed,
    AppraisalEntryId,
    AppraisalEntryWithdrawn,
    AppraisalEvent,
    AppraisalMeetingHeld,
    AppraisalOpened,
    AppraisalStudyHeld,
    ExcellentShareRaised,
    FeedbackGiven,
    Grade,
    GradeAssigned,
    LackExcused,
    Lacking,
    SelfAssessed,
)
from events.base import Count, LongText, MeetingId, PersonId, Text
from events.meetings import MeetingKind
from projections.standard.rules import Rules
from service.auth.rights import Right
from service.decide.appraisal.meeting import check_full
from service.decide.appraisal.state import APPRAISAL, Appraisal, NewEntry, OfYear, met, new_name, under_way
from service.decide.base import Case, Command, Context, Outcome, label
from service.decide.community.reports import COMMUNITY, Community
from service.decide.entries import on_record
from service.decide.meetings.roll import check_active
from service.decide.meetings.state import MEETING, Meeting, held, not_before
from service.decide.quorum import share
from service.decide.roster import ROSTER, Roster
from service.errors import Absent, Conflict, Malformed, Refused


class RaiseExcellentShare(Command, frozen=True, kw_only=True, tag="raise-excellent-share"):
    """The superior lets more members be excellent."""

    zh: ClassVar[str] = "调整优秀名额"
    en: ClassVar[str] = "Raise the excellent share"

    year: OfYear
    excellent_max: Annotated[Count, label("优秀名额", "Most members graded excellent")]
    approval_no: Annotated[Text, label("批准文号", "Approval no.", min_length=1)]
    reason: Annotated[Text, label("理由", "Reason", min_length=1)]
    entry_id: NewEntry = None


class GradeLine(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The grade of one member."""

    person_id: Annotated[PersonId, label("党员", "Member")]
    grade: Annotated[Grade, label("评定等次", "Grade")]
    handling: Annotated[Text | None, label("处理意见", "Handling", help_zh="加密保存", help_en="Kept encrypted")] = None


class AssignAppraisalGrades(Command, frozen=True, kw_only=True, tag="assign-appraisal-grades"):
    """The committee grades members by ballot and everyday performance."""

    zh: ClassVar[str] = "评定等次"
    en: ClassVar[str] = "Assign appraisal grades"

    year: OfYear
    meeting_id: Annotated[
        MeetingId, label("评定会议", "Decided by", help_zh="支委会；不设支委会的为党员大会", help_en="Committee or general meeting")
    ]
    grades: Annotated[tuple[GradeLine, ...], label("等次", "Grades", min_length=1, max_length=16)]


class GiveAppraisalFeedback(Command, frozen=True, kw_only=True, tag="give-appraisal-feedback"):
    """A member is told the result."""

    zh: ClassVar[str] = "反馈评议结果"
    en: ClassVar[str] = "Give appraisal feedback"

    year: OfYear
    person_id: Annotated[PersonId, label("党员", "Member")]
    given_by: Annotated[PersonId, label("反馈人", "Told by")]
    signed: Annotated[bool, label("本人已签字", "Signed by the member")] = False
    opinion: Annotated[LongText | None, label("本人意见", "The member's opinion", help_zh="加密保存", help_en="Kept encrypted")] = None
    entry_id: NewEntry = None


class CloseAppraisal(Command, frozen=True, kw_only=True, tag="close-appraisal"):
    """The result is reported to the superior."""

    zh: ClassVar[str] = "民主评议上报办结"
    en: ClassVar[str] = "Close the appraisal"

    year: OfYear
    report_no: Annotated[Text, label("上报文号", "Report no.", min_length=1)]
    entry_id: NewEntry = None


class WithdrawAppraisalEntry(Command, frozen=True, kw_only=True, tag="withdraw-appraisal-entry"):
    """An entry of the appraisal was wrong."""

    zh: ClassVar[str] = "撤销民主评议登记"
    en: ClassVar[str] = "Withdraw an appraisal entry"

    year: OfYear
    entry_id: Annotated[AppraisalEntryId, label("登记事项", "Entry")]
    reason: Annotated[Text, label("撤销原因", "Reason", min_length=1)]


def raise_excellent_share(command: RaiseExcellentShare, context: Context, appraisal: Appraisal) -> Outcome:
    """The superior's word with its reason (R-I02); the last one holds."""
    event = ExcellentShareRaised(
        occurred_on=command.occurred_on,
        year=command.year,
        entry_id=command.entry_id or AppraisalEntryId(context.event_ids[0]),
        excellent_max=command.excellent_max,
        approval_no=command.approval_no,
        reason=command.reason,
    )
    last = appraisal.one(ExcellentShareRaised)
    if last is not None and on_record((last,), event, "entry_id", "occurred_on"):
        return []
    new_name(appraisal, command.entry_id, context)
    under_way(appraisal, command.year)
    return [event]


def excellent_max(appraisal: Appraisal, full_members: int, rules: Rules) -> int:
    """A third of the full members, rounded down, unless the superior raised it (R-I02, INV-078)."""
    raised = appraisal.one(ExcellentShareRaised)
    over, under = share(rules, "appraisal.excellent")
    return raised.excellent_max if raised is not None else full_members * over // under


def assign_appraisal_grades(
    command: AssignAppraisalGrades, context: Context, appraisal: Appraisal, meeting: Meeting, roster: Roster, community: Community
) -> Outcome:
    """One grade a year (INV-077), full members (INV-079) with self-assessment and ballot (INV-081), few excellent (INV-078)."""
    day = command.occurred_on
    met_on = met(appraisal, command.year, day)
    _check_decided_by(command, meeting)
    events = [_grade(command, line, AppraisalEntryId(context.event_ids[n])) for n, line in enumerate(command.grades)]
    if len({event.person_id for event in events}) < len(events):
        raise Refused("INV-077", "grades")
    new = [event for event in events if not on_record(appraisal.grades.values(), event, "entry_id", "handling")]
    for event in new:
        if event.person_id in appraisal.grades:
            raise Refused("INV-077", "grades", detail=event.person_id)
        check_full(roster, event.person_id, met_on, "grades")
        if lacking := appraisal.lacks(event.person_id):
            raise Refused("INV-081", "grades", detail=f"{event.person_id}: {', '.join(what.zh for what in lacking)}")
        _check_community(event, community, context.rules)
    excellent = appraisal.count(Grade.EXCELLENT) + sum(event.grade is Grade.EXCELLENT for event in new)
    most = excellent_max(appraisal, len(roster.full_members_on(met_on)), context.rules)
    if excellent > most and any(event.grade is Grade.EXCELLENT for event in new):
        raise Refused("INV-078", "grades", detail=f"{excellent}/{most}")
    return [*new]


def _check_community(event: GradeAssigned, community: Community, rules: Rules) -> None:
    """Where it is asked for, whoever never reported to a community is at best basically qualified (R-I05; off unless set)."""
    reported = any(checked_in.occurred_on <= event.occurred_on for checked_in in community.checked_in.get(event.person_id, ()))
    if rules.flag("appraisal.community_required") and event.grade in (Grade.EXCELLENT, Grade.QUALIFIED) and not reported:
        raise Conflict(f"{event.person_id} did not report to a community (R-I05)")


def _check_decided_by(command: AssignAppraisalGrades, meeting: Meeting) -> None:
    took_place = held(meeting, command.meeting_id)
    not_before(took_place, command.occurred_on)
    if took_place.kind not in (MeetingKind.COMMITTEE, MeetingKind.GENERAL):
        raise Malformed("a committee or general meeting grades: meeting_id")


def _grade(command: AssignAppraisalGrades, line: GradeLine, entry_id: AppraisalEntryId) -> GradeAssigned:
    return GradeAssigned(
        occurred_on=command.occurred_on,
        year=command.year,
        entry_id=entry_id,
        person_id=line.person_id,
        grade=line.grade,
        meeting_id=command.meeting_id,
        handling=line.handling,
    )


def give_appraisal_feedback(command: GiveAppraisalFeedback, context: Context, appraisal: Appraisal, roster: Roster) -> Outcome:
    """Once there is a grade, and once for each member."""
    event = FeedbackGiven(
        occurred_on=command.occurred_on,
        year=command.year,
        entry_id=command.entry_id or AppraisalEntryId(context.event_ids[0]),
        person_id=command.person_id,
        given_by=command.given_by,
        signed=command.signed,
        opinion=command.opinion,
    )
    if on_record(appraisal.all(FeedbackGiven), event, "entry_id", "opinion"):
        return []
    new_name(appraisal, command.entry_id, context)
    under_way(appraisal, command.year)
    grade = appraisal.grades.get(command.person_id)
    if grade is None:
        raise Conflict(f"{command.person_id} has no grade of {command.year} yet")
    if command.occurred_on < grade.occurred_on:
        raise Conflict(f"the grade is of {grade.occurred_on}, after {command.occurred_on}")
    if command.person_id in appraisal.told:
        raise Conflict(f"{command.person_id} was told already; withdraw that first")
    check_active(roster, (command.given_by,), command.occurred_on, "given_by")
    return [event]


def close_appraisal(command: CloseAppraisal, context: Context, appraisal: Appraisal, roster: Roster) -> Outcome:
    """When every full member of the day of the meeting has a grade and was told it, or is let off with a reason."""
    event = AppraisalClosed(
        occurred_on=command.occurred_on,
        year=command.year,
        entry_id=command.entry_id or AppraisalEntryId(context.event_ids[0]),
        report_no=command.report_no,
        excellent=appraisal.count(Grade.EXCELLENT),
        qualified=appraisal.count(Grade.QUALIFIED),
        basic=appraisal.count(Grade.BASIC),
        unqualified=appraisal.count(Grade.UNQUALIFIED),
    )
    if on_record(appraisal.all(AppraisalClosed), event, "entry_id"):
        return []
    new_name(appraisal, command.entry_id, context)
    met_on = met(appraisal, command.year, command.occurred_on)
    due = [person for person in sorted(roster.full_members_on(met_on)) if not appraisal.excused(person, Lacking.APPRAISAL)]
    if ungraded := [person for person in due if person not in appraisal.grades]:
        raise Conflict(f"not graded yet: {', '.join(ungraded)}")
    if untold := sorted(appraisal.grades.keys() - appraisal.told):
        raise Conflict(f"not told yet: {', '.join(untold)}")
    if command.occurred_on < max(entry.occurred_on for entry in appraisal.standing.values()):
        raise Conflict("the report is the last step")
    return [event]


def withdraw_appraisal_entry(command: WithdrawAppraisalEntry, _context: Context, appraisal: Appraisal) -> Outcome:
    """What follows from it goes first; after the report, only the report itself, which opens the appraisal again."""
    entry = appraisal.standing.get(command.entry_id)
    if entry is None:
        if command.entry_id in appraisal.withdrawn:
            return []
        raise Absent(f"entry {command.entry_id}")
    if command.occurred_on < entry.occurred_on:
        raise Conflict(f"entry {command.entry_id} is of {entry.occurred_on}, after {command.occurred_on}")
    if appraisal.closed is not None and entry != appraisal.closed:
        raise Conflict("the result was reported; withdraw the report first")
    if isinstance(entry, AppraisalStudyHeld):
        raise Conflict("the study stands in the education ledger; withdraw it there")
    if (follows := _follows(entry, appraisal)) is not None:
        raise Conflict(f"{follows} builds on it; withdraw that first")
    return [AppraisalEntryWithdrawn(occurred_on=command.occurred_on, year=command.year, entry_id=command.entry_id, reason=command.reason)]


def _follows(entry: AppraisalEvent, appraisal: Appraisal) -> str | None:
    """What stands on the entry."""
    match entry:
        case AppraisalOpened() if len(appraisal.standing) > 1:
            return "the appraisal"
        case AppraisalMeetingHeld() if len(appraisal.meetings) == 1 and (appraisal.commented or appraisal.ballots or appraisal.grades):
            return "what was said and counted there"
        case SelfAssessed() | AppraisalBallotRecorded() | LackExcused() if entry.person_id in appraisal.grades:
            return "the grade"
        case GradeAssigned() if entry.person_id in appraisal.told:
            return "the feedback"
        case _:
            return None  # nothing builds on the others


CASES = (
    Case(command=RaiseExcellentShare, right=Right.SUPERIOR_WRITE, reads=(APPRAISAL,), decide=raise_excellent_share),
    Case(
        command=AssignAppraisalGrades, right=Right.WORK_WRITE, reads=(APPRAISAL, MEETING, ROSTER, COMMUNITY), decide=assign_appraisal_grades
    ),
    Case(command=GiveAppraisalFeedback, right=Right.WORK_WRITE, reads=(APPRAISAL, ROSTER), decide=give_appraisal_feedback),
    Case(command=CloseAppraisal, right=Right.WORK_WRITE, reads=(APPRAISAL, ROSTER), decide=close_appraisal),
    Case(command=WithdrawAppraisalEntry, right=Right.WORK_WRITE, reads=(APPRAISAL,), decide=withdraw_appraisal_entry),
)
