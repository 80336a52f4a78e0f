"""What stands in a branch's books of supervision (norms N18, N21, N03.T03)."""

import datetime as dt
from collections.abc import Mapping
from typing import TypeVar, assert_never, cast

import msgspec
from msgspec.structs import replace

from events.base import Event
from events.supervision import (
    STREAM,
    EightHourBreachRecorded,
    EightHourRulesAdopted,
    LetterVisitReceived,
    LetterVisitReferred,
    LetterVisitResolved,
    MemberAnswerRated,
    MemberRightComplaintFiled,
    MemberRightComplaintResolved,
    MemberRightExercised,
    MemberSuggestionAnswered,
    MemberSuggestionRecorded,
    SupervisionChecked,
    SupervisionEntryWithdrawn,
    SupervisionEvent,
)
from service.decide.base import Fold, own
from service.errors import Absent, Conflict

E = TypeVar("E", bound=Event)

Entry = (
    SupervisionChecked
    | EightHourRulesAdopted
    | EightHourBreachRecorded
    | MemberSuggestionRecorded
    | LetterVisitReceived
    | MemberRightExercised
    | MemberRightComplaintFiled
)
"""What begins an entry."""
FollowUp = MemberSuggestionAnswered | MemberAnswerRated | LetterVisitReferred | LetterVisitResolved | MemberRightComplaintResolved
"""What became of one."""


class Supervision(msgspec.Struct, frozen=True, kw_only=True):
    """The entries that stand, each with what became of it; the letters of each year are counted, struck ones too."""

    entries: Mapping[str, Entry] = {}
    follow_ups: Mapping[str, tuple[FollowUp, ...]] = {}
    letters: Mapping[int, int] = {}
    withdrawn: frozenset[str] = frozenset()

    def rules_on(self, day: dt.date) -> EightHourRulesAdopted | None:
        """The eight-hour rules in force on a day."""
        found = [entry for entry in self.entries.values() if isinstance(entry, EightHourRulesAdopted) and entry.occurred_on <= day]
        return max(found, key=lambda rules: rules.occurred_on, default=None)

    def letter_number(self, year: int) -> str:
        """Numbers follow one another within the year."""
        return f"{year:04d}-{self.letters.get(year, 0) + 1:03d}"

    def answer_to(self, suggestion_id: str) -> MemberSuggestionAnswered | None:
        """The answer that stands: the last one."""
        answers = [one for one in self.follow_ups.get(suggestion_id, ()) if isinstance(one, MemberSuggestionAnswered)]
        return answers[-1] if answers else None

    def has(self, event: FollowUp, thing: str) -> bool:
        """Whether the same was recorded before, as far as it can be compared: sealed texts cannot."""
        told = _comparable(event)
        return any(type(other) is type(event) and _comparable(other) == told for other in self.follow_ups.get(thing, ()))


def _comparable(event: FollowUp) -> tuple[object, ...]:
    match event:
        case MemberSuggestionAnswered():
            return (event.occurred_on, event.satisfaction, event.answered_by)
        case MemberAnswerRated():
            return (event.occurred_on, event.satisfaction)
        case LetterVisitReferred():
            return (event.occurred_on, event.to)
        case LetterVisitResolved():
            return (event.occurred_on,)
        case MemberRightComplaintResolved():
            return (event.occurred_on, event.result)
        case _:
            assert_never(event)


def id_of(event: Entry | FollowUp) -> str:
    """The id under which an entry stands."""
    match event:
        case SupervisionChecked() | EightHourRulesAdopted() | EightHourBreachRecorded() | MemberRightExercised():
            return event.entry_id
        case MemberSuggestionRecorded() | MemberSuggestionAnswered() | MemberAnswerRated():
            return event.suggestion_id
        case LetterVisitReceived() | LetterVisitReferred() | LetterVisitResolved():
            return event.letter_visit_id
        case MemberRightComplaintFiled() | MemberRightComplaintResolved():
            return event.complaint_id
        case _:
            assert_never(event)


def evolve(supervision: Supervision, event: Event) -> Supervision:
    """The books after one more event of their stream."""
    own_event = cast("SupervisionEvent", event)
    match own_event:
        case SupervisionEntryWithdrawn():
            entries = {thing: entry for thing, entry in supervision.entries.items() if thing != own_event.entry}
            return replace(supervision, entries=entries, withdrawn=supervision.withdrawn | {own_event.entry})
        case (
            MemberSuggestionAnswered()
            | MemberAnswerRated()
            | LetterVisitReferred()
            | LetterVisitResolved()
            | MemberRightComplaintResolved()
        ):
            thing = id_of(own_event)
            known = supervision.follow_ups.get(thing, ())
            return replace(supervision, follow_ups={**supervision.follow_ups, thing: (*known, own_event)})
        case _:
            return _begun(supervision, own_event)


def _begun(supervision: Supervision, event: Entry) -> Supervision:
    letters = supervision.letters
    if isinstance(event, LetterVisitReceived):
        year = event.occurred_on.year
        letters = {**letters, year: letters.get(year, 0) + 1}
    return replace(supervision, entries={**supervision.entries, id_of(event): event}, letters=letters)


SUPERVISION = Fold[Supervision](name="supervision", book=own, stream=lambda _command: STREAM, initial=Supervision(), evolve=evolve)


def standing(supervision: Supervision, kind: type[E], thing: str) -> E:
    """The entry of that kind that stands under an id."""
    entry = supervision.entries.get(thing)
    if not isinstance(entry, kind):
        raise Absent(f"{kind.en}: {thing}")
    return entry


def begin(supervision: Supervision, event: Entry) -> list[Event]:
    """A new entry, or nothing when its id is known; an id that means something else is a conflict."""
    before = supervision.entries.get(id_of(event))
    if before is None and id_of(event) not in supervision.withdrawn:
        return [event]
    if isinstance(before, type(event)) and before.occurred_on == event.occurred_on:
        return []
    raise Conflict(f"{id_of(event)} names another entry")


def follow(supervision: Supervision, entry: Entry, event: FollowUp) -> list[Event]:
    """What became of an entry, not before it."""
    if supervision.has(event, id_of(entry)):
        return []
    if event.occurred_on < entry.occurred_on:
        raise Conflict(f"the entry is of {entry.occurred_on}, after {event.occurred_on}")
    return [event]
