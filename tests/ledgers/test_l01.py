"""L01 组织设置: the branch's form, the roll, the committee, the Party groups; whole rows, and what moves them."""

import datetime as dt
from typing import Any

import pytest

from events.base import Event, LetterId
from events.members import (
    MemberAssignedToGroup,
    MemberProfileChanged,
    MembershipReinstated,
    MemberTransferredIn,
    MemberTransferredOut,
    Sex,
)
from events.organisations import (
    BranchRegistered,
    GroupDissolved,
    GroupLeaderAppointed,
    LeaderBy,
    Post,
    PostAssigned,
    PostVacated,
    Seat,
)
from projections.engine.merge import Merge, apply, ledger_rows
from projections.engine.replay import known, replay
from projections.ledgers.l01_organisation import PROJECTION, REGISTERS
from projections.ledgers.register import Kind
from tests.decide.roster_history import (
    AFTER,
    ANN,
    BEFORE,
    BEN,
    CAI,
    DAY,
    EVE,
    FAY,
    FOUNDED_ON,
    NEO,
    NORTH,
    SOUTH,
    converted,
    founded,
    group,
    left,
    member,
    members,
    probationer,
    put,
    seated,
    suspended,
)
from tests.ledgers.l04_history import facts


def rows(*events: Event, register: str) -> list[dict[str, Any]]:
    return [row for row in ledger_rows(replay([PROJECTION], facts(*events))) if row["register"] == register]


def branch(*events: Event) -> dict[str, Any]:
    (row,) = rows(founded(), *events, register="branch")
    return dict(row["cells"])


def counts(*events: Event) -> tuple[int, int, int]:
    cells = branch(*events)
    return cells["full"], cells["probationary"], cells["groups"]


def roll(*events: Event) -> list[dict[str, Any]]:
    return [row["cells"] for row in rows(founded(), *events, register="roll")]


def of_groups(*events: Event) -> dict[str, tuple[list[str], int]]:
    found = rows(founded(), *events, register="groups")
    return {row["key"]: (row["cells"]["people"], row["cells"]["count"]) for row in found if row["struck_by"] is None}


def officers(*events: Event) -> list[tuple[Any, ...]]:
    found = rows(founded(), *members(), *events, register="officers")
    return [tuple(row["cells"].get(cell) for cell in ("person", "post", "since", "until", "reason")) for row in found]


def test_the_columns_are_those_of_the_paper_forms():
    assert {register.zh: " ".join(column.zh for column in register.columns) for register in REGISTERS} == {
        "党支部基本情况登记表": "党支部名称 批准成立时间 批准文号 上级党组织 支部类型 正式党员数 预备党员数 党小组数 本届起止时间 联系人 电话 活动场所",
        "党员花名册": (
            "姓名 性别 民族 出生年月 公民身份号码 籍贯 学历 参加工作时间 入党时间 转正时间 党员类别 工作单位及职务 党内职务 所在党小组 "
            "联系电话 现居住地 组织关系转入时间 是否流动党员 是否困难党员 备注"
        ),
        "支部班子花名册": "姓名 党内职务 分工 任职时间 选举得票(应到/实到/赞成) 批准文号 届次 免职时间 原因",
        "党小组花名册": "党小组名称 组长 产生方式(指定/推荐) 科室范围 成员名单 人数 变动日期",
        "换届选举登记表": (
            "届次 任期起止 提醒日期 第一次请示日期与文号 第二次请示日期与文号 第三次请示日期与文号 第一次批复日期与文号 第二次批复日期与文号 "
            "第三次批复日期与文号 应到人数 实到人数 有选举权人数 发出票 收回票 有效票 无效票 候选人 得票 当选名单 监票人 总监票人 计票人 "
            "延期/提前批准情况 归档日期"
        ),
        "制度职责清单": "名称 类别(制度/职责/标准) 通过会议 生效日期 修订日期 版本 状态",
        "人员调整通知": "文号 日期 调整事由 调整人员 调整前 调整后 依据会议",
    }


def test_what_is_sealed_is_masked_or_opened_at_reading():
    (register,) = [register for register in REGISTERS if register.code == "roll"]
    sealed = {column.key: column.kind for column in register.columns if column.kind in (Kind.SEALED, Kind.MASKED)}
    assert sealed == {
        "name": Kind.SEALED,
        "id_number": Kind.MASKED,
        "native_place": Kind.SEALED,
        "unit_and_post": Kind.SEALED,
        "phone": Kind.MASKED,
        "address": Kind.MASKED,
        "remark": Kind.SEALED,
    }


def row(register: str, key: str, event: int, occurred_on: dt.date, cells: dict[str, Any], **more: Any) -> dict[str, Any]:
    whole: dict[str, Any] = {
        "org_id": "b1",
        "ledger": "L01",
        "register": register,
        "year": "0",
        "key": key,
        "row_no": 1,
        "subject": None,
        "occurred_on": occurred_on,
        "recorded_at": event * 1_000_000,
        "position": 100 + event,
        "event_id": f"e{event}",
        "struck_by": None,
        "cells": cells,
    }
    return whole | more


class TestTheBranchsForm:
    def test_it_has_one_whole_row(self):
        registered = BranchRegistered(occurred_on=DAY, contact="安某", phone="010-1000", venue="三楼会议室")
        history = (founded(), *members(), probationer(), group(NORTH), group(SOUTH), seated(), registered)
        assert rows(*history, register="branch") == [
            row(
                *("branch", "branch", 13, FOUNDED_ON),
                {
                    "name": "第一党支部",
                    "founded_on": FOUNDED_ON,
                    "approval_no": "部发〔2025〕1号",
                    "superior": "committee",
                    "branch_type": "机关党支部",
                    "full": 7,
                    "probationary": 1,
                    "groups": 2,
                    "term": "2025-01-06 — 2028-01-06",
                    "contact": "安某",
                    "phone": "010-1000",
                    "venue": "三楼会议室",
                },
            )
        ]

    @pytest.mark.parametrize(
        ("events", "numbers"),
        [
            ((), (0, 0, 0)),
            ((member(ANN), probationer()), (1, 1, 0)),
            ((member(ANN), probationer(), converted()), (2, 0, 0)),
            ((member(ANN), suspended(ANN)), (0, 0, 0)),
            ((member(ANN), left(ANN)), (0, 0, 0)),
            ((probationer(), suspended(NEO), left(NEO)), (0, 0, 0)),
            ((member(ANN), left(ANN), member(ANN, joined_on=DAY)), (1, 0, 0)),
            ((group(NORTH), group(SOUTH), GroupDissolved(occurred_on=DAY, group_id=NORTH, reason="合并")), (0, 0, 1)),
        ],
    )
    def test_its_numbers_follow_whoever_counts(self, events, numbers):
        assert counts(*events) == numbers


ENTERED: dict[str, Any] = {
    "id_number": "~1|ann|e|id_number|x",
    "native_place": "~1|ann|e|native_place|x",
    "unit_and_post": "~1|ann|e|unit_and_post|x",
    "started_work": "2002-08",
    "phone": "~1|ann|e|phone|x",
    "address": "~1|ann|e|address|x",
    "remark": "~1|ann|e|remark|x",
    "hardship": True,
}


def moved_in(**changed: Any) -> MemberTransferredIn:
    event = member(ANN)
    told: dict[str, Any] = {field: getattr(event, field) for field in event.__struct_fields__ if field != "joined_on"}
    return MemberTransferredIn(**(told | {"occurred_on": DAY, "letter_id": LetterId("l1"), "from_name": "外单位"} | changed))


def moved_out(on: dt.date = DAY) -> MemberTransferredOut:
    return MemberTransferredOut(occurred_on=on, person_id=ANN, letter_id=LetterId("l1"), to_name="外单位")


class TestTheRoll:
    def test_a_member_has_a_whole_row(self):
        assert rows(founded(), member(ANN, **ENTERED), register="roll") == [
            row(
                *("roll", "ann/2", 2, FOUNDED_ON),
                {
                    "name": "ann",
                    "sex": "女",
                    "nationality": "汉族",
                    "born": "1980-05",
                    "education": "大学",
                    "admitted_on": dt.date(2010, 7, 1),
                    "full_on": dt.date(2011, 7, 1),
                    "status": "正式党员",
                    "posts": [],
                    "group": None,
                    "transferred_in_on": None,
                    "mobile": False,
                    **ENTERED,
                },
                subject="ann",
            )
        ]

    def test_who_was_transferred_in_has_the_day_of_it(self):
        assert [cells["transferred_in_on"] for cells in roll(moved_in())] == [DAY]

    @pytest.mark.parametrize("gone", [left(ANN), moved_out(BEFORE)])
    def test_the_row_of_somebody_who_left_is_struck_and_keeps_its_number(self, gone):
        found = rows(founded(), member(ANN), member(BEN), gone, register="roll")
        assert [(one["row_no"], one["subject"], one["struck_by"]) for one in found] == [(1, "ann", "e4"), (2, "ben", None)]

    def test_somebody_who_comes_back_gets_a_new_row(self):
        found = rows(founded(), member(ANN), left(ANN), moved_in(), register="roll")
        assert [(one["row_no"], one["key"], one["struck_by"]) for one in found] == [(1, "ann/2", "e3"), (2, "ann/4", None)]

    def test_changes_complete_the_row(self):
        changed = MemberProfileChanged(
            occurred_on=DAY,
            person_id=ANN,
            reason="更正",
            sex=Sex.MALE,
            nationality="10",
            born_month="1981-05",
            education="12",
            admitted_on=dt.date(2010, 8, 1),
            phone="~1|ann|e9|phone|x",
            mobile=True,
        )
        (before,) = roll(member(ANN))
        assert roll(member(ANN), changed) == [
            before
            | {"sex": "男", "nationality": "朝鲜族", "born": "1981-05", "education": "硕士研究生"}
            | {"admitted_on": dt.date(2010, 8, 1), "phone": "~1|ann|e9|phone|x", "mobile": True}
        ]

    def test_posts_and_group_are_shown_beside_the_name(self):
        (cells,) = roll(member(ANN), group(NORTH), put(ANN, NORTH), seated(Seat(person_id=ANN, post=Post.SECRETARY)))
        assert (cells["posts"], cells["group"]) == (["书记"], NORTH)

    def test_a_suspended_member_is_marked_and_unmarked(self):
        back = MembershipReinstated(occurred_on=DAY, person_id=ANN, reason="取得联系", approval_no="7号")
        assert [cells["status"] for cells in roll(member(ANN), suspended(ANN))] == ["停止党籍"]
        assert [cells["status"] for cells in roll(member(ANN), suspended(ANN), back)] == ["正式党员"]

    def test_a_probationary_member_becomes_a_full_one(self):
        (cells,) = roll(probationer(), converted(on=DAY))
        assert (cells["status"], cells["full_on"]) == ("正式党员", DAY)


class TestWhatIsLearntAfterTheMemberLeft:
    """It completes the struck row, moves nobody and stops nothing."""

    GONE = (probationer(), group(NORTH), left(NEO, DAY))

    @pytest.mark.parametrize(
        ("late", "cell", "value"),
        [
            (converted(on=BEFORE), "full_on", BEFORE),
            (suspended(NEO, BEFORE), "status", "停止党籍"),
            (MemberAssignedToGroup(occurred_on=BEFORE, person_id=NEO, group_id=NORTH), "group", NORTH),
            (MemberProfileChanged(occurred_on=BEFORE, person_id=NEO, reason="更正", education="12"), "education", "硕士研究生"),
        ],
    )
    def test_the_row(self, late, cell, value):
        assert [cells[cell] for cells in roll(*self.GONE, late)] == [value]
        assert counts(*self.GONE, late) == (0, 0, 1)
        assert of_groups(*self.GONE, late) == {"north": ([], 0)}


class TestTheCommittee:
    def test_a_seat_has_a_whole_row(self):
        elected = Seat(person_id=ANN, post=Post.SECRETARY, duties="主持工作", votes_due=7, votes_present=6, votes_for=5)
        assert rows(founded(), member(ANN), seated(elected), register="officers") == [
            row(
                *("officers", "3/0", 3, FOUNDED_ON),
                {
                    "person": "ann",
                    "post": "书记",
                    "duties": "主持工作",
                    "since": FOUNDED_ON,
                    "votes": "7/6/5",
                    "approval_no": "部发〔2025〕2号",
                    "term": 1,
                },
                subject="ann",
            )
        ]

    def test_who_was_not_elected_shows_no_votes(self):
        (found,) = rows(founded(), member(ANN), seated(Seat(person_id=ANN, post=Post.SECRETARY)), register="officers")
        assert found["cells"]["votes"] is None

    def test_the_next_committee_closes_the_rows_of_the_one_before(self):
        first, second = Seat(person_id=ANN, post=Post.SECRETARY), Seat(person_id=BEN, post=Post.SECRETARY)
        assert officers(seated(first), seated(second, on=DAY, term=2)) == [
            ("ann", "书记", FOUNDED_ON, DAY, "支部委员会产生"),
            ("ben", "书记", DAY, None, None),
        ]

    def test_a_post_is_vacated_and_taken(self):
        vacated = PostVacated(occurred_on=BEFORE, term=1, person_id=EVE, post=Post.DISCIPLINE, reason="工作调动")
        taken = PostAssigned(occurred_on=DAY, term=1, seat=Seat(person_id=FAY, post=Post.DISCIPLINE), approval_no="6号")
        assert officers(seated(), vacated, taken)[4:] == [
            ("eve", "纪检委员", FOUNDED_ON, BEFORE, "工作调动"),
            ("fay", "纪检委员", DAY, None, None),
        ]
        posts = {cells["name"]: cells["posts"] for cells in roll(*members(), seated(), vacated, taken)}
        assert (posts["eve"], posts["fay"]) == ([], ["纪检委员"])

    def test_a_post_ends_with_the_membership(self):
        assert officers(seated(Seat(person_id=ANN, post=Post.SECRETARY)), moved_out()) == [("ann", "书记", FOUNDED_ON, DAY, "党员转出")]


class TestTheGroups:
    def test_a_group_has_a_whole_row(self):
        leads = GroupLeaderAppointed(occurred_on=DAY, group_id=NORTH, leader_id=BEN, by=LeaderBy.RECOMMENDED)
        history = (founded(), group(NORTH), member(BEN, group_id=NORTH), member(ANN, group_id=NORTH), leads)
        assert rows(*history, register="groups") == [
            row(
                *("groups", "north", 5, FOUNDED_ON),
                {
                    "name": "north党小组",
                    "scope": "",
                    "leader": "ben",
                    "leader_by": "推荐",
                    "people": ["ann", "ben"],
                    "count": 2,
                    "changed_on": DAY,
                },
            )
        ]

    def test_who_moves_is_in_one_group_only(self):
        history = (group(NORTH), group(SOUTH), member(ANN, group_id=NORTH), member(CAI, group_id=SOUTH))
        assert of_groups(*history, put(ANN, SOUTH, DAY)) == {"north": ([], 0), "south": (["ann", "cai"], 2)}

    @pytest.mark.parametrize("over", [left(ANN), suspended(ANN), moved_out()])
    def test_who_does_not_count_is_not_counted(self, over):
        assert of_groups(group(NORTH), member(ANN, group_id=NORTH), over) == {"north": ([], 0)}

    def test_who_is_reinstated_is_in_the_group_again(self):
        back = MembershipReinstated(occurred_on=DAY, person_id=ANN, reason="取得联系", approval_no="7号")
        assert of_groups(group(NORTH), member(ANN, group_id=NORTH), suspended(ANN), back) == {"north": (["ann"], 1)}

    def test_a_dissolved_group_is_struck_and_its_people_are_in_none(self):
        history = (group(NORTH), member(ANN, group_id=NORTH), GroupDissolved(occurred_on=DAY, group_id=NORTH, reason="合并"))
        assert [one["struck_by"] for one in rows(founded(), *history, register="groups")] == ["e4"]
        assert [cells["group"] for cells in roll(*history)] == [None]


YEAR = (
    *(founded(), *members(), probationer(), group(NORTH), put(ANN, NORTH), seated(), converted(on=BEFORE)),
    *(suspended(FAY, DAY), left(CAI, AFTER), moved_out(AFTER)),
)


def test_the_same_facts_twice_give_the_same_rows():
    once, twice = Merge(), Merge()
    for into in (once, twice, twice):
        apply(PROJECTION, PROJECTION.start(), facts(*YEAR), into)
    assert ledger_rows(twice) == ledger_rows(once)


@pytest.mark.parametrize(("as_of", "full", "probationary"), [(FOUNDED_ON, 7, 1), (BEFORE, 8, 0), (DAY, 7, 0), (AFTER, 5, 0)])
def test_as_of_any_day(as_of, full, probationary):
    found = ledger_rows(replay([PROJECTION], known(facts(*YEAR), as_of=as_of)))
    (form,) = [one["cells"] for one in found if one["register"] == "branch"]
    assert (form["full"], form["probationary"]) == (full, probationary)
