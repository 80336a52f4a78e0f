"""Ledger L05, the books of supervision: checks, eight-hour rules, suggestions, members' rights (N18, N21, N03.M02)."""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from events.base import Event, PersonId
from events.supervision import (
    CheckTopic,
    EightHourBreachRecorded,
    EightHourRulesAdopted,
    MemberAnswerRated,
    MemberRightComplaintFiled,
    MemberRightComplaintResolved,
    MemberRightExercised,
    MemberSuggestionAnswered,
    MemberSuggestionRecorded,
    SupervisionChecked,
    SupervisionEntryWithdrawn,
)
from projections.engine.fold import Fact, Handler, Row
from projections.ledgers.register import Column, Kind, Register, entry, strike

CHECKS = Register(
    ledger="L05",
    code="checks",
    columns=(
        Column("date", "检查日期", "Checked on", Kind.DATE),
        Column("checked_by", "检查人", "Checked by", Kind.PERSONS),
        Column("topics", "监督事项", "Topics"),
        Column("finding", "情况", "Findings"),
        Column("handling", "处理", "What was done"),
    ),
)
EIGHT_HOURS = Register(
    ledger="L05",
    code="eight-hours",
    columns=(
        Column("version", "细则版本", "Version of the rules"),
        Column("date", "检查日期", "Checked on", Kind.DATE),
        Column("checked_by", "检查人", "Checked by", Kind.PERSONS),
        Column("finding", "情况", "Findings"),
        Column("handling", "处理", "What was done"),
        Column("person", "违规党员", "Member in breach", Kind.PERSON),
        Column("breach", "违规情况", "Breach", Kind.MASKED),
        Column("breach_handling", "违规处理", "What was done about it", Kind.MASKED),
    ),
)
SUGGESTIONS = Register(
    ledger="L05",
    code="suggestions",
    columns=(
        Column("date", "日期", "Date", Kind.DATE),
        Column("person", "姓名", "Name", Kind.PERSON),
        Column("content", "内容", "Content", Kind.SEALED),
        Column("received_by", "受理人", "Received by", Kind.PERSON),
        Column("answer", "办理意见", "Answer", Kind.SEALED),
        Column("answered_on", "答复日期", "Answered on", Kind.DATE),
        Column("satisfaction", "满意度", "Satisfaction"),
    ),
)
RIGHTS = Register(
    ledger="L05",
    code="rights",
    columns=(
        Column("date", "日期", "Date", Kind.DATE),
        Column("person", "党员", "Member", Kind.PERSON),
        Column("right", "权利类别", "Right"),
        Column("matter", "事项", "Matter", Kind.MASKED),
        Column("handling", "办理", "What was done", Kind.MASKED),
        Column("result", "结果", "Result", Kind.SEALED),
    ),
)

REGISTERS = (CHECKS, EIGHT_HOURS, SUGGESTIONS, RIGHTS)
BY_CODE = {register.code: register for register in REGISTERS}
BREACH = "违规登记"


class EntryBook(msgspec.Struct):
    """Where each entry has its rows: register and year."""

    rows: dict[str, list[tuple[str, int]]] = msgspec.field(default_factory=dict)


def _begun(book: EntryBook, register: Register, fact: Fact[Any], key: str, cells: dict[str, Any], subject: PersonId | None = None) -> Row:
    book.rows.setdefault(key, []).append((register.code, fact.event.occurred_on.year))
    return entry(register, fact, key, cells, subject=subject)


def checked(book: EntryBook, fact: Fact[SupervisionChecked]) -> Iterator[Row]:
    """A row among the checks, and one beside the eight-hour rules when these were among the topics."""
    event = fact.event
    seen = {"date": event.occurred_on, "checked_by": list(event.checked_by), "finding": event.finding, "handling": event.handling}
    if set(event.topics) != {CheckTopic.EIGHT_HOURS}:
        topics = "、".join(topic.zh for topic in event.topics)
        yield _begun(book, CHECKS, fact, event.entry_id, {**seen, "topics": topics})
    if CheckTopic.EIGHT_HOURS in event.topics:
        yield _begun(book, EIGHT_HOURS, fact, event.entry_id, {**seen, "version": event.rules_version})


def rules_adopted(book: EntryBook, fact: Fact[EightHourRulesAdopted]) -> Iterator[Row]:
    event = fact.event
    cells = {"version": event.version, "date": event.occurred_on, "finding": event.act.zh}
    yield _begun(book, EIGHT_HOURS, fact, event.entry_id, cells)


def breach_recorded(book: EntryBook, fact: Fact[EightHourBreachRecorded]) -> Iterator[Row]:
    event = fact.event
    cells = {
        "version": event.rules_version,
        "date": event.occurred_on,
        "checked_by": list(event.checked_by),
        "finding": BREACH,
        "person": event.person_id,
        "breach": event.facts,
        "breach_handling": event.handling,
    }
    yield _begun(book, EIGHT_HOURS, fact, event.entry_id, cells, event.person_id)


def suggested(book: EntryBook, fact: Fact[MemberSuggestionRecorded]) -> Iterator[Row]:
    event = fact.event
    cells = {"date": event.occurred_on, "person": event.person_id, "content": event.content, "received_by": event.received_by}
    yield _begun(book, SUGGESTIONS, fact, event.suggestion_id, cells, event.person_id)


def answered(book: EntryBook, fact: Fact[MemberSuggestionAnswered]) -> Iterator[Row]:
    event = fact.event
    satisfaction = None if event.satisfaction is None else event.satisfaction.zh
    cells = {"answer": event.answer, "answered_on": event.occurred_on, "satisfaction": satisfaction}
    if event.answered_by is not None:
        cells["received_by"] = event.answered_by
    yield _completed(book, fact, event.suggestion_id, cells)


def rated(book: EntryBook, fact: Fact[MemberAnswerRated]) -> Iterator[Row]:
    """The member's own word, which no later answer carries on."""
    yield _completed(book, fact, fact.event.suggestion_id, {"satisfaction": fact.event.satisfaction.zh})


def _completed(book: EntryBook, fact: Fact[Any], key: str, cells: dict[str, Any]) -> Row:
    ((code, year),) = book.rows[key]
    return entry(BY_CODE[code], fact, key, cells, year=year)


def exercised(book: EntryBook, fact: Fact[MemberRightExercised]) -> Iterator[Row]:
    event = fact.event
    cells = {
        "date": event.occurred_on,
        "person": event.person_id,
        "right": event.right.zh,
        "matter": event.matter,
        "handling": event.handling,
        "result": event.result,
    }
    yield _begun(book, RIGHTS, fact, event.entry_id, cells, event.person_id)


def complained(book: EntryBook, fact: Fact[MemberRightComplaintFiled]) -> Iterator[Row]:
    event = fact.event
    cells = {"date": event.occurred_on, "person": event.person_id, "right": event.right.zh, "matter": event.matter}
    yield _begun(book, RIGHTS, fact, event.complaint_id, cells, event.person_id)


def resolved(book: EntryBook, fact: Fact[MemberRightComplaintResolved]) -> Iterator[Row]:
    event = fact.event
    result = f"{event.occurred_on} {event.result.zh}"
    yield _completed(book, fact, event.complaint_id, {"handling": event.handling, "result": result})


def withdrawn(book: EntryBook, fact: Fact[SupervisionEntryWithdrawn]) -> Iterator[Row]:
    """Every row of the entry; letters and visits have a book of their own."""
    for code, year in book.rows.get(fact.event.entry, ()):
        yield strike(BY_CODE[code], fact, fact.event.entry, year=year)


HANDLERS: Mapping[type[Event], Handler] = {
    SupervisionChecked: checked,
    EightHourRulesAdopted: rules_adopted,
    EightHourBreachRecorded: breach_recorded,
    MemberSuggestionRecorded: suggested,
    MemberSuggestionAnswered: answered,
    MemberAnswerRated: rated,
    MemberRightExercised: exercised,
    MemberRightComplaintFiled: complained,
    MemberRightComplaintResolved: resolved,
    SupervisionEntryWithdrawn: withdrawn,
}
