"""What was discussed, resolved and carried out (N09, INV-009, 010, 013, 017)."""

import datetime as dt
from typing import Any

from msgspec import structs

from events.meetings import (
    AgendaDiscussed,
    AgendaKind,
    MeetingKind,
    MotionVoted,
    ResolutionAdopted,
    ResolutionImplemented,
    VoteMethod,
)
from service.decide.meetings.votes import AdoptResolution, DiscussAgendaItem, ImplementResolution
from tests.decide.meeting_history import (
    AFTER,
    ANN,
    ARCHIVED,
    BEFORE,
    BEN,
    CAI,
    DAY,
    DEP,
    HELD,
    M1,
    NEO,
    ORGA,
    OUT,
    SEC,
    absent,
    conflict,
    decide,
    held,
    malformed,
    present,
    refusal,
)

FAILED = MotionVoted(
    occurred_on=DAY, meeting_id=M1, motion_no=1, matter=AgendaKind.OTHER, title="年度计划", method=VoteMethod.SHOW_OF_HANDS,
    voters_due=8, voters_present=8, quorum=4, needed=5, yes=4, no=4, abstain=0, passed=False,
)  # fmt: skip
PASSED = structs.replace(FAILED, yes=8, no=0, passed=True)


def item(**changed: Any) -> DiscussAgendaItem:
    told: dict[str, Any] = {"occurred_on": DAY, "meeting_id": M1, "kind": AgendaKind.CONVEY, "title": "传达精神", "speakers": (SEC, NEO)}
    return DiscussAgendaItem(**(told | changed))


ITEM = AgendaDiscussed(occurred_on=DAY, meeting_id=M1, item_no=1, kind=AgendaKind.CONVEY, title="传达精神", speakers=(SEC, NEO))


def test_an_agenda_item_is_recorded():
    assert decide(item(), HELD) == [ITEM]


def test_the_next_agenda_item_has_the_next_number():
    assert decide(item(title="其他"), HELD, ITEM) == [structs.replace(ITEM, item_no=2, title="其他")]


def test_the_same_agenda_item_again_is_nothing_to_do():
    assert decide(item(), HELD, ITEM) == []


def test_whoever_spoke_was_there():
    assert refusal(item(speakers=(CAI,)), present(SEC, DEP, ANN, BEN)) == ("INV-010", "speakers")


def test_an_observer_may_speak():
    assert decide(item(speakers=(ANN,)), held(MeetingKind.COMMITTEE, observers=(ANN,))) == [structs.replace(ITEM, speakers=(ANN,))]


def test_nobody_who_was_expelled_speaks():
    assert refusal(item(speakers=(OUT,)), HELD) == ("INV-009", "speakers")


def test_no_agenda_item_is_added_to_minutes_on_file():
    assert refusal(item(), HELD, ARCHIVED) == ("INV-017", "meeting_id")


def resolve(**changed: Any) -> AdoptResolution:
    told: dict[str, Any] = {
        "occurred_on": DAY,
        "meeting_id": M1,
        "text": "通过年度计划",
        "responsible": ORGA,
        "due_on": dt.date(2026, 6, 30),
    }
    return AdoptResolution(**(told | changed))


RESOLVED = ResolutionAdopted(
    occurred_on=DAY, meeting_id=M1, resolution_no=1, text="通过年度计划", responsible=ORGA, due_on=dt.date(2026, 6, 30)
)


def test_a_resolution_is_recorded():
    assert decide(resolve(), HELD) == [RESOLVED]


def test_the_next_resolution_has_the_next_number():
    assert decide(resolve(text="评优"), HELD, RESOLVED) == [structs.replace(RESOLVED, resolution_no=2, text="评优")]


def test_the_same_resolution_again_is_nothing_to_do():
    assert decide(resolve(), HELD, RESOLVED) == []


def test_a_resolution_may_rest_on_a_vote_that_passed():
    assert decide(resolve(motion_no=1), HELD, PASSED) == [structs.replace(RESOLVED, motion_no=1)]


def test_a_resolution_does_not_rest_on_a_vote_that_failed():
    assert refusal(resolve(motion_no=1), HELD, FAILED) == ("INV-013", "motion_no")


def test_a_resolution_does_not_rest_on_a_vote_that_never_was():
    assert "vote 2" in absent(resolve(motion_no=2), HELD, PASSED)


def test_nobody_who_was_expelled_is_made_responsible():
    assert refusal(resolve(responsible=OUT), HELD) == ("INV-009", "responsible")


def test_a_resolution_is_carried_out_after_it_was_adopted():
    assert decide(resolve(due_on=DAY), HELD) == [structs.replace(RESOLVED, due_on=DAY)]
    assert "due_on" in malformed(resolve(due_on=BEFORE), HELD)


def test_no_resolution_is_added_to_minutes_on_file():
    assert refusal(resolve(), HELD, ARCHIVED) == ("INV-017", "meeting_id")


def carry_out(**changed: Any) -> ImplementResolution:
    told: dict[str, Any] = {"occurred_on": AFTER, "meeting_id": M1, "resolution_no": 1, "result": "已落实"}
    return ImplementResolution(**(told | changed))


DONE = ResolutionImplemented(occurred_on=AFTER, meeting_id=M1, resolution_no=1, result="已落实")


def test_a_resolution_is_carried_out_also_after_the_minutes_are_on_file():
    assert decide(carry_out(), HELD, RESOLVED, ARCHIVED) == [DONE]


def test_a_resolution_carried_out_twice_is_nothing_to_do():
    assert decide(carry_out(), HELD, RESOLVED, DONE) == []


def test_a_resolution_is_carried_out_only_once():
    assert "already" in conflict(carry_out(result="又一次"), HELD, RESOLVED, DONE)


def test_only_what_was_resolved_is_carried_out():
    assert "resolution 2" in absent(carry_out(resolution_no=2), HELD, RESOLVED)


def test_nothing_is_carried_out_before_the_meeting():
    assert decide(carry_out(occurred_on=DAY), HELD, RESOLVED) == [structs.replace(DONE, occurred_on=DAY)]
    assert "2026-03-05" in conflict(carry_out(occurred_on=BEFORE), HELD, RESOLVED)
