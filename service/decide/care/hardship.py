"""Members in difficulty: listed, helped by somebody, looked after, off the list again (N22.T03, N22.M02)."""

from typing import Annotated, ClassVar

from events.base import LongText, PersonId
from events.care import CareEntryId, HardshipDelisted, HardshipKind, HardshipListed, HardshipUpdated, SupporterAssigned
from service.auth.rights import Right
from service.decide.base import Case, Command, Context, Outcome, label
from service.decide.care.plans import CARE, Care, Hardship, OwnCareEntryId
from service.decide.care.roll import on_the_roll
from service.decide.marks import is_new, must_belong
from service.decide.roster import ROSTER, Roster
from service.errors import Absent, Conflict, Malformed


class ListHardshipMember(Command, frozen=True, kw_only=True, tag="list-hardship-member"):
    """Put a member on the register of members in difficulty."""

    zh: ClassVar[str] = "困难党员入册"
    en: ClassVar[str] = "List a member in hardship"

    person_id: Annotated[PersonId, label("党员", "Member")]
    hardship: Annotated[HardshipKind, label("困难类型", "Kind of hardship")]
    situation: Annotated[LongText, label("家庭情况", "Situation of the family", min_length=1)]
    entry_id: OwnCareEntryId = None


def list_hardship_member(command: ListHardshipMember, context: Context, care: Care, roster: Roster) -> Outcome:
    """Once while the case is open; the roll of members says so too."""
    event = HardshipListed(
        occurred_on=command.occurred_on,
        entry_id=command.entry_id or CareEntryId(context.event_ids[0]),
        person_id=command.person_id,
        hardship=command.hardship.zh,
        situation=command.situation,
    )
    if command.person_id in care.open or not is_new(care.marks, event.entry_id, event):
        return []
    must_belong(roster, (command.person_id,), command.occurred_on, "person_id")
    return [event, *on_the_roll(roster, command.person_id, command.occurred_on, hardship=True)]


class UpdateHardshipCase(Command, frozen=True, kw_only=True, tag="update-hardship-case"):
    """Write how a member in difficulty is doing now."""

    zh: ClassVar[str] = "更新困难党员情况"
    en: ClassVar[str] = "Update a hardship case"

    person_id: Annotated[PersonId, label("党员", "Member")]
    change: Annotated[LongText, label("变化", "What changed", min_length=1)]


def update_hardship_case(command: UpdateHardshipCase, _context: Context, care: Care) -> Outcome:
    """Every open case at least once a quarter (DL-55)."""
    case = _case(care, command)
    return [
        HardshipUpdated(
            occurred_on=command.occurred_on,
            entry_id=case.listed.entry_id,
            person_id=command.person_id,
            change=command.change,
        )
    ]


class AssignPairSupport(Command, frozen=True, kw_only=True, tag="assign-pair-support"):
    """Say who stands by a member in difficulty, and how."""

    zh: ClassVar[str] = "结对帮困"
    en: ClassVar[str] = "Assign pair support"

    person_id: Annotated[PersonId, label("困难党员", "Member in hardship")]
    supporter_id: Annotated[PersonId, label("帮扶人", "Supporter")]
    measures: Annotated[LongText, label("帮扶措施", "Measures", min_length=1)]


def assign_pair_support(command: AssignPairSupport, _context: Context, care: Care, roster: Roster) -> Outcome:
    """Another member of the branch; told again with new measures, these hold."""
    case = _case(care, command)
    if command.supporter_id == command.person_id:
        raise Malformed("supporter_id: somebody else")
    must_belong(roster, (command.supporter_id,), command.occurred_on, "supporter_id")
    return [
        SupporterAssigned(
            occurred_on=command.occurred_on,
            entry_id=case.listed.entry_id,
            person_id=command.person_id,
            supporter_id=command.supporter_id,
            measures=command.measures,
        )
    ]


class DelistHardshipMember(Command, frozen=True, kw_only=True, tag="delist-hardship-member"):
    """Take a member off the register of members in difficulty."""

    zh: ClassVar[str] = "困难党员出册"
    en: ClassVar[str] = "Delist a member in hardship"

    person_id: Annotated[PersonId, label("党员", "Member")]
    reason: Annotated[LongText, label("出册原因", "Reason", min_length=1)]


def delist_hardship_member(command: DelistHardshipMember, _context: Context, care: Care, roster: Roster) -> Outcome:
    """Nothing to do for somebody who was listed once and is no more; the roll of members follows."""
    if command.person_id not in care.open and command.person_id in care.delisted:
        return []
    case = _case(care, command)
    event = HardshipDelisted(
        occurred_on=command.occurred_on,
        entry_id=case.listed.entry_id,
        person_id=command.person_id,
        reason=command.reason,
    )
    return [event, *on_the_roll(roster, command.person_id, command.occurred_on, hardship=False)]


def _case(care: Care, command: UpdateHardshipCase | AssignPairSupport | DelistHardshipMember) -> Hardship:
    """The open case of a member, which began before."""
    case = care.open.get(command.person_id)
    if case is None:
        raise Absent(f"hardship case of {command.person_id}")
    if command.occurred_on < case.listed.occurred_on:
        raise Conflict(f"{command.person_id} was listed on {case.listed.occurred_on}")
    return case


CASES = (
    Case(command=ListHardshipMember, right=Right.WORK_WRITE, reads=(CARE, ROSTER), decide=list_hardship_member),
    Case(command=UpdateHardshipCase, right=Right.WORK_WRITE, reads=(CARE,), decide=update_hardship_case),
    Case(command=AssignPairSupport, right=Right.WORK_WRITE, reads=(CARE, ROSTER), decide=assign_pair_support),
    Case(command=DelistHardshipMember, right=Right.WORK_WRITE, reads=(CARE, ROSTER), decide=delist_hardship_member),
)
