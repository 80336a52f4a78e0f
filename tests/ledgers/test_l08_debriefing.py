"""L08 工作考核, debriefing: one row a year, step by step; problems to put right; whole rows."""

import datetime as dt
from typing import Any

import pytest

from events.base import Event
from events.debriefing import Before, DebriefingStep
from projections.ledgers.l08_registers import DEBRIEFING
from tests.decide.debriefing_history import (
    HEARD,
    P1,
    VOTED,
    approved,
    ballot,
    closed,
    commented,
    drafted,
    graded,
    inspected,
    opinions,
    plan,
    planned,
    returned,
    sent_back,
    submitted,
    to_members,
    withdrawn,
)
from tests.decide.roster_history import AFTER, DAY
from tests.ledgers.test_l08_assessment import rows

STEP = DebriefingStep
YEAR = (
    plan(),
    inspected(),
    opinions(),
    opinions(ways="问卷", opinions=7),
    *VOTED,
    commented(Before.MEMBERS, achievements="~a", problems="~p", direction="~d"),
    graded(),
    planned(),
)


def cells(*events: Event) -> dict[str, Any]:
    (row,) = rows(*events, register="debriefing")
    return dict(row["cells"])


def test_a_year_has_a_whole_row_in_the_year_it_is_about():
    (row,) = rows(*YEAR, register="debriefing")
    assert row == {
        "org_id": "b1",
        "ledger": "L08",
        "register": "debriefing",
        "year": "2025",
        "key": "debriefing",
        "row_no": 1,
        "subject": "ann",
        "occurred_on": DAY,
        "recorded_at": 14_000_000,
        "position": 114,
        "event_id": "e14",
        "struck_by": None,
        "cells": {
            "year": "2025",
            "plan_on": DAY,
            "inspected_on": DAY,
            "opinions": 12,
            "person": "ann",
            "submitted_on": DAY,
            "approved_on": DAY,
            "to_superior_on": DAY,
            "achievements": "扎实",
            "problems": "创新不足",
            "direction": "抓品牌",
            "to_members_on": DAY,
            "observer": "组织委员",
            "ballot": "好6 较好2 一般0 差0 无效1",
            "members_achievements": "~a",
            "members_problems": "~p",
            "members_direction": "~d",
            "grade": "好",
            "rectification_on": DAY,
        },
    }


def test_the_columns_are_those_of_the_paper_form_in_its_order():
    assert [column.zh for column in DEBRIEFING.columns][:15] == [
        *("年度", "方案日期", "自查报告日期", "征求意见条数", "述职报告报审日期", "述职报告审定日期", "向上级述职日期"),
        *("上级点评(成绩)", "上级点评(问题)", "上级点评(方向)", "向党员述职日期", "上级列席人"),
        *("测评(好/较好/一般/差票数)", "等次", "整改方案日期"),
    ]


def test_a_returned_report_is_told_and_its_submission_is_open_again():
    found = cells(drafted(), submitted(), returned())
    assert (found["submitted_on"], found["returned"]) == (None, ["2026-03-16 问题不实"])
    again = cells(drafted(), submitted(), returned(), drafted(), submitted(occurred_on=AFTER), approved(occurred_on=AFTER))
    assert (again["submitted_on"], again["approved_on"]) == (AFTER, AFTER)


@pytest.mark.parametrize(("returned_count", "shown"), [(4, "收回4票，不足5票不列明细"), (5, "好5 较好0 一般0 差0 无效0")])
def test_few_ballots_show_no_breakdown(returned_count: int, shown: str):
    few = ballot(issued=9, returned=returned_count, good=returned_count, fairly_good=0, invalid=0)
    assert cells(*HEARD, to_members(), few)["ballot"] == shown


@pytest.mark.parametrize(
    ("step", "columns"),
    [
        (STEP.PLAN, ("plan_on",)),
        (STEP.SELF_INSPECTION, ("inspected_on",)),
        (STEP.GRADE, ("grade",)),
        (STEP.BALLOT, ("ballot",)),
        (STEP.SUPERIOR_COMMENT, ("achievements", "problems", "direction")),
        (STEP.MEMBERS_COMMENT, ("members_achievements", "members_problems", "members_direction")),
        (STEP.TO_MEMBERS, ("to_members_on", "observer")),
        (STEP.TO_SUPERIOR, ("to_superior_on",)),
        (STEP.REVIEW, ("approved_on",)),
        (STEP.SUBMISSION, ("submitted_on",)),
        (STEP.DRAFT, ("person",)),
    ],
)
def test_a_withdrawn_step_leaves_its_cells_empty(step: DebriefingStep, columns: tuple[str, ...]):
    before, after = cells(*YEAR), cells(*YEAR, withdrawn(step))
    assert {column for column in before if before[column] != after[column]} == set(columns)
    assert {after[column] for column in columns} == {None}


def test_of_the_opinions_the_last_round_goes():
    assert cells(*YEAR, withdrawn(STEP.OPINIONS))["opinions"] == 5
    assert cells(opinions(), withdrawn(STEP.OPINIONS))["opinions"] is None


def test_a_problem_is_a_row_of_the_rectification_register():
    (row,) = rows(*YEAR, closed(occurred_on=AFTER), register="rectification")
    assert (row["year"], row["key"], row["occurred_on"], row["struck_by"]) == ("2025", P1, DAY, None)
    assert row["cells"] == {
        "problem": "创新不足",
        "measures": "每季一题",
        "responsible": "ben",
        "due_on": dt.date(2026, 6, 30),
        "source": "述职评议",
        "accepted_by": "党委组织部",
        "accepted_on": AFTER,
        "result": "已改",
    }


def test_a_problem_entered_by_mistake_is_struck_with_its_reason():
    mistake = closed(mistaken=True, result="重复登记")
    (row,) = rows(*YEAR, mistake, register="rectification")
    assert (row["struck_by"], row["cells"]["result"], "accepted_on" in row["cells"]) == ("e15", "重复登记", False)
    assert cells(*YEAR, mistake)["rectification_on"] is None


def test_a_return_empties_what_was_accepted_and_stays_on_the_form():
    (row,) = rows(*YEAR, closed(), sent_back(occurred_on=AFTER), planned(measures="每月一题"), register="rectification")
    assert row["cells"] == {
        "problem": "创新不足",
        "measures": "每月一题",
        "responsible": "ben",
        "due_on": dt.date(2026, 6, 30),
        "source": "述职评议",
        "accepted_by": None,
        "accepted_on": None,
        "result": None,
        "sent_back": [f"{AFTER} 措施不具体"],
    }
