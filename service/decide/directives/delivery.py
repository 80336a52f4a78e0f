"""Delivery, which the system does by itself: each addressee once, however often it is asked for (N09.T04)."""

import datetime as dt
from typing import Annotated, ClassVar

from events.base import LongText, OrgId, Text
from events.directives import (
    DirectiveDelivered,
    DirectiveDispatched,
    DirectiveId,
    DirectiveKind,
    DirectiveRecalled,
    DutyId,
    Failure,
    FileId,
    Round,
)
from projections.standard.holidays import add_working_days
from service.auth.rights import Right
from service.decide.base import Case, Command, Context, Outcome, label
from service.decide.directives.state import DIRECTIVES, Directives, Which
from service.decide.documents.state import DOCUMENTS, Documents
from service.decide.organisations.papers import STRUCTURE, Structure
from service.decide.roster import ROSTER, Roster
from service.errors import Absent, Conflict


class DeliverDirective(Command, frozen=True, kw_only=True, tag="deliver-directive"):
    """A directive reaches a branch, with all that it says."""

    zh: ClassVar[str] = "送达上级部署"
    en: ClassVar[str] = "Deliver a directive"

    directive_id: Annotated[DirectiveId, label("部署编号", "Directive id")]
    from_org_id: Annotated[OrgId, label("发文组织", "From")]
    kind: Annotated[DirectiveKind, label("类别", "Kind")]
    number: Annotated[Text, label("文号", "Number")]
    title: Annotated[Text, label("标题", "Title")]
    text: Annotated[LongText, label("正文", "Text")]
    issuer: Annotated[Text, label("发文机关", "Issued by")]
    issued_on: Annotated[dt.date, label("印发日期", "Issued on")]
    answer_by: Annotated[dt.date | None, label("报告落实情况期限", "Answer by")] = None
    table_by: Annotated[dt.date | None, label("研究部署期限", "Table by")] = None
    enclosures: Annotated[tuple[Text, ...], label("附件（纸质或另发）", "Enclosures on paper")] = ()
    documents: Annotated[tuple[FileId, ...], label("附件（电子文件）", "Files of the committee")] = ()
    obligations: Annotated[tuple[DutyId, ...], label("督办事项", "What is urged")] = ()


def deliver_directive(
    command: DeliverDirective, context: Context, directives: Directives, roster: Roster, structure: Structure, documents: Documents
) -> Outcome:
    """Nothing to do where it is already. A paper that the branch signed for before is not asked for twice."""
    if command.directive_id in directives.received:
        return []
    if roster.founded is None or roster.parent_id != command.from_org_id:
        raise Absent(f"{command.from_org_id} is not the superior")
    if structure.dissolved is not None:
        raise Conflict("the branch is dissolved")
    paper = documents.by_number.get((command.issuer, command.number))
    return [
        DirectiveDelivered(
            occurred_on=command.occurred_on,
            directive_id=command.directive_id,
            from_org_id=command.from_org_id,
            kind=command.kind,
            number=command.number,
            title=command.title,
            text=command.text,
            issuer=command.issuer,
            issued_on=command.issued_on,
            answer_by=command.answer_by,
            table_by=_table_by(command, context) if paper is None else None,
            enclosures=command.enclosures,
            documents=command.documents,
            obligations=command.obligations,
            paper_id=paper,
        )
    ]


def _table_by(command: DeliverDirective, context: Context) -> dt.date | None:
    """As the directive says; else working days, but before the answer is due; what is urged need not be tabled (DL-61)."""
    if command.table_by is not None or command.kind is DirectiveKind.URGING:
        return command.table_by
    day = add_working_days(command.occurred_on, context.rules.number("document.superior_working_days"))
    return day if command.answer_by is None else min(day, command.answer_by)


class RecallDirective(Command, frozen=True, kw_only=True, tag="recall-directive"):
    """A branch learns that the superior took it back."""

    zh: ClassVar[str] = "通知撤回上级部署"
    en: ClassVar[str] = "Recall a directive"

    directive_id: Annotated[DirectiveId, label("部署编号", "Directive id")]
    reason: Annotated[Text, label("撤回原因", "Reason")]


def recall_directive(command: RecallDirective, _context: Context, directives: Directives) -> Outcome:
    """It says which answer nobody has to decide on, or to make good, any more."""
    one = directives.here(command.directive_id)
    if one.recalled is not None:
        return []
    return [
        DirectiveRecalled(
            occurred_on=command.occurred_on,
            directive_id=command.directive_id,
            reason=command.reason,
            waiting=None if one.waiting is None else one.waiting.answer_id,
            returned=None if one.returned is None else one.returned.answer_id,
        )
    ]


class NoteDispatch(Command, frozen=True, kw_only=True, tag="note-dispatch"):
    """All addressees of a directive were reached, or cannot be; sent to the committee's book."""

    zh: ClassVar[str] = "登记上级部署送达完毕"
    en: ClassVar[str] = "Note that a directive was dispatched"

    directive_id: Which
    round: Annotated[Round, label("送达事项", "What went out")]
    delivered: Annotated[int, label("送达党支部数", "Branches reached", ge=0, le=1_000_000)]
    failed: Annotated[tuple[Failure, ...], label("未能送达", "Not reached")] = ()


def note_dispatch(command: NoteDispatch, _context: Context, directives: Directives) -> Outcome:
    if command.round in directives.sent(command.directive_id).dispatched:
        return []
    return [
        DirectiveDispatched(
            occurred_on=command.occurred_on,
            directive_id=command.directive_id,
            round=command.round,
            delivered=command.delivered,
            failed=command.failed,
        )
    ]


RIGHT = Right.SYSTEM_WRITE

CASES = (
    Case(command=DeliverDirective, right=RIGHT, reads=(DIRECTIVES, ROSTER, STRUCTURE, DOCUMENTS), decide=deliver_directive),
    Case(command=RecallDirective, right=RIGHT, reads=(DIRECTIVES,), decide=recall_directive),
    Case(command=NoteDispatch, right=RIGHT, reads=(DIRECTIVES,), decide=note_dispatch),
)
