"""What changed between two days: a pure function of the facts and obligations in between. A change counts after the first day,
up to and with the last, unless it was taken back by then.
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import msgspec

from events.base import Event, Fen, PersonId, tag_of
from events.store.record import Fact
from projections.standard.changes import Counted, Done, corrects, matches
from projections.standard.deadlines import Watched

CLOSED = ("discipline", "disposition")
"""Nouns of cases: they are only counted."""
NAMED_MAX = 12
"""Names in one sentence."""
LINKED_MAX = 200
"""Events that one sentence leads to."""


class Link(msgspec.Struct, frozen=True, kw_only=True):
    """An event of the book that a sentence speaks of."""

    page: int
    event_id: str


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that happened some times: how often, for how much, about whom, and where it stands in the book."""

    id: str
    count: int
    fen: Fen
    people: tuple[PersonId, ...]
    links: tuple[Link, ...]


class Sentence(msgspec.Struct, frozen=True, kw_only=True):
    """A change in words."""

    id: str
    count: int
    fen: Fen
    zh: str
    en: str
    links: tuple[Link, ...]


def changes(
    facts: Iterable[Fact[Event]],
    obligations: Iterable[Mapping[str, Any]],
    first: dt.date,
    last: dt.date,
    lines: Sequence[Counted],
) -> list[Change]:
    """Of one book, in the order of the lines; what did not happen is left out. What takes back is looked at of any day."""
    ended = Counter(filter(None, (how_ended(row, first, last) for row in obligations)))
    by_tag: defaultdict[str, list[Fact[Event]]] = defaultdict(list)
    for fact in facts:
        by_tag[tag_of(fact.event)].append(fact)
    window = {tag: [fact for fact in own if first < fact.event.occurred_on <= last] for tag, own in by_tag.items()}
    found = (_change(line, window, _undone(line, by_tag), ended, last) for line in lines)
    return [change for change in found if change.count]


def how_ended(row: Mapping[str, Any], first: dt.date, last: dt.date) -> Done | None:
    """Fulfilled in the window, in time or late; or overdue since a day of it, the day after it was due, and still so at its end."""
    fulfilled, due = row["fulfilled_on"], row["due_on"]
    if due is None or row["waived_on"] is not None:
        return None
    if fulfilled is not None and first < fulfilled <= last:
        return Done.LATE if fulfilled > due else Done.FULFILLED
    undone = (fulfilled is None or fulfilled > last) and (row["lapsed_on"] is None or row["lapsed_on"] > last)
    return Done.OVERDUE if undone and first <= due < last else None


def _change(line: Counted, window: "ByTag", undone: "Undone", ended: Counter[Done], last: dt.date) -> Change:
    if line.obligations is not None:
        return Change(id=line.id, count=ended[line.obligations], fen=0, people=(), links=())
    facts = sorted(_corrections(window) if line.corrections else _standing(line, window, undone, last), key=lambda fact: fact.page)
    return Change(
        id=line.id,
        count=len(facts),
        fen=0 if line.sum is None else sum(getattr(fact.event, line.sum) for fact in facts),
        people=() if line.person is None else tuple(_person(getattr(fact.event, line.person)) for fact in facts),
        links=tuple(Link(page=fact.page, event_id=fact.event_id) for fact in facts if _open(line, fact))[:LINKED_MAX],
    )


ByTag = Mapping[str, list[Fact[Event]]]
Undone = Mapping[str, list[tuple[int, dt.date]]]
"""Thing -> pages and days of what took it back."""


def _corrections(by_tag: ByTag) -> list[Fact[Event]]:
    return [fact for tag, facts in by_tag.items() if corrects(tag) for fact in facts]


def _undone(line: Counted, by_tag: ByTag) -> Undone:
    found: defaultdict[str, list[tuple[int, dt.date]]] = defaultdict(list)
    for thing, fact in _found(line.undo, by_tag):
        found[thing].append((fact.page, fact.event.occurred_on))
    return found


def _standing(line: Counted, by_tag: ByTag, undone: Undone, last: dt.date) -> list[Fact[Event]]:
    """The events of a line that were not taken back by the last day. Whatever took one back first counts."""

    def stands(thing: str, fact: Fact[Event]) -> bool:
        later = [(page, day) for page, day in undone.get(thing, ()) if page > fact.page]
        return not later or taken_back_on(min(later)[1], fact.event.occurred_on) > last

    return [fact for thing, fact in _found(line.counts, by_tag) if stands(thing, fact)]


def _found(lines: Iterable[Watched], by_tag: ByTag) -> Iterator[tuple[str, Fact[Event]]]:
    return ((thing, fact) for watched in lines for fact in by_tag.get(watched.event, ()) for thing in matching(watched, fact))


def matching(watched: Watched, fact: Fact[Any]) -> Iterator[str]:
    """What an event is about, where it is one of those watched."""
    if matches(watched, fact.event):
        yield str(getattr(fact.event, watched.thing))


def taken_back_on(undone_on: dt.date, happened_on: dt.date) -> dt.date:
    """Nothing is taken back before it happened, whatever day is told."""
    return max(undone_on, happened_on)


def _person(value: Any) -> PersonId:
    return PersonId(value if isinstance(value, str) else value.person_id)


def _open(line: Counted, fact: Fact[Event]) -> bool:
    return not line.closed and tag_of(fact.event).partition(".")[0] not in CLOSED


def together(parts: Iterable[Iterable[Change]], lines: Sequence[Counted]) -> list[Change]:
    """The changes of many books as one: sums, without names and links."""
    counts: Counter[str] = Counter()
    sums: Counter[str] = Counter()
    for part in parts:
        for change in part:
            counts[change.id] += change.count
            sums[change.id] += change.fen
    return [Change(id=line.id, count=counts[line.id], fen=sums[line.id], people=(), links=()) for line in lines if counts[line.id]]


def told(change: Change, line: Counted, names: Mapping[str, str]) -> Sentence:
    """In words; who has no name here is only counted."""
    known = [names[person] for person in dict.fromkeys(change.people) if person in names]
    shown, more = known[:NAMED_MAX], len(known) > NAMED_MAX
    yuan = f"{change.fen // 100:,}.{change.fen % 100:02d}"
    zh = line.zh.format(n=change.count, yuan=yuan, names="：" + "、".join(shown) + ("等" if more else "") if shown else "")
    text = line.one if change.count == 1 else line.en
    en = text.format(n=change.count, yuan=yuan, names=": " + ", ".join(shown) + (" and others" if more else "") if shown else "")
    return Sentence(id=change.id, count=change.count, fen=change.fen, zh=zh, en=en[:1].upper() + en[1:], links=change.links)
