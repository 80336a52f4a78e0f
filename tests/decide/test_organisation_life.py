"""Papers, organisation life meetings, speeches, pledges, rectification (N09.T01, N10.M01, N11, R-A12)."""

import datetime as dt
from typing import Any

import pytest

from events.base import PersonId
from events.meetings import MeetingKind
from events.organisation_life import (
    LifeEntryWithdrawn,
    LifeId,
    LifeMeetingHeld,
    LifeMeetingKind,
    PaperFiled,
    PledgeFulfilmentReported,
    PledgeRecorded,
    RectificationItemClosed,
    RectificationItemOpened,
    SpeechKind,
    SpeechRecorded,
    YearPaper,
)
from service.decide.life.papers import FilePaper, HoldLifeMeeting, RecordSpeech, WithdrawLifeEntry
from service.decide.life.promises import CloseRectificationItem, OpenRectificationItem, RecordPledge, ReportPledge
from service.errors import Absent, Conflict, Malformed
from tests.decide.bdd import Books, fails, given, nothing, refused
from tests.decide.life_history import BRANCH_OF_EIGHT, CANCELLED, EVERYBODY, M1, meeting
from tests.decide.roster_history import AFTER, ANN, BEFORE, BEN, CAI, DAY, FAY, NEO

E1, E2, NEW, WHO = LifeId("e1"), LifeId("e2"), LifeId("event-1"), PersonId("who")
DUE = dt.date(2026, 6, 30)


def branch(*more: Any) -> Books:
    return given(BRANCH_OF_EIGHT, *more)


def file(**changed: Any) -> FilePaper:
    told: dict[str, Any] = {"occurred_on": DAY, "kind": YearPaper.ANNUAL_PLAN, "year": 2026, "title": "2026年工作计划", "text": "一、…"}
    return FilePaper(**(told | changed))


def filed(**changed: Any) -> PaperFiled:
    told: dict[str, Any] = {
        "occurred_on": DAY,
        "entry_id": NEW,
        "kind": YearPaper.ANNUAL_PLAN,
        "year": 2026,
        "title": "2026年工作计划",
        "text": "一、…",
    }
    return PaperFiled(**(told | changed))


def life(**changed: Any) -> HoldLifeMeeting:
    told: dict[str, Any] = {
        "occurred_on": DAY,
        "meeting_id": M1,
        "study": "学习党章",
        "talks": 12,
        "opinions": 8,
        "problems": "联系群众不够",
        "criticism": "认真开展",
    }
    return HoldLifeMeeting(**(told | changed))


def lived(**changed: Any) -> LifeMeetingHeld:
    told: dict[str, Any] = {
        "occurred_on": DAY,
        "entry_id": NEW,
        "meeting_id": M1,
        "kind": LifeMeetingKind.ORGANISATION,
        "year": 2026,
        "form": "党员大会",
        "participants": len(EVERYBODY),
        "study": "学习党章",
        "talks": 12,
        "opinions": 8,
        "problems": "联系群众不够",
        "criticism": "认真开展",
    }
    return LifeMeetingHeld(**(told | changed))


class TestFilePaper:
    @pytest.mark.parametrize("kind", [kind for kind in YearPaper if kind is not YearPaper.LIFE_REPORT])
    def test_any_plan_summary_or_report(self, kind: YearPaper):
        branch().when(file(kind=kind)).then(filed(kind=kind))

    def test_with_the_meeting_that_adopted_it(self):
        branch(meeting()).when(file(meeting_id=M1)).then(filed(meeting_id=M1, adopted_by=f"{DAY} 党员大会"))
        branch(meeting(occurred_on=AFTER)).when(file(meeting_id=M1), today=AFTER).then(fails(Conflict, "after"))
        branch().when(file(meeting_id=M1)).then(fails(Absent, "m1"))
        branch(meeting(), CANCELLED).when(file(meeting_id=M1)).then(fails(Conflict, "cancelled"))

    def test_text_or_file(self):
        branch().when(file(text=None, file="卷-1")).then(filed(text=None, file="卷-1"))
        branch().when(file(text=None)).then(fails(Malformed, "text"))

    def test_the_same_again_is_nothing_to_do(self):
        branch(filed(entry_id=E1)).when(file()).then(nothing)
        branch(filed(entry_id=E1)).when(file(entry_id=E1, title="另一份")).then(fails(Conflict, "e1"))

    def test_a_report_on_the_life_meeting_needs_the_meeting(self):
        report = file(kind=YearPaper.LIFE_REPORT, title="情况报告")
        branch().when(report).then(fails(Conflict, "2026"))
        branch(lived(entry_id=E1, year=2025)).when(report).then(fails(Conflict, "2026"))
        branch(lived(entry_id=E1, kind=LifeMeetingKind.DEMOCRATIC)).when(report).then(fails(Conflict, "2026"))
        branch(lived(entry_id=E1)).when(report).then(filed(kind=YearPaper.LIFE_REPORT, title="情况报告"))


class TestHoldLifeMeeting:
    @pytest.mark.parametrize(
        ("kind", "form"), [(MeetingKind.GENERAL, "党员大会"), (MeetingKind.COMMITTEE, "支委会"), (MeetingKind.GROUP, "党小组会")]
    )
    def test_as_general_committee_or_group_meeting(self, kind: MeetingKind, form: str):
        branch(meeting(kind)).when(life()).then(lived(form=form))

    def test_for_the_year_before_when_the_superior_moved_it(self):
        branch(meeting()).when(life(year=2025)).then(lived(year=2025))
        branch(meeting()).when(life(year=2024)).then(fails(Malformed, "year"))
        branch(meeting()).when(life(year=2027)).then(fails(Malformed, "year"))

    def test_a_democratic_life_meeting_is_the_committees(self):
        democratic = life(kind=LifeMeetingKind.DEMOCRATIC)
        branch(meeting(MeetingKind.COMMITTEE)).when(democratic).then(lived(kind=LifeMeetingKind.DEMOCRATIC, form="支委会"))
        branch(meeting()).when(democratic).then(fails(Malformed, "meeting_id"))
        branch(meeting(MeetingKind.LECTURE)).when(life()).then(fails(Malformed, "meeting_id"))

    def test_the_meeting_was_held_that_day(self):
        branch().when(life()).then(fails(Absent, "m1"))
        branch(meeting(occurred_on=BEFORE)).when(life()).then(fails(Conflict, "not on"))
        branch(meeting(), CANCELLED).when(life()).then(fails(Conflict, "cancelled"))

    def test_once_for_each_meeting(self):
        branch(meeting(), lived(entry_id=E1)).when(life()).then(nothing)
        branch(meeting(), lived(entry_id=E1)).when(life(talks=13)).then(fails(Conflict, "withdraw"))


def speak(**changed: Any) -> RecordSpeech:
    told: dict[str, Any] = {
        "occurred_on": DAY,
        "meeting_id": M1,
        "person_id": FAY,
        "kind": SpeechKind.SELF_CRITICISM,
        "text": "我有三点不足",
    }
    return RecordSpeech(**(told | changed))


def spoke(**changed: Any) -> SpeechRecorded:
    told: dict[str, Any] = {
        "occurred_on": DAY,
        "entry_id": NEW,
        "meeting_id": M1,
        "person_id": FAY,
        "kind": SpeechKind.SELF_CRITICISM,
        "text": "我有三点不足",
    }
    return SpeechRecorded(**(told | changed))


class TestRecordSpeech:
    def test_of_somebody_who_was_there(self):
        branch(meeting()).when(speak()).then(spoke())
        branch(meeting(present=(ANN,), due=(ANN,), observers=(NEO,))).when(speak(person_id=NEO)).then(spoke(person_id=NEO))
        branch(meeting(present=(ANN,), absent=(FAY,), due=(ANN, FAY))).when(speak()).then(fails(Conflict, "was not at"))

    def test_the_same_again_is_nothing_to_do(self):
        branch(meeting(), spoke(entry_id=E1, text="~sealed")).when(speak()).then(nothing)
        branch(meeting(), spoke(entry_id=E1)).when(speak(kind=SpeechKind.COMMITMENT)).then(spoke(kind=SpeechKind.COMMITMENT))

    def test_criticism_is_of_somebody_else(self):
        criticism = speak(kind=SpeechKind.CRITICISM, about_id=BEN)
        branch(meeting()).when(criticism).then(spoke(kind=SpeechKind.CRITICISM, about_id=BEN))
        branch(meeting()).when(speak(kind=SpeechKind.CRITICISM)).then(fails(Malformed, "about_id"))
        branch(meeting()).when(speak(kind=SpeechKind.CRITICISM, about_id=FAY)).then(fails(Malformed, "about_id"))
        branch(meeting()).when(speak(about_id=BEN)).then(fails(Malformed, "about_id"))
        branch(meeting()).when(speak(kind=SpeechKind.CRITICISM, about_id=WHO)).then(refused("INV-002", "about_id"))

    def test_members_only_on_the_day_of_the_meeting(self):
        branch(meeting()).when(speak(person_id=WHO)).then(refused("INV-002", "person_id"))
        branch(meeting(occurred_on=BEFORE)).when(speak()).then(fails(Conflict, "not on"))
        branch().when(speak()).then(fails(Absent, "m1"))


PLEDGE = RecordPledge(occurred_on=DAY, year=2026, person_id=ANN, pledge="办三件实事")
PLEDGED = PledgeRecorded(occurred_on=DAY, entry_id=E1, year=2026, person_id=ANN, pledge="办三件实事")


def report(**changed: Any) -> ReportPledge:
    told: dict[str, Any] = {"occurred_on": DAY, "pledge_id": E1, "kept": True, "result": "已办成"}
    return ReportPledge(**(told | changed))


def reported(**changed: Any) -> PledgeFulfilmentReported:
    told: dict[str, Any] = {"occurred_on": DAY, "entry_id": NEW, "pledge_id": E1, "kept": True, "result": "已办成"}
    return PledgeFulfilmentReported(**(told | changed))


class TestPledges:
    def test_a_pledge_and_how_it_was_kept(self):
        branch().when(PLEDGE).then(PledgeRecorded(occurred_on=DAY, entry_id=NEW, year=2026, person_id=ANN, pledge="办三件实事"))
        branch(PLEDGED).when(report()).then(reported())

    def test_the_same_again_is_nothing_to_do(self):
        branch(PLEDGED).when(PLEDGE).then(nothing)
        branch(PLEDGED, reported(entry_id=E2)).when(report()).then(nothing)

    def test_by_a_member_once_and_not_before_it(self):
        branch().when(RecordPledge(occurred_on=DAY, year=2026, person_id=WHO, pledge="…")).then(refused("INV-002", "person_id"))
        branch(PLEDGED, reported(entry_id=E2)).when(report(kept=False)).then(fails(Conflict, "already"))
        branch(PLEDGED).when(report(occurred_on=BEFORE)).then(fails(Conflict, "after"))
        branch().when(report()).then(fails(Absent, "e1"))


def put_right(**changed: Any) -> OpenRectificationItem:
    told: dict[str, Any] = {
        "occurred_on": DAY,
        "meeting_id": M1,
        "problem": "联系群众不够",
        "measures": "每月走访",
        "responsible": CAI,
        "due_on": DUE,
    }
    return OpenRectificationItem(**(told | changed))


def opened(**changed: Any) -> RectificationItemOpened:
    told: dict[str, Any] = {
        "occurred_on": DAY,
        "entry_id": NEW,
        "number": "2026-001",
        "meeting_id": M1,
        "source": f"{DAY} 学习文件",
        "problem": "联系群众不够",
        "measures": "每月走访",
        "responsible": CAI,
        "due_on": DUE,
    }
    return RectificationItemOpened(**(told | changed))


CLOSE = CloseRectificationItem(occurred_on=DAY, item_id=E1, result="走访12户")
CLOSED = RectificationItemClosed(occurred_on=DAY, entry_id=NEW, item_id=E1, result="走访12户")


class TestRectification:
    def test_an_item_is_numbered_within_the_year(self):
        branch(meeting()).when(put_right()).then(opened())
        branch(meeting(), opened(entry_id=E1)).when(put_right(problem="台账不全")).then(opened(number="2026-002", problem="台账不全"))

    def test_a_number_of_a_withdrawn_item_is_not_given_again(self):
        gone = LifeEntryWithdrawn(occurred_on=DAY, entry_id=E1, reason="误录")
        branch(meeting(), opened(entry_id=E1), gone).when(put_right()).then(opened(number="2026-002"))

    def test_from_a_meeting_or_in_words(self):
        branch().when(put_right(meeting_id=None, source="上级检查")).then(opened(meeting_id=None, source="上级检查"))
        branch().when(put_right(meeting_id=None)).then(fails(Malformed, "source"))
        branch().when(put_right()).then(fails(Absent, "m1"))

    def test_the_same_again_is_nothing_to_do(self):
        branch(meeting(), opened(entry_id=E1)).when(put_right()).then(nothing)
        branch(opened(entry_id=E1), RectificationItemClosed(occurred_on=DAY, entry_id=E2, item_id=E1, result="走访12户")).when(CLOSE).then(
            nothing
        )

    def test_by_a_member_and_due_later(self):
        branch(meeting()).when(put_right(responsible=WHO)).then(refused("INV-002", "responsible"))
        branch(meeting()).when(put_right(due_on=BEFORE)).then(fails(Malformed, "due_on"))
        branch(meeting()).when(put_right(due_on=DAY)).then(opened(due_on=DAY))

    def test_it_is_closed_once_and_not_before_it(self):
        branch(opened(entry_id=E1)).when(CLOSE).then(CLOSED)
        other = RectificationItemClosed(occurred_on=DAY, entry_id=E2, item_id=E1, result="已整改")
        branch(opened(entry_id=E1), other).when(CLOSE).then(fails(Conflict, "already"))
        branch(opened(entry_id=E1, occurred_on=AFTER)).when(CLOSE, today=AFTER).then(fails(Conflict, "after"))
        branch().when(CLOSE).then(fails(Absent, "e1"))


class TestWithdrawLifeEntry:
    WITHDRAW = WithdrawLifeEntry(occurred_on=DAY, entry_id=E1, reason="误录")
    WITHDRAWN = LifeEntryWithdrawn(occurred_on=DAY, entry_id=E1, reason="误录")

    @pytest.mark.parametrize("entry", [filed(entry_id=E1), lived(entry_id=E1), spoke(entry_id=E1), PLEDGED, opened(entry_id=E1)])
    def test_any_entry_stands_no_more(self, entry: Any):
        branch(entry).when(self.WITHDRAW).then(self.WITHDRAWN)
        branch(entry, self.WITHDRAWN).when(self.WITHDRAW).then(nothing)

    def test_what_was_reported_on_it_goes_first(self):
        branch(PLEDGED, reported(entry_id=E2)).when(self.WITHDRAW).then(fails(Conflict, "builds on"))
        closed = RectificationItemClosed(occurred_on=DAY, entry_id=E2, item_id=E1, result="走访12户")
        branch(opened(entry_id=E1), closed).when(self.WITHDRAW).then(fails(Conflict, "builds on"))

    def test_it_is_on_record_and_not_later(self):
        branch().when(self.WITHDRAW).then(fails(Absent, "e1"))
        branch(filed(entry_id=E1, occurred_on=AFTER)).when(self.WITHDRAW, today=AFTER).then(fails(Conflict, "after"))
