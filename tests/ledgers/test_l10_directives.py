"""Ledger L10, superior's documents: a directive that was delivered has its row, completed step by step (上级文件签收)."""

import datetime as dt
from typing import Any

from msgspec.structs import replace

from events.base import Event
from events.directives import DirectiveAssigned, DirectiveKind, DirectiveStep
from events.documents import DocumentId, Secrecy, SuperiorDocumentReceived
from projections.engine.merge import ledger_rows
from projections.engine.replay import replay
from projections.ledgers.l10_directives import RECEIVED
from projections.ledgers.l10_documents import PROJECTION
from tests.decide.directive_history import (
    ACCEPTED,
    AGAIN,
    ANN,
    ANSWERED,
    DELIVERED,
    DUE,
    ISSUED_ON,
    ISSUER,
    NUMBER,
    ON,
    RETURNED,
    SIGNED,
    TABLED,
    TITLE,
    W1,
    back,
    delivered,
    recalled,
)
from tests.ledgers.l04_history import facts

HANDED = DirectiveAssigned(occurred_on=dt.date(2026, 3, 5), directive_id=W1, person_id=ANN)
PAPER = SuperiorDocumentReceived(
    occurred_on=ISSUED_ON,
    document_id=DocumentId("p1"),
    number=NUMBER,
    title=TITLE,
    issuer=ISSUER,
    formed_on=ISSUED_ON,
    secrecy=Secrecy.INTERNAL,
    act_by=DUE,
)
NEW = {
    "received_on": ON,
    "number": NUMBER,
    "title": TITLE,
    "issuer": ISSUER,
    "formed_on": ISSUED_ON,
    "secrecy": "内部",
    "act_by": DUE,
    "stated": True,
    "kind": "工作部署",
}
WHOLE = NEW | {
    "received_by": "u",
    "signed_on": SIGNED.occurred_on,
    "responsible": ANN,
    "tabled_on": TABLED.occurred_on,
    "arrangement": TABLED.arrangement,
    "answered_on": AGAIN.occurred_on,
    "answer": AGAIN.text,
    "result": "已办结：同意",
}


def rows(*events: Event) -> list[dict[str, Any]]:
    return [row for row in ledger_rows(replay([PROJECTION], facts(*events))) if row["register"] == RECEIVED.code]


def cells(*events: Event) -> dict[str, Any]:
    (row,) = rows(*events)
    return dict(row["cells"])


def test_a_delivery_has_its_row():
    assert cells(DELIVERED) == NEW


def test_the_row_is_completed_to_its_last_column():
    assert cells(DELIVERED, SIGNED, HANDED, TABLED, ANSWERED, RETURNED, AGAIN, ACCEPTED) == WHOLE
    assert set(WHOLE) == {column.key for column in RECEIVED.columns}


def test_a_directive_without_an_answer_is_to_be_tabled_by_a_day():
    told = cells(delivered(answer_by=None, kind=DirectiveKind.DOCUMENT))
    assert (told["kind"], told["act_by"], told["stated"]) == ("上级文件", DELIVERED.table_by, False)


def test_an_answer_waits_and_comes_back():
    assert cells(DELIVERED, SIGNED, ANSWERED)["result"] == "待审核"
    assert cells(DELIVERED, SIGNED, ANSWERED, RETURNED)["result"] == "退回：缺少责任分工"


def test_a_later_year_completes_the_row_of_the_year_in_which_it_came():
    late = replace(ANSWERED, occurred_on=dt.date(2027, 1, 5))
    (row,) = rows(DELIVERED, SIGNED, late)
    assert (row["year"], row["cells"]["answered_on"], row["occurred_on"]) == ("2026", late.occurred_on, ON)


def test_what_is_withdrawn_gives_way_to_the_entry_before_it():
    again = replace(TABLED, tabling_id="t2", occurred_on=dt.date(2026, 4, 1), arrangement="再研究")
    told = (DELIVERED, SIGNED, TABLED, again)
    assert cells(*told, back(DirectiveStep.TABLED, "t2", ON))["arrangement"] == TABLED.arrangement
    gone = cells(*told, back(DirectiveStep.TABLED, "t2", ON), back(DirectiveStep.TABLED, "t1", ON), back(DirectiveStep.SIGNED, W1, ON))
    assert {gone[key] for key in ("tabled_on", "arrangement", "signed_on", "received_by")} == {None}
    assert cells(DELIVERED, SIGNED, ANSWERED, ACCEPTED, back(DirectiveStep.ACCEPTED, "a1", ON))["result"] == "待审核"
    assert cells(DELIVERED, SIGNED, ANSWERED, back(DirectiveStep.ANSWERED, "a1", ON))["answer"] is None


def test_a_paper_that_was_signed_for_before_keeps_its_one_row():
    told = cells(PAPER, delivered(paper_id="p1", table_by=None), ANSWERED)
    assert (told["received_on"], told["kind"], told["answer"]) == (ISSUED_ON, "工作部署", ANSWERED.text)


def test_a_recall_strikes_the_row():
    (row,) = rows(DELIVERED, SIGNED, recalled())
    assert row["struck_by"] == "e3"
