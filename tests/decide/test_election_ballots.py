"""Ballots counted, run off, held again, left at fewer seats (INV-005, 006, 011, 013, 021, 027, 029 to 033, 035)."""

from typing import Any

import pytest

from events.elections import Matter, Office, Votes
from events.members import InfluenceBar, InfluenceSet
from events.organisations import RuleChanged
from service.decide.elections.ballots import CountElectionBallot, ReduceElectionSeats
from service.errors import Conflict, Malformed
from tests.decide.bdd import fails, given, nothing, refused
from tests.decide.election_history import (
    CLOSED_ON,
    CONFIRMED_ON,
    E1,
    EIGHT,
    FIVE,
    MEETING_ON,
    THIRD_ON,
    after,
    convened,
    counted,
    elected,
    reduced,
    returned,
    tellers,
    told,
    up_to,
    votes,
    winner,
)
from tests.decide.roster_history import ANN, BEN, CAI, DAN, EVE, FAY, FOUNDED_ON, GUS, NEO


def count(office: Office = Office.COMMITTEE, **changed: Any) -> CountElectionBallot:
    told: dict[str, Any] = {
        "occurred_on": MEETING_ON,
        "election_id": E1,
        "office": office,
        "issued": 9,
        "returned": 9,
        "valid": 8,
        "invalid": 1,
        "votes": EIGHT,
    }
    return CountElectionBallot(**(told | changed))


def post(office: Office, **yes: int) -> CountElectionBallot:
    """The new committee of five votes."""
    return count(office, issued=5, returned=5, valid=5, invalid=0, votes=votes(5, **yes))


def reduce(**changed: Any) -> ReduceElectionSeats:
    return told(ReduceElectionSeats, MEETING_ON, {"consenting": 5}, changed)


FOUR_VOTES = votes(8, ann=8, ben=7, cai=7, dan=6, eve=4, fay=4)
FOUR = counted(votes=FOUR_VOTES, elected=FIVE[:4])
"""One seat is left: nobody else got more than half."""
TIE_VOTES = votes(8, ann=8, ben=7, cai=7, dan=6, eve=5, fay=5)
TIE = counted(votes=TIE_VOTES, elected=FIVE[:4], tied=(EVE, FAY))
VOID = counted(issued=9, returned=10, valid=9, invalid=1, votes=(), void=True, elected=())


class TestTheBallotOfTheCommittee:
    def test_five_of_six_are_elected(self):
        given(up_to("ballot")).when(count()).then(counted(), elected())
        given(after("ballot")).when(count()).then(nothing)

    def test_nobody_is_left_to_be_elected(self):
        given(after("ballot")).when(count(valid=9, invalid=0, votes=votes(9, fay=9))).then(fails(Conflict, "nobody is left"))

    def test_whoever_is_written_in_counts_like_a_candidate(self):
        """R-B12: one who votes against may name another."""
        written = (*votes(8, ann=8, ben=7, cai=7, dan=3, eve=6, fay=2), Votes(person_id=GUS, yes=5))
        five = (ANN, BEN, CAI, EVE, GUS)
        people = (winner(ANN, 8), winner(BEN, 7), winner(CAI, 7), winner(EVE, 6), winner(GUS, 5))
        given(up_to("ballot")).when(count(votes=written)).then(counted(votes=written, elected=five), elected(people=people))

    @pytest.mark.parametrize(("step", "fault"), [("approval-2", Conflict), ("convened", Conflict)])
    def test_candidates_and_tellers_come_first(self, step, fault):
        given(after(step)).when(count()).then(fails(fault))

    def test_INV_021_the_meeting_too(self):
        given(up_to("convened"), tellers()).when(count()).then(refused("INV-021", "office"))

    def test_it_is_of_the_day_of_the_meeting(self):
        given(up_to("ballot")).when(count(occurred_on=THIRD_ON)).then(fails(Conflict, "was held"))

    def test_every_candidate_has_a_line_and_only_one(self):
        given(up_to("ballot")).when(count(votes=EIGHT[:5])).then(fails(Malformed, "fay"))
        given(up_to("ballot")).when(count(votes=(*EIGHT, EIGHT[0]))).then(fails(Malformed, "twice"))

    def test_not_once_the_election_is_closed(self):
        given(after("closed")).when(count(occurred_on=CLOSED_ON)).then(fails(Conflict, "closed"))


class TestPapers:
    def test_INV_029_no_more_ballots_than_electors_in_the_room(self):
        given(up_to("ballot")).when(count(issued=10)).then(refused("INV-029", "issued"))
        given(up_to("ballot")).when(count(mobile_box=True)).then(refused("INV-029", "mobile_box"))

    def test_a_mobile_box_where_a_rule_allows_it(self):
        rule = RuleChanged(occurred_on=FOUNDED_ON, key="election.mobile_box", value=True, effective_from=FOUNDED_ON, reason="上级批准")
        given(up_to("ballot"), rule).when(count(mobile_box=True)).then(counted(), elected())

    @pytest.mark.parametrize(("valid", "invalid"), [(8, 0), (8, 2), (9, 1), (0, 0)])
    def test_INV_031_valid_and_invalid_are_what_came_back(self, valid, invalid):
        given(up_to("ballot")).when(count(valid=valid, invalid=invalid)).then(refused("INV-031", "valid", "invalid"))

    @pytest.mark.parametrize(
        "changed",
        [
            Votes(person_id=ANN, yes=8, no=1),
            Votes(person_id=ANN, yes=7),
            Votes(person_id=ANN, yes=8, abstain=1),
        ],
    )
    def test_INV_031_each_valid_ballot_says_one_thing_of_each_candidate(self, changed):
        given(up_to("ballot")).when(count(votes=(changed, *EIGHT[1:]))).then(refused("INV-031", "votes"))

    def test_INV_031_no_ballot_names_more_than_the_seats(self):
        given(up_to("ballot")).when(count(votes=votes(8, ann=8, ben=8, cai=8, dan=8, eve=8, fay=1))).then(refused("INV-031", "votes"))


class TestMoreBallotsThanWentOut:
    """INV-030 is recorded: the ballot is void, to be held again."""

    def test_it_elects_nobody(self):
        given(up_to("ballot")).when(count(returned=10, valid=9, invalid=1, votes=())).then(VOID)
        given(up_to("ballot"), VOID).when(count(returned=10, valid=9, invalid=1, votes=())).then(nothing)

    def test_and_is_refused_to_whoever_says_so(self):
        claim = count(returned=10, valid=9, invalid=1, votes=(), elected=FIVE)
        given(up_to("ballot")).when(claim).then(refused("INV-030", "elected"))

    def test_the_next_one_is_for_all_the_seats(self):
        given(up_to("ballot"), VOID).when(count()).then(counted(turn=2), elected())


class TestMoreThanHalfOfThosePresent:
    """INV-032 is recorded; five of nine are enough, four are not."""

    def test_a_seat_stays_empty(self):
        given(up_to("ballot")).when(count(votes=FOUR_VOTES)).then(FOUR)

    def test_and_whoever_says_otherwise_is_refused(self):
        given(up_to("ballot")).when(count(votes=FOUR_VOTES, elected=FIVE)).then(refused("INV-032", "elected"))
        given(up_to("ballot")).when(count(elected=FIVE[:4])).then(refused("INV-032", "elected"))
        given(up_to("ballot")).when(count(elected=FIVE)).then(counted(), elected())

    def test_exactly_half_is_not_elected(self):
        ten = convened(present=10)
        half = votes(10, ann=10, ben=9, cai=8, dan=7, eve=5, fay=5)
        history = [ten if event == convened() else event for event in up_to("ballot")]
        command = count(issued=10, returned=10, valid=10, invalid=0, votes=half)
        given(history).when(command).then(
            counted(present=10, issued=10, returned=10, valid=10, invalid=0, needed=6, votes=half, elected=FIVE[:4])
        )

    def test_the_rest_is_elected_in_another_ballot(self):
        rest = votes(8, eve=6, fay=2)
        people = (winner(ANN, 8), winner(BEN, 7), winner(CAI, 7), winner(DAN, 6), winner(EVE, 6))
        given(up_to("ballot"), FOUR).when(count(votes=rest)).then(
            counted(turn=2, seats=1, votes=rest, elected=(EVE,)), elected(people=people)
        )

    def test_and_nobody_who_is_elected_stands_again(self):
        given(up_to("ballot"), FOUR).when(count(votes=votes(8, ann=5, eve=3))).then(fails(Conflict, "ann"))


class TestATieAtTheCut:
    """INV-033 is recorded: those who tie stand again, and nobody else."""

    RUNOFF = votes(8, eve=3, fay=5)

    def test_nobody_of_them_is_elected_yet(self):
        given(up_to("ballot")).when(count(votes=TIE_VOTES)).then(TIE)

    def test_whoever_says_otherwise_is_refused(self):
        given(up_to("ballot")).when(count(votes=TIE_VOTES, elected=FIVE)).then(refused("INV-033", "elected"))

    def test_they_stand_again(self):
        people = (winner(ANN, 8), winner(BEN, 7), winner(CAI, 7), winner(DAN, 6), winner(FAY, 5))
        given(up_to("ballot"), TIE).when(count(votes=self.RUNOFF)).then(
            counted(turn=2, seats=1, votes=self.RUNOFF, elected=(FAY,)), elected(people=people)
        )

    def test_all_of_them(self):
        given(up_to("ballot"), TIE).when(count(votes=votes(8, fay=5))).then(fails(Malformed, "eve"))

    def test_and_nobody_else(self):
        given(up_to("ballot"), TIE).when(count(votes=(*votes(8, eve=4, fay=3), Votes(person_id=GUS, yes=1)))).then(
            refused("INV-033", "votes")
        )

    def test_a_run_off_may_tie_again(self):
        seven = count(issued=9, returned=9, valid=8, invalid=1, votes=votes(8, eve=4, fay=4))
        none = counted(turn=2, seats=1, votes=votes(8, eve=4, fay=4), elected=())
        given(up_to("ballot"), TIE).when(seven).then(none)
        rest = votes(8, eve=5, fay=3)
        people = (winner(ANN, 8), winner(BEN, 7), winner(CAI, 7), winner(DAN, 6), winner(EVE, 5))
        given(up_to("ballot"), TIE, none).when(count(votes=rest)).then(
            counted(turn=3, seats=1, votes=rest, elected=(EVE,)), elected(people=people)
        )

    def test_a_run_off_that_ends_as_the_one_before_is_told_by_its_number(self):
        tied = counted(
            office=Office.COMMITTEE,
            votes=votes(9, ann=9, ben=8, cai=7, dan=6, eve=5, fay=5),
            elected=FIVE[:4],
            tied=(EVE, FAY),
            valid=9,
            invalid=0,
        )
        four = votes(9, eve=4, fay=4)
        none = counted(turn=2, seats=1, valid=9, invalid=0, votes=four, elected=())
        again: dict[str, Any] = {"valid": 9, "invalid": 0, "votes": four}
        given(up_to("ballot"), tied, none).when(count(**again)).then(nothing)
        given(up_to("ballot"), tied, none).when(count(turn=2, **again)).then(nothing)
        given(up_to("ballot"), tied, none).when(count(turn=3, **again)).then(counted(turn=3, seats=1, elected=(), **again))

    @pytest.mark.parametrize("turn", [1, 3])
    def test_no_number_is_left_out_or_given_twice(self, turn):
        given(up_to("ballot"), TIE).when(count(turn=turn, votes=self.RUNOFF)).then(fails(Conflict, "number 2"))

    def test_a_void_run_off_leaves_the_tie(self):
        void = counted(turn=2, seats=1, issued=9, returned=10, valid=10, invalid=0, votes=(), void=True, elected=())
        given(up_to("ballot"), TIE, void).when(count(votes=votes(8, ann=5, eve=3))).then(fails(Malformed, "fay"))


class TestWhoMayBeWrittenIn:
    @pytest.mark.parametrize("person", [NEO])
    def test_INV_027_nobody_who_may_not_stand(self, person):
        given(up_to("ballot")).when(count(votes=(*EIGHT, Votes(person_id=person, yes=1)))).then(refused("INV-027", "votes"))

    def test_INV_035_nobody_who_is_barred(self):
        barred = InfluenceSet(occurred_on=CONFIRMED_ON, person_id=GUS, case_no="1号", bar=InfluenceBar.HIGHER, until=CLOSED_ON)
        given(up_to("ballot"), barred).when(count(votes=(*EIGHT, Votes(person_id=GUS, yes=1)))).then(refused("INV-035", "votes"))


class TestLeftAtFewerSeats:
    """R-B14: with the consent of more than half of the electors."""

    FOUR_PEOPLE = (winner(ANN, 8), winner(BEN, 7), winner(CAI, 7), winner(DAN, 6))

    def test_five_of_nine_agree(self):
        given(up_to("ballot"), FOUR).when(reduce()).then(reduced(), elected(people=self.FOUR_PEOPLE))
        given(up_to("ballot"), FOUR, reduced(), elected(people=self.FOUR_PEOPLE)).when(reduce()).then(nothing)

    def test_INV_013_four_of_nine_do_not(self):
        given(up_to("ballot"), FOUR).when(reduce(consenting=4)).then(refused("INV-013", "consenting"))

    def test_INV_011_no_more_than_there_are(self):
        given(up_to("ballot"), FOUR).when(reduce(consenting=10)).then(refused("INV-011", "consenting"))

    def test_INV_033_not_instead_of_a_run_off(self):
        given(up_to("ballot"), TIE).when(reduce()).then(refused("INV-033", "election_id"))

    def test_INV_005_not_below_three(self):
        two = counted(votes=votes(8, ann=8, ben=7, cai=4, dan=4, eve=4, fay=4), elected=(ANN, BEN))
        given(up_to("ballot"), two).when(reduce()).then(refused("INV-005", "election_id"))

    @pytest.mark.parametrize("events", [(), (VOID,), (counted(), elected())], ids=["no ballot", "a void one", "all elected"])
    def test_only_after_a_ballot_that_left_a_seat_empty(self, events):
        given(up_to("ballot"), events).when(reduce()).then(fails(Conflict, "no ballot"))

    def test_on_that_day(self):
        given(up_to("ballot"), FOUR).when(reduce(occurred_on=THIRD_ON)).then(fails(Conflict, "the ballot was on"))


def test_a_void_election_begins_again_with_its_meeting():
    """R-B16: the meeting, the tellers and the ballots are gone; candidates and approvals stand."""
    void = returned(Matter.THIRD, void=True)
    given(after("request-3"), void).when(count()).then(refused("INV-021", "office"))
    given(after("request-3"), void, convened(), tellers()).when(count()).then(counted(), elected())
    given(after("request-3"), void, convened(), tellers(), counted(), elected()).when(post(Office.SECRETARY, ann=5)).then(
        refused("INV-021", "office")
    )
