"""L02 组织生活: the registers of lectures and theme days, and which of them answer a duty (INV-019, INV-020)."""

import datetime as dt

import pytest

from events.meetings import (
    LecturerKind,
    LectureScriptFiled,
    MeetingCancelled,
    MeetingKind,
    RequiredItem,
    ThemeDayWithdrawn,
)
from projections.ledgers.l02_organisation_life import (
    LECTURER_DOES_NOT_COUNT,
    THEME_DAY_COUNTED,
    hours_text,
)
from tests.ledgers.l02_history import (
    CANCELLED,
    CY,
    DAY,
    M1,
    M2,
    M3,
    ORG,
    cells,
    held,
    lecture,
    rows,
    theme_day,
)


def test_a_lecture_has_a_whole_row():
    meeting, row = rows(
        held(kind=MeetingKind.LECTURE, starts_at="09:00"), lecture(lecturer_kind=LecturerKind.MEMBER, lecturer_id=CY, lecturer_title=None)
    )
    assert meeting["register"] == "meetings"
    assert row == {
        "org_id": ORG,
        "ledger": "L02",
        "register": "lectures",
        "year": "2026",
        "key": "m1",
        "row_no": 1,
        "subject": "cy",
        "occurred_on": DAY,
        "recorded_at": 2_000_000,
        "position": 102,
        "event_id": "e2",
        "struck_by": None,
        "cells": {
            "time": "2026-03-05 09:00",
            "lecturer": "cy",
            "lecturer_title": None,
            "lecturer_kind": "党员",
            "title": "学党史",
            "audience_count": 20,
            "class_hours": "1.5",
            "duty": LECTURER_DOES_NOT_COUNT,
        },
    }


@pytest.mark.parametrize(
    ("kind", "duty"),
    [
        (LecturerKind.SUPERIOR_LEADER, "计入"),
        (LecturerKind.INVITED_EXPERT, "计入"),
        (LecturerKind.SECRETARY, LECTURER_DOES_NOT_COUNT),
        (LecturerKind.MEMBER, LECTURER_DOES_NOT_COUNT),
    ],
)
def test_the_lecture_register_says_whether_it_counts_for_the_quarter(kind: LecturerKind, duty: str):
    assert cells(held(), lecture(lecturer_kind=kind), register="lectures")["duty"] == duty


def test_a_filed_script_is_in_both_registers():
    story = (held(), lecture(), LectureScriptFiled(occurred_on=dt.date(2027, 1, 2), meeting_id=M1, script="讲稿-7"))
    assert cells(*story, register="lectures")["script"] == "讲稿-7"
    assert cells(*story)["attachments"] == ["讲稿：讲稿-7"]


def test_a_theme_day_has_a_whole_row():
    full = theme_day(
        required_items=(RequiredItem.OATH, RequiredItem.DUES), x_items="参观纪念馆", record="全天活动", reflections=12, publicity="简报一期"
    )
    (row,) = rows(held(kind=MeetingKind.THEME_DAY, plan_item="三月", starts_at="08:00", ends_at="17:00"), full)
    assert row == {
        "org_id": ORG,
        "ledger": "L02",
        "register": "theme-days",
        "year": "2026",
        "key": "m1",
        "row_no": 1,
        "subject": None,
        "occurred_on": DAY,
        "recorded_at": 2_000_000,
        "position": 102,
        "event_id": "e2",
        "struck_by": None,
        "cells": {
            "plan_item": "三月",
            "time": "2026-03-05 08:00-17:00",
            "theme": "重走长征路",
            "kind": "参观学习",
            "required_items": ["重温入党誓词", "交纳党费"],
            "x_items": "参观纪念馆",
            "participants": 18,
            "record": "全天活动",
            "reflections": 12,
            "publicity": "简报一期",
            "duty": "计入",
        },
    }


def test_only_the_first_theme_day_of_a_month_counts():
    later = dt.date(2026, 3, 31)
    april = dt.date(2026, 4, 1)
    story = (held(M1), theme_day(M1), held(M2, on=later), theme_day(M2, later), held(M3, on=april), theme_day(M3, april))
    duties = {row["key"]: row["cells"]["duty"] for row in rows(*story) if row["register"] == "theme-days"}
    assert duties == {"m1": "计入", "m2": THEME_DAY_COUNTED, "m3": "计入"}


def test_when_the_counted_theme_day_is_withdrawn_the_next_one_counts():
    story = (
        held(M1),
        theme_day(M1),
        held(M2),
        theme_day(M2),
        CANCELLED,
        ThemeDayWithdrawn(occurred_on=CANCELLED.occurred_on, meeting_id=M1, reason="误"),
    )
    found = {row["key"]: (row["cells"]["duty"], row["struck_by"]) for row in rows(*story) if row["register"] == "theme-days"}
    assert found == {"m1": ("计入", "e5"), "m2": ("计入", None)}


def test_when_an_uncounted_theme_day_is_withdrawn_nothing_else_changes():
    cancelled = MeetingCancelled(occurred_on=DAY, meeting_id=M2, reason="误")
    story = (held(M1), theme_day(M1), held(M2), theme_day(M2), cancelled, ThemeDayWithdrawn(occurred_on=DAY, meeting_id=M2, reason="误"))
    found = {row["key"]: (row["cells"]["duty"], row["struck_by"]) for row in rows(*story) if row["register"] == "theme-days"}
    assert found == {"m1": ("计入", None), "m2": (THEME_DAY_COUNTED, "e5")}


@pytest.mark.parametrize(
    ("minutes", "per_hour", "text"),
    [(60, 60, "1"), (90, 60, "1.5"), (45, 45, "1"), (100, 45, "2.2"), (0, 60, "0"), (59, 60, "0.9"), (240, 60, "4"), (5, 60, "0")],
)
def test_class_hours_are_told_in_tenths(minutes: int, per_hour: int, text: str):
    assert hours_text(minutes, per_hour) == text
