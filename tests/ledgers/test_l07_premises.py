"""L07 基础保障: place and facilities, inspections by six items, boards, rules; whole rows, completed and struck."""

import datetime as dt
from typing import Any

import pytest

from events.base import Event
from events.premises import (
    BoardUpdated,
    FacilityFund,
    FacilityWrittenOff,
    ItemState,
    PremisesEntryId,
    PremisesEntryWithdrawn,
    VenuePolicyAdopted,
    VenueRectified,
)
from projections.engine.merge import ledger_rows
from projections.engine.replay import replay
from projections.ledgers.l07_premises import PROJECTION, REGISTERS
from tests.decide.roster_history import BEFORE, DAN, DAY
from tests.decide.work_history import F1, I1, LONG_AGO, facility, inspected, venue
from tests.ledgers.l04_history import facts

POLICY = VenuePolicyAdopted(occurred_on=BEFORE, entry_id=PremisesEntryId("y1"), name="活动室管理制度", version="1.0", effective_from=DAY)


def rows(*events: Event, register: str) -> list[dict[str, Any]]:
    return [row for row in ledger_rows(replay([PROJECTION], facts(*events))) if row["register"] == register]


def cells(*events: Event, register: str) -> list[dict[str, Any]]:
    return [row["cells"] for row in rows(*events, register=register)]


def test_a_facility_has_a_whole_row():
    assert rows(facility(fund=FacilityFund.DUES), register="facilities") == [
        {
            "org_id": "b1",
            "ledger": "L07",
            "register": "facilities",
            "year": "0",
            "key": "f1",
            "row_no": 1,
            "subject": None,
            "occurred_on": LONG_AGO,
            "recorded_at": 1_000_000,
            "position": 101,
            "event_id": "e1",
            "struck_by": None,
            "cells": {
                "number": "S-01",
                "name": "宣传展板",
                "kind": "展板",
                "quantity": 2,
                "bought_on": LONG_AGO,
                "amount": 120_000,
                "fund": "党费",
                "location": "党员活动室",
                "keeper": "dan",
                "state": "在用",
            },
        }
    ]


def test_the_place_itself_is_on_the_list():
    assert cells(venue(), register="facilities") == [
        {
            "number": "C-01",
            "name": "党员活动室",
            "kind": "活动场所",
            "quantity": 1,
            "location": "办公楼三层",
            "keeper": "dan",
            "state": "在用",
        }
    ]


def test_what_was_written_off_stays_on_the_list_and_says_so():
    gone = FacilityWrittenOff(occurred_on=DAY, facility_id=F1, registered_on=LONG_AGO, reason="损坏")
    (row,) = rows(facility(), gone, register="facilities")
    assert (row["cells"]["state"], row["struck_by"]) == ("已注销 2026-03-16：损坏", None)


def test_an_inspection_and_what_was_put_right():
    done = VenueRectified(occurred_on=DAY, inspection_id=I1, inspected_on=BEFORE, result="已续订")
    expected = {
        "on": BEFORE,
        "inspector": "eve",
        **dict.fromkeys(("flag", "oath", "method", "brand", "slogans"), "有"),
        "journals": "需更新",
        "rectify": "续订报刊",
    }
    assert cells(venue(), inspected(), register="inspections") == [expected]
    assert cells(venue(), inspected(), done, register="inspections") == [expected | {"rectify": "续订报刊；2026-03-16 已续订"}]


def test_an_inspection_that_found_everything_there():
    found = inspected(journals=ItemState.THERE, rectify="")
    done = VenueRectified(occurred_on=DAY, inspection_id=I1, inspected_on=BEFORE, result="另添书架")
    (row,) = cells(venue(), found, done, register="inspections")
    assert (row["journals"], row["rectify"]) == ("有", "2026-03-16 另添书架")


def test_the_columns_are_those_of_the_paper_forms():
    assert {register.zh: " ".join(column.zh for column in register.columns) for register in REGISTERS} == {
        "场所设施清单": (
            "编号 名称 类别(党旗/入党誓词/支部工作法/学习品牌/标语/党报党刊/展板/电子屏/其他) 数量 购置日期 金额 经费来源(党费/公用) "
            "存放地点 管理人 状态"
        ),
        "场所检查记录": "日期 检查人 党旗 入党誓词 支部工作法 支部学习品牌 宣传标语 党报党刊 整改",
        "展板更新记录": "日期 主题 负责人 照片",
        "管理制度": "名称 版本 生效日期",
    }


def test_a_board_that_shows_something_new():
    on_board = BoardUpdated(
        occurred_on=DAY, entry_id=PremisesEntryId("b1"), facility_id=F1, theme="二季度学习专栏", person_id=DAN, photo="照片12"
    )
    somewhere = BoardUpdated(occurred_on=DAY, entry_id=PremisesEntryId("b2"), theme="节日宣传", person_id=DAN)
    assert cells(facility(), on_board, somewhere, register="boards") == [
        {"on": DAY, "theme": "二季度学习专栏（宣传展板）", "person": "dan", "photo": "照片12"},
        {"on": DAY, "theme": "节日宣传", "person": "dan", "photo": ""},
    ]


def test_the_rules_of_the_place():
    assert cells(POLICY, register="policies") == [{"name": "活动室管理制度", "version": "1.0", "effective_from": DAY}]


@pytest.mark.parametrize(
    ("event", "what", "on", "register"),
    [
        (venue("n"), "premises.venue_registered", LONG_AGO, "facilities"),
        (facility("n"), "premises.facility_registered", LONG_AGO, "facilities"),
        (inspected("n"), "premises.venue_inspected", BEFORE, "inspections"),
    ],
)
def test_a_withdrawn_entry_is_struck(event: Event, what: str, on: dt.date, register: str):
    gone = PremisesEntryWithdrawn(occurred_on=DAY, entry_id=PremisesEntryId("n"), what=what, happened_on=on, reason="误登")
    assert [(row["key"], row["struck_by"]) for row in rows(event, gone, register=register)] == [("n", "e2")]
