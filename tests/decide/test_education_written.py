"""Trainings away, study notes and reflections (N01.T03 to T05, N17.T02)."""

import datetime as dt
from typing import Any

import pytest

from events.base import PersonId
from events.education import (
    NotesRating,
    ReflectionSubmitted,
    StudyHoursCredited,
    StudyId,
    StudyNotesReviewed,
    StudyNotesSubmitted,
    TrainingCarriedOver,
    TrainingCompleted,
    TrainingPlanned,
)
from service.decide.education.notes import NotesFound, ReviewStudyNotes, SubmitReflection, SubmitStudyNotes
from service.decide.education.sessions import WithdrawStudyEntry
from service.decide.education.trainings import CarryOverTraining, CompleteTraining, PlanTraining
from service.errors import Absent, Conflict, Malformed
from tests.decide.bdd import fails, nothing, refused
from tests.decide.life_history import M1, meeting
from tests.decide.roster_history import AFTER, ANN, DAN, DAY, FAY, GUS, NEO, left
from tests.decide.test_education import NEW, S1, S2, STANDARD, branch, credited, studied, study

FROM, UNTIL = dt.date(2026, 3, 30), dt.date(2026, 4, 1)
BACK = dt.date(2026, 4, 7)
WHO = PersonId("who")


def plan(**changed: Any) -> PlanTraining:
    told: dict[str, Any] = {
        "occurred_on": DAY,
        "batch": "第一批",
        "plan": "部发〔2026〕9号",
        "from_on": FROM,
        "until_on": UNTIL,
        "place": "市委党校",
        "host": "市委组织部",
        "people": (FAY, ANN),
    }
    return PlanTraining(**(told | changed))


def planned(**changed: Any) -> TrainingPlanned:
    told: dict[str, Any] = {
        "occurred_on": DAY,
        "entry_id": S1,
        "batch": "第一批",
        "plan": "部发〔2026〕9号",
        "from_on": FROM,
        "until_on": UNTIL,
        "place": "市委党校",
        "host": "市委组织部",
        "people": (ANN, FAY),
    }
    return TrainingPlanned(**(told | changed))


def complete(**changed: Any) -> CompleteTraining:
    told: dict[str, Any] = {"occurred_on": BACK, "training_id": S1}
    return CompleteTraining(**(told | changed))


def completed(**changed: Any) -> TrainingCompleted:
    told: dict[str, Any] = {
        "occurred_on": BACK,
        "entry_id": NEW,
        "training_id": S1,
        "from_on": FROM,
        "until_on": UNTIL,
        "people": (ANN, FAY),
        "credit": 24 * 60,
        "standard": STANDARD,
    }
    return TrainingCompleted(**(told | changed))


def hours(minutes: int, on: dt.date) -> StudyHoursCredited:
    return credited(entry_id=S2, person_id=ANN, occurred_on=on, minutes=minutes, credit=minutes)


CARRY = CarryOverTraining(occurred_on=BACK, training_id=S1, to_year=2027, reason="工作冲突")
CARRIED = TrainingCarriedOver(occurred_on=BACK, entry_id=NEW, training_id=S1, to_year=2027, reason="工作冲突")


class TestPlanTraining:
    def test_a_batch_is_planned(self):
        branch().when(plan()).then(planned(entry_id=NEW))

    def test_the_same_again_is_nothing_to_do_and_another_of_that_name_a_conflict(self):
        branch(planned()).when(plan()).then(nothing)
        branch(planned()).when(plan(place="省委党校")).then(fails(Conflict, "第一批"))

    def test_it_ends_after_it_begins_and_takes_members(self):
        branch().when(plan(until_on=FROM - dt.timedelta(days=1))).then(fails(Malformed, "until_on"))
        branch().when(plan(people=(WHO,))).then(refused("INV-002", "people"))


class TestCompleteTraining:
    def test_full_days_as_planned(self):
        branch(planned()).when(complete()).then(completed())

    def test_fewer_people_days_and_hours(self):
        one = complete(from_on=FROM, until_on=FROM, people=(FAY,), class_hours=6)
        branch(planned()).when(one).then(completed(from_on=FROM, until_on=FROM, people=(FAY,), credit=360))

    def test_eight_hours_a_day_are_the_most(self):
        branch(planned()).when(complete(class_hours=24)).then(completed())
        branch(planned()).when(complete(class_hours=25)).then(refused("INV-075", "class_hours"))
        branch(planned()).when(complete(class_hours=0)).then(refused("INV-075", "class_hours"))

    def test_with_all_else_of_each_day(self):
        branch(planned(), hours(60, UNTIL)).when(complete()).then(refused("INV-075", "class_hours"))
        branch(planned(), hours(60, UNTIL)).when(complete(class_hours=21)).then(completed(credit=21 * 60))
        branch(planned(), hours(60, BACK)).when(complete()).then(completed())

    def test_a_day_of_the_training_has_no_room_for_more(self):
        late = study(occurred_on=FROM, minutes=1)
        branch(planned(), completed(entry_id=S2)).when(late, today=BACK).then(refused("INV-075", "minutes"))

    def test_it_is_over_planned_and_not_told_yet(self):
        branch(planned()).when(complete(occurred_on=FROM)).then(fails(Malformed, "until_on"))
        branch(planned()).when(complete(training_id=S2)).then(fails(Absent, "s2"))
        branch(planned(), completed(entry_id=S2)).when(complete()).then(nothing)
        branch(planned(), completed(entry_id=S2)).when(complete(class_hours=6)).then(fails(Conflict, "already"))
        branch(planned(occurred_on=BACK)).when(complete(occurred_on=UNTIL)).then(fails(Conflict, "planned on"))

    @pytest.mark.parametrize(("credit", "days"), [(1440, [480, 480, 480]), (100, [34, 33, 33]), (1, [1, 0, 0])])
    def test_hours_are_spread_over_its_days_without_a_rest(self, credit: int, days: list[int]):
        assert [part for _, part in completed(credit=credit).by_day()] == days


class TestCarryOverTraining:
    def test_to_a_later_year_with_the_reason(self):
        branch(planned()).when(CARRY).then(CARRIED)
        branch(planned(), completed(entry_id=S2)).when(CARRY).then(fails(Conflict, "already"))
        early = CarryOverTraining(occurred_on=BACK, training_id=S1, to_year=2026, reason="工作冲突")
        branch(planned()).when(early).then(fails(Malformed, "to_year"))
        branch().when(CARRY).then(fails(Absent, "s1"))

    def test_the_same_again_is_nothing_to_do(self):
        branch(planned(), TrainingCarriedOver(occurred_on=BACK, entry_id=S2, training_id=S1, to_year=2027, reason="工作冲突")).when(
            CARRY
        ).then(nothing)

    def test_a_plan_is_withdrawn_only_when_nothing_came_of_it(self):
        branch(planned(), completed(entry_id=S2)).when(WithdrawStudyEntry(occurred_on=BACK, entry_id=S1, reason="误录")).then(
            fails(Conflict, "build")
        )


def submit(**changed: Any) -> SubmitStudyNotes:
    told: dict[str, Any] = {"occurred_on": DAY, "person_id": FAY, "quarter": "2026-Q1", "pieces": 5}
    return SubmitStudyNotes(**(told | changed))


def submitted(**changed: Any) -> StudyNotesSubmitted:
    told: dict[str, Any] = {"occurred_on": DAY, "entry_id": NEW, "person_id": FAY, "quarter": "2026-Q1", "pieces": 5}
    return StudyNotesSubmitted(**(told | changed))


class TestSubmitStudyNotes:
    def test_once_a_quarter(self):
        branch().when(submit()).then(submitted())
        branch(submitted(entry_id=S1)).when(submit()).then(nothing)
        branch(submitted(entry_id=S1)).when(submit(pieces=6)).then(fails(Conflict, "2026-Q1"))
        branch(submitted(entry_id=S1)).when(submit(person_id=ANN)).then(submitted(person_id=ANN))

    def test_not_before_the_quarter_and_by_a_member(self):
        branch().when(submit(quarter="2026-Q2")).then(fails(Malformed, "quarter"))
        branch().when(submit(person_id=WHO)).then(refused("INV-002", "person_id"))


def review(*found: NotesFound, **changed: Any) -> ReviewStudyNotes:
    told: dict[str, Any] = {"occurred_on": AFTER, "quarter": "2026-Q1", "reviewed_by": DAN, "notes": found}
    return ReviewStudyNotes(**(told | changed))


def found(person_id: PersonId = FAY, **changed: Any) -> NotesFound:
    told: dict[str, Any] = {"person_id": person_id, "pieces": 5, "rating": NotesRating.GOOD, "problems": "字迹", "feedback": "已改"}
    return NotesFound(**(told | changed))


def reviewed(number: int, person_id: PersonId = FAY, **changed: Any) -> StudyNotesReviewed:
    told: dict[str, Any] = {
        "occurred_on": AFTER,
        "entry_id": StudyId(f"event-{number}"),
        "person_id": person_id,
        "quarter": "2026-Q1",
        "reviewed_by": DAN,
        "pieces": 5,
        "rating": NotesRating.GOOD,
        "problems": "字迹",
        "feedback": "已改",
    }
    return StudyNotesReviewed(**(told | changed))


class TestReviewStudyNotes:
    def test_one_entry_for_each_member(self):
        branch().when(review(found(), found(NEO))).then(reviewed(1), reviewed(2, NEO))

    def test_whoever_was_reviewed_so_already_is_left_out(self):
        before = reviewed(1, entry_id=S1, problems="~sealed", feedback="~sealed")
        branch(before).when(review(found())).then(nothing)
        branch(before).when(review(found(), found(NEO))).then(reviewed(2, NEO))

    def test_another_review_needs_the_first_withdrawn(self):
        branch(reviewed(1, entry_id=S1)).when(review(found(rating=NotesRating.POOR))).then(fails(Conflict, "fay"))

    def test_members_only_each_once_and_not_before_the_quarter(self):
        branch().when(review(found(WHO))).then(refused("INV-002", "notes"))
        branch().when(review(found(), reviewed_by=WHO)).then(refused("INV-002", "reviewed_by"))
        branch(left(GUS)).when(review(found(GUS))).then(refused("INV-009", "notes"))
        branch().when(review(found(), found())).then(fails(Malformed, "notes"))
        branch().when(review(found(), quarter="2026-Q2")).then(fails(Malformed, "quarter"))


def reflect(**changed: Any) -> SubmitReflection:
    told: dict[str, Any] = {"occurred_on": DAY, "person_id": FAY, "title": "学党章有感", "activity": "主题党日", "characters": 1500}
    return SubmitReflection(**(told | changed))


def reflection(**changed: Any) -> ReflectionSubmitted:
    told: dict[str, Any] = {
        "occurred_on": DAY,
        "entry_id": NEW,
        "person_id": FAY,
        "title": "学党章有感",
        "activity": "主题党日",
        "characters": 1500,
    }
    return ReflectionSubmitted(**(told | changed))


class TestSubmitReflection:
    def test_on_an_activity_in_words(self):
        branch().when(reflect()).then(reflection())
        branch(reflection(entry_id=S1)).when(reflect()).then(nothing)

    def test_on_a_meeting_a_session_or_a_training(self):
        branch(meeting()).when(reflect(activity=None, meeting_id=M1)).then(reflection(activity="学习文件", meeting_id=M1))
        branch(studied(entry_id=S1)).when(reflect(activity=None, study_id=S1)).then(reflection(activity="党章", study_id=S1))
        branch(planned()).when(reflect(activity=None, study_id=S1)).then(reflection(activity="第一批", study_id=S1))

    def test_it_is_about_something_that_there_is(self):
        branch().when(reflect(activity=None)).then(fails(Malformed, "activity"))
        branch().when(reflect(study_id=S1)).then(fails(Absent, "s1"))
        branch().when(reflect(meeting_id=M1)).then(fails(Absent, "m1"))
        branch().when(reflect(person_id=WHO)).then(refused("INV-002", "person_id"))
