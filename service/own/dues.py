"""The own dues of a member: what is due and how it was worked out, what was paid with which receipt, what is owed (N16, R-D)."""

import datetime as dt

import msgspec

from events.base import Fen, Month, OrgId, PersonId, ReceiptNo, month_add, month_of
from events.dues import DuesBaseAssessed, IncomeKind
from events.store.keys import is_sealed
from projections.standard.rules import Rules
from service.decide.dues.rates import TABLES
from service.decide.dues.state import DUES, Dues, Payment
from service.decide.roster import ROSTER
from service.parts import Parts

SHOWN = 24
"""Payments, the newest."""


class OwnPayment(msgspec.Struct, frozen=True, kw_only=True):
    """What was paid for one month."""

    month: Month
    amount_fen: Fen
    paid_on: dt.date
    receipt_no: ReceiptNo | None


class OwnDues(msgspec.Struct, frozen=True, kw_only=True):
    """As of this month. Without an assessment nothing is due yet."""

    month: Month
    monthly_fen: Fen | None
    """What is due this month, reduced or not."""
    base_yuan: str | None
    """Decimal yuan, in clear for its owner."""
    income_kind: IncomeKind | None
    rate_per_10000: int | None
    """None for a fixed amount."""
    over_fen: Fen | None
    """The rate is that of bases over this amount…"""
    up_to_fen: Fen | None
    """…up to this one; None: whatever they are."""
    ground: str | None
    """Why the amount is not what the table gives."""
    from_month: Month | None
    reduced_to: Month | None
    """The last month of a reduction."""
    approval_no: str | None
    paid: list[OwnPayment]
    owed: list[Month]
    """Months before this one that are not paid in full."""


async def own_dues(parts: Parts, org_id: OrgId, person: PersonId, today: dt.date) -> OwnDues:
    """The base is sensitive: whoever shows it puts the reading on record."""
    dues = await parts.bus.look(org_id, DUES, "dues")
    member = (await parts.bus.look(org_id, ROSTER, "roster")).members.get(person)
    rules = await parts.bus.rules(org_id, today)
    month = month_of(today)
    assessed, reduction = dues.assessed(person, month), dues.reduction(person, month)
    over, up_to = (None, None) if assessed is None else _band(assessed, rules)
    return OwnDues(
        month=month,
        monthly_fen=dues.due_fen(person, month),
        base_yuan=None if assessed is None else _clear(parts, assessed.base_yuan),
        income_kind=None if assessed is None else assessed.income_kind,
        rate_per_10000=None if assessed is None else assessed.rate_per_10000,
        over_fen=over,
        up_to_fen=up_to,
        ground=None if assessed is None else assessed.ground,
        from_month=None if assessed is None else assessed.from_month,
        reduced_to=None if reduction is None else reduction.to_month,
        approval_no=None if reduction is None else reduction.approval_no,
        paid=_paid(dues, person),
        owed=[] if member is None else list(dues.unpaid(person, member.belongs.since, month_add(month, -1))),
    )


def _band(assessed: DuesBaseAssessed, rules: Rules) -> tuple[Fen | None, Fen | None]:
    """The band of the rate table in which the rate stands."""
    below: Fen | None = None
    for upper_fen, rate in rules.table(TABLES[assessed.income_kind]) if assessed.income_kind in TABLES else ():
        if int(rate) == assessed.rate_per_10000:
            return below, upper_fen or None
        below = upper_fen
    return None, None


def _paid(dues: Dues, person: PersonId) -> list[OwnPayment]:
    """The newest month first."""
    months = sorted(dues.payments.get(person, {}).items(), reverse=True)
    return [_payment(month, one) for month, payments in months for one in payments if not one.reversed][:SHOWN]


def _payment(month: Month, one: Payment) -> OwnPayment:
    return OwnPayment(month=month, amount_fen=one.event.amount_fen, paid_on=one.event.occurred_on, receipt_no=one.receipt_no)


def _clear(parts: Parts, text: str) -> str | None:
    return parts.keys.open(text) if is_sealed(text) else text
