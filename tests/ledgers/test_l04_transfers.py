"""L04 党员管理, transfers: the stub of each letter with its receipt, and letters that came in; whole rows."""

import datetime as dt
from typing import Any

import msgspec
import pytest

from events.base import Event, LetterId
from events.members import LeftGround, MemberLeft
from events.transfers import (
    LetterExpired,
    LetterExtended,
    ReceiptFiled,
    TransferFileBound,
    TransferReceived,
    TransferStep,
    TransferStepWithdrawn,
)
from projections.engine.merge import Merge, apply, ledger_rows
from projections.engine.replay import replay
from projections.ledgers.l04_management import PROJECTION, REGISTERS, Management
from tests.decide.dues_history import ADA, DAY
from tests.decide.transfer_history import (
    CAME,
    L1,
    LATE,
    TAKEN,
    UNTIL,
    accepted,
    accepted_there,
    arrived,
    issued,
    moved_in,
    moved_out,
    outside,
    refused,
    refused_there,
    returned,
    voided,
)
from tests.ledgers.l04_history import BO, assessed, cells, facts, paid, rows

FILED = ReceiptFiled(
    occurred_on=TAKEN,
    letter_id=L1,
    person_id=ADA,
    number="b1-2026-0001",
    accepted_on=TAKEN,
    accepted_by="第二党支部",
    handled_by="王某",
)
BOUND = TransferFileBound(occurred_on=TAKEN, letter_id=L1, person_id=ADA, volume_no="2026-1")
LONGER = LetterExtended(occurred_on=CAME, letter_id=L1, person_id=ADA, valid_until=LATE, reason="路途")
RAN_OUT = LetterExpired(occurred_on=LATE, letter_id=L1, person_id=ADA, valid_until=UNTIL)


def out(*events: Event) -> dict[str, Any]:
    return cells(*events, register="transfers-out", key="l1")


def into(*events: Event) -> dict[str, Any]:
    return cells(*events, register="transfers-in", key="l1")


def test_the_stub_has_a_whole_row() -> None:
    assert rows(issued(), register="transfers-out") == [
        {
            "org_id": "b1",
            "ledger": "L04",
            "register": "transfers-out",
            "year": "2026",
            "key": "l1",
            "row_no": 1,
            "subject": "ada",
            "occurred_on": DAY,
            "recorded_at": 1_000_000,
            "position": 101,
            "event_id": "e1",
            "struck_by": None,
            "cells": {
                "number": "b1-2026-0001",
                "person": "ada",
                "sex": "女",
                "nationality": "汉族",
                "id_number": "~1|ada|e|id_number|x",
                "status": "正式党员",
                "to": "第二党支部",
                "heading": "第二党支部",
                "dues_paid_to": "2026-03",
                "valid_days": 30,
                "issued_on": DAY,
                "handled_by": "bo",
                "contact": "010-1",
                "state": "已开具",
            },
        }
    ]


@pytest.mark.parametrize(
    ("events", "state"),
    [
        ((LONGER,), "已延期至2026-04-10"),
        ((voided(),), "作废：写错"),
        ((RAN_OUT,), "过期"),
        ((accepted_there(),), "对方已接收 2026-03-16"),
        ((refused_there(),), "对方退回：抬头有误"),
        ((accepted_there(), FILED), "回执已归档"),
    ],
)
def test_the_stub_shows_what_became_of_the_letter(events: tuple[Event, ...], state: str) -> None:
    assert out(issued(), *events)["state"] == state


def test_the_receipt_is_on_the_stub() -> None:
    found = out(outside(), FILED, moved_out(TAKEN, None, "外市某支部"))
    assert (found["receipt_on"], found["receipt_by"], found["to"]) == (TAKEN, "王某", "外市党委组织部")


def test_a_void_letter_keeps_its_row_and_number() -> None:
    second = issued("b1-2026-0002", letter_id=LetterId("l2"))
    assert [
        (row["row_no"], row["cells"]["number"], row["struck_by"]) for row in rows(issued(), voided(), second, register="transfers-out")
    ] == [
        (1, "b1-2026-0001", None),
        (2, "b1-2026-0002", None),
    ]


def test_a_receipt_of_the_next_year_stands_in_the_year_of_the_letter() -> None:
    old = issued("b1-2025-0007", occurred_on=dt.date(2025, 12, 20))
    assert [(row["year"], row["cells"]["state"]) for row in rows(old, accepted_there(), FILED, register="transfers-out")] == [
        ("2025", "回执已归档")
    ]


def test_a_letter_that_came_in_has_a_whole_row() -> None:
    (row,) = rows(arrived(), register="transfers-in")
    assert (row["key"], row["year"], row["row_no"], row["subject"], row["occurred_on"]) == ("l1", "2026", 1, "ada", CAME)
    assert row["cells"] == {
        "received_on": CAME,
        "number": "b1-2026-0001",
        "person": "~1|ada|e|name|x",
        "from": "第一党支部",
        "dues_paid_to": "2026-03",
        "valid_until": UNTIL,
    }


def test_accepted_returned_and_bound() -> None:
    found = into(arrived(), accepted(), moved_in(), returned(), BOUND)
    assert {key: found[key] for key in ("accepted_on", "group", "receipt_on", "volume_no")} == {
        "accepted_on": TAKEN,
        "group": "g1",
        "receipt_on": TAKEN,
        "volume_no": "2026-1",
    }


def test_sent_back() -> None:
    assert into(arrived(), refused())["refused"] == "抬头有误"


def test_what_follows_in_another_year_stands_in_the_year_of_arrival() -> None:
    old = arrived(occurred_on=dt.date(2025, 12, 28))
    assert [row["year"] for row in rows(old, accepted(), returned(), register="transfers-in")] == ["2025"]


@pytest.mark.parametrize(
    "gone", [moved_out(), MemberLeft(occurred_on=TAKEN, person_id=ADA, ground=LeftGround.DECEASED, reason="病故", approval_no="")]
)
def test_after_a_member_has_left_nothing_is_due_any_more(gone: Event) -> None:
    found = cells(assessed(), paid(1), paid(2), paid(3), gone, paid(9, person=BO))
    assert (found["year_due"], found["year_paid"], found["months_owed"]) == (4500, 4500, 0)


def test_who_comes_back_owes_again_from_that_month() -> None:
    back = moved_in(dt.date(2026, 6, 3))
    assert cells(assessed(), moved_out(), back)["year_due"] == (3 + 7) * 1500


def test_who_comes_and_goes_in_one_month_owes_all_of_it() -> None:
    assert cells(assessed(), moved_out(), moved_in(dt.date(2026, 3, 30)))["year_due"] == 12 * 1500


def test_somebody_who_never_owed_has_no_sheet() -> None:
    assert rows(moved_in(), moved_out(), register="dues-payments") == []


STORY: tuple[Event, ...] = (
    assessed(),
    issued(),
    LONGER,
    accepted_there(),
    moved_out(),
    FILED,
    arrived(letter_id=LetterId("l2")),
    TransferReceived(**msgspec.structs.asdict(arrived(letter_id=LetterId("l3")))),
)


@pytest.mark.parametrize("cut", range(len(STORY) + 1))
def test_what_is_remembered_between_batches_is_enough(cut: int) -> None:
    merge = Merge()
    state = Management()
    apply(PROJECTION, state, facts(*STORY)[:cut], merge)
    state = msgspec.msgpack.decode(msgspec.msgpack.encode(state), type=Management)
    apply(PROJECTION, state, facts(*STORY)[cut:], merge)
    assert ledger_rows(merge) == ledger_rows(replay([PROJECTION], facts(*STORY)))


def test_the_columns_are_those_of_the_paper_forms() -> None:
    headings = {
        register.zh: [column.zh for column in register.columns]
        for register in REGISTERS
        if register.code in ("transfers-out", "transfers-in")
    }
    assert headings == {
        "组织关系转出登记簿(存根)": [
            "编号", "姓名", "性别", "民族", "身份证号", "正式/预备", "转往单位", "抬头", "党费交至", "有效期(天)",
            "开具日期", "经办人", "联系电话", "回执日期", "回执经办人", "状态",
        ],
        "组织关系转入登记簿": [
            "收信日期", "介绍信编号", "姓名", "来源党组织", "党费交至", "有效期止", "接收日期", "编入党小组", "回执寄出日期",
            "退回原因", "装订册号",
        ],
    }  # fmt: skip


def undone(step: TransferStep) -> TransferStepWithdrawn:
    return TransferStepWithdrawn(occurred_on=LATE, letter_id=L1, person_id=ADA, step=step, reason="导错了文件")


def test_what_is_taken_back_of_a_letter_that_came_in_is_empty_again():
    whole = (arrived(), accepted(), returned())
    assert into(*whole)["receipt_on"] == TAKEN
    after = into(*whole, undone(TransferStep.RETURNED), undone(TransferStep.ACCEPTED))
    assert (after["receipt_on"], after["accepted_on"], after["group"]) == (None, None, None)


def test_a_letter_that_never_came_is_struck_with_the_reason_and_has_another_row_when_it_comes():
    first, again = rows(arrived(), undone(TransferStep.RECEIVED), arrived(), accepted(), register="transfers-in")
    assert (first["key"], first["row_no"], first["struck_by"], first["cells"]["refused"]) == ("l1", 1, "e2", "撤销：导错了文件")
    assert (again["key"], again["row_no"], again["struck_by"], again["cells"]["accepted_on"]) == ("l1/3", 2, None, TAKEN)


def test_a_receipt_taken_off_the_stub_leaves_it_accepted():
    shown = out(issued(), moved_out(), accepted_there(), FILED, undone(TransferStep.FILED))
    assert (shown["receipt_on"], shown["receipt_by"], shown["state"]) == (None, None, f"对方已接收 {TAKEN}")
