"""Duties that a directive begins: sign, table, answer, decide, make good; what ends them and what brings them back (N09.T04, DL-61)."""

from typing import Any

from msgspec.structs import replace

from events.base import Event
from events.directives import AnswerAccepted, DirectiveAnswered, DirectiveStep
from events.obligations import ObligationEscalated, ObligationOverdue, ObligationReminded
from tests.decide.directive_history import (
    A1,
    A2,
    AGAIN,
    ANSWERED,
    DELIVERED,
    RETURNED,
    SIGNED,
    TABLED,
    back,
    delivered,
    recalled,
)
from tests.obligations.world import WHOLE, Branch, day

MINE = ("DL-61.2", "DL-61.3", "DL-61.4", "DL-61.5", "DL-61.6")


def branch(*events: Event) -> Branch:
    return Branch(*events, pack=WHOLE)


def due(*events: Event) -> dict[str, str]:
    """Obligation -> due date."""
    coming = branch(*events).forecast("2026-01-01", "2026-12-31")
    return {one.obligation_id: one.due_on.isoformat() for one in coming if one.deadline in MINE}


def done(*events: Event) -> dict[str, Any]:
    """Obligation -> the day on which it was fulfilled, or why there is none."""
    rows = branch(*events).rows
    return {key: row.fulfilled_on or ("lapsed" if row.lapsed_on else None) for key, row in rows.items() if row.deadline in MINE}


def test_a_delivery_asks_for_a_signature_a_meeting_and_an_answer():
    assert due(DELIVERED) == {"DL-61.2:w1": "2026-03-06", "DL-61.3:w1": "2026-03-17", "DL-61.4:w1": "2026-04-30"}
    assert due(delivered(paper_id="p1", table_by=None, answer_by=None)) == {}


def test_each_is_fulfilled_by_its_own_entry():
    assert done(DELIVERED, SIGNED, TABLED, ANSWERED) == {
        "DL-61.2:w1": day("2026-03-04"),
        "DL-61.3:w1": day("2026-03-10"),
        "DL-61.4:w1": day("2026-04-20"),
    }


def test_an_answer_waits_ten_working_days_for_the_superior():
    assert due(DELIVERED, SIGNED, ANSWERED)["DL-61.5:a1"] == "2026-05-07"
    accepted = AnswerAccepted(occurred_on=day("2026-04-28"), directive_id=ANSWERED.directive_id, answer_id=A1)
    assert done(DELIVERED, ANSWERED, accepted)["DL-61.5:a1"] == day("2026-04-28")


def test_what_came_back_is_made_good_by_a_new_day():
    assert done(DELIVERED, ANSWERED, RETURNED)["DL-61.5:a1"] == day("2026-04-22")
    assert due(DELIVERED, ANSWERED, RETURNED)["DL-61.6:a1"] == "2026-05-08"
    assert done(DELIVERED, ANSWERED, RETURNED, AGAIN)["DL-61.6:a1"] == day("2026-05-06")


def test_what_is_withdrawn_is_due_again():
    before = (DELIVERED, SIGNED, TABLED, replace(TABLED, tabling_id="t2", occurred_on=day("2026-04-01")), ANSWERED)
    on = day("2026-04-21")
    assert done(*before, back(DirectiveStep.SIGNED, "w1", on))["DL-61.2:w1"] is None
    assert done(*before, back(DirectiveStep.TABLED, "t2", on))["DL-61.3:w1"] == day("2026-03-10")
    assert done(*before, back(DirectiveStep.TABLED, "t2", on), back(DirectiveStep.TABLED, "t1", on))["DL-61.3:w1"] is None
    assert done(*before, back(DirectiveStep.ANSWERED, "a1", on))["DL-61.4:w1"] is None
    assert "DL-61.5:a1" not in due(*before, back(DirectiveStep.ANSWERED, "a1", on))


def test_a_decision_that_is_taken_back_waits_again():
    on = day("2026-05-08")
    told = (DELIVERED, SIGNED, ANSWERED, RETURNED)
    assert done(*told, back(DirectiveStep.RETURNED, "a1", on))["DL-61.5:a1"] is None
    assert "DL-61.6:a1" not in due(*told, back(DirectiveStep.RETURNED, "a1", on))
    second = done(*told, AGAIN, back(DirectiveStep.ANSWERED, A2, on))
    assert (second["DL-61.4:w1"], second["DL-61.6:a1"]) == (day("2026-04-20"), None)


def test_a_recall_ends_what_is_open_and_nothing_else():
    one = branch(DELIVERED, SIGNED)
    one.sweep("2026-03-05")
    one.happen(recalled(occurred_on=day("2026-03-06")))
    assert {key: (row.fulfilled_on, row.lapsed_on) for key, row in one.rows.items() if row.deadline in MINE} == {
        "DL-61.2:w1": (day("2026-03-04"), None),
        "DL-61.3:w1": (None, day("2026-03-06")),
        "DL-61.4:w1": (None, day("2026-03-06")),
    }
    decided = due(DELIVERED, SIGNED, ANSWERED, recalled(occurred_on=day("2026-04-23"), waiting_id=A1))
    mended = due(DELIVERED, SIGNED, ANSWERED, RETURNED, recalled(occurred_on=day("2026-04-23"), returned_id=A1))
    assert ("DL-61.5:a1" in decided, "DL-61.6:a1" in mended) == (False, False)


def test_the_worker_reminds_marks_and_tells_the_superior():
    one = branch(DELIVERED, SIGNED, TABLED)
    said = [event for on in ("2026-03-05", "2026-04-27", "2026-05-01") for event in one.sweep(on)]
    told = [
        (type(event).__name__, event.occurred_on.isoformat())
        for event in said
        if isinstance(event, ObligationReminded | ObligationOverdue | ObligationEscalated) and event.obligation_id == "DL-61.4:w1"
    ]
    assert told == [("ObligationReminded", "2026-04-27"), ("ObligationOverdue", "2026-05-01"), ("ObligationEscalated", "2026-05-01")]


def test_an_answer_of_the_same_day_as_the_return_is_another_one():
    same = DirectiveAnswered(occurred_on=RETURNED.occurred_on, directive_id=ANSWERED.directive_id, answer_id=A2, follows_id=A1, text="补")
    assert done(DELIVERED, ANSWERED, RETURNED, same)["DL-61.6:a1"] == RETURNED.occurred_on
    assert "DL-61.5:a2" in due(DELIVERED, ANSWERED, RETURNED, same)
