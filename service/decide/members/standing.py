"""Decisions about the standing of members: suspended, voting rights, open cases, ended (R-B03, R-E11, R-G02, R-H)."""

import datetime as dt
from collections.abc import Mapping
from typing import Annotated

from events.base import PersonId, Text
from events.members import (
    CaseClosed,
    CaseOpened,
    LeftGround,
    MemberLeft,
    MembershipReinstated,
    MembershipSuspended,
    MemberStatus,
    VotingRestored,
    VotingSuspended,
)
from service.auth.rights import Right
from service.decide.base import Case, Command, Context, Outcome, label
from service.decide.roster import ROSTER, Roster, RosterMember, Span
from service.errors import Absent, Conflict, Malformed, Refused


class SuspendMembership(Command, frozen=True, kw_only=True, tag="suspend-membership"):
    """Membership is suspended (停止党籍, R-E11)."""

    zh = "停止党籍"
    en = "Suspend membership"

    person_id: Annotated[PersonId, label("党员", "Member")]
    reason: Annotated[Text, label("原因", "Reason")]
    approval_no: Annotated[Text, label("批准文号", "Approval document no.")]


class ReinstateMembership(Command, frozen=True, kw_only=True, tag="reinstate-membership"):
    """A suspended membership lives again."""

    zh = "恢复党籍"
    en = "Reinstate membership"

    person_id: Annotated[PersonId, label("党员", "Member")]
    reason: Annotated[Text, label("原因", "Reason")]
    approval_no: Annotated[Text, label("批准文号", "Approval document no.")]


class SuspendVotingRights(Command, frozen=True, kw_only=True, tag="suspend-voting-rights"):
    """A member may not vote or stand (R-B03)."""

    zh = "中止表决权、选举权"
    en = "Suspend voting rights"

    person_id: Annotated[PersonId, label("党员", "Member")]
    reason: Annotated[Text, label("原因", "Reason")]


class RestoreVotingRights(Command, frozen=True, kw_only=True, tag="restore-voting-rights"):
    """A member may vote again."""

    zh = "恢复表决权、选举权"
    en = "Restore voting rights"

    person_id: Annotated[PersonId, label("党员", "Member")]
    reason: Annotated[Text, label("原因", "Reason")]


class OpenCase(Command, frozen=True, kw_only=True, tag="open-case"):
    """A discipline or disposition case about a member begins (INV-074 looks at it)."""

    zh = "登记立案"
    en = "Open a case"

    person_id: Annotated[PersonId, label("党员", "Member")]
    case_no: Annotated[Text, label("案号", "Case no.")]


class CloseCase(Command, frozen=True, kw_only=True, tag="close-case"):
    """A case ends."""

    zh = "登记结案"
    en = "Close a case"

    person_id: Annotated[PersonId, label("党员", "Member")]
    case_no: Annotated[Text, label("案号", "Case no.")]


class EndMembership(Command, frozen=True, kw_only=True, tag="end-membership"):
    """Membership ends for good; leaving for another branch is a transfer instead."""

    zh = "登记党籍终止"
    en = "End membership"

    person_id: Annotated[PersonId, label("党员", "Member")]
    ground: Annotated[LeftGround, label("情形", "Ground")]
    reason: Annotated[Text, label("事由", "Reason")]
    approval_no: Annotated[Text, label("批准文号", "Approval document no.")] = ""


def suspend_membership(command: SuspendMembership, _context: Context, roster: Roster) -> Outcome:
    member = _member(roster, command.person_id)
    if _is_open(member.suspended):
        return []
    roster.must_be_active(command.person_id, command.occurred_on, "person_id")
    day = command.occurred_on
    return [MembershipSuspended(occurred_on=day, person_id=command.person_id, reason=command.reason, approval_no=command.approval_no)]


def reinstate_membership(command: ReinstateMembership, _context: Context, roster: Roster) -> Outcome:
    member = _member(roster, command.person_id)
    if not _is_open(member.suspended):
        return []
    day = command.occurred_on
    _after(day, member.suspended)
    return [MembershipReinstated(occurred_on=day, person_id=command.person_id, reason=command.reason, approval_no=command.approval_no)]


def suspend_voting_rights(command: SuspendVotingRights, _context: Context, roster: Roster) -> Outcome:
    member = roster.must_be_active(command.person_id, command.occurred_on, "person_id")
    if _is_open(member.no_vote):
        return []
    if member.status_on(command.occurred_on) is MemberStatus.PROBATIONARY:
        raise Refused("INV-014", "person_id")
    return [VotingSuspended(occurred_on=command.occurred_on, person_id=command.person_id, reason=command.reason)]


def restore_voting_rights(command: RestoreVotingRights, _context: Context, roster: Roster) -> Outcome:
    member = _member(roster, command.person_id)
    if not _is_open(member.no_vote):
        return []
    _after(command.occurred_on, member.no_vote)
    return [VotingRestored(occurred_on=command.occurred_on, person_id=command.person_id, reason=command.reason)]


def open_case(command: OpenCase, _context: Context, roster: Roster) -> Outcome:
    member = roster.must_be_active(command.person_id, command.occurred_on, "person_id")
    if command.case_no in member.open_cases:
        return []
    return [CaseOpened(occurred_on=command.occurred_on, person_id=command.person_id, case_no=command.case_no)]


def close_case(command: CloseCase, _context: Context, roster: Roster) -> Outcome:
    member = _member(roster, command.person_id)
    if command.case_no not in member.open_cases:
        return []
    return [CaseClosed(occurred_on=command.occurred_on, person_id=command.person_id, case_no=command.case_no)]


BY_CASE: Mapping[LeftGround, str] = {
    LeftGround.EXPELLED: "INV-088",
    LeftGround.REMOVED: "INV-089",
    LeftGround.PERSUADED: "INV-089",
}
"""Endings that a case of discipline or disposition decides (R-G08, R-H03), or the steps of a removal for arrears; never a word alone."""


def end_membership(command: EndMembership, _context: Context, roster: Roster) -> Outcome:
    """Whoever holds a post vacates it first, so that the committee's vacancy is on record."""
    member = _member(roster, command.person_id)
    if member.belongs.until is not None:
        return []
    if command.ground in BY_CASE:
        raise Refused(BY_CASE[command.ground], "ground")
    if command.occurred_on < member.belongs.since:
        raise Refused("INV-002", "occurred_on")
    if command.person_id in roster.committee_on(command.occurred_on):
        raise Conflict("the member still holds a post; vacate it first")
    if command.ground is not LeftGround.DECEASED and not command.approval_no:
        raise Malformed("approval_no is needed unless the member died")
    return [
        MemberLeft(
            occurred_on=command.occurred_on,
            person_id=member.person_id,
            ground=command.ground,
            reason=command.reason,
            approval_no=command.approval_no,
            id_index=member.profile.id_index,
        )
    ]


def _member(roster: Roster, person_id: PersonId) -> RosterMember:
    member = roster.members.get(person_id)
    if member is None:
        raise Absent(person_id)
    return member


def _is_open(spans: tuple[Span, ...]) -> bool:
    return bool(spans) and spans[-1].until is None


def _after(day: dt.date, spans: tuple[Span, ...]) -> None:
    """What ended something cannot lie before its beginning."""
    if day < spans[-1].since:
        raise Malformed(f"occurred_on lies before {spans[-1].since}")


CASES = (
    Case(command=SuspendMembership, right=Right.SUPERIOR_WRITE, reads=(ROSTER,), decide=suspend_membership),
    Case(command=ReinstateMembership, right=Right.SUPERIOR_WRITE, reads=(ROSTER,), decide=reinstate_membership),
    Case(command=SuspendVotingRights, right=Right.ROSTER_WRITE, reads=(ROSTER,), decide=suspend_voting_rights),
    Case(command=RestoreVotingRights, right=Right.ROSTER_WRITE, reads=(ROSTER,), decide=restore_voting_rights),
    Case(command=OpenCase, right=Right.SUPERIOR_WRITE, reads=(ROSTER,), decide=open_case),
    Case(command=CloseCase, right=Right.SUPERIOR_WRITE, reads=(ROSTER,), decide=close_case),
    Case(command=EndMembership, right=Right.ROSTER_WRITE, reads=(ROSTER,), decide=end_membership),
)
