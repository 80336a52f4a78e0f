"""Ledger L02 beside the meetings themselves: organisation life, talks, appraisal, put together (N11 to N13)."""

from collections.abc import Mapping

import msgspec

from events.base import Event
from projections.engine.fold import Handler
from projections.ledgers import l02_appraisal, l02_life, l02_talks
from projections.ledgers.register import Register

REGISTERS: tuple[Register, ...] = (*l02_life.REGISTERS, *l02_talks.REGISTERS, *l02_appraisal.REGISTERS)


class Work(msgspec.Struct):
    """What is remembered of one branch for rows to come."""

    life: l02_life.LifeBook = msgspec.field(default_factory=l02_life.LifeBook)
    talks: l02_talks.TalkBook = msgspec.field(default_factory=l02_talks.TalkBook)
    appraisal: l02_appraisal.AppraisalBook = msgspec.field(default_factory=l02_appraisal.AppraisalBook)


def _life(part: Handler) -> Handler:
    return lambda work, fact: part(work.life, fact)


def _talks(part: Handler) -> Handler:
    return lambda work, fact: part(work.talks, fact)


def _appraisal(part: Handler) -> Handler:
    return lambda work, fact: part(work.appraisal, fact)


HANDLERS: Mapping[type[Event], Handler] = {
    **{event: _life(part) for event, part in l02_life.HANDLERS.items()},
    **{event: _talks(part) for event, part in l02_talks.HANDLERS.items()},
    **{event: _appraisal(part) for event, part in l02_appraisal.HANDLERS.items()},
}
