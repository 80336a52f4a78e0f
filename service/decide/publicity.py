"""Publicity work: items published, exemplary deeds, and how an entry is taken back (N08)."""

from collections.abc import Mapping
from typing import Annotated, ClassVar, assert_never, cast

import msgspec

from events.base import Event, LongText, PersonId, Text
from events.publicity import (
    Adopted,
    ExemplaryCaseRecorded,
    PublicityChannel,
    PublicityEvent,
    PublicityId,
    PublicityItemPublished,
    PublicitySubject,
    PublicityWithdrawn,
)
from service.auth.rights import Right
from service.decide.base import Case, Command, Context, Fold, Outcome, label, own
from service.decide.entries import on_record
from service.decide.meetings.roll import check_active
from service.decide.roster import ROSTER, Roster
from service.errors import Absent, Conflict

NewItem = Annotated[PublicityId | None, label("记录编号", "Item id", help_zh="通常留空", help_en="Usually left empty")]


class PublishItem(Command, frozen=True, kw_only=True, tag="publish-item"):
    """Something about the branch's work was published."""

    zh: ClassVar[str] = "登记宣传信息"
    en: ClassVar[str] = "Record a publicity item"

    title: Annotated[Text, label("标题", "Title", min_length=1)]
    subject: Annotated[PublicitySubject, label("宣传内容", "Subject")]
    channel: Annotated[PublicityChannel, label("类别", "Channel")]
    authors: Annotated[tuple[PersonId, ...], label("作者", "Authors")] = ()
    platform: Annotated[Text, label("刊发平台", "Platform", min_length=1)]
    adopted: Annotated[Adopted, label("采用级别", "Level")] = Adopted.UNIT
    link: Annotated[Text | None, label("链接或文件", "Link or file")] = None
    item_id: NewItem = None


class RecordExemplaryCase(Command, frozen=True, kw_only=True, tag="record-exemplary-case"):
    """Exemplary deeds of a member were written down."""

    zh: ClassVar[str] = "登记先进事迹"
    en: ClassVar[str] = "Record exemplary deeds"

    person_id: Annotated[PersonId, label("党员", "Member")]
    title: Annotated[Text, label("标题", "Title", min_length=1)]
    deeds: Annotated[LongText, label("事迹", "Deeds", min_length=1, help_zh="加密保存", help_en="Kept encrypted")]
    recorded_by: Annotated[PersonId, label("整理人", "Written by")]
    item_id: NewItem = None


class WithdrawPublicity(Command, frozen=True, kw_only=True, tag="withdraw-publicity"):
    """An item was entered wrongly, or taken down."""

    zh: ClassVar[str] = "撤销宣传信息"
    en: ClassVar[str] = "Withdraw a publicity item"

    item_id: Annotated[PublicityId, label("宣传信息", "Item")]
    reason: Annotated[Text, label("撤销原因", "Reason", min_length=1)]


class Publicity(msgspec.Struct, frozen=True, kw_only=True):
    """The items that stand, by name."""

    standing: Mapping[PublicityId, PublicityItemPublished | ExemplaryCaseRecorded] = {}
    withdrawn: frozenset[PublicityId] = frozenset()


def evolve(publicity: Publicity, event: Event) -> Publicity:
    """The items after one more event of their stream."""
    own_event = cast("PublicityEvent", event)
    match own_event:
        case PublicityItemPublished() | ExemplaryCaseRecorded():
            return msgspec.structs.replace(publicity, standing={**publicity.standing, own_event.item_id: own_event})
        case PublicityWithdrawn():
            left = {item_id: item for item_id, item in publicity.standing.items() if item_id != own_event.item_id}
            return Publicity(standing=left, withdrawn=publicity.withdrawn | {own_event.item_id})
        case _:
            assert_never(own_event)


PUBLICITY = Fold[Publicity](name="publicity", book=own, stream=lambda _command: "publicity", initial=Publicity(), evolve=evolve)


def _check_free(publicity: Publicity, name: PublicityId) -> None:
    if name in publicity.standing or name in publicity.withdrawn:
        raise Conflict(f"item {name} is on record already")


def publish_item(command: PublishItem, context: Context, publicity: Publicity, roster: Roster) -> Outcome:
    """What was published where, by whom (N08.T01 to T05)."""
    event = PublicityItemPublished(
        occurred_on=command.occurred_on,
        item_id=command.item_id or PublicityId(context.event_ids[0]),
        title=command.title,
        subject=command.subject,
        channel=command.channel,
        authors=command.authors,
        platform=command.platform,
        adopted=command.adopted,
        link=command.link,
    )
    if on_record(publicity.standing.values(), event, "item_id"):
        return []
    _check_free(publicity, event.item_id)
    check_active(roster, event.authors, event.occurred_on, "authors")
    return [event]


def record_exemplary_case(command: RecordExemplaryCase, context: Context, publicity: Publicity, roster: Roster) -> Outcome:
    """Of a member of this branch (N08.T05)."""
    event = ExemplaryCaseRecorded(
        occurred_on=command.occurred_on,
        item_id=command.item_id or PublicityId(context.event_ids[0]),
        person_id=command.person_id,
        title=command.title,
        deeds=command.deeds,
        recorded_by=command.recorded_by,
    )
    if on_record(publicity.standing.values(), event, "item_id", "deeds"):
        return []
    _check_free(publicity, event.item_id)
    check_active(roster, (event.person_id,), event.occurred_on, "person_id")
    check_active(roster, (event.recorded_by,), event.occurred_on, "recorded_by")
    return [event]


def withdraw_publicity(command: WithdrawPublicity, _context: Context, publicity: Publicity) -> Outcome:
    """The row keeps its number and is struck."""
    if command.item_id in publicity.withdrawn:
        return []
    item = publicity.standing.get(command.item_id)
    if item is None:
        raise Absent(f"item {command.item_id}")
    if command.occurred_on < item.occurred_on:
        raise Conflict(f"item {command.item_id} is of {item.occurred_on}, after {command.occurred_on}")
    return [PublicityWithdrawn(occurred_on=command.occurred_on, item_id=command.item_id, reason=command.reason)]


CASES = (
    Case(command=PublishItem, right=Right.WORK_WRITE, reads=(PUBLICITY, ROSTER), decide=publish_item),
    Case(command=RecordExemplaryCase, right=Right.WORK_WRITE, reads=(PUBLICITY, ROSTER), decide=record_exemplary_case),
    Case(command=WithdrawPublicity, right=Right.WORK_WRITE, reads=(PUBLICITY,), decide=withdraw_publicity),
)
