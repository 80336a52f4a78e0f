"""L04 党员管理, dues: given what was assessed, paid and spent, then whole rows; the same events twice give the same rows."""

import datetime as dt

import msgspec
import pytest
from msgspec import structs

from events.base import MeetingId
from events.dues import (
    DuesArrearsCleared,
    DuesArrearsFlagged,
    DuesAssessmentWithdrawn,
    DuesReductionApproved,
    DuesReversed,
    EntryId,
    EntryKind,
    IncomeKind,
    PaymentKind,
)
from projections.engine.merge import Merge, apply, ledger_rows
from projections.engine.replay import known, replay
from projections.ledgers.l04_management import PROJECTION, REGISTERS, Management
from tests.ledgers.l04_history import (
    ADA,
    ALLOCATED,
    BO,
    CY,
    DECISION,
    ORG,
    REMITTED,
    assessed,
    cells,
    day,
    facts,
    paid,
    receipt,
    reversal,
    rows,
    spent,
)

YEAR = (
    assessed(),
    assessed(BO, monthly_fen=3000),
    paid(1),
    receipt(paid(1), "0001"),
    paid(2),
    DECISION,
    spent(),
    paid(3, person=BO, amount_fen=3000),
    reversal(paid(2), day(3, 25)),
    REMITTED,
    ALLOCATED,
)


def test_the_assessment_has_a_whole_row() -> None:
    assert rows(assessed(ground=None), register="dues-assessment") == [
        {
            "org_id": "b1",
            "ledger": "L04",
            "register": "dues-assessment",
            "year": "2026",
            "key": "e1",
            "row_no": 1,
            "subject": "ada",
            "occurred_on": day(1, 5),
            "recorded_at": 1_000_000,
            "position": 101,
            "event_id": "e1",
            "struck_by": None,
            "cells": {
                "year": "2026",
                "person": "ada",
                "status": "正式党员",
                "income": "月工资",
                "included": "~1|ada|e1|included_items|x",
                "deductions": None,
                "base": "~1|ada|e1|base_yuan|x",
                "rate": "0.5%",
                "monthly": 1500,
                "assessed_by": "cy",
                "signed": True,
                "assessed_on": day(1, 5),
                "from_month": "2026-01",
                "ground": None,
            },
        }
    ]


@pytest.mark.parametrize(
    ("rate", "shown"), [(50, "0.5%"), (100, "1%"), (150, "1.5%"), (200, "2%"), (125, "1.25%"), (1000, "10%"), (None, "定额")]
)
def test_the_rate_is_shown_as_the_form_writes_it(rate: int | None, shown: str) -> None:
    assert cells(assessed(rate_per_10000=rate), register="dues-assessment", key="e1")["rate"] == shown


def test_a_second_assessment_for_the_same_month_strikes_the_first() -> None:
    found = rows(assessed(), assessed(monthly_fen=1600, ground="核算有误"), register="dues-assessment")
    assert [(row["key"], row["row_no"], row["struck_by"], row["cells"]["monthly"]) for row in found] == [
        ("e1", 1, "e2", 1500),
        ("e2", 2, None, 1600),
    ]


def test_an_assessment_for_another_month_strikes_nothing() -> None:
    found = rows(assessed(), assessed(from_month="2026-07"), register="dues-assessment")
    assert [row["struck_by"] for row in found] == [None, None]


def test_an_assessment_opens_the_sheet_of_the_year() -> None:
    assert cells(assessed()) == {
        "person": "ada",
        "monthly": 1500,
        "voluntary": 0,
        "back": 0,
        "year_due": 18_000,
        "year_paid": 0,
        "months_owed": 0,
        "receipts": [],
        "corrections": [],
    }


def test_a_payment_fills_the_three_cells_of_its_month() -> None:
    assert cells(assessed(), paid(1), receipt(paid(1), "0001")) == {
        "person": "ada",
        "monthly": 1500,
        "paid_01": 1500,
        "paid_on_01": day(1),
        "collector_01": "cy",
        "voluntary": 0,
        "back": 0,
        "year_due": 18_000,
        "year_paid": 1500,
        "months_owed": 0,
        "receipts": ["0001"],
        "corrections": [],
    }


def test_a_payment_without_assessment_is_shown_too() -> None:
    found = cells(paid(4))
    assert (found["paid_04"], found["monthly"], found["year_due"], found["months_owed"]) == (1500, 0, 0, 0)


def test_what_is_due_follows_the_assessments_of_the_year() -> None:
    found = cells(assessed(from_month="2026-03"), assessed(from_month="2026-07", monthly_fen=2000, ground="调资"))
    assert (found["monthly"], found["year_due"]) == (2000, 4 * 1500 + 6 * 2000)


def test_last_years_assessment_goes_on_until_there_is_a_new_one() -> None:
    found = cells(assessed(from_month="2025-06"), paid(1))
    assert (found["monthly"], found["year_due"]) == (1500, 18_000)


def test_a_reduction_lowers_what_is_due_in_its_months() -> None:
    reduction = DuesReductionApproved(
        occurred_on=day(2),
        person_id=ADA,
        from_month="2026-02",
        to_month="2026-05",
        monthly_fen=0,
        reason="~1|ada|e2|reason|x",
        meeting_id=MeetingId("m1"),
        approval_no="批1",
    )
    found = cells(assessed(), reduction, paid(6))
    assert (found["year_due"], found["months_owed"]) == (8 * 1500, 1)


def test_voluntary_and_back_payments_have_their_own_sums() -> None:
    found = cells(
        assessed(),
        paid(2),
        paid(1, kind=PaymentKind.BACK, occurred_on=day(3)),
        paid(3, 50_000, kind=PaymentKind.VOLUNTARY, entry_id=EntryId("v")),
    )
    assert (found["voluntary"], found["back"], found["year_paid"]) == (50_000, 1500, 53_000)
    assert (found["paid_01"], found["paid_on_01"], found["paid_03"]) == (1500, day(3), 50_000)


def test_a_gift_does_not_pay_a_month() -> None:
    assert cells(assessed(), paid(1, 5000, kind=PaymentKind.VOLUNTARY), paid(2))["months_owed"] == 1


@pytest.mark.parametrize(("month", "owed"), [(1, 0), (2, 1), (3, 2), (12, 11)])
def test_a_month_is_owed_once_another_one_has_begun(month: int, owed: int) -> None:
    """Whatever is recorded of anybody shows that the months before are over."""
    assert cells(assessed(), assessed(BO), paid(month, person=BO))["months_owed"] == owed


def test_what_was_paid_in_part_is_owed() -> None:
    assert cells(assessed(), paid(1, 1499), paid(2))["months_owed"] == 1


def test_a_new_year_closes_december_of_the_old_one() -> None:
    old = (assessed(from_month="2025-12"), assessed(BO, from_month="2025-12"))
    assert cells(*old, paid(12, person=BO, year=2025), year=2025)["months_owed"] == 0
    assert cells(*old, paid(1, person=BO), year=2025)["months_owed"] == 1


def test_a_mark_of_arrears_shows_that_the_month_is_over() -> None:
    flagged = DuesArrearsFlagged(occurred_on=day(3, 1), person_id=ADA, months=("2026-01", "2026-02"), consecutive=2)
    cleared = DuesArrearsCleared(occurred_on=day(4, 1), person_id=ADA, months=("2026-01",))
    assert cells(assessed(), flagged)["months_owed"] == 2
    assert cells(assessed(), flagged, paid(1, kind=PaymentKind.BACK, occurred_on=day(3)), cleared)["months_owed"] == 2


def test_a_reversed_payment_leaves_its_correction_in_sight() -> None:
    found = cells(assessed(), paid(1), receipt(paid(1), "0001"), reversal(paid(1), day(1, 20), "0001"))
    assert (found["paid_01"], found["paid_on_01"], found["collector_01"]) == (0, None, None)
    assert (found["year_paid"], found["receipts"]) == (0, ["0001"])
    assert found["corrections"] == ["2026-01-20 冲正2026-01 15.00元，票据0001作废：金额有误"]


def test_a_slip_that_stays_good_is_told() -> None:
    back = structs.replace(reversal(paid(1), day(1, 20), "0001"), receipt_stands_in=ORG)
    found = cells(assessed(), paid(1), receipt(paid(1), "0001"), back)
    assert found["corrections"] == ["2026-01-20 冲正2026-01 15.00元，票据0001有效：金额有误"]


def test_a_withdrawn_assessment_is_struck_and_the_sheets_ask_for_what_was_assessed_before() -> None:
    gone = DuesAssessmentWithdrawn(occurred_on=day(3), person_id=ADA, from_month="2026-01", reason="误录")
    story = (assessed(from_month="2025-12"), assessed(monthly_fen=9900), gone)
    assert [(row["key"], row["struck_by"]) for row in rows(*story, register="dues-assessment")] == [("e1", None), ("e2", "e3")]
    assert (cells(*story)["monthly"], cells(*story)["year_due"]) == (1500, 12 * 1500)
    assert cells(assessed(), gone)["year_due"] == 0
    again = cells(*story, assessed(monthly_fen=2000))
    assert again["year_due"] == 12 * 2000


def test_after_a_reversal_the_month_can_be_paid_again() -> None:
    again = paid(1, entry_id=EntryId("again"), amount_fen=1600, occurred_on=day(1, 21))
    found = cells(assessed(), paid(1), reversal(paid(1), day(1, 20)), again)
    assert (found["paid_01"], found["paid_on_01"], found["corrections"]) == (
        1600,
        day(1, 21),
        ["2026-01-20 冲正2026-01 15.00元：金额有误"],
    )


def test_the_sheet_belongs_to_the_year_of_the_month_not_of_the_payment() -> None:
    late = paid(12, year=2025, occurred_on=day(1), kind=PaymentKind.BACK)
    assert [(row["year"], row["row_no"], row["subject"], row["occurred_on"]) for row in rows(late, register="dues-payments")] == [
        ("2025", 1, "ada", day(1))
    ]


def test_a_sheet_keeps_the_day_on_which_it_was_begun() -> None:
    (row,) = rows(assessed(), paid(1), paid(2), register="dues-payments")
    assert (row["occurred_on"], row["event_id"]) == (day(1, 5), "e3")


def test_members_are_numbered_in_the_order_of_their_sheets() -> None:
    found = rows(*YEAR, register="dues-payments")
    assert [(row["key"], row["row_no"]) for row in found] == [("ada", 1), ("bo", 2)]


def test_spending_has_a_whole_row_with_the_running_balance() -> None:
    (row,) = rows(*YEAR, register="dues-uses")
    assert row["cells"] == {
        "spent_on": day(3, 20),
        "use": "订阅购买党员教育报刊、资料、音像和设备",
        "purpose": "订阅报刊",
        "amount": 800,
        "decision": "支部委员会 2026-03-01",
        "handled_by": "bo",
        "approver": "cy",
        "voucher_no": "发票9",
        "balance": 2200,
    }


def test_the_balance_runs_on_through_every_kind_of_entry() -> None:
    found = rows(*YEAR, spent(100, "s2"), register="dues-uses")
    received, spending, remitted, allocated = 1500 + 3000, 800, 3000, 10_000
    assert [row["cells"]["balance"] for row in found] == [2200, received - spending - remitted + allocated - 100]


def test_a_reversed_spending_is_struck_and_gives_the_money_back() -> None:
    back = DuesReversed(occurred_on=day(3, 21), entry_id=EntryId("s1"), kind=EntryKind.SPENDING, amount_fen=800, reason="退货")
    found = rows(paid(1), DECISION, spent(), back, spent(500, "s2"), register="dues-uses")
    assert [(row["row_no"], row["struck_by"], row["cells"]["balance"]) for row in found] == [(1, "e4", 700), (2, None, 1000)]


def test_a_remittance_has_a_whole_row() -> None:
    (row,) = rows(*YEAR, register="dues-remittances")
    assert (row["key"], row["row_no"], row["struck_by"], row["occurred_on"]) == ("r1", 1, None, day(4))
    assert row["cells"] == {
        "period": "2026-01 至 2026-03",
        "collected": 4500,
        "amount": 3000,
        "remitted_on": day(4),
        "voucher_no": "缴3",
        "signed_by": "组织部",
    }


def test_a_reversed_remittance_is_struck() -> None:
    back = DuesReversed(occurred_on=day(4, 11), entry_id=EntryId("r1"), kind=EntryKind.REMITTANCE, amount_fen=3000, reason="退回")
    assert [row["struck_by"] for row in rows(*YEAR, back, register="dues-remittances")] == ["e12"]


def test_a_reversed_allocation_takes_the_money_out_of_the_balance() -> None:
    back = DuesReversed(occurred_on=day(4, 16), entry_id=EntryId("a1"), kind=EntryKind.ALLOCATION, amount_fen=10_000, reason="误拨")
    assert rows(paid(1), ALLOCATED, back, DECISION, spent(), register="dues-uses")[0]["cells"]["balance"] == 700


def test_as_of_a_date_only_what_had_happened_counts() -> None:
    seen = ledger_rows(replay([PROJECTION], known(facts(*YEAR), as_of=day(3, 24))))
    (row,) = [row for row in seen if row["register"] == "dues-payments" and row["key"] == "ada"]
    assert (row["cells"]["paid_02"], row["cells"]["corrections"]) == (1500, [])


def test_known_at_an_instant_only_what_was_recorded_counts() -> None:
    seen = ledger_rows(replay([PROJECTION], known(facts(*YEAR), known_at=dt.datetime(1970, 1, 1, 0, 0, 3, tzinfo=dt.UTC))))
    assert {(row["register"], row["key"]) for row in seen} == {
        ("dues-assessment", "e1"),
        ("dues-assessment", "e2"),
        ("dues-payments", "ada"),
        ("dues-payments", "bo"),
    }


def test_the_same_facts_twice_give_the_same_rows() -> None:
    assert ledger_rows(replay([PROJECTION], facts(*YEAR))) == ledger_rows(replay([PROJECTION], facts(*YEAR)))


@pytest.mark.parametrize("cut", range(len(YEAR) + 1))
def test_what_is_remembered_between_batches_is_enough(cut: int) -> None:
    """The state is stored and read again between two batches; the rows are the same as in one go."""
    merge = Merge()
    state = Management()
    apply(PROJECTION, state, facts(*YEAR)[:cut], merge)
    state = msgspec.msgpack.decode(msgspec.msgpack.encode(state), type=Management)
    apply(PROJECTION, state, facts(*YEAR)[cut:], merge)
    assert ledger_rows(merge) == ledger_rows(replay([PROJECTION], facts(*YEAR)))


def test_the_columns_are_those_of_the_paper_forms() -> None:
    headings = {register.code: [column.zh for column in register.columns] for register in REGISTERS if register.code.startswith("dues")}
    months = [f"{n}月{what}" for n in range(1, 13) for what in ("实交金额", "日期", "收款人")]
    assert headings == {
        "dues-assessment": ["年度", "姓名", "党员类别", "收入类别", "计算基数组成", "扣除项", "基数", "比例", "月应交", "核定人", "本人签字", "核定日期", "生效月", "依据说明"],
        "dues-payments": [
            "姓名", "月应交", *months, "自愿多交", "补交", "全年应交", "全年实交", "欠交月数", "票据号", "更正"
        ],
        "dues-remittances": ["期间", "收缴合计", "上缴金额", "上缴日期", "凭证号", "上级签收"],
        "dues-uses": ["日期", "用途", "事由", "金额", "集体决定会议及日期", "经办人", "审批人", "票据号", "结余"],
        "dues-card": ["姓名", "年月", "金额", "收款人签章", "日期", "填写日期"],
        "dues-reductions": ["姓名", "起止月", "申请日期", "申请每月交纳", "困难情况", "批准日期", "批准文号", "批准每月交纳",
                                "不予批准日期", "不予批准原因"],
        "dues-fund": ["日期", "事项", "有关人员", "金额", "情况", "检查或签收人", "谈话记录"],
    }  # fmt: skip


def test_a_fixed_amount_is_shown_with_its_kind_of_income() -> None:
    found = cells(assessed(income_kind=IncomeKind.STUDENT, rate_per_10000=None, monthly_fen=20), register="dues-assessment", key="e1")
    assert (found["income"], found["rate"], found["monthly"], found["assessed_by"]) == ("学生", "定额", 20, CY)
