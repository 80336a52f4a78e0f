"""Ledger L03 党员教育: study and its hours, notes, trainings, reflections, publicity (N01, N08, N17, N24.M03)."""

from collections.abc import Iterator, Mapping

import msgspec

from events.base import Event
from events.education import StudyEntryWithdrawn, StudySessionHeld, TrainingCompleted
from events.meetings import MeetingCancelled, MeetingWithdrawn
from projections.engine.fold import Fact, Handler, Projection, Row
from projections.ledgers import l03_hours, l03_publicity, l03_registers, l03_study
from projections.ledgers.register import Register

REGISTERS: tuple[Register, ...] = l03_registers.REGISTERS


class Education(msgspec.Struct):
    """What is remembered of one branch for rows to come."""

    study: l03_study.StudyBook = msgspec.field(default_factory=l03_study.StudyBook)
    hours: l03_hours.HoursBook = msgspec.field(default_factory=l03_hours.HoursBook)
    publicity: l03_publicity.PublicityBook = msgspec.field(default_factory=l03_publicity.PublicityBook)


def _study(part: Handler) -> Handler:
    return lambda state, fact: part(state.study, fact)


def _hours(part: Handler) -> Handler:
    return lambda state, fact: part(state.hours, fact)


def _publicity(part: Handler) -> Handler:
    return lambda state, fact: part(state.publicity, fact)


def session_held(state: Education, fact: Fact[StudySessionHeld]) -> Iterator[Row]:
    """Its own row, then the hours of those who were there."""
    yield from l03_study.session_held(state.study, fact)
    yield from l03_hours.session_held(state.hours, fact)


def training_completed(state: Education, fact: Fact[TrainingCompleted]) -> Iterator[Row]:
    yield from l03_study.training_completed(state.study, fact)
    yield from l03_hours.training_completed(state.hours, fact)


def withdrawn(state: Education, fact: Fact[StudyEntryWithdrawn]) -> Iterator[Row]:
    """Its rows are struck and the hours it gave revoked."""
    yield from l03_study.withdrawn(state.study, fact)
    yield from l03_hours.revoke(state.hours, fact, fact.event.entry_id)


def cancelled(state: Education, fact: Fact[MeetingCancelled | MeetingWithdrawn]) -> Iterator[Row]:
    """With a meeting go the study that was held there, and its hours."""
    yield from l03_study.cancelled(state.study, fact)
    for name in l03_study.sessions_of(state.study, fact.event.meeting_id):
        yield from l03_hours.revoke(state.hours, fact, name)


HANDLERS: Mapping[type[Event], Handler] = {
    **{event: _study(part) for event, part in l03_study.HANDLERS.items()},
    **{event: _hours(part) for event, part in l03_hours.HANDLERS.items()},
    **{event: _publicity(part) for event, part in l03_publicity.HANDLERS.items()},
    StudySessionHeld: session_held,
    TrainingCompleted: training_completed,
    StudyEntryWithdrawn: withdrawn,
    MeetingCancelled: cancelled,
    MeetingWithdrawn: cancelled,
}

PROJECTION = Projection[Education](name="l03", tables=("ledger_row",), start=Education, handlers=HANDLERS)
