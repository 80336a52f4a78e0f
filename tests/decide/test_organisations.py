"""Founding, registration, Party groups and changed rules (INV-003; R-A04, R-A08), each allowed, refused, nothing to do."""

import datetime as dt
from typing import Any

import pytest

from events.base import GroupId, OrgId
from events.organisations import (
    BranchAdded,
    BranchRegistered,
    BranchType,
    CommitteeSeated,
    GroupDissolved,
    GroupFormed,
    GroupLeaderAppointed,
    LeaderBy,
    OrganisationFounded,
    OrgKind,
    RuleChanged,
)
from service.decide.base import Elsewhere
from service.decide.organisations.founding import (
    AppointGroupLeader,
    ChangeRule,
    DissolveGroup,
    FormGroup,
    FoundBranch,
    FoundCommittee,
    RegisterBranch,
    SeatCommittee,
)
from service.errors import Absent, Conflict, Malformed
from tests.decide.bdd import BRANCH, COMMITTEE, fails, given, nothing, refused
from tests.decide.roster_history import (
    AFTER,
    ANN,
    BEFORE,
    BEN,
    CAI,
    DAN,
    DAY,
    EVE,
    FIVE,
    FOUNDED_ON,
    GUS,
    NORTH,
    SOUTH,
    committee_founded,
    founded,
    group,
    left,
    member,
    members,
    put,
    seated,
    suspended,
)


class TestFoundCommittee:
    COMMAND = FoundCommittee(occurred_on=FOUNDED_ON, name="机关党委", short_name="机关党委")

    def test_its_book_begins(self):
        given().when(self.COMMAND, at=COMMITTEE).then(committee_founded())

    def test_twice_is_once(self):
        given().and_in(COMMITTEE, committee_founded()).when(self.COMMAND, at=COMMITTEE).then(nothing)

    def test_another_name_is_another_organisation(self):
        other = FoundCommittee(occurred_on=FOUNDED_ON, name="另一党委", short_name="党委")
        given().and_in(COMMITTEE, committee_founded()).when(other, at=COMMITTEE).then(fails(Conflict, "exists already"))


def found(**changed: Any) -> FoundBranch:
    told: dict[str, Any] = {
        "occurred_on": DAY,
        "branch_id": OrgId("branch-2"),
        "name": "第二党支部",
        "short_name": "二支部",
        "branch_type": BranchType.JOINT,
        "approval_no": "部发〔2026〕9号",
    }
    return FoundBranch(**(told | changed))


class TestFoundBranch:
    NEW = OrganisationFounded(
        occurred_on=DAY,
        org_id=OrgId("branch-2"),
        parent_id=COMMITTEE,
        kind=OrgKind.BRANCH,
        name="第二党支部",
        short_name="二支部",
        branch_type=BranchType.JOINT,
        approval_no="部发〔2026〕9号",
        approved_on=DAY,
    )

    def test_the_committee_notes_it_and_the_branchs_own_book_begins(self):
        given().and_in(COMMITTEE, committee_founded()).when(found(), at=COMMITTEE).then(
            BranchAdded(occurred_on=DAY, branch_id=OrgId("branch-2"), name="第二党支部", approval_no="部发〔2026〕9号"),
            Elsewhere(OrgId("branch-2"), self.NEW),
        )

    def test_twice_is_once(self):
        books = given().and_in(COMMITTEE, committee_founded()).and_in(OrgId("branch-2"), self.NEW)
        books.when(found(), at=COMMITTEE).then(nothing)

    def test_a_code_that_is_taken(self):
        books = given().and_in(COMMITTEE, committee_founded()).and_in(OrgId("branch-2"), self.NEW)
        books.when(found(name="第三党支部"), at=COMMITTEE).then(fails(Conflict, "branch-2 exists already"))

    def test_a_branch_founds_no_branches(self):
        given(founded()).when(found()).then(fails(Absent))

    def test_nor_does_a_committee_that_is_not_there(self):
        given().when(found(), at=COMMITTEE).then(fails(Absent))


class TestRegisterBranch:
    COMMAND = RegisterBranch(occurred_on=DAY, contact="安某", phone="010-1000", venue="三楼会议室")
    EVENT = BranchRegistered(occurred_on=DAY, contact="安某", phone="010-1000", venue="三楼会议室")

    def test_contact_and_place_are_noted(self):
        given(founded()).when(self.COMMAND).then(self.EVENT)

    def test_the_same_again_is_nothing(self):
        given(founded(), self.EVENT).when(self.COMMAND).then(nothing)

    def test_what_changed_is_noted_whole(self):
        given(founded(), self.EVENT).when(RegisterBranch(occurred_on=DAY, contact="贝某", phone="010-1000", venue="三楼会议室")).then(
            BranchRegistered(occurred_on=DAY, contact="贝某", phone="010-1000", venue="三楼会议室")
        )

    def test_only_of_a_branch_that_was_founded(self):
        given().when(self.COMMAND).then(fails(Absent))


class TestFormGroup:
    def test_it_is_named_by_the_event_that_began_it(self):
        given(founded()).when(FormGroup(occurred_on=DAY, name="第一党小组", scope="办公室")).then(
            GroupFormed(occurred_on=DAY, group_id=GroupId("event-1"), name="第一党小组", scope="办公室")
        )

    def test_or_as_the_sender_says(self):
        given(founded()).when(FormGroup(occurred_on=DAY, name="北组", group_id=NORTH)).then(
            GroupFormed(occurred_on=DAY, group_id=NORTH, name="北组")
        )

    def test_the_same_again_is_nothing(self):
        given(founded(), group(NORTH)).when(FormGroup(occurred_on=DAY, name="north党小组", group_id=NORTH)).then(nothing)

    def test_a_name_that_is_taken(self):
        given(founded(), group(NORTH)).when(FormGroup(occurred_on=DAY, name="南组", group_id=NORTH)).then(
            fails(Conflict, "north exists already")
        )

    def test_only_in_a_branch_that_was_founded(self):
        given().when(FormGroup(occurred_on=DAY, name="北组")).then(fails(Absent))


GROUPED = (founded(), *members(), group(NORTH), group(SOUTH), put(ANN, NORTH), put(BEN, NORTH), put(CAI, SOUTH))


class TestAppointGroupLeader:
    COMMAND = AppointGroupLeader(occurred_on=DAY, group_id=NORTH, leader_id=ANN, by=LeaderBy.NAMED)
    EVENT = GroupLeaderAppointed(occurred_on=DAY, group_id=NORTH, leader_id=ANN, by=LeaderBy.NAMED)

    def test_one_of_the_group(self):
        given(GROUPED).when(self.COMMAND).then(self.EVENT)

    def test_who_leads_already_is_nothing_new(self):
        given(GROUPED, self.EVENT).when(self.COMMAND).then(nothing)

    def test_another_one_takes_over(self):
        given(GROUPED, self.EVENT).when(AppointGroupLeader(occurred_on=AFTER, group_id=NORTH, leader_id=BEN, by=LeaderBy.RECOMMENDED)).then(
            GroupLeaderAppointed(occurred_on=AFTER, group_id=NORTH, leader_id=BEN, by=LeaderBy.RECOMMENDED)
        )

    def test_not_one_of_another_group(self):
        given(GROUPED).when(AppointGroupLeader(occurred_on=DAY, group_id=NORTH, leader_id=CAI, by=LeaderBy.NAMED)).then(
            refused("INV-003", "leader_id")
        )

    def test_not_a_stranger(self):
        given(founded(), group(NORTH)).when(self.COMMAND).then(refused("INV-002", "leader_id"))

    def test_not_somebody_whose_membership_ended(self):
        given(GROUPED, left(ANN)).when(self.COMMAND).then(refused("INV-009", "leader_id"))

    def test_a_group_that_there_is(self):
        given(founded(), *members()).when(self.COMMAND).then(fails(Absent))


class TestDissolveGroup:
    COMMAND = DissolveGroup(occurred_on=DAY, group_id=NORTH, reason="人员调整")
    EVENT = GroupDissolved(occurred_on=DAY, group_id=NORTH, reason="人员调整")

    def test_once_its_members_are_elsewhere(self):
        given(GROUPED, put(ANN, SOUTH), put(BEN, SOUTH)).when(self.COMMAND).then(self.EVENT)

    def test_not_while_somebody_would_be_left_without_a_group(self):
        given(GROUPED, put(ANN, SOUTH)).when(self.COMMAND).then(refused("INV-003", "group_id"))

    def test_those_who_left_do_not_matter(self):
        given(GROUPED, put(ANN, SOUTH), left(BEN)).when(self.COMMAND).then(self.EVENT)

    def test_the_last_group_may_go_with_members_in_it(self):
        given(founded(), *members(), group(NORTH), put(ANN, NORTH)).when(self.COMMAND).then(self.EVENT)

    def test_what_is_gone_is_gone(self):
        given(founded(), group(NORTH), self.EVENT).when(self.COMMAND).then(nothing)

    def test_not_before_it_was_formed(self):
        given(founded(), group(NORTH, AFTER)).when(self.COMMAND).then(fails(Malformed, "occurred_on"))

    def test_a_group_that_there_is(self):
        given(founded()).when(self.COMMAND).then(fails(Absent))


class TestChangeRule:
    FROM = dt.date(2026, 4, 1)

    def command(self, **changed: Any) -> ChangeRule:
        told: dict[str, Any] = {
            "occurred_on": DAY,
            "key": "committee.seats",
            "value": 3,
            "effective_from": self.FROM,
            "reason": "支部规模较小",
        }
        return ChangeRule(**(told | changed))

    def event(self, **changed: Any) -> RuleChanged:
        told: dict[str, Any] = {
            "occurred_on": DAY,
            "key": "committee.seats",
            "value": 3,
            "effective_from": self.FROM,
            "reason": "支部规模较小",
        }
        return RuleChanged(**(told | changed))

    def test_a_number_is_set_anew_from_a_date(self):
        given(founded()).when(self.command()).then(self.event())

    def test_the_same_again_is_nothing(self):
        given(founded(), self.event()).when(self.command()).then(nothing)

    def test_the_last_word_for_a_date_counts(self):
        given(founded(), self.event(), self.event(value=7)).when(self.command()).then(self.event())

    def test_back_to_the_old_number_later_on_is_a_change(self):
        later = dt.date(2026, 9, 1)
        given(founded(), self.event()).when(self.command(value=5, effective_from=later)).then(self.event(value=5, effective_from=later))

    def test_only_a_setting_that_there_is(self):
        given(founded()).when(self.command(key="committee.chairs")).then(fails(Absent, "committee.chairs"))

    @pytest.mark.parametrize("value", ["3", True, [3]])
    def test_only_a_value_of_the_same_kind(self, value):
        given(founded()).when(self.command(value=value)).then(fails(Malformed, "committee.seats must be int"))

    def test_only_in_a_book_that_was_begun(self):
        given().when(self.command()).then(fails(Absent))


class TestOldDaysAreJudgedByTheOldRule:
    """Five seats by the pack; three by the committee from April; four in this branch alone from June."""

    CHANGES = (
        (COMMITTEE, RuleChanged(occurred_on=DAY, key="committee.seats", value=3, effective_from=dt.date(2026, 4, 1), reason="统一调整")),
        (BRANCH, RuleChanged(occurred_on=DAY, key="committee.seats", value=4, effective_from=dt.date(2026, 6, 1), reason="本支部")),
    )

    @pytest.mark.parametrize(
        ("day", "seats"),
        [
            (dt.date(2026, 3, 31), 5),
            (dt.date(2026, 4, 1), 3),
            (dt.date(2026, 5, 31), 3),
            (dt.date(2026, 6, 1), 4),
        ],
    )
    def test_seats(self, day, seats):
        books = given(founded(), *members())
        for org_id, change in self.CHANGES:
            books = books.and_in(org_id, change)
        for number in range(3, 6):
            answer = books.when(seat(number, day))
            answer.then(seat_event(number, day) if number == seats else refused("INV-005", "seats"))


def seat(number: int, day: dt.date) -> SeatCommittee:
    event = seat_event(number, day)
    return SeatCommittee(occurred_on=day, term=1, term_ends_on=event.term_ends_on, approval_no=event.approval_no, seats=event.seats)


def seat_event(number: int, day: dt.date) -> CommitteeSeated:
    return seated(*FIVE[:number], on=day)


def test_group_of_the_day():
    """Late entries are judged by who was in which group on that day."""
    history = (founded(), member(DAN), group(NORTH), put(DAN, NORTH), group(SOUTH), put(DAN, SOUTH, DAY))
    lead = AppointGroupLeader(occurred_on=BEFORE, group_id=NORTH, leader_id=DAN, by=LeaderBy.NAMED)
    given(*history).when(lead).then(GroupLeaderAppointed(occurred_on=BEFORE, group_id=NORTH, leader_id=DAN, by=LeaderBy.NAMED))
    given(*history).when(AppointGroupLeader(occurred_on=DAY, group_id=NORTH, leader_id=DAN, by=LeaderBy.NAMED)).then(
        refused("INV-003", "leader_id")
    )


def test_a_suspended_member_leads_no_group():
    history = (founded(), member(EVE), group(NORTH), put(EVE, NORTH), suspended(EVE), member(GUS))
    given(*history).when(AppointGroupLeader(occurred_on=DAY, group_id=NORTH, leader_id=EVE, by=LeaderBy.NAMED)).then(
        refused("INV-009", "leader_id")
    )
