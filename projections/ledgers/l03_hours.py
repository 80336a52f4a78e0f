"""Ledger L03, class hours of each member: twelve months, their sum, what the year asks for (N17.T03, R-A15).

Hours are kept in sixtieths of a class hour and shown in tenths, rounded down. What a year asks for is by the month: a month
counts when the member was on the roll on its first day, and asks for the higher figure when he held a seat on that day.
Whoever held a seat in the year also needs a concentrated training: one away, or a course.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

from events.base import Event, PersonId
from events.education import (
    SIXTIETHS,
    HoursGround,
    HoursStandard,
    StudyHoursCredited,
    StudySessionHeld,
    TrainingCompleted,
)
from events.members import (
    MemberLeft,
    MemberRegistered,
    MembershipReinstated,
    MembershipSuspended,
    MemberTransferredIn,
    MemberTransferredOut,
    RegistrationWithdrawn,
)
from events.organisations import CommitteeSeated, PostAssigned, PostVacated
from projections.engine.fold import Fact, Handler, Row
from projections.ledgers.l03_registers import HOURS
from projections.ledgers.register import entry, strike

Entering = MemberRegistered | MemberTransferredIn | MembershipReinstated
Leaving = MemberTransferredOut | MemberLeft | MembershipSuspended


class Span(msgspec.Struct):
    """From a day on, until (not including) another."""

    since: dt.date
    until: dt.date | None = None
    post: str = ""
    """Of a seat: which; one person may hold two."""

    def covers(self, day: dt.date) -> bool:
        return self.since <= day and (self.until is None or day < self.until)


class Credited(msgspec.Struct):
    """Hours that one entry gives to some members on one day."""

    day: dt.date
    credit: int
    people: list[str]
    made_up: str = ""
    training: bool = False
    """A concentrated one; of several days the first bears the mark."""


class YearBook(msgspec.Struct):
    """The hours of one year."""

    standard: HoursStandard = HoursStandard(member=0, cadre=0, cadre_trainings=0)
    months: dict[str, list[int]] = msgspec.field(default_factory=dict)
    made_up: dict[str, list[str]] = msgspec.field(default_factory=dict)
    trainings: dict[str, int] = msgspec.field(default_factory=dict)


class HoursBook(msgspec.Struct):
    """The hours of one branch, its roll and its seats."""

    years: dict[str, YearBook] = msgspec.field(default_factory=dict)
    roll: dict[str, list[Span]] = msgspec.field(default_factory=dict)
    seats: dict[str, list[Span]] = msgspec.field(default_factory=dict)
    entries: dict[str, list[Credited]] = msgspec.field(default_factory=dict)
    in_error: list[str] = msgspec.field(default_factory=list)
    """Whose registration was taken back once: a row that was struck with it stands again when they are registered anew."""

    def asked(self, person: str, year: int) -> tuple[int, int]:
        """Class hours of the year, by months on the roll and in a seat, rounded up to a whole one; and concentrated trainings."""
        standard = self.years[str(year)].standard
        first_days = [dt.date(year, month, 1) for month in range(1, 13)]
        here = [day for day in first_days if any(span.covers(day) for span in self.roll.get(person, ()))]
        seated = [day for day in here if any(span.covers(day) for span in self.seats.get(person, ()))]
        hours = -(-(standard.member * (len(here) - len(seated)) + standard.cadre * len(seated)) // 12)
        return hours, standard.cadre_trainings if seated else 0

    def here_in(self, year: int) -> list[str]:
        """Who was on the roll on some day of the year."""
        first, last = dt.date(year, 1, 1), dt.date(year, 12, 31)
        return [
            person
            for person, spans in self.roll.items()
            if any(span.since <= last and (span.until is None or span.until > first) for span in spans)
        ]


def hours_text(credit: int) -> str:
    """Class hours in tenths, rounded down: 90 sixtieths are `1.5`."""
    whole, tenth = divmod(credit * 10 // SIXTIETHS, 10)
    return f"{whole}.{tenth}" if tenth else str(whole)


def _row(book: HoursBook, fact: Fact[Any], person: str, year: int) -> Row:
    known = book.years[str(year)]
    months, trainings = known.months.get(person, [0] * 12), known.trainings.get(person, 0)
    total, (hours_asked, trainings_asked) = sum(months), book.asked(person, year)
    cells = {
        "person": person,
        **{f"m{number}": hours_text(credit) for number, credit in enumerate(months, 1)},
        "total": hours_text(total),
        "required": hours_asked,
        "trainings": trainings,
        "met": total >= hours_asked * SIXTIETHS and trainings >= trainings_asked,
        "made_up": list(known.made_up.get(person, ())),
    }
    row = entry(HOURS, fact, person, cells, year=year, subject=PersonId(person), occurred_on=fact.event.occurred_on)
    if person in book.in_error:
        row = Row(table=row.table, key=row.key, values={**row.values, "struck_by": None}, cells=row.cells)
    return row


def _rows(book: HoursBook, fact: Fact[Any], year: int, people: Iterable[str]) -> Iterator[Row]:
    """The rows of these members; with the first hours of a year, or another standard, of everybody on the roll."""
    yield from (_row(book, fact, person, year) for person in dict.fromkeys(people))


def _opened(book: HoursBook, year: int, standard: HoursStandard) -> list[str]:
    """Whose rows are to be written because the year has begun or asks for something else now."""
    known = book.years.setdefault(str(year), YearBook())
    if known.standard == standard:
        return []
    known.standard = standard
    return book.here_in(year)


def credit(book: HoursBook, fact: Fact[Any], standard: HoursStandard, given: list[Credited]) -> Iterator[Row]:
    """Hours of one entry, which may lie in two years."""
    book.entries[fact.event.entry_id] = given
    for year in sorted({each.day.year for each in given}):
        people = _opened(book, year, standard)
        for each in given:
            if each.day.year == year:
                _add(book.years[str(year)], each)
                people = [*people, *each.people]
        yield from _rows(book, fact, year, people)


def _add(year: YearBook, each: Credited) -> None:
    for person in each.people:
        year.months.setdefault(person, [0] * 12)[each.day.month - 1] += each.credit
        year.trainings[person] = year.trainings.get(person, 0) + each.training
        if each.made_up:
            year.made_up.setdefault(person, []).append(each.made_up)


def revoke(book: HoursBook, fact: Fact[Any], entry_id: str) -> Iterator[Row]:
    """What an entry gave is taken back; an entry that gave none, or was revoked before, changes nothing."""
    given = book.entries.pop(entry_id, [])
    for each in given:
        year = book.years[str(each.day.year)]
        for person in each.people:
            year.months[person][each.day.month - 1] -= each.credit
            year.trainings[person] -= each.training
            if each.made_up:
                year.made_up[person].remove(each.made_up)
    for number in sorted({each.day.year for each in given}):
        yield from _rows(book, fact, number, (person for each in given if each.day.year == number for person in each.people))


def session_held(book: HoursBook, fact: Fact[StudySessionHeld]) -> Iterator[Row]:
    event = fact.event
    return credit(book, fact, event.standard, [Credited(event.occurred_on, event.credit, list(event.present))])


def hours_credited(book: HoursBook, fact: Fact[StudyHoursCredited]) -> Iterator[Row]:
    event = fact.event
    made_up = f"{event.occurred_on} {event.topic} {hours_text(event.credit)}学时" if event.ground is HoursGround.MAKE_UP else ""
    course = event.ground is HoursGround.COURSE
    return credit(book, fact, event.standard, [Credited(event.occurred_on, event.credit, [event.person_id], made_up, course)])


def training_completed(book: HoursBook, fact: Fact[TrainingCompleted]) -> Iterator[Row]:
    """By the day, so that a training over the turn of a month counts in both."""
    event = fact.event
    return credit(
        book, fact, event.standard, [Credited(day, part, list(event.people), training=day == event.from_on) for day, part in event.by_day()]
    )


# Who is on the roll, and who holds a seat


def entered(book: HoursBook, fact: Fact[Entering]) -> Iterator[Row]:
    event = fact.event
    since = event.joined_on if isinstance(event, MemberRegistered) else event.occurred_on
    book.roll.setdefault(event.person_id, []).append(Span(since))
    return _again(book, fact, [event.person_id], since)


def left(book: HoursBook, fact: Fact[Leaving]) -> Iterator[Row]:
    """Whoever leaves the branch leaves his seat too."""
    event = fact.event
    _end(book.roll.get(event.person_id, []), event.occurred_on)
    if not isinstance(event, MembershipSuspended):
        _end(book.seats.get(event.person_id, []), event.occurred_on)
    return _again(book, fact, [event.person_id], event.occurred_on)


def never_was(book: HoursBook, fact: Fact[RegistrationWithdrawn]) -> Iterator[Row]:
    """The rows of the years begun are struck: nothing was asked of somebody who did not belong here."""
    person = fact.event.person_id
    years = [year for year in sorted(int(key) for key in book.years) if person in book.here_in(year)]
    book.roll.pop(person)
    book.in_error.append(person)
    yield from (strike(HOURS, fact, person, year=year) for year in years)


def _end(spans: list[Span], day: dt.date, post: str = "") -> None:
    for span in spans:
        if span.until is None and span.post.startswith(post):
            span.until = max(day, span.since)


def seated(book: HoursBook, fact: Fact[CommitteeSeated]) -> Iterator[Row]:
    """The old committee ends on the day on which the new one begins."""
    event = fact.event
    before = list(book.seats)
    for spans in book.seats.values():
        _end(spans, event.occurred_on)
    for seat in event.seats:
        book.seats.setdefault(seat.person_id, []).append(Span(event.occurred_on, post=seat.post))
    return _again(book, fact, [*before, *(seat.person_id for seat in event.seats)], event.occurred_on)


def assigned(book: HoursBook, fact: Fact[PostAssigned]) -> Iterator[Row]:
    event = fact.event
    book.seats.setdefault(event.seat.person_id, []).append(Span(event.occurred_on, post=event.seat.post))
    return _again(book, fact, [event.seat.person_id], event.occurred_on)


def vacated(book: HoursBook, fact: Fact[PostVacated]) -> Iterator[Row]:
    event = fact.event
    _end(book.seats.get(event.person_id, []), event.occurred_on, event.post)
    return _again(book, fact, [event.person_id], event.occurred_on)


def _again(book: HoursBook, fact: Fact[Any], people: Iterable[str], since: dt.date) -> Iterator[Row]:
    """Rows of the years begun, from the day of the change on."""
    for year in sorted(int(key) for key in book.years if int(key) >= since.year):
        here = set(book.here_in(year)) | set(book.years[str(year)].months)
        yield from _rows(book, fact, year, (person for person in people if person in here))


HANDLERS: Mapping[type[Event], Handler] = {
    StudySessionHeld: session_held,
    StudyHoursCredited: hours_credited,
    TrainingCompleted: training_completed,
    MemberRegistered: entered,
    MemberTransferredIn: entered,
    MembershipReinstated: entered,
    MemberTransferredOut: left,
    MemberLeft: left,
    MembershipSuspended: left,
    RegistrationWithdrawn: never_was,
    CommitteeSeated: seated,
    PostAssigned: assigned,
    PostVacated: vacated,
}
