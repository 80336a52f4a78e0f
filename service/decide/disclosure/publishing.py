"""Openness, from the publication on: publish, correct, take down, opinions and requests with their answers (N07, R-F05 to R-F08)."""

import datetime as dt
from typing import Annotated, ClassVar

from msgspec.structs import replace

from events.base import LongText, PersonId, Text
from events.disclosure import (
    AnswerKind,
    DisclosureCorrected,
    DisclosureEnded,
    DisclosureId,
    DisclosurePublished,
    DisclosureSubject,
    DisclosureWay,
    FeedbackAnswered,
    FeedbackId,
    FeedbackKind,
    FeedbackReceived,
    Secrecy,
    TakenDown,
)
from projections.standard.holidays import add_working_days
from projections.standard.rules import Rules
from service.auth.rights import Right
from service.decide.base import Case, Command, Context, Outcome, label
from service.decide.disclosure.approval import Which
from service.decide.disclosure.state import ITEM, VOICES, Openness, Stage, must_be_disclosable, must_be_known, must_hold_nothing_personal
from service.decide.ladder import Rung, climb, day_of
from service.decide.procedure import Procedure, Step
from service.decide.roster import ROSTER, Roster
from service.errors import Absent, Conflict, Malformed, Refused


class PublishDisclosure(Command, frozen=True, kw_only=True, tag="publish-disclosure"):
    """Make an approved item public."""

    zh: ClassVar[str] = "公开党务事项"
    en: ClassVar[str] = "Publish an item"

    item_id: Which
    ways: Annotated[
        tuple[DisclosureWay, ...], label("公开方式", "Ways", max_length=7, help_zh="留空则如所提出", help_en="Empty: as proposed")
    ] = ()
    place: Annotated[Text | None, label("公开位置", "Where", help_zh="公开栏、网址或会议", help_en="Notice board, address or meeting")] = (
        None
    )
    until: Annotated[dt.date | None, label("公开至", "Shown until", help_zh="长期公开留空", help_en="Empty: for good")] = None


def publish_disclosure(command: PublishDisclosure, context: Context, item: Openness) -> Outcome:
    """Proposal, review and approval are on record (INV-082)."""
    proposed = must_be_known(item, command.item_id, command.occurred_on)
    if item.decided is None or item.stage not in (Stage.APPROVED, Stage.PUBLISHED):
        raise Refused("INV-082", "item_id", detail=item.stage.value)
    if command.until is not None and command.until < command.occurred_on:
        raise Malformed("until lies before the publication")
    must_hold_nothing_personal("place", place=command.place)
    event = DisclosurePublished(
        occurred_on=command.occurred_on,
        item_id=command.item_id,
        subject=proposed.subject,
        ways=command.ways or proposed.ways,
        place=command.place,
        until=command.until,
        late_days=max(0, (command.occurred_on - publish_by(item.decided.occurred_on, context.rules)).days),
    )
    if item.published is not None and replace(item.published, late_days=event.late_days) != event:
        raise Conflict(f"item {command.item_id} was published on {item.published.occurred_on}")
    return [] if item.published is not None else [event]


def publish_by(approved_on: dt.date, rules: Rules) -> dt.date:
    """The last day in time (N07.T04)."""
    return add_working_days(approved_on, rules.number("disclosure.event_working_days"))


class CorrectDisclosure(Command, frozen=True, kw_only=True, tag="correct-disclosure"):
    """Put right what was published; reviewed and approved like the first."""

    zh: ClassVar[str] = "更正党务公开内容"
    en: ClassVar[str] = "Correct what was published"

    item_id: Which
    content: Annotated[LongText, label("更正后内容", "Right content", min_length=1)]
    reason: Annotated[Text, label("更正原因", "Reason", min_length=1)]
    secrecy_checked: Annotated[bool, label("已作保密审查", "Secrecy checked")]
    secrecy: Annotated[Secrecy, label("保密审查结论", "Level found")]
    reviewer: Annotated[PersonId, label("审核人", "Reviewer")]
    approver: Annotated[PersonId, label("审批人", "Approver")]


def correct_disclosure(command: CorrectDisclosure, _context: Context, item: Openness, roster: Roster) -> Outcome:
    """No way round review and approval (INV-082 to INV-084)."""
    proposed = must_be_known(item, command.item_id, command.occurred_on)
    if item.stage is not Stage.PUBLISHED:
        raise Conflict(f"item {command.item_id} is {item.stage.value}")
    if command.content == item.content:
        return []
    if not command.secrecy_checked:
        raise Refused("INV-082", "secrecy_checked")
    must_be_disclosable(command.secrecy, proposed.scope, "secrecy")
    must_hold_nothing_personal("content", roster.members, content=command.content)
    must_hold_nothing_personal("reason", roster.members, reason=command.reason)
    roster.must_be_active(command.reviewer, command.occurred_on, "reviewer")
    roster.must_be_active(command.approver, command.occurred_on, "approver")
    if command.reviewer == command.approver:
        raise Refused("INV-083", "approver")
    return [
        DisclosureCorrected(
            occurred_on=command.occurred_on,
            item_id=command.item_id,
            content=command.content,
            reason=command.reason,
            secrecy=command.secrecy,
            reviewer=command.reviewer,
            approver=command.approver,
        )
    ]


class WithdrawDisclosure(Command, frozen=True, kw_only=True, tag="withdraw-disclosure"):
    """Take an item down: its period is over, or it should not be shown."""

    zh: ClassVar[str] = "撤下党务公开事项"
    en: ClassVar[str] = "Take an item down"

    item_id: Which
    ground: Annotated[TakenDown, label("撤下情形", "Ground")]
    reason: Annotated[Text, label("原因", "Reason", min_length=1)]


def withdraw_disclosure(command: WithdrawDisclosure, context: Context, item: Openness) -> Outcome:
    """A notice board taken down before its days are over is noted, not refused (R-F05)."""
    must_be_known(item, command.item_id, command.occurred_on)
    if item.stage is Stage.ENDED:
        return []
    if item.published is None or item.stage is not Stage.PUBLISHED:
        raise Conflict(f"item {command.item_id} is {item.stage.value}")
    shown_days = (command.occurred_on - item.published.occurred_on).days
    wanted_days = context.rules.number("disclosure.board_days") if DisclosureWay.BOARD in item.published.ways else 0
    short_days = max(0, wanted_days - shown_days) if command.ground is TakenDown.PERIOD_OVER else 0
    return [
        DisclosureEnded(
            occurred_on=command.occurred_on,
            item_id=command.item_id,
            ground=command.ground,
            reason=command.reason,
            short_days=short_days,
        )
    ]


class ReceiveFeedback(Command, frozen=True, kw_only=True, tag="receive-feedback"):
    """Somebody said something on what was disclosed, or asked to disclose."""

    zh: ClassVar[str] = "登记公开反馈意见"
    en: ClassVar[str] = "Record feedback"

    kind: Annotated[FeedbackKind, label("性质", "Kind")]
    item_id: Annotated[DisclosureId | None, label("公开事项", "Item", help_zh="依申请公开可留空", help_en="May be empty for a request")] = (
        None
    )
    given_by: Annotated[
        PersonId | None, label("反馈党员", "Member", help_zh="群众或匿名留空", help_en="Empty for the public or the anonymous")
    ] = None
    content: Annotated[LongText, label("内容", "Content", min_length=1)]
    feedback_id: Annotated[FeedbackId | None, label("意见编号", "Feedback id", help_zh="通常留空", help_en="Usually left empty")] = None


def receive_feedback(command: ReceiveFeedback, context: Context, item: Openness, roster: Roster) -> Outcome:
    """An opinion is about something published; the day by which to answer follows from its kind (R-F07, R-F08)."""
    if command.kind is FeedbackKind.OPINION and command.item_id is None:
        raise Malformed("an opinion names the item that it is about")
    if command.item_id is not None and item.proposed is None:
        raise Absent(f"item {command.item_id}")
    if command.kind is FeedbackKind.OPINION and (item.published is None or command.occurred_on < item.published.occurred_on):
        raise Conflict(f"item {command.item_id} was not published by then")
    key = "disclosure.answer_working_days" if command.kind is FeedbackKind.REQUEST else "disclosure.feedback_working_days"
    event = FeedbackReceived(
        occurred_on=command.occurred_on,
        feedback_id=command.feedback_id or FeedbackId(context.event_ids[0]),
        item_id=command.item_id,
        kind=command.kind,
        given_by=command.given_by,
        content=command.content,
        answer_by=add_working_days(command.occurred_on, context.rules.number(key)),
    )
    known = item.feedback.get(event.feedback_id)
    if known is not None and known != event:
        raise Conflict(f"other feedback is recorded as {event.feedback_id}")
    if known is None and command.given_by is not None:
        roster.must_be_active(command.given_by, command.occurred_on, "given_by")
    return [] if known is not None else [event]


class AnswerFeedback(Command, frozen=True, kw_only=True, tag="answer-feedback"):
    """Answer an opinion or a request."""

    zh: ClassVar[str] = "答复公开反馈意见"
    en: ClassVar[str] = "Answer feedback"

    feedback_id: Annotated[FeedbackId, label("意见", "Feedback")]
    item_id: Annotated[DisclosureId | None, label("公开事项", "Item", help_zh="如意见所列", help_en="As the opinion says")] = None
    answer: Annotated[AnswerKind, label("答复结果", "Outcome")]
    content: Annotated[
        LongText, label("答复内容", "Answer", min_length=1, help_zh="不予公开须书面说明理由", help_en="Declining needs a written reason")
    ]
    answered_by: Annotated[PersonId, label("答复人", "Answered by")]


def answer_feedback(command: AnswerFeedback, _context: Context, item: Openness, roster: Roster) -> Outcome:
    """Once; how many days late is noted (R-F07, R-F08, DL-58)."""
    given = item.feedback.get(command.feedback_id)
    if given is None:
        raise Absent(f"feedback {command.feedback_id}")
    if command.occurred_on < given.occurred_on:
        raise Conflict(f"feedback {command.feedback_id} is of {given.occurred_on}")
    event = FeedbackAnswered(
        occurred_on=command.occurred_on,
        feedback_id=command.feedback_id,
        item_id=command.item_id,
        answer=command.answer,
        content=command.content,
        answered_by=command.answered_by,
        late_days=max(0, (command.occurred_on - given.answer_by).days),
    )
    known = item.answers.get(command.feedback_id)
    if known is not None and known != event:
        raise Conflict(f"feedback {command.feedback_id} was answered on {known.occurred_on}")
    if known is None:
        roster.must_be_active(command.answered_by, command.occurred_on, "answered_by")
        if command.item_id is not None:  # it stands beside the item, for everybody who sees that
            must_hold_nothing_personal("content", roster.members, content=command.content)
    return [] if known is not None else [event]


MATERIALS: dict[DisclosureSubject, tuple[str, ...]] = {
    DisclosureSubject.DECISIONS: ("N07.M01",),
    DisclosureSubject.GOALS: ("N07.M02",),
    DisclosureSubject.EDUCATION: ("N07.M03",),
    DisclosureSubject.ORGANISATION: ("N07.M04",),
}
"""The papers that belong to a subject."""


def steps(item: Openness, _subject: str, rules: Rules, _today: dt.date) -> tuple[Step, ...]:
    """From the proposal to the day it is taken down (R-F03)."""
    if item.proposed is None:
        return ()
    dropped = item.dropped is not None
    reviewed = item.reviewed if item.reviewed is not None and item.reviewed.passed else None
    decided = item.decided if item.decided is not None and item.decided.granted else None
    block_zh, block_en = _sent_back(item)
    proposed = Rung(code="propose", zh="提出", en="Proposal", rule="R-F03", done_on=item.proposed.occurred_on, command="propose-disclosure")
    review = Rung(
        code="review", zh="审核(含保密审查)", en="Review with secrecy check", rule="INV-084", command="review-disclosure",
        done_on=day_of(reviewed), needs=("propose",), skipped=dropped, block_zh=block_zh, block_en=block_en,
    )  # fmt: skip
    approve = Rung(
        code="approve", zh="审批", en="Approval", rule="INV-083",
        command="decide-disclosure" if item.submitted is None else "decide-disclosure-above",
        done_on=day_of(decided), needs=("review",), skipped=dropped, block_zh=block_zh, block_en=block_en,
    )  # fmt: skip
    publish = Rung(
        code="publish", zh="实施公开", en="Publication", rule="INV-082", command="publish-disclosure",
        done_on=day_of(item.published), needs=("approve",), skipped=dropped,
        latest=None if decided is None else publish_by(decided.occurred_on, rules), materials=MATERIALS.get(item.proposed.subject, ()),
    )  # fmt: skip
    down = Rung(
        code="take-down", zh="撤下", en="Taking down", rule="R-F05", command="withdraw-disclosure", needs=("publish",),
        done_on=day_of(item.ended), latest=None if item.published is None else item.published.until, skipped=dropped,
    )  # fmt: skip
    return climb((proposed, review, approve, publish, down))


def _sent_back(item: Openness) -> tuple[str, str]:
    if item.stage is Stage.SENT_BACK:
        return "审核未通过，须修改后重新提出", "Sent back: propose it again"
    if item.stage is Stage.REJECTED:
        return "审批未同意，须修改后重新提出", "Not approved: propose it again"
    return "", ""


CASES = (
    Case(command=PublishDisclosure, right=Right.DISCLOSURE_WRITE, reads=(ITEM,), decide=publish_disclosure),
    Case(command=CorrectDisclosure, right=Right.DISCLOSURE_WRITE, reads=(ITEM, ROSTER), decide=correct_disclosure),
    Case(command=WithdrawDisclosure, right=Right.DISCLOSURE_WRITE, reads=(ITEM,), decide=withdraw_disclosure),
    Case(command=ReceiveFeedback, right=Right.DISCLOSURE_WRITE, reads=(VOICES, ROSTER), decide=receive_feedback),
    Case(command=AnswerFeedback, right=Right.DISCLOSURE_WRITE, reads=(VOICES, ROSTER), decide=answer_feedback),
)

PROCEDURES = (
    Procedure(
        kind="disclosure",
        zh="党务公开",
        en="Openness of Party affairs",
        stream=lambda subject: f"disclosure-{subject}",
        fold=ITEM,
        steps=steps,
        field="item_id",
        title=lambda item, subject: subject if item.proposed is None else item.proposed.title,
    ),
)
