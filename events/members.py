"""Members of a branch: registered, changed, grouped, suspended, transferred, left (norms N02, N04; R-E, R-G02, R-H).

Room: THE RECORD. All of it lives in the stream `roster` of the branch. Names, birthdays, numbers and addresses are sealed.
"""

import datetime as dt
import typing
from typing import Annotated, ClassVar

import msgspec

from events.base import Choice, Claim, Event, GroupId, LetterId, Month, OrgId, Personal, PersonId, Sensitive, Text, Upcast

Code = Annotated[str, msgspec.Meta(pattern=r"^[0-9A-Z]{1,4}$")]
"""A code of the official lists (民族, 学历, 工作岗位)."""
BlindIndex = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{40}$")]


class Sex(Choice):
    """As on the identity card."""

    MALE = "male", "男", "Male"
    FEMALE = "female", "女", "Female"


class MemberStatus(Choice):
    """Full and probationary members (党章 Art. 7)."""

    FULL = "full", "正式党员", "Full member"
    PROBATIONARY = "probationary", "预备党员", "Probationary member"


class LeftGround(Choice):
    """Why a membership ended."""

    REMOVED = "removed", "党内除名", "Removed"
    EXPELLED = "expelled", "开除党籍", "Expelled"
    WITHDREW = "withdrew", "退党除名", "Withdrew"
    PERSUADED = "persuaded", "劝其退党", "Persuaded to resign"
    CANCELLED = "cancelled", "取消预备党员资格", "Probationary status cancelled"
    DECEASED = "deceased", "去世", "Deceased"


class CaseKind(Choice):
    """What a case is to decide."""

    DISCIPLINE = "discipline", "党纪处分", "Discipline"
    DISPOSITION = "disposition", "不合格党员处置", "Disposition"


class InfluenceBar(Choice):
    """What an influence period bars from (R-G03)."""

    HIGHER = "higher", "不得提任更高党内职务", "No higher post in the Party"
    EQUAL_OR_HIGHER = "equal_or_higher", "不得担任同级以上党内职务", "No equal or higher post in the Party"
    READMISSION = "readmission", "不得重新入党", "No admission anew"


class OfMember(Event, frozen=True, kw_only=True):
    """What all member events share: the person, and the stream."""

    person_id: PersonId

    def stream(self) -> str:
        return "roster"


class Entered(OfMember, frozen=True, kw_only=True):
    """The columns of the roll (党员花名册) with which a member enters it."""

    name: Personal
    sex: Sex
    nationality: Code
    born_on: Sensitive | None = None
    """ISO date."""
    born_month: Month
    id_number: Sensitive | None = None
    id_index: BlindIndex | None = None
    native_place: Sensitive | None = None
    education: Code
    work_post: Code | None = None
    unit_and_post: Personal | None = None
    started_work: Month | None = None
    status: MemberStatus
    admitted_on: dt.date
    """Day on which the general meeting admitted the probationary member (入党时间)."""
    full_on: dt.date | None = None
    phone: Sensitive | None = None
    address: Sensitive | None = None
    group_id: GroupId | None = None
    mobile: bool = False
    hardship: bool = False
    remark: Personal | None = None

    def claims(self) -> tuple[Claim, ...]:
        number = () if self.id_index is None else (Claim(kind="id-number", value=self.id_index),)
        return (Claim(kind="member", value=self.person_id), *number)


class MemberRegistered(Entered, frozen=True, kw_only=True, tag="members.registered"):
    """A member was put on the roll of the branch (N04.M02, INV-001)."""

    zh: ClassVar[str] = "党员登记入册"
    en: ClassVar[str] = "Member registered"

    joined_on: dt.date
    """Day from which the member counts in this branch."""


class MemberTransferredIn(Entered, frozen=True, kw_only=True, tag="members.transferred_in"):
    """A member's relation came from another organisation; counts here from `occurred_on` (N15.T02, R-E01, R-E04)."""

    zh: ClassVar[str] = "党员转入"
    en: ClassVar[str] = "Member transferred in"

    letter_id: LetterId
    from_org_id: OrgId | None = None
    from_name: Text


class MemberTransferredOut(OfMember, frozen=True, kw_only=True, tag="members.transferred_out"):
    """The relation went to another organisation, which accepted the member on `occurred_on` (R-E01, R-E04)."""

    zh: ClassVar[str] = "党员转出"
    en: ClassVar[str] = "Member transferred out"

    letter_id: LetterId
    to_org_id: OrgId | None = None
    to_name: Text
    id_index: BlindIndex | None = None

    def claims(self) -> tuple[Claim, ...]:
        return given_back(self.person_id, self.id_index)


class MemberProfileChanged(OfMember, frozen=True, kw_only=True, tag="members.profile_changed"):
    """Something about the member changed or was put right, an ID number too (INV-001); fields that are None stay as they are."""

    zh: ClassVar[str] = "党员信息变更"
    en: ClassVar[str] = "Member profile changed"

    reason: Text
    name: Personal | None = None
    sex: Sex | None = None
    nationality: Code | None = None
    born_on: Sensitive | None = None
    born_month: Month | None = None
    id_number: Sensitive | None = None
    id_index: BlindIndex | None = None
    replaced_index: BlindIndex | None = None
    """The index of the number that was wrong; free again."""
    native_place: Sensitive | None = None
    education: Code | None = None
    work_post: Code | None = None
    unit_and_post: Personal | None = None
    started_work: Month | None = None
    admitted_on: dt.date | None = None
    full_on: dt.date | None = None
    phone: Sensitive | None = None
    address: Sensitive | None = None
    mobile: bool | None = None
    hardship: bool | None = None
    remark: Personal | None = None

    def claims(self) -> tuple[Claim, ...]:
        given = () if self.replaced_index is None else (Claim(kind="id-number", value=self.replaced_index, give=True),)
        return given if self.id_index is None else (*given, Claim(kind="id-number", value=self.id_index))


class MemberAssignedToGroup(OfMember, frozen=True, kw_only=True, tag="members.assigned_to_group"):
    """The member belongs to this Party group from now on, and to no other (N02.T01, INV-003)."""

    zh: ClassVar[str] = "党员编入党小组"
    en: ClassVar[str] = "Member assigned to group"

    group_id: GroupId


class MemberConverted(OfMember, frozen=True, kw_only=True, tag="members.converted"):
    """A probationary member became a full one; `occurred_on` is the day of conversion (转正)."""

    zh: ClassVar[str] = "预备党员转正"
    en: ClassVar[str] = "Member converted to full"

    approval_no: Text


class MembershipSuspended(OfMember, frozen=True, kw_only=True, tag="members.suspended"):
    """Membership is suspended (停止党籍): the member counts nowhere and can do nothing here (R-E11, INV-009)."""

    zh: ClassVar[str] = "停止党籍"
    en: ClassVar[str] = "Membership suspended"

    reason: Text
    approval_no: Text


class MembershipReinstated(OfMember, frozen=True, kw_only=True, tag="members.reinstated"):
    """A suspended membership lives again (恢复党籍)."""

    zh: ClassVar[str] = "恢复党籍"
    en: ClassVar[str] = "Membership reinstated"

    reason: Text
    approval_no: Text


class VotingSuspended(OfMember, frozen=True, kw_only=True, tag="members.voting_suspended"):
    """The member may not vote or stand (留党察看 and the like), and is left out of the voting base (R-B03, INV-014)."""

    zh: ClassVar[str] = "表决权、选举权中止"
    en: ClassVar[str] = "Voting rights suspended"

    reason: Text


class VotingRestored(OfMember, frozen=True, kw_only=True, tag="members.voting_restored"):
    """The member may vote and stand again."""

    zh: ClassVar[str] = "表决权、选举权恢复"
    en: ClassVar[str] = "Voting rights restored"

    reason: Text


class CaseOpened(OfMember, frozen=True, kw_only=True, tag="members.case_opened"):
    """A discipline or disposition case about the member is open: no letter without the superior's consent (INV-074).

    The matter is the clue that it is about: one matter carries no punishment and disposition both (INV-093).
    """

    zh: ClassVar[str] = "立案"
    en: ClassVar[str] = "Case opened"
    schema: ClassVar[int] = 2

    case_no: Text
    kind: CaseKind | None = None
    matter_no: Text | None = None


class CaseClosed(OfMember, frozen=True, kw_only=True, tag="members.case_closed"):
    """The case is done with; recorded once more when what it led to is revoked."""

    zh: ClassVar[str] = "结案"
    en: ClassVar[str] = "Case closed"
    schema: ClassVar[int] = 2

    case_no: Text
    sanctioned: bool = False
    """It ended with a punishment or a disposition, so the matter is used up (INV-093)."""


class InfluenceSet(OfMember, frozen=True, kw_only=True, tag="members.influence_set"):
    """Until when a punishment bars the member from Party posts, that day included; None: it does not, or no more (R-G03, INV-035)."""

    zh: ClassVar[str] = "处分影响期"
    en: ClassVar[str] = "Influence period set"

    case_no: Text
    bar: InfluenceBar
    until: dt.date | None = None


class MemberLeft(OfMember, frozen=True, kw_only=True, tag="members.left"):
    """Membership ended for good on `occurred_on` (R-G02, R-H; INV-009)."""

    zh: ClassVar[str] = "党籍终止"
    en: ClassVar[str] = "Membership ended"

    ground: LeftGround
    reason: Text
    approval_no: Text
    id_index: BlindIndex | None = None

    def claims(self) -> tuple[Claim, ...]:
        return given_back(self.person_id, self.id_index)


class RegistrationWithdrawn(OfMember, frozen=True, kw_only=True, tag="members.registration_withdrawn"):
    """Somebody was put on the roll in error: never belonged here, and may be registered again, here or elsewhere (N04.M02, INV-001)."""

    zh: ClassVar[str] = "党员登记撤销"
    en: ClassVar[str] = "Registration of a member withdrawn"

    reason: Text
    id_index: BlindIndex | None = None

    def claims(self) -> tuple[Claim, ...]:
        return given_back(self.person_id, self.id_index)


def given_back(person_id: PersonId, id_index: str | None) -> tuple[Claim, ...]:
    """Leaving frees the person for another branch."""
    number = () if id_index is None else (Claim(kind="id-number", value=id_index, give=True),)
    return (Claim(kind="member", value=person_id, give=True), *number)


MemberEvent = (
    MemberRegistered
    | RegistrationWithdrawn
    | MemberTransferredIn
    | MemberTransferredOut
    | MemberProfileChanged
    | MemberAssignedToGroup
    | MemberConverted
    | MembershipSuspended
    | MembershipReinstated
    | VotingSuspended
    | VotingRestored
    | CaseOpened
    | CaseClosed
    | InfluenceSet
    | MemberLeft
)
"""What this noun adds to the stream `roster`."""

EVENTS: tuple[type[Event], ...] = typing.get_args(MemberEvent)

UPCASTS: dict[tuple[str, int], Upcast] = {
    ("members.case_opened", 1): lambda body: body | {"kind": None, "matter_no": None},
    ("members.case_closed", 1): lambda body: body | {"sanctioned": False},
}
