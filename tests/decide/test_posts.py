"""The committee and its posts (INV-004, INV-005, INV-006; R-A16, R-A17), each allowed, refused, nothing to do."""

import datetime as dt
from typing import Any

import pytest

from events.members import LeftGround, MemberStatus, VotingSuspended
from events.organisations import Post, PostAssigned, PostVacated, Seat
from service.decide.members.standing import EndMembership
from service.decide.organisations.founding import AssignPost, SeatCommittee, VacatePost
from service.errors import Absent, Conflict, Malformed
from tests.decide.bdd import fails, given, nothing, refused
from tests.decide.roster_history import (
    AFTER,
    ANN,
    BEFORE,
    BEN,
    CAI,
    DAN,
    DAY,
    EVE,
    FAY,
    FIVE,
    FOUNDED_ON,
    GUS,
    NEO,
    PEOPLE,
    founded,
    left,
    member,
    members,
    probationer,
    seated,
    seats,
    suspended,
)

SMALL = (founded(), *members(*PEOPLE[:6]))
"""Six full members: no committee."""
LARGE = (founded(), *members())
TWO = seats((ANN, Post.SECRETARY), (BEN, Post.DEPUTY))


def seat(*chosen: Seat, **changed: Any) -> SeatCommittee:
    event = seated(*chosen, on=DAY)
    told: dict[str, Any] = {
        "occurred_on": DAY,
        "term": 1,
        "term_ends_on": event.term_ends_on,
        "approval_no": event.approval_no,
        "seats": event.seats,
    }
    return SeatCommittee(**(told | changed))


class TestSeatCommittee:
    def test_five_seats_with_seven_full_members(self):
        given(LARGE).when(seat()).then(seated(on=DAY))

    def test_the_same_again_is_nothing(self):
        given(LARGE, seated(on=DAY)).when(seat()).then(nothing)

    def test_the_next_term(self):
        given(LARGE, seated()).when(seat(term=2)).then(seated(on=DAY, term=2))

    def test_a_term_is_seated_once(self):
        given(LARGE, seated()).when(seat(*seats((BEN, Post.SECRETARY)))).then(fails(Conflict, "term 1"))

    def test_it_does_not_begin_before_the_one_before(self):
        given(LARGE, seated(on=AFTER)).when(seat(term=2)).then(fails(Malformed, "occurred_on"))

    def test_it_ends_after_it_begins(self):
        given(LARGE).when(seat(term_ends_on=DAY)).then(fails(Malformed, "term_ends_on"))

    def test_a_post_is_named_once_for_a_person(self):
        given(LARGE).when(seat(*FIVE, FIVE[4])).then(fails(Malformed, "twice"))

    def test_two_posts_for_one_person_are_one_seat(self):
        doubled = (*FIVE, Seat(person_id=EVE, post=Post.MEMBER))
        given(LARGE).when(seat(*doubled)).then(seated(*doubled, on=DAY))

    def test_only_in_a_branch_that_was_founded(self):
        given().when(seat()).then(fails(Absent))


class TestNoCommitteeBelowSevenFullMembers:
    """INV-004."""

    @pytest.mark.parametrize("chosen", [TWO, TWO[:1]])
    def test_a_secretary_and_at_most_a_deputy(self, chosen):
        given(SMALL).when(seat(*chosen)).then(seated(*chosen, on=DAY))

    def test_nobody_else(self):
        given(SMALL).when(seat()).then(refused("INV-004", "seats"))

    def test_probationary_members_do_not_count(self):
        given(SMALL, probationer()).when(seat()).then(refused("INV-004", "seats"))

    def test_suspended_members_do_not_count(self):
        given(LARGE, suspended(GUS)).when(seat()).then(refused("INV-004", "seats"))

    def test_they_count_until_the_day_they_leave(self):
        given(LARGE, left(GUS, AFTER)).when(seat()).then(seated(on=DAY))
        given(LARGE, left(GUS, DAY)).when(seat()).then(refused("INV-004", "seats"))

    def test_an_unlike_post_during_the_term(self):
        given(SMALL, seated(*TWO)).when(assign(CAI, Post.PUBLICITY)).then(refused("INV-004", "post"))


class TestThreeToSevenSeatsAsTheBranchHasSet:
    """INV-005."""

    @pytest.mark.parametrize("number", [3, 4])
    def test_fewer_than_set(self, number):
        given(LARGE).when(seat(*FIVE[:number])).then(refused("INV-005", "seats"))

    def test_more_than_set(self):
        given(LARGE).when(seat(*FIVE, Seat(person_id=FAY, post=Post.MEMBER))).then(refused("INV-005", "seats"))

    def test_one_more_during_the_term(self):
        given(LARGE, seated()).when(assign(FAY, Post.MEMBER)).then(refused("INV-005", "post"))


class TestOneSecretaryWhoIsNotTheDeputy:
    """INV-006."""

    @pytest.mark.parametrize(
        "chosen",
        [
            (*FIVE[1:], Seat(person_id=FAY, post=Post.MEMBER)),
            (*FIVE[:4], Seat(person_id=EVE, post=Post.SECRETARY)),
            (*FIVE[:4], Seat(person_id=EVE, post=Post.DEPUTY)),
            (*FIVE[:1], *FIVE[2:], Seat(person_id=ANN, post=Post.DEPUTY), Seat(person_id=FAY, post=Post.MEMBER)),
        ],
        ids=["no secretary", "two secretaries", "two deputies", "one person for both"],
    )
    def test_refused(self, chosen):
        given(LARGE).when(seat(*chosen)).then(refused("INV-006", "seats"))

    def test_a_deputy_is_not_needed(self):
        chosen = (*FIVE[:1], *FIVE[2:], Seat(person_id=FAY, post=Post.MEMBER))
        given(LARGE).when(seat(*chosen)).then(seated(*chosen, on=DAY))

    @pytest.mark.parametrize(("person", "post"), [(FAY, Post.SECRETARY), (FAY, Post.DEPUTY), (ANN, Post.DEPUTY), (BEN, Post.SECRETARY)])
    def test_while_the_post_is_held_or_the_other_one_is(self, person, post):
        given(LARGE, seated()).when(assign(person, post)).then(refused("INV-006", "post"))

    def test_a_late_entry_does_not_make_a_second_one_of_the_days_after_it(self):
        given(LARGE, seated(on=AFTER)).when(assign(FAY, Post.SECRETARY)).then(refused("INV-006", "post"))

    def test_the_deputy_may_follow_once_both_posts_are_vacant(self):
        given(LARGE, seated(), vacated(ANN, Post.SECRETARY), vacated(BEN, Post.DEPUTY)).when(assign(BEN, Post.SECRETARY)).then(
            assigned(BEN, Post.SECRETARY)
        )


class TestOnlyMembersWithAllRightsHoldAPost:
    @pytest.mark.parametrize("person", [NEO, FAY])
    def test_no_vote_no_seat(self, person):
        no_vote = VotingSuspended(occurred_on=BEFORE, person_id=FAY, reason="留党察看一年")
        chosen = (*FIVE[:4], Seat(person_id=person, post=Post.DISCIPLINE))
        given(LARGE, member(NEO, MemberStatus.PROBATIONARY), no_vote).when(seat(*chosen)).then(refused("INV-014", "seats"))

    def test_a_stranger(self):
        given(LARGE).when(seat(*FIVE[:4], Seat(person_id=NEO, post=Post.DISCIPLINE))).then(refused("INV-002", "seats"))

    def test_somebody_who_left(self):
        given(LARGE, left(EVE)).when(seat()).then(refused("INV-009", "seats"))


def assign(person_id, post: Post, on: dt.date = DAY) -> AssignPost:
    return AssignPost(occurred_on=on, person_id=person_id, post=post, duties="分管学习", approval_no="部发〔2026〕6号")


def assigned(person_id, post: Post, on: dt.date = DAY) -> PostAssigned:
    return PostAssigned(occurred_on=on, term=1, seat=Seat(person_id=person_id, post=post, duties="分管学习"), approval_no="部发〔2026〕6号")


def vacated(person_id, post: Post, on: dt.date = BEFORE) -> PostVacated:
    return PostVacated(occurred_on=on, term=1, person_id=person_id, post=post, reason="工作调动")


class TestAssignPost:
    def test_a_vacant_post_is_taken(self):
        given(LARGE, seated(), vacated(EVE, Post.DISCIPLINE)).when(assign(FAY, Post.DISCIPLINE)).then(assigned(FAY, Post.DISCIPLINE))

    def test_who_holds_it_already_is_nothing_new(self):
        given(LARGE, seated()).when(assign(EVE, Post.DISCIPLINE)).then(nothing)

    def test_a_second_post_for_one_of_the_committee(self):
        given(LARGE, seated()).when(assign(DAN, Post.DISCIPLINE)).then(assigned(DAN, Post.DISCIPLINE))

    def test_only_in_a_branch_that_was_founded(self):
        given().when(assign(FAY, Post.DISCIPLINE)).then(fails(Absent))


class TestVacatePost:
    def command(self, on: dt.date = DAY) -> VacatePost:
        return VacatePost(occurred_on=on, person_id=EVE, post=Post.DISCIPLINE, reason="工作调动")

    def test_the_post_is_free(self):
        given(LARGE, seated()).when(self.command()).then(vacated(EVE, Post.DISCIPLINE, DAY))

    def test_twice_is_once(self):
        given(LARGE, seated(), vacated(EVE, Post.DISCIPLINE)).when(self.command()).then(nothing)

    def test_not_before_it_was_taken(self):
        given(LARGE, seated()).when(self.command(FOUNDED_ON - dt.timedelta(days=1))).then(fails(Malformed, "occurred_on"))

    def test_only_what_was_ever_held(self):
        given(LARGE).when(self.command()).then(fails(Absent))

    def test_a_membership_does_not_end_in_office(self):
        end = EndMembership(occurred_on=DAY, person_id=EVE, ground=LeftGround.DECEASED, reason="病故")
        given(LARGE, seated()).when(end).then(fails(Conflict, "vacate it first"))
        given(LARGE, seated(), vacated(EVE, Post.DISCIPLINE)).when(end).then(
            left(EVE, DAY, ground=LeftGround.DECEASED, reason="病故", approval_no="")
        )
