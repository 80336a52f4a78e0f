"""Events told to a person: a title, the facts in words, the marks 补录 and 更正, and where they stand in the book."""

import datetime as dt
import functools
import typing
from collections import ChainMap
from collections.abc import Callable, Iterable, Mapping

import msgspec

from admin import show
from admin.fields import command_fields
from admin.labels import WORKED_OUT
from admin.show import Mark, Names
from admin.words import locale, named, ngettext, pick, say
from events.base import Event, PersonId, tag_of
from events.obligations import ObligationRaised, ObligationReminded, OfObligation
from events.store.record import Fact
from service.decide.catalog import CASES
from service.reminders.letter import title_of

CORRECTING = ("corrected", "reversed", "voided", "withdrawn", "changed")
"""How the names of events end that set something earlier right."""

SILENT = ("_index",)
"""Keyed indexes of identity numbers, which say nothing to anybody."""
TOLD_FACTS = 4
COUNTED = 4
"""From so many people on, their number is told before their names."""
FACT_MAX = 42
"""How much a sentence of the history tells; the page of the event tells all."""


class EventView(msgspec.Struct, frozen=True, kw_only=True):
    """One page of a book, in words."""

    page: int
    event_id: str
    tag: str
    stream: str
    ids: Mapping[str, str]
    """Field -> the thing that it names, for the links to what may follow."""
    title: str
    sentence: str
    facts: list[tuple[str, str]]
    marks: list[Mark]
    occurred_on: dt.date
    late_days: int
    late_reason: str | None
    recorded: str
    actor: str
    hash: str


def _labels() -> dict[str, tuple[str, str]]:
    """Fields of events are called as the commands that give them; what only events have is named here."""
    known = dict(WORKED_OUT)
    for case in CASES.values():
        for field in command_fields(case.command):
            known.setdefault(field.name, (field.zh, field.en))
    return known


LABELS = _labels()


@functools.cache
def labels_of(event: type[Event]) -> Mapping[str, tuple[str, str]]:
    """What the fields of this event are called: as in the form that gives most of them, else as in another of its part of life."""
    own = set(event.__struct_fields__)
    noun = event.__module__.partition(".")[2]
    forms = [
        {field.name: (field.zh, field.en) for field in command_fields(case.command) if field.name in own and not field.set_aside}
        for case in CASES.values()
        if case.command.__module__.removeprefix("service.decide.").partition(".")[0] == noun
    ]
    forms.sort(key=len, reverse=True)
    return ChainMap(dict(WORKED_OUT), *forms, LABELS)


def label(name: str, labels: Mapping[str, tuple[str, str]] = LABELS) -> str:
    zh, en = labels.get(name, ("", ""))
    return pick(zh, en) or name.removesuffix("_fen").removesuffix("_id").replace("_", " ")


@functools.cache
def _people_of(event: type[Event]) -> frozenset[str]:
    """Fields that name several people."""
    hints = typing.get_type_hints(event)
    return frozenset(name for name in event.__struct_fields__ if hints[name] == tuple[PersonId, ...])


def tell(fact: Fact[Event], names: Names, leaf: str, opened: Callable[[str], str]) -> EventView:
    """One fact for the desk. Ids that have no name here are left out: they mean nothing to a reader."""
    facts = list(_facts(fact.event, names, opened))
    days = show.late(fact.event.occurred_on, fact.recorded_at)
    return EventView(
        page=fact.page,
        event_id=fact.event_id,
        tag=tag_of(fact.event),
        stream=fact.event.stream(),
        ids=_ids(fact.event),
        title=pick(fact.event.zh, fact.event.en),
        sentence=_sentence(facts),
        facts=facts,
        marks=[*show.late_mark(days, fact.late_reason), *_correction(fact.event)],
        occurred_on=fact.event.occurred_on,
        late_days=max(days, 0),
        late_reason=fact.late_reason,
        recorded=show.instant(fact.recorded_at),
        actor=names.get(fact.actor, fact.actor),
        hash=leaf,
    )


def _ids(event: Event) -> dict[str, str]:
    named = ((name, getattr(event, name)) for name in event.__struct_fields__ if name.endswith("_id"))
    return {name: value for name, value in named if isinstance(value, str)}


def _facts(event: Event, names: Names, opened: Callable[[str], str]) -> Iterable[tuple[str, str]]:
    if isinstance(event, OfObligation):
        yield from _duty(event, names)
        return
    for name in event.__struct_fields__:
        value = getattr(event, name)
        if name == "occurred_on" or value is None or value in ("", (), False):
            continue
        if name.endswith(SILENT) or (name.endswith("_id") and value not in names):
            continue
        text = (
            opened(value) if isinstance(value, str) and value.startswith("~") else show.value(value, names, is_money=name.endswith("_fen"))
        )
        if text and name in _people_of(type(event)) and len(value) >= COUNTED:
            text = say("%(n)s people: %(names)s", n=len(value), names=text)
        if text:
            yield label(name, labels_of(type(event))), text


def _duty(event: OfObligation, names: Names) -> Iterable[tuple[str, str]]:
    """A task by its title, its period and what it is about; ids and numbers of the standard mean nothing to a reader."""
    subject = event.obligation_id.rpartition(":")[2]
    about = names.get(subject) or names.get(subject.rpartition(".")[0], "")
    yield say("Task"), f"{title_of(event.obligation_id, locale())} {about}".strip()
    if isinstance(event, ObligationRaised):
        yield say("Rule"), event.task
    if (due := getattr(event, "due_on", None)) is not None:
        yield say("By"), say("due on %(day)s", day=due)
    if isinstance(event, ObligationReminded) and event.offset:
        number = abs(event.offset)
        text = (
            ngettext("%(num)d day before", "%(num)d days before", number)
            if event.offset < 0
            else ngettext("%(num)d day after", "%(num)d days after", number)
        )
        yield say("Reminded"), text % {"num": number}
    if reason := getattr(event, "reason", ""):
        yield label("reason"), reason


def _sentence(facts: list[tuple[str, str]]) -> str:
    """The first facts that are words; a bare number says nothing without its label."""
    bare = {say("Yes"), say("No")}
    words = [f"{name}{pick('：', ': ')}{text}" if text in bare else text for name, text in facts if not text.isdecimal()]
    told = [text if len(text) <= FACT_MAX else text[: FACT_MAX - 1] + "…" for text in words]
    return pick("，", ", ").join(told[:TOLD_FACTS])


def corrects(event: Event) -> bool:
    return tag_of(event).endswith(CORRECTING)


def _correction(event: Event) -> list[Mark]:
    return [Mark(text=say("corrected"), why=named(type(event)))] if corrects(event) else []


def mentions(event: Event, person: str) -> bool:
    """Whether somebody appears anywhere in an event."""
    return any(_holds(getattr(event, name), person) for name in event.__struct_fields__)


def _holds(value: object, person: str) -> bool:
    match value:
        case str():
            return value == person
        case tuple() | list():
            return any(_holds(item, person) for item in value)
        case msgspec.Struct():
            return any(_holds(getattr(value, name), person) for name in value.__struct_fields__)
        case _:
            return False
