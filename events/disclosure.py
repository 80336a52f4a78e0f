"""Openness of Party affairs: catalogue, item proposed, reviewed, approved, published, taken down, corrected; what readers said (N07, R-F).

Room: THE RECORD. Each item has its own stream `disclosure-<item_id>`; the catalogue and requests about no item are in `disclosure`.
"""

import datetime as dt
import typing
from typing import Annotated, ClassVar, NewType

import msgspec

from events.base import IDENTITY, Choice, Event, LongText, MeetingId, PersonId, Text, Upcast, shaped

DisclosureId = NewType("DisclosureId", str)
"""An item of Party affairs to be disclosed."""
FeedbackId = NewType("FeedbackId", str)
"""An opinion on what was disclosed, or a request to disclose."""
shaped(DisclosureId, IDENTITY)
shaped(FeedbackId, IDENTITY)

Year = Annotated[int, msgspec.Meta(ge=1921, le=9999)]


class DisclosureSubject(Choice):
    """What a grassroots organisation discloses (R-F01); the first three and the last are named by norm N07."""

    DECISIONS = "decisions", "学习贯彻中央和上级决策部署情况", "Study and carrying out of superior decisions"
    GOALS = "goals", "任期目标、阶段部署、重点工作及落实情况", "Term goals, stage plans, key tasks and their fulfilment"
    EDUCATION = "education", "思想政治工作、学习教育、三会一课情况", "Ideological work, education, three meetings and one class"
    ORGANISATION = "organisation", "换届选举、发展党员、民主评议、党费收缴使用等自身建设情况", "Elections, admission, appraisal, dues"
    CONDUCT = "conduct", "纠正四风、联系服务党员群众情况", "Correcting bad styles, contact with and service to members and public"
    INTEGRITY = "integrity", "管党治党责任、党风廉政、组织处理和纪律处分情况", "Governing the Party, integrity, handling and discipline"
    OTHER = "other", "其他应当公开的党务", "Other Party affairs that should be open"


class DisclosureScope(Choice):
    """Who may see it (R-F02)."""

    BRANCH = "branch", "本支部", "Within the branch"
    PARTY = "party", "党内", "Within the Party"
    UNIT = "unit", "本单位", "Within the unit"
    SOCIETY = "society", "社会", "To society"
    SPECIFIC = "specific", "特定", "To specific organisations, members or people"


class DisclosureWay(Choice):
    """Where it is shown (R-F04)."""

    MEETING = "meeting", "会议", "Meeting"
    CIRCULAR = "circular", "文件通报", "Circular"
    BOARD = "board", "公开栏", "Notice board"
    INTRANET = "intranet", "内部网络", "Intranet"
    WEBSITE = "website", "门户网站", "Website"
    MEDIA = "media", "新闻媒体", "Media"
    ACCOUNT = "account", "公众号", "Public account"


class Retention(Choice):
    """How long it stays open (R-F05)."""

    LONG_TERM = "long_term", "长期", "Long-term"
    PERIODIC = "periodic", "定期", "Periodic"
    IMMEDIATE = "immediate", "即时", "At once"


class Secrecy(Choice):
    """Level of secrecy; nothing above internal is disclosed (R-F02, INV-084)."""

    OPEN = "open", "公开", "Open"
    INTERNAL = "internal", "内部", "Internal"
    CONFIDENTIAL = "confidential", "秘密", "Confidential"
    SECRET = "secret", "机密", "Secret"
    TOP_SECRET = "top_secret", "绝密", "Top secret"


class TakenDown(Choice):
    """Why an item is no longer shown."""

    PERIOD_OVER = "period_over", "公开期满", "Its period is over"
    WITHDRAWN = "withdrawn", "撤回", "Withdrawn"


class FeedbackKind(Choice):
    """An opinion on what was disclosed (R-F08), or a request to disclose (R-F07)."""

    OPINION = "opinion", "反馈意见", "Opinion"
    REQUEST = "request", "依申请公开", "Request to disclose"


class AnswerKind(Choice):
    """What was answered; refusing a request needs a written reason (R-F07)."""

    EXPLAINED = "explained", "已说明", "Explained"
    TAKEN_UP = "taken_up", "采纳或同意公开", "Taken up"
    DECLINED = "declined", "不予采纳或不予公开", "Declined"


class CatalogueAdopted(Event, frozen=True, kw_only=True, tag="disclosure.catalogue_adopted"):
    """The catalogue of a year was adopted or adopted anew (R-F06); the newest one of the year holds."""

    zh: ClassVar[str] = "党务公开目录"
    en: ClassVar[str] = "Disclosure catalogue adopted"

    year: Year
    subjects: tuple[DisclosureSubject, ...]
    entries: tuple[Text, ...]
    """The lines of the catalogue."""
    meeting_id: MeetingId | None = None

    def stream(self) -> str:
        return "disclosure"


class OfItem(Event, frozen=True, kw_only=True):
    """What all events of one item share."""

    item_id: DisclosureId

    def stream(self) -> str:
        return f"disclosure-{self.item_id}"


class ItemProposed(OfItem, frozen=True, kw_only=True, tag="disclosure.item_proposed"):
    """An item was proposed: content, scope, time and way; once more after it was sent back (R-F03)."""

    zh: ClassVar[str] = "党务公开提出"
    en: ClassVar[str] = "Disclosure item proposed"

    subject: DisclosureSubject
    catalogue_entry: Text | None = None
    title: Text
    content: LongText
    scope: DisclosureScope
    audience: Text | None = None
    """To whom, when the scope is specific."""
    ways: tuple[DisclosureWay, ...]
    retention: Retention
    secrecy: Secrecy
    proposer: PersonId


class ItemReviewed(OfItem, frozen=True, kw_only=True, tag="disclosure.item_reviewed"):
    """The item was reviewed for secrecy, need and accuracy, and passed on or sent back (R-F03, INV-084)."""

    zh: ClassVar[str] = "党务公开审核(含保密审查)"
    en: ClassVar[str] = "Disclosure item reviewed"

    reviewer: PersonId
    passed: bool
    secrecy_checked: bool
    secrecy: Secrecy
    """The level that the secrecy check found."""
    opinion: Text | None = None


class DisclosureDecided(OfItem, frozen=True, kw_only=True, tag="disclosure.decided"):
    """The item was approved, or not; by somebody other than its reviewer (R-F03, INV-083)."""

    zh: ClassVar[str] = "党务公开审批"
    en: ClassVar[str] = "Disclosure decided on"

    approver: PersonId
    granted: bool
    superior_no: Text | None = None
    """The superior's approval when the matter is beyond the branch's power."""
    opinion: Text | None = None


class DisclosureSubmitted(OfItem, frozen=True, kw_only=True, tag="disclosure.submitted"):
    """A reviewed item was submitted to the superior, for the matter is beyond the branch's power (R-F03)."""

    zh: ClassVar[str] = "党务公开报上级审批"
    en: ClassVar[str] = "Disclosure submitted to the superior"

    ground: Text


class DisclosureDecidedAbove(OfItem, frozen=True, kw_only=True, tag="disclosure.decided_above"):
    """The superior approved a submitted item, or returned it with a reason (R-F03)."""

    zh: ClassVar[str] = "上级审批党务公开"
    en: ClassVar[str] = "Disclosure decided on by the superior"

    granted: bool
    document_no: Text | None = None
    opinion: Text | None = None


class DisclosurePublished(OfItem, frozen=True, kw_only=True, tag="disclosure.published"):
    """The item was made public on `occurred_on` (N07.T01 to T04, INV-082)."""

    zh: ClassVar[str] = "党务公开实施"
    en: ClassVar[str] = "Disclosure published"

    subject: DisclosureSubject
    ways: tuple[DisclosureWay, ...]
    place: Text | None = None
    """Board, address or meeting where it can be seen."""
    until: dt.date | None = None
    """The last day on which it is shown; None: for good."""
    late_days: int
    """Days beyond the working days given after the approval; 0 when in time."""


class DisclosureEnded(OfItem, frozen=True, kw_only=True, tag="disclosure.withdrawn"):
    """The item is no longer shown: its period is over, or it was withdrawn with a reason."""

    zh: ClassVar[str] = "党务公开撤下"
    en: ClassVar[str] = "Disclosure withdrawn"

    ground: TakenDown
    reason: Text
    short_days: int
    """Days by which a notice board was taken down too early (R-F05); 0 otherwise."""


class DisclosureCorrected(OfItem, frozen=True, kw_only=True, tag="disclosure.corrected"):
    """What was published was wrong and shows the right content now; reviewed and approved like the first (R-F03)."""

    zh: ClassVar[str] = "党务公开更正"
    en: ClassVar[str] = "Disclosure corrected"

    content: LongText
    reason: Text
    secrecy: Secrecy
    reviewer: PersonId
    approver: PersonId


class ItemDropped(OfItem, frozen=True, kw_only=True, tag="disclosure.item_dropped"):
    """An item that was not published was given up or entered by mistake."""

    zh: ClassVar[str] = "党务公开事项撤销"
    en: ClassVar[str] = "Disclosure item dropped"

    reason: Text


class OfFeedback(Event, frozen=True, kw_only=True):
    """What an opinion or request and its answer share."""

    feedback_id: FeedbackId
    item_id: DisclosureId | None = None
    """None for a request about something that is not an item yet."""

    def stream(self) -> str:
        return "disclosure" if self.item_id is None else f"disclosure-{self.item_id}"


class FeedbackReceived(OfFeedback, frozen=True, kw_only=True, tag="disclosure.feedback_received"):
    """Somebody said something on what was disclosed, or asked to disclose (R-F07, R-F08)."""

    zh: ClassVar[str] = "公开反馈意见"
    en: ClassVar[str] = "Disclosure feedback received"

    kind: FeedbackKind
    given_by: PersonId | None = None
    """The member, when it was one who gave a name."""
    content: LongText
    answer_by: dt.date


class FeedbackAnswered(OfFeedback, frozen=True, kw_only=True, tag="disclosure.answered"):
    """It was answered (R-F07, R-F08, DL-58)."""

    zh: ClassVar[str] = "公开意见答复"
    en: ClassVar[str] = "Disclosure feedback answered"

    answer: AnswerKind
    content: LongText
    answered_by: PersonId
    late_days: int


ItemEvent = (
    ItemProposed
    | ItemReviewed
    | DisclosureDecided
    | DisclosureSubmitted
    | DisclosureDecidedAbove
    | DisclosurePublished
    | DisclosureEnded
    | DisclosureCorrected
    | ItemDropped
    | FeedbackReceived
    | FeedbackAnswered
)
"""What the stream of an item may hold."""

BoardEvent = CatalogueAdopted | FeedbackReceived | FeedbackAnswered
"""What the stream `disclosure` may hold."""

EVENTS: tuple[type[Event], ...] = (CatalogueAdopted, *typing.get_args(ItemEvent))

UPCASTS: dict[tuple[str, int], Upcast] = {}
