"""What the tests of elections are told in: a branch of ten electors whose term ends, and its election step by step."""

import datetime as dt
from typing import Any, TypeVar

from events.base import Event, MeetingId, PersonId
from events.elections import (
    BallotCounted,
    CandidateInvestigated,
    CandidatesRecommended,
    Division,
    Duty,
    Elected,
    ElectionClosed,
    ElectionEntryWithdrawn,
    ElectionId,
    ElectionKind,
    ElectionOpened,
    ElectionPaperAdopted,
    ElectionReminded,
    ElectorExcluded,
    FirstMeetingHeld,
    Ground,
    IncumbentsReviewed,
    Matter,
    MeetingConvened,
    Office,
    Paper,
    Recommended,
    Recommender,
    RequestApproved,
    RequestReturned,
    RequestSubmitted,
    Review,
    SeatsReduced,
    SlateConfirmed,
    SlateProposed,
    TellersAppointed,
    Votes,
    Winner,
)
from events.meetings import MeetingHeld, MeetingKind
from events.organisations import Post, Seat
from tests.decide.bdd import BRANCH as BRANCH
from tests.decide.roster_history import ANN, BEN, CAI, DAN, EVE, FAY, GUS, NEO, founded, members, probationer, seated

T = TypeVar("T")

HAL, IDA, JAY = (PersonId(name) for name in ("hal", "ida", "jay"))
ELECTORS = (ANN, BEN, CAI, DAN, EVE, FAY, GUS, HAL, IDA, JAY)
PRESENT = ELECTORS[:9]
"""Everybody but JAY came."""
SIX = (ANN, BEN, CAI, DAN, EVE, FAY)
"""Candidates for five seats."""
FIVE = SIX[:5]
E1, M1, M2 = ElectionId("e1"), MeetingId("m1"), MeetingId("m2")

TERM_ENDS = dt.date(2028, 1, 6)
OPENED_ON = dt.date(2027, 10, 11)
FIRST_ON, FIRST_APPROVED_ON = dt.date(2027, 10, 12), dt.date(2027, 10, 15)
WORKED_ON = dt.date(2027, 11, 1)
SLATE_ON, SECOND_ON, SECOND_APPROVED_ON = dt.date(2027, 11, 10), dt.date(2027, 11, 12), dt.date(2027, 11, 20)
CONFIRMED_ON = dt.date(2027, 12, 10)
MEETING_ON = dt.date(2027, 12, 20)
THIRD_ON, THIRD_APPROVED_ON = dt.date(2027, 12, 22), dt.date(2027, 12, 28)
CLOSED_ON = dt.date(2028, 1, 4)

BRANCH_OF_TEN: tuple[Event, ...] = (founded(), *members(*ELECTORS), probationer(), seated())
"""The first committee: ANN to EVE, until `TERM_ENDS`."""


def told(kind: type[T], on: dt.date, defaults: dict[str, Any], changed: dict[str, Any]) -> T:
    """An event of the election, or a command about it: the usual, unless it is said otherwise."""
    return kind(**({"occurred_on": on, "election_id": E1} | defaults | changed))


def opened(**changed: Any) -> ElectionOpened:
    told_: dict[str, Any] = {
        "kind": ElectionKind.TERM,
        "term": 2,
        "term_ends_on": TERM_ENDS,
        "seats": 5,
        "posts": (Office.SECRETARY, Office.DEPUTY),
        "has_committee": True,
    }
    return told(ElectionOpened, OPENED_ON, told_, changed)


def by_election(**changed: Any) -> ElectionOpened:
    return opened(**({"kind": ElectionKind.BY_ELECTION, "term": 1, "term_ends_on": None, "seats": 1, "posts": ()} | changed))


def delegates(**changed: Any) -> ElectionOpened:
    told_: dict[str, Any] = {
        "kind": ElectionKind.DELEGATES,
        "term": None,
        "term_ends_on": None,
        "seats": 2,
        "posts": (),
        "title": "机关第三次党代会",
    }
    return opened(**(told_ | changed))


def reminded(**changed: Any) -> ElectionReminded:
    return told(ElectionReminded, OPENED_ON, {"term_ends_on": TERM_ENDS}, changed)


SUBMITTED_ON = {Matter.FIRST: FIRST_ON, Matter.SECOND: SECOND_ON, Matter.THIRD: THIRD_ON}
APPROVED_ON = {Matter.FIRST: FIRST_APPROVED_ON, Matter.SECOND: SECOND_APPROVED_ON, Matter.THIRD: THIRD_APPROVED_ON}


def submitted(matter: Matter = Matter.FIRST, **changed: Any) -> RequestSubmitted:
    number = f"支〔2027〕{matter.value}号"
    return told(RequestSubmitted, SUBMITTED_ON.get(matter, FIRST_ON), {"matter": matter, "document_no": number}, changed)


def approved(matter: Matter = Matter.FIRST, **changed: Any) -> RequestApproved:
    number = f"部发〔2027〕{matter.value}号"
    return told(RequestApproved, APPROVED_ON.get(matter, FIRST_APPROVED_ON), {"matter": matter, "approval_no": number}, changed)


def returned(matter: Matter = Matter.FIRST, **changed: Any) -> RequestReturned:
    return told(RequestReturned, APPROVED_ON.get(matter, FIRST_APPROVED_ON), {"matter": matter, "reason": "材料不齐"}, changed)


def asked(matter: Matter, planned_on: dt.date) -> RequestSubmitted:
    return submitted(matter, planned_on=planned_on, reason="本单位机构改革")


def allowed(matter: Matter, planned_on: dt.date, **changed: Any) -> RequestApproved:
    return approved(matter, **({"planned_on": planned_on} | changed))


def adopted(paper: Paper = Paper.WORK_PLAN, **changed: Any) -> ElectionPaperAdopted:
    return told(ElectionPaperAdopted, WORKED_ON, {"paper": paper, "title": paper.zh}, changed)


def reviewed(**changed: Any) -> IncumbentsReviewed:
    reviews = tuple(Review(person_id=person, competent=8, basic=1, incompetent=0) for person in FIVE)
    return told(IncumbentsReviewed, WORKED_ON, {"issued": 10, "returned": 9, "reviews": reviews}, changed)


def recommended(by: Recommender = Recommender.MEMBERS, **changed: Any) -> CandidatesRecommended:
    people = tuple(Recommended(person_id=person, times=7) for person in SIX)
    return told(CandidatesRecommended, WORKED_ON, {"by": by, "people": people}, changed)


def investigated(person_id: PersonId, **changed: Any) -> CandidateInvestigated:
    return told(CandidateInvestigated, WORKED_ON, {"person_id": person_id, "suitable": True}, changed)


SLATE: dict[str, Any] = {"members": SIX, "secretary": (ANN,), "deputy": (BEN,)}


def proposed(**changed: Any) -> SlateProposed:
    return told(SlateProposed, SLATE_ON, SLATE, changed)


def confirmed(**changed: Any) -> SlateConfirmed:
    return told(SlateConfirmed, CONFIRMED_ON, SLATE, changed)


def excluded(person_id: PersonId = JAY, **changed: Any) -> ElectorExcluded:
    return told(
        ElectorExcluded, CONFIRMED_ON, {"person_id": person_id, "ground": Ground.UNABLE.value, "consent_no": "部发〔2027〕9号"}, changed
    )


def held(present: tuple[PersonId, ...] = PRESENT, **changed: Any) -> MeetingHeld:
    due = tuple(sorted((*ELECTORS, NEO)))
    told_: dict[str, Any] = {
        "occurred_on": MEETING_ON,
        "meeting_id": M1,
        "kind": MeetingKind.GENERAL,
        "topic": "换届选举",
        "chair": ANN,
        "recorder": CAI,
        "due": due,
        "present": present,
        "absent": tuple(person for person in due if person not in present),
    }
    return MeetingHeld(**(told_ | changed))


def convened(**changed: Any) -> MeetingConvened:
    told_ = {"meeting_id": M1, "chair": ANN, "entitled": 10, "due": 10, "present": 9, "quorum": 8}
    return told(MeetingConvened, MEETING_ON, told_, changed)


def tellers(**changed: Any) -> TellersAppointed:
    return told(TellersAppointed, MEETING_ON, {"chief": GUS, "tellers": (GUS, HAL), "counters": (IDA,)}, changed)


def votes(ballots: int, **yes: int) -> tuple[Votes, ...]:
    """Who is named has so many votes, and the rest of the valid ballots against."""
    return tuple(Votes(person_id=PersonId(person), yes=count, no=ballots - count) for person, count in yes.items())


EIGHT = votes(8, ann=8, ben=7, cai=7, dan=6, eve=6, fay=4)


def counted(**changed: Any) -> BallotCounted:
    told_: dict[str, Any] = {
        "office": Office.COMMITTEE,
        "turn": 1,
        "seats": 5,
        "due": 10,
        "present": 9,
        "issued": 9,
        "returned": 9,
        "valid": 8,
        "invalid": 1,
        "votes": EIGHT,
        "needed": 5,
        "void": False,
        "elected": FIVE,
        "tied": (),
    }
    return told(BallotCounted, MEETING_ON, told_, changed)


def winner(person: PersonId, yes: int, due: int = 10, present: int = 9) -> Winner:
    return Winner(person_id=person, due=due, present=present, yes=yes)


WINNERS = (winner(ANN, 8), winner(BEN, 7), winner(CAI, 7), winner(DAN, 6), winner(EVE, 6))


def elected(office: Office = Office.COMMITTEE, people: tuple[Winner, ...] = WINNERS, **changed: Any) -> Elected:
    return told(Elected, MEETING_ON, {"kind": ElectionKind.TERM, "office": office, "people": people}, changed)


def reduced(**changed: Any) -> SeatsReduced:
    return told(SeatsReduced, MEETING_ON, {"seats": 4, "consenting": 5, "present": 9}, changed)


DIVISION = (
    Division(person_id=CAI, duty=Duty.ORGANISATION, duties="发展党员"),
    Division(person_id=DAN, duty=Duty.PUBLICITY),
    Division(person_id=EVE, duty=Duty.DISCIPLINE),
)


def first_meeting(**changed: Any) -> FirstMeetingHeld:
    told_: dict[str, Any] = {"meeting_id": M2, "chair": ANN, "due": 5, "present": 5, "quorum": 4, "division": DIVISION}
    return told(FirstMeetingHeld, MEETING_ON, told_, changed)


def posted(office: Office, person: PersonId) -> tuple[BallotCounted, Elected]:
    """The committee of five elected somebody with all votes."""
    ballot = {"due": 5, "present": 5, "issued": 5, "returned": 5, "valid": 5, "invalid": 0, "needed": 3, "seats": 1}
    one = Votes(person_id=person, yes=5)
    return counted(office=office, votes=(one,), elected=(person,), **ballot), elected(office, (winner(person, 5, 5, 5),))


def closed(**changed: Any) -> ElectionClosed:
    return told(ElectionClosed, CLOSED_ON, {"volume": "2027-07"}, changed)


def withdrawn(what: str, **changed: Any) -> ElectionEntryWithdrawn:
    return told(ElectionEntryWithdrawn, MEETING_ON, {"what": what, "reason": "误录"}, changed)


SEATS = (
    Seat(person_id=ANN, post=Post.SECRETARY, votes_due=5, votes_present=5, votes_for=5),
    Seat(person_id=BEN, post=Post.DEPUTY, votes_due=5, votes_present=5, votes_for=5),
    Seat(person_id=CAI, post=Post.ORGANISATION, duties="发展党员", votes_due=10, votes_present=9, votes_for=7),
    Seat(person_id=DAN, post=Post.PUBLICITY, votes_due=10, votes_present=9, votes_for=6),
    Seat(person_id=EVE, post=Post.DISCIPLINE, votes_due=10, votes_present=9, votes_for=6),
)
NEW_COMMITTEE = seated(*SEATS, on=THIRD_APPROVED_ON, term=2, term_ends_on=dt.date(2030, 12, 28), approval_no="部发〔2027〕3号")

STEPS: dict[str, tuple[Event, ...]] = {
    "opened": (opened(),),
    "request-1": (submitted(),),
    "approval-1": (approved(),),
    "papers": (adopted(planned_on=MEETING_ON), adopted(Paper.METHOD), reviewed()),
    "recommended": (recommended(), recommended(Recommender.PUBLIC)),
    "investigated": tuple(investigated(person) for person in SIX),
    "slate": (proposed(),),
    "request-2": (submitted(Matter.SECOND),),
    "approval-2": (approved(Matter.SECOND),),
    "confirmed": (confirmed(),),
    "convened": (held(), convened()),
    "tellers": (tellers(),),
    "ballot": (counted(), elected()),
    "first-meeting": (first_meeting(),),
    "secretary": posted(Office.SECRETARY, ANN),
    "deputy": posted(Office.DEPUTY, BEN),
    "request-3": (submitted(Matter.THIRD),),
    "approval-3": (approved(Matter.THIRD), NEW_COMMITTEE),
    "closed": (closed(),),
}
"""An election at the end of a term, from the first step to the last."""


def up_to(step: str) -> list[Event]:
    """The branch and its election before that step."""
    names = list(STEPS)
    return [*BRANCH_OF_TEN, *(event for name in names[: names.index(step)] for event in STEPS[name])]


def after(step: str) -> list[Event]:
    """The branch and its election with that step."""
    return [*up_to(step), *STEPS[step]]
