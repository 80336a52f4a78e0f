"""N05 from the first command to the register: a branch elects at the end of its term, with a void ballot and a tie on the way."""

import datetime as dt
from typing import Any

import pytest

from events.base import Event, MeetingId
from events.elections import Division, Duty, ElectionId, Ground, Matter, Office, Paper, Recommended, Recommender, Review, Votes
from events.meetings import MeetingKind, NoticeMethod
from events.organisations import Post
from projections.engine.merge import ledger_rows
from projections.engine.replay import replay
from projections.ledgers import l01_organisation, l02_organisation_life
from projections.standard.pack import default_pack
from service.decide.base import Command
from service.decide.elections.ballots import CountElectionBallot
from service.decide.elections.candidates import (
    AdoptElectionPaper,
    ConfirmSlate,
    InvestigateCandidate,
    ProposeSlate,
    RecommendCandidates,
    ReviewIncumbents,
)
from service.decide.elections.meeting import AppointTellers, ConveneElectionMeeting, ExcludeElector, HoldFirstCommitteeMeeting
from service.decide.elections.opening import CloseElection, RemindOfElection
from service.decide.elections.procedure import steps
from service.decide.elections.requests import ApproveElectionRequest, ReturnElectionRequest, SubmitElectionRequest
from service.decide.elections.state import ELECTION
from service.decide.meetings.attendance import RecordMeetingHeld
from service.decide.meetings.planning import ScheduleMeeting, SendNotice
from service.decide.procedure import Progress
from service.decide.roster import ROSTER
from tests.decide.bdd import BRANCH, given
from tests.decide.election_history import BRANCH_OF_TEN, DIVISION, ELECTORS, FIVE, HAL, IDA, JAY, SIX, votes
from tests.decide.roster_history import ANN, BEN, CAI, DAN, EVE, FAY, GUS, NEO
from tests.ledgers.l04_history import facts

E1, M1 = ElectionId("e1"), MeetingId("m1")
SLATE: dict[str, Any] = {"members": SIX, "secretary": (ANN,), "deputy": (BEN,)}


def day(month: int, number: int) -> dt.date:
    return dt.date(2027, month, number)


def papers(on: dt.date) -> list[Command]:
    reviews = tuple(Review(person_id=person, competent=8, basic=1, incompetent=0) for person in FIVE)
    people = tuple(Recommended(person_id=person, times=7) for person in SIX)
    return [
        AdoptElectionPaper(occurred_on=on, election_id=E1, paper=Paper.WORK_PLAN, title="换届工作方案", planned_on=day(12, 20)),
        AdoptElectionPaper(occurred_on=on, election_id=E1, paper=Paper.METHOD, title="选举办法(草案)"),
        ReviewIncumbents(occurred_on=on, election_id=E1, issued=10, returned=9, reviews=reviews),
        *(RecommendCandidates(occurred_on=on, election_id=E1, by=by, people=people) for by in Recommender),
        *(InvestigateCandidate(occurred_on=on, election_id=E1, person_id=person, suitable=True, finding="群众基础好") for person in SIX),
        ProposeSlate(occurred_on=on, election_id=E1, **SLATE),
    ]


def submit(matter: Matter, on: dt.date, reply_on: dt.date) -> list[Command]:
    """A submission and its approval."""
    number = matter.value
    return [
        SubmitElectionRequest(occurred_on=on, election_id=E1, matter=matter, document_no=f"支〔2027〕{number}号"),
        ApproveElectionRequest(occurred_on=reply_on, election_id=E1, matter=matter, approval_no=f"部发〔2027〕{number}号"),
    ]


def meeting(on: dt.date) -> list[Command]:
    """JAY is too ill to come and is left out of the base; GUS is away."""
    called: list[Command] = [
        ScheduleMeeting(occurred_on=day(12, 1), meeting_id=M1, kind=MeetingKind.GENERAL, planned_on=on, topic="换届选举党员大会"),
        SendNotice(occurred_on=day(12, 1), meeting_id=M1, to=tuple(sorted((*ELECTORS, NEO))), method=NoticeMethod.MESSAGE),
        RecordMeetingHeld(
            occurred_on=on, meeting_id=M1, kind=MeetingKind.GENERAL, topic="换届选举党员大会", chair=ANN, recorder=CAI, absent=(GUS, JAY)
        ),
    ]
    left_out = ExcludeElector(
        occurred_on=on, election_id=E1, person_id=JAY, ground=Ground.UNABLE, consent_no="部发〔2027〕9号", adopted=True
    )
    return [
        *called,
        left_out,
        ConveneElectionMeeting(occurred_on=on, election_id=E1, meeting_id=M1),
        AppointTellers(occurred_on=on, election_id=E1, chief=HAL, tellers=(IDA,)),
    ]


def ballot(on: dt.date, office: Office, ballots: int, returned: int, yes: tuple[Votes, ...], **changed: Any) -> CountElectionBallot:
    told: dict[str, Any] = {"issued": ballots, "returned": returned, "valid": returned, "votes": yes}
    return CountElectionBallot(occurred_on=on, election_id=E1, office=office, **(told | changed))


def walk() -> list[Command]:
    on = day(12, 20)
    tied = votes(8, ann=8, ben=7, cai=7, dan=6, eve=5, fay=5)
    return [
        RemindOfElection(occurred_on=day(7, 6), election_id=E1),
        SubmitElectionRequest(occurred_on=day(10, 11), election_id=E1, matter=Matter.FIRST, document_no="支〔2027〕0号"),
        ReturnElectionRequest(occurred_on=day(10, 12), election_id=E1, matter=Matter.FIRST, reason="未附工作方案"),
        *submit(Matter.FIRST, day(10, 13), day(10, 15)),
        *papers(day(11, 1)),
        *submit(Matter.SECOND, day(11, 12), day(11, 20)),
        ConfirmSlate(occurred_on=day(12, 10), election_id=E1, **SLATE),
        *meeting(on),
        ballot(on, Office.COMMITTEE, 8, 9, (), valid=9),
        ballot(on, Office.COMMITTEE, 8, 8, tied),
        ballot(on, Office.COMMITTEE, 8, 8, votes(8, eve=3, fay=5)),
        HoldFirstCommitteeMeeting(
            occurred_on=on, election_id=E1, chair=ANN, recorder=CAI, division=(*DIVISION[:2], Division(person_id=FAY, duty=Duty.DISCIPLINE))
        ),
        ballot(on, Office.SECRETARY, 5, 5, votes(5, ann=5)),
        ballot(on, Office.DEPUTY, 5, 5, votes(5, ben=4)),
        *submit(Matter.THIRD, day(12, 22), day(12, 28)),
        CloseElection(occurred_on=day(12, 30), election_id=E1, volume="2027-07"),
    ]


@pytest.fixture(scope="module")
def record() -> list[Event]:
    """What is on record after every command was decided, one after another."""
    books = given(BRANCH_OF_TEN)
    for command in walk():
        events = [event for event in books.when(command).decide() if isinstance(event, Event)]
        assert events, command
        books = books.and_in(BRANCH, *events)
    return list(books.events[BRANCH])


def test_the_committee_sits_until_three_years_after_the_approval(record: list[Event]):
    roster = ROSTER.initial
    for event in record:
        if event.stream() == "roster":
            roster = ROSTER.evolve(roster, event)
    on = day(12, 28)
    assert (roster.term, roster.term_ends_on) == (2, dt.date(2030, 12, 28))
    assert {post: roster.holder_of(post, on) for post in Post if post is not Post.MEMBER} == {
        Post.SECRETARY: ANN,
        Post.DEPUTY: BEN,
        Post.ORGANISATION: CAI,
        Post.PUBLICITY: DAN,
        Post.DISCIPLINE: FAY,
    }
    assert roster.holder_of(Post.DISCIPLINE, on - dt.timedelta(days=1)) == EVE


def test_the_register_tells_it_all(record):
    rows = ledger_rows(replay([l01_organisation.PROJECTION], facts(*record)))
    (row,) = [row for row in rows if row["register"] == "elections"]
    shown: dict[str, Any] = row["cells"]
    assert (shown["term"], shown["runs"], shown["archived_on"]) == ("第2届", "2027-12-28 — 2030-12-28", "2027-12-30")
    assert (shown["due"], shown["present"], shown["entitled"]) == (9, 8, 10)
    assert shown["returned"] == ["委员 9", "委员第2次 8", "委员第3次 8", "书记 5", "副书记 5"]
    assert shown["elected"] == [ANN, BEN, CAI, DAN, FAY]
    assert shown["approval_1"] == "2027-10-15 部发〔2027〕1号"


def test_both_meetings_stand_in_the_ledger_of_organisation_life(record):
    rows = ledger_rows(replay([l02_organisation_life.PROJECTION], facts(*record)))
    shown = [row["cells"] for row in rows if row["register"] == "meetings" and row["key"] in ("m1", "event-1")]
    assert [(one["kind"], one["due_count"], one["present_count"]) for one in shown] == [("党员大会", 11, 9), ("支委会", 5, 5)]


def test_the_procedure_is_done(record):
    election = ELECTION.initial
    for event in record:
        if event.stream() == "election-e1":
            election = ELECTION.evolve(election, event)
    told = steps(election, "e1", default_pack().rules(day(12, 30)), day(12, 30))
    assert {step.progress for step in told} == {Progress.DONE}
