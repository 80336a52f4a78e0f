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
from service.errors import Absent, Conflict, Refused


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
    person = member.person_id
    elsewhere = (f"entries in {kind}" for kind in named.where(person))
    if built := sorted({*_of_roster(member, roster), *_of_dues(person, dues), *_of_letters(person, transfers), *elsewhere}):
        raise Conflict(f"this rests on the registration: {', '.join(built)}")
    return [
        RegistrationWithdrawn(
            occurred_on=command.occurred_on,
            person_id=member.person_id,
            reason=command.reason,
            id_index=member.profile.id_index,
        )
    ]


def _of_roster(member: RosterMember, roster: Roster) -> Iterator[str]:
    """A suspension from the very day is part of how a roll is opened."""
    if not isinstance(member.profile, MemberRegistered):
        yield "a transfer"
    if member.earlier is not None:
        yield "an earlier stay"
    if member.belongs.until is not None:
        yield "the end of the membership"
    if member.converted_on is not None:
        yield "a conversion"
    if member.no_vote or any(span.since > member.belongs.since or span.until is not None for span in member.suspended):
        yield "a suspension"
    if member.open_cases or member.matters or member.influences:
        yield "a case"
    led = any(leader == member.person_id for group in roster.groups.values() for _, leader in group.leaders)
    if led or any(tenure.person_id == member.person_id for tenure in roster.tenures):
        yield "a post"


def _of_dues(person: PersonId, dues: Dues) -> Iterator[str]:
    """Own dues, and what was collected or assessed by this person."""
    assessments = [one for several in dues.assessments.values() for one in several]
    if any(person in (one.person_id, one.assessed_by) for one in assessments):
        yield "an assessment of dues"
    if dues.reductions.get(person) or person in dues.requests:
        yield "a reduction of dues"
    every = (payment for months in dues.payments.values() for payments in months.values() for payment in payments)
    if any(person in _named(payment) for payment in every if not payment.reversed):
        yield "a payment of dues"


def _named(payment: Payment) -> tuple[PersonId | None, ...]:
    return payment.event.person_id, payment.event.payer_id, payment.event.collector


def _of_letters(person: PersonId, transfers: Transfers) -> Iterator[str]:
    letters = (letter.issued for letter in transfers.issued.values())
    if any(person in (issued.person_id, issued.handled_by) for issued in letters):
        yield "a letter"
    if any(request.person_id == person for request in transfers.requested.values()):
        yield "a request for a letter"


READS = (ROSTER, DUES, TRANSFERS, NAMED)

CASES = (Case(command=WithdrawRegistration, right=Right.ROSTER_WRITE, reads=READS, decide=withdraw_registration),)
