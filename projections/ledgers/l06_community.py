"""Ledger L06, communities: who reported where and served how long, and what was heard there (N23)."""

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from events.base import Event, PersonId, tag_of
from events.community import (
    CheckedIn,
    CheckInPlanAdopted,
    CheckInSummarised,
    CommunityEntryId,
    CommunityEntryWithdrawn,
    CommunityOpinionHandled,
    CommunityOpinionRecorded,
    CommunityServiceDone,
    CommunityServiceRated,
)
from projections.engine.fold import Fact, Handler, Row
from projections.ledgers.l06_fieldwork import hours
from projections.ledgers.l06_registers import CHECK_INS, COMMUNITY_OPINIONS, PLANS
from projections.ledgers.register import entry, strike

REGISTERS = (CHECK_INS, COMMUNITY_OPINIONS)


BLANK: Mapping[str, Any] = {"community": None, "checked_in_on": None, "signed": None, "position": None}
"""What a row shows of somebody who has not reported."""


class CheckIn(msgspec.Struct):
    """A check-in that stands, and the row that began with it."""

    entry_id: CommunityEntryId
    on: dt.date
    cells: dict[str, Any]
    row: str


class CommunityBook(msgspec.Struct):
    """What the rows of members in their communities need to know of each other."""

    check_ins: dict[PersonId, list[CheckIn]] = msgspec.field(default_factory=dict)
    """In the order of their days, which may not be that of recording."""
    rows: dict[str, str] = msgspec.field(default_factory=dict)
    """`person/year` -> key of the row that is written on."""
    counted_in: dict[CommunityEntryId, str] = msgspec.field(default_factory=dict)
    """Each service that stands -> key of the row in which it is counted."""
    minutes: dict[str, dict[CommunityEntryId, int]] = msgspec.field(default_factory=dict)
    """Key of a row -> its services with their minutes."""
    ratings: dict[str, str] = msgspec.field(default_factory=dict)
    """`person/year` -> how the community judged."""

    def standing(self, person: PersonId, year: int) -> dict[str, Any]:
        """What a row of that year shows of the latest check-in by then."""
        known = [one for one in self.check_ins.get(person, []) if one.on.year <= year]
        return dict(known[-1].cells if known else BLANK)

    def of_year(self, person: PersonId, year: int) -> list[CheckIn]:
        return [one for one in self.check_ins.get(person, []) if one.on.year == year]

    def write_on_latest(self, person: PersonId, year: int) -> None:
        """What follows in a year belongs to the row of its latest check-in."""
        mine = self.of_year(person, year)
        if mine:
            self.rows[_at(person, year)] = mine[-1].row


def _at(person: PersonId, year: int) -> str:
    return f"{person}/{year}"


def _row(book: CommunityBook, fact: Fact[Any], person: PersonId, year: int) -> Row:
    """The row of a member and year; a new one begins with the latest check-in and the rating, if there are any."""
    at = _at(person, year)
    if at in book.rows:
        return entry(CHECK_INS, fact, book.rows[at], {}, year=year, subject=person)
    book.rows[at] = f"{person}/{fact.page}"
    cells = {"person": person, **book.standing(person, year), "times": 0, "time": hours(0), "rating": book.ratings.get(at)}
    return entry(CHECK_INS, fact, book.rows[at], cells, year=year, subject=person, occurred_on=fact.event.occurred_on)


def _with(row: Row, **cells: Any) -> Row:
    return msgspec.structs.replace(row, cells={**row.cells, **cells})


def _count(book: CommunityBook, row: Row, services: dict[CommunityEntryId, int]) -> None:
    key = row.key[-1]
    book.minutes.setdefault(key, {}).update(services)
    book.counted_in.update(dict.fromkeys(services, key))


def _counted(book: CommunityBook, row: Row) -> Row:
    """With the services that stand in it."""
    minutes = book.minutes.get(row.key[-1], {})
    return _with(row, times=len(minutes), time=hours(sum(minutes.values())))


def checked_in(book: CommunityBook, fact: Fact[CheckedIn]) -> Iterator[Row]:
    """Another residence begins another row; the first check-in of a year completes the row of services done before."""
    event = fact.event
    year = event.occurred_on.year
    cells = {"community": event.community, "checked_in_on": event.occurred_on, "signed": event.signed, "position": event.position}
    if book.of_year(event.person_id, year):
        book.rows.pop(_at(event.person_id, year), None)
    row = _row(book, fact, event.person_id, year)
    known = book.check_ins.setdefault(event.person_id, [])
    known.append(CheckIn(event.entry_id, event.occurred_on, cells, row.key[-1]))
    known.sort(key=lambda one: one.on)
    book.write_on_latest(event.person_id, year)
    yield _with(row, **cells)
    yield from _later_years(book, fact, event.person_id, year)


def service_done(book: CommunityBook, fact: Fact[CommunityServiceDone]) -> Iterator[Row]:
    event = fact.event
    row = _row(book, fact, event.person_id, event.occurred_on.year)
    _count(book, row, {event.entry_id: event.minutes})
    yield _counted(book, row)


def service_rated(book: CommunityBook, fact: Fact[CommunityServiceRated]) -> Iterator[Row]:
    event = fact.event
    book.ratings[_at(event.person_id, event.year)] = event.rating.zh
    yield _with(_row(book, fact, event.person_id, event.year), rating=event.rating.zh)


def plan_adopted(_book: CommunityBook, fact: Fact[CheckInPlanAdopted]) -> Iterator[Row]:
    event = fact.event
    cells = {"on": event.occurred_on, "kind": event.zh, "title": event.title, "content": event.content, "met_on": event.met_on}
    yield entry(PLANS, fact, event.entry_id, cells)


def summarised(_book: CommunityBook, fact: Fact[CheckInSummarised]) -> Iterator[Row]:
    """One line for each half-year; counted again, it shows the new count."""
    event = fact.event
    half = "上半年" if event.half == 1 else "下半年"
    cells = {
        "on": event.occurred_on,
        "kind": event.zh,
        "title": f"{event.year}年{half}",
        "content": f"在职党员{event.serving}人，已报到{event.checked_in}人，服务{event.services}次，{hours(event.minutes)}",
    }
    yield entry(PLANS, fact, f"count/{event.year}-H{event.half}", cells, year=event.year, occurred_on=event.occurred_on)


def opinion_recorded(_book: CommunityBook, fact: Fact[CommunityOpinionRecorded]) -> Iterator[Row]:
    event = fact.event
    cells = {
        "on": event.occurred_on,
        "person": event.person_id,
        "community": event.community,
        "source": event.source,
        "content": event.content,
        "proposal": event.proposal,
    }
    yield entry(COMMUNITY_OPINIONS, fact, event.entry_id, cells, subject=event.person_id)


def opinion_handled(_book: CommunityBook, fact: Fact[CommunityOpinionHandled]) -> Iterator[Row]:
    event = fact.event
    yield entry(COMMUNITY_OPINIONS, fact, event.opinion_id, {"handling": event.handling}, year=event.said_on.year)


def entry_withdrawn(book: CommunityBook, fact: Fact[CommunityEntryWithdrawn]) -> Iterator[Row]:
    """A plan or an opinion is struck, a service is counted no more, a check-in gives way to the one before."""
    event = fact.event
    match event.what:
        case "community.service_done":
            yield _taken_off(book, fact)
        case "community.checked_in":
            yield from _not_reported(book, fact)
        case _:
            register = PLANS if event.what == tag_of(CheckInPlanAdopted) else COMMUNITY_OPINIONS
            yield strike(register, fact, event.entry_id, year=event.happened_on.year)


def _taken_off(book: CommunityBook, fact: Fact[CommunityEntryWithdrawn]) -> Row:
    key = book.counted_in.pop(fact.event.entry_id)
    del book.minutes[key][fact.event.entry_id]
    return _counted(book, entry(CHECK_INS, fact, key, {}, year=fact.event.happened_on.year, subject=fact.event.person_id))


def _not_reported(book: CommunityBook, fact: Fact[CommunityEntryWithdrawn]) -> Iterator[Row]:
    """Its row is struck; services counted there go on in the row of the check-in before, or in a new one. Later years follow."""
    person = fact.event.person_id
    assert person is not None, "a check-in is somebody's"
    gone = next(one for one in book.check_ins[person] if one.entry_id == fact.event.entry_id)
    book.check_ins[person].remove(gone)
    year = gone.on.year
    yield strike(CHECK_INS, fact, gone.row, year=year)
    if book.rows[_at(person, year)] == gone.row:
        del book.rows[_at(person, year)]
        book.write_on_latest(person, year)
    left = book.minutes.pop(gone.row, {})
    if left:
        row = _row(book, fact, person, year)
        _count(book, row, left)
        yield _counted(book, row)
    yield from _later_years(book, fact, person, year)


def _later_years(book: CommunityBook, fact: Fact[Any], person: PersonId, after: int) -> Iterator[Row]:
    """Rows of later years that began with a check-in of an earlier one."""
    own = {one.row for one in book.check_ins[person]}
    for at, key in book.rows.items():
        whose, year = at.rsplit("/", 1)
        if whose == person and int(year) > after and key not in own:
            yield entry(CHECK_INS, fact, key, book.standing(person, int(year)), year=int(year), subject=person)


HANDLERS: Mapping[type[Event], Handler] = {
    CheckInPlanAdopted: plan_adopted,
    CheckedIn: checked_in,
    CommunityServiceDone: service_done,
    CommunityServiceRated: service_rated,
    CommunityOpinionRecorded: opinion_recorded,
    CommunityOpinionHandled: opinion_handled,
    CheckInSummarised: summarised,
    CommunityEntryWithdrawn: entry_withdrawn,
}
