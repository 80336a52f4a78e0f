"""L05 党员监督, openness: an item from its proposal to its end, opinions, requests, the accounts of dues; whole rows."""

import datetime as dt
from typing import Any

from events.base import Event
from events.custody import AccountsWay, CustodyEntryWithdrawn, CustodyId, DuesAccountsPublished
from events.disclosure import DisclosureCorrected, DisclosureScope, FeedbackKind, ItemDropped, Secrecy
from projections.engine.merge import ledger_rows
from projections.engine.replay import replay
from projections.ledgers.l05_disclosure import DISCLOSURE
from projections.ledgers.l05_supervision import PROJECTION
from tests.decide.disclosure_history import (
    APPROVED,
    ITEM,
    PUBLISHED,
    WEEK,
    answered,
    catalogue,
    decided,
    ended,
    proposed,
    published,
    reviewed,
    voiced,
)
from tests.decide.roster_history import AFTER, BEN, CAI, DAY
from tests.ledgers.l04_history import facts


def rows(*events: Event) -> list[dict[str, Any]]:
    return [row for row in ledger_rows(replay([PROJECTION], facts(*events))) if row["register"] == "disclosure"]


def cells(*events: Event) -> dict[str, Any]:
    (row,) = rows(*events)
    return dict(row["cells"])


def test_an_item_has_a_whole_row():
    assert rows(*PUBLISHED, voiced(), answered(), ended()) == [
        {
            "org_id": "b1",
            "ledger": "L05",
            "register": "disclosure",
            "year": "2026",
            "key": "i1",
            "row_no": 1,
            "subject": None,
            "occurred_on": DAY,
            "recorded_at": 7_000_000,
            "position": 107,
            "event_id": "e7",
            "struck_by": None,
            "cells": {
                "entry": None,
                "content": "一季度三会一课：召开党员大会1次",
                "scope": "党内",
                "ways": ["公开栏"],
                "retention": "定期",
                "proposer": "ann",
                "proposed_on": DAY,
                "subject": "思想政治工作、学习教育、三会一课情况",
                "reviewer": "ben",
                "secrecy": "已审查：公开",
                "reviewed_on": DAY,
                "approver": "cai",
                "approved_on": DAY,
                "published_on": DAY,
                "place": None,
                "feedback": ["2026-03-16 反馈意见：请列明主题"],
                "answers": ["2026-03-16 采纳或同意公开：已补充"],
                "taken_down_on": DAY + WEEK,
                "state": "公开期满：公示期满",
            },
        }
    ]


def test_the_columns_are_those_of_the_paper_form_in_its_order():
    assert [column.zh for column in DISCLOSURE.columns][:16] == [
        *("目录项", "内容", "公开范围", "方式", "时限类型", "提出人", "提出日期", "审核人", "保密审查", "审核日期"),
        *("审批人", "审批日期", "公开日期", "撤下日期", "反馈意见", "答复"),
    ]


def test_how_far_an_item_is():
    assert cells(proposed())["state"] == "已提出"
    assert cells(proposed(), reviewed())["state"] == "审核通过"
    assert cells(proposed(), reviewed(passed=False, opinion="补充数据"))["state"] == "审核退回：补充数据"
    assert cells(*APPROVED)["state"] == "审批同意"
    assert cells(proposed(), reviewed(), decided(superior_no="上批1"))["state"] == "审批同意 上批1"
    assert cells(proposed(), reviewed(), decided(granted=False, opinion="暂缓"))["state"] == "审批不同意：暂缓"
    assert cells(*APPROVED, published(late_days=2))["state"] == "已公开(超期2天)"
    assert cells(*PUBLISHED, ended(short_days=3))["state"] == "公开期满：公示期满(少公开3天)"


def test_proposed_again_it_has_still_to_be_reviewed():
    found = cells(proposed(), reviewed(passed=False), proposed(title="改后", occurred_on=AFTER))
    assert (found["content"], found["proposed_on"], found["reviewer"], found["secrecy"]) == ("改后：召开党员大会1次", AFTER, None, None)


def test_to_whom_a_specific_item_is_shown():
    assert cells(proposed(scope=DisclosureScope.SPECIFIC, audience="第一党小组"))["scope"] == "特定：第一党小组"


def test_a_correction_shows_the_right_content_and_why():
    right = DisclosureCorrected(
        occurred_on=AFTER, item_id=ITEM, content="召开党员大会2次", reason="漏记一次", secrecy=Secrecy.OPEN, reviewer=BEN, approver=CAI
    )
    found = cells(*PUBLISHED, right)
    assert (found["content"], found["corrections"], found["approved_on"]) == (
        "一季度三会一课：召开党员大会2次",
        ["2026-03-17 漏记一次"],
        AFTER,
    )


def test_a_dropped_item_is_struck_with_its_reason():
    (row,) = rows(proposed(), ItemDropped(occurred_on=DAY, item_id=ITEM, reason="重复"))
    assert (row["struck_by"], row["cells"]["state"]) == ("e2", "已撤销：重复")


def test_a_request_about_no_item_has_its_own_row():
    asked = voiced(kind=FeedbackKind.REQUEST, item_id=None)
    (row,) = rows(asked, answered(item_id=None, late_days=1))
    assert (row["key"], row["cells"]) == (
        "f1",
        {
            "content": "请列明主题",
            "state": "依申请公开",
            "feedback": ["2026-03-16 依申请公开：请列明主题"],
            "answers": ["2026-03-16 采纳或同意公开：已补充(超期1天)"],
        },
    )


def test_the_catalogue_of_a_year_has_a_row_and_its_newest_entries():
    first, again = catalogue(), catalogue(occurred_on=AFTER, entries=("三会一课情况",))
    (row,) = rows(first, again)
    assert (row["key"], row["occurred_on"], row["cells"]["entry"]) == ("catalogue-2026", DAY, "2026年度党务公开目录")
    assert (row["cells"]["content"], row["cells"]["approved_on"]) == ("三会一课情况", AFTER)


def test_what_is_ended_next_year_stays_in_its_row():
    (row,) = rows(*PUBLISHED, ended(occurred_on=dt.date(2027, 1, 5)))
    assert (row["year"], row["occurred_on"], row["cells"]["taken_down_on"]) == ("2026", DAY, dt.date(2027, 1, 5))


ACCOUNTS = DuesAccountsPublished(
    occurred_on=DAY,
    entry_id=CustodyId("c1"),
    from_month="2025-01",
    to_month="2025-12",
    collected_fen=300_000,
    spent_fen=80_050,
    remitted_fen=100_000,
    allocated_fen=0,
    balance_fen=119_950,
    ways=(AccountsWay.BOARD, AccountsWay.MEETING),
)


def test_the_accounts_of_dues_are_disclosed_too():
    assert cells(ACCOUNTS) == {
        "entry": "党费收缴使用情况",
        "content": "2025-01 至 2025-12：收缴3000.00元，使用800.50元，上缴1000.00元，下拨0.00元，结余1199.50元",
        "scope": "党内",
        "ways": ["公开栏", "党员大会"],
        "published_on": DAY,
        "place": None,
        "state": "已公开",
    }


def test_and_struck_when_they_are_withdrawn():
    gone = CustodyEntryWithdrawn(occurred_on=DAY, entry_id=CustodyId("c1"), reason="误录")
    (row,) = rows(ACCOUNTS, gone)
    assert row["struck_by"] == "e2"
    assert rows(gone) == []
