"""What waits for the superior: no procedure is left out, every approval can be refused with a reason, the day since when it waits is right."""

import datetime as dt
import inspect
import re
import sys

from msgspec import structs

from service.auth.rights import Right
from service.decide.catalog import CASES, PROCEDURES
from service.decide.procedure import Progress, Step
from service.waiting import DECIDES, ENDED, RETURNS, _since, _superior

SUPERIOR = {name for name, case in CASES.items() if case.right is Right.SUPERIOR_WRITE}
QUOTED = re.compile(r'(?<!tag=)"([a-z]+(?:-[a-z]+)+)"')
SAYS_EITHER = {"decide-pre-review": "passed", "pre-review-disposition": "agreed", "decide-disclosure-above": "granted"}
"""One form says yes or no, with an opinion: the field in which it does."""
NOTHING_TO_RETURN = {
    "hold-superior-talk": "a talk that the superior holds itself",
    "report-admission-up": "the superior's own report to its superior",
    "remind-of-election": "a reminder that the superior sends",
    "end-party-probation": "the form tells how probation ends; extending it is another form",
    "grade-secretary": "a grade, not a request",
}
TODAY = dt.date(2026, 11, 24)
DAY = dt.date(2026, 11, 3)


def in_steps(kind: str) -> set[str]:
    """The commands that the file of a procedure names."""
    return set(QUOTED.findall(inspect.getsource(sys.modules[PROCEDURES[kind].steps.__module__])))


def of_superior(kind: str) -> set[str]:
    return {DECIDES.get(command, command) for command in in_steps(kind)} & SUPERIOR


def test_every_procedure_in_which_the_superior_takes_a_step_is_looked_at():
    assert {kind for kind in PROCEDURES if of_superior(kind)} == ENDED.keys()


def test_every_step_of_the_superior_can_be_refused_with_a_reason_or_asks_for_nothing():
    steps = {command for kind in ENDED for command in of_superior(kind)}
    assert steps - RETURNS.keys() - SAYS_EITHER.keys() == NOTHING_TO_RETURN.keys()
    reasons = {command: CASES[back].command.__struct_fields__ for command, back in RETURNS.items()}
    assert [command for command, fields in reasons.items() if "reason" not in fields] == []
    assert [command for command, field in SAYS_EITHER.items() if field not in CASES[command].command.__struct_fields__] == []


def step(code: str, progress: Progress, command: str | None = None, **changed: object) -> Step:
    return structs.replace(Step(code=code, zh=code, en=code, progress=progress, rule="R", command=command), **changed)


def test_a_step_waits_from_its_first_day_on_and_not_before():
    ready = step("a", Progress.OPEN, "approve-admission", earliest=DAY)
    later = step("b", Progress.OPEN, "end-party-probation", earliest=TODAY + dt.timedelta(days=1))
    branch = step("c", Progress.OPEN, "receive-application")
    blocked = step("d", Progress.BLOCKED, "approve-punishment")
    assert [(one.code, command) for one, command in _superior((ready, later, branch, blocked), TODAY)] == [("a", "approve-admission")]
    assert _since((ready,), ready, TODAY) == DAY


def test_without_a_first_day_it_waits_since_the_last_step_before_it():
    steps = (
        step("a", Progress.DONE, done_on=DAY),
        step("b", Progress.DONE, done_on=DAY - dt.timedelta(days=2)),
        step("c", Progress.OPEN, "approve-punishment"),
        step("d", Progress.DONE, done_on=TODAY),
    )
    assert _since(steps, steps[2], TODAY) == DAY
    assert _since(steps[2:], steps[2], TODAY) == TODAY


def test_what_a_branch_may_note_on_paper_is_decided_here_by_the_superior_itself():
    (found,) = _superior((step("decide", Progress.OPEN, "note-award-reply"),), TODAY)
    assert found[1] == "approve-award"
