"""What the tests of L02 are told in: facts, rows, cells, and a meeting with all that can follow it."""

import datetime as dt
from typing import Any

from events.base import Event, MeetingId, OrgId, PersonId
from events.meetings import (
    AgendaDiscussed,
    AgendaKind,
    Excused,
    LeaveReason,
    LectureDelivered,
    LecturerKind,
    MeetingCancelled,
    MeetingHeld,
    MeetingKind,
    MinutesArchived,
    MinutesCorrected,
    MotionVoted,
    NoticeMethod,
    NoticeSent,
    ResolutionAdopted,
    ResolutionImplemented,
    ThemeDayHeld,
    ThemeDayKind,
    VoteMethod,
)
from events.store.record import Fact
from projections.engine.merge import ledger_rows
from projections.engine.replay import replay
from projections.ledgers.l02_organisation_life import (
    PROJECTION,
)

ORG = OrgId("b1")
DAY = dt.date(2026, 3, 5)
ADA, BO, CY, DEE = (PersonId(name) for name in ("ada", "bo", "cy", "dee"))
M1, M2, M3 = (MeetingId(name) for name in ("m1", "m2", "m3"))


def facts(*events: Event) -> list[Fact[Event]]:
    return [
        Fact(
            position=100 + page,
            book=ORG,
            page=page,
            event_id=f"e{page}",
            actor="u",
            recorded_at=page * 1_000_000,
            late_reason=None,
            event=event,
        )
        for page, event in enumerate(events, 1)
    ]


def rows(*events: Event) -> list[dict[str, Any]]:
    return ledger_rows(replay([PROJECTION], facts(*events)))


def cells(*events: Event, register: str = "meetings", key: str = "m1") -> dict[str, Any]:
    """The cells of one row, as stored."""
    (found,) = [row["cells"] for row in rows(*events) if row["register"] == register and row["key"] == key]
    return dict(found)


def held(meeting_id: MeetingId = M1, kind: MeetingKind = MeetingKind.GENERAL, on: dt.date = DAY, **changed: Any) -> MeetingHeld:
    told: dict[str, Any] = {
        "occurred_on": on,
        "meeting_id": meeting_id,
        "kind": kind,
        "topic": "学习文件",
        "chair": ADA,
        "recorder": BO,
        "due": (ADA, BO, CY, DEE),
        "present": (ADA, BO),
        "excused": (Excused(person_id=CY, reason=LeaveReason.SICK),),
        "absent": (DEE,),
    }
    return MeetingHeld(**(told | changed))


NOTICE = NoticeSent(occurred_on=dt.date(2026, 3, 2), meeting_id=M1, to=(ADA, BO, CY, DEE), method=NoticeMethod.PHONE)
AGENDA = AgendaDiscussed(
    occurred_on=DAY, meeting_id=M1, item_no=1, kind=AgendaKind.CONVEY, title="传达会议精神", summary="一致拥护", speakers=(ADA,)
)
VOTE = MotionVoted(
    occurred_on=DAY, meeting_id=M1, motion_no=1, matter=AgendaKind.OTHER, title="年度计划", method=VoteMethod.SHOW_OF_HANDS,
    voters_due=3, voters_present=2,quorum=2,needed=2, yes=2, no=0, abstain=0, passed=True,
)  # fmt: skip
RESOLUTION = ResolutionAdopted(
    occurred_on=DAY, meeting_id=M1, resolution_no=1, text="通过年度计划", motion_no=1, due_on=dt.date(2026, 6, 30)
)
RESULT = ResolutionImplemented(occurred_on=dt.date(2026, 6, 1), meeting_id=M1, resolution_no=1, result="已落实")
ARCHIVED = MinutesArchived(occurred_on=dt.date(2026, 3, 9), meeting_id=M1, archived_by=BO, file="2026-卷1")
CORRECTED = MinutesCorrected(
    occurred_on=dt.date(2026, 3, 20),
    meeting_id=M1,
    correction="地点应为二楼会议室",
    reason="笔误",
    author=BO,
    superior_seen_on=dt.date(2026, 3, 19),
)
CANCELLED = MeetingCancelled(occurred_on=dt.date(2026, 3, 6), meeting_id=M1, reason="未实际召开")


def lecture(meeting_id: MeetingId = M1, **changed: Any) -> LectureDelivered:
    told: dict[str, Any] = {
        "occurred_on": DAY,
        "meeting_id": meeting_id,
        "title": "学党史",
        "lecturer_kind": LecturerKind.INVITED_EXPERT,
        "lecturer_title": "党校教授",
        "audience_count": 20,
        "class_minutes": 90,
        "minutes_per_hour": 60,
    }
    return LectureDelivered(**(told | changed))


def theme_day(meeting_id: MeetingId = M1, on: dt.date = DAY, **changed: Any) -> ThemeDayHeld:
    told: dict[str, Any] = {
        "occurred_on": on,
        "meeting_id": meeting_id,
        "theme": "重走长征路",
        "kind": ThemeDayKind.VISIT,
        "participants": 18,
    }
    return ThemeDayHeld(**(told | changed))
