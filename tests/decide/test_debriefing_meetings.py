"""Debriefing, the meetings: to the superior, to the members, comments, ballot, grade, problems; the procedure (INV-096)."""

import datetime as dt
from typing import Any

import pytest

from events.base import Event
from events.debriefing import Before, DebriefingGrade, DebriefingStep, ProblemId
from events.meetings import MeetingKind
from projections.standard.pack import default_pack
from service.decide.debriefing.meetings import (
    PROCEDURES,
    CloseDebriefingProblem,
    GradeSecretary,
    PlanDebriefingProblem,
    RecordDebriefingBallot,
    RecordSuperiorComments,
    ReportToMembers,
    ReportToSuperior,
)
from service.decide.procedure import Progress
from service.errors import Absent, Conflict, Malformed
from tests.decide.bdd import fails, given, nothing, refused
from tests.decide.debriefing_history import (
    HEARD,
    M1,
    P1,
    VOTED,
    WRITTEN,
    approved,
    ballot,
    closed,
    commented,
    drafted,
    graded,
    inspected,
    meeting,
    opinions,
    plan,
    planned,
    returned,
    submitted,
    to_members,
    to_superior,
    withdrawn,
)
from tests.decide.roster_history import AFTER, ANN, BEFORE, BEN, DAY, PEOPLE, founded, members, seated

HERE = (founded(), *members(*PEOPLE), seated())


class TestReportToSuperior:
    COMMAND = ReportToSuperior(occurred_on=DAY, year=2025, chaired_by="党委书记")

    def test_INV_096_after_the_report_was_approved(self):
        given(*HERE, *WRITTEN).when(self.COMMAND).then(to_superior())

    @pytest.mark.parametrize("history", [(), (drafted(),), (drafted(), submitted()), (drafted(), submitted(), returned())])
    def test_INV_096_and_never_before(self, history: tuple[Event, ...]):
        given(*HERE, *history).when(self.COMMAND).then(refused("INV-096", "year"))

    def test_INV_096_not_dated_before_the_approval(self):
        history = (drafted(), submitted(), approved(occurred_on=AFTER))
        given(*HERE, *history).when(self.COMMAND).then(refused("INV-096", "occurred_on"))

    def test_INV_096_an_approval_that_was_withdrawn_is_none(self):
        given(*HERE, *WRITTEN, withdrawn(DebriefingStep.REVIEW)).when(self.COMMAND).then(refused("INV-096", "year"))

    def test_the_same_again_is_nothing_to_do(self):
        given(*HERE, *HEARD).when(self.COMMAND).then(nothing)
        given(*HERE, *HEARD).when(ReportToSuperior(occurred_on=DAY, year=2025, chaired_by="副书记")).then(fails(Conflict))


class TestReportToMembers:
    COMMAND = ReportToMembers(occurred_on=DAY, year=2025, meeting_id=M1, observer="组织委员")

    def test_at_a_general_meeting_on_record(self):
        given(*HERE, *HEARD, meeting()).when(self.COMMAND).then(to_members())

    def test_the_same_again_is_nothing_to_do(self):
        given(*HERE, *HEARD, meeting(), to_members()).when(self.COMMAND).then(nothing)

    def test_INV_096_not_before_the_report_was_approved(self):
        given(*HERE, meeting()).when(self.COMMAND).then(refused("INV-096", "year"))

    def test_the_superior_hears_it_first(self):
        given(*HERE, *WRITTEN, meeting()).when(self.COMMAND).then(fails(Conflict, "superior"))

    @pytest.mark.parametrize("other", [meeting(MeetingKind.COMMITTEE), meeting(on=BEFORE)])
    def test_not_at_another_meeting(self, other: Event):
        given(*HERE, *HEARD, other).when(self.COMMAND).then(fails(Conflict, "m1"))

    def test_nor_at_one_that_nobody_recorded(self):
        given(*HERE, *HEARD).when(self.COMMAND).then(fails(Absent))

    def test_once(self):
        other = ReportToMembers(occurred_on=DAY, year=2025, meeting_id=M1, observer="副书记")
        given(*HERE, *HEARD, meeting(), to_members()).when(other).then(fails(Conflict))


def comment(before: Before = Before.SUPERIOR) -> RecordSuperiorComments:
    return RecordSuperiorComments(
        occurred_on=DAY, year=2025, before=before, commentator="党委书记", achievements="扎实", problems="创新不足", direction="抓品牌"
    )


class TestRecordSuperiorComments:
    def test_at_the_superiors_meeting(self):
        given(*HERE, *WRITTEN, to_superior()).when(comment()).then(commented())

    def test_at_the_general_meeting(self):
        given(*HERE, *HEARD, to_members()).when(comment(Before.MEMBERS)).then(commented(Before.MEMBERS))

    def test_not_before_the_debrief(self):
        given(*HERE, *WRITTEN).when(comment()).then(fails(Conflict))
        given(*HERE, *HEARD).when(comment(Before.MEMBERS)).then(fails(Conflict))

    def test_once(self):
        given(*HERE, *HEARD).when(comment()).then(fails(Conflict))


def vote(**changed: Any) -> RecordDebriefingBallot:
    told: dict[str, Any] = {
        "occurred_on": DAY,
        "year": 2025,
        "issued": 10,
        "returned": 9,
        "good": 6,
        "fairly_good": 2,
        "fair": 0,
        "poor": 0,
        "invalid": 1,
    }
    return RecordDebriefingBallot(**(told | changed))


class TestRecordDebriefingBallot:
    def test_the_counts(self):
        given(*HERE, *HEARD, to_members()).when(vote()).then(ballot())

    def test_the_same_again_is_nothing_to_do(self):
        given(*HERE, *VOTED).when(vote()).then(nothing)
        given(*HERE, *VOTED).when(vote(good=5, fairly_good=3)).then(fails(Conflict))

    @pytest.mark.parametrize("wrong", [{"good": 7}, {"returned": 8}, {"issued": 8}])
    def test_they_add_up(self, wrong: dict[str, int]):
        given(*HERE, *HEARD, to_members()).when(vote(**wrong)).then(fails(Malformed))

    def test_not_before_the_debrief_to_the_members(self):
        given(*HERE, *HEARD).when(vote()).then(fails(Conflict))


class TestGradeSecretary:
    COMMAND = GradeSecretary(occurred_on=DAY, year=2025, grade=DebriefingGrade.GOOD, document_no="部发9号")

    def test_after_both_debriefs_comments_and_ballot(self):
        given(*HERE, *VOTED).when(self.COMMAND).then(graded())

    def test_the_same_again_is_nothing_to_do(self):
        given(*HERE, *VOTED, graded()).when(self.COMMAND).then(nothing)
        other = GradeSecretary(occurred_on=DAY, year=2025, grade=DebriefingGrade.FAIR)
        given(*HERE, *VOTED, graded()).when(other).then(fails(Conflict))

    def test_INV_096_not_without_an_approved_report(self):
        given(*HERE).when(self.COMMAND).then(refused("INV-096", "year"))

    @pytest.mark.parametrize("history", [WRITTEN, (*WRITTEN, to_superior()), HEARD, (*HEARD, to_members())])
    def test_nor_while_a_part_is_missing(self, history: tuple[Event, ...]):
        given(*HERE, *history).when(self.COMMAND).then(fails(Conflict))


def plan_problem(**changed: Any) -> PlanDebriefingProblem:
    told: dict[str, Any] = {
        "occurred_on": DAY,
        "year": 2025,
        "problem": "创新不足",
        "measures": "每季一题",
        "responsible": BEN,
        "due_on": dt.date(2026, 6, 30),
        "problem_id": P1,
    }
    return PlanDebriefingProblem(**(told | changed))


class TestProblems:
    CLOSE = CloseDebriefingProblem(occurred_on=DAY, year=2025, problem_id=P1, closed_by="党委组织部", result="已改")

    def test_one_is_planned(self):
        given(*HERE, *HEARD).when(plan_problem()).then(planned())
        given(*HERE, *HEARD).when(plan_problem(problem_id=None)).then(planned(problem_id=ProblemId("event-1")))

    def test_the_same_again_is_nothing_to_do(self):
        given(*HERE, *HEARD, planned()).when(plan_problem()).then(nothing)
        given(*HERE, *HEARD, planned()).when(plan_problem(problem="另一题")).then(fails(Conflict))

    def test_not_before_the_debrief_nor_due_before_the_plan(self):
        given(*HERE, *WRITTEN).when(plan_problem()).then(fails(Conflict))
        given(*HERE, *HEARD).when(plan_problem(due_on=BEFORE)).then(fails(Malformed))

    def test_INV_002_somebody_of_the_branch_is_responsible(self):
        given(founded(), *HEARD).when(plan_problem()).then(refused("INV-002", "responsible"))

    def test_one_is_closed(self):
        given(*HERE, *HEARD, planned()).when(self.CLOSE).then(closed())
        given(*HERE, *HEARD, planned(), closed()).when(self.CLOSE).then(nothing)
        given(*HERE, *HEARD).when(self.CLOSE).then(fails(Absent))
        given(*HERE, *HEARD, planned(occurred_on=AFTER)).when(self.CLOSE).then(fails(Conflict))


def steps_of(*events: Event, subject: str = "2025") -> dict[str, Any]:
    (procedure,) = PROCEDURES
    state = procedure.fold.initial
    for event in events:
        assert event.stream() == procedure.stream(subject)
        state = procedure.fold.evolve(state, event)
    return {step.code: step for step in procedure.steps(state, subject, default_pack().rules(on=DAY), DAY)}


class TestProcedure:
    def test_a_year_that_has_not_begun(self):
        steps = steps_of()
        opens = ["plan", "self-inspection", "opinions", "draft"]
        assert [code for code, step in steps.items() if step.progress is Progress.OPEN] == opens
        assert {step.progress for code, step in steps.items() if code not in opens} == {Progress.BLOCKED}

    def test_the_days_of_the_chain(self):
        days = {code: step.latest for code, step in steps_of().items() if step.latest is not None}
        debrief_by = dt.date(2026, 1, 31)
        assert days == {
            "plan": dt.date(2025, 11, 30),
            "self-inspection": dt.date(2025, 12, 31),
            "approval": dt.date(2026, 1, 15),
            "to-superior": debrief_by,
            "to-members": debrief_by,
            "grade": debrief_by,
        }

    def test_INV_096_the_debrief_waits_for_the_approval(self):
        step = steps_of(drafted(), submitted())["to-superior"]
        assert (step.progress, step.rule, step.why_zh) == (Progress.BLOCKED, "INV-096", "须先完成：上级审定")
        assert steps_of(*WRITTEN)["to-superior"].earliest == DAY

    def test_a_returned_report_is_drafted_again(self):
        steps = steps_of(drafted(), submitted(), returned())
        assert (steps["draft"].progress, steps["approval"].progress) == (Progress.OPEN, Progress.BLOCKED)

    def test_the_grade_waits_for_comments_and_ballot(self):
        assert steps_of(*HEARD, to_members())["grade"].why_en == "First: Ballot"
        assert steps_of(*VOTED)["grade"].progress is Progress.OPEN

    def test_everything_done(self):
        steps = steps_of(plan(), inspected(), opinions(), *VOTED, commented(Before.MEMBERS), graded())
        assert {step.progress for step in steps.values()} == {Progress.DONE}

    def test_it_is_about_whoever_debriefs(self):
        (procedure,) = PROCEDURES
        state = procedure.fold.evolve(procedure.fold.initial, drafted())
        assert (procedure.person(procedure.fold.initial, "2025"), procedure.person(state, "2025")) == (None, ANN)

    @pytest.mark.parametrize("subject", ["", "abc", "25", "20255", "２０２５"])
    def test_what_is_no_year_has_no_steps(self, subject: str):
        assert steps_of(subject=subject) == {}
