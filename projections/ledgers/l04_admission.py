"""Ledger L04, admissions: one row for each person's case, the roll of activists, the list of papers (N14, N24.M04).

A case is remembered entry by entry, so that a withdrawn entry leaves the cells as if it had never been made.
"""

import datetime as dt
import functools
from collections.abc import Iterator, Mapping
from typing import Any, cast

import msgspec

from events import admission, admission_acceptance
from events.admission import AdmissionClosed, CaseTakenOver, CultivationEvent
from events.admission_acceptance import OPENING, AcceptanceEvent, AdmissionEntryWithdrawn
from events.base import AdmissionId, Event, PersonId, tag_of
from events.members import MemberProfileChanged
from projections.engine.fold import Fact, Handler, Row
from projections.ledgers.l04_admission_cells import acceptance_cells, cultivation_cells
from projections.ledgers.l04_admission_forms import ACTIVISTS, CASES, PAPERS
from projections.ledgers.register import Kind, entry, strike
from projections.standard.materials import materials, proves

PRESENT, MISSING = "有", "无"
LISTED = frozenset(column.key for column in CASES.columns if column.kind is Kind.LIST)
DATED = frozenset(column.key for column in CASES.columns if column.kind is Kind.DATE)
ACTIVIST_REVIEW = "admission.reviewed:activist"
STAGES: Mapping[str, str] = {
    "admission.application_received": "入党申请人",
    "admission.activist_determined": "入党积极分子",
    "admission.target_determined": "发展对象",
    "admission.approved": "预备党员",
    "admission.conversion_approved": "正式党员",
    "admission.probation_cancelled": "已取消预备党员资格",
    "admission.closed": "发展程序终止",
}
"""The entries that bring somebody further, and where to."""


@functools.cache
def _titles() -> Mapping[str, str]:
    """The 25 key materials in their order."""
    return {material.id: material.zh for material in materials().values() if material.norm == "N14"}


class Noted(msgspec.Struct):
    """One entry of a case that stands: its name and day, what it puts into the row, the pages it counted."""

    name: str
    day: dt.date
    cells: dict[str, Any]
    proves: tuple[str, ...]
    stage: str | None = None
    pages: tuple[str, int] | None = None


class CaseFile(msgspec.Struct):
    """What is remembered of one case."""

    admission_id: AdmissionId
    person_id: PersonId
    noted: list[Noted] = msgspec.field(default_factory=list)
    on_roll: bool = False
    """A row in the roll of activists stands."""
    rolls: int = 0
    """How many there have been."""


class AdmissionBook(msgspec.Struct):
    """The cases of one branch."""

    cases: dict[AdmissionId, CaseFile] = msgspec.field(default_factory=dict)


Entry = CultivationEvent | AcceptanceEvent


def entered(book: AdmissionBook, fact: Fact[Entry]) -> Iterator[Row]:
    """A new entry of a case."""
    event = fact.event
    opening = event.admission_id not in book.cases
    case = book.cases.setdefault(event.admission_id, CaseFile(admission_id=event.admission_id, person_id=event.person_id))
    noted = _noted(event)
    case.noted.append(noted)
    yield _case_row(fact, case, noted.cells)
    if opening:
        yield from (_paper_row(fact, case, material) for material in _titles())
    else:
        touched = set(noted.proves) | ({noted.pages[0]} if noted.pages else set())
        if "person" in noted.cells:
            touched = set(_titles())
        yield from (_paper_row(fact, case, material) for material in _titles() if material in touched)
    yield from _roll(fact, case)


def withdrawn(book: AdmissionBook, fact: Fact[AdmissionEntryWithdrawn]) -> Iterator[Row]:
    """The last entry of that name and day is gone; with the application the whole case is struck."""
    event = fact.event
    if event.withdrawn in OPENING:
        yield from _struck(fact, book.cases.pop(event.admission_id))
        return
    case = book.cases[event.admission_id]
    index = max(i for i, noted in enumerate(case.noted) if (noted.name, noted.day) == (event.withdrawn, event.withdrawn_on))
    gone = case.noted.pop(index)
    yield _case_row(fact, case, gone.cells)
    yield from (_paper_row(fact, case, material) for material in _titles() if material in gone.proves)
    yield from _roll(fact, case)


def _struck(fact: Fact[AdmissionEntryWithdrawn], case: CaseFile) -> Iterator[Row]:
    yield strike(CASES, fact, case.admission_id, year=0)
    yield from (strike(PAPERS, fact, _paper_key(case, material), year=0) for material in _titles())
    if case.on_roll:
        yield strike(ACTIVISTS, fact, _roll_key(case), year=0)


def renamed(book: AdmissionBook, fact: Fact[MemberProfileChanged]) -> Iterator[Row]:
    """A name that was put right on the roll is put right here too."""
    event = fact.event
    for case in book.cases.values() if event.name is not None else ():
        if case.person_id == event.person_id:
            name = {"person": event.name}
            case.noted.append(Noted(name=tag_of(event), day=event.occurred_on, cells=name, proves=()))
            yield _case_row(fact, case, name)
            yield from (_paper_row(fact, case, material) for material in _titles())
            yield from _roll(fact, case)


def _noted(event: Entry) -> Noted:
    known = msgspec.structs.asdict(event)
    of_cultivation = isinstance(event, admission.OfAdmission)
    cells = cultivation_cells(cast("CultivationEvent", event)) if of_cultivation else acceptance_cells(cast("AcceptanceEvent", event))
    name = event.entry()
    stage = known["stage"].zh if isinstance(event, CaseTakenOver) else STAGES.get(name)
    if isinstance(event, AdmissionClosed):
        stage = f"{STAGES[name]}：{event.ground.zh}"
    pages = (known["material"], known["pages"]) if isinstance(event, admission.PagesCounted) else None
    return Noted(
        name=name,
        day=event.occurred_on,
        cells={key: _kept(value) for key, value in cells.items()},
        proves=tuple(sorted(proves(event))),
        stage=stage,
        pages=pages,
    )


def _kept(value: Any) -> Any:
    """A date as text: what is remembered is stored between batches, where only the column's kind tells a date."""
    return value.isoformat() if isinstance(value, dt.date) else value


def _cell(case: CaseFile, column: str) -> Any:
    """What stands in a column now: all entries of a list in the order of their days, else the last one."""
    found = [(noted.day, noted.cells[column]) for noted in case.noted if column in noted.cells]
    if column in LISTED:
        return [value for _, value in sorted(found, key=lambda item: item[0])]
    value = found[-1][1] if found else None
    return dt.date.fromisoformat(value) if column in DATED and value is not None else value


def _case_row(fact: Fact[Any], case: CaseFile, touched: Mapping[str, Any]) -> Row:
    opened_on = case.noted[0].day
    cells = {column: _cell(case, column) for column in touched}
    return entry(CASES, fact, case.admission_id, cells, subject=case.person_id, occurred_on=opened_on)


def _paper_key(case: CaseFile, material: str) -> str:
    return f"{case.admission_id}:{material}"


def _paper_row(fact: Fact[Any], case: CaseFile, material: str) -> Row:
    """Whether the material is there, since when, with how many pages."""
    days = [noted.day for noted in case.noted if material in noted.proves]
    pages = [noted.pages[1] for noted in case.noted if noted.pages is not None and noted.pages[0] == material]
    cells = {
        "person": _cell(case, "person"),
        "material": material,
        "title": _titles()[material],
        "present": PRESENT if days else MISSING,
        "dated": days[-1] if days else None,
        "pages": pages[-1] if pages else None,
    }
    return entry(PAPERS, fact, _paper_key(case, material), cells, subject=case.person_id, occurred_on=case.noted[0].day)


def _roll_key(case: CaseFile) -> str:
    """Determined anew after a withdrawal, somebody has a new row; the struck one stays."""
    return case.admission_id if case.rolls == 1 else f"{case.admission_id}:{case.rolls}"


def _roll(fact: Fact[Any], case: CaseFile) -> Iterator[Row]:
    """The roll lists whoever became an activist; when that entry is withdrawn, the row is struck."""
    if _cell(case, "activist_on") is None:
        if case.on_roll:
            case.on_roll = False
            yield strike(ACTIVISTS, fact, _roll_key(case), year=0)
        return
    if not case.on_roll:
        case.on_roll, case.rolls = True, case.rolls + 1
    cells = {
        "person": _cell(case, "person"),
        "applied_on": _cell(case, "applied_on"),
        "activist_on": _cell(case, "activist_on"),
        "contacts": _cell(case, "contacts"),
        "reviews": sum(noted.name == ACTIVIST_REVIEW for noted in case.noted),
        "stage": next(noted.stage for noted in reversed(case.noted) if noted.stage is not None),
    }
    yield entry(ACTIVISTS, fact, _roll_key(case), cells, subject=case.person_id, occurred_on=_cell(case, "activist_on"))


HANDLERS: Mapping[type[Event], Handler] = {
    **dict.fromkeys((*admission.EVENTS, *admission_acceptance.EVENTS), entered),
    AdmissionEntryWithdrawn: withdrawn,
    MemberProfileChanged: renamed,
}
