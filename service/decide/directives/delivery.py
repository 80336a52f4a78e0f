"""Delivery, which the system does by itself: each addressee once, however often it is asked for (N09.T04).

What is delivered stands in the committee's book: the append proves that it was not withdrawn meanwhile.
"""

import datetime as dt
from typing import Annotated, ClassVar

from events.base import OrgId
from events.directives import (
    DirectiveDelivered,
    DirectiveDispatched,
    DirectiveId,
    DirectiveIssued,
    DirectiveKind,
    DirectiveRecalled,
    Failure,
    Round,
)
from projections.standard.holidays import add_working_days
from service.auth.rights import Right
from service.decide.base import Case, Command, Context, Fold, Outcome, label
from service.decide.directives.state import DIRECTIVES, Directives, Which, evolve
from service.decide.documents.state import DOCUMENTS, Documents
from service.decide.organisations.papers import STRUCTURE, Structure
from service.decide.roster import ROSTER, Roster
from service.errors import Absent, Conflict

SENDER = Fold[Directives](
    name="directives-of-sender",
    book=lambda _org_id, command: OrgId(command.from_org_id),
    stream=lambda _command: "directives",
    initial=Directives(),
    evolve=evolve,
)
"""What the committee issued."""

Sent = Annotated[DirectiveId, label("部署编号", "Directive id")]
From = Annotated[OrgId, label("发文组织", "From")]


class DeliverDirective(Command, frozen=True, kw_only=True, tag="deliver-directive"):
    """A directive reaches a branch, with all that the committee's book says of it."""

    zh: ClassVar[str] = "送达上级部署"
    en: ClassVar[str] = "Deliver a directive"

    directive_id: Sent
    from_org_id: From


def deliver_directive(
    command: DeliverDirective,
    context: Context,
    directives: Directives,
    sender: Directives,
    roster: Roster,
    structure: Structure,
    documents: Documents,
) -> Outcome:
    """Nothing to do where it is already. A paper that the branch signed for before is not asked for twice."""
    if command.directive_id in directives.received:
        return []
    sent = sender.sent(command.directive_id)
    if sent.withdrawn is not None:
        raise Conflict(f"it was withdrawn on {sent.withdrawn.occurred_on}")
    issued = sent.issued
    if roster.parent_id != command.from_org_id or not (issued.to_all or context.org_id in issued.addressees):
        raise Absent(f"directive {command.directive_id} is not for {context.org_id}")
    if structure.dissolved is not None:
        raise Conflict("the branch is dissolved")
    paper = documents.by_number.get((issued.issuer, issued.number))
    return [
        DirectiveDelivered(
            occurred_on=command.occurred_on,
            directive_id=command.directive_id,
            from_org_id=command.from_org_id,
            kind=issued.kind,
            number=issued.number,
            title=issued.title,
            text=issued.text,
            issuer=issued.issuer,
            issued_on=issued.occurred_on,
            answer_by=issued.answer_by,
            table_by=_table_by(issued, command.occurred_on, context) if paper is None else None,
            enclosures=issued.enclosures,
            documents=issued.documents,
            obligations=_urged(issued, context.org_id),
            paper_id=paper,
        )
    ]


def _urged(issued: DirectiveIssued, org_id: OrgId) -> tuple[str, ...]:
    """What is urged of this branch, of all that the directive urges."""
    links = (link.partition("/") for link in issued.obligations)
    return tuple(duty for branch, _, duty in links if branch == org_id)


def _table_by(issued: DirectiveIssued, day: dt.date, context: Context) -> dt.date | None:
    """As the directive says; else working days, but before the answer is due; what is urged need not be tabled (DL-61)."""
    if issued.table_by is not None or issued.kind is DirectiveKind.URGING:
        return issued.table_by
    counted = add_working_days(day, context.rules.number("document.superior_working_days"))
    return counted if issued.answer_by is None else min(counted, issued.answer_by)


class RecallDirective(Command, frozen=True, kw_only=True, tag="recall-directive"):
    """A branch learns that the superior took it back."""

    zh: ClassVar[str] = "通知撤回上级部署"
    en: ClassVar[str] = "Recall a directive"

    directive_id: Sent
    from_org_id: From


def recall_directive(command: RecallDirective, _context: Context, directives: Directives, sender: Directives) -> Outcome:
    """Nothing to do where it never came. It says which answer nobody has to decide on, or to make good, any more."""
    withdrawn = sender.sent(command.directive_id).withdrawn
    if withdrawn is None:
        raise Conflict(f"directive {command.directive_id} stands")
    one = directives.received.get(command.directive_id)
    if one is None or one.recalled is not None:
        return []
    return [
        DirectiveRecalled(
            occurred_on=command.occurred_on,
            directive_id=command.directive_id,
            reason=withdrawn.reason,
            waiting_id=None if one.waiting is None else one.waiting.answer_id,
            returned_id=None if one.returned is None else one.returned.answer_id,
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
    """The issue of one that stands, the recall of one that was withdrawn; once each."""
    one = directives.sent(command.directive_id)
    if command.round in one.dispatched:
        return []
    if (command.round is Round.RECALL) != (one.withdrawn is not None):
        raise Conflict(f"directive {command.directive_id} {'stands' if one.withdrawn is None else 'was withdrawn'}")
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
    Case(command=DeliverDirective, right=RIGHT, reads=(DIRECTIVES, SENDER, ROSTER, STRUCTURE, DOCUMENTS), decide=deliver_directive),
    Case(command=RecallDirective, right=RIGHT, reads=(DIRECTIVES, SENDER), decide=recall_directive),
    Case(command=NoteDispatch, right=RIGHT, reads=(DIRECTIVES,), decide=note_dispatch),
)
