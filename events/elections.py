"""Elections of a branch: end of term, by-election, delegates; from the reminder to the archived result (norm N05, N04.T01; rules R-B).

Room: THE RECORD. One stream per election. The seats themselves are taken on the stream `roster`, when the superior has approved.
"""

import datetime as dt
import typing
from typing import Annotated, Any, ClassVar, NewType

import msgspec

from events.base import IDENTITY, Choice, Count, Event, MeetingId, Personal, PersonId, Sensitive, Text, Upcast, shaped

ElectionId = NewType("ElectionId", str)
shaped(ElectionId, IDENTITY)

TermNo = Annotated[int, msgspec.Meta(ge=1, le=200)]
People = Annotated[tuple[PersonId, ...], msgspec.Meta(max_length=100)]


def said(zh: str, en: str) -> Any:
    """The words for a field of a row that stands in a form."""
    return msgspec.Meta(extra={"zh": zh, "en": en})


class ElectionKind(Choice):
    """What is elected."""

    TERM = "term", "换届选举", "End-of-term election"
    BY_ELECTION = "by_election", "补选", "By-election"
    DELEGATES = "delegates", "党代表选举", "Election of delegates"


class Matter(Choice):
    """What is put to the superior: the three submissions (N05.T03, R-B17), or another time than the end of the term (N05.T02, R-B01)."""

    FIRST = "1", "第一次报请(召开选举大会)", "First: to hold the election"
    SECOND = "2", "第二次报请(候选人预备人选)", "Second: the preliminary candidates"
    THIRD = "3", "第三次报请(选举结果)", "Third: the result"
    EXTENSION = "extension", "延期换届", "Postponed election"
    EARLY = "early", "提前换届", "Early election"


class Paper(Choice):
    """What a branch adopts before it elects."""

    WORK_PLAN = "work_plan", "换届工作方案", "Work plan"
    METHOD = "method", "选举办法", "Election method"


class Recommender(Choice):
    """Whose recommendation; both are needed (两推, R-B18)."""

    MEMBERS = "members", "党员推荐", "By the members"
    PUBLIC = "public", "群众推荐", "By the public"


class Office(Choice):
    """What somebody stands for; each is voted on by itself."""

    COMMITTEE = "committee", "委员", "Committee member"
    SECRETARY = "secretary", "书记", "Secretary"
    DEPUTY = "deputy", "副书记", "Deputy secretary"
    DELEGATE = "delegate", "党代表", "Delegate"


class Ground(Choice):
    """Why an elector may be left out of the number due, by the code of R-B07; 6 is off unless a rule change allows it."""

    ILL_WILL = "1", "患有精神病或其他疾病不能表达本人意志", "Ill and unable to express a will"
    ABROAD = "2", "自费出国半年以上", "Abroad at own cost for six months or more"
    SENTENCED = "3", "被判刑未受留党察看以上处分", "Serving a sentence without a grave punishment"
    UNABLE = "4", "年老体弱卧床不起或长期生病生活不能自理", "Old, bedridden or long ill"
    AWAY = "5", "外出半年以上按规定应转走而未转走组织关系", "Away for six months or more, relation not transferred"
    RETIRED = "6", "退休回原籍长期不能参加会议", "Retired to the home place, unable to attend"


class Duty(Choice):
    """How the new committee divides its work (N04.T02); secretary and deputy follow from the ballot."""

    ORGANISATION = "organisation", "组织委员", "Organisation member"
    PUBLICITY = "publicity", "宣传委员", "Publicity member"
    DISCIPLINE = "discipline", "纪检委员", "Discipline member"
    MEMBER = "member", "委员", "Committee member"


class Review(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How one member of the outgoing committee was judged."""

    person_id: PersonId
    competent: Annotated[Count, said("称职", "Competent")]
    basic: Annotated[Count, said("基本称职", "Basically competent")]
    incompetent: Annotated[Count, said("不称职", "Not competent")]


class Recommended(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Somebody who was recommended, and how often."""

    person_id: PersonId
    times: Annotated[Count, said("推荐票数", "Recommendations")]


class Votes(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The votes about one person in one ballot; somebody who was written in stands here too (R-B12)."""

    person_id: PersonId
    yes: Annotated[Count, said("赞成", "For")]
    no: Annotated[Count, said("反对", "Against")] = 0
    abstain: Annotated[Count, said("弃权", "Abstained")] = 0


class Winner(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Somebody elected, with the votes as the committee roll shows them: due, present, for."""

    person_id: PersonId
    due: Count
    present: Count
    yes: Count


class Division(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one member of the new committee looks after."""

    person_id: PersonId
    duty: Annotated[Duty, said("分工职务", "Duty")]
    duties: Annotated[Text, said("分管工作", "What for")] = ""


class OfElection(Event, frozen=True, kw_only=True):
    """What the events of one election share: which one."""

    election_id: ElectionId

    def stream(self) -> str:
        return f"election-{self.election_id}"


class ElectionOpened(OfElection, frozen=True, kw_only=True, tag="elections.opened"):
    """An election is on its way: what for, how many, and which term it ends (N05.T01)."""

    zh: ClassVar[str] = "选举启动"
    en: ClassVar[str] = "Election opened"

    kind: ElectionKind
    term: TermNo | None
    """The number of the term that begins, or in which seats are filled."""
    term_ends_on: dt.date | None
    """The end of the running term; None where there is none yet."""
    seats: Count
    """Committee members, or delegates, to elect; 0 where there is no committee (INV-004)."""
    posts: tuple[Office, ...] = ()
    has_committee: bool
    title: Text = ""


class ElectionReminded(OfElection, frozen=True, kw_only=True, tag="elections.reminded"):
    """The superior reminded the branch that its term ends (R-A18)."""

    zh: ClassVar[str] = "换届提醒"
    en: ClassVar[str] = "Reminder of the election"

    term_ends_on: dt.date


class RequestSubmitted(OfElection, frozen=True, kw_only=True, tag="elections.request_submitted"):
    """A submission went to the superior; the third is the report of the result (N05.T02, N05.T03, INV-021)."""

    zh: ClassVar[str] = "换届报请"
    en: ClassVar[str] = "Election request submitted"

    matter: Matter
    document_no: Text
    planned_on: dt.date | None = None
    """Until when it is to be postponed, or on which day it is to be held early."""
    reason: Text = ""


class RequestApproved(OfElection, frozen=True, kw_only=True, tag="elections.request_approved"):
    """The superior agreed to a submission; with the third one the elected take office (R-B15, INV-022, INV-023, INV-034)."""

    zh: ClassVar[str] = "换届批复"
    en: ClassVar[str] = "Election request approved"

    matter: Matter
    approval_no: Text
    planned_on: dt.date | None = None


class RequestReturned(OfElection, frozen=True, kw_only=True, tag="elections.request_returned"):
    """The superior sent a submission back; `void` declares the election itself void, to be held anew (R-B16)."""

    zh: ClassVar[str] = "换届请示退回"
    en: ClassVar[str] = "Election request returned"

    matter: Matter
    reason: Text
    void: bool = False


class ElectionPaperAdopted(OfElection, frozen=True, kw_only=True, tag="elections.paper_adopted"):
    """The work plan or the election method was adopted (N05.M01.03, N05.M02.01)."""

    zh: ClassVar[str] = "换届工作方案、选举办法通过"
    en: ClassVar[str] = "Election paper adopted"

    paper: Paper
    title: Text
    meeting_id: MeetingId | None = None
    planned_on: dt.date | None = None


class IncumbentsReviewed(OfElection, frozen=True, kw_only=True, tag="elections.incumbents_reviewed"):
    """The members judged the outgoing committee by ballot (N05.M02.02)."""

    zh: ClassVar[str] = "现任班子民主测评"
    en: ClassVar[str] = "Outgoing committee reviewed"

    issued: Count
    returned: Count
    reviews: Annotated[tuple[Review, ...], msgspec.Meta(min_length=1, max_length=15)]


class CandidatesRecommended(OfElection, frozen=True, kw_only=True, tag="elections.candidates_recommended"):
    """Members, or the public, recommended persons (两推, R-B18)."""

    zh: ClassVar[str] = "两推推荐"
    en: ClassVar[str] = "Candidates recommended"

    by: Recommender
    people: Annotated[tuple[Recommended, ...], msgspec.Meta(min_length=1, max_length=100)]


class CandidateInvestigated(OfElection, frozen=True, kw_only=True, tag="elections.candidate_investigated"):
    """Somebody who was recommended has been looked into (N05.M02.03)."""

    zh: ClassVar[str] = "候选人考察"
    en: ClassVar[str] = "Candidate investigated"

    person_id: PersonId
    suitable: bool
    finding: Personal | None = None


class OfSlate(OfElection, frozen=True, kw_only=True):
    """Candidates for the committee (or as delegates), and for the two posts."""

    members: People = ()
    secretary: People = ()
    deputy: People = ()


class SlateProposed(OfSlate, frozen=True, kw_only=True, tag="elections.slate_proposed"):
    """The outgoing committee proposes candidates, for the superior to review (R-B04, R-B05, INV-026, 027, 035)."""

    zh: ClassVar[str] = "候选人预备人选提出"
    en: ClassVar[str] = "Preliminary candidates proposed"


class SlateConfirmed(OfSlate, frozen=True, kw_only=True, tag="elections.slate_confirmed"):
    """The members deliberated and fixed the candidates, out of those whom the superior agreed to (R-B05)."""

    zh: ClassVar[str] = "正式候选人确定"
    en: ClassVar[str] = "Candidates confirmed"

    meeting_id: MeetingId | None = None


class ElectorExcluded(OfElection, frozen=True, kw_only=True, tag="elections.elector_excluded"):
    """An elector is left out of the number due, with the superior's consent and adopted by the meeting (R-B07, INV-025)."""

    zh: ClassVar[str] = "不计入应到会人数"
    en: ClassVar[str] = "Elector left out of the number due"

    person_id: PersonId
    ground: Sensitive
    """The code of `Ground`: it tells of health or of a sentence, so it is sealed."""
    consent_no: Text


class TellersAppointed(OfElection, frozen=True, kw_only=True, tag="elections.tellers_appointed"):
    """Tellers, the chief among them, none of them a candidate, were adopted; counters work under them (R-B10, INV-028)."""

    zh: ClassVar[str] = "监票人、计票人确定"
    en: ClassVar[str] = "Tellers appointed"

    of_committee: bool = False
    """For the ballot of the new committee, else for that of the general meeting."""
    chief: PersonId
    tellers: People
    counters: People = ()


class MeetingConvened(OfElection, frozen=True, kw_only=True, tag="elections.meeting_convened"):
    """Enough electors came to the election meeting (R-B06, INV-024)."""

    zh: ClassVar[str] = "选举大会召开"
    en: ClassVar[str] = "Election meeting convened"

    meeting_id: MeetingId
    chair: PersonId
    entitled: Count
    """Members with the right to elect."""
    due: Count
    present: Count
    quorum: Count


class BallotCounted(OfElection, frozen=True, kw_only=True, tag="elections.ballot_counted"):
    """A ballot was counted; who is elected or tied, or that it is void, follows from the rule of that day (R-B13, R-B14, INV-030 to 033).

    `turn` 1 is the first ballot for an office; a later one is a run-off, an election for the rest, or one held anew.
    """

    zh: ClassVar[str] = "选举计票"
    en: ClassVar[str] = "Election ballot counted"

    office: Office
    turn: Annotated[int, msgspec.Meta(ge=1, le=100)]
    seats: Count
    due: Count
    present: Count
    issued: Count
    returned: Count
    valid: Count
    invalid: Count
    votes: Annotated[tuple[Votes, ...], msgspec.Meta(max_length=100)]
    needed: Count
    void: bool
    elected: People
    tied: People
    ballot_id: Text | None = None
    """The secret ballot whose tally this is, where it was held in the system."""


class SeatsReduced(OfElection, frozen=True, kw_only=True, tag="elections.seats_reduced"):
    """Too few were elected, and more than half of the electors agree to leave it at that (R-B14)."""

    zh: ClassVar[str] = "减少应选名额"
    en: ClassVar[str] = "Seats reduced"

    seats: Count
    consenting: Count
    present: Count


class Elected(OfElection, frozen=True, kw_only=True, tag="elections.elected"):
    """All places of an office are filled by ballot; nobody takes office before the superior approves (INV-034)."""

    zh: ClassVar[str] = "当选"
    en: ClassVar[str] = "Elected"

    kind: ElectionKind
    office: Office
    people: Annotated[tuple[Winner, ...], msgspec.Meta(min_length=1, max_length=100)]


class FirstMeetingHeld(OfElection, frozen=True, kw_only=True, tag="elections.first_meeting_held"):
    """The newly elected committee met for the first time, chaired by one of its members, and divided its work (R-B08)."""

    zh: ClassVar[str] = "新一届第一次委员会议"
    en: ClassVar[str] = "First committee meeting held"

    meeting_id: MeetingId
    chair: PersonId
    due: Count
    present: Count
    quorum: Count
    division: Annotated[tuple[Division, ...], msgspec.Meta(max_length=15)] = ()


class ElectionClosed(OfElection, frozen=True, kw_only=True, tag="elections.closed"):
    """The result is approved and the papers are bound and archived (N05.T01)."""

    zh: ClassVar[str] = "选举办结"
    en: ClassVar[str] = "Election closed"

    volume: Text = ""


class ElectionEntryWithdrawn(OfElection, frozen=True, kw_only=True, tag="elections.entry_withdrawn"):
    """The branch's last entry, or the whole election, was recorded wrongly and stands no more."""

    zh: ClassVar[str] = "选举登记撤回"
    en: ClassVar[str] = "Election entry withdrawn"

    what: Text
    """The tag of the entry that is taken back; that of the opening takes back the election."""
    reason: Text


Preparation = ElectionOpened | ElectionReminded | RequestSubmitted | RequestApproved | RequestReturned | ElectionPaperAdopted
Candidature = IncumbentsReviewed | CandidatesRecommended | CandidateInvestigated | SlateProposed | SlateConfirmed
Poll = ElectorExcluded | TellersAppointed | MeetingConvened | BallotCounted | SeatsReduced
Result = Elected | FirstMeetingHeld | ElectionClosed | ElectionEntryWithdrawn
ElectionEvent = Preparation | Candidature | Poll | Result
"""What a stream `election-<id>` may hold."""

EVENTS: tuple[type[Event], ...] = typing.get_args(ElectionEvent)

UPCASTS: dict[tuple[str, int], Upcast] = {}
