"""Ledger L01, papers of the set-up: duties, rules and standards, personnel notices; a dissolved branch (N02.M01, N04, N24.M01)."""

from collections.abc import Iterator, Mapping
from typing import Any

from events.base import Event, tag_of
from events.structure import (
    BranchDissolved,
    PaperRepealed,
    PersonnelNoticeIssued,
    PostPaperAdopted,
    StructureEntryWithdrawn,
)
from projections.engine.fold import Fact, Handler, Row
from projections.ledgers.l01_registers import BRANCH
from projections.ledgers.register import Column, Kind, Register, entry, strike

PAPERS = Register(
    ledger="L01",
    code="papers",
    yearly=False,
    columns=(
        Column("name", "名称", "Name"),
        Column("kind", "类别(制度/职责/标准)", "Kind"),
        Column("met_on", "通过会议", "Adopted by the meeting of", Kind.DATE),
        Column("effective_from", "生效日期", "Effective from", Kind.DATE),
        Column("revised_on", "修订日期", "Revised on", Kind.DATE),
        Column("version", "版本", "Version", Kind.COUNT),
        Column("state", "状态", "State"),
    ),
)

NOTICES = Register(
    ledger="L01",
    code="personnel-notices",
    columns=(
        Column("number", "文号", "Document no."),
        Column("on", "日期", "Date", Kind.DATE),
        Column("reason", "调整事由", "Reason"),
        Column("people", "调整人员", "Persons", Kind.PERSONS),
        Column("before", "调整前", "Before", Kind.LIST),
        Column("after", "调整后", "After", Kind.LIST),
        Column("met_on", "依据会议", "Decided by the meeting of", Kind.DATE),
    ),
)

REGISTERS: tuple[Register, ...] = (PAPERS, NOTICES)

IN_FORCE, REVISED, REPEALED = "现行", "已修订", "已废止"
ONLY = "branch"
"""Key of the one row of the branch's registration form."""


def _paper(fact: Fact[Any], key: str, cells: dict[str, Any]) -> Row:
    return entry(PAPERS, fact, key, cells, year=0)


def paper_adopted(_state: Any, fact: Fact[PostPaperAdopted]) -> Iterator[Row]:
    """A line for each version; the one before says that it was revised."""
    event = fact.event
    if event.replaces is not None:
        yield _paper(fact, event.replaces, {"state": REVISED})
    cells = {
        "name": event.name,
        "kind": event.kind.zh,
        "met_on": event.met_on,
        "effective_from": event.effective_from,
        "revised_on": event.occurred_on if event.version > 1 else None,
        "version": event.version,
        "state": IN_FORCE,
    }
    yield entry(PAPERS, fact, event.entry_id, cells, year=0, occurred_on=event.occurred_on)


def paper_repealed(_state: Any, fact: Fact[PaperRepealed]) -> Iterator[Row]:
    event = fact.event
    yield _paper(fact, event.entry_id, {"state": f"{REPEALED} {event.occurred_on.isoformat()}：{event.reason}"})


def notice_issued(_state: Any, fact: Fact[PersonnelNoticeIssued]) -> Iterator[Row]:
    event = fact.event
    cells = {
        "number": event.number,
        "on": event.occurred_on,
        "reason": event.reason,
        "people": [change.person_id for change in event.changes],
        "before": [change.before for change in event.changes],
        "after": [change.after for change in event.changes],
        "met_on": event.met_on,
    }
    yield entry(NOTICES, fact, event.entry_id, cells)


WHERE: Mapping[str, Register] = {tag_of(PostPaperAdopted): PAPERS, tag_of(PersonnelNoticeIssued): NOTICES}
"""In which register an entry has its row."""


def entry_withdrawn(_state: Any, fact: Fact[StructureEntryWithdrawn]) -> Iterator[Row]:
    """A request to found a branch has no row; the version before a withdrawn one stands again."""
    event = fact.event
    if event.restores is not None:
        yield _paper(fact, event.restores, {"state": IN_FORCE})
    if event.what in WHERE:
        yield strike(WHERE[event.what], fact, event.entry_id, year=event.happened_on.year)


def dissolved(_state: Any, fact: Fact[BranchDissolved]) -> Iterator[Row]:
    """The branch's own form is struck through."""
    yield strike(BRANCH, fact, ONLY, year=0)


HANDLERS: Mapping[type[Event], Handler] = {
    PostPaperAdopted: paper_adopted,
    PaperRepealed: paper_repealed,
    PersonnelNoticeIssued: notice_issued,
    StructureEntryWithdrawn: entry_withdrawn,
    BranchDissolved: dissolved,
}
