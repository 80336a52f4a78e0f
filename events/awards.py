"""Awards: nominated, voted on, submitted, approved by the superior, granted (norms N22.T04, N24.M09).

Room: THE RECORD. All of it lives in the stream `awards` of the branch.
"""

import datetime as dt
import typing
from typing import Annotated, ClassVar, NewType

import msgspec

from events.base import IDENTITY, Choice, Count, Event, LongText, MeetingId, PersonId, Text, Upcast, shaped

AwardId = NewType("AwardId", str)
"""The id of the nomination that began it, unless the client gave one."""
shaped(AwardId, IDENTITY)

Year = Annotated[int, msgspec.Meta(ge=1921, le=9999)]


class AwardTo(Choice):
    """Who is commended."""

    MEMBER = "member", "党员", "Member"
    BRANCH = "branch", "支部", "Branch"
    WORKER = "worker", "党务工作者", "Party affairs worker"


class AwardLevel(Choice):
    """Who commends; the branch itself needs nobody's approval."""

    BRANCH = "branch", "支部级", "Branch"
    COMMITTEE = "committee", "基层党委级", "Grassroots committee"
    COUNTY = "county", "县级", "County"
    CITY = "city", "市级", "City"
    PROVINCE = "province", "省级", "Province"
    NATION = "nation", "国家级", "Nation"


class AwardStep(Choice):
    """The steps of an award in their order."""

    NOMINATED = "nominated", "推荐", "Nominated"
    VOTED = "voted", "评选", "Voted"
    SUBMITTED = "submitted", "申报", "Submitted"
    DECIDED = "decided", "批示", "Decided by the superior"
    GRANTED = "granted", "表彰", "Granted"


class OfAward(Event, frozen=True, kw_only=True):
    """What the events of an award share: whose they are."""

    award_id: AwardId

    def stream(self) -> str:
        return "awards"


class AwardNominated(OfAward, frozen=True, kw_only=True, tag="awards.nominated"):
    """Somebody was put forward for an award, with a nomination form of `occurred_on` (N22.M03.01)."""

    zh: ClassVar[str] = "评选推荐"
    en: ClassVar[str] = "Award nominated"

    year: Year
    to: AwardTo
    person_id: PersonId | None = None
    """None for the branch itself."""
    title: Text
    level: AwardLevel
    deeds: LongText


class AwardVoted(OfAward, frozen=True, kw_only=True, tag="awards.voted"):
    """A meeting voted on the nomination; the counts are those of its motion (N22.M03.02, INV-013)."""

    zh: ClassVar[str] = "评选会议表决"
    en: ClassVar[str] = "Award voted"

    meeting_id: MeetingId
    met_on: dt.date
    """The day of that meeting."""
    motion_no: Count
    voters_due: Count
    voters_present: Count
    yes: Count
    no: Count
    abstain: Count
    passed: bool


class AwardSubmitted(OfAward, frozen=True, kw_only=True, tag="awards.submitted"):
    """The application went to the superior with the papers on exemplary deeds (N24.M09.01, N24.M09.02)."""

    zh: ClassVar[str] = "先进申报"
    en: ClassVar[str] = "Award submitted"

    document_no: Text = ""
    papers: Text
    """Title of the papers on the deeds."""


class AwardApproved(OfAward, frozen=True, kw_only=True, tag="awards.approved"):
    """The superior agreed, in the system or by a document (N24.M09.03)."""

    zh: ClassVar[str] = "上级批示"
    en: ClassVar[str] = "Award approved"

    document_no: Text
    opinion: Text = ""


class AwardDeclined(OfAward, frozen=True, kw_only=True, tag="awards.declined"):
    """The superior did not agree, in the system or by a document (N24.M09.03)."""

    zh: ClassVar[str] = "上级不予批准申报"
    en: ClassVar[str] = "Award declined"

    document_no: Text = ""
    reason: Text


class AwardGranted(OfAward, frozen=True, kw_only=True, tag="awards.granted"):
    """The award was given by a decision, with a certificate where there is one (N24.M09.04)."""

    zh: ClassVar[str] = "表彰表扬决定"
    en: ClassVar[str] = "Award granted"

    decision_no: Text
    certificate_no: Text = ""


class AwardStepWithdrawn(OfAward, frozen=True, kw_only=True, tag="awards.step_withdrawn"):
    """The last step was recorded wrongly; a nomination that is taken back ends the award and strikes its row."""

    zh: ClassVar[str] = "表彰奖励登记撤销"
    en: ClassVar[str] = "Award step withdrawn"

    step: AwardStep
    year: Year
    reason: Text


AwardEvent = AwardNominated | AwardVoted | AwardSubmitted | AwardApproved | AwardDeclined | AwardGranted | AwardStepWithdrawn
"""What the stream `awards` may hold."""

EVENTS: tuple[type[Event], ...] = typing.get_args(AwardEvent)

UPCASTS: dict[tuple[str, int], Upcast] = {}
