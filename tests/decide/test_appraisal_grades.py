"""Grades, feedback and report: four grades, a third excellent, none for probationary members, none without ballot (INV-077 to 081)."""

from typing import Any

import pytest

from events.appraisal import Grade, Lacking
from events.base import Event, PersonId
from events.community import CheckedIn, CommunityEntryId
from events.meetings import MeetingKind
from projections.standard.rules import Override
from service.decide.appraisal.grades import (
    AssignAppraisalGrades,
    CloseAppraisal,
    GiveAppraisalFeedback,
    GradeLine,
    RaiseExcellentShare,
    WithdrawAppraisalEntry,
)
from service.errors import Absent, Conflict, Malformed
from tests.decide.appraisal_history import (
    COMMITTEE,
    DONE,
    FULL,
    GRADED,
    LATER,
    M2,
    MET,
    NEW,
    TOLD,
    TOLD_ON,
    VOTED,
    YEAR,
    assessed,
    ballot,
    closed,
    excused,
    graded,
    named,
    raised,
    study,
    told,
    withdrawn,
)
from tests.decide.bdd import fails, given, nothing, refused
from tests.decide.life_history import BRANCH_OF_EIGHT, meeting
from tests.decide.roster_history import AFTER, ANN, BEN, CAI, DAN, DAY, FAY, GUS, NEO, converted, left, member

WHO = PersonId("who")
READY: tuple[Event, ...] = (*VOTED, COMMITTEE)
E, Q, B, U = Grade.EXCELLENT, Grade.QUALIFIED, Grade.BASIC, Grade.UNQUALIFIED


def grade(*lines: tuple[PersonId, Grade], **changed: Any) -> AssignAppraisalGrades:
    rows = tuple(GradeLine(person_id=person, grade=each) for person, each in lines)
    told: dict[str, Any] = {"occurred_on": AFTER, "year": YEAR, "meeting_id": M2, "grades": rows}
    return AssignAppraisalGrades(**(told | changed))


def without(*kinds: str) -> tuple[Event, ...]:
    """READY without some entries of FAY."""
    return tuple(event for event in READY if getattr(event, "entry_id", "") not in {f"{kind}-fay" for kind in kinds})


class TestAssignAppraisalGrades:
    @pytest.mark.parametrize("each", [Q, B, U, E])
    def test_the_committee_gives_one_of_four(self, each: Grade):
        given(READY).when(grade((FAY, each))).then(graded(FAY, each, entry_id=NEW))

    def test_with_what_is_to_follow(self):
        line = GradeLine(person_id=FAY, grade=U, handling="限期改正")
        given(READY).when(grade(grades=(line,))).then(graded(FAY, U, entry_id=NEW, handling="限期改正"))

    def test_one_grade_a_year(self):
        given(READY, graded(FAY)).when(grade((FAY, B))).then(refused("INV-077", "grades"))
        given(READY).when(grade((FAY, Q), (FAY, B))).then(refused("INV-077", "grades"))
        given(READY, graded(FAY), withdrawn("grade-fay")).when(grade((FAY, B))).then(graded(FAY, B, entry_id=NEW))

    def test_the_same_grade_again_is_nothing_to_do(self):
        given(READY, graded(FAY)).when(grade((FAY, Q))).then(nothing)
        given(READY, graded(FAY)).when(grade((FAY, Q), (GUS, Q))).then(graded(GUS, entry_id=named("event-2")))

    def test_a_third_of_seven_is_two(self):
        given(READY).when(grade((FAY, E), (GUS, E))).then(graded(FAY, E, entry_id=NEW), graded(GUS, E, entry_id=named("event-2")))
        given(READY).when(grade((FAY, E), (GUS, E), (ANN, E))).then(refused("INV-078", "grades"))
        given(READY, graded(FAY, E), graded(GUS, E)).when(grade((ANN, E))).then(refused("INV-078", "grades"))
        given(READY, graded(FAY, E), graded(GUS, E)).when(grade((ANN, Q))).then(graded(ANN, entry_id=NEW))

    @pytest.mark.parametrize(("full_members", "most"), [(5, 1), (6, 2), (8, 2), (9, 3)])
    def test_a_third_is_rounded_down(self, full_members: int, most: int):
        gone = [left(p, on=TOLD_ON) for p in (FAY, GUS)[: max(0, 7 - full_members)]]
        come = [member(PersonId(f"new-{n}")) for n in range(full_members - 7)]
        entries = [e for e in READY[len(BRANCH_OF_EIGHT) :] if getattr(e, "person_id", None) not in {g.person_id for g in gone}]
        branch = given(BRANCH_OF_EIGHT, gone, come, entries)
        people = (ANN, BEN, CAI, DAN)
        branch.when(grade(*((p, E) for p in people[:most]))).then(
            *(graded(p, E, entry_id=named(f"event-{n}")) for n, p in enumerate(people[:most], 1))
        )
        branch.when(grade(*((p, E) for p in people[: most + 1]))).then(refused("INV-078", "grades"))

    def test_the_superior_may_raise_it(self):
        three = grade((FAY, E), (GUS, E), (ANN, E))
        given(READY, raised(3)).when(three).then(
            graded(FAY, E, entry_id=NEW), graded(GUS, E, entry_id=named("event-2")), graded(ANN, E, entry_id=named("event-3"))
        )
        given(READY, raised(2)).when(three).then(refused("INV-078", "grades"))

    def test_the_share_is_a_setting(self):
        half = [Override(key="appraisal.excellent", value=[1, 7], effective_from=TOLD_ON)]
        given(READY).when(grade((FAY, E)), overrides=half).then(graded(FAY, E, entry_id=NEW))
        given(READY).when(grade((FAY, E), (GUS, E)), overrides=half).then(refused("INV-078", "grades"))

    def test_a_probationary_member_gets_none(self):
        given(READY, ballot(NEO)).when(grade((NEO, Q))).then(refused("INV-079", "grades"))

    def test_whoever_was_full_on_the_day_of_the_meeting_does(self):
        given(READY, ballot(NEO), converted(NEO, on=DAY)).when(grade((NEO, Q))).then(graded(NEO, entry_id=NEW))
        given(READY, ballot(NEO), converted(NEO, on=AFTER)).when(grade((NEO, Q))).then(refused("INV-079", "grades"))

    @pytest.mark.parametrize("missing", [("self",), ("ballot",), ("self", "ballot")])
    def test_not_without_self_assessment_and_ballot(self, missing: tuple[str, ...]):
        given(without(*missing)).when(grade((FAY, Q))).then(refused("INV-081", "grades"))

    def test_or_with_the_reason_on_record(self):
        given(without("self"), excused(FAY, Lacking.SELF_ASSESSMENT)).when(grade((FAY, Q))).then(graded(FAY, entry_id=NEW))
        given(without("ballot"), excused(FAY, Lacking.BALLOT)).when(grade((FAY, Q))).then(graded(FAY, entry_id=NEW))
        given(without("ballot"), excused(FAY, Lacking.SELF_ASSESSMENT)).when(grade((FAY, Q))).then(refused("INV-081", "grades"))
        given(without("ballot"), excused(GUS, Lacking.BALLOT)).when(grade((FAY, Q))).then(refused("INV-081", "grades"))

    def test_where_it_is_asked_for_not_above_basic_without_a_community(self):
        asked = [Override(key="appraisal.community_required", value=True, effective_from=TOLD_ON)]
        reported = CheckedIn(occurred_on=TOLD_ON, entry_id=CommunityEntryId("c1"), person_id=FAY, community="示例社区", signed=True)
        later = CheckedIn(occurred_on=LATER, entry_id=CommunityEntryId("c1"), person_id=FAY, community="示例社区", signed=True)
        given(READY).when(grade((FAY, Q)), overrides=asked).then(fails(Conflict, "R-I05"))
        given(READY, later).when(grade((FAY, Q)), overrides=asked, today=LATER).then(fails(Conflict, "R-I05"))
        given(READY).when(grade((FAY, B)), overrides=asked).then(graded(FAY, B, entry_id=NEW))
        given(READY, reported).when(grade((FAY, Q)), overrides=asked).then(graded(FAY, entry_id=NEW))

    def test_by_a_committee_or_general_meeting_after_the_appraisal_meeting(self):
        given(VOTED, meeting(meeting_id=M2, occurred_on=AFTER)).when(grade((FAY, Q))).then(graded(FAY, entry_id=NEW))
        given(VOTED, meeting(MeetingKind.GROUP, meeting_id=M2, occurred_on=AFTER)).when(grade((FAY, Q))).then(
            fails(Malformed, "meeting_id")
        )
        given(VOTED).when(grade((FAY, Q))).then(fails(Absent, "m2"))
        given(READY).when(grade((FAY, Q), occurred_on=DAY)).then(fails(Conflict, "after"))
        given(TOLD, COMMITTEE).when(grade((FAY, Q))).then(fails(Conflict, "no appraisal meeting"))
        given(READY).when(grade((WHO, Q))).then(refused("INV-002", "grades"))


def raise_share(**changed: Any) -> RaiseExcellentShare:
    told: dict[str, Any] = {"occurred_on": DAY, "year": YEAR, "excellent_max": 3, "approval_no": "部发〔2026〕8号", "reason": "先进支部"}
    return RaiseExcellentShare(**(told | changed))


class TestRaiseExcellentShare:
    def test_with_number_and_reason(self):
        given(TOLD).when(raise_share()).then(raised(3, entry_id=NEW))
        given(TOLD, raised(3)).when(raise_share()).then(nothing)
        given(TOLD, raised(4)).when(raise_share()).then(raised(3, entry_id=NEW))
        given(BRANCH_OF_EIGHT).when(raise_share()).then(fails(Conflict, "not been opened"))


def tell(person_id: PersonId = FAY, **changed: Any) -> GiveAppraisalFeedback:
    facts: dict[str, Any] = {"occurred_on": LATER, "year": YEAR, "person_id": person_id, "given_by": BEN, "signed": True}
    return GiveAppraisalFeedback(**(facts | changed))


class TestGiveAppraisalFeedback:
    def test_to_whoever_has_a_grade(self):
        given(GRADED).when(tell(opinion="同意")).then(told(FAY, entry_id=NEW, opinion="同意"))
        given(GRADED, told(FAY)).when(tell()).then(nothing)
        given(GRADED, told(FAY)).when(tell(given_by=ANN)).then(fails(Conflict, "withdraw"))

    def test_not_before_the_grade_and_by_a_member(self):
        given(READY).when(tell()).then(fails(Conflict, "no grade"))
        given(GRADED).when(tell(occurred_on=DAY)).then(fails(Conflict, "after"))
        given(GRADED).when(tell(given_by=WHO)).then(refused("INV-002", "given_by"))


def close(**changed: Any) -> CloseAppraisal:
    told: dict[str, Any] = {"occurred_on": LATER, "year": YEAR, "report_no": "支报〔2026〕1号"}
    return CloseAppraisal(**(told | changed))


class TestCloseAppraisal:
    def test_when_all_are_graded_and_told(self):
        given(DONE).when(close()).then(closed(entry_id=NEW))
        given(DONE, closed()).when(close()).then(nothing)
        given(DONE, closed()).when(close(report_no="另一号")).then(fails(Conflict, "closed"))

    def test_the_counts_of_each_grade_go_with_it(self):
        some = [graded(p, g) for p, g in zip(FULL, (E, E, Q, Q, Q, B, U), strict=True)]
        given(READY, some, [told(p) for p in FULL]).when(close()).then(
            closed(entry_id=NEW, excellent=2, qualified=3, basic=1, unqualified=1)
        )

    def test_not_while_somebody_is_not_graded_or_not_told(self):
        given(READY, [graded(p) for p in FULL[1:]], [told(p) for p in FULL[1:]]).when(close()).then(
            fails(Conflict, f"not graded yet: {FULL[0]}")
        )
        given(GRADED, [told(p) for p in FULL[1:]]).when(close()).then(fails(Conflict, f"not told yet: {FULL[0]}"))

    def test_whoever_is_let_off_needs_no_grade(self):
        rest = [p for p in FULL if p != FAY]
        let_off = excused(FAY, Lacking.APPRAISAL)
        given(READY, let_off, [graded(p) for p in rest], [told(p) for p in rest]).when(close()).then(closed(entry_id=NEW, qualified=6))

    def test_it_is_the_last_step(self):
        given(DONE).when(close(occurred_on=AFTER)).then(fails(Conflict, "last step"))
        given(TOLD).when(close()).then(fails(Conflict, "no appraisal meeting"))


def take_back(name: str, **changed: Any) -> WithdrawAppraisalEntry:
    told: dict[str, Any] = {"occurred_on": LATER, "year": YEAR, "entry_id": named(name), "reason": "误录"}
    return WithdrawAppraisalEntry(**(told | changed))


class TestWithdrawAppraisalEntry:
    @pytest.mark.parametrize("name", ["self-fay", "peer-fay", "ballot-fay"])
    def test_what_nothing_builds_on(self, name: str):
        given(VOTED).when(take_back(name)).then(withdrawn(name))
        given(VOTED, withdrawn(name)).when(take_back(name)).then(nothing)

    @pytest.mark.parametrize("name", ["self-fay", "ballot-fay", "met", "opened"])
    def test_not_below_a_grade(self, name: str):
        given(GRADED).when(take_back(name)).then(fails(Conflict, "builds on"))

    def test_not_a_grade_that_was_told(self):
        given(GRADED).when(take_back("grade-fay")).then(withdrawn("grade-fay"))
        given(DONE).when(take_back("grade-fay")).then(fails(Conflict, "the feedback"))

    def test_after_the_report_only_the_report(self):
        given(DONE, closed()).when(take_back("told-fay")).then(fails(Conflict, "report"))
        given(DONE, closed()).when(take_back("closed")).then(withdrawn("closed"))
        given(DONE, closed(), withdrawn("closed")).when(take_back("told-fay")).then(withdrawn("told-fay"))

    def test_the_study_is_taken_back_in_its_own_ledger(self):
        given(TOLD, study()).when(take_back("study")).then(fails(Conflict, "education ledger"))

    def test_it_is_on_record_and_not_later(self):
        given(MET).when(take_back("nobody")).then(fails(Absent, "nobody"))
        given(TOLD, assessed(FAY, occurred_on=LATER)).when(take_back("self-fay", occurred_on=DAY), today=LATER).then(
            fails(Conflict, "after")
        )
