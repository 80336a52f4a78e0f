"""An election through the bus: who may do what, and what is private to a person stays sealed on the record."""

import datetime as dt
from typing import Any

import pytest

from events.base import MeetingId, PersonId, tag_of
from events.elections import (
    CandidateInvestigated,
    ElectionId,
    ElectionKind,
    ElectorExcluded,
    Ground,
    Matter,
    Office,
    Recommended,
    Recommender,
    Votes,
)
from events.meetings import MeetingKind
from events.store.keys import is_sealed
from service.auth.actor import Role
from service.decide.elections.ballots import CountElectionBallot
from service.decide.elections.candidates import ConfirmSlate, InvestigateCandidate, ProposeSlate, RecommendCandidates
from service.decide.elections.meeting import AppointTellers, ConveneElectionMeeting, ExcludeElector
from service.decide.elections.opening import OpenElection, WithdrawElectionEntry
from service.decide.elections.requests import ApproveElectionRequest, SubmitElectionRequest
from service.decide.meetings.attendance import RecordMeetingHeld
from service.errors import Forbidden, Refused
from tests.flows.bus_world import ANN, TODAY, A, C, World, actor, member
from tests.store.conftest import Store

E1, M1 = ElectionId("e1"), MeetingId("m1")
EVE, FAY, GUS, HAL = (PersonId(name) for name in ("eve", "fay", "gus", "hal"))
SECRETARY, OFFICER = actor(Role.SECRETARY, A), actor(Role.COMMITTEE_OFFICER, C, A)
FINDING = "作风扎实，群众基础好"
SLATE: dict[str, Any] = {"members": (), "secretary": (ANN,), "deputy": (EVE,)}
BRANCH: dict[str, Any] = {"occurred_on": TODAY, "election_id": E1}


@pytest.fixture
async def world(store: Store) -> World:
    """Five full members, so no committee: the general meeting elects a secretary and a deputy."""
    world = await World(store).found()
    for person in (EVE, FAY, GUS, HAL):
        await world.send(A, member(person))
    await world.send(A, OpenElection(**BRANCH, kind=ElectionKind.TERM), actor=SECRETARY)
    return world


def submit(matter: Matter) -> SubmitElectionRequest:
    return SubmitElectionRequest(**BRANCH, matter=matter, document_no="支1号")


def approve(matter: Matter) -> ApproveElectionRequest:
    return ApproveElectionRequest(**BRANCH, matter=matter, approval_no="党委1号")


async def up_to_the_meeting(world: World) -> None:
    people = (Recommended(person_id=ANN, times=4), Recommended(person_id=EVE, times=3))
    for command in (
        submit(Matter.FIRST),
        *(RecommendCandidates(**BRANCH, by=by, people=people) for by in Recommender),
        InvestigateCandidate(**BRANCH, person_id=ANN, suitable=True, finding=FINDING),
        ProposeSlate(**BRANCH, **SLATE),
    ):
        await world.send(A, command, actor=SECRETARY)
    await world.send(A, approve(Matter.FIRST), actor=OFFICER)
    await world.send(A, submit(Matter.SECOND), actor=SECRETARY)
    await world.send(A, approve(Matter.SECOND), actor=OFFICER)
    held = RecordMeetingHeld(
        occurred_on=TODAY,
        kind=MeetingKind.GENERAL,
        meeting_id=M1,
        topic="选举",
        chair=ANN,
        recorder=EVE,
        delegation_note="首次选举",
        absent=(HAL,),
        notice_sent_on=TODAY - dt.timedelta(days=7),
    )
    for command in (
        ConfirmSlate(**BRANCH, **SLATE),
        ExcludeElector(**BRANCH, person_id=HAL, ground=Ground.ILL_WILL, consent_no="党委2号", adopted=True),
        held,
        ConveneElectionMeeting(**BRANCH, meeting_id=M1),
        AppointTellers(**BRANCH, chief=FAY, tellers=(GUS,)),
    ):
        await world.send(A, command, actor=SECRETARY)


async def elect(world: World) -> None:
    for office, person in ((Office.SECRETARY, ANN), (Office.DEPUTY, EVE)):
        count = CountElectionBallot(**BRANCH, office=office, issued=4, returned=4, valid=4, votes=(Votes(person_id=person, yes=4),))
        await world.send(A, count, actor=SECRETARY)
    await world.send(A, submit(Matter.THIRD), actor=SECRETARY)


async def test_the_superior_approves_and_the_branch_takes_office_in_one_receipt(world: World):
    await up_to_the_meeting(world)
    await elect(world)
    receipt = await world.send(A, approve(Matter.THIRD), actor=OFFICER)
    assert [event.type for event in receipt.events] == ["elections.request_approved", "organisations.committee_seated"]
    roster = await world.events(A, "roster")
    assert tag_of(roster[-1]) == "organisations.committee_seated"


async def test_the_branch_does_not_approve_its_own_election_and_the_superior_does_not_hold_it(world: World):
    await world.send(A, submit(Matter.FIRST), actor=SECRETARY)
    with pytest.raises(Forbidden):
        await world.send(A, approve(Matter.FIRST), actor=SECRETARY)
    with pytest.raises(Forbidden):
        await world.send(A, ProposeSlate(**BRANCH, **SLATE), actor=OFFICER)


async def test_why_somebody_is_left_out_and_what_was_found_are_sealed(world: World):
    await up_to_the_meeting(world)
    events = await world.events(A, "election-e1")
    (excluded,) = [event for event in events if isinstance(event, ElectorExcluded)]
    (investigated,) = [event for event in events if isinstance(event, CandidateInvestigated)]
    assert is_sealed(excluded.ground)
    assert is_sealed(investigated.finding or "")
    assert (excluded.person_id, investigated.suitable) == (HAL, True)


async def test_the_same_again_is_nothing_although_it_is_sealed(world: World):
    await up_to_the_meeting(world)
    for command in (
        InvestigateCandidate(**BRANCH, person_id=ANN, suitable=True, finding=FINDING),
        ExcludeElector(**BRANCH, person_id=HAL, ground=Ground.ILL_WILL, consent_no="党委2号", adopted=True),
    ):
        assert (await world.send(A, command, actor=SECRETARY)).events == []


async def test_a_remembered_election_knows_what_was_taken_back(world: World):
    """The state of the process that wrote and that of one that reads anew are the same."""
    await up_to_the_meeting(world)
    await world.send(A, WithdrawElectionEntry(**BRANCH, reason="误录"), actor=SECRETARY)
    count = CountElectionBallot(**BRANCH, office=Office.SECRETARY, issued=5, returned=4, valid=4, votes=(Votes(person_id=ANN, yes=4),))
    await world.send(A, AppointTellers(**BRANCH, chief=GUS, tellers=(FAY,)), actor=SECRETARY)
    for bus in (world.bus, world.another()):
        with pytest.raises(Refused, match="INV-029"):
            await world.send(A, count, actor=SECRETARY, bus=bus)
