"""Care of the dues fund: remind, publish the accounts, audit, hand over (N16.T03, R-D09, R-D15, R-D16). Figures come from the dues."""

from collections.abc import Mapping
from typing import Annotated, ClassVar, assert_never, cast

import msgspec

from events.base import Event, Fen, LongText, Month, PersonId, Text, month_add, month_of, months_between
from events.custody import (
    AccountsWay,
    CustodyEntryWithdrawn,
    CustodyEvent,
    CustodyHandedOver,
    CustodyId,
    DuesAccountsPublished,
    DuesAudited,
    DuesReminderSent,
    OfCustody,
    ReminderWay,
)
from events.dues import EntryKind
from service.auth.rights import Right
from service.decide.base import Case, Command, Context, Fold, Outcome, label, own
from service.decide.dues.state import DUES, Dues, last_complete_month, longest_run
from service.decide.roster import ROSTER, Roster
from service.errors import Absent, Conflict, Malformed, Refused

Entries = Mapping[CustodyId, OfCustody]
"""What stands, by id."""


def evolve(entries: Entries, event: Event) -> Entries:
    """The entries after one more event of their stream."""
    own_event = cast("CustodyEvent", event)
    match own_event:
        case CustodyEntryWithdrawn(entry_id=withdrawn):
            return {entry_id: entry for entry_id, entry in entries.items() if entry_id != withdrawn}
        case DuesReminderSent() | DuesAccountsPublished() | DuesAudited() | CustodyHandedOver():
            return {**entries, own_event.entry_id: own_event}
        case _:
            assert_never(own_event)


CUSTODY = Fold[Entries](name="custody", book=own, stream=lambda _command: "custody", initial={}, evolve=evolve)

OwnCustodyId = Annotated[CustodyId | None, label("记录编号", "Entry id", help_zh="通常留空", help_en="Usually left empty")]


def _new(command_id: CustodyId | None, context: Context, entries: Entries) -> CustodyId:
    entry_id = command_id or CustodyId(context.event_ids[0])
    if entry_id in entries:
        raise Conflict(f"something else is recorded as {entry_id}")
    return entry_id


class SendDuesReminder(Command, frozen=True, kw_only=True, tag="send-dues-reminder"):
    """Remind a member of the months that are unpaid."""

    zh: ClassVar[str] = "催缴党费"
    en: ClassVar[str] = "Remind of dues"

    person_id: Annotated[PersonId, label("党员", "Member")]
    way: Annotated[ReminderWay, label("催缴方式", "Way")]
    education: Annotated[bool, label("已作批评教育并限期改正", "With criticism and a time to correct")] = False
    note: Annotated[LongText | None, label("情况", "What was said")] = None
    entry_id: OwnCustodyId = None


def send_dues_reminder(command: SendDuesReminder, context: Context, entries: Entries, dues: Dues, roster: Roster) -> Outcome:
    """Whoever owes nothing is not reminded; once a day in the same way is enough (R-D09)."""
    member = roster.must_be_active(command.person_id, command.occurred_on, "person_id")
    months = dues.unpaid(command.person_id, member.belongs.since, last_complete_month(command.occurred_on))
    told = (command.person_id, command.occurred_on, command.way, command.education)
    reminders = (entry for entry in entries.values() if isinstance(entry, DuesReminderSent))
    if not months or any((r.person_id, r.occurred_on, r.way, r.education) == told for r in reminders):
        return []
    return [
        DuesReminderSent(
            occurred_on=command.occurred_on,
            entry_id=_new(command.entry_id, context, entries),
            person_id=command.person_id,
            way=command.way,
            months=months,
            consecutive=longest_run(months),
            education=command.education,
            note=command.note,
        )
    ]


class PublishDuesAccounts(Command, frozen=True, kw_only=True, tag="publish-dues-accounts"):
    """Show the members what was collected, used and handed up."""

    zh: ClassVar[str] = "公示党费收缴使用情况"
    en: ClassVar[str] = "Publish the dues accounts"

    from_month: Annotated[Month, label("起始月", "From month")]
    to_month: Annotated[Month, label("截止月", "To month")]
    ways: Annotated[tuple[AccountsWay, ...], label("公示方式", "Ways", min_length=1, max_length=4)]
    place: Annotated[Text | None, label("公示位置", "Where")] = None
    entry_id: OwnCustodyId = None


def publish_dues_accounts(command: PublishDuesAccounts, context: Context, entries: Entries, dues: Dues) -> Outcome:
    """Sums of what stands in the books of these months; nobody types them (R-D15)."""
    _check_span(command.from_month, command.to_month)
    sums = {kind: _moved(dues, kind, command.from_month, command.to_month) for kind in EntryKind}
    months = (month_add(command.from_month, n) for n in range(months_between(command.from_month, command.to_month) + 1))
    event = DuesAccountsPublished(
        occurred_on=command.occurred_on,
        entry_id=command.entry_id or CustodyId(context.event_ids[0]),
        from_month=command.from_month,
        to_month=command.to_month,
        collected_fen=sum(dues.collected.get(month, 0) for month in months),
        spent_fen=sums[EntryKind.SPENDING],
        remitted_fen=sums[EntryKind.REMITTANCE] + sums[EntryKind.FORWARDING],
        allocated_fen=sums[EntryKind.ALLOCATION],
        balance_fen=dues.balance_fen,
        ways=command.ways,
        place=command.place,
    )
    published = (entry for entry in entries.values() if isinstance(entry, DuesAccountsPublished))
    if any(msgspec.structs.replace(earlier, entry_id=event.entry_id) == event for earlier in published):
        return []
    _new(command.entry_id, context, entries)
    return [event]


def _moved(dues: Dues, kind: EntryKind, first: Month, last: Month) -> Fen:
    return sum(
        movement.event.amount_fen
        for movement in dues.movements.values()
        if movement.kind is kind and not movement.reversed and first <= month_of(movement.event.occurred_on) <= last
    )


def _check_span(first: Month, last: Month) -> None:
    if last < first:
        raise Malformed("to_month lies before from_month")


class AuditDues(Command, frozen=True, kw_only=True, tag="audit-dues"):
    """Somebody checked books against money."""

    zh: ClassVar[str] = "登记党费检查"
    en: ClassVar[str] = "Record an audit of dues"

    checked_by: Annotated[Text, label("检查人或单位", "Checked by", min_length=1)]
    from_month: Annotated[Month, label("起始月", "From month")]
    to_month: Annotated[Month, label("截止月", "To month")]
    counted_fen: Annotated[Fen, label("盘点金额", "Money counted")]
    findings: Annotated[LongText, label("检查情况", "Findings", min_length=1)]
    measures: Annotated[LongText | None, label("处理意见", "Measures", help_zh="账款不符时必填", help_en="Needed on a difference")] = None
    entry_id: OwnCustodyId = None


def audit_dues(command: AuditDues, context: Context, entries: Entries, dues: Dues) -> Outcome:
    """A difference between books and money says what is done about it."""
    _check_span(command.from_month, command.to_month)
    if command.counted_fen < 0 or (command.counted_fen != dues.balance_fen and command.measures is None):
        raise Malformed(f"the books hold {dues.balance_fen} fen; a difference needs measures")
    event = DuesAudited(
        occurred_on=command.occurred_on,
        entry_id=command.entry_id or CustodyId(context.event_ids[0]),
        checked_by=command.checked_by,
        from_month=command.from_month,
        to_month=command.to_month,
        book_fen=dues.balance_fen,
        counted_fen=command.counted_fen,
        findings=command.findings,
        measures=command.measures,
    )
    audits = (entry for entry in entries.values() if isinstance(entry, DuesAudited))
    if any(msgspec.structs.replace(earlier, entry_id=event.entry_id) == event for earlier in audits):
        return []
    _new(command.entry_id, context, entries)
    return [event]


class HandOverCustody(Command, frozen=True, kw_only=True, tag="hand-over-custody"):
    """Another member keeps the dues from now on."""

    zh: ClassVar[str] = "移交党费管理"
    en: ClassVar[str] = "Hand over custody of dues"

    from_person: Annotated[PersonId, label("移交人", "Handed over by")]
    to_person: Annotated[PersonId, label("接收人", "Taken over by")]
    witness: Annotated[PersonId | None, label("监交人", "Witness")] = None
    balance_fen: Annotated[Fen, label("移交金额", "Money handed over")]
    papers: Annotated[
        LongText,
        label(
            "移交清单",
            "List of papers",
            min_length=1,
            help_zh="账簿、票据、党费证等，双方签字",
            help_en="Account books, receipts, dues cards; signed by both",
        ),
    ]
    entry_id: OwnCustodyId = None


def hand_over_custody(command: HandOverCustody, context: Context, entries: Entries, dues: Dues, roster: Roster) -> Outcome:
    """The money is what the books hold; three different people, of whom the first may have left already (R-D16)."""
    people = {command.from_person, command.to_person, command.witness}
    if len(people) != 3:
        raise Malformed("who hands over, who takes over and who watches are different people")
    last = next((entry for entry in reversed(tuple(entries.values())) if isinstance(entry, CustodyHandedOver)), None)
    if last is not None and (last.occurred_on, last.to_person) == (command.occurred_on, command.to_person):
        return []
    if command.balance_fen != dues.balance_fen:
        raise Conflict(f"the books hold {dues.balance_fen} fen")
    if command.from_person not in roster.members:
        raise Refused("INV-002", "from_person")
    roster.must_be_active(command.to_person, command.occurred_on, "to_person")
    if command.witness is not None:
        roster.must_be_active(command.witness, command.occurred_on, "witness")
    return [
        CustodyHandedOver(
            occurred_on=command.occurred_on,
            entry_id=_new(command.entry_id, context, entries),
            from_person=command.from_person,
            to_person=command.to_person,
            witness=command.witness,
            balance_fen=command.balance_fen,
            papers=command.papers,
        )
    ]


class WithdrawCustodyEntry(Command, frozen=True, kw_only=True, tag="withdraw-custody-entry"):
    """Take back a wrong reminder, publication, audit or hand-over."""

    zh: ClassVar[str] = "撤销党费管理记录"
    en: ClassVar[str] = "Withdraw a custody entry"

    entry_id: Annotated[CustodyId, label("记录", "Entry")]
    reason: Annotated[Text, label("撤销原因", "Reason", min_length=1)]


def withdraw_custody_entry(command: WithdrawCustodyEntry, _context: Context, entries: Entries) -> Outcome:
    """The row stays, struck through."""
    if command.entry_id not in entries:
        raise Absent(f"entry {command.entry_id}")
    return [CustodyEntryWithdrawn(occurred_on=command.occurred_on, entry_id=command.entry_id, reason=command.reason)]


CASES = (
    Case(command=SendDuesReminder, right=Right.DUES_WRITE, reads=(CUSTODY, DUES, ROSTER), decide=send_dues_reminder),
    Case(command=PublishDuesAccounts, right=Right.DUES_WRITE, reads=(CUSTODY, DUES), decide=publish_dues_accounts),
    Case(command=AuditDues, right=Right.DUES_WRITE, reads=(CUSTODY, DUES), decide=audit_dues),
    Case(command=HandOverCustody, right=Right.DUES_WRITE, reads=(CUSTODY, DUES, ROSTER), decide=hand_over_custody),
    Case(command=WithdrawCustodyEntry, right=Right.DUES_WRITE, reads=(CUSTODY,), decide=withdraw_custody_entry),
)
