"""What is decided with a box beside history: a paper put in, the close, the end (INV-011, INV-014; fewer than five papers)."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from events.ballots import (
    BallotCancelled,
    BallotClosed,
    BallotKind,
    BallotMethod,
    BallotOpened,
    Electorate,
    MemberVoted,
    OptionCode,
    PaperBallotsCounted,
)
from events.base import Event, PersonId
from projections.standard.pack import default_pack
from service.decide.ballots.box import CANCEL, CASES, CLOSE, MARK, BoxMoved, CancelBallot, CloseBallot, MarkVoted, OpenedBox
from service.decide.ballots.state import Ballot, Status, evolve
from service.decide.base import Command, Context, Outcome
from service.errors import Absent, Conflict, Malformed, Refused
from tests.decide.bdd import BRANCH, COMMITTEE, blind
from tests.decide.roster_history import AFTER, ANN, BEFORE, BEN, CAI, DAN, DAY, EVE, NEO, PEOPLE
from tests.decide.test_ballots import B1, ELECTION, counted, opened, votes

HASH = "ab" * 32


def decide(command: Command, *events: Event, beside: Any = None) -> Outcome:
    (case,) = [case for case in CASES if case.command is type(command)]
    ballot = Ballot()
    for event in events:
        ballot = evolve(ballot, event)
    context = Context(
        org_id=BRANCH,
        committee_id=COMMITTEE,
        actor="actor-1",
        now=dt.datetime.combine(command.occurred_on, dt.time(4), dt.UTC),
        today=command.occurred_on,
        rules=default_pack().rules(command.occurred_on, []),
        event_ids=("event-1",),
        blind=blind,
    )
    return case.decide(command, context, ballot, beside)


def rule(decision: Callable[[], Outcome]) -> tuple[str, tuple[str, ...]]:
    with pytest.raises(Refused) as refused:
        decision()
    return refused.value.rule, refused.value.fields


def mark(person: PersonId = ANN, on: dt.date = DAY) -> MarkVoted:
    return MarkVoted(occurred_on=on, ballot_id=B1, person_id=person)


def voted(person: PersonId) -> MemberVoted:
    return MemberVoted(occurred_on=DAY, ballot_id=B1, person_id=person)


def chosen(*codes: str) -> tuple[OptionCode, ...]:
    return tuple(OptionCode(code) for code in codes)


class TestMarkVoted:
    def test_the_event_says_who_and_nothing_else(self):
        assert decide(mark(), opened(), beside=chosen("no")) == [voted(ANN)]

    @pytest.mark.parametrize("person", [NEO, PersonId("nobody")])
    def test_whoever_is_not_on_the_list_has_no_vote(self, person: PersonId):
        assert rule(lambda: decide(mark(person), opened(), beside=chosen("yes"))) == ("INV-014", ("ballot_id",))

    def test_one_votes_once(self):
        assert rule(lambda: decide(mark(), opened(), voted(ANN), beside=chosen("yes"))) == ("INV-011", ("ballot_id",))

    @pytest.mark.parametrize("choice", [(), ("perhaps",), ("yes", "no"), ("yes", "yes")])
    def test_a_paper_of_one_choice(self, choice: tuple[str, ...]):
        with pytest.raises(Malformed, match="mark 1 to 1"):
            decide(mark(), opened(), beside=chosen(*choice))

    @pytest.mark.parametrize("choice", [(), (ANN,), (ANN, BEN)])
    def test_an_elector_may_choose_fewer_than_there_are_seats(self, choice: tuple[str, ...]):
        assert decide(mark(), opened(**ELECTION), beside=chosen(*choice)) == [voted(ANN)]

    def test_but_not_more(self):
        with pytest.raises(Malformed, match="mark 0 to 2"):
            decide(mark(), opened(**ELECTION), beside=chosen(ANN, BEN, CAI))

    def test_only_while_it_is_open(self):
        for end in (closed(), BallotCancelled(occurred_on=DAY, ballot_id=B1, reason="重投")):
            with pytest.raises(Conflict):
                decide(mark(), opened(), end, beside=chosen("yes"))
        with pytest.raises(Absent):
            decide(mark(), beside=chosen("yes"))
        with pytest.raises(Malformed):
            decide(mark(on=BEFORE), opened(), beside=chosen("yes"))

    def test_not_for_a_ballot_on_paper(self):
        with pytest.raises(Conflict):
            decide(mark(), opened(method=BallotMethod.PAPER), beside=chosen("yes"))


def box(papers: int, **tally: int) -> OpenedBox:
    return OpenedBox(papers=papers, tally={OptionCode(code): number for code, number in tally.items()}, sha256=HASH)


def closed(**changed: Any) -> BallotClosed:
    told: dict[str, Any] = {
        "occurred_on": DAY,
        "ballot_id": B1,
        "entitled": 7,
        "cast": 5,
        "quorate": True,
        "needed": 4,
        "carried": chosen("yes"),
        "votes": votes(("yes", 4), ("no", 1), ("abstain", 0)),
        "withheld": False,
        "box_sha256": HASH,
    }
    return BallotClosed(**(told | changed))


FIVE = tuple(voted(person) for person in (ANN, BEN, CAI, DAN, EVE))


class TestCloseBallot:
    def test_the_tally_and_the_hash_are_recorded(self):
        assert decide(CloseBallot(occurred_on=AFTER, ballot_id=B1), opened(), *FIVE, beside=box(5, yes=4, no=1)) == [
            closed(occurred_on=AFTER)
        ]

    def test_with_four_papers_the_breakdown_is_left_out(self):
        assert decide(CloseBallot(occurred_on=DAY, ballot_id=B1), opened(), *FIVE[:4], beside=box(4, yes=4)) == [
            closed(cast=4, votes=(), withheld=True)
        ]

    def test_three_of_seven_are_too_few(self):
        assert decide(CloseBallot(occurred_on=DAY, ballot_id=B1), opened(), *FIVE[:3], beside=box(3, yes=3)) == [
            closed(cast=3, quorate=False, carried=(), votes=(), withheld=True)
        ]

    def test_an_election_counts_from_those_who_voted(self):
        everybody = tuple(voted(person) for person in PEOPLE)
        assert decide(CloseBallot(occurred_on=DAY, ballot_id=B1), opened(**ELECTION), *everybody, beside=box(7, ann=5, ben=4, cai=3)) == [
            closed(cast=7, carried=(ANN, BEN), votes=votes((ANN, 5), (BEN, 4), (CAI, 3)))
        ]

    def test_a_committee_counts_its_seats(self):
        committee: BallotOpened = opened(electorate=Electorate.COMMITTEE, entitled=(ANN, BEN, CAI, DAN, EVE))
        assert decide(CloseBallot(occurred_on=DAY, ballot_id=B1), committee, *FIVE, beside=box(5, yes=3, no=2)) == [
            closed(entitled=5, needed=3, votes=votes(("yes", 3), ("no", 2), ("abstain", 0)))
        ]

    def test_an_appraisal_carries_nothing(self):
        [event] = decide(CloseBallot(occurred_on=DAY, ballot_id=B1), opened(kind=BallotKind.APPRAISAL), *FIVE, beside=box(5, yes=5))
        assert (event.needed, event.carried) == (0, ())

    @pytest.mark.parametrize("found", [None, box(4, yes=4), box(6, yes=6)])
    def test_a_box_that_is_not_the_one_on_record_is_counted_again(self, found: OpenedBox | None):
        with pytest.raises(BoxMoved):
            decide(CloseBallot(occurred_on=DAY, ballot_id=B1), opened(), *FIVE, beside=found)

    def test_what_is_closed_stays_closed(self):
        assert decide(CloseBallot(occurred_on=DAY, ballot_id=B1), opened(), *FIVE, closed()) == []

    def test_not_after_it_was_cancelled_and_not_on_paper(self):
        void = BallotCancelled(occurred_on=DAY, ballot_id=B1, reason="重投")
        for before in ((opened(), void), (opened(), closed(), void), (opened(method=BallotMethod.PAPER),)):
            with pytest.raises(Conflict):
                decide(CloseBallot(occurred_on=DAY, ballot_id=B1), *before, beside=box(0))
        with pytest.raises(Absent):
            decide(CloseBallot(occurred_on=DAY, ballot_id=B1), beside=box(0))


class TestCancelBallot:
    CANCEL = CancelBallot(occurred_on=DAY, ballot_id=B1, reason="选项有误")
    CANCELLED = BallotCancelled(occurred_on=DAY, ballot_id=B1, reason="选项有误")

    @pytest.mark.parametrize("before", [(), FIVE, (*FIVE, closed()), (counted(),)])
    def test_at_any_time(self, before: tuple[Event, ...]):
        assert decide(self.CANCEL, opened(), *before) == [self.CANCELLED]

    def test_once(self):
        assert decide(self.CANCEL, opened(), self.CANCELLED) == []

    def test_not_one_that_never_was(self):
        with pytest.raises(Absent):
            decide(self.CANCEL)


def test_a_ballot_is_open_then_closed_then_perhaps_void():
    ballot = evolve(Ballot(), opened())
    assert (ballot.status, ballot.takes_papers) == (Status.OPEN, True)
    ballot = evolve(ballot, closed())
    assert (ballot.status, ballot.takes_papers) == (Status.CLOSED, False)
    ballot = evolve(ballot, TestCancelBallot.CANCELLED)
    assert (ballot.status, ballot.result, ballot.takes_papers) == (Status.CANCELLED, closed(), False)
    assert evolve(evolve(Ballot(), opened(method=BallotMethod.PAPER)), counted()).status is Status.CLOSED
    assert isinstance(counted(), PaperBallotsCounted)


def test_each_has_a_right_of_its_own():
    assert [str(case.right) for case in (MARK, CLOSE, CANCEL)] == ["ballot.cast", "election.write", "election.write"]
