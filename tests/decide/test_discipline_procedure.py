"""The discipline procedure as the desk shows it: done, open, blocked, skipped, with the days on which a step may or must be taken."""

import datetime as dt
from typing import Any

from events.base import Event
from events.discipline import (
    Approver,
    DisciplineClosed,
    DisciplineStep,
    DisciplineStepWithdrawn,
    NoPunishment,
    PartyProbationEnded,
    ProbationResult,
    Punishment,
)
from projections.standard.pack import default_pack
from service.decide.discipline.procedure import PROCEDURES
from service.decide.procedure import Progress, Step
from tests.decide.discipline_history import (
    ANNOUNCED_ON,
    BEGUN,
    C1,
    CASE,
    DECIDED_ON,
    EXECUTED_ON,
    HERE,
    MET,
    OPENED_ON,
    PREPARED,
    REPORTED_ON,
    REPORTED_UP_ON,
    SENT_ON,
    SHOWN_ON,
    announced,
    case_closed,
    executed,
    imposed,
    in_force,
    opened,
    rejected,
    reported_up,
    sent,
    voted,
)
from tests.decide.roster_history import DAY

(DISCIPLINE,) = PROCEDURES
TODAY = dt.date(2026, 6, 30)
DONE, OPEN, BLOCKED, SKIPPED = Progress.DONE, Progress.OPEN, Progress.BLOCKED, Progress.SKIPPED


def steps(*events: Event) -> tuple[Step, ...]:
    state = DISCIPLINE.fold.initial
    for event in events:
        if event.stream() == DISCIPLINE.stream(C1):
            state = DISCIPLINE.fold.evolve(state, event)
    return DISCIPLINE.steps(state, C1, default_pack().rules(on=TODAY, overrides=()), TODAY)


def progress(*events: Event) -> list[Progress]:
    return [step.progress for step in steps(*events)]


def days(*events: Event) -> dict[str, tuple[Any, ...]]:
    return {step.code: (step.progress, step.done_on, step.earliest, step.latest) for step in steps(*events)}


def test_it_is_called_by_its_name():
    assert (DISCIPLINE.kind, DISCIPLINE.zh, DISCIPLINE.stream("c9")) == ("discipline", "处分党员程序", "discipline-c9")


def test_there_is_no_such_case():
    assert steps(*HERE) == ()


def test_a_case_that_was_withdrawn_has_nothing_left_to_do():
    withdrawn = DisciplineStepWithdrawn(occurred_on=TODAY, **CASE, step=DisciplineStep.OPENED, reason="录入有误")
    assert progress(*BEGUN, withdrawn) == [SKIPPED]


def test_a_case_that_was_opened_waits_for_the_report():
    assert progress(*BEGUN) == [DONE, OPEN, *[BLOCKED] * 7]
    first, second, third = steps(*BEGUN)[:3]
    assert (first.code, first.done_on, first.rule) == ("open", OPENED_ON, "N19.T01")
    assert (second.code, second.command, second.materials) == ("investigate", "file-investigation-report", ("N19.M02",))
    assert (third.rule, third.why_zh, third.why_en) == ("R-G06", "先有调查报告", "The investigation report comes first")


def test_INV_085_the_vote_is_open_when_the_facts_were_shown_and_for_thirty_days_from_the_report():
    found = days(*PREPARED)
    assert found["vote"] == (OPEN, None, SHOWN_ON, REPORTED_ON + dt.timedelta(days=30))
    assert found["submit"] == (BLOCKED, None, None, None)
    (blocked,) = [step for step in steps(*BEGUN) if step.code == "vote"]
    assert (blocked.rule, blocked.why_zh) == ("INV-085", "未与本人见面核对事实材料，不能表决")


def test_a_vote_that_failed_leaves_the_step_open():
    assert days(*MET, voted(yes=3, passed=False))["vote"][0] is OPEN
    assert days(*MET, voted())["submit"] == (OPEN, None, DAY, None)


def test_after_a_rejection_the_branch_votes_again():
    found = days(*sent(), rejected())
    assert [found[code][0] for code in ("vote", "submit", "decide")] == [OPEN, BLOCKED, BLOCKED]


def test_INV_088_the_decision_opens_the_announcement_and_the_days_run():
    found = days(*in_force())
    assert found["decide"] == (DONE, DECIDED_ON, None, None)
    assert found["announce"] == (OPEN, None, DECIDED_ON, DECIDED_ON + dt.timedelta(days=30))
    assert found["execute"] == (BLOCKED, None, None, DECIDED_ON + dt.timedelta(days=30))
    assert found["report"] == (BLOCKED, None, None, DECIDED_ON + dt.timedelta(days=180))


def test_all_of_it():
    events = (*in_force(), announced(), executed(), case_closed(EXECUTED_ON, sanctioned=True), reported_up())
    assert [step.done_on for step in steps(*events)] == [
        *(OPENED_ON, REPORTED_ON, SHOWN_ON, DAY, SENT_ON, DECIDED_ON),
        *(ANNOUNCED_ON, EXECUTED_ON, REPORTED_UP_ON),
    ]


def test_a_punishment_of_the_superior_skips_the_branch():
    found = days(opened(), imposed())
    assert [found[code][0] for code in ("investigate", "show", "vote", "submit")] == [SKIPPED] * 4
    assert [found[code][0] for code in ("decide", "announce")] == [DONE, OPEN]


def test_a_case_closed_without_punishment_skips_the_rest():
    closed = DisciplineClosed(occurred_on=SHOWN_ON, **CASE, ground=NoPunishment.UNFOUNDED)
    assert progress(*BEGUN, closed) == [DONE, *[SKIPPED] * 8]


def test_probation_has_a_step_more_not_before_its_term_is_over():
    found = days(*in_force(Punishment.PARTY_PROBATION))
    assert found["probation"] == (OPEN, None, dt.date(2027, 4, 7), None)
    ended = PartyProbationEnded(
        occurred_on=dt.date(2027, 4, 8), **CASE, by=Approver.SUPERIOR_COMMITTEE, document_no="委1", result=ProbationResult.RESTORED
    )
    assert days(*in_force(Punishment.PARTY_PROBATION), ended)["probation"] == (DONE, dt.date(2027, 4, 8), None, None)
