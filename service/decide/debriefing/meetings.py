"""Debriefing, the meetings: to the superior, to the members, comments, ballot, grade, what is put right (N25.T03, R-J06, INV-096)."""

import datetime as dt
import re
from collections.abc import Iterator
from typing import Annotated, ClassVar

from events.base import Count, LongText, MeetingId, PersonId, Text
from events.debriefing import (
    AppraisalBallot,
    Before,
    CommentsRecorded,
    DebriefingGrade,
    ProblemClosed,
    ProblemId,
    ProblemPlanned,
    ProblemReturned,
    ReportedToMembers,
    ReportedToSuperior,
    SecretaryGraded,
)
from events.meetings import MeetingKind
from projections.standard.rules import Rules
from service.auth.rights import Right
from service.decide.base import Case, Command, Context, Outcome, label
from service.decide.debriefing.preparation import DebriefedYear
from service.decide.debriefing.state import DEBRIEFING, Debriefing, must_follow
from service.decide.ladder import Rung, climb, day_of
from service.decide.meetings.state import MEETING, Meeting, held
from service.decide.procedure import Procedure, Step
from service.decide.putting_right import Problem, put_right
from service.decide.roster import ROSTER, Roster
from service.errors import Absent, BuiltUpon, Conflict, Malformed


class ReportToSuperior(Command, frozen=True, kw_only=True, tag="report-to-superior"):
    """The secretary debriefed to the superior."""

    zh: ClassVar[str] = "登记书记向上级述职"
    en: ClassVar[str] = "Record the debrief to the superior"

    year: DebriefedYear
    chaired_by: Annotated[Text, label("上级主持人", "Chaired by", min_length=1)]
    place: Annotated[Text | None, label("地点", "Place")] = None


def report_to_superior(command: ReportToSuperior, _context: Context, known: Debriefing) -> Outcome:
    """Not before the superior approved the report (INV-096)."""
    approved = known.must_be_approved(command.occurred_on)
    event = ReportedToSuperior(
        occurred_on=command.occurred_on,
        year=command.year,
        person_id=approved.person_id,
        place=command.place,
        chaired_by=command.chaired_by,
    )
    if known.to_superior not in (None, event):
        raise Conflict("the debrief to the superior is on record; withdraw it first")
    return [] if known.to_superior == event else [event]


class ReportToMembers(Command, frozen=True, kw_only=True, tag="report-to-members"):
    """The secretary debriefed to all members at a general meeting."""

    zh: ClassVar[str] = "登记书记向党员述职"
    en: ClassVar[str] = "Record the debrief to the members"

    year: DebriefedYear
    meeting_id: Annotated[MeetingId, label("党员大会", "General meeting", help_zh="须先登记会议", help_en="The meeting is recorded first")]
    observer: Annotated[Text, label("上级列席人", "Superior's observer", min_length=1)]


def report_to_members(command: ReportToMembers, _context: Context, known: Debriefing, meeting: Meeting) -> Outcome:
    """After the debrief to the superior, at a general meeting on record, with an observer (R-J06, INV-096)."""
    approved = known.must_be_approved(command.occurred_on)
    event = ReportedToMembers(
        occurred_on=command.occurred_on,
        year=command.year,
        person_id=approved.person_id,
        meeting_id=command.meeting_id,
        observer=command.observer,
    )
    if known.to_members == event:
        return []
    must_follow(known.to_superior, command.occurred_on, "the debrief to the superior")
    if known.to_members is not None:
        raise Conflict("the debrief to the members is on record; withdraw it first")
    took_place = held(meeting, command.meeting_id)
    if took_place.kind is not MeetingKind.GENERAL or took_place.occurred_on != command.occurred_on:
        raise Conflict(f"meeting {command.meeting_id} is a {took_place.kind.value} meeting of {took_place.occurred_on}")
    return [event]


class RecordSuperiorComments(Command, frozen=True, kw_only=True, tag="record-superior-comments"):
    """What the superior said about the secretary's debrief."""

    zh: ClassVar[str] = "登记上级点评"
    en: ClassVar[str] = "Record the superior's comments"

    year: DebriefedYear
    before: Annotated[Before, label("述职对象", "At the debrief to")]
    commentator: Annotated[Text, label("点评人", "Who commented", min_length=1)]
    achievements: Annotated[LongText, label("成绩", "Achievements", min_length=1)]
    problems: Annotated[LongText, label("问题", "Problems", min_length=1)]
    direction: Annotated[LongText, label("努力方向", "Direction", min_length=1)]


def record_superior_comments(command: RecordSuperiorComments, _context: Context, known: Debriefing) -> Outcome:
    """Achievements, problems and direction, of a debrief that took place (N25.T03, N25.M04)."""
    debrief = known.to_superior if command.before is Before.SUPERIOR else known.to_members
    comment = known.superior_comment if command.before is Before.SUPERIOR else known.members_comment
    must_follow(debrief, command.occurred_on, "the debrief")
    if comment is not None:
        raise Conflict("comments are on record; withdraw them first")
    assert debrief is not None, "just seen"
    return [
        CommentsRecorded(
            occurred_on=command.occurred_on,
            year=command.year,
            person_id=debrief.person_id,
            before=command.before,
            commentator=command.commentator,
            achievements=command.achievements,
            problems=command.problems,
            direction=command.direction,
        )
    ]


class RecordDebriefingBallot(Command, frozen=True, kw_only=True, tag="record-debriefing-ballot"):
    """The members appraised the secretary on the spot."""

    zh: ClassVar[str] = "登记述职测评"
    en: ClassVar[str] = "Record the debriefing ballot"

    year: DebriefedYear
    issued: Annotated[Count, label("发出票数", "Ballots issued")]
    returned: Annotated[Count, label("收回票数", "Ballots returned")]
    good: Annotated[Count, label("好", "Good")]
    fairly_good: Annotated[Count, label("较好", "Fairly good")]
    fair: Annotated[Count, label("一般", "Fair")]
    poor: Annotated[Count, label("差", "Poor")]
    invalid: Annotated[Count, label("无效票", "Invalid")] = 0


def record_debriefing_ballot(command: RecordDebriefingBallot, _context: Context, known: Debriefing) -> Outcome:
    """The counts add up to what was returned, which is no more than was issued (N25.T03)."""
    must_follow(known.to_members, command.occurred_on, "the debrief to the members")
    assert known.to_members is not None, "just seen"
    counted = command.good + command.fairly_good + command.fair + command.poor + command.invalid
    if counted != command.returned or command.returned > command.issued:
        raise Malformed(f"{counted} counted, {command.returned} returned, {command.issued} issued")
    event = AppraisalBallot(
        occurred_on=command.occurred_on,
        year=command.year,
        person_id=known.to_members.person_id,
        issued=command.issued,
        returned=command.returned,
        good=command.good,
        fairly_good=command.fairly_good,
        fair=command.fair,
        poor=command.poor,
        invalid=command.invalid,
    )
    if known.ballot not in (None, event):
        raise Conflict("a ballot is on record; withdraw it first")
    return [] if known.ballot == event else [event]


class GradeSecretary(Command, frozen=True, kw_only=True, tag="grade-secretary"):
    """The superior grades the debriefing."""

    zh: ClassVar[str] = "评定述职评议等次"
    en: ClassVar[str] = "Grade the secretary's debriefing"

    year: DebriefedYear
    grade: Annotated[DebriefingGrade, label("等次", "Grade")]
    document_no: Annotated[Text | None, label("文号", "Document number")] = None


def grade_secretary(command: GradeSecretary, _context: Context, known: Debriefing) -> Outcome:
    """Both debriefs took place, the superior commented, the members voted (N25.T03, R-J06)."""
    approved = known.must_be_approved(command.occurred_on)
    event = SecretaryGraded(
        occurred_on=command.occurred_on,
        year=command.year,
        person_id=approved.person_id,
        grade=command.grade,
        document_no=command.document_no,
    )
    if known.grade == event:
        return []
    if known.grade is not None:
        raise Conflict("a grade is on record; withdraw it first")
    must_follow(known.superior_comment, command.occurred_on, "the comments of the superior")
    must_follow(known.ballot, command.occurred_on, "the ballot of the members")
    return [event]


class PlanDebriefingProblem(Command, frozen=True, kw_only=True, tag="plan-debriefing-problem"):
    """How a problem named at the debriefing will be put right."""

    zh: ClassVar[str] = "制定述职整改方案"
    en: ClassVar[str] = "Plan to put a problem right"

    year: DebriefedYear
    problem: Annotated[LongText, label("问题", "Problem", min_length=1)]
    measures: Annotated[LongText, label("措施", "Measures", min_length=1)]
    responsible: Annotated[PersonId, label("责任人", "Responsible")]
    due_on: Annotated[dt.date, label("时限", "Due on")]
    problem_id: Annotated[ProblemId | None, label("问题编号", "Problem id", help_zh="通常留空", help_en="Usually left empty")] = None


def plan_debriefing_problem(command: PlanDebriefingProblem, context: Context, known: Debriefing, roster: Roster) -> Outcome:
    """After the debrief to the superior. One that was returned is planned anew under its id."""
    event = ProblemPlanned(
        occurred_on=command.occurred_on,
        year=command.year,
        problem_id=command.problem_id or ProblemId(context.event_ids[0]),
        problem=command.problem,
        measures=command.measures,
        responsible=command.responsible,
        due_on=command.due_on,
    )
    earlier, returned = known.problems.get(event.problem_id), known.sent_back.get(event.problem_id)
    if returned is None and earlier not in (None, event):
        raise Conflict(f"another problem is recorded as {event.problem_id}")
    if returned is None and earlier == event:
        return []
    must_follow(returned or known.to_superior, command.occurred_on, "the debrief to the superior" if returned is None else "the return")
    roster.must_be_active(command.responsible, command.occurred_on, "responsible")
    if command.due_on < command.occurred_on:
        raise Malformed("due_on lies before the plan")
    return [event]


class CloseDebriefingProblem(Command, frozen=True, kw_only=True, tag="close-debriefing-problem"):
    """A problem was checked as put right, or was entered by mistake."""

    zh: ClassVar[str] = "述职整改销号"
    en: ClassVar[str] = "Close a problem"

    year: DebriefedYear
    problem_id: Annotated[ProblemId, label("整改问题", "Problem")]
    mistaken: Annotated[bool, label("误录", "Entered by mistake")] = False
    closed_by: Annotated[Text, label("验收人", "Checked by", min_length=1)]
    result: Annotated[Text, label("结果或原因", "Result or reason", min_length=1)]


def close_debriefing_problem(command: CloseDebriefingProblem, _context: Context, known: Debriefing) -> Outcome:
    """Once."""
    planned = known.problems.get(command.problem_id)
    if planned is None:
        raise Absent(f"problem {command.problem_id}")
    must_follow(planned, command.occurred_on, "the plan")
    if command.problem_id in known.closed:
        return []
    if command.problem_id in known.sent_back and not command.mistaken:
        raise BuiltUpon("已退回，须由支部重新制定整改方案", "It was returned: the branch plans it anew first")
    return [
        ProblemClosed(
            occurred_on=command.occurred_on,
            year=command.year,
            problem_id=command.problem_id,
            mistaken=command.mistaken,
            closed_by=command.closed_by,
            result=command.result,
        )
    ]


class ReturnDebriefingProblem(Command, frozen=True, kw_only=True, tag="return-debriefing-problem"):
    """The superior sends back a plan that is wanting, or a problem that was not put right after all."""

    zh: ClassVar[str] = "退回述职整改"
    en: ClassVar[str] = "Return a problem"

    year: DebriefedYear
    problem_id: Annotated[ProblemId, label("整改问题", "Problem")]
    reason: Annotated[Text, label("退回原因", "Reason", min_length=1)]


def return_debriefing_problem(command: ReturnDebriefingProblem, _context: Context, known: Debriefing) -> Outcome:
    """Before it was closed or after; one that was entered by mistake is struck and stays so."""
    planned, closed = known.problems.get(command.problem_id), known.closed.get(command.problem_id)
    if planned is None:
        raise Absent(f"problem {command.problem_id}")
    if closed is not None and closed.mistaken:
        raise BuiltUpon("该问题系误录，已撤销", "The problem was entered by mistake and is struck")
    if command.problem_id in known.sent_back:
        return []
    must_follow(closed or planned, command.occurred_on, "the plan" if closed is None else "the close")
    return [ProblemReturned(occurred_on=command.occurred_on, year=command.year, problem_id=command.problem_id, reason=command.reason)]


def _problems(known: Debriefing) -> Iterator[Problem]:
    for name, planned in known.problems.items():
        closed, returned = known.closed.get(name), known.sent_back.get(name)
        if closed is None or not closed.mistaken:
            yield Problem(
                name=name,
                field="problem_id",
                problem=planned.problem,
                planned_on=planned.occurred_on,
                due_on=planned.due_on,
                accepted_on=None if closed is None else closed.occurred_on,
                returned=None if returned is None else returned.reason,
            )


def _day(rules: Rules, key: str, year: int) -> dt.date:
    """The day of a setting such as `01-31` in a year."""
    return dt.date.fromisoformat(f"{year:04d}-{rules.text(key)}")


def steps(known: Debriefing, subject: str, rules: Rules, _today: dt.date) -> tuple[Step, ...]:
    """The chain of N25 with the days of DL-50, then what is put right; a year that has not begun shows its first steps open."""
    if not re.fullmatch(r"(19|20)\d\d", subject, re.ASCII):
        return ()
    year = int(subject)
    plan_by, inspect_by = (_day(rules, key, year) for key in ("debriefing.plan_by", "debriefing.self_inspection_by"))
    approve_by, debrief_by = (_day(rules, key, year + 1) for key in ("debriefing.approval_by", "debriefing.debrief_by"))
    sent_back = ("报告已退改，须重新起草", "Returned: draft it again") if known.returned is not None and known.draft is None else ("", "")
    ladder = climb(
        (
            Rung(code="plan", zh="考核方案", en="Plan", rule="N25.T02", done_on=day_of(known.plan), latest=plan_by,
                 command="adopt-debriefing-plan", materials=("N25.M01",)),
            Rung(code="self-inspection", zh="自查报告", en="Self-inspection", rule="N25.T02", done_on=day_of(known.inspected),
                 latest=inspect_by, command="inspect-for-debriefing", materials=("N25.M02",)),
            Rung(code="opinions", zh="征求意见", en="Opinions", rule="N25.T02", command="gather-opinions",
                 done_on=day_of(known.opinions[-1]) if known.opinions else None),
            Rung(code="draft", zh="述职报告起草", en="Draft of the report", rule="N25.T01", done_on=day_of(known.draft),
                 command="draft-debriefing-report"),
            Rung(code="submission", zh="述职报告报审", en="Submission", rule="N25.T02", done_on=day_of(known.submitted), needs=("draft",),
                 command="submit-debriefing-report"),
            Rung(code="approval", zh="上级审定", en="Superior's approval", rule="INV-096", done_on=day_of(known.approved),
                 needs=("submission",), latest=approve_by, command="approve-debriefing-report", materials=("N25.M03",),
                 block_zh=sent_back[0], block_en=sent_back[1]),
            Rung(code="to-superior", zh="向上级述职", en="Debrief to the superior", rule="INV-096", done_on=day_of(known.to_superior),
                 needs=("approval",), latest=debrief_by, command="report-to-superior"),
            Rung(code="superior-comment", zh="上级点评", en="Superior's comments", rule="R-J06", done_on=day_of(known.superior_comment),
                 needs=("to-superior",), command="record-superior-comments", materials=("N25.M04",)),
            Rung(code="to-members", zh="向党员述职", en="Debrief to the members", rule="R-J06", done_on=day_of(known.to_members),
                 needs=("to-superior",), latest=debrief_by, command="report-to-members", materials=("N25.M05",)),
            Rung(code="members-comment", zh="党员大会点评", en="Comments at the general meeting", rule="R-J06",
                 done_on=day_of(known.members_comment), needs=("to-members",), command="record-superior-comments"),
            Rung(code="ballot", zh="党员测评", en="Ballot", rule="N25.T03", done_on=day_of(known.ballot), needs=("to-members",),
                 command="record-debriefing-ballot"),
            Rung(code="grade", zh="评定等次", en="Grade", rule="N25.T03", done_on=day_of(known.grade),
                 needs=("superior-comment", "ballot"), latest=debrief_by, command="grade-secretary"),
        )
    )  # fmt: skip
    return ladder + put_right(_problems(known), rule="N25.T03", plan="plan-debriefing-problem", accept="close-debriefing-problem")


CASES = (
    Case(command=ReportToSuperior, right=Right.WORK_WRITE, reads=(DEBRIEFING,), decide=report_to_superior),
    Case(command=ReportToMembers, right=Right.WORK_WRITE, reads=(DEBRIEFING, MEETING), decide=report_to_members),
    Case(command=RecordSuperiorComments, right=Right.WORK_WRITE, reads=(DEBRIEFING,), decide=record_superior_comments),
    Case(command=RecordDebriefingBallot, right=Right.WORK_WRITE, reads=(DEBRIEFING,), decide=record_debriefing_ballot),
    Case(command=GradeSecretary, right=Right.SUPERIOR_WRITE, reads=(DEBRIEFING,), decide=grade_secretary),
    Case(command=PlanDebriefingProblem, right=Right.WORK_WRITE, reads=(DEBRIEFING, ROSTER), decide=plan_debriefing_problem),
    Case(command=CloseDebriefingProblem, right=Right.SUPERIOR_WRITE, reads=(DEBRIEFING,), decide=close_debriefing_problem),
    Case(command=ReturnDebriefingProblem, right=Right.SUPERIOR_WRITE, reads=(DEBRIEFING,), decide=return_debriefing_problem),
)

PROCEDURES = (
    Procedure(
        kind="debriefing",
        zh="述职评议考核",
        en="Debriefing and appraisal of the secretary",
        stream=lambda subject: f"debriefing-{subject}",
        fold=DEBRIEFING,
        steps=steps,
        person=lambda known, _subject: None if known.draft is None else known.draft.person_id,
        field="year",
    ),
)
