"""The committee's part: issue a directive, withdraw it, accept an answer or send it back (N09.T04; 上级部署与督办)."""

import datetime as dt
from typing import Annotated, ClassVar

import msgspec

from events.base import LongText, OrgId, Text
from events.directives import (
    AnswerAccepted,
    AnswerId,
    AnswerReturned,
    DirectiveAnswered,
    DirectiveId,
    DirectiveIssued,
    DirectiveKind,
    DirectiveStep,
    DirectiveStepWithdrawn,
    DirectiveWithdrawn,
    Link,
)
from events.documents import DocumentId
from events.organisations import OrgKind
from service.auth.rights import Right
from service.decide.base import Case, Command, Context, Outcome, label
from service.decide.directives.state import DIRECTIVES, Directives, Received, Which
from service.decide.documents.state import DOCUMENTS, Documents
from service.decide.roster import ROSTER, Roster
from service.errors import Absent, BuiltUpon, Conflict, Malformed

ADDRESSEES_MAX = 1_000
"""By name; more than so many are all of them."""


class IssueDirective(Command, frozen=True, kw_only=True, tag="issue-directive"):
    """The committee asks something of chosen branches, or of all: study a document, do some work, make good what is overdue."""

    zh: ClassVar[str] = "印发上级部署"
    en: ClassVar[str] = "Issue a directive"

    kind: Annotated[DirectiveKind, label("类别", "Kind")]
    number: Annotated[Text, label("文号", "Number", min_length=1)]
    title: Annotated[
        Text,
        label("标题", "Title", min_length=1, help_zh="不写个人姓名和涉密内容", help_en="Without names of persons and anything classified"),
    ]
    text: Annotated[LongText, label("正文", "Text", min_length=1)]
    answer_by: Annotated[
        dt.date | None,
        label("报告落实情况期限", "Answer by", help_zh="工作部署和督办必填", help_en="Work and urging always have a day"),
    ] = None
    table_by: Annotated[
        dt.date | None,
        label(
            "研究部署期限",
            "Table by",
            help_zh="不填：文件和工作部署按工作日推算，督办不要求",
            help_en="Left out: working days for documents and work, not asked for when urging",
        ),
    ] = None
    to_all: Annotated[bool, label("发至全部下属党支部", "To all branches")] = False
    addressees: Annotated[tuple[OrgId, ...], label("主送", "To", max_length=ADDRESSEES_MAX)] = ()
    obligations: Annotated[
        tuple[Link, ...],
        label(
            "督办事项",
            "What is urged",
            max_length=ADDRESSEES_MAX,
            help_zh="党支部代码/任务编号，从逾期任务带入",
            help_en="branch/obligation, filled in from what is overdue",
        ),
    ] = ()
    enclosures: Annotated[tuple[Text, ...], label("附件（纸质或另发）", "Enclosures on paper", max_length=50)] = ()
    documents: Annotated[tuple[DocumentId, ...], label("附件（电子文件）", "Files of the committee", max_length=50)] = ()
    directive_id: Annotated[DirectiveId | None, label("部署编号", "Directive id")] = None


def issue_directive(command: IssueDirective, context: Context, directives: Directives, roster: Roster, documents: Documents) -> Outcome:
    """The same number twice is one directive where all is the same, else a conflict. Every addressee is a branch under the committee."""
    if roster.founded is None or roster.founded.kind is not OrgKind.COMMITTEE:
        raise Absent(context.org_id)
    _check_dates(command)
    for document in command.documents:
        documents.standing(document)
    event = DirectiveIssued(
        occurred_on=command.occurred_on,
        directive_id=command.directive_id or DirectiveId(context.event_ids[0]),
        kind=command.kind,
        number=command.number.strip(),
        title=command.title.strip(),
        text=command.text,
        issuer=roster.founded.name,
        answer_by=command.answer_by,
        table_by=command.table_by,
        enclosures=command.enclosures,
        documents=tuple(dict.fromkeys(command.documents)),
        to_all=command.to_all,
        addressees=_addressees(command, roster),
        obligations=tuple(dict.fromkeys(command.obligations)),
    )
    return _unless_known(event, directives)


def _unless_known(event: DirectiveIssued, directives: Directives) -> Outcome:
    known = directives.issued.get(directives.by_number.get(event.number, event.directive_id))
    if known is None:
        return [event]
    if msgspec.structs.replace(known.issued, directive_id=event.directive_id) == event:
        return []
    raise BuiltUpon(f"文号{event.number}已用于《{known.issued.title}》", f"Number {event.number} is taken: {known.issued.title}")


def _check_dates(command: IssueDirective) -> None:
    if command.kind is not DirectiveKind.DOCUMENT and command.answer_by is None:
        raise Malformed("answer_by is needed for work and for urging")
    if (command.kind is DirectiveKind.URGING) != bool(command.obligations):
        raise Malformed("obligations are named when something overdue is urged, and only then")
    for field in ("answer_by", "table_by"):
        day = getattr(command, field)
        if day is not None and day < command.occurred_on:
            raise Malformed(f"{field} lies before the day of issue")
    if command.answer_by is not None and command.table_by is not None and command.answer_by < command.table_by:
        raise Malformed("table_by lies after the day of the answer")


def _addressees(command: IssueDirective, roster: Roster) -> tuple[OrgId, ...]:
    """Those that were chosen, those that are urged, or nobody by name when it goes to all."""
    urged = tuple(dict.fromkeys(OrgId(link.partition("/")[0]) for link in command.obligations))
    chosen = tuple(dict.fromkeys(command.addressees))
    if command.to_all and (chosen or urged):
        raise Malformed("addressees are all or those that are named, not both")
    if urged and chosen and set(urged) != set(chosen):
        raise Malformed("addressees are not those of whom something is urged")
    named = chosen or urged
    if not named and not command.to_all:
        raise Malformed("addressees are wanting")
    stranger = next((branch for branch in named if branch not in roster.branches), None)
    if stranger is not None:
        raise Absent(stranger)
    if command.to_all and not roster.branches:
        raise Absent("there is no branch yet")
    return named


class WithdrawDirective(Command, frozen=True, kw_only=True, tag="withdraw-directive"):
    """The committee takes a directive back from everybody."""

    zh: ClassVar[str] = "撤回上级部署"
    en: ClassVar[str] = "Withdraw a directive"

    directive_id: Which
    reason: Annotated[Text, label("撤回原因", "Reason", min_length=1)]


def withdraw_directive(command: WithdrawDirective, _context: Context, directives: Directives) -> Outcome:
    one = directives.sent(command.directive_id)
    if one.withdrawn is not None:
        return []
    if command.occurred_on < one.issued.occurred_on:
        raise Conflict(f"it was issued on {one.issued.occurred_on}, after {command.occurred_on}")
    return [DirectiveWithdrawn(occurred_on=command.occurred_on, directive_id=command.directive_id, reason=command.reason)]


Seen = Annotated[
    AnswerId | None,
    label("报告编号", "Answer id", help_zh="只对这份报告作出决定", help_en="Decides about this answer and no other"),
]


class AcceptAnswer(Command, frozen=True, kw_only=True, tag="accept-answer"):
    """The committee is satisfied with what a branch reported; sent to the branch's book."""

    zh: ClassVar[str] = "办结上级部署"
    en: ClassVar[str] = "Accept an answer"

    directive_id: Which
    answer_id: Seen = None
    comment: Annotated[Text, label("批示意见", "Comment")] = ""


def accept_answer(command: AcceptAnswer, _context: Context, directives: Directives) -> Outcome:
    """The last answer, unless it was sent back."""
    one = directives.standing(command.directive_id, command.occurred_on)
    answer = _last(one, command.answer_id, command.occurred_on)
    if one.accepted is not None:
        return []
    if one.returned is not None:
        raise BuiltUpon("已退回，须先撤回退回", "It was returned: take that back first")
    return [
        AnswerAccepted(
            occurred_on=command.occurred_on,
            directive_id=command.directive_id,
            answer_id=answer.answer_id,
            comment=command.comment,
        )
    ]


class ReturnAnswer(Command, frozen=True, kw_only=True, tag="return-answer"):
    """The committee wants more: the answer goes back with the reason and a new day; sent to the branch's book."""

    zh: ClassVar[str] = "退回落实情况报告"
    en: ClassVar[str] = "Return an answer"

    directive_id: Which
    answer_id: Seen = None
    reason: Annotated[LongText, label("退回原因", "What is wanting", min_length=1)]
    answer_by: Annotated[dt.date, label("重新报告期限", "Answer again by")]


def return_answer(command: ReturnAnswer, _context: Context, directives: Directives) -> Outcome:
    one = directives.standing(command.directive_id, command.occurred_on)
    answer = _last(one, command.answer_id, command.occurred_on)
    if command.answer_by < command.occurred_on:
        raise Malformed("answer_by lies before the day of the return")
    if one.accepted is not None:
        raise BuiltUpon("已办结，须先撤回办结", "It was accepted: take that back first")
    event = AnswerReturned(
        occurred_on=command.occurred_on,
        directive_id=command.directive_id,
        answer_id=answer.answer_id,
        reason=command.reason,
        answer_by=command.answer_by,
    )
    return [] if one.returned == event else [event]


def _last(one: Received, seen: AnswerId | None, day: dt.date) -> DirectiveAnswered:
    if not one.answers:
        raise BuiltUpon("该党支部尚未报告落实情况", "The branch has not answered yet")
    answer = one.answers[-1]
    if seen is not None and seen != answer.answer_id:
        raise Conflict(f"the last answer is {answer.answer_id}, not {seen}")
    if day < answer.occurred_on:
        raise Conflict(f"the answer is of {answer.occurred_on}, after {day}")
    return answer


class WithdrawAnswerDecision(Command, frozen=True, kw_only=True, tag="withdraw-answer-decision"):
    """An answer was accepted or returned by mistake: it waits again; sent to the branch's book."""

    zh: ClassVar[str] = "撤回办结或退回"
    en: ClassVar[str] = "Withdraw a decision on an answer"

    directive_id: Which
    reason: Annotated[Text, label("撤回原因", "Reason", min_length=1)]


def withdraw_answer_decision(command: WithdrawAnswerDecision, _context: Context, directives: Directives) -> Outcome:
    one = directives.standing(command.directive_id, command.occurred_on)
    decided = one.accepted or one.returned
    if decided is None:
        return []
    event = DirectiveStepWithdrawn(
        occurred_on=command.occurred_on,
        directive_id=command.directive_id,
        step=DirectiveStep.ACCEPTED if decided is one.accepted else DirectiveStep.RETURNED,
        entry_id=decided.answer_id,
        reason=command.reason,
    )
    return [event]


CASES = (
    Case(command=IssueDirective, right=Right.SUPERIOR_WRITE, reads=(DIRECTIVES, ROSTER, DOCUMENTS), decide=issue_directive),
    Case(command=WithdrawDirective, right=Right.SUPERIOR_WRITE, reads=(DIRECTIVES,), decide=withdraw_directive),
    Case(command=AcceptAnswer, right=Right.SUPERIOR_WRITE, reads=(DIRECTIVES,), decide=accept_answer),
    Case(command=ReturnAnswer, right=Right.SUPERIOR_WRITE, reads=(DIRECTIVES,), decide=return_answer),
    Case(command=WithdrawAnswerDecision, right=Right.SUPERIOR_WRITE, reads=(DIRECTIVES,), decide=withdraw_answer_decision),
)
