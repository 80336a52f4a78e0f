"""Problems that are put right as steps: the plan handed in, the acceptance by the superior; one that was returned is planned anew."""

import datetime as dt
from collections.abc import Iterable

import msgspec

from service.decide.procedure import Progress, Step

SHOWN = 20
"""As much of a problem as a step is called by."""


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """One problem as the state tells it."""

    name: str
    field: str
    """What commands call the name."""
    problem: str
    planned_on: dt.date
    due_on: dt.date
    accepted_on: dt.date | None
    returned: str | None
    """Why the superior sent it back, until it is planned anew."""


def put_right(problems: Iterable[Problem], *, rule: str, plan: str, accept: str, materials: tuple[str, ...] = ()) -> tuple[Step, ...]:
    """Two steps for each problem, in the order of the plans."""
    return tuple(step for one in problems for step in (_planned(one, rule, plan, materials), _accepted(one, rule, accept)))


def _planned(one: Problem, rule: str, command: str, materials: tuple[str, ...]) -> Step:
    open_again = one.returned is not None
    return Step(
        code=f"plan-{one.name}",
        zh=f"整改方案：{_short(one.problem)}",
        en=f"Plan: {_short(one.problem)}",
        progress=Progress.OPEN if open_again else Progress.DONE,
        rule=rule,
        done_on=None if open_again else one.planned_on,
        why_zh=f"上级退回：{one.returned}" if open_again else "",
        why_en=f"Returned by the superior: {one.returned}" if open_again else "",
        command=command,
        given={one.field: one.name},
        materials=materials,
    )


def _accepted(one: Problem, rule: str, command: str) -> Step:
    progress = Progress.DONE if one.accepted_on is not None else Progress.OPEN if one.returned is None else Progress.BLOCKED
    return Step(
        code=f"acceptance-{one.name}",
        zh=f"整改验收：{_short(one.problem)}",
        en=f"Acceptance: {_short(one.problem)}",
        progress=progress,
        rule=rule,
        done_on=one.accepted_on,
        earliest=one.planned_on if progress is Progress.OPEN else None,
        latest=one.due_on,
        waits_from=one.due_on if progress is Progress.OPEN else None,
        why_zh="已退回，须先重新上报整改方案" if progress is Progress.BLOCKED else "",
        why_en="Returned: first the plan is handed in anew" if progress is Progress.BLOCKED else "",
        command=command,
        given={one.field: one.name},
    )


def _short(problem: str) -> str:
    return problem if len(problem) <= SHOWN else problem[: SHOWN - 1] + "…"
