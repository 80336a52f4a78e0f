"""Supervision inside the Party: checks, eight-hour rules, suggestions, letters and visits, members' rights (N18, N21, N03.T03).

Room: THE RECORD. One stream per branch. What a member or visitor brings forward is sealed with that person's key; a visitor who is
no member is given an id of their own.
"""

import datetime as dt
import typing
from typing import ClassVar, NewType

import msgspec

from events.base import IDENTITY, Choice, Event, LongText, MeetingId, Personal, PersonId, Sensitive, Text, Upcast, shaped

SupervisionId = NewType("SupervisionId", str)
"""A check, a set of eight-hour rules, a breach, or the use of a right."""
SuggestionId = NewType("SuggestionId", str)
LetterVisitId = NewType("LetterVisitId", str)
ComplaintId = NewType("ComplaintId", str)
for _identity in (SupervisionId, SuggestionId, LetterVisitId, ComplaintId):
    shaped(_identity, IDENTITY)

STREAM = "supervision"


class CheckTopic(Choice):
    """What is supervised (N18.T01, N18.T02, N03.T03)."""

    RULES = "rules", "党章党规党纪执行", "Constitution, rules and discipline"
    DECISIONS = "decisions", "党中央决策部署落实", "Carrying out central decisions"
    DEMOCRATIC_CENTRALISM = "democratic_centralism", "民主集中制落实", "Democratic centralism"
    CADRE_SELECTION = "cadre_selection", "干部标准和选人用人导向", "Cadre standards and selection"
    BRANCH_DUTIES = "branch_duties", "党支部职责履行", "Duties of the branch"
    EIGHT_HOURS = "eight_hours", "八小时以外约束", "Conduct outside the eight hours"


class RulesAct(Choice):
    """What was done with the eight-hour rules."""

    ADOPTED = "adopted", "制定", "Adopted"
    REVISED = "revised", "修订", "Revised"
    REVIEWED = "reviewed", "年度复核", "Reviewed and kept"


class Channel(Choice):
    """How a letter or visit came."""

    LETTER = "letter", "信", "Letter"
    VISIT = "visit", "访", "Visit"
    PHONE = "phone", "电", "Telephone"
    ONLINE = "online", "网", "Online"


class Satisfaction(Choice):
    """What the member thinks of the answer."""

    SATISFIED = "satisfied", "满意", "Satisfied"
    BASIC = "basic", "基本满意", "Basically satisfied"
    DISSATISFIED = "dissatisfied", "不满意", "Dissatisfied"


class MemberRight(Choice):
    """The rights of a member (党章 Art. 4, N21)."""

    ATTEND = "attend", "参加党的有关会议", "Attend meetings"
    READ = "read", "阅读党的有关文件、接受教育培训", "Read documents, be trained"
    DISCUSS = "discuss", "参加党的政策问题的讨论", "Take part in discussion"
    PROPOSE = "propose", "提出建议和倡议", "Propose and initiate"
    CRITICISE = "criticise", "在会议上批评", "Criticise at meetings"
    REPORT = "report", "揭发、检举", "Expose and report"
    VOTE = "vote", "行使表决权、选举权，有被选举权", "Vote, elect and stand"
    DEFEND = "defend", "申辩、作证和辩护", "Explain, testify and defend"
    RESERVE = "reserve", "声明保留不同意见", "Reserve a different opinion"
    APPEAL = "appeal", "请求、申诉和控告", "Request, appeal and accuse"


class ComplaintResult(Choice):
    """What a complaint about a right came to."""

    UPHELD = "upheld", "情况属实，已纠正", "Borne out and put right"
    PARTLY = "partly", "部分属实，已纠正", "Partly borne out and put right"
    UNFOUNDED = "unfounded", "情况不属实，已说明", "Not borne out, explained"
    PASSED_ON = "passed_on", "转有关组织处理", "Passed on"


class OfSupervision(Event, frozen=True, kw_only=True):
    """What all of them share: the stream."""

    def stream(self) -> str:
        return STREAM


class SupervisionChecked(OfSupervision, frozen=True, kw_only=True, tag="supervision.checked"):
    """A check was made, on one topic or several (N18.T01, N18.T02, N03.T03); no persons are named in its texts."""

    zh: ClassVar[str] = "监督检查"
    en: ClassVar[str] = "Supervision check recorded"

    entry_id: SupervisionId
    topics: tuple[CheckTopic, ...]
    checked_by: tuple[PersonId, ...]
    finding: LongText
    handling: LongText | None = None
    rules_version: Text | None = None
    """The eight-hour rules in force, when they were checked."""


class EightHourRulesAdopted(OfSupervision, frozen=True, kw_only=True, tag="supervision.eight_hour_rules_adopted"):
    """Rules on conduct outside the eight hours: adopted once per term, reviewed each year (N03.M02)."""

    zh: ClassVar[str] = "八小时以外约束细则"
    en: ClassVar[str] = "Eight-hour rules adopted"

    entry_id: SupervisionId
    act: RulesAct
    version: Text
    text: LongText | None = None
    meeting_id: MeetingId | None = None


class EightHourBreachRecorded(OfSupervision, frozen=True, kw_only=True, tag="supervision.eight_hour_breach_recorded"):
    """A member broke the eight-hour rules (N03.T03)."""

    zh: ClassVar[str] = "八小时以外违规登记"
    en: ClassVar[str] = "Breach of the eight-hour rules recorded"

    entry_id: SupervisionId
    person_id: PersonId
    checked_by: tuple[PersonId, ...]
    rules_version: Text
    facts: Sensitive
    handling: Sensitive | None = None


class MemberSuggestionRecorded(OfSupervision, frozen=True, kw_only=True, tag="supervision.suggestion_recorded"):
    """A member gave an opinion or suggestion; it is answered within thirty days (N18.T03, N21.T03)."""

    zh: ClassVar[str] = "党员意见建议登记"
    en: ClassVar[str] = "Member's suggestion recorded"
    schema: ClassVar[int] = 2

    suggestion_id: SuggestionId
    person_id: PersonId
    content: Personal
    received_by: PersonId | None
    """None: the member wrote it down; whoever answers it takes it up."""
    meeting_id: MeetingId | None = None


class MemberSuggestionAnswered(OfSupervision, frozen=True, kw_only=True, tag="supervision.suggestion_answered"):
    """The member got an answer; a later one takes its place (N18.T03)."""

    zh: ClassVar[str] = "意见建议答复"
    en: ClassVar[str] = "Member's suggestion answered"
    schema: ClassVar[int] = 2

    suggestion_id: SuggestionId
    person_id: PersonId
    answer: Personal
    satisfaction: Satisfaction | None = None
    answered_by: PersonId | None = None
    """None: whoever received it."""


class MemberAnswerRated(OfSupervision, frozen=True, kw_only=True, tag="supervision.answer_rated"):
    """The member says what the answer was worth; a later word takes its place (N18.T03)."""

    zh: ClassVar[str] = "意见建议答复评价"
    en: ClassVar[str] = "Answer rated by the member"

    suggestion_id: SuggestionId
    person_id: PersonId
    satisfaction: Satisfaction


class LetterVisitReceived(OfSupervision, frozen=True, kw_only=True, tag="supervision.letter_received"):
    """A letter, visit, call or message of a member or of the public (N18.M02)."""

    zh: ClassVar[str] = "来信来访登记"
    en: ClassVar[str] = "Letter or visit received"

    letter_visit_id: LetterVisitId
    number: Text
    """Counted within the year, such as `2026-003`."""
    person_id: PersonId
    of_member: bool
    """Whether `person_id` is a member; otherwise a visitor known here by that id alone."""
    visitor: Sensitive | None = None
    """Who it was, of a visitor who is no member; None: unsigned."""
    channel: Channel
    matter: Sensitive
    received_by: PersonId
    repeat_of: LetterVisitId | None = None


class LetterVisitReferred(OfSupervision, frozen=True, kw_only=True, tag="supervision.letter_referred"):
    """It was passed on to whoever has to deal with it."""

    zh: ClassVar[str] = "来信来访转办"
    en: ClassVar[str] = "Letter or visit referred"

    letter_visit_id: LetterVisitId
    person_id: PersonId
    to: Text


class LetterVisitResolved(OfSupervision, frozen=True, kw_only=True, tag="supervision.letter_resolved"):
    """It was dealt with and answered; a later answer takes its place (N18.M02)."""

    zh: ClassVar[str] = "来信来访办结"
    en: ClassVar[str] = "Letter or visit resolved"

    letter_visit_id: LetterVisitId
    person_id: PersonId
    result: Sensitive


class MemberRightExercised(OfSupervision, frozen=True, kw_only=True, tag="supervision.right_exercised"):
    """A member used a right (N21.T02, N21.T04, N21.T06)."""

    zh: ClassVar[str] = "党员权利行使记录"
    en: ClassVar[str] = "Member's right exercised"

    entry_id: SupervisionId
    person_id: PersonId
    right: MemberRight
    matter: Personal
    handling: Personal | None = None
    result: Personal | None = None
    meeting_id: MeetingId | None = None


class MemberRightComplaintFiled(OfSupervision, frozen=True, kw_only=True, tag="supervision.complaint_filed"):
    """A member complained that a right was denied; it is answered within thirty days (N21.T06)."""

    zh: ClassVar[str] = "党员权利申诉控告"
    en: ClassVar[str] = "Complaint about a member's right filed"

    complaint_id: ComplaintId
    person_id: PersonId
    right: MemberRight
    matter: Sensitive


class MemberRightComplaintResolved(OfSupervision, frozen=True, kw_only=True, tag="supervision.complaint_resolved"):
    """The complaint was dealt with and the member told (N21.T06)."""

    zh: ClassVar[str] = "党员权利申诉办结"
    en: ClassVar[str] = "Complaint about a member's right resolved"

    complaint_id: ComplaintId
    person_id: PersonId
    handling: Sensitive
    result: ComplaintResult


class SupervisionEntryWithdrawn(OfSupervision, frozen=True, kw_only=True, tag="supervision.entry_withdrawn"):
    """An entry was made by mistake; it is struck with everything that followed from it."""

    zh: ClassVar[str] = "监督登记撤回"
    en: ClassVar[str] = "Supervision entry withdrawn"

    entry: typing.Annotated[str, msgspec.Meta(pattern=IDENTITY)]
    begun_on: dt.date
    reason: Text


SupervisionEvent = (
    SupervisionChecked
    | EightHourRulesAdopted
    | EightHourBreachRecorded
    | MemberSuggestionRecorded
    | MemberSuggestionAnswered
    | MemberAnswerRated
    | LetterVisitReceived
    | LetterVisitReferred
    | LetterVisitResolved
    | MemberRightExercised
    | MemberRightComplaintFiled
    | MemberRightComplaintResolved
    | SupervisionEntryWithdrawn
)
"""What the stream `supervision` may hold."""

EVENTS: tuple[type[Event], ...] = typing.get_args(SupervisionEvent)

UPCASTS: dict[tuple[str, int], Upcast] = {
    ("supervision.suggestion_recorded", 1): lambda body: body,  # somebody had always received it
    ("supervision.suggestion_answered", 1): lambda body: body | {"answered_by": None},
}
