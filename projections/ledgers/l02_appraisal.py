"""Ledger L02, democratic appraisal of members: one row for each member and year, filled as the appraisal goes on (N13, R-I)."""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from events.appraisal import (
    AppraisalBallotRecorded,
    AppraisalClosed,
    AppraisalEntryId,
    AppraisalEntryWithdrawn,
    AppraisalMeetingHeld,
    AppraisalOpened,
    AppraisalStudyHeld,
    ExcellentShareRaised,
    FeedbackGiven,
    GradeAssigned,
    LackExcused,
    OfAppraisal,
    PeerAssessed,
    SelfAssessed,
)
from events.base import Event, PersonId
from projections.engine.fold import Fact, Handler, Row
from projections.ledgers.register import Column, Kind, Register, entry, strike

MEMBERS = Register(
    ledger="L02",
    code="appraisal",
    columns=(
        Column("year", "年度", "Year", Kind.COUNT),
        Column("person", "姓名", "Name", Kind.PERSON),
        Column("status", "党员类别", "Standing"),
        Column("outline", "自评要点", "Self-assessment", Kind.SEALED),
        Column("comments", "互评意见", "Mutual assessment", Kind.LIST),
        Column("votes", "测评票数", "Votes"),
        Column("grade", "支委会评定等次", "Grade"),
        Column("told_on", "反馈日期", "Told on", Kind.DATE),
        Column("signed", "本人签字", "Signed", Kind.FLAG),
        Column("reported_on", "上报日期", "Reported on", Kind.DATE),
        Column("handling", "处理意见", "Handling", Kind.SEALED),
        Column("opinion", "本人意见", "The member's opinion", Kind.SEALED),
        Column("gaps", "缺项原因", "Gaps explained", Kind.LIST),
    ),
)

PROCESS = Register(
    ledger="L02",
    code="appraisal-process",
    columns=(
        Column("year", "年度", "Year", Kind.COUNT),
        Column("date", "日期", "Date", Kind.DATE),
        Column("step", "环节", "Step"),
        Column("content", "内容", "Content"),
    ),
)

REGISTERS = (MEMBERS, PROCESS)

FULL, PROBATIONARY, BRANCH = "正式党员", "预备党员", "党支部"
THE_BRANCH = "-"
"""Key of the row of the branch itself; no person has it."""


class Entry(msgspec.Struct):
    """What was entered in which row, to be taken back."""

    key: str
    cells: list[str]
    text: str = ""
    """The line of a list."""


class YearOf(msgspec.Struct):
    """One year's appraisal."""

    rows: list[str] = msgspec.field(default_factory=list)
    entries: dict[AppraisalEntryId, Entry] = msgspec.field(default_factory=dict)
    lists: dict[str, dict[str, list[str]]] = msgspec.field(default_factory=dict)
    """Lines of the cells that hold several, by cell and row."""
    opening: AppraisalEntryId | None = None
    closing: AppraisalEntryId | None = None
    openings: int = 0
    """How often it was opened; after a withdrawn opening the rows are new ones."""

    def key(self, person_id: PersonId | None) -> str:
        """The key of a member's row."""
        again = f"/{self.openings}" if self.openings > 1 else ""
        return f"{person_id or THE_BRANCH}{again}"


class AppraisalBook(msgspec.Struct):
    """The appraisals of one branch, by year."""

    years: dict[str, YearOf] = msgspec.field(default_factory=dict)

    def of(self, event: OfAppraisal) -> YearOf:
        return self.years.setdefault(str(event.year), YearOf())


def opened(book: AppraisalBook, fact: Fact[AppraisalOpened]) -> Iterator[Row]:
    """A row for everybody who takes part, and the first line of the course."""
    event = fact.event
    year = book.of(event)
    year.opening, year.openings = event.entry_id, year.openings + 1
    yield from _line(fact, "会前通知", f"拟于{event.planned_on}召开，正式党员{len(event.full)}人，预备党员{len(event.probationary)}人")
    for person, status in (*((p, FULL) for p in event.full), *((p, PROBATIONARY) for p in event.probationary)):
        yield _set(year, fact, person, {"status": status})


def _line(fact: Fact[Any], step: str, content: str) -> Iterator[Row]:
    event = fact.event
    cells = {"year": event.year, "date": event.occurred_on, "step": step, "content": content}
    yield entry(PROCESS, fact, event.entry_id, cells, year=event.year, occurred_on=event.occurred_on)


def _set(year: YearOf, fact: Fact[Any], person: PersonId | None, cells: dict[str, Any]) -> Row:
    """Cells of a row, which begins with the first of them."""
    key = year.key(person)
    if key in year.rows:
        return _later(fact, key, cells)
    year.rows.append(key)
    known = {"year": fact.event.year, "person": person}
    return entry(MEMBERS, fact, key, known | cells, year=fact.event.year, subject=person, occurred_on=fact.event.occurred_on)


def _later(fact: Fact[Any], key: str, cells: dict[str, Any]) -> Row:
    return entry(MEMBERS, fact, key, cells, year=fact.event.year)


def _filled(book: AppraisalBook, fact: Fact[Any], cells: dict[str, Any]) -> Iterator[Row]:
    """Some cells of a row, to be emptied when the entry is withdrawn."""
    event = fact.event
    year = book.of(event)
    year.entries[event.entry_id] = Entry(year.key(event.person_id), list(cells))
    yield _set(year, fact, event.person_id, cells)


def _added(book: AppraisalBook, fact: Fact[Any], cell: str, text: str) -> Iterator[Row]:
    """One more line in a cell that holds several."""
    event = fact.event
    year = book.of(event)
    lines = year.lists.setdefault(cell, {}).setdefault(year.key(event.person_id), [])
    lines.append(text)
    year.entries[event.entry_id] = Entry(year.key(event.person_id), [cell], text)
    yield _set(year, fact, event.person_id, {cell: list(lines)})


def study_held(_book: AppraisalBook, fact: Fact[AppraisalStudyHeld]) -> Iterator[Row]:
    return _line(fact, "会前集中学习", "已组织集中学习")


def self_assessed(book: AppraisalBook, fact: Fact[SelfAssessed]) -> Iterator[Row]:
    return _filled(book, fact, {"outline": fact.event.outline})


def meeting_held(_book: AppraisalBook, fact: Fact[AppraisalMeetingHeld]) -> Iterator[Row]:
    return _line(fact, "民主评议会", f"参会{fact.event.participants}人")


def peer_assessed(book: AppraisalBook, fact: Fact[PeerAssessed]) -> Iterator[Row]:
    return _added(book, fact, "comments", fact.event.comment)


def ballot_recorded(book: AppraisalBook, fact: Fact[AppraisalBallotRecorded]) -> Iterator[Row]:
    event = fact.event
    votes = f"优秀{event.excellent} 合格{event.qualified} 基本合格{event.basic} 不合格{event.unqualified}"
    return _filled(book, fact, {"votes": votes} if event.person_id is not None else {"status": BRANCH, "votes": votes})


def lack_excused(book: AppraisalBook, fact: Fact[LackExcused]) -> Iterator[Row]:
    return _added(book, fact, "gaps", fact.event.reason)


def share_raised(_book: AppraisalBook, fact: Fact[ExcellentShareRaised]) -> Iterator[Row]:
    event = fact.event
    return _line(fact, "优秀名额调整", f"优秀不超过{event.excellent_max}人，{event.approval_no}：{event.reason}")


def grade_assigned(book: AppraisalBook, fact: Fact[GradeAssigned]) -> Iterator[Row]:
    event = fact.event
    return _filled(book, fact, {"grade": event.grade.zh, "handling": event.handling})


def feedback_given(book: AppraisalBook, fact: Fact[FeedbackGiven]) -> Iterator[Row]:
    event = fact.event
    return _filled(book, fact, {"told_on": event.occurred_on, "signed": event.signed, "opinion": event.opinion})


def closed(book: AppraisalBook, fact: Fact[AppraisalClosed]) -> Iterator[Row]:
    """The day of the report stands in every row."""
    event = fact.event
    year = book.of(event)
    year.closing = event.entry_id
    counts = f"优秀{event.excellent} 合格{event.qualified} 基本合格{event.basic} 不合格{event.unqualified}"
    yield from _line(fact, "上报办结", f"{event.report_no}，{counts}")
    yield from (_later(fact, key, {"reported_on": event.occurred_on}) for key in year.rows)


def withdrawn(book: AppraisalBook, fact: Fact[AppraisalEntryWithdrawn]) -> Iterator[Row]:
    """Cells of a member's row are empty again; a line of the course is struck, and with the opening all its rows."""
    event = fact.event
    year = book.of(event)
    if event.entry_id in year.entries:
        key, cells = _emptied(year, event.entry_id)
        yield _later(fact, key, cells)
        return
    yield strike(PROCESS, fact, event.entry_id, year=event.year)
    if event.entry_id == year.opening:
        yield from (strike(MEMBERS, fact, key, year=event.year) for key in year.rows)
        year.rows, year.lists = [], {}
    elif event.entry_id == year.closing:
        yield from (_later(fact, key, {"reported_on": None}) for key in year.rows)


def _emptied(year: YearOf, entry_id: AppraisalEntryId) -> tuple[str, dict[str, Any]]:
    """The row and its cells as they are without the entry."""
    taken = year.entries.pop(entry_id)
    if not taken.text:
        return taken.key, dict.fromkeys(taken.cells)
    (cell,) = taken.cells
    lines = year.lists[cell][taken.key]
    lines.remove(taken.text)
    return taken.key, {cell: list(lines)}


HANDLERS: Mapping[type[Event], Handler] = {
    AppraisalOpened: opened,
    AppraisalStudyHeld: study_held,
    SelfAssessed: self_assessed,
    AppraisalMeetingHeld: meeting_held,
    PeerAssessed: peer_assessed,
    AppraisalBallotRecorded: ballot_recorded,
    LackExcused: lack_excused,
    ExcellentShareRaised: share_raised,
    GradeAssigned: grade_assigned,
    FeedbackGiven: feedback_given,
    AppraisalClosed: closed,
    AppraisalEntryWithdrawn: withdrawn,
}
