"""L08 工作考核, assessment: the branch's form, the annual work ledger, rectification; whole rows."""

import datetime as dt
from typing import Any

from events.assessment import AdjustmentKind, AssessmentEntryWithdrawn, AssessmentGrade, Component
from events.base import Event
from projections.engine.merge import ledger_rows
from projections.engine.replay import replay
from projections.ledgers.l08_assessment import PROJECTION
from tests.decide.assessment_history import (
    accepted,
    adjusted,
    all_scored,
    closed,
    graded,
    ledger_opened,
    named,
    noticed,
    opened,
    plan_received,
    planned,
    returned,
    scored,
    self_inspected,
    task_entered,
    task_reported,
    visited,
)
from tests.decide.roster_history import AFTER, DAY
from tests.ledgers.l04_history import facts


def rows(*events: Event, register: str) -> list[dict[str, Any]]:
    return [row for row in ledger_rows(replay([PROJECTION], facts(*events))) if row["register"] == register]


def form(*events: Event) -> dict[str, Any]:
    (row,) = rows(*events, register="assessment")
    return dict(row["cells"])


def gone(name: str) -> AssessmentEntryWithdrawn:
    return AssessmentEntryWithdrawn(occurred_on=AFTER, year=2026, entry_id=named(name), reason="误录")


YEAR = (
    plan_received(),
    ledger_opened(),
    self_inspected(),
    opened(),
    visited(),
    *all_scored(7000, 7100, 7005, 7000),
    adjusted(),
    adjusted(AdjustmentKind.PENALTY, 50, entry_id=named("less"), ground="迟报", evidence="通报"),
    graded(),
    noticed(),
    closed(),
)


def test_the_form_of_a_year_has_a_whole_row():
    assert rows(*YEAR, register="assessment") == [
        {
            "org_id": "b1",
            "ledger": "L08",
            "register": "assessment",
            "year": "2026",
            "key": "assessment",
            "row_no": 1,
            "subject": None,
            "occurred_on": DAY,
            "recorded_at": 14_000_000,
            "position": 114,
            "event_id": "e14",
            "struck_by": None,
            "cells": {
                "year": "2026",
                "on_site": "70.00",
                "routine": "71.00",
                "debriefing": "70.05",
                "ballot": "70.00",
                "weights": "实地考核40%，平时考核30%，述职评议考核20%，支部测评10%",
                "bonus": ["经验推广/2.00/省部级刊物"],
                "penalty": ["迟报/0.50/通报"],
                "total": "70.00",
                "grade": "一般",
                "group": ["党委考核一组(查阅资料)"],
                "notices": ["2026-03-16 通报1号 全部党支部"],
                "documents": ["部发1号 考核办法"],
                "ledger_on": DAY,
                "inspected_on": DAY,
                "closed_on": DAY,
            },
        }
    ]


def test_poor_two_years_running_shows():
    assert form(graded(AssessmentGrade.POOR, 5000, poor_again=True))["grade"] == "差(连续两年)"


def test_the_newest_score_shows_and_the_one_before_it_when_it_is_withdrawn():
    changed = scored(Component.ON_SITE, 9000, entry_id=named("newer"), reason="漏计")
    assert form(scored(Component.ON_SITE, 8000), changed)["on_site"] == "90.00"
    assert form(scored(Component.ON_SITE, 8000), changed, gone("newer"))["on_site"] == "80.00"
    assert form(scored(Component.ON_SITE, 8000), gone("on_site"))["on_site"] is None


def test_what_is_withdrawn_leaves_the_form():
    cells = form(*YEAR, gone("closed"), gone("notice"), gone("grade"), gone("less"))
    assert (cells["closed_on"], cells["notices"], cells["total"], cells["grade"], cells["penalty"]) == (None, [], None, None, [])
    assert cells["bonus"] == ["经验推广/2.00/省部级刊物"]


def test_a_task_has_a_whole_row():
    (row,) = rows(ledger_opened(), task_entered(), task_reported(), register="annual-work")
    assert row == {
        "org_id": "b1",
        "ledger": "L08",
        "register": "annual-work",
        "year": "2026",
        "key": "task",
        "row_no": 1,
        "subject": None,
        "occurred_on": DAY,
        "recorded_at": 3_000_000,
        "position": 103,
        "event_id": "e3",
        "struck_by": None,
        "cells": {
            "task": "开展主题教育",
            "source": "部发1号",
            "responsible": "ann",
            "due_on": dt.date(2026, 6, 30),
            "progress": "2026-03-16 已完成：集中学习四次",
            "evidence": "学习记录",
        },
    }


def test_a_task_under_way():
    report = task_reported(done=False, progress="已两次", evidence=None)
    (row,) = rows(ledger_opened(), task_entered(), report, register="annual-work")
    assert (row["cells"]["progress"], row["cells"]["evidence"]) == ("2026-03-16 进行中：已两次", None)


def test_a_withdrawn_task_is_struck_and_keeps_its_number():
    other = task_entered(entry_id=named("other"))
    first, second = rows(ledger_opened(), task_entered(), other, gone("task"), register="annual-work")
    assert [(row["key"], row["row_no"], row["struck_by"]) for row in (first, second)] == [("task", 1, "e4"), ("other", 2, None)]


def test_the_form_of_a_year_that_began_with_a_task_has_its_own_day():
    (row,) = rows(task_entered(), opened(occurred_on=AFTER), register="assessment")
    assert row["occurred_on"] == AFTER


def test_a_problem_put_right_has_a_whole_row():
    (row,) = rows(graded(), planned(), accepted(), register="rectification")
    assert row == {
        "org_id": "b1",
        "ledger": "L08",
        "register": "rectification",
        "year": "2026",
        "key": "plan-1",
        "row_no": 1,
        "subject": None,
        "occurred_on": DAY,
        "recorded_at": 3_000_000,
        "position": 103,
        "event_id": "e3",
        "struck_by": None,
        "cells": {
            "problem": "记录不及时",
            "measures": "专人当日录入",
            "responsible": "ben",
            "due_on": dt.date(2026, 6, 1),
            "accepted_by": "党委组织部",
            "accepted_on": DAY,
            "result": "已整改到位",
            "source": "支部考核",
        },
    }


def test_a_withdrawn_plan_is_struck():
    (row,) = rows(graded(), planned(), gone("plan-1"), register="rectification")
    assert row["struck_by"] == "e3"


def test_a_late_fact_about_last_year_stays_in_its_row():
    last = [graded(year=2025), planned(year=2025), accepted(year=2025, occurred_on=AFTER)]
    assert [(row["year"], row["occurred_on"]) for row in rows(*last, register="rectification")] == [("2025", DAY)]


def test_a_return_empties_the_acceptance_and_stays_on_the_form_when_the_plan_comes_anew():
    once = (graded(), planned(), accepted(), returned(occurred_on=AFTER))
    (row,) = rows(*once, register="rectification")
    assert {column: row["cells"][column] for column in ("accepted_by", "accepted_on", "result", "sent_back")} == {
        "accepted_by": None,
        "accepted_on": None,
        "result": None,
        "sent_back": [f"{AFTER} 措施不具体"],
    }
    anew = (planned(occurred_on=AFTER, measures="周周核对"), returned(occurred_on=AFTER, reason="仍不具体"))
    (row,) = rows(*once, *anew, register="rectification")
    assert (row["cells"]["measures"], row["cells"]["sent_back"]) == ("周周核对", [f"{AFTER} 措施不具体", f"{AFTER} 仍不具体"])
