"""A branch's score of a year: a pure function of its duties, the assessment's events, the pack and the day (N25, N26, R-J).

Routine work is counted from the duties by the pack's scheme; the other components are the scores that the superior entered.
Points go down the tree by largest remainders and come up as sums, so that the leaves add up to the total exactly.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

import msgspec

from events.assessment import (
    Adjusted,
    AdjustmentKind,
    AssessmentGrade,
    BranchGraded,
    Component,
    Hundredths,
    Scored,
    Visited,
    VisitMethod,
    YearClosed,
    YearOpened,
)
from events.base import Event
from events.debriefing import OfDebriefing
from projections.standard.deadlines import How
from projections.standard.duties import Duty, counts, weigh
from projections.standard.norms import Entry
from projections.standard.pack import Pack
from projections.standard.points import FULL, PERCENT, apportion, grade_of, part
from projections.standard.rules import Override, Rules
from projections.standard.schemes import scheme_of
from projections.standard.score_tree import (
    Difference,
    Ground,
    Level,
    Node,
    Published,
    Reason,
    Score,
    leaf,
    node,
)

E = TypeVar("E", bound=Event)


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """One event of the year's assessment or debriefing that stands, with its id."""

    event_id: str
    event: Event


class Measure(msgspec.Struct, frozen=True, kw_only=True):
    """Weights, caps and grades of a year."""

    weights: tuple[int, ...]
    bonus_max: Hundredths
    penalty_max: Hundredths
    grades: tuple[tuple[AssessmentGrade, Hundredths], ...]


def score(
    year: int,
    duties: Iterable[Duty],
    told: Sequence[Told],
    pack: Pack,
    on: dt.date,
    overrides: Iterable[Override] = (),
    *,
    draft: bool = False,
) -> Score:
    """One branch. With `draft`, weights, caps and grades are the pack's even where the year was opened with others."""
    return Scorer(pack, year).score(duties, told, on, overrides, draft=draft)


class Scorer:
    """A pack made ready for one year, for as many branches as there are."""

    def __init__(self, pack: Pack, year: int) -> None:
        self._pack = pack
        self.year = year
        self.scheme = scheme_of(pack.schemes, year)
        self._deadlines = {deadline.id: deadline for deadline in pack.deadlines}
        self._norms = {norm.id: norm for norm in pack.standard.norm}
        self._tasks: dict[str, Entry] = {task.id: task for norm in pack.standard.norm for task in norm.task}
        self._norm_of = {task.id: norm.id for norm in pack.standard.norm for task in norm.task}
        self._points = {indicator.norm: indicator.points for indicator in self.scheme.indicator}
        named = {task: weight for indicator in self.scheme.indicator for task, weight in indicator.task.items()}
        self._weights = {task: named.get(task, 1) for task, norm in self._norm_of.items() if self._points.get(norm, 0) > 0}
        self._counted = {
            deadline.id: tuple(task for task in dict.fromkeys(deadline.tasks) if self._weights.get(task, 0) > 0)
            for deadline in pack.deadlines
            if deadline.how is not How.NOTICE
        }

    def score(
        self, duties: Iterable[Duty], told: Sequence[Told], on: dt.date, overrides: Iterable[Override] = (), *, draft: bool = False
    ) -> Score:
        """The tree of one branch as of a day, beside what was published by then."""
        told = [one for one in told if one.event.occurred_on <= on]
        rules = self._pack.rules(min(on, dt.date(self.year, 12, 31)), overrides)
        opened = _last(told, YearOpened)
        measure = _measure(rules, None if opened is None or draft else opened[1])
        published = _published(told)
        mosts = {component: weight * PERCENT for component, weight in zip(Component, measure.weights, strict=True)}
        routine = self._routine(duties, mosts[Component.ROUTINE], on, final=published is not None)
        judged = self._judged(told, mosts)
        parts = [routine if component is Component.ROUTINE else judged[component] for component in Component]
        settled = all(component in _scores(told) for component in judged)
        total = node("total", Level.TOTAL, "总分", "Total", _held((*parts, *_adjustments(told, measure))))
        return Score(
            year=self.year,
            on=on,
            pack=self._pack.standard.version,
            weights=measure.weights,
            grades=measure.grades,
            total=total,
            grade=grade_of(total.got, measure.grades) if settled else None,
            best_grade=grade_of(min(FULL, total.got + total.open), measure.grades),
            routine=part(FULL, routine.got, routine.most) if routine.most else 0,
            entered={one.component: one.score for one in _scores(told).values()},
            published=published,
            differences=() if published is None else _differences(published, total, opened[1].weights if opened else measure.weights),
        )

    def _routine(self, duties: Iterable[Duty], most: int, on: dt.date, *, final: bool) -> Node:
        """Indicators under which something counts share the component by their points; tasks and duties share theirs alike."""
        by_norm: defaultdict[str, defaultdict[str, list[Duty]]] = defaultdict(lambda: defaultdict(list))
        for duty in duties:
            for task in self._counted.get(duty.deadline, ()) if duty.year == self.year else ():
                by_norm[self._norm_of[task]][task].append(duty)
        norms = [norm for norm in self._norms if norm in by_norm]
        weighty = [self._points[norm] if any(map(self._weighs, by_norm[norm].values())) else 0 for norm in norms]
        component = Component.ROUTINE
        if sum(weighty) == 0:
            nothing = Ground(reason=Reason.NOTHING_DUE)
            empty = leaf("nothing", "尚无到期任务", "Nothing has fallen due", nothing, most=most, got=0, still=0 if final else most)
            return node(component.value, Level.COMPONENT, component.zh, component.en, (empty,))
        children = tuple(
            self._indicator(norm, by_norm[norm], share, on, final=final)
            for norm, share in zip(norms, apportion(most, weighty), strict=True)
        )
        return node(component.value, Level.COMPONENT, component.zh, component.en, children)

    def _weighs(self, duties: list[Duty]) -> bool:
        return any(counts(duty, self.scheme) for duty in duties)

    def _indicator(self, norm: str, by_task: Mapping[str, list[Duty]], most: int, on: dt.date, *, final: bool) -> Node:
        tasks = sorted(by_task)
        weights = [self._weights[task] if self._weighs(by_task[task]) else 0 for task in tasks]
        children = tuple(
            self._task(task, by_task[task], share, on, final=final) for task, share in zip(tasks, apportion(most, weights), strict=True)
        )
        return node(norm, Level.INDICATOR, self._norms[norm].zh, self._norms[norm].en, children)

    def _task(self, task: str, duties: list[Duty], most: int, on: dt.date, *, final: bool) -> Node:
        """Each deadline of the task weighs the same, and within it each period or subject."""
        by_deadline: defaultdict[str, list[Duty]] = defaultdict(list)
        for duty in sorted(duties, key=lambda duty: (duty.deadline, duty.due_on, duty.obligation_id)):
            by_deadline[duty.deadline].append(duty)
        shares = apportion(most, [int(self._weighs(of_one)) for of_one in by_deadline.values()])
        children: list[Node] = []
        for (deadline, of_one), share in zip(by_deadline.items(), shares, strict=True):
            titles = self._deadlines[deadline].zh, self._deadlines[deadline].en
            each = apportion(share, [int(counts(duty, self.scheme)) for duty in of_one])
            children += [
                weigh(duty, self.scheme, own, on, f"{task}/{duty.obligation_id}", titles, final=final)
                for duty, own in zip(of_one, each, strict=True)
            ]
        entry = self._tasks[task]
        return node(task, Level.TASK, entry.zh, entry.en, tuple(children))

    def _judged(self, told: Sequence[Told], mosts: Mapping[Component, int]) -> dict[Component, Node]:
        """What was entered, weighted as in the total: the rounded sum is shared among the components, so that it stays the sum."""
        scores = {component: one for component, one in _scores(told).items() if component is not Component.ROUTINE}
        weighted = [scores[component].score * mosts[component] for component in scores]
        got = dict(zip(scores, apportion(part(sum(weighted), 1, FULL), weighted), strict=True))
        return {
            component: self._component(component, told, most, got.get(component))
            for component, most in mosts.items()
            if component is not Component.ROUTINE
        }

    def _component(self, component: Component, told: Sequence[Told], most: int, got: int | None) -> Node:
        task = self._tasks[self.scheme.judged[component.value]]
        norm = self._norms[self._norm_of[task.id]]
        scored = [one for one in told if isinstance(one.event, Scored) and one.event.component is component]
        events = tuple(one.event_id for one in (*_heard(component, told), *scored[-1:]))
        if got is None:
            ground = Ground(reason=Reason.NOT_JUDGED, events=events)
        else:
            entry = scored[-1].event
            assert isinstance(entry, Scored)
            ground = Ground(reason=Reason.JUDGED, done_on=entry.occurred_on, events=events, text=points(entry.score))
        name = f"{component.value}:score"
        mark = leaf(name, component.zh, component.en, ground, most=most, got=got or 0, still=most if got is None else 0)
        under = node(norm.id, Level.INDICATOR, norm.zh, norm.en, (node(task.id, Level.TASK, task.zh, task.en, (mark,)),))
        return node(component.value, Level.COMPONENT, component.zh, component.en, (under,))


def points(value: Hundredths) -> str:
    """`92.50`, also below 0."""
    return f"{'-' if value < 0 else ''}{abs(value) // PERCENT}.{abs(value) % PERCENT:02d}"


def _last(told: Iterable[Told], kind: type[E]) -> tuple[str, E] | None:
    """The newest entry of a kind, with its id."""
    found = [(one.event_id, one.event) for one in told if isinstance(one.event, kind)]
    return found[-1] if found else None


def _measure(rules: Rules, opened: YearOpened | None) -> Measure:
    """As the year was opened, else as the rules have it (R-J02, INV-094)."""
    if opened is not None:
        return Measure(weights=opened.weights, bonus_max=opened.bonus_max, penalty_max=opened.penalty_max, grades=opened.grades)
    grades = [(msgspec.convert(grade, AssessmentGrade), least * PERCENT) for grade, least in rules.table("assessment.grades")]
    return Measure(
        weights=tuple(rules.table("assessment.weights")),
        bonus_max=rules.number("assessment.bonus_max") * PERCENT,
        penalty_max=rules.number("assessment.penalty_max") * PERCENT,
        grades=tuple(sorted(grades, key=lambda row: row[1], reverse=True)),
    )


def _scores(told: Iterable[Told]) -> dict[Component, Scored]:
    """The score that stands for each component, in the order of the components."""
    found = {one.event.component: one.event for one in told if isinstance(one.event, Scored)}
    return {component: found[component] for component in Component if component in found}


def _heard(component: Component, told: Iterable[Told]) -> Iterator[Told]:
    """On what a judged score rests: visits, ballots, the debriefing."""
    for one in told:
        match component, one.event:
            case (Component.ON_SITE, Visited(method=method)) if method is not VisitMethod.BALLOT:
                yield one
            case (Component.BALLOT, Visited(method=VisitMethod.BALLOT)):
                yield one
            case (Component.DEBRIEFING, OfDebriefing()):
                yield one


def _adjustments(told: Iterable[Told], measure: Measure) -> list[Node]:
    """Bonus and penalty, each entry with its ground; what goes beyond a cap is cut (R-J03)."""
    found = []
    for kind, cap, sign in ((AdjustmentKind.BONUS, measure.bonus_max, 1), (AdjustmentKind.PENALTY, measure.penalty_max, -1)):
        entries = [_adjusted(one.event_id, one.event, sign) for one in told if isinstance(one.event, Adjusted) and one.event.kind is kind]
        beyond = sum(abs(entry.got) for entry in entries) - cap
        if beyond > 0:
            entries.append(_cut(f"{kind.value}:limit", -sign * beyond))
        if entries:
            found.append(node(kind.value, Level.COMPONENT, kind.zh, kind.en, tuple(entries)))
    return found


def _adjusted(event_id: str, event: Adjusted, sign: int) -> Node:
    ground = Ground(
        reason=Reason.BONUS if sign > 0 else Reason.PENALTY,
        done_on=event.occurred_on,
        events=(event_id,),
        text=event.ground,
        evidence=event.evidence,
        confirmed_by=event.confirmed_by,
    )
    return leaf(
        f"adjustment:{event.entry_id}", event.ground, event.ground, ground, most=max(0, sign * event.points), got=sign * event.points
    )


def _cut(name: str, by: int) -> Node:
    """A leaf that brings a sum back to its limit: it takes away points that cannot be had, or gives back what cannot be lost."""
    return leaf(name, "限额调整", "Held within the limit", Ground(reason=Reason.LIMIT), most=by, got=by)


def _held(parts: tuple[Node, ...]) -> tuple[Node, ...]:
    """The parts of the total, and what holds it between 0 and 100 points (R-J02)."""
    raw = sum(one.got for one in parts)
    beyond = max(0, min(FULL, raw)) - raw
    return (*parts, _cut("limit", beyond)) if beyond else parts


def _published(told: Sequence[Told]) -> Published | None:
    graded, closed = _last(told, BranchGraded), _last(told, YearClosed)
    if graded is None:
        return None
    event_id, event = graded
    return Published(
        event_id=event_id,
        graded_on=event.occurred_on,
        scores=event.scores,
        bonus=event.bonus,
        penalty=event.penalty,
        total=event.total,
        grade=event.grade,
        closed_on=None if closed is None else closed[1].occurred_on,
    )


def _differences(published: Published, total: Node, weights: Sequence[int]) -> tuple[Difference, ...]:
    """Component by component; what is left over is rounding and what limits cut."""
    computed = {one.id: one.got for one in total.children}
    weighted = [entered * weight for entered, weight in zip(published.scores, weights, strict=True)]
    said = dict(zip((component.value for component in Component), apportion(part(sum(weighted), 1, PERCENT), weighted), strict=True))
    said |= {"bonus": published.bonus, "penalty": -published.penalty}
    said["limit"] = published.total - sum(said.values())
    return tuple(
        Difference(component=name, published=said[name], computed=computed.get(name, 0))
        for name in said
        if said[name] != computed.get(name, 0)
    )
