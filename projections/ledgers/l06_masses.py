"""Ledger L06 群众工作: mass work, care, communities, letters once more (N02.T05, N03.T04, N06, N22, N23, N24.M06)."""

from collections.abc import Mapping

import msgspec

from events.base import Event
from projections.engine.fold import Handler, Projection
from projections.ledgers import l05_letters, l06_care, l06_community, l06_fieldwork
from projections.ledgers.l06_registers import OPINIONS, PLANS, QUESTIONNAIRES, RESEARCH, VILLAGE, VOLUNTEERS
from projections.ledgers.register import Register

REGISTERS: tuple[Register, ...] = (
    *(RESEARCH, OPINIONS, QUESTIONNAIRES, VOLUNTEERS),
    l05_letters.RECEPTIONS,
    *l06_care.REGISTERS,
    VILLAGE,
    *l06_community.REGISTERS,
    PLANS,
)
"""In the order of the rule sheet."""


class MassWork(msgspec.Struct):
    """What is remembered of one branch for rows to come."""

    masses: l06_fieldwork.MassBook = msgspec.field(default_factory=l06_fieldwork.MassBook)
    care: l06_care.CareBook = msgspec.field(default_factory=l06_care.CareBook)
    community: l06_community.CommunityBook = msgspec.field(default_factory=l06_community.CommunityBook)
    letters: l05_letters.LetterVisitBook = msgspec.field(default_factory=l05_letters.LetterVisitBook)


def _masses(part: Handler) -> Handler:
    return lambda state, fact: part(state.masses, fact)


def _care(part: Handler) -> Handler:
    return lambda state, fact: part(state.care, fact)


def _community(part: Handler) -> Handler:
    return lambda state, fact: part(state.community, fact)


def _letters(part: Handler) -> Handler:
    return lambda state, fact: part(state.letters, fact)


HANDLERS: Mapping[type[Event], Handler] = {
    **{event: _masses(part) for event, part in l06_fieldwork.HANDLERS.items()},
    **{event: _care(part) for event, part in l06_care.HANDLERS.items()},
    **{event: _community(part) for event, part in l06_community.HANDLERS.items()},
    **{event: _letters(part) for event, part in l05_letters.handlers(l05_letters.RECEPTIONS).items()},
}

PROJECTION = Projection[MassWork](name="l06", tables=("ledger_row",), start=MassWork, handlers=HANDLERS)
