"""Votes: who may vote, when a vote may be taken, what has passed (INV-011 to INV-014)."""

from typing import Any

import pytest

from events.base import PersonId
from events.meetings import (
    AgendaKind,
    MeetingKind,
    MotionVoted,
    VoteMethod,
)
from service.decide.meetings.votes import VoteOnMotion
from service.decide.quorum import majority, quorum
from tests.decide.meeting_history import (
    AFTER,
    ANN,
    ARCHIVED,
    BEN,
    CAI,
    DAY,
    DEP,
    DIS,
    HELD,
    M1,
    NEO,
    ORGA,
    OUT,
    PUB,
    SEC,
    SUS,
    VOTERS,
    absent,
    conflict,
    decide,
    held,
    present,
    refusal,
)


def vote(**changed: Any) -> VoteOnMotion:
    told: dict[str, Any] = {"occurred_on": DAY, "meeting_id": M1, "title": "年度计划", "method": VoteMethod.SHOW_OF_HANDS, "yes": 8}
    return VoteOnMotion(**(told | changed))


def voted(**changed: Any) -> MotionVoted:
    told: dict[str, Any] = {
        "occurred_on": DAY,
        "meeting_id": M1,
        "motion_no": 1,
        "matter": AgendaKind.OTHER,
        "title": "年度计划",
        "method": VoteMethod.SHOW_OF_HANDS,
        "voters_due": 8,
        "voters_present": 8,
        "quorum": 4,
        "needed": 5,
        "yes": 8,
        "no": 0,
        "abstain": 0,
        "passed": True,
    }
    return MotionVoted(**(told | changed))


@pytest.mark.parametrize(
    ("part", "whole", "enough"),
    [
        (0, 0, False),
        (0, 1, False),
        (1, 1, True),
        (1, 2, True),
        (1, 3, False),
        (2, 3, True),
        (3, 8, False),
        (4, 8, True),
        (5, 8, True),
        (4, 9, False),
        (5, 9, True),
    ],
)
def test_half_is_a_quorum_and_nobody_of_nobody_is_none(part: int, whole: int, enough: bool):
    assert (part >= quorum(whole, (1, 2))) is enough


@pytest.mark.parametrize(
    ("part", "whole", "passed"),
    [
        (0, 0, False),
        (0, 1, False),
        (1, 1, True),
        (1, 2, False),
        (2, 2, True),
        (1, 3, False),
        (2, 3, True),
        (4, 8, False),
        (5, 8, True),
        (10, 21, False),
        (11, 21, True),
    ],
)
def test_exactly_half_is_no_majority(part: int, whole: int, passed: bool):
    assert (part >= majority(whole, (1, 2))) is passed


def test_a_vote_counts_only_those_who_may_vote():
    assert decide(vote(), HELD) == [voted()]


def test_a_second_vote_has_the_next_number():
    assert decide(vote(title="评优"), HELD, voted()) == [voted(motion_no=2, title="评优")]


def test_the_same_vote_again_is_nothing_to_do():
    assert decide(vote(), HELD, voted()) == []
    assert decide(vote(), HELD, voted(), ARCHIVED) == []


@pytest.mark.parametrize(("yes", "passed"), [(3, False), (4, False), (5, True), (8, True)])
def test_a_motion_passes_with_more_than_half_of_those_due(yes: int, passed: bool):
    assert decide(vote(yes=yes, no=8 - yes), HELD) == [voted(yes=yes, no=8 - yes, passed=passed)]


def test_a_majority_of_those_present_is_not_enough():
    assert decide(vote(yes=4), present(SEC, DEP, ANN, BEN)) == [voted(voters_present=4, yes=4, passed=False)]


@pytest.mark.parametrize(("yes", "claim"), [(5, True), (4, False)])
def test_a_claimed_outcome_that_is_right_is_recorded(yes: int, claim: bool):
    assert decide(vote(yes=yes, abstain=8 - yes, passed=claim), HELD) == [voted(yes=yes, abstain=8 - yes, passed=claim)]


@pytest.mark.parametrize(("yes", "claim"), [(4, True), (5, False)])
def test_a_claimed_outcome_that_is_wrong_is_refused(yes: int, claim: bool):
    assert refusal(vote(yes=yes, abstain=8 - yes, passed=claim), HELD) == ("INV-013", "passed")


def test_a_failed_outcome_told_again_is_nothing_to_do():
    assert decide(vote(yes=4, no=4, passed=False), HELD, voted(yes=4, no=4, passed=False)) == []


@pytest.mark.parametrize("there", [(SEC, DEP, ANN, BEN), (SEC, DEP, ANN, BEN, NEO), (SEC, DEP, ANN, BEN, CAI)])
def test_half_of_the_voters_may_take_a_vote(there: tuple[PersonId, ...]):
    (event,) = decide(vote(yes=4), present(*there))
    assert isinstance(event, MotionVoted)
    assert event.voters_present == len(set(there) & set(VOTERS))


@pytest.mark.parametrize("there", [(SEC, DEP, ANN), (SEC, DEP, ANN, NEO, SUS), (SEC,), ()])
def test_fewer_than_half_of_the_voters_take_no_vote(there: tuple[PersonId, ...]):
    assert refusal(vote(yes=0), present(*there)) == ("INV-012", "voters_present")


def test_without_any_voter_no_vote_is_taken():
    assert refusal(vote(yes=0), held(due=(NEO,), present=(NEO,))) == ("INV-012", "voters_present")


def test_those_who_left_before_the_vote_are_not_counted():
    assert decide(vote(yes=6, left_early=(ANN, NEO, BEN)), HELD) == [voted(voters_present=6, yes=6)]


def test_so_many_left_that_no_vote_may_be_taken():
    assert refusal(vote(yes=3, left_early=(SEC, DEP, ORGA, PUB, DIS)), HELD) == ("INV-012", "voters_present")


def test_whoever_left_had_been_there():
    assert refusal(vote(yes=3, left_early=(CAI,)), present(SEC, DEP, ANN, BEN)) == ("INV-010", "left_early")


@pytest.mark.parametrize(("yes", "no", "abstain"), [(9, 0, 0), (8, 1, 0), (8, 0, 1), (3, 3, 3)])
def test_more_votes_than_voters_present_are_refused(yes: int, no: int, abstain: int):
    assert refusal(vote(yes=yes, no=no, abstain=abstain), HELD) == ("INV-011", "yes", "no", "abstain")


@pytest.mark.parametrize(("yes", "no", "abstain"), [(8, 0, 0), (6, 1, 1), (7, 0, 0)])
def test_as_many_votes_as_voters_or_fewer_are_recorded(yes: int, no: int, abstain: int):
    assert decide(vote(yes=yes, no=no, abstain=abstain), HELD) == [voted(yes=yes, no=no, abstain=abstain)]


def test_a_vote_in_which_nobody_voted_is_recorded_as_not_passed():
    assert decide(vote(yes=0), HELD) == [voted(yes=0, passed=False)]


def test_ballots_that_add_up_are_recorded():
    assert decide(vote(yes=6, no=1, ballots=7), HELD) == [voted(yes=6, no=1)]


@pytest.mark.parametrize("ballots", [6, 8])
def test_ballots_that_do_not_add_up_are_refused(ballots: int):
    assert refusal(vote(yes=6, no=1, ballots=ballots), HELD) == ("INV-011", "ballots")


def test_claimed_numbers_of_voters_that_are_right_are_accepted():
    assert decide(vote(voters_due=8, voters_present=8), HELD) == [voted()]


@pytest.mark.parametrize(("field", "claim"), [("voters_due", 9), ("voters_due", 10), ("voters_present", 9), ("voters_present", 10)])
def test_members_without_a_vote_are_not_counted(field: str, claim: int):
    assert refusal(vote(**{field: claim}), HELD) == ("INV-014", field)


@pytest.mark.parametrize("field", ["voters_due", "voters_present"])
def test_voters_are_not_left_out_of_the_base(field: str):
    assert refusal(vote(**{field: 7}), HELD) == ("INV-010", field)


def test_a_written_opinion_of_an_absent_voter_counts_in_admissions():
    there = (SEC, DEP, ANN, BEN)
    assert decide(vote(matter=AgendaKind.ADMISSION, yes=5, written_from=(CAI,)), present(*there)) == [
        voted(matter=AgendaKind.ADMISSION, voters_present=4, yes=5, written_from=(CAI,), passed=True)
    ]


def test_a_written_opinion_does_not_help_the_quorum():
    assert refusal(vote(matter=AgendaKind.ADMISSION, yes=4, written_from=(CAI,)), present(SEC, DEP, ANN)) == ("INV-012", "voters_present")


def test_in_other_matters_no_written_opinion_counts():
    assert refusal(vote(yes=5, written_from=(CAI,)), present(SEC, DEP, ANN, BEN)) == ("INV-011", "written_from")


@pytest.mark.parametrize("person", [NEO, SUS, OUT, PersonId("stranger")])
def test_whoever_has_no_vote_writes_no_opinion(person: PersonId):
    there = present(SEC, DEP, ANN, BEN)
    assert refusal(vote(matter=AgendaKind.ADMISSION, yes=5, written_from=(person,)), there) == ("INV-014", "written_from")


@pytest.mark.parametrize("people", [(SEC,), (CAI, CAI)])
def test_nobody_votes_twice(people: tuple[PersonId, ...]):
    there = present(SEC, DEP, ANN, BEN)
    assert refusal(vote(matter=AgendaKind.ADMISSION, yes=5, written_from=people), there) == ("INV-011", "written_from")


def test_written_opinions_are_among_the_votes():
    there = present(SEC, DEP, ANN, BEN)
    command = vote(matter=AgendaKind.ADMISSION, yes=0, written_from=(CAI,))
    assert refusal(command, there) == ("INV-011", "yes", "no", "abstain")


@pytest.mark.parametrize(("yes", "passed"), [(2, False), (3, True)])
def test_a_committee_decides_by_its_seats(yes: int, passed: bool):
    there = present(SEC, DEP, ORGA, kind=MeetingKind.COMMITTEE)
    assert decide(vote(yes=yes, no=3 - yes), there) == [
        voted(voters_due=5, voters_present=3, quorum=3, needed=3, yes=yes, no=3 - yes, passed=passed)
    ]


def test_a_committee_that_shrank_below_half_takes_no_vote():
    there = present(SEC, DEP, ORGA, kind=MeetingKind.COMMITTEE)
    assert refusal(vote(yes=2, left_early=(ORGA,)), there) == ("INV-012", "voters_present")


@pytest.mark.parametrize(("yes", "passed"), [(1, False), (2, True)])
def test_a_group_decides_by_its_own_voters(yes: int, passed: bool):
    assert decide(vote(yes=yes, no=3 - yes), held(MeetingKind.GROUP)) == [
        voted(voters_due=3, voters_present=3, quorum=2, needed=2, yes=yes, no=3 - yes, passed=passed)
    ]


@pytest.mark.parametrize(("yes", "passed"), [(5, False), (6, True)])
def test_the_majority_is_a_rule_of_the_day(yes: int, passed: bool):
    assert decide(vote(yes=yes), HELD, rules={"vote.ordinary.pass": [2, 3]}) == [voted(needed=6, yes=yes, passed=passed)]


def test_the_quorum_is_a_rule_of_the_day():
    there = present(*VOTERS[:6])
    assert decide(vote(yes=6), there) == [voted(voters_present=6, yes=6)]
    assert refusal(vote(yes=6), there, rules={"vote.ordinary.quorum": [4, 5]}) == ("INV-012", "voters_present")


def test_a_vote_needs_a_meeting_that_was_held():
    assert "m1" in absent(vote())


def test_a_vote_is_dated_on_the_day_of_the_meeting():
    assert "2026-03-05" in conflict(vote(occurred_on=AFTER), HELD)


def test_no_vote_is_added_to_minutes_on_file():
    assert refusal(vote(), HELD, ARCHIVED) == ("INV-017", "meeting_id")
