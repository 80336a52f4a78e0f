"""Ledger L02, organisation life beside the meetings: life meetings, speeches, pledges, rectification, papers (N10, N11, N12.M01)."""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from events.base import Event, MeetingId
from events.meetings import MeetingCancelled, MeetingWithdrawn
from events.organisation_life import (
    LifeEntryWithdrawn,
    LifeId,
    LifeMeetingHeld,
    LifeMeetingKind,
    PaperFiled,
    PledgeFulfilmentReported,
    PledgeRecorded,
    RectificationItemClosed,
    RectificationItemOpened,
    SpeechKind,
    SpeechRecorded,
    YearPaper,
)
from projections.engine.fold import Fact, Handler, Row
from projections.ledgers.register import Column, Kind, Register, entry, strike

MEETINGS = Register(
    ledger="L02",
    code="life-meetings",
    columns=(
        Column("year", "年度", "Year", Kind.COUNT),
        Column("kind", "类别", "Kind"),
        Column("planned_on", "方案日期", "Plan of", Kind.DATE),
        Column("study", "会前学习", "Study before it"),
        Column("talks", "谈心谈话次数", "Talks", Kind.COUNT),
        Column("opinions", "征求意见条数", "Opinions", Kind.COUNT),
        Column("held_on", "会议时间", "Held on", Kind.DATE),
        Column("form", "形式", "Form"),
        Column("participants", "参会人数", "Participants", Kind.COUNT),
        Column("problems", "查摆问题", "Problems found"),
        Column("criticism", "批评与自我批评摘要", "Criticism and self-criticism"),
        Column("spoke", "批评与自我批评发言人", "Who spoke", Kind.PERSONS),
        Column("measures", "整改措施/责任人/时限/完成", "Measures, who, until, done", Kind.LIST),
        Column("responsible", "整改责任人", "Responsible, in that order", Kind.PERSONS),
        Column("reported_on", "情况报告日期", "Reported on", Kind.DATE),
    ),
)

SPEECHES = Register(
    ledger="L02",
    code="speeches",
    columns=(
        Column("date", "日期", "Date", Kind.DATE),
        Column("person", "发言人", "Speaker", Kind.PERSON),
        Column("kind", "发言类别", "Kind"),
        Column("about", "批评对象", "Criticised", Kind.PERSON),
        Column("text", "发言内容", "What was said", Kind.SEALED),
    ),
)

PLEDGES = Register(
    ledger="L02",
    code="pledges",
    columns=(
        Column("year", "年度", "Year", Kind.COUNT),
        Column("person", "承诺人", "Who pledged", Kind.PERSON),
        Column("pledged_on", "承诺日期", "Pledged on", Kind.DATE),
        Column("pledge", "承诺内容", "Pledge"),
        Column("kept", "是否兑现", "Kept", Kind.FLAG),
        Column("result", "兑现情况", "Result"),
        Column("reported_on", "报告日期", "Reported on", Kind.DATE),
    ),
)

RECTIFICATION = Register(
    ledger="L02",
    code="rectification",
    columns=(
        Column("number", "编号", "Number"),
        Column("source", "来源会议", "Found at"),
        Column("problem", "问题", "Problem"),
        Column("measures", "措施", "Measures"),
        Column("responsible", "责任人", "Responsible", Kind.PERSON),
        Column("due_on", "时限", "Until", Kind.DATE),
        Column("result", "完成情况", "Result"),
        Column("closed_on", "销号日期", "Closed on", Kind.DATE),
    ),
)

PAPERS = Register(
    ledger="L02",
    code="papers",
    columns=(
        Column("year", "年度", "Year", Kind.COUNT),
        Column("kind", "类型", "Kind"),
        Column("title", "标题", "Title"),
        Column("adopted_by", "通过会议", "Adopted by"),
        Column("date", "日期", "Date", Kind.DATE),
        Column("text", "正文", "Text"),
        Column("file", "文件编号", "File"),
    ),
)

REGISTERS = (MEETINGS, SPEECHES, PLEDGES, RECTIFICATION, PAPERS)

SPOKEN = (SpeechKind.SELF_CRITICISM, SpeechKind.CRITICISM, SpeechKind.COMMITMENT)
"""The speeches that belong into the row of the life meeting itself."""
DATES: Mapping[str, str] = {YearPaper.LIFE_PLAN.value: "planned_on", YearPaper.LIFE_REPORT.value: "reported_on"}
"""Papers whose day stands in the row of the year's organisation life meeting."""


class Item(msgspec.Struct):
    """An entry: what it is, in which year its row is, and what it belongs to."""

    kind: str
    year: int
    about: str = ""
    """The meeting, pledge or item that it belongs to; of a paper its kind."""
    text: str = ""


class LifeBook(msgspec.Struct):
    """The entries of one branch that stand, and what a life meeting gathers from others."""

    items: dict[LifeId, Item] = msgspec.field(default_factory=dict)
    dates: dict[str, str] = msgspec.field(default_factory=dict)
    """Day of the plan and of the report on the life meeting of a year, by entry: `planned_on/2026/<entry>`."""
    spoken: dict[MeetingId, dict[str, str]] = msgspec.field(default_factory=dict)
    """Who criticised, was self-critical or made a commitment at a meeting, by entry; what they said is in their own rows."""
    measures: dict[MeetingId, dict[str, list[str]]] = msgspec.field(default_factory=dict)
    """Item -> measures with time limit, responsible, done, by the meeting that found it."""

    def life_meetings(self, meeting_id: str) -> list[LifeId]:
        return [name for name, item in self.items.items() if item.kind == "meeting" and item.about == meeting_id]

    def date_of(self, cell: str, year: int) -> str | None:
        """The last one that stands."""
        days = [day for key, day in self.dates.items() if key.startswith(f"{cell}/{year}/")]
        return days[-1] if days else None


def meeting_held(book: LifeBook, fact: Fact[LifeMeetingHeld]) -> Iterator[Row]:
    event = fact.event
    book.items[event.entry_id] = Item("meeting", event.year, event.meeting_id, event.kind.value)
    cells: dict[str, Any] = {
        "year": event.year,
        "kind": event.kind.zh,
        "study": event.study,
        "talks": event.talks,
        "opinions": event.opinions,
        "held_on": event.occurred_on,
        "form": event.form,
        "participants": event.participants,
        "problems": event.problems,
        "criticism": event.criticism,
        **_gathered(book, event.meeting_id),
    }
    if event.kind is LifeMeetingKind.ORGANISATION:
        cells |= {cell: book.date_of(cell, event.year) for cell in DATES.values()}
    yield entry(MEETINGS, fact, event.entry_id, cells, year=event.year, occurred_on=event.occurred_on)


def _gathered(book: LifeBook, meeting_id: MeetingId) -> dict[str, Any]:
    """What was said there, and what is to be put right after it."""
    measures = book.measures.get(meeting_id, {}).values()
    return {
        "spoke": list(dict.fromkeys(book.spoken.get(meeting_id, {}).values())),
        "measures": [f"{text}{done}" for text, _, done in measures],
        "responsible": [person for _, person, _ in measures],
    }


def _regather(book: LifeBook, fact: Fact[Any], meeting_id: str) -> Iterator[Row]:
    """The rows of the life meeting, after something of it changed."""
    for name in book.life_meetings(meeting_id):
        yield entry(MEETINGS, fact, name, _gathered(book, MeetingId(meeting_id)), year=book.items[name].year)


def speech_recorded(book: LifeBook, fact: Fact[SpeechRecorded]) -> Iterator[Row]:
    event = fact.event
    book.items[event.entry_id] = Item("speech", event.occurred_on.year, event.meeting_id)
    cells = {
        "date": event.occurred_on,
        "person": event.person_id,
        "kind": event.kind.zh,
        "about": event.about_id,
        "text": event.text,
    }
    yield entry(SPEECHES, fact, event.entry_id, cells, subject=event.person_id)
    if event.kind in SPOKEN:
        book.spoken.setdefault(event.meeting_id, {})[event.entry_id] = event.person_id
        yield from _regather(book, fact, event.meeting_id)


def pledge_recorded(book: LifeBook, fact: Fact[PledgeRecorded]) -> Iterator[Row]:
    event = fact.event
    book.items[event.entry_id] = Item("pledge", event.year)
    cells = {"year": event.year, "person": event.person_id, "pledged_on": event.occurred_on, "pledge": event.pledge}
    yield entry(PLEDGES, fact, event.entry_id, cells, year=event.year, subject=event.person_id, occurred_on=event.occurred_on)


def pledge_reported(book: LifeBook, fact: Fact[PledgeFulfilmentReported]) -> Iterator[Row]:
    event = fact.event
    year = book.items[event.pledge_id].year
    book.items[event.entry_id] = Item("pledge-report", year, event.pledge_id)
    cells = {"kept": event.kept, "result": event.result, "reported_on": event.occurred_on}
    yield entry(PLEDGES, fact, event.pledge_id, cells, year=year)


def item_opened(book: LifeBook, fact: Fact[RectificationItemOpened]) -> Iterator[Row]:
    event = fact.event
    book.items[event.entry_id] = Item("item", event.occurred_on.year, event.meeting_id or "")
    cells = {
        "number": event.number,
        "source": event.source,
        "problem": event.problem,
        "measures": event.measures,
        "responsible": event.responsible,
        "due_on": event.due_on,
    }
    yield entry(RECTIFICATION, fact, event.entry_id, cells)
    if event.meeting_id is not None:
        line = [f"{event.number} {event.measures}，时限{event.due_on}", event.responsible, "，未完成"]
        book.measures.setdefault(event.meeting_id, {})[event.entry_id] = line
        yield from _regather(book, fact, event.meeting_id)


def item_closed(book: LifeBook, fact: Fact[RectificationItemClosed]) -> Iterator[Row]:
    event = fact.event
    year = book.items[event.item_id].year
    book.items[event.entry_id] = Item("item-report", year, event.item_id)
    yield entry(RECTIFICATION, fact, event.item_id, {"result": event.result, "closed_on": event.occurred_on}, year=year)
    yield from _done(book, fact, event.item_id, f"，{event.occurred_on}完成")


def _done(book: LifeBook, fact: Fact[Any], item_id: LifeId, text: str) -> Iterator[Row]:
    meeting_id = MeetingId(book.items[item_id].about)
    if meeting_id:
        book.measures[meeting_id][item_id][2] = text
        yield from _regather(book, fact, meeting_id)


def paper_filed(book: LifeBook, fact: Fact[PaperFiled]) -> Iterator[Row]:
    event = fact.event
    book.items[event.entry_id] = Item("paper", event.year, event.kind.value)
    cells = {
        "year": event.year,
        "kind": event.kind.zh,
        "title": event.title,
        "adopted_by": event.adopted_by,
        "date": event.occurred_on,
        "text": event.text,
        "file": event.file,
    }
    yield entry(PAPERS, fact, event.entry_id, cells, year=event.year, occurred_on=event.occurred_on)
    if event.kind.value in DATES:
        book.dates[f"{DATES[event.kind.value]}/{event.year}/{event.entry_id}"] = str(event.occurred_on)
        yield from _dated(book, fact, DATES[event.kind.value], event.year)


def _dated(book: LifeBook, fact: Fact[Any], cell: str, year: int) -> Iterator[Row]:
    for name, item in book.items.items():
        if (item.kind, item.year, item.text) == ("meeting", year, LifeMeetingKind.ORGANISATION.value):
            yield entry(MEETINGS, fact, name, {cell: book.date_of(cell, year)}, year=year)


ROWS: Mapping[str, Register] = {
    "meeting": MEETINGS,
    "speech": SPEECHES,
    "pledge": PLEDGES,
    "item": RECTIFICATION,
    "paper": PAPERS,
}
"""Entries that have a row of their own, struck when they are withdrawn; reports only fill cells."""


def withdrawn(book: LifeBook, fact: Fact[LifeEntryWithdrawn]) -> Iterator[Row]:
    name = fact.event.entry_id
    item = book.items.pop(name)
    if item.kind in ROWS:
        yield strike(ROWS[item.kind], fact, name, year=item.year)
    match item.kind:
        case "pledge-report":
            yield entry(PLEDGES, fact, item.about, dict.fromkeys(("kept", "result", "reported_on")), year=item.year)
        case "item-report":
            yield entry(RECTIFICATION, fact, item.about, dict.fromkeys(("result", "closed_on")), year=item.year)
            yield from _done(book, fact, LifeId(item.about), "，未完成")
        case "speech" | "item":
            for gathered in (book.spoken, book.measures):
                gathered.get(MeetingId(item.about), {}).pop(name, None)
            yield from _regather(book, fact, item.about)
        case "paper" if item.about in DATES:
            cell = DATES[item.about]
            book.dates.pop(f"{cell}/{item.year}/{name}")
            yield from _dated(book, fact, cell, item.year)
        case _:
            pass  # nothing else shows the others


def cancelled(book: LifeBook, fact: Fact[MeetingCancelled | MeetingWithdrawn]) -> Iterator[Row]:
    """What hung on the meeting stands no more; items to put right stay, for the problems do."""
    names = [name for name, item in book.items.items() if item.kind in {"meeting", "speech"} and item.about == fact.event.meeting_id]
    for name in names:
        item = book.items[name]
        yield strike(ROWS[item.kind], fact, name, year=item.year)


HANDLERS: Mapping[type[Event], Handler] = {
    PaperFiled: paper_filed,
    LifeMeetingHeld: meeting_held,
    SpeechRecorded: speech_recorded,
    PledgeRecorded: pledge_recorded,
    PledgeFulfilmentReported: pledge_reported,
    RectificationItemOpened: item_opened,
    RectificationItemClosed: item_closed,
    LifeEntryWithdrawn: withdrawn,
}
