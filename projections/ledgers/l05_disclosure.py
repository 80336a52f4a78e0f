"""Ledger L05, openness: every item from its proposal to its end, with opinions and answers; the published accounts of dues (N07)."""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from events.base import Event
from events.custody import CustodyEntryWithdrawn, DuesAccountsPublished
from events.disclosure import (
    CatalogueAdopted,
    DisclosureCorrected,
    DisclosureDecided,
    DisclosureDecidedAbove,
    DisclosureEnded,
    DisclosurePublished,
    DisclosureSubmitted,
    FeedbackAnswered,
    FeedbackReceived,
    ItemDropped,
    ItemProposed,
    ItemReviewed,
)
from projections.engine.fold import Fact, Handler, Row
from projections.ledgers.register import Column, Kind, Register, entry, strike

DISCLOSURE = Register(
    ledger="L05",
    code="disclosure",
    columns=(
        Column("entry", "目录项", "Entry of the catalogue"),
        Column("content", "内容", "Content"),
        Column("scope", "公开范围", "Scope"),
        Column("ways", "方式", "Ways", Kind.LIST),
        Column("retention", "时限类型", "How long"),
        Column("proposer", "提出人", "Proposed by", Kind.PERSON),
        Column("proposed_on", "提出日期", "Proposed on", Kind.DATE),
        Column("reviewer", "审核人", "Reviewed by", Kind.PERSON),
        Column("secrecy", "保密审查", "Secrecy check"),
        Column("reviewed_on", "审核日期", "Reviewed on", Kind.DATE),
        Column("approver", "审批人", "Approved by", Kind.PERSON),
        Column("approved_on", "审批日期", "Approved on", Kind.DATE),
        Column("published_on", "公开日期", "Published on", Kind.DATE),
        Column("taken_down_on", "撤下日期", "Taken down on", Kind.DATE),
        Column("feedback", "反馈意见", "Opinions", Kind.LIST),
        Column("answers", "答复", "Answers", Kind.LIST),
        Column("subject", "内容类别", "Subject"),
        Column("place", "公开位置", "Where"),
        Column("state", "状态", "State"),
        Column("corrections", "更正", "Corrections", Kind.LIST),
    ),
)

REGISTERS = (DISCLOSURE,)


class DisclosedItem(msgspec.Struct):
    """What is remembered of one row."""

    year: int
    title: str = ""
    feedback: list[str] = msgspec.field(default_factory=list)
    answers: list[str] = msgspec.field(default_factory=list)
    corrections: list[str] = msgspec.field(default_factory=list)


class DisclosureBook(msgspec.Struct):
    """Rows of one branch by key: item, request or accounts."""

    items: dict[str, DisclosedItem] = msgspec.field(default_factory=dict)


def _row(book: DisclosureBook, fact: Fact[Any], key: str, cells: dict[str, Any]) -> Row:
    """The row of a key; a new one is of the year in which it began."""
    day = fact.event.occurred_on
    first = key not in book.items
    item = book.items.setdefault(key, DisclosedItem(year=day.year))
    return entry(DISCLOSURE, fact, key, cells, year=item.year, occurred_on=day if first else None)


def catalogue(book: DisclosureBook, fact: Fact[CatalogueAdopted]) -> Iterator[Row]:
    """The catalogue of a year has a row of its own."""
    event = fact.event
    cells = {
        "entry": f"{event.year}年度党务公开目录",
        "content": "；".join(event.entries),
        "subject": "；".join(subject.zh for subject in event.subjects),
        "approved_on": event.occurred_on,
    }
    yield _row(book, fact, f"catalogue-{event.year}", cells)


def proposed(book: DisclosureBook, fact: Fact[ItemProposed]) -> Iterator[Row]:
    """Proposed again, an item has still to be reviewed and approved."""
    event = fact.event
    cells = {
        "entry": event.catalogue_entry,
        "content": f"{event.title}：{event.content}",
        "scope": event.scope.zh if event.audience is None else f"{event.scope.zh}：{event.audience}",
        "ways": [way.zh for way in event.ways],
        "retention": event.retention.zh,
        "proposer": event.proposer,
        "proposed_on": event.occurred_on,
        "subject": event.subject.zh,
        "state": "已提出",
    }
    if event.item_id in book.items:
        cells |= dict.fromkeys(("reviewer", "secrecy", "reviewed_on", "approver", "approved_on"))
    yield _row(book, fact, event.item_id, cells)
    book.items[event.item_id].title = event.title


def reviewed(book: DisclosureBook, fact: Fact[ItemReviewed]) -> Iterator[Row]:
    event = fact.event
    cells = {
        "reviewer": event.reviewer,
        "secrecy": f"{'已审查' if event.secrecy_checked else '未审查'}：{event.secrecy.zh}",
        "reviewed_on": event.occurred_on,
        "state": "审核通过" if event.passed else f"审核退回：{event.opinion or ''}",
    }
    yield _row(book, fact, event.item_id, cells)


def decided(book: DisclosureBook, fact: Fact[DisclosureDecided]) -> Iterator[Row]:
    event = fact.event
    cells = {
        "approver": event.approver,
        "approved_on": event.occurred_on,
        "state": f"审批同意 {event.superior_no or ''}".strip() if event.granted else f"审批不同意：{event.opinion or ''}",
    }
    yield _row(book, fact, event.item_id, cells)


def submitted(book: DisclosureBook, fact: Fact[DisclosureSubmitted]) -> Iterator[Row]:
    yield _row(book, fact, fact.event.item_id, {"state": f"已报上级审批：{fact.event.ground}"})


def decided_above(book: DisclosureBook, fact: Fact[DisclosureDecidedAbove]) -> Iterator[Row]:
    """The superior approves as an office: the row names the day and the document."""
    event = fact.event
    state = f"上级同意 {event.document_no or ''}".strip() if event.granted else f"上级退回：{event.opinion or ''}"
    yield _row(book, fact, event.item_id, {"approved_on": event.occurred_on, "state": state})


def published(book: DisclosureBook, fact: Fact[DisclosurePublished]) -> Iterator[Row]:
    event = fact.event
    late = f"(超期{event.late_days}天)" if event.late_days else ""
    cells = {
        "published_on": event.occurred_on,
        "ways": [way.zh for way in event.ways],
        "place": event.place,
        "state": f"已公开{late}",
    }
    yield _row(book, fact, event.item_id, cells)


def corrected(book: DisclosureBook, fact: Fact[DisclosureCorrected]) -> Iterator[Row]:
    """The right content stands in the row, what was wrong is told beside it."""
    event = fact.event
    item = book.items[event.item_id]
    item.corrections.append(f"{event.occurred_on} {event.reason}")
    cells = {
        "content": f"{item.title}：{event.content}",
        "reviewer": event.reviewer,
        "reviewed_on": event.occurred_on,
        "approver": event.approver,
        "approved_on": event.occurred_on,
        "corrections": list(item.corrections),
    }
    yield _row(book, fact, event.item_id, cells)


def ended(book: DisclosureBook, fact: Fact[DisclosureEnded]) -> Iterator[Row]:
    event = fact.event
    short = f"(少公开{event.short_days}天)" if event.short_days else ""
    yield _row(book, fact, event.item_id, {"taken_down_on": event.occurred_on, "state": f"{event.ground.zh}：{event.reason}{short}"})


def dropped(book: DisclosureBook, fact: Fact[ItemDropped]) -> Iterator[Row]:
    event = fact.event
    yield _row(book, fact, event.item_id, {"state": f"已撤销：{event.reason}"})
    yield strike(DISCLOSURE, fact, event.item_id, year=book.items[event.item_id].year)


def feedback(book: DisclosureBook, fact: Fact[FeedbackReceived]) -> Iterator[Row]:
    """On the item's row; a request about no item has its own."""
    event = fact.event
    key = event.item_id or event.feedback_id
    known = book.items[key].feedback if key in book.items else []
    cells: dict[str, Any] = {"feedback": [*known, f"{event.occurred_on} {event.kind.zh}：{event.content}"]}
    if event.item_id is None:
        cells |= {"content": event.content, "state": event.kind.zh}
    yield _row(book, fact, key, cells)
    book.items[key].feedback = cells["feedback"]


def answered(book: DisclosureBook, fact: Fact[FeedbackAnswered]) -> Iterator[Row]:
    event = fact.event
    key = event.item_id or event.feedback_id
    late = f"(超期{event.late_days}天)" if event.late_days else ""
    item = book.items[key]
    item.answers.append(f"{event.occurred_on} {event.answer.zh}：{event.content}{late}")
    yield _row(book, fact, key, {"answers": list(item.answers)})


def accounts(book: DisclosureBook, fact: Fact[DuesAccountsPublished]) -> Iterator[Row]:
    """The accounts of dues are disclosed too (R-D15)."""
    event = fact.event
    sums = (
        *(("收缴", event.collected_fen), ("使用", event.spent_fen), ("上缴", event.remitted_fen)),
        *(("下拨", event.allocated_fen), ("结余", event.balance_fen)),
    )
    told = "，".join(f"{name}{fen // 100}.{fen % 100:02d}元" for name, fen in sums)
    cells = {
        "entry": "党费收缴使用情况",
        "content": f"{event.from_month} 至 {event.to_month}：{told}",
        "scope": "党内",
        "ways": [way.zh for way in event.ways],
        "published_on": event.occurred_on,
        "place": event.place,
        "state": "已公开",
    }
    yield _row(book, fact, event.entry_id, cells)


def withdrawn(book: DisclosureBook, fact: Fact[CustodyEntryWithdrawn]) -> Iterator[Row]:
    if (item := book.items.get(fact.event.entry_id)) is not None:
        yield strike(DISCLOSURE, fact, fact.event.entry_id, year=item.year)


HANDLERS: Mapping[type[Event], Handler] = {
    CatalogueAdopted: catalogue,
    ItemProposed: proposed,
    ItemReviewed: reviewed,
    DisclosureDecided: decided,
    DisclosureSubmitted: submitted,
    DisclosureDecidedAbove: decided_above,
    DisclosurePublished: published,
    DisclosureCorrected: corrected,
    DisclosureEnded: ended,
    ItemDropped: dropped,
    FeedbackReceived: feedback,
    FeedbackAnswered: answered,
    DuesAccountsPublished: accounts,
    CustodyEntryWithdrawn: withdrawn,
}
