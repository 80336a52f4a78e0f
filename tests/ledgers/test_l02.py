"""L02 组织生活: given what happened to meetings, then whole rows; and the same events twice give the same rows."""

import datetime as dt

import msgspec
import pytest

from events.base import GroupId, PersonId
from events.meetings import (
    AbsenceExcused,
    AttendanceCorrected,
    Excused,
    LeaveReason,
    MeetingKind,
    MeetingScheduled,
    ThemeDayWithdrawn,
    VoteMethod,
)
from projections.engine.merge import Merge, Poison, apply, ledger_rows
from projections.engine.replay import known, replay
from projections.ledgers.l02_forms import LECTURES, MEETINGS, THEME_DAYS
from projections.ledgers.l02_organisation_life import PROJECTION, REGISTERS, SUMMARY_SHOWN, Life, time_text
from tests.ledgers.l02_history import (
    ADA,
    AGENDA,
    ARCHIVED,
    BO,
    CANCELLED,
    CORRECTED,
    CY,
    DAY,
    DEE,
    M1,
    M2,
    M3,
    NOTICE,
    ORG,
    RESOLUTION,
    RESULT,
    VOTE,
    cells,
    facts,
    held,
    lecture,
    rows,
    theme_day,
)


def test_a_meeting_that_was_held_has_a_whole_row():
    assert rows(NOTICE, held(place="一楼", starts_at="14:30", ends_at="16:00", observers=(PersonId("eve"),), guests="上级组织部")) == [
        {
            "org_id": ORG,
            "ledger": "L02",
            "register": "meetings",
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
                "kind": "党员大会",
                "nth": 1,
                "time": "2026-03-05 14:30-16:00",
                "place": "一楼",
                "chair": "ada",
                "recorder": "bo",
                "due_count": 4,
                "present_count": 2,
                "excused": ["cy"],
                "excused_reasons": ["病假"],
                "absent": ["dee"],
                "observers": ["eve"],
                "guests": "上级组织部",
                "agenda": ["学习文件"],
                "attachments": ["通知：2026-03-02，电话，4人"],
            },
        }
    ]


def test_what_follows_completes_the_row_and_keeps_its_date_and_number():
    (row,) = rows(NOTICE, held(), AGENDA, VOTE, RESOLUTION, ARCHIVED, RESULT, CORRECTED)
    assert row == {
        "org_id": ORG,
        "ledger": "L02",
        "register": "meetings",
        "year": "2026",
        "key": "m1",
        "row_no": 1,
        "subject": None,
        "occurred_on": DAY,
        "recorded_at": 8_000_000,
        "position": 108,
        "event_id": "e8",
        "struck_by": None,
        "cells": {
            "kind": "党员大会",
            "nth": 1,
            "time": "2026-03-05",
            "place": None,
            "chair": "ada",
            "recorder": "bo",
            "due_count": 4,
            "present_count": 2,
            "excused": ["cy"],
            "excused_reasons": ["病假"],
            "absent": ["dee"],
            "observers": [],
            "guests": None,
            "agenda": ["学习文件", "1. 传达上级精神：传达会议精神"],
            "speeches": ["1. 一致拥护"],
            "votes": ["1. 年度计划：应到有表决权3，实到2，赞成2，反对0，弃权0，举手表决，通过"],
            "resolutions": ["1. 通过年度计划(时限2026-06-30)"],
            "results": ["1. 2026-06-01 已落实"],
            "attachments": ["通知：2026-03-02，电话，4人", "会议记录：2026-卷1"],
            "corrections": ["2026-03-20 地点应为二楼会议室（笔误）"],
        },
    }


def test_the_same_events_twice_give_the_same_rows():
    story = (NOTICE, held(), AGENDA, VOTE, RESOLUTION, lecture(), theme_day(), ARCHIVED, RESULT, CORRECTED)
    assert rows(*story) == rows(*story)
    merge = Merge()
    for _ in range(2):
        apply(PROJECTION, PROJECTION.start(), facts(*story), merge)
    assert ledger_rows(merge) == rows(*story)


def test_a_state_that_was_saved_between_any_two_facts_gives_the_same_rows():
    story = facts(NOTICE, held(), AGENDA, VOTE, RESOLUTION, lecture(), theme_day(), held(M2), theme_day(M2), ARCHIVED, RESULT, CORRECTED)
    merge, state = Merge(), PROJECTION.start()
    for fact in story:
        apply(PROJECTION, state, [fact], merge)
        state = msgspec.msgpack.decode(msgspec.msgpack.encode(state, order="sorted"), type=Life)
    assert ledger_rows(merge) == ledger_rows(replay([PROJECTION], story))


def test_a_meeting_that_is_only_planned_has_no_row():
    planned = MeetingScheduled(occurred_on=DAY, meeting_id=M1, kind=MeetingKind.GENERAL, planned_on=DAY, topic="学习")
    excused = AbsenceExcused(occurred_on=DAY, meeting_id=M1, person_id=CY, reason=LeaveReason.SICK)
    assert rows(planned, NOTICE, excused) == []


def test_a_plan_that_was_cancelled_has_no_row():
    assert rows(NOTICE, CANCELLED) == []


@pytest.mark.parametrize("kind", [MeetingKind.GENERAL, MeetingKind.COMMITTEE, MeetingKind.GROUP, MeetingKind.LECTURE, MeetingKind.STUDY])
def test_meetings_stand_in_the_meeting_register(kind: MeetingKind):
    (row,) = rows(held(kind=kind))
    assert (row["register"], row["cells"]["kind"]) == ("meetings", kind.zh)


def test_a_theme_day_stands_in_its_own_register():
    (row,) = rows(held(kind=MeetingKind.THEME_DAY, plan_item="三月", observers=(PersonId("eve"),)))
    assert row["register"] == "theme-days"
    assert row["cells"] == {"plan_item": "三月", "time": "2026-03-05", "theme": "学习文件", "participants": 3}


def test_the_nth_meeting_is_counted_by_kind():
    story = (held(M1), held(M2), held(M3, MeetingKind.COMMITTEE))
    assert [(row["row_no"], row["cells"]["kind"], row["cells"]["nth"]) for row in rows(*story)] == [
        (1, "党员大会", 1),
        (2, "党员大会", 2),
        (3, "支委会", 1),
    ]


def test_the_nth_meeting_of_a_group_is_counted_by_group():
    one, two = GroupId("g1"), GroupId("g2")
    story = (
        held(M1, MeetingKind.GROUP, group_id=one),
        held(M2, MeetingKind.GROUP, group_id=two),
        held(M3, MeetingKind.GROUP, group_id=one),
    )
    assert [row["cells"]["nth"] for row in rows(*story)] == [1, 1, 2]


def test_counting_begins_again_each_year_also_for_late_entries():
    story = (held(M1, on=dt.date(2025, 12, 1)), held(M2), held(M3, on=dt.date(2025, 11, 1)))
    assert [(row["year"], row["row_no"], row["cells"]["nth"]) for row in rows(*story)] == [("2025", 1, 1), ("2026", 1, 1), ("2025", 2, 2)]


def test_a_fact_of_the_next_year_completes_the_row_of_the_meetings_year():
    late = msgspec.structs.replace(RESULT, occurred_on=dt.date(2027, 1, 5))
    (row,) = rows(held(), RESOLUTION, late)
    assert (row["year"], row["occurred_on"], row["cells"]["results"]) == ("2026", DAY, ["1. 2027-01-05 已落实"])


def test_a_cancelled_meeting_is_struck_and_keeps_its_number():
    first, second = rows(held(M1), CANCELLED, held(M2))
    assert (first["struck_by"], first["row_no"], first["cells"]["nth"]) == ("e2", 1, 1)
    assert (second["struck_by"], second["row_no"], second["cells"]["nth"]) == (None, 2, 2)


def test_a_cancelled_meeting_strikes_its_lecture_too():
    assert {row["register"]: row["struck_by"] for row in rows(held(kind=MeetingKind.LECTURE), lecture(), CANCELLED)} == {
        "meetings": "e3",
        "lectures": "e3",
    }


def test_a_cancelled_theme_day_is_struck():
    withdrawn = ThemeDayWithdrawn(occurred_on=CANCELLED.occurred_on, meeting_id=M1, reason="未实际召开")
    (row,) = rows(held(kind=MeetingKind.THEME_DAY), theme_day(), CANCELLED, withdrawn)
    assert row["struck_by"] == "e3"


def test_a_theme_day_at_a_general_meeting_is_struck_in_both_registers():
    withdrawn = ThemeDayWithdrawn(occurred_on=CANCELLED.occurred_on, meeting_id=M1, reason="未实际召开")
    assert {row["register"]: row["struck_by"] for row in rows(held(), theme_day(), CANCELLED, withdrawn)} == {
        "meetings": "e3",
        "theme-days": "e3",
    }


def test_corrected_attendance_replaces_the_lists_and_leaves_a_mark():
    corrected = AttendanceCorrected(
        occurred_on=dt.date(2026, 3, 8), meeting_id=M1, present=(ADA, BO, DEE), excused=(Excused(person_id=CY, reason=LeaveReason.OFFICIAL),),
        reason="漏记一人", author=BO,
    )  # fmt: skip
    after = cells(held(), corrected)
    assert {key: after[key] for key in ("present_count", "excused", "excused_reasons", "absent", "corrections")} == {
        "present_count": 3,
        "excused": ["cy"],
        "excused_reasons": ["公假"],
        "absent": [],
        "corrections": ["2026-03-08 到会登记：漏记一人"],
    }


def test_corrected_minutes_leave_a_mark_on_a_theme_day_too():
    assert cells(held(kind=MeetingKind.THEME_DAY), ARCHIVED, CORRECTED, register="theme-days")["corrections"] == [
        "2026-03-20 地点应为二楼会议室（笔误）"
    ]


def test_a_row_without_corrections_has_no_mark():
    assert "corrections" not in cells(held(), AGENDA, ARCHIVED)


def test_a_long_speech_is_shortened_on_the_form():
    talk = msgspec.structs.replace(AGENDA, summary="言" * (SUMMARY_SHOWN + 1))
    assert cells(held(), talk)["speeches"] == ["1. " + "言" * SUMMARY_SHOWN]


def test_an_item_without_a_summary_adds_no_speech():
    assert "speeches" not in cells(held(), msgspec.structs.replace(AGENDA, summary=None))


def test_a_motion_that_failed_is_shown_as_not_passed():
    failed = msgspec.structs.replace(VOTE, yes=1, no=1, passed=False, method=VoteMethod.SECRET_PAPER)
    assert cells(held(), failed)["votes"] == ["1. 年度计划：应到有表决权3，实到2，赞成1，反对1，弃权0，无记名投票，未通过"]


def test_written_opinions_are_shown_with_the_votes():
    written = msgspec.structs.replace(VOTE, yes=3, written_from=(CY,))
    assert cells(held(), written)["votes"] == ["1. 年度计划：应到有表决权3，实到2，赞成3，反对0，弃权0(含书面意见1)，举手表决，通过"]


def test_a_resolution_without_a_limit_shows_none():
    assert cells(held(), msgspec.structs.replace(RESOLUTION, due_on=None))["resolutions"] == ["1. 通过年度计划"]


def test_minutes_without_a_file_are_shown_as_on_file():
    assert cells(held(), msgspec.structs.replace(ARCHIVED, file=None, text="全文"))["attachments"] == ["会议记录：已归档"]


def test_nothing_is_remembered_of_what_minutes_on_file_have_closed():
    state = PROJECTION.start()
    apply(PROJECTION, state, facts(held(), AGENDA, VOTE, RESOLUTION, ARCHIVED), Merge())
    sitting = state.sittings[M1]
    assert (sitting.agenda, sitting.speeches, sitting.votes, sitting.resolutions) == ([], [], [], [])


def test_rows_as_of_a_day_hold_only_what_had_happened():
    story = facts(held(), AGENDA, ARCHIVED, CORRECTED)
    (row,) = ledger_rows(replay([PROJECTION], known(story, as_of=dt.date(2026, 3, 10))))
    assert row["cells"]["attachments"] == ["会议记录：2026-卷1"]
    assert "corrections" not in row["cells"]


def test_a_fact_about_a_meeting_that_was_never_held_stops_the_book():
    with pytest.raises(Poison):
        rows(lecture())


@pytest.mark.parametrize(
    ("starts_at", "ends_at", "text"),
    [(None, None, "2026-03-05"), ("14:30", None, "2026-03-05 14:30"), ("14:30", "16:00", "2026-03-05 14:30-16:00")],
)
def test_the_time_of_a_meeting_in_words(starts_at: str | None, ends_at: str | None, text: str):
    assert time_text(DAY, starts_at, ends_at) == text


def test_the_registers_have_the_columns_of_the_paper_forms():
    assert [register.zh for register in REGISTERS[:3]] == ["三会一课记录", "党课登记表", "主题党日登记表"]
    forms = {
        MEETINGS.code: "会议类别 次数 时间 地点 主持人 记录人 应到人数 实到人数 请假人员及原因 缺席人员 列席人员 议题 发言摘要 表决情况 决议 落实情况 附件",
        LECTURES.code: "时间 主讲人 主讲人身份 题目 听课人数 学时 讲稿",
        THEME_DAYS.code: "年度计划项 时间 主题 “7+X”规定动作完成 X自选内容 参加人数 活动记录 心得体会份数 宣传信息",
    }
    for register in REGISTERS[:3]:
        headings = [column.zh for column in register.columns]
        paper = forms[register.code].split()
        assert [heading for heading in headings if heading in paper] == paper
