"""The counting of elections at its edges, and its properties over any ballot papers (R-B04, R-B06, R-B13, R-B14; INV-024, 026, 029 to 033)."""

import datetime as dt
from collections import Counter
from typing import ClassVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from events.base import PersonId
from events.elections import Votes
from projections.standard.pack import default_pack
from service.decide.elections.count import (
    ElectionRules,
    Papers,
    Result,
    check_claim,
    check_papers,
    check_votes,
    election_rules,
    electors_needed,
    enough_candidates,
    result,
    surplus,
    votes_needed,
)
from service.errors import Refused

NOW = election_rules(default_pack().rules(dt.date(2026, 3, 1)))
OLD = election_rules(default_pack().rules(dt.date(2020, 7, 12)))
NEW = election_rules(default_pack().rules(dt.date(2020, 7, 13)))
A, B, C, D, E, F = (PersonId(name) for name in "abcdef")


def say(**yes: int) -> tuple[Votes, ...]:
    return tuple(Votes(person_id=PersonId(person), yes=count) for person, count in yes.items())


def of(votes: tuple[Votes, ...], *, seats: int, present: int, rule: ElectionRules = NOW) -> Result:
    return result(votes, Papers(issued=present, returned=present, valid=present, invalid=0), seats=seats, present=present, rule=rule)


def test_the_rule_changed_on_2020_07_13_and_the_one_of_now_is_that():
    assert (
        ElectionRules(quorum=(4, 5), quorum_inclusive=False, passing=(1, 2), surplus_percent=20, surplus_min=1, surplus_exact=True) == OLD
    )
    assert (
        ElectionRules(quorum=(4, 5), quorum_inclusive=True, passing=(1, 2), surplus_percent=20, surplus_min=1, surplus_exact=False) == NEW
    )
    assert NOW == NEW


class TestQuorum:
    @pytest.mark.parametrize(
        ("due", "needed"), [(0, 1), (1, 1), (4, 4), (5, 4), (6, 5), (9, 8), (10, 8), (11, 9), (15, 12), (50, 40), (51, 41)]
    )
    def test_four_fifths_are_enough(self, due, needed):
        assert electors_needed(due, NOW) == needed

    @pytest.mark.parametrize(("due", "needed"), [(4, 4), (5, 5), (6, 5), (9, 8), (10, 9), (11, 9), (15, 13), (50, 41)])
    def test_they_had_to_be_exceeded_before_2020(self, due, needed):
        assert electors_needed(due, OLD) == needed

    @given(due=st.integers(1, 10_000), present=st.integers(0, 10_000))
    def test_it_is_the_comparison_in_whole_numbers(self, due, present):
        assert (present >= electors_needed(due, NOW)) == (present * 5 >= due * 4 and present > 0)
        assert (present >= electors_needed(due, OLD)) == (present * 5 > due * 4)


class TestSurplus:
    @pytest.mark.parametrize(
        ("seats", "more"), [(0, 0), (1, 1), (2, 1), (3, 1), (4, 1), (5, 1), (6, 2), (7, 2), (10, 2), (11, 3), (15, 3), (16, 4)]
    )
    def test_a_fifth_rounded_up_and_at_least_one(self, seats, more):
        assert surplus(seats, NOW) == more

    def test_the_minimum_is_a_setting_of_its_own(self):
        assert [surplus(seats, structs.replace(NOW, surplus_min=2)) for seats in (0, 1, 5, 10, 11)] == [0, 2, 2, 2, 3]
        assert [surplus(seats, structs.replace(NOW, surplus_percent=0)) for seats in (0, 1, 5)] == [0, 1, 1]

    @pytest.mark.parametrize(("candidates", "now", "old"), [(5, False, False), (6, True, True), (7, True, False), (9, True, False)])
    def test_at_least_so_many_now_and_exactly_so_many_before(self, candidates, now, old):
        assert (enough_candidates(candidates, 5, NOW), enough_candidates(candidates, 5, OLD)) == (now, old)

    @given(seats=st.integers(1, 1_000), candidates=st.integers(0, 2_000))
    def test_it_is_the_comparison_in_whole_numbers(self, seats, candidates):
        assert enough_candidates(candidates, seats, NOW) == ((candidates - seats) * 100 >= seats * 20 and candidates > seats)


class TestMajority:
    @pytest.mark.parametrize(("present", "needed"), [(1, 1), (2, 2), (3, 2), (8, 5), (9, 5), (10, 6), (11, 6)])
    def test_exactly_half_is_not_enough(self, present, needed):
        assert votes_needed(present, NOW) == needed

    @given(present=st.integers(0, 10_000), yes=st.integers(0, 10_000))
    def test_it_is_the_comparison_in_whole_numbers(self, present, yes):
        assert (yes >= votes_needed(present, NOW)) == (yes * 2 > present)

    def test_the_base_is_who_came_and_not_who_voted_validly(self):
        """Five of ten present, though all five valid ballots say yes (INV-032)."""
        papers = Papers(issued=10, returned=10, valid=5, invalid=5)
        assert result(say(a=5), papers, seats=1, present=10, rule=NOW) == Result()


class TestWhoIsElected:
    def test_those_with_more_than_half_by_votes(self):
        assert of(say(a=9, b=6, c=8, d=4), seats=2, present=9) == Result(elected=(A, C))

    def test_fewer_than_the_seats(self):
        assert of(say(a=9, b=5, c=4, d=4), seats=3, present=9) == Result(elected=(A, B))

    def test_nobody(self):
        assert of(say(a=4, b=4), seats=1, present=9) == Result()

    def test_a_tie_that_fits_elects_all(self):
        assert of(say(a=6, b=6, c=4), seats=2, present=9) == Result(elected=(A, B))

    def test_a_tie_at_the_cut_elects_those_above_it(self):
        """INV-033."""
        assert of(say(a=9, b=6, c=6), seats=2, present=9) == Result(elected=(A,), tied=(B, C))

    def test_a_tie_of_all(self):
        assert of(say(a=6, b=6, c=6), seats=2, present=9) == Result(tied=(A, B, C))

    def test_a_tie_below_the_cut_is_none(self):
        assert of(say(a=9, b=8, c=6, d=6), seats=2, present=9) == Result(elected=(A, B))

    def test_a_tie_below_half_is_none(self):
        assert of(say(a=9, b=4, c=4), seats=2, present=9) == Result(elected=(A,))

    def test_more_ballots_than_went_out_elect_nobody(self):
        """INV-030."""
        papers = Papers(issued=9, returned=10, valid=10, invalid=0)
        assert result(say(a=9), papers, seats=1, present=9, rule=NOW) == Result(void=True)
        equal = Papers(issued=9, returned=9, valid=9, invalid=0)
        assert result(say(a=9), equal, seats=1, present=9, rule=NOW) == Result(elected=(A,))


tallies = st.lists(st.integers(0, 30), min_size=1, max_size=12)


class TestPropertiesOfTheOutcome:
    @given(yes=tallies, seats=st.integers(1, 9), present=st.integers(1, 30))
    def test_whoever_is_elected_passed_and_nobody_unelected_had_more(self, yes, seats, present):
        votes = tuple(Votes(person_id=PersonId(f"p{n}"), yes=count) for n, count in enumerate(yes))
        found = of(votes, seats=seats, present=present)
        count = {vote.person_id: vote.yes for vote in votes}
        rest = [vote.person_id for vote in votes if vote.person_id not in found.elected]
        assert len(found.elected) <= seats
        assert all(count[person] * 2 > present for person in (*found.elected, *found.tied))
        assert all(count[person] >= count[other] for person in found.elected for other in rest)
        assert not set(found.elected) & set(found.tied)

    @given(yes=tallies, seats=st.integers(1, 9), present=st.integers(1, 30))
    def test_a_seat_stays_empty_only_for_a_tie_or_for_want_of_votes(self, yes, seats, present):
        votes = tuple(Votes(person_id=PersonId(f"p{n}"), yes=count) for n, count in enumerate(yes))
        found = of(votes, seats=seats, present=present)
        passed = sum(count * 2 > present for count in yes)
        if len(found.elected) < seats:
            assert found.tied or passed == len(found.elected)
        if found.tied:
            assert len(found.elected) < seats < len(found.elected) + len(found.tied)
            assert len({count for vote, count in zip(votes, yes, strict=True) if vote.person_id in found.tied}) == 1

    @given(yes=st.lists(st.integers(0, 30), min_size=1, max_size=12), seats=st.integers(1, 9), present=st.integers(1, 30), data=st.data())
    def test_the_order_of_the_candidates_does_not_matter(self, yes, seats, present, data):
        votes = tuple(Votes(person_id=PersonId(f"p{n}"), yes=count) for n, count in enumerate(yes))
        shuffled = tuple(data.draw(st.permutations(votes)))
        one, other = of(votes, seats=seats, present=present), of(shuffled, seats=seats, present=present)
        assert (set(one.elected), set(one.tied)) == (set(other.elected), set(other.tied))


marks = st.sampled_from(["yes", "no", "abstain"])


@st.composite
def ballots(draw: st.DrawFn) -> tuple[list[dict[PersonId, str]], int, int]:
    """Papers that say one thing about each of some candidates, the seats, and how many electors are in the room."""
    candidates = [PersonId(f"p{n}") for n in range(draw(st.integers(1, 7)))]
    papers = draw(st.lists(st.fixed_dictionaries(dict.fromkeys(candidates, marks)), max_size=20))
    return papers, draw(st.integers(1, 7)), len(papers) + draw(st.integers(0, 5))


class TestPropertiesOfTheConservation:
    @settings(max_examples=200)
    @given(told=ballots(), lost=st.integers(0, 3))
    def test_an_honest_count_of_any_papers_is_accepted(self, told, lost):
        """A paper with more names than seats is invalid (R-B13); of the others every mark is counted."""
        cast, seats, present = told
        valid = [paper for paper in cast if Counter(paper.values())["yes"] <= seats]
        people = list(cast[0]) if cast else []
        votes = tuple(
            Votes(person_id=person, **{mark: sum(paper[person] == mark for paper in valid) for mark in ("yes", "no", "abstain")})
            for person in people
        )
        papers = Papers(issued=min(present, len(cast) + lost), returned=len(cast), valid=len(valid), invalid=len(cast) - len(valid))
        check_papers(papers, present)
        check_votes(votes, papers, seats=seats, listed=frozenset(people))
        assert not papers.void

    @given(told=ballots(), mark=marks)
    def test_one_mark_too_many_is_found(self, told, mark):
        cast, _, present = told
        papers = Papers(issued=present, returned=len(cast), valid=len(cast), invalid=0)
        more = Votes(**{"person_id": A, "yes": 0, "no": 0, "abstain": 0} | {mark: len(cast) + 1})
        with pytest.raises(Refused, match="INV-031"):
            check_votes((more,), papers, seats=9, listed=frozenset({A}))

    def test_more_names_than_the_ballots_can_bear(self):
        papers = Papers(issued=4, returned=4, valid=4, invalid=0)
        check_votes(say(a=4, b=4), papers, seats=2, listed=frozenset())
        with pytest.raises(Refused, match="INV-031"):
            check_votes(say(a=4, b=4, c=1), papers, seats=2, listed=frozenset())

    def test_a_listed_candidate_has_a_mark_on_every_ballot_and_a_written_in_one_need_not(self):
        papers = Papers(issued=4, returned=4, valid=4, invalid=0)
        check_votes(say(a=3), papers, seats=1, listed=frozenset())
        with pytest.raises(Refused, match="INV-031"):
            check_votes(say(a=3), papers, seats=1, listed=frozenset({A}))

    @given(
        issued=st.integers(0, 20),
        returned=st.integers(0, 20),
        valid=st.integers(0, 20),
        invalid=st.integers(0, 20),
        present=st.integers(0, 20),
    )
    def test_papers_pass_exactly_if_they_add_up(self, issued, returned, valid, invalid, present):
        papers = Papers(issued=issued, returned=returned, valid=valid, invalid=invalid)
        fits, adds_up = issued <= present, valid + invalid == returned
        if fits and adds_up:
            check_papers(papers, present)
            return
        with pytest.raises(Refused) as refused:
            check_papers(papers, present)
        assert refused.value.rule == ("INV-031" if fits else "INV-029")


class TestWhoeverClaimsAnotherOutcome:
    COUNT: ClassVar = {vote.person_id: vote for vote in say(a=8, b=6, c=6, d=4)}

    def claim(self, *people: PersonId, found: Result) -> str:
        with pytest.raises(Refused) as refused:
            check_claim(people, found, self.COUNT)
        assert refused.value.fields == ("elected",)
        return refused.value.rule

    def test_is_told_by_which_rule(self):
        assert self.claim(A, found=Result(void=True)) == "INV-030"
        assert self.claim(A, B, found=Result(elected=(A,), tied=(B, C))) == "INV-033"
        assert self.claim(A, D, found=Result(elected=(A,))) == "INV-032"
        assert self.claim(A, found=Result(elected=(A, B))) == "INV-032"

    def test_and_whoever_claims_the_same_is_not(self):
        check_claim((B, A), Result(elected=(A, B)), self.COUNT)
        check_claim((), Result(), self.COUNT)
