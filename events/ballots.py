"""Secret ballots: opened with a frozen list of voters, marked when somebody voted, closed with a tally, or counted on paper.

Who voted is on the record; what was chosen never is. Choices lie in a box that knows no time, order or person (norms N05, N11, N13,
N14, N21.T05, N25; R-A06, R-B09 to R-B14). The hash of the published box stands in the closing, so that anyone recounts it.
"""

from typing import Annotated, ClassVar, NewType

import msgspec

from events.base import IDENTITY, Choice, Count, Event, LongText, MeetingId, PersonId, Text, Upcast, shaped

BallotId = NewType("BallotId", str)
shaped(BallotId, IDENTITY)
OptionCode = NewType("OptionCode", str)
"""What is marked on a paper: a fixed code of the kind, the id of a candidate, or the number of an option."""
shaped(OptionCode, IDENTITY)
BoxHash = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}$(?!\n)")]


class BallotKind(Choice):
    """What is decided."""

    MOTION = "motion", "表决事项", "Motion"
    ELECTION = "election", "选举", "Election"
    ADMISSION = "admission", "发展党员表决", "Admission"
    APPRAISAL = "appraisal", "民主评议测评", "Democratic appraisal"
    DEBRIEFING = "debriefing", "书记述职评议", "Secretary's debriefing"


class BallotMethod(Choice):
    """Where the choices go. Both have the same rank."""

    BOX = "box", "系统票箱", "Box of the system"
    PAPER = "paper", "纸质选票", "Paper ballots"


class Electorate(Choice):
    """Who is entitled."""

    VOTERS = "voters", "有表决权的党员", "Members with a vote"
    MEMBERS = "members", "全体党员", "All members"
    COMMITTEE = "committee", "支部委员会委员", "Committee members"


class Answer(Choice):
    """The paper of a motion or an admission."""

    YES = "yes", "赞成", "For"
    NO = "no", "反对", "Against"
    ABSTAIN = "abstain", "弃权", "Abstain"


class Appraised(Choice):
    """The paper of a democratic appraisal."""

    EXCELLENT = "excellent", "优秀", "Excellent"
    QUALIFIED = "qualified", "合格", "Qualified"
    BARELY = "barely", "基本合格", "Basically qualified"
    UNQUALIFIED = "unqualified", "不合格", "Unqualified"


class Debriefed(Choice):
    """The paper of a secretary's debriefing."""

    GOOD = "good", "好", "Good"
    FAIRLY_GOOD = "fairly_good", "较好", "Fairly good"
    ORDINARY = "ordinary", "一般", "Ordinary"
    POOR = "poor", "差", "Poor"


class BallotOption(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the paper. A candidate's text is empty: the code is the person, whose name is joined at reading."""

    code: OptionCode
    text: Text = ""


class OptionVotes(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a tally."""

    code: OptionCode
    votes: Count


class _OfBallot(Event, frozen=True, kw_only=True):
    """Something about one ballot."""

    ballot_id: BallotId

    def stream(self) -> str:
        return f"ballot-{self.ballot_id}"


class BallotOpened(_OfBallot, frozen=True, kw_only=True, tag="ballots.opened"):
    """A secret ballot begins; who may vote is frozen here, whatever happens to the roster afterwards (R-B03, N21.T05)."""

    zh: ClassVar[str] = "无记名投票开始"
    en: ClassVar[str] = "Secret ballot opened"

    kind: BallotKind
    title: Text
    method: BallotMethod
    electorate: Electorate
    options: tuple[BallotOption, ...]
    choices_max: Count
    entitled: tuple[PersonId, ...]
    subject_id: PersonId | None = None
    """Whom it is about: the applicant, the member who is appraised, the secretary."""
    meeting_id: MeetingId | None = None


class MemberVoted(_OfBallot, frozen=True, kw_only=True, tag="ballots.voted"):
    """Somebody put a paper into the box, once. Nothing here, and nothing recorded with it, says what was on it (R-B11)."""

    zh: ClassVar[str] = "党员已投票"
    en: ClassVar[str] = "Member voted"

    person_id: PersonId


class BallotClosed(_OfBallot, frozen=True, kw_only=True, tag="ballots.closed"):
    """The box was shuffled, counted and published. With fewer than five papers nobody learns the breakdown (R-B13, R-B14)."""

    zh: ClassVar[str] = "无记名投票结束"
    en: ClassVar[str] = "Secret ballot closed"

    entitled: Count
    cast: Count
    quorate: bool
    needed: Count
    """Votes that an option needed to be carried; 0 where nothing is carried (appraisal, debriefing)."""
    carried: tuple[OptionCode, ...]
    votes: tuple[OptionVotes, ...]
    """Empty when withheld."""
    withheld: bool
    box_sha256: BoxHash
    """Of the canonical bytes of the box; published unless the breakdown is withheld."""


class PaperBallotsCounted(_OfBallot, frozen=True, kw_only=True, tag="ballots.paper_counted"):
    """Paper ballots were counted under the eyes of tellers; of the same rank as a closed box (R-B10 to R-B14)."""

    zh: ClassVar[str] = "纸质选票计票"
    en: ClassVar[str] = "Paper ballots counted"

    entitled: Count
    issued: Count
    returned: Count
    valid: Count
    invalid: Count
    void: bool
    """More came back than were issued: it has to be held again (INV-030)."""
    quorate: bool
    needed: Count
    carried: tuple[OptionCode, ...]
    votes: tuple[OptionVotes, ...]
    withheld: bool
    chief_teller: PersonId
    tellers: tuple[PersonId, ...]
    counters: tuple[PersonId, ...]


class BallotCancelled(_OfBallot, frozen=True, kw_only=True, tag="ballots.cancelled"):
    """A ballot is void, before or after its count, with the reason; what lay in an open box is destroyed unread."""

    zh: ClassVar[str] = "无记名投票作废"
    en: ClassVar[str] = "Secret ballot cancelled"

    reason: LongText


BallotEvent = BallotOpened | MemberVoted | BallotClosed | PaperBallotsCounted | BallotCancelled
EVENTS = (BallotOpened, MemberVoted, BallotClosed, PaperBallotsCounted, BallotCancelled)
UPCASTS: dict[tuple[str, int], Upcast] = {}
