"""Serving members report to their communities and serve there (norm N23).

Room: THE RECORD. All of it lives in the stream `community` of the branch. The community is on record, the address is not.
"""

import datetime as dt
import typing
from typing import Annotated, ClassVar, NewType

import msgspec

from events.base import IDENTITY, Choice, Count, Event, LongText, MeetingId, PersonId, Text, Upcast, shaped

CommunityEntryId = NewType("CommunityEntryId", str)
"""Any entry of community service; the id of the event that began it, unless the client gave one."""
shaped(CommunityEntryId, IDENTITY)
CommunityOpinionId = NewType("CommunityOpinionId", CommunityEntryId)

Year = Annotated[int, msgspec.Meta(ge=1921, le=9999)]
Half = Annotated[int, msgspec.Meta(ge=1, le=2)]
Minutes = Annotated[int, msgspec.Meta(ge=1, le=100_000)]


class ServiceKind(Choice):
    """What a member did for the community (N23.T02, T04, T05)."""

    POLICY = "policy", "宣讲政策", "Spreading policies"
    HELP = "help", "帮助解决困难", "Helping with difficulties"
    VOLUNTEER = "volunteer", "志愿服务", "Volunteer service"
    SKILL = "skill", "发挥专长", "Serving by one's strengths"
    OTHER = "other", "其他", "Other"


class CommunityRating(Choice):
    """How the community judges a member's service over a year (年度评价)."""

    GOOD = "good", "好", "Good"
    FAIRLY_GOOD = "fairly_good", "较好", "Fairly good"
    FAIR = "fair", "一般", "Fair"
    POOR = "poor", "差", "Poor"


class OfCommunity(Event, frozen=True, kw_only=True):
    """What shares the stream `community`."""

    def stream(self) -> str:
        return "community"


class CheckInPlanAdopted(OfCommunity, frozen=True, kw_only=True, tag="community.plan_adopted"):
    """A plan for reporting to communities was adopted (N23.M01)."""

    zh: ClassVar[str] = "社区报到方案"
    en: ClassVar[str] = "Community check-in plan adopted"

    entry_id: CommunityEntryId
    title: Text
    content: LongText
    meeting_id: MeetingId | None = None
    met_on: dt.date | None = None
    """The day of that meeting."""


class CheckedIn(OfCommunity, frozen=True, kw_only=True, tag="community.checked_in"):
    """A member reported to the community of residence; once for each residence (N23.T01, N23.M02)."""

    zh: ClassVar[str] = "社区报到"
    en: ClassVar[str] = "Community check-in recorded"

    entry_id: CommunityEntryId
    person_id: PersonId
    community: Text
    position: Text = ""
    """The post of service taken on (服务岗位)."""
    signed: bool
    """The community signed for it."""


class CommunityServiceDone(OfCommunity, frozen=True, kw_only=True, tag="community.service_done"):
    """A member served in the community (N23.T02, T04, T05)."""

    zh: ClassVar[str] = "社区服务"
    en: ClassVar[str] = "Community service recorded"

    entry_id: CommunityEntryId
    person_id: PersonId
    kind: ServiceKind
    description: Text
    minutes: Minutes


class CommunityServiceRated(OfCommunity, frozen=True, kw_only=True, tag="community.service_rated"):
    """The community judged a member's service of a year; a later word replaces an earlier one (N23)."""

    zh: ClassVar[str] = "社区年度评价"
    en: ClassVar[str] = "Community service rated"

    person_id: PersonId
    year: Year
    rating: CommunityRating


class CommunityOpinionRecorded(OfCommunity, frozen=True, kw_only=True, tag="community.opinion_recorded"):
    """A member heard what people in the community need, and what the branch should do about it (N23.T03, N23.M03)."""

    zh: ClassVar[str] = "社区意见建议登记"
    en: ClassVar[str] = "Community opinion recorded"

    entry_id: CommunityOpinionId
    person_id: PersonId
    community: Text
    source: Text
    """In what capacity it was said, not who said it."""
    content: LongText
    proposal: LongText = ""


class CommunityOpinionHandled(OfCommunity, frozen=True, kw_only=True, tag="community.opinion_handled"):
    """What the branch did about an opinion from a community; a later word replaces an earlier one (N23.T03)."""

    zh: ClassVar[str] = "社区意见建议办理"
    en: ClassVar[str] = "Community opinion handled"

    opinion_id: CommunityOpinionId
    said_on: dt.date
    handling: LongText


class CheckInSummarised(OfCommunity, frozen=True, kw_only=True, tag="community.check_in_summarised"):
    """The branch counted who reported and what was done, as known when it was counted (N23.T01, DL-15)."""

    zh: ClassVar[str] = "社区报到统计"
    en: ClassVar[str] = "Community check-in summarised"

    year: Year
    half: Half
    serving: Count
    """Members in service, who should report."""
    checked_in: Count
    services: Count
    minutes: Count


class CommunityEntryWithdrawn(OfCommunity, frozen=True, kw_only=True, tag="community.entry_withdrawn"):
    """An entry was recorded wrongly and stands no more."""

    zh: ClassVar[str] = "社区服务登记撤销"
    en: ClassVar[str] = "Community entry withdrawn"

    entry_id: CommunityEntryId
    what: Text
    """The tag of the event that began it."""
    happened_on: dt.date
    person_id: PersonId | None = None
    reason: Text


CommunityEvent = (
    CheckInPlanAdopted
    | CheckedIn
    | CommunityServiceDone
    | CommunityServiceRated
    | CommunityOpinionRecorded
    | CommunityOpinionHandled
    | CheckInSummarised
    | CommunityEntryWithdrawn
)
"""What the stream `community` may hold."""

EVENTS: tuple[type[Event], ...] = typing.get_args(CommunityEvent)

UPCASTS: dict[tuple[str, int], Upcast] = {}
