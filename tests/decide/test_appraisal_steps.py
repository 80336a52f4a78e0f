"""The procedure `appraisal`: what is done, what may be done from when until when, what is blocked and why (N13, R-I04)."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from events.appraisal import Lacking
from events.base import Event
from projections.standard.pack import default_pack
from service.decide.appraisal.procedure import PROCEDURES
from service.decide.catalog import CASES
from service.decide.procedure import Progress, Step
from tests.decide.appraisal_history import (
    DONE,
    FULL,
    GRADED,
    MET,
    STUDIED_ON,
    TOLD,
    TOLD_ON,
    VOTED,
    YEAR,
    closed,
    excused,
    graded,
    raised,
    study,
    withdrawn,
)
from tests.decide.life_history import EVERYBODY
from tests.decide.roster_history import DAY, FAY, GUS

(APPRAISAL,) = PROCEDURES
TAKEN, MAY, BARRED = Progress.DONE, Progress.OPEN, Progress.BLOCKED


def steps(*history: Event | Iterable[Event]) -> dict[str, Step]:
    """The procedure after these events, by code."""
    flat = [item for event in history for item in ([event] if isinstance(event, Event) else event)]
    state: Any = APPRAISAL.fold.initial
    for event in flat:
        if event.stream() == APPRAISAL.stream(str(YEAR)):
            state = APPRAISAL.fold.evolve(state, event)
    rules = default_pack().rules(on=DAY, overrides=())
    return {step.code: step for step in APPRAISAL.steps(state, str(YEAR), rules, DAY)}


def progress(*history: Event | Iterable[Event]) -> list[Progress]:
    return [step.progress for step in steps(*history).values()]


def test_there_is_none_before_anything_is_on_record():
    assert steps() == {}


def test_the_steps_stand_in_the_order_of_the_rule_and_name_their_commands():
    told = steps(TOLD)
    assert list(told) == [
        "notice", "study", "self-assessment", "meeting", "mutual-assessment", "ballot", "grades", "feedback", "report",
    ]  # fmt: skip
    assert {step.command for step in told.values()} <= CASES.keys()


def test_after_the_notice_study_and_self_assessment_are_open_and_the_meeting_is_blocked():
    assert progress(TOLD) == [TAKEN, MAY, MAY, BARRED, BARRED, BARRED, BARRED, BARRED, BARRED]
    assert steps(TOLD)["notice"].done_on == TOLD_ON
    meeting = steps(TOLD)["meeting"]
    assert (meeting.rule, meeting.why_zh) == ("INV-080", "未组织集中学习，不能召开评议会")


def test_after_the_study_the_meeting_may_be_held_five_working_days_after_the_notice():
    told = steps(TOLD, study())
    assert (told["meeting"].progress, told["meeting"].why_zh) == (MAY, "")
    assert told["meeting"].earliest == dt.date(2026, 3, 9)
    assert told["study"].done_on == STUDIED_ON


def test_study_may_come_before_the_notice():
    assert progress(study()) == [MAY, TAKEN, BARRED, BARRED, BARRED, BARRED, BARRED, BARRED, BARRED]
    assert steps(study())["meeting"].why_en == "The appraisal has not been opened"


def test_a_withdrawn_study_blocks_the_meeting_again():
    assert steps(TOLD, study(), withdrawn("study"))["meeting"].progress is BARRED


def test_how_many_self_assessments_are_missing_is_told_without_names():
    assert steps(TOLD)["self-assessment"].why_en == f"Self-assessments: {len(EVERYBODY)} still missing"
    assert steps(TOLD, excused(FAY, Lacking.SELF_ASSESSMENT))["self-assessment"].why_zh == "个人自评：尚缺7人"
    assert steps(MET)["self-assessment"].progress is TAKEN


def test_after_the_meeting_comments_and_ballots_are_open_and_grades_are_blocked():
    assert progress(MET) == [TAKEN, TAKEN, TAKEN, TAKEN, MAY, MAY, BARRED, BARRED, BARRED]
    grades = steps(MET)["grades"]
    assert (grades.rule, grades.why_zh) == ("INV-081", "缺少自评或测评记录，不能评等")
    assert (steps(MET)["meeting"].done_on, grades.earliest, grades.latest) == (DAY, DAY, dt.date(2026, 3, 30))


def test_grades_are_open_as_soon_as_one_member_is_ready_and_tell_what_is_left_of_a_third():
    assert progress(VOTED) == [TAKEN, TAKEN, TAKEN, TAKEN, TAKEN, TAKEN, MAY, BARRED, BARRED]
    assert steps(VOTED)["grades"].why_en == "7 not graded; 2 may still be excellent"
    assert steps(VOTED, graded(FAY), graded(GUS))["grades"].why_zh == "尚有5人未评等，优秀名额还有2个"
    assert steps(VOTED, raised(3))["grades"].why_zh == "尚有7人未评等，优秀名额还有3个"


def test_feedback_then_the_report():
    assert progress(VOTED, graded(FAY)) == [TAKEN, TAKEN, TAKEN, TAKEN, TAKEN, TAKEN, MAY, MAY, BARRED]
    assert progress(GRADED) == [TAKEN, TAKEN, TAKEN, TAKEN, TAKEN, TAKEN, TAKEN, MAY, BARRED]
    assert progress(DONE) == [TAKEN, TAKEN, TAKEN, TAKEN, TAKEN, TAKEN, TAKEN, TAKEN, MAY]
    assert progress(DONE, closed()) == [TAKEN] * 9


def test_whoever_is_let_off_is_not_waited_for():
    let_off = excused(FAY, Lacking.APPRAISAL)
    rest = [graded(person) for person in FULL if person != FAY]
    assert steps(VOTED, let_off, rest)["grades"].progress is TAKEN


def test_a_withdrawn_report_opens_it_again():
    assert progress(DONE, closed(), withdrawn("closed")) == [TAKEN, TAKEN, TAKEN, TAKEN, TAKEN, TAKEN, TAKEN, TAKEN, MAY]
