"""L02 组织生活: the register of secret ballots, from the opening to the count, and what it leaves out below five papers."""

from typing import Any

from events.ballots import (
    BallotCancelled,
    BallotClosed,
    BallotId,
    BallotKind,
    BallotMethod,
    BallotOpened,
    BallotOption,
    Electorate,
    MemberVoted,
    OptionCode,
    OptionVotes,
    PaperBallotsCounted,
)
from events.base import Event
from projections.ledgers.l02_ballots import FEW, VALID, VOID, WITHHELD
from tests.ledgers.l02_history import ADA, BO, CY, DAY, DEE, ORG, cells, rows

B1 = BallotId("b1")
LATER = DAY.replace(year=DAY.year + 1)
HASH = "ab" * 32


def opened(**changed: Any) -> BallotOpened:
    told: dict[str, Any] = {
        "occurred_on": DAY,
        "ballot_id": B1,
        "kind": BallotKind.MOTION,
        "title": "年度预算",
        "method": BallotMethod.BOX,
        "electorate": Electorate.VOTERS,
        "options": (BallotOption(code=OptionCode("yes"), text="赞成"), BallotOption(code=OptionCode("no"), text="反对")),
        "choices_max": 1,
        "entitled": (ADA, BO, CY, DEE),
        "subject_id": DEE,
    }
    return BallotOpened(**(told | changed))


def closed(**changed: Any) -> BallotClosed:
    told: dict[str, Any] = {
        "occurred_on": LATER,
        "ballot_id": B1,
        "entitled": 9,
        "cast": 7,
        "quorate": True,
        "needed": 5,
        "carried": (OptionCode("yes"),),
        "votes": (OptionVotes(code=OptionCode("yes"), votes=6), OptionVotes(code=OptionCode("no"), votes=1)),
        "withheld": False,
        "box_sha256": HASH,
    }
    return BallotClosed(**(told | changed))


def ballot(*events: Event) -> dict[str, Any]:
    return cells(*events, register="ballots", key="b1")


def test_a_closed_ballot_has_a_whole_row_in_the_year_of_its_opening():
    (row,) = rows(opened(), MemberVoted(occurred_on=DAY, ballot_id=B1, person_id=ADA), closed())
    assert row == {
        "org_id": ORG,
        "ledger": "L02",
        "register": "ballots",
        "year": "2026",
        "key": "b1",
        "row_no": 1,
        "subject": None,
        "occurred_on": DAY,
        "recorded_at": 3_000_000,
        "position": 103,
        "event_id": "e3",
        "struck_by": None,
        "cells": {
            "opened_on": DAY,
            "kind": "表决事项",
            "title": "年度预算",
            "subject": "dee",
            "candidates": [],
            "method": "系统票箱",
            "electorate": "有表决权的党员",
            "entitled": 4,
            "closed_on": LATER,
            "issued": 7,
            "cast": 7,
            "valid": 7,
            "invalid": 0,
            "needed": 5,
            "votes": ["赞成 6", "反对 1"],
            "carried": ["赞成"],
            "elected": [],
            "outcome": VALID,
            "box": HASH,
        },
    }


def test_who_voted_is_in_no_row():
    assert rows(opened(), MemberVoted(occurred_on=DAY, ballot_id=B1, person_id=ADA)) == rows(opened())


def test_below_five_papers_the_row_says_so():
    row = ballot(opened(), closed(cast=4, votes=(), withheld=True))
    assert (row["votes"], row["carried"], row["cast"]) == ([WITHHELD], ["赞成"], 4)


def test_too_few_took_part():
    assert ballot(opened(), closed(quorate=False, carried=()))["outcome"] == FEW


def test_an_election_names_candidates_in_columns_whose_names_are_joined():
    election = opened(kind=BallotKind.ELECTION, options=(BallotOption(code=OptionCode(ADA)), BallotOption(code=OptionCode(BO))))
    votes = (OptionVotes(code=OptionCode(ADA), votes=6), OptionVotes(code=OptionCode(BO), votes=2))
    row = ballot(election, closed(carried=(OptionCode(ADA),), votes=votes))
    assert (row["candidates"], row["votes"], row["elected"], row["carried"]) == ([ADA, BO], ["6", "2"], [ADA], [])


def counted(**changed: Any) -> PaperBallotsCounted:
    told: dict[str, Any] = {
        "occurred_on": DAY,
        "ballot_id": B1,
        "entitled": 9,
        "issued": 8,
        "returned": 7,
        "valid": 6,
        "invalid": 1,
        "void": False,
        "quorate": True,
        "needed": 5,
        "carried": (OptionCode("yes"),),
        "votes": (OptionVotes(code=OptionCode("yes"), votes=6), OptionVotes(code=OptionCode("no"), votes=0)),
        "withheld": False,
        "chief_teller": BO,
        "tellers": (CY,),
        "counters": (DEE,),
    }
    return PaperBallotsCounted(**(told | changed))


def test_paper_shows_its_counts_and_its_tellers():
    row = ballot(opened(method=BallotMethod.PAPER), counted())
    shown = ("method", "issued", "cast", "valid", "invalid", "votes", "chief_teller", "tellers", "counters", "outcome")
    assert [row[key] for key in shown] == ["纸质选票", 8, 7, 6, 1, ["赞成 6", "反对 0"], BO, [CY], [DEE], VALID]
    assert "box" not in row


def test_more_back_than_issued_is_void():
    assert ballot(opened(method=BallotMethod.PAPER), counted(issued=6, void=True, carried=()))["outcome"] == VOID


def test_a_cancelled_ballot_is_struck_and_says_why():
    (row,) = rows(opened(), closed(), BallotCancelled(occurred_on=LATER, ballot_id=B1, reason="未通知全体党员"))
    assert (row["struck_by"], row["row_no"], row["cells"]["cancelled"], row["cells"]["votes"]) == (
        "e3",
        1,
        "未通知全体党员",
        ["赞成 6", "反对 1"],
    )
