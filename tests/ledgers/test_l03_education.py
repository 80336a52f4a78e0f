"""L03 党员教育: plans, joint study, notes, trainings, reflections, publicity; whole rows, struck when withdrawn (N08, N17)."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

import pytest

from events.base import Event
from events.education import PlanItem, StudyEntryWithdrawn, StudyId, TrainingCarriedOver
from events.meetings import LecturerKind
from events.publicity import ExemplaryCaseRecorded, PublicityId, PublicityWithdrawn
from projections.ledgers.l03_education import PROJECTION, REGISTERS
from tests.decide.life_history import BRANCH_OF_EIGHT, CANCELLED, M1
from tests.decide.roster_history import AFTER, ANN, BEN, DAN, DAY, FAY
from tests.decide.test_education import S1, S2, plan_adopted, studied
from tests.decide.test_education_written import BACK, completed, planned, reflection, reviewed, submitted
from tests.decide.test_publicity import published
from tests.ledgers.l02_history import ORG, lecture
from tests.ledgers.work_rows import register_of

WITHDRAWN = StudyEntryWithdrawn(occurred_on=BACK, entry_id=S1, reason="误录")


def rows(register: str, *history: Event | Iterable[Event]) -> list[dict[str, Any]]:
    return register_of(PROJECTION, register, *history)


def cells(register: str, *history: Event | Iterable[Event]) -> dict[str, Any]:
    (row,) = rows(register, *history)
    return dict(row["cells"])


def test_the_seven_registers_of_the_rule_sheet():
    assert [register.zh for register in REGISTERS] == [
        "年度学习计划",
        "集中学习登记表",
        "党员学时登记表",
        "学习笔记调阅登记表",
        "外出学习轮训登记表",
        "心得体会登记表",
        "宣传工作登记表",
    ]


def test_a_plan_has_a_row_for_each_line():
    items = (
        PlanItem(month=3, content="党章", form="集中", class_hours=4, person_id=DAN),
        PlanItem(content="党史"),
    )
    first, second = rows("study-plans", plan_adopted(entry_id=S1, items=items, closes_on=AFTER))
    assert first == {
        "org_id": ORG,
        "ledger": "L03",
        "register": "study-plans",
        "year": "2026",
        "key": "s1/1",
        "row_no": 1,
        "subject": None,
        "occurred_on": DAY,
        "recorded_at": 1_000_000,
        "position": 101,
        "event_id": "e1",
        "struck_by": None,
        "cells": {
            "year": 2026,
            "kind": "支部",
            "person": None,
            "title": "年度学习计划",
            "month": 3,
            "content": "党章",
            "form": "集中",
            "class_hours": 4,
            "responsible": DAN,
            "closes_on": AFTER,
        },
    }
    assert (second["key"], second["row_no"], second["cells"]["content"], second["cells"]["month"]) == ("s1/2", 2, "党史", None)


def test_a_plan_of_next_year_is_in_next_years_register():
    (row,) = rows("study-plans", plan_adopted(entry_id=S1, year=2027))
    assert row["year"] == "2027"


def test_a_joint_study_has_a_whole_row():
    session = studied(entry_id=S1, place="一楼", lecturer_id=ANN, lecturer_title="书记", materials="党章读本", speakers=(BEN,))
    (row,) = rows("study-sessions", BRANCH_OF_EIGHT, session)
    assert (row["year"], row["key"], row["occurred_on"], row["subject"]) == ("2026", "s1", DAY, None)
    assert row["cells"] == {
        "time": f"{DAY} 09:00-10:30",
        "place": "一楼",
        "kind": "集中学习",
        "topic": "党章",
        "organiser": DAN,
        "lecturer": ANN,
        "lecturer_title": "书记",
        "class_hours": "1.5",
        "due_count": 8,
        "present_count": 2,
        "present": [ANN, BEN],
        "materials": "党章读本",
        "speakers": [BEN],
    }


def test_a_lecture_is_study_too():
    assert cells("study-sessions", lecture(lecturer_kind=LecturerKind.MEMBER, lecturer_id=ANN)) == {
        "time": "2026-03-05",
        "kind": "党课",
        "topic": "学党史",
        "lecturer": ANN,
        "lecturer_title": "党校教授",
        "class_hours": "1.5",
        "present_count": 20,
    }


def test_with_a_cancelled_meeting_go_its_lecture_and_its_study():
    story = (BRANCH_OF_EIGHT, lecture(occurred_on=DAY), studied(entry_id=S1, meeting_id=M1), studied(entry_id=S2, topic="党史"), CANCELLED)
    assert [(row["key"], row["struck_by"]) for row in rows("study-sessions", *story)] == [("m1", "e14"), ("s1", "e14"), ("s2", None)]


def test_a_withdrawn_entry_is_struck_and_keeps_its_number():
    story = (BRANCH_OF_EIGHT, studied(entry_id=S1), studied(entry_id=S2, topic="党史"), WITHDRAWN)
    assert [(row["row_no"], row["struck_by"]) for row in rows("study-sessions", *story)] == [(1, "e13"), (2, None)]
    plan = plan_adopted(entry_id=S1, items=(PlanItem(content="一"), PlanItem(content="二")))
    assert [row["struck_by"] for row in rows("study-plans", plan, WITHDRAWN)] == ["e2", "e2"]


def test_withdrawn_after_its_meeting_was_cancelled():
    (row,) = rows("study-sessions", BRANCH_OF_EIGHT, studied(entry_id=S1, meeting_id=M1), CANCELLED, WITHDRAWN)
    assert row["struck_by"] == "e13"


REVIEW = {
    "quarter": "2026-Q1",
    "person": FAY,
    "reviewed_on": AFTER,
    "reviewed_by": DAN,
    "pieces": 5,
    "rating": "好",
    "problems": "字迹",
    "feedback": "已改",
}


class TestNotes:
    def test_notes_and_their_review_are_one_row(self):
        (row,) = rows("study-notes", submitted(entry_id=S1, pieces=4), reviewed(1))
        assert (row["year"], row["key"], row["subject"]) == ("2026", "2026-Q1/fay/1", FAY)
        assert row["cells"] == {"submitted_on": DAY, **REVIEW}

    def test_a_review_without_notes_is_a_row_as_well(self):
        assert cells("study-notes", reviewed(1)) == REVIEW

    def test_notes_that_come_after_the_review_do_not_change_its_count(self):
        assert cells("study-notes", reviewed(1), submitted(entry_id=S1, pieces=4)) == {"submitted_on": DAY, **REVIEW}

    def test_the_year_is_that_of_the_quarter(self):
        (row,) = rows("study-notes", reviewed(1, quarter="2025-Q4"))
        assert row["year"] == "2025"

    def test_a_withdrawn_review_leaves_the_notes(self):
        gone = StudyEntryWithdrawn(occurred_on=BACK, entry_id=StudyId("event-1"), reason="误录")
        (row,) = rows("study-notes", submitted(entry_id=S1, pieces=4), reviewed(1), gone)
        assert row["struck_by"] is None
        assert row["cells"] == {"submitted_on": DAY, "quarter": "2026-Q1", "person": FAY, "pieces": 4} | dict.fromkeys(
            ("reviewed_on", "reviewed_by", "rating", "problems", "feedback")
        )

    def test_withdrawn_notes_leave_the_review(self):
        (row,) = rows("study-notes", submitted(entry_id=S1, pieces=4), reviewed(1), WITHDRAWN)
        assert (row["struck_by"], row["cells"]) == (None, {"submitted_on": None, **REVIEW})

    def test_when_neither_stands_the_row_is_struck_and_the_next_is_a_new_one(self):
        story = rows("study-notes", submitted(entry_id=S1), WITHDRAWN, submitted(entry_id=S2, pieces=6))
        assert [(row["key"], row["row_no"], row["struck_by"]) for row in story] == [
            ("2026-Q1/fay/1", 1, "e2"),
            ("2026-Q1/fay/2", 2, None),
        ]


TRAINING = {
    "batch": "第一批",
    "plan": "部发〔2026〕9号",
    "time": "2026-03-30至2026-04-01",
    "place": "市委党校",
    "host": "市委组织部",
    "people": [ANN, FAY],
    "reflections": 0,
}


class TestTrainings:
    def test_a_plan_is_completed(self):
        assert cells("external-trainings", planned()) == {**TRAINING, "state": "已列计划"}
        assert cells("external-trainings", planned(), completed(entry_id=S2)) == {**TRAINING, "class_hours": "24", "state": "已完成"}

    def test_or_carried_over(self):
        over = TrainingCarriedOver(occurred_on=BACK, entry_id=S2, training_id=S1, to_year=2027, reason="工作冲突")
        assert cells("external-trainings", planned(), over) == {**TRAINING, "state": "结转至2027年：工作冲突"}

    def test_a_withdrawn_completion_leaves_the_plan(self):
        gone = StudyEntryWithdrawn(occurred_on=BACK, entry_id=S2, reason="误录")
        (row,) = rows("external-trainings", planned(), completed(entry_id=S2), gone)
        assert (row["struck_by"], row["cells"]) == (None, {**TRAINING, "class_hours": None, "state": "已列计划"})

    @pytest.mark.parametrize("first", ["training", "reflection"])
    def test_reflections_on_it_are_counted(self, first: str):
        about = reflection(entry_id=S2, study_id=S1)
        story = (planned(), about) if first == "training" else (about, planned())
        assert cells("external-trainings", *story)["reflections"] == 1
        gone = StudyEntryWithdrawn(occurred_on=BACK, entry_id=S2, reason="误录")
        assert cells("external-trainings", *story, gone)["reflections"] == 0


def test_a_reflection_has_a_whole_row():
    (row,) = rows("reflections", reflection(entry_id=S1, file="卷-3"))
    assert (row["year"], row["key"], row["subject"], row["occurred_on"]) == ("2026", "s1", FAY, DAY)
    assert row["cells"] == {
        "person": FAY,
        "title": "学党章有感",
        "date": DAY,
        "activity": "主题党日",
        "characters": 1500,
        "file": "卷-3",
    }


P1, P2 = PublicityId("p1"), PublicityId("p2")


def test_publicity_has_a_whole_row_and_is_struck():
    gone = PublicityWithdrawn(occurred_on=dt.date(2027, 1, 4), item_id=P1, reason="撤稿")
    first, second = rows(
        "publicity",
        published(item_id=P1),
        ExemplaryCaseRecorded(occurred_on=DAY, item_id=P2, person_id=FAY, title="扎根基层", deeds="~sealed", recorded_by=DAN),
        gone,
    )
    assert (first["year"], first["struck_by"], second["struck_by"]) == ("2026", "e3", None)
    assert first["cells"] == {
        "date": DAY,
        "title": "主题党日纪实",
        "authors": [DAN],
        "channel": "微信",
        "subject": "组织生活",
        "platform": "组工微信",
        "adopted": "市级",
        "link": "稿件-7",
    }
    assert second["subject"] == FAY
    assert second["cells"] == {
        "date": DAY,
        "title": "扎根基层",
        "authors": [DAN],
        "subject": "先进典型",
        "person": FAY,
        "deeds": "~sealed",
    }
