"""Ledger L02 when the record of a meeting, a lecture or a theme day is withdrawn: struck rows stay, a new record has a row of its own."""

import datetime as dt
from typing import Any

from events.base import Event
from events.meetings import LectureScriptFiled, LectureWithdrawn, MeetingKind, MeetingWithdrawn, ThemeDayWithdrawn
from tests.ledgers.l02_history import (
    AGENDA,
    ARCHIVED,
    M1,
    M2,
    NOTICE,
    RESOLUTION,
    VOTE,
    cells,
    held,
    lecture,
    rows,
    theme_day,
)

BACK = dt.date(2026, 3, 20)
TOLD: dict[str, Any] = {"occurred_on": BACK, "meeting_id": M1, "reason": "误录"}
WITHDRAWN, NO_LECTURE, NO_THEME_DAY = (kind(**TOLD) for kind in (MeetingWithdrawn, LectureWithdrawn, ThemeDayWithdrawn))
NOTICE_LINE = "通知：2026-03-02，电话，4人"


def struck(*events: Event) -> dict[tuple[str, str], str | None]:
    return {(row["register"], row["key"]): row["struck_by"] for row in rows(*events)}


def test_all_rows_of_a_withdrawn_meeting_are_struck_and_keep_their_numbers():
    story = (held(), lecture(), theme_day(), ARCHIVED, WITHDRAWN, NO_THEME_DAY)
    assert struck(*story) == {("meetings", "m1"): "e5", ("lectures", "m1"): "e5", ("theme-days", "m1"): "e5"}
    assert [row["row_no"] for row in rows(*story)] == [1, 1, 1]


def test_a_meeting_that_is_recorded_anew_has_a_new_row_and_its_notice():
    story = (NOTICE, held(), AGENDA, VOTE, RESOLUTION, ARCHIVED, WITHDRAWN, held(topic="学习新文件"), AGENDA)
    assert struck(*story) == {("meetings", "m1"): "e7", ("meetings", "m1/2"): None}
    again = cells(*story, key="m1/2")
    assert (again["nth"], again["agenda"], again["attachments"]) == (
        2,
        ["学习新文件", "1. 传达上级精神：传达会议精神"],
        [NOTICE_LINE],
    )
    assert "votes" not in again


def test_a_meeting_may_be_withdrawn_and_recorded_anew_more_than_once():
    story = (held(), lecture(), WITHDRAWN, held(), lecture(), WITHDRAWN, held(), lecture(title="学党章"))
    assert struck(*story) == {
        ("meetings", "m1"): "e3", ("meetings", "m1/2"): "e6", ("meetings", "m1/3"): None,
        ("lectures", "m1"): "e3", ("lectures", "m1/2"): "e6", ("lectures", "m1/3"): None,
    }  # fmt: skip
    assert cells(*story, register="lectures", key="m1/3")["title"] == "学党章"


def test_a_lecture_withdrawn_alone_strikes_its_row_and_marks_the_meeting():
    script = LectureScriptFiled(occurred_on=BACK, meeting_id=M1, script="讲稿1")
    story = (NOTICE, held(), lecture(), script, NO_LECTURE)
    assert struck(*story) == {("meetings", "m1"): None, ("lectures", "m1"): "e5"}
    assert {cell: cells(*story)[cell] for cell in ("attachments", "corrections")} == {
        "attachments": [NOTICE_LINE],
        "corrections": ["2026-03-20 党课登记撤销：误录"],
    }


def test_a_theme_day_withdrawn_alone_leaves_the_meeting_and_gives_the_duty_to_the_next():
    story = (held(), theme_day(), held(M2), theme_day(M2), NO_THEME_DAY)
    assert struck(*story) == {
        ("meetings", "m1"): None, ("theme-days", "m1"): "e5", ("meetings", "m2"): None, ("theme-days", "m2"): None,
    }  # fmt: skip
    assert cells(*story, register="theme-days", key="m2")["duty"] == "计入"


def test_a_meeting_of_the_kind_keeps_its_row_without_what_was_told_of_the_day():
    story = (held(kind=MeetingKind.THEME_DAY), theme_day(), NO_THEME_DAY)
    (row,) = rows(*story)
    assert row["struck_by"] is None
    assert {cell: value for cell, value in row["cells"].items() if value is not None} == {
        "time": "2026-03-05",
        "theme": "学习文件",
        "participants": 2,
        "corrections": ["2026-03-20 主题党日撤销：误录"],
    }
    again = cells(*story, theme_day(theme="重新登记"), register="theme-days")
    assert (again["theme"], again["duty"]) == ("重新登记", "计入")
