"""The branch's part: sign for a directive, table it, hand it over, report what was done (N09.T04, DL-61)."""

from typing import Annotated, ClassVar

from events.base import LongText, MeetingId, PersonId, Text
from events.directives import (
    AnswerId,
    DirectiveAnswered,
    DirectiveAssigned,
    DirectiveSigned,
    DirectiveStep,
    DirectiveStepWithdrawn,
    DirectiveTabled,
    TablingId,
)
from events.documents import DocumentId
from service.auth.rights import Right
from service.decide.base import Case, Command, Context, Outcome, label
from service.decide.directives.state import DIRECTIVES, Directives, Received, Which
from service.decide.documents.state import DOCUMENTS, Documents
from service.decide.meetings.state import MEETING, Meeting, held, not_before
from service.decide.roster import ROSTER, Roster
from service.errors import BuiltUpon, Malformed


class SignForDirective(Command, frozen=True, kw_only=True, tag="sign-for-directive"):
    """The branch has read what the superior sent and signs for it."""

    zh: ClassVar[str] = "签收上级部署"
    en: ClassVar[str] = "Sign for a directive"

    directive_id: Which


def sign_for_directive(command: SignForDirective, _context: Context, directives: Directives) -> Outcome:
    """Once; a paper that was signed for before needs no second signature."""
    one = directives.standing(command.directive_id, command.occurred_on)
    if one.signed_on is not None:
        return []
    return [DirectiveSigned(occurred_on=command.occurred_on, directive_id=command.directive_id)]


class HandOverDirective(Command, frozen=True, kw_only=True, tag="hand-over-directive"):
    """A member becomes responsible for carrying it out."""

    zh: ClassVar[str] = "交办上级部署"
    en: ClassVar[str] = "Hand over a directive"

    directive_id: Which
    person_id: Annotated[PersonId, label("承办人", "Responsible")]


def hand_over_directive(command: HandOverDirective, _context: Context, directives: Directives, roster: Roster) -> Outcome:
    one = directives.signed(command.directive_id, command.occurred_on)
    roster.must_be_active(command.person_id, command.occurred_on, "person_id")
    if one.responsible == command.person_id:
        return []
    return [DirectiveAssigned(occurred_on=command.occurred_on, directive_id=command.directive_id, person_id=command.person_id)]


class TableDirective(Command, frozen=True, kw_only=True, tag="table-directive"):
    """A meeting studied it and arranged the work."""

    zh: ClassVar[str] = "研究部署上级要求"
    en: ClassVar[str] = "Table a directive"

    directive_id: Which
    meeting_id: Annotated[MeetingId, label("研究的会议", "Meeting")]
    arrangement: Annotated[LongText, label("研究部署情况", "What was arranged", min_length=1)]


def table_directive(command: TableDirective, context: Context, directives: Directives, meeting: Meeting) -> Outcome:
    """The meeting was held, after the directive had come; the same meeting again is nothing to do."""
    one = directives.signed(command.directive_id, command.occurred_on)
    took_place = held(meeting, command.meeting_id)
    not_before(took_place, command.occurred_on)
    if took_place.occurred_on < one.delivered.issued_on:
        raise BuiltUpon("会议早于文件印发", "The meeting was held before the directive was issued")
    if any(before.meeting_id == command.meeting_id for before in one.tabled):
        return []
    event = DirectiveTabled(
        occurred_on=command.occurred_on,
        directive_id=command.directive_id,
        tabling_id=TablingId(context.event_ids[0]),
        meeting_id=command.meeting_id,
        arrangement=command.arrangement,
    )
    return [event]


class AnswerDirective(Command, frozen=True, kw_only=True, tag="answer-directive"):
    """The branch reports what it did."""

    zh: ClassVar[str] = "报告落实情况"
    en: ClassVar[str] = "Answer a directive"

    directive_id: Which
    text: Annotated[LongText, label("落实情况", "What was done", min_length=1)]
    documents: Annotated[tuple[DocumentId, ...], label("佐证材料", "Documents", max_length=50)] = ()
    answer_id: Annotated[AnswerId | None, label("报告编号", "Answer id")] = None


def answer_directive(command: AnswerDirective, context: Context, directives: Directives, documents: Documents) -> Outcome:
    """One answer at a time: another one after the first was sent back or withdrawn."""
    one = directives.signed(command.directive_id, command.occurred_on)
    if not command.text.strip():
        raise Malformed("text is empty")
    for document in command.documents:
        documents.standing(document)
    if _same(one, command):
        return []
    if one.accepted is not None:
        raise BuiltUpon("上级已办结", "The superior has accepted the answer")
    if one.waiting is not None:
        raise BuiltUpon("已有报告待上级审核，可先撤回", "An answer waits for the superior: withdraw it first")
    answer_id = command.answer_id or AnswerId(context.event_ids[0])
    event = DirectiveAnswered(
        occurred_on=command.occurred_on,
        directive_id=command.directive_id,
        answer_id=answer_id,
        follows_id=None if one.returned is None else one.returned.answer_id,
        text=command.text,
        documents=tuple(dict.fromkeys(command.documents)),
    )
    return [event]


def _same(one: Received, command: AnswerDirective) -> bool:
    """Whether the last answer says this already and stands."""
    if not one.answers or one.returned is not None:
        return False
    last = one.answers[-1]
    return (last.text, last.documents) == (command.text, command.documents)


class WithdrawDirectiveStep(Command, frozen=True, kw_only=True, tag="withdraw-directive-step"):
    """A wrong entry of the branch about a directive is taken back: the last of its kind."""

    zh: ClassVar[str] = "撤回上级部署登记"
    en: ClassVar[str] = "Withdraw an entry about a directive"

    directive_id: Which
    step: Annotated[DirectiveStep, label("撤回事项", "Which entry")]
    reason: Annotated[Text, label("撤回原因", "Reason", min_length=1)]


def withdraw_directive_step(command: WithdrawDirectiveStep, _context: Context, directives: Directives) -> Outcome:
    """What the superior decided rests on an answer, and everything rests on the signature."""
    one = directives.standing(command.directive_id, command.occurred_on)
    entry = _last(one, command.step)
    if entry is None:
        return []
    if one.accepted is not None or (one.returned is not None and command.step is DirectiveStep.ANSWERED):
        raise BuiltUpon("上级已作出决定", "The superior has decided on it")
    if command.step is DirectiveStep.SIGNED and (one.assigned or one.tabled or one.answers):
        raise BuiltUpon("签收后已有办理记录", "Other entries rest on the signature")
    event = DirectiveStepWithdrawn(
        occurred_on=command.occurred_on, directive_id=command.directive_id, step=command.step, entry_id=entry, reason=command.reason
    )
    return [event]


def _last(one: Received, step: DirectiveStep) -> str | None:
    """The last entry of a kind, by its name."""
    match step:
        case DirectiveStep.SIGNED:
            return None if one.signed is None else one.delivered.directive_id
        case DirectiveStep.ASSIGNED:
            return one.delivered.directive_id if one.assigned else None
        case DirectiveStep.TABLED:
            return one.tabled[-1].tabling_id if one.tabled else None
        case DirectiveStep.ANSWERED:
            return one.answers[-1].answer_id if one.answers else None
        case _:
            raise Malformed("step: the superior takes back what it decided")


CASES = (
    Case(command=SignForDirective, right=Right.WORK_WRITE, reads=(DIRECTIVES,), decide=sign_for_directive),
    Case(command=HandOverDirective, right=Right.WORK_WRITE, reads=(DIRECTIVES, ROSTER), decide=hand_over_directive),
    Case(command=TableDirective, right=Right.WORK_WRITE, reads=(DIRECTIVES, MEETING), decide=table_directive),
    Case(command=AnswerDirective, right=Right.WORK_WRITE, reads=(DIRECTIVES, DOCUMENTS), decide=answer_directive),
    Case(command=WithdrawDirectiveStep, right=Right.WORK_WRITE, reads=(DIRECTIVES,), decide=withdraw_directive_step),
)
