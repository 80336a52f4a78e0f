"""Ledger L10, superior's documents: those that the superior delivered here, with what the branch did about each (N09.T04, 上级文件签收)."""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from events.base import Event
from events.directives import (
    AnswerAccepted,
    AnswerReturned,
    DirectiveAnswered,
    DirectiveAssigned,
    DirectiveDelivered,
    DirectiveRecalled,
    DirectiveSigned,
    DirectiveStep,
    DirectiveStepWithdrawn,
    DirectiveTabled,
)
from projections.engine.fold import Fact, Handler, Row
from projections.ledgers.register import Column, Kind, Register, entry, strike

INTERNAL = "内部"
ACCEPTED, RETURNED, WAITING = "已办结", "退回", "待审核"

RECEIVED = Register(
    ledger="L10",
    code="superior-documents",
    columns=(
        Column("received_on", "收到日期", "Received on", Kind.DATE),
        Column("number", "文号", "Number"),
        Column("title", "题名", "Title"),
        Column("issuer", "发文机关", "Issued by"),
        Column("formed_on", "成文日期", "Date of the document", Kind.DATE),
        Column("secrecy", "密级", "Secrecy"),
        Column("act_by", "办理期限", "To be acted on by", Kind.DATE),
        Column("stated", "文件写明期限", "The document names the day", Kind.FLAG),
        Column("received_by", "签收人", "Signed for by"),
        Column("kind", "类别", "Kind"),
        Column("signed_on", "签收日期", "Signed for on", Kind.DATE),
        Column("responsible", "承办人", "Responsible", Kind.PERSON),
        Column("tabled_on", "研究日期", "Tabled on", Kind.DATE),
        Column("arrangement", "研究部署情况", "What was arranged"),
        Column("answered_on", "报告日期", "Answered on", Kind.DATE),
        Column("answer", "落实情况", "What was done"),
        Column("result", "上级意见", "The superior's decision"),
    ),
)
"""The form for both: papers that came from outside, and directives that were delivered here."""


class Place(msgspec.Struct):
    """Where a directive has its row, and what it says step by step; when an entry is withdrawn, the one before it stands."""

    key: str
    year: int
    told: dict[str, list[dict[str, Any]]] = msgspec.field(default_factory=dict)


Places = dict[str, Place]

STEPS: Mapping[type[Event], DirectiveStep] = {
    DirectiveSigned: DirectiveStep.SIGNED,
    DirectiveAssigned: DirectiveStep.ASSIGNED,
    DirectiveTabled: DirectiveStep.TABLED,
    DirectiveAnswered: DirectiveStep.ANSWERED,
    AnswerAccepted: DirectiveStep.ACCEPTED,
    AnswerReturned: DirectiveStep.RETURNED,
}
EMPTY: Mapping[DirectiveStep, dict[str, Any]] = {
    DirectiveStep.SIGNED: {"signed_on": None, "received_by": None},
    DirectiveStep.ASSIGNED: {"responsible": None},
    DirectiveStep.TABLED: {"tabled_on": None, "arrangement": None},
    DirectiveStep.ANSWERED: {"answered_on": None, "answer": None, "result": None},
    DirectiveStep.ACCEPTED: {"result": WAITING},
    DirectiveStep.RETURNED: {"result": WAITING},
}
"""What stands in the row when there is no such entry any more."""


def delivered(places: Places, fact: Fact[DirectiveDelivered]) -> Iterator[Row]:
    """A new row; a paper that was signed for before keeps its own."""
    event = fact.event
    place = places[event.directive_id] = Place(key=event.paper_id or event.directive_id, year=event.occurred_on.year)
    cells = {"kind": event.kind.zh, "act_by": event.answer_by or event.table_by, "stated": event.answer_by is not None}
    if event.paper_id is None:
        cells |= {
            "received_on": event.occurred_on,
            "number": event.number,
            "title": event.title,
            "issuer": event.issuer,
            "formed_on": event.issued_on,
            "secrecy": INTERNAL,
        }
    yield entry(RECEIVED, fact, place.key, cells)


def _cells(fact: Fact[Any]) -> dict[str, Any]:
    match fact.event:
        case DirectiveSigned() as signed:
            return {"signed_on": signed.occurred_on, "received_by": fact.actor}
        case DirectiveAssigned() as assigned:
            return {"responsible": assigned.person_id}
        case DirectiveTabled() as tabled:
            return {"tabled_on": tabled.occurred_on, "arrangement": tabled.arrangement}
        case DirectiveAnswered() as answered:
            return {"answered_on": answered.occurred_on, "answer": answered.text, "result": WAITING}
        case AnswerAccepted() as accepted:
            return {"result": _joined(ACCEPTED, accepted.comment)}
        case AnswerReturned() as returned:
            return {"result": _joined(RETURNED, returned.reason)}
        case _:
            raise AssertionError(f"{type(fact.event).__name__} is no step")


def _joined(word: str, why: str) -> str:
    return f"{word}：{why}" if why else word


def stepped(places: Places, fact: Fact[Any]) -> Iterator[Row]:
    place = places[fact.event.directive_id]
    cells = _cells(fact)
    place.told.setdefault(STEPS[type(fact.event)].value, []).append(cells)
    yield entry(RECEIVED, fact, place.key, cells, year=place.year)


def withdrawn(places: Places, fact: Fact[DirectiveStepWithdrawn]) -> Iterator[Row]:
    """The entry before it stands again, if there is one; a decision that was taken back leaves the answer waiting."""
    place, step = places[fact.event.directive_id], fact.event.step
    told = place.told[step.value]
    told.pop()
    decided = step in {DirectiveStep.ACCEPTED, DirectiveStep.RETURNED}
    cells = EMPTY[step] if decided or not told else told[-1]
    yield entry(RECEIVED, fact, place.key, cells, year=place.year)


def recalled(places: Places, fact: Fact[DirectiveRecalled]) -> Iterator[Row]:
    place = places[fact.event.directive_id]
    yield strike(RECEIVED, fact, place.key, year=place.year)


HANDLERS: Mapping[type[Event], Handler] = {
    DirectiveDelivered: delivered,
    **dict.fromkeys(STEPS, stepped),
    DirectiveStepWithdrawn: withdrawn,
    DirectiveRecalled: recalled,
}
"""(places of one branch, fact) -> rows."""
