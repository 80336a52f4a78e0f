"""Suspended, without a vote, with an open case, ended (INV-002, INV-009, INV-014; R-B03, R-E11, R-H), each three ways."""

from typing import Any

import pytest

from events.members import (
    CaseClosed,
    CaseOpened,
    LeftGround,
    MembershipReinstated,
    MembershipSuspended,
    VotingRestored,
    VotingSuspended,
)
from service.decide.members.standing import (
    CloseCase,
    EndMembership,
    OpenCase,
    ReinstateMembership,
    RestoreVotingRights,
    SuspendMembership,
    SuspendVotingRights,
)
from service.errors import Absent, Malformed
from tests.decide.bdd import blind, fails, given, nothing, refused
from tests.decide.roster_history import AFTER, ANN, BEFORE, DAY, FOUNDED_ON, ID_NUMBER, NEO, founded, left, member, probationer, suspended

HERE = (founded(), member(ANN))
WHY: dict[str, Any] = {"occurred_on": DAY, "person_id": ANN, "reason": "失去联系六个月"}
BY: dict[str, Any] = {**WHY, "approval_no": "部发〔2026〕3号"}


class TestSuspendMembership:
    def test_a_member_counts_no_more(self):
        given(HERE).when(SuspendMembership(**BY)).then(MembershipSuspended(**BY))

    def test_twice_is_once(self):
        given(HERE, suspended(ANN)).when(SuspendMembership(**BY)).then(nothing)

    def test_not_somebody_who_left(self):
        given(HERE, left(ANN)).when(SuspendMembership(**BY)).then(refused("INV-009", "person_id"))

    def test_not_before_joining(self):
        given(founded(), member(ANN, joined_on=AFTER)).when(SuspendMembership(**BY)).then(refused("INV-002", "person_id"))

    def test_somebody_of_this_branch(self):
        given(founded()).when(SuspendMembership(**BY)).then(fails(Absent, ANN))


class TestReinstateMembership:
    def test_a_member_counts_again(self):
        given(HERE, suspended(ANN)).when(ReinstateMembership(**BY)).then(MembershipReinstated(**BY))

    def test_who_is_not_suspended_needs_none(self):
        given(HERE).when(ReinstateMembership(**BY)).then(nothing)
        given(HERE, suspended(ANN), MembershipReinstated(**BY)).when(ReinstateMembership(**BY)).then(nothing)

    def test_not_before_the_suspension(self):
        given(HERE, suspended(ANN, AFTER)).when(ReinstateMembership(**BY)).then(fails(Malformed, "occurred_on"))

    def test_somebody_of_this_branch(self):
        given(founded()).when(ReinstateMembership(**BY)).then(fails(Absent, ANN))


class TestSuspendVotingRights:
    def test_a_full_member_has_no_vote_for_a_time(self):
        given(HERE).when(SuspendVotingRights(**WHY)).then(VotingSuspended(**WHY))

    def test_twice_is_once(self):
        given(HERE, VotingSuspended(**WHY)).when(SuspendVotingRights(**WHY)).then(nothing)

    def test_a_probationary_member_has_none_to_lose(self):
        given(founded(), probationer()).when(SuspendVotingRights(**(WHY | {"person_id": NEO}))).then(refused("INV-014", "person_id"))

    def test_not_somebody_who_left(self):
        given(HERE, left(ANN)).when(SuspendVotingRights(**WHY)).then(refused("INV-009", "person_id"))

    def test_somebody_of_this_branch(self):
        given(founded()).when(SuspendVotingRights(**WHY)).then(refused("INV-002", "person_id"))


class TestRestoreVotingRights:
    def test_the_vote_is_back(self):
        given(HERE, VotingSuspended(**WHY)).when(RestoreVotingRights(**WHY)).then(VotingRestored(**WHY))

    def test_who_has_it_needs_none(self):
        given(HERE).when(RestoreVotingRights(**WHY)).then(nothing)

    def test_not_before_it_was_lost(self):
        lost = VotingSuspended(**(WHY | {"occurred_on": AFTER}))
        given(HERE, lost).when(RestoreVotingRights(**WHY)).then(fails(Malformed, "occurred_on"))

    def test_somebody_of_this_branch(self):
        given(founded()).when(RestoreVotingRights(**WHY)).then(fails(Absent, ANN))


CASE: dict[str, Any] = {"occurred_on": DAY, "person_id": ANN, "case_no": "2026-1"}


class TestOpenCase:
    def test_it_is_on_record(self):
        given(HERE).when(OpenCase(**CASE)).then(CaseOpened(**CASE))

    def test_twice_is_once(self):
        given(HERE, CaseOpened(**CASE)).when(OpenCase(**CASE)).then(nothing)

    def test_beside_another_one(self):
        given(HERE, CaseOpened(**(CASE | {"case_no": "2026-2"}))).when(OpenCase(**CASE)).then(CaseOpened(**CASE))

    def test_not_about_somebody_who_left(self):
        given(HERE, left(ANN)).when(OpenCase(**CASE)).then(refused("INV-009", "person_id"))


class TestCloseCase:
    def test_it_is_done_with(self):
        given(HERE, CaseOpened(**CASE)).when(CloseCase(**CASE)).then(CaseClosed(**CASE))

    def test_what_is_not_open_needs_no_end(self):
        given(HERE).when(CloseCase(**CASE)).then(nothing)
        given(HERE, CaseOpened(**CASE), CaseClosed(**CASE)).when(CloseCase(**CASE)).then(nothing)

    def test_about_somebody_of_this_branch(self):
        given(founded()).when(CloseCase(**CASE)).then(fails(Absent, ANN))


SAID = (LeftGround.WITHDREW, LeftGround.CANCELLED, LeftGround.DECEASED)


def end(**changed: Any) -> EndMembership:
    event = left(ANN, DAY, ground=LeftGround.WITHDREW)
    told: dict[str, Any] = {
        "occurred_on": DAY,
        "person_id": ANN,
        "ground": event.ground,
        "reason": event.reason,
        "approval_no": event.approval_no,
    }
    return EndMembership(**(told | changed))


class TestEndMembership:
    @pytest.mark.parametrize(
        ("ground", "rule"), [(LeftGround.EXPELLED, "INV-088"), (LeftGround.REMOVED, "INV-089"), (LeftGround.PERSUADED, "INV-089")]
    )
    def test_what_a_case_decides_is_not_recorded_past_the_case(self, ground, rule):
        given(HERE).when(end(ground=ground)).then(refused(rule, "ground"))

    @pytest.mark.parametrize("ground", SAID)
    def test_on_a_ground_that_the_superior_approved(self, ground):
        given(HERE).when(end(ground=ground)).then(left(ANN, DAY, ground=ground))

    def test_death_needs_no_approval(self):
        died: dict[str, Any] = {"ground": LeftGround.DECEASED, "reason": "病故", "approval_no": ""}
        given(HERE).when(end(**died)).then(left(ANN, DAY, **died))

    @pytest.mark.parametrize("ground", [ground for ground in SAID if ground is not LeftGround.DECEASED])
    def test_everything_else_does(self, ground):
        given(HERE).when(end(ground=ground, approval_no="")).then(fails(Malformed, "approval_no"))

    def test_the_person_and_the_number_are_free_again(self):
        index = blind(ID_NUMBER)
        given(founded(), member(ANN, id_index=index)).when(end()).then(left(ANN, DAY, ground=LeftGround.WITHDREW, id_index=index))

    def test_twice_is_once(self):
        given(HERE, left(ANN, BEFORE)).when(end()).then(nothing)

    def test_a_suspended_membership_ends_too(self):
        given(HERE, suspended(ANN)).when(end()).then(left(ANN, DAY, ground=LeftGround.WITHDREW))

    def test_not_before_joining(self):
        given(founded(), member(ANN, joined_on=AFTER)).when(end()).then(refused("INV-002", "occurred_on"))
        given(HERE).when(end(occurred_on=FOUNDED_ON)).then(left(ANN, FOUNDED_ON, ground=LeftGround.WITHDREW))

    def test_somebody_of_this_branch(self):
        given(founded()).when(end()).then(fails(Absent, ANN))
