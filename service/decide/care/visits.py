"""Consolation visits; what is paid out of dues goes to members only and stays within a spending on record (N22.T02, INV-065 to 067)."""

from typing import Annotated, ClassVar

from events.base import Fen, PersonId, Text
from events.care import (
    CareEntryId,
    CareFund,
    CarePlanId,
    ConsolationPlanAdopted,
    ConsolationVisitMade,
    Festival,
    Manner,
    People,
    RecipientKind,
    SignedFor,
    SpendingId,
)
from events.dues import DuesSpent, DuesUse, EntryId
from service.auth.rights import Right
from service.decide.base import Case, Command, Context, Outcome, label
from service.decide.care.plans import CARE, Care, OwnCareEntryId
from service.decide.dues.state import DUES, Dues
from service.decide.marks import is_new, must_belong, standing
from service.decide.roster import ROSTER, Roster
from service.errors import Malformed, Refused

AID = frozenset({DuesUse.HARDSHIP_AID, DuesUse.DISASTER_AID})
"""The uses of dues that put money into a member's hand (R-D11)."""


class RecordConsolationVisit(Command, frozen=True, kw_only=True, tag="record-consolation-visit"):
    """Record a visit to an old member, a member in difficulty or somebody of the public."""

    zh: ClassVar[str] = "登记走访慰问"
    en: ClassVar[str] = "Record a consolation visit"

    festival: Annotated[Festival, label("节日", "Festival")]
    kind: Annotated[RecipientKind, label("类别", "Kind of recipient")]
    person_id: Annotated[
        PersonId | None,
        label("慰问对象(本支部党员)", "Recipient, a member here", help_zh="其他人填下一项", help_en="Others: the next field"),
    ] = None
    recipient: Annotated[Text | None, label("慰问对象(其他人)", "Recipient, somebody else")] = None
    manner: Annotated[Manner, label("慰问方式", "Manner")]
    amount_fen: Annotated[Fen, label("金额", "Amount")] = 0
    goods: Annotated[Text, label("物品", "Goods")] = ""
    fund: Annotated[CareFund, label("经费来源", "Paid from")] = CareFund.PUBLIC
    spending_id: Annotated[
        SpendingId | None,
        label("党费使用记录", "Spending of dues", help_zh="经费来源为党费时必填", help_en="Needed when paid from dues"),
    ] = None
    visitors: Annotated[People, label("走访人", "Visitors")]
    signed: Annotated[SignedFor, label("签收", "Signed for by")]
    plan_id: Annotated[CarePlanId | None, label("方案", "Plan")] = None
    entry_id: OwnCareEntryId = None


def record_consolation_visit(command: RecordConsolationVisit, context: Context, care: Care, roster: Roster, dues: Dues) -> Outcome:
    """Somebody outside the branch gets an id of their own, under which the name is sealed."""
    _check_recipient(command)
    _check_gift(command)
    entry_id = command.entry_id or CareEntryId(context.event_ids[0])
    event = ConsolationVisitMade(
        occurred_on=command.occurred_on,
        entry_id=entry_id,
        person_id=command.person_id or PersonId(f"{entry_id[:60]}.to"),
        recipient=command.recipient,
        kind=command.kind,
        festival=command.festival,
        plan_id=command.plan_id,
        manner=command.manner,
        amount_fen=command.amount_fen,
        goods=command.goods,
        fund=command.fund,
        spending_id=command.spending_id,
        visitors=command.visitors,
        signed=command.signed,
    )
    if not is_new(care.marks, entry_id, event):
        return []
    if command.person_id is not None:
        must_belong(roster, (command.person_id,), command.occurred_on, "person_id")
    must_belong(roster, command.visitors, command.occurred_on, "visitors")
    if command.plan_id is not None:
        standing(care.marks, command.plan_id, ConsolationPlanAdopted, command.occurred_on)
    if command.fund is CareFund.DUES:
        _check_dues(command, care, dues)
    return [event]


def _check_recipient(command: RecordConsolationVisit) -> None:
    if (command.person_id is None) == (not command.recipient):
        raise Malformed("a visit goes to a member here or to somebody else: person_id or recipient")
    if command.person_id is not None and command.kind is RecipientKind.PUBLIC:
        raise Malformed("a member is not of the public: kind")


def _check_gift(command: RecordConsolationVisit) -> None:
    """What was given fits the manner, and what is paid from dues is more than nothing (INV-058)."""
    money, goods = command.manner in (Manner.MONEY, Manner.BOTH), command.manner in (Manner.GOODS, Manner.BOTH)
    if command.amount_fen < 0 or (command.fund is CareFund.DUES and command.amount_fen == 0):
        raise Refused("INV-058", "amount_fen")
    if money and command.amount_fen == 0:
        raise Malformed("amount_fen: how much money was given")
    if goods and not command.goods:
        raise Malformed("goods: what was given")
    if (command.fund is CareFund.DUES) != (command.spending_id is not None):
        raise Refused("INV-066", "spending_id")


def _check_dues(command: RecordConsolationVisit, care: Care, dues: Dues) -> None:
    """To members, for aid, under a spending that stands, and within it (INV-065, INV-066, INV-067)."""
    if command.kind is RecipientKind.PUBLIC:
        raise Refused("INV-065", "kind")
    assert command.spending_id is not None, "checked with the gift"
    movement = dues.movements.get(EntryId(command.spending_id))
    if movement is None or movement.reversed or not isinstance(movement.event, DuesSpent):
        raise Refused("INV-066", "spending_id")
    if movement.event.use not in AID:
        raise Refused("INV-065", "spending_id", detail=movement.event.use.en)
    left_fen = movement.event.amount_fen - care.paid_fen.get(command.spending_id, 0)
    if command.amount_fen > left_fen:
        raise Refused("INV-067", "amount_fen", detail=f"{left_fen}")


CASES = (Case(command=RecordConsolationVisit, right=Right.WORK_WRITE, reads=(CARE, ROSTER, DUES), decide=record_consolation_visit),)
