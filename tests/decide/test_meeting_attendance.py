"""A meeting on record: who was due, who came, who chaired, who was told (INV-002, 009, 010, 015, 016, 018)."""

import pytest
from msgspec import structs

from events.base import GroupId, MeetingId, PersonId
from events.meetings import (
    AbsenceExcused,
    Excused,
    LeaveReason,
    MeetingCancelled,
    MeetingHeld,
    MeetingKind,
    NoticeMethod,
    NoticeSent,
)
from tests.decide.meeting_history import (
    AFTER,
    ANN,
    ARCHIVED,
    BEFORE,
    BEN,
    CAI,
    DAY,
    DEP,
    DIS,
    DUE,
    EMPTY_GROUP,
    GROUP,
    HELD,
    IN_GROUP,
    M1,
    NEO,
    NEW,
    NOTICE,
    ORGA,
    OUT,
    PLANNED,
    PUB,
    SEATS,
    SEC,
    SUS,
    absent,
    conflict,
    decide,
    held,
    malformed,
    present,
    record,
    refusal,
    without,
)

NEW_NOTICE = structs.replace(NOTICE, meeting_id=NEW)
TOLD = {"meeting_id": M1, "topic": None, "notice_sent_on": None}
AS_PLANNED = structs.replace(HELD, place="一楼", starts_at="14:30", ends_at="16:00")


def test_a_meeting_is_recorded_without_having_been_planned():
    assert decide(record()) == [NEW_NOTICE, structs.replace(HELD, meeting_id=NEW)]


def test_a_meeting_may_be_named_by_whoever_records_it():
    assert decide(record(meeting_id=M1)) == [NOTICE, HELD]


def test_a_planned_meeting_takes_over_what_was_planned():
    assert decide(record(**TOLD), PLANNED, NOTICE) == [AS_PLANNED]


def test_what_is_told_goes_before_what_was_planned():
    told = decide(record(**TOLD, place="二楼", starts_at="15:00", ends_at="15:30", plan_item="三月"), PLANNED, NOTICE)
    assert told == [structs.replace(HELD, place="二楼", starts_at="15:00", ends_at="15:30", plan_item="三月")]


def test_the_same_meeting_again_is_nothing_to_do():
    assert decide(record(meeting_id=M1), NOTICE, HELD) == []
    assert decide(record(meeting_id=M1), NOTICE, HELD, ARCHIVED) == []


def test_another_account_of_a_meeting_on_record_is_refused():
    assert "correct its attendance" in conflict(record(meeting_id=M1, absent=(ANN,)), NOTICE, HELD)


def test_minutes_on_file_are_not_recorded_anew():
    assert refusal(record(meeting_id=M1, absent=(ANN,)), NOTICE, HELD, ARCHIVED) == ("INV-017", "meeting_id")


def test_a_cancelled_meeting_is_not_held():
    cancelled = MeetingCancelled(occurred_on=BEFORE, meeting_id=M1, reason="停电")
    assert "cancelled" in conflict(record(**TOLD), PLANNED, NOTICE, cancelled)


def test_a_meeting_is_held_as_the_kind_that_was_planned():
    assert "planned as general" in conflict(record(MeetingKind.STUDY, **TOLD), PLANNED, NOTICE)


def test_an_unplanned_meeting_needs_a_topic():
    assert "topic" in malformed(record(topic=None))


def test_a_meeting_does_not_end_before_it_starts():
    assert "ends_at" in malformed(record(starts_at="15:00", ends_at="14:00"))
    assert decide(record(meeting_id=M1, starts_at="15:00", ends_at="15:00")) == [
        NOTICE,
        structs.replace(HELD, starts_at="15:00", ends_at="15:00"),
    ]


@pytest.mark.parametrize("kind", [MeetingKind.GENERAL, MeetingKind.LECTURE, MeetingKind.THEME_DAY, MeetingKind.STUDY])
def test_all_members_who_count_have_to_come(kind: MeetingKind):
    assert decide(record(kind, meeting_id=M1)) == [NOTICE, held(kind)]


def test_the_seats_filled_have_to_come_to_the_committee():
    assert decide(record(MeetingKind.COMMITTEE, meeting_id=M1)) == [structs.replace(NOTICE, to=SEATS), held(MeetingKind.COMMITTEE)]


def test_the_members_of_the_group_have_to_come_to_its_meeting():
    assert decide(record(MeetingKind.GROUP, meeting_id=M1)) == [structs.replace(NOTICE, to=IN_GROUP), held(MeetingKind.GROUP)]


def test_a_group_meeting_names_its_group():
    assert "group_id" in malformed(record(MeetingKind.GROUP, group_id=None))


def test_a_group_meeting_names_a_group_that_there_is():
    assert "nowhere" in absent(record(MeetingKind.GROUP, group_id=GroupId("nowhere")))


def test_a_group_without_members_holds_no_meeting():
    assert refusal(record(MeetingKind.GROUP, group_id=EMPTY_GROUP)) == ("INV-010", "kind")


def test_everybody_who_is_not_named_was_there():
    assert decide(
        record(meeting_id=M1, absent=(BEN,), excused_sick=(CAI,), excused_official=(ANN,), excused_personal=(NEO,), excused_other=(SUS,))
    ) == [
        NOTICE,
        structs.replace(
            HELD,
            present=SEATS,
            absent=(BEN,),
            excused=(
                Excused(person_id=ANN, reason=LeaveReason.OFFICIAL),
                Excused(person_id=CAI, reason=LeaveReason.SICK),
                Excused(person_id=NEO, reason=LeaveReason.PERSONAL),
                Excused(person_id=SUS, reason=LeaveReason.OTHER),
            ),
        ),
    ]


def test_present_excused_and_absent_add_up_to_those_due():
    (_, event) = decide(record(absent=(BEN, CAI), excused_sick=(ANN,)))
    assert isinstance(event, MeetingHeld)
    assert sorted((*event.present, *event.absent, *(e.person_id for e in event.excused))) == list(event.due)


EXCUSED = AbsenceExcused(occurred_on=BEFORE, meeting_id=M1, person_id=CAI, reason=LeaveReason.SICK)
AWAY = structs.replace(AS_PLANNED, present=without(CAI), excused=(Excused(person_id=CAI, reason=LeaveReason.SICK),))


def test_whoever_was_excused_before_need_not_be_named_again():
    assert decide(record(**TOLD), PLANNED, NOTICE, EXCUSED) == [AWAY]


def test_whoever_was_excused_before_may_have_come_after_all():
    assert decide(record(**TOLD, came_after_all=(CAI,)), PLANNED, NOTICE, EXCUSED) == [AS_PLANNED]


def test_what_is_told_of_an_absence_goes_before_the_leave_that_was_given():
    assert decide(record(**TOLD, absent=(CAI,)), PLANNED, NOTICE, EXCUSED) == [
        structs.replace(AS_PLANNED, present=without(CAI), absent=(CAI,))
    ]


def test_nobody_came_after_all_and_was_absent():
    assert refusal(record(**TOLD, came_after_all=(CAI,), absent=(CAI,)), PLANNED, NOTICE, EXCUSED) == ("INV-010", "came_after_all")


@pytest.mark.parametrize("field", ["absent", "excused_official", "excused_sick", "excused_personal", "excused_other"])
def test_nobody_is_absent_who_did_not_have_to_come(field: str):
    assert refusal(record(MeetingKind.COMMITTEE, **{field: (ANN,)})) == ("INV-010", field)


def test_nobody_is_absent_twice():
    assert refusal(record(absent=(ANN,), excused_sick=(ANN,))) == ("INV-010", "excused_sick")
    assert refusal(record(absent=(ANN, ANN))) == ("INV-010", "absent")


def test_a_count_of_those_present_that_is_right_is_accepted():
    assert decide(record(meeting_id=M1, absent=(BEN,), present_count=9)) == [NOTICE, present(*without(BEN))]


@pytest.mark.parametrize("count", [8, 10, 11])
def test_a_count_of_those_present_that_does_not_add_up_is_refused(count: int):
    assert refusal(record(absent=(BEN,), present_count=count)) == ("INV-010", "present_count")


@pytest.mark.parametrize("field", ["absent", "excused_sick", "observers"])
def test_nobody_who_was_expelled_is_in_the_attendance(field: str):
    assert refusal(record(**{field: (OUT,)})) == ("INV-009", field)


@pytest.mark.parametrize("field", ["chair", "recorder"])
def test_nobody_who_was_expelled_chairs_or_records(field: str):
    assert refusal(record(**{field: OUT})) == ("INV-009", field)


def test_a_member_who_still_counted_on_that_day_was_due():
    (_, event) = decide(record(occurred_on=BEFORE.replace(month=1), notice_sent_on=BEFORE.replace(month=1)))
    assert isinstance(event, MeetingHeld)
    assert OUT in event.due


def test_observers_are_on_record():
    assert decide(record(MeetingKind.COMMITTEE, meeting_id=M1, observers=(CAI, ANN), guests="上级组织部")) == [
        structs.replace(NOTICE, to=SEATS),
        held(MeetingKind.COMMITTEE, observers=(ANN, CAI), guests="上级组织部"),
    ]


def test_whoever_has_to_come_is_no_observer():
    assert refusal(record(observers=(ANN,))) == ("INV-010", "observers")


def test_the_recorder_was_there():
    assert refusal(record(absent=(ORGA,))) == ("INV-010", "recorder")


def test_the_secretary_chairs():
    assert decide(record(meeting_id=M1, chair=SEC)) == [NOTICE, HELD]


@pytest.mark.parametrize("kind", [MeetingKind.GENERAL, MeetingKind.COMMITTEE])
def test_another_chair_needs_a_delegation(kind: MeetingKind):
    assert refusal(record(kind, chair=DEP)) == ("INV-016", "chair", "delegation_note")
    assert refusal(record(kind, chair=DEP, delegation_note="  ")) == ("INV-016", "chair", "delegation_note")


@pytest.mark.parametrize("kind", [MeetingKind.GENERAL, MeetingKind.COMMITTEE])
def test_a_delegate_chairs(kind: MeetingKind):
    (_, event) = decide(record(kind, meeting_id=M1, chair=DEP, delegation_note="书记出差，委托副书记"))
    assert event == held(kind, chair=DEP, delegation_note="书记出差，委托副书记")


def test_the_chair_is_among_those_present():
    assert refusal(record(absent=(SEC,))) == ("INV-016", "chair")
    assert refusal(record(MeetingKind.COMMITTEE, chair=ANN, delegation_note="委托")) == ("INV-016", "chair")


def test_the_group_leader_chairs_the_group():
    (_, event) = decide(record(MeetingKind.GROUP, meeting_id=M1, chair=ANN))
    assert event == held(MeetingKind.GROUP)


def test_the_secretary_does_not_chair_a_group_unasked():
    assert refusal(record(MeetingKind.GROUP, chair=BEN)) == ("INV-016", "chair", "delegation_note")


@pytest.mark.parametrize("kind", [MeetingKind.LECTURE, MeetingKind.THEME_DAY, MeetingKind.STUDY])
def test_anybody_may_lead_a_lecture_or_theme_day(kind: MeetingKind):
    (_, event) = decide(record(kind, meeting_id=M1, chair=CAI))
    assert event == held(kind, chair=CAI)


@pytest.mark.parametrize("away", [(), (DIS,), (DIS, PUB)])
def test_half_of_the_committee_may_meet(away: tuple[PersonId, ...]):
    (_, event) = decide(record(MeetingKind.COMMITTEE, meeting_id=M1, absent=away))
    assert event == structs.replace(held(MeetingKind.COMMITTEE), present=tuple(p for p in SEATS if p not in away), absent=away)


@pytest.mark.parametrize("away", [(DIS, PUB, DEP), (DIS, PUB, DEP, ORGA)])
def test_fewer_than_half_of_the_committee_do_not_meet(away: tuple[PersonId, ...]):
    assert refusal(record(MeetingKind.COMMITTEE, recorder=SEC, absent=away)) == ("INV-015", "absent")


def test_the_committees_quorum_is_a_rule_of_the_day():
    command = record(MeetingKind.COMMITTEE, absent=(DIS,))
    assert len(decide(command, rules={"vote.committee.quorum": [4, 5]})) == 2
    assert refusal(command, rules={"vote.committee.quorum": [5, 5]}) == ("INV-015", "absent")


def test_a_general_meeting_has_no_quorum_of_its_own():
    (_, event) = decide(record(meeting_id=M1, absent=without(SEC, ORGA)))
    assert event == present(ORGA, SEC)


def test_a_notice_on_record_is_not_told_again():
    assert decide(record(**TOLD), PLANNED, NOTICE) == [AS_PLANNED]
    assert decide(record(**(TOLD | {"notice_sent_on": BEFORE})), PLANNED, NOTICE) == [AS_PLANNED]


def test_without_any_notice_a_meeting_is_not_held():
    assert refusal(record(notice_sent_on=None)) == ("INV-018", "notice_sent_on", "unnotified_reason")


def test_everybody_who_has_to_come_was_told():
    assert refusal(record(**TOLD), PLANNED, structs.replace(NOTICE, to=without(CAI))) == ("INV-018", "notice_sent_on", "unnotified_reason")
    assert refusal(record(not_notified=(CAI,))) == ("INV-018", "not_notified", "unnotified_reason")
    assert refusal(record(not_notified=(CAI,), unnotified_reason=" ")) == ("INV-018", "not_notified", "unnotified_reason")


def test_with_a_reason_somebody_may_not_have_been_told():
    assert decide(record(meeting_id=M1, not_notified=(CAI,), unnotified_reason="出国")) == [
        structs.replace(NOTICE, to=without(CAI)),
        structs.replace(HELD, unnotified=(CAI,), unnotified_reason="出国"),
    ]


def test_with_a_reason_nobody_may_have_been_told():
    assert decide(record(meeting_id=M1, notice_sent_on=None, unnotified_reason="紧急会议")) == [
        structs.replace(HELD, unnotified=DUE, unnotified_reason="紧急会议")
    ]


def test_several_notices_may_reach_all_together():
    first, second = (
        structs.replace(NOTICE, to=SEATS),
        NoticeSent(occurred_on=DAY, meeting_id=M1, to=without(*SEATS), method=NoticeMethod.PHONE),
    )
    assert decide(record(**TOLD), PLANNED, first, second) == [AS_PLANNED]


def test_a_notice_goes_out_before_the_meeting():
    assert refusal(record(notice_sent_on=AFTER)) == ("INV-018", "notice_sent_on")


def test_another_meeting_is_another_story():
    assert decide(record(meeting_id=MeetingId("m2")), NOTICE, HELD) == [
        structs.replace(NOTICE, meeting_id=MeetingId("m2")),
        structs.replace(HELD, meeting_id=MeetingId("m2")),
    ]


def test_the_group_is_kept_only_for_group_meetings():
    assert decide(record(meeting_id=M1, group_id=GROUP)) == [NOTICE, HELD]
