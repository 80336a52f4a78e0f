"""The roster as tables: organisation, members and groups of one branch, whole rows and what moves them."""

import datetime as dt
from typing import Any

import pytest

from events.base import Event, LetterId
from events.members import (
    MemberAssignedToGroup,
    MemberProfileChanged,
    MembershipReinstated,
    MemberTransferredOut,
    Sex,
    VotingRestored,
    VotingSuspended,
)
from events.organisations import (
    BranchRegistered,
    GroupDissolved,
    GroupLeaderAppointed,
    LeaderBy,
    Post,
    PostAssigned,
    PostVacated,
    Seat,
)
from projections.engine.replay import replay
from projections.engine.tables import metadata
from projections.roster import PROJECTION
from projections.roster_tables import member as member_table
from tests.decide.roster_history import (
    ANN,
    BEN,
    DAY,
    FOUNDED_ON,
    NEO,
    NORTH,
    converted,
    founded,
    group,
    left,
    member,
    members,
    probationer,
    put,
    seated,
    suspended,
)
from tests.ledgers.l04_history import facts

WHY: dict[str, Any] = {"occurred_on": DAY, "person_id": ANN, "reason": "决定"}


def table(name: str, *events: Event) -> dict[tuple[str, ...], dict[str, Any]]:
    return {row.key: row.values for row in replay([PROJECTION], facts(*events)).tables[name].values()}


def ann(*events: Event) -> dict[str, Any]:
    return table("member", founded(), member(ANN), *events)["ann",]


def test_the_organisation():
    registered = BranchRegistered(occurred_on=DAY, contact="安某", phone="010-1000", venue="三楼会议室")
    assert table("organisation", founded(), *members(), seated(), registered) == {
        (): {
            "position": 110,
            "parent_id": "committee",
            "kind": "branch",
            "name": "第一党支部",
            "short_name": "一支部",
            "branch_type": "organ",
            "founded_on": FOUNDED_ON,
            "contact": "安某",
            "phone": "010-1000",
            "venue": "三楼会议室",
            "term": 1,
            "term_ends_on": FOUNDED_ON.replace(year=2028),
        }
    }


def test_a_member():
    assert ann() == {
        "position": 102,
        "page": 2,
        "name": "ann",
        "sex": "female",
        "nationality": "01",
        "born_month": "1980-05",
        "id_number": None,
        "id_index": None,
        "education": "21",
        "work_post": None,
        "unit_and_post": None,
        "phone": None,
        "status": "full",
        "admitted_on": dt.date(2010, 7, 1),
        "full_on": dt.date(2011, 7, 1),
        "joined_on": FOUNDED_ON,
        "group_id": None,
        "posts": [],
        "mobile": False,
        "hardship": False,
        "suspended": False,
        "voting_suspended": False,
        "left_on": None,
        "left_ground": None,
    }


GONE = MemberTransferredOut(occurred_on=DAY, person_id=ANN, letter_id=LetterId("l1"), to_name="外单位")
SECRETARY = seated(Seat(person_id=ANN, post=Post.SECRETARY))


@pytest.mark.parametrize(
    ("events", "changed"),
    [
        ((group(NORTH), put(ANN, NORTH)), {"group_id": NORTH}),
        ((MemberAssignedToGroup(occurred_on=DAY, person_id=ANN, group_id=NORTH),), {"group_id": NORTH}),
        ((suspended(ANN),), {"suspended": True}),
        ((suspended(ANN), MembershipReinstated(**WHY, approval_no="7号")), {}),
        ((VotingSuspended(**WHY),), {"voting_suspended": True}),
        ((VotingSuspended(**WHY), VotingRestored(**WHY)), {}),
        ((SECRETARY,), {"posts": ["secretary"]}),
        ((SECRETARY, seated(Seat(person_id=BEN, post=Post.SECRETARY), on=DAY, term=2)), {}),
        ((PostAssigned(occurred_on=DAY, term=1, seat=Seat(person_id=ANN, post=Post.MEMBER), approval_no=""),), {"posts": ["member"]}),
        ((SECRETARY, PostVacated(occurred_on=DAY, term=1, person_id=ANN, post=Post.SECRETARY, reason="调动")), {}),
        ((SECRETARY, left(ANN, DAY)), {"left_on": DAY, "left_ground": "withdrew"}),
        ((SECRETARY, GONE), {"left_on": DAY, "left_ground": "transferred"}),
        ((MemberProfileChanged(**WHY, sex=Sex.MALE, education="12", mobile=True),), {"sex": "male", "education": "12", "mobile": True}),
        ((MemberProfileChanged(**WHY, address="~1|ann|e|address|x"),), {}),
        ((suspended(ANN), VotingSuspended(**WHY), left(ANN, DAY), member(ANN)), {}),
    ],
)
def test_what_changes_a_member(events, changed):
    where = {"position", "page"}
    assert {key: value for key, value in ann(*events).items() if key not in where} == {
        key: value for key, value in (ann() | changed).items() if key not in where
    }


def test_a_probationary_member_becomes_a_full_one():
    row = table("member", founded(), probationer(), converted(on=DAY))["neo",]
    assert (NEO, row["status"], row["full_on"]) == ("neo", "full", DAY)


def test_a_group():
    leads = GroupLeaderAppointed(occurred_on=DAY, group_id=NORTH, leader_id=ANN, by=LeaderBy.NAMED)
    dissolved = GroupDissolved(occurred_on=DAY, group_id=NORTH, reason="合并")
    assert table("party_group", founded(), group(NORTH), leads, dissolved) == {
        ("north",): {"position": 104, "name": "north党小组", "leader_id": "ann", "dissolved_on": DAY}
    }


def test_every_value_has_its_column():
    assert set(ann()) <= set(member_table.columns.keys())
    assert {f"views.{name}" for name in PROJECTION.tables} <= set(metadata.tables)
