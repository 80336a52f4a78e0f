"""Ledger L09 奖励: each award from the nomination to the certificate (N22.T04, N24.M09)."""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from events.awards import (
    AwardApproved,
    AwardDeclined,
    AwardGranted,
    AwardId,
    AwardNominated,
    AwardStep,
    AwardStepWithdrawn,
    AwardSubmitted,
    AwardVoted,
    OfAward,
)
from events.base import PersonId
from events.publicity import ExemplaryCaseRecorded, PublicityId, PublicityWithdrawn
from projections.engine.fold import Fact, Projection, Row
from projections.ledgers.register import Column, Kind, Register, entry, strike

AWARDS = Register(
    ledger="L09",
    code="awards",
    columns=(
        Column("year", "年度", "Year"),
        Column("to", "对象(党员/支部/党务工作者)", "To"),
        Column("person", "姓名", "Name", Kind.PERSON),
        Column("title", "奖项", "Award"),
        Column("level", "级别", "Level"),
        Column("nominated_on", "推荐表日期", "Nomination form of", Kind.DATE),
        Column("vote", "评选会议及票数", "Meeting and votes"),
        Column("submitted_on", "申报日期", "Submitted on", Kind.DATE),
        Column("papers", "先进事迹材料", "Papers on the deeds"),
        Column("reply", "上级批示文号/日期", "Superior's reply"),
        Column("decision", "表彰决定文号/日期", "Decision"),
        Column("certificate_no", "证书编号", "Certificate no."),
    ),
)

REGISTERS: tuple[Register, ...] = (AWARDS,)


class Case(msgspec.Struct):
    """An exemplary case that was written down."""

    person: PersonId
    year: int
    title: str


class Papers(msgspec.Struct):
    """Whose award it is, and what was written about the deeds."""

    person: PersonId | None
    year: int
    submitted: str | None = None


class AwardBook(msgspec.Struct):
    """What the rows of awards need to know of earlier facts."""

    awards: dict[AwardId, Papers] = msgspec.field(default_factory=dict)
    cases: dict[PublicityId, Case] = msgspec.field(default_factory=dict)
    """Exemplary cases that stand."""

    def papers(self, award: Papers) -> str | None:
        """The exemplary cases of that person and year, then what was submitted."""
        cases = [case.title for case in self.cases.values() if (case.person, case.year) == (award.person, award.year)]
        return "、".join([*cases, *([] if award.submitted is None else [award.submitted])]) or None


def _row(book: AwardBook, fact: Fact[Any], cells: dict[str, Any]) -> Row:
    event: OfAward = fact.event
    nominated = event if isinstance(event, AwardNominated) else None
    return entry(
        AWARDS,
        fact,
        event.award_id,
        cells,
        year=book.awards[event.award_id].year,
        subject=None if nominated is None else nominated.person_id,
        occurred_on=None if nominated is None else nominated.occurred_on,
    )


def nominated(book: AwardBook, fact: Fact[AwardNominated]) -> Iterator[Row]:
    event = fact.event
    book.awards[event.award_id] = award = Papers(event.person_id, event.year)
    cells = {
        "year": str(event.year),
        "to": event.to.zh,
        "person": event.person_id,
        "title": event.title,
        "level": event.level.zh,
        "nominated_on": event.occurred_on,
        "papers": book.papers(award),
    }
    yield _row(book, fact, cells)


def voted(book: AwardBook, fact: Fact[AwardVoted]) -> Iterator[Row]:
    event = fact.event
    outcome = "通过" if event.passed else "未通过"
    votes = f"应到{event.voters_due}，实到{event.voters_present}，赞成{event.yes}，反对{event.no}，弃权{event.abstain}"
    yield _row(book, fact, {"vote": f"{event.met_on.isoformat()} {votes}，{outcome}"})


def submitted(book: AwardBook, fact: Fact[AwardSubmitted]) -> Iterator[Row]:
    award = book.awards[fact.event.award_id]
    award.submitted = fact.event.papers
    yield _row(book, fact, {"submitted_on": fact.event.occurred_on, "papers": book.papers(award)})


def exemplary(book: AwardBook, fact: Fact[ExemplaryCaseRecorded]) -> Iterator[Row]:
    """Deeds written down of somebody stand among the papers of that year's awards (N08.T05, N24.M09.02)."""
    event = fact.event
    book.cases[event.item_id] = case = Case(event.person_id, event.occurred_on.year, event.title)
    yield from _papers_of(book, fact, case)


def publicity_withdrawn(book: AwardBook, fact: Fact[PublicityWithdrawn]) -> Iterator[Row]:
    """Another item of publicity is no matter of this ledger."""
    case = book.cases.pop(fact.event.item_id, None)
    if case is not None:
        yield from _papers_of(book, fact, case)


def _papers_of(book: AwardBook, fact: Fact[Any], case: Case) -> Iterator[Row]:
    for award_id, award in book.awards.items():
        if (award.person, award.year) == (case.person, case.year):
            yield entry(AWARDS, fact, award_id, {"papers": book.papers(award)}, year=award.year)


def approved(book: AwardBook, fact: Fact[AwardApproved]) -> Iterator[Row]:
    event = fact.event
    yield _row(book, fact, {"reply": " ".join(part for part in (event.document_no, event.occurred_on.isoformat(), "同意") if part)})


def declined(book: AwardBook, fact: Fact[AwardDeclined]) -> Iterator[Row]:
    event = fact.event
    parts = (event.document_no, event.occurred_on.isoformat(), f"不同意：{event.reason}")
    yield _row(book, fact, {"reply": " ".join(part for part in parts if part)})


def granted(book: AwardBook, fact: Fact[AwardGranted]) -> Iterator[Row]:
    event = fact.event
    decision = f"{event.decision_no} {event.occurred_on.isoformat()}"
    yield _row(book, fact, {"decision": decision, "certificate_no": event.certificate_no})


CELLS: Mapping[AwardStep, tuple[str, ...]] = {
    AwardStep.VOTED: ("vote",),
    AwardStep.SUBMITTED: ("submitted_on", "papers"),
    AwardStep.DECIDED: ("reply",),
    AwardStep.GRANTED: ("decision", "certificate_no"),
}
"""What each step after the nomination wrote into the row."""


def step_withdrawn(book: AwardBook, fact: Fact[AwardStepWithdrawn]) -> Iterator[Row]:
    """The cells of the step are empty again; without its nomination the row is struck."""
    event = fact.event
    if event.step is AwardStep.NOMINATED:
        yield strike(AWARDS, fact, event.award_id, year=event.year)
        del book.awards[event.award_id]
        return
    cells: dict[str, Any] = dict.fromkeys(CELLS[event.step])
    if event.step is AwardStep.SUBMITTED:
        award = book.awards[event.award_id]
        award.submitted = None
        cells["papers"] = book.papers(award)
    yield _row(book, fact, cells)


PROJECTION = Projection[AwardBook](
    name="l09",
    tables=("ledger_row",),
    start=AwardBook,
    handlers={
        AwardNominated: nominated,
        AwardVoted: voted,
        AwardSubmitted: submitted,
        AwardApproved: approved,
        AwardDeclined: declined,
        AwardGranted: granted,
        AwardStepWithdrawn: step_withdrawn,
        ExemplaryCaseRecorded: exemplary,
        PublicityWithdrawn: publicity_withdrawn,
    },
)
