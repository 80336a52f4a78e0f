"""What the tests of scores are told in: duties, entries of an assessment, and packs with a change."""

import datetime as dt
from typing import Any

import msgspec

from events.assessment import (
    Adjusted,
    AdjustmentKind,
    AssessmentEntryId,
    AssessmentGrade,
    BranchGraded,
    Component,
    Scored,
    Visited,
    VisitMethod,
    YearClosed,
    YearOpened,
)
from events.base import Event
from projections.standard.duties import Duty
from projections.standard.pack import Pack, default_pack
from projections.standard.schemes import Indicator
from projections.standard.score_tree import Node, leaves
from projections.standard.scoring import Told

PACK = default_pack()
YEAR = 2026
END = dt.date(2027, 2, 10)


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def duty(period: str, due: str, *, on: str | None = None, deadline: str = "DL-07", **more: Any) -> Duty:
    values: dict[str, Any] = {"done": int(on is not None), "needed": 1, "events": (f"e-{period}",) if on else (), "subject": "", **more}
    return Duty(
        obligation_id=f"{deadline}:{period}",
        deadline=deadline,
        period=period,
        due_on=day(due),
        done_on=day(on) if on else None,
        **values,
    )


def told(*events: Event) -> tuple[Told, ...]:
    return tuple(Told(event_id=f"e{number}", event=event) for number, event in enumerate(events, start=1))


def entry(name: str) -> AssessmentEntryId:
    return AssessmentEntryId(name)


GRADES = ((AssessmentGrade.GOOD, 9000), (AssessmentGrade.FAIRLY_GOOD, 8000), (AssessmentGrade.FAIR, 6000), (AssessmentGrade.POOR, 0))
OPENED = YearOpened(
    occurred_on=day("2026-02-01"),
    year=YEAR,
    entry_id=entry("open"),
    weights=(40, 30, 20, 10),
    bonus_max=1000,
    penalty_max=1000,
    grades=GRADES,
)
VISITED = Visited(
    occurred_on=day("2026-12-10"), year=YEAR, entry_id=entry("visit"), method=VisitMethod.PAPERS, group="考核组", findings="资料齐全"
)
CLOSED = YearClosed(occurred_on=day("2027-02-01"), year=YEAR, entry_id=entry("close"))


def scored(component: Component, score: int, on: str = "2027-01-10") -> Scored:
    return Scored(occurred_on=day(on), year=YEAR, entry_id=entry(f"{component}-{on}"), component=component, score=score)


def adjusted(kind: AdjustmentKind, points: int) -> Adjusted:
    return Adjusted(
        occurred_on=day("2027-01-11"),
        year=YEAR,
        entry_id=entry(f"{kind}-{points}"),
        kind=kind,
        points=points,
        ground="事由",
        evidence="文件1号",
        confirmed_by="机关党委",
    )


def graded(*scores: int, total: int, grade: AssessmentGrade) -> BranchGraded:
    return BranchGraded(
        occurred_on=day("2027-01-20"),
        year=YEAR,
        entry_id=entry("grade"),
        scores=scores,
        bonus=0,
        penalty=0,
        total=total,
        grade=grade,
        poor_again=False,
    )


JUDGED = (scored(Component.ON_SITE, 9000), scored(Component.DEBRIEFING, 8333), scored(Component.BALLOT, 7777))


def scheme_with(**changed: Any) -> Pack:
    """The pack with a scheme that differs."""
    return msgspec.structs.replace(PACK, schemes=(msgspec.structs.replace(PACK.schemes[0], **changed),))


def only(*norms: str, **tasks: dict[str, int]) -> tuple[Indicator, ...]:
    """Indicators of a few norms, with the weights of their tasks."""
    return tuple(Indicator(norm=norm, points=10, task=tasks.get(norm, {})) for norm in norms)


def whole(node: Node) -> bool:
    """Whether every figure of the tree is the sum of what stands below it, and the leaves are the total."""
    found = leaves(node)
    sums = (sum(one.most for one in found), sum(one.got for one in found), sum(one.open for one in found), sum(one.lost for one in found))
    return (
        sums == (node.most, node.got, node.open, node.lost)
        and node.most == node.got + node.open + node.lost
        and all(whole(child) for child in node.children)
    )
