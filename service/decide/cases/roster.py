"""What discipline and disposition cases record on the roster: opened, closed, posts that fall away, the end (INV-009, 074, 093)."""

import datetime as dt
from typing import Any

from events.base import GroupId, PersonId
from events.members import CaseClosed, CaseKind, CaseOpened, LeftGround, MemberLeft, MemberRegistered
from events.organisations import PostVacated
from service.decide.roster import PROFILE, Roster, RosterMember
from service.errors import Conflict, Refused


def opening(roster: Roster, opened: CaseOpened) -> CaseOpened | None:
    """The opening for the roster; None when this matter is under way already. One matter is not punished and disposed of both (INV-093)."""
    member = roster.must_be_active(opened.person_id, opened.occurred_on, "person_id")
    for matter in member.matters:
        if matter.case_no == opened.case_no and (matter.kind, matter.matter_no) != (opened.kind, opened.matter_no):
            raise Conflict(f"case number {opened.case_no} is taken by another case of this member")
        if matter.matter_no == opened.matter_no and matter.kind is not opened.kind:
            raise Refused("INV-093", "matter_no", detail=matter.case_no)
    if any(matter.matter_no == opened.matter_no and matter.case_no in member.open_cases for matter in member.matters):
        return None
    return opened


def reopened(kind: CaseKind, person_id: PersonId, case_no: str, matter_no: str, day: dt.date) -> CaseOpened:
    """The case is under way again, since what closed it was taken back."""
    return CaseOpened(occurred_on=day, person_id=person_id, case_no=case_no, kind=kind, matter_no=matter_no)


def closed(person_id: PersonId, case_no: str, day: dt.date, *, sanctioned: bool) -> CaseClosed:
    return CaseClosed(occurred_on=day, person_id=person_id, case_no=case_no, sanctioned=sanctioned)


def posts_vacated(roster: Roster, person_id: PersonId, day: dt.date, reason: str) -> list[PostVacated]:
    """Every post that the person still holds falls away."""
    return [
        PostVacated(occurred_on=day, term=tenure.term, person_id=person_id, post=tenure.post, reason=reason)
        for tenure in roster.tenures
        if tenure.person_id == person_id and tenure.held.until is None
    ]


def left(roster: Roster, person_id: PersonId, day: dt.date, ground: LeftGround, document_no: str) -> MemberLeft:
    """The membership ends; the person is free for another branch, and nothing later is recorded here (INV-009)."""
    return MemberLeft(
        occurred_on=day,
        person_id=person_id,
        ground=ground,
        reason=ground.zh,
        approval_no=document_no,
        id_index=roster.members[person_id].profile.id_index,
    )


def back_on_the_roll(roster: Roster, person_id: PersonId, day: dt.date) -> MemberRegistered:
    """An end of membership that does not stand: on the roll again as known, in the same group if it is still there (INV-001, INV-003)."""
    member = roster.members[person_id]
    known: dict[str, Any] = {field: getattr(member.profile, field) for field in PROFILE}
    known |= {"full_on": member.converted_on or member.profile.full_on, "status": member.status}
    return MemberRegistered(occurred_on=day, joined_on=day, person_id=person_id, group_id=_group(roster, member, day), **known)


def _group(roster: Roster, member: RosterMember, day: dt.date) -> GroupId | None:
    before = [group for _, group in member.groups if group in roster.groups_on(day)]
    return before[-1] if before else None
