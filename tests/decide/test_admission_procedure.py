"""The checklist of an admission: 25 steps, what blocks the next one and by which rule, from when and until when (R-C)."""

import datetime as dt
from typing import Any

import pytest

from events.admission import AdmissionClosed, AdmissionStage, ClosingGround, PoliticalReviewCompleted
from events.admission_acceptance import AdmissionQuestion
from projections.standard.materials import materials
from projections.standard.pack import default_pack
from projections.standard.rules import Override
from service.decide.admission.procedure import PROCEDURES, STEPS
from service.decide.catalog import CASES
from service.decide.catalog import PROCEDURES as ALL
from service.decide.procedure import Progress, Step
from tests.decide.admission_history import CASE, IDS, XIA, before, case, day, until, voted
from tests.decide.test_admission_applications import PROBATIONARY, probation, taken_over
from tests.decide.test_admission_notices import objection
from tests.decide.test_admission_vote import EXTENDED
from tests.decide.test_admission_withdrawal import folded

(PROCEDURE,) = PROCEDURES


def steps(*history: Any, today: str, overrides: tuple[Override, ...] = ()) -> dict[str, Step]:
    on = day(today)
    found = PROCEDURE.steps(folded(*history), CASE, default_pack().rules(on, overrides), on)
    return {step.code: step for step in found}


def progress(found: dict[str, Step]) -> str:
    """One letter for each step: d(one), o(pen), b(locked), s(kipped)."""
    return "".join(step.progress.value[0] for step in found.values())


def test_it_is_in_the_catalogue_and_tells_whom_it_is_about():
    assert ALL["admission"] is PROCEDURE
    assert PROCEDURE.stream("case") == "admission-case"
    assert PROCEDURE.person(folded(*until("application")), CASE) == XIA
    assert PROCEDURE.person(folded(), CASE) is None


def test_there_are_twenty_five_steps_in_the_order_of_the_rules():
    assert [line.rule for line in STEPS.values()] == [f"R-C{number:02d}" for number in range(1, 26)]
    assert {line.command for line in STEPS.values()} <= CASES.keys()


def test_every_material_belongs_to_a_step():
    named = sorted(material for line in STEPS.values() for material in line.materials)
    assert sorted(set(named)) == [material.id for material in materials().values() if material.norm == "N14"]


def test_a_case_that_does_not_exist_has_none():
    assert steps(*case(), today="2023-03-01") == {}


@pytest.mark.parametrize(
    ("name", "today", "expected"),
    [
        ("application", "2023-03-02", "d" + "o" + "b" * 23),
        ("applicant-talk", "2023-04-03", "dd" + "o" + "b" * 22),
        ("activist", "2023-09-05", "ddd" + "oo" + "b" * 20),
        ("contacts", "2023-09-13", "ddddd" + "oo" + "b" * 18),
        ("target", "2024-09-14", "ddddddd" + "o" + "b" * 17),
        ("target-filing", "2024-09-19", "dddddddd" + "ooo" + "b" * 14),
        ("committee-review", "2024-10-21", "d" * 12 + "o" + "b" * 12),
        ("pre-review", "2024-10-28", "d" * 13 + "o" + "b" * 11),
        ("form", "2024-11-05", "d" * 14 + "o" + "b" * 10),
        ("vote", "2024-11-12", "d" * 15 + "o" + "b" * 9),
        ("superior-talk", "2024-11-21", "d" * 16 + "o" + "b" * 8),
        ("approval", "2024-12-02", "d" * 17 + "ooooo" + "bbb"),
        ("oath", "2024-12-11", "d" * 20 + "oo" + "bbb"),
        ("conversion-notice-closed", "2025-11-11", "d" * 20 + "od" + "o" + "bb"),
        ("conversion-vote", "2025-11-13", "d" * 20 + "odd" + "o" + "b"),
        ("conversion-approval", "2025-12-02", "d" * 24 + "o"),
        ("archive", "2025-12-16", "d" * 25),
    ],
)
def test_one_step_after_the_other(name: str, today: str, expected: str):
    assert progress(steps(*until(name), today=today)) == expected


def test_a_step_as_it_is_told():
    assert steps(*until("application"), today="2023-03-02")["applicant-talk"] == Step(
        code="applicant-talk",
        zh="党组织派人谈话",
        en="Talk with the applicant",
        progress=Progress.OPEN,
        rule="R-C02",
        latest=day("2023-04-01"),
        command="hold-admission-talk",
        materials=("N14.M02",),
    )


def test_a_blocked_step_says_what_is_missing():
    blocked = steps(*until("application"), today="2023-03-02")["activist"]
    assert (blocked.progress, blocked.rule, blocked.why_zh, blocked.why_en) == (
        Progress.BLOCKED,
        "INV-038",
        "尚未完成：党组织派人谈话",
        "Not done yet: Talk with the applicant",
    )


def test_a_step_that_is_done_says_when():
    talk = steps(*until("applicant-talk"), today="2023-04-03")["applicant-talk"]
    assert (talk.progress, talk.done_on) == (Progress.DONE, day("2023-03-20"))


@pytest.mark.parametrize(
    ("name", "today", "code", "earliest", "latest"),
    [
        ("contacts", "2023-09-13", "cultivation", None, "2024-03-04"),
        ("first-review", "2024-03-01", "cultivation", None, "2024-08-26"),
        ("contacts", "2023-09-13", "target", "2024-09-04", None),
        ("applicant-talk", "2023-04-03", "activist", "2023-03-01", None),
        ("form", "2024-11-05", "vote", None, "2024-11-28"),
        ("superior-talk", "2024-11-21", "approval", None, "2025-02-11"),
        ("approval", "2024-12-02", "oath", None, "2025-03-02"),
        ("approval", "2024-12-02", "probation", None, "2025-05-11"),
        ("probation-review", "2025-05-09", "probation", None, "2025-11-08"),
        ("approval", "2024-12-02", "conversion-application", "2025-10-11", "2025-11-11"),
        ("conversion-notice-closed", "2025-11-11", "conversion-vote", "2025-11-11", None),
        ("conversion-submission", "2025-11-17", "conversion-approval", None, "2026-02-12"),
        ("conversion-approval", "2025-12-02", "archive", None, "2025-12-31"),
    ],
)
def test_from_when_and_until_when(name: str, today: str, code: str, earliest: str | None, latest: str | None):
    step = steps(*until(name), today=today)[code]
    assert (step.earliest, step.latest) == tuple(None if text is None else day(text) for text in (earliest, latest))


@pytest.mark.parametrize(
    ("name", "today", "code", "command"),
    [
        ("contacts", "2024-09-09", "target", "collect-opinions"),
        ("opinions", "2024-09-11", "target", "determine-target"),
        ("committee-review", "2024-10-21", "pre-review", "submit-for-pre-review"),
        ("pre-review-submission", "2024-10-23", "pre-review", "decide-pre-review"),
        ("pre-review", "2024-10-28", "form", "issue-application-form"),
        ("form-issued", "2024-10-30", "form", "complete-application-form"),
        ("vote", "2024-11-12", "superior-talk", "submit-admission-resolution"),
        ("submission", "2024-11-14", "superior-talk", "hold-superior-talk"),
        ("conversion-application", "2025-10-21", "conversion-vote", "collect-opinions"),
        ("conversion-notice", "2025-11-04", "conversion-vote", "review-in-committee"),
        ("conversion-vote", "2025-11-13", "conversion-approval", "submit-admission-resolution"),
    ],
)
def test_the_next_command_of_a_step(name: str, today: str, code: str, command: str):
    assert steps(*until(name), today=today)[code].command == command


class TestWhatElseBlocks:
    def why(self, *history: Any, today: str, code: str, overrides: tuple[Override, ...] = ()) -> tuple[str, str]:
        step = steps(*history, today=today, overrides=overrides)[code]
        return step.progress.value, step.rule

    def test_a_half_year_without_review(self):
        assert self.why(*before("target", "first-review"), today="2024-09-13", code="target") == ("blocked", "INV-041")

    def test_a_notice_that_is_not_complete(self):
        without = before("pre-review-submission", "notice-closed")
        assert self.why(*without, today="2024-10-22", code="pre-review") == ("blocked", "INV-042")
        assert self.why(*before("vote", "notice-closed"), today="2024-11-11", code="vote") == ("blocked", "INV-042")

    def test_unless_the_rule_asks_for_it_later(self):
        rules = (Override(key="notice.admission.before", value="meeting", effective_from=dt.date(2014, 5, 28)),)
        without = before("pre-review-submission", "notice-closed")
        assert self.why(*without, today="2024-10-22", code="pre-review", overrides=rules) == ("open", "R-C13")

    def test_an_objection(self):
        assert self.why(*before("vote"), objection(), today="2024-11-11", code="vote") == ("blocked", "INV-043")

    def test_a_political_review_that_fell_through(self):
        failed = PoliticalReviewCompleted(**IDS, occurred_on=day("2024-10-20"), passed=False, conclusion="不合格")
        assert self.why(*before("committee-review"), failed, today="2024-10-21", code="committee-review") == ("blocked", "INV-045")

    def test_a_political_review_that_is_too_old(self):
        assert self.why(*before("committee-review"), today="2025-10-15", code="committee-review") == ("blocked", "INV-045")

    def test_the_notice_of_the_conversion(self):
        without = before("conversion-vote", "conversion-notice-closed")
        assert self.why(*without, today="2025-11-12", code="conversion-vote") == ("blocked", "INV-056")

    def test_a_vote_that_failed_says_from_when_it_may_be_put_again(self):
        failed = steps(*before("vote"), voted(yes=3, no=4, passed=False), today="2024-11-12")["vote"]
        assert (failed.progress, failed.earliest) == (Progress.OPEN, day("2025-05-11"))


def test_after_an_extension_the_conversion_is_open_again():
    found = steps(*before("conversion-vote"), *EXTENDED, today="2025-12-02")
    assert progress(found) == "d" * 20 + "oo" + "bbb"
    assert found["conversion-application"].earliest == day("2026-04-11")
    assert found["conversion-vote"].earliest == day("2026-05-11")


def test_what_was_done_elsewhere_is_skipped():
    assert progress(steps(*case(taken_over()), today="2024-04-02")) == "ssss" + "o" + "b" * 20
    target = taken_over(target_on=day("2024-09-04"), stage=AdmissionStage.TARGET)
    assert progress(steps(*case(target), today="2024-10-09")) == "s" * 8 + "ooo" + "b" * 14


def test_a_probation_taken_over_goes_on_with_its_end():
    found = steps(PROBATIONARY, probation(admission_id=CASE), today="2025-02-04")
    assert progress(found) == "s" * 20 + "oo" + "bbb"
    assert (found["conversion-application"].earliest, found["approval"].done_on) == (day("2025-10-11"), day("2024-11-11"))


def test_a_case_that_ended_has_nothing_left_to_do():
    closed = AdmissionClosed(**IDS, occurred_on=day("2024-03-01"), ground=ClosingGround.WITHDRAWN, reason="本人提出")
    assert progress(steps(*until("first-review"), closed, today="2024-03-02")) == "d" * 5 + "s" * 20


def test_an_extension_waits_for_its_approval_like_a_conversion():
    extend = voted(AdmissionQuestion.EXTEND, extension_months=6)
    found = steps(*before("conversion-vote"), extend, today="2025-11-13")
    assert found["conversion-vote"].done_on == day("2025-11-12")
    assert found["conversion-approval"].progress is Progress.OPEN
