"""What the superior decides, and how the roll follows (R-C13, R-C16 to R-C18, R-C24, R-C29, INV-001, 003, 038, 047, 053), three ways each."""

import datetime as dt
from typing import Any

import pytest
from msgspec.structs import replace

from events.admission import ApplicantDetailsCorrected, ExceptionGranted, ExceptionGround
from events.admission_acceptance import (
    AdmissionApproved,
    AdmissionQuestion,
    AdmissionRejected,
    ConversionApproved,
    ConversionReturned,
    PreReviewDecided,
    PreReviewSubmitted,
    ProbationCancelled,
    ProbationExtended,
)
from events.base import Event, PersonId
from events.members import LeftGround, MemberLeft
from projections.standard.pack import default_pack
from projections.standard.rules import Override
from service.auth.rights import Right
from service.decide.admission import approval
from service.decide.admission.approval import (
    ApproveAdmission,
    ApproveConversionResolution,
    DecidePreReview,
    GrantAdmissionException,
    HoldSuperiorTalk,
    IssueConsentNotice,
    RejectAdmission,
    ReportAdmissionUp,
    ReturnConversionResolution,
)
from service.decide.admission.state import lapsed
from service.decide.roster import Roster, evolve
from service.errors import Absent, Conflict, Malformed
from tests.decide.admission_history import CASE, FOUNDED, IDS, STORY, XIA, before, case, day, event, registered, until, voted, when
from tests.decide.bdd import fails, nothing, refused
from tests.decide.roster_history import NORTH, SOUTH, group, left
from tests.decide.test_admission_cultivation import exception
from tests.decide.test_admission_vote import EXTENDED

CONVERT, EXTEND, CANCEL = AdmissionQuestion.CONVERT, AdmissionQuestion.EXTEND, AdmissionQuestion.CANCEL


def test_all_of_it_is_the_superiors():
    assert {decided.right for decided in approval.CASES} == {Right.SUPERIOR_WRITE}


class TestPreReview:
    COMMAND = DecidePreReview(occurred_on=day("2024-10-28"), admission_id=CASE, passed=True, opinion="合格", document_no="预〔2024〕3号")
    NO = PreReviewDecided(**IDS, occurred_on=day("2024-10-25"), passed=False, opinion="补充", document_no="预〔2024〕2号")

    def test_of_what_was_submitted(self):
        when(self.COMMAND, *before("pre-review")).then(event("pre-review"))
        when(self.COMMAND, *before("pre-review-submission")).then(refused("INV-038", "admission_id"))

    def test_again_is_nothing_new(self):
        when(self.COMMAND, *until("pre-review")).then(nothing)

    def test_one_answer_to_each_submission(self):
        when(self.COMMAND, *before("pre-review"), self.NO).then(fails(Conflict, "decided"))

    def test_another_submission_has_its_own(self):
        anew = PreReviewSubmitted(**IDS, occurred_on=day("2024-10-26"), document_no="请〔2024〕5号")
        when(self.COMMAND, *before("pre-review"), self.NO, anew).then(event("pre-review"))


class TestSuperiorTalk:
    COMMAND = HoldSuperiorTalk(occurred_on=day("2024-11-20"), admission_id=CASE, held_by_name="组织员", record="符合条件")

    def test_after_the_resolution_was_submitted(self):
        when(self.COMMAND, *before("superior-talk")).then(event("superior-talk"))
        when(self.COMMAND, *before("superior-talk", "submission")).then(refused("INV-038", "admission_id"))

    def test_again_is_nothing_new(self):
        when(self.COMMAND, *until("superior-talk")).then(nothing)


def approve(on: str = "2024-12-02", **changed: Any) -> ApproveAdmission:
    told: dict[str, Any] = {"occurred_on": day(on), "admission_id": CASE, "approval_no": "批〔2024〕5号"}
    return ApproveAdmission(**(told | changed))


def approved(**changed: Any) -> AdmissionApproved:
    found = event("approval")
    assert isinstance(found, AdmissionApproved)
    return replace(found, **changed)


class TestApprove:
    def test_the_person_stands_on_the_roll_from_that_day(self):
        when(approve(), *before("approval")).then(approved(), registered())

    def test_and_in_a_group_when_one_is_told(self):
        when(approve(group_id=NORTH), *before("approval"), group(NORTH, FOUNDED)).then(approved(), registered(group_id=NORTH))
        when(approve(group_id=SOUTH), *before("approval"), group(NORTH, FOUNDED)).then(refused("INV-003", "group_id"))

    def test_with_the_particulars_as_they_were_corrected(self):
        better = ApplicantDetailsCorrected(**IDS, occurred_on=day("2024-01-08"), reason="笔误", name="夏某某", education="12")
        when(approve(), *before("approval"), better).then(approved(), registered(name="夏某某", education="12"))

    def test_sealed_texts_go_over_as_they_are(self):
        sealed = replace(event("application"), name="~1|xia|e|name|x", born_on="~1|xia|e|born_on|y", unit_and_post=None, phone=None)
        rest = tuple(e for e in before("approval") if e is not event("application"))
        when(approve(), *case(sealed), *rest[len(case()) :]).then(
            approved(), registered(name="~1|xia|e|name|x", born_on="~1|xia|e|born_on|y", unit_and_post=None, phone=None)
        )

    def test_again_is_nothing_new(self):
        when(approve(), *until("approval")).then(nothing)

    def test_who_is_on_the_roll_already_is_not_registered_twice(self):
        when(approve(), *before("approval"), registered()).then(refused("INV-001", "admission_id"))

    def test_who_was_a_member_before_comes_back(self):
        earlier = registered(occurred_on=day("2023-01-06"), joined_on=day("2023-01-06"))
        gone = left(XIA, day("2023-02-01"))
        when(approve(), *before("approval"), earlier, gone).then(approved(), registered())

    @pytest.mark.parametrize("missing", ["vote", "submission", "superior-talk"])
    def test_INV_038_when_all_is_there(self, missing: str):
        when(approve(), *before("approval", missing)).then(refused("INV-038", "admission_id"))

    def test_INV_038_a_vote_that_did_not_pass_is_none(self):
        failed = voted(yes=3, no=4, passed=False)
        rest = tuple(failed if e == voted() else e for e in before("approval"))
        when(approve(), *rest).then(refused("INV-038", "admission_id"))

    @pytest.mark.parametrize(("on", "late"), [("2025-02-11", False), ("2025-02-12", True), ("2025-05-11", True)])
    def test_after_three_months_it_is_flagged(self, on: str, late: bool):
        when(approve(on), *before("approval")).then(
            approved(occurred_on=day(on), late=late), registered(occurred_on=day(on), joined_on=day(on))
        )

    def test_INV_053_after_six_it_is_refused(self):
        when(approve("2025-05-12"), *before("approval")).then(refused("INV-053", "occurred_on"))

    @pytest.mark.parametrize(
        ("on", "last"),
        [("2024-08-31", "2025-02-28"), ("2023-08-31", "2024-02-29"), ("2023-08-29", "2024-02-29"), ("2024-12-30", "2025-06-30")],
    )
    def test_INV_053_six_months_end_with_the_month(self, on: str, last: str):
        vote, end, rules = voted(occurred_on=day(on)), day(last), default_pack().rules(on=day(last))
        assert not lapsed(vote, rules, end)
        assert lapsed(vote, rules, end + dt.timedelta(days=1))

    def test_of_a_case_that_there_is(self):
        when(approve(), *case()).then(fails(Absent))


class TestReject:
    COMMAND = RejectAdmission(occurred_on=day("2024-12-02"), admission_id=CASE, document_no="不〔2024〕1号", reason="材料不全")
    EVENT = AdmissionRejected(**IDS, occurred_on=day("2024-12-02"), document_no="不〔2024〕1号", reason="材料不全")

    def test_the_vote_stands_no_more(self):
        when(self.COMMAND, *before("superior-talk")).then(self.EVENT)
        when(approve(), *before("approval"), self.EVENT).then(refused("INV-038", "admission_id"))

    def test_again_is_nothing_new(self):
        when(self.COMMAND, *before("superior-talk"), self.EVENT).then(nothing)

    def test_only_what_was_submitted_and_not_approved(self):
        when(self.COMMAND, *before("submission")).then(refused("INV-038", "admission_id"))
        when(self.COMMAND, *until("approval")).then(fails(Conflict, "approved"))


class TestPapersOfTheSuperior:
    NOTICE = IssueConsentNotice(occurred_on=day("2024-12-02"), admission_id=CASE, document_no="通〔2024〕5号")
    REPORT = ReportAdmissionUp(occurred_on=day("2024-12-06"), admission_id=CASE, document_no="报〔2024〕9号")

    def test_the_notice_of_consent(self):
        when(self.NOTICE, *before("consent-notice")).then(event("consent-notice"))
        when(self.NOTICE, *until("consent-notice")).then(nothing)
        when(self.NOTICE, *before("pre-review")).then(refused("INV-047", "admission_id"))

    def test_the_report_further_up(self):
        when(self.REPORT, *before("reported-up")).then(event("reported-up"))
        when(self.REPORT, *until("reported-up")).then(nothing)
        when(self.REPORT, *before("approval")).then(refused("INV-038", "admission_id"))


class TestExceptions:
    def command(self, ground: ExceptionGround, on: str) -> GrantAdmissionException:
        return GrantAdmissionException(occurred_on=day(on), admission_id=CASE, ground=ground, reason="疫情", document_no="特〔2024〕1号")

    @pytest.mark.parametrize("ground", list(ExceptionGround))
    def test_each_of_the_three(self, ground: ExceptionGround):
        granted = exception(ground, "2024-10-18")
        assert isinstance(granted, ExceptionGranted)
        when(self.command(ground, "2024-10-18"), *before("course")).then(granted)
        when(self.command(ground, "2024-10-18"), *before("course"), granted).then(nothing)

    def test_not_before_there_is_anything_to_except(self):
        when(self.command(ExceptionGround.REVIEW_GAP, "2023-05-01"), *before("activist")).then(refused("INV-038", "admission_id"))
        when(self.command(ExceptionGround.NO_COURSE, "2024-05-06"), *before("target")).then(refused("INV-038", "admission_id"))


def decide(on: str = "2025-12-01", **changed: Any) -> ApproveConversionResolution:
    told: dict[str, Any] = {"occurred_on": day(on), "admission_id": CASE, "approval_no": "批〔2025〕6号"}
    return ApproveConversionResolution(**(told | changed))


def resolved_as(question: AdmissionQuestion, **changed: Any) -> tuple[Event, ...]:
    """The story with another resolution about the probationary member."""
    return tuple(voted(question, **changed) if e == voted(CONVERT) else e for e in before("conversion-approval"))


class TestConversion:
    def test_a_full_member_with_standing_from_the_end_of_probation(self):
        when(decide(), *before("conversion-approval")).then(*STORY["conversion-approval"])

    @pytest.mark.parametrize(("setting", "standing_from"), [("vote", "2025-11-12"), ("approval", "2025-12-01")])
    def test_or_from_where_the_rule_says(self, setting: str, standing_from: str):
        rules = (Override(key="probation.standing_from", value=setting, effective_from=dt.date(2014, 5, 28)),)
        converted, approval = STORY["conversion-approval"]
        assert isinstance(approval, ConversionApproved)
        when(decide(), *before("conversion-approval"), overrides=rules).then(converted, replace(approval, standing_from=day(standing_from)))

    def test_again_is_nothing_new(self):
        when(decide(), *until("conversion-approval")).then(nothing)

    def test_nor_is_it_decided_otherwise(self):
        when(decide("2025-12-02"), *until("conversion-approval")).then(fails(Conflict, "probation ended"))

    @pytest.mark.parametrize("missing", ["conversion-vote", "conversion-submission"])
    def test_INV_038_when_it_was_resolved_and_submitted(self, missing: str):
        when(decide(), *before("conversion-approval", missing)).then(refused("INV-038", "admission_id"))

    def test_who_left_meanwhile_is_not_converted(self):
        when(decide(), *before("conversion-approval"), left(XIA, day("2025-11-20"))).then(refused("INV-009", "admission_id"))

    def test_who_was_converted_on_the_roll_by_hand_is_told(self):
        converted = STORY["conversion-approval"][0]
        when(decide("2025-12-02"), *before("conversion-approval"), converted).then(fails(Conflict, "full member"))

    def test_votes_from_the_day_of_approval_on(self):
        roster = Roster()
        for told in until("conversion-approval"):
            if told.stream() == "roster":
                roster = evolve(roster, told)
        assert XIA not in roster.voters_on(day("2025-11-30"))
        assert XIA in roster.voters_on(day("2025-12-01"))


class TestExtension:
    def test_the_end_moves(self):
        when(decide(), *resolved_as(EXTEND, extension_months=6)).then(EXTENDED[1])

    def test_by_a_year_to_the_same_day(self):
        when(decide(), *resolved_as(EXTEND, extension_months=12)).then(
            ProbationExtended(**IDS, occurred_on=day("2025-12-01"), approval_no="批〔2025〕6号", months=12, probation_end=day("2026-11-11"))
        )

    def test_again_is_nothing_new(self):
        when(decide(), *resolved_as(EXTEND, extension_months=6), EXTENDED[1]).then(nothing)


class TestCancellation:
    CANCELLED = ProbationCancelled(**IDS, occurred_on=day("2025-12-01"), approval_no="批〔2025〕6号", reason="不履行义务")
    LEFT = MemberLeft(
        occurred_on=day("2025-12-01"), person_id=XIA, ground=LeftGround.CANCELLED, reason="不履行义务", approval_no="批〔2025〕6号"
    )

    def test_no_member_any_more(self):
        when(decide(reason="不履行义务"), *resolved_as(CANCEL)).then(self.CANCELLED, self.LEFT)

    def test_it_has_its_reason(self):
        when(decide(), *resolved_as(CANCEL)).then(fails(Malformed, "reason"))

    def test_again_is_nothing_new(self):
        when(decide(reason="不履行义务"), *resolved_as(CANCEL), self.CANCELLED, self.LEFT).then(nothing)


class TestReturn:
    COMMAND = ReturnConversionResolution(occurred_on=day("2025-12-01"), admission_id=CASE, document_no="退〔2025〕1号", reason="再考察")
    EVENT = ConversionReturned(**IDS, occurred_on=day("2025-12-01"), document_no="退〔2025〕1号", reason="再考察")

    def test_the_branch_votes_again(self):
        when(self.COMMAND, *before("conversion-approval")).then(self.EVENT)
        when(decide("2025-12-02"), *before("conversion-approval"), self.EVENT).then(refused("INV-038", "admission_id"))

    def test_again_is_nothing_new(self):
        when(self.COMMAND, *before("conversion-approval"), self.EVENT).then(nothing)

    def test_only_what_was_submitted_and_is_not_decided(self):
        when(self.COMMAND, *before("conversion-submission")).then(refused("INV-038", "admission_id"))
        when(self.COMMAND, *until("conversion-approval")).then(fails(Conflict, "probation ended"))


def test_another_persons_case_is_not_touched():
    assert {getattr(told, "person_id", XIA) for name in STORY for told in STORY[name]} == {PersonId("xia")}
