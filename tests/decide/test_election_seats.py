"""The elected take office with the approval of the result (INV-004 to 006, INV-009, INV-014, INV-034)."""

import datetime as dt
from typing import Any

from events.elections import ElectionKind, Matter, Office, Recommender
from events.members import VotingSuspended
from events.organisations import Post, PostAssigned, PostVacated, RuleChanged, Seat
from service.decide.elections.requests import ApproveElectionRequest
from service.errors import Conflict
from tests.decide.bdd import fails, given, nothing, refused
from tests.decide.election_history import (
    BRANCH_OF_TEN,
    CLOSED_ON,
    E1,
    ELECTORS,
    NEW_COMMITTEE,
    SIX,
    THIRD_APPROVED_ON,
    THIRD_ON,
    after,
    approved,
    by_election,
    confirmed,
    convened,
    counted,
    delegates,
    elected,
    first_meeting,
    opened,
    posted,
    proposed,
    recommended,
    reduced,
    submitted,
    tellers,
    up_to,
    votes,
    winner,
)
from tests.decide.roster_history import ANN, BEN, CAI, DAN, EVE, FAY, FOUNDED_ON, founded, left, members, seated

DAY = dt.timedelta(days=1)


def approve(matter: Matter = Matter.FIRST, **changed: Any) -> ApproveElectionRequest:
    event = approved(matter)
    told: dict[str, Any] = {"occurred_on": event.occurred_on, "election_id": E1, "matter": matter, "approval_no": event.approval_no}
    return ApproveElectionRequest(**(told | changed))


class TestTheElectedTakeOffice:
    """INV-034: with the approval of the result, and on its day."""

    def test_the_committee_is_seated_in_the_same_breath(self):
        given(up_to("approval-3")).when(approve(Matter.THIRD)).then(approved(Matter.THIRD), NEW_COMMITTEE)
        given(after("approval-3")).when(approve(Matter.THIRD)).then(nothing)

    def test_its_term_is_as_long_as_the_superior_has_set(self):
        five = RuleChanged(occurred_on=FOUNDED_ON, key="committee.term_years", value=5, effective_from=FOUNDED_ON, reason="社区党支部")
        longer = seated(
            *NEW_COMMITTEE.seats, on=THIRD_APPROVED_ON, term=2, term_ends_on=dt.date(2032, 12, 28), approval_no="部发〔2027〕3号"
        )
        given(up_to("approval-3"), five).when(approve(Matter.THIRD)).then(approved(Matter.THIRD), longer)

    def test_whoever_has_no_duty_is_a_member(self):
        history = [event if event != first_meeting() else first_meeting(division=()) for event in up_to("approval-3")]
        plain = [
            Seat(person_id=s.person_id, post=Post.MEMBER, votes_due=10, votes_present=9, votes_for=s.votes_for)
            for s in NEW_COMMITTEE.seats[2:]
        ]
        seats_ = (*NEW_COMMITTEE.seats[:2], *plain)
        whole = seated(*seats_, on=THIRD_APPROVED_ON, term=2, term_ends_on=dt.date(2030, 12, 28), approval_no="部发〔2027〕3号")
        given(history).when(approve(Matter.THIRD)).then(approved(Matter.THIRD), whole)

    def test_INV_034_nobody_before_the_approval(self):
        given(up_to("approval-3")).when(approve(Matter.THIRD, occurred_on=THIRD_ON - DAY)).then(fails(Conflict, "submitted"))

    def test_INV_014_nobody_who_has_lost_the_right_since(self):
        lost = VotingSuspended(occurred_on=THIRD_ON, person_id=CAI, reason="留党察看")
        given(up_to("approval-3"), lost).when(approve(Matter.THIRD)).then(refused("INV-014", "matter"))

    def test_INV_009_nobody_who_has_gone(self):
        given(up_to("approval-3"), left(DAN, THIRD_ON)).when(approve(Matter.THIRD)).then(refused("INV-009", "matter"))

    def test_INV_004_no_committee_if_there_are_too_few_full_members_by_then(self):
        gone = [left(person, THIRD_ON) for person in ELECTORS[6:]]
        given(up_to("approval-3"), gone).when(approve(Matter.THIRD)).then(refused("INV-004", "matter"))

    def test_INV_005_seats_that_were_set_anew_since(self):
        three = RuleChanged(occurred_on=THIRD_ON, key="committee.seats", value=3, effective_from=THIRD_ON, reason="人数较少")
        given(up_to("approval-3"), three).when(approve(Matter.THIRD)).then(refused("INV-005", "matter"))

    def test_a_term_that_was_seated_by_hand_is_not_seated_again(self):
        by_hand = seated(on=THIRD_ON, term=2)
        given(up_to("approval-3"), by_hand).when(approve(Matter.THIRD)).then(fails(Conflict, "term 2"))

    def test_a_committee_seated_after_that_day(self):
        late = seated(on=CLOSED_ON, term=1)
        given(up_to("approval-3"), late).when(approve(Matter.THIRD)).then(fails(Conflict, "after"))

    def test_fewer_seats_to_which_the_electors_agreed(self):
        four = votes(8, ann=8, ben=7, cai=7, dan=6, eve=4, fay=4)
        history = (
            *up_to("ballot"),
            counted(votes=four, elected=(ANN, BEN, CAI, DAN)),
            reduced(),
            elected(),
            first_meeting(due=4, present=4, division=()),
            *posted(Office.SECRETARY, ANN),
            *posted(Office.DEPUTY, BEN),
            submitted(Matter.THIRD),
        )
        found = given(history).when(approve(Matter.THIRD)).decide()
        assert [(seat.person_id, seat.post) for seat in found[1].seats] == [
            (ANN, Post.SECRETARY),
            (BEN, Post.DEPUTY),
            (CAI, Post.MEMBER),
            (DAN, Post.MEMBER),
        ]


class TestWhereThereIsNoCommittee:
    SMALL = (founded(), *members(*ELECTORS[:6]))

    def test_secretary_and_deputy_are_seated(self):
        history = (
            opened(seats=0, has_committee=False, term=1, term_ends_on=None),
            submitted(),
            approved(),
            recommended(),
            recommended(Recommender.PUBLIC),
            proposed(members=()),
            submitted(Matter.SECOND),
            approved(Matter.SECOND),
            confirmed(members=()),
            convened(entitled=6, due=6, present=6, quorum=5),
            tellers(),
            *posted(Office.SECRETARY, ANN),
            *posted(Office.DEPUTY, BEN),
            submitted(Matter.THIRD),
        )
        votes_: dict[str, Any] = {"votes_due": 5, "votes_present": 5, "votes_for": 5}
        two = (Seat(person_id=ANN, post=Post.SECRETARY, **votes_), Seat(person_id=BEN, post=Post.DEPUTY, **votes_))
        whole = seated(*two, on=THIRD_APPROVED_ON, term=1, term_ends_on=dt.date(2030, 12, 28), approval_no="部发〔2027〕3号")
        given(self.SMALL, history).when(approve(Matter.THIRD)).then(approved(Matter.THIRD), whole)


class TestABySeat:
    VACANT = PostVacated(occurred_on=dt.date(2027, 9, 1), term=1, person_id=EVE, post=Post.DISCIPLINE, reason="调离")
    HISTORY = (
        by_election(),
        proposed(members=(FAY, EVE), secretary=(), deputy=()),
        submitted(Matter.SECOND),
        approved(Matter.SECOND),
        confirmed(members=(FAY, EVE), secretary=(), deputy=()),
        convened(),
        tellers(),
        counted(seats=1, votes=votes(8, fay=6, eve=2), elected=(FAY,)),
        elected(people=(winner(FAY, 6),), kind=ElectionKind.BY_ELECTION),
        submitted(Matter.THIRD),
    )
    TAKEN = PostAssigned(
        occurred_on=THIRD_APPROVED_ON,
        term=1,
        seat=Seat(person_id=FAY, post=Post.MEMBER, votes_due=10, votes_present=9, votes_for=6),
        approval_no="部发〔2027〕3号",
    )

    def test_a_seat_is_taken_for_the_rest_of_the_term(self):
        given(BRANCH_OF_TEN, self.VACANT, self.HISTORY).when(approve(Matter.THIRD)).then(approved(Matter.THIRD), self.TAKEN)

    def test_INV_005_not_if_it_was_filled_otherwise(self):
        filled = PostAssigned(occurred_on=THIRD_ON, term=1, seat=Seat(person_id=EVE, post=Post.DISCIPLINE), approval_no="7号")
        given(BRANCH_OF_TEN, self.VACANT, self.HISTORY, filled).when(approve(Matter.THIRD)).then(refused("INV-005", "matter"))

    def test_INV_004_not_if_there_is_no_committee_any_more(self):
        gone = [left(person, THIRD_ON) for person in ELECTORS[6:]]
        given(BRANCH_OF_TEN, self.VACANT, self.HISTORY, gone).when(approve(Matter.THIRD)).then(refused("INV-004", "matter"))

    def test_INV_006_a_post_that_is_held_again(self):
        vacant = PostVacated(occurred_on=dt.date(2027, 9, 1), term=1, person_id=ANN, post=Post.SECRETARY, reason="调离")
        history = (
            by_election(seats=0, posts=(Office.SECRETARY,)),
            proposed(members=(), secretary=(CAI,), deputy=()),
            submitted(Matter.SECOND),
            approved(Matter.SECOND),
            confirmed(members=(), secretary=(CAI,), deputy=()),
            first_meeting(due=4, present=4, division=()),
            *posted(Office.SECRETARY, CAI),
            submitted(Matter.THIRD),
        )
        seat = Seat(person_id=CAI, post=Post.SECRETARY, votes_due=5, votes_present=5, votes_for=5)
        taken = PostAssigned(occurred_on=THIRD_APPROVED_ON, term=1, seat=seat, approval_no="部发〔2027〕3号")
        given(BRANCH_OF_TEN, vacant, history).when(approve(Matter.THIRD)).then(approved(Matter.THIRD), taken)
        again = PostAssigned(occurred_on=THIRD_ON, term=1, seat=Seat(person_id=ANN, post=Post.SECRETARY), approval_no="7号")
        given(BRANCH_OF_TEN, vacant, history, again).when(approve(Matter.THIRD)).then(refused("INV-006", "matter"))

    def test_delegates_take_no_seat(self):
        history = (
            delegates(),
            proposed(members=SIX[:3], secretary=(), deputy=()),
            submitted(Matter.SECOND),
            approved(Matter.SECOND),
            confirmed(members=SIX[:3], secretary=(), deputy=()),
            convened(),
            tellers(),
            counted(office=Office.DELEGATE, seats=2, votes=votes(8, ann=6, ben=6, cai=1), elected=(ANN, BEN)),
            elected(Office.DELEGATE, (winner(ANN, 6), winner(BEN, 6)), kind=ElectionKind.DELEGATES),
            submitted(Matter.THIRD),
        )
        given(BRANCH_OF_TEN, history).when(approve(Matter.THIRD)).then(approved(Matter.THIRD))
