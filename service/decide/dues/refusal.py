"""Dues, the superior's no: a reduction that was asked for is refused, or an approval taken back, with the reason (R-D Art. 7, INV-063)."""

from typing import Annotated, ClassVar

from events.base import Month, PersonId, Text, month_add, months_between
from events.dues import DuesReductionApproved, DuesReductionRefused
from service.auth.rights import Right
from service.decide.base import Case, Command, Context, Outcome, label
from service.decide.dues.rates import capped
from service.decide.dues.state import DUES, Dues
from service.errors import Absent, BuiltUpon, Conflict


class RefuseDuesReduction(Command, frozen=True, kw_only=True, tag="refuse-dues-reduction"):
    """The superior does not agree to a reduction that was asked for, or takes its approval back."""

    zh: ClassVar[str] = "不予批准少交免交党费"
    en: ClassVar[str] = "Refuse a reduction of dues"

    person_id: Annotated[PersonId, label("党员", "Member")]
    from_month: Annotated[Month, label("起始月", "From month", help_zh="与申请或批准一致", help_en="As in the request or the approval")]
    reason: Annotated[Text, label("不予批准或收回的原因", "Reason", min_length=1)]


def refuse_dues_reduction(command: RefuseDuesReduction, context: Context, dues: Dues) -> Outcome:
    """The request that waits; else the approval, as long as nothing was paid or assessed by it."""
    person, month = command.person_id, command.from_month
    asked = dues.asked(person)
    if asked is not None and asked.from_month == month:
        if command.occurred_on < asked.occurred_on:
            raise Conflict(f"the reduction was asked for on {asked.occurred_on}")
        return [_refused(command, asked.to_month, taken_back=False)]
    approved = next((r for r in reversed(dues.reductions.get(person, ())) if r.from_month == month), None)
    if approved is None:
        refused = dues.refusals.get(person)
        if refused is not None and refused.from_month == month:
            return []
        raise Absent(f"reduction of {person} from {month}")
    if command.occurred_on < approved.occurred_on:
        raise Conflict(f"the reduction was approved on {approved.occurred_on}")
    _check_nothing_rests(dues, approved, context)
    return [_refused(command, approved.to_month, taken_back=True)]


def _check_nothing_rests(dues: Dues, approved: DuesReductionApproved, context: Context) -> None:
    person = approved.person_id
    span = [month_add(approved.from_month, n) for n in range(months_between(approved.from_month, approved.to_month) + 1)]
    paid = [month for month in span if dues.reduction(person, month) is approved and dues.paid_fen(person, month)]
    if paid:
        raise BuiltUpon(f"已按此批准交纳党费：{'、'.join(paid)}", f"dues were paid by this approval: {', '.join(paid)}")
    lower = [a for a in dues.assessments.get(person, ()) if a.from_month in span and a.monthly_fen < capped(a.by_table_fen, context.rules)]
    if lower:
        months = [assessed.from_month for assessed in lower]
        raise BuiltUpon(f"已按此批准核定党费：{'、'.join(months)}", f"dues were assessed by this approval: {', '.join(months)}")


def _refused(command: RefuseDuesReduction, to_month: Month, *, taken_back: bool) -> DuesReductionRefused:
    return DuesReductionRefused(
        occurred_on=command.occurred_on,
        person_id=command.person_id,
        from_month=command.from_month,
        to_month=to_month,
        taken_back=taken_back,
        reason=command.reason,
    )


CASES = (Case(command=RefuseDuesReduction, right=Right.SUPERIOR_WRITE, reads=(DUES,), decide=refuse_dues_reduction),)
