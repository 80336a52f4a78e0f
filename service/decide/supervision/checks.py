"""Checks and the rules on conduct outside the eight hours; entries taken back (N18.T01, N18.T02, N03.T03, N03.M02, INV-009)."""

from typing import Annotated, ClassVar

from events.base import LongText, MeetingId, PersonId, Text
from events.supervision import (
    CheckTopic,
    ComplaintId,
    EightHourBreachRecorded,
    EightHourRulesAdopted,
    LetterVisitId,
    RulesAct,
    SuggestionId,
    SupervisionChecked,
    SupervisionEntryWithdrawn,
    SupervisionId,
)
from service.auth.rights import Right
from service.decide.base import Case, Command, Context, Outcome, label
from service.decide.entries import on_record
from service.decide.roster import ROSTER, Roster
from service.decide.supervision.state import SUPERVISION, Supervision, begin
from service.errors import Absent, Conflict, Malformed


class RecordSupervisionCheck(Command, frozen=True, kw_only=True, tag="record-supervision-check"):
    """A check was made, on one topic or several; its texts name no persons."""

    zh: ClassVar[str] = "登记监督检查"
    en: ClassVar[str] = "Record a supervision check"

    topics: Annotated[tuple[CheckTopic, ...], label("监督事项", "Topics")]
    checked_by: Annotated[tuple[PersonId, ...], label("检查人", "Checked by")]
    finding: Annotated[
        LongText,
        label(
            "情况",
            "Findings",
            min_length=1,
            help_zh="不写个人姓名；涉及个人的另行登记",
            help_en="No names of persons: what concerns one of them is recorded apart",
        ),
    ]
    handling: Annotated[LongText | None, label("处理", "What was done")] = None
    entry_id: Annotated[SupervisionId | None, label("记录编号", "Entry id")] = None


class AdoptEightHourRules(Command, frozen=True, kw_only=True, tag="adopt-eight-hour-rules"):
    """Rules on conduct outside the eight hours are adopted, revised, or reviewed and kept."""

    zh: ClassVar[str] = "登记八小时以外约束细则"
    en: ClassVar[str] = "Adopt eight-hour rules"

    act: Annotated[RulesAct, label("情形", "What was done")]
    version: Annotated[Text, label("细则版本", "Version", min_length=1)]
    text: Annotated[LongText | None, label("细则内容", "Text of the rules")] = None
    meeting_id: Annotated[MeetingId | None, label("研究会议", "Meeting")] = None
    entry_id: Annotated[SupervisionId | None, label("记录编号", "Entry id")] = None


class RecordEightHourBreach(Command, frozen=True, kw_only=True, tag="record-eight-hour-breach"):
    """A member broke the eight-hour rules."""

    zh: ClassVar[str] = "登记八小时以外违规"
    en: ClassVar[str] = "Record a breach of the eight-hour rules"

    person_id: Annotated[PersonId, label("党员", "Member")]
    checked_by: Annotated[tuple[PersonId, ...], label("检查人", "Checked by")]
    facts: Annotated[LongText, label("情况", "What happened", min_length=1)]
    handling: Annotated[LongText | None, label("处理", "What was done")] = None
    entry_id: Annotated[SupervisionId | None, label("记录编号", "Entry id")] = None


class WithdrawSupervisionEntry(Command, frozen=True, kw_only=True, tag="withdraw-supervision-entry"):
    """An entry was made by mistake and is struck; one of the four is named."""

    zh: ClassVar[str] = "撤回监督登记"
    en: ClassVar[str] = "Withdraw a supervision entry"

    entry_id: Annotated[SupervisionId | None, label("检查、细则、违规或权利行使", "Check, rules, breach or use of a right")] = None
    suggestion_id: Annotated[SuggestionId | None, label("意见建议", "Suggestion")] = None
    letter_visit_id: Annotated[LetterVisitId | None, label("来信来访", "Letter or visit")] = None
    complaint_id: Annotated[ComplaintId | None, label("权利申诉", "Complaint")] = None
    reason: Annotated[Text, label("撤回原因", "Reason", min_length=1)]


def record_supervision_check(command: RecordSupervisionCheck, context: Context, books: Supervision, roster: Roster) -> Outcome:
    """By members of the branch; of the eight-hour rules only while there are any."""
    if not command.topics or not command.checked_by:
        raise Malformed("topics and checked_by name one or more")
    for person in command.checked_by:
        roster.must_be_active(person, command.occurred_on, "checked_by")
    event = SupervisionChecked(
        occurred_on=command.occurred_on,
        entry_id=command.entry_id or SupervisionId(context.event_ids[0]),
        topics=command.topics,
        checked_by=command.checked_by,
        finding=command.finding,
        handling=command.handling,
        rules_version=_rules(books, command).version if CheckTopic.EIGHT_HOURS in command.topics else None,
    )
    if command.entry_id is None and on_record(books.entries.values(), event, "entry_id"):
        return []
    return [*begin(books, event)]


def _rules(books: Supervision, command: RecordSupervisionCheck | RecordEightHourBreach) -> EightHourRulesAdopted:
    rules = books.rules_on(command.occurred_on)
    if rules is None:
        raise Conflict("no eight-hour rules are in force on that day")
    return rules


def adopt_eight_hour_rules(command: AdoptEightHourRules, context: Context, books: Supervision) -> Outcome:
    """A review keeps the version in force; whatever is adopted or revised is written down (N03.M02)."""
    event = EightHourRulesAdopted(
        occurred_on=command.occurred_on,
        entry_id=command.entry_id or SupervisionId(context.event_ids[0]),
        act=command.act,
        version=command.version,
        text=command.text,
        meeting_id=command.meeting_id,
    )
    if command.entry_id is None and on_record(books.entries.values(), event, "entry_id"):
        return []
    if command.act is not RulesAct.REVIEWED and not command.text:
        raise Malformed("text is needed unless the rules are only reviewed")
    in_force = books.rules_on(command.occurred_on)
    if command.act is not RulesAct.ADOPTED and in_force is None:
        raise Conflict("there are no eight-hour rules to revise or review")
    if command.act is RulesAct.REVIEWED and in_force is not None and in_force.version != command.version:
        raise Conflict(f"version {in_force.version} is in force")
    return [*begin(books, event)]


def record_eight_hour_breach(command: RecordEightHourBreach, context: Context, books: Supervision, roster: Roster) -> Outcome:
    """Of a member, against the rules of that day (INV-009)."""
    roster.must_be_active(command.person_id, command.occurred_on, "person_id")
    for person in command.checked_by:
        roster.must_be_active(person, command.occurred_on, "checked_by")
    event = EightHourBreachRecorded(
        occurred_on=command.occurred_on,
        entry_id=command.entry_id or SupervisionId(context.event_ids[0]),
        person_id=command.person_id,
        checked_by=command.checked_by,
        rules_version=_rules(books, command).version,
        facts=command.facts,
        handling=command.handling,
    )
    return [*begin(books, event)]


def withdraw_supervision_entry(command: WithdrawSupervisionEntry, _context: Context, books: Supervision) -> Outcome:
    """The row is struck, with the answers that it had."""
    named = [thing for thing in (command.entry_id, command.suggestion_id, command.letter_visit_id, command.complaint_id) if thing]
    if len(named) != 1:
        raise Malformed("one entry is named")
    (entry,) = named
    if entry in books.withdrawn:
        return []
    if (begun := books.entries.get(entry)) is None:
        raise Absent(f"entry {entry}")
    if command.occurred_on < begun.occurred_on:
        raise Conflict(f"the entry is of {begun.occurred_on}")
    return [SupervisionEntryWithdrawn(occurred_on=command.occurred_on, entry=entry, begun_on=begun.occurred_on, reason=command.reason)]


CASES = (
    Case(command=RecordSupervisionCheck, right=Right.DISCIPLINE_WRITE, reads=(SUPERVISION, ROSTER), decide=record_supervision_check),
    Case(command=AdoptEightHourRules, right=Right.DISCIPLINE_WRITE, reads=(SUPERVISION,), decide=adopt_eight_hour_rules),
    Case(command=RecordEightHourBreach, right=Right.DISCIPLINE_WRITE, reads=(SUPERVISION, ROSTER), decide=record_eight_hour_breach),
    Case(command=WithdrawSupervisionEntry, right=Right.DISCIPLINE_WRITE, reads=(SUPERVISION,), decide=withdraw_supervision_entry),
)
