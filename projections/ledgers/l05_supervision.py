"""Ledger L05 党员监督: openness, supervision, discipline, disposition, members' rights (N07, N18 to N21, N24.M05)."""

from collections.abc import Iterable, Mapping

import msgspec

from events.base import Event
from events.supervision import SupervisionEntryWithdrawn
from projections.engine.fold import Fact, Handler, Projection, Row
from projections.ledgers import l05_discipline, l05_disclosure, l05_disposition, l05_entries, l05_letters
from projections.ledgers.l05_cases import CaseBook
from projections.ledgers.register import Register

REGISTERS: tuple[Register, ...] = (
    *l05_disclosure.REGISTERS,
    l05_letters.LETTERS,
    *l05_entries.REGISTERS,
    *l05_discipline.REGISTERS,
    *l05_disposition.REGISTERS,
)


class Supervision(msgspec.Struct):
    """What is remembered of one branch for rows to come."""

    disclosure: l05_disclosure.DisclosureBook = msgspec.field(default_factory=l05_disclosure.DisclosureBook)
    letters: l05_letters.LetterVisitBook = msgspec.field(default_factory=l05_letters.LetterVisitBook)
    entries: l05_entries.EntryBook = msgspec.field(default_factory=l05_entries.EntryBook)
    discipline: CaseBook = msgspec.field(default_factory=CaseBook)
    disposition: CaseBook = msgspec.field(default_factory=CaseBook)


def _disclosure(part: Handler) -> Handler:
    return lambda state, fact: part(state.disclosure, fact)


def _letters(part: Handler) -> Handler:
    return lambda state, fact: part(state.letters, fact)


def _entries(part: Handler) -> Handler:
    return lambda state, fact: part(state.entries, fact)


def _discipline(part: Handler) -> Handler:
    return lambda state, fact: part(state.discipline, fact)


def _disposition(part: Handler) -> Handler:
    return lambda state, fact: part(state.disposition, fact)


LETTERS = l05_letters.handlers(l05_letters.LETTERS)


def _withdrawn(state: Supervision, fact: Fact[SupervisionEntryWithdrawn]) -> Iterable[Row]:
    return (*LETTERS[SupervisionEntryWithdrawn](state.letters, fact), *l05_entries.withdrawn(state.entries, fact))


HANDLERS: Mapping[type[Event], Handler] = {
    **{event: _disclosure(part) for event, part in l05_disclosure.HANDLERS.items()},
    **{event: _letters(part) for event, part in LETTERS.items()},
    **{event: _entries(part) for event, part in l05_entries.HANDLERS.items()},
    **{event: _discipline(part) for event, part in l05_discipline.HANDLERS.items()},
    **{event: _disposition(part) for event, part in l05_disposition.HANDLERS.items()},
    SupervisionEntryWithdrawn: _withdrawn,
}

PROJECTION = Projection[Supervision](name="l05", tables=("ledger_row",), start=Supervision, handlers=HANDLERS)
