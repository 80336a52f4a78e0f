"""L04 党员管理, mobile members: whole rows; what contact, dues and return put into them."""

import datetime as dt
from typing import Any

from events.base import Event, PersonId
from events.mobile import BackBy, MobileEntryWithdrawn, MobileMemberChanged, MobileMemberReturned
from projections.ledgers.l04_mobile import MOBILE
from tests.decide.roster_history import AFTER, ANN, DAY
from tests.decide.test_mobile import AWAY, contacted, registered
from tests.ledgers.l04_history import paid, reversal, rows

SEALED = registered(place="~1|ann|e|place|x", phone="~1|ann|e|phone|x", card_no="流001", host="某街道党工委", back_by=dt.date(2026, 6, 1))
BACK = MobileMemberReturned(occurred_on=AFTER, absence_id=AWAY, person_id=ANN, how=BackBy.RETURNED, card_returned=True)


def cells(*events: Event) -> dict[str, Any]:
    (row,) = rows(*events, register="mobile")
    return dict(row["cells"])


def test_a_time_away_has_a_whole_row():
    assert rows(SEALED, register="mobile") == [
        {
            "org_id": "b1",
            "ledger": "L04",
            "register": "mobile",
            "year": "2026",
            "key": "a1",
            "row_no": 1,
            "subject": "ann",
            "occurred_on": DAY,
            "recorded_at": 1_000_000,
            "position": 101,
            "event_id": "e1",
            "struck_by": None,
            "cells": {
                "person": "ann",
                "reason": "外出务工就业",
                "place": "~1|ann|e|place|x",
                "span": "2026-03-16 至 2026-06-01",
                "phone": "~1|ann|e|phone|x",
                "card_no": "流001",
                "host": "某街道党工委",
                "contact": "ben",
                "remark": None,
            },
        }
    ]


def test_the_columns_are_those_of_the_paper_form_in_its_order():
    assert [column.zh for column in MOBILE.columns][:11] == [
        *("姓名", "外出事由", "外出地", "起止时间", "联系方式", "活动证号", "流入地党组织", "联系人"),
        *("最近联系日期", "党费交纳情况", "返回日期"),
    ]


def test_who_should_transfer_is_told():
    assert cells(registered(transfer_due=True))["remark"] == "外出6个月以上且地点固定，应转移组织关系"


def test_only_a_contact_that_reached_the_member_counts():
    assert cells(SEALED, contacted())["contacted_on"] == DAY
    vain = cells(SEALED, contacted(), contacted(occurred_on=AFTER, reached=False))
    assert (vain["contacted_on"], vain["remark"]) == (DAY, "2026-03-17 未联系上")


def test_dues_paid_at_the_host_and_at_home():
    assert cells(SEALED, contacted(dues_paid_to="2026-02"))["dues"] == "在流入地交至2026-02"
    march, april = paid(3, person=ANN), paid(4, person=ANN)
    assert cells(SEALED, march, april)["dues"] == "交至2026-04"
    assert cells(SEALED, march, april, reversal(april, dt.date(2026, 4, 11)))["dues"] == "交至2026-03"
    assert cells(SEALED, march, reversal(march, dt.date(2026, 4, 11)))["dues"] is None


def test_dues_of_others_and_after_the_return_leave_it_alone():
    assert "dues" not in cells(SEALED, paid(3, person=PersonId("bo")))
    assert "dues" not in cells(SEALED, BACK, paid(4, person=ANN))


def test_what_changed_and_nothing_else():
    moved = MobileMemberChanged(
        occurred_on=AFTER, absence_id=AWAY, person_id=ANN, reason="换工作", back_by=dt.date(2026, 9, 1), host="新街道"
    )
    before, after = cells(SEALED), cells(SEALED, moved)
    assert {column: after[column] for column in after if after[column] != before[column]} == {
        "span": "2026-03-16 至 2026-09-01",
        "host": "新街道",
    }


def test_back_again():
    found = cells(SEALED, BACK)
    assert (found["returned_on"], found["remark"]) == (AFTER, "返回")


def test_a_mistake_is_struck():
    gone = MobileEntryWithdrawn(occurred_on=AFTER, absence_id=AWAY, person_id=ANN, reason="误录")
    (row,) = rows(SEALED, gone, register="mobile")
    assert row["struck_by"] == "e2"
