"""The papers of a branch's set-up: duties, rules and standards, personnel notices, request to found one, dissolution (norm N04).

Room: THE RECORD. All of it lives in the stream `structure` of the book concerned.
"""

import datetime as dt
import typing
from typing import Annotated, ClassVar, NewType

import msgspec

from events.base import IDENTITY, Choice, Count, Event, LongText, MeetingId, OrgId, PersonId, Text, Upcast, shaped

StructureEntryId = NewType("StructureEntryId", str)
"""Any paper of the set-up; the id of the event that began it, unless the client gave one."""
shaped(StructureEntryId, IDENTITY)

Version = Annotated[int, msgspec.Meta(ge=1, le=10_000)]


class PaperKind(Choice):
    """What sort of paper binds the branch (制度职责清单)."""

    POLICY = "policy", "制度", "Policy"
    DUTY = "duty", "职责", "Duty statement"
    STANDARD = "standard", "标准", "Standard"


class DutyOf(Choice):
    """Whose duties a statement says (N04.M03)."""

    BRANCH = "branch", "党支部的基本任务", "Basic tasks of the branch"
    SECRETARY = "secretary", "书记", "Secretary"
    DEPUTY = "deputy", "副书记", "Deputy secretary"
    ORGANISATION = "organisation", "组织委员", "Organisation member"
    PUBLICITY = "publicity", "宣传委员", "Publicity member"
    DISCIPLINE = "discipline", "纪检委员", "Discipline member"
    MEMBER = "member", "其他委员", "Other committee member"


class PersonChange(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one person's post was and is."""

    person_id: Annotated[PersonId, msgspec.Meta(extra={"zh": "姓名", "en": "Member"})]
    before: Annotated[Text, msgspec.Meta(extra={"zh": "调整前", "en": "Before"})] = ""
    after: Annotated[Text, msgspec.Meta(extra={"zh": "调整后", "en": "After"})] = ""


class OfStructure(Event, frozen=True, kw_only=True):
    """What shares the stream `structure`."""

    def stream(self) -> str:
        return "structure"


class PostPaperAdopted(OfStructure, frozen=True, kw_only=True, tag="structure.paper_adopted"):
    """A duty statement, policy or standard came into force; a version above 1 revises the one before (N04.T03, N04.M03, N24.M01.03)."""

    zh: ClassVar[str] = "职责制度修订"
    en: ClassVar[str] = "Duty statement or policy adopted"

    entry_id: StructureEntryId
    kind: PaperKind
    duty_of: DutyOf | None = None
    name: Text
    version: Version
    effective_from: dt.date
    meeting_id: MeetingId | None = None
    met_on: dt.date | None = None
    """The day of that meeting."""
    text: LongText = ""
    replaces: StructureEntryId | None = None
    """The version that stood before."""
    replaced_from: dt.date | None = None
    """The day on which that version was adopted."""


class PaperRepealed(OfStructure, frozen=True, kw_only=True, tag="structure.paper_repealed"):
    """A duty statement, policy or standard is in force no more (N24.M01.03)."""

    zh: ClassVar[str] = "职责制度废止"
    en: ClassVar[str] = "Duty statement or policy repealed"

    entry_id: StructureEntryId
    adopted_on: dt.date
    reason: Text


class PersonnelNoticeIssued(OfStructure, frozen=True, kw_only=True, tag="structure.personnel_notice_issued"):
    """A notice told of a change of persons in their posts (N02.M01.04)."""

    zh: ClassVar[str] = "人员调整通知"
    en: ClassVar[str] = "Personnel change notice issued"

    entry_id: StructureEntryId
    number: Text
    reason: Text
    changes: Annotated[tuple[PersonChange, ...], msgspec.Meta(min_length=1, max_length=50)]
    meeting_id: MeetingId | None = None
    met_on: dt.date | None = None
    """The day of that meeting."""


class EstablishmentRequested(OfStructure, frozen=True, kw_only=True, tag="structure.establishment_requested"):
    """The committee was asked to found a branch; in the committee's book, for the branch has none yet (N04.M01, R-A04)."""

    zh: ClassVar[str] = "党支部成立请示"
    en: ClassVar[str] = "Branch establishment requested"

    entry_id: StructureEntryId
    name: Text
    unit: Text
    full_members: Count
    members_min: Count
    """How many the rule of that day asks for (R-A01)."""
    document_no: Text


class StructureEntryWithdrawn(OfStructure, frozen=True, kw_only=True, tag="structure.entry_withdrawn"):
    """A paper of the set-up was recorded wrongly and stands no more; its row is struck."""

    zh: ClassVar[str] = "组织设置登记撤销"
    en: ClassVar[str] = "Set-up entry withdrawn"

    entry_id: StructureEntryId
    what: Text
    """The tag of the event that began it."""
    happened_on: dt.date
    restores: StructureEntryId | None = None
    """The version that stands again."""
    restored_from: dt.date | None = None
    reason: Text


class BranchDissolved(OfStructure, frozen=True, kw_only=True, tag="structure.branch_dissolved"):
    """The superior dissolved the branch, after every member had left it (R-A04)."""

    zh: ClassVar[str] = "党支部撤销"
    en: ClassVar[str] = "Branch dissolved"

    org_id: OrgId
    reason: Text
    approval_no: Text


StructureEvent = (
    PostPaperAdopted | PaperRepealed | PersonnelNoticeIssued | EstablishmentRequested | StructureEntryWithdrawn | BranchDissolved
)
"""What the stream `structure` may hold."""

EVENTS: tuple[type[Event], ...] = typing.get_args(StructureEvent)

UPCASTS: dict[tuple[str, int], Upcast] = {}
