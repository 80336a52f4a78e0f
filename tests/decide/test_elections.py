"""Elections opened, reminded of, closed, taken back (N05.T01, R-A18; INV-004 to 006, 021), each allowed, refused, nothing to do."""

import datetime as dt
from typing import Any

import pytest

from events.elections import ElectionId, ElectionKind, Office
from events.meetings import MeetingCancelled
from events.organisations import Post, PostAssigned, PostVacated, RuleChanged, Seat
from service.decide.elections.opening import CloseElection, OpenElection, RemindOfElection, WithdrawElectionEntry
from service.decide.organisations.founding import AssignPost, SeatCommittee
from service.errors import Absent, Conflict, Malformed
from tests.decide.bdd import fails, given, nothing, refused
from tests.decide.election_history import (
    BRANCH_OF_TEN,
    CLOSED_ON,
    E1,
    ELECTORS,
    FIRST_ON,
    M2,
    MEETING_ON,
    OPENED_ON,
    SEATS,
    TERM_ENDS,
    THIRD_APPROVED_ON,
    after,
    by_election,
    closed,
    delegates,
    opened,
    reminded,
    returned,
    told,
    withdrawn,
)
from tests.decide.roster_history import ANN, BEN, CAI, EVE, FOUNDED_ON, founded, members, seated, seats

SMALL = (founded(), *members(*ELECTORS[:6]), seated(*seats((ANN, Post.SECRETARY), (BEN, Post.DEPUTY))))
"""Six full members: a secretary and a deputy, no committee."""
LATE = OPENED_ON + dt.timedelta(days=1)


def vacated(person=EVE, post=Post.DISCIPLINE) -> PostVacated:
    return PostVacated(occurred_on=FIRST_ON - dt.timedelta(days=30), term=1, person_id=person, post=post, reason="调离")


def open_election(kind: ElectionKind = ElectionKind.TERM, **changed: Any) -> OpenElection:
    return told(OpenElection, OPENED_ON, {"kind": kind}, changed)


class TestOpenElection:
    def test_the_end_of_a_term_elects_a_committee_a_secretary_and_a_deputy(self):
        given(BRANCH_OF_TEN).when(open_election()).then(opened())

    def test_it_is_named_by_its_event(self):
        given(BRANCH_OF_TEN).when(open_election(election_id=None)).then(opened(election_id=ElectionId("event-1")))

    def test_the_same_again_is_nothing(self):
        given(after("opened")).when(open_election()).then(nothing)

    def test_another_under_the_same_name_is_not(self):
        given(after("opened")).when(open_election(occurred_on=LATE)).then(fails(Conflict))

    def test_one_that_was_withdrawn_stays_so(self):
        given(after("opened"), withdrawn("elections.opened")).when(open_election()).then(fails(Conflict))

    def test_only_in_a_branch_that_was_founded(self):
        given().when(open_election()).then(fails(Absent))

    def test_the_first_committee_of_a_branch_ends_no_term(self):
        given(founded(), members(*ELECTORS)).when(open_election()).then(opened(term=1, term_ends_on=None))

    def test_the_end_of_a_term_that_is_not_on_record_may_be_told(self):
        given(founded(), members(*ELECTORS)).when(open_election(term_ends_on=TERM_ENDS)).then(opened(term=1))

    def test_without_a_deputy(self):
        given(BRANCH_OF_TEN).when(open_election(elect_deputy=False)).then(opened(posts=(Office.SECRETARY,)))

    def test_INV_006_there_is_always_a_secretary(self):
        given(BRANCH_OF_TEN).when(open_election(elect_secretary=False)).then(refused("INV-006", "elect_secretary"))

    def test_below_seven_full_members_only_secretary_and_deputy(self):
        given(SMALL).when(open_election()).then(opened(seats=0, has_committee=False))

    def test_INV_004_no_committee_below_seven_full_members(self):
        given(SMALL).when(open_election(seats=5)).then(refused("INV-004", "seats"))

    @pytest.mark.parametrize("number", [0, 3, 4, 6, 8])
    def test_INV_005_as_many_seats_as_the_branch_has(self, number):
        given(BRANCH_OF_TEN).when(open_election(seats=number)).then(refused("INV-005", "seats"))

    def test_INV_005_as_many_as_the_superior_has_set(self):
        three = RuleChanged(occurred_on=FOUNDED_ON, key="committee.seats", value=3, effective_from=FOUNDED_ON, reason="人数较少")
        given(BRANCH_OF_TEN, three).when(open_election()).then(opened(seats=3))


class TestByElection:
    def test_a_vacant_seat(self):
        given(BRANCH_OF_TEN, vacated()).when(open_election(ElectionKind.BY_ELECTION, seats=1)).then(by_election())

    def test_a_vacant_post(self):
        given(BRANCH_OF_TEN, vacated(ANN, Post.SECRETARY)).when(
            open_election(ElectionKind.BY_ELECTION, seats=0, elect_secretary=True)
        ).then(by_election(seats=0, posts=(Office.SECRETARY,)))

    def test_INV_005_no_seat_is_vacant(self):
        given(BRANCH_OF_TEN).when(open_election(ElectionKind.BY_ELECTION, seats=1)).then(refused("INV-005", "seats"))

    def test_INV_006_the_post_is_held(self):
        given(BRANCH_OF_TEN).when(open_election(ElectionKind.BY_ELECTION, elect_deputy=True)).then(refused("INV-006", "elect_deputy"))

    def test_it_fills_something(self):
        given(BRANCH_OF_TEN).when(open_election(ElectionKind.BY_ELECTION)).then(fails(Malformed, "elect_secretary"))


class TestDelegates:
    def test_two_go_to_a_congress(self):
        given(BRANCH_OF_TEN).when(open_election(ElectionKind.DELEGATES, seats=2, title="机关第三次党代会")).then(delegates())

    @pytest.mark.parametrize("lacking", [{"seats": 0}, {"title": ""}, {"elect_secretary": True}])
    def test_how_many_to_which_and_nobody_else(self, lacking):
        asked = {"seats": 2, "title": "机关第三次党代会"} | lacking
        given(BRANCH_OF_TEN).when(open_election(ElectionKind.DELEGATES, **asked)).then(fails(Malformed))

    def test_a_committee_goes_to_no_congress(self):
        given(BRANCH_OF_TEN).when(open_election(title="机关第三次党代会")).then(fails(Malformed, "title"))


class TestRemindOfElection:
    def test_the_superior_reminds(self):
        given(after("opened")).when(RemindOfElection(occurred_on=OPENED_ON, election_id=E1)).then(reminded())

    def test_a_reminder_opens_the_election(self):
        new = ElectionId("event-1")
        given(BRANCH_OF_TEN).when(RemindOfElection(occurred_on=OPENED_ON)).then(opened(election_id=new), reminded(election_id=new))

    def test_once(self):
        given(after("opened"), reminded()).when(RemindOfElection(occurred_on=LATE, election_id=E1)).then(nothing)

    def test_not_where_no_term_ends(self):
        given(founded(), members(*ELECTORS)).when(RemindOfElection(occurred_on=OPENED_ON)).then(fails(Conflict, "no term"))

    def test_not_after_it_was_closed(self):
        given(after("closed")).when(RemindOfElection(occurred_on=CLOSED_ON, election_id=E1)).then(fails(Conflict, "closed"))


class TestCloseElection:
    def close(self, **changed: Any) -> CloseElection:
        return told(CloseElection, CLOSED_ON, {"volume": "2027-07"}, changed)

    def test_when_the_result_is_approved(self):
        given(after("approval-3")).when(self.close()).then(closed())

    def test_once(self):
        given(after("closed")).when(self.close()).then(nothing)
        given(after("closed")).when(self.close(volume="2027-08")).then(fails(Conflict, "closed"))

    @pytest.mark.parametrize("step", ["opened", "ballot", "request-3"])
    def test_INV_021_not_before(self, step):
        given(after(step)).when(self.close()).then(refused("INV-021", "election_id"))

    def test_INV_021_not_dated_before_the_approval(self):
        early = THIRD_APPROVED_ON - dt.timedelta(days=1)
        given(after("approval-3")).when(self.close(occurred_on=early)).then(refused("INV-021", "occurred_on"))

    def test_only_an_election_that_is_on_record(self):
        given(BRANCH_OF_TEN).when(self.close()).then(fails(Absent))


class TestWithdrawElectionEntry:
    def withdraw(self, **changed: Any) -> WithdrawElectionEntry:
        return told(WithdrawElectionEntry, MEETING_ON, {"reason": "误录"}, changed)

    @pytest.mark.parametrize(
        ("step", "what"),
        [
            ("opened", "opened"),
            ("request-1", "request_submitted"),
            ("papers", "incumbents_reviewed"),
            ("recommended", "candidates_recommended"),
            ("investigated", "candidate_investigated"),
            ("slate", "slate_proposed"),
            ("confirmed", "slate_confirmed"),
            ("convened", "meeting_convened"),
            ("tellers", "tellers_appointed"),
            ("ballot", "ballot_counted"),
            ("deputy", "ballot_counted"),
        ],
    )
    def test_the_last_entry(self, step, what):
        given(after(step)).when(self.withdraw()).then(withdrawn(f"elections.{what}"))

    def test_the_last_count_may_then_be_recorded_again(self):
        again = given(after("ballot"), withdrawn("elections.ballot_counted"))
        again.when(self.withdraw()).then(withdrawn("elections.tellers_appointed"))

    def test_the_committees_meeting_goes_with_its_entry(self):
        cancelled = MeetingCancelled(occurred_on=MEETING_ON, meeting_id=M2, reason="误录")
        given(after("first-meeting")).when(self.withdraw()).then(withdrawn("elections.first_meeting_held"), cancelled)
        given(after("deputy")).when(self.withdraw(whole=True)).then(withdrawn("elections.opened"), cancelled)

    def test_the_whole_election_and_once(self):
        given(after("tellers")).when(self.withdraw(whole=True)).then(withdrawn("elections.opened"))
        given(after("tellers"), withdrawn("elections.opened")).when(self.withdraw(whole=True)).then(nothing)
        given(after("tellers"), withdrawn("elections.opened")).when(self.withdraw()).then(fails(Conflict, "withdrawn"))

    @pytest.mark.parametrize("step", ["approval-1", "approval-2"])
    def test_what_the_superior_decided_stands(self, step):
        given(after(step)).when(self.withdraw()).then(fails(Conflict, "superior"))

    def test_so_does_what_it_sent_back(self):
        given(after("request-1"), returned()).when(self.withdraw()).then(fails(Conflict, "superior"))

    @pytest.mark.parametrize("whole", [True, False])
    def test_a_committee_in_office_stays(self, whole):
        given(after("approval-3")).when(self.withdraw(occurred_on=CLOSED_ON, whole=whole)).then(fails(Conflict, "approved"))

    def test_a_closing_may_be_withdrawn(self):
        given(after("closed")).when(self.withdraw(occurred_on=CLOSED_ON)).then(withdrawn("elections.closed", occurred_on=CLOSED_ON))

    def test_not_dated_before_the_entry(self):
        given(after("opened")).when(self.withdraw(occurred_on=OPENED_ON - dt.timedelta(days=1))).then(fails(Conflict))


class TestPostsNeedApproval:
    """INV-034: nobody leads a branch before the superior has approved."""

    @pytest.mark.parametrize("number", ["", " "])
    def test_a_committee_is_seated_with_an_approval(self, number):
        command = SeatCommittee(occurred_on=MEETING_ON, term=2, term_ends_on=dt.date(2030, 12, 20), approval_no=number, seats=SEATS)
        given(BRANCH_OF_TEN).when(command).then(refused("INV-034", "approval_no"))

    @pytest.mark.parametrize(("person", "post"), [(ANN, Post.SECRETARY), (BEN, Post.DEPUTY)])
    def test_a_secretary_and_a_deputy_take_office_with_one(self, person, post):
        gone = vacated(person, post)
        command = AssignPost(occurred_on=MEETING_ON, person_id=person, post=post)
        given(BRANCH_OF_TEN, gone).when(command).then(refused("INV-034", "approval_no"))

    def test_a_member_is_filed_only(self):
        seat = Seat(person_id=CAI, post=Post.MEMBER)
        filed = PostAssigned(occurred_on=MEETING_ON, term=1, seat=seat, approval_no="")
        given(BRANCH_OF_TEN).when(AssignPost(occurred_on=MEETING_ON, person_id=CAI, post=Post.MEMBER)).then(filed)
