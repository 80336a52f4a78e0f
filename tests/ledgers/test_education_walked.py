"""Norms N01, N08, N11, N12, N13, N17 walked from command to register: what the desk sends stands where the paper form had it."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from msgspec import structs

from events.appraisal import Grade
from events.base import Event
from events.education import HoursGround, NotesRating, PlanKind, StudyId, StudyKind
from events.meetings import MeetingKind
from events.organisation_life import LifeId, SpeechKind, YearPaper
from events.publicity import PublicityChannel, PublicitySubject
from projections.engine.fold import Projection
from projections.ledgers import l02_organisation_life, l03_education
from service.decide.appraisal.grades import AssignAppraisalGrades, CloseAppraisal, GiveAppraisalFeedback, GradeLine
from service.decide.appraisal.meeting import (
    BallotLine,
    HoldAppraisalMeeting,
    OpenAppraisal,
    RecordAppraisalBallots,
    RecordPeerAssessment,
    SubmitSelfAssessment,
)
from service.decide.base import Command, Elsewhere
from service.decide.education.notes import NotesFound, ReviewStudyNotes, SubmitReflection, SubmitStudyNotes
from service.decide.education.sessions import AdoptStudyPlan, CreditStudyHours, PlanLine, RecordStudySession
from service.decide.education.trainings import CompleteTraining, PlanTraining
from service.decide.life.papers import FilePaper, HoldLifeMeeting, RecordSpeech
from service.decide.life.promises import CloseRectificationItem, OpenRectificationItem, RecordPledge, ReportPledge
from service.decide.publicity import PublishItem, RecordExemplaryCase
from service.decide.talks import RecordTalk
from tests.decide.appraisal_history import FULL, M2
from tests.decide.bdd import BRANCH, given
from tests.decide.life_history import BRANCH_OF_EIGHT, EVERYBODY, M1, meeting
from tests.decide.roster_history import ANN, BEN, CAI, DAN, DAY, FAY
from tests.ledgers.work_rows import register_of

PROJECTIONS: dict[str, Projection[Any]] = {"L02": l02_organisation_life.PROJECTION, "L03": l03_education.PROJECTION}
ON: dict[str, Any] = {"occurred_on": DAY}


def walk(history: Iterable[Event], *commands: Command) -> list[Event]:
    """Everything on record after these commands, each decided upon what the ones before it left."""
    books = given(history)
    for number, command in enumerate(commands, 1):
        outcome = books.when(command).decide()
        assert outcome, f"{type(command).__name__} decided nothing"
        assert not [item for item in outcome if isinstance(item, Elsewhere)]
        books = books.and_in(BRANCH, *(_named(item, number) for item in outcome if isinstance(item, Event)))
    return list(books.events[BRANCH])


def _named(event: Event, number: int) -> Event:
    """Ids differ from command to command, as they do on the bus."""
    names = {f: v.replace("event-", f"event-{number}-") for f in ("entry_id", "talk_id", "item_id") if (v := getattr(event, f, None))}
    return structs.replace(event, **names)


def registers(ledger: str, events: list[Event], *codes: str) -> dict[str, int]:
    """How many rows stand in these registers."""
    found = {code: register_of(PROJECTIONS[ledger], code, events) for code in codes}
    return {code: sum(row["struck_by"] is None for row in rows) for code, rows in found.items()}


def test_n01_and_n17_study_notes_training_and_reflections():
    events = walk(
        (*BRANCH_OF_EIGHT, meeting()),
        AdoptStudyPlan(**ON, kind=PlanKind.BRANCH, year=2026, title="年度学习计划", items=(PlanLine(month=3, content="党章"),)),
        AdoptStudyPlan(**ON, kind=PlanKind.PERSONAL, year=2026, title="个人", person_id=FAY, items=(PlanLine(content="自学"),)),
        AdoptStudyPlan(**ON, kind=PlanKind.CAMPAIGN, year=2026, title="主题教育", items=(PlanLine(content="研讨"),), entry_id=StudyId("c")),
        RecordStudySession(**ON, meeting_id=M1, topic="党章", organiser=DAN),
        RecordStudySession(**ON, kind=StudyKind.CAMPAIGN, topic="研讨", minutes=60, organiser=DAN, present=(FAY,), plan_id=StudyId("c")),
        CreditStudyHours(**ON, person_id=CAI, ground=HoursGround.ONLINE, topic="网络课程", minutes=120),
        SubmitStudyNotes(**ON, person_id=FAY, quarter="2026-Q1", pieces=5),
        ReviewStudyNotes(**ON, quarter="2026-Q1", reviewed_by=DAN, notes=(NotesFound(person_id=FAY, pieces=5, rating=NotesRating.GOOD),)),
        PlanTraining(
            occurred_on=dt.date(2026, 3, 2),
            batch="第一批",
            plan="方案",
            from_on=dt.date(2026, 3, 9),
            until_on=dt.date(2026, 3, 10),
            place="党校",
            host="组织部",
            people=(ANN,),
            entry_id=StudyId("t"),
        ),
        CompleteTraining(**ON, training_id=StudyId("t")),
        SubmitReflection(**ON, person_id=ANN, title="收获", study_id=StudyId("t"), characters=1500),
    )
    assert registers("L03", events, *(register.code for register in l03_education.REGISTERS)) == {
        "study-plans": 3,
        "study-sessions": 2,
        "study-hours": len(EVERYBODY),
        "study-notes": 1,
        "external-trainings": 1,
        "reflections": 1,
        "publicity": 0,
    }
    hours = {row["key"]: row["cells"]["total"] for row in register_of(l03_education.PROJECTION, "study-hours", events)}
    assert hours == {**dict.fromkeys(map(str, EVERYBODY), "2"), "fay": "3", "cai": "4", "ann": "18"}


def test_n08_publicity():
    events = walk(
        BRANCH_OF_EIGHT,
        *(PublishItem(**ON, title=s.zh, subject=s, channel=PublicityChannel.WECHAT, platform="组工微信") for s in PublicitySubject),
        RecordExemplaryCase(**ON, person_id=FAY, title="扎根基层", deeds="十年如一日", recorded_by=DAN),
    )
    assert registers("L03", events, "publicity") == {"publicity": 6}


def test_n10_n11_and_n12_papers_talks_and_the_organisation_life_meeting():
    events = walk(
        (*BRANCH_OF_EIGHT, meeting()),
        *(FilePaper(**ON, kind=kind, year=2026, title=kind.zh, file="卷-1") for kind in YearPaper if kind is not YearPaper.LIFE_REPORT),
        RecordPledge(**ON, year=2026, person_id=ANN, pledge="三件实事", entry_id=LifeId("p")),
        RecordTalk(**ON, talker_id=ANN, person_id=FAY, situation="稳定", problems="学习不够", opinions="多下基层"),
        HoldLifeMeeting(**ON, meeting_id=M1, study="党章", talks=12, opinions=8, problems="联系群众不够"),
        RecordSpeech(**ON, meeting_id=M1, person_id=ANN, kind=SpeechKind.SELF_CRITICISM, text="三点不足"),
        RecordSpeech(**ON, meeting_id=M1, person_id=FAY, kind=SpeechKind.COMMITMENT, text="坚决整改"),
        OpenRectificationItem(
            **ON, meeting_id=M1, problem="联系群众不够", measures="走访", responsible=BEN, due_on=DAY, entry_id=LifeId("r")
        ),
        CloseRectificationItem(**ON, item_id=LifeId("r"), result="走访12户"),
        ReportPledge(**ON, pledge_id=LifeId("p"), kept=True, result="已办成"),
        FilePaper(**ON, kind=YearPaper.LIFE_REPORT, year=2026, title="情况报告", file="卷-2"),
    )
    assert registers("L02", events, "papers", "pledges", "talks", "life-meetings", "speeches", "rectification") == {
        "papers": len(YearPaper),
        "pledges": 1,
        "talks": 1,
        "life-meetings": 1,
        "speeches": 2,
        "rectification": 1,
    }
    (life,) = register_of(l02_organisation_life.PROJECTION, "life-meetings", events)
    assert (life["cells"]["planned_on"], life["cells"]["reported_on"], life["cells"]["spoke"]) == (str(DAY), str(DAY), [ANN, FAY])
    assert life["cells"]["measures"] == [f"2026-001 走访，时限{DAY}，{DAY}完成"]


def test_n13_the_appraisal_of_a_year():
    of_2026: dict[str, Any] = {**ON, "year": 2026}
    events = walk(
        (*BRANCH_OF_EIGHT, meeting(), meeting(MeetingKind.COMMITTEE, meeting_id=M2)),
        OpenAppraisal(**of_2026, planned_on=DAY),
        RecordStudySession(**ON, topic="党章", minutes=60, organiser=DAN, present=EVERYBODY, appraisal_year=2026),
        *(SubmitSelfAssessment(**of_2026, person_id=person, outline="对照") for person in EVERYBODY),
        HoldAppraisalMeeting(**of_2026, meeting_id=M1),
        *(RecordPeerAssessment(**of_2026, person_id=p, by=BEN if p == ANN else ANN, comment="踏实") for p in EVERYBODY),
        RecordAppraisalBallots(**of_2026, ballots=(*(BallotLine(person_id=p, qualified=8) for p in FULL), BallotLine(excellent=8))),
        AssignAppraisalGrades(
            **of_2026, meeting_id=M2, grades=tuple(GradeLine(person_id=person, grade=Grade.QUALIFIED) for person in FULL)
        ),
        *(GiveAppraisalFeedback(**of_2026, person_id=p, given_by=BEN if p == ANN else ANN, signed=True) for p in FULL),
        CloseAppraisal(**of_2026, report_no="支报1号"),
    )
    assert registers("L02", events, "appraisal", "appraisal-process") == {"appraisal": 9, "appraisal-process": 4}
    rows = {row["key"]: row["cells"] for row in register_of(l02_organisation_life.PROJECTION, "appraisal", events)}
    assert {key: cells.get("grade") for key, cells in rows.items()} == {**dict.fromkeys(map(str, FULL), "合格"), "neo": None, "-": None}
    assert {cells["reported_on"] for cells in rows.values()} == {DAY}
