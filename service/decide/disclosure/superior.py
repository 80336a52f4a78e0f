"""Openness beyond the branch's power: a reviewed item is submitted to the superior, who approves or returns it (N07, R-F03)."""

from typing import Annotated, ClassVar

from events.base import Text
from events.disclosure import DisclosureDecidedAbove, DisclosureSubmitted
from service.auth.rights import Right
from service.decide.base import Case, Command, Context, Outcome, label
from service.decide.disclosure.approval import Which
from service.decide.disclosure.state import ITEM, Openness, Stage, must_be_known
from service.errors import Conflict, Malformed, Refused


class SubmitDisclosure(Command, frozen=True, kw_only=True, tag="submit-disclosure"):
    """Submit a reviewed item to the superior, who decides instead of the branch."""

    zh: ClassVar[str] = "党务公开事项报上级审批"
    en: ClassVar[str] = "Submit an item to the superior"

    item_id: Which
    ground: Annotated[
        Text, label("报批理由", "Why", min_length=1, help_zh="超出本支部权限的事项", help_en="What is beyond the branch's power")
    ]


def submit_disclosure(command: SubmitDisclosure, _context: Context, item: Openness) -> Outcome:
    """After the review with the secrecy check (INV-082)."""
    must_be_known(item, command.item_id, command.occurred_on)
    event = DisclosureSubmitted(occurred_on=command.occurred_on, item_id=command.item_id, ground=command.ground)
    if item.submitted == event:
        return []
    if item.reviewed is None or not item.reviewed.passed:
        raise Refused("INV-082", "item_id", detail=item.stage.value)
    if item.stage is not Stage.REVIEWED:
        raise Conflict(f"item {command.item_id} is {item.stage.value}")
    return [event]


class DecideDisclosureAbove(Command, frozen=True, kw_only=True, tag="decide-disclosure-above"):
    """Approve a submitted item, or return it to the branch with a reason."""

    zh: ClassVar[str] = "上级审批党务公开事项"
    en: ClassVar[str] = "Decide on a submitted item"

    item_id: Which
    granted: Annotated[bool, label("同意公开", "Approved")]
    document_no: Annotated[Text | None, label("批准文号", "Document number")] = None
    opinion: Annotated[Text | None, label("审批意见", "Opinion", help_zh="不同意时必填", help_en="Needed when it is returned")] = None


def decide_disclosure_above(command: DecideDisclosureAbove, _context: Context, item: Openness) -> Outcome:
    """What was submitted only; no is said with a reason, and the branch may then propose anew."""
    must_be_known(item, command.item_id, command.occurred_on)
    event = DisclosureDecidedAbove(
        occurred_on=command.occurred_on,
        item_id=command.item_id,
        granted=command.granted,
        document_no=command.document_no,
        opinion=command.opinion,
    )
    if item.decided == event:
        return []
    if item.submitted is None:
        raise Refused("INV-082", "item_id", detail=item.stage.value)
    if item.stage is not Stage.SUBMITTED:
        raise Conflict(f"item {command.item_id} is {item.stage.value}")
    if not command.granted and not command.opinion:
        raise Malformed("opinion says why it is returned")
    return [event]


CASES = (
    Case(command=SubmitDisclosure, right=Right.DISCLOSURE_WRITE, reads=(ITEM,), decide=submit_disclosure),
    Case(command=DecideDisclosureAbove, right=Right.SUPERIOR_WRITE, reads=(ITEM,), decide=decide_disclosure_above),
)
