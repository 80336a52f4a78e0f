"""Beside the form for a component's score: how routine work came to its points, or on what a judged one rests (N26.T03, T04)."""

import datetime as dt

import msgspec

from admin.forms import Form
from admin.reading import Org
from admin.visit import Visit
from admin.words import named, pick, say
from events.assessment import Component, Visited
from events.base import Event
from events.debriefing import AppraisalBallot, OfDebriefing, SecretaryGraded
from events.store.record import Fact
from projections.standard.score_tree import Node, Score
from projections.standard.scoring import points
from service.auth.rights import Right

COMMAND = "enter-assessment-score"
MONTHS_AFTER = 6
"""In the first half of a year it is the year before that is assessed."""


class Heard(msgspec.Struct, frozen=True, kw_only=True):
    """A visit, a ballot or a step of the debriefing."""

    event_id: str
    on: dt.date
    title: str
    text: str


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """A norm of routine work: what it brought of what it could, in points of the component's hundred."""

    id: str
    title: str
    got: str
    most: str


class Hint(msgspec.Struct, frozen=True, kw_only=True):
    """What stands beside the form."""

    year: int
    component: Component
    title: str
    components: list[tuple[Component, str]]
    """The others, with what was entered of each."""
    computed: str
    entered: str
    parts: list[Part]
    heard: list[Heard]
    published: bool


async def hint_of(visit: Visit, org: Org, command: str, form: Form, *, fresh: bool) -> Hint | None:
    """Of the year and the component of the form; a fresh form for routine work is filled in with what was worked out."""
    if command != COMMAND or org.committee:
        return None
    year = _year(form, visit.today)
    if year is None:
        return None
    component = next((one for one in Component if one.value == _value(form, "component")), Component.ROUTINE)
    score = await visit.read.scoring.one(visit.read.scope(Right.LEDGERS_READ, org), org.id, year, visit.pack, visit.today)
    if fresh:
        _fill(form, "year", str(year))
        _fill(form, "component", component.value)
        if component is Component.ROUTINE:
            _fill(form, "score", str(score.routine))
    node = next(one for one in score.total.children if one.id == component.value)
    entered = score.entered
    return Hint(
        year=year,
        component=component,
        title=named(component),
        components=[(one, points(entered[one]) if one in entered else "") for one in Component],
        computed=points(score.routine) if component is Component.ROUTINE else "",
        entered=points(entered[component]) if component in entered else "",
        parts=_parts(node) if component is Component.ROUTINE else [],
        heard=await _heard(visit, org, score, node) if component is not Component.ROUTINE else [],
        published=score.published is not None,
    )


def _year(form: Form, today: dt.date) -> int | None:
    text = _value(form, "year")
    if text:
        return int(text) if text.isdecimal() and len(text) == 4 and text > "1920" else None
    return today.year - 1 if today.month <= MONTHS_AFTER else today.year


def _value(form: Form, name: str) -> str:
    bound = form.field(name)
    return "" if bound is None else bound.value.strip()


def _fill(form: Form, name: str, value: str) -> None:
    bound = form.field(name)
    if bound is not None and not bound.value:
        bound.values = [value]


def _parts(routine: Node) -> list[Part]:
    """Points as they stand in the total; where most was lost first."""
    found = sorted((one for one in routine.children if one.most), key=lambda one: one.got - one.most)
    return [Part(id=one.id, title=named(one), got=points(one.got), most=points(one.most)) for one in found]


async def _heard(visit: Visit, org: Org, score: Score, judged: Node) -> list[Heard]:
    """On what the score of a judged component rests, in the order of the book."""
    leaf = judged.children[0].children[0].children[0]
    wanted = set(leaf.ground.events) if leaf.ground is not None else set()
    facts: list[Fact[Event]] = []
    for noun in ("assessment", "debriefing"):
        facts += await visit.read.stream(org, f"{noun}-{score.year}")
    return [one for fact in facts if fact.event_id in wanted and (one := _told(fact)) is not None]


def _told(fact: Fact[Event]) -> Heard | None:
    event = fact.event
    match event:
        case Visited():
            title, text = f"{named(event.method)} · {event.group}", event.findings
        case AppraisalBallot():
            title = pick(event.zh, event.en)
            text = say(
                "%(returned)s of %(issued)s returned: %(good)s good, %(fairly)s fairly good, %(fair)s fair, %(poor)s poor, %(void)s void",
                returned=event.returned,
                issued=event.issued,
                good=event.good,
                fairly=event.fairly_good,
                fair=event.fair,
                poor=event.poor,
                void=event.invalid,
            )
        case SecretaryGraded():
            title, text = pick(event.zh, event.en), named(event.grade)
        case OfDebriefing():
            title, text = pick(event.zh, event.en), ""
        case _:
            return None
    return Heard(event_id=fact.event_id, on=event.occurred_on, title=title, text=text)
