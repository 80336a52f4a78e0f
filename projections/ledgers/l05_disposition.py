"""Ledger L05, dispositions of unqualified members: one row for each case (N20, N24.M05). Texts of the case stay sealed."""

from collections.abc import Iterator, Mapping
from typing import Any, assert_never

from events.base import Event
from events.disposition import (
    STEPS,
    DispositionAnnounced,
    DispositionAppealDecided,
    DispositionAppealFiled,
    DispositionApproved,
    DispositionClosed,
    DispositionFactsVerified,
    DispositionOpened,
    DispositionPreReviewed,
    DispositionPreReviewSubmitted,
    DispositionRejected,
    DispositionStep,
    DispositionStepEvent,
    DispositionStepWithdrawn,
    DispositionSubmitted,
    DispositionTalkHeld,
    DispositionVoted,
    PersuasionEnded,
    RectificationPeriodReviewed,
    RectificationPeriodStarted,
    RectificationProgressRecorded,
)
from projections.engine.fold import Fact, Handler, Row
from projections.ledgers.l05_cases import CaseBook, CaseRow, added, opened, step, votes, withdrawn
from projections.ledgers.register import Column, Kind, Register, entry, strike

DISPOSITION = Register(
    ledger="L05",
    code="disposition",
    columns=(
        Column("person", "姓名", "Name", Kind.PERSON),
        Column("conduct", "认定情形(编码)", "Kind of conduct (code)"),
        Column("findings", "调查结论", "Findings", Kind.MASKED),
        Column("talkers", "谈话人", "Who talked", Kind.PERSONS),
        Column("talked_on", "谈话日期", "Talk on", Kind.DATE),
        Column("pre_review", "预审意见", "Pre-review"),
        Column("votes", "支部大会票数", "Votes of the general meeting"),
        Column("disposition", "处置方式", "Disposition"),
        Column("correction", "限期改正起止", "Correction from and until"),
        Column("helpers", "帮教人", "Helpers", Kind.PERSONS),
        Column("review", "期满评议结论", "Review at expiry"),
        Column("approval_no", "审批文号", "Approval no."),
        Column("announced_on", "宣布日期", "Announced on", Kind.DATE),
    ),
)

PROGRESS = Register(
    ledger="L05",
    code="correction-progress",
    columns=(
        Column("date", "日期", "Date", Kind.DATE),
        Column("person", "姓名", "Name", Kind.PERSON),
        Column("helper", "帮教人", "Helper", Kind.PERSON),
        Column("note", "帮教情况", "Progress", Kind.MASKED),
    ),
)

REGISTERS = (DISPOSITION, PROGRESS)


def cells_of(event: DispositionStepEvent, row: CaseRow | None) -> dict[str, Any]:  # noqa: C901, PLR0911, PLR0912 - one line for each step
    """What one step writes into the row."""
    day = event.occurred_on
    match event:
        case DispositionOpened():
            return {"person": event.person_id, "conduct": f"{event.conduct_code} {event.conduct_text}"}
        case DispositionFactsVerified():
            return {"findings": event.conclusion}
        case DispositionTalkHeld():
            return {"talkers": list(event.talkers), "talked_on": day}
        case DispositionPreReviewSubmitted():
            return {"pre_review": added(row, "pre_review", f"{day}报{event.disposition.zh} {event.document_no}")}
        case DispositionPreReviewed():
            return {"pre_review": added(row, "pre_review", _pre_review(event))}
        case DispositionVoted():
            return {"votes": f"{event.disposition.zh} {votes(event)}"}
        case DispositionSubmitted():
            return {"approval_no": added(row, "approval_no", f"上报{day} {event.document_no}")}
        case DispositionApproved():
            approval = added(row, "approval_no", f"批准{day} {event.document_no}")
            return {"disposition": added(row, "disposition", event.disposition.zh), "approval_no": approval}
        case DispositionRejected():
            return {"approval_no": added(row, "approval_no", f"不予批准{day} {event.document_no}")}
        case DispositionAnnounced():
            return {"announced_on": day}
        case RectificationPeriodStarted():
            return {"correction": f"{day}至{event.until}", "helpers": list(event.helpers)}
        case RectificationProgressRecorded():
            return {}
        case RectificationPeriodReviewed():
            return {"review": f"{'合格' if event.passed else '不合格'} {votes(event)}"}
        case PersuasionEnded():
            return {"disposition": added(row, "disposition", f"{day}{'本人退党' if event.resigned else '劝而不退'} {event.document_no}")}
        case DispositionAppealFiled():
            return {"disposition": added(row, "disposition", f"{day}申诉")}
        case DispositionAppealDecided():
            return {"disposition": added(row, "disposition", f"{day}{event.result.zh} {event.document_no}")}
        case DispositionClosed():
            return {"disposition": added(row, "disposition", f"{day}结案：{event.ground.zh}")}
        case _:
            assert_never(event)


def _pre_review(event: DispositionPreReviewed) -> str:
    numbers = " ".join(number for number in (event.document_no, event.department_no) if number)
    return f"{event.occurred_on}{'同意' if event.agreed else '不同意'}{event.disposition.zh} {numbers}"


def case_opened(book: CaseBook, fact: Fact[DispositionOpened]) -> Iterator[Row]:
    yield opened(book, DISPOSITION, fact, fact.event.case_no, cells_of(fact.event, None))


def step_taken(book: CaseBook, fact: Fact[Any]) -> Iterator[Row]:
    yield step(book, DISPOSITION, fact, cells_of(fact.event, book.cases[fact.event.case_id]))


def progress_noted(book: CaseBook, fact: Fact[RectificationProgressRecorded]) -> Iterator[Row]:
    """A row of its own; the case only remembers that it is its last step."""
    event = fact.event
    yield from step_taken(book, fact)
    book.notes.setdefault(event.case_id, []).append((event.occurred_on.year, fact.event_id))
    cells = {"date": event.occurred_on, "person": event.person_id, "helper": event.helper, "note": event.note}
    yield entry(PROGRESS, fact, fact.event_id, cells, subject=event.person_id)


def step_withdrawn(book: CaseBook, fact: Fact[DispositionStepWithdrawn]) -> Iterator[Row]:
    event = fact.event
    yield withdrawn(book, DISPOSITION, fact)
    if event.step is DispositionStep.PROGRESS:
        year, key = book.notes[event.case_id].pop()
        yield strike(PROGRESS, fact, key, year=year)


HANDLERS: Mapping[type[Event], Handler] = {
    **dict.fromkeys(STEPS, step_taken),
    DispositionOpened: case_opened,
    RectificationProgressRecorded: progress_noted,
    DispositionStepWithdrawn: step_withdrawn,
}
