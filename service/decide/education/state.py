"""The education entries of a branch that stand, and what every credit of hours must keep (N17.T03, R-A15, INV-075, INV-076)."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, TypeVar, assert_never, cast

import msgspec

from events.base import Choice, Count, Event, PersonId
from events.education import (
    SIXTIETHS,
    Clock,
    EducationEvent,
    HoursStandard,
    ReflectionSubmitted,
    StudyEntryWithdrawn,
    StudyHoursCredited,
    StudyId,
    StudyNotesReviewed,
    StudyNotesSubmitted,
    StudyPlanAdopted,
    StudySessionHeld,
    TrainingCarriedOver,
    TrainingCompleted,
    TrainingPlanned,
)
from projections.standard.rules import Rules
from service.decide.base import Context, Fold, label, own
from service.errors import Absent, Conflict, Malformed, Refused

E = TypeVar("E", bound=EducationEvent)


class Education(msgspec.Struct, frozen=True, kw_only=True):
    """All entries that stand, by name, in the order of recording."""

    standing: Mapping[StudyId, EducationEvent] = {}
    withdrawn: frozenset[StudyId] = frozenset()

    def of(self, kind: type[E], entry_id: StudyId) -> E:
        """The entry of that kind which stands under this name."""
        found = self.standing.get(entry_id)
        if not isinstance(found, kind):
            raise Absent(f"{kind.zh} {entry_id}")
        return found

    def all(self, kind: type[E]) -> list[E]:
        return [event for event in self.standing.values() if isinstance(event, kind)]


def evolve(education: Education, event: Event) -> Education:
    """The entries after one more event of their stream."""
    own_event = cast("EducationEvent", event)
    match own_event:
        case (
            StudyPlanAdopted()
            | StudySessionHeld()
            | StudyHoursCredited()
            | StudyNotesSubmitted()
            | StudyNotesReviewed()
            | TrainingPlanned()
            | TrainingCompleted()
            | TrainingCarriedOver()
            | ReflectionSubmitted()
        ):
            return msgspec.structs.replace(education, standing={**education.standing, own_event.entry_id: own_event})
        case StudyEntryWithdrawn():
            left = {entry_id: entry for entry_id, entry in education.standing.items() if entry_id != own_event.entry_id}
            return Education(standing=left, withdrawn=education.withdrawn | {own_event.entry_id})
        case _:
            assert_never(own_event)


EDUCATION = Fold[Education](name="education", book=own, stream=lambda _command: "education", initial=Education(), evolve=evolve)

NewEntry = Annotated[StudyId | None, label("记录编号", "Entry id", help_zh="通常留空", help_en="Usually left empty")]


def new_name(education: Education, given: StudyId | None, context: Context, number: int = 0) -> StudyId:
    """The name of a new entry: the id of the event that begins it, unless the client gave one that is still free."""
    name = given or StudyId(context.event_ids[number])
    if name in education.standing or name in education.withdrawn:
        raise Conflict(f"entry {name} is on record already")
    return name


class DayPart(Choice):
    """How long, where nobody looked at the clock (R-A15)."""

    HALF = "half", "半天", "Half a day"
    FULL = "full", "全天", "Full day"


Minutes = Annotated[Count | None, label("学习分钟数", "Minutes", help_zh="留空则按起止时间", help_en="Empty: from the times")]
LengthOfDay = Annotated[
    DayPart | None, label("半天或全天", "Half or full day", help_zh="按天折算学时时填写", help_en="When hours are given by the day")
]
StartsAt = Annotated[Clock | None, label("开始时间", "Starts at", help_zh="如 14:30", help_en="Such as 14:30")]
EndsAt = Annotated[Clock | None, label("结束时间", "Ends at", help_zh="如 16:00", help_en="Such as 16:00")]


class Length(msgspec.Struct, frozen=True, kw_only=True):
    """When study took place and how long it was, with its class hours in sixtieths."""

    starts_at: Clock | None
    ends_at: Clock | None
    minutes: int
    credit: int


def length_of(starts_at: Clock | None, ends_at: Clock | None, minutes: int | None, part: DayPart | None, rules: Rules) -> Length:
    """By the day, by minutes, or by the clock, in this order; class hours by the rule of that day (R-A15)."""
    if starts_at and ends_at and ends_at <= starts_at:
        raise Malformed("study ends after it starts: ends_at")
    per_hour = rules.number("study.hour_minutes")
    if part is not None:
        hours = rules.number(f"study.hours.{part.value}_day")
        return Length(starts_at=starts_at, ends_at=ends_at, minutes=hours * per_hour, credit=hours * SIXTIETHS)
    if minutes is None:
        if starts_at is None or ends_at is None:
            raise Malformed("how long was it? minutes, or starts_at and ends_at, or day_part")
        minutes = minute_of(ends_at) - minute_of(starts_at)
    return Length(starts_at=starts_at, ends_at=ends_at, minutes=minutes, credit=minutes * SIXTIETHS // per_hour)


def minute_of(time: Clock) -> int:
    return int(time[:2]) * 60 + int(time[3:])


def standard(rules: Rules) -> HoursStandard:
    """What the year asks for, by the rule of that day."""
    return HoursStandard(
        member=rules.number("study.hours.member"),
        cadre=rules.number("study.hours.cadre"),
        cadre_trainings=rules.number("study.concentrated_per_year"),
    )


class Slot(msgspec.Struct, frozen=True):
    """Hours of one member on one day."""

    credit: int
    starts_at: Clock | None
    ends_at: Clock | None


def slots(education: Education, person_id: PersonId, day: dt.date) -> Iterator[Slot]:
    """All hours that a member has on a day already."""
    for entry in education.standing.values():
        match entry:
            case StudySessionHeld() if entry.occurred_on == day and person_id in entry.present:
                yield Slot(entry.credit, entry.starts_at, entry.ends_at)
            case StudyHoursCredited() if entry.occurred_on == day and entry.person_id == person_id:
                yield Slot(entry.credit, entry.starts_at, entry.ends_at)
            case TrainingCompleted() if person_id in entry.people and entry.from_on <= day <= entry.until_on:
                yield Slot(dict(entry.by_day())[day], None, None)
            case _:
                pass  # plans, notes and reflections give no hours


def check_hours(education: Education, people: Iterable[PersonId], day: dt.date, new: Slot, rules: Rules, fields: tuple[str, str]) -> None:
    """More than 0 and at most 8 hours a day with all else of that day (INV-075), and no two at the same time (INV-076).

    `fields` name how long, and when.
    """
    most = rules.number("study.hours.max_day") * SIXTIETHS
    if not 0 < new.credit <= most:
        raise Refused("INV-075", fields[0])
    for person in people:
        before = list(slots(education, person, day))
        if any(_overlap(slot, new) for slot in before):
            raise Refused("INV-076", fields[1], detail=person)
        if sum(slot.credit for slot in before) + new.credit > most:
            raise Refused("INV-075", fields[0], detail=person)


def _overlap(one: Slot, other: Slot) -> bool:
    """Both have a clock, and each begins before the other ends; one that ends when the other begins does not."""
    if one.starts_at is None or one.ends_at is None or other.starts_at is None or other.ends_at is None:
        return False
    return one.starts_at < other.ends_at and other.starts_at < one.ends_at
