"""Deciding about obligations: each step happens once, however often a worker asks for it (rules 0.4; INV-098)."""

import datetime as dt
from collections.abc import Mapping
from typing import Annotated, ClassVar, assert_never, cast

import msgspec

from events.base import Choice, Count, Event, LongText, Text
from events.obligations import (
    ObligationEscalated,
    ObligationEvent,
    ObligationExplained,
    ObligationExtended,
    ObligationId,
    ObligationOverdue,
    ObligationRaised,
    ObligationReminded,
    ObligationWaived,
    Offset,
)
from service.auth.rights import Right
from service.decide.base import Case, Command, Context, Fold, Outcome, label, own
from service.errors import Absent, Conflict, Malformed, Refused


class Duty(msgspec.Struct, frozen=True, kw_only=True):
    """One obligation as far as its own events tell; whether it is fulfilled stands in the evidence."""

    raised: ObligationRaised
    due_on: dt.date
    """As raised or extended; what began it may have moved it on, which only the view knows."""
    reminded: tuple[tuple[dt.date, int], ...] = ()
    """Due dates with offsets."""
    overdue: tuple[dt.date, ...] = ()
    """Due dates that passed."""
    escalated: tuple[dt.date, ...] = ()
    waived: bool = False
    explained: str = ""
    """The branch's last word about the due date that holds."""

    def stale(self, due_on: dt.date) -> bool:
        """Whether a step about that due date comes to nothing: waived, or more time was given meanwhile."""
        return self.waived or due_on < self.due_on


STEPS_MAX = 16
"""As many events as one command may record."""
Duties = Mapping[str, Duty]
"""By obligation id."""

change = msgspec.structs.replace


def evolve(duties: Duties, event: Event) -> Duties:
    """The obligations after one more event of their stream."""
    own_event = cast("ObligationEvent", event)
    if isinstance(own_event, ObligationRaised):
        return {**duties, own_event.obligation_id: Duty(raised=own_event, due_on=own_event.due_on)}
    return {**duties, own_event.obligation_id: _step(duties[own_event.obligation_id], own_event)}


Later = ObligationReminded | ObligationOverdue | ObligationEscalated | ObligationExplained | ObligationWaived | ObligationExtended


def _step(duty: Duty, event: Later) -> Duty:
    match event:
        case ObligationReminded(due_on=due_on, offset=offset):
            return change(duty, reminded=(*duty.reminded, (due_on, offset)))
        case ObligationOverdue(due_on=due_on):
            return change(duty, overdue=(*duty.overdue, due_on))
        case ObligationEscalated(due_on=due_on):
            return change(duty, escalated=(*duty.escalated, due_on))
        case ObligationWaived():
            return change(duty, waived=True)
        case ObligationExplained(reason=reason):
            return change(duty, explained=reason)
        case ObligationExtended(due_on=due_on):
            return change(duty, due_on=due_on, explained="")
        case _:
            assert_never(event)


DUTIES = Fold[Duties](name="obligations", book=own, stream=lambda _command: "obligations", initial={}, evolve=evolve)

Which = Annotated[ObligationId, label("任务编号", "Obligation")]
DueOn = Annotated[dt.date, label("到期日", "Due on")]


class RaiseObligation(Command, frozen=True, kw_only=True, tag="raise-obligation"):
    """A task falls to the branch."""

    zh: ClassVar[str] = "生成任务"
    en: ClassVar[str] = "Raise an obligation"

    obligation_id: Which
    deadline: Annotated[Text, label("期限编号", "Deadline")]
    task: Annotated[Text, label("规范任务", "Task of the standard")]
    period: Annotated[Text, label("周期", "Period")] = ""
    subject: Annotated[Text, label("对象", "Subject")] = ""
    due_on: DueOn
    needed: Annotated[Count, label("所需次数", "Proofs needed")] = 1


def raise_obligation(command: RaiseObligation, _context: Context, duties: Duties) -> Outcome:
    if command.obligation_id in duties:
        return []
    return [
        ObligationRaised(
            occurred_on=command.occurred_on,
            obligation_id=command.obligation_id,
            deadline=command.deadline,
            task=command.task,
            period=command.period,
            subject=command.subject,
            due_on=command.due_on,
            needed=command.needed,
        )
    ]


class RemindOfObligation(Command, frozen=True, kw_only=True, tag="remind-of-obligation"):
    """Whoever is responsible is told that it falls due."""

    zh: ClassVar[str] = "提醒任务"
    en: ClassVar[str] = "Remind of an obligation"

    obligation_id: Which
    due_on: DueOn
    offset: Annotated[Offset, label("距到期日天数", "Days from the due date")]


def remind_of_obligation(command: RemindOfObligation, _context: Context, duties: Duties) -> Outcome:
    """Nothing to do when it was said, when it is waived, or when the date has been moved meanwhile."""
    duty = _known(command.obligation_id, duties)
    if duty.stale(command.due_on) or (command.due_on, command.offset) in duty.reminded:
        return []
    return [
        ObligationReminded(
            occurred_on=command.occurred_on, obligation_id=command.obligation_id, due_on=command.due_on, offset=command.offset
        )
    ]


class MarkObligationOverdue(Command, frozen=True, kw_only=True, tag="mark-obligation-overdue"):
    """The due date passed without the evidence."""

    zh: ClassVar[str] = "标记任务逾期"
    en: ClassVar[str] = "Mark an obligation overdue"

    obligation_id: Which
    due_on: DueOn


def mark_obligation_overdue(command: MarkObligationOverdue, _context: Context, duties: Duties) -> Outcome:
    duty = _known(command.obligation_id, duties)
    if duty.stale(command.due_on) or command.due_on in duty.overdue or command.occurred_on <= command.due_on:
        return []
    return [ObligationOverdue(occurred_on=command.occurred_on, obligation_id=command.obligation_id, due_on=command.due_on)]


class EscalateObligation(Command, frozen=True, kw_only=True, tag="escalate-obligation"):
    """The superior is told."""

    zh: ClassVar[str] = "任务上报督办"
    en: ClassVar[str] = "Escalate an obligation"

    obligation_id: Which
    due_on: DueOn
    again: Annotated[bool, label("再次上报", "Once more")] = False


def escalate_obligation(command: EscalateObligation, _context: Context, duties: Duties) -> Outcome:
    """Once for each due date, and once more where it is there for long."""
    duty = _known(command.obligation_id, duties)
    if duty.stale(command.due_on) or command.occurred_on <= command.due_on:
        return []
    if duty.escalated.count(command.due_on) != command.again:
        return []
    return [ObligationEscalated(occurred_on=command.occurred_on, obligation_id=command.obligation_id, due_on=command.due_on)]


class DutyDo(Choice):
    """What a worker says about a duty."""

    RAISE = "raise", "生成", "Raise"
    REMIND = "remind", "提醒", "Remind"
    MARK = "mark", "标记逾期", "Mark overdue"
    ESCALATE = "escalate", "上报", "Escalate"
    PRESS = "press", "再次上报", "Escalate once more"


class DutyStep(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One of the commands above, in brief."""

    do: Annotated[DutyDo, label("事项", "What")]
    obligation_id: Which
    due_on: DueOn
    deadline: Annotated[Text, label("期限编号", "Deadline")] = ""
    task: Annotated[Text, label("规范任务", "Task of the standard")] = ""
    period: Annotated[Text, label("周期", "Period")] = ""
    subject: Annotated[Text, label("对象", "Subject")] = ""
    needed: Annotated[Count, label("所需次数", "Proofs needed")] = 1
    offset: Annotated[Offset, label("距到期日天数", "Days from the due date")] = 0


class RecordDuties(Command, frozen=True, kw_only=True, tag="record-duties"):
    """What a worker has to say of one branch, a dozen steps in one breath; each comes to what it would come to alone."""

    zh: ClassVar[str] = "登记任务进展"
    en: ClassVar[str] = "Record the course of duties"

    steps: Annotated[tuple[DutyStep, ...], label("步骤", "Steps"), msgspec.Meta(min_length=1, max_length=STEPS_MAX)]


def record_duties(command: RecordDuties, context: Context, duties: Duties) -> Outcome:
    """A step about a duty that is not there comes to nothing."""
    found: list[Event] = []
    for step in command.steps:
        if step.do is not DutyDo.RAISE and step.obligation_id not in duties:
            continue
        for event in _decide(step, command.occurred_on, context, duties):
            duties = evolve(duties, event)
            found.append(event)
    return [*found]


def _decide(step: DutyStep, on: dt.date, context: Context, duties: Duties) -> list[Event]:
    which, due_on = step.obligation_id, step.due_on
    match step.do:
        case DutyDo.RAISE:
            raised = {field: getattr(step, field) for field in ("deadline", "task", "period", "subject", "needed")}
            outcome = raise_obligation(RaiseObligation(occurred_on=on, obligation_id=which, due_on=due_on, **raised), context, duties)
        case DutyDo.REMIND:
            remind = RemindOfObligation(occurred_on=on, obligation_id=which, due_on=due_on, offset=step.offset)
            outcome = remind_of_obligation(remind, context, duties)
        case DutyDo.MARK:
            outcome = mark_obligation_overdue(MarkObligationOverdue(occurred_on=on, obligation_id=which, due_on=due_on), context, duties)
        case DutyDo.ESCALATE | DutyDo.PRESS:
            again = step.do is DutyDo.PRESS
            outcome = escalate_obligation(
                EscalateObligation(occurred_on=on, obligation_id=which, due_on=due_on, again=again), context, duties
            )
        case _:
            assert_never(step.do)
    return [event for event in outcome if isinstance(event, Event)]


class ExplainObligation(Command, frozen=True, kw_only=True, tag="explain-obligation"):
    """The branch says why it is not done yet."""

    zh: ClassVar[str] = "说明任务原因"
    en: ClassVar[str] = "Explain an obligation"

    obligation_id: Which
    reason: Annotated[LongText, label("原因", "Reason")]


def explain_obligation(command: ExplainObligation, _context: Context, duties: Duties) -> Outcome:
    duty = _known(command.obligation_id, duties)
    if not command.reason.strip():
        raise Malformed("reason")
    if duty.waived:
        raise Conflict(f"{command.obligation_id} is waived")
    if command.reason == duty.explained:
        return []
    return [ObligationExplained(occurred_on=command.occurred_on, obligation_id=command.obligation_id, reason=command.reason)]


class WaiveObligation(Command, frozen=True, kw_only=True, tag="waive-obligation"):
    """The superior lets the branch off."""

    zh: ClassVar[str] = "豁免任务"
    en: ClassVar[str] = "Waive an obligation"

    obligation_id: Which
    reason: Annotated[LongText, label("豁免原因", "Reason")]


def waive_obligation(command: WaiveObligation, _context: Context, duties: Duties) -> Outcome:
    duty = _known(command.obligation_id, duties)
    if not command.reason.strip():
        raise Refused("INV-098", "reason")
    if duty.waived:
        return []
    return [ObligationWaived(occurred_on=command.occurred_on, obligation_id=command.obligation_id, reason=command.reason)]


class ExtendObligation(Command, frozen=True, kw_only=True, tag="extend-obligation"):
    """The superior gives more time."""

    zh: ClassVar[str] = "延长任务期限"
    en: ClassVar[str] = "Extend an obligation"

    obligation_id: Which
    due_on: Annotated[dt.date, label("新的到期日", "New due date")]
    reason: Annotated[LongText, label("延期原因", "Reason")]


def extend_obligation(command: ExtendObligation, _context: Context, duties: Duties) -> Outcome:
    """The new date lies after the one that holds; a waived obligation has no date left to move."""
    duty = _known(command.obligation_id, duties)
    if not command.reason.strip():
        raise Refused("INV-098", "reason")
    if duty.waived:
        raise Conflict(f"{command.obligation_id} is waived")
    if command.due_on == duty.due_on:
        return []
    if command.due_on < duty.due_on:
        raise Refused("INV-098", "due_on", detail=duty.due_on.isoformat())
    return [
        ObligationExtended(
            occurred_on=command.occurred_on, obligation_id=command.obligation_id, due_on=command.due_on, reason=command.reason
        )
    ]


def _known(obligation_id: str, duties: Duties) -> Duty:
    if obligation_id not in duties:
        raise Absent(f"obligation {obligation_id}")
    return duties[obligation_id]


CASES = (
    Case(command=RaiseObligation, right=Right.SYSTEM_WRITE, reads=(DUTIES,), decide=raise_obligation),
    Case(command=RemindOfObligation, right=Right.SYSTEM_WRITE, reads=(DUTIES,), decide=remind_of_obligation),
    Case(command=MarkObligationOverdue, right=Right.SYSTEM_WRITE, reads=(DUTIES,), decide=mark_obligation_overdue),
    Case(command=EscalateObligation, right=Right.SYSTEM_WRITE, reads=(DUTIES,), decide=escalate_obligation),
    Case(command=RecordDuties, right=Right.SYSTEM_WRITE, reads=(DUTIES,), decide=record_duties),
    Case(command=ExplainObligation, right=Right.WORK_WRITE, reads=(DUTIES,), decide=explain_obligation),
    Case(command=WaiveObligation, right=Right.SUPERIOR_WRITE, reads=(DUTIES,), decide=waive_obligation),
    Case(command=ExtendObligation, right=Right.SUPERIOR_WRITE, reads=(DUTIES,), decide=extend_obligation),
)
