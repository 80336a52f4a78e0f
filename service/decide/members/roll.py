"""Decisions about members: registered, changed, grouped, converted (N02.T01, N04.M02; R-A, R-E01)."""

import datetime as dt
from typing import Annotated, Any

import msgspec
from stdnum.cn import ric
from stdnum.exceptions import InvalidChecksum, InvalidComponent, ValidationError

from events.base import GroupId, LongText, Month, PersonId, Text, month_of
from events.members import (
    Code,
    MemberAssignedToGroup,
    MemberConverted,
    MemberProfileChanged,
    MemberRegistered,
    MemberStatus,
    Sex,
)
from projections.standard.codes import CODES
from service.auth.rights import Right
from service.decide.base import Case, Command, Context, Outcome, label
from service.decide.roster import PROFILE, ROSTER, Roster, RosterMember, must_exist
from service.errors import Malformed, Refused

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
    """Something about a member changed or was wrong; what is left empty stays."""

    zh = "变更党员信息"
    en = "Change a member's profile"

    person_id: Annotated[PersonId, label("党员", "Member")]
    reason: Annotated[Text, label("变更原因", "Reason")]
    name: Annotated[ShortName | None, label("姓名", "Name")] = None
    sex: Annotated[Sex | None, label("性别", "Sex")] = None
    nationality: Annotated[Code | None, label("民族", "Nationality")] = None
    born_on: Annotated[dt.date | None, label("出生日期", "Born on")] = None
    id_number: Annotated[IdNumber | None, label("公民身份号码", "ID number")] = None
    native_place: Annotated[Text | None, label("籍贯", "Native place")] = None
    education: Annotated[Code | None, label("学历", "Education")] = None
    work_post: Annotated[Code | None, label("工作岗位", "Kind of work")] = None
    unit_and_post: Annotated[Text | None, label("工作单位及职务", "Unit and post")] = None
    started_work_on: Annotated[dt.date | None, label("参加工作时间", "Started work on")] = None
    admitted_on: Annotated[dt.date | None, label("入党时间", "Admitted on")] = None
    full_on: Annotated[dt.date | None, label("转正时间", "Full member since")] = None
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


def register_member(command: RegisterMember, context: Context, roster: Roster) -> Outcome:
    must_exist(roster, context)
    person_id = command.person_id or PersonId(context.event_ids[0])
    day = command.occurred_on
    known = roster.members.get(person_id)
    if known is not None and (known.belongs.until is None or day < known.belongs.until):
        raise Refused("INV-001", "person_id")
    check_group(roster, command.group_id, day)
    number = None if command.id_number is None else checked_id_number(command.id_number, command.born_on)
    _check_codes(command)
    _check_life(month_of(command.born_on), command.admitted_on, command.full_on, command.status)
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


def checked_id_number(number: str, born_on: dt.date | None = None, born_month: Month | None = None) -> str:
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
    if birthday != (born_on or birthday) or month_of(birthday) != (born_month or month_of(birthday)):
        raise Malformed("id_number does not agree with born_on")
    return compact


def _check_codes(command: RegisterMember | ChangeMemberProfile) -> None:
    """Only codes of the official lists."""
    for field, codes in (("nationality", "nation"), ("education", "education"), ("work_post", "work")):
        if (code := getattr(command, field)) is not None and code not in CODES[codes]:
            raise Malformed(f"{field}: there is no code {code}")


def _check_life(born_month: Month, admitted_on: dt.date, full_on: dt.date | None, status: MemberStatus) -> None:
    """Dates of a life in their order."""
    if month_of(admitted_on) <= born_month:
        raise Malformed("admitted_on lies before born_on")
    if (full_on is None) != (status is MemberStatus.PROBATIONARY):
        raise Malformed("full_on is given for full members, and for them only")
    if full_on is not None and full_on < admitted_on:
        raise Malformed("full_on lies before admitted_on")


def check_group(roster: Roster, group_id: GroupId | None, day: dt.date) -> None:
    """INV-003: where the branch has groups, a member is in exactly one of them."""
    groups = roster.groups_on(day)
    if (group_id is None and groups) or (group_id is not None and group_id not in groups):
        raise Refused("INV-003", "group_id")


def change_member_profile(command: ChangeMemberProfile, context: Context, roster: Roster) -> Outcome:
    member = roster.must_be_active(command.person_id, command.occurred_on, "person_id")
    _check_codes(command)
    changes = _changes(command, context, member)
    if not changes:
        return []
    if "id_index" in changes:
        changes["replaced_index"] = member.profile.id_index
    return [MemberProfileChanged(occurred_on=command.occurred_on, person_id=command.person_id, reason=command.reason, **changes)]


def _changes(command: ChangeMemberProfile, context: Context, member: RosterMember) -> dict[str, Any]:
    """What is given and not so already. A sealed field cannot be compared; the ID number can, by its index."""
    before = member.profile
    born_month = before.born_month if command.born_on is None else month_of(command.born_on)
    given: dict[str, Any] = {field: getattr(command, field, None) for field in PROFILE}
    given |= {
        "born_on": None if command.born_on is None else command.born_on.isoformat(),
        "born_month": born_month,
        "started_work": None if command.started_work_on is None else month_of(command.started_work_on),
    }
    if command.id_number is not None:
        given["id_number"] = checked_id_number(command.id_number, command.born_on, born_month)
        given["id_index"] = context.blind(given["id_number"])
        if given["id_index"] == before.id_index:
            given["id_number"] = None
    full_on = member.converted_on or before.full_on
    if any((command.born_on, command.admitted_on, command.full_on)):
        _check_life(born_month, command.admitted_on or before.admitted_on, command.full_on or full_on, member.status)
    known = {field: getattr(before, field) for field in PROFILE} | {"full_on": full_on}
    return {field: value for field, value in given.items() if value is not None and value != known[field]}


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


CASES = (
    Case(command=RegisterMember, right=Right.ROSTER_WRITE, reads=(ROSTER,), decide=register_member),
    Case(command=ChangeMemberProfile, right=Right.ROSTER_WRITE, reads=(ROSTER,), decide=change_member_profile),
    Case(command=AssignMemberToGroup, right=Right.ROSTER_WRITE, reads=(ROSTER,), decide=assign_member_to_group),
    Case(command=ConvertMember, right=Right.ROSTER_WRITE, reads=(ROSTER,), decide=convert_member),
)
