"""Ledger L05, punishments: one row for each case, from the opening to the appeal (N19, N24.M05). Texts of the case stay sealed."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, assert_never

from events.base import Event
from events.discipline import (
    STEPS,
    AppealResult,
    DisciplineAnnounced,
    DisciplineAppealDecided,
    DisciplineAppealFiled,
    DisciplineApproved,
    DisciplineClosed,
    DisciplineExecuted,
    DisciplineExecutionReported,
    DisciplineImposed,
    DisciplineOpened,
    DisciplineRejected,
    DisciplineStepEvent,
    DisciplineStepWithdrawn,
    DisciplineSubmitted,
    DisciplineVoted,
    InvestigationReported,
    MaterialsShown,
    PartyProbationEnded,
    PartyProbationExtended,
    ProbationResult,
    Punishment,
)
from events.members import InfluenceSet
from projections.engine.fold import Fact, Handler, Row
from projections.ledgers.l05_cases import CaseBook, CaseRow, added, completed, opened, step, votes, withdrawn
from projections.ledgers.register import Column, Kind, Register

DISCIPLINE = Register(
    ledger="L05",
    code="discipline",
    columns=(
        Column("case_no", "案号", "Case no."),
        Column("person", "姓名", "Name", Kind.PERSON),
        Column("opened_on", "立案日期", "Opened on", Kind.DATE),
        Column("facts", "违纪事实摘要", "Facts in short", Kind.MASKED),
        Column("reported_on", "调查报告日期", "Report on", Kind.DATE),
        Column("shown_on", "材料见面日期", "Facts shown on", Kind.DATE),
        Column("opinion", "本人意见", "The member's statement", Kind.MASKED),
        Column("votes", "支部大会日期及票数", "General meeting and votes"),
        Column("kind", "处分种类", "Punishment"),
        Column("term", "期限", "Term"),
        Column("decision", "上报/批准日期及文号", "Submitted and approved"),
        Column("announced_on", "宣布日期", "Announced on", Kind.DATE),
        Column("executed_on", "执行日期", "Executed on", Kind.DATE),
        Column("execution_reported_on", "执行报告日期", "Execution reported on", Kind.DATE),
        Column("influence_until", "影响期止", "Influence until", Kind.DATE),
        Column("appeal", "申诉及结论", "Appeal and result"),
    ),
)

REGISTERS = (DISCIPLINE,)


def cells_of(event: DisciplineStepEvent, row: CaseRow | None) -> dict[str, Any]:  # noqa: C901, PLR0911, PLR0912 - one line for each step
    """What one step writes into the row."""
    day = event.occurred_on
    match event:
        case DisciplineOpened():
            return {"case_no": event.case_no, "person": event.person_id, "opened_on": day, "facts": event.facts}
        case InvestigationReported():
            return {"reported_on": day}
        case MaterialsShown():
            return {"shown_on": day, "opinion": event.opinion}
        case DisciplineVoted():
            return {"votes": votes(event)}
        case DisciplineSubmitted():
            return {"decision": f"上报{day} {event.document_no}"}
        case DisciplineApproved():
            return _decided(event, row, "批准")
        case DisciplineImposed():
            return _decided(event, row, "上级直接处分")
        case DisciplineRejected():
            return {"decision": added(row, "decision", f"不予批准{day} {event.document_no}")}
        case DisciplineAnnounced():
            return {"announced_on": day}
        case DisciplineExecuted():
            return {"executed_on": day}
        case DisciplineExecutionReported():
            return {"execution_reported_on": day}
        case DisciplineAppealFiled():
            return {"appeal": added(row, "appeal", f"{day}申诉")}
        case DisciplineAppealDecided():
            return _appeal_decided(event, row)
        case PartyProbationExtended():
            return {"term": added(row, "term", f"延长{event.months}个月至{event.probation_until}")}
        case PartyProbationEnded():
            expelled = event.result is ProbationResult.EXPELLED
            return {"kind": added(row, "kind", f"{day}{Punishment.EXPULSION.zh if expelled else event.result.zh}")}
        case DisciplineClosed():
            return {"decision": added(row, "decision", f"{day}结案：{event.ground.zh}")}
        case _:
            assert_never(event)


def _term(event: DisciplineApproved | DisciplineImposed | DisciplineAppealDecided) -> str | None:
    return None if event.months is None else f"{event.months}个月至{event.probation_until}"


def _decided(event: DisciplineApproved | DisciplineImposed, row: CaseRow | None, how: str) -> dict[str, Any]:
    decision = added(row, "decision", f"{how}{event.occurred_on} {event.document_no}")
    return {"kind": event.kind.zh, "term": _term(event), "decision": decision}


def _appeal_decided(event: DisciplineAppealDecided, row: CaseRow | None) -> dict[str, Any]:
    cells: dict[str, Any] = {"appeal": added(row, "appeal", f"{event.occurred_on}{event.result.zh} {event.document_no}")}
    match event.result, event.kind:
        case AppealResult.REVOKED, _:
            return cells | {"kind": event.result.zh, "term": None}
        case AppealResult.CHANGED, Punishment() as kind:
            return cells | {"kind": kind.zh, "term": _term(event)}
        case _:
            return cells


def case_opened(book: CaseBook, fact: Fact[DisciplineOpened]) -> Iterator[Row]:
    yield opened(book, DISCIPLINE, fact, fact.event.case_no, cells_of(fact.event, None))


def step_taken(book: CaseBook, fact: Fact[Any]) -> Iterator[Row]:
    yield step(book, DISCIPLINE, fact, cells_of(fact.event, book.cases[fact.event.case_id]))


def step_withdrawn(book: CaseBook, fact: Fact[DisciplineStepWithdrawn]) -> Iterator[Row]:
    yield withdrawn(book, DISCIPLINE, fact)


def influence_set(book: CaseBook, fact: Fact[InfluenceSet]) -> Iterable[Row]:
    event = fact.event
    return completed(book, DISCIPLINE, fact, event.person_id, event.case_no, {"influence_until": event.until})


HANDLERS: Mapping[type[Event], Handler] = {
    **dict.fromkeys(STEPS, step_taken),
    DisciplineOpened: case_opened,
    DisciplineStepWithdrawn: step_withdrawn,
    InfluenceSet: influence_set,
}
