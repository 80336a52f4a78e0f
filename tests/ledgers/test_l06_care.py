"""L06 群众工作, care: consolation visits, members in hardship with sealed particulars; whole rows, completed and struck."""

import datetime as dt
from typing import Any

import pytest

from events.base import Event, PersonId
from events.care import (
    CareEntryId,
    CareEntryWithdrawn,
    CareFund,
    HardshipDelisted,
    HardshipUpdated,
    Manner,
    RecipientKind,
    SpendingId,
    SupporterAssigned,
)
from projections.ledgers.l06_care import REGISTERS, yuan
from projections.ledgers.register import Kind
from tests.decide.roster_history import ANN, BEFORE, BEN, DAY
from tests.decide.work_history import C1, LONG_AGO, care_plan, in_hardship, visited
from tests.ledgers.test_l06_masses import cells, rows

SEALED = {"hardship": "~1|ben|e|hardship|x", "situation": "~1|ben|e|situation|x"}
H1 = CareEntryId("h1")


def test_a_visit_has_a_whole_row():
    assert rows(visited(), register="consolation") == [
        {
            "org_id": "b1",
            "ledger": "L06",
            "register": "consolation",
            "year": "2026",
            "key": "v1",
            "row_no": 1,
            "subject": "ben",
            "occurred_on": DAY,
            "recorded_at": 1_000_000,
            "position": 101,
            "event_id": "e1",
            "struck_by": None,
            "cells": {
                "festival": "春节",
                "plan": None,
                "recipient": "ben",
                "kind": "困难党员",
                "manner": "慰问金",
                "gift": "500元（公用经费）",
                "visitors": ["ann"],
                "on": DAY,
                "signed": "本人签收",
            },
        }
    ]


def test_a_visit_under_a_plan_paid_from_dues_with_goods():
    visit = visited(plan_id=C1, manner=Manner.BOTH, amount_fen=50_050, goods="米、油", fund=CareFund.DUES, spending_id=SpendingId("s"))
    (found,) = cells(care_plan(), visit, register="consolation")
    assert (found["plan"], found["gift"]) == ("春节走访慰问方案", "500.50元（党费）、米、油")


def test_somebody_outside_the_branch_is_shown_by_the_sealed_name():
    name = "~1|v1.to|e|recipient|x"
    visit = visited(kind=RecipientKind.PUBLIC, person_id=PersonId("v1.to"), recipient=name, manner=Manner.CALL, amount_fen=0)
    (row,) = rows(visit, register="consolation")
    assert (row["subject"], row["cells"]["recipient"], row["cells"]["gift"]) == ("v1.to", name, "")


def test_a_plan_of_visits_stands_among_the_plans():
    assert cells(care_plan(budget_fen=200_000, met_on=LONG_AGO), register="plans") == [
        {
            "on": LONG_AGO,
            "kind": "走访慰问方案（春节）",
            "title": "春节走访慰问方案",
            "content": "走访老党员和困难党员（预算2000元）",
            "met_on": LONG_AGO,
        }
    ]


@pytest.mark.parametrize(("amount_fen", "text"), [(100, "1元"), (1, "0.01元"), (12_050, "120.50元")])
def test_money_is_told_in_yuan(amount_fen: int, text: str):
    assert yuan(amount_fen) == text


def test_a_hardship_case_from_listing_to_delisting_is_one_row_for_all_years():
    later = dt.date(2027, 1, 5)
    events = (
        in_hardship(**SEALED),
        SupporterAssigned(occurred_on=DAY, entry_id=H1, person_id=BEN, supporter_id=ANN, measures="~1|ben|e|measures|x"),
        HardshipUpdated(occurred_on=DAY, entry_id=H1, person_id=BEN, change="~1|ben|e|change|x"),
        HardshipDelisted(occurred_on=later, entry_id=H1, person_id=BEN, reason="~1|ben|e|reason|x"),
    )
    (row,) = rows(*events, register="hardship")
    assert (row["year"], row["occurred_on"], row["subject"], row["struck_by"]) == ("0", BEFORE, "ben", None)
    assert row["cells"] == {
        "person": "ben",
        **SEALED,
        "listed_on": BEFORE,
        "supporter": "ann",
        "measures": "~1|ben|e|measures|x",
        "updated_on": DAY,
        "change": "~1|ben|e|change|x",
        "delisted_on": later,
        "delisted_why": "~1|ben|e|reason|x",
    }


def test_an_older_word_recorded_late_does_not_replace_a_newer_one():
    newer = HardshipUpdated(occurred_on=DAY, entry_id=H1, person_id=BEN, change="~new")
    older = HardshipUpdated(occurred_on=BEFORE, entry_id=H1, person_id=BEN, change="~old")
    again = HardshipUpdated(occurred_on=DAY, entry_id=H1, person_id=BEN, change="~again")
    assert [row["change"] for row in cells(in_hardship(), newer, older, register="hardship")] == ["~new"]
    assert [row["change"] for row in cells(in_hardship(), older, newer, again, register="hardship")] == ["~again"]
    first, second = (
        SupporterAssigned(occurred_on=day, entry_id=H1, person_id=BEN, supporter_id=who, measures="~m")
        for day, who in ((DAY, ANN), (BEFORE, PersonId("cai")))
    )
    assert [row["supporter"] for row in cells(in_hardship(), first, second, register="hardship")] == ["ann"]


def test_what_somebodys_hardship_is_stands_in_masked_columns_only():
    sealed = {"hardship", "situation", "measures", "change", "delisted_why"}
    (form,) = [register for register in REGISTERS if register.code == "hardship"]
    assert {column.key for column in form.columns if column.kind is Kind.MASKED} == sealed


@pytest.mark.parametrize(
    ("event", "what", "on", "register"),
    [
        (visited("n"), "care.visit_made", DAY, "consolation"),
        (in_hardship("n"), "care.hardship_listed", BEFORE, "hardship"),
        (care_plan("n"), "care.plan_adopted", LONG_AGO, "plans"),
    ],
)
def test_a_withdrawn_entry_is_struck(event: Event, what: str, on: dt.date, register: str):
    gone = CareEntryWithdrawn(occurred_on=DAY, entry_id=CareEntryId("n"), what=what, happened_on=on, reason="误登")
    assert [(row["key"], row["struck_by"]) for row in rows(event, gone, register=register)] == [("n", "e2")]


def test_a_member_listed_anew_has_a_new_row():
    closed: list[Any] = [in_hardship(), HardshipDelisted(occurred_on=DAY, entry_id=H1, person_id=BEN, reason="~r")]
    again = in_hardship("h2", occurred_on=DAY)
    assert [row["key"] for row in rows(*closed, again, register="hardship")] == ["h1", "h2"]
