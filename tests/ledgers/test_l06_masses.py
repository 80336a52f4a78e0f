"""L06 群众工作: research, opinions, questionnaires, volunteers, village aid, plans; whole rows, completed and struck."""

from typing import Any

import pytest

from events.base import Event
from events.masses import (
    Adoption,
    HouseholdsVisited,
    LedBy,
    MassEntryId,
    MassEntryWithdrawn,
    MassPlanAdopted,
    MassPlanKind,
    OpinionHandled,
    QuestionnaireCompleted,
    ResearchReportFiled,
    VillageAidEnded,
    VolunteerServiceDone,
)
from events.supervision import Channel, LetterVisitId, LetterVisitReceived, LetterVisitResolved
from projections.engine.merge import ledger_rows
from projections.engine.replay import replay
from projections.ledgers.l05_supervision import PROJECTION as L05
from projections.ledgers.l06_fieldwork import hours
from projections.ledgers.l06_masses import PROJECTION, REGISTERS
from projections.ledgers.register import Register
from tests.decide.roster_history import ANN, BEFORE, BEN, DAY
from tests.decide.work_history import LONG_AGO, O1, P1, R1, S1, logged, opinion, posted, solicited, trip
from tests.ledgers.l04_history import facts


def rows(*events: Event, register: str) -> list[dict[str, Any]]:
    return [row for row in ledger_rows(replay([PROJECTION], facts(*events))) if row["register"] == register]


def cells(*events: Event, register: str) -> list[dict[str, Any]]:
    return [row["cells"] for row in rows(*events, register=register)]


def withdrawn(entry: str, what: str) -> MassEntryWithdrawn:
    return MassEntryWithdrawn(occurred_on=DAY, entry_id=MassEntryId(entry), what=what, happened_on=BEFORE, reason="误登")


def test_a_research_trip_has_a_whole_row():
    assert rows(trip(), register="research") == [
        {
            "org_id": "b1",
            "ledger": "L06",
            "register": "research",
            "year": "2026",
            "key": "r1",
            "row_no": 1,
            "subject": None,
            "occurred_on": BEFORE,
            "recorded_at": 1_000_000,
            "position": 101,
            "event_id": "e1",
            "struck_by": None,
            "cells": {
                "quarter": "2026-Q1",
                "leader": "副部长（部领导）",
                "on": "2026-03-15",
                "place": "东湖村",
                "topic": "基层减负",
                "people": ["ann", "ben"],
                "findings": "报表重复",
            },
        }
    ]


def test_a_trip_of_several_days_led_by_the_secretary_and_its_report():
    filed = ResearchReportFiled(occurred_on=DAY, research_id=R1, began_on=BEFORE, title="减负调研报告")
    (found,) = cells(trip(led_by=LedBy.SECRETARY, leader="书记", until=DAY), filed, register="research")
    assert (found["on"], found["leader"], found["report"]) == ("2026-03-15 至 2026-03-16", "书记（支部书记）", "减负调研报告")


def test_a_round_of_opinions_its_opinions_and_what_became_of_them():
    inside = opinion(solicitation_id=S1, batch="上半年征求意见")
    handled = OpinionHandled(occurred_on=DAY, opinion_id=O1, said_on=BEFORE, adoption=Adoption.PARTLY, note="延长至六点")
    filed = ResearchReportFiled(occurred_on=DAY, solicitation_id=S1, began_on=BEFORE, title="意见汇总")
    assert cells(solicited(until=DAY), inside, handled, filed, register="opinions") == [
        {
            "batch": "上半年征求意见",
            "method": "座谈",
            "on": "2026-03-15 至 2026-03-16",
            "source": "全体党员和服务对象",
            "content": "征求意见启动",
            "adoption": "调研报告：意见汇总",
        },
        {
            "batch": "上半年征求意见",
            "method": "走访",
            "on": "2026-03-15",
            "source": "服务对象",
            "content": "办事大厅延长开放时间",
            "adoption": "部分采纳：延长至六点",
        },
    ]


def test_what_is_said_in_january_of_an_opinion_of_december_stands_in_its_year():
    december, january = BEFORE.replace(year=2025, month=12), BEFORE.replace(month=1)
    handled = OpinionHandled(occurred_on=january, opinion_id=O1, said_on=december, adoption=Adoption.ADOPTED)
    (row,) = rows(opinion(occurred_on=december), handled, register="opinions")
    assert (row["year"], row["occurred_on"], row["cells"]["adoption"]) == ("2025", december, "已采纳")


def test_a_questionnaire():
    done = QuestionnaireCompleted(
        occurred_on=DAY, entry_id=MassEntryId("q"), topic="满意度", issued=50, returned=48, valid=47, analysis="总体满意"
    )
    assert cells(done, register="questionnaires") == [
        {"topic": "满意度", "issued": 50, "returned": 48, "valid": 47, "analysis": "总体满意"}
    ]


def test_volunteer_service():
    done = VolunteerServiceDone(
        occurred_on=DAY,
        entry_id=MassEntryId("v"),
        project="清洁家园",
        place="北湖公园",
        people=(ANN, BEN),
        minutes=150,
        served="居民",
        effect="环境改善",
    )
    assert cells(done, register="volunteers") == [
        {
            "on": DAY,
            "project": "清洁家园",
            "place": "北湖公园",
            "people": ["ann", "ben"],
            "time": "2小时30分",
            "served": "居民",
            "effect": "环境改善",
        }
    ]


@pytest.mark.parametrize(("minutes", "text"), [(0, "0小时"), (59, "0小时59分"), (60, "1小时"), (61, "1小时1分")])
def test_time_is_told_in_hours_and_minutes(minutes: int, text: str):
    assert hours(minutes) == text


def test_the_village_log_begins_with_the_posting_and_ends_with_the_return():
    ended = VillageAidEnded(occurred_on=DAY, posting_id=P1, person_id=ANN, reason="轮换")
    told = cells(posted(until=DAY, document_no="部发1号"), logged(solved="修路", todo="饮水"), ended, register="village-aid")
    assert told == [
        {"on": LONG_AGO, "people": ["ann"], "village": "东湖村", "work": "选派驻村帮扶，至2026-03-16，部发1号"},
        {"on": BEFORE, "people": ["ann"], "village": "东湖村", "work": "走访脱贫户", "households": 3, "solved": "修路", "todo": "饮水"},
        {"on": DAY, "people": ["ann"], "village": "东湖村", "work": "驻村帮扶结束：轮换"},
    ]


def test_household_visits_stand_in_the_village_log():
    done = HouseholdsVisited(occurred_on=DAY, entry_id=MassEntryId("h"), people=(ANN, BEN), village="东湖村", households=5, work="了解收入")
    assert cells(done, register="village-aid") == [
        {"on": DAY, "people": ["ann", "ben"], "village": "东湖村", "work": "了解收入", "households": 5, "solved": "", "todo": ""}
    ]


def test_a_plan():
    plan = MassPlanAdopted(
        occurred_on=DAY, entry_id=MassEntryId("n"), kind=MassPlanKind.VILLAGE_AID, title="年度帮扶计划", content="三项任务", met_on=BEFORE
    )
    assert cells(plan, register="plans") == [
        {"on": DAY, "kind": "帮扶计划", "title": "年度帮扶计划", "content": "三项任务", "met_on": BEFORE}
    ]


@pytest.mark.parametrize(
    ("event", "what", "register"),
    [
        (opinion("n"), "masses.opinion_recorded", "opinions"),
        (solicited("n"), "masses.solicitation_opened", "opinions"),
        (trip("n"), "masses.research_trip_made", "research"),
        (posted("n", occurred_on=BEFORE), "masses.village_aid_assigned", "village-aid"),
    ],
)
def test_a_withdrawn_entry_keeps_its_row_and_number_struck_through(event: Event, what: str, register: str):
    (row,) = rows(event, withdrawn("n", what), register=register)
    assert (row["row_no"], row["struck_by"], row["occurred_on"]) == (1, "e2", BEFORE)


def test_letters_and_visits_stand_here_as_they_stand_in_l05():
    received = LetterVisitReceived(
        occurred_on=BEFORE,
        letter_visit_id=LetterVisitId("z1"),
        number="2026-001",
        person_id=ANN,
        of_member=True,
        channel=Channel.VISIT,
        matter="~1|ann|e|matter|x",
        received_by=BEN,
    )
    resolved = LetterVisitResolved(occurred_on=DAY, letter_visit_id=LetterVisitId("z1"), person_id=ANN, result="~1|ann|e|result|x")
    (second,) = rows(received, resolved, register="receptions")
    first = [row for row in ledger_rows(replay([L05], facts(received, resolved))) if row["register"] == "letters"]
    assert [row | {"ledger": "L06", "register": "receptions"} for row in first] == [second]
    assert (second["cells"]["number"], second["cells"]["answered_on"]) == ("2026-001", DAY)


@pytest.mark.parametrize("register", REGISTERS, ids=[register.code for register in REGISTERS])
def test_every_column_is_told_in_both_languages(register: Register):
    assert register.ledger == "L06"
    assert all(column.zh and column.en for column in register.columns)


def test_the_columns_are_those_of_the_paper_forms():
    assert {register.zh: " ".join(column.zh for column in register.columns) for register in REGISTERS} == {
        "调研登记表": "季度 带队领导 时间 地点 主题 参加人员 发现问题 调研报告",
        "征求意见登记表": "批次 方式(座谈/问卷/走访/征集) 时间 对象 意见内容 采纳情况",
        "问卷登记": "主题 发放数 回收数 有效数 分析报告",
        "志愿服务登记表": "日期 项目 地点 参加人 时长 服务对象 效果",
        "接访记录": "编号 日期 方式(信/访/电/网) 来信来访人 来信来访党员 反映事项 受理人 转办 办理结果 答复日期 是否重复",
        "走访慰问登记表": "节日 方案 慰问对象 类别(老党员/困难党员/群众) 慰问方式 金额或物品 走访人 日期 签收",
        "困难党员动态管理台账": "姓名 困难类型 家庭情况 入册日期 帮扶人 帮扶措施 更新日期 变化 出册日期 出册原因",
        "驻村帮扶工作日志": "日期 驻村党员 村 工作内容 走访户数 解决问题 待办",
        "在职党员社区报到台账": "姓名 居住社区 报到日期 社区签收 服务岗位 服务次数 服务时长 年度评价",
        "社区征求意见建议登记册": "日期 党员 社区 意见建议人 内容 提出的工作建议 办理",
        "群众工作方案及统计": "日期 类别 名称 内容 通过会议",
    }
