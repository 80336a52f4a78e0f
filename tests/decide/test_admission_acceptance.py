"""Sponsors, political review, course, committee review, pre-review, form (R-C09 to R-C14, INV-038, 042 to 048), each allowed, refused, nothing to do."""

import datetime as dt
from typing import Any

import pytest
from msgspec.structs import replace

from events.admission import ExceptionGround, PoliticalReviewCompleted, ShortCourseCompleted, SponsorsAssigned
from events.admission_acceptance import AdmissionPurpose, PreReviewDecided, PreReviewSubmitted
from events.base import MeetingId
from events.meetings import MeetingKind
from events.members import VotingSuspended
from projections.standard.rules import Override
from service.decide.admission.acceptance import (
    AssignSponsors,
    CompleteApplicationForm,
    CompletePoliticalReview,
    CompleteShortCourse,
    IssueApplicationForm,
    ReviewInCommittee,
    SubmitForPreReview,
)
from service.errors import Conflict, Malformed
from tests.decide.admission_history import BRANCH_EVENTS, CASE, IDS, STORY, XIA, before, day, event, meeting, until, when
from tests.decide.bdd import fails, nothing, refused
from tests.decide.roster_history import ANN, BEN, CAI, left, suspended
from tests.decide.test_admission_cultivation import exception
from tests.decide.test_admission_notices import objection, resolved


def sponsors(*people: Any, on: str = "2024-10-09") -> AssignSponsors:
    return AssignSponsors(occurred_on=day(on), admission_id=CASE, sponsors=people)


class TestSponsors:
    """INV-044: exactly two full members with all their rights."""

    def test_two(self):
        when(sponsors(ANN, BEN), *before("sponsors")).then(event("sponsors"))

    @pytest.mark.parametrize("people", [(), (ANN,), (ANN, ANN), (ANN, BEN, CAI), (ANN, XIA)])
    def test_neither_one_nor_three_nor_one_twice_nor_a_stranger(self, people: Any):
        when(sponsors(*people), *before("sponsors")).then(refused("INV-044", "sponsors"))

    def test_nobody_on_probation_within_the_party_or_suspended(self):
        no_vote = VotingSuspended(occurred_on=day("2024-05-01"), person_id=BEN, reason="留党察看")
        when(sponsors(ANN, BEN), *before("sponsors"), no_vote).then(refused("INV-044", "sponsors"))
        when(sponsors(ANN, BEN), *before("sponsors"), suspended(BEN, day("2024-05-01"))).then(refused("INV-044", "sponsors"))
        when(sponsors(ANN, BEN), *before("sponsors"), left(BEN, day("2024-05-01"))).then(refused("INV-044", "sponsors"))

    def test_others_may_take_their_place(self):
        when(sponsors(ANN, CAI, on="2024-10-15"), *until("sponsors")).then(
            SponsorsAssigned(**IDS, occurred_on=day("2024-10-15"), sponsors=(ANN, CAI))
        )

    def test_the_same_are_nothing_new(self):
        when(sponsors(ANN, BEN), *until("sponsors")).then(nothing)

    def test_of_a_target_that_is_filed(self):
        when(sponsors(ANN, BEN), *before("sponsors", "target-filing")).then(refused("INV-038", "admission_id"))


def political(on: str = "2024-10-14", *, passed: bool = True) -> CompletePoliticalReview:
    return CompletePoliticalReview(occurred_on=day(on), admission_id=CASE, passed=passed, conclusion="合格")


def failed_review(on: str = "2024-10-14") -> PoliticalReviewCompleted:
    return PoliticalReviewCompleted(**IDS, occurred_on=day(on), passed=False, conclusion="不合格")


class TestPoliticalReview:
    """INV-045."""

    def test_passed(self):
        when(political(), *before("political-review")).then(event("political-review"))

    def test_one_that_was_not_passed_is_kept_too(self):
        when(political(passed=False), *before("political-review")).then(
            PoliticalReviewCompleted(**IDS, occurred_on=day("2024-10-14"), passed=False, conclusion="合格")
        )

    def test_again_is_nothing_new(self):
        when(political(), *until("political-review")).then(nothing)

    def test_of_a_target_that_is_filed(self):
        when(political(), *before("target-filing")).then(refused("INV-038", "admission_id"))


def course(on: str = "2024-10-18", **changed: Any) -> CompleteShortCourse:
    told: dict[str, Any] = {
        "occurred_on": day(on),
        "admission_id": CASE,
        "began_on": day("2024-10-16"),
        "days": 3,
        "hours": 24,
        "organiser": "机关党委",
    }
    return CompleteShortCourse(**(told | changed))


class TestShortCourse:
    """INV-046: three days or 24 hours."""

    @pytest.mark.parametrize(("days", "hours"), [(3, 24), (3, 0), (0, 24), (2, 24), (3, 23)])
    def test_either_is_enough(self, days: int, hours: int):
        when(course(days=days, hours=hours), *before("course")).then(
            ShortCourseCompleted(
                **IDS, occurred_on=day("2024-10-18"), began_on=day("2024-10-16"), days=days, hours=hours, organiser="机关党委"
            )
        )

    @pytest.mark.parametrize(("days", "hours"), [(2, 23), (0, 0)])
    def test_less_is_not(self, days: int, hours: int):
        when(course(days=days, hours=hours), *before("course")).then(refused("INV-046", "days", "hours"))

    def test_no_more_days_than_there_were(self):
        when(course(days=4), *before("course")).then(fails(Malformed, "days"))
        when(course(began_on=day("2024-10-19")), *before("course")).then(fails(Malformed, "began_on"))

    def test_again_is_nothing_new_and_another_waits_for_a_withdrawal(self):
        when(course(), *until("course")).then(nothing)
        when(course(hours=30), *until("course")).then(fails(Conflict, "withdraw"))

    def test_not_begun_before_the_target_was_filed(self):
        command = course(began_on=day("2024-09-17"), on="2024-09-20")
        when(command, *until("target-filing")).then(refused("INV-038", "occurred_on"))


def committee(purpose: AdmissionPurpose = AdmissionPurpose.ADMISSION, **changed: Any) -> ReviewInCommittee:
    told: dict[str, Any] = {
        "occurred_on": day("2024-10-21"),
        "admission_id": CASE,
        "purpose": purpose,
        "meeting_id": MeetingId("m-review"),
        "conclusion": "同意上报",
    }
    return ReviewInCommittee(**(told | changed))


class TestCommitteeReview:
    def test_of_the_admission(self):
        when(committee(), *before("committee-review")).then(event("committee-review"))

    def test_of_the_conversion(self):
        command = committee(
            AdmissionPurpose.CONVERSION,
            occurred_on=day("2025-11-11"),
            meeting_id=MeetingId("m-conversion-review"),
            conclusion="同意提交大会",
        )
        when(command, *before("conversion-review")).then(event("conversion-review"))
        when(command, *before("approval")).then(refused("INV-038", "admission_id"))

    @pytest.mark.parametrize(("missing", "rule"), [("sponsors", "INV-044"), ("political-review", "INV-045"), ("course", "INV-046")])
    def test_when_all_is_there(self, missing: str, rule: str):
        when(committee(), *before("committee-review", missing)).then(refused(rule, "admission_id"))

    def test_INV_045_not_after_a_review_that_was_not_passed(self):
        when(committee(), *before("committee-review"), failed_review()).then(refused("INV-045", "admission_id"))

    def test_INV_045_a_review_is_good_for_a_year(self):
        last, over = meeting("m-last", "2025-10-14"), meeting("m-over", "2025-10-15")
        given = (*before("committee-review"), last, over)
        when(committee(occurred_on=day("2025-10-14"), meeting_id=MeetingId("m-last")), *given).then(
            replace(event("committee-review"), occurred_on=day("2025-10-14"), meeting_id=MeetingId("m-last"))
        )
        when(committee(occurred_on=day("2025-10-15"), meeting_id=MeetingId("m-over")), *given).then(refused("INV-045", "admission_id"))

    def test_INV_046_the_superior_may_let_somebody_off_the_course(self):
        given = (*before("committee-review", "course"), exception(ExceptionGround.NO_COURSE, "2024-10-18"))
        when(committee(), *given).then(event("committee-review"))

    def test_by_the_committee_and_not_the_general_meeting(self):
        general = meeting("m-general", "2024-10-21", MeetingKind.GENERAL)
        when(committee(meeting_id=MeetingId("m-general")), *before("committee-review"), general).then(fails(Malformed, "committee"))

    def test_by_the_general_meeting_where_there_is_no_committee(self):
        general = meeting("m-general", "2024-10-21", MeetingKind.GENERAL)
        without = tuple(event for event in before("committee-review") if event is not BRANCH_EVENTS[-1])
        when(committee(meeting_id=MeetingId("m-general")), *without, general).then(
            replace(event("committee-review"), meeting_id=MeetingId("m-general"))
        )

    def test_again_is_nothing_new(self):
        when(committee(), *until("committee-review")).then(nothing)


def submit(on: str = "2024-10-22", **changed: Any) -> SubmitForPreReview:
    told: dict[str, Any] = {"occurred_on": day(on), "admission_id": CASE, "document_no": "请〔2024〕3号"}
    return SubmitForPreReview(**(told | changed))


def notice_before(step: str) -> tuple[Override, ...]:
    return (Override(key="notice.admission.before", value=step, effective_from=dt.date(2014, 5, 28)),)


class TestSubmitForPreReview:
    NAME = "pre-review-submission"

    def test_when_the_committee_has_reviewed(self):
        when(submit(), *before(self.NAME)).then(event(self.NAME))
        when(submit(), *before(self.NAME, "committee-review")).then(refused("INV-038", "admission_id"))

    def test_again_is_nothing_new(self):
        when(submit(), *until(self.NAME)).then(nothing)

    def test_INV_042_not_before_the_notice_is_complete(self):
        when(submit(), *before(self.NAME, "notice-closed")).then(refused("INV-042", "admission_id"))
        when(submit(), *before(self.NAME, "notice", "notice-closed")).then(refused("INV-042", "admission_id"))

    def test_INV_042_unless_the_rule_asks_for_it_before_the_meeting_only(self):
        when(submit(), *before(self.NAME, "notice-closed"), overrides=notice_before("meeting")).then(event(self.NAME))

    def test_INV_043_not_with_an_objection_that_nobody_looked_into(self):
        when(submit(), *before(self.NAME), objection()).then(refused("INV-043", "admission_id"))
        when(submit(), *before(self.NAME), objection(), resolved()).then(event(self.NAME))

    def test_INV_045_the_review_is_passed_and_fresh(self):
        when(submit(), *before(self.NAME), failed_review("2024-10-21")).then(refused("INV-045", "admission_id"))
        when(submit(on="2025-10-15"), *before(self.NAME)).then(refused("INV-045", "admission_id"))

    @pytest.mark.parametrize("leaves_on", ["2025-01-22", "2024-11-01"])
    def test_INV_048_nobody_who_leaves_within_three_months(self, leaves_on: str):
        when(submit(leaves_on=day(leaves_on)), *before(self.NAME)).then(refused("INV-048", "leaves_on"))

    def test_INV_048_a_day_later_is_fine(self):
        when(submit(leaves_on=day("2025-01-23")), *before(self.NAME)).then(
            PreReviewSubmitted(**IDS, occurred_on=day("2024-10-22"), document_no="请〔2024〕3号", leaves_on=day("2025-01-23"))
        )

    def test_INV_048_the_superior_may_allow_it(self):
        given = (*before(self.NAME), exception(ExceptionGround.LEAVING, "2024-10-21"))
        when(submit(leaves_on=day("2024-12-01")), *given).then(
            PreReviewSubmitted(**IDS, occurred_on=day("2024-10-22"), document_no="请〔2024〕3号", leaves_on=day("2024-12-01"))
        )


class TestForm:
    """INV-047."""

    ISSUE = IssueApplicationForm(occurred_on=day("2024-10-29"), admission_id=CASE, form_no="0001")
    COMPLETE = CompleteApplicationForm(occurred_on=day("2024-11-04"), admission_id=CASE)

    def test_once_pre_review_has_passed(self):
        when(self.ISSUE, *before("form-issued")).then(event("form-issued"))

    def test_not_without_it(self):
        when(self.ISSUE, *before("pre-review")).then(refused("INV-047", "admission_id"))

    def test_nor_when_it_was_not_passed(self):
        no = PreReviewDecided(**IDS, occurred_on=day("2024-10-28"), passed=False, opinion="补充材料", document_no="预〔2024〕2号")
        when(self.ISSUE, *before("pre-review"), no).then(refused("INV-047", "admission_id"))
        when(self.ISSUE, *before("pre-review"), no, *STORY["pre-review"]).then(event("form-issued"))

    def test_nor_before_it(self):
        early = IssueApplicationForm(occurred_on=day("2024-10-27"), admission_id=CASE, form_no="0001")
        when(early, *before("form-issued")).then(refused("INV-038", "occurred_on"))

    def test_one_form_for_each(self):
        other = IssueApplicationForm(occurred_on=day("2024-10-30"), admission_id=CASE, form_no="0002")
        when(self.ISSUE, *until("form-issued")).then(nothing)
        when(other, *until("form-issued")).then(fails(Conflict, "withdraw"))

    def test_it_is_filled_in(self):
        when(self.COMPLETE, *before("form")).then(event("form"))
        when(self.COMPLETE, *until("form")).then(nothing)
        when(self.COMPLETE, *before("form-issued")).then(refused("INV-038", "admission_id"))
