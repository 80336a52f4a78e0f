"""Ledger L07 基础保障: place and facilities, inspections by six items, boards, rules (N24.T01, N24.T02, N24.M07)."""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from events.base import tag_of
from events.premises import (
    BoardUpdated,
    FacilityId,
    FacilityRegistered,
    FacilityWrittenOff,
    PremisesEntryWithdrawn,
    VenueInspected,
    VenuePolicyAdopted,
    VenueRectified,
    VenueRegistered,
)
from projections.engine.fold import Fact, Projection, Row
from projections.ledgers.register import Column, Kind, Register, entry, strike

FACILITIES = Register(
    ledger="L07",
    code="facilities",
    yearly=False,
    columns=(
        Column("number", "编号", "Number"),
        Column("name", "名称", "Name"),
        Column("kind", "类别(党旗/入党誓词/支部工作法/学习品牌/标语/党报党刊/展板/电子屏/其他)", "Kind"),
        Column("quantity", "数量", "Quantity", Kind.COUNT),
        Column("bought_on", "购置日期", "Bought on", Kind.DATE),
        Column("amount", "金额", "Amount", Kind.MONEY),
        Column("fund", "经费来源(党费/公用)", "Paid from"),
        Column("location", "存放地点", "Kept at"),
        Column("keeper", "管理人", "Keeper", Kind.PERSON),
        Column("state", "状态", "State"),
    ),
)

INSPECTIONS = Register(
    ledger="L07",
    code="inspections",
    columns=(
        Column("on", "日期", "Date", Kind.DATE),
        Column("inspector", "检查人", "Inspected by", Kind.PERSON),
        Column("flag", "党旗", "Party flag"),
        Column("oath", "入党誓词", "Oath"),
        Column("method", "支部工作法", "Branch working method"),
        Column("brand", "支部学习品牌", "Branch study brand"),
        Column("slogans", "宣传标语", "Slogans"),
        Column("journals", "党报党刊", "Newspapers and journals"),
        Column("rectify", "整改", "Put right"),
    ),
)

BOARDS = Register(
    ledger="L07",
    code="boards",
    columns=(
        Column("on", "日期", "Date", Kind.DATE),
        Column("theme", "主题", "Theme"),
        Column("person", "负责人", "Responsible", Kind.PERSON),
        Column("photo", "照片", "Photograph"),
    ),
)

POLICIES = Register(
    ledger="L07",
    code="policies",
    yearly=False,
    columns=(
        Column("name", "名称", "Name"),
        Column("version", "版本", "Version"),
        Column("effective_from", "生效日期", "Effective from", Kind.DATE),
    ),
)

REGISTERS: tuple[Register, ...] = (FACILITIES, INSPECTIONS, BOARDS, POLICIES)

VENUE, IN_USE, WRITTEN_OFF = "活动场所", "在用", "已注销"


class PremisesBook(msgspec.Struct):
    """What needs to be known of earlier entries: names of boards, and what inspections found."""

    names: dict[FacilityId, str] = msgspec.field(default_factory=dict)
    found: dict[str, str] = msgspec.field(default_factory=dict)


def venue_registered(_book: PremisesBook, fact: Fact[VenueRegistered]) -> Iterator[Row]:
    event = fact.event
    cells = {
        "number": event.number,
        "name": event.name,
        "kind": VENUE,
        "quantity": 1,
        "location": event.location,
        "keeper": event.keeper,
        "state": IN_USE,
    }
    yield entry(FACILITIES, fact, event.entry_id, cells, year=0, occurred_on=event.occurred_on)


def facility_registered(book: PremisesBook, fact: Fact[FacilityRegistered]) -> Iterator[Row]:
    event = fact.event
    book.names[event.entry_id] = event.name
    cells = {
        "number": event.number,
        "name": event.name,
        "kind": event.kind.zh,
        "quantity": event.quantity,
        "bought_on": event.bought_on,
        "amount": event.amount_fen,
        "fund": event.fund.zh,
        "location": event.location,
        "keeper": event.keeper,
        "state": IN_USE,
    }
    yield entry(FACILITIES, fact, event.entry_id, cells, year=0, occurred_on=event.occurred_on)


def facility_written_off(_book: PremisesBook, fact: Fact[FacilityWrittenOff]) -> Iterator[Row]:
    event = fact.event
    cells = {"state": f"{WRITTEN_OFF} {event.occurred_on.isoformat()}：{event.reason}"}
    yield entry(FACILITIES, fact, event.facility_id, cells, year=0)


def venue_inspected(book: PremisesBook, fact: Fact[VenueInspected]) -> Iterator[Row]:
    event = fact.event
    if event.rectify:
        book.found[event.entry_id] = event.rectify
    cells: dict[str, Any] = {
        "on": event.occurred_on,
        "inspector": event.inspector,
        "flag": event.flag.zh,
        "oath": event.oath.zh,
        "method": event.method.zh,
        "brand": event.brand.zh,
        "slogans": event.slogans.zh,
        "journals": event.journals.zh,
        "rectify": event.rectify,
    }
    yield entry(INSPECTIONS, fact, event.entry_id, cells)


def venue_rectified(book: PremisesBook, fact: Fact[VenueRectified]) -> Iterator[Row]:
    """What had to be done, when it was done, and what came of it."""
    event = fact.event
    done = f"{event.occurred_on.isoformat()} {event.result}"
    found = book.found.get(event.inspection_id)
    cells = {"rectify": f"{found}；{done}" if found else done}
    yield entry(INSPECTIONS, fact, event.inspection_id, cells, year=event.inspected_on.year)


def board_updated(book: PremisesBook, fact: Fact[BoardUpdated]) -> Iterator[Row]:
    event = fact.event
    where = "" if event.facility_id is None else f"（{book.names[event.facility_id]}）"
    cells = {"on": event.occurred_on, "theme": f"{event.theme}{where}", "person": event.person_id, "photo": event.photo}
    yield entry(BOARDS, fact, event.entry_id, cells, subject=event.person_id)


def policy_adopted(_book: PremisesBook, fact: Fact[VenuePolicyAdopted]) -> Iterator[Row]:
    event = fact.event
    cells = {"name": event.name, "version": event.version, "effective_from": event.effective_from}
    yield entry(POLICIES, fact, event.entry_id, cells, year=0, occurred_on=event.occurred_on)


WHERE: Mapping[str, Register] = {
    tag_of(VenueRegistered): FACILITIES,
    tag_of(FacilityRegistered): FACILITIES,
    tag_of(VenueInspected): INSPECTIONS,
    tag_of(BoardUpdated): BOARDS,
    tag_of(VenuePolicyAdopted): POLICIES,
}
"""In which register an entry has its row."""


def entry_withdrawn(_book: PremisesBook, fact: Fact[PremisesEntryWithdrawn]) -> Iterator[Row]:
    event = fact.event
    yield strike(WHERE[event.what], fact, event.entry_id, year=event.happened_on.year)


PROJECTION = Projection[PremisesBook](
    name="l07",
    tables=("ledger_row",),
    start=PremisesBook,
    handlers={
        VenueRegistered: venue_registered,
        FacilityRegistered: facility_registered,
        FacilityWrittenOff: facility_written_off,
        VenueInspected: venue_inspected,
        VenueRectified: venue_rectified,
        BoardUpdated: board_updated,
        VenuePolicyAdopted: policy_adopted,
        PremisesEntryWithdrawn: entry_withdrawn,
    },
)
