"""Openness, from the catalogue to the approval: propose, review with the secrecy check, approve (N07, R-F03, INV-082 to 084)."""

from typing import Annotated, ClassVar

from msgspec.structs import replace

from events.base import LongText, MeetingId, PersonId, Text
from events.disclosure import (
    CatalogueAdopted,
    DisclosureDecided,
    DisclosureId,
    DisclosureScope,
    DisclosureSubject,
    DisclosureWay,
    ItemDropped,
    ItemProposed,
    ItemReviewed,
    Retention,
    Secrecy,
    Year,
)
from service.auth.rights import Right
from service.decide.base import Case, Command, Context, Outcome, label
from service.decide.disclosure.state import BOARD, ITEM, Openness, Stage, must_be_disclosable, must_be_known, must_hold_nothing_personal
from service.decide.roster import ROSTER, Roster
from service.errors import Absent, Conflict, Malformed, Refused

Which = Annotated[DisclosureId, label("公开事项", "Item")]
BEFORE_PUBLISHING = frozenset(Stage) - {Stage.PUBLISHED, Stage.ENDED, Stage.DROPPED}
OPEN_TO_CHANGE = frozenset({Stage.SENT_BACK, Stage.REJECTED})


class AdoptDisclosureCatalogue(Command, frozen=True, kw_only=True, tag="adopt-disclosure-catalogue"):
    """Adopt the branch's catalogue of what it discloses in a year, or adopt it anew."""

    zh: ClassVar[str] = "制定党务公开目录"
    en: ClassVar[str] = "Adopt the disclosure catalogue"

    year: Annotated[Year, label("年度", "Year")]
    subjects: Annotated[tuple[DisclosureSubject, ...], label("公开内容类别", "Subjects", min_length=1, max_length=7)]
    entries: Annotated[tuple[Text, ...], label("目录项", "Entries", min_length=1, max_length=100)]
    meeting_id: Annotated[MeetingId | None, label("审议会议", "Meeting that adopted it")] = None


MANDATORY = frozenset({DisclosureSubject.DECISIONS, DisclosureSubject.GOALS, DisclosureSubject.EDUCATION, DisclosureSubject.OTHER})
"""The four that norm N07 itself names (R-F01)."""


def adopt_disclosure_catalogue(command: AdoptDisclosureCatalogue, _context: Context, board: Openness) -> Outcome:
    """It covers at least what the norm names (R-F01, R-F06)."""
    if missing := MANDATORY - set(command.subjects):
        raise Malformed(f"the catalogue leaves out {', '.join(sorted(missing))}")
    event = CatalogueAdopted(
        occurred_on=command.occurred_on,
        year=command.year,
        subjects=command.subjects,
        entries=command.entries,
        meeting_id=command.meeting_id,
    )
    known = board.catalogues.get(command.year)
    return [] if known is not None and replace(known, occurred_on=event.occurred_on) == event else [event]


class ProposeDisclosure(Command, frozen=True, kw_only=True, tag="propose-disclosure"):
    """Propose an item to be disclosed; one that was sent back is proposed again under its id."""

    zh: ClassVar[str] = "提出党务公开事项"
    en: ClassVar[str] = "Propose an item to disclose"

    subject: Annotated[DisclosureSubject, label("内容类别", "Subject")]
    catalogue_entry: Annotated[
        Text | None, label("目录项", "Entry of the catalogue", help_zh="须与本年度目录一致", help_en="A line of this year's catalogue")
    ] = None
    title: Annotated[Text, label("标题", "Title", min_length=1)]
    content: Annotated[LongText, label("内容", "Content", min_length=1)]
    scope: Annotated[
        DisclosureScope,
        label(
            "公开范围",
            "Scope",
            help_zh="本支部：本支部党员；本单位：本组织及上级、下级；党内：全体党员；社会：公开网站；特定：能看台账的人员",
            help_en="Branch: its members. Unit: also those above and below. Party: all members. Society: the public site. "
            "Specific: whoever reads the ledgers.",
        ),
    ]
    audience: Annotated[Text | None, label("特定对象", "To whom", help_zh="范围为特定时必填", help_en="Needed when specific")] = None
    ways: Annotated[tuple[DisclosureWay, ...], label("公开方式", "Ways", min_length=1, max_length=7)]
    retention: Annotated[Retention, label("时限类型", "How long")]
    secrecy: Annotated[Secrecy, label("密级", "Secrecy level")] = Secrecy.OPEN
    proposer: Annotated[PersonId, label("提出人", "Proposer")]
    item_id: Annotated[
        DisclosureId | None,
        label("事项编号", "Item id", help_zh="退回后重新提出时填写", help_en="When it is proposed again after it was sent back"),
    ] = None


def propose_disclosure(command: ProposeDisclosure, context: Context, item: Openness, board: Openness, roster: Roster) -> Outcome:
    """Content, scope, time and way are told; nothing classified begins the road (R-F02, R-F03, INV-084)."""
    event = ItemProposed(
        occurred_on=command.occurred_on,
        item_id=command.item_id or DisclosureId(context.event_ids[0]),
        subject=command.subject,
        catalogue_entry=command.catalogue_entry,
        title=command.title,
        content=command.content,
        scope=command.scope,
        audience=command.audience,
        ways=command.ways,
        retention=command.retention,
        secrecy=command.secrecy,
        proposer=command.proposer,
    )
    if item.proposed == event:
        return []
    if item.proposed is not None and (item.stage not in OPEN_TO_CHANGE or command.occurred_on < item.last_on):
        raise Conflict(f"item {event.item_id} is {item.stage.value} since {item.last_on}")
    roster.must_be_active(command.proposer, command.occurred_on, "proposer")
    must_be_disclosable(command.secrecy, command.scope, "secrecy")
    if (command.scope is DisclosureScope.SPECIFIC) != (command.audience is not None):
        raise Malformed("audience is for the scope specific, and needed then")
    _check_entry(command, board)
    return [event]


def _check_entry(command: ProposeDisclosure, board: Openness) -> None:
    catalogue = board.catalogues.get(command.occurred_on.year)
    known = () if catalogue is None else catalogue.entries
    if command.catalogue_entry is not None and command.catalogue_entry not in known:
        raise Absent(f"entry {command.catalogue_entry} of the catalogue of {command.occurred_on.year}")


class ReviewDisclosure(Command, frozen=True, kw_only=True, tag="review-disclosure"):
    """Review an item for secrecy, need and accuracy: pass it on or send it back."""

    zh: ClassVar[str] = "审核党务公开事项"
    en: ClassVar[str] = "Review an item"

    item_id: Which
    reviewer: Annotated[PersonId, label("审核人", "Reviewer")]
    passed: Annotated[bool, label("审核通过", "Passed")]
    secrecy_checked: Annotated[bool, label("已作保密审查", "Secrecy checked")]
    secrecy: Annotated[Secrecy, label("保密审查结论", "Level found")]
    opinion: Annotated[Text | None, label("审核意见", "Opinion")] = None


def review_disclosure(command: ReviewDisclosure, _context: Context, item: Openness, roster: Roster) -> Outcome:
    """Nothing passes without the secrecy check, nothing above internal does, and no number of a person (INV-082, INV-084)."""
    proposed = must_be_known(item, command.item_id, command.occurred_on)
    event = ItemReviewed(
        occurred_on=command.occurred_on,
        item_id=command.item_id,
        reviewer=command.reviewer,
        passed=command.passed,
        secrecy_checked=command.secrecy_checked,
        secrecy=command.secrecy,
        opinion=command.opinion,
    )
    if item.reviewed == event:
        return []
    if item.stage is not Stage.PROPOSED:
        raise Conflict(f"item {command.item_id} is {item.stage.value}")
    roster.must_be_active(command.reviewer, command.occurred_on, "reviewer")
    if command.passed and not command.secrecy_checked:
        raise Refused("INV-082", "secrecy_checked")
    if command.passed:
        must_be_disclosable(command.secrecy, proposed.scope, "secrecy")
        texts = {"title": proposed.title, "content": proposed.content, "entry": proposed.catalogue_entry, "audience": proposed.audience}
        must_hold_nothing_personal("passed", roster.members, **texts)
    return [event]


class DecideDisclosure(Command, frozen=True, kw_only=True, tag="decide-disclosure"):
    """Approve a reviewed item, or not."""

    zh: ClassVar[str] = "审批党务公开事项"
    en: ClassVar[str] = "Decide on an item"

    item_id: Which
    approver: Annotated[PersonId, label("审批人", "Approver")]
    granted: Annotated[bool, label("同意公开", "Approved")]
    superior_no: Annotated[
        Text | None,
        label("上级批准文号", "Superior's approval", help_zh="超出本支部权限时填写", help_en="When it is beyond the branch's power"),
    ] = None
    opinion: Annotated[Text | None, label("审批意见", "Opinion")] = None


def decide_disclosure(command: DecideDisclosure, _context: Context, item: Openness, roster: Roster) -> Outcome:
    """After the review, and by somebody else (INV-082, INV-083)."""
    must_be_known(item, command.item_id, command.occurred_on)
    event = DisclosureDecided(
        occurred_on=command.occurred_on,
        item_id=command.item_id,
        approver=command.approver,
        granted=command.granted,
        superior_no=command.superior_no,
        opinion=command.opinion,
    )
    if item.decided == event:
        return []
    if item.reviewed is None or not item.reviewed.passed:
        raise Refused("INV-082", "item_id", detail=item.stage.value)
    if item.stage is not Stage.REVIEWED:
        raise Conflict(f"item {command.item_id} is {item.stage.value}")
    roster.must_be_active(command.approver, command.occurred_on, "approver")
    if command.approver == item.reviewed.reviewer:
        raise Refused("INV-083", "approver")
    return [event]


class DropDisclosure(Command, frozen=True, kw_only=True, tag="drop-disclosure"):
    """Give up an item that was not published, or strike one entered by mistake."""

    zh: ClassVar[str] = "撤销党务公开事项"
    en: ClassVar[str] = "Drop an item"

    item_id: Which
    reason: Annotated[Text, label("撤销原因", "Reason", min_length=1)]


def drop_disclosure(command: DropDisclosure, _context: Context, item: Openness) -> Outcome:
    """What was published is withdrawn instead."""
    must_be_known(item, command.item_id, command.occurred_on)
    if item.stage is Stage.DROPPED:
        return []
    if item.stage not in BEFORE_PUBLISHING:
        raise Conflict(f"item {command.item_id} is {item.stage.value}")
    return [ItemDropped(occurred_on=command.occurred_on, item_id=command.item_id, reason=command.reason)]


CASES = (
    Case(command=AdoptDisclosureCatalogue, right=Right.DISCLOSURE_WRITE, reads=(BOARD,), decide=adopt_disclosure_catalogue),
    Case(command=ProposeDisclosure, right=Right.DISCLOSURE_WRITE, reads=(ITEM, BOARD, ROSTER), decide=propose_disclosure),
    Case(command=ReviewDisclosure, right=Right.DISCLOSURE_WRITE, reads=(ITEM, ROSTER), decide=review_disclosure),
    Case(command=DecideDisclosure, right=Right.DISCLOSURE_WRITE, reads=(ITEM, ROSTER), decide=decide_disclosure),
    Case(command=DropDisclosure, right=Right.DISCLOSURE_WRITE, reads=(ITEM,), decide=drop_disclosure),
)
