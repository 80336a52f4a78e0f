"""Deciding about obligations: allowed, refused by name, nothing to do (INV-098)."""

import pytest
from msgspec import structs

from events.base import Event, PersonId
from service.auth.rights import Right
from service.decide.base import Command
from service.decide.dues.state import FlagArrears
from service.decide.obligations import (
    CASES,
    STEPS_MAX,
    DutyDo,
    DutyStep,
    EscalateObligation,
    ExplainObligation,
    ExtendObligation,
    MarkObligationOverdue,
    RaiseObligation,
    RecordDuties,
    RemindOfObligation,
    WaiveObligation,
)
from service.errors import Absent, Conflict, Malformed, Refused
from service.jobs.duties import in_one, together
from service.jobs.plan import Step
from tests.obligations.world import AFTER, DUE, ESCALATED, EXPLAINED, EXTENDED, KEY, LATER, OVERDUE, RAISED, REMINDED, WAIVED, Branch, day

RAISE = RaiseObligation(
    occurred_on=day("2026-01-01"), obligation_id=KEY, deadline="DL-07", task="N09.T01", period="2026-Q1", due_on=DUE, needed=1
)
REMIND = RemindOfObligation(occurred_on=day("2026-03-11"), obligation_id=KEY, due_on=DUE, offset=-20)
MARK = MarkObligationOverdue(occurred_on=AFTER, obligation_id=KEY, due_on=DUE)
ESCALATE = EscalateObligation(occurred_on=day("2026-04-07"), obligation_id=KEY, due_on=DUE)
PRESS = structs.replace(ESCALATE, occurred_on=day("2026-04-30"), again=True)
EXPLAIN = ExplainObligation(occurred_on=AFTER, obligation_id=KEY, reason="书记外出学习")
WAIVE = WaiveObligation(occurred_on=AFTER, obligation_id=KEY, reason="洪灾")
EXTEND = ExtendObligation(occurred_on=AFTER, obligation_id=KEY, due_on=LATER, reason="洪灾")


def decide(command: Command, *history: Event) -> list[Event]:
    return Branch(*history).decide(command)


@pytest.mark.parametrize(
    ("command", "history", "event"),
    [
        (RAISE, (), RAISED),
        (REMIND, (RAISED,), REMINDED),
        (MARK, (RAISED,), OVERDUE),
        (ESCALATE, (RAISED, OVERDUE), ESCALATED),
        (PRESS, (RAISED, OVERDUE, ESCALATED), structs.replace(ESCALATED, occurred_on=day("2026-04-30"))),
        (EXPLAIN, (RAISED,), EXPLAINED),
        (structs.replace(EXPLAIN, reason="停电"), (RAISED, EXPLAINED), structs.replace(EXPLAINED, reason="停电")),
        (EXPLAIN, (RAISED, EXPLAINED, EXTENDED), EXPLAINED),
        (WAIVE, (RAISED,), WAIVED),
        (EXTEND, (RAISED,), EXTENDED),
        (structs.replace(REMIND, offset=-7), (RAISED, REMINDED), structs.replace(REMINDED, offset=-7)),
        (structs.replace(REMIND, due_on=LATER), (RAISED, REMINDED, EXTENDED), structs.replace(REMINDED, due_on=LATER)),
    ],
)
def test_each_step_is_recorded(command, history, event):
    assert decide(command, *history) == [event]


@pytest.mark.parametrize(
    ("command", "history"),
    [
        (RAISE, (RAISED,)),
        (structs.replace(RAISE, due_on=LATER), (RAISED,)),
        (REMIND, (RAISED, REMINDED)),
        (REMIND, (RAISED, WAIVED)),
        (REMIND, (RAISED, EXTENDED)),
        (MARK, (RAISED, OVERDUE)),
        (MARK, (RAISED, WAIVED)),
        (MARK, (RAISED, EXTENDED)),
        (structs.replace(MARK, occurred_on=DUE), (RAISED,)),
        (ESCALATE, (RAISED, ESCALATED)),
        (PRESS, (RAISED, OVERDUE)),
        (PRESS, (RAISED, OVERDUE, ESCALATED, ESCALATED)),
        (EXPLAIN, (RAISED, EXPLAINED)),
        (ESCALATE, (RAISED, WAIVED)),
        (structs.replace(ESCALATE, occurred_on=DUE), (RAISED,)),
        (WAIVE, (RAISED, WAIVED)),
        (EXTEND, (RAISED, EXTENDED)),
    ],
)
def test_there_is_nothing_to_do_a_second_time_nor_when_time_was_given(command, history):
    assert decide(command, *history) == []


@pytest.mark.parametrize(
    ("command", "history", "fields"),
    [
        (structs.replace(WAIVE, reason=" "), (RAISED,), ("reason",)),
        (structs.replace(EXTEND, reason=""), (RAISED,), ("reason",)),
        (structs.replace(EXTEND, due_on=day("2026-03-30")), (RAISED,), ("due_on",)),
        (structs.replace(EXTEND, due_on=DUE), (RAISED, EXTENDED), ("due_on",)),
    ],
)
def test_letting_off_needs_a_reason_and_more_time_a_later_day(command, history, fields):
    with pytest.raises(Refused) as refused:
        decide(command, *history)
    assert (refused.value.rule, refused.value.fields) == ("INV-098", fields)


@pytest.mark.parametrize("command", [REMIND, MARK, ESCALATE, EXPLAIN, WAIVE, EXTEND])
def test_what_was_never_raised_is_absent(command):
    with pytest.raises(Absent):
        decide(command)


@pytest.mark.parametrize("command", [EXTEND, EXPLAIN])
def test_a_waived_obligation_has_no_date_to_move_and_asks_for_no_reason(command):
    with pytest.raises(Conflict):
        decide(command, RAISED, WAIVED)


def test_a_reason_says_something():
    with pytest.raises(Malformed):
        decide(structs.replace(EXPLAIN, reason=" "), RAISED)


class TestTogether:
    """What a worker says in one breath comes to what it would come to step by step."""

    STEPS = (
        DutyStep(do=DutyDo.RAISE, obligation_id=KEY, due_on=DUE, deadline="DL-07", task="N09.T01", period="2026-Q1"),
        DutyStep(do=DutyDo.REMIND, obligation_id=KEY, due_on=DUE, offset=-20),
        DutyStep(do=DutyDo.MARK, obligation_id=KEY, due_on=DUE),
        DutyStep(do=DutyDo.ESCALATE, obligation_id=KEY, due_on=DUE),
        DutyStep(do=DutyDo.PRESS, obligation_id=KEY, due_on=DUE),
    )
    DAY = day("2026-04-30")

    def said(self, *steps: DutyStep, before: tuple[Event, ...] = ()) -> list[Event]:
        return decide(RecordDuties(occurred_on=self.DAY, steps=steps), *before)

    def test_each_step_sees_the_one_before(self):
        one, two, three, four = (structs.replace(event, occurred_on=self.DAY) for event in (RAISED, REMINDED, OVERDUE, ESCALATED))
        assert self.said(*self.STEPS) == [one, two, three, four, four]

    def test_what_was_said_before_is_left_out_and_so_is_what_is_not_there(self):
        assert self.said(*self.STEPS[:3], before=(RAISED, REMINDED, OVERDUE)) == []
        assert self.said(*self.STEPS[1:]) == []
        assert self.said(*self.STEPS, before=(RAISED, WAIVED)) == []

    def test_a_worker_groups_what_it_may_and_keeps_the_order(self):
        raises = [Step(key=f"{n}", command=structs.replace(RAISE, obligation_id=f"DL-07:2026-Q1:s{n}")) for n in range(STEPS_MAX + 1)]
        flag = Step(key="flag", command=FlagArrears(occurred_on=DUE, person_id=PersonId("ann")))
        mark = Step(key="mark", command=MARK)
        found = list(together([*raises, flag, mark]))
        assert found == [raises[:STEPS_MAX], raises[STEPS_MAX:], [flag], [mark]]
        first, again, less = (in_one(some) for some in (raises[:4], raises[:4], raises[:3]))
        assert (first == again, first.key == less.key) == (True, False)
        assert isinstance(first.command, RecordDuties)
        assert [step.obligation_id for step in first.command.steps] == [f"DL-07:2026-Q1:s{n}" for n in range(4)]


def test_the_superior_alone_waives_and_extends_the_branch_explains_and_the_system_does_the_rest():
    rights = {case.command: case.right for case in CASES}
    superior = {command for command, right in rights.items() if right is Right.SUPERIOR_WRITE}
    assert superior == {WaiveObligation, ExtendObligation}
    assert rights.pop(ExplainObligation) is Right.WORK_WRITE
    assert {right for command, right in rights.items() if command not in superior} == {Right.SYSTEM_WRITE}
