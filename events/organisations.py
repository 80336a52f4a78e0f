"""Organisations: founded, registered, their Party groups, committee and posts; rules changed by event (norm N04, rules R-A).

Room: THE RECORD. Streams of the organisation's own book: `roster`, and `rules` for changed rules.
"""

import datetime as dt
import typing
from typing import Annotated, ClassVar

import msgspec

from events.base import Choice, Count, Event, GroupId, LongText, OrgId, PersonId, Text, Upcast

Title = Annotated[str, msgspec.Meta(min_length=1, max_length=100)]


class OrgKind(Choice):
    """Where an organisation stands in the tree."""

    COMMITTEE = "committee", "上级党组织", "Superior committee"
    BRANCH = "branch", "党支部", "Branch"


class BranchType(Choice):
    """What members a branch unites (R-A01 to R-A03)."""

    ORGAN = "organ", "机关党支部", "Office branch"
    INSTITUTION = "institution", "事业单位党支部", "Public institution branch"
    ENTERPRISE = "enterprise", "企业党支部", "Enterprise branch"
    COMMUNITY = "community", "社区党支部", "Community branch"
    VILLAGE = "village", "村党支部", "Village branch"
    SCHOOL = "school", "学校党支部", "School branch"
    RETIRED = "retired", "离退休党支部", "Retired members' branch"
    JOINT = "joint", "联合党支部", "Joint branch"
    MOBILE = "mobile", "流动党员党支部", "Mobile members' branch"
    OTHER = "other", "其他", "Other"


class Post(Choice):
    """Posts of a branch committee (R-A16)."""

    SECRETARY = "secretary", "书记", "Secretary"
    DEPUTY = "deputy", "副书记", "Deputy secretary"
    ORGANISATION = "organisation", "组织委员", "Organisation member"
    PUBLICITY = "publicity", "宣传委员", "Publicity member"
    DISCIPLINE = "discipline", "纪检委员", "Discipline member"
    MEMBER = "member", "委员", "Committee member"


class LeaderBy(Choice):
    """How a group leader was found (R-A08)."""

    NAMED = "named", "指定", "Named by the branch"
    RECOMMENDED = "recommended", "推荐", "Recommended by the group"


class Seat(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One person's post in a committee, with the votes of the election where there was one."""

    person_id: PersonId
    post: Post
    duties: Text = ""
    votes_due: Count | None = None
    votes_present: Count | None = None
    votes_for: Count | None = None


class OfRoster(Event, frozen=True, kw_only=True):
    """What shares the stream `roster`."""

    def stream(self) -> str:
        return "roster"


class OrganisationFounded(OfRoster, frozen=True, kw_only=True, tag="organisations.founded"):
    """The organisation came to be; page 1 of its book (N04.M01, R-A04)."""

    zh: ClassVar[str] = "党组织成立"
    en: ClassVar[str] = "Organisation founded"

    org_id: OrgId
    parent_id: OrgId | None
    kind: OrgKind
    name: Title
    short_name: Title
    branch_type: BranchType | None = None
    approval_no: Text = ""
    approved_on: dt.date | None = None


class BranchAdded(OfRoster, frozen=True, kw_only=True, tag="organisations.branch_added"):
    """At the superior: a branch was founded under it (R-A04)."""

    zh: ClassVar[str] = "下设党支部"
    en: ClassVar[str] = "Branch added"

    branch_id: OrgId
    name: Title
    approval_no: Text = ""


class BranchRegistered(OfRoster, frozen=True, kw_only=True, tag="organisations.registered"):
    """Contact and place of the branch, as its registration form says (党支部基本情况登记表)."""

    zh: ClassVar[str] = "党支部登记"
    en: ClassVar[str] = "Branch registered"

    contact: Text
    phone: Text
    venue: Text


class GroupFormed(OfRoster, frozen=True, kw_only=True, tag="organisations.group_formed"):
    """A Party group was formed (R-A08)."""

    zh: ClassVar[str] = "党小组成立"
    en: ClassVar[str] = "Party group formed"

    group_id: GroupId
    name: Title
    scope: Text = ""
    """The offices it covers (科室范围)."""


class GroupLeaderAppointed(OfRoster, frozen=True, kw_only=True, tag="organisations.group_leader_appointed"):
    """A group has a leader, named by the branch or recommended by the group (R-A08)."""

    zh: ClassVar[str] = "党小组组长确定"
    en: ClassVar[str] = "Group leader appointed"

    group_id: GroupId
    leader_id: PersonId
    by: LeaderBy


class GroupDissolved(OfRoster, frozen=True, kw_only=True, tag="organisations.group_dissolved"):
    """A group is no more; its members are in no group until assigned anew."""

    zh: ClassVar[str] = "党小组撤销"
    en: ClassVar[str] = "Party group dissolved"

    group_id: GroupId
    reason: Text


class CommitteeSeated(OfRoster, frozen=True, kw_only=True, tag="organisations.committee_seated"):
    """A committee (or, below seven full members, a secretary and at most a deputy) took office (N04.T02, INV-004 to INV-006)."""

    zh: ClassVar[str] = "支部委员会产生"
    en: ClassVar[str] = "Committee seated"

    term: Annotated[int, msgspec.Meta(ge=1, le=200)]
    """Number of the term (届次)."""
    term_ends_on: dt.date
    approval_no: Text
    seats: Annotated[tuple[Seat, ...], msgspec.Meta(min_length=1, max_length=15)]


class PostAssigned(OfRoster, frozen=True, kw_only=True, tag="organisations.post_assigned"):
    """Somebody took a post during the term (N04.T02)."""

    zh: ClassVar[str] = "委员分工/任职"
    en: ClassVar[str] = "Post assigned"

    term: int
    seat: Seat
    approval_no: Text


class PostVacated(OfRoster, frozen=True, kw_only=True, tag="organisations.post_vacated"):
    """Somebody left a post before the end of the term (N04.T02)."""

    zh: ClassVar[str] = "职务空缺"
    en: ClassVar[str] = "Post vacated"

    term: int
    person_id: PersonId
    post: Post
    reason: Text


class RuleChanged(Event, frozen=True, kw_only=True, tag="rules.changed"):
    """A number of the rule sheet was set anew from a date: in the committee's book for all, in a branch's book for that branch."""

    zh: ClassVar[str] = "规则参数变更"
    en: ClassVar[str] = "Rule changed"

    key: Text
    value: int | str | bool | list[typing.Any]
    effective_from: dt.date
    reason: LongText

    def stream(self) -> str:
        return "rules"


class StandardPublished(Event, frozen=True, kw_only=True, tag="standard.published"):
    """A version of the standard pack holds from now on, in the top committee's book; its files are kept under their hash."""

    zh: ClassVar[str] = "标准包发布"
    en: ClassVar[str] = "Standard published"

    version: Text
    sha256: Text
    size: int
    """Bytes of the bundle."""
    effective_from: dt.date
    """Nothing that began before this day is judged otherwise."""
    reason: LongText

    def stream(self) -> str:
        return "standard"


OrganisationEvent = (
    OrganisationFounded
    | BranchAdded
    | BranchRegistered
    | GroupFormed
    | GroupLeaderAppointed
    | GroupDissolved
    | CommitteeSeated
    | PostAssigned
    | PostVacated
)
"""What this noun adds to the stream `roster`."""

EVENTS: tuple[type[Event], ...] = (*typing.get_args(OrganisationEvent), RuleChanged, StandardPublished)

UPCASTS: dict[tuple[str, int], Upcast] = {}
