"""Decisions about members: registered, changed, grouped, converted, suspended, ended (N02.T01, N04.M02; R-A, R-E, R-G02)."""

import datetime as dt
from typing import Annotated

import msgspec
from stdnum.cn import ric
from stdnum.exceptions import InvalidChecksum, InvalidComponent, ValidationError

from events.base import GroupId, LongText, PersonId, Text, month_of
from events.members import (
    CaseClosed,
    CaseOpened,
    Code,
    LeftGround,
    MemberAssignedToGroup,
    MemberConverted,
    MemberLeft,
    MemberProfileChanged,
    MemberRegistered,
    MembershipReinstated,
    MembershipSuspended,
    MemberStatus,
    Sex,
    VotingRestored,
    VotingSuspended,
)
from service.auth.rights import Right
from service.decide.base import Case, Command, Context, Outcome, label
from service.decide.roster import PROFILE, ROSTER, Roster, RosterMember, must_exist
from service.errors import Absent, Conflict, Malformed, Refused

Name = Annotated[str, label("姓名", "Name", min_length=1, max_length=60)]
ShortName = Annotated[str, msgspec.Meta(min_length=1, max_length=60)]
IdNumber = Annotated[str, msgspec.Meta(max_length=18)]


class RegisterMember(Command, frozen=True, kw_only=True, tag="register-member"):
    """A member is put on the roll (INV-001: nobody is on two rolls)."""

    zh = "登记党员"
    en = "Register a member"

    name: Name
    sex: Annotated[Sex, label("性别", "Sex")]
    nationality: Annotated[Code, label("民族", "Nationality")]
    born_on: Annotated[dt.date, label("出生日期", "Born on")]
    id_number: Annotated[IdNumber | None, label("公民身份号码", "ID number")] = None
    native_place: Annotated[Text | None, label("籍贯", "Native place")] = None
    education: Annotated[Code, label("学历", "Education")]
    work_post: Annotated[Code | None, label("工作岗位", "Kind of work")] = None
    unit_and_post: Annotated[Text | None, label("工作单位及职务", "Unit and post")] = None
    started_work_on: Annotated[dt.date | None, label("参加工作时间", "Started work on")] = None
    status: Annotated[MemberStatus, label("党员类别", "Status")]
    admitted_on: Annotated[
        dt.date,
        label("入党时间", "Admitted on", help_zh="支部大会通过接收预备党员之日", help_en="Day on which the general meeting admitted"),
    ]
    full_on: Annotated[dt.date | None, label("转正时间", "Full member since")] = None
    phone: Annotated[Text | None, label("联系电话", "Telephone")] = None
    address: Annotated[Text | None, label("现居住地", "Address")] = None
    group_id: Annotated[GroupId | None, label("所在党小组", "Party group")] = None
    mobile: Annotated[bool, label("是否流动党员", "Mobile member")] = False
    hardship: Annotated[bool, label("是否困难党员", "Member in hardship")] = False
    remark: Annotated[LongText | None, label("备注", "Remark")] = None
    person_id: Annotated[PersonId | None, label("人员编号", "Person id")] = None


class ChangeMemberProfile(Command, frozen=True, kw_only=True, tag="change-member-profile"):
    """Something about a member changed; what is left empty stays."""

    zh = "变更党员信息"
    en = "Change a member's profile"

    person_id: Annotated[PersonId, label("党员", "Member")]
    reason: Annotated[Text, label("变更原因", "Reason")]
    name: Annotated[ShortName | None, label("姓名", "Name")] = None
    native_place: Annotated[Text | None, label("籍贯", "Native place")] = None
    education: Annotated[Code | None, label("学历", "Education")] = None
    work_post: Annotated[Code | None, label("工作岗位", "Kind of work")] = None
    unit_and_post: Annotated[Text | None, label("工作单位及职务", "Unit and post")] = None
    phone: Annotated[Text | None, label("联系电话", "Telephone")] = None
    address: Annotated[Text | None, label("现居住地", "Address")] = None
    mobile: Annotated[bool | None, label("是否流动党员", "Mobile member")] = None
    hardship: Annotated[bool | None, label("是否困难党员", "Member in hardship")] = None
    remark: Annotated[LongText | None, label("备注", "Remark")] = None


class AssignMemberToGroup(Command, frozen=True, kw_only=True, tag="assign-member-to-group"):
    """A member is put in a Party group and thereby leaves any other (INV-003)."""

    zh = "党员编入党小组"
    en = "Assign a member to a group"

    person_id: Annotated[PersonId, label("党员", "Member")]
    group_id: Annotated[GroupId, label("党小组", "Party group")]


class ConvertMember(Command, frozen=True, kw_only=True, tag="convert-member"):
    """A probationary member becomes a full one."""

    zh = "预备党员转正登记"
    en = "Convert a probationary member"

    person_id: Annotated[PersonId, label("党员", "Member")]
    approval_no: Annotated[Text, label("批准文号", "Approval document no.")]


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


def register_member(command: RegisterMember, context: Context, roster: Roster) -> Outcome:
    must_exist(roster, context)
    person_id = command.person_id or PersonId(context.event_ids[0])
    if person_id in roster.members and roster.members[person_id].belongs.until is None:
        raise Refused("INV-001", "person_id")
    day = command.occurred_on
    check_group(roster, command.group_id, day)
    number = None if command.id_number is None else checked_id_number(command.id_number, command.born_on)
    _check_life(command)
    return [
        MemberRegistered(
            occurred_on=day,
            joined_on=day,
            person_id=person_id,
            name=command.name.strip(),
            sex=command.sex,
            nationality=command.nationality,
            born_on=command.born_on.isoformat(),
            born_month=month_of(command.born_on),
            id_number=number,
            id_index=None if number is None else context.blind(number),
            native_place=command.native_place,
            education=command.education,
            work_post=command.work_post,
            unit_and_post=command.unit_and_post,
            started_work=None if command.started_work_on is None else month_of(command.started_work_on),
            status=command.status,
            admitted_on=command.admitted_on,
            full_on=command.full_on,
            phone=command.phone,
            address=command.address,
            group_id=command.group_id,
            mobile=command.mobile,
            hardship=command.hardship,
            remark=command.remark,
        )
    ]


def checked_id_number(number: str, born_on: dt.date | None = None) -> str:
    """Eighteen characters with a valid check digit and the birthday in them; the region may be unassigned. Raises `Malformed`."""
    number = number.strip().upper()
    try:
        compact = ric.compact(number)
        if len(compact) != len("110101199003078888") or not compact[:-1].isdecimal():
            raise Malformed("id_number must have 18 characters")
        if ric.calc_check_digit(compact) != compact[-1]:
            raise Malformed("id_number has a wrong check digit")
        birthday = ric.get_birth_date(compact)
    except (InvalidChecksum, InvalidComponent, ValidationError) as error:
        raise Malformed("id_number is not valid") from error
    if born_on is not None and birthday != born_on:
        raise Malformed("id_number does not agree with born_on")
    return compact


def _check_life(command: RegisterMember) -> None:
    """Dates of a life in their order."""
    if command.admitted_on <= command.born_on:
        raise Malformed("admitted_on lies before born_on")
    if (command.full_on is None) != (command.status is MemberStatus.PROBATIONARY):
        raise Malformed("full_on is given for full members, and for them only")
    if command.full_on is not None and command.full_on < command.admitted_on:
        raise Malformed("full_on lies before admitted_on")


def check_group(roster: Roster, group_id: GroupId | None, day: dt.date) -> None:
    """INV-003: where the branch has groups, a member is in exactly one of them."""
    groups = roster.groups_on(day)
    if (group_id is None and groups) or (group_id is not None and group_id not in groups):
        raise Refused("INV-003", "group_id")


def change_member_profile(command: ChangeMemberProfile, _context: Context, roster: Roster) -> Outcome:
    roster.must_be_active(command.person_id, command.occurred_on, "person_id")
    changes = {field: value for field in PROFILE if (value := getattr(command, field)) is not None}
    if not changes:
        return []
    return [MemberProfileChanged(occurred_on=command.occurred_on, person_id=command.person_id, reason=command.reason, **changes)]


def assign_member_to_group(command: AssignMemberToGroup, _context: Context, roster: Roster) -> Outcome:
    day = command.occurred_on
    roster.must_be_active(command.person_id, day, "person_id")
    check_group(roster, command.group_id, day)
    if roster.group_of(command.person_id, day) == command.group_id:
        return []
    return [MemberAssignedToGroup(occurred_on=day, person_id=command.person_id, group_id=command.group_id)]


def convert_member(command: ConvertMember, _context: Context, roster: Roster) -> Outcome:
    member = roster.must_be_active(command.person_id, command.occurred_on, "person_id")
    if member.status is MemberStatus.FULL:
        return []
    if command.occurred_on <= member.profile.admitted_on:
        raise Malformed("conversion lies before admission")
    return [MemberConverted(occurred_on=command.occurred_on, person_id=command.person_id, approval_no=command.approval_no)]


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


def end_membership(command: EndMembership, _context: Context, roster: Roster) -> Outcome:
    """Whoever holds a post vacates it first, so that the committee's vacancy is on record."""
    member = _member(roster, command.person_id)
    if member.belongs.until is not None:
        return []
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


def _is_open(spans: tuple[object, ...]) -> bool:
    return bool(spans) and getattr(spans[-1], "until", None) is None


CASES = (
    Case(command=RegisterMember, right=Right.ROSTER_WRITE, reads=(ROSTER,), decide=register_member),
    Case(command=ChangeMemberProfile, right=Right.ROSTER_WRITE, reads=(ROSTER,), decide=change_member_profile),
    Case(command=AssignMemberToGroup, right=Right.ROSTER_WRITE, reads=(ROSTER,), decide=assign_member_to_group),
    Case(command=ConvertMember, right=Right.ROSTER_WRITE, reads=(ROSTER,), decide=convert_member),
    Case(command=SuspendMembership, right=Right.SUPERIOR_WRITE, reads=(ROSTER,), decide=suspend_membership),
    Case(command=ReinstateMembership, right=Right.SUPERIOR_WRITE, reads=(ROSTER,), decide=reinstate_membership),
    Case(command=SuspendVotingRights, right=Right.ROSTER_WRITE, reads=(ROSTER,), decide=suspend_voting_rights),
    Case(command=RestoreVotingRights, right=Right.ROSTER_WRITE, reads=(ROSTER,), decide=restore_voting_rights),
    Case(command=OpenCase, right=Right.SUPERIOR_WRITE, reads=(ROSTER,), decide=open_case),
    Case(command=CloseCase, right=Right.SUPERIOR_WRITE, reads=(ROSTER,), decide=close_case),
    Case(command=EndMembership, right=Right.ROSTER_WRITE, reads=(ROSTER,), decide=end_membership),
)
