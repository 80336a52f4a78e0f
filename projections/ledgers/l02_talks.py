"""Ledger L02, heart-to-heart talks (N12.M02). What was said stays sealed until somebody with the right reads it."""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from events.base import Event
from events.talks import TalkId, TalkRecorded, TalkWithdrawn
from projections.engine.fold import Fact, Handler, Row
from projections.ledgers.register import Column, Kind, Register, entry, strike

TALKS = Register(
    ledger="L02",
    code="talks",
    columns=(
        Column("time", "时间", "Time"),
        Column("place", "地点", "Place"),
        Column("talker", "谈话人", "Who talked", Kind.PERSON),
        Column("person", "谈话对象", "With whom", Kind.PERSON),
        Column("pair", "类别", "Between whom"),
        Column("trigger", "谈话事由", "Occasion"),
        Column("situation", "思想工作作风学习家庭情况", "Thinking, work, style, study, family", Kind.SEALED),
        Column("problems", "指出不足", "Shortcomings pointed out", Kind.SEALED),
        Column("suggestions", "提出建议", "Suggestions", Kind.SEALED),
        Column("opinions", "征求到的意见", "Opinions received", Kind.SEALED),
        Column("criticism", "批评与自我批评", "Criticism and self-criticism", Kind.SEALED),
        Column("signed", "双方签字", "Signed by both", Kind.FLAG),
    ),
)

REGISTERS = (TALKS,)


class TalkBook(msgspec.Struct):
    """In which year each talk has its row."""

    years: dict[TalkId, int] = msgspec.field(default_factory=dict)


def recorded(book: TalkBook, fact: Fact[TalkRecorded]) -> Iterator[Row]:
    event = fact.event
    book.years[event.talk_id] = event.occurred_on.year
    cells: dict[str, Any] = {
        "time": f"{event.occurred_on} {event.starts_at or ''}".strip(),
        "place": event.place,
        "talker": event.talker_id,
        "person": event.person_id,
        "pair": event.pair.zh,
        "trigger": event.trigger.zh,
        "situation": event.situation,
        "problems": event.problems,
        "suggestions": event.suggestions,
        "opinions": event.opinions,
        "criticism": event.criticism,
        "signed": event.signed,
    }
    yield entry(TALKS, fact, event.talk_id, cells, subject=event.person_id)


def withdrawn(book: TalkBook, fact: Fact[TalkWithdrawn]) -> Iterator[Row]:
    yield strike(TALKS, fact, fact.event.talk_id, year=book.years.pop(fact.event.talk_id))


HANDLERS: Mapping[type[Event], Handler] = {TalkRecorded: recorded, TalkWithdrawn: withdrawn}
