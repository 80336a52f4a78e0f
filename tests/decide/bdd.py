"""Tests of decisions read as sentences: `given(events).when(command).then(events | refused(rule, field) | nothing)`.

No I/O and no mocks: the events are folded through the folds of the command's own case, exactly as the bus does it.
"""

import datetime as dt
import hashlib
import importlib
from collections.abc import Callable, Iterable
from typing import Any, Final

import msgspec
import pytest

from events.base import Event, OrgId, PersonId
from events.organisations import RuleChanged
from projections.standard.pack import default_pack
from projections.standard.rules import Override, Rules
from service.decide.base import WHOLE, Case, Command, Context, Elsewhere, Outcome
from service.errors import BranchbookError, Refused

BRANCH: Final = OrgId("branch-1")
COMMITTEE: Final = OrgId("committee")


def blind(value: str) -> str:
    """A stand-in for the keyed index of an identifier."""
    return hashlib.sha256(value.encode()).hexdigest()[:40]


class Expected(msgspec.Struct, frozen=True, kw_only=True):
    """What a command should come to, when it is not a list of events."""

    error: type[BranchbookError] | None = None
    rule: str = ""
    fields: tuple[str, ...] = ()
    detail: str = ""


nothing: Final = Expected()


def refused(rule: str, *fields: str) -> Expected:
    """The rule says no, by name, and tells the fields that it is about."""
    return Expected(error=Refused, rule=rule, fields=fields)


def fails(error: type[BranchbookError], detail: str = "") -> Expected:
    """Another error than a named rule: `Absent`, `Malformed`, `Conflict`; `detail` is a part of its text."""
    return Expected(error=error, detail=detail)


class Books(msgspec.Struct, frozen=True):
    """What is on record before the command, by book."""

    events: dict[OrgId, tuple[Event, ...]]

    def and_in(self, org_id: OrgId, *events: Event) -> "Books":
        """Also given: these events in another organisation's book."""
        return Books({**self.events, org_id: (*self.events.get(org_id, ()), *events)})

    def when(
        self,
        command: Command,
        *,
        at: OrgId = BRANCH,
        today: dt.date | None = None,
        actor: str = "actor-1",
        person: PersonId | None = None,
        overrides: Iterable[Override] = (),
    ) -> "Answer":
        """Decide `command` at organisation `at`; today is the day it occurred unless said otherwise."""
        case = case_of(command)
        day = today or command.occurred_on
        context = Context(
            org_id=at,
            committee_id=COMMITTEE,
            actor=actor,
            person_id=person,
            now=dt.datetime.combine(day, dt.time(4), dt.UTC),
            today=day,
            rules=self.rules(command.occurred_on, at, overrides),
            event_ids=tuple(f"event-{number}" for number in range(1, 33)),
            blind=blind,
        )
        states = [self.state_of(fold, command, at) for fold in case.reads]
        return Answer(self, command, at, lambda: case.decide(command, context, *states))

    def rules(self, on: dt.date, org_id: OrgId, overrides: Iterable[Override] = ()) -> Rules:
        """The standard pack, then what the committee changed, then what the branch's own book changes."""
        recorded = [
            Override(key=event.key, value=event.value, effective_from=event.effective_from)
            for book in dict.fromkeys((COMMITTEE, org_id))
            for event in self.events.get(book, ())
            if isinstance(event, RuleChanged)
        ]
        return default_pack().rules(on=on, overrides=(*recorded, *overrides))

    def state_of(self, fold: Any, command: Command, at: OrgId) -> Any:
        """Fold one stream of one book, as the bus does."""
        stream, state = fold.stream(command), fold.initial
        for event in self.events.get(fold.book(at, command), ()):
            if stream in (WHOLE, event.stream()):
                state = fold.evolve(state, event)
        return state


class Answer(msgspec.Struct, frozen=True):
    """The outcome of a command, not yet looked at."""

    books: Books
    command: Command
    at: OrgId
    decide: Callable[[], Outcome]

    def then(self, *expected: Event | Elsewhere | Expected) -> None:
        """Exactly these events, or this refusal, or `nothing`."""
        assert expected, "say what should happen, `nothing` included"
        if isinstance(expected[0], Expected) and expected[0].error is not None:
            self._fails_as(expected[0])
            return
        outcome = self.decide()
        assert outcome == ([] if expected == (nothing,) else list(expected))
        self._can_be_told_again(outcome)

    def _fails_as(self, expected: Expected) -> None:
        with pytest.raises(BranchbookError) as stopped:
            self.decide()
        error = stopped.value
        assert type(error) is expected.error, repr(error)
        assert expected.detail in str(error)
        if isinstance(error, Refused):
            assert (error.rule, error.fields) == (expected.rule, expected.fields)

    def _can_be_told_again(self, outcome: Outcome) -> None:
        """What was decided survives storage, and the folds of the case take it up."""
        books = self.books
        for item in outcome:
            org_id, event = (item.org_id, item.event) if isinstance(item, Elsewhere) else (self.at, item)
            assert msgspec.json.decode(msgspec.json.encode(event), type=type(event)) == event
            books = books.and_in(org_id, event)
        for fold in case_of(self.command).reads:
            books.state_of(fold, self.command, self.at)


def case_of(command: Command) -> Case:
    """The case of a command, from the `CASES` of the file that defines it."""
    cases: tuple[Case, ...] = importlib.import_module(type(command).__module__).CASES
    (case,) = [case for case in cases if case.command is type(command)]
    return case


def given(*events: Event | Iterable[Event]) -> Books:
    """On record in the branch's book, in this order; lists of events may stand beside single ones."""
    flat = [item for event in events for item in ([event] if isinstance(event, Event) else event)]
    return Books({BRANCH: tuple(flat)})
