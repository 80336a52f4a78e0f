"""Mobile members: registered before they leave, kept in touch with, back again (norm N15, rules R-E09 to R-E12)."""

import datetime as dt
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, assert_never, cast

import msgspec

from events.base import Event, LongText, Month, PersonId, Text
from events.members import MemberProfileChanged
from events.mobile import (
    AbsenceId,
    AwayFor,
    BackBy,
    ContactWay,
    MobileEntryWithdrawn,
    MobileEvent,
    MobileMemberChanged,
    MobileMemberContacted,
    MobileMemberRegistered,
    MobileMemberReturned,
)
from projections.standard.periods import add_months
from projections.standard.rules import Rules
from service.auth.rights import Right
from service.decide.base import Case, Command, Context, Fold, Outcome, label, own
from service.decide.roster import ROSTER, Roster
from service.errors import Absent, Conflict, Malformed


class Absence(msgspec.Struct, frozen=True, kw_only=True):
    """One time away."""

    registered: MobileMemberRegistered
    contacts: tuple[MobileMemberContacted, ...] = ()
    returned: MobileMemberReturned | None = None
    withdrawn: bool = False

    @property
    def open(self) -> bool:
        return self.returned is None and not self.withdrawn

    def next_by(self, rules: Rules) -> dt.date:
        """By when the branch should be in touch again: counted from the last time that it was (R-E09, R-E12)."""
        reached = [contact.occurred_on for contact in self.contacts if contact.reached]
        return max((self.registered.left_on, *reached)) + dt.timedelta(days=contact_days(self.registered.reason, rules))


def contact_days(reason: AwayFor, rules: Rules) -> int:
    return rules.number("overseas.contact_days" if reason is AwayFor.ABROAD else "mobile.contact_days")


Absences = Mapping[AbsenceId, Absence]
change = msgspec.structs.replace


def evolve(absences: Absences, event: Event) -> Absences:
    """The times away after one more event of their stream."""
    own_event = cast("MobileEvent", event)
    if isinstance(own_event, MobileMemberRegistered):
        return {**absences, own_event.absence_id: Absence(registered=own_event)}
    return {**absences, own_event.absence_id: _step(absences[own_event.absence_id], own_event)}


def _step(absence: Absence, event: MobileMemberChanged | MobileMemberContacted | MobileMemberReturned | MobileEntryWithdrawn) -> Absence:
    match event:
        case MobileMemberChanged():
            told = {field: value for field in CHANGEABLE if (value := getattr(event, field)) is not None}
            return change(absence, registered=change(absence.registered, **told))
        case MobileMemberContacted():
            return change(absence, contacts=(*absence.contacts, event))
        case MobileMemberReturned():
            return change(absence, returned=event)
        case MobileEntryWithdrawn():
            return change(absence, withdrawn=True)
        case _:
            assert_never(event)


CHANGEABLE = ("place", "back_by", "phone", "card_no", "host", "contact")

MOBILE = Fold[Absences](name="mobile", book=own, stream=lambda _command: "mobile", initial={}, evolve=evolve)

Which = Annotated[AbsenceId, label("流动记录", "Time away")]


def _profile(roster: Roster, command: Command, person: PersonId, *, mobile: bool) -> list[MemberProfileChanged]:
    """The roll says so too, when it does not yet; who is not of the branch any more is left as they were."""
    member = roster.members[person]
    if member.profile.mobile == mobile or not member.belongs.covers(command.occurred_on):
        return []
    reason = "流动党员登记" if mobile else "不再是流动党员"
    return [MemberProfileChanged(occurred_on=command.occurred_on, person_id=person, reason=reason, mobile=mobile)]


class RegisterMobileMember(Command, frozen=True, kw_only=True, tag="register-mobile-member"):
    """A member is away for a while and goes on belonging here."""

    zh: ClassVar[str] = "登记流动党员"
    en: ClassVar[str] = "Register a mobile member"

    person_id: Annotated[PersonId, label("党员", "Member")]
    reason: Annotated[AwayFor, label("外出事由", "Reason")]
    place: Annotated[Text, label("外出地", "Place", min_length=1)]
    fixed_place: Annotated[
        bool,
        label(
            "地点固定",
            "At a fixed place",
            help_zh="6个月以上且地点固定的应转移组织关系",
            help_en="Six months or more at a fixed place: the membership is transferred instead",
        ),
    ] = False
    left_on: Annotated[dt.date, label("外出日期", "Leaves on")]
    back_by: Annotated[dt.date | None, label("预计返回日期", "Expected back by")] = None
    phone: Annotated[Text, label("联系方式", "Telephone", min_length=1)]
    card_no: Annotated[Text | None, label("活动证号", "Activity card")] = None
    host: Annotated[Text | None, label("流入地党组织", "Host organisation")] = None
    contact: Annotated[PersonId, label("联系人", "Who keeps in touch")]
    absence_id: Annotated[AbsenceId | None, label("记录编号", "Absence id", help_zh="通常留空", help_en="Usually left empty")] = None


def register_mobile_member(command: RegisterMobileMember, context: Context, absences: Absences, roster: Roster) -> Outcome:
    """One time away at once; long enough at a fixed place, the relation should move instead (R-E01, R-E09)."""
    if command.back_by is not None and command.back_by < command.left_on:
        raise Malformed("back_by lies before left_on")
    event = MobileMemberRegistered(
        occurred_on=command.occurred_on,
        absence_id=command.absence_id or AbsenceId(context.event_ids[0]),
        person_id=command.person_id,
        reason=command.reason,
        place=command.place,
        left_on=command.left_on,
        back_by=command.back_by,
        phone=command.phone,
        card_no=command.card_no,
        host=command.host,
        contact=command.contact,
        transfer_due=_transfer_due(command, context.rules),
    )
    away = next((a for a in absences.values() if a.registered.person_id == command.person_id and a.open), None)
    if away is not None and (away.registered.left_on, away.registered.reason) == (command.left_on, command.reason):
        return []
    if away is not None or event.absence_id in absences:
        raise Conflict("the member is registered as mobile already")
    roster.must_be_active(command.person_id, command.occurred_on, "person_id")
    roster.must_be_active(command.contact, command.occurred_on, "contact")
    return [event, *_profile(roster, command, command.person_id, mobile=True)]


def _transfer_due(command: RegisterMobileMember, rules: Rules) -> bool:
    if not command.fixed_place or command.reason is AwayFor.ABROAD:
        return False
    return command.back_by is None or command.back_by >= add_months(command.left_on, rules.number("transfer.away_months"))


class ChangeMobileMember(Command, frozen=True, kw_only=True, tag="change-mobile-member"):
    """Something about the time away changed."""

    zh: ClassVar[str] = "变更流动党员信息"
    en: ClassVar[str] = "Change a mobile member's particulars"

    absence_id: Which
    reason: Annotated[Text, label("变更原因", "Reason", min_length=1)]
    place: Annotated[Text | None, label("外出地", "Place")] = None
    back_by: Annotated[dt.date | None, label("预计返回日期", "Expected back by")] = None
    phone: Annotated[Text | None, label("联系方式", "Telephone")] = None
    card_no: Annotated[Text | None, label("活动证号", "Activity card")] = None
    host: Annotated[Text | None, label("流入地党组织", "Host organisation")] = None
    contact: Annotated[PersonId | None, label("联系人", "Who keeps in touch")] = None


def change_mobile_member(command: ChangeMobileMember, _context: Context, absences: Absences, roster: Roster) -> Outcome:
    """Only what is told changes."""
    absence = _open(absences, command.absence_id, command.occurred_on)
    told: dict[str, Any] = {field: value for field in CHANGEABLE if (value := getattr(command, field)) is not None}
    if not told:
        raise Malformed("tell what changed")
    if all(getattr(absence.registered, field) == value for field, value in told.items()):
        return []
    if command.contact is not None:
        roster.must_be_active(command.contact, command.occurred_on, "contact")
    person = absence.registered.person_id
    return [
        MobileMemberChanged(occurred_on=command.occurred_on, absence_id=command.absence_id, person_id=person, reason=command.reason, **told)
    ]


class ContactMobileMember(Command, frozen=True, kw_only=True, tag="contact-mobile-member"):
    """The branch was in touch with a mobile member, or tried in vain."""

    zh: ClassVar[str] = "联系流动党员"
    en: ClassVar[str] = "Contact a mobile member"

    absence_id: Which
    way: Annotated[ContactWay, label("联系方式", "Way")]
    reached: Annotated[bool, label("取得联系", "Reached")]
    reported: Annotated[bool, label("本人汇报", "Reported home")] = False
    note: Annotated[LongText | None, label("情况", "What was said")] = None
    dues_paid_to: Annotated[
        Month | None, label("党费交至", "Dues paid to", help_zh="在流入地交纳时填写", help_en="When dues are paid at the other place")
    ] = None


def contact_mobile_member(command: ContactMobileMember, context: Context, absences: Absences, roster: Roster) -> Outcome:
    """The clock of contact begins anew only when the member was reached (R-E09, R-E11)."""
    absence = _open(absences, command.absence_id, command.occurred_on)
    if command.reported and not command.reached:
        raise Malformed("who reported home was reached")
    person = absence.registered.person_id
    roster.must_be_active(person, command.occurred_on, "absence_id")
    days = dt.timedelta(days=contact_days(absence.registered.reason, context.rules))
    next_by = absence.next_by(context.rules)
    event = MobileMemberContacted(
        occurred_on=command.occurred_on,
        absence_id=command.absence_id,
        person_id=person,
        way=command.way,
        reached=command.reached,
        reported=command.reported,
        note=command.note,
        dues_paid_to=command.dues_paid_to,
        next_by=max(next_by, command.occurred_on + days) if command.reached else next_by,
    )
    return [] if any(_same(event, contact) for contact in absence.contacts) else [event]


def _same(event: MobileMemberContacted, contact: MobileMemberContacted) -> bool:
    """A note is sealed once it is stored, so that it cannot be compared."""
    return change(event, note=None, next_by=contact.next_by) == change(contact, note=None)


class ReturnMobileMember(Command, frozen=True, kw_only=True, tag="return-mobile-member"):
    """A time away is over."""

    zh: ClassVar[str] = "登记流动党员返回"
    en: ClassVar[str] = "Record a mobile member's return"

    absence_id: Which
    how: Annotated[BackBy, label("结束方式", "How it ended")] = BackBy.RETURNED
    card_returned: Annotated[bool, label("活动证已交回", "Activity card handed back")] = False


def return_mobile_member(command: ReturnMobileMember, _context: Context, absences: Absences, roster: Roster) -> Outcome:
    """Once; the roll forgets that the member is away."""
    absence = _known(absences, command.absence_id)
    if absence.returned is not None:
        return []
    _open(absences, command.absence_id, command.occurred_on)
    person = absence.registered.person_id
    event = MobileMemberReturned(
        occurred_on=command.occurred_on,
        absence_id=command.absence_id,
        person_id=person,
        how=command.how,
        card_returned=command.card_returned,
    )
    return [event, *_profile(roster, command, person, mobile=False)]


class WithdrawMobileEntry(Command, frozen=True, kw_only=True, tag="withdraw-mobile-entry"):
    """Somebody was entered as mobile by mistake."""

    zh: ClassVar[str] = "撤销流动党员登记"
    en: ClassVar[str] = "Withdraw a mobile member's entry"

    absence_id: Which
    reason: Annotated[Text, label("撤销原因", "Reason", min_length=1)]


def withdraw_mobile_entry(command: WithdrawMobileEntry, _context: Context, absences: Absences, roster: Roster) -> Outcome:
    """The row stays, struck through."""
    absence = _known(absences, command.absence_id)
    if absence.withdrawn:
        return []
    person = absence.registered.person_id
    event = MobileEntryWithdrawn(occurred_on=command.occurred_on, absence_id=command.absence_id, person_id=person, reason=command.reason)
    return [event, *(_profile(roster, command, person, mobile=False) if absence.open else ())]


def _known(absences: Absences, absence_id: AbsenceId) -> Absence:
    if (absence := absences.get(absence_id)) is None:
        raise Absent(f"absence {absence_id}")
    return absence


def _open(absences: Absences, absence_id: AbsenceId, day: dt.date) -> Absence:
    absence = _known(absences, absence_id)
    if not absence.open:
        raise Conflict(f"absence {absence_id} is over")
    if day < absence.registered.occurred_on:
        raise Conflict(f"absence {absence_id} was registered on {absence.registered.occurred_on}")
    return absence


CASES = (
    Case(command=RegisterMobileMember, right=Right.ROSTER_WRITE, reads=(MOBILE, ROSTER), decide=register_mobile_member),
    Case(command=ChangeMobileMember, right=Right.ROSTER_WRITE, reads=(MOBILE, ROSTER), decide=change_mobile_member),
    Case(command=ContactMobileMember, right=Right.ROSTER_WRITE, reads=(MOBILE, ROSTER), decide=contact_mobile_member),
    Case(command=ReturnMobileMember, right=Right.ROSTER_WRITE, reads=(MOBILE, ROSTER), decide=return_mobile_member),
    Case(command=WithdrawMobileEntry, right=Right.ROSTER_WRITE, reads=(MOBILE, ROSTER), decide=withdraw_mobile_entry),
)
