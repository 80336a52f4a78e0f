"""Decisions about organisations: founding, registration, groups, committee and posts, changed rules (N02.T01, N04; R-A)."""

import datetime as dt
from collections import Counter
from typing import Annotated, Any

from events.base import GroupId, LongText, OrgId, PersonId, Text
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
    Post,
    PostAssigned,
    PostVacated,
    RuleChanged,
    Seat,
    Title,
)
from projections.standard.pack import same_shape
from service.auth.rights import Right
from service.decide.base import Case, Command, Context, Elsewhere, Fold, Outcome, label
from service.decide.roster import ROSTER, Roster, Tenure, evolve, must_exist
from service.decide.rules import RULES, Overrides
from service.errors import Absent, Conflict, Malformed, Refused

SINGLE_POSTS = (Post.SECRETARY, Post.DEPUTY)


class FoundCommittee(Command, frozen=True, kw_only=True, tag="found-committee"):
    """The superior committee itself begins to keep books; sent to its own, still empty book."""

    zh = "设立上级党组织"
    en = "Found the committee"

    name: Annotated[Title, label("党组织名称", "Name")]
    short_name: Annotated[Title, label("简称", "Short name")]


class FoundBranch(Command, frozen=True, kw_only=True, tag="found-branch"):
    """A branch is founded under this committee (R-A04)."""

    zh = "批准成立党支部"
    en = "Found a branch"

    branch_id: Annotated[
        OrgId,
        label("支部编号", "Branch code", help_zh="字母、数字和连字符，以后不能更改", help_en="Letters, digits and hyphens; never changed"),
    ]
    name: Annotated[Title, label("党支部名称", "Name")]
    short_name: Annotated[Title, label("简称", "Short name")]
    branch_type: Annotated[BranchType, label("支部类型", "Type of branch")]
    approval_no: Annotated[Text, label("批准文号", "Approval document no.")]


class RegisterBranch(Command, frozen=True, kw_only=True, tag="register-branch"):
    """Contact and place of the branch."""

    zh = "登记党支部基本情况"
    en = "Register branch particulars"

    contact: Annotated[Text, label("联系人", "Contact")]
    phone: Annotated[Text, label("电话", "Telephone of the office")]
    venue: Annotated[Text, label("活动场所", "Venue")]


class FormGroup(Command, frozen=True, kw_only=True, tag="form-group"):
    """A Party group is formed (R-A08)."""

    zh = "成立党小组"
    en = "Form a Party group"

    name: Annotated[Title, label("党小组名称", "Name of the group")]
    scope: Annotated[Text, label("科室范围", "Offices covered")] = ""
    group_id: Annotated[GroupId | None, label("小组编号", "Group id")] = None


class AppointGroupLeader(Command, frozen=True, kw_only=True, tag="appoint-group-leader"):
    """A group gets its leader (R-A08)."""

    zh = "确定党小组组长"
    en = "Appoint a group leader"

    group_id: Annotated[GroupId, label("党小组", "Party group")]
    leader_id: Annotated[PersonId, label("组长", "Leader")]
    by: Annotated[LeaderBy, label("产生方式", "How found")]


class DissolveGroup(Command, frozen=True, kw_only=True, tag="dissolve-group"):
    """A group ends; its members must have been assigned elsewhere unless it is the last one."""

    zh = "撤销党小组"
    en = "Dissolve a Party group"

    group_id: Annotated[GroupId, label("党小组", "Party group")]
    reason: Annotated[Text, label("事由", "Reason")]


class SeatCommittee(Command, frozen=True, kw_only=True, tag="seat-committee"):
    """A new committee takes office; below seven full members, a secretary and at most a deputy (R-A16, R-A17)."""

    zh = "登记支部班子"
    en = "Seat the committee"

    term: Annotated[int, label("届次", "Term no.", ge=1, le=200)]
    term_ends_on: Annotated[dt.date, label("任期届满日期", "Term ends on")]
    approval_no: Annotated[Text, label("批准文号", "Approval document no.")]
    seats: Annotated[tuple[Seat, ...], label("班子成员", "Seats", min_length=1, max_length=15)]


class AssignPost(Command, frozen=True, kw_only=True, tag="assign-post"):
    """Somebody takes a vacant post during the term (N04.T02)."""

    zh = "委员任职"
    en = "Assign a post"

    person_id: Annotated[PersonId, label("姓名", "Member")]
    post: Annotated[Post, label("党内职务", "Post")]
    duties: Annotated[Text, label("分工", "Duties")] = ""
    approval_no: Annotated[Text, label("批准文号", "Approval document no.")] = ""


class VacatePost(Command, frozen=True, kw_only=True, tag="vacate-post"):
    """Somebody leaves a post (N04.T02)."""

    zh = "免去职务"
    en = "Vacate a post"

    person_id: Annotated[PersonId, label("姓名", "Member")]
    post: Annotated[Post, label("党内职务", "Post")]
    reason: Annotated[Text, label("原因", "Reason")]


class ChangeRule(Command, frozen=True, kw_only=True, tag="change-rule"):
    """A number of the rule sheet is set anew from a date on; earlier dates keep the old rule."""

    zh = "调整规则参数"
    en = "Change a rule"

    key: Annotated[Text, label("参数", "Setting")]
    value: Annotated[int | str | bool | list[Any], label("数值", "Value", help_zh="写法同现行数值", help_en="Written like the present one")]
    effective_from: Annotated[dt.date, label("生效日期", "Effective from")]
    reason: Annotated[LongText, label("依据", "Ground")]


def found_committee(command: FoundCommittee, context: Context, roster: Roster) -> Outcome:
    if roster.founded is not None:
        return [] if roster.founded.name == command.name else _already(context.org_id)
    return [_founded(command, context.org_id, None, OrgKind.COMMITTEE)]


def found_branch(command: FoundBranch, context: Context, roster: Roster, branch: Roster) -> Outcome:
    """The branch's own book begins with its founding; the committee's notes it."""
    if roster.founded is None or roster.founded.kind is not OrgKind.COMMITTEE:
        raise Absent(context.org_id)
    if branch.founded is not None:
        return [] if branch.founded.name == command.name and branch.parent_id == context.org_id else _already(command.branch_id)
    added = BranchAdded(occurred_on=command.occurred_on, branch_id=command.branch_id, name=command.name, approval_no=command.approval_no)
    return [added, Elsewhere(command.branch_id, _founded(command, command.branch_id, context.org_id, OrgKind.BRANCH))]


def _already(org_id: OrgId) -> Outcome:
    raise Conflict(f"{org_id} exists already")


def _founded(command: FoundCommittee | FoundBranch, org_id: OrgId, parent_id: OrgId | None, kind: OrgKind) -> OrganisationFounded:
    branch = command if isinstance(command, FoundBranch) else None
    return OrganisationFounded(
        occurred_on=command.occurred_on,
        org_id=org_id,
        parent_id=parent_id,
        kind=kind,
        name=command.name,
        short_name=command.short_name,
        branch_type=branch.branch_type if branch else None,
        approval_no=branch.approval_no if branch else "",
        approved_on=command.occurred_on if branch else None,
    )


def register_branch(command: RegisterBranch, context: Context, roster: Roster) -> Outcome:
    must_exist(roster, context)
    known = roster.registered
    if known is not None and (known.contact, known.phone, known.venue) == (command.contact, command.phone, command.venue):
        return []
    return [BranchRegistered(occurred_on=command.occurred_on, contact=command.contact, phone=command.phone, venue=command.venue)]


def form_group(command: FormGroup, context: Context, roster: Roster) -> Outcome:
    must_exist(roster, context)
    group_id = command.group_id or GroupId(context.event_ids[0])
    if group_id in roster.groups:
        return [] if roster.groups[group_id].name == command.name else _already(OrgId(group_id))
    return [GroupFormed(occurred_on=command.occurred_on, group_id=group_id, name=command.name, scope=command.scope)]


def _living_group(roster: Roster, group_id: GroupId, day: dt.date) -> None:
    if group_id not in roster.groups_on(day):
        raise Absent(group_id)


def appoint_group_leader(command: AppointGroupLeader, _context: Context, roster: Roster) -> Outcome:
    """INV-003: the leader is a member of that very group."""
    day = command.occurred_on
    _living_group(roster, command.group_id, day)
    roster.must_be_active(command.leader_id, day, "leader_id")
    if roster.group_of(command.leader_id, day) != command.group_id:
        raise Refused("INV-003", "leader_id")
    if roster.group_leader_on(command.group_id, day) == command.leader_id:
        return []
    return [GroupLeaderAppointed(occurred_on=day, group_id=command.group_id, leader_id=command.leader_id, by=command.by)]


def dissolve_group(command: DissolveGroup, _context: Context, roster: Roster) -> Outcome:
    """INV-003: while the branch has other groups, nobody may be left without one."""
    group = roster.groups.get(command.group_id)
    if group is None:
        raise Absent(command.group_id)
    if group.exists.until is not None:
        return []
    day = command.occurred_on
    _not_before(day, group.exists.since)
    left = [person for person in roster.members_on(day) if roster.group_of(person, day) == command.group_id]
    if left and len(roster.groups_on(day)) > 1:
        raise Refused("INV-003", "group_id", detail=str(len(left)))
    return [GroupDissolved(occurred_on=day, group_id=command.group_id, reason=command.reason)]


def seat_committee(command: SeatCommittee, context: Context, roster: Roster) -> Outcome:
    must_exist(roster, context)
    if roster.term == command.term and _seated(roster) == {(seat.person_id, seat.post) for seat in command.seats}:
        return []
    if command.term <= roster.term:
        raise Conflict(f"term {roster.term} is on record already")
    if command.term_ends_on <= command.occurred_on:
        raise Malformed("term_ends_on must lie after the day of seating")
    if len({(seat.person_id, seat.post) for seat in command.seats}) < len(command.seats):
        raise Malformed("seats name a post twice for one person")
    for tenure in roster.tenures:
        if tenure.held.until is None:
            _not_before(command.occurred_on, tenure.held.since)
    if not command.approval_no.strip():
        raise Refused("INV-034", "approval_no")
    for seat in command.seats:
        _check_seat(roster, seat.person_id, command.occurred_on, "seats")
    check_seats(command.seats, full_members=len(roster.full_members_on(command.occurred_on)), seats_set=_seats_set(context))
    return [
        CommitteeSeated(
            occurred_on=command.occurred_on,
            term=command.term,
            term_ends_on=command.term_ends_on,
            approval_no=command.approval_no,
            seats=command.seats,
        )
    ]


def _seated(roster: Roster) -> set[tuple[PersonId, Post]]:
    return {(tenure.person_id, tenure.post) for tenure in roster.tenures if tenure.held.until is None}


def _seats_set(context: Context) -> tuple[int, int, int, int]:
    """(seats of this branch, least, most, full members from which there is a committee)."""
    rules = context.rules
    return (
        rules.number("committee.seats"),
        rules.number("committee.seats_min"),
        rules.number("committee.seats_max"),
        rules.number("committee.min_full_members"),
    )


def check_seats(seats: tuple[Seat, ...], *, full_members: int, seats_set: tuple[int, int, int, int]) -> None:
    """INV-004, INV-005, INV-006 (R-A16): who may make up a committee. One person may hold two posts, but not these two."""
    holders: dict[Post, set[PersonId]] = {}
    for seat in seats:
        holders.setdefault(seat.post, set()).add(seat.person_id)
    posts = Counter(seat.post for seat in seats)
    if posts[Post.SECRETARY] != 1 or posts[Post.DEPUTY] > 1:
        raise Refused("INV-006", "seats")
    if holders[Post.SECRETARY] & holders.get(Post.DEPUTY, set()):
        raise Refused("INV-006", "seats")
    wanted, least, most, from_members = seats_set
    people = len({seat.person_id for seat in seats})
    if full_members < from_members:
        if any(seat.post not in SINGLE_POSTS for seat in seats):
            raise Refused("INV-004", "seats", detail=str(full_members))
    elif people != wanted or not least <= people <= most:
        raise Refused("INV-005", "seats", detail=str(people))


def _check_seat(roster: Roster, person_id: PersonId, day: dt.date, field: str) -> None:
    """INV-002, INV-009, INV-014: only full members with their rights stand for a post."""
    roster.must_be_active(person_id, day, field)
    if person_id not in roster.voters_on(day):
        raise Refused("INV-014", field, detail=person_id)


def assign_post(command: AssignPost, context: Context, roster: Roster) -> Outcome:
    must_exist(roster, context)
    day = command.occurred_on
    _check_seat(roster, command.person_id, day, "person_id")
    current = _from_then_on(roster, day)
    held = {tenure.post for tenure in current if tenure.person_id == command.person_id}
    if command.post in held:
        return []
    if command.post in SINGLE_POSTS and (any(tenure.post is command.post for tenure in current) or held & set(SINGLE_POSTS)):
        raise Refused("INV-006", "post")
    if command.post in SINGLE_POSTS and not command.approval_no.strip():
        raise Refused("INV-034", "approval_no")
    if command.post not in SINGLE_POSTS and len(roster.full_members_on(day)) < context.rules.number("committee.min_full_members"):
        raise Refused("INV-004", "post")
    seated = {command.person_id, *(tenure.person_id for tenure in current)}
    if len(seated) > context.rules.number("committee.seats"):
        raise Refused("INV-005", "post", detail=str(len(seated)))
    seat = Seat(person_id=command.person_id, post=command.post, duties=command.duties)
    return [PostAssigned(occurred_on=day, term=roster.term, seat=seat, approval_no=command.approval_no)]


def _from_then_on(roster: Roster, day: dt.date) -> list[Tenure]:
    """Who holds a post on that day or later: a late entry must not clash with what came after it."""
    return [tenure for tenure in roster.tenures if tenure.held.until is None or day < tenure.held.until]


def _not_before(day: dt.date, since: dt.date) -> None:
    """What ended something cannot lie before its beginning."""
    if day < since:
        raise Malformed(f"occurred_on lies before {since}")


def vacate_post(command: VacatePost, _context: Context, roster: Roster) -> Outcome:
    tenures = [tenure for tenure in roster.tenures if (tenure.person_id, tenure.post) == (command.person_id, command.post)]
    if not tenures:
        raise Absent(command.person_id)
    if tenures[-1].held.until is not None:
        return []
    _not_before(command.occurred_on, tenures[-1].held.since)
    return [
        PostVacated(
            occurred_on=command.occurred_on,
            term=roster.term,
            person_id=command.person_id,
            post=command.post,
            reason=command.reason,
        )
    ]


def change_rule(command: ChangeRule, context: Context, roster: Roster, overrides: Overrides) -> Outcome:
    """Only keys that the pack knows, with a value of the same shape; a rule may be set for the future or, with a ground, for the past."""
    must_exist(roster, context)
    if command.key not in context.rules.values:
        raise Absent(command.key)
    current = context.rules.values[command.key]
    if not same_shape(current, command.value):
        raise Malformed(f"value of {command.key} must be {type(current).__name__}")
    same_day = [change for change in overrides if (change.key, change.effective_from) == (command.key, command.effective_from)]
    if same_day and same_day[-1].value == command.value:
        return []
    changed = RuleChanged(
        occurred_on=command.occurred_on,
        key=command.key,
        value=command.value,
        effective_from=command.effective_from,
        reason=command.reason,
    )
    return [changed]


BRANCH = Fold[Roster](
    name="roster",
    book=lambda _org, command: command.branch_id,
    stream=lambda _command: "roster",
    initial=Roster(),
    evolve=evolve,
)

CASES = (
    Case(command=FoundCommittee, right=Right.SYSTEM_WRITE, reads=(ROSTER,), decide=found_committee),
    Case(command=FoundBranch, right=Right.ORGANISATION_FOUND, reads=(ROSTER, BRANCH), decide=found_branch),
    Case(command=RegisterBranch, right=Right.ROSTER_WRITE, reads=(ROSTER,), decide=register_branch),
    Case(command=FormGroup, right=Right.ROSTER_WRITE, reads=(ROSTER,), decide=form_group),
    Case(command=AppointGroupLeader, right=Right.ROSTER_WRITE, reads=(ROSTER,), decide=appoint_group_leader),
    Case(command=DissolveGroup, right=Right.ROSTER_WRITE, reads=(ROSTER,), decide=dissolve_group),
    Case(command=SeatCommittee, right=Right.ROSTER_WRITE, reads=(ROSTER,), decide=seat_committee),
    Case(command=AssignPost, right=Right.ROSTER_WRITE, reads=(ROSTER,), decide=assign_post),
    Case(command=VacatePost, right=Right.ROSTER_WRITE, reads=(ROSTER,), decide=vacate_post),
    Case(command=ChangeRule, right=Right.SUPERIOR_WRITE, reads=(ROSTER, RULES), decide=change_rule),
)
