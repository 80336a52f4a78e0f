"""A registration made in error is taken back, as long as nothing rests on it (N04.M02, INV-001)."""

from collections.abc import Iterator
from typing import Annotated, ClassVar

from events.base import PersonId, Text
from events.members import MemberRegistered, RegistrationWithdrawn
from service.auth.rights import Right
from service.decide.base import Case, Command, Context, Outcome, label
from service.decide.dues.state import DUES, Dues, Payment
from service.decide.members.named import NAMED, Named
from service.decide.roster import ROSTER, Roster, RosterMember
from service.decide.transfers.state import TRANSFERS, Transfers
from service.errors import Absent, BuiltUpon, Refused

Told = tuple[str, str]
"""What rests on a registration, in both languages."""

KINDS: dict[str, Told] = {
    "meeting": ("会议", "a meeting"),
    "education": ("学习教育", "study"),
    "talks": ("谈心谈话", "a talk"),
    "documents": ("文件", "a document"),
    "requests": ("本人申请", "a request of the member"),
}


class WithdrawRegistration(Command, frozen=True, kw_only=True, tag="withdraw-registration"):
    """Somebody was put on the roll in error; whoever really belonged and left has their membership ended instead."""

    zh: ClassVar[str] = "撤销党员登记"
    en: ClassVar[str] = "Withdraw a registration"

    person_id: Annotated[PersonId, label("党员", "Member")]
    reason: Annotated[Text, label("撤销原因", "Reason", min_length=1)]


def withdraw_registration(
    command: WithdrawRegistration, _context: Context, roster: Roster, dues: Dues, transfers: Transfers, named: Named
) -> Outcome:
    """Group and particulars go with the member; whatever else names them has to be taken back first."""
    member = roster.members.get(command.person_id)
    if member is None and command.person_id in roster.in_error:
        return []
    if member is None:
        raise Absent(command.person_id)
    if command.occurred_on < member.belongs.since:
        raise Refused("INV-002", "occurred_on")
    came = () if isinstance(member.profile, MemberRegistered) else (("转入", "a transfer"),)
    must_be_alone({*came, *rests_on(member, roster, dues, transfers, named)})
    return [
        RegistrationWithdrawn(
            occurred_on=command.occurred_on,
            person_id=member.person_id,
            reason=command.reason,
            id_index=member.profile.id_index,
        )
    ]


def rests_on(member: RosterMember, roster: Roster, dues: Dues, transfers: Transfers, named: Named) -> Iterator[Told]:
    """What names a member since they entered; somebody who was here before is not taken off the roll whole."""
    person = member.person_id
    yield from _of_roster(member, roster)
    yield from _of_dues(person, dues)
    yield from _of_letters(person, transfers)
    yield from _elsewhere(person, named)


def must_be_alone(built: set[Told]) -> None:
    if built:
        zh, en = (tuple(told) for told in zip(*sorted(built), strict=True))
        raise BuiltUpon(f"已有后续登记：{'、'.join(zh)}", f"this rests on the registration: {', '.join(en)}")


def _elsewhere(person: PersonId, named: Named) -> Iterator[Told]:
    """The streams of a book are called as the program calls them; one that is met often has its word."""
    for kind in named.where(person):
        yield KINDS.get(kind, (f"其他登记（{kind}）", f"entries in {kind}"))


def _of_roster(member: RosterMember, roster: Roster) -> Iterator[Told]:
    """A suspension from the very day is part of how a roll is opened."""
    if member.earlier is not None:
        yield "曾在本支部", "an earlier stay"
    if member.belongs.until is not None:
        yield "党籍终止", "the end of the membership"
    if member.converted_on is not None:
        yield "转正", "a conversion"
    if member.no_vote or any(span.since > member.belongs.since or span.until is not None for span in member.suspended):
        yield "中止", "a suspension"
    if member.open_cases or member.matters or member.influences:
        yield "案件", "a case"
    led = any(leader == member.person_id for group in roster.groups.values() for _, leader in group.leaders)
    if led or any(tenure.person_id == member.person_id for tenure in roster.tenures):
        yield "任职", "a post"


def _of_dues(person: PersonId, dues: Dues) -> Iterator[Told]:
    """Own dues, and what was collected or assessed by this person."""
    assessments = [one for several in dues.assessments.values() for one in several]
    if any(person in (one.person_id, one.assessed_by) for one in assessments):
        yield "党费核定", "an assessment of dues"
    if dues.reductions.get(person) or person in dues.requests:
        yield "党费减免", "a reduction of dues"
    every = (payment for months in dues.payments.values() for payments in months.values() for payment in payments)
    if any(person in _named(payment) for payment in every if not payment.reversed):
        yield "党费收缴", "a payment of dues"


def _named(payment: Payment) -> tuple[PersonId | None, ...]:
    return payment.event.person_id, payment.event.payer_id, payment.event.collector


def _of_letters(person: PersonId, transfers: Transfers) -> Iterator[Told]:
    letters = (letter.issued for letter in transfers.issued.values())
    if any(person in (issued.person_id, issued.handled_by) for issued in letters):
        yield "介绍信", "a letter"
    if any(request.person_id == person for request in transfers.requested.values()):
        yield "转出申请", "a request for a letter"


READS = (ROSTER, DUES, TRANSFERS, NAMED)

CASES = (Case(command=WithdrawRegistration, right=Right.ROSTER_WRITE, reads=READS, decide=withdraw_registration),)
