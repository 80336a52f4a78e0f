"""Correction and its review, the outcome of persuasion, appeals, the procedure (N20.T02; INV-009, 092), each three ways."""

import datetime as dt
from typing import Any

import pytest

from events.base import Event
from events.disposition import (
    DispositionAppealDecided,
    DispositionAppealFiled,
    DispositionClosed,
    DispositionStep,
    DispositionStepWithdrawn,
    NoDisposition,
    ReviewResult,
)
from events.members import LeftGround, MemberLeft
from projections.standard.pack import default_pack
from service.decide.disposition.followup import (
    DecideDispositionAppeal,
    EndPersuasion,
    FileDispositionAppeal,
    RecordCorrectionProgress,
    ReviewCorrection,
    StartCorrection,
)
from service.decide.disposition.procedure import PROCEDURES
from service.decide.procedure import Progress
from service.errors import Absent, Conflict, Malformed
from tests.decide.bdd import fails, given, nothing, refused
from tests.decide.disposition_history import (
    ANNOUNCED_ON,
    APPROVED_ON,
    BACK_ON,
    BEGUN,
    CASE,
    CORRECTING,
    D1,
    EXPIRES_ON,
    HERE,
    M2,
    OPENED_ON,
    PERSUADE,
    REMOVE,
    SENT_ON,
    STARTED_ON,
    TALKED_ON,
    agreed,
    announced,
    approved,
    case_closed,
    found,
    held,
    persuaded,
    prepared,
    progress,
    reviewed,
    sent,
    sent_for_review,
    started,
    voted,
)
from tests.decide.roster_history import ANN, CAI, DAN, DAY, GUS, member, suspended

APPROVED: tuple[Event, ...] = (*sent(), approved(), announced())
MET_AGAIN = held(meeting_id=M2, occurred_on=EXPIRES_ON)
PERSUADING: tuple[Event, ...] = (*sent(PERSUADE), approved(PERSUADE), announced())


class TestStartCorrection:
    def start(self, **changed: Any) -> StartCorrection:
        told: dict[str, Any] = {"occurred_on": STARTED_ON, "case_id": D1, "helpers": (CAI, DAN)}
        return StartCorrection(**(told | changed))

    def test_for_a_year_unless_said_otherwise(self):
        given(APPROVED).when(self.start()).then(started())

    @pytest.mark.parametrize(("months", "until"), [(6, dt.date(2026, 10, 20)), (12, EXPIRES_ON)])
    def test_INV_092_from_six_months_to_twelve(self, months: int, until: dt.date):
        given(APPROVED).when(self.start(months=months)).then(started(months=months, until=until))

    @pytest.mark.parametrize("months", [5, 13])
    def test_INV_092_neither_shorter_nor_longer(self, months: int):
        given(APPROVED).when(self.start(months=months)).then(refused("INV-092", "months"))

    def test_two_others_help(self):
        given(APPROVED).when(self.start(helpers=(CAI, GUS))).then(fails(Malformed, "helpers"))
        given(APPROVED, suspended(CAI, SENT_ON)).when(self.start()).then(refused("INV-009", "helpers"))

    def test_INV_089_only_a_correction_that_is_approved(self):
        given(sent()).when(self.start()).then(refused("INV-089", "case_id"))
        given(PERSUADING).when(self.start()).then(refused("INV-089", "case_id"))
        given(APPROVED).when(self.start(occurred_on=SENT_ON)).then(refused("INV-089", "case_id"))

    def test_the_same_again_and_no_other(self):
        given(CORRECTING).when(self.start()).then(nothing)
        given(CORRECTING).when(self.start(months=6)).then(fails(Conflict, "runs until"))
        given(HERE).when(self.start()).then(fails(Absent))


class TestRecordCorrectionProgress:
    def note(self, **changed: Any) -> RecordCorrectionProgress:
        told: dict[str, Any] = {"occurred_on": dt.date(2026, 7, 10), "case_id": D1, "helper": CAI, "note": "按时参加组织生活"}
        return RecordCorrectionProgress(**(told | changed))

    def test_by_a_helper(self):
        given(CORRECTING).when(self.note()).then(progress())

    def test_the_same_again(self):
        given(CORRECTING, progress()).when(self.note()).then(nothing)

    def test_only_by_helpers_and_only_while_it_runs(self):
        given(CORRECTING).when(self.note(helper=ANN)).then(fails(Absent, "helper"))
        given(CORRECTING).when(self.note(occurred_on=SENT_ON)).then(fails(Conflict, "before"))
        given(APPROVED).when(self.note()).then(fails(Conflict, "no correction"))
        given(CORRECTING, suspended(CAI, ANNOUNCED_ON)).when(self.note()).then(refused("INV-009", "helper"))


class TestReviewCorrection:
    def review(self, **changed: Any) -> ReviewCorrection:
        told: dict[str, Any] = {"occurred_on": EXPIRES_ON, "case_id": D1, "meeting_id": M2, "yes": 6, "no": 1, "conclusion": "已改正"}
        return ReviewCorrection(**(told | changed))

    def test_qualified_again_and_the_case_is_over(self):
        given(CORRECTING, MET_AGAIN).when(self.review()).then(found(), case_closed(EXPIRES_ON, sanctioned=True))

    def test_not_qualified_and_the_branch_proposes_anew(self):
        given(CORRECTING, MET_AGAIN).when(self.review(yes=3, no=4)).then(found(yes=3, no=4, passed=False))

    def test_INV_092_not_before_the_time_is_over(self):
        early = EXPIRES_ON - dt.timedelta(days=1)
        given(CORRECTING, held(meeting_id=M2, occurred_on=early)).when(self.review(occurred_on=early)).then(
            refused("INV-092", "occurred_on")
        )

    def test_INV_013_the_opposite_is_not_claimed(self):
        given(CORRECTING, MET_AGAIN).when(self.review(passed=False)).then(refused("INV-013", "passed"))

    def test_the_same_again(self):
        given(CORRECTING, MET_AGAIN, found()).when(self.review()).then(nothing)

    def test_only_where_a_correction_runs_and_a_meeting_was_held(self):
        given(APPROVED, MET_AGAIN).when(self.review()).then(fails(Conflict, "no correction"))
        given(CORRECTING).when(self.review()).then(fails(Absent))
        given(HERE).when(self.review()).then(fails(Absent))


class TestEndPersuasion:
    def end(self, **changed: Any) -> EndPersuasion:
        told: dict[str, Any] = {
            "occurred_on": ANNOUNCED_ON,
            "case_id": D1,
            "resigned": True,
            "document_no": "支〔2026〕7号",
            "statement": "本人陈述",
        }
        return EndPersuasion(**(told | changed))

    def test_INV_009_whoever_resigned_leaves_the_roll(self):
        given(PERSUADING).when(self.end()).then(
            persuaded(resigned=True),
            MemberLeft(
                occurred_on=ANNOUNCED_ON, person_id=GUS, ground=LeftGround.PERSUADED, reason="劝其退党", approval_no="支〔2026〕7号"
            ),
            case_closed(ANNOUNCED_ON, sanctioned=True),
        )

    def test_whoever_would_not_stays_for_now(self):
        given(PERSUADING).when(self.end(resigned=False)).then(persuaded(resigned=False))

    def test_the_same_again(self):
        given(PERSUADING, persuaded(resigned=False)).when(self.end(resigned=False)).then(nothing)

    def test_INV_089_only_where_it_is_approved(self):
        given(sent(PERSUADE)).when(self.end()).then(refused("INV-089", "case_id"))
        given(APPROVED).when(self.end()).then(refused("INV-089", "case_id"))
        given(HERE).when(self.end()).then(fails(Absent))


APPEALED_ON, ANSWERED_ON = dt.date(2026, 6, 10), dt.date(2026, 7, 1)
GONE = MemberLeft(occurred_on=APPROVED_ON, person_id=GUS, ground=LeftGround.REMOVED, reason="党内除名", approval_no="委〔2026〕9号")
REMOVED: tuple[Event, ...] = (*sent(REMOVE), approved(REMOVE), GONE, announced(), case_closed(ANNOUNCED_ON, sanctioned=True))


def appealed(**changed: Any) -> DispositionAppealFiled:
    told: dict[str, Any] = {"occurred_on": APPEALED_ON, **CASE, "grounds": "事出有因"}
    return DispositionAppealFiled(**(told | changed))


def answered(result: ReviewResult = ReviewResult.UPHELD, **changed: Any) -> DispositionAppealDecided:
    told: dict[str, Any] = {"occurred_on": ANSWERED_ON, **CASE, "result": result, "document_no": "委〔2026〕20号", "conclusion": "复查情况"}
    return DispositionAppealDecided(**(told | changed))


class TestAppeals:
    def file(self, **changed: Any) -> FileDispositionAppeal:
        told: dict[str, Any] = {"occurred_on": APPEALED_ON, "case_id": D1, "grounds": "事出有因"}
        return FileDispositionAppeal(**(told | changed))

    def decide(self, result: ReviewResult = ReviewResult.UPHELD, **changed: Any) -> DecideDispositionAppeal:
        told: dict[str, Any] = {
            "occurred_on": ANSWERED_ON,
            "case_id": D1,
            "result": result,
            "document_no": "委〔2026〕20号",
            "conclusion": "复查情况",
        }
        return DecideDispositionAppeal(**(told | changed))

    def test_one_at_a_time_and_another_when_it_is_decided(self):
        given(REMOVED).when(self.file()).then(appealed())
        later = {"occurred_on": dt.date(2026, 9, 1)}
        given(REMOVED, appealed()).when(self.file(**later)).then(fails(Conflict, "not decided"))
        given(REMOVED, appealed(), answered()).when(self.file(**later)).then(appealed(**later))

    def test_upheld(self):
        given(REMOVED, appealed()).when(self.decide()).then(answered())

    def test_revoked_after_a_removal_puts_the_member_on_the_roll_again(self):
        given(REMOVED, appealed()).when(self.decide(ReviewResult.REVOKED)).then(
            answered(ReviewResult.REVOKED), member(GUS, occurred_on=ANSWERED_ON, joined_on=ANSWERED_ON)
        )

    def test_revoked_during_a_correction_ends_the_case(self):
        given(CORRECTING, appealed()).when(self.decide(ReviewResult.REVOKED)).then(
            answered(ReviewResult.REVOKED), case_closed(ANSWERED_ON, sanctioned=False)
        )

    def test_the_same_again(self):
        given(REMOVED, appealed()).when(self.file()).then(nothing)
        given(REMOVED, appealed(), answered()).when(self.decide()).then(nothing)

    def test_only_against_what_stands_and_in_order(self):
        given(sent()).when(self.file()).then(fails(Conflict, "no disposition"))
        given(CORRECTING, appealed(), answered(ReviewResult.REVOKED)).when(self.file(occurred_on=EXPIRES_ON)).then(
            fails(Conflict, "no disposition")
        )
        given(REMOVED).when(self.file(occurred_on=SENT_ON)).then(fails(Conflict, "before"))
        given(REMOVED).when(self.decide()).then(fails(Absent, "appeal"))
        given(REMOVED, appealed()).when(self.decide(occurred_on=APPROVED_ON)).then(fails(Conflict, "before"))
        given(REMOVED, appealed(), answered()).when(self.decide(ReviewResult.REVOKED)).then(fails(Conflict, "decided"))


(DISPOSITION,) = PROCEDURES
TODAY = dt.date(2026, 6, 30)
DONE, OPEN, BLOCKED, SKIPPED = Progress.DONE, Progress.OPEN, Progress.BLOCKED, Progress.SKIPPED


def days(*events: Event) -> dict[str, tuple[Any, ...]]:
    """code -> progress, done on, earliest, latest."""
    state = DISPOSITION.fold.initial
    for event in events:
        if event.stream() == DISPOSITION.stream(D1):
            state = DISPOSITION.fold.evolve(state, event)
    steps = DISPOSITION.steps(state, D1, default_pack().rules(on=TODAY, overrides=()), TODAY)
    return {step.code: (step.progress, step.done_on, step.earliest, step.latest) for step in steps}


class TestProcedure:
    def test_there_is_no_such_case(self):
        assert days(*HERE) == {}

    def test_a_case_that_was_withdrawn_has_nothing_left_to_do(self):
        withdrawn = DispositionStepWithdrawn(occurred_on=TODAY, **CASE, step=DispositionStep.OPENED, reason="录入有误")
        assert days(*BEGUN, withdrawn) == {"open": (SKIPPED, None, None, None)}

    def test_one_step_after_the_other(self):
        found_days = days(*BEGUN)
        assert list(found_days) == ["open", "verify", "talk", "submit-pre-review", "pre-review", "vote", "submit", "approve", "announce"]
        assert found_days["open"] == (DONE, OPENED_ON, None, None)
        assert found_days["verify"] == (OPEN, None, OPENED_ON, None)
        assert {found_days[code][0] for code in list(found_days)[2:]} == {BLOCKED}
        assert days(*prepared())["submit-pre-review"] == (OPEN, None, TALKED_ON, None)

    def test_INV_089_the_vote_waits_for_the_pre_review(self):
        assert days(*prepared(), sent_for_review())["vote"] == (BLOCKED, None, None, None)
        assert days(*agreed())["vote"] == (OPEN, None, BACK_ON, None)
        assert days(*agreed(), voted(passed=False))["vote"][0] is OPEN
        assert days(*agreed(), voted())["vote"] == (DONE, DAY, None, None)

    def test_what_was_not_agreed_is_proposed_anew(self):
        found_days = days(*prepared(), sent_for_review(), reviewed(agreed=False))
        assert [found_days[code][0] for code in ("talk", "submit-pre-review", "pre-review")] == [DONE, OPEN, BLOCKED]

    def test_INV_092_the_review_is_open_when_the_time_is_over(self):
        assert days(*sent())["correct"] == (BLOCKED, None, None, None)
        assert days(*APPROVED)["correct"] == (OPEN, None, APPROVED_ON, None)
        assert days(*CORRECTING)["review"] == (OPEN, None, EXPIRES_ON, dt.date(2027, 5, 20))
        assert days(*CORRECTING, found())["review"] == (DONE, EXPIRES_ON, None, None)

    def test_persuasion_has_an_outcome(self):
        assert days(*PERSUADING)["persuade"] == (OPEN, None, APPROVED_ON, None)
        assert days(*PERSUADING, persuaded(resigned=True))["persuade"] == (DONE, ANNOUNCED_ON, None, None)

    def test_a_case_that_is_over_skips_the_rest(self):
        closed = DispositionClosed(occurred_on=DAY, **CASE, ground=NoDisposition.EDUCATED)
        assert {progress_of for progress_of, *_ in list(days(*BEGUN, closed).values())[1:]} == {SKIPPED}

    def test_it_says_whom_it_is_about(self):
        state = DISPOSITION.fold.initial
        for event in BEGUN[-2:-1]:
            state = DISPOSITION.fold.evolve(state, event)
        assert (DISPOSITION.person(state, D1), DISPOSITION.person(DISPOSITION.fold.initial, D1)) == (GUS, None)
