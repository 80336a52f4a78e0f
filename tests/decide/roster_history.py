"""What the tests of the roster are told in: a branch of invented people under its committee."""

import datetime as dt
from typing import Any

from events.base import GroupId, PersonId
from events.members import (
    LeftGround,
    MemberAssignedToGroup,
    MemberConverted,
    MemberLeft,
    MemberRegistered,
    MembershipSuspended,
    MemberStatus,
    Sex,
)
from events.organisations import (
    BranchType,
    CommitteeSeated,
    GroupFormed,
    OrganisationFounded,
    OrgKind,
    Post,
    Seat,
)
from tests.decide.bdd import BRANCH, COMMITTEE

FOUNDED_ON = dt.date(2025, 1, 6)
DAY = dt.date(2026, 3, 16)
BEFORE, AFTER = DAY - dt.timedelta(days=1), DAY + dt.timedelta(days=1)

ANN, BEN, CAI, DAN, EVE, FAY, GUS = (PersonId(name) for name in ("ann", "ben", "cai", "dan", "eve", "fay", "gus"))
PEOPLE = (ANN, BEN, CAI, DAN, EVE, FAY, GUS)
"""Seven full members: as many as a committee needs."""
NEO = PersonId("neo")
"""A probationary member."""
NORTH, SOUTH = GroupId("north"), GroupId("south")

ID_NUMBER = "990101198005170015"
"""In a region code that nobody has, with a valid check digit."""


def founded(**changed: Any) -> OrganisationFounded:
    told: dict[str, Any] = {
        "occurred_on": FOUNDED_ON,
        "org_id": BRANCH,
        "parent_id": COMMITTEE,
        "kind": OrgKind.BRANCH,
        "name": "第一党支部",
        "short_name": "一支部",
        "branch_type": BranchType.ORGAN,
        "approval_no": "部发〔2025〕1号",
        "approved_on": FOUNDED_ON,
    }
    return OrganisationFounded(**(told | changed))


def committee_founded() -> OrganisationFounded:
    return OrganisationFounded(
        occurred_on=FOUNDED_ON, org_id=COMMITTEE, parent_id=None, kind=OrgKind.COMMITTEE, name="机关党委", short_name="机关党委"
    )


def member(person_id: PersonId, status: MemberStatus = MemberStatus.FULL, **changed: Any) -> MemberRegistered:
    told: dict[str, Any] = {
        "occurred_on": FOUNDED_ON,
        "joined_on": FOUNDED_ON,
        "person_id": person_id,
        "name": str(person_id),
        "sex": Sex.FEMALE,
        "nationality": "01",
        "born_on": "1980-05-17",
        "born_month": "1980-05",
        "education": "21",
        "status": status,
        "admitted_on": dt.date(2010, 7, 1),
        "full_on": dt.date(2011, 7, 1) if status is MemberStatus.FULL else None,
    }
    return MemberRegistered(**(told | changed))


def members(*people: PersonId, **changed: Any) -> list[MemberRegistered]:
    return [member(person, **changed) for person in people or PEOPLE]


def probationer(**changed: Any) -> MemberRegistered:
    return member(NEO, MemberStatus.PROBATIONARY, **({"admitted_on": dt.date(2025, 3, 3)} | changed))


def group(group_id: GroupId, on: dt.date = FOUNDED_ON) -> GroupFormed:
    return GroupFormed(occurred_on=on, group_id=group_id, name=f"{group_id}党小组")


def put(person_id: PersonId, group_id: GroupId, on: dt.date = FOUNDED_ON) -> MemberAssignedToGroup:
    return MemberAssignedToGroup(occurred_on=on, person_id=person_id, group_id=group_id)


FIVE = (
    Seat(person_id=ANN, post=Post.SECRETARY),
    Seat(person_id=BEN, post=Post.DEPUTY),
    Seat(person_id=CAI, post=Post.ORGANISATION),
    Seat(person_id=DAN, post=Post.PUBLICITY),
    Seat(person_id=EVE, post=Post.DISCIPLINE),
)


def seated(*seats: Seat, on: dt.date = FOUNDED_ON, **changed: Any) -> CommitteeSeated:
    told: dict[str, Any] = {
        "occurred_on": on,
        "term": 1,
        "term_ends_on": on.replace(year=on.year + 3),
        "approval_no": "部发〔2025〕2号",
        "seats": seats or FIVE,
    }
    return CommitteeSeated(**(told | changed))


def suspended(person_id: PersonId, on: dt.date = BEFORE) -> MembershipSuspended:
    return MembershipSuspended(occurred_on=on, person_id=person_id, reason="失去联系六个月", approval_no="部发〔2026〕3号")


def converted(person_id: PersonId = NEO, on: dt.date = BEFORE) -> MemberConverted:
    return MemberConverted(occurred_on=on, person_id=person_id, approval_no="部发〔2026〕4号")


def left(person_id: PersonId, on: dt.date = BEFORE, **changed: Any) -> MemberLeft:
    told: dict[str, Any] = {
        "occurred_on": on,
        "person_id": person_id,
        "ground": LeftGround.WITHDREW,
        "reason": "本人申请退党",
        "approval_no": "部发〔2026〕5号",
    }
    return MemberLeft(**(told | changed))


def seats(*pairs: tuple[PersonId, Post]) -> tuple[Seat, ...]:
    return tuple(Seat(person_id=person, post=post) for person, post in pairs)
