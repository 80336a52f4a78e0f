"""L04 党员管理, beside the payment sheet: dues cards, reductions, care of the fund; whole rows."""

from typing import Any

import pytest

from events.base import Event, MeetingId
from events.custody import CustodyEntryWithdrawn
from events.dues import DuesCardFilled, DuesReductionApproved, DuesReductionRefused, DuesReversed, EntryId, EntryKind, PaymentKind
from events.transfers import TransferRequested, TransferRequestWithdrawn
from tests.decide.dues_history import DAY
from tests.decide.test_custody import E1, audited, handed_over, published, reminded
from tests.decide.test_dues_requests import asked, forwarded
from tests.decide.transfer_history import L1, issued
from tests.ledgers.l04_history import ADA, DECISION, assessed, cells, day, paid, reversal, rows, spent

FILLED = DuesCardFilled(occurred_on=day(4), person_id=ADA, entries=(EntryId("ada-2026-1"), EntryId("ada-2026-2")))
CARD = (paid(1), paid(2), paid(3), FILLED)


def test_the_card_has_a_line_for_each_payment_that_was_filled_in():
    first, second = rows(*CARD, register="dues-card")
    assert first == {
        "org_id": "b1",
        "ledger": "L04",
        "register": "dues-card",
        "year": "2026",
        "key": "ada-2026-1",
        "row_no": 1,
        "subject": "ada",
        "occurred_on": day(4),
        "recorded_at": 4_000_000,
        "position": 104,
        "event_id": "e4",
        "struck_by": None,
        "cells": {
            "person": "ada",
            "month": "2026-01",
            "amount": 1500,
            "collector": "cy",
            "paid_on": day(1),
            "filled_on": day(4),
        },
    }
    assert (second["key"], second["row_no"]) == ("ada-2026-2", 2)


def test_a_reversed_payment_is_struck_on_the_card():
    struck = {row["key"]: row["struck_by"] for row in rows(*CARD, reversal(paid(2), day(5)), register="dues-card")}
    assert struck == {"ada-2026-1": None, "ada-2026-2": "e5"}


def approved(**changed: Any) -> DuesReductionApproved:
    told: dict[str, Any] = {
        "occurred_on": day(4),
        "person_id": ADA,
        "from_month": "2026-04",
        "to_month": "2026-12",
        "monthly_fen": 300,
        "reason": "~1|ada|e|reason|y",
        "meeting_id": MeetingId("m1"),
        "approval_no": "批1",
    }
    return DuesReductionApproved(**(told | changed))


REASON = "~1|ada|e|reason|x"


def test_a_reduction_asked_for_and_approved_is_one_row():
    (row,) = rows(asked(reason=REASON), approved(), register="dues-reductions")
    assert (row["key"], row["subject"], row["occurred_on"]) == ("e1", "ada", DAY)
    assert row["cells"] == {
        "person": "ada",
        "span": "2026-04 至 2026-12",
        "requested_on": DAY,
        "asked": 500,
        "reason": REASON,
        "approved_on": day(4),
        "approval_no": "批1",
        "monthly": 300,
    }


def no(*, taken_back: bool, **changed: Any) -> DuesReductionRefused:
    told: dict[str, Any] = {
        "occurred_on": day(5),
        "person_id": ADA,
        "from_month": "2026-04",
        "to_month": "2026-12",
        "taken_back": taken_back,
        "reason": "~1|ada|e|reason|z",
    }
    return DuesReductionRefused(**(told | changed))


def test_a_refusal_stands_beside_the_request_with_its_reason():
    refused = no(taken_back=False, from_month="2026-03")
    first, second = rows(asked(reason=REASON), refused, asked(reason=REASON), register="dues-reductions")
    assert first["cells"] == {
        "person": "ada",
        "span": "2026-03 至 2026-12",
        "requested_on": DAY,
        "asked": 500,
        "reason": REASON,
        "refused_on": day(5),
        "refusal": "~1|ada|e|reason|z",
    }
    assert "refused_on" not in second["cells"]


def test_an_approval_that_was_taken_back_leaves_its_cells_empty_and_the_sheet_asks_for_what_was_assessed():
    history = (assessed(), asked(reason=REASON), approved(), no(taken_back=True))
    (row,) = rows(*history, register="dues-reductions")
    left = {column: row["cells"][column] for column in ("approved_on", "approval_no", "monthly", "refused_on")}
    assert left == {"approved_on": None, "approval_no": None, "monthly": None, "refused_on": day(5)}
    (before,), (after,) = rows(*history[:-1], register="dues-payments"), rows(*history, register="dues-payments")
    assert (before["cells"]["year_due"], after["cells"]["year_due"]) == (3 * 1500 + 9 * 300, 12 * 1500)


def test_one_that_nobody_recorded_asking_for_has_its_own_row():
    (row,) = rows(approved(), register="dues-reductions")
    assert (row["occurred_on"], row["cells"]["reason"], "asked" in row["cells"]) == (day(4), "~1|ada|e|reason|y", False)


def test_the_payment_sheet_still_takes_the_reduction_up():
    assert cells(paid(4), approved())["year_due"] == 9 * 300


@pytest.mark.parametrize(
    ("event", "shown"),
    [
        (
            reminded(education=True, note="~n"),
            {"matter": "党费催缴", "people": ["ada"], "told": "谈话：欠交2个月，连续2个月，已作批评教育并限期改正", "note": "~n"},
        ),
        (
            published(),
            {"matter": "党费公示", "amount": 2000, "told": "2026-01 至 2026-03，公开栏：收缴30.00元，使用0.00元，上缴10.00元"},
        ),
        (
            audited(1999, measures="补足一分"),
            {
                "matter": "党费检查",
                "amount": 1999,
                "told": "2026-01 至 2026-03，账面20.00元：账款相符；处理：补足一分",
                "by": "党委组织部",
            },
        ),
        (handed_over(), {"matter": "党费移交", "people": ["ada", "bo", "cy"], "amount": 2000, "told": "登记册一本、票据三本"}),
    ],
)
def test_care_of_the_fund(event: Event, shown: dict[str, Any]):
    (row,) = rows(event, register="dues-fund")
    assert row["cells"] == {"on": DAY, **shown}


GIFT = paid(3, 200_000, kind=PaymentKind.VOLUNTARY, entry_id=EntryId("gift"))


def test_large_dues_leave_the_fund_and_come_back_when_reversed():
    (row,) = rows(GIFT, forwarded(), register="dues-fund")
    assert row["cells"] == {"on": DAY, "matter": "大额党费转交", "people": ["ada"], "amount": 200_000, "told": "凭证缴1", "by": "组织部"}
    (use,) = rows(GIFT, paid(1), forwarded(), DECISION, spent(), register="dues-uses")
    assert use["cells"]["balance"] == 1500 - 800
    gone = DuesReversed(occurred_on=day(3, 11), entry_id=EntryId("up"), kind=EntryKind.FORWARDING, amount_fen=200_000, reason="误录")
    (struck,) = rows(GIFT, forwarded(), gone, register="dues-fund")
    assert struck["struck_by"] == "e3"
    (use,) = rows(GIFT, paid(1), forwarded(), gone, DECISION, spent(), register="dues-uses")
    assert use["cells"]["balance"] == 200_000 + 1500 - 800


def test_a_withdrawn_entry_is_struck():
    (row,) = rows(audited(), CustodyEntryWithdrawn(occurred_on=DAY, entry_id=E1, reason="误录"), register="dues-fund")
    assert row["struck_by"] == "e2"


REQUESTED = TransferRequested(
    occurred_on=DAY, letter_id=L1, person_id=ADA, reason="工作调动", to_name="外市某局", leaves_on=DAY, issue_by=day(3, 24)
)


ASKED = {
    "requested_on": DAY,
    "person": "ada",
    "reason": "工作调动",
    "to": "外市某局",
    "leaves_on": DAY,
    "issue_by": day(3, 24),
}


def test_a_transfer_asked_for_and_its_letter():
    (row,) = rows(REQUESTED, register="transfer-requests")
    assert (row["key"], row["subject"], row["cells"]) == ("l1", "ada", ASKED)
    assert rows(REQUESTED, register="transfers-out") == []
    assert cells(REQUESTED, issued(), register="transfer-requests", key="l1") == {**ASKED, "number": "b1-2026-0001"}


def test_a_request_given_up_is_struck_with_its_reason():
    given_up = TransferRequestWithdrawn(occurred_on=DAY, letter_id=L1, person_id=ADA, reason="不再调动")
    (row,) = rows(REQUESTED, given_up, register="transfer-requests")
    assert (row["struck_by"], row["cells"]["withdrawn"]) == ("e2", "不再调动")


def test_a_letter_without_a_request_has_only_its_stub():
    assert rows(issued(), register="transfer-requests") == []
