"""L01 换届选举登记表: one whole row for each election, what completes it, what takes it back; and the votes in 支部班子花名册."""

import datetime as dt
from typing import Any

import msgspec
import pytest

from events.base import Event
from events.elections import ElectionKind, Matter, Office
from projections.engine.merge import Merge, apply, ledger_rows
from projections.engine.replay import known, replay
from projections.ledgers.l01_organisation import PROJECTION, State
from tests.decide.election_history import (
    CLOSED_ON,
    HAL,
    IDA,
    MEETING_ON,
    OPENED_ON,
    STEPS,
    THIRD_APPROVED_ON,
    after,
    allowed,
    asked,
    by_election,
    counted,
    delegates,
    elected,
    opened,
    posted,
    reduced,
    reminded,
    returned,
    tellers,
    votes,
    winner,
    withdrawn,
)
from tests.decide.roster_history import ANN, BEN, CAI, DAN, EVE, FAY, GUS
from tests.ledgers.l04_history import facts


def rows(*events: Event, register: str = "elections") -> list[dict[str, Any]]:
    return [row for row in ledger_rows(replay([PROJECTION], facts(*events))) if row["register"] == register]


def cells(*events: Event) -> dict[str, Any]:
    (row,) = rows(*events)
    return {key: value for key, value in row["cells"].items() if value is not None}


def test_an_election_at_the_end_of_a_term_is_one_whole_row():
    history = [*after("opened"), reminded(), *(event for step in list(STEPS)[1:] for event in STEPS[step])]
    (row,) = rows(*history)
    assert row == {
        "org_id": "b1",
        "ledger": "L01",
        "register": "elections",
        "year": "0",
        "key": "e1",
        "row_no": 1,
        "subject": None,
        "occurred_on": OPENED_ON,
        "recorded_at": len(history) * 1_000_000,
        "position": 100 + len(history),
        "event_id": f"e{len(history)}",
        "struck_by": None,
        "cells": {
            "term": "第2届",
            "runs": "2027-12-28 — 2030-12-28",
            "reminded_on": "2027-10-11",
            "request_1": "2027-10-12 支〔2027〕1号",
            "request_2": "2027-11-12 支〔2027〕2号",
            "request_3": "2027-12-22 支〔2027〕3号",
            "approval_1": "2027-10-15 部发〔2027〕1号",
            "approval_2": "2027-11-20 部发〔2027〕2号",
            "approval_3": "2027-12-28 部发〔2027〕3号",
            "due": 10,
            "present": 9,
            "entitled": 10,
            "issued": ["委员 9", "书记 5", "副书记 5"],
            "returned": ["委员 9", "书记 5", "副书记 5"],
            "valid": ["委员 8", "书记 5", "副书记 5"],
            "invalid": ["委员 1", "书记 0", "副书记 0"],
            "candidates": [ANN, BEN, CAI, DAN, EVE, FAY, ANN, BEN],
            "votes": ["委员 8", "委员 7", "委员 7", "委员 6", "委员 6", "委员 4", "书记 5", "副书记 5"],
            "elected": [ANN, BEN, CAI, DAN, EVE],
            "tellers": [GUS, HAL],
            "chief_tellers": [GUS],
            "counters": [IDA],
            "archived_on": "2028-01-04",
        },
    }


def test_the_committee_roll_shows_the_votes_of_the_election():
    found = [row["cells"] for row in rows(*after("closed"), register="officers")]
    new = [cells for cells in found if cells["term"] == 2]
    assert [(one["person"], one["post"], one["votes"], one["approval_no"]) for one in new] == [
        (ANN, "书记", "5/5/5", "部发〔2027〕3号"),
        (BEN, "副书记", "5/5/5", "部发〔2027〕3号"),
        (CAI, "组织委员", "10/9/7", "部发〔2027〕3号"),
        (DAN, "宣传委员", "10/9/6", "部发〔2027〕3号"),
        (EVE, "纪检委员", "10/9/6", "部发〔2027〕3号"),
    ]
    assert {one["until"] for one in found if one["term"] == 1} == {THIRD_APPROVED_ON}


def test_the_same_events_twice_give_the_same_row():
    merge, twice = Merge(), Merge()
    history = facts(*after("closed"))
    apply(PROJECTION, PROJECTION.start(), history, merge)
    apply(PROJECTION, PROJECTION.start(), history, twice)
    apply(PROJECTION, PROJECTION.start(), history, twice)
    assert ledger_rows(merge) == ledger_rows(twice)


def test_the_state_between_batches_is_enough():
    whole = rows(*after("closed"))
    for step in STEPS:
        merge, state = Merge(), PROJECTION.start()
        history = facts(*after("closed"))
        cut = len(after(step))
        apply(PROJECTION, state, history[:cut], merge)
        kept = msgspec.msgpack.decode(msgspec.msgpack.encode(state), type=State)
        apply(PROJECTION, kept, history[cut:], merge)
        assert [row for row in ledger_rows(merge) if row["register"] == "elections"] == whole


class TestWhatTheRowTells:
    @pytest.mark.parametrize(
        ("event", "term"), [(opened(), "第2届"), (by_election(), "第1届补选"), (delegates(), "党代表选举(机关第三次党代会)")]
    )
    def test_which_term_or_what_else(self, event, term):
        assert cells(event) == {"term": term}

    def test_each_election_has_its_row(self):
        assert [row["row_no"] for row in rows(opened(), by_election(election_id="e2"), delegates(election_id="e3"))] == [1, 2, 3]

    @pytest.mark.parametrize(("matter", "zh"), [(Matter.EXTENSION, "延期换届"), (Matter.EARLY, "提前换届")])
    def test_another_time_asked_for_granted_and_sent_back(self, matter, zh):
        day = dt.date(2028, 7, 1)
        request = asked(matter, day)
        assert cells(opened(), request)["other_time"] == f"{zh}至2028-07-01 {request.document_no}"
        assert cells(opened(), request, allowed(matter, day))["other_time"] == f"同意{zh}至2028-07-01 {allowed(matter, day).approval_no}"
        assert cells(opened(), request, returned(matter))["other_time"] == "2027-10-15 退回：材料不齐"

    def test_a_submission_that_was_sent_back(self):
        assert cells(*after("request-1"), returned())["approval_1"] == "2027-10-15 退回：材料不齐"

    def test_run_offs_stand_one_after_another(self):
        tie = counted(votes=votes(8, ann=8, eve=5, fay=5), elected=(ANN,), tied=(EVE, FAY), seats=2)
        runoff = counted(turn=2, seats=1, votes=votes(8, eve=3, fay=5), elected=(FAY,))
        found = cells(opened(), tie, runoff, elected(people=(winner(ANN, 8), winner(FAY, 5))))
        assert found["candidates"] == [ANN, EVE, FAY, EVE, FAY]
        assert found["votes"] == ["委员 8", "委员 5", "委员 5", "委员第2次 3", "委员第2次 5"]
        assert found["issued"] == ["委员 9", "委员第2次 9"]
        assert found["elected"] == [ANN, FAY]

    def test_nobody_is_elected_by_half_a_ballot(self):
        assert "elected" not in cells(opened(), counted(elected=(ANN,)))

    def test_fewer_seats_are_elected_in_the_end(self):
        found = cells(opened(), counted(), reduced(), elected(people=(winner(ANN, 8),)))
        assert found["elected"] == [ANN]

    def test_a_void_ballot_is_told_as_such(self):
        void = counted(returned=10, valid=10, invalid=0, votes=votes(8, ann=8), void=True, elected=())
        assert cells(opened(), void)["votes"] == ["委员 无效"]

    def test_tellers_of_the_committee_stand_behind_those_of_the_meeting(self):
        own = tellers(of_committee=True, chief=CAI, tellers=(CAI,), counters=())
        found = cells(opened(), tellers(), own)
        assert (found["tellers"], found["chief_tellers"], found["counters"]) == ([GUS, HAL, CAI], [GUS, CAI], [IDA])

    def test_a_void_election_shows_no_result_until_it_is_held_anew(self):
        found = cells(*after("request-3"), returned(Matter.THIRD, void=True))
        assert found.keys() == {"term", "request_1", "request_2", "request_3", "approval_1", "approval_2", "approval_3"}
        assert found["approval_3"] == "2027-12-28 退回：材料不齐"
        again = cells(*after("request-3"), returned(Matter.THIRD, void=True), *STEPS["convened"], *STEPS["tellers"], *STEPS["ballot"])
        assert (again["present"], again["tellers"], again["elected"]) == (9, [GUS, HAL], [ANN, BEN, CAI, DAN, EVE])


class TestTakenBack:
    @pytest.mark.parametrize("step", list(STEPS)[1:])
    def test_the_row_shows_what_it_showed_before_the_last_entry(self, step):
        """Steps of one entry each; where a step has several, the last of them goes."""
        events = STEPS[step]
        entry = 2 if step in ("ballot", "secretary", "deputy") else 1
        if step == "approval-3":
            return
        before = [*after("opened"), *(e for name in list(STEPS)[1 : list(STEPS).index(step)] for e in STEPS[name]), *events[:-entry]]
        assert cells(*after(step), withdrawn("elections.x", occurred_on=CLOSED_ON)) == cells(*before)

    def test_one_after_the_other(self):
        gone = withdrawn("elections.ballot_counted")
        assert cells(*after("secretary"), gone, gone, gone) == cells(*after("tellers"))

    def test_what_is_recorded_instead_stands(self):
        gone = withdrawn("elections.ballot_counted")
        assert cells(*after("ballot"), gone, *STEPS["ballot"]) == cells(*after("ballot"))

    def test_the_whole_election_is_struck_and_keeps_its_number(self):
        (row,) = rows(*after("tellers"), withdrawn("elections.opened"))
        assert (row["row_no"], row["struck_by"], row["cells"]["present"]) == (1, f"e{len(after('tellers')) + 1}", 9)

    def test_a_new_one_of_the_same_term_then_gets_the_term(self):
        history = [*after("tellers"), withdrawn("elections.opened"), opened(election_id="e2"), *STEPS["approval-3"][1:]]
        assert [row["cells"].get("runs") for row in rows(*history)] == [None, "2027-12-28 — 2030-12-28"]


class TestAsOf:
    def test_a_day_in_between(self):
        history = facts(*after("closed"))
        (row,) = [row for row in ledger_rows(replay([PROJECTION], known(history, as_of=MEETING_ON))) if row["register"] == "elections"]
        assert "request_3" not in row["cells"]
        assert row["cells"]["elected"] == [ANN, BEN, CAI, DAN, EVE]

    def test_a_later_entry_of_an_earlier_day_needs_no_opening(self):
        late = facts(opened(), *posted(Office.SECRETARY, ANN), tellers(of_committee=True))
        seen = [fact for fact in late if fact.event != opened()]
        (row,) = ledger_rows(replay([PROJECTION], seen))
        assert row["cells"]["elected"] == [ANN]
        assert ElectionKind.TERM.zh not in row["cells"]

    def test_a_withdrawal_of_what_is_not_seen_changes_nothing(self):
        assert ledger_rows(replay([PROJECTION], facts(withdrawn("elections.paper_adopted")))) == []
