"""Workbooks become commands row by row; every faulty cell is shown before anything is recorded, and nothing is recorded twice."""

import datetime as dt
from typing import Any

import msgspec
import pytest

from events.base import MeetingId, ReceiptNo
from events.dues import IncomeKind, PaymentKind
from events.meetings import AgendaKind, MeetingKind, VoteMethod
from events.members import MemberStatus, Sex
from service.decide.dues.assessment import AssessDuesBase
from service.decide.dues.payments import ReceiveDues
from service.decide.meetings.votes import VoteOnMotion
from service.decide.members.roll import RegisterMember
from service.imports.directory import Directory
from service.imports.preview import Kind, State
from service.imports.workbook import Unreadable
from tests.flows.import_world import (
    ANNA,
    B1,
    B2,
    BOLIN,
    DIRECTORY,
    FIRST,
    GOOD,
    KEYS,
    NAMESAKE,
    faults,
    previewed,
    roster,
    sheet,
)

OPENED = dt.date(2025, 12, 1)
MEETING_HEADINGS = (
    "序号", "会议类别", "党小组", "通知日期", "时间", "地点", "主持人", "记录人", "应到人数", "实到人数", "请假人员及原因", "缺席人员", "议题",
    "表决情况", "决议", "归档日期", "归档人",
)  # fmt: skip
MEETING = {
    "会议类别": "党员大会", "通知日期": "2026-03-02", "时间": "2026-03-05 14:30-16:00", "主持人": "安娜", "记录人": "柏林", "应到人数": 2,
    "实到人数": 2, "议题": "表彰：推荐优秀党员",
}  # fmt: skip
OTHER = GOOD | {
    "姓名": "乙", "公民身份证号": "990101198808160574", "所在党支部": "信息中心党支部", "性别": "男", "出生日期": None, "加入党组织日期": "2010.01",
    "转为正式党员日期": "2011.01",
}  # fmt: skip
DUES_HEADINGS = (
    "序号", "姓名", "收入类别", "计算基数(元)", "月应交(元)", "核定日期", "核定人", "起交月份", *(f"{n}月" for n in range(1, 13)), "票据号",
)  # fmt: skip
DUES = {
    "姓名": "安娜",
    "收入类别": "月工资",
    "计算基数(元)": 4_000,
    "月应交(元)": 40,
    "核定日期": "2026-01-05",
    "核定人": "柏林",
    "1月": 40,
}


def register(*rows: dict[str, Any], branch: str = "综合业务党支部"):
    return sheet("三会一课记录", f"党支部：{branch}（示例）", MEETING_HEADINGS, rows)


def dues(*rows: dict[str, Any], under: str = "党支部：综合业务党支部 收款人：柏林 收缴日：每月5日"):
    return sheet("党费收缴登记册（2026年度）", under, DUES_HEADINGS, rows)


def test_a_line_of_the_official_roster_becomes_the_registration_of_a_member():
    preview = previewed(roster(GOOD))
    (row,) = preview.rows
    (send,) = row.sends
    assert (preview.kind, row.state, row.number, send.org_id) == (Kind.ROSTER, State.OK, 4, B1)
    assert send.command == RegisterMember(
        occurred_on=OPENED,
        name="顾青琳",
        sex=Sex.FEMALE,
        nationality="01",
        born_on=dt.date(1967, 5, 25),
        id_number="990101196705251984",
        education="21",
        work_post="011",
        status=MemberStatus.FULL,
        admitted_on=dt.date(2004, 6, 1),
        full_on=dt.date(2005, 6, 8),
        phone="12000000001",
    )


@pytest.mark.parametrize(
    ("change", "cell", "reason"),
    [
        ({"公民身份证号": "990101196705251985"}, "D4", "the check digit of the ID number is wrong"),
        (
            {"公民身份证号": 990101196705251984},
            "D4",
            "the ID number is stored as a number and has lost its last digits; make the column text and fill it in again",
        ),
        ({"公民身份证号": None}, "D4", "“公民身份证号” may not be blank"),
        ({"姓名": None}, "B4", "“姓名” may not be blank"),
        ({"所在党支部": "不存在党支部"}, "C4", "there is no branch “不存在党支部”"),
        ({"性别": "男"}, "E4", "the sex does not agree with the ID number"),
        ({"民族": "99 未知族"}, "F4", "“99 未知族” is not in the code list"),
        ({"民族": "02 汉族"}, "F4", "code 02 is “蒙古族”, not “汉族”"),
        ({"出生日期": "1967-05-26"}, "G4", "the birthday does not agree with the ID number (1967-05-25)"),
        ({"学历": "本科"}, "H4", "“本科” is not in the code list"),
        ({"加入党组织日期": "1984.01"}, "J4", "younger than 18 when admitted"),
        ({"转为正式党员日期": "2003.01"}, "K4", "full membership began before admission"),
        ({"人员类别": "预备党员"}, "K4", "a probationary member has no date of full membership"),
        ({"手机号": "12x"}, "M4", "“12x” is not a phone number"),
        ({"党籍状态": "出党"}, "O4", "standing “出党” cannot be put on the roll"),
    ],
)
def test_a_wrong_cell_of_the_roster_is_shown_with_its_address_and_nothing_is_sent(change, cell, reason):
    preview = previewed(roster(GOOD | change))
    assert faults(preview) == [(4, cell, reason)]
    assert preview.rows[0].state is State.ERROR
    assert preview.rows[0].sends == ()


def test_every_faulty_cell_of_a_row_is_shown_at_once():
    assert [cell for _, cell, _ in faults(previewed(roster(GOOD | {"民族": "x", "学历": "y", "手机号": "z"})))] == ["F4", "H4", "M4"]


@pytest.mark.parametrize(
    ("cells", "value"),
    [("民族", "汉族"), ("民族", "汉"), ("民族", "01"), ("民族", "01汉族"), ("出生日期", "196705"), ("出生日期", dt.date(1967, 5, 25))],
)
def test_other_ways_to_write_the_same_are_read_alike(cells, value):
    assert previewed(roster(GOOD | {cells: value})).rows[0].sends == previewed(roster(GOOD)).rows[0].sends


def test_the_same_line_twice_is_a_duplicate_and_the_same_number_for_another_an_error():
    preview = previewed(roster(GOOD, GOOD, GOOD | {"姓名": "另一人"}))
    assert [row.state for row in preview.rows] == [State.OK, State.DUPLICATE, State.ERROR]
    assert faults(preview) == [(5, "D5", "the same ID number stands in row 4"), (6, "D6", "the same ID number stands in row 4")]


def test_who_is_on_the_roll_already_is_a_duplicate_here_and_an_error_elsewhere():
    rows = previewed(roster(GOOD, OTHER), DIRECTORY).rows
    assert [row.state for row in rows] == [State.DUPLICATE, State.ERROR]
    assert [row.faults[0].en for row in rows] == ["the member is on the roll of 综合业务党支部 already"] * 2


def test_a_branch_with_groups_needs_a_column_for_them():
    other = GOOD | {"公民身份证号": "990101199507182563", "出生日期": None, "加入党组织日期": "2016.01", "转为正式党员日期": "2017.01"}
    assert faults(previewed(roster(other), DIRECTORY)) == [(4, "", "the branch has groups: add a column for them (所在党小组)")]


def test_a_row_of_another_branch_than_the_chosen_one_is_an_error():
    assert faults(previewed(roster(GOOD), org_id=B2)) == [(4, "C4", "this row belongs to 综合业务党支部, not to the chosen branch")]


def test_a_meeting_becomes_commands_in_the_order_in_which_a_clerk_gives_them():
    vote = "推荐优秀党员：应到有表决权2人，实到2人，赞成2票，反对0票，弃权0票（举手表决）"
    preview = previewed(register(MEETING | {"表决情况": vote, "决议": "同意推荐", "归档日期": "2026-03-09", "归档人": "柏林"}), DIRECTORY)
    assert faults(preview) == []
    sends = preview.rows[0].sends
    assert [type(send.command).__name__ for send in sends] == [
        "RecordMeetingHeld",
        "DiscussAgendaItem",
        "VoteOnMotion",
        "AdoptResolution",
        "ArchiveMinutes",
    ]
    assert sends[2].command == VoteOnMotion(
        occurred_on=dt.date(2026, 3, 5),
        meeting_id=MeetingId(msgspec.structs.asdict(sends[0].command)["meeting_id"]),
        matter=AgendaKind.COMMENDATION,
        title="推荐优秀党员",
        method=VoteMethod.SHOW_OF_HANDS,
        yes=2,
        voters_due=2,
        voters_present=2,
    )


@pytest.mark.parametrize(
    ("change", "cell", "reason"),
    [
        ({"主持人": "陌生人"}, "G4", "there is no member “陌生人” in 综合业务党支部"),
        ({"请假人员及原因": "陌生人（事假）", "实到人数": 1}, "K4", "there is no member “陌生人” in 综合业务党支部"),
        ({"实到人数": 1}, "J4", "2 due, 1 present, 0 excused or absent: they do not add up"),
        ({"会议类别": "茶话会"}, "B4", "“茶话会” is none of: " + ", ".join(kind.en for kind in MeetingKind)),
        ({"时间": "2026-02-30"}, "E4", "there is no such date: “2026-02-30”"),
        ({"时间": "2026-03-05 25:30"}, "E4", "“25:30” is no time of day"),
        ({"会议类别": "党小组会"}, "C4", "a group meeting names its group"),
        ({"党小组": "第九党小组"}, "C4", "there is no group “第九党小组” in 综合业务党支部"),
        ({"表决情况": "一致通过"}, "N4", "a vote is written as: motion, voters due, voters present, for, against, abstained, method"),
        ({"议题": None}, "M4", "“议题” may not be blank"),
    ],
)
def test_a_wrong_cell_of_the_meetings_register_is_shown(change, cell, reason):
    assert faults(previewed(register(MEETING | change), DIRECTORY)) == [(4, cell, reason)]


def test_absentees_are_named_by_their_reason():
    (row,) = previewed(register(MEETING | {"实到人数": 1, "请假人员及原因": "柏林（病假）", "记录人": "安娜"}), DIRECTORY).rows
    assert msgspec.structs.asdict(row.sends[0].command)["excused_sick"] == (BOLIN.person_id,)


def test_two_of_one_name_are_told_apart_by_their_id_numbers():
    twins = Directory(branches=(msgspec.structs.replace(FIRST, members=(ANNA, BOLIN, NAMESAKE)),), blind=KEYS.blind)
    assert faults(previewed(register(MEETING), twins)) == [(4, "G4", "2 members are called “安娜”; add the last four of the ID number")]
    (row,) = previewed(register(MEETING | {"主持人": "安娜（2563）"}), twins).rows
    assert msgspec.structs.asdict(row.sends[0].command)["chair"] == NAMESAKE.person_id


def test_a_sheet_of_another_branch_is_refused_whole():
    with pytest.raises(Unreadable, match="this sheet belongs to 信息中心党支部"):
        previewed(register(MEETING, branch="信息中心党支部"), DIRECTORY, B1)


def test_a_years_dues_of_a_member_become_an_assessment_and_payments_with_receipts():
    (row,) = previewed(dues(DUES | {"2月": "40.00（4.8）", "票据号": "2026-0007至2026-0008"}), DIRECTORY).rows
    assert [send.command for send in row.sends] == [
        AssessDuesBase(
            occurred_on=dt.date(2026, 1, 5),
            person_id=ANNA.person_id,
            from_month="2026-01",
            income_kind=IncomeKind.SALARY,
            base_fen=400_000,
            monthly_fen=4_000,
            assessed_by=BOLIN.person_id,
            signed_by_member=True,
        ),
        _payment("2026-01", dt.date(2026, 1, 5), PaymentKind.REGULAR, "2026-0007"),
        _payment("2026-02", dt.date(2026, 4, 8), PaymentKind.BACK, "2026-0008"),
    ]


def _payment(month: str, day: dt.date, kind: PaymentKind, receipt: str) -> ReceiveDues:
    return ReceiveDues(
        occurred_on=day,
        person_id=ANNA.person_id,
        month=month,
        amount_fen=4_000,
        kind=kind,
        collector=BOLIN.person_id,
        receipt_no=ReceiptNo(receipt),
    )


@pytest.mark.parametrize(
    ("change", "cell", "reason"),
    [
        ({"姓名": "陌生人"}, "B4", "there is no member “陌生人” in 综合业务党支部"),
        ({"1月": "四十"}, "I4", "“四十” is not an amount"),
        ({"1月": 40.005}, "I4", "“40.005” is not a whole number of fen"),
        ({"1月": -40}, "I4", "the amount must be more than zero"),
        ({"1月": "40（13.40）"}, "I4", "there is no day 13.40"),
        ({"票据号": "2026-0007至2026-0009"}, "U4", "3 receipts for 1 payments"),
        ({"票据号": "无号"}, "U4", "“无号” is no run of receipt numbers"),
        ({"收入类别": "彩票"}, "C4", "“彩票” is none of: " + ", ".join(kind.en for kind in IncomeKind)),
    ],
)
def test_a_wrong_cell_of_the_dues_sheet_is_shown(change, cell, reason):
    assert faults(previewed(dues(DUES | change), DIRECTORY)) == [(4, cell, reason)]


@pytest.mark.parametrize(
    "under",
    [
        "党支部：综合业务党支部",
        "党支部：综合业务党支部 收款人：陌生人 收缴日：每月5日",
        "党支部：综合业务党支部 收款人：柏林 收缴日：每月31日",
    ],
)
def test_a_dues_sheet_that_does_not_say_who_collects_and_when_is_refused_whole(under):
    with pytest.raises(Unreadable):
        previewed(dues(DUES, under=under), DIRECTORY)


def test_a_sheet_with_unknown_headings_is_refused_with_what_can_be_imported():
    with pytest.raises(Unreadable, match="no known headings") as refused:
        previewed(sheet("食堂菜单", "", ("菜名", "价格"), [{"菜名": "面"}]))
    assert "党费收缴登记册" in refused.value.zh


def test_a_sheet_that_has_grown_sends_only_what_is_new():
    before = previewed(dues(DUES), DIRECTORY).rows[0].sends
    after = previewed(dues(DUES | {"2月": 40}), DIRECTORY).rows[0].sends
    assert [send.key for send in after[:-1]] == [send.key for send in before]
    assert after[-1].key not in {send.key for send in before}


OUT = {
    "介绍信编号": "SL-B01-2026-0001", "姓名": "安娜", "所在党支部": "综合业务党支部", "转往单位": "信息中心党支部", "党费交至": "2026-03",
    "有效期(天)": 30, "开具日期": "2026-03-10", "经办人": "柏林", "联系电话": "0999-8100000",
}  # fmt: skip
CAME = {
    "收信日期": "2026-03-12",
    "介绍信编号": "SL-B01-2026-0001",
    "姓名": "安娜",
    "来源党组织": "综合业务党支部",
    "接收党支部": "信息中心党支部",
}


def test_a_move_between_two_branches_here_is_one_letter_in_both_registers():
    (out,) = previewed(sheet("组织关系转出登记簿", "", tuple(OUT), [OUT]), DIRECTORY).rows
    (came,) = previewed(sheet("组织关系转入登记簿", "", tuple(CAME), [CAME]), DIRECTORY).rows
    letter, arrival = (msgspec.structs.asdict(row.sends[0].command) for row in (out, came))
    assert (out.sends[0].org_id, letter["to_org_id"], letter["person_id"]) == (B1, B2, ANNA.person_id)
    assert (came.sends[0].org_id, arrival["from_org_id"], arrival["letter_id"]) == (B2, B1, letter["letter_id"])


def test_a_letter_to_a_name_that_is_no_branch_here_goes_outside():
    (row,) = previewed(sheet("组织关系转出登记簿", "", tuple(OUT), [OUT | {"转往单位": "中共示例学院委员会"}]), DIRECTORY).rows
    letter = msgspec.structs.asdict(row.sends[0].command)
    assert (letter["to_side"], letter["to_org_id"], letter["to_name"]) == ("outside", None, "中共示例学院委员会")


@pytest.mark.parametrize(
    ("change", "cell", "reason"),
    [
        ({"姓名": "陌生人"}, "B4", "there is no member “陌生人” in 综合业务党支部"),
        ({"所在党支部": "别处党支部"}, "C4", "there is no branch “别处党支部”"),
        ({"党费交至": "三月"}, "E4", "“三月” is not a date"),
        ({"开具日期": None}, "G4", "“开具日期” may not be blank"),
    ],
)
def test_a_wrong_cell_of_the_transfers_register_is_shown(change, cell, reason):
    assert faults(previewed(sheet("组织关系转出登记簿", "", tuple(OUT), [OUT | change]), DIRECTORY)) == [(4, cell, reason)]
