"""Lectures and theme days: what counts for a quarter and for a month (INV-019, INV-020)."""

import datetime as dt
from typing import Any

import pytest
from msgspec import structs

from events.base import PersonId
from events.meetings import (
    LectureDelivered,
    LecturerKind,
    LectureScriptFiled,
    MeetingKind,
    RequiredItem,
    ThemeDayHeld,
    ThemeDayKind,
    ThemeDayWithdrawn,
)
from service.decide.meetings.lectures import DeliverLecture, FileLectureScript, HoldThemeDay
from tests.decide.meeting_history import (
    AFTER,
    ANN,
    ARCHIVED,
    BEFORE,
    CAI,
    DAY,
    DUE,
    HELD,
    M1,
    M2,
    OUT,
    PLANNED,
    SEC,
    absent,
    conflict,
    decide,
    held,
    malformed,
    refusal,
)

LESSON = held(MeetingKind.LECTURE, starts_at="14:30", ends_at="16:00")


def deliver(**changed: Any) -> DeliverLecture:
    told: dict[str, Any] = {
        "occurred_on": DAY,
        "meeting_id": M1,
        "title": "学党史",
        "lecturer_kind": LecturerKind.INVITED_EXPERT,
        "lecturer_title": "党校教授",
    }
    return DeliverLecture(**(told | changed))


def delivered(**changed: Any) -> LectureDelivered:
    told: dict[str, Any] = {
        "occurred_on": DAY,
        "meeting_id": M1,
        "title": "学党史",
        "lecturer_kind": LecturerKind.INVITED_EXPERT,
        "lecturer_title": "党校教授",
        "audience_count": len(DUE),
        "class_minutes": 90,
        "minutes_per_hour": 60,
    }
    return LectureDelivered(**(told | changed))


def test_a_lecture_takes_audience_and_minutes_from_its_meeting():
    assert decide(deliver(), LESSON) == [delivered()]


def test_observers_are_in_the_audience():
    assert decide(deliver(), structs.replace(LESSON, observers=(OUT,))) == [delivered(audience_count=11)]


def test_what_is_told_of_audience_and_minutes_goes_first():
    assert decide(deliver(class_minutes=45, audience_count=30), HELD) == [delivered(class_minutes=45, audience_count=30)]


def test_class_minutes_are_needed_when_the_meeting_has_no_times():
    assert "class_minutes" in malformed(deliver(), HELD)


def test_minutes_to_a_class_hour_are_a_rule_of_the_day():
    assert decide(deliver(), LESSON, rules={"study.hour_minutes": 45}) == [delivered(minutes_per_hour=45)]


def test_the_same_lecture_again_is_nothing_to_do():
    assert decide(deliver(), LESSON, delivered()) == []
    assert decide(deliver(), LESSON, delivered(), ARCHIVED) == []


def test_one_meeting_has_one_lecture():
    assert "already" in conflict(deliver(title="另一课"), LESSON, delivered())


@pytest.mark.parametrize("kind", [LecturerKind.SUPERIOR_LEADER, LecturerKind.INVITED_EXPERT])
@pytest.mark.parametrize("claim", [None, True])
def test_leaders_and_experts_count_for_the_quarter(kind: LecturerKind, claim: bool | None):
    (event,) = decide(deliver(lecturer_kind=kind, counts_for_quarter=claim), LESSON)
    assert event == delivered(lecturer_kind=kind)
    assert isinstance(event, LectureDelivered)
    assert event.counts_for_quarter() is True


@pytest.mark.parametrize("kind", [LecturerKind.SECRETARY, LecturerKind.MEMBER])
@pytest.mark.parametrize("claim", [None, False])
def test_other_lecturers_are_recorded_and_do_not_count(kind: LecturerKind, claim: bool | None):
    (event,) = decide(deliver(lecturer_kind=kind, lecturer_id=SEC, lecturer_title=None, counts_for_quarter=claim), LESSON)
    assert event == delivered(lecturer_kind=kind, lecturer_id=SEC, lecturer_title=None)
    assert isinstance(event, LectureDelivered)
    assert event.counts_for_quarter() is False


@pytest.mark.parametrize(
    ("kind", "claim"),
    [
        (LecturerKind.SECRETARY, True),
        (LecturerKind.MEMBER, True),
        (LecturerKind.SUPERIOR_LEADER, False),
        (LecturerKind.INVITED_EXPERT, False),
    ],
)
def test_claiming_otherwise_is_refused(kind: LecturerKind, claim: bool):
    assert refusal(deliver(lecturer_kind=kind, lecturer_id=SEC, counts_for_quarter=claim), LESSON) == (
        "INV-020",
        "lecturer_kind",
        "counts_for_quarter",
    )


def test_the_secretary_who_lectures_need_not_be_named():
    assert decide(deliver(lecturer_kind=LecturerKind.SECRETARY, lecturer_title=None), LESSON) == [
        delivered(lecturer_kind=LecturerKind.SECRETARY, lecturer_id=SEC, lecturer_title=None)
    ]


def test_a_member_who_lectures_is_named():
    assert "lecturer_id" in malformed(deliver(lecturer_kind=LecturerKind.MEMBER), LESSON)


@pytest.mark.parametrize("title", [None, "", "  "])
@pytest.mark.parametrize("kind", [LecturerKind.SUPERIOR_LEADER, LecturerKind.INVITED_EXPERT])
def test_a_lecturer_from_outside_is_named_by_office(kind: LecturerKind, title: str | None):
    assert "lecturer_title" in malformed(deliver(lecturer_kind=kind, lecturer_title=title), LESSON)


def test_nobody_who_was_expelled_lectures():
    assert refusal(deliver(lecturer_kind=LecturerKind.MEMBER, lecturer_id=OUT), LESSON) == ("INV-009", "lecturer_id")


def test_a_lecture_is_given_at_a_meeting_that_was_held():
    assert "m1" in absent(deliver())
    assert "not been held" in conflict(deliver(), PLANNED)
    assert "2026-03-05" in conflict(deliver(occurred_on=AFTER), LESSON)
    assert refusal(deliver(), LESSON, ARCHIVED) == ("INV-017", "meeting_id")


def script(**changed: Any) -> FileLectureScript:
    told: dict[str, Any] = {"occurred_on": AFTER, "meeting_id": M1, "script": "讲稿-7"}
    return FileLectureScript(**(told | changed))


FILED = LectureScriptFiled(occurred_on=AFTER, meeting_id=M1, script="讲稿-7")


def test_a_script_is_filed_also_after_the_minutes():
    assert decide(script(), LESSON, delivered(), ARCHIVED) == [FILED]


def test_the_same_script_again_is_nothing_to_do():
    assert decide(script(), LESSON, delivered(), FILED) == []


def test_a_script_on_file_is_not_exchanged():
    assert "讲稿-7" in conflict(script(script="讲稿-8"), LESSON, delivered(), FILED)


def test_a_script_belongs_to_a_lecture():
    assert "no lecture" in conflict(script(), LESSON)
    assert "2026-03-05" in conflict(script(occurred_on=BEFORE), LESSON, delivered())


def hold(**changed: Any) -> HoldThemeDay:
    told: dict[str, Any] = {"occurred_on": DAY, "meeting_id": M1, "theme": "参观纪念馆", "kind": ThemeDayKind.VISIT}
    return HoldThemeDay(**(told | changed))


def day(**changed: Any) -> ThemeDayHeld:
    told: dict[str, Any] = {
        "occurred_on": DAY,
        "meeting_id": M1,
        "theme": "参观纪念馆",
        "kind": ThemeDayKind.VISIT,
        "participants": len(DUE),
    }
    return ThemeDayHeld(**(told | changed))


OUTING = held(MeetingKind.THEME_DAY)
EARLIER = dt.date(2026, 3, 1)
OTHER = day(meeting_id=M2, occurred_on=EARLIER)


@pytest.mark.parametrize("claim", [None, True])
def test_the_first_theme_day_of_a_month_counts(claim: bool | None):
    assert decide(hold(counts_for_month=claim), OUTING) == [day()]


@pytest.mark.parametrize("claim", [None, False])
def test_a_second_theme_day_is_recorded_and_does_not_count(claim: bool | None):
    assert decide(hold(counts_for_month=claim), OUTING, OTHER) == [day()]


def test_claiming_that_a_second_one_counts_is_refused():
    assert refusal(hold(counts_for_month=True), OUTING, OTHER) == ("INV-019", "counts_for_month")


def test_claiming_that_the_first_one_does_not_count_is_refused():
    assert refusal(hold(counts_for_month=False), OUTING) == ("INV-019", "counts_for_month")


@pytest.mark.parametrize("last", [dt.date(2026, 2, 28), dt.date(2026, 4, 1), dt.date(2025, 3, 5)])
def test_a_theme_day_of_another_month_is_no_hindrance(last: dt.date):
    assert decide(hold(counts_for_month=True), OUTING, day(meeting_id=M2, occurred_on=last)) == [day()]


def test_when_the_first_one_was_withdrawn_the_next_counts():
    withdrawn = ThemeDayWithdrawn(occurred_on=DAY, meeting_id=M2, reason="误")
    assert decide(hold(counts_for_month=True), OUTING, OTHER, withdrawn) == [day()]


def test_the_same_theme_day_again_is_nothing_to_do():
    assert decide(hold(), OUTING, day()) == []
    assert decide(hold(counts_for_month=True), OUTING, day()) == []


def test_one_meeting_is_one_theme_day():
    assert "already" in conflict(hold(theme="另一主题"), OUTING, day())


def test_the_set_items_are_kept_once_and_in_the_order_of_the_form():
    ticked = (RequiredItem.OPENNESS, RequiredItem.ANTHEM, RequiredItem.ANTHEM)
    assert decide(hold(required_items=ticked), OUTING) == [day(required_items=(RequiredItem.ANTHEM, RequiredItem.OPENNESS))]


def test_there_are_seven_set_items():
    assert len(RequiredItem) == 7


def test_what_else_is_told_of_a_theme_day_is_kept():
    told: dict[str, Any] = {"x_items": "参观", "participants": 8, "record": "全天", "reflections": 3, "publicity": "简报"}
    assert decide(hold(**told), OUTING) == [day(**told)]


@pytest.mark.parametrize("person", [(), (ANN,), (ANN, CAI)])
def test_participants_are_those_present_unless_told(person: tuple[PersonId, ...]):
    there = structs.replace(OUTING, present=person)
    assert decide(hold(), there) == [day(participants=len(person))]


def test_a_general_meeting_may_be_the_theme_day():
    assert decide(hold(), HELD) == [day()]


def test_a_theme_day_is_a_meeting_that_was_held():
    assert "m1" in absent(hold())
    assert "not been held" in conflict(hold(), PLANNED)
    assert "2026-03-05" in conflict(hold(occurred_on=AFTER), OUTING)
    assert refusal(hold(), OUTING, ARCHIVED) == ("INV-017", "meeting_id")
