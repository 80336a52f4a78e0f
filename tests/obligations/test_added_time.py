"""Time that the superior adds beyond a period: what is done in it counts once, for the duty that was given it (0.4, INV-098)."""

import pytest

from events.base import MeetingId
from events.meetings import MeetingCancelled, MeetingHeld, MeetingKind
from tests.obligations.world import EXTENDED, KEY, RAISED, WAIVED, Branch, day, held

GENERAL = held("m1", MeetingKind.GENERAL, "2026-02-10")
SECOND = "DL-07:2026-Q2"


def general(meeting: str, on: str) -> MeetingHeld:
    return held(meeting, MeetingKind.GENERAL, on)


def test_what_is_done_in_added_time_counts_for_what_was_given_time_and_not_for_the_period_of_its_day_as_well():
    rows = Branch(RAISED, EXTENDED, general("m4", "2026-04-15")).rows
    assert (rows[KEY].fulfilled_on, rows[KEY].fulfilled_by, rows[KEY].late) == (day("2026-04-15"), ["e3"], False)
    assert SECOND not in rows
    rows = Branch(RAISED, EXTENDED, general("m4", "2026-04-02"), general("m5", "2026-04-03")).rows
    assert (rows[KEY].fulfilled_by, rows[SECOND].fulfilled_by) == (["e3"], ["e4"])


@pytest.mark.parametrize("before", [(GENERAL,), (WAIVED,), ()], ids=["done", "waived", "too late"])
def test_what_needs_no_more_time_or_has_none_left_takes_nothing_from_the_next_period(before):
    rows = Branch(RAISED, *before, EXTENDED, general("m4", "2026-04-16" if not before else "2026-04-10")).rows
    assert rows[SECOND].done == 1
    assert rows[KEY].done == len(before[:1]) * (before[:1] == (GENERAL,))


def test_what_was_done_in_added_time_and_is_taken_back_opens_it_again_until_the_next_one():
    gone = MeetingCancelled(occurred_on=day("2026-04-05"), meeting_id=MeetingId("m4"), reason="记错")
    branch = Branch(RAISED, EXTENDED, general("m4", "2026-04-04"), gone)
    assert branch.rows[KEY].fulfilled_on is None
    again = Branch(RAISED, EXTENDED, general("m4", "2026-04-04"), gone, general("m5", "2026-04-14"))
    assert again.rows[KEY].fulfilled_on == day("2026-04-14")
