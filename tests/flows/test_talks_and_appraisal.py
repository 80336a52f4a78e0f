"""A talk and an appraisal through the bus: what was said is sealed on the record, opened in the ledger, and gone with the person's key."""

import datetime as dt
from typing import Any

import pytest

from events.appraisal import Grade
from events.base import MeetingId, PersonId
from events.meetings import MeetingKind
from projections.engine.database import engine_for
from projections.engine.rebuild import catch_up
from projections.query import ERASED, Views
from projections.shapes import LedgerRow, Scope
from service.decide.appraisal.grades import AssignAppraisalGrades, CloseAppraisal, GiveAppraisalFeedback, GradeLine
from service.decide.appraisal.meeting import (
    BallotLine,
    HoldAppraisalMeeting,
    OpenAppraisal,
    RecordAppraisalBallots,
    RecordPeerAssessment,
    SubmitSelfAssessment,
)
from service.decide.education.sessions import RecordStudySession
from service.decide.meetings.attendance import RecordMeetingHeld
from service.decide.talks import RecordTalk
from tests.flows.bus_world import ANN, TODAY, A, World, member
from tests.store.conftest import Store

EVE, M1 = PersonId("eve"), MeetingId("m1")
SAID = ("思想稳定", "对照检查", "踏实肯干", "继续努力")
YEAR: dict[str, Any] = {"occurred_on": TODAY, "year": 2026}


@pytest.fixture
async def world(postgres: Store, database_url: str) -> World:
    world = await World(postgres).found()
    await world.send(A, member(EVE))
    held = RecordMeetingHeld(
        occurred_on=TODAY,
        kind=MeetingKind.GENERAL,
        meeting_id=M1,
        topic="民主评议",
        chair=ANN,
        recorder=EVE,
        delegation_note="受书记委托",
        notice_sent_on=TODAY - dt.timedelta(days=7),
    )
    study = RecordStudySession(occurred_on=TODAY, topic="党章", minutes=60, organiser=ANN, present=(ANN, EVE), appraisal_year=2026)
    line = BallotLine(person_id=EVE, qualified=2)
    for command in (
        RecordTalk(occurred_on=TODAY, talker_id=ANN, person_id=EVE, situation=SAID[0]),
        OpenAppraisal(**YEAR, planned_on=TODAY),
        study,
        SubmitSelfAssessment(**YEAR, person_id=EVE, outline=SAID[1]),
        held,
        HoldAppraisalMeeting(**YEAR, meeting_id=M1),
        RecordPeerAssessment(**YEAR, person_id=EVE, by=ANN, comment=SAID[2]),
        SubmitSelfAssessment(**YEAR, person_id=ANN, outline="自评"),
        RecordAppraisalBallots(**YEAR, ballots=(line, BallotLine(person_id=ANN, qualified=2), BallotLine(excellent=2))),
        AssignAppraisalGrades(
            **YEAR,
            meeting_id=M1,
            grades=(
                GradeLine(person_id=EVE, grade=Grade.QUALIFIED, handling=SAID[3]),
                GradeLine(person_id=ANN, grade=Grade.QUALIFIED),
            ),
        ),
        GiveAppraisalFeedback(**YEAR, person_id=EVE, given_by=ANN, signed=True),
        GiveAppraisalFeedback(**YEAR, person_id=ANN, given_by=EVE, signed=True),
        CloseAppraisal(**YEAR, report_no="支报1号"),
    ):
        await world.send(A, command)
    await postgres.bind()
    await catch_up(database_url)
    return world


async def of_eve(world: World, url: str, register: str, scope: Scope) -> LedgerRow:
    engine = engine_for(url, size=1)
    page = await Views(engine, world.books, world.keys).ledger(scope, A, "L02", register)
    await engine.dispose()
    (row,) = [row for row in page.rows if row.subject == EVE]
    return row


OPEN = Scope(orgs=None, sensitive=True)


async def test_what_was_said_is_nowhere_in_clear(world: World, pool: Any):
    stored = b"".join([row["entry"] for row in await pool.fetch("select entry from record.page")])
    for text in SAID:
        assert text.encode() not in stored
        assert not await pool.fetchval("select count(*) from views.ledger_row t where t::text like $1", f"%{text}%")


async def test_the_ledger_shows_it_to_whoever_may_read_it(world: World, database_url: str):
    talk = await of_eve(world, database_url, "talks", OPEN)
    assert (talk.cells["situation"], talk.cells["pair"]) == ("思想稳定", "党员之间")
    appraisal = await of_eve(world, database_url, "appraisal", OPEN)
    assert appraisal.cells["outline"] == "对照检查"
    assert appraisal.cells["comments"] == ["踏实肯干"]
    assert (appraisal.cells["grade"], appraisal.cells["handling"], appraisal.cells["votes"]) == (
        "合格",
        "继续努力",
        "优秀0 合格2 基本合格0 不合格0",
    )


async def test_it_is_masked_for_whoever_may_not(world: World, database_url: str):
    nameless = Scope(orgs=None, names=False)
    for register in ("talks", "appraisal"):
        row = await of_eve(world, database_url, register, nameless)
        assert not [text for text in SAID if text in repr(row.cells)]


async def test_with_the_persons_key_it_is_gone(world: World, database_url: str):
    world.keys.destroy(EVE)
    talk = await of_eve(world, database_url, "talks", OPEN)
    appraisal = await of_eve(world, database_url, "appraisal", OPEN)
    assert (talk.cells["situation"], appraisal.cells["outline"], appraisal.cells["comments"]) == (ERASED, ERASED, [ERASED])
