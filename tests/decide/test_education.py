"""Joint study and class hours: only for those present, at most eight a day, never two at a time (N17.T03, INV-075, INV-076)."""

import datetime as dt
from typing import Any

import pytest

from events.appraisal import AppraisalEntryId, AppraisalEntryWithdrawn, AppraisalMeetingHeld, AppraisalStudyHeld, StudyRef
from events.base import PersonId
from events.education import (
    HoursGround,
    HoursStandard,
    PlanItem,
    PlanKind,
    StudyEntryWithdrawn,
    StudyHoursCredited,
    StudyId,
    StudyKind,
    StudyPlanAdopted,
    StudySessionHeld,
)
from projections.standard.rules import Override
from service.decide.education.sessions import AdoptStudyPlan, CreditStudyHours, PlanLine, RecordStudySession, WithdrawStudyEntry
from service.decide.education.state import DayPart
from service.errors import Absent, Conflict, Malformed
from tests.decide.appraisal_history import closed
from tests.decide.bdd import Books, fails, given, nothing, refused
from tests.decide.life_history import BRANCH_OF_EIGHT, CANCELLED, EVERYBODY, M1, meeting
from tests.decide.roster_history import AFTER, ANN, BEFORE, BEN, CAI, DAN, DAY, EVE, FAY, GUS, NEO, left

S1, S2 = StudyId("s1"), StudyId("s2")
STANDARD = HoursStandard(member=32, cadre=56, cadre_trainings=1)
NEW = StudyId("event-1")
FORTY_FIVE = Override(key="study.hour_minutes", value=45, effective_from=dt.date(2026, 1, 1))


def branch(*more: Any) -> Books:
    return given(BRANCH_OF_EIGHT, *more)


def study(**changed: Any) -> RecordStudySession:
    told: dict[str, Any] = {
        "occurred_on": DAY,
        "topic": "党章",
        "starts_at": "09:00",
        "ends_at": "10:30",
        "organiser": DAN,
        "present": (ANN, BEN),
    }
    return RecordStudySession(**(told | changed))


def studied(**changed: Any) -> StudySessionHeld:
    told: dict[str, Any] = {
        "occurred_on": DAY,
        "entry_id": NEW,
        "kind": StudyKind.JOINT,
        "topic": "党章",
        "starts_at": "09:00",
        "ends_at": "10:30",
        "organiser": DAN,
        "due": EVERYBODY,
        "present": (ANN, BEN),
        "minutes": 90,
        "credit": 90,
        "standard": STANDARD,
    }
    return StudySessionHeld(**(told | changed))


def credit(**changed: Any) -> CreditStudyHours:
    told: dict[str, Any] = {"occurred_on": DAY, "person_id": FAY, "ground": HoursGround.ONLINE, "topic": "网络课程", "minutes": 120}
    return CreditStudyHours(**(told | changed))


def credited(**changed: Any) -> StudyHoursCredited:
    told: dict[str, Any] = {
        "occurred_on": DAY,
        "entry_id": NEW,
        "person_id": FAY,
        "ground": HoursGround.ONLINE,
        "topic": "网络课程",
        "minutes": 120,
        "credit": 120,
        "standard": STANDARD,
    }
    return StudyHoursCredited(**(told | changed))


class TestRecordStudySession:
    def test_whoever_signed_in_gets_the_hours_of_the_clock(self):
        branch().when(study()).then(studied())

    def test_a_study_at_a_meeting_takes_its_people_time_and_place(self):
        at = study(meeting_id=M1, starts_at=None, ends_at=None, present=())
        branch(meeting()).when(at).then(
            studied(meeting_id=M1, place="一楼", starts_at="14:00", ends_at="16:00", present=EVERYBODY, minutes=120, credit=120)
        )

    def test_observers_signed_in_too(self):
        held = meeting(present=(ANN, BEN), due=(ANN, BEN), observers=(NEO,))
        branch(held).when(study(meeting_id=M1, present=())).then(
            studied(meeting_id=M1, place="一楼", due=(ANN, BEN), present=(ANN, BEN, NEO))
        )

    def test_whoever_was_not_at_the_meeting_gets_no_hours(self):
        held = meeting(present=(ANN, BEN), absent=tuple(p for p in EVERYBODY if p not in (ANN, BEN)))
        branch(held).when(study(meeting_id=M1, present=(ANN, FAY))).then(refused("INV-075", "present"))

    def test_without_anybody_there_are_no_hours(self):
        branch().when(study(present=())).then(refused("INV-075", "present"))

    @pytest.mark.parametrize(("part", "hours"), [(DayPart.HALF, 4), (DayPart.FULL, 8)])
    def test_half_a_day_is_four_hours_and_a_full_one_eight(self, part: DayPart, hours: int):
        branch().when(study(starts_at=None, ends_at=None, day_part=part)).then(
            studied(starts_at=None, ends_at=None, minutes=hours * 60, credit=hours * 60)
        )

    def test_minutes_to_an_hour_are_a_rule_of_the_day(self):
        branch().when(study(minutes=90), overrides=[FORTY_FIVE]).then(studied(minutes=90, credit=120))

    def test_eight_hours_are_the_most_of_a_day(self):
        branch().when(study(starts_at="09:00", ends_at="17:00")).then(studied(ends_at="17:00", minutes=480, credit=480))
        branch().when(study(starts_at="09:00", ends_at="17:01")).then(refused("INV-075", "ends_at"))
        branch().when(study(minutes=481)).then(refused("INV-075", "minutes"))

    def test_the_hours_of_a_day_add_up(self):
        before = credited(entry_id=S1, person_id=ANN, minutes=400, credit=400)
        branch(before).when(study(minutes=80)).then(studied(minutes=80, credit=80))
        branch(before).when(study(minutes=81)).then(refused("INV-075", "minutes"))

    def test_no_time_is_no_study(self):
        branch().when(study(minutes=0)).then(refused("INV-075", "minutes"))

    @pytest.mark.parametrize(("starts_at", "ends_at"), [("09:30", "09:45"), ("08:00", "09:01"), ("10:29", "12:00"), ("08:00", "12:00")])
    def test_nobody_studies_twice_at_a_time(self, starts_at: str, ends_at: str):
        branch(studied(entry_id=S1)).when(study(topic="党史", starts_at=starts_at, ends_at=ends_at)).then(refused("INV-076", "starts_at"))

    @pytest.mark.parametrize(("starts_at", "ends_at", "minutes"), [("10:30", "11:30", 60), ("08:00", "09:00", 60)])
    def test_one_after_the_other_is_no_overlap(self, starts_at: str, ends_at: str, minutes: int):
        branch(studied(entry_id=S1)).when(study(starts_at=starts_at, ends_at=ends_at)).then(
            studied(starts_at=starts_at, ends_at=ends_at, minutes=minutes, credit=minutes)
        )

    def test_others_may_study_at_the_same_time(self):
        branch(studied(entry_id=S1)).when(study(present=(CAI,), topic="党史")).then(studied(present=(CAI,), topic="党史"))

    def test_on_another_day_there_is_no_overlap(self):
        branch(studied(entry_id=S1, occurred_on=BEFORE)).when(study()).then(studied())

    def test_a_withdrawn_study_is_no_overlap(self):
        gone = StudyEntryWithdrawn(occurred_on=DAY, entry_id=S1, reason="误录")
        branch(studied(entry_id=S1, topic="党史"), gone).when(study()).then(studied())

    def test_the_same_again_is_nothing_to_do(self):
        branch(studied(entry_id=S1)).when(study()).then(nothing)
        branch(studied(entry_id=S1)).when(study(entry_id=S1)).then(nothing)

    def test_a_name_is_given_once(self):
        branch(studied(entry_id=S1)).when(study(entry_id=S1, present=(CAI,))).then(fails(Conflict, "s1"))

    def test_nobody_from_elsewhere_and_nobody_who_left(self):
        branch().when(study(present=(PersonId("who"),))).then(refused("INV-002", "present"))
        branch(left(GUS)).when(study(present=(GUS,))).then(refused("INV-009", "present"))
        branch().when(study(organiser=PersonId("who"))).then(refused("INV-002", "organiser"))

    def test_whoever_spoke_was_there(self):
        branch().when(study(speakers=(ANN,))).then(studied(speakers=(ANN,)))
        branch().when(study(speakers=(FAY,))).then(fails(Malformed, "speakers"))

    def test_the_meeting_was_held_that_day_and_not_cancelled(self):
        branch(meeting(occurred_on=BEFORE)).when(study(meeting_id=M1)).then(fails(Conflict, "not on"))
        branch(meeting(), CANCELLED).when(study(meeting_id=M1)).then(fails(Conflict, "cancelled"))
        branch().when(study(meeting_id=M1)).then(fails(Absent, "m1"))

    def test_a_meeting_has_one_study_of_each_kind(self):
        there = studied(entry_id=S1, meeting_id=M1)
        later = study(meeting_id=M1, starts_at="10:30", ends_at="11:00", present=(ANN,))
        branch(meeting(), there).when(later).then(fails(Conflict, "already"))

    def test_it_needs_a_length_that_runs_forward(self):
        branch().when(study(ends_at=None)).then(fails(Malformed, "minutes"))
        branch().when(study(ends_at="09:00")).then(fails(Malformed, "ends_at"))

    def test_a_plan_that_it_carries_out_is_on_record(self):
        branch(plan_adopted(entry_id=S1, kind=PlanKind.CAMPAIGN)).when(study(plan_id=S1, kind=StudyKind.CAMPAIGN)).then(
            studied(plan_id=S1, kind=StudyKind.CAMPAIGN)
        )
        branch().when(study(plan_id=S1)).then(fails(Absent, "s1"))

    def test_study_before_an_appraisal_is_told_to_the_appraisal(self):
        branch().when(study(appraisal_year=2025)).then(
            studied(appraisal_year=2025),
            AppraisalStudyHeld(occurred_on=DAY, year=2025, entry_id=AppraisalEntryId("event-2"), study_id=StudyRef("event-1")),
        )

    def test_the_appraisal_that_it_prepares_is_not_over(self):
        branch(closed(occurred_on=BEFORE)).when(study(appraisal_year=2025)).then(fails(Conflict, "closed"))
        branch().when(study(appraisal_year=2024)).then(fails(Malformed, "appraisal_year"))
        branch().when(study(appraisal_year=2027)).then(fails(Malformed, "appraisal_year"))


class TestCreditStudyHours:
    def test_online_study_of_one_member(self):
        branch().when(credit()).then(credited())

    def test_made_up_for_what_was_missed(self):
        later = credit(ground=HoursGround.MAKE_UP, session_id=S1, occurred_on=AFTER, minutes=90)
        branch(studied(entry_id=S1)).when(later).then(
            credited(ground=HoursGround.MAKE_UP, session_id=S1, occurred_on=AFTER, minutes=90, credit=90)
        )

    def test_whoever_was_there_or_made_up_already_cannot(self):
        again = credit(ground=HoursGround.MAKE_UP, session_id=S1, occurred_on=AFTER, minutes=30)
        made_up = credited(entry_id=S2, ground=HoursGround.MAKE_UP, session_id=S1, occurred_on=AFTER)
        branch(studied(entry_id=S1, present=(FAY,))).when(again).then(refused("INV-075", "session_id"))
        branch(studied(entry_id=S1), made_up).when(again).then(refused("INV-075", "session_id"))

    def test_only_what_was_missed_names_a_session_and_not_before_it(self):
        branch(studied(entry_id=S1)).when(credit(session_id=S1)).then(fails(Malformed, "session_id"))
        branch().when(credit(ground=HoursGround.MAKE_UP)).then(fails(Malformed, "session_id"))
        early = credit(ground=HoursGround.MAKE_UP, session_id=S1, occurred_on=BEFORE)
        branch(studied(entry_id=S1)).when(early).then(fails(Conflict, "after"))
        branch().when(credit(ground=HoursGround.MAKE_UP, session_id=S1)).then(fails(Absent, "s1"))

    def test_the_limits_hold_for_a_single_member_too(self):
        branch().when(credit(minutes=0)).then(refused("INV-075", "minutes"))
        branch().when(credit(minutes=481)).then(refused("INV-075", "minutes"))
        branch(studied(entry_id=S1, present=(FAY,))).when(credit(minutes=391)).then(refused("INV-075", "minutes"))
        branch(studied(entry_id=S1, present=(FAY,))).when(credit(minutes=None, starts_at="10:00", ends_at="11:00")).then(
            refused("INV-076", "starts_at")
        )

    def test_the_same_again_is_nothing_to_do(self):
        branch(credited(entry_id=S1)).when(credit()).then(nothing)

    def test_a_plan_that_it_carries_out_is_on_record(self):
        online = plan_adopted(entry_id=S1, kind=PlanKind.ONLINE)
        branch(online).when(credit(plan_id=S1)).then(credited(plan_id=S1))
        branch().when(credit(plan_id=S1)).then(fails(Absent, "s1"))

    def test_nobody_from_elsewhere(self):
        branch().when(credit(person_id=PersonId("who"))).then(refused("INV-002", "person_id"))


def plan(**changed: Any) -> AdoptStudyPlan:
    told: dict[str, Any] = {
        "occurred_on": DAY,
        "kind": PlanKind.BRANCH,
        "year": 2026,
        "title": "年度学习计划",
        "items": (PlanLine(month=3, content="党章", form="集中", class_hours=4, person_id=DAN),),
    }
    return AdoptStudyPlan(**(told | changed))


def plan_adopted(**changed: Any) -> StudyPlanAdopted:
    told: dict[str, Any] = {
        "occurred_on": DAY,
        "entry_id": NEW,
        "kind": PlanKind.BRANCH,
        "year": 2026,
        "title": "年度学习计划",
        "items": (PlanItem(month=3, content="党章", form="集中", class_hours=4, person_id=DAN),),
    }
    return StudyPlanAdopted(**(told | changed))


class TestAdoptStudyPlan:
    def test_a_plan_of_the_branch(self):
        branch().when(plan()).then(plan_adopted())

    def test_a_personal_plan_names_its_member(self):
        branch().when(plan(kind=PlanKind.PERSONAL, person_id=FAY)).then(plan_adopted(kind=PlanKind.PERSONAL, person_id=FAY))
        branch().when(plan(kind=PlanKind.PERSONAL)).then(fails(Malformed, "person_id"))
        branch().when(plan(person_id=FAY)).then(fails(Malformed, "person_id"))

    def test_one_of_a_kind_in_a_year(self):
        branch(plan_adopted(entry_id=S1)).when(plan()).then(nothing)
        branch(plan_adopted(entry_id=S1)).when(plan(title="另一计划")).then(fails(Conflict, "withdraw"))
        branch(plan_adopted(entry_id=S1)).when(plan(year=2027)).then(plan_adopted(year=2027))

    def test_two_campaigns_may_run_in_a_year(self):
        first = plan_adopted(entry_id=S1, kind=PlanKind.CAMPAIGN)
        branch(first).when(plan(kind=PlanKind.CAMPAIGN, title="另一主题")).then(plan_adopted(kind=PlanKind.CAMPAIGN, title="另一主题"))

    def test_whoever_sees_to_it_is_of_the_branch(self):
        line = PlanLine(content="党章", person_id=PersonId("who"))
        branch().when(plan(items=(line,))).then(refused("INV-002", "items"))


class TestWithdrawStudyEntry:
    WITHDRAW = WithdrawStudyEntry(occurred_on=DAY, entry_id=S1, reason="误录")
    WITHDRAWN = StudyEntryWithdrawn(occurred_on=DAY, entry_id=S1, reason="误录")

    def test_an_entry_stands_no_more(self):
        branch(studied(entry_id=S1)).when(self.WITHDRAW).then(self.WITHDRAWN)
        branch(studied(entry_id=S1), self.WITHDRAWN).when(self.WITHDRAW).then(nothing)
        branch().when(self.WITHDRAW).then(fails(Absent, "s1"))

    def test_not_before_it_was(self):
        branch(studied(entry_id=S1, occurred_on=AFTER)).when(self.WITHDRAW, today=AFTER).then(fails(Conflict, "after"))

    def test_what_builds_on_it_goes_first(self):
        made_up = credited(entry_id=S2, ground=HoursGround.MAKE_UP, session_id=S1)
        branch(studied(entry_id=S1), made_up).when(self.WITHDRAW).then(fails(Conflict, "build"))
        campaign = plan_adopted(entry_id=S1, kind=PlanKind.CAMPAIGN)
        branch(campaign, studied(entry_id=S2, plan_id=S1)).when(self.WITHDRAW).then(fails(Conflict, "build"))

    def test_study_before_an_appraisal_is_taken_back_there_too(self):
        prepared = (
            studied(entry_id=S1, appraisal_year=2025),
            AppraisalStudyHeld(occurred_on=DAY, year=2025, entry_id=AppraisalEntryId("a1"), study_id=StudyRef("s1")),
        )
        withdraw = WithdrawStudyEntry(occurred_on=DAY, entry_id=S1, reason="误录", appraisal_year=2025)
        branch(*prepared).when(withdraw).then(
            self.WITHDRAWN,
            AppraisalEntryWithdrawn(occurred_on=DAY, year=2025, entry_id=AppraisalEntryId("a1"), reason="误录"),
        )
        branch(*prepared).when(self.WITHDRAW).then(fails(Malformed, "appraisal_year"))
        met = AppraisalMeetingHeld(
            occurred_on=DAY, year=2025, entry_id=AppraisalEntryId("a2"), meeting_id=M1, participants=8, full=(ANN, BEN, CAI, DAN, EVE)
        )
        branch(*prepared, met).when(withdraw).then(fails(Conflict, "appraisal meeting"))
