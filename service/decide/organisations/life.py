"""A branch is asked for, and dissolved (N04.M01, R-A01, R-A04). Founding it is `found-branch`."""

from typing import Annotated, ClassVar

from events.base import Count, Text
from events.organisations import OrgKind, Title
from events.structure import BranchDissolved, EstablishmentRequested, StructureEntryId
from service.auth.rights import Right
from service.decide.base import Case, Command, Context, Outcome, label
from service.decide.marks import is_new
from service.decide.organisations.papers import STRUCTURE, OwnStructureEntryId, Structure
from service.decide.roster import ROSTER, Roster, must_exist
from service.errors import Absent, Conflict


class RequestEstablishment(Command, frozen=True, kw_only=True, tag="request-establishment"):
    """Record that the committee was asked to found a branch; sent to the committee's book."""

    zh: ClassVar[str] = "登记党支部成立请示"
    en: ClassVar[str] = "Request the establishment of a branch"

    name: Annotated[Title, label("拟成立党支部名称", "Name of the branch")]
    unit: Annotated[Text, label("所在单位", "Unit", min_length=1)]
    full_members: Annotated[Count, label("正式党员数", "Full members")]
    document_no: Annotated[Text, label("请示文号", "Document no.", min_length=1)]
    entry_id: OwnStructureEntryId = None


def request_establishment(command: RequestEstablishment, context: Context, structure: Structure, roster: Roster) -> Outcome:
    """Too few members is a warning, not a refusal: the number that the rule asks for is on record beside it (R-A01)."""
    if roster.founded is None or roster.founded.kind is not OrgKind.COMMITTEE:
        raise Absent(context.org_id)
    event = EstablishmentRequested(
        occurred_on=command.occurred_on,
        entry_id=command.entry_id or StructureEntryId(context.event_ids[0]),
        name=command.name,
        unit=command.unit,
        full_members=command.full_members,
        members_min=context.rules.number("branch.min_full_members"),
        document_no=command.document_no,
    )
    return [event] if is_new(structure.marks, event.entry_id, event) else []


class DissolveBranch(Command, frozen=True, kw_only=True, tag="dissolve-branch"):
    """The superior dissolves a branch that nobody belongs to any more."""

    zh: ClassVar[str] = "撤销党支部"
    en: ClassVar[str] = "Dissolve a branch"

    reason: Annotated[Text, label("原因", "Reason", min_length=1)]
    approval_no: Annotated[Text, label("批准文号", "Approval document no.", min_length=1)]


def dissolve_branch(command: DissolveBranch, context: Context, structure: Structure, roster: Roster) -> Outcome:
    """Members are transferred first, so that nobody is left without a branch (R-E01)."""
    must_exist(roster, context)
    if structure.dissolved is not None:
        return []
    if roster.founded is not None and roster.founded.kind is not OrgKind.BRANCH:
        raise Absent(context.org_id)
    day = command.occurred_on
    left = [one for one in roster.members.values() if one.belongs.until is None or day < one.belongs.until]
    if left:
        raise Conflict(f"{len(left)} members belong to the branch; transfer them first")
    if roster.groups_on(day):
        raise Conflict("the branch has Party groups; dissolve them first")
    return [BranchDissolved(occurred_on=day, org_id=context.org_id, reason=command.reason, approval_no=command.approval_no)]


CASES = (
    Case(command=RequestEstablishment, right=Right.ORGANISATION_FOUND, reads=(STRUCTURE, ROSTER), decide=request_establishment),
    Case(command=DissolveBranch, right=Right.SUPERIOR_WRITE, reads=(STRUCTURE, ROSTER), decide=dissolve_branch),
)
