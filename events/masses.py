"""Mass work: opinions sought, research, household visits, village aid, volunteer service (norms N02.T05, N03.T04, N06).

Room: THE RECORD. All of it lives in the stream `masses` of the branch. The public are named by what they are, never by name.
"""

import datetime as dt
import typing
from typing import Annotated, ClassVar, NewType

import msgspec

from events.base import IDENTITY, Choice, Count, Event, LongText, MeetingId, PersonId, Text, Upcast, shaped

MassEntryId = NewType("MassEntryId", str)
"""Any entry of mass work; the id of the event that began it, unless the client gave one."""
shaped(MassEntryId, IDENTITY)
SolicitationId = NewType("SolicitationId", MassEntryId)
OpinionId = NewType("OpinionId", MassEntryId)
ResearchId = NewType("ResearchId", MassEntryId)
PostingId = NewType("PostingId", MassEntryId)

People = Annotated[tuple[PersonId, ...], msgspec.Meta(min_length=1, max_length=500)]
Minutes = Annotated[int, msgspec.Meta(ge=1, le=100_000)]


class AskedBy(Choice):
    """How opinions are sought (N06.T01)."""

    FORUM = "forum", "座谈", "Discussion meeting"
    QUESTIONNAIRE = "questionnaire", "问卷", "Questionnaire"
    VISIT = "visit", "走访", "Visit"
    COLLECTION = "collection", "征集", "Collection of comments"


class Adoption(Choice):
    """What became of an opinion."""

    ADOPTED = "adopted", "已采纳", "Adopted"
    PARTLY = "partly", "部分采纳", "Adopted in part"
    EXPLAINED = "explained", "已解释说明", "Not adopted, explained"
    PENDING = "pending", "研究中", "Under study"


class LedBy(Choice):
    """Who leads a research trip; the quarterly duty asks for a leader of the department (N03.T04)."""

    DEPARTMENT_LEADER = "department_leader", "部领导", "Leader of the department"
    SECRETARY = "secretary", "支部书记", "Branch secretary"
    OTHER = "other", "其他", "Other"


class MassPlanKind(Choice):
    """What a plan of mass work is about."""

    SERVICE = "service", "服务群众方案", "Plan of service to the public"
    VILLAGE_AID = "village_aid", "帮扶计划", "Plan of village aid"


class OfMasses(Event, frozen=True, kw_only=True):
    """What shares the stream `masses`."""

    def stream(self) -> str:
        return "masses"


class MassEntry(OfMasses, frozen=True, kw_only=True):
    """An entry of its own, which may be completed or withdrawn by its id."""

    entry_id: MassEntryId


class SolicitationOpened(MassEntry, frozen=True, kw_only=True, tag="masses.solicitation_opened"):
    """The branch began to seek opinions on something (N06.T01)."""

    zh: ClassVar[str] = "征求意见启动"
    en: ClassVar[str] = "Opinions sought"

    entry_id: SolicitationId
    topic: Text
    method: AskedBy
    audience: Text
    """Who is asked, such as 全体党员 or 服务对象."""
    until: dt.date | None = None


class OpinionRecorded(MassEntry, frozen=True, kw_only=True, tag="masses.opinion_recorded"):
    """Somebody said something worth acting on (N06.T01, N06.M01)."""

    zh: ClassVar[str] = "意见登记"
    en: ClassVar[str] = "Opinion recorded"

    entry_id: OpinionId
    solicitation_id: SolicitationId | None = None
    batch: Text = ""
    """Topic of the round in which it was gathered."""
    method: AskedBy
    source: Text
    """In what capacity it was said, not who said it."""
    content: LongText


class OpinionHandled(OfMasses, frozen=True, kw_only=True, tag="masses.opinion_handled"):
    """It was settled what becomes of an opinion; a later word replaces an earlier one (N06.T01)."""

    zh: ClassVar[str] = "意见采纳情况"
    en: ClassVar[str] = "Opinion handled"

    opinion_id: OpinionId
    said_on: dt.date
    """When the opinion was recorded."""
    adoption: Adoption
    note: Text = ""


class QuestionnaireCompleted(MassEntry, frozen=True, kw_only=True, tag="masses.questionnaire_completed"):
    """A questionnaire was issued, came back and was counted: valid <= returned <= issued (N06.T01, N24.M06.04)."""

    zh: ClassVar[str] = "问卷调查"
    en: ClassVar[str] = "Questionnaire completed"

    topic: Text
    issued: Count
    returned: Count
    valid: Count
    analysis: LongText = ""


class ResearchTripMade(MassEntry, frozen=True, kw_only=True, tag="masses.research_trip_made"):
    """A work-research trip on a set topic (N03.T04); led by a leader of the department it answers the quarter."""

    zh: ClassVar[str] = "工作调研"
    en: ClassVar[str] = "Research trip made"

    entry_id: ResearchId
    led_by: LedBy
    leader: Text
    """By office, not by name."""
    topic: Text
    place: Text
    until: dt.date | None = None
    people: People
    findings: LongText = ""


class ResearchReportFiled(OfMasses, frozen=True, kw_only=True, tag="masses.research_report_filed"):
    """A report was made of a research trip or of a round of opinions; a later one replaces it (N03.T04, N06.M01.02)."""

    zh: ClassVar[str] = "调研报告"
    en: ClassVar[str] = "Research report filed"

    research_id: ResearchId | None = None
    solicitation_id: SolicitationId | None = None
    began_on: dt.date
    """When what it reports on began."""
    title: Text
    text: LongText = ""


class HouseholdsVisited(MassEntry, frozen=True, kw_only=True, tag="masses.households_visited"):
    """Members of the branch went from house to house in a village or community (N02.M04.02, N06.T02)."""

    zh: ClassVar[str] = "走访记录"
    en: ClassVar[str] = "Households visited"

    people: People
    village: Text
    households: Count
    work: LongText
    solved: LongText = ""
    todo: LongText = ""


class VillageAidAssigned(MassEntry, frozen=True, kw_only=True, tag="masses.village_aid_assigned"):
    """A member was posted to a village to help there, from `occurred_on` (N02.T05, N02.M04.01)."""

    zh: ClassVar[str] = "选派驻村帮扶"
    en: ClassVar[str] = "Village aid assigned"

    entry_id: PostingId
    person_id: PersonId
    village: Text
    until: dt.date | None = None
    """The planned end."""
    document_no: Text = ""


class VillageAidEnded(OfMasses, frozen=True, kw_only=True, tag="masses.village_aid_ended"):
    """A member came back from the village (N02.T05)."""

    zh: ClassVar[str] = "驻村帮扶结束"
    en: ClassVar[str] = "Village aid ended"

    posting_id: PostingId
    person_id: PersonId
    reason: Text


class VillageAidLogged(MassEntry, frozen=True, kw_only=True, tag="masses.village_aid_logged"):
    """What a posted member did on a day (N02.M04.03, DL-62)."""

    zh: ClassVar[str] = "帮扶工作日志"
    en: ClassVar[str] = "Village aid logged"

    posting_id: PostingId
    person_id: PersonId
    work: LongText
    households: Count = 0
    solved: LongText = ""
    todo: LongText = ""


class MassPlanAdopted(MassEntry, frozen=True, kw_only=True, tag="masses.plan_adopted"):
    """A plan of service to the public or of village aid was adopted (N02.T05, N06)."""

    zh: ClassVar[str] = "服务群众方案/帮扶计划"
    en: ClassVar[str] = "Mass service plan adopted"

    kind: MassPlanKind
    title: Text
    content: LongText
    meeting_id: MeetingId | None = None
    met_on: dt.date | None = None
    """The day of that meeting."""


class VolunteerServiceDone(MassEntry, frozen=True, kw_only=True, tag="masses.volunteer_service_done"):
    """Members did volunteer service together on a day (N24.M06.02)."""

    zh: ClassVar[str] = "志愿服务"
    en: ClassVar[str] = "Volunteer service done"

    project: Text
    place: Text
    people: People
    minutes: Minutes
    """For each of them."""
    served: Text = ""
    effect: Text = ""


class MassEntryWithdrawn(OfMasses, frozen=True, kw_only=True, tag="masses.entry_withdrawn"):
    """An entry was recorded wrongly and stands no more; its row is struck."""

    zh: ClassVar[str] = "群众工作登记撤销"
    en: ClassVar[str] = "Mass work entry withdrawn"

    entry_id: MassEntryId
    what: Text
    """The tag of the event that began it."""
    happened_on: dt.date
    reason: Text


MassEvent = (
    SolicitationOpened
    | OpinionRecorded
    | OpinionHandled
    | QuestionnaireCompleted
    | ResearchTripMade
    | ResearchReportFiled
    | HouseholdsVisited
    | VillageAidAssigned
    | VillageAidEnded
    | VillageAidLogged
    | MassPlanAdopted
    | VolunteerServiceDone
    | MassEntryWithdrawn
)
"""What the stream `masses` may hold."""

EVENTS: tuple[type[Event], ...] = typing.get_args(MassEvent)

UPCASTS: dict[tuple[str, int], Upcast] = {}
